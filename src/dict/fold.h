/* The fold: what counts as the same name. Part of dict.h.
 *
 * One character at a time, the same for names (at compile time) and candidates: Latin letters to lower case, full width
 * to half width, Traditional to Simplified, accents dropped; apostrophes and zero-width characters are nothing. Between
 * two Latin characters any stretch of spaces and . , - / ( ) is one space; elsewhere spaces are nothing and those signs
 * stand for themselves (小米-W, 中国，石油 is not 中国石油). */
#ifndef DICT_FOLD_H
#define DICT_FOLD_H

#include "dict/dict.h"

enum { DICT_FOLD_DROP = 0 }; /* dict_fold_char: the character is nothing */

/* No letter, sign or space, and of three bytes: nearly all of Chinese text. */
enum { DICT_PLAIN_FIRST = 0x2E80 };
static inline bool dict_is_plain(uint32_t folded) {
    return folded >= DICT_PLAIN_FIRST && folded < 0x10000;
}

static inline uint32_t dict_fold_char(const dict_view *view, uint32_t code_point) {
    return code_point < 0x10000 ? view->fold[code_point] : code_point;
}

/* The same for a character below 0x10000 of running text: nearly all fold to themselves, which a table says that stays in the
 * nearest cache. */
static inline uint16_t dict_fold_usual(const dict_view *view, uint32_t c) {
    return view->fold_same[c >> 5] >> (c & 31) & 1 ? (uint16_t)c : view->fold[c];
}

/* Letters and digits that make words: what a Latin-led name is made of. */
static inline bool dict_is_latin(uint32_t folded) {
    return (folded - 'a' < 26) | (folded - '0' < 10) | (folded - 0xC0 < 0x580 - 0xC0);
}

/* Latin names have a prefix wherever a word ends that is not the last: its bits are dict_next_bit of what begins the next
 * one, a space before it left out. Characters of other scripts and signs are words of their own. */
static inline bool dict_are_one_word(uint32_t folded, uint32_t next) {
    uint32_t is_letter = dict_is_latin(folded), goes_on = dict_is_latin(next); /* without a branch */
    return is_letter & goes_on;
}

/* The index of the names that begin with this folded character. */
static inline const dict_name_index *dict_index_of(const dict_view *view, uint32_t first_char) {
    return &view->index[dict_is_latin(first_char) ? DICT_LATIN_NAMES : DICT_HAN_NAMES];
}

/* Chinese characters; all have three bytes. */
static inline bool dict_is_han(uint32_t c) {
    return c >= 0x3400 && c < 0xA000;
}

enum { DICT_FOLD_PENDING = 4 };

/* The fold's state between characters. Start with {0}. */
typedef struct dict_folder {
    uint32_t last;      /* last character written, 0 at the start */
    bool space;         /* a space came since */
    uint32_t n_pending; /* signs that came since, which the next character decides about */
    uint32_t pending[DICT_FOLD_PENDING];
} dict_folder;

/* The hash of a folded string is taken a character at a time, so that all its prefixes have theirs on the way. */
static inline uint64_t dict_hash_step(uint64_t hash, uint32_t folded) {
    hash = (hash + folded + 1) * 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 32;
}

/* Takes one folded character. @return how many characters were written to `out` (0 while nothing is decided; pending
 * signs come out before the character), or DICT_FOLD_STOP when this can be no part of a name any more. */
enum { DICT_FOLD_STOP = -1 };
int dict_fold_step(dict_folder *folder, uint32_t folded, uint32_t out[DICT_FOLD_PENDING + 1]);

/* Folds a whole string. @return bytes written (no NUL), or 0 when it is empty or does not fit. */
size_t dict_fold_text(const dict_view *view, base_slice text, char *out, size_t capacity);

/* What the fold forgets of how a Latin name is written: DICT_HAS_… bits. */
uint64_t dict_writing_of(base_slice text);

/* Leaves out what exchanges write before and behind a name: *ST before, -W behind. @return whether one of special
 * treatment (ST and its like) was there. */
bool dict_strip_marks(base_slice *folded);
/* The markets, as 1 << DICT_CLASS_MARKET_…, that write this behind a name (-w, -sw, folded); 0 when none does. */
uint16_t dict_class_mark(base_slice folded);

#endif
