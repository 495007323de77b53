/* GitHub's tables: | cell | cell | */
#include "text/markdown.h"

static void trim(base_slice source, size_t *at, size_t *end) {
    while (*at < *end && markdown_is_blank(source.bytes[*at])) ++*at;
    while (*end > *at && markdown_is_blank(source.bytes[*end - 1])) --*end;
}

/* The end of the cell that begins at `at`: an unescaped bar, or the end of the line. */
static size_t cell_end(base_slice source, size_t at, size_t end) {
    while (at < end && source.bytes[at] != '|') at += source.bytes[at] == '\\' && at + 1 < end ? 2 : 1;
    return at;
}

/* Takes the next cell of a row, without the white space around it. The row's start and end bars are no cells. */
static bool next_cell(base_slice source, size_t *at, size_t end, size_t *cell, size_t *stop) {
    if (*at >= end) return false;
    *cell = *at;
    *stop = cell_end(source, *at, end);
    *at = *stop + 1;
    trim(source, cell, stop);
    return true;
}

static void row_inside(base_slice source, size_t *at, size_t *end) {
    trim(source, at, end);
    if (*at < *end && source.bytes[*at] == '|') ++*at;
}

size_t markdown_delimiter_columns(base_slice source, size_t at, size_t end) {
    size_t columns = 0, cell, stop;
    bool has_bar = false;
    for (size_t i = at; i < end; i++) {
        char c = source.bytes[i];
        if (c != '|' && c != '-' && c != ':' && !markdown_is_blank(c)) return 0;
        has_bar |= c == '|';
    }
    row_inside(source, &at, &end);
    while (next_cell(source, &at, end, &cell, &stop)) {
        if (cell < stop && source.bytes[cell] == ':') cell++;
        if (cell < stop && source.bytes[stop - 1] == ':') stop--;
        if (cell == stop) return 0;
        for (; cell < stop; cell++)
            if (source.bytes[cell] != '-') return 0;
        columns++;
    }
    return has_bar ? columns : 0;
}

size_t markdown_count_cells(base_slice source, size_t at, size_t end) {
    size_t n = 0, cell, stop;
    row_inside(source, &at, &end);
    while (next_cell(source, &at, end, &cell, &stop)) n++;
    return n;
}

void markdown_add_cells(text_markdown *markdown, size_t at, size_t end, size_t max, uint32_t group) {
    base_slice source = markdown->builder->source;
    size_t cell, stop;
    row_inside(source, &at, &end);
    for (size_t n = 0; n < max && next_cell(source, &at, end, &cell, &stop); n++) {
        size_t first_line = markdown->n_lines;
        if (cell == stop) continue;
        markdown_add_line(markdown, cell, stop);
        markdown_add_leaf(markdown, MARKDOWN_CELL, group, first_line);
    }
}
