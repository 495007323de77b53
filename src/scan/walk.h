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

/* offset << 2 | scan_what: eight fit into the smallest vector */
typedef uint16_t scan_place;

static inline scan_place scan_place_of(size_t at, scan_what what) {
    return (scan_place)(at << 2 | (size_t)what);
}
static inline size_t scan_place_at(scan_place place) {
    return (size_t)place >> 2;
}
static inline scan_what scan_place_what(scan_place place) {
    return (scan_what)(place & 3);
}

enum {
    SCAN_BLOCK = 8192, /* bytes that a kernel reads in one go, and up to three to end a character; one place a byte */
    SCAN_BESIDE = 2,   /* bytes before and behind a word that filters look at */
    SCAN_MOST_PLACES = SCAN_BLOCK + 4 + 64, /* room for a block's places: kernels write whole vectors */
    SCAN_MOST_CHARS = SCAN_MOST_PLACES / 2  /* the same for characters of two bytes and more */
};

/* What a kernel finds in a block, each in order: places of kind SCAN_HAN, where a name may begin, and all others. They
 * alternate as the text has it, and looking at one kind after the other no branch has to ask which it is. */
typedef struct scan_places {
    scan_place names[SCAN_MOST_PLACES], words[SCAN_MOST_PLACES];
    size_t n_names, n_words;
    /* For a kernel's own use. Of characters that the first filter is still to be asked about bytes 1 to 8, or apart 1, 2, 4
     * and 5, and 3, 6, 7 and 8; of those that passed, where their bits are in the second. */
    union {
        uint64_t eights[SCAN_MOST_CHARS];
        struct {
            uint32_t twos[SCAN_MOST_CHARS], thirds[SCAN_MOST_CHARS];
        };
    };
} scan_places;

/* Walks `bytes[0, to)`, whole characters; what is behind them may be read as far as SCAN_PADDING and must be zero or
 * text. `before` is the byte before them, or a space.
 *
 * Chinese characters are asked twice: all of them against the first filter, which one load answers; the twentieth that
 * pass against the second. Finding them and each of the filters is a loop of its own, so that none waits for another's
 * loads. */
typedef void scan_kernel(const dict_view *view, const unsigned char *bytes, size_t to, unsigned char before,
                         scan_places *places);

scan_kernel scan_kernel_c, scan_kernel_avx2, scan_kernel_avx512, scan_kernel_neon; /* each where it can be compiled */

/* That of SM_KERNEL_…, one that can run. */
scan_kernel *scan_kernel_of(uint32_t kernel);

/* The first bytes of U+00C0 to U+057F: the letters beyond ASCII that dict_is_latin() knows. */
enum { SCAN_LETTER_FIRST = 0xC3, SCAN_LETTER_LAST = 0xD5 };
/* Before them stand those of signs, of which some are nothing: a soft hyphen. */
enum { SCAN_MORE_FIRST = 0xC2 };

static inline bool scan_is_letter_lead(unsigned char c) {
    return c >= SCAN_LETTER_FIRST && c <= SCAN_LETTER_LAST;
}

/* ASCII letters and digits */
static inline bool scan_is_word(unsigned char c) {
    return (unsigned)(c - '0') < 10 || (unsigned)((c | 32) - 'a') < 26;
}

/* Whether what begins with this byte may go on a word: a letter, an accent, an apostrophe (also ‘ and ’), what is of full
 * width or of none, such as a soft hyphen. */
static inline bool scan_may_go_on(unsigned char c) {
    static const uint32_t bits[8] = {0,
                                     1u << '\'' % 32,
                                     0x07FFFFFE, /* capitals */
                                     0x07FFFFFF, /* small letters and ` */
                                     0,
                                     0,
                                     ~0u << SCAN_MORE_FIRST % 32 & ~0u >> (31 - SCAN_LETTER_LAST % 32),
                                     1u << 0xE2 % 32 | 1u << 0xEF % 32};
    return bits[c >> 5] >> (c & 31) & 1;
}

