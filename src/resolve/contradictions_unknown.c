/* Codes that are in no table: as the scan found them, with their exchange, and bare digits that stand where a name has its
 * code. The tables do not know all that was ever listed: where neither the name nor the code is known, they say nothing. */
#include <string.h>

#include "resolve/contradictions.h"

static base_slice written_code(const resolve_state *resolver, const resolve_unknown *unknown) {
    base_slice text = resolver->runs[unknown->code.run].text;
    return (base_slice){text.bytes + unknown->code.start + unknown->code.code_at, unknown->code.code_len};
}

/* --- With its exchange ----------------------------------------------------------------------------------------------------- */

/* Somebody whom the tables do not know: 触宝(CTK.N). */
static bool has_words_before(const dict_view *view, base_slice text, size_t at) {
    uint32_t c = resolve_char_before(view, text, &at);
    if (c == '$') c = resolve_char_before(view, text, &at);
    if (!contradictions_opens(c)) return false;
    do c = resolve_char_before(view, text, &at);
    while (c == ' ' || c == ')');
    return c != resolve_no_char && resolve_is_word_char(c);
}

static bool is_all_capitals(base_slice code) {
    for (size_t i = 0; i < code.len; i++)
        if (code.bytes[i] < 'A' || code.bytes[i] > 'Z') return false;
    return code.len > 0;
}

/* Of shares in China the tables know all; elsewhere a code says something by itself only where no words explain it. */
static bool counts_alone(const resolve_state *resolver, const resolve_unknown *unknown) {
    const dict_view *view = resolver->view;
    if (!unknown->code.is_share) return false;
    const char *form = dict_cell(view, DICT_NOTATIONS, unknown->code.notation, NOTATION_FORM);
    if (strcmp(form, "digits6") == 0) return true;
    base_slice text = resolver->runs[unknown->code.run].text;
    if (has_words_before(view, text, unknown->code.start)) return false;
    bool is_symbol = strcmp(form, "symbol") == 0,
         goes_on = dict_is_han(contradictions_char(view, text, unknown->code.end));
    return !is_symbol || (is_all_capitals(written_code(resolver, unknown)) && !goes_on); /* $EPS创健科技(03860)$ */
}

/* --- Against the name's own codes ----------------------------------------------------------------------------------------- */

/* One character is another, or two have changed places. */
static bool is_slip_of(base_slice code, base_slice own) {
    size_t n_other = 0, places[2] = {0, 0};
    if (code.len != own.len) return false;
    for (size_t i = 0; i < code.len; i++) {
        if (code.bytes[i] == own.bytes[i]) continue;
        if (n_other == 2) return false;
        places[n_other++] = i;
    }
    return n_other < 2
           || (code.bytes[places[0]] == own.bytes[places[1]] && code.bytes[places[1]] == own.bytes[places[0]]);
}

typedef enum likeness { UNLIKE, SLIP, OTHER_CLASS } likeness;

/* A slip, also of the exchange alone: 平安银行（000001.SH）. What begins with an own code is another class of the shares:
 * BAC.PRL. Of a name that several companies have nothing is asked. */
static likeness compare_with_own(const dict_view *view, base_slice code, const resolve_place *name) {
    bool is_slip = false;
    if (name->issuer == dict_none) return UNLIKE;
    const dict_security *s = &view->securities[name->issuer];
    for (uint32_t i = 0; i < s->n_lines; i++) {
        base_slice own = base_slice_of(dict_string(view, view->securities[view->lines[s->first_line + i]].code));
        bool begins_so = own.len < code.len && memcmp(code.bytes, own.bytes, own.len) == 0;
        if (begins_so && !base_is_capital(code.bytes[own.len])) return OTHER_CLASS;
        is_slip |= is_slip_of(code, own);
    }
    return is_slip ? SLIP : UNLIKE;
}

static bool counts_beside(const resolve_state *resolver, const resolve_unknown *unknown, const resolve_place *name) {
    likeness is_like = compare_with_own(resolver->view, written_code(resolver, unknown), name);
    return is_like == SLIP || (is_like == UNLIKE && unknown->code.is_share);
}

