/* output: a result → JSON, or Arrow arrays; a document and its result → the document annotated, or a report.
 *
 * In:        a result, through its public accessors and what engine.h adds to them; whose URLs are wanted; a page as the
 *            scanner read it.
 * Out:       bytes for the caller.
 * May know:  the public header, engine.h, the dictionary's providers through `link`, the page through `text`.
 * Must not:  know how mentions were found. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <string.h>

#include "base/base.h"

/* --- Pieces of JSON and HTML -------------------------------------------------------------------------------------- */

/* Text that is being written. A failed allocation is remembered, and what is written after it is dropped, so that a
 * writer asks once, at its end. */
typedef struct output_writer {
    sm_buffer *buffer;
    bool is_out_of_memory;
} output_writer;

void output_bytes(output_writer *writer, base_slice bytes); /* as they are */
void output_number(output_writer *writer, uint64_t number);
void output_date(output_writer *writer, int32_t date);          /* "2021-12-22", or null for 0 */
void output_fraction(output_writer *writer, uint16_t of_65535); /* 0.0000 to 1.0000, rounded to the nearest */
void output_string(output_writer *writer, base_slice text);     /* quoted; bytes that are no UTF-8 become U+FFFD */
void output_word(output_writer *writer, base_slice word);       /* quoted; of ours, which needs no look at its bytes */
/* Of HTML, for text and for attributes in double quotes; controls that HTML has no place for become U+FFFD. */
void output_html(output_writer *writer, base_slice text);
void output_member(output_writer *writer, base_slice key); /* and a colon; a comma first unless "{" stands before */

/* Inline, so that the compiler counts the bytes of literals. */
static inline void output_raw(output_writer *writer, const char *nul_terminated) {
    output_bytes(writer, (base_slice){nul_terminated, strlen(nul_terminated)});
}

static inline void output_key(output_writer *writer, const char *key) {
    output_member(writer, (base_slice){key, strlen(key)});
}

#endif
