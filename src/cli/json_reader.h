/* A strict reader of flat JSON objects: the lines of --ndjson. */
#ifndef CLI_JSON_READER_H
#define CLI_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { JSON_ABSENT, JSON_STRING, JSON_NUMBER, JSON_NULL, JSON_OTHER } json_type;

/* A value of interest. Strings are decoded; numbers are kept as they are written. Bytes lie in the line. */
typedef struct json_field {
    const char *key;
    json_type type;
    const char *bytes;
    size_t len;
} json_field;

typedef struct json_fault {
    size_t byte; /* in the line, from 0 */
    const char *message;
} json_fault;

/* Reads one object, and nothing but white space after it.
 *
 * @param line    decoded in place: what a \u escape stands for is never longer than the escape. A surrogate without its
 *                partner becomes U+FFFD, one code point for one.
 * @param fields  the keys to look for; values of other keys are checked and passed over, to a depth of 64. Where a key
 *                comes twice the last one counts.
 * @return false: `fault` says what and where. */
bool json_read_object(char *line, size_t len, json_field *fields, size_t n_fields, json_fault *fault);

#endif
