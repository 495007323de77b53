/* The filter of words that begin with a letter for AVX-512: eight words at a time, which takes a sixth of the instructions.
 * words_filter.c says what is asked and why. */
#include <stddef.h>

#include "scan/codes.h"
#include "scan/walk.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL                                                                                                         \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"),                \
                   always_inline)) static inline

KERNEL __m512i all(uint64_t number) {
    return _mm512_set1_epi64((long long)number);
}

KERNEL __mmask8 is_between(__m512i bytes, uint64_t first, uint64_t last) { /* one byte a lane */
    return _mm512_cmple_epu64_mask(_mm512_sub_epi64(bytes, all(first)), all(last - first));
}

KERNEL __mmask8 is(__m512i numbers, uint64_t number) {
    return _mm512_cmpeq_epi64_mask(numbers, all(number));
}

/* A scan_word as a number: run, place from bit 32 on, len, asks. */
_Static_assert(sizeof(scan_word) == 8 && offsetof(scan_word, place) == 4 && offsetof(scan_word, len) == 6
                   && offsetof(scan_word, asks) == 7,
               "words are read as numbers");

/* Eight words, one a lane. */
typedef struct eight_words {
    __m512i bytes;   /* from where they begin, what is behind the run left out */
    __m512i behind;  /* the byte behind the letters */
    __m512i letters; /* all bits of those that are */
    __m512i len;     /* how many these are */
    __mmask8 in_run; /* what is behind them is of the run */
} eight_words;

/* @param words  as scan_take_words() wrote them: `len` is how far the run goes. */
KERNEL eight_words read_eight(const char *text, __m512i words, __mmask8 used) {
    __m512i at = _mm512_and_si512(_mm512_srli_epi64(words, 34), all(0x3FFF));
    __m512i left = _mm512_and_si512(_mm512_srli_epi64(words, 48), all(0xFF));
    __m512i bytes = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), used, at, text, 1);
    __m512i unused = _mm512_slli_epi64(_mm512_sub_epi64(all(8), _mm512_min_epu64(left, all(8))), 3);
    __m512i small = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    eight_words e;
    e.bytes = _mm512_srlv_epi64(_mm512_sllv_epi64(bytes, unused), unused);
    small = _mm512_srlv_epi64(_mm512_sllv_epi64(small, unused), unused);
    __m512i others = _mm512_movm_epi8(
        _mm512_cmpgt_epu8_mask(_mm512_sub_epi8(small, _mm512_set1_epi8('a')), _mm512_set1_epi8('z' - 'a')));
    e.letters = _mm512_andnot_si512(others, _mm512_sub_epi64(others, all(1))); /* below the first that is none */
    e.len = _mm512_sad_epu8(_mm512_and_si512(e.letters, _mm512_set1_epi8(1)), _mm512_setzero_si512());
    e.behind = _mm512_and_si512(_mm512_srlv_epi64(e.bytes, _mm512_slli_epi64(e.len, 3)), all(0xFF));
    e.in_run = _mm512_cmplt_epu64_mask(e.len, left) & _mm512_cmplt_epu64_mask(e.len, all(8));
    return e;
}

/* Of bits of the filter those that are set. */
KERNEL __mmask8 has_bits(const uint32_t *filter, __m512i bits) {
    __m256i at = _mm512_cvtepi64_epi32(bits);
    __m256i words = _mm256_i32gather_epi32((const int *)(const void *)filter, _mm256_srli_epi32(at, 5), 4);
    __m256i one = _mm256_rolv_epi32(_mm256_set1_epi32(1), at);
    return _mm256_test_epi32_mask(words, one);
}

/* dict_may_follow() by anything. */
KERNEL __mmask8 may_begin_names(const dict_view *view, __m512i keys) {
    const uint64_t in_line = (1 << DICT_LINE_BITS) - 1;
    __m512i hash = _mm512_mullo_epi64(keys, all(dict_word_factor));
    __m512i any = _mm512_xor_si512(hash, all(dict_next_factor * (DICT_FOLLOWED_BY_ANY + 1)));
    __m512i line = _mm512_srl_epi64(hash, _mm_cvtsi32_si128(64 - (int)view->follow_filter_bits));
    line = _mm512_andnot_si512(all(in_line), line);
    __m512i first = _mm512_or_si512(line, _mm512_and_si512(_mm512_srli_epi64(any, 32), all(in_line)));
    __m512i second = _mm512_or_si512(line, _mm512_and_si512(_mm512_srli_epi64(any, 44), all(in_line)));
    return has_bits(view->follow_filter, first) & has_bits(view->follow_filter, second);
}

