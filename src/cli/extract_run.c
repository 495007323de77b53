/* A verb's run from its arguments to its exit status: options, workers and output files are opened, used and closed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/extract.h"

/* --- Beginning ------------------------------------------------------------------------------------------------------- */

static void set_options(extract_run *run) {
    const extract_values *values = run->values;
    sm_extract_options_init(&run->options, sizeof run->options);
    run->options.as_of = values->as_of;
    run->options.scope = values->scope;
    run->options.offsets = values->offsets;
    run->options.min_confidence = values->min_confidence;
    run->options.unlisted = values->reports_unlisted;
    run->options.counts = values->stats != NULL;
    run->options.prefer = (const char *const *)values->prefer.items;
    run->options.n_prefer = values->prefer.n;
    run->options.only = (const char *const *)values->only.items;
    run->options.n_only = values->only.n;
    run->options.exclude = (const char *const *)values->exclude.items;
    run->options.n_exclude = values->exclude.n;
    run->options.skip = (const char *const *)values->skip.items;
    run->options.n_skip = values->skip.n;
    run->options.max_mentions = values->max_mentions;
    run->options.max_bytes = values->max_bytes;
    run->options.max_steps = values->max_steps;
    run->options.context_bytes = values->context_bytes < UINT32_MAX ? (uint32_t)values->context_bytes : UINT32_MAX;
    run->options.max_depth = (uint32_t)values->max_depth;
}

/* An empty document is read first, so that a wrong option is told before any input is waited for. */
static bool open_worker(extract_run *run, extract_worker *worker, sm_error *error) {
    sm_document empty;
    worker->run = run;
    sm_document_init(&empty, sizeof empty);
    empty.text = "";
    empty.charset = run->values->charset;
    empty.charset_len = empty.charset ? strlen(empty.charset) : 0;
    return sm_scanner_new(run->engine, &worker->scanner, error) == SM_OK
           && run->verb->read(run->engine, worker->scanner, &empty, &run->options, &worker->result, error) == SM_OK;
}

static bool open_run(extract_run *run) {
    sm_error error = {.status = SM_ERR_NOMEM};
    sm_engine_options opening;
    sm_engine_options_init(&opening, sizeof opening);
    opening.kernel = run->values->kernel;
    set_options(run);
    run->n_workers = run->values->n_threads ? (uint32_t)run->values->n_threads : 1;
    if (!cli_open_dict(run->verb->name, run->values->dict, &run->dict)) return false;
    if (!cli_check_provider(run->verb->name, run->dict, run->values->provider)) return false;
    run->workers = calloc(run->n_workers, sizeof *run->workers);
    bool is_open = run->workers && sm_engine_open(run->dict, &opening, &run->engine, &error) == SM_OK;
    for (uint32_t i = 0; is_open && i < run->n_workers; i++) is_open = open_worker(run, &run->workers[i], &error);
    if (is_open && !extract_check_charset(run)) return false;
    if (is_open && (run->crew = extract_crew_new(run))) return true;
    cli_say_error(run->verb->name, &error);
    return false;
}

static bool open_file(const extract_run *run, cli_part *part, cli_output *output, const char *path, bool goes_on) {
    if (!path) return true;
    bool is_open = cli_part_open(part, path, goes_on);
    part->can_be_resumed = true;
    if (!is_open) {
        const char *name = part->part_path.len ? part->part_path.data : part->path;
        cli_say(run->verb->name, "%s: cannot be written: %s", name, strerror(part->failure));
        cli_part_close(part, false);
        return false;
    }
    output->file = part->file;
    output->path = part->path;
    return true;
}

/* Of a file that cannot be read closing it tells. */
static bool resume(extract_run *run) {
    sm_buffer last = {0};
    bool is_good = cli_part_find_lines(&run->part, &run->workers[0].n_to_pass, &last) && extract_can_resume(run, &last)
                   && cli_part_cut(&run->part);
    sm_buffer_free(&last);
    return is_good;
}

/* What is resumed meets every bad line again, so that rejects are written anew. */
static bool open_files(extract_run *run) {
    const extract_values *values = run->values;
    run->keeps_rejects = values->rejects;
    return open_file(run, &run->part, &run->output, values->output, values->resumes)
           && (!values->resumes || resume(run))
           && open_file(run, &run->rejects, &run->rejected, values->rejects, false);
}

/* --- Ending ---------------------------------------------------------------------------------------------------------- */

/* @return `status`, or CLI_BAD after saying what could not be written. */
static int close_file(const extract_run *run, cli_part *part, cli_output *output, bool is_whole, int status) {
    if (!output->path) return status;
    is_whole &= !output->failure;
    status = cli_output_close(output, run->verb->name, status);
    is_whole &= !output->failure;
    if (cli_part_close(part, is_whole)) return status;
    cli_say(run->verb->name, "%s: cannot be written: %s", part->path, strerror(errno));
    return status == CLI_WRONG ? CLI_WRONG : CLI_BAD;
}

static void free_worker(extract_worker *worker) {
    extract_batch_free(&worker->batch);
    cli_table_free(&worker->table);
    sm_buffer_free(&worker->url);
    sm_buffer_free(&worker->others);
    sm_buffer_free(&worker->utf8);
    free(worker->members.items);
    free(worker->cells);
    sm_result_free(worker->result);
    sm_scanner_free(worker->scanner);
}

