/* A batch is its documents one by one: whatever the format, the waves they fall into and the number of threads, each has
 * what a call of its own gives. What is wrong with a batch is told. */
#include "../random.h"
#include "samples.h"

static sm_engine *engine;

/* Pieces that make documents: names and codes at their edges, so that what would reach over into the next one shows. */
static const char *const pieces[] = {"金山办公",
                                     "（688111.SH）",
                                     "贵州茅台",
                                     "万科A",
                                     "688111",
                                     "600519",
                                     "腾讯控股(00700.HK)",
                                     "中国",
                                     "石油",
                                     "平安",
                                     "银行",
                                     "港股",
                                     "，",
                                     "。",
                                     " ",
                                     "\n",
                                     "涨停",
                                     "Apple",
                                     " Inc.",
                                     "(NASDAQ: AAPL)",
                                     "$TSLA",
                                     "x",
                                     "１",
                                     "五 粮 液",
                                     "\xFF",
                                     "\xE9\x87",
                                     "é",
                                     "的",
                                     "公告称",
                                     "2021年",
                                     "ST",
                                     "*ST国华",
                                     "http://a.cn/600519",
                                     "😀",
                                     "茅台",
                                     "ＴＣＬ"};

enum { MAX_DOCUMENTS = 400, MAX_TEXT = 1024 * 1024 };

typedef struct documents {
    char text[MAX_TEXT];
    int64_t offsets[MAX_DOCUMENTS + 1];
    int32_t dates[MAX_DOCUMENTS];
    size_t n;
} documents;

static void make_documents(random_source *source, size_t n, uint32_t longest, documents *out) {
    int64_t len = 0;
    out->n = n;
    for (size_t i = 0; i < n; i++) {
        out->offsets[i] = len;
        out->dates[i] = random_below(source, 3) ? 0 : 20150601;
        for (uint32_t k = random_below(source, longest + 1); k && len + 64 < MAX_TEXT; k--) {
            const char *piece = pieces[random_below(source, sizeof pieces / sizeof pieces[0])];
            memcpy(out->text + len, piece, strlen(piece));
            len += (int64_t)strlen(piece);
        }
    }
    out->offsets[n] = len;
}

static char *json_alone(const documents *all, size_t i, uint32_t format, const sm_extract_options *options) {
    sm_document document;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    document.text = all->text + all->offsets[i];
    document.text_len = (uint64_t)(all->offsets[i + 1] - all->offsets[i]);
    document.format = format;
    document.date = all->dates[i];
    CHECK(sm_engine_extract(engine, NULL, &document, options, &result, NULL) == SM_OK);
    char *json = sample_json_of(result, 0, NULL);
    sm_result_free(result);
    return json;
}

static sm_batch batch_of(const documents *all, uint32_t format, uint32_t n_threads) {
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.format = format;
    batch.text = all->text;
    batch.offsets = all->offsets;
    batch.n_documents = all->n;
    batch.dates = all->dates;
    batch.n_threads = n_threads;
    return batch;
}

/* Each document's ranges lie behind the one's before, and its mentions say which it is. */
static void ranges_are_in_order(const sm_result *result) {
    uint64_t n_mentions = 0, n_securities = 0, n_rows = 0;
    for (uint64_t i = 0; i < sm_result_document_count(result); i++) {
        const sm_document_info *info = sm_result_document_at(result, i);
        CHECK(info->first_mention == n_mentions && info->first_security == n_securities);
        CHECK(info->first_row[SM_BY_SECURITY] == n_rows && info->n_rows[SM_BY_ISSUER] <= info->n_rows[SM_BY_SECURITY]);
        for (uint64_t m = 0; m < info->n_mentions; m++) {
            const sm_mention *mention = sm_result_mention_at(result, n_mentions + m);
            CHECK(mention->document == i && mention->security >= n_securities
                  && mention->security < n_securities + info->n_securities);
        }
        n_mentions += info->n_mentions;
        n_securities += info->n_securities;
        n_rows += info->n_rows[SM_BY_SECURITY];
    }
    CHECK(n_mentions == sm_result_mention_count(result) && n_securities == sm_result_security_count(result));
}

static void compare(const documents *all, uint32_t format, const sm_extract_options *options, sm_result **used) {
    static const uint32_t threads[] = {0, 1, 2, 3, 8, 64};
    char **expected = calloc(all->n + 1, sizeof *expected);
    if (!expected) exit(2);
    for (size_t i = 0; i < all->n; i++) expected[i] = json_alone(all, i, format, options);
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
        sm_batch batch = batch_of(all, format, threads[t]);
        CHECK(sm_engine_extract_batch(engine, &batch, options, used, NULL) == SM_OK);
        if (!CHECK(sm_result_document_count(*used) == all->n)) continue;
        ranges_are_in_order(*used);
        for (size_t i = 0; i < all->n; i++) {
            char row[64], *got = sample_json_of(*used, i, NULL);
            snprintf(row, sizeof row, "document %zu of %zu, %u threads", i, all->n, threads[t]);
            CHECK_STR(expected[i], got, row);
            free(got);
        }
    }
    for (size_t i = 0; i < all->n; i++) free(expected[i]);
    free(expected);
}

