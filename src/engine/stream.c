/* A document that comes in pieces. Plain text with a context goes through its passages as it comes; whatever else it is, all of
 * it has to be known, and is kept. */
#include <string.h>

#include "engine/engine.h"

/* What is known of a stream. */
typedef enum stream_state { FRESH, KEEPING, PASSING, PAST_LIMIT, ENDED, FAILED } stream_state;

/* Bytes before a limit wait: whether a character is parted there tells the one behind it. */
enum { EDGE = 3 };

struct sm_stream {
    sm_scanner *scanner;
    base_arena arena; /* what the caller said */
    sm_document document;
    engine_options options;
    stream_state state;
    engine_reading reading;
    uint64_t n_fed;
    /* Of one that is kept, or whose first bytes are awaited. */
    char *text;
    size_t len, capacity;
    /* Of one that passes. */
    char edge[EDGE + 1];
    size_t n_edge;
};

/* --- What the caller said ---------------------------------------------------------------------------------------------- */

static bool keep_bytes(sm_stream *stream, const char **bytes, uint64_t len) {
    if (!*bytes) return true;
    *bytes = base_arena_copy(&stream->arena, *bytes, (size_t)len);
    return *bytes != NULL;
}

static bool keep_skip(sm_stream *stream, sm_extract_options *given) {
    const char **kept = base_arena_alloc(&stream->arena, (size_t)given->n_skip * sizeof *kept + 1);
    for (uint64_t i = 0; kept && i < given->n_skip; i++) {
        base_slice what = base_slice_of(given->skip[i]);
        kept[i] = base_arena_copy(&stream->arena, what.bytes, what.len);
        if (!kept[i]) return false;
    }
    given->skip = kept;
    return kept != NULL;
}

static bool keep_what_was_said(sm_stream *stream) {
    sm_document *document = &stream->document;
    return keep_bytes(stream, &document->title, document->title_len)
           && keep_bytes(stream, &document->url, document->url_len)
           && keep_bytes(stream, &document->source, document->source_len)
           && keep_bytes(stream, &document->charset, document->charset_len)
           && keep_skip(stream, &stream->options.given);
}

static sm_status make_stream(const sm_engine *engine, sm_stream **stream, sm_error *error) {
    sm_stream *made = engine->allocator.allocate(engine->allocator.context, sizeof *made);
    if (!made) return base_no_memory(error, "for a stream");
    memset(made, 0, sizeof *made);
    base_arena_init(&made->arena, &engine->allocator);
    sm_status status = sm_scanner_new(engine, &made->scanner, error);
    if (status == SM_OK) return *stream = made, SM_OK;
    engine->allocator.release(engine->allocator.context, made);
    return status;
}

static sm_status take_what_was_said(sm_stream *stream, const sm_document *document, const sm_extract_options *options,
                                    sm_error *error) {
    const sm_engine *engine = stream->scanner->engine;
    sm_status status = SM_OK;
    sm_document copy = {.struct_size = sizeof copy};
    document = document ? engine_take_document(document, &copy, &status, error) : &copy;
    if (status != SM_OK) return status;
    if (document->text_len)
        return base_fail(error, SM_ERR_ARG, "document.text is not empty; expected it from sm_stream_feed()");
    stream->document = *document;
    stream->document.text = "";
    engine_release_options(engine, &stream->options);
    stream->options = (engine_options){.given.struct_size = 0};
    if (options) status = engine_take_options(engine, options, &stream->options, error);
    if (status != SM_OK) return status;
    if (!keep_what_was_said(stream)) return base_no_memory(error, "for a stream");
    stream->reading = engine_limit_reading(&stream->document, &stream->options.given);
    return SM_OK;
}

sm_status sm_stream_open(const sm_engine *engine, const sm_document *document, const sm_extract_options *options,
                         sm_stream **stream, sm_error *error) {
    if (!engine || !stream) return base_fail(error, SM_ERR_ARG, "engine and stream are needed");
    if (*stream && (*stream)->scanner->engine != engine)
        return base_fail(error, SM_ERR_ARG, "the stream belongs to another engine; free it or pass NULL");
    const bool is_new = !*stream;
    sm_status status = is_new ? make_stream(engine, stream, error) : SM_OK;
    if (status != SM_OK) return status;
    base_arena_reset(&(*stream)->arena);
    /* A long document before is not kept. */
    base_give_back(&engine->allocator, (void **)&(*stream)->text, &(*stream)->capacity, 0, 1);
    (*stream)->len = (*stream)->n_edge = 0;
    (*stream)->n_fed = 0;
    status = take_what_was_said(*stream, document, options, error);
    (*stream)->state = status == SM_OK ? FRESH : FAILED;
    if (status == SM_OK || !is_new) return status;
    sm_stream_free(*stream);
    *stream = NULL;
    return status;
}

