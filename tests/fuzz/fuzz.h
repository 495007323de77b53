/* What the targets share. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static inline void must(int holds) {
    if (!holds) abort();
}

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

#endif
