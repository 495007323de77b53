#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* ASCII characters are classes of their own. Behind them: no character at all, what no set lists, what one lists. */
enum { CLASS_EDGE = 128, CLASS_OTHER, N_FIXED_CLASSES };

static void *zeroed(base_arena *arena, size_t n, size_t size) {
    void *memory = base_arena_alloc(arena, n ? n * size : size);
    if (memory) memset(memory, 0, n ? n * size : size);
    return memory;
}

/* --- Classes of characters ----------------------------------------------------------------------------------------
 * The table is asked by the raw bytes of a character, so that a place is looked at without decoding and folding: what
 * folds to another character has the class of that. */

static codes_class *class_slot(const codes_filter *filter, uint32_t key) {
    uint32_t mask = (1u << filter->class_bits) - 1, at = (key * 0x9E3779B1u) >> (32 - filter->class_bits);
    while (filter->classes[at].key && filter->classes[at].key != key) at = (at + 1) & mask;
    return &filter->classes[at];
}

static uint32_t key_of_bytes(const unsigned char *p, unsigned len) {
    uint32_t key = p[0] | (uint32_t)p[1] << 8;
    if (len > 2) key |= (uint32_t)p[2] << 16;
    return len > 3 ? key | (uint32_t)p[3] << 24 : key;
}

/* Of what is not ASCII. */
static uint32_t key_of_char(uint32_t c) {
    char bytes[4];
    unsigned len = base_utf8_encode(c, bytes);
    return key_of_bytes((const unsigned char *)bytes, len);
}

static uint32_t class_of_char(const codes_filter *filter, uint32_t c) {
    return c < 0x80 ? c : class_slot(filter, key_of_char(c))->number;
}

static void add_class(codes_filter *filter, uint32_t c) {
    if (c < 0x80) return;
    uint32_t key = key_of_char(c);
    codes_class *slot = class_slot(filter, key);
    if (!slot->key) *slot = (codes_class){key, filter->n_classes++};
}

static void add_folding(codes_filter *filter, uint32_t from, uint32_t to) {
    for (uint32_t c = from; c <= to; c++) {
        uint32_t folded = codes_fold(c);
        if (folded == c) continue;
        uint32_t key = key_of_char(c);
        *class_slot(filter, key) = (codes_class){key, class_of_char(filter, folded)};
    }
}

/* Signs that stand between a run and what says more about it. */
static const uint32_t signs_behind[] = {' ', '.', ',', ':', '-'};
static const uint32_t signs_before[] = {' ', ':', '(', '"', '\'', '=', 0x201C, 0x2018, 0x300C};
enum {
    N_SIGNS_BEHIND = sizeof signs_behind / sizeof *signs_behind,
    N_SIGNS_BEFORE = sizeof signs_before / sizeof *signs_before
};
enum { MAX_SIGNS = 4, SIGN_BEHIND = 1, SIGN_BEFORE = 2 };

