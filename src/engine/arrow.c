/* Documents in Arrow arrays. */
#include "engine/columns.h"

void sm_arrow_options_init(sm_arrow_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

sm_status engine_take_arrow_options(const sm_arrow_options *given, sm_arrow_options *how, sm_error *error) {
    *how = (sm_arrow_options){0};
    sm_status status = base_take_struct(how, sizeof *how, given, "how", error);
    if (status == SM_OK && how->format > SM_FORMAT_MARKDOWN)
        status = base_fail(error, SM_ERR_ARG, "how.format %u is not known; expected SM_FORMAT_…", how->format);
    if (status == SM_OK) status = engine_check_charset("how", base_slice_of(how->charset), error);
    return status;
}

static sm_status run(const sm_engine *engine, const struct ArrowSchema *schema, const struct ArrowArray *const *arrays,
                     uint64_t n_arrays, const sm_arrow_options *how, const sm_extract_options *options,
                     sm_result **result, sm_error *error) {
    const sm_allocator *allocator = &engine->allocator;
    sm_status status = SM_OK;
    if (n_arrays > SIZE_MAX / sizeof(engine_columns))
        return base_fail(error, SM_ERR_ARG, "n_arrays is %llu; expected their number", (unsigned long long)n_arrays);
    engine_columns *columns = allocator->allocate(allocator->context, (n_arrays ? n_arrays : 1) * sizeof *columns);
    if (!columns) return base_no_memory(error, "for Arrow arrays");
    for (uint64_t i = 0; i < n_arrays && status == SM_OK; i++)
        status = arrays[i] ? engine_columns_of_arrow(schema, arrays[i], how, &columns[i], error)
                           : base_fail(error, SM_ERR_ARG, "arrays[%llu] is NULL", (unsigned long long)i);
    if (status == SM_OK) status = engine_run_batch(engine, columns, n_arrays, how->n_threads, options, result, error);
    allocator->release(allocator->context, columns);
    return status;
}

sm_status sm_engine_extract_arrow(const sm_engine *engine, const struct ArrowSchema *schema,
                                  const struct ArrowArray *const *arrays, uint64_t n_arrays,
                                  const sm_arrow_options *how, const sm_extract_options *options, sm_result **result,
                                  sm_error *error) {
    sm_arrow_options full;
    sm_status status = engine && schema && result && (arrays || !n_arrays)
                           ? engine_take_arrow_options(how, &full, error)
                           : base_fail(error, SM_ERR_ARG, "engine, schema, arrays and result are needed");
    if (status == SM_OK) status = run(engine, schema, arrays, n_arrays, &full, options, result, error);
    if (status != SM_OK) engine_result_drop(engine, result, false);
    return status;
}
