/* The memory of arrays and schemas that are handed out. */
#include <stdatomic.h>
#include <string.h>

#include "output/arrow.h"

struct arrow_block {
    atomic_uint holds;
    base_arena arena;
};

arrow_block *arrow_block_new(void) {
    arrow_block *block = base_default_allocator.allocate(NULL, sizeof *block);
    if (!block) return NULL;
    atomic_init(&block->holds, 0);
    base_arena_init(&block->arena, &base_default_allocator);
    return block;
}

void arrow_block_free(arrow_block *block) {
    if (!block) return;
    base_arena_free(&block->arena);
    base_default_allocator.release(NULL, block);
}

void *arrow_block_take(arrow_block *block, uint64_t size) {
    void *memory = base_arena_alloc(&block->arena, size ? (size_t)size : 1);
    return memory ? memset(memory, 0, (size_t)size) : NULL;
}

static void let_go(arrow_block *block) {
    if (atomic_fetch_sub_explicit(&block->holds, 1, memory_order_acq_rel) == 1) arrow_block_free(block);
}

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release) array->dictionary->release(array->dictionary);
    array->release = NULL;
    let_go(array->private_data);
}

static void release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release) schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release) schema->dictionary->release(schema->dictionary);
    schema->release = NULL;
    let_go(schema->private_data);
}

struct ArrowArray *arrow_block_array(arrow_block *block, uint64_t length, int64_t n_buffers, int64_t n_children) {
    struct ArrowArray *array = arrow_block_take(block, sizeof *array);
    const void **buffers = arrow_block_take(block, (uint64_t)n_buffers * sizeof *buffers);
    struct ArrowArray **children = arrow_block_take(block, (uint64_t)n_children * sizeof(struct ArrowArray *));
    if (!array || !buffers || !children) return NULL;
    *array = (struct ArrowArray){.length = (int64_t)length,
                                 .n_buffers = n_buffers,
                                 .n_children = n_children,
                                 .buffers = buffers,
                                 .children = children,
                                 .release = release_array,
                                 .private_data = block};
    atomic_fetch_add_explicit(&block->holds, 1, memory_order_relaxed);
    return array;
}

struct ArrowSchema *arrow_block_schema(arrow_block *block, const char *format, const char *name, int64_t n_children) {
    struct ArrowSchema *schema = arrow_block_take(block, sizeof *schema);
    struct ArrowSchema **children = arrow_block_take(block, (uint64_t)n_children * sizeof(struct ArrowSchema *));
    if (!schema || !children) return NULL;
    *schema = (struct ArrowSchema){.format = format,
                                   .name = name,
                                   .n_children = n_children,
                                   .children = children,
                                   .release = release_schema,
                                   .private_data = block};
    atomic_fetch_add_explicit(&block->holds, 1, memory_order_relaxed);
    return schema;
}
