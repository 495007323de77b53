/* The tokenizer's states of html.spec.whatwg.org, as far as a reader that keeps few attributes needs them. */
#include <string.h>

#include "text/html.h"

/* What a byte ends, one bit each. */
enum { SPACE = 1, ENDS_NAME = 2, ENDS_ATTRIBUTE = 4, ENDS_VALUE = 8 };
static const uint8_t ends[256] = {
    [' '] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE,  ['\t'] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE,
    ['\n'] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE, ['\f'] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE,
    ['\r'] = SPACE | ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE, ['/'] = ENDS_NAME | ENDS_ATTRIBUTE,
    ['>'] = ENDS_NAME | ENDS_ATTRIBUTE | ENDS_VALUE,          ['='] = ENDS_ATTRIBUTE,
};

static bool is_space(char c) {
    return ends[(unsigned char)c] & SPACE;
}

static const char *skip_to(const char *p, const char *end, unsigned what) {
    while (p < end && !(ends[(unsigned char)*p] & what)) p++;
    return p;
}

static const char *skip_space(const char *p, const char *end) {
    while (p < end && is_space(*p)) p++;
    return p;
}

/* --- Attributes --------------------------------------------------------------------------------------------------- */

enum { LONGEST_ATTRIBUTE = 10 };
static const char attribute_names[HTML_N_ATTRIBUTES][2 * HTML_NAME_PART] = {
    [HTML_HREF] = "href",
    [HTML_DATA_CODE] = "data-code",
    [HTML_DATA_CODE2] = "data-code2",
    [HTML_ID] = "id",
    [HTML_CLASS] = "class",
    [HTML_HIDDEN] = "hidden",
    [HTML_STYLE] = "style",
    [HTML_ROLE] = "role",
    [HTML_PROPERTY] = "property",
    [HTML_NAME] = "name",
    [HTML_ITEMPROP] = "itemprop",
    [HTML_CONTENT] = "content",
    [HTML_DATETIME] = "datetime",
};
/* Which of them have so many bytes: most attributes of a page are none of them, and this tells it of most. */
static const uint32_t of_length[LONGEST_ATTRIBUTE + 1] = {
    [2] = 1u << HTML_ID,
    [4] = 1u << HTML_HREF | 1u << HTML_ROLE | 1u << HTML_NAME,
    [5] = 1u << HTML_CLASS | 1u << HTML_STYLE,
    [6] = 1u << HTML_HIDDEN,
    [7] = 1u << HTML_CONTENT,
    [8] = 1u << HTML_PROPERTY | 1u << HTML_ITEMPROP | 1u << HTML_DATETIME,
    [9] = 1u << HTML_DATA_CODE,
    [10] = 1u << HTML_DATA_CODE2,
};

/* @param room  bytes that may be read from the name's first on. */
static void keep_attribute(html_token *token, base_slice name, size_t room, base_slice value) {
    if (name.len > LONGEST_ATTRIBUTE || !of_length[name.len]) return;
    const html_name wanted = html_name_of(name, room);
    for (uint32_t left = of_length[name.len]; left; left &= left - 1) {
        unsigned i = (unsigned)__builtin_ctz(left);
        if (!html_name_is(wanted, attribute_names[i])) continue;
        /* Of two with one name the first counts. */
        if (!(token->attributes & 1u << i)) token->values[i] = value;
        token->attributes |= 1u << i;
        return;
    }
}

/* Reads a value from behind the `=`. @return the place behind it, or NULL when a quote stays open. */
static const char *read_value(const char *p, const char *end, base_slice *value) {
    p = skip_space(p, end);
    *value = (base_slice){p, 0};
    if (p == end || *p == '>') return p;
    if (*p == '"' || *p == '\'') {
        const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));
        if (!close) return NULL;
        *value = (base_slice){p + 1, (size_t)(close - p - 1)};
        return close + 1;
    }
    p = skip_to(p, end, ENDS_VALUE);
    value->len = (size_t)(p - value->bytes);
    return p;
}

/* Reads one attribute from its first byte, which may be a `=` as part of its name. */
static const char *read_attribute(const char *p, const char *end, html_token *token) {
    base_slice name = {p, 0}, value = {"", 0};
    p = skip_to(p + 1, end, ENDS_ATTRIBUTE);
    name.len = (size_t)(p - name.bytes);
    const char *behind = p;
    p = skip_space(p, end);
    if (p == end || *p != '=') {
        p = behind;
    } else {
        p = read_value(p + 1, end, &value);
        if (!p) return NULL;
    }
    keep_attribute(token, name, (size_t)(end - name.bytes), value);
    return p;
}

bool html_begins_tag(base_slice input, size_t at) {
    if (at + 1 < input.len && input.bytes[at + 1] == '/') at++;
    return at + 1 < input.len && base_is_letter(input.bytes[at + 1]);
}

