/* What the caller said: the options of a call and its document, checked. */
#include <string.h>

#include "engine/engine.h"

/* Ids of options.only, which become chosen, or of options.exclude. */
static sm_status take_ids(const dict_view *view, const char *const *ids, uint64_t n, const char *what, bool are_chosen,
                          uint32_t *chosen, sm_error *error) {
    if (n && !ids) return base_fail(error, SM_ERR_ARG, "options.%s is NULL but options.n_%s is not 0", what, what);
    for (uint64_t i = 0; i < n; i++) {
        uint32_t security = ids[i] ? dict_find_id(view, base_slice_of(ids[i])) : dict_none;
        if (security == dict_none)
            return base_fail(error, SM_ERR_ARG,
                             "options.%s: the dictionary has no security '%s'; expected MIC:CODE such as XSHG:688111",
                             what, ids[i] ? ids[i] : "(null)");
        const uint32_t bit = 1u << security % 32;
        if (are_chosen) chosen[security / 32] |= bit;
        else chosen[security / 32] &= ~bit;
    }
    return SM_OK;
}

static sm_status take_choice(const sm_engine *engine, engine_options *out, sm_error *error) {
    const sm_extract_options *given = &out->given;
    const sm_allocator *allocator = &engine->allocator;
    const dict_view *view = engine->view;
    const size_t size = ((size_t)view->n_securities / 32 + 1) * sizeof *out->chosen;
    if (!given->n_only && !given->n_exclude) return SM_OK;
    uint32_t *chosen = allocator->allocate(allocator->context, size);
    if (!chosen) return base_no_memory(error, "for options.only and options.exclude");
    memset(chosen, given->n_only ? 0 : 0xFF, size);
    sm_status status = take_ids(view, given->only, given->n_only, "only", true, chosen, error);
    if (status == SM_OK) status = take_ids(view, given->exclude, given->n_exclude, "exclude", false, chosen, error);
    if (status == SM_OK) out->chosen = chosen;
    else allocator->release(allocator->context, chosen);
    return status;
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

static sm_status take_skip(const sm_extract_options *given, sm_error *error) {
    if (given->n_skip && !given->skip)
        return base_fail(error, SM_ERR_ARG, "options.skip is NULL but options.n_skip is not 0");
    for (uint64_t i = 0; i < given->n_skip; i++)
        if (!text_is_selector(given->skip[i]))
            return base_fail(error, SM_ERR_ARG,
                             "options.skip: '%.64s' is no tag, class or id; expected such as aside, .share, #related",
                             given->skip[i] ? given->skip[i] : "(null)");
    return SM_OK;
}

sm_status engine_take_reading(const sm_extract_options *options, sm_extract_options *out, sm_error *error) {
    *out = (sm_extract_options){0};
    sm_status status = base_take_struct(out, sizeof *out, options, "options", error);
    return status == SM_OK ? take_skip(out, error) : status;
}

enum { LEAST_CONTEXT = 256 };

sm_status engine_take_options(const sm_engine *engine, const sm_extract_options *options, engine_options *out,
                              sm_error *error) {
    sm_extract_options *given = &out->given;
    sm_status status = engine_take_reading(options, given, error);
    if (status == SM_OK && given->as_of && !base_date_is_valid(given->as_of))
        status = base_fail(error, SM_ERR_ARG, "options.as_of %d is no day; expected yyyymmdd", given->as_of);
    if (status == SM_OK && given->scope > SM_SCOPE_BROAD)
        status = base_fail(error, SM_ERR_ARG,
                           "options.scope %u is not known; expected SM_SCOPE_STRICT or SM_SCOPE_BROAD", given->scope);
    if (status == SM_OK && given->offsets > SM_OFFSETS_UTF16)
        status = base_fail(error, SM_ERR_ARG, "options.offsets %u is not known; expected SM_OFFSETS_…", given->offsets);
    if (status == SM_OK && given->unlisted > 1)
        status = base_fail(error, SM_ERR_ARG, "options.unlisted is %u; expected 0 or 1", given->unlisted);
    if (status == SM_OK && given->counts > 1)
        status = base_fail(error, SM_ERR_ARG, "options.counts is %u; expected 0 or 1", given->counts);
    if (status == SM_OK && given->context_bytes && given->context_bytes < LEAST_CONTEXT)
        status = base_fail(error, SM_ERR_ARG, "options.context_bytes is %u; expected 0 or %u at least",
                           given->context_bytes, (unsigned)LEAST_CONTEXT);
    if (status == SM_OK) status = take_prefer(engine, out, error);
    out->chosen = NULL;
    if (status == SM_OK) status = take_choice(engine, out, error);
    out->ignores_links = out->is_in_source = out->is_explaining = false;
    out->resolve = (resolve_options){.min_confidence = given->min_confidence,
                                     .prefer = out->prefer,
                                     .n_prefer = (size_t)given->n_prefer,
                                     .scope = given->scope,
                                     .reports_unlisted = given->unlisted && !given->n_only,
                                     .is_counting = given->counts};
    return status;
}

void engine_release_options(const sm_engine *engine, engine_options *options) {
    engine->allocator.release(engine->allocator.context, options->chosen);
    options->chosen = NULL;
}

static inline bool lacks_bytes(const char *bytes, uint64_t len) {
    return !bytes && len;
}

static sm_status say_which_lacks_bytes(const sm_document *document, sm_error *error) {
    const struct {
        const char *bytes;
        uint64_t len;
        const char *what;
    } fields[] = {{document->text, document->text_len, "text"},
                  {document->title, document->title_len, "title"},
                  {document->url, document->url_len, "url"},
                  {document->source, document->source_len, "source"},
                  {document->charset, document->charset_len, "charset"}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (lacks_bytes(fields[i].bytes, fields[i].len))
            return base_fail(error, SM_ERR_ARG, "document.%s is NULL but its length is not 0", fields[i].what);
    return SM_OK;
}

static base_slice charset_of(const sm_document *document) {
    return (base_slice){document->charset, (size_t)document->charset_len};
}

uint32_t engine_charset(const sm_document *document) {
    return document->charset_len ? text_charset_find(charset_of(document)) : TEXT_AUTO;
}

sm_status engine_check_charset(const char *owner, base_slice charset, sm_error *error) {
    if (!charset.len || text_charset_find(charset) != TEXT_NO_CHARSET) return SM_OK;
    return base_fail(error, SM_ERR_ARG, "%s.charset '%.*s' is not known; expected such as utf-8, gb18030, big5", owner,
                     (int)(charset.len < 64 ? charset.len : 64), charset.bytes);
}

sm_status engine_no_converter(sm_error *error) {
    return base_fail(
        error, SM_ERR_UNSUPPORTED,
        "this ICU does not know the document's charset; convert it to UTF-8, or use an ICU with all its data");
}

const sm_document *engine_take_document(const sm_document *document, sm_document *copy, sm_status *status,
                                        sm_error *error) {
    *status = SM_OK;
    if (document->struct_size != sizeof *document) {
        *copy = (sm_document){0};
        *status = base_take_struct(copy, sizeof *copy, document, "document", error);
        document = copy;
    }
    if (*status == SM_OK
        && (lacks_bytes(document->text, document->text_len) || lacks_bytes(document->title, document->title_len)
            || lacks_bytes(document->url, document->url_len) || lacks_bytes(document->source, document->source_len)
            || lacks_bytes(document->charset, document->charset_len)))
        *status = say_which_lacks_bytes(document, error);
    if (*status == SM_OK && document->format > SM_FORMAT_MARKDOWN)
        *status = base_fail(error, SM_ERR_ARG, "document.format %u is not known; expected SM_FORMAT_…",
                            document->format);
    if (*status == SM_OK && document->date && !base_date_is_valid(document->date))
        *status = base_fail(error, SM_ERR_ARG, "document.date %d is no day; expected yyyymmdd", document->date);
    if (*status == SM_OK) *status = engine_check_charset("document", charset_of(document), error);
    return *status == SM_OK ? document : NULL;
}