bool contradictions_check_unknown(resolve_state *resolver, const resolve_unknown *unknown) {
    const contradictions_code code = {.start = unknown->code.start,
                                      .end = unknown->code.end,
                                      .run = unknown->code.run,
                                      .n_before = unknown->n_before,
                                      .unknown = unknown};
    resolve_place *name = contradictions_name_before(resolver, &code);
    if (name && contradictions_stands_alone(resolver, name)) {
        bool is_wrong = name->code_beside == dict_none && counts_beside(resolver, unknown, name);
        return !is_wrong || contradictions_add_pair(resolver, name, &code);
    }
    const resolve_finding finding = {.kind = SM_FINDING_UNKNOWN_CODE,
                                     .run = unknown->code.run,
                                     .code_run = unknown->code.run,
                                     .code_start = unknown->code.start,
                                     .code_end = unknown->code.end,
                                     .right = dict_none,
                                     .security = dict_none};
    return !counts_alone(resolver, unknown) || contradictions_add(resolver, &finding);
}

/* --- Bare digits ----------------------------------------------------------------------------------------------------------- */

static bool is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

/* The digits that follow a name in brackets or behind a label. False: none. */
static bool find_digits(const resolve_state *resolver, const resolve_place *name, size_t *start, size_t *end) {
    enum { LONGEST = 6 };
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, name);
    uint32_t c = 0, before = 0;
    size_t at = name->end, last = name->end + RESOLVE_GAP;
    bool has_label = false;
    for (; at < last && !is_digit(c = contradictions_char(view, text, at)); at += base_utf8_len(text.bytes + at)) {
        if (c == resolve_no_char) return false;
        has_label |= dict_is_han(c);
        before = c == ' ' ? before : c;
    }
    *start = *end = at;
    if (!is_digit(c) || !resolve_is_gap(view, text, name->end, at, false)) return false;
    while (*end < text.len && *end - at <= LONGEST && text.bytes[*end] >= '0' && text.bytes[*end] <= '9') (*end)++;
    return contradictions_closes(contradictions_char(view, text, *end))
           && (contradictions_opens(before) || (has_label && before == ':'));
}

/* Shares have such codes, on a market where the name could have one. Beijing's old codes are those of a market that is in no
 * table, and not all of its new ones are. */
static bool may_be_code(const resolve_state *resolver, base_slice digits) {
    const dict_view *view = resolver->view;
    if (digits.len != 6 && (digits.len != 5 || digits.bytes[0] != '0')) return false;
    const char *form = digits.len == 6 ? "digits6" : "digits5";
    const uint32_t beijing = dict_find_mic(view, base_slice_of("BJSE"));
    for (uint32_t mic = 0; mic < view->tables[DICT_MICS].n_rows; mic++)
        if (mic != beijing && strcmp(dict_cell(view, DICT_MICS, mic, MIC_CODE_FORM), form) == 0
            && dict_has_share(view, mic, digits))
            return true;
    return false;
}

static bool is_code_known(const resolve_state *resolver, uint32_t name, size_t next, size_t at) {
    const resolve_place *places = resolver->places;
    const uint32_t run = places[name].run;
    for (uint32_t i = name + 1; i < resolver->n_places && places[i].run == run && places[i].start <= at; i++)
        if (places[i].is_code && places[i].end > at) return true;
    for (; next < resolver->n_unknown && resolver->unknown[next].code.run == run
           && resolver->unknown[next].code.start <= at;
         next++)
        if (resolver->unknown[next].code.end > at) return true;
    return false;
}

bool contradictions_check_digits(resolve_state *resolver, uint32_t index, size_t next) {
    resolve_place *name = &resolver->places[index];
    contradictions_code code = {.run = name->run, .n_before = index + 1};
    if (name->code_beside != dict_none || !find_digits(resolver, name, &code.start, &code.end)) return true;
    base_slice digits = {resolve_text(resolver, name).bytes + code.start, code.end - code.start};
    if (digits.len < 5 || is_code_known(resolver, index, next, code.start)) return true;
    if (!may_be_code(resolver, digits) && compare_with_own(resolver->view, digits, name) != SLIP) return true;
    while (code.n_before < resolver->n_places && resolver->places[code.n_before].run == code.run
           && resolver->places[code.n_before].start < code.start)
        code.n_before++;
    /* Of names that end here the longest is the one. */
    if (contradictions_name_before(resolver, &code) != name || !contradictions_stands_alone(resolver, name))
        return true;
    return contradictions_add_pair(resolver, name, &code);
}
