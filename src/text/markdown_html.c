/* Raw HTML inside text, by CommonMark's grammar, which is narrower than what browsers read: what does not fit is
 * text. */
#include <string.h>

#include "text/markdown.h"

static bool is_name_byte(char c, const char *others) {
    return base_is_letter(c) || (c >= '0' && c <= '9') || (c && strchr(others, c));
}

static const char *skip_space(const char *p, const char *end) {
    while (p < end && markdown_is_space(*p)) p++;
    return p;
}

/* Reads ` = value` if it is there. *failed_at is set when there is a `=` but no good value: how far was read. */
static const char *attribute_value(const char *p, const char *end, const char **failed_at) {
    const char *at = skip_space(p, end);
    if (at == end || *at != '=') return p;
    at = skip_space(at + 1, end);
    if (at < end && (*at == '"' || *at == '\'')) {
        const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
        if (close) return close + 1;
        *failed_at = end;
        return end;
    }
    const char *start = at;
    while (at < end && !markdown_is_space(*at) && !strchr("\"'=<>`", *at)) at++;
    if (at == start) *failed_at = at;
    return at;
}

static const char *open_tag(const char *p, const char *end, const char **failed_at) {
    while (p < end && is_name_byte(*p, "-")) p++;
    while (!*failed_at) {
        const char *name = skip_space(p, end);
        bool is_parted = name > p;
        p = name;
        if (p < end && *p == '>') return p + 1;
        if (end - p > 1 && *p == '/' && p[1] == '>') return p + 2;
        if (p == end || !is_parted || !(base_is_letter(*p) || *p == '_' || *p == ':')) {
            *failed_at = p;
            break;
        }
        while (p < end && is_name_byte(*p, "_.:-")) p++;
        p = attribute_value(p, end, failed_at);
    }
    return NULL;
}

static const char *closing_tag(const char *p, const char *end, const char **failed_at) {
    while (p < end && is_name_byte(*p, "-")) p++;
    p = skip_space(p, end);
    if (p < end && *p == '>') return p + 1;
    *failed_at = p;
    return NULL;
}

static const char *behind(const char *p, const char *end, const char *what, const char **failed_at) {
    size_t len = strlen(what);
    while ((p = memchr(p, what[0], (size_t)(end - p)))) {
        if ((size_t)(end - p) >= len && memcmp(p, what, len) == 0) return p + len;
        p++;
    }
    *failed_at = end;
    return NULL;
}

static const char *read_markup(base_slice rest, const char **failed_at) {
    const char *p = rest.bytes, *end = p + rest.len;
    if (rest.len < 3) return NULL;
    if (base_is_letter(p[1])) return open_tag(p + 1, end, failed_at);
    if (p[1] == '/') return base_is_letter(p[2]) ? closing_tag(p + 2, end, failed_at) : NULL;
    if (p[1] == '?') return behind(p + 2, end, "?>", failed_at);
    if (base_slice_starts(rest, "<!-->")) return p + 5;
    if (base_slice_starts(rest, "<!--->")) return p + 6;
    if (base_slice_starts(rest, "<!--")) return behind(p + 4, end, "-->", failed_at);
    if (base_slice_starts(rest, "<![CDATA[")) return behind(p + 9, end, "]]>", failed_at);
    if (p[1] == '!' && base_is_letter(p[2])) return behind(p + 2, end, ">", failed_at);
    return NULL;
}

/* Each failed attempt may have read to the end of the text. Attempts stop when they have cost a good multiple of the
 * text's length, which only text that was made for it reaches; what is left is text. */
size_t markdown_raw_html(base_slice text, size_t at, size_t *work) {
    enum { MOST_PASSES = 16 };
    if (*work / MOST_PASSES > text.len) return 0;
    const char *failed_at = NULL;
    const char *stop = read_markup((base_slice){text.bytes + at, text.len - at}, &failed_at);
    if (failed_at) *work += (size_t)(failed_at - text.bytes) - at;
    return stop ? (size_t)(stop - text.bytes) : 0;
}

static size_t email_end(base_slice text, size_t at) {
    size_t p = at + 1, start = p;
    while (p < text.len && is_name_byte(text.bytes[p], ".!#$%&'*+/=?^_`{|}~-")) p++;
    if (p == start || p == text.len || text.bytes[p] != '@') return 0;
    size_t host = ++p;
    while (p < text.len && is_name_byte(text.bytes[p], ".-")) p++;
    return p > host && p < text.len && text.bytes[p] == '>' ? p + 1 : 0;
}

size_t markdown_autolink(base_slice text, size_t at) {
    size_t p = at + 1;
    while (p < text.len && p - at <= 32 && is_name_byte(text.bytes[p], "+.-")) p++;
    if (p - at < 3 || p == text.len || text.bytes[p] != ':' || !base_is_letter(text.bytes[at + 1]))
        return email_end(text, at);
    while (p < text.len && (unsigned char)text.bytes[p] > ' ' && text.bytes[p] != '<' && text.bytes[p] != '>') p++;
    return p < text.len && text.bytes[p] == '>' ? p + 1 : 0;
}
