#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"
#include "cli/json_reader.h"

enum { ID, TEXT, TITLE, URL, SOURCE, DATE, FORMAT, CHARSET, N_FIELDS };

static const char *const keys[N_FIELDS] = {"id", "text", "title", "url", "source", "date", "format", "charset"};

/* "FILE:LINE", which names the document in every message. */
typedef struct line_place {
    char text[4200];
} line_place;

static void say_bad(extract_run *run, const line_place *place, const char *what) {
    fprintf(stderr, "%s: %s\n", place->text, what);
    run->n_bad++;
}

static bool check_types(const json_field *fields, char *what, size_t capacity) {
    for (size_t i = 0; i < N_FIELDS; i++) {
        bool is_good = fields[i].type == JSON_STRING || fields[i].type == JSON_ABSENT || fields[i].type == JSON_NULL
                       || (i == ID && fields[i].type == JSON_NUMBER);
        if (is_good) continue;
        snprintf(what, capacity, "\"%s\" is no string; expected %s", keys[i],
                 i == ID ? "a string or a number" : "a string");
        return false;
    }
    if (fields[TEXT].type == JSON_STRING) return true;
    snprintf(what, capacity, "no \"text\"; expected a string under this key");
    return false;
}

static bool read_date(const json_field *field, int32_t *date, char *what, size_t capacity) {
    if (field->type != JSON_STRING || field->len == 0) return true;
    *date = cli_date_parse(field->bytes, field->len);
    if (*date) return true;
    snprintf(what, capacity, "\"date\" is '%.*s'; expected a day such as 2021-12-22",
             field->len < 40 ? (int)field->len : 40, field->bytes);
    return false;
}

static bool read_format(const json_field *field, uint32_t *format, char *what, size_t capacity) {
    if (field->type != JSON_STRING) return true;
    for (uint32_t i = 0; cli_formats[i]; i++) {
        if (strlen(cli_formats[i]) != field->len || memcmp(cli_formats[i], field->bytes, field->len) != 0) continue;
        *format = i;
        return true;
    }
    snprintf(what, capacity, "\"format\" is '%.*s'; expected auto, text, html or markdown",
             field->len < 40 ? (int)field->len : 40, field->bytes);
    return false;
}

static bool is_utf8(const json_field *field) {
    for (size_t at = 0, len; at < field->len; at += len) {
        unsigned char lead = (unsigned char)field->bytes[at];
        len = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (len == 0 || len > field->len - at) return false;
        for (size_t i = 1; i < len; i++)
            if (((unsigned char)field->bytes[at + i] & 0xC0) != 0x80) return false;
    }
    return true;
}

/* Absent and null fields have no bytes. */
static void take_text(const json_field *field, const char **bytes, uint64_t *len) {
    *bytes = field->type == JSON_STRING ? field->bytes : NULL;
    *len = field->type == JSON_STRING ? field->len : 0;
}

static void fill_document(const json_field *fields, const char *charset, sm_document *document) {
    take_text(&fields[TEXT], &document->text, &document->text_len);
    take_text(&fields[TITLE], &document->title, &document->title_len);
    take_text(&fields[URL], &document->url, &document->url_len);
    take_text(&fields[SOURCE], &document->source, &document->source_len);
    /* JSON is UTF-8, as is what its escapes stand for, whatever the page was in that the text was taken from. */
    if (is_utf8(&fields[TEXT])) return;
    take_text(&fields[CHARSET], &document->charset, &document->charset_len);
    if (document->charset || !charset) return;
    document->charset = charset;
    document->charset_len = strlen(charset);
}

