/* Which lines a candidate could mean and how well each fits: the rows of layer/lines.tsv, over the layered dictionary.
 *
 * `lines` lists them in their order, parted by "; ": the id, the score without what its features weigh, and their words.
 * The shares of the lines are held against exp() of their scores. */
#include <math.h>
#include <stdlib.h>

#include "explained.h"
#include "layered.h"

enum { MOST_PREFERRED = 4, MOST_LINES = 32 };

static size_t write_line(const sm_engine *engine, const sm_explained_line *line, char *out, size_t size) {
    int32_t rest = line->score;
    for (uint32_t bit = 0; bit < 64; bit++)
        if (line->features >> bit & 1) rest -= sm_engine_weight(engine, SM_SCOPE_STRICT, bit);
    size_t len = (size_t)snprintf(out, size, "%s %d%s", line->security, rest, line->features ? " " : "");
    return len + explained_words(line->features, out + len, size - len);
}

static void write_lines(const sm_engine *engine, const sm_result *result, const sm_explanation *one,
                        char out[ROWS_LINE]) {
    size_t len = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < one->n_lines && len < ROWS_LINE - 512; i++) {
        if (i) len += (size_t)snprintf(out + len, ROWS_LINE - len, "; ");
        len += write_line(engine, sm_result_explained_line_at(result, one->first_line + i), out + len, ROWS_LINE - len);
    }
}

/* A line's share is exp(score) of the sum of all; the table of probabilities goes in steps. */
static void check_shares(const sm_result *result, const sm_explanation *one, const char *place) {
    double sum = 0;
    for (uint32_t i = 0; i < one->n_lines; i++)
        sum += exp(sm_result_explained_line_at(result, one->first_line + i)->score / 100.0);
    for (uint32_t i = 0; i < one->n_lines; i++) {
        const sm_explained_line *line = sm_result_explained_line_at(result, one->first_line + i);
        double share = 65535 * exp(line->score / 100.0) / sum;
        if (!CHECK_ROW(fabs(line->confidence - share) < 100, place))
            fprintf(stderr, "  %s has %u and should have %.0f of 65535\n", line->security, line->confidence, share);
    }
}

/* MICs that a cell lists, parted by commas, in place. */
static uint64_t split(char *cell, const char *mics[MOST_PREFERRED]) {
    uint64_t n = 0;
    for (char *mic = strtok(cell, ","); mic && n < MOST_PREFERRED; mic = strtok(NULL, ",")) mics[n++] = mic;
    return n;
}

static void explain(const sm_engine *engine, rows *r, sm_result **result) {
    const char *preferred[MOST_PREFERRED];
    sm_document document;
    sm_extract_options options;
    sm_error error = {0};
    sm_document_init(&document, sizeof document);
    document.text = r->cells[0];
    document.text_len = strlen(r->cells[0]);
    document.format = SM_FORMAT_TEXT;
    document.date = (int32_t)strtol(r->cells[1], NULL, 10);
    sm_extract_options_init(&options, sizeof options);
    options.n_prefer = split(r->cells[2], preferred);
    options.prefer = preferred;
    CHECK_ROW(sm_engine_explain(engine, NULL, &document, &options, result, &error) == SM_OK, error.message);
}

static void check_rows(const sm_engine *engine) {
    sm_result *result = NULL;
    rows r;
    if (!rows_open(&r, "tests/unit/resolve/layer/lines.tsv")) return;
    while (rows_next(&r, 6)) {
        char got[ROWS_LINE];
        explain(engine, &r, &result);
        const sm_explanation *one = explained_find(result, r.cells[3]);
        if (!CHECK_ROW(one, r.place)) continue;
        write_lines(engine, result, one, got);
        CHECK_STR(r.cells[4], got, r.place);
        check_shares(result, one, r.place);
    }
    CHECK(r.n_rows > 40);
    rows_close(&r);
    sm_result_free(result);
}

/* Two companies of 17 and 16 lines: one too many. The mark asks for each name anew, without it they are known in advance. */
static void check_most_lines(const sm_engine *engine) {
    static const char *const texts[] = {"己山公告", "*ST己山公告"};
    sm_result *result = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.text = texts[i];
        document.text_len = strlen(texts[i]);
        document.format = SM_FORMAT_TEXT;
        CHECK_ROW(sm_engine_explain(engine, NULL, &document, NULL, &result, NULL) == SM_OK, texts[i]);
        if (!CHECK_ROW(sm_result_explanation_count(result) == 1, texts[i])) continue;
        const sm_explanation *one = sm_result_explanation_at(result, 0);
        CHECK_ROW(one->n_lines == MOST_LINES, texts[i]);
        check_shares(result, one, texts[i]);
    }
    sm_result_free(result);
}

int main(void) {
    sm_buffer compiled = {0};
    const sm_dict *layered = layered_open(&compiled);
    sm_engine *engine = NULL;
    if (CHECK(sm_engine_open(layered, NULL, &engine, NULL) == SM_OK)) {
        check_rows(engine);
        check_most_lines(engine);
    }
    sm_engine_free(engine);
    sm_dict_free(layered);
    sm_buffer_free(&compiled);
    return check_report();
}
