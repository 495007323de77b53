/* Well-formed codes that no table has. They are reported beside what else was found, which they never change. */
#include "resolve/places.h"

bool resolve_keep_unlisted(resolve_state *resolver, const scan_list *candidates, uint32_t first_run) {
    if (!base_grow(resolver->allocator, (void **)&resolver->unlisted, &resolver->unlisted_capacity,
                   resolver->n_unlisted + candidates->n, sizeof *resolver->unlisted))
        return false;
    for (size_t i = 0; i < candidates->n; i++) {
        scan_candidate candidate = candidates->items[i];
        if (candidate.kind != SCAN_CODE || candidate.index != dict_none || !candidate.is_share) continue;
        candidate.run += first_run;
        resolver->unlisted[resolver->n_unlisted++] = candidate;
    }
    return true;
}

static bool ends_before(const resolve_mention *mention, const scan_candidate *code) {
    return mention->run != code->run ? mention->run < code->run : mention->end <= code->start;
}

static bool overlap(const resolve_mention *mention, const scan_candidate *code) {
    return mention->run == code->run && mention->start < code->end && mention->end > code->start;
}

/* Leaves those that overlap neither a mention nor the one before. */
static void drop_overlapping(resolve_state *resolver) {
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < resolver->n_unlisted; i++) {
        const scan_candidate *code = &resolver->unlisted[i], *last = kept ? &resolver->unlisted[kept - 1] : NULL;
        while (next < resolver->n_mentions && ends_before(&resolver->mentions[next], code)) next++;
        if (next < resolver->n_mentions && overlap(&resolver->mentions[next], code)) continue;
        if (last && last->run == code->run && last->end > code->start) continue;
        resolver->unlisted[kept++] = *code;
    }
    resolver->n_unlisted = kept;
}

bool resolve_add_unlisted(resolve_state *resolver) {
    const uint64_t evidence = resolve_bit(FEATURE_STRONG_CODE) | resolve_bit(FEATURE_UNLISTED);
    const int32_t score = resolve_weigh(resolver, evidence);
    const uint16_t confidence = resolve_probability(score);
    if (score < 0 || confidence < resolver->options.min_confidence) return true;
    drop_overlapping(resolver);
    size_t n = resolver->n_mentions, left = resolver->n_unlisted, out = n + left;
    if (!base_grow(resolver->allocator, (void **)&resolver->mentions, &resolver->mentions_capacity, out,
                   sizeof *resolver->mentions))
        return false;
    resolver->n_mentions = out;
    while (left) { /* both are in order: from the end on, none is in the way of another */
        const scan_candidate *code = &resolver->unlisted[left - 1];
        if (n && !ends_before(&resolver->mentions[n - 1], code)) {
            resolver->mentions[--out] = resolver->mentions[--n];
            continue;
        }
        resolver->mentions[--out] = (resolve_mention){.run = code->run,
                                                      .kind = SM_KIND_CODE,
                                                      .role = SM_ROLE_SUBJECT,
                                                      .start = code->start,
                                                      .end = code->end,
                                                      .first_line = (uint32_t)--left,
                                                      .confidence = confidence,
                                                      .evidence = evidence};
    }
    return true;
}
