/* Codes that no table has are reported where they are asked for, and change nothing of what is found without them. */
#include <stdbool.h>

#include "samples.h"

static sm_engine *engine;

enum { MAX_LIST = 4096 };

/* What is in every notation of a code that no table has, between mentions, in links and titles, again and again. */
static const char *const texts[] = {
    "688999.SH与贵州茅台（600519）、$QZZZ、NASDAQ: QZZZ，$QZZZ、SZ399001",
    "(NASDAQ: GOOG, QZZZ) and QZZZ.N, US:QZZZ, QZZZ.US",
    "<p>金山办公 <a href=\"http://quote.eastmoney.com/unify/r/1.601318\">688999.SH</a> ９２０９９９．ＢＪ</p>",
    "# 腾讯控股 2999.HK\n\n**2999.HK**、阿里巴巴 BABA.N",
    "没有代码",
};
enum { N_TEXTS = sizeof texts / sizeof texts[0] };

static sm_document document_of(size_t index) {
    if (index >= N_TEXTS) return sample_document(index - N_TEXTS);
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = texts[index];
    document.text_len = strlen(texts[index]);
    document.title = index % 2 ? "招商银行与688999.SH" : NULL;
    document.title_len = document.title ? strlen(document.title) : 0;
    return document;
}

static sm_result *extract(const sm_document *document, uint16_t unlisted) {
    sm_result *result = NULL;
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    options.offsets = SM_OFFSETS_CODEPOINT;
    options.unlisted = unlisted;
    if (!CHECK(sm_engine_extract(engine, NULL, document, &options, &result, NULL) == SM_OK)) exit(check_report());
    return result;
}

static bool is_unknown(const sm_result *result, uint32_t security) {
    return sm_result_security_at(result, security)->status == SM_SECURITY_UNKNOWN;
}

static void write_mention(const sm_result *result, const sm_mention *m, char *out) {
    size_t len = strlen(out);
    snprintf(out + len, MAX_LIST - len, "%u:%llu-%llu(%llu) %s=%s %u %llx; ", m->field, (unsigned long long)m->start,
             (unsigned long long)m->end, (unsigned long long)m->start_units, m->text,
             sm_result_security_at(result, m->security)->id, m->confidence, (unsigned long long)m->evidence);
}

static void write_rows(const sm_result *result, uint32_t by, char *out) {
    const sm_rollup *row;
    for (uint64_t i = 0; (row = sm_result_rollup_at(result, by, i)) != NULL; i++) {
        size_t len = strlen(out);
        if (is_unknown(result, row->security)) CHECK(row->salience == 0 && row->count > 0);
        else
            snprintf(out + len, MAX_LIST - len, "%s %u %u; ", sm_result_security_at(result, row->security)->id,
                     row->count, row->salience);
    }
}

/* All that a result says of what the tables know. */
static void write_known(const sm_result *result, char out[MAX_LIST]) {
    out[0] = '\0';
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++)
        if (!is_unknown(result, sm_result_mention_at(result, i)->security))
            write_mention(result, sm_result_mention_at(result, i), out);
    for (uint32_t by = SM_BY_SECURITY; by <= SM_BY_ISSUER; by++) write_rows(result, by, out);
}

static void nothing_else_changes(void) {
    for (size_t i = 0; i < N_TEXTS + N_SAMPLES; i++) {
        char expected[MAX_LIST], got[MAX_LIST];
        sm_document document = document_of(i);
        sm_result *without = extract(&document, 0), *with = extract(&document, 1);
        write_known(without, expected);
        write_known(with, got);
        CHECK_STR(expected, got, "what the tables know");
        sm_result_free(without);
        sm_result_free(with);
    }
}

static void each_is_told_from_its_code(void) {
    static const struct {
        const char *text, *id, *name;
    } rows[] = {
        {"688999.SH", "XSHG:688999", "688999"},
        {"$QZZZ", "XXXX:QZZZ", "QZZZ"},
        {"NASDAQ: QZZZ", "XNAS:QZZZ", "QZZZ"},
        {"$QZZ-B", "XXXX:QZZ.B", "QZZ.B"},
        {"2999.HK", "XHKG:02999", "02999"},
        {"QZZZ.US", "XXXX:QZZZ", "QZZZ"},
        {"９２０９９９．ＢＪ", "BJSE:920999", "920999"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.text = rows[i].text;
        document.text_len = strlen(rows[i].text);
        sm_result *result = extract(&document, 1);
        if (CHECK_ROW(sm_result_mention_count(result) == 1, rows[i].text)) {
            const sm_mention *m = sm_result_mention_at(result, 0);
            const sm_security *s = sm_result_security_at(result, m->security);
            CHECK_STR(rows[i].id, s->id, "id");
            CHECK_STR(rows[i].id, s->issuer, "issuer");
            CHECK_STR(rows[i].name, m->name, "name");
            CHECK_STR(rows[i].text, m->text, "text");
            CHECK(m->kind == SM_KIND_CODE && m->n_candidates == 1 && s->handle == UINT32_MAX);
        }
        sm_result_free(result);
    }
}

/* Each document of a batch has securities of its own, also where another has the same. */
static void a_batch_finds_the_same(void) {
    char text[MAX_LIST] = "";
    int64_t offsets[N_TEXTS + 1] = {0};
    sm_batch batch;
    sm_extract_options options;
    sm_result *result = NULL;
    for (size_t i = 0; i < N_TEXTS; i++) {
        strcat(text, texts[i]);
        offsets[i + 1] = (int64_t)strlen(text);
    }
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_TEXT;
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = N_TEXTS;
    sm_extract_options_init(&options, sizeof options);
    options.unlisted = 1;
    CHECK(sm_engine_extract_batch(engine, &batch, &options, &result, NULL) == SM_OK);
    for (uint64_t i = 0; i < N_TEXTS; i++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.format = SM_FORMAT_TEXT;
        document.text = texts[i];
        document.text_len = strlen(texts[i]);
        sm_result *alone = NULL;
        CHECK(sm_engine_extract(engine, NULL, &document, &options, &alone, NULL) == SM_OK);
        sm_json_options json;
        sm_json_options_init(&json, sizeof json);
        sm_buffer got = {0}, expected = {0};
        CHECK(sm_result_json(alone, &json, &expected, NULL) == SM_OK);
        json.document = i;
        CHECK(sm_result_json(result, &json, &got, NULL) == SM_OK);
        CHECK_STR(expected.data, got.data, "of a batch");
        sm_buffer_free(&got);
        sm_buffer_free(&expected);
        sm_result_free(alone);
    }
    sm_result_free(result);
}

static void only_reports_what_it_names(void) {
    static const char *const ids[] = {"XSHG:600519"};
    sm_document document = document_of(0);
    sm_extract_options options;
    sm_result *result = NULL;
    sm_extract_options_init(&options, sizeof options);
    options.unlisted = 1;
    options.only = ids;
    options.n_only = 1;
    CHECK(sm_engine_extract(engine, NULL, &document, &options, &result, NULL) == SM_OK);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++)
        CHECK(!is_unknown(result, sm_result_mention_at(result, i)->security));
    sm_result_free(result);
}

int main(void) {
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    nothing_else_changes();
    each_is_told_from_its_code();
    a_batch_finds_the_same();
    only_reports_what_it_names();
    sm_engine_free(engine);
    return check_report();
}
