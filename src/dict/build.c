#include <string.h>

#include "dict/tables.h"

void sm_build_options_init(sm_build_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

/* A caller's options may be of an older or a newer version: what it does not have is 0, what we do not know must be. */
static sm_status read_options(const sm_build_options *given, sm_build_options *options, sm_error *error) {
    if (!given) return base_fail(error, SM_ERR_ARG, "options is NULL");
    size_t size = given->struct_size;
    if (size < sizeof given->struct_size)
        return base_fail(error, SM_ERR_ARG, "options.struct_size is %zu; expected what sm_build_options_init() sets",
                         size);
    for (size_t i = sizeof *options; i < size; i++)
        if (((const unsigned char *)given)[i])
            return base_fail(error, SM_ERR_ARG, "options has a field that this version does not know, at byte %zu", i);
    memset(options, 0, sizeof *options);
    memcpy(options, given, size < sizeof *options ? size : sizeof *options);
    return SM_OK;
}

static sm_status check_options(const sm_build_options *options, sm_error *error) {
    if (!options->base && !options->as_of)
        return base_fail(error, SM_ERR_ARG, "options.as_of is 0; expected the day of the tables, as there is no base");
    if (options->as_of && !base_date_is_valid(options->as_of))
        return base_fail(error, SM_ERR_ARG, "options.as_of %d is no day; expected yyyymmdd, such as 20211222",
                         options->as_of);
    if (!options->base && !options->n_paths)
        return base_fail(error, SM_ERR_ARG, "options has neither a base nor paths; expected tables to build from");
    if (options->n_paths && !options->paths) return base_fail(error, SM_ERR_ARG, "options.paths is NULL");
    if (options->n_paths >= UINT32_MAX) return base_fail(error, SM_ERR_ARG, "options.n_paths is too large");
    for (uint64_t i = 0; i < options->n_paths; i++)
        if (!options->paths[i])
            return base_fail(error, SM_ERR_ARG, "options.paths[%llu] is NULL", (unsigned long long)i);
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
    sm_build_options options;
    sm_status status = read_options(given, &options, error);
    if (status == SM_OK) status = check_options(&options, error);
    if (status != SM_OK) return status;
    dict_tables tables;
    status = dict_tables_read(&options, &tables, report, error);
    if (status == SM_OK && compiled) status = compile_into(&tables, compiled, error);
    dict_tables_free(&tables);
    return status;
}
