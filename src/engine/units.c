/* Code points and UTF-16 units up to bytes of a document. */
#include "engine/engine.h"

enum { NOTE_STEP = 1024 };

/* Goes on from a note to the first character at `to` or behind. */
static engine_unit_note count_on(const engine_unit_counter *counter, engine_unit_note note, uint64_t to) {
    while (note.byte < to) {
        uint32_t c;
        unsigned skip = 1;
        unsigned step = base_utf8_decode(counter->bytes + note.byte, counter->bytes + counter->len, &c, &skip);
        note.units += counter->unit == SM_OFFSETS_UTF16 && c > 0xFFFF ? 2 : 1;
        note.byte += step ? step : skip;
    }
    return note;
}

static bool note_units(sm_result *result, engine_unit_counter *counter) {
    uint64_t n = counter->len / NOTE_STEP + 1;
    engine_unit_note *notes = base_arena_alloc(&result->arena, (size_t)n * sizeof *notes), last = {0, 0};
    if (!notes) return false;
    for (uint64_t i = 0; i < n; i++) notes[i] = last = count_on(counter, last, i * NOTE_STEP);
    counter->notes = notes;
    return true;
}

static uint64_t units_before(const engine_unit_counter *counter, uint64_t byte) {
    const engine_unit_note *note = &counter->notes[byte / NOTE_STEP];
    if (note->byte > byte) note--; /* a character reaches over the step; the first note is at 0 */
    return count_on(counter, *note, byte).units;
}

engine_units engine_units_of(const engine_document *document, uint32_t unit) {
    engine_units units;
    for (uint32_t field = 0; field < sizeof units.fields / sizeof units.fields[0]; field++) {
        base_slice bytes = document->fields[field];
        units.fields[field] = (engine_unit_counter){bytes.bytes, bytes.len, unit, NULL};
    }
    return units;
}

bool engine_units_count(engine_units *units, sm_result *result, uint32_t field, uint64_t byte, uint64_t *count) {
    engine_unit_counter *counter = &units->fields[field];
    if (!counter->notes && !note_units(result, counter)) return false;
    *count = units_before(counter, byte);
    return true;
}
