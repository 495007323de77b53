/* The types of mentions, and what is said about them. */
#include <string.h>

#include "output/arrow.h"

static const char *security_word(uint32_t number) {
    (void)number;
    return NULL; /* each result has its own */
}

#define WORDS(of, most)                                                                                                \
    { of, (most) + 1 }
const arrow_column arrow_columns[ARROW_N_COLUMNS] = {
    [ARROW_DOCUMENT] = {.name = "document", .format = "l"},
    [ARROW_FIELD] = {.name = "field", .format = "c", .words = WORDS(sm_field_word, SM_FIELD_TITLE)},
    [ARROW_START] = {.name = "start", .format = "l", .has_unit = true},
    [ARROW_END] = {.name = "end", .format = "l", .has_unit = true},
    [ARROW_TEXT] = {.name = "text", .format = "u"},
    [ARROW_KIND] = {.name = "kind", .format = "c", .words = WORDS(sm_kind_word, SM_KIND_LINK)},
    [ARROW_REGION] = {.name = "region", .format = "c", .words = WORDS(sm_region_word, SM_REGION_FOOTER)},
    [ARROW_ROLE] = {.name = "role", .format = "c", .words = WORDS(sm_role_word, SM_ROLE_UNIT)},
    [ARROW_SECURITY] = {.name = "security", .format = "i", .words = {security_word, 0}},
    [ARROW_CONFIDENCE] = {.name = "confidence", .format = "f"},
    [ARROW_EVIDENCE] = {.name = "evidence", .format = "c", .words = WORDS(sm_evidence_word, 63)},
};

/* --- Metadata ----------------------------------------------------------------------------------------------------------- */

static char *put(char *at, const char *text) {
    int32_t len = (int32_t)strlen(text);
    memcpy(at, &len, sizeof len);
    memcpy(at + sizeof len, text, (size_t)len);
    return at + sizeof len + len;
}

/* As Arrow has them: how many, then key and value of each, with their lengths before them. */
static const char *make_metadata(arrow_block *block, uint32_t unit, const char *dictionary) {
    static const char *const units[] = {"byte", "codepoint", "utf16"};
    static const char unit_key[] = "stockmention.unit", dictionary_key[] = "stockmention.dictionary";
    const int32_t n = dictionary ? 2 : 1;
    size_t len = 5 * sizeof n + sizeof unit_key + sizeof dictionary_key + strlen(units[unit])
                 + (dictionary ? strlen(dictionary) : 0);
    char *metadata = arrow_block_take(block, len);
    if (!metadata) return NULL;
    memcpy(metadata, &n, sizeof n);
    char *at = put(put(metadata + sizeof n, unit_key), units[unit]);
    if (dictionary) put(put(at, dictionary_key), dictionary);
    return metadata;
}

static size_t metadata_len(const char *metadata) {
    int32_t n, len;
    size_t at = sizeof n;
    memcpy(&n, metadata, sizeof n);
    for (int64_t i = 0; i < 2 * (int64_t)n; i++) {
        memcpy(&len, metadata + at, sizeof len);
        at += sizeof len + (size_t)len;
    }
    return at;
}

/* What the documents' own schema says stays said. False: out of memory. */
static bool copy_metadata(arrow_block *block, const char *metadata, const char **copy) {
    if (!metadata) return true;
    size_t len = metadata_len(metadata);
    char *made = arrow_block_take(block, len);
    if (!made) return false;
    *copy = memcpy(made, metadata, len);
    return true;
}

/* --- Types -------------------------------------------------------------------------------------------------------------- */

static struct ArrowSchema *make_column(arrow_block *block, const arrow_column *column, const char *name) {
    struct ArrowSchema *schema = arrow_block_schema(block, column->format, name, 0);
    if (!schema || !column->words.word) return schema;
    schema->dictionary = arrow_block_schema(block, "u", "", 0);
    return schema->dictionary ? schema : NULL;
}

static struct ArrowSchema *make_list(arrow_block *block, const char *name, struct ArrowSchema *item) {
    struct ArrowSchema *list = item ? arrow_block_schema(block, "+l", name, 1) : NULL;
    if (list) list->children[0] = item;
    return list;
}

static struct ArrowSchema *make_struct(arrow_block *block, const char *name, uint32_t unit) {
    struct ArrowSchema *mentions = arrow_block_schema(block, "+s", name, ARROW_N_COLUMNS);
    const char *metadata = make_metadata(block, unit, NULL);
    if (!mentions || !metadata) return NULL;
    for (uint32_t i = 0; i < ARROW_N_COLUMNS; i++) {
        const arrow_column *column = &arrow_columns[i];
        struct ArrowSchema *child = make_column(block, column, i == ARROW_EVIDENCE ? "item" : column->name);
        if (i == ARROW_EVIDENCE) child = make_list(block, column->name, child);
        if (!child) return NULL;
        if (column->has_unit) child->metadata = metadata;
        mentions->children[i] = child;
    }
    return mentions;
}

static struct ArrowSchema *make_lists(arrow_block *block, uint32_t unit) {
    struct ArrowSchema *lists = make_list(block, "mentions", make_struct(block, "item", unit));
    if (lists) lists->flags = ARROW_FLAG_NULLABLE;
    return lists;
}

bool arrow_make_schema(uint32_t layout, uint32_t unit, const char *dictionary, struct ArrowSchema *schema) {
    arrow_block *block = arrow_block_new();
    if (!block) return false;
    struct ArrowSchema *made = layout == SM_ARROW_LISTS ? make_lists(block, unit) : make_struct(block, "", unit);
    const char *metadata = make_metadata(block, unit, dictionary);
    if (!made || !metadata) return arrow_block_free(block), false;
    made->metadata = metadata;
    *schema = *made;
    return true;
}

bool arrow_append_schema(uint32_t unit, const char *dictionary, struct ArrowSchema *documents,
                         struct ArrowSchema *schema) {
    arrow_block *block = arrow_block_new();
    if (!block) return false;
    const int64_t n = documents->n_children;
    struct ArrowSchema *made = arrow_block_schema(block, "+s", "", n + 1), *lists = make_lists(block, unit);
    struct ArrowSchema *moved = arrow_block_take(block, (uint64_t)n * sizeof *moved);
    const char *metadata = make_metadata(block, unit, dictionary);
    if (!made || !lists || !moved || !metadata || !copy_metadata(block, documents->metadata, &made->metadata))
        return arrow_block_free(block), false;
    for (int64_t i = 0; i < n; i++) {
        moved[i] = *documents->children[i];
        documents->children[i]->release = NULL;
        made->children[i] = &moved[i];
    }
    made->children[n] = lists;
    made->flags = documents->flags;
    lists->metadata = metadata;
    documents->release(documents);
    *schema = *made;
    return true;
}
