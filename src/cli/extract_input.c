/* Which files there are, and their records in blocks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"

/* --- What comes back ------------------------------------------------------------------------------------------------- */

static void take_rejects(extract_run *run, const extract_block *block) {
    const sm_buffer *header = &run->columns.header;
    if (!block->rejects.len) return;
    if (!run->has_rejects && run->values->csv) cli_output_append(&run->rejected, header->data, header->len);
    run->has_rejects = true;
    cli_output_append(&run->rejected, block->rejects.data, block->rejects.len);
    cli_output_pass(&run->rejected);
}

/* What was written is mostly more than is gathered: then its buffer changes places with the one that is empty. */
bool extract_take_output(extract_run *run, extract_block *block) {
    sm_buffer *gathered = &run->output.buffer, *more = &block->out.buffer, kept = *gathered;
    if (kept.len) {
        cli_output_append(&run->output, more->data, (size_t)more->len);
        more->len = 0;
    } else {
        *gathered = *more;
        *more = kept;
    }
    return cli_output_pass(&run->output);
}

void extract_take(extract_run *run, extract_block *block) {
    if (!run->has_stopped) {
        extract_add_counts(&run->counts, &block->counts);
        bool goes_on = extract_take_output(run, block);
        if (block->messages.len) {
            extract_hide_progress(run);
            fwrite(block->messages.data, 1, block->messages.len, stderr);
        }
        take_rejects(run, block);
        run->is_out_of_memory |= block->is_out_of_memory;
        run->has_stopped = !goes_on || run->rejected.failure || block->is_out_of_memory;
        if (block->is_out_of_memory && !block->messages.len) cli_say(run->verb->name, "%s", cli_no_memory);
    }
    cli_buffer_empty(&block->input);
    cli_buffer_empty(&block->out.buffer);
    cli_buffer_empty(&block->messages);
    cli_buffer_empty(&block->rejects);
    block->counts = (extract_counts){0};
    block->is_done = block->is_out_of_memory = false;
    extract_show_progress(run);
}

/* --- Documents in lines ---------------------------------------------------------------------------------------------- */

static void say_failure(extract_run *run, const char *file, uint64_t line) {
    if (line) cli_say(run->verb->name, "%s:%llu: cannot be read: %s", file, (unsigned long long)line, strerror(errno));
    else cli_say(run->verb->name, "%s: cannot be read: %s", file, strerror(errno));
    run->counts.n_bad++;
}

/* Gives a block away. @return false: its file is of no use. */
static bool submit(extract_run *run, extract_block *block, const char *file, uint64_t n_lines, uint64_t n_records) {
    sm_buffer *input = &block->input;
    block->file = file;
    block->first_line = n_lines + 1;
    block->first_record = n_records; /* the header is one */
    if (n_lines == 0 && run->values->csv) {
        uint64_t n_header_lines;
        size_t len = extract_csv_header(run, file, input->data, input->len, &n_header_lines);
        if (!len) return false;
        input->len -= len;
        memmove(input->data, input->data + len, input->len);
        block->first_line += n_header_lines;
        block->first_record = 1;
    }
    extract_crew_submit(run->crew);
    return true;
}

static cli_block_status read_blocks(extract_run *run, cli_blocks *blocks, const char *file) {
    cli_block_status status = CLI_BLOCK;
    uint64_t n_lines = 0, n_records = 0, n_bytes = 0;
    while (!run->has_stopped && (status == CLI_BLOCK || status == CLI_BLOCKS_WAIT)) {
        bool waits = status == CLI_BLOCKS_WAIT;
        if (waits) { /* whoever feeds us line by line gets each answer before we wait for the next line */
            extract_crew_drain(run->crew);
            run->has_stopped |= !cli_output_flush(&run->output);
            if (run->has_stopped) break;
        }
        extract_block *block = extract_crew_block(run->crew);
        status = cli_blocks_next(blocks, waits, &block->input);
        run->done_bytes += blocks->n_bytes - n_bytes;
        if (status == CLI_BLOCK && !submit(run, block, file, n_lines, n_records)) break;
        n_lines = blocks->n_lines;
        n_records = blocks->n_records;
        n_bytes = blocks->n_bytes;
    }
    int failure = errno;
    extract_crew_drain(run->crew);
    errno = failure;
    return status;
}