static void batches_are_their_documents(void) {
    static documents all;
    static const char *const ids[] = {"XSHG:600519", "XHKG:00700"};
    static const size_t sizes[][2] = {{0, 0}, {1, 4}, {3, 0}, {48, 6}, {49, 6}, {400, 10}, {300, 60}, {7, 8000}};
    random_source source = {23};
    sm_result *used = NULL;
    sm_extract_options options;
    sm_extract_options_init(&options, sizeof options);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        make_documents(&source, sizes[i][0], (uint32_t)sizes[i][1], &all);
        compare(&all, SM_FORMAT_TEXT, NULL, &used);
        options.offsets = SM_OFFSETS_CODEPOINT;
        options.max_mentions = 2;
        options.as_of = i % 2 ? 20211222 : 0;
        options.only = options.exclude = ids;
        options.n_only = i % 4 == 2 ? 2 : 0;
        options.n_exclude = i % 4 == 3 ? 2 : 0;
        options.max_steps = sizes[i][1] * 10; /* some need more */
        compare(&all, SM_FORMAT_AUTO, &options, &used);
    }
    compare(&all, SM_FORMAT_HTML, NULL, &used);
    compare(&all, SM_FORMAT_MARKDOWN, NULL, &used);
    sm_result_free(used);
}

/* Who has nothing but spaces in his share takes pieces of the others', and everything is where it was even so. */
static void uneven_shares_are_evened_out(void) {
    static documents all;
    random_source source = {29};
    sm_result *used = NULL;
    for (size_t i = 0; i < 3; i++) {
        make_documents(&source, MAX_DOCUMENTS, 400, &all);
        size_t half = (size_t)all.offsets[MAX_DOCUMENTS / 2], end = (size_t)all.offsets[MAX_DOCUMENTS];
        if (i < 2) memset(all.text + i * half, ' ', i ? end - half : half);
        compare(&all, SM_FORMAT_TEXT, NULL, &used);
    }
    sm_result_free(used);
}

/* A result of a batch serves one document again, and the other way round. */
/* UTF-8 is checked over many documents at once: one that ends or begins inside a character is at fault even so. */
static void characters_are_not_put_together(void) {
    static const char text[] = "金山办公，贵州茅台";
    static documents all;
    sm_result *used = NULL;
    all.n = 3;
    memcpy(all.text, text, sizeof text);
    for (int64_t cut = 0; cut <= (int64_t)sizeof text - 1; cut++)
        for (int64_t length = 0; length <= 4 && cut + length <= (int64_t)sizeof text - 1; length++) {
            all.offsets[1] = cut;
            all.offsets[2] = cut + length;
            all.offsets[3] = sizeof text - 1;
            compare(&all, SM_FORMAT_TEXT, NULL, &used);
        }
    sm_result_free(used);
}

static void results_are_reused(void) {
    static documents all;
    random_source source = {3};
    sm_result *result = NULL;
    make_documents(&source, 40, 8, &all);
    sm_batch batch = batch_of(&all, SM_FORMAT_TEXT, 2);
    char *expected = NULL;
    for (int round = 0; round < 3; round++) {
        sm_document document = sample_document(0);
        CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK);
        CHECK(sm_result_document_count(result) == 1);
        char *json = sample_json(result);
        if (expected) CHECK_STR(expected, json, "a page behind a batch");
        free(expected);
        expected = json;
        CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
        CHECK(sm_result_document_count(result) == 40);
    }
    free(expected);
    sm_result_free(result);
}

/* What a document is certain of is marked with a number of 16 bits: when that comes again, nothing is left of the first. */
static void marks_of_a_scanner_do_not_come_back(void) {
    enum { N_NUMBERS = 65535 };
    static const char text[] = "金山办公（688111.SH）和贵州茅台（600519.SH）都涨了，金山办公涨得多";
    sm_document document, blank;
    sm_scanner *scanner = NULL;
    sm_result *result = NULL;
    sm_document_init(&document, sizeof document);
    sm_document_init(&blank, sizeof blank);
    document.text = text;
    document.text_len = sizeof text - 1;
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK);
    char *expected = sample_json(result);
    CHECK(strstr(expected, "other-mentions") != NULL);
    for (int i = 1; i < N_NUMBERS; i++) CHECK(sm_engine_extract(engine, scanner, &blank, NULL, &result, NULL) == SM_OK);
    for (int i = 0; i < 3; i++) {
        CHECK(sm_engine_extract(engine, scanner, &document, NULL, &result, NULL) == SM_OK);
        char *got = sample_json(result);
        CHECK_STR(expected, got, "a document when the numbers begin again");
        free(got);
    }
    free(expected);
    sm_result_free(result);
    sm_scanner_free(scanner);
}

