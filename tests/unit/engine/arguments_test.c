/* Every public function with each of its pointers NULL in turn, and with each of its structs too short, of a later version,
 * and of a later version that asks for something. What is needed and missing is SM_ERR_ARG and gives nothing;
 * what is optional is fine. The list of functions is held against tests/consumer/abi.txt. */
#include <stdlib.h>

#include "../arrays.h"
#include "../check.h"
#include "stockmention.h"

/* --- What functions are called with ------------------------------------------------------------------------------------- */

enum { LATER = 256 }; /* bytes of a struct of a later version, more than any has */

/* Good arguments. The outputs are emptied after each call. */
static struct {
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    sm_text *text;
    sm_buffer compiled;
    sm_stream *stream;
    sm_document document, untold; /* the second without its text */
    sm_extract_options options;
    sm_annotate_options how;
    sm_batch batch;
    sm_json_options json;
    sm_engine_options opening;
    sm_build_options build;
    sm_dict_info info;
    sm_live *live;
    sm_arrow_options arrow;
    struct ArrowSchema schema; /* of texts; the array has one */
    struct ArrowArray array;
    const struct ArrowArray *arrays[1];
} good;

static struct {
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    sm_text *text;
    sm_buffer buffer, report;
    sm_found found[2];
    uint64_t n;
    sm_provider provider;
    sm_live *live;
    sm_stream *pieces;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct ArrowArrayStream stream;
} out;

static int nothing_came_out(void) {
    return !out.dict && !out.engine && !out.scanner && !out.result && !out.text && !out.buffer.len && !out.n
           && !out.provider.id && !out.live && !out.pieces && !out.schema.release && !out.array.release
           && !out.stream.release;
}

static void empty_the_outputs(void) {
    sm_dict_free(out.dict);
    sm_engine_free(out.engine);
    sm_scanner_free(out.scanner);
    sm_result_free(out.result);
    sm_text_free(out.text);
    sm_buffer_free(&out.buffer);
    sm_buffer_free(&out.report);
    sm_live_free(out.live);
    sm_stream_free(out.pieces);
    if (out.schema.release) out.schema.release(&out.schema);
    if (out.array.release) out.array.release(&out.array);
    if (out.stream.release) out.stream.release(&out.stream);
    memset(&out, 0, sizeof out);
}

static void make_documents(void) {
    static const char text[] = "<p>金山办公（688111）";
    static const int64_t offsets[] = {0, sizeof text - 1};
    sm_document_init(&good.document, sizeof good.document);
    good.document.text = text;
    good.document.text_len = strlen(text);
    sm_document_init(&good.untold, sizeof good.untold);
    sm_batch_init(&good.batch, sizeof good.batch);
    good.batch.text = text;
    good.batch.offsets = offsets;
    good.batch.n_documents = 1;
}

/* --- Arrow: a column of one text, and a stream of none, with nothing to release ---------------------------------------- */

static int texts_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema) {
    (void)stream;
    *schema = (struct ArrowSchema){.format = "u", .name = "", .release = arrays_forget_schema};
    return 0;
}

static int no_more(struct ArrowArrayStream *stream, struct ArrowArray *array) {
    (void)stream;
    *array = (struct ArrowArray){0};
    return 0;
}

static void make_columns(void) {
    static const char text[] = "金山办公";
    static const int32_t offsets[] = {0, sizeof text - 1};
    static const void *buffers[] = {NULL, offsets, text};
    sm_arrow_options_init(&good.arrow, sizeof good.arrow);
    texts_schema(NULL, &good.schema);
    good.array = (struct ArrowArray){.length = 1, .n_buffers = 3, .buffers = buffers, .release = arrays_forget};
    good.arrays[0] = &good.array;
}

static void make_good(void) {
    static const char *const paths[] = {"tests/unit/dict/good"};
    make_documents();
    sm_extract_options_init(&good.options, sizeof good.options);
    sm_annotate_options_init(&good.how, sizeof good.how);
    sm_json_options_init(&good.json, sizeof good.json);
    sm_engine_options_init(&good.opening, sizeof good.opening);
    sm_build_options_init(&good.build, sizeof good.build);
    good.build.as_of = 20261101;
    good.build.paths = paths;
    good.build.n_paths = 1;
    good.info.struct_size = sizeof good.info;
    CHECK(sm_dict_build(&good.build, &good.compiled, NULL, NULL) == SM_OK);
    CHECK(sm_dict_open_memory(good.compiled.data, good.compiled.len, &good.dict, NULL) == SM_OK);
    CHECK(sm_engine_open(NULL, NULL, &good.engine, NULL) == SM_OK);
    CHECK(sm_scanner_new(good.engine, &good.scanner, NULL) == SM_OK);
    CHECK(sm_engine_extract(good.engine, NULL, &good.document, NULL, &good.result, NULL) == SM_OK);
    CHECK(sm_text_read(&good.document, &good.text, NULL) == SM_OK);
    CHECK(sm_live_new(good.engine, &good.live, NULL) == SM_OK);
    CHECK(sm_stream_open(good.engine, NULL, NULL, &good.stream, NULL) == SM_OK);
    make_columns();
}

