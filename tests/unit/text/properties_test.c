/* Whatever the bytes: pieces cover their run, are in order and say where its bytes come from; places map in order; runs
 * are UTF-8; no read goes past the input. Held against every case of the tables, cut off at every byte, in every
 * format, and the same with allocations that fail. */
#include "../check.h"
#include "cases.h"

static bool is_utf8(const char *bytes, size_t len) {
    return base_utf8_valid_prefix(bytes, len) == len;
}

/* A piece as long in the source as in the run has the same bytes there, but for a line's end, a reference or bytes that are
 * no UTF-8 and happen to be as long as what stands for them. */
static bool piece_is_right(const text_run *run, size_t i, const char *source, size_t len) {
    const text_piece *piece = &run->pieces[i];
    size_t end = i + 1 < run->n_pieces ? piece[1].start : run->len, n = end - piece->start;
    if (piece->start >= end || piece->source_start >= piece->source_end || piece->source_end > len) return false;
    if (n != piece->source_end - piece->source_start) return true;
    const char *from = source + piece->source_start;
    return memcmp(run->bytes + piece->start, from, n) == 0 || *from == '&' || *from == '\r' || !is_utf8(from, n);
}

static bool run_is_right(const text_run *run, const char *source, size_t len, size_t *source_end) {
    size_t last_start = 0, last_end = 0;
    if (!run->len || !run->n_pieces || run->pieces[0].start != 0 || !is_utf8(run->bytes, run->len)) return false;
    for (size_t i = 0; i < run->n_pieces; i++) {
        if (!piece_is_right(run, i, source, len) || run->pieces[i].source_start < *source_end) return false;
        *source_end = run->pieces[i].source_end;
    }
    for (size_t i = 0; i < run->len; i++) {
        size_t start, end;
        text_map(run, i, i + 1, &start, &end);
        if (start < last_start || end < last_end || start >= end || end > len) return false;
        last_start = start;
        last_end = end;
    }
    return true;
}

static bool link_is_right(const text_link *link, size_t len, size_t *last_start) {
    const base_slice values[] = {link->href, link->data_code, link->data_code2, link->id, link->class_name, link->text};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (!is_utf8(values[i].bytes, values[i].len)) return false;
    bool is_right = link->source_start >= *last_start && link->source_start < link->source_end
                    && link->source_end <= len;
    *last_start = link->source_start;
    return is_right;
}

/* In the page's source or among what was changed, whole. */
static bool run_has_a_home(const text_page *page, const text_run *run) {
    const base_slice homes[] = {page->source, page->changed};
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++)
        if ((uintptr_t)run->bytes >= (uintptr_t)homes[i].bytes
            && (uintptr_t)run->bytes + run->len <= (uintptr_t)homes[i].bytes + homes[i].len)
            return true;
    return false;
}

static bool page_is_right(const text_page *page, const char *source, size_t len) {
    size_t source_end = 0, last_start = 0;
    for (size_t i = 0; i < page->n_runs; i++)
        if (!run_has_a_home(page, &page->runs[i])) return false;
    for (size_t i = 0; page->changed.len && i < TEXT_BEHIND; i++)
        if (page->changed.bytes[page->changed.len + i] != 0) return false;
    for (size_t i = 0; i < page->n_runs; i++)
        if (!run_is_right(&page->runs[i], source, len, &source_end)) return false;
    for (size_t i = 0; i < page->n_links; i++)
        if (!link_is_right(&page->links[i], len, &last_start)) return false;
    return (page->n_invalid == 0) == is_utf8(source, len);
}

static void check_prefixes(text_reader *reader, const char *source, size_t len, const char *reason) {
    for (size_t cut = 0; cut <= len; cut++) {
        char *copy = case_exact(source, cut), row[256];
        for (uint32_t format = SM_FORMAT_AUTO; format <= SM_FORMAT_MARKDOWN; format++) {
            text_page page;
            snprintf(row, sizeof row, "%.200s, %zu bytes of it, format %u", reason, cut, format);
            if (CHECK_ROW(text_read(reader, (base_slice){copy, cut}, format, TEXT_UTF8, &page) == SM_OK, row))
                CHECK_ROW(page_is_right(&page, copy, cut), row);
        }
        free(copy);
    }
}

/* --- Allocations that fail ---------------------------------------------------------------------------------------- */

static bool may_allocate(void *context) {
    size_t *left = context;
    return *left > 0 && (*left)-- > 0;
}

static void *count_allocate(void *context, size_t size) {
    return may_allocate(context) ? malloc(size) : NULL;
}

static void *count_reallocate(void *context, void *memory, size_t size) {
    return may_allocate(context) ? realloc(memory, size) : NULL;
}

static void count_release(void *context, void *memory) {
    (void)context;
    free(memory);
}

static void check_failing_allocations(const char *source, size_t len, uint32_t format, const char *reason) {
    size_t left = 0;
    const sm_allocator allocator = {&left, count_allocate, count_reallocate, count_release};
    bool is_done = false;
    for (size_t n = 0; n < 1000 && !is_done; n++) {
        left = n;
        text_reader *reader = text_reader_new(&allocator, base_kernel_best());
        text_page page;
        sm_status status = reader ? text_read(reader, (base_slice){source, len}, format, TEXT_UTF8, &page)
                                  : SM_ERR_NOMEM;
        CHECK_ROW(status == SM_OK || status == SM_ERR_NOMEM, reason);
        is_done = status == SM_OK;
        if (is_done) CHECK_ROW(page_is_right(&page, source, len), reason);
        text_reader_free(reader);
    }
    CHECK_ROW(is_done, reason);
}

static void check_table(text_reader *reader, const char *path) {
    char line[CASE_LINE], *columns[CASE_COLUMNS];
    FILE *file = fopen(path, "r");
    if (!CHECK_ROW(file != NULL, path)) return;
    while (case_row(file, line, columns) >= 3) {
        size_t len = case_unescape(columns[2]);
        check_prefixes(reader, columns[2], len, columns[0]);
        check_failing_allocations(columns[2], len, case_format(columns[1]), columns[0]);
    }
    fclose(file);
}

int main(void) {
    text_reader *reader = text_reader_new(&base_default_allocator, base_kernel_best());
    if (!CHECK(reader != NULL)) return check_report();
    check_table(reader, "tests/unit/text/runs.tsv");
    check_table(reader, "tests/unit/text/links.tsv");
    check_table(reader, "tests/unit/text/dates.tsv");
    text_reader_free(reader);
    return check_report();
}
