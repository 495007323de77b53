/* What must hold for any document in any pieces: what is told of it, one result behind the other, is what the whole one has; and
 * of plain text with a context no mention is told later than that.
 *
 * The first bytes choose the options, and how long the pieces are by turns; behind them stands the document. */
#include <inttypes.h>

#include "base/base.h"
#include "fuzz.h"

enum { N_LENGTHS = 4 };

/* --- What was found, a line each ------------------------------------------------------------------------------------------ */

static void add_lines(const sm_result *result, sm_buffer *lines) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        char line[512];
        const sm_mention *m = sm_result_mention_at(result, i);
        const sm_security *security = sm_result_security_at(result, m->security);
        int n = snprintf(line, sizeof line,
                         "%" PRIu64 "-%" PRIu64 " %" PRIu64 "-%" PRIu64 " %u %u %u %u %s %u %" PRIx64 "\n", m->start,
                         m->end, m->start_units, m->end_units, m->field, m->kind, m->region, m->role, security->id,
                         m->confidence, m->evidence);
        must(n > 0 && (size_t)n < sizeof line);
        must(base_buffer_text(lines, line));
    }
}

static void add_document(const sm_result *result, sm_buffer *lines) {
    char line[256];
    must(sm_result_document_count(result) == 1);
    const sm_document_info *info = sm_result_document_at(result, 0);
    snprintf(line, sizeof line, "%" PRIu64 " %" PRIu64 " %x %x %" PRIu64 " %s\n", info->n_invalid,
             info->n_invalid ? info->first_invalid : 0, info->limits, info->flags, info->n_read, info->charset);
    must(base_buffer_text(lines, line));
}

/* --- Two ways ------------------------------------------------------------------------------------------------------------- */

static const sm_engine *open_engine(void) {
    static sm_engine *engine;
    if (!engine) must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    return engine;
}

static void read_whole(const sm_document *document, const sm_extract_options *options, sm_buffer *lines) {
    static sm_scanner *scanner;
    static sm_result *result;
    if (!scanner) must(sm_scanner_new(open_engine(), &scanner, NULL) == SM_OK);
    must(sm_engine_extract(open_engine(), scanner, document, options, &result, NULL) == SM_OK);
    add_lines(result, lines);
    add_document(result, lines);
}

/* Whether mentions come as soon as they may. */
static void check_time(const sm_result *result, uint64_t n_before, uint32_t context_bytes) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        must(m->field == SM_FIELD_TITLE || m->start + context_bytes >= n_before);
    }
}

static void read_pieces(const sm_document *document, const sm_extract_options *options, const uint8_t *lengths,
                        sm_buffer *lines) {
    static sm_stream *stream;
    static sm_result *result;
    sm_document untold = *document;
    untold.text = NULL;
    untold.text_len = 0;
    must(sm_stream_open(open_engine(), &untold, options, &stream, NULL) == SM_OK);
    for (uint64_t at = 0, n, turn = 0; at < document->text_len; at += n, turn++) {
        n = lengths[turn % N_LENGTHS];
        if (n == 0 && turn % N_LENGTHS == 0) n = 1;
        if (n > document->text_len - at) n = document->text_len - at;
        must(sm_stream_feed(stream, document->text + at, n, &result, NULL) == SM_OK);
        must(sm_result_document_count(result) == 1);
        add_lines(result, lines);
        if (options->context_bytes) check_time(result, at, options->context_bytes);
    }
    must(sm_stream_finish(stream, &result, NULL) == SM_OK);
    add_lines(result, lines);
    add_document(result, lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static const uint32_t contexts[] = {256, 300, 1024, 0};
    fuzz_input input = {bytes, len};
    const uint8_t choice = fuzz_byte(&input), more = fuzz_byte(&input);
    const fuzz_input lengths = fuzz_part(&input, N_LENGTHS), title = fuzz_part(&input, more / 64 * 8);
    sm_document document;
    sm_extract_options options;
    sm_buffer whole = {0}, pieces = {0};
    if (lengths.len < N_LENGTHS) return 0;
    sm_document_init(&document, sizeof document);
    sm_extract_options_init(&options, sizeof options);
    options.context_bytes = contexts[choice % 4];
    options.offsets = choice / 4 % 3;
    options.max_bytes = choice / 12 % 4 == 1 ? more : 0;
    options.max_steps = choice / 12 % 4 == 2 ? more : 0;
    options.max_mentions = choice / 12 % 4 == 3 ? more % 8 : 0;
    options.unlisted = choice / 48 % 2;
    document.format = more % 8 < 5 ? SM_FORMAT_TEXT : more % 8 - 5;
    document.charset = more % 16 < 12 ? "utf-8" : NULL;
    document.charset_len = document.charset ? 5 : 0;
    document.title = title.len ? (const char *)title.bytes : NULL;
    document.title_len = title.len;
    document.text = (const char *)input.bytes;
    document.text_len = input.len;
    read_whole(&document, &options, &whole);
    read_pieces(&document, &options, lengths.bytes, &pieces);
    must(whole.len == pieces.len && memcmp(whole.data, pieces.data, whole.len) == 0);
    sm_buffer_free(&whole);
    sm_buffer_free(&pieces);
    return 0;
}
