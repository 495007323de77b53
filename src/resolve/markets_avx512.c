/* Where a market word may stand, 64 places at a time: a lookup among 128 bytes says of a byte which groups it has, and six
 * bytes in a row must have one in common. */
#include "resolve/places.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FAST __attribute__((target("avx512f,avx512bw,avx512vbmi,bmi2"), always_inline)) static inline

/* Of each byte's lower seven bits. */
FAST __m512i groups_of(const uint8_t groups[128], __m512i bytes) {
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(groups), bytes, _mm512_loadu_si512(groups + 64));
}

/* Up to 64 bytes; those behind the end are 0. */
FAST __m512i load(base_slice text, size_t at) {
    size_t from = at < text.len ? at : text.len, n = text.len - from < 64 ? text.len - from : 64;
    return _mm512_maskz_loadu_epi8(_bzhi_u64(UINT64_MAX, (unsigned)n), text.bytes + from);
}

/* The characters, of the 64 bytes at `at`, from which on all bytes have a group in common; see dict_market_byte(). */
FAST uint64_t chars(const uint8_t (*groups)[128], size_t n_bytes, base_slice text, size_t at) {
    const __m512i last_continuation = _mm512_set1_epi8((char)0xBF);
    __m512i first = load(text, at);
    __m512i seven = _mm512_mask_blend_epi8(_mm512_movepi8_mask(first), first,
                                           _mm512_and_si512(first, _mm512_set1_epi8(0x3F)));
    __m512i all = groups_of(groups[0], seven);
    for (size_t i = 1; i < n_bytes; i++) all = _mm512_and_si512(all, groups_of(groups[i], load(text, at + i)));
    return _mm512_mask_test_epi8_mask(_mm512_cmpgt_epi8_mask(first, last_continuation), all, all);
}

__attribute__((target("avx512f,avx512bw,avx512vbmi,bmi2"))) size_t
resolve_next_market_avx512(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end) {
    for (; at < text.len; at += 64) {
        uint64_t here = chars(bytes->all->words, DICT_MARKET_BYTES, text, at);
        if (or_end) here |= chars(bytes->all->ends, DICT_END_BYTES, text, at);
        if (!here) continue;
        at += (size_t)__builtin_ctzll(here);
        break;
    }
    return at < text.len ? at : text.len;
}

#else

size_t resolve_next_market_avx512(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end) {
    return resolve_next_market_c(bytes, text, at, or_end);
}

#endif
