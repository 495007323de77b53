/* A page that does not say its charset is read in the one that it looks like: the rows of charsets.tsv. */
#include "../check.h"
#include "cases.h"
#include "text/charset.h"

/* "bytes" are what the row says; all else is written in that charset first. */
static bool write_case(const char *charset, char *text, sm_buffer *out) {
    base_slice source = {text, case_unescape(text)};
    if (strcmp(charset, "bytes") == 0) return base_buffer_append(out, source.bytes, source.len);
    return text_encode(text_charset_find(base_slice_of(charset)), source, out);
}

static void check_row(char *columns[CASE_COLUMNS]) {
    sm_buffer written = {0};
    char row[2 * CASE_LINE];
    snprintf(row, sizeof row, "%s: %s in %s", columns[0], columns[2], columns[1]);
    if (!CHECK_ROW(write_case(columns[1], columns[2], &written), row)) return;
    char *exact = case_exact(written.data, written.len);
    base_slice source = {exact, written.len};
    size_t start, valid = base_utf8_valid_prefix(source.bytes, source.len);
    uint32_t found = text_charset_of(source, TEXT_AUTO, valid, &start);
    CHECK_STR(columns[3], text_charset_word(found), row);
    free(exact);
    sm_buffer_free(&written);
}

int main(void) {
    char line[CASE_LINE], *columns[CASE_COLUMNS];
    FILE *file = fopen("tests/unit/text/charsets.tsv", "r");
    if (!CHECK(file != NULL)) return check_report();
    for (size_t n; (n = case_row(file, line, columns)) > 0;)
        if (CHECK_ROW(n == CASE_COLUMNS, columns[0])) check_row(columns);
    fclose(file);
    return check_report();
}
