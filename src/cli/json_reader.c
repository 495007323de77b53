#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/json_reader.h"

enum { MAX_DEPTH = 64 };

typedef struct reader {
    char *start, *at, *end;
    bool is_raw; /* strings are checked and stay as they are written */
    json_fault *fault;
} reader;

static bool fail_at(reader *r, const char *at, const char *message) {
    r->fault->byte = (size_t)(at - r->start);
    r->fault->message = message;
    return false;
}

static bool fail(reader *r, const char *message) {
    return fail_at(r, r->at, message);
}

static void skip_space(reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n')) r->at++;
}

static bool take(reader *r, char byte) {
    if (r->at == r->end || *r->at != byte) return false;
    r->at++;
    return true;
}

/* --- Strings --------------------------------------------------------------------------------------------------------- */

static bool read_hex4(reader *r, uint32_t *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        if (r->at == r->end) return fail(r, "\\u is not followed by four hexadecimal digits");
        char c = *r->at;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16) return fail(r, "\\u is not followed by four hexadecimal digits");
        *unit = *unit << 4 | digit;
    }
    return true;
}

static char *write_utf8(char *out, uint32_t code_point) {
    if (code_point < 0x80) {
        *out++ = (char)code_point;
    } else if (code_point < 0x800) {
        *out++ = (char)(0xC0 | code_point >> 6);
        *out++ = (char)(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        *out++ = (char)(0xE0 | code_point >> 12);
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code_point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | code_point >> 18);
        *out++ = (char)(0x80 | (code_point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (code_point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code_point & 0x3F));
    }
    return out;
}

static bool read_unicode_escape(reader *r, char **out) {
    uint32_t unit, low;
    if (!read_hex4(r, &unit)) return false;
    bool is_high = unit >= 0xD800 && unit < 0xDC00;
    if (is_high && r->end - r->at >= 2 && r->at[0] == '\\' && r->at[1] == 'u') {
        char *before = r->at;
        r->at += 2;
        if (!read_hex4(r, &low)) return false;
        if (low >= 0xDC00 && low < 0xE000) unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        else r->at = before;
    }
    *out = write_utf8(*out, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    return true;
}

static bool read_escape(reader *r, char **out) {
    static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t"; /* the letter, then the byte that it stands for */
    const char *escape = r->at++;
    if (r->at == r->end) return fail_at(r, escape, "the string does not end");
    char letter = *r->at++;
    if (letter == 'u') return read_unicode_escape(r, out);
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (letters[i] == letter) {
            *(*out)++ = letters[i + 1];
            return true;
        }
    return fail_at(r, escape, "unknown escape; expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
}

/* Of eight bytes at once: none is a quote, a backslash or a control character. */
static bool is_plain(const char *at) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    uint64_t found = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
    return (found & highs) == 0;
}

/* Moves what stands as it is written; before the first escape it lies at its place already. */
static char *copy_plain(reader *r, char *out) {
    char *from = r->at;
    while (r->end - r->at >= 8 && is_plain(r->at)) r->at += 8;
    while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= 0x20) r->at++;
    size_t len = (size_t)(r->at - from);
    if (out != from && !r->is_raw) memmove(out, from, len);
    return out + len;
}

static bool read_string(reader *r, const char **bytes, size_t *len) {
    char *opening = r->at, *out = r->at + 1, decoded[4];
    r->at++;
    *bytes = out;
    while (r->at < r->end && *r->at != '"') {
        char *not_kept = decoded;
        if ((unsigned char)*r->at < 0x20) return fail(r, "a control character in a string; expected it escaped");
        if (*r->at != '\\') out = copy_plain(r, out);
        else if (!read_escape(r, r->is_raw ? &not_kept : &out)) return false;
    }
    *len = (size_t)((r->is_raw ? r->at : out) - *bytes);
    return take(r, '"') ? true : fail_at(r, opening, "the string does not end");
}

/* --- Other values ---------------------------------------------------------------------------------------------------- */

static size_t skip_digits(reader *r) {
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
    return (size_t)(r->at - from);
}

static bool read_number(reader *r) {
    take(r, '-');
    if (!take(r, '0') && !skip_digits(r)) return fail(r, "expected a value");
    if (take(r, '.') && !skip_digits(r)) return fail(r, "expected a digit after the point");
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '-')) take(r, '+');
        if (!skip_digits(r)) return fail(r, "expected a digit in the exponent");
    }
    return true;
}

static bool read_literal(reader *r, json_type *type) {
    static const struct {
        const char *word;
        json_type type;
    } literals[] = {{"true", JSON_OTHER}, {"false", JSON_OTHER}, {"null", JSON_NULL}};
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        size_t len = strlen(literals[i].word);
        if ((size_t)(r->end - r->at) < len || memcmp(r->at, literals[i].word, len) != 0) continue;
        r->at += len;
        *type = literals[i].type;
        return true;
    }
    return fail(r, "expected a value");
}

