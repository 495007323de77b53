/* Wrong use is told, never crashed on, and the message names what is wrong: numbers that are not known, what belongs to
 * another engine. Missing pointers and structs of other sizes: arguments_test.c. */
#include <stdlib.h>

#include "../check.h"
#include "stockmention.h"

static sm_engine *engine, *other_engine;
static sm_scanner *scanner, *other_scanner;

static sm_document new_document(void) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "金山办公（688111）";
    document.text_len = strlen(document.text);
    return document;
}

static sm_extract_options new_options(void) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    return options;
}

/* Extraction is refused, leaves no result, and the message has `says` in it. */
static void check_refused(const sm_document *document, const sm_extract_options *options, const char *says) {
    sm_result *result = NULL;
    sm_error error = {0};
    CHECK_ROW(sm_engine_extract(engine, scanner, document, options, &result, &error) == SM_ERR_ARG, says);
    CHECK_ROW(result == NULL && error.status == SM_ERR_ARG, says);
    if (!CHECK_ROW(strstr(error.message, says) != NULL, says)) fprintf(stderr, "  message:  %s\n", error.message);
    CHECK_ROW(sm_engine_extract(engine, NULL, document, options, &result, NULL) == SM_ERR_ARG && !result,
              "without an error object");
    CHECK_ROW(sm_check(engine, scanner, document, options, &result, &error) == SM_ERR_ARG && !result, says);
    CHECK_ROW(strstr(error.message, says) != NULL, says);
    CHECK_ROW(sm_engine_explain(engine, scanner, document, options, &result, &error) == SM_ERR_ARG && !result, says);
}

/* --- Documents and options -------------------------------------------------------------------------------------------- */

static void wrong_documents_are_refused(void) {
    sm_document good = new_document(), d = good;
    d.text = NULL;
    check_refused(&d, NULL, "document.text");
    d = good, d.title_len = 1;
    check_refused(&d, NULL, "document.title");
    d = good, d.url_len = 1;
    check_refused(&d, NULL, "document.url");
    d = good, d.source_len = 1;
    check_refused(&d, NULL, "document.source");
    d = good, d.format = SM_FORMAT_MARKDOWN + 1;
    check_refused(&d, NULL, "document.format 4");
    d = good, d.date = 20210229;
    check_refused(&d, NULL, "document.date 20210229");
    d = good, d.date = -1;
    check_refused(&d, NULL, "document.date -1");
    d = good, d.struct_size = 0;
    check_refused(&d, NULL, "document.struct_size is 0");
    d = good, d.struct_size = 3;
    check_refused(&d, NULL, "document.struct_size is 3");
}

static void wrong_options_are_refused(void) {
    static const char *const unknown[] = {"XSHG:688111", "XSHG:000000"}, *const null[] = {NULL},
                             *const mics[] = {"XSHG", "SSE"};
    static const char *many[33];
    sm_document document = new_document();
    sm_extract_options good = new_options(), o = good;
    for (size_t i = 0; i < 33; i++) many[i] = "XSHG";
    o.as_of = 20211301;
    check_refused(&document, &o, "options.as_of 20211301");
    o = good, o.as_of = -20211222;
    check_refused(&document, &o, "options.as_of");
    o = good, o.unlisted = 2;
    check_refused(&document, &o, "options.unlisted is 2");
    o = good, o.scope = SM_SCOPE_BROAD + 1;
    check_refused(&document, &o, "options.scope 2");
    o = good, o.offsets = SM_OFFSETS_UTF16 + 1;
    check_refused(&document, &o, "options.offsets 3");
    o = good, o.n_prefer = 1;
    check_refused(&document, &o, "options.prefer is NULL");
    o = good, o.prefer = mics, o.n_prefer = 2;
    check_refused(&document, &o, "no market 'SSE'");
    o = good, o.prefer = null, o.n_prefer = 1;
    check_refused(&document, &o, "options.prefer");
    o = good, o.prefer = many, o.n_prefer = 33;
    check_refused(&document, &o, "options.prefer has 33 markets; expected 32 at most");
    o = good, o.n_only = 1;
    check_refused(&document, &o, "options.only is NULL");
    o = good, o.only = unknown, o.n_only = 2;
    check_refused(&document, &o, "no security 'XSHG:000000'");
    o = good, o.only = null, o.n_only = 1;
    check_refused(&document, &o, "options.only");
    o = good, o.n_exclude = 1;
    check_refused(&document, &o, "options.exclude is NULL");
    o = good, o.exclude = unknown, o.n_exclude = 2;
    check_refused(&document, &o, "no security 'XSHG:000000'");
    o = good, o.struct_size = 0;
    check_refused(&document, &o, "options.struct_size is 0");
}

