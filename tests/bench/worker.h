/* What the workers of this bench share, ours and those of other libraries; C and C++. A worker says `ready SECONDS`, then
 * answers each line of standard input with one line. */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DOCUMENTS_PADDING = 128 };

/* A file of documents, one a line. */
typedef struct documents {
    char *text; /* with DOCUMENTS_PADDING zeros behind it */
    size_t len;
    int64_t *offsets; /* where each begins, and the end; its newline belongs to a document */
    size_t n;
} documents;

static inline void fail(const char *what, const char *message) {
    fprintf(stderr, "%s: %s\n", what, message);
    exit(1);
}

static inline void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory) fail("malloc", "no memory");
    return memory;
}

static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline void say_ready(double since) {
    printf("ready %.9f\n", now() - since);
    fflush(stdout);
}

/* Reads a request into `request`, of 64 bytes. @return 0 at the end. */
static inline int next_request(char *request) {
    if (!fgets(request, 64, stdin)) return 0;
    request[strcspn(request, "\n")] = '\0';
    return 1;
}

static inline documents read_documents(const char *path) {
    documents all = {NULL, 0, NULL, 0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path, "cannot be read");
    long len = ftell(file);
    if (len <= 0 || fseek(file, 0, SEEK_SET) != 0) fail(path, "is empty or no file");
    all.len = (size_t)len;
    all.text = (char *)allocate(all.len + DOCUMENTS_PADDING);
    memset(all.text + all.len, 0, DOCUMENTS_PADDING);
    if (fread(all.text, 1, all.len, file) != all.len) fail(path, "cannot be read");
    fclose(file);
    for (size_t i = 0; i < all.len; i++) all.n += all.text[i] == '\n' || i + 1 == all.len;
    all.offsets = (int64_t *)allocate((all.n + 1) * sizeof *all.offsets);
    int64_t *offset = all.offsets;
    *offset++ = 0;
    for (size_t i = 0; i < all.len; i++)
        if (all.text[i] == '\n' || i + 1 == all.len) *offset++ = (int64_t)i + 1;
    return all;
}

static inline void free_documents(documents *all) {
    free(all->offsets);
    free(all->text);
}

/* Without its newline. */
static inline const char *line_at(const documents *all, size_t i, size_t *len) {
    const char *line = all->text + all->offsets[i];
    *len = (size_t)(all->offsets[i + 1] - all->offsets[i]);
    if (*len && line[*len - 1] == '\n') --*len;
    return line;
}

#endif
