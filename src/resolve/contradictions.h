/* What the steps share that look for contradictions: contradictions.c goes over names and codes and judges pairs of them,
 * …_standing.c says which names may be judged, …_meant.c what they mean, …_unknown.c judges codes that are in no table,
 * …_days.c what the day rules out. Asked only by who checks; mentions are not changed by any of it. Private to the room. */
#ifndef RESOLVE_CONTRADICTIONS_H
#define RESOLVE_CONTRADICTIONS_H

#include "resolve/places.h"

/* A code as it is compared with names. */
typedef struct contradictions_code {
    size_t start, end;
    uint32_t run;
    uint32_t n_before;              /* places that begin before it */
    const resolve_place *place;     /* NULL: it is in no table */
    const resolve_unknown *unknown; /* … then as the scan found it; NULL: digits beside a name */
} contradictions_code;

/* The folded character at `at`; resolve_no_char behind the last. */
static inline uint32_t contradictions_char(const dict_view *view, base_slice text, size_t at) {
    uint32_t c;
    if (at >= text.len) return resolve_no_char;
    base_utf8_read(text.bytes + at, &c);
    return dict_fold_char(view, c);
}

static inline bool contradictions_opens(uint32_t c) {
    return c == '(' || c == '[' || c == 0x3010;
}

static inline bool contradictions_closes(uint32_t c) {
    return c == ')' || c == ']' || c == ',' || c == ';' || c == '/' || c == '|' || c == 0x3001 || c == 0x3011;
}

/* --- Names (…_standing.c) ----------------------------------------------------------------------------------------------- */

/* The score of a name, whatever code stands beside it. */
int32_t contradictions_score(resolve_state *resolver, resolve_place *name);
/* Is this the whole of what somebody is called here? 开元 in 江苏开元（600981） is not, nor 巴士 in 巴士股份（600741）. */
bool contradictions_stands_alone(resolve_state *resolver, resolve_place *name);
/* Whether the company of a known code is called like the name, so that the tables may just not know that they are one. */
bool contradictions_are_alike(const resolve_state *resolver, const resolve_place *name, const resolve_place *code);
/* The longest name that ends right before a code, with nothing but a gap between; NULL: none. */
resolve_place *contradictions_name_before(const resolve_state *resolver, const contradictions_code *code);

/* --- Lines (…_meant.c) --------------------------------------------------------------------------------------------------- */

/* The lines that a name or code means, best first: those of its mention, where it is one. False when memory ran out. */
bool contradictions_find_lines(resolve_state *resolver, const resolve_place *place, resolve_finding *finding);

/* --- Findings ------------------------------------------------------------------------------------------------------------ */

/* All false when memory ran out. */
bool contradictions_add(resolve_state *resolver, const resolve_finding *finding);
/* What is wrong between a name and a code. */
bool contradictions_add_pair(resolve_state *resolver, const resolve_place *name, const contradictions_code *code);
bool contradictions_check_unknown(resolve_state *resolver, const resolve_unknown *unknown);
/* Digits that stand beside a name as its code would. @param next  the unknown codes from the one behind the name on. */
bool contradictions_check_digits(resolve_state *resolver, uint32_t name, size_t next);
/* A name or a code that the day of the text rules out. */
bool contradictions_check_day(resolve_state *resolver, uint32_t place);

#endif
