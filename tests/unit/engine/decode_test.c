/* A whole text as UTF-8: of the charset that its mark, its caller or its own bytes tell, valid whatever came in. */
#include "../check.h"
#include "stockmention.h"

static const struct {
    const char *text, *charset, *utf8;
    uint64_t n_invalid;
    const char *reason;
} rows[] = {
    {"", NULL, "", 0, "nothing"},
    {"金山", NULL, "金山", 0, "what is UTF-8 stays"},
    {"金山", "utf-8", "金山", 0, "and where it is said"},
    {"\xEF\xBB\xBF金山", NULL, "金山", 0, "a mark of byte order is no text"},
    {"a\xFF\xE9\x87z", "utf-8", "a\uFFFD\uFFFDz", 2, "each stretch that is no character is counted"},
    {"\xBD\xF0\xC9\xBD", "gbk", "金山", 0, "GBK"},
    {"\xBD\xF0\xC9\xBD", "GB2312", "金山", 0, "by another name"},
    {"\xD5\x5C\xFF!", "gbk", "誠\uFFFD!", 1, "a backslash that is half a character, and half of none"},
    {"<meta charset=big5>\xA5\x5C", NULL, "<meta charset=big5>功", 0, "what a page declares"},
};

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_document document;
        sm_buffer utf8 = {0};
        uint64_t n_invalid = 99;
        sm_document_init(&document, sizeof document);
        document.text = rows[i].text;
        document.text_len = strlen(rows[i].text);
        document.charset = rows[i].charset;
        document.charset_len = rows[i].charset ? strlen(rows[i].charset) : 0;
        CHECK_ROW(sm_text_decode(&document, &utf8, &n_invalid, NULL) == SM_OK, rows[i].reason);
        CHECK_STR(rows[i].utf8, utf8.len ? utf8.data : "", rows[i].reason);
        CHECK_ROW(n_invalid == rows[i].n_invalid, rows[i].reason);
        CHECK_ROW(sm_text_decode(&document, &utf8, NULL, NULL) == SM_OK && utf8.len == 2 * strlen(rows[i].utf8),
                  "it goes behind what the buffer holds");
        sm_buffer_free(&utf8);
    }
    sm_document document = {
        .struct_size = sizeof document, .text = "a", .text_len = 1, .charset = "x", .charset_len = 1};
    sm_buffer utf8 = {0};
    CHECK(sm_text_decode(&document, &utf8, NULL, NULL) == SM_ERR_ARG && !utf8.len);
    return check_report();
}
