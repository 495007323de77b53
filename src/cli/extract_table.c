#include <stdio.h>
#include <string.h>

#include "cli/extract.h"

static const char *const headers[] = {"start", "kind", "text", "security", "confidence", "url"};
enum { N_COLUMNS = sizeof headers / sizeof headers[0] };

void extract_start_text(const extract_run *run, uint32_t field, uint64_t start, uint64_t start_units, char out[64]) {
    bool is_byte = run->options.offsets == SM_OFFSETS_BYTE, is_text = field == SM_FIELD_TEXT;
    snprintf(out, 64, "%s%s%llu", is_text ? "" : sm_field_word(field), is_text ? "" : ":",
             (unsigned long long)(is_byte ? start : start_units));
}

static bool add_mention(extract_run *run, const sm_mention *mention, const sm_security *security) {
    char start[64], confidence[8];
    extract_start_text(run, mention->field, mention->start, mention->start_units, start);
    cli_fraction_text(mention->confidence, confidence);
    const char *provider = run->values->provider;
    if (provider && strcmp(provider, "all") == 0) provider = NULL;
    return cli_make_url(run->dict, security->id, provider, &run->url) && cli_table_add(&run->table, start)
           && cli_table_add(&run->table, sm_kind_word(mention->kind)) && cli_table_add(&run->table, mention->text)
           && cli_table_add(&run->table, security->id) && cli_table_add(&run->table, confidence)
           && cli_table_add(&run->table, run->url.data);
}

bool extract_add_mentions(extract_run *run) {
    uint32_t mention_stride = 0, security_stride = 0;
    const char *mentions = (const char *)sm_result_mentions(run->result, &mention_stride);
    const char *securities = (const char *)sm_result_securities(run->result, &security_stride);
    uint64_t count = sm_result_mention_count(run->result);
    if (!cli_table_begin(&run->table, N_COLUMNS, headers)) return false;
    run->table.right_aligned = 1 | 1 << 4;
    for (uint64_t i = 0; i < count; i++) {
        const sm_mention *mention = (const void *)(mentions + (size_t)i * mention_stride);
        const sm_security *security = (const void *)(securities + (size_t)mention->security * security_stride);
        if (!add_mention(run, mention, security)) return false;
    }
    return true;
}

/* "FILE:" above its table, and an empty line between two of them. */
static bool write_head(extract_run *run, const char *id, size_t id_len) {
    if (!run->has_table_heads) return true;
    if (run->n_good > 1 && !cli_output_text(&run->output, "\n")) return false;
    return !id || (cli_output_append(&run->output, id, id_len) && cli_output_text(&run->output, ":\n"));
}

bool extract_write_table(extract_run *run, const char *id, size_t id_len) {
    if (!write_head(run, id, id_len)) return false;
    if (run->verb->count(run->result) == 0) return cli_output_text(&run->output, run->verb->nothing);
    return run->verb->add_table(run) && cli_table_write(&run->table, &run->output);
}
