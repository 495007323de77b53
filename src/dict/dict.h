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

enum { DICT_FORMAT_VERSION = 2 };
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
enum { MIC_MIC, MIC_COUNTRY, MIC_CURRENCY, MIC_CODE_FORM, MIC_NAME, MIC_N };
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
enum { CONTEXT_FEATURE, CONTEXT_WEIGHT, CONTEXT_WHY, CONTEXT_N };
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
    uint32_t status;   /* SM_SECURITY_… */
    uint32_t name;     /* string: current short name, else the best other name, else "" */
    uint16_t markets;  /* 1 << DICT_CLASS_MARKET_…: the words that speak of its market */
    uint16_t is_share; /* 1: a stock or a depositary receipt, which a company's name can mean */
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
    uint8_t ambiguous; /* 1: also an ordinary word, a place, another entity */
    uint8_t marked;    /* 1: the row's name carries a mark (*ST, ST, 退) that the surface leaves out */
    uint8_t classed;   /* 1: … a share-class mark (-W, -SW) */
    uint8_t reserved;
} dict_name;

/* Flags of a surface, worked out at compile time from all names that share it. */
enum {
    DICT_SURFACE_LATIN = 1,      /* begins with a Latin letter or digit: matched at word starts only */
    DICT_SURFACE_HAN = 2,        /* has a Han character */
    DICT_SURFACE_MARKED = 4,     /* every name of it carries a mark (*ST, ST), or of two characters a share-class letter
                                 (一致A): bare, it is only half the name */
    DICT_SURFACE_DERIVED = 8,    /* no row of names.tsv reads like this: legal form or share-class letter left out */
    DICT_SURFACE_CODE_ONLY = 32, /* every name of it counts only where its code stands beside it */
    DICT_SURFACE_CLASSED = 128,  /* a name of it carries a share-class mark (-W), which the text may have behind it */
    DICT_SURFACE_NEVER = 64,     /* no name of it may be matched: it only keeps parts of itself from being taken */
    DICT_SURFACE_UPPER = 16      /* the names of it are all capitals and short (IBM, TCL): case matters */
};

/* What names are matched as: a folded string, shared by all names that fold to it. One cache line holds all that a
 * mention of an unambiguous name asks for; longer texts have their end in the strings only. */
enum { DICT_SURFACE_START = 24 };
typedef struct dict_surface {
    uint64_t features; /* 1 << FEATURE_…: those that do not depend on the text */
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
 * go on like it; nearly all names of Chinese text are found on that way. */
enum { DICT_STEM_LEAST = 2, DICT_STEM_WHOLE = 4 }; /* characters; as many as a key has in itself */
typedef struct dict_stem {
    uint64_t key;     /* dict_stem_key(); 0: an empty slot */
    uint32_t surface; /* index+1 of the name that ends here; 0: none does */
    uint32_t nexts;   /* dict_next_bit of what follows in longer names */
} dict_stem;

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

/* Which bytes words that tell a market and ends of sentences can begin with, by all ways to write them. They are put into
 * groups, of which each has a bit: where all bytes of a text have that of one group, one of its words may stand. */
enum { DICT_MARKET_GROUPS = 8, DICT_MARKET_BYTES = 6, DICT_END_BYTES = 3 };
typedef struct dict_market_bytes {
    uint8_t words[DICT_MARKET_BYTES][128]; /* of dict_market_byte(); behind the end of a text its bytes are 0 */
    uint8_t ends[DICT_END_BYTES][128];
} dict_market_bytes;

/* Seven bits of a byte are enough: ASCII and what is not do not stand in one order. Only a first byte is told from letters
 * by them, with which much begins: h is no E8. */
static inline uint32_t dict_market_byte(unsigned char byte, bool is_first) {
    uint32_t of_lead = is_first ? byte >> 1 & 0x40u : 0;
    return byte & (0x7F ^ of_lead);
}

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
    const uint16_t *fold;             /* 65536 entries: see dict_fold below */
    const uint32_t *fold_same;        /* 65536 bits: which characters fold to themselves */
    /* filters over raw bytes; see the kernels of scan/ for how they are read */
    const uint32_t *han_filter;
    uint32_t han_filter_bits; /* 2^bits words */
    const uint32_t *number_filter;
    uint32_t number_filter_bits; /* 2^bits bits */
    const uint32_t *follow_filter;
    uint32_t follow_filter_bits; /* 2^bits bits, a cache line and more */
    const uint32_t *name_filter;
    uint32_t name_filter_bits; /* 2^bits bits */
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
static inline const char *dict_cell(const dict_view *view, dict_table_id table, uint32_t row, uint32_t column) {
    const dict_cells *t = &view->tables[table];
    return view->strings + t->cells[(size_t)row * t->n_columns + column];
}

/* --- Looking up ----------------------------------------------------------------------------------------------------- */

/* The row of a MIC, or dict_none. */
uint32_t dict_find_mic(const dict_view *view, base_slice mic);
/* The security with exactly this code ("00700", "BRK.B") on the market `mic` (a row of mics), or dict_none. */
uint32_t dict_find_code(const dict_view *view, uint32_t mic, base_slice code);
/* The same for who asks for one code on several markets; `number` is dict_code_number(code). */
uint32_t dict_find_number(const dict_view *view, uint32_t mic, uint64_t number, base_slice code);
/* The next security with this code, whatever its market, or NULL. @param at  dict_number_slot() at first. */
const dict_code_slot *dict_next_of_number(const dict_view *view, uint64_t number, base_slice code, uint32_t *at);
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
    return s->successor == dict_none && (s->is_share || line == name->security);
}

