/* Why each candidate of a document is a mention or is none, in the words of the header. */
#include <string.h>

#include "engine/engine.h"

typedef struct explaining {
    const sm_scanner *scanner;
    const dict_view *view;
    const engine_options *options;
    sm_result *result;
    size_t first_line;     /* of resolve: the first that explanations have */
    uint32_t n_before;     /* explanations of the result before those of this wave … */
    uint32_t lines_before; /* … and their lines */
    size_t next_mention;   /* of the result: those before it have been met */
} explaining;

int32_t sm_engine_weight(const sm_engine *engine, uint32_t scope, uint32_t bit) {
    bool has_one = engine && scope < RESOLVE_N_SCOPES && bit < DICT_N_FEATURES;
    return has_one ? engine->models[scope].weights[bit] : 0;
}

static bool make_room(sm_result *result, engine_array *array, size_t n, size_t item_size) {
    return n <= ENGINE_MOST_ITEMS
           && base_grow(&result->engine->allocator, &array->items, &array->capacity, n, item_size);
}

/* The row of a table that says what was matched. */
static void tell_row(const explaining *e, const resolve_explanation *from, sm_explanation *out) {
    static const char *const kinds[] = {[DICT_SHORT] = "short",
                                        [DICT_FULL] = "full",
                                        [DICT_ENGLISH] = "english",
                                        [DICT_ALIAS] = "alias",
                                        [DICT_FORMER] = "former"};
    const dict_view *view = e->view;
    const sm_explained_line *lines = e->result->explained_lines.items;
    out->surface = out->notation = out->name = out->name_kind = out->name_security = "";
    if (from->surface != dict_none) out->surface = dict_string(view, view->surfaces[from->surface].text);
    if (from->notation != dict_none) {
        out->notation = dict_cell(view, DICT_NOTATIONS, from->notation, NOTATION_ID);
        if (from->n_lines) out->name = strchr(lines[out->first_line].security, ':') + 1;
    }
    if (from->name == dict_none) return;
    const dict_name *name = &view->names[from->name];
    out->name = dict_string(view, name->text);
    out->name_kind = kinds[name->kind];
    out->name_security = dict_string(view, view->securities[name->security].id);
}

static bool tell_place(explaining *e, const resolve_explanation *from, sm_explanation *out) {
    const engine_run *run = &e->scanner->runs[from->run];
    const resolve_run *text = &resolve_runs(e->scanner->resolver)[from->run];
    size_t start, end;
    engine_place(run, from->start, from->end, &start, &end);
    out->start = start;
    out->end = end;
    out->field = run->field;
    out->region = text->region;
    out->text = base_arena_copy(&e->result->arena, text->text.bytes + from->start, from->end - from->start);
    return out->text != NULL;
}

/* Mentions that were no candidates: links, and codes that no table has. */
static bool is_of_no_candidate(const sm_result *result, const sm_mention *mention) {
    const sm_security *securities = result->securities.items;
    return mention->kind == SM_KIND_LINK || securities[mention->security].status == SM_SECURITY_UNKNOWN;
}

/* What was taken is a mention, in the same order, unless the caller's options left it out. */
static uint32_t tell_decision(explaining *e, const resolve_explanation *from, const sm_explanation *out) {
    const sm_mention *mentions = e->result->mentions.items;
    if (from->decision != SM_DECISION_TAKEN) return from->decision;
    size_t at = e->next_mention;
    while (at < e->result->mentions.n && is_of_no_candidate(e->result, &mentions[at])) at++;
    e->next_mention = at;
    if (at < e->result->mentions.n && mentions[at].field == out->field && mentions[at].start == out->start
        && mentions[at].end == out->end) {
        e->next_mention++;
        return SM_DECISION_TAKEN;
    }
    const resolve_line *lines = resolve_lines(e->scanner->resolver, &at);
    return engine_is_chosen(e->options, lines[from->first_line].security) ? SM_DECISION_CUT : SM_DECISION_UNWANTED;
}

static bool explain_one(explaining *e, const resolve_explanation *from, sm_explanation *out) {
    *out = (sm_explanation){.kind = from->kind,
                            .over = from->over == dict_none ? dict_none : e->n_before + from->over,
                            .score = from->score,
                            .threshold = RESOLVE_THRESHOLD,
                            .confidence = from->confidence,
                            .features = from->features,
                            .first_line = e->lines_before + from->first_line - (uint32_t)e->first_line,
                            .n_lines = from->n_lines};
    tell_row(e, from, out);
    if (!tell_place(e, from, out)) return false;
    out->decision = tell_decision(e, from, out);
    return true;
}

/* Those of the explanations alone: the lines of the mentions stand before them. */
static bool explain_lines(const explaining *e) {
    size_t n, first = e->first_line;
    const resolve_line *lines = resolve_lines(e->scanner->resolver, &n);
    engine_array *array = &e->result->explained_lines;
    if (!make_room(e->result, array, array->n + (n - first), sizeof(sm_explained_line))) return false;
    sm_explained_line *out = (sm_explained_line *)array->items + array->n;
    for (size_t i = 0; i < n - first; i++) {
        const resolve_line *line = &lines[first + i];
        out[i] = (sm_explained_line){.security = dict_string(e->view, e->view->securities[line->security].id),
                                     .features = line->evidence,
                                     .score = line->score,
                                     .confidence = line->confidence};
    }
    array->n += n - first;
    return true;
}

bool engine_explain(sm_scanner *scanner, sm_result *result, const engine_options *options, size_t first) {
    engine_array *array = &result->explanations;
    explaining e = {.scanner = scanner,
                    .view = scanner->engine->view,
                    .options = options,
                    .result = result,
                    .n_before = (uint32_t)array->n,
                    .lines_before = (uint32_t)result->explained_lines.n,
                    .next_mention = first};
    size_t n;
    const resolve_explanation *from = resolve_explain(scanner->resolver, &n);
    if (!from) return false;
    if (n == 0) return true;
    e.first_line = from->first_line;
    if (!explain_lines(&e) || !make_room(result, array, array->n + n, sizeof(sm_explanation))) return false;
    for (size_t i = 0; i < n; i++, array->n++)
        if (!explain_one(&e, &from[i], (sm_explanation *)array->items + array->n)) return false;
    return true;
}