/* "byte 13: expected ',' or '}'; here stands '"b"}'" */
static void describe_fault(const json_fault *fault, const char *line, size_t len, char *what, size_t capacity) {
    enum { SHOWN = 20 };
    size_t n = len - fault->byte;
    if (n > SHOWN)
        for (n = SHOWN; n && ((unsigned char)line[fault->byte + n] & 0xC0) == 0x80;) n--;
    if (n)
        snprintf(what, capacity, "byte %zu: %s; here stands '%.*s'", fault->byte, fault->message, (int)n,
                 line + fault->byte);
    else snprintf(what, capacity, "byte %zu: %s; here the line ends", fault->byte, fault->message);
    for (char *p = what; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) *p = '?'; /* a terminal would obey them */
}

static bool is_blank(const char *line, size_t len) {
    size_t n = 0;
    while (n < len && (line[n] == ' ' || line[n] == '\t' || line[n] == '\r')) n++;
    return n == len;
}

static bool extract_line(extract_run *run, const line_place *place, char *line, size_t len) {
    char what[256];
    json_fault fault;
    json_field fields[N_FIELDS];
    sm_document document;
    for (size_t i = 0; i < N_FIELDS; i++) fields[i].key = keys[i];
    sm_document_init(&document, sizeof document);
    document.format = run->values->format == EXTRACT_FORMAT_NOT_SAID ? SM_FORMAT_TEXT : run->values->format;
    if (!json_read_object(line, len, fields, N_FIELDS, &fault)) {
        describe_fault(&fault, line, len, what, sizeof what);
        say_bad(run, place, what);
        return true;
    }
    if (!check_types(fields, what, sizeof what) || !read_date(&fields[DATE], &document.date, what, sizeof what)
        || !read_format(&fields[FORMAT], &document.format, what, sizeof what)) {
        say_bad(run, place, what);
        return true;
    }
    fill_document(fields, run->values->charset, &document);
    bool has_id = fields[ID].type == JSON_STRING || fields[ID].type == JSON_NUMBER;
    return extract_document(run, &document, place->text, has_id ? fields[ID].bytes : NULL, has_id ? fields[ID].len : 0);
}

static void say_unreadable(extract_run *run, const char *name) {
    cli_say(run->verb->name, "%s: cannot be read: %s", name, strerror(errno));
    run->n_bad++;
}

bool extract_ndjson(extract_run *run, const char *path) {
    cli_lines lines;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    uint64_t n_bad_before = run->n_bad, n_good_before = run->n_good;
    if (!cli_lines_open(&lines, path)) {
        say_unreadable(run, name);
        return true;
    }
    cli_line_status status = CLI_LINE;
    bool goes_on = true;
    while (goes_on) {
        char *line;
        size_t len;
        line_place place;
        /* Whoever feeds us line by line gets each answer before we wait for the next line. */
        if (!cli_lines_is_ready(&lines) && !(goes_on = cli_output_flush(&run->output))) break;
        if ((status = cli_lines_next(&lines, &line, &len)) != CLI_LINE) break;
        bool has_mark = lines.number == 1 && len >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0;
        line += has_mark ? 3 : 0;
        len -= has_mark ? 3 : 0;
        if (is_blank(line, len)) continue;
        snprintf(place.text, sizeof place.text, "%s:%llu", name, (unsigned long long)lines.number);
        goes_on = extract_line(run, &place, line, len);
    }
    if (status == CLI_LINES_FAILED && lines.number == 0) { /* a folder can be opened, but not read */
        say_unreadable(run, name);
        cli_lines_close(&lines);
        return goes_on;
    }
    if (status == CLI_LINES_FAILED) {
        cli_say(run->verb->name, "%s:%llu: cannot be read: %s", name, (unsigned long long)lines.number + 1,
                strerror(errno));
        run->n_bad++;
    }
    cli_lines_close(&lines);
    uint64_t n_bad = run->n_bad - n_bad_before, n_all = n_bad + run->n_good - n_good_before;
    if (n_bad)
        cli_say(run->verb->name, "%s: %llu of %llu lines bad", name, (unsigned long long)n_bad,
                (unsigned long long)n_all);
    return goes_on;
}
