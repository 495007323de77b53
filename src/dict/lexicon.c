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
    uint32_t *openings;
    uint8_t *chars, *pairs; /* of folded characters, by their number; of pairs by their hash */
} role_tables;

static void add_char_role(const role_tables *tables, uint32_t c, uint32_t role) {
    tables->chars[c & 0xFFFF] |= (uint8_t)role; /* what is above counts as what it has the last bits of */
}

static void add_pair_role(const role_tables *tables, const uint32_t *chars, uint32_t role) {
    tables->pairs[hash_pair(chars) >> 51] |= (uint8_t)role;
}

/* Of signs, and of all that is written for them. */
static void add_signs(const role_tables *tables) {
    static const struct {
        uint32_t c, role;
    } rows[] = {{':', DICT_IS_SIGN},          {'@', DICT_IS_SIGN},       {'#', DICT_IS_SIGN},
                {0x3002, DICT_ENDS_SENTENCE}, {'!', DICT_ENDS_SENTENCE}, {'?', DICT_ENDS_SENTENCE},
                {';', DICT_ENDS_SENTENCE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) add_char_role(tables, rows[i].c, rows[i].role);
}

/* Every character does what it does itself, and what the one does that it is folded to. */
static void spell_roles(const dict_view *view, const uint8_t *folded, uint8_t *out) {
    for (uint32_t c = 0; c < 0x10000; c++)
        out[c & (DICT_CHAR_ROLES - 1)] |= folded[c] | folded[dict_fold_char(view, c)];
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
        add_char_role(tables, w->chars[0], DICT_OPENS_MARKET);
        add_char_role(tables, w->chars[1], DICT_SECOND_MARKET);
        add_pair_role(tables, w->chars, DICT_OPENS_MARKET);
    }
    if (w->n > 2) add_pair_role(tables, w->chars, DICT_OPENS_LONG);
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

void dict_build_lexicon(dict_builder *builder) {
    const dict_rows *rows = &builder->tables->table[DICT_LEXICON];
    uint32_t *bits = &builder->header.word_bits;
    dict_word_slot *slots = dict_append_slots(builder, SECTION_WORDS, rows->n, bits);
    role_tables tables = {.openings = dict_append(builder, SECTION_WORD_OPENINGS, DICT_WORD_OPENINGS / 32),
                          .chars = base_arena_alloc(&builder->arena, 0x10000),
                          .pairs = dict_append(builder, SECTION_PAIR_ROLES, DICT_PAIR_ROLES)};
    uint8_t *char_roles = dict_append(builder, SECTION_CHAR_ROLES, DICT_CHAR_ROLES);
    builder->failed = builder->failed || !tables.chars;
    if (builder->failed) return;
    memset(tables.chars, 0, 0x10000);
    for (uint32_t i = 0; i < rows->n; i++) {
        word w = read_word(&builder->view, rows->rows[i].cells);
        uint32_t at = dict_slot(w.hash, *bits);
        while (slots[at].classes && slots[at].tag != dict_tag(w.hash)) at = (at + 1) & ((1u << *bits) - 1);
        slots[at].tag = dict_tag(w.hash);
        slots[at].classes |= w.classes;
        if (w.n) add_roles(&tables, &w);
    }
    add_signs(&tables);
    spell_roles(&builder->view, tables.chars, char_roles);
    builder->view.words = slots;
    builder->view.word_bits = *bits;
}
