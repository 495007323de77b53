/* What the rooms said → the public structs of a result, in the order of the document: mentions and links come in order
 * each and are merged. */
#include <string.h>

#include "engine/engine.h"

/* Room for so many more items, which have numbers. False: out of memory, or of numbers. */
static bool make_room(sm_result *result, engine_array *array, size_t more, size_t item_size) {
    if (more > ENGINE_MOST_ITEMS - array->n) return false;
    return base_grow(&result->engine->allocator, &array->items, &array->capacity, array->n + more, item_size);
}

/* A wave on its way into the result. */
typedef struct filling {
    sm_scanner *scanner;
    sm_result *result;
    const engine_options *options;
    sm_document_info *documents; /* of the wave */
    size_t n_before;             /* documents of the result before them */
    /* The result's own, in which there is room for all of the wave. */
    sm_mention *mentions;
    sm_candidate *candidates;
    sm_security *securities;
    /* Of the document at hand. */
    uint32_t document;
    size_t first_security;
} filling;

/* Room for what a wave can have at most, so that it is asked for once: what is not wanted is few. */
static bool make_all_room(filling *f, size_t n_mentions, size_t n_lines) {
    sm_result *result = f->result;
    if (!make_room(result, &result->mentions, n_mentions, sizeof *f->mentions)
        || !make_room(result, &result->candidates, n_lines, sizeof *f->candidates)
        || !make_room(result, &result->securities, n_lines, sizeof *f->securities))
        return false;
    f->mentions = result->mentions.items;
    f->candidates = result->candidates.items;
    f->securities = result->securities.items;
    return true;
}

void engine_tell_documents(const sm_scanner *scanner, sm_result *result) {
    sm_document_info *infos = engine_wave_documents(scanner, result);
    for (uint32_t i = 0; i < scanner->n_documents; i++) {
        const engine_document *from = &scanner->documents[i];
        infos[i].n_invalid = from->n_invalid;
        infos[i].first_invalid = from->first_invalid;
        infos[i].as_of = from->as_of;
        infos[i].charset = text_charset_word(from->charset);
        infos[i].limits |= from->limits;
        infos[i].flags = from->flags;
        infos[i].n_read = from->n_read;
    }
}

/* Where the parts of those behind the first begin is told when they are counted. */
bool engine_open_documents(sm_scanner *scanner, sm_result *result) {
    engine_array *documents = &result->documents;
    if (!base_grow(&scanner->engine->allocator, &documents->items, &documents->capacity,
                   documents->n + scanner->n_documents, sizeof(sm_document_info)))
        return false;
    documents->n += scanner->n_documents;
    sm_document_info *infos = engine_wave_documents(scanner, result);
    for (uint32_t i = 0; i < scanner->n_documents; i++) {
        sm_document_info *info = &infos[i];
        info->first_mention = result->mentions.n;
        info->first_security = result->securities.n;
        info->n_mentions = info->n_securities = 0;
        info->n_rows[SM_BY_SECURITY] = info->n_rows[SM_BY_ISSUER] = 0;
        info->limits = info->reserved = 0;
    }
    scanner->n_unlisted_slots = 0;
    engine_tell_documents(scanner, result);
    return true;
}

/* Mentions come document by document. Without a branch, since every other mention is of the same document as the last. */
static inline void enter_document(filling *f, uint32_t document) {
    f->first_security += (f->result->securities.n - f->first_security) * (document != f->document);
    f->document = document;
}

/* Is there a security of the document at this index? What it says is of another document mostly, or of another result. */
static inline bool is_of_document(const filling *f, uint32_t index) {
    return index - f->first_security < f->result->securities.n - f->first_security;
}

/* The index of a security among those of the document. A document has few, which near_index tells of from the nearest cache:
 * what has a slot there keeps it to the document's end, and the others are in result_index, which is large. */
static inline uint32_t security_index(filling *f, uint32_t security) {
    size_t *n = &f->result->securities.n;
    uint32_t *index = &f->scanner->near_index[(security * 0x9E3779B1u) >> (32 - ENGINE_NEAR_BITS)];
    if (is_of_document(f, *index)) {
        if (f->securities[*index].handle == security) return *index;
        index = &f->scanner->result_index[security];
        if (is_of_document(f, *index) && f->securities[*index].handle == security) return *index;
    }
    dict_describe_security(f->scanner->engine->view, security, &f->securities[*n]);
    return *index = (uint32_t)(*n)++;
}

/* What is asked first of a mention lies far apart in memory, and is fetched some mentions ahead. */
static inline void prefetch_security(const filling *f, uint32_t security) {
    __builtin_prefetch(&f->scanner->engine->view->securities[security]);
}

static bool is_full(filling *f) {
    uint64_t most = f->options->given.max_mentions;
    const uint64_t n_told = f->scanner->documents[f->document].n_told;
    if (!most || f->documents[f->document].n_mentions + n_told < most) return false;
    f->documents[f->document].limits |= SM_LIMIT_MENTIONS;
    return true;
}

