/* The kernel in plain C, in loops over 16 bytes that every compiler turns into vectors. */
#include "scan/kernel_masks.h"

/* 64 bytes in eight rows: row i has every eighth byte, from the i-th on. What a row gives is then the i-th bit of eight
 * bytes, and bits are gathered without moving any: a block takes 340 instructions, where gathering eight at a time with a
 * product took 660. */
typedef struct rows {
    unsigned char bytes[64];
} rows;

/* A square of eight by eight bytes is turned by exchanging the corners of ever smaller squares. */
static rows in_rows(const unsigned char *p) {
    static const uint64_t left[] = {0, 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0, 0x00000000FFFFFFFF};
    uint64_t eight[8];
    rows out;
    memcpy(eight, p, 64);
    for (int half = 4; half > 0; half /= 2)
        for (int i = 0; i < 8; i++) {
            if (i & half) continue;
            uint64_t moved = (eight[i] >> 8 * half ^ eight[i + half]) & left[half];
            eight[i + half] ^= moved;
            eight[i] ^= moved << 8 * half;
        }
    memcpy(out.bytes, eight, 64);
    return out;
}

static const unsigned char bit_of_row[64] = {1,  1,  1,  1,  1,  1,  1,  1,  2,   2,   2,   2,   2,   2,   2,   2,
                                             4,  4,  4,  4,  4,  4,  4,  4,  8,   8,   8,   8,   8,   8,   8,   8,
                                             16, 16, 16, 16, 16, 16, 16, 16, 32,  32,  32,  32,  32,  32,  32,  32,
                                             64, 64, 64, 64, 64, 64, 64, 64, 128, 128, 128, 128, 128, 128, 128, 128};

/* The bytes from `from` to `to`; `bit` is set before comparing: 32 makes letters small. */
static inline uint64_t between(const rows *r, unsigned char bit, unsigned char from, unsigned char to) {
    unsigned char bits[16] = {0}, width = (unsigned char)(to - from);
    for (int row = 0; row < 64; row += 16)
        for (int i = 0; i < 16; i++) {
            bool is = (unsigned char)((r->bytes[row + i] | bit) - from) <= width;
            bits[i] |= (unsigned char)(-is & bit_of_row[row + i]);
        }
    uint64_t even, odd; /* rows */
    memcpy(&even, bits, 8);
    memcpy(&odd, bits + 8, 8);
    return even | odd;
}

static inline uint64_t equal(const rows *r, unsigned char c) {
    return between(r, 0, c, c);
}

static void read_masks(const unsigned char *p, scan_masks *out) {
    const rows r = in_rows(p);
    out->leads = between(&r, 0, 0xE0, 0xFF);
    out->rare = between(&r, 0, 0xF0, 0xFF);
    out->twos = between(&r, 0, SCAN_LETTER_FIRST, SCAN_LETTER_LAST);
    out->words = between(&r, 0, '0', '9') | between(&r, 32, 'a', 'z');
    out->dollars = equal(&r, '$');
    out->spaces = equal(&r, ' ');
    out->e3 = equal(&r, 0xE3);
    out->x80 = equal(&r, 0x80);
    out->ef = equal(&r, 0xEF);
}

void scan_kernel_c(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                   scan_places *places) {
    size_t n = scan_walk_masks(read_masks, scan_write_passing, view, bytes, to, before, places);
    places->n_names = scan_ask_again(view, bytes, places->names, n);
}
