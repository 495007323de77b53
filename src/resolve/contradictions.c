/* What contradicts: a name and the code beside it that are of two companies. The name must stand alone, and the two must
 * not be called alike. */
#include <string.h>

#include "resolve/contradictions.h"

bool contradictions_add(resolve_state *resolver, const resolve_finding *finding) {
    if (!base_grow(resolver->allocator, (void **)&resolver->findings, &resolver->findings_capacity,
                   resolver->n_findings + 1, sizeof *finding))
        return false;
    resolver->findings[resolver->n_findings++] = *finding;
    return true;
}

/* --- Codes that count ---------------------------------------------------------------------------------------------------- */

static const char *form_of(const dict_view *view, uint32_t security) {
    return dict_cell(view, DICT_MICS, view->securities[security].mic, MIC_CODE_FORM);
}

static bool is_word(const dict_view *view, base_slice text) {
    uint64_t hash = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
    }
    return dict_word_find(view, hash) != 0;
}

/* (MSFT), (700): letters and short numbers are codes in brackets only, and not where they are a word or a year. */
static bool is_sure_in_brackets(const resolve_state *resolver, const contradictions_code *code) {
    const dict_view *view = resolver->view;
    base_slice text = resolver->runs[code->run].text, written = {text.bytes + code->start, code->end - code->start};
    size_t at = code->start;
    bool is_year = written.len == 4 && (memcmp(written.bytes, "19", 2) == 0 || memcmp(written.bytes, "20", 2) == 0);
    return contradictions_opens(resolve_char_before(view, text, &at))
           && contradictions_closes(contradictions_char(view, text, code->end)) && !is_year && !is_word(view, written);
}

static bool is_weak(const resolve_place *code) {
    return code->features >> FEATURE_WEAK_CODE & 1;
}

/* --- A name and the code beside it ---------------------------------------------------------------------------------------- */

/* Whether a name stands behind a code as in 600519 贵州茅台, or behind a label: 股票代码：600519 股票简称：贵州茅台. */
static bool is_gap_behind(const resolve_state *resolver, const contradictions_code *code, size_t to) {
    base_slice text = resolver->runs[code->run].text;
    bool is_blank = true, has_label = false;
    for (size_t at = code->end; at < to; at += base_utf8_len(text.bytes + at)) {
        uint32_t c = contradictions_char(resolver->view, text, at);
        is_blank &= c == ' ';
        has_label |= dict_is_han(c);
    }
    return is_blank || (has_label && resolve_is_gap(resolver->view, text, code->end, to, false));
}

static resolve_place *name_behind(const resolve_state *resolver, const contradictions_code *code) {
    uint32_t end = code->n_before + RESOLVE_LOOK_BACK;
    for (uint32_t i = code->n_before + 1; i < end && i < resolver->n_places; i++) {
        resolve_place *place = &resolver->places[i];
        if (place->run != code->run || place->is_code || place->start > code->end + RESOLVE_GAP) return NULL;
        if (place->start >= code->end) return is_gap_behind(resolver, code, place->start) ? place : NULL;
    }
    return NULL;
}

/* The line whose code would be right in the place of one of this form. */
static uint32_t right_line(const resolve_state *resolver, const resolve_finding *finding, const char *form) {
    for (uint32_t i = 0; i < finding->n_lines; i++) {
        uint32_t security = resolver->lines[finding->first_line + i].security;
        if (strcmp(form_of(resolver->view, security), form) == 0) return security;
    }
    return dict_none;
}

static const char *form_of_code(const resolve_state *resolver, const contradictions_code *code) {
    const dict_view *view = resolver->view;
    if (code->place) return form_of(view, resolver->codes[code->place->first_code]);
    if (code->unknown) return dict_cell(view, DICT_NOTATIONS, code->unknown->code.notation, NOTATION_FORM);
    return code->end - code->start == 6 ? "digits6" : "digits5";
}

