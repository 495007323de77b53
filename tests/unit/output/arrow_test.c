/* What is given out as Arrow is what the result has; each part can be moved out and released by itself, and a stream gives
 * array by array what one call gives. */
#include "../arrays.h"
#include "../engine/samples.h"

static sm_engine *engine;

static const char *const texts[] = {"金山办公（688111.SH）涨3%😀，688999.SH", NULL, "", "<p>贵州茅台</p>",
                                    "腾讯控股(00700.HK)微跌，金山办公也是，还有688999.SH"};
enum { N_TEXTS = sizeof texts / sizeof texts[0], N_COLUMNS = 11 };

static const char *const columns[N_COLUMNS] = {"document", "field", "start",    "end",        "text",    "kind",
                                               "region",   "role",  "security", "confidence", "evidence"};
static const char *const formats[N_COLUMNS] = {"l", "c", "l", "l", "u", "c", "c", "c", "i", "f", "+l"};

static sm_extract_options options_in(uint32_t unit) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.offsets = unit;
    options.unlisted = 1;
    return options;
}

static sm_result *result_of_texts(uint32_t unit) {
    struct ArrowSchema schema = arrays_schema("u", "");
    struct ArrowArray array = arrays_of_strings("u", texts, N_TEXTS);
    const struct ArrowArray *const arrays[] = {&array};
    const sm_extract_options options = options_in(unit);
    sm_result *result = NULL;
    CHECK(sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, &options, &result, NULL) == SM_OK);
    array.release(&array);
    schema.release(&schema);
    return result;
}

/* --- Reading what was given out ------------------------------------------------------------------------------------------- */

static const char *string_at(const struct ArrowArray *array, int64_t row, char out[64]) {
    const int32_t *offsets = (const int32_t *)array->buffers[1] + row;
    snprintf(out, 64, "%.*s", (int)(offsets[1] - offsets[0]), (const char *)array->buffers[2] + offsets[0]);
    return out;
}

static const char *word_at(const struct ArrowArray *array, int64_t row, char out[64]) {
    return string_at(array->dictionary, ((const int8_t *)array->buffers[1])[row], out);
}

/* The value of a key in metadata, or "". */
static const char *metadata_at(const char *metadata, const char *key, char out[64]) {
    int32_t n = 0, lens[2];
    out[0] = '\0';
    if (!metadata) return out;
    memcpy(&n, metadata, 4);
    for (const char *at = metadata + 4; n > 0; n--) {
        memcpy(&lens[0], at, 4);
        const char *value = at + 4 + lens[0];
        memcpy(&lens[1], value, 4);
        if (strlen(key) == (size_t)lens[0] && memcmp(at + 4, key, strlen(key)) == 0)
            snprintf(out, 64, "%.*s", lens[1], value + 4);
        at = value + 4 + lens[1];
    }
    return out;
}

static void schema_is_of_mentions(const struct ArrowSchema *schema, const char *unit) {
    char value[64];
    CHECK_STR("+s", schema->format, "a struct");
    if (!CHECK(schema->n_children == N_COLUMNS)) return;
    for (int64_t i = 0; i < N_COLUMNS; i++) {
        const struct ArrowSchema *child = schema->children[i];
        const char *words = strchr("ci", formats[i][0]) ? "u" : NULL;
        CHECK_STR(columns[i], child->name, "name");
        CHECK_STR(formats[i], child->format, columns[i]);
        CHECK_STR(words, child->dictionary ? child->dictionary->format : NULL, columns[i]);
        CHECK_ROW(!(child->flags & ARROW_FLAG_NULLABLE), columns[i]);
        CHECK_STR(i == 2 || i == 3 ? unit : "", metadata_at(child->metadata, "stockmention.unit", value), columns[i]);
    }
    CHECK_STR("c", schema->children[10]->children[0]->format, "evidence");
    CHECK_STR("u", schema->children[10]->children[0]->dictionary->format, "evidence");
}

static void evidence_is(const struct ArrowArray *list, int64_t row, uint64_t bits) {
    const int32_t *offsets = (const int32_t *)list->buffers[1] + row;
    int32_t at = offsets[0];
    char word[64];
    for (uint32_t bit = 0; bit < 64; bit++)
        if (bits >> bit & 1 && sm_evidence_word(bit) && CHECK(at < offsets[1]))
            CHECK_STR(sm_evidence_word(bit), word_at(list->children[0], at++, word), "evidence");
    CHECK(at == offsets[1]);
}

