/* Columns of documents in foreign Arrow arrays: their schema is checked, and what can be checked of their values. How long
 * offsets' and values' buffers are the interface does not tell. */
#include <string.h>

#include "engine/columns.h"

/* --- Types -------------------------------------------------------------------------------------------------------------- */

enum { IS_BYTES = 1, IS_UTF8 = 2, IS_STRING = IS_BYTES | IS_UTF8, IS_DAY = 4 };

typedef struct column_type {
    const char *format;
    column_layout layout;
    uint32_t is;
    int64_t n_buffers; /* of views: without the blocks */
    int64_t per_day;
} column_type;

static const column_type types[] = {
    {"n", COLUMN_NULLS, IS_STRING | IS_DAY, 0, 0},
    {"u", COLUMN_OFFSETS32, IS_STRING | IS_DAY, 3, 0},
    {"U", COLUMN_OFFSETS64, IS_STRING | IS_DAY, 3, 0},
    {"vu", COLUMN_VIEWS, IS_STRING | IS_DAY, 3, 0},
    {"z", COLUMN_OFFSETS32, IS_BYTES, 3, 0},
    {"Z", COLUMN_OFFSETS64, IS_BYTES, 3, 0},
    {"vz", COLUMN_VIEWS, IS_BYTES, 3, 0},
    {"tdD", COLUMN_DAYS, IS_DAY, 2, 0},
    {"tdm", COLUMN_TIMES, IS_DAY, 2, 86400000},
    {"tss:", COLUMN_TIMES, IS_DAY, 2, 86400},
    {"tsm:", COLUMN_TIMES, IS_DAY, 2, 86400000},
    {"tsu:", COLUMN_TIMES, IS_DAY, 2, 86400000000},
    {"tsn:", COLUMN_TIMES, IS_DAY, 2, 86400000000000},
    {"i", COLUMN_DATES, IS_DAY, 2, 0},
};

static const column_type *find_type(const char *format) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].format, format) == 0) return &types[i];
    return NULL;
}

/* What users call types; 0 where there is no such width. The keys of dictionaries are the first eight. */
static const struct {
    const char *format, *word;
    uint32_t key_size;
} words[] = {
    {"c", "int8", 1},         {"C", "uint8", 1},
    {"s", "int16", 2},        {"S", "uint16", 2},
    {"i", "int32", 4},        {"I", "uint32", 4},
    {"l", "int64", 8},        {"L", "uint64", 8},
    {"n", "null", 0},         {"b", "bool", 0},
    {"e", "float16", 0},      {"f", "float32", 0},
    {"g", "float64", 0},      {"u", "utf8", 0},
    {"U", "large_utf8", 0},   {"vu", "utf8_view", 0},
    {"z", "binary", 0},       {"Z", "large_binary", 0},
    {"vz", "binary_view", 0}, {"tdD", "date32", 0},
    {"tdm", "date64", 0},     {"+s", "struct", 0},
    {"+l", "list", 0},        {"+L", "large_list", 0},
    {"+m", "map", 0},         {"+r", "run_end_encoded", 0},
};

static const char *word_of(const char *format) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].format, format) == 0) return words[i].word;
    return strncmp(format, "ts", 2) == 0 && strlen(format) > 4 ? "timestamp with a time zone" : "type";
}

static uint32_t key_size_of(const char *format) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].format, format) == 0) return words[i].key_size;
    return 0;
}

static const struct {
    const char *name;
    uint32_t is;
    const char *expected;
} fields[ENGINE_N_COLUMNS] = {
    [COLUMN_TEXT] = {"text", IS_BYTES,
                     "strings or binary (utf8, large_utf8, utf8_view, binary, large_binary, binary_view)"},
    [COLUMN_TITLE] = {"title", IS_STRING, "strings"},
    [COLUMN_URL] = {"url", IS_STRING, "strings"},
    [COLUMN_SOURCE] = {"source", IS_STRING, "strings"},
    [COLUMN_DATE] = {"date", IS_DAY,
                     "date32, date64, timestamp without a time zone, strings such as 2021-12-22, or int32 yyyymmdd"},
    [COLUMN_FORMAT] = {"format", IS_STRING, "strings"},
    [COLUMN_CHARSET] = {"charset", IS_STRING, "strings"},
};

/* --- One column --------------------------------------------------------------------------------------------------------- */

/* A column that is being read: what it is called, and where what is wrong is told. */
typedef struct reading {
    const char *name; /* as its schema has it */
    uint32_t field;   /* COLUMN_… */
    sm_error *error;
} reading;

static sm_status refuse(const reading *r, const char *what) {
    return base_fail(r->error, SM_ERR_ARG, "the Arrow array of '%s' %s", r->name, what);
}

