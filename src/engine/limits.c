/* How far a document is read: so many bytes of it, and so many steps, which are its bytes and its candidates. */
#include "engine/engine.h"

static uint64_t most_of(uint64_t limit) {
    return limit ? limit : UINT64_MAX;
}

base_slice engine_cut_text(base_slice text, uint64_t limit) {
    if (text.len <= most_of(limit)) return text;
    text.len = (size_t)limit;
    for (int i = 0; i < 3 && text.len && ((unsigned char)text.bytes[text.len] & 0xC0) == 0x80; i++) text.len--;
    return text;
}

uint64_t engine_text_limit(const sm_extract_options *given, size_t title_len, uint32_t *flag) {
    const uint64_t left = most_of(given->max_steps) - title_len, bytes = most_of(given->max_bytes);
    *flag = left < bytes ? SM_LIMIT_STEPS : SM_LIMIT_BYTES;
    return left < bytes ? left : bytes;
}

engine_reading engine_limit_reading(const sm_document *document, const sm_extract_options *given) {
    const base_slice all = {document->text, (size_t)document->text_len};
    const base_slice title = {document->title, (size_t)document->title_len};
    engine_reading reading = {.title = engine_cut_text(title, given->max_steps)};
    uint32_t flag;
    const uint64_t most = engine_text_limit(given, reading.title.len, &flag);
    reading.text = most ? engine_cut_text(all, most) : (base_slice){all.bytes, 0};
    if (reading.text.len < all.len) reading.limits = flag;
    if (reading.title.len < title.len) reading.limits = SM_LIMIT_STEPS;
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
