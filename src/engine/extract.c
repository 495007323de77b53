/* One document's way through the rooms. */
#include <string.h>

#include "engine/engine.h"

/* --- A wave ------------------------------------------------------------------------------------------------------------- */

void engine_begin_wave(sm_scanner *scanner, const resolve_options *options, uint32_t n_documents) {
    scanner->n_documents = n_documents;
    scanner->n_runs = 0;
    resolve_begin(scanner->resolver, options, n_documents);
}

bool engine_add_runs(sm_scanner *scanner, const resolve_run *runs, const engine_run *from, size_t n,
                     const scan_list *candidates) {
    if (!base_grow(&scanner->engine->allocator, (void **)&scanner->runs, &scanner->runs_capacity, scanner->n_runs + n,
                   sizeof *scanner->runs))
        return false;
    memcpy(scanner->runs + scanner->n_runs, from, n * sizeof *from);
    scanner->n_runs += n;
    return resolve_add_runs(scanner->resolver, runs, n, candidates);
}

sm_status engine_finish_wave(sm_scanner *scanner, const engine_options *options, const text_page *page,
                             sm_result *result) {
    size_t first = result->documents.n, first_mention = result->mentions.n;
    sm_status status = resolve_finish(scanner->resolver);
    if (status != SM_OK) return status;
    if (!options->resolve.is_counting && !options->is_explaining) resolve_forget_places(scanner->resolver);
    if (!engine_fill(scanner, result, options, page) || !engine_roll_up(scanner, result, first)) return SM_ERR_NOMEM;
    if (options->resolve.is_counting) {
        const resolve_counts counts = resolve_counted(scanner->resolver);
        engine_result_count(result, &counts);
    }
    if (options->resolve.is_checking && !engine_add_findings(scanner, result, page)) return SM_ERR_NOMEM;
    if (options->is_explaining && !engine_explain(scanner, result, options)) return SM_ERR_NOMEM;
    if (page && page->decoded && !options->is_in_source) engine_map_to_bytes(result, page, first_mention);
    resolve_forget(scanner->resolver);
    base_give_back(&scanner->engine->allocator, (void **)&scanner->runs, &scanner->runs_capacity, 0,
                   sizeof *scanner->runs);
    return SM_OK;
}

/* --- A document --------------------------------------------------------------------------------------------------------- */

enum { SCANNED_TOGETHER = 64 }; /* runs */

static bool is_in(base_slice memory, const text_run *run) {
    uintptr_t from = (uintptr_t)memory.bytes, bytes = (uintptr_t)run->bytes;
    return bytes >= from && bytes < from + memory.len;
}

/* The end of the memory that a run stands in, where what is around it may be read as well; NULL: it may not. */
static const char *readable_around(const text_page *page, const text_run *run) {
    if (is_in(page->changed, run)) return page->changed.bytes + page->changed.len + TEXT_BEHIND;
    return page->n_invalid == 0 && is_in(page->source, run) ? page->source.bytes + page->source.len : NULL;
}

/* Hands on the runs from `first` on in which anything was found. False: out of memory. */
static bool add_found(sm_scanner *scanner, const text_page *page, size_t first, uint32_t field) {
    resolve_run runs[SCANNED_TOGETHER];
    engine_run origins[SCANNED_TOGETHER];
    scan_list *found = &scanner->candidates;
    uint32_t n = 0, last = UINT32_MAX;
    for (size_t i = 0; i < found->n; i++) {
        if (found->items[i].run != last) {
            last = found->items[i].run;
            const text_run *run = &page->runs[first + last];
            origins[n] = (engine_run){.run = run, .field = field};
            runs[n++] = (resolve_run){.text = {run->bytes, run->len},
                                      .region = field == SM_FIELD_TITLE ? (uint32_t)SM_REGION_TITLE : run->region,
                                      .as_of = scanner->documents[0].as_of};
        }
        found->items[i].run = n - 1;
    }
    return n == 0 || engine_add_runs(scanner, runs, origins, n, found);
}

