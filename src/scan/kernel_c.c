/* The kernel in plain C. Comparing 64 bytes with one is a loop that every compiler turns into vectors. */
#include "scan/kernel_masks.h"

/* 64 bytes of 0 or 0xFF → bits. */
static uint64_t bits_of(const unsigned char *bytes) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t eight;
        memcpy(&eight, bytes + 8 * i, 8);
        /* Each byte gives another bit, and the product gathers them in the highest byte. */
        bits |= ((eight & 0x8040201008040201u) * 0x0101010101010101u >> 56) << (8 * i);
    }
    return bits;
}

static uint64_t equal(const unsigned char *p, unsigned char c) {
    unsigned char is[64];
    for (int i = 0; i < 64; i++) is[i] = (unsigned char)-(p[i] == c);
    return bits_of(is);
}

/* `bit` is set before comparing: 32 makes letters small. */
static uint64_t between(const unsigned char *p, unsigned char bit, unsigned char from, unsigned char to) {
    unsigned char is[64], width = (unsigned char)(to - from);
    for (int i = 0; i < 64; i++) is[i] = (unsigned char)-((unsigned char)((p[i] | bit) - from) <= width);
    return bits_of(is);
}

static void read_masks(const unsigned char *p, scan_masks *out) {
    out->leads = between(p, 0, 0xE0, 0xFF);
    out->rare = between(p, 0, 0xF0, 0xFF);
    out->twos = between(p, 0, SCAN_LETTER_FIRST, SCAN_LETTER_LAST);
    out->words = between(p, 0, '0', '9') | between(p, 32, 'a', 'z');
    out->dollars = equal(p, '$');
    out->spaces = equal(p, ' ');
    out->e3 = equal(p, 0xE3);
    out->x80 = equal(p, 0x80);
    out->ef = equal(p, 0xEF);
}

void scan_kernel_c(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                   scan_places *places) {
    scan_walk_masks(read_masks, view, bytes, to, before, places);
}
