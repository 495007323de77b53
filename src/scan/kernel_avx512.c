/* The kernel for AVX-512 with VBMI2: 64 bytes at a time. What is ASCII is told by comparing; of the Chinese characters the
 * bytes that filters look at are pulled together, and then sixteen characters are asked at once, by gathering. In one loop
 * a gather would wait for its 64 bytes, and the next 64 for the gather. */
#include "scan/kernel_places.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL                                                                                                         \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"),                         \
                   always_inline)) static inline

/* A constant that the compiler does not know: one that it knows it makes anew, from a general register, in every round that
 * it has no vector left, which takes longer than to read what it has put aside. */
KERNEL __m512i put_aside(__m512i constant) {
    __asm__("" : "+v"(constant));
    return constant;
}

KERNEL __m512i bytes_of(unsigned char c) {
    return put_aside(_mm512_set1_epi8((char)c));
}

KERNEL __m512i numbers_of(uint32_t number) {
    return put_aside(_mm512_set1_epi32((int)number));
}

KERNEL __mmask64 between(__m512i bytes, unsigned char from, unsigned char to) {
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, bytes_of(from)), bytes_of((unsigned char)(to - from)));
}

KERNEL __mmask64 from_on(__m512i bytes, unsigned char from) {
    return _mm512_cmpge_epu8_mask(bytes, bytes_of(from));
}

KERNEL __mmask64 equal(__m512i bytes, unsigned char c) {
    return _mm512_cmpeq_epi8_mask(bytes, bytes_of(c));
}

/* --- Which bytes are what --------------------------------------------------------------------------------------------- */

KERNEL __mmask64 find_words(__m512i bytes) {
    return between(bytes, '0', '9') | between(_mm512_or_si512(bytes, bytes_of(32)), 'a', 'z');
}

/* Full-width digits, letters and dollar signs: EF BC and EF BD have a bit each, and for every third byte these say with which
 * of them it is one. Bytes within a character are known by their lowest six bits, which choose from 64. */
KERNEL __mmask64 find_wide(const unsigned char *p, __m512i bytes) {
    __m512i of_second = _mm512_maskz_set1_epi8((uint64_t)1 << (0xBC & 63), 1);
    __m512i of_third = _mm512_maskz_set1_epi8(0x07FFFFFE03FF0010, 1); /* $, 0 to 9, A to Z */
    of_second = put_aside(_mm512_mask_set1_epi8(of_second, (uint64_t)1 << (0xBD & 63), 2));
    of_third = put_aside(_mm512_or_si512(of_third, _mm512_maskz_set1_epi8(0x07FFFFFE, 2))); /* a to z */
    return _mm512_mask_test_epi8_mask(equal(bytes, 0xEF), _mm512_permutexvar_epi8(_mm512_loadu_si512(p + 1), of_second),
                                      _mm512_permutexvar_epi8(_mm512_loadu_si512(p + 2), of_third));
}

/* --- Characters --------------------------------------------------------------------------------------------------------- */

/* 64 bytes and the 64 behind them. */
typedef struct block {
    __m512i here, behind;
} block;

