/* What mentions do in their texts: each row of roles.tsv has a text, the
 * scope that it is read in, and the role of each mention in it, in order; - for none. */
#include "check.h"
#include "rows.h"

static void write_roles(const sm_result *result, char *out, size_t size) {
    size_t len = 0;
    snprintf(out, size, "-");
    for (uint64_t i = 0; i < sm_result_mention_count(result) && len < size; i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "", sm_role_word(m->role));
    }
}

static void check_row(const sm_engine *engine, const rows *r) {
    char got[ROWS_LINE];
    sm_document document;
    sm_result *result = NULL;
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.scope = strcmp(r->cells[1], "broad") == 0 ? SM_SCOPE_BROAD : SM_SCOPE_STRICT;
    sm_document_init(&document, sizeof document);
    document.text = r->cells[0];
    document.text_len = strlen(r->cells[0]);
    document.format = SM_FORMAT_TEXT;
    if (!CHECK_ROW(sm_engine_extract(engine, NULL, &document, &options, &result, NULL) == SM_OK, r->place)) return;
    write_roles(result, got, sizeof got);
    if (!CHECK_STR(r->cells[2], got, r->place))
        fprintf(stderr, "  text:     %s\n  reason:   %s\n", r->cells[0], r->cells[3]);
    sm_result_free(result);
}

int main(void) {
    sm_engine *engine = NULL;
    rows r;
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    if (rows_open(&r, "tests/unit/resolve/roles.tsv")) {
        while (rows_next(&r, 4)) check_row(engine, &r);
        CHECK(r.n_rows > 15);
        rows_close(&r);
    }
    sm_engine_free(engine);
    return check_report();
}
