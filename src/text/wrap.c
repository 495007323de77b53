/* Where markup may be put around text without changing what is there. */
#include "text/html.h"

bool text_is_in(const text_range *ranges, size_t n, size_t at) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].end <= at) low = middle + 1;
        else high = middle;
    }
    return low < n && ranges[low].start <= at;
}

enum { MOST_OPEN = 8 }; /* elements inside a name: more are not worth the care */

/* The tags that a range has opened and not ended yet. */
typedef struct open_tags {
    uint32_t tags[MOST_OPEN], n;
} open_tags;

/* @return false when the range does not end what it opens, or has more than plain inline elements. */
static bool take_tag(open_tags *open, const html_token *token) {
    enum { NOT_INLINE = HTML_BLOCK | HTML_RAW | HTML_RCDATA | HTML_FOREIGN | HTML_CLOSED | HTML_HIDES | HTML_IN_TABLE };
    uint32_t flags = html_tag_flags(token->tag);
    if (token->tag >= html_n_tag_rows || flags & NOT_INLINE) return false;
    if (token->is_end) return open->n && open->tags[--open->n] == token->tag;
    if (flags & HTML_VOID) return true;
    if (open->n == MOST_OPEN) return false;
    open->tags[open->n++] = token->tag;
    return true;
}

/* The range begins and ends with text, so that no markup reaches over its edges. */
static bool is_balanced(base_slice source, size_t start, size_t end) {
    base_slice input = {source.bytes, end};
    open_tags open = {.n = 0};
    for (size_t at = start; at < end; at++) {
        if (source.bytes[at] != '<') continue;
        html_token token;
        size_t behind = html_skip_declaration(input, at);
        if (behind == at) {
            if (!html_begins_tag(input, at)) continue;
            if (!html_read_tag(input, at, &token) || !take_tag(&open, &token)) return false;
            behind = token.end;
        }
        at = behind - 1;
    }
    return open.n == 0;
}

bool text_can_wrap(const text_page *page, base_slice source, size_t start, size_t end) {
    if (text_is_in(page->closed, page->n_closed, start) || text_is_in(page->closed, page->n_closed, end - 1))
        return false;
    return page->format != SM_FORMAT_HTML || is_balanced(source, start, end);
}
