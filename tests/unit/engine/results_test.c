/* What a result says: the same whether scanner and result are new or used; offsets in any unit are those of a naive count;
 * the as-of day is the best one known; bytes that are no UTF-8 are counted in all fields. */
#include "samples.h"

static sm_engine *engine;

/* --- Reuse --------------------------------------------------------------------------------------------------------------- */

/* Every order of two documents through one scanner and one result. */
static void used_results_say_what_fresh_ones_do(void) {
    char *fresh[N_SAMPLES];
    sm_scanner *scanner = NULL;
    sm_result *used = NULL;
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sm_document document = sample_document(i);
        sm_result *result = NULL;
        CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
        fresh[i] = sample_json(result);
        sm_result_free(result);
    }
    for (size_t turn = 0; turn < N_SAMPLES * N_SAMPLES * 2; turn++) {
        size_t i = turn % 2 ? turn / 2 % N_SAMPLES : turn / 2 / N_SAMPLES;
        sm_document document = sample_document(i);
        CHECK(sm_engine_extract(engine, scanner, &document, NULL, &used, NULL) == SM_OK);
        char *json = sample_json(used);
        CHECK_STR(fresh[i], json, "a result that was used before");
        free(json);
    }
    for (size_t i = 0; i < N_SAMPLES; i++) free(fresh[i]);
    sm_result_free(used);
    sm_scanner_free(scanner);
}

/* Nothing of the document is needed once the call is over. */
static void a_result_outlives_its_document(void) {
    sm_document document = sample_document(1);
    sm_result *result = NULL;
    char *text = malloc(document.text_len), *title = malloc(document.title_len);
    if (!text || !title) exit(2);
    memcpy(text, document.text, document.text_len);
    memcpy(title, document.title, document.title_len);
    document.text = text;
    document.title = title;
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    char *before = sample_json(result);
    memset(text, 'x', document.text_len);
    free(text);
    free(title);
    char *after = sample_json(result);
    CHECK_STR(before, after, "the same text in the result");
    free(before);
    free(after);
    sm_result_free(result);
}

/* --- Arrays -------------------------------------------------------------------------------------------------------------- */

static const void *item_of(const void *first, uint32_t stride, uint64_t index, uint64_t n) {
    return index < n ? (const char *)first + index * stride : NULL;
}

