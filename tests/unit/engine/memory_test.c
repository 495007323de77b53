/* The caller's allocator: all comes back to it, the second run over a document takes nothing more, and whichever
 * allocation fails, the call says so, loses nothing, and works when there is memory again. */
#include <stdatomic.h>

#include "../arrays.h"
#include "samples.h"

/* Refuses the allocation number `fail_at` (from 1), and with `for_good` all after it. Counts what is held. */
typedef struct scarce {
    atomic_ulong n_calls; /* the threads of a batch count together */
    unsigned long fail_at;
    atomic_long n_held;
    int for_good;
} scarce;

static atomic_ulong n_refused; /* in all */

static int refuses(scarce *s) {
    unsigned long call = atomic_fetch_add(&s->n_calls, 1) + 1;
    int is_refused = s->fail_at && (s->for_good ? call >= s->fail_at : call == s->fail_at);
    n_refused += (unsigned)is_refused;
    return is_refused;
}

static void *scarce_allocate(void *context, size_t size) {
    scarce *s = context;
    if (refuses(s)) return NULL;
    s->n_held++;
    return malloc(size ? size : 1);
}

static void *scarce_reallocate(void *context, void *memory, size_t size) {
    scarce *s = context;
    if (refuses(s)) return NULL;
    s->n_held += !memory;
    return realloc(memory, size ? size : 1);
}

static void scarce_release(void *context, void *memory) {
    scarce *s = context;
    s->n_held -= memory != NULL;
    free(memory);
}

static sm_status open_engine(scarce *s, sm_engine **engine) {
    sm_allocator allocator = {s, scarce_allocate, scarce_reallocate, scarce_release}; /* is copied */
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.allocator = &allocator;
    sm_error error = {0};
    sm_status status = sm_engine_open(NULL, &options, engine, &error);
    CHECK(status == error.status);
    return status;
}

/* sm_engine_extract() or sm_check(). */
typedef sm_status one_document(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                               const sm_extract_options *options, sm_result **result, sm_error *error);

/* --- In steady state -------------------------------------------------------------------------------------------------- */

