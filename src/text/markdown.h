/* Markdown: CommonMark with GitHub's tables and strikethrough. Read in two steps, since a reference may be used before
 * it is defined: markdown_blocks.c finds the blocks, markdown_inline.c reads what is in them. Raw HTML goes to the HTML
 * tree. */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "text/html.h"

/* --- What the blocks leave for the second step -------------------------------------------------------------------- */

typedef enum markdown_kind { MARKDOWN_PARAGRAPH, MARKDOWN_HEADING, MARKDOWN_CELL, MARKDOWN_HTML } markdown_kind;

/* A stretch of one line, without what its containers have in front of it. */
typedef struct markdown_line {
    size_t start, end;
} markdown_line;

typedef struct markdown_leaf {
    markdown_kind kind;
    uint32_t group;
    size_t first_line, n_lines;
} markdown_leaf;

typedef struct markdown_reference {
    uint64_t label; /* hash of the normalised label; 0: an empty slot */
    base_slice target;
} markdown_reference;

typedef struct markdown_token markdown_token;

typedef struct text_markdown {
    const sm_allocator *allocator;
    text_builder *builder;
    html_tree *tree;
    markdown_leaf *leaves;
    markdown_line *lines;
    markdown_reference *references; /* open addressing; capacity is a power of two */
    text_segment *segments;
    char *scratch; /* a leaf's lines put together */
    markdown_token *tokens;
    size_t n_leaves, n_lines, n_references, n_segments, n_tokens;
    size_t leaves_capacity, lines_capacity, references_capacity, segments_capacity, scratch_capacity, tokens_capacity;
} text_markdown;

void markdown_init(text_markdown *markdown, text_builder *builder, html_tree *tree);
void markdown_free(text_markdown *markdown);
/* Reads the source from `start` to its end. */
void markdown_read(text_markdown *markdown, size_t start);

/* --- Between the files -------------------------------------------------------------------------------------------- */

static inline bool markdown_is_blank(char c) {
    return c == ' ' || c == '\t';
}
static inline bool markdown_is_space(char c) {
    return markdown_is_blank(c) || c == '\n' || c == '\r';
}

/* base_grow() that notes a failure in the builder. */
bool markdown_grow(text_markdown *markdown, void **items, size_t *capacity, size_t need, size_t item_size);

/* markdown_blocks.c: source → leaves */
void markdown_find_blocks(text_markdown *markdown, size_t start);
void markdown_add_line(text_markdown *markdown, size_t start, size_t end);
void markdown_add_leaf(text_markdown *markdown, markdown_kind kind, uint32_t group, size_t first_line);

/* Puts lines together. The view is valid until the next call. @return false when out of memory. */
bool markdown_view(text_markdown *markdown, size_t first_line, size_t n_lines, text_view *view);

/* markdown_inline.c: a leaf's text → runs */
void markdown_read_inline(text_markdown *markdown, const text_view *view);

/* markdown_starts.c: what can stand at a line's start. `at` is behind the indent, `end` before the line break. */
size_t markdown_heading_start(base_slice source, size_t at, size_t end, size_t *content_end); /* 0: none */
size_t markdown_fence(base_slice source, size_t at, size_t end);                              /* its length, 0: none */
bool markdown_is_thematic_break(base_slice source, size_t at, size_t end);
bool markdown_is_setext_line(base_slice source, size_t at, size_t end);
unsigned markdown_html_kind(base_slice source, size_t at, size_t end, bool in_paragraph); /* 1 to 7, 0: none */
bool markdown_html_ends(base_slice source, size_t at, size_t end, unsigned kind);
/* The length of a list marker; *number is its number or -1 for a bullet. 0: none. */
size_t markdown_list_marker(base_slice source, size_t at, size_t end, int32_t *number);

/* markdown_table.c */
/* The number of columns of a delimiter row such as |---|:-:|, 0: none. */
size_t markdown_delimiter_columns(base_slice source, size_t at, size_t end);
size_t markdown_count_cells(base_slice source, size_t at, size_t end);
void markdown_add_cells(text_markdown *markdown, size_t at, size_t end, size_t max, uint32_t group);

/* markdown_links.c: links' targets and reference definitions, in a leaf's text */
/* How far a target was read that closes no parenthesis: from `from` up to `to` it opens `n`. Each `](` in it begins a target
 * too, and all take linear time when they go on from there. */
typedef struct markdown_opened {
    size_t from, to;
    uint32_t n;
} markdown_opened;
/* Reads `(target "title")` from its parenthesis. @return the place behind, 0: none. */
size_t markdown_inline_target(base_slice text, size_t at, base_slice *target, markdown_opened *opened);
/* Reads one definition `[label]: target "title"` from `at` and keeps it. @return the place behind its line, 0: none. */
size_t markdown_define(text_markdown *markdown, base_slice text, size_t at);
/* The place behind the `]` of a label that begins with the `[` at `at`; 0: none. */
size_t markdown_label_end(base_slice text, size_t at);
const markdown_reference *markdown_find_reference(const text_markdown *markdown, base_slice label);
base_slice markdown_target_value(text_markdown *markdown, base_slice raw); /* escapes and references decoded */

/* What ends raw HTML or a value in it, and may be missing. */
typedef enum markdown_html_end {
    MARKDOWN_DOUBLE_QUOTE,
    MARKDOWN_SINGLE_QUOTE,
    MARKDOWN_INSTRUCTION,
    MARKDOWN_COMMENT,
    MARKDOWN_CDATA,
    MARKDOWN_DECLARATION,
    MARKDOWN_HTML_ENDS
} markdown_html_end;

/* What the attempts to read raw HTML in one text have found, so that all take linear time. */
typedef struct markdown_html_attempts {
    size_t tag_work;                           /* bytes that tags have read which are none */
    const char *none_from[MARKDOWN_HTML_ENDS]; /* from there on no such end stands; NULL: not known */
} markdown_html_attempts;

/* markdown_html.c: raw HTML and autolinks in a leaf's text, from a `<`. @return the place behind, 0: none. */
size_t markdown_raw_html(base_slice text, size_t at, markdown_html_attempts *all);
size_t markdown_autolink(base_slice text, size_t at);

/* punctuation.c */
bool text_is_punctuation(uint32_t code_point); /* Unicode categories P and S */

#endif
