/* The kernel for AVX-512 with VBMI2: 64 bytes at a time. What is ASCII is told by comparing; the Chinese characters are
 * pulled together, sixteen to a vector, and asked against the filter with one gather. */
#include "scan/walk.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL                                                                                                         \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"),                         \
                   always_inline)) static inline

KERNEL __m512i load(const unsigned char *p, size_t readable) {
    if (readable >= 64) return _mm512_loadu_si512(p);
    return _mm512_maskz_loadu_epi8(((__mmask64)1 << readable) - 1, p);
}

KERNEL __mmask64 between(__m512i bytes, unsigned char from, unsigned char to) {
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8((char)from)),
                                  _mm512_set1_epi8((char)(to - from)));
}

KERNEL __mmask64 equal(__m512i bytes, unsigned char c) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)c));
}

KERNEL __m512i all_offsets(void) {
    static const unsigned char offsets[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                              16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                              32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                              48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    return _mm512_loadu_si512(offsets);
}

/* 64 bytes and the 64 behind them. */
typedef struct block {
    __m512i here, behind;
} block;

/* The bytes `distance` behind each byte of the block. */
KERNEL __m512i further(const block *b, int distance) {
    return _mm512_permutex2var_epi8(b->here, _mm512_add_epi8(all_offsets(), _mm512_set1_epi8((char)distance)),
                                    b->behind);
}

/* Four bytes from `distance` behind each of sixteen places, as one number. */
KERNEL __m512i four_bytes(const block *b, __m512i places, uint32_t distances) {
    return _mm512_permutex2var_epi8(b->here, _mm512_add_epi8(places, _mm512_set1_epi32((int)distances)), b->behind);
}

/* Which of up to sixteen characters pass the filter. Unused lanes give anything. */
KERNEL uint32_t filter_sixteen(const dict_view *view, const block *b, __m128i offsets, __mmask16 used) {
    __m512i places = _mm512_cvtepu8_epi32(offsets);
    /* Each offset into all four bytes of its lane: 0x01010101 times it, as nothing carries. */
    places = _mm512_mullo_epi32(places, _mm512_set1_epi32(0x01010101));
    __m512i first = four_bytes(b, places, 0x03020100), second = four_bytes(b, places, 0x05040302);
    __m512i third = _mm512_srli_epi32(four_bytes(b, places, 0x08070605), 8);
    __m512i hash = _mm512_add_epi32(_mm512_mullo_epi32(first, _mm512_set1_epi32(DICT_HAN_FIRST)),
                                    _mm512_mullo_epi32(second, _mm512_set1_epi32(DICT_HAN_SECOND)));
    __m512i word = _mm512_srl_epi32(hash, _mm_cvtsi32_si128(32 - (int)view->han_filter_bits));
    __m512i bit = _mm512_srli_epi32(_mm512_mullo_epi32(third, _mm512_set1_epi32(DICT_HAN_THIRD)), 27);
    __m512i signature = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), used, word, view->han_filter, 4);
    return _mm512_test_epi32_mask(signature, _mm512_sllv_epi32(_mm512_set1_epi32(1), bit));
}

/* Of the characters that begin at `leads`, those that pass. Valid UTF-8 has 22 of them in a block at most. */
KERNEL __mmask64 filter_han(const dict_view *view, const block *b, __mmask64 leads) {
    uint32_t n = (uint32_t)_mm_popcnt_u64(leads);
    __m512i offsets = _mm512_maskz_compress_epi8(leads, all_offsets());
    uint64_t pass = filter_sixteen(view, b, _mm512_castsi512_si128(offsets),
                                   (__mmask16)(n >= 16 ? 0xFFFF : (1u << n) - 1));
    if (n > 16)
        pass |=
            (uint64_t)filter_sixteen(view, b, _mm512_extracti32x4_epi32(offsets, 1), (__mmask16)((1u << (n - 16)) - 1))
            << 16;
    return _pdep_u64(pass, leads);
}

/* A space behind the first or second of the characters; see scan_is_padded. */
KERNEL __mmask64 find_padded(const block *b, __mmask64 leads) {
    __mmask64 padded = 0;
    for (int distance = 3; distance <= 6; distance += 3) {
        __m512i at = further(b, distance);
        __mmask64 wide = equal(at, 0xE3) & leads;
        if (wide) wide &= equal(further(b, distance + 1), 0x80) & equal(further(b, distance + 2), 0x80);
        padded |= equal(at, ' ') | wide;
    }
    return padded & leads;
}

/* Full-width digits, letters and dollar signs. */
KERNEL __mmask64 find_wide(const block *b, __mmask64 leads) {
    __mmask64 page = equal(b->here, 0xEF) & leads;
    if (!page) return 0;
    __m512i second = further(b, 1), third = further(b, 2);
    __mmask64 upper = between(third, 0x90, 0x99) | between(third, 0xA1, 0xBA) | equal(third, 0x84);
    return page & ((equal(second, 0xBC) & upper) | (equal(second, 0xBD) & between(third, 0x81, 0x9A)));
}

KERNEL __mmask64 find_words(__m512i bytes) {
    return between(bytes, '0', '9') | between(_mm512_or_si512(bytes, _mm512_set1_epi8(32)), 'a', 'z');
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"))) size_t
scan_kernel_avx512(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                   scan_place *places) {
    size_t n = 0, at = 0;
    __mmask64 carry = scan_is_word(before), in_two = 0; /* the last byte was of a word; began a character of two */
    for (; at < to; at += 64) {
        size_t left = to - at, readable = left + SCAN_PADDING;
        block b = {load(bytes + at, readable),
                   readable > 64 ? load(bytes + at + 64, readable - 64) : _mm512_setzero_si512()};
        __mmask64 here = left >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << left) - 1;
        __mmask64 leads = between(b.here, 0xE0, 0xFF) & here,
                  twos = between(b.here, SCAN_LETTER_FIRST, SCAN_LETTER_LAST) & here;
        __mmask64 wide = find_wide(&b, leads);
        __mmask64 words = (find_words(b.here) & here) | twos | twos << 1 | in_two;
        __mmask64 starts = words & ~(words << 1 | carry), dollars = equal(b.here, '$') & here;
        carry = words >> 63;
        in_two = twos >> 63;
        __mmask64 found = starts | dollars | wide;
        if (leads) found |= filter_han(view, &b, leads) | find_padded(&b, leads) | (between(b.here, 0xF0, 0xFF) & here);
        for (; found; found &= found - 1) {
            __mmask64 bit = found & -found;
            scan_what what = bit & wide             ? SCAN_WIDE
                             : bit & (leads | twos) ? SCAN_HAN
                             : bit & dollars        ? SCAN_SIGN
                                                    : SCAN_WORD;
            places[n++] = (scan_place){(uint32_t)(at + _tzcnt_u64(bit)), what};
        }
    }
    return n;
}

#endif
