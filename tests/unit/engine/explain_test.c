/* What explanations say: of every candidate, in the order of mentions; the score is the sum of the weights and is what
 * decided; the mentions are those that are found without them. */
#include "../rows.h"
#include "samples.h"

static sm_engine *engine;

/* --- What must be true of all of them ----------------------------------------------------------------------------------- */

static int32_t sum_of_weights(uint64_t features) {
    int32_t sum = 0;
    for (uint32_t bit = 0; bit < 64; bit++)
        if (features >> bit & 1) sum += sm_engine_weight(engine, SM_SCOPE_STRICT, bit);
    return sum;
}

static void check_decision(const sm_result *result, uint64_t index) {
    const sm_explanation *one = sm_result_explanation_at(result, index);
    CHECK_ROW(one->score == sum_of_weights(one->features), one->text);
    bool is_decided = one->decision == SM_DECISION_TAKEN || one->decision == SM_DECISION_BELOW_THRESHOLD;
    if (is_decided) CHECK_ROW((one->confidence > 32767) == (one->score >= one->threshold), one->text);
    if (one->decision == SM_DECISION_NEEDS_CODE) CHECK_ROW(one->confidence == 0, one->text);
    CHECK_ROW(sm_decision_word(one->decision) != NULL, one->text);
    if (one->decision == SM_DECISION_TAKEN) CHECK_ROW(one->score >= one->threshold, one->text);
    if (one->decision == SM_DECISION_BELOW_THRESHOLD) CHECK_ROW(one->score < one->threshold, one->text);
    if (one->decision != SM_DECISION_OVERLAPPED) {
        CHECK_ROW(one->over == UINT32_MAX, one->text);
        return;
    }
    if (!CHECK_ROW(one->over < index, one->text)) return;
    const sm_explanation *over = sm_result_explanation_at(result, one->over);
    CHECK_ROW(over->decision == SM_DECISION_TAKEN && over->field == one->field, one->text);
    CHECK_ROW(one->confidence <= 65535 - over->confidence, one->text);
    CHECK_ROW(over->start <= one->start && one->start < over->end, one->text);
}

/* Its lines, and the row that decided. */
static void check_row(const sm_result *result, const sm_explanation *one) {
    bool is_name = one->kind == SM_KIND_NAME;
    CHECK_ROW(one->n_lines > 0, one->text);
    CHECK_ROW(one->first_line + (uint64_t)one->n_lines <= sm_result_explained_line_count(result), one->text);
    for (uint32_t i = 1; i < one->n_lines; i++) {
        const sm_explained_line *better = sm_result_explained_line_at(result, one->first_line + i - 1);
        const sm_explained_line *line = sm_result_explained_line_at(result, one->first_line + i);
        CHECK_ROW(better->score >= line->score && better->confidence >= line->confidence, one->text);
    }
    CHECK_ROW(is_name || one->kind == SM_KIND_CODE, one->text);
    CHECK_ROW(one->name[0] && !one->notation[0] == is_name && !!one->name_kind[0] == is_name, one->text);
    CHECK_ROW(!!one->name_security[0] == is_name && !!one->surface[0] == is_name, one->text);
}

/* Those that were taken are the mentions but for links, in their order. */
static void check_mentions(const sm_result *result) {
    uint64_t at = 0;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *mention = sm_result_mention_at(result, i);
        if (mention->kind == SM_KIND_LINK) continue;
        while (at < sm_result_explanation_count(result)
               && sm_result_explanation_at(result, at)->decision != SM_DECISION_TAKEN)
            at++;
        if (!CHECK_ROW(at < sm_result_explanation_count(result), mention->text)) return;
        const sm_explanation *one = sm_result_explanation_at(result, at++);
        CHECK_STR(mention->text, one->text, "the text of a mention");
        CHECK_ROW(one->start == mention->start && one->end == mention->end, one->text);
        CHECK_ROW(one->start_units == mention->start_units && one->end_units == mention->end_units, one->text);
        CHECK_ROW(one->field == mention->field && one->region == mention->region && one->kind == mention->kind,
                  one->text);
        CHECK_ROW(one->confidence == mention->confidence, one->text);
        CHECK_ROW((one->features & ~mention->evidence) == 0, one->text);
    }
    for (; at < sm_result_explanation_count(result); at++)
        CHECK(sm_result_explanation_at(result, at)->decision != SM_DECISION_TAKEN);
}

