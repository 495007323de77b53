/* Mentions → how often and how much the document is about each security and each issuer. */
#include <string.h>

#include "engine/engine.h"

/* What one mention weighs: a title says what a text is about, chrome around it does not. */
static uint32_t weight_of(const sm_mention *mention) {
    static const uint8_t by_region[] = {
        [SM_REGION_BODY] = 2,  [SM_REGION_TITLE] = 8,      [SM_REGION_HEADING] = 4, [SM_REGION_TABLE] = 1,
        [SM_REGION_LINKS] = 0, [SM_REGION_NAVIGATION] = 0, [SM_REGION_FOOTER] = 0};
    /* Who is quoted, and where something happens, is not what it is about. */
    static const uint8_t counts_by_role[] = {
        [SM_ROLE_SUBJECT] = 1, [SM_ROLE_RESEARCH] = 0, [SM_ROLE_SOURCE] = 0, [SM_ROLE_VENUE] = 0, [SM_ROLE_UNIT] = 1};
    if (mention->kind == SM_KIND_LINK || !counts_by_role[mention->role]) return 0;
    if (mention->evidence >> FEATURE_UNLISTED & 1) return 0; /* it changes nothing of the others */
    return by_region[mention->region];
}

/* Whom a text names first, and says there what companies do (公告, 发布, a colon behind it at the start of a line), it is
 * about: that mention weighs as much as five more in the body. So it mostly is where it begins with a company, and no list. */
static uint32_t lead_weight_of(const sm_mention *mention) {
    enum { ANNOUNCES = 10, BEGINS = 4 };
    const uint64_t announcing = (uint64_t)1 << FEATURE_COMPANY_RIGHT | (uint64_t)1 << FEATURE_COLON_RIGHT;
    if (mention->evidence & announcing) return ANNOUNCES;
    return mention->start == 0 && !(mention->evidence >> FEATURE_LIST_NEIGHBOUR & 1) ? BEGINS : 0;
}

/* Rows come in the order of their first mentions, which decides among equal ones: each way to sort keeps it. */
static void sort_few(sm_rollup *rows, size_t n) {
    for (size_t i = 1; i < n; i++) {
        sm_rollup moved = rows[i];
        size_t at = i;
        for (; at && moved.salience > rows[at - 1].salience; at--) rows[at] = rows[at - 1];
        rows[at] = moved;
    }
}

/* Writes rows to `sorted` by eight bits of their salience, the greatest first. */
static void sort_by_byte(const sm_rollup *rows, size_t n, unsigned shift, sm_rollup *sorted) {
    size_t at[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++) at[rows[i].salience >> shift & 0xFF]++;
    for (size_t byte = 256; byte-- > 0;) {
        size_t count = at[byte];
        at[byte] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) sorted[at[rows[i].salience >> shift & 0xFF]++] = rows[i];
}

/* A document may speak of all securities that there are. Comparing costs a branch that no predictor knows at each step: of
 * names in random order (tests/bench/hostile, names/short) 360 instructions a mention, where bytes take 30.
 * @param spare  room for as many rows. */
static void sort_rows(sm_rollup *rows, size_t n, sm_rollup *spare) {
    enum { FEW = 32 };
    if (n <= FEW) {
        sort_few(rows, n);
        return;
    }
    sort_by_byte(rows, n, 0, spare);
    sort_by_byte(spare, n, 8, rows);
}

/* A row more than there can be: a new one is written before it is known to be one. Behind those by security as many to sort
 * with. */
static bool make_room(sm_scanner *scanner, sm_result *result, size_t n_securities) {
    const sm_allocator *allocator = &result->engine->allocator;
    const size_t n_rows[] = {[SM_BY_SECURITY] = 2 * n_securities + 1, [SM_BY_ISSUER] = n_securities + 1};
    for (int by = 0; by < 2; by++)
        if (!base_grow(allocator, &result->rows[by].items, &result->rows[by].capacity, result->rows[by].n + n_rows[by],
                       sizeof(sm_rollup)))
            return false;
    return base_grow(allocator, (void **)&scanner->row_of, &scanner->row_of_capacity, n_securities + 1,
                     sizeof *scanner->row_of);
}

static sm_rollup *row_at(const sm_result *result, uint32_t by, size_t index) {
    return (sm_rollup *)result->rows[by].items + index;
}

static void weigh_documents(sm_scanner *scanner, const sm_result *result, const sm_document_info *first) {
    const sm_mention *mentions = result->mentions.items;
    const uint64_t number = result->documents.n - scanner->n_documents;
    for (size_t i = (size_t)first->first_mention; i < result->mentions.n; i++) {
        engine_document *document = &scanner->documents[mentions[i].document - number];
        uint32_t weight = weight_of(&mentions[i]);
        if (document->weight == 0 && weight) {
            document->lead = i;
            document->lead_weight = lead_weight_of(&mentions[i]);
            weight += document->lead_weight;
        }
        document->weight += weight;
    }
}

static uint32_t weight_in(const engine_document *document, const sm_mention *mention, size_t index) {
    uint32_t is_lead = document->weight && document->lead == index;
    return weight_of(mention) + is_lead * document->lead_weight;
}

/* The part of a document's weight, of 65535. */
static uint32_t share_of(uint32_t weight, uint64_t whole) {
    enum { ALL = 65535 };
    return weight && weight * ALL >= whole ? weight * ALL / (uint32_t)whole : 0;
}

