/* Hostile pages of any shape and of a size at which only linear work ends in time. Plain text is handed on without a
 * copy. */

#include "../check.h"
#include "cases.h"

enum { LARGE = 1 << 20 };

/* A page is `head`, then `unit` over and over, then `turn` over and over for the second half, if there is one. */
static const struct {
    const char *reason, *head, *unit, *turn;
    uint32_t format;
} shapes[] = {
    {"elements that are not closed", "", "<div>x", NULL, SM_FORMAT_HTML},
    {"formatting that is not closed", "", "<b>", "</i>", SM_FORMAT_HTML},
    {"end tags that do not reach past a cell", "<i><table><td>", "<b>", "</i>", SM_FORMAT_HTML},
    {"elements that are closed in reverse", "", "<p><span>", "</div>", SM_FORMAT_HTML},
    {"names that HTML does not know", "", "<x-a><x-b>", "</x-c>", SM_FORMAT_HTML},
    {"links in links over blocks", "", "<span data-code=1>a<p>", "b<p>", SM_FORMAT_HTML},
    {"lists in lists", "", "<ul><li><a href=x>a</a>", NULL, SM_FORMAT_HTML},
    {"less-than signs", "", "<", NULL, SM_FORMAT_HTML},
    {"comments that do not end", "", "<!--", "->", SM_FORMAT_HTML},
    {"tags that do not end", "", "<a b='", "<a b=\"", SM_FORMAT_HTML},
    {"ampersands", "", "&CounterClockwiseContourIntegra", NULL, SM_FORMAT_HTML},
    {"scripts in comments in scripts", "<script><!--", "<script>", "</script>", SM_FORMAT_HTML},
    {"title tags", "", "<title></titl>", NULL, SM_FORMAT_HTML},
    {"bytes that are no UTF-8", "", "\xFF\xE9", NULL, SM_FORMAT_HTML},
    {"opening brackets", "[a]: b\n\n", "[", "a]", SM_FORMAT_MARKDOWN},
    {"closing brackets", "[a]: b\n\n", "]", "[a](", SM_FORMAT_MARKDOWN},
    {"brackets in brackets", "[a]: b\n\n", "[a", "](b)", SM_FORMAT_MARKDOWN},
    {"link titles that do not end", "", "[a](b \"c", "[a](b 'c", SM_FORMAT_MARKDOWN},
    {"parentheses in targets", "", "[a](b(", NULL, SM_FORMAT_MARKDOWN},
    {"emphasis that is not closed", "", "*a **b _c ", "a* ", SM_FORMAT_MARKDOWN},
    {"emphasis that does not fit", "", "a**b", "c*d_ ", SM_FORMAT_MARKDOWN},
    {"emphasis that opens and closes", "", "*a_b", NULL, SM_FORMAT_MARKDOWN},
    {"one run of asterisks", "", "*", "a*", SM_FORMAT_MARKDOWN},
    {"backticks of all lengths", "", "`a``b```c````d`````e", "``````", SM_FORMAT_MARKDOWN},
    {"raw HTML that does not end", "a ", "<!-- a <? b <![CDATA[ c ", "<a b='c\" d=\"", SM_FORMAT_MARKDOWN},
    {"tags in quotes in tags", "a ", "<a b=\" c='\" d='", "\" ' ", SM_FORMAT_MARKDOWN},
    {"quotes in quotes", "", ">", "\n\n", SM_FORMAT_MARKDOWN},
    {"quotes on every line", "", "> > > > a\n", ">\n", SM_FORMAT_MARKDOWN},
    {"lists in lists of Markdown", "", "- ", "\n", SM_FORMAT_MARKDOWN},
    {"spaces", "a", " ", "\n", SM_FORMAT_MARKDOWN},
    {"tables", "a|b\n-|-\n", "|", "a|b\n", SM_FORMAT_MARKDOWN},
    {"definitions", "", "[a]: b\n", "[a] ", SM_FORMAT_MARKDOWN},
    {"definitions that are none", "", "[a]: b '\n", "[a]: <b\n", SM_FORMAT_MARKDOWN},
    {"headings", "", "#\n", "a\n=\n", SM_FORMAT_MARKDOWN},
    {"front matter without an end", "---\n", "title: 'a\n", NULL, SM_FORMAT_MARKDOWN},
};

static char *make_page(size_t shape, size_t len) {
    char *page = malloc(len);
    if (!page) exit(2);
    size_t head = strlen(shapes[shape].head);
    for (size_t i = 0, k = 0; i < len; i++) {
        bool is_turned = shapes[shape].turn && i >= len / 2;
        const char *unit = is_turned ? shapes[shape].turn : shapes[shape].unit;
        if (shapes[shape].turn && i == len / 2) k = 0;
        page[i] = i < head ? shapes[shape].head[i] : unit[k++ % strlen(unit)];
    }
    return page;
}

/* What is quadratic would take hours at this size: the time limit of a test run ends it. */
static void check_shapes(text_reader *reader) {
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char *bytes = make_page(i, LARGE);
        text_page page;
        CHECK_ROW(text_read(reader, (base_slice){bytes, LARGE}, shapes[i].format, TEXT_UTF8, &page) == SM_OK,
                  shapes[i].reason);
        free(bytes);
    }
}

