/* Codes in every notation, and what only looks like one: each row of notations.tsv beside this file is a text and the
 * codes in it, and each row of the default table finds its own example. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "check.h"
#include "dict/tables.h"
#include "scan/codes.h"
#include "scan/scan.h"

enum { MAX_LINE = 4096, N_THREADS = 4 };

typedef struct bench {
    const dict_view *view;
    scan_codes *codes;
    scan_memory *memory;
    scan_list list;
} bench;

static bool bench_open(bench *b, const sm_allocator *allocator) {
    b->view = dict_get_view(sm_dict_default());
    b->codes = scan_codes_new(b->view, allocator);
    b->memory = scan_memory_new(allocator, base_kernel_best());
    b->list = (scan_list){.allocator = allocator};
    return b->codes && b->memory;
}

static void bench_close(bench *b) {
    scan_codes_free(b->codes);
    scan_memory_free(b->memory);
    if (b->list.allocator) b->list.allocator->release(b->list.allocator->context, b->list.items);
}

static sm_status scan(bench *b, const char *text, sm_error *error) {
    return scan_run(b->view, b->codes, b->memory, base_slice_of(text), &b->list, error);
}

/* "XSHG:688111"; "?" for a code that is in no table, with what it would be where shares have such codes: ?XSHG:688999, or
 * ?:ABCD where the notation names no market. */
static void write_id(const bench *b, const scan_candidate *c, const char *text, char *out, size_t size) {
    char code[SCAN_MAX_CODE];
    if (c->index != dict_none) {
        snprintf(out, size, "%s", dict_string(b->view, b->view->securities[c->index].id));
        return;
    }
    size_t len = scan_unknown_code(b->codes, c, base_slice_of(text), code);
    const char *mic = c->market != dict_none ? dict_cell(b->view, DICT_MICS, c->market, MIC_MIC) : "";
    if (c->is_share) snprintf(out, size, "?%s:%.*s", mic, (int)len, code);
    else snprintf(out, size, "?");
}

/* "688111.SH=XSHG:688111; …" of the codes that were found last. */
static void write_found(const bench *b, const char *text, char *out, size_t size) {
    size_t len = 0;
    char id[64];
    out[0] = '\0';
    for (size_t i = 0; i < b->list.n; i++) {
        const scan_candidate *c = &b->list.items[i];
        if (c->kind != SCAN_CODE) continue;
        write_id(b, c, text, id, sizeof id);
        int n = snprintf(out + len, size - len, "%s%.*s=%s", len ? "; " : "", (int)(c->end - c->start), text + c->start,
                         id);
        if (n < 0 || (size_t)n >= size - len) return;
        len += (size_t)n;
    }
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

static void check_line(bench *b, char *line, int number) {
    char found[MAX_LINE], row[64];
    char *expected = strchr(line, '\t');
    char *reason = expected ? strchr(expected + 1, '\t') : NULL;
    snprintf(row, sizeof row, "notations.tsv:%d", number);
    if (!CHECK_ROW(reason && reason[1], row)) return;
    *expected++ = *reason++ = '\0';
    sm_error error;
    CHECK_ROW(scan(b, line, &error) == SM_OK, row);
    write_found(b, line, found, sizeof found);
    if (!CHECK_STR(expected, found, row)) fprintf(stderr, "  input:    %s\n  reason:   %s\n", line, reason);
}

static void each_text_has_the_codes_of_its_row(bench *b) {
    FILE *file = fopen("tests/unit/scan/notations.tsv", "r");
    char line[MAX_LINE];
    int number = 0;
    if (!CHECK(file != NULL)) return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (++number > 1 && line[0]) check_line(b, line, number);
    }
    fclose(file);
    CHECK(number > 150);
}

/* --- The default notations ---------------------------------------------------------------------------------------- */

static const char *cell(const bench *b, uint32_t row, uint32_t column) {
    return dict_cell(b->view, DICT_NOTATIONS, row, column);
}

static bool finds_own_example(bench *b, uint32_t row) {
    if (scan(b, cell(b, row, NOTATION_EXAMPLE), NULL) != SM_OK) return false;
    bool is_refusal = strcmp(cell(b, row, NOTATION_FORM), "none") == 0;
    for (size_t i = 0; i < b->list.n; i++) {
        const scan_candidate *c = &b->list.items[i];
        if (c->kind != SCAN_CODE) continue;
        if (is_refusal) return false;
        if (c->notation == row && c->index != dict_none) return true;
    }
    return is_refusal;
}

static void each_notation_finds_its_example(bench *b) {
    uint32_t n = b->view->tables[DICT_NOTATIONS].n_rows;
    CHECK(n > 30);
    for (uint32_t row = 0; row < n; row++) CHECK_ROW(finds_own_example(b, row), cell(b, row, NOTATION_ID));
}