/* The table stays mostly empty, so that a character without a class of its own is known for one at once. */
static bool number_classes(base_arena *arena, const codes_row *rows, uint32_t n_rows, codes_filter *filter) {
    enum { N_FOLDING = 128 }; /* at least as many characters as codes_fold() changes */
    uint32_t n_listed = N_FOLDING + N_SIGNS_BEFORE;
    for (uint32_t row = 0; row < n_rows; row++)
        for (int which = 0; which < CODES_N_SETS; which++) n_listed += rows[row].gate.sets[which].n_others;
    filter->class_bits = 2;
    while (filter->class_bits < 30 && n_listed > (1u << filter->class_bits) / 2) filter->class_bits++;
    filter->classes = base_arena_alloc(arena, sizeof(codes_class) << filter->class_bits);
    if (!filter->classes) return false;
    for (uint32_t i = 0; i < 1u << filter->class_bits; i++) filter->classes[i] = (codes_class){0, CLASS_OTHER};
    filter->n_classes = N_FIXED_CLASSES;
    for (int i = 0; i < N_SIGNS_BEFORE; i++) add_class(filter, signs_before[i]);
    for (uint32_t row = 0; row < n_rows; row++)
        for (int which = 0; which < CODES_N_SETS; which++) {
            const codes_set *set = &rows[row].gate.sets[which];
            for (uint32_t i = 0; i < set->n_others; i++) add_class(filter, set->others[i]);
        }
    add_folding(filter, 0x80, 0x3000);
    add_folding(filter, 0xFE00, 0xFFFF);
    filter->signs = zeroed(arena, filter->n_classes, 1);
    if (!filter->signs) return false;
    for (int i = 0; i < N_SIGNS_BEHIND; i++) filter->signs[class_of_char(filter, signs_behind[i])] |= SIGN_BEHIND;
    for (int i = 0; i < N_SIGNS_BEFORE; i++) filter->signs[class_of_char(filter, signs_before[i])] |= SIGN_BEFORE;
    return true;
}

/* --- Building ----------------------------------------------------------------------------------------------------- */

static bool has_class(const codes_set *set, uint32_t number) {
    bool has = set->has_other;
    if (number < CLASS_EDGE) has = set->ascii[number >> 6] >> (number & 63) & 1;
    if (number == CLASS_EDGE) has = set->has_edge;
    return has != set->is_negated;
}

/* Masks let all rows by until a set says otherwise. */
static void enter_set(const codes_filter *filter, codes_masks *masks, int which, const codes_set *set, uint64_t bit) {
    for (uint32_t number = 0; number < filter->n_classes; number++)
        if (!has_class(set, number)) masks[number].rows[which] &= ~bit;
    for (uint32_t i = 0; i < set->n_others; i++) {
        uint64_t *rows = &masks[class_of_char(filter, set->others[i])].rows[which];
        *rows = set->is_negated ? *rows & ~bit : *rows | bit;
    }
}

static void enter_row(const codes_filter *filter, const codes_row *r, uint32_t row) {
    codes_sieve *sieve = &filter->sieves[row >> 6];
    uint64_t bit = (uint64_t)1 << (row & 63);
    if (r->is_broken) return;
    sieve->rows |= bit;
    for (uint32_t len = r->min; len <= r->max && len <= CODES_MAX_RUN; len++) sieve->by_length[r->start][len] |= bit;
    for (int which = 0; which < CODES_N_SETS; which++) {
        if (!r->gate.sets[which].is_given) continue;
        sieve->asking[which] |= bit;
        enter_set(filter, sieve->by_class, which, &r->gate.sets[which], bit);
    }
}

/* --- The rough question ------------------------------------------------------------------------------------------- */

static uint64_t unless(bool condition, uint64_t rows) {
    return condition ? UINT64_MAX : rows;
}

/* @param near, far  of a character beside a run the byte that is next to it and the one beyond
 * @param rows  that let it stand there, @param beyond_sign  that let it stand behind a sign */
static void add_to_side(codes_side *side, unsigned char near, unsigned char far, uint64_t rows, uint64_t beyond_sign) {
    side->next[near] |= rows;
    side->beyond[0][near] |= beyond_sign;
    side->beyond[1][far] |= rows;
}

static void add_char(const codes_filter *filter, const codes_sieve *sieve, uint32_t number, const unsigned char *bytes,
                     unsigned len) {
    const uint64_t *rows = sieve->by_class[number].rows;
    codes_rough *rough = filter->rough;
    unsigned char first = bytes[0], last = bytes[len - 1];
    uint64_t label = unless(filter->signs[number] & SIGN_BEFORE, rows[CODES_LABEL]) & sieve->rows;
    uint64_t beyond = unless(filter->signs[number] & SIGN_BEHIND, rows[CODES_BEYOND]) & sieve->rows;
    rough->first[first] |= rows[CODES_FIRST] & sieve->rows;
    add_to_side(&rough->before, last, len > 1 ? bytes[len - 2] : 0, rows[CODES_BEFORE] & label, label);
    add_to_side(&rough->behind, first, len > 1 ? bytes[1] : 0, rows[CODES_THEN] & beyond, beyond);
}

