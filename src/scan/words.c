/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

/* Out of the way of the words that are none. */
__attribute__((noinline)) static void look_for_code(walker *w, codes_place place) {
    size_t next;
    if (w->status != SM_OK) return;
    w->status = codes_look(w->codes, w->memory, &place, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

static inline void look_if_code(walker *w, codes_place place) {
    if (w->codes && codes_may_begin(&w->codes->filter, &place)) look_for_code(w, place);
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

/* How many of the bytes whose top bits are given the eight begin with. */
static inline size_t n_leading(uint64_t of_kind) {
    uint64_t others = ~of_kind & 0x8080808080808080u;
    return others ? (size_t)__builtin_ctzll(others) / 8 : 8;
}

static inline bool is_digit(unsigned char c) {
    return (unsigned)(c - '0') < 10;
}

/* A word: it ends where neither letters nor digits follow, and its first part where the other kind does. */
typedef struct latin_word {
    uint64_t eight; /* its first bytes and what follows them */
    size_t at, first_end, end;
    bool is_number;
} latin_word;

__attribute__((noinline)) static void find_far_ends(base_slice run, latin_word *o) {
    const unsigned char *p = (const unsigned char *)run.bytes;
    if (o->first_end == o->end)
        for (; o->end < run.len && scan_is_word(p[o->end]) && is_digit(p[o->end]) == o->is_number; o->end++)
            o->first_end = o->end + 1;
    while (o->end < run.len && scan_is_word(p[o->end])) o->end++;
}

static inline latin_word read_word(base_slice run, size_t at) {
    latin_word o = {.eight = read_eight(run, at), .at = at};
    uint64_t digits = bytes_between(o.eight, '0', '9');
    uint64_t letters = bytes_between(o.eight | 0x2020202020202020u, 'a', 'z');
    o.is_number = digits & 0x80;
    o.first_end = at + n_leading(o.is_number ? digits : letters);
    o.end = at + n_leading(digits | letters);
    if (o.end == at + 8) find_far_ends(run, &o);
    return o;
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
static bool follow_passes(const dict_view *view, base_slice run, uint64_t word, size_t at) {
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
static inline bool is_written_otherwise(base_slice run, size_t end) {
    if (end == run.len) return false;
    const unsigned char *p = (const unsigned char *)run.bytes + end;
    if (p[0] == 0xE2) return p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99);
    if (p[0] == 0xEF) return is_wide_letter(p);
    return scan_is_letter_lead(p[0]) | (p[0] == '\'') | (p[0] == '`');
}

void look_at_word(walker *w, size_t at) {
    if (at < w->done) return;
    const dict_view *view = w->view;
    latin_word o = read_word(w->run, at);
    unsigned char first = (unsigned char)o.eight;
    size_t address_end = first == 'h' || first == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    uint64_t name = first_word(o.eight, o.end - at);
    bool is_name = has_bit(view->latin_filter, dict_latin_bit(name, view->latin_filter_bits));
    if (is_written_otherwise(w->run, o.end)
        || (is_name && follow_passes(view, w->run, name, o.end - at < 8 ? o.end : at + 8)))
        look_for_names(w, at);
    look_if_code(w, (codes_place){w->run, at, o.first_end, o.first_end - at, o.is_number ? CODES_DIGIT : CODES_LETTER});
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
    look_if_code(w, (codes_place){w->run, at, at + 3 * n, n, start});
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

void look_at_sign(walker *w, size_t at) {
    if (at < w->done) return;
    look_if_code(w, (codes_place){w->run, at, at + 1, 1, CODES_DOLLAR});
}
