/* Documents in Arrow arrays are found in as they are one by one, however they lie in memory; what is no column of documents is
 * refused with what came and what is expected. */
#include "../arrays.h"
#include "samples.h"

static sm_engine *engine;

static const char *const texts[] = {
    "金山办公（688111.SH）涨3%",
    "",
    NULL,
    "<p>贵州茅台与<b>五粮液</b>（000858）</p>",
    "平安银行",
    "\xFF招商银行走低，中国平安\xE9\x87",
    NULL,
    "腾讯控股(00700.HK)微跌，平安银行（000001）涨停，股票代码：600519",
    "无",
};
enum { N_TEXTS = sizeof texts / sizeof texts[0] };

/* That document `at` has what a call of its own finds; without a text, nothing, and that it is null. */
static void is_as_alone(const sm_result *result, uint64_t at, const sm_document *alone, const char *row) {
    sm_result *expected = NULL;
    CHECK(sm_engine_extract(engine, NULL, alone, NULL, &expected, NULL) == SM_OK);
    char *want = sample_json_of(expected, 0, NULL), *got = sample_json_of(result, at, NULL);
    CHECK_STR(want, got, row);
    const sm_document_info *info = sm_result_document_at(result, at);
    CHECK_ROW(!(info->flags & SM_DOCUMENT_NULL) == (alone->text != NULL), row);
    free(want);
    free(got);
    sm_result_free(expected);
}

static sm_document document_of(const char *text) {
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = text ? strlen(text) : 0;
    return document;
}

/* --- Texts -------------------------------------------------------------------------------------------------------------- */

/* The texts from `from` on, as an array of this format, with or without a dictionary. */
static struct ArrowArray array_of_texts(const char *format, size_t key_width, size_t from) {
    return arrays_slice(key_width ? arrays_in_dictionary(format, texts, N_TEXTS, key_width)
                                  : arrays_of_strings(format, texts, N_TEXTS),
                        from, N_TEXTS - from);
}

static void read_texts(const char *format, const char *keys, size_t key_width, uint32_t n_threads, size_t from) {
    char row[80];
    snprintf(row, sizeof row, "format %s, keys %s, %u threads, from %zu", format, keys ? keys : "none", n_threads,
             from);
    struct ArrowSchema schema = arrays_schema(format, "");
    if (keys) arrays_schema_in_dictionary(&schema, keys);
    struct ArrowArray first = array_of_texts(format, key_width, from), second = array_of_texts(format, key_width, 0);
    const struct ArrowArray *const arrays[] = {&first, &second};
    sm_arrow_options how;
    sm_result *result = NULL;
    sm_error error = {0};
    sm_arrow_options_init(&how, sizeof how);
    how.n_threads = n_threads;
    CHECK_STR("", (sm_engine_extract_arrow(engine, &schema, arrays, 2, &how, NULL, &result, &error), error.message),
              row);
    if (CHECK_ROW(sm_result_document_count(result) == 2 * N_TEXTS - from, row))
        for (size_t i = 0; i < 2 * N_TEXTS - from; i++) {
            sm_document document = document_of(texts[i < N_TEXTS - from ? i + from : i - (N_TEXTS - from)]);
            is_as_alone(result, i, &document, row);
        }
    first.release(&first);
    second.release(&second);
    schema.release(&schema);
    sm_result_free(result);
}

static void texts_are_read_as_they_lie(void) {
    static const char *const formats[] = {"u", "U", "vu", "z", "Z", "vz"};
    static const struct {
        const char *format;
        size_t width;
    } keys[] = {{NULL, 0}, {"c", 1}, {"S", 2}, {"i", 4}, {"l", 8}};
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++)
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
            for (uint32_t n_threads = 1; n_threads < 8; n_threads += 2)
                for (size_t from = 0; from < 4; from += 3)
                    read_texts(formats[f], keys[k].format, keys[k].width, n_threads, from);
}

