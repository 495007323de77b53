/* Words that tell a market, and ends of sentences → which bytes they can begin with, by all ways to write them: where none
 * does, no character is read. */
#include <string.h>

#include "dict/compile.h"

/* The bytes that can stand at each place, as dict_market_byte() has them, a bit each. */
typedef struct byte_sets {
    uint64_t at[DICT_MARKET_BYTES][2];
} byte_sets;

static void add_byte(byte_sets *sets, uint32_t at, unsigned char byte) {
    uint32_t bit = dict_market_byte(byte, at == 0);
    sets->at[at][bit / 64] |= (uint64_t)1 << bit % 64;
}

/* A character that begins at `at`. @return where the next one does. */
static uint32_t add_char(byte_sets *sets, uint32_t at, uint32_t c) {
    char bytes[4];
    unsigned len = base_utf8_encode(c, bytes);
    for (unsigned i = 0; i < len && at + i < DICT_MARKET_BYTES; i++) add_byte(sets, at + i, (unsigned char)bytes[i]);
    return at + len;
}

/* The ways to write a character are told apart where a word begins, since letters can be written in very many: were they
 * in the groups of Chinese words, those would let nearly all through. */
typedef enum spelling { ASCII, OTHER_LETTER, FULL_WIDTH, CHINESE, N_SPELLINGS } spelling;

static spelling spelling_of(uint32_t c) {
    if (c < 0x80) return ASCII;
    if (c < DICT_PLAIN_FIRST) return OTHER_LETTER;
    return c >= 0xF900 && c < 0x10000 ? FULL_WIDTH : CHINESE;
}

/* The ways to write a character that begins at `at`, N_SPELLINGS: all of them. `ends` gets a bit for each place where it
 * can end. */
static void add_spellings(byte_sets *sets, const dict_spellings *spellings, uint32_t at, uint32_t c, spelling wanted,
                          uint32_t *ends) {
    if (c > 0xFFFF && (wanted == N_SPELLINGS || wanted == spelling_of(c)))
        *ends |= 1u << add_char(sets, at, c); /* not folded */
    if (c > 0xFFFF) return;
    for (uint32_t i = spellings->first[c]; i < spellings->first[c + 1]; i++) {
        if (wanted != N_SPELLINGS && wanted != spelling_of(spellings->chars[i])) continue;
        *ends |= 1u << add_char(sets, at, spellings->chars[i]);
    }
}

/* Behind a word that can end before these places the text can be anything. */
static void allow_all_behind(byte_sets *sets, uint32_t ends) {
    for (uint32_t at = 0; at < DICT_MARKET_BYTES; at++)
        if (ends & ((2u << at) - 1)) memset(sets->at[at], 0xFF, sizeof sets->at[at]);
}

/* What the text can be where a word stands of which the first character is written so. */
static byte_sets spell(const dict_spellings *spellings, const dict_word *w, spelling first) {
    byte_sets sets = {{{0}}};
    uint32_t starts = 1;
    for (uint32_t i = 0; i < w->n && i < DICT_MARKET_BYTES; i++) {
        uint32_t ends = 0;
        for (uint32_t at = 0; at < DICT_MARKET_BYTES; at++)
            if (starts >> at & 1) add_spellings(&sets, spellings, at, w->chars[i], i ? N_SPELLINGS : first, &ends);
        starts = ends;
    }
    allow_all_behind(&sets, starts);
    return sets;
}

/* Of how many texts that are so long a group cannot tell that they are none of its words. */
static uint64_t texts_of(const byte_sets *sets) {
    uint64_t n = 1;
    for (uint32_t at = 0; at < DICT_MARKET_BYTES; at++)
        n *= (uint64_t)__builtin_popcountll(sets->at[at][0]) + (uint64_t)__builtin_popcountll(sets->at[at][1]);
    return n;
}

static byte_sets join(const byte_sets *a, const byte_sets *b) {
    byte_sets both;
    for (uint32_t at = 0; at < DICT_MARKET_BYTES; at++)
        for (uint32_t i = 0; i < 2; i++) both.at[at][i] = a->at[at][i] | b->at[at][i];
    return both;
}

/* Into that of the groups which lets the fewest others through with it. */
static void add_to_group(byte_sets *groups, uint32_t n_groups, const byte_sets *sets) {
    uint32_t best = 0;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < n_groups; i++) {
        byte_sets both = join(&groups[i], sets);
        uint64_t more = texts_of(&both) - texts_of(&groups[i]);
        if (more >= least) continue;
        least = more;
        best = i;
    }
    groups[best] = join(&groups[best], sets);
}

static void write_groups(uint8_t (*out)[128], uint32_t n_bytes, const byte_sets *groups) {
    for (uint32_t group = 0; group < DICT_MARKET_GROUPS; group++)
        for (uint32_t at = 0; at < n_bytes; at++)
            for (uint32_t i = 0; i < 128; i++)
                out[at][i] |= (uint8_t)((groups[group].at[at][i / 64] >> i % 64 & 1) << group);
}

static void add_words(byte_sets *groups, const dict_spellings *spellings, const dict_word *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (words[i].n < 2 || !(words[i].classes & DICT_MARKET_CLASSES)) continue;
        for (spelling first = 0; first < N_SPELLINGS; first++) {
            byte_sets sets = spell(spellings, &words[i], first);
            add_to_group(groups + first, first == CHINESE ? DICT_MARKET_GROUPS - CHINESE : 1, &sets);
        }
    }
}

/* Each way to write one by itself: ！ is in no group with !, behind which anything may stand. */
static void add_ends(byte_sets *groups, const dict_view *view) {
    for (uint32_t c = 1; c < 0x10000; c++) {
        byte_sets sets = {{{0}}};
        if (!dict_ends_sentence(dict_fold_char(view, c))) continue;
        allow_all_behind(&sets, 1u << add_char(&sets, 0, c));
        add_to_group(groups, DICT_MARKET_GROUPS, &sets);
    }
}

void dict_build_markets(dict_builder *builder, const dict_spellings *spellings, const dict_word *words, size_t n) {
    byte_sets groups[DICT_MARKET_GROUPS] = {{{{0}}}}, ends[DICT_MARKET_GROUPS] = {{{{0}}}};
    dict_market_bytes *out = dict_append(builder, SECTION_MARKET_BYTES, 1);
    if (!out) return;
    add_words(groups, spellings, words, n);
    add_ends(ends, &builder->view);
    write_groups(out->words, DICT_MARKET_BYTES, groups);
    write_groups(out->ends, DICT_END_BYTES, ends);
}
