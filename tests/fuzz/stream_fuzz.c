/* What must hold for any documents in any arrays: a stream of them gives what all arrays at once give, place by place, and
 * that is what each document gives alone.
 *
 * The first byte chooses layout, threads and format; NUL ends a document, and behind it the next byte says whether an array
 * ends there too and whether the document is null. */
#include <inttypes.h>
#include <stdio.h>

#include "../unit/arrays.h"
#include "base/base.h"
#include "fuzz.h"

enum { MOST_DOCUMENTS = 24 };

typedef struct documents {
    const char *texts[MOST_DOCUMENTS]; /* NULL: null */
    size_t lens[MOST_DOCUMENTS], n;
    size_t ends[MOST_DOCUMENTS], n_arrays; /* the first document behind each array */
    size_t n_given;
} documents;

/* --- Documents in arrays -------------------------------------------------------------------------------------------------- */

static documents take_documents(fuzz_input *input) {
    documents all = {.n = 0};
    while (input->len && all.n < MOST_DOCUMENTS) {
        const fuzz_input text = fuzz_until(input, '\0');
        const uint8_t choice = fuzz_byte(input);
        const bool is_null = choice % 8 == 7;
        all.texts[all.n] = is_null ? NULL : (const char *)text.bytes;
        all.lens[all.n++] = is_null ? 0 : text.len;
        if (choice % 2 || !input->len || all.n == MOST_DOCUMENTS) all.ends[all.n_arrays++] = all.n;
    }
    return all;
}

static struct ArrowArray array_of(const documents *all, size_t index) {
    const size_t from = index ? all->ends[index - 1] : 0, n = all->ends[index] - from;
    struct ArrowArray array = arrays_new(n, 3);
    size_t room = 0, at = 0;
    for (size_t i = 0; i < n; i++) room += all->lens[from + i];
    char *bytes = arrays_take(room);
    int64_t *offsets = arrays_take((n + 1) * sizeof *offsets);
    for (size_t i = 0; i < n; i++) {
        if (all->lens[from + i]) memcpy(bytes + at, all->texts[from + i], all->lens[from + i]);
        at += all->lens[from + i];
        offsets[i + 1] = (int64_t)at;
        if (!all->texts[from + i]) arrays_set_null(&array, i);
    }
    array.buffers[1] = offsets;
    array.buffers[2] = bytes;
    return array;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    *out = arrays_schema("Z", "");
    return 0;
}

/* One without a release is the end. */
static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    documents *all = stream->private_data;
    *out = (struct ArrowArray){.release = NULL};
    if (all->n_given < all->n_arrays) *out = array_of(all, all->n_given++);
    return 0;
}

static const char *give_no_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return NULL;
}

/* --- What was found, a line each ------------------------------------------------------------------------------------------ */

static void add_line(sm_buffer *lines, uint64_t document, uint64_t start, uint64_t end, const char *security,
                     const char *text, size_t text_len) {
    char line[256];
    int n = snprintf(line, sizeof line, "%" PRIu64 " %" PRIu64 "-%" PRIu64 " %s ", document, start, end, security);
    must(n > 0 && (size_t)n < sizeof line);
    must(base_buffer_text(lines, line) && base_buffer_append(lines, text, text_len) && base_buffer_text(lines, "\n"));
}

static const struct ArrowArray *column_of(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                          const char *name) {
    must(schema->n_children == array->n_children && array->offset == 0);
    for (int64_t i = 0; i < schema->n_children; i++)
        if (strcmp(schema->children[i]->name, name) == 0) return array->children[i];
    abort();
}

static base_slice string_at(const struct ArrowArray *strings, int64_t row) {
    const int32_t *offsets = strings->buffers[1];
    const char *bytes = strings->buffers[2];
    return (base_slice){bytes + offsets[row], (size_t)(offsets[row + 1] - offsets[row])};
}

static int64_t number_at(const struct ArrowArray *numbers, int64_t row) {
    return ((const int64_t *)numbers->buffers[1])[row];
}

/* @param array  in either layout. */
static void add_lines_of_array(const struct ArrowSchema *schema, const struct ArrowArray *array, sm_buffer *lines) {
    bool is_list = schema->format[1] == 'l' || schema->format[1] == 'L';
    if (is_list) schema = schema->children[0];
    if (is_list) array = array->children[0];
    const struct ArrowArray *document = column_of(schema, array, "document"), *text = column_of(schema, array, "text"),
                            *start = column_of(schema, array, "start"), *end = column_of(schema, array, "end"),
                            *security = column_of(schema, array, "security");
    for (int64_t i = 0; i < array->length; i++) {
        char id[64];
        const base_slice name = string_at(security->dictionary, ((const int32_t *)security->buffers[1])[i]);
        const base_slice shown = string_at(text, i);
        snprintf(id, sizeof id, "%.*s", (int)name.len, name.bytes);
        add_line(lines, (uint64_t)number_at(document, i), (uint64_t)number_at(start, i), (uint64_t)number_at(end, i),
                 id, shown.bytes, shown.len);
    }
}

