/* What a line can begin with, as CommonMark 0.31 defines it. */
#include <string.h>

#include "text/markdown.h"

static size_t count(base_slice source, size_t at, size_t end, char c) {
    size_t n = 0;
    while (at + n < end && source.bytes[at + n] == c) n++;
    return n;
}

size_t markdown_heading_start(base_slice source, size_t at, size_t end, size_t *content_end) {
    size_t level = count(source, at, end, '#'), start = at + level;
    if (level < 1 || level > 6 || (start < end && !markdown_is_blank(source.bytes[start]))) return 0;
    while (end > start && markdown_is_blank(source.bytes[end - 1])) end--;
    size_t hashes = end;
    while (hashes > start && source.bytes[hashes - 1] == '#') hashes--;
    if (hashes == start || (hashes < end && markdown_is_blank(source.bytes[hashes - 1]))) end = hashes;
    while (end > start && markdown_is_blank(source.bytes[end - 1])) end--;
    while (start < end && markdown_is_blank(source.bytes[start])) start++;
    *content_end = end;
    return start;
}

size_t markdown_fence(base_slice source, size_t at, size_t end) {
    if (at == end || (source.bytes[at] != '`' && source.bytes[at] != '~')) return 0;
    size_t len = count(source, at, end, source.bytes[at]);
    if (len < 3) return 0;
    /* A backtick later on the line makes it a code span in a paragraph. */
    if (source.bytes[at] == '`' && memchr(source.bytes + at + len, '`', end - at - len)) return 0;
    return len;
}

bool markdown_is_thematic_break(base_slice source, size_t at, size_t end) {
    size_t n = 0;
    if (at == end || !memchr("*-_", source.bytes[at], 3)) return false;
    for (size_t i = at; i < end; i++) {
        if (source.bytes[i] == source.bytes[at]) n++;
        else if (!markdown_is_blank(source.bytes[i])) return false;
    }
    return n >= 3;
}

bool markdown_is_setext_line(base_slice source, size_t at, size_t end) {
    if (at == end || (source.bytes[at] != '=' && source.bytes[at] != '-')) return false;
    at += count(source, at, end, source.bytes[at]);
    while (at < end && markdown_is_blank(source.bytes[at])) at++;
    return at == end;
}

size_t markdown_list_marker(base_slice source, size_t at, size_t end, int32_t *number) {
    size_t len = 0;
    *number = -1;
    if (at < end && memchr("-+*", source.bytes[at], 3)) {
        len = 1;
    } else {
        int32_t value = 0;
        while (len < 9 && at + len < end && source.bytes[at + len] >= '0' && source.bytes[at + len] <= '9')
            value = value * 10 + (source.bytes[at + len++] - '0');
        if (!len || at + len == end || (source.bytes[at + len] != '.' && source.bytes[at + len] != ')')) return 0;
        *number = value;
        len++;
    }
    return at + len == end || markdown_is_blank(source.bytes[at + len]) ? len : 0;
}

/* --- HTML blocks -------------------------------------------------------------------------------------------------- */

static bool contains(base_slice text, const char *lower_case) {
    size_t len = strlen(lower_case);
    for (size_t at = 0; at + len <= text.len; at++) {
        size_t i = 0;
        while (i < len && base_lower(text.bytes[at + i]) == lower_case[i]) i++;
        if (i == len) return true;
    }
    return false;
}

static base_slice tag_name(base_slice source, size_t at, size_t end) {
    size_t len = 0;
    while (at + len < end
           && (base_is_letter(source.bytes[at + len]) || source.bytes[at + len] == '-'
               || (len && source.bytes[at + len] >= '0' && source.bytes[at + len] <= '9')))
        len++;
    return (base_slice){source.bytes + at, len};
}

static bool is_verbatim(base_slice name) {
    static const char *const names[] = {"pre", "script", "style", "textarea"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == name.len && contains(name, names[i])) return true;
    return false;
}

static unsigned declaration_kind(base_slice rest) {
    static const struct {
        const char *start;
        unsigned kind;
    } starts[] = {{"<!--", 2}, {"<?", 3}, {"<![CDATA[", 5}};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (base_slice_starts(rest, starts[i].start)) return starts[i].kind;
    return base_slice_starts(rest, "<!") && rest.len > 2 && base_is_letter(rest.bytes[2]) ? 4 : 0;
}

unsigned markdown_html_kind(base_slice source, size_t at, size_t end, bool in_paragraph) {
    if (at == end || source.bytes[at] != '<') return 0;
    base_slice rest = {source.bytes + at, end - at};
    unsigned kind = declaration_kind(rest);
    if (kind) return kind;
    bool is_end = rest.len > 1 && rest.bytes[1] == '/';
    base_slice name = tag_name(source, at + 1 + is_end, end);
    if (!name.len) return 0;
    size_t behind = at + 1 + is_end + name.len;
    bool name_ends = behind == end || markdown_is_blank(source.bytes[behind]) || source.bytes[behind] == '>';
    if (is_verbatim(name) && name_ends && !is_end) return 1;
    if (html_tag_flags(html_tag_number(name)) & HTML_MARKDOWN_BLOCK) {
        bool is_closed = end - behind >= 2 && source.bytes[behind] == '/' && source.bytes[behind + 1] == '>';
        return name_ends || is_closed ? 6 : 0;
    }
    if (in_paragraph) return 0;
    size_t tag_end = markdown_raw_html((base_slice){source.bytes, end}, at, &(markdown_html_attempts){0});
    if (!tag_end) return 0;
    while (tag_end < end && markdown_is_blank(source.bytes[tag_end])) tag_end++;
    return tag_end == end ? 7 : 0;
}

bool markdown_html_ends(base_slice source, size_t at, size_t end, unsigned kind) {
    static const char *const ends[6][5] = {[1] = {"</pre>", "</script>", "</style>", "</textarea>"},
                                           [2] = {"-->"},
                                           [3] = {"?>"},
                                           [4] = {">"},
                                           [5] = {"]]>"}};
    base_slice line = {source.bytes + at, end - at};
    for (size_t i = 0; kind <= 5 && ends[kind][i]; i++)
        if (contains(line, ends[kind][i])) return true;
    return false;
}
