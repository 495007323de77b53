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

/* A word as the filters know it: its first eight bytes, of `eight`, in lower case. */
static inline uint64_t first_word(uint64_t eight, size_t word_len) {
    unsigned unused = word_len < 8 ? 8 * (8 - (unsigned)word_len) : 0;
    /* Sets the bit that parts capitals from small letters; digits have it anyway. */
    return (eight << unused >> unused) | 0x2020202020202020u >> unused;
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
    bool may_be_name = is_written_otherwise(view, w->run, ends.all)
                           ? begins_names_folded(view, w->run, at)
                           : scan_begins_names(view, name)
                                 && follow_passes(view, w->run, name, ends.all - at < 8 ? ends.all : at + 8);
    if (may_be_name) look_for_names(w, at);
    look_if_code(w, at, ends.first, ends.first - at, is_digit(first) ? CODES_DIGIT : CODES_LETTER);
}

/* The folded character at `p`, or DICT_FOLD_DROP where it is not of one byte or three. */
static inline uint32_t fold_at(const dict_view *view, const unsigned char *p) {
    uint32_t first = p[0], three = base_utf8_three((const char *)p);
    /* No branch asks which: text has both as it likes. U+0000, which stands for all others, is nothing too. */
    uint32_t is_ascii = first < 0x80, is_of_three = (first & 0xF0) == 0xE0;
    return view->fold[(first & (0 - is_ascii)) | (three & (0 - is_of_three))];
}

/* As follow_passes() passes it over. */
static inline bool is_passed_over(uint32_t folded) {
    const uint64_t bits = 1 << DICT_FOLD_DROP | (uint64_t)1 << ' ' | (uint64_t)1 << '.' | (uint64_t)1 << ','
                          | (uint64_t)1 << '-' | (uint64_t)1 << '/' | (uint64_t)1 << '(' | (uint64_t)1 << ')';
    return (folded < 64) & (bits >> (folded & 63));
}

/* follow_passes() where it is plain to see: one sign is passed over, and behind two anything may follow. */
__attribute__((noinline)) static bool may_follow(const dict_view *view, uint64_t word, const unsigned char *behind) {
    uint32_t next = fold_at(view, behind);
    behind += (*behind < 0x80) & is_passed_over(next);
    next = fold_at(view, behind);
    return dict_may_follow(view, word, next) | dict_may_follow(view, word, 0) | is_passed_over(next);
}

/* Nearly all words have less than eight letters and digits, nothing goes on in another way, and they begin no address.
 * @param p  the word, where more than what is left of the run may be read */
