/* Where a market word may stand, 32 places at a time: six bits of a byte say which groups it may have, and six bytes in a row
 * must have one in common. Where they may, plain C tells whether they do. */
#include "resolve/places.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FAST __attribute__((target("avx2,bmi"), always_inline)) static inline

enum { BLOCK = 32, READ = BLOCK + DICT_MARKET_BYTES - 1 };

FAST __m256i load(const char *bytes) {
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

FAST __m256i look_up(const uint8_t table[16], __m256i halves) {
    __m128i row = _mm_loadu_si128((const __m128i *)(const void *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(row), halves);
}

FAST __m256i low_half(__m256i bytes) {
    return _mm256_and_si256(bytes, _mm256_set1_epi8(15));
}

/* Of four rows the one that bits 4 and 5 say; each becomes the sign that a blend looks at. */
FAST __m256i groups_of(const uint8_t groups[64], __m256i bytes) {
    __m256i low = low_half(bytes), fourth = _mm256_slli_epi16(bytes, 3), fifth = _mm256_slli_epi16(bytes, 2);
    __m256i first = _mm256_blendv_epi8(look_up(groups, low), look_up(groups + 16, low), fourth);
    __m256i second = _mm256_blendv_epi8(look_up(groups + 32, low), look_up(groups + 48, low), fourth);
    return _mm256_blendv_epi8(first, second, fifth);
}

/* The places, of the 32 at `p`, from which on all bytes may have a group in common. */
FAST uint32_t places(const resolve_six_bits *of, size_t n_bytes, const char *p) {
    __m256i all = look_up(of->of_first, low_half(_mm256_srli_epi16(load(p), 4)));
    for (size_t i = 0; i < n_bytes; i++) all = _mm256_and_si256(all, groups_of(of->groups[i], load(p + i)));
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(all, _mm256_setzero_si256()));
}

FAST uint32_t char_starts(const char *p) {
    const __m256i last_continuation = _mm256_set1_epi8((char)0xBF);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(load(p), last_continuation));
}

__attribute__((target("avx2,bmi"))) size_t resolve_next_market_avx2(const resolve_market_bytes *bytes, base_slice text,
                                                                    size_t at, bool or_end) {
    for (; text.len - at >= READ; at += BLOCK) {
        const char *p = text.bytes + at;
        uint32_t here = places(&bytes->words, DICT_MARKET_BYTES, p);
        if (or_end) here |= places(&bytes->ends, DICT_END_BYTES, p);
        for (here &= char_starts(p); here; here &= here - 1) {
            size_t place = at + (size_t)__builtin_ctz(here);
            if (resolve_begins_market(bytes, text, place, or_end)) return place;
        }
    }
    while (at < text.len && ((unsigned char)text.bytes[at] & 0xC0) == 0x80) at++; /* its character was looked at */
    return resolve_next_market_c(bytes, text, at, or_end);
}

#else

size_t resolve_next_market_avx2(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end) {
    return resolve_next_market_c(bytes, text, at, or_end);
}

#endif
