/* What the tables of this folder ask of an explained text. */
#ifndef TESTS_UNIT_RESOLVE_EXPLAINED_H
#define TESTS_UNIT_RESOLVE_EXPLAINED_H

#include "../rows.h"
#include "stockmention.h"

/* The first candidate that reads so; NULL when there is none. */
static inline const sm_explanation *explained_find(const sm_result *result, const char *text) {
    for (uint64_t i = 0; i < sm_result_explanation_count(result); i++) {
        const sm_explanation *one = sm_result_explanation_at(result, i);
        if (strcmp(one->text, text) == 0) return one;
    }
    return NULL;
}

/* The words of features, parted by spaces, in the order of the bits. @return their length. */
static inline size_t explained_words(uint64_t features, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (uint32_t bit = 0; bit < 64; bit++)
        if (features >> bit & 1)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " " : "", sm_evidence_word(bit));
    return len;
}

#endif
