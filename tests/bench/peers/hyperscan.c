/* Detection by Hyperscan, literals without start of match: a worker for tests/bench/run. It reports every match, also
 * those inside others: the library has no leftmost-longest.
 *
 *     hyperscan FILE NAMES      documents and names, one a line */
#include <hs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct lines {
    char *text;
    const char **starts;
    size_t *lens;
    unsigned n;
} lines;

static void fail(const char *what, const char *message) {
    fprintf(stderr, "hyperscan: %s: %s\n", what, message);
    exit(1);
}

static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path, "cannot be read");
    long size = ftell(file);
    if (size <= 0 || fseek(file, 0, SEEK_SET) != 0) fail(path, "is empty or no file");
    char *text = malloc((size_t)size);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) fail(path, "cannot be read");
    fclose(file);
    *len = (size_t)size;
    return text;
}

static lines read_lines(const char *path) {
    lines all = {0};
    size_t len, capacity = 1;
    all.text = read_file(path, &len);
    for (size_t i = 0; i < len; i++) capacity += all.text[i] == '\n';
    all.starts = malloc(capacity * sizeof *all.starts);
    all.lens = malloc(capacity * sizeof *all.lens);
    if (!all.starts || !all.lens) fail(path, "no memory");
    for (const char *line = all.text, *end = all.text + len; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        all.starts[all.n] = line;
        all.lens[all.n++] = (size_t)(stop - line);
        line = stop + 1;
    }
    return all;
}

static hs_database_t *compile(const lines *names) {
    unsigned *flags = calloc(names->n, sizeof *flags);
    unsigned *ids = calloc(names->n, sizeof *ids);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    if (!flags || !ids) fail("names", "no memory");
    /* One id for all would have Hyperscan report an end once only, and compiling that takes more than ten minutes. */
    for (unsigned i = 0; i < names->n; i++) ids[i] = i;
    if (hs_compile_lit_multi(names->starts, flags, ids, names->lens, names->n, HS_MODE_BLOCK, NULL, &database, &error)
        != HS_SUCCESS)
        fail("hs_compile_lit_multi", error->message);
    free(flags);
    free(ids);
    return database;
}

static int count(unsigned id, unsigned long long start, unsigned long long end, unsigned flags, void *context) {
    (void)id, (void)start, (void)end, (void)flags;
    ++*(unsigned long long *)context;
    return 0;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 3) fail("usage", "hyperscan FILE NAMES");
    lines documents = read_lines(argv[1]), names = read_lines(argv[2]);
    double before = now();
    hs_database_t *database = compile(&names);
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) fail("hs_alloc_scratch", "no memory");
    printf("ready %.9f\n", now() - before);
    fflush(stdout);
    for (char request[64]; fgets(request, sizeof request, stdin);) {
        unsigned long long found = 0;
        for (unsigned i = 0; i < documents.n; i++) {
            if (hs_scan(database, documents.starts[i], (unsigned)documents.lens[i], 0, scratch, count, &found)
                != HS_SUCCESS)
                fail("hs_scan", "failed");
        }
        printf("%llu\n", found);
        fflush(stdout);
    }
    return 0;
}