/* Counts what was taken and is left out after all. */
static void leave_out(filling *f, uint32_t decision) {
    resolve_counts left_out = {.decisions[SM_DECISION_TAKEN] = UINT64_MAX}; /* one less */
    left_out.decisions[decision] = 1;
    if (f->options->given.counts) engine_result_count(f->result, &left_out);
}

/* Adds the lines that a mention can mean, best first. @return the first of them. */
static const sm_candidate *add_candidates(filling *f, const resolve_line *lines, size_t n) {
    sm_candidate *first = f->candidates + f->result->candidates.n;
    for (size_t i = 0; i < n; i++)
        first[i] = (sm_candidate){.security = security_index(f, lines[i].security), .confidence = lines[i].confidence};
    f->result->candidates.n += n;
    return first;
}

/* A new mention of the document at hand, which is counted. It is not set to anything: who adds it assigns all of it. */
static inline sm_mention *new_mention(filling *f) {
    sm_document_info *info = &f->documents[f->document];
    info->n_mentions++;
    info->n_securities = f->result->securities.n - f->first_security;
    return &f->mentions[f->result->mentions.n++];
}

/* What a reader sees of it. Most are short, and a copy of a fixed length is two moves: what lies behind is not used. */
static char *copy_text(sm_result *result, base_slice run, const resolve_mention *found) {
    enum { SHORT = 32 };
    size_t len = found->end - found->start;
    if (len >= SHORT || run.len - found->start < SHORT)
        return base_arena_copy(&result->arena, run.bytes + found->start, len);
    char *copy = base_arena_alloc(&result->arena, SHORT);
    if (!copy) return NULL;
    memcpy(copy, run.bytes + found->start, SHORT);
    copy[len] = '\0';
    return copy;
}

/* Each field by itself: a whole struct is cleared first, by an instruction that takes as long as all the rest of this. */
static bool add_mention(filling *f, const resolve_mention *found, const resolve_line *lines, const resolve_run *run,
                        size_t start, size_t end) {
    const sm_candidate *first = add_candidates(f, lines + found->first_line, found->n_lines);
    const dict_view *view = f->scanner->engine->view;
    sm_mention *mention = new_mention(f);
    mention->start = start;
    mention->end = end;
    mention->start_units = mention->end_units = 0;
    mention->field = f->scanner->runs[found->run].field;
    mention->kind = found->kind;
    mention->region = run->region;
    mention->role = found->role;
    mention->security = first->security;
    mention->first_candidate = (uint32_t)(first - f->candidates);
    mention->n_candidates = found->n_lines;
    mention->confidence = found->confidence;
    mention->reserved = 0;
    mention->evidence = found->evidence;
    mention->text = copy_text(f->result, run->text, found);
    mention->name = dict_string(view, found->name);
    mention->document = f->n_before + f->document;
    if (found->then != found->security)
        f->securities[mention->security].then = dict_string(view, view->securities[found->then].id);
    return mention->text != NULL;
}

/* A code that no table has: its security is told from the code. */
static bool add_unlisted(filling *f, const resolve_mention *found, const resolve_run *run, size_t start, size_t end) {
    const scan_candidate *code = resolve_unlisted(f->scanner->resolver, found);
    uint32_t security = engine_unlisted_security(f->scanner, f->result, f->first_security, code, run->text);
    if (security == dict_none) return false;
    uint32_t first = (uint32_t)f->result->candidates.n++;
    f->candidates[first] = (sm_candidate){.security = security, .confidence = 65535};
    sm_mention *mention = new_mention(f);
    *mention = (sm_mention){.start = start,
                            .end = end,
                            .field = f->scanner->runs[found->run].field,
                            .kind = found->kind,
                            .region = run->region,
                            .role = found->role,
                            .security = security,
                            .first_candidate = first,
                            .n_candidates = 1,
                            .confidence = found->confidence,
                            .evidence = found->evidence,
                            .text = copy_text(f->result, run->text, found),
                            .name = strchr(f->securities[security].id, ':') + 1,
                            .document = f->n_before + f->document};
    return mention->text != NULL;
}

/* Links may stand in each other without end, each around all that follows: only so much of a text is copied. */
enum { LONGEST_LINK_TEXT = 1024 };

static char *copy_link_text(sm_result *result, base_slice text) {
    return base_arena_copy(&result->arena, text.bytes, base_slice_cut(text, LONGEST_LINK_TEXT).len);
}

