/* Words under the fold, by character. */
#ifndef TESTS_UNIT_FOLDED_H
#define TESTS_UNIT_FOLDED_H

#include "dict/dict.h"

enum { MOST_CHARS = 64 };

/* @return how many characters there are. */
static inline uint32_t fold_word(const dict_view *view, const char *word, uint32_t *chars) {
    uint32_t n = 0;
    for (const char *p = word; *p && n < MOST_CHARS; n++) {
        p += base_utf8_read(p, &chars[n]);
        chars[n] = dict_fold_char(view, chars[n]);
    }
    return n;
}

#endif