static void extract_lines(extract_run *run, const char *path) {
    cli_blocks blocks;
    const char *file = cli_place_of(path);
    const extract_counts before = run->counts;
    if (!cli_blocks_open(&blocks, path, run->values->csv)) {
        say_failure(run, file, 0);
        return;
    }
    cli_block_status status = read_blocks(run, &blocks, file);
    if (status == CLI_BLOCKS_FAILED) say_failure(run, file, blocks.n_bytes ? blocks.n_lines + 1 : 0);
    bool was_read = status != CLI_BLOCKS_FAILED || blocks.n_bytes; /* a folder can be opened, but not read */
    run->has_stopped |= status == CLI_BLOCKS_INTERRUPTED;
    cli_blocks_close(&blocks);
    uint64_t n_bad = run->counts.n_bad - before.n_bad, n_all = n_bad + run->counts.n_good - before.n_good;
    if (n_bad && was_read) {
        extract_hide_progress(run);
        cli_say(run->verb->name, "%s: %llu of %llu lines bad", file, (unsigned long long)n_bad,
                (unsigned long long)n_all);
    }
}

/* --- Documents in files ---------------------------------------------------------------------------------------------- */

static void extract_file(extract_run *run, const char *path) {
    uint32_t format = run->values->format == EXTRACT_FORMAT_NOT_SAID ? (uint32_t)SM_FORMAT_AUTO : run->values->format;
    const char *id = strcmp(path, "-") == 0 ? NULL : path;
    extract_worker *worker = &run->workers[0];
    extract_block *block = extract_crew_block(run->crew);
    const extract_record record = {.id = id, .id_len = id ? strlen(id) : 0};
    sm_document document;
    worker->block = block;
    worker->passes_on = true;
    block->file = cli_place_of(path);
    if (cli_read_document(run->verb->name, path, format, run->values->charset, &block->input, &document))
        extract_document(worker, &document, &record);
    else block->counts.n_bad++;
    extract_take(run, block);
    run->has_stopped |= cli_is_interrupted();
}

static void extract_path(extract_run *run, const char *path) {
    if (run->values->is_ndjson || run->values->csv) extract_lines(run, path);
    else extract_file(run, path);
}

/* --- All of them ----------------------------------------------------------------------------------------------------- */

static void extract_listed(extract_run *run, char *at, const char *end) {
    while (at < end && !run->has_stopped) {
        char *line_end = memchr(at, '\n', (size_t)(end - at)), *next = line_end + 1;
        *line_end = '\0';
        if (line_end > at && line_end[-1] == '\r') line_end[-1] = '\0';
        if (*at && !extract_check_listed(run, at)) run->has_stopped = run->would_lose_input = true;
        else if (*at) extract_path(run, at);
        at = next;
    }
}

static void extract_list(extract_run *run, const char *path) {
    cli_blocks blocks;
    sm_buffer list = {0};
    cli_block_status status = CLI_BLOCKS_FAILED;
    bool is_open = cli_blocks_open(&blocks, path, false);
    while (is_open && !run->has_stopped && (status = cli_blocks_next(&blocks, true, &list)) == CLI_BLOCK) {
        if (list.data[list.len - 1] != '\n' && !cli_buffer_append(&list, "\n", 1)) break;
        extract_listed(run, list.data, list.data + list.len);
    }
    if (status == CLI_BLOCKS_FAILED) say_failure(run, cli_place_of(path), 0);
    run->has_stopped |= status == CLI_BLOCKS_INTERRUPTED;
    if (is_open) cli_blocks_close(&blocks);
    sm_buffer_free(&list);
}

void extract_all(extract_run *run) {
    const cli_list *files = &run->values->files;
    for (uint64_t i = 0; i < files->n && !run->has_stopped; i++) extract_path(run, files->items[i]);
    if (run->values->files_from) extract_list(run, run->values->files_from);
    else if (!files->n) extract_path(run, "-");
}
