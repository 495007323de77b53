/* The sizes of the public structs, for those who declare them anew in another language. */
#include <string.h>

#include "engine/engine.h"

uint32_t sm_struct_size(const char *name) {
    static const struct {
        const char *name;
        uint32_t size;
    } sizes[] = {
        {"error", sizeof(sm_error)},
        {"allocator", sizeof(sm_allocator)},
        {"buffer", sizeof(sm_buffer)},
        {"dict_info", sizeof(sm_dict_info)},
        {"build_options", sizeof(sm_build_options)},
        {"engine_options", sizeof(sm_engine_options)},
        {"document", sizeof(sm_document)},
        {"extract_options", sizeof(sm_extract_options)},
        {"text_piece", sizeof(sm_text_piece)},
        {"text_run", sizeof(sm_text_run)},
        {"batch", sizeof(sm_batch)},
        {"mention", sizeof(sm_mention)},
        {"candidate", sizeof(sm_candidate)},
        {"security", sizeof(sm_security)},
        {"rollup", sizeof(sm_rollup)},
        {"document_info", sizeof(sm_document_info)},
        {"finding", sizeof(sm_finding)},
        {"json_options", sizeof(sm_json_options)},
        {"arrow_options", sizeof(sm_arrow_options)},
        {"annotate_options", sizeof(sm_annotate_options)},
        {"explained_line", sizeof(sm_explained_line)},
        {"explanation", sizeof(sm_explanation)},
        {"found", sizeof(sm_found)},
        {"provider", sizeof(sm_provider)},
    };
    for (size_t i = 0; name && i < sizeof sizes / sizeof sizes[0]; i++)
        if (strcmp(sizes[i].name, name) == 0) return sizes[i].size;
    return 0;
}
