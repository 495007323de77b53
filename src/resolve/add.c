/* Candidates become places, and those that no table has are kept aside. */
#include <string.h>

#include "resolve/places.h"

/* There is room for all candidates before the first is added. */
static inline resolve_place *add_place(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    resolve_place *place = &resolver->places[resolver->n_places++];
    *place = (resolve_place){.start = candidate->start,
                             .end = candidate->end,
                             .run = run,
                             .document = (uint8_t)resolver->runs[run].document,
                             .code_beside = dict_none};
    return place;
}

/* A share-class mark such as -W or －ＳＷ behind a name, which no word goes on behind, belongs to the name. */
static void take_class_mark(const dict_view *view, base_slice text, resolve_place *place) {
    enum { LONGEST = 3 };
    char folded[LONGEST];
    size_t n = 0, at = place->end;
    while (at < text.len) {
        uint32_t c;
        unsigned len = base_utf8_read(text.bytes + at, &c);
        c = dict_fold_char(view, c);
        if (n ? !dict_is_latin(c) : c != '-') break;
        if (n == LONGEST || c >= 0x80) return;
        folded[n++] = (char)c;
        at += len;
    }
    place->class_markets = dict_class_mark((base_slice){folded, n});
    if (place->class_markets) place->end = at;
}

enum { SHORT_CHARACTERS = 3 };

/* N and C stand before a name in the first days after it was listed: N金山 of 2019 is not 金山股份 of 2001. An unknown day
 * rules nothing out. */
static bool is_mark_in_time(const dict_view *view, int32_t as_of, base_slice mark, const dict_surface *surface) {
    enum { DAYS_AROUND = 30 };
    uint32_t c;
    base_utf8_read(mark.bytes, &c);
    c = dict_fold_char(view, c);
    if (!as_of || base_utf8_len(mark.bytes) != mark.len || (c != 'n' && c != 'c')) return true;
    for (uint32_t i = 0; i < surface->n; i++) {
        int32_t listed = view->securities[view->names[dict_surface_name(view, surface, i)].security].listed;
        int32_t days = listed ? base_date_days(as_of) - base_date_days(listed) : 0;
        if (days <= DAYS_AROUND && days >= -DAYS_AROUND) return true;
    }
    return false;
}

/* Whoever is taken is asked for these later. Where there is no number, any address does: by a mask, of which no compiler makes
 * a branch. */
static inline void prefetch_meant(const resolve_state *resolver, const dict_surface *surface) {
    const dict_view *view = resolver->view;
    uint32_t issuer = surface->issuer != dict_none ? surface->issuer : 0;
    uint32_t security = surface->line != dict_none ? surface->line : issuer;
    uint32_t has_choices = surface->choices != dict_none;
    __builtin_prefetch(&view->securities[security]);
    __builtin_prefetch(&view->choices[surface->choices & (0 - has_choices)]);
}

static inline void add_name(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[candidate->index];
    resolve_place *place = add_place(resolver, candidate, run);
    const resolve_run *in = &resolver->runs[run];
    prefetch_meant(resolver, surface);
    place->surface = candidate->index;
    place->issuer = surface->issuer;
    place->surface_flags = surface->flags;
    place->is_short = surface->n_chars <= SHORT_CHARACTERS;
    base_slice mark = {in->text.bytes + candidate->start, candidate->mark};
    place->has_mark = mark.len && is_mark_in_time(view, in->as_of, mark, surface);
    if (!place->has_mark) place->start += mark.len;
    if (surface->flags & DICT_SURFACE_CLASSED) take_class_mark(view, in->text, place);
    place->features = surface->features;
}

