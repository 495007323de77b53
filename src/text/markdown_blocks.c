/* CommonMark's first step: a line at a time, first through the containers that are open, then into new ones. */
#include <string.h>

#include "text/markdown.h"

/* cmark-gfm's limit for lists as well. Without one, blank lines under deep lists take quadratic time. */
enum { MAX_DEPTH = 100 };

typedef struct open_block {
    bool is_item; /* else a block quote */
    bool is_empty;
    char marker;
    uint32_t group;
    size_t indent; /* columns that lines of an item are indented by */
} open_block;

typedef enum leaf_kind { NO_LEAF, PARAGRAPH, FENCED_CODE, INDENTED_CODE, HTML_BLOCK_LEAF, TABLE } leaf_kind;

typedef struct blocks {
    text_markdown *markdown;
    base_slice source;
    open_block open[MAX_DEPTH];
    size_t depth;
    leaf_kind leaf;
    size_t first_line; /* of the leaf */
    char fence;
    size_t fence_len, columns;
    unsigned html_kind;
    /* The line that is read. A tab may stand on both sides of a container's edge: `spare` columns of it are left. */
    size_t at, end, next, column, spare;
} blocks;

/* --- The line ----------------------------------------------------------------------------------------------------- */

static size_t tab_width(char c, size_t column) {
    return c == '\t' ? 4 - column % 4 : 1;
}

static void take_line(blocks *b, size_t at) {
    const char *newline = memchr(b->source.bytes + at, '\n', b->source.len - at);
    b->at = at;
    b->end = newline ? (size_t)(newline - b->source.bytes) : b->source.len;
    b->next = newline ? b->end + 1 : b->end;
    if (b->end > at && b->source.bytes[b->end - 1] == '\r') b->end--;
    b->column = b->spare = 0;
}

static size_t text_start(const blocks *b) {
    size_t p = b->at;
    while (p < b->end && markdown_is_blank(b->source.bytes[p])) p++;
    return p;
}

static size_t indent(const blocks *b) {
    size_t column = b->column;
    for (size_t p = b->at; p < b->end && markdown_is_blank(b->source.bytes[p]); p++)
        column += tab_width(b->source.bytes[p], column);
    return b->spare + column - b->column;
}

static void skip_columns(blocks *b, size_t n) {
    size_t from_tab = b->spare < n ? b->spare : n;
    b->spare -= from_tab;
    n -= from_tab;
    while (n > 0 && b->at < b->end && markdown_is_blank(b->source.bytes[b->at])) {
        size_t width = tab_width(b->source.bytes[b->at++], b->column);
        b->column += width;
        b->spare = width > n ? width - n : 0;
        n -= width - b->spare;
    }
}

static void skip_bytes(blocks *b, size_t n) {
    b->at += n;
    b->column += n;
    b->spare = 0;
}

/* --- Leaves ------------------------------------------------------------------------------------------------------- */

static uint32_t innermost_list(const blocks *b) {
    for (size_t i = b->depth; i > 0; i--)
        if (b->open[i - 1].is_item) return b->open[i - 1].group;
    return 0;
}

static size_t trimmed_end(const blocks *b, markdown_line line) {
    while (line.end > line.start && memchr(" \t\r\n", b->source.bytes[line.end - 1], 4)) line.end--;
    return line.end;
}

/* Definitions at a paragraph's start are not shown. */
static void take_definitions(blocks *b) {
    text_markdown *markdown = b->markdown;
    size_t n_lines = markdown->n_lines - b->first_line, at = 0, len = 0;
    text_view view;
    if (!n_lines || b->source.bytes[markdown->lines[b->first_line].start] != '[') return;
    if (!markdown_view(markdown, b->first_line, n_lines, &view)) return;
    for (size_t next; (next = markdown_define(markdown, (base_slice){view.bytes, view.len}, at)) != 0;) at = next;
    while (len < at && b->first_line < markdown->n_lines) {
        len += markdown->lines[b->first_line].end - markdown->lines[b->first_line].start;
        b->first_line++;
    }
}

static void end_paragraph(blocks *b, markdown_kind kind) {
    take_definitions(b);
    if (b->first_line < b->markdown->n_lines) {
        markdown_line *last = &b->markdown->lines[b->markdown->n_lines - 1];
        last->end = trimmed_end(b, *last);
        markdown_add_leaf(b->markdown, kind, innermost_list(b), b->first_line);
    }
    b->leaf = NO_LEAF;
}

