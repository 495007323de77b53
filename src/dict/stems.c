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
static void enter_surface(stem_table tables[DICT_N_STEMS], const dict_builder *builder, uint32_t index) {
    const dict_surface *surface = (const dict_surface *)builder->section[SECTION_SURFACES].items + index;
    const char *p = builder->strings.data + surface->text;
    dict_stem none = {0}, *stem = &none; /* the one before */
    uint64_t key = 0;
    for (uint32_t n = 1; n <= surface->n_chars; n++) {
        stem_table *table = &tables[dict_stem_table_of(n)];
        uint32_t c;
        p += base_utf8_read(p, &c);
        stem->nexts |= dict_next_bit(c);
        if (!dict_is_plain(c)) return;
        key = dict_stem_key(key, n, c);
        if (n < DICT_STEM_LEAST) continue;
        uint32_t slot = enter_stem(table, key);
        if (n >= DICT_STEM_WHOLE) key = slot;
        stem = &table->slots[slot];
    }
    stem->surface = index + 1;
}

static void enter_all(stem_table tables[DICT_N_STEMS], const dict_builder *builder) {
    size_t n_surfaces = builder->section[SECTION_SURFACES].n;
    for (uint32_t i = 0; !builder->failed && i < n_surfaces; i++) enter_surface(tables, builder, i);
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
    size_t n_most[DICT_N_STEMS] = {0};
    for (size_t i = 0; i < surfaces->n; i++) {
        const dict_surface *surface = (const dict_surface *)surfaces->items + i;
        if (surface->flags & DICT_SURFACE_LATIN) continue;
        for (uint32_t n = DICT_STEM_LEAST; n <= surface->n_chars; n++) n_most[dict_stem_table_of(n)]++;
    }
    stem_table all[DICT_N_STEMS], tables[DICT_N_STEMS];
    for (int t = 0; t < DICT_N_STEMS; t++) {
        all[t] = (stem_table){.bits = bits_for(n_most[t])};
        all[t].slots = calloc((size_t)1 << all[t].bits, sizeof *all[t].slots);
        builder->failed |= !all[t].slots;
    }
    enter_all(all, builder);
    for (int t = 0; t < DICT_N_STEMS; t++) {
        free(all[t].slots);
        tables[t] = (stem_table){.bits = bits_for(all[t].n)};
        tables[t].slots = dict_append(builder, (dict_section_id)(SECTION_STEMS + t), (size_t)1 << tables[t].bits);
        builder->header.stem_bits[t] = tables[t].bits;
    }
    enter_all(tables, builder);
}
