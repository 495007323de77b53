/* The names-only worker of tests/bench/growth.py: finds the names of a dictionary, without codes and without context.
 *
 *     bench_names FILE DICTIONARY          FILE has one document a line
 *
 * Says `ready SECONDS` first, the time of sm_dict_open(); then answers
 *     names     all lines, each a run of its own, on one thread    with the number of candidates
 *     whole     the whole job for all lines in one call            with the number of mentions */
#include "scan/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    const sm_dict *dict;
    sm_engine *engine;
    sm_result *result;
    scan_memory *memory;
    scan_list list;
    sm_buffer text;
    base_slice *runs;
    int64_t *offsets; /* where each line begins, and the end */
    size_t n_lines;
    sm_error error;
} bench;

static void fail(const char *what, const char *message) {
    fprintf(stderr, "bench_names: %s: %s\n", what, message);
    exit(1);
}

static void check(bench *b, sm_status status, const char *what) {
    if (status != SM_OK) fail(what, b->error.message);
}

static void find_lines(bench *b) {
    for (uint64_t i = 0; i < b->text.len; i++) b->n_lines += b->text.data[i] == '\n' || i + 1 == b->text.len;
    b->runs = malloc((b->n_lines + 1) * sizeof *b->runs);
    b->offsets = malloc((b->n_lines + 1) * sizeof *b->offsets);
    if (!b->runs || !b->offsets) fail("lines", "no memory");
    size_t n = 0;
    b->offsets[0] = 0;
    for (uint64_t i = 0; i < b->text.len; i++) {
        if (b->text.data[i] != '\n' && i + 1 != b->text.len) continue;
        b->runs[n] = (base_slice){b->text.data + b->offsets[n], (size_t)(i + 1) - (size_t)b->offsets[n]};
        b->offsets[++n] = (int64_t)i + 1;
    }
}

/* As many runs at once as the batch call scans. */
static uint64_t count_names(bench *b) {
    enum { RUNS = 64 };
    uint64_t n = 0;
    for (size_t i = 0; i < b->n_lines; i += RUNS) {
        size_t n_runs = b->n_lines - i < RUNS ? b->n_lines - i : RUNS;
        check(b,
              scan_runs(dict_get_view(b->dict), NULL, b->memory, b->runs + i, n_runs, b->text.data + b->text.len,
                        &b->list, &b->error),
              "scan_runs");
        n += b->list.n;
    }
    return n;
}

static uint64_t count_mentions(bench *b) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_TEXT;
    batch.text = b->text.data;
    batch.offsets = b->offsets;
    batch.n_documents = b->n_lines;
    check(b, sm_engine_extract_batch(b->engine, &batch, NULL, &b->result, &b->error), "sm_engine_extract_batch");
    return sm_result_mention_count(b->result);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    bench b = {.list = {.allocator = &base_default_allocator}};
    char request[64];
    if (argc != 3) {
        fputs("usage: bench_names FILE DICTIONARY\n", stderr);
        return 2;
    }
    check(&b, base_file_read(argv[1], &b.text, &b.error), argv[1]);
    if (!b.text.len) fail(argv[1], "is empty");
    find_lines(&b);
    double before = now();
    check(&b, sm_dict_open(argv[2], &b.dict, &b.error), argv[2]);
    printf("ready %.9f\n", now() - before);
    fflush(stdout);
    check(&b, sm_engine_open(b.dict, NULL, &b.engine, &b.error), "sm_engine_open");
    b.memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    if (!b.memory) fail("scan_memory_new", "no memory");
    while (fgets(request, sizeof request, stdin)) {
        request[strcspn(request, "\n")] = '\0';
        bool is_names = strcmp(request, "names") == 0;
        if (!is_names && strcmp(request, "whole") != 0) fail(request, "no such case; expected names or whole");
        printf("%llu\n", (unsigned long long)(is_names ? count_names(&b) : count_mentions(&b)));
        fflush(stdout);
    }
    base_default_allocator.release(NULL, b.list.items);
    scan_memory_free(b.memory);
    sm_result_free(b.result);
    sm_engine_free(b.engine);
    sm_dict_free(b.dict);
    sm_buffer_free(&b.text);
    free(b.runs);
    free(b.offsets);
    return 0;
}