static void fill_rough(const codes_filter *filter, const codes_sieve *sieve) {
    for (int start = 0; start < CODES_N_STARTS; start++)
        for (int len = 0; len <= CODES_MAX_RUN; len++)
            filter->rough->by_length[start][len] |= sieve->by_length[start][len];
    for (uint32_t c = 0; c < 0x100; c++) {
        unsigned char bytes[2] = {(unsigned char)c, (unsigned char)c};
        add_char(filter, sieve, c < 0x80 ? c : CLASS_OTHER, bytes, c < 0x80 ? 1 : 2);
    }
    for (uint32_t i = 0; i < 1u << filter->class_bits; i++) {
        uint32_t key = filter->classes[i].key;
        unsigned char bytes[4] = {(unsigned char)key, (unsigned char)(key >> 8), (unsigned char)(key >> 16),
                                  (unsigned char)(key >> 24)};
        if (key) add_char(filter, sieve, filter->classes[i].number, bytes, key >> 24 ? 4 : key >> 16 ? 3 : 2);
    }
}

static bool build_rough(base_arena *arena, codes_filter *filter) {
    filter->rough = zeroed(arena, 1, sizeof *filter->rough);
    if (!filter->rough) return false;
    for (uint32_t i = 0; i < filter->n_sieves; i++) fill_rough(filter, &filter->sieves[i]);
    for (uint32_t c = 0; c < 0x80; c++) {
        filter->rough->before.is_enough[c] = unless(!(filter->signs[c] & SIGN_BEFORE), 0);
        filter->rough->behind.is_enough[c] = unless(!(filter->signs[c] & SIGN_BEHIND), 0);
    }
    return true;
}

static uint32_t fold_rows(uint64_t rows) {
    return (uint32_t)(rows | rows >> 31 | rows >> 62) & ~CODES_UNSURE;
}

static void fill_number_side(const codes_side *side, uint64_t rows, codes_number_side *out) {
    for (int c = 0; c < 256; c++) {
        out->next[c] = fold_rows(side->next[c] & rows);
        out->which[c] = side->is_enough[c] ? 2 : c >= 0x80;
        for (int i = 0; i < 2; i++) out->beyond[i][c] = fold_rows(side->beyond[i][c] & rows) | CODES_UNSURE;
        out->beyond[2][c] = UINT32_MAX;
    }
}

static bool build_numbers(base_arena *arena, codes_filter *filter) {
    uint64_t rows = 0;
    codes_numbers *numbers = filter->numbers = zeroed(arena, 1, sizeof *filter->numbers);
    if (!numbers) return false;
    for (int n = 0; n <= CODES_MOST_DIGITS; n++) {
        rows |= filter->rough->by_length[CODES_DIGIT][n];
        numbers->by_length[n] = fold_rows(filter->rough->by_length[CODES_DIGIT][n]) | CODES_UNSURE;
    }
    fill_number_side(&filter->rough->before, rows, &numbers->before);
    fill_number_side(&filter->rough->behind, rows, &numbers->behind);
    for (int c = 0; c < 256; c++) {
        numbers->before.next[c] |= CODES_UNSURE;
        if ((c >= '0' && c <= '9') || scan_may_go_on((unsigned char)c)) numbers->behind.next[c] |= CODES_UNSURE;
    }
    return true;
}

