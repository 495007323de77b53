/* How codes are found, private to the room. A row of notations.tsv is tried where its gate opens (codes_gate.c): cheap
 * tests on the run of digits or letters and on what stands around it, so that few places reach PCRE2. All gates are
 * asked at once, 64 rows with a few loads (codes_filter.c): first roughly, which ends it for four words of five
 * (codes_rough_rows), then exactly. In between the dictionary is asked for the run, which most rows take for the code
 * (codes_find_run). The pattern (codes_pattern.c) sees a folded window of at most 128 bytes (codes_window.c), and what it
 * calls the code is brought into the form of the ids and looked up (codes_form.c). */
#ifndef SCAN_CODES_H
#define SCAN_CODES_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "scan/scan.h"
#include "scan/walk.h"

/* --- Where a code may begin --------------------------------------------------------------------------------------- */

/* The first character of a run of ASCII digits, of a run of ASCII letters, or a dollar sign. Full-width ones begin runs
 * of their own. */
typedef enum codes_start { CODES_DIGIT, CODES_LETTER, CODES_DOLLAR, CODES_N_STARTS } codes_start;

typedef struct codes_place {
    base_slice run;
    size_t at, end; /* the digits, the letters or the dollar sign */
    size_t n_chars; /* of it; full-width ones count as one */
    codes_start start;
} codes_place;

enum { CODES_EDGE = 0x110000 }; /* "no character": the run begins or ends here */

/* A character with its width and script variants folded away: full-width ASCII to ASCII, wide spaces to a space. */
uint32_t codes_fold_sign(uint32_t code_point);
static inline uint32_t codes_fold(uint32_t c) {
    /* Neither ASCII nor anything from the radicals to the last private character folds: most text asks no further. */
    return c < 0x80 || (c > 0x3000 && c < 0xFE00) ? c : codes_fold_sign(c);
}

/* Runs are well-formed UTF-8, so that a character needs no checks to be read. */
static inline uint32_t codes_char_at(base_slice run, size_t at, size_t *next) { /* CODES_EDGE at the end */
    uint32_t c;
    *next = at;
    if (at >= run.len) return CODES_EDGE;
    *next += base_utf8_read(run.bytes + at, &c);
    return codes_fold(c);
}

/* Whether what begins at `start` and ends at `end` is a part of a web or mail address or of an @handle. */
bool codes_in_address(scan_memory *memory, base_slice run, size_t start, size_t end);

/* --- Gates: the column `then` of notations.tsv -----------------------------------------------------------------------
 * Conditions, divided by spaces; all must hold. Each is a set of characters, of which one must stand
 *     then=SET    directly behind the run (a set alone means the same)
 *     beyond=SET  behind the spaces and . , : - that follow the run
 *     before=SET  directly before the run
 *     ahead=SET   before the two characters that precede the run
 *     label=SET   before the spaces, colons, brackets and quotes that precede the run
 *     first=SET   as the first character of the run
 *     run=SET     as every character of the run
 * A set lists its characters (full width counts as ASCII): \s space, \d digit, \l letter, \u capital, \o not ASCII,
 * \e no character at all (start or end of the text), \\ a backslash; a leading ^ takes all but these.
 *
 * Behind the word `sure` stand conditions of a second gate, the proof: where both open, PCRE2 is not asked, as the pattern
 * matches the run alone, and takes it for the code. Two conditions stand only there:
 *     chars=MIN-MAX  so many characters has the run
 *     exchange=SET   in strong rows: behind the run stand one sign and letters that are an exchange of the row, and behind
 *                    these a character of the set; where it is so, the pattern matches all that
 * Where the form is none the run is no code, and the pattern matches it and perhaps what no other place begins in: it need
 * not be asked when it is the last. tests/unit/scan/proofs_test.c asks the patterns whether all this is so. */

typedef struct codes_set {
    uint64_t ascii[2];
    bool is_given, is_negated, has_other, has_edge;
    const uint32_t *others; /* listed characters beyond ASCII */
    uint32_t n_others;
} codes_set;

enum { CODES_THEN, CODES_BEYOND, CODES_BEFORE, CODES_AHEAD, CODES_LABEL, CODES_FIRST, CODES_RUN, CODES_N_SETS };

enum { CODES_MAX_RUN = 64 };

typedef struct codes_gate {
    codes_set sets[CODES_N_SETS], behind_exchange;
    uint32_t min, max; /* characters of the run */
    bool is_given;
} codes_gate;

/* @return SM_OK, SM_ERR_NOMEM, or SM_ERR_PATTERN when the cell does not read as above. */
sm_status codes_gate_read(base_arena *arena, base_slice cell, codes_gate *gate, codes_gate *proof);
bool codes_set_has(const codes_set *set, uint32_t folded); /* or CODES_EDGE */

