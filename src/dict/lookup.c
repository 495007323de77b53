#include <string.h>

#include "dict/dict.h"

uint32_t dict_find_mic(const dict_view *view, base_slice mic) {
    for (uint32_t i = 0; i < view->tables[DICT_MICS].n_rows; i++)
        if (base_slice_is(mic, dict_cell(view, DICT_MICS, i, 0))) return i;
    return dict_none;
}

const dict_code_slot *dict_next_of_number(const dict_view *view, uint64_t number, base_slice code, uint32_t *at) {
    uint32_t mask = (1u << view->code_bits) - 1;
    bool is_hash = number >> 8 * DICT_NUMBER_BYTES == DICT_NUMBER_IS_HASH;
    for (const dict_code_slot *slot; (slot = &view->code_slots[*at])->index;) {
        *at = (*at + 1) & mask;
        if (slot->number != number) continue;
        if (!is_hash || base_slice_is(code, dict_string(view, view->securities[slot->index - 1].code))) return slot;
    }
    return NULL;
}

uint32_t dict_find_code(const dict_view *view, uint32_t mic, base_slice code) {
    const uint64_t number = dict_code_number(code);
    uint32_t at = dict_number_slot(view, number);
    for (const dict_code_slot *slot; (slot = dict_next_of_number(view, number, code, &at));)
        if (slot->mic == mic) return slot->index - 1;
    return dict_none;
}

uint32_t dict_find_id(const dict_view *view, base_slice id) {
    const char *colon = id.len ? memchr(id.bytes, ':', id.len) : NULL;
    if (!colon) return dict_none;
    size_t mic_len = (size_t)(colon - id.bytes);
    uint32_t mic = dict_find_mic(view, (base_slice){id.bytes, mic_len});
    if (mic == dict_none) return dict_none;
    return dict_find_code(view, mic, (base_slice){colon + 1, id.len - mic_len - 1});
}

uint32_t dict_find_surface(const dict_view *view, base_slice folded) {
    uint64_t hash = 0;
    uint32_t first = 0;
    for (const char *p = folded.bytes, *end = p + folded.len; p < end;) {
        uint32_t c;
        unsigned step = base_utf8_decode(p, end, &c, NULL);
        if (!step) return dict_none;
        if (p == folded.bytes) first = c;
        hash = dict_hash_step(hash, c);
        p += step;
    }
    const dict_name_index *index = dict_index_of(view, first);
    uint32_t mask = (1u << index->slot_bits) - 1, at = dict_slot(hash, index->slot_bits);
    for (; index->slots[at].index; at = (at + 1) & mask) {
        if (index->slots[at].tag != dict_tag(hash)) continue;
        const dict_surface *surface = &view->surfaces[index->slots[at].index - 1];
        if (base_slice_equal(folded, (base_slice){dict_string(view, surface->text), surface->len}))
            return index->slots[at].index - 1;
    }
    return dict_none;
}

uint32_t dict_word_classes(const dict_view *view, base_slice word) {
    uint64_t hash = 0;
    if (!word.len) return 0;
    for (const char *p = word.bytes, *end = p + word.len; p < end;) {
        uint32_t c;
        unsigned step = base_utf8_decode(p, end, &c, NULL);
        if (!step) return 0;
        hash = dict_hash_step(hash, c);
        p += step;
    }
    return dict_word_find(view, hash);
}

uint32_t dict_last_successor(const dict_view *view, uint32_t security) {
    /* A circle is refused when tables are checked; the bound keeps a hostile file from looping. */
    for (uint32_t i = 0; i < 16 && view->securities[security].successor != dict_none; i++)
        security = view->securities[security].successor;
    return security;
}

void dict_describe_security(const dict_view *view, uint32_t security, sm_security *out) {
    const dict_security *s = &view->securities[security];
    *out = (sm_security){.id = dict_string(view, s->id),
                         .issuer = dict_string(view, view->securities[s->issuer].id),
                         .name = dict_string(view, s->name),
                         .type = dict_string(view, s->type),
                         .then = dict_string(view, s->id),
                         .status = s->status,
                         .handle = security};
}

/* --- Codes of shares: the column `shares` of mics.tsv ---------------------------------------------------------------- */

static base_slice take_item(base_slice *cell) {
    while (cell->len && cell->bytes[0] == ' ') *cell = (base_slice){cell->bytes + 1, cell->len - 1};
    const char *space = cell->len ? memchr(cell->bytes, ' ', cell->len) : NULL;
    base_slice item = {cell->bytes, space ? (size_t)(space - cell->bytes) : cell->len};
    *cell = (base_slice){cell->bytes + item.len, cell->len - item.len};
    return item;
}

/* 600-605, also 900: what begins so. */
static bool is_in_range(base_slice code, base_slice range) {
    const char *hyphen = memchr(range.bytes, '-', range.len);
    size_t len = hyphen ? (size_t)(hyphen - range.bytes) : range.len;
    const char *last = hyphen ? hyphen + 1 : range.bytes;
    if (hyphen && range.len != 2 * len + 1) return false;
    return code.len >= len && memcmp(code.bytes, range.bytes, len) >= 0 && memcmp(code.bytes, last, len) <= 0;
}

bool dict_has_share(const dict_view *view, uint32_t mic, base_slice code) {
    base_slice cell = base_slice_of(dict_cell(view, DICT_MICS, mic, MIC_SHARES)), item;
    if (!cell.len) return true;
    while ((item = take_item(&cell)).len)
        if (is_in_range(code, item)) return true;
    return false;
}