/* @param first  the document that the result's first is. */
static void array_is_of_mentions(const struct ArrowArray *array, const sm_result *result, int has_units,
                                 int64_t first) {
    if (!CHECK(array->length == (int64_t)sm_result_mention_count(result) && array->n_children == N_COLUMNS)) return;
    struct ArrowArray *const *of = array->children;
    for (int64_t i = 0; i < array->length; i++) {
        const sm_mention *m = sm_result_mention_at(result, (uint64_t)i);
        const sm_security *s = sm_result_security_at(result, m->security);
        char got[64];
        CHECK(((const int64_t *)of[0]->buffers[1])[i] == (int64_t)m->document + first);
        CHECK_STR(sm_field_word(m->field), word_at(of[1], i, got), "field");
        CHECK(((const int64_t *)of[2]->buffers[1])[i] == (int64_t)(has_units ? m->start_units : m->start));
        CHECK(((const int64_t *)of[3]->buffers[1])[i] == (int64_t)(has_units ? m->end_units : m->end));
        CHECK_STR(m->text, string_at(of[4], i, got), "text");
        CHECK_STR(sm_kind_word(m->kind), word_at(of[5], i, got), "kind");
        CHECK_STR(sm_region_word(m->region), word_at(of[6], i, got), "region");
        CHECK_STR(sm_role_word(m->role), word_at(of[7], i, got), "role");
        CHECK_STR(s->id, string_at(of[8]->dictionary, ((const int32_t *)of[8]->buffers[1])[i], got), "security");
        CHECK(((const float *)of[9]->buffers[1])[i] == (float)m->confidence / 65535.0F);
        evidence_is(of[10], i, m->evidence);
    }
    for (int64_t i = 0; i < N_COLUMNS; i++) CHECK(of[i]->length == array->length && of[i]->null_count == 0);
}

static void ids_stand_once(const struct ArrowArray *ids) {
    char a[64], b[64];
    for (int64_t i = 0; i < ids->length; i++)
        for (int64_t k = 0; k < i; k++) CHECK(strcmp(string_at(ids, i, a), string_at(ids, k, b)) != 0);
}

static void lists_are_of_documents(const struct ArrowArray *lists, const sm_result *result) {
    const int32_t *offsets = lists->buffers[1];
    const uint8_t *validity = lists->buffers[0];
    CHECK(lists->length == N_TEXTS && lists->null_count == 1 && offsets[0] == 0);
    for (size_t i = 0; i < N_TEXTS; i++) {
        const sm_document_info *info = sm_result_document_at(result, i);
        CHECK((uint64_t)(offsets[i + 1] - offsets[i]) == info->n_mentions);
        CHECK((validity[0] >> i & 1) == (texts[i] != NULL));
    }
}

/* --- Results ------------------------------------------------------------------------------------------------------------- */

static void a_result_is_given_out_in_each_unit(void) {
    static const char *const units[] = {"byte", "codepoint", "utf16"};
    for (uint32_t unit = 0; unit < 3; unit++) {
        sm_result *result = result_of_texts(unit);
        struct ArrowSchema schema, list_schema;
        struct ArrowArray array, lists;
        char value[64];
        CHECK(sm_result_mention_count(result) > 5);
        CHECK(sm_result_arrow(result, SM_ARROW_MENTIONS, &schema, &array, NULL) == SM_OK);
        CHECK(sm_result_arrow(result, SM_ARROW_LISTS, &list_schema, &lists, NULL) == SM_OK);
        schema_is_of_mentions(&schema, units[unit]);
        array_is_of_mentions(&array, result, unit != 0, 0);
        ids_stand_once(array.children[8]->dictionary);
        CHECK_STR("+l", list_schema.format, "lists");
        CHECK(list_schema.flags == ARROW_FLAG_NULLABLE);
        schema_is_of_mentions(list_schema.children[0], units[unit]);
        lists_are_of_documents(&lists, result);
        array_is_of_mentions(lists.children[0], result, unit != 0, 0);
        CHECK_STR(units[unit], metadata_at(schema.metadata, "stockmention.unit", value), "metadata");
        CHECK(metadata_at(list_schema.metadata, "stockmention.dictionary", value)[0] == '2');
        schema.release(&schema);
        list_schema.release(&list_schema);
        array.release(&array);
        lists.release(&lists);
        CHECK(!schema.release && !array.release && !lists.release);
        sm_result_free(result);
    }
}