static void free_good(void) {
    sm_live_free(good.live);
    sm_stream_free(good.stream);
    sm_text_free(good.text);
    sm_result_free(good.result);
    sm_scanner_free(good.scanner);
    sm_engine_free(good.engine);
    sm_dict_free(good.dict);
    sm_buffer_free(&good.compiled);
}

/* --- The functions that can fail ---------------------------------------------------------------------------------------- */

/* Hands the pointers of `a` on, in the order of the header. */
typedef sm_status call(void *const *a, sm_error *error);

static sm_status dict_open(void *const *a, sm_error *error) {
    return sm_dict_open(a[0], a[1], error);
}

static sm_status dict_open_memory(void *const *a, sm_error *error) {
    return sm_dict_open_memory(a[0], good.compiled.len, a[1], error);
}

static sm_status dict_describe(void *const *a, sm_error *error) {
    sm_status status = sm_dict_describe(a[0], a[1]);
    if (status != SM_OK && error) *error = (sm_error){.status = status, .message = "has no error object"};
    return status;
}

static sm_status dict_build(void *const *a, sm_error *error) {
    return sm_dict_build(a[0], a[1], a[2], error);
}

static sm_status dict_dump(void *const *a, sm_error *error) {
    return sm_dict_dump(a[0], a[1], a[2], error);
}

static sm_status engine_open(void *const *a, sm_error *error) {
    return sm_engine_open(a[0], a[1], a[2], error);
}

static sm_status engine_warm(void *const *a, sm_error *error) {
    return sm_engine_warm(a[0], error);
}

static sm_status scanner_new(void *const *a, sm_error *error) {
    return sm_scanner_new(a[0], a[1], error);
}

static sm_status text_read(void *const *a, sm_error *error) {
    return sm_text_read(a[0], a[1], error);
}

static sm_status text_read_with(void *const *a, sm_error *error) {
    return sm_text_read_with(a[0], a[1], a[2], error);
}

static sm_status text_decode(void *const *a, sm_error *error) {
    return sm_text_decode(a[0], a[1], a[2], error);
}

static sm_status text_json(void *const *a, sm_error *error) {
    return sm_text_json(a[0], a[1], error);
}

static sm_status extract(void *const *a, sm_error *error) {
    return sm_engine_extract(a[0], a[1], a[2], a[3], a[4], error);
}

static sm_status check(void *const *a, sm_error *error) {
    return sm_check(a[0], a[1], a[2], a[3], a[4], error);
}

static sm_status explain(void *const *a, sm_error *error) {
    return sm_engine_explain(a[0], a[1], a[2], a[3], a[4], error);
}

static sm_status extract_batch(void *const *a, sm_error *error) {
    return sm_engine_extract_batch(a[0], a[1], a[2], a[3], error);
}

static sm_status result_json(void *const *a, sm_error *error) {
    return sm_result_json(a[0], a[1], a[2], error);
}

static sm_status annotate(void *const *a, sm_error *error) {
    return sm_engine_annotate(a[0], a[1], a[2], a[3], a[4], a[5], error);
}

static sm_status lookup(void *const *a, sm_error *error) {
    return sm_lookup(a[0], a[1], 6, 0, a[2], 2, a[3], error);
}

static sm_status link(void *const *a, sm_error *error) {
    return sm_link(a[0], a[1], a[2], a[3], error);
}

static sm_status provider_at(void *const *a, sm_error *error) {
    sm_status status = sm_provider_at(a[0], 0, a[1]);
    if (status != SM_OK && error) *error = (sm_error){.status = status, .message = "has no error object"};
    return status;
}

static sm_status live_new(void *const *a, sm_error *error) {
    return sm_live_new(a[0], a[1], error);
}

