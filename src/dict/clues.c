/* Cues → a table of what one or two characters next to a mention tell, by all ways to write them: most of what stands there
 * is none of them, and nearly all the rest is answered there. */
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

/* --- What is entered --------------------------------------------------------------------------------------------------- */

/* One or two folded characters, in the order of the text, and what they tell besides what right_clue() and left_clue() find. */
typedef struct row {
    uint32_t first, second; /* second 0: one */
    uint32_t clue;
} row;

typedef struct row_list {
    row *items;
    size_t n, capacity;
} row_list;

enum {
    RIGHT_WORDS = DICT_RIGHT_CLASSES | 1 << DICT_CLASS_DESCRIPTOR,
    MEDIUM_WORDS = 1 << DICT_CLASS_SOURCE_LEFT | 1 << DICT_CLASS_REPORT_LEFT
};

static bool push(row_list *list, uint32_t first, uint32_t second, uint32_t clue) {
    if (!base_grow(&base_default_allocator, (void **)&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return false;
    list->items[list->n++] = (row){first, second, clue};
    return true;
}

/* Signs that may stand between what tells a medium and its name, as spaces may; see src/resolve/role.c. */
typedef struct sign_list {
    uint32_t items[16];
    size_t n;
} sign_list;

static sign_list list_signs(void) {
    sign_list signs = {.n = 0};
    for (uint32_t c = 1; c < 0x10000; c++)
        if (c == ':' || dict_is_quote(c)) signs.items[signs.n++] = c;
    return signs;
}

/* This character with each sign behind it, before a medium's name. */
static bool push_signs_behind(row_list *list, const sign_list *signs, uint32_t c) {
    for (size_t i = 0; i < signs->n; i++)
        if (!push(list, c, signs->items[i], DICT_CLUE_MEDIUM)) return false;
    return true;
}

static bool push_signs(row_list *list, const sign_list *signs) {
    static const uint32_t alone[] = {':', '@', '#', ' '};
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
        if (!push(list, alone[i], 0, 0)) return false;
    for (size_t i = 0; i < signs->n; i++)
        if (!push_signs_behind(list, signs, signs->items[i])) return false;
    return push_signs_behind(list, signs, ' ');
}

/* Its first two characters, its last two, or the one that it has. */
static bool push_word(row_list *list, const sign_list *signs, const dict_word *w) {
    if (w->n == 0) return true;
    if (w->n == 1) return push(list, w->chars[0], 0, 0);
    bool is_long = w->n > 2, is_medium = w->classes & MEDIUM_WORDS;
    const uint32_t *last = w->chars + w->n - 2;
    if ((w->goes_on || w->classes & RIGHT_WORDS)
        && !push(list, w->chars[0], w->chars[1], is_long ? DICT_CLUE_RIGHT_GOES_ON : 0))
        return false;
    if (w->classes & DICT_LEFT_CLASSES && !push(list, last[0], last[1], is_long ? DICT_CLUE_LEFT_GOES_ON : 0))
        return false;
    return !is_medium || (push(list, last[0], last[1], DICT_CLUE_MEDIUM) && push_signs_behind(list, signs, last[1]));
}

static int compare_rows(const void *left, const void *right) {
    const row *a = left, *b = right;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return a->second < b->second ? -1 : a->second > b->second;
}

static void merge_rows(row_list *list) {
    size_t n = 0;
    if (list->n) qsort(list->items, list->n, sizeof *list->items, compare_rows);
    for (size_t i = 0; i < list->n; i++) {
        if (n && compare_rows(&list->items[n - 1], &list->items[i]) == 0)
            list->items[n - 1].clue |= list->items[i].clue;
        else list->items[n++] = list->items[i];
    }
    list->n = n;
}

/* --- What it tells ----------------------------------------------------------------------------------------------------- */

static uint32_t find_pair(const dict_view *view, const row *r) {
    return r->second ? dict_cue_find(view, dict_hash_step(dict_hash_step(0, r->first), r->second)) : 0;
}

/* Before these characters, the longer word speaks. */
static uint32_t right_clue(const dict_view *view, const row *r) {
    uint32_t one = dict_cue_find(view, dict_hash_step(0, r->first)), two = find_pair(view, r);
    const uint32_t descriptor = 1u << DICT_CLASS_DESCRIPTOR;
    return dict_clue_of_classes((two ? two : one) & DICT_RIGHT_CLASSES)
           | (two & descriptor   ? DICT_CLUE_FORM_OF_TWO
              : one & descriptor ? DICT_CLUE_FORM_OF_ONE
                                 : 0u);
}

/* Behind them, all words do. */
static uint32_t left_clue(const dict_view *view, const row *r) {
    uint32_t one = dict_cue_find(view, dict_hash_step(0, r->second ? r->second : r->first));
    return dict_clue_of_classes((one | find_pair(view, r)) & DICT_LEFT_CLASSES)
           | (one & 1u << DICT_CLASS_REPORT_LEFT ? DICT_CLUE_MEDIUM : 0);
}

/* What is told of two characters has all that the nearer one tells: signs do so whatever is beyond. Few names have a space
 * before them, and there are many spaces: with two of them or a word before, each would need slots of its own. */
static uint32_t sign_clue(const row *r) {
    uint32_t last = r->second ? r->second : r->first;
    return (r->first == ':' ? DICT_CLUE_COLON : 0) | (last == '@' || last == '#' ? DICT_CLUE_HANDLE : 0)
           | (last == ' ' ? DICT_CLUE_MEDIUM : 0);
}

/* --- The table --------------------------------------------------------------------------------------------------------- */

typedef struct slot_list {
    uint64_t *items;
    size_t n, capacity;
} slot_list;

static bool push_slot(slot_list *list, uint64_t slot) {
    if (!base_grow(&base_default_allocator, (void **)&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return false;
    list->items[list->n++] = slot;
    return true;
}

/* All ways to write a row's characters. What the fold drops is nothing that a word begins with. */
static bool spell(const dict_spellings *spellings, const row *r, uint64_t clue, slot_list *list) {
    static const uint32_t none = 0;
    if (r->first == DICT_FOLD_DROP || r->first > 0xFFFF || r->second > 0xFFFF) return true;
    const uint32_t *end = spellings->chars + spellings->first[r->first + 1];
    const uint32_t *second = r->second ? spellings->chars + spellings->first[r->second] : &none;
    const uint32_t *second_end = r->second ? spellings->chars + spellings->first[r->second + 1] : &none + 1;
    for (const uint32_t *a = spellings->chars + spellings->first[r->first]; a < end; a++)
        for (const uint32_t *b = second; b < second_end; b++)
            if (dict_has_clues(*a) && dict_has_clues(*b)
                && !push_slot(list, dict_write(*a, *b) << DICT_CLUE_BITS | clue))
                return false;
    return true;
}

static uint64_t slot_hash(uint64_t slot) {
    return dict_written_hash(slot >> DICT_CLUE_BITS);
}

static int compare_slots(const void *left, const void *right) {
    uint64_t a = slot_hash(*(const uint64_t *)left), b = slot_hash(*(const uint64_t *)right);
    return a < b ? -1 : a > b;
}

/* Puts a group where `seed` takes it; takes it out again and is false where something stands already. */
static bool fits(uint64_t *table, uint32_t bits, const uint64_t *group, size_t n, uint16_t seed) {
    for (size_t i = 0; i < n; i++) {
        uint64_t *at = &table[dict_clue_slot(slot_hash(group[i]), seed, 64 - bits)];
        if (!*at) {
            *at = group[i];
            continue;
        }
        while (i > 0) table[dict_clue_slot(slot_hash(group[--i]), seed, 64 - bits)] = 0;
        return false;
    }
    return true;
}

static bool place_group(uint64_t *table, uint32_t bits, const uint64_t *group, size_t n, uint16_t *seed) {
    for (uint32_t i = 0; i < 0x8000; i++) {
        *seed = (uint16_t)(i * 0x9E36 + 1); /* each odd number once, small ones not first */
        if (fits(table, bits, group, n, *seed)) return true;
    }
    return false;
}

/* The largest groups first, while there is room. */
static bool place_all(uint64_t *table, uint32_t bits, const slot_list *list, const size_t *starts, uint16_t *seeds) {
    size_t largest = 0;
    for (size_t g = 0; g < DICT_CLUE_SEEDS; g++)
        if (starts[g + 1] - starts[g] > largest) largest = starts[g + 1] - starts[g];
    for (size_t n = largest; n > 0; n--)
        for (size_t g = 0; g < DICT_CLUE_SEEDS; g++)
            if (starts[g + 1] - starts[g] == n && !place_group(table, bits, list->items + starts[g], n, &seeds[g]))
                return false;
    return true;
}

static void build_table(dict_builder *builder, slot_list *list) {
    size_t starts[DICT_CLUE_SEEDS + 1] = {0};
    uint32_t *bits = &builder->header.clue_bits;
    uint16_t *seeds = dict_append(builder, SECTION_CLUE_SEEDS, DICT_CLUE_SEEDS);
    if (list->n) qsort(list->items, list->n, sizeof *list->items, compare_slots);
    for (size_t i = 0; i < list->n; i++) starts[(slot_hash(list->items[i]) >> (64 - DICT_CLUE_GROUP_BITS)) + 1]++;
    for (size_t g = 0; g < DICT_CLUE_SEEDS; g++) starts[g + 1] += starts[g];
    *bits = DICT_MIN_TABLE_BITS;
    /* With a sixteenth free, seeds are still found; twice as many slots would leave the near caches. */
    while ((size_t)1 << *bits < list->n + list->n / 16 + 1) ++*bits;
    uint64_t *table = dict_append(builder, SECTION_CLUES, (size_t)1 << *bits);
    while (table && seeds && !place_all(table, *bits, list, starts, seeds)) {
        dict_append(builder, SECTION_CLUES, (size_t)1 << (*bits)++); /* twice as many */
        table = builder->section[SECTION_CLUES].items;
        if (builder->failed || *bits == DICT_MAX_TABLE_BITS) break;
        memset(table, 0, sizeof *table << *bits);
    }
    builder->failed |= *bits == DICT_MAX_TABLE_BITS;
}

void dict_build_clues(dict_builder *builder, const dict_spellings *spellings, const dict_word *words, size_t n) {
    const dict_view *view = &builder->view;
    const sign_list signs = list_signs();
    row_list rows = {0};
    slot_list slots = {0};
    bool ok = !builder->failed && push_signs(&rows, &signs);
    for (size_t i = 0; i < n && ok; i++) ok = !words[i].is_cue || push_word(&rows, &signs, &words[i]);
    merge_rows(&rows);
    for (size_t i = 0; i < rows.n && ok; i++) {
        const row *r = &rows.items[i];
        uint32_t clue = r->clue | right_clue(view, r) | left_clue(view, r) | sign_clue(r);
        if (clue || r->second) ok = spell(spellings, r, clue | DICT_CLUE_KNOWN, &slots);
    }
    builder->failed |= !ok;
    if (ok) build_table(builder, &slots);
    free(rows.items);
    free(slots.items);
}
