/* Detection by Hyperscan, literals without start of match: a worker for tests/bench/run. It reports every match, also
 * those inside others: the library has no leftmost-longest.
 *
 *     hyperscan FILE NAMES      documents and names, one a line
 *
 * Answers `buffer`, the file in one call, and `lines`, a call for each, with the number of matches. */
#include <hs.h>

#include "../worker.h"

static hs_database_t *compile(const documents *names) {
    const char **starts = (const char **)allocate(names->n * sizeof *starts);
    size_t *lens = (size_t *)allocate(names->n * sizeof *lens);
    unsigned *flags = (unsigned *)allocate(names->n * sizeof *flags),
             *ids = (unsigned *)allocate(names->n * sizeof *ids);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    for (size_t i = 0; i < names->n; i++) {
        starts[i] = line_at(names, i, &lens[i]);
        flags[i] = 0;
        /* One id for all would have Hyperscan report an end once only, and compiling that takes more than ten minutes. */
        ids[i] = (unsigned)i;
    }
    if (hs_compile_lit_multi(starts, flags, ids, lens, (unsigned)names->n, HS_MODE_BLOCK, NULL, &database, &error)
        != HS_SUCCESS)
        fail("hs_compile_lit_multi", error->message);
    free(starts);
    free(lens);
    free(flags);
    free(ids);
    return database;
}

static int count(unsigned id, unsigned long long start, unsigned long long end, unsigned flags, void *context) {
    (void)id, (void)start, (void)end, (void)flags;
    ++*(unsigned long long *)context;
    return 0;
}

static unsigned long long scan(const hs_database_t *database, hs_scratch_t *scratch, const char *text, size_t len) {
    unsigned long long found = 0;
    if (hs_scan(database, text, (unsigned)len, 0, scratch, count, &found) != HS_SUCCESS) fail("hs_scan", "failed");
    return found;
}

int main(int argc, char **argv) {
    char request[64];
    if (argc != 3) fail("usage", "hyperscan FILE NAMES");
    documents text = read_documents(argv[1]), names = read_documents(argv[2]);
    double before = now();
    hs_database_t *database = compile(&names);
    hs_scratch_t *scratch = NULL;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) fail("hs_alloc_scratch", "no memory");
    say_ready(before);
    while (next_request(request)) {
        unsigned long long found = 0;
        if (strcmp(request, "buffer") == 0) {
            found = scan(database, scratch, text.text, text.len);
        } else {
            for (size_t i = 0, len; i < text.n; i++) {
                const char *line = line_at(&text, i, &len);
                found += scan(database, scratch, line, len);
            }
        }
        printf("%llu\n", found);
        fflush(stdout);
    }
    return 0;
}