static void the_second_run_allocates_nothing(one_document *read) {
    scarce s = {0};
    sm_engine *engine = NULL;
    sm_scanner *scanner = NULL;
    sm_result *result = NULL;
    CHECK(open_engine(&s, &engine) == SM_OK && sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    for (int round = 0; round < 3; round++) {
        unsigned long before = s.n_calls;
        for (size_t i = 0; i < N_SAMPLES; i++) {
            sm_document document = sample_document(i);
            CHECK(read(engine, scanner, &document, NULL, &result, NULL) == SM_OK);
            CHECK(i == N_SAMPLES - 1 || sm_result_mention_count(result) > 4);
        }
        if (round) CHECK_ROW(s.n_calls == before, "what was taken for the first run is enough for the second");
    }
    CHECK(s.n_held > 0);
    sm_result_free(result);
    sm_scanner_free(scanner);
    sm_engine_free(engine);
    CHECK_ROW(s.n_held == 0, "all is given back");
}

/* --- Allocations that fail ----------------------------------------------------------------------------------------------- */

/* Options with a security that no text has, which are kept somewhere. */
static sm_extract_options some_options(void) {
    static const char *const ids[] = {"XNAS:AAPL"};
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.exclude = ids;
    options.n_exclude = 1;
    return options;
}

/* A page with a title of codes that no table has, and the option that reports them. */
static sm_status read_all(one_document *read, const sm_engine *engine, sm_scanner *scanner, sm_result **result,
                          sm_error *error) {
    sm_document document = sample_document(0);
    sm_extract_options options = some_options();
    options.unlisted = 1;
    document.title = "688999.SH、金山办公、$QZZZ";
    document.title_len = strlen(document.title);
    return read(engine, scanner, &document, &options, result, error);
}

/* Everything from opening to reading, as far as memory goes. @return 1 when it went all the way. */
static int run(scarce *s, one_document *read, sm_engine **engine, sm_scanner **scanner, sm_result **result,
               sm_status *status) {
    sm_error error = {0};
    *status = SM_OK;
    if (!*engine) *status = open_engine(s, engine);
    if (*status != SM_OK) return CHECK(!*engine) && 0;
    if (!*scanner) *status = sm_scanner_new(*engine, scanner, NULL);
    if (*status != SM_OK) return CHECK(!*scanner) && 0;
    *status = read_all(read, *engine, *scanner, result, &error);
    CHECK(*status == error.status && (*status == SM_OK || error.message[0]));
    if (*status != SM_OK) CHECK(!*result || sm_result_mention_count(*result) + sm_result_finding_count(*result) == 0);
    return *status == SM_OK;
}

static void result_is(const char *expected, const sm_result *result, const char *when) {
    char *got = sample_json(result);
    CHECK_STR(expected, got, when);
    free(got);
}

static void each_failed_allocation_is_told(one_document *read, const char *expected, int for_good) {
    int is_done = 0;
    unsigned long at = 0;
    for (at = 1; at < 5000 && !is_done; at++) {
        scarce s = {.fail_at = at, .for_good = for_good};
        sm_engine *engine = NULL;
        sm_scanner *scanner = NULL;
        sm_result *result = NULL;
        sm_status status;
        is_done = run(&s, read, &engine, &scanner, &result, &status) && s.n_calls < at;
        /* A single failure inside PCRE2's JIT compiler leaves the pattern to its interpreter, which gives the same. */
        if (!is_done) CHECK(status == SM_ERR_NOMEM || (status == SM_OK && !for_good));
        if (status == SM_OK) result_is(expected, result, "a result in spite of a failure");
        s.fail_at = 0; /* there is memory again: the same engine and scanner go on */
        CHECK(run(&s, read, &engine, &scanner, &result, &status) && status == SM_OK);
        result_is(expected, result, "the result after a failure");
        sm_result_free(result);
        sm_scanner_free(scanner);
        sm_engine_free(engine);
        CHECK_ROW(s.n_held == 0, "nothing is lost");
    }
    CHECK(is_done && at > 20);
}

static void set_failure(scarce *s, unsigned long at, int for_good) {
    s->n_calls = 0;
    s->fail_at = at;
    s->for_good = for_good;
}

/* A call that fails as memory does. What it makes for itself it gives back; `result` is used again. */
typedef sm_status scarce_call(const sm_engine *engine, sm_result **result);

static sm_status extract_without_scanner(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_document(0);
    sm_status status = sm_engine_extract(engine, NULL, &document, NULL, result, NULL);
    CHECK(*result && (sm_result_mention_count(*result) > 4) == (status == SM_OK));
    return status;
}

/* With a new scanner its lines are the first that it asks memory for. */
static sm_status extract_a_code_alone(const sm_engine *engine, sm_result **result) {
    sm_scanner *scanner = NULL;
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "$AAPL";
    document.text_len = 5;
    sm_status status = sm_scanner_new(engine, &scanner, NULL);
    if (status != SM_OK) return status;
    status = sm_engine_extract(engine, scanner, &document, NULL, result, NULL);
    CHECK(sm_result_mention_count(*result) == (status == SM_OK));
    sm_scanner_free(scanner);
    return status;
}

static sm_status check_gbk(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_in_gbk();
    sm_status status = sm_check(engine, NULL, &document, NULL, result, NULL);
    CHECK(sm_result_finding_count(*result) == (status == SM_OK));
    return status;
}

static sm_status annotate_document(const sm_engine *engine, const sm_document *document, uint32_t style) {
    const sm_extract_options options = some_options();
    sm_annotate_options how;
    sm_buffer annotated = {0};
    sm_error error = {0};
    sm_annotate_options_init(&how, sizeof how);
    how.style = style;
    sm_status status = sm_engine_annotate(engine, NULL, document, &options, &how, &annotated, &error);
    CHECK(status == error.status && (status == SM_OK ? annotated.len > document->text_len : annotated.len == 0));
    sm_buffer_free(&annotated);
    return status;
}

static sm_status annotate_page(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_document(0);
    (void)result;
    return annotate_document(engine, &document, SM_STYLE_LINK);
}

static sm_status annotate_gbk(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_in_gbk();
    (void)result;
    return annotate_document(engine, &document, SM_STYLE_LINK);
}

static sm_status report_page(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_document(0);
    (void)result;
    return annotate_document(engine, &document, SM_STYLE_REPORT);
}

static sm_status explain_page(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_document(0);
    sm_status status = sm_engine_explain(engine, NULL, &document, NULL, result, NULL);
    CHECK((sm_result_explanation_count(*result) > 4) == (status == SM_OK));
    return status;
}

/* A batch takes a thread for so much text. */
enum { WORTH_A_THREAD = 24 * 1024 };

/* Texts anywhere in memory, which are copied together. */
static sm_status extract_arrow(const sm_engine *engine, sm_result **result) {
    static char long_text[WORTH_A_THREAD + 1];
    const char *const texts[] = {"金山办公（688111.SH）涨停", NULL, long_text};
    memset(long_text, ' ', WORTH_A_THREAD);
    memcpy(long_text, "<p>贵州茅台</p>", strlen("<p>贵州茅台</p>"));
    struct ArrowSchema schema = arrays_schema("vu", "");
    struct ArrowArray array = arrays_of_strings("vu", texts, 3);
    const struct ArrowArray *const arrays[] = {&array, &array};
    const sm_extract_options options = some_options();
    sm_arrow_options how;
    sm_error error = {0};
    sm_arrow_options_init(&how, sizeof how);
    how.n_threads = 2;
    sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 2, &how, &options, result, &error);
    CHECK(status == error.status && sm_result_mention_count(*result) == (status == SM_OK ? 6 : 0));
    array.release(&array);
    schema.release(&schema);
    return status;
}

