/* malloc itself: what takes no allocator (buffers, texts, dictionaries) and what is opened without one. Whichever allocation
 * fails, the call says so, loses nothing, appends nothing, and works when there is memory again. The linker lays the
 * functions below over those of the C library (tests/CMakeLists.txt), so that all that this library asks for comes by. */
#include <errno.h>

#include "../arrays.h"
#include "base/base.h"
#include "samples.h"

/* Refuses the allocation number `fail_at` (from 1), and with `for_good` all after it. */
static struct {
    unsigned long n_calls, fail_at, n_refused;
    long n_held;
    int for_good;
} heap;

static int refuses(void) {
    heap.n_calls++;
    int is_refused = heap.fail_at && (heap.for_good ? heap.n_calls >= heap.fail_at : heap.n_calls == heap.fail_at);
    heap.n_refused += (unsigned)is_refused;
    return is_refused;
}

/* What the linker calls these is not ours to choose. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

void *__wrap_malloc(size_t size) {
    void *memory = refuses() ? NULL : __real_malloc(size);
    heap.n_held += memory != NULL;
    return memory;
}

void *__wrap_calloc(size_t n, size_t size) {
    void *memory = refuses() ? NULL : __real_calloc(n, size);
    heap.n_held += memory != NULL;
    return memory;
}

void *__wrap_realloc(void *memory, size_t size) {
    void *grown = refuses() ? NULL : __real_realloc(memory, size);
    heap.n_held += grown && !memory;
    return grown;
}

void __wrap_free(void *memory) {
    heap.n_held -= memory != NULL;
    __real_free(memory);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

/* --- The calls ---------------------------------------------------------------------------------------------------------- */

/* Appends what it gives; what else it makes it frees. */
typedef sm_status call(const sm_engine *engine, sm_buffer *out, sm_error *error);

/* Into a new text, and into one that was used. */
static sm_status read_text(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document gbk = sample_in_gbk(), page = sample_document(0);
    sm_text *text = NULL;
    (void)engine;
    sm_status status = sm_text_read(&gbk, &text, error);
    CHECK((status == SM_OK) == (text != NULL));
    if (status == SM_OK) {
        status = sm_text_read(&page, &text, error);
        CHECK((sm_text_run_count(text) > 0) == (status == SM_OK));
    }
    if (status == SM_OK) status = sm_text_json(text, out, error);
    sm_text_free(text);
    return status;
}

static sm_status annotate_gbk(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_in_gbk();
    return sm_engine_annotate(engine, NULL, &document, NULL, NULL, out, error);
}

static sm_status annotate_as_eastmoney(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(0);
    sm_annotate_options how;
    sm_annotate_options_init(&how, sizeof how);
    how.style = SM_STYLE_EASTMONEY;
    how.flags = SM_ANNOTATE_ALL | SM_ANNOTATE_ADD;
    return sm_engine_annotate(engine, NULL, &document, NULL, &how, out, error);
}

static sm_status write_result(sm_status status, sm_result *result, sm_buffer *out, sm_error *error) {
    sm_json_options options;
    sm_json_options_init(&options, sizeof options);
    options.provider = "all";
    CHECK((status == SM_OK) == (result != NULL));
    if (status == SM_OK) status = sm_result_json(result, &options, out, error);
    sm_result_free(result);
    return status;
}

static sm_status extract_note(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(1);
    sm_result *result = NULL;
    sm_status status = sm_engine_extract(engine, NULL, &document, NULL, &result, error);
    return write_result(status, result, out, error);
}

static sm_status check_gbk(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_in_gbk();
    sm_result *result = NULL;
    sm_status status = sm_check(engine, NULL, &document, NULL, &result, error);
    return write_result(status, result, out, error);
}

static sm_status explain_note(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(1);
    sm_result *result = NULL;
    sm_status status = sm_engine_explain(engine, NULL, &document, NULL, &result, error);
    return write_result(status, result, out, error);
}

static sm_status report_page(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(0);
    sm_annotate_options how;
    sm_annotate_options_init(&how, sizeof how);
    how.style = SM_STYLE_REPORT;
    return sm_engine_annotate(engine, NULL, &document, NULL, &how, out, error);
}

/* A plain document and an empty one; the caller's thread alone, as threads are counted elsewhere. */
static sm_status extract_two(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    const int64_t offsets[] = {0, (int64_t)strlen(sample_text), (int64_t)strlen(sample_text)};
    sm_batch batch;
    sm_result *result = NULL;
    sm_batch_init(&batch, sizeof batch);
    batch.text = sample_text;
    batch.offsets = offsets;
    batch.n_documents = 2;
    sm_status status = sm_engine_extract_batch(engine, &batch, NULL, &result, error);
    return write_result(status, result, out, error);
}

