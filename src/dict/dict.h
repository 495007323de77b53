/* dict: TSV tables → one compiled, position-independent file; opening, verifying and mapping it; looking things up.
 *
 * In:        source tables (src/dict/tables, a user's own), or the bytes of a compiled dictionary.
 * Out:       a verified view of the compiled tables, which the other rooms read directly.
 * May know:  securities, names, notations, providers, weights, and the fold that names are compared under.
 * Must not:  know text, documents or formats. */
#ifndef DICT_DICT_H
#define DICT_DICT_H

#include <string.h>

#include "base/base.h"
#include "dict/features.h"

/* --- The file ------------------------------------------------------------------------------------------------------
 * Little-endian; a header, a section table, then the sections, each aligned to 64. References are indices and offsets,
 * never pointers, so that the file works wherever it is mapped. `dict_view_open` checks every one of them once. */

enum { DICT_FORMAT_VERSION = 6 };
static const uint32_t dict_none = UINT32_MAX; /* "no such index" in a u32 field */

/* The source tables, in the order in which they are read and dumped. */
typedef enum dict_table_id {
    DICT_MICS,
    DICT_SECURITIES,
    DICT_NAMES,
    DICT_NOTATIONS,
    DICT_PROVIDERS,
    DICT_CONTEXT,
    DICT_VARIANTS,
    DICT_LEXICON,
    DICT_N_TABLES
} dict_table_id;

/* Column numbers, in the order of tables/README.md. */
enum { MIC_MIC, MIC_COUNTRY, MIC_CURRENCY, MIC_CODE_FORM, MIC_NAME, MIC_SHARES, MIC_N };
enum {
    SEC_ID,
    SEC_ISSUER,
    SEC_TYPE,
    SEC_BOARD,
    SEC_CURRENCY,
    SEC_ISIN,
    SEC_LISTED,
    SEC_DELISTED,
    SEC_STATUS,
    SEC_SUCCESSOR,
    SEC_N
};
enum { NAME_ID, NAME_NAME, NAME_LANG, NAME_KIND, NAME_FROM, NAME_TO, NAME_AMBIGUOUS, NAME_POLICY, NAME_N };
enum {
    NOTATION_ID,
    NOTATION_START,
    NOTATION_MIN,
    NOTATION_MAX,
    NOTATION_THEN,
    NOTATION_PATTERN,
    NOTATION_MICS,
    NOTATION_FORM,
    NOTATION_EVIDENCE,
    NOTATION_EXAMPLE,
    NOTATION_N
};
enum { PROVIDER_ID, PROVIDER_KIND, PROVIDER_MICS, PROVIDER_TEMPLATE, PROVIDER_FORM, PROVIDER_USE, PROVIDER_N };
enum { CONTEXT_FEATURE, CONTEXT_WEIGHT, CONTEXT_WHY, CONTEXT_BROAD, CONTEXT_N };
enum { VARIANT_FROM, VARIANT_TO, VARIANT_KIND, VARIANT_N };
enum { LEXICON_WORD, LEXICON_CLASS, LEXICON_N };

/* One listed line. Strings are offsets into the string section; dates are yyyymmdd or 0. */
typedef struct dict_security {
    uint32_t id, code;            /* "XSHG:688111", "688111" (a part of the id) */
    uint32_t mic;                 /* row of mics */
    uint32_t issuer;              /* security: the home line; may be the security itself */
    uint32_t first_line, n_lines; /* in `lines`: all lines of the issuer, home line first; set on every line of it */
    uint32_t successor;           /* security or dict_none */
    uint32_t type, board, currency, isin; /* strings */
    int32_t listed, delisted;
    uint32_t status;  /* SM_SECURITY_… */
    uint32_t name;    /* string: current short name, else the best other name, else "" */
    uint16_t markets; /* 1 << DICT_CLASS_MARKET_…: the words that speak of its market; 0: none do */
    uint8_t is_share; /* 1: a stock or a depositary receipt, which a company's name can mean */
    uint8_t is_known; /* 1: its symbol is of class `symbol`: it means nothing else */
} dict_security;

enum { DICT_SHORT, DICT_FULL, DICT_ENGLISH, DICT_ALIAS, DICT_FORMER }; /* dict_name.kind */
enum { DICT_ALWAYS, DICT_NEEDS_CONTEXT, DICT_CODE_ONLY, DICT_NEVER };  /* dict_name.policy */

