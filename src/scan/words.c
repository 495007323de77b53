/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

static void look_for_code(walker *w, size_t at, scan_start start, size_t run_len) {
    size_t next = at;
    if (!w->codes || w->status != SM_OK) return;
    w->status = scan_codes_at(w->codes, w->memory, w->run, at, start, run_len, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

static bool is_digit(unsigned char c) {
    return (unsigned)(c - '0') < 10;
}

/* --- Words ----------------------------------------------------------------------------------------------------------- */

static bool latin_filter_passes(const dict_view *view, const unsigned char *p, size_t word_len) {
    uint64_t word = 0;
    size_t n = word_len < 8 ? word_len : 8;
    memcpy(&word, p, n);
    /* Sets the bit that parts capitals from small letters; digits have it anyway. */
    word |= 0x2020202020202020u >> (8 * (8 - n));
    uint32_t bit = dict_latin_bit(word, view->latin_filter_bits);
    return view->latin_filter[bit >> 5] >> (bit & 31) & 1;
}

/* The end of a web address that begins at a word, or 0: what stands in it is no mention. */
static size_t url_end(base_slice run, size_t at) {
    base_slice rest = {run.bytes + at, run.len - at};
    if (!base_slice_starts(rest, "http://") && !base_slice_starts(rest, "https://") && !base_slice_starts(rest, "www."))
        return 0;
    while (at < run.len && (unsigned char)run.bytes[at] > ' ' && (unsigned char)run.bytes[at] < 0x7F
           && !strchr("<>\"'`|", run.bytes[at]))
        at++;
    return at;
}

/* A word that goes on with an accent or an apostrophe is not in the filter as it stands: Nestlé, Macy's. */
static bool is_written_otherwise(base_slice run, size_t end) {
    if (end == run.len) return false;
    base_slice rest = {run.bytes + end, run.len - end};
    return scan_is_letter_lead((unsigned char)rest.bytes[0]) || rest.bytes[0] == '\'' || rest.bytes[0] == '`'
           || base_slice_starts(rest, "\xE2\x80\x98") || base_slice_starts(rest, "\xE2\x80\x99");
}

void look_at_word(walker *w, size_t at) {
    const unsigned char *bytes = (const unsigned char *)w->run.bytes;
    bool is_number = is_digit(bytes[at]);
    size_t end = at + 1;
    if (at < w->done) return;
    while (end < w->run.len && scan_is_word(bytes[end]) && is_digit(bytes[end]) == is_number) end++;
    size_t first_end = end;
    while (end < w->run.len && scan_is_word(bytes[end])) end++;
    size_t address_end = bytes[at] == 'h' || bytes[at] == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    if (is_written_otherwise(w->run, end) || latin_filter_passes(w->view, bytes + at, end - at)) look_for_names(w, at);
    look_for_code(w, at, is_number ? SCAN_DIGIT : SCAN_LETTER, first_end - at);
}

/* Full-width letters and digits, three bytes each. */
static scan_start wide_start(const unsigned char *p) {
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u);
    return low >= 0x10 && low < 0x1A ? SCAN_DIGIT : low == 4 ? SCAN_DOLLAR : SCAN_LETTER;
}

static bool continues_wide(base_slice run, size_t at, scan_start start) {
    uint32_t c;
    if (at + 3 > run.len || (unsigned char)run.bytes[at] != 0xEF) return false;
    base_utf8_read(run.bytes + at, &c);
    return c > 0xFF00 && c < 0xFF5F && scan_is_word((unsigned char)(c - 0xFEE0))
           && wide_start((const unsigned char *)run.bytes + at) == start;
}

void look_at_wide(walker *w, size_t at) {
    scan_start start = wide_start((const unsigned char *)w->run.bytes + at);
    size_t n = 1;
    look_for_names(w, at);
    if (at < w->done) return;
    while (start != SCAN_DOLLAR && continues_wide(w->run, at + 3 * n, start)) n++;
    look_for_code(w, at, start, n);
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

void look_at_sign(walker *w, size_t at) {
    if (at >= w->done) look_for_code(w, at, SCAN_DOLLAR, 1);
}
