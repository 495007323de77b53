/* One place's way: which rows fit, whether the run by itself is the code, and where it is not, what a pattern finds. */
#include <stdatomic.h>
#include <string.h>

#include "scan/codes.h"

/* --- Making ready ------------------------------------------------------------------------------------------------- */

static bool are_alike(const codes_row *a, const codes_row *b) {
    return a->is_run && b->is_run && a->mics == b->mics && a->form == b->form;
}

static bool takes_length(const codes_row *row, codes_start start, uint32_t len) {
    return row->start == start && row->gate.min <= len && len <= row->gate.max;
}

static void note_kin_of(scan_codes *codes, codes_start start, uint32_t len) {
    codes_kin *kin = &codes->kin[start][len];
    uint64_t others = 0; /* rows of another sieve may share a bit */
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        const codes_row *r = &codes->rows[row];
        uint64_t bit = (uint64_t)1 << row % 64;
        if (!takes_length(r, start, len)) continue;
        if (!kin->row && r->is_run) kin->row = r;
        if (kin->row && are_alike(r, kin->row)) kin->rows |= bit | codes->filter.proof_of[row % 64];
        else others |= bit;
    }
    kin->rows &= ~others;
}

static bool fill(scan_codes *codes) {
    const dict_view *view = codes->compiler.view;
    base_arena *arena = &codes->arena;
    codes->n_rows = view->tables[DICT_NOTATIONS].n_rows;
    codes->rows = base_arena_alloc(arena, (codes->n_rows + 1) * sizeof *codes->rows);
    codes->patterns = base_arena_alloc(arena, (codes->n_rows + 1) * sizeof *codes->patterns);
    codes->compiler.general = codes_general_context(&codes->allocator);
    if (!codes->rows || !codes->patterns || !codes->compiler.general) return false;
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        atomic_init(&codes->patterns[row], NULL);
        if (codes_row_read(view, arena, row, &codes->rows[row]) != SM_OK) return false;
    }
    if (!codes_filter_build(arena, codes->rows, codes->n_rows, &codes->filter)) return false;
    for (int start = 0; start < CODES_N_STARTS; start++)
        for (uint32_t len = 1; len <= CODES_MAX_RUN; len++) note_kin_of(codes, (codes_start)start, len);
    return true;
}

scan_codes *scan_codes_new(const dict_view *view, const sm_allocator *allocator) {
    scan_codes *codes = allocator->allocate(allocator->context, sizeof *codes);
    if (!codes) return NULL;
    memset(codes, 0, sizeof *codes);
    codes->allocator = *allocator;
    codes->compiler = (codes_compiler){.view = view, .allocator = &codes->allocator};
    base_arena_init(&codes->arena, &codes->allocator);
    if (fill(codes)) return codes;
    codes->n_rows = 0; /* no pattern has been compiled yet, and not all places for them may exist */
    scan_codes_free(codes);
    return NULL;
}

void scan_codes_free(scan_codes *codes) {
    if (!codes) return;
    for (uint32_t row = 0; row < codes->n_rows; row++)
        codes_compiled_free(&codes->compiler, atomic_load(&codes->patterns[row]));
    pcre2_general_context_free(codes->compiler.general);
    base_arena_free(&codes->arena);
    sm_allocator allocator = codes->allocator;
    allocator.release(allocator.context, codes);
}

sm_status scan_codes_warm(const scan_codes *codes, sm_error *error) {
    for (uint32_t row = 0; row < codes->n_rows; row++) {
        const codes_compiled *compiled;
        if (codes->rows[row].is_broken)
            return base_fail(error, SM_ERR_PATTERN,
                             "notation %s: a cell says what is not known; expected start, then, "
                             "mics, form and evidence as in the default table",
                             dict_cell(codes->compiler.view, DICT_NOTATIONS, row, NOTATION_ID));
        sm_status status = codes_pattern_get(&codes->compiler, &codes->patterns[row], row, &compiled, error);
        if (status != SM_OK) return status;
    }
    return SM_OK;
}

/* --- One place ---------------------------------------------------------------------------------------------------- */

/* The securities that a run is a code of. */
typedef struct codes_known {
    const codes_row *asked; /* the row by whose form and markets it was looked up; NULL: by none yet */
    uint32_t n, found[CODES_MAX_FOUND];
} codes_known;

