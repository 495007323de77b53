/* The lexicon: words by hash, as they are tried at every length, and what tells without a look at them that there is none.
 * Part of dict.h. */
#ifndef DICT_WORDS_H
#define DICT_WORDS_H

#include "dict/dict.h"

/* Where a word would be found, for who has something else to do first. */
static inline const dict_word_slot *dict_word_slot_of(const dict_view *view, uint64_t hash) {
    return &view->words[hash >> (64 - view->word_bits)];
}

static inline uint32_t dict_classes_of(const dict_word_slot *slots, uint32_t bits, uint64_t hash) {
    uint32_t mask = (1u << bits) - 1, at = (uint32_t)(hash >> (64 - bits));
    for (; slots[at].classes; at = (at + 1) & mask)
        if (slots[at].tag == (uint32_t)hash) return slots[at].classes;
    return 0;
}

/* The classes of a word; 0: it is none. */
static inline uint32_t dict_word_find(const dict_view *view, uint64_t hash) {
    return dict_classes_of(view->words, view->word_bits, hash);
}

/* The same for words that are looked for around a mention. They stand in a table of their own, a sixteenth of the whole, which
 * stays in the nearest caches. A word that is not looked for is there only where it is longer than one on the right that
 * it begins with: the longest word speaks. */
static inline uint32_t dict_cue_find(const dict_view *view, uint64_t hash) {
    return dict_classes_of(view->cues, view->cue_bits, hash) & ~(uint32_t)DICT_ROLE_CLASSES;
}

/* Words that tell a role stand in it too, but are none of those. */
static inline uint32_t dict_role_find(const dict_view *view, uint64_t hash) {
    return dict_classes_of(view->cues, view->cue_bits, hash) & DICT_ROLE_CLASSES;
}

/* Characters are asked for below as they are written, in the order of the text: their bytes as a number, the first lowest. All
 * ways to write a word are entered. */
enum { DICT_WRITTEN_BITS = 48 }; /* of two characters of three bytes */
static inline uint64_t dict_written_hash(uint64_t written) {
    return written * 0xD6E8FEB86659FD93u;
}

/* Can these two Chinese characters stand in a general word that reaches over the edge between them, by two characters at most
 * on either side? Where `is_asked` is 0 they cannot; no line of the table is fetched for that, as most would be for nothing. */
enum { DICT_EDGE_BITS = 18 };
static inline uint32_t dict_is_in_word(const dict_view *view, uint64_t written, uint32_t is_asked) {
    uint32_t bit = (uint32_t)(dict_written_hash(written) >> (64 - DICT_EDGE_BITS)) & (0 - is_asked);
    return view->word_edges[bit >> 5] >> (bit & 31) & is_asked;
}

/* What one or two characters next to a mention tell: all that words of the lexicon say which they are, begin (on the right) or
 * end (on the left). The lower bits are those of the features from DICT_CLUE_FEATURE on. */
enum { DICT_CLUE_FEATURE = FEATURE_COMPANY_RIGHT };
enum {
    DICT_CLUE_TRADING = 1 << 6, /* FEATURE_TRADING_RIGHT, whose number is far from the others */
    DICT_CLUE_KNOWN = 1 << 7,   /* in all clues, also in those of words that tell nothing: 人士 is not 人 */
    DICT_CLUE_COLON = 1 << 8,   /* FEATURE_COLON_RIGHT, if the mention begins a line */
    DICT_CLUE_HANDLE = 1 << 9,  /* FEATURE_HANDLE */
    DICT_CLUE_MEDIUM = 1 << 10, /* a medium's name may stand behind it: 来源, also with a colon or quote between */
    DICT_CLUE_LEFT_GOES_ON = 1 << 11,  /* longer words end so */
    DICT_CLUE_RIGHT_GOES_ON = 1 << 12, /* longer words begin so */
    DICT_CLUE_FORM_OF_ONE = 1 << 13,   /* the first character is a descriptor, which is passed over */
    DICT_CLUE_FORM_OF_TWO = 1 << 14,   /* both are */
    DICT_CLUE_FORMS = DICT_CLUE_FORM_OF_ONE | DICT_CLUE_FORM_OF_TWO
};
enum { DICT_CLUE_BITS = 16 };
enum {
    DICT_RIGHT_FEATURES =
        1 << (FEATURE_COMPANY_RIGHT - DICT_CLUE_FEATURE) | 1 << (FEATURE_ORGANISATION_RIGHT - DICT_CLUE_FEATURE)
        | 1 << (FEATURE_PRODUCT_RIGHT - DICT_CLUE_FEATURE) | 1 << (FEATURE_PLACE_RIGHT - DICT_CLUE_FEATURE),
    DICT_LEFT_FEATURES = 1 << (FEATURE_COMPANY_LEFT - DICT_CLUE_FEATURE)
                         | 1 << (FEATURE_ORGANISATION_LEFT - DICT_CLUE_FEATURE)
};
_Static_assert(DICT_CLUE_COLON == 1 << (FEATURE_COLON_RIGHT - DICT_CLUE_FEATURE)
                   && DICT_CLUE_HANDLE == 1 << (FEATURE_HANDLE - DICT_CLUE_FEATURE),
               "these are bits of features too");

