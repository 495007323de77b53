/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

/* Out of the way of the words that are none. */
__attribute__((noinline)) static void look_for_code(walker *w, size_t at, size_t end, size_t n_chars, codes_start start,
                                                    uint64_t rough) {
    const codes_place place = {w->run, at, end, n_chars, start};
    size_t next;
    if (w->status != SM_OK) return;
    w->status = codes_look(w->codes, w->memory, &place, rough, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

static inline void look_if_code(walker *w, size_t at, size_t end, size_t n_chars, codes_start start) {
    const codes_place place = {w->run, at, end, n_chars, start};
    uint64_t rough = w->codes ? codes_rough_rows(&w->codes->filter, &place) : 0;
    if (rough) look_for_code(w, at, end, n_chars, start, rough);
}

__attribute__((noinline)) static void look_for_names(walker *w, size_t at) {
    if (!scan_names_at(w->view, w->run, at, w->list)) no_memory(w);
}

/* --- Words ----------------------------------------------------------------------------------------------------------- */

/* Words are read eight bytes at a time: most end within the first eight, and no branch asks where. */
static uint64_t read_eight(base_slice run, size_t at) {
    uint64_t eight = 0;
    if (run.len - at >= 8) memcpy(&eight, run.bytes + at, 8);
    else
        for (size_t i = 0; at + i < run.len; i++) eight |= (uint64_t)(unsigned char)run.bytes[at + i] << 8 * i;
    return eight;
}

/* The top bit of each of eight bytes from `first` to `last`. A sum of seven bits reaches the top one from a bound on; what
 * is not ASCII has it already and is left out. */
static inline uint64_t bytes_between(uint64_t eight, uint64_t first, uint64_t last) {
    const uint64_t ones = 0x0101010101010101u, top = 0x80 * ones;
    uint64_t low = eight & ~top;
    return (low + (0x80 - first) * ones) & ~(low + (0x7F - last) * ones) & ~eight & top;
}

/* The top bit of each byte that is no digit. '0' to '9' are all bytes that become 0 to 9 without the bits of '0'. */
static inline uint64_t bytes_but_digits(uint64_t eight) {
    const uint64_t ones = 0x0101010101010101u, top = 0x80 * ones;
    uint64_t values = eight ^ '0' * ones;
    return (((values & ~top) + (0x80 - 10) * ones) | values) & top;
}

static inline bool is_digit(unsigned char c) {
    return (unsigned)(c - '0') < 10;
}

/* A word ends where neither letters nor digits follow, and its first part where the other kind does. */
typedef struct word_ends {
    size_t first, all;
} word_ends;

/* Those of a word whose first eight bytes are letters and digits: the first part has `n` of them or goes on behind them. */
__attribute__((noinline)) static word_ends find_far_ends(base_slice run, size_t at, size_t n) {
    const unsigned char *p = (const unsigned char *)run.bytes;
    word_ends ends = {at + n, at + 8};
    if (n == 8)
        while (ends.first < run.len && scan_is_word(p[ends.first]) && is_digit(p[ends.first]) == is_digit(p[at]))
            ends.first++;
    if (ends.all < ends.first) ends.all = ends.first;
    while (ends.all < run.len && scan_is_word(p[ends.all])) ends.all++;
    return ends;
}

static inline word_ends find_ends(base_slice run, size_t at, uint64_t eight) {
    const uint64_t top = 0x8080808080808080u;
    uint64_t digits = bytes_but_digits(eight) ^ top;
    uint64_t letters = bytes_between(eight | 0x2020202020202020u, 'a', 'z');
    uint64_t not_first = (digits & 0x80 ? digits : letters) ^ top, not_word = (digits | letters) ^ top;
    if (!not_word) return find_far_ends(run, at, not_first ? (size_t)__builtin_ctzll(not_first) / 8 : 8);
    return (word_ends){at + (size_t)__builtin_ctzll(not_first) / 8, at + (size_t)__builtin_ctzll(not_word) / 8};
}

static inline bool has_bit(const uint32_t *bits, uint32_t bit) {
    return bits[bit >> 5] >> (bit & 31) & 1;
}

/* A word as the filters know it: its first eight bytes, of `eight`, in lower case. */
static inline uint64_t first_word(uint64_t eight, size_t word_len) {
    unsigned unused = word_len < 8 ? 8 * (8 - (unsigned)word_len) : 0;
    /* Sets the bit that parts capitals from small letters; digits have it anyway. */
    return (eight << unused >> unused) | 0x2020202020202020u >> unused;
}

/* What follows a word, or its first eight letters, may go on a name that begins with it. */
__attribute__((noinline)) static bool follow_passes(const dict_view *view, base_slice run, uint64_t word, size_t at) {
    enum { MOST_SIGNS = 8 };
    if (has_bit(view->follow_filter, dict_follow_bit(word, 0, view->follow_filter_bits))) return true;
    for (int i = 0; i < MOST_SIGNS && at < run.len; i++) {
        uint32_t c;
        at += base_utf8_read(run.bytes + at, &c);
        c = dict_fold_char(view, c);
        if (c == ' ' || c == DICT_FOLD_DROP || dict_is_sign(c)) continue;
        return has_bit(view->follow_filter, dict_follow_bit(word, c, view->follow_filter_bits));
    }
    return at < run.len; /* no name ends with signs; what stands behind many is not known */
}

/* The end of a web address that begins at a word, or 0: what stands in it is no mention. */
static size_t url_end(base_slice run, size_t at) {
    static const base_slice starts[] = {{"http://", 7}, {"https://", 8}, {"www.", 4}};
    bool is_url = false;
    for (int i = 0; i < 3; i++)
        is_url |= run.len - at >= starts[i].len && memcmp(run.bytes + at, starts[i].bytes, starts[i].len) == 0;
    if (!is_url) return 0;
    while (at < run.len && (unsigned char)run.bytes[at] > ' ' && (unsigned char)run.bytes[at] < 0x7F
           && !strchr("<>\"'`|", run.bytes[at]))
        at++;
    return at;
}

static bool is_wide_letter(const unsigned char *p) { /* or digit */
    uint32_t c;
    base_utf8_read((const char *)p, &c);
    return c > 0xFF00 && c < 0xFF5F && scan_is_word((unsigned char)(c - 0xFEE0));
}

/* A word that goes on with an accent, an apostrophe (also ‘ and ’) or in full width is not in the filter as it stands:
 * Nestlé, Macy's. */
static bool is_written_otherwise(base_slice run, size_t end) {
    if (end == run.len) return false;
    const unsigned char *p = (const unsigned char *)run.bytes + end;
    if (p[0] == 0xE2) return p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99);
    if (p[0] == 0xEF) return is_wide_letter(p);
    return scan_is_letter_lead(p[0]) | (p[0] == '\'') | (p[0] == '`');
}

/* Whatever it is made of. */
__attribute__((noinline)) static void look_at_any_word(walker *w, size_t at) {
    const dict_view *view = w->view;
    uint64_t eight = read_eight(w->run, at);
    unsigned char first = (unsigned char)eight;
    size_t address_end = first == 'h' || first == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    word_ends ends = find_ends(w->run, at, eight);
    uint64_t name = first_word(eight, ends.all - at);
    bool is_known = has_bit(view->latin_filter, dict_latin_bit(name, view->latin_filter_bits));
    if (is_written_otherwise(w->run, ends.all)
        || (is_known && follow_passes(view, w->run, name, ends.all - at < 8 ? ends.all : at + 8)))
        look_for_names(w, at);
    look_if_code(w, at, ends.first, ends.first - at, is_digit(first) ? CODES_DIGIT : CODES_LETTER);
}

/* Whether a number that this byte follows may go on: with letters, or as is_written_otherwise() knows it. */
static inline bool may_go_on(unsigned char c) {
    static const uint32_t bits[8] = {['\'' / 32] = 1u << '\'' % 32,
                                     ['A' / 32] = 0x07FFFFFE,
                                     ['a' / 32] = 0x07FFFFFF, /* with ` */
                                     [SCAN_LETTER_FIRST / 32] = ~0u << SCAN_LETTER_FIRST % 32
                                                                & ~0u >> (31 - SCAN_LETTER_LAST % 32),
                                     [0xE0 / 32] = 1u << 0xE2 % 32 | 1u << 0xEF % 32};
    return has_bit(bits, c);
}

/* Four words of five are numbers of less than eight digits, and most of those are neither name nor code: they need only
 * the eight bytes that begin with them. */
void look_at_word(walker *w, size_t at) {
    if (at < w->done) return;
    const dict_view *view = w->view;
    const unsigned char *p = (const unsigned char *)w->run.bytes + at;
    if (at < 2 || w->run.len - at < 10 || !is_digit(*p)) {
        look_at_any_word(w, at);
        return;
    }
    uint64_t eight = read_eight(w->run, at), not_digits = bytes_but_digits(eight);
    size_t len = not_digits ? (size_t)__builtin_ctzll(not_digits) / 8 : 8;
    if (len == 8 || (may_go_on(p[len]) && (scan_is_word(p[len]) || is_written_otherwise(w->run, at + len)))) {
        look_at_any_word(w, at);
        return;
    }
    uint64_t name = eight & (((uint64_t)1 << 8 * len) - 1); /* as first_word() has it: digits know no case */
    if (has_bit(view->latin_filter, dict_latin_bit(name, view->latin_filter_bits))
        && follow_passes(view, w->run, name, at + len))
        look_for_names(w, at);
    if (!w->codes) return;
    uint64_t rough = codes_rough_rows_within(w->codes->filter.rough, CODES_DIGIT, len, p, len);
    if (rough) look_for_code(w, at, at + len, len, CODES_DIGIT, rough);
}

/* Full-width letters and digits, three bytes each. */
static codes_start wide_start(const unsigned char *p) {
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return low >= 0x10 && low < 0x1A ? CODES_DIGIT : low == 4 ? CODES_DOLLAR : CODES_LETTER;
}

static bool continues_wide(base_slice run, size_t at, codes_start start) {
    const unsigned char *p = (const unsigned char *)run.bytes + at;
    return at + 3 <= run.len && p[0] == 0xEF && is_wide_letter(p) && wide_start(p) == start;
}

void look_at_wide(walker *w, size_t at) {
    codes_start start = wide_start((const unsigned char *)w->run.bytes + at);
    size_t n = 1;
    look_for_names(w, at);
    if (at < w->done) return;
    while (start != CODES_DOLLAR && continues_wide(w->run, at + 3 * n, start)) n++;
    look_if_code(w, at, at + 3 * n, n, start);
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

void look_at_sign(walker *w, size_t at) {
    if (at < w->done) return;
    look_if_code(w, at, at + 1, 1, CODES_DOLLAR);
}
