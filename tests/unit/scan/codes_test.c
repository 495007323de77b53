/* What makes codes quick finds what the plain way finds: gates by table against gates by definition, proofs against the
 * patterns that they speak for, folding in stretches against folding character by character, codes asked for their market
 * against markets asked for the code, runs against their normal forms. */
#include <stdlib.h>

#include "check.h"
#include "dict/source.h"
#include "random.h"
#include "scan/codes.h"
#include "scan/walk.h"

enum { MAX_TEXT = 400, N_TEXTS = 20000 };

/* Characters that gates and folds know, and some that they do not, of one byte to four. */
static const char *const chars[] = {
    "0",  "6",      "8",      "A",      "B",  "N",  "S",  "g",  "u",  "s",      ".",  ",",  ":",  "-",  " ",
    "(",  ")",      "/",      "$",      "=",  "_",  "@",  "\"", "'",  "%",      "\t", "\\", "~",  "¥",  "é",
    "£",  "\u00A0", "\u2003", "\u2018", "“",  "‘",  "「", "、", "。", "\u3000", "∶",  "，", "：", "（", "）",
    "．", "－",     "＄",     "￥",     "﹕", "号", "码", "碼", "所", "克",     "情", "元", "股", "月", "万",
    "年", "吨",     "家",     "‰",      "€",  "龘", "𠀋", "😀",  "港", "真",     ""};
static const char *const runs[] = {"0",  "7",  "00700",        "688111",   "12345",  "2021",
                                   "SH", "sz", "BABA",         "NYSE",     "usAAPL", "gb",
                                   "A",  "０", "６８８１１１", "ＢＡＢＡ", "ｇ",     "12345678901"};

#define PICK(source, list) ((list)[random_below(source, sizeof(list) / sizeof *(list))])

static void add(char *text, size_t *len, const char *more) {
    size_t n = *more ? strlen(more) : 1; /* "" is NUL, which ends no text */
    if (*len + n > MAX_TEXT) return;
    memcpy(text + *len, more, n);
    *len += n;
}

static base_slice random_text(random_source *source, char text[MAX_TEXT]) {
    size_t len = 0, n = random_below(source, 60);
    for (size_t i = 0; i < n; i++) add(text, &len, random_below(source, 3) ? PICK(source, chars) : PICK(source, runs));
    return (base_slice){text, len};
}

/* --- Places ------------------------------------------------------------------------------------------------------- */

static int start_of(uint32_t folded) { /* -1: no code begins so */
    if (folded >= '0' && folded <= '9') return CODES_DIGIT;
    if ((folded >= 'A' && folded <= 'Z') || (folded >= 'a' && folded <= 'z')) return CODES_LETTER;
    return folded == '$' ? CODES_DOLLAR : -1;
}

/* The place at `at`, if a run begins there: of characters of one kind and one width. */
static bool place_at(base_slice run, size_t at, codes_place *place) {
    size_t next;
    int start = start_of(codes_char_at(run, at, &next));
    if (start < 0) return false;
    size_t width = next - at;
    *place = (codes_place){.run = run, .at = at, .end = next, .n_chars = 1, .start = (codes_start)start};
    while (start != CODES_DOLLAR && start_of(codes_char_at(run, place->end, &next)) == start
           && next - place->end == width) {
        place->end = next;
        place->n_chars++;
    }
    return true;
}

/* --- Gates -------------------------------------------------------------------------------------------------------- */

static bool has(const codes_set *set, uint32_t c) {
    bool has = false;
    if (c == CODES_EDGE) has = set->has_edge;
    else if (c < 0x80) has = set->ascii[c >> 6] >> (c & 63) & 1;
    else has = set->has_other;
    for (uint32_t i = 0; i < set->n_others; i++) has |= set->others[i] == c;
    return has != set->is_negated;
}

static uint32_t char_before(base_slice run, size_t at, size_t *before) {
    size_t next;
    *before = 0;
    if (at == 0) return CODES_EDGE;
    do at--;
    while (((unsigned char)run.bytes[at] & 0xC0) == 0x80);
    *before = at;
    return codes_char_at(run, at, &next);
}

static bool is_one_of(uint32_t c, const char *signs) {
    return c && c < 0x80 && strchr(signs, (int)c);
}