/* One row of names.tsv. */
typedef struct dict_name {
    uint32_t text;     /* string: as the table writes it */
    uint32_t security; /* index */
    uint32_t surface;  /* what it is matched as; dict_none: it is kept for dumping only */
    int32_t from, to;  /* yyyymmdd, `to` exclusive; 0: not known */
    char lang[2];      /* "zh", "en" */
    uint8_t kind, policy;
    uint8_t ambiguous;  /* 1: also an ordinary word, a place, another entity */
    uint8_t marked;     /* 1: the row's name carries a mark (*ST, ST, 退) that the surface leaves out */
    uint8_t classed;    /* 1: … a share-class mark (-W, -SW) */
    uint8_t names_line; /* 1: … the letter of a share: 万科A, 京东方B, 谷歌C */
} dict_name;

/* Flags of a surface, worked out at compile time from all names that share it. */
enum {
    DICT_SURFACE_LATIN = 1,   /* begins with a Latin letter or digit: matched at word starts only */
    DICT_SURFACE_HAN = 2,     /* has a Han character */
    DICT_SURFACE_MARKED = 4,  /* every name of it carries a mark (*ST, ST), or of two characters a share-class letter
                                 (一致A): bare, it is only half the name */
    DICT_SURFACE_DERIVED = 8, /* no row of names.tsv reads like this: legal form or share-class letter left out */
    DICT_SURFACE_UPPER = 16,  /* the names of it are all capitals and short (IBM, TCL): case matters */
    /* every name of it counts only where its code stands beside it, or its mark before it */
    DICT_SURFACE_CODE_ONLY = 32,
    DICT_SURFACE_NEVER = 64,   /* no name of it may be matched: it only keeps parts of itself from being taken */
    DICT_SURFACE_CLASSED = 128 /* a name of it carries a share-class mark (-W), which the text may have behind it */
};

/* Bits of a surface's features that are none: what is called so, which has roles of its own; and, of a Latin one, what the
 * tables write it with, see dict_writing_of(): letters, an apostrophe, a longer word that begins small; and whether it is one word
 * that nothing else is written like, so that it is a name in a sentence of small letters too: netflix, but not hertz or ppl. */
static const uint64_t DICT_IS_HOUSE = (uint64_t)1 << 63, DICT_IS_EXCHANGE = (uint64_t)1 << 62;
static const uint64_t DICT_HAS_UPPER = (uint64_t)1 << 61, DICT_HAS_LOWER = (uint64_t)1 << 60;
static const uint64_t DICT_HAS_APOSTROPHE = (uint64_t)1 << 59, DICT_HAS_SMALL_WORD = (uint64_t)1 << 58;
static const uint64_t DICT_WRITING_BITS = (uint64_t)0xF << 58, DICT_IS_OWN_WORD = (uint64_t)1 << 57;
static const uint64_t DICT_FEATURE_BITS = ((uint64_t)1 << DICT_N_FEATURES) - 1;
_Static_assert(DICT_N_FEATURES <= 56, "weights are summed by eight bits, and the others are no features");

/* What names are matched as: a folded string, shared by all names that fold to it. One cache line holds all that a
 * mention of an unambiguous name asks for; longer texts have their end in the strings only. */
enum { DICT_SURFACE_START = 24 };
typedef struct dict_surface {
    uint64_t features; /* 1 << FEATURE_…: those that do not depend on the text; and the bits above */
    uint32_t issuer;   /* of all its names; dict_none when there are several */
    uint32_t line;     /* the only line that it can ever mean; dict_none when there is a choice */
    uint32_t name;     /* string: as the table writes it; dict_none when that depends on the line */
    uint32_t first, n; /* names: when there is one, its index; else their place in `surface_names` */
    uint32_t text;     /* string: folded */
    uint32_t choices;  /* the first of its lines in `choices`; dict_none: `line` is known, or they are too many */
    uint16_t len;      /* bytes of it */
    uint8_t flags;
    uint8_t n_chars;                /* folded characters */
    char start[DICT_SURFACE_START]; /* the first bytes of the text, filled up with zeros */
} dict_surface;

/* A line that a surface's names can mean. */
typedef struct dict_choice {
    uint32_t security;
    uint32_t name;    /* string: of those names the last of its issuer, or better the first of its own */
    int16_t score;    /* of the best name that means it, without its mark and in a text of no known day */
    uint8_t n_more;   /* that follow for the same surface */
    uint8_t is_dated; /* 1: a name of the surface has days, so that in a text of a known day the score is another */
} dict_choice;

