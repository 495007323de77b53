/* Extracts from one text after the other, for tests/bench/hostile and for counting instructions.
 *
 *     bench_hostile < REQUESTS
 *
 * A request is a line: DICTIONARY TAB KERNEL TAB FORMAT TAB HOW TAB ROUNDS TAB FILE. DICTIONARY is a compiled file, or -
 * for the default; KERNEL auto, c or avx2; FORMAT text, html or markdown; HOW document, or lines, each a document of one
 * batch. It is answered with a line
 * of the seconds that the fastest round took, the number of mentions, and that of lines they can mean. What is counted is
 * measured_round(); a round that is counted alone is preceded by one that is not, so that memory is at hand. */
#include "stockmention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    char dict_path[4096];
    uint32_t kernel;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    char *text;
    size_t len;
    int64_t *lines; /* where each begins, and the end */
    size_t n_lines;
    uint32_t format;
    int is_batch;
    sm_error error;
} bench;

static void fail(const char *what, const char *message) {
    fprintf(stderr, "bench_hostile: %s: %s\n", what, message);
    exit(1);
}

static void close_engine(bench *b) {
    sm_result_free(b->result);
    sm_scanner_free(b->scanner);
    sm_engine_free(b->engine);
    b->result = NULL;
    b->scanner = NULL;
    b->engine = NULL;
}

/* The engine of a dictionary stays for all requests in a row that name it. */
static void open_engine(bench *b, const char *path, uint32_t kernel) {
    const sm_dict *dict = NULL;
    sm_engine_options options;
    if (b->engine && strcmp(b->dict_path, path) == 0 && b->kernel == kernel) return;
    close_engine(b);
    sm_engine_options_init(&options, sizeof options);
    options.kernel = b->kernel = kernel;
    if (strlen(path) >= sizeof b->dict_path) fail(path, "is too long");
    strcpy(b->dict_path, path);
    if (strcmp(path, "-") != 0 && sm_dict_open(path, &dict, &b->error) != SM_OK) fail(path, b->error.message);
    if (sm_engine_open(dict, &options, &b->engine, &b->error) != SM_OK) fail(path, b->error.message);
    sm_dict_free(dict);
    if (sm_engine_warm(b->engine, &b->error) != SM_OK) fail(path, b->error.message);
    if (sm_scanner_new(b->engine, &b->scanner, &b->error) != SM_OK) fail(path, b->error.message);
}

static void find_lines(bench *b) {
    size_t n = 0;
    b->n_lines = 0;
    for (size_t i = 0; i < b->len; i++) b->n_lines += b->text[i] == '\n' || i + 1 == b->len;
    b->lines = realloc(b->lines, (b->n_lines + 1) * sizeof *b->lines);
    if (!b->lines) fail("lines", "no memory");
    b->lines[n++] = 0;
    for (size_t i = 0; i < b->len; i++)
        if (b->text[i] == '\n' || i + 1 == b->len) b->lines[n++] = (int64_t)i + 1;
}

static void read_file(bench *b, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path, "cannot be read");
    long len = ftell(file);
    if (len <= 0 || fseek(file, 0, SEEK_SET) != 0) fail(path, "is empty or no file");
    b->len = (size_t)len;
    b->text = realloc(b->text, b->len);
    if (!b->text) fail(path, "no memory");
    if (fread(b->text, 1, b->len, file) != b->len) fail(path, "cannot be read");
    fclose(file);
    find_lines(b);
}

static void extract_document(bench *b) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.format = b->format;
    document.text = b->text;
    document.text_len = b->len;
    if (sm_engine_extract(b->engine, b->scanner, &document, NULL, &b->result, &b->error) != SM_OK)
        fail("sm_engine_extract", b->error.message);
}

static void extract_batch(bench *b) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = b->format;
    batch.text = b->text;
    batch.offsets = b->lines;
    batch.n_documents = b->n_lines;
    if (sm_engine_extract_batch(b->engine, &batch, NULL, &b->result, &b->error) != SM_OK)
        fail("sm_engine_extract_batch", b->error.message);
}

/* Callgrind knows it by its name. */
void measured_round(bench *b);
void measured_round(bench *b) {
    if (b->is_batch) extract_batch(b);
    else extract_document(b);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double fastest_round(bench *b, long rounds) {
    void (*volatile round)(bench *) = measured_round; /* no compiler makes another function of it */
    double fastest = 0;
    for (long i = 0; i < rounds; i++) {
        double before = now();
        round(b);
        double seconds = now() - before;
        if (i == 0 || seconds < fastest) fastest = seconds;
    }
    return fastest;
}

static uint32_t format_of(const char *word) {
    if (strcmp(word, "text") == 0) return SM_FORMAT_TEXT;
    if (strcmp(word, "html") == 0) return SM_FORMAT_HTML;
    if (strcmp(word, "markdown") == 0) return SM_FORMAT_MARKDOWN;
    fail(word, "is no format; expected text, html or markdown");
    return SM_FORMAT_AUTO;
}

static uint32_t kernel_of(const char *word) {
    if (strcmp(word, "auto") == 0) return SM_KERNEL_AUTO;
    if (strcmp(word, "c") == 0) return SM_KERNEL_C;
    if (strcmp(word, "avx2") == 0) return SM_KERNEL_AVX2;
    fail(word, "is no kernel; expected auto, c or avx2");
    return SM_KERNEL_AUTO;
}

static void answer(bench *b, char *request) {
    enum { DICT, KERNEL, FORMAT, HOW, ROUNDS, FILE_PATH, N_CELLS };
    char *cells[N_CELLS], *cell = request;
    request[strcspn(request, "\n")] = '\0';
    for (int i = 0; i < N_CELLS; i++) {
        if (!cell) fail(request, "has too few cells; expected six, parted by tabs");
        cells[i] = cell;
        cell = strchr(cell, '\t');
        if (cell) *cell++ = '\0';
    }
    open_engine(b, cells[DICT], kernel_of(cells[KERNEL]));
    b->format = format_of(cells[FORMAT]);
    b->is_batch = strcmp(cells[HOW], "lines") == 0;
    read_file(b, cells[FILE_PATH]);
    double seconds = fastest_round(b, strtol(cells[ROUNDS], NULL, 10));
    printf("%.9f %llu %llu\n", seconds, (unsigned long long)sm_result_mention_count(b->result),
           (unsigned long long)sm_result_candidate_count(b->result));
    fflush(stdout);
}

int main(void) {
    static bench b;
    static char request[16384];
    while (fgets(request, sizeof request, stdin)) answer(&b, request);
    close_engine(&b);
    free(b.lines);
    free(b.text);
    return 0;
}