static const base_slice none = {"", 0};

typedef struct attempt {
    const scan_codes *codes;
    scan_memory *memory;
    const codes_place *place;
    codes_window window;
    size_t bytes_before; /* that the window was filled for; 0: it was not yet */
    bool is_settled;     /* a code was found or refused, and no other row is tried */
    codes_known known;
    scan_list *list;
    sm_error *error;
    scan_candidate unknown; /* the first well-formed code that is in no table; notation dict_none: none */
    size_t unknown_next, next;
} attempt;

/* What a row that matched says. */
typedef struct reading {
    const codes_row *row;
    base_slice code, exchange, more;
    bool is_run;             /* the code is the run itself */
    size_t start, end, next; /* of the text */
} reading;

static bool add_all(scan_list *list, const codes_row *row, size_t start, size_t end, const uint32_t *found,
                    uint32_t n) {
    if (!scan_make_room(list, n)) return false;
    for (uint32_t i = 0; i < n; i++) scan_put(list, start, end, SCAN_CODE, found[i], row->notation, 0);
    return true;
}

static uint32_t find(const attempt *a, const reading *r, base_slice text, uint32_t found[CODES_MAX_FOUND]) {
    char code[CODES_MAX_CODE];
    size_t len = codes_normal_form(r->row->form, text, code);
    return len ? codes_find(a->codes->compiler.view, r->row, r->exchange, (base_slice){code, len}, found) : 0;
}

static bool is_code_char(char c) {
    return base_is_digit(c) || base_is_capital(c);
}

static scan_candidate unknown_code(const attempt *a, const reading *r) {
    size_t from = a->place->at, to = a->place->end;
    if (!r->is_run) {
        size_t in_window = (size_t)(r->code.bytes - a->window.text);
        from = codes_window_raw(&a->window, in_window);
        to = codes_window_raw(&a->window, in_window + r->code.len);
    }
    return codes_unknown(a->codes->compiler.view, r->row, r->exchange, a->place->run, r->start, r->end, from, to);
}

/* (NASDAQ: GOOG, GOOGL): what follows the first code under the same exchange, a mention each; one that is in no table only
 * once another is. */
static bool add_more(attempt *a, const reading *r, size_t before) {
    uint32_t found[CODES_MAX_FOUND];
    base_slice more = r->more;
    if (!more.len) return true;
    size_t from = (size_t)(more.bytes - a->window.text);
    for (size_t at = 0, end; at < more.len; at = end) {
        end = at + 1;
        if (!is_code_char(more.bytes[at])) continue;
        while (end < more.len && (is_code_char(more.bytes[end]) || strchr(".-", more.bytes[end]))) end++;
        uint32_t n = find(a, r, (base_slice){more.bytes + at, end - at}, found);
        size_t start = codes_window_raw(&a->window, from + at), last = codes_window_raw(&a->window, from + end);
        if (!add_all(a->list, r->row, start, last, found, n)) return false;
        if (n == 0 && r->exchange.len && a->list->n > before
            && !scan_add(a->list, codes_unknown(a->codes->compiler.view, r->row, r->exchange, a->place->run, start,
                                                last, start, last)))
            return false;
    }
    return true;
}

static base_slice slice_of(const codes_window *window, size_t start, size_t end) {
    return (base_slice){window->text + start, end - start};
}

/* Takes the groups out of the match. @return false when the exchange is none of the row's. */
static bool read_match(const attempt *a, const codes_compiled *compiled, const codes_row *row, reading *r) {
    size_t start = a->memory->offsets[0], end = a->memory->offsets[1], from = 0, to = 0;
    *r = (reading){.row = row, .next = codes_window_raw(&a->window, end)};
    if (codes_pattern_group(compiled, a->memory, CODES_GROUP_CODE, &from, &to))
        r->code = slice_of(&a->window, from, to);
    r->is_run = from == a->window.at && to - from == a->place->n_chars;
    if (codes_pattern_group(compiled, a->memory, CODES_GROUP_EXCHANGE, &from, &to)) {
        r->exchange = slice_of(&a->window, from, to);
        if (!codes_knows_exchange(row, r->exchange)) return false;
        /* 纽交所：BABA is one mention, though it was found at its letters. */
        if (from < start) start = from;
    }
    if (codes_pattern_group(compiled, a->memory, CODES_GROUP_LIST, &from, &to) && to > from) {
        r->more = slice_of(&a->window, from, to);
        end = from;
    }
    r->start = codes_window_raw(&a->window, start);
    r->end = codes_window_raw(&a->window, end);
    return true;
}

