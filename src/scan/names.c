/* A second look at one place, for any text: it is folded from there and looked up, as far as any name goes on like that. */
#include <string.h>

#include "scan/names.h"

/* --- What is asked at a place ------------------------------------------------------------------------------------------ */

enum { FOLDED_MOST = DICT_MAX_NAME_CHARS + DICT_FOLD_PENDING + 2 };

/* The folded text from one place on, as far as names reach, and where names may end, the nearest first. */
typedef struct folded_text {
    const dict_name_index *index; /* of the names that begin with the first character */
    uint32_t chars[FOLDED_MOST];
    uint64_t hashes[FOLDED_MOST]; /* of the characters up to each */
    size_t ends[FOLDED_MOST];     /* raw; 0 where no name may end */
    uint32_t n;                   /* characters */
    uint32_t most;                /* so many can be of a name, as far as one knows */
    uint32_t lengths;             /* of Chinese names that begin so, see dict_length_bit; but for two characters */
    uint32_t n_noted;
    uint8_t noted[FOLDED_MOST]; /* characters of which there may be a name */
    uint32_t n_encoded;         /* characters that are also there in UTF-8, as far as names were compared */
    char encoded[4 * FOLDED_MOST];
    uint16_t encoded_ends[FOLDED_MOST]; /* of each */
} folded_text;

/* Whether a text of ASCII, whose characters and bytes are as many, is these: no branch asks how far they agree. */
static bool equals_in_bytes(const char *text, const uint32_t *chars, uint32_t n) {
    uint32_t differ = 0;
    for (uint32_t i = 0; i < n; i++) differ |= chars[i] ^ (unsigned char)text[i];
    return differ == 0;
}

/* Writes the first `n` characters as a surface has them. */
static void encode(folded_text *text, uint32_t n) {
    for (; text->n_encoded < n; text->n_encoded++) {
        uint32_t end = text->n_encoded ? text->encoded_ends[text->n_encoded - 1] : 0;
        end += base_utf8_encode(text->chars[text->n_encoded], text->encoded + end);
        text->encoded_ends[text->n_encoded] = (uint16_t)end;
    }
}

/* Of names that begin with each other many are compared at one place. */
static bool is_surface(const dict_view *view, folded_text *text, uint32_t n, const dict_surface *surface) {
    const char *own = dict_surface_text(view, surface);
    if (surface->n_chars != n) return false;
    if (surface->len == n) return equals_in_bytes(own, text->chars, n);
    encode(text, n);
    return surface->len == text->encoded_ends[n - 1] && memcmp(own, text->encoded, surface->len) == 0;
}

/* The name that the first `n` characters are; dict_none. */
static uint32_t find_name(const dict_view *view, folded_text *text, uint32_t n) {
    const dict_name_index *index = text->index;
    uint64_t hash = text->hashes[n - 1];
    uint32_t mask = (1u << index->slot_bits) - 1, at = dict_slot(hash, index->slot_bits);
    for (; index->slots[at].index; at = (at + 1) & mask) {
        uint32_t surface = index->slots[at].index - 1;
        if (index->slots[at].tag == dict_tag(hash) && is_surface(view, text, n, &view->surfaces[surface]))
            return surface;
    }
    return dict_none;
}

/* Names may end behind the first `n` characters. They are looked for when all is read, the longest first: by then the table
 * is at hand. */
static void note_end(folded_text *text, uint32_t n) {
    uint32_t last = text->n_noted ? text->noted[text->n_noted - 1] : 1;
    if (n <= last || !text->ends[n - 1]) return;
    text->noted[text->n_noted++] = (uint8_t)n;
    __builtin_prefetch(&text->index->slots[dict_slot(text->hashes[n - 1], text->index->slot_bits)]);
}

/* --- Folding ----------------------------------------------------------------------------------------------------------- */

_Static_assert(FOLDED_MOST <= UINT8_MAX, "numbers of characters are bytes");

/* Names of Latin letters end where words do. @return whether any goes on with a word, sign or other character that begins
 * with `next`, a space before it left out. */
