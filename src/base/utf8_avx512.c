/* How far is it valid UTF-8? 64 bytes at a time, as utf8_tables.h tells. Where in a block the fault is, plain C finds. */
#include "base/utf8_tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FAST __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi"), always_inline)) static inline

FAST __m512i table(const uint8_t rows[16]) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)rows));
}

FAST __m512i high_half(__m512i bytes) {
    return _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(15));
}

/* The bytes `distance` before each, reaching into the block before. */
FAST __m512i earlier(__m512i bytes, __m512i before, int distance) {
    static const uint8_t offsets[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i from = _mm512_add_epi8(_mm512_loadu_si512(offsets), _mm512_set1_epi8((char)(64 - distance)));
    return _mm512_permutex2var_epi8(before, from, bytes);
}

FAST __m512i faults_of_pairs(__m512i bytes, __m512i before) {
    __m512i last = earlier(bytes, before, 1);
    __m512i first = _mm512_shuffle_epi8(table(utf8_by_high_before), high_half(last));
    __m512i second = _mm512_shuffle_epi8(table(utf8_by_low_before), _mm512_and_si512(last, _mm512_set1_epi8(15)));
    __m512i third = _mm512_shuffle_epi8(table(utf8_by_high), high_half(bytes));
    return _mm512_and_si512(_mm512_and_si512(first, second), third);
}

/* Two continuations in a row must stand where a lead of three stood two bytes before, or one of four three before. */
FAST __mmask64 faults(__m512i bytes, __m512i before) {
    __m512i pairs = faults_of_pairs(bytes, before);
    __m512i third = _mm512_subs_epu8(earlier(bytes, before, 2), _mm512_set1_epi8((char)(0xE0 - 0x80)));
    __m512i fourth = _mm512_subs_epu8(earlier(bytes, before, 3), _mm512_set1_epi8((char)(0xF0 - 0x80)));
    __m512i due = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    return _mm512_test_epi8_mask(_mm512_xor_si512(pairs, due), _mm512_set1_epi8((char)0xFF));
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi"))) size_t base_utf8_valid_blocks_avx512(const char *bytes,
                                                                                                     size_t len) {
    __m512i before = _mm512_setzero_si512();
    size_t at = 0;
    for (; at + 64 <= len; at += 64) {
        __m512i here = _mm512_loadu_si512(bytes + at);
        if (faults(here, before)) break;
        before = here;
    }
    /* The rest with zeros behind it, of which one at least shows a character that is cut off. */
    if (len - at < 64) {
        __mmask64 is_text = ((__mmask64)1 << (len - at)) - 1;
        if (!faults(_mm512_maskz_loadu_epi8(is_text, bytes + at), before)) return len;
    }
    return base_utf8_last(bytes, at); /* it is left to who goes on */
}

#else

size_t base_utf8_valid_blocks_avx512(const char *bytes, size_t len) {
    (void)bytes, (void)len;
    return 0;
}

#endif
