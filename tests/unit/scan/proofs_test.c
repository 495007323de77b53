/* What a row's gate proves, its pattern says too, and nothing else is found for it. */
#include <stdlib.h>

#include "check.h"
#include "code_texts.h"
#include "dict/source.h"

/* A character of the row's own cells, which its pattern asks for or must not see, or another. */
static void add_of_row(random_source *source, const dict_view *view, const codes_row *row, char *text, size_t *len) {
    base_slice pattern = base_slice_of(dict_cell(view, DICT_NOTATIONS, row->notation, NOTATION_PATTERN));
    size_t at = random_below(source, (uint32_t)pattern.len), end = at + 1;
    while (at && ((unsigned char)pattern.bytes[at] & 0xC0) == 0x80) at--;
    while (end < pattern.len && ((unsigned char)pattern.bytes[end] & 0xC0) == 0x80) end++;
    char c[5] = {0};
    memcpy(c, pattern.bytes + at, end - at);
    add(text, len, random_below(source, 4) ? c : PICK(source, chars));
}

static void add_exchange(random_source *source, const codes_row *row, char *text, size_t *len) {
    base_slice exchange = row->markets[random_below(source, row->n_markets)].exchange;
    char word[16];
    if (exchange.len >= sizeof word) return;
    memcpy(word, exchange.bytes, exchange.len);
    word[exchange.len] = '\0';
    add(text, len, random_below(source, 8) ? "." : "．");
    add(text, len, word);
}

/* A run that the row takes, in what its pattern knows, and most in brackets. */
static base_slice random_text_of(random_source *source, const dict_view *view, const codes_row *row,
                                 char text[MAX_TEXT], size_t *at) {
    size_t len = 0, before = random_below(source, 6), behind = random_below(source, 6);
    uint32_t n = row->gate.min + random_below(source, row->gate.max - row->gate.min + 1);
    bool is_wide = random_below(source, 4) == 0;
    for (size_t i = 0; i < before; i++) add_of_row(source, view, row, text, &len);
    if (random_below(source, 2)) add(text, &len, random_below(source, 4) ? "(" : "（");
    *at = len;
    for (uint32_t i = 0; i < n; i++) {
        char ascii[2] = {
            (char)(row->start == CODES_DIGIT ? '0' + random_below(source, 10) : 'A' + random_below(source, 26)), 0};
        char wide[5] = {0};
        base_utf8_encode((uint32_t)ascii[0] + 0xFEE0, wide);
        add(text, &len, is_wide ? wide : ascii);
    }
    if (row->proof.behind_exchange.is_given && random_below(source, 4)) add_exchange(source, row, text, &len);
    if (random_below(source, 2)) add(text, &len, random_below(source, 4) ? ")" : "）");
    for (size_t i = 0; i < behind; i++) add_of_row(source, view, row, text, &len);
    return (base_slice){text, len};
}

/* What a proof says of a place: where the match ends, and its exchange. */
typedef struct claim {
    bool is_made;
    size_t end;
    base_slice exchange;
} claim;

static claim claim_of(const codes_row *row, const codes_place *place) {
    base_slice run = place->run;
    size_t start = place->end + 1, end = start, next;
    if (!row->proof.behind_exchange.is_given) return (claim){.is_made = true, .end = place->end};
    if (start >= run.len || (unsigned char)run.bytes[place->end] >= 0x80) return (claim){0};
    while (end < run.len && start_of((unsigned char)run.bytes[end]) == CODES_LETTER) end++;
    base_slice exchange = {run.bytes + start, end - start};
    bool is_made = exchange.len && codes_knows_exchange(row, exchange)
                   && has(&row->proof.behind_exchange, codes_char_at(run, end, &next));
    return (claim){is_made, end, exchange};
}

/* Whether no place begins in what is refused with a run. */
static bool has_no_places(base_slice text) {
    bool has_one = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = codes_char_at(text, at, &at);
        has_one |= start_of(c) >= 0 || (c >= 0xC0 && c < 0x580);
    }
    return !has_one;
}