static void what_was_moved_out_outlives_the_rest(void) {
    sm_result *result = result_of_texts(SM_OFFSETS_BYTE);
    struct ArrowSchema schema, moved_schema;
    struct ArrowArray array, moved, dictionary;
    char got[64];
    CHECK(sm_result_arrow(result, SM_ARROW_LISTS, &schema, &array, NULL) == SM_OK);
    sm_result_free(result);
    struct ArrowArray *security = array.children[0]->children[8];
    moved = *security;
    security->release = NULL;
    dictionary = *moved.dictionary;
    moved.dictionary->release = NULL;
    moved_schema = *schema.children[0]->children[2];
    schema.children[0]->children[2]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    CHECK(((const int32_t *)moved.buffers[1])[0] == 0);
    moved.release(&moved);
    CHECK_STR("XSHG:688111", string_at(&dictionary, 0, got), "the dictionary alone");
    CHECK_STR("byte", metadata_at(moved_schema.metadata, "stockmention.unit", got), "the schema's child alone");
    dictionary.release(&dictionary);
    moved_schema.release(&moved_schema);
}

static void what_is_not_wanted_is_not_given(void) {
    sm_result *result = result_of_texts(SM_OFFSETS_BYTE);
    struct ArrowSchema schema;
    struct ArrowArray array;
    sm_error error = {0};
    CHECK(sm_result_arrow(result, SM_ARROW_LISTS, &schema, NULL, NULL) == SM_OK && schema.release);
    schema.release(&schema);
    CHECK(sm_result_arrow(result, SM_ARROW_LISTS, NULL, &array, NULL) == SM_OK && array.release);
    array.release(&array);
    CHECK(sm_result_arrow(result, SM_ARROW_COLUMNS, &schema, &array, &error) == SM_ERR_ARG && !array.release);
    CHECK(error.message[0] && !schema.release);
    CHECK(sm_result_arrow(NULL, SM_ARROW_LISTS, &schema, &array, NULL) == SM_ERR_ARG && !schema.release);
    sm_result_free(result);
}

/* --- Streams ------------------------------------------------------------------------------------------------------------- */

/* Arrays of a column of texts and one of numbers, slice by slice. */
typedef struct source {
    int n_left, fails; /* after those, with 5 */
} source;

static int source_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    *out = arrays_schema("+s", "");
    out->metadata = "\2\0\0\0"
                    "\3\0\0\0"
                    "one"
                    "\1\0\0\0"
                    "1"
                    "\3\0\0\0"
                    "two"
                    "\0\0\0\0";
    arrays_add_schema(out, arrays_schema("l", "id"));
    arrays_add_schema(out, arrays_schema("u", "text"));
    return 0;
}

static int source_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    static const int64_t ids[] = {7, 8, INT64_MIN, 10, 11};
    source *s = stream->private_data;
    out->release = NULL;
    if (!s->n_left) return s->fails ? 5 : 0;
    *out = arrays_new(N_TEXTS, 1);
    arrays_add(out, arrays_of_numbers(ids, N_TEXTS, 8));
    arrays_add(out, arrays_of_strings("u", texts, N_TEXTS));
    if (s->n_left-- == 1) {
        arrays_set_null(out, 3);
        *out = arrays_slice(*out, 2, 3);
    }
    return 0;
}

static const char *source_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the wire is cut";
}

static void source_release(struct ArrowArrayStream *stream) {
    stream->release = NULL;
    arrays_held--;
}

static struct ArrowArrayStream stream_of(source *s) {
    arrays_held++;
    return (struct ArrowArrayStream){source_schema, source_next, source_error, source_release, s};
}

static struct ArrowArrayStream open_stream(source *s, uint32_t layout) {
    struct ArrowArrayStream documents = stream_of(s), mentions;
    sm_extract_options options = options_in(SM_OFFSETS_CODEPOINT);
    char id[] = "XNAS:AAPL"; /* is copied */
    const char *ids[] = {id};
    options.exclude = ids;
    options.n_exclude = 1;
    CHECK(sm_engine_stream_arrow(engine, &documents, NULL, &options, layout, &mentions, NULL) == SM_OK);
    CHECK(!documents.release);
    id[0] = 'x';
    return mentions;
}

static void a_stream_gives_array_by_array(void) {
    source s = {2, 0};
    sm_result *result = result_of_texts(SM_OFFSETS_CODEPOINT);
    struct ArrowArrayStream stream = open_stream(&s, SM_ARROW_MENTIONS);
    struct ArrowSchema schema;
    struct ArrowArray array;
    CHECK(stream.get_schema(&stream, &schema) == 0);
    schema_is_of_mentions(&schema, "codepoint");
    schema.release(&schema);
    CHECK(stream.get_next(&stream, &array) == 0);
    array_is_of_mentions(&array, result, 1, 0);
    array.release(&array);
    CHECK(stream.get_next(&stream, &array) == 0
          && array.length == 4); /* of the last text alone: the one before is null */
    CHECK(((const int64_t *)array.children[0]->buffers[1])[0] == N_TEXTS + 2);
    array.release(&array);
    CHECK(stream.get_next(&stream, &array) == 0 && !array.release);
    stream.release(&stream);
    sm_result_free(result);
}

