#include <stdio.h>

#include "cli/extract.h"

static const char *const headers[] = {"start", "kind", "text", "security", "confidence", "url"};
enum { N_COLUMNS = sizeof headers / sizeof headers[0] };

void extract_start_text(const extract_run *run, uint32_t field, uint64_t start, uint64_t start_units, char out[64]) {
    bool is_byte = run->options.offsets == SM_OFFSETS_BYTE, is_text = field == SM_FIELD_TEXT;
    snprintf(out, 64, "%s%s%llu", is_text ? "" : sm_field_word(field), is_text ? "" : ":",
             (unsigned long long)(is_byte ? start : start_units));
}

static bool add_mention(extract_worker *worker, const sm_mention *mention, const sm_security *security) {
    char start[64], confidence[8];
    extract_start_text(worker->run, mention->field, mention->start, mention->start_units, start);
    cli_fraction_text(mention->confidence, confidence);
    const char *provider = worker->run->values->provider;
    return cli_make_url(worker->run->dict, security->id, provider, &worker->url) && cli_table_add(&worker->table, start)
           && cli_table_add(&worker->table, sm_kind_word(mention->kind)) && cli_table_add(&worker->table, mention->text)
           && cli_table_add(&worker->table, security->id) && cli_table_add(&worker->table, confidence)
           && cli_table_add(&worker->table, worker->url.data);
}

bool extract_add_mentions(extract_worker *worker) {
    if (!cli_table_begin(&worker->table, N_COLUMNS, headers)) return false;
    worker->table.right_aligned = 1 | 1 << 4;
    for (uint64_t i = 0; i < sm_result_mention_count(worker->result); i++) {
        const sm_mention *mention = sm_result_mention_at(worker->result, i);
        if (!add_mention(worker, mention, sm_result_security_at(worker->result, mention->security))) return false;
    }
    return true;
}

/* "FILE:" above its table, and an empty line between two of them. */
static bool write_head(extract_worker *worker, const extract_record *record) {
    cli_output *out = &worker->block->out;
    if (!worker->run->has_table_heads) return true;
    if (worker->has_written_table && !cli_output_text(out, "\n")) return false;
    worker->has_written_table = true;
    return !record->id || (cli_output_append(out, record->id, record->id_len) && cli_output_text(out, ":\n"));
}

bool extract_write_table(extract_worker *worker, const extract_record *record) {
    const extract_verb *verb = worker->run->verb;
    cli_output *out = &worker->block->out;
    if (!write_head(worker, record)) return false;
    if (verb->count(worker->result) == 0) return cli_output_text(out, verb->nothing);
    return verb->add_table(worker) && cli_table_write(&worker->table, out);
}