static sm_status live_replace(void *const *a, sm_error *error) {
    return sm_live_replace(a[0], a[1], error);
}

static sm_status stream_open(void *const *a, sm_error *error) {
    return sm_stream_open(a[0], a[1], a[2], a[3], error);
}

/* Each behind a beginning. */
static sm_status stream_feed(void *const *a, sm_error *error) {
    CHECK(sm_stream_open(good.engine, NULL, NULL, &good.stream, NULL) == SM_OK);
    return sm_stream_feed(a[0], a[1], 6, a[2], error);
}

static sm_status stream_finish(void *const *a, sm_error *error) {
    CHECK(sm_stream_open(good.engine, NULL, NULL, &good.stream, NULL) == SM_OK);
    return sm_stream_finish(a[0], a[1], error);
}

static sm_status extract_arrow(void *const *a, sm_error *error) {
    return sm_engine_extract_arrow(a[0], a[1], a[2], 1, a[3], a[4], a[5], error);
}

static sm_status result_arrow(void *const *a, sm_error *error) {
    return sm_result_arrow(a[0], SM_ARROW_LISTS, a[1], a[2], error);
}

/* The stream of documents is moved where all goes well, so each call has its own. */
static sm_status stream_arrow(void *const *a, sm_error *error) {
    struct ArrowArrayStream documents = {
        .get_schema = texts_schema, .get_next = no_more, .release = arrays_forget_stream};
    sm_status status = sm_engine_stream_arrow(a[0], a[1] ? &documents : NULL, a[2], a[3], SM_ARROW_LISTS, a[4], error);
    CHECK((status == SM_OK) == !documents.release);
    return status;
}

enum { NEEDED, OPTIONAL };
enum { MOST_ARGUMENTS = 6 };
typedef struct argument {
    const void *good;
    int need;
    uint32_t struct_size; /* of a struct that begins with it, else 0 */
} argument;

/* What is there from make_good() on alone is taken at the time of the call: see good_argument(). */
static const char compiled_bytes[1], default_dict[1], dict_handle[1], engine[1], scanner[1], result[1], text[1],
    live[1], pieces[1];

