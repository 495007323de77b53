/* The mentions of a result, turned from rows into columns. */
#include <string.h>

#include "engine/engine.h"
#include "output/arrow.h"
#include "output/output.h"

/* --- Dictionaries ------------------------------------------------------------------------------------------------------- */

enum { MAX_WORDS = 64 };

/* Words of the library: which number has which key. */
typedef struct word_keys {
    int8_t of[MAX_WORDS]; /* -1: no word */
} word_keys;

static struct ArrowArray *make_strings(arrow_block *block, const char *const *strings, uint64_t n) {
    uint64_t len = 0;
    for (uint64_t i = 0; i < n; i++) len += strlen(strings[i]);
    struct ArrowArray *array = arrow_block_array(block, n, 3, 0);
    int32_t *offsets = arrow_block_take(block, (n + 1) * sizeof *offsets);
    char *bytes = arrow_block_take(block, len);
    if (!array || !offsets || !bytes) return NULL;
    for (uint64_t i = 0; i < n; i++) {
        size_t more = strlen(strings[i]);
        memcpy(bytes + offsets[i], strings[i], more);
        offsets[i + 1] = offsets[i] + (int32_t)more;
    }
    array->buffers[1] = offsets;
    array->buffers[2] = bytes;
    return array;
}

static struct ArrowArray *make_words(arrow_block *block, const arrow_words *words, word_keys *keys) {
    const char *there[MAX_WORDS];
    uint32_t n = 0;
    for (uint32_t number = 0; number < MAX_WORDS; number++) {
        const char *word = number < words->n ? words->word(number) : NULL;
        keys->of[number] = word ? (int8_t)n : -1;
        if (word) there[n++] = word;
    }
    return make_strings(block, there, n);
}

/* The ids of a result, each once: its securities are listed document by document. */
typedef struct id_keys {
    int32_t *of; /* by security of the result */
    const char **ids;
    uint64_t n;
} id_keys;

/* @param slots  1 + a key each, a power of two of them, more than twice as many as there are securities. */
static int32_t key_of(id_keys *keys, uint32_t *slots, uint64_t mask, const char *id) {
    uint64_t at = base_hash(id, strlen(id)) & mask;
    for (; slots[at]; at = (at + 1) & mask)
        if (strcmp(keys->ids[slots[at] - 1], id) == 0) return (int32_t)(slots[at] - 1);
    keys->ids[keys->n] = id;
    slots[at] = (uint32_t)++keys->n;
    return (int32_t)(keys->n - 1);
}

static struct ArrowArray *make_ids(arrow_block *block, const sm_result *result, base_arena *own, id_keys *keys) {
    const uint64_t n = sm_result_security_count(result);
    uint64_t n_slots = 16;
    while (n_slots < 2 * n + 2) n_slots *= 2;
    uint32_t *slots = base_arena_alloc(own, n_slots * sizeof *slots);
    keys->of = base_arena_alloc(own, n * sizeof *keys->of);
    keys->ids = base_arena_alloc(own, n * sizeof *keys->ids);
    keys->n = 0;
    if (!slots || !keys->of || !keys->ids) return NULL;
    memset(slots, 0, n_slots * sizeof *slots);
    for (uint64_t i = 0; i < n; i++) {
        keys->of[i] = key_of(keys, slots, n_slots - 1, sm_result_security_at(result, i)->id);
    }
    return make_strings(block, keys->ids, keys->n);
}

/* --- Columns ------------------------------------------------------------------------------------------------------------ */

/* Where the values of each column go. */
typedef struct values {
    int64_t *document, *start, *end;
    int32_t *text, *security, *evidence;
    char *text_bytes;
    int8_t *field, *kind, *region, *role, *evidence_items;
    float *confidence;
} values;

typedef struct making {
    arrow_block *block;
    const sm_result *result;
    const sm_mention *mentions;
    uint64_t n, n_text_bytes, n_evidence;
    uint64_t evidence; /* bits that have words */
    uint64_t first;    /* document */
    word_keys words[ARROW_N_COLUMNS];
    id_keys ids;
    values to;
    struct ArrowArray *columns[ARROW_N_COLUMNS];
} making;

static void measure(making *m) {
    for (uint32_t bit = 0; bit < 64; bit++)
        if (sm_evidence_word(bit)) m->evidence |= (uint64_t)1 << bit;
    for (uint64_t i = 0; i < m->n; i++) {
        m->n_text_bytes += strlen(m->mentions[i].text);
        m->n_evidence += (uint64_t)__builtin_popcountll(m->mentions[i].evidence & m->evidence);
    }
}

