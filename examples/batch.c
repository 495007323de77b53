/* Counts how often each security is named in a file, one document a line, on two threads:  batch FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stockmention.h>

/* The file as one buffer, which the library takes as it is; where its lines begin, and the end, as offsets. */
static int read_lines(FILE *file, sm_batch *batch) {
    size_t len = 0, capacity = 0, n_lines = 0;
    char *text = NULL;
    do {
        char *grown = realloc(text, capacity += 1 << 20);
        if (!grown) return free(text), 0;
        text = grown;
        len += fread(text + len, 1, capacity - len, file);
    } while (len == capacity);
    for (size_t i = 0; i < len; i++) n_lines += text[i] == '\n' || i + 1 == len;
    int64_t *offsets = calloc(n_lines + 1, sizeof *offsets), *next = offsets;
    if (!offsets) return free(text), 0;
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n' || i + 1 == len) *++next = (int64_t)i + 1;
    batch->text = text;
    batch->offsets = offsets;
    batch->n_documents = n_lines;
    return 1;
}

int main(int argc, char **argv) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    sm_error error;
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.n_threads = 2;
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : stdin;
    if (!file || !read_lines(file, &batch)) return perror(argc > 1 ? argv[1] : "stdin"), 1;
    if (sm_engine_open(NULL, NULL, &engine, &error) || sm_engine_extract_batch(engine, &batch, NULL, &result, &error))
        return fprintf(stderr, "%s\n", error.message), 1;

    uint64_t n_securities = sm_result_security_count(result);
    unsigned *counts = calloc(n_securities + 1, sizeof *counts);
    for (uint64_t i = 0; counts && i < sm_result_mention_count(result); i++)
        counts[sm_result_mention_at(result, i)->security]++;
    printf("%d documents\n", (int)sm_result_document_count(result));
    for (uint64_t i = 0; counts && i < n_securities; i++) {
        const sm_security *security = sm_result_security_at(result, i);
        if (counts[i]) printf("%4u %s %s\n", counts[i], security->id, security->name);
    }
    free(counts);
    free((void *)(uintptr_t)batch.text);
    free((void *)(uintptr_t)batch.offsets);
    return sm_result_free(result), sm_engine_free(engine), 0;
}
