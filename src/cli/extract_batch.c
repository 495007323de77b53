/* Plain documents wait for the end of their block and are read together, which costs less than a call for each. */
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"

/* A batch knows texts and days. The address tells a day alone, where nothing else does. */
bool extract_batch_takes(const extract_worker *worker, const sm_document *document, const extract_record *record) {
    const extract_run *run = worker->run;
    if (!run->verb->has_batches || run->has_table || !record->line) return false;
    bool has_day = document->date || run->options.as_of;
    return document->format == extract_line_format(run->values) && !document->title && !document->source
           && !document->charset && (!document->url || has_day);
}

static bool reserve(extract_batch *batch) {
    if (batch->n < batch->capacity) return true;
    size_t capacity = batch->capacity ? 2 * batch->capacity : 256;
    int64_t *offsets = realloc(batch->offsets, (capacity + 1) * sizeof *offsets);
    if (offsets) batch->offsets = offsets;
    int32_t *dates = realloc(batch->dates, capacity * sizeof *dates);
    if (dates) batch->dates = dates;
    extract_record *records = realloc(batch->records, capacity * sizeof *records);
    if (records) batch->records = records;
    if (!offsets || !dates || !records) return false;
    batch->capacity = capacity;
    batch->offsets[0] = 0;
    return true;
}

/* Nobody but --rejects asks for what a record was. */
static size_t kept_len(const extract_worker *worker, const extract_record *record) {
    return worker->run->keeps_rejects ? record->len : 0;
}

void extract_batch_add(extract_worker *worker, const sm_document *document, const extract_record *record) {
    extract_batch *batch = &worker->batch;
    if (!reserve(batch) || !cli_buffer_append(&batch->texts, document->text, document->text_len)
        || !cli_buffer_append(&batch->kept, record->id, record->id_len)
        || !cli_buffer_append(&batch->kept, record->others, record->others_len)
        || !cli_buffer_append(&batch->kept, record->bytes, kept_len(worker, record))) {
        worker->block->is_out_of_memory = true;
        return;
    }
    batch->offsets[batch->n + 1] = (int64_t)batch->texts.len;
    batch->dates[batch->n] = document->date;
    batch->records[batch->n] = *record;
    batch->records[batch->n++].len = kept_len(worker, record);
}

/* Now that nothing is added any more the bytes of records stay where they are. */
static void find_records(extract_batch *batch) {
    const char *at = batch->kept.data;
    for (size_t i = 0; i < batch->n; i++) {
        extract_record *record = &batch->records[i];
        if (record->id) record->id = at;
        record->others = at + record->id_len;
        record->bytes = record->others + record->others_len;
        at = record->bytes + record->len;
    }
}

static void write_all(extract_worker *worker, const extract_batch *batch) {
    extract_block *block = worker->block;
    block->counts.n_good += batch->n;
    block->counts.n_bytes += batch->texts.len;
    extract_count_result(worker, &block->counts);
    for (size_t i = 0; i < batch->n && !block->is_out_of_memory; i++) extract_write(worker, i, &batch->records[i]);
}

/* What fails for one document fails for all: which it was is told when each is read alone. */
static void read_each(extract_worker *worker, const extract_batch *batch) {
    for (size_t i = 0; i < batch->n; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.format = extract_line_format(worker->run->values);
        document.text = batch->texts.data + batch->offsets[i];
        document.text_len = (uint64_t)(batch->offsets[i + 1] - batch->offsets[i]);
        document.date = batch->dates[i];
        extract_document_now(worker, &document, &batch->records[i]);
    }
}

void extract_batch_flush(extract_worker *worker) {
    const extract_run *run = worker->run;
    extract_batch *waiting = &worker->batch, batch = *waiting;
    if (!batch.n) return;
    waiting->n = 0; /* so that nothing below flushes them again */
    find_records(&batch);
    sm_batch given;
    sm_batch_init(&given, sizeof given);
    given.format = extract_line_format(run->values);
    given.text = batch.texts.data;
    given.offsets = batch.offsets;
    given.dates = batch.dates;
    given.n_documents = batch.n;
    if (sm_engine_extract_batch(run->engine, &given, &run->options, &worker->result, NULL) == SM_OK)
        write_all(worker, &batch);
    else read_each(worker, &batch);
    cli_buffer_empty(&waiting->texts);
    cli_buffer_empty(&waiting->kept);
}

void extract_batch_free(extract_batch *batch) {
    sm_buffer_free(&batch->texts);
    sm_buffer_free(&batch->kept);
    free(batch->offsets);
    free(batch->dates);
    free(batch->records);
}
