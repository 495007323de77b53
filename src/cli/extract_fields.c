#include <stdio.h>
#include <string.h>

#include "cli/extract.h"

const char *const extract_keys[EXTRACT_N_FIELDS] = {"id",     "text", "title",  "url",
                                                    "source", "date", "format", "charset"};

static bool check_types(const json_field *fields, char *what, size_t capacity) {
    for (size_t i = 0; i < EXTRACT_N_FIELDS; i++) {
        bool is_good = fields[i].type == JSON_STRING || fields[i].type == JSON_ABSENT || fields[i].type == JSON_NULL
                       || (i == EXTRACT_ID && fields[i].type == JSON_NUMBER);
        if (is_good) continue;
        snprintf(what, capacity, "\"%s\" is no string; expected %s", extract_keys[i],
                 i == EXTRACT_ID ? "a string or a number" : "a string");
        return false;
    }
    if (fields[EXTRACT_TEXT].type == JSON_STRING) return true;
    snprintf(what, capacity, "no \"text\"; expected a string under this key");
    return false;
}

static bool read_date(const json_field *field, int32_t *date, char *what, size_t capacity) {
    if (field->type != JSON_STRING || field->len == 0) return true;
    *date = sm_date_parse(field->bytes, field->len);
    if (*date) return true;
    snprintf(what, capacity, "\"date\" is '%.*s'; expected a day such as 2021-12-22, 2021/1/5 or 20211222",
             cli_cut(field->bytes, field->len, 40), field->bytes);
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
             cli_cut(field->bytes, field->len, 40), field->bytes);
    return false;
}

/* Absent and null fields have no bytes. */
static void take_text(const json_field *field, const char **bytes, uint64_t *len) {
    *bytes = field->type == JSON_STRING ? field->bytes : NULL;
    *len = field->type == JSON_STRING ? field->len : 0;
}

static void fill_document(const json_field *fields, sm_document *document) {
    take_text(&fields[EXTRACT_TEXT], &document->text, &document->text_len);
    take_text(&fields[EXTRACT_TITLE], &document->title, &document->title_len);
    take_text(&fields[EXTRACT_URL], &document->url, &document->url_len);
    take_text(&fields[EXTRACT_SOURCE], &document->source, &document->source_len);
}

uint32_t extract_line_format(const extract_values *values) {
    return values->format == EXTRACT_FORMAT_NOT_SAID ? (uint32_t)SM_FORMAT_TEXT : values->format;
}

void extract_fields(extract_worker *worker, const json_field *fields, extract_record *record) {
    char what[256];
    sm_document document;
    const json_field *id = &fields[EXTRACT_ID];
    sm_document_init(&document, sizeof document);
    document.format = extract_line_format(worker->run->values);
    if (!check_types(fields, what, sizeof what) || !read_date(&fields[EXTRACT_DATE], &document.date, what, sizeof what)
        || !read_format(&fields[EXTRACT_FORMAT], &document.format, what, sizeof what)) {
        extract_reject(worker, record, what);
        return;
    }
    fill_document(fields, &document);
    bool has_id = id->type == JSON_STRING || id->type == JSON_NUMBER;
    record->id = has_id ? id->bytes : NULL;
    record->id_len = has_id ? id->len : 0;
    extract_document(worker, &document, record);
}