/* --- Rows --------------------------------------------------------------------------------------------------------- */

typedef enum codes_form { CODES_DIGITS6, CODES_DIGITS5, CODES_SYMBOL, CODES_NO_CODE } codes_form;
typedef enum codes_evidence { CODES_STRONG, CODES_BRACKET, CODES_WEAK } codes_evidence;

/* "SH=XSHG|SZ=XSHE": where the code is looked up when the group `exchange` reads so. Parts without = are where it is
 * looked up in any case, after that. */
typedef struct codes_market {
    base_slice exchange; /* empty: any */
    uint64_t number;     /* of it, as of a code: so that most are told apart without a look at the text */
    uint32_t mic;        /* row of mics */
} codes_market;

typedef struct codes_row {
    uint32_t notation; /* row of the table */
    codes_start start;
    codes_gate gate, proof;
    codes_form form;
    codes_evidence evidence;
    const codes_market *markets;
    uint32_t n_markets;
    const char *mics; /* the cell that the markets were read from: rows that share it look codes up alike */
    bool is_run;      /* weak and bracket: the run itself must be a known code, or the row is not tried */
    bool is_broken; /* a cell says what nothing here understands: never tried, and reported when patterns are warmed */
} codes_row;

/* From 1 to 999; 0, which no row may say, for what is no number. */
uint32_t codes_read_length(base_slice cell);

sm_status codes_row_read(const dict_view *view, base_arena *arena, uint32_t notation, codes_row *row);

/* --- All gates at once --------------------------------------------------------------------------------------------- */

/* Characters of one class are the same to every set. The classes are ASCII itself, each other character that a set
 * lists, and all the rest. Here is the class of every character, by pages: most have no character of their own and share
 * one. */
enum { CODES_PAGE = 64, CODES_N_PAGES = 0x110000 / CODES_PAGE };
typedef struct codes_page {
    uint32_t classes[CODES_PAGE];
} codes_page;

/* The rows whose set takes the characters of a class, or that have no such set; a cache line. */
typedef struct codes_masks {
    uint64_t rows[CODES_N_SETS];
    uint64_t signs; /* whether the class is passed over beside a run */
} codes_masks;

/* What the two bytes before a run and the two behind it leave of all rows: 64 bits, which the rows share when there are
 * more. Nothing is decoded, and no branch asks what the text is made of: the next byte says where the one beyond it is
 * looked up. */
enum {
    CODES_BEHIND_SIGN = 0, /* the next one is an ASCII sign that is passed over */
    CODES_ENOUGH = 256,    /* it is any other of ASCII, and all that counts */
    CODES_OF_CHAR = 512,   /* both are of one character; most of two have an entry of their own */
    CODES_CHARS_APART = 16,
    CODES_N_BEYOND = CODES_OF_CHAR + 63 * CODES_CHARS_APART + 256
};
typedef struct codes_side {
    uint64_t next[256]; /* by the byte next to the run */
    uint64_t beyond[CODES_N_BEYOND];
    uint16_t from[256];
} codes_side;

typedef struct codes_rough {
    uint64_t by_length[CODES_N_STARTS][CODES_MAX_RUN + 1]; /* rows that take runs of this length */
    uint64_t first[256];                                   /* by the first byte of the run */
    codes_side before, behind;
} codes_rough;

/* The same for numbers alone, which most words are: rows share 31 bits, so that the tables stay near. The last bit is
 * CODES_UNSURE: what follows may be of the word. */
typedef struct codes_number_side {
    uint32_t next[256];
    uint32_t beyond[CODES_N_BEYOND];
    uint16_t from[256];
} codes_number_side;

enum { CODES_MOST_DIGITS = 7 };
static const uint32_t CODES_UNSURE = 0x80000000;

typedef struct codes_numbers {
    uint32_t by_length[CODES_MOST_DIGITS + 1];
    codes_number_side before, behind;
} codes_numbers;

static inline uint32_t codes_number_beside(const codes_number_side *side, unsigned char next, unsigned char beyond) {
    return side->next[next] & side->beyond[side->from[next] + beyond];
}

/* The rows of runs of letters by their length, which is eight for longer ones too. Where `is_mixed` a run has a small letter,
 * and not its last letter alone: rows that take capitals alone do not fit, nor do symbols, which are written as the table
 * has them but for a class such as BRKb. */
enum { CODES_MOST_LETTERS = 8 };
typedef struct codes_letters {
    uint64_t by_length[2][CODES_MOST_LETTERS + 1]; /* [is_mixed] */
} codes_letters;