/* More than a stretch holds, of all lengths, and one that fills waves by itself. */
static void many_are_read_as_few(void) {
    enum { N = 3000, LONG = 300 * 1024 };
    static const char *many[N];
    static const char *const formats[] = {"u", "U", "vu"};
    char *long_text = arrays_take(LONG + 64);
    for (size_t i = 0; i + 64 < LONG; i += strlen(long_text + i)) strcpy(long_text + i, "贵州茅台涨停，天气很好。");
    for (size_t i = 0; i < N; i++) many[i] = i % 1100 == 7 ? long_text : texts[i % N_TEXTS];
    char *expected = NULL;
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
        struct ArrowSchema schema = arrays_schema(formats[f], "");
        struct ArrowArray array = arrays_of_strings(formats[f], many, N);
        const struct ArrowArray *const arrays[] = {&array};
        sm_result *result = NULL;
        sm_buffer all = {0};
        CHECK(sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, NULL, &result, NULL) == SM_OK);
        for (uint64_t i = 0; i < sm_result_document_count(result); i++) {
            sm_json_options options;
            sm_json_options_init(&options, sizeof options);
            options.document = i;
            CHECK(sm_result_json(result, &options, &all, NULL) == SM_OK);
        }
        CHECK(all.len > LONG);
        if (!expected) expected = strdup(all.data);
        CHECK_ROW(strcmp(expected, all.data) == 0, formats[f]);
        sm_buffer_free(&all);
        sm_result_free(result);
        array.release(&array);
        schema.release(&schema);
    }
    free(expected);
    free(long_text);
}

/* --- What columns say ---------------------------------------------------------------------------------------------------- */

/* 金山办公 in GBK. */
#define GBK "\xbd\xf0\xc9\xbd\xb0\xec\xb9\xab"

static const struct {
    const char *text, *title, *url, *source, *format, *charset;
    int32_t date;
} told[] = {
    {"金山办公涨停", NULL, NULL, NULL, NULL, NULL, 0},
    {"金山办公涨停", "贵州茅台（600519）", NULL, NULL, NULL, NULL, 20211222},
    {"金山云与苹果公司", NULL, "https://a.cn/2021/12/22/1.html", NULL, "text", "utf-8", 0},
    {"证券时报讯，平安银行走低", NULL, NULL, "证券时报", NULL, NULL, 20150601},
    {"<p>招商银行</p>", NULL, NULL, NULL, "text", NULL, 0},
    {"<p>招商银行</p>", "", NULL, "", "html", NULL, 0},
    {NULL, "贵州茅台", NULL, NULL, NULL, NULL, 0},
    {GBK, NULL, NULL, NULL, NULL, "gbk", 0},
    {"# 五粮液", NULL, NULL, NULL, "markdown", NULL, 0},
};
enum { N_TOLD = sizeof told / sizeof told[0] };

#define COLUMN(member)                                                                                                 \
    for (size_t i = 0; i < N_TOLD; i++) strings[i + 1] = told[i].member;                                               \
    arrays_add(&array, arrays_of_strings(format, strings, N_TOLD + 2));                                                \
    arrays_add_schema(schema, arrays_schema(format, #member))

/* A row before and one behind those that count; and a column that nobody reads. */
static struct ArrowArray table_of_told(struct ArrowSchema *schema, const char *format) {
    const char *strings[N_TOLD + 2] = {"五粮液"};
    int64_t days[N_TOLD + 2] = {99999999};
    struct ArrowArray array = arrays_new(N_TOLD + 2, 1);
    *schema = arrays_schema("+s", "");
    arrays_add(&array, arrays_of_numbers(days, N_TOLD + 2, 8));
    arrays_add_schema(schema, arrays_schema("g", "views"));
    COLUMN(text);
    for (size_t i = 0; i < N_TOLD; i++) days[i + 1] = told[i].date;
    arrays_add(&array, arrays_of_numbers(days, N_TOLD + 2, 4));
    arrays_add_schema(schema, arrays_schema("i", "date"));
    strings[0] = "no charset and no format, but nobody asks";
    COLUMN(title);
    COLUMN(url);
    COLUMN(source);
    COLUMN(format);
    COLUMN(charset);
    return arrays_slice(array, 1, N_TOLD);
}

static sm_document document_told(size_t i) {
    sm_document document = document_of(told[i].text);
    static const char *const words[] = {"auto", "text", "html", "markdown"};
    document.title = told[i].text ? told[i].title : NULL;
    document.title_len = arrays_len(document.title);
    document.url = told[i].url;
    document.url_len = arrays_len(told[i].url);
    document.source = told[i].source;
    document.source_len = arrays_len(told[i].source);
    document.charset = "utf-8";
    document.charset_len = strlen(document.charset);
    document.date = told[i].text ? told[i].date : 0;
    for (uint32_t k = 0; k < 4; k++)
        if (told[i].format && strcmp(told[i].format, words[k]) == 0) document.format = k;
    return document;
}

static void columns_say_what_documents_do(void) {
    static const char *const formats[] = {"u", "U", "vu"};
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
        struct ArrowSchema schema;
        struct ArrowArray array = table_of_told(&schema, formats[f]);
        const struct ArrowArray *const arrays[] = {&array};
        sm_result *result = NULL;
        sm_error error = {0};
        sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, NULL, &result, &error);
        CHECK_STR("", error.message, formats[f]);
        if (CHECK(status == SM_OK && sm_result_document_count(result) == N_TOLD))
            for (size_t i = 0; i < N_TOLD; i++) {
                sm_document document = document_told(i);
                is_as_alone(result, i, &document, "told");
            }
        sm_result_free(result);
        array.release(&array);
        schema.release(&schema);
    }
}