/* A word of the lexicon: the tag of its hash and its classes, as a set of bits 1 << DICT_CLASS_… (features.h). The word
 * itself is not compared: tag and slot leave one chance in a billion that another word is taken for it. */
typedef struct dict_word_slot {
    uint32_t tag, classes;
} dict_word_slot; /* classes 0: empty */

/* A row of a small table as it stands in the source: string offsets, `n_columns` a row. */
typedef struct dict_cells {
    const uint32_t *cells;
    uint32_t n_rows, n_columns;
} dict_cells;

/* Name matcher. A position is a candidate when its raw bytes pass a filter; then the folded text is looked up. */
typedef struct dict_prefix_slot {
    uint32_t tag, bits;
} dict_prefix_slot; /* bits: how names go on, see dict_length_bit and dict_are_one_word; 0: empty */
typedef struct dict_hash_slot {
    uint32_t tag, index;
} dict_hash_slot; /* index+1; 0: empty */

/* Securities by their code, whatever their market: those of one code stand side by side. The number is the code itself,
 * so that neither record nor string is asked; see dict_code_number(). */
typedef struct dict_code_slot {
    uint64_t number;
    uint32_t mic, index; /* row of mics; index+1; 0: empty */
} dict_code_slot;

enum { DICT_MAX_NAME_CHARS = 64, DICT_MAX_NAME_BYTES = 256 };

/* What a mention costs does not grow with the dictionary: of names that read alike the first so many count, and of the lines
 * that they can mean. The default dictionary has eight of either at most. */
enum { DICT_MOST_ALIKE = 32, DICT_MOST_LINES = 32 };

/* Of Chinese names the prefixes of three and six characters tell how long those are that begin so: bit n-1 for n characters,
 * the last bit for 32 and more. That of three speaks of three to six characters; whether any name is longer says
 * DICT_GOES_ON there, and how long that of six. Names of two have a set of bits to themselves, which those few share whose
 * first two characters are not both plain (dict_is_plain). */
static inline uint32_t dict_length_bit(uint32_t n_chars) {
    return 1u << (n_chars < 32 ? n_chars - 1 : 31);
}
enum { DICT_GOES_ON = 1 };

/* How names begin that begin with two plain characters (dict_is_plain): their first two, three, four and more, as long as
 * these are plain, as they are, so that nothing is left to compare. A text is followed from one to the next as long as names
 * go on like it; nearly all names of Chinese text are found on that way. Where a single name goes on from a stem, all of it
 * plain, there are no longer stems: its text is compared. Of millions of names most are alone after few characters, and each
 * stem is a cache line that is far away. */
enum { DICT_STEM_LEAST = 2, DICT_STEM_WHOLE = 4 }; /* characters; as many as a key has in itself */
typedef struct dict_stem {
    uint64_t key;     /* dict_stem_key(); 0: an empty slot */
    uint32_t surface; /* index+1 of the name that ends here, or with dict_is_alone that goes on; 0: neither */
    uint32_t nexts;   /* dict_next_bit of what follows in longer names */
} dict_stem;
static const uint32_t dict_is_alone = 1u << 31;

/* Every place asks for two characters, fewer for each one more: what is asked most stays in the nearest caches, for the longer
 * a stem may be the more of them there are. */
typedef enum dict_stem_table { DICT_STEMS_OF_TWO, DICT_STEMS_OF_FOUR, DICT_STEMS_LONGER, DICT_N_STEMS } dict_stem_table;
typedef struct dict_stems {
    const dict_stem *slots; /* 2^bits */
    uint32_t bits;
} dict_stems;

/* The table of the stems of `n` characters. */
static inline dict_stem_table dict_stem_table_of(uint32_t n) {
    return n > DICT_STEM_WHOLE ? DICT_STEMS_LONGER : n > DICT_STEM_LEAST ? DICT_STEMS_OF_FOUR : DICT_STEMS_OF_TWO;
}

/* The key of a stem of `n` characters. Up to four are in it themselves, 16 bits each, the first in the lowest.
 * @param before  the key of the one before, 0 for the first character; behind four characters its slot */
static inline uint64_t dict_stem_key(uint64_t before, uint32_t n, uint32_t last) {
    if (n > DICT_STEM_WHOLE) return before << 32 | (uint64_t)n << 16 | last;
    return before | (uint64_t)last << 16 * (n - 1);
}

static inline uint32_t dict_next_bit(uint32_t folded) {
    return 1u << (folded * 0x9E3779B1u >> 27);
}

/* Where names are found. Those that begin with a letter or digit have an index of their own: they are most, and Chinese
 * text, which asks most, keeps the other one in the cache. */
