/* What the rooms said → the public structs of a result, in the order of the document: mentions and links come in order
 * each and are merged. */
#include <string.h>

#include "engine/engine.h"

/* The item is not set to anything: who appends assigns all of it. NULL: out of memory, or of the numbers that items have. */
static inline void *append(sm_result *result, engine_array *array, size_t item_size) {
    if (array->n >= ENGINE_MOST_ITEMS) return NULL;
    if (!base_grow(&result->engine->allocator, &array->items, &array->capacity, array->n + 1, item_size)) return NULL;
    return (char *)array->items + array->n++ * item_size;
}

/* So many of a document are found sooner among themselves than in the index of all, which is not near in memory. */
enum { FEW_SECURITIES = 8 };

/* Enters the document's securities in the index when they become many, and each one from then on. */
static void index_securities(sm_scanner *scanner, const sm_result *result) {
    const sm_security *known = result->securities.items;
    size_t first = (size_t)result->document.first_security, end = result->securities.n;
    if (end - first <= FEW_SECURITIES) return;
    if (end - first > FEW_SECURITIES + 1) first = end - 1;
    for (size_t i = first; i < end; i++) scanner->result_index[known[i].handle] = (uint32_t)i + 1;
}

void engine_forget_securities(sm_scanner *scanner, const sm_result *result) {
    const sm_security *known = result->securities.items;
    size_t first = (size_t)result->document.first_security, end = result->securities.n;
    if (end - first <= FEW_SECURITIES) return;
    for (size_t i = first; i < end; i++) scanner->result_index[known[i].handle] = 0;
}

/* The index of a security among those of the document; UINT32_MAX when memory ran out. */
static uint32_t security_index(sm_scanner *scanner, sm_result *result, uint32_t security) {
    const sm_security *known = result->securities.items;
    size_t first = (size_t)result->document.first_security, end = result->securities.n;
    if (end - first > FEW_SECURITIES) {
        uint32_t index = scanner->result_index[security];
        if (index) return index - 1;
    } else {
        for (size_t i = first; i < end; i++)
            if (known[i].handle == security) return (uint32_t)i;
    }
    sm_security *item = append(result, &result->securities, sizeof *item);
    if (!item) return UINT32_MAX;
    dict_describe_security(scanner->engine->view, security, item);
    index_securities(scanner, result);
    return (uint32_t)end;
}

static bool id_is_in(const dict_view *view, uint32_t security, const char *const *ids, uint64_t n) {
    for (uint64_t i = 0; i < n; i++)
        if (strcmp(ids[i], dict_string(view, view->securities[security].id)) == 0) return true;
    return false;
}

static bool is_chosen(const dict_view *view, const engine_options *options, uint32_t security) {
    if (options->given.n_only && !id_is_in(view, security, options->given.only, options->given.n_only)) return false;
    return !id_is_in(view, security, options->given.exclude, options->given.n_exclude);
}

static inline bool is_wanted(const dict_view *view, const engine_options *options, uint32_t security) {
    if (!options->given.n_only && !options->given.n_exclude) return true; /* as nearly all calls say */
    return is_chosen(view, options, security);
}

static bool is_full(sm_result *result, const engine_options *options) {
    uint64_t n = result->mentions.n - result->document.first_mention;
    if (!options->given.max_mentions || n < options->given.max_mentions) return false;
    result->document.limits |= SM_LIMIT_MENTIONS;
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

/* The best of a mention's candidates is what it means. */
static uint32_t first_security(const sm_result *result, uint32_t first_candidate) {
    return ((const sm_candidate *)result->candidates.items)[first_candidate].security;
}

/* What a reader sees of it. Most are short, and a copy of a fixed length is two moves: what lies behind is not used. */
static char *copy_text(sm_result *result, const text_run *run, const resolve_mention *found) {
    enum { SHORT = 32 };
    size_t len = found->end - found->start;
    if (len >= SHORT || run->len - found->start < SHORT)
        return base_arena_copy(&result->arena, run->bytes + found->start, len);
    char *copy = base_arena_alloc(&result->arena, SHORT);
    if (!copy) return NULL;
    memcpy(copy, run->bytes + found->start, SHORT);
    copy[len] = '\0';
    return copy;
}

/* Each field by itself: a whole struct is cleared first, by an instruction that takes as long as all the rest of this. */
static void assign_mention(sm_mention *mention, const resolve_mention *found, const engine_run *from) {
    mention->start_units = mention->end_units = 0;
    mention->field = from->field;
    mention->kind = found->kind;
    mention->region = from->field == SM_FIELD_TITLE ? (uint32_t)SM_REGION_TITLE : from->run->region;
    mention->role = found->role;
    mention->n_candidates = found->n_lines;
    mention->confidence = found->confidence;
    mention->reserved = 0;
    mention->evidence = found->evidence;
}

static bool add_mention(sm_scanner *scanner, sm_result *result, const resolve_mention *found, size_t start,
                        size_t end) {
    const dict_view *view = scanner->engine->view;
    const engine_run *from = &scanner->runs[found->run];
    uint32_t first_candidate = (uint32_t)result->candidates.n;
    const resolve_line *lines = resolve_lines(scanner->resolver) + found->first_line;
    if (!add_candidates(scanner, result, lines, found->n_lines)) return false;
    sm_mention *mention = append(result, &result->mentions, sizeof *mention);
    char *text = copy_text(result, from->run, found);
    if (!mention || !text) return false;
    assign_mention(mention, found, from);
    mention->start = start;
    mention->end = end;
    mention->security = first_security(result, first_candidate);
    mention->first_candidate = first_candidate;
    mention->text = text;
    mention->name = dict_string(view, found->name);
    mention->document = result->documents.n;
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
                            .security = first_security(result, first_candidate),
                            .first_candidate = first_candidate,
                            .n_candidates = 1,
                            .confidence = 65535,
                            .evidence = (uint64_t)1 << FEATURE_LINK,
                            .text = text,
                            .name = dict_string(view, view->securities[security].code),
                            .document = result->documents.n};
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
        if (links.next < page->n_links && from->field == SM_FIELD_TEXT
            && !add_links(scanner, result, options, &links, start))
            return false;
        if (is_full(result, options)) return true;
        if (!add_mention(scanner, result, &found[i], start, end)) return false;
    }
    return add_links(scanner, result, options, &links, SIZE_MAX);
}