/* A bare or bracketed code is the run itself and counts only when it is known: the dictionary is asked before gates and
 * patterns, once for all rows that look it up alike. */
static bool run_is_code(attempt *a, const codes_row *row) {
    if (!a->known.asked || !are_alike(a->known.asked, row)) {
        a->known.n = codes_find_run(a->codes->compiler.view, row, a->place, none, a->known.found);
        a->known.asked = row;
    }
    return a->known.n > 0;
}

static sm_status take(attempt *a, const reading *r) {
    const codes_row *row = r->row;
    if (row->form == CODES_NO_CODE || codes_in_address(a->memory, a->place->run, r->start, r->end)) {
        a->next = r->next;
        a->is_settled = true;
        return SM_OK;
    }
    uint32_t looked_up[CODES_MAX_FOUND], n = a->known.n;
    bool is_known = row->is_run && r->is_run && r->exchange.len == 0; /* run_is_code() has looked it up */
    const uint32_t *found = is_known ? a->known.found : looked_up;
    if (!is_known && r->is_run) n = codes_find_run(a->codes->compiler.view, row, a->place, r->exchange, looked_up);
    else if (!is_known) n = find(a, r, r->code, looked_up);
    size_t before = a->list->n;
    if (!add_all(a->list, row, r->start, r->end, found, n) || !add_more(a, r, before)) return SM_ERR_NOMEM;
    bool is_unknown = n == 0 && row->evidence == CODES_STRONG && (r->exchange.len || row->start == CODES_DOLLAR);
    if (a->list->n > before) {
        a->next = r->next;
        a->is_settled = true;
        return !is_unknown || scan_add(a->list, unknown_code(a, r)) ? SM_OK : SM_ERR_NOMEM;
    }
    if (is_unknown && a->unknown.notation == dict_none) {
        a->unknown = unknown_code(a, r);
        a->unknown_next = r->next;
    }
    return SM_OK;
}

/* Takes a place whose gate proves that its run, which is known, is the code. */
static sm_status take_run(const codes_row *row, scan_memory *memory, const codes_place *place, const codes_known *known,
                          scan_list *list) {
    if (codes_in_address(memory, place->run, place->at, place->end)) return SM_OK;
    return add_all(list, row, place->at, place->end, known->found, known->n) ? SM_OK : SM_ERR_NOMEM;
}

static sm_status try_pattern(attempt *a, uint32_t index) {
    const scan_codes *codes = a->codes;
    const codes_row *row = &codes->rows[index];
    const codes_compiled *compiled;
    sm_status status = codes_pattern_get(&codes->compiler, &codes->patterns[index], index, &compiled, a->error);
    if (status != SM_OK) return status;
    if (a->bytes_before < compiled->bytes_before) {
        a->bytes_before = compiled->bytes_before;
        codes_window_fill(&a->window, a->place, a->bytes_before);
    }
    bool matches;
    reading r;
    status = codes_pattern_match(compiled, a->memory, &a->window, &matches);
    if (status != SM_OK || !matches || !read_match(a, compiled, row, &r)) return status;
    return take(a, &r);
}

/* The exchange that stands behind the run and a sign where the proof says that the pattern finds it; empty elsewhere. */
static base_slice exchange_behind(const codes_place *place, const codes_row *row) {
    base_slice run = place->run;
    size_t start = place->end + 1, end = start, next;
    if (start >= run.len || (unsigned char)run.bytes[start - 1] >= 0x80) return (base_slice){NULL, 0};
    while (end < run.len && end - start < CODES_MAX_CODE && base_is_letter(run.bytes[end])) end++;
    base_slice exchange = {run.bytes + start, end - start};
    bool is_sure = exchange.len && codes_set_has(&row->proof.behind_exchange, codes_char_at(run, end, &next))
                   && codes_knows_exchange(row, exchange);
    return is_sure ? exchange : (base_slice){NULL, 0};
}

