#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

typedef struct code_point_range {
    uint32_t first, last;
} code_point_range;

/* Unicode's East_Asian_Width W and F in outline: what is not assigned counts like its neighbours. */
static const code_point_range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF}, {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

/* Combining marks of Latin text, zero-width spaces and joiners, variation selectors. */
static const code_point_range without_width[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x2064}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
};

static bool is_in(const code_point_range *ranges, size_t n, uint32_t code_point) {
    for (size_t i = 0; i < n; i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) return true;
    return false;
}

/* Reads a code point of text that the library gave out; a stray byte counts as one character. */
static uint32_t next_code_point(const char **at) {
    const unsigned char *byte = (const unsigned char *)*at;
    unsigned more = *byte >= 0xF0 ? 3 : *byte >= 0xE0 ? 2 : *byte >= 0xC0 ? 1 : 0;
    uint32_t code_point = more == 3 ? *byte & 7u : more == 2 ? *byte & 15u : more ? *byte & 31u : *byte;
    byte++;
    for (; more && (*byte & 0xC0) == 0x80; more--) code_point = code_point << 6 | (*byte++ & 0x3Fu);
    *at = (const char *)byte;
    return code_point;
}

size_t cli_text_width(const char *text) {
    size_t width = 0;
    while (*text) {
        uint32_t code_point = next_code_point(&text);
        if (is_in(without_width, sizeof without_width / sizeof without_width[0], code_point)) continue;
        width += is_in(wide, sizeof wide / sizeof wide[0], code_point) ? 2 : 1;
    }
    return width;
}

void cli_tame(char *text, size_t len, char by) {
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i], next = i + 1 < len ? (unsigned char)text[i + 1] : 0;
        bool is_c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0; /* U+0080 to U+009F */
        if (byte >= 0x20 && byte != 0x7F && !is_c1) continue;
        text[i] = by;
        if (is_c1) text[++i] = by;
    }
}

int cli_cut(const char *text, size_t len, size_t most) {
    if (len <= most) return (int)len;
    for (len = most; len && ((unsigned char)text[len] & 0xC0) == 0x80;) len--;
    return (int)len;
}

void cli_fraction_text(uint16_t of_65535, char out[8]) {
    uint32_t hundredths = (of_65535 * UINT32_C(100) + 32767) / 65535;
    snprintf(out, 8, "%u.%02u", hundredths / 100, hundredths % 100);
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

bool cli_table_add(cli_table *table, const char *cell) {
    if (table->n_cells == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        char **grown = realloc(table->cells, capacity * sizeof *grown);
        if (!grown) return false;
        table->cells = grown;
        table->capacity = capacity;
    }
    char *copy = strdup(cell);
    if (!copy) return false;
    cli_tame(copy, strlen(copy), ' ');
    table->cells[table->n_cells++] = copy;
    return true;
}

bool cli_table_begin(cli_table *table, size_t n_columns, const char *const *headers) {
    for (size_t i = 0; i < table->n_cells; i++) free(table->cells[i]);
    table->n_cells = 0;
    table->n_columns = n_columns;
    for (size_t i = 0; i < n_columns; i++)
        if (!cli_table_add(table, headers[i])) return false;
    return true;
}

static bool write_spaces(cli_output *output, size_t n) {
    static const char spaces[] = "                                ";
    for (; n >= sizeof spaces; n -= sizeof spaces - 1)
        if (!cli_output_append(output, spaces, sizeof spaces - 1)) return false;
    return cli_output_append(output, spaces, n);
}

/* The last column is not padded, so that no line ends with spaces. */
static bool write_cell(const cli_table *table, size_t column, const char *cell, size_t width, cli_output *output) {
    size_t padding = width - cli_text_width(cell);
    bool is_right = table->right_aligned >> column & 1, is_last = column + 1 == table->n_columns;
    if (column && !cli_output_append(output, "  ", 2)) return false;
    if (is_right && !write_spaces(output, padding)) return false;
    if (!cli_output_text(output, cell)) return false;
    if (is_last) return cli_output_append(output, "\n", 1);
    return is_right || write_spaces(output, padding);
}

bool cli_table_write(const cli_table *table, cli_output *output) {
    size_t widths[CLI_MAX_COLUMNS] = {0};
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t width = cli_text_width(table->cells[i]);
        if (width > widths[i % table->n_columns]) widths[i % table->n_columns] = width;
    }
    for (size_t i = 0; i < table->n_cells; i++)
        if (!write_cell(table, i % table->n_columns, table->cells[i], widths[i % table->n_columns], output))
            return false;
    return true;
}

void cli_table_free(cli_table *table) {
    for (size_t i = 0; i < table->n_cells; i++) free(table->cells[i]);
    free(table->cells);
    *table = (cli_table){0};
}
