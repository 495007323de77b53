/* What the steps of resolve share. Private to the room: resolve.c takes a wave through them, add.c makes places of
 * candidates, clues.c reads what stands next to them and edges.c which words reach over their ends, around.c asks for what
 * that leaves open, latin.c and latin_case.c look at a Latin name itself, beside.c relates places to each other, take.c tells
 * which hold, model.c and confidence.c what is weighed, seen.c keeps what documents are certain of, mentions.c makes
 * mentions, markets.c hears which market is spoken of, lines.c chooses the line, role.c tells the role, unlisted.c keeps and
 * reports codes that no table has, explain.c says why, contradictions.c finds what contradicts. */
#ifndef RESOLVE_PLACES_H
#define RESOLVE_PLACES_H

#include "resolve/seen.h"

/* A span that may be a mention: one surface, or a code with all the securities that have it. A cache line's worth. */
typedef struct resolve_place {
    size_t start, end;
    uint64_t features;
    int32_t score; /* the weights of its features, once it is looked at */
    uint32_t run;
    uint32_t surface;      /* of a name; of a code the row of its notation */
    uint32_t first_code;   /* of a code: in `codes` */
    uint32_t n_codes;      /* of a code; 0 of a name */
    uint32_t issuer;       /* that it means, if it means any; dict_none when there are several */
    uint32_t code_beside;  /* of a name: place of the code that belongs to it; of a code: of the name. dict_none */
    uint8_t document;      /* of the wave */
    uint8_t surface_flags; /* of a name */
    bool is_code, is_short, has_mark, is_taken, is_looked_at, may_be_medium;
    bool has_no_name_before; /* of a code: no name stands before it and codes beside it */
    uint16_t class_markets;  /* of a name with -W or its like: 1 << DICT_CLASS_MARKET_… of those that write it so */
} resolve_place;
_Static_assert(sizeof(resolve_place) <= 64 && RESOLVE_MOST_DOCUMENTS < 256, "a document's number is one of its bytes");

/* What stands next to a place. */
typedef struct resolve_beside {
    uint32_t right, left; /* clues, see dict_clue(); or RESOLVE_NOT_KNOWN */
    uint8_t edges;        /* that an ordinary word may reach over: RESOLVE_…_EDGE */
    bool is_asked;        /* more than the clues is to be asked for */
    bool is_read;         /* all this was told */
} resolve_beside;
/* The words themselves are to be looked for, as the characters are none that have clues. No bit of a clue. */
enum { RESOLVE_NOT_KNOWN = 1 << DICT_CLUE_BITS };
enum { RESOLVE_LEFT_EDGE = 1, RESOLVE_RIGHT_EDGE = 2 };

/* A word such as 港股, and where it stands. */
typedef struct resolve_market_word {
    size_t start, end;
    uint32_t classes; /* 1 << DICT_CLASS_MARKET_…; 0: a sentence ends here */
    uint32_t named;   /* the classes of the last word up to here, whatever its sentence; 0: none yet */
} resolve_market_word;

/* The groups that bytes may have, by their lowest six bits; and which of them the first may, by its upper half. */
typedef struct resolve_six_bits {
    uint8_t groups[DICT_MARKET_BYTES][64];
    uint8_t of_first[16];
} resolve_six_bits;

/* dict_market_bytes as each kernel asks them. */
typedef struct resolve_market_bytes {
    const dict_market_bytes *all;
    uint32_t groups[DICT_MARKET_BYTES][128]; /* of words, and above them of ends */
    resolve_six_bits words, ends;
} resolve_market_bytes;

/* A well-formed code that is in no table. */
typedef struct resolve_unknown {
    scan_candidate code; /* with the number of its run here */
    uint32_t n_before;   /* places that begin before it */
    bool is_reported;    /* it is to be a mention */
} resolve_unknown;

