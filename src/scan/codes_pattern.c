#include <stdatomic.h>
#include <string.h>

#include "scan/codes.h"

/* A match in a window needs some hundred steps; a pattern that needs more has run away and does not match. */
enum {
    MATCH_LIMIT = 20000,
    DEPTH_LIMIT = 500,
    MAX_GROUPS = 31,
    JIT_STACK_START = 32 * 1024,
    JIT_STACK_MAX = 256 * 1024
};

/* --- Memory ------------------------------------------------------------------------------------------------------- */

static void *take_memory(size_t size, void *context) {
    const sm_allocator *allocator = context;
    return allocator->allocate(allocator->context, size);
}

static void give_memory(void *memory, void *context) {
    const sm_allocator *allocator = context;
    if (memory) allocator->release(allocator->context, memory);
}

pcre2_general_context *codes_general_context(sm_allocator *allocator) {
    return pcre2_general_context_create(take_memory, give_memory, allocator);
}

scan_codes_memory *scan_codes_memory_new(const sm_allocator *allocator) {
    scan_codes_memory *memory = allocator->allocate(allocator->context, sizeof *memory);
    if (!memory) return NULL;
    memset(memory, 0, sizeof *memory);
    memory->allocator = *allocator;
    memory->general = codes_general_context(&memory->allocator);
    if (memory->general) {
        memory->match = pcre2_match_context_create(memory->general);
        memory->data = pcre2_match_data_create(MAX_GROUPS + 1, memory->general);
        memory->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, memory->general);
    }
    if (!memory->match || !memory->data) {
        scan_codes_memory_free(memory);
        return NULL;
    }
    pcre2_set_match_limit(memory->match, MATCH_LIMIT);
    pcre2_set_depth_limit(memory->match, DEPTH_LIMIT);
    if (memory->stack) pcre2_jit_stack_assign(memory->match, NULL, memory->stack);
    return memory;
}

void scan_codes_memory_free(scan_codes_memory *memory) {
    if (!memory) return;
    pcre2_jit_stack_free(memory->stack);
    pcre2_match_data_free(memory->data);
    pcre2_match_context_free(memory->match);
    pcre2_general_context_free(memory->general);
    sm_allocator allocator = memory->allocator;
    allocator.release(allocator.context, memory);
}

/* --- Compiling ---------------------------------------------------------------------------------------------------- */

static sm_status fail(const dict_view *view, uint32_t notation, const char *why, sm_error *error) {
    return base_fail(error, SM_ERR_PATTERN, "notation %s: %s", dict_cell(view, DICT_NOTATIONS, notation, NOTATION_ID),
                     why);
}

static sm_status compile(const dict_view *view, pcre2_general_context *general, uint32_t notation, pcre2_code **code,
                         sm_error *error) {
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    if (!context) return base_fail(error, SM_ERR_NOMEM, "no memory for a pattern");
    /* Anchored here and not when matching, which JIT code could not do. */
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES;
    const char *text = dict_cell(view, DICT_NOTATIONS, notation, NOTATION_PATTERN);
    int code_of_error = 0;
    PCRE2_SIZE place = 0;
    *code = pcre2_compile((PCRE2_SPTR)text, strlen(text), options, &code_of_error, &place, context);
    pcre2_compile_context_free(context);
    if (!*code && code_of_error == PCRE2_ERROR_HEAP_FAILED)
        return base_fail(error, SM_ERR_NOMEM, "no memory for a pattern");
    if (!*code) {
        PCRE2_UCHAR message[200];
        pcre2_get_error_message(code_of_error, message, sizeof message);
        return fail(view, notation, (const char *)message, error);
    }
    uint32_t n_groups = 0;
    pcre2_pattern_info(*code, PCRE2_INFO_CAPTURECOUNT, &n_groups);
    if (n_groups > MAX_GROUPS) {
        pcre2_code_free(*code);
        *code = NULL;
        return fail(view, notation, "has more than 31 groups", error);
    }
    pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE); /* on failure pcre2_match() interprets */
    return SM_OK;
}

sm_status codes_pattern_get(const dict_view *view, pcre2_general_context *general, codes_pattern *pattern,
                            uint32_t notation, pcre2_code **code, sm_error *error) {
    *code = atomic_load_explicit(pattern, memory_order_acquire);
    if (*code) return SM_OK;
    pcre2_code *mine = NULL, *theirs = NULL;
    sm_status status = compile(view, general, notation, &mine, error);
    if (status != SM_OK) return status;
    if (atomic_compare_exchange_strong_explicit(pattern, &theirs, mine, memory_order_acq_rel, memory_order_acquire)) {
        *code = mine;
        return SM_OK;
    }
    pcre2_code_free(mine);
    *code = theirs;
    return SM_OK;
}

/* --- Matching ----------------------------------------------------------------------------------------------------- */

sm_status codes_pattern_match(const pcre2_code *code, scan_codes_memory *memory, const codes_window *window,
                              bool *matches) {
    int rc = pcre2_match(code, (PCRE2_SPTR)window->bytes, window->len, window->at, PCRE2_NO_UTF_CHECK, memory->data,
                         memory->match);
    *matches = rc > 0;
    return rc == PCRE2_ERROR_NOMEMORY ? SM_ERR_NOMEM : SM_OK;
}

bool codes_pattern_group(const pcre2_code *code, const scan_codes_memory *memory, const char *name, size_t *start,
                         size_t *end) {
    PCRE2_SPTR first = NULL, last = NULL;
    int size = pcre2_substring_nametable_scan(code, (PCRE2_SPTR)name, &first, &last);
    if (size <= 0) return false;
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(memory->data);
    for (PCRE2_SPTR entry = first; entry <= last; entry += size) {
        size_t group = (size_t)entry[0] << 8 | entry[1];
        if (offsets[2 * group] == PCRE2_UNSET) continue;
        *start = offsets[2 * group];
        *end = offsets[2 * group + 1];
        return true;
    }
    return false;
}