/* A later version's structs are longer: fine, as long as nothing is asked for there. */
static void unknown_fields_must_be_zero(void) {
    struct {
        sm_document known;
        uint64_t later;
    } document;
    struct {
        sm_extract_options known;
        uint64_t later;
    } options;
    struct {
        sm_engine_options known;
        uint64_t later;
    } opening;
    sm_result *result = NULL;
    sm_engine *opened = NULL;
    sm_error error = {0};
    memset(&document, 0xAA, sizeof document);
    memset(&options, 0xAA, sizeof options);
    memset(&opening, 0xAA, sizeof opening);
    sm_document_init(&document.known, sizeof document);
    sm_extract_options_init(&options.known, sizeof options);
    sm_engine_options_init(&opening.known, sizeof opening);
    CHECK(document.later == 0 && options.later == 0 && opening.later == 0);
    CHECK(sm_engine_extract(engine, scanner, &document.known, &options.known, &result, &error) == SM_OK);
    sm_result_free(result);
    CHECK(sm_engine_open(NULL, &opening.known, &opened, NULL) == SM_OK);
    sm_engine_free(opened);
    document.later = 1;
    check_refused(&document.known, NULL, "document has a field at byte");
    document.later = 0;
    options.later = (uint64_t)1 << 56;
    check_refused(&document.known, &options.known, "options has a field at byte");
    opening.later = 1;
    CHECK(sm_engine_open(NULL, &opening.known, &opened, &error) == SM_ERR_ARG && !opened);
    CHECK_ROW(strstr(error.message, "options has a field at byte") != NULL, error.message);
}

/* An earlier version's structs are shorter: what they lack is 0. */
static void short_structs_are_taken_as_far_as_they_go(void) {
    sm_document document = new_document();
    sm_extract_options options = new_options();
    sm_result *result = NULL;
    document.date = 99; /* behind what the caller says it has */
    document.struct_size = offsetof(sm_document, title);
    options.offsets = 77;
    options.struct_size = 8;
    CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == 2);
    sm_result_free(result);
    document.struct_size = sizeof document.struct_size;
    result = NULL;
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK
          && sm_result_mention_count(result) == 0);
    sm_result_free(result);
}

static void init_document(void *bytes, uint32_t size) {
    sm_document_init(bytes, size);
}

static void init_extract_options(void *bytes, uint32_t size) {
    sm_extract_options_init(bytes, size);
}

static void init_engine_options(void *bytes, uint32_t size) {
    sm_engine_options_init(bytes, size);
}

static void init_json_options(void *bytes, uint32_t size) {
    sm_json_options_init(bytes, size);
}

static void init_batch(void *bytes, uint32_t size) {
    sm_batch_init(bytes, size);
}

static void init_arrow_options(void *bytes, uint32_t size) {
    sm_arrow_options_init(bytes, size);
}

static void init_writes_as_much_as_the_caller_has(void) {
    static void (*const inits[])(void *, uint32_t) = {init_document,     init_extract_options, init_engine_options,
                                                      init_json_options, init_batch,           init_arrow_options};
    _Alignas(8) unsigned char bytes[256];
    for (size_t i = 0; i < sizeof inits / sizeof inits[0]; i++)
        for (uint32_t size = 0; size < 200; size += size < 16 ? 1 : 23) {
            uint32_t written;
            memset(bytes, 0xAA, sizeof bytes);
            inits[i](bytes, size);
            inits[i](NULL, size);
            CHECK_ROW(bytes[size] == 0xAA, "no byte more");
            if (size < sizeof written) {
                CHECK_ROW(bytes[0] == 0xAA, "less than a struct_size is nothing");
                continue;
            }
            memcpy(&written, bytes, sizeof written);
            CHECK(written == size && (size == sizeof written || bytes[size - 1] == 0));
        }
}

