/* How codes are found, private to the room. A row of notations.tsv is tried where its gate opens (codes_gate.c): cheap
 * tests on the run of digits or letters and on what stands around it, so that few places reach PCRE2. The pattern
 * (codes_pattern.c) then sees a folded window of at most 128 bytes (codes_window.c), and what it calls the code is
 * brought into the form of the ids and looked up (codes_form.c). */
#ifndef SCAN_CODES_H
#define SCAN_CODES_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "scan/scan.h"

/* --- Where a code may begin --------------------------------------------------------------------------------------- */

typedef struct codes_place {
    base_slice run;
    size_t at, end; /* the digits, the letters or the dollar sign */
    size_t n_chars; /* of it; full-width ones count as one */
    scan_start start;
    uint32_t around[4]; /* the characters that CODES_THEN to CODES_LABEL ask for: read once, asked by many rows */
} codes_place;

enum { CODES_EDGE = 0x110000 }; /* "no character": the run begins or ends here */

/* A character with its width and script variants folded away: full-width ASCII to ASCII, wide spaces to a space. */
uint32_t codes_fold(uint32_t code_point);
uint32_t codes_char_at(base_slice run, size_t at, size_t *next);       /* CODES_EDGE at the end */
uint32_t codes_char_before(base_slice run, size_t at, size_t *before); /* CODES_EDGE at the start */

/* Whether what begins at `start` and ends at `end` is a part of a web or mail address or of an @handle. */
bool codes_in_address(base_slice run, size_t start, size_t end);

/* --- Gates: the column `then` of notations.tsv -----------------------------------------------------------------------
 * Conditions, divided by spaces; all must hold. Each is a set of characters, of which one must stand
 *     then=SET    directly behind the run (a set alone means the same)
 *     beyond=SET  behind the spaces and . , : - that follow the run
 *     before=SET  directly before the run
 *     label=SET   before the spaces, colons, brackets and quotes that precede the run
 *     first=SET   as the first character of the run
 *     last=SET    as the last character of the run
 *     run=SET     as every character of the run
 * A set lists its characters (full width counts as ASCII): \s space, \d digit, \l letter, \u capital, \o not ASCII,
 * \e no character at all (start or end of the text), \\ a backslash; a leading ^ takes all but these. */

typedef struct codes_set {
    uint64_t ascii[2];
    bool is_given, is_negated, has_other, has_edge;
    const uint32_t *others; /* listed characters beyond ASCII */
    uint32_t n_others;
} codes_set;

enum { CODES_THEN, CODES_BEYOND, CODES_BEFORE, CODES_LABEL, CODES_FIRST, CODES_RUN, CODES_N_SETS, CODES_N_AROUND = 4 };

typedef struct codes_gate {
    codes_set sets[CODES_N_SETS];
} codes_gate;

bool codes_set_has(const codes_set *set, uint32_t c);
/* @return SM_OK, SM_ERR_NOMEM, or SM_ERR_PATTERN when the cell does not read as above. */
sm_status codes_gate_read(base_arena *arena, base_slice cell, codes_gate *gate);
/* Reads what stands around a place. `then` has been read before: it alone turns most places down. */
void codes_look_around(codes_place *place);
bool codes_gate_opens(const codes_gate *gate, const codes_place *place);

/* --- Rows --------------------------------------------------------------------------------------------------------- */

typedef enum codes_form { CODES_DIGITS6, CODES_DIGITS5, CODES_SYMBOL, CODES_NO_CODE } codes_form;
typedef enum codes_evidence { CODES_STRONG, CODES_BRACKET, CODES_WEAK } codes_evidence;

/* "SH=XSHG|SZ=XSHE": where the code is looked up when the group `exchange` reads so. Parts without = are where it is
 * looked up in any case, after that. */
typedef struct codes_market {
    base_slice exchange; /* empty: any */
    uint32_t mic;
} codes_market;

typedef struct codes_row {
    uint32_t notation; /* row of the table */
    scan_start start;
    uint32_t min, max; /* characters of the run */
    codes_gate gate;
    codes_form form;
    codes_evidence evidence;
    const codes_market *markets;
    uint32_t n_markets;
    bool is_broken; /* a cell says what nothing here understands: never tried, and reported when patterns are warmed */
} codes_row;

sm_status codes_row_read(const dict_view *view, base_arena *arena, uint32_t notation, codes_row *row);

/* --- Codes and securities ----------------------------------------------------------------------------------------- */

enum { CODES_MAX_CODE = 32, CODES_MAX_FOUND = 8 };

/* Brings a code into the form of the ids: 700 → 00700, BRK-B → BRK.B. Returns its length, or 0 when it has no such
 * form. `out` holds CODES_MAX_CODE bytes. */
size_t codes_normal_form(codes_form form, base_slice code, char *out);

/* The securities that a row means by this code, active ones first. @param exchange  what the group read, or empty. */
uint32_t codes_find(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                    uint32_t found[CODES_MAX_FOUND]);
/* Whether `exchange` is one that the row knows; an empty one is when the row has markets without exchange. */
bool codes_knows_exchange(const codes_row *row, base_slice exchange);

/* --- Windows ------------------------------------------------------------------------------------------------------ */

enum { CODES_WINDOW = 128, CODES_WINDOW_BEFORE = 48 };

/* The folded text around a place, with the way back. */
typedef struct codes_window {
    char bytes[CODES_WINDOW];
    size_t len, at; /* `at`: where the place begins */
    size_t raw_start;
    uint8_t raw[CODES_WINDOW + 1]; /* of each byte, and of the end: its offset in the text from raw_start */
} codes_window;

void codes_window_fill(codes_window *window, const codes_place *place);
static inline size_t codes_window_raw(const codes_window *window, size_t offset) {
    return window->raw_start + window->raw[offset];
}

/* --- Patterns ----------------------------------------------------------------------------------------------------- */

/* Published once by compare and exchange; whoever comes second frees what it compiled. */
typedef _Atomic(pcre2_code *) codes_pattern;

struct scan_codes_memory {
    sm_allocator allocator;
    pcre2_general_context *general;
    pcre2_match_context *match;
    pcre2_match_data *data;
    pcre2_jit_stack *stack; /* NULL where there is no JIT */
};

pcre2_general_context *codes_general_context(sm_allocator *allocator);

/* The compiled pattern of a row. @return SM_OK, SM_ERR_NOMEM, SM_ERR_PATTERN. */
sm_status codes_pattern_get(const dict_view *view, pcre2_general_context *general, codes_pattern *pattern,
                            uint32_t notation, pcre2_code **code, sm_error *error);

/* Matches at window->at. @return SM_OK with *matches, or SM_ERR_NOMEM. */
sm_status codes_pattern_match(const pcre2_code *code, scan_codes_memory *memory, const codes_window *window,
                              bool *matches);
/* The first group of this name that took part in the match. @return false when none did. */
bool codes_pattern_group(const pcre2_code *code, const scan_codes_memory *memory, const char *name, size_t *start,
                         size_t *end);

#endif
