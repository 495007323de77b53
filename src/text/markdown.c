#include <string.h>

#include "text/markdown.h"

void markdown_init(text_markdown *markdown, text_builder *builder, html_tree *tree) {
    *markdown = (text_markdown){.allocator = builder->allocator, .builder = builder, .tree = tree};
}

void markdown_free(text_markdown *markdown) {
    void *blocks[] = {markdown->leaves,   markdown->lines,   markdown->references,
                      markdown->segments, markdown->scratch, markdown->tokens};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        markdown->allocator->release(markdown->allocator->context, blocks[i]);
}

bool markdown_grow(text_markdown *markdown, void **items, size_t *capacity, size_t need, size_t item_size) {
    if (!markdown->builder->has_failed && base_grow(markdown->allocator, items, capacity, need, item_size)) return true;
    markdown->builder->has_failed = true;
    return false;
}

void markdown_add_line(text_markdown *markdown, size_t start, size_t end) {
    void *lines = markdown->lines;
    if (!markdown_grow(markdown, &lines, &markdown->lines_capacity, markdown->n_lines + 1, sizeof(markdown_line)))
        return;
    markdown->lines = lines;
    markdown->lines[markdown->n_lines++] = (markdown_line){start, end};
}

void markdown_add_leaf(text_markdown *markdown, markdown_kind kind, uint32_t group, size_t first_line) {
    void *leaves = markdown->leaves;
    if (first_line == markdown->n_lines) return;
    if (!markdown_grow(markdown, &leaves, &markdown->leaves_capacity, markdown->n_leaves + 1, sizeof(markdown_leaf)))
        return;
    markdown->leaves = leaves;
    markdown->leaves[markdown->n_leaves++] = (markdown_leaf){kind, group, first_line, markdown->n_lines - first_line};
}

/* Lines that follow each other in the source are one segment; if all do, the source is the view. */
static bool add_segments(text_markdown *markdown, const markdown_line *lines, size_t n_lines, size_t *len) {
    void *segments = markdown->segments;
    if (!markdown_grow(markdown, &segments, &markdown->segments_capacity, n_lines, sizeof(text_segment))) return false;
    markdown->segments = segments;
    markdown->n_segments = 0;
    *len = 0;
    for (size_t i = 0; i < n_lines; i++) {
        if (i == 0 || lines[i].start != lines[i - 1].end)
            markdown->segments[markdown->n_segments++] = (text_segment){*len, lines[i].start};
        *len += lines[i].end - lines[i].start;
    }
    return true;
}

bool markdown_view(text_markdown *markdown, size_t first_line, size_t n_lines, text_view *view) {
    const char *source = markdown->builder->source.bytes;
    const markdown_line *lines = markdown->lines + first_line;
    size_t len;
    if (!add_segments(markdown, lines, n_lines, &len)) return false;
    *view = (text_view){source + lines[0].start, len, markdown->segments, markdown->n_segments};
    if (markdown->n_segments == 1) return true;
    void *scratch = markdown->scratch;
    if (!markdown_grow(markdown, &scratch, &markdown->scratch_capacity, len, 1)) return false;
    markdown->scratch = scratch;
    char *out = markdown->scratch;
    for (size_t i = 0; i < n_lines; i++) {
        size_t n = lines[i].end - lines[i].start;
        memcpy(out, source + lines[i].start, n);
        out += n;
    }
    view->bytes = markdown->scratch;
    return true;
}

static void read_leaf(text_markdown *markdown, const markdown_leaf *leaf) {
    static const uint32_t regions[] = {[MARKDOWN_PARAGRAPH] = SM_REGION_BODY,
                                       [MARKDOWN_HEADING] = SM_REGION_HEADING,
                                       [MARKDOWN_CELL] = SM_REGION_TABLE,
                                       [MARKDOWN_HTML] = SM_REGION_BODY};
    text_builder *builder = markdown->builder;
    text_view view;
    if (!markdown_view(markdown, leaf->first_line, leaf->n_lines, &view)) return;
    if (leaf->kind == MARKDOWN_HTML) {
        text_build_raw(builder, text_view_source(&view, 0), text_view_source_end(&view, view.len));
        html_feed(markdown->tree, &view, 0, view.len);
        return;
    }
    html_open_block(markdown->tree, text_view_source(&view, 0));
    builder->block_region = html_region(markdown->tree, regions[leaf->kind]);
    builder->block_group = leaf->group;
    markdown_read_inline(markdown, &view);
    html_close_block(markdown->tree, text_view_source_end(&view, view.len));
    builder->block_region = SM_REGION_BODY;
    builder->block_group = 0;
}

void markdown_read(text_markdown *markdown, size_t start) {
    markdown->n_leaves = markdown->n_lines = 0;
    if (markdown->n_references)
        memset(markdown->references, 0, markdown->references_capacity * sizeof *markdown->references);
    markdown->n_references = 0;
    markdown_find_blocks(markdown, start);
    for (size_t i = 0; i < markdown->n_leaves && !markdown->builder->has_failed; i++)
        read_leaf(markdown, &markdown->leaves[i]);
}
