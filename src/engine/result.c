/* Reading a result. */
#include "engine/engine.h"

void engine_result_clear(sm_result *result) {
    base_arena_reset(&result->arena);
    result->mentions.n = result->candidates.n = result->securities.n = 0;
    result->by_security.n = result->by_issuer.n = 0;
    result->n_invalid = result->first_invalid = 0;
    result->as_of = 0;
    result->limits = 0;
    result->has_fields = false;
}

void sm_result_free(sm_result *result) {
    if (!result) return;
    const sm_engine *engine = result->engine;
    const sm_allocator *allocator = &engine->allocator;
    base_arena_free(&result->arena);
    void *const blocks[] = {result->mentions.items,    result->candidates.items, result->securities.items,
                            result->by_security.items, result->by_issuer.items,  result};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
    sm_engine_free((sm_engine *)(uintptr_t)engine);
}

static const void *items(const engine_array *array, uint32_t *stride, uint32_t item_size) {
    if (stride) *stride = item_size;
    return array->items;
}

uint64_t sm_result_mention_count(const sm_result *result) {
    return result ? result->mentions.n : 0;
}

const sm_mention *sm_result_mentions(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->mentions, stride, sizeof(sm_mention)) : NULL;
}

uint64_t sm_result_candidate_count(const sm_result *result) {
    return result ? result->candidates.n : 0;
}

const sm_candidate *sm_result_candidates(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->candidates, stride, sizeof(sm_candidate)) : NULL;
}

uint64_t sm_result_security_count(const sm_result *result) {
    return result ? result->securities.n : 0;
}

const sm_security *sm_result_securities(const sm_result *result, uint32_t *stride) {
    return result ? items(&result->securities, stride, sizeof(sm_security)) : NULL;
}

uint64_t sm_result_rollup(const sm_result *result, uint32_t by, const sm_rollup **rows, uint32_t *stride) {
    if (rows) *rows = NULL;
    if (!result || by > SM_BY_ISSUER) return 0;
    const engine_array *array = by == SM_BY_ISSUER ? &result->by_issuer : &result->by_security;
    const sm_rollup *first = items(array, stride, sizeof(sm_rollup));
    if (rows) *rows = first;
    return array->n;
}

int32_t sm_result_as_of(const sm_result *result) {
    return result ? result->as_of : 0;
}

uint64_t sm_result_invalid_bytes(const sm_result *result, uint64_t *first) {
    if (first) *first = result ? result->first_invalid : 0;
    return result ? result->n_invalid : 0;
}

uint32_t sm_result_limits(const sm_result *result) {
    return result ? result->limits : 0;
}

uint32_t engine_result_offsets(const sm_result *result) {
    return result->offsets;
}

const sm_dict *engine_result_dict(const sm_result *result) {
    return result->engine->dict;
}

bool engine_result_has_fields(const sm_result *result) {
    return result->has_fields;
}
