/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

static void look_for_code(walker *w, const codes_place *place) {
    size_t next;
    if (!w->codes || w->status != SM_OK || !codes_may_begin(&w->codes->filter, place)) return;
    w->status = codes_look(w->codes, w->memory, place, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

/* --- Words ----------------------------------------------------------------------------------------------------------- */

/* Words are read eight bytes at a time: most end within the first eight, and no branch asks which byte it is. */
static uint64_t read_eight(base_slice run, size_t at) {
    uint64_t eight = 0;
    size_t left = run.len - at;
    memcpy(&eight, run.bytes + at, left < 8 ? left : 8);
    return eight;
}

enum { KIND_DIGITS = 1, KIND_LETTERS = 2 };

/* The top bit of each of eight bytes that is of these kinds. A sum of seven bits reaches the top one from a bound on; what
 * is not ASCII has it already and is left out. */
static uint64_t bytes_of_kinds(uint64_t eight, int kinds) {
    const uint64_t ones = 0x0101010101010101u, top = 0x80 * ones;
    uint64_t low = eight & ~top, small = low | 0x20 * ones, of_kinds = 0;
    if (kinds & KIND_DIGITS) of_kinds |= (low + (0x80 - '0') * ones) & ~(low + (0x7F - '9') * ones);
    if (kinds & KIND_LETTERS) of_kinds |= (small + (0x80 - 'a') * ones) & ~(small + (0x7F - 'z') * ones);
    return of_kinds & ~eight & top;
}

static size_t end_of_kinds(base_slice run, size_t at, uint64_t eight, int kinds) {
    const uint64_t top = 0x8080808080808080u;
    uint64_t others = ~bytes_of_kinds(eight, kinds) & top;
    while (!others) {
        at += 8;
        others = ~bytes_of_kinds(read_eight(run, at), kinds) & top;
    }
    return at + (size_t)__builtin_ctzll(others) / 8;
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
static bool is_written_otherwise(base_slice run, size_t end) {
    if (end == run.len) return false;
    const unsigned char *p = (const unsigned char *)run.bytes + end;
    return scan_is_letter_lead(p[0]) || p[0] == '\'' || p[0] == '`'
           || (p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0x98 || p[2] == 0x99));
}

void look_at_word(walker *w, size_t at) {
    if (at < w->done) return;
    uint64_t eight = read_eight(w->run, at);
    bool is_number = (unsigned)(w->run.bytes[at] - '0') < 10;
    size_t first_end = end_of_kinds(w->run, at, eight, is_number ? KIND_DIGITS : KIND_LETTERS), end = first_end;
    if (end < w->run.len && scan_is_word((unsigned char)w->run.bytes[end]))
        end = end_of_kinds(w->run, end, read_eight(w->run, end), KIND_DIGITS | KIND_LETTERS);
    size_t address_end = w->run.bytes[at] == 'h' || w->run.bytes[at] == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    if (is_written_otherwise(w->run, end) || latin_filter_passes(w->view, eight, end - at)) look_for_names(w, at);
    look_for_code(w, &(codes_place){.run = w->run,
                                    .at = at,
                                    .end = first_end,
                                    .n_chars = first_end - at,
                                    .start = is_number ? CODES_DIGIT : CODES_LETTER});
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
    look_for_code(w, &(codes_place){.run = w->run, .at = at, .end = at + 3 * n, .n_chars = n, .start = start});
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

void look_at_sign(walker *w, size_t at) {
    if (at < w->done) return;
    look_for_code(w, &(codes_place){.run = w->run, .at = at, .end = at + 1, .n_chars = 1, .start = CODES_DOLLAR});
}
