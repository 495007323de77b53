/* What the tests of this room share: rows of a table, bytes written as text, and a page printed as one line. */
#ifndef TESTS_UNIT_TEXT_CASES_H
#define TESTS_UNIT_TEXT_CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/text.h"

enum { CASE_COLUMNS = 4, CASE_LINE = 8192 };

/* Turns \n \r \t \\ and \xHH into the bytes they stand for, in place. @return the length. */
static inline size_t case_unescape(char *text) {
    char *out = text;
    for (const char *p = text; *p; p++) {
        if (*p != '\\') {
            *out++ = *p;
            continue;
        }
        p++;
        if (*p == 'x') {
            char hex[3] = {p[1], p[2], '\0'};
            *out++ = (char)strtoul(hex, NULL, 16);
            p += 2;
        } else {
            *out++ = *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p;
        }
    }
    *out = '\0';
    return (size_t)(out - text);
}

/* Appends bytes, with the same escapes for control characters and for what is no UTF-8. */
static inline void case_append(char *line, size_t size, const char *bytes, size_t len) {
    size_t at = strlen(line);
    unsigned step = 1;
    for (size_t i = 0; i < len && at + 5 < size; i += step) {
        unsigned char c = (unsigned char)bytes[i];
        uint32_t code_point;
        step = base_utf8_decode(bytes + i, bytes + len, &code_point, NULL);
        if (c == '\n' || c == '\t' || c == '\r')
            at += (size_t)sprintf(line + at, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (c < ' ' || !step) at += (size_t)sprintf(line + at, "\\x%02X", c);
        else
            for (unsigned k = 0; k < step; k++) line[at++] = bytes[i + k];
        line[at] = '\0';
        if (!step) step = 1;
    }
}

static inline uint32_t case_format(const char *word) {
    static const char *const words[] = {"auto", "text", "html", "markdown"};
    for (uint32_t i = 0; i < 4; i++)
        if (strcmp(words[i], word) == 0) return i;
    fprintf(stderr, "no format is called '%s'\n", word);
    exit(2);
}

static inline const char *case_region(uint32_t region) {
    static const char *const words[] = {"body", "title", "heading", "table", "links", "navigation", "footer"};
    return region < 7 ? words[region] : "?";
}

/* All runs: region:text¦region:text */
static inline void case_print_runs(const text_page *page, char *line, size_t size) {
    line[0] = '\0';
    for (size_t i = 0; i < page->n_runs; i++) {
        if (i) case_append(line, size, "¦", strlen("¦"));
        case_append(line, size, case_region(page->runs[i].region), strlen(case_region(page->runs[i].region)));
        case_append(line, size, ":", 1);
        case_append(line, size, page->runs[i].bytes, page->runs[i].len);
    }
}

/* All links: source{name=value,…}text¦… with the attributes that it has. */
static inline void case_print_links(const text_page *page, const char *source, char *line, size_t size) {
    line[0] = '\0';
    for (size_t i = 0; i < page->n_links; i++) {
        const text_link *link = &page->links[i];
        const struct {
            const char *name;
            base_slice value;
        } values[] = {{"href=", link->href},
                      {"code=", link->data_code},
                      {"code2=", link->data_code2},
                      {"id=", link->id},
                      {"class=", link->class_name}};
        if (i) case_append(line, size, "¦", strlen("¦"));
        case_append(line, size, source + link->source_start, link->source_end - link->source_start);
        case_append(line, size, "{", 1);
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
            if (!values[k].value.len) continue;
            case_append(line, size, values[k].name, strlen(values[k].name));
            case_append(line, size, values[k].value.bytes, values[k].value.len);
            case_append(line, size, ";", 1);
        }
        case_append(line, size, "}", 1);
        case_append(line, size, link->text.bytes, link->text.len);
    }
}

/* Reads the next row of a table, passing over its header, comments and empty lines. @return the number of columns. */
static inline size_t case_row(FILE *file, char line[CASE_LINE], char *columns[CASE_COLUMNS]) {
    while (fgets(line, CASE_LINE, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#' || strncmp(line, "reason\t", 7) == 0) continue;
        size_t n = 0;
        for (char *p = line; p && n < CASE_COLUMNS; n++) {
            columns[n] = p;
            p = strchr(p, '\t');
            if (p) *p++ = '\0';
        }
        return n;
    }
    return 0;
}

/* A copy without a byte behind its end, so that a sanitizer sees a read past it. The caller frees. */
static inline char *case_exact(const char *bytes, size_t len) {
    char *copy = malloc(len ? len : 1);
    if (!copy) exit(2);
    memcpy(copy, bytes, len);
    return copy;
}

#endif
