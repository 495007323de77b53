/* All ways to write a character: the fold, the other way round. */
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

bool dict_spellings_build(const uint16_t *fold, dict_spellings *out) {
    out->first = calloc(0x10001, sizeof *out->first);
    out->chars = calloc(0x10000, sizeof *out->chars);
    if (!out->first || !out->chars) return false;
    for (uint32_t c = 0; c < 0x10000; c++) out->first[fold[c] + 1]++;
    for (uint32_t c = 0; c < 0x10000; c++) out->first[c + 1] += out->first[c];
    uint32_t *at = malloc(0x10000 * sizeof *at);
    if (!at) return false;
    memcpy(at, out->first, 0x10000 * sizeof *at);
    for (uint32_t c = 0; c < 0x10000; c++) out->chars[at[fold[c]]++] = c;
    free(at);
    return true;
}

void dict_spellings_free(dict_spellings *spellings) {
    free(spellings->first);
    free(spellings->chars);
}
