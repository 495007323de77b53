/* One document's way through the rooms. */
#include <string.h>

#include "engine/engine.h"

/* --- What the caller said ---------------------------------------------------------------------------------------------- */

static sm_status take_ids(const sm_engine *engine, const char *const *ids, uint64_t n, const char *what,
                          sm_error *error) {
    if (n && !ids) return base_fail(error, SM_ERR_ARG, "options.%s is NULL but options.n_%s is not 0", what, what);
    for (uint64_t i = 0; i < n; i++)
        if (!ids[i] || dict_find_id(engine->view, base_slice_of(ids[i])) == dict_none)
            return base_fail(error, SM_ERR_ARG,
                             "options.%s: the dictionary has no security '%s'; expected MIC:CODE such as XSHG:688111",
                             what, ids[i] ? ids[i] : "(null)");
    return SM_OK;
}

static sm_status take_prefer(const sm_engine *engine, engine_options *out, sm_error *error) {
    const sm_extract_options *given = &out->given;
    if (given->n_prefer && !given->prefer)
        return base_fail(error, SM_ERR_ARG, "options.prefer is NULL but n_prefer is not 0");
    if (given->n_prefer > sizeof out->prefer / sizeof out->prefer[0])
        return base_fail(error, SM_ERR_ARG, "options.prefer has %llu markets; expected 32 at most",
                         (unsigned long long)given->n_prefer);
    for (uint64_t i = 0; i < given->n_prefer; i++) {
        out->prefer[i] = dict_find_mic(engine->view, base_slice_of(given->prefer[i]));
        if (out->prefer[i] == dict_none)
            return base_fail(error, SM_ERR_ARG,
                             "options.prefer: the dictionary has no market '%s'; expected a MIC such as XSHG",
                             given->prefer[i] ? given->prefer[i] : "(null)");
    }
    return SM_OK;
}

static sm_status take_options(const sm_engine *engine, const sm_extract_options *options, engine_options *out,
                              sm_error *error) {
    sm_extract_options *given = &out->given;
    *given = (sm_extract_options){0};
    out->resolve = (resolve_options){0};
    if (!options) return SM_OK;
    sm_status status = engine_take(given, sizeof *given, options, "options", error);
    if (status == SM_OK && given->as_of && !base_date_is_valid(given->as_of))
        status = base_fail(error, SM_ERR_ARG, "options.as_of %d is no day; expected yyyymmdd", given->as_of);
    if (status == SM_OK && given->scope > SM_SCOPE_BROAD)
        status = base_fail(error, SM_ERR_ARG,
                           "options.scope %u is not known; expected SM_SCOPE_STRICT or SM_SCOPE_BROAD", given->scope);
    if (status == SM_OK && given->offsets > SM_OFFSETS_UTF16)
        status = base_fail(error, SM_ERR_ARG, "options.offsets %u is not known; expected SM_OFFSETS_…", given->offsets);
    if (status == SM_OK) status = take_prefer(engine, out, error);
    if (status == SM_OK) status = take_ids(engine, given->only, given->n_only, "only", error);
    if (status == SM_OK) status = take_ids(engine, given->exclude, given->n_exclude, "exclude", error);
    out->resolve = (resolve_options){.as_of = given->as_of,
                                     .min_confidence = given->min_confidence,
                                     .prefer = out->prefer,
                                     .n_prefer = (size_t)given->n_prefer};
    return status;
}