static void columns_pass_through(void) {
    source s = {2, 0};
    sm_result *result = result_of_texts(SM_OFFSETS_CODEPOINT);
    struct ArrowArrayStream stream = open_stream(&s, SM_ARROW_COLUMNS);
    struct ArrowSchema schema;
    struct ArrowArray array, column;
    for (int again = 0; again < 2; again++) {
        CHECK(stream.get_schema(&stream, &schema) == 0 && schema.n_children == 3);
        CHECK_STR("id", schema.children[0]->name, "the first column");
        CHECK_STR("mentions", schema.children[2]->name, "the last column");
        schema_is_of_mentions(schema.children[2]->children[0], "codepoint");
        char value[64];
        CHECK_STR("1", metadata_at(schema.metadata, "one", value), "what the documents say of themselves");
        CHECK_STR("codepoint", metadata_at(schema.children[2]->metadata, "stockmention.unit", value), "unit");
        schema.release(&schema);
    }
    CHECK(stream.get_next(&stream, &array) == 0 && array.length == N_TEXTS && array.n_children == 3);
    CHECK(((const int64_t *)array.children[0]->buffers[1])[4] == 11 && array.children[0]->null_count == 1);
    lists_are_of_documents(array.children[2], result);
    array_is_of_mentions(array.children[2]->children[0], result, 1, 0);
    column = *array.children[0];
    array.children[0]->release = NULL;
    array.release(&array);
    CHECK(((const int64_t *)column.buffers[1])[0] == 7);
    column.release(&column);
    CHECK(stream.get_next(&stream, &array) == 0 && array.length == 3 && array.offset == 0);
    CHECK(array.children[0]->offset == 2 && array.children[0]->length == 3 && array.children[0]->null_count == -1);
    CHECK((((const uint8_t *)array.buffers[0])[0] & 7) == 5);
    CHECK(array.children[2]->length == 3 && array.children[2]->null_count == 1);
    array.release(&array);
    stream.release(&stream); /* before its end */
    sm_result_free(result);
}

static void a_stream_says_what_is_wrong(void) {
    source s = {1, 1};
    struct ArrowArrayStream stream = open_stream(&s, SM_ARROW_LISTS), documents = stream_of(&s), refused;
    struct ArrowArray array;
    sm_error error = {0};
    sm_arrow_options how;
    CHECK(stream.get_next(&stream, &array) == 0);
    array.release(&array);
    CHECK(stream.get_next(&stream, &array) == 5 && !array.release);
    CHECK_STR("the stream of documents failed with 5: the wire is cut", stream.get_last_error(&stream), "its message");
    stream.release(&stream);

    sm_arrow_options_init(&how, sizeof how);
    how.text = "id";
    CHECK(sm_engine_stream_arrow(engine, &documents, &how, NULL, SM_ARROW_LISTS, &refused, &error) == SM_ERR_ARG);
    CHECK(strstr(error.message, "'id' is of int64") && documents.release && !refused.release);
    CHECK(sm_engine_stream_arrow(engine, &documents, NULL, NULL, 3, &refused, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_stream_arrow(NULL, &documents, NULL, NULL, 0, &refused, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_stream_arrow(engine, NULL, NULL, NULL, 0, &refused, NULL) == SM_ERR_ARG);
    documents.release(&documents);
    CHECK(sm_engine_stream_arrow(engine, &documents, NULL, NULL, 0, &refused, NULL) == SM_ERR_ARG);
}

/* A stream of mentions is one of structs with a column of texts, too. */
static void streams_go_into_streams(void) {
    source s = {1, 0};
    struct ArrowArrayStream first = open_stream(&s, SM_ARROW_MENTIONS), second, third;
    struct ArrowArray array;
    sm_error error = {0};
    CHECK(sm_engine_stream_arrow(engine, &first, NULL, NULL, SM_ARROW_COLUMNS, &second, NULL) == SM_OK);
    CHECK(sm_engine_stream_arrow(engine, &second, NULL, NULL, SM_ARROW_COLUMNS, &third, &error) == SM_ERR_ARG);
    CHECK(strstr(error.message, "have a column 'mentions' already") != NULL);
    CHECK(second.get_next(&second, &array) == 0 && array.n_children == N_COLUMNS + 1);
    array.release(&array);
    second.release(&second);
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    a_result_is_given_out_in_each_unit();
    what_was_moved_out_outlives_the_rest();
    what_is_not_wanted_is_not_given();
    a_stream_gives_array_by_array();
    columns_pass_through();
    a_stream_says_what_is_wrong();
    streams_go_into_streams();
    sm_engine_free(engine);
    CHECK(arrays_held == 0);
    return check_report();
}
