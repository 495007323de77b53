/* A page of many megabytes: it takes memory in proportion, and is written as JSON in pieces. */
#include <stdlib.h>

#include "samples.h"

/* --- Memory that is counted ----------------------------------------------------------------------------------------------- */

typedef struct counted {
    size_t held, most;
    size_t huge; /* of what is held: in blocks that are more than is kept for the next document */
} counted;

enum { KEPT = 8 << 20 };

/* In front of each block stands its size. */
enum { HEAD = 16 };

static void *set_size(counted *c, char *block, size_t size) {
    if (!block) return NULL;
    memcpy(block, &size, sizeof size);
    c->held += size;
    if (size > KEPT) c->huge += size;
    if (c->held > c->most) c->most = c->held;
    return block + HEAD;
}

static char *take_size(counted *c, void *memory) {
    size_t size = 0;
    char *block = memory ? (char *)memory - HEAD : NULL;
    if (block) memcpy(&size, block, sizeof size);
    c->held -= size;
    if (size > KEPT) c->huge -= size;
    return block;
}

static void *counted_allocate(void *context, size_t size) {
    return set_size(context, malloc(size + HEAD), size);
}

static void *counted_reallocate(void *context, void *memory, size_t size) {
    return set_size(context, realloc(take_size(context, memory), size + HEAD), size);
}

static void counted_release(void *context, void *memory) {
    free(take_size(context, memory));
}

/* --- The page --------------------------------------------------------------------------------------------------------------- */

static const char article[] =
    "<div class=\"article\"><h2>公司新闻</h2><p>贵州茅台（600519）公布年报，<b>营业收入</b>增长&nbsp;15%，分析师认为"
    "<a href=\"/a\">白酒</a>行业仍在调整。</p>\n<p>其余内容与公司无关，只是一段普通的文字，用来占据篇幅。</p>"
    "<ul class=\"related\"><li><a href=\"/1\">五粮液分红</a></li><li><a href=\"/2\">泸州老窖停货</a></li></ul></div>\n";

enum { N_ARTICLES = 30000, LEN = sizeof article - 1 };

static sm_document make_page(void) {
    sm_document document;
    char *page = malloc((size_t)N_ARTICLES * LEN);
    if (!CHECK(page != NULL)) exit(2);
    for (size_t i = 0; i < N_ARTICLES; i++) memcpy(page + i * LEN, article, LEN);
    sm_document_init(&document, sizeof document);
    document.text = page;
    document.text_len = (uint64_t)N_ARTICLES * LEN;
    document.format = SM_FORMAT_HTML;
    return document;
}

/* --- What must hold ----------------------------------------------------------------------------------------------------------- */

static void memory_is_in_proportion(const counted *memory, const sm_document *page) {
    enum { MOST = 7 }; /* bytes for each of the page, beside it: arrays that grow are half empty at worst */
    CHECK_ROW(memory->most < MOST * (size_t)page->text_len, "most that was held");
}

typedef struct receiver {
    sm_buffer all;
    uint64_t longest;
    unsigned n, most;
} receiver;

static int receive(void *context, sm_buffer *json) {
    receiver *r = context;
    if (++r->n > r->most) return 1;
    if (json->len > r->longest) r->longest = json->len;
    if (r->all.capacity < r->all.len + json->len) {
        r->all.capacity = 2 * (r->all.len + json->len);
        r->all.data = realloc(r->all.data, (size_t)r->all.capacity);
        if (!r->all.data) exit(2);
    }
    memcpy(r->all.data + r->all.len, json->data, (size_t)json->len);
    r->all.len += json->len;
    json->len = 0;
    return 0;
}

static void json_comes_in_pieces(const sm_result *result) {
    sm_buffer whole = {0}, rest = {0};
    receiver r = {.most = UINT32_MAX};
    sm_json_options options;
    sm_json_options_init(&options, sizeof options);
    CHECK(sm_result_json(result, &options, &whole, NULL) == SM_OK);
    options.pass = receive;
    options.pass_context = &r;
    CHECK(sm_result_json(result, &options, &rest, NULL) == SM_OK);
    CHECK(r.n > 100 && r.longest < 80 * 1024 && rest.len < 80 * 1024);
    CHECK(r.all.len + rest.len == whole.len && memcmp(r.all.data, whole.data, (size_t)r.all.len) == 0
          && memcmp(rest.data, whole.data + r.all.len, (size_t)rest.len) == 0);
    free(r.all.data);
    sm_buffer_free(&whole);
    sm_buffer_free(&rest);
}

static void a_refused_piece_ends_the_call(const sm_result *result) {
    sm_buffer rest = {0};
    receiver r = {.most = 2};
    sm_error error;
    sm_json_options options;
    sm_json_options_init(&options, sizeof options);
    options.pass = receive;
    options.pass_context = &r;
    CHECK(sm_result_json(result, &options, &rest, &error) == SM_ERR_IO && r.n == 3 && rest.len == 0);
    CHECK_ROW(strstr(error.message, "options.pass") != NULL, error.message);
    free(r.all.data);
    sm_buffer_free(&rest);
}

/* No array that a scanner has made huge for one page is there behind the next document. */
static void the_next_document_gives_it_back(const counted *memory, const sm_engine *engine, const char *charset) {
    sm_document page = make_page(), small = page;
    sm_scanner *scanner = NULL;
    sm_result *result = NULL;
    page.charset = charset;
    page.charset_len = strlen(charset);
    small.text_len = LEN;
    small.format = SM_FORMAT_TEXT;
    CHECK(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    const size_t before = memory->huge;
    CHECK(sm_engine_extract(engine, scanner, &page, NULL, &result, NULL) == SM_OK);
    sm_result_free(result);
    result = NULL;
    CHECK_ROW(memory->huge > before, charset); /* the page can be looked at */
    CHECK(sm_engine_extract(engine, scanner, &small, NULL, &result, NULL) == SM_OK);
    sm_result_free(result);
    CHECK_ROW(memory->huge == before, charset);
    sm_scanner_free(scanner);
    free((char *)(uintptr_t)page.text);
}

int main(void) {
    counted memory = {0};
    const sm_allocator allocator = {&memory, counted_allocate, counted_reallocate, counted_release};
    sm_engine *engine = NULL;
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.allocator = &allocator;
    if (!CHECK(sm_engine_open(NULL, &options, &engine, NULL) == SM_OK)) return 2;
    const sm_document page = make_page();
    sm_result *result = NULL;
    memory.most = memory.held;
    CHECK(sm_engine_extract(engine, NULL, &page, NULL, &result, NULL) == SM_OK);
    CHECK(sm_result_mention_count(result) == (uint64_t)4 * N_ARTICLES);
    memory_is_in_proportion(&memory, &page);
    json_comes_in_pieces(result);
    a_refused_piece_ends_the_call(result);
    sm_result_free(result);
    the_next_document_gives_it_back(&memory, engine, "utf-8");
    the_next_document_gives_it_back(&memory, engine, "gbk");
    the_next_document_gives_it_back(&memory, engine, "windows-1252"); /* of which most UTF-8 is made */
    sm_engine_free(engine);
    CHECK(memory.held == 0);
    free((char *)(uintptr_t)page.text);
    return check_report();
}
