/* The walk that kernels without AVX-512 share: each says which bytes of a block are of which kind, as bits, and the rest
 * is counting bits. Private to the kernels. */
#ifndef SCAN_KERNEL_MASKS_H
#define SCAN_KERNEL_MASKS_H

#include <string.h>

#include "scan/kernel_places.h"

/* Of 64 bytes those of each kind, the first byte in the lowest bit. */
typedef struct scan_masks {
    uint64_t leads;       /* begin a character of three bytes or more: 0xE0 and above */
    uint64_t rare;        /* of four: 0xF0 and above */
    uint64_t twos;        /* begin a letter of two: SCAN_LETTER_FIRST to SCAN_LETTER_LAST */
    uint64_t words;       /* ASCII letters and digits */
    uint64_t dollars;     /* $ */
    uint64_t spaces;      /* ' ' */
    uint64_t e3, x80, ef; /* those bytes: E3 80 80 is a wide space, EF begins what is of full width */
} scan_masks;

static inline uint32_t scan_load4(const unsigned char *p) {
    uint32_t four;
    memcpy(&four, p, 4);
    return four;
}

static inline uint64_t scan_passes(const dict_view *view, const unsigned char *p) {
    uint32_t bits = view->han_filter_bits, hash = dict_han_hash(scan_load4(p), scan_load4(p + 2));
    uint32_t word = view->han_filter[dict_han_word(hash, bits)], third = scan_load4(p + 6) & view->han_filter_third;
    return dict_has_han_bits(word, dict_han_which(hash, 0, bits))
           | dict_has_han_bits(word, dict_han_which(hash, third, bits));
}

/* Characters of a block, and those of them that the first filter cannot tell of. */
typedef struct scan_chars {
    uint64_t all, unasked;
} scan_chars;

/* Writes down those that pass the first filter: without a branch on the answer, which no predictor knows.
 * @return how many. */
static inline size_t scan_write_passing(const dict_view *view, const unsigned char *block, scan_chars chars, size_t at,
                                        scan_places *places, size_t n) {
    uint64_t pass = chars.all & chars.unasked;
    for (uint64_t left = chars.all & ~chars.unasked; left; left &= left - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(left);
        pass |= scan_passes(view, block + bit) << bit;
    }
    return scan_write_places(pass, SCAN_HAN, at, 2, places->names + n);
}

/* U+FF10–FF19 are digits, U+FF21–FF3A and U+FF41–FF5A letters in full width, U+FF04 a dollar sign: bits of the last
 * eight bits of the code point. */
static inline uint64_t scan_is_wide(const unsigned char *p) {
    static const uint32_t bits[4] = {0x03FF0010, 0x07FFFFFE, 0x07FFFFFE, 0};
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return (p[1] >= 0xBC) & (low < 128) & (bits[low >> 5 & 3] >> (low & 31));
}

static inline uint64_t scan_filter_wide(const unsigned char *block, uint64_t ef) {
    uint64_t wide = 0;
    for (; ef; ef &= ef - 1) wide |= scan_is_wide(block + __builtin_ctzll(ef)) << __builtin_ctzll(ef);
    return wide;
}

/* Bits of this block and of the next, `distance` further on. */
static inline uint64_t scan_ahead(uint64_t here, uint64_t next, int distance) {
    return here >> distance | next << (64 - distance);
}

/* Where a space stands behind the first or second of the characters. */
static inline uint64_t scan_find_padded(const scan_masks *here, const scan_masks *next) {
    uint64_t wide = here->e3 & scan_ahead(here->x80, next->x80, 1) & scan_ahead(here->x80, next->x80, 2);
    uint64_t spaces = here->spaces | wide, spaces_next = next->spaces | (next->e3 & next->x80 >> 1 & next->x80 >> 2);
    return here->leads & (scan_ahead(spaces, spaces_next, 3) | scan_ahead(spaces, spaces_next, 6));
}

/* The second filter, which leaves a space behind the first and second character out, as names are entered without. Accented
 * letters come through, and so does what is padded with more than that. */
static inline uint32_t scan_passes_again(const dict_view *view, const unsigned char *p) {
    uint32_t own = scan_load4(p), at = own >> 24 == ' ' ? 4 : 3, next = scan_load4(p + at);
    at += next >> 24 == ' ' ? 4 : 3;
    uint32_t third = scan_load4(p + at) & 0xFFFFFF, first = (own & 0xFFFFFF) | next << 24;
    uint32_t second = (own >> 16 & 0xFF) | next << 8;
    uint32_t two = dict_name_bit(first, second, 0, view->name_pair_filter_bits);
    uint32_t three = dict_name_bit(first, second, third, view->name_filter_bits);
    uint32_t is_name = view->name_pair_filter[two >> 5] >> (two & 31) | view->name_filter[three >> 5] >> (three & 31);
    return (is_name & 1) | (p[0] < 0xE0) | scan_is_rare(p[0]) | scan_is_space(next & 0xFFFFFF) | scan_is_space(third);
}

/* Without a branch on the answer either. @return how many are kept. */
static inline size_t scan_ask_again(const dict_view *view, const unsigned char *bytes, scan_place *names, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        scan_place place = names[i];
        names[kept] = place;
        kept += scan_passes_again(view, bytes + scan_place_at(place));
    }
    return kept;
}

typedef void scan_read(const unsigned char *p, scan_masks *out);
typedef size_t scan_write(const dict_view *view, const unsigned char *block, scan_chars chars, size_t at,
                          scan_places *places, size_t n);

/* A kernel's way through the text: `read` fills the masks of the 64 bytes at `p`, `write` writes down the characters of a block
 * as the n-th name and so on. Inlined, so that every kernel is compiled for its own instructions. @return how many names. */
__attribute__((always_inline)) static inline size_t scan_walk_masks(scan_read *read, scan_write *write,
                                                                    const dict_view *view, const unsigned char *bytes,
                                                                    size_t to, unsigned char before,
                                                                    scan_places *places) {
    size_t n_names = 0, n_words = 0;
    uint64_t carry = scan_is_word(before), in_two = 0; /* the last byte was of a word; began a letter of two */
    scan_masks here, next;
    read(bytes, &here);
    for (size_t at = 0; at < to; at += 64, here = next) {
        uint64_t inside = to - at >= 64 ? UINT64_MAX : ((uint64_t)1 << (to - at)) - 1;
        read(bytes + at + 64, &next);
        uint64_t leads = here.leads & inside, twos = here.twos & inside;
        uint64_t words = (here.words & inside) | twos | twos << 1 | in_two, starts = words & ~(words << 1 | carry);
        scan_findings found = {starts & ~twos, here.dollars & inside, scan_filter_wide(bytes + at, here.ef & inside)};
        uint64_t unasked = twos | here.rare | scan_find_padded(&here, &next);
        carry = words >> 63;
        in_two = twos >> 63;
        n_words += scan_write_words(found, at, places->words + n_words);
        scan_chars chars = {(leads & ~found.wide) | (starts & twos), unasked};
        n_names += write(view, bytes + at, chars, at, places, n_names);
    }
    places->n_words = n_words;
    return n_names;
}

#endif
