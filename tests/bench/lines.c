/* The library's own worker for tests/bench/run: does one round of a case for each line of standard input that names it.
 *
 *     bench_lines FILE          FILE has one document a line
 *
 * Says `ready SECONDS` first, the time of sm_engine_open() with the default dictionary; then answers
 *     lines       each line as one document        with the number of mentions
 *     batch       all lines in one call            with the number of mentions
 *     batches     in calls of 1,024 lines          with the number of mentions
 *     document    the whole file as one document   with the number of mentions
 *     json        as lines, and written as JSON    with the number of bytes
 *     checksum    as lines                         with a hash of all mentions: document, start, end and security
 *     batch_sum   as batch                         with the same hash
 * Scanner, result and buffer are reused, as a pipeline does. Who asks takes the time. */
#include "stockmention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    sm_buffer json;
    char *text;
    size_t len;
    int64_t *lines; /* where each begins, and the end */
    size_t n_lines;
    sm_error error;
} bench;

/* What a case makes of a document that was extracted: something to add to its answer. */
typedef uint64_t (*taker)(bench *b, uint64_t document, uint64_t before);

static void fail(const char *what, const char *message) {
    fprintf(stderr, "bench_lines: %s: %s\n", what, message);
    exit(1);
}

static void read_file(bench *b, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(path, "cannot be read");
    long len = ftell(file);
    if (len <= 0 || fseek(file, 0, SEEK_SET) != 0) fail(path, "is empty or no file");
    b->len = (size_t)len;
    b->text = malloc(b->len);
    if (!b->text) fail(path, "no memory");
    if (fread(b->text, 1, b->len, file) != b->len) fail(path, "cannot be read");
    fclose(file);
}

static void find_lines(bench *b) {
    for (size_t i = 0; i < b->len; i++) b->n_lines += b->text[i] == '\n' || i + 1 == b->len;
    b->lines = malloc((b->n_lines + 1) * sizeof *b->lines);
    if (!b->lines) fail("lines", "no memory");
    size_t n = 0;
    b->lines[n++] = 0;
    for (size_t i = 0; i < b->len; i++)
        if (b->text[i] == '\n' || i + 1 == b->len) b->lines[n++] = (int64_t)i + 1;
}

static uint64_t count_mentions(bench *b, uint64_t document, uint64_t before) {
    (void)document;
    return before + sm_result_mention_count(b->result);
}

static uint64_t write_json(bench *b, uint64_t document, uint64_t before) {
    (void)document;
    b->json.len = 0;
    if (sm_result_json(b->result, NULL, &b->json, &b->error) != SM_OK) fail("sm_result_json", b->error.message);
    return before + b->json.len;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len) { /* FNV-1a */
    for (size_t i = 0; i < len; i++) hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

/* The id and not its index is hashed, so that dictionaries that differ elsewhere give the same sum. */
static uint64_t hash_mentions(bench *b, uint64_t document, uint64_t before) {
    uint32_t stride, security_stride;
    const char *mention = (const char *)sm_result_mentions(b->result, &stride);
    const char *securities = (const char *)sm_result_securities(b->result, &security_stride);
    uint64_t hash = before;
    for (uint64_t n = sm_result_mention_count(b->result); n > 0; n--, mention += stride) {
        const sm_mention *m = (const void *)mention;
        const sm_security *security = (const void *)(securities + (size_t)m->security * security_stride);
        uint64_t place[] = {document + m->document, m->start, m->end};
        hash = hash_bytes(hash, place, sizeof place);
        hash = hash_bytes(hash, security->id, strlen(security->id));
    }
    return hash;
}

static uint64_t extract(bench *b, const char *text, size_t len, taker take, uint64_t document, uint64_t before) {
    sm_document input;
    sm_document_init(&input, sizeof input);
    input.format = SM_FORMAT_TEXT;
    input.text = text;
    input.text_len = len;
    if (sm_engine_extract(b->engine, b->scanner, &input, NULL, &b->result, &b->error) != SM_OK)
        fail("sm_engine_extract", b->error.message);
    return take(b, document, before);
}

static uint64_t extract_lines(bench *b, taker take) {
    uint64_t answer = 0;
    for (size_t i = 0; i < b->n_lines; i++)
        answer = extract(b, b->text + b->lines[i], (size_t)(b->lines[i + 1] - b->lines[i]), take, i, answer);
    return answer;
}

static uint64_t extract_document(bench *b, taker take) {
    return extract(b, b->text, b->len, take, 0, 0);
}

static uint64_t extract_some(bench *b, size_t first, size_t n, taker take, uint64_t before) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_TEXT;
    batch.text = b->text;
    batch.offsets = b->lines + first;
    batch.n_documents = n;
    if (sm_engine_extract_batch(b->engine, &batch, NULL, &b->result, &b->error) != SM_OK)
        fail("sm_engine_extract_batch", b->error.message);
    return take(b, first, before);
}

static uint64_t extract_batch(bench *b, taker take) {
    return extract_some(b, 0, b->n_lines, take, 0);
}

/* As a pipeline does that reads so many, works on what was found, and goes on. */
static uint64_t extract_batches(bench *b, taker take) {
    enum { LINES = 1024 };
    uint64_t answer = 0;
    for (size_t i = 0; i < b->n_lines; i += LINES)
        answer = extract_some(b, i, b->n_lines - i < LINES ? b->n_lines - i : LINES, take, answer);
    return answer;
}

static const struct {
    const char *name;
    uint64_t (*extract)(bench *, taker);
    taker take;
    const char *format;
} cases[] = {
    {"lines", extract_lines, count_mentions, "%llu\n"},
    {"batch", extract_batch, count_mentions, "%llu\n"},
    {"batches", extract_batches, count_mentions, "%llu\n"},
    {"document", extract_document, count_mentions, "%llu\n"},
    {"json", extract_lines, write_json, "%llu\n"},
    {"checksum", extract_lines, hash_mentions, "%016llx\n"},
    {"batch_sum", extract_batch, hash_mentions, "%016llx\n"},
};

static void answer(bench *b, char *request) {
    request[strcspn(request, "\n")] = '\0';
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(request, cases[i].name) != 0) continue;
        printf(cases[i].format, (unsigned long long)cases[i].extract(b, cases[i].take));
        fflush(stdout);
        return;
    }
    fail(request, "no such case; expected lines, batch, document, json, checksum or batch_sum");
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    bench b = {0};
    char request[64];
    if (argc != 2) {
        fputs("usage: bench_lines FILE\n", stderr);
        return 2;
    }
    read_file(&b, argv[1]);
    find_lines(&b);
    double before = now();
    if (sm_engine_open(NULL, NULL, &b.engine, &b.error) != SM_OK) fail("sm_engine_open", b.error.message);
    printf("ready %.9f\n", now() - before);
    fflush(stdout);
    if (sm_scanner_new(b.engine, &b.scanner, &b.error) != SM_OK) fail("sm_scanner_new", b.error.message);
    while (fgets(request, sizeof request, stdin)) answer(&b, request);
    sm_buffer_free(&b.json);
    sm_result_free(b.result);
    sm_scanner_free(b.scanner);
    sm_engine_free(b.engine);
    free(b.lines);
    free(b.text);
    return 0;
}
