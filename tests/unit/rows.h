/* Tables of cases: a TSV file with a header row; lines that begin with "# " and empty lines are passed over. In cells \n,
 * \t, \\, \xHH (a byte) and \uHHHH (a character) stand for what they name. */
#ifndef TESTS_UNIT_ROWS_H
#define TESTS_UNIT_ROWS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "check.h"

enum { ROWS_LINE = 8192, ROWS_CELLS = 8 };

typedef struct rows {
    FILE *file;
    const char *path;
    unsigned line, n_rows;
    size_t n_cells;
    char *cells[ROWS_CELLS];
    char place[256]; /* "path:line" */
    char bytes[ROWS_LINE];
} rows;

static inline bool rows_read(rows *r) {
    do {
        if (!r->file || !fgets(r->bytes, sizeof r->bytes, r->file)) return false;
        r->line++;
        r->bytes[strcspn(r->bytes, "\n")] = '\0';
    } while (!r->bytes[0] || strncmp(r->bytes, "# ", 2) == 0);
    snprintf(r->place, sizeof r->place, "%s:%u", r->path, r->line);
    r->n_cells = 0;
    for (char *p = r->bytes; p && r->n_cells < ROWS_CELLS;) {
        r->cells[r->n_cells++] = p;
        p = strchr(p, '\t');
        if (p) *p++ = '\0';
    }
    return true;
}

/* Opens a table and reads its header row. */
static inline bool rows_open(rows *r, const char *path) {
    *r = (rows){.path = path, .file = fopen(path, "r")};
    return CHECK_ROW(r->file != NULL, path) && CHECK_ROW(rows_read(r), path);
}

/* The next row, which must have `n_cells` cells. False at the end of the table. */
static inline bool rows_next(rows *r, size_t n_cells) {
    while (rows_read(r)) {
        r->n_rows++;
        if (CHECK_ROW(r->n_cells == n_cells && r->cells[n_cells - 1][0], r->place)) return true;
    }
    return false;
}

static inline void rows_close(rows *r) {
    if (r->file) fclose(r->file);
    r->file = NULL;
}

static inline size_t rows_hex(const char *digits, int n, uint32_t *value) {
    char text[8] = {0};
    memcpy(text, digits, (size_t)n);
    *value = (uint32_t)strtoul(text, NULL, 16);
    return (size_t)n;
}

/* Turns the escapes of a cell into what they stand for, in place. @return the length in bytes. */
static inline size_t rows_unescape(char *cell) {
    char *out = cell;
    for (const char *p = cell; *p; p++) {
        uint32_t value;
        if (*p != '\\') *out++ = *p;
        else if (*++p == 'x') {
            p += rows_hex(p + 1, 2, &value);
            *out++ = (char)value;
        } else if (*p == 'u') {
            char bytes[4];
            p += rows_hex(p + 1, 4, &value);
            size_t len = base_utf8_encode(value, bytes);
            memcpy(out, bytes, len);
            out += len;
        } else *out++ = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p;
    }
    *out = '\0';
    return (size_t)(out - cell);
}

#endif
