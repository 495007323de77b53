/* Documents in passages: what stands further away than the context does not count, and nothing is lost where passages end. */
#include "passages.h"

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
    CHECK(sm_engine_extract(engine, scanner, &alone, &options, &result, NULL) == SM_OK);
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

int main(void) {
    if (!begin_tests()) return 2;
    what_is_further_away_does_not_count();
    one_passage_is_the_whole();
    explanations_count_through_passages();
    contradictions_are_found_in_all_passages();
    pages_lose_nothing_where_passages_end();
    sentences_are_whole();
    a_batch_has_the_same_contexts();
    return end_tests();
}
