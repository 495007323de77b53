/* Tables → sections of the compiled dictionary. Private to the room: compile.c drives and pools strings, surfaces.c
 * works out what names are matched as, choices.c which lines they can mean, matcher.c fills filters and hash tables,
 * stems.c those of how names begin, lexicon.c those of words, clues.c what words tell next to a mention, markets.c how
 * those of a market begin, fold_table.c the fold, spellings.c the same the other way round. */
#ifndef DICT_COMPILE_H
#define DICT_COMPILE_H

#include "dict/tables.h"

/* The sections in the order of the file; see dict.h for what is in them. */
typedef enum dict_section_id {
    SECTION_STRINGS,
    SECTION_SECURITIES,
    SECTION_LINES,
    SECTION_NAMES,
    SECTION_SURFACES,
    SECTION_SURFACE_NAMES,
    SECTION_FOLD,
    SECTION_FOLD_SAME,
    SECTION_HAN_FILTER,
    SECTION_NUMBER_FILTER,
    SECTION_PREFIXES,
    SECTION_SURFACE_SLOTS,
    SECTION_CODE_SLOTS,
    SECTION_WORDS,
    SECTION_CUES,
    SECTION_WORD_EDGES,
    SECTION_CLUES,
    SECTION_CLUE_SEEDS,
    SECTION_MARKET_BYTES,
    SECTION_PAIR_ROLES,
    SECTION_NAME_BITS,
    SECTION_NAME_PAIR_BITS,
    SECTION_PAIRS,
    SECTION_FOLLOW_FILTER,
    SECTION_LATIN_PREFIXES,
    SECTION_LATIN_SLOTS,
    SECTION_STEMS, /* the stems of dict_stem_table t are section SECTION_STEMS + t */
    SECTION_CHOICES = SECTION_STEMS + DICT_N_STEMS,
    SECTION_TABLES, /* the cells of table t are section SECTION_TABLES + t */
    SECTION_COUNT = SECTION_TABLES + DICT_N_TABLES
} dict_section_id;

typedef struct dict_file_section {
    uint64_t offset, size; /* bytes */
    uint32_t count;        /* items: records, bits of a hash table, rows of a table */
    uint32_t columns;      /* of a table, else 0 */
} dict_file_section;

typedef struct dict_file_header {
    char magic[8]; /* "SMDICT\r\n": the line end tells a transfer in text mode */
    uint32_t format_version;
    int32_t as_of;
    uint64_t size; /* of the file */
    uint64_t hash; /* dict_file_hash() */
    uint32_t n_issuers;
    uint32_t n_sections;
    uint32_t han_bits, number_bits, prefix_bits, surface_bits, code_bits, word_bits, name_bits, name_pair_bits,
        pair_bits, follow_bits, cue_bits, latin_prefix_bits, latin_slot_bits, clue_bits, stem_bits[DICT_N_STEMS];
    dict_file_section sections[SECTION_COUNT];
} dict_file_header;

enum { DICT_WORD_EDGES = 1 << DICT_EDGE_BITS, DICT_CLUE_SEEDS = 1 << DICT_CLUE_GROUP_BITS }; /* bits; groups */
enum { DICT_PAIR_ROLES = 1 << 13 };

extern const char dict_file_magic[8];

/* What the items of a section are, but of those of tables, which are cells. */
typedef struct dict_section_shape {
    uint32_t item_size;
    uint32_t bits_at; /* 0: a list; else where the header says of how many bits the number of its slots is */
    bool is_bit_set;  /* its items are words of 32 of them */
} dict_section_shape;
extern const dict_section_shape dict_section_shapes[SECTION_TABLES];

/* The hash of a whole file, with the hash in its header taken as 0. */
uint64_t dict_file_hash(const void *bytes, uint64_t len);

/* A growing array of records on its way into a section. */
typedef struct dict_array {
    void *items;
    size_t n, capacity, item_size;
} dict_array;

typedef struct dict_builder {
    const dict_tables *tables;
    bool failed; /* out of memory: sticky, so that only the ends check it */
    base_arena arena;
    sm_buffer strings;
    uint32_t *string_slots; /* offsets + 1, by hash of the string */
    uint32_t string_bits, n_strings;
    dict_array section[SECTION_COUNT];
    dict_file_header header;
    dict_view view;                 /* of what is built so far: fold, strings, records */
    bool *issuer_is_known;          /* by security: listed in dollars, and has a name in Chinese */
    uint32_t *never_in, *policy_in; /* surfaces + 1, by security and by issuer: see note_policies() */
} dict_builder;

/* Appends `n` items; returns the first, or NULL (and `failed` is set). */
void *dict_append(dict_builder *builder, dict_section_id section, size_t n);
uint32_t dict_intern(dict_builder *builder, base_slice text);
/* A table has 2^bits slots or bits; a set of bits is at least one word of 32. */
enum { DICT_MIN_TABLE_BITS = 5, DICT_MAX_TABLE_BITS = 31 };

/* An open-addressing table of `item_size` slots for `n` keys: sets *bits. */
void *dict_append_slots(dict_builder *builder, dict_section_id section, size_t n, uint32_t *bits);
/* Puts `index` under `hash` into such a table of dict_hash_slot. */
void dict_put(dict_builder *builder, dict_section_id section, uint32_t bits, uint64_t hash, uint32_t index);

/* A word of the lexicon under the fold, by character. Longer ones are never asked for. */
enum { DICT_WORD_CHARS = DICT_LONGEST_LATIN };
typedef struct dict_word {
    uint32_t chars[DICT_WORD_CHARS];
    uint32_t n;
    uint64_t hash;
    uint32_t classes;
    bool is_cue, goes_on; /* it is looked for around mentions; it begins with one on the right, for which it speaks */
} dict_word;

/* All ways to write a character: those that fold to c are `chars[first[c]]` to `chars[first[c + 1]]`, exclusive. */
typedef struct dict_spellings {
    uint32_t *first, *chars;
} dict_spellings;

/* False when memory ran out. The caller frees in any case. */
bool dict_spellings_build(const uint16_t *fold, dict_spellings *out);
void dict_spellings_free(dict_spellings *spellings);

/* One or two characters (second 0) as they stand in a text; see dict_is_in_word() and dict_clue(). */
static inline uint64_t dict_write(uint32_t first, uint32_t second) {
    char bytes[8] = {0};
    uint64_t written;
    unsigned len = base_utf8_encode(first, bytes);
    if (second) base_utf8_encode(second, bytes + len);
    memcpy(&written, bytes, sizeof written);
    return written;
}

/* What stands beside a mention, from the cues among the words; the view has its table of cues already. */
void dict_build_clues(dict_builder *builder, const dict_spellings *spellings, const dict_word *words, size_t n);
/* What words of a market and ends of sentences begin with. */
void dict_build_markets(dict_builder *builder, const dict_spellings *spellings, const dict_word *words, size_t n);
void dict_build_fold(dict_builder *builder);     /* fold table from the variants */
void dict_build_lexicon(dict_builder *builder);  /* words, and what their characters do in them */
void dict_build_surfaces(dict_builder *builder); /* names → surfaces */
void dict_build_choices(dict_builder *builder);  /* surfaces → the lines that they can mean */
void dict_build_matcher(dict_builder *builder);  /* surfaces → filters, prefixes, slots */
void dict_build_stems(dict_builder *builder);    /* surfaces → how Chinese ones begin */

#endif
