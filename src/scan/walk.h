/* The walk over a run, private to the room: a kernel (kernel_c.c) looks at every byte and writes down the few places
 * that deserve a second look; names.c and codes.c take that look. */
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

typedef struct scan_place {
    uint32_t at;
    uint32_t what;
} scan_place;

enum {
    SCAN_BLOCK = 4096, /* bytes that a kernel reads in one go, and up to three to end a character; one place a byte */
    SCAN_PADDING = 16  /* bytes behind the last character that a kernel may read */
};

/* Walks `bytes[0, to)`, whole characters; what is behind them may be read as far as SCAN_PADDING and must be zero or
 * text. `before` is the byte before them, or a space. Writes the places in order; @return their number. */
typedef size_t scan_kernel(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                           scan_place *places);

scan_kernel scan_kernel_c, scan_kernel_avx512;

/* The fastest kernel that this processor can run. */
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
 * rare enough in text to look closer at once, and would fill the filter with all names if it stood there. */
static inline uint32_t scan_is_padded(uint64_t first, uint32_t next) {
    const uint32_t wide_space = 0x8080E3;
    uint32_t second = (uint32_t)(first >> 24) & 0xFFFFFF;
    return ((second & 0xFF) == ' ') | ((next & 0xFF) == ' ') | (second == wide_space)
           | ((next & 0xFFFFFF) == wide_space);
}

/* Fetches the table entry that names of three characters and more at `p` begin with; reads up to 12 bytes. */
void scan_names_prefetch(const dict_view *view, const char *p);

/* Rare characters of four bytes are looked at without a filter: where they are padded, the spaces stand elsewhere. */
static inline uint32_t scan_is_rare(unsigned char first) {
    return first >= 0xF0;
}

/* Finds the names that begin at `start` and adds them, the longest first. False when memory ran out. */
bool scan_names_at(const dict_view *view, base_slice run, size_t start, scan_list *list);

/* A run's way through the scan. */
typedef struct walker {
    const dict_view *view;
    const scan_codes *codes;
    scan_codes_memory *memory;
    base_slice run;
    scan_list *list;
    sm_error *error;
    sm_status status;
    scan_kernel *kernel;
    size_t done; /* codes and addresses reach to here: no code and no word begins before it */
} walker;

static inline void look_for_names(walker *w, size_t at) {
    if (!scan_names_at(w->view, w->run, at, w->list))
        w->status = base_fail(w->error, SM_ERR_NOMEM, "no memory for candidates");
}

/* The second look at what begins at `at` (words.c). */
void look_at_word(walker *w, size_t at);
void look_at_wide(walker *w, size_t at);
void look_at_sign(walker *w, size_t at);

#endif
