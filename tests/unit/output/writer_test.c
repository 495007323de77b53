/* The pieces that JSON and HTML are made of. */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "guard.h"
#include "output/output.h"

static const char *written(output_writer *writer) {
    return writer->buffer->data ? writer->buffer->data : "";
}

static void clear(output_writer *writer) {
    writer->buffer->len = 0;
}

static void strings_are_escaped_as_json_asks(output_writer *writer) {
    static const struct {
        const char *bytes;
        size_t len;
        const char *json, *reason;
    } rows[] = {
        {"", 0, "\"\"", "nothing"},
        {"金山办公 A&B", 16, "\"金山办公 A&B\"", "UTF-8 stays as it is"},
        {"\"\\/", 3, "\"\\\"\\\\/\"", "quotes and backslashes are escaped, slashes need not be"},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"", "control characters that have a letter"},
        {"\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"", "control characters without one; DEL is none to JSON"},
        {"a\0b", 3, "\"a\\u0000b\"", "NUL does not end a string"},
        {"\xE2\x80\xA8\xE2\x80\xA9", 6, "\"\xE2\x80\xA8\xE2\x80\xA9\"", "JSON lets the line separators stand"},
        {"\xF0\x9F\x98\x80", 4, "\"\xF0\x9F\x98\x80\"", "four bytes"},
        {"a\xFF"
         "b",
         3,
         "\"a\xEF\xBF\xBD"
         "b\"",
         "a byte that is no UTF-8"},
        {"\xE9\x87", 2, "\"\xEF\xBF\xBD\"", "a character that is cut off: one sequence, one replacement"},
        {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"",
         "a surrogate: no byte of it begins a character"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        clear(writer);
        output_string(writer, (base_slice){rows[i].bytes, rows[i].len});
        CHECK_STR(rows[i].json, written(writer), rows[i].reason);
    }
}

/* What stands for a byte among letters. */
static void escape_of(unsigned char byte, char out[8]) {
    static const char bytes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = byte ? strchr(bytes, byte) : NULL;
    if (found) snprintf(out, 8, "\\%c", letters[found - bytes]);
    else if (byte < 0x20) snprintf(out, 8, "\\u%04x", byte);
    else if (byte >= 0x80) snprintf(out, 8, "\xEF\xBF\xBD");
    else snprintf(out, 8, "%c", byte);
}

/* A quoted text of letters with something among them. */
static void quote(char *out, size_t before, const char *among, size_t after) {
    *out++ = '"';
    memset(out, 'x', before);
    out += before;
    memcpy(out, among, strlen(among));
    out += strlen(among);
    memset(out, 'x', after);
    memcpy(out + after, "\"", 2);
}

/* Eight bytes are looked at at once: one that needs an escape is seen wherever it stands, and none behind the end is read. */
static void every_byte_is_escaped_at_every_place(output_writer *writer) {
    enum { MOST = 33 };
    char *end = guarded_end(MOST), expected[MOST + 16], escape[8];
    for (size_t len = 1; len <= MOST; len++)
        for (size_t place = 0; place < len; place++)
            for (unsigned byte = 0; byte < 256; byte++) {
                char *text = end - len;
                memset(text, 'x', len);
                text[place] = (char)byte;
                escape_of((unsigned char)byte, escape);
                quote(expected, place, escape, len - place - 1);
                clear(writer);
                output_string(writer, (base_slice){text, len});
                CHECK_STR(expected, written(writer), "a byte at some place");
            }
}

static void numbers_have_their_digits(output_writer *writer) {
    static const uint64_t numbers[] = {0, 9, 10, 99, 100, 12345, 999999999, UINT64_C(10000000000), UINT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char expected[24];
        snprintf(expected, sizeof expected, "%llu", (unsigned long long)numbers[i]);
        clear(writer);
        output_number(writer, numbers[i]);
        CHECK_STR(expected, written(writer), expected);
    }
}

static void text_is_escaped_for_html(output_writer *writer) {
    static const struct {
        const char *bytes;
        size_t len;
        const char *html, *reason;
    } rows[] = {
        {"", 0, "", "nothing"},
        {"金山办公\t\n\r'", 16, "金山办公\t\n\r'", "what is no markup stays as it is"},
        {"<a b=\"c\">&amp;", 14, "&lt;a b=&quot;c&quot;&gt;&amp;amp;", "markup and references"},
        {"a\0b\x1B\x7F", 5,
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD\xEF\xBF\xBD",
         "controls that HTML has no place for"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        clear(writer);
        output_html(writer, (base_slice){rows[i].bytes, rows[i].len});
        CHECK_STR(rows[i].html, written(writer), rows[i].reason);
    }
}

static void fractions_are_rounded_to_four_digits(output_writer *writer) {
    static const struct {
        uint16_t of_65535;
        const char *json;
    } rows[] = {{0, "0.0000"},     {1, "0.0000"},     {4, "0.0001"},     {32767, "0.5000"}, {32768, "0.5000"},
                {64225, "0.9800"}, {65531, "0.9999"}, {65532, "1.0000"}, {65535, "1.0000"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        clear(writer);
        output_fraction(writer, rows[i].of_65535);
        CHECK_STR(rows[i].json, written(writer), rows[i].json);
    }
}

static void every_fraction_is_the_nearest(output_writer *writer) {
    for (uint32_t number = 0; number <= 65535; number++) {
        clear(writer);
        output_fraction(writer, (uint16_t)number);
        double off = strtod(written(writer), NULL) - number / 65535.0;
        if (!CHECK(off < 0.0000501 && off > -0.0000501)) break;
    }
}

static void dates_are_iso_or_null(output_writer *writer) {
    static const struct {
        int32_t date;
        const char *json;
    } rows[] = {{0, "null"}, {20211222, "\"2021-12-22\""}, {19900101, "\"1990-01-01\""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        clear(writer);
        output_date(writer, rows[i].date);
        CHECK_STR(rows[i].json, written(writer), rows[i].json);
    }
}

static void members_are_parted_by_commas(output_writer *writer) {
    clear(writer);
    output_raw(writer, "{");
    output_key(writer, "a");
    output_number(writer, 0);
    output_key(writer, "b");
    output_string(writer, base_slice_of("{"));
    output_key(writer, "c");
    output_number(writer, UINT64_MAX);
    output_raw(writer, "}");
    CHECK_STR("{\"a\": 0, \"b\": \"{\", \"c\": 18446744073709551615}", written(writer),
              "a comma stands before every key but the first, whatever the value before it ends with");
}

static void options_of_any_size_can_be_initialised(void) {
    unsigned char bytes[2 * sizeof(sm_json_options)];
    memset(bytes, 0xAA, sizeof bytes);
    sm_json_options options;
    sm_json_options_init(&options, sizeof options);
    CHECK(options.struct_size == sizeof options && !options.id && !options.provider);
    sm_json_options_init((sm_json_options *)(void *)bytes, 8);
    CHECK(bytes[0] == 8 && bytes[7] == 0);
    CHECK_ROW(bytes[8] == 0xAA, "no byte after struct_size is written");
    sm_json_options_init(NULL, sizeof options);
}

static void wrong_arguments_are_refused(void) {
    sm_error error = {0};
    sm_buffer json = {0};
    CHECK(sm_result_json(NULL, NULL, &json, &error) == SM_ERR_ARG);
    CHECK(error.status == SM_ERR_ARG && error.message[0]);
    CHECK(json.len == 0);
}

static void a_result_is_appended(void) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    sm_buffer json = {0};
    sm_error error = {0};
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "天气很好";
    document.text_len = strlen(document.text);
    CHECK(sm_engine_open(NULL, NULL, &engine, &error) == SM_OK);
    CHECK(sm_engine_extract(engine, NULL, &document, NULL, &result, &error) == SM_OK);
    CHECK(sm_result_json(result, NULL, NULL, &error) == SM_ERR_ARG);

    sm_json_options options;
    sm_json_options_init(&options, sizeof options);
    options.provider = "nobody";
    CHECK(sm_result_json(result, &options, &json, &error) == SM_ERR_UNKNOWN);
    CHECK(json.len == 0 && strstr(error.message, "nobody"));

    struct {
        sm_json_options known;
        uint64_t later;
    } newer = {.later = 1};
    sm_json_options_init(&newer.known, sizeof newer.known);
    newer.known.struct_size = sizeof newer;
    CHECK_ROW(sm_result_json(result, &newer.known, &json, &error) == SM_ERR_ARG, "an option of a later version is set");
    newer.later = 0;
    CHECK_ROW(sm_result_json(result, &newer.known, &json, &error) == SM_OK, "a later version's options, none set");

    uint64_t one = json.len;
    options.provider = NULL;
    CHECK(sm_result_json(result, &options, &json, &error) == SM_OK);
    CHECK_ROW(json.len == 2 * one && memcmp(json.data, json.data + one, one) == 0, "appended to what was there");
    options.id = "";
    CHECK(sm_result_json(result, &options, &json, &error) == SM_OK);
    CHECK_ROW(strncmp(json.data + 2 * one, "{\"id\": \"\", ", 11) == 0, "an empty id is an id");
    sm_buffer_free(&json);
    sm_result_free(result);
    sm_engine_free(engine);
}

int main(void) {
    sm_buffer buffer = {0};
    output_writer writer = {.buffer = &buffer};
    strings_are_escaped_as_json_asks(&writer);
    every_byte_is_escaped_at_every_place(&writer);
    numbers_have_their_digits(&writer);
    text_is_escaped_for_html(&writer);
    fractions_are_rounded_to_four_digits(&writer);
    every_fraction_is_the_nearest(&writer);
    dates_are_iso_or_null(&writer);
    members_are_parted_by_commas(&writer);
    sm_buffer_free(&buffer);
    options_of_any_size_can_be_initialised();
    wrong_arguments_are_refused();
    a_result_is_appended();
    return check_report();
}
