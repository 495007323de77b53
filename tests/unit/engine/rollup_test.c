/* The roll-up: every name and code is counted once for its security and once for its issuer, links never; what a title says
 * weighs more; the order is by salience, then by place. */
#include "samples.h"

static sm_engine *engine;

typedef struct row_list {
    const char *rows;
    uint32_t stride;
    uint64_t n;
} row_list;

static row_list roll_up(const sm_result *result, uint32_t by) {
    row_list list = {NULL, 0, 0};
    const sm_rollup *rows = NULL;
    list.n = sm_result_rollup(result, by, &rows, &list.stride);
    list.rows = (const char *)rows;
    return list;
}

static const sm_rollup *row_at(const row_list *list, uint64_t index) {
    return (const void *)(list->rows + index * list->stride);
}

static const char *group_of(const sm_result *result, uint32_t security, uint32_t by) {
    const sm_security *s = sm_result_security_at(result, security);
    return by == SM_BY_ISSUER ? s->issuer : s->id;
}

static sm_result *extract(const sm_document *document) {
    sm_result *result = NULL;
    if (!CHECK(sm_engine_extract(engine, NULL, document, NULL, &result, NULL) == SM_OK)) exit(check_report());
    return result;
}

static sm_result *extract_text(const char *title, const char *text, uint32_t format) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.title = title;
    document.title_len = title ? strlen(title) : 0;
    document.text = text;
    document.text_len = strlen(text);
    document.format = format;
    return extract(&document);
}

/* --- Sums and order ---------------------------------------------------------------------------------------------------- */

static void check_rows(const sm_result *result, uint32_t by) {
    row_list list = roll_up(result, by);
    uint64_t n_counted = 0, n_mentions = 0, salience = 0;
    for (uint64_t i = 0; i < list.n; i++) {
        const sm_rollup *row = row_at(&list, i), *last = i ? row_at(&list, i - 1) : NULL;
        const char *group = group_of(result, row->security, by);
        uint32_t count = 0;
        uint64_t first = UINT64_MAX;
        for (uint64_t m = 0; m < sm_result_mention_count(result); m++) {
            const sm_mention *mention = sm_result_mention_at(result, m);
            if (mention->kind == SM_KIND_LINK || strcmp(group_of(result, mention->security, by), group) != 0) continue;
            if (first == UINT64_MAX) first = m;
            count++;
        }
        CHECK_ROW(row->count == count && row->first_mention == first, group);
        if (last)
            CHECK_ROW(last->salience > row->salience
                          || (last->salience == row->salience && last->first_mention < row->first_mention),
                      group);
        for (uint64_t k = 0; k < i; k++)
            CHECK_ROW(strcmp(group_of(result, row_at(&list, k)->security, by), group) != 0, "a row a group");
        n_counted += row->count;
        salience += row->salience;
    }
    for (uint64_t m = 0; m < sm_result_mention_count(result); m++)
        n_mentions += sm_result_mention_at(result, m)->kind != SM_KIND_LINK;
    CHECK(n_counted == n_mentions);
    CHECK_ROW(salience <= 65535 && (!n_mentions || salience + n_mentions >= 65535), "shares of a whole");
}

static void every_mention_is_counted_once(void) {
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sm_document document = sample_document(i);
        sm_result *result = extract(&document);
        check_rows(result, SM_BY_SECURITY);
        check_rows(result, SM_BY_ISSUER);
        sm_result_free(result);
    }
}

/* So many lines that sums and order are worked out otherwise than for few; of some issuers there are two, and the second is
 * named more often. */
