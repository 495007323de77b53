/* A document that comes in pieces: wherever it is parted, what is told one behind the other is what the whole one has with the
 * same options; and with a context mentions do not wait for more than that. */
#include "passages.h"

/* --- What is compared ---------------------------------------------------------------------------------------------------- */

/* All that does not depend on which others stand in the same result. */
static void tell(told *out, const sm_result *of) {
    uint64_t n = sm_result_mention_count(of);
    for (uint64_t i = 0; i < n; i++) {
        const sm_mention *m = sm_result_mention_at(of, i);
        const sm_candidate *c = sm_result_candidate_at(of, m->first_candidate);
        out->len += (size_t)snprintf(out->lines + out->len, MOST_TOLD - out->len,
                                     "%llu-%llu %llu-%llu %u %u %u %u %s %s %u %llx '%s' %s %u %u\n",
                                     (unsigned long long)m->start, (unsigned long long)m->end,
                                     (unsigned long long)m->start_units, (unsigned long long)m->end_units, m->field,
                                     m->kind, m->region, m->role, sm_result_security_at(of, m->security)->id,
                                     sm_result_security_at(of, m->security)->then, m->confidence,
                                     (unsigned long long)m->evidence, m->text, m->name, m->n_candidates, c->confidence);
    }
}

/* And all that is known of the document at its end. */
static void tell_document(told *out, const sm_result *of) {
    const sm_document_info *info = sm_result_document_at(of, 0);
    if (!CHECK(info != NULL)) return;
    out->len += (size_t)snprintf(out->lines + out->len, MOST_TOLD - out->len, "%llu %llu %d %s %x %x %llu\n",
                                 (unsigned long long)info->n_invalid,
                                 (unsigned long long)(info->n_invalid ? info->first_invalid : 0), info->as_of,
                                 info->charset, info->limits, info->flags, (unsigned long long)info->n_read);
}

static sm_stream *stream;

static void read_whole(const sm_document *document, const sm_extract_options *options) {
    whole.len = 0;
    if (!CHECK(sm_engine_extract(engine, scanner, document, options, &result, NULL) == SM_OK)) return;
    tell(&whole, result);
    tell_document(&whole, result);
}

/* --- Splits -------------------------------------------------------------------------------------------------------------- */

static void begin(const sm_document *document, const sm_extract_options *options) {
    sm_document untold = *document;
    untold.text = NULL;
    untold.text_len = 0;
    parts.len = 0;
    CHECK(sm_stream_open(engine, &untold, options, &stream, NULL) == SM_OK);
}

static void feed(const char *bytes, size_t len) {
    CHECK(sm_stream_feed(stream, bytes, len, &result, NULL) == SM_OK);
    CHECK(sm_result_document_count(result) == 1);
    tell(&parts, result);
}

static int finish(const char *what, size_t at) {
    char row[256];
    CHECK(sm_stream_finish(stream, &result, NULL) == SM_OK);
    tell(&parts, result);
    tell_document(&parts, result);
    parts.lines[parts.len] = whole.lines[whole.len] = '\0';
    snprintf(row, sizeof row, "%s, parted at %zu", what, at);
    return CHECK_STR(whole.lines, parts.lines, row);
}

static int compare_in_two(const sm_document *document, const sm_extract_options *options, const char *what, size_t at) {
    begin(document, options);
    feed(document->text, at);
    feed(document->text + at, (size_t)document->text_len - at);
    return finish(what, at);
}

static int compare_in_pieces(const sm_document *document, const sm_extract_options *options, const char *what,
                             size_t most, random_source *random) {
    const size_t len = (size_t)document->text_len;
    begin(document, options);
    for (size_t at = 0, n; at < len; at += n) {
        n = random ? random_below(random, (uint32_t)most) : most;
        if (n > len - at) n = len - at;
        feed(document->text + at, n);
    }
    return finish(what, most);
}

static void compare_all_splits(const sm_document *document, const sm_extract_options *options, const char *what) {
    enum { EACH_PLACE = 1200, SOME_PLACES = 60, N_RANDOM = 12 };
    random_source random = {document->text_len};
    const size_t len = (size_t)document->text_len, step = len <= EACH_PLACE ? 1 : len / SOME_PLACES;
    read_whole(document, options);
    for (size_t at = 0; at <= len; at += step)
        if (!compare_in_two(document, options, what, at)) return;
    compare_in_pieces(document, options, what, 1, NULL);
    for (uint32_t i = 1; i < N_RANDOM; i++) compare_in_pieces(document, options, what, 3u << i, &random);
}

/* --- What is parted --------------------------------------------------------------------------------------------------------- */

