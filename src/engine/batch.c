/* Many documents in one call: each worker takes a stretch of them through the rooms. Plain text goes in waves, of which a
 * room takes all documents at once. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "engine/columns.h"

/* --- What the caller said ---------------------------------------------------------------------------------------------- */

void sm_batch_init(sm_batch *batch, uint32_t struct_size) {
    base_init_struct(batch, struct_size);
}

static sm_status take_batch(const sm_batch *given, sm_batch *batch, sm_error *error) {
    *batch = (sm_batch){0};
    sm_status status = base_take_struct(batch, sizeof *batch, given, "batch", error);
    if (status != SM_OK) return status;
    if (batch->format > SM_FORMAT_MARKDOWN)
        return base_fail(error, SM_ERR_ARG, "batch.format %u is not known; expected SM_FORMAT_…", batch->format);
    if (!batch->n_documents) return SM_OK;
    if (!batch->offsets) return base_fail(error, SM_ERR_ARG, "batch.offsets is NULL but n_documents is not 0");
    if (batch->offsets[0] < 0)
        return base_fail(error, SM_ERR_ARG, "batch.offsets[0] is %lld; expected 0 or more",
                         (long long)batch->offsets[0]);
    for (uint64_t i = 0; i < batch->n_documents; i++) {
        if (batch->offsets[i + 1] < batch->offsets[i])
            return base_fail(error, SM_ERR_ARG,
                             "batch.offsets[%llu] is %lld, behind %lld; expected none less than before",
                             (unsigned long long)i + 1, (long long)batch->offsets[i + 1], (long long)batch->offsets[i]);
        if (batch->dates && batch->dates[i] && !base_date_is_valid(batch->dates[i]))
            return base_fail(error, SM_ERR_ARG, "batch.dates[%llu] %d is no day; expected yyyymmdd",
                             (unsigned long long)i, batch->dates[i]);
    }
    if (!batch->charset && batch->charset_len)
        return base_fail(error, SM_ERR_ARG, "batch.charset is NULL but its length is not 0");
    if (!batch->text && batch->offsets[batch->n_documents] > batch->offsets[0])
        return base_fail(error, SM_ERR_ARG, "batch.text is NULL but its documents are not empty");
    return engine_check_charset("batch", (base_slice){batch->charset, (size_t)batch->charset_len}, error);
}

/* --- Waves ------------------------------------------------------------------------------------------------------------- */

enum { WAVE_BYTES = 24 * 1024, CHECKED_BYTES = 8 * 1024 };

/* Documents that lie one behind the other in one buffer. */
typedef struct stretch {
    const engine_columns *of;
    uint64_t row, n;        /* which of them */
    const char *text;       /* may be NULL when all are empty */
    const int64_t *offsets; /* n + 1 */
    const char *readable;   /* up to here */
} stretch;

/* What all workers know. */
typedef struct work_crew {
    const engine_columns *columns;
    uint64_t n_columns;
    const engine_options *options;
    uint32_t n, n_pieces;    /* workers; pieces of the share of each */
    uint64_t *from;          /* documents: where each piece begins, and the end of the last */
    _Atomic uint32_t *taken; /* pieces of each share: from its front, and 16 bits further up from its back */
    engine_part *others;     /* by piece, where another than its owner took it */
    engine_part *parts;      /* all that is to be laid behind what the first worker has */
    uint32_t n_parts;
    sm_result *whole; /* in which they are laid */
} work_crew;

typedef struct worker {
    work_crew *crew;
    uint32_t number;
    const engine_options *options;
    stretch stretch;
    int64_t valid_end; /* the text is known to be valid UTF-8 from the document at hand to here */
    sm_scanner *scanner;
    sm_result *result, *own, *of_others; /* what is filled: that of its share; that of pieces of other shares */
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

/* Leaves out the candidates that there are no steps for. */
static void take_steps(worker *w, uint64_t max_steps) {
    scan_list *found = &w->scanner->candidates;
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++) {
        const scan_candidate *candidate = &found->items[i];
        const uint64_t place = w->origins[candidate->run].start + candidate->start;
        if (engine_has_step(&w->scanner->documents[candidate->run], place, max_steps)) found->items[n++] = *candidate;
    }
    found->n = n;
}

