/* How far is it valid UTF-8? 32 bytes at a time, as utf8_tables.h tells. Where in a block the fault is, plain C finds. */
#include <string.h>

#include "base/utf8_tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FAST __attribute__((target("avx2"), always_inline)) static inline

enum { BLOCK = 32, BEFORE = 3 }; /* bytes; those before a block that may belong to its first character */

FAST __m256i load(const char *bytes) {
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

FAST __m256i look_up(const uint8_t rows[16], __m256i halves) {
    __m128i table = _mm_loadu_si128((const __m128i *)(const void *)rows);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), halves);
}

FAST __m256i low_half(__m256i bytes) {
    return _mm256_and_si256(bytes, _mm256_set1_epi8(15));
}

FAST __m256i high_half(__m256i bytes) {
    return low_half(_mm256_srli_epi16(bytes, 4));
}

/* Whether any of the bytes at `p` is at fault; BEFORE bytes before them are read. */
FAST bool has_fault(const char *p) {
    __m256i here = load(p), last = load(p - 1);
    __m256i pairs = _mm256_and_si256(look_up(utf8_by_high_before, high_half(last)),
                                     look_up(utf8_by_low_before, low_half(last)));
    pairs = _mm256_and_si256(pairs, look_up(utf8_by_high, high_half(here)));
    /* Two continuations in a row must stand where a lead of three stood two bytes before, or one of four three before. */
    __m256i third = _mm256_subs_epu8(load(p - 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(load(p - BEFORE), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    __m256i faults = _mm256_xor_si256(pairs, due);
    return !_mm256_testz_si256(faults, faults);
}

__attribute__((target("avx2"))) size_t base_utf8_valid_blocks_avx2(const char *bytes, size_t len) {
    char edge[BEFORE + BLOCK] = {0};
    if (len < BLOCK) return 0;
    memcpy(edge + BEFORE, bytes, BLOCK); /* nothing is before the first */
    if (has_fault(edge + BEFORE)) return 0;
    size_t at = BLOCK;
    while (len - at >= BLOCK && !has_fault(bytes + at)) at += BLOCK;
    /* The rest with zeros behind it, of which one at least shows a character that is cut off. */
    if (len - at < BLOCK) {
        memset(edge, 0, sizeof edge);
        memcpy(edge, bytes + at - BEFORE, BEFORE + len - at);
        if (!has_fault(edge + BEFORE)) return len;
    }
    return base_utf8_last(bytes, at); /* it is left to who goes on */
}

#else

size_t base_utf8_valid_blocks_avx2(const char *bytes, size_t len) {
    (void)bytes, (void)len;
    return 0;
}

#endif
