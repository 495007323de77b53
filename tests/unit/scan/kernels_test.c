/* The kernels are one: whichever the processor can run writes the same places as the one in plain C, for every length and
 * start, and none reads further than it may. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"
#include "../random.h"
#include "scan/walk.h"

enum { MAX_TEXT = 2 * SCAN_BLOCK };

static char *guarded; /* MAX_TEXT bytes and SCAN_PADDING more, and what is behind them may not be read */
static unsigned n_places, n_different;

static size_t random_text(random_source *source, size_t most, char *out) {
    static const char *const pieces[] = {
        "金山办公", "万科A",  "万 科", "五　粮　液", "的",     "，", "腾讯", "騰訊", "贵州茅台", "Apple",
        "x",        "688111", "$",     "＄",         "ＴＣＬ", "６", "é",    "·",    "\xC2\xA0", "😀",
        "𠮷野家",   " ",      "\n",    "(",          "a1",     "Ü",  "Ж",    "ﬁ",    "｜",       "中国石油"};
    size_t len = 0;
    while (len + 32 < most) {
        const char *piece = pieces[random_below(source, sizeof pieces / sizeof pieces[0])];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

/* Both kernels over [from, to) of a text, which lies such that its last readable byte is the last of all. */
static void compare(const dict_view *view, const char *text, size_t len, size_t from, size_t to) {
    static scan_place plain[SCAN_MOST_PLACES], fast[SCAN_MOST_PLACES];
    char *end = guarded + MAX_TEXT + SCAN_PADDING, *start = end - SCAN_PADDING - (to - from);
    size_t behind = len - to < SCAN_PADDING ? len - to : SCAN_PADDING;
    memcpy(start, text + from, to - from + behind);
    memset(start + (to - from) + behind, 0, SCAN_PADDING - behind);
    const unsigned char *bytes = (const unsigned char *)start;
    unsigned char before = from ? (unsigned char)text[from - 1] : ' ';
    size_t n = scan_kernel_c(view, bytes, to - from, before, plain);
    size_t n_fast = scan_choose_kernel()(view, bytes, to - from, before, fast);
    bool is_same = n == n_fast;
    for (size_t i = 0; i < n && is_same; i++) {
        is_same = plain[i] == fast[i] && scan_place_at(plain[i]) < to - from;
        if (i) is_same &= scan_place_at(plain[i - 1]) < scan_place_at(plain[i]);
    }
    n_places += (unsigned)n;
    if (is_same || n_different++ >= 5) return;
    fprintf(stderr, "%zu and %zu places in '%.*s' behind byte %02X\n", n, n_fast, (int)(to - from), start, before);
    for (size_t i = 0; i < n || i < n_fast; i++)
        if (i >= n || i >= n_fast || plain[i] != fast[i])
            fprintf(stderr, "  place %zu: %d of kind %d, %d of kind %d\n", i, i < n ? (int)scan_place_at(plain[i]) : -1,
                    i < n ? (int)scan_place_what(plain[i]) : -1, i < n_fast ? (int)scan_place_at(fast[i]) : -1,
                    i < n_fast ? (int)scan_place_what(fast[i]) : -1);
}

static size_t next_char(const char *text, size_t len, size_t at) {
    while (at < len && ((unsigned char)text[at] & 0xC0) == 0x80) at++;
    return at;
}

static void every_stretch_of_a_text_has_the_same_places(const dict_view *view) {
    random_source source = {17};
    char text[MAX_TEXT];
    for (int i = 0; i < 20; i++) {
        size_t len = random_text(&source, 240, text);
        for (size_t from = 0; from < len; from = next_char(text, len, from + 1 + random_below(&source, 16)))
            for (size_t to = from; to <= len; to = to == len ? len + 1 : next_char(text, len, to + 1))
                compare(view, text, len, from, to);
    }
    for (int i = 0; i < 60; i++) {
        size_t len = random_text(&source, SCAN_BLOCK - 8, text), from = next_char(text, len, random_below(&source, 80));
        compare(view, text, len, from, next_char(text, len, len - random_below(&source, 80)));
    }
    CHECK(n_different == 0);
    CHECK_ROW(n_places > 50000, "enough was tried");
}

int main(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (MAX_TEXT + SCAN_PADDING + page - 1) / page * page;
    char *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + room, page, PROT_NONE) != 0) return 2;
    guarded = memory + room - MAX_TEXT - SCAN_PADDING;
    every_stretch_of_a_text_has_the_same_places(dict_get_view(sm_dict_default()));
    printf("%s\n", scan_choose_kernel() == scan_kernel_c ? "plain C alone: this processor runs no other kernel"
                                                         : "plain C and another");
    return check_report();
}
