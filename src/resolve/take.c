/* Which places hold: what is certain helps to score the rest of its document, neighbours in a list help each other, and the
 * leftmost longest are taken. */
#include "resolve/places.h"

enum { CERTAIN = 300 }; /* hundredths of a nat: twenty to one */

/* --- What is certain -------------------------------------------------------------------------------------------------- */

static inline void be_certain(resolve_state *resolver, uint32_t issuer, uint32_t document, bool is_certain) {
    resolver->n_certain[document] += resolve_seen_add(&resolver->issuers, issuer, document, is_certain);
}

static void note_fact(resolve_state *resolver, uint32_t document, resolve_fact fact) {
    if (fact.issuer != dict_none) be_certain(resolver, fact.issuer, document, true);
    if (fact.line != dict_none) resolve_seen_add(&resolver->seen_lines, fact.line, document, true);
}

static inline resolve_fact fact_of_link(const resolve_state *resolver, uint32_t security) {
    return (resolve_fact){resolve_issuer(resolver, security), security};
}

void resolve_add_link(resolve_state *resolver, uint32_t document, uint32_t security) {
    note_fact(resolver, document, fact_of_link(resolver, security));
}

void resolve_hear(resolve_state *resolver, uint32_t document, const resolve_facts *facts) {
    for (size_t i = 0; i < facts->n; i++) note_fact(resolver, document, facts->items[i]);
}

/* --- Scoring ---------------------------------------------------------------------------------------------------------- */

static inline bool is_certain(const resolve_place *place) {
    return place->is_taken & (place->score >= CERTAIN);
}

static inline uint32_t line_of_code(const resolve_state *resolver, const resolve_place *place, uint32_t c) {
    return dict_successor(resolver->view, resolver->codes[place->first_code + c]);
}

/* What a place that is certain says for others. */
static inline void note_if_certain(resolve_state *resolver, const resolve_place *place) {
    bool is_noted = is_certain(place);
    be_certain(resolver, place->issuer, place->document, is_noted & (place->issuer != dict_none));
    for (uint32_t c = 0; is_noted & (c < place->n_codes); c++) {
        resolve_seen_add(&resolver->seen_lines, line_of_code(resolver, place, c), place->document, true);
    }
}

static bool add_fact(const resolve_state *resolver, resolve_facts *facts, resolve_fact fact) {
    if (!base_grow(resolver->allocator, (void **)&facts->items, &facts->capacity, facts->n + 1, sizeof *facts->items))
        return false;
    facts->items[facts->n++] = fact;
    return true;
}

bool resolve_tell_link(const resolve_state *resolver, uint32_t security, resolve_facts *facts) {
    return add_fact(resolver, facts, fact_of_link(resolver, security));
}

bool resolve_tell(resolve_state *resolver, resolve_facts *facts) {
    resolve_look_first(resolver);
    for (size_t i = 0; i < resolver->n_some; i++) {
        const resolve_place *place = &resolver->places[resolver->some[i]];
        if (!is_certain(place)) continue;
        if (!add_fact(resolver, facts, (resolve_fact){place->issuer, dict_none})) return false;
        for (uint32_t c = 0; c < place->n_codes; c++)
            if (!add_fact(resolver, facts, (resolve_fact){dict_none, line_of_code(resolver, place, c)})) return false;
    }
    return true;
}

/* Of two that cross each may be what speaks of stocks elsewhere for the other, which counts for neither. */
static int32_t score_by_itself(const resolve_state *resolver, const resolve_place *place) {
    return place->score - resolve_weigh(resolver, place->features & resolve_bit(FEATURE_OTHER_MENTIONS));
}

/* Whether a place that begins inside one that was taken, and does not end before it, is meant in its stead: its own code
 * stands behind it, as in 套现3100万华懋科技(603306), or it is sure and the other hardly is. */