/* The patterns of a new engine; the text is read again by the same scanner. */
static sm_status warm_and_extract(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(2);
    sm_engine *own = NULL;
    sm_scanner *scanner = NULL;
    sm_result *result = NULL;
    sm_status status = sm_engine_open(sm_engine_dict(engine), NULL, &own, error);
    if (status == SM_OK) status = sm_engine_warm(own, error);
    if (status == SM_OK) status = sm_scanner_new(own, &scanner, error);
    CHECK((status == SM_OK) == (scanner != NULL));
    for (int i = 0; i < 2 && status == SM_OK; i++)
        status = sm_engine_extract(own, scanner, &document, NULL, &result, error);
    sm_engine_free(own);
    sm_scanner_free(scanner);
    if (status == SM_OK) return write_result(status, result, out, error);
    sm_result_free(result);
    return status;
}

static sm_status open_and_look_up(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_engine *own = NULL;
    sm_found found[2];
    uint64_t n = 0;
    sm_status status = sm_engine_open(sm_engine_dict(engine), NULL, &own, error);
    CHECK((status == SM_OK) == (own != NULL));
    if (status == SM_OK) status = sm_lookup(own, "688111.SH", 9, 0, found, 2, &n, error);
    if (status == SM_OK) status = sm_link(sm_engine_dict(own), found[0].security.id, NULL, out, error);
    sm_engine_free(own);
    return status;
}

/* Some tables, over none; opened again. */
static sm_status build_and_open(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    static const char *const paths[] = {"tests/unit/dict/good"};
    sm_build_options options;
    sm_buffer compiled = {0};
    const sm_dict *dict = NULL;
    (void)engine;
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261101;
    options.paths = paths;
    options.n_paths = 1;
    sm_status status = sm_dict_build(&options, &compiled, NULL, error);
    CHECK((status == SM_OK) == (compiled.len > 0));
    if (status == SM_OK) status = sm_dict_open_memory(compiled.data, compiled.len, &dict, error);
    if (status == SM_OK) status = sm_dict_dump(dict, "names", out, error);
    sm_dict_free(dict);
    sm_buffer_free(&compiled);
    return status;
}

/* Rows over a base that has them, of which the report tells. */
static sm_status build_over_base(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    static const char *const paths[] = {"tests/unit/dict/good", "tests/unit/dict/good/mics.tsv"};
    sm_build_options options;
    sm_buffer compiled = {0}, report = {0};
    const sm_dict *dict = NULL;
    (void)engine;
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261101;
    options.paths = paths;
    options.n_paths = 1;
    sm_status status = sm_dict_build(&options, &compiled, NULL, error);
    if (status == SM_OK) status = sm_dict_open_memory(compiled.data, compiled.len, &dict, error);
    options.base = dict;
    options.paths = paths + 1;
    if (status == SM_OK) status = sm_dict_build(&options, out, &report, error);
    CHECK(status != SM_OK || report.len > 0);
    sm_dict_free(dict);
    sm_buffer_free(&compiled);
    sm_buffer_free(&report);
    return status;
}

/* --- Arrow: the test's own arrays lie in static memory, so that what is counted is the library's ----------------------------- */

/* A struct with one column of two texts. */
static int two_texts_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    static struct ArrowSchema text, *children[] = {&text};
    (void)stream;
    text = (struct ArrowSchema){.format = "u", .name = "text", .release = arrays_forget_schema};
    *out = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = 1, .children = children, .release = arrays_forget_schema};
    return 0;
}

static int two_texts_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    static const char bytes[] = "金山办公（688111.SH）贵州茅台涨停";
    static const int32_t offsets[] = {0, 27, sizeof bytes - 1};
    static const uint8_t validity[] = {3};
    static const void *text_buffers[] = {validity, offsets, bytes}, *buffers[] = {NULL};
    static struct ArrowArray text, *children[] = {&text};
    int *n_left = stream->private_data;
    *out = (struct ArrowArray){0};
    if (!*n_left) return 0;
    --*n_left;
    text = (struct ArrowArray){.length = 2, .n_buffers = 3, .buffers = text_buffers, .release = arrays_forget};
    *out = (struct ArrowArray){.length = 2,
                               .n_buffers = 1,
                               .buffers = buffers,
                               .n_children = 1,
                               .children = children,
                               .release = arrays_forget};
    return 0;
}

/* The texts of mentions. */
static sm_status append_texts(const struct ArrowArray *mentions, sm_buffer *out, sm_error *error) {
    const struct ArrowArray *texts = mentions->children[4];
    size_t len = (size_t)((const int32_t *)texts->buffers[1])[texts->length];
    if (base_buffer_append(out, texts->buffers[2], len)) return SM_OK;
    return base_fail(error, SM_ERR_NOMEM, "no memory for the test's own buffer");
}

static sm_status give_out_as_arrow(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    sm_document document = sample_document(1);
    sm_result *result = NULL;
    struct ArrowSchema schema = {0};
    struct ArrowArray array = {0};
    sm_status status = sm_engine_extract(engine, NULL, &document, NULL, &result, error);
    if (status == SM_OK) status = sm_result_arrow(result, SM_ARROW_LISTS, &schema, &array, error);
    CHECK((status == SM_OK) == (schema.release != NULL) && (status == SM_OK) == (array.release != NULL));
    sm_result_free(result);
    if (status == SM_OK) status = append_texts(array.children[0], out, error);
    if (array.release) array.release(&array);
    if (schema.release) schema.release(&schema);
    return status;
}

