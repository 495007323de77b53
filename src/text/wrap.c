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

/* A range on its way to hold whole elements. */
enum { MOST_OPEN = 8 }; /* elements inside a name: more are not worth the care */
typedef struct wrapping {
    base_slice source;
    size_t end;
    uint32_t open[MOST_OPEN], n_open; /* tags that were opened in it and not ended yet */
} wrapping;

static bool is_plain_inline(const html_token *token) {
    enum { OTHERS = HTML_BLOCK | HTML_RAW | HTML_RCDATA | HTML_FOREIGN | HTML_CLOSED | HTML_HIDES | HTML_IN_TABLE };
    return html_is_known(token->tag) && !(html_tag_flags(token->tag) & OTHERS);
}

static bool take_tag(wrapping *w, html_token *token) {
    token->tag = html_tag_number(token->name);
    if (!is_plain_inline(token)) return false;
    if (token->is_end) return w->n_open && w->open[--w->n_open] == token->tag;
    if (html_tag_flags(token->tag) & HTML_VOID) return true;
    if (w->n_open == MOST_OPEN) return false;
    w->open[w->n_open++] = token->tag;
    return true;
}

/* What is open is ended by the tags right behind the range: from then on it ends with them. */
static bool take_tags_behind(wrapping *w) {
    for (html_token token; w->n_open; w->end = token.end) {
        if (w->end >= w->source.len || w->source.bytes[w->end] != '<' || !html_begins_tag(w->source, w->end))
            return false;
        if (!html_read_tag(w->source, w->end, &token) || !token.is_end || !take_tag(w, &token)) return false;
    }
    return true;
}

/* The range begins and ends with text, so that no markup reaches over its edges. */
static bool take_whole_elements(wrapping *w, size_t start, size_t end) {
    for (size_t at = start; at < end; at++) {
        if (w->source.bytes[at] != '<') continue;
        html_token token;
        size_t behind;
        if (!html_begins_tag(w->source, at)) behind = html_skip_declaration((base_slice){w->source.bytes, end}, at);
        else if (html_read_tag(w->source, at, &token) && take_tag(w, &token)) behind = token.end;
        else return false;
        if (behind > at) at = behind - 1;
    }
    return take_tags_behind(w);
}

bool text_wrap(const text_page *page, size_t start, size_t *end) {
    wrapping w = {.source = page->source, .end = *end};
    if (text_is_in(page->closed, page->n_closed, start) || text_is_in(page->closed, page->n_closed, *end - 1))
        return false;
    if (page->format != SM_FORMAT_HTML) return true;
    if (!take_whole_elements(&w, start, *end)) return false;
    *end = w.end;
    return true;
}