/* Texts in bytes have the charset that the row says, else that of the options, else what it looks like. */
static void charsets_are_of_bytes_alone(void) {
    static const char *const rows[] = {GBK, GBK, "金山办公"}, *const charsets[] = {"gbk", NULL, "utf-8"};
    struct ArrowSchema schema = arrays_schema("+s", "");
    struct ArrowArray array = arrays_new(3, 1);
    sm_arrow_options how;
    sm_result *result = NULL;
    arrays_add(&array, arrays_of_strings("z", rows, 3));
    arrays_add_schema(&schema, arrays_schema("z", "body"));
    arrays_add(&array, arrays_in_dictionary("u", charsets, 3, 1));
    arrays_add_schema(&schema, arrays_schema("u", "charset"));
    arrays_schema_in_dictionary(schema.children[1], "c");
    const struct ArrowArray *const arrays[] = {&array};
    sm_arrow_options_init(&how, sizeof how);
    how.text = "body";
    how.charset = "gb18030";
    CHECK(sm_engine_extract_arrow(engine, &schema, arrays, 1, &how, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == 3);
    sm_result_free(result);
    array.release(&array);
    schema.release(&schema);
}

/* --- Days ---------------------------------------------------------------------------------------------------------------- */

static void days_are_read_from_all_that_has_them(void) {
    static const struct {
        const char *format;
        size_t width;
        int64_t value;
        int32_t day; /* -1: refused */
    } rows[] = {
        {"tdD", 4, 18983, 20211222},
        {"tdD", 4, -1, 19691231},
        {"tdD", 4, INT32_MAX, -1},
        {"tdD", 4, INT64_MIN, 0},
        {"tdm", 8, 18983LL * 86400000, 20211222},
        {"tss:", 8, 18983LL * 86400 + 86399, 20211222},
        {"tsm:", 8, -1, 19691231},
        {"tsu:", 8, 18983LL * 86400000000, 20211222},
        {"tsn:", 8, 18983LL * 86400000000000 + 5, 20211222},
        {"tsn:", 8, INT64_MIN, 0},
        {"i", 4, 20211222, 20211222},
        {"i", 4, 0, 0},
        {"i", 4, 20210230, -1},
        {"i", 4, -5, -1},
    };
    static const char *const text[] = {"无"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char row[64];
        snprintf(row, sizeof row, "%s %lld", rows[i].format, (long long)rows[i].value);
        struct ArrowSchema schema = arrays_schema("+s", "");
        struct ArrowArray array = arrays_new(1, 1);
        arrays_add(&array, arrays_of_strings("u", text, 1));
        arrays_add_schema(&schema, arrays_schema("u", "text"));
        arrays_add(&array, arrays_of_numbers(&rows[i].value, 1, rows[i].width));
        arrays_add_schema(&schema, arrays_schema(rows[i].format, "date"));
        const struct ArrowArray *const arrays[] = {&array};
        sm_result *result = NULL;
        sm_error error = {0};
        sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, NULL, &result, &error);
        CHECK_ROW((status == SM_ERR_ARG) == (rows[i].day < 0) && error.status == status, row);
        if (status == SM_OK) CHECK_ROW(sm_result_as_of(result) == rows[i].day, row);
        else CHECK_ROW(strstr(error.message, "the date of document 0") != NULL && !result, row);
        sm_result_free(result);
        array.release(&array);
        schema.release(&schema);
    }
}