/* No mention but a link, and the arrays of a new result empty. */
static void a_page_of_links_alone_is_read(void) {
    static const char page[] = "<a href=\"http://quote.eastmoney.com/unify/r/1.688111\"></a>";
    static const int64_t offsets[] = {0, sizeof page - 1, sizeof page - 1};
    sm_batch batch;
    sm_result *result = NULL;
    sm_batch_init(&batch, sizeof batch);
    batch.format = SM_FORMAT_HTML;
    batch.text = page;
    batch.offsets = offsets;
    batch.n_documents = 2;
    CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == 1 && sm_result_rollup(result, SM_BY_SECURITY, NULL, NULL) == 0);
    sm_result_free(result);
}

/* Two documents of GBK, of which the second would not be known by its looks. */
static void a_charset_is_that_of_all(void) {
    static const char text[] = "\xbd\xf0\xc9\xbd\xb0\xec\xb9\xab\xd5\xc7\xcd\xa3\xbd\xf0\xc9\xbd\xb0\xec\xb9\xab";
    static const int64_t offsets[] = {0, 12, sizeof text - 1};
    static const char *const charsets[] = {"gbk", "GB18030", "utf-8"};
    for (size_t i = 0; i < sizeof charsets / sizeof charsets[0]; i++) {
        sm_batch batch;
        sm_result *result = NULL;
        sm_batch_init(&batch, sizeof batch);
        batch.text = text;
        batch.offsets = offsets;
        batch.n_documents = 2;
        batch.charset = charsets[i];
        batch.charset_len = strlen(charsets[i]);
        CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
        CHECK_ROW(sm_result_mention_count(result) == (i < 2 ? 2 : 0), charsets[i]);
        sm_result_free(result);
    }
}

static void refused(const sm_batch *batch, const char *says) {
    sm_result *result = NULL;
    sm_error error = {0};
    CHECK_ROW(sm_engine_extract_batch(engine, batch, NULL, &result, &error) == SM_ERR_ARG && !result, says);
    if (!CHECK_ROW(strstr(error.message, says) != NULL, says)) fprintf(stderr, "  got: %s\n", error.message);
}

static void what_is_wrong_is_told(void) {
    static const int64_t offsets[] = {0, 3, 6}, falling[] = {0, 6, 3}, negative[] = {-1, 3, 6}, both[] = {0, -1, 6};
    static const int32_t dates[] = {20211222, 20211322};
    sm_batch good, batch;
    sm_result *result = NULL;
    sm_batch_init(&good, sizeof good);
    good.text = "中文";
    good.offsets = offsets;
    good.n_documents = 2;
    CHECK(sm_engine_extract_batch(engine, &good, NULL, &result, NULL) == SM_OK);
    CHECK(sm_engine_extract_batch(NULL, &good, NULL, &result, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_extract_batch(engine, NULL, NULL, &result, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_extract_batch(engine, &good, NULL, NULL, NULL) == SM_ERR_ARG);
    sm_json_options options;
    sm_buffer json = {0};
    sm_json_options_init(&options, sizeof options);
    options.document = 2;
    CHECK(sm_result_json(result, &options, &json, NULL) == SM_ERR_ARG);
    sm_result_free(result);
    batch = good, batch.offsets = NULL, refused(&batch, "batch.offsets is NULL");
    batch = good, batch.offsets = falling, refused(&batch, "batch.offsets[2] is 3, behind 6");
    batch = good, batch.offsets = negative, refused(&batch, "batch.offsets[0] is -1; expected 0 or more");
    batch = good, batch.offsets = both, refused(&batch, "batch.offsets[1] is -1, behind 0");
    batch = good, batch.text = NULL, refused(&batch, "batch.text is NULL");
    batch = good, batch.dates = dates, refused(&batch, "batch.dates[1] 20211322");
    batch = good, batch.format = 9, refused(&batch, "batch.format 9");
    batch = good, batch.charset_len = 3, refused(&batch, "batch.charset is NULL");
    batch = good, batch.charset = "klingon", batch.charset_len = 7, refused(&batch, "batch.charset 'klingon'");
    batch = good, batch.struct_size = 2, refused(&batch, "struct_size is 2");
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    batches_are_their_documents();
    uneven_shares_are_evened_out();
    characters_are_not_put_together();
    results_are_reused();
    marks_of_a_scanner_do_not_come_back();
    a_page_of_links_alone_is_read();
    a_charset_is_that_of_all();
    what_is_wrong_is_told();
    sm_engine_free(engine);
    return check_report();
}
