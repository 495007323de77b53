/* What must hold for any bytes as JSON lines or CSV, however they arrive: whole records come, with their lines counted; in
 * pieces they give what they give at once; each is answered by a line of JSON or refused with its place; those answers and, of
 * JSON, those refused can be read again, and are refused again.
 *
 * The first byte says whether it is CSV and what of the header is given; the second how long the pieces are. */
#include <stdio.h>
#include <unistd.h>

#include "cli/extract.h"
#include "fuzz.h"

enum { MOST_BYTES = 8192 }; /* a pipe takes as much without waiting */

/* Nothing is said. */
void cli_say(const char *verb, const char *format, ...) {
    (void)verb;
    (void)format;
}

void cli_say_error(const char *verb, const sm_error *error) {
    (void)verb;
    (void)error;
}

static const extract_verb verb = {
    .name = "extract", .read = sm_engine_extract, .has_batches = true, .count = sm_result_mention_count};

/* --- A run without files or threads ------------------------------------------------------------------------------------- */

static void open_run(extract_run *run, extract_values *values, extract_worker *worker) {
    *run = (extract_run){.verb = &verb, .values = values, .workers = worker, .n_workers = 1, .keeps_rejects = true};
    must(sm_engine_open(NULL, NULL, &run->engine, NULL) == SM_OK);
    sm_extract_options_init(&run->options, sizeof run->options);
    run->dict = sm_engine_dict(run->engine);
    worker->run = run;
    must(sm_scanner_new(run->engine, &worker->scanner, NULL) == SM_OK);
}

/* What all blocks gave. */
typedef struct answers {
    sm_buffer lines, messages, rejects;
    uint64_t n_good, n_bad;
    bool has_header;
} answers;

static void take_over(sm_buffer *from, sm_buffer *to) {
    must(cli_buffer_append(to, from->data, from->len));
    from->len = 0;
}

/* @return false: the header is of no use. */
static bool read_block(extract_worker *worker, sm_buffer *input, const cli_blocks *before, answers *all) {
    extract_block block = {
        .input = *input, .file = "x", .first_line = before->n_lines + 1, .first_record = before->n_records};
    if (worker->run->values->csv && !all->has_header) {
        uint64_t n_lines;
        size_t len = extract_csv_header(worker->run, "x", input->data, input->len, &n_lines);
        if (!len) return false;
        all->has_header = true;
        block.input.len -= len;
        memmove(block.input.data, block.input.data + len, block.input.len);
        block.first_line += n_lines;
        block.first_record = 1;
    }
    worker->block = &block;
    if (worker->run->values->csv) extract_csv_block(worker);
    else extract_ndjson_block(worker);
    extract_batch_flush(worker);
    must(!block.is_out_of_memory);
    all->n_good += block.counts.n_good;
    all->n_bad += block.counts.n_bad;
    take_over(&block.out.buffer, &all->lines);
    take_over(&block.messages, &all->messages);
    take_over(&block.rejects, &all->rejects);
    sm_buffer_free(&block.out.buffer);
    sm_buffer_free(&block.messages);
    sm_buffer_free(&block.rejects);
    return true;
}

/* --- Bytes that arrive in pieces ------------------------------------------------------------------------------------------ */

static void check_block(const sm_buffer *block, const char *expected, size_t left) {
    must(block->len && block->len <= left && memcmp(block->data, expected, block->len) == 0);
}

