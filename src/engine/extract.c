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

sm_status engine_settle_wave(sm_scanner *scanner, const engine_options *options, engine_links *links,
                             sm_result *result) {
    const size_t n_mentions = result->mentions.n;
    sm_status status = resolve_finish(scanner->resolver);
    if (status != SM_OK) return status;
    if (!options->resolve.is_counting && !options->is_explaining) resolve_forget_places(scanner->resolver);
    if (!engine_fill(scanner, result, options, links)) return SM_ERR_NOMEM;
    if (options->resolve.is_counting) {
        const resolve_counts counts = resolve_counted(scanner->resolver);
        engine_result_count(result, &counts);
    }
    if (options->resolve.is_checking && !engine_add_findings(scanner, result)) return SM_ERR_NOMEM;
    if (options->is_explaining && !engine_explain(scanner, result, options, n_mentions)) return SM_ERR_NOMEM;
    resolve_forget(scanner->resolver);
    base_give_back(&scanner->engine->allocator, (void **)&scanner->runs, &scanner->runs_capacity, 0,
                   sizeof *scanner->runs);
    return SM_OK;
}

sm_status engine_finish_documents(sm_scanner *scanner, const engine_options *options, const text_page *page,
                                  sm_result *result) {
    const sm_document_info *first = engine_wave_documents(scanner, result);
    if (page && page->n_links) engine_check_links(result, (size_t)first->first_mention);
    if (!engine_roll_up(scanner, result)) return SM_ERR_NOMEM;
    return !options->resolve.is_checking || engine_finish_findings(scanner, result, page) ? SM_OK : SM_ERR_NOMEM;
}

engine_links engine_links_of(const sm_scanner *scanner, const text_page *page) {
    engine_links links = {.security = scanner->link_securities, .covering = dict_none};
    if (page && page->n_links) links.next = page->links, links.end = page->links + page->n_links;
    return links;
}

sm_status engine_finish_wave(sm_scanner *scanner, const engine_options *options, const text_page *page,
                             sm_result *result) {
    const engine_counted before = engine_counted_in(result);
    engine_links links = engine_links_of(scanner, page);
    if (!engine_open_documents(scanner, result)) return SM_ERR_NOMEM;
    sm_status status = engine_settle_wave(scanner, options, &links, result);
    if (status == SM_OK) status = engine_finish_documents(scanner, options, page, result);
    if (status != SM_OK) return status;
    if (!engine_count_units(scanner, result, &before)) return SM_ERR_NOMEM;
    if (page && page->decoded && !options->is_in_source) engine_map_to_bytes(result, page, before.mentions);
    return SM_OK;
}

/* --- A document --------------------------------------------------------------------------------------------------------- */

bool engine_read_links(sm_scanner *scanner, const text_page *page) {
    if (!base_grow(&scanner->engine->allocator, (void **)&scanner->link_securities, &scanner->link_securities_capacity,
                   page->n_links, sizeof *scanner->link_securities))
        return false;
    for (size_t i = 0; i < page->n_links; i++)
        scanner->link_securities[i] = engine_link_security(scanner->engine, &page->links[i]);
    return true;
}

static void hear_links(const sm_scanner *scanner, const text_page *page) {
    for (size_t i = 0; i < page->n_links; i++)
        if (scanner->link_securities[i] != dict_none)
            resolve_add_link(scanner->resolver, 0, scanner->link_securities[i]);
}

sm_status engine_read_title(sm_scanner *scanner, base_slice title) {
    engine_document *document = &scanner->documents[0];
    if (!scanner->title_reader)
        scanner->title_reader = text_reader_new(&scanner->engine->allocator, scanner->engine->kernel);
    if (!scanner->title_reader) return SM_ERR_NOMEM;
    document->flags |= SM_DOCUMENT_TITLE;
    sm_status status = text_read_utf8(scanner->title_reader, title, SM_FORMAT_TEXT, &scanner->title_page);
    if (status == SM_OK) document->n_invalid += scanner->title_page.n_invalid;
    return status;
}

int32_t engine_find_as_of(const engine_options *options, const sm_document *document, const text_page *page) {
    if (options->given.as_of) return options->given.as_of;
    if (document->date) return document->date;
    if (page && page->date) return page->date;
    return document->url_len ? text_url_date((base_slice){document->url, (size_t)document->url_len}) : 0;
}

/* Those that name a security; and those of pictures, which tell that a page has one. */
static bool takes_link(const void *engine, const text_link *link) {
    return engine_link_security(engine, link) != dict_none || base_slice_is(link->class_name, "EmImageRemark");
}

static sm_status read_page(sm_scanner *scanner, const sm_document *document, const sm_extract_options *given,
                           uint64_t most, text_page *page, sm_error *error) {
    const base_slice text = {document->text, (size_t)document->text_len};
    const text_settings settings = {.skip = given->skip,
                                    .n_skip = (size_t)given->n_skip,
                                    .max_depth = given->max_depth,
                                    .takes_link = takes_link,
                                    .context = scanner->engine};
    text_reader_set(scanner->reader, &settings);
    sm_status status = text_read_first(scanner->reader, text, engine_size(most), document->format,
                                       engine_charset(document), page);
    return status == SM_ERR_UNSUPPORTED ? engine_no_converter(error) : status;
}