/* One row a security, in the order of first mentions; documents[] are those of the wave, and count theirs. */
static void gather_securities(sm_scanner *scanner, sm_result *result, sm_document_info *documents) {
    const sm_mention *mentions = result->mentions.items;
    const uint64_t number = result->documents.n - scanner->n_documents;
    const size_t first_security = (size_t)documents->first_security;
    uint32_t *row_of = scanner->row_of, n = 0;
    sm_rollup *rows = row_at(result, SM_BY_SECURITY, result->rows[SM_BY_SECURITY].n);
    memset(row_of, 0, (result->securities.n - first_security) * sizeof *row_of);
    for (uint32_t i = (uint32_t)documents->first_mention; i < result->mentions.n; i++) {
        const sm_mention *mention = &mentions[i];
        if (mention->kind == SM_KIND_LINK) continue;
        /* Without a branch: whether a mention is the first of its security nobody can know. */
        uint32_t *row = &row_of[mention->security - first_security], document = (uint32_t)(mention->document - number);
        bool is_new = *row == 0;
        rows[n] = (sm_rollup){.security = mention->security, .first_mention = i};
        n += is_new;
        documents[document].n_rows[SM_BY_SECURITY] += is_new;
        *row += is_new * n;
        rows[*row - 1].count++;
        const engine_document *of = &scanner->documents[document];
        rows[*row - 1].salience += (uint16_t)share_of(weight_in(of, mention, i), of->weight);
    }
    rows[n] = (sm_rollup){0};
}

/* dict_none of what no table has: then it is its own issuer. */
static uint32_t issuer_of(const sm_scanner *scanner, const sm_result *result, uint32_t security) {
    const sm_security *s = (const sm_security *)result->securities.items + security;
    return s->status == SM_SECURITY_UNKNOWN ? dict_none : scanner->engine->view->securities[s->handle].issuer;
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

/* The rows of securities summed up by issuer, in the same order. */
static size_t sum_issuers(const sm_scanner *scanner, const sm_result *result, const sm_rollup *lines, size_t n_lines,
                          sm_rollup *rows) {
    size_t n = 0;
    for (const sm_rollup *line = lines, *end = lines + n_lines; line < end; line++) {
        uint32_t issuer = issuer_of(scanner, result, line->security);
        if (issuer == dict_none) {
            rows[n++] = *line;
            continue;
        }
        uint32_t *row = &scanner->result_index[issuer]; /* where it may be, which is to be looked at there */
        if (*row < n && issuer_of(scanner, result, rows[*row].security) == issuer) {
            rows[*row].count += line->count;
            rows[*row].salience = (uint16_t)(rows[*row].salience + line->salience);
        } else {
            rows[n] = *line;
            *row = (uint32_t)n++;
        }
    }
    return n;
}

/* Of an issuer's lines the one that was named most: the one with the most rows by security, which are sorted. */
static void choose_lines(sm_scanner *scanner, const sm_result *result, const sm_rollup *lines, size_t n_lines,
                         sm_rollup *issuers, size_t n_issuers) {
    uint32_t *most = scanner->row_of; /* by issuer's row; of the wave's securities all are counted by now */
    for (uint32_t i = 0; i < n_issuers; i++) {
        uint32_t issuer = issuer_of(scanner, result, issuers[i].security);
        if (issuer != dict_none) scanner->result_index[issuer] = i;
        most[i] = 0;
    }
    for (size_t l = 0; l < n_lines; l++) {
        uint32_t issuer = issuer_of(scanner, result, lines[l].security);
        uint32_t row = issuer == dict_none ? dict_none : scanner->result_index[issuer];
        if (row == dict_none || lines[l].count <= most[row]) continue;
        most[row] = lines[l].count;
        issuers[row].security = lines[l].security;
    }
}

/* Sorts a document's rows by security and makes those by issuer of them. @return how many. */
static size_t roll_up_issuers(sm_scanner *scanner, const sm_result *result, sm_rollup *lines, size_t n_lines,
                              sm_rollup *issuers, sm_rollup *spare) {
    bool is_same = is_each_of_another(result, lines, n_lines);
    size_t n = is_same ? n_lines : sum_issuers(scanner, result, lines, n_lines, issuers);
    sort_rows(lines, n_lines, spare);
    if (n == n_lines) { /* each has one line, as in nearly all documents */
        memcpy(issuers, lines, n * sizeof *lines);
        return n;
    }
    sort_rows(issuers, n, spare);
    choose_lines(scanner, result, lines, n_lines, issuers, n);
    return n;
}

bool engine_roll_up(sm_scanner *scanner, sm_result *result) {
    sm_document_info *documents = engine_wave_documents(scanner, result);
    const size_t n_securities = result->securities.n - (size_t)documents->first_security;
    if (!make_room(scanner, result, n_securities)) return false;
    sm_rollup *spare = row_at(result, SM_BY_SECURITY, result->rows[SM_BY_SECURITY].n + n_securities + 1);
    weigh_documents(scanner, result, documents);
    gather_securities(scanner, result, documents);
    for (uint32_t i = 0; i < scanner->n_documents; i++) {
        sm_document_info *info = &documents[i];
        size_t n = (size_t)info->n_rows[SM_BY_SECURITY], n_issuers = n;
        sm_rollup *lines = row_at(result, SM_BY_SECURITY, result->rows[SM_BY_SECURITY].n);
        sm_rollup *issuers = row_at(result, SM_BY_ISSUER, result->rows[SM_BY_ISSUER].n);
        if (n > 1) n_issuers = roll_up_issuers(scanner, result, lines, n, issuers, spare);
        else *issuers = *lines; /* also where there is none, which is not counted */
        info->n_rows[SM_BY_ISSUER] = n_issuers;
        for (int by = 0; by < 2; by++) {
            info->first_row[by] = result->rows[by].n;
            result->rows[by].n += (size_t)info->n_rows[by];
        }
    }
    return true;
}
