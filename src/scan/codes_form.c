#include <string.h>

#include "scan/codes.h"

/* --- The form of the ids ------------------------------------------------------------------------------------------ */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

static size_t digits_form(base_slice code, size_t width, size_t min, char *out) {
    if (code.len < min || code.len > width) return 0;
    size_t n_zeros = width - code.len;
    bool is_zero = true, are_digits = true;
    for (size_t i = 0; i < n_zeros; i++) out[i] = '0';
    for (size_t i = 0; i < code.len; i++) {
        char c = code.bytes[i];
        are_digits &= is_digit(c);
        is_zero &= c == '0';
        out[n_zeros + i] = c;
    }
    return are_digits && !is_zero ? width : 0;
}

/* Reuters writes the class as a small letter: BRKb is BRK.B. */
static bool has_small_class(base_slice code) {
    if (code.len < 3 || !is_small(code.bytes[code.len - 1])) return false;
    for (size_t i = 0; i + 1 < code.len; i++)
        if (!is_capital(code.bytes[i])) return false;
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
        if (is_small(c)) c = (char)(c - 'a' + 'A');
        if (!is_capital(c) && !is_digit(c) && c != '.') return 0;
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
    return market->number == number
           && (exchange.len <= DICT_NUMBER_BYTES || base_slice_equal(market->exchange, exchange));
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
static uint32_t find_on(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                        uint32_t found[CODES_MAX_FOUND]) {
    uint64_t number = dict_code_number(code), exchange_number = dict_code_number(exchange);
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

uint32_t codes_find(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                    uint32_t found[CODES_MAX_FOUND]) {
    uint32_t n = exchange.len ? find_on(view, row, exchange, code, found) : 0;
    /* Companies move between the American markets, and writers keep the old suffix. */
    if (n == 0) n = find_on(view, row, (base_slice){"", 0}, code, found);
    put_active_first(view, found, n);
    return n;
}