KERNEL __m512i all_offsets(void) {
    static const unsigned char offsets[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                              16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                              32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                              48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    return _mm512_loadu_si512(offsets);
}

/* Of offsets, one a byte, sixteen from the n-th on: each into all four bytes of a lane. */
KERNEL __m512i offsets_from(__m512i offsets, int n) {
    static const unsigned char lanes[64] = {0,  0,  0,  0,  1,  1,  1,  1,  2,  2,  2,  2,  3,  3,  3,  3,
                                            4,  4,  4,  4,  5,  5,  5,  5,  6,  6,  6,  6,  7,  7,  7,  7,
                                            8,  8,  8,  8,  9,  9,  9,  9,  10, 10, 10, 10, 11, 11, 11, 11,
                                            12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15};
    __m512i from = _mm512_add_epi8(_mm512_loadu_si512(lanes), _mm512_set1_epi8((char)n));
    return _mm512_permutexvar_epi8(put_aside(from), offsets);
}

/* Four bytes from some distances behind each of sixteen places, as one number; the first distance is the lowest. */
KERNEL __m512i four_bytes(const block *b, __m512i places, uint32_t distances) {
    return _mm512_permutex2var_epi8(b->here, _mm512_add_epi8(places, numbers_of(distances)), b->behind);
}

/* Writes down the characters that begin at `starts`, as the n-th and so on of `places`, with what filters look at. Valid UTF-8
 * has 26 of them in a block at most; behind the last anything is written. @return how many there are. */
KERNEL size_t write_chars(const block *b, __mmask64 starts, __mmask64 unasked, size_t at, scan_places *places,
                          size_t n) {
    __m512i marked = _mm512_or_si512(all_offsets(), _mm512_maskz_mov_epi8(unasked, bytes_of(SCAN_UNASKED << 6)));
    __m512i chars = _mm512_maskz_compress_epi8(starts, marked);
    for (int i = 0; i < 2; i++) {
        __m512i from = _mm512_and_si512(offsets_from(chars, 16 * i), bytes_of(63));
        _mm512_storeu_si512(places->twos + n + 16 * i, four_bytes(b, from, 0x05040201));
        _mm512_storeu_si512(places->thirds + n + 16 * i, four_bytes(b, from, 0x08070603));
    }
    __m512i wide = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(chars));
    __m512i offsets = _mm512_slli_epi16(_mm512_and_si512(wide, put_aside(_mm512_set1_epi16(63))), 2);
    offsets = _mm512_add_epi16(offsets, _mm512_set1_epi16((short)scan_place_of(at, SCAN_HAN)));
    _mm512_storeu_si512(places->names + n, _mm512_or_si512(offsets, _mm512_srli_epi16(wide, 6)));
    return (size_t)_mm_popcnt_u64(starts);
}

/* --- The first filter --------------------------------------------------------------------------------------------------- */

KERNEL __m512i times(__m512i numbers, uint32_t factor) {
    return _mm512_mullo_epi32(numbers, numbers_of(factor));
}

/* dict_han_bits() */
KERNEL __m512i han_bits(__m512i which) {
    return _mm512_or_si512(_mm512_rolv_epi32(numbers_of(1), _mm512_srli_epi32(which, 27)),
                           _mm512_rolv_epi32(numbers_of(1), _mm512_srli_epi32(which, 22)));
}

KERNEL __mmask16 are(__m512i numbers, __m512i of_bits, uint32_t number) {
    return _mm512_cmpeq_epi32_mask(_mm512_and_si512(numbers, of_bits), numbers_of(number));
}

/* A space, plain or wide, behind the first or second character. */
KERNEL __mmask16 is_padded(__m512i two, __m512i third) {
    __m512i behind_first = _mm512_ternarylogic_epi32(numbers_of(0xFF), third, two, 0xCA); /* bytes 3, 2, 4 and 5 */
    return are(third, numbers_of(0xFF), ' ') | are(third, numbers_of(0xFF00), ' ' << 8)
           | are(third, numbers_of(0xFFFFFF00), 0x8080E300) | are(behind_first, numbers_of(0xFFFF00FF), 0x808000E3);
}

KERNEL __mmask16 passes_first(const dict_view *view, __m512i two, __m512i third) {
    __m128i bits = _mm_cvtsi32_si128((int)view->han_filter_bits);
    __m512i hash = times(two, (uint32_t)DICT_HAN_TWO);
    __m512i word = _mm512_srl_epi32(hash, _mm_sub_epi32(_mm_cvtsi32_si128(32), bits));
    __m512i lacking = _mm512_xor_si512(_mm512_i32gather_epi32(word, view->han_filter, 4), numbers_of(UINT32_MAX));
    __m512i three = _mm512_and_si512(_mm512_srli_epi32(third, 8), _mm512_set1_epi32((int)view->han_filter_third));
    __m512i of_two = _mm512_sll_epi32(hash, bits);
    __m512i of_three = _mm512_add_epi32(of_two, times(three, (uint32_t)DICT_HAN_THIRD));
    return _mm512_testn_epi32_mask(lacking, han_bits(of_two)) | _mm512_testn_epi32_mask(lacking, han_bits(of_three));
}

