/* The library's own worker for the whole job, through the public calls: does one round of a case for each line of standard
 * input that names it.
 *
 *     bench_lines FILE [KERNEL [DICTIONARY]]
 *
 * FILE has one document a line; KERNEL is auto, c, avx2, avx512 or neon; DICTIONARY a compiled file, else the default.
 * Says `ready SECONDS` first, the time of opening both; then answers
 *     lines       each line as one document        with the number of mentions
 *     batch       all lines in one call            with the number of mentions
 *     threads     the same on two threads          with the number of mentions
 *     batches     in calls of 1,024 lines          with the number of mentions
 *     document    the whole file as one document   with the number of mentions
 *     pieces      the same as it comes, in pieces  with the number of mentions
 *     json        as lines, and written as JSON    with the number of bytes
 *     pages       each line as one page of HTML    with the number of mentions
 *     annotate    each of these annotated          with the number of bytes
 *     checksum    as lines                         with a hash of all mentions: document, start, end and security
 *     batch_sum   as batch                         with the same hash
 *     threads_sum as threads                       with the same hash
 * Scanner, result and buffer are reused, as a pipeline does. Who asks takes the time. */
#include "stockmention.h"

#include "worker.h"

typedef struct bench {
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    sm_stream *stream;
    sm_buffer written; /* JSON, or pages */
    documents text;
    sm_error error;
} bench;

/* What a case makes of a document that was extracted: something to add to its answer. */
typedef uint64_t (*taker)(bench *b, uint64_t document, uint64_t before);

static void check(bench *b, sm_status status, const char *what) {
    if (status != SM_OK) fail(what, b->error.message);
}

static uint64_t count_mentions(bench *b, uint64_t document, uint64_t before) {
    (void)document;
    return before + sm_result_mention_count(b->result);
}

static uint64_t write_json(bench *b, uint64_t document, uint64_t before) {
    (void)document;
    b->written.len = 0;
    check(b, sm_result_json(b->result, NULL, &b->written, &b->error), "sm_result_json");
    return before + b->written.len;
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

static sm_document document_of(const char *text, size_t len, uint32_t format) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.format = format;
    document.text = text;
    document.text_len = len;
    return document;
}

static uint64_t extract(bench *b, const sm_document *input, taker take, uint64_t document, uint64_t before) {
    check(b, sm_engine_extract(b->engine, b->scanner, input, NULL, &b->result, &b->error), "sm_engine_extract");
    return take(b, document, before);
}

static sm_document line_of(const bench *b, size_t i, uint32_t format) {
    const int64_t *at = b->text.offsets + i;
    return document_of(b->text.text + at[0], (size_t)(at[1] - at[0]), format);
}

static uint64_t extract_each(bench *b, uint32_t format, taker take) {
    uint64_t answer = 0;
    for (size_t i = 0; i < b->text.n; i++) {
        const sm_document line = line_of(b, i, format);
        answer = extract(b, &line, take, i, answer);
    }
    return answer;
}

static uint64_t extract_lines(bench *b, taker take) {
    return extract_each(b, SM_FORMAT_TEXT, take);
}

static uint64_t extract_pages(bench *b, taker take) {
    return extract_each(b, SM_FORMAT_HTML, take);
}

static uint64_t extract_document(bench *b, taker take) {
    const sm_document whole = document_of(b->text.text, b->text.len, SM_FORMAT_TEXT);
    return extract(b, &whole, take, 0, 0);
}

static uint64_t extract_pieces(bench *b, taker take) {
    enum { PIECE = 4096, CONTEXT = 65536 };
    uint64_t answer = 0;
    sm_document untold = document_of(NULL, 0, SM_FORMAT_TEXT);
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.context_bytes = CONTEXT;
    untold.charset = "utf-8";
    untold.charset_len = strlen(untold.charset);
    check(b, sm_stream_open(b->engine, &untold, &options, &b->stream, &b->error), "sm_stream_open");
    for (size_t at = 0, n; at < b->text.len; at += n) {
        n = b->text.len - at < PIECE ? b->text.len - at : PIECE;
        check(b, sm_stream_feed(b->stream, b->text.text + at, n, &b->result, &b->error), "sm_stream_feed");
        answer = take(b, 0, answer);
    }
    check(b, sm_stream_finish(b->stream, &b->result, &b->error), "sm_stream_finish");
    return take(b, 0, answer);
}