/* @param most  the longest piece. */
static void read_in_pieces(extract_worker *worker, const sm_buffer *bytes, size_t most, answers *all) {
    int ends[2];
    size_t n_written = 0, n_read = 0;
    sm_buffer block = {0};
    cli_blocks blocks = {.is_csv = worker->run->values->csv != NULL};
    must(pipe(ends) == 0);
    blocks.file = ends[0];
    for (cli_block_status status = CLI_BLOCKS_WAIT; status != CLI_BLOCKS_END;) {
        const cli_blocks before = blocks;
        if (status == CLI_BLOCKS_WAIT && n_written < bytes->len) {
            size_t n = bytes->len - n_written < most ? bytes->len - n_written : most;
            must(write(ends[1], bytes->data + n_written, n) == (ssize_t)n);
            n_written += n;
        }
        if (n_written == bytes->len && ends[1] >= 0) {
            close(ends[1]);
            ends[1] = -1;
        }
        status = cli_blocks_next(&blocks, false, &block);
        must(status == CLI_BLOCK || status == CLI_BLOCKS_WAIT || status == CLI_BLOCKS_END);
        if (status != CLI_BLOCK) continue;
        check_block(&block, bytes->data + n_read, bytes->len - n_read);
        n_read += block.len;
        must(n_read == bytes->len || block.data[block.len - 1] == '\n');
        if (!read_block(worker, &block, &before, all)) break;
    }
    if (ends[1] >= 0) close(ends[1]);
    must(blocks.n_bytes == n_written && (n_read == bytes->len || (blocks.is_csv && !all->has_header)));
    cli_blocks_close(&blocks);
    sm_buffer_free(&block);
}

/* --- What must hold ------------------------------------------------------------------------------------------------------- */

static uint64_t count_lines(const sm_buffer *text) {
    uint64_t n = 0;
    for (uint64_t i = 0; i < text->len; i++) n += text->data[i] == '\n';
    must(!text->len || text->data[text->len - 1] == '\n');
    return n;
}

static bool is_same(const sm_buffer *a, const sm_buffer *b) {
    return a->len == b->len && (!a->len || memcmp(a->data, b->data, a->len) == 0);
}

static void check_lines(const answers *all) {
    json_members members = {0};
    json_field field = {.key = "mentions"};
    json_fault fault;
    must(count_lines(&all->lines) == all->n_good);
    for (char *at = all->lines.data, *end = at ? at + all->lines.len : at; at < end;) {
        char *line_end = memchr(at, '\n', (size_t)(end - at));
        must(json_read_object(at, (size_t)(line_end - at), &field, 1, &members, &fault) && field.type == JSON_OTHER);
        at = line_end + 1;
    }
    free(members.items);
    must(count_lines(&all->messages) == all->n_bad);
}

static void free_answers(answers *all) {
    sm_buffer_free(&all->lines);
    sm_buffer_free(&all->messages);
    sm_buffer_free(&all->rejects);
}

static void check_rejects(extract_worker *worker, const answers *all) {
    answers again = {0};
    if (worker->run->values->csv || !all->rejects.len) return;
    must(count_lines(&all->rejects) == all->n_bad);
    read_in_pieces(worker, &all->rejects, MOST_BYTES, &again);
    must(again.n_good == 0 && again.n_bad == all->n_bad && is_same(&again.rejects, &all->rejects));
    free_answers(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const char *const headers[] = {"", "text\n", "id,text,date\n", "\"a\"\"b\",text,\xEF\xBF\xBD,format\r\n"};
    static extract_values values = {.format = EXTRACT_FORMAT_NOT_SAID};
    static extract_worker worker;
    static extract_run run;
    if (!run.engine) open_run(&run, &values, &worker);
    fuzz_input input = {bytes, len < MOST_BYTES - 64 ? len : MOST_BYTES - 64};
    uint8_t choice = fuzz_byte(&input), most = fuzz_byte(&input);
    answers whole = {0}, pieces = {0};
    sm_buffer text = {0};
    values.csv = choice % 2 ? "text" : NULL;
    if (values.csv) must(cli_buffer_append(&text, headers[choice / 2 % 4], strlen(headers[choice / 2 % 4])));
    must(cli_buffer_append(&text, (const char *)input.bytes, input.len));
    read_in_pieces(&worker, &text, MOST_BYTES, &whole);
    read_in_pieces(&worker, &text, 1 + most, &pieces);
    must(is_same(&whole.lines, &pieces.lines) && is_same(&whole.messages, &pieces.messages));
    must(is_same(&whole.rejects, &pieces.rejects) && whole.n_good == pieces.n_good && whole.n_bad == pieces.n_bad);
    check_lines(&whole);
    check_rejects(&worker, &whole);
    free_answers(&whole);
    free_answers(&pieces);
    sm_buffer_free(&text);
    return 0;
}
