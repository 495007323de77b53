/* A document that comes in pieces: wherever it is parted, what is told one behind the other is what the whole one has with the
 * same options. And what a context is: what stands further away does not count, and mentions do not wait for it. */
#include "../random.h"
#include "samples.h"

enum { LONGEST = 1 << 16, MOST_TOLD = 1 << 21 };

/* --- What is compared ---------------------------------------------------------------------------------------------------- */

/* Mentions as text, a line each, with all that does not depend on which others stand in the same result. */
typedef struct told {
    char *lines;
    size_t len;
} told;

static void tell(told *out, const sm_result *result) {
    uint64_t n = sm_result_mention_count(result);
    for (uint64_t i = 0; i < n; i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        const sm_candidate *c = sm_result_candidate_at(result, m->first_candidate);
        out->len += (size_t)snprintf(out->lines + out->len, MOST_TOLD - out->len,
                                     "%llu-%llu %llu-%llu %u %u %u %u %s %s %u %llx '%s' %s %u %u\n",
                                     (unsigned long long)m->start, (unsigned long long)m->end,
                                     (unsigned long long)m->start_units, (unsigned long long)m->end_units, m->field,
                                     m->kind, m->region, m->role, sm_result_security_at(result, m->security)->id,
                                     sm_result_security_at(result, m->security)->then, m->confidence,
                                     (unsigned long long)m->evidence, m->text, m->name, m->n_candidates, c->confidence);
    }
}

/* And all that is known of the document at its end. */
static void tell_document(told *out, const sm_result *result) {
    const sm_document_info *info = sm_result_document_at(result, 0);
    if (!CHECK(info != NULL)) return;
    out->len += (size_t)snprintf(out->lines + out->len, MOST_TOLD - out->len, "%llu %llu %d %s %x %x %llu\n",
                                 (unsigned long long)info->n_invalid,
                                 (unsigned long long)(info->n_invalid ? info->first_invalid : 0), info->as_of,
                                 info->charset, info->limits, info->flags, (unsigned long long)info->n_read);
}

static sm_engine *engine;
static sm_scanner *scanner;
static sm_stream *stream;
static sm_result *result;
static told whole, parts;

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

/* --- Documents ----------------------------------------------------------------------------------------------------------- */

/* Sentences about companies in which much depends on what else the text speaks of, with line ends, long lines, and bytes that
 * are no UTF-8 now and then. */
static size_t make_text(char *out, size_t len, uint64_t seed, int has_faults) {
    static const char *const parts_of_text[] = {"金山办公（688111）今日涨停。",
                                                "金山软件与金山云走低，",
                                                "Apple shares fell 3%. ",
                                                "NVDA and AMD rose; ",
                                                "NASDAQ: NVDA ",
                                                "Nvidia said it would buy back stock. ",
                                                "平安",
                                                "中国平安（601318.SH）公告称，",
                                                "农产品价格上涨。",
                                                "万科A、万科企业、",
                                                "股票代码：600519\n",
                                                "贵州茅台",
                                                "\n",
                                                "\n\n",
                                                "，",
                                                "比亚迪港股",
                                                "在A股市场，",
                                                "Intel Inside ",
                                                "$TSLA ",
                                                "0700.HK ",
                                                "腾讯控股",
                                                "  ",
                                                "Bank of\nAmerica ",
                                                "688999 ",
                                                "SH605999、",
                                                "深圳市深圳市深圳市",
                                                "😀",
                                                "东方财富证券认为",
                                                "——"};
    static const char *const faults[] = {"\xFF",        "\xE9\x87", "\xF0\x9F\x98", "\xC3", "\x80\x80\x80\x80\x80",
                                         "\xE4\xB8\xE4"};
    random_source random = {seed};
    size_t n = 0;
    for (;;) {
        int is_fault = has_faults && random_below(&random, 9) == 0;
        const char *part = is_fault
                               ? faults[random_below(&random, sizeof faults / sizeof faults[0])]
                               : parts_of_text[random_below(&random, sizeof parts_of_text / sizeof parts_of_text[0])];
        if (n + strlen(part) > len) return n;
        memcpy(out + n, part, strlen(part));
        n += strlen(part);
    }
}

