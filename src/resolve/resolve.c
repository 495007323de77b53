/* The way of a wave of documents: places are looked at, paired and scored; what is certain helps to score the rest of its
 * document; then the leftmost longest that hold are taken, and each gets its line. */
#include <stdlib.h>
#include <string.h>

#include "resolve/places.h"

/* --- Memory ----------------------------------------------------------------------------------------------------------- */

enum { LONG_CODE = 5 }; /* digits, the fewest that a notation takes */

static dict_feature evidence_of(const dict_view *view, uint32_t notation) {
    const char *evidence = dict_cell(view, DICT_NOTATIONS, notation, NOTATION_EVIDENCE);
    if (strcmp(evidence, "strong") == 0) return FEATURE_STRONG_CODE;
    if (strcmp(evidence, "bracket") == 0) return FEATURE_BRACKET_CODE;
    bool is_digits = strcmp(dict_cell(view, DICT_NOTATIONS, notation, NOTATION_START), "digit") == 0;
    bool is_long = strtol(dict_cell(view, DICT_NOTATIONS, notation, NOTATION_MIN), NULL, 10) >= LONG_CODE;
    return is_digits && is_long ? FEATURE_WEAK_DIGITS : FEATURE_WEAK_CODE;
}

resolve_state *resolve_new(const dict_view *view, const resolve_model *models, const sm_allocator *allocator,
                           uint32_t kernel) {
    resolve_state *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return NULL;
    *made = (resolve_state){.view = view, .models = models, .model = models, .allocator = allocator, .kernel = kernel};
    uint32_t n_notations = view->tables[DICT_NOTATIONS].n_rows;
    made->code_features = allocator->allocate(allocator->context, n_notations + 1);
    bool are_open = resolve_seen_open(&made->issuers, allocator, view->n_securities)
                    && resolve_seen_open(&made->seen_lines, allocator, view->n_securities);
    if (!are_open || !made->code_features) {
        resolve_free(made);
        return NULL;
    }
    resolve_market_bytes_read(view->market_bytes, &made->market_bytes);
    for (uint32_t i = 0; i < n_notations; i++) made->code_features[i] = (uint8_t)evidence_of(view, i);
    return made;
}

void resolve_free(resolve_state *resolver) {
    if (!resolver) return;
    const sm_allocator *allocator = resolver->allocator;
    void *const blocks[] = {resolver->runs,          resolver->places,       resolver->some,
                            resolver->codes,         resolver->mentions,     resolver->beside,
                            resolver->lines,         resolver->issuers.far,  resolver->seen_lines.far,
                            resolver->unknown,       resolver->findings,     resolver->market_words,
                            resolver->code_features, resolver->explanations, resolver};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
}

/* --- A wave ------------------------------------------------------------------------------------------------------------ */

void resolve_begin(resolve_state *resolver, const resolve_options *options, uint32_t n_documents) {
    resolver->options = *options;
    resolver->model = &resolver->models[options->scope];
    resolver->n_runs = resolver->n_places = resolver->n_codes = resolver->n_mentions = resolver->n_lines = 0;
    resolver->n_some = resolver->n_unknown = resolver->n_reported = resolver->n_findings = 0;
    resolver->market_run = dict_none;
    resolver->doubted = 0;
    for (uint32_t i = 0; i < n_documents; i++) resolver->n_certain[i] = 0;
    resolve_seen_begin(&resolver->issuers, resolver->view->n_securities);
    resolve_seen_begin(&resolver->seen_lines, resolver->view->n_securities);
}

void resolve_look_first(resolve_state *resolver) {
    resolve_pair_codes(resolver);
    resolve_look_beside(resolver);
    resolve_take(resolver, UINT64_MAX, true);
}

sm_status resolve_finish(resolve_state *resolver) {
    if (resolver->n_places + resolver->n_unknown == 0) return SM_OK;
    resolve_look_first(resolver);
    uint64_t changed = resolve_look_again(resolver, true) | resolver->doubted;
    if (changed) { /* places in others that were taken are looked at now that some of those may not hold */
        resolve_look_at_rest(resolver, changed);
        resolve_take(resolver, changed, false);
    }
    if (!resolve_add_mentions(resolver)) return SM_ERR_NOMEM;
    return !resolver->options.is_checking || resolve_check(resolver) ? SM_OK : SM_ERR_NOMEM;
}

static void give_back(resolve_state *resolver, void **items, size_t *capacity, size_t item_size) {
    base_give_back(resolver->allocator, items, capacity, 0, item_size);
}

void resolve_forget_places(resolve_state *resolver) {
    give_back(resolver, (void **)&resolver->places, &resolver->places_capacity, sizeof *resolver->places);
    give_back(resolver, (void **)&resolver->beside, &resolver->beside_capacity, sizeof *resolver->beside);
    give_back(resolver, (void **)&resolver->some, &resolver->some_capacity, sizeof *resolver->some);
    give_back(resolver, (void **)&resolver->codes, &resolver->codes_capacity, sizeof *resolver->codes);
    resolver->n_places = resolver->n_some = resolver->n_codes = 0;
}

void resolve_forget(resolve_state *resolver) {
    resolve_forget_places(resolver);
    give_back(resolver, (void **)&resolver->runs, &resolver->runs_capacity, sizeof *resolver->runs);
    give_back(resolver, (void **)&resolver->mentions, &resolver->mentions_capacity, sizeof *resolver->mentions);
    give_back(resolver, (void **)&resolver->lines, &resolver->lines_capacity, sizeof *resolver->lines);
    resolver->n_runs = resolver->n_mentions = resolver->n_lines = 0;
}

const resolve_mention *resolve_mentions(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_mentions;
    return resolver->mentions;
}

const resolve_line *resolve_lines(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_lines;
    return resolver->lines;
}

const resolve_finding *resolve_findings(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_findings;
    return resolver->findings;
}

const resolve_run *resolve_runs(const resolve_state *resolver) {
    return resolver->runs;
}