/* Through several passages, with a title, bad bytes and codes that no table has; and what is kept to the end. @return what failed
 * first, or SM_OK. */
static sm_status pass_pieces(const sm_engine *engine, const sm_document *document, const char *text,
                             sm_result **result) {
    enum { ROUNDS = 40 };
    sm_stream *stream = NULL;
    sm_extract_options options = some_options();
    uint64_t n = 0;
    options.context_bytes = 512;
    options.unlisted = 1;
    options.offsets = SM_OFFSETS_CODEPOINT;
    sm_status status = sm_stream_open(engine, document, &options, &stream, NULL);
    CHECK((status == SM_OK) == (stream != NULL));
    for (int i = 0; i < ROUNDS && status == SM_OK; i++) {
        status = sm_stream_feed(stream, text, strlen(text), result, NULL);
        n += sm_result_mention_count(*result);
    }
    if (status == SM_OK) status = sm_stream_finish(stream, result, NULL);
    n += sm_result_mention_count(*result);
    if (stream) CHECK(status == SM_OK ? n > 3 * ROUNDS : sm_result_mention_count(*result) == 0);
    sm_stream_free(stream);
    return status;
}

static sm_status read_pieces(const sm_engine *engine, sm_result **result) {
    sm_document document = sample_document(2);
    document.text = NULL;
    document.text_len = 0;
    document.charset = "utf-8";
    document.charset_len = 5;
    return pass_pieces(engine, &document, "金山办公（688111）涨停\xFF，688999.SH，贵州茅台走低。", result);
}

static sm_status keep_pieces(const sm_engine *engine, sm_result **result) {
    return pass_pieces(engine, NULL, "<p>金山办公（688111）与贵州茅台 688999.SH</p>", result);
}

static sm_status look_up(const sm_engine *engine, sm_result **result) {
    sm_found found[4];
    uint64_t n = 0;
    (void)result;
    sm_status status = sm_lookup(engine, "688111.SH", 9, 0, found, 4, &n, NULL);
    CHECK(status != SM_OK || n == 1);
    return status;
}

static void other_calls_tell_it_too(scarce_call *call, int for_good) {
    scarce s = {0};
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    sm_document document = sample_document(1);
    CHECK(open_engine(&s, &engine) == SM_OK);
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    int is_done = 0;
    for (unsigned long at = 1; at < 5000 && !is_done; at++) {
        set_failure(&s, at, for_good);
        sm_status status = call(engine, &result);
        is_done = status == SM_OK && s.n_calls < at;
        CHECK(is_done || status == SM_ERR_NOMEM || (status == SM_OK && !for_good));
    }
    CHECK(is_done);
    s.fail_at = 0;
    sm_result_free(result);
    sm_engine_free(engine);
    CHECK(s.n_held == 0);
}

/* A plain document, one at fault and an empty one, with five mentions, and long enough for three threads. */
static sm_batch three_documents(uint32_t n_threads) {
    enum { MENTIONS = 33, LEN = 2 * WORTH_A_THREAD };
    static char text[LEN];
    static const int64_t offsets[] = {0, MENTIONS, LEN, LEN};
    static const char start[] = "金山办公（688111）涨停，贵州茅台走低，腾讯控股(00700.HK)\xFF";
    memset(text, ' ', LEN);
    memcpy(text, start, sizeof start - 1);
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = 3;
    batch.n_threads = n_threads;
    return batch;
}

