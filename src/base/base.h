/* base: what all rooms share: bytes, arrays, arenas, hash, UTF-8, errors.
 *
 * In, out:   plain memory.
 * May know:  the public header's plain types (status, error, allocator, buffer).
 * Must not:  include any other room, or know what the bytes mean. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stockmention.h"

_Static_assert(__SIZEOF_POINTER__ == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "stockmention is for 64-bit little-endian machines: dictionaries are mapped as they are");

/* --- Slices: borrowed bytes ---------------------------------------------------------------------------------------- */

typedef struct base_slice {
    const char *bytes;
    size_t len;
} base_slice;

/* The initial value of a slice in a table of literals. */
#define BASE_LITERAL(literal)                                                                                          \
    { (literal), sizeof(literal) - 1 }
base_slice base_slice_of(const char *nul_terminated); /* NULL gives an empty slice */
bool base_slice_equal(base_slice a, base_slice b);
bool base_slice_is(base_slice a, const char *nul_terminated);
bool base_slice_starts(base_slice a, const char *prefix);
/* The same, but for the case of ASCII letters. */
bool base_slice_equal_letters(base_slice a, base_slice b);
bool base_slice_is_letters(base_slice a, const char *nul_terminated);
bool base_slice_starts_letters(base_slice a, const char *prefix);
base_slice base_slice_trim(base_slice text); /* no white space at its ends */
/* So many bytes of it at most, and no half of a character of UTF-8. Of what is no UTF-8 up to three bytes less. */
base_slice base_slice_cut(base_slice text, size_t most);
int base_slice_compare(base_slice a, base_slice b); /* by bytes; a prefix sorts first */

/* --- ASCII, without the locale ------------------------------------------------------------------------------------- */

static inline bool base_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool base_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline bool base_is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}
static inline bool base_is_small(char c) {
    return c >= 'a' && c <= 'z';
}
static inline char base_lower(char c) {
    return base_is_capital(c) ? (char)(c + ('a' - 'A')) : c;
}
static inline char base_upper(char c) {
    return base_is_small(c) ? (char)(c - ('a' - 'A')) : c;
}
static inline bool base_is_letter(char c) {
    return base_is_small(base_lower(c));
}

/* Is the stop at `stop` part of a word that it shortens? U.S. Bancorp, St. Joe, Dr. Reddy's: what ends a sentence is mostly
 * longer, and has no capital. */
static inline bool base_ends_short(const char *bytes, size_t stop) {
    enum { LETTERS = 4 };
    if (stop < LETTERS || bytes[stop] != '.') return bytes[stop] == '.';
    for (size_t i = stop - LETTERS; i < stop; i++)
        if (!base_is_small(bytes[i])) return true;
    return false;
}

/* --- Memory -------------------------------------------------------------------------------------------------------- */

/* malloc, realloc, free */
extern const sm_allocator base_default_allocator;

/* Makes room for `need` items of `item_size` bytes in a growing array. On failure the array is unchanged. There is room
 * nearly always: that is told without a call. */
bool base_grow_more(const sm_allocator *allocator, void **items, size_t *capacity, size_t need, size_t item_size);
static inline bool base_grow(const sm_allocator *allocator, void **items, size_t *capacity, size_t need,
                             size_t item_size) {
    return need <= *capacity || base_grow_more(allocator, items, capacity, need, item_size);
}

/* Leaves a growing array `need` items, where a huge document has made it larger than is worth keeping for the next one. */
void base_give_back(const sm_allocator *allocator, void **items, size_t *capacity, size_t need, size_t item_size);

/* Memory that is given back in one call: what belongs to a document lives in one arena. */
typedef struct base_arena_block {
    struct base_arena_block *next;
    size_t size; /* of the bytes behind it */
} base_arena_block;
typedef struct base_arena {
    const sm_allocator *allocator;
    base_arena_block *first, *current;
    size_t used; /* of the current block */
} base_arena;

void base_arena_init(base_arena *arena, const sm_allocator *allocator);
void base_arena_reset(base_arena *arena); /* keeps the blocks for reuse */
void base_arena_free(base_arena *arena);
void *base_arena_alloc_more(base_arena *arena, size_t size);
/* Aligned to 8; NULL when out of memory. There is room nearly always. */
static inline void *base_arena_alloc(base_arena *arena, size_t size) {
    size_t rounded = (size + 7) & ~(size_t)7;
    if (rounded < size || !arena->current || arena->current->size - arena->used < rounded)
        return base_arena_alloc_more(arena, size);
    void *memory = (char *)(arena->current + 1) + arena->used;
    arena->used += rounded;
    return memory;
}
char *base_arena_copy(base_arena *arena, const char *bytes, size_t len); /* adds a NUL */

/* --- A caller's structs ---------------------------------------------------------------------------------------------- */

/* What every …_init() does: a struct that begins with its size is 0 behind it, which is the default of each field. */
void base_init_struct(void *of_caller, uint32_t struct_size);
/* Copies a caller's struct of an older or newer version over `full`, which holds the defaults; NULL leaves these. @return
 * SM_ERR_ARG when its size is wrong or bytes that this library does not know are set. @param what  as messages call it */
sm_status base_take_struct(void *full, size_t full_size, const void *of_caller, const char *what, sm_error *error);