static sm_status read_stream(struct ArrowArrayStream *stream, sm_buffer *out, sm_error *error) {
    struct ArrowSchema schema;
    struct ArrowArray array;
    uint64_t len_before = out->len;
    int code = stream->get_schema(stream, &schema);
    CHECK((code == 0) == (schema.release != NULL));
    if (schema.release) schema.release(&schema);
    for (int is_done = code != 0; !is_done;) {
        code = stream->get_next(stream, &array);
        is_done = code || !array.release;
        if (!is_done && append_texts(array.children[1]->children[0], out, error) != SM_OK) is_done = code = ENOMEM;
        if (array.release) array.release(&array);
    }
    if (code == 0) return SM_OK;
    CHECK(code == ENOMEM && (error->status || stream->get_last_error(stream)));
    base_buffer_cut(out, len_before);
    return base_fail(error, SM_ERR_NOMEM, "as the stream says");
}

static sm_status stream_arrow(const sm_engine *engine, sm_buffer *out, sm_error *error) {
    static const char *const markets[] = {"XSHG"};
    int n_left = 2;
    struct ArrowArrayStream documents = {two_texts_schema, two_texts_next, NULL, arrays_forget_stream, &n_left},
                            mentions;
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.prefer = markets;
    options.n_prefer = 1;
    sm_status status = sm_engine_stream_arrow(engine, &documents, NULL, &options, SM_ARROW_COLUMNS, &mentions, error);
    CHECK((status == SM_OK) == (mentions.release != NULL) && (status == SM_OK) == !documents.release);
    if (status != SM_OK) return status;
    status = read_stream(&mentions, out, error);
    mentions.release(&mentions);
    return status;
}

/* --- Allocations that fail ---------------------------------------------------------------------------------------------- */

static void stand_before(sm_buffer *out) {
    static const char before[] = "before";
    out->data = __real_malloc(sizeof before);
    if (!out->data) exit(2);
    memcpy(out->data, before, sizeof before);
    out->len = strlen(before);
    out->capacity = sizeof before;
    heap.n_held++;
}

static sm_status call_with(const char *name, call *made, const sm_engine *engine, unsigned long fail_at, int for_good,
                           sm_buffer *out) {
    sm_error error = {0};
    heap.n_calls = 0;
    heap.fail_at = fail_at;
    heap.for_good = for_good;
    sm_status status = made(engine, out, &error);
    heap.fail_at = 0;
    CHECK_ROW(error.status == status && (status == SM_OK || error.message[0]), name);
    return status;
}

static void each_failure_is_told(const char *name, call *made, const sm_engine *engine, int for_good) {
    sm_buffer expected = {0};
    int is_done = 0;
    unsigned long at = 1;
    long n_held = heap.n_held;
    stand_before(&expected);
    CHECK_ROW(call_with(name, made, engine, 0, 0, &expected) == SM_OK && expected.len > 6, name);
    n_held = heap.n_held; /* with patterns that were compiled for the first time */
    for (; at < 100000 && !is_done; at++) {
        sm_buffer out = {0};
        stand_before(&out);
        sm_status status = call_with(name, made, engine, at, for_good, &out);
        is_done = heap.n_calls < at;
        /* PCRE2 matches without its compiler where that has no memory, and with the same result. */
        CHECK_ROW(status == SM_ERR_NOMEM || (status == SM_OK && (is_done || !for_good)), name);
        if (status != SM_OK) CHECK_STR("before", out.data, name);
        else CHECK_ROW(out.len == expected.len && memcmp(out.data, expected.data, out.len) == 0, name);
        sm_buffer_free(&out);
        CHECK_ROW(heap.n_held == n_held, name);
    }
    CHECK_ROW(is_done && at > 3, name);
    sm_buffer_free(&expected);
}

int main(void) {
    static const struct {
        const char *name;
        call *made;
    } calls[] = {{"reading text", read_text},
                 {"annotating GBK", annotate_gbk},
                 {"annotating as Eastmoney does", annotate_as_eastmoney},
                 {"extracting", extract_note},
                 {"checking GBK", check_gbk},
                 {"explaining", explain_note},
                 {"writing a report", report_page},
                 {"extracting a batch", extract_two},
                 {"warming and extracting", warm_and_extract},
                 {"opening and looking up", open_and_look_up},
                 {"building and opening a dictionary", build_and_open},
                 {"building over a base", build_over_base},
                 {"giving out as Arrow", give_out_as_arrow},
                 {"a stream of Arrow", stream_arrow}};
    sm_engine *engine = NULL;
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        for (int for_good = 0; for_good < 2; for_good++)
            each_failure_is_told(calls[i].name, calls[i].made, engine, for_good);
    sm_engine_free(engine);
    CHECK(heap.n_held == 0);
    printf("%lu calls of malloc and its like failed\n", heap.n_refused);
    return check_report();
}