static void check_nesting(text_reader *reader) {
    enum { N = 1000000 };
    char *bytes = malloc(N * 5);
    text_page page;
    if (!bytes) exit(2);
    for (size_t i = 0; i < N; i++) memcpy(bytes + i * 5, "<div>", 5);
    memcpy(bytes + N * 5 - 5, "text!", 5);
    CHECK(text_read(reader, (base_slice){bytes, N * 5}, SM_FORMAT_HTML, TEXT_UTF8, &page) == SM_OK);
    CHECK(page.n_runs == 1 && page.runs[0].len == 5);
    free(bytes);
}

/* Labels that all want one slot of any table of up to 4096, a definition each, and a link to each. */
static void check_colliding_labels(text_reader *reader) {
    enum { N = 1000, LINE = 16, SLOTS = 4096 };
    static char page[2 * N * LINE + 2];
    size_t len = 0, n_labels = 0;
    static char labels[N][LINE];
    for (uint64_t i = 0; n_labels < N; i++) {
        char label[LINE];
        size_t label_len = (size_t)snprintf(label, sizeof label, "%llx", (unsigned long long)i);
        if (base_hash(label, label_len) % SLOTS == 1) strcpy(labels[n_labels++], label);
    }
    for (size_t i = 0; i < N; i++) len += (size_t)sprintf(page + len, "[%s]: u\n", labels[i]);
    for (size_t i = 0; i < N; i++) len += (size_t)sprintf(page + len, "%s[%s]\n", i ? "" : "\n", labels[i]);
    text_page read;
    CHECK(text_read(reader, (base_slice){page, len}, SM_FORMAT_MARKDOWN, TEXT_UTF8, &read) == SM_OK);
    CHECK_ROW(read.n_links >= 256 && read.n_links < N, "so many steps are made and no more");
}

static void check_plain_text(text_reader *reader) {
    static const char text[] = "茅台\n\n涨停";
    text_page page;
    size_t start, end;
    CHECK(text_read(reader, (base_slice){text, sizeof text - 1}, SM_FORMAT_TEXT, TEXT_UTF8, &page) == SM_OK);
    CHECK(page.n_runs == 1 && page.runs[0].bytes == text && page.runs[0].len == sizeof text - 1);
    CHECK(page.runs[0].n_pieces == 1 && page.runs[0].pieces[0].source_end == sizeof text - 1);
    text_map(&page.runs[0], 3, 6, &start, &end);
    CHECK(start == 3 && end == 6);
}

/* Places through references and tags: the tags inside are covered, those around are not. */
static void check_places(text_reader *reader) {
    static const char html[] = "<b>&#37329;<i>山</i></b>A&amp;B<p>办\xFF公";
    static const struct {
        size_t run, start, end;
        const char *source;
    } rows[] = {{0, 0, 6, "&#37329;<i>山"}, {0, 3, 6, "山"}, {0, 3, 7, "山</i></b>A"}, {0, 7, 8, "&amp;"},
                {0, 6, 9, "A&amp;B"},       {1, 0, 3, "办"}, {1, 3, 6, "\xFF"},        {1, 0, 9, "办\xFF公"}};
    text_page page;
    CHECK(text_read(reader, (base_slice){html, sizeof html - 1}, SM_FORMAT_HTML, TEXT_UTF8, &page) == SM_OK);
    CHECK(page.n_invalid == 1 && (unsigned char)html[page.first_invalid] == 0xFF);
    if (!CHECK(page.n_runs == 2)) return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t start, end;
        text_map(&page.runs[rows[i].run], rows[i].start, rows[i].end, &start, &end);
        bool is_right = end - start == strlen(rows[i].source) && memcmp(html + start, rows[i].source, end - start) == 0;
        CHECK_ROW(is_right, rows[i].source);
    }
}

static void check_seed_page(text_reader *reader) {
    sm_buffer file = {0};
    text_page page;
    if (base_file_read("../shared/seed/article.md", &file, NULL) != SM_OK) {
        puts("skipped: there is no ../shared/seed/article.md");
        return;
    }
    size_t n = 0;
    CHECK(text_read(reader, (base_slice){file.data, file.len}, SM_FORMAT_AUTO, TEXT_UTF8, &page) == SM_OK);
    CHECK(page.format == SM_FORMAT_MARKDOWN && page.date == 20211222 && page.n_invalid == 0);
    CHECK(page.n_runs > 0 && page.runs[0].region == SM_REGION_TITLE);
    for (size_t i = 0; i < page.n_runs; i++)
        for (size_t at = 0; at + 12 <= page.runs[i].len; at++)
            n += memcmp(page.runs[i].bytes + at, "金山办公", 12) == 0;
    CHECK(n == 28);
    CHECK(page.n_links == 5 && base_slice_is(page.links[0].data_code, "688111|1|1"));
    sm_buffer_free(&file);
}

int main(void) {
    text_reader *reader = text_reader_new(&base_default_allocator, base_kernel_best());
    if (!CHECK(reader != NULL)) return check_report();
    check_shapes(reader);
    check_nesting(reader);
    check_colliding_labels(reader);
    check_plain_text(reader);
    check_places(reader);
    check_seed_page(reader);
    text_reader_free(reader);
    return check_report();
}
