/* The kernel for AVX-512 with VBMI2: 64 bytes at a time. What is ASCII is told by comparing; the Chinese characters are
 * pulled together, sixteen to a vector, and asked against the filters by gathering. */
#include "scan/walk.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL                                                                                                         \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"),                         \
                   always_inline)) static inline

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

/* --- The first filter ------------------------------------------------------------------------------------------------ */

/* Four bytes from `distance` behind each of sixteen places, as one number. */
KERNEL __m512i four_bytes(const block *b, __m512i places, uint32_t distances) {
    return _mm512_permutex2var_epi8(b->here, _mm512_add_epi8(places, _mm512_set1_epi32((int)distances)), b->behind);
}

/* The same of the first three distances, and 0 in place of the fourth. */
KERNEL __m512i three_bytes(const block *b, __m512i places, uint32_t distances) {
    __m512i from = _mm512_add_epi8(places, _mm512_set1_epi32((int)distances));
    return _mm512_maskz_permutex2var_epi8(0x7777777777777777, b->here, from, b->behind);
}

KERNEL __m512i times(__m512i numbers, uint32_t factor) {
    return _mm512_mullo_epi32(numbers, _mm512_set1_epi32((int)factor));
}

KERNEL __m512i bit_of(__m512i hash, uint32_t bit) {
    return _mm512_sllv_epi32(_mm512_set1_epi32((int)bit), _mm512_srli_epi32(hash, 27));
}

/* Of offsets, one a byte, sixteen from the n-th on: each into all four bytes of a lane. */
KERNEL __m512i offsets_from(__m512i offsets, int n) {
    static const unsigned char lanes[64] = {0,  0,  0,  0,  1,  1,  1,  1,  2,  2,  2,  2,  3,  3,  3,  3,
                                            4,  4,  4,  4,  5,  5,  5,  5,  6,  6,  6,  6,  7,  7,  7,  7,
                                            8,  8,  8,  8,  9,  9,  9,  9,  10, 10, 10, 10, 11, 11, 11, 11,
                                            12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15};
    __m512i from = _mm512_add_epi8(_mm512_loadu_si512(lanes), _mm512_set1_epi8((char)n));
    return _mm512_permutexvar_epi8(from, offsets);
}

/* Which of up to sixteen characters pass. Unused lanes give anything: their places are in the block too. Eight are
 * gathered in half the time. */
KERNEL uint32_t filter_sixteen(const dict_view *view, const block *b, __m512i places, bool are_eight) {
    __m512i first = four_bytes(b, places, 0x03020100), second = four_bytes(b, places, 0x05040302);
    __m512i third = three_bytes(b, places, 0x00080706);
    __m512i hash = _mm512_add_epi32(times(first, (uint32_t)DICT_HAN_FIRST), times(second, (uint32_t)DICT_HAN_SECOND));
    __m128i bits = _mm_cvtsi32_si128((int)view->han_filter_bits);
    __m512i word = _mm512_srl_epi32(hash, _mm_sub_epi32(_mm_cvtsi32_si128(32), bits));
    __m512i bit = _mm512_or_si512(bit_of(times(third, (uint32_t)DICT_HAN_THIRD), view->han_filter_third),
                                  bit_of(_mm512_sll_epi32(hash, bits), 1));
    if (are_eight)
        return _mm256_test_epi32_mask(
            _mm256_i32gather_epi32((const int *)view->han_filter, _mm512_castsi512_si256(word), 4),
            _mm512_castsi512_si256(bit));
    return _mm512_test_epi32_mask(_mm512_i32gather_epi32(word, view->han_filter, 4), bit);
}

/* Of the characters that begin at `leads`, those that pass. Valid UTF-8 has 22 of them in a block at most. */
KERNEL __mmask64 filter_han(const dict_view *view, const block *b, __mmask64 leads) {
    uint32_t n = (uint32_t)_mm_popcnt_u64(leads);
    __m512i offsets = _mm512_maskz_compress_epi8(leads, all_offsets());
    __m512i first = offsets_from(offsets, 0);
    uint64_t pass = filter_sixteen(view, b, first, false);
    if (n > 16) pass |= (uint64_t)filter_sixteen(view, b, offsets_from(offsets, 16), true) << 16;
    return _pdep_u64(pass, leads);
}

/* --- Signs ----------------------------------------------------------------------------------------------------------- */

/* The 64 bytes at `p` that are `c`: a load further on is cheaper than bytes brought together from two vectors. */
KERNEL uint64_t equal_at(const unsigned char *p, unsigned char c) {
    return equal(_mm512_loadu_si512(p), c);
}

