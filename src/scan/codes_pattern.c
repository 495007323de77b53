/* Patterns: compiled on first use, and matched; with them what a thread scans with. */
#include <stdatomic.h>
#include <stddef.h>
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

scan_memory *scan_memory_new(const sm_allocator *allocator, uint32_t kernel) {
    scan_memory *memory = allocator->allocate(allocator->context, sizeof *memory);
    if (!memory) return NULL;
    memset(memory, 0, offsetof(scan_memory, buffers));
    memory->allocator = *allocator;
    memory->kernel = scan_kernel_of(kernel);
    memory->ask_letters = scan_ask_letters_of(kernel);
    memory->general = codes_general_context(&memory->allocator);
    if (memory->general) {
        memory->match = pcre2_match_context_create(memory->general);
        memory->data = pcre2_match_data_create(MAX_GROUPS + 1, memory->general);
        memory->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, memory->general);
    }
    if (!memory->match || !memory->data) {
        scan_memory_free(memory);
        return NULL;
    }
    memory->offsets = pcre2_get_ovector_pointer(memory->data);
    pcre2_set_match_limit(memory->match, MATCH_LIMIT);
    pcre2_set_depth_limit(memory->match, DEPTH_LIMIT);
    if (memory->stack) pcre2_jit_stack_assign(memory->match, NULL, memory->stack);
    return memory;
}

void scan_memory_free(scan_memory *memory) {
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

/* Looked up once here: a search by name costs as much as a match. */
static void note_groups(codes_compiled *compiled) {
    static const char *const names[CODES_N_GROUPS] = {
        [CODES_GROUP_CODE] = "code", [CODES_GROUP_EXCHANGE] = "exchange", [CODES_GROUP_LIST] = "list"};
    for (int name = 0; name < CODES_N_GROUPS; name++) {
        PCRE2_SPTR first = NULL, last = NULL;
        int size = pcre2_substring_nametable_scan(compiled->code, (PCRE2_SPTR)names[name], &first, &last);
        compiled->groups[name] = 0;
        for (PCRE2_SPTR entry = first; size > 0 && entry <= last; entry += size)
            compiled->groups[name] |= (uint32_t)1 << (entry[0] << 8 | entry[1]);
    }
}

static sm_status compile(const codes_compiler *compiler, uint32_t notation, pcre2_code **code, sm_error *error) {
    const dict_view *view = compiler->view;
    pcre2_compile_context *context = pcre2_compile_context_create(compiler->general);
    if (!context) return base_no_memory(error, "for a pattern");
    /* Anchored here and not when matching, which JIT code could not do. */
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES;
    const char *text = dict_cell(view, DICT_NOTATIONS, notation, NOTATION_PATTERN);
    int code_of_error = 0;
    PCRE2_SIZE place = 0;
    *code = pcre2_compile((PCRE2_SPTR)text, strlen(text), options, &code_of_error, &place, context);
    pcre2_compile_context_free(context);
    if (!*code && code_of_error == PCRE2_ERROR_HEAP_FAILED) return base_no_memory(error, "for a pattern");
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
    return SM_OK;
}

/* So many characters as the pattern looks back, of four bytes at most, and one more: where a window begins the text does
 * not, and no ^ may think so. */
static size_t bytes_before(const pcre2_code *code) {
    uint32_t n_chars = 0;
    pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &n_chars);
    return n_chars < CODES_WINDOW_BEFORE / 4 ? 4 * (n_chars + 1) : CODES_WINDOW_BEFORE;
}

static sm_status make(const codes_compiler *compiler, uint32_t notation, codes_compiled **compiled, sm_error *error) {
    const sm_allocator *allocator = compiler->allocator;
    codes_compiled *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return base_no_memory(error, "for a pattern");
    sm_status status = compile(compiler, notation, &made->code, error);
    if (status != SM_OK) {
        allocator->release(allocator->context, made);
        return status;
    }
    made->match = pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE) == 0 ? pcre2_jit_match : pcre2_match;
    made->bytes_before = bytes_before(made->code);
    note_groups(made);
    *compiled = made;
    return SM_OK;
}

void codes_compiled_free(const codes_compiler *compiler, codes_compiled *compiled) {
    if (!compiled) return;
    pcre2_code_free(compiled->code);
    compiler->allocator->release(compiler->allocator->context, compiled);
}

sm_status codes_pattern_get(const codes_compiler *compiler, codes_pattern *pattern, uint32_t notation,
                            const codes_compiled **compiled, sm_error *error) {
    *compiled = atomic_load_explicit(pattern, memory_order_acquire);
    if (*compiled) return SM_OK;
    codes_compiled *mine = NULL, *theirs = NULL;
    sm_status status = make(compiler, notation, &mine, error);
    if (status != SM_OK) return status;
    if (atomic_compare_exchange_strong_explicit(pattern, &theirs, mine, memory_order_acq_rel, memory_order_acquire)) {
        *compiled = mine;
        return SM_OK;
    }
    codes_compiled_free(compiler, mine);
    *compiled = theirs;
    return SM_OK;
}

/* --- Matching ----------------------------------------------------------------------------------------------------- */

sm_status codes_pattern_match(const codes_compiled *compiled, scan_memory *memory, const codes_window *window,
                              bool *matches) {
    int rc = compiled->match(compiled->code, (PCRE2_SPTR)window->text, window->len, window->at, PCRE2_NO_UTF_CHECK,
                             memory->data, memory->match);
    *matches = rc > 0;
    return rc == PCRE2_ERROR_NOMEMORY ? SM_ERR_NOMEM : SM_OK;
}
