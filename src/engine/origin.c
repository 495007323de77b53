/* Places in a page that was made UTF-8 → the caller's bytes, when all else is told. */
#include "engine/engine.h"

static void map_range(const text_page *page, uint64_t *start, uint64_t *end) {
    if (*end == 0) return; /* of a finding: what is not there */
    *start = text_origin(page, (size_t)*start);
    *end = text_origin(page, (size_t)*end);
}

void engine_map_to_bytes(sm_result *result, const text_page *page, size_t first_mention) {
    sm_mention *mentions = result->mentions.items;
    sm_finding *findings = result->findings.items;
    sm_explanation *explanations = result->explanations.items;
    for (size_t i = first_mention; i < result->mentions.n; i++)
        if (mentions[i].field == SM_FIELD_TEXT) map_range(page, &mentions[i].start, &mentions[i].end);
    for (size_t i = 0; i < result->findings.n; i++) {
        if (findings[i].field != SM_FIELD_TEXT) continue;
        map_range(page, &findings[i].name_start, &findings[i].name_end);
        map_range(page, &findings[i].code_start, &findings[i].code_end);
    }
    for (size_t i = 0; i < result->explanations.n; i++)
        if (explanations[i].field == SM_FIELD_TEXT) map_range(page, &explanations[i].start, &explanations[i].end);
}