static sm_status find_column_type(const reading *r, const struct ArrowSchema *schema, const column_type **type) {
    const struct ArrowSchema *values = schema->dictionary ? schema->dictionary : schema;
    const char *format = values->format ? values->format : "";
    *type = find_type(format);
    bool is_wanted = *type && ((*type)->is & fields[r->field].is) == fields[r->field].is;
    if (schema->dictionary && (!schema->format || !key_size_of(schema->format) || values->dictionary))
        is_wanted = false;
    if (is_wanted) return SM_OK;
    return base_fail(r->error, SM_ERR_ARG, "'%s' is of %s ('%s')%s; expected %s", r->name, word_of(format), format,
                     schema->dictionary ? " in a dictionary" : "", fields[r->field].expected);
}

/* What every array must have. @param end  rows up to here are read. */
static sm_status check_array(const reading *r, const struct ArrowArray *array, int64_t end, int64_t n_buffers) {
    if (!array || !array->release) return refuse(r, "was released or is NULL");
    if (array->length < 0 || array->offset < 0 || array->length > INT64_MAX - array->offset)
        return refuse(r, "has a negative length or offset");
    if (array->length < end) return refuse(r, "is shorter than the struct that it is a column of");
    if (array->n_buffers < n_buffers || (array->n_buffers && !array->buffers))
        return base_fail(r->error, SM_ERR_ARG,
                         "the Arrow array of '%s' has %lld buffers; expected %lld as its schema says", r->name,
                         (long long)array->n_buffers, (long long)n_buffers);
    return SM_OK;
}

static const uint8_t *validity_of(const struct ArrowArray *array) {
    return array->null_count && array->n_buffers ? array->buffers[0] : NULL;
}

static bool has_value(const uint8_t *validity, int64_t at) {
    return !validity || validity[at / 8] >> (at % 8) & 1;
}

static sm_status check_offsets(const reading *r, const engine_column *column, int64_t from, int64_t n) {
    int64_t before = 0;
    for (int64_t i = from; n && i <= from + n; i++) {
        int64_t offset = column->layout == COLUMN_OFFSETS32 ? ((const int32_t *)column->values)[i]
                                                            : ((const int64_t *)column->values)[i];
        if (offset < before) return refuse(r, "has offsets that go back; expected none less than before");
        before = offset;
    }
    return before && !column->bytes ? refuse(r, "has offsets but no bytes") : SM_OK;
}

static sm_status check_views(const reading *r, const struct ArrowArray *array, const uint8_t *validity, int64_t from,
                             int64_t n) {
    const int64_t *sizes = array->buffers[array->n_buffers - 1], n_blocks = array->n_buffers - 3;
    if (n_blocks && !sizes) return refuse(r, "does not tell the sizes of its buffers");
    for (int64_t i = from; i < from + n; i++) {
        int32_t view[4]; /* length, prefix, block, offset */
        if (!has_value(validity, i)) continue;
        memcpy(view, (const char *)array->buffers[1] + i * (int64_t)sizeof view, sizeof view);
        bool is_far = view[0] > 12;
        if (view[0] < 0
            || (is_far
                && (view[2] < 0 || view[2] >= n_blocks || view[3] < 0 || (int64_t)view[3] + view[0] > sizes[view[2]])))
            return refuse(r, "has views of what is not in its buffers");
    }
    return SM_OK;
}

/* Values that are not in a dictionary, or those of one: `n` of them, `from` the first of the buffers on. */
static sm_status read_values(const reading *r, const column_type *type, const struct ArrowArray *array, int64_t from,
                             int64_t n, engine_column *column) {
    const uint8_t *validity = validity_of(array);
    column->layout = type->layout;
    column->per_day = type->per_day;
    if (type->layout == COLUMN_NULLS) return SM_OK;
    column->values = array->buffers[1];
    if (!column->values && n) return refuse(r, "has rows but no values");
    if (type->layout == COLUMN_VIEWS) {
        column->blocks = array->buffers + 2;
        return check_views(r, array, validity, from, n);
    }
    if (type->layout != COLUMN_OFFSETS32 && type->layout != COLUMN_OFFSETS64) return SM_OK;
    column->bytes = array->buffers[2];
    return check_offsets(r, column, from, n);
}

static bool key_is_in(const engine_column *column, int64_t at, int64_t n) {
    const char *key = (const char *)column->keys + at * (int64_t)column->key_size;
    uint64_t number = 0;
    memcpy(&number, key, column->key_size); /* negative ones become large */
    return number < (uint64_t)n;
}

static sm_status read_keys(const reading *r, const struct ArrowSchema *schema, const struct ArrowArray *array,
                           int64_t n, engine_column *column) {
    int64_t n_values = array->dictionary->length;
    column->keys = array->buffers[1];
    column->key_size = key_size_of(schema->format);
    column->value_validity = validity_of(array->dictionary);
    column->value_offset = array->dictionary->offset;
    if (!column->keys && n) return refuse(r, "has rows but no keys");
    for (int64_t i = column->offset; i < column->offset + n; i++)
        if (has_value(column->validity, i) && !key_is_in(column, i, n_values))
            return refuse(r, "has keys that its dictionary has no values for");
    return SM_OK;
}

