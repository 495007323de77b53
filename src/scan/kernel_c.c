/* The kernel in plain C. Chinese text is walked three bytes at a time without a branch on what the filter says: places
 * are always written, and kept by counting them or not, as one in twelve passes and no branch predictor knows which. */
#include <string.h>

#include "scan/walk.h"

/* What the filters ask of a character: its first nine bytes, as three numbers that overlap. */
typedef struct opening {
    uint32_t first, second, third; /* bytes 0 to 3, 2 to 5, 6 to 8 */
} opening;

static opening opening_at(const unsigned char *p) {
    opening o;
    memcpy(&o.first, p, 4);
    memcpy(&o.second, p + 2, 4);
    memcpy(&o.third, p + 5, 4);
    o.third >>= 8;
    return o;
}

static uint32_t passes(const dict_view *view, opening o) {
    uint32_t word = view->han_filter[dict_han_word(o.first, o.second, view->han_filter_bits)];
    return ((word & dict_han_bit(o.third)) != 0) | scan_is_padded(o.second >> 8, o.third);
}

/* Accented letters come without a filter, and so does what has a space where exchange lists pad. */
static uint32_t passes_again(const dict_view *view, opening o) {
    uint32_t two = dict_name_bit(o.first, o.second, 0, view->name_filter_bits);
    uint32_t three = dict_name_bit(o.first, o.second, o.third, view->name_filter_bits);
    uint32_t is_name = view->name_filter[two >> 5] >> (two & 31) | view->name_filter[three >> 5] >> (three & 31);
    unsigned char lead = (unsigned char)o.first;
    return (is_name & 1) | (lead < 0xE0) | scan_is_rare(lead) | scan_is_padded(o.second >> 8, o.third);
}

/* U+FF10–FF19 are digits, U+FF21–FF3A and U+FF41–FF5A letters in full width, U+FF04 a dollar sign: bits of the last
 * eight bits of the code point. */
static uint32_t is_wide(const unsigned char *p) {
    static const uint32_t bits[4] = {0x03FF0010, 0x07FFFFFE, 0x07FFFFFE, 0};
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return (p[0] == 0xEF) & (p[1] >= 0xBC) & (low < 128) & (bits[low >> 5 & 3] >> (low & 31));
}

/* Without a branch on the answer either. */
static size_t ask_again(const dict_view *view, const unsigned char *bytes, scan_place *places, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        scan_place place = places[i];
        places[kept] = place;
        kept += (scan_place_what(place) != SCAN_HAN) | passes_again(view, opening_at(bytes + scan_place_at(place)));
    }
    return kept;
}

size_t scan_kernel_c(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                     scan_place *places) {
    size_t n = 0, at = 0;
    bool in_word = scan_is_word(before);
    while (at < to) {
        while (at < to && bytes[at] >= 0xE0) {
            uint32_t wide = is_wide(bytes + at);
            places[n] = scan_place_of(at, wide ? SCAN_WIDE : SCAN_HAN);
            n += (passes(view, opening_at(bytes + at)) | wide | scan_is_rare(bytes[at])) != 0;
            at += bytes[at] < 0xF0 ? 3 : 4;
            in_word = false;
        }
        for (; at < to && bytes[at] < 0x80; at++) {
            unsigned char c = bytes[at];
            bool is_word = scan_is_word(c);
            places[n] = scan_place_of(at, c == '$' ? SCAN_SIGN : SCAN_WORD);
            n += (is_word & !in_word) | (c == '$');
            in_word = is_word;
        }
        for (; at < to && bytes[at] >= 0x80 && bytes[at] < 0xE0; at += 2) {
            /* Accented letters: rare, and looked at without a filter. */
            places[n] = scan_place_of(at, SCAN_HAN);
            bool is_letter = scan_is_letter_lead(bytes[at]);
            n += is_letter & !in_word;
            in_word = is_letter;
        }
    }
    return ask_again(view, bytes, places, n);
}
