/* Every kernel against a naive scan with the whole default dictionary: in text as people write it, at every alignment,
 * wherever blocks and runs divide it and wherever it ends; and in text that is made against the filters, of pieces of the
 * dictionary's own names. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "naive.h"
#include "pieces.h"

enum { MAX_RUNS = 1024, ROOM_BEHIND = 256 };

/* --- Lines ------------------------------------------------------------------------------------------------------------- */

/* Puts a text where memory ends `room` bytes behind it. */
static const char *put(bench *b, const char *text, size_t len, size_t room) {
    char *at = b->guarded + MAX_TEXT - room - len;
    memcpy(at, text, len);
    memset(at + len, 'A', room);
    return at;
}

/* Scans runs together, and where that goes wrong each alone, to tell which. */
static void compare_runs(bench *b, const base_slice *runs, uint32_t n, const char *readable) {
    char text[MAX_TEXT];
    if (runs_are_as_naive(b, runs, n, readable)) return;
    unsigned n_before = b->n_different;
    for (uint32_t i = 0; i < n; i++) {
        size_t len = runs[i].len;
        if (runs_are_as_naive(b, &runs[i], 1, readable)) continue;
        memcpy(text, runs[i].bytes, len);
        report(b, text, len);
        return;
    }
    if (b->n_different++ == n_before) fprintf(stderr, "%s: runs differ together alone\n", b->wrong);
}

/* All lines together, in order of memory. */
static void compare_lines(bench *b, const char *text, size_t len) {
    static base_slice runs[MAX_RUNS];
    const char *at = put(b, text, len, ROOM_BEHIND), *end = at + len;
    uint32_t n = 0;
    while (at < end && n < MAX_RUNS) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((line_end ? line_end : end) - at);
        if (line) runs[n++] = (base_slice){at, line};
        at += line + 1;
    }
    compare_runs(b, runs, n, b->guarded + MAX_TEXT);
}

/* --- Real text --------------------------------------------------------------------------------------------------------- */

static sm_buffer read_text(const char *path) {
    sm_buffer text = {0};
    sm_error error;
    if (base_file_read(path, &text, &error) == SM_OK) text.len = base_utf8_valid_prefix(text.data, text.len);
    return text;
}

static void texts_of_the_repository(bench *b) {
    static const char *const paths[] = {"README.md",
                                        "LICENSE",
                                        "examples/article.html",
                                        "tests/eval/challenges/english.tsv",
                                        "tests/unit/resolve/contexts.tsv",
                                        "tests/unit/dict/layers.tsv",
                                        "src/dict/tables/README.md",
                                        "tests/unit/scan/notations.tsv",
                                        "tests/unit/text/runs.tsv"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        sm_buffer text = read_text(paths[i]);
        CHECK_ROW(text.len > 1000, paths[i]);
        compare(b, text.data, text.len);
        compare_lines(b, text.data, text.len);
        sm_buffer_free(&text);
    }
}

/* Parts of the news that are spread over all of them. */
static void news(bench *b) {
    enum { PARTS = 24, PART = 48 * 1024 };
    static const char path[] = "../shared/corpus/news.txt";
    sm_buffer text = read_text(path);
    if (text.len < PARTS * PART) printf("%s is not here, which does not come with the repository: not tried\n", path);
    else
        for (size_t i = 0; i < PARTS; i++) {
            size_t from = next_char(text.data, text.len, text.len / PARTS * i);
            size_t to = next_char(text.data, text.len, from + PART);
            compare_lines(b, text.data + from, to - from);
            compare(b, text.data + from, to - from);
        }
    sm_buffer_free(&text);
}

/* --- Alignments, blocks, tails, runs ------------------------------------------------------------------------------------- */

/* A text of some kinds of blocks: the borders come to stand at every character, and so does the end. */
static void every_start_and_every_end(bench *b, const char *text, size_t len) {
    enum { PASSAGE = 260 };
    for (size_t cut = 0; cut < PASSAGE; cut = next_char(text, len, cut + 1)) compare(b, text + cut, len - cut);
    for (size_t end = next_char(text, len, len - PASSAGE); end < len; end = next_char(text, len, end + 1))
        compare(b, text, end);
}

static void every_alignment(bench *b, const char *text, size_t len) {
    for (size_t shift = 0; shift < 64; shift++) {
        memset(b->guarded, 'A', 64 + len + 512);
        memcpy(b->guarded + 64 + shift, text, len);
        if (!is_as_naive(b, 64 + shift, len)) report(b, text, len);
    }
}

