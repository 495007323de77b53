/* What the rooms said → the public structs of a result, and reading them. */
#include <string.h>

#include "engine/engine.h"

static void *append(sm_result *result, engine_array *array, size_t item_size) {
    if (!base_grow(&result->engine->allocator, &array->items, &array->capacity, array->n + 1, item_size)) return NULL;
    void *item = (char *)array->items + array->n++ * item_size;
    memset(item, 0, item_size);
    return item;
}

/* --- Filling ----------------------------------------------------------------------------------------------------------- */

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

static bool add_mention(sm_scanner *scanner, sm_result *result, const resolve_mention *found) {
    const dict_view *view = scanner->engine->view;
    const engine_run *from = &scanner->runs[found->run];
    size_t start, end;
    text_map(from->run, found->start, found->end, &start, &end);
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

bool engine_add_mentions(sm_scanner *scanner, sm_result *result, const engine_options *options) {
    size_t n;
    const resolve_mention *found = resolve_mentions(scanner->resolver, &n);
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(scanner->engine->view, options, found[i].security)) continue;
        if (is_full(result, options)) break;
        if (!add_mention(scanner, result, &found[i])) return false;
    }
    return true;
}

/* A link disagrees when a name or code inside it speaks of another issuer. */
static bool disagrees(const sm_result *result, const text_link *link, const char *issuer) {
    const sm_mention *mentions = result->mentions.items;
    const sm_security *securities = result->securities.items;
    bool has_any = false, has_same = false;
    for (size_t i = 0; i < result->mentions.n; i++) {
        const sm_mention *m = &mentions[i];
        if (m->field != SM_FIELD_TEXT || m->kind == SM_KIND_LINK) continue;
        if (m->start < link->source_start || m->end > link->source_end) continue;
        has_any = true;
        has_same |= strcmp(securities[m->security].issuer, issuer) == 0;
    }
    return has_any && !has_same;
}

static bool add_link(sm_scanner *scanner, sm_result *result, const text_link *link, uint32_t security) {
    const dict_view *view = scanner->engine->view;
    uint32_t meant = dict_successor(view, security);
    bool is_wrong = disagrees(result, link, dict_string(view, view->securities[view->securities[meant].issuer].id));
    resolve_line line = {.security = meant, .confidence = 65535};
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
                            .security = security_index(scanner, result, meant),
                            .first_candidate = first_candidate,
                            .n_candidates = 1,
                            .confidence = 65535,
                            .evidence = (uint64_t)1 << FEATURE_LINK | (uint64_t)is_wrong << FEATURE_LINK_DISAGREES,
                            .text = text,
                            .name = dict_string(view, view->securities[security].code)};
    return true;
}

bool engine_add_links(sm_scanner *scanner, sm_result *result, const engine_options *options, const text_page *page) {
    size_t covered = 0;
    uint32_t covering = dict_none;
    for (size_t i = 0; i < page->n_links; i++) {
        const text_link *link = &page->links[i];
        uint32_t security = engine_link_security(scanner->engine->view, link);
        if (security == dict_none) continue;
        if (!is_wanted(scanner->engine->view, options, dict_successor(scanner->engine->view, security))) continue;
        /* The image inside a link to the same page is a part of it. */
        if (link->source_end <= covered && security == covering) continue;
        if (is_full(result, options)) break;
        if (!add_link(scanner, result, link, security)) return false;
        covered = link->source_end;
        covering = security;
    }
    return true;
}

/* --- Order and units ---------------------------------------------------------------------------------------------------- */

static bool comes_before(const sm_mention *a, const sm_mention *b) {
    if (a->field != b->field) return a->field > b->field; /* the title stands before the text */
    if (a->start != b->start) return a->start < b->start;
    if ((a->kind == SM_KIND_LINK) != (b->kind == SM_KIND_LINK)) return a->kind == SM_KIND_LINK;
    return a->end > b->end;
}

/* Names come in order, then links in order: a merge from the end, in place, of two sorted stretches would need room for
 * one; links are few, so each is moved to its place. */
static void sort_mentions(sm_mention *mentions, size_t n) {
    for (size_t i = 1; i < n; i++) {
        sm_mention moved = mentions[i];
        size_t low = 0, high = i;
        if (!comes_before(&moved, &mentions[i - 1])) continue;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (comes_before(&moved, &mentions[middle])) high = middle;
            else low = middle + 1;
        }
        memmove(mentions + low + 1, mentions + low, (i - low) * sizeof *mentions);
        mentions[low] = moved;
    }
}

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

void engine_finish_mentions(sm_result *result, const sm_document *document) {
    sm_mention *mentions = result->mentions.items;
    sort_mentions(mentions, result->mentions.n);
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

/* --- Reading ------------------------------------------------------------------------------------------------------------ */

void engine_result_clear(sm_result *result) {
    base_arena_reset(&result->arena);
    result->mentions.n = result->candidates.n = result->securities.n = 0;
    result->by_security.n = result->by_issuer.n = 0;
    result->n_invalid = result->first_invalid = 0;
    result->as_of = 0;
    result->limits = 0;
    result->has_fields = false;
}

void sm_result_free(sm_result *result) {
    if (!result) return;
    const sm_engine *engine = result->engine;
    const sm_allocator *allocator = &engine->allocator;
    base_arena_free(&result->arena);
    void *const blocks[] = {result->mentions.items,    result->candidates.items, result->securities.items,
                            result->by_security.items, result->by_issuer.items,  result};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
    sm_engine_free((sm_engine *)(uintptr_t)engine);
}

static const void *items(const engine_array *array, uint32_t *stride, uint32_t item_size) {
    if (stride) *stride = item_size;
    return array->items;
}

uint64_t sm_result_mention_count(const sm_result *result) {
    return result ? result->mentions.n : 0;
}

const sm_mention *sm_result_mentions(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->mentions, stride, sizeof(sm_mention)) : NULL;
}

uint64_t sm_result_candidate_count(const sm_result *result) {
    return result ? result->candidates.n : 0;
}

const sm_candidate *sm_result_candidates(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->candidates, stride, sizeof(sm_candidate)) : NULL;
}

uint64_t sm_result_security_count(const sm_result *result) {
    return result ? result->securities.n : 0;
}

const sm_security *sm_result_securities(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->securities, stride, sizeof(sm_security)) : NULL;
}

uint64_t sm_result_rollup(const sm_result *result, uint32_t by, const sm_rollup **rows, uint32_t *stride) {
    if (rows) *rows = NULL;
    if (!result || by > SM_BY_ISSUER) return 0;
    const engine_array *array = by == SM_BY_ISSUER ? &result->by_issuer : &result->by_security;
    const sm_rollup *first = items(array, stride, sizeof(sm_rollup));
    if (rows) *rows = first;
    return array->n;
}

int32_t sm_result_as_of(const sm_result *result) {
    return result ? result->as_of : 0;
}

uint64_t sm_result_invalid_bytes(const sm_result *result, uint64_t *first) {
    if (first) *first = result ? result->first_invalid : 0;
    return result ? result->n_invalid : 0;
}

uint32_t sm_result_limits(const sm_result *result) {
    return result ? result->limits : 0;
}

uint32_t engine_result_offsets(const sm_result *result) {
    return result->offsets;
}

const sm_dict *engine_result_dict(const sm_result *result) {
    return result->engine->dict;
}

bool engine_result_has_fields(const sm_result *result) {
    return result->has_fields;
}
