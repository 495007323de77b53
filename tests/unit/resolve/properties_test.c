/* What holds for every document: mentions lie in order and apart, confidences are shares, options only take away. Tried on
 * the texts of contexts.tsv, one by one and as one document in each format. */
#include <stdlib.h>

#include "../check.h"
#include "../rows.h"
#include "resolve/resolve.h"
#include "stockmention.h"

enum { MAX_TEXTS = 256, ALL_LEN = 64 * 1024 };

typedef struct corpus {
    char *texts[MAX_TEXTS];
    size_t n;
    char all[ALL_LEN]; /* all of them, a paragraph each */
} corpus;

static void read_corpus(corpus *c) {
    rows r;
    size_t len = 0;
    if (!rows_open(&r, "tests/unit/resolve/contexts.tsv")) exit(check_report());
    while (c->n < MAX_TEXTS && rows_next(&r, 5)) {
        rows_unescape(r.cells[0]);
        c->texts[c->n] = malloc(strlen(r.cells[0]) + 1);
        if (!c->texts[c->n]) exit(2);
        strcpy(c->texts[c->n++], r.cells[0]);
        int n = snprintf(c->all + len, ALL_LEN - len, "%s\n\n", r.cells[0]);
        if (!CHECK(n > 0 && (size_t)n < ALL_LEN - len)) exit(check_report());
        len += (size_t)n;
    }
    rows_close(&r);
}

static void free_corpus(corpus *c) {
    for (size_t i = 0; i < c->n; i++) free(c->texts[i]);
}

/* --- Reading results ------------------------------------------------------------------------------------------------------ */

static const char *id_of(const sm_result *result, uint32_t security) {
    return sm_result_security_at(result, security)->id;
}

static sm_result *extract(const sm_engine *engine, const char *text, uint32_t format,
                          const sm_extract_options *options) {
    sm_document document;
    sm_result *result = NULL;
    sm_error error = {0};
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = strlen(text);
    document.title = "金山办公（688111.SH）与Apple";
    document.title_len = strlen(document.title);
    document.format = format;
    if (!CHECK_ROW(sm_engine_extract(engine, NULL, &document, options, &result, &error) == SM_OK, error.message))
        exit(check_report());
    return result;
}

static sm_extract_options new_options(void) {
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    return options;
}

/* --- Every result ---------------------------------------------------------------------------------------------------------- */

static void check_order(const sm_result *result, const char *text) {
    size_t title_len = strlen("金山办公（688111.SH）与Apple");
    uint64_t end = 0;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i), *last = i ? sm_result_mention_at(result, i - 1) : NULL;
        size_t len = m->field == SM_FIELD_TITLE ? title_len : strlen(text);
        CHECK_ROW(m->start < m->end && m->end <= len, text);
        if (last && last->field == SM_FIELD_TEXT)
            CHECK_ROW(m->field == SM_FIELD_TEXT, "the title stands before the text");
        bool same_field = last && last->field == m->field;
        if (same_field) CHECK_ROW(last->start <= m->start, text);
        if (same_field && last->start == m->start)
            CHECK_ROW(last->kind == SM_KIND_LINK, "a link stands before what it covers");
        if (!same_field) end = 0;
        if (m->kind == SM_KIND_LINK) continue;
        CHECK_ROW(m->start >= end, "names and codes do not overlap");
        end = m->end;
    }
}

static void check_candidates(const sm_result *result, const char *text) {
    uint64_t n_candidates = sm_result_candidate_count(result), n_securities = sm_result_security_count(result);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        uint32_t sum = 0;
        if (!CHECK_ROW(m->n_candidates >= 1 && (uint64_t)m->first_candidate + m->n_candidates <= n_candidates, text))
            continue;
        for (uint32_t c = 0; c < m->n_candidates; c++) {
            const sm_candidate *candidate = sm_result_candidate_at(result, m->first_candidate + c);
            CHECK_ROW(candidate->security < n_securities, text);
            if (c) CHECK_ROW(candidate[-1].confidence >= candidate->confidence, "the likeliest line comes first");
            for (uint32_t other = 0; other < c; other++)
                CHECK_ROW(sm_result_candidate_at(result, m->first_candidate + other)->security != candidate->security,
                          "a line stands once");
            sum += candidate->confidence;
        }
        CHECK_ROW(sum <= 65535 && sum + m->n_candidates >= 65535, "confidences are shares of a whole");
        CHECK_ROW(sm_result_candidate_at(result, m->first_candidate)->security == m->security,
                  "the first line is what is meant");
        CHECK_ROW(m->confidence >= 32767, "without an option half is the least");
    }
}

