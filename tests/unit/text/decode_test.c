/* Long documents are shown to ICU in parts, which end behind a space or a sign where there is one: then the same characters
 * come out from the same bytes, also where some are at fault. Where there is none their places may be less exact, but are in
 * order and inside the document. */
#include <stdlib.h>

#include "../check.h"
#include "text/charset.h"

/* Characters of one byte to four, of a pair of surrogates, and one that gives two characters; bytes that are none. */
static const struct {
    uint32_t charset;
    size_t longest; /* bytes up to a space, with it */
    const char *bytes;
    size_t len;
    size_t n_invalid;
} samples[] = {
    {TEXT_GB18030, 18, "a\xBD\xF0\xC9\xBD\xB0\xEC\xB9\xAB\x81\x30\x81\x30\x90\x30\x81\x30 b\xBD\xF0", 21, 0},
    {TEXT_GB18030, 7, "a\x81 b\x81\x30 c\x81\x30\x81 d\xFF\xBD\xF0\x81\x30\x81", 19, 6},
    {TEXT_GB18030, 3, "\xE9\x87 <b,\xB0\xEC,\xE9", 10, 1},
    {TEXT_BIG5, 12, "a\xC4\xCB\xB0T\x88\x62z\x88\xA3\xA4\xE9", 12, 0},
    {TEXT_BIG5, 6, "a\xFF\xC4\xCB\x88 \xC4", 7, 3},
    {TEXT_SHIFT_JIS, 7, "a\x83\x67\xB6\x88\xC0 \x93\xFA", 9, 0},
    {TEXT_SHIFT_JIS, 3, "\x83 \x83\x67\x81", 5, 2},
    {TEXT_EUC_JP, 8, "\xA5\xC8\x8E\xB6\x8F\xB0\xA1 x", 9, 0},
    {TEXT_EUC_KR, 5, "\xBB\xEF\xBC\xBA x\x81\x41", 8, 0},
    {TEXT_UTF16LE, 10, "\xD1\x91q\\ \0B\xD8\xB7\xDF\xE6Q", 12, 0},
    {TEXT_UTF16LE, 6, "\xD1\x91\x42\xD8 \0\xB7\xDF\0\xD8", 10, 3},
    {TEXT_UTF16BE, 10, "\x91\xD1\\q\0 \xD8\x42\xDF\xB7Q\xE6", 12, 0},
    {TEXT_UTF16BE, 4, "\xD8\x42\0 \xDF\xB7x", 7, 3},
    {TEXT_UTF8, 6, "a\xE9\x87\x91P\xF4", 6, 1}, /* cut off */
    {TEXT_WINDOWS_1252, 5, "caf\xE9 \x80 1", 8, 0},
};

static void check_parts(size_t sample, size_t most, const text_decoded *whole) {
    text_decoded parts = {0};
    base_slice source = {samples[sample].bytes, samples[sample].len};
    char row[64];
    size_t last = 0, n_sources = 0;
    snprintf(row, sizeof row, "sample %zu, %zu bytes at a time", sample, most);
    if (!CHECK_ROW(text_decode_by(&parts, &base_default_allocator, source, 0, samples[sample].charset, most) == SM_OK,
                   row))
        return;
    CHECK_ROW(parts.len == whole->len && memcmp(parts.bytes, whole->bytes, whole->len) == 0, row);
    CHECK_ROW(parts.n_invalid == whole->n_invalid, row);
    CHECK_ROW(!parts.n_invalid || parts.first_invalid < source.len, row);
    for (size_t at = 0; at <= parts.len && parts.len == whole->len; at++) {
        size_t origin = text_decoded_origin(&parts, at);
        CHECK_ROW(origin >= last && origin <= source.len, row);
        if (most >= samples[sample].longest) CHECK_ROW(origin == text_decoded_origin(whole, at), row);
        last = origin;
    }
    for (size_t at = 0; at < parts.len; at++) n_sources += parts.lens[at];
    CHECK_ROW(n_sources == source.len && text_decoded_origin(&parts, 0) == 0, row);
    text_decoded_free(&parts, &base_default_allocator);
}

/* The first bytes of a text give the first of its characters, and those that are left behind are the next one's. */
static void check_first(size_t sample, size_t len, const text_decoded *whole) {
    text_decoded first = {0};
    base_slice source = {samples[sample].bytes, len};
    char row[64];
    size_t n_sources = 0;
    snprintf(row, sizeof row, "sample %zu, the first %zu bytes", sample, len);
    CHECK(text_decode_first(&first, &base_default_allocator, source, 0, samples[sample].charset) == SM_OK);
    CHECK_ROW(first.len <= whole->len && memcmp(first.bytes, whole->bytes, first.len) == 0, row);
    CHECK_ROW(first.source_len <= len && len - first.source_len < 4 && first.n_invalid <= whole->n_invalid, row);
    for (size_t at = 0; at < first.len; at++) n_sources += first.lens[at];
    CHECK_ROW(n_sources == first.source_len, row);
    if (samples[sample].n_invalid == 0)
        CHECK_ROW(first.n_invalid == 0 && text_decoded_origin(whole, first.len) == first.source_len, row);
    text_decoded_free(&first, &base_default_allocator);
}

int main(void) {
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        text_decoded whole = {0};
        base_slice source = {samples[i].bytes, samples[i].len};
        CHECK(text_decode(&whole, &base_default_allocator, source, 0, samples[i].charset) == SM_OK);
        CHECK(whole.n_invalid == samples[i].n_invalid && whole.len > 3);
        for (size_t most = 1; most <= source.len; most++) check_parts(i, most, &whole);
        for (size_t len = 0; len <= source.len; len++) check_first(i, len, &whole);
        text_decoded_free(&whole, &base_default_allocator);
    }
    return check_report();
}