static bool enters_word(folded_text *text, uint32_t next) {
    uint32_t n = text->chars[text->n - 1] == ' ' ? text->n - 1 : text->n;
    note_end(text, n);
    return names_prefix(text->index, text->hashes[n - 1]) & dict_next_bit(next);
}

static uint32_t longest(uint32_t lengths) {
    if (lengths & DICT_GOES_ON) return 6; /* as many as tell how long */
    if (lengths >= dict_length_bit(32)) return DICT_MAX_NAME_CHARS;
    return lengths ? 32 - (uint32_t)__builtin_clz(lengths) : 0;
}

/* As many characters have come as Chinese names were known to have. @return false when none is longer. */
static bool measure(folded_text *text) {
    uint64_t hash = text->hashes[text->n - 1];
    if (text->n == 3) text->lengths = names_prefix(text->index, hash);
    else if (text->n == 6 && text->lengths & DICT_GOES_ON)
        text->lengths = names_longer(text->index, text->lengths, hash);
    text->most = longest(text->lengths);
    return text->n < text->most;
}

static bool is_latin(const dict_view *view, const folded_text *text) {
    return text->index == &view->index[DICT_LATIN_NAMES];
}

static void append(folded_text *text, uint32_t folded, size_t end) {
    uint32_t n = text->n++;
    text->chars[n] = folded;
    text->hashes[n] = dict_hash_step(n ? text->hashes[n - 1] : 0, folded);
    text->ends[n] = end;
}

/* Takes one more character. @return false when no name is longer than what is there. */
static bool take_char(const dict_view *view, folded_text *text, uint32_t folded, size_t end) {
    if (text->n == 0) {
        text->index = dict_index_of(view, folded);
        text->most = is_latin(view, text) ? DICT_MAX_NAME_CHARS : 3;
    } else if (is_latin(view, text) && folded == ' ') {
        if (text->n + 1 == text->most) return false; /* none ends with one: what is there may be the longest */
    } else if (is_latin(view, text) && !dict_are_one_word(text->chars[text->n - 1], folded)
               && !enters_word(text, folded))
        return false;
    append(text, folded, end);
    if (text->n < text->most) return true;
    return !is_latin(view, text) && measure(text);
}

/* Takes ASCII letters and digits behind one, as far as there is nothing to ask. @return where that ends. */
static size_t take_letters(const dict_view *view, base_slice run, size_t at, folded_text *text) {
    const unsigned char *bytes = (const unsigned char *)run.bytes;
    uint32_t n = text->n;
    uint64_t hash = text->hashes[n - 1];
    for (; n + 1 < text->most && at < run.len && bytes[at] < 0x80; at++, n++) {
        uint32_t folded = view->fold[bytes[at]];
        if (!dict_is_latin(folded)) break;
        text->chars[n] = folded;
        text->hashes[n] = hash = dict_hash_step(hash, folded);
        text->ends[n] = at + 1;
    }
    text->n = n;
    return at;
}

/* The same with single spaces between words, which is all of most Latin names. @return false when no name is longer. */
static bool take_words_of_letters(const dict_view *view, base_slice run, size_t *at, folded_text *text) {
    for (;;) {
        *at = take_letters(view, run, *at, text);
        if (run.len - *at < 2 || run.bytes[*at] != ' ' || view->fold[' '] != ' ') return true;
        unsigned char first = (unsigned char)run.bytes[*at + 1];
        if (first >= 0x80 || !dict_is_latin(view->fold[first])) return true;
        if (!take_char(view, text, ' ', 0) || !take_char(view, text, view->fold[first], *at + 2)) return false;
        *at += 2;
    }
}

/* Takes what is of the same kind as what a name begins with, letters or plain characters, as far as there is nothing to
 * ask. @return where that ends. */