static int close_run(extract_run *run, int status) {
    bool is_whole = !run->has_stopped && status != CLI_WRONG;
    extract_crew_free(run->crew);
    if (run->values->output) status = close_file(run, &run->part, &run->output, is_whole, status);
    else status = cli_output_close(&run->output, run->verb->name, status);
    status = close_file(run, &run->rejects, &run->rejected, !run->would_lose_input, status);
    for (uint32_t i = 0; run->workers && i < run->n_workers; i++) free_worker(&run->workers[i]);
    free(run->workers);
    extract_columns_free(&run->columns);
    sm_engine_free(run->engine);
    sm_dict_free(run->dict);
    return status;
}

/* Says how far it came, where that is not to the end. */
static int end_input(extract_run *run) {
    const char *why = run->output.is_broken ? "nobody reads the output any more" : "interrupted";
    const extract_counts *counts = &run->counts;
    bool is_cut = cli_is_interrupted() || run->output.is_broken;
    extract_hide_progress(run);
    if (run->has_stopped && is_cut)
        cli_say(run->verb->name, "%s; %llu documents were done%s", why, (unsigned long long)counts->n_good,
                run->part.part_path.len ? ", with --resume the next run goes on behind them" : "");
    if (!run->has_stopped && run->workers[0].n_to_pass) {
        cli_say(run->verb->name,
                "%s: has %llu lines more than the input has documents; resume with the input that it was begun with",
                run->part.part_path.data, (unsigned long long)run->workers[0].n_to_pass);
        run->has_stopped = true;
        return CLI_WRONG;
    }
    if (run->would_lose_input) return CLI_WRONG;
    if (run->is_out_of_memory || (run->has_stopped && cli_is_interrupted())) return CLI_BAD;
    if (counts->n_bad == 0) return counts->n_found ? run->verb->status_when_found : CLI_DONE;
    return counts->n_good ? CLI_BAD : CLI_WRONG;
}

/* --- The run --------------------------------------------------------------------------------------------------------- */

static int run_through(extract_run *run) {
    if (!open_run(run) || !open_files(run)) return CLI_WRONG;
    const extract_values *values = run->values;
    run->has_table_heads = values->files.n > 1 || values->files_from || values->is_ndjson || values->csv;
    cli_interrupt_watch();
    extract_begin_progress(run);
    extract_all(run);
    if (!run->has_stopped && run->verb->finish && !run->verb->finish(run))
        run->has_stopped = run->is_out_of_memory = true;
    int status = end_input(run);
    if (values->stats && !run->would_lose_input && !extract_write_stats(run) && status != CLI_WRONG) status = CLI_BAD;
    return status;
}

/* What does not go together, and what to do about it; NULL where all does.
 * @param has_urls  a table of mentions is shown, which has their URLs. */
static const char *find_conflict(const extract_values *values, bool has_urls) {
    const bool has_lines = values->is_ndjson || values->csv;
    const struct {
        bool is_so;
        const char *what;
    } conflicts[] = {
        {values->is_json && values->is_table, "--json and --table exclude each other; leave one of them out"},
        {values->is_ndjson && values->csv, "--ndjson and --csv exclude each other; leave one of them out"},
        {values->output && values->is_table, "-o writes JSON lines; leave --table out, or redirect the table"},
        {values->resumes && !values->output, "--resume goes on with a file; say which one with -o FILE"},
        {values->n_threads > 1 && !has_lines, "--threads is for --ndjson and --csv; say which of them the input is"},
        {values->n_threads > 1 && values->is_table, "--threads is for JSON lines; leave --table out"},
        {values->n_threads > EXTRACT_MOST_THREADS, "--threads is 1024 at most; say fewer"},
        {values->max_depth > EXTRACT_MOST_DEPTH, "--max-depth is 65536 at most; say less, or leave it out"},
        {values->rejects && !has_lines, "--rejects is for --ndjson and --csv; say which of them the input is"},
        {has_urls && cli_is_all(values->provider), cli_no_table_of_all},
    };
    for (size_t i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++)
        if (conflicts[i].is_so) return conflicts[i].what;
    return NULL;
}

int extract_with(const extract_verb *verb, const extract_values *values, void *own) {
    bool writes_elsewhere = values->is_json || values->output || values->n_threads > 1;
    bool has_table = values->is_table || (!writes_elsewhere && isatty(STDOUT_FILENO));
    const char *conflict = find_conflict(values, has_table && verb->add_table == extract_add_mentions);
    if (conflict) cli_say(verb->name, "%s", conflict);
    if (conflict) return CLI_WRONG;
    extract_run run = {.verb = verb, .own = own, .values = values, .has_table = has_table};
    int status = extract_check_files(&run) ? close_run(&run, run_through(&run)) : CLI_WRONG;
    extract_free_outputs(&run);
    return status;
}

void extract_free_values(extract_values *values) {
    cli_list_free(&values->prefer);
    cli_list_free(&values->only);
    cli_list_free(&values->exclude);
    cli_list_free(&values->skip);
    cli_list_free(&values->files);
}

int extract_main(const extract_verb *verb, const cli_usage *usage, int argc, char **argv) {
    extract_values values = {.format = EXTRACT_FORMAT_NOT_SAID};
    cli_parse_status parsed = cli_options_parse(usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? extract_with(verb, &values, NULL) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    extract_free_values(&values);
    return status;
}