static void look_at_word(walker *w, const unsigned char *p, size_t at) {
    const uint64_t top = 0x8080808080808080u, last = (uint64_t)1 << 63, small = 0x2020202020202020u;
    const dict_view *view = w->view;
    size_t left = w->run.len - at;
    if (at < w->done) return;
    uint64_t eight;
    memcpy(&eight, p, 8);
    unsigned unused = left < 8 ? 8 * (8 - (unsigned)left) : 0;
    eight = eight << unused >> unused;
    uint64_t digits = bytes_but_digits(eight) ^ top, letters = bytes_between(eight | small, 'a', 'z');
    bool has_digits = digits & 0x80;
    uint64_t not_first = (has_digits ? digits : letters) ^ top, not_word = (digits | letters) ^ top;
    size_t n_first = (size_t)__builtin_ctzll(not_first | last) / 8, n = (size_t)__builtin_ctzll(not_word | last) / 8;
    uint32_t four = (uint32_t)eight;
    bool is_address = (four == 0x70747468) | (four == 0x2E777777); /* http, www. */
    bool goes_on = (not_word == 0) | ((n < left) & scan_may_go_on(p[n]));
    if (goes_on | is_address) {
        look_at_any_word(w, at);
        return;
    }
    uint64_t name = (eight | small) & (((uint64_t)1 << 8 * n) - 1);
    if (scan_begins_names(view, name) && may_follow(view, name, p + n)) look_for_names(w, at);
    look_if_code(w, at, at + n_first, n_first, has_digits ? CODES_DIGIT : CODES_LETTER);
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

static void look_at_wide(walker *w, size_t at) {
    codes_start start = wide_start((const unsigned char *)w->run.bytes + at);
    size_t n = 1;
    if (begins_names_folded(w->view, w->run, at)) look_for_names(w, at);
    if (at < w->done) return;
    while (start != CODES_DOLLAR && continues_wide(w->run, at + 3 * n, start)) n++;
    look_if_code(w, at, at + 3 * n, n, start);
    if (w->done < at + 3 * n) w->done = at + 3 * n;
}

static void look_at_sign(walker *w, size_t at) {
    if (at < w->done) return;
    look_if_code(w, at, at + 1, 1, CODES_DOLLAR);
}

/* --- Many words --------------------------------------------------------------------------------------------------------
 * Four words of five are numbers, and most of those are neither name nor code: what stands beside them says so. Which they
 * are no predictor knows; they are asked without a branch. */

enum { REACH = 8 + SCAN_BESIDE }; /* bytes of a number and behind it that are asked about */

/* The same without codes: more than a number. */
static inline bool goes_on_as_word(unsigned char c) {
    uint32_t digit = is_digit(c), other = scan_may_go_on(c); /* without a branch */
    return digit | other;
}

const scan_place *take_words(walker *w, const scan_place *places, scan_stretch of) {
    const codes_numbers *numbers = w->codes ? w->codes->filter.numbers : NULL;
    const uint32_t *names = w->view->number_filter, name_bits = w->view->number_filter_bits;
    const char *text = w->block.text;
    size_t len = w->runs[of.run].len, n_inner = len > SCAN_BESIDE + REACH ? len - SCAN_BESIDE - REACH : 0;
    scan_words *words = &w->buffers->words;
    uint32_t n = words->n;
    for (; *places < of.end; places++) {
        size_t at = scan_place_at(*places);
        words->places[n] = *places;
        words->runs[n] = of.run;
        if (scan_place_what(*places) != SCAN_WORD || at + of.before - SCAN_BESIDE >= n_inner) {
            n++; /* another sign, or the run begins or ends beside it */
            continue;
        }
        const unsigned char *p = (const unsigned char *)text + at;
        uint64_t eight;
        memcpy(&eight, p, 8);
        uint64_t not_digits = bytes_but_digits(eight) | (uint64_t)1 << 63;
        size_t len_digits = (size_t)__builtin_ctzll(not_digits) / 8;
        uint64_t name = eight & (((uint64_t)1 << 8 * len_digits) - 1); /* as first_word() has it: digits know no case */
        bool has_rows = numbers ? codes_number_rows(numbers, len_digits, p - SCAN_BESIDE, p + len_digits) != 0
                                : goes_on_as_word(p[len_digits]);
        /* One after the other they would wait for a line of the table each. Which of them are looked up no branch asks. */
        dict_fetch_slots(w->view, dict_number_slot(w->view, name) & (0 - (uint32_t)has_rows));
        bool may_be_name = scan_has_bit(names, dict_word_bit(name, name_bits));
        if (may_be_name & !has_rows) may_be_name = may_follow(w->view, name, p + len_digits);
        n += has_rows | may_be_name;
    }
    words->n = n;
    return places;
}

static void enter_run(walker *w, uint32_t run) {
    w->done *= (size_t)(run == w->run_index); /* every other word begins another run: no branch */
    w->run_index = w->list->run = run;
    w->run = w->runs[run];
}

/* Where the capitals that begin at `p` would stand as a code; where there are none, the first slot, which is always near.
 * Numbers have had theirs fetched when they were taken. */
static inline uint32_t slot_of_capitals(const dict_view *view, const char *p) {
    uint64_t eight;
    memcpy(&eight, p, 8);
    uint64_t others = ~bytes_between(eight, 'A', 'Z') & 0x8080808080808080u;
    unsigned len = (unsigned)__builtin_ctzll(others | (uint64_t)1 << 63) / 8;
    return dict_number_slot(view, eight & (((uint64_t)1 << 8 * len) - 1));
}

void look_at_words(walker *w) {
    enum { AHEAD = 4 }; /* words in which a line of the table of codes comes */
    scan_words *words = &w->buffers->words;
    for (uint32_t i = 0; i < words->n && w->status == SM_OK; i++) {
        uint32_t ahead = i + AHEAD < words->n ? i + AHEAD : i;
        dict_fetch_slots(w->view, slot_of_capitals(w->view, w->block.text + scan_place_at(words->places[ahead])));
        size_t at = scan_place_at(words->places[i]);
        enter_run(w, words->runs[i]);
        size_t start = (size_t)(w->block.own + at - w->run.bytes);
        switch (scan_place_what(words->places[i])) {
        case SCAN_WORD: look_at_word(w, (const unsigned char *)w->block.text + at, start); break;
        case SCAN_SIGN: look_at_sign(w, start); break;
        case SCAN_WIDE: look_at_wide(w, start); break;
        case SCAN_HAN: break; /* is none of them */
        }
    }
    words->n = 0;
}