/* --- What is refused ----------------------------------------------------------------------------------------------------- */

typedef struct wrong {
    const char *text, *name, *other, *other_name; /* formats and names; a struct where there is a name */
    const char *message;                          /* a part of it */
} wrong;

static void wrong_schemas_are_refused(void) {
    static const wrong rows[] = {
        {"l", NULL, NULL, NULL, "'texts' is of int64 ('l'); expected strings or binary"},
        {"+l", NULL, NULL, NULL, "'texts' is of list ('+l'); expected"},
        {"xyz", NULL, NULL, NULL, "'texts' is of type ('xyz'); expected"},
        {"", NULL, NULL, NULL, "'texts' is of type (''); expected"},
        {"u", "body", NULL, NULL, "the struct has no column 'text'"},
        {"b", "text", NULL, NULL, "'text' is of bool ('b'); expected strings or binary"},
        {"u", "text", "u", "text", "the struct has two columns 'text'"},
        {"u", "text", "u", "title", NULL},
        {"u", "text", "f", "title", "'title' is of float32 ('f'); expected strings"},
        {"u", "text", "tsu:UTC", "date", "'date' is of timestamp with a time zone ('tsu:UTC'); expected date32"},
        {"u", "text", "z", "date", "'date' is of binary ('z'); expected date32"},
        {"u", "text", "tdD", "charset", "'charset' is of date32 ('tdD'); expected strings"},
        {"u", "text", "g", "volume", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ArrowSchema schema = arrays_schema(rows[i].name ? "+s" : rows[i].text, NULL);
        struct ArrowArray array = rows[i].name ? arrays_new(0, 1) : arrays_of_strings("u", NULL, 0);
        if (rows[i].name) {
            arrays_add_schema(&schema, arrays_schema(rows[i].text, rows[i].name));
            arrays_add(&array, arrays_of_strings("u", NULL, 0));
        }
        if (rows[i].other) {
            arrays_add_schema(&schema, arrays_schema(rows[i].other, rows[i].other_name));
            arrays_add(&array, arrays_of_strings("u", NULL, 0));
        }
        const struct ArrowArray *const arrays[] = {&array};
        sm_result *result = NULL;
        sm_error error = {0};
        sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, NULL, &result, &error);
        CHECK_ROW(status == (rows[i].message ? SM_ERR_ARG : SM_OK), rows[i].message);
        if (rows[i].message && !strstr(error.message, rows[i].message))
            CHECK_STR(rows[i].message, error.message, "part");
        sm_result_free(result);
        array.release(&array);
        schema.release(&schema);
    }
}

/* Each spoils an array of three texts. */
static void is_released(struct ArrowArray *array) {
    array->release = NULL;
}
static void lacks_buffers(struct ArrowArray *array) {
    array->n_buffers = 2;
}
static void lacks_offsets(struct ArrowArray *array) {
    free((void *)(uintptr_t)array->buffers[1]);
    array->buffers[1] = NULL;
}
static void lacks_bytes(struct ArrowArray *array) {
    free((void *)(uintptr_t)array->buffers[2]);
    array->buffers[2] = NULL;
}
static void goes_back(struct ArrowArray *array) {
    ((int32_t *)(uintptr_t)array->buffers[1])[2] = 0;
}
static void is_negative(struct ArrowArray *array) {
    array->length = -1;
}
static void begins_before(struct ArrowArray *array) {
    array->offset = -1;
}
static void views_too_far(struct ArrowArray *array) {
    ((int32_t *)(uintptr_t)array->buffers[1])[3] = 1 << 20;
}
static void views_no_block(struct ArrowArray *array) {
    ((int32_t *)(uintptr_t)array->buffers[1])[2] = 2;
}
static void views_less_than_nothing(struct ArrowArray *array) {
    ((int32_t *)(uintptr_t)array->buffers[1])[0] = -1;
}
static void has_no_such_value(struct ArrowArray *array) {
    ((int8_t *)(uintptr_t)array->buffers[1])[1] = 3;
}
static void has_a_negative_key(struct ArrowArray *array) {
    ((int8_t *)(uintptr_t)array->buffers[1])[1] = -1;
}

