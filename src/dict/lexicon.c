/* The lexicon's words → a hash table of them, and small tables that tell what characters do in them: most questions about
 * a word are answered "no" there. */
#include <string.h>

#include "dict/compile.h"

/* A word under the fold, by character. Longer ones are never asked for. */
enum { MOST_CHARS = 16 };
typedef struct word {
    uint32_t chars[MOST_CHARS];
    uint32_t n;
    uint64_t hash;
    uint32_t classes;
} word;

static word read_word(const dict_view *view, const base_slice *cells) {
    base_slice text = cells[LEXICON_WORD];
    word out = {.classes = 1u << dict_class_find(cells[LEXICON_CLASS])};
    for (const char *p = text.bytes, *end = p + text.len; p < end;) {
        uint32_t c;
        p += base_utf8_decode(p, end, &c, NULL);
        c = dict_fold_char(view, c);
        out.hash = dict_hash_step(out.hash, c);
        if (out.n < MOST_CHARS) out.chars[out.n++] = c;
    }
    return out;
}

static uint64_t hash_pair(const uint32_t *chars) {
    return dict_hash_step(dict_hash_step(0, chars[0]), chars[1]);
}

/* --- Roles ----------------------------------------------------------------------------------------------------------- */

typedef struct role_tables {
    const dict_view *view;
    uint32_t *openings;
    uint8_t *chars, *pairs;
} role_tables;

static void add_char_role(const role_tables *tables, uint32_t c, uint32_t role) {
    tables->chars[c & (DICT_CHAR_ROLES - 1)] |= (uint8_t)role;
}

static void add_pair_role(const role_tables *tables, const uint32_t *chars, uint32_t role) {
    tables->pairs[hash_pair(chars) >> 51] |= (uint8_t)role;
}

/* Whole runs are asked where market words begin: their characters are not folded for that. */
static void add_written_role(const role_tables *tables, uint32_t folded, uint32_t role) {
    add_char_role(tables, folded, role);
    for (uint32_t c = 0; c < 0x10000; c++)
        if (dict_fold_char(tables->view, c) == folded) add_char_role(tables, c, role);
}

static void add_roles(const role_tables *tables, const word *w) {
    const uint32_t right = DICT_RIGHT_CLASSES | 1 << DICT_CLASS_DESCRIPTOR;
    if (w->n == 1) {
        if (w->classes & right) add_char_role(tables, w->chars[0], DICT_IS_RIGHT);
        if (w->classes & DICT_LEFT_CLASSES) add_char_role(tables, w->chars[0], DICT_IS_LEFT);
        return;
    }
    uint64_t opening = hash_pair(w->chars) >> 48;
    tables->openings[opening >> 5] |= 1u << (opening & 31);
    if (w->classes & right) {
        add_char_role(tables, w->chars[0], DICT_OPENS_RIGHT);
        add_pair_role(tables, w->chars, DICT_OPENS_RIGHT);
    }
    if (w->classes & DICT_LEFT_CLASSES) {
        add_char_role(tables, w->chars[w->n - 1], DICT_CLOSES_LEFT);
        add_pair_role(tables, w->chars + w->n - 2, DICT_CLOSES_LEFT);
    }
    if (w->classes & DICT_MARKET_CLASSES) {
        add_written_role(tables, w->chars[0], DICT_OPENS_MARKET);
        add_pair_role(tables, w->chars, DICT_OPENS_MARKET);
    }
    if (w->classes & 1u << DICT_CLASS_GENERAL && w->n > 2) add_pair_role(tables, w->chars, DICT_OPENS_LONG);
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

void dict_build_lexicon(dict_builder *builder) {
    static const uint32_t sentence_ends[] = {0x3002, '!', '?', ';'};
    const dict_rows *rows = &builder->tables->table[DICT_LEXICON];
    uint32_t *bits = &builder->header.word_bits;
    dict_word_slot *slots = dict_append_slots(builder, SECTION_WORDS, rows->n, bits);
    role_tables tables = {.view = &builder->view,
                          .openings = dict_append(builder, SECTION_WORD_OPENINGS, DICT_WORD_OPENINGS / 32),
                          .chars = dict_append(builder, SECTION_CHAR_ROLES, DICT_CHAR_ROLES),
                          .pairs = dict_append(builder, SECTION_PAIR_ROLES, DICT_PAIR_ROLES)};
    for (uint32_t i = 0; i < rows->n && !builder->failed; i++) {
        word w = read_word(&builder->view, rows->rows[i].cells);
        uint32_t at = dict_slot(w.hash, *bits);
        while (slots[at].classes && slots[at].tag != dict_tag(w.hash)) at = (at + 1) & ((1u << *bits) - 1);
        slots[at].tag = dict_tag(w.hash);
        slots[at].classes |= w.classes;
        add_roles(&tables, &w);
    }
    for (size_t i = 0; i < sizeof sentence_ends / sizeof sentence_ends[0] && !builder->failed; i++)
        add_written_role(&tables, sentence_ends[i], DICT_OPENS_MARKET);
    builder->view.words = slots;
    builder->view.word_bits = *bits;
}