static sm_status finish_wave(worker *w) {
    sm_scanner *scanner = w->scanner;
    const sm_engine *engine = scanner->engine;
    scan_list *found = &scanner->candidates;
    const uint32_t n = w->n_runs;
    w->n_runs = 0;
    w->n_bytes = 0;
    sm_status status = scan_runs(engine->view, engine->codes, scanner->memory, w->texts, n, w->stretch.readable, found,
                                 &w->error);
    if (status != SM_OK) return status;
    if (w->options->given.max_steps) take_steps(w, w->options->given.max_steps);
    engine_begin_wave(scanner, &w->options->resolve, n);
    if (!engine_add_runs(scanner, w->runs, w->origins, n, found)) return SM_ERR_NOMEM;
    return engine_finish_wave(scanner, w->options, NULL, w->result);
}

/* Puts a document into the wave; what is left of `text` behind `start` is its run. */
static sm_status join_wave(worker *w, base_slice text, size_t start, int32_t date, uint32_t flags) {
    const base_slice run = {text.bytes + start, text.len - start};
    const int32_t day = w->options->given.as_of ? w->options->given.as_of : date;
    w->scanner->documents[w->n_runs] = (engine_document){
        .fields[SM_FIELD_TEXT] = text, .as_of = day, .charset = TEXT_UTF8, .flags = flags, .n_read = text.len};
    w->texts[w->n_runs] = run;
    w->runs[w->n_runs] = (resolve_run){run, SM_REGION_BODY, w->n_runs, day};
    w->origins[w->n_runs] = (engine_run){.start = start, .field = SM_FIELD_TEXT};
    w->n_runs++;
    w->n_bytes += run.len;
    return w->n_runs == RESOLVE_MOST_DOCUMENTS || w->n_bytes >= WAVE_BYTES ? finish_wave(w) : SM_OK;
}

static sm_status take_alone(worker *w, const sm_document *document) {
    sm_status status = w->n_runs ? finish_wave(w) : SM_OK;
    return status == SM_OK ? engine_read_document(w->scanner, document, w->options, w->result, &w->error) : status;
}

