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

/* One row a security, in the order of first mentions. `row_of` is all zero at the start and at the end, and holds the
 * security's row + 1 between. */
static bool gather_securities(sm_result *result, uint32_t *row_of) {
    const sm_mention *mentions = result->mentions.items;
    engine_array *out = &result->by_security;
    uint64_t whole = 0;
    if (!base_grow(&result->engine->allocator, &out->items, &out->capacity, result->securities.n, sizeof(sm_rollup)))
        return false;
    sm_rollup *rows = out->items;
    for (size_t i = 0; i < result->mentions.n; i++) whole += weight_of(&mentions[i]);
    for (uint32_t i = 0; i < result->mentions.n; i++) {
        if (mentions[i].kind == SM_KIND_LINK) continue;
        uint32_t *row = &row_of[mentions[i].security];
        if (!*row) {
            rows[out->n] = (sm_rollup){.security = mentions[i].security, .first_mention = i};
            *row = (uint32_t)++out->n;
        }
        uint32_t weight = weight_of(&mentions[i]);
        uint64_t share = weight ? weight * (uint64_t)65535 / whole : 0;
        rows[*row - 1].count++;
        rows[*row - 1].salience = (uint16_t)(rows[*row - 1].salience + share);
    }
    for (size_t i = 0; i < out->n; i++) row_of[rows[i].security] = 0;
    return true;
}

static uint32_t issuer_of(const sm_scanner *scanner, const sm_result *result, uint32_t security) {
    const sm_security *securities = result->securities.items;
    return scanner->engine->view->securities[securities[security].handle].issuer;
}

/* The rows of securities summed up by issuer, in the same order. `row_of` as above, by the dictionary's securities. */
static bool gather_issuers(const sm_scanner *scanner, sm_result *result, uint32_t *row_of) {
    const engine_array *lines = &result->by_security;
    engine_array *out = &result->by_issuer;
    if (!base_grow(&result->engine->allocator, &out->items, &out->capacity, lines->n, sizeof(sm_rollup))) return false;
    const sm_rollup *line = lines->items;
    sm_rollup *rows = out->items;
    for (const sm_rollup *end = line + lines->n; line < end; line++) {
        uint32_t *row = &row_of[issuer_of(scanner, result, line->security)];
        if (*row) {
            rows[*row - 1].count += line->count;
            rows[*row - 1].salience = (uint16_t)(rows[*row - 1].salience + line->salience);
        } else {
            rows[out->n] = *line;
            *row = (uint32_t)++out->n;
        }
    }
    for (size_t i = 0; i < out->n; i++) row_of[issuer_of(scanner, result, rows[i].security)] = 0;
    return true;
}

/* Of an issuer's lines the one that was named most: the one with the most rows by security, which are sorted. */
static void choose_lines(const sm_scanner *scanner, sm_result *result) {
    sm_rollup *issuers = result->by_issuer.items;
    const sm_rollup *lines = result->by_security.items;
    for (size_t i = 0; i < result->by_issuer.n; i++) {
        uint32_t issuer = issuer_of(scanner, result, issuers[i].security), most = 0;
        for (size_t l = 0; l < result->by_security.n && l < 1000; l++) {
            if (issuer_of(scanner, result, lines[l].security) != issuer || lines[l].count <= most) continue;
            most = lines[l].count;
            issuers[i].security = lines[l].security;
        }
    }
}

bool engine_roll_up(sm_scanner *scanner, sm_result *result) {
    /* The index of securities is free again once the mentions are in. */
    const sm_security *securities = result->securities.items;
    for (size_t i = 0; i < result->securities.n; i++) scanner->result_index[securities[i].handle] = 0;
    if (!gather_securities(result, scanner->result_index)) return false;
    if (!gather_issuers(scanner, result, scanner->result_index)) return false;
    sort_rows(result->by_security.items, result->by_security.n);
    if (result->by_issuer.n == result->by_security.n) { /* each has one line, as in nearly all documents */
        if (result->by_issuer.n)
            memcpy(result->by_issuer.items, result->by_security.items, result->by_issuer.n * sizeof(sm_rollup));
        return true;
    }
    sort_rows(result->by_issuer.items, result->by_issuer.n);
    choose_lines(scanner, result);
    return true;
}