/* Two runs of one text, read together and each by itself. */
static void every_division(bench *b, const char *text, size_t len) {
    const char *at = put(b, text, len, ROOM_BEHIND);
    for (size_t cut = 0; cut < len; cut = next_char(text, len, cut + 1)) {
        const base_slice runs[] = {{at, cut}, {at + cut, len - cut}};
        compare_runs(b, runs, 2, b->guarded + MAX_TEXT);
        compare_runs(b, runs, 2, NULL);
    }
}

static void a_text_wherever_it_is_divided(bench *b) {
    enum { SHORT = 900, OVER_A_TAIL = 1300, OVER_A_BLOCK = 8192 + 1500 };
    sm_buffer text = read_text("tests/unit/resolve/contexts.tsv");
    static const size_t lengths[] = {SHORT, OVER_A_TAIL, OVER_A_BLOCK};
    if (!CHECK(text.len > OVER_A_BLOCK)) return;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const char *end = text.data + next_char(text.data, text.len, text.len - 1);
        const char *from = text.data + next_char(text.data, text.len, text.len - lengths[i]);
        every_start_and_every_end(b, from, (size_t)(end - from));
    }
    every_alignment(b, text.data, next_char(text.data, text.len, OVER_A_TAIL));
    every_division(b, text.data, next_char(text.data, text.len, SHORT));
    sm_buffer_free(&text);
}

/* --- Text against the filters ------------------------------------------------------------------------------------------- */

static void take_names_of_the_dictionary(bench *b, random_source *source, name_pool *pool) {
    for (pool->n = 0; pool->n < MAX_NAMES;) {
        base_slice name = b->names.items[random_below(source, b->names.n)].text;
        if (name.len < sizeof pool->names[0]) snprintf(pool->names[pool->n++], sizeof pool->names[0], "%s", name.bytes);
    }
}

static void pieces_of_names(bench *b, bool is_rare) {
    random_source source = {20261124};
    name_pool pool = {.is_rare = is_rare};
    char text[4096];
    for (int i = 0; i < 1500; i++) {
        if (i % 10 == 0) take_names_of_the_dictionary(b, &source, &pool);
        compare(b, text, random_text(&source, &pool, sizeof text, text));
    }
}

/* The same again and again: whole names, names without their last character, and their first two. */
static void repeated_names(bench *b) {
    random_source source = {9};
    name_pool pool = {.n = 0};
    char text[2048];
    for (int i = 0; i < 10; i++) {
        take_names_of_the_dictionary(b, &source, &pool);
        for (uint32_t k = 0; k < pool.n; k++) {
            const char *name = pool.names[k];
            size_t len = strlen(name), last = len, n = 0;
            do last--;
            while (((unsigned char)name[last] & 0xC0) == 0x80);
            size_t second = next_char(name, len, next_char(name, len, 1) + 1), parts[] = {len, last, second};
            size_t part = parts[random_below(&source, 3)];
            for (; n + part < sizeof text; n += part) memcpy(text + n, name, part);
            compare(b, text, n);
        }
    }
}

/* Names in Latin letters that leave no room, or hardly any, for what stands behind them. */
static void longest_names(bench *b) {
    static const char *const behind[] = {"", " s", "s", ". s", ".", " (s", "\ns", "\xC2\xA0s", "'s", "，", " 涨"};
    uint32_t n_longest = 0;
    char text[2 * DICT_MAX_NAME_BYTES];
    for (uint32_t i = 0; i < b->names.n; i++) {
        base_slice name = b->names.items[i].text;
        if (name.len < DICT_MAX_NAME_CHARS - 2 || !base_is_letter(name.bytes[0])) continue;
        n_longest++;
        for (size_t k = 0; k < sizeof behind / sizeof behind[0]; k++)
            compare(b, text, (size_t)snprintf(text, sizeof text, "%.*s%s", (int)name.len, name.bytes, behind[k]));
    }
    CHECK_ROW(n_longest > 20, "such names are there");
}

int main(void) {
    static bench b;
    open_bench(&b);
    take_dictionary(&b, sm_dict_default());
    texts_of_the_repository(&b);
    news(&b);
    a_text_wherever_it_is_divided(&b);
    pieces_of_names(&b, false);
    pieces_of_names(&b, true);
    repeated_names(&b);
    longest_names(&b);
    if (b.n_different) fprintf(stderr, "%u of %u texts differ\n", b.n_different, b.n_texts);
    CHECK(b.n_different == 0);
    CHECK_ROW(b.n_texts > 5000 && b.n_candidates > 100000, "enough was tried");
    close_bench(&b);
    return check_report();
}