static sm_document text_of(const char *text, size_t len) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = len;
    document.format = SM_FORMAT_TEXT;
    document.charset = "utf-8";
    document.charset_len = strlen(document.charset);
    document.title = "腾讯控股、Apple：贵州茅台";
    document.title_len = strlen(document.title);
    document.source = "东方财富";
    document.source_len = strlen(document.source);
    document.url = "https://example.com/2021/12/22/1.html";
    document.url_len = strlen(document.url);
    return document;
}

static sm_extract_options options_with(uint32_t context_bytes) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.context_bytes = context_bytes;
    options.unlisted = 1;
    options.offsets = SM_OFFSETS_UTF16;
    return options;
}

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

/* --- Contexts ------------------------------------------------------------------------------------------------------------ */

/* Whether a symbol that is none by itself is told `distance` bytes from where the text is certain of its company. */
static int is_found_from(size_t distance, uint32_t context_bytes, int is_behind) {
    static char text[LONGEST];
    static const char certain[] = "$HUBS jumped.\n", asks[] = "Then HUBS was there.\n";
    const char *first = is_behind ? asks : certain, *last = is_behind ? certain : asks;
    const size_t first_len = strlen(first), last_len = strlen(last);
    memset(text, '.', sizeof text);
    for (size_t i = 80; i < distance; i += 80) text[i] = '\n';
    memcpy(text, first, first_len);
    memcpy(text + distance, last, last_len);
    const sm_document document = text_of(text, distance + last_len);
    sm_document alone = document;
    alone.title_len = 0;
    sm_extract_options options = options_with(context_bytes);
    read_whole(&alone, &options);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++)
        if (strcmp(sm_result_mention_at(result, i)->text, "HUBS") == 0) return 1;
    return 0;
}

static void what_is_further_away_does_not_count(void) {
    enum { CONTEXT = 4096 };
    for (int is_behind = 0; is_behind < 2; is_behind++) {
        CHECK(is_found_from(20000, 0, is_behind));
        CHECK(is_found_from(CONTEXT / 4, CONTEXT, is_behind));
        for (size_t distance = CONTEXT + 64; distance < 20000; distance += 777)
            CHECK(!is_found_from(distance, CONTEXT, is_behind));
    }
    CHECK(!is_found_from(20000, 256, 0));
}

typedef sm_status one_document(const sm_engine *, sm_scanner *, const sm_document *, const sm_extract_options *,
                               sm_result **, sm_error *);

/* What is one passage is read as ever, whoever asks. */
static void one_passage_is_the_whole(void) {
    static one_document *const ways[] = {sm_engine_extract, sm_check, sm_engine_explain};
    static char text[LONGEST];
    const size_t len = make_text(text, 3000, 21, 1);
    for (size_t i = 0; i <= N_SAMPLES + 1; i++) {
        const sm_document document = i < N_SAMPLES    ? sample_document(i)
                                     : i == N_SAMPLES ? text_of(text, len)
                                                      : sample_in_gbk();
        for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
            sm_extract_options options = options_with(0);
            CHECK(ways[way](engine, scanner, &document, &options, &result, NULL) == SM_OK);
            char *as_ever = sample_json(result);
            options.context_bytes = 1 << 20;
            CHECK(ways[way](engine, scanner, &document, &options, &result, NULL) == SM_OK);
            char *in_one = sample_json(result);
            CHECK_STR(as_ever, in_one, "one passage");
            free(as_ever);
            free(in_one);
        }
    }
}