static uint64_t annotate_pages(bench *b, taker take) {
    uint64_t answer = 0;
    (void)take;
    for (size_t i = 0; i < b->text.n; i++) {
        const sm_document page = line_of(b, i, SM_FORMAT_HTML);
        b->written.len = 0;
        check(b, sm_engine_annotate(b->engine, b->scanner, &page, NULL, NULL, &b->written, &b->error),
              "sm_engine_annotate");
        answer += b->written.len;
    }
    return answer;
}

static uint64_t extract_some(bench *b, size_t first, size_t n, uint32_t n_threads, taker take, uint64_t before) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_TEXT;
    batch.text = b->text.text;
    batch.offsets = b->text.offsets + first;
    batch.n_documents = n;
    batch.n_threads = n_threads;
    check(b, sm_engine_extract_batch(b->engine, &batch, NULL, &b->result, &b->error), "sm_engine_extract_batch");
    return take(b, first, before);
}

static uint64_t extract_batch(bench *b, taker take) {
    return extract_some(b, 0, b->text.n, 1, take, 0);
}

static uint64_t extract_on_threads(bench *b, taker take) {
    return extract_some(b, 0, b->text.n, 2, take, 0);
}

/* As a pipeline does that reads so many, works on what was found, and goes on. */
static uint64_t extract_batches(bench *b, taker take) {
    enum { LINES = 1024 };
    const size_t n = b->text.n;
    uint64_t answer = 0;
    for (size_t i = 0; i < n; i += LINES) answer = extract_some(b, i, n - i < LINES ? n - i : LINES, 1, take, answer);
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
    {"threads", extract_on_threads, count_mentions, "%llu\n"},
    {"batches", extract_batches, count_mentions, "%llu\n"},
    {"document", extract_document, count_mentions, "%llu\n"},
    {"pieces", extract_pieces, count_mentions, "%llu\n"},
    {"json", extract_lines, write_json, "%llu\n"},
    {"pages", extract_pages, count_mentions, "%llu\n"},
    {"annotate", annotate_pages, NULL, "%llu\n"},
    {"checksum", extract_lines, hash_mentions, "%016llx\n"},
    {"batch_sum", extract_batch, hash_mentions, "%016llx\n"},
    {"threads_sum", extract_on_threads, hash_mentions, "%016llx\n"},
};

static void answer(bench *b, const char *request) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(request, cases[i].name) != 0) continue;
        printf(cases[i].format, (unsigned long long)cases[i].extract(b, cases[i].take));
        fflush(stdout);
        return;
    }
    fail(request, "no such case; expected one of those at the top of tests/bench/lines.c");
}

static uint32_t kernel_of(const char *word) {
    static const char *const words[] = {[SM_KERNEL_AUTO] = "auto",
                                        [SM_KERNEL_C] = "c",
                                        [SM_KERNEL_AVX2] = "avx2",
                                        [SM_KERNEL_AVX512] = "avx512",
                                        [SM_KERNEL_NEON] = "neon"};
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return i;
    fail(word, "no such kernel; expected auto, c, avx2, avx512 or neon");
    return SM_KERNEL_AUTO;
}

static void open_engine(bench *b, const char *kernel, const char *dictionary) {
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.kernel = kernel_of(kernel);
    if (dictionary) check(b, sm_dict_open(dictionary, &b->dict, &b->error), dictionary);
    check(b, sm_engine_open(b->dict, &options, &b->engine, &b->error), "sm_engine_open");
}

int main(int argc, char **argv) {
    bench b = {0};
    char request[64];
    if (argc < 2 || argc > 4) {
        fputs("usage: bench_lines FILE [KERNEL [DICTIONARY]]\n", stderr);
        return 2;
    }
    b.text = read_documents(argv[1]);
    double before = now();
    open_engine(&b, argc > 2 ? argv[2] : "auto", argc > 3 ? argv[3] : NULL);
    say_ready(before);
    check(&b, sm_scanner_new(b.engine, &b.scanner, &b.error), "sm_scanner_new");
    while (next_request(request)) answer(&b, request);
    sm_buffer_free(&b.written);
    sm_result_free(b.result);
    sm_stream_free(b.stream);
    sm_scanner_free(b.scanner);
    sm_engine_free(b.engine);
    sm_dict_free(b.dict);
    free_documents(&b.text);
    return 0;
}
