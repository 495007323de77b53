/* What contradicts in a text: the rows of contradictions.tsv, through the public calls with the default dictionary.
 *
 * `expected` lists findings in their order, "kind name|code>right" joined by "; ", "-" for none. What is not there is left
 * out; of a link the code is its address. Where name and code stand in the document is checked for all. */
#include <stdlib.h>

#include "../check.h"
#include "../rows.h"
#include "stockmention.h"

enum { LIST_LEN = 4096 };

static void write_findings(const sm_result *result, char out[LIST_LEN]) {
    size_t len = 0;
    out[0] = '\0';
    for (uint64_t i = 0; i < sm_result_finding_count(result) && len < LIST_LEN - 600; i++) {
        const sm_finding *f = sm_result_finding_at(result, i);
        len += (size_t)snprintf(out + len, LIST_LEN - len, "%s%s %.200s|%.200s%s%s", i ? "; " : "",
                                sm_finding_word(f->kind), f->name, f->code, *f->right ? ">" : "", f->right);
    }
    if (!len) snprintf(out, LIST_LEN, "-");
}

/* Without tags between a place holds what the finding says. */
static void check_places(const sm_result *result, const sm_document *document, const char *place) {
    for (uint64_t i = 0; i < sm_result_finding_count(result); i++) {
        const sm_finding *f = sm_result_finding_at(result, i);
        CHECK_ROW(f->name_end <= document->text_len && f->code_end <= document->text_len, place);
        CHECK_ROW(f->name_start <= f->name_end && f->code_start <= f->code_end, place);
        CHECK_ROW((*f->name != '\0') == (f->name_end > 0) && (*f->code != '\0') == (f->code_end > 0), place);
        CHECK_ROW(sm_severity_word(f->severity) && *f->message && !strchr(f->message, '\n'), place);
        if (document->format != SM_FORMAT_TEXT) continue;
        CHECK_ROW(strlen(f->name) == f->name_end - f->name_start
                      && memcmp(f->name, document->text + f->name_start, strlen(f->name)) == 0,
                  place);
        CHECK_ROW(memcmp(f->code, document->text + f->code_start, strlen(f->code)) == 0, place);
    }
}

static void check_row(const sm_engine *engine, const rows *r) {
    static const char *const formats[] = {"auto", "text", "html", "markdown"};
    char *text = r->cells[0], got[LIST_LEN];
    sm_document document;
    sm_result *result = NULL;
    sm_error error = {0};
    sm_document_init(&document, sizeof document);
    document.text_len = rows_unescape(text);
    document.text = text;
    for (uint32_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i], r->cells[1]) == 0) document.format = i;
    document.date = (int32_t)strtol(r->cells[2], NULL, 10);
    if (!CHECK_ROW(sm_check(engine, NULL, &document, NULL, &result, &error) == SM_OK, error.message)) return;
    write_findings(result, got);
    check_places(result, &document, r->place);
    if (!CHECK_STR(r->cells[3], got, r->place)) fprintf(stderr, "  text:     %s\n  reason:   %s\n", text, r->cells[4]);
    sm_result_free(result);
}

/* Mentions are what they are without checking, and a result that is used again holds no old findings. */
static void check_reuse(const sm_engine *engine) {
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = "贵州茅台（600518）今日上涨。";
    document.text_len = strlen(document.text);
    CHECK(sm_check(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    uint64_t n_mentions = sm_result_mention_count(result);
    CHECK(sm_result_finding_count(result) == 1);
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_finding_count(result) == 0 && sm_result_mention_count(result) == n_mentions && n_mentions > 0);
    sm_result_free(result);
    CHECK(sm_finding_word(0) == NULL && sm_finding_word(99) == NULL);
    CHECK(sm_severity_word(0) == NULL && sm_severity_word(99) == NULL);
}

int main(void) {
    sm_engine *engine = NULL;
    rows r;
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    if (rows_open(&r, "tests/unit/resolve/contradictions.tsv")) {
        while (rows_next(&r, 5)) check_row(engine, &r);
        CHECK(r.n_rows > 60);
        rows_close(&r);
    }
    check_reuse(engine);
    sm_engine_free(engine);
    return check_report();
}