static void many_securities_are_rolled_up_like_few(void) {
    enum { N = 60, LINE = 64 };
    static char text[N * 4 * LINE] = "601318.SH，02318.HK，02318.HK；招商银行600036.SH，03968.HK，03968.HK。";
    for (int i = 0, n = (int)strlen(text); i < N; i++)
        n += snprintf(text + n, LINE, "%06d.SH、%06d.SZ%s", 600000 + i, 1 + i, i % 7 ? "，" : "，600036.SH。");
    sm_result *result = extract_text(NULL, text, SM_FORMAT_TEXT);
    row_list lines = roll_up(result, SM_BY_SECURITY), issuers = roll_up(result, SM_BY_ISSUER);
    CHECK(lines.n > N && issuers.n > N && issuers.n < lines.n);
    check_rows(result, SM_BY_SECURITY);
    check_rows(result, SM_BY_ISSUER);
    for (uint64_t i = 0; i < issuers.n; i++) {
        const sm_security *s = sm_result_security_at(result, row_at(&issuers, i)->security);
        if (strcmp(s->issuer, "XSHG:601318") == 0) CHECK_STR("XHKG:02318", s->id, "the line that is named most");
        if (strcmp(s->issuer, "XSHG:600036") == 0) CHECK_STR("XSHG:600036", s->id, "the line that is named most");
    }
    sm_result_free(result);
}

static void an_unknown_grouping_has_no_rows(void) {
    sm_document document = sample_document(0);
    sm_result *result = extract(&document);
    const sm_rollup *rows = (const sm_rollup *)(const void *)&document;
    CHECK(sm_result_rollup(result, 2, &rows, NULL) == 0 && rows == NULL);
    CHECK(sm_result_rollup(result, SM_BY_ISSUER, NULL, NULL) > 0);
    sm_result_free(result);
}

/* --- Issuers --------------------------------------------------------------------------------------------------------------- */

static void lines_of_one_issuer_are_one_row(void) {
    sm_result *result = extract_text(NULL, "中国平安（601318）。中国平安（02318.HK），02318.HK。贵州茅台",
                                     SM_FORMAT_TEXT);
    row_list lines = roll_up(result, SM_BY_SECURITY), issuers = roll_up(result, SM_BY_ISSUER);
    CHECK(lines.n == 3 && issuers.n == 2);
    if (issuers.n == 2) {
        const sm_rollup *row = row_at(&issuers, 0);
        CHECK(row->count == 5 && row->first_mention == 0);
        CHECK_STR("XHKG:02318", sm_result_security_at(result, row->security)->id, "the line that is named most");
        CHECK_STR("XSHG:601318", sm_result_security_at(result, row->security)->issuer, "of this issuer");
        CHECK_STR("XSHG:600519", sm_result_security_at(result, row_at(&issuers, 1)->security)->id, "the other one");
    }
    sm_result_free(result);
}

/* --- Weights ------------------------------------------------------------------------------------------------------------- */

static void a_title_says_what_a_text_is_about(void) {
    sm_result *result = extract_text("贵州茅台大涨", "五粮液（000858）与五粮液。", SM_FORMAT_TEXT);
    row_list list = roll_up(result, SM_BY_SECURITY);
    CHECK(list.n == 2);
    if (list.n == 2) {
        CHECK_STR("XSHG:600519", sm_result_security_at(result, row_at(&list, 0)->security)->id,
                  "one in the title before three in the body");
        CHECK(row_at(&list, 0)->count == 1 && row_at(&list, 1)->count == 3);
    }
    sm_result_free(result);
    result = extract_text(NULL, "# 贵州茅台\n\n五粮液。\n", SM_FORMAT_MARKDOWN);
    list = roll_up(result, SM_BY_SECURITY);
    CHECK(list.n == 2 && row_at(&list, 0)->salience > row_at(&list, 1)->salience);
    sm_result_free(result);
}

