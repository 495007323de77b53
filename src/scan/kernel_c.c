/* The kernel in plain C. Chinese text is walked three bytes at a time without a branch on what the filter says: places
 * are always written, and kept by counting them or not, as one in twelve passes and no branch predictor knows which. */
#include <string.h>

#include "scan/walk.h"

static uint64_t load8(const unsigned char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

static uint32_t han_passes(const dict_view *view, const unsigned char *p) {
    uint64_t first = load8(p);
    uint32_t next = (uint32_t)(load8(p + 3) >> 24);
    uint32_t word = view->han_filter[dict_han_word(first, view->han_filter_bits)];
    return ((word & dict_han_bit(next)) != 0) | scan_is_padded(first, next);
}

/* U+FF10–FF19 are digits, U+FF21–FF3A and U+FF41–FF5A letters in full width, U+FF04 a dollar sign: bits of the last
 * eight bits of the code point. */
static uint32_t is_wide(const unsigned char *p) {
    static const uint32_t bits[4] = {0x03FF0010, 0x07FFFFFE, 0x07FFFFFE, 0};
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return (p[0] == 0xEF) & (p[1] >= 0xBC) & (low < 128) & (bits[low >> 5 & 3] >> (low & 31));
}

size_t scan_kernel_c(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                     scan_place *places) {
    size_t n = 0, at = 0;
    bool in_word = scan_is_word(before);
    while (at < to) {
        while (at < to && bytes[at] >= 0xE0) {
            uint32_t wide = is_wide(bytes + at);
            places[n] = (scan_place){(uint32_t)at, wide ? SCAN_WIDE : SCAN_HAN};
            n += (han_passes(view, bytes + at) | wide | scan_is_rare(bytes[at])) != 0;
            at += bytes[at] < 0xF0 ? 3 : 4;
            in_word = false;
        }
        for (; at < to && bytes[at] < 0x80; at++) {
            unsigned char c = bytes[at];
            bool is_word = scan_is_word(c);
            places[n] = (scan_place){(uint32_t)at, c == '$' ? SCAN_SIGN : SCAN_WORD};
            n += (is_word & !in_word) | (c == '$');
            in_word = is_word;
        }
        for (; at < to && bytes[at] >= 0x80 && bytes[at] < 0xE0; at += 2) {
            /* Accented letters: rare, and looked at without a filter. */
            places[n] = (scan_place){(uint32_t)at, SCAN_HAN};
            bool is_letter = scan_is_letter_lead(bytes[at]);
            n += is_letter & !in_word;
            in_word = is_letter;
        }
    }
    return n;
}
