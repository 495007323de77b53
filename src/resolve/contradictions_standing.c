/* Which names may be held against a code. Codes do stand beside names that are not theirs in good texts: behind the end of
 * a longer name that the tables do not know, behind an abbreviation, behind a name of other days. */
#include <string.h>

#include "resolve/contradictions.h"

/* Where a sign stands before a name, it begins there, whatever else it may mean. */
enum { ALONE_BEHIND_SIGN = -500 };

/* --- Does it stand alone? ------------------------------------------------------------------------------------------------ */

int32_t contradictions_score(resolve_state *resolver, resolve_place *name) {
    if (!name->is_looked_at) resolve_look_around(resolver, name);
    bool is_against = name->features >> FEATURE_OTHER_CODE_BESIDE & 1;
    return name->score - is_against * resolver->model->weights[FEATURE_OTHER_CODE_BESIDE];
}

/* 公司 soon behind a name makes it whole, as 股份 or 集团 alone do not. */
static bool is_company_behind(base_slice text, size_t at) {
    static const char company[] = "公司";
    enum { FAR = 24 };
    size_t end = text.len - at > FAR ? at + FAR : text.len;
    for (; at + sizeof company - 1 <= end; at++)
        if (memcmp(text.bytes + at, company, sizeof company - 1) == 0) return true;
    return false;
}

/* Whether a Latin name goes on to the left: Apria Healthcare. */
static bool is_capital_word_before(base_slice text, size_t at) {
    enum { LONGEST = 32 };
    if (at < 2 || text.bytes[at - 1] != ' ') return false;
    size_t start = --at;
    while (start && at - start < LONGEST && text.bytes[start - 1] != ' ' && (unsigned char)text.bytes[start - 1] < 0x80)
        start--;
    char c = text.bytes[start];
    return start < at && (base_is_capital(c) || base_is_digit(c) || c == '&');
}

bool contradictions_stands_alone(resolve_state *resolver, resolve_place *name) {
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, name);
    int32_t score = contradictions_score(resolver, name);
    size_t at = name->start;
    bool goes_on = dict_is_han(contradictions_char(view, text, name->end));
    if (name->surface_flags & DICT_SURFACE_NEVER) return false;
    if (name->is_short && goes_on && !is_company_behind(text, name->end)) return false;
    if (score >= 0) return true;
    if (!(name->surface_flags & DICT_SURFACE_HAN))
        return !(name->features & resolve_bit(FEATURE_LOWER_CASE)) && !is_capital_word_before(text, name->start);
    return score >= ALONE_BEHIND_SIGN && !resolve_is_word_char(resolve_char_before(view, text, &at));
}

/* --- Is the other one called alike? -------------------------------------------------------------------------------------- */

/* Whether the characters of one come in the same order in the other: 东航 in 中国东方航空. */
static bool is_abbreviation(base_slice brief, base_slice full) {
    size_t at = 0, in_full = 0;
    while (at < brief.len && in_full < full.len) {
        uint32_t wanted, c;
        unsigned step = base_utf8_read(brief.bytes + at, &wanted);
        in_full += base_utf8_read(full.bytes + in_full, &c);
        if (c == wanted) at += step;
    }
    return at == brief.len;
}

static bool is_part(base_slice part, base_slice whole) {
    for (size_t at = 0; at + part.len <= whole.len; at++)
        if (memcmp(whole.bytes + at, part.bytes, part.len) == 0) return true;
    return false;
}

static base_slice fold(const dict_view *view, base_slice name, char out[DICT_MAX_NAME_BYTES]) {
    static const char gone[] = "退"; /* behind the name of who is about to be delisted */
    const size_t len = sizeof gone - 1;
    base_slice bare = {out, dict_fold_text(view, name, out, DICT_MAX_NAME_BYTES)};
    dict_strip_marks(&bare);
    while (bare.len > len && memcmp(bare.bytes + bare.len - len, gone, len) == 0) bare.len -= len;
    return bare;
}