static const struct {
    const char *name;
    call *made;
    argument arguments[MOST_ARGUMENTS];
} functions[] = {
    {"sm_dict_open", dict_open, {{"build/no such file", NEEDED, 0}, {&out.dict, NEEDED, 0}}},
    {"sm_dict_open_memory", dict_open_memory, {{compiled_bytes, NEEDED, 0}, {&out.dict, NEEDED, 0}}},
    {"sm_dict_describe", dict_describe, {{default_dict, NEEDED, 0}, {&good.info, NEEDED, sizeof good.info}}},
    {"sm_dict_build",
     dict_build,
     {{&good.build, NEEDED, sizeof good.build}, {&out.buffer, OPTIONAL, 0}, {&out.report, OPTIONAL, 0}}},
    {"sm_dict_dump", dict_dump, {{dict_handle, NEEDED, 0}, {"names", NEEDED, 0}, {&out.buffer, NEEDED, 0}}},
    {"sm_engine_open",
     engine_open,
     {{dict_handle, OPTIONAL, 0}, {&good.opening, OPTIONAL, sizeof good.opening}, {&out.engine, NEEDED, 0}}},
    {"sm_engine_warm", engine_warm, {{engine, NEEDED, 0}}},
    {"sm_scanner_new", scanner_new, {{engine, NEEDED, 0}, {&out.scanner, NEEDED, 0}}},
    {"sm_text_read", text_read, {{&good.document, NEEDED, sizeof good.document}, {&out.text, NEEDED, 0}}},
    {"sm_text_read_with",
     text_read_with,
     {{&good.document, NEEDED, sizeof good.document},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.text, NEEDED, 0}}},
    {"sm_text_decode",
     text_decode,
     {{&good.document, NEEDED, sizeof good.document}, {&out.buffer, NEEDED, 0}, {&out.n, OPTIONAL, 0}}},
    {"sm_text_json", text_json, {{text, NEEDED, 0}, {&out.buffer, NEEDED, 0}}},
    {"sm_engine_extract",
     extract,
     {{engine, NEEDED, 0},
      {scanner, OPTIONAL, 0},
      {&good.document, NEEDED, sizeof good.document},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.result, NEEDED, 0}}},
    {"sm_check",
     check,
     {{engine, NEEDED, 0},
      {scanner, OPTIONAL, 0},
      {&good.document, NEEDED, sizeof good.document},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.result, NEEDED, 0}}},
    {"sm_engine_explain",
     explain,
     {{engine, NEEDED, 0},
      {scanner, OPTIONAL, 0},
      {&good.document, NEEDED, sizeof good.document},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.result, NEEDED, 0}}},
    {"sm_engine_extract_batch",
     extract_batch,
     {{engine, NEEDED, 0},
      {&good.batch, NEEDED, sizeof good.batch},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.result, NEEDED, 0}}},
    {"sm_result_json",
     result_json,
     {{result, NEEDED, 0}, {&good.json, OPTIONAL, sizeof good.json}, {&out.buffer, NEEDED, 0}}},
    {"sm_engine_annotate",
     annotate,
     {{engine, NEEDED, 0},
      {scanner, OPTIONAL, 0},
      {&good.document, NEEDED, sizeof good.document},
      {&good.options, OPTIONAL, sizeof good.options},
      {&good.how, OPTIONAL, sizeof good.how},
      {&out.buffer, NEEDED, 0}}},
    {"sm_lookup", lookup, {{engine, NEEDED, 0}, {"688111", NEEDED, 0}, {out.found, NEEDED, 0}, {&out.n, NEEDED, 0}}},
    {"sm_link",
     link,
     {{default_dict, NEEDED, 0}, {"XSHG:688111", NEEDED, 0}, {"xueqiu", OPTIONAL, 0}, {&out.buffer, NEEDED, 0}}},
    {"sm_provider_at", provider_at, {{default_dict, NEEDED, 0}, {&out.provider, NEEDED, 0}}},
    {"sm_live_new", live_new, {{engine, NEEDED, 0}, {&out.live, NEEDED, 0}}},
    {"sm_live_replace", live_replace, {{live, NEEDED, 0}, {engine, NEEDED, 0}}},
    {"sm_stream_open",
     stream_open,
     {{engine, NEEDED, 0},
      {&good.untold, OPTIONAL, sizeof good.untold},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.pieces, NEEDED, 0}}},
    {"sm_stream_feed", stream_feed, {{pieces, NEEDED, 0}, {"688111", NEEDED, 0}, {&out.result, NEEDED, 0}}},
    {"sm_stream_finish", stream_finish, {{pieces, NEEDED, 0}, {&out.result, NEEDED, 0}}},
    {"sm_engine_extract_arrow",
     extract_arrow,
     {{engine, NEEDED, 0},
      {&good.schema, NEEDED, 0},
      {good.arrays, NEEDED, 0},
      {&good.arrow, OPTIONAL, sizeof good.arrow},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.result, NEEDED, 0}}},
    {"sm_result_arrow", result_arrow, {{result, NEEDED, 0}, {&out.schema, OPTIONAL, 0}, {&out.array, OPTIONAL, 0}}},
    {"sm_engine_stream_arrow",
     stream_arrow,
     {{engine, NEEDED, 0},
      {&good.schema, NEEDED, 0}, /* any pointer: see there */
      {&good.arrow, OPTIONAL, sizeof good.arrow},
      {&good.options, OPTIONAL, sizeof good.options},
      {&out.stream, NEEDED, 0}}},
};

enum { N_FUNCTIONS = sizeof functions / sizeof functions[0] };

/* Handles that tables cannot name before they are made. */
static const void *good_argument(const argument *a) {
    const struct {
        const void *stands_for, *handle;
    } handles[] = {{compiled_bytes, good.compiled.data},
                   {default_dict, sm_dict_default()},
                   {dict_handle, good.dict},
                   {engine, good.engine},
                   {scanner, good.scanner},
                   {result, good.result},
                   {text, good.text},
                   {live, good.live},
                   {pieces, good.stream}};
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
        if (a->good == handles[i].stands_for) return handles[i].handle;
    return a->good;
}

/* Calls a function with one of its arguments replaced. @return what it says; what came out is still there. */
static sm_status call_with(size_t function, size_t replaced, const void *by, int with_error) {
    void *a[MOST_ARGUMENTS] = {0};
    sm_error error = {0};
    for (size_t i = 0; i < MOST_ARGUMENTS; i++) {
        const void *taken = i == replaced ? by : good_argument(&functions[function].arguments[i]);
        a[i] = (void *)(uintptr_t)taken;
    }
    sm_status status = functions[function].made(a, with_error ? &error : NULL);
    if (with_error)
        CHECK_ROW(error.status == status && !error.message[0] == (status == SM_OK), functions[function].name);
    return status;
}