struct resolve_state {
    const dict_view *view;
    const resolve_model *models; /* by scope */
    const resolve_model *model;  /* of the scope at hand */
    const sm_allocator *allocator;
    uint32_t kernel;
    uint8_t *code_features; /* by notation: what a code that is written so is evidence of, read once */
    resolve_options options;
    int32_t as_of;                              /* of the document at hand */
    uint32_t n_certain[RESOLVE_MOST_DOCUMENTS]; /* issuers, by document */
    resolve_run *runs;
    size_t n_runs, runs_capacity;
    resolve_place *places;
    size_t n_places, places_capacity;
    resolve_beside *beside; /* of each place */
    size_t beside_capacity;
    uint32_t *some; /* places that a step is about, in order; as they come those of codes */
    size_t n_some, some_capacity;
    uint32_t *codes; /* securities of code places */
    size_t n_codes, codes_capacity;
    resolve_mention *mentions;
    size_t n_mentions, mentions_capacity;
    resolve_line *lines;
    size_t n_lines, lines_capacity;
    resolve_unknown *unknown; /* where they are reported, checked or counted */
    size_t n_unknown, unknown_capacity;
    size_t n_reported; /* of them */
    resolve_finding *findings;
    size_t n_findings, findings_capacity;
    resolve_explanation *explanations; /* of each place, when they were asked for */
    size_t explanations_capacity;
    resolve_seen issuers;    /* that documents are certain of */
    resolve_seen seen_lines; /* that stand in documents as codes or links */
    uint32_t document;       /* at hand */
    /* A bit for each document where a place gave way to one that begins inside it, before all was heard. */
    uint64_t doubted;
    /* Words that tell a market and ends of sentences, in the run that was looked at last, as far as it was. */
    resolve_market_word *market_words;
    size_t n_market_words, market_words_capacity, market_end;
    uint32_t market_run;
    /* The sentence that was asked for last: its words, and all that they say. */
    size_t sentence_first, sentence_end;
    uint32_t sentence_markets;
    resolve_market_bytes market_bytes;
};

static inline uint64_t resolve_bit(dict_feature feature) {
    return (uint64_t)1 << feature;
}

static inline base_slice resolve_text(const resolve_state *resolver, const resolve_place *place) {
    return resolver->runs[place->run].text;
}

static inline uint32_t resolve_issuer(const resolve_state *resolver, uint32_t security) {
    return resolver->view->securities[security].issuer;
}

/* --- Characters of the text, folded ------------------------------------------------------------------------------------ */

static const uint32_t resolve_no_char = UINT32_MAX;

/* Letters, digits and Chinese characters: what words are made of. */
static inline bool resolve_is_word_char(uint32_t c) {
    return dict_is_latin(c) || dict_is_han(c);
}

/* The character before `*at`, which goes back to its start; resolve_no_char at the start of the text or of the line. */
static inline uint32_t resolve_char_before(const dict_view *view, base_slice text, size_t *at) {
    uint32_t c;
    if (*at == 0 || text.bytes[*at - 1] == '\n') return resolve_no_char;
    *at = base_utf8_back(text.bytes, *at);
    base_utf8_read(text.bytes + *at, &c);
    return dict_fold_char(view, c);
}

static inline uint64_t resolve_hash_pair(uint32_t first, uint32_t second) {
    return dict_hash_step(dict_hash_step(0, first), second);
}

/* The Chinese character at `at`, folded; 0 when there is none. */
static inline uint32_t resolve_han_at(const dict_view *view, base_slice text, size_t at) {
    if (text.len < 3 || at > text.len - 3) return 0;
    uint32_t c = dict_fold_usual(view, base_utf8_three(text.bytes + at));
    return ((unsigned char)text.bytes[at] & 0xF0) == 0xE0 && dict_is_han(c) ? c : 0;
}

/* Whether a day lies before another, and more than `slack` days. */
static inline bool resolve_is_before(int32_t day, int32_t other, int32_t slack) {
    return base_date_days(day) + slack < base_date_days(other);
}

/* --- Steps ------------------------------------------------------------------------------------------------------------- */

/* The weights of a set of features. */
static inline int32_t resolve_weigh(const resolve_state *resolver, uint64_t features) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < RESOLVE_EIGHTS; i++) sum += resolver->model->sums[i][features >> 8 * i & 255];
    return sum;
}

