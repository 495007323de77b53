/* What of a wave is kept near, and what is pushed out. */
#include "resolve/seen.h"

#include <string.h>

static const uint64_t first_wave = (uint64_t)1 << RESOLVE_MOST_DOCUMENTS;
static const uint64_t wave_bits = UINT64_MAX << RESOLVE_MOST_DOCUMENTS;

static size_t far_size(uint32_t n_securities) {
    return (n_securities + (size_t)1) * sizeof(uint64_t);
}

bool resolve_seen_open(resolve_seen *seen, const sm_allocator *allocator, uint32_t n_securities) {
    memset(seen, 0, sizeof *seen);
    seen->far = allocator->allocate(allocator->context, far_size(n_securities));
    if (seen->far) memset(seen->far, 0, far_size(n_securities));
    return seen->far != NULL;
}

void resolve_seen_begin(resolve_seen *seen, uint32_t n_securities) {
    if (!seen->is_used) return;
    memset(seen->near, 0, sizeof seen->near);
    if (seen->is_far_used) seen->wave += first_wave;
    if (seen->is_far_used && seen->wave == 0) { /* after 255 such waves the numbers begin again */
        memset(seen->far, 0, far_size(n_securities));
        seen->wave = first_wave;
    }
    seen->is_used = seen->is_far_used = false;
}

uint64_t resolve_seen_far(const resolve_seen *seen, uint32_t key) {
    uint64_t entry = seen->far[key - 1];
    return (entry & wave_bits) == seen->wave ? entry & ~wave_bits : 0;
}

void resolve_seen_exchange(resolve_seen *seen, resolve_near_slot *slot, uint32_t key) {
    uint64_t documents = slot->is_shared ? resolve_seen_far(seen, key) : 0;
    seen->far[slot->key - 1] = seen->wave | slot->documents;
    seen->is_far_used = true;
    *slot = (resolve_near_slot){documents, key, true};
}
