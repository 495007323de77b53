/* What the targets share. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static inline void fail(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* What must hold for every input. */
#define must(holds) ((holds) ? (void)0 : fail(__FILE__, __LINE__, #holds))

/* What is left of an input. */
typedef struct fuzz_input {
    const uint8_t *bytes;
    size_t len;
} fuzz_input;

/* The next byte; 0 behind the last. */
static inline uint8_t fuzz_byte(fuzz_input *input) {
    if (!input->len) return 0;
    input->len--;
    return *input->bytes++;
}

/* The next n bytes, or as many as there are. */
static inline fuzz_input fuzz_part(fuzz_input *input, size_t n) {
    fuzz_input part = {input->bytes, n < input->len ? n : input->len};
    input->bytes += part.len;
    input->len -= part.len;
    return part;
}

/* Up to the next byte `end`, which is taken too; all that is left where there is none. */
static inline fuzz_input fuzz_until(fuzz_input *input, uint8_t end) {
    const uint8_t *at = input->len ? memchr(input->bytes, end, input->len) : NULL;
    fuzz_input part = fuzz_part(input, at ? (size_t)(at - input->bytes) : input->len);
    fuzz_byte(input);
    return part;
}

/* Whether an input is one of those, one in n, that have to hold what costs more than all the rest. */
static inline int fuzz_is_chosen(const uint8_t *bytes, size_t len, uint32_t n) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) hash = (hash ^ bytes[i]) * 16777619u;
    return (hash >> 8) % n == 0;
}

#endif