void sm_stream_free(sm_stream *stream) {
    if (!stream) return;
    const sm_engine *engine = engine_retain(stream->scanner->engine);
    const sm_allocator *allocator = &engine->allocator;
    sm_scanner_free(stream->scanner);
    engine_release_options(engine, &stream->options);
    base_arena_free(&stream->arena);
    allocator->release(allocator->context, stream->text);
    allocator->release(allocator->context, stream);
    sm_engine_free(engine_writable(engine));
}

/* --- The text ----------------------------------------------------------------------------------------------------------- */

/* As far as it is read; of what stands behind a limit it is enough that there is some. */
static bool keep_text(sm_stream *stream, base_slice text) {
    const sm_allocator *allocator = &stream->scanner->engine->allocator;
    const size_t room = text_most_seen(engine_size(stream->reading.most)) - stream->len;
    if (text.len > room) text.len = room;
    if (!base_grow(allocator, (void **)&stream->text, &stream->capacity, stream->len + text.len, 1)) return false;
    if (text.len) memcpy(stream->text + stream->len, text.bytes, text.len);
    stream->len += text.len;
    return true;
}

/* Whether mentions can be told before the end, as far as the caller says. */
static bool may_pass(const sm_stream *stream) {
    return stream->options.given.context_bytes && stream->document.format == SM_FORMAT_TEXT
           && engine_charset(&stream->document) == TEXT_UTF8;
}

static sm_status begin_to_pass(sm_stream *stream, sm_result *result, sm_error *error) {
    sm_scanner *scanner = stream->scanner;
    const sm_document *document = &stream->document;
    resolve_options resolve = stream->options.resolve;
    const base_slice title = stream->reading.title;
    resolve.source = (base_slice){document->source, (size_t)document->source_len};
    scanner->documents[0] = (engine_document){.fields[SM_FIELD_TITLE] = title,
                                              .as_of = engine_find_as_of(&stream->options, document, NULL),
                                              .charset = TEXT_UTF8,
                                              .limits = stream->reading.title_limit};
    sm_status status = engine_begin_passages(scanner, &stream->options, &resolve, true);
    if (status != SM_OK || !title.bytes) return status;
    status = engine_read_title(scanner, title);
    return status == SM_OK ? engine_pass_title(scanner, &stream->options, title, result, error) : status;
}

static sm_status pass_on(sm_stream *stream, base_slice text, sm_result *result, sm_error *error) {
    engine_document *document = &stream->scanner->documents[0];
    if (!document->is_stopped) document->n_read += text.len;
    return engine_pass_text(stream->scanner, &stream->options, text, result, error);
}

static sm_status pass_text(sm_stream *stream, base_slice text, sm_result *result, sm_error *error) {
    const uint64_t edge = stream->reading.most > EDGE ? stream->reading.most - EDGE : 0;
    const uint64_t room = stream->n_fed < edge ? edge - stream->n_fed : 0;
    base_slice now = {text.bytes, text.len < room ? text.len : (size_t)room};
    for (size_t i = now.len; i < text.len && stream->n_edge < sizeof stream->edge; i++)
        stream->edge[stream->n_edge++] = text.bytes[i];
    stream->n_fed += text.len;
    return pass_on(stream, now, result, error);
}

/* What waited before the limit, as far as it lies before it. */
static sm_status pass_edge(sm_stream *stream, sm_result *result, sm_error *error) {
    base_slice rest = {stream->edge, stream->n_edge};
    if (stream->n_fed > stream->reading.most) {
        rest = base_slice_cut(rest, stream->reading.most < EDGE ? stream->reading.most : EDGE);
        stream->scanner->documents[0].limits |= stream->reading.limit;
    }
    return pass_on(stream, rest, result, error);
}

/* Takes the first bytes, and settles what the stream is when they are there: a mark of UTF-16 is heard before the caller is.
 * @param text  goes on behind them. */
static sm_status take_first(sm_stream *stream, base_slice *text, bool is_end, sm_result *result, sm_error *error) {
    enum { MARK = 2 };
    const size_t room = MARK - stream->len, n = text->len < room ? text->len : room;
    if (!keep_text(stream, (base_slice){text->bytes, n})) return SM_ERR_NOMEM;
    if (n) *text = (base_slice){text->bytes + n, text->len - n};
    base_slice first = {stream->text, stream->len};
    if (!is_end && first.len < MARK) return SM_OK;
    stream->state = may_pass(stream) && !text_has_mark_of_utf16(first) ? PASSING : KEEPING;
    if (stream->state == KEEPING) return SM_OK;
    sm_status status = begin_to_pass(stream, result, error);
    return status == SM_OK ? pass_text(stream, first, result, error) : status;
}

