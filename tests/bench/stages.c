/* The library's own worker for parts of the way: all lines of a file go as far as a request says, in waves as the batch
 * call makes them. What a stage takes is what it adds to the one before it.
 *
 *     bench_stages FILE [KERNEL [DICTIONARY]]          as bench_lines; FILE must be UTF-8
 *
 * Says `ready SECONDS` first, the time of opening both; then answers
 *     utf8      the text is checked                                     with the number of bytes that are valid
 *     kernel    a kernel looks at every byte, and filters ask           with the number of places that it writes down
 *     chinese   and names are looked up where one may begin             with the number of candidates
 *     names     the scan without codes: names in Latin letters too      with the number of candidates
 *     scan      the scan with codes                                     with the number of candidates
 *     resolve   and which of them are mentions, of what                 with the number of mentions
 *     fill      and what the caller reads of them                       with the number of mentions
 *     roll_up   and how much each document is about each security       with the number of mentions
 *     batch     the public call, which does all that                    with the number of mentions */
#include "engine/engine.h"
#include "scan/codes.h"
#include "scan/walk.h"

#include "worker.h"

typedef enum stage { UTF8, KERNEL, CHINESE, NAMES, SCAN, RESOLVE, FILL, ROLL_UP, BATCH, N_STAGES } stage;

static const char *const stage_words[N_STAGES] = {
    [UTF8] = "utf8",       [KERNEL] = "kernel", [CHINESE] = "chinese", [NAMES] = "names", [SCAN] = "scan",
    [RESOLVE] = "resolve", [FILL] = "fill",     [ROLL_UP] = "roll_up", [BATCH] = "batch"};

/* As in src/engine/batch.c. */
enum { WAVE_BYTES = 24 * 1024, CHECKED_BYTES = 8 * 1024 };

typedef struct bench {
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    documents text;
    sm_error error;
} bench;

/* Documents that go together, each one run. */
typedef struct wave {
    size_t first;
    uint32_t n;
    base_slice text; /* of all */
    base_slice texts[RESOLVE_MOST_DOCUMENTS];
    resolve_run runs[RESOLVE_MOST_DOCUMENTS];
    engine_run origins[RESOLVE_MOST_DOCUMENTS];
} wave;

static void check(bench *b, sm_status status, const char *what) {
    if (status != SM_OK) fail(what, b->error.message);
}

static void need(bool has_memory) {
    if (!has_memory) fail("memory", "ran out");
}

/* --- Stages ------------------------------------------------------------------------------------------------------------ */

static uint64_t check_text(bench *b) {
    const documents *text = &b->text;
    size_t valid = 0;
    while (valid < text->len) {
        size_t left = text->len - valid, len = left > CHECKED_BYTES ? CHECKED_BYTES : left;
        size_t more = base_utf8_valid_prefix_with(b->engine->kernel, text->text + valid, len);
        if (!more) fail("FILE", "is not UTF-8");
        valid += more;
    }
    return valid;
}

static void look_at(bench *b, base_slice run, const scan_places *places, size_t before) {
    scan_group *group = &b->scanner->memory->buffers.group;
    for (size_t i = 0; i < places->n_names;) {
        for (group->n = 0; group->n < SCAN_GROUP && i < places->n_names; i++) {
            size_t start = before + scan_place_at(places->names[i]), room = run.len - start;
            uint32_t last = group->n++;
            group->texts[last] = run.bytes + start;
            group->starts[last] = start;
            group->runs[last] = 0;
            group->room[last] = (uint8_t)(room > UINT8_MAX ? UINT8_MAX : room);
        }
        need(scan_names_of(b->engine->view, &run, group, &b->scanner->candidates));
    }
}

/* As scan_runs() walks runs that lie together, without asking which of them a place is in. */
static uint64_t walk(bench *b, base_slice text, bool looks) {
    scan_places *places = &b->scanner->memory->buffers.places;
    scan_kernel *kernel = scan_kernel_of(b->engine->kernel);
    uint64_t n_places = 0;
    b->scanner->candidates.n = 0;
    for (size_t at = 0, end; at < text.len; at = end) {
        end = text.len - at > SCAN_BLOCK ? at + SCAN_BLOCK : text.len;
        while (end < text.len && ((unsigned char)text.bytes[end] & 0xC0) == 0x80) end++;
        unsigned char before = at ? (unsigned char)text.bytes[at - 1] : ' ';
        kernel(b->engine->view, (const unsigned char *)text.bytes + at, end - at, before, places);
        n_places += places->n_names + places->n_words;
        if (looks) look_at(b, text, places, at);
    }
    return looks ? b->scanner->candidates.n : n_places;
}

static uint64_t scan(bench *b, const wave *w, bool has_codes) {
    sm_scanner *scanner = b->scanner;
    check(b,
          scan_runs(b->engine->view, has_codes ? b->engine->codes : NULL, scanner->memory, w->texts, w->n,
                    b->text.text + b->text.len, &scanner->candidates, &b->error),
          "scan_runs");
    return scanner->candidates.n;
}