/* In several passages each explanation that was taken is a mention, in order, and what lies over one is another. */
static void explanations_count_through_passages(void) {
    static char text[LONGEST];
    const size_t len = make_text(text, 3000, 22, 1);
    const sm_document document = text_of(text, len);
    sm_extract_options options = options_with(256);
    options.unlisted = 0;
    CHECK(sm_engine_explain(engine, scanner, &document, &options, &result, NULL) == SM_OK);
    const uint64_t n = sm_result_explanation_count(result);
    uint64_t n_taken = 0, n_over = 0, n_lines = 0;
    for (uint64_t i = 0; i < n; i++) {
        const sm_explanation *e = sm_result_explanation_at(result, i);
        CHECK(e->first_line == n_lines);
        n_lines += e->n_lines;
        if (e->over != UINT32_MAX) {
            const sm_explanation *over = sm_result_explanation_at(result, e->over);
            n_over += (unsigned)CHECK(over && over->start < e->end && e->start < over->end && over->field == e->field);
        }
        if (e->decision != SM_DECISION_TAKEN) continue;
        const sm_mention *m = sm_result_mention_at(result, n_taken++);
        CHECK(m && m->start == e->start && m->end_units == e->end_units && m->field == e->field);
    }
    CHECK(n_taken == sm_result_mention_count(result) && n_taken > 50 && n_over > 10);
    CHECK(n_lines == sm_result_explained_line_count(result));
}

/* Findings are those of all passages, in order, and links that say one thing and go elsewhere are told of, though what they
 * cover stands in the next passage. */
static void contradictions_are_found_in_all_passages(void) {
    enum { N = 30 };
    static char text[LONGEST];
    static const char one[] =
        "<p>五粮液（600519）涨。<a href=\"http://quote.eastmoney.com/sh688111.html\">贵州茅台</a>跌，金山办公持平。</p>\n";
    size_t len = 0;
    for (size_t i = 0; i < N; i++, len += sizeof one - 1) memcpy(text + len, one, sizeof one);
    sm_document document = text_of(text, len);
    document.format = SM_FORMAT_HTML;
    document.title_len = 0;
    for (uint32_t context = 0; context < 3; context++) {
        const sm_extract_options options = options_with(context ? 255 + context : 0);
        uint64_t n_disagree = 0, last = 0;
        CHECK(sm_check(engine, scanner, &document, &options, &result, NULL) == SM_OK);
        CHECK(sm_result_finding_count(result) == 2 * N);
        for (uint64_t i = 0; i < sm_result_finding_count(result); i++) {
            const sm_finding *f = sm_result_finding_at(result, i);
            CHECK(f->code_start >= last && f->code_start_units > 0 && f->code_start_units < f->code_start);
            last = f->code_start;
        }
        for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
            const uint64_t evidence = sm_result_mention_at(result, i)->evidence;
            for (uint32_t bit = 0; bit < 64; bit++)
                n_disagree += evidence >> bit & 1 && strcmp(sm_evidence_word(bit), "link-disagrees") == 0;
        }
        CHECK(n_disagree == N);
    }
}

/* Where each mention stands and whose it is. */
static void tell_places(told *out) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        out->len += (size_t)snprintf(out->lines + out->len, MOST_TOLD - out->len, "%llu-%llu %llu %u %s\n",
                                     (unsigned long long)m->start, (unsigned long long)m->end,
                                     (unsigned long long)m->start_units, m->kind,
                                     sm_result_security_at(result, m->security)->id);
    }
    out->lines[out->len] = '\0';
}

/* Paragraphs that each say all that is needed have the same mentions and links, wherever passages of the page end: one that is
 * longer than a passage is parted at its sentences. */
static void pages_lose_nothing_where_passages_end(void) {
    enum { N = 40, LONG = 8 };
    static char text[LONGEST];
    static const char whole_one[] =
        "<p>五粮液（000858）涨&amp;跌，<a href=\"http://quote.eastmoney.com/sh600519.html\">贵州茅台</a>持平。</p>\n",
                      part[] = "中芯国际（688981.SH）&lt;走高。";
    for (size_t shift = 0; shift < 150; shift++) {
        size_t len = shift;
        memset(text, ' ', shift);
        for (size_t i = 0; i < N; i++) {
            const size_t n = i % LONG ? 0 : LONG;
            memcpy(text + len, whole_one, sizeof whole_one - 1);
            len += sizeof whole_one - 1;
            for (size_t k = 0; k < n; k++, len += sizeof part - 1) memcpy(text + len, part, sizeof part - 1);
        }
        sm_document document = text_of(text, len);
        document.format = SM_FORMAT_HTML;
        sm_extract_options options = options_with(0);
        whole.len = parts.len = 0;
        CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
        CHECK(sm_result_mention_count(result) > 5 * N);
        tell_places(&whole);
        options.context_bytes = 400;
        CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
        tell_places(&parts);
        if (!CHECK_STR(whole.lines, parts.lines, "a page in passages")) return;
    }
}

