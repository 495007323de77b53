/* The kernel for NEON, which every 64-bit ARM has: 16 bytes to a vector. A bit of each byte takes a few instructions here:
 * each keeps another bit, and sums of neighbours, three times over, put eight of them into a byte. */
#include "scan/kernel_masks.h"

#if defined(__aarch64__)
#include <arm_neon.h>

typedef struct block {
    uint8x16_t parts[4];
} block;

static inline block load(const unsigned char *p) {
    return (block){{vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)}};
}

/* Bytes of 0 or 0xFF → bits. */
static inline uint64_t bits_of(block is) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(weights);
    uint8x16_t low = vpaddq_u8(vandq_u8(is.parts[0], bit), vandq_u8(is.parts[1], bit));
    uint8x16_t high = vpaddq_u8(vandq_u8(is.parts[2], bit), vandq_u8(is.parts[3], bit));
    low = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(low, low)), 0);
}

static inline uint64_t equal(const block *b, unsigned char c) {
    block is;
    for (int i = 0; i < 4; i++) is.parts[i] = vceqq_u8(b->parts[i], vdupq_n_u8(c));
    return bits_of(is);
}

/* `bit` is set before comparing: 32 makes letters small. */
static inline uint64_t between(const block *b, unsigned char bit, unsigned char from, unsigned char to) {
    block is;
    for (int i = 0; i < 4; i++) {
        uint8x16_t shifted = vsubq_u8(vorrq_u8(b->parts[i], vdupq_n_u8(bit)), vdupq_n_u8(from));
        is.parts[i] = vcleq_u8(shifted, vdupq_n_u8((unsigned char)(to - from)));
    }
    return bits_of(is);
}

static inline void read_masks(const unsigned char *p, scan_masks *out) {
    const block b = load(p);
    out->leads = between(&b, 0, 0xE0, 0xFF);
    out->rare = between(&b, 0, 0xF0, 0xFF);
    out->twos = between(&b, 0, SCAN_LETTER_FIRST, SCAN_LETTER_LAST);
    out->words = between(&b, 0, '0', '9') | between(&b, 32, 'a', 'z');
    out->dollars = equal(&b, '$');
    out->spaces = equal(&b, ' ');
    out->e3 = equal(&b, 0xE3);
    out->x80 = equal(&b, 0x80);
    out->ef = equal(&b, 0xEF);
}

void scan_kernel_neon(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                      scan_places *places) {
    size_t n = scan_walk_masks(read_masks, scan_write_passing, view, bytes, to, before, places);
    places->n_names = scan_ask_again(view, bytes, places->names, n);
}

#endif
