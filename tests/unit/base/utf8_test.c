/* UTF-8: well-formed is what table 3-7 of the Unicode Standard says, and what is not is parted into maximal sequences as
 * its section 3.9 says. */
#include "../check.h"
#include "../random.h"
#include "../rows.h"

/* A copy without a byte behind its end, so that a sanitizer sees a read past it. The caller frees. */
static char *exact_copy(const char *bytes, size_t len) {
    char *copy = malloc(len ? len : 1);
    if (!copy) exit(2);
    memcpy(copy, bytes, len);
    return copy;
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

/* "4E2D !2 41": code points, and the lengths of sequences that are none. */
static void write_decoded(const char *bytes, size_t len, char *out, size_t size) {
    const char *p = bytes, *end = bytes + len;
    size_t at = 0;
    out[0] = '\0';
    while (p < end && at + 16 < size) {
        uint32_t code_point = 1;
        unsigned skip = 0, step = base_utf8_decode(p, end, &code_point, &skip);
        if (!step) CHECK(code_point == 0 && skip >= 1);
        at += (size_t)snprintf(out + at, size - at, step ? "%s%X" : "%s!%u", at ? " " : "", step ? code_point : skip);
        p += step ? step : skip;
    }
    CHECK(p == end);
}

/* The length of the valid prefix, behind all numbers of letters before: the fast paths begin at any place. */
static void check_valid_prefix(const char *bytes, size_t len, size_t expected, const char *row) {
    static const char *const before[] = {"x", "公", "é", "😀"};
    for (size_t kind = 0; kind < sizeof before / sizeof before[0]; kind++)
        for (size_t n = 0; n < 12; n++) {
            size_t step = strlen(before[kind]), shift = n * step;
            char *text = malloc(shift + len + !(shift + len));
            if (!text) exit(2);
            for (size_t i = 0; i < n; i++) memcpy(text + i * step, before[kind], step);
            memcpy(text + shift, bytes, len);
            CHECK_ROW(base_utf8_valid_prefix(text, len + shift) == shift + expected, row);
            free(text);
        }
}

static void each_row_is_decoded_as_it_says(void) {
    rows r;
    if (!rows_open(&r, "tests/unit/base/utf8.tsv")) return;
    while (rows_next(&r, 3)) {
        char bytes[64], got[256];
        size_t len = 0, valid = 0;
        for (const char *p = r.cells[0]; p; p = strchr(p, ' ')) {
            p += *p == ' ';
            bytes[len++] = (char)strtoul(p, NULL, 16);
        }
        char *text = exact_copy(bytes, len);
        write_decoded(text, len, got, sizeof got);
        CHECK_STR(r.cells[1], got, r.place);
        for (uint32_t c; valid < len && base_utf8_decode(text + valid, text + len, &c, NULL);)
            valid += base_utf8_decode(text + valid, text + len, &c, NULL);
        CHECK_ROW((valid == len) == !strchr(r.cells[1], '!'), r.place);
        free(text);
        check_valid_prefix(bytes, len, valid, r.place);
    }
    CHECK(r.n_rows > 40);
    rows_close(&r);
}

/* --- All code points ------------------------------------------------------------------------------------------------ */

static void every_code_point_comes_back(void) {
    bool all_come_back = true, all_are_read = true, lengths_are_right = true;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        uint32_t decoded, read;
        unsigned len = base_utf8_encode(c, bytes);
        uint32_t expected = c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c;
        all_come_back &= base_utf8_decode(bytes, bytes + len, &decoded, NULL) == len && decoded == expected;
        all_are_read &= base_utf8_read(bytes, &read) == len && read == expected;
        lengths_are_right &= len == (expected < 0x80 ? 1 : expected < 0x800 ? 2 : expected < 0x10000 ? 3 : 4);
    }
    CHECK(all_come_back);
    CHECK(all_are_read);
    CHECK(lengths_are_right);
    char bytes[4];
    CHECK(base_utf8_encode(0x110000, bytes) == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
    CHECK(base_utf8_encode(UINT32_MAX, bytes) == 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0);
}

/* --- Table 3-7 ------------------------------------------------------------------------------------------------------ */

/* The rows of table 3-7: ranges of the bytes of well-formed sequences. */
static const struct {
    unsigned len;
    unsigned char ranges[4][2];
} well_formed[] = {
    {1, {{0x00, 0x7F}}},
    {2, {{0xC2, 0xDF}, {0x80, 0xBF}}},
    {3, {{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {3, {{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}}},
    {3, {{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}},
    {4, {{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}}},
};

/* The length of the character at the start, or 0 and the length of the longest beginning of one (1 at least). */
static unsigned expected_length(const unsigned char *bytes, size_t len, unsigned *skip) {
    *skip = 1;
    for (size_t row = 0; row < sizeof well_formed / sizeof well_formed[0]; row++) {
        unsigned n = 0;
        while (n < well_formed[row].len && n < len && bytes[n] >= well_formed[row].ranges[n][0]
               && bytes[n] <= well_formed[row].ranges[n][1])
            n++;
        if (n == well_formed[row].len) return n;
        if (n > *skip) *skip = n;
    }
    return 0;
}

static bool agrees(const unsigned char *bytes, size_t len) {
    uint32_t c;
    unsigned skip = 0, expected_skip, expected = expected_length(bytes, len, &expected_skip);
    unsigned got = base_utf8_decode((const char *)bytes, (const char *)bytes + len, &c, &skip);
    return got == expected && (expected || skip == expected_skip);
}

/* All pairs of first bytes, with the edges of all ranges behind them, cut everywhere. */
static void all_beginnings_are_judged_as_table_3_7_says(void) {
    static const unsigned char edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF};
    enum { N_EDGES = sizeof edges };
    bool all_agree = true;
    for (unsigned pair = 0; pair < 0x10000; pair++)
        for (unsigned tail = 0; tail < N_EDGES * N_EDGES; tail++) {
            const unsigned char bytes[4] = {(unsigned char)(pair >> 8), (unsigned char)pair, edges[tail / N_EDGES],
                                            edges[tail % N_EDGES]};
            all_agree &= agrees(bytes, 4);
            if (tail % N_EDGES == 0) all_agree &= agrees(bytes, 3);
            if (tail == 0) all_agree &= agrees(bytes, 2) && agrees(bytes, 1);
        }
    CHECK(all_agree);
}

/* Chinese, Latin and emoji with a byte changed here and there. */
static void the_valid_prefix_ends_where_decoding_does(void) {
    static const char text[] =
        "金山办公(688111.SH)今日涨3%，Nestlé S.A. 与😀𠮷野家，BRK.B——公告编号：2021-045，科创板。";
    random_source source = {1};
    bool all_agree = true;
    for (int i = 0; i < 20000; i++) {
        size_t len = random_below(&source, sizeof text), from = random_below(&source, (uint32_t)len + 1), valid = 0;
        char *bytes = exact_copy(text + from, len - from);
        len -= from;
        for (uint32_t n = random_below(&source, 3); n && len; n--)
            bytes[random_below(&source, (uint32_t)len)] = (char)random_next(&source);
        for (uint32_t c;;) {
            unsigned step = valid < len ? base_utf8_decode(bytes + valid, bytes + len, &c, NULL) : 0;
            if (!step) break;
            valid += step;
        }
        all_agree &= base_utf8_valid_prefix(bytes, len) == valid;
        free(bytes);
    }
    CHECK(all_agree);
    CHECK(base_utf8_valid_prefix("", 0) == 0);
}

int main(void) {
    each_row_is_decoded_as_it_says();
    every_code_point_comes_back();
    all_beginnings_are_judged_as_table_3_7_says();
    the_valid_prefix_ends_where_decoding_does();
    return check_report();
}
