#include <string.h>

#include "dict/source.h"

static bool are_all(base_slice cell, size_t min, size_t max, bool (*is_good)(char)) {
    for (size_t i = 0; i < cell.len; i++)
        if (!is_good(cell.bytes[i])) return false;
    return cell.len >= min && cell.len <= max;
}

static bool is_capital_or_digit(char c) {
    return base_is_capital(c) || base_is_digit(c);
}

bool dict_is_mic(base_slice cell) {
    return are_all(cell, 4, 4, is_capital_or_digit);
}

bool dict_is_country(base_slice cell) {
    return are_all(cell, 2, 2, base_is_capital);
}

bool dict_is_currency(base_slice cell) {
    return are_all(cell, 3, 3, base_is_capital);
}

bool dict_is_lang(base_slice cell) {
    return are_all(cell, 2, 2, base_is_small);
}

bool dict_is_word(base_slice cell) {
    bool after_letter = false;
    for (size_t i = 0; i < cell.len; i++) {
        bool is_letter = base_is_small(cell.bytes[i]) || base_is_digit(cell.bytes[i]);
        if (!is_letter && !(after_letter && (cell.bytes[i] == '-' || cell.bytes[i] == '_'))) return false;
        after_letter = is_letter;
    }
    return after_letter && cell.len <= 64;
}

bool dict_is_date(base_slice cell) {
    if (cell.len != 10 || cell.bytes[4] != '-' || cell.bytes[7] != '-') return false;
    return base_date_parse(cell) != 0;
}

/* ISO 6166: letters count as 10 to 35, and the digits of all that, read as one number, satisfy Luhn's sum. */
bool dict_is_isin(base_slice cell) {
    if (cell.len != 12 || !are_all(cell, 12, 12, is_capital_or_digit)) return false;
    if (!base_is_capital(cell.bytes[0]) || !base_is_capital(cell.bytes[1]) || !base_is_digit(cell.bytes[11]))
        return false;
    unsigned sum = 0;
    bool is_doubled = false;
    for (size_t i = cell.len; i-- > 0;) {
        char c = cell.bytes[i];
        unsigned value = (unsigned)(base_is_digit(c) ? c - '0' : c - 'A' + 10);
        for (;; value /= 10) {
            unsigned digit = value % 10 * (is_doubled ? 2 : 1);
            sum += digit / 10 + digit % 10;
            is_doubled = !is_doubled;
            if (value < 10) break;
        }
    }
    return sum % 10 == 0;
}

bool dict_read_integer(base_slice cell, int32_t *value) {
    bool is_negative = cell.len && cell.bytes[0] == '-';
    base_slice digits = {cell.bytes + is_negative, cell.len - is_negative};
    if (!are_all(digits, 1, 6, base_is_digit)) return false;
    *value = 0;
    for (size_t i = 0; i < digits.len; i++) *value = *value * 10 + (digits.bytes[i] - '0');
    if (is_negative) *value = -*value;
    return true;
}

bool dict_is_length(base_slice cell) {
    int32_t value;
    return dict_read_integer(cell, &value) && value >= 1 && value <= 64;
}

static bool is_range(base_slice item) {
    base_slice first, last;
    dict_next_part(&item, "-", &first);
    if (!item.bytes) return first.len != 0;
    dict_next_part(&item, "-", &last);
    return !item.bytes && first.len && first.len == last.len && base_slice_compare(first, last) <= 0;
}

bool dict_is_ranges(base_slice cell) {
    base_slice item;
    while (cell.len && dict_next_part(&cell, " ", &item))
        if (!is_range(item)) return false;
    return true;
}

bool dict_is_weight(base_slice cell) {
    int32_t value;
    return dict_read_integer(cell, &value) && value >= INT16_MIN && value <= INT16_MAX;
}

bool dict_is_template(base_slice cell) {
    if (!base_slice_starts(cell, "http://") && !base_slice_starts(cell, "https://")) return false;
    size_t n_places = 0;
    for (size_t i = 0; i < cell.len; i++) {
        base_slice rest = {cell.bytes + i, cell.len - i};
        if (rest.bytes[0] == ' ') return false;
        if (base_slice_starts(rest, "{code}")) {
            n_places++;
            i += strlen("{code}") - 1;
        } else if (rest.bytes[0] == '{' || rest.bytes[0] == '}') {
            return false;
        }
    }
    return n_places == 1 && cell.len < 256;
}

/* "lower-unclassed": words of src/link/forms.c, which says what they do. */
bool dict_is_writing(base_slice cell) {
    static const char *const words[] = {"lower", "unpadded", "four",      "underscore", "hyphen",
                                        "slash", "ric",      "unclassed", "a"};
    base_slice part;
    while (dict_next_part(&cell, "-", &part)) {
        size_t i = 0, n = sizeof words / sizeof words[0];
        while (i < n && !base_slice_is(part, words[i])) i++;
        if (i == n) return false;
    }
    return true;
}

/* --- Gates -------------------------------------------------------------------------------------------------------- */