static void check_words(const sm_result *result, const char *text) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        CHECK_ROW(m->text && m->name && m->name[0], text);
        CHECK_ROW(sm_kind_word(m->kind) && sm_region_word(m->region) && sm_role_word(m->role)
                      && sm_field_word(m->field),
                  text);
        CHECK_ROW(m->evidence != 0, text);
        for (uint32_t bit = 0; bit < 64; bit++)
            if (m->evidence >> bit & 1) CHECK_ROW(sm_evidence_word(bit) != NULL, "every reason has a word");
    }
    for (uint64_t i = 0; i < sm_result_security_count(result); i++)
        for (uint64_t k = 0; k < i; k++)
            CHECK_ROW(strcmp(id_of(result, (uint32_t)i), id_of(result, (uint32_t)k)) != 0, "a security stands once");
}

static void check_result(const sm_engine *engine, const char *text, uint32_t format) {
    sm_result *result = extract(engine, text, format, NULL);
    check_order(result, text);
    check_candidates(result, text);
    check_words(result, text);
    CHECK_ROW(sm_result_limits(result) == 0, text);
    sm_result_free(result);
}

static void every_result_is_sound(const sm_engine *engine, const corpus *c) {
    static const char html[] =
        "<h1>贵州茅台</h1><p><a href=\"http://quote.eastmoney.com/unify/r/1.688111\">金山办公</a>（688111）"
        "<a href=\"http://quote.eastmoney.com/unify/r/0.000002\"><b>万科A</b></a>";
    for (size_t i = 0; i < c->n; i++) check_result(engine, c->texts[i], SM_FORMAT_TEXT);
    for (uint32_t format = SM_FORMAT_AUTO; format <= SM_FORMAT_MARKDOWN; format++) check_result(engine, c->all, format);
    check_result(engine, html, SM_FORMAT_HTML);
}

/* --- Hostile texts ------------------------------------------------------------------------------------------------------------ */

/* Of a size at which only linear work ends in time. */
static void work_is_linear(const sm_engine *engine) {
    enum { N_UNITS = 400000, MOST = 32 };
    static const struct {
        const char *head, *unit;
        size_t n_spaces;
        uint32_t format;
        const char *reason;
    } shapes[] = {
        {"", "中国平安。", 0, SM_FORMAT_TEXT, "sentences without a market"},
        {"", "中国平安的港股，", 0, SM_FORMAT_TEXT, "one sentence that names markets"},
        {"<table><tr><td><pre>", "688111 ", N_UNITS * 4, SM_FORMAT_HTML, "codes in a cell that ends with spaces"},
    };
    char *text = malloc(N_UNITS * MOST);
    if (!text) exit(2);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t len = (size_t)sprintf(text, "%s", shapes[i].head), unit = strlen(shapes[i].unit);
        for (size_t k = 0; k < N_UNITS; k++, len += unit) memcpy(text + len, shapes[i].unit, unit);
        memset(text + len, ' ', shapes[i].n_spaces);
        text[len + shapes[i].n_spaces] = '\0';
        sm_result *result = extract(engine, text, shapes[i].format, NULL);
        CHECK_ROW(sm_result_mention_count(result) >= N_UNITS, shapes[i].reason);
        sm_result_free(result);
    }
    free(text);
}

/* --- Options ------------------------------------------------------------------------------------------------------------------ */

static bool has_mention(const sm_result *result, const sm_mention *wanted) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        if (m->field == wanted->field && m->start == wanted->start && m->end == wanted->end && m->kind == wanted->kind)
            return true;
    }
    return false;
}

