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

/* No offset is added where there is no array yet. */
static sm_rollup *row_at(const engine_array *rows, size_t index) {
    return index ? (sm_rollup *)rows->items + index : rows->items;
}

/* One row a security, in the order of first mentions. `row_of` is all zero at the start and at the end, and holds between
 * them the row + 1 of the document's i-th security. */
static bool gather_securities(sm_result *result, uint32_t *row_of) {
    const sm_mention *mentions = result->mentions.items;
    const uint32_t first = (uint32_t)result->document.first_mention;
    const uint32_t first_security = (uint32_t)result->document.first_security;
    engine_array *out = &result->rows[SM_BY_SECURITY];
    uint64_t whole = 0, share = 0;
    uint32_t weight = 0; /* `share` is of it: in plain text all weigh the same */
    if (!base_grow(&result->engine->allocator, &out->items, &out->capacity,
                   out->n + result->securities.n - first_security, sizeof(sm_rollup)))
        return false;
    sm_rollup *rows = row_at(out, out->n);
    uint32_t n = 0;
    for (size_t i = first; i < result->mentions.n; i++) whole += weight_of(&mentions[i]);
    for (uint32_t i = first; i < result->mentions.n; i++) {
        if (mentions[i].kind == SM_KIND_LINK) continue;
        uint32_t *row = &row_of[mentions[i].security - first_security];
        if (!*row) {
            rows[n] = (sm_rollup){.security = mentions[i].security, .first_mention = i};
            *row = ++n;
        }
        if (weight_of(&mentions[i]) != weight) {
            weight = weight_of(&mentions[i]);
            share = weight * (uint64_t)65535 / whole;
        }
        rows[*row - 1].count++;
        rows[*row - 1].salience = (uint16_t)(rows[*row - 1].salience + share);
    }
    for (size_t i = 0; i < n; i++) row_of[rows[i].security - first_security] = 0;
    out->n += n;
    return true;
}

static uint32_t issuer_of(const sm_scanner *scanner, const sm_result *result, uint32_t security) {
    const sm_security *securities = result->securities.items;
    return scanner->engine->view->securities[securities[security].handle].issuer;
}

/* The document's rows. */
static sm_rollup *rows_of(const sm_result *result, uint32_t by, size_t *n) {
    *n = result->rows[by].n - (size_t)result->document.first_row[by];
    return row_at(&result->rows[by], (size_t)result->document.first_row[by]);
}

/* Few lines, as in nearly all documents, and each of an issuer of its own: told from the result alone, where an issuer has
 * one string. Else it may still be so. */
static bool is_each_of_another(const sm_result *result, const sm_rollup *lines, size_t n) {
    enum { FEW = 8 };
    const sm_security *securities = result->securities.items;
    if (n > FEW) return false;
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (securities[lines[i].security].issuer == securities[lines[k].security].issuer) return false;
    return true;
}

/* The rows of securities summed up by issuer, in the same order. `row_of` as above, by the dictionary's securities. */
static size_t sum_issuers(const sm_scanner *scanner, const sm_result *result, const sm_rollup *lines, size_t n_lines,
                          sm_rollup *rows) {
    uint32_t *row_of = scanner->result_index;
    size_t n = 0;
    for (const sm_rollup *line = lines, *end = lines + n_lines; line < end; line++) {
        uint32_t *row = &row_of[issuer_of(scanner, result, line->security)];
        if (*row) {
            rows[*row - 1].count += line->count;
            rows[*row - 1].salience = (uint16_t)(rows[*row - 1].salience + line->salience);
        } else {
            rows[n] = *line;
            *row = (uint32_t)++n;
        }
    }
    for (size_t i = 0; i < n; i++) row_of[issuer_of(scanner, result, rows[i].security)] = 0;
    return n;
}

static bool gather_issuers(const sm_scanner *scanner, sm_result *result) {
    engine_array *out = &result->rows[SM_BY_ISSUER];
    size_t n_lines;
    const sm_rollup *lines = rows_of(result, SM_BY_SECURITY, &n_lines);
    if (!base_grow(&result->engine->allocator, &out->items, &out->capacity, out->n + n_lines, sizeof(sm_rollup)))
        return false;
    bool is_same = is_each_of_another(result, lines, n_lines); /* then the rows are copied when they are sorted */
    out->n += is_same ? n_lines : sum_issuers(scanner, result, lines, n_lines, row_at(out, out->n));
    return true;
}

/* Of an issuer's lines the one that was named most: the one with the most rows by security, which are sorted. */
static void choose_lines(const sm_scanner *scanner, sm_result *result) {
    size_t n_issuers, n_lines;
    sm_rollup *issuers = rows_of(result, SM_BY_ISSUER, &n_issuers);
    const sm_rollup *lines = rows_of(result, SM_BY_SECURITY, &n_lines);
    for (size_t i = 0; i < n_issuers; i++) {
        uint32_t issuer = issuer_of(scanner, result, issuers[i].security), most = 0;
        for (size_t l = 0; l < n_lines && l < 1000; l++) {
            if (issuer_of(scanner, result, lines[l].security) != issuer || lines[l].count <= most) continue;
            most = lines[l].count;
            issuers[i].security = lines[l].security;
        }
    }
}

bool engine_roll_up(sm_scanner *scanner, sm_result *result) {
    size_t n_lines, n_issuers;
    if (result->mentions.n == result->document.first_mention) return true;
    if (!gather_securities(result, scanner->result_index)) return false;
    if (!gather_issuers(scanner, result)) return false;
    sm_rollup *lines = rows_of(result, SM_BY_SECURITY, &n_lines);
    sm_rollup *issuers = rows_of(result, SM_BY_ISSUER, &n_issuers);
    sort_rows(lines, n_lines);
    if (n_issuers == n_lines) { /* each has one line, as in nearly all documents */
        if (n_lines) memcpy(issuers, lines, n_lines * sizeof *lines);
        return true;
    }
    sort_rows(issuers, n_issuers);
    choose_lines(scanner, result);
    return true;
}