/* Reads what stands next to the places that are likely to be looked at. */
void resolve_look_beside(resolve_state *resolver);
/* The same of any other. */
void resolve_look_beside_one(const resolve_state *resolver, const resolve_place *place);
/* The clue of what stands behind `at`, in a text of any length. */
uint32_t resolve_clue_behind(const dict_view *view, base_slice text, size_t at);
/* Gives places the features of words that reach over their open edges. */
void resolve_look_over_edges(const resolve_state *resolver, const uint32_t *places, size_t n);
/* The word behind the space that follows a Latin name or symbol, or that and the next, the 's of a possessive passed over: Ford
 * cuts, Ford's shares, Ford to buy. What they say is told by the lexicon. */
uint64_t resolve_next_word_features(const dict_view *view, base_slice text, size_t start, size_t end);
/* Whether a name is written as the tables write it; `here` is what dict_writing_of() says of it. */
uint64_t resolve_case_features(const resolve_state *resolver, const resolve_place *place, uint64_t here);
/* The features that a name has by its letters; of names without Chinese characters. */
uint64_t resolve_latin_features(const resolve_state *resolver, const resolve_place *place);
/* Gives a place the features that its own text and surroundings have, and its score. */
void resolve_look_around(const resolve_state *resolver, resolve_place *place);
/* How far a code and its name are looked for: bytes between them, and places beside the code that are asked. What is paired
 * and what is checked have to be the same. */
enum { RESOLVE_GAP = 64, RESOLVE_LOOK_BACK = 8 };
/* Pairs names with the codes beside them. */
void resolve_pair_codes(resolve_state *resolver);
/* What may stand between a name and its code: brackets and their like, legal forms and labels (有限公司, 股票代码). */
bool resolve_is_gap(const dict_view *view, base_slice text, size_t from, size_t to, bool is_list);
/* Is a place all that stands in its run? Of the many places of a long run, another that stands beside this one says no, so
 * that the run is not gone over for each. */
bool resolve_fills_run(const resolve_state *resolver, uint32_t index);
/* Whether a place is capitals that say something else: CEO, GDP. */
bool resolve_is_abbreviation(const dict_view *view, base_slice text, const resolve_place *place);
/* Bare capitals that a table has as a symbol. Two may be anything (AI, EV), and so may what is in use as a word (LPG). */
bool resolve_may_be_symbol(const resolve_state *resolver, const resolve_place *place);
enum { RESOLVE_LIST_GAP = 12 }; /* bytes between members of an enumeration, at most */
/* Whether two places of a run that are no further apart stand in one enumeration: nothing between them but 、 and its like,
 * "and", or a bracket. */
bool resolve_are_listed(const resolve_state *resolver, const resolve_place *left, const resolve_place *right);

/* What is told of places by themselves: pairs, what stands beside them, which of them hold. The first step of a wave. */
void resolve_look_first(resolve_state *resolver);
/* Takes those that hold: leftmost first, of one start the longest; what does not hold gives way to the next, and what hardly
 * does to one across its end, or that ends with it. @param documents  a bit for each that this is done in; `some` becomes
 * those of their places that were looked at. @param is_first  what is certain is noted, and what was doubted. */
void resolve_take(resolve_state *resolver, uint64_t documents, bool is_first);
/* What only the second look can tell of some places: the rest of the document and the neighbours in a list, which are
 * taken. Of those that were looked at, or of the others: these matter only once something has changed.
 * @return a bit for each document where a place holds now and did not before, or the other way round. */
uint64_t resolve_look_again(resolve_state *resolver, bool are_looked_at);
/* Gives places that were not looked at, in documents of the set, what only the second look can tell. */
void resolve_look_at_rest(resolve_state *resolver, uint64_t documents);
/* A name that a table allows beside its code only has that code beside it. */
static inline bool resolve_has_what_it_needs(const resolve_place *place) {
    bool needs_code = (place->surface_flags & DICT_SURFACE_CODE_ONLY) != 0;
    return (place->code_beside != dict_none) | place->has_mark | !needs_code;
}
/* Makes mentions of the places that were taken. False when memory ran out. */
bool resolve_add_mentions(resolve_state *resolver);
/* Makes the document of a place the one at hand. */
void resolve_enter_document(resolve_state *resolver, const resolve_place *place);
/* The row of names that gives a place of a name this line. */
uint32_t resolve_name_row(const resolve_state *resolver, const resolve_place *place, uint32_t security);