/* A document all at once. */
static sm_status read_whole(sm_scanner *scanner, const engine_options *options, const resolve_options *resolve,
                            base_slice title, sm_result *result, sm_error *error) {
    text_page *page = &scanner->page;
    engine_document *document = &scanner->documents[0];
    const uint64_t max_steps = options->given.max_steps;
    sm_status status = SM_OK;
    engine_begin_wave(scanner, resolve, 1);
    if (title.bytes) {
        const engine_stretch all = engine_all_of(&scanner->title_page, SM_FIELD_TITLE);
        status = engine_scan(scanner, &scanner->title_page, &all, max_steps, NULL, error);
        document->n_steps += title.len;
    }
    if (document->is_stopped) document->n_read = page->n_links = 0;
    const engine_stretch all = engine_all_of(page, SM_FIELD_TEXT);
    if (status == SM_OK) status = engine_scan(scanner, page, &all, max_steps, NULL, error);
    if (status != SM_OK) return status;
    if (!options->ignores_links) hear_links(scanner, page);
    return engine_finish_wave(scanner, options, page, result);
}

sm_status engine_pass_title(sm_scanner *scanner, const engine_options *options, base_slice title, sm_result *result,
                            sm_error *error) {
    sm_status status = engine_pass_page(scanner, options, &scanner->title_page, SM_FIELD_TITLE, result, error);
    scanner->documents[0].n_steps += title.len;
    if (scanner->documents[0].is_stopped) scanner->documents[0].n_read = 0; /* of the text */
    return status;
}

/* With options.context_bytes. Plain text goes the way that it goes in a stream. */
static sm_status read_in_passages(sm_scanner *scanner, const engine_options *options, const resolve_options *resolve,
                                  base_slice title, sm_result *result, sm_error *error) {
    text_page *page = &scanner->page;
    engine_document *document = &scanner->documents[0];
    const bool is_text = page->format == SM_FORMAT_TEXT && !page->decoded;
    const engine_counted before = engine_counted_in(result);
    sm_status status = engine_begin_passages(scanner, options, resolve, is_text);
    if (is_text) document->n_invalid -= page->n_invalid, document->first_invalid = 0; /* counted when they are passed */
    if (status == SM_OK && !engine_open_documents(scanner, result)) status = SM_ERR_NOMEM;
    if (status == SM_OK && title.bytes) status = engine_pass_title(scanner, options, title, result, error);
    if (document->is_stopped) page->n_links = 0;
    else if (status == SM_OK && is_text) status = engine_pass_text(scanner, options, page->source, result, error);
    else if (status == SM_OK) status = engine_pass_page(scanner, options, page, SM_FIELD_TEXT, result, error);
    if (status == SM_OK) status = engine_end_passages(scanner, options, result, error);
    if (status != SM_OK) return status;
    engine_tell_documents(scanner, result);
    status = engine_finish_documents(scanner, options, page, result);
    if (status == SM_OK && !is_text && !engine_count_units(scanner, result, &before)) status = SM_ERR_NOMEM;
    if (status == SM_OK && page->decoded && !options->is_in_source) engine_map_to_bytes(result, page, before.mentions);
    return status;
}

sm_status engine_read_document(sm_scanner *scanner, const sm_document *document, const engine_options *options,
                               sm_result *result, sm_error *error) {
    text_page *page = &scanner->page;
    resolve_options resolve = options->resolve;
    const engine_reading reading = engine_limit_reading(document, &options->given);
    sm_status status = read_page(scanner, document, &options->given, reading.most, page, error);
    if (status != SM_OK) return status;
    resolve.source = (base_slice){document->source, (size_t)document->source_len};
    scanner->documents[0] = (engine_document){
        .fields = {[SM_FIELD_TEXT] = page->source, [SM_FIELD_TITLE] = reading.title},
        .n_invalid = page->n_invalid,
        .first_invalid = page->first_invalid,
        .as_of = engine_find_as_of(options, document, page),
        .charset = page->charset,
        .limits = reading.title_limit | (page->bytes.len < document->text_len ? reading.limit : 0)
                  | (page->is_cut_deep ? (uint32_t)SM_LIMIT_DEPTH : 0),
        .n_read = page->bytes.len,
    };
    if (reading.title.bytes) status = engine_read_title(scanner, reading.title);
    if (status == SM_OK && !engine_read_links(scanner, page)) status = SM_ERR_NOMEM;
    if (status != SM_OK) return status;
    return options->given.context_bytes ? read_in_passages(scanner, options, &resolve, reading.title, result, error)
                                        : read_whole(scanner, options, &resolve, reading.title, result, error);
}

static sm_status extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                         const engine_options *options, sm_result **result, sm_error *error) {
    sm_document copy;
    sm_scanner *own = NULL;
    sm_status status;
    document = engine_take_document(document, &copy, &status, error);
    if (status == SM_OK) status = engine_result_make(engine, result, error);
    if (status == SM_OK && !scanner) status = sm_scanner_new(engine, &own, error);
    if (status == SM_OK) {
        (*result)->offsets = options->given.offsets;
        (*result)->scope = options->given.scope;
        (*result)->is_checked = options->resolve.is_checking;
        (*result)->is_explained = options->is_explaining;
        if (!scanner) scanner = own;
        status = engine_read_document(scanner, document, options, *result, error);
        if (status == SM_ERR_NOMEM) base_no_memory(error, "to go on with the document");
    }
    sm_scanner_free(own);
    return status;
}

sm_status engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                         const engine_options *options, sm_result **result, sm_error *error) {
    const bool is_new = result && !*result;
    sm_status status;
    if (!engine || !document || !result)
        status = base_fail(error, SM_ERR_ARG, "engine, document and result are needed");
    else if (scanner && scanner->engine != engine)
        status = base_fail(error, SM_ERR_ARG,
                           "the scanner belongs to another engine; make one with sm_scanner_new(engine, …)");
    else status = extract(engine, scanner, document, options, result, error);
    if (status != SM_OK) engine_result_drop(engine, result, is_new);
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
    if (status == SM_OK) status = engine_extract(engine, scanner, document, &given, result, error);
    else engine_result_drop(engine, result, false);
    if (engine) engine_release_options(engine, &given);
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