/* --- Counts ------------------------------------------------------------------------------------------------------------ */

static uint64_t count_unlisted(const sm_result *result) {
    uint64_t n = 0;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_security *security = sm_result_security_at(result, sm_result_mention_at(result, i)->security);
        n += security->status == SM_SECURITY_UNKNOWN;
    }
    return n;
}

/* What is counted is what explanations tell one by one; nothing is, where nobody asked. */
static void check_counts(const sm_document *document, sm_extract_options options, const sm_result *explained,
                         const char *row) {
    sm_result *result = NULL;
    uint64_t told[SM_DECISION_CUT + 1] = {0};
    for (uint64_t i = 0; i < sm_result_explanation_count(explained); i++)
        told[sm_result_explanation_at(explained, i)->decision]++;
    for (uint16_t asked = 0; asked < 2; asked++) {
        options.counts = asked;
        CHECK_ROW(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK, row);
        for (uint32_t i = 0; i <= SM_DECISION_CUT; i++) CHECK_ROW(sm_result_decided(result, i) == asked * told[i], row);
    }
    uint64_t n_unknown = sm_result_unknown_codes(result);
    options.unlisted = 1;
    CHECK_ROW(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK, row);
    CHECK_ROW(sm_result_unknown_codes(result) == n_unknown, row);
    if (!options.n_only && !options.max_mentions) CHECK_ROW(count_unlisted(result) == n_unknown, row);
    sm_result_free(result);
}

static void a_batch_counts_all_its_documents(void) {
    static const char text[] = "发展太阳能，SH605999\n金山办公走强，688999.SH\n";
    const int64_t offsets[] = {0, 27, 27, sizeof text - 1};
    sm_batch batch;
    sm_extract_options options;
    sm_result *result = NULL;
    sm_batch_init(&batch, sizeof batch);
    sm_extract_options_init(&options, sizeof options);
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = 3;
    options.counts = 1;
    for (batch.n_threads = 1; batch.n_threads < 4; batch.n_threads++) {
        CHECK(sm_engine_extract_batch(engine, &batch, &options, &result, NULL) == SM_OK);
        CHECK(sm_result_decided(result, SM_DECISION_BELOW_THRESHOLD) == 1);
        CHECK(sm_result_decided(result, SM_DECISION_TAKEN) == sm_result_mention_count(result));
        CHECK(sm_result_mention_count(result) == 1 && sm_result_unknown_codes(result) == 2);
    }
    sm_result_free(result);
}

static void explanations_are_of_the_mentions(void) {
    sm_scanner *scanner = NULL;
    sm_result *explained = NULL, *extracted = NULL;
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    for (size_t turn = 0; turn < 3 * N_SAMPLES; turn++) {
        sm_document document = sample_document(turn % N_SAMPLES);
        options.offsets = (uint32_t)(turn / N_SAMPLES);
        CHECK(sm_engine_explain(engine, scanner, &document, &options, &explained, NULL) == SM_OK);
        CHECK(sm_result_explanation_count(explained) > 0);
        for (uint64_t i = 0; i < sm_result_explanation_count(explained); i++) {
            check_decision(explained, i);
            check_row(explained, sm_result_explanation_at(explained, i));
        }
        check_mentions(explained);
        check_counts(&document, options, explained, "a sample");
        char *with = sample_json(explained);
        CHECK(sm_engine_extract(engine, scanner, &document, &options, &explained, NULL) == SM_OK);
        CHECK(sm_result_explanation_count(explained) == 0 && sm_result_explained_line_count(explained) == 0);
        CHECK(sm_engine_extract(engine, NULL, &document, &options, &extracted, NULL) == SM_OK);
        char *used = sample_json(explained), *fresh = sample_json(extracted);
        CHECK_STR(fresh, used, "a result that held explanations before");
        char *more = strstr(with, ", \"explanations\": [");
        if (CHECK(more != NULL)) CHECK_ROW(strncmp(with, fresh, (size_t)(more - with)) == 0, "all else is the same");
        free(with);
        free(used);
        free(fresh);
    }
    sm_result_free(explained);
    sm_result_free(extracted);
    sm_scanner_free(scanner);
}

