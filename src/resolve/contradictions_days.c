/* Names that the day of the text rules out. Days in the tables are bounds mostly, and texts tell of old times: only what is
 * years off is said. */
#include <string.h>

#include "resolve/contradictions.h"

enum {
    YEARS_OFF = 730,    /* days from the change of a name on */
    BEFORE_LISTING = 90 /* codes are given some weeks before */
};

/* --- Former names ------------------------------------------------------------------------------------------------------- */

/* Whether a word of folded characters stands right before `at`, in one line. */
static bool stands_before(const dict_view *view, base_slice text, size_t at, const char *word) {
    uint32_t c;
    for (size_t i = strlen(word); i;) {
        i = base_utf8_back(word, i);
        base_utf8_read(word + i, &c);
        if (resolve_char_before(view, text, &at) != c) return false;
    }
    return true;
}

/* The same right behind it. */
static bool stands_behind(const dict_view *view, base_slice text, size_t at, const char *word) {
    uint32_t c;
    for (; *word; word += base_utf8_read(word, &c), at += base_utf8_len(text.bytes + at)) {
        base_utf8_read(word, &c);
        if (contradictions_char(view, text, at) != c) return false;
    }
    return true;
}

/* What may stand between such a word and the name. */
static bool is_sign(uint32_t c) {
    return c == ' ' || c == ':' || dict_is_quote(c);
}

/* 原名, 前身: the text says itself that the name is an old one. */
static bool is_said_before(const dict_view *view, base_slice text, size_t at) {
    static const char *const words[] = {"原",     "原名",     "原名为", "原称",     "原为",
                                        "原系",   "前身",     "前身为", "前身是",   "前身系",
                                        "曾用名", "曾用名为", "更名前", "更名前的", "formerly"};
    for (size_t before = at;; at = before) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (stands_before(view, text, at, words[i])) return true;
        if (!is_sign(resolve_char_before(view, text, &before))) return false;
    }
}

/* 更名为 and （现 behind it. */
static bool is_said_behind(const dict_view *view, base_slice text, size_t at) {
    static const char *const words[] = {"更名", "改名", "(现", "(now"};
    for (;; at += base_utf8_len(text.bytes + at)) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (stands_behind(view, text, at, words[i])) return true;
        if (!is_sign(contradictions_char(view, text, at))) return false;
    }
}

static bool is_off(const dict_name *name, int32_t as_of) {
    return (name->to && resolve_is_before(name->to, as_of, YEARS_OFF))
           || (name->from && resolve_is_before(as_of, name->from, YEARS_OFF));
}

/* Whether none of the names that read so was in use on the day. @param finding  receives the days of the last. */
static bool is_out_of_use(const resolve_state *resolver, const resolve_place *place, int32_t as_of,
                          resolve_finding *finding) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        if (!is_off(name, as_of)) return false;
        finding->from = name->from;
        finding->to = name->to;
    }
    return true;
}

/* A brand outlives its company's name, and two characters are called so by others: Markit, 郑煤. */
static bool is_distinctive(const resolve_state *resolver, const resolve_place *place) {
    const dict_surface *surface = &resolver->view->surfaces[place->surface];
    enum { LEAST = 3 }; /* characters */
    if (place->code_beside != dict_none || place->features & resolve_bit(FEATURE_LONG_NAME)) return true;
    return surface->flags & DICT_SURFACE_HAN && surface->n_chars >= LEAST;
}

/* --- Not listed yet ------------------------------------------------------------------------------------------------------ */

/* The first day of the issuer's first line; 0 where one is not known. */
static int32_t first_day(const dict_view *view, uint32_t security) {
    const dict_security *s = &view->securities[security];
    int32_t first = 0;
    for (uint32_t i = 0; i < s->n_lines; i++) {
        int32_t listed = view->securities[view->lines[s->first_line + i]].listed;
        if (!listed) return 0;
        if (!first || listed < first) first = listed;
    }
    return first;
}

/* Companies are spoken of before they are listed; their codes are not, nor is it said of them that they rose. */
static bool is_listed_later(const resolve_state *resolver, const resolve_place *place, int32_t as_of,
                            resolve_finding *finding) {
    bool has_code = place->is_code || place->code_beside != dict_none;
    if (!has_code && !(place->features & resolve_bit(FEATURE_TRADING_RIGHT))) return false;
    for (uint32_t i = 0; i < finding->n_lines; i++) {
        int32_t first = first_day(resolver->view, resolver->lines[finding->first_line + i].security);
        if (!first || !resolve_is_before(as_of, first, BEFORE_LISTING)) return false;
        if (i == 0) finding->from = first;
    }
    return finding->n_lines > 0;
}

/* --- All of it ------------------------------------------------------------------------------------------------------------ */

static bool is_old_name(const resolve_state *resolver, const resolve_place *place, int32_t as_of,
                        resolve_finding *finding) {
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, place);
    return !place->is_code && is_distinctive(resolver, place) && is_out_of_use(resolver, place, as_of, finding)
           && !is_said_before(view, text, place->start) && !is_said_behind(view, text, place->end);
}

bool contradictions_check_day(resolve_state *resolver, uint32_t index) {
    const resolve_place *place = &resolver->places[index];
    resolve_finding finding = {.run = place->run, .code_run = place->run, .right = dict_none, .security = dict_none};
    const int32_t as_of = resolver->runs[place->run].as_of;
    if (!place->is_taken || !as_of || (place->is_code && place->code_beside != dict_none)) return true;
    if (!contradictions_find_lines(resolver, place, &finding)) return false;
    if (is_old_name(resolver, place, as_of, &finding)) finding.kind = SM_FINDING_NAME_DATE;
    else if (is_listed_later(resolver, place, as_of, &finding)) finding.kind = SM_FINDING_NOT_LISTED;
    if (!finding.kind || !finding.n_lines) return true;
    *(place->is_code ? &finding.code_start : &finding.name_start) = place->start;
    *(place->is_code ? &finding.code_end : &finding.name_end) = place->end;
    finding.right = finding.security = resolver->lines[finding.first_line].security;
    return contradictions_add(resolver, &finding);
}
