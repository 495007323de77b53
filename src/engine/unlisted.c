/* Securities that no table has, told from the codes that were found: each is one row of its document. */
#include <string.h>

#include "engine/engine.h"

/* ISO 10383 keeps it for what has no market. */
static const char no_market[] = "XXXX";

static size_t slot_of(const sm_scanner *scanner, const char *id, size_t len) {
    return (size_t)base_hash(id, len) & (scanner->n_unlisted_slots - 1);
}

static void put(sm_scanner *scanner, size_t at, uint32_t index) {
    while (scanner->unlisted[at]) at = (at + 1) & (scanner->n_unlisted_slots - 1);
    scanner->unlisted[at] = index + 1;
    scanner->n_unlisted++;
}

bool engine_unlisted_begin(sm_scanner *scanner, const sm_result *result, size_t first, size_t n) {
    const sm_security *securities = result->securities.items;
    const bool is_new = scanner->n_unlisted_slots == 0;
    if (is_new) scanner->n_unlisted = 0;
    if (n == 0 || (!is_new && 2 * (scanner->n_unlisted + n) <= scanner->n_unlisted_slots)) return true;
    size_t n_slots = 16;
    while (n_slots < 2 * n + 4 * scanner->n_unlisted) n_slots *= 2;
    if (!base_grow(&scanner->engine->allocator, (void **)&scanner->unlisted, &scanner->unlisted_capacity, n_slots,
                   sizeof *scanner->unlisted))
        return false;
    memset(scanner->unlisted, 0, n_slots * sizeof *scanner->unlisted);
    scanner->n_unlisted_slots = n_slots;
    scanner->n_unlisted = 0;
    for (size_t i = first; !is_new && i < result->securities.n; i++)
        if (securities[i].status == SM_SECURITY_UNKNOWN)
            put(scanner, slot_of(scanner, securities[i].id, strlen(securities[i].id)), (uint32_t)i);
    return true;
}

/* "XSHG:688999" @return its length. */
static size_t write_id(const sm_engine *engine, const scan_candidate *code, base_slice run, char *out) {
    const char *mic = code->market != dict_none ? dict_cell(engine->view, DICT_MICS, code->market, MIC_MIC) : no_market;
    size_t len = strnlen(mic, sizeof no_market - 1); /* a dictionary that was not built by us may have shorter ones */
    memcpy(out, mic, len);
    out[len++] = ':';
    return len + scan_unknown_code(engine->codes, code, run, out + len);
}

uint32_t engine_unlisted_security(sm_scanner *scanner, sm_result *result, size_t first, const scan_candidate *code,
                                  base_slice run) {
    char id[sizeof no_market + SCAN_MAX_CODE];
    sm_security *securities = result->securities.items;
    size_t len = write_id(scanner->engine, code, run, id), mask = scanner->n_unlisted_slots - 1;
    size_t at = slot_of(scanner, id, len);
    for (; scanner->unlisted[at]; at = (at + 1) & mask) {
        uint32_t index = scanner->unlisted[at] - 1;
        if (index >= first && base_slice_is((base_slice){id, len}, securities[index].id)) return index;
    }
    const char *copy = base_arena_copy(&result->arena, id, len);
    if (!copy) return dict_none;
    uint32_t made = (uint32_t)result->securities.n++;
    securities[made] = (sm_security){.id = copy,
                                     .issuer = copy,
                                     .name = "",
                                     .type = "",
                                     .then = copy,
                                     .status = SM_SECURITY_UNKNOWN,
                                     .handle = UINT32_MAX};
    put(scanner, at, made);
    return made;
}