static size_t take_alike(const dict_view *view, base_slice run, size_t at, folded_text *text) {
    bool are_letters = is_latin(view, text);
    while (text->n + 1 < text->most && at < run.len) {
        uint32_t c;
        size_t end = at + base_utf8_read(run.bytes + at, &c);
        uint32_t folded = dict_fold_char(view, c);
        if (!(are_letters ? dict_is_latin(folded) : dict_is_plain(folded))) break;
        append(text, folded, at = end);
    }
    return at;
}

/* Behind a character of a name as many more as are easy to take. @return false when no name is longer. */
static bool take_more(const dict_view *view, base_slice run, size_t *at, folded_text *text) {
    bool is_letter = dict_is_latin(text->chars[text->n - 1]);
    if (is_latin(view, text) && !is_letter) return true;
    if (is_latin(view, text) && !take_words_of_letters(view, run, at, text)) return false;
    *at = take_alike(view, run, *at, text);
    return true;
}

static void fold_from(const dict_view *view, base_slice run, size_t start, folded_text *text) {
    dict_folder folder = {0};
    uint32_t n_dropped = 0;
    for (size_t at = start; at < run.len;) {
        uint32_t c, out[DICT_FOLD_PENDING + 1];
        at += base_utf8_read(run.bytes + at, &c);
        uint32_t folded = dict_fold_char(view, c);
        if (folder.last == 0 && (folded == ' ' || folded == DICT_FOLD_DROP)) return; /* no name begins so */
        bool is_letter = folded < 0x80 && scan_is_word((unsigned char)folded) && !folder.space;
        if ((dict_is_plain(folded) || is_letter) && !folder.n_pending) { /* nearly all of any text: no call for it */
            if (!take_char(view, text, folded, at) || !take_more(view, run, &at, text)) return;
            folder.last = text->chars[text->n - 1];
            folder.space = false;
            continue;
        }
        /* Only the spaces of exchange lists stand inside Chinese names; lines, tabs, quotes and their like part them. Latin
         * ones are parted by an empty line alone. */
        bool is_nothing = folded == DICT_FOLD_DROP || (folded == ' ' && c != ' ' && c != 0x3000);
        if (is_nothing && !dict_is_latin(folder.last)) return;
        if (c == '\0' || (c == '\n' && at < run.len && run.bytes[at] == '\n')) return;
        if (folded == DICT_FOLD_DROP && is_latin(view, text)) {
            note_end(text, text->n); /* Apple's */
            if (++n_dropped > SCAN_MOST_DROPPED) return;
        }
        int n = dict_fold_step(&folder, folded, out);
        if (n < 0) return;
        for (int i = 0; i < n; i++)
            if (!take_char(view, text, out[i], i == n - 1 ? at : 0)) return;
    }
}

/* --- Edges -------------------------------------------------------------------------------------------------------------- */

static bool ends_mark(char c) {
    return c == 'T' || c == 'D' || c == 'R' || c == 'N' || c == 'C' || c == 'S';
}

/* The sign before a place as ASCII, full-width ones too, and its bytes; 0 for any other and at the start. */
static char ascii_before(base_slice run, size_t start, size_t *len) {
    static const char other_star[] = "\xEF\xB9\xA1";
    *len = 1;
    if (!start) return 0;
    if ((unsigned char)run.bytes[start - 1] < 0x80) return run.bytes[start - 1];
    if (start < 3) return 0;
    const unsigned char *p = (const unsigned char *)run.bytes + start - 3;
    *len = 3;
    if (memcmp(p, other_star, 3) == 0) return '*';
    if (p[0] != 0xEF || (p[1] != 0xBC && p[1] != 0xBD)) return 0;
    unsigned c = (p[2] & 0x3Fu) + (p[1] == 0xBC ? 0x20u : 0x60u);
    return c < 0x7F ? (char)c : 0;
}

/* Marks that exchanges put before a short name for a while. A letter alone is one only before Chinese text and where no
 * word ends with it: N金山办公 on its first day. */
