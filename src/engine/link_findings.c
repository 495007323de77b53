/* Links that go to another company than their text names. The text must say nothing else: a headline that links to the page
 * of one company may speak of others. */
#include <string.h>

#include "engine/findings.h"

/* --- What the text names --------------------------------------------------------------------------------------------------- */

static uint32_t issuer_of(const dict_view *view, uint32_t security) {
    return view->securities[security].issuer;
}

/* What a link's text can mean. */
typedef struct meaning {
    findings_draft *draft;
    uint32_t issuer; /* of the page that the link goes to */
    bool has_issuer; /* the text can mean that one */
} meaning;

static void mean(const dict_view *view, meaning *m, uint32_t security) {
    findings_draft *draft = m->draft;
    m->has_issuer |= issuer_of(view, security) == m->issuer;
    for (uint32_t i = 0; i < draft->n_ids; i++)
        if (draft->ids[i] == security) return;
    if (draft->n_ids < FINDINGS_MOST_IDS) draft->ids[draft->n_ids++] = security;
}

/* The text as a name of the tables, also where by itself it would be no mention: 太阳能. */
static void mean_name(const dict_view *view, base_slice text, meaning *m) {
    char bytes[DICT_MAX_NAME_BYTES];
    base_slice folded = {bytes, dict_fold_text(view, text, bytes, sizeof bytes)};
    dict_strip_marks(&folded);
    uint32_t surface = folded.len ? dict_find_surface(view, folded) : dict_none;
    if (surface == dict_none || view->surfaces[surface].flags & DICT_SURFACE_NEVER) return;
    for (uint32_t i = 0; i < view->surfaces[surface].n; i++)
        mean(view, m, view->names[dict_surface_name(view, &view->surfaces[surface], i)].security);
}

static size_t count_word_chars(const dict_view *view, const char *text) {
    size_t n = 0;
    for (const char *p = text; *p;) {
        uint32_t c;
        p += base_utf8_read(p, &c);
        c = dict_fold_char(view, c);
        n += dict_is_latin(c) || dict_is_han(c);
    }
    return n;
}

/* The mentions inside a link, where they are all of its text: 贵州茅台（600519）. The first decide: links can be nested without
 * end, and each would look at all that it holds. */
static void mean_mentions(const dict_view *view, const sm_result *result, size_t first, const char *text, meaning *m) {
    enum { LOOKED_AT = 64 };
    const sm_mention *mentions = result->mentions.items;
    const sm_security *securities = result->securities.items;
    const sm_candidate *candidates = result->candidates.items;
    sm_finding *finding = &m->draft->finding;
    size_t n_chars = 0;
    for (size_t i = first; i < result->mentions.n && i < first + LOOKED_AT; i++) {
        const sm_mention *mention = &mentions[i];
        if (mention->start >= finding->code_end) break;
        if (mention->kind == SM_KIND_LINK || mention->end > finding->code_end) continue;
        if (!n_chars) finding->name_start = mention->start;
        finding->name_end = mention->end;
        n_chars += count_word_chars(view, mention->text);
        if (securities[mention->security].status == SM_SECURITY_UNKNOWN) continue; /* it is none of the dictionary's */
        for (uint32_t c = 0; c < mention->n_candidates; c++)
            mean(view, m, securities[candidates[mention->first_candidate + c].security].handle);
    }
    if (n_chars >= count_word_chars(view, text)) return;
    m->draft->n_ids = 0;
    finding->name_start = finding->code_start; /* the name is then all that the link has */
    finding->name_end = finding->code_end;
}

/* --- Links ------------------------------------------------------------------------------------------------------------------ */

static base_slice address_of(const text_link *link) {
    const base_slice all[] = {link->href, link->data_code2, link->data_code, link->id};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].len) return all[i];
    return (base_slice){"", 0};
}

/* @param first  the first mention that begins in the link or behind its start. */
static bool check(sm_scanner *scanner, sm_result *result, const text_link *link, uint32_t security, size_t first) {
    enum { LONGEST = 256 };
    const dict_view *view = scanner->engine->view;
    if (link->text.len > LONGEST) return true; /* before it is looked at: links can be nested without end */
    base_slice text = base_slice_trim(link->text), address = address_of(link);
    findings_draft draft = {.security = security, .right = dict_none};
    meaning m = {.draft = &draft, .issuer = issuer_of(view, security)};
    sm_finding *finding = &draft.finding;
    if (!text.len) return true;
    finding->kind = SM_FINDING_LINK;
    finding->field = SM_FIELD_TEXT;
    finding->region = link->region;
    finding->code_start = finding->name_start = link->source_start;
    finding->code_end = finding->name_end = link->source_end;
    finding->name = base_arena_copy(&result->arena, text.bytes, text.len);
    finding->code = base_arena_copy(&result->arena, address.bytes, address.len);
    if (!finding->name || !finding->code) return false;
    mean_mentions(view, result, first, finding->name, &m);
    if (!draft.n_ids) mean_name(view, text, &m);
    if (!draft.n_ids || m.has_issuer || resolve_are_alike(view, text, security)) return true;
    draft.right = draft.ids[0];
    return findings_add(scanner, result, &draft);
}

bool findings_add_links(sm_scanner *scanner, sm_result *result, const text_page *page) {
    const sm_mention *mentions = result->mentions.items;
    size_t covered = 0, first = 0;
    uint32_t covering = dict_none;
    while (first < result->mentions.n && mentions[first].field != SM_FIELD_TEXT) first++;
    for (size_t i = 0; i < page->n_links; i++) {
        const text_link *link = &page->links[i];
        uint32_t security = scanner->link_securities[i];
        if (security == dict_none || (link->source_end <= covered && security == covering)) continue;
        while (first < result->mentions.n && mentions[first].start < link->source_start) first++;
        if (!check(scanner, result, link, security, first)) return false;
        covered = link->source_end;
        covering = security;
    }
    return true;
}