/* One more than there are is asked for. */
static void check_items(const sm_result *result) {
    uint32_t stride = 0;
    uint64_t n = sm_result_mention_count(result);
    const void *first = sm_result_mentions(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_mention_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_candidate_count(result), first = sm_result_candidates(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_candidate_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_security_count(result), first = sm_result_securities(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_security_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_document_count(result), first = sm_result_documents(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_document_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_finding_count(result), first = sm_result_findings(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_finding_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_explanation_count(result), first = sm_result_explanations(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_explanation_at(result, i) == item_of(first, stride, i, n));
    n = sm_result_explained_line_count(result), first = sm_result_explained_lines(result, &stride);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_explained_line_at(result, i) == item_of(first, stride, i, n));
    for (uint32_t by = SM_BY_SECURITY; by <= SM_BY_ISSUER; by++) {
        const sm_rollup *rows;
        n = sm_result_rollup(result, by, &rows, &stride);
        for (uint64_t i = 0; i <= n; i++) CHECK(sm_result_rollup_at(result, by, i) == item_of(rows, stride, i, n));
    }
}

static void an_index_gives_the_item_of_the_array(void) {
    sm_document document = sample_document(0);
    sm_result *result = NULL;
    sm_text *text = NULL;
    uint32_t stride = 0;
    CHECK(sm_engine_explain(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) > 5 && sm_result_explained_line_count(result) > 5);
    check_items(result);
    CHECK(sm_check(engine, NULL, &document, NULL, &result, NULL) == SM_OK && sm_result_finding_count(result) > 0);
    check_items(result);
    CHECK(sm_text_read(&document, &text, NULL) == SM_OK);
    const sm_text_run *runs = sm_text_runs(text, &stride);
    uint64_t n = sm_text_run_count(text);
    for (uint64_t i = 0; i <= n; i++) CHECK(sm_text_run_at(text, i) == item_of(runs, stride, i, n));
    sm_text_free(text);
    sm_result_free(result);
}

/* --- Units ---------------------------------------------------------------------------------------------------------------- */

/* Code points and UTF-16 units before a byte, as Python's and JavaScript's decoders count them with replacement: what is no
 * UTF-8 is one U+FFFD for each maximal sequence. Written without the library's decoder. */
static uint64_t count_units(const unsigned char *bytes, uint64_t len, uint64_t to, uint32_t unit) {
    uint64_t n = 0;
    for (uint64_t at = 0; at < to;) {
        unsigned char lead = bytes[at], low = 0x80, high = 0xBF;
        unsigned need = lead < 0x80                   ? 0
                        : lead >= 0xC2 && lead < 0xE0 ? 1
                        : lead >= 0xE0 && lead < 0xF0 ? 2
                        : lead >= 0xF0 && lead < 0xF5 ? 3
                                                      : 0,
                 got = 0;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xED) high = 0x9F;
        if (lead == 0xF4) high = 0x8F;
        at++;
        while (got < need && at < len && bytes[at] >= low && bytes[at] <= high) {
            at++;
            got++;
            low = 0x80;
            high = 0xBF;
        }
        n += unit == SM_OFFSETS_UTF16 && need == 3 && got == 3 ? 2 : 1;
    }
    return n;
}

static void check_units(const sm_document *document, uint32_t unit) {
    sm_extract_options options;
    sm_result *result = NULL;
    sm_extract_options_init(&options, sizeof options);
    options.offsets = unit;
    CHECK(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        int is_title = m->field == SM_FIELD_TITLE;
        const unsigned char *bytes = (const unsigned char *)(is_title ? document->title : document->text);
        uint64_t len = is_title ? document->title_len : document->text_len;
        uint64_t start = unit ? count_units(bytes, len, m->start, unit) : 0,
                 end = unit ? count_units(bytes, len, m->end, unit) : 0;
        char row[160];
        snprintf(row, sizeof row, "'%s' in unit %u: expected %llu to %llu, got %llu to %llu", m->text, unit,
                 (unsigned long long)start, (unsigned long long)end, (unsigned long long)m->start_units,
                 (unsigned long long)m->end_units);
        CHECK_ROW(m->start_units == start && m->end_units == end, row);
    }
    sm_result_free(result);
}

static void offsets_are_those_of_a_naive_count(void) {
    static const char *const texts[] = {
        "金山办公",
        "😀金山办公😀贵州茅台",
        "\xFF金山办公\xE9\x87贵州茅台\xF0\x9F\x98",
        "é金山办公\xC0\xAF\xED\xA0\x80贵州茅台\x80\x80万科A",
        "𠮷\n\n# 金山办公（688111）\n\n\xF4\x90\x80\x80$AAPL 😀 Apple Inc. said",
        "<p>&#128512;金山办公&amp;<b>贵州</b>茅台\xFE",
    };
    for (uint32_t unit = SM_OFFSETS_BYTE; unit <= SM_OFFSETS_UTF16; unit++) {
        for (size_t i = 0; i < N_SAMPLES; i++) {
            sm_document document = sample_document(i);
            check_units(&document, unit);
        }
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            sm_document document;
            sm_document_init(&document, sizeof document);
            document.text = texts[i];
            document.text_len = strlen(texts[i]);
            document.title = texts[sizeof texts / sizeof texts[0] - 1 - i];
            document.title_len = strlen(document.title);
            check_units(&document, unit);
        }
    }
}

/* The text of a mention is what stands at its place, in a plain text. */
static void places_are_those_of_the_text(void) {
    sm_document document = sample_document(2);
    sm_result *result = NULL;
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) > 6);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        const char *bytes = m->field == SM_FIELD_TITLE ? document.title : document.text;
        char place[64];
        snprintf(place, sizeof place, "%.*s", (int)(m->end - m->start), bytes + m->start);
        CHECK_STR(place, m->text, "the text of a mention");
    }
    sm_result_free(result);
}

/* --- What is known of the document ------------------------------------------------------------------------------------------ */