KERNEL size_t keep_places(__m256i sixteen, __mmask16 keep, scan_place *places, size_t n) {
    _mm256_storeu_si256((__m256i *)(void *)(places + n), _mm256_maskz_compress_epi16(keep, sixteen));
    return n + (size_t)_mm_popcnt_u32(keep);
}

/* Of sixteen places from the i-th on those that there are. */
KERNEL __mmask16 used_from(size_t i, size_t n) {
    return (__mmask16)(n - i >= 16 ? 0xFFFF : (1u << (n - i)) - 1);
}

/* Keeps the characters that pass, and those that are not to be asked about. @return how many. */
KERNEL size_t ask_first(const dict_view *view, scan_places *places, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i += 16) {
        __m512i two = _mm512_loadu_si512(places->twos + i), third = _mm512_loadu_si512(places->thirds + i);
        __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)(places->names + i));
        const __m256i unasked = _mm256_set1_epi16(SCAN_UNASKED);
        __mmask16 keep = passes_first(view, two, third) | is_padded(two, third)
                         | _mm256_test_epi16_mask(sixteen, unasked);
        kept = keep_places(_mm256_andnot_si256(unasked, sixteen), used_from(i, n) & keep, places->names, kept);
    }
    return kept;
}

/* --- The second filter ------------------------------------------------------------------------------------------------ */

/* The last step of dict_name_bit(). */
KERNEL __m512i name_bits(__m512i hash, uint32_t bits) {
    __m512i mixed = times(_mm512_xor_si512(hash, _mm512_srli_epi32(hash, 15)), (uint32_t)DICT_NAME_LAST);
    return _mm512_srl_epi32(mixed, _mm_cvtsi32_si128(32 - (int)bits));
}

KERNEL __mmask16 is_space(__m512i three_bytes) {
    return _mm512_cmpeq_epi32_mask(three_bytes, numbers_of(0x8080E3))
           | _mm512_cmpeq_epi32_mask(_mm512_and_si512(three_bytes, numbers_of(0xFF)), numbers_of(' '));
}

/* 1 in the lanes whose highest byte is a space. */
KERNEL __m512i space_on_top(__m512i four_bytes) {
    return _mm512_maskz_set1_epi32(_mm512_cmpeq_epi32_mask(_mm512_srli_epi32(four_bytes, 24), numbers_of(' ')), 1);
}

/* Which bits sixteen places have in the filters for names of two characters and of more, spaces left out as
 * scan_passes_again() does. @return the places that no bit can tell of. */
KERNEL __mmask16 find_bits(const dict_view *view, const unsigned char *bytes, __m512i at, __mmask16 used,
                           uint32_t *twos, uint32_t *threes) {
    const __m512i zero = _mm512_setzero_si512(), low = numbers_of(0xFFFFFF);
    __m512i own = _mm512_mask_i32gather_epi32(zero, used, at, bytes, 1);
    at = _mm512_add_epi32(at, space_on_top(own));
    __m512i next = _mm512_mask_i32gather_epi32(zero, used, at, bytes + 3, 1);
    at = _mm512_add_epi32(at, space_on_top(next));
    __m512i third = _mm512_and_si512(_mm512_mask_i32gather_epi32(zero, used, at, bytes + 6, 1), low);
    __m512i first = _mm512_or_si512(_mm512_and_si512(own, low), _mm512_slli_epi32(next, 24));
    __m512i second = _mm512_or_si512(_mm512_srli_epi32(_mm512_and_si512(own, low), 16), _mm512_slli_epi32(next, 8));
    __m512i two = _mm512_add_epi32(times(first, (uint32_t)DICT_NAME_FIRST), times(second, (uint32_t)DICT_NAME_SECOND));
    __m512i three = _mm512_add_epi32(two, times(third, (uint32_t)DICT_NAME_THIRD));
    __m512i lead = _mm512_sub_epi32(_mm512_and_si512(own, numbers_of(0xFF)), numbers_of(0xE0));
    _mm512_storeu_si512(twos, name_bits(two, view->name_pair_filter_bits));
    _mm512_storeu_si512(threes, name_bits(three, view->name_filter_bits));
    return _mm512_cmpge_epu32_mask(lead, numbers_of(0x10)) /* not of three bytes */
           | is_space(_mm512_and_si512(next, low)) | is_space(third);
}