/* Codes that no table has are none of the dictionary's: they are not marked, and links are not judged by them. */
static void unlisted_codes_are_no_securities(void) {
    sm_document document = new_document();
    sm_extract_options options = new_options();
    sm_annotate_options how;
    sm_buffer annotated = {0};
    sm_result *result = NULL;
    document.text = "<p>688999.SH和<a href=\"http://quote.eastmoney.com/unify/r/1.688111\">688998.SH</a>";
    document.text_len = strlen(document.text);
    document.format = SM_FORMAT_HTML;
    options.unlisted = 1;
    for (uint32_t style = SM_STYLE_LINK; style <= SM_STYLE_ANSI; style++) {
        sm_annotate_options_init(&how, sizeof how);
        how.style = style;
        if (style == SM_STYLE_MARKDOWN) continue;
        annotated.len = 0;
        CHECK(sm_engine_annotate(engine, scanner, &document, &options, &how, &annotated, NULL) == SM_OK);
        CHECK_STR(document.text, annotated.data, "nothing is marked");
    }
    sm_buffer_free(&annotated);
    CHECK(sm_check(engine, scanner, &document, &options, &result, NULL) == SM_OK);
    CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == 3);
    sm_result_free(result);
}

static void wrong_documents_are_not_read_as_text(void) {
    sm_document document = new_document();
    sm_text *text = NULL;
    sm_buffer buffer = {0};
    sm_error error = {0};
    CHECK(sm_text_read(NULL, &text, &error) == SM_ERR_ARG && sm_text_read(&document, NULL, NULL) == SM_ERR_ARG);
    document.format = SM_FORMAT_MARKDOWN + 1;
    CHECK(sm_text_read(&document, &text, &error) == SM_ERR_ARG && !text);
    CHECK_ROW(strstr(error.message, "document.format 4") != NULL, error.message);
    CHECK(sm_text_json(NULL, &buffer, NULL) == SM_ERR_ARG);
    CHECK(sm_text_run_count(NULL) == 0 && !sm_text_runs(NULL, NULL) && sm_text_format(NULL) == 0);
    document.format = SM_FORMAT_AUTO;
    CHECK(sm_text_read(&document, &text, &error) == SM_OK && sm_text_run_count(text) == 1);
    CHECK(sm_text_format(text) == SM_FORMAT_TEXT && sm_text_json(text, NULL, NULL) == SM_ERR_ARG);
    document.text_len = 0; /* a second document in the same memory */
    CHECK(sm_text_read(&document, &text, &error) == SM_OK && sm_text_run_count(text) == 0);
    CHECK(sm_text_json(text, &buffer, &error) == SM_OK && buffer.len == 0);
    const char *const wrong = "a b";
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.skip = &wrong;
    options.n_skip = 1;
    CHECK(sm_text_read_with(&document, &options, &text, &error) == SM_ERR_ARG);
    CHECK_ROW(strstr(error.message, "options.skip: 'a b'") != NULL, error.message);
    sm_text_free(text);
    sm_text_free(NULL);
    sm_buffer_free(&buffer);
}

/* --- Pointers: arguments_test.c leaves out each in turn ------------------------------------------------------------------ */

static void missing_pointers_are_named(void) {
    static const sm_allocator half = {.allocate = NULL};
    sm_document document = new_document();
    sm_result *result = NULL;
    sm_error error = {0};
    sm_engine *opened = NULL;
    CHECK(sm_engine_extract(NULL, NULL, &document, NULL, &result, &error) == SM_ERR_ARG
          && strstr(error.message, "engine"));
    CHECK(sm_engine_extract(engine, NULL, NULL, NULL, &result, &error) == SM_ERR_ARG
          && strstr(error.message, "document"));
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, NULL, &error) == SM_ERR_ARG
          && strstr(error.message, "result"));
    CHECK(sm_engine_open(NULL, NULL, NULL, &error) == SM_ERR_ARG && strstr(error.message, "engine"));
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.allocator = &half;
    CHECK(sm_engine_open(NULL, &options, &opened, &error) == SM_ERR_ARG && strstr(error.message, "allocator")
          && !opened);
}

static void a_lookup_needs_a_text(void) {
    sm_found found[1];
    uint64_t n = 0;
    CHECK(sm_lookup(engine, NULL, 0, 0, NULL, 0, &n, NULL) == SM_OK && n == 0);
    sm_error error = {0};
    CHECK(sm_lookup(engine, "x", 1, 20210229, found, 1, &n, &error) == SM_ERR_ARG && strstr(error.message, "20210229"));
    CHECK(sm_lookup(engine, "\xE9\x87", 2, 0, found, 1, &n, &error) == SM_ERR_ARG && strstr(error.message, "UTF-8"));
}

