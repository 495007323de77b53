/* Gates by table open where gates by definition do. */
#include "check.h"
#include "code_texts.h"
#include "scan/walk.h"

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

/* A row that any run passes takes the longest that there is. */
static void the_longest_run_passes(const dict_view *view) {
    char text[CODES_MAX_RUN];
    codes_row row;
    codes_gate proof;
    codes_filter filter;
    codes_place place;
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    memset(text, 'A', sizeof text);
    CHECK(codes_row_read(view, &arena, 0, &row) == SM_OK);
    CHECK(codes_gate_read(&arena, (base_slice){"", 0}, &row.gate, &proof) == SM_OK);
    row.start = CODES_LETTER;
    row.proof = proof;
    if (CHECK(codes_filter_build(&arena, &row, 1, &filter) && place_at((base_slice){text, sizeof text}, 0, &place)))
        check_place(&filter, &row, 1, &place);
    base_arena_free(&arena);
}

static void gates_are_read(void) {
    static const struct {
        const char *cell;
        sm_status status;
        uint32_t given; /* sets of the gate, a bit each */
    } cases[] = {
        {"", SM_OK, 0},
        {"then=.", SM_OK, 1u << CODES_THEN},
        {"then=. before=$", SM_OK, 1u << CODES_THEN | 1u << CODES_BEFORE},
        {"before=run=", SM_OK, 1u << CODES_BEFORE}, /* only the first word says which */
        {"then=. then=:", SM_ERR_PATTERN, 0},
        {"sure sure", SM_ERR_PATTERN, 0},
    };
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        codes_gate gate, proof;
        uint32_t given = 0;
        CHECK_ROW(codes_gate_read(&arena, base_slice_of(cases[i].cell), &gate, &proof) == cases[i].status,
                  cases[i].cell);
        if (cases[i].status != SM_OK) continue;
        for (int set = 0; set < CODES_N_SETS; set++) given |= (uint32_t)gate.sets[set].is_given << set;
        CHECK_ROW(given == cases[i].given && gate.min == 1 && gate.max == CODES_MAX_RUN, cases[i].cell);
    }
    base_arena_free(&arena);
}

int main(void) {
    gates_are_read();
    the_longest_run_passes(dict_get_view(sm_dict_default()));
    gates_open_where_their_rows_say(dict_get_view(sm_dict_default()));
    return check_report();
}