/* Of documents that go through the rooms together each has the rows that it has alone. */
static void many_securities_of_two_documents(void) {
    enum { N = 60, LINE = 16, N_DOCUMENTS = 2 };
    static char text[N_DOCUMENTS * N * LINE];
    int64_t offsets[N_DOCUMENTS + 1] = {0};
    size_t len = 0;
    for (int i = 0; i < N_DOCUMENTS * N; i++) {
        len += (size_t)snprintf(text + len, LINE, "%06d.SH，", 600000 + i);
        offsets[1 + i / N] = (int64_t)len;
    }
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = N_DOCUMENTS;
    sm_result *together = NULL;
    CHECK(sm_engine_extract_batch(engine, &batch, NULL, &together, NULL) == SM_OK);
    row_list all = roll_up(together, SM_BY_SECURITY);
    uint64_t n = 0, n_mentions = 0;
    for (int d = 0; d < N_DOCUMENTS; d++) {
        sm_document document;
        sm_document_init(&document, sizeof document);
        document.text = text + offsets[d];
        document.text_len = (uint64_t)(offsets[d + 1] - offsets[d]);
        sm_result *alone = extract(&document);
        row_list rows = roll_up(alone, SM_BY_SECURITY);
        CHECK_ROW(rows.n > 32 && n + rows.n <= all.n, "enough to be sorted as many are");
        for (uint64_t i = 0; i < rows.n && n < all.n; i++, n++) {
            const sm_rollup *row = row_at(&rows, i), *other = row_at(&all, n);
            const char *id = sm_result_security_at(alone, row->security)->id;
            CHECK_STR(id, sm_result_security_at(together, other->security)->id, "in the same order");
            CHECK_ROW(row->count == other->count && row->salience == other->salience
                          && row->first_mention + n_mentions == other->first_mention,
                      id);
        }
        n_mentions += sm_result_mention_count(alone);
        sm_result_free(alone);
    }
    CHECK(n == all.n);
    sm_result_free(together);
}

