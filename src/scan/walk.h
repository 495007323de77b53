/* The walk over a run, private to the room: a kernel (kernel_….c) looks at every byte and writes down the few
 * places that deserve a second look; names_plain.c, names.c and words.c take that look. */
#ifndef SCAN_WALK_H
#define SCAN_WALK_H

#include "scan/scan.h"

/* A place in a block: its offset there, and what begins at it. */
typedef enum scan_what {
    SCAN_HAN,  /* a character of three bytes and more that passed the filter for names, or a letter beyond ASCII */
    SCAN_WORD, /* an ASCII letter or digit behind something else */
    SCAN_SIGN, /* a dollar sign */
    SCAN_WIDE  /* a full-width letter, digit or dollar sign */
} scan_what;

/* offset << 2 | scan_what: sixteen fit into a vector */
typedef uint32_t scan_place;

static inline scan_place scan_place_of(size_t at, scan_what what) {
    return (uint32_t)at << 2 | (uint32_t)what;
}
static inline size_t scan_place_at(scan_place place) {
    return place >> 2;
}
static inline scan_what scan_place_what(scan_place place) {
    return (scan_what)(place & 3);
}

enum {
    SCAN_BLOCK = 4096,  /* bytes that a kernel reads in one go, and up to three to end a character; one place a byte */
    SCAN_PADDING = 128, /* bytes behind the last character that a kernel may read: two vectors, whole */
    SCAN_MOST_PLACES = SCAN_BLOCK + 4 + 64 /* room for a block's places: kernels write whole vectors */
};

/* Walks `bytes[0, to)`, whole characters; what is behind them may be read as far as SCAN_PADDING and must be zero or
 * text. `before` is the byte before them, or a space. Writes the places in order; @return their number.
 *
 * Chinese characters are asked twice: all of them against the first filter, which one load answers; the fifth that pass
 * against the second, in a loop of its own, so that neither waits for the other's cache misses. */
typedef size_t scan_kernel(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                           scan_place *places);

scan_kernel scan_kernel_c, scan_kernel_avx2, scan_kernel_avx512;

/* The kernels that this processor can run, the fastest first; NULL behind the last. */
scan_kernel *scan_kernel_at(size_t i, const char **name);
/* The first of them. */
scan_kernel *scan_choose_kernel(void);

/* The first bytes of U+00C0 to U+057F: the letters beyond ASCII that dict_is_latin() knows. */
enum { SCAN_LETTER_FIRST = 0xC3, SCAN_LETTER_LAST = 0xD5 };

static inline bool scan_is_letter_lead(unsigned char c) {
    return c >= SCAN_LETTER_FIRST && c <= SCAN_LETTER_LAST;
}

/* ASCII letters and digits */
static inline bool scan_is_word(unsigned char c) {
    return (unsigned)(c - '0') < 10 || (unsigned)((c | 32) - 'a') < 26;
}

/* Exchange lists pad short names to four places: 万 科A, 五 粮 液. A space behind the first or second character is
 * rare enough in text for the second filter, and would fill the first with all names if it stood there. */
static inline uint32_t scan_is_space(uint32_t three_bytes) { /* or a wide one */
    return ((three_bytes & 0xFF) == ' ') | (three_bytes == 0x8080E3);
}

/* Rare characters of four bytes are looked at without a filter: where they are padded, the spaces stand elsewhere. */
static inline uint32_t scan_is_rare(unsigned char first) {
    return first >= 0xF0;
}

/* Finds the names that begin at `start` and adds them, the longest first. False when memory ran out. */
bool scan_names_at(const dict_view *view, base_slice run, size_t start, scan_list *list);

/* --- Names of many places in steps (names_plain.c) --------------------------------------------------------------------- */

enum { SCAN_GROUP = 64 }; /* places whose cache misses overlap */

/* Places of one run or of several. */
typedef struct scan_group {
    const char *texts[SCAN_GROUP]; /* what is behind them may be read as far as SCAN_PADDING */
    uint8_t room[SCAN_GROUP];      /* so many bytes are of this run, or zero; 255: as many as kernels read */
    size_t starts[SCAN_GROUP];     /* bytes of the run */
    uint32_t runs[SCAN_GROUP];
    uint8_t kinds[SCAN_GROUP]; /* scan_what */
    uint32_t n;
} scan_group;

/* Finds the names that begin at the places of kind SCAN_HAN and adds them in the order of the places, the longest first.
 * False when memory ran out. */
bool scan_names_of(const dict_view *view, const base_slice *runs, const scan_group *group, scan_list *list);

/* --- A run's way through the scan --------------------------------------------------------------------------------------- */

typedef struct walker {
    const dict_view *view;
    const scan_codes *codes;
    scan_codes_memory *memory;
    const base_slice *runs;
    scan_list *list;
    sm_error *error;
    scan_kernel *kernel;
    sm_status status;
    base_slice run; /* that places are looked at in, list->run */
    size_t done;    /* codes and addresses reach to here: no code and no word begins before it */
    scan_group group;
} walker;

static inline void no_memory(walker *w) {
    w->status = base_fail(w->error, SM_ERR_NOMEM, "no memory for candidates");
}

/* The second look at what begins at `at` (words.c). */
void look_at_word(walker *w, size_t at);
void look_at_wide(walker *w, size_t at);
void look_at_sign(walker *w, size_t at);

#endif
