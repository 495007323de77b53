/* Texts in which much depends on what else they speak of, for tests of what is read in passages or comes in pieces. */
#ifndef TESTS_UNIT_ENGINE_PASSAGES_H
#define TESTS_UNIT_ENGINE_PASSAGES_H

#include "../random.h"
#include "samples.h"

enum { LONGEST = 1 << 16, MOST_TOLD = 1 << 21 };

/* Mentions as text, a line each. */
typedef struct told {
    char *lines;
    size_t len;
} told;

/* What the tests of a program share: of a text that is read as a whole, and in parts. */
static sm_engine *engine;
static sm_scanner *scanner;
static sm_result *result;
static told whole, parts;

static inline int begin_tests(void) {
    whole.lines = malloc(MOST_TOLD);
    parts.lines = malloc(MOST_TOLD);
    return whole.lines && parts.lines && sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK
           && sm_scanner_new(engine, &scanner, NULL) == SM_OK;
}

static inline int end_tests(void) {
    sm_result_free(result);
    sm_scanner_free(scanner);
    sm_engine_free(engine);
    free(whole.lines);
    free(parts.lines);
    return check_report();
}

/* Sentences about companies in which much depends on what else the text speaks of, with line ends, long lines, and bytes that
 * are no UTF-8 now and then. */
static inline size_t make_text(char *out, size_t len, uint64_t seed, int has_faults) {
    static const char *const parts_of_text[] = {"金山办公（688111）今日涨停。",
                                                "金山软件与金山云走低，",
                                                "Apple shares fell 3%. ",
                                                "NVDA and AMD rose; ",
                                                "NASDAQ: NVDA ",
                                                "Nvidia said it would buy back stock. ",
                                                "平安",
                                                "中国平安（601318.SH）公告称，",
                                                "农产品价格上涨。",
                                                "万科A、万科企业、",
                                                "股票代码：600519\n",
                                                "贵州茅台",
                                                "\n",
                                                "\n\n",
                                                "，",
                                                "比亚迪港股",
                                                "在A股市场，",
                                                "Intel Inside ",
                                                "$TSLA ",
                                                "0700.HK ",
                                                "腾讯控股",
                                                "  ",
                                                "Bank of\nAmerica ",
                                                "688999 ",
                                                "SH605999、",
                                                "深圳市深圳市深圳市",
                                                "😀",
                                                "东方财富证券认为",
                                                "——"};
    static const char *const faults[] = {"\xFF",        "\xE9\x87", "\xF0\x9F\x98", "\xC3", "\x80\x80\x80\x80\x80",
                                         "\xE4\xB8\xE4"};
    random_source random = {seed};
    size_t n = 0;
    for (;;) {
        int is_fault = has_faults && random_below(&random, 9) == 0;
        const char *part = is_fault
                               ? faults[random_below(&random, sizeof faults / sizeof faults[0])]
                               : parts_of_text[random_below(&random, sizeof parts_of_text / sizeof parts_of_text[0])];
        if (n + strlen(part) > len) return n;
        memcpy(out + n, part, strlen(part));
        n += strlen(part);
    }
}

static inline sm_document text_of(const char *text, size_t len) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = len;
    document.format = SM_FORMAT_TEXT;
    document.charset = "utf-8";
    document.charset_len = strlen(document.charset);
    document.title = "腾讯控股、Apple：贵州茅台";
    document.title_len = strlen(document.title);
    document.source = "东方财富";
    document.source_len = strlen(document.source);
    document.url = "https://example.com/2021/12/22/1.html";
    document.url_len = strlen(document.url);
    return document;
}

static inline sm_extract_options options_with(uint32_t context_bytes) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.context_bytes = context_bytes;
    options.unlisted = 1;
    options.offsets = SM_OFFSETS_UTF16;
    return options;
}

#endif