static inline bool scan_has_bit(const uint32_t *bits, uint32_t bit) {
    return bits[bit >> 5] >> (bit & 31) & 1;
}

/* A name is written with so many apostrophes and invisible characters at most: a'b'c'd'… would be read on and on, from each
 * of its letters. */
enum { SCAN_MOST_DROPPED = 4 };

/* Whether names begin with a word: its first eight letters and digits, in lower case. Numbers and others come as they
 * like, and no branch asks which: a number's line is always the same. */
static inline bool scan_begins_names(const dict_view *view, uint64_t word) {
    uint32_t is_number = dict_is_number(word);
    uint64_t asked = word & ((uint64_t)is_number - 1);
    uint32_t of_number = scan_has_bit(view->number_filter, dict_word_bit(word, view->number_filter_bits));
    return (is_number & of_number) | ((is_number ^ 1) & dict_may_follow(view, asked, DICT_FOLLOWED_BY_ANY));
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

/* Of the names of one place that have more than four characters so many are reported, the longest: a dictionary where
 * each goes on another would give each character of a text a candidate of every length. In the default one six names of
 * any length begin at a place at most. */
enum { SCAN_MOST_LONG = 16 };

/* Finds the names that begin at `start` and adds them, the longest first. False when memory ran out. */
bool scan_names_at(const dict_view *view, base_slice run, size_t start, scan_list *list);

/* --- Names of many places in steps (names_plain.c) --------------------------------------------------------------------- */

enum { SCAN_GROUP = 128 }; /* places whose cache misses overlap */

/* Places of one run or of several. */
typedef struct scan_group {
    const char *texts[SCAN_GROUP]; /* what is behind them may be read as far as SCAN_PADDING */
    uint8_t room[SCAN_GROUP];      /* so many bytes are of this run, or zero; 255: as many as kernels read */
    size_t starts[SCAN_GROUP];     /* bytes of the run */
    uint32_t runs[SCAN_GROUP];
    uint32_t n;
} scan_group;

/* Finds the names that begin at the places and adds them in the order of the places, the longest first. False when memory
 * ran out. */
bool scan_names_of(const dict_view *view, const base_slice *runs, const scan_group *group, scan_list *list);

/* --- A run's way through the scan --------------------------------------------------------------------------------------- */

/* What a kernel reads in one go, where its bytes lie in the runs or in a copy. */
typedef struct scan_block {
    const char *text,
        *own; /* as it is read; in the runs. SCAN_BESIDE bytes of a run that are before it may be read too */
    size_t len;
} scan_block;

/* The part of a run that lies in a block. */
typedef struct scan_stretch {
    uint32_t run;
    size_t before;  /* bytes of the run before the block; added to an offset in the block it gives one in the run */
    scan_place end; /* no place of the run is at it or behind */
} scan_stretch;

/* What a word may be; any: it is written in a way that filters do not know. */
enum { WORD_IS_CODE = 1, WORD_IS_NAME = 2, WORD_IS_ANY = 4 };

/* A place of a block on its way through the filters, and the run that it lies in. */
typedef struct scan_word {
    uint32_t run;
    scan_place place;
    uint8_t len;  /* letters, or of a number digits: eight at most. First what is left of the run, 255 at most */
    uint8_t asks; /* what is to be looked for: WORD_IS_… */
} scan_word;

/* Some of the words of a block. */
typedef struct scan_some {
    uint32_t n;
    uint16_t items[SCAN_MOST_PLACES];
} scan_some;

typedef struct scan_words {
    uint32_t n;
    scan_word items[SCAN_MOST_PLACES];
    scan_some numbers, letters, names; /* which of them begin so; may begin a name */
} scan_words;

static inline void words_clear(scan_words *words) {
    words->n = words->numbers.n = words->letters.n = words->names.n = 0;
}

/* What a scan writes down on its way, too much for the stack of a thread. */
typedef struct scan_buffers {
    scan_places places;
    scan_words words;
    scan_group group;
} scan_buffers;

typedef struct scan_walker scan_walker;
typedef void scan_ask_letters(const scan_walker *w, scan_words *words);

struct scan_walker {
    const dict_view *view;
    const scan_codes *codes;
    scan_memory *memory;
    const base_slice *runs;
    scan_list *list;
    sm_error *error;
    scan_kernel *kernel;
    scan_ask_letters *ask_letters;
    scan_buffers *buffers;
    scan_block block;
    sm_status status;
    uint32_t run_index; /* of the run that words are looked at in */
    base_slice run;
    size_t done; /* codes and addresses reach to here: no code and no word begins before it */
};

static inline void scan_no_memory(scan_walker *w) {
    w->status = base_no_memory(w->error, "for candidates");
}

/* Takes those of a run from the first of `places` on, none of them SCAN_HAN. @return the first that is not in the run. */
const scan_place *scan_take_words(scan_walker *w, const scan_place *places, scan_stretch of);
/* The second look at all that were taken (words_filter.c, words.c). */
void scan_look_at_words(scan_walker *w);

/* Keeps of the words that were taken those that may be a name or a code (words_filter.c). */
void scan_filter_words(scan_walker *w);

/* What a word of letters by itself says of whether it may be a name or a code: writes that into all of words->letters, and
 * which may begin names. For plain C (words_filter.c) and AVX-512 (words_avx512.c). */
scan_ask_letters scan_ask_letters_c, scan_ask_letters_avx512;

/* That of SM_KERNEL_…, one that can run. */
scan_ask_letters *scan_ask_letters_of(uint32_t kernel);

/* Whether what stands behind a word, and begins with E2 or EF, goes on with it: of all that begins so only what is nothing, such
 * as ‘ and ’, and letters and digits of full width. Mostly it is a comma or a quote. */
static inline uint32_t words_go_on_in_three(const dict_view *view, const unsigned char *p) {
    uint32_t is_nothing = view->fold[base_utf8_three((const char *)p)] == DICT_FOLD_DROP;
    uint32_t low = (p[1] & 3u) << 6 | (p[2] & 63u), is_wide = (p[0] == 0xEF) & (p[1] >= 0xBC) & (low < 0x80);
    return is_nothing | (is_wide & scan_is_word((unsigned char)(low + 0x20)));
}

/* How web addresses begin. */
enum { WORDS_HTTP = 0x70747468, WORDS_WWW = 0x2E777777 };

/* --- Words, eight bytes at a time ---------------------------------------------------------------------------------------
 * Most end within the first eight, and no branch asks where. */

/* The top bit of each of eight bytes from `first` to `last`. A sum of seven bits reaches the top one from a bound on; what
 * is not ASCII has it already and is left out. */
static inline uint64_t words_between(uint64_t eight, uint64_t first, uint64_t last) {
    const uint64_t ones = 0x0101010101010101u, top = 0x80 * ones;
    uint64_t low = eight & ~top;
    return (low + (0x80 - first) * ones) & ~(low + (0x7F - last) * ones) & ~eight & top;
}

/* The top bit of each byte that is no digit. '0' to '9' are all bytes that become 0 to 9 without the bits of '0'. */
static inline uint64_t words_but_digits(uint64_t eight) {
    const uint64_t ones = 0x0101010101010101u, top = 0x80 * ones;
    uint64_t values = eight ^ '0' * ones;
    return (((values & ~top) + (0x80 - 10) * ones) | values) & top;
}

/* The lowest bytes, one to eight; what comes of another number means nothing, as where it is worked out for nobody. */
static inline uint64_t words_lowest(uint64_t bytes, size_t n) {
    return bytes & UINT64_MAX >> ((64 - 8 * n) & 63);
}

/* A word as the filters know it: its first eight bytes, of `eight`, in lower case. */
static inline uint64_t words_first(uint64_t eight, size_t word_len) {
    unsigned unused = word_len < 8 ? 8 * (8 - (unsigned)word_len) : 0;
    /* Sets the bit that parts capitals from small letters; digits have it anyway. */
    return (eight << unused >> unused) | 0x2020202020202020u >> unused;
}

#endif
