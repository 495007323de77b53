/* Mentions → how often and how much the document is about each security and each issuer. */
#include <string.h>

#include "engine/engine.h"

/* What one mention weighs: a title says what a text is about, chrome around it does not. */
static uint32_t weight_of(const sm_mention *mention) {
    static const uint8_t by_region[] = {
        [SM_REGION_BODY] = 2,  [SM_REGION_TITLE] = 8,      [SM_REGION_HEADING] = 4, [SM_REGION_TABLE] = 1,
        [SM_REGION_LINKS] = 0, [SM_REGION_NAVIGATION] = 0, [SM_REGION_FOOTER] = 0};
    if (mention->kind == SM_KIND_LINK || mention->role == SM_ROLE_SOURCE) return 0;
    return by_region[mention->region];
}

static bool comes_before(const sm_rollup *a, const sm_rollup *b) {
    return a->salience != b->salience ? a->salience > b->salience : a->first_mention < b->first_mention;
}

static void sort_rows(sm_rollup *rows, size_t n) {
    for (size_t gap = n / 2; gap; gap /= 2)
        for (size_t i = gap; i < n; i++) {
            sm_rollup moved = rows[i];
            size_t at = i;
            for (; at >= gap && comes_before(&moved, &rows[at - gap]); at -= gap) rows[at] = rows[at - gap];
            rows[at] = moved;
        }
}

/* The security that stands for its group: itself, or its issuer. */
static uint32_t group_of(const sm_scanner *scanner, const sm_security *security, bool by_issuer) {
    return by_issuer ? scanner->engine->view->securities[security->handle].issuer : security->handle;
}

/* One row a group. `row_of` is all zero at the start and at the end, and holds the group's row + 1 between. */
static bool gather(sm_scanner *scanner, sm_result *result, engine_array *out, bool by_issuer, uint32_t *row_of) {
    const sm_mention *mentions = result->mentions.items;
    const sm_security *securities = result->securities.items;
    uint64_t whole = 0;
    if (!base_grow(&result->engine->allocator, &out->items, &out->capacity, result->securities.n, sizeof(sm_rollup)))
        return false;
    sm_rollup *rows = out->items;
    for (uint32_t i = 0; i < result->mentions.n; i++) {
        if (mentions[i].kind == SM_KIND_LINK) continue;
        uint32_t *row = &row_of[group_of(scanner, &securities[mentions[i].security], by_issuer)];
        if (!*row) {
            rows[out->n] = (sm_rollup){.security = mentions[i].security, .first_mention = i};
            *row = (uint32_t)++out->n;
        }
        rows[*row - 1].count++;
        whole += weight_of(&mentions[i]);
    }
    for (uint32_t i = 0; i < result->mentions.n; i++) {
        if (mentions[i].kind == SM_KIND_LINK) continue;
        sm_rollup *row = &rows[row_of[group_of(scanner, &securities[mentions[i].security], by_issuer)] - 1];
        uint64_t share = whole ? weight_of(&mentions[i]) * (uint64_t)65535 / whole : 0;
        row->salience = (uint16_t)(row->salience + share);
    }
    for (size_t i = 0; i < out->n; i++) row_of[group_of(scanner, &securities[rows[i].security], by_issuer)] = 0;
    sort_rows(rows, out->n);
    return true;
}

/* Of an issuer's lines the one that was named most: the one with the most rows by security. */
static void choose_lines(const sm_scanner *scanner, sm_result *result) {
    sm_rollup *issuers = result->by_issuer.items;
    const sm_rollup *lines = result->by_security.items;
    const sm_security *securities = result->securities.items;
    for (size_t i = 0; i < result->by_issuer.n; i++) {
        uint32_t issuer = group_of(scanner, &securities[issuers[i].security], true), most = 0;
        for (size_t l = 0; l < result->by_security.n && l < 1000; l++) {
            if (group_of(scanner, &securities[lines[l].security], true) != issuer || lines[l].count <= most) continue;
            most = lines[l].count;
            issuers[i].security = lines[l].security;
        }
    }
}

bool engine_roll_up(sm_scanner *scanner, sm_result *result) {
    if (result->mentions.n == 0) return true;
    /* The index of securities is free again once the mentions are in. */
    const sm_security *securities = result->securities.items;
    for (size_t i = 0; i < result->securities.n; i++) scanner->result_index[securities[i].handle] = 0;
    if (!gather(scanner, result, &result->by_security, false, scanner->result_index)) return false;
    if (!gather(scanner, result, &result->by_issuer, true, scanner->result_index)) return false;
    choose_lines(scanner, result);
    return true;
}