static sm_status take_document(const sm_document *document, sm_document *out, sm_error *error) {
    *out = (sm_document){0};
    sm_status status = engine_take(out, sizeof *out, document, "document", error);
    if (status != SM_OK) return status;
    const struct {
        const char *bytes;
        uint64_t len;
        const char *what;
    } fields[] = {{out->text, out->text_len, "text"},
                  {out->title, out->title_len, "title"},
                  {out->url, out->url_len, "url"},
                  {out->source, out->source_len, "source"}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (!fields[i].bytes && fields[i].len)
            return base_fail(error, SM_ERR_ARG, "document.%s is NULL but its length is not 0", fields[i].what);
    if (out->format > SM_FORMAT_MARKDOWN)
        return base_fail(error, SM_ERR_ARG, "document.format %u is not known; expected SM_FORMAT_…", out->format);
    if (out->date && !base_date_is_valid(out->date))
        return base_fail(error, SM_ERR_ARG, "document.date %d is no day; expected yyyymmdd", out->date);
    return SM_OK;
}

/* --- Through the rooms -------------------------------------------------------------------------------------------------- */

static sm_status scan_page(sm_scanner *scanner, const text_page *page, uint32_t field, sm_error *error) {
    const sm_engine *engine = scanner->engine;
    for (size_t i = 0; i < page->n_runs; i++) {
        base_slice text = {page->runs[i].bytes, page->runs[i].len};
        sm_status status = scan_run(engine->view, engine->codes, scanner->codes, text, &scanner->candidates, error);
        if (status != SM_OK) return status;
        if (scanner->candidates.n == 0) continue;
        if (!base_grow(&engine->allocator, (void **)&scanner->runs, &scanner->runs_capacity, scanner->n_runs + 1,
                       sizeof *scanner->runs))
            return SM_ERR_NOMEM;
        scanner->runs[scanner->n_runs++] = (engine_run){&page->runs[i], field};
        uint32_t region = field == SM_FIELD_TITLE ? (uint32_t)SM_REGION_TITLE : page->runs[i].region;
        if (!resolve_add_run(scanner->resolver, text, region, &scanner->candidates)) return SM_ERR_NOMEM;
    }
    return SM_OK;
}

static void add_link_evidence(sm_scanner *scanner, const text_page *page) {
    for (size_t i = 0; i < page->n_links; i++) {
        uint32_t security = engine_link_security(scanner->engine->view, &page->links[i]);
        if (security != dict_none) resolve_add_link(scanner->resolver, security);
    }
}

static sm_status scan_title(sm_scanner *scanner, const sm_document *document, sm_result *result, sm_error *error) {
    text_page page;
    if (!document->title) return SM_OK;
    if (!scanner->title_reader) scanner->title_reader = text_reader_new(&scanner->engine->allocator);
    if (!scanner->title_reader) return SM_ERR_NOMEM;
    sm_status status = text_read(scanner->title_reader, document->title, (size_t)document->title_len, SM_FORMAT_TEXT,
                                 &page);
    if (status != SM_OK) return status;
    result->has_fields = true;
    result->n_invalid += page.n_invalid;
    return scan_page(scanner, &page, SM_FIELD_TITLE, error);
}

/* Option, else the document's own field, else what the page says, else a date in its address. */
static int32_t find_as_of(const engine_options *options, const sm_document *document, const text_page *page) {
    if (options->given.as_of) return options->given.as_of;
    if (document->date) return document->date;
    if (page->date) return page->date;
    return document->url_len ? text_url_date((base_slice){document->url, (size_t)document->url_len}) : 0;
}

static sm_status extract(sm_scanner *scanner, const sm_document *document, engine_options *options, sm_result *result,
                         sm_error *error) {
    text_page page;
    sm_status status = text_read(scanner->reader, document->text ? document->text : "", (size_t)document->text_len,
                                 document->format, &page);
    if (status != SM_OK) return status;
    result->as_of = options->resolve.as_of = find_as_of(options, document, &page);
    options->resolve.source = (base_slice){document->source, (size_t)document->source_len};
    result->n_invalid = page.n_invalid;
    result->first_invalid = page.first_invalid;
    scanner->n_runs = 0;
    resolve_begin(scanner->resolver, &options->resolve);
    add_link_evidence(scanner, &page);
    status = scan_title(scanner, document, result, error);
    if (status == SM_OK) status = scan_page(scanner, &page, SM_FIELD_TEXT, error);
    if (status == SM_OK) status = resolve_finish(scanner->resolver);
    if (status != SM_OK) return status;
    bool has_room = engine_fill(scanner, result, options, &page);
    if (has_room) {
        if (page.n_links) engine_check_links(result);
        has_room = engine_count_units(result, document) && engine_roll_up(scanner, result);
    }
    const sm_security *securities = result->securities.items;
    for (size_t i = 0; i < result->securities.n; i++) scanner->result_index[securities[i].handle] = 0;
    return has_room ? SM_OK : SM_ERR_NOMEM;
}

static sm_status make_result(const sm_engine *engine, sm_result **result, sm_error *error) {
    sm_result *made = engine->allocator.allocate(engine->allocator.context, sizeof *made);
    if (!made) return base_fail(error, SM_ERR_NOMEM, "no memory for a result");
    memset(made, 0, sizeof *made);
    made->engine = engine_retain(engine);
    base_arena_init(&made->arena, &made->engine->allocator);
    *result = made;
    return SM_OK;
}

sm_status sm_engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                            const sm_extract_options *options, sm_result **result, sm_error *error) {
    if (!engine || !document || !result) return base_fail(error, SM_ERR_ARG, "engine, document and result are needed");
    if (scanner && scanner->engine != engine)
        return base_fail(error, SM_ERR_ARG,
                         "the scanner belongs to another engine; make one with sm_scanner_new(engine, …)");
    if (*result && (*result)->engine != engine)
        return base_fail(error, SM_ERR_ARG, "the result belongs to another engine; free it or pass NULL");
    if (*result) engine_result_clear(*result);
    sm_document full;
    engine_options call;
    sm_scanner *own = NULL;
    bool is_new = !*result;
    sm_status status = take_document(document, &full, error);
    if (status == SM_OK) status = take_options(engine, options, &call, error);
    if (status == SM_OK && is_new) status = make_result(engine, result, error);
    if (status == SM_OK && !scanner) status = sm_scanner_new(engine, &own, error);
    if (status == SM_OK) {
        (*result)->offsets = call.given.offsets;
        status = extract(scanner ? scanner : own, &full, &call, *result, error);
        if (status == SM_ERR_NOMEM) base_fail(error, status, "no memory to go on with the document");
    }
    if (status != SM_OK && *result) {
        engine_result_clear(*result);
        if (is_new) {
            sm_result_free(*result);
            *result = NULL;
        }
    }
    sm_scanner_free(own);
    return status;
}
