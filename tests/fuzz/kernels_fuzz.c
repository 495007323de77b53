/* What must hold for any text, in any number of runs, wherever memory ends behind it: every kernel finds the names that a naive
 * scan finds in each run alone, and where UTF-8 ends as it is found character by character.
 *
 * The first byte says how many bytes may be read behind the runs. U+0001 ends a run; a byte that UTF-8 never has stands for a
 * piece of text, so that names are hit upon. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "fuzz.h"

#include "../unit/scan/naive.h"

enum { MOST_BYTES = 2048, MOST_RUNS = 32 };

static const char *const pieces[] = {
    "金山办公",      "贵州茅台", "騰訊", "腾讯控股", "万科A",      "万 科",
    "五　粮　液",    "中国石油", "*ST",  "ＳＴ",     "Apple Inc.", "Alphabet",
    "McDonald's",    "Nestlé",   "AT&T", "ＴＣＬ",   "３Ｍ",       "北京金山办公软件股份有限公司",
    "https://a.cn/", "的",       "，",   "\n\n",     "\xC2\xA0",   "\xE3\x80\x80",
    "\xE2\x80\x8B",  "é",        "𠮷",   "Ж",        "\xC2\xAD",   "\xCC\x81",
    "app",           "le"};

/* @return the length of the text in UTF-8. */
static size_t spell(fuzz_input input, char *text) {
    size_t len = 0;
    const char *at = (const char *)input.bytes, *end = at + input.len;
    while (at < end) {
        uint32_t c;
        size_t step = base_utf8_decode(at, end, &c, NULL);
        const char *piece = step ? at : pieces[(unsigned char)*at % (sizeof pieces / sizeof pieces[0])];
        size_t piece_len = step ? step : strlen(piece);
        memcpy(text + len, piece, piece_len);
        len += piece_len;
        at += step ? step : 1;
    }
    return len;
}

/* What is left behind the last run is not scanned. */
static uint32_t divide(const char *text, size_t len, base_slice *runs) {
    uint32_t n = 0;
    for (const char *at = text, *end = text + len; at < end && n < MOST_RUNS;) {
        const char *stop = memchr(at, 1, (size_t)(end - at));
        runs[n++] = (base_slice){at, (size_t)((stop ? stop : end) - at)};
        at = runs[n - 1].bytes + runs[n - 1].len + 1;
    }
    return n;
}

static void check_names(bench *b, fuzz_input input, size_t room) {
    static char text[MAX_TEXT];
    base_slice runs[MOST_RUNS];
    size_t len = spell(input, text);
    char *at = b->guarded + MAX_TEXT - room - len;
    memcpy(at, text, len);
    memset(at + len, 'A', room);
    must(runs_are_as_naive(b, runs, divide(at, len, runs), room % 2 ? b->guarded + MAX_TEXT : NULL));
}

static void check_utf8(bench *b, fuzz_input input) {
    char *text = b->guarded + MAX_TEXT - input.len;
    size_t valid = 0, step;
    uint32_t c;
    if (input.len) memcpy(text, input.bytes, input.len);
    while ((step = base_utf8_decode(text + valid, b->guarded + MAX_TEXT, &c, NULL)) > 0) valid += step;
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++)
        if (base_kernel_can_run(kernel)) must(base_utf8_valid_prefix_with(kernel, text, input.len) == valid);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static bench b;
    if (!b.guarded) {
        open_bench(&b);
        take_dictionary(&b, sm_dict_default());
    }
    fuzz_input input = {bytes, len < MOST_BYTES ? len : MOST_BYTES};
    size_t room = fuzz_byte(&input);
    check_names(&b, input, room);
    check_utf8(&b, input);
    return 0;
}