/* A space, plain or wide, behind the first or second of the characters: what is padded is left to the second filter. */
KERNEL __mmask64 find_padded(const unsigned char *p, __mmask64 leads) {
    uint64_t behind_first = equal_at(p + 3, ' ')
                            | (equal_at(p + 3, 0xE3) & equal_at(p + 4, 0x80) & equal_at(p + 5, 0x80));
    uint64_t behind_second = equal_at(p + 6, ' ')
                             | (equal_at(p + 6, 0xE3) & equal_at(p + 7, 0x80) & equal_at(p + 8, 0x80));
    return leads & (behind_first | behind_second);
}

/* Full-width digits, letters and dollar signs. Commas of full width begin with the same byte, so that no branch asks for it. */
KERNEL __mmask64 find_wide(const unsigned char *p, __mmask64 leads) {
    __m512i second = _mm512_loadu_si512(p + 1), third = _mm512_loadu_si512(p + 2);
    __mmask64 upper = between(third, 0x90, 0x99) | between(third, 0xA1, 0xBA) | equal(third, 0x84);
    return leads & equal_at(p, 0xEF)
           & ((equal(second, 0xBC) & upper) | (equal(second, 0xBD) & between(third, 0x81, 0x9A)));
}

KERNEL __mmask64 find_words(__m512i bytes) {
    return between(bytes, '0', '9') | between(_mm512_or_si512(bytes, _mm512_set1_epi8(32)), 'a', 'z');
}

/* --- Places ---------------------------------------------------------------------------------------------------------- */

/* What is found in one block; `signs` is dollars, `wide` wins over all, `words` over nothing else. */
typedef struct findings {
    __mmask64 all, words, signs, wide;
} findings;

/* Offset and kind fit into a byte each and are pulled together as such. Few blocks hold more than sixteen places: the first
 * vector is written whether there is any or not, since no predictor knows. */
KERNEL size_t write_places(findings found, size_t at, scan_place *places) {
    size_t n = (size_t)_mm_popcnt_u64(found.all), i = 0;
    __m512i kinds = _mm512_maskz_set1_epi8(found.words, SCAN_WORD << 6);
    kinds = _mm512_mask_set1_epi8(kinds, found.signs, (char)(SCAN_SIGN << 6));
    kinds = _mm512_mask_set1_epi8(kinds, found.wide, (char)(SCAN_WIDE << 6));
    __m512i bytes = _mm512_maskz_compress_epi8(found.all, _mm512_or_si512(all_offsets(), kinds));
    do {
        __m256i wide = _mm256_cvtepu8_epi16(_mm512_castsi512_si128(bytes));
        __m256i offsets = _mm256_slli_epi16(_mm256_and_si256(wide, _mm256_set1_epi16(63)), 2);
        offsets = _mm256_add_epi16(offsets, _mm256_set1_epi16((short)scan_place_of(at, 0)));
        _mm256_storeu_si256((__m256i *)(void *)(places + i), _mm256_or_si256(offsets, _mm256_srli_epi16(wide, 6)));
        bytes = _mm512_alignr_epi64(bytes, bytes, 2);
        i += 16;
    } while (i < n);
    return n;
}

/* --- The second filter ------------------------------------------------------------------------------------------------ */

KERNEL __mmask16 has_name_bit(const uint32_t *filter, uint32_t bits, __m512i hash) {
    __m512i mixed = times(_mm512_xor_si512(hash, _mm512_srli_epi32(hash, 15)), (uint32_t)DICT_NAME_LAST);
    __m512i bit = _mm512_srl_epi32(mixed, _mm_cvtsi32_si128(32 - (int)bits));
    __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(bit, 5), filter, 4);
    return _mm512_test_epi32_mask(
        words, _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(bit, _mm512_set1_epi32(31))));
}

KERNEL __mmask16 is_space(__m512i three_bytes) {
    return _mm512_cmpeq_epi32_mask(three_bytes, _mm512_set1_epi32(0x8080E3))
           | _mm512_cmpeq_epi32_mask(_mm512_and_si512(three_bytes, _mm512_set1_epi32(0xFF)), _mm512_set1_epi32(' '));
}

/* 1 in the lanes whose highest byte is a space. */
KERNEL __m512i space_on_top(__m512i four_bytes) {
    return _mm512_maskz_set1_epi32(_mm512_cmpeq_epi32_mask(_mm512_srli_epi32(four_bytes, 24), _mm512_set1_epi32(' ')),
                                   1);
}

