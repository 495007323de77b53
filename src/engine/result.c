/* Reading a result. */
#include <string.h>

#include "engine/engine.h"

void engine_result_clear(sm_result *result) {
    base_arena_reset(&result->arena);
    result->mentions.n = result->candidates.n = result->securities.n = result->documents.n = 0;
    result->rows[SM_BY_SECURITY].n = result->rows[SM_BY_ISSUER].n = 0;
    result->findings.n = 0;
    result->explanations.n = result->explained_lines.n = 0;
    result->counts = (resolve_counts){0};
    result->is_checked = result->is_explained = false;
}

sm_status engine_result_make(const sm_engine *engine, sm_result **result, sm_error *error) {
    if (*result && (*result)->engine != engine)
        return base_fail(error, SM_ERR_ARG, "the result belongs to another engine; free it or pass NULL");
    if (*result) return engine_result_clear(*result), SM_OK;
    sm_result *made = engine->allocator.allocate(engine->allocator.context, sizeof *made);
    if (!made) return base_no_memory(error, "for a result");
    memset(made, 0, sizeof *made);
    made->engine = engine_retain(engine);
    base_arena_init(&made->arena, &made->engine->allocator);
    *result = made;
    return SM_OK;
}

static void free_one(sm_result *result) {
    const sm_engine *engine = result->engine;
    const sm_allocator *allocator = &engine->allocator;
    sm_scanner_free(result->scanner);
    base_arena_free(&result->arena);
    void *const blocks[] = {result->mentions.items,        result->candidates.items,
                            result->securities.items,      result->rows[0].items,
                            result->rows[1].items,         result->documents.items,
                            result->findings.items,        result->explanations.items,
                            result->explained_lines.items, result};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
    sm_engine_free((sm_engine *)(uintptr_t)engine);
}

void sm_result_free(sm_result *result) {
    for (sm_result *next; result; result = next) {
        next = result->next_part;
        free_one(result);
    }
}

void engine_result_drop(const sm_engine *engine, sm_result **result, bool is_new) {
    if (!result || !*result || (engine && (*result)->engine != engine)) return;
    engine_result_clear(*result);
    if (!is_new) return;
    sm_result_free(*result);
    *result = NULL;
}

void engine_result_count(sm_result *result, const resolve_counts *more) {
    for (uint32_t i = 0; i <= SM_DECISION_CUT; i++) result->counts.decisions[i] += more->decisions[i];
    result->counts.n_unknown += more->n_unknown;
}

/* --- Arrays ---------------------------------------------------------------------------------------------------------- */

static const void *items(const engine_array *array, uint32_t *stride, uint32_t item_size) {
    if (stride) *stride = item_size;
    return array->items;
}

static const void *item_at(const engine_array *array, uint64_t index, size_t item_size) {
    return index < array->n ? (const char *)array->items + index * item_size : NULL;
}

uint64_t sm_result_mention_count(const sm_result *result) {
    return result ? result->mentions.n : 0;
}

const sm_mention *sm_result_mentions(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->mentions, stride, sizeof(sm_mention)) : NULL;
}

const sm_mention *sm_result_mention_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->mentions, index, sizeof(sm_mention)) : NULL;
}

uint64_t sm_result_candidate_count(const sm_result *result) {
    return result ? result->candidates.n : 0;
}

const sm_candidate *sm_result_candidates(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->candidates, stride, sizeof(sm_candidate)) : NULL;
}

const sm_candidate *sm_result_candidate_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->candidates, index, sizeof(sm_candidate)) : NULL;
}

uint64_t sm_result_security_count(const sm_result *result) {
    return result ? result->securities.n : 0;
}

const sm_security *sm_result_securities(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->securities, stride, sizeof(sm_security)) : NULL;
}

const sm_security *sm_result_security_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->securities, index, sizeof(sm_security)) : NULL;
}

uint64_t sm_result_document_count(const sm_result *result) {
    return result ? result->documents.n : 0;
}

const sm_document_info *sm_result_documents(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->documents, stride, sizeof(sm_document_info)) : NULL;
}

const sm_document_info *sm_result_document_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->documents, index, sizeof(sm_document_info)) : NULL;
}

uint64_t sm_result_finding_count(const sm_result *result) {
    return result ? result->findings.n : 0;
}

const sm_finding *sm_result_findings(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->findings, stride, sizeof(sm_finding)) : NULL;
}

const sm_finding *sm_result_finding_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->findings, index, sizeof(sm_finding)) : NULL;
}

uint64_t sm_result_explanation_count(const sm_result *result) {
    return result ? result->explanations.n : 0;
}

const sm_explanation *sm_result_explanations(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->explanations, stride, sizeof(sm_explanation)) : NULL;
}

const sm_explanation *sm_result_explanation_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->explanations, index, sizeof(sm_explanation)) : NULL;
}

uint64_t sm_result_explained_line_count(const sm_result *result) {
    return result ? result->explained_lines.n : 0;
}

const sm_explained_line *sm_result_explained_lines(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->explained_lines, stride, sizeof(sm_explained_line)) : NULL;
}

const sm_explained_line *sm_result_explained_line_at(const sm_result *result, uint64_t index) {
    return result ? item_at(&result->explained_lines, index, sizeof(sm_explained_line)) : NULL;
}

uint64_t sm_result_rollup(const sm_result *result, uint32_t by, const sm_rollup **rows, uint32_t *stride) {
    if (rows) *rows = NULL;
    if (!result || by > SM_BY_ISSUER) return 0;
    const sm_rollup *first = items(&result->rows[by], stride, sizeof(sm_rollup));
    if (rows) *rows = first;
    return result->rows[by].n;
}

const sm_rollup *sm_result_rollup_at(const sm_result *result, uint32_t by, uint64_t index) {
    return result && by <= SM_BY_ISSUER ? item_at(&result->rows[by], index, sizeof(sm_rollup)) : NULL;
}

/* --- What is told of all of it --------------------------------------------------------------------------------------- */

uint64_t sm_result_decided(const sm_result *result, uint32_t decision) {
    return result && decision <= SM_DECISION_CUT ? result->counts.decisions[decision] : 0;
}

uint64_t sm_result_unknown_codes(const sm_result *result) {
    return result ? result->counts.n_unknown : 0;
}

static const sm_document_info *first_document(const sm_result *result) {
    static const sm_document_info none = {0};
    return result && result->documents.n ? result->documents.items : &none;
}

int32_t sm_result_as_of(const sm_result *result) {
    return first_document(result)->as_of;
}

uint64_t sm_result_invalid_bytes(const sm_result *result, uint64_t *first) {
    if (first) *first = first_document(result)->first_invalid;
    return first_document(result)->n_invalid;
}

uint32_t sm_result_limits(const sm_result *result) {
    return first_document(result)->limits;
}

uint32_t engine_result_offsets(const sm_result *result) {
    return result->offsets;
}

const sm_dict *engine_result_dict(const sm_result *result) {
    return result->engine->dict;
}

bool engine_result_is_checked(const sm_result *result) {
    return result->is_checked;
}

int32_t engine_result_weight(const sm_result *result, uint32_t bit) {
    return sm_engine_weight(result->engine, result->scope, bit);
}

bool engine_result_is_explained(const sm_result *result) {
    return result->is_explained;
}
