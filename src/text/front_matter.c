#include <string.h>

#include "text/front_matter.h"

typedef struct line {
    size_t start, end, next; /* `end` without the line break and white space before it */
} line;

static line line_at(base_slice source, size_t at) {
    const char *newline = at < source.len ? memchr(source.bytes + at, '\n', source.len - at) : NULL;
    size_t end = newline ? (size_t)(newline - source.bytes) : source.len, next = newline ? end + 1 : end;
    while (end > at && (source.bytes[end - 1] == ' ' || source.bytes[end - 1] == '\t' || source.bytes[end - 1] == '\r'))
        end--;
    return (line){at, end, next};
}

static bool line_is(base_slice source, line l, const char *text) {
    return base_slice_is((base_slice){source.bytes + l.start, l.end - l.start}, text);
}

typedef enum syntax { NO_FRONT_MATTER, YAML, TOML, JSON } syntax;

static const struct {
    const char *open, *close, *other_close;
    char after_key;
} syntaxes[] = {
    [YAML] = {"---", "---", "...", ':'}, [TOML] = {"+++", "+++", "+++", '='}, [JSON] = {"{", "}", "}", ':'}};

/* The line that ends the block, or an empty one at the end of the source. */
static line closing_line(base_slice source, size_t start, syntax kind) {
    line l = line_at(source, start);
    for (; l.start < source.len; l = line_at(source, l.next))
        if (line_is(source, l, syntaxes[kind].close) || line_is(source, l, syntaxes[kind].other_close)) return l;
    return l;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static size_t behind_blanks(base_slice source, size_t at, size_t end) {
    while (at < end && is_blank(source.bytes[at])) at++;
    return at;
}

static syntax syntax_of(base_slice source, size_t start) {
    line first = line_at(source, start);
    for (syntax kind = YAML; kind <= TOML; kind++)
        if (line_is(source, first, syntaxes[kind].open)) return kind;
    if (!line_is(source, first, syntaxes[JSON].open)) return NO_FRONT_MATTER;
    /* Braces begin other things too: there is a key in the next line, and a page behind the block. */
    line second = line_at(source, first.next);
    size_t key = behind_blanks(source, second.start, second.end);
    bool has_page = closing_line(source, second.start, JSON).next < source.len;
    return key < second.end && source.bytes[key] == '"' && has_page ? JSON : NO_FRONT_MATTER;
}

bool text_has_front_matter(base_slice source, size_t start) {
    return syntax_of(source, start) != NO_FRONT_MATTER;
}

/* --- Values ------------------------------------------------------------------------------------------------------- */

static unsigned hex_digits(const char *p, size_t n, uint32_t *value) {
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i], low = c | 0x20;
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (low < 'a' || low > 'f')) return 0;
        *value = *value * 16 + (is_digit ? (uint32_t)(c - '0') : (uint32_t)(low - 'a') + 10);
    }
    return (unsigned)n;
}

/* Escapes of double-quoted YAML and TOML strings that a title could have. @return the escape's length, 0 for others. */
static size_t read_escape(base_slice source, size_t at, size_t end, char out[4], size_t *out_len) {
    static const char plain[][2] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'}, {'n', '\n'},
                                    {'t', '\t'}, {'r', '\r'},  {' ', ' '}};
    static const char hex[][2] = {{'x', 2}, {'u', 4}, {'U', 8}};
    if (at + 1 >= end) return 0;
    char c = source.bytes[at + 1];
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (plain[i][0] != c) continue;
        out[0] = plain[i][1];
        *out_len = 1;
        return 2;
    }
    for (size_t i = 0; i < sizeof hex / sizeof hex[0]; i++) {
        uint32_t code_point;
        size_t n = (size_t)hex[i][1];
        if (hex[i][0] != c || end - at - 2 < n || !hex_digits(source.bytes + at + 2, n, &code_point)) continue;
        *out_len = base_utf8_encode(code_point, out);
        return 2 + n;
    }
    return 0;
}

/* Where the quoted string that begins at `at` ends: at its closing quote, or at the end of the line. */
static size_t closing_quote(base_slice source, size_t at, size_t end, bool doubles_quote) {
    char quote = source.bytes[at++];
    for (; at < end; at++) {
        if (quote == '"' && source.bytes[at] == '\\') {
            at++;
        } else if (source.bytes[at] == quote) {
            if (!doubles_quote || at + 1 >= end || source.bytes[at + 1] != quote) return at;
            at++;
        }
    }
    return end;
}

