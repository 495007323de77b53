#include <string.h>

#include "text/html.h"

/* A stretch of HTML that is being read. */
typedef struct feed {
    html_tree *tree;
    const text_view *view;
    size_t end;
    size_t next_return, next_reference; /* the first \r and & that were not passed yet, or the end */
} feed;

/* How text is read. */
enum { PLAIN = 0, REFERENCES = 1, REPLACES_NUL = 2 };

static base_slice input_of(const feed *f) {
    return (base_slice){f->view->bytes, f->end};
}

static size_t find(const feed *f, char byte, size_t start, size_t end) {
    const char *found = memchr(f->view->bytes + start, byte, end - start);
    return found ? (size_t)(found - f->view->bytes) : end;
}

/* The next byte that does not stand in the text as it is. */
static size_t next_special(feed *f, size_t start, size_t end, unsigned how) {
    if (f->next_return < start) f->next_return = find(f, '\r', start, f->end);
    if (f->next_return < end) end = f->next_return;
    if (how & REFERENCES) {
        if (f->next_reference < start) f->next_reference = find(f, '&', start, f->end);
        if (f->next_reference < end) end = f->next_reference;
    }
    return how & REPLACES_NUL ? find(f, '\0', start, end) : end;
}

/* A special byte, or the reference that begins there. Line ends are one newline each, however the source writes them.
 * @return how many bytes were read. */
static size_t add_special(const feed *f, size_t at, size_t end) {
    const char *p = f->view->bytes + at;
    char out[TEXT_REFERENCE_MAX] = "\n";
    size_t len = 1, out_len = 1;
    if (*p == '\r' && at + 1 < f->end && p[1] == '\n') return 1;
    if (*p == '\0') out_len = base_utf8_encode(0xFFFD, out);
    if (*p == '&') len = text_reference(p, f->view->bytes + end, TEXT_IN_HTML, out, &out_len);
    if (len)
        text_build_replaced(f->tree->builder, out, out_len, text_view_source(f->view, at),
                            text_view_source_end(f->view, at + len));
    else text_build_view(f->tree->builder, f->view, at, at + (len = 1));
    return len;
}

static void add_text(feed *f, size_t start, size_t end, unsigned how) {
    if (f->tree->n_hiding) return;
    while (start < end) {
        size_t at = next_special(f, start, end, how);
        text_build_view(f->tree->builder, f->view, start, at);
        start = at;
        if (start < end) start += add_special(f, start, end);
    }
}

/* What stands in an element whose inside is not markup. @return where its end tag begins. */
static size_t raw_text(feed *f, const html_token *token) {
    uint32_t flags = html_tag_flags(token->tag);
    size_t stop = token->tag == f->tree->plaintext ? f->end
                  : token->tag == f->tree->script  ? html_script_end(input_of(f), token->end)
                                                   : html_raw_end(input_of(f), token->end, token->name);
    /* Also where it is nested too deep to be remembered. */
    if (flags & HTML_HIDES) return stop;
    add_text(f, token->end, stop, flags & HTML_RCDATA ? REFERENCES | REPLACES_NUL : REPLACES_NUL);
    return stop;
}

/* Most end tags are the innermost element's, as a processor foresees: it need not wait for the end of the name then, nor for
 * its number. */
static bool reads_end_of_innermost(const feed *f, size_t at, html_token *token) {
    const html_tree *tree = f->tree;
    const size_t name = at + 2;
    if (f->view->bytes[at + 1] != '/' || !tree->depth) return false;
    token->tag = tree->stack[tree->depth - 1].tag;
    const base_slice rest = {f->view->bytes + name, f->end - name};
    const size_t len = html_short_name_len(token->tag, rest);
    if (!len || len == rest.len || rest.bytes[len] != '>') return false;
    token->name = (base_slice){rest.bytes, len};
    token->start = at;
    token->end = name + len + 1;
    token->attributes = 0;
    token->is_end = true;
    token->is_self_closing = false;
    return true;
}

static size_t read_tag(feed *f, size_t at) {
    html_token token;
    if (!reads_end_of_innermost(f, at, &token)) {
        if (!html_read_tag(input_of(f), at, &token)) return f->end;
        token.tag = html_tags_find(&f->tree->tags, token.name, (size_t)(f->view->bytes + f->end - token.name.bytes));
    }
    if (token.is_end) {
        html_end_tag(f->tree, f->view, &token);
        return token.end;
    }
    bool is_raw = html_tag_flags(token.tag) & (HTML_RAW | HTML_RCDATA) && !html_is_foreign(f->tree);
    html_start_tag(f->tree, f->view, &token);
    return is_raw ? raw_text(f, &token) : token.end;
}

/* Eastmoney's pages keep a place for a picture between two comments. Behind text it would part that from what follows. */
static void note_comment(const feed *f, size_t start, size_t end) {
    text_builder *builder = f->tree->builder;
    if (builder->is_open && builder->open_has_text) return;
    if (f->tree->n_hiding || builder->n_closing || builder->marked_place != TEXT_NO_PLACE) return;
    if (base_slice_is((base_slice){f->view->bytes + start, end - start}, "<!-- EM_StockImg_Start -->"))
        builder->marked_place = text_view_source_end(f->view, end);
}

/* What begins with a `<` and is no tag. @return the place behind it. */
static size_t read_declaration(feed *f, size_t at) {
    base_slice input = input_of(f);
    if (html_takes_cdata(f->tree) && base_slice_starts((base_slice){input.bytes + at, input.len - at}, HTML_CDATA)) {
        size_t behind, stop = html_cdata_end(input, at, &behind);
        add_text(f, at + sizeof HTML_CDATA - 1, stop, PLAIN);
        return behind;
    }
    size_t behind = html_skip_declaration(input, at);
    if (behind == at) add_text(f, at, ++behind, PLAIN);
    else note_comment(f, at, behind);
    return behind;
}

void html_feed(html_tree *tree, const text_view *view, size_t start, size_t end) {
    feed f = {tree, view, end, start, start};
    if (start < end) {
        f.next_return = find(&f, '\r', start, end);
        f.next_reference = find(&f, '&', start, end);
    }
    while (start < end && !tree->builder->has_failed) {
        size_t at = view->bytes[start] == '<' ? start : find(&f, '<', start, end);
        if (start < at) add_text(&f, start, at, html_is_foreign(tree) ? REFERENCES | REPLACES_NUL : REFERENCES);
        start = at;
        if (start < end) start = html_begins_tag(input_of(&f), at) ? read_tag(&f, at) : read_declaration(&f, at);
    }
}
