/* One document: it is read, at once or with others, and what was found is written, or why it could not be read. */
#include <stdio.h>
#include <string.h>

#include "cli/extract.h"

/* --- Messages -------------------------------------------------------------------------------------------------------- */

static void add_text(extract_worker *worker, const char *text) {
    worker->block->is_out_of_memory |= !cli_buffer_append(&worker->block->messages, text, strlen(text));
}

/* What may quote the input. */
static void add_quoting(extract_worker *worker, const char *text) {
    sm_buffer *messages = &worker->block->messages;
    uint64_t before = messages->len;
    add_text(worker, text);
    if (messages->len > before) cli_tame(messages->data + before, (size_t)(messages->len - before), '?');
}

/* "FILE: " or "FILE:LINE: " */
static void add_place(extract_worker *worker, const extract_record *record) {
    char line[32];
    snprintf(line, sizeof line, ":%llu", (unsigned long long)record->line);
    add_text(worker, worker->block->file);
    add_text(worker, record->line ? line : "");
    add_text(worker, ": ");
}

static void say_failure(extract_worker *worker, const extract_record *record, const sm_error *error) {
    add_text(worker, "stockmention ");
    add_text(worker, worker->run->verb->name);
    add_text(worker, ": ");
    add_place(worker, record);
    add_quoting(worker, cli_message_of(error));
    add_text(worker, "\n");
}

/* --- Rejects --------------------------------------------------------------------------------------------------------- */

void extract_reject(extract_worker *worker, const extract_record *record, const char *what) {
    extract_block *block = worker->block;
    extract_batch_flush(worker); /* messages come in the order of lines */
    block->counts.n_bad++;
    if (what) {
        add_place(worker, record);
        add_quoting(worker, what);
        add_text(worker, "\n");
    }
    if (!worker->run->keeps_rejects) return;
    bool has_end = record->len && record->bytes[record->len - 1] == '\n';
    block->is_out_of_memory |= !cli_buffer_append(&block->rejects, record->bytes, record->len)
                               || (!has_end && !cli_buffer_append(&block->rejects, "\n", 1));
}

void extract_fail(extract_worker *worker, const extract_record *record, const sm_error *error) {
    extract_batch_flush(worker);
    say_failure(worker, record, error);
    extract_reject(worker, record, NULL);
}

/* --- Output ---------------------------------------------------------------------------------------------------------- */

/* What is known of the record goes in front of the line's last brace; its own members in an object of their own: no key of
 * theirs can then be taken for one of ours, of now or later. */
static bool add_others(sm_buffer *out, const extract_record *record) {
    char invalid[48];
    int n = snprintf(invalid, sizeof invalid, ", \"invalid_bytes\": %llu", (unsigned long long)record->n_invalid);
    if (!record->others_len && !record->n_invalid) return true;
    out->len -= sizeof "}\n" - 1;
    return (!record->n_invalid || cli_buffer_append(out, invalid, (size_t)n))
           && (!record->others_len
               || (cli_buffer_append(out, ", \"other\": {", 12)
                   && cli_buffer_append(out, record->others, record->others_len) && cli_buffer_append(out, "}", 1)))
           && cli_buffer_append(out, "}\n", 2);
}

static int pass_on(void *worker, sm_buffer *json) {
    const extract_worker *passing = worker;
    (void)json; /* the block's own */
    return extract_take_output(passing->run, passing->block) ? 0 : -1;
}

static bool write_json(extract_worker *worker, uint64_t document, const extract_record *record, sm_error *error) {
    sm_json_options json;
    sm_buffer *out = &worker->block->out.buffer;
    sm_json_options_init(&json, sizeof json);
    json.id = record->id;
    json.id_len = record->id_len;
    json.provider = worker->run->values->provider;
    json.document = document;
    json.pass = worker->passes_on ? pass_on : NULL;
    json.pass_context = worker;
    return sm_result_json(worker->result, &json, out, error) == SM_OK && add_others(out, record);
}

/* @param source  NULL: one of a batch, which no verb with a way of its own has. */
static void write_result(extract_worker *worker, const sm_document *source, uint64_t document,
                         const extract_record *record) {
    const extract_verb *verb = worker->run->verb;
    extract_block *block = worker->block;
    sm_error error = {.status = SM_ERR_NOMEM}; /* unless it is told otherwise */
    uint64_t before = block->out.buffer.len;
    block->counts.n_with_invalid_bytes += record->n_invalid > 0;
    bool is_written = verb->write && source    ? verb->write(worker, source, record, &error)
                      : worker->run->has_table ? extract_write_table(worker, record)
                                               : write_json(worker, document, record, &error);
    if (is_written || worker->run->output.is_broken || worker->run->output.failure) return;  /* which the run tells */
    block->out.buffer.len = before < block->out.buffer.len ? before : block->out.buffer.len; /* whole lines alone */
    block->is_out_of_memory = true;
    say_failure(worker, record, &error);
}

void extract_write(extract_worker *worker, uint64_t document, const extract_record *record) {
    write_result(worker, NULL, document, record);
}

/* --- Documents ------------------------------------------------------------------------------------------------------- */

void extract_document_now(extract_worker *worker, const sm_document *document, const extract_record *record) {
    const extract_run *run = worker->run;
    extract_block *block = worker->block;
    sm_error error = {0};
    sm_status status = run->verb->read(run->engine, worker->scanner, document, &run->options, &worker->result, &error);
    if (status != SM_OK) {
        error.status = status; /* also where it says no more */
        extract_fail(worker, record, &error);
        return;
    }
    block->counts.n_good++;
    if (worker->n_to_pass) {
        worker->n_to_pass--;
        block->counts.n_resumed++;
        return;
    }
    block->counts.n_bytes += document->text_len;
    extract_count_result(worker, &block->counts);
    write_result(worker, document, 0, record);
}

/* What a charset was named for may fail, so that FILE.part need not have it. */
static bool is_passed_over(const extract_worker *worker, const sm_document *document) {
    return worker->n_to_pass && !document->charset;
}

void extract_document(extract_worker *worker, const sm_document *document, const extract_record *record) {
    if (is_passed_over(worker, document)) {
        worker->n_to_pass--;
        worker->block->counts.n_good++;
        worker->block->counts.n_resumed++;
    } else if (!worker->n_to_pass && extract_batch_takes(worker, document, record)) {
        extract_batch_add(worker, document, record);
    } else {
        extract_batch_flush(worker);
        extract_document_now(worker, document, record);
    }
}