static bool is_inside_character(const char *text, int64_t at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

/* Whether what lies between two offsets of the stretch is valid UTF-8. What lies behind is checked with it, since one check of
 * many short documents costs less than one of each. */
static bool is_valid(worker *w, int64_t start, int64_t end) {
    const char *text = w->stretch.text;
    const int64_t last = w->stretch.offsets[w->stretch.n];
    if (start == end) return true;
    if (end > w->valid_end) {
        int64_t to = end - start > CHECKED_BYTES ? end : last - start > CHECKED_BYTES ? start + CHECKED_BYTES : last;
        uint32_t kernel = w->scanner->engine->kernel;
        w->valid_end = start + (int64_t)base_utf8_valid_prefix_with(kernel, text + start, (size_t)(to - start));
    }
    return end <= w->valid_end && !is_inside_character(text, start)
           && (end == w->valid_end || !is_inside_character(text, end));
}

/* Whether what is said of a document is no more than the documents of a wave can have. */
static bool is_simple(const engine_columns *of, const sm_document *document) {
    if (document->title || document->source_len) return false;
    return of->is_utf8 || !document->charset_len || engine_charset(document) == TEXT_UTF8;
}

/* Whether a text goes into a wave as it is. @param start  receives where it begins behind a mark of byte order. */
static bool is_plain(worker *w, uint64_t i, base_slice text, uint32_t format, size_t *start) {
    const sm_extract_options *given = &w->options->given;
    const int64_t *offsets = &w->stretch.offsets[i];
    if (given->context_bytes || (given->max_bytes && text.len > given->max_bytes)
        || (given->max_steps && text.len > given->max_steps))
        return false;
    return text_is_plain(text, format, start) && is_valid(w, offsets[0], offsets[1]);
}

/* A document of which columns say more, or whose text is not plain. */
static sm_status take_told(worker *w, uint64_t i, base_slice text) {
    sm_document document;
    size_t start;
    sm_status status = engine_columns_tell(w->stretch.of, w->stretch.row + i, &document, &w->error);
    if (status != SM_OK) return status;
    document.text = text.bytes;
    document.text_len = text.len;
    if (!is_simple(w->stretch.of, &document) || !is_plain(w, i, text, document.format, &start))
        return take_alone(w, &document);
    if (!document.date && document.url_len)
        document.date = text_url_date((base_slice){document.url, (size_t)document.url_len});
    return join_wave(w, text, start, document.date, 0);
}

static sm_status take_next(worker *w, uint64_t i) {
    const engine_columns *of = w->stretch.of;
    const int64_t *offsets = &w->stretch.offsets[i];
    base_slice text = {w->stretch.text ? w->stretch.text + offsets[0] : "", (size_t)(offsets[1] - offsets[0])}, there;
    size_t start;
    if (of->has_nulls && !engine_columns_text(of, w->stretch.row + i, &there))
        return join_wave(w, (base_slice){text.bytes, 0}, 0, 0, SM_DOCUMENT_NULL);
    if (of->has_text_alone && is_plain(w, i, text, of->format, &start)) return join_wave(w, text, start, 0, 0);
    return take_told(w, i, text);
}

/* --- Stretches ---------------------------------------------------------------------------------------------------------- */

enum { STAGED_DOCUMENTS = 1024, STAGED_BYTES = 64 * 1024 };

static bool make_room(sm_scanner *scanner) {
    const sm_allocator *allocator = &scanner->engine->allocator;
    return base_grow(allocator, (void **)&scanner->staged_offsets, &scanner->staged_offsets_capacity,
                     STAGED_DOCUMENTS + 1, sizeof *scanner->staged_offsets)
           && base_grow(allocator, (void **)&scanner->staged, &scanner->staged_capacity,
                        STAGED_BYTES + WAVE_BYTES + SCAN_PADDING, 1);
}

/* Offsets that are wanted longer. */
static void widen(worker *w, const engine_column *column, uint64_t row, uint64_t n) {
    const int32_t *offsets = (const int32_t *)column->values + column->offset;
    int64_t *staged = w->scanner->staged_offsets;
    for (uint64_t i = 0; i <= n; i++) staged[i] = offsets[row + i];
    w->stretch.n = n;
    w->stretch.text = column->bytes;
    w->stretch.readable = column->bytes ? column->bytes + offsets[w->stretch.of->n] : NULL;
}

/* What lies anywhere is copied together, as far as it fills waves; what is larger than a wave is a stretch where it is. */
static void gather(worker *w, uint64_t row, uint64_t n) {
    char *staged = w->scanner->staged;
    int64_t *offsets = w->scanner->staged_offsets, len = 0;
    base_slice text = {0};
    uint64_t i = 0;
    offsets[0] = 0;
    for (; i < n && len < STAGED_BYTES; i++) {
        if (!engine_columns_text(w->stretch.of, row + i, &text)) text = (base_slice){"", 0};
        if (text.len > WAVE_BYTES) break;
        memcpy(staged + len, text.bytes, text.len);
        offsets[i + 1] = len += (int64_t)text.len;
    }
    memset(staged + len, 0, SCAN_PADDING);
    w->stretch.n = i;
    w->stretch.text = staged;
    w->stretch.readable = staged + len + SCAN_PADDING;
    if (i) return;
    offsets[1] = (int64_t)text.len;
    w->stretch.n = 1;
    w->stretch.text = text.bytes;
    w->stretch.readable = text.bytes + text.len;
}

static sm_status open_stretch(worker *w, const engine_columns *of, uint64_t row, uint64_t n) {
    const engine_column *text = &of->of[COLUMN_TEXT];
    w->valid_end = 0;
    w->stretch = (stretch){.of = of, .row = row, .n = n, .text = text->bytes};
    if (text->layout == COLUMN_OFFSETS64 && !text->keys) {
        const int64_t *offsets = (const int64_t *)text->values + text->offset;
        w->stretch.offsets = offsets + row;
        w->stretch.readable = text->bytes ? text->bytes + offsets[of->n] : NULL;
        return SM_OK;
    }
    if (!make_room(w->scanner)) return SM_ERR_NOMEM;
    w->stretch.offsets = w->scanner->staged_offsets;
    if (n > STAGED_DOCUMENTS) n = STAGED_DOCUMENTS;
    if (text->layout == COLUMN_OFFSETS32 && !text->keys) widen(w, text, row, n);
    else gather(w, row, n);
    return SM_OK;
}

static sm_status take_columns(worker *w, const engine_columns *of, uint64_t row, uint64_t to) {
    sm_status status = SM_OK;
    for (; row < to && status == SM_OK; row += w->stretch.n) {
        status = open_stretch(w, of, row, to - row);
        for (uint64_t i = 0; i < w->stretch.n && status == SM_OK; i++) status = take_next(w, i);
        if (status == SM_OK && w->n_runs) status = finish_wave(w);
    }
    return status;
}

/* --- Pieces --------------------------------------------------------------------------------------------------------------
 * As many bytes are not as much work: half of a text took a quarter longer than the other half. Each worker takes pieces of its
 * share from the front; then it helps others, from the back of theirs, so that what it has of its own share is in one piece. */

enum { MOST_PIECES = 32, LEAST_PIECE = 2 * WAVE_BYTES };

static bool take_piece(_Atomic uint32_t *taken, uint32_t n, bool is_own, uint32_t *piece) {
    uint32_t before = atomic_load(taken), front, back;
    do {
        front = before & 0xFFFF;
        back = before >> 16;
        if (front + back == n) return false;
    } while (!atomic_compare_exchange_weak(taken, &before, before + (is_own ? 1 : 1 << 16)));
    *piece = is_own ? front : n - 1 - back;
    return true;
}

static void do_piece(worker *w, uint32_t piece) {
    const work_crew *crew = w->crew;
    const uint64_t first = crew->from[piece], to = crew->from[piece + 1];
    for (uint64_t i = 0; i < crew->n_columns && w->status == SM_OK; i++) {
        const engine_columns *of = &crew->columns[i];
        uint64_t from = first > of->first ? first : of->first, end = of->first + of->n;
        if (to < end) end = to;
        if (from < end) w->status = take_columns(w, of, from - of->first, end - of->first);
    }
}

static void help(worker *w, uint32_t share) {
    work_crew *crew = w->crew;
    uint32_t piece;
    while (w->status == SM_OK && take_piece(&crew->taken[share], crew->n_pieces, false, &piece)) {
        engine_part *part = &crew->others[share * crew->n_pieces + piece];
        part->from = engine_counts_of(w->result);
        do_piece(w, share * crew->n_pieces + piece);
        part->n = engine_counts_since(w->result, &part->from);
        part->of = w->result;
    }
}

static void *work(void *argument) {
    worker *w = argument;
    const work_crew *crew = w->crew;
    uint32_t piece;
    while (w->status == SM_OK && take_piece(&crew->taken[w->number], crew->n_pieces, true, &piece))
        do_piece(w, w->number * crew->n_pieces + piece);
    w->result = w->of_others;
    for (uint32_t i = 1; w->of_others && i < crew->n; i++) help(w, (w->number + i) % crew->n);
    return NULL;
}

/* --- Workers ------------------------------------------------------------------------------------------------------------ */

/* Each does a job in a thread of its own; the first, and whoever no thread is to be had for, in this one. */
static void run_all(worker *workers, uint32_t n, void *(*job)(void *)) {
    for (uint32_t i = 1; i < n; i++)
        workers[i].has_thread = pthread_create(&workers[i].thread, NULL, job, &workers[i]) == 0;
    for (uint32_t i = 0; i < n; i++)
        if (!workers[i].has_thread) job(&workers[i]);
    for (uint32_t i = 1; i < n; i++)
        if (workers[i].has_thread) pthread_join(workers[i].thread, NULL);
}

/* Each worker but the first has a result of its own, and each one for what it takes of others; all are laid behind that of the
 * first at the end and stay with it. */
static sm_status make_results(const sm_engine *engine, worker *workers, const work_crew *crew, sm_error *error) {
    const uint32_t n = crew->n, n_results = crew->n_pieces > 1 ? 2 * n : n;
    sm_result *last = crew->whole;
    for (uint32_t i = 0; i < n_results; i++) {
        sm_status status = i ? engine_result_make(engine, &last->next_part, error) : SM_OK;
        if (status != SM_OK) return status;
        if (i) last = last->next_part;
        last->offsets = crew->options->given.offsets;
        if (i < n) workers[i].result = workers[i].own = last;
        else workers[i - n].of_others = last;
    }
    for (uint32_t i = 0; i < n; i++) {
        sm_scanner **scanner = &workers[i].own->scanner;
        sm_status status = *scanner ? SM_OK : sm_scanner_new(engine, scanner, error);
        if (status != SM_OK) return status;
        workers[i].scanner = *scanner;
    }
    return SM_OK;
}

static sm_status let_work(worker *workers, uint32_t n, sm_error *error) {
    run_all(workers, n, work);
    for (uint32_t i = 0; i < n; i++) {
        if (workers[i].status == SM_OK) continue;
        if (workers[i].status == SM_ERR_NOMEM) return base_no_memory(error, "to go on with the batch");
        if (error) *error = workers[i].error;
        return workers[i].status;
    }
    return SM_OK;
}

/* The parts in turn: mentions of one, and what else the one before it has, which is about as much. */
static void *lay(void *argument) {
    const worker *w = argument;
    const work_crew *crew = w->crew;
    for (uint32_t i = w->number; i < crew->n_parts; i += crew->n)
        engine_part_lay_mentions(crew->whole, &crew->parts[i]);
    for (uint32_t i = (w->number + 1) % crew->n; i < crew->n_parts; i += crew->n)
        engine_part_lay_others(crew->whole, &crew->parts[i]);
    return NULL;
}

/* In the order of the documents. */
static void list_parts(const worker *workers, work_crew *crew) {
    for (uint32_t share = 0; share < crew->n; share++) {
        const sm_result *own = workers[share].own, *of_others = workers[share].of_others;
        if (share) crew->parts[crew->n_parts++] = (engine_part){.of = own, .n = engine_counts_of(own)};
        for (uint32_t piece = share * crew->n_pieces; piece < (share + 1) * crew->n_pieces; piece++)
            if (crew->others[piece].of) crew->parts[crew->n_parts++] = crew->others[piece];
        if (share) engine_result_count(crew->whole, &own->counts);
        if (of_others) engine_result_count(crew->whole, &of_others->counts);
    }
}

/* Where one thread changed and copied all, this took 2 % of the CPU time of two (tests/bench, case threads/2). */
static sm_status join_results(worker *workers, work_crew *crew, sm_error *error) {
    enum { WORTH_THREADS = 4096 }; /* mentions */
    list_parts(workers, crew);
    if (!engine_parts_begin(crew->whole, crew->parts, crew->n_parts))
        return base_no_memory(error, "to put the batch together");
    if (crew->whole->mentions.n >= WORTH_THREADS) run_all(workers, crew->n, lay);
    else
        for (uint32_t i = 0; i < crew->n; i++) lay(&workers[i]);
    return SM_OK;
}

static size_t size_of_crew(const work_crew *crew) {
    const size_t n = crew->n, n_pieces = n * crew->n_pieces;
    return n * (sizeof(worker) + sizeof(engine_part) + sizeof(uint32_t)) + 2 * n_pieces * sizeof(engine_part)
           + (n_pieces + 1) * sizeof(uint64_t);
}

/* Lays out what the crew needs, in memory of zeros. @return the workers. */
static worker *man_crew(work_crew *crew, void *memory) {
    const size_t n = crew->n, n_pieces = n * crew->n_pieces;
    worker *workers = memory;
    crew->others = (engine_part *)(workers + n);
    crew->parts = crew->others + n_pieces;
    crew->from = (uint64_t *)(crew->parts + n_pieces + n);
    crew->taken = (_Atomic uint32_t *)(crew->from + n_pieces + 1);
    for (uint32_t i = 0; i < n; i++) {
        workers[i].crew = crew;
        workers[i].number = i;
        workers[i].options = crew->options;
        atomic_init(&crew->taken[i], 0);
    }
    return workers;
}

/* A worker's scanner takes more memory than a wave of text, and its thread more time to begin than a piece of one. */
static uint32_t crew_size(uint32_t n_threads, uint64_t n_documents, uint64_t bytes) {
    uint64_t most = bytes / WAVE_BYTES + 1;
    if (most > n_documents) most = n_documents;
    if (n_threads <= 1) return 1;
    return n_threads < most ? n_threads : (uint32_t)most;
}

static sm_status run_workers(const sm_engine *engine, const engine_columns *columns, uint64_t n_columns,
                             uint32_t n_threads, const engine_options *options, sm_result *result, sm_error *error) {
    const sm_allocator *allocator = &engine->allocator;
    const uint64_t n_documents = n_columns ? columns[n_columns - 1].first + columns[n_columns - 1].n : 0;
    if (n_documents == 0) return SM_OK;
    work_crew crew = {.columns = columns, .n_columns = n_columns, .options = options, .whole = result};
    const uint64_t bytes = n_threads > 1 ? engine_columns_bytes(columns, n_columns) : 0;
    crew.n = crew_size(n_threads, n_documents, bytes);
    const uint64_t n_pieces = bytes / crew.n / LEAST_PIECE;
    crew.n_pieces = n_pieces < 1 ? 1 : n_pieces < MOST_PIECES ? (uint32_t)n_pieces : MOST_PIECES;
    void *memory = allocator->allocate(allocator->context, size_of_crew(&crew));
    if (!memory) return base_no_memory(error, "for a batch");
    memset(memory, 0, size_of_crew(&crew));
    worker *workers = man_crew(&crew, memory);
    engine_columns_share(columns, n_columns, bytes, crew.n * crew.n_pieces, crew.from);
    sm_status status = make_results(engine, workers, &crew, error);
    if (status == SM_OK) status = let_work(workers, crew.n, error);
    if (status == SM_OK) status = join_results(workers, &crew, error);
    allocator->release(allocator->context, memory);
    return status;
}

sm_status engine_run_batch(const sm_engine *engine, engine_columns *columns, uint64_t n_columns, uint32_t n_threads,
                           const sm_extract_options *options, sm_result **result, sm_error *error) {
    engine_options call = {0};
    bool is_new = !*result;
    uint64_t n_documents = 0;
    for (uint64_t i = 0; i < n_columns; i++) {
        engine_columns *of = &columns[i];
        const engine_column *text = &of->of[COLUMN_TEXT];
        of->first = n_documents;
        n_documents += of->n;
        of->has_nulls = of->validity || text->validity || text->value_validity || text->layout == COLUMN_NULLS;
        of->has_text_alone = of->has == 1u << COLUMN_TEXT
                             && is_simple(of,
                                          &(sm_document){.charset = of->charset.bytes, .charset_len = of->charset.len});
    }
    sm_status status = engine_take_options(engine, options, &call, error);
    if (status == SM_OK) status = engine_result_make(engine, result, error);
    if (status == SM_OK) (*result)->offsets = call.given.offsets; /* also of none */
    if (status == SM_OK) status = run_workers(engine, columns, n_columns, n_threads, &call, *result, error);
    engine_release_options(engine, &call);
    if (status != SM_OK) engine_result_drop(engine, result, is_new);
    return status;
}

/* --- Of one buffer ------------------------------------------------------------------------------------------------------ */

static engine_columns columns_of_batch(const sm_batch *batch) {
    return (engine_columns){
        .of = {[COLUMN_TEXT] = {.layout = COLUMN_OFFSETS64, .values = batch->offsets, .bytes = batch->text},
               [COLUMN_DATE] = {.layout = COLUMN_DATES, .values = batch->dates}},
        .has = 1u << COLUMN_TEXT | (batch->dates ? 1u << COLUMN_DATE : 0),
        .format = batch->format,
        .n = batch->n_documents,
        .charset = {batch->charset, (size_t)batch->charset_len}};
}

sm_status sm_engine_extract_batch(const sm_engine *engine, const sm_batch *batch, const sm_extract_options *options,
                                  sm_result **result, sm_error *error) {
    sm_batch full;
    sm_status status = engine && batch && result ? take_batch(batch, &full, error)
                                                 : base_fail(error, SM_ERR_ARG, "engine, batch and result are needed");
    if (status != SM_OK) return engine_result_drop(engine, result, false), status;
    engine_columns columns = columns_of_batch(&full);
    return engine_run_batch(engine, &columns, 1, full.n_threads, options, result, error);
}