static void the_day_is_the_best_one_that_is_known(void) {
    static const struct {
        int32_t option, date;
        const char *text, *url;
        int32_t expected;
        const char *reason;
    } cases[] = {
        {20200101, 20210101, "---\ndate: 2022-01-01\n---\n", "http://x/2023/01/01/a", 20200101,
         "the option comes first"},
        {0, 20210101, "---\ndate: 2022-01-01\n---\n", "http://x/2023/01/01/a", 20210101, "then the document's field"},
        {0, 0, "---\ndate: 2022-01-01\n---\n", "http://x/2023/01/01/a", 20220101, "then its front matter"},
        {0, 0, "text", "http://x/2023/01/01/a", 20230101, "then its address"},
        {0, 0, "text", "http://x/a", 0, "else none"},
        {0, 0, "text", NULL, 0, "and without an address too"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_document document;
        sm_extract_options options;
        sm_result *result = NULL;
        sm_document_init(&document, sizeof document);
        sm_extract_options_init(&options, sizeof options);
        options.as_of = cases[i].option;
        document.date = cases[i].date;
        document.text = cases[i].text;
        document.text_len = strlen(cases[i].text);
        document.url = cases[i].url;
        document.url_len = cases[i].url ? strlen(cases[i].url) : 0;
        document.format = SM_FORMAT_MARKDOWN;
        CHECK(sm_engine_extract(engine, NULL, &document, &options, &result, NULL) == SM_OK);
        CHECK_ROW(sm_result_as_of(result) == cases[i].expected, cases[i].reason);
        sm_result_free(result);
    }
}

static void invalid_bytes_are_counted_in_all_fields(void) {
    static const struct {
        const char *text, *title;
        uint64_t n, first;
    } cases[] = {
        {"金山办公", "金山办公", 0, 0},
        {"金\xFF\xE9\x87山", NULL, 2, 3},
        {"\xF0\x9F\x98", NULL, 1, 0},
        {"a\x80\x80\x80", "\xC0\xAF", 5, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_document document;
        sm_result *result = NULL;
        uint64_t first = 99;
        sm_document_init(&document, sizeof document);
        document.text = cases[i].text;
        document.text_len = strlen(cases[i].text);
        document.title = cases[i].title;
        document.title_len = cases[i].title ? strlen(cases[i].title) : 0;
        CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
        CHECK(sm_result_invalid_bytes(result, &first) == cases[i].n && first == cases[i].first);
        CHECK(sm_result_invalid_bytes(result, NULL) == cases[i].n);
        sm_result_free(result);
    }
}

/* Where links stand in each other, each has all that follows: of every one the beginning is kept, in whole characters. */
static void long_links_have_the_beginning_of_their_text(void) {
    enum { MOST = 1024, N = 500 };
    static const char link[] = "<span data-code=\"600519|1|1\">a", inner[] = "<span data-code=\"601318|1|1\">";
    static char page[sizeof link + N * (sizeof inner + 2)];
    strcpy(page, link);
    for (int i = 0; i < N; i++) strcat(page, i ? "\xE8\x8C\x85" : inner);
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.format = SM_FORMAT_HTML;
    document.text = page;
    document.text_len = strlen(page);
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
    if (CHECK(sm_result_mention_count(result) == 2)) {
        const sm_mention *outer = sm_result_mention_at(result, 0), *second = sm_result_mention_at(result, 1);
        CHECK(outer->end == document.text_len && second->end == document.text_len);
        CHECK(strlen(outer->text) == MOST && strlen(second->text) == MOST - MOST % 3);
        CHECK(outer->text[0] == 'a' && strcmp(outer->text + 1, second->text) == 0);
    }
    sm_result_free(result);
}

/* The last day on which a company is not yet listed is the one before its first. */
static void the_first_day_is_no_day_before(void) {
    static const struct {
        int32_t as_of;
        uint64_t is_not_yet_listed;
    } days[] = {{20191116, 1}, {20191117, 1}, {20191118, 0}, {20191119, 0}};
    uint32_t bit = 0;
    while (bit < 64 && (!sm_evidence_word(bit) || strcmp(sm_evidence_word(bit), "not-yet-listed") != 0)) bit++;
    if (!CHECK(bit < 64)) return;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        sm_document document;
        sm_result *result = NULL;
        sm_document_init(&document, sizeof document);
        document.text = "金山办公今日申购";
        document.text_len = strlen(document.text);
        document.date = days[i].as_of;
        CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
        if (CHECK(sm_result_mention_count(result) == 1))
            CHECK((sm_result_mention_at(result, 0)->evidence >> bit & 1) == days[i].is_not_yet_listed);
        sm_result_free(result);
    }
}

int main(void) {
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    used_results_say_what_fresh_ones_do();
    a_result_outlives_its_document();
    an_index_gives_the_item_of_the_array();
    offsets_are_those_of_a_naive_count();
    places_are_those_of_the_text();
    the_day_is_the_best_one_that_is_known();
    invalid_bytes_are_counted_in_all_fields();
    long_links_have_the_beginning_of_their_text();
    the_first_day_is_no_day_before();
    sm_engine_free(engine);
    return check_report();
}