static bool are_called_alike(const dict_view *view, base_slice written, uint32_t line) {
    enum { LEAST = 4 }; /* bytes */
    char name[DICT_MAX_NAME_BYTES];
    base_slice called = fold(view, base_slice_of(dict_string(view, view->securities[line].name)), name);
    if (written.len < LEAST || called.len < LEAST) return false;
    bool are_han = (unsigned char)written.bytes[0] >= 0x80 && (unsigned char)called.bytes[0] >= 0x80;
    return are_han ? is_abbreviation(written, called) || is_abbreviation(called, written)
                   : is_part(written, called) || is_part(called, written);
}

bool resolve_are_alike(const dict_view *view, base_slice text, uint32_t security) {
    char bytes[DICT_MAX_NAME_BYTES];
    base_slice written = fold(view, text, bytes);
    const dict_security *s = &view->securities[security];
    for (uint32_t i = 0; i < s->n_lines; i++)
        if (are_called_alike(view, written, view->lines[s->first_line + i])) return true;
    return false;
}

bool contradictions_are_alike(const resolve_state *resolver, const resolve_place *name, const resolve_place *code) {
    base_slice text = resolve_text(resolver, name), written = {text.bytes + name->start, name->end - name->start};
    for (uint32_t i = 0; i < code->n_codes; i++)
        if (resolve_are_alike(resolver->view, written, resolver->codes[code->first_code + i])) return true;
    return false;
}

/* --- The name before a code ---------------------------------------------------------------------------------------------- */

static bool leaves_brackets(const dict_view *view, base_slice text, size_t from, size_t to) {
    for (size_t at = from; at < to; at += base_utf8_len(text.bytes + at))
        if (contradictions_char(view, text, at) == ')') return true;
    return false;
}

/* Whether a gap ties a code to the name before it: brackets, a label, a stroke, or spaces alone. A comma, a colon or the end of
 * a line may as well part them: 中信证券：600519目标价上调. */
static bool ties(const dict_view *view, base_slice text, size_t from, size_t to) {
    bool is_blank = true;
    for (size_t at = from; at < to; at += base_utf8_len(text.bytes + at)) {
        uint32_t c = contradictions_char(view, text, at);
        bool is_tie = dict_is_han(c) || contradictions_opens(c) || c == '$' || c == '/' || c == '-' || c == '|';
        if (is_tie) return true;
        is_blank &= c == ' ' && text.bytes[at] != '\n';
    }
    return is_blank;
}

/* 贵州茅台(行情600519,诊股) */
static size_t before_quote(base_slice text, size_t at) {
    static const char quote[] = "行情";
    size_t len = sizeof quote - 1;
    return at >= len && memcmp(text.bytes + at - len, quote, len) == 0 ? at - len : at;
}

/* Over other codes the way goes only inside the same brackets: 腾讯控股(00700.HK,TCEHY.US). */
resolve_place *contradictions_name_before(const resolve_state *resolver, const contradictions_code *code) {
    resolve_place *found = NULL;
    base_slice text = resolver->runs[code->run].text;
    size_t gap_end = before_quote(text, code->start);
    for (uint32_t back = 1; back <= RESOLVE_LOOK_BACK && back <= code->n_before; back++) {
        resolve_place *place = &resolver->places[code->n_before - back];
        if (place->run != code->run) break;
        if (place->end > gap_end || (found && place->start > found->start)) continue;
        if (!resolve_is_gap(resolver->view, text, place->end, gap_end, place->is_code)) continue;
        if (!place->is_code) {
            found = place;
            continue;
        }
        if (place->features & resolve_bit(FEATURE_WEAK_CODE)) continue; /* the first word of TPG Inc. */
        if (found || leaves_brackets(resolver->view, text, place->end, gap_end)) break;
        gap_end = place->start;
    }
    return found && ties(resolver->view, text, found->end, code->start) ? found : NULL;
}