/* The pattern finds what is claimed, and nothing else. */
static bool holds(const scan_codes *codes, scan_memory *memory, uint32_t row, const codes_place *place, claim c) {
    const codes_compiled *compiled;
    codes_window window;
    bool matches = false;
    size_t start = 0, end = 0;
    if (codes_pattern_get(&codes->compiler, &codes->patterns[row], row, &compiled, NULL) != SM_OK) return false;
    codes_window_fill(&window, place, compiled->bytes_before);
    if (codes_pattern_match(compiled, memory, &window, &matches) != SM_OK) return false;
    size_t match_end = codes_window_raw(&window, memory->offsets[1]);
    if (codes->rows[row].form == CODES_NO_CODE)
        return !matches || has_no_places((base_slice){place->run.bytes + c.end, match_end - c.end});
    if (!matches || match_end != c.end) return false;
    bool has_list = codes_pattern_group(compiled, memory, CODES_GROUP_LIST, &start, &end) && end > start;
    bool has_exchange = codes_pattern_group(compiled, memory, CODES_GROUP_EXCHANGE, &start, &end);
    base_slice exchange = {window.text + start, has_exchange ? end - start : 0};
    return !has_list && base_slice_equal(exchange, c.exchange)
           && codes_pattern_group(compiled, memory, CODES_GROUP_CODE, &start, &end) && start == window.at
           && end == window.at + place->n_chars;
}

static void what_is_proven_matches_its_pattern(const scan_codes *codes, scan_memory *memory) {
    enum { N_TRIES = 100000 };
    random_source source = {11};
    uint32_t n_proofs = 0;
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        uint32_t n_proven = 0;
        bool all_match = true;
        uint64_t bit = codes->filter.proof_of[row];
        n_proofs += bit != 0;
        for (int i = 0; bit && i < N_TRIES; i++) {
            char text[MAX_TEXT];
            size_t at;
            codes_place place;
            base_slice run = random_text_of(&source, codes->compiler.view, &codes->rows[row], text, &at);
            if (!place_at(run, at, &place) || place.n_chars > CODES_MAX_RUN) continue;
            claim c = claim_of(&codes->rows[row], &place);
            if (!c.is_made || !(codes_filter_rows(&codes->filter, &place, UINT64_MAX, 0) & bit)) continue;
            n_proven++;
            if (holds(codes, memory, row, &place, c)) continue;
            if (all_match) fprintf(stderr, "  at byte %zu of %.*s\n", at, (int)run.len, run.bytes);
            all_match = false;
        }
        CHECK_ROW(all_match && (!bit || n_proven > 1000), dict_cell(codes->compiler.view, DICT_NOTATIONS, row, 0));
    }
    CHECK(n_proofs >= 8);
}

static bool finds_the_same(const scan_codes *a, const scan_codes *b, scan_memory *memory, base_slice run) {
    scan_list lists[2] = {{.allocator = &base_default_allocator}, {.allocator = &base_default_allocator}};
    bool same = scan_run(a->compiler.view, a, memory, run, &lists[0], NULL) == SM_OK
                && scan_run(b->compiler.view, b, memory, run, &lists[1], NULL) == SM_OK && lists[0].n == lists[1].n;
    for (size_t i = 0; same && i < lists[0].n; i++) {
        const scan_candidate *x = &lists[0].items[i], *y = &lists[1].items[i];
        same = x->start == y->start && x->end == y->end && x->kind == y->kind && x->index == y->index
               && x->notation == y->notation;
    }
    for (int i = 0; i < 2; i++) free(lists[i].items);
    return same;
}

/* The texts of notations.tsv and many others. */
static void proofs_change_nothing(const scan_codes *codes, scan_codes *without, scan_memory *memory) {
    random_source source = {13};
    memset(without->filter.proof_of, 0, sizeof without->filter.proof_of);
    FILE *file = fopen("tests/unit/scan/notations.tsv", "r");
    char line[4096], text[MAX_TEXT];
    if (!CHECK(file != NULL)) return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\t\n")] = '\0';
        CHECK_ROW(finds_the_same(codes, without, memory, base_slice_of(line)), line);
    }
    fclose(file);
    for (int i = 0; i < N_TEXTS; i++)
        CHECK_ROW(finds_the_same(codes, without, memory, random_text(&source, text)), "a random text");
}

static void proofs_are_sound(const dict_view *view) {
    scan_codes *codes = scan_codes_new(view, &base_default_allocator);
    scan_codes *without = scan_codes_new(view, &base_default_allocator);
    scan_memory *memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    if (CHECK(codes && without && memory)) {
        what_is_proven_matches_its_pattern(codes, memory);
        proofs_change_nothing(codes, without, memory);
    }
    scan_memory_free(memory);
    scan_codes_free(codes);
    scan_codes_free(without);
}

int main(void) {
    proofs_are_sound(dict_get_view(sm_dict_default()));
    return check_report();
}