static void add_lines_of_result(const sm_result *result, uint64_t document, sm_buffer *lines) {
    uint32_t stride, security_stride;
    const char *mentions = (const char *)sm_result_mentions(result, &stride);
    const char *securities = (const char *)sm_result_securities(result, &security_stride);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = (const void *)(mentions + i * stride);
        const sm_security *security = (const void *)(securities + (size_t)m->security * security_stride);
        add_line(lines, document, m->start, m->end, security->id, m->text, strlen(m->text));
    }
}

/* --- Three ways ------------------------------------------------------------------------------------------------------------- */

static void read_stream(const sm_engine *engine, documents *all, const sm_arrow_options *how, uint32_t layout,
                        sm_buffer *lines) {
    struct ArrowArrayStream stream = {.get_schema = give_schema,
                                      .get_next = give_next,
                                      .get_last_error = give_no_error,
                                      .release = arrays_forget_stream,
                                      .private_data = all},
                            mentions;
    struct ArrowSchema schema;
    struct ArrowArray array;
    must(sm_engine_stream_arrow(engine, &stream, how, NULL, layout, &mentions, NULL) == SM_OK);
    must(mentions.get_schema(&mentions, &schema) == 0);
    for (;;) {
        must(mentions.get_next(&mentions, &array) == 0);
        if (!array.release) break;
        add_lines_of_array(&schema, &array, lines);
        array.release(&array);
    }
    schema.release(&schema);
    mentions.release(&mentions);
}

static void read_at_once(const sm_engine *engine, const documents *all, const sm_arrow_options *how, uint32_t layout,
                         sm_buffer *lines) {
    static sm_result *result;
    struct ArrowArray owned[MOST_DOCUMENTS], array;
    const struct ArrowArray *arrays[MOST_DOCUMENTS];
    struct ArrowSchema given = arrays_schema("Z", ""), schema;
    for (size_t i = 0; i < all->n_arrays; i++) {
        owned[i] = array_of(all, i);
        arrays[i] = &owned[i];
    }
    must(sm_engine_extract_arrow(engine, &given, arrays, all->n_arrays, how, NULL, &result, NULL) == SM_OK);
    must(sm_result_arrow(result, layout, &schema, &array, NULL) == SM_OK);
    add_lines_of_array(&schema, &array, lines);
    for (size_t i = 0; i < all->n_arrays; i++) owned[i].release(&owned[i]);
    given.release(&given);
    schema.release(&schema);
    array.release(&array);
}

static void read_each(const sm_engine *engine, const documents *all, uint32_t format, sm_buffer *lines) {
    static sm_scanner *scanner;
    static sm_result *result;
    if (!scanner) must(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    for (size_t i = 0; i < all->n; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.format = format;
        document.text = all->texts[i];
        document.text_len = all->lens[i];
        if (!all->texts[i]) continue;
        must(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK);
        add_lines_of_result(result, i, lines);
    }
}

static void check_same(const sm_buffer *a, const sm_buffer *b) {
    must(a->len == b->len && (!a->len || memcmp(a->data, b->data, a->len) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine;
    if (!engine) must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    fuzz_input input = {bytes, len};
    const uint8_t choice = fuzz_byte(&input);
    const uint32_t layout = choice % 2 ? SM_ARROW_MENTIONS : SM_ARROW_LISTS;
    documents all = take_documents(&input);
    sm_buffer streamed = {0}, at_once = {0}, alone = {0};
    sm_arrow_options how;
    sm_arrow_options_init(&how, sizeof how);
    how.format = choice / 2 % 4;
    how.n_threads = choice / 8 % 4 == 3 ? 2 : 1;
    read_stream(engine, &all, &how, layout, &streamed);
    read_at_once(engine, &all, &how, layout, &at_once);
    read_each(engine, &all, how.format, &alone);
    check_same(&streamed, &at_once);
    check_same(&at_once, &alone);
    must(arrays_held == 0);
    sm_buffer_free(&streamed);
    sm_buffer_free(&at_once);
    sm_buffer_free(&alone);
    return 0;
}
