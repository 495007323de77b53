/* The lexicon's words → a hash table of all, one of those that are looked for around mentions, and small tables that tell
 * what characters do in them: most questions about a word are answered "no" there. */
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

enum { RIGHT_WORDS = DICT_RIGHT_CLASSES | 1 << DICT_CLASS_DESCRIPTOR };

typedef struct role_tables {
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
    if (w->n == 1) {
        if (w->classes & RIGHT_WORDS) add_char_role(tables, w->chars[0], DICT_IS_RIGHT);
        if (w->classes & DICT_LEFT_CLASSES) add_char_role(tables, w->chars[0], DICT_IS_LEFT);
        return;
    }
    if (w->classes & RIGHT_WORDS) {
        add_char_role(tables, w->chars[0], DICT_OPENS_RIGHT);
        add_pair_role(tables, w->chars, DICT_OPENS_RIGHT);
    }
    if (w->classes & DICT_LEFT_CLASSES) {
        add_char_role(tables, w->chars[w->n - 1], DICT_CLOSES_LEFT);
        add_pair_role(tables, w->chars + w->n - 2, DICT_CLOSES_LEFT | (w->n > 2 ? DICT_CLOSES_LONG : 0));
    }
    if (w->classes & (1u << DICT_CLASS_SOURCE_LEFT | 1u << DICT_CLASS_REPORT_LEFT))
        add_pair_role(tables, w->chars + w->n - 2, DICT_CLOSES_SOURCE);
    if (w->classes & DICT_MARKET_CLASSES) {
        add_char_role(tables, w->chars[0], DICT_OPENS_MARKET);
        add_char_role(tables, w->chars[1], DICT_SECOND_MARKET);
        add_pair_role(tables, w->chars, DICT_OPENS_MARKET);
    }
    if (w->classes & (1 << DICT_CLASS_DESCRIPTOR | 1 << DICT_CLASS_LABEL)) {
        add_pair_role(tables, w->chars, DICT_OPENS_GAP);
        add_pair_role(tables, w->chars + w->n - 2, DICT_CLOSES_GAP);
    }
    if (w->n > 2) add_pair_role(tables, w->chars, DICT_OPENS_LONG);
}

/* --- Edges ------------------------------------------------------------------------------------------------------------ */

/* The two characters around each edge of a general word that has one or two on either side. */
static void add_edges(uint32_t *edges, const word *w) {
    for (uint32_t at = 1; at < w->n; at++) {
        if (at > 2 || w->n - at > 2) continue;
        uint64_t bit = hash_pair(w->chars + at - 1) >> 47;
        edges[bit >> 5] |= 1u << (bit & 31);
    }
}

/* --- Words ------------------------------------------------------------------------------------------------------------ */

static void put_word(dict_word_slot *slots, uint32_t bits, uint64_t hash, uint32_t classes) {
    uint32_t at = dict_slot(hash, bits);
    while (slots[at].classes && slots[at].tag != dict_tag(hash)) at = (at + 1) & ((1u << bits) - 1);
    slots[at].tag = dict_tag(hash);
    slots[at].classes |= classes;
}

/* Does it begin with a shorter word that is looked for on the right? */
static bool goes_on_from_another(const dict_view *view, const word *w) {
    uint64_t hash = 0;
    for (uint32_t i = 0; i + 1 < w->n; i++) {
        hash = dict_hash_step(hash, w->chars[i]);
        if (dict_word_find(view, hash) & DICT_RIGHT_CLASSES) return true;
    }
    return false;
}

static word *read_words(dict_builder *builder, const dict_rows *rows) {
    word *words = base_arena_alloc(&builder->arena, (rows->n + 1) * sizeof *words);
    for (size_t i = 0; words && i < rows->n; i++) words[i] = read_word(&builder->view, rows->rows[i].cells);
    return words;
}

static void build_words(dict_builder *builder, const word *words, size_t n) {
    uint32_t *bits = &builder->header.word_bits;
    dict_word_slot *slots = dict_append_slots(builder, SECTION_WORDS, n, bits);
    for (size_t i = 0; slots && i < n; i++) put_word(slots, *bits, words[i].hash, words[i].classes);
    builder->view.words = slots;
    builder->view.word_bits = *bits;
}

/* Marks the words that belong among the cues: all but those of the language, and of these what goes on from another. */
static size_t choose_cues(const dict_view *view, const word *words, size_t n, bool *is_cue, bool *goes_on) {
    const uint32_t of_the_language = 1u << DICT_CLASS_GENERAL | 1u << DICT_CLASS_ORDINARY;
    size_t n_cues = 0;
    for (size_t i = 0; i < n; i++) {
        goes_on[i] = goes_on_from_another(view, &words[i]);
        is_cue[i] = goes_on[i] || words[i].classes & ~of_the_language;
        n_cues += is_cue[i];
    }
    return n_cues;
}

static void build_cues(dict_builder *builder, const role_tables *tables, const word *words, size_t n) {
    bool *is_cue = base_arena_alloc(&builder->arena, n + 1), *goes_on = base_arena_alloc(&builder->arena, n + 1);
    builder->failed = builder->failed || !is_cue || !goes_on;
    if (builder->failed) return;
    uint32_t *bits = &builder->header.cue_bits;
    size_t n_cues = choose_cues(&builder->view, words, n, is_cue, goes_on);
    dict_word_slot *slots = dict_append_slots(builder, SECTION_CUES, n_cues, bits);
    for (size_t i = 0; slots && i < n; i++) {
        if (!is_cue[i]) continue;
        put_word(slots, *bits, words[i].hash, words[i].classes);
        if (words[i].n) add_roles(tables, &words[i]);
        if (goes_on[i]) add_pair_role(tables, words[i].chars, DICT_OPENS_RIGHT);
    }
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

void dict_build_lexicon(dict_builder *builder) {
    const dict_rows *rows = &builder->tables->table[DICT_LEXICON];
    word *words = read_words(builder, rows);
    uint32_t *edges = dict_append(builder, SECTION_WORD_EDGES, DICT_WORD_EDGES / 32);
    role_tables tables = {.chars = base_arena_alloc(&builder->arena, 0x10000),
                          .pairs = dict_append(builder, SECTION_PAIR_ROLES, DICT_PAIR_ROLES)};
    uint8_t *char_roles = dict_append(builder, SECTION_CHAR_ROLES, DICT_CHAR_ROLES);
    builder->failed = builder->failed || !words || !tables.chars;
    if (builder->failed) return;
    memset(tables.chars, 0, 0x10000);
    build_words(builder, words, rows->n);
    if (!builder->failed) build_cues(builder, &tables, words, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        if (words[i].classes & 1u << DICT_CLASS_GENERAL) add_edges(edges, &words[i]);
    add_signs(&tables);
    spell_roles(&builder->view, tables.chars, char_roles);
}
