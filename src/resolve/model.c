/* The weights of context.tsv, of one scope. */
#include <stdlib.h>

#include "resolve/resolve.h"

void resolve_model_read(const dict_view *view, uint32_t scope, resolve_model *model) {
    *model = (resolve_model){0};
    for (uint32_t i = 0; i < view->tables[DICT_CONTEXT].n_rows; i++) {
        uint32_t feature = dict_feature_find(base_slice_of(dict_cell(view, DICT_CONTEXT, i, 0)));
        const char *broad = dict_cell(view, DICT_CONTEXT, i, CONTEXT_BROAD);
        bool is_other = scope == SM_SCOPE_BROAD && broad[0];
        const char *cell = is_other ? broad : dict_cell(view, DICT_CONTEXT, i, CONTEXT_WEIGHT);
        int32_t weight = (int32_t)strtol(cell, NULL, 10);
        if (feature < DICT_N_FEATURES) model->weights[feature] = weight;
    }
    for (uint32_t feature = 0; feature < DICT_N_FEATURES; feature++)
        for (uint32_t set = 0; set < 256; set++)
            if (set >> feature % 8 & 1) model->sums[feature / 8][set] += model->weights[feature];
}