/* 0: what begins with so many digits, followed by anything else, is no code and nothing but a number. */
static inline uint32_t codes_number_rows(const codes_numbers *numbers, size_t n_digits, const unsigned char *before,
                                         const unsigned char *behind) {
    return numbers->by_length[n_digits] & codes_number_beside(&numbers->before, before[1], before[0])
           & codes_number_beside(&numbers->behind, behind[0], behind[1]);
}

static inline uint64_t codes_rows_beside(const codes_side *side, unsigned char next, unsigned char beyond) {
    return side->next[next] & side->beyond[side->from[next] + beyond];
}

/* 64 rows, one bit each. */
typedef struct codes_sieve {
    uint64_t by_length[CODES_N_STARTS][CODES_MAX_RUN + 1];
    uint64_t asking[CODES_N_SETS]; /* rows that have such a set */
    uint64_t rows;                 /* that there are */
    codes_masks *by_class;
} codes_sieve;

typedef struct codes_filter {
    codes_rough *rough;
    codes_numbers *numbers;
    codes_letters letters;
    codes_sieve *sieves;
    uint32_t n_sieves, n_classes, n_pages;
    uint16_t *page_of; /* by character / CODES_PAGE */
    codes_page *pages;
    /* Proofs stand behind the rows, as rows of their own, where one sieve has room for all; elsewhere there are none. */
    uint64_t proofs, proof_of[64]; /* all of them; by row its one, or 0 */
} codes_filter;

/* Broken rows are left out. @return false when out of memory. */
bool codes_filter_build(base_arena *arena, const codes_row *rows, uint32_t n_rows, codes_filter *filter);

/* The first question to a place, which leaves one word of five: a row that fits has its bit (its number modulo 64). Two
 * bytes before `run` and two behind its `len` are read. */
static inline uint64_t codes_rough_rows_within(const codes_rough *rough, codes_start start, size_t n_chars,
                                               const unsigned char *run, size_t len) {
    return rough->by_length[start][n_chars] & rough->first[run[0]] & codes_rows_beside(&rough->before, run[-1], run[-2])
           & codes_rows_beside(&rough->behind, run[len], run[len + 1]);
}

static inline uint64_t codes_rough_rows(const codes_filter *filter, const codes_place *place) {
    const codes_rough *rough = filter->rough;
    if (place->n_chars > CODES_MAX_RUN) return 0;
    if (place->at < 2 || place->run.len - place->end < 2) return rough->by_length[place->start][place->n_chars];
    return codes_rough_rows_within(rough, place->start, place->n_chars,
                                   (const unsigned char *)place->run.bytes + place->at, place->end - place->at);
}

/* The rows and proofs of the sieve `index` whose length and gate fit the place, of CODES_MAX_RUN characters at most.
 * @param rough  codes_rough_rows() of it. */
uint64_t codes_filter_rows(const codes_filter *filter, const codes_place *place, uint64_t rough, uint32_t index);

/* --- Codes and securities ----------------------------------------------------------------------------------------- */

enum { CODES_MAX_CODE = SCAN_MAX_CODE, CODES_MAX_FOUND = 8 };

/* Brings a code into the form of the ids: 700 → 00700, BRK-B → BRK.B. Returns its length, or 0 when it has no such
 * form. `out` holds CODES_MAX_CODE bytes. */
size_t codes_normal_form(codes_form form, base_slice code, char *out);

/* The securities that a row means by this code, active ones first. @param exchange  what the group read, or empty. */
uint32_t codes_find(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                    uint32_t found[CODES_MAX_FOUND]);
/* The same for the run of a place. Capitalised words are no symbols where they stand alone. */
uint32_t codes_find_run(const dict_view *view, const codes_row *row, const codes_place *place, base_slice exchange,
                        uint32_t found[CODES_MAX_FOUND]);
/* Whether `exchange` is one that the row knows; an empty one is when the row has markets without exchange. */
bool codes_knows_exchange(const codes_row *row, base_slice exchange);

/* The candidate of a well-formed code that is in no table. @param from, to  where the code itself stands in the run. */
scan_candidate codes_unknown(const dict_view *view, const codes_row *row, base_slice exchange, base_slice run,
                             size_t start, size_t end, size_t from, size_t to);

/* --- Windows ------------------------------------------------------------------------------------------------------ */

enum { CODES_WINDOW = 128, CODES_WINDOW_BEFORE = 48 };

/* From this byte of a window on its text lies so many bytes further on than there. */
typedef struct codes_shift {
    uint8_t from, by;
} codes_shift;