/* Securities that share a code come one after the other and become one place. */
static void add_code(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    if (candidate->index == dict_none) return;
    resolve_place *last = resolver->n_places ? &resolver->places[resolver->n_places - 1] : NULL;
    bool is_same = last && last->is_code && last->run == run && last->start == candidate->start
                   && last->end == candidate->end;
    uint32_t issuer = resolve_issuer(resolver, candidate->index);
    resolver->codes[resolver->n_codes++] = candidate->index;
    if (is_same) {
        last->n_codes++;
        if (last->issuer != issuer) last->issuer = dict_none;
        return;
    }
    resolve_place *place = add_place(resolver, candidate, run);
    resolver->some[resolver->n_some++] = (uint32_t)resolver->n_places - 1;
    place->is_code = true;
    place->first_code = (uint32_t)resolver->n_codes - 1;
    place->n_codes = 1;
    place->issuer = issuer;
    place->surface = candidate->notation;
    place->features = resolve_bit((dict_feature)resolver->code_features[candidate->notation]);
    uint64_t is_known = resolver->view->securities[candidate->index].is_known;
    place->features |= (place->features >> FEATURE_WEAK_CODE & is_known) << FEATURE_KNOWN_SYMBOL;
}

static bool make_room(resolve_state *resolver, size_t n_runs, size_t n_candidates) {
    const sm_allocator *allocator = resolver->allocator;
    return base_grow(allocator, (void **)&resolver->runs, &resolver->runs_capacity, resolver->n_runs + n_runs,
                     sizeof *resolver->runs)
           && base_grow(allocator, (void **)&resolver->beside, &resolver->beside_capacity,
                        resolver->n_places + n_candidates, sizeof *resolver->beside)
           && base_grow(allocator, (void **)&resolver->places, &resolver->places_capacity,
                        resolver->n_places + n_candidates, sizeof *resolver->places)
           && base_grow(allocator, (void **)&resolver->some, &resolver->some_capacity,
                        resolver->n_places + n_candidates + 1, sizeof *resolver->some)
           && base_grow(allocator, (void **)&resolver->codes, &resolver->codes_capacity,
                        resolver->n_codes + n_candidates, sizeof *resolver->codes);
}

/* Nobody asked for a code's security yet, and in long runs the surfaces have left the cache since they were scanned. Which
 * of them it is, is looked up, since a branch would be guessed wrong. */
static inline void prefetch(const dict_view *view, const scan_candidate *candidate) {
    static const size_t sizes[] = {[SCAN_NAME] = sizeof *view->surfaces, [SCAN_CODE] = sizeof *view->securities};
    const char *const tables[] = {
        [SCAN_NAME] = (const char *)view->surfaces, [SCAN_CODE] = (const char *)view->securities};
    size_t index = candidate->index != dict_none ? candidate->index : 0;
    __builtin_prefetch(tables[candidate->kind] + index * sizes[candidate->kind]);
}

bool resolve_add_runs(resolve_state *resolver, const resolve_run *runs, size_t n_runs, const scan_list *candidates) {
    enum { AHEAD = 16 };
    const size_t n = candidates->n;
    const uint32_t first_run = (uint32_t)resolver->n_runs, first_place = (uint32_t)resolver->n_places;
    if (!make_room(resolver, n_runs, n)) return false;
    memcpy(resolver->runs + first_run, runs, n_runs * sizeof *runs);
    resolver->n_runs += n_runs;
    for (size_t i = 0; i < n && i < AHEAD; i++) prefetch(resolver->view, &candidates->items[i]);
    for (size_t i = 0; i < n; i++) {
        const scan_candidate *candidate = &candidates->items[i];
        prefetch(resolver->view, &candidates->items[i + AHEAD < n ? i + AHEAD : i]);
        if (candidate->kind == SCAN_CODE) add_code(resolver, candidate, first_run + candidate->run);
        else add_name(resolver, candidate, first_run + candidate->run);
    }
    const resolve_options *asked = &resolver->options;
    bool are_unknown_asked = asked->reports_unlisted || asked->is_checking || asked->is_counting;
    return !are_unknown_asked || resolve_keep_unknown(resolver, candidates, first_run, first_place);
}
