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

/* A member whose key is none of those. The key is decoded; the value is as it is written, whatever it is. */
typedef struct json_member {
    const char *key, *value;
    size_t key_len, value_len;
} json_member;

/* Grows as needed and is used again; the caller frees `items`. */
typedef struct json_members {
    json_member *items;
    size_t n, capacity;
} json_members;

typedef struct json_fault {
    size_t byte; /* in the line, from 0 */
    const char *message;
} json_fault;

/* Reads one object, and nothing but white space after it.
 *
 * @param line    decoded in place: what a \u escape stands for is never longer than the escape. A surrogate without its
 *                partner becomes U+FFFD, one code point for one.
 * @param fields  the keys to look for. Where a key comes twice the last one counts.
 * @param others  receives the members with other keys, whose values are checked to a depth of 64.
 * @return false: `fault` says what and where. */
bool json_read_object(char *line, size_t len, json_field *fields, size_t n_fields, json_members *others,
                      json_fault *fault);

#endif
