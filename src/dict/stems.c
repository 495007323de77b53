/* Surfaces → stems: how Chinese names begin, each beginning once, with what may follow it. */
#include <stdlib.h>

#include "dict/compile.h"

static int compare_stems(const void *left, const void *right) {
    const dict_stem *a = left, *b = right;
    return a->chars < b->chars ? -1 : a->chars > b->chars;
}

/* The stems of one surface, as far as it is plain. @return how many. */
static size_t stems_of(const dict_builder *builder, uint32_t index, dict_stem *out) {
    const dict_surface *surface = (const dict_surface *)builder->section[SECTION_SURFACES].items + index;
    const char *p = builder->strings.data + surface->text;
    uint64_t chars = 0;
    size_t n = 0;
    for (uint32_t i = 0; i < surface->n_chars && i <= DICT_STEM_MOST; i++) {
        uint32_t c;
        p += base_utf8_read(p, &c);
        if (n) out[n - 1].nexts = dict_next_bit(c);
        if (!dict_is_plain(c) || i == DICT_STEM_MOST) break;
        chars |= (uint64_t)c << 16 * i;
        if (i + 1 < DICT_STEM_LEAST) continue;
        out[n++] = (dict_stem){.chars = chars, .surface = i + 1 == surface->n_chars ? index + 1 : 0};
    }
    return n;
}

/* Those of all surfaces into one each. @return how many there are. */
static size_t join_stems(dict_stem *stems, size_t n) {
    size_t n_distinct = 0;
    if (n) qsort(stems, n, sizeof *stems, compare_stems);
    for (size_t i = 0; i < n; i++) {
        if (!n_distinct || stems[n_distinct - 1].chars != stems[i].chars) {
            stems[n_distinct++] = stems[i];
            continue;
        }
        stems[n_distinct - 1].surface |= stems[i].surface; /* one of them has it at most: surfaces differ */
        stems[n_distinct - 1].nexts |= stems[i].nexts;
    }
    return n_distinct;
}

/* A table that is half full at most: nearly all are found where they belong, and no predictor learns which are not. */
static void put_stems(dict_builder *builder, const dict_stem *stems, size_t n) {
    uint32_t bits = DICT_MIN_TABLE_BITS;
    while (bits < DICT_MAX_TABLE_BITS && (size_t)1 << bits < 2 * n) bits++;
    builder->header.stem_bits = bits;
    dict_stem *slots = dict_append(builder, SECTION_STEMS, (size_t)1 << bits);
    for (size_t i = 0; slots && i < n; i++) {
        uint32_t at = dict_stem_slot(stems[i].chars, bits);
        while (slots[at].chars) at = (at + 1) & ((1u << bits) - 1);
        slots[at] = stems[i];
    }
}

void dict_build_stems(dict_builder *builder) {
    enum { MOST = DICT_STEM_MOST - DICT_STEM_LEAST + 1 }; /* of one surface */
    size_t n_surfaces = builder->section[SECTION_SURFACES].n, n = 0;
    dict_stem *stems = builder->failed ? NULL : calloc(n_surfaces + 1, MOST * sizeof *stems);
    builder->failed = !stems;
    for (uint32_t i = 0; stems && i < n_surfaces; i++) n += stems_of(builder, i, stems + n);
    if (stems) put_stems(builder, stems, join_stems(stems, n));
    free(stems);
}
