/* How far a document is read when steps are limited, for every limit there can be: no candidate and no byte behind it counts,
 * what was read and what stopped it is said, and with enough steps the result is that without a limit. */
#include <stdbool.h>

#include "samples.h"

static sm_engine *engine;

static void extract(const sm_document *document, uint64_t max_steps, sm_result **result) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.max_steps = max_steps;
    options.counts = 1;
    CHECK(sm_engine_extract(engine, NULL, document, &options, result, NULL) == SM_OK);
}

static uint64_t count_candidates(const sm_result *result) {
    uint64_t n = 0;
    for (uint32_t decision = 0; sm_decision_word(decision); decision++) n += sm_result_decided(result, decision);
    return n;
}

static const sm_document_info *info_of(const sm_result *result) {
    return sm_result_documents(result, NULL);
}

/* The first byte that no mention covers, of a field. */
static uint64_t end_of_starts(const sm_result *result, uint32_t field) {
    const sm_mention *mentions = sm_result_mentions(result, NULL);
    uint64_t end = 0;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++)
        if (mentions[i].field == field && mentions[i].start >= end) end = mentions[i].start + 1;
    return end;
}

static void every_limit_holds(const sm_document *document, const char *row) {
    sm_result *whole = NULL, *result = NULL;
    extract(document, 0, &whole);
    char *expected = sample_json(whole);
    const uint64_t all = document->text_len + document->title_len, n_candidates = count_candidates(whole);
    bool has_stopped = false;
    CHECK_ROW(info_of(whole)->n_read == document->text_len && !info_of(whole)->limits, row);
    for (uint64_t most = all + n_candidates + 1; most > 0; most--) {
        extract(document, most, &result);
        const sm_document_info *info = info_of(result);
        const bool is_cut = info->limits & SM_LIMIT_STEPS;
        char *got = sample_json(result);
        if (!is_cut) CHECK_STR(expected, got, row);
        free(got);
        CHECK_ROW(is_cut || info->n_read == document->text_len, row);
        CHECK_ROW(is_cut || most >= all, row);
        CHECK_ROW(is_cut || !has_stopped, row); /* less never reaches further */
        CHECK_ROW(count_candidates(result) <= most, row);
        CHECK_ROW(info->n_read <= most && end_of_starts(result, SM_FIELD_TEXT) <= info->n_read + 1, row);
        CHECK_ROW(end_of_starts(result, SM_FIELD_TITLE) <= most, row);
        has_stopped |= is_cut;
    }
    CHECK_ROW(all == 0 || has_stopped, row);
    free(expected);
    sm_result_free(result);
    sm_result_free(whole);
}

/* The last of four candidates has nine bytes and three candidates before it. */
static void candidates_are_steps(void) {
    static const char text[] = "$F $F $F $F ";
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = sizeof text - 1;
    extract(&document, 13, &result);
    CHECK(count_candidates(result) == 4 && info_of(result)->n_read == 12 && sm_result_limits(result) == 0);
    extract(&document, 12, &result);
    CHECK(count_candidates(result) == 3 && info_of(result)->n_read == 9);
    CHECK(sm_result_limits(result) == SM_LIMIT_STEPS);
    sm_result_free(result);
}

/* A link that stands behind is no mention, and no evidence for what stands before it. */
static void links_behind_are_not_followed(void) {
    static const char page[] = "<p>万科A</p><p>金山办公</p>"
                               "<p><a href=\"http://quote.eastmoney.com/sz000002.html\">x</a></p>";
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = page;
    document.text_len = sizeof page - 1;
    document.format = SM_FORMAT_HTML;
    extract(&document, 0, &result);
    char *json = sample_json(result);
    CHECK(sm_result_mention_count(result) == 3 && strstr(json, "line-code"));
    free(json);
    extract(&document, sizeof page - 1, &result); /* all bytes, and the second candidate is the last */
    CHECK(sm_result_mention_count(result) == 3);
    extract(&document, 17, &result);
    json = sample_json(result);
    CHECK(sm_result_mention_count(result) == 1 && !strstr(json, "line-code"));
    free(json);
    sm_result_free(result);
}

/* --- Characters of other charsets ---------------------------------------------------------------------------------------- */

/* Texts, and how many bytes each of their characters has. */
static const struct {
    const char *charset; /* what they are read in */
    const char *text, *lens;
    size_t name_end; /* of the first mention */
    bool is_said;    /* a text that is so short does not look like it */
} encoded[] = {
    {"gb18030", "\xB9\xF3\xD6\xDD\xC3\xA9\xCC\xA8\x41\xA1\xA2\xCE\xE5\xC1\xB8\xD2\xBA\xA1\xA3", "2222122222", 8, false},
    {"gb18030", "\xB9\xF3\xD6\xDD\xC3\xA9\xCC\xA8\x94\x39\xFC\x36\xA1\xA2\xCE\xE5\xC1\xB8\xD2\xBA", "222242222", 8,
     false},
    {"big5", "\xA5\x78\xBF\x6E\xB9\x71\xA1\x5D\x32\x33\x33\x30\xA1\x5E\xBB\x50\xC4\xCB\xB0\x54\xB1\xB1\xAA\xD1",
     "22221111222222", 6, false},
    {"utf-16le", "\x35\x8D\xDE\x5D\x05\x83\xF0\x53\x3D\xD8\x00\xDE\x94\x4E\xAE\x7C\xB2\x6D\x02\x30", "222242222", 8,
     true},
    {"utf-16be", "\x8D\x35\x5D\xDE\x83\x05\x53\xF0\xD8\x3D\xDE\x00\x4E\x94\x7C\xAE\x6D\xB2\x30\x02", "222242222", 8,
     true},
    {"utf-16le", "\x35\x8D\xDE\x5D\x05\x83\xF0\x53\x0C\xFF\x94\x4E\xAE\x7C\xB2\x6D\x02\x30", "222222222", 8, false},
    {"utf-16le", "\xFF\xFE\x35\x8D\xDE\x5D\x05\x83\xF0\x53\x02\x30", "222222", 10, false},
    {"utf-8", "贵州茅台😀、五粮液é。", "33334333323", 12, false},
    {"utf-8", "\xEF\xBB\xBF贵州茅台。", "33333", 15, false},
};