/* A column of `n` values, the last of its buffers but one of text. */
static void *make_column(making *m, uint32_t column, uint64_t n, size_t size) {
    struct ArrowArray *array = arrow_block_array(m->block, n, 2, 0);
    void *memory = array ? arrow_block_take(m->block, n * size) : NULL;
    if (!memory) return NULL;
    array->buffers[1] = memory;
    m->columns[column] = array;
    return memory;
}

static int8_t *make_words_column(making *m, uint32_t column, uint64_t n) {
    int8_t *keys = make_column(m, column, n, sizeof *keys);
    if (!keys) return NULL;
    m->columns[column]->dictionary = make_words(m->block, &arrow_columns[column].words, &m->words[column]);
    return m->columns[column]->dictionary ? keys : NULL;
}

static bool make_text_column(making *m) {
    struct ArrowArray *array = arrow_block_array(m->block, m->n, 3, 0);
    m->to.text = arrow_block_take(m->block, (m->n + 1) * sizeof *m->to.text);
    m->to.text_bytes = arrow_block_take(m->block, m->n_text_bytes);
    if (!array || !m->to.text || !m->to.text_bytes) return false;
    array->buffers[1] = m->to.text;
    array->buffers[2] = m->to.text_bytes;
    m->columns[ARROW_TEXT] = array;
    return true;
}

static bool make_evidence_column(making *m) {
    m->to.evidence_items = make_words_column(m, ARROW_EVIDENCE, m->n_evidence);
    struct ArrowArray *items = m->columns[ARROW_EVIDENCE], *list = arrow_block_array(m->block, m->n, 2, 1);
    m->to.evidence = arrow_block_take(m->block, (m->n + 1) * sizeof *m->to.evidence);
    if (!m->to.evidence_items || !list || !m->to.evidence) return false;
    list->buffers[1] = m->to.evidence;
    list->children[0] = items;
    m->columns[ARROW_EVIDENCE] = list;
    return true;
}

static bool make_columns(making *m, base_arena *own) {
    values *to = &m->to;
    to->document = make_column(m, ARROW_DOCUMENT, m->n, sizeof *to->document);
    to->field = make_words_column(m, ARROW_FIELD, m->n);
    to->start = make_column(m, ARROW_START, m->n, sizeof *to->start);
    to->end = make_column(m, ARROW_END, m->n, sizeof *to->end);
    to->kind = make_words_column(m, ARROW_KIND, m->n);
    to->region = make_words_column(m, ARROW_REGION, m->n);
    to->role = make_words_column(m, ARROW_ROLE, m->n);
    to->security = make_column(m, ARROW_SECURITY, m->n, sizeof *to->security);
    to->confidence = make_column(m, ARROW_CONFIDENCE, m->n, sizeof *to->confidence);
    if (!to->document || !to->field || !to->start || !to->end || !to->kind || !to->region || !to->role || !to->security
        || !to->confidence)
        return false;
    m->columns[ARROW_SECURITY]->dictionary = make_ids(m->block, m->result, own, &m->ids);
    return m->columns[ARROW_SECURITY]->dictionary && make_text_column(m) && make_evidence_column(m);
}

static void fill_text(values *to, uint64_t i, const char *text) {
    size_t len = strlen(text);
    memcpy(to->text_bytes + to->text[i], text, len);
    to->text[i + 1] = to->text[i] + (int32_t)len;
}

static void fill_evidence(making *m, uint64_t i, uint64_t bits) {
    int32_t n = m->to.evidence[i];
    for (bits &= m->evidence; bits; bits &= bits - 1)
        m->to.evidence_items[n++] = m->words[ARROW_EVIDENCE].of[__builtin_ctzll(bits)];
    m->to.evidence[i + 1] = n;
}

static void fill(making *m) {
    values *to = &m->to;
    const bool has_units = engine_result_offsets(m->result) != SM_OFFSETS_BYTE;
    for (uint64_t i = 0; i < m->n; i++) {
        const sm_mention *mention = &m->mentions[i];
        to->document[i] = (int64_t)(m->first + mention->document);
        to->field[i] = m->words[ARROW_FIELD].of[mention->field];
        to->start[i] = (int64_t)(has_units ? mention->start_units : mention->start);
        to->end[i] = (int64_t)(has_units ? mention->end_units : mention->end);
        fill_text(to, i, mention->text);
        to->kind[i] = m->words[ARROW_KIND].of[mention->kind];
        to->region[i] = m->words[ARROW_REGION].of[mention->region];
        to->role[i] = m->words[ARROW_ROLE].of[mention->role];
        to->security[i] = m->ids.of[mention->security];
        to->confidence[i] = (float)mention->confidence / 65535.0F;
        fill_evidence(m, i, mention->evidence);
    }
}

/* --- Arrays ------------------------------------------------------------------------------------------------------------- */

static sm_status no_memory(sm_error *error) {
    return base_no_memory(error, "for an Arrow array");
}

