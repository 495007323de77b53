/* How far a document is read when steps are limited, for every limit there can be: no candidate and no byte behind it counts,
 * what was read and what stopped it is said, and with enough steps the result is that without a limit. */
#include <stdbool.h>

#include "samples.h"

static sm_engine *engine;

static void extract(const sm_document *document, uint64_t max_steps, sm_result **result) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.max_steps = max_steps;
    options.counts = 1;
    CHECK(sm_engine_extract(engine, NULL, document, &options, result, NULL) == SM_OK);
}

static uint64_t count_candidates(const sm_result *result) {
    uint64_t n = 0;
    for (uint32_t decision = 0; sm_decision_word(decision); decision++) n += sm_result_decided(result, decision);
    return n;
}

static const sm_document_info *info_of(const sm_result *result) {
    return sm_result_documents(result, NULL);
}

/* The first byte that no mention covers, of a field. */
static uint64_t end_of_starts(const sm_result *result, uint32_t field) {
    const sm_mention *mentions = sm_result_mentions(result, NULL);
    uint64_t end = 0;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++)
        if (mentions[i].field == field && mentions[i].start >= end) end = mentions[i].start + 1;
    return end;
}

static void every_limit_holds(const sm_document *document, const char *row) {
    sm_result *whole = NULL, *result = NULL;
    extract(document, 0, &whole);
    char *expected = sample_json(whole);
    const uint64_t all = document->text_len + document->title_len, n_candidates = count_candidates(whole);
    bool has_stopped = false;
    CHECK_ROW(info_of(whole)->n_read == document->text_len && !info_of(whole)->limits, row);
    for (uint64_t most = all + n_candidates + 1; most > 0; most--) {
        extract(document, most, &result);
        const sm_document_info *info = info_of(result);
        const bool is_cut = info->limits & SM_LIMIT_STEPS;
        char *got = sample_json(result);
        if (!is_cut) CHECK_STR(expected, got, row);
        free(got);
        CHECK_ROW(is_cut || info->n_read == document->text_len, row);
        CHECK_ROW(is_cut || most >= all, row);
        CHECK_ROW(is_cut || !has_stopped, row); /* less never reaches further */
        CHECK_ROW(count_candidates(result) <= most, row);
        CHECK_ROW(info->n_read <= most && end_of_starts(result, SM_FIELD_TEXT) <= info->n_read + 1, row);
        CHECK_ROW(end_of_starts(result, SM_FIELD_TITLE) <= most, row);
        has_stopped |= is_cut;
    }
    CHECK_ROW(all == 0 || has_stopped, row);
    free(expected);
    sm_result_free(result);
    sm_result_free(whole);
}

/* The last of four candidates has nine bytes and three candidates before it. */
static void candidates_are_steps(void) {
    static const char text[] = "$F $F $F $F ";
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = sizeof text - 1;
    extract(&document, 13, &result);
    CHECK(count_candidates(result) == 4 && info_of(result)->n_read == 12 && sm_result_limits(result) == 0);
    extract(&document, 12, &result);
    CHECK(count_candidates(result) == 3 && info_of(result)->n_read == 9);
    CHECK(sm_result_limits(result) == SM_LIMIT_STEPS);
    sm_result_free(result);
}

/* A link that stands behind is no mention, and no evidence for what stands before it. */
static void links_behind_are_not_followed(void) {
    static const char page[] = "<p>万科A</p><p>金山办公</p>"
                               "<p><a href=\"http://quote.eastmoney.com/sz000002.html\">x</a></p>";
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = page;
    document.text_len = sizeof page - 1;
    document.format = SM_FORMAT_HTML;
    extract(&document, 0, &result);
    char *json = sample_json(result);
    CHECK(sm_result_mention_count(result) == 3 && strstr(json, "line-code"));
    free(json);
    extract(&document, sizeof page - 1, &result); /* all bytes, and the second candidate is the last */
    CHECK(sm_result_mention_count(result) == 3);
    extract(&document, 17, &result);
    json = sample_json(result);
    CHECK(sm_result_mention_count(result) == 1 && !strstr(json, "line-code"));
    free(json);
    sm_result_free(result);
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sm_document document = sample_document(i);
        every_limit_holds(&document, samples[i].text);
        document.title = NULL;
        document.title_len = 0;
        every_limit_holds(&document, samples[i].text);
    }
    sm_document gbk = sample_in_gbk();
    every_limit_holds(&gbk, "GBK");
    candidates_are_steps();
    links_behind_are_not_followed();
    sm_engine_free(engine);
    return check_report();
}
