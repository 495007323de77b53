/* What resolve hears around a candidate: all its features, no more and no less, whatever they weigh and whether it is taken. The
 * rows of features.tsv, and those of layer/features.tsv over the layered dictionary. */
#include <stdlib.h>

#include "explained.h"
#include "layered.h"

/* With nothing behind it, so that a sanitizer sees what is read there. The caller frees. */
static char *exact_copy(const char *text) {
    char *copy = malloc(strlen(text));
    if (!copy) exit(2);
    memcpy(copy, text, strlen(text));
    return copy;
}

static void check_rows(const sm_dict *dict, const char *path, unsigned least) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    rows r;
    CHECK(sm_engine_open(dict, NULL, &engine, NULL) == SM_OK);
    if (!rows_open(&r, path)) return;
    while (rows_next(&r, 4)) {
        sm_document document;
        char got[ROWS_LINE], *text = exact_copy(r.cells[0]);
        sm_document_init(&document, sizeof document);
        document.text = text;
        document.text_len = strlen(r.cells[0]);
        document.format = SM_FORMAT_TEXT;
        CHECK_ROW(sm_engine_explain(engine, NULL, &document, NULL, &result, NULL) == SM_OK, r.place);
        free(text);
        const sm_explanation *one = explained_find(result, r.cells[1]);
        if (!CHECK_ROW(one, r.place)) continue;
        explained_words(one->features, got, sizeof got);
        CHECK_STR(r.cells[2], got, r.place);
    }
    CHECK_ROW(r.n_rows >= least, path);
    rows_close(&r);
    sm_result_free(result);
    sm_engine_free(engine);
}

int main(void) {
    sm_buffer compiled = {0};
    const sm_dict *layered = layered_open(&compiled);
    check_rows(NULL, "tests/unit/resolve/features.tsv", 25);
    if (layered) check_rows(layered, "tests/unit/resolve/layer/features.tsv", 5);
    sm_dict_free(layered);
    sm_buffer_free(&compiled);
    return check_report();
}
