#include <stdatomic.h>
#include <string.h>

#include "scan/codes.h"

enum { MAX_RUN = 64 };

/* For the length of the run and for each character that stands around it, which rows may match: a few loads and an `and`
 * let most runs of digits and letters go by. */
struct scan_codes {
    const dict_view *view;
    sm_allocator allocator;
    base_arena arena;
    pcre2_general_context *general;
    codes_row *rows;
    codes_pattern *patterns;
    uint32_t n_rows, n_words;
    uint64_t *by_length[SCAN_N_STARTS]; /* MAX_RUN + 1 times n_words */
    uint64_t *by_char[CODES_N_AROUND];  /* N_CLASSES times n_words */
};

/* Classes of characters: ASCII itself, any other, none. */
enum { CLASS_OTHER = 128, CLASS_EDGE = 129, N_CLASSES = 130 };

bool scan_add(scan_list *list, scan_candidate candidate) {
    void *items = list->items;
    if (list->n == list->capacity
        && !base_grow(list->allocator, &items, &list->capacity, list->n + 1, sizeof candidate))
        return false;
    list->items = items;
    list->items[list->n++] = candidate;
    return true;
}

/* --- Making ready ------------------------------------------------------------------------------------------------- */

static void *zeroed(base_arena *arena, size_t n, size_t size) {
    void *memory = base_arena_alloc(arena, n ? n * size : size);
    if (memory) memset(memory, 0, n ? n * size : size);
    return memory;
}

static bool may_have(const codes_set *set, uint32_t class_number) {
    if (class_number == CLASS_EDGE) return codes_set_has(set, CODES_EDGE);
    if (class_number == CLASS_OTHER) return !set->is_given || set->is_negated || set->has_other || set->n_others;
    return codes_set_has(set, class_number);
}

static void enter_row(scan_codes *codes, uint32_t row) {
    const codes_row *r = &codes->rows[row];
    uint64_t bit = (uint64_t)1 << (row & 63);
    size_t word = row >> 6, n_words = codes->n_words;
    if (r->is_broken) return;
    for (uint32_t len = r->min; len <= r->max && len <= MAX_RUN; len++)
        codes->by_length[r->start][len * n_words + word] |= bit;
    for (int which = 0; which < CODES_N_AROUND; which++)
        for (uint32_t c = 0; c < N_CLASSES; c++)
            if (may_have(&r->gate.sets[which], c)) codes->by_char[which][c * n_words + word] |= bit;
}

static bool fill(scan_codes *codes) {
    base_arena *arena = &codes->arena;
    codes->n_rows = codes->view->tables[DICT_NOTATIONS].n_rows;
    codes->n_words = (codes->n_rows + 63) / 64;
    codes->rows = zeroed(arena, codes->n_rows, sizeof *codes->rows);
    codes->patterns = base_arena_alloc(arena, (codes->n_rows + 1) * sizeof *codes->patterns);
    codes->general = codes_general_context(&codes->allocator);
    if (!codes->rows || !codes->patterns || !codes->general) return false;
    for (int start = 0; start < SCAN_N_STARTS; start++) {
        codes->by_length[start] = zeroed(arena, (MAX_RUN + 1) * (size_t)codes->n_words, sizeof(uint64_t));
        if (!codes->by_length[start]) return false;
    }
    for (int which = 0; which < CODES_N_AROUND; which++) {
        codes->by_char[which] = zeroed(arena, (size_t)N_CLASSES * codes->n_words, sizeof(uint64_t));
        if (!codes->by_char[which]) return false;
    }
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        atomic_init(&codes->patterns[row], NULL);
        if (codes_row_read(codes->view, arena, row, &codes->rows[row]) != SM_OK) return false;
        enter_row(codes, row);
    }
    return true;
}

scan_codes *scan_codes_new(const dict_view *view, const sm_allocator *allocator) {
    scan_codes *codes = allocator->allocate(allocator->context, sizeof *codes);
    if (!codes) return NULL;
    memset(codes, 0, sizeof *codes);
    codes->view = view;
    codes->allocator = *allocator;
    base_arena_init(&codes->arena, &codes->allocator);
    if (fill(codes)) return codes;
    codes->n_rows = 0; /* no pattern has been compiled yet, and not all places for them may exist */
    scan_codes_free(codes);
    return NULL;
}

void scan_codes_free(scan_codes *codes) {
    if (!codes) return;
    for (uint32_t row = 0; row < codes->n_rows; row++) pcre2_code_free(atomic_load(&codes->patterns[row]));
    pcre2_general_context_free(codes->general);
    base_arena_free(&codes->arena);
    sm_allocator allocator = codes->allocator;
    allocator.release(allocator.context, codes);
}