/* A higher least confidence takes mentions away and changes none. */
static void a_higher_threshold_gives_fewer(const sm_engine *engine, const corpus *c) {
    sm_result *before = NULL;
    uint64_t first = 0, last = 0;
    for (uint32_t least = 0; least <= 65535; least += 4369) {
        sm_extract_options options = new_options();
        options.min_confidence = (uint16_t)least;
        sm_result *result = extract(engine, c->all, SM_FORMAT_TEXT, &options);
        last = sm_result_mention_count(result);
        if (!before) first = last;
        for (uint64_t i = 0; i < last; i++) {
            const sm_mention *m = sm_result_mention_at(result, i);
            CHECK_ROW(m->confidence >= least, "nothing is below the threshold");
            if (before) CHECK_ROW(has_mention(before, m), "and nothing is new");
        }
        sm_result_free(before);
        before = result;
    }
    CHECK(last < first);
    sm_result_free(before);
}

static void only_and_exclude_choose(const sm_engine *engine, const corpus *c) {
    static const char *const ids[] = {"XSHG:600519", "XNAS:AAPL"};
    sm_extract_options options = new_options();
    sm_result *all = extract(engine, c->all, SM_FORMAT_TEXT, NULL);
    options.only = ids;
    options.n_only = 2;
    sm_result *only = extract(engine, c->all, SM_FORMAT_TEXT, &options);
    options = new_options();
    options.exclude = ids;
    options.n_exclude = 2;
    sm_result *others = extract(engine, c->all, SM_FORMAT_TEXT, &options);
    options.only = ids;
    options.n_only = 1;
    sm_result *none = extract(engine, c->all, SM_FORMAT_TEXT, &options);
    CHECK(sm_result_mention_count(only) > 4 && sm_result_mention_count(others) > 50);
    CHECK(sm_result_mention_count(only) + sm_result_mention_count(others) == sm_result_mention_count(all));
    CHECK(sm_result_mention_count(none) == 0);
    for (uint64_t i = 0; i < sm_result_mention_count(all); i++) {
        const sm_mention *m = sm_result_mention_at(all, i);
        const char *id = id_of(all, m->security);
        bool is_chosen = strcmp(id, ids[0]) == 0 || strcmp(id, ids[1]) == 0;
        CHECK_ROW(has_mention(only, m) == is_chosen && has_mention(others, m) == !is_chosen, id);
    }
    sm_result_free(all);
    sm_result_free(only);
    sm_result_free(others);
    sm_result_free(none);
}

