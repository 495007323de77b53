/* The room's character tables agree with their sources: punctuation with ICU, references with entities.tsv. */
#include <unicode/uchar.h>

#include "../check.h"
#include "cases.h"
#include "text/entities.h"
#include "text/html.h"
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

static void check_number(const html_tags *tags, base_slice name, uint32_t expected) {
    uint32_t number = html_tag_number(name);
    CHECK_ROW(expected == HTML_MAX_TAGS ? number >= expected : number == expected, name.bytes);
    for (size_t behind = 0; behind <= 8; behind++) {
        char room[64] = "";
        memcpy(room, name.bytes, name.len);
        memset(room + name.len, '>', behind);
        CHECK_ROW(html_tags_find(tags, (base_slice){room, name.len}, name.len + behind) == number, name.bytes);
    }
}

/* Each element is found by its name in small letters and in capitals, and by no part of it; both ways find the same. */
static void check_elements(void) {
    static const char *const others[] = {
        "", "z", "1h", "{", "@", "tables", "h7", "a-", "[A", "annotation-xmls", "a-name-of-many-letters"};
    html_tags tags;
    html_tags_init(&tags);
    for (uint32_t row = 0; row < html_n_tag_rows; row++) {
        const char *name = html_tag_rows[row].name;
        char capitals[sizeof html_tag_rows[row].name] = "";
        for (size_t i = 0; name[i]; i++) capitals[i] = base_is_small(name[i]) ? (char)(name[i] - 32) : name[i];
        check_number(&tags, base_slice_of(name), row);
        check_number(&tags, base_slice_of(capitals), row);
        check_number(&tags, (base_slice){name, strlen(name) + 1}, HTML_MAX_TAGS); /* with its NUL */
        CHECK_ROW(row == 0 || strcmp(html_tag_rows[row - 1].name, name) < 0, name);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        check_number(&tags, base_slice_of(others[i]), HTML_MAX_TAGS);
}

int main(void) {
    check_elements();
    check_punctuation();
    check_references();
    check_places();
    return check_report();
}