static bool outdoes(resolve_state *resolver, const resolve_place *holder, resolve_place *place) {
    enum { HARDLY = 200, MUCH = 250 };
    bool has_code = place->code_beside != dict_none && holder->code_beside == dict_none;
    int32_t held = score_by_itself(resolver, holder);
    if (place->is_code || holder->is_code || (!has_code && held >= HARDLY)) return false;
    if (!place->is_looked_at) resolve_look_around(resolver, place);
    return place->score >= RESOLVE_THRESHOLD && (has_code || score_by_itself(resolver, place) - held >= MUCH);
}

/* A place that ends before one that is taken is not even looked at: most are parts of longer names. Nor is one that lacks its
 * code. A name that is never to be matched is not matched in part either. */
void resolve_take(resolve_state *resolver, uint64_t documents, bool is_first) {
    size_t end = 0, never_end = 0;
    uint32_t run = dict_none;
    resolve_place *holder = NULL; /* the last that was taken */
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolve_place *place = &resolver->places[i];
        if (!(documents >> place->document & 1)) continue;
        bool is_same_run = place->run == run;
        run = place->run;
        end *= is_same_run; /* without a branch: runs are short */
        never_end *= is_same_run;
        place->is_taken = false;
        if (place->surface_flags & DICT_SURFACE_NEVER && place->end > never_end) never_end = place->end;
        if ((place->end <= never_end && !place->is_code) || !resolve_has_what_it_needs(place)) continue;
        if (place->start < end) {
            if (place->end < end || place->start == holder->start || !outdoes(resolver, holder, place)) continue;
            holder->is_taken = false;
            resolver->doubted |= (uint64_t)is_first << place->document;
        }
        if (!place->is_looked_at) resolve_look_around(resolver, place);
        resolver->some[resolver->n_some++] = i;
        place->is_taken = place->score >= RESOLVE_THRESHOLD;
        end = place->is_taken ? place->end : end;
        holder = place->is_taken ? place : holder;
        if (!place->is_taken && resolve_is_part_of_longer(place) && place->end > never_end) never_end = place->end;
    }
    /* Behind the loop: a place may have given way to one that begins after it. */
    for (size_t i = 0; is_first && i < resolver->n_some; i++)
        note_if_certain(resolver, &resolver->places[resolver->some[i]]);
}

static inline bool is_issuer_certain(const resolve_state *resolver, uint32_t issuer, uint32_t document) {
    return resolve_seen_has(&resolver->issuers, issuer, document);
}

/* Is one of the issuers certain that this place can mean? */
static bool is_any_certain(const resolve_state *resolver, const resolve_place *place) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    uint32_t n = place->is_code ? place->n_codes : surface->n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t security = place->is_code ? resolver->codes[place->first_code + i]
                                           : view->names[dict_surface_name(view, surface, i)].security;
        if (is_issuer_certain(resolver, resolve_issuer(resolver, security), place->document)) return true;
    }
    return false;
}

/* What the rest of the document says for a place, without a branch where it can mean one issuer only. */
static inline uint64_t certain_features(const resolve_state *resolver, const resolve_place *place) {
    bool is_itself = is_certain(place), has_others = resolver->n_certain[place->document] > is_itself;
    bool is_asked = has_others & !is_itself;
    bool is_elsewhere = place->issuer == dict_none ? is_asked && is_any_certain(resolver, place)
                                                   : is_issuer_certain(resolver, place->issuer, place->document);
    return (uint64_t)has_others << FEATURE_OTHER_MENTIONS
           | (uint64_t)(is_asked & is_elsewhere) << FEATURE_ISSUER_ELSEWHERE;
}

/* Most places are too far apart for a list, which is told here without a call. */
static inline bool are_neighbours(const resolve_state *resolver, const resolve_place *left,
                                  const resolve_place *right) {
    return left->run == right->run && right->start > left->end && right->start - left->end <= RESOLVE_LIST_GAP
           && resolve_are_listed(resolver, left, right);
}

_Static_assert(FEATURE_ISSUER_ELSEWHERE / 8 == FEATURE_OTHER_MENTIONS / 8, "the second look weighs them at once");

