/* The kernel for AVX2: 32 bytes to a vector, and a bit of each byte from one instruction. */
#include "scan/kernel_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL __attribute__((target("avx2,bmi,bmi2"), always_inline)) static inline

typedef struct block {
    __m256i low, high;
} block;

KERNEL uint64_t bits_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

KERNEL uint64_t equal(block b, unsigned char c) {
    __m256i wanted = _mm256_set1_epi8((char)c);
    return bits_of(_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted));
}

KERNEL __m256i is_between(__m256i bytes, unsigned char from, unsigned char to) {
    __m256i shifted = _mm256_sub_epi8(bytes, _mm256_set1_epi8((char)from));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(shifted, _mm256_set1_epi8((char)(to - from))), shifted);
}

KERNEL uint64_t between(block b, unsigned char from, unsigned char to) {
    return bits_of(is_between(b.low, from, to), is_between(b.high, from, to));
}

KERNEL block in_lower_case(block b) {
    __m256i bit = _mm256_set1_epi8(32);
    return (block){_mm256_or_si256(b.low, bit), _mm256_or_si256(b.high, bit)};
}

KERNEL void read_masks(const unsigned char *p, scan_masks *out) {
    block b = {_mm256_loadu_si256((const __m256i *)(const void *)p),
               _mm256_loadu_si256((const __m256i *)(const void *)(p + 32))};
    out->leads = between(b, 0xE0, 0xFF);
    out->rare = between(b, 0xF0, 0xFF);
    out->twos = between(b, SCAN_LETTER_FIRST, SCAN_LETTER_LAST);
    out->words = between(b, '0', '9') | between(in_lower_case(b), 'a', 'z');
    out->dollars = equal(b, '$');
    out->spaces = equal(b, ' ');
    out->e3 = equal(b, 0xE3);
    out->x80 = equal(b, 0x80);
    out->ef = equal(b, 0xEF);
}

__attribute__((target("avx2,bmi,bmi2"))) void scan_kernel_avx2(const dict_view *view, const unsigned char *bytes,
                                                               size_t to, unsigned char before, scan_places *places) {
    scan_walk_masks(read_masks, view, bytes, to, before, places);
}

#endif