static void texts_are_as_whole_ones(void) {
    static const uint32_t contexts[] = {256, 257, 400, 1024, 8192, 0};
    static char text[LONGEST];
    for (size_t c = 0; c < sizeof contexts / sizeof contexts[0]; c++)
        for (uint64_t seed = 0; seed < 6; seed++) {
            const size_t len = make_text(text, seed < 4 ? 900 + 7 * (size_t)seed : 9000, seed, seed % 2);
            const sm_document document = text_of(text, len);
            const sm_extract_options options = options_with(contexts[c]);
            compare_all_splits(&document, &options, "a text");
            CHECK(whole.len > 500);
        }
}

static void what_is_no_such_text_is_as_a_whole_one(void) {
    static const char marked[] = "\xEF\xBB\xBF金山办公（688111）涨停", utf16[] = "\xFF\xFE\xD1\x91q\\\x9ER\x6cQ\n\0",
                      no_mark[] = "\xFE\xFF金山办公（688111）";
    for (uint32_t context = 0; context <= 256; context += 256) {
        const sm_extract_options options = options_with(context);
        for (size_t i = 0; i < N_SAMPLES; i++) {
            const sm_document document = sample_document(i);
            compare_all_splits(&document, &options, "a sample");
        }
        const sm_document gbk = sample_in_gbk();
        compare_all_splits(&gbk, &options, "a page in gbk");
        sm_document document = text_of(marked, sizeof marked - 1);
        compare_all_splits(&document, &options, "behind a mark of byte order");
        document = text_of(utf16, sizeof utf16 - 1);
        compare_all_splits(&document, &options, "in UTF-16, whatever is said");
        document = text_of(no_mark, sizeof no_mark - 1);
        compare_all_splits(&document, &options, "behind what is no mark");
        document = text_of("", 0);
        compare_all_splits(&document, &options, "no text");
        document = text_of("\xE9", 1);
        compare_all_splits(&document, &options, "one bad byte");
    }
}

/* What only the first passages reach is said at the end; and what the title alone uses up. */
static void limits_that_were_reached_long_ago_are_told(void) {
    static char text[LONGEST];
    const size_t len = make_text(text, 700, 3, 0);
    memset(text + len, '.', 3000);
    const sm_document document = text_of(text, len + 3000);
    sm_extract_options options = options_with(256);
    options.max_mentions = 5;
    compare_all_splits(&document, &options, "max_mentions, far from the end");
    options.max_mentions = 0;
    for (options.max_steps = 1; options.max_steps < 60; options.max_steps++) {
        read_whole(&document, &options);
        compare_in_pieces(&document, &options, "max_steps in the title", 50, NULL);
    }
}

/* Limits that lie anywhere, also inside of characters and in the title. */
static void limits_are_as_in_whole_ones(void) {
    static char text[LONGEST];
    const size_t len = make_text(text, 700, 3, 1);
    const sm_document document = text_of(text, len);
    for (uint64_t limit = 1; limit < len + 8; limit += limit < 60 ? 1 : 13) {
        sm_extract_options options = options_with(256);
        options.max_bytes = limit;
        read_whole(&document, &options);
        compare_in_pieces(&document, &options, "max_bytes", 7, NULL);
        options.max_bytes = 0;
        options.max_steps = limit;
        read_whole(&document, &options);
        compare_in_pieces(&document, &options, "max_steps", 5, NULL);
        options.max_bytes = limit > 20 ? limit - 20 : 1;
        read_whole(&document, &options);
        compare_in_pieces(&document, &options, "both", 64, NULL);
        options = options_with(limit % 3 ? 256 : 0);
        options.max_mentions = limit;
        read_whole(&document, &options);
        compare_in_pieces(&document, &options, "max_mentions", 64, NULL);
    }
}

