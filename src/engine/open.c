#include <string.h>

#include "engine/engine.h"

/* --- Options ---------------------------------------------------------------------------------------------------------- */

void sm_engine_options_init(sm_engine_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

void sm_extract_options_init(sm_extract_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

void sm_document_init(sm_document *document, uint32_t struct_size) {
    base_init_struct(document, struct_size);
}

int32_t sm_date_parse(const char *text, uint64_t len) {
    return text ? base_date_parse((base_slice){text, (size_t)len}) : 0;
}

/* --- Engine ----------------------------------------------------------------------------------------------------------- */

sm_engine *engine_writable(const sm_engine *engine) {
    return (sm_engine *)(uintptr_t)engine;
}

const sm_engine *engine_retain(const sm_engine *engine) {
    atomic_fetch_add_explicit(&engine_writable(engine)->holds, 1, memory_order_relaxed);
    return engine;
}

void sm_engine_free(sm_engine *engine) {
    if (!engine || atomic_fetch_sub_explicit(&engine->holds, 1, memory_order_acq_rel) > 1) return;
    sm_allocator allocator = engine->allocator;
    scan_codes_free(engine->codes);
    link_sites_free(engine->sites);
    sm_dict_free(engine->dict);
    allocator.release(allocator.context, engine);
}

/* Puts the best in the place of AUTO. */
static sm_status take_kernel(uint32_t *kernel, sm_error *error) {
    char known[64] = "";
    if (*kernel == SM_KERNEL_AUTO) *kernel = base_kernel_best();
    if (base_kernel_can_run(*kernel)) return SM_OK;
    if (!base_kernel_word(*kernel))
        return base_fail(error, SM_ERR_ARG, "options.kernel %u is not known; expected SM_KERNEL_…", *kernel);
    for (uint32_t i = SM_KERNEL_C; base_kernel_word(i); i++) {
        if (!base_kernel_can_run(i)) continue;
        strcat(known, *known ? ", " : "");
        strcat(known, base_kernel_word(i));
    }
    return base_fail(error, SM_ERR_UNSUPPORTED, "the kernel %s cannot run here; expected auto or one of %s",
                     base_kernel_word(*kernel), known);
}

sm_status sm_engine_open(const sm_dict *dict, const sm_engine_options *options, sm_engine **engine, sm_error *error) {
    if (!engine) return base_fail(error, SM_ERR_ARG, "engine is NULL");
    *engine = NULL;
    sm_engine_options full = {0};
    sm_status status = base_take_struct(&full, sizeof full, options, "options", error);
    if (status == SM_OK) status = take_kernel(&full.kernel, error);
    if (status != SM_OK) return status;
    const sm_allocator *allocator = full.allocator ? full.allocator : &base_default_allocator;
    if (!allocator->allocate || !allocator->reallocate || !allocator->release)
        return base_fail(error, SM_ERR_ARG, "the allocator needs all of allocate, reallocate and release");
    sm_engine *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return base_no_memory(error, "for an engine");
    memset(made, 0, sizeof *made);
    atomic_init(&made->holds, 1);
    made->dict = dict_retain(dict ? dict : sm_dict_default());
    made->view = dict_get_view(made->dict);
    made->allocator = *allocator;
    made->kernel = full.kernel;
    for (uint32_t scope = 0; scope < RESOLVE_N_SCOPES; scope++)
        resolve_model_read(made->view, scope, &made->models[scope]);
    made->codes = scan_codes_new(made->view, &made->allocator);
    made->sites = link_sites_new(made->view, &made->allocator);
    if (!made->codes || !made->sites) {
        sm_engine_free(made);
        return base_no_memory(error, "for an engine");
    }
    *engine = made;
    return SM_OK;
}

const sm_dict *sm_engine_dict(const sm_engine *engine) {
    return engine ? engine->dict : NULL;
}

const char *sm_engine_kernel(const sm_engine *engine) {
    return engine ? base_kernel_word(engine->kernel) : NULL;
}

sm_status sm_engine_warm(const sm_engine *engine, sm_error *error) {
    if (!engine) return base_fail(error, SM_ERR_ARG, "engine is NULL");
    return scan_codes_warm(engine->codes, error);
}

/* --- Scanner ---------------------------------------------------------------------------------------------------------- */

sm_status sm_scanner_new(const sm_engine *engine, sm_scanner **scanner, sm_error *error) {
    if (!engine || !scanner) return base_fail(error, SM_ERR_ARG, "engine and scanner are needed");
    const sm_allocator *allocator = &engine->allocator;
    *scanner = NULL;
    sm_scanner *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return base_no_memory(error, "for a scanner");
    memset(made, 0, sizeof *made);
    made->engine = engine_retain(engine);
    made->candidates.allocator = allocator;
    made->reader = text_reader_new(allocator, engine->kernel);
    made->memory = scan_memory_new(allocator, engine->kernel);
    made->resolver = resolve_new(engine->view, engine->models, allocator, engine->kernel);
    size_t index_size = ((size_t)engine->view->n_securities + 1) * sizeof *made->result_index;
    made->result_index = allocator->allocate(allocator->context, index_size);
    if (!made->reader || !made->memory || !made->resolver || !made->result_index) {
        sm_scanner_free(made);
        return base_no_memory(error, "for a scanner");
    }
    memset(made->result_index, 0, index_size);
    *scanner = made;
    return SM_OK;
}

void sm_scanner_free(sm_scanner *scanner) {
    if (!scanner) return;
    const sm_engine *engine = scanner->engine;
    const sm_allocator *allocator = &engine->allocator;
    text_reader_free(scanner->reader);
    text_reader_free(scanner->title_reader);
    engine_passages_free(scanner);
    scan_memory_free(scanner->memory);
    resolve_free(scanner->resolver);
    allocator->release(allocator->context, scanner->candidates.items);
    allocator->release(allocator->context, scanner->runs);
    allocator->release(allocator->context, scanner->result_index);
    allocator->release(allocator->context, scanner->row_of);
    allocator->release(allocator->context, scanner->unlisted);
    allocator->release(allocator->context, scanner->link_securities);
    allocator->release(allocator->context, scanner->staged);
    allocator->release(allocator->context, scanner->staged_offsets);
    allocator->release(allocator->context, scanner);
    sm_engine_free(engine_writable(engine));
}