/* The folded text around a place, with the way back. */
typedef struct codes_window {
    const char *text; /* of the run itself where nothing folds, else `folded` */
    size_t len, at;   /* `at`: where the place begins */
    size_t raw_start;
    uint32_t n_shifts; /* one for each character that was folded */
    codes_shift shifts[CODES_WINDOW / 2];
    char folded[CODES_WINDOW];
} codes_window;

/* @param before  bytes of the run before the place that are asked for, CODES_WINDOW_BEFORE at most; the end of the window
 *                does not depend on them. */
void codes_window_fill(codes_window *window, const codes_place *place, size_t before);
/* Where what begins or ends at a byte of the window does so in the text. */
size_t codes_window_raw(const codes_window *window, size_t offset);

/* --- Patterns ----------------------------------------------------------------------------------------------------- */

typedef enum codes_group { CODES_GROUP_CODE, CODES_GROUP_EXCHANGE, CODES_GROUP_LIST, CODES_N_GROUPS } codes_group;

/* pcre2_match(), or where there is JIT code pcre2_jit_match(), which asks less before it runs it. */
typedef int codes_match(const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE len, PCRE2_SIZE start, uint32_t options,
                        pcre2_match_data *data, pcre2_match_context *context);

/* A compiled pattern. Several groups may share a name: one bit a number. */
typedef struct codes_compiled {
    pcre2_code *code;
    codes_match *match;
    size_t bytes_before; /* of a window that it may look at */
    uint32_t groups[CODES_N_GROUPS];
} codes_compiled;

/* Published once by compare and exchange; whoever comes second frees what it compiled. */
typedef _Atomic(codes_compiled *) codes_pattern;

/* What patterns are compiled from and with. */
typedef struct codes_compiler {
    const dict_view *view;
    const sm_allocator *allocator;
    pcre2_general_context *general;
} codes_compiler;

/* Of the rows that take runs of some length: the first whose code is the run itself, and all that look it up alike, with
 * their proofs. */
typedef struct codes_kin {
    const codes_row *row; /* NULL: there is none */
    uint64_t rows;
} codes_kin;

struct scan_codes {
    sm_allocator allocator;
    codes_compiler compiler;
    base_arena arena;
    codes_row *rows;
    codes_pattern *patterns;
    uint32_t n_rows;
    codes_filter filter;
    codes_kin kin[CODES_N_STARTS][CODES_MAX_RUN + 1];
};

struct scan_memory {
    sm_allocator allocator;
    scan_kernel *kernel;
    scan_ask_letters *ask_letters;
    pcre2_general_context *general;
    pcre2_match_context *match;
    pcre2_match_data *data;
    const PCRE2_SIZE *offsets; /* in it: where the groups of the last match begin and end */
    pcre2_jit_stack *stack;    /* NULL where there is no JIT */
    /* In the run that begins here, which the scan forgets at its end, nothing marks what ends at this byte as an address. */
    const char *no_address_in;
    size_t no_address;
    scan_buffers buffers;
};

pcre2_general_context *codes_general_context(sm_allocator *allocator);

/* The compiled pattern of a row. @return SM_OK, SM_ERR_NOMEM, SM_ERR_PATTERN. */
sm_status codes_pattern_get(const codes_compiler *compiler, codes_pattern *pattern, uint32_t notation,
                            const codes_compiled **compiled, sm_error *error);
void codes_compiled_free(const codes_compiler *compiler, codes_compiled *compiled);

/* Matches at window->at. @return SM_OK with *matches, or SM_ERR_NOMEM. */
sm_status codes_pattern_match(const codes_compiled *compiled, scan_memory *memory, const codes_window *window,
                              bool *matches);
/* The first group of this name that took part in the match. @return false when none did. */
static inline bool codes_pattern_group(const codes_compiled *compiled, const scan_memory *memory, codes_group name,
                                       size_t *start, size_t *end) {
    for (uint32_t groups = compiled->groups[name]; groups; groups &= groups - 1) {
        const PCRE2_SIZE *group = memory->offsets + 2 * (size_t)__builtin_ctz(groups);
        if (group[0] == PCRE2_UNSET) continue;
        *start = group[0];
        *end = group[1];
        return true;
    }
    return false;
}

/* --- One place ---------------------------------------------------------------------------------------------------- */

/* Tries the rows that fit a place, which has CODES_MAX_RUN characters at most, and adds a candidate for every security
 * that the best one's code names.
 * @param rough  codes_rough_rows() of it
 * @param next   receives where looking for codes may go on: behind the code, or behind the run.
 * @return SM_OK, SM_ERR_NOMEM or SM_ERR_PATTERN. */
sm_status codes_look(const scan_codes *codes, scan_memory *memory, const codes_place *place, uint64_t rough,
                     scan_list *list, size_t *next, sm_error *error);

#endif
