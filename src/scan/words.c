/* The second look at what is written in Latin letters and digits: names, codes and web addresses begin there. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- Codes ----------------------------------------------------------------------------------------------------------- */

/* Out of the way of the words that are none. */
__attribute__((noinline)) static void look_for_code(scan_walker *w, size_t at, size_t end, size_t n_chars,
                                                    codes_start start, uint64_t rough) {
    const codes_place place = {w->run, at, end, n_chars, start};
    size_t next;
    if (w->status != SM_OK) return;
    w->status = codes_look(w->codes, w->memory, &place, rough, w->list, &next, w->error);
    if (next > w->done) w->done = next;
}

static inline void look_if_code(scan_walker *w, size_t at, size_t end, size_t n_chars, codes_start start) {
    const codes_place place = {w->run, at, end, n_chars, start};
    uint64_t rough = w->codes ? codes_rough_rows(&w->codes->filter, &place) : 0;
    if (rough) look_for_code(w, at, end, n_chars, start, rough);
}

__attribute__((noinline)) static void look_for_names(scan_walker *w, size_t at) {
    if (!scan_names_at(w->view, w->run, at, w->list)) scan_no_memory(w);
}

/* --- Words ----------------------------------------------------------------------------------------------------------- */

static uint64_t read_eight(base_slice run, size_t at) {
    uint64_t eight = 0;
    if (run.len - at >= 8) memcpy(&eight, run.bytes + at, 8);
    else
        for (size_t i = 0; at + i < run.len; i++) eight |= (uint64_t)(unsigned char)run.bytes[at + i] << 8 * i;
    return eight;
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
        while (ends.first < run.len && scan_is_word(p[ends.first])
               && base_is_digit((char)p[ends.first]) == base_is_digit((char)p[at]))
            ends.first++;
    if (ends.all < ends.first) ends.all = ends.first;
    while (ends.all < run.len && scan_is_word(p[ends.all])) ends.all++;
    return ends;
}

static inline word_ends find_ends(base_slice run, size_t at, uint64_t eight) {
    const uint64_t top = 0x8080808080808080u;
    uint64_t digits = words_but_digits(eight) ^ top;
    uint64_t letters = words_between(eight | 0x2020202020202020u, 'a', 'z');
    uint64_t not_first = (digits & 0x80 ? digits : letters) ^ top, not_word = (digits | letters) ^ top;
    if (!not_word) return find_far_ends(run, at, not_first ? (size_t)__builtin_ctzll(not_first) / 8 : 8);
    return (word_ends){at + (size_t)__builtin_ctzll(not_first) / 8, at + (size_t)__builtin_ctzll(not_word) / 8};
}

