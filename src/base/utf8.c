#include <string.h>

#include "base/base.h"

/* Well-formed sequences as the Unicode Standard's table 3-7 has them: after some lead bytes the second byte has a
 * narrower range, which rules out overlong forms, surrogates and what lies above U+10FFFF. */
static bool second_is_good(unsigned char lead, unsigned char second) {
    switch (lead) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return (second & 0xC0) == 0x80;
    }
}

static unsigned sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) return 3;
    return lead < 0xF5 ? 4 : 0;
}

unsigned base_utf8_decode(const char *bytes, const char *end, uint32_t *code_point, unsigned *skip) {
    const unsigned char *p = (const unsigned char *)bytes;
    size_t left = (size_t)(end - bytes);
    unsigned len = left ? sequence_length(p[0]) : 0, good = 1;
    *code_point = 0;
    if (len == 1) {
        *code_point = p[0];
        return 1;
    }
    uint32_t value = len ? p[0] & (0xFFu >> (len + 1)) : 0;
    while (good < len && good < left && (good == 1 ? second_is_good(p[0], p[1]) : (p[good] & 0xC0) == 0x80)) {
        value = value << 6 | (p[good] & 0x3Fu);
        good++;
    }
    if (len && good == len) {
        *code_point = value;
        return len;
    }
    if (skip) *skip = good;
    return 0;
}

unsigned base_utf8_encode(uint32_t code_point, char out[4]) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    unsigned len = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (unsigned i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(unsigned char)(0xF00u >> len | code_point); /* C0, E0 or F0 in the low byte */
    return len;
}

size_t base_utf8_valid_prefix_with(uint32_t kernel, const char *bytes, size_t len) {
    size_t known = 0;
    if (kernel == SM_KERNEL_AVX512) known = base_utf8_valid_blocks_avx512(bytes, len);
    if (kernel == SM_KERNEL_AVX2) known = base_utf8_valid_blocks_avx2(bytes, len);
    return known == len ? len : known + base_utf8_valid_prefix(bytes + known, len - known);
}

/* Goes over characters that begin before `stop`. @return the first fault, or where the next one begins. */
static const char *pass_characters(const char *p, const char *stop, const char *end) {
    while (p < stop) {
        /* ASCII eight at a time, then runs of three-byte characters, which are nearly all of Chinese text. */
        uint64_t word;
        while (stop - p >= 8 && (memcpy(&word, p, 8), (word & 0x8080808080808080u) == 0)) p += 8;
        while (stop - p >= 4) {
            uint32_t four;
            memcpy(&four, p, 4);
            if ((four & 0x00C0C0F0u) != 0x008080E0u) break;
            unsigned char lead = (unsigned char)four, second = (unsigned char)(four >> 8);
            if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) break;
            p += 3;
        }
        if (p == stop) break;
        uint32_t code_point;
        unsigned step = base_utf8_decode(p, end, &code_point, NULL);
        if (!step) break;
        p += step;
    }
    return p;
}

enum { BLOCK = 128 };

/* Whether a block has to be looked at by characters; two bytes before it are read. A byte is a continuation when a lead
 * before it reaches so far, and only then; leads of four bytes are rare, and so are those that not every continuation may
 * follow. Without a branch compilers turn this into vectors: two instructions a byte, where characters of Chinese take six. */
static bool is_doubtful(const unsigned char *p) {
    unsigned char doubts = 0;
    for (int i = 0; i < BLOCK; i++) {
        bool is_due = (p[i - 1] >= 0xC0) | (p[i - 2] >= 0xE0);
        bool is_continuation = (signed char)p[i] < -64; /* 80 to BF */
        bool is_rare = (p[i] == 0xE0) | (p[i] == 0xED) | (p[i] >= 0xF0) | ((p[i] & 0xFE) == 0xC0);
        doubts |= (is_due ^ is_continuation) | is_rare;
    }
    return doubts;
}

/* Goes over blocks, back to the last character's start: it may go on behind them. */
static const char *pass_blocks(const char *p, const char *end) {
    const char *at = p;
    while (end - at >= BLOCK && !is_doubtful((const unsigned char *)at)) at += BLOCK;
    return at == p ? p : p + base_utf8_last(p, (size_t)(at - p));
}

size_t base_utf8_valid_prefix(const char *bytes, size_t len) {
    const char *p = bytes, *end = bytes + len;
    while (p < end) {
        const char *stop = end - p > BLOCK ? p + BLOCK : end;
        p = pass_characters(p, stop, end);
        if (p < stop) break;
        p = pass_blocks(p, end);
    }
    return (size_t)(p - bytes);
}