bool html_read_tag(base_slice input, size_t at, html_token *token) {
    const char *p = input.bytes + at + 1, *end = input.bytes + input.len;
    token->start = at;
    token->attributes = 0;
    token->is_self_closing = false;
    token->is_end = *p == '/';
    if (token->is_end) p++;
    token->name = (base_slice){p, 0};
    p = skip_to(p, end, ENDS_NAME);
    token->name.len = (size_t)(p - token->name.bytes);
    for (;;) {
        while (p < end && (is_space(*p) || *p == '/')) p++;
        if (p == end) return false;
        if (*p == '>') break;
        p = read_attribute(p, end, token);
        if (!p) return false;
    }
    token->is_self_closing = p[-1] == '/';
    token->end = (size_t)(p + 1 - input.bytes);
    return true;
}

/* --- What is no tag ----------------------------------------------------------------------------------------------- */

/* A comment's end: `-->` or `--!>`; also `<!-->` and `<!--->`, whose dashes belong to the start as well. */
static size_t comment_end(base_slice input, size_t at) {
    const char *content = input.bytes + at + 4, *end = input.bytes + input.len, *p = content;
    while ((p = memchr(p, '>', (size_t)(end - p)))) {
        size_t dashes = (size_t)(p - content);
        bool is_end = dashes == 0 || (dashes == 1 && p[-1] == '-') || (dashes >= 2 && p[-1] == '-' && p[-2] == '-')
                      || (dashes >= 3 && p[-1] == '!' && p[-2] == '-' && p[-3] == '-');
        p++;
        if (is_end) return (size_t)(p - input.bytes);
    }
    return input.len;
}

size_t html_skip_declaration(base_slice input, size_t at) {
    base_slice rest = {input.bytes + at, input.len - at};
    if (base_slice_starts(rest, "<!--")) return comment_end(input, at);
    if (base_slice_starts(rest, "</>")) return at + 3;
    bool is_markup = rest.len >= 2 && (rest.bytes[1] == '!' || rest.bytes[1] == '?' || rest.bytes[1] == '/');
    if (!is_markup || (rest.len == 2 && rest.bytes[1] == '/')) return at;
    const char *close = memchr(rest.bytes, '>', rest.len);
    return close ? (size_t)(close + 1 - input.bytes) : input.len;
}

size_t html_cdata_end(base_slice input, size_t at, size_t *behind) {
    const char *content = input.bytes + at + sizeof HTML_CDATA - 1, *end = input.bytes + input.len, *p = content;
    while ((p = memchr(p, '>', (size_t)(end - p)))) {
        p++;
        if (p - content < 3 || p[-2] != ']' || p[-3] != ']') continue;
        *behind = (size_t)(p - input.bytes);
        return *behind - 3;
    }
    return *behind = input.len;
}

/* --- Raw text ----------------------------------------------------------------------------------------------------- */

/* Whether `</name` or `<name`, as `prefix_len` says, stands at `p` and the name ends there. */
static bool is_tag_of(const char *p, const char *end, size_t prefix_len, base_slice name) {
    if ((size_t)(end - p) <= prefix_len + name.len) return false;
    p += prefix_len;
    for (size_t i = 0; i < name.len; i++)
        if (base_lower(p[i]) != base_lower(name.bytes[i])) return false;
    return is_space(p[name.len]) || p[name.len] == '/' || p[name.len] == '>';
}

size_t html_raw_end(base_slice input, size_t at, base_slice name) {
    const char *p = input.bytes + at, *end = input.bytes + input.len;
    while ((p = memchr(p, '<', (size_t)(end - p)))) {
        if (end - p > 1 && p[1] == '/' && is_tag_of(p, end, 2, name)) return (size_t)(p - input.bytes);
        p++;
    }
    return input.len;
}

/* In `<!-- <script> </script> -->` inside a script the end tag ends the inner one only. */
size_t html_script_end(base_slice input, size_t at) {
    const base_slice script = {"script", 6};
    const char *p = input.bytes + at, *end = input.bytes + input.len;
    enum { PLAIN, ESCAPED, ESCAPED_TWICE } state = PLAIN;
    while (p < end) {
        size_t left = (size_t)(end - p);
        if (state == PLAIN && !(p = memchr(p, '<', left))) break;
        left = (size_t)(end - p);
        if (*p == '<') {
            if (left >= 4 && memcmp(p, "<!--", 4) == 0 && state == PLAIN) {
                state = ESCAPED;
                p++; /* the dashes may belong to --> too */
            } else if (left > 1 && p[1] == '/' && is_tag_of(p, end, 2, script)) {
                if (state != ESCAPED_TWICE) return (size_t)(p - input.bytes);
                state = ESCAPED;
            } else if (state == ESCAPED && is_tag_of(p, end, 1, script)) {
                state = ESCAPED_TWICE;
            }
        } else if (*p == '-' && left >= 3 && memcmp(p, "-->", 3) == 0) {
            state = PLAIN;
        }
        p++;
    }
    return input.len;
}