static bool add_link(filling *f, const text_link *link, uint32_t security) {
    const dict_view *view = f->scanner->engine->view;
    resolve_line line = {.security = dict_successor(view, security), .confidence = 65535};
    const sm_candidate *first = add_candidates(f, &line, 1);
    sm_mention *mention = new_mention(f);
    *mention = (sm_mention){.start = link->source_start,
                            .end = link->source_end,
                            .field = SM_FIELD_TEXT,
                            .kind = SM_KIND_LINK,
                            .region = link->region,
                            .security = first->security,
                            .first_candidate = (uint32_t)(first - f->candidates),
                            .n_candidates = 1,
                            .confidence = 65535,
                            .evidence = (uint64_t)1 << FEATURE_LINK,
                            .text = copy_link_text(f->result, link->text),
                            .name = dict_string(view, view->securities[security].code),
                            .document = f->n_before + f->document};
    return mention->text != NULL;
}

/* Adds the links that begin at `before` or earlier. */
static bool add_links(filling *f, engine_links *links, size_t before) {
    const dict_view *view = f->scanner->engine->view;
    for (; links->next < links->end; links->next++, links->security++) {
        const text_link *link = links->next;
        if (link->source_start > before) break;
        uint32_t security = *links->security;
        if (security == dict_none || !engine_is_chosen(f->options, dict_successor(view, security))) continue;
        /* The image inside a link to the same page is a part of it. */
        if (link->source_end <= links->covered && security == links->covering) continue;
        if (is_full(f)) break;
        if (!add_link(f, link, security)) return false;
        links->covered = link->source_end;
        links->covering = security;
    }
    return true;
}

/* Mentions, with the links that stand before them. */
static bool add_all(filling *f, engine_links *links) {
    sm_scanner *scanner = f->scanner;
    enum { AHEAD = 4 };
    const resolve_run *runs = resolve_runs(scanner->resolver);
    size_t n, n_lines, n_links = (size_t)(links->end - links->next), start, end;
    const size_t n_unlisted = resolve_unlisted_count(scanner->resolver);
    const resolve_mention *found = resolve_mentions(scanner->resolver, &n);
    const resolve_line *lines = resolve_lines(scanner->resolver, &n_lines);
    if (!make_all_room(f, n + n_links, n_lines + n_unlisted + n_links)) return false;
    if (!engine_unlisted_begin(scanner, f->result, f->first_security, n_unlisted)) return false;
    for (size_t i = 0; i < AHEAD && i < n; i++) prefetch_security(f, found[i].security);
    for (size_t i = 0; i < n; i++) {
        const resolve_mention *mention = &found[i];
        const engine_run *from = &scanner->runs[mention->run];
        const resolve_run *run = &runs[mention->run];
        prefetch_security(f, found[i + AHEAD < n ? i + AHEAD : i].security);
        if (mention->n_lines && !engine_is_chosen(f->options, mention->security)) {
            leave_out(f, SM_DECISION_UNWANTED);
            continue;
        }
        enter_document(f, run->document);
        engine_place(from, mention->start, mention->end, &start, &end);
        if (links->next < links->end && from->field == SM_FIELD_TEXT && !add_links(f, links, start)) return false;
        if (is_full(f)) {
            if (mention->n_lines) leave_out(f, SM_DECISION_CUT);
            continue;
        }
        bool is_added = mention->n_lines ? add_mention(f, mention, lines, run, start, end)
                                         : add_unlisted(f, mention, run, start, end);
        if (!is_added) return false;
    }
    return add_links(f, links, SIZE_MAX);
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
        if (securities[mentions[i].security].status == SM_SECURITY_UNKNOWN) continue;
        has_any = true;
        if (strcmp(securities[mentions[i].security].issuer, securities[mentions[link].security].issuer) == 0)
            return false;
    }
    return has_any;
}

void engine_check_links(sm_result *result, size_t first_mention) {
    sm_mention *mentions = result->mentions.items;
    for (size_t i = first_mention; i < result->mentions.n; i++)
        if (mentions[i].kind == SM_KIND_LINK && speaks_of_another(result, i))
            mentions[i].evidence |= (uint64_t)1 << FEATURE_LINK_DISAGREES;
}

/* --- All of it ---------------------------------------------------------------------------------------------------------- */

/* What was counted by document tells where each begins. */
static void number_documents(const filling *f, uint64_t mention, uint64_t security) {
    for (uint32_t i = 0; i < f->scanner->n_documents; i++) {
        f->documents[i].first_mention = mention;
        f->documents[i].first_security = security;
        mention += f->documents[i].n_mentions;
        security += f->documents[i].n_securities;
    }
}

bool engine_fill(sm_scanner *scanner, sm_result *result, const engine_options *options, engine_links *links) {
    sm_document_info *infos = engine_wave_documents(scanner, result);
    filling f = {.scanner = scanner,
                 .result = result,
                 .options = options,
                 .documents = infos,
                 .n_before = result->documents.n - scanner->n_documents,
                 .first_security = (size_t)infos->first_security};
    if (!add_all(&f, links)) return false;
    number_documents(&f, infos->first_mention, infos->first_security);
    return true;
}