static uint32_t char_of_set(const codes_place *place, int which) {
    base_slice run = place->run;
    size_t at;
    uint32_t c = which == CODES_BEFORE || which == CODES_LABEL ? char_before(run, place->at, &at)
                                                               : codes_char_at(run, place->end, &at);
    if (which == CODES_AHEAD) {
        char_before(run, place->at, &at);
        char_before(run, at, &at);
        c = char_before(run, at, &at);
    }
    if (which == CODES_BEYOND)
        for (int i = 0; i < 4 && is_one_of(c, " .,:-"); i++) c = codes_char_at(run, at, &at);
    if (which == CODES_LABEL)
        for (int i = 0; i < 4 && (is_one_of(c, " :(\"'=") || c == 0x201C || c == 0x2018 || c == 0x300C); i++)
            c = char_before(run, at, &at);
    return c;
}

static bool opens(const codes_gate *gate, const codes_place *place) {
    const codes_set *sets = gate->sets;
    if (place->n_chars < gate->min || place->n_chars > gate->max) return false;
    for (int which = CODES_THEN; which <= CODES_LABEL; which++)
        if (sets[which].is_given && !has(&sets[which], char_of_set(place, which))) return false;
    for (size_t at = place->at; at < place->end;) {
        bool is_first = at == place->at;
        uint32_t c = codes_char_at(place->run, at, &at);
        if (is_first && sets[CODES_FIRST].is_given && !has(&sets[CODES_FIRST], c)) return false;
        if (sets[CODES_RUN].is_given && !has(&sets[CODES_RUN], c)) return false;
    }
    return true;
}

/* What is asked about numbers lets all pass that the rough question does, and all that may go on. */
static bool number_passes(const codes_filter *filter, const codes_place *place) {
    const unsigned char *p = (const unsigned char *)place->run.bytes + place->at, *end = p + place->n_chars;
    bool is_asked = place->start == CODES_DIGIT && *p < 0x80 && place->n_chars <= CODES_MOST_DIGITS && place->at >= 2
                    && place->run.len - place->end >= 2;
    if (!is_asked || codes_number_rows(filter->numbers, place->n_chars, p - 2, end)) return true;
    return !codes_rough_rows(filter, place) && !scan_may_go_on(*end);
}

static bool fits(const codes_row *row, const codes_place *place) {
    return !row->is_broken && row->start == place->start && opens(&row->gate, place);
}

/* One sieve has room for the rows and their proofs, two have not. */
static bool is_proven(const codes_filter *filter, const codes_row *row, const codes_place *place) {
    return filter->n_sieves == 1 && row->proof.is_given && fits(row, place) && opens(&row->proof, place);
}

static void check_place(const codes_filter *filter, const codes_row *rows, uint32_t n_rows, const codes_place *place) {
    uint64_t rough = codes_rough_rows(filter, place);
    bool all_alike = number_passes(filter, place);
    for (uint32_t row = 0; row < n_rows; row++) {
        bool expected = fits(&rows[row], place);
        all_alike &= expected == (codes_filter_rows(filter, place, rough, row / 64) >> row % 64 & 1);
        all_alike &= expected == (codes_filter_rows(filter, place, UINT64_MAX, row / 64) >> row % 64 & 1);
        uint64_t proven = codes_filter_rows(filter, place, rough, row / 64) & filter->proof_of[row % 64];
        all_alike &= is_proven(filter, &rows[row], place) == (proven != 0);
    }
    if (!CHECK(all_alike)) fprintf(stderr, "  at byte %zu of %.*s\n", place->at, (int)place->run.len, place->run.bytes);
}

/* Places of all texts: all, those that pass the rough question, those where a row fits. */
typedef struct gate_counts {
    uint32_t places, passed, fit;
} gate_counts;

static gate_counts check_gates(const codes_row *rows, uint32_t n, base_arena *arena) {
    gate_counts counts = {0};
    random_source source = {7};
    codes_filter filter;
    if (!CHECK(codes_filter_build(arena, rows, n, &filter) && filter.n_sieves == (n + 63) / 64)) return counts;
    for (int i = 0; i < N_TEXTS; i++) {
        char text[MAX_TEXT];
        base_slice run = random_text(&source, text);
        codes_place place;
        for (size_t at = 0; at < run.len; at = place.end) {
            if (!place_at(run, at, &place)) {
                codes_char_at(run, at, &place.end);
                continue;
            }
            check_place(&filter, rows, n, &place);
            counts.places++;
            counts.passed += codes_rough_rows(&filter, &place) != 0;
            counts.fit += codes_filter_rows(&filter, &place, UINT64_MAX, 0) != 0;
        }
    }
    return counts;
}

