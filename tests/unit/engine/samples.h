/* Documents that go through all rooms, and a way to compare what was found in them. */
#ifndef TESTS_UNIT_ENGINE_SAMPLES_H
#define TESTS_UNIT_ENGINE_SAMPLES_H

#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "stockmention.h"

static const char sample_page[] =
    "<html><head><title>t</title></head><body><h1>贵州茅台（600519）年报</h1>"
    "<p>金山办公(688111.SH)、万科A 与<a href=\"http://quote.eastmoney.com/unify/r/1.601318\">中国平安</a>H股涨3%，Apple Inc. (NASDAQ: AAPL) "
    "and $TSLA rose &mdash; 阿里巴巴（09988.HK）、*ST国华。</p><table><tr><td>五 粮 液</td><td>000858</td></tr></table>"
    "<p>五粮液（000568）、SH605999、<a href=\"http://quote.eastmoney.com/sh688111.html\">金山软件</a></p></body></html>";
static const char sample_note[] =
    "---\ntitle: 腾讯控股\ndate: 2021-12-22\n---\n\n# 腾讯控股（00700.HK）\n\n金山云与**金山办公**，$FB、BRK.B；\xE9\x87"
    " 农产品价格上涨，\xFF平安银行😀招商银行。\n";
static const char sample_text[] =
    "金山办公（688111）涨停，股票代码：600519，sh000002。\n\n港股方面，中国平安、招商银行走低。";

static const struct {
    const char *text;
    uint32_t format;
} samples[] = {{sample_page, SM_FORMAT_HTML},
               {sample_note, SM_FORMAT_MARKDOWN},
               {sample_text, SM_FORMAT_TEXT},
               {"", SM_FORMAT_AUTO}};

enum { N_SAMPLES = sizeof samples / sizeof samples[0] };

static inline sm_document sample_document(size_t index) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = samples[index].text;
    document.text_len = strlen(samples[index].text);
    document.format = samples[index].format;
    document.title = "Meta、金山办公😀腾讯控股";
    document.title_len = strlen(document.title);
    return document;
}

/* <p>金山办公（000858）, which is another's code. */
static inline sm_document sample_in_gbk(void) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "<p>\xbd\xf0\xc9\xbd\xb0\xec\xb9\xab\xa3\xa8"
                    "000858\xa3\xa9</p>";
    document.text_len = strlen(document.text);
    document.format = SM_FORMAT_HTML;
    document.charset = "gbk";
    document.charset_len = 3;
    return document;
}

/* All that a result says of a document, as the JSON line. The caller frees. */
static inline char *sample_json_of(const sm_result *result, uint64_t document, const char *provider) {
    sm_json_options options;
    sm_buffer json = {0};
    sm_json_options_init(&options, sizeof options);
    options.document = document;
    options.provider = provider;
    if (!CHECK(sm_result_json(result, &options, &json, NULL) == SM_OK)) exit(2);
    return json.data;
}

/* The same of the first document, with every URL. */
static inline char *sample_json(const sm_result *result) {
    return sample_json_of(result, 0, "all");
}

#endif