/* A link speaks of the security that the caller knows: the one that took over a symbol. */
static void only_and_exclude_mean_what_is_reported(const sm_engine *engine) {
    static const char page[] = "<p><a href=\"https://finance.yahoo.com/quote/FB\">the quote</a> of $FB";
    static const char *const meta[] = {"XNAS:META"}, *const fb[] = {"XNAS:FB"};
    const struct {
        const char *const *ids;
        bool is_exclude;
        uint64_t n;
        const char *reason;
    } cases[] = {{meta, false, 2, "only XNAS:META: both are of it"},
                 {meta, true, 0, "without XNAS:META: never reported"},
                 {fb, true, 2, "without XNAS:FB: that is not what is reported"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_extract_options options = new_options();
        options.only = cases[i].is_exclude ? NULL : cases[i].ids;
        options.n_only = !cases[i].is_exclude;
        options.exclude = cases[i].is_exclude ? cases[i].ids : NULL;
        options.n_exclude = cases[i].is_exclude;
        sm_result *result = extract(engine, page, SM_FORMAT_HTML, &options);
        uint64_t n = 0;
        for (uint64_t k = 0; k < sm_result_mention_count(result); k++)
            n += sm_result_mention_at(result, k)->field == SM_FIELD_TEXT;
        CHECK_ROW(n == cases[i].n, cases[i].reason);
        sm_result_free(result);
    }
}

static void prefer_chooses_where_nothing_else_does(const sm_engine *engine) {
    static const char *const hk[] = {"XHKG"}, *const us_then_hk[] = {"XNYS", "XHKG"},
                             *const hk_then_us[] = {"XHKG", "XNYS"};
    static const struct {
        const char *text;
        const char *const *prefer;
        uint64_t n;
        const char *id;
    } cases[] = {
        {"阿里巴巴发布财报。", us_then_hk, 2, "XNYS:BABA"},
        {"阿里巴巴发布财报。", hk_then_us, 2, "XHKG:09988"},
        {"阿里巴巴发布财报。", hk, 1, "XHKG:09988"},
        {"中国平安发布财报。", hk, 1, "XHKG:02318"},
        {"中国平安（601318）发布财报。", hk, 1, "XSHG:601318"},
        {"贵州茅台发布财报。", hk, 1, "XSHG:600519"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_extract_options options = new_options();
        options.prefer = cases[i].prefer;
        options.n_prefer = cases[i].n;
        sm_result *result = extract(engine, cases[i].text, SM_FORMAT_TEXT, &options);
        uint64_t n = sm_result_mention_count(result);
        const char *id = NULL;
        for (uint64_t k = n; k-- > 0;)
            if (sm_result_mention_at(result, k)->field == SM_FIELD_TEXT
                && sm_result_mention_at(result, k)->kind == SM_KIND_NAME)
                id = id_of(result, sm_result_mention_at(result, k)->security);
        CHECK_STR(cases[i].id, id, cases[i].text);
        sm_result_free(result);
    }
}

/* --- Markets ------------------------------------------------------------------------------------------------------------------ */

/* The line of the one name in the text. */
static bool is_line(const sm_engine *engine, const char *text, const char *id) {
    sm_result *result = extract(engine, text, SM_FORMAT_TEXT, NULL);
    uint64_t n = 0;
    bool is = true;
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        if (m->field != SM_FIELD_TEXT) continue;
        n++;
        is &= strcmp(id_of(result, m->security), id) == 0;
    }
    sm_result_free(result);
    return is && n == 1;
}

/* Whatever stands before the word or between it and the name, in any number: the walk takes several at a time. */
static void a_market_is_heard_wherever_it_stands(const sm_engine *engine) {
    static const char *const fillers[] = {"7", "的", "é", "７", "𠮷", "x"}, *const words[] = {"港股", "H股", "Ｈ股"};
    enum { MOST = 14, N_FILLERS = sizeof fillers / sizeof fillers[0] };
    for (size_t i = 0; i < N_FILLERS * N_FILLERS * MOST * 3; i++) {
        size_t n = i / 3 % MOST;
        char before[64] = "", text[512];
        for (size_t k = 0; k < n; k++) strcat(before, fillers[i / 3 / MOST % N_FILLERS]);
        snprintf(text, sizeof text, "%s，%s%s，中国平安涨", before, words[i % 3], fillers[i / 3 / MOST / N_FILLERS]);
        CHECK_ROW(is_line(engine, text, "XHKG:02318"), text);
        snprintf(text, sizeof text, "港%s股！%s中国平安，涨。%s。", fillers[i / 3 / MOST / N_FILLERS], before,
                 words[i % 3]);
        CHECK_ROW(is_line(engine, text, "XSHG:601318"), text);
        snprintf(text, sizeof text, "中国平安，%s%s%s涨。", before, words[i % 3], fillers[i / 3 / MOST / N_FILLERS]);
        CHECK_ROW(is_line(engine, text, "XHKG:02318"), text);
    }
}

static void a_limit_that_is_reached_is_told(const sm_engine *engine, const corpus *c) {
    sm_result *all = extract(engine, c->all, SM_FORMAT_TEXT, NULL);
    uint64_t n_all = sm_result_mention_count(all);
    const uint64_t limits[] = {1, 2, n_all - 1, n_all, n_all + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        sm_extract_options options = new_options();
        options.max_mentions = limits[i];
        sm_result *result = extract(engine, c->all, SM_FORMAT_TEXT, &options);
        uint64_t n = sm_result_mention_count(result);
        CHECK(n == (limits[i] < n_all ? limits[i] : n_all));
        CHECK(sm_result_limits(result) == (limits[i] < n_all ? (uint32_t)SM_LIMIT_MENTIONS : 0));
        for (uint64_t k = 0; k < n; k++)
            CHECK_ROW(sm_result_mention_at(result, k)->start == sm_result_mention_at(all, k)->start,
                      "the first are kept");
        sm_result_free(result);
    }
    sm_result_free(all);
}

/* --- Probabilities --------------------------------------------------------------------------------------------------------------- */

/* e^x, without the mathematical library: the series for a small part of x, squared again and again. */
static double exponential(double x) {
    double part = x / 1024, power = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4)));
    for (int i = 0; i < 10; i++) power *= power;
    return power;
}

