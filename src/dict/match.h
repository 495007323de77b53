/* How names and codes are matched: slots of hash tables, the stems of names, codes as numbers, and filters over raw bytes.
 * Part of dict.h. */
#ifndef DICT_MATCH_H
#define DICT_MATCH_H

#include "dict/dict.h"

/* What a hash table slot of `bits` bits is for a hash, and the tag that is compared there. */
static inline uint32_t dict_slot(uint64_t hash, uint32_t bits) {
    return (uint32_t)(hash >> (64 - bits));
}
static inline uint32_t dict_tag(uint64_t hash) {
    return (uint32_t)hash;
}

static inline uint32_t dict_stem_slot(uint64_t key, uint32_t bits) {
    return dict_slot(key * 0x9E3779B97F4A7C15u, bits);
}

static inline bool dict_is_other_stem(const dict_stem *stem, uint64_t key) {
    return (stem->key != key) & (stem->key != 0);
}

/* The stem of a key, or an empty slot: no names and nothing that follows. `at` is dict_stem_slot(). One in five
 * stands in the slot behind; which of them no predictor knows, so that the first step is taken without a branch. */
static inline const dict_stem *dict_find_stem(const dict_stems *stems, uint32_t at, uint64_t key) {
    uint32_t mask = (1u << stems->bits) - 1;
    at = (at + dict_is_other_stem(&stems->slots[at], key)) & mask;
    while (dict_is_other_stem(&stems->slots[at], key)) at = (at + 1) & mask;
    return &stems->slots[at];
}

/* A code as a number: up to seven bytes as they stand, their count behind them. Longer ones have a hash, and the last byte
 * says that the code itself must be compared. */
enum { DICT_NUMBER_BYTES = 7, DICT_NUMBER_IS_HASH = 0xFF };
static inline uint64_t dict_code_number(base_slice code) {
    uint64_t number = 0;
    if (code.len > DICT_NUMBER_BYTES)
        return base_hash(code.bytes, code.len) | (uint64_t)DICT_NUMBER_IS_HASH << 8 * DICT_NUMBER_BYTES;
    if (code.len >= 4) { /* in pieces that overlap */
        uint32_t head, tail;
        memcpy(&head, code.bytes, 4);
        memcpy(&tail, code.bytes + code.len - 4, 4);
        number = head | (uint64_t)tail << 8 * (code.len - 4);
    } else if (code.len) {
        size_t middle = code.len / 2, last = code.len - 1;
        const unsigned char *bytes = (const unsigned char *)code.bytes;
        number = bytes[0] | (uint64_t)bytes[middle] << 8 * middle | (uint64_t)bytes[last] << 8 * last;
    }
    return number | (uint64_t)code.len << 8 * DICT_NUMBER_BYTES;
}
/* Without the count: whoever has the bytes of a word has the hash, which dict_word_bit() takes too. */
static inline uint64_t dict_number_hash(uint64_t number) {
    return (number & (((uint64_t)1 << 8 * DICT_NUMBER_BYTES) - 1)) * 0x9E3779B97F4A7C15u;
}

static inline uint32_t dict_number_slot(const dict_view *view, uint64_t number) {
    return dict_slot(dict_number_hash(number), view->code_bits);
}

/* So many slots from dict_number_slot() on are looked at without a branch, which tells it for nearly every number. They lie
 * in two cache lines for three slots of four. */
enum { DICT_SLOTS_AT_ONCE = 4 };
static inline void dict_fetch_slots(const dict_view *view, uint32_t at) {
    uint32_t last = (at + DICT_SLOTS_AT_ONCE - 1) & ((1u << view->code_bits) - 1);
    __builtin_prefetch(&view->code_slots[at]);
    __builtin_prefetch(&view->code_slots[last]);
}

/* Which of these slots hold the number: bits. More than one are also given where they do not tell. */
static inline uint32_t dict_slots_with_number(const dict_view *view, uint64_t number, uint32_t at) {
    const dict_code_slot *slots = &view->code_slots[at];
    uint32_t same = 0, empty = 0;
    if (((1u << view->code_bits) - at) < DICT_SLOTS_AT_ONCE) return UINT32_MAX;
    for (uint32_t i = 0; i < DICT_SLOTS_AT_ONCE; i++) {
        same |= (uint32_t)(slots[i].number == number) << i;
        empty |= (uint32_t)(slots[i].index == 0) << i;
    }
    return empty ? same & ((empty & -empty) - 1) : UINT32_MAX;
}

/* --- Filters over raw bytes -----------------------------------------------------------------------------------------
 * A name that begins with a character of three or four bytes: the first six bytes choose a word of 32 bits, the next
 * three two bits in it; for a name of two characters the six choose the bits too. One load answers for both. One that begins
 * with an ASCII letter or digit: its first word (up to eight letters and digits, in lower case) chooses a bit, and that word
 * with what follows another. */

enum {
    DICT_HAN_TWO = (int)0x9E3779B1u,
    DICT_HAN_THIRD = (int)0xC2B2AE35u,
    DICT_NAME_FIRST = (int)0x2C1B3C6Du,
    DICT_NAME_SECOND = (int)0x297A2D39u,
    DICT_NAME_THIRD = (int)0x7FEB352Du,
    DICT_NAME_LAST = (int)0x846CA68Bu
};

/* 32-bit arithmetic, so that kernels can do many characters at once. Of bytes 0 to 3 and 2 to 5 only 1, 2, 4 and 5 count:
 * the first byte of a Chinese character is one of six. */