static struct ArrowArray *make_mentions(arrow_block *block, const sm_result *result, uint64_t first) {
    base_arena own; /* what is not needed behind this */
    making m = {.block = block, .result = result, .n = sm_result_mention_count(result), .first = first};
    m.mentions = sm_result_mentions(result, NULL);
    measure(&m);
    struct ArrowArray *mentions = arrow_block_array(block, m.n, 1, ARROW_N_COLUMNS);
    if (!mentions || m.n > INT32_MAX || m.n_text_bytes > INT32_MAX || m.n_evidence > INT32_MAX) return NULL;
    base_arena_init(&own, &base_default_allocator);
    bool is_made = make_columns(&m, &own);
    if (is_made) fill(&m);
    if (is_made) memcpy(mentions->children, m.columns, sizeof m.columns);
    base_arena_free(&own);
    return is_made ? mentions : NULL;
}

static void mark_null(uint8_t *validity, uint64_t row) {
    validity[row / 8] &= (uint8_t) ~(1u << row % 8);
}

static struct ArrowArray *make_lists(arrow_block *block, const sm_result *result, uint64_t first) {
    const uint64_t n = sm_result_document_count(result);
    struct ArrowArray *mentions = make_mentions(block, result, first), *lists = arrow_block_array(block, n, 2, 1);
    int32_t *offsets = arrow_block_take(block, (n + 1) * sizeof *offsets);
    uint8_t *validity = arrow_block_take(block, n / 8 + 1);
    if (!mentions || !lists || !offsets || !validity) return NULL;
    memset(validity, 0xFF, n / 8 + 1);
    for (uint64_t i = 0; i < n; i++) {
        const sm_document_info *info = sm_result_document_at(result, i);
        offsets[i + 1] = (int32_t)(info->first_mention + info->n_mentions);
        if (!(info->flags & SM_DOCUMENT_NULL)) continue;
        mark_null(validity, i);
        lists->null_count++;
    }
    lists->buffers[0] = lists->null_count ? validity : NULL;
    lists->buffers[1] = offsets;
    lists->children[0] = mentions;
    return lists;
}

sm_status arrow_make_array(const sm_result *result, uint32_t layout, uint64_t first, struct ArrowArray *array,
                           sm_error *error) {
    arrow_block *block = arrow_block_new();
    if (!block) return no_memory(error);
    struct ArrowArray *made = layout == SM_ARROW_LISTS ? make_lists(block, result, first)
                                                       : make_mentions(block, result, first);
    if (!made) return arrow_block_free(block), no_memory(error);
    *array = *made;
    return SM_OK;
}

/* --- Behind other columns ----------------------------------------------------------------------------------------------- */

/* The rows of a struct that begins or ends elsewhere than its columns are those of its columns alone from now on. */
static void move_column(struct ArrowArray *moved, struct ArrowArray *column, const struct ArrowArray *from) {
    *moved = *column;
    column->release = NULL;
    if (from->offset == 0 && from->length == moved->length) return;
    if (moved->null_count) moved->null_count = -1; /* not counted */
    moved->offset += from->offset;
    moved->length = from->length;
}

static bool copy_validity(arrow_block *block, const struct ArrowArray *from, struct ArrowArray *to) {
    const uint8_t *given = from->null_count && from->n_buffers ? from->buffers[0] : NULL;
    if (!given) return true;
    uint8_t *validity = arrow_block_take(block, (uint64_t)from->length / 8 + 1);
    if (!validity) return false;
    memset(validity, 0xFF, (size_t)from->length / 8 + 1);
    for (int64_t i = 0; i < from->length; i++)
        if (!(given[(from->offset + i) / 8] >> (from->offset + i) % 8 & 1)) mark_null(validity, (uint64_t)i);
    to->buffers[0] = validity;
    to->null_count = from->null_count;
    return true;
}

sm_status arrow_append_lists(const sm_result *result, uint64_t first, struct ArrowArray *documents,
                             struct ArrowArray *array, sm_error *error) {
    const int64_t n = documents->n_children;
    arrow_block *block = arrow_block_new();
    if (!block) return no_memory(error);
    struct ArrowArray *lists = make_lists(block, result, first), *moved = NULL, *made = NULL;
    if (lists) made = arrow_block_array(block, (uint64_t)documents->length, 1, n + 1);
    if (made) moved = arrow_block_take(block, (uint64_t)n * sizeof *moved);
    if (!moved || !copy_validity(block, documents, made)) return arrow_block_free(block), no_memory(error);
    for (int64_t i = 0; i < n; i++) {
        move_column(&moved[i], documents->children[i], documents);
        made->children[i] = &moved[i];
    }
    made->children[n] = lists;
    documents->release(documents);
    *array = *made;
    return SM_OK;
}