/* Of a text that is kept no more is kept than is read, and that it looks like something else behind changes nothing. */
static void limits_of_kept_texts_are_as_in_whole_ones(void) {
    enum { LEN = 70000, AROUND = 8 };
    static const uint64_t limits[] = {1, 100, 1001, 65536 - AROUND, 65536, LEN - AROUND, LEN};
    static const char gbk[] = "\xB9\xF3\xD6\xDD\xC3\xA9\xCC\xA8\xA3\xAC", utf16[] = "\x35\x8D\xDE\x5D\x05\x83\xF0\x53";
    char *text = malloc(LEN);
    if (!CHECK(text != NULL)) return;
    for (size_t kind = 0; kind < 4; kind++) {
        const char *part = kind == 1 ? gbk : kind == 2 ? utf16 : "贵州茅台，";
        const size_t len = kind == 2 ? sizeof utf16 - 1 : strlen(part);
        memset(text, kind == 2 ? '\n' : ' ', LEN);
        for (size_t at = 0; at + len <= LEN; at += kind == 3 ? 501 : len) memcpy(text + at, part, len);
        if (kind == 3) memset(text + LEN - 100, '\xFF', 90);
        sm_document document = text_of(text, LEN);
        document.charset = NULL;
        document.charset_len = 0;
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
            for (uint64_t shift = 0; shift < (i < 3 ? 1 : AROUND); shift++) {
                sm_extract_options options = options_with(i % 2 ? 256 : 0);
                options.max_bytes = limits[i] + shift;
                options.max_mentions = 20;
                read_whole(&document, &options);
                compare_in_pieces(&document, &options, "max_bytes of what is kept", 5000, NULL);
            }
    }
    free(text);
}

/* The charset of what is kept is that of the whole, which is known at its end; of what passes it is known at once. */
static void the_charset_is_told_when_it_is_known(void) {
    static const char gbk[] = "\xB9\xF3\xD6\xDD\xC3\xA9\xCC\xA8";
    for (int passes = 0; passes < 2; passes++) {
        const char *const text = passes ? "贵州茅台" : gbk;
        const sm_document document = text_of(text, strlen(text));
        const sm_extract_options options = options_with(passes ? 256 : 0);
        const sm_document nothing_said = {.struct_size = sizeof nothing_said};
        begin(passes ? &document : &nothing_said, &options);
        for (size_t i = 0; i < 3; i++) {
            const int is_known = passes && i == 2;
            feed(text + (i > 1), i > 0); /* no byte first, then one, then one more */
            CHECK_STR(is_known ? "utf-8" : "", sm_result_document_at(result, 0)->charset, "as it comes");
            char *json = sample_json(result);
            CHECK((strstr(json, "\"charset\": null") == NULL) == is_known);
            free(json);
        }
        CHECK(sm_stream_finish(stream, &result, NULL) == SM_OK);
        CHECK_STR(passes ? "utf-8" : "gb18030", sm_result_document_at(result, 0)->charset, "at the end");
    }
}

/* --- Time ---------------------------------------------------------------------------------------------------------------- */

/* Behind a limit nothing waits for the end. */
static void a_limit_ends_the_waiting(void) {
    static char text[LONGEST];
    const size_t len = make_text(text, 3000, 41, 0);
    sm_document document = text_of(text, len);
    sm_extract_options options = options_with(2048);
    for (int by_steps = 0; by_steps < 2; by_steps++) {
        options.max_bytes = by_steps ? 0 : 500;
        options.max_steps = by_steps ? 500 : 0;
        begin(&document, &options);
        feed(text, 600);
        const size_t told_first = parts.len;
        feed(text + 600, len - 600);
        CHECK(told_first > 100 && parts.len == told_first);
        CHECK(sm_stream_finish(stream, &result, NULL) == SM_OK && sm_result_mention_count(result) == 0);
        CHECK(sm_result_limits(result) == (by_steps ? SM_LIMIT_STEPS : SM_LIMIT_BYTES));
    }
}

/* A mention is told by the call with the byte that lies so far behind its start, or before; and some long before the end. */
static void mentions_are_told_in_time(void) {
    enum { CONTEXT = 1000 };
    static char text[LONGEST];
    const size_t len = make_text(text, 20000, 8, 0);
    const sm_document document = text_of(text, len);
    const sm_extract_options options = options_with(CONTEXT);
    size_t n_early = 0;
    begin(&document, &options);
    for (size_t at = 0; at < len; at++) {
        feed(text + at, 1);
        for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
            const sm_mention *m = sm_result_mention_at(result, i);
            CHECK(m->field == SM_FIELD_TITLE || m->start + CONTEXT >= at + 1);
            n_early += m->field == SM_FIELD_TEXT;
        }
    }
    CHECK(n_early > 200);
}

/* --- Memory -------------------------------------------------------------------------------------------------------------- */

static size_t n_held, most_held;

/* Each block knows its size. */
static void *counting_allocate(void *context, size_t size) {
    (void)context;
    size_t *block = malloc(sizeof *block * 2 + size);
    if (!block) return NULL;
    block[0] = size;
    n_held += size;
    if (n_held > most_held) most_held = n_held;
    return block + 2;
}

static void counting_release(void *context, void *memory) {
    (void)context;
    if (!memory) return;
    size_t *block = (size_t *)memory - 2;
    n_held -= block[0];
    free(block);
}