/* Clues are for characters of one and of three bytes, which nearly all are. Accented letters of three are left out: each
 * letter has dozens. A line's end is no space here: words end with it. */
static inline bool dict_has_clues(uint32_t code_point) {
    return (code_point < 0x80 && code_point != '\n') || (code_point >= 0x800 && code_point < 0x1000)
           || (code_point >= 0x2000 && code_point < 0x10000);
}

/* The clue of one or two characters; 0 when they have none. The table is made so that one comparison tells: each group of hashes
 * has a number that takes all of its own to slots of their own. A slot is what is written, and below it the clue. */
enum { DICT_CLUE_GROUP_BITS = 10 };
/* @param shift  64 less the bits of the table */
static inline uint64_t dict_clue_slot(uint64_t hash, uint16_t seed, uint32_t shift) {
    return hash * seed >> shift;
}
static inline uint32_t dict_clue(const dict_view *view, uint64_t written) {
    uint64_t hash = dict_written_hash(written);
    uint16_t seed = view->clue_seeds[hash >> (64 - DICT_CLUE_GROUP_BITS)];
    uint64_t clue = view->clues[dict_clue_slot(hash, seed, view->clue_shift)] ^ written << DICT_CLUE_BITS;
    uint32_t is_its_own = clue < 1 << DICT_CLUE_BITS;
    return (uint32_t)clue & (0 - is_its_own); /* a mask, of which no compiler makes a branch */
}

/* The features of words of these classes, as the bits of a clue. */
static inline uint32_t dict_clue_of_classes(uint32_t classes) {
    return (classes >> DICT_CLASS_COMPANY_RIGHT & (DICT_RIGHT_FEATURES | DICT_LEFT_FEATURES))
           | (classes & 1u << DICT_CLASS_TRADING_RIGHT ? DICT_CLUE_TRADING : 0u);
}
_Static_assert(FEATURE_PLACE_RIGHT - FEATURE_COMPANY_RIGHT == DICT_CLASS_PLACE_RIGHT - DICT_CLASS_COMPANY_RIGHT,
               "classes from company-right to place-right stand in the order of their features");

/* Signs that stand between what tells a medium and its name, folded. */
static inline bool dict_is_quote(uint32_t c) {
    static const uint16_t others[] = {0x201C, 0x201D, 0x300A, 0x300B, 0x300C, 0x300D, 0x3010, 0x3011};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (c == others[i]) return true;
    return c == '"' || c == '(' || c == ')';
}

/* Of a folded character. */
static inline bool dict_ends_sentence(uint32_t folded) {
    return folded == 0x3002 || folded == '!' || folded == '?' || folded == ';';
}

/* What two folded characters in a row can do in words that are looked for in running text: most can do nothing, which is
 * told from this small table without a probe of the large one. */
enum {
    DICT_OPENS_LONG = 1,      /* begins a longer word; of all beginnings of two characters and more */
    DICT_OPENS_ROLE = 2,      /* begins a word that tells a role */
    DICT_OPENS_GAP = 4,       /* begins a legal form or a label */
    DICT_OPENS_LONG_ROLE = 8, /* begins a longer word that tells a role; of all beginnings of two characters and more */
    DICT_OPENS_MARKET = 16,   /* begins a word that tells a market */
    DICT_CLOSES_ROLE = 32,    /* ends a word that tells a role */
    DICT_CLOSES_GAP = 128     /* ends a legal form or a label */
};

/* `hash` is of two characters; of more for DICT_OPENS_LONG and DICT_OPENS_LONG_ROLE. */
static inline uint32_t dict_pair_role(const dict_view *view, uint64_t hash) {
    return view->pair_roles[hash >> 51];
}

/* Which bytes words that tell a market and ends of sentences can begin with, by all ways to write them. They are put into
 * groups, of which each has a bit: where all bytes of a text have that of one group, one of its words may stand. */
enum { DICT_MARKET_GROUPS = 8, DICT_MARKET_BYTES = 6, DICT_END_BYTES = 3 };
struct dict_market_bytes {
    uint8_t words[DICT_MARKET_BYTES][128]; /* of dict_market_byte(); behind the end of a text its bytes are 0 */
    uint8_t ends[DICT_END_BYTES][128];
};

/* Seven bits of a byte are enough: ASCII and what is not do not stand in one order. Only a first byte is told from letters
 * by them, with which much begins: h is no E8. */
static inline uint32_t dict_market_byte(unsigned char byte, bool is_first) {
    uint32_t of_lead = is_first ? byte >> 1 & 0x40u : 0;
    return byte & (0x7F ^ of_lead);
}

#endif