static inline int32_t dict_own_name_score(const dict_view *view, const dict_name *name, uint32_t line) {
    return line == dict_successor(view, name->security) ? DICT_ITS_OWN_NAME : 0;
}

/* --- The fold: what counts as the same name -------------------------------------------------------------------------
 * One character at a time, the same for names (at compile time) and candidates: Latin letters to lower case, full width
 * to half width, Traditional to Simplified, accents dropped; apostrophes and zero-width characters are nothing. Between
 * two Latin characters any stretch of spaces and . , - / ( ) is one space; elsewhere spaces are nothing and those signs
 * stand for themselves (小米-W, 中国，石油 is not 中国石油). */

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

/* --- The lexicon: by hash, as words are tried at every length ---------------------------------------------------------- */

/* Where a word would be found, for who has something else to do first. */
static inline const dict_word_slot *dict_word_slot_of(const dict_view *view, uint64_t hash) {
    return &view->words[hash >> (64 - view->word_bits)];
}

static inline uint32_t dict_word_find(const dict_view *view, uint64_t hash) {
    uint32_t mask = (1u << view->word_bits) - 1, at = (uint32_t)(hash >> (64 - view->word_bits));
    for (; view->words[at].classes; at = (at + 1) & mask)
        if (view->words[at].tag == (uint32_t)hash) return view->words[at].classes;
    return 0;
}

/* The same for words that are looked for around a mention. They stand in a table of their own, a sixteenth of the whole, which
 * stays in the nearest caches. A word that is not looked for is there only where it is longer than one on the right that
 * it begins with: the longest word speaks. */