enum { DICT_HAN_NAMES, DICT_LATIN_NAMES };
typedef struct dict_name_index {
    const dict_prefix_slot *prefixes; /* 2^prefix_bits */
    const dict_hash_slot *slots;      /* 2^slot_bits: surfaces by the hash of the whole name */
    uint32_t prefix_bits, slot_bits;
} dict_name_index;

/* See words.h. */
typedef struct dict_market_bytes dict_market_bytes;

typedef struct dict_view {
    const uint8_t *file;
    uint64_t size;
    const char *strings;
    uint64_t strings_size;
    const dict_security *securities;
    uint32_t n_securities, n_issuers;
    const uint32_t *lines;
    uint32_t n_lines;
    const dict_name *names;
    uint32_t n_names;
    const dict_surface *surfaces;
    uint32_t n_surfaces;
    const uint32_t *surface_names;
    uint32_t n_surface_names;
    const dict_choice *choices;
    uint32_t n_choices;
    dict_cells tables[DICT_N_TABLES]; /* securities and names have none here: n_rows 0 */
    const uint16_t *fold;             /* 65536 entries: see dict_fold_char() */
    const uint32_t *fold_same;        /* 65536 bits: which characters fold to themselves */
    /* filters over raw bytes; see the kernels of scan/ for how they are read */
    const uint32_t *han_filter;
    uint32_t han_filter_bits;  /* 2^bits words */
    uint32_t han_filter_third; /* what counts of a third character there: see dict_han_third */
    const uint32_t *number_filter;
    uint32_t number_filter_bits; /* 2^bits bits */
    const uint32_t *follow_filter;
    uint32_t follow_filter_bits; /* 2^bits bits, a cache line and more */
    const uint32_t *name_filter;
    uint32_t name_filter_bits; /* 2^bits bits */
    const uint32_t *name_pair_filter;
    uint32_t name_pair_filter_bits; /* 2^bits bits */
    const uint32_t *pairs;
    uint32_t pair_bits;       /* 2^bits bits: see dict_length_bit */
    dict_name_index index[2]; /* by DICT_HAN_NAMES, DICT_LATIN_NAMES */
    dict_stems stems[DICT_N_STEMS];
    const dict_code_slot *code_slots;
    uint32_t code_bits;
    const dict_word_slot *words;
    uint32_t word_bits;
    const dict_word_slot *cues; /* the words that are looked for around mentions; see dict_cue_find */
    uint32_t cue_bits;
    const uint32_t *word_edges; /* 2^18 bits: two characters in a row in general words; see dict_is_in_word */
    const uint64_t *clues;      /* 2^(64 - clue_shift) slots: what characters beside a mention tell; see dict_clue */
    const uint16_t *clue_seeds; /* 2^10 */
    uint32_t clue_shift;
    const dict_market_bytes *market_bytes;
    const uint8_t *pair_roles; /* 2^13: what two characters do in words of the lexicon; see dict_pair_role */
    int32_t as_of;
    uint64_t hash;
    char version[32];
} dict_view;

/* Checks all of a compiled dictionary and fills a view of it. `bytes` is aligned to 8 and is borrowed.
 * @return SM_OK, or SM_ERR_FORMAT with the byte of the first fault. */
sm_status dict_view_open(const void *bytes, uint64_t len, dict_view *view, sm_error *error);
/* The same without the checks, for the dictionary that is embedded (it is verified when the library is built). */
void dict_view_trust(const void *bytes, uint64_t len, dict_view *view);

const dict_view *dict_get_view(const sm_dict *dict);
const sm_dict *dict_retain(const sm_dict *dict);

static inline const char *dict_string(const dict_view *view, uint32_t offset) {
    return view->strings + offset;
}
/* The i-th name of a surface. */
static inline uint32_t dict_surface_name(const dict_view *view, const dict_surface *surface, uint32_t i) {
    return surface->n == 1 ? surface->first : view->surface_names[surface->first + i];
}
/* The text of a surface, without a look at the strings where it is short. */
static inline const char *dict_surface_text(const dict_view *view, const dict_surface *surface) {
    return surface->len <= DICT_SURFACE_START ? surface->start : dict_string(view, surface->text);
}
static inline const char *dict_cell(const dict_view *view, dict_table_id table, uint32_t row, uint32_t column) {
    const dict_cells *t = &view->tables[table];
    return view->strings + t->cells[(size_t)row * t->n_columns + column];
}

/* --- Looking up ----------------------------------------------------------------------------------------------------- */

