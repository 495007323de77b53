/* Many documents in one call: each worker takes a stretch of them through the rooms. Plain text goes in waves, of which a
 * room takes all documents at once. */
#include <pthread.h>
#include <string.h>

#include "engine/engine.h"

/* --- What the caller said ---------------------------------------------------------------------------------------------- */

void sm_batch_init(sm_batch *batch, uint32_t struct_size) {
    base_init_struct(batch, struct_size);
}

static sm_status take_batch(const sm_batch *given, sm_batch *batch, sm_error *error) {
    *batch = (sm_batch){0};
    sm_status status = engine_take(batch, sizeof *batch, given, "batch", error);
    if (status != SM_OK) return status;
    if (batch->format > SM_FORMAT_MARKDOWN)
        return base_fail(error, SM_ERR_ARG, "batch.format %u is not known; expected SM_FORMAT_…", batch->format);
    if (!batch->n_documents) return SM_OK;
    if (!batch->offsets) return base_fail(error, SM_ERR_ARG, "batch.offsets is NULL but n_documents is not 0");
    for (uint64_t i = 0; i < batch->n_documents; i++) {
        if (batch->offsets[i] < 0 || batch->offsets[i + 1] < batch->offsets[i])
            return base_fail(error, SM_ERR_ARG,
                             "batch.offsets[%llu] is %lld, behind %lld; expected none less than before",
                             (unsigned long long)i + 1, (long long)batch->offsets[i + 1], (long long)batch->offsets[i]);
        if (batch->dates && batch->dates[i] && !base_date_is_valid(batch->dates[i]))
            return base_fail(error, SM_ERR_ARG, "batch.dates[%llu] %d is no day; expected yyyymmdd",
                             (unsigned long long)i, batch->dates[i]);
    }
    if (!batch->text && batch->offsets[batch->n_documents] > batch->offsets[0])
        return base_fail(error, SM_ERR_ARG, "batch.text is NULL but its documents are not empty");
    return SM_OK;
}

/* --- Waves ------------------------------------------------------------------------------------------------------------- */

enum { WAVE_BYTES = 16 * 1024, CHECKED_BYTES = 8 * 1024 };

typedef struct worker {
    const sm_batch *batch;
    const engine_options *options;
    uint64_t from, to; /* documents */
    const char *end;   /* of the batch's text */
    int64_t valid_end; /* the text is known to be valid UTF-8 from the document at hand to here */
    sm_scanner *scanner;
    sm_result *result;
    sm_status status;
    sm_error error;
    pthread_t thread;
    bool has_thread;
    /* The wave's documents, each one run. */
    base_slice texts[RESOLVE_MOST_DOCUMENTS];
    resolve_run runs[RESOLVE_MOST_DOCUMENTS];
    engine_run origins[RESOLVE_MOST_DOCUMENTS];
    uint32_t n_runs;
    size_t n_bytes;
} worker;

static sm_status finish_wave(worker *w) {
    sm_scanner *scanner = w->scanner;
    const sm_engine *engine = scanner->engine;
    scan_list *found = &scanner->candidates;
    const uint32_t n = w->n_runs;
    w->n_runs = 0;
    w->n_bytes = 0;
    sm_status status = scan_runs(engine->view, engine->codes, scanner->memory, w->texts, n, w->end, found, &w->error);
    if (status != SM_OK) return status;
    engine_begin_wave(scanner, &w->options->resolve, n);
    if (!engine_add_runs(scanner, w->runs, w->origins, n, found)) return SM_ERR_NOMEM;
    return engine_finish_wave(scanner, w->options, NULL, w->result);
}

static int32_t as_of(const worker *w, uint64_t index) {
    if (w->options->given.as_of) return w->options->given.as_of;
    return w->batch->dates ? w->batch->dates[index] : 0;
}

/* Puts a document into the wave; what is left of `text` behind `start` is its run. */
static sm_status join_wave(worker *w, uint64_t index, base_slice text, size_t start) {
    const base_slice run = {text.bytes + start, text.len - start};
    const int32_t day = as_of(w, index);
    w->scanner->documents[w->n_runs] =
        (engine_document){.fields[SM_FIELD_TEXT] = text, .as_of = day, .charset = TEXT_UTF8};
    w->texts[w->n_runs] = run;
    w->runs[w->n_runs] = (resolve_run){run, SM_REGION_BODY, w->n_runs, day};
    w->origins[w->n_runs] = (engine_run){.start = start, .field = SM_FIELD_TEXT};
    w->n_runs++;
    w->n_bytes += run.len;
    return w->n_runs == RESOLVE_MOST_DOCUMENTS || w->n_bytes >= WAVE_BYTES ? finish_wave(w) : SM_OK;
}

static sm_status take_alone(worker *w, uint64_t index, base_slice text) {
    const sm_document document = {.format = w->batch->format,
                                  .text = text.bytes,
                                  .text_len = text.len,
                                  .date = w->batch->dates ? w->batch->dates[index] : 0};
    sm_status status = w->n_runs ? finish_wave(w) : SM_OK;
    return status == SM_OK ? engine_read_document(w->scanner, &document, w->options, w->result, &w->error) : status;
}

