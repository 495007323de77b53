/* Surfaces → stems: how Chinese names begin, each beginning once, with what may follow it. */
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

/* --- Names in order: those that begin alike stand together ---------------------------------------------------------- */

/* A name that has stems. */
typedef struct sorted_name {
    uint64_t bytes; /* while they are sorted: eight of its text, the first the highest */
    uint32_t surface;
    uint8_t shared, last; /* characters: as many as the name before begins with too; those of its longest stem */
    bool is_alone;        /* the longest stem is its own, and the rest of the text is compared */
} sorted_name;

static base_slice text_of(const dict_builder *builder, uint32_t index) {
    const dict_surface *surface = (const dict_surface *)builder->section[SECTION_SURFACES].items + index;
    return (base_slice){builder->strings.data + surface->text, surface->len};
}

static uint64_t eight_bytes(base_slice text, size_t at) {
    uint64_t bytes = 0;
    for (size_t i = at; i < at + 8; i++) bytes = bytes << 8 | (i < text.len ? (unsigned char)text.bytes[i] : 0);
    return bytes;
}

static int compare_bytes(const void *left, const void *right) {
    const sorted_name *a = left, *b = right;
    return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

/* Sorts names that are alike before `at` by what follows, eight bytes at a time: each text is read once for them, not for
 * every comparison. */
static void sort_names(const dict_builder *builder, sorted_name *names, size_t n, size_t at) {
    for (size_t i = 0; i < n; i++) names[i].bytes = eight_bytes(text_of(builder, names[i].surface), at);
    qsort(names, n, sizeof *names, compare_bytes);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && names[end].bytes == names[i].bytes;) end++;
        if (end - i > 1) sort_names(builder, names + i, end - i, at + 8);
    }
}

/* The number of characters that two names begin with alike. */
static uint8_t count_shared(base_slice a, base_slice b) {
    size_t at = 0, len = a.len < b.len ? a.len : b.len;
    while (at < len && a.bytes[at] == b.bytes[at]) at++;
    while (at < len && at && ((unsigned char)a.bytes[at] & 0xC0) == 0x80) at--;
    uint8_t n = 0;
    for (size_t i = 0; i < at; i++) n = (uint8_t)(n + (((unsigned char)a.bytes[i] & 0xC0) != 0x80));
    return n;
}

/* How many plain characters a text begins with. */
static uint8_t count_plain(base_slice text) {
    uint8_t n = 0;
    for (const char *p = text.bytes, *end = p + text.len; p < end; n++) {
        uint32_t c;
        p += base_utf8_read(p, &c);
        if (!dict_is_plain(c)) break;
    }
    return n;
}

/* The names that have stems, in order. @return how many. */
static size_t list_names(const dict_builder *builder, sorted_name *names) {
    size_t n = 0;
    for (uint32_t i = 0; i < builder->section[SECTION_SURFACES].n; i++) {
        uint8_t n_plain = count_plain(text_of(builder, i));
        if (n_plain >= DICT_STEM_LEAST) names[n++] = (sorted_name){.surface = i, .last = n_plain};
    }
    sort_names(builder, names, n, 0);
    return n;
}

/* The least characters that a stem has whose name goes on alone. As long as the stems of four fit into the caches, to follow
 * them is faster than to compare. */
static uint32_t least_alone(const dict_builder *builder) {
    return builder->header.han_bits < DICT_MOST_HAN_BITS ? DICT_STEM_WHOLE : DICT_STEM_LEAST;
}

/* Says of each name which stems it has, once it is known what stands beside it; n_stems counts those that the name before
 * does not have. */
static void measure_names(const dict_builder *builder, sorted_name *names, size_t n, size_t n_stems[DICT_N_STEMS]) {
    const dict_surface *surfaces = builder->section[SECTION_SURFACES].items;
    const uint32_t least = least_alone(builder);
    uint8_t shared = 0;
    for (size_t i = 0; i < n; i++) {
        base_slice text = text_of(builder, names[i].surface);
        names[i].shared = shared;
        uint8_t next = i + 1 < n ? count_shared(text, text_of(builder, names[i + 1].surface)) : 0;
        uint8_t of_others = next > shared ? next : shared;
        uint8_t own = (uint8_t)(of_others < least ? least : of_others + 1u);
        names[i].is_alone = names[i].last == surfaces[names[i].surface].n_chars && names[i].last > own;
        if (names[i].is_alone) names[i].last = own;
        for (uint32_t len = shared + 1u; len <= names[i].last; len++)
            n_stems[dict_stem_table_of(len)] += len >= DICT_STEM_LEAST;
        shared = next;
    }
}

