/* Arrow schemas and arrays whose buffers are as long as their types need, with anything in them. What must hold: the call
 * succeeds, or says what is wrong; no byte outside of the buffers is read; what is found is given out, released, and the
 * same with two threads. */
#include <string.h>

#include "../unit/arrays.h"
#include "fuzz.h"

static const char *const formats[] = {"u", "U", "vu", "z", "Z", "vz", "tdD", "tdm", "tss:", "i", "n", "g", "+l", ""};
static const char *const names[] = {"text", "title", "url", "source", "date", "format", "charset", "views"};
enum { N_FORMATS = sizeof formats / sizeof formats[0], N_NAMES = sizeof names / sizeof names[0], MAX_ROWS = 16 };

/* A block of its own, so that reading behind it is seen. */
static void *copy_of(fuzz_input part, size_t size) {
    uint8_t *memory = arrays_take(size);
    memcpy(memory, part.bytes, part.len < size ? part.len : size);
    return memory;
}

static void *take_block(fuzz_input *input, size_t size) {
    return copy_of(fuzz_part(input, size), size);
}

static struct ArrowArray take_offsets(fuzz_input *input, size_t n, size_t width) {
    struct ArrowArray array = arrays_new(n, 3);
    const fuzz_input bytes = fuzz_part(input, fuzz_byte(input));
    char *offsets = arrays_take((n + 1) * width);
    size_t at = 0;
    for (size_t i = 0; i <= n; i++) {
        size_t step = fuzz_byte(input);
        at = step == 0xFF ? 0 : at + step < bytes.len ? at + step : bytes.len; /* now and then it goes back */
        memcpy(offsets + i * width, &at, width);
    }
    array.buffers[1] = offsets;
    array.buffers[2] = copy_of(bytes, bytes.len);
    return array;
}

static struct ArrowArray take_views(fuzz_input *input, size_t n) {
    size_t n_blocks = fuzz_byte(input) % 3;
    struct ArrowArray array = arrays_new(n, 3 + n_blocks);
    int64_t *sizes = arrays_take(n_blocks * sizeof *sizes);
    for (size_t i = 0; i < n_blocks; i++) {
        sizes[i] = fuzz_byte(input);
        array.buffers[2 + i] = take_block(input, (size_t)sizes[i]);
    }
    array.buffers[2 + n_blocks] = sizes;
    array.buffers[1] = take_block(input, n * 16);
    return array;
}

static struct ArrowArray take_values(fuzz_input *input, const char *format, size_t n) {
    if (strchr("uz", format[0])) return take_offsets(input, n, 4);
    if (strchr("UZ", format[0])) return take_offsets(input, n, 8);
    if (format[0] == 'v') return take_views(input, n);
    struct ArrowArray array = arrays_new(n, format[0] == 'n' ? 0 : 2);
    if (format[0] != 'n') array.buffers[1] = take_block(input, n * 8);
    return array;
}

/* A column and its schema; in a dictionary, sliced and with nulls as the input says. */
static struct ArrowArray take_column(fuzz_input *input, const char *name, size_t n, struct ArrowSchema *schema) {
    uint8_t choice = fuzz_byte(input), more = fuzz_byte(input);
    const char *format = formats[choice % N_FORMATS];
    size_t skipped = more % 4;
    struct ArrowArray array;
    *schema = arrays_schema(format, name);
    if (more / 4 % 4 == 3) {
        arrays_schema_in_dictionary(schema, more & 16 ? "c" : "I");
        array = arrays_new(n + skipped, 2);
        array.buffers[1] = take_block(input, (n + skipped) * (more & 16 ? 1 : 4));
        array.dictionary = arrays_take(sizeof array);
        *array.dictionary = take_values(input, format, fuzz_byte(input) % MAX_ROWS);
    } else {
        array = take_values(input, format, n + skipped);
    }
    if (more & 32 && array.n_buffers) {
        array.buffers[0] = take_block(input, (n + skipped) / 8 + 1);
        array.null_count = -1;
    }
    return arrays_slice(array, skipped, n);
}

static struct ArrowArray take_all(fuzz_input *input, struct ArrowSchema *schema) {
    uint8_t choice = fuzz_byte(input);
    size_t n = choice % MAX_ROWS, n_columns = choice / MAX_ROWS % 8;
    if (!n_columns) return take_column(input, "", n, schema);
    struct ArrowArray array = arrays_new(n, 1);
    *schema = arrays_schema("+s", "");
    for (size_t i = 0; i < n_columns; i++) {
        struct ArrowSchema child_schema;
        uint8_t name = fuzz_byte(input);
        struct ArrowArray child = take_column(input, names[(name + i) % N_NAMES], n + (name >> 6) / 3, &child_schema);
        arrays_add(&array, child);
        arrays_add_schema(schema, child_schema);
    }
    if (choice & 128 && n) arrays_set_null(&array, n / 2);
    return array;
}

static void check_same(const sm_result *a, const sm_result *b) {
    must(sm_result_document_count(a) == sm_result_document_count(b));
    must(sm_result_mention_count(a) == sm_result_mention_count(b));
}

static void give_out(const sm_result *result) {
    struct ArrowSchema schema;
    struct ArrowArray array;
    must(sm_result_arrow(result, SM_ARROW_LISTS, &schema, &array, NULL) == SM_OK);
    must((uint64_t)array.length == sm_result_document_count(result));
    must((uint64_t)array.children[0]->length == sm_result_mention_count(result));
    schema.release(&schema);
    array.release(&array);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine;
    static sm_result *result, *again;
    if (!engine) must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    fuzz_input input = {bytes, len};
    struct ArrowSchema schema;
    struct ArrowArray array = take_all(&input, &schema);
    const struct ArrowArray *const arrays[] = {&array, &array};
    sm_arrow_options how;
    sm_error error = {0};
    sm_arrow_options_init(&how, sizeof how);
    sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 2, &how, NULL, &result, &error);
    must(status == error.status && (status == SM_OK || (status == SM_ERR_ARG && error.message[0])));
    how.n_threads = 2;
    must(sm_engine_extract_arrow(engine, &schema, arrays, 2, &how, NULL, &again, NULL) == status);
    check_same(result, again);
    if (status == SM_OK) {
        must(sm_result_document_count(result) == 2 * (uint64_t)array.length);
        give_out(result);
    }
    array.release(&array);
    schema.release(&schema);
    must(arrays_held == 0);
    return 0;
}