/* The filters are far away, and of gathers few are under way at once: all bits are fetched before any is looked at. */
KERNEL void fetch_bits(const dict_view *view, const unsigned char *bytes, scan_places *places, size_t n) {
    for (size_t i = 0; i < n; i += 16) {
        __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)(places->names + i));
        __m512i at = _mm512_srli_epi32(_mm512_cvtepu16_epi32(sixteen), 2);
        __mmask16 unasked = find_bits(view, bytes, at, used_from(i, n), places->twos + i, places->thirds + i);
        __m256i marked = _mm256_or_si256(sixteen, _mm256_maskz_set1_epi16(unasked, SCAN_UNASKED));
        _mm256_storeu_si256((__m256i *)(void *)(places->names + i), marked);
    }
    for (size_t i = 0; i < n; i++) {
        __builtin_prefetch(&view->name_pair_filter[places->twos[i] >> 5]);
        __builtin_prefetch(&view->name_filter[places->thirds[i] >> 5]);
    }
}

KERNEL __mmask16 has_bits(const uint32_t *filter, const uint32_t *bits) {
    __m512i sixteen = _mm512_loadu_si512(bits);
    __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(sixteen, 5), filter, 4);
    return _mm512_test_epi32_mask(words, _mm512_rolv_epi32(numbers_of(1), sixteen));
}

/* Keeps the places that pass. @return how many. */
KERNEL size_t ask_again(const dict_view *view, const unsigned char *bytes, scan_places *places, size_t n) {
    const __m256i unasked = _mm256_set1_epi16(SCAN_UNASKED);
    size_t kept = 0;
    fetch_bits(view, bytes, places, n);
    for (size_t i = 0; i < n; i += 16) {
        __m256i sixteen = _mm256_loadu_si256((const __m256i *)(const void *)(places->names + i));
        __mmask16 keep = has_bits(view->name_pair_filter, places->twos + i)
                         | has_bits(view->name_filter, places->thirds + i) | _mm256_test_epi16_mask(sixteen, unasked);
        kept = keep_places(_mm256_andnot_si256(unasked, sixteen), used_from(i, n) & keep, places->names, kept);
    }
    return kept;
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"))) void
scan_kernel_avx512(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                   scan_places *places) {
    size_t n_names = 0, n_words = 0;
    __mmask64 carry = scan_is_word(before), in_two = 0; /* the last byte was of a word; began a character of two */
    for (size_t at = 0; at < to; at += 64) {
        block b = {_mm512_loadu_si512(bytes + at), _mm512_loadu_si512(bytes + at + 64)};
        __mmask64 here = to - at >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (to - at)) - 1;
        __mmask64 leads = from_on(b.here, 0xE0) & here,
                  twos = between(b.here, SCAN_LETTER_FIRST, SCAN_LETTER_LAST) & here;
        __mmask64 words = (find_words(b.here) & here) | twos | twos << 1 | in_two;
        __mmask64 starts = words & ~(words << 1 | carry);
        scan_findings found = {starts & ~twos, equal(b.here, '$') & here, find_wide(bytes + at, b.here) & here};
        __mmask64 chars = (leads & ~found.wide) | (starts & twos);
        carry = words >> 63;
        in_two = twos >> 63;
        n_words += scan_write_words(found, at, places->words + n_words);
        if (chars) n_names += write_chars(&b, chars, twos | from_on(b.here, 0xF0), at, places, n_names);
    }
    n_names = ask_first(view, places, n_names);
    places->n_names = ask_again(view, bytes, places, n_names);
    places->n_words = n_words;
}

#endif
