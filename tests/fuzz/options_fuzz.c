/* Documents with all fields and options drawn from the input. What must hold: the call succeeds or says what of them is not
 * known; every mention lies inside its field, is of those that were asked for, and is as sure as asked; no more come than
 * were allowed, and those are the first; where steps ended, nothing behind is told of; all kernels find the same. */
#include <string.h>

#include "fuzz.h"
#include "stockmention.h"

static const char *const ids[] = {"XSHG:688111", "XSHG:600519", "XHKG:00700", "XNAS:AAPL", "XSHG:601318"};
static const char *const markets[] = {"XHKG", "XSHG", "XNAS", "XSHE"};
static const char *const selectors[] = {"b", ".x", "#y"};
static const char *const charsets[] = {"",         "utf-8",     "gbk",    "big5", "utf-16le",
                                       "utf-16be", "shift_jis", "euc-kr", "none"};

static void take_field(fuzz_input *input, const char **bytes, uint64_t *len) {
    fuzz_input part = fuzz_part(input, fuzz_byte(input) % 64);
    *bytes = (const char *)part.bytes;
    *len = part.len;
}

static int32_t take_day(fuzz_input *input) {
    static const int32_t days[] = {0, 0, 20211222, 19910403, 20991231, 20210231, -1};
    return days[fuzz_byte(input) % (sizeof days / sizeof days[0])];
}

static sm_document take_document(fuzz_input *input) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.format = fuzz_byte(input) % 4;
    document.charset = charsets[fuzz_byte(input) % (sizeof charsets / sizeof charsets[0])];
    document.charset_len = strlen(document.charset);
    document.date = take_day(input);
    take_field(input, &document.title, &document.title_len);
    take_field(input, &document.url, &document.url_len);
    take_field(input, &document.source, &document.source_len);
    return document;
}

static sm_extract_options take_options(fuzz_input *input) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    uint8_t choice = fuzz_byte(input), lists = fuzz_byte(input);
    options.as_of = take_day(input);
    options.scope = choice % 2;
    options.offsets = choice / 2 % 3;
    options.unlisted = choice / 6 % 2;
    options.max_mentions = choice / 12 % 4;
    options.min_confidence = (uint16_t)(fuzz_byte(input) << 8);
    options.prefer = markets;
    options.n_prefer = lists % 4;
    options.only = ids;
    options.n_only = lists / 4 % 4;
    options.exclude = ids + 2;
    options.n_exclude = lists / 16 % 4;
    options.skip = selectors;
    options.n_skip = lists / 64;
    options.max_bytes = choice / 48 == 1 ? lists : 0;
    options.max_depth = choice / 48 == 2 ? lists % 4 : 0;
    options.max_steps = choice / 48 == 3 ? lists : 0;
    return options;
}

static int is_in(const char *const *list, uint64_t n, const char *id) {
    for (uint64_t i = 0; i < n; i++)
        if (strcmp(list[i], id) == 0) return 1;
    return 0;
}

static void check_mentions(const sm_result *result, const sm_document *document, const sm_extract_options *options) {
    uint32_t stride, security_stride;
    const char *mentions = (const char *)sm_result_mentions(result, &stride);
    const char *securities = (const char *)sm_result_securities(result, &security_stride);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *mention = (const void *)(mentions + i * stride);
        const sm_security *security = (const void *)(securities + mention->security * (size_t)security_stride);
        uint64_t len = mention->field == SM_FIELD_TITLE ? document->title_len : document->text_len;
        must(mention->start < mention->end && mention->end <= len);
        must(mention->start_units <= mention->end_units && mention->end_units <= mention->end);
        must(mention->confidence >= options->min_confidence);
        must(!options->n_only || is_in(options->only, options->n_only, security->id));
        must(!is_in(options->exclude, options->n_exclude, security->id));
    }
}

/* What the result says, and with a limit only so much of it. */
static void check_limit(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                        const sm_extract_options *options, const sm_result *limited) {
    static sm_result *whole;
    sm_extract_options all = *options;
    uint32_t stride;
    uint64_t n = sm_result_mention_count(limited), most = options->max_mentions;
    all.max_mentions = 0;
    must(sm_engine_extract(engine, scanner, document, &all, &whole, NULL) == SM_OK);
    uint64_t n_whole = sm_result_mention_count(whole);
    must(n == (most && most < n_whole ? most : n_whole));
    must(!!(sm_result_limits(limited) & SM_LIMIT_MENTIONS) == (n < n_whole));
    const char *mentions = (const char *)sm_result_mentions(limited, &stride);
    const char *expected = (const char *)sm_result_mentions(whole, &stride);
    for (uint64_t i = 0; i < n; i++) {
        const sm_mention *got = (const void *)(mentions + i * stride), *want = (const void *)(expected + i * stride);
        must(got->start == want->start && got->end == want->end && got->field == want->field);
        must(got->kind == want->kind && got->role == want->role && strcmp(got->text, want->text) == 0);
    }
}

static void check_same(const sm_result *a, const sm_result *b) {
    sm_buffer first = {0}, second = {0};
    must(sm_result_json(a, NULL, &first, NULL) == SM_OK && sm_result_json(b, NULL, &second, NULL) == SM_OK);
    must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    sm_buffer_free(&first);
    sm_buffer_free(&second);
}

/* Steps that were enough change nothing, and those that were not tell how far they went. */
static void check_steps(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                        const sm_extract_options *options, const sm_result *limited) {
    static sm_result *whole;
    sm_extract_options all = *options;
    uint32_t stride;
    const sm_document_info *info = sm_result_documents(limited, NULL);
    const char *mentions = (const char *)sm_result_mentions(limited, &stride);
    must(info->n_read <= document->text_len);
    if (!options->max_steps) return;
    must(info->n_read <= options->max_steps);
    for (uint64_t i = 0; i < info->n_mentions; i++) {
        const sm_mention *mention = (const void *)(mentions + i * stride);
        must(mention->start <= (mention->field == SM_FIELD_TEXT ? info->n_read : options->max_steps));
    }
    all.max_steps = 0;
    must(sm_engine_extract(engine, scanner, document, &all, &whole, NULL) == SM_OK);
    if (!(info->limits & SM_LIMIT_STEPS)) check_same(limited, whole);
}

static sm_engine *open_engine(uint32_t kernel) {
    sm_engine *engine = NULL;
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.kernel = kernel;
    must(sm_engine_open(NULL, &options, &engine, NULL) == SM_OK);
    return engine;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine, *plain;
    static sm_scanner *scanner, *plain_scanner;
    static sm_result *result, *again;
    if (!engine) {
        engine = open_engine(SM_KERNEL_AUTO);
        plain = open_engine(SM_KERNEL_C);
        must(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
        must(sm_scanner_new(plain, &plain_scanner, NULL) == SM_OK);
    }
    fuzz_input input = {bytes, len};
    const sm_extract_options options = take_options(&input);
    sm_document document = take_document(&input);
    document.text = (const char *)input.bytes;
    document.text_len = input.len;
    sm_error error = {0};
    sm_status status = sm_engine_extract(engine, scanner, &document, &options, &result, &error);
    must(status == sm_engine_extract(plain, plain_scanner, &document, &options, &again, NULL));
    must(status == error.status && (status == SM_OK || (status == SM_ERR_ARG && error.message[0])));
    if (status != SM_OK) return 0;
    check_mentions(result, &document, &options);
    check_same(result, again);
    check_limit(engine, scanner, &document, &options, result);
    check_steps(engine, scanner, &document, &options, result);
    return 0;
}
