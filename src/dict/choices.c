/* Surfaces → the lines that their names can mean, each with how well its best name fits: what is the same for every
 * mention is worked out once. */
#include "dict/compile.h"

/* The surfaces' choices are appended one after the other; those of the surface at hand begin at `first`. */
static void add_choice(dict_builder *builder, uint32_t first, uint32_t security, int32_t score) {
    dict_array *array = &builder->section[SECTION_CHOICES];
    dict_choice *choices = array->items;
    for (size_t i = first; i < array->n; i++) {
        if (choices[i].security != security) continue;
        if (score > choices[i].score) choices[i].score = (int16_t)score;
        return;
    }
    if (array->n - first == DICT_MOST_LINES) return;
    dict_choice *added = dict_append(builder, SECTION_CHOICES, 1);
    if (added) *added = (dict_choice){.security = security, .score = (int16_t)score};
}

static void add_lines_of_name(dict_builder *builder, uint32_t first, uint32_t surface, const dict_name *name) {
    const dict_view *view = &builder->view;
    int32_t score = dict_name_score(view, surface, name);
    if (name->kind == DICT_FORMER) score += DICT_OUT_OF_TIME;
    if (name->marked) score += DICT_UNMARKED;
    for (uint32_t i = 0, n = dict_n_lines(view, name->security); i < n; i++) {
        uint32_t line = dict_line(view, name->security, i);
        if (dict_name_means(view, name, line))
            add_choice(builder, first, line, score + dict_own_name_score(view, surface, name, line));
    }
}

static bool has_days(const dict_name *name) {
    return name->kind == DICT_FORMER || name->from || name->to;
}

/* What a line's issuer goes by among the names of a surface. */
static uint32_t name_of_line(const dict_view *view, const dict_surface *surface, uint32_t security) {
    uint32_t issuer = view->securities[security].issuer, found = dict_surface_name(view, surface, 0);
    for (uint32_t i = 0; i < surface->n; i++) {
        uint32_t name = dict_surface_name(view, surface, i), of = view->names[name].security;
        if (of == security) return view->names[name].text;
        if (view->securities[of].issuer == issuer) found = name;
    }
    return view->names[found].text;
}

/* @return the first of the surface's choices, or dict_none when it has none. */
static uint32_t build_choices_of(dict_builder *builder, uint32_t index) {
    const dict_view *view = &builder->view;
    const dict_surface *surface = &view->surfaces[index];
    dict_array *array = &builder->section[SECTION_CHOICES];
    uint32_t first = (uint32_t)array->n;
    bool is_dated = false;
    for (uint32_t i = 0; i < surface->n && !builder->failed; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        add_lines_of_name(builder, first, index, name);
        is_dated |= has_days(name);
    }
    dict_choice *choices = array->items;
    for (size_t i = first; i < array->n; i++) {
        choices[i].n_more = (uint8_t)(array->n - 1 - i);
        choices[i].is_dated = is_dated;
        choices[i].name = name_of_line(view, surface, choices[i].security);
    }
    return array->n == first ? dict_none : first;
}

/* What the tables write a Latin surface with. Of AT&T Inc. only the part that is left counts; where a name reads so
 * itself, longer ones do not. */
static uint64_t writing_of(const dict_view *view, uint32_t index) {
    const dict_surface *surface = &view->surfaces[index];
    uint64_t writing = 0;
    if ((surface->flags & (DICT_SURFACE_LATIN | DICT_SURFACE_HAN)) != DICT_SURFACE_LATIN) return 0;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        if (!(surface->flags & DICT_SURFACE_DERIVED) && name->surface != index) continue;
        base_slice text = base_slice_of(dict_string(view, name->text));
        if (name->surface != index && text.len > surface->len) text.len = surface->len;
        writing |= dict_writing_of(text);
    }
    return writing;
}

void dict_build_choices(dict_builder *builder) {
    dict_view *view = &builder->view;
    dict_surface *surfaces = builder->section[SECTION_SURFACES].items;
    view->securities = builder->section[SECTION_SECURITIES].items;
    view->lines = builder->section[SECTION_LINES].items;
    view->names = builder->section[SECTION_NAMES].items;
    view->surfaces = surfaces;
    view->surface_names = builder->section[SECTION_SURFACE_NAMES].items;
    for (uint32_t i = 0; i < builder->section[SECTION_SURFACES].n && !builder->failed; i++) {
        surfaces[i].features |= writing_of(view, i);
        surfaces[i].choices = surfaces[i].line == dict_none ? build_choices_of(builder, i) : dict_none;
    }
}
