/* Surfaces → stems: how Chinese names begin, each beginning once, with what may follow it. */
#include <stdlib.h>

#include "dict/compile.h"

typedef struct stem_table {
    dict_stem *slots;
    uint32_t bits;
    size_t n; /* stems */
} stem_table;

/* A stem's slot; it is entered where it is not there yet. */
static uint32_t enter_stem(stem_table *table, uint64_t key) {
    uint32_t at = dict_stem_slot(key, table->bits);
    while (dict_is_other_stem(&table->slots[at], key)) at = (at + 1) & ((1u << table->bits) - 1);
    table->n += table->slots[at].key == 0;
    table->slots[at].key = key;
    return at;
}

/* The stems of a surface, as far as it is plain. */
static void enter_surface(stem_table *table, const dict_builder *builder, uint32_t index) {
    const dict_surface *surface = (const dict_surface *)builder->section[SECTION_SURFACES].items + index;
    const char *p = builder->strings.data + surface->text;
    uint64_t chars = 0;
    uint32_t slot = 0;
    for (uint32_t i = 0; i < surface->n_chars; i++) {
        uint32_t c;
        p += base_utf8_read(p, &c);
        if (i >= DICT_STEM_LEAST) table->slots[slot].nexts |= dict_next_bit(c);
        if (!dict_is_plain(c)) return;
        if (i < DICT_STEM_WHOLE) chars |= (uint64_t)c << 16 * i;
        if (i + 1 >= DICT_STEM_LEAST) slot = enter_stem(table, i < DICT_STEM_WHOLE ? chars : dict_longer_stem(slot, c));
    }
    if (surface->n_chars >= DICT_STEM_LEAST) table->slots[slot].surface = index + 1;
}

static void enter_all(stem_table *table, const dict_builder *builder) {
    size_t n_surfaces = builder->section[SECTION_SURFACES].n;
    for (uint32_t i = 0; table->slots && i < n_surfaces; i++) enter_surface(table, builder, i);
}

/* Half full at most: nearly all are found where they belong, and no predictor learns which are not. */
static uint32_t bits_for(size_t n) {
    uint32_t bits = DICT_MIN_TABLE_BITS;
    while (bits < DICT_MAX_TABLE_BITS && (size_t)1 << bits < 2 * n) bits++;
    return bits;
}

/* How many stems there are is known when they have been entered once. */
void dict_build_stems(dict_builder *builder) {
    const dict_array *surfaces = &builder->section[SECTION_SURFACES];
    size_t n_most = 0;
    for (size_t i = 0; i < surfaces->n; i++) {
        const dict_surface *surface = (const dict_surface *)surfaces->items + i;
        n_most += surface->flags & DICT_SURFACE_LATIN ? 0 : surface->n_chars;
    }
    stem_table all = {.bits = bits_for(n_most)};
    if (!builder->failed) all.slots = calloc((size_t)1 << all.bits, sizeof *all.slots);
    builder->failed = !all.slots;
    enter_all(&all, builder);
    free(all.slots);
    stem_table table = {.bits = bits_for(all.n)};
    table.slots = dict_append(builder, SECTION_STEMS, (size_t)1 << table.bits);
    enter_all(&table, builder);
    builder->header.stem_bits = table.bits;
}
