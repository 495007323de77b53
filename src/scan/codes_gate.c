/* Reads the column `then`: a row's gate, and its proof behind `sure`. */
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

/* A cell comes from outside: unlike a run it may be no UTF-8. What is none counts as a NUL. */
static uint32_t char_of_cell(base_slice text, size_t at, size_t *next) {
    uint32_t c;
    unsigned len = base_utf8_decode(text.bytes + at, text.bytes + text.len, &c, NULL);
    *next = at + (len ? len : 1);
    return codes_fold(c);
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
        uint32_t c = char_of_cell(text, at, &next);
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
    bool has = set->has_other;
    if (c < 0x80) has = set->ascii[c >> 6] >> (c & 63) & 1;
    if (c == CODES_EDGE) has = set->has_edge;
    for (uint32_t i = 0; i < set->n_others; i++) has |= set->others[i] == c;
    return has != set->is_negated;
}

/* --- Gates -------------------------------------------------------------------------------------------------------- */

static const char *const set_names[CODES_N_SETS] = {
    [CODES_THEN] = "then=",   [CODES_BEYOND] = "beyond=", [CODES_BEFORE] = "before=", [CODES_AHEAD] = "ahead=",
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

/* 3-5 */
static sm_status chars_read(base_slice text, codes_gate *proof) {
    const char *hyphen = text.len ? memchr(text.bytes, '-', text.len) : NULL;
    if (!hyphen) return SM_ERR_PATTERN;
    base_slice min = {text.bytes, (size_t)(hyphen - text.bytes)};
    base_slice max = {hyphen + 1, text.len - min.len - 1};
    proof->min = codes_read_length(min);
    proof->max = codes_read_length(max);
    return proof->min && proof->min <= proof->max ? SM_OK : SM_ERR_PATTERN;
}

static sm_status proof_read(base_arena *arena, base_slice text, codes_gate *proof) {
    static const char chars[] = "chars=", exchange[] = "exchange=";
    if (base_slice_starts(text, chars)) {
        size_t len = strlen(chars);
        return chars_read((base_slice){text.bytes + len, text.len - len}, proof);
    }
    if (base_slice_starts(text, exchange)) {
        size_t len = strlen(exchange);
        if (proof->behind_exchange.is_given) return SM_ERR_PATTERN;
        return set_read(arena, (base_slice){text.bytes + len, text.len - len}, &proof->behind_exchange);
    }
    return condition_read(arena, text, proof);
}

static base_slice take_word(base_slice *cell) {
    while (cell->len && cell->bytes[0] == ' ') *cell = (base_slice){cell->bytes + 1, cell->len - 1};
    const char *space = cell->len ? memchr(cell->bytes, ' ', cell->len) : NULL;
    base_slice word = {cell->bytes, space ? (size_t)(space - cell->bytes) : cell->len};
    *cell = (base_slice){cell->bytes + word.len, cell->len - word.len};
    return word;
}

sm_status codes_gate_read(base_arena *arena, base_slice cell, codes_gate *gate, codes_gate *proof) {
    static const codes_gate open = {.min = 1, .max = CODES_MAX_RUN};
    *gate = *proof = open;
    gate->is_given = true;
    for (base_slice word; (word = take_word(&cell)).len;) {
        bool is_sure = base_slice_is(word, "sure");
        if (is_sure && proof->is_given) return SM_ERR_PATTERN;
        sm_status status = SM_OK;
        if (is_sure) proof->is_given = true;
        else status = proof->is_given ? proof_read(arena, word, proof) : condition_read(arena, word, gate);
        if (status != SM_OK) return status;
    }
    return SM_OK;
}
