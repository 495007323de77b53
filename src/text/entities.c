#include <string.h>

#include "text/entities.h"

typedef struct entity {
    char name[34]; /* without the &; most end with a semicolon, 106 old ones come without as well */
    char bytes[7];
} entity;

static const entity entities[] = {
#include "text_entities.inc"
};

enum { N_ENTITIES = sizeof entities / sizeof entities[0], LONGEST_NAME = 32, LONGEST_WITHOUT_SEMICOLON = 6 };

/* What windows-1252 has at 0x80 to 0x9F: numbers in that range mean it, as HTML's table for numeric references says. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static bool is_alphanumeric(char c) {
    return base_is_digit(c) || base_is_letter(c);
}

static unsigned digit_value(char c, unsigned base) {
    unsigned value = base_is_digit(c)         ? (unsigned)(c - '0')
                     : (c >= 'a' && c <= 'f') ? (unsigned)(c - 'a') + 10
                     : (c >= 'A' && c <= 'F') ? (unsigned)(c - 'A') + 10
                                              : 99;
    return value < base ? value : 99;
}

static size_t numeric_reference(const char *bytes, const char *end, text_reference_place place, char *out,
                                size_t *out_len) {
    const char *p = bytes + 2;
    unsigned base = 10;
    if (p < end && (*p == 'x' || *p == 'X')) {
        base = 16;
        p++;
    }
    const char *digits = p;
    uint32_t value = 0;
    for (unsigned digit; p < end && (digit = digit_value(*p, base)) != 99; p++)
        if (value <= 0x10FFFF) value = value * base + digit;
    if (p == digits) return 0;
    bool has_semicolon = p < end && *p == ';';
    if (place == TEXT_IN_MARKDOWN && (!has_semicolon || p - digits > (base == 16 ? 6 : 7))) return 0;
    if (value >= 0x80 && value < 0xA0 && place != TEXT_IN_MARKDOWN) value = windows_1252[value - 0x80];
    *out_len = base_utf8_encode(value ? value : 0xFFFD, out);
    return (size_t)(p - bytes) + has_semicolon;
}

static const entity *find_entity(const char *name, size_t len) {
    size_t low = 0, high = N_ENTITIES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *candidate = entities[middle].name;
        int order = strncmp(candidate, name, len);
        if (order == 0 && candidate[len] == '\0') return &entities[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

size_t text_reference(const char *bytes, const char *end, text_reference_place place, char out[TEXT_REFERENCE_MAX],
                      size_t *out_len) {
    const char *name = bytes + 1;
    if (name < end && *name == '#') return numeric_reference(bytes, end, place, out, out_len);
    size_t left = (size_t)(end - name), len = 0;
    while (len < left && len < LONGEST_NAME && is_alphanumeric(name[len])) len++;
    const entity *found = NULL;
    size_t taken = len + 1;
    if (len > 0 && len < left && name[len] == ';') found = find_entity(name, len + 1);
    if (!found && place != TEXT_IN_MARKDOWN) {
        taken = len < LONGEST_WITHOUT_SEMICOLON ? len : LONGEST_WITHOUT_SEMICOLON;
        while (taken > 1 && !(found = find_entity(name, taken))) taken--;
        if (found && place == TEXT_IN_VALUE && taken < left && (name[taken] == '=' || is_alphanumeric(name[taken])))
            return 0;
    }
    if (!found) return 0;
    *out_len = strlen(found->bytes);
    memcpy(out, found->bytes, *out_len);
    return taken + 1;
}

size_t text_reference_or_char(const char *bytes, const char *end, text_reference_place place,
                              char out[TEXT_REFERENCE_MAX], size_t *out_len) {
    size_t len = *bytes == '&' ? text_reference(bytes, end, place, out, out_len) : 0;
    if (len) return len;
    uint32_t code_point;
    unsigned skip = 1, step = base_utf8_decode(bytes, end, &code_point, &skip);
    *out_len = base_utf8_encode(step ? code_point : 0xFFFD, out);
    return step ? step : skip;
}
