/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

static inline bool may_be_code(const walker *w, const codes_place *place) {
    return w->codes && codes_may_begin(&w->codes->filter, place);
}

static void look_for_code(walker *w, const codes_place *place) {
    size_t next;
    if (w->status != SM_OK) return;
    w->status = codes_look(w->codes, w->memory, place, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

static void look_for_names(walker *w, size_t at) {
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

/* How many digits `eight` begins with, or how many letters. */
static inline size_t n_leading(uint64_t eight, bool is_number) {
    uint64_t of_kind = is_number ? bytes_between(eight, '0', '9')
                                 : bytes_between(eight | 0x2020202020202020u, 'a', 'z');
    uint64_t others = ~of_kind & 0x8080808080808080u;
    return others ? (size_t)__builtin_ctzll(others) / 8 : 8;
}

static inline bool is_digit(unsigned char c) {
    return (unsigned)(c - '0') < 10;
}

/* The end of a run of eight digits or letters and more. */
static size_t end_of_long_run(base_slice run, size_t at, bool is_number) {
    const unsigned char *p = (const unsigned char *)run.bytes;
    size_t end = at + 8;
    while (end < run.len && scan_is_word(p[end]) && is_digit(p[end]) == is_number) end++;
    return end;
}

/* `eight` are the word's first bytes and what follows them. */
static bool latin_filter_passes(const dict_view *view, uint64_t eight, size_t word_len) {
    unsigned unused = word_len < 8 ? 8 * (8 - (unsigned)word_len) : 0;
    /* Sets the bit that parts capitals from small letters; digits have it anyway. */
    uint64_t word = (eight << unused >> unused) | 0x2020202020202020u >> unused;
    uint32_t bit = dict_latin_bit(word, view->latin_filter_bits);
    return view->latin_filter[bit >> 5] >> (bit & 31) & 1;
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

/* A word that goes on with an accent or an apostrophe (also ‘ and ’) is not in the filter as it stands: Nestlé, Macy's. */
static inline bool is_written_otherwise(base_slice run, size_t end) {
    if (end == run.len) return false;
    const unsigned char *p = (const unsigned char *)run.bytes + end;
    if (p[0] == 0xE2) return p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99);
    return scan_is_letter_lead(p[0]) | (p[0] == '\'') | (p[0] == '`');
}

void look_at_word(walker *w, size_t at) {
    if (at < w->done) return;
    const unsigned char *p = (const unsigned char *)w->run.bytes;
    uint64_t eight = read_eight(w->run, at);
    bool is_number = is_digit(p[at]);
    size_t first_end = at + n_leading(eight, is_number);
    if (first_end == at + 8) first_end = end_of_long_run(w->run, at, is_number);
    size_t end = first_end;
    while (end < w->run.len && scan_is_word(p[end])) end++;
    size_t address_end = p[at] == 'h' || p[at] == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    codes_place place = {w->run, at, first_end, first_end - at, is_number ? CODES_DIGIT : CODES_LETTER};
    /* Both questions before either answer: what the one waits for comes while the other is asked. */
    bool is_name = is_written_otherwise(w->run, end) | latin_filter_passes(w->view, eight, end - at);
    bool is_code = may_be_code(w, &place);
    if (is_name) look_for_names(w, at);
    if (is_code) look_for_code(w, &place);
}

/* Full-width letters and digits, three bytes each. */
static codes_start wide_start(const unsigned char *p) {
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return low >= 0x10 && low < 0x1A ? CODES_DIGIT : low == 4 ? CODES_DOLLAR : CODES_LETTER;
}

static bool continues_wide(base_slice run, size_t at, codes_start start) {
    uint32_t c;
    if (at + 3 > run.len || (unsigned char)run.bytes[at] != 0xEF) return false;
    base_utf8_read(run.bytes + at, &c);
    return c > 0xFF00 && c < 0xFF5F && scan_is_word((unsigned char)(c - 0xFEE0))
           && wide_start((const unsigned char *)run.bytes + at) == start;
}

void look_at_wide(walker *w, size_t at) {
    codes_start start = wide_start((const unsigned char *)w->run.bytes + at);
    size_t n = 1;
    look_for_names(w, at);
    if (at < w->done) return;
    while (start != CODES_DOLLAR && continues_wide(w->run, at + 3 * n, start)) n++;
    codes_place place = {w->run, at, at + 3 * n, n, start};
    if (may_be_code(w, &place)) look_for_code(w, &place);
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

void look_at_sign(walker *w, size_t at) {
    if (at < w->done) return;
    codes_place place = {w->run, at, at + 1, 1, CODES_DOLLAR};
    if (may_be_code(w, &place)) look_for_code(w, &place);
}