static void end_leaf(blocks *b) {
    if (b->leaf == PARAGRAPH) end_paragraph(b, MARKDOWN_PARAGRAPH);
    if (b->leaf == HTML_BLOCK_LEAF) markdown_add_leaf(b->markdown, MARKDOWN_HTML, innermost_list(b), b->first_line);
    b->leaf = NO_LEAF;
}

static void close_to(blocks *b, size_t depth) {
    end_leaf(b);
    b->depth = depth;
}

static void begin_leaf(blocks *b, leaf_kind kind) {
    b->leaf = kind;
    b->first_line = b->markdown->n_lines;
}

static bool continue_fence(blocks *b) {
    size_t at = text_start(b), len = 0;
    if (indent(b) > 3) return true;
    while (at + len < b->end && b->source.bytes[at + len] == b->fence) len++;
    for (size_t p = at + len; p < b->end; p++)
        if (!markdown_is_blank(b->source.bytes[p])) return true;
    if (len >= b->fence_len) b->leaf = NO_LEAF;
    return true;
}

static void add_html_line(blocks *b) {
    markdown_add_line(b->markdown, b->at, b->next);
    if (markdown_html_ends(b->source, b->at, b->end, b->html_kind)) end_leaf(b);
}

/* @return whether the open leaf takes the line. */
static bool continue_leaf(blocks *b) {
    bool line_is_blank = text_start(b) == b->end;
    switch (b->leaf) {
    case FENCED_CODE: return continue_fence(b);
    case INDENTED_CODE:
        if (line_is_blank || indent(b) >= 4) return true;
        b->leaf = NO_LEAF;
        return false;
    case HTML_BLOCK_LEAF:
        if (line_is_blank && b->html_kind >= 6) end_leaf(b);
        else add_html_line(b);
        return true;
    case NO_LEAF:
    case PARAGRAPH:
    case TABLE: break;
    }
    return false;
}

/* --- Containers --------------------------------------------------------------------------------------------------- */

static bool enter_quote(blocks *b) {
    size_t columns = indent(b), at = text_start(b);
    if (columns > 3 || at == b->end || b->source.bytes[at] != '>') return false;
    skip_columns(b, columns);
    skip_bytes(b, 1);
    skip_columns(b, 1);
    return true;
}

static bool enter_item(blocks *b, open_block *item) {
    if (text_start(b) == b->end) {
        if (item->is_empty) return false; /* an item may begin with one blank line, not with two */
        skip_columns(b, item->indent);
        return true;
    }
    if (indent(b) < item->indent) return false;
    skip_columns(b, item->indent);
    item->is_empty = false;
    return true;
}

static size_t match_containers(blocks *b) {
    size_t n = 0;
    while (n < b->depth && (b->open[n].is_item ? enter_item(b, &b->open[n]) : enter_quote(b))) n++;
    return n;
}

/* Where a line stands while new blocks are looked for. */
typedef struct line_place {
    size_t matched;   /* containers that the line is in */
    size_t was_depth; /* that were open before it */
    bool has_opened;
} line_place;

static bool is_in_paragraph(const blocks *b, const line_place *place) {
    return b->leaf == PARAGRAPH && !place->has_opened && place->matched == b->depth;
}

static void open_container(blocks *b, line_place *place, open_block container) {
    close_to(b, place->matched);
    b->open[b->depth++] = container;
    place->matched = b->depth;
    place->has_opened = true;
}

static bool open_quote(blocks *b, line_place *place) {
    if (b->source.bytes[text_start(b)] != '>' || place->matched == MAX_DEPTH) return false;
    open_container(b, place, (open_block){.is_item = false});
    enter_quote(b);
    return true;
}

static bool open_item(blocks *b, line_place *place) {
    size_t at = text_start(b), columns = indent(b);
    int32_t number;
    size_t len = markdown_list_marker(b->source, at, b->end, &number);
    if (!len || place->matched == MAX_DEPTH) return false;
    size_t behind = at + len;
    while (behind < b->end && markdown_is_blank(b->source.bytes[behind])) behind++;
    bool is_empty = behind == b->end;
    if (is_in_paragraph(b, place) && (is_empty || number > 1 || number == 0)) return false;
    open_block item = {.is_item = true, .is_empty = is_empty, .marker = b->source.bytes[at + len - 1]};
    const open_block *before = &b->open[place->matched];
    bool same_list = !place->has_opened && place->was_depth > place->matched && before->is_item
                     && before->marker == item.marker;
    item.group = same_list ? before->group : text_build_group(b->markdown->builder, 0, 0);
    skip_columns(b, columns);
    skip_bytes(b, len);
    size_t padding = indent(b);
    if (is_empty || padding > 4) padding = 1;
    skip_columns(b, padding);
    item.indent = columns + len + padding;
    open_container(b, place, item);
    return true;
}

