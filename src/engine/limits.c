/* How far a document is read: so many bytes of it, and so many steps, which are its bytes and its candidates. */
#include "engine/engine.h"

static uint64_t most_of(uint64_t limit) {
    return limit ? limit : UINT64_MAX;
}

size_t engine_limit(uint64_t limit) {
    return engine_size(most_of(limit));
}

engine_reading engine_limit_reading(const sm_document *document, const sm_extract_options *given) {
    const base_slice title = {document->title, (size_t)document->title_len};
    engine_reading reading = {.title = base_slice_cut(title, engine_limit(given->max_steps))};
    const uint64_t steps = most_of(given->max_steps) - reading.title.len, bytes = most_of(given->max_bytes);
    reading.most = steps < bytes ? steps : bytes;
    reading.limit = steps < bytes ? SM_LIMIT_STEPS : SM_LIMIT_BYTES;
    if (reading.title.len < title.len) reading.limit = reading.title_limit = SM_LIMIT_STEPS;
    return reading;
}

bool engine_has_step(engine_document *document, uint64_t place, uint64_t limit) {
    if (document->is_stopped) return false;
    if (place + document->n_steps < most_of(limit)) return document->n_steps++, true;
    document->is_stopped = true;
    document->limits |= SM_LIMIT_STEPS;
    document->n_read = place;
    return false;
}