static void wrong_arrays_are_refused(void) {
    static const struct {
        const char *format, *keys;
        void (*spoil)(struct ArrowArray *array);
        const char *message;
    } rows[] = {
        {"u", NULL, is_released, "was released or is NULL"},
        {"u", NULL, lacks_buffers, "has 2 buffers; expected 3"},
        {"u", NULL, lacks_offsets, "has rows but no values"},
        {"u", NULL, lacks_bytes, "has offsets but no bytes"},
        {"u", NULL, goes_back, "has offsets that go back"},
        {"u", NULL, is_negative, "negative length"},
        {"u", NULL, begins_before, "negative length or offset"},
        {"vu", NULL, lacks_buffers, "has 2 buffers; expected 3"},
        {"vu", NULL, views_too_far, "views of what is not in its buffers"},
        {"vu", NULL, views_no_block, "views of what is not in its buffers"},
        {"vu", NULL, views_less_than_nothing, "views of what is not in its buffers"},
        {"u", "c", has_no_such_value, "has keys that its dictionary has no values for"},
        {"u", "c", has_a_negative_key, "has keys that its dictionary has no values for"},
        {"u", "c", lacks_offsets, "has rows but no keys"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ArrowSchema schema = arrays_schema(rows[i].format, "");
        if (rows[i].keys) arrays_schema_in_dictionary(&schema, rows[i].keys);
        static const char *const three[] = {"贵州茅台与五粮液", "万科A", "中国平安走低"};
        struct ArrowArray array = rows[i].keys ? arrays_in_dictionary(rows[i].format, three, 3, 1)
                                               : arrays_of_strings(rows[i].format, three, 3),
                          before = array;
        const struct ArrowArray *const arrays[] = {&array};
        sm_result *result = NULL;
        sm_error error = {0};
        rows[i].spoil(&array);
        sm_status status = sm_engine_extract_arrow(engine, &schema, arrays, 1, NULL, NULL, &result, &error);
        CHECK_ROW(status == SM_ERR_ARG && !result, rows[i].message);
        if (!strstr(error.message, rows[i].message)) CHECK_STR(rows[i].message, error.message, "part");
        before.release(&before);
        schema.release(&schema);
    }
}

static void wrong_calls_are_refused(void) {
    struct ArrowSchema schema = arrays_schema("u", "");
    sm_arrow_options how;
    sm_result *result = NULL;
    const struct ArrowArray *const none[] = {NULL};
    sm_arrow_options_init(&how, sizeof how);
    CHECK(sm_engine_extract_arrow(engine, &schema, NULL, 0, NULL, NULL, &result, NULL) == SM_OK);
    CHECK(result && sm_result_document_count(result) == 0);
    CHECK(sm_engine_extract_arrow(NULL, &schema, NULL, 0, NULL, NULL, &result, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_extract_arrow(engine, NULL, NULL, 0, NULL, NULL, &result, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_extract_arrow(engine, &schema, NULL, 1, NULL, NULL, &result, NULL) == SM_ERR_ARG);
    CHECK(sm_engine_extract_arrow(engine, &schema, none, 1, NULL, NULL, &result, NULL) == SM_ERR_ARG);
    how.format = 4;
    CHECK(sm_engine_extract_arrow(engine, &schema, NULL, 0, &how, NULL, &result, NULL) == SM_ERR_ARG);
    how.format = 0;
    how.charset = "klingon";
    CHECK(sm_engine_extract_arrow(engine, &schema, NULL, 0, &how, NULL, &result, NULL) == SM_ERR_ARG);
    sm_result_free(result);
    schema.release(&schema);
}

int main(void) {
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    texts_are_read_as_they_lie();
    many_are_read_as_few();
    columns_say_what_documents_do();
    charsets_are_of_bytes_alone();
    days_are_read_from_all_that_has_them();
    wrong_schemas_are_refused();
    wrong_arrays_are_refused();
    wrong_calls_are_refused();
    sm_engine_free(engine);
    CHECK(arrays_held == 0);
    return check_report();
}
