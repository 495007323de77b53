/* What must hold for any bytes in any format: extraction succeeds, every mention lies inside its field in order, and the
 * same bytes give the same JSON whether scanner and result are new or used, and as a document of a batch. Checking them gives
 * the same mentions and findings that lie inside. The first byte chooses format and options. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "stockmention.h"

static void check_places(const sm_result *result, uint64_t text_len) {
    uint32_t stride;
    const char *mentions = (const char *)sm_result_mentions(result, &stride);
    uint64_t last_start = 0, n_securities = sm_result_security_count(result);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *mention = (const void *)(mentions + i * stride);
        must(mention->field == SM_FIELD_TEXT && mention->start < mention->end && mention->end <= text_len);
        must(mention->start >= last_start && mention->security < n_securities && mention->n_candidates >= 1);
        must((uint64_t)mention->first_candidate + mention->n_candidates <= sm_result_candidate_count(result));
        last_start = mention->start;
    }
}

static void write_json(const sm_result *result, sm_buffer *json) {
    must(sm_result_json(result, NULL, json, NULL) == SM_OK);
}

static void check_findings(const sm_result *result, uint64_t text_len) {
    uint32_t stride;
    const char *findings = (const char *)sm_result_findings(result, &stride);
    for (uint64_t i = 0; i < sm_result_finding_count(result); i++) {
        const sm_finding *f = (const void *)(findings + i * stride);
        must(f->field == SM_FIELD_TEXT && f->name_end <= text_len && f->code_end <= text_len);
        must(f->name_start <= f->name_end && f->code_start <= f->code_end && (f->name_end || f->code_end));
        must(sm_finding_word(f->kind) && sm_severity_word(f->severity) && *f->message);
    }
}

typedef sm_status read_document(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                                const sm_extract_options *options, sm_result **result, sm_error *error);

/* A new scanner and a new result give the same. Making them costs more than reading. */
static void check_fresh(const sm_engine *engine, const sm_document *document, const sm_extract_options *options,
                        read_document *read, const sm_result *used) {
    sm_result *fresh = NULL;
    sm_buffer first = {0}, second = {0};
    must(read(engine, NULL, document, options, &fresh, NULL) == SM_OK);
    write_json(used, &first);
    write_json(fresh, &second);
    must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    sm_buffer_free(&first);
    sm_buffer_free(&second);
    sm_result_free(fresh);
}

static void check_contradictions(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                                 const sm_extract_options *options, const sm_result *extracted, int is_fresh_too) {
    static sm_result *used;
    must(sm_check(engine, scanner, document, options, &used, NULL) == SM_OK);
    must(sm_result_mention_count(used) == sm_result_mention_count(extracted));
    check_places(used, document->text_len);
    check_findings(used, document->text_len);
    if (is_fresh_too) check_fresh(engine, document, options, sm_check, used);
}

/* The document between its two halves. */
static void check_batch(const sm_engine *engine, const sm_document *document, const sm_extract_options *options,
                        const sm_buffer *expected) {
    static sm_result *result;
    size_t len = (size_t)document->text_len, half = len / 2;
    const int64_t offsets[] = {0, (int64_t)half, (int64_t)(half + len), (int64_t)(2 * len)};
    char *text = malloc(2 * len + 1); /* a sanitizer sees what lies behind it */
    must(text != NULL);
    memcpy(text, document->text, half);
    memcpy(text + half, document->text, len);
    memcpy(text + half + len, document->text + half, len - half);
    sm_batch batch;
    sm_json_options json_options;
    sm_buffer json = {0};
    sm_batch_init(&batch, sizeof batch);
    sm_json_options_init(&json_options, sizeof json_options);
    batch.format = document->format;
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = 3;
    json_options.document = 1;
    must(sm_engine_extract_batch(engine, &batch, options, &result, NULL) == SM_OK);
    must(sm_result_document_count(result) == 3 && sm_result_json(result, &json_options, &json, NULL) == SM_OK);
    must(json.len == expected->len && memcmp(json.data, expected->data, json.len) == 0);
    sm_buffer_free(&json);
    free(text);
}

/* What was taken is a mention, and the score of each is the reason. */
static void check_explained(const sm_result *result, uint64_t n_mentions) {
    uint32_t stride;
    const char *first = (const char *)sm_result_explanations(result, &stride);
    uint64_t n_taken = 0, n_others = 0; /* those are links and codes that no table has */
    for (uint64_t i = 0; i < sm_result_explanation_count(result); i++) {
        const sm_explanation *one = (const void *)(first + i * stride);
        n_taken += one->decision == SM_DECISION_TAKEN;
        must(one->decision != SM_DECISION_CUT && one->decision != SM_DECISION_UNWANTED);
        must(one->decision != SM_DECISION_TAKEN || one->score >= one->threshold);
        must(one->decision != SM_DECISION_BELOW_THRESHOLD || one->score < one->threshold);
    }
    uint32_t security_stride;
    const char *securities = (const char *)sm_result_securities(result, &security_stride);
    first = (const char *)sm_result_mentions(result, &stride);
    for (uint64_t i = 0; i < n_mentions; i++) {
        const sm_mention *mention = (const void *)(first + i * stride);
        const sm_security *security = (const void *)(securities + (size_t)mention->security * security_stride);
        n_others += mention->kind == SM_KIND_LINK || security->status == SM_SECURITY_UNKNOWN;
    }
    must(sm_result_mention_count(result) == n_mentions && n_taken + n_others == n_mentions);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine;
    static sm_scanner *scanner;
    static sm_result *used;
    if (!engine) {
        must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
        must(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    }
    if (len == 0) return 0;

    sm_document document;
    sm_extract_options options;
    sm_document_init(&document, sizeof document);
    sm_extract_options_init(&options, sizeof options);
    document.format = bytes[0] % 4;
    options.offsets = bytes[0] / 4 % 3;
    options.scope = bytes[0] / 12 % 2;
    options.as_of = bytes[0] / 24 % 2 ? 20211222 : 0;
    options.unlisted = bytes[0] / 48 % 2;
    options.context_bytes = bytes[0] / 96 == 1 ? 256 : 0;
    document.text = (const char *)bytes + 1;
    document.text_len = len - 1;

    sm_buffer json = {0};
    int is_fresh_too = fuzz_is_chosen(bytes, len, 8);
    must(sm_engine_extract(engine, scanner, &document, &options, &used, NULL) == SM_OK);
    check_places(used, document.text_len);
    write_json(used, &json);
    if (is_fresh_too) check_fresh(engine, &document, &options, sm_engine_extract, used);
    check_batch(engine, &document, &options, &json);
    check_contradictions(engine, scanner, &document, &options, used, is_fresh_too);
    uint64_t n_mentions = sm_result_mention_count(used);
    must(sm_engine_explain(engine, scanner, &document, &options, &used, NULL) == SM_OK);
    check_explained(used, n_mentions);
    sm_buffer_free(&json);
    return 0;
}
