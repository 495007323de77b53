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

/* One attempt, from a `<`. */
typedef struct attempt {
    const char *end;
    const char *failed_at; /* of a tag that is none: how far was read */
    markdown_html_attempts *all;
} attempt;

/* Where `what` ends at or behind `p`; NULL when it stands nowhere, which no later attempt asks again. */
static const char *behind(attempt *a, const char *p, const char *what, markdown_html_end which) {
    const char **none_from = &a->all->none_from[which], *stop = *none_from ? *none_from : a->end, *at = p;
    size_t len = strlen(what);
    while (at < stop && (at = memchr(at, what[0], (size_t)(stop - at)))) {
        if ((size_t)(a->end - at) >= len && memcmp(at, what, len) == 0) return at + len;
        at++;
    }
    *none_from = p < stop ? p : stop;
    return NULL;
}

/* Reads ` = value` if it is there. a->failed_at is set when there is a `=` but no good value. */
static const char *attribute_value(attempt *a, const char *p) {
    const char *at = skip_space(p, a->end);
    if (at == a->end || *at != '=') return p;
    at = skip_space(at + 1, a->end);
    if (at < a->end && (*at == '"' || *at == '\'')) {
        const char *close = *at == '"' ? behind(a, at + 1, "\"", MARKDOWN_DOUBLE_QUOTE)
                                       : behind(a, at + 1, "'", MARKDOWN_SINGLE_QUOTE);
        if (!close) a->failed_at = at;
        return close;
    }
    const char *start = at;
    while (at < a->end && !markdown_is_space(*at) && !strchr("\"'=<>`", *at)) at++;
    if (at == start) a->failed_at = at;
    return at;
}

static const char *open_tag(attempt *a, const char *p) {
    const char *end = a->end;
    while (p < end && is_name_byte(*p, "-")) p++;
    while (!a->failed_at) {
        const char *name = skip_space(p, end);
        bool is_parted = name > p;
        p = name;
        if (p < end && *p == '>') return p + 1;
        if (end - p > 1 && *p == '/' && p[1] == '>') return p + 2;
        if (p == end || !is_parted || !(base_is_letter(*p) || *p == '_' || *p == ':')) {
            a->failed_at = p;
            break;
        }
        while (p < end && is_name_byte(*p, "_.:-")) p++;
        p = attribute_value(a, p);
    }
    return NULL;
}

static const char *closing_tag(const char *p, const char *end) {
    while (p < end && is_name_byte(*p, "-")) p++;
    p = skip_space(p, end);
    return p < end && *p == '>' ? p + 1 : NULL;
}

static const char *read_markup(attempt *a, base_slice rest) {
    static const struct {
        const char *start, *end;
        markdown_html_end which;
    } markup[] = {{"<?", "?>", MARKDOWN_INSTRUCTION},
                  {"<!--", "-->", MARKDOWN_COMMENT},
                  {"<![CDATA[", "]]>", MARKDOWN_CDATA},
                  {"<!", ">", MARKDOWN_DECLARATION}};
    const char *p = rest.bytes;
    if (rest.len < 3) return NULL;
    if (base_is_letter(p[1])) return open_tag(a, p + 1);
    if (p[1] == '/') return base_is_letter(p[2]) ? closing_tag(p + 2, a->end) : NULL;
    if (base_slice_starts(rest, "<!-->")) return p + 5;
    if (base_slice_starts(rest, "<!--->")) return p + 6;
    for (size_t i = 0; i < sizeof markup / sizeof markup[0]; i++) {
        if (!base_slice_starts(rest, markup[i].start)) continue;
        if (markup[i].which == MARKDOWN_DECLARATION && !base_is_letter(p[2])) continue;
        return behind(a, p + strlen(markup[i].start), markup[i].end, markup[i].which);
    }
    return NULL;
}

/* A tag that fails may have read far. Attempts stop when they have cost a good multiple of the text's length, which only
 * text that was made for it reaches; what is left is text. */
size_t markdown_raw_html(base_slice text, size_t at, markdown_html_attempts *all) {
    enum { MOST_PASSES = 16 };
    if (all->tag_work / MOST_PASSES > text.len) return 0;
    attempt a = {.end = text.bytes + text.len, .all = all};
    const char *stop = read_markup(&a, (base_slice){text.bytes + at, text.len - at});
    if (a.failed_at) all->tag_work += (size_t)(a.failed_at - text.bytes) - at;
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
