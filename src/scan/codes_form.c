/* Codes in the form of the ids, and the securities that have them. */
#include <string.h>

#include "scan/codes.h"

/* --- The form of the ids ------------------------------------------------------------------------------------------ */

static size_t digits_form(base_slice code, size_t width, size_t min, char *out) {
    if (code.len < min || code.len > width) return 0;
    size_t n_zeros = width - code.len;
    bool is_zero = true, are_digits = true;
    for (size_t i = 0; i < n_zeros; i++) out[i] = '0';
    for (size_t i = 0; i < code.len; i++) {
        char c = code.bytes[i];
        are_digits &= base_is_digit(c);
        is_zero &= c == '0';
        out[n_zeros + i] = c;
    }
    return are_digits && !is_zero ? width : 0;
}

/* Reuters writes the class as a small letter: BRKb is BRK.B. */
static bool has_small_class(base_slice code) {
    if (code.len < 3 || !base_is_small(code.bytes[code.len - 1])) return false;
    for (size_t i = 0; i + 1 < code.len; i++)
        if (!base_is_capital(code.bytes[i])) return false;
    return true;
}

/* BRK-B, BRK/B, BRK_B, BRK B, brk$b */
static bool divides_class(char c) {
    return c == '-' || c == '/' || c == '_' || c == ' ' || c == '$';
}

static size_t symbol_form(base_slice code, char *out) {
    if (code.len == 0 || code.len + 2 > CODES_MAX_CODE) return 0;
    bool small_class = has_small_class(code);
    size_t len = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.bytes[i];
        if (small_class && i + 1 == code.len) out[len++] = '.';
        if (divides_class(c)) c = '.';
        c = base_upper(c);
        if (!base_is_capital(c) && !base_is_digit(c) && c != '.') return 0;
        out[len++] = c;
    }
    return len;
}

size_t codes_normal_form(codes_form form, base_slice code, char *out) {
    switch (form) {
    case CODES_DIGITS6: return digits_form(code, 6, 6, out);
    case CODES_DIGITS5: return digits_form(code, 5, 1, out);
    case CODES_SYMBOL: return symbol_form(code, out);
    case CODES_NO_CODE: break;
    }
    return 0;
}

/* --- Securities --------------------------------------------------------------------------------------------------- */

static bool is_exchange(const codes_market *market, base_slice exchange, uint64_t number) {
    return (market->number == number)
           & (exchange.len <= DICT_NUMBER_BYTES || base_slice_equal(market->exchange, exchange));
}

bool codes_knows_exchange(const codes_row *row, base_slice exchange) {
    uint64_t number = dict_code_number(exchange);
    for (uint32_t i = 0; i < row->n_markets; i++)
        if (is_exchange(&row->markets[i], exchange, number)) return true;
    return false;
}

/* What was found so far, in the order of the markets. */
typedef struct findings {
    uint32_t *securities, markets[CODES_MAX_FOUND], n;
} findings;

static void enter(findings *f, uint32_t security, uint32_t market) {
    if (f->n == CODES_MAX_FOUND && f->markets[f->n - 1] < market) return;
    uint32_t at = f->n < CODES_MAX_FOUND ? f->n++ : f->n - 1;
    for (; at && f->markets[at - 1] > market; at--) {
        f->markets[at] = f->markets[at - 1];
        f->securities[at] = f->securities[at - 1];
    }
    f->markets[at] = market;
    f->securities[at] = security;
}

/* Few codes stand for more than one security: it is they that are asked for their market, and not each market for the
 * code. */
__attribute__((noinline)) static uint32_t find_all_on(const dict_view *view, const codes_row *row, base_slice exchange,
                                                      uint64_t number, base_slice code,
                                                      uint32_t found[CODES_MAX_FOUND]) {
    uint64_t exchange_number = dict_code_number(exchange);
    uint32_t at = dict_number_slot(view, number);
    findings f;
    f.securities = found;
    f.n = 0;
    for (const dict_code_slot *slot; (slot = dict_next_of_number(view, number, code, &at));)
        for (uint32_t i = 0; i < row->n_markets; i++)
            if (row->markets[i].mic == slot->mic && is_exchange(&row->markets[i], exchange, exchange_number))
                enter(&f, slot->index - 1, i);
    return f.n;
}

static bool has_market(const codes_row *row, uint32_t mic, base_slice exchange, uint64_t number) {
    bool has = false;
    for (uint32_t i = 0; i < row->n_markets; i++)
        has |= (row->markets[i].mic == mic) & is_exchange(&row->markets[i], exchange, number);
    return has;
}

static void put_active_first(const dict_view *view, uint32_t *found, uint32_t n) {
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t at = i; at && view->securities[found[at]].status == SM_SECURITY_ACTIVE
                              && view->securities[found[at - 1]].status != SM_SECURITY_ACTIVE;
             at--) {
            uint32_t active = found[at];
            found[at] = found[at - 1];
            found[at - 1] = active;
        }
}