static inline uint32_t dict_cue_find(const dict_view *view, uint64_t hash) {
    uint32_t mask = (1u << view->cue_bits) - 1, at = (uint32_t)(hash >> (64 - view->cue_bits));
    for (; view->cues[at].classes; at = (at + 1) & mask)
        if (view->cues[at].tag == (uint32_t)hash) return view->cues[at].classes;
    return 0;
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
static inline uint64_t dict_clue_slot(uint64_t hash, uint16_t seed,
                                      uint32_t shift) { /* 64 less the bits of the table */
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
    DICT_OPENS_LONG = 1,    /* begins a longer word; of all beginnings of two characters and more */
    DICT_OPENS_GAP = 4,     /* begins a legal form or a label */
    DICT_OPENS_MARKET = 16, /* begins a word that tells a market */
    DICT_CLOSES_GAP = 128   /* ends a legal form or a label */
};

/* `hash` is of two characters; of more for DICT_OPENS_LONG. */
static inline uint32_t dict_pair_role(const dict_view *view, uint64_t hash) {
    return view->pair_roles[hash >> 51];
}

/* Takes one folded character. @return how many characters were written to `out` (0 while nothing is decided; pending
 * signs come out before the character), or DICT_FOLD_STOP when this can be no part of a name any more. */
enum { DICT_FOLD_STOP = -1 };
int dict_fold_step(dict_folder *folder, uint32_t folded, uint32_t out[DICT_FOLD_PENDING + 1]);

/* Folds a whole string. @return bytes written (no NUL), or 0 when it is empty or does not fit. */
size_t dict_fold_text(const dict_view *view, base_slice text, char *out, size_t capacity);

/* Leaves out what exchanges write before and behind a name: *ST before, -W behind. @return whether one of special
 * treatment (ST and its like) was there. */
bool dict_strip_marks(base_slice *folded);
/* The markets, as 1 << DICT_CLASS_MARKET_…, that write this behind a name (-w, -sw, folded); 0 when none does. */
uint16_t dict_class_mark(base_slice folded);

/* What a hash table slot of `bits` bits is for a hash, and the tag that is compared there. */
static inline uint32_t dict_slot(uint64_t hash, uint32_t bits) {
    return (uint32_t)(hash >> (64 - bits));
}
static inline uint32_t dict_tag(uint64_t hash) {
    return (uint32_t)hash;
}

static inline uint32_t dict_stem_slot(uint64_t key, uint32_t bits) {
    return dict_slot(key * 0x9E3779B97F4A7C15u, bits);
}

static inline bool dict_is_other_stem(const dict_stem *stem, uint64_t key) {
    return (stem->key != key) & (stem->key != 0);
}

/* The stem of a key, or an empty slot: no names and nothing that follows. `at` is dict_stem_slot(). One in five
 * stands in the slot behind; which of them no predictor knows, so that the first step is taken without a branch. */
static inline const dict_stem *dict_find_stem(const dict_stems *stems, uint32_t at, uint64_t key) {
    uint32_t mask = (1u << stems->bits) - 1;
    at = (at + dict_is_other_stem(&stems->slots[at], key)) & mask;
    while (dict_is_other_stem(&stems->slots[at], key)) at = (at + 1) & mask;
    return &stems->slots[at];
}

/* A code as a number: up to seven bytes as they stand, their count behind them. Longer ones have a hash, and the last byte
 * says that the code itself must be compared. */
enum { DICT_NUMBER_BYTES = 7, DICT_NUMBER_IS_HASH = 0xFF };
static inline uint64_t dict_code_number(base_slice code) {
    uint64_t number = 0;
    if (code.len > DICT_NUMBER_BYTES)
        return base_hash(code.bytes, code.len) | (uint64_t)DICT_NUMBER_IS_HASH << 8 * DICT_NUMBER_BYTES;
    if (code.len >= 4) { /* in pieces that overlap */
        uint32_t head, tail;
        memcpy(&head, code.bytes, 4);
        memcpy(&tail, code.bytes + code.len - 4, 4);
        number = head | (uint64_t)tail << 8 * (code.len - 4);
    } else if (code.len) {
        size_t middle = code.len / 2, last = code.len - 1;
        const unsigned char *bytes = (const unsigned char *)code.bytes;
        number = bytes[0] | (uint64_t)bytes[middle] << 8 * middle | (uint64_t)bytes[last] << 8 * last;
    }
    return number | (uint64_t)code.len << 8 * DICT_NUMBER_BYTES;
}
/* Without the count: whoever has the bytes of a word has the hash, which dict_word_bit() takes too. */
static inline uint64_t dict_number_hash(uint64_t number) {
    return (number & (((uint64_t)1 << 8 * DICT_NUMBER_BYTES) - 1)) * 0x9E3779B97F4A7C15u;
}

static inline uint32_t dict_number_slot(const dict_view *view, uint64_t number) {
    return dict_slot(dict_number_hash(number), view->code_bits);
}

/* Which of the slots from `at` on, where the number would stand, hold it: bits. More than one are also given where that
 * is not known from the next few, which tell it without a branch for nearly every number. */
static inline uint32_t dict_slots_with_number(const dict_view *view, uint64_t number, uint32_t at) {
    enum { AT_ONCE = 4 };
    const dict_code_slot *slots = &view->code_slots[at];
    uint32_t same = 0, empty = 0;
    if (((1u << view->code_bits) - at) < AT_ONCE) return UINT32_MAX;
    for (uint32_t i = 0; i < AT_ONCE; i++) {
        same |= (uint32_t)(slots[i].number == number) << i;
        empty |= (uint32_t)(slots[i].index == 0) << i;
    }
    return empty ? same & ((empty & -empty) - 1) : UINT32_MAX;
}

/* --- Filters over raw bytes -----------------------------------------------------------------------------------------
 * A name that begins with a character of three or four bytes: the first six bytes choose a word of 32 bits, the next
 * three a bit in it; for a name of two characters the six choose the bit too. One load answers for both. One that begins
 * with an ASCII letter or digit: its first word (up to eight letters and digits, in lower case) chooses a bit, and that word
 * with what follows another. */

enum {
    DICT_HAN_FIRST = (int)0x9E3779B1u,
    DICT_HAN_SECOND = (int)0x85EBCA6Bu,
    DICT_HAN_THIRD = (int)0xC2B2AE35u,
    DICT_NAME_FIRST = (int)0x2C1B3C6Du,
    DICT_NAME_SECOND = (int)0x297A2D39u,
    DICT_NAME_THIRD = (int)0x7FEB352Du,
    DICT_NAME_LAST = (int)0x846CA68Bu
};

/* 32-bit arithmetic on bytes 0 to 3, 2 to 5 and 6 to 8, so that kernels can do many characters at once. */
static inline uint32_t dict_han_hash(uint32_t first, uint32_t second) {
    return first * (uint32_t)DICT_HAN_FIRST + second * (uint32_t)DICT_HAN_SECOND;
}
static inline uint32_t dict_han_word(uint32_t hash, uint32_t bits) {
    return hash >> (32 - bits);
}
static inline uint32_t dict_han_pair_bit(uint32_t hash, uint32_t bits) { /* by what the word leaves of the hash */
    return 1u << (hash << bits >> 27);
}
static inline uint32_t dict_han_bit(uint32_t next_three) {
    return 1u << (((next_three & 0xFFFFFFu) * (uint32_t)DICT_HAN_THIRD) >> 27);
}
/* What passes the first filter is asked again with all nine bytes, or with six and 0 for names of two characters: the
 * same bytes, mixed otherwise, choose a bit. */
static inline uint32_t dict_name_bit(uint32_t first, uint32_t second, uint32_t next_three, uint32_t bits) {
    uint32_t hash = first * (uint32_t)DICT_NAME_FIRST + second * (uint32_t)DICT_NAME_SECOND
                    + (next_three & 0xFFFFFFu) * (uint32_t)DICT_NAME_THIRD;
    return ((hash ^ hash >> 15) * (uint32_t)DICT_NAME_LAST) >> (32 - bits);
}
/* Numbers are most words of Chinese text, few names begin with one, and each number would fetch a cache line of its own:
 * which of them begin names says a small filter, which stays in the nearest cache. */
enum { DICT_NUMBER_BITS = 12 }; /* of a large dictionary */
static inline bool dict_is_number(uint64_t first_word) {
    return (first_word & 0xFF) <= '9';
}
static inline uint32_t dict_word_bit(uint64_t first_word, uint32_t bits) {
    return (uint32_t)((first_word * 0x9E3779B97F4A7C15u) >> (64 - bits));
}

/* What stands between the words of Latin names. */
static inline bool dict_is_sign(uint32_t c) {
    return c == '.' || c == ',' || c == '-' || c == '/' || c == '(' || c == ')';
}

/* A word has all its bits in one cache line. One says that names begin with it, unless it is a number. What passes is asked
 * again with the folded character that follows, spaces and signs left out; 0 where none does: 1 and 20 begin names, but not
 * with 月 behind them. */
enum { DICT_LINE_BITS = 9, DICT_FOLLOWED_BY_ANY = 0x110000 };
static inline uint32_t dict_follow_bit(uint64_t first_word, uint32_t next, uint32_t bits) {
    const uint32_t in_line = (1u << DICT_LINE_BITS) - 1;
    uint64_t key = first_word * 0x9E3779B97F4A7C15u ^ (next + 1) * 0xC2B2AE3D27D4EB4Fu;
    return (dict_word_bit(first_word, bits) & ~in_line) | ((uint32_t)(key >> 32) & in_line);
}

/* The public shape of a security; the strings are the dictionary's. */
void dict_describe_security(const dict_view *view, uint32_t security, sm_security *out);

#endif
