/* How kernels write places down, as bits of 64 bytes tell them. Private to the kernels. */
#ifndef SCAN_KERNEL_PLACES_H
#define SCAN_KERNEL_PLACES_H

#include "scan/walk.h"

/* SCAN_HAN in places that a filter for characters of three bytes, one behind the other, cannot tell of. */
enum { SCAN_UNASKED = SCAN_HAN + 1 };

/* Writes down the places of the bits of `found`, of one kind, so many at once whether there are so many or not: few blocks of
 * 64 bytes have more, so that there is hardly a branch to get wrong.
 * @return how many there are. */
__attribute__((always_inline)) static inline size_t scan_write_places(uint64_t found, scan_what what, size_t at,
                                                                      size_t at_once, scan_place *places) {
    const uint64_t top = (uint64_t)1 << 63; /* where nothing is left */
    size_t n = (size_t)__builtin_popcountll(found);
    for (size_t i = 0; i == 0 || i < n; i += at_once)
        for (size_t k = 0; k < at_once; k++, found &= found - 1)
            places[i + k] = scan_place_of(at + (size_t)__builtin_ctzll(found | top), what);
    return n;
}

/* What is found in 64 bytes but Chinese characters. */
typedef struct scan_findings {
    uint64_t words, signs, wide;
} scan_findings;

/* Nearly all are words: the others are set right. */
static inline size_t scan_write_words(scan_findings found, size_t at, scan_place *places) {
    uint64_t others = found.signs | found.wide;
    size_t n = scan_write_places(found.words | others, SCAN_WORD, at, 4, places);
    for (size_t i = 0; others && i < n; i++) {
        size_t place = scan_place_at(places[i]), bit = place - at;
        if (found.signs >> bit & 1) places[i] = scan_place_of(place, SCAN_SIGN);
        if (found.wide >> bit & 1) places[i] = scan_place_of(place, SCAN_WIDE);
    }
    return n;
}

#endif