/* --- Stems ---------------------------------------------------------------------------------------------------------- */

typedef struct stem_table {
    dict_stem *slots;
    uint32_t bits;
} stem_table;

/* The stems of a name, by their number of characters. */
typedef struct stem_path {
    uint64_t keys[DICT_MAX_NAME_CHARS + 1]; /* what the key of the next is made of */
    dict_stem *stems[DICT_MAX_NAME_CHARS + 1];
} stem_path;

static uint32_t new_stem(const stem_table *table, uint64_t key) {
    uint32_t at = dict_stem_slot(key, table->bits);
    while (table->slots[at].key) at = (at + 1) & ((1u << table->bits) - 1);
    table->slots[at].key = key;
    return at;
}

/* Enters what the name before does not share; `path` is that name's and becomes this one's. */
static void enter_name(const stem_table tables[DICT_N_STEMS], const dict_builder *builder, const sorted_name *name,
                       stem_path *path) {
    const dict_surface *surface = (const dict_surface *)builder->section[SECTION_SURFACES].items + name->surface;
    const char *p = builder->strings.data + surface->text;
    for (uint32_t n = 1; n <= surface->n_chars; n++) {
        const stem_table *table = &tables[dict_stem_table_of(n)];
        uint32_t c;
        p += base_utf8_read(p, &c);
        if (n > DICT_STEM_LEAST && n > name->shared) path->stems[n - 1]->nexts |= dict_next_bit(c);
        if (n > name->last) break;
        if (n <= name->shared) continue;
        uint64_t key = path->keys[n] = dict_stem_key(path->keys[n - 1], n, c);
        if (n < DICT_STEM_LEAST) continue;
        uint32_t slot = new_stem(table, key);
        path->stems[n] = &table->slots[slot];
        if (n >= DICT_STEM_WHOLE) path->keys[n] = slot;
    }
    if (name->is_alone) path->stems[name->last]->surface = (name->surface + 1) | dict_is_alone;
    else if (name->last == surface->n_chars) path->stems[name->last]->surface = name->surface + 1;
}

/* Half full at most: nearly all are found where they belong, and no predictor learns which are not. */
static uint32_t bits_for(size_t n) {
    uint32_t bits = DICT_MIN_TABLE_BITS;
    while (bits < DICT_MAX_TABLE_BITS && (size_t)1 << bits < 2 * n) bits++;
    return bits;
}

static bool make_tables(dict_builder *builder, const size_t n_stems[DICT_N_STEMS], stem_table tables[DICT_N_STEMS]) {
    for (int t = 0; t < DICT_N_STEMS; t++) {
        tables[t] = (stem_table){.bits = bits_for(n_stems[t])};
        tables[t].slots = dict_append(builder, (dict_section_id)(SECTION_STEMS + t), (size_t)1 << tables[t].bits);
        builder->header.stem_bits[t] = tables[t].bits;
    }
    return !builder->failed;
}

void dict_build_stems(dict_builder *builder) {
    if (builder->failed) return;
    size_t n_stems[DICT_N_STEMS] = {0};
    stem_table tables[DICT_N_STEMS];
    stem_path path = {.keys = {0}};
    sorted_name *names = malloc((builder->section[SECTION_SURFACES].n + 1) * sizeof *names);
    if (!names) {
        builder->failed = true;
        return;
    }
    size_t n = list_names(builder, names);
    measure_names(builder, names, n, n_stems);
    bool is_made = make_tables(builder, n_stems, tables);
    for (size_t i = 0; is_made && i < n; i++) enter_name(tables, builder, &names[i], &path);
    free(names);
}