/* A value that is no array or object. */
static bool read_scalar(reader *r, json_field *value) {
    if (r->at == r->end) return fail(r, "expected a value");
    value->bytes = r->at;
    if (*r->at == '"') {
        value->type = JSON_STRING;
        return read_string(r, &value->bytes, &value->len);
    }
    if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9')) {
        value->type = JSON_NUMBER;
        if (!read_number(r)) return false;
        value->len = (size_t)(r->at - value->bytes);
        return true;
    }
    return read_literal(r, &value->type);
}

static bool read_key(reader *r, json_field *key) {
    skip_space(r);
    if (r->at == r->end || *r->at != '"') return fail(r, "expected a key in quotes");
    if (!read_string(r, &key->bytes, &key->len)) return false;
    skip_space(r);
    return take(r, ':') ? true : fail(r, "expected ':' after the key");
}

/* Closes as many arrays and objects as end here. @param more  set when a value (in objects: a key) must follow. */
static bool close_nested(reader *r, const char *closers, size_t *depth, bool *more) {
    *more = false;
    while (*depth) {
        skip_space(r);
        if (take(r, ',')) {
            *more = true;
            return true;
        }
        if (!take(r, closers[*depth - 1])) return fail(r, "expected ',' or the end of the array or object");
        --*depth;
    }
    return true;
}

/* Checks an array or object and all that is in it, with a stack of its own. */
static bool skip_nested(reader *r) {
    char closers[MAX_DEPTH];
    size_t depth = 0;
    bool more = true;
    json_field ignored;
    while (more) {
        if (depth && closers[depth - 1] == '}' && !read_key(r, &ignored)) return false;
        skip_space(r);
        bool is_array = take(r, '['), is_object = !is_array && take(r, '{');
        if (is_array || is_object) {
            if (depth == MAX_DEPTH)
                return fail(r, "arrays and objects are nested more than 64 deep; expected fewer in each other");
            closers[depth++] = is_array ? ']' : '}';
            skip_space(r);
            if (!take(r, closers[depth - 1])) continue;
            depth--;
        } else if (!read_scalar(r, &ignored)) {
            return false;
        }
        if (!close_nested(r, closers, &depth, &more)) return false;
    }
    return true;
}

static bool read_value(reader *r, json_field *value) {
    skip_space(r);
    if (r->at == r->end || (*r->at != '[' && *r->at != '{')) return read_scalar(r, value);
    value->type = JSON_OTHER;
    return skip_nested(r);
}

static json_field *find_field(json_field *fields, size_t n_fields, const json_field *key) {
    for (size_t i = 0; i < n_fields; i++)
        if (strlen(fields[i].key) == key->len && memcmp(fields[i].key, key->bytes, key->len) == 0) return &fields[i];
    return NULL;
}

static bool add_member(json_members *members, json_member member) {
    if (members->n == members->capacity) {
        size_t capacity = members->capacity ? 2 * members->capacity : 16;
        json_member *grown = realloc(members->items, capacity * sizeof *grown);
        if (!grown) return false;
        members->items = grown;
        members->capacity = capacity;
    }
    members->items[members->n++] = member;
    return true;
}

static bool read_member(reader *r, json_field *fields, size_t n_fields, json_members *others) {
    json_field key, value = {.type = JSON_ABSENT};
    if (!read_key(r, &key)) return false;
    json_field *field = find_field(fields, n_fields, &key);
    skip_space(r);
    const char *start = r->at;
    r->is_raw = !field;
    bool is_good = read_value(r, &value);
    r->is_raw = false;
    if (!is_good) return false;
    if (field) {
        value.key = field->key;
        *field = value;
        return true;
    }
    json_member other = {key.bytes, start, key.len, (size_t)(r->at - start)};
    return add_member(others, other) || fail(r, cli_no_memory);
}

bool json_read_object(char *line, size_t len, json_field *fields, size_t n_fields, json_members *others,
                      json_fault *fault) {
    reader r = {.start = line, .at = line, .end = line + len, .fault = fault};
    others->n = 0;
    for (size_t i = 0; i < n_fields; i++) fields[i] = (json_field){.key = fields[i].key};
    skip_space(&r);
    if (!take(&r, '{')) return fail(&r, "expected '{'");
    skip_space(&r);
    bool more = !take(&r, '}');
    while (more) {
        if (!read_member(&r, fields, n_fields, others)) return false;
        skip_space(&r);
        more = take(&r, ',');
        if (!more && !take(&r, '}')) return fail(&r, "expected ',' or '}'");
    }
    skip_space(&r);
    return r.at == r.end ? true : fail(&r, "expected nothing after the object");
}
