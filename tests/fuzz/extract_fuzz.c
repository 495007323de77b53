/* What must hold for any bytes in any format: extraction succeeds, every mention lies inside its field in order, and the
 * same bytes give the same JSON whether scanner and result are new or used. The first byte chooses format and options. */
#include <stdlib.h>
#include <string.h>

#include "stockmention.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(int holds) {
    if (!holds) abort();
}

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
    document.text = (const char *)bytes + 1;
    document.text_len = len - 1;

    sm_result *fresh = NULL;
    sm_buffer first = {0}, second = {0};
    must(sm_engine_extract(engine, scanner, &document, &options, &used, NULL) == SM_OK);
    must(sm_engine_extract(engine, NULL, &document, &options, &fresh, NULL) == SM_OK);
    check_places(used, document.text_len);
    write_json(used, &first);
    write_json(fresh, &second);
    must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    sm_buffer_free(&first);
    sm_buffer_free(&second);
    sm_result_free(fresh);
    return 0;
}
