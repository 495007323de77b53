/* Places that were taken become mentions. */
#include "resolve/places.h"

uint32_t resolve_name_row(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    uint32_t fallback = dict_surface_name(view, surface, 0);
    for (uint32_t i = 0; i < surface->n; i++) {
        uint32_t name = dict_surface_name(view, surface, i);
        if (view->names[name].security == security) return name;
        if (resolve_issuer(resolver, view->names[name].security) == resolve_issuer(resolver, security)) fallback = name;
    }
    return fallback;
}

/* The name that the chosen line's issuer goes by here; of a code, the code. */
static uint32_t name_of(const resolve_state *resolver, const resolve_place *place, uint32_t security, uint32_t then) {
    const dict_view *view = resolver->view;
    if (place->is_code) return view->securities[then].code;
    const dict_surface *surface = &view->surfaces[place->surface];
    if (surface->name != dict_none) return surface->name;
    if (surface->choices != dict_none)
        for (const dict_choice *choice = &view->choices[surface->choices];; choice++) {
            if (choice->security == security) return choice->name;
            if (!choice->n_more) break;
        }
    return view->names[resolve_name_row(resolver, place, security)].text;
}

/* The line that had this one's place on the as-of day, such as XNAS:FB before XNAS:META. */
static uint32_t line_then(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    const dict_view *view = resolver->view;
    for (uint32_t i = 0; i < place->n_codes; i++) {
        uint32_t code = resolver->codes[place->first_code + i];
        if (code != security && dict_successor(view, code) == security) return code;
    }
    return resolver->as_of ? dict_line_on(view, security, resolver->as_of) : security;
}

static bool add_mention(resolve_state *resolver, const resolve_place *place, uint16_t confidence) {
    uint32_t first, n;
    if (!resolve_choose_lines(resolver, place, &first, &n)) return false;
    if (n == 0) return true;
    if (!base_grow(resolver->allocator, (void **)&resolver->mentions, &resolver->mentions_capacity,
                   resolver->n_mentions + 1, sizeof *resolver->mentions))
        return false;
    uint32_t security = resolver->lines[first].security, then = line_then(resolver, place, security);
    uint64_t evidence = (place->features & DICT_FEATURE_BITS) | resolver->lines[first].evidence;
    if (then != security) evidence |= resolve_bit(FEATURE_SUCCESSOR);
    resolver->mentions[resolver->n_mentions++] = (resolve_mention){
        .run = place->run,
        .kind = place->is_code ? SM_KIND_CODE : SM_KIND_NAME,
        .role = resolve_role(resolver, place),
        .start = place->start,
        .end = place->end,
        .name = name_of(resolver, place, security, then),
        .security = security,
        .then = then,
        .first_line = first,
        .n_lines = n,
        .confidence = confidence,
        .evidence = evidence,
    };
    return true;
}

void resolve_enter_document(resolve_state *resolver, const resolve_place *place) {
    resolver->document = place->document;
    resolver->as_of = resolver->runs[place->run].as_of;
}

/* Told apart before they are gone over, without a branch. */
static void choose_taken(resolve_state *resolver) {
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolver->some[resolver->n_some] = i;
        resolver->n_some += resolver->places[i].is_taken;
    }
}

bool resolve_add_mentions(resolve_state *resolver) {
    choose_taken(resolver);
    for (size_t i = 0; i < resolver->n_some; i++) {
        const resolve_place *place = &resolver->places[resolver->some[i]];
        uint16_t confidence = resolve_probability(place->score);
        resolve_enter_document(resolver, place);
        if (confidence >= resolver->options.min_confidence && !add_mention(resolver, place, confidence)) return false;
    }
    return !resolver->options.reports_unlisted || !resolver->n_unknown || resolve_report_unknown(resolver);
}