static void *counting_reallocate(void *context, void *memory, size_t size) {
    void *grown = counting_allocate(context, size);
    if (!grown || !memory) return grown;
    const size_t had = ((size_t *)memory)[-2];
    memcpy(grown, memory, had < size ? had : size);
    counting_release(context, memory);
    return grown;
}

/* An engine whose memory is counted. */
static sm_engine *open_counting(void) {
    const sm_allocator allocator = {NULL, counting_allocate, counting_reallocate, counting_release};
    sm_engine_options opening;
    sm_engine *own = NULL;
    sm_engine_options_init(&opening, sizeof opening);
    opening.allocator = &allocator; /* which is copied */
    CHECK(sm_engine_open(NULL, &opening, &own, NULL) == SM_OK);
    return own;
}

static void memory_stays_what_it_is(void) {
    enum { CONTEXT = 16384, CHUNK = 1000, FIRST = 400, ALL = 8000 };
    static char text[LONGEST];
    sm_engine *own = open_counting();
    sm_stream *long_one = NULL;
    sm_result *some = NULL;
    sm_document document = text_of("", 0);
    const sm_extract_options options = options_with(CONTEXT);
    CHECK(sm_stream_open(own, &document, &options, &long_one, NULL) == SM_OK);
    const size_t len = make_text(text, LONGEST, 12, 1);
    size_t held_first = 0;
    for (size_t i = 0; i < ALL; i++) {
        const size_t at = i * CHUNK % (len - CHUNK);
        CHECK(sm_stream_feed(long_one, text + at, CHUNK, &some, NULL) == SM_OK);
        if (i == FIRST) held_first = most_held;
    }
    CHECK(sm_stream_finish(long_one, &some, NULL) == SM_OK);
    CHECK(held_first > 0 && most_held <= held_first + held_first / 8);
    sm_result_free(some);
    sm_stream_free(long_one);
    sm_engine_free(own);
    CHECK(n_held == 0);
}

/* Nor is what stands behind a limit. */
static void what_is_not_read_is_not_kept(void) {
    enum { CHUNK = 1 << 16, ALL = 200, LIMIT = 100000, MOST = 1 << 20 };
    static char text[CHUNK];
    sm_engine *own = open_counting();
    sm_stream *kept = NULL;
    sm_result *some = NULL;
    for (int by_steps = 0; by_steps < 2; by_steps++) {
        sm_extract_options options = options_with(0);
        if (by_steps) options.max_steps = LIMIT;
        else options.max_bytes = LIMIT;
        memset(text, '.', sizeof text);
        CHECK(sm_stream_open(own, NULL, &options, &kept, NULL) == SM_OK);
        const size_t before = most_held = n_held;
        for (size_t i = 0; i < ALL; i++) CHECK(sm_stream_feed(kept, text, CHUNK, &some, NULL) == SM_OK);
        CHECK(most_held - before < MOST);
        CHECK(sm_stream_finish(kept, &some, NULL) == SM_OK);
        CHECK(sm_result_limits(some) == (by_steps ? SM_LIMIT_STEPS : SM_LIMIT_BYTES));
        CHECK(sm_result_document_at(some, 0)->n_read == LIMIT);
    }
    sm_result_free(some);
    sm_stream_free(kept);
    sm_engine_free(own);
}

/* --- Errors -------------------------------------------------------------------------------------------------------------- */

/* All at once no more is held than bit by bit. */
static void a_long_piece_is_not_kept(void) {
    enum { LEN = 4 << 20 };
    char *text = malloc(LEN);
    sm_allocator allocator = {NULL, counting_allocate, counting_reallocate, counting_release};
    sm_engine_options opening;
    sm_engine *own = NULL;
    sm_stream *one = NULL;
    sm_result *some = NULL;
    if (!CHECK(text != NULL)) return;
    memset(text, '.', LEN);
    for (size_t i = 0; i < LEN; i += 64) text[i] = '\n';
    sm_engine_options_init(&opening, sizeof opening);
    opening.allocator = &allocator;
    const sm_document document = text_of("", 0);
    const sm_extract_options options = options_with(4096);
    CHECK(sm_engine_open(NULL, &opening, &own, NULL) == SM_OK);
    CHECK(sm_stream_open(own, &document, &options, &one, NULL) == SM_OK);
    const size_t before = most_held = n_held;
    CHECK(sm_stream_feed(one, text, LEN, &some, NULL) == SM_OK);
    CHECK(most_held - before < LEN / 8);
    sm_result_free(some);
    sm_stream_free(one);
    sm_engine_free(own);
    free(text);
}