/* Most codes are of no security or of one. */
static uint32_t find_on(const dict_view *view, const codes_row *row, base_slice exchange, uint64_t number,
                        base_slice code, uint32_t found[CODES_MAX_FOUND]) {
    uint32_t at = dict_number_slot(view, number), same = dict_slots_with_number(view, number, at);
    if (same == 0) return 0;
    if (same & (same - 1) || code.len > DICT_NUMBER_BYTES) {
        uint32_t n = find_all_on(view, row, exchange, number, code, found);
        put_active_first(view, found, n);
        return n;
    }
    const dict_code_slot *slot = &view->code_slots[at + (unsigned)__builtin_ctz(same)];
    found[0] = slot->index - 1;
    return has_market(row, slot->mic, exchange, dict_code_number(exchange));
}

static uint32_t find_code(const dict_view *view, const codes_row *row, base_slice exchange, uint64_t number,
                          base_slice code, uint32_t found[CODES_MAX_FOUND]) {
    uint32_t n = exchange.len ? find_on(view, row, exchange, number, code, found) : 0;
    /* Companies move between the American markets, and writers keep the old suffix. */
    return n ? n : find_on(view, row, (base_slice){"", 0}, number, code, found);
}

uint32_t codes_find(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                    uint32_t found[CODES_MAX_FOUND]) {
    return find_code(view, row, exchange, dict_code_number(code), code, found);
}

/* --- Runs --------------------------------------------------------------------------------------------------------- */

/* The characters of a run are all ASCII or all full-width. @return an empty slice when they do not fit. */
static base_slice text_of_run(const codes_place *place, char out[CODES_MAX_CODE]) {
    const char *bytes = place->run.bytes + place->at;
    if ((unsigned char)bytes[0] < 0x80) return (base_slice){bytes, place->end - place->at};
    size_t len = 0;
    for (size_t at = place->at; at < place->end && len < CODES_MAX_CODE; len++)
        out[len] = (char)codes_char_at(place->run, at, &at);
    return (base_slice){out, len == place->n_chars ? len : 0};
}

static bool has_small(base_slice text) {
    bool has = false;
    for (size_t i = 0; i < text.len; i++) has |= text.bytes[i] >= 'a';
    return has;
}

__attribute__((noinline)) static uint32_t find_any_run(const dict_view *view, const codes_row *row,
                                                       const codes_place *place, base_slice exchange,
                                                       uint32_t found[CODES_MAX_FOUND]) {
    char wide[CODES_MAX_CODE], code[CODES_MAX_CODE];
    base_slice text = text_of_run(place, wide);
    size_t len = codes_normal_form(row->form, text, code);
    if (len == 0) return 0;
    if (row->is_run && row->form == CODES_SYMBOL && has_small(text) && !memchr(code, '.', len)) return 0;
    return codes_find(view, row, exchange, (base_slice){code, len}, found);
}

/* Up to seven digits as dict_code_number() has their normal form; 0 where they have none. */
static inline uint64_t number_of_digits(uint64_t text, size_t len, size_t width, size_t min) {
    const uint64_t zeros = 0x3030303030303030u;
    if (len < min || len > width || text == zeros >> (64 - 8 * len)) return 0;
    if (len < width) text = text << 8 * (width - len) | zeros >> (64 - 8 * (width - len));
    return text | (uint64_t)width << 8 * DICT_NUMBER_BYTES;
}

enum run_kind { RUN_IS_NO_CODE, RUN_IS_NUMBER, RUN_IS_OTHER };

/* What the normal form makes of a run of up to seven ASCII digits or letters, where that is simple: digits with zeros
 * before them, capitals as they are, no word with small letters but BRKb. */
static inline enum run_kind number_of_run(codes_form form, codes_start start, uint64_t text, size_t len,
                                          uint64_t *number) {
    uint64_t small = text & 0x2020202020202020u;
    if (form == CODES_SYMBOL && start == CODES_LETTER) {
        *number = text | (uint64_t)len << 8 * DICT_NUMBER_BYTES;
        if (small == 0) return RUN_IS_NUMBER;
        return small == (uint64_t)0x20 << 8 * (len - 1) ? RUN_IS_OTHER : RUN_IS_NO_CODE;
    }
    if (form == CODES_SYMBOL || start != CODES_DIGIT) return RUN_IS_OTHER;
    *number = form == CODES_DIGITS6 ? number_of_digits(text, len, 6, 6) : number_of_digits(text, len, 5, 1);
    return *number ? RUN_IS_NUMBER : RUN_IS_NO_CODE;
}

uint32_t codes_find_run(const dict_view *view, const codes_row *row, const codes_place *place, base_slice exchange,
                        uint32_t found[CODES_MAX_FOUND]) {
    const char *bytes = place->run.bytes + place->at;
    enum run_kind kind = RUN_IS_OTHER;
    uint64_t number = 0;
    if (place->run.len - place->at >= 8 && place->n_chars <= DICT_NUMBER_BYTES && (unsigned char)bytes[0] < 0x80) {
        uint64_t eight;
        memcpy(&eight, bytes, 8);
        uint64_t text = eight & (((uint64_t)1 << 8 * place->n_chars) - 1);
        kind = number_of_run(row->form, place->start, text, place->n_chars, &number);
    }
    if (kind == RUN_IS_NUMBER) return find_code(view, row, exchange, number, (base_slice){"", 0}, found);
    return kind == RUN_IS_NO_CODE && row->is_run ? 0 : find_any_run(view, row, place, exchange, found);
}
