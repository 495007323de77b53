/* Which of the words of a block deserve a look. Four words of five in Chinese text are numbers, all but a few in English text
 * are none, and most are neither name nor code: what they are no predictor knows. Numbers and others are asked in loops of
 * their own, and no branch asks for the answer. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

const scan_place *scan_take_words(scan_walker *w, const scan_place *places, scan_stretch of) {
    scan_words *words = &w->buffers->words;
    const char *text = w->block.text;
    const size_t end = w->runs[of.run].len - of.before; /* of the run */
    uint32_t n = words->n, n_numbers = words->numbers.n, n_letters = words->letters.n;
    for (; *places < of.end; places++, n++) {
        uint32_t is_word = scan_place_what(*places) == SCAN_WORD;
        size_t at = scan_place_at(*places), left = end - at;
        uint32_t is_number = base_is_digit(text[at]);
        words->items[n] = (scan_word){of.run, *places, left < UINT8_MAX ? (uint8_t)left : UINT8_MAX,
                                      (uint8_t)((is_word ^ 1) * WORD_IS_ANY)};
        words->numbers.items[n_numbers] = words->letters.items[n_letters] = (uint16_t)n;
        n_numbers += is_number;
        n_letters += is_word & (is_number ^ 1);
    }
    words->n = n;
    words->numbers.n = n_numbers;
    words->letters.n = n_letters;
    return places;
}

/* --- What a word is made of ------------------------------------------------------------------------------------------- */

typedef struct word_bytes {
    const unsigned char *p;
    uint64_t eight; /* bytes from there on, what is behind the run left out */
    size_t left;    /* bytes of the run from there on */
} word_bytes;

static inline word_bytes read_word(const scan_walker *w, const scan_word *word, size_t left) {
    word_bytes b;
    b.p = (const unsigned char *)w->block.text + scan_place_at(word->place);
    b.left = left;
    memcpy(&b.eight, b.p, 8);
    unsigned unused = left < 8 ? 8 * (8 - (unsigned)left) : 0;
    b.eight = b.eight << unused >> unused;
    return b;
}

/* How many bytes come before the first whose top bit is set, but for that of the first byte. */
static inline size_t bytes_before(uint64_t tops) {
    return (size_t)__builtin_ctzll(tops >> 8 | (uint64_t)1 << 63) / 8 + 1;
}

/* The bit that tells them from capitals, which digits have too. */
static const uint64_t small_letters = 0x2020202020202020u;

/* As the filters know a word of so many letters and digits, eight at most. */
static inline uint64_t key_of(uint64_t eight, size_t len) {
    return words_lowest(eight | small_letters, len);
}

static inline uint64_t but_letters(uint64_t eight) {
    return words_between(eight | small_letters, 'a', 'z') ^ 0x8080808080808080u;
}

/* --- What follows a word ---------------------------------------------------------------------------------------------- */

/* The folded character at `p`, or DICT_FOLD_DROP where it is not of one byte or three. */
static inline uint32_t fold_at(const dict_view *view, const unsigned char *p) {
    uint32_t first = p[0], three = base_utf8_three((const char *)p);
    /* No branch asks which: text has both as it likes. U+0000, which stands for all others, is nothing too. */
    uint32_t is_ascii = first < 0x80, is_of_three = (first & 0xF0) == 0xE0;
    return view->fold[(first & (0 - is_ascii)) | (three & (0 - is_of_three))];
}

/* As names have any number of them between words. */
static inline uint32_t is_passed_over(uint32_t folded) {
    const uint64_t bits = 1 << DICT_FOLD_DROP | (uint64_t)1 << ' ' | (uint64_t)1 << '.' | (uint64_t)1 << ','
                          | (uint64_t)1 << '-' | (uint64_t)1 << '/' | (uint64_t)1 << '(' | (uint64_t)1 << ')';
    return (folded < 64) & (bits >> (folded & 63));
}

/* Signs are passed over, two of ASCII at most. */
static inline size_t signs_at(const dict_view *view, const unsigned char *p) {
    uint32_t first = (p[0] < 0x80) & is_passed_over(view->fold[p[0]]);
    return first + (first & (p[first] < 0x80) & is_passed_over(view->fold[p[first]]));
}

/* Whether names that begin with a word go on with the character at `p`. Behind more signs anything may follow. */
static inline uint32_t may_follow(const dict_view *view, uint64_t word, const unsigned char *p) {
    uint32_t next = fold_at(view, p);
    return dict_may_follow(view, word, next) | is_passed_over(next);
}

typedef struct next_word {
    uint64_t word;
    uint32_t is_unknown; /* it is not plain to see that it is a word, and which */
} next_word;

static inline next_word read_next_word(const unsigned char *p, size_t left) {
    uint64_t eight;
    memcpy(&eight, p, 8);
    uint64_t ends = words_but_digits(eight) & but_letters(eight);
    size_t len = bytes_before(ends);
    uint32_t is_plain = (len == 8) | !scan_may_go_on(p[len]), is_in_run = len < left, is_word = !(ends & 0x80);
    return (next_word){key_of(eight, len), (is_word & is_plain & is_in_run) ^ 1};
}

/* Whether a name may begin with a word. Where another word follows it is asked, not its first letter alone. */
static inline uint32_t may_begin(const scan_walker *w, const word_bytes *b, size_t len) {
    const dict_view *view = w->view;
    const unsigned char *p = b->p + len;
    uint64_t name = key_of(b->eight, len);
    size_t n_signs = signs_at(view, p), left = b->left - len;
    uint32_t is_name = dict_may_follow(view, name, 0) & dict_begins_with(view, name, 0);
    if (left <= n_signs) return is_name; /* nothing follows in this run */
    next_word next = read_next_word(p + n_signs, left - n_signs);
    if (next.is_unknown) return is_name | may_follow(view, name, p + n_signs);
    return is_name | dict_begins_with(view, name, next.word);
}