/* What all goes well with: no file is there for sm_dict_open(), which gets as far as that. */
static sm_status success(size_t function) {
    return functions[function].made == dict_open ? SM_ERR_IO : SM_OK;
}

static void check_status(size_t function, size_t replaced, const void *by, sm_status expected, const char *what) {
    char row[128];
    snprintf(row, sizeof row, "%s, argument %zu %s", functions[function].name, replaced, what);
    for (int with_error = 0; with_error < 2; with_error++) {
        CHECK_ROW(call_with(function, replaced, by, with_error) == expected, row);
        if (expected == SM_ERR_ARG) CHECK_ROW(nothing_came_out(), row);
        empty_the_outputs();
    }
}

static void each_pointer_may_be_missing(void) {
    for (size_t f = 0; f < N_FUNCTIONS; f++) {
        check_status(f, MOST_ARGUMENTS, NULL, success(f), "none");
        for (size_t i = 0; i < MOST_ARGUMENTS && functions[f].arguments[i].good; i++)
            check_status(f, i, NULL, functions[f].arguments[i].need == OPTIONAL ? success(f) : SM_ERR_ARG, "NULL");
    }
}

/* A struct with another size than this library's, and the last byte of it. */
typedef union later_struct {
    uint64_t aligned;
    unsigned char bytes[LATER];
} later_struct;

static later_struct resized(const argument *a, uint32_t size, unsigned char last) {
    later_struct later = {0};
    memcpy(later.bytes, a->good, a->struct_size);
    memcpy(later.bytes, &size, sizeof size);
    if (size > a->struct_size) later.bytes[size - 1] = last;
    return later;
}

static void each_struct_may_be_of_another_version(void) {
    static const uint32_t too_short[] = {0, 1, 3};
    for (size_t f = 0; f < N_FUNCTIONS; f++)
        for (size_t i = 0; i < MOST_ARGUMENTS; i++) {
            const argument *a = &functions[f].arguments[i];
            if (!a->struct_size) continue;
            for (size_t k = 0; k < sizeof too_short / sizeof too_short[0]; k++) {
                later_struct shorter = resized(a, too_short[k], 0);
                check_status(f, i, &shorter, SM_ERR_ARG, "with a struct_size below 4");
            }
            /* What is written into is not read, so that nothing in it can be asked for. */
            int is_filled = functions[f].made == dict_describe;
            later_struct later = resized(a, a->struct_size + 8, 0), asks = resized(a, LATER, 1);
            check_status(f, i, &later, success(f), "of a later version");
            check_status(f, i, &asks, is_filled ? success(f) : SM_ERR_ARG, "of a later version, with a field set");
        }
}

/* --- The functions that cannot fail ------------------------------------------------------------------------------------- */

/* NULL and what is no such thing give nothing. */
static void nothing_of_nothing(void) {
    uint32_t stride = 0;
    uint64_t first = 1;
    const sm_rollup *rows = (const sm_rollup *)(const void *)&stride;
    CHECK(!sm_live_engine(NULL) && !sm_engine_dict(NULL) && !sm_engine_kernel(NULL)
          && sm_engine_weight(NULL, 0, 0) == 0);
    CHECK(sm_engine_weight(good.engine, 99, 0) == 0 && sm_engine_weight(good.engine, 0, 64) == 0);
    CHECK(sm_text_run_count(NULL) == 0 && !sm_text_runs(NULL, NULL) && sm_text_format(NULL) == 0);
    CHECK(sm_text_limits(NULL) == 0);
    CHECK(sm_result_mention_count(NULL) == 0 && !sm_result_mentions(NULL, NULL));
    CHECK(sm_result_candidate_count(NULL) == 0 && !sm_result_candidates(NULL, NULL));
    CHECK(sm_result_security_count(NULL) == 0 && !sm_result_securities(NULL, NULL));
    CHECK(sm_result_document_count(NULL) == 0 && !sm_result_documents(NULL, NULL));
    CHECK(sm_result_finding_count(NULL) == 0 && !sm_result_findings(NULL, NULL));
    CHECK(sm_result_explanation_count(NULL) == 0 && !sm_result_explanations(NULL, NULL));
    CHECK(sm_result_explained_line_count(NULL) == 0 && !sm_result_explained_lines(NULL, NULL));
    CHECK(sm_result_rollup(NULL, SM_BY_SECURITY, &rows, &stride) == 0 && !rows);
    CHECK(sm_result_rollup(good.result, 2, &rows, &stride) == 0 && !rows);
    CHECK(sm_result_rollup(good.result, SM_BY_ISSUER, NULL, NULL) == 1);
    CHECK(!sm_text_run_at(NULL, 0) && !sm_result_mention_at(NULL, 0) && !sm_result_candidate_at(NULL, 0));
    CHECK(!sm_result_security_at(NULL, 0) && !sm_result_document_at(NULL, 0) && !sm_result_finding_at(NULL, 0));
    CHECK(!sm_result_explanation_at(NULL, 0) && !sm_result_explained_line_at(NULL, 0));
    CHECK(!sm_result_rollup_at(NULL, 0, 0) && !sm_result_rollup_at(good.result, 2, 0));
    CHECK(sm_result_as_of(NULL) == 0 && sm_result_limits(NULL) == 0);
    CHECK(sm_result_invalid_bytes(NULL, &first) == 0 && first == 0 && sm_result_invalid_bytes(NULL, NULL) == 0);
    CHECK(sm_struct_size(NULL) == 0 && sm_struct_size("none") == 0 && sm_version()[0] && sm_dict_default());
}