/* --- Blocks that begin with a line -------------------------------------------------------------------------------- */

static bool open_heading(blocks *b, const line_place *place) {
    size_t end, start = markdown_heading_start(b->source, text_start(b), b->end, &end);
    if (!start) return false;
    close_to(b, place->matched);
    size_t first_line = b->markdown->n_lines;
    if (start < end) {
        markdown_add_line(b->markdown, start, end);
        markdown_add_leaf(b->markdown, MARKDOWN_HEADING, 0, first_line);
    }
    return true;
}

static bool open_code(blocks *b, const line_place *place) {
    size_t at = text_start(b), len = markdown_fence(b->source, at, b->end);
    if (!len) return false;
    close_to(b, place->matched);
    begin_leaf(b, FENCED_CODE);
    b->fence = b->source.bytes[at];
    b->fence_len = len;
    return true;
}

static bool open_html(blocks *b, const line_place *place) {
    bool in_paragraph = b->leaf == PARAGRAPH && !place->has_opened;
    unsigned kind = markdown_html_kind(b->source, text_start(b), b->end, in_paragraph);
    if (!kind) return false;
    close_to(b, place->matched);
    begin_leaf(b, HTML_BLOCK_LEAF);
    b->html_kind = kind;
    add_html_line(b);
    return true;
}

static bool end_setext_heading(blocks *b, const line_place *place) {
    if (!is_in_paragraph(b, place) || !markdown_is_setext_line(b->source, text_start(b), b->end)) return false;
    take_definitions(b);
    if (b->first_line == b->markdown->n_lines) return false;
    end_paragraph(b, MARKDOWN_HEADING);
    return true;
}

static bool open_thematic_break(blocks *b, const line_place *place) {
    if (!markdown_is_thematic_break(b->source, text_start(b), b->end)) return false;
    close_to(b, place->matched);
    return true;
}

/* A delimiter row makes the paragraph's last line the head of a table. */
static bool open_table(blocks *b, const line_place *place) {
    text_markdown *markdown = b->markdown;
    if (!is_in_paragraph(b, place) || markdown->n_lines == b->first_line) return false;
    size_t columns = markdown_delimiter_columns(b->source, text_start(b), b->end);
    if (!columns) return false;
    markdown_line head = markdown->lines[markdown->n_lines - 1];
    head.end = trimmed_end(b, head);
    if (markdown_count_cells(b->source, head.start, head.end) != columns) return false;
    markdown->n_lines--;
    end_paragraph(b, MARKDOWN_PARAGRAPH);
    markdown_add_cells(markdown, head.start, head.end, columns, innermost_list(b));
    b->leaf = TABLE;
    b->columns = columns;
    return true;
}

/* @return whether a block took the whole line. */
static bool open_leaf(blocks *b, const line_place *place) {
    return open_heading(b, place) || open_code(b, place) || open_html(b, place) || end_setext_heading(b, place)
           || open_table(b, place) || open_thematic_break(b, place);
}

static void add_text_line(blocks *b, const line_place *place) {
    bool goes_on = !place->has_opened && b->leaf == PARAGRAPH; /* also when a container's mark is left out */
    if (!place->has_opened && b->leaf == TABLE && place->matched == b->depth) {
        markdown_add_cells(b->markdown, b->at, b->end, b->columns, innermost_list(b));
        return;
    }
    if (!goes_on) {
        close_to(b, place->matched);
        begin_leaf(b, PARAGRAPH);
    }
    markdown_add_line(b->markdown, text_start(b), b->next);
}

static void read_line(blocks *b) {
    line_place place = {.was_depth = b->depth};
    place.matched = match_containers(b);
    if (place.matched == b->depth && continue_leaf(b)) return;
    for (;;) {
        if (text_start(b) == b->end) { /* a blank line */
            if (!place.has_opened) close_to(b, place.matched);
            return;
        }
        if (indent(b) >= 4) {
            if (b->leaf == PARAGRAPH && !place.has_opened) break;
            close_to(b, place.matched);
            begin_leaf(b, INDENTED_CODE);
            return;
        }
        if (open_quote(b, &place)) continue;
        if (open_leaf(b, &place)) return;
        if (!open_item(b, &place)) break;
    }
    add_text_line(b, &place);
}

void markdown_find_blocks(text_markdown *markdown, size_t start) {
    blocks b = {.markdown = markdown, .source = markdown->builder->source, .leaf = NO_LEAF};
    while (start < b.source.len && !markdown->builder->has_failed) {
        take_line(&b, start);
        read_line(&b);
        start = b.next;
    }
    end_leaf(&b);
}