/* The row of a MIC, or dict_none. */
uint32_t dict_find_mic(const dict_view *view, base_slice mic);
/* The security with exactly this code ("00700", "BRK.B") on the market `mic` (a row of mics), or dict_none. */
uint32_t dict_find_code(const dict_view *view, uint32_t mic, base_slice code);
/* The next security with this code, whatever its market, or NULL. @param number  dict_code_number(code); `at`
 * dict_number_slot() at first. */
const dict_code_slot *dict_next_of_number(const dict_view *view, uint64_t number, base_slice code, uint32_t *at);
/* Whether shares have such codes on a market (a row of mics), as its ranges tell; where it has none they all are. */
bool dict_has_share(const dict_view *view, uint32_t mic, base_slice code);
/* The security "XSHG:688111", or dict_none. */
uint32_t dict_find_id(const dict_view *view, base_slice id);
/* The surface with exactly this folded text, or dict_none. */
uint32_t dict_find_surface(const dict_view *view, base_slice folded);
/* The classes of a folded word as a bit set (features.h); 0 for what is no word of the lexicon. */
uint32_t dict_word_classes(const dict_view *view, base_slice word);
/* The last in the chain of successors (the security itself when it has none, as most). */
uint32_t dict_last_successor(const dict_view *view, uint32_t security);
static inline uint32_t dict_successor(const dict_view *view, uint32_t security) {
    return view->securities[security].successor == dict_none ? security : dict_last_successor(view, security);
}

/* --- Which line a name means ------------------------------------------------------------------------------------------ */

/* Scores in hundredths of a nat that are no features: they compare the issuers and lines that share a surface. */
enum {
    DICT_OUT_OF_TIME = -250, /* a former name, or one on another day than its own */
    DICT_NOT_ITSELF = -60,
    DICT_ITS_OWN_NAME = 40,
    DICT_NAMES_LINE = 400, /* more than the home line has, and less than what is said outright */
    DICT_UNMARKED = -120
};

/* How well a name fits its surface, whatever the text. */
static inline int32_t dict_name_score(const dict_view *view, uint32_t surface, const dict_name *name) {
    bool is_itself = view->surfaces[surface].text == name->text || name->surface == surface;
    return (is_itself ? 0 : DICT_NOT_ITSELF) + (name->ambiguous ? DICT_UNMARKED / 2 : 0);
}

/* A line that took another's place stands for it: the old one is no candidate of its own for a name; nor is a counter, a
 * fund or a bond of the issuer, unless the name is its own. */
static inline bool dict_name_means(const dict_view *view, const dict_name *name, uint32_t line) {
    const dict_security *s = &view->securities[line];
    return s->successor == dict_none && (s->is_share || line == dict_successor(view, name->security));
}

/* The lines of a security's issuer that count, from 0; of too many the last is the security itself. */
static inline uint32_t dict_n_lines(const dict_view *view, uint32_t security) {
    uint32_t n = view->securities[security].n_lines;
    return n < DICT_MOST_LINES ? n : DICT_MOST_LINES;
}
static inline uint32_t dict_line(const dict_view *view, uint32_t security, uint32_t i) {
    const dict_security *s = &view->securities[security];
    bool is_itself = s->n_lines > DICT_MOST_LINES && i == DICT_MOST_LINES - 1;
    return is_itself ? security : view->lines[s->first_line + i];
}

static inline int32_t dict_own_name_score(const dict_view *view, uint32_t surface, const dict_name *name,
                                          uint32_t line) {
    if (line != dict_successor(view, name->security)) return 0;
    return name->names_line && name->surface == surface ? DICT_NAMES_LINE : DICT_ITS_OWN_NAME;
}

/* How things were on a day, as far as the tables know. Both are asked for a few securities of an answer only. */
/* The code that a security had: its own, or one that it took the place of later. */
uint32_t dict_line_on(const dict_view *view, uint32_t security, int32_t day);
/* Its short name, or the English one where it has no other; "" where the tables do not know. */
const char *dict_name_on(const dict_view *view, uint32_t security, int32_t day);
static inline bool dict_is_in_use(const dict_name *name, int32_t day) {
    return (!name->from || name->from <= day) && (!name->to || day < name->to);
}

/* The public shape of a security; the strings are the dictionary's. */
void dict_describe_security(const dict_view *view, uint32_t security, sm_security *out);

/* What is asked of these tables for every few bytes, by what it is about. */
#include "dict/fold.h"
#include "dict/match.h"
#include "dict/words.h"

#endif
