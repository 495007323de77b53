#include <string.h>

#include "scan/codes.h"

/* --- Sets of characters ------------------------------------------------------------------------------------------- */

static void set_add_range(codes_set *set, unsigned from, unsigned to) {
    for (unsigned c = from; c <= to; c++) set->ascii[c >> 6] |= (uint64_t)1 << (c & 63);
}

static bool set_add_class(codes_set *set, char name) {
    switch (name) {
    case 's':
        set_add_range(set, '\t', '\r');
        set_add_range(set, ' ', ' ');
        return true;
    case 'd': set_add_range(set, '0', '9'); return true;
    case 'u': set_add_range(set, 'A', 'Z'); return true;
    case 'l':
        set_add_range(set, 'A', 'Z');
        set_add_range(set, 'a', 'z');
        return true;
    case 'o': set->has_other = true; return true;
    case 'e': set->has_edge = true; return true;
    case '\\': set_add_range(set, '\\', '\\'); return true;
    default: return false;
    }
}

static sm_status set_read(base_arena *arena, base_slice text, codes_set *set) {
    uint32_t *others = base_arena_alloc(arena, (text.len + 1) * sizeof *others);
    if (!others) return SM_ERR_NOMEM;
    set->is_given = true;
    set->others = others;
    size_t at = 0;
    if (text.len && text.bytes[0] == '^') {
        set->is_negated = true;
        at = 1;
    }
    if (at == text.len) return SM_ERR_PATTERN;
    while (at < text.len) {
        size_t next;
        uint32_t c = codes_char_at(text, at, &next);
        if (c == '\\') {
            if (next >= text.len || !set_add_class(set, text.bytes[next])) return SM_ERR_PATTERN;
            next++;
        } else if (c < 0x80) {
            set_add_range(set, c, c);
        } else {
            others[set->n_others++] = c;
        }
        at = next;
    }
    return SM_OK;
}

bool codes_set_has(const codes_set *set, uint32_t c) {
    if (!set->is_given) return true;
    bool has = false;
    if (c < 0x80) has = set->ascii[c >> 6] >> (c & 63) & 1;
    else if (c == CODES_EDGE) has = set->has_edge;
    else {
        has = set->has_other;
        for (uint32_t i = 0; i < set->n_others && !has; i++) has = set->others[i] == c;
    }
    return has != set->is_negated;
}

/* --- Gates -------------------------------------------------------------------------------------------------------- */

static const char *const set_names[CODES_N_SETS] = {
    [CODES_THEN] = "then=",   [CODES_BEYOND] = "beyond=", [CODES_BEFORE] = "before=",
    [CODES_LABEL] = "label=", [CODES_FIRST] = "first=",   [CODES_RUN] = "run=",
};

static sm_status condition_read(base_arena *arena, base_slice text, codes_gate *gate) {
    int which = CODES_THEN;
    for (int i = 0; i < CODES_N_SETS; i++) {
        if (!base_slice_starts(text, set_names[i])) continue;
        size_t len = strlen(set_names[i]);
        text = (base_slice){text.bytes + len, text.len - len};
        which = i;
        break;
    }
    if (gate->sets[which].is_given) return SM_ERR_PATTERN;
    return set_read(arena, text, &gate->sets[which]);
}

sm_status codes_gate_read(base_arena *arena, base_slice cell, codes_gate *gate) {
    memset(gate, 0, sizeof *gate);
    while (cell.len) {
        const char *space = memchr(cell.bytes, ' ', cell.len);
        size_t len = space ? (size_t)(space - cell.bytes) : cell.len;
        if (len) {
            sm_status status = condition_read(arena, (base_slice){cell.bytes, len}, gate);
            if (status != SM_OK) return status;
            cell = (base_slice){cell.bytes + len, cell.len - len};
        } else {
            cell = (base_slice){cell.bytes + 1, cell.len - 1};
        }
    }
    return SM_OK;
}

/* --- What stands around a place ----------------------------------------------------------------------------------- */

enum { MAX_SIGNS = 4 };

static bool is_sign_behind(uint32_t c) {
    return c < 0x80 && strchr(" .,:-", (int)c) && c;
}

static bool is_sign_before(uint32_t c) {
    return (c < 0x80 && strchr(" :(\"'=", (int)c) && c) || c == 0x201C || c == 0x2018 || c == 0x300C;
}

static uint32_t char_beyond(const codes_place *place) {
    size_t at = place->end;
    uint32_t c = codes_char_at(place->run, at, &at);
    for (int i = 0; i < MAX_SIGNS && is_sign_behind(c); i++) c = codes_char_at(place->run, at, &at);
    return c;
}

static uint32_t char_of_label(const codes_place *place) {
    size_t at = place->at;
    uint32_t c = codes_char_before(place->run, at, &at);
    for (int i = 0; i < MAX_SIGNS && is_sign_before(c); i++) c = codes_char_before(place->run, at, &at);
    return c;
}

static bool run_is_all(const codes_set *set, const codes_place *place) {
    for (size_t at = place->at; at < place->end;)
        if (!codes_set_has(set, codes_char_at(place->run, at, &at))) return false;
    return true;
}

void codes_look_around(codes_place *place) {
    size_t unused;
    place->around[CODES_BEYOND] = char_beyond(place);
    place->around[CODES_BEFORE] = codes_char_before(place->run, place->at, &unused);
    place->around[CODES_LABEL] = char_of_label(place);
}

bool codes_gate_opens(const codes_gate *gate, const codes_place *place) {
    const codes_set *sets = gate->sets;
    size_t unused;
    for (int i = 0; i < CODES_N_AROUND; i++)
        if (!codes_set_has(&sets[i], place->around[i])) return false;
    if (sets[CODES_FIRST].is_given && !codes_set_has(&sets[CODES_FIRST], codes_char_at(place->run, place->at, &unused)))
        return false;
    return !sets[CODES_RUN].is_given || run_is_all(&sets[CODES_RUN], place);
}