static void unknown_numbers_have_no_word(void) {
    static const struct {
        const char *(*word)(uint32_t number);
        uint32_t first, last;
    } words[] = {{sm_kind_word, SM_KIND_NAME, SM_KIND_LINK},
                 {sm_region_word, SM_REGION_BODY, SM_REGION_FOOTER},
                 {sm_role_word, SM_ROLE_SUBJECT, SM_ROLE_UNIT},
                 {sm_field_word, SM_FIELD_TEXT, SM_FIELD_TITLE},
                 {sm_security_status_word, SM_SECURITY_ACTIVE, SM_SECURITY_NOT_YET},
                 {sm_finding_word, SM_FINDING_MISMATCH, SM_FINDING_NOT_LISTED},
                 {sm_severity_word, SM_SEVERITY_NOTE, SM_SEVERITY_ERROR},
                 {sm_decision_word, SM_DECISION_TAKEN, SM_DECISION_CUT}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (uint32_t n = words[i].first; n <= words[i].last; n++) CHECK(words[i].word(n) && words[i].word(n)[0]);
        CHECK(!words[i].word(words[i].last + 1) && !words[i].word(UINT32_MAX));
        CHECK(words[i].first == 0 || !words[i].word(0));
    }
    CHECK(sm_evidence_word(0) && !sm_evidence_word(64) && !sm_evidence_word(UINT32_MAX));
    CHECK(sm_date_parse(NULL, 3) == 0 && sm_date_parse("2021-12-22", 10) == 20211222);
    for (sm_status status = SM_OK; status <= SM_ERR_UNSUPPORTED; status++) CHECK(sm_status_text(status)[0]);
    CHECK(sm_status_text(-1)[0] && sm_status_text(INT32_MAX)[0]);
}

static void nothing_can_be_freed(void) {
    sm_buffer_free(NULL);
    sm_dict_free(NULL);
    sm_engine_free(NULL);
    sm_scanner_free(NULL);
    sm_text_free(NULL);
    sm_result_free(NULL);
    sm_live_free(NULL);
    sm_stream_free(NULL);
    sm_dict_free(sm_dict_default());
    CHECK(sm_dict_default() != NULL);
}

/* --- That none is forgotten --------------------------------------------------------------------------------------------- */

/* Everything that returns a status stands in the table above. */
static void every_function_is_tried(void) {
    static const char prefix[] = "function sm_status ";
    char line[512];
    size_t n = 0;
    FILE *abi = fopen("tests/consumer/abi.txt", "r");
    if (!CHECK(abi != NULL)) return;
    while (fgets(line, sizeof line, abi)) {
        if (strncmp(line, prefix, sizeof prefix - 1) != 0) continue;
        char *name = line + sizeof prefix - 1, *end = strchr(name, '(');
        size_t f = 0;
        if (end) *end = '\0';
        while (f < N_FUNCTIONS && strcmp(functions[f].name, name) != 0) f++;
        CHECK_ROW(f < N_FUNCTIONS, name);
        n++;
    }
    fclose(abi);
    CHECK(n == N_FUNCTIONS);
}

int main(void) {
    make_good();
    each_pointer_may_be_missing();
    each_struct_may_be_of_another_version();
    nothing_of_nothing();
    unknown_numbers_have_no_word();
    nothing_can_be_freed();
    every_function_is_tried();
    free_good();
    return check_report();
}
