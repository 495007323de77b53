/* The parts of a batch, which its threads made, are laid one behind the other: room is made for all, then each is copied to its
 * place by itself, so that threads share that too. Their texts stay where they are. */
#include <string.h>

#include "engine/engine.h"

static bool make_room(const sm_result *result, engine_array *array, uint64_t n, size_t item_size) {
    size_t items = (size_t)n;
    return base_grow(&result->engine->allocator, &array->items, &array->capacity, items, item_size);
}

/* Where the part behind this one begins. */
static engine_part behind(const engine_part *part) {
    const sm_result *of = part->of;
    return (engine_part){.mentions = part->mentions + of->mentions.n,
                         .candidates = part->candidates + of->candidates.n,
                         .securities = part->securities + of->securities.n,
                         .rows = {part->rows[0] + of->rows[0].n, part->rows[1] + of->rows[1].n},
                         .documents = part->documents + of->documents.n};
}

bool engine_parts_begin(sm_result *result, engine_part *parts, uint32_t n) {
    engine_part end = {.of = result}; /* nothing comes before what it has */
    for (uint32_t i = 0; i < n; i++) {
        const sm_result *of = parts[i].of;
        parts[i] = behind(i ? &parts[i - 1] : &end);
        parts[i].of = of;
        engine_result_count(result, &of->counts);
    }
    end = behind(n ? &parts[n - 1] : &end);
    if (end.mentions > ENGINE_MOST_ITEMS || end.candidates > ENGINE_MOST_ITEMS || end.securities > ENGINE_MOST_ITEMS
        || end.rows[0] > ENGINE_MOST_ITEMS || end.rows[1] > ENGINE_MOST_ITEMS)
        return false;
    if (!make_room(result, &result->mentions, end.mentions, sizeof(sm_mention))
        || !make_room(result, &result->candidates, end.candidates, sizeof(sm_candidate))
        || !make_room(result, &result->securities, end.securities, sizeof(sm_security))
        || !make_room(result, &result->rows[0], end.rows[0], sizeof(sm_rollup))
        || !make_room(result, &result->rows[1], end.rows[1], sizeof(sm_rollup))
        || !make_room(result, &result->documents, end.documents, sizeof(sm_document_info)))
        return false;
    result->mentions.n = (size_t)end.mentions;
    result->candidates.n = (size_t)end.candidates;
    result->securities.n = (size_t)end.securities;
    for (int by = 0; by < 2; by++) result->rows[by].n = (size_t)end.rows[by];
    result->documents.n = (size_t)end.documents;
    return true;
}

/* What has no items may have no place either: NULL + 0 is not defined. */
void engine_part_lay_mentions(const sm_result *result, const engine_part *part) {
    if (!part->of->mentions.n) return;
    const sm_mention *from = part->of->mentions.items;
    sm_mention *to = (sm_mention *)result->mentions.items + part->mentions;
    for (size_t i = 0; i < part->of->mentions.n; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)part->securities;
        to[i].first_candidate += (uint32_t)part->candidates;
        to[i].document += part->documents;
    }
}

static void lay_rows(const sm_result *result, const engine_part *part, uint32_t by) {
    if (!part->of->rows[by].n) return;
    const sm_rollup *from = part->of->rows[by].items;
    sm_rollup *to = (sm_rollup *)result->rows[by].items + part->rows[by];
    for (size_t i = 0; i < part->of->rows[by].n; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)part->securities;
        to[i].first_mention += (uint32_t)part->mentions;
    }
}

static void lay_documents(const sm_result *result, const engine_part *part) {
    if (!part->of->documents.n) return;
    const sm_document_info *from = part->of->documents.items;
    sm_document_info *to = (sm_document_info *)result->documents.items + part->documents;
    for (size_t i = 0; i < part->of->documents.n; i++) {
        to[i] = from[i];
        to[i].first_mention += part->mentions;
        to[i].first_security += part->securities;
        for (int by = 0; by < 2; by++) to[i].first_row[by] += part->rows[by];
    }
}

static void lay_candidates(const sm_result *result, const engine_part *part) {
    if (!part->of->candidates.n) return;
    const sm_candidate *from = part->of->candidates.items;
    sm_candidate *to = (sm_candidate *)result->candidates.items + part->candidates;
    for (size_t i = 0; i < part->of->candidates.n; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)part->securities;
    }
}

void engine_part_lay_others(const sm_result *result, const engine_part *part) {
    const engine_array *securities = &part->of->securities;
    lay_candidates(result, part);
    if (securities->n)
        memcpy((sm_security *)result->securities.items + part->securities, securities->items,
               securities->n * sizeof(sm_security));
    lay_rows(result, part, SM_BY_SECURITY);
    lay_rows(result, part, SM_BY_ISSUER);
    lay_documents(result, part);
}
