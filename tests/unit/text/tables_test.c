/* The room's character tables agree with their sources: punctuation with ICU, references with entities.tsv. */
#include <unicode/uchar.h>

#include "../check.h"
#include "cases.h"
#include "text/entities.h"
#include "text/markdown.h"

static void check_punctuation(void) {
    static const UVersionInfo newest = {15, 0, 0, 0};
    for (UChar32 c = 0; c <= 0x10FFFF; c++) {
        char row[32];
        UVersionInfo age;
        u_charAge(c, age);
        if (u_charType(c) == U_UNASSIGNED || memcmp(age, newest, sizeof age) > 0) continue;
        bool expected = U_MASK(u_charType(c)) & (U_GC_P_MASK | U_GC_S_MASK);
        snprintf(row, sizeof row, "U+%04X", (unsigned)c);
        if (text_is_punctuation((uint32_t)c) != expected) CHECK_ROW(false, row);
    }
    CHECK(text_is_punctuation(0xFF08) && !text_is_punctuation(0x8305));
}

static void check_references(void) {
    char line[CASE_LINE], *columns[CASE_COLUMNS], source[64], expected[16], got[16];
    FILE *file = fopen("src/text/entities.tsv", "r");
    size_t n = 0;
    if (!CHECK(file != NULL)) return;
    while (case_row(file, line, columns) == 2) {
        if (strcmp(columns[0], "name") == 0) continue;
        size_t expected_len = 0, got_len = 0;
        for (char *p = columns[1], *rest; *p; p = rest)
            expected_len += base_utf8_encode((uint32_t)strtoul(p, &rest, 16), expected + expected_len);
        snprintf(source, sizeof source, "&%.60s", columns[0]);
        size_t len = strlen(source), taken = text_reference(source, source + len, TEXT_IN_HTML, got, &got_len);
        CHECK_ROW(taken == len && got_len == expected_len && memcmp(got, expected, got_len) == 0, source);
        n++;
    }
    fclose(file);
    CHECK(n == 2231);
}

/* In an attribute's value an old name without its semicolon is none before = or a letter. */
static void check_places(void) {
    static const struct {
        const char *source;
        text_reference_place place;
        size_t taken;
    } rows[] = {{"&copy=1", TEXT_IN_VALUE, 0},       {"&copyx", TEXT_IN_VALUE, 0}, {"&copy ", TEXT_IN_VALUE, 5},
                {"&copy=1", TEXT_IN_HTML, 5},        {"&copy", TEXT_IN_VALUE, 5},  {"&copy", TEXT_IN_MARKDOWN, 0},
                {"&copy;", TEXT_IN_MARKDOWN, 6},     {"&#65", TEXT_IN_HTML, 4},    {"&#65", TEXT_IN_MARKDOWN, 0},
                {"&#65;", TEXT_IN_MARKDOWN, 5},      {"&#x", TEXT_IN_HTML, 0},     {"&", TEXT_IN_HTML, 0},
                {"&#12345678;", TEXT_IN_MARKDOWN, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[TEXT_REFERENCE_MAX];
        size_t len, end = strlen(rows[i].source);
        CHECK_ROW(text_reference(rows[i].source, rows[i].source + end, rows[i].place, out, &len) == rows[i].taken,
                  rows[i].source);
    }
}

int main(void) {
    check_punctuation();
    check_references();
    check_places();
    return check_report();
}
