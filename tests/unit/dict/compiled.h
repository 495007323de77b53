/* A compiled dictionary to damage. */
#ifndef TESTS_UNIT_DICT_COMPILED_H
#define TESTS_UNIT_DICT_COMPILED_H

#include <stdlib.h>

#include "../check.h"
#include "dict/compile.h"

/* Of the first tables, or of both. */
static inline sm_buffer build_of(uint64_t n_paths) {
    static const char *const paths[] = {"tests/unit/dict/good", "tests/unit/dict/alike"};
    sm_build_options options;
    sm_buffer compiled = {0};
    sm_error error = {0};
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261123;
    options.paths = paths;
    options.n_paths = n_paths;
    if (!CHECK_ROW(sm_dict_build(&options, &compiled, NULL, &error) == SM_OK, error.message)) exit(check_report());
    return compiled;
}

static inline sm_buffer build(void) {
    return build_of(1);
}

/* A copy with no byte behind its end, so that a sanitizer sees a read past it. The caller frees. */
static inline char *exact_copy(const sm_buffer *good, size_t len) {
    char *copy = malloc(len ? len : 1);
    if (!copy) exit(2);
    memcpy(copy, good->data, len);
    return copy;
}

static inline sm_status open_view(const void *bytes, size_t len, sm_error *error) {
    dict_view view;
    return dict_view_open(bytes, len, &view, error);
}

/* With the hash that the changed bytes have, so that the checks behind it are reached. */
static inline void sign(char *bytes, size_t len) {
    dict_file_header *header = (dict_file_header *)(void *)bytes;
    header->hash = dict_file_hash(bytes, len);
}

#endif
