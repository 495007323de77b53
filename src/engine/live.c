/* The engine of now, behind a handle. Readers never wait: they announce themselves by one addition to the word that also
 * says which slot is current, and sign off there when they have their hold. Whoever replaces the engine turns the word to
 * the other slot, which tells how many had entered the old one, and lets go of the old engine when all of them have
 * signed off; that is soon, for between the two there is no more than an addition. */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "engine/engine.h"

enum { SLOT_BIT = 63 };

typedef struct live_slot {
    const sm_engine *engine;
    _Atomic uint64_t n_left;
} live_slot;

struct sm_live {
    _Atomic uint64_t current; /* the slot's number in the last bit, below it how many have entered it */
    live_slot slots[2];
    pthread_mutex_t replacing;
    sm_allocator allocator;
};

sm_status sm_live_new(const sm_engine *engine, sm_live **live, sm_error *error) {
    if (!engine || !live) return base_fail(error, SM_ERR_ARG, "engine and live are needed");
    *live = NULL;
    sm_live *made = engine->allocator.allocate(engine->allocator.context, sizeof *made);
    if (!made) return base_no_memory(error, "for a live engine");
    memset(made, 0, sizeof *made);
    made->allocator = engine->allocator;
    if (pthread_mutex_init(&made->replacing, NULL)) {
        made->allocator.release(made->allocator.context, made);
        return base_fail(error, SM_ERR_NOMEM,
                         "the system has no lock for a live engine; free others, or raise its limits");
    }
    made->slots[0].engine = engine_retain(engine);
    *live = made;
    return SM_OK;
}

void sm_live_free(sm_live *live) {
    if (!live) return;
    sm_allocator allocator = live->allocator;
    sm_engine_free(engine_writable(live->slots[live->current >> SLOT_BIT].engine));
    pthread_mutex_destroy(&live->replacing);
    allocator.release(allocator.context, live);
}

sm_engine *sm_live_engine(sm_live *live) {
    if (!live) return NULL;
    live_slot *slot = &live->slots[atomic_fetch_add(&live->current, 1) >> SLOT_BIT];
    const sm_engine *engine = engine_retain(slot->engine);
    atomic_fetch_add(&slot->n_left, 1);
    return engine_writable(engine);
}

sm_status sm_live_replace(sm_live *live, const sm_engine *engine, sm_error *error) {
    if (!live || !engine) return base_fail(error, SM_ERR_ARG, "live and engine are needed");
    pthread_mutex_lock(&live->replacing);
    uint64_t old = atomic_load(&live->current) >> SLOT_BIT, new = 1 - old;
    live->slots[new].engine = engine_retain(engine);
    atomic_store(&live->slots[new].n_left, 0);
    uint64_t n_entered = atomic_exchange(&live->current, new << SLOT_BIT) & (((uint64_t)1 << SLOT_BIT) - 1);
    while (atomic_load(&live->slots[old].n_left) != n_entered) sched_yield();
    const sm_engine *replaced = live->slots[old].engine;
    pthread_mutex_unlock(&live->replacing);
    sm_engine_free(engine_writable(replaced));
    return SM_OK;
}