/* --- Decisions ----------------------------------------------------------------------------------------------------------- */

/* "金山办公=taken short 金山办公; …" */
static void write_explanations(const sm_result *result, char *out, size_t capacity) {
    size_t len = (size_t)snprintf(out, capacity, "%s", sm_result_explanation_count(result) ? "" : "-");
    for (uint64_t i = 0; i < sm_result_explanation_count(result) && len < capacity; i++) {
        const sm_explanation *one = sm_result_explanation_at(result, i);
        bool is_code = one->kind == SM_KIND_CODE;
        len += (size_t)snprintf(out + len, capacity - len, "%s%s=%s %s%s%s", i ? "; " : "", one->text,
                                sm_decision_word(one->decision), is_code ? one->notation : one->name_kind,
                                is_code ? "" : " ", is_code ? "" : one->name);
    }
}

static void each_decision_is_told(void) {
    rows r;
    if (!rows_open(&r, "tests/unit/engine/explanations.tsv")) return;
    while (rows_next(&r, 4)) {
        char got[4096];
        sm_document document;
        sm_extract_options options;
        sm_result *result = NULL;
        sm_document_init(&document, sizeof document);
        sm_extract_options_init(&options, sizeof options);
        document.text = r.cells[0];
        document.text_len = strlen(r.cells[0]);
        document.format = SM_FORMAT_TEXT;
        char *option = r.cells[1], *value = strchr(option, '=');
        const char *const ids[] = {value ? value + 1 : ""};
        if (strncmp(option, "only=", 5) == 0) options.only = ids, options.n_only = 1;
        else if (strncmp(option, "exclude=", 8) == 0) options.exclude = ids, options.n_exclude = 1;
        else if (strncmp(option, "max=", 4) == 0) options.max_mentions = strtoull(ids[0], NULL, 10);
        else if (strncmp(option, "min=", 4) == 0) options.min_confidence = (uint16_t)strtoul(ids[0], NULL, 10);
        else CHECK_STR("-", option, r.place);
        if (CHECK_ROW(sm_engine_explain(engine, NULL, &document, &options, &result, NULL) == SM_OK, r.place)) {
            write_explanations(result, got, sizeof got);
            CHECK_STR(r.cells[2], got, r.place);
            check_counts(&document, options, result, r.place);
        }
        sm_result_free(result);
    }
    CHECK(r.n_rows > 9);
    rows_close(&r);
}

static void without_a_result_there_is_nothing(void) {
    uint32_t stride;
    CHECK(sm_result_explanation_count(NULL) == 0 && sm_result_explanations(NULL, &stride) == NULL);
    CHECK(sm_result_explained_line_count(NULL) == 0 && sm_result_explained_lines(NULL, &stride) == NULL);
    CHECK(sm_engine_weight(NULL, 0, 0) == 0 && sm_engine_weight(engine, 0, 64) == 0
          && sm_engine_weight(engine, 0, 0) > 0);
    CHECK(sm_decision_word(SM_DECISION_CUT + 1) == NULL);
    CHECK(sm_result_decided(NULL, 0) == 0 && sm_result_unknown_codes(NULL) == 0);
}

int main(void) {
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    explanations_are_of_the_mentions();
    each_decision_is_told();
    a_batch_counts_all_its_documents();
    without_a_result_there_is_nothing();
    sm_engine_free(engine);
    return check_report();
}