/* Names with a stop in them are whole where sentences end. */
static void sentences_are_whole(void) {
    enum { N = 100 };
    static char text[LONGEST];
    static const char one[] = "Shares of U.S. Bancorp and of Dr. Reddy's rose sharply. ";
    size_t len = 0;
    for (size_t i = 0; i < N; i++, len += sizeof one - 1) memcpy(text + len, one, sizeof one);
    sm_document document = text_of(text, len);
    document.title_len = 0;
    const sm_extract_options options = options_with(256);
    CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == 2 * N);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        CHECK_STR(i % 2 ? "XNYS:RDY" : "XNYS:USB", sm_result_security_at(result, m->security)->id, m->text);
    }
}

static void a_batch_has_the_same_contexts(void) {
    static char text[LONGEST];
    const size_t len = make_text(text, 6000, 31, 1);
    const int64_t offsets[] = {0, 2000, (int64_t)len};
    sm_result *all = NULL;
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = 2;
    batch.n_threads = 2;
    batch.format = SM_FORMAT_TEXT;
    batch.charset = "utf-8";
    batch.charset_len = 5;
    const sm_extract_options options = options_with(512);
    CHECK(sm_engine_extract_batch(engine, &batch, &options, &all, NULL) == SM_OK);
    for (uint64_t i = 0; i < 2; i++) {
        sm_document document = text_of(text + offsets[i], (size_t)(offsets[i + 1] - offsets[i]));
        document.title_len = document.source_len = document.url_len = 0;
        document.title = NULL;
        CHECK(sm_engine_extract(engine, scanner, &document, &options, &result, NULL) == SM_OK);
        char *alone = sample_json(result), *in_batch = sample_json_of(all, i, "all");
        CHECK_STR(alone, in_batch, "a document of a batch");
        free(alone);
        free(in_batch);
    }
    sm_result_free(all);
}

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

static void memory_stays_what_it_is(void) {
    enum { CONTEXT = 16384, CHUNK = 1000, FIRST = 400, ALL = 8000 };
    static char text[LONGEST];
    sm_allocator allocator = {NULL, counting_allocate, counting_reallocate, counting_release};
    sm_engine_options opening;
    sm_engine *own = NULL;
    sm_stream *long_one = NULL;
    sm_result *some = NULL;
    sm_engine_options_init(&opening, sizeof opening);
    opening.allocator = &allocator;
    sm_document document = text_of("", 0);
    const sm_extract_options options = options_with(CONTEXT);
    CHECK(sm_engine_open(NULL, &opening, &own, NULL) == SM_OK);
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
    whole.lines = malloc(MOST_TOLD);
    parts.lines = malloc(MOST_TOLD);
    if (!whole.lines || !parts.lines) return 2;
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    texts_are_as_whole_ones();
    what_is_no_such_text_is_as_a_whole_one();
    limits_are_as_in_whole_ones();
    limits_that_were_reached_long_ago_are_told();
    what_is_further_away_does_not_count();
    one_passage_is_the_whole();
    explanations_count_through_passages();
    contradictions_are_found_in_all_passages();
    pages_lose_nothing_where_passages_end();
    sentences_are_whole();
    a_batch_has_the_same_contexts();
    a_limit_ends_the_waiting();
    mentions_are_told_in_time();
    memory_stays_what_it_is();
    a_long_piece_is_not_kept();
    wrong_calls_are_told();
    what_was_said_is_kept();
    sm_stream_free(stream);
    sm_result_free(result);
    sm_scanner_free(scanner);
    sm_engine_free(engine);
    free(whole.lines);
    free(parts.lines);
    return check_report();
}