static void a_batch_tells_it_too(uint32_t n_threads) {
    scarce s = {0};
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    const sm_batch batch = three_documents(n_threads);
    CHECK(open_engine(&s, &engine) == SM_OK);
    CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
    uint64_t expected = sm_result_mention_count(result);
    CHECK(expected == 5);
    int is_done = 0;
    for (unsigned long at = 1; at < 5000 && !is_done; at++) {
        sm_error error = {0};
        sm_result_free(result);
        result = NULL;
        set_failure(&s, at, 1);
        sm_status status = sm_engine_extract_batch(engine, &batch, NULL, &result, &error);
        is_done = status == SM_OK;
        CHECK(is_done ? sm_result_mention_count(result) == expected : status == SM_ERR_NOMEM && !result);
        CHECK(error.status == status);
    }
    CHECK(is_done);
    s.fail_at = 0;
    sm_result_free(result);
    sm_engine_free(engine);
    CHECK(s.n_held == 0);
}

/* A batch on a result that held one before takes the list of its workers and nothing else, however many threads it has; nor
 * does what the result holds grow from batch to batch. */
static void the_second_batch_takes_its_workers_alone(uint32_t n_threads) {
    scarce s = {0};
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    const sm_batch batch = three_documents(n_threads);
    CHECK(open_engine(&s, &engine) == SM_OK);
    for (int round = 0; round < 3; round++) {
        unsigned long before = s.n_calls;
        long held = s.n_held;
        CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
        CHECK(sm_result_mention_count(result) == 5);
        if (round) CHECK_ROW(s.n_calls == before + 1 && s.n_held == held, "the workers");
    }
    sm_result_free(result);
    sm_engine_free(engine);
    CHECK(s.n_held == 0);
}

/* However many threads are asked for, short texts take what one needs, and twice as many no more than two. */
static void short_texts_take_few_threads(void) {
    enum { N = 4096, LEN = 2 * WORTH_A_THREAD - N };
    static char text[LEN];
    static int64_t offsets[N + 1];
    unsigned long of_one = 0;
    memset(text, ' ', LEN);
    for (uint32_t n_threads = 1; n_threads <= N; n_threads *= N) {
        scarce s = {0};
        sm_engine *engine = NULL;
        sm_result *result = NULL;
        sm_batch batch;
        sm_batch_init(&batch, sizeof batch);
        batch.text = text;
        batch.offsets = offsets;
        batch.n_documents = N;
        batch.n_threads = n_threads;
        for (int64_t i = 0; i <= N; i++) offsets[i] = i * (LEN / N);
        CHECK(open_engine(&s, &engine) == SM_OK);
        unsigned long before = s.n_calls;
        CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
        if (n_threads == 1) of_one = s.n_calls - before;
        CHECK(s.n_calls - before <= 2 * of_one);
        sm_result_free(result);
        sm_engine_free(engine);
    }
}

static char *expected_json(one_document *read) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    CHECK(read_all(read, engine, NULL, &result, NULL) == SM_OK);
    char *json = sample_json(result);
    sm_result_free(result);
    sm_engine_free(engine);
    return json;
}

int main(void) {
    one_document *const calls[] = {sm_engine_extract, sm_check};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        the_second_run_allocates_nothing(calls[i]);
        char *expected = expected_json(calls[i]);
        each_failed_allocation_is_told(calls[i], expected, 0);
        each_failed_allocation_is_told(calls[i], expected, 1);
        free(expected);
    }
    scarce_call *const others[] = {extract_without_scanner,
                                   extract_a_code_alone,
                                   check_gbk,
                                   annotate_page,
                                   annotate_gbk,
                                   report_page,
                                   explain_page,
                                   extract_arrow,
                                   read_pieces,
                                   keep_pieces,
                                   look_up};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        other_calls_tell_it_too(others[i], 0);
        other_calls_tell_it_too(others[i], 1);
    }
    the_second_batch_takes_its_workers_alone(1);
    the_second_batch_takes_its_workers_alone(3);
    a_batch_tells_it_too(1);
    a_batch_tells_it_too(3);
    short_texts_take_few_threads();
    printf("%lu allocations of the caller's allocator failed\n", atomic_load(&n_refused));
    return check_report();
}