KERNEL __mmask8 may_be_codes(const codes_filter *filter, const eight_words *e) {
    const __m512i but_last = _mm512_srli_epi64(e->letters, 8), zero = _mm512_setzero_si512();
    __mmask8 is_mixed = _mm512_test_epi64_mask(e->bytes, _mm512_and_si512(but_last, _mm512_set1_epi8(0x20)));
    __m512i at = _mm512_mask_add_epi64(e->len, is_mixed, e->len, all(CODES_MOST_LETTERS + 1));
    __m512i first = _mm512_and_si512(e->bytes, all(0xFF));
    __m512i by_length = _mm512_i64gather_epi64(at, filter->letters.by_length, 8);
    /* Small letters begin few codes: what is small is asked only where there is something to ask. */
    __mmask8 some = _mm512_test_epi64_mask(by_length, by_length);
    __m512i by_first = _mm512_mask_i64gather_epi64(zero, some, first, filter->rough->first, 8);
    return _mm512_test_epi64_mask(by_length, by_first);
}

/* What goes_on() asks, but for what takes more than a byte to tell: that is left to `unsure`. */
KERNEL __mmask8 go_on(const eight_words *e, __mmask8 *unsure) {
    *unsure = (is(e->behind, 0xE2) | is(e->behind, 0xEF)) & e->in_run;
    return e->in_run
           & (is_between(e->behind, '0', '9') | is(e->behind, '\'') | is(e->behind, '`')
              | is_between(e->behind, SCAN_MORE_FIRST, SCAN_LETTER_LAST));
}

/* Few are. */
KERNEL __mmask8 tell_unsure(const scan_walker *w, __m512i words, __m512i len, __mmask8 unsure) {
    __mmask8 go_on = 0;
    uint64_t at[8];
    _mm512_storeu_si512(at, _mm512_add_epi64(_mm512_and_si512(_mm512_srli_epi64(words, 34), all(0x3FFF)), len));
    for (unsigned left = unsure; left; left &= left - 1) {
        unsigned lane = (unsigned)__builtin_ctz(left);
        go_on |= (__mmask8)(words_go_on_in_three(w->view, (const unsigned char *)w->block.text + at[lane]) << lane);
    }
    return go_on;
}

/* Words as they are written back. */
KERNEL __m512i set_asks(__m512i words, __m512i len, __mmask8 is_code, __mmask8 is_name, __mmask8 is_any) {
    words = _mm512_or_si512(_mm512_and_si512(words, all(0x0000FFFFFFFFFFFF)), _mm512_slli_epi64(len, 48));
    words = _mm512_mask_or_epi64(words, is_code, words, all((uint64_t)WORD_IS_CODE << 56));
    words = _mm512_mask_or_epi64(words, is_name, words, all((uint64_t)WORD_IS_NAME << 56));
    return _mm512_mask_or_epi64(words, is_any, words, all((uint64_t)WORD_IS_ANY << 56));
}

KERNEL __mmask8 are_addresses(__m512i bytes) {
    __m512i four = _mm512_and_si512(bytes, all(UINT32_MAX));
    return is(four, WORDS_HTTP) | is(four, WORDS_WWW);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt"))) void
scan_ask_letters_avx512(const scan_walker *w, scan_words *words) {
    const codes_filter *filter = w->codes ? &w->codes->filter : NULL;
    const scan_some *letters = &words->letters;
    for (uint32_t i = 0; i < letters->n; i += 8) {
        __mmask8 used = (__mmask8)(letters->n - i >= 8 ? 0xFF : (1u << (letters->n - i)) - 1);
        __m128i items = _mm_maskz_loadu_epi16(used, letters->items + i);
        __m512i at = _mm512_cvtepu16_epi64(items);
        __m512i of = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), used, at, words->items, 8);
        eight_words e = read_eight(w->block.text, of, used);
        __m512i keys = _mm512_and_si512(_mm512_or_si512(e.bytes, _mm512_set1_epi8(0x20)), e.letters);
        __mmask8 unsure, is_name = may_begin_names(w->view, keys) & used, is_any = go_on(&e, &unsure);
        __mmask8 is_code = filter ? may_be_codes(filter, &e) : 0;
        is_any |= are_addresses(e.bytes) | (is_code & is(e.len, 8)); /* which may be longer */
        is_any |= tell_unsure(w, of, e.len, unsure & used);
        is_name &= (__mmask8)~is_any; /* these are looked at whatever follows */
        of = set_asks(of, e.len, is_code, is_name, is_any);
        _mm512_mask_i64scatter_epi64(words->items, used, at, of, 8);
        _mm_storeu_si128((__m128i *)(void *)(words->names.items + words->names.n),
                         _mm_maskz_compress_epi16(is_name, items));
        words->names.n += (uint32_t)_mm_popcnt_u32(is_name);
    }
}

#endif