/* Whether what stands behind a word may be of it: letters, digits, accents, what is nothing and what is of full width. */
static inline uint32_t goes_on(const dict_view *view, const word_bytes *b, size_t len) {
    const unsigned char *p = b->p + len;
    uint32_t is_in_run = len < b->left, may = scan_may_go_on(*p), is_more = base_is_digit((char)*p);
    if (may & (*p >= 0xE2)) may = words_go_on_in_three(view, p);
    return (len < 8) & is_in_run & (may | is_more);
}

static inline void note(scan_some *some, uint32_t item, uint32_t whether) {
    some->items[some->n] = (uint16_t)item;
    some->n += whether;
}

/* --- Numbers ----------------------------------------------------------------------------------------------------------- */

enum { REACH = 8 + SCAN_BESIDE }; /* bytes of a number and behind it that are asked about */

/* What stands beside most of them says that they are no code. */
static inline uint32_t may_be_code(const codes_filter *filter, const word_bytes *b, size_t start, size_t len) {
    const unsigned char *before = b->p - (start < SCAN_BESIDE ? 0 : SCAN_BESIDE);
    uint32_t is_at_edge = (start < SCAN_BESIDE) | (b->left < REACH);
    return is_at_edge | (codes_number_rows(filter->numbers, len, before, b->p + len) != 0);
}

static void ask_numbers(const scan_walker *w, scan_words *words) {
    const codes_filter *filter = w->codes ? &w->codes->filter : NULL;
    const uint32_t *names = w->view->number_filter, name_bits = w->view->number_filter_bits;
    for (uint32_t i = 0; i < words->numbers.n; i++) {
        scan_word *word = &words->items[words->numbers.items[i]];
        const word_bytes b = read_word(w, word, word->len);
        size_t start = (size_t)(w->block.own + scan_place_at(word->place) - w->runs[word->run].bytes);
        size_t len = (size_t)__builtin_ctzll(words_but_digits(b.eight) | (uint64_t)1 << 63) / 8; /* seven at most */
        uint64_t number = words_lowest(b.eight, len);
        uint32_t is_name = scan_has_bit(names, dict_word_bit(number, name_bits)), is_any = goes_on(w->view, &b, len);
        uint32_t is_code = filter ? may_be_code(filter, &b, start, len) : 0;
        word->len = (uint8_t)len;
        word->asks = (uint8_t)(is_code * WORD_IS_CODE | is_name * WORD_IS_NAME | is_any * WORD_IS_ANY);
        note(&words->names, words->numbers.items[i], is_name & (is_any ^ 1));
        /* One after the other they would wait for a line of the table of codes each. */
        dict_fetch_slots(w->view, dict_number_slot(w->view, number) & (0 - is_code));
    }
}

/* --- Words that begin with a letter ------------------------------------------------------------------------------------ */

/* Their case and first letter say whether they are a code. */
static inline uint32_t are_code(const codes_filter *filter, const word_bytes *b, size_t len) {
    uint64_t but_last = UINT64_MAX >> (64 - 8 * len) >> 8;
    uint32_t is_mixed = (b->eight & but_last & small_letters) != 0;
    return (filter->letters.by_length[is_mixed][len] & filter->rough->first[b->p[0]]) != 0;
}

static inline uint32_t is_address(uint64_t eight) {
    uint32_t four = (uint32_t)eight;
    return (four == WORDS_HTTP) | (four == WORDS_WWW);
}

void scan_ask_letters_c(const scan_walker *w, scan_words *words) {
    const codes_filter *filter = w->codes ? &w->codes->filter : NULL;
    for (uint32_t i = 0; i < words->letters.n; i++) {
        scan_word *word = &words->items[words->letters.items[i]];
        const word_bytes b = read_word(w, word, word->len);
        size_t len = bytes_before(but_letters(b.eight));
        uint32_t is_code = filter ? are_code(filter, &b, len) : 0;
        uint32_t is_name = dict_may_follow(w->view, key_of(b.eight, len), DICT_FOLLOWED_BY_ANY);
        uint32_t is_any = goes_on(w->view, &b, len) | is_address(b.eight)
                          | (is_code & (len == 8)); /* which may be longer */
        word->len = (uint8_t)len;
        word->asks = (uint8_t)(is_code * WORD_IS_CODE | is_name * WORD_IS_NAME | is_any * WORD_IS_ANY);
        note(&words->names, words->letters.items[i], is_name & (is_any ^ 1));
    }
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

/* Of words that names begin with, which half of those of English text are, one in five is left. */
static void ask_what_follows(const scan_walker *w, scan_words *words) {
    for (uint32_t i = 0; i < words->names.n; i++) {
        scan_word *word = &words->items[words->names.items[i]];
        const base_slice run = w->runs[word->run];
        size_t left = (size_t)(run.bytes + run.len - w->block.own) - scan_place_at(word->place);
        const word_bytes b = read_word(w, word, left);
        uint32_t may = may_begin(w, &b, word->len);
        word->asks &= (uint8_t) ~((may ^ 1) * WORD_IS_NAME);
    }
}

/* Keeps the words that are still asked about. */
static void keep_words(scan_words *words) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < words->n; i++) {
        words->items[kept] = words->items[i];
        kept += words->items[i].asks != 0;
    }
    words->n = kept;
}

void scan_filter_words(scan_walker *w) {
    scan_words *words = &w->buffers->words;
    ask_numbers(w, words);
    w->ask_letters(w, words);
    ask_what_follows(w, words);
    keep_words(words);
}
