/* scan: a run of text → candidates: names through the dictionary's matcher, codes through PCRE2.
 *
 * In:        valid UTF-8 and a dictionary.
 * Out:       candidates in the order of their start, the longer first: names with their surface, codes with the
 *            securities that have the code. Overlaps are left to resolve.
 * May know:  how names are folded and codes are written.
 * Must not:  know context, documents, formats or URLs. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "dict/dict.h"

enum { SCAN_NAME = 1, SCAN_CODE = 2 };

typedef struct scan_candidate {
    size_t start, end; /* bytes of the run */
    uint32_t kind;     /* SCAN_NAME or SCAN_CODE */
    uint32_t index;    /* of a name: surface; of a code: security, or dict_none for a well-formed code that is in no
                           table */
    uint32_t notation; /* of a code: row of notations */
    union {
        uint32_t mark;   /* of a name: bytes at its start that are a mark such as *ST or XD; 0 without */
        uint32_t market; /* of a code in no table: row of mics, or dict_none where the notation names none or several */
    };
    uint32_t run; /* which of the runs */
    /* Of a code in no table: where the code itself stands, in bytes from `start`, and whether shares have such codes. */
    uint16_t code_at;
    uint8_t code_len;
    bool is_share;
} scan_candidate;

typedef struct scan_list {
    const sm_allocator *allocator;
    scan_candidate *items;
    size_t n, capacity;
    uint32_t run; /* that candidates are added for */
} scan_list;

/* Makes room for `n` more candidates. False when memory ran out. */
static inline bool scan_make_room(scan_list *list, size_t n) {
    void *items = list->items;
    if (!base_grow(list->allocator, &items, &list->capacity, list->n + n, sizeof *list->items)) return false;
    list->items = items;
    return true;
}

/* Writes a candidate of list->run that the tables have where it stays; there is room. What is made elsewhere and copied is read
 * back in other pieces than it was written in, and for those the processor waits. @param mark  0 of a code. */
static inline void scan_put(scan_list *list, size_t start, size_t end, uint32_t kind, uint32_t index, uint32_t notation,
                            uint32_t mark) {
    scan_candidate *added = &list->items[list->n++];
    added->start = start;
    added->end = end;
    added->kind = kind;
    added->index = index;
    added->notation = notation;
    added->mark = mark;
    added->run = list->run;
    added->code_at = 0;
    added->code_len = 0;
    added->is_share = false;
}

/* Adds a candidate of list->run. False when memory ran out. */
static inline bool scan_add(scan_list *list, scan_candidate candidate) {
    if (!scan_make_room(list, 1)) return false;
    candidate.run = list->run;
    list->items[list->n++] = candidate;
    return true;
}

/* --- Codes ---------------------------------------------------------------------------------------------------------- */

/* The notations of a dictionary, compiled on first use, once, safely for threads. One per engine. */
typedef struct scan_codes scan_codes;
/* What one thread scans with: room for places, match data and a JIT stack. */
typedef struct scan_memory scan_memory;

scan_codes *scan_codes_new(const dict_view *view, const sm_allocator *allocator); /* NULL when out of memory */
void scan_codes_free(scan_codes *codes);
/* Compiles all patterns now. @return SM_OK, SM_ERR_NOMEM, SM_ERR_PATTERN with the row's id and PCRE2's message. */
sm_status scan_codes_warm(const scan_codes *codes, sm_error *error);

enum { SCAN_MAX_CODE = 32 };
/* The code of a candidate that is in no table, in the form of the ids (0700 → 00700, BRK-B → BRK.B).
 * @param run  that it stands in.
 * @return its length; there is no NUL behind it. */
size_t scan_unknown_code(const scan_codes *codes, const scan_candidate *candidate, base_slice run,
                         char out[SCAN_MAX_CODE]);

scan_memory *scan_memory_new(const sm_allocator *allocator, uint32_t kernel); /* one that can run */
void scan_memory_free(scan_memory *memory);

/* --- Everything ------------------------------------------------------------------------------------------------------ */

/* Bytes behind the last character that a kernel may read: two vectors, whole. */
enum { SCAN_PADDING = 128 };

/* Finds all candidates of some runs, in the order of runs and starts: each as if it stood alone, but cache misses overlap
 * from one to the next. The list is cleared first. Linear in the length of the runs for any dictionary.
 * @param codes     NULL: names alone.
 * @param memory    this thread's, also without codes.
 * @param readable  where memory ends that all runs lie in and that may be read behind them, best as far as SCAN_PADDING;
 *                  NULL: each ends by itself. */
sm_status scan_runs(const dict_view *view, const scan_codes *codes, scan_memory *memory, const base_slice *runs,
                    size_t n_runs, const char *readable, scan_list *list, sm_error *error);

static inline sm_status scan_run(const dict_view *view, const scan_codes *codes, scan_memory *memory, base_slice run,
                                 scan_list *list, sm_error *error) {
    return scan_runs(view, codes, memory, &run, 1, NULL, list, error);
}

#endif