/* Who is named first and announces something is what a notice is about, however often others are named. */
static void who_announces_is_what_a_text_is_about(void) {
    static const struct {
        const char *text, *about, *reason;
    } cases[] = {
        {"宇环数控公告，公司与宁德时代签署合同，宁德时代采购设备。", "XSHE:002903", "a customer is named twice"},
        {"海尔智家：公司私有化海尔电器，海尔电器获批准。", "XSHG:600690", "a line that begins with it"},
        {"与贵州茅台相比，五粮液公告、五粮液业绩更好。", "XSHE:000858", "who is first announces nothing"},
        {"贵州茅台、五粮液，五粮液大涨", "XSHE:000858", "a list has no announcer"},
        {"贵州茅台将向五粮液供货，五粮液支付定金，五粮液受益", "XSHG:600519", "a text begins with it"},
        {"周一贵州茅台将向五粮液供货，五粮液支付定金，五粮液受益", "XSHE:000858", "it begins with a day"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_result *result = extract_text(NULL, cases[i].text, SM_FORMAT_TEXT);
        row_list list = roll_up(result, SM_BY_SECURITY);
        if (CHECK_ROW(list.n > 1, cases[i].reason))
            CHECK_STR(cases[i].about, sm_result_security_at(result, row_at(&list, 0)->security)->id, cases[i].reason);
        sm_result_free(result);
    }
}

static void links_are_mentions_that_do_not_count(void) {
    sm_result *result = extract_text(NULL, "<p>见<a href=\"http://quote.eastmoney.com/unify/r/1.600519\">行情</a>",
                                     SM_FORMAT_HTML);
    row_list list = roll_up(result, SM_BY_SECURITY);
    CHECK(sm_result_mention_count(result) == 1 && sm_result_mention_at(result, 0)->kind == SM_KIND_LINK);
    CHECK(list.n == 0 && roll_up(result, SM_BY_ISSUER).n == 0);
    sm_result_free(result);
}

static void equal_weights_are_ordered_by_place(void) {
    sm_result *result = extract_text(NULL, "五粮液、贵州茅台、泸州老窖、万科A", SM_FORMAT_TEXT);
    row_list list = roll_up(result, SM_BY_SECURITY);
    CHECK(list.n == 4);
    for (uint64_t i = 0; i < list.n; i++)
        CHECK(row_at(&list, i)->first_mention == i && row_at(&list, i)->salience == 65535 / 4);
    sm_result_free(result);
}

/* --- Sources ------------------------------------------------------------------------------------------------------------- */

static void a_medium_is_a_source(void) {
    static const struct {
        const char *text;
        uint32_t role; /* of the first mention */
    } cases[] = {
        {"（文章来源：东方财富研究中心）", SM_ROLE_SOURCE},
        {"来源: 新华网 作者", SM_ROLE_SOURCE},
        {"【数据来源：“同花顺”】", SM_ROLE_SOURCE},
        {"转自《人民网》", SM_ROLE_SOURCE},
        {"Source: Nasdaq Inc. report", SM_ROLE_SOURCE},
        {"据人民网报道，茅台大涨", SM_ROLE_SOURCE},
        {"央视援引腾讯新闻的报道", SM_ROLE_SOURCE},
        {"收入来源：腾讯", SM_ROLE_SUBJECT},
        {"主要来源腾讯控股", SM_ROLE_SUBJECT},
        {"Resource: Nasdaq Inc. report", SM_ROLE_SUBJECT},
        {"据贵州茅台1月7日消息", SM_ROLE_SUBJECT},
        {"据贵州茅台公告，媒体报道不实", SM_ROLE_SUBJECT},
        {"来源：\n贵州茅台涨停", SM_ROLE_SUBJECT},
        {"来源：688111.SH", SM_ROLE_SUBJECT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_result *result = extract_text(NULL, cases[i].text, SM_FORMAT_TEXT);
        if (CHECK_ROW(sm_result_mention_count(result) > 0, cases[i].text))
            CHECK_ROW(sm_result_mention_at(result, 0)->role == cases[i].role, cases[i].text);
        sm_result_free(result);
    }
}

static void a_source_is_counted_and_not_salient(void) {
    sm_result *result = extract_text(NULL, "据人民网报道，贵州茅台上涨。（来源：人民网）", SM_FORMAT_TEXT);
    row_list list = roll_up(result, SM_BY_SECURITY);
    CHECK(list.n == 2);
    if (list.n == 2) {
        CHECK_STR("XSHG:600519", sm_result_security_at(result, row_at(&list, 0)->security)->id, "what it is about");
        CHECK(row_at(&list, 0)->salience == 65535);
        CHECK(row_at(&list, 1)->count == 2 && row_at(&list, 1)->salience == 0);
    }
    sm_result_free(result);
}

static void the_documents_own_source_is_one(void) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "新华网记者获悉，新华网股份有限公司公告，五粮液涨停。";
    document.text_len = strlen(document.text);
    document.source = " 新华网 ";
    document.source_len = strlen(document.source);
    sm_result *result = extract(&document);
    CHECK(sm_result_mention_count(result) == 3);
    if (sm_result_mention_count(result) == 3) {
        CHECK(sm_result_mention_at(result, 0)->role == SM_ROLE_SOURCE);
        CHECK(sm_result_mention_at(result, 1)->role == SM_ROLE_SUBJECT
              && sm_result_mention_at(result, 2)->role == SM_ROLE_SUBJECT);
    }
    sm_result_free(result);
}

/* A result that had more rows before has no more of them now. */
static void rows_are_those_of_the_last_document(void) {
    sm_document many = sample_document(0), none = sample_document(3);
    sm_result *result = extract(&many);
    CHECK(roll_up(result, SM_BY_SECURITY).n > 4);
    none.title = NULL;
    none.title_len = 0;
    CHECK(sm_engine_extract(engine, NULL, &none, NULL, &result, NULL) == SM_OK);
    CHECK(roll_up(result, SM_BY_SECURITY).n == 0 && roll_up(result, SM_BY_ISSUER).n == 0);
    sm_result_free(result);
}

int main(void) {
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    every_mention_is_counted_once();
    many_securities_are_rolled_up_like_few();
    many_securities_of_two_documents();
    an_unknown_grouping_has_no_rows();
    lines_of_one_issuer_are_one_row();
    a_title_says_what_a_text_is_about();
    who_announces_is_what_a_text_is_about();
    links_are_mentions_that_do_not_count();
    equal_weights_are_ordered_by_place();
    a_medium_is_a_source();
    a_source_is_counted_and_not_salient();
    the_documents_own_source_is_one();
    rows_are_those_of_the_last_document();
    sm_engine_free(engine);
    return check_report();
}
