/* The parts of a batch, which its threads made, are laid one behind the other: room is made for all, then each is copied to its
 * place by itself, so that threads share that too. Their texts stay where they are. */
#include <string.h>

#include "engine/engine.h"

engine_counts engine_counts_of(const sm_result *result) {
    return (engine_counts){.mentions = result->mentions.n,
                           .candidates = result->candidates.n,
                           .securities = result->securities.n,
                           .rows = {result->rows[0].n, result->rows[1].n},
                           .documents = result->documents.n};
}

static engine_counts add(const engine_counts *a, const engine_counts *b) {
    return (engine_counts){.mentions = a->mentions + b->mentions,
                           .candidates = a->candidates + b->candidates,
                           .securities = a->securities + b->securities,
                           .rows = {a->rows[0] + b->rows[0], a->rows[1] + b->rows[1]},
                           .documents = a->documents + b->documents};
}

/* Differences may be less than 0: whoever adds one to a number has the right one again. */
static engine_counts subtract(const engine_counts *a, const engine_counts *b) {
    return (engine_counts){.mentions = a->mentions - b->mentions,
                           .candidates = a->candidates - b->candidates,
                           .securities = a->securities - b->securities,
                           .rows = {a->rows[0] - b->rows[0], a->rows[1] - b->rows[1]},
                           .documents = a->documents - b->documents};
}

engine_counts engine_counts_since(const sm_result *result, const engine_counts *before) {
    const engine_counts now = engine_counts_of(result);
    return subtract(&now, before);
}

static bool make_room(const sm_result *result, engine_array *array, uint64_t n, size_t item_size) {
    size_t items = (size_t)n;
    return base_grow(&result->engine->allocator, &array->items, &array->capacity, items, item_size);
}

bool engine_parts_begin(sm_result *result, engine_part *parts, uint32_t n) {
    engine_counts end = engine_counts_of(result); /* nothing comes before what it has */
    for (uint32_t i = 0; i < n; i++) {
        parts[i].at = end;
        end = add(&end, &parts[i].n);
    }
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
    if (!part->n.mentions) return;
    const engine_counts further = subtract(&part->at, &part->from);
    const sm_mention *from = (const sm_mention *)part->of->mentions.items + part->from.mentions;
    sm_mention *to = (sm_mention *)result->mentions.items + part->at.mentions;
    for (uint64_t i = 0; i < part->n.mentions; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)further.securities;
        to[i].first_candidate += (uint32_t)further.candidates;
        to[i].document += further.documents;
    }
}

static void lay_rows(const sm_result *result, const engine_part *part, const engine_counts *further, uint32_t by) {
    if (!part->n.rows[by]) return;
    const sm_rollup *from = (const sm_rollup *)part->of->rows[by].items + part->from.rows[by];
    sm_rollup *to = (sm_rollup *)result->rows[by].items + part->at.rows[by];
    for (uint64_t i = 0; i < part->n.rows[by]; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)further->securities;
        to[i].first_mention += (uint32_t)further->mentions;
    }
}

static void lay_documents(const sm_result *result, const engine_part *part, const engine_counts *further) {
    if (!part->n.documents) return;
    const sm_document_info *from = (const sm_document_info *)part->of->documents.items + part->from.documents;
    sm_document_info *to = (sm_document_info *)result->documents.items + part->at.documents;
    for (uint64_t i = 0; i < part->n.documents; i++) {
        to[i] = from[i];
        to[i].first_mention += further->mentions;
        to[i].first_security += further->securities;
        for (int by = 0; by < 2; by++) to[i].first_row[by] += further->rows[by];
    }
}

static void lay_candidates(const sm_result *result, const engine_part *part, const engine_counts *further) {
    if (!part->n.candidates) return;
    const sm_candidate *from = (const sm_candidate *)part->of->candidates.items + part->from.candidates;
    sm_candidate *to = (sm_candidate *)result->candidates.items + part->at.candidates;
    for (uint64_t i = 0; i < part->n.candidates; i++) {
        to[i] = from[i];
        to[i].security += (uint32_t)further->securities;
    }
}

void engine_part_lay_others(const sm_result *result, const engine_part *part) {
    const engine_counts further = subtract(&part->at, &part->from);
    lay_candidates(result, part, &further);
    if (part->n.securities)
        memcpy((sm_security *)result->securities.items + part->at.securities,
               (const sm_security *)part->of->securities.items + part->from.securities,
               part->n.securities * sizeof(sm_security));
    lay_rows(result, part, &further, SM_BY_SECURITY);
    lay_rows(result, part, &further, SM_BY_ISSUER);
    lay_documents(result, part, &further);
}