/* --- Links against what they cover -------------------------------------------------------------------------------------- */

/* The first mentions inside decide: links can be nested without end, and each would look at all that it holds. */
enum { LOOKED_AT = 64 };

static bool speaks_of_another(const sm_result *result, size_t link) {
    const sm_mention *mentions = result->mentions.items;
    const sm_security *securities = result->securities.items;
    bool has_any = false;
    size_t end = result->mentions.n - link > LOOKED_AT ? link + LOOKED_AT : result->mentions.n;
    for (size_t i = link + 1; i < end && mentions[i].start < mentions[link].end; i++) {
        if (mentions[i].kind == SM_KIND_LINK || mentions[i].end > mentions[link].end) continue;
        has_any = true;
        if (strcmp(securities[mentions[i].security].issuer, securities[mentions[link].security].issuer) == 0)
            return false;
    }
    return has_any;
}

void engine_check_links(sm_result *result) {
    sm_mention *mentions = result->mentions.items;
    for (size_t i = (size_t)result->document.first_mention; i < result->mentions.n; i++)
        if (mentions[i].kind == SM_KIND_LINK && speaks_of_another(result, i))
            mentions[i].evidence |= (uint64_t)1 << FEATURE_LINK_DISAGREES;
}

/* --- Units -------------------------------------------------------------------------------------------------------------- */

/* Units up to a byte, noted every so often on the way through a field: no place is far from a note, so that nested links
 * cost no more than others. */
typedef struct unit_note {
    uint64_t byte, units;
} unit_note;

typedef struct unit_counter {
    const char *bytes;
    uint64_t len;
    uint32_t unit;
    const unit_note *notes; /* the n-th is of the first character at NOTE_STEP * n or behind */
} unit_counter;

enum { NOTE_STEP = 1024 };

/* Goes on from a note to the first character at `to` or behind. */
static unit_note count_on(const unit_counter *counter, unit_note note, uint64_t to) {
    while (note.byte < to) {
        uint32_t c;
        unsigned skip = 1;
        unsigned step = base_utf8_decode(counter->bytes + note.byte, counter->bytes + counter->len, &c, &skip);
        note.units += counter->unit == SM_OFFSETS_UTF16 && c > 0xFFFF ? 2 : 1;
        note.byte += step ? step : skip;
    }
    return note;
}

static bool note_units(sm_result *result, unit_counter *counter) {
    uint64_t n = counter->len / NOTE_STEP + 1;
    unit_note *notes = base_arena_alloc(&result->arena, (size_t)n * sizeof *notes), last = {0, 0};
    if (!notes) return false;
    for (uint64_t i = 0; i < n; i++) notes[i] = last = count_on(counter, last, i * NOTE_STEP);
    counter->notes = notes;
    return true;
}

static uint64_t units_before(const unit_counter *counter, uint64_t byte) {
    const unit_note *note = &counter->notes[byte / NOTE_STEP];
    if (note->byte > byte) note--; /* a character reaches over the step; the first note is at 0 */
    return count_on(counter, *note, byte).units;
}

bool engine_count_units(sm_result *result, const sm_document *document) {
    unit_counter counters[] = {
        [SM_FIELD_TEXT] = {document->text, document->text_len, result->offsets, NULL},
        [SM_FIELD_TITLE] = {document->title, document->title_len, result->offsets, NULL},
    };
    sm_mention *mentions = result->mentions.items;
    for (size_t i = (size_t)result->document.first_mention; i < result->mentions.n; i++) {
        sm_mention *m = &mentions[i];
        unit_counter *counter = &counters[m->field];
        if (!counter->notes && !note_units(result, counter)) return false;
        m->start_units = units_before(counter, m->start);
        m->end_units = units_before(counter, m->end);
    }
    return true;
}
