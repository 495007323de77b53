/* What a reader of a page sees is in its runs, its links have their places, and its day is found: the rows of runs.tsv,
 * links.tsv and dates.tsv. */
#include "../check.h"
#include "cases.h"

typedef enum table_kind { RUNS, LINKS, DATES } table_kind;

static void print_page(table_kind table, const text_page *page, const char *source, char *line, size_t size) {
    if (table == RUNS) case_print_runs(page, line, size);
    else if (table == LINKS) case_print_links(page, source, line, size);
    else snprintf(line, size, "%d", page->date);
}

static void check_table(text_reader *reader, table_kind table, const char *path) {
    char line[CASE_LINE], got[CASE_LINE], row[2 * CASE_LINE], *columns[CASE_COLUMNS];
    FILE *file = fopen(path, "r");
    if (!CHECK_ROW(file != NULL, path)) return;
    for (size_t n; (n = case_row(file, line, columns)) > 0;) {
        text_page page;
        if (!CHECK_ROW(n == 4 || (n == 3 && table != DATES), columns[0])) continue;
        snprintf(row, sizeof row, "%s: %s", columns[0], columns[2]);
        size_t len = case_unescape(columns[2]);
        char *source = case_exact(columns[2], len);
        CHECK_ROW(text_read(reader, (base_slice){source, len}, case_format(columns[1]), TEXT_UTF8, &page) == SM_OK,
                  row);
        print_page(table, &page, source, got, sizeof got);
        CHECK_STR(n == 4 ? columns[3] : "", got, row);
        free(source);
    }
    fclose(file);
}

static void check_url_dates(const char *path) {
    char line[CASE_LINE], got[16], *columns[CASE_COLUMNS];
    FILE *file = fopen(path, "r");
    if (!CHECK_ROW(file != NULL, path)) return;
    while (case_row(file, line, columns) == 3) {
        snprintf(got, sizeof got, "%d", text_url_date(base_slice_of(columns[1])));
        CHECK_STR(columns[2], got, columns[1]);
    }
    fclose(file);
}

int main(void) {
    text_reader *reader = text_reader_new(&base_default_allocator, base_kernel_best());
    if (!CHECK(reader != NULL)) return check_report();
    check_table(reader, RUNS, "tests/unit/text/runs.tsv");
    check_table(reader, LINKS, "tests/unit/text/links.tsv");
    check_table(reader, DATES, "tests/unit/text/dates.tsv");
    check_url_dates("tests/unit/text/url_dates.tsv");
    text_reader_free(reader);
    return check_report();
}
