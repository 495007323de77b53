/* Arrow arrays as others make them, out of strings and numbers. What was made and not released is counted. */
#ifndef TESTS_UNIT_ARRAYS_H
#define TESTS_UNIT_ARRAYS_H

#include <stdlib.h>
#include <string.h>

#include "stockmention.h"

static long arrays_held;

static inline void *arrays_take(size_t size) {
    void *memory = calloc(1, size ? size : 1);
    if (!memory) exit(2);
    return memory;
}

/* --- What lies in static memory has nothing to release ------------------------------------------------------------------ */

static inline void arrays_forget_schema(struct ArrowSchema *schema) {
    schema->release = NULL;
}

static inline void arrays_forget(struct ArrowArray *array) {
    array->release = NULL;
}

static inline void arrays_forget_stream(struct ArrowArrayStream *stream) {
    stream->release = NULL;
}

/* --- Schemas ------------------------------------------------------------------------------------------------------------ */

static inline void arrays_release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release) schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    if (schema->dictionary && schema->dictionary->release) schema->dictionary->release(schema->dictionary);
    free(schema->dictionary);
    free(schema->children);
    schema->release = NULL;
    arrays_held--;
}

/* Format and name are not copied. */
static inline struct ArrowSchema arrays_schema(const char *format, const char *name) {
    arrays_held++;
    return (struct ArrowSchema){
        .format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = arrays_release_schema};
}

static inline void arrays_add_schema(struct ArrowSchema *parent, struct ArrowSchema child) {
    struct ArrowSchema **children = arrays_take(((size_t)parent->n_children + 1) * sizeof(struct ArrowSchema *));
    for (int64_t i = 0; i < parent->n_children; i++) children[i] = parent->children[i];
    free(parent->children);
    parent->children = children;
    parent->children[parent->n_children] = arrays_take(sizeof child);
    *parent->children[parent->n_children++] = child;
}

static inline void arrays_schema_in_dictionary(struct ArrowSchema *schema, const char *keys) {
    schema->dictionary = arrays_take(sizeof *schema);
    *schema->dictionary = arrays_schema(schema->format, "");
    schema->format = keys;
}

/* --- Arrays ------------------------------------------------------------------------------------------------------------- */

static inline void arrays_release(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
    free(array->dictionary);
    for (int64_t i = 0; i < array->n_buffers; i++) free((void *)(uintptr_t)array->buffers[i]);
    free(array->buffers);
    free(array->children);
    array->release = NULL;
    arrays_held--;
}

static inline struct ArrowArray arrays_new(size_t length, size_t n_buffers) {
    arrays_held++;
    return (struct ArrowArray){.length = (int64_t)length,
                               .n_buffers = (int64_t)n_buffers,
                               .buffers = arrays_take(n_buffers * sizeof(void *)),
                               .release = arrays_release};
}

static inline void arrays_set_null(struct ArrowArray *array, size_t row) {
    if (!array->buffers[0]) {
        array->buffers[0] = memset(arrays_take((size_t)array->length / 8 + 1), 0xFF, (size_t)array->length / 8 + 1);
    }
    ((uint8_t *)(uintptr_t)array->buffers[0])[row / 8] &= (uint8_t) ~(1u << row % 8);
    array->null_count++;
}

static inline size_t arrays_len(const char *string) {
    return string ? strlen(string) : 0;
}

/* Strings with offsets of 4 or 8 bytes; NULL is null. What is null has bytes too, which nobody may read. */
static inline struct ArrowArray arrays_of_offsets(const char *const *strings, size_t n, size_t width) {
    static const char unread[] = "贵州茅台\xFF";
    struct ArrowArray array = arrays_new(n, 3);
    char *offsets = arrays_take((n + 1) * width), *bytes;
    size_t len = 0;
    for (size_t i = 0; i < n; i++) len += strings[i] ? strlen(strings[i]) : strlen(unread);
    bytes = arrays_take(len);
    len = 0;
    for (size_t i = 0; i < n; i++) {
        const char *string = strings[i] ? strings[i] : unread;
        memcpy(bytes + len, string, strlen(string));
        len += strlen(string);
        memcpy(offsets + (i + 1) * width, &len, width);
        if (!strings[i]) arrays_set_null(&array, i);
    }
    array.buffers[1] = offsets;
    array.buffers[2] = bytes;
    return array;
}

