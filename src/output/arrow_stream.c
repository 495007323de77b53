/* Results given out as Arrow arrays, one by one and as a stream. */
#include <errno.h>
#include <string.h>

#include "dict/dict.h"
#include "engine/columns.h"
#include "output/arrow.h"

static sm_status no_schema_memory(sm_error *error) {
    return base_no_memory(error, "for an Arrow schema");
}

sm_status sm_result_arrow(const sm_result *result, uint32_t layout, struct ArrowSchema *schema,
                          struct ArrowArray *array, sm_error *error) {
    if (schema) schema->release = NULL;
    if (array) array->release = NULL;
    if (!result) return base_fail(error, SM_ERR_ARG, "result is NULL; expected one that was filled");
    if (layout > SM_ARROW_MENTIONS)
        return base_fail(error, SM_ERR_ARG, "layout %u is none of a result; expected SM_ARROW_LISTS or _MENTIONS",
                         layout);
    const char *version = dict_get_view(engine_result_dict(result))->version;
    if (schema && !arrow_make_schema(layout, engine_result_offsets(result), version, schema))
        return no_schema_memory(error);
    sm_status status = array ? arrow_make_array(result, layout, 0, array, error) : SM_OK;
    if (status != SM_OK && schema) schema->release(schema);
    return status;
}

/* --- A stream's state --------------------------------------------------------------------------------------------------- */

typedef struct stream {
    const sm_engine *engine;
    struct ArrowArrayStream documents;
    struct ArrowSchema schema; /* theirs */
    uint32_t layout;
    sm_arrow_options how; /* strings of both are in the arena */
    sm_extract_options options;
    sm_result *result;
    uint64_t n_arrays, n_documents; /* that were read */
    sm_error error;
    base_arena arena;
} stream;

static void free_stream(stream *s) {
    const sm_engine *engine = s->engine;
    const sm_allocator *allocator = &engine->allocator;
    if (s->documents.release) s->documents.release(&s->documents);
    if (s->schema.release) s->schema.release(&s->schema);
    sm_result_free(s->result);
    base_arena_free(&s->arena);
    allocator->release(allocator->context, s);
    sm_engine_free((sm_engine *)(uintptr_t)engine);
}

static int code_of(sm_status status) {
    return status == SM_ERR_NOMEM ? ENOMEM : status == SM_ERR_ARG ? EINVAL : EIO;
}

static const char *message_of(struct ArrowArrayStream *documents) {
    const char *message = documents->get_last_error ? documents->get_last_error(documents) : NULL;
    return message ? message : "it does not say why";
}

/* What the stream of documents says is what this one says. */
static int pass_on(stream *s, int code) {
    base_fail(&s->error, SM_ERR_IO, "the stream of documents failed with %d: %s", code, message_of(&s->documents));
    return code;
}

/* --- Its calls ---------------------------------------------------------------------------------------------------------- */

static int get_schema(struct ArrowArrayStream *of, struct ArrowSchema *out) {
    stream *s = of->private_data;
    const char *version = dict_get_view(s->engine->dict)->version;
    struct ArrowSchema documents = {0};
    out->release = NULL;
    int code = s->layout == SM_ARROW_COLUMNS ? s->documents.get_schema(&s->documents, &documents) : 0;
    if (code) return pass_on(s, code);
    if (s->layout == SM_ARROW_COLUMNS ? arrow_append_schema(s->options.offsets, version, &documents, out)
                                      : arrow_make_schema(s->layout, s->options.offsets, version, out))
        return 0;
    if (documents.release) documents.release(&documents);
    return code_of(no_schema_memory(&s->error));
}

static sm_status extract_next(stream *s, struct ArrowArray *documents, struct ArrowArray *out) {
    const struct ArrowArray *const arrays[] = {documents};
    sm_error error = {0};
    sm_status status = sm_engine_extract_arrow(s->engine, &s->schema, arrays, 1, &s->how, &s->options, &s->result,
                                               &error);
    if (status == SM_OK && s->layout == SM_ARROW_COLUMNS)
        status = arrow_append_lists(s->result, s->n_documents, documents, out, &error);
    else if (status == SM_OK) status = arrow_make_array(s->result, s->layout, s->n_documents, out, &error);
    if (status != SM_OK)
        return base_fail(&s->error, status, "in array %llu of the stream, from document %llu on: %s",
                         (unsigned long long)s->n_arrays, (unsigned long long)s->n_documents, error.message);
    s->n_arrays++;
    s->n_documents += sm_result_document_count(s->result);
    return SM_OK;
}