/* Adds what the second look found: features of one eight. @return whether the place holds now and did not before, or the
 * other way round. */
static inline bool change(const resolve_state *resolver, resolve_place *place, uint64_t features, uint32_t eight) {
    bool did_hold = place->score >= RESOLVE_THRESHOLD;
    place->score += resolver->model->sums[eight][(features & ~place->features) >> 8 * eight & 255];
    place->features |= features;
    return did_hold != (place->score >= RESOLVE_THRESHOLD);
}

/* Of NVDA less is asked once the document has spoken of Nvidia or $NVDA. */
static bool recognise_symbol(const resolve_state *resolver, resolve_place *place) {
    const uint64_t weak_and_elsewhere = resolve_bit(FEATURE_WEAK_CODE) | resolve_bit(FEATURE_ISSUER_ELSEWHERE);
    return (place->features & weak_and_elsewhere) == weak_and_elsewhere && resolve_may_be_symbol(resolver, place)
           && change(resolver, place, resolve_bit(FEATURE_KNOWN_SYMBOL), FEATURE_KNOWN_SYMBOL / 8);
}

static inline bool put_in_list(const resolve_state *resolver, resolve_place *place) {
    return change(resolver, place, resolve_bit(FEATURE_LIST_NEIGHBOUR), FEATURE_LIST_NEIGHBOUR / 8);
}

/* A code that holds by now speaks for the next one of its list, as a name does only once it was taken. */
static inline bool speaks_for_others(const resolve_place *place) {
    return place->is_taken | (place->is_code & place->is_looked_at & (place->score >= 0));
}

/* Of two neighbours in a list each speaks for the other, if it is taken itself. Those of some[i] are the last that was
 * taken before it, `last_taken`, and, where it is taken itself, those behind that one. */
static bool look_at_list(resolve_state *resolver, size_t last_taken, size_t i, bool are_looked_at) {
    resolve_place *right = &resolver->places[resolver->some[i]];
    bool has_changed = false;
    for (size_t k = last_taken, end = right->is_taken ? i : last_taken + 1; k < end; k++) {
        resolve_place *left = &resolver->places[resolver->some[k]];
        bool left_speaks = speaks_for_others(left);
        if (!(left_speaks | right->is_taken) || !are_neighbours(resolver, left, right)) continue;
        if (left_speaks && right->is_looked_at == are_looked_at) has_changed |= put_in_list(resolver, right);
        if (right->is_taken && left->is_looked_at == are_looked_at) has_changed |= put_in_list(resolver, left);
    }
    return has_changed;
}

uint64_t resolve_look_again(resolve_state *resolver, bool are_looked_at) {
    uint64_t changed = 0;
    uint32_t run = dict_none;
    size_t last_taken = 0, reach = 0; /* nothing from there on is a neighbour of what came before */
    for (size_t i = 0; i < resolver->n_some; i++) {
        resolve_place *place = &resolver->places[resolver->some[i]];
        bool has_changed = false;
        if (place->is_looked_at == are_looked_at) {
            has_changed = change(resolver, place, certain_features(resolver, place), FEATURE_OTHER_MENTIONS / 8);
            has_changed |= recognise_symbol(resolver, place);
        }
        reach *= place->run == run;
        run = place->run;
        if (place->start < reach) has_changed |= look_at_list(resolver, last_taken, i, are_looked_at);
        changed |= (uint64_t)has_changed << place->document;
        size_t own_reach = place->end + RESOLVE_LIST_GAP + 1;
        reach = own_reach > reach ? own_reach : reach;
        last_taken += (i - last_taken) & (0 - (size_t)speaks_for_others(place));
    }
    return changed;
}

void resolve_look_at_rest(resolve_state *resolver, uint64_t documents) {
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolver->some[resolver->n_some] = i;
        resolver->n_some += documents >> resolver->places[i].document & 1;
    }
    resolve_look_again(resolver, false);
}
