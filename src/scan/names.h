/* What the general way to look names up (names.c) and the short one for plain Chinese text (names_plain.c) share. */
#ifndef SCAN_NAMES_H
#define SCAN_NAMES_H

#include "scan/walk.h"

/* Can a name be of two characters that hash so, or begin with two of which one is not plain? */
static inline bool names_is_pair(const dict_view *view, uint64_t hash) {
    uint32_t bit = dict_slot(hash, view->pair_bits);
    return view->pairs[bit >> 5] >> (bit & 31) & 1;
}

/* What an index says of names that begin with characters that hash so; see dict_prefix_slot. */
static inline uint32_t names_prefix(const dict_name_index *index, uint64_t hash) {
    uint32_t mask = (1u << index->prefix_bits) - 1, at = dict_slot(hash, index->prefix_bits);
    for (; index->prefixes[at].bits; at = (at + 1) & mask)
        if (index->prefixes[at].tag == dict_tag(hash)) return index->prefixes[at].bits;
    return 0;
}

/* The lengths of a text that goes on, once its six first characters are known. */
static inline uint32_t names_longer(const dict_name_index *index, uint32_t lengths, uint64_t hash) {
    const uint32_t longer_than_six = 0xFFFFFFC0;
    return (lengths & ~(uint32_t)DICT_GOES_ON) | (names_prefix(index, hash) & longer_than_six);
}

/* The length of a mark such as *ST that stands directly before a Chinese name, or 0. */
size_t scan_mark_that_ends(base_slice run, size_t start);

/* The same. Nearly always the byte before a name tells: marks end with C, D, N, R, S or T, which in full width have the same
 * last five bits in their last byte, and all else of it another three. */
static inline size_t names_mark_before(base_slice run, size_t start) {
    enum {
        ENDS = 1 << ('C' & 31) | 1 << ('D' & 31) | 1 << ('N' & 31) | 1 << ('R' & 31) | 1 << ('S' & 31) | 1 << ('T' & 31)
    };
    static const uint32_t bits[8] = {[2] = ENDS /* ASCII */, [5] = ENDS /* the third byte of U+FF23 and its like */};
    unsigned char before = start ? (unsigned char)run.bytes[start - 1] : 0;
    return bits[before >> 5] >> (before & 31) & 1 ? scan_mark_that_ends(run, start) : 0;
}

#endif