/* Leaves out the candidates that there are no steps for, and the links behind them. */
static void take_steps(sm_scanner *scanner, text_page *page, size_t first, uint64_t max_steps) {
    scan_list *found = &scanner->candidates;
    for (size_t i = 0; i < found->n; i++) {
        const scan_candidate *candidate = &found->items[i];
        size_t start, end;
        text_map(&page->runs[first + candidate->run], candidate->start, candidate->end, &start, &end);
        if (engine_has_step(&scanner->documents[0], text_origin(page, start), max_steps)) continue;
        while (page->n_links && page->links[page->n_links - 1].source_start >= start) page->n_links--;
        found->n = i;
    }
}

static sm_status scan_page(sm_scanner *scanner, text_page *page, uint32_t field, uint64_t max_steps, sm_error *error) {
    const sm_engine *engine = scanner->engine;
    base_slice texts[SCANNED_TOGETHER];
    for (size_t i = 0, n; i < page->n_runs && !scanner->documents[0].is_stopped; i += n) {
        const char *readable = readable_around(page, &page->runs[i]);
        for (n = 0; n < SCANNED_TOGETHER && i + n < page->n_runs; n++) {
            const text_run *run = &page->runs[i + n];
            if (n && readable_around(page, run) != readable) break;
            texts[n] = (base_slice){run->bytes, run->len};
        }
        sm_status status = scan_runs(engine->view, engine->codes, scanner->memory, texts, n, readable,
                                     &scanner->candidates, error);
        if (status != SM_OK) return status;
        if (max_steps) take_steps(scanner, page, i, max_steps);
        if (!add_found(scanner, page, i, field)) return SM_ERR_NOMEM;
    }
    return SM_OK;
}

/* Reads what the page's links name. False when memory ran out. */
static bool read_links(sm_scanner *scanner, const text_page *page, bool is_evidence) {
    if (!base_grow(&scanner->engine->allocator, (void **)&scanner->link_securities, &scanner->link_securities_capacity,
                   page->n_links, sizeof *scanner->link_securities))
        return false;
    for (size_t i = 0; i < page->n_links; i++) {
        uint32_t security = engine_link_security(scanner->engine, &page->links[i]);
        scanner->link_securities[i] = security;
        if (is_evidence && security != dict_none) resolve_add_link(scanner->resolver, 0, security);
    }
    return true;
}

/* @return SM_OK also where steps are used up. */
static sm_status scan_title(sm_scanner *scanner, base_slice title, uint64_t max_steps, sm_error *error) {
    text_page page;
    engine_document *document = &scanner->documents[0];
    if (!title.bytes) return SM_OK;
    if (!scanner->title_reader)
        scanner->title_reader = text_reader_new(&scanner->engine->allocator, scanner->engine->kernel);
    if (!scanner->title_reader) return SM_ERR_NOMEM;
    sm_status status = text_read_utf8(scanner->title_reader, title, SM_FORMAT_TEXT, &page);
    if (status != SM_OK) return status;
    document->flags |= SM_DOCUMENT_TITLE;
    document->n_invalid += page.n_invalid;
    status = scan_page(scanner, &page, SM_FIELD_TITLE, max_steps, error);
    document->n_steps += title.len;
    return status;
}

/* Option, else the document's own field, else what the page says, else a date in its address. */
static int32_t find_as_of(const engine_options *options, const sm_document *document, const text_page *page) {
    if (options->given.as_of) return options->given.as_of;
    if (document->date) return document->date;
    if (page->date) return page->date;
    return document->url_len ? text_url_date((base_slice){document->url, (size_t)document->url_len}) : 0;
}

/* Those that name a security; and those of pictures, which tell that a page has one. */
static bool takes_link(const void *engine, const text_link *link) {
    return engine_link_security(engine, link) != dict_none || base_slice_is(link->class_name, "EmImageRemark");
}

static sm_status read_page(sm_scanner *scanner, base_slice text, const sm_document *document,
                           const sm_extract_options *given, text_page *page, sm_error *error) {
    const text_settings settings = {.skip = given->skip,
                                    .n_skip = (size_t)given->n_skip,
                                    .max_depth = given->max_depth,
                                    .takes_link = takes_link,
                                    .context = scanner->engine};
    text_reader_set(scanner->reader, &settings);
    sm_status status = text_read(scanner->reader, text, document->format, engine_charset(document), page);
    return status == SM_ERR_UNSUPPORTED ? engine_no_converter(error) : status;
}

