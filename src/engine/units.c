/* Code points and UTF-16 units up to bytes of a document. */
#include "engine/engine.h"

enum { NOTE_STEP = 1024 };

#define EACH_BYTE (~(uint64_t)0 / 255)

/* Of valid UTF-8, characters that begin in the bytes: those that are no continuation; four bytes are two units of UTF-16. */
static uint64_t count_valid(const char *bytes, uint64_t len, uint32_t unit) {
    uint64_t units = 0, at = 0;
    for (uint64_t word; len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        uint64_t begins = (~word >> 7 | word >> 6) & EACH_BYTE, of_four = word >> 7 & word >> 6 & word >> 5 & word >> 4;
        if (unit == SM_OFFSETS_UTF16) begins += of_four & EACH_BYTE;
        units += begins * EACH_BYTE >> 56; /* the sum of its bytes, which are two at most */
    }
    for (; at < len; at++) {
        unsigned char byte = (unsigned char)bytes[at];
        units += (byte & 0xC0) != 0x80;
        units += unit == SM_OFFSETS_UTF16 && byte >= 0xF0;
    }
    return units;
}

/* Goes on from a note to the first character at `to` or behind; in valid text just to `to`, as what begins is counted. */
static engine_unit_note count_on(const engine_unit_counter *counter, engine_unit_note note, uint64_t to) {
    if (counter->is_valid && note.byte < to) {
        note.units += count_valid(counter->bytes + note.byte, to - note.byte, counter->unit);
        note.byte = to;
    }
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
    counter->is_valid = base_utf8_valid_prefix(counter->bytes, (size_t)counter->len) == counter->len;
    for (uint64_t i = 0; i < n; i++) notes[i] = last = count_on(counter, last, i * NOTE_STEP);
    counter->notes = notes;
    return true;
}

static uint64_t units_before(engine_unit_counter *counter, uint64_t byte) {
    const engine_unit_note *note = &counter->notes[byte / NOTE_STEP];
    if (note->byte > byte) note--; /* a character reaches over the step; the first note is at 0 */
    /* What is asked for mostly comes in order, so that the last answer is nearer. */
    if (counter->last.byte <= byte && counter->last.byte > note->byte) note = &counter->last;
    counter->last = count_on(counter, *note, byte);
    return counter->last.units;
}

engine_units engine_units_of(const engine_document *document, uint32_t unit) {
    engine_units units;
    for (uint32_t field = 0; field < sizeof units.fields / sizeof units.fields[0]; field++) {
        base_slice bytes = document->fields[field];
        units.fields[field] = (engine_unit_counter){.bytes = bytes.bytes, .len = bytes.len, .unit = unit};
    }
    return units;
}

bool engine_units_count(engine_units *units, sm_result *result, uint32_t field, uint64_t byte, uint64_t *count) {
    engine_unit_counter *counter = &units->fields[field];
    if (!counter->notes && !note_units(result, counter)) return false;
    *count = units_before(counter, byte);
    return true;
}