size_t scan_mark_that_ends(base_slice run, size_t start) {
    enum { LONGEST = 4 };
    static const char *const marks[] = {"S*ST", "*ST", "SST", "ST", "XD", "XR", "DR", "N", "C", "S"};
    char text[LONGEST + 1] = ""; /* what stands before, its end at the end */
    size_t ends[LONGEST + 1] = {0}, n = 0, len;
    if (!ends_mark(ascii_before(run, start, &len))) return 0;
    for (; n <= LONGEST; n++) { /* one more than a mark has: a word may go on before it */
        char c = ascii_before(run, start - (n ? ends[n - 1] : 0), &len);
        if (!c) break;
        text[LONGEST - n] = c;
        ends[n] = (n ? ends[n - 1] : 0) + len;
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t n_mark = strlen(marks[i]);
        if (n < n_mark || memcmp(text + LONGEST + 1 - n_mark, marks[i], n_mark) != 0) continue;
        if (n > n_mark && scan_is_word((unsigned char)text[LONGEST - n_mark])) continue;
        return ends[n_mark - 1];
    }
    return 0;
}

static bool is_letter_at(const dict_view *view, base_slice run, size_t at) {
    uint32_t c;
    base_utf8_read(run.bytes + at, &c);
    return dict_is_latin(dict_fold_char(view, c));
}

/* Kernels see ASCII words only: full-width and accented letters before a place are asked for here, and accents. */
static bool begins_inside_word(const dict_view *view, base_slice run, const folded_text *text, size_t start) {
    if (!start || !dict_is_latin(text->chars[0])) return false;
    size_t before = start - 1;
    while (before && ((unsigned char)run.bytes[before] & 0xC0) == 0x80) before--;
    return scan_is_letter_lead((unsigned char)run.bytes[before]) || is_letter_at(view, run, before);
}

static bool ends_inside_word(const dict_view *view, base_slice run, const folded_text *text, uint32_t n) {
    size_t end = text->ends[n - 1];
    return end < run.len && dict_is_latin(text->chars[n - 1]) && is_letter_at(view, run, end);
}

/* The point of Inc. and its like belongs to the name. */
static size_t with_point(base_slice run, size_t start, size_t end) {
    static const char *const forms[] = {"inc", "corp", "ltd", "co"};
    if (end >= run.len || run.bytes[end] != '.') return end;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t len = strlen(forms[i]), at = 0;
        if (end - start <= len || scan_is_word((unsigned char)run.bytes[end - len - 1])) continue;
        while (at < len && (run.bytes[end - len + at] | 32) == forms[i][at]) at++;
        if (at == len) return end + 1;
    }
    return end;
}

static void note_lengths(const dict_view *view, folded_text *text) {
    uint32_t lengths = text->lengths;
    if (text->n > 1 && names_is_pair(view, text->hashes[1])) lengths |= dict_length_bit(2);
    for (uint32_t n = 2; n <= text->n; n++)
        if (lengths & dict_length_bit(n)) note_end(text, n);
}

bool scan_names_at(const dict_view *view, base_slice run, size_t start, scan_list *list) {
    folded_text text;
    text.n = text.lengths = text.n_noted = text.n_encoded = 0;
    text.index = NULL;
    fold_from(view, run, start, &text);
    if (is_latin(view, &text)) note_end(&text, text.n);
    else note_lengths(view, &text);
    if (!text.n_noted || begins_inside_word(view, run, &text, start)) return true;
    size_t mark = (unsigned char)run.bytes[start] >= 0xE0 ? names_mark_before(run, start) : 0;
    for (uint32_t i = text.n_noted, n_long = 0; i-- > 0;) {
        uint32_t n = text.noted[i], is_long = n > DICT_STEM_WHOLE;
        if (is_long && n_long == SCAN_MOST_LONG) continue;
        uint32_t surface = find_name(view, &text, n);
        if (surface == dict_none || ends_inside_word(view, run, &text, n)) continue;
        n_long += is_long;
        if (!scan_make_room(list, 1)) return false;
        const size_t end = with_point(run, start, text.ends[n - 1]);
        scan_put(list, start - mark, end, SCAN_NAME, surface, dict_none, (uint32_t)mark);
    }
    return true;
}
