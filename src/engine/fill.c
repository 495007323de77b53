/* What the rooms said → the public structs of a result, in the order of the document: mentions and links come in order
 * each and are merged. */
#include <string.h>

#include "engine/engine.h"

static void *append(sm_result *result, engine_array *array, size_t item_size) {
    if (!base_grow(&result->engine->allocator, &array->items, &array->capacity, array->n + 1, item_size)) return NULL;
    void *item = (char *)array->items + array->n++ * item_size;
    memset(item, 0, item_size);
    return item;
}

/* The index of a security in the result's own table; UINT32_MAX when memory ran out. */
static uint32_t security_index(sm_scanner *scanner, sm_result *result, uint32_t security) {
    uint32_t *index = &scanner->result_index[security];
    if (*index) return *index - 1;
    sm_security *item = append(result, &result->securities, sizeof *item);
    if (!item) return UINT32_MAX;
    dict_describe_security(scanner->engine->view, security, item);
    *index = (uint32_t)result->securities.n;
    return *index - 1;
}

static bool id_is_in(const dict_view *view, uint32_t security, const char *const *ids, uint64_t n) {
    for (uint64_t i = 0; i < n; i++)
        if (strcmp(ids[i], dict_string(view, view->securities[security].id)) == 0) return true;
    return false;
}

static bool is_wanted(const dict_view *view, const engine_options *options, uint32_t security) {
    if (options->given.n_only && !id_is_in(view, security, options->given.only, options->given.n_only)) return false;
    return !id_is_in(view, security, options->given.exclude, options->given.n_exclude);
}

static bool is_full(sm_result *result, const engine_options *options) {
    if (!options->given.max_mentions || result->mentions.n < options->given.max_mentions) return false;
    result->limits |= SM_LIMIT_MENTIONS;
    return true;
}

static bool add_candidates(sm_scanner *scanner, sm_result *result, const resolve_line *lines, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t security = security_index(scanner, result, lines[i].security);
        sm_candidate *candidate = append(result, &result->candidates, sizeof *candidate);
        if (!candidate || security == UINT32_MAX) return false;
        *candidate = (sm_candidate){.security = security, .confidence = lines[i].confidence};
    }
    return true;
}

static bool add_mention(sm_scanner *scanner, sm_result *result, const resolve_mention *found, size_t start,
                        size_t end) {
    const dict_view *view = scanner->engine->view;
    const engine_run *from = &scanner->runs[found->run];
    uint32_t first_candidate = (uint32_t)result->candidates.n;
    const resolve_line *lines = resolve_lines(scanner->resolver) + found->first_line;
    if (!add_candidates(scanner, result, lines, found->n_lines)) return false;
    sm_mention *mention = append(result, &result->mentions, sizeof *mention);
    char *text = base_arena_copy(&result->arena, from->run->bytes + found->start, found->end - found->start);
    if (!mention || !text) return false;
    *mention = (sm_mention){
        .start = start,
        .end = end,
        .field = from->field,
        .kind = found->kind,
        .region = from->field == SM_FIELD_TITLE ? (uint32_t)SM_REGION_TITLE : from->run->region,
        .role = SM_ROLE_SUBJECT,
        .security = security_index(scanner, result, found->security),
        .first_candidate = first_candidate,
        .n_candidates = found->n_lines,
        .confidence = found->confidence,
        .evidence = found->evidence,
        .text = text,
        .name = dict_string(view, found->name != dict_none ? view->names[found->name].text
                                                           : view->securities[found->then].code),
    };
    if (found->then != found->security) {
        sm_security *security = (sm_security *)result->securities.items + mention->security;
        security->then = dict_string(view, view->securities[found->then].id);
    }
    return true;
}

static bool add_link(sm_scanner *scanner, sm_result *result, const text_link *link, uint32_t security) {
    const dict_view *view = scanner->engine->view;
    resolve_line line = {.security = dict_successor(view, security), .confidence = 65535};
    uint32_t first_candidate = (uint32_t)result->candidates.n;
    if (!add_candidates(scanner, result, &line, 1)) return false;
    sm_mention *mention = append(result, &result->mentions, sizeof *mention);
    char *text = base_arena_copy(&result->arena, link->text.bytes, link->text.len);
    if (!mention || !text) return false;
    *mention = (sm_mention){.start = link->source_start,
                            .end = link->source_end,
                            .field = SM_FIELD_TEXT,
                            .kind = SM_KIND_LINK,
                            .region = link->region,
                            .security = security_index(scanner, result, line.security),
                            .first_candidate = first_candidate,
                            .n_candidates = 1,
                            .confidence = 65535,
                            .evidence = (uint64_t)1 << FEATURE_LINK,
                            .text = text,
                            .name = dict_string(view, view->securities[security].code)};
    return true;
}