/* @param skipped  rows of the struct before its first one. */
static sm_status read_column(const reading *r, const struct ArrowSchema *schema, const struct ArrowArray *array,
                             int64_t skipped, int64_t n, engine_column *column) {
    const column_type *type;
    *column = (engine_column){0};
    sm_status status = find_column_type(r, schema, &type);
    if (status == SM_OK) column->is_utf8 = type->is & IS_UTF8;
    if (status != SM_OK || !array) return status;
    status = check_array(r, array, skipped + n, schema->dictionary ? 2 : type->n_buffers);
    if (status != SM_OK) return status;
    column->offset = array->offset + skipped;
    column->validity = validity_of(array);
    if (!schema->dictionary) return read_values(r, type, array, column->offset, n, column);
    status = check_array(r, array->dictionary, 0, type->n_buffers);
    if (status == SM_OK)
        status = read_values(r, type, array->dictionary, array->dictionary->offset, array->dictionary->length, column);
    return status == SM_OK ? read_keys(r, schema, array, n, column) : status;
}

/* --- All of them -------------------------------------------------------------------------------------------------------- */

static sm_status find_child(const struct ArrowSchema *schema, const char *name, int64_t *child, sm_error *error) {
    *child = -1;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (!schema->children[i]->name || strcmp(schema->children[i]->name, name) != 0) continue;
        if (*child >= 0) return base_fail(error, SM_ERR_ARG, "the struct has two columns '%s'; expected one", name);
        *child = i;
    }
    return SM_OK;
}

static sm_status open_struct(const struct ArrowSchema *schema, const struct ArrowArray *array, engine_columns *columns,
                             sm_error *error) {
    const reading r = {"struct", COLUMN_TEXT, error};
    sm_status status = check_array(&r, array, 0, 1);
    if (status == SM_OK && (array->n_children != schema->n_children || (array->n_children && !array->children)))
        status = refuse(&r, "has not the columns of its schema");
    if (status != SM_OK) return status;
    columns->validity = validity_of(array);
    columns->offset = array->offset;
    return SM_OK;
}

static sm_status read_field(const struct ArrowSchema *schema, const struct ArrowArray *array, uint32_t field,
                            const char *text, engine_columns *columns, sm_error *error) {
    int64_t child;
    const reading r = {field == COLUMN_TEXT ? text : fields[field].name, field, error};
    if (field != COLUMN_TEXT && strcmp(text, r.name) == 0) return SM_OK; /* that is the text */
    sm_status status = find_child(schema, r.name, &child, error);
    if (status == SM_OK && child < 0 && field == COLUMN_TEXT)
        return base_fail(error, SM_ERR_ARG, "the struct has no column '%s'; name the one that has the texts", text);
    if (status != SM_OK || child < 0) return status;
    columns->has |= 1u << field;
    return read_column(&r, schema->children[child], array ? array->children[child] : NULL, array ? array->offset : 0,
                       array ? array->length : 0, &columns->of[field]);
}

static sm_status read_struct(const struct ArrowSchema *schema, const struct ArrowArray *array,
                             const sm_arrow_options *how, engine_columns *columns, sm_error *error) {
    sm_status status = array ? open_struct(schema, array, columns, error) : SM_OK;
    for (uint32_t field = 0; field < ENGINE_N_COLUMNS && status == SM_OK; field++)
        status = read_field(schema, array, field, how->text ? how->text : fields[COLUMN_TEXT].name, columns, error);
    return status;
}

sm_status engine_columns_of_arrow(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                  const sm_arrow_options *how, engine_columns *columns, sm_error *error) {
    *columns = (engine_columns){.format = how->format, .has = 1u << COLUMN_TEXT};
    if (!schema || !schema->release || !schema->format || (schema->n_children && !schema->children))
        return base_fail(error, SM_ERR_ARG, "the Arrow schema was released or is NULL");
    columns->n = array ? (uint64_t)array->length : 0;
    sm_status status;
    if (strcmp(schema->format, "+s") == 0) {
        status = read_struct(schema, array, how, columns, error);
    } else {
        const reading r = {schema->name && schema->name[0] ? schema->name : "texts", COLUMN_TEXT, error};
        status = read_column(&r, schema, array, 0, (int64_t)columns->n, &columns->of[COLUMN_TEXT]);
    }
    columns->is_utf8 = columns->of[COLUMN_TEXT].is_utf8;
    columns->charset = base_slice_of(columns->is_utf8 ? "utf-8" : how->charset);
    return status;
}
