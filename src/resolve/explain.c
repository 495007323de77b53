/* Why each place was taken or was not, told once all is decided: nothing of it is on the way of those who do not ask. */
#include "resolve/places.h"

/* Places inside others that were taken were not looked at: here they are, as if they had been. */
static void look_at_all(resolve_state *resolver) {
    resolve_look_at_rest(resolver, UINT64_MAX);
    for (size_t i = 0; i < resolver->n_places; i++)
        if (!resolver->places[i].is_looked_at) resolve_look_around(resolver, &resolver->places[i]);
}

/* What lies over the places to come, of the run at hand. */
typedef struct cover {
    uint32_t run;
    size_t end, never_end; /* of the last place that was taken, and of names that are never to be matched */
    uint32_t over;         /* that place, or the one behind it that it gave way to */
} cover;

/* The place across its end, or that ends with it, which one that holds gave way to; dict_none when there is none. */
static uint32_t gave_way_to(const resolve_state *resolver, uint32_t index) {
    const resolve_place *place = &resolver->places[index];
    if (place->score < RESOLVE_THRESHOLD || !resolve_has_what_it_needs(place)) return dict_none;
    for (uint32_t i = index + 1; i < resolver->n_places; i++) {
        const resolve_place *next = &resolver->places[i];
        if (next->run != place->run || next->start >= place->end) break;
        if (next->is_taken) return i;
    }
    return dict_none;
}

/* What lies under another is told as that first, also inside a name that is never matched. */
static uint32_t decide(const resolve_state *resolver, uint32_t index, cover *above) {
    const resolve_place *place = &resolver->places[index];
    if (place->run != above->run) *above = (cover){.run = place->run};
    if (place->surface_flags & DICT_SURFACE_NEVER && place->end > above->never_end) above->never_end = place->end;
    if (place->is_taken) {
        above->end = place->end;
        above->over = index;
        return SM_DECISION_TAKEN;
    }
    if (place->start < above->end) return SM_DECISION_OVERLAPPED;
    if (place->end <= above->never_end && !place->is_code) return SM_DECISION_NEVER;
    uint32_t next = gave_way_to(resolver, index);
    if (next != dict_none) {
        above->over = next;
        return SM_DECISION_OVERLAPPED;
    }
    if (!resolve_has_what_it_needs(place)) return SM_DECISION_NEEDS_CODE;
    if (resolve_is_part_of_longer(place) && place->end > above->never_end) above->never_end = place->end;
    return SM_DECISION_BELOW_THRESHOLD;
}

/* What its score stands for; of one that lies under another, where that one is none. What a table forbids is none. */
static uint16_t confidence_of(const resolve_state *resolver, const resolve_place *place, uint32_t decision,
                              const cover *above) {
    uint32_t confidence = resolve_probability(place->score);
    if (decision == SM_DECISION_NEVER || decision == SM_DECISION_NEEDS_CODE) return 0;
    if (decision == SM_DECISION_OVERLAPPED)
        confidence = confidence * (65535u - resolve_probability(resolver->places[above->over].score)) / 65535;
    return (uint16_t)confidence;
}

static bool explain_place(resolve_state *resolver, uint32_t index, cover *above, resolve_explanation *out) {
    const resolve_place *place = &resolver->places[index];
    uint32_t first, n, decision = decide(resolver, index, above);
    resolve_enter_document(resolver, place);
    if (!resolve_choose_lines(resolver, place, &first, &n)) return false;
    uint16_t confidence = confidence_of(resolver, place, decision, above);
    if (decision == SM_DECISION_TAKEN && n == 0) decision = SM_DECISION_NO_LINE;
    if (decision == SM_DECISION_TAKEN && confidence < resolver->options.min_confidence) decision = SM_DECISION_UNSURE;
    uint32_t security = n ? resolver->lines[first].security : dict_none;
    *out = (resolve_explanation){
        .run = place->run,
        .kind = place->is_code ? SM_KIND_CODE : SM_KIND_NAME,
        .start = place->start,
        .end = place->end,
        .decision = decision,
        .over = decision == SM_DECISION_OVERLAPPED ? above->over : dict_none,
        .score = place->score,
        .confidence = confidence,
        .features = place->features & DICT_FEATURE_BITS,
        .name = place->is_code || !n ? dict_none : resolve_name_row(resolver, place, security),
        .notation = place->is_code ? place->surface : dict_none,
        .surface = place->is_code ? dict_none : place->surface,
        .first_line = first,
        .n_lines = n,
    };
    return true;
}

/* Places that nothing lies over were all looked at, and of others nothing is asked. */
resolve_counts resolve_counted(resolve_state *resolver) {
    resolve_counts counts = {.n_unknown = resolve_count_unknown(resolver)};
    cover above = {.run = dict_none};
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        uint32_t decision = decide(resolver, i, &above);
        bool is_unsure = resolve_probability(resolver->places[i].score) < resolver->options.min_confidence;
        counts.decisions[decision == SM_DECISION_TAKEN && is_unsure ? SM_DECISION_UNSURE : decision]++;
    }
    uint64_t n_with_lines = resolver->n_mentions - resolver->n_reported;
    counts.decisions[SM_DECISION_NO_LINE] = counts.decisions[SM_DECISION_TAKEN] - n_with_lines;
    counts.decisions[SM_DECISION_TAKEN] = n_with_lines;
    return counts;
}

const resolve_explanation *resolve_explain(resolve_state *resolver, size_t *n) {
    cover above = {.run = dict_none};
    *n = resolver->n_places;
    if (!base_grow(resolver->allocator, (void **)&resolver->explanations, &resolver->explanations_capacity, *n + 1,
                   sizeof *resolver->explanations))
        return NULL;
    look_at_all(resolver);
    resolver->market_run = dict_none; /* places come in order once more */
    for (uint32_t i = 0; i < *n; i++)
        if (!explain_place(resolver, i, &above, &resolver->explanations[i])) return NULL;
    return resolver->explanations;
}
