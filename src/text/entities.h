/* Character references of HTML and Markdown: &amp; &#37329; &#x91D1; */
#ifndef TEXT_ENTITIES_H
#define TEXT_ENTITIES_H

#include "base/base.h"

enum { TEXT_REFERENCE_MAX = 8 }; /* bytes that one reference can stand for, and a little */

/* Where a reference stands decides how much of it may be missing. */
typedef enum text_reference_place {
    TEXT_IN_HTML,     /* the semicolon may be missing: &ampx is &x */
    TEXT_IN_VALUE,    /* of an HTML attribute: not before = or a letter: ?a=1&copy=2 */
    TEXT_IN_MARKDOWN, /* never */
} text_reference_place;

/* Reads the reference that starts at the `&` at `bytes`.
 * @param out  receives the UTF-8 bytes that it stands for. @return its length, or 0 when there is none. */
size_t text_reference(const char *bytes, const char *end, text_reference_place place, char out[TEXT_REFERENCE_MAX],
                      size_t *out_len);
/* Reads a reference, or else a character: U+FFFD for bytes that are none. @return its length. */
size_t text_reference_or_char(const char *bytes, const char *end, text_reference_place place,
                              char out[TEXT_REFERENCE_MAX], size_t *out_len);

#endif
