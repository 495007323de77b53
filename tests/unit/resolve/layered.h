/* The default dictionary under the tables of layer/, which have companies that it has not: two that share a code, such
 * whose lines and names have days, marks and classes in every way that matters, and one on markets of the caller's own. */
#ifndef TESTS_UNIT_RESOLVE_LAYERED_H
#define TESTS_UNIT_RESOLVE_LAYERED_H

#include "../check.h"
#include "stockmention.h"

/* NULL when it cannot be made, which fails the test. The caller frees both; the dictionary is read from `compiled`. */
static inline const sm_dict *layered_open(sm_buffer *compiled) {
    static const char *const paths[] = {"tests/unit/resolve/layer/mics.tsv", "tests/unit/resolve/layer/securities.tsv",
                                        "tests/unit/resolve/layer/names.tsv"};
    const sm_dict *dict = NULL;
    sm_build_options options;
    sm_error error = {0};
    sm_build_options_init(&options, sizeof options);
    options.base = sm_dict_default();
    options.paths = paths;
    options.n_paths = sizeof paths / sizeof paths[0];
    CHECK_ROW(sm_dict_build(&options, compiled, NULL, &error) == SM_OK, error.message);
    CHECK(sm_dict_open_memory(compiled->data, compiled->len, &dict, NULL) == SM_OK);
    return dict;
}

#endif
