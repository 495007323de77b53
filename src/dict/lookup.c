#include <string.h>

#include "dict/dict.h"

uint32_t dict_find_mic(const dict_view *view, base_slice mic) {
    for (uint32_t i = 0; i < view->tables[DICT_MICS].n_rows; i++)
        if (base_slice_is(mic, dict_cell(view, DICT_MICS, i, 0))) return i;
    return dict_none;
}

/* Slots of securities are found by the hash of the whole id. */
uint32_t dict_find_id(const dict_view *view, base_slice id) {
    uint64_t hash = base_hash(id.bytes, id.len);
    uint32_t mask = (1u << view->code_bits) - 1, at = dict_slot(hash, view->code_bits);
    for (; view->code_slots[at].index; at = (at + 1) & mask) {
        if (view->code_slots[at].tag != dict_tag(hash)) continue;
        uint32_t security = view->code_slots[at].index - 1;
        if (base_slice_is(id, dict_string(view, view->securities[security].id))) return security;
    }
    return dict_none;
}

uint32_t dict_find_code(const dict_view *view, uint32_t mic, base_slice code) {
    char id[64];
    base_slice name = base_slice_of(dict_cell(view, DICT_MICS, mic, 0));
    if (name.len + 1 + code.len > sizeof id) return dict_none;
    memcpy(id, name.bytes, name.len);
    id[name.len] = ':';
    memcpy(id + name.len + 1, code.bytes, code.len);
    return dict_find_id(view, (base_slice){id, name.len + 1 + code.len});
}

uint32_t dict_find_surface(const dict_view *view, base_slice folded) {
    uint64_t hash = 0;
    for (const char *p = folded.bytes, *end = p + folded.len; p < end;) {
        uint32_t c;
        unsigned step = base_utf8_decode(p, end, &c, NULL);
        if (!step) return dict_none;
        hash = dict_hash_step(hash, c);
        p += step;
    }
    uint32_t mask = (1u << view->surface_bits) - 1, at = dict_slot(hash, view->surface_bits);
    for (; view->surface_slots[at].index; at = (at + 1) & mask) {
        if (view->surface_slots[at].tag != dict_tag(hash)) continue;
        const dict_surface *surface = &view->surfaces[view->surface_slots[at].index - 1];
        if (base_slice_equal(folded, (base_slice){dict_string(view, surface->text), surface->len}))
            return view->surface_slots[at].index - 1;
    }
    return dict_none;
}

uint32_t dict_word_classes(const dict_view *view, base_slice word) {
    uint64_t hash = 0;
    for (const char *p = word.bytes, *end = p + word.len; p < end;) {
        uint32_t c;
        unsigned step = base_utf8_decode(p, end, &c, NULL);
        if (!step) return 0;
        hash = dict_hash_step(hash, c);
        p += step;
    }
    return word.len ? dict_word_find(view, hash) : 0;
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
