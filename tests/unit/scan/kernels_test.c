/* The kernels are one: all that the processor can run write the same places as the one in plain C, for every length and
 * start, and none reads further than it may. Words and signs are those of a plain reading, character by character; whether no
 * name is passed over is for names_test.c and real_text_test.c to say. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "../check.h"
#include "../guard.h"
#include "../random.h"
#include "scan/walk.h"

enum { MAX_TEXT = 2 * SCAN_BLOCK };

static char *guarded; /* MAX_TEXT bytes and SCAN_PADDING more, and what is behind them may not be read */
static unsigned n_places, n_different;

static size_t random_text(random_source *source, size_t most, char *out) {
    static const char *const pieces[] = {
        "金山办公", "万科A", "万 科", "五　粮　液", "的", "，", "腾讯", "騰訊", "贵州茅台", "Apple", "x", "688111", "$",
        "＄", "ＴＣＬ", "６", "é", "·", "\xC2\xA0", "😀", "𠮷野家", " ", "\n", "(", "a1", "Ü", "Ж", "ﬁ", "｜",
        "中国石油",
        /* the first and last of each kind, and what stands beside them */
        "a", "z", "A", "Z", "0", "9", "@", "[", "`", "{", "/", ":", "#", "%", "ａ", "ｚ", "Ａ", "Ｚ", "０", "９", "／",
        "：", "＠", "［", "｀", "｛", "＃", "％", "¿", "À", "տ", "ր", "\x7F", "ࠀ", "￿", "𐀀"};
    size_t len = 0;
    while (len + 32 < most) {
        const char *piece = pieces[random_below(source, sizeof pieces / sizeof pieces[0])];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

static void print_place(size_t i, const scan_place *places, size_t n) {
    if (i < n) fprintf(stderr, " %zu of kind %d", scan_place_at(places[i]), (int)scan_place_what(places[i]));
    else fprintf(stderr, " none");
}

static void print_difference(const char *name, const scan_place *plain, size_t n, const scan_place *fast,
                             size_t n_fast) {
    for (size_t i = 0; i < n || i < n_fast; i++) {
        if (i < n && i < n_fast && plain[i] == fast[i]) continue;
        fprintf(stderr, "  place %zu: expected", i);
        print_place(i, plain, n);
        fprintf(stderr, ", %s", name);
        print_place(i, fast, n_fast);
        fprintf(stderr, "\n");
    }
}

/* Places of SCAN_HAN in order. */
static bool are_fine(const scan_place *places, size_t n, size_t len) {
    for (size_t i = 0; i < n; i++) {
        if (scan_place_what(places[i]) != SCAN_HAN) return false;
        if (scan_place_at(places[i]) >= len || (i && scan_place_at(places[i - 1]) >= scan_place_at(places[i])))
            return false;
    }
    return true;
}

static bool are_same(const scan_place *plain, size_t n, const scan_place *fast, size_t n_fast) {
    return n == n_fast && memcmp(plain, fast, n * sizeof *fast) == 0;
}

/* --- A plain reading ---------------------------------------------------------------------------------------------------- */

typedef struct reading {
    scan_place words[MAX_TEXT], names[MAX_TEXT]; /* of names those alone that no filter keeps out */
    size_t n_words, n_names;
} reading;

static bool is_wide(uint32_t c) {
    return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A) || c == 0xFF04;
}

static void read_plainly(const char *text, size_t len, unsigned char before, reading *out) {
    bool is_in_word = scan_is_word(before);
    out->n_words = out->n_names = 0;
    for (size_t at = 0, step; at < len; at += step) {
        uint32_t c;
        step = base_utf8_read(text + at, &c);
        bool is_letter = step == 2 && scan_is_letter_lead((unsigned char)text[at]);
        bool is_of_word = is_letter || (step == 1 && scan_is_word((unsigned char)text[at]));
        if (c == '$') out->words[out->n_words++] = scan_place_of(at, SCAN_SIGN);
        else if (is_wide(c)) out->words[out->n_words++] = scan_place_of(at, SCAN_WIDE);
        else if (step == 4 || (is_letter && !is_in_word)) out->names[out->n_names++] = scan_place_of(at, SCAN_HAN);
        else if (is_of_word && !is_in_word) out->words[out->n_words++] = scan_place_of(at, SCAN_WORD);
        is_in_word = is_of_word;
    }
}

static bool holds_all(const scan_places *places, const scan_place *wanted, size_t n) {
    size_t i = 0;
    for (size_t k = 0; k < n; k++) {
        while (i < places->n_names && places->names[i] < wanted[k]) i++;
        if (i == places->n_names || places->names[i] != wanted[k]) return false;
    }
    return true;
}

/* --- Comparing ----------------------------------------------------------------------------------------------------------- */

/* All kernels over [from, to) of a text, which lies such that its last readable byte is the last of all. */
static void compare(const dict_view *view, const char *text, size_t len, size_t from, size_t to) {
    static scan_places plain, fast;
    static reading expected;
    char *end = guarded + MAX_TEXT + SCAN_PADDING, *start = end - SCAN_PADDING - (to - from);
    size_t behind = len - to < SCAN_PADDING ? len - to : SCAN_PADDING;
    memcpy(start, text + from, to - from + behind);
    memset(start + (to - from) + behind, 0, SCAN_PADDING - behind);
    const unsigned char *bytes = (const unsigned char *)start;
    unsigned char before = from ? (unsigned char)text[from - 1] : ' ';
    scan_kernel_c(view, bytes, to - from, before, &plain);
    read_plainly(start, to - from, before, &expected);
    n_places += (unsigned)(plain.n_names + plain.n_words);
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        if (!base_kernel_can_run(kernel)) continue;
        const char *name = base_kernel_word(kernel);
        scan_kernel_of(kernel)(view, bytes, to - from, before, &fast);
        bool is_same = are_same(plain.names, plain.n_names, fast.names, fast.n_names);
        bool is_fine = are_fine(fast.names, fast.n_names, to - from)
                       && are_same(expected.words, expected.n_words, fast.words, fast.n_words)
                       && holds_all(&fast, expected.names, expected.n_names);
        if ((is_same && is_fine) || n_different++ >= 5) continue;
        fprintf(stderr, "in '%.*s' behind byte %02X:\n", (int)(to - from), start, before);
        print_difference(name, plain.names, plain.n_names, fast.names, fast.n_names);
        print_difference(name, expected.words, expected.n_words, fast.words, fast.n_words);
    }
}

static void every_stretch_of_a_text_has_the_same_places(const dict_view *view) {
    random_source source = {17};
    char text[MAX_TEXT];
    for (int i = 0; i < 20; i++) {
        size_t len = random_text(&source, 240, text);
        for (size_t from = 0; from < len; from = next_char(text, len, from + 1 + random_below(&source, 16)))
            for (size_t to = from; to <= len; to = to == len ? len + 1 : next_char(text, len, to + 1))
                compare(view, text, len, from, to);
    }
    for (int i = 0; i < 60; i++) {
        size_t len = random_text(&source, SCAN_BLOCK - 8, text), from = next_char(text, len, random_below(&source, 80));
        compare(view, text, len, from, next_char(text, len, len - random_below(&source, 80)));
    }
    CHECK(n_different == 0);
    CHECK_ROW(n_places > 50000, "enough was tried");
}

int main(void) {
    guarded = guarded_end(MAX_TEXT + SCAN_PADDING) - MAX_TEXT - SCAN_PADDING;
    every_stretch_of_a_text_has_the_same_places(dict_get_view(sm_dict_default()));
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++)
        if (base_kernel_can_run(kernel)) printf("%s ", base_kernel_word(kernel));
    printf("were compared\n");
    return check_report();
}
