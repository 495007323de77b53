/* How kernels write places down, as bits of 64 bytes tell them. Private to the kernels. */
#ifndef SCAN_KERNEL_PLACES_H
#define SCAN_KERNEL_PLACES_H

#include "scan/walk.h"

/* Writes down the places of the bits of `found`, of one kind, or of the next where `is_next` has a bit. `at_once` are written
 * in one go whether there are so many or not: how often that is done is then no branch to get wrong, as nearly all blocks
 * have few words, and those of Chinese text about as many characters.
 * @return how many there are. */
__attribute__((always_inline)) static inline size_t scan_write_places(uint64_t found, scan_what what, uint64_t is_next,
                                                                      size_t at, size_t at_once, scan_place *places) {
    const uint64_t top = (uint64_t)1 << 63; /* where nothing is left */
    size_t n = (size_t)__builtin_popcountll(found);
    for (size_t i = 0; i == 0 || i < n; i += at_once)
        for (size_t k = 0; k < at_once; k++, found &= found - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(found | top);
            places[i + k] = (scan_place)(scan_place_of(at + bit, what) + (is_next >> bit & 1));
        }
    return n;
}

/* What is found in 64 bytes but Chinese characters. */
typedef struct scan_findings {
    uint64_t words, signs, wide;
} scan_findings;

static inline size_t scan_write_words(scan_findings found, size_t at, scan_place *places) {
    enum { AT_ONCE = 4 };
    uint64_t all = found.words | found.signs | found.wide;
    if ((found.signs | found.wide) == 0) return scan_write_places(all, SCAN_WORD, 0, at, AT_ONCE, places);
    size_t n = scan_write_places(all, SCAN_WORD, found.signs, at, AT_ONCE, places);
    for (size_t i = 0; i < n; i++)
        if (found.wide >> (scan_place_at(places[i]) - at) & 1)
            places[i] = scan_place_of(scan_place_at(places[i]), SCAN_WIDE);
    return n;
}

/* SCAN_HAN in places that kernels have still to ask about: no filter for characters of three bytes can tell. */
enum { SCAN_UNASKED = SCAN_HAN + 1 };

#endif