static inline uint32_t dict_han_hash(uint32_t first, uint32_t second) {
    return ((first >> 8 & 0xFFFF) | (second & 0xFFFF0000u)) * (uint32_t)DICT_HAN_TWO;
}
static inline uint32_t dict_han_word(uint32_t hash, uint32_t bits) {
    return hash >> (32 - bits);
}
/* Which two bits: by what the word leaves of the hash and by bytes 6 to 8, or 0 for a name of two characters. */
static inline uint32_t dict_han_which(uint32_t hash, uint32_t next_three, uint32_t bits) {
    return (hash << bits) + next_three * (uint32_t)DICT_HAN_THIRD;
}
static inline uint32_t dict_han_bits(uint32_t which) {
    return 1u << (which >> 27) | 1u << (which >> 22 & 31);
}
/* 1 where a word has both. */
static inline uint32_t dict_has_han_bits(uint32_t word, uint32_t which) {
    return word >> (which >> 27) & word >> (which >> 22 & 31) & 1;
}

/* Every character is asked against the first filter, which stays in the second cache of a core (1 MB), however many names
 * there are. What passes is asked against the second, which grows with the names as far as the third cache goes (8 MB): each
 * place that it lets through for nothing costs as much as a miss there. Names of two characters, which are few, have one to
 * themselves (256 KB). */
enum { DICT_MOST_HAN_BITS = 18, DICT_MOST_NAME_BITS = 26, DICT_MOST_NAME_PAIR_BITS = 21 };
/* What counts there of a third character, as a mask: nothing in a dictionary so large that the filter does not grow with it
 * any more. With bits for all that begin so it would be full, and there it tells of the first two characters only. */
static inline uint32_t dict_han_third(uint32_t han_bits) {
    return han_bits < DICT_MOST_HAN_BITS ? 0xFFFFFF : 0;
}

/* What passes the first filter is asked again with all nine bytes, or with six and 0 for names of two characters: the
 * same bytes, mixed otherwise, choose a bit. */
static inline uint32_t dict_name_bit(uint32_t first, uint32_t second, uint32_t next_three, uint32_t bits) {
    uint32_t hash = first * (uint32_t)DICT_NAME_FIRST + second * (uint32_t)DICT_NAME_SECOND
                    + (next_three & 0xFFFFFFu) * (uint32_t)DICT_NAME_THIRD;
    return ((hash ^ hash >> 15) * (uint32_t)DICT_NAME_LAST) >> (32 - bits);
}
/* Numbers are most words of Chinese text, few names begin with one, and each number would fetch a cache line of its own:
 * which of them begin names says a small filter, which stays in the nearest cache. */
enum { DICT_NUMBER_BITS = 12 }; /* of a large dictionary */
static inline bool dict_is_number(uint64_t first_word) {
    return (first_word & 0xFF) <= '9';
}
static inline uint32_t dict_word_bit(uint64_t first_word, uint32_t bits) {
    return (uint32_t)((first_word * 0x9E3779B97F4A7C15u) >> (64 - bits));
}

/* What stands between the words of Latin names. */
static inline bool dict_is_sign(uint32_t c) {
    return c == '.' || c == ',' || c == '-' || c == '/' || c == '(' || c == ')';
}

/* A word has its bits in one cache line. Two say that names begin with it, unless it is a number. What passes is asked
 * again with the folded character that follows, spaces and signs left out; 0 where none does: 1 and 20 begin names, but not
 * with 月 behind them. */
enum { DICT_LINE_BITS = 9, DICT_FOLLOWED_BY_ANY = 0x110000 };
static const uint64_t dict_word_factor = 0x9E3779B97F4A7C15u, dict_next_factor = 0xC2B2AE3D27D4EB4Fu;
typedef struct dict_follow_bits {
    uint32_t first, second;
} dict_follow_bits;
static inline dict_follow_bits dict_follow_bits_of(uint64_t first_word, uint32_t next, uint32_t bits) {
    const uint32_t in_line = (1u << DICT_LINE_BITS) - 1;
    uint64_t key = first_word * dict_word_factor ^ (next + 1) * dict_next_factor;
    uint32_t line = dict_word_bit(first_word, bits) & ~in_line;
    return (dict_follow_bits){line | ((uint32_t)(key >> 32) & in_line), line | ((uint32_t)(key >> 44) & in_line)};
}
static inline uint32_t dict_may_follow(const dict_view *view, uint64_t first_word, uint32_t next) {
    const uint32_t *filter = view->follow_filter;
    dict_follow_bits b = dict_follow_bits_of(first_word, next, view->follow_filter_bits);
    return filter[b.first >> 5] >> (b.first & 31) & filter[b.second >> 5] >> (b.second & 31) & 1;
}

/* Half of the words of English text begin names, and most of those a name that goes on with this letter: of what passes,
 * the word that follows is asked too, as far as eight letters and digits of either, or in a word of more than eight what
 * goes on with it; 0 where the name ends. Two bits anywhere in the same filter: few are asked. */
static inline dict_follow_bits dict_two_words_bits_of(uint64_t first_word, uint64_t second_word, uint32_t bits) {
    uint64_t key = (first_word * dict_word_factor ^ second_word) * 0xD6E8FEB86659FD93u;
    uint64_t hash = (key ^ key >> 32) * 0xD6E8FEB86659FD93u;
    return (dict_follow_bits){(uint32_t)(hash >> (64 - bits)), (uint32_t)(hash << bits >> (64 - bits))};
}
static inline uint32_t dict_begins_with(const dict_view *view, uint64_t first_word, uint64_t second_word) {
    const uint32_t *filter = view->follow_filter;
    dict_follow_bits b = dict_two_words_bits_of(first_word, second_word, view->follow_filter_bits);
    return filter[b.first >> 5] >> (b.first & 31) & filter[b.second >> 5] >> (b.second & 31) & 1;
}

#endif