/* The page's links on their way into the result. */
typedef struct link_stream {
    const text_page *page;
    size_t next;
    size_t covered;    /* the link before reaches to here … */
    uint32_t covering; /* … and names this security */
} link_stream;

/* Adds the links that begin at `before` or earlier. */
static bool add_links(sm_scanner *scanner, sm_result *result, const engine_options *options, link_stream *links,
                      size_t before) {
    const dict_view *view = scanner->engine->view;
    for (; links->next < links->page->n_links; links->next++) {
        const text_link *link = &links->page->links[links->next];
        if (link->source_start > before) break;
        uint32_t security = engine_link_security(view, link);
        if (security == dict_none || !is_wanted(view, options, dict_successor(view, security))) continue;
        /* The image inside a link to the same page is a part of it. */
        if (link->source_end <= links->covered && security == links->covering) continue;
        if (is_full(result, options)) break;
        if (!add_link(scanner, result, link, security)) return false;
        links->covered = link->source_end;
        links->covering = security;
    }
    return true;
}

bool engine_fill(sm_scanner *scanner, sm_result *result, const engine_options *options, const text_page *page) {
    link_stream links = {.page = page, .covering = dict_none};
    size_t n, start, end;
    const resolve_mention *found = resolve_mentions(scanner->resolver, &n);
    for (size_t i = 0; i < n; i++) {
        const engine_run *from = &scanner->runs[found[i].run];
        if (!is_wanted(scanner->engine->view, options, found[i].security)) continue;
        text_map(from->run, found[i].start, found[i].end, &start, &end);
        if (from->field == SM_FIELD_TEXT && !add_links(scanner, result, options, &links, start)) return false;
        if (is_full(result, options)) return true;
        if (!add_mention(scanner, result, &found[i], start, end)) return false;
    }
    return add_links(scanner, result, options, &links, SIZE_MAX);
}

/* --- Links against what they cover -------------------------------------------------------------------------------------- */

static bool speaks_of_another(const sm_result *result, size_t link) {
    const sm_mention *mentions = result->mentions.items;
    const sm_security *securities = result->securities.items;
    bool has_any = false;
    for (size_t i = link + 1; i < result->mentions.n && mentions[i].start < mentions[link].end; i++) {
        if (mentions[i].kind == SM_KIND_LINK || mentions[i].end > mentions[link].end) continue;
        has_any = true;
        if (strcmp(securities[mentions[i].security].issuer, securities[mentions[link].security].issuer) == 0)
            return false;
    }
    return has_any;
}

void engine_check_links(sm_result *result) {
    sm_mention *mentions = result->mentions.items;
    for (size_t i = 0; i < result->mentions.n; i++)
        if (mentions[i].kind == SM_KIND_LINK && speaks_of_another(result, i))
            mentions[i].evidence |= (uint64_t)1 << FEATURE_LINK_DISAGREES;
}

/* --- Units -------------------------------------------------------------------------------------------------------------- */

static uint64_t count_units(const char *bytes, uint64_t from, uint64_t to, uint64_t len, uint32_t unit) {
    uint64_t n = 0;
    for (uint64_t at = from; at < to;) {
        uint32_t c;
        unsigned skip = 1, step = base_utf8_decode(bytes + at, bytes + len, &c, &skip);
        n += unit == SM_OFFSETS_UTF16 && c > 0xFFFF ? 2 : 1;
        at += step ? step : skip;
    }
    return n;
}

void engine_count_units(sm_result *result, const sm_document *document) {
    sm_mention *mentions = result->mentions.items;
    if (result->offsets == SM_OFFSETS_BYTE) return;
    uint64_t at = 0, units = 0;
    for (size_t i = 0; i < result->mentions.n; i++) {
        sm_mention *m = &mentions[i];
        bool is_title = m->field == SM_FIELD_TITLE;
        const char *bytes = is_title ? document->title : document->text;
        uint64_t len = is_title ? document->title_len : document->text_len;
        if (i && m->field != mentions[i - 1].field) at = units = 0;
        units += count_units(bytes, at, m->start, len, result->offsets);
        at = m->start;
        m->start_units = units;
        m->end_units = units + count_units(bytes, m->start, m->end, len, result->offsets);
    }
}
