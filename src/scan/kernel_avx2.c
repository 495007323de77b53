/* The kernel for AVX2: 32 bytes to a vector, and a bit of each byte from one instruction. */
#include "scan/kernel_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL __attribute__((target("avx2,bmi,bmi2,popcnt"), always_inline)) static inline

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

/* --- The first filter --------------------------------------------------------------------------------------------------- */

/* Writes down all characters, eight at once whether there are so many or not. Where each was
 * asked about here, one by one, the kernel took 1.4 times as long. @return how many there are. */
KERNEL size_t write_chars(const dict_view *view, const unsigned char *bytes, scan_chars chars, size_t at,
                          scan_places *places, size_t n) {
    enum { AT_ONCE = 8 };
    const uint64_t top = (uint64_t)1 << 63; /* where nothing is left */
    size_t n_chars = (size_t)__builtin_popcountll(chars.all);
    uint64_t left = chars.all;
    (void)view;
    for (size_t i = 0; i < n_chars; i += AT_ONCE)
        for (size_t k = n + i; k < n + i + AT_ONCE; k++, left &= left - 1) {
            size_t bit = (size_t)__builtin_ctzll(left | top);
            memcpy(&places->eights[k], bytes + bit + 1, sizeof places->eights[k]);
            places->names[k] = scan_place_of(at + bit, SCAN_HAN);
        }
    for (left = chars.all & chars.unasked; left; left &= left - 1) { /* few */
        uint64_t before = chars.all & ((left & -left) - 1);
        places->names[n + (size_t)__builtin_popcountll(before)] |= SCAN_UNASKED;
    }
    return n_chars;
}

/* Of eight characters bytes 1, 2, 4 and 5, and 6 to 8. Either half of a vector by itself has first those of an earlier four:
 * 0, 1, 4, 5 and 2, 3, 6, 7. */
typedef struct eight_chars {
    __m256i twos, thirds;
} eight_chars;

KERNEL eight_chars read_chars(const uint64_t eights[8]) {
    const __m256i apart =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 3, 4, 5, 6, 7, -1, 8, 9, 11, 12, 13, 14, 15, -1));
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)eights);
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(eights + 4));
    __m256 low = _mm256_castsi256_ps(_mm256_shuffle_epi8(first, apart));
    __m256 high = _mm256_castsi256_ps(_mm256_shuffle_epi8(second, apart));
    return (eight_chars){_mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88)),
                         _mm256_castps_si256(_mm256_shuffle_ps(low, high, 0xDD))};
}

/* dict_has_han_bits() */
KERNEL __m256i has_bits(__m256i words, __m256i which) {
    __m256i second = _mm256_and_si256(_mm256_srli_epi32(which, 22), _mm256_set1_epi32(31));
    return _mm256_and_si256(_mm256_srlv_epi32(words, _mm256_srli_epi32(which, 27)), _mm256_srlv_epi32(words, second));
}

KERNEL __m256i hash_of(__m256i twos) {
    return _mm256_mullo_epi32(twos, _mm256_set1_epi32(DICT_HAN_TWO));
}

/* The words of the filter that eights of characters are asked by, in the order of vectors. They are fetched one by one, in a
 * loop of its own: to gather eight at once is no faster. */
KERNEL void fetch_words(const dict_view *view, const uint64_t *eights, size_t n, uint32_t *words) {
    const __m128i shift = _mm_cvtsi32_si128(32 - (int)view->han_filter_bits);
    for (size_t i = 0; i < n; i += 8)
        _mm256_storeu_si256((__m256i *)(void *)(words + i),
                            _mm256_srl_epi32(hash_of(read_chars(eights + i).twos), shift));
    for (size_t i = 0; i < n; i += 8)
        for (size_t k = i; k < i + 8; k++) words[k] = view->han_filter[words[k]];
}

/* A bit for each of eight characters. */
KERNEL uint32_t pass_first(const dict_view *view, const uint64_t eights[8], const uint32_t words[8]) {
    const eight_chars chars = read_chars(eights);
    __m256i eight_words = _mm256_loadu_si256((const __m256i *)(const void *)words);
    __m256i of_two = _mm256_sll_epi32(hash_of(chars.twos), _mm_cvtsi32_si128((int)view->han_filter_bits));
    __m256i third = _mm256_and_si256(chars.thirds, _mm256_set1_epi32((int)view->han_filter_third));
    __m256i of_three = _mm256_add_epi32(of_two, _mm256_mullo_epi32(third, _mm256_set1_epi32(DICT_HAN_THIRD)));
    __m256i pass = _mm256_or_si256(has_bits(eight_words, of_two), has_bits(eight_words, of_three));
    pass = _mm256_permute4x64_epi64(_mm256_slli_epi32(pass, 31), 0xD8); /* in their order */
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(pass));
}

/* The numbers of those of eight bits that are set, a byte each. */
KERNEL __m128i numbers_of(uint32_t bits) {
    const uint64_t each = 0x0101010101010101, numbers = 0x0706050403020100;
    return _mm_cvtsi64_si128((long long)_pext_u64(numbers, _pdep_u64(bits, each) * UINT8_MAX));
}

/* Keeps those of eight places whose bit is set. @return how many. */
KERNEL size_t keep_places(__m128i eight, uint32_t keep, scan_place *to) {
    __m128i doubled = _mm_mullo_epi16(_mm_cvtepu8_epi16(numbers_of(keep)), _mm_set1_epi16(0x0202));
    __m128i kept = _mm_shuffle_epi8(eight, _mm_add_epi16(doubled, _mm_set1_epi16(0x0100)));
    _mm_storeu_si128((__m128i *)(void *)to, kept);
    return (size_t)__builtin_popcount(keep);
}

/* A bit for each of eight places that is marked. */
KERNEL uint32_t are_unasked(__m128i eight) {
    const __m128i unasked = _mm_set1_epi16(SCAN_UNASKED);
    __m128i are = _mm_cmpeq_epi16(_mm_and_si128(eight, unasked), unasked);
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(are, _mm_setzero_si128()));
}

/* Keeps the characters that pass, and those that are not to be asked about. @return how many. */
KERNEL size_t ask_first(const dict_view *view, scan_places *places, size_t n) {
    enum { TOGETHER = 128 };
    uint32_t words[TOGETHER];
    size_t kept = 0;
    memset(places->eights + n, 0, 8 * sizeof places->eights[n]); /* the last eight may be fewer */
    for (size_t i = 0; i < n; i += 8) {
        if (i % TOGETHER == 0) fetch_words(view, places->eights + i, n - i > TOGETHER ? TOGETHER : n - i, words);
        __m128i eight = _mm_loadu_si128((const __m128i *)(const void *)(places->names + i));
        uint32_t keep = pass_first(view, places->eights + i, words + i % TOGETHER) | are_unasked(eight);
        if (n - i < 8) keep &= (1u << (n - i)) - 1;
        eight = _mm_andnot_si128(_mm_set1_epi16(SCAN_UNASKED), eight);
        kept += keep_places(eight, keep, places->names + kept);
    }
    return kept;
}

/* --- All of it ---------------------------------------------------------------------------------------------------------- */

__attribute__((target("avx2,bmi,bmi2,popcnt"))) void scan_kernel_avx2(const dict_view *view, const unsigned char *bytes,
                                                                      size_t to, unsigned char before,
                                                                      scan_places *places) {
    size_t n = scan_walk_masks(read_masks, write_chars, view, bytes, to, before, places);
    n = ask_first(view, places, n);
    places->n_names = scan_ask_again(view, bytes, places->names, n);
}

#endif