sm_status engine_read_document(sm_scanner *scanner, const sm_document *document, const engine_options *options,
                               sm_result *result, sm_error *error) {
    text_page *page = &scanner->page;
    resolve_options for_resolve = options->resolve;
    const uint64_t max_steps = options->given.max_steps;
    const engine_reading reading = engine_limit_reading(document, &options->given);
    sm_status status = read_page(scanner, reading.text, document, &options->given, page, error);
    if (status != SM_OK) return status;
    for_resolve.source = (base_slice){document->source, (size_t)document->source_len};
    engine_begin_wave(scanner, &for_resolve, 1);
    scanner->documents[0] = (engine_document){
        .fields = {[SM_FIELD_TEXT] = page->source, [SM_FIELD_TITLE] = reading.title},
        .n_invalid = page->n_invalid,
        .first_invalid = page->first_invalid,
        .as_of = find_as_of(options, document, page),
        .charset = page->charset,
        .limits = reading.limits | (page->is_cut_deep ? (uint32_t)SM_LIMIT_DEPTH : 0),
        .n_read = reading.text.len,
    };
    status = scan_title(scanner, reading.title, max_steps, error);
    if (scanner->documents[0].is_stopped) scanner->documents[0].n_read = page->n_links = 0;
    if (status == SM_OK) status = scan_page(scanner, page, SM_FIELD_TEXT, max_steps, error);
    if (status != SM_OK) return status;
    if (!read_links(scanner, page, !options->ignores_links)) return SM_ERR_NOMEM;
    return engine_finish_wave(scanner, options, page, result);
}

sm_status engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                         const engine_options *options, sm_result **result, sm_error *error) {
    if (!engine || !document || !result) return base_fail(error, SM_ERR_ARG, "engine, document and result are needed");
    if (scanner && scanner->engine != engine)
        return base_fail(error, SM_ERR_ARG,
                         "the scanner belongs to another engine; make one with sm_scanner_new(engine, …)");
    sm_document copy;
    sm_scanner *own = NULL;
    sm_status status;
    bool is_new = !*result;
    document = engine_take_document(document, &copy, &status, error);
    if (status == SM_OK) status = engine_result_make(engine, result, error);
    if (status == SM_OK && !scanner) status = sm_scanner_new(engine, &own, error);
    if (status == SM_OK) {
        (*result)->offsets = options->given.offsets;
        (*result)->scope = options->given.scope;
        if (!scanner) scanner = own;
        status = engine_read_document(scanner, document, options, *result, error);
        if (status == SM_ERR_NOMEM) base_no_memory(error, "to go on with the document");
    }
    if (status != SM_OK && *result && (*result)->engine == engine) engine_result_drop(result, is_new);
    sm_scanner_free(own);
    return status;
}

/* What the public calls for one document ask for: mentions, findings, or mentions with explanations. */
typedef enum purpose { EXTRACTING, CHECKING, EXPLAINING } purpose;

static sm_status run_call(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                          const sm_extract_options *options, purpose asked, sm_result **result, sm_error *error) {
    engine_options given = {0};
    sm_status status = options && engine ? engine_take_options(engine, options, &given, error) : SM_OK;
    given.resolve.is_checking = asked == CHECKING;
    given.is_explaining = asked == EXPLAINING;
    if (status == SM_OK) return engine_extract(engine, scanner, document, &given, result, error);
    if (result && *result && (*result)->engine == engine) engine_result_clear(*result);
    return status;
}

sm_status sm_engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                            const sm_extract_options *options, sm_result **result, sm_error *error) {
    return run_call(engine, scanner, document, options, EXTRACTING, result, error);
}

sm_status sm_check(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                   const sm_extract_options *options, sm_result **result, sm_error *error) {
    return run_call(engine, scanner, document, options, CHECKING, result, error);
}

sm_status sm_engine_explain(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                            const sm_extract_options *options, sm_result **result, sm_error *error) {
    return run_call(engine, scanner, document, options, EXPLAINING, result, error);
}
