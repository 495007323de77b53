#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static void *default_allocate(void *context, size_t size) {
    (void)context;
    return malloc(size);
}

static void *default_reallocate(void *context, void *memory, size_t size) {
    (void)context;
    return realloc(memory, size);
}

static void default_release(void *context, void *memory) {
    (void)context;
    free(memory);
}

const sm_allocator base_default_allocator = {NULL, default_allocate, default_reallocate, default_release};

bool base_grow_more(const sm_allocator *allocator, void **items, size_t *capacity, size_t need, size_t item_size) {
    size_t wanted = *capacity ? *capacity : 16;
    if (wanted > SIZE_MAX / item_size) return false;
    while (wanted < need) {
        if (wanted > SIZE_MAX / 2 / item_size) return false;
        wanted *= 2;
    }
    void *grown = allocator->reallocate(allocator->context, *items, wanted * item_size);
    if (!grown) return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

void base_give_back(const sm_allocator *allocator, void **items, size_t *capacity, size_t need, size_t item_size) {
    enum { KEPT = 8 << 20 };
    if (*capacity <= KEPT / item_size || *capacity <= need) return;
    void *left = NULL;
    if (!need) allocator->release(allocator->context, *items);
    else if (!(left = allocator->reallocate(allocator->context, *items, need * item_size))) return;
    *items = left;
    *capacity = need;
}

/* --- Arena ---------------------------------------------------------------------------------------------------------- */

enum { ARENA_FIRST_BLOCK = 16 * 1024 };

static char *block_bytes(base_arena_block *block) {
    return (char *)(block + 1);
}

void base_arena_init(base_arena *arena, const sm_allocator *allocator) {
    *arena = (base_arena){.allocator = allocator};
}

void base_arena_reset(base_arena *arena) {
    arena->current = arena->first;
    arena->used = 0;
}

void base_arena_free(base_arena *arena) {
    base_arena_block *block = arena->first;
    while (block) {
        base_arena_block *next = block->next;
        arena->allocator->release(arena->allocator->context, block);
        block = next;
    }
    base_arena_init(arena, arena->allocator);
}

/* The next block that holds `size` bytes: one kept from before, or a new one twice as large as the last. A kept block
 * that is too small stays in the chain behind the new one. */
static bool arena_advance(base_arena *arena, size_t size) {
    base_arena_block *next = arena->current ? arena->current->next : arena->first;
    if (!next || next->size < size) {
        size_t wanted = arena->current ? arena->current->size * 2 : ARENA_FIRST_BLOCK;
        if (wanted < size) wanted = size;
        if (wanted > SIZE_MAX - sizeof(base_arena_block)) return false;
        base_arena_block *block = arena->allocator->allocate(arena->allocator->context,
                                                             sizeof(base_arena_block) + wanted);
        if (!block) return false;
        block->size = wanted;
        block->next = next;
        if (arena->current) arena->current->next = block;
        else arena->first = block;
        next = block;
    }
    arena->current = next;
    arena->used = 0;
    return true;
}

void *base_arena_alloc_more(base_arena *arena, size_t size) {
    if (size > SIZE_MAX - 8) return NULL;
    size = (size + 7) & ~(size_t)7;
    if (!arena->current || arena->current->size - arena->used < size)
        if (!arena_advance(arena, size)) return NULL;
    void *memory = block_bytes(arena->current) + arena->used;
    arena->used += size;
    return memory;
}

char *base_arena_copy(base_arena *arena, const char *bytes, size_t len) {
    char *copy = base_arena_alloc(arena, len + 1);
    if (!copy) return NULL;
    if (len) memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

void base_init_struct(void *of_caller, uint32_t struct_size) {
    if (!of_caller || struct_size < sizeof struct_size) return;
    memset(of_caller, 0, struct_size);
    memcpy(of_caller, &struct_size, sizeof struct_size);
}

sm_status base_take_struct(void *full, size_t full_size, const void *of_caller, const char *what, sm_error *error) {
    uint32_t size;
    if (!of_caller) return SM_OK;
    memcpy(&size, of_caller, sizeof size);
    if (size < sizeof size)
        return base_fail(error, SM_ERR_ARG, "%s.struct_size is %u; call the struct's _init() first", what, size);
    for (size_t i = full_size; i < size; i++)
        if (((const unsigned char *)of_caller)[i])
            return base_fail(
                error, SM_ERR_ARG,
                "%s has a field at byte %zu that this library does not know; leave it 0, or take a newer library", what,
                i);
    memcpy(full, of_caller, size < full_size ? size : full_size);
    return SM_OK;
}