bool contradictions_add_pair(resolve_state *resolver, const resolve_place *name, const contradictions_code *code) {
    resolve_finding finding = {.kind = code->place ? SM_FINDING_MISMATCH : SM_FINDING_UNKNOWN_CODE,
                               .run = name->run,
                               .code_run = code->run,
                               .name_start = name->start,
                               .name_end = name->end,
                               .code_start = code->start,
                               .code_end = code->end,
                               .security = code->place ? resolver->codes[code->place->first_code] : dict_none};
    if (!contradictions_find_lines(resolver, name, &finding)) return false;
    finding.right = right_line(resolver, &finding, form_of_code(resolver, code));
    bool needs_right = !code->unknown && (!code->place || is_weak(code->place));
    if (!finding.n_lines || (finding.right == dict_none && needs_right)) return true;
    if (finding.right == dict_none) finding.right = resolver->lines[finding.first_line].security;
    return contradictions_add(resolver, &finding);
}

/* | 贵州茅台 | 600518 |: the cells before a code and behind it, if nothing else stands in them. */
static resolve_place *name_in_cell(const resolve_state *resolver, const contradictions_code *code) {
    resolve_place *behind = NULL;
    uint32_t first = code->n_before > RESOLVE_LOOK_BACK ? code->n_before - RESOLVE_LOOK_BACK : 0;
    if (resolver->runs[code->run].region != SM_REGION_TABLE || !resolve_fills_run(resolver, code->n_before))
        return NULL;
    for (uint32_t i = first; i < resolver->n_places && i <= code->n_before + RESOLVE_LOOK_BACK; i++) {
        resolve_place *place = &resolver->places[i];
        const resolve_run *run = &resolver->runs[place->run];
        if (place->run > code->run + 1) break;
        if (place->run + 1 < code->run || place->run == code->run || place->is_code || run->region != SM_REGION_TABLE
            || run->document != resolver->runs[code->run].document || !resolve_fills_run(resolver, i))
            continue;
        if (place->run < code->run) return place;
        if (!behind) behind = place;
    }
    return behind;
}

/* (H.K.) is no symbol of the exchange K. */
static bool is_initials(const resolve_state *resolver, const contradictions_code *code) {
    base_slice text = resolver->runs[code->run].text;
    size_t at = code->start;
    return contradictions_char(resolver->view, text, code->end) == '.'
           && contradictions_opens(resolve_char_before(resolver->view, text, &at));
}

static bool check_code(resolve_state *resolver, const contradictions_code *code) {
    if (code->place->code_beside != dict_none || is_initials(resolver, code)) return true;
    if (is_weak(code->place) && !is_sure_in_brackets(resolver, code)) return true;
    resolve_place *name = contradictions_name_before(resolver, code);
    bool is_before = name != NULL;
    if (!name) name = name_behind(resolver, code);
    if (!name) name = name_in_cell(resolver, code);
    if (!name || name->code_beside != dict_none || resolve_share_issuer(resolver, name, code->place)
        || !contradictions_stands_alone(resolver, name) || contradictions_are_alike(resolver, name, code->place)
        || (!is_before && contradictions_score(resolver, name) < 0))
        return true;
    return contradictions_add_pair(resolver, name, code);
}

/* --- All of it ------------------------------------------------------------------------------------------------------------ */

static bool check_place(resolve_state *resolver, uint32_t i, size_t next_unknown) {
    const resolve_place *place = &resolver->places[i];
    const contradictions_code code = {
        .start = place->start, .end = place->end, .run = place->run, .n_before = i, .place = place};
    size_t n_before = resolver->n_findings;
    if (place->is_code && !check_code(resolver, &code)) return false;
    if (resolver->n_findings > n_before) return true; /* a code that is wrong anyway */
    return contradictions_check_day(resolver, i)
           && (place->is_code || contradictions_check_digits(resolver, i, next_unknown));
}

bool resolve_check(resolve_state *resolver) {
    size_t unknown = 0;
    for (uint32_t i = 0; i <= resolver->n_places; i++) {
        for (; unknown < resolver->n_unknown && resolver->unknown[unknown].n_before == i; unknown++)
            if (!contradictions_check_unknown(resolver, &resolver->unknown[unknown])) return false;
        if (i < resolver->n_places && !check_place(resolver, i, unknown)) return false;
    }
    return true;
}