/* "^\s\d年": classes, \\ for a backslash, or characters that stand for themselves. */
static bool is_character_set(base_slice set) {
    size_t at = set.len && set.bytes[0] == '^' ? 1 : 0;
    if (at == set.len) return false;
    for (; at < set.len; at++) {
        if (set.bytes[at] != '\\') continue;
        if (++at == set.len || !set.bytes[at] || !strchr("sdluoe\\", set.bytes[at])) return false;
    }
    return true;
}

/* "3-5" */
static bool is_span(base_slice span) {
    base_slice min, max;
    int32_t from, to;
    return dict_next_part(&span, "-", &min) && dict_next_part(&span, "-", &max) && !span.bytes && dict_is_length(min)
           && dict_is_length(max) && dict_read_integer(min, &from) && dict_read_integer(max, &to) && from <= to;
}

bool dict_gate_has(base_slice cell, const char *condition) {
    base_slice part;
    while (cell.len && dict_next_part(&cell, " ", &part))
        if (base_slice_starts(part, condition)) return true;
    return false;
}

bool dict_is_gate(base_slice cell) {
    enum { EXCHANGE = 7, CHARS, SURE };
    static const char *const conditions[] = {
        "then=",           "beyond=", "before=", "ahead=", "label=", "first=", "run=", [EXCHANGE] = "exchange=",
        [CHARS] = "chars="};
    uint32_t seen = 0;
    base_slice part;
    while (dict_next_part(&cell, " ", &part)) {
        uint32_t which = 0; /* a set alone is then= */
        if (!part.len) continue;
        if (base_slice_is(part, "sure")) {
            if (seen & 1u << SURE) return false;
            seen = 1u << SURE;
            continue;
        }
        for (uint32_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
            size_t len = strlen(conditions[i]);
            if (!base_slice_starts(part, conditions[i])) continue;
            part = (base_slice){part.bytes + len, part.len - len};
            which = i;
            break;
        }
        if (which >= EXCHANGE && !(seen & 1u << SURE)) return false;
        if (seen & 1u << which || !(which == CHARS ? is_span(part) : is_character_set(part))) return false;
        seen |= 1u << which;
    }
    return true;
}

/* --- Text --------------------------------------------------------------------------------------------------------- */

bool dict_is_one_char(base_slice cell) {
    uint32_t code_point;
    unsigned len = base_utf8_decode(cell.bytes, cell.bytes + cell.len, &code_point, NULL);
    return len && len == cell.len && code_point <= 0xFFFF;
}

size_t dict_count_chars(base_slice valid_utf8) {
    size_t n = 0;
    for (size_t i = 0; i < valid_utf8.len; i++) n += ((unsigned char)valid_utf8.bytes[i] & 0xC0) != 0x80;
    return n;
}

/* --- Codes -------------------------------------------------------------------------------------------------------- */

static bool is_six_digits(base_slice code) {
    return are_all(code, 6, 6, base_is_digit);
}

static bool is_five_digits(base_slice code) {
    return are_all(code, 5, 5, base_is_digit);
}

static bool is_symbol(base_slice code) {
    const char *dot = memchr(code.bytes, '.', code.len);
    base_slice root = {code.bytes, dot ? (size_t)(dot - code.bytes) : code.len};
    if (!are_all(root, 1, 6, base_is_capital)) return false;
    return !dot || are_all((base_slice){dot + 1, code.len - root.len - 1}, 1, 3, base_is_capital);
}

static bool is_code_sign(char c) {
    return is_capital_or_digit(c) || base_is_small(c) || c == '.' || c == '-' || c == '_';
}

static bool is_any_code(base_slice code) {
    return are_all(code, 1, 32, is_code_sign);
}

typedef struct code_form {
    const char *name;
    bool (*is_good)(base_slice code);
    const char *expected;
} code_form;

static const code_form code_forms[] = {
    {"digits6", is_six_digits, "6 digits"},
    {"digits5", is_five_digits, "5 digits"},
    {"symbol", is_symbol, "1 to 6 capitals, perhaps with a class behind a point, such as BRK.B"},
    {"any", is_any_code, "1 to 32 letters, digits, points and dashes"},
};

bool dict_code_has_form(base_slice code, base_slice form, const char **expected) {
    for (size_t i = 0; i < sizeof code_forms / sizeof code_forms[0]; i++) {
        if (!base_slice_is(form, code_forms[i].name)) continue;
        *expected = code_forms[i].expected;
        return code_forms[i].is_good(code);
    }
    *expected = NULL;
    return false;
}

bool dict_next_part(base_slice *list, const char *separators, base_slice *part) {
    if (!list->bytes) return false;
    size_t len = 0;
    while (len < list->len && !strchr(separators, list->bytes[len])) len++;
    *part = (base_slice){list->bytes, len};
    if (len == list->len) *list = (base_slice){NULL, 0};
    else *list = (base_slice){list->bytes + len + 1, list->len - len - 1};
    return true;
}