static void a_link_says_what_is_not_known(void) {
    sm_buffer url = {0};
    sm_error error = {0};
    CHECK(sm_link(sm_dict_default(), "XSHG:000000", NULL, &url, &error) == SM_ERR_UNKNOWN
          && strstr(error.message, "'XSHG:000000'"));
    CHECK(sm_link(sm_dict_default(), "XSHG:688111", "nobody", &url, &error) == SM_ERR_UNKNOWN
          && strstr(error.message, "'nobody'"));
    CHECK(sm_link(sm_dict_default(), "", NULL, &url, &error) == SM_ERR_UNKNOWN);
    CHECK(url.len == 0);
    CHECK(sm_link(sm_dict_default(), "XSHG:688111", NULL, &url, NULL) == SM_OK);
    CHECK_STR("http://quote.eastmoney.com/unify/r/1.688111", url.data, "the default provider");
    sm_buffer_free(&url);
}

/* --- Whose is what ------------------------------------------------------------------------------------------------------- */

static void scanners_and_results_belong_to_their_engine(void) {
    sm_document document = new_document();
    sm_result *result = NULL, *others = NULL;
    sm_error error = {0};
    CHECK(sm_engine_extract(engine, other_scanner, &document, NULL, &result, &error) == SM_ERR_ARG && !result);
    CHECK_ROW(strstr(error.message, "scanner belongs to another engine") != NULL, error.message);
    CHECK(sm_engine_extract(other_engine, other_scanner, &document, NULL, &others, NULL) == SM_OK);
    result = others;
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, &error) == SM_ERR_ARG && result == others);
    CHECK_ROW(strstr(error.message, "result belongs to another engine") != NULL, error.message);
    CHECK_ROW(sm_result_mention_count(others) == 2, "another engine's result is left as it is");
    sm_result_free(others);
}

/* What each call is given in turn instead of what is right. */
typedef sm_status wrong_call(sm_result **result);

static sm_status with_a_foreign_scanner(sm_result **result) {
    sm_document document = new_document();
    return sm_engine_extract(engine, other_scanner, &document, NULL, result, NULL);
}

static sm_status check_with_a_foreign_scanner(sm_result **result) {
    sm_document document = new_document();
    return sm_check(engine, other_scanner, &document, NULL, result, NULL);
}

static sm_status without_a_document(sm_result **result) {
    return sm_engine_extract(engine, scanner, NULL, NULL, result, NULL);
}

static sm_status without_an_engine(sm_result **result) {
    sm_document document = new_document();
    return sm_engine_explain(NULL, NULL, &document, NULL, result, NULL);
}

static sm_status with_a_wrong_option(sm_result **result) {
    sm_document document = new_document();
    sm_extract_options options = new_options();
    options.scope = 9;
    return sm_engine_extract(engine, scanner, &document, &options, result, NULL);
}

static sm_status without_a_batch(sm_result **result) {
    return sm_engine_extract_batch(engine, NULL, NULL, result, NULL);
}

static sm_status without_a_schema(sm_result **result) {
    return sm_engine_extract_arrow(engine, NULL, NULL, 0, NULL, NULL, result, NULL);
}

static sm_status without_a_stream(sm_result **result) {
    return sm_stream_feed(NULL, "", 0, result, NULL);
}

static sm_status end_without_a_stream(sm_result **result) {
    return sm_stream_finish(NULL, result, NULL);
}

static void whatever_is_wrong_leaves_an_empty_result(void) {
    static const struct {
        const char *name;
        wrong_call *made;
        int is_known; /* whose result it should be */
    } calls[] = {{"a foreign scanner", with_a_foreign_scanner, 1},
                 {"a foreign scanner to check with", check_with_a_foreign_scanner, 1},
                 {"no document", without_a_document, 1},
                 {"no engine", without_an_engine, 0},
                 {"a wrong option", with_a_wrong_option, 1},
                 {"no batch", without_a_batch, 1},
                 {"no schema", without_a_schema, 1},
                 {"no stream to feed", without_a_stream, 0},
                 {"no stream to end", end_without_a_stream, 0}};
    sm_document document = new_document();
    sm_result *result = NULL, *others = NULL;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK);
        CHECK(sm_engine_extract(other_engine, other_scanner, &document, NULL, &others, NULL) == SM_OK);
        sm_result *same = result, *none = NULL;
        CHECK_ROW(sm_result_mention_count(result) == 2 && calls[i].made(&result) == SM_ERR_ARG, calls[i].name);
        CHECK_ROW(result == same && !sm_result_mention_count(result) && !sm_result_document_count(result),
                  calls[i].name);
        CHECK_ROW(calls[i].made(&none) == SM_ERR_ARG && !none, calls[i].name);
        same = others;
        CHECK_ROW(calls[i].made(&others) == SM_ERR_ARG && others == same, calls[i].name);
        CHECK_ROW(sm_result_mention_count(others) == (calls[i].is_known ? 2 : 0), calls[i].name);
    }
    sm_result_free(result);
    sm_result_free(others);
}