/* The default's rows, and so many of them that there are two sieves, whose rows share the bits of the rough question. */
static void gates_open_where_their_rows_say(const dict_view *view) {
    enum { MAX_ROWS = 200 };
    static codes_row rows[MAX_ROWS];
    uint32_t n = view->tables[DICT_NOTATIONS].n_rows;
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    if (!CHECK(n > 32 && n <= 64 && 2 * n <= MAX_ROWS)) return;
    for (uint32_t row = 0; row < 2 * n; row++) CHECK(codes_row_read(view, &arena, row % n, &rows[row]) == SM_OK);
    gate_counts once = check_gates(rows, n, &arena), twice = check_gates(rows, 2 * n, &arena);
    CHECK(once.fit > 1000 && once.passed < 3 * once.fit);
    CHECK(twice.fit == once.fit && twice.passed < twice.places);
    base_arena_free(&arena);
}

/* --- Proofs ------------------------------------------------------------------------------------------------------- */

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

/* --- Windows ------------------------------------------------------------------------------------------------------ */

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void check_window(const codes_place *place, size_t before) {
    codes_window window;
    codes_window_fill(&window, place, before);
    char folded[CODES_WINDOW];
    size_t len = 0, at = window.raw_start, next;
    bool is_way_back = true;
    CHECK(place->at - at <= before && place->at - at + 3 >= least(before, place->at));
    while (len < window.len && at < place->run.len) {
        if (at == place->at) CHECK(window.at == len);
        is_way_back &= codes_window_raw(&window, len) == at;
        len += base_utf8_encode(codes_char_at(place->run, at, &next), folded + len);
        at = next;
    }
    is_way_back &= codes_window_raw(&window, window.len) == at;
    size_t most = place->at - least(place->at, CODES_WINDOW_BEFORE) + CODES_WINDOW;
    bool is_whole = at == place->run.len || (at <= most && at + 3 >= most); /* no character is cut */
    if (!CHECK(is_way_back && is_whole && len == window.len && memcmp(folded, window.text, len) == 0))
        fprintf(stderr, "  at byte %zu of %.*s\n", place->at, (int)place->run.len, place->run.bytes);
}

static void windows_are_folded_and_lead_back(void) {
    random_source source = {9};
    for (int i = 0; i < N_TEXTS; i++) {
        char text[MAX_TEXT];
        base_slice run = random_text(&source, text);
        codes_place place;
        for (size_t at = 0; at < run.len; at = place.end) {
            if (place_at(run, at, &place)) check_window(&place, random_below(&source, CODES_WINDOW_BEFORE + 1));
            else codes_char_at(run, at, &place.end);
        }
    }
}

/* The marks in codes_window.c are made by first bytes: every character that folds must have one of them. */
static void every_character_folds_in_a_window(void) {
    char text[8];
    for (uint32_t c = 0x80; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        size_t len = base_utf8_encode(c, text);
        text[len] = '6';
        check_window(
            &(codes_place){.run = {text, len + 1}, .at = len, .end = len + 1, .n_chars = 1, .start = CODES_DIGIT},
            CODES_WINDOW_BEFORE);
    }
}

/* A place may reach beyond its window, in the middle of a character too. */
static void long_places_are_cut_between_characters(void) {
    char text[MAX_TEXT];
    size_t len = 0;
    while (len < CODES_WINDOW_BEFORE) text[len++] = ' ';
    size_t at = len;
    for (int i = 0; i < CODES_MAX_RUN; i++) add(text, &len, "６");
    for (size_t cut = 0; cut < 3; cut++)
        check_window(&(codes_place){.run = {text + cut, len - cut},
                                    .at = at - cut,
                                    .end = len - cut,
                                    .n_chars = CODES_MAX_RUN,
                                    .start = CODES_DIGIT},
                     CODES_WINDOW_BEFORE);
}

/* --- Securities --------------------------------------------------------------------------------------------------- */

/* Market by market, and those that are active before the others. */
static uint32_t find_plainly(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                             uint32_t found[CODES_MAX_FOUND]) {
    uint32_t n = 0;
    for (int is_active = 1; is_active >= 0; is_active--)
        for (uint32_t i = 0; i < row->n_markets; i++) {
            uint32_t security = dict_find_code(view, row->markets[i].mic, code);
            if (security == dict_none || !base_slice_equal(row->markets[i].exchange, exchange)) continue;
            if ((view->securities[security].status == SM_SECURITY_ACTIVE) == is_active) found[n++] = security;
        }
    return n || !exchange.len ? n : find_plainly(view, row, base_slice_of(""), code, found);
}

static bool finds_alike(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code) {
    uint32_t found[CODES_MAX_FOUND], plain[CODES_MAX_FOUND];
    uint32_t n = codes_find(view, row, exchange, code, found), n_plain = find_plainly(view, row, exchange, code, plain);
    return n == n_plain && memcmp(found, plain, n * sizeof *found) == 0;
}