static void add_quoted(text_builder *builder, size_t at, size_t end, bool is_toml) {
    base_slice source = builder->source;
    char quote = source.bytes[at];
    bool doubles_quote = quote == '\'' && !is_toml;
    end = closing_quote(source, at, end, doubles_quote);
    size_t start = ++at;
    while (at < end) {
        char out[4];
        size_t out_len = 1, len = 0;
        if (quote == '"' && source.bytes[at] == '\\') len = read_escape(source, at, end, out, &out_len);
        if (doubles_quote && source.bytes[at] == '\'') {
            out[0] = '\'';
            len = 2;
        }
        if (!len) {
            at++;
            continue;
        }
        text_build_source(builder, start, at);
        text_build_replaced(builder, out, out_len, at, at + len);
        start = at += len;
    }
    text_build_source(builder, start, end);
}

/* YAML's `title: >` with the text on the indented lines below. */
static void add_block(text_builder *builder, size_t at, size_t end) {
    base_slice source = builder->source;
    while (at < end) {
        line l = line_at(source, at);
        size_t text = at;
        while (text < l.end && is_blank(source.bytes[text])) text++;
        if (text == at && l.end > at) break;
        text_build_source(builder, text, l.next);
        at = l.next;
    }
}

static void add_title(text_builder *builder, line l, size_t value, size_t end, bool is_toml) {
    base_slice source = builder->source;
    uint32_t region = builder->region;
    if (value == l.end) return;
    builder->region = SM_REGION_TITLE;
    char first = source.bytes[value];
    if (first == '"' || first == '\'') {
        add_quoted(builder, value, l.end, is_toml);
    } else if (!is_toml && (first == '>' || first == '|') && l.end - value <= 3) {
        add_block(builder, l.next, end);
    } else {
        size_t stop = value;
        while (stop < l.end && !(source.bytes[stop] == '#' && is_blank(source.bytes[stop - 1]))) stop++;
        while (stop > value && is_blank(source.bytes[stop - 1])) stop--;
        text_build_source(builder, value, stop);
    }
    text_build_end_run(builder);
    builder->region = region;
}

/* --- Keys --------------------------------------------------------------------------------------------------------- */

static void read_date(text_builder *builder, line l, size_t value, int32_t *date) {
    const char *bytes = builder->source.bytes;
    if (value < l.end && (bytes[value] == '"' || bytes[value] == '\'')) value++;
    if (!*date) *date = base_date_parse((base_slice){bytes + value, l.end - value});
}

/* Splits "key: value" of one line. The key is without the quotes that JSON wants. */
static base_slice split_line(base_slice source, line l, syntax kind, size_t *value) {
    size_t start = kind == JSON ? behind_blanks(source, l.start, l.end) : l.start, end = start;
    while (end < l.end && source.bytes[end] != syntaxes[kind].after_key) end++;
    *value = behind_blanks(source, end + (end < l.end), l.end);
    while (end > start && is_blank(source.bytes[end - 1])) end--;
    if (kind == JSON && end - start >= 2 && source.bytes[start] == '"' && source.bytes[end - 1] == '"') start++, end--;
    return (base_slice){source.bytes + start, end - start};
}

/* How many objects and lists of JSON a line opens, or closes, that others go on in. */
static int depth_change(base_slice source, line l) {
    size_t first = behind_blanks(source, l.start, l.end);
    if (first == l.end) return 0;
    char opens = source.bytes[l.end - 1], closes = source.bytes[first];
    return (opens == '{' || opens == '[') - (closes == '}' || closes == ']');
}

size_t text_read_front_matter(text_builder *builder, size_t start) {
    static const char *const date_keys[] = {"date", "publishdate", "pubdate", "published"};
    enum { N_DATE_KEYS = sizeof date_keys / sizeof date_keys[0] };
    int32_t dates[N_DATE_KEYS] = {0};
    base_slice source = builder->source;
    syntax kind = syntax_of(source, start);
    if (kind == NO_FRONT_MATTER) return start;
    bool has_title = false;
    int depth = 0;
    size_t first = line_at(source, start).next;
    line closing = closing_line(source, first, kind);
    if (closing.start == closing.end) return start;
    for (line l = line_at(source, first); l.start < closing.start; l = line_at(source, l.next)) {
        if (kind == TOML && source.bytes[l.start] == '[') break; /* a table: its keys are not the page's */
        size_t value;
        base_slice key = split_line(source, l, kind, &value);
        bool is_of_page = depth == 0;
        if (kind == JSON) depth += depth_change(source, l);
        if (!is_of_page) continue;
        if (!has_title && base_slice_is_letters(key, "title")) {
            has_title = true;
            add_title(builder, l, value, closing.start, kind != YAML);
        }
        for (size_t i = 0; i < N_DATE_KEYS; i++)
            if (base_slice_is_letters(key, date_keys[i])) read_date(builder, l, value, &dates[i]);
    }
    for (size_t i = 0; i < N_DATE_KEYS && !builder->date_rank; i++) {
        if (!dates[i]) continue;
        builder->date = dates[i];
        builder->date_rank = TEXT_DATE_FRONT_MATTER;
    }
    return closing.next;
}
