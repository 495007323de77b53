/* Random texts of codes and of what stands around them, and what of them a code may begin at: by definition, for what the
 * room does by tables. */
#ifndef TESTS_UNIT_SCAN_CODE_TEXTS_H
#define TESTS_UNIT_SCAN_CODE_TEXTS_H

#include <string.h>

#include "../random.h"
#include "scan/codes.h"

enum { MAX_TEXT = 400, N_TEXTS = 20000 };

/* Characters that gates and folds know, and some that they do not, of one byte to four. */
static const char *const chars[] = {
    "0",  "6",      "8",      "A",      "B",  "N",  "S",  "g",  "u",  "s",      ".",  ",",  ":",  "-",  " ",
    "(",  ")",      "/",      "$",      "=",  "_",  "@",  "\"", "'",  "%",      "\t", "\\", "~",  "¥",  "é",
    "£",  "\u00A0", "\u2003", "\u2018", "“",  "‘",  "「", "、", "。", "\u3000", "∶",  "，", "：", "（", "）",
    "．", "－",     "＄",     "￥",     "﹕", "号", "码", "碼", "所", "克",     "情", "元", "股", "月", "万",
    "年", "吨",     "家",     "‰",      "€",  "龘", "𠀋", "😀",  "港", "真",     ""};
static const char *const runs[] = {"0",  "7",  "00700",        "688111",   "12345",  "2021",
                                   "SH", "sz", "BABA",         "NYSE",     "usAAPL", "gb",
                                   "A",  "０", "６８８１１１", "ＢＡＢＡ", "ｇ",     "12345678901"};

#define PICK(source, list) ((list)[random_below(source, sizeof(list) / sizeof *(list))])

static inline void add(char *text, size_t *len, const char *more) {
    size_t n = *more ? strlen(more) : 1; /* "" is NUL, which ends no text */
    if (*len + n > MAX_TEXT) return;
    memcpy(text + *len, more, n);
    *len += n;
}

static inline base_slice random_text(random_source *source, char text[MAX_TEXT]) {
    size_t len = 0, n = random_below(source, 60);
    for (size_t i = 0; i < n; i++) add(text, &len, random_below(source, 3) ? PICK(source, chars) : PICK(source, runs));
    return (base_slice){text, len};
}

/* --- Places ------------------------------------------------------------------------------------------------------- */

static inline int start_of(uint32_t folded) { /* -1: no code begins so */
    if (folded >= '0' && folded <= '9') return CODES_DIGIT;
    if ((folded >= 'A' && folded <= 'Z') || (folded >= 'a' && folded <= 'z')) return CODES_LETTER;
    return folded == '$' ? CODES_DOLLAR : -1;
}

/* The place at `at`, if a run begins there: of characters of one kind and one width. */
static inline bool place_at(base_slice run, size_t at, codes_place *place) {
    size_t next;
    int start = start_of(codes_char_at(run, at, &next));
    if (start < 0) return false;
    size_t width = next - at;
    *place = (codes_place){.run = run, .at = at, .end = next, .n_chars = 1, .start = (codes_start)start};
    while (start != CODES_DOLLAR && start_of(codes_char_at(run, place->end, &next)) == start
           && next - place->end == width) {
        place->end = next;
        place->n_chars++;
    }
    return true;
}

/* --- Sets of a gate ---------------------------------------------------------------------------------------------- */

static inline bool has(const codes_set *set, uint32_t c) {
    bool has = false;
    if (c == CODES_EDGE) has = set->has_edge;
    else if (c < 0x80) has = set->ascii[c >> 6] >> (c & 63) & 1;
    else has = set->has_other;
    for (uint32_t i = 0; i < set->n_others; i++) has |= set->others[i] == c;
    return has != set->is_negated;
}

#endif
