/* Well-formed codes that no table has. They are kept for contradictions.c, and reported beside what else was found, which
 * they never change. */
#include "resolve/places.h"

bool resolve_keep_unknown(resolve_state *resolver, const scan_list *candidates, uint32_t first_run,
                          uint32_t first_place) {
    uint32_t n_before = first_place;
    if (!base_grow(resolver->allocator, (void **)&resolver->unknown, &resolver->unknown_capacity,
                   resolver->n_unknown + candidates->n, sizeof *resolver->unknown))
        return false;
    for (size_t i = 0; i < candidates->n; i++) {
        scan_candidate code = candidates->items[i];
        if (code.kind != SCAN_CODE || code.index != dict_none) continue;
        code.run += first_run;
        for (; n_before < resolver->n_places; n_before++) {
            const resolve_place *place = &resolver->places[n_before];
            if (place->run > code.run || (place->run == code.run && place->start >= code.start)) break;
        }
        resolver->unknown[resolver->n_unknown++] = (resolve_unknown){.code = code, .n_before = n_before};
    }
    return true;
}

static bool ends_before(const resolve_mention *mention, const scan_candidate *code) {
    return mention->run != code->run ? mention->run < code->run : mention->end <= code->start;
}

static bool overlap(const resolve_mention *mention, const scan_candidate *code) {
    return mention->run == code->run && mention->start < code->end && mention->end > code->start;
}

/* Chooses those that overlap neither a mention nor the one before. @return how many. */
static size_t choose_reported(resolve_state *resolver) {
    const scan_candidate *last = NULL;
    size_t next = 0, n = 0;
    for (size_t i = 0; i < resolver->n_unknown; i++) {
        const scan_candidate *code = &resolver->unknown[i].code;
        if (!code->is_share) continue;
        while (next < resolver->n_mentions && ends_before(&resolver->mentions[next], code)) next++;
        if (next < resolver->n_mentions && overlap(&resolver->mentions[next], code)) continue;
        if (last && last->run == code->run && last->end > code->start) continue;
        resolver->unknown[i].is_reported = true;
        n++;
        last = code;
    }
    return n;
}

size_t resolve_count_unknown(resolve_state *resolver) {
    return resolver->n_reported ? resolver->n_reported : choose_reported(resolver);
}

bool resolve_report_unknown(resolve_state *resolver) {
    const uint64_t evidence = resolve_bit(FEATURE_STRONG_CODE) | resolve_bit(FEATURE_UNLISTED);
    const int32_t score = resolve_weigh(resolver, evidence);
    const uint16_t confidence = resolve_probability(score);
    if (score < 0 || confidence < resolver->options.min_confidence) return true;
    resolver->n_reported = choose_reported(resolver);
    size_t n = resolver->n_mentions, out = n + resolver->n_reported;
    if (!base_grow(resolver->allocator, (void **)&resolver->mentions, &resolver->mentions_capacity, out,
                   sizeof *resolver->mentions))
        return false;
    resolver->n_mentions = out;
    for (size_t i = resolver->n_unknown; i-- > 0;) { /* both are in order: from the end on, none is in another's way */
        const scan_candidate *code = &resolver->unknown[i].code;
        if (!resolver->unknown[i].is_reported) continue;
        while (n && !ends_before(&resolver->mentions[n - 1], code)) resolver->mentions[--out] = resolver->mentions[--n];
        resolver->mentions[--out] = (resolve_mention){.run = code->run,
                                                      .kind = SM_KIND_CODE,
                                                      .role = SM_ROLE_SUBJECT,
                                                      .start = code->start,
                                                      .end = code->end,
                                                      .first_line = (uint32_t)i,
                                                      .confidence = confidence,
                                                      .evidence = evidence};
    }
    return true;
}

size_t resolve_unlisted_count(const resolve_state *resolver) {
    return resolver->n_reported;
}

const scan_candidate *resolve_unlisted(const resolve_state *resolver, const resolve_mention *mention) {
    return &resolver->unknown[mention->first_line].code;
}
