/* The lexicon's words → a hash table of all, one of those that are looked for around mentions, and small tables that tell
 * what characters do in them: most questions about a word are answered "no" there. */
#include <string.h>

#include "dict/compile.h"

static dict_word read_word(const dict_view *view, const base_slice *cells) {
    base_slice text = cells[LEXICON_WORD];
    dict_word out = {.classes = dict_class_bit(dict_class_find(cells[LEXICON_CLASS]))};
    for (const char *p = text.bytes, *end = p + text.len; p < end;) {
        uint32_t c;
        p += base_utf8_decode(p, end, &c, NULL);
        c = dict_fold_char(view, c);
        out.hash = dict_hash_step(out.hash, c);
        if (out.n < DICT_WORD_CHARS) out.chars[out.n++] = c;
    }
    return out;
}

/* --- Roles ----------------------------------------------------------------------------------------------------------- */

static void add_role(uint8_t *pairs, uint64_t hash, uint32_t role) {
    pairs[hash >> 51] |= (uint8_t)role;
}

static void add_pair_role(uint8_t *pairs, const uint32_t *chars, uint32_t role) {
    add_role(pairs, dict_hash_step(dict_hash_step(0, chars[0]), chars[1]), role);
}

/* `role` for all beginnings of two characters and more that a longer word has. */
static void add_beginnings(uint8_t *pairs, const dict_word *w, uint32_t role) {
    uint64_t hash = dict_hash_step(0, w->chars[0]);
    for (uint32_t len = 2; len < w->n; len++) {
        hash = dict_hash_step(hash, w->chars[len - 1]);
        add_role(pairs, hash, role);
    }
}

static void add_roles(uint8_t *pairs, const dict_word *w) {
    if (w->n < 2) return;
    if (w->classes & DICT_ROLE_CLASSES) {
        add_pair_role(pairs, w->chars, DICT_OPENS_ROLE);
        add_pair_role(pairs, w->chars + w->n - 2, DICT_CLOSES_ROLE);
        add_beginnings(pairs, w, DICT_OPENS_LONG_ROLE);
    }
    if (!w->is_cue) return;
    if (w->classes & DICT_MARKET_CLASSES) add_pair_role(pairs, w->chars, DICT_OPENS_MARKET);
    if (w->classes & (1 << DICT_CLASS_DESCRIPTOR | 1 << DICT_CLASS_LABEL)) {
        add_pair_role(pairs, w->chars, DICT_OPENS_GAP);
        add_pair_role(pairs, w->chars + w->n - 2, DICT_CLOSES_GAP);
    }
    add_beginnings(pairs, w, DICT_OPENS_LONG);
}

/* --- Edges ------------------------------------------------------------------------------------------------------------ */

static void add_edge(uint32_t *edges, const dict_spellings *spellings, const uint32_t *pair) {
    for (uint32_t i = spellings->first[pair[0]]; i < spellings->first[pair[0] + 1]; i++)
        for (uint32_t k = spellings->first[pair[1]]; k < spellings->first[pair[1] + 1]; k++) {
            uint64_t written = dict_write(spellings->chars[i], spellings->chars[k]);
            uint32_t bit = (uint32_t)(dict_written_hash(written) >> (64 - DICT_EDGE_BITS));
            edges[bit >> 5] |= 1u << (bit & 31);
        }
}

/* The two characters around each edge of a general word that has one or two on either side. Only Chinese ones are asked for. */
static void add_edges(uint32_t *edges, const dict_spellings *spellings, const dict_word *w) {
    for (uint32_t at = 1; at < w->n; at++) {
        const uint32_t *pair = w->chars + at - 1;
        if (at <= 2 && w->n - at <= 2 && dict_is_han(pair[0]) && dict_is_han(pair[1])) add_edge(edges, spellings, pair);
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
static bool goes_on_from_another(const dict_view *view, const dict_word *w) {
    uint64_t hash = 0;
    for (uint32_t i = 0; i + 1 < w->n; i++) {
        hash = dict_hash_step(hash, w->chars[i]);
        if (dict_word_find(view, hash) & DICT_RIGHT_CLASSES) return true;
    }
    return false;
}

static dict_word *read_words(dict_builder *builder, const dict_rows *rows) {
    dict_word *words = base_arena_alloc(&builder->arena, (rows->n + 1) * sizeof *words);
    for (size_t i = 0; words && i < rows->n; i++) words[i] = read_word(&builder->view, rows->rows[i].cells);
    return words;
}

static void build_words(dict_builder *builder, const dict_word *words, size_t n) {
    uint32_t *bits = &builder->header.word_bits;
    dict_word_slot *slots = dict_append_slots(builder, SECTION_WORDS, n, bits);
    for (size_t i = 0; slots && i < n; i++) put_word(slots, *bits, words[i].hash, words[i].classes);
    builder->view.words = slots;
    builder->view.word_bits = *bits;
}

static bool tells_role(const dict_word *w) {
    return (w->classes & DICT_ROLE_CLASSES) != 0;
}

/* Marks the words that belong among the cues: all but those of the language, and of these what goes on from another.
 * @return how many they are, with those that tell a role and stand in the same table. */
static size_t choose_cues(const dict_view *view, dict_word *words, size_t n) {
    const uint32_t of_the_language = 1u << DICT_CLASS_GENERAL | 1u << DICT_CLASS_ORDINARY;
    size_t n_cues = 0;
    for (dict_word *w = words; w < words + n; w++) {
        w->goes_on = goes_on_from_another(view, w);
        w->is_cue = !(w->classes & DICT_APART_CLASSES) && !dict_is_word_before(w->classes, w->chars[0])
                    && (w->goes_on || w->classes & ~of_the_language);
        n_cues += w->is_cue || tells_role(w);
    }
    return n_cues;
}

static void build_cues(dict_builder *builder, uint8_t *pairs, dict_word *words, size_t n) {
    uint32_t *bits = &builder->header.cue_bits;
    size_t n_cues = choose_cues(&builder->view, words, n);
    dict_word_slot *slots = dict_append_slots(builder, SECTION_CUES, n_cues * 3, bits); /* thin: one look decides */
    for (size_t i = 0; slots && i < n; i++) {
        add_roles(pairs, &words[i]);
        if (words[i].is_cue || tells_role(&words[i])) put_word(slots, *bits, words[i].hash, words[i].classes);
    }
    builder->view.cues = slots;
    builder->view.cue_bits = *bits;
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

void dict_build_lexicon(dict_builder *builder) {
    const dict_rows *rows = &builder->tables->table[DICT_LEXICON];
    dict_spellings spellings = {0};
    dict_word *words = read_words(builder, rows);
    uint32_t *edges = dict_append(builder, SECTION_WORD_EDGES, DICT_WORD_EDGES / 32);
    uint8_t *pairs = dict_append(builder, SECTION_PAIR_ROLES, DICT_PAIR_ROLES);
    builder->failed |= !words || !dict_spellings_build(builder->view.fold, &spellings);
    if (!builder->failed) build_words(builder, words, rows->n);
    if (!builder->failed) build_cues(builder, pairs, words, rows->n);
    if (!builder->failed) dict_build_clues(builder, &spellings, words, rows->n);
    if (!builder->failed) dict_build_markets(builder, &spellings, words, rows->n);
    for (size_t i = 0; !builder->failed && i < rows->n; i++)
        if (words[i].classes & 1u << DICT_CLASS_GENERAL) add_edges(edges, &spellings, &words[i]);
    dict_spellings_free(&spellings);
}
