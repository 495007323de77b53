/* Of which securities the documents of a wave have something. A wave has few of them, which stand in a small table that stays
 * in the nearest cache: with an entry for each security of the dictionary alone, what was asked for came from far away, and
 * that took a ninth of all of resolve. Those that push each other out of it stand in the large table. Private to the room. */
#ifndef RESOLVE_SEEN_H
#define RESOLVE_SEEN_H

#include "resolve/resolve.h"

enum { RESOLVE_NEAR_BITS = 8, RESOLVE_NEAR = 1 << RESOLVE_NEAR_BITS };

typedef struct resolve_near_slot {
    uint64_t documents; /* a bit for each */
    uint32_t key;       /* security + 1; 0: nothing has stood here in this wave */
    bool is_shared;     /* others have stood here, which were pushed out */
} resolve_near_slot;

typedef struct resolve_seen {
    /* By security: the number of the last wave that put it there, and behind it a bit for each of its documents. No clearing
     * needed. */
    uint64_t *far;
    uint64_t wave; /* its number, in the bits that it has there: of the waves that need it */
    bool is_used, is_far_used;
    resolve_near_slot near[RESOLVE_NEAR + 1]; /* the last one is written where nothing is to be */
} resolve_seen;

/* False when memory ran out. */
bool resolve_seen_open(resolve_seen *seen, const sm_allocator *allocator, uint32_t n_securities);
/* Forgets everything. */
void resolve_seen_begin(resolve_seen *seen, uint32_t n_securities);
/* Puts another security into a slot, and what stands there into the large table. */
void resolve_seen_exchange(resolve_seen *seen, resolve_near_slot *slot, uint32_t key);
/* What the large table has. */
uint64_t resolve_seen_far(const resolve_seen *seen, uint32_t key);

static inline uint32_t resolve_seen_at(uint32_t key) {
    return (key * 0x9E3779B1u) >> (32 - RESOLVE_NEAR_BITS);
}

static inline bool resolve_seen_has(const resolve_seen *seen, uint32_t security, uint32_t document) {
    const resolve_near_slot *slot = &seen->near[resolve_seen_at(security + 1)];
    bool is_here = slot->key == security + 1, is_other = slot->key != security + 1;
    bool has_it = slot->documents >> document & 1;
    if (is_other & slot->is_shared) return resolve_seen_far(seen, security + 1) >> document & 1;
    return is_here & has_it;
}

/* Adds a security where it `is_added`, which no predictor knows, nor whether it is the first in its slot. @return whether the
 * document has it now and had it not. */
static inline bool resolve_seen_add(resolve_seen *seen, uint32_t security, uint32_t document, bool is_added) {
    uint32_t mask = 0 - (uint32_t)is_added, at = RESOLVE_NEAR ^ ((RESOLVE_NEAR ^ resolve_seen_at(security + 1)) & mask);
    resolve_near_slot *slot = &seen->near[at];
    bool has_any = slot->key != 0, is_other = slot->key != security + 1;
    if (is_added & has_any & is_other) resolve_seen_exchange(seen, slot, security + 1);
    slot->key = security + 1;
    bool is_new = is_added & !(slot->documents >> document & 1);
    slot->documents |= (uint64_t)1 << document;
    seen->is_used |= is_added;
    return is_new;
}

#endif
