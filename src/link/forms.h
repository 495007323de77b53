/* How a provider writes a code, and back. Private to the room. */
#ifndef LINK_FORMS_H
#define LINK_FORMS_H

#include "link/link.h"

enum { LINK_CODE_LEN = 32 }; /* bytes of a code in a URL, with its NUL */

/* Writes a security's code as the form (a cell of providers.tsv) has it.
 * @return false when the form has no way to write it, or is not known. */
bool link_write_code(const dict_view *view, uint32_t security, const char *form, char out[LINK_CODE_LEN]);

/* The security that a provider means by `code` on one of the markets in `mics` ("XNAS|XNYS"), or dict_none. Zeros, case
 * and the sign before a share class do not matter. Where two markets have the code, the one active line counts. */
uint32_t link_find_code(const dict_view *view, const char *mics, base_slice code, const char *form);

/* Whether every word of a form is known. */
bool link_form_is_known(const char *form);

#endif
