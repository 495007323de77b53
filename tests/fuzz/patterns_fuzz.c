/* Any pattern as a notation's: it is refused with a reason, or compiles on first use as it did in the table; and whatever a
 * text is, scanning it ends, finds codes inside of the text in order, and finds the same again.
 *
 * The first two bytes choose where candidates begin, the form and the evidence; then come two lines, the conditions around a
 * code and the pattern, and the text. */
#include <stdio.h>

#include "scan/scan.h"
#include "small.h"

enum { MOST_TEXT = 4096 };

static const char header[] = "id\tstart\tmin\tmax\tthen\tpattern\tmics\tform\tevidence\texample\n";

static void append_cell(sm_buffer *row, fuzz_input cell) {
    for (size_t i = 0; i < cell.len; i++)
        must(base_buffer_append(row, cell.bytes[i] == '\t' ? " " : (const char *)cell.bytes + i, 1));
    must(base_buffer_text(row, "\t"));
}

static void take_row(fuzz_input *input, sm_buffer *row) {
    static const char *const starts[] = {"digit", "letter", "dollar"};
    static const char *const forms[] = {"digits6\tstrong", "digits5\tbracket", "symbol\tweak", "none\tweak"};
    static const char *const markets[] = {"XSHG|XHKG|XNAS", "SH=XSHG|HK=XHKG|US=XNAS", "XNAS|US=XNAS"};
    uint8_t choice = fuzz_byte(input), lengths = fuzz_byte(input);
    char cells[64];
    snprintf(cells, sizeof cells, "x\t%s\t%d\t%d\t", starts[choice % 3], 1 + lengths % 8, 1 + lengths / 8);
    must(base_buffer_text(row, header) && base_buffer_text(row, cells));
    append_cell(row, fuzz_until(input, '\n'));
    append_cell(row, fuzz_until(input, '\n'));
    snprintf(cells, sizeof cells, "%s\t%s\tx\n", markets[choice / 12 % 3], forms[choice / 3 % 4]);
    must(base_buffer_text(row, cells));
}

static void check_candidates(const scan_list *list, base_slice text) {
    size_t last = 0;
    for (size_t i = 0; i < list->n; i++) {
        const scan_candidate *c = &list->items[i];
        must(last <= c->start && c->start < c->end && c->end <= text.len);
        if (c->kind == SCAN_CODE && c->index == dict_none) must(c->start + c->code_at + c->code_len <= c->end);
        last = c->start;
    }
}

static void scan(const dict_view *view, base_slice text) {
    scan_codes *codes = scan_codes_new(view, &base_default_allocator);
    scan_memory *memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    scan_list list = {.allocator = &base_default_allocator};
    must(codes && memory && scan_codes_warm(codes, NULL) == SM_OK);
    must(scan_run(view, codes, memory, text, &list, NULL) == SM_OK);
    size_t n = list.n;
    check_candidates(&list, text);
    must(scan_run(view, codes, memory, text, &list, NULL) == SM_OK && list.n == n);
    base_default_allocator.release(NULL, list.items);
    scan_memory_free(memory);
    scan_codes_free(codes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    fuzz_input input = {bytes, len};
    sm_buffer row = {0}, compiled = {0};
    dict_view view;
    take_row(&input, &row);
    if (small_compile("notations.tsv", slice_of(&row), &compiled, &view)) {
        size_t most = input.len < MOST_TEXT ? input.len : MOST_TEXT;
        char *text = malloc(most + 1); /* a sanitizer sees what lies behind it */
        must(text != NULL);
        if (most) memcpy(text, input.bytes, most);
        scan(&view, (base_slice){text, base_utf8_valid_prefix(text, most)});
        free(text);
    }
    sm_buffer_free(&row);
    sm_buffer_free(&compiled);
    return 0;
}