static int get_next(struct ArrowArrayStream *of, struct ArrowArray *out) {
    stream *s = of->private_data;
    struct ArrowArray documents = {0};
    out->release = NULL;
    int code = s->documents.get_next(&s->documents, &documents);
    if (code) return pass_on(s, code);
    if (!documents.release) return 0; /* the end */
    sm_status status = extract_next(s, &documents, out);
    if (documents.release) documents.release(&documents);
    return status == SM_OK ? 0 : code_of(status);
}

static const char *get_last_error(struct ArrowArrayStream *of) {
    const stream *s = of->private_data;
    return s->error.message[0] ? s->error.message : NULL;
}

static void release_stream(struct ArrowArrayStream *of) {
    free_stream(of->private_data);
    of->release = NULL;
}

/* --- Opening it --------------------------------------------------------------------------------------------------------- */

static bool copy_string(stream *s, const char **string) {
    if (!*string) return true;
    return (*string = base_arena_copy(&s->arena, *string, strlen(*string))) != NULL;
}

static bool copy_strings(stream *s, const char *const **strings, uint64_t n) {
    const char **copies = base_arena_alloc(&s->arena, (size_t)n * sizeof *copies);
    if (!copies) return false;
    for (uint64_t i = 0; i < n; i++) {
        copies[i] = (*strings)[i];
        if (!copy_string(s, &copies[i])) return false;
    }
    *strings = copies;
    return true;
}

static sm_status take_all(stream *s, const sm_arrow_options *how, const sm_extract_options *options, sm_error *error) {
    engine_options taken;
    sm_status status = engine_take_arrow_options(how, &s->how, error);
    if (status == SM_OK) status = engine_take_options(s->engine, options, &taken, error);
    if (status != SM_OK) return status;
    s->options = taken.given;
    engine_release_options(s->engine, &taken);
    s->options.struct_size = sizeof s->options;
    s->how.struct_size = sizeof s->how;
    if (copy_string(s, &s->how.text) && copy_string(s, &s->how.charset)
        && copy_strings(s, &s->options.prefer, s->options.n_prefer)
        && copy_strings(s, &s->options.only, s->options.n_only)
        && copy_strings(s, &s->options.exclude, s->options.n_exclude)
        && copy_strings(s, &s->options.skip, s->options.n_skip))
        return SM_OK;
    return base_no_memory(error, "for a stream");
}

static sm_status check_schema(stream *s, sm_error *error) {
    engine_columns columns;
    sm_status status = engine_columns_of_arrow(&s->schema, NULL, &s->how, &columns, error);
    if (status != SM_OK || s->layout != SM_ARROW_COLUMNS) return status;
    if (strcmp(s->schema.format, "+s") != 0)
        return base_fail(error, SM_ERR_ARG,
                         "the documents are no struct; expected one, or another layout than COLUMNS");
    for (int64_t i = 0; i < s->schema.n_children; i++)
        if (s->schema.children[i]->name && strcmp(s->schema.children[i]->name, "mentions") == 0)
            return base_fail(error, SM_ERR_ARG, "the documents have a column 'mentions' already; rename or drop it");
    return SM_OK;
}

static sm_status open_stream(stream *s, struct ArrowArrayStream *documents, const sm_arrow_options *how,
                             const sm_extract_options *options, sm_error *error) {
    sm_status status = take_all(s, how, options, error);
    if (status != SM_OK) return status;
    int code = documents->get_schema(documents, &s->schema);
    if (code == 0) return check_schema(s, error);
    s->schema.release = NULL;
    return base_fail(error, SM_ERR_IO, "the stream of documents gave no schema, but %d: %s", code,
                     message_of(documents));
}

sm_status sm_engine_stream_arrow(const sm_engine *engine, struct ArrowArrayStream *documents,
                                 const sm_arrow_options *how, const sm_extract_options *options, uint32_t layout,
                                 struct ArrowArrayStream *mentions, sm_error *error) {
    if (mentions) mentions->release = NULL;
    if (!engine || !documents || !documents->release || !mentions)
        return base_fail(error, SM_ERR_ARG, "engine, mentions and documents, not released, are needed");
    if (layout > SM_ARROW_COLUMNS)
        return base_fail(error, SM_ERR_ARG, "layout %u is not known; expected SM_ARROW_…", layout);
    const sm_allocator *allocator = &engine->allocator;
    stream *s = allocator->allocate(allocator->context, sizeof *s);
    if (!s) return base_no_memory(error, "for a stream");
    memset(s, 0, sizeof *s);
    s->engine = engine_retain(engine);
    s->layout = layout;
    base_arena_init(&s->arena, &s->engine->allocator);
    sm_status status = open_stream(s, documents, how, options, error);
    if (status != SM_OK) return free_stream(s), status;
    s->documents = *documents;
    documents->release = NULL;
    *mentions = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, s};
    return SM_OK;
}