static void codes_are_found_market_by_market(const dict_view *view) {
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    for (uint32_t index = 0; index < view->tables[DICT_NOTATIONS].n_rows; index++) {
        codes_row row;
        bool all_alike = true, all_known = true;
        CHECK(codes_row_read(view, &arena, index, &row) == SM_OK);
        for (uint32_t security = 0; security < view->tables[DICT_SECURITIES].n_rows; security += 7) {
            base_slice code = base_slice_of(dict_string(view, view->securities[security].code));
            all_alike &= finds_alike(view, &row, base_slice_of(""), code);
            for (uint32_t i = 0; i < row.n_markets; i++)
                all_alike &= finds_alike(view, &row, row.markets[i].exchange, code);
        }
        for (uint32_t i = 0; i < row.n_markets; i++) all_known &= codes_knows_exchange(&row, row.markets[i].exchange);
        CHECK(all_known && !codes_knows_exchange(&row, base_slice_of("SHS")));
        if (!CHECK(all_alike)) fprintf(stderr, "  with notation %s\n", dict_cell(view, DICT_NOTATIONS, index, 0));
    }
    base_arena_free(&arena);
}

/* --- Runs --------------------------------------------------------------------------------------------------------- */

/* By the normal form, which a word with small letters has only where the last of them is a class. */
static uint32_t find_run_plainly(const dict_view *view, const codes_row *row, const codes_place *place,
                                 uint32_t found[CODES_MAX_FOUND]) {
    char text[CODES_MAX_RUN], code[CODES_MAX_CODE];
    size_t n = 0;
    bool has_small = false;
    for (size_t at = place->at; at < place->end; n++) {
        text[n] = (char)codes_char_at(place->run, at, &at);
        has_small |= text[n] >= 'a';
    }
    size_t len = n <= CODES_MAX_CODE ? codes_normal_form(row->form, (base_slice){text, n}, code) : 0;
    if (len == 0 || (row->form == CODES_SYMBOL && has_small && !memchr(code, '.', len))) return 0;
    return find_plainly(view, row, base_slice_of(""), (base_slice){code, len}, found);
}

static uint32_t check_run(const dict_view *view, const codes_row *row, base_slice run, size_t at) {
    codes_place place;
    uint32_t found[CODES_MAX_FOUND], plain[CODES_MAX_FOUND];
    if (!place_at(run, at, &place) || place.n_chars > CODES_MAX_RUN) return 0;
    uint32_t n = codes_find_run(view, row, &place, base_slice_of(""), found),
             n_plain = find_run_plainly(view, row, &place, plain);
    if (!CHECK(n == n_plain && memcmp(found, plain, n * sizeof *found) == 0))
        fprintf(stderr, "  at byte %zu of %.*s\n", at, (int)run.len, run.bytes);
    return n;
}

/* Codes of all markets, with and without text behind them, and what is no code of the row. */
static void runs_are_found_by_their_normal_form(const dict_view *view) {
    static const char *const others[] = {"000000", "00000", "0",        "700",      "0700",        "Go",
                                         "BRKb",   "BRKB",  "ABCDEFGb", "Ab",       "aB",          "g",
                                         "A",      "IMG",   "REITs",    "ＡＡＰＬ", "６００５１９"};
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    uint32_t n_found = 0;
    for (uint32_t index = 0; index < view->tables[DICT_NOTATIONS].n_rows; index++) {
        codes_row row;
        char text[MAX_TEXT];
        CHECK(codes_row_read(view, &arena, index, &row) == SM_OK);
        for (uint32_t i = 0; i < view->n_securities && row.is_run; i += 7) {
            int len = snprintf(text, sizeof text, "%s 年报", dict_string(view, view->securities[i].code));
            n_found += check_run(view, &row, (base_slice){text, (size_t)len}, 0);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len - 7}, 0);
        }
        for (size_t i = 0; i < sizeof others / sizeof *others && row.is_run; i++) {
            int len = snprintf(text, sizeof text, "%s 年报", others[i]);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len}, 0);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len - 7}, 0);
        }
    }
    CHECK(n_found > 1000);
    base_arena_free(&arena);
}