static void wrong_calls_are_told(void) {
    sm_error error;
    sm_stream *made = NULL;
    sm_result *some = NULL;
    sm_document document = text_of("text", 4);
    sm_extract_options options = options_with(255);
    CHECK(sm_stream_open(engine, &document, NULL, &made, &error) == SM_ERR_ARG && !made);
    CHECK(strstr(error.message, "sm_stream_feed()") != NULL);
    CHECK(sm_stream_open(engine, NULL, &options, &made, &error) == SM_ERR_ARG && !made);
    CHECK(strstr(error.message, "context_bytes is 255") != NULL);
    CHECK(sm_stream_open(engine, NULL, NULL, &made, NULL) == SM_OK && made);
    CHECK(sm_stream_feed(made, NULL, 1, &some, &error) == SM_ERR_ARG && !some);
    CHECK(sm_stream_feed(made, NULL, 0, &some, &error) == SM_OK);
    CHECK(sm_stream_finish(made, &some, &error) == SM_OK);
    CHECK(sm_result_document_count(some) == 1);
    CHECK(sm_stream_feed(made, "", 0, &some, &error) == SM_ERR_ARG);
    CHECK(strstr(error.message, "has ended") != NULL && sm_result_document_count(some) == 0);
    CHECK(sm_stream_finish(made, &some, &error) == SM_ERR_ARG);
    CHECK(sm_stream_open(engine, &document, NULL, &made, &error) == SM_ERR_ARG && made);
    CHECK(sm_stream_feed(made, "", 0, &some, &error) == SM_ERR_ARG && strstr(error.message, "has failed"));
    CHECK(sm_stream_open(engine, NULL, NULL, &made, NULL) == SM_OK);
    CHECK(sm_stream_feed(made, "金山办公（688111）", strlen("金山办公（688111）"), &some, NULL) == SM_OK
          && sm_result_mention_count(some) == 0);
    CHECK(sm_stream_finish(made, &some, NULL) == SM_OK && sm_result_mention_count(some) == 2);
    sm_engine *other = NULL;
    CHECK(sm_engine_open(NULL, NULL, &other, NULL) == SM_OK);
    CHECK(sm_stream_open(other, NULL, NULL, &made, &error) == SM_ERR_ARG && strstr(error.message, "another engine"));
    sm_engine_free(other);
    sm_result_free(some);
    sm_stream_free(made);
    sm_stream_free(NULL);
}

/* The caller's strings are gone when the text comes. */
static void what_was_said_is_kept(void) {
    char id[] = "XSHG:688111", other[] = "XSHG:600519", skip[] = "aside", title[] = "金山办公与贵州茅台",
         charset[] = "utf-8";
    const char *only[] = {id, other}, *excluded[] = {other}, *skipped[] = {skip};
    const char text[] = "<p>金山办公（688111）、贵州茅台（600519）<aside>金山办公（688111）</aside>";
    sm_extract_options options = options_with(0);
    options.only = only;
    options.n_only = 2;
    options.exclude = excluded;
    options.n_exclude = 1;
    options.skip = skipped;
    options.n_skip = 1;
    sm_document document = text_of("", 0);
    document.format = SM_FORMAT_HTML;
    document.title = title;
    document.title_len = strlen(title);
    document.charset = charset;
    CHECK(sm_stream_open(engine, &document, &options, &stream, NULL) == SM_OK);
    memset(id, 'x', sizeof id - 1);
    memset(other, 'x', sizeof other - 1);
    memset(skip, 'x', sizeof skip - 1);
    memset(title, 'x', sizeof title - 1);
    memset(charset, 'x', sizeof charset - 1);
    only[0] = only[1] = excluded[0] = skipped[0] = NULL;
    CHECK(sm_stream_feed(stream, text, sizeof text - 1, &result, NULL) == SM_OK);
    CHECK(sm_stream_finish(stream, &result, NULL) == SM_OK && sm_result_mention_count(result) == 3);
}

int main(void) {
    if (!begin_tests()) return 2;
    texts_are_as_whole_ones();
    what_is_no_such_text_is_as_a_whole_one();
    limits_are_as_in_whole_ones();
    limits_of_kept_texts_are_as_in_whole_ones();
    limits_that_were_reached_long_ago_are_told();
    the_charset_is_told_when_it_is_known();
    a_limit_ends_the_waiting();
    mentions_are_told_in_time();
    memory_stays_what_it_is();
    a_long_piece_is_not_kept();
    what_is_not_read_is_not_kept();
    wrong_calls_are_told();
    what_was_said_is_kept();
    sm_stream_free(stream);
    return end_tests();
}