static uint64_t resolve(bench *b, const wave *w) {
    static const resolve_options options;
    sm_scanner *scanner = b->scanner;
    size_t n;
    engine_begin_wave(scanner, &options, w->n);
    for (uint32_t i = 0; i < w->n; i++)
        scanner->documents[i] = (engine_document){.fields = {[SM_FIELD_TEXT] = w->texts[i]}};
    need(engine_add_runs(scanner, w->runs, w->origins, w->n, &scanner->candidates));
    check(b, resolve_finish(scanner->resolver), "resolve_finish");
    resolve_mentions(scanner->resolver, &n);
    return n;
}

static uint64_t go(bench *b, const wave *w, stage last) {
    static const engine_options options;
    engine_links links = {0};
    if (last <= CHINESE) return walk(b, w->text, last == CHINESE);
    uint64_t n = scan(b, w, last > NAMES);
    if (last >= RESOLVE) n = resolve(b, w);
    if (last >= FILL)
        need(engine_open_documents(b->scanner, b->result) && engine_fill(b->scanner, b->result, &options, &links));
    if (last >= ROLL_UP) need(engine_roll_up(b->scanner, b->result));
    return n;
}

/* --- Waves ------------------------------------------------------------------------------------------------------------- */

static void fill_wave(const documents *text, size_t first, wave *w) {
    const int64_t *at = text->offsets;
    w->first = first;
    w->n = 0;
    w->text = (base_slice){text->text + at[first], 0};
    while (w->n < RESOLVE_MOST_DOCUMENTS && first + w->n < text->n && w->text.len < WAVE_BYTES) {
        size_t i = first + w->n;
        base_slice line = {text->text + at[i], (size_t)(at[i + 1] - at[i])};
        w->texts[w->n] = line;
        w->runs[w->n] = (resolve_run){.text = line, .region = SM_REGION_BODY, .document = w->n};
        w->origins[w->n] = (engine_run){.field = SM_FIELD_TEXT};
        w->text.len += line.len;
        w->n++;
    }
}

static uint64_t go_in_waves(bench *b, stage last) {
    uint64_t n = 0;
    wave w;
    check(b, engine_result_make(b->engine, &b->result, &b->error), "engine_result_make");
    for (size_t i = 0; i < b->text.n; i += w.n) {
        fill_wave(&b->text, i, &w);
        n += go(b, &w, last);
    }
    return n;
}

static uint64_t call_batch(bench *b) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_TEXT;
    batch.text = b->text.text;
    batch.offsets = b->text.offsets;
    batch.n_documents = b->text.n;
    check(b, sm_engine_extract_batch(b->engine, &batch, NULL, &b->result, &b->error), "sm_engine_extract_batch");
    return sm_result_mention_count(b->result);
}

/* --- Requests ---------------------------------------------------------------------------------------------------------- */

static uint64_t answer(bench *b, const char *request) {
    uint32_t last = 0;
    while (last < N_STAGES && strcmp(request, stage_words[last]) != 0) last++;
    if (last == N_STAGES) fail(request, "no such stage; expected one of those at the top of tests/bench/stages.c");
    if (last == UTF8) return check_text(b);
    return last == BATCH ? call_batch(b) : go_in_waves(b, last);
}

static uint32_t kernel_of(const char *word) {
    if (strcmp(word, "auto") == 0) return SM_KERNEL_AUTO;
    for (uint32_t i = SM_KERNEL_C; base_kernel_word(i); i++)
        if (strcmp(word, base_kernel_word(i)) == 0) return i;
    fail(word, "no such kernel; expected auto, c, avx2, avx512 or neon");
    return SM_KERNEL_AUTO;
}

int main(int argc, char **argv) {
    bench b = {0};
    char request[64];
    sm_engine_options options;
    if (argc < 2 || argc > 4) {
        fputs("usage: bench_stages FILE [KERNEL [DICTIONARY]]\n", stderr);
        return 2;
    }
    sm_engine_options_init(&options, sizeof options);
    options.kernel = kernel_of(argc > 2 ? argv[2] : "auto");
    b.text = read_documents(argv[1]);
    double before = now();
    if (argc > 3) check(&b, sm_dict_open(argv[3], &b.dict, &b.error), argv[3]);
    check(&b, sm_engine_open(b.dict, &options, &b.engine, &b.error), "sm_engine_open");
    say_ready(before);
    check(&b, sm_scanner_new(b.engine, &b.scanner, &b.error), "sm_scanner_new");
    check_text(&b);
    while (next_request(request)) {
        printf("%llu\n", (unsigned long long)answer(&b, request));
        fflush(stdout);
    }
    sm_result_free(b.result);
    sm_scanner_free(b.scanner);
    sm_engine_free(b.engine);
    sm_dict_free(b.dict);
    free_documents(&b.text);
    return 0;
}