/* --- Words around a mention ----------------------------------------------------------------------------------------------- */

static uint64_t evidence_of_first(const sm_engine *engine, const char *text) {
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = strlen(text);
    document.format = SM_FORMAT_TEXT;
    if (!CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK)) exit(check_report());
    uint64_t evidence = CHECK_ROW(sm_result_mention_count(result) > 0, text) ? sm_result_mention_at(result, 0)->evidence
                                                                             : 0;
    sm_result_free(result);
    return evidence;
}

static void words_are_known_however_they_are_written(const sm_engine *engine) {
    static const struct {
        const char *text;
        dict_feature feature;
        bool has;
    } cases[] = {
        {"贵州茅台CEO", FEATURE_COMPANY_RIGHT, true},
        {"贵州茅台ＣeＯ", FEATURE_COMPANY_RIGHT, true},
        {"贵州茅台ÇEO", FEATURE_COMPANY_RIGHT, true}, /* a letter of two bytes */
        {"贵州茅台CḗO", FEATURE_COMPANY_RIGHT, true}, /* an accented one of three */
        {"贵州茅台CE", FEATURE_COMPANY_RIGHT, false},
        {"贵州茅台集團公告", FEATURE_COMPANY_RIGHT, true}, /* behind a legal form */
        {"贵州茅台集团", FEATURE_COMPANY_RIGHT, false},
        {"贵州茅台公\n告", FEATURE_COMPANY_RIGHT, false}, /* words end with the line */
        {"贵州茅台人士", FEATURE_ORGANISATION_RIGHT, false},
        {"贵州茅台漲", FEATURE_TRADING_RIGHT, true},
        {"和贵州茅台", FEATURE_COMPANY_LEFT, true},
        {"與贵州茅台", FEATURE_COMPANY_LEFT, true},
        {"😀贵州茅台漲", FEATURE_TRADING_RIGHT, true},
        {"😀和贵州茅台", FEATURE_COMPANY_LEFT, true}, /* beyond it is a character of four bytes */
        {"@贵州茅台", FEATURE_HANDLE, true},
        {"#IBM", FEATURE_HANDLE, true}, /* fewer than eight bytes */
        {"贵州茅台：涨", FEATURE_COLON_RIGHT, true},
        {"看贵州茅台：涨", FEATURE_COLON_RIGHT, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_ROW((evidence_of_first(engine, cases[i].text) >> cases[i].feature & 1) == cases[i].has, cases[i].text);
}

static void a_score_becomes_a_probability(void) {
    bool is_near = true, never_falls = true, is_even = true;
    for (int32_t score = -3000; score <= 3000; score++) {
        double off = resolve_probability(score) - 65535 / (1 + exponential(-score / 100.0));
        is_near &= off < 65535 * 0.002 && off > -65535 * 0.002;
        never_falls &= resolve_probability(score) >= resolve_probability(score - 1);
        is_even &= abs(resolve_probability(score) + resolve_probability(-score) - 65535) <= 1;
    }
    CHECK(is_near);
    CHECK(never_falls);
    CHECK(is_even);
    CHECK(resolve_probability(0) == 32767 || resolve_probability(0) == 32768);
    CHECK(resolve_probability(INT32_MAX) == 65535 && resolve_probability(-INT32_MAX) == 0);
    CHECK(resolve_probability(100000) == 65535 && resolve_probability(-100000) == 0);
}

int main(void) {
    static corpus c;
    sm_engine *engine = NULL;
    a_score_becomes_a_probability();
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    read_corpus(&c);
    every_result_is_sound(engine, &c);
    work_is_linear(engine);
    words_are_known_however_they_are_written(engine);
    a_higher_threshold_gives_fewer(engine, &c);
    only_and_exclude_choose(engine, &c);
    only_and_exclude_mean_what_is_reported(engine);
    prefer_chooses_where_nothing_else_does(engine);
    a_market_is_heard_wherever_it_stands(engine);
    a_limit_that_is_reached_is_told(engine, &c);
    free_corpus(&c);
    sm_engine_free(engine);
    return check_report();
}