/* What follows a word, or its first eight letters, may go on a name that begins with it. */
__attribute__((noinline)) static bool follow_passes(const dict_view *view, base_slice run, uint64_t word, size_t at) {
    enum { MOST_SIGNS = 8 };
    if (dict_may_follow(view, word, 0)) return true;
    for (int i = 0; i < MOST_SIGNS && at < run.len; i++) {
        uint32_t c;
        at += base_utf8_read(run.bytes + at, &c);
        c = dict_fold_char(view, c);
        if (c == ' ' || c == DICT_FOLD_DROP || dict_is_sign(c)) continue;
        return dict_may_follow(view, word, c);
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

/* A word that goes on with an accent, what is nothing (an apostrophe, a soft hyphen) or in full width is not in the filter as
 * it stands: Nestlé, Macy's. */
static bool is_written_otherwise(const dict_view *view, base_slice run, size_t end) {
    if (end == run.len) return false;
    const unsigned char *p = (const unsigned char *)run.bytes + end;
    if (!scan_may_go_on(p[0])) return false;
    if (scan_is_letter_lead(p[0]) || (p[0] == 0xEF && is_wide_letter(p))) return true;
    uint32_t c;
    base_utf8_read((const char *)p, &c);
    return dict_fold_char(view, c) == DICT_FOLD_DROP;
}

/* The same of a word as names have it: folded, without apostrophes, of which the first may end a name too: Apple's. */
static bool begins_names_folded(const dict_view *view, base_slice run, size_t at) {
    uint64_t word = 0;
    for (uint32_t n = 0, n_dropped = 0; n < 8 && at < run.len;) {
        uint32_t c;
        size_t next = at + base_utf8_read(run.bytes + at, &c);
        c = dict_fold_char(view, c);
        if (c >= 0x80 || !(dict_is_latin(c) || c == DICT_FOLD_DROP)) break;
        at = next;
        if (c != DICT_FOLD_DROP) {
            word |= (uint64_t)c << 8 * n++;
            continue;
        }
        if (n > 1 && dict_may_follow(view, word, 0)) return true;
        if (++n_dropped > SCAN_MOST_DROPPED) return false;
    }
    return scan_begins_names(view, word) && follow_passes(view, run, word, at);
}

/* Whatever it is made of. */
__attribute__((noinline)) static void look_at_any_word(scan_walker *w, size_t at) {
    const dict_view *view = w->view;
    uint64_t eight = read_eight(w->run, at);
    unsigned char first = (unsigned char)eight;
    size_t address_end = first == 'h' || first == 'w' ? url_end(w->run, at) : 0;
    if (address_end) {
        w->done = address_end;
        return;
    }
    word_ends ends = find_ends(w->run, at, eight);
    uint64_t name = words_first(eight, ends.all - at);
    bool may_be_name = is_written_otherwise(view, w->run, ends.all)
                           ? begins_names_folded(view, w->run, at)
                           : scan_begins_names(view, name)
                                 && follow_passes(view, w->run, name, ends.all - at < 8 ? ends.all : at + 8);
    if (may_be_name) look_for_names(w, at);
    look_if_code(w, at, ends.first, ends.first - at, base_is_digit((char)first) ? CODES_DIGIT : CODES_LETTER);
}

/* Of a word that filters know, what they left. */
static inline void look_at_word(scan_walker *w, size_t at, const scan_word *word) {
    if (at < w->done) return;
    if (word->asks & WORD_IS_ANY) {
        look_at_any_word(w, at);
        return;
    }
    if (word->asks & WORD_IS_NAME) look_for_names(w, at);
    if (!(word->asks & WORD_IS_CODE)) return;
    codes_start start = base_is_digit(w->run.bytes[at]) ? CODES_DIGIT : CODES_LETTER;
    look_if_code(w, at, at + word->len, word->len, start);
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

static void look_at_wide(scan_walker *w, size_t at) {
    codes_start start = wide_start((const unsigned char *)w->run.bytes + at);
    size_t n = 1;
    if (begins_names_folded(w->view, w->run, at)) look_for_names(w, at);
    if (at < w->done) return;
    while (start != CODES_DOLLAR && continues_wide(w->run, at + 3 * n, start)) n++;
    look_if_code(w, at, at + 3 * n, n, start);
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

static void look_at_sign(scan_walker *w, size_t at) {
    if (at < w->done) return;
    look_if_code(w, at, at + 1, 1, CODES_DOLLAR);
}

/* --- Many words ------------------------------------------------------------------------------------------------------ */

static void enter_run(scan_walker *w, uint32_t run) {
    w->done *= (size_t)(run == w->run_index); /* every other word begins another run: no branch */
    w->run_index = w->list->run = run;
    w->run = w->runs[run];
}

/* Where the letters of a word would stand as a code; where they are none, the first slot, which is always near. Numbers have
 * had theirs fetched by the filter. */
static inline uint32_t slot_of_letters(const scan_walker *w, const scan_word *word) {
    uint64_t eight;
    memcpy(&eight, w->block.text + scan_place_at(word->place), 8);
    uint32_t is_asked = word->asks & WORD_IS_CODE;
    return dict_number_slot(w->view, words_lowest(eight, word->len)) & (0 - is_asked);
}

void scan_look_at_words(scan_walker *w) {
    enum { AHEAD = 4 }; /* words in which a line of the table of codes comes */
    scan_words *words = &w->buffers->words;
    for (uint32_t i = 0; i < words->n && w->status == SM_OK; i++) {
        const scan_word *word = &words->items[i];
        dict_fetch_slots(w->view, slot_of_letters(w, &words->items[i + AHEAD < words->n ? i + AHEAD : i]));
        enter_run(w, word->run);
        size_t at = (size_t)(w->block.own + scan_place_at(word->place) - w->run.bytes);
        switch (scan_place_what(word->place)) {
        case SCAN_WORD: look_at_word(w, at, word); break;
        case SCAN_SIGN: look_at_sign(w, at); break;
        case SCAN_WIDE: look_at_wide(w, at); break;
        case SCAN_HAN: break; /* is none of them */
        }
    }
    words_clear(words);
}