static void an_error_leaves_an_empty_text(void) {
    const sm_document document = new_document();
    sm_document wrong = document;
    sm_extract_options options = new_options();
    const char *const selector = "a b";
    sm_text *text = NULL;
    wrong.format = 9;
    options.skip = &selector;
    options.n_skip = 1;
    for (int i = 0; i < 3; i++) {
        CHECK(sm_text_read(&document, &text, NULL) == SM_OK && sm_text_run_count(text) == 1);
        sm_text *same = text;
        CHECK(sm_text_read_with(i == 0   ? NULL
                                : i == 1 ? &wrong
                                         : &document,
                                i == 2 ? &options : NULL, &text, NULL)
              == SM_ERR_ARG);
        CHECK(text == same && sm_text_run_count(text) == 0 && !sm_text_run_at(text, 0));
        CHECK(sm_text_format(text) == 0 && sm_text_limits(text) == 0);
    }
    sm_text_free(text);
}

/* A result that is to be refilled holds nothing after an error. */
static void an_error_leaves_an_empty_result(void) {
    sm_document document = new_document(), wrong = document;
    sm_result *result = NULL;
    wrong.format = 9;
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK
          && sm_result_mention_count(result) == 2);
    sm_result *same = result;
    CHECK(sm_engine_extract(engine, scanner, &wrong, NULL, &result, NULL) == SM_ERR_ARG && result == same);
    CHECK(sm_result_mention_count(result) == 0 && sm_result_security_count(result) == 0
          && sm_result_candidate_count(result) == 0);
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK
          && sm_result_mention_count(result) == 2);
    sm_result_free(result);
}

/* Engines, scanners and results may be freed in any order. */
static void what_is_in_use_is_kept(void) {
    sm_engine *own = NULL;
    sm_scanner *own_scanner = NULL;
    sm_result *result = NULL;
    sm_document document = new_document();
    CHECK(sm_engine_open(NULL, NULL, &own, NULL) == SM_OK && sm_scanner_new(own, &own_scanner, NULL) == SM_OK);
    CHECK(sm_engine_extract(own, own_scanner, &document, NULL, &result, NULL) == SM_OK);
    sm_engine_free(own);
    sm_scanner_free(own_scanner);
    sm_buffer json = {0};
    CHECK(sm_result_json(result, NULL, &json, NULL) == SM_OK && strstr(json.data, "XSHG:688111"));
    sm_buffer_free(&json);
    sm_result_free(result);
}

static void success_leaves_the_error_alone(void) {
    sm_document document = new_document();
    sm_result *result = NULL;
    sm_error error;
    memset(&error, 0x55, sizeof error);
    const sm_error before = error;
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, &error) == SM_OK);
    CHECK(memcmp(&error, &before, sizeof error) == 0);
    sm_result_free(result);
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK
          && sm_engine_open(NULL, NULL, &other_engine, NULL) == SM_OK);
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK
          && sm_scanner_new(other_engine, &other_scanner, NULL) == SM_OK);
    wrong_documents_are_refused();
    wrong_options_are_refused();
    unknown_fields_must_be_zero();
    short_structs_are_taken_as_far_as_they_go();
    init_writes_as_much_as_the_caller_has();
    unlisted_codes_are_no_securities();
    wrong_documents_are_not_read_as_text();
    missing_pointers_are_named();
    a_lookup_needs_a_text();
    a_link_says_what_is_not_known();
    scanners_and_results_belong_to_their_engine();
    an_error_leaves_an_empty_result();
    whatever_is_wrong_leaves_an_empty_result();
    an_error_leaves_an_empty_text();
    what_is_in_use_is_kept();
    success_leaves_the_error_alone();
    sm_scanner_free(scanner);
    sm_scanner_free(other_scanner);
    sm_engine_free(engine);
    sm_engine_free(other_engine);
    return check_report();
}