/* Views, of which long ones lie in two blocks by turns. */
static inline struct ArrowArray arrays_of_views(const char *const *strings, size_t n) {
    struct ArrowArray array = arrays_new(n, 5);
    char *views = arrays_take(n * 16), *blocks[2];
    int64_t *sizes = arrays_take(2 * sizeof *sizes), room = 1;
    for (size_t i = 0; i < n; i++) room += (int64_t)arrays_len(strings[i]);
    for (int k = 0; k < 2; k++) blocks[k] = arrays_take((size_t)room);
    for (size_t i = 0; i < n; i++) {
        int32_t len = (int32_t)arrays_len(strings[i]), block = (int32_t)(i % 2), at = (int32_t)sizes[block];
        char *view = views + 16 * i;
        if (!strings[i]) arrays_set_null(&array, i);
        memcpy(view, &len, 4);
        if (!len) continue;
        memcpy(view + 4, strings[i], len <= 12 ? (size_t)len : 4);
        if (len <= 12) continue;
        memcpy(view + 8, &block, 4);
        memcpy(view + 12, &at, 4);
        memcpy(blocks[block] + at, strings[i], (size_t)len);
        sizes[block] += len;
    }
    array.buffers[1] = views;
    array.buffers[2] = blocks[0];
    array.buffers[3] = blocks[1];
    array.buffers[4] = sizes;
    return array;
}

static inline struct ArrowArray arrays_of_strings(const char *format, const char *const *strings, size_t n) {
    if (format[0] == 'v') return arrays_of_views(strings, n);
    return arrays_of_offsets(strings, n, format[0] == 'U' || format[0] == 'Z' ? 8 : 4);
}

/* Numbers of `width` bytes; INT64_MIN is null. */
static inline struct ArrowArray arrays_of_numbers(const int64_t *numbers, size_t n, size_t width) {
    struct ArrowArray array = arrays_new(n, 2);
    char *values = arrays_take(n * width);
    for (size_t i = 0; i < n; i++) {
        memcpy(values + i * width, &numbers[i], width);
        if (numbers[i] == INT64_MIN) arrays_set_null(&array, i);
    }
    array.buffers[1] = values;
    return array;
}

/* The strings encoded with a dictionary, in which the last stands first. */
static inline struct ArrowArray arrays_in_dictionary(const char *format, const char *const *strings, size_t n,
                                                     size_t key_width) {
    int64_t *keys = arrays_take(n * sizeof *keys);
    const char **values = arrays_take(n * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        values[n - 1 - i] = strings[i];
        keys[i] = (int64_t)(n - 1 - i);
    }
    struct ArrowArray array = arrays_of_numbers(keys, n, key_width);
    array.dictionary = arrays_take(sizeof array);
    *array.dictionary = arrays_of_strings(format, values, n);
    free(values);
    free(keys);
    return array;
}

static inline void arrays_add(struct ArrowArray *parent, struct ArrowArray child) {
    struct ArrowArray **children = arrays_take(((size_t)parent->n_children + 1) * sizeof(struct ArrowArray *));
    for (int64_t i = 0; i < parent->n_children; i++) children[i] = parent->children[i];
    free(parent->children);
    parent->children = children;
    parent->children[parent->n_children] = arrays_take(sizeof child);
    *parent->children[parent->n_children++] = child;
}

/* Its rows from `from` on. */
static inline struct ArrowArray arrays_slice(struct ArrowArray array, size_t from, size_t n) {
    array.offset += (int64_t)from;
    array.length = (int64_t)n;
    if (array.null_count) array.null_count = -1;
    return array;
}

#endif
