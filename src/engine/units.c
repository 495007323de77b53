/* Code points and UTF-16 units up to bytes of a document. */
#include "engine/engine.h"

/* Units up to a byte, noted every so often on the way through a field: no place is far from a note, so that nested links
 * cost no more than others. */
enum { NOTE_STEP = 1024 };

typedef struct unit_note {
    uint64_t byte, units;
} unit_note;

typedef struct unit_counter {
    const char *bytes;
    uint64_t len;
    uint64_t start, units_before; /* of the field, before these bytes */
    uint32_t unit;                /* SM_OFFSETS_CODEPOINT or SM_OFFSETS_UTF16 */
    bool is_valid;                /* all of it is known to be UTF-8 */
    unit_note last;               /* of what was asked for last */
    const unit_note *notes; /* the n-th is of the first character at NOTE_STEP * n or behind; NULL: not noted yet */
} unit_counter;

typedef struct unit_counters {
    sm_result *result;
    unit_counter fields[2]; /* by SM_FIELD_… */
} unit_counters;

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
static unit_note count_on(const unit_counter *counter, unit_note note, uint64_t to) {
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

static bool note_units(sm_result *result, unit_counter *counter) {
    uint64_t n = counter->len / NOTE_STEP + 1;
    unit_note *notes = base_arena_alloc(&result->arena, (size_t)n * sizeof *notes), last = {0, 0};
    if (!notes) return false;
    if (!counter->is_valid) /* the other field may be what is not */
        counter->is_valid = base_utf8_valid_prefix(counter->bytes, (size_t)counter->len) == counter->len;
    for (uint64_t i = 0; i < n; i++) notes[i] = last = count_on(counter, last, i * NOTE_STEP);
    counter->notes = notes;
    return true;
}

static uint64_t units_before(unit_counter *counter, uint64_t byte) {
    const unit_note *note = &counter->notes[byte / NOTE_STEP];
    if (note->byte > byte) note--; /* a character reaches over the step; the first note is at 0 */
    /* What is asked for mostly comes in order, so that the last answer is nearer. */
    if (counter->last.byte <= byte && counter->last.byte > note->byte) note = &counter->last;
    counter->last = count_on(counter, *note, byte);
    return counter->last.units;
}

static unit_counters counters_of(const engine_document *document, sm_result *result) {
    unit_counters counters = {.result = result};
    for (uint32_t field = 0; field < sizeof counters.fields / sizeof counters.fields[0]; field++) {
        base_slice bytes = document->fields[field];
        counters.fields[field] = (unit_counter){
            .bytes = bytes.bytes, .len = bytes.len, .unit = result->offsets, .is_valid = document->n_invalid == 0};
    }
    counters.fields[SM_FIELD_TEXT].start = document->text_start;
    counters.fields[SM_FIELD_TEXT].units_before = document->text_units;
    return counters;
}

/* Where a stretch begins and ends, in units. */
static bool count_range(unit_counters *counters, uint32_t field, uint64_t start, uint64_t end, uint64_t *start_units,
                        uint64_t *end_units) {
    unit_counter *counter = &counters->fields[field];
    if (start == end) return true; /* of a finding: what is not there */
    if (!counter->notes && !note_units(counters->result, counter)) return false;
    *start_units = counter->units_before + units_before(counter, start - counter->start);
    *end_units = counter->units_before + units_before(counter, end - counter->start);
    return true;
}

uint64_t engine_units_in(base_slice text, uint32_t unit, bool is_valid) {
    unit_counter counter = {.bytes = text.bytes, .len = text.len, .unit = unit, .is_valid = is_valid};
    return count_on(&counter, (unit_note){0, 0}, text.len).units;
}

static bool count_mentions(unit_counters *counters, size_t from, size_t to) {
    sm_mention *mentions = counters->result->mentions.items;
    for (size_t i = from; i < to; i++) {
        sm_mention *m = &mentions[i];
        if (!count_range(counters, m->field, m->start, m->end, &m->start_units, &m->end_units)) return false;
    }
    return true;
}

static bool count_findings(unit_counters *counters, size_t from) {
    sm_finding *findings = counters->result->findings.items;
    for (size_t i = from; i < counters->result->findings.n; i++) {
        sm_finding *f = &findings[i];
        if (!count_range(counters, f->field, f->name_start, f->name_end, &f->name_start_units, &f->name_end_units)
            || !count_range(counters, f->field, f->code_start, f->code_end, &f->code_start_units, &f->code_end_units))
            return false;
    }
    return true;
}

static bool count_explanations(unit_counters *counters, size_t from) {
    sm_explanation *explanations = counters->result->explanations.items;
    for (size_t i = from; i < counters->result->explanations.n; i++) {
        sm_explanation *e = &explanations[i];
        if (!count_range(counters, e->field, e->start, e->end, &e->start_units, &e->end_units)) return false;
    }
    return true;
}

engine_counted engine_counted_in(const sm_result *result) {
    return (engine_counted){result->mentions.n, result->findings.n, result->explanations.n};
}

bool engine_count_units(const sm_scanner *scanner, sm_result *result, const engine_counted *since) {
    if (result->offsets == SM_OFFSETS_BYTE) return true;
    const sm_document_info *infos = engine_wave_documents(scanner, result);
    for (uint32_t i = 0; i < scanner->n_documents; i++) {
        unit_counters counters = counters_of(&scanner->documents[i], result);
        size_t first = (size_t)infos[i].first_mention, end = first + (size_t)infos[i].n_mentions;
        if (!count_mentions(&counters, first > since->mentions ? first : since->mentions, end)) return false;
        /* Of one document alone. */
        if (!count_findings(&counters, since->findings) || !count_explanations(&counters, since->explanations))
            return false;
    }
    return true;
}
