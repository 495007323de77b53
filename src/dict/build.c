#include "dict/tables.h"

void sm_build_options_init(sm_build_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

static sm_status check_options(const sm_build_options *options, sm_error *error) {
    if (!options->base && !options->as_of)
        return base_fail(error, SM_ERR_ARG, "options.as_of is 0; expected the day of the tables, as there is no base");
    if (options->as_of && !base_date_is_valid(options->as_of))
        return base_fail(error, SM_ERR_ARG, "options.as_of %d is no day; expected yyyymmdd, such as 20211222",
                         options->as_of);
    if (!options->base && !options->n_paths)
        return base_fail(error, SM_ERR_ARG, "options has neither a base nor paths; expected tables to build from");
    if (options->n_paths && !options->paths)
        return base_fail(error, SM_ERR_ARG, "options.paths is NULL; expected n_paths of them");
    if (options->n_paths >= UINT32_MAX)
        return base_fail(error, SM_ERR_ARG, "options.n_paths is too large; expected their number");
    for (uint64_t i = 0; i < options->n_paths; i++)
        if (!options->paths[i])
            return base_fail(error, SM_ERR_ARG,
                             "options.paths[%llu] is NULL; expected a folder of tables or a .tsv file",
                             (unsigned long long)i);
    return SM_OK;
}

/* The caller's buffer gets all of the dictionary or nothing. */
static sm_status compile_into(const dict_tables *tables, sm_buffer *compiled, sm_error *error) {
    sm_buffer file = {0};
    sm_status status = dict_compile(tables, &file, error);
    if (status == SM_OK && !compiled->data) {
        *compiled = file;
        return SM_OK;
    }
    if (status == SM_OK && !base_buffer_append(compiled, file.data, (size_t)file.len))
        status = base_no_memory(error, "for the dictionary");
    sm_buffer_free(&file);
    return status;
}

sm_status sm_dict_build(const sm_build_options *given, sm_buffer *compiled, sm_buffer *report, sm_error *error) {
    sm_build_options options = {0};
    if (!given) return base_fail(error, SM_ERR_ARG, "options is NULL; expected what sm_build_options_init() sets");
    sm_status status = base_take_struct(&options, sizeof options, given, "options", error);
    if (status == SM_OK) status = check_options(&options, error);
    if (status != SM_OK) return status;
    dict_tables tables;
    status = dict_tables_read(&options, &tables, report, error);
    if (status == SM_OK && compiled) status = compile_into(&tables, compiled, error);
    dict_tables_free(&tables);
    return status;
}