/* scan_passes_again() for sixteen. */
KERNEL __mmask16 passes_again(const dict_view *view, const unsigned char *bytes, __m512i at, __mmask16 asked) {
    const __m512i zero = _mm512_setzero_si512(), low = _mm512_set1_epi32(0xFFFFFF);
    __m512i own = _mm512_mask_i32gather_epi32(zero, asked, at, bytes, 1);
    at = _mm512_add_epi32(at, space_on_top(own));
    __m512i next = _mm512_mask_i32gather_epi32(zero, asked, at, bytes + 3, 1);
    at = _mm512_add_epi32(at, space_on_top(next));
    __m512i third = _mm512_and_si512(_mm512_mask_i32gather_epi32(zero, asked, at, bytes + 6, 1), low);
    __m512i first = _mm512_or_si512(_mm512_and_si512(own, low), _mm512_slli_epi32(next, 24));
    __m512i second = _mm512_or_si512(_mm512_srli_epi32(_mm512_and_si512(own, low), 16), _mm512_slli_epi32(next, 8));
    __m512i two = _mm512_add_epi32(times(first, (uint32_t)DICT_NAME_FIRST), times(second, (uint32_t)DICT_NAME_SECOND));
    __m512i three = _mm512_add_epi32(two, times(third, (uint32_t)DICT_NAME_THIRD));
    __m512i lead = _mm512_sub_epi32(_mm512_and_si512(own, _mm512_set1_epi32(0xFF)), _mm512_set1_epi32(0xE0));
    __mmask16 is_unfiltered = _mm512_cmpge_epu32_mask(lead, _mm512_set1_epi32(0x10)); /* not of three bytes */
    return has_name_bit(view->name_pair_filter, view->name_pair_filter_bits, two)
           | has_name_bit(view->name_filter, view->name_filter_bits, three) | is_unfiltered
           | is_space(_mm512_and_si512(next, low)) | is_space(third);
}

/* @return how many places there are behind those of `keep`, which are added to `n`. */
KERNEL size_t keep_places(__m256i sixteen, __mmask16 keep, scan_place *places, size_t n) {
    _mm256_storeu_si256((__m256i *)(void *)(places + n), _mm256_maskz_compress_epi16(keep, sixteen));
    return n + (size_t)_mm_popcnt_u32(keep);
}

/* Parts the first `n` of places->names, which are of all kinds. */
KERNEL void part_places(scan_places *places, size_t n) {
    size_t n_names = 0, n_words = 0;
    for (size_t i = 0; i < n; i += 16) {
        __mmask16 used = (__mmask16)(n - i >= 16 ? 0xFFFF : (1u << (n - i)) - 1);
        __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)(places->names + i));
        __mmask16 han = _mm256_testn_epi16_mask(sixteen, _mm256_set1_epi16(3));
        n_words = keep_places(sixteen, used & ~han, places->words, n_words);
        n_names = keep_places(sixteen, used & han, places->names, n_names);
    }
    places->n_names = n_names;
    places->n_words = n_words;
}

/* The names alone: gathering costs as much for what is not asked. */
KERNEL void ask_again(const dict_view *view, const unsigned char *bytes, scan_places *places) {
    size_t n = places->n_names, kept = 0;
    for (size_t i = 0; i < n; i += 16) {
        __mmask16 used = (__mmask16)(n - i >= 16 ? 0xFFFF : (1u << (n - i)) - 1);
        __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)(places->names + i));
        used &= passes_again(view, bytes, _mm512_srli_epi32(_mm512_cvtepu16_epi32(sixteen), 2), used);
        kept = keep_places(sixteen, used, places->names, kept);
    }
    places->n_names = kept;
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"))) void
scan_kernel_avx512(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                   scan_places *places) {
    size_t n = 0;
    __mmask64 carry = scan_is_word(before), in_two = 0; /* the last byte was of a word; began a character of two */
    for (size_t at = 0; at < to; at += 64) {
        block b = {_mm512_loadu_si512(bytes + at), _mm512_loadu_si512(bytes + at + 64)};
        __mmask64 here = to - at >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (to - at)) - 1;
        __mmask64 leads = between(b.here, 0xE0, 0xFF) & here,
                  twos = between(b.here, SCAN_LETTER_FIRST, SCAN_LETTER_LAST) & here;
        __mmask64 words = (find_words(b.here) & here) | twos | twos << 1 | in_two;
        __mmask64 starts = words & ~(words << 1 | carry);
        findings found = {.words = starts & ~twos, .signs = equal(b.here, '$') & here};
        carry = words >> 63;
        in_two = twos >> 63;
        found.all = starts | found.signs;
        if (leads) {
            found.wide = find_wide(bytes + at, leads);
            found.all |= filter_han(view, &b, leads) | find_padded(bytes + at, leads)
                         | (between(b.here, 0xF0, 0xFF) & here) | found.wide;
        }
        n += write_places(found, at, places->names + n);
    }
    part_places(places, n);
    ask_again(view, bytes, places);
}

#endif
