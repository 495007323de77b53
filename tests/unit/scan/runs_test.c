/* Runs that are scanned together have what each has alone, wherever the text is cut into them, and nothing behind the
 * readable memory is read. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "../check.h"
#include "../guard.h"
#include "../random.h"
#include "scan/scan.h"

enum { MAX_TEXT = 64 * 1024, MAX_RUNS = 64 };

typedef struct bench {
    const dict_view *view;
    scan_codes *codes;
    scan_memory *memory;
    scan_list alone, together;
    char *end; /* the next byte may not be read */
    unsigned n_candidates, n_different;
} bench;

static const char *const pieces[] = {"金山办公",   "（688111.SH）",
                                     "贵州茅台",   "万科A",
                                     "688111",     "（600519）",
                                     "腾讯",       "控股",
                                     "(00700.HK)", "中国",
                                     "石油",       "平安",
                                     "银行",       "，",
                                     "。",         " ",
                                     "\n",         "涨停",
                                     "Apple",      " Inc.",
                                     "AAPL.O",     "$TSLA",
                                     "x",          "１",
                                     "五",         "粮",
                                     "液",         "é",
                                     "的",         "2021年",
                                     "ST",         "*ST",
                                     "国华",       "a",
                                     "3",          "http://a.cn/600519",
                                     "😀",          "ＴＣＬ",
                                     "集团"};

static bool are_same(const scan_candidate *a, const scan_candidate *b) {
    return a->start == b->start && a->end == b->end && a->kind == b->kind && a->index == b->index && a->mark == b->mark
           && (a->kind == SCAN_NAME || a->notation == b->notation);
}

/* One run alone against its part of all. @return where the next run's part begins. */
static size_t compare_run(bench *b, base_slice run, uint32_t number, size_t from) {
    CHECK(scan_run(b->view, b->codes, b->memory, run, &b->alone, NULL) == SM_OK);
    bool is_same = true;
    size_t n = 0;
    for (; from + n < b->together.n && b->together.items[from + n].run == number; n++)
        is_same = is_same && n < b->alone.n && are_same(&b->alone.items[n], &b->together.items[from + n]);
    b->n_candidates += (unsigned)b->alone.n;
    if ((!is_same || n != b->alone.n) && b->n_different++ < 5)
        fprintf(stderr, "run %u '%.*s': %zu candidates alone, %zu together\n", number,
                (int)(run.len < 200 ? run.len : 200), run.bytes, b->alone.n, n);
    return from + n;
}

static void compare(bench *b, const base_slice *runs, size_t n, const char *readable) {
    size_t from = 0;
    CHECK(scan_runs(b->view, b->codes, b->memory, runs, n, readable, &b->together, NULL) == SM_OK);
    for (size_t i = 0; i < n; i++) from = compare_run(b, runs[i], (uint32_t)i, from);
    CHECK(from == b->together.n);
}

/* Cuts a text anywhere between two characters; now and then something is left out between two runs. */
static size_t cut(random_source *source, const char *text, size_t len, uint32_t longest, base_slice *runs) {
    size_t n = 0;
    for (size_t at = 0; at < len && n < MAX_RUNS; n++) {
        size_t end = at + random_below(source, longest + 1);
        end = end < len ? next_char(text, len, end) : len;
        runs[n] = (base_slice){text + at, end - at};
        size_t left_out = random_below(source, random_below(source, 8) ? 5 : 300);
        at = random_below(source, 8) ? end : next_char(text, len, end + left_out);
    }
    return n;
}

static void random_texts_are_cut_into_runs(bench *b) {
    static const uint32_t lengths[] = {8, 40, 300, 2000, 9000};
    random_source source = {41};
    base_slice runs[MAX_RUNS];
    for (int i = 0; i < 600; i++) {
        char *text = b->end;
        for (size_t wanted = 16 + random_below(&source, i % 20 ? 1500 : 40000); (size_t)(b->end - text) < wanted;) {
            const char *piece = pieces[random_below(&source, sizeof pieces / sizeof pieces[0])];
            text -= strlen(piece);
            memcpy(text, piece, strlen(piece));
        }
        size_t n = cut(&source, text, (size_t)(b->end - text), lengths[random_below(&source, 5)], runs);
        compare(b, runs, n, NULL);
        compare(b, runs, n, b->end);
        /* With room behind the last run they are walked as one text. */
        while (n && b->end - (runs[n - 1].bytes + runs[n - 1].len) < 256) n--;
        compare(b, runs, n, b->end);
        if (n > 2) { /* not in the order of memory */
            base_slice moved = runs[0];
            runs[0] = runs[n - 1];
            runs[n - 1] = moved;
            compare(b, runs, n, b->end);
        }
    }
    CHECK(b->n_different == 0);
    CHECK_ROW(b->n_candidates > 100000, "enough was tried");
}

/* Of most numbers it is known at once that they are neither name nor code: of these it must not be. */
static void numbers_begin_names(bench *b) {
    static const char *const names[] = {"360数科", "1药网",         "51信用卡", "20/20 Biolabs",
                                        "361度",   "1-800-Flowers", "58.com",   "21世纪教育"};
    static const char *const around[][2] = {{"", ""},
                                            {"的", ""},
                                            {"", "的"},
                                            {"昨天，", "上涨了百分之三"},
                                            {"昨天收盘的 ", " 上涨了百分之三"},
                                            {"昨天收盘（", "）上涨了百分之三"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t k = 0; k < sizeof around / sizeof *around; k++) {
            char text[200];
            size_t start = strlen(around[k][0]), end = start + strlen(names[i]);
            int len = snprintf(text, sizeof text, "%s%s%s", around[k][0], names[i], around[k][1]);
            CHECK(scan_run(b->view, b->codes, b->memory, (base_slice){text, (size_t)len}, &b->alone, NULL) == SM_OK);
            bool is_found = false;
            for (size_t c = 0; c < b->alone.n; c++) {
                const scan_candidate *found = &b->alone.items[c];
                is_found |= found->kind == SCAN_NAME && found->start == start && found->end == end;
            }
            CHECK_ROW(is_found, text);
        }
}

int main(void) {
    static bench b = {.alone = {.allocator = &base_default_allocator},
                      .together = {.allocator = &base_default_allocator}};
    b.end = guarded_end(MAX_TEXT);
    b.view = dict_get_view(sm_dict_default());
    b.codes = scan_codes_new(b.view, &base_default_allocator);
    if (!b.codes) return 2;
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        if (!base_kernel_can_run(kernel)) continue;
        b.memory = scan_memory_new(&base_default_allocator, kernel);
        if (!b.memory) return 2;
        b.n_candidates = 0;
        random_texts_are_cut_into_runs(&b);
        numbers_begin_names(&b);
        scan_memory_free(b.memory);
        printf("%s ", base_kernel_word(kernel));
    }
    scan_codes_free(b.codes);
    free(b.alone.items);
    free(b.together.items);
    return check_report();
}