/* No more of it is read: what is known by now does not wait for the end. */
static sm_status end_passing(sm_stream *stream, sm_result *result, sm_error *error) {
    sm_status status = pass_edge(stream, result, error);
    stream->state = PAST_LIMIT;
    return status == SM_OK ? engine_end_passages(stream->scanner, &stream->options, result, error) : status;
}

static void pass_over(sm_stream *stream, base_slice text) {
    stream->n_fed += text.len;
    if (stream->n_fed > stream->reading.most) stream->scanner->documents[0].limits |= stream->reading.limit;
}

static sm_status take_text(sm_stream *stream, base_slice text, bool is_end, sm_result *result, sm_error *error) {
    sm_status status = stream->state == FRESH ? take_first(stream, &text, is_end, result, error) : SM_OK;
    if (status != SM_OK) return status;
    if (stream->state == KEEPING) return keep_text(stream, text) ? SM_OK : SM_ERR_NOMEM;
    if (stream->state == PAST_LIMIT) pass_over(stream, text);
    if (stream->state != PASSING) return SM_OK;
    status = pass_text(stream, text, result, error);
    bool is_over = is_end || stream->n_fed > stream->reading.most || stream->scanner->documents[0].is_stopped;
    return status == SM_OK && is_over ? end_passing(stream, result, error) : status;
}

/* --- Results ------------------------------------------------------------------------------------------------------------ */

/* A result with what has become known of the document. */
static bool begin_result(sm_stream *stream, sm_result *result) {
    engine_document *document = &stream->scanner->documents[0];
    if (stream->state == FRESH) *document = (engine_document){.charset = TEXT_AUTO};
    stream->scanner->n_documents = 1;
    document->weight = document->lead = document->lead_weight = 0;
    result->offsets = stream->options.given.offsets;
    result->scope = stream->options.given.scope;
    return engine_open_documents(stream->scanner, result);
}

/* What was told stays true of what is told next: that mentions were left out, and how many there were. */
static sm_status end_result(sm_stream *stream, sm_result *result) {
    engine_document *document = &stream->scanner->documents[0];
    const sm_document_info *info = result->documents.items;
    document->n_told += result->mentions.n;
    document->limits |= info->limits;
    engine_tell_documents(stream->scanner, result);
    return engine_finish_documents(stream->scanner, &stream->options, NULL, result);
}

static sm_status extract_kept(sm_stream *stream, sm_result **result, sm_error *error) {
    sm_document document = stream->document;
    document.text = stream->text;
    document.text_len = stream->len;
    return engine_extract(stream->scanner->engine, stream->scanner, &document, &stream->options, result, error);
}

static sm_status go_on(sm_stream *stream, base_slice text, bool is_end, sm_result **result, sm_error *error) {
    sm_status status = begin_result(stream, *result) ? SM_OK : SM_ERR_NOMEM;
    if (status == SM_OK) status = take_text(stream, text, is_end, *result, error);
    if (status == SM_OK && is_end && stream->state == KEEPING) return extract_kept(stream, result, error);
    return status == SM_OK ? end_result(stream, *result) : status;
}

static sm_status run(sm_stream *stream, base_slice text, bool is_end, sm_result **result, sm_error *error) {
    const bool is_over = stream->state == FAILED || stream->state == ENDED;
    sm_status status = engine_result_make(stream->scanner->engine, result, error);
    if (status == SM_OK && is_over)
        status = base_fail(error, SM_ERR_ARG, "the stream has %s; expected sm_stream_open() first",
                           stream->state == FAILED ? "failed" : "ended");
    if (status == SM_OK && !text.bytes && text.len)
        status = base_fail(error, SM_ERR_ARG, "bytes is NULL but its length is not 0");
    if (status != SM_OK) return status;
    status = go_on(stream, text, is_end, result, error);
    if (status == SM_ERR_NOMEM) base_no_memory(error, "to go on with the stream");
    if (is_end) stream->state = ENDED;
    if (status != SM_OK) stream->state = FAILED;
    return status;
}

static sm_status take(sm_stream *stream, base_slice text, bool is_end, sm_result **result, sm_error *error) {
    const bool is_new = result && !*result;
    sm_status status = stream && result ? run(stream, text, is_end, result, error)
                                        : base_fail(error, SM_ERR_ARG, "stream and result are needed");
    if (status != SM_OK) engine_result_drop(stream ? stream->scanner->engine : NULL, result, is_new);
    return status;
}

sm_status sm_stream_feed(sm_stream *stream, const char *bytes, uint64_t len, sm_result **result, sm_error *error) {
    return take(stream, (base_slice){bytes, (size_t)len}, false, result, error);
}

sm_status sm_stream_finish(sm_stream *stream, sm_result **result, sm_error *error) {
    return take(stream, (base_slice){"", 0}, true, result, error);
}