static bool is_inside_character(const char *text, int64_t at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

/* Whether what lies between two offsets of the batch is valid UTF-8. What lies behind is checked with it, since one check of
 * many short documents costs less than one of each. */
static bool is_valid(worker *w, int64_t start, int64_t end) {
    const char *text = w->batch->text;
    const int64_t last = w->batch->offsets[w->to];
    if (start == end) return true;
    if (end > w->valid_end) {
        int64_t to = end - start > CHECKED_BYTES ? end : last - start > CHECKED_BYTES ? start + CHECKED_BYTES : last;
        uint32_t kernel = w->scanner->engine->kernel;
        w->valid_end = start + (int64_t)base_utf8_valid_prefix_with(kernel, text + start, (size_t)(to - start));
    }
    return end <= w->valid_end && !is_inside_character(text, start)
           && (end == w->valid_end || !is_inside_character(text, end));
}

static sm_status take_next(worker *w, uint64_t index) {
    const sm_batch *batch = w->batch;
    const int64_t *offsets = &batch->offsets[index];
    base_slice text = {batch->text ? batch->text + offsets[0] : "", (size_t)(offsets[1] - offsets[0])};
    size_t start;
    const uint64_t most = w->options->given.max_bytes;
    bool is_plain = (!most || text.len <= most) && text_is_plain(text, batch->format, &start)
                    && is_valid(w, offsets[0], offsets[1]);
    return is_plain ? join_wave(w, index, text, start) : take_alone(w, index, text);
}

static void *work(void *argument) {
    worker *w = argument;
    for (uint64_t i = w->from; i < w->to && w->status == SM_OK; i++) w->status = take_next(w, i);
    if (w->status == SM_OK && w->n_runs) w->status = finish_wave(w);
    return NULL;
}

/* --- Workers ------------------------------------------------------------------------------------------------------------ */

/* The first document that begins at `byte` or behind. */
static uint64_t document_at(const sm_batch *batch, int64_t byte) {
    uint64_t from = 0, n = batch->n_documents;
    while (n) {
        uint64_t half = n / 2;
        if (batch->offsets[from + half] < byte) {
            from += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return from;
}

/* Each worker but the first has a result of its own, which is laid behind the others at the end. */
static sm_status start_workers(const sm_engine *engine, worker *workers, uint32_t n, sm_result *result,
                               sm_error *error) {
    for (uint32_t i = 0; i < n; i++) {
        worker *w = &workers[i];
        sm_status status = SM_OK;
        if (i == 0) w->result = result;
        else status = engine_result_make(engine, &w->result, error);
        if (status == SM_OK && !w->result->scanner) status = sm_scanner_new(engine, &w->result->scanner, error);
        if (status != SM_OK) return status;
        w->scanner = w->result->scanner;
        w->result->offsets = w->options->given.offsets;
    }
    /* Where no thread is to be had, its part is done here. */
    for (uint32_t i = 1; i < n; i++)
        workers[i].has_thread = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    for (uint32_t i = 0; i < n; i++)
        if (!workers[i].has_thread) work(&workers[i]);
    for (uint32_t i = 1; i < n; i++)
        if (workers[i].has_thread) pthread_join(workers[i].thread, NULL);
    for (uint32_t i = 0; i < n; i++) {
        if (workers[i].status == SM_OK) continue;
        if (workers[i].status == SM_ERR_NOMEM)
            return base_fail(error, SM_ERR_NOMEM, "no memory to go on with the batch");
        if (error) *error = workers[i].error;
        return workers[i].status;
    }
    return SM_OK;
}

static sm_status join_results(worker *workers, uint32_t n, sm_error *error) {
    for (uint32_t i = 1; i < n; i++)
        if (!engine_result_append(workers[0].result, workers[i].result))
            return base_fail(error, SM_ERR_NOMEM, "no memory to put the batch together");
    return SM_OK;
}

static sm_status run_workers(const sm_engine *engine, const sm_batch *batch, const engine_options *options,
                             sm_result *result, sm_error *error) {
    uint32_t n = batch->n_threads > 1 ? batch->n_threads : 1;
    if (n > batch->n_documents) n = (uint32_t)batch->n_documents;
    const sm_allocator *allocator = &engine->allocator;
    if (n == 0) return SM_OK;
    worker *workers = allocator->allocate(allocator->context, n * sizeof *workers);
    if (!workers) return base_fail(error, SM_ERR_NOMEM, "no memory for a batch");
    memset(workers, 0, n * sizeof *workers);
    int64_t first = batch->offsets[0], size = batch->offsets[batch->n_documents] - first;
    for (uint32_t i = 0; i < n; i++) {
        worker *w = &workers[i];
        w->batch = batch;
        w->options = options;
        w->end = batch->text ? batch->text + batch->offsets[batch->n_documents] : NULL;
        w->from = i ? workers[i - 1].to : 0;
        w->to = i + 1 == n ? batch->n_documents : document_at(batch, first + size / n * (i + 1));
    }
    sm_status status = start_workers(engine, workers, n, result, error);
    if (status == SM_OK) status = join_results(workers, n, error);
    for (uint32_t i = 1; i < n; i++) sm_result_free(workers[i].result);
    allocator->release(allocator->context, workers);
    return status;
}

sm_status sm_engine_extract_batch(const sm_engine *engine, const sm_batch *batch, const sm_extract_options *options,
                                  sm_result **result, sm_error *error) {
    if (!engine || !batch || !result) return base_fail(error, SM_ERR_ARG, "engine, batch and result are needed");
    sm_batch full;
    engine_options call;
    bool is_new = !*result;
    sm_status status = take_batch(batch, &full, error);
    if (status == SM_OK) status = engine_take_options(engine, options, &call, error);
    if (status == SM_OK) status = engine_result_make(engine, result, error);
    if (status == SM_OK) status = run_workers(engine, &full, &call, *result, error);
    if (status != SM_OK && *result && (*result)->engine == engine) engine_result_drop(result, is_new);
    return status;
}
