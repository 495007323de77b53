/* All gates at once: rows as bits, characters as classes of which each says which rows it lets by. First roughly, by raw
 * bytes and for many numbers together, then exactly. */
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

/* --- Classes of characters ---------------------------------------------------------------------------------------- */

static uint32_t *class_slot(const codes_filter *filter, uint32_t c) {
    return &filter->pages[filter->page_of[c / CODES_PAGE]].classes[c % CODES_PAGE];
}

static uint32_t class_of_char(const codes_filter *filter, uint32_t c) {
    return *class_slot(filter, c);
}

/* Gives the page of a character to itself. There is room: see number_classes(). */
static void open_page(codes_filter *filter, uint32_t c) {
    uint16_t *page = &filter->page_of[c / CODES_PAGE];
    if (*page) return;
    *page = (uint16_t)filter->n_pages++;
    filter->pages[*page] = filter->pages[0];
}

static void set_class(codes_filter *filter, uint32_t c, uint32_t number) {
    open_page(filter, c);
    *class_slot(filter, c) = number;
}

static void add_class(codes_filter *filter, uint32_t c) {
    if (class_of_char(filter, c) == CLASS_OTHER) set_class(filter, c, filter->n_classes++);
}

/* What folds to another character has the class of that: a place is looked at without folding. */
static void add_folding(codes_filter *filter, uint32_t from, uint32_t to) {
    for (uint32_t c = from; c <= to; c++) {
        uint32_t folded = codes_fold(c);
        if (folded != c) set_class(filter, c, class_of_char(filter, folded));
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

static const codes_gate *gate_of(const codes_row *row, int i) {
    return i ? &row->proof : &row->gate;
}

static void add_listed(codes_filter *filter, const codes_gate *gate) {
    for (int which = 0; which < CODES_N_SETS; which++) {
        const codes_set *set = &gate->sets[which];
        for (uint32_t i = 0; i < set->n_others; i++) add_class(filter, set->others[i]);
    }
}

static size_t count_listed(const codes_row *rows, uint32_t n_rows) {
    size_t n = 0;
    for (uint32_t row = 0; row < n_rows; row++)
        for (int which = 0; which < CODES_N_SETS; which++)
            n += rows[row].gate.sets[which].n_others + rows[row].proof.sets[which].n_others;
    return n;
}

static bool number_classes(base_arena *arena, const codes_row *rows, uint32_t n_rows, codes_filter *filter) {
    enum { N_FOLDING = 128 }; /* at least as many characters as codes_fold() changes */
    size_t n_pages = 1 + 0x80 / CODES_PAGE + N_FOLDING + N_SIGNS_BEFORE + count_listed(rows, n_rows);
    if (n_pages > CODES_N_PAGES + 1) n_pages = CODES_N_PAGES + 1;
    filter->pages = base_arena_alloc(arena, n_pages * sizeof *filter->pages);
    filter->page_of = zeroed(arena, CODES_N_PAGES, sizeof *filter->page_of);
    if (!filter->pages || !filter->page_of) return false;
    for (uint32_t i = 0; i < CODES_PAGE; i++) filter->pages[0].classes[i] = CLASS_OTHER;
    filter->n_pages = 1;
    filter->n_classes = N_FIXED_CLASSES;
    for (uint32_t c = 0; c < 0x80; c++) set_class(filter, c, c);
    for (int i = 0; i < N_SIGNS_BEFORE; i++) add_class(filter, signs_before[i]);
    for (uint32_t row = 0; row < n_rows; row++)
        for (int i = 0; i < 2; i++) add_listed(filter, gate_of(&rows[row], i));
    add_folding(filter, 0x80, 0x3000);
    add_folding(filter, 0xFE00, 0xFFFF);
    return true;
}

/* --- Building ----------------------------------------------------------------------------------------------------- */

static bool has_class(const codes_set *set, uint32_t number) {
    bool has = set->has_other;
    if (number < CLASS_EDGE) has = set->ascii[number >> 6] >> (number & 63) & 1;
    if (number == CLASS_EDGE) has = set->has_edge;
    return has != set->is_negated;
}

/* Masks let all rows by until a set says otherwise. @param takes  room for a byte a class */
static void enter_set(const codes_filter *filter, codes_masks *masks, int which, const codes_set *set, uint64_t bit,
                      bool *takes) {
    for (uint32_t number = 0; number < filter->n_classes; number++) takes[number] = has_class(set, number);
    for (uint32_t i = 0; i < set->n_others; i++) takes[class_of_char(filter, set->others[i])] = !set->is_negated;
    for (uint32_t number = 0; number < filter->n_classes; number++)
        if (!takes[number]) masks[number].rows[which] &= ~bit;
}

static void enter_gate(const codes_filter *filter, codes_sieve *sieve, const codes_gate *gate, uint64_t bit,
                       bool *takes) {
    for (int which = 0; which < CODES_N_SETS; which++) {
        if (!gate->sets[which].is_given) continue;
        sieve->asking[which] |= bit;
        enter_set(filter, sieve->by_class, which, &gate->sets[which], bit, takes);
    }
}

static void enter_lengths(codes_sieve *sieve, codes_start start, uint32_t min, uint32_t max, uint64_t bit) {
    for (uint32_t len = min; len <= max && len <= CODES_MAX_RUN; len++) sieve->by_length[start][len] |= bit;
    sieve->rows |= bit;
}

static uint32_t most(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static void enter_row(const codes_filter *filter, const codes_row *r, uint32_t row, bool *takes) {
    codes_sieve *sieve = &filter->sieves[row >> 6];
    uint64_t bit = (uint64_t)1 << (row & 63);
    if (r->is_broken) return;
    enter_lengths(sieve, r->start, r->gate.min, r->gate.max, bit);
    enter_gate(filter, sieve, &r->gate, bit, takes);
}

/* A proof is a row whose gate is that of its row and its own. */
static void enter_proof(codes_filter *filter, const codes_row *r, uint32_t row, uint64_t bit, bool *takes) {
    codes_sieve *sieve = filter->sieves;
    filter->proof_of[row] = bit;
    filter->proofs |= bit;
    enter_lengths(sieve, r->start, most(r->gate.min, r->proof.min), least(r->gate.max, r->proof.max), bit);
    for (int i = 0; i < 2; i++) enter_gate(filter, sieve, gate_of(r, i), bit, takes);
}

static void enter_proofs(codes_filter *filter, const codes_row *rows, uint32_t n_rows, bool *takes) {
    uint32_t n_bits = n_rows;
    for (uint32_t row = 0; row < n_rows; row++) n_bits += rows[row].proof.is_given && !rows[row].is_broken;
    if (n_bits > 64) return;
    for (uint32_t row = 0, number = n_rows; row < n_rows; row++)
        if (rows[row].proof.is_given && !rows[row].is_broken)
            enter_proof(filter, &rows[row], row, (uint64_t)1 << number++, takes);
}

/* --- The rough question ------------------------------------------------------------------------------------------- */

static uint64_t unless(bool condition, uint64_t rows) {
    return condition ? UINT64_MAX : rows;
}

static uint16_t of_char(unsigned char near) {
    return (uint16_t)(CODES_OF_CHAR + (near & 63) * CODES_CHARS_APART);
}

/* @param near, far  of a character beside a run the byte that is next to it and the one beyond
 * @param rows  that let it stand there, @param beyond_sign  that let it stand behind a sign */
static void add_to_side(codes_side *side, unsigned char near, unsigned char far, uint64_t rows, uint64_t beyond_sign) {
    side->next[near] |= rows;
    side->beyond[CODES_BEHIND_SIGN + near] |= beyond_sign;
    if (near >= 0x80) side->beyond[of_char(near) + far] |= rows;
}

static void add_char(const codes_filter *filter, const codes_sieve *sieve, uint32_t number, const unsigned char *bytes,
                     unsigned len) {
    const uint64_t *rows = sieve->by_class[number].rows;
    codes_rough *rough = filter->rough;
    unsigned char first = bytes[0], last = bytes[len - 1];
    uint64_t signs = sieve->by_class[number].signs;
    uint64_t label = unless(signs & SIGN_BEFORE, rows[CODES_LABEL]) & sieve->rows;
    uint64_t beyond = unless(signs & SIGN_BEHIND, rows[CODES_BEYOND]) & sieve->rows;
    rough->first[first] |= rows[CODES_FIRST] & sieve->rows;
    add_to_side(&rough->before, last, len > 1 ? bytes[len - 2] : 0, rows[CODES_BEFORE] & label, label);
    add_to_side(&rough->behind, first, len > 1 ? bytes[1] : 0, rows[CODES_THEN] & beyond, beyond);
}

static void add_page(const codes_filter *filter, const codes_sieve *sieve, uint32_t page) {
    for (uint32_t c = page * CODES_PAGE; c < (page + 1) * CODES_PAGE; c++) {
        char bytes[4];
        uint32_t number = class_of_char(filter, c);
        if (number == CLASS_OTHER) continue; /* fill_rough() knows these by their bytes */
        unsigned len = base_utf8_encode(c, bytes);
        add_char(filter, sieve, number, (const unsigned char *)bytes, len);
    }
}

static void fill_rough(const codes_filter *filter, const codes_sieve *sieve) {
    for (int start = 0; start < CODES_N_STARTS; start++)
        for (int len = 0; len <= CODES_MAX_RUN; len++)
            filter->rough->by_length[start][len] |= sieve->by_length[start][len];
    for (uint32_t c = 0; c < 0x100; c++) {
        unsigned char bytes[2] = {(unsigned char)c, (unsigned char)c};
        add_char(filter, sieve, c < 0x80 ? c : CLASS_OTHER, bytes, c < 0x80 ? 1 : 2);
    }
    for (int i = CODES_OF_CHAR; i < CODES_N_BEYOND; i++) { /* any character is any two bytes */
        filter->rough->before.beyond[i] |= filter->rough->before.beyond[of_char(0xFF) + 0xFF];
        filter->rough->behind.beyond[i] |= filter->rough->behind.beyond[of_char(0xFF) + 0xFF];
    }
    for (uint32_t page = 0x80 / CODES_PAGE; page < CODES_N_PAGES; page++)
        if (filter->page_of[page]) add_page(filter, sieve, page);
}

static bool build_rough(base_arena *arena, codes_filter *filter) {
    filter->rough = zeroed(arena, 1, sizeof *filter->rough);
    if (!filter->rough) return false;
    for (uint32_t i = 0; i < filter->n_sieves; i++) fill_rough(filter, &filter->sieves[i]);
    for (uint32_t c = 0; c < 0x100 && filter->n_sieves; c++) {
        uint64_t signs = c < 0x80 ? filter->sieves->by_class[c].signs : 0;
        uint16_t other = c < 0x80 ? CODES_ENOUGH : of_char((unsigned char)c);
        filter->rough->before.from[c] = signs & SIGN_BEFORE ? CODES_BEHIND_SIGN : other;
        filter->rough->behind.from[c] = signs & SIGN_BEHIND ? CODES_BEHIND_SIGN : other;
        filter->rough->before.beyond[CODES_ENOUGH + c] = filter->rough->behind.beyond[CODES_ENOUGH + c] = UINT64_MAX;
    }
    return true;
}

static uint32_t fold_rows(uint64_t rows) {
    return (uint32_t)(rows | rows >> 31 | rows >> 62) & ~CODES_UNSURE;
}

static void fill_number_side(const codes_side *side, uint64_t rows, codes_number_side *out) {
    for (int c = 0; c < 256; c++) out->next[c] = fold_rows(side->next[c] & rows);
    for (int i = 0; i < CODES_N_BEYOND; i++) out->beyond[i] = fold_rows(side->beyond[i] & rows) | CODES_UNSURE;
    memcpy(out->from, side->from, sizeof out->from);
}

static bool build_numbers(base_arena *arena, codes_filter *filter) {
    uint64_t rows = 0;
    codes_numbers *numbers = filter->numbers = zeroed(arena, 1, sizeof *filter->numbers);
    if (!numbers) return false;
    for (int n = 0; n <= CODES_MOST_DIGITS; n++) {
        uint64_t of_length = filter->rough->by_length[CODES_DIGIT][n]
                             & ~filter->proofs; /* where a proof holds its row does */
        rows |= of_length;
        numbers->by_length[n] = fold_rows(of_length) | CODES_UNSURE;
    }
    fill_number_side(&filter->rough->before, rows, &numbers->before);
    fill_number_side(&filter->rough->behind, rows, &numbers->behind);
    for (int c = 0; c < 256; c++) {
        numbers->before.next[c] |= CODES_UNSURE;
        if ((c >= '0' && c <= '9') || scan_may_go_on((unsigned char)c)) numbers->behind.next[c] |= CODES_UNSURE;
    }
    return true;
}

static bool takes_small_letters(const codes_row *row) {
    const codes_set *set = &row->gate.sets[CODES_RUN];
    bool takes = !set->is_given;
    for (uint32_t c = 'a'; c <= 'z' && !takes; c++) takes = has_class(set, c);
    return takes && !(row->is_run && row->form == CODES_SYMBOL);
}

static void fill_letters(const codes_row *rows, uint32_t n_rows, codes_letters *letters) {
    for (uint32_t row = 0; row < n_rows; row++) {
        const codes_row *r = &rows[row];
        uint64_t bit = (uint64_t)1 << (row & 63);
        if (r->is_broken || r->start != CODES_LETTER) continue;
        for (uint32_t n = r->gate.min; n <= r->gate.max; n++) {
            letters->by_length[0][least(n, CODES_MOST_LETTERS)] |= bit;
            if (takes_small_letters(r)) letters->by_length[1][least(n, CODES_MOST_LETTERS)] |= bit;
        }
    }
}

static void enter_signs(const codes_filter *filter, codes_masks *masks) {
    for (uint32_t number = 0; number < filter->n_classes; number++) masks[number].signs = 0;
    for (int i = 0; i < N_SIGNS_BEHIND; i++) masks[class_of_char(filter, signs_behind[i])].signs |= SIGN_BEHIND;
    for (int i = 0; i < N_SIGNS_BEFORE; i++) masks[class_of_char(filter, signs_before[i])].signs |= SIGN_BEFORE;
}

bool codes_filter_build(base_arena *arena, const codes_row *rows, uint32_t n_rows, codes_filter *filter) {
    memset(filter, 0, sizeof *filter);
    filter->n_sieves = (n_rows + 63) / 64;
    filter->sieves = zeroed(arena, filter->n_sieves, sizeof *filter->sieves);
    if (!filter->sieves || !number_classes(arena, rows, n_rows, filter)) return false;
    bool *takes = base_arena_alloc(arena, filter->n_classes * sizeof *takes);
    if (!takes) return false;
    for (uint32_t i = 0; i < filter->n_sieves; i++) {
        size_t size = filter->n_classes * sizeof(codes_masks);
        filter->sieves[i].by_class = base_arena_alloc(arena, size);
        if (!filter->sieves[i].by_class) return false;
        memset(filter->sieves[i].by_class, 0xFF, size);
        enter_signs(filter, filter->sieves[i].by_class);
    }
    for (uint32_t row = 0; row < n_rows; row++) enter_row(filter, &rows[row], row, takes);
    enter_proofs(filter, rows, n_rows, takes);
    /* What no character of a run may be, the first may not be either. */
    for (uint32_t i = 0; i < filter->n_sieves; i++)
        for (uint32_t number = 0; number < filter->n_classes; number++) {
            uint64_t *masks = filter->sieves[i].by_class[number].rows;
            masks[CODES_FIRST] &= masks[CODES_RUN];
        }
    fill_letters(rows, n_rows, &filter->letters);
    return build_rough(arena, filter) && build_numbers(arena, filter);
}

/* --- What stands around a place -----------------------------------------------------------------------------------
 * Signs, letters and Han characters stand beside codes as they like: no branch asks which, and characters of one byte to
 * four are read alike. */

/* @param bytes  of a character, its last one on top and zeros below */
static inline const codes_masks *masks_of(const codes_filter *filter, const codes_sieve *sieve, uint32_t bytes,
                                          unsigned len) {
    static const uint32_t bits[] = {[1] = 0x7F, [2] = 0x7FF, [3] = 0xFFFF, [4] = 0x1FFFFF};
    uint32_t c = (bytes >> 24 & 0x7F) | (bytes >> 16 & 0x3F) << 6 | (bytes >> 8 & 0x3F) << 12 | (bytes & 7) << 18;
    return &sieve->by_class[class_of_char(filter, c & bits[len])];
}

static uint32_t read_some(const char *bytes, size_t len) { /* the last on top */
    uint32_t four = 0;
    for (size_t i = 0; i < len; i++) four = four >> 8 | (uint32_t)(unsigned char)bytes[i] << 24;
    return four;
}

static inline const codes_masks *masks_before(const codes_filter *filter, const codes_sieve *sieve, base_slice run,
                                              size_t at, size_t *before) {
    uint32_t four;
    *before = at;
    if (at >= 4) {
        memcpy(&four, run.bytes + at - 4, 4);
    } else {
        if (at == 0) return &sieve->by_class[CLASS_EDGE];
        four = read_some(run.bytes, at);
    }
    uint32_t leading = (four & 0xC0C0C0C0) ^ 0x80808080; /* bytes that begin a character are not zero here */
    unsigned len = (unsigned)__builtin_clz(leading) / 8 + 1;
    *before = at - len;
    return masks_of(filter, sieve, four & UINT32_MAX << (32 - 8 * len), len);
}

static inline const codes_masks *masks_at(const codes_filter *filter, const codes_sieve *sieve, base_slice run,
                                          size_t at, size_t *next) {
    uint32_t four;
    *next = at;
    if (at >= run.len) return &sieve->by_class[CLASS_EDGE];
    unsigned len = base_utf8_len(run.bytes + at);
    if (run.len - at >= 4) {
        memcpy(&four, run.bytes + at, 4);
        four <<= 32 - 8 * len;
    } else {
        four = read_some(run.bytes + at, len);
    }
    *next = at + len;
    return masks_of(filter, sieve, four, len);
}

/* Runs are ASCII but for few. */
static inline const codes_masks *masks_in_run(const codes_filter *filter, const codes_sieve *sieve, base_slice run,
                                              size_t at, size_t *next) {
    unsigned char c = (unsigned char)run.bytes[at];
    if (c >= 0x80) return masks_at(filter, sieve, run, at, next);
    *next = at + 1;
    return &sieve->by_class[c];
}

static inline uint64_t rows_before(const codes_filter *filter, const codes_sieve *sieve, const codes_place *place,
                                   uint64_t rows) {
    size_t at, third;
    const codes_masks *near = masks_before(filter, sieve, place->run, place->at, &at);
    rows &= near->rows[CODES_BEFORE];
    if (!(rows & (sieve->asking[CODES_AHEAD] | sieve->asking[CODES_LABEL]))) return rows;
    const codes_masks *second = masks_before(filter, sieve, place->run, at, &at);
    const codes_masks *beside[] = {near, second}, *label = beside[near->signs / SIGN_BEFORE & 1];
    if (rows & sieve->asking[CODES_AHEAD])
        rows &= masks_before(filter, sieve, place->run, at, &third)->rows[CODES_AHEAD];
    for (int i = 1; i < MAX_SIGNS && label->signs & SIGN_BEFORE; i++)
        label = masks_before(filter, sieve, place->run, at, &at);
    return rows & label->rows[CODES_LABEL];
}

static inline uint64_t rows_behind(const codes_filter *filter, const codes_sieve *sieve, const codes_place *place,
                                   uint64_t rows) {
    size_t at;
    const codes_masks *beyond = masks_at(filter, sieve, place->run, place->end, &at);
    rows &= beyond->rows[CODES_THEN];
    if (!(rows & sieve->asking[CODES_BEYOND])) return rows;
    for (int i = 0; i < MAX_SIGNS && beyond->signs & SIGN_BEHIND; i++)
        beyond = masks_at(filter, sieve, place->run, at, &at);
    return rows & beyond->rows[CODES_BEYOND];
}

static uint64_t rows_of_run(const codes_filter *filter, const codes_sieve *sieve, const codes_place *place,
                            uint64_t rows) {
    for (size_t at = place->at; at < place->end && rows;)
        rows &= masks_in_run(filter, sieve, place->run, at, &at)->rows[CODES_RUN];
    return rows;
}

/* What stands before a run is asked first: it is what ends it for most places that the rough question leaves. */
uint64_t codes_filter_rows(const codes_filter *filter, const codes_place *place, uint64_t rough, uint32_t index) {
    const codes_sieve *sieve = &filter->sieves[index];
    size_t next;
    uint64_t rows = rough & sieve->by_length[place->start][place->n_chars];
    rows = rows_before(filter, sieve, place, rows);
    if (!rows) return 0;
    rows = rows_behind(filter, sieve, place, rows);
    rows &= masks_in_run(filter, sieve, place->run, place->at, &next)->rows[CODES_FIRST];
    return rows & sieve->asking[CODES_RUN] ? rows_of_run(filter, sieve, place, rows) : rows;
}