/* --- Buffers: bytes that are handed to the caller (malloc'd) -------------------------------------------------------- */

bool base_buffer_reserve(sm_buffer *buffer, uint64_t more); /* room for `more` bytes and a NUL */
bool base_buffer_append(sm_buffer *buffer, const char *bytes, size_t len);
void base_buffer_cut(sm_buffer *buffer, uint64_t len); /* back to what it held before */
bool base_buffer_text(sm_buffer *buffer, const char *nul_terminated);
bool base_buffer_format(sm_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- Errors -------------------------------------------------------------------------------------------------------- */

/* Fills `error` (which may be NULL) and returns `status`, so that a caller can `return base_fail(...)`. */
sm_status base_fail(sm_error *error, sm_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
sm_status base_fail_at(sm_error *error, sm_status status, const char *file, uint32_t line, uint64_t byte,
                       const char *format, ...) __attribute__((format(printf, 6, 7)));
void base_copy_cut(char *out, size_t capacity, const char *text); /* what fits, of whole characters, and a NUL */
sm_status base_no_memory(sm_error *error, const char *for_what);  /* "for an engine", "to look a code up" */

/* --- Hash ---------------------------------------------------------------------------------------------------------- */

uint64_t base_hash(const void *bytes, size_t len); /* stable: it is part of the dictionary's format */

/* --- UTF-8 --------------------------------------------------------------------------------------------------------- */

/* Reads one code point. Returns its length in bytes (1 to 4), or 0 when the bytes are no well-formed UTF-8: then
 * *code_point is 0 and *skip, if asked for, is the length of the maximal invalid sequence (at least 1). */
unsigned base_utf8_decode(const char *bytes, const char *end, uint32_t *code_point, unsigned *skip);
/* The character of three bytes at `bytes`, as most of Chinese text is. */
static inline uint32_t base_utf8_three(const char *bytes) {
    const unsigned char *p = (const unsigned char *)bytes;
    return (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}
/* Reads one code point of text that is known to be well-formed, as runs are; returns its length. */
static inline unsigned base_utf8_read(const char *bytes, uint32_t *code_point) {
    const unsigned char *p = (const unsigned char *)bytes;
    if (p[0] < 0x80) return *code_point = p[0], 1;
    if (p[0] >= 0xE0 && p[0] < 0xF0) return *code_point = base_utf8_three(bytes), 3;
    if (p[0] < 0xE0) return *code_point = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu), 2;
    *code_point = (p[0] & 0x7u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    return 4;
}
/* The length alone, without a branch: text is made of what it likes. */
static inline unsigned base_utf8_len(const char *bytes) {
    static const uint8_t by_lead[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4}; /* its upper half */
    return by_lead[(unsigned char)bytes[0] >> 4];
}
/* Where the character before `at` (> 0) of such text begins. Most of Chinese text has three bytes. */
static inline size_t base_utf8_back(const char *bytes, size_t at) {
    if (at >= 3 && ((unsigned char)bytes[at - 3] & 0xF0) == 0xE0) return at - 3;
    do at--;
    while (((unsigned char)bytes[at] & 0xC0) == 0x80);
    return at;
}
/* Where the last character of those up to `at` begins, which may go on behind; `at` itself when that is ASCII. */
static inline size_t base_utf8_last(const char *bytes, size_t at) {
    size_t start = at;
    while (start && at - start < 3 && ((unsigned char)bytes[start - 1] & 0xC0) == 0x80) start--;
    return start && (unsigned char)bytes[start - 1] >= 0xC0 ? start - 1 : at;
}
unsigned base_utf8_encode(uint32_t code_point, char out[4]);  /* surrogates and > 10FFFF become U+FFFD */
size_t base_utf8_valid_prefix(const char *bytes, size_t len); /* length of the longest valid prefix */
/* The same of much text, with the kernel's instructions where it has a way of its own. */
size_t base_utf8_valid_prefix_with(uint32_t kernel, const char *bytes, size_t len);
/* With these instructions all of it when there is no fault, else the whole characters of the leading blocks without one: of
 * 32 bytes and of 64. */
size_t base_utf8_valid_blocks_avx2(const char *bytes, size_t len);
size_t base_utf8_valid_blocks_avx512(const char *bytes, size_t len);

/* --- Kernels: SM_KERNEL_… but AUTO ---------------------------------------------------------------------------------- */

bool base_kernel_can_run(uint32_t kernel);     /* in this build, on this processor */
uint32_t base_kernel_best(void);               /* the fastest that can */
const char *base_kernel_word(uint32_t kernel); /* "avx512"; NULL behind the last */

/* --- Dates: yyyymmdd ----------------------------------------------------------------------------------------------- */

bool base_date_is_valid(int32_t date);
/* Reads "2021-12-22" (also with / or . or 年月日, or 20211222) at the start of a slice; 0 when there is none. */
int32_t base_date_parse(base_slice text);
int32_t base_date_days(int32_t date);    /* days since 1970-01-01, for differences */
int32_t base_date_of_days(int64_t days); /* the other way; 0 where that is no valid date */

/* --- Files --------------------------------------------------------------------------------------------------------- */

/* Appends a whole file. @return SM_OK, SM_ERR_IO, SM_ERR_NOMEM. */
sm_status base_file_read(const char *path, sm_buffer *buffer, sm_error *error);

#endif