sm_status scan_codes_warm(const scan_codes *codes, sm_error *error) {
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        pcre2_code *code;
        if (codes->rows[row].is_broken)
            return base_fail(error, SM_ERR_PATTERN,
                             "notation %s: a cell says what is not known; expected start, then, "
                             "mics, form and evidence as in the default table",
                             dict_cell(codes->view, DICT_NOTATIONS, row, NOTATION_ID));
        sm_status status = codes_pattern_get(codes->view, codes->general, &codes->patterns[row], row, &code, error);
        if (status != SM_OK) return status;
    }
    return SM_OK;
}

/* --- One place ---------------------------------------------------------------------------------------------------- */

typedef struct attempt {
    const scan_codes *codes;
    scan_codes_memory *memory;
    codes_place place;
    codes_window window;
    bool has_window, is_settled; /* settled: a code was found or refused, and no other row is tried */
    scan_list *list;
    sm_error *error;
    scan_candidate unknown; /* the first well-formed code that is in no table; notation dict_none: none */
    size_t unknown_next, next;
} attempt;

/* What a row that matched says. */
typedef struct reading {
    const codes_row *row;
    base_slice code, exchange, more;
    size_t start, end, next; /* of the text */
} reading;

static bool add_all(attempt *a, const reading *r, size_t start, size_t end, const uint32_t *found, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        scan_candidate candidate = {start, end, SCAN_CODE, found[i], r->row->notation, 0};
        if (!scan_add(a->list, candidate)) return false;
    }
    return true;
}

static uint32_t find(const attempt *a, const reading *r, base_slice text, uint32_t found[CODES_MAX_FOUND]) {
    char code[CODES_MAX_CODE];
    size_t len = codes_normal_form(r->row->form, text, code);
    return len ? codes_find(a->codes->view, r->row, r->exchange, (base_slice){code, len}, found) : 0;
}

static bool is_code_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* (NASDAQ: GOOG, GOOGL): what follows the first code under the same exchange, a mention each. */
static bool add_more(attempt *a, const reading *r) {
    uint32_t found[CODES_MAX_FOUND];
    base_slice more = r->more;
    size_t from = (size_t)(more.bytes - a->window.bytes);
    for (size_t at = 0, end; at < more.len; at = end) {
        end = at + 1;
        if (!is_code_char(more.bytes[at])) continue;
        while (end < more.len && (is_code_char(more.bytes[end]) || strchr(".-", more.bytes[end]))) end++;
        uint32_t n = find(a, r, (base_slice){more.bytes + at, end - at}, found);
        size_t start = codes_window_raw(&a->window, from + at);
        if (!add_all(a, r, start, codes_window_raw(&a->window, from + end), found, n)) return false;
    }
    return true;
}

static base_slice slice_of(const codes_window *window, size_t start, size_t end) {
    return (base_slice){window->bytes + start, end - start};
}

/* Takes the groups out of the match. @return false when the exchange is none of the row's. */
static bool read_match(const attempt *a, const pcre2_code *code, const codes_row *row, reading *r) {
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(a->memory->data);
    size_t start = offsets[0], end = offsets[1], from = 0, to = 0;
    *r = (reading){.row = row, .next = codes_window_raw(&a->window, end)};
    if (codes_pattern_group(code, a->memory, "code", &from, &to)) r->code = slice_of(&a->window, from, to);
    if (codes_pattern_group(code, a->memory, "exchange", &from, &to)) {
        r->exchange = slice_of(&a->window, from, to);
        if (!codes_knows_exchange(row, r->exchange)) return false;
        /* 纽交所：BABA is one mention, though it was found at its letters. */
        if (from < start) start = from;
    }
    if (codes_pattern_group(code, a->memory, "list", &from, &to) && to > from) {
        r->more = slice_of(&a->window, from, to);
        end = from;
    }
    r->start = codes_window_raw(&a->window, start);
    r->end = codes_window_raw(&a->window, end);
    return true;
}

static sm_status take(attempt *a, const reading *r) {
    const codes_row *row = r->row;
    if (row->form == CODES_NO_CODE || codes_in_address(a->place.run, r->start, r->end)) {
        a->next = r->next;
        a->is_settled = true;
        return SM_OK;
    }
    uint32_t found[CODES_MAX_FOUND];
    uint32_t n = find(a, r, r->code, found);
    size_t before = a->list->n;
    if (!add_all(a, r, r->start, r->end, found, n) || !add_more(a, r)) return SM_ERR_NOMEM;
    if (a->list->n > before) {
        a->next = r->next;
        a->is_settled = true;
    } else if (a->unknown.notation == dict_none && row->evidence == CODES_STRONG
               && (r->exchange.len || row->start == SCAN_DOLLAR)) {
        a->unknown = (scan_candidate){r->start, r->end, SCAN_CODE, dict_none, row->notation, 0};
        a->unknown_next = r->next;
    }
    return SM_OK;
}

/* A bare or bracketed code is the run itself and counts only when it is known: the dictionary is asked before PCRE2.
 * Capitalised words are no symbols, though a cashtag may be written so. */
