/* What of a document is scanned, for callers who want to see it. */
#include <string.h>

#include "engine/engine.h"
#include "text/charset.h"

struct sm_text {
    text_reader *reader;
    sm_text_run *runs;
    sm_text_piece *pieces;
    size_t n_runs, runs_capacity, n_pieces, pieces_capacity;
    uint32_t format, limits;
};

void sm_text_free(sm_text *text) {
    if (!text) return;
    const sm_allocator *allocator = &base_default_allocator;
    text_reader_free(text->reader);
    allocator->release(allocator->context, text->runs);
    allocator->release(allocator->context, text->pieces);
    allocator->release(allocator->context, text);
}

static sm_text *make_text(void) {
    const sm_allocator *allocator = &base_default_allocator;
    sm_text *text = allocator->allocate(allocator->context, sizeof *text);
    if (!text) return NULL;
    memset(text, 0, sizeof *text);
    text->reader = text_reader_new(allocator, base_kernel_best());
    if (text->reader) return text;
    sm_text_free(text);
    return NULL;
}

static bool make_room(sm_text *text, const text_page *page) {
    size_t n_pieces = 0;
    for (size_t i = 0; i < page->n_runs; i++) n_pieces += page->runs[i].n_pieces;
    void *runs = text->runs, *pieces = text->pieces;
    bool has_room = base_grow(&base_default_allocator, &runs, &text->runs_capacity, page->n_runs, sizeof *text->runs);
    text->runs = runs;
    has_room = has_room
               && base_grow(&base_default_allocator, &pieces, &text->pieces_capacity, n_pieces, sizeof *text->pieces);
    text->pieces = pieces;
    return has_room;
}

static void add_run(sm_text *text, const text_page *page, const text_run *run) {
    sm_text_piece *pieces = text->pieces + text->n_pieces;
    for (size_t i = 0; i < run->n_pieces; i++)
        pieces[i] = (sm_text_piece){run->pieces[i].start, text_origin(page, run->pieces[i].source_start),
                                    text_origin(page, run->pieces[i].source_end)};
    text->n_pieces += run->n_pieces;
    text->runs[text->n_runs++] = (sm_text_run){
        .text = run->bytes, .len = run->len, .pieces = pieces, .n_pieces = run->n_pieces, .region = run->region};
}

/* None: nothing is asked of them. */
static bool takes_link(const void *context, const text_link *link) {
    (void)context;
    (void)link;
    return false;
}

static void hold_nothing(sm_text *text) {
    text->n_runs = text->n_pieces = text->format = text->limits = 0;
}

static sm_status read_text(sm_text *text, const sm_document *document, const sm_extract_options *how) {
    text_page page;
    const text_settings settings = {
        .skip = how->skip, .n_skip = (size_t)how->n_skip, .max_depth = how->max_depth, .takes_link = takes_link};
    const base_slice bytes = {document->text, (size_t)document->text_len};
    hold_nothing(text);
    text_reader_set(text->reader, &settings);
    sm_status status = text_read_first(text->reader, bytes, engine_limit(how->max_bytes), document->format,
                                       engine_charset(document), &page);
    if (status != SM_OK) return status;
    if (!make_room(text, &page)) return SM_ERR_NOMEM;
    for (size_t i = 0; i < page.n_runs; i++) add_run(text, &page, &page.runs[i]);
    text->format = page.format;
    text->limits = (page.bytes.len < bytes.len ? (uint32_t)SM_LIMIT_BYTES : 0)
                   | (page.is_cut_deep ? (uint32_t)SM_LIMIT_DEPTH : 0);
    return SM_OK;
}

static sm_status take_and_read(const sm_document *document, const sm_extract_options *options, sm_text **text,
                               sm_error *error) {
    sm_document copy;
    sm_extract_options how;
    sm_status status;
    if (!document || !text) return base_fail(error, SM_ERR_ARG, "document and text are needed");
    document = engine_take_document(document, &copy, &status, error);
    if (status == SM_OK) status = engine_take_reading(options, &how, error);
    if (status != SM_OK) return status;
    if (!*text) *text = make_text();
    status = *text ? read_text(*text, document, &how) : SM_ERR_NOMEM;
    if (status == SM_ERR_NOMEM) return base_no_memory(error, "to read the document");
    return status == SM_OK ? SM_OK : engine_no_converter(error);
}

sm_status sm_text_read_with(const sm_document *document, const sm_extract_options *options, sm_text **text,
                            sm_error *error) {
    const bool is_new = text && !*text;
    sm_status status = take_and_read(document, options, text, error);
    if (status == SM_OK || !text || !*text) return status;
    hold_nothing(*text);
    if (is_new) sm_text_free(*text), *text = NULL;
    return status;
}

sm_status sm_text_read(const sm_document *document, sm_text **text, sm_error *error) {
    return sm_text_read_with(document, NULL, text, error);
}

static sm_status append_utf8(base_slice bytes, uint32_t charset, sm_buffer *utf8, uint64_t *n_invalid) {
    const sm_allocator *allocator = &base_default_allocator;
    const size_t valid = base_utf8_valid_prefix(bytes.bytes, bytes.len);
    text_decoded decoded = {0};
    size_t start;
    charset = text_charset_of(bytes, charset, valid, &start);
    if (charset == TEXT_UTF8 && valid == bytes.len) {
        bool has_room = base_buffer_append(utf8, bytes.bytes + start, bytes.len - start);
        return has_room ? SM_OK : SM_ERR_NOMEM;
    }
    sm_status status = text_decode(&decoded, allocator, bytes, start, charset);
    if (status == SM_OK && !base_buffer_append(utf8, decoded.bytes, decoded.len)) status = SM_ERR_NOMEM;
    if (status == SM_OK) *n_invalid = decoded.n_invalid;
    text_decoded_free(&decoded, allocator);
    return status;
}

sm_status sm_text_decode(const sm_document *document, sm_buffer *utf8, uint64_t *n_invalid, sm_error *error) {
    sm_document copy;
    sm_status status;
    uint64_t n = 0;
    if (!document || !utf8) return base_fail(error, SM_ERR_ARG, "document and utf8 are needed");
    document = engine_take_document(document, &copy, &status, error);
    if (status != SM_OK) return status;
    const base_slice bytes = {document->text ? document->text : "", (size_t)document->text_len};
    status = append_utf8(bytes, engine_charset(document), utf8, &n);
    if (status == SM_OK && n_invalid) *n_invalid = n;
    if (status == SM_ERR_UNSUPPORTED) return engine_no_converter(error);
    return status == SM_OK ? SM_OK : base_no_memory(error, "to make UTF-8 of a text");
}

uint64_t sm_text_run_count(const sm_text *text) {
    return text ? text->n_runs : 0;
}

const sm_text_run *sm_text_runs(const sm_text *text, uint32_t *stride) {
    if (stride) *stride = sizeof(sm_text_run);
    return text ? text->runs : NULL;
}

const sm_text_run *sm_text_run_at(const sm_text *text, uint64_t index) {
    return index < sm_text_run_count(text) ? &text->runs[index] : NULL;
}

uint32_t sm_text_format(const sm_text *text) {
    return text ? text->format : 0;
}

uint32_t sm_text_limits(const sm_text *text) {
    return text ? text->limits : 0;
}
