/* Charsets: which one a page is in, and UTF-8 made of it with a way back to its bytes. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include "text/text.h"

/* UTF-8 that was made of a page in another charset. */
typedef struct text_decoded {
    char *bytes;
    size_t len, capacity;
    uint8_t *lens; /* for each byte that begins a character: how many of the page's it was made of; 0 for others */
    size_t lens_capacity;
    size_t *steps; /* for each STEP bytes, the page's byte where the character begins that the first of them is of */
    size_t n_steps, steps_capacity;
    size_t source_len;
    size_t n_invalid, first_invalid; /* of the page */
} text_decoded;

/* The charset of a page: what its mark of byte order says, else what the caller says, else UTF-8 where all of it is that,
 * else what the page declares, else what it looks like; UTF-8 where that is not clear.
 * @param valid  how many of its bytes are valid UTF-8. @param start  receives where the text begins: behind the mark.
 * @return TEXT_UTF8 or what lies behind. */
uint32_t text_charset_of(base_slice source, uint32_t said, size_t valid, size_t *start);

/* What a page looks like that has no mark and says nothing: UTF-8 where all of it is that, but for what is UTF-16 too; where
 * it is no UTF-8, GB18030 before others that it could be as well. @return TEXT_UTF8 or what lies behind. */
uint32_t text_charset_guess(base_slice source, bool is_utf8);
/* What stands behind its mark, which is no text in UTF-8; but two bad bytes before UTF-8 are no mark. */
bool text_looks_like_utf16(base_slice rest);

enum { TEXT_LOOKED_AT = 65536 }; /* bytes of a page, which say enough of the rest */

/* @return SM_OK; SM_ERR_NOMEM; SM_ERR_UNSUPPORTED: this ICU does not know the charset. */
sm_status text_decode(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                      uint32_t charset);
/* The same of the first bytes of a longer text: a character that is parted at their end is none of them, nor of source_len. */
sm_status text_decode_first(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                            uint32_t charset);
/* text_decode() with `most` bytes at a time, at least 1: a test's way to see where what is longer than 1 GiB is parted. */
sm_status text_decode_by(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                         uint32_t charset, size_t most);
/* Gives the memory of a huge page back, which is no longer used. */
void text_decoded_forget(text_decoded *decoded, const sm_allocator *allocator);
void text_decoded_free(text_decoded *decoded, const sm_allocator *allocator);

/* The page's byte for a place between two characters of `decoded`. */
size_t text_decoded_origin(const text_decoded *decoded, size_t at);

#endif