/* Each form takes what it can be written as, and nothing else. "" is no code. */
static void codes_have_the_form_of_the_ids(void) {
    static const struct {
        codes_form form;
        const char *written, *code;
    } cases[] = {
        {CODES_DIGITS6, "688111", "688111"},
        {CODES_DIGITS6, "68811", ""},
        {CODES_DIGITS6, "6881111", ""},
        {CODES_DIGITS6, "000000", ""},
        {CODES_DIGITS6, "68811a", ""},
        {CODES_DIGITS5, "00700", "00700"},
        {CODES_DIGITS5, "700", "00700"},
        {CODES_DIGITS5, "1", "00001"},
        {CODES_DIGITS5, "0", ""},
        {CODES_DIGITS5, "", ""},
        {CODES_DIGITS5, "7/0", ""},
        {CODES_DIGITS5, "7:0", ""},
        {CODES_SYMBOL, "AAPL", "AAPL"},
        {CODES_SYMBOL, "aZ", "AZ"},
        {CODES_SYMBOL, "BRK.B", "BRK.B"},
        {CODES_SYMBOL, "BRK-B", "BRK.B"},
        {CODES_SYMBOL, "BRK/B", "BRK.B"},
        {CODES_SYMBOL, "BRKb", "BRK.B"},
        {CODES_SYMBOL, "BRkb", "BRKB"},
        {CODES_SYMBOL, "Ab", "AB"},
        {CODES_SYMBOL, "A09Z", "A09Z"},
        {CODES_SYMBOL, "A&B", ""},
        {CODES_SYMBOL, "A@", ""},
        {CODES_SYMBOL, "A[", ""},
        {CODES_SYMBOL, "A:", ""},
        {CODES_SYMBOL, "A{", ""},
        {CODES_SYMBOL, "A`", ""},
        {CODES_SYMBOL, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[CODES_MAX_CODE + 1] = "";
        size_t len = codes_normal_form(cases[i].form, base_slice_of(cases[i].written), code);
        if (CHECK_ROW(len <= CODES_MAX_CODE, cases[i].written)) code[len] = '\0';
        CHECK_STR(cases[i].code, code, cases[i].written);
    }
}

/* Rows that begin alike and have as many digits, each with a market of its own. */
static void each_row_asks_its_own_market(void) {
    static const char text[] = "00700) 00700] 00701] 00702)";
    static const char *const expected[] = {"XHKG:00700", "XREG:00700", "XREG:00701", "XHKG:00702"};
    const dict_memory_file files[] = {
        {"mics.tsv", base_slice_of("mic\tcode_form\nXHKG\tdigits5\nXREG\tdigits5\n")},
        {"securities.tsv", base_slice_of("id\ttype\tstatus\nXHKG:00700\tstock\tactive\nXREG:00700\tstock\tactive\n"
                                         "XREG:00701\tstock\tactive\nXHKG:00702\tstock\tactive\n")},
        {"notations.tsv", base_slice_of("id\tstart\tmin\tmax\tthen\tpattern\tmics\tform\tevidence\texample\n"
                                        "a\tdigit\t5\t5\t)\t(?<code>\\d{5})\tXHKG\tdigits5\tweak\t1\n"
                                        "b\tdigit\t5\t5\t]\t(?<code>\\d{5})\tXREG\tdigits5\tweak\t1\n")}};
    dict_tables tables;
    dict_view view;
    sm_buffer built = {0};
    scan_list list = {.allocator = &base_default_allocator};
    sm_status status = dict_tables_read_memory(files, 3, 20261123, &tables, NULL, NULL);
    if (status == SM_OK) status = dict_compile(&tables, &built, NULL);
    if (status == SM_OK) status = dict_view_open(built.data, built.len, &view, NULL);
    if (!CHECK(status == SM_OK)) return;
    scan_codes *codes = scan_codes_new(&view, &base_default_allocator);
    scan_memory *memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    CHECK(scan_run(&view, codes, memory, base_slice_of(text), &list, NULL) == SM_OK && list.n == 4);
    for (size_t i = 0; i < list.n && i < 4; i++)
        CHECK_STR(expected[i], dict_string(&view, view.securities[list.items[i].index].id), text);
    base_default_allocator.release(NULL, list.items);
    scan_memory_free(memory);
    scan_codes_free(codes);
    dict_tables_free(&tables);
    sm_buffer_free(&built);
}

int main(void) {
    each_row_asks_its_own_market();
    codes_have_the_form_of_the_ids();
    gates_open_where_their_rows_say(dict_get_view(sm_dict_default()));
    proofs_are_sound(dict_get_view(sm_dict_default()));
    windows_are_folded_and_lead_back();
    every_character_folds_in_a_window();
    long_places_are_cut_between_characters();
    codes_are_found_market_by_market(dict_get_view(sm_dict_default()));
    runs_are_found_by_their_normal_form(dict_get_view(sm_dict_default()));
    return check_report();
}