static void all_patterns_compile(const bench *b) {
    sm_error error = {0};
    if (!CHECK(scan_codes_warm(b->codes, &error) == SM_OK)) fprintf(stderr, "%s\n", error.message);
    CHECK(scan_codes_warm(b->codes, NULL) == SM_OK);
    for (uint32_t row = 0; row < b->codes->n_rows; row++)
        CHECK_ROW(atomic_load(&b->codes->patterns[row]) != NULL, cell(b, row, NOTATION_ID));
}

/* --- Any cut of a text -------------------------------------------------------------------------------------------- */

/* Windows and gates look around a place: no cut may make them look past the text (which a sanitizer would report). */
static void every_prefix_and_suffix_can_be_scanned(bench *b) {
    static const char text[] =
        "$金山办公(SH688111)$、（６８８１１１）NYSE: BABA, BRK.B；股票代码：000002、299903 gb_aapl $brk.b 港股00700";
    bool all_fine = true;
    for (size_t cut = 0; cut < sizeof text; cut++) {
        if (((unsigned char)text[cut] & 0xC0) == 0x80) continue;
        char *prefix = malloc(cut + 1), *suffix = malloc(sizeof text - cut);
        if (!prefix || !suffix) abort();
        memcpy(prefix, text, cut);
        memcpy(suffix, text + cut, sizeof text - 1 - cut);
        base_slice both[] = {{prefix, cut}, {suffix, sizeof text - 1 - cut}};
        for (int i = 0; i < 2; i++) {
            all_fine &= scan_run(b->view, b->codes, b->memory, both[i], &b->list, NULL) == SM_OK;
            for (size_t c = 0; c < b->list.n; c++)
                all_fine &= b->list.items[c].start < b->list.items[c].end && b->list.items[c].end <= both[i].len;
        }
        free(prefix);
        free(suffix);
    }
    CHECK(all_fine);
}

/* --- Threads ------------------------------------------------------------------------------------------------------ */

static void *scan_examples(void *codes) {
    bench b = {.view = dict_get_view(sm_dict_default()), .codes = codes};
    b.memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    b.list.allocator = &base_default_allocator;
    bool all_found = b.memory != NULL;
    for (uint32_t row = 0; all_found && row < b.view->tables[DICT_NOTATIONS].n_rows; row++)
        all_found = finds_own_example(&b, row);
    scan_memory_free(b.memory);
    free(b.list.items);
    return all_found ? codes : NULL;
}

static void threads_share_patterns_that_none_has_compiled_yet(void) {
    scan_codes *codes = scan_codes_new(dict_get_view(sm_dict_default()), &base_default_allocator);
    pthread_t threads[N_THREADS];
    int n = 0;
    while (codes && n < N_THREADS && pthread_create(&threads[n], NULL, scan_examples, codes) == 0) n++;
    CHECK(n == N_THREADS);
    for (int i = 0; i < n; i++) {
        void *found = NULL;
        pthread_join(threads[i], &found);
        CHECK(found == codes);
    }
    scan_codes_free(codes);
}

/* --- Memory ------------------------------------------------------------------------------------------------------- */

/* Fails from the nth allocation on, and counts what was not given back. */
typedef struct scarce {
    long left, held;
} scarce;

static void *scarce_allocate(void *context, size_t size) {
    scarce *s = context;
    if (s->left-- <= 0) return NULL;
    void *memory = malloc(size ? size : 1);
    if (memory) s->held++;
    return memory;
}

static void *scarce_reallocate(void *context, void *memory, size_t size) {
    scarce *s = context;
    if (s->left-- <= 0) return NULL;
    void *grown = realloc(memory, size ? size : 1);
    if (grown && !memory) s->held++;
    return grown;
}

static void scarce_release(void *context, void *memory) {
    scarce *s = context;
    if (memory) s->held--;
    free(memory);
}

static void an_allocation_that_fails_is_reported_and_nothing_leaks(void) {
    static const char text[] = "金山办公(688111.SH) $AAPL (NASDAQ: GOOG, GOOGL)";
    bool is_done = false, is_honest = true, leaks = false;
    for (long limit = 0; limit < 500 && !is_done; limit++) {
        scarce s = {limit, 0};
        sm_allocator allocator = {&s, scarce_allocate, scarce_reallocate, scarce_release};
        bench b = {0};
        if (bench_open(&b, &allocator)) {
            sm_error error = {0};
            sm_status status = scan(&b, text, &error);
            is_done = status == SM_OK && s.left > 0;
            is_honest &= status == SM_OK || status == SM_ERR_NOMEM;
        }
        bench_close(&b);
        leaks |= s.held != 0;
    }
    CHECK(is_done);
    CHECK(is_honest);
    CHECK(!leaks);
}

int main(void) {
    bench b = {0};
    if (CHECK(bench_open(&b, &base_default_allocator))) {
        all_patterns_compile(&b); /* before a text asks for one */
        each_text_has_the_codes_of_its_row(&b);
        each_notation_finds_its_example(&b);
        every_prefix_and_suffix_can_be_scanned(&b);
    }
    bench_close(&b);
    threads_share_patterns_that_none_has_compiled_yet();
    an_allocation_that_fails_is_reported_and_nothing_leaks();
    return check_report();
}