/* Whether a medium's name may stand at `at`, by what is right before it: nearly always none may. */
bool resolve_may_be_medium(const dict_view *view, base_slice text, size_t at);
/* What begins at each character behind a place, up to a sign that is no space, quote or colon: classes of words that tell
 * roles, which have two characters at least. */
enum { RESOLVE_WORDS_REACH = 15 };
typedef struct resolve_words {
    uint32_t n, all; /* all: of any of them */
    uint32_t classes[RESOLVE_WORDS_REACH];
} resolve_words;
void resolve_read_words(const dict_view *view, base_slice text, size_t at, uint32_t reach, resolve_words *words);

/* What a place that was looked at does in its text, by what stands around it: SM_ROLE_…. */
uint32_t resolve_find_role(const resolve_state *resolver, const resolve_place *place);
/* The same, as nearly all are SM_ROLE_SUBJECT without a question. */
static inline uint32_t resolve_role(const resolve_state *resolver, const resolve_place *place) {
    const uint64_t asking = DICT_IS_HOUSE | DICT_IS_EXCHANGE | resolve_bit(FEATURE_PRODUCT_RIGHT);
    base_slice text = resolve_text(resolver, place);
    /* 网, 财 and the like, as what media are called begins (role.c), have such first bytes. */
    bool may_sign = place->end < text.len && (unsigned char)((unsigned char)text.bytes[place->end] - 0xE6) < 3;
    bool is_asked = may_sign || place->may_be_medium || resolver->options.source.len || place->features & asking;
    return is_asked ? resolve_find_role(resolver, place) : (uint32_t)SM_ROLE_SUBJECT;
}

/* Whether no shorter name may be meant inside a name that does not hold: it is whole, and with it a longer one goes on, as
 * with 阿里巴巴 in 阿里巴巴概念股. */
static inline bool resolve_is_part_of_longer(const resolve_place *place) {
    const uint64_t longer = resolve_bit(FEATURE_ORGANISATION_RIGHT) | resolve_bit(FEATURE_PRODUCT_RIGHT)
                            | resolve_bit(FEATURE_PLACE_RIGHT);
    return !place->is_code && place->features & longer && !(place->features & resolve_bit(FEATURE_WORD_ACROSS_RIGHT));
}

/* Whether a security of this issuer can be meant by the place. */
bool resolve_can_mean(const resolve_state *resolver, const resolve_place *place, uint32_t issuer);
/* Whether a name and a code can mean one issuer. */
bool resolve_share_issuer(const resolve_state *resolver, const resolve_place *name, const resolve_place *code);

void resolve_market_bytes_read(const dict_market_bytes *bytes, resolve_market_bytes *out);
/* The next character from `at` on, where one begins, with which a market word may begin, or `or_end` the end of a sentence
 * (see dict_market_bytes); the text's length when there is none. In plain C, with AVX2 and with AVX-512. */
size_t resolve_next_market_c(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end);
size_t resolve_next_market_avx2(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end);
size_t resolve_next_market_avx512(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end);
/* Whether the character at `at` is such a one. */
bool resolve_begins_market(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end);
/* The market that stands right behind a name, else those that its sentence names; where it names none, the last one
 * named before it in the run: a paragraph names its market once, at its beginning mostly.
 * @return false when memory ran out. */
bool resolve_find_markets(resolve_state *resolver, const resolve_place *place, uint32_t *markets, bool *is_said);

/* Keeps the codes among the candidates that no table has. False when memory ran out. */
bool resolve_keep_unknown(resolve_state *resolver, const scan_list *candidates, uint32_t first_run,
                          uint32_t first_place);
/* Puts those among the mentions that shares could have, and that nothing that was found overlaps. False when memory ran
 * out. */
bool resolve_report_unknown(resolve_state *resolver);
/* How many those are, also where they were not asked to be mentions. */
size_t resolve_count_unknown(resolve_state *resolver);
/* Finds what contradicts, once mentions are told. False when memory ran out. */
bool resolve_check(resolve_state *resolver);

/* The lines that a place can mean, best first, appended to resolver->lines. False when memory ran out. */
bool resolve_choose_lines(resolve_state *resolver, const resolve_place *place, uint32_t *first, uint32_t *n);

#endif
