/* What a name or code means that contradicts. Most are mentions, for which resolve has chosen already; a name that was not
 * taken because of the code beside it, or because it is a word too, means all that the tables give it to. */
#include "resolve/contradictions.h"

static const resolve_mention *find_mention(const resolve_state *resolver, const resolve_place *place) {
    size_t first = 0, end = resolver->n_mentions;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        const resolve_mention *m = &resolver->mentions[middle];
        if (m->run < place->run || (m->run == place->run && m->start < place->start)) first = middle + 1;
        else end = middle;
    }
    if (first == resolver->n_mentions) return NULL;
    const resolve_mention *found = &resolver->mentions[first];
    bool is_it = found->run == place->run && found->start == place->start && found->end == place->end;
    return is_it ? found : NULL;
}

static bool add_line(resolve_state *resolver, resolve_finding *finding, uint32_t security) {
    /* As many as anybody reads: of a name that thousands share each would be compared with all before. */
    if (finding->n_lines == DICT_MOST_LINES) return true;
    for (uint32_t i = 0; i < finding->n_lines; i++)
        if (resolver->lines[finding->first_line + i].security == security) return true;
    if (!base_grow(resolver->allocator, (void **)&resolver->lines, &resolver->lines_capacity, resolver->n_lines + 1,
                   sizeof *resolver->lines))
        return false;
    resolver->lines[resolver->n_lines++] = (resolve_line){.security = security};
    finding->n_lines++;
    return true;
}

/* The line that the name stands at, then its issuer's others. */
static bool add_lines_of(resolve_state *resolver, resolve_finding *finding, const dict_name *name) {
    const dict_view *view = resolver->view;
    const dict_security *own = &view->securities[name->security];
    if (!add_line(resolver, finding, dict_successor(view, name->security))) return false;
    for (uint32_t i = 0; i < own->n_lines; i++) {
        uint32_t line = view->lines[own->first_line + i];
        if (dict_name_means(view, name, line) && !add_line(resolver, finding, line)) return false;
    }
    return true;
}

bool contradictions_find_lines(resolve_state *resolver, const resolve_place *place, resolve_finding *finding) {
    const dict_view *view = resolver->view;
    const resolve_mention *mention = find_mention(resolver, place);
    finding->first_line = (uint32_t)resolver->n_lines;
    if (mention) {
        finding->first_line = mention->first_line;
        finding->n_lines = mention->n_lines;
        return true;
    }
    for (uint32_t i = 0; i < place->n_codes; i++)
        if (!add_line(resolver, finding, dict_successor(view, resolver->codes[place->first_code + i]))) return false;
    const dict_surface *surface = &view->surfaces[place->surface];
    for (uint32_t i = 0; !place->is_code && i < surface->n; i++)
        if (!add_lines_of(resolver, finding, &view->names[dict_surface_name(view, surface, i)])) return false;
    return true;
}
