#include <string.h>

#include "text/html.h"

static base_slice input_of(const text_view *view, size_t end) {
    return (base_slice){view->bytes, end};
}

/* Text with character references. */
static void add_text(html_tree *tree, const text_view *view, size_t start, size_t end) {
    if (tree->n_hiding) return;
    while (start < end) {
        const char *from = view->bytes + start, *reference = memchr(from, '&', end - start);
        size_t at = reference ? (size_t)(reference - view->bytes) : end;
        text_build_view(tree->builder, view, start, at);
        start = at;
        if (start == end) break;
        char out[TEXT_REFERENCE_MAX];
        size_t out_len, len = text_reference(view->bytes + at, view->bytes + end, TEXT_IN_HTML, out, &out_len);
        if (len)
            text_build_replaced(tree->builder, out, out_len, text_view_source(view, at),
                                text_view_source_end(view, at + len));
        else text_build_view(tree->builder, view, at, at + (len = 1));
        start = at + len;
    }
}

/* What stands in an element whose inside is not markup. @return where its end tag begins. */
static size_t raw_text(html_tree *tree, const text_view *view, const html_token *token, size_t end) {
    base_slice input = input_of(view, end);
    uint32_t flags = html_tag_flags(token->tag);
    size_t stop = token->tag == tree->script ? html_script_end(input, token->end)
                                             : html_raw_end(input, token->end, token->name);
    if (tree->n_hiding) return stop;
    if (flags & HTML_RCDATA) add_text(tree, view, token->end, stop);
    else text_build_view(tree->builder, view, token->end, stop);
    return stop;
}

static size_t read_tag(html_tree *tree, const text_view *view, size_t at, size_t end) {
    html_token token;
    if (!html_read_tag(input_of(view, end), at, &token)) return end;
    if (token.is_end) {
        html_end_tag(tree, view, &token);
        return token.end;
    }
    html_start_tag(tree, view, &token);
    bool is_raw = html_tag_flags(token.tag) & (HTML_RAW | HTML_RCDATA);
    return is_raw && !html_is_foreign(tree) ? raw_text(tree, view, &token, end) : token.end;
}

/* Eastmoney's pages keep a place for a picture between two comments. */
static void note_comment(html_tree *tree, const text_view *view, size_t start, size_t end) {
    text_builder *builder = tree->builder;
    if (tree->n_hiding || builder->n_closing || builder->marked_place != TEXT_NO_PLACE) return;
    if (base_slice_is((base_slice){view->bytes + start, end - start}, "<!-- EM_StockImg_Start -->"))
        builder->marked_place = text_view_source_end(view, end);
}

void html_feed(html_tree *tree, const text_view *view, size_t start, size_t end) {
    while (start < end && !tree->builder->has_failed) {
        const char *from = view->bytes + start, *markup = memchr(from, '<', end - start);
        size_t at = markup ? (size_t)(markup - view->bytes) : end;
        add_text(tree, view, start, at);
        start = at;
        if (start == end) break;
        if (html_begins_tag(input_of(view, end), at)) {
            start = read_tag(tree, view, at, end);
            continue;
        }
        start = html_skip_declaration(input_of(view, end), at);
        if (start == at) add_text(tree, view, at, ++start);
        else note_comment(tree, view, at, start);
    }
}