static bool run_is_code(const attempt *a, const codes_row *row) {
    char text[CODES_MAX_CODE], code[CODES_MAX_CODE];
    size_t len = 0;
    bool has_small = false;
    for (size_t at = a->place.at; at < a->place.end;) {
        uint32_t c = codes_char_at(a->place.run, at, &at);
        if (c >= 0x80 || len == sizeof text) return false;
        has_small |= c >= 'a' && c <= 'z';
        text[len++] = (char)c;
    }
    len = codes_normal_form(row->form, (base_slice){text, len}, code);
    if (len == 0 || (has_small && !memchr(code, '.', len))) return false;
    uint32_t found[CODES_MAX_FOUND];
    return codes_find(a->codes->view, row, (base_slice){"", 0}, (base_slice){code, len}, found) > 0;
}

static sm_status try_row(attempt *a, uint32_t index) {
    const scan_codes *codes = a->codes;
    const codes_row *row = &codes->rows[index];
    if (row->evidence != CODES_STRONG && row->form != CODES_NO_CODE && !run_is_code(a, row)) return SM_OK;
    pcre2_code *code;
    sm_status status = codes_pattern_get(codes->view, codes->general, &codes->patterns[index], index, &code, a->error);
    if (status != SM_OK) return status;
    if (!a->has_window) codes_window_fill(&a->window, &a->place);
    a->has_window = true;
    bool matches;
    reading r;
    status = codes_pattern_match(code, a->memory, &a->window, &matches);
    if (status != SM_OK || !matches || !read_match(a, code, row, &r)) return status;
    return take(a, &r);
}

/* Rows are tried in the order of the table; the first whose code is known is right. What names an exchange that does
 * not have the code (000001.SH, an index) is not looked up elsewhere as bare digits. */
static sm_status try_rows(attempt *a, uint64_t rows, uint32_t first) {
    for (; rows && !a->is_settled; rows &= rows - 1) {
        uint32_t index = first + (uint32_t)__builtin_ctzll(rows);
        const codes_row *row = &a->codes->rows[index];
        const codes_gate *gate = &row->gate;
        if (a->unknown.notation != dict_none && row->evidence != CODES_STRONG) continue;
        if (!codes_gate_opens(gate, &a->place)) continue;
        sm_status status = try_row(a, index);
        if (status != SM_OK) return status;
    }
    return SM_OK;
}

static size_t end_of_run(base_slice run, size_t at, size_t n_chars) {
    for (size_t i = 0; i < n_chars && at < run.len; i++) at += (unsigned char)run.bytes[at] < 0x80 ? 1 : 3;
    return at < run.len ? at : run.len;
}

static uint32_t class_of(uint32_t c) {
    return c < 0x80 ? c : c == CODES_EDGE ? CLASS_EDGE : CLASS_OTHER;
}

/* The rows that length and the character behind the run leave over. */
static uint64_t first_rows(const scan_codes *codes, const codes_place *place, uint32_t word) {
    uint32_t n_words = codes->n_words;
    return codes->by_length[place->start][place->n_chars * n_words + word] &
           codes->by_char[CODES_THEN][(size_t)class_of(place->around[CODES_THEN]) * n_words + word];
}

/* … and what the other characters leave of them. */
static uint64_t last_rows(const scan_codes *codes, const codes_place *place, uint32_t word) {
    uint64_t rows = first_rows(codes, place, word);
    for (int which = CODES_THEN + 1; which < CODES_N_AROUND; which++)
        rows &= codes->by_char[which][(size_t)class_of(place->around[which]) * codes->n_words + word];
    return rows;
}

sm_status scan_codes_at(const scan_codes *codes, scan_codes_memory *memory, base_slice run, size_t at, scan_start start,
                        size_t run_len, scan_list *list, size_t *next, sm_error *error) {
    size_t end = end_of_run(run, at, run_len), unused;
    *next = end;
    if (run_len > MAX_RUN) return SM_OK;
    codes_place place = {.run = run, .at = at, .end = end, .n_chars = run_len, .start = start};
    place.around[CODES_THEN] = codes_char_at(run, end, &unused);
    uint32_t word = 0;
    while (word < codes->n_words && !first_rows(codes, &place, word)) word++;
    if (word == codes->n_words) return SM_OK;
    codes_look_around(&place);
    while (word < codes->n_words && !last_rows(codes, &place, word)) word++;
    if (word == codes->n_words) return SM_OK;

    attempt a; /* field by field: most of it is the window, which few places fill */
    a.codes = codes, a.memory = memory, a.list = list, a.error = error;
    a.place = place;
    a.has_window = a.is_settled = false;
    a.next = end;
    a.unknown.notation = dict_none;
    for (; word < codes->n_words && !a.is_settled; word++) {
        sm_status status = try_rows(&a, last_rows(codes, &place, word), word * 64);
        if (status != SM_OK) return status;
    }
    if (!a.is_settled && a.unknown.notation != dict_none) {
        if (!scan_add(list, a.unknown)) return SM_ERR_NOMEM;
        a.next = a.unknown_next;
    }
    *next = a.next > end ? a.next : end;
    return SM_OK;
}