/* 688111.SH: takes a run with the exchange behind it, where that is proven. */
static sm_status take_exchange(attempt *a, uint32_t index) {
    const codes_row *row = &a->codes->rows[index];
    const codes_place *place = a->place;
    base_slice exchange = exchange_behind(place, row);
    if (!exchange.len) return try_pattern(a, index);
    size_t end = place->end + 1 + exchange.len;
    reading r = {.row = row, .exchange = exchange, .is_run = true, .start = place->at, .end = end, .next = end};
    return take(a, &r);
}

static sm_status try_proven(attempt *a, uint32_t index) {
    const codes_row *row = &a->codes->rows[index];
    if (!row->is_run) return take_exchange(a, index);
    a->is_settled = true;
    return take_run(row, a->memory, a->place, &a->known, a->list);
}

/* Rows are tried in the order of the table; the first whose code is known is right. What names an exchange that does
 * not have the code (000001.SH, an index) is not looked up elsewhere as bare digits. */
static sm_status try_rows(attempt *a, uint64_t fitting, uint32_t first) {
    const codes_filter *filter = &a->codes->filter;
    for (uint64_t rows = fitting & ~filter->proofs; rows && !a->is_settled; rows &= rows - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(rows);
        const codes_row *row = &a->codes->rows[first + bit];
        if (row->is_run && !run_is_code(a, row)) continue;
        if (a->unknown.notation != dict_none && row->evidence != CODES_STRONG) continue;
        bool is_proven = fitting & filter->proof_of[bit];
        if (is_proven && row->form == CODES_NO_CODE && !(rows & (rows - 1))) break;
        sm_status status = is_proven ? try_proven(a, first + bit) : try_pattern(a, first + bit);
        if (status != SM_OK) return status;
    }
    return SM_OK;
}

/* Tries the rows that the filter leaves of the sieves from one on, of which it has left `fitting`. */
static sm_status try_sieves(attempt *a, uint64_t rough, uint64_t fitting, uint32_t sieve) {
    const codes_filter *filter = &a->codes->filter;
    for (;;) {
        sm_status status = try_rows(a, fitting, sieve * 64);
        if (status != SM_OK) return status;
        if (a->is_settled || ++sieve == filter->n_sieves) break;
        fitting = codes_filter_rows(filter, a->place, rough, sieve);
    }
    if (a->is_settled || a->unknown.notation == dict_none) return SM_OK;
    a->next = a->unknown_next;
    return scan_add(a->list, a->unknown) ? SM_OK : SM_ERR_NOMEM;
}

/* The way of the places where more than one row is tried or a pattern is asked. */
__attribute__((noinline)) static sm_status look_closer(const scan_codes *codes, scan_memory *memory,
                                                       const codes_place *place, const codes_known *known,
                                                       uint64_t rough, uint64_t fitting, scan_list *list, size_t *next,
                                                       sm_error *error) {
    attempt a; /* field by field: most of it is the window, which few places fill */
    a.codes = codes, a.memory = memory, a.place = place, a.list = list, a.error = error;
    a.bytes_before = 0;
    a.is_settled = false;
    a.known = *known;
    a.next = place->end;
    a.unknown.notation = dict_none;
    sm_status status = try_sieves(&a, rough, fitting, 0);
    *next = a.next > place->end ? a.next : place->end;
    return status;
}

sm_status codes_look(const scan_codes *codes, scan_memory *memory, const codes_place *place, uint64_t rough,
                     scan_list *list, size_t *next, sm_error *error) {
    const codes_kin *kin = &codes->kin[place->start][place->n_chars];
    const codes_filter *filter = &codes->filter;
    codes_known known;
    known.asked = NULL;
    known.n = 0;
    *next = place->end;
    if (rough & kin->rows) {
        known.asked = kin->row;
        known.n = codes_find_run(codes->compiler.view, kin->row, place, none, known.found);
        if (!known.n) rough &= ~kin->rows;
        if (!rough) return SM_OK;
    }
    uint64_t fitting = codes_filter_rows(filter, place, rough, 0);
    if (!fitting && filter->n_sieves == 1) return SM_OK;
    uint64_t first = fitting & -fitting; /* rows stand before proofs */
    if (first & kin->rows && fitting & filter->proof_of[__builtin_ctzll(first)])
        return take_run(&codes->rows[__builtin_ctzll(first)], memory, place, &known, list);
    return look_closer(codes, memory, place, &known, rough, fitting, list, next, error);
}