/* The end of the last whole character. */
static size_t last_end(const char *lens, size_t limit) {
    size_t end = 0;
    for (; *lens && end + (size_t)(*lens - '0') <= limit; lens++) end += (size_t)(*lens - '0');
    return end;
}

static void a_limit_is_as_it_should_be(size_t row, const sm_document *document, size_t limit) {
    const size_t end = last_end(encoded[row].lens, limit);
    char what[64];
    sm_extract_options options;
    sm_result *result = NULL;
    sm_text *text = NULL;
    snprintf(what, sizeof what, "%s, row %zu, %zu bytes", encoded[row].charset, row, limit);
    sm_extract_options_init(&options, sizeof options);
    options.max_bytes = limit;
    CHECK(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK);
    CHECK_STR(encoded[row].charset, info_of(result)->charset, what);
    CHECK_ROW(info_of(result)->n_read == end && sm_result_invalid_bytes(result, NULL) == 0, what);
    CHECK_ROW(sm_result_limits(result) == (end < document->text_len ? SM_LIMIT_BYTES : 0), what);
    CHECK_ROW(end < encoded[row].name_end || sm_result_mention_at(result, 0)->end == encoded[row].name_end, what);
    CHECK(sm_text_read_with(document, &options, &text, NULL) == SM_OK);
    CHECK_ROW(sm_text_limits(text) == sm_result_limits(result), what);
    for (uint64_t i = 0; i < sm_text_run_count(text); i++) {
        const sm_text_run *run = sm_text_run_at(text, i);
        CHECK_ROW(run->pieces[run->n_pieces - 1].source_end == end, what);
        CHECK_ROW(run->len < 3 || memcmp(run->text + run->len - 3, "\uFFFD", 3) != 0, what);
    }
    options.max_bytes = 0;
    options.max_steps = limit; /* of which candidates take some */
    CHECK(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK);
    CHECK_STR(encoded[row].charset, info_of(result)->charset, what);
    CHECK_ROW(info_of(result)->n_read <= end && sm_result_invalid_bytes(result, NULL) == 0, what);
    sm_text_free(text);
    sm_result_free(result);
}

/* Whatever a limit parts, the charset is that of the whole text, and half of a character is nothing that was read. */
static void no_character_is_parted(void) {
    for (size_t i = 0; i < sizeof encoded / sizeof encoded[0]; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.text = encoded[i].text;
        document.text_len = last_end(encoded[i].lens, SIZE_MAX);
        document.format = SM_FORMAT_TEXT;
        for (size_t limit = 1; limit <= document.text_len && !encoded[i].is_said; limit++)
            a_limit_is_as_it_should_be(i, &document, limit);
        document.charset = encoded[i].charset;
        document.charset_len = strlen(document.charset);
        for (size_t limit = 1; limit <= document.text_len; limit++) a_limit_is_as_it_should_be(i, &document, limit);
    }
}

/* A text that is long, of which few bytes are read, is in no other charset for what stands there: ASCII, then GBK; and the same
 * where the first 64 KiB end in a character of UTF-8. */
static void the_charset_is_that_of_a_long_text(void) {
    enum { LEN = 70000, ASCII = 65536 - 1 };
    char *text = malloc(LEN);
    sm_document document;
    sm_extract_options options;
    sm_result *result = NULL;
    if (!CHECK(text != NULL)) return;
    sm_document_init(&document, sizeof document);
    sm_extract_options_init(&options, sizeof options);
    document.text = text;
    document.text_len = LEN;
    options.max_bytes = 1000;
    for (size_t shift = 0; shift < 8; shift++) {
        memset(text, 'a', LEN);
        for (size_t i = ASCII + shift; i + 3 <= LEN; i += 3) memcpy(text + i, "茅", 3);
        memset(text + LEN - 3, '\n', 3);
        CHECK(sm_engine_extract(engine, NULL, &document, &options, &result, NULL) == SM_OK);
        CHECK_STR("utf-8", info_of(result)->charset, "a character of UTF-8 over the end of what is looked at");
        CHECK(info_of(result)->n_read == 1000 && sm_result_invalid_bytes(result, NULL) == 0);
    }
    for (size_t i = 2000; i + 8 <= LEN; i += 8) memcpy(text + i, encoded[0].text, 8);
    CHECK(sm_engine_extract(engine, NULL, &document, &options, &result, NULL) == SM_OK);
    CHECK_STR("gb18030", info_of(result)->charset, "GBK behind the limit");
    sm_result_free(result);
    free(text);
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sm_document document = sample_document(i);
        every_limit_holds(&document, samples[i].text);
        document.title = NULL;
        document.title_len = 0;
        every_limit_holds(&document, samples[i].text);
    }
    sm_document gbk = sample_in_gbk();
    every_limit_holds(&gbk, "GBK");
    no_character_is_parted();
    the_charset_is_that_of_a_long_text();
    candidates_are_steps();
    links_behind_are_not_followed();
    sm_engine_free(engine);
    return check_report();
}
