/* Where a market word or the end of a sentence may stand: none is missed however it is written and wherever it stands, all
 * ways to look find the same, little else is found, and nothing is read behind the text. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "../check.h"
#include "../folded.h"
#include "../guard.h"
#include "../random.h"
#include "dict/compile.h"
#include "resolve/places.h"

enum { MOST_BYTES = 512 };

static resolve_market_bytes market_bytes;
static char *end_of_memory; /* what is behind may not be read */

/* The text's end is the last byte of the memory. */
static base_slice at_the_end(const char *text, size_t len) {
    memcpy(end_of_memory - len, text, len);
    return (base_slice){end_of_memory - len, len};
}

static bool is_char(base_slice text, size_t at) {
    return at == text.len || ((unsigned char)text.bytes[at] & 0xC0) != 0x80;
}

/* All ways from `from` on. */
static size_t next(base_slice text, size_t from, bool or_end) {
    size_t plain = resolve_next_market_c(&market_bytes, text, from, or_end);
    CHECK_ROW(plain >= from && plain <= text.len && is_char(text, plain), text.bytes);
    if (base_kernel_can_run(SM_KERNEL_AVX2))
        CHECK_ROW(resolve_next_market_avx2(&market_bytes, text, from, or_end) == plain, text.bytes);
    if (base_kernel_can_run(SM_KERNEL_AVX512))
        CHECK_ROW(resolve_next_market_avx512(&market_bytes, text, from, or_end) == plain, text.bytes);
    return plain;
}

/* --- What must be found ------------------------------------------------------------------------------------------------ */

/* Behind fillers of any length and at the end of the text or not. */
static void check_is_found(random_source *source, const char *written, bool is_end) {
    static const char *const fillers[] = {"的", "，", "x", "é", "𠮷", " "};
    char text[MOST_BYTES] = "";
    for (uint32_t n = random_below(source, 80); n > 0; n--)
        strcat(text, fillers[random_below(source, sizeof fillers / sizeof fillers[0])]);
    size_t at = strlen(text);
    strcat(text, written);
    for (uint32_t n = random_below(source, 4); n > 0; n--)
        strcat(text, fillers[random_below(source, sizeof fillers / sizeof fillers[0])]);
    base_slice slice = at_the_end(text, strlen(text));
    CHECK_ROW(next(slice, at, is_end) == at && next(slice, 0, is_end) <= at, text);
}

/* Each spelling of one character, the others as it comes. */
static void check_spellings(random_source *source, const dict_spellings *spellings, const uint32_t *chars, uint32_t n,
                            uint32_t of) {
    for (uint32_t i = spellings->first[chars[of]]; i < spellings->first[chars[of] + 1]; i++) {
        char written[MOST_CHARS * 4 + 1] = "";
        for (uint32_t k = 0, len = 0; k < n; k++) {
            uint32_t first = spellings->first[chars[k]], n_ways = spellings->first[chars[k] + 1] - first;
            uint32_t c = spellings->chars[k == of ? i : first + random_below(source, n_ways)];
            len += base_utf8_encode(c, written + len);
        }
        check_is_found(source, written, false);
    }
}

static void every_market_word_is_found(const dict_view *view, const dict_spellings *spellings) {
    random_source source = {5};
    unsigned n_words = 0;
    for (uint32_t row = 0; row < view->tables[DICT_LEXICON].n_rows; row++) {
        uint32_t chars[MOST_CHARS];
        const char *word = dict_cell(view, DICT_LEXICON, row, LEXICON_WORD);
        base_slice class_name = base_slice_of(dict_cell(view, DICT_LEXICON, row, LEXICON_CLASS));
        if (!(dict_class_bit(dict_class_find(class_name)) & DICT_MARKET_CLASSES)) continue;
        uint32_t n = fold_word(view, word, chars);
        for (uint32_t of = 0; of < n; of++) check_spellings(&source, spellings, chars, n, of);
        n_words++;
    }
    CHECK(n_words > 40);
}

static void every_end_of_a_sentence_is_found(const dict_view *view) {
    random_source source = {6};
    unsigned n_ends = 0;
    for (uint32_t c = 1; c < 0x10000; c++) {
        char written[5] = "";
        if (!dict_ends_sentence(dict_fold_char(view, c))) continue;
        base_utf8_encode(c, written);
        for (int i = 0; i < 20; i++) check_is_found(&source, written, true);
        n_ends++;
    }
    CHECK(n_ends >= 7); /* 。！？；!?; */
}

/* --- What need not be -------------------------------------------------------------------------------------------------- */

static void most_characters_begin_no_market_word(const dict_view *view) {
    unsigned n_chars = 0, n_found = 0;
    for (uint32_t i = 0; i < view->n_names; i++) {
        const char *name = dict_string(view, view->names[i].text);
        base_slice text = {name, strlen(name)};
        for (size_t at = 0; at < text.len; at += base_utf8_len(name + at)) {
            n_found += resolve_next_market_c(&market_bytes, text, at, false) == at;
            n_chars++;
        }
    }
    CHECK(n_chars > 100000 && n_found && n_found < n_chars / 50);
}

/* --- Any text ---------------------------------------------------------------------------------------------------------- */

static void all_ways_find_the_same(void) {
    static const char *const pieces[] = {"港股", "Ａ股", "a", "dr",   "涨停", "的", "，", "。", "!",
                                         "é",    "𠮷",   "x", "纳斯", "香",   "港", "H",  "股", "漲",
                                         "！",   "“",    "Ⓐ", "7",    "n",    "7",  " "};
    random_source source = {7};
    for (int i = 0; i < 300; i++) {
        char text[MOST_BYTES] = "";
        for (uint32_t n = random_below(&source, 60); n > 0; n--)
            strcat(text, pieces[random_below(&source, sizeof pieces / sizeof pieces[0])]);
        size_t len = strlen(text);
        base_slice slice = at_the_end(text, len);
        for (size_t from = 0; from < len; from += base_utf8_len(slice.bytes + from))
            for (int or_end = 0; or_end < 2; or_end++) next(slice, from, or_end);
    }
}

int main(void) {
    end_of_memory = guarded_end(MOST_BYTES);
    const dict_view *view = dict_get_view(sm_dict_default());
    dict_spellings spellings = {0};
    resolve_market_bytes_read(view->market_bytes, &market_bytes);
    if (!dict_spellings_build(view->fold, &spellings)) return 2;
    every_market_word_is_found(view, &spellings);
    every_end_of_a_sentence_is_found(view);
    most_characters_begin_no_market_word(view);
    all_ways_find_the_same();
    dict_spellings_free(&spellings);
    return check_report();
}
