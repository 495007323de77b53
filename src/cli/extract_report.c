/* What a run tells about itself: counts, --stats, and progress on a terminal. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/extract.h"

/* --- Counts ---------------------------------------------------------------------------------------------------------- */

void extract_count_result(const extract_worker *worker, extract_counts *counts) {
    const extract_run *run = worker->run;
    counts->n_found += run->verb->count(worker->result);
    for (uint64_t i = 0; i < sm_result_document_count(worker->result); i++) {
        const sm_document_info *document = sm_result_document_at(worker->result, i);
        counts->n_with_invalid_bytes += document->n_invalid > 0;
        counts->n_with_limits += document->limits != 0;
    }
    for (uint32_t i = 0; i <= SM_DECISION_CUT; i++) counts->n_decided[i] += sm_result_decided(worker->result, i);
    counts->n_unknown += sm_result_unknown_codes(worker->result);
}

void extract_add_counts(extract_counts *to, const extract_counts *more) {
    to->n_good += more->n_good;
    to->n_bad += more->n_bad;
    to->n_resumed += more->n_resumed;
    to->n_bytes += more->n_bytes;
    to->n_found += more->n_found;
    for (uint32_t i = 0; i <= SM_DECISION_CUT; i++) to->n_decided[i] += more->n_decided[i];
    to->n_unknown += more->n_unknown;
    to->n_with_invalid_bytes += more->n_with_invalid_bytes;
    to->n_with_limits += more->n_with_limits;
}

/* --- Progress -------------------------------------------------------------------------------------------------------- */

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* 0 where it cannot be known beforehand. */
static uint64_t find_total(const extract_values *values) {
    uint64_t total = 0;
    struct stat status;
    if (values->files_from || !values->files.n) return 0;
    for (uint64_t i = 0; i < values->files.n; i++) {
        if (stat(values->files.items[i], &status) != 0 || !S_ISREG(status.st_mode)) return 0;
        total += (uint64_t)status.st_size;
    }
    return total;
}

void extract_begin_progress(extract_run *run) {
    bool is_standard = !run->values->output || cli_target_standard(run->values->output) >= 0;
    bool shows_output = is_standard && isatty(STDOUT_FILENO); /* the two would run into each other */
    run->started = now();
    run->shown = run->started - 1; /* the first block is told at once */
    run->has_progress = isatty(STDERR_FILENO) && !shows_output;
    if (run->has_progress && (run->values->is_ndjson || run->values->csv)) run->total_bytes = find_total(run->values);
}

void extract_show_progress(extract_run *run) {
    double time = run->has_progress ? now() : 0, passed = time - run->started;
    if (!run->has_progress || time - run->shown < 0.5) return;
    run->shown = time;
    uint64_t n_documents = run->counts.n_good + run->counts.n_bad;
    double rate = (double)run->done_bytes / passed;
    fprintf(stderr, "\r%llu documents, %.0f a second, %.1f MB/s", (unsigned long long)n_documents,
            (double)n_documents / passed, rate / 1e6);
    if (run->total_bytes > run->done_bytes && rate > 0) {
        uint64_t left = (uint64_t)((double)(run->total_bytes - run->done_bytes) / rate + 0.5);
        fprintf(stderr, ", %d %%, %llu:%02d left", (int)(100 * run->done_bytes / run->total_bytes),
                (unsigned long long)left / 60, (int)(left % 60));
    }
    fputs("\x1b[K", stderr);
}

void extract_hide_progress(const extract_run *run) {
    if (run->has_progress) fputs("\r\x1b[K", stderr);
}

/* --- Statistics ------------------------------------------------------------------------------------------------------ */

static bool add_count(sm_buffer *json, const char *before, const char *key, uint64_t count) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    return cli_buffer_append(json, before, strlen(before)) && cli_buffer_json(json, key, strlen(key))
           && cli_buffer_append(json, ": ", 2) && cli_buffer_append(json, digits, (size_t)n);
}

static bool add_documents(sm_buffer *json, const extract_counts *counts) {
    return add_count(json, "{\"documents\": {", "ok", counts->n_good - counts->n_resumed)
           && add_count(json, ", ", "bad", counts->n_bad) && add_count(json, ", ", "resumed", counts->n_resumed)
           && add_count(json, ", ", "invalid_bytes", counts->n_with_invalid_bytes)
           && add_count(json, ", ", "limits", counts->n_with_limits);
}

/* Candidates that are none of the mentions, by reason. */
static bool add_rejected(sm_buffer *json, const extract_counts *counts) {
    bool is_good = true;
    for (uint32_t i = SM_DECISION_TAKEN + 1; i <= SM_DECISION_CUT && is_good; i++)
        is_good = add_count(json, i == SM_DECISION_TAKEN + 1 ? ", \"rejected\": {" : ", ", sm_decision_word(i),
                            counts->n_decided[i]);
    return is_good;
}

static bool add_ending(sm_buffer *json, const extract_run *run) {
    char text[160];
    sm_dict_info info = {.struct_size = sizeof info};
    sm_dict_describe(run->dict, &info);
    snprintf(text, sizeof text, ", \"is_whole\": %s, \"dictionary\": \"%s\", \"seconds\": %.3f}\n",
             run->has_stopped ? "false" : "true", info.version, now() - run->started);
    return cli_buffer_append(json, text, strlen(text));
}

bool extract_write_stats(const extract_run *run) {
    const extract_counts *counts = &run->counts;
    sm_buffer json = {0};
    bool is_good = add_documents(&json, counts) && add_count(&json, "}, ", "bytes", counts->n_bytes)
                   && add_count(&json, ", ", "mentions", counts->n_found) && add_rejected(&json, counts)
                   && add_count(&json, "}, ", "unknown_codes", counts->n_unknown) && add_ending(&json, run);
    if (!is_good) cli_say(run->verb->name, "%s", cli_no_memory);
    is_good = is_good && cli_write_file(run->verb->name, run->values->stats, &json);
    sm_buffer_free(&json);
    return is_good;
}
