/* Many documents in one call: each worker takes a stretch of them through the rooms, in waves. Of plain text a wave is
 * scanned at once; the rooms behind take its documents one by one. */
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

enum { WAVE_DOCUMENTS = 64, WAVE_BYTES = 16 * 1024 };

/* Documents of plain text, each one run in place. */
typedef struct wave {
    sm_document documents[WAVE_DOCUMENTS];
    text_run runs[WAVE_DOCUMENTS];
    text_piece pieces[WAVE_DOCUMENTS];
    base_slice texts[WAVE_DOCUMENTS];
    size_t n, n_bytes;
} wave;

typedef struct worker {
    const sm_batch *batch;
    const engine_options *options;
    uint64_t from, to; /* documents */
    const char *end;   /* of the batch's text */
    sm_scanner *scanner;
    sm_result *result;
    sm_status status;
    sm_error error;
    pthread_t thread;
    bool has_thread;
    wave wave;
} worker;

/* A document of a wave, scanned: `candidates` are its own. */
static sm_status take_scanned(worker *w, size_t i, const scan_list *candidates) {
    sm_scanner *scanner = w->scanner;
    const sm_document *document = &w->wave.documents[i];
    const text_page page = {.runs = &w->wave.runs[i], .n_runs = 1, .format = SM_FORMAT_TEXT};
    resolve_options for_resolve = w->options->resolve;
    sm_status status = SM_OK;
    engine_begin_document(w->result);
    if (!for_resolve.as_of) for_resolve.as_of = document->date;
    w->result->document.as_of = for_resolve.as_of;
    if (candidates->n) {
        if (!base_grow(&scanner->engine->allocator, (void **)&scanner->runs, &scanner->runs_capacity, 1,
                       sizeof *scanner->runs))
            return SM_ERR_NOMEM;
        scanner->runs[0] = (engine_run){page.runs, SM_FIELD_TEXT};
        resolve_begin(scanner->resolver, &for_resolve);
        status = resolve_add_run(scanner->resolver, w->wave.texts[i], SM_REGION_BODY, candidates)
                     ? engine_resolve_page(scanner, document, &page, w->options, w->result)
                     : SM_ERR_NOMEM;
    }
    return engine_end_document(scanner, w->result, status);
}

static sm_status finish_wave(worker *w) {
    sm_scanner *scanner = w->scanner;
    const sm_engine *engine = scanner->engine;
    scan_list *found = &scanner->candidates;
    sm_status status = scan_runs(engine->view, engine->codes, scanner->codes, w->wave.texts, w->wave.n, w->end, found,
                                 &w->error);
    size_t next = 0;
    for (size_t i = 0; i < w->wave.n && status == SM_OK; i++) {
        scan_list own = {.items = found->n ? &found->items[next] : NULL};
        while (next + own.n < found->n && own.items[own.n].run == i) own.n++;
        next += own.n;
        status = take_scanned(w, i, &own);
    }
    w->wave.n = w->wave.n_bytes = 0;
    return status;
}

/* Puts a document into the wave, if it is of plain text and needs no changes. */
static bool joins_wave(worker *w, const sm_document *document, const text_page *page) {
    wave *to = &w->wave;
    bool is_blank = page->n_runs == 0;
    if (page->format != SM_FORMAT_TEXT || page->n_invalid || page->n_runs > 1) return false;
    if (!is_blank && page->runs[0].n_pieces != 1) return false;
    size_t i = to->n++;
    to->documents[i] = *document;
    to->texts[i] = (base_slice){document->text, 0};
    if (is_blank) return true;
    to->runs[i] = page->runs[0];
    to->pieces[i] = page->runs[0].pieces[0];
    to->runs[i].pieces = &to->pieces[i];
    to->texts[i] = (base_slice){page->runs[0].bytes, page->runs[0].len};
    to->n_bytes += page->runs[0].len;
    return true;
}

static sm_status take_alone(worker *w, const sm_document *document) {
    sm_status status = w->wave.n ? finish_wave(w) : SM_OK;
    if (status != SM_OK) return status;
    engine_begin_document(w->result);
    status = engine_read_document(w->scanner, document, w->options, w->result, &w->error);
    return engine_end_document(w->scanner, w->result, status);
}

static sm_status take_next(worker *w, uint64_t index) {
    const sm_batch *batch = w->batch;
    sm_document document = {.format = batch->format, .date = batch->dates ? batch->dates[index] : 0};
    document.text_len = (uint64_t)(batch->offsets[index + 1] - batch->offsets[index]);
    document.text = batch->text ? batch->text + batch->offsets[index] : "";
    text_page page;
    sm_status status = text_read(w->scanner->reader, document.text, (size_t)document.text_len, document.format, &page);
    if (status != SM_OK) return status;
    if (!joins_wave(w, &document, &page)) return take_alone(w, &document);
    return w->wave.n == WAVE_DOCUMENTS || w->wave.n_bytes >= WAVE_BYTES ? finish_wave(w) : SM_OK;
}

static void *work(void *argument) {
    worker *w = argument;
    for (uint64_t i = w->from; i < w->to && w->status == SM_OK; i++) w->status = take_next(w, i);
    if (w->status == SM_OK && w->wave.n) w->status = finish_wave(w);
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
        sm_status status = sm_scanner_new(engine, &w->scanner, error);
        if (status == SM_OK && i == 0) w->result = result;
        else if (status == SM_OK) status = engine_result_make(engine, &w->result, error);
        if (status != SM_OK) return status;
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
    for (uint32_t i = 0; i < n; i++) {
        sm_scanner_free(workers[i].scanner);
        if (i) sm_result_free(workers[i].result);
    }
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