bool codes_filter_build(base_arena *arena, const codes_row *rows, uint32_t n_rows, codes_filter *filter) {
    filter->n_sieves = (n_rows + 63) / 64;
    filter->sieves = zeroed(arena, filter->n_sieves, sizeof *filter->sieves);
    if (!filter->sieves || !number_classes(arena, rows, n_rows, filter)) return false;
    for (uint32_t i = 0; i < filter->n_sieves; i++) {
        size_t size = filter->n_classes * sizeof(codes_masks);
        filter->sieves[i].by_class = base_arena_alloc(arena, size);
        if (!filter->sieves[i].by_class) return false;
        memset(filter->sieves[i].by_class, 0xFF, size);
    }
    for (uint32_t row = 0; row < n_rows; row++) enter_row(filter, &rows[row], row);
    /* What no character of a run may be, the first may not be either. */
    for (uint32_t i = 0; i < filter->n_sieves; i++)
        for (uint32_t number = 0; number < filter->n_classes; number++) {
            uint64_t *masks = filter->sieves[i].by_class[number].rows;
            masks[CODES_FIRST] &= masks[CODES_RUN];
        }
    return build_rough(arena, filter) && build_numbers(arena, filter);
}

/* --- What stands around a place ----------------------------------------------------------------------------------- */

static uint32_t class_beyond_ascii(const codes_filter *filter, const unsigned char *p, size_t *len) {
    *len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    return class_slot(filter, key_of_bytes(p, (unsigned)*len))->number;
}

static inline uint32_t class_at(const codes_filter *filter, base_slice run, size_t at, size_t *next) {
    const unsigned char *p = (const unsigned char *)run.bytes + at;
    size_t len = 1;
    *next = at;
    if (at >= run.len) return CLASS_EDGE;
    uint32_t number = p[0] < 0x80 ? p[0] : class_beyond_ascii(filter, p, &len);
    *next = at + len;
    return number;
}

static inline uint32_t class_before(const codes_filter *filter, base_slice run, size_t at, size_t *before) {
    const unsigned char *p = (const unsigned char *)run.bytes;
    size_t len;
    *before = at;
    if (at == 0) return CLASS_EDGE;
    *before = --at;
    if (p[at] < 0x80) return p[at];
    do at--;
    while ((p[at] & 0xC0) == 0x80);
    *before = at;
    return class_beyond_ascii(filter, p + at, &len);
}

static uint64_t rows_of_run(const codes_filter *filter, const codes_sieve *sieve, const codes_place *place,
                            uint64_t rows) {
    for (size_t at = place->at; at < place->end && rows;)
        rows &= sieve->by_class[class_at(filter, place->run, at, &at)].rows[CODES_RUN];
    return rows;
}

/* What stands before a run is asked first: it is what ends it for most places that the rough question leaves. */
uint64_t codes_filter_rows(const codes_filter *filter, const codes_place *place, uint64_t rough, uint32_t index) {
    const codes_sieve *sieve = &filter->sieves[index];
    const codes_masks *masks = sieve->by_class;
    base_slice run = place->run;
    size_t at;
    uint32_t number = class_before(filter, run, place->at, &at);
    uint64_t rows = rough & sieve->by_length[place->start][place->n_chars] & masks[number].rows[CODES_BEFORE];
    if (rows & sieve->asking[CODES_LABEL]) {
        for (int i = 0; i < MAX_SIGNS && filter->signs[number] & SIGN_BEFORE; i++)
            number = class_before(filter, run, at, &at);
        rows &= masks[number].rows[CODES_LABEL];
    }
    if (!rows) return 0;

    number = class_at(filter, run, place->end, &at);
    rows &= masks[number].rows[CODES_THEN];
    if (rows & sieve->asking[CODES_BEYOND]) {
        for (int i = 0; i < MAX_SIGNS && filter->signs[number] & SIGN_BEHIND; i++)
            number = class_at(filter, run, at, &at);
        rows &= masks[number].rows[CODES_BEYOND];
    }
    rows &= masks[class_at(filter, run, place->at, &at)].rows[CODES_FIRST];
    return rows & sieve->asking[CODES_RUN] ? rows_of_run(filter, sieve, place, rows) : rows;
}
