/* CSV as RFC 4180 has it: a header, fields parted by commas, quotes around what has commas, quotes or line ends in it, and
 * "" for a quote. A line may end with LF alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"

typedef struct row {
    json_field **cells; /* grows; the caller frees */
    size_t *capacity, n;
    const char *fault;
} row;

static bool add_cell(row *r, const char *bytes, size_t len) {
    if (r->n == *r->capacity) {
        size_t capacity = *r->capacity ? 2 * *r->capacity : 16;
        json_field *grown = realloc(*r->cells, capacity * sizeof *grown);
        if (!grown) {
            r->fault = cli_no_memory;
            return false;
        }
        *r->cells = grown;
        *r->capacity = capacity;
    }
    (*r->cells)[r->n++] = (json_field){.type = JSON_STRING, .bytes = bytes, .len = len};
    return true;
}

/* Decodes a field in quotes in place. @return what follows it; NULL with a fault. */
static char *read_quoted(row *r, char *at, const char *end) {
    char *start = ++at, *out = start;
    while (at < end) {
        if (*at == '"' && (at + 1 == end || at[1] != '"')) {
            if (!add_cell(r, start, (size_t)(out - start))) return NULL;
            if (at + 1 == end || at[1] == ',') return at + 1;
            r->fault = "something stands between a closing quote and the comma; expected \"\" for a quote in a field";
            return NULL;
        }
        at += *at == '"';
        *out++ = *at++;
    }
    r->fault = "a quote is not closed; expected \"\" for a quote in a field";
    return NULL;
}

/* @param end  of the record, without its line end. */
static bool read_record(row *r, char *at, char *end) {
    do {
        if (at < end && *at == '"') {
            at = read_quoted(r, at, end);
            if (!at) return false;
        } else {
            char *comma = memchr(at, ',', (size_t)(end - at)), *cell_end = comma ? comma : end;
            if (memchr(at, '"', (size_t)(cell_end - at))) {
                r->fault = "a quote in a field without quotes around it; expected them around it, and \"\" for a quote";
                return false;
            }
            if (!add_cell(r, at, (size_t)(cell_end - at))) return false;
            at = cell_end;
        }
        at = at < end ? at + 1 : NULL;
    } while (at);
    return true;
}

/* @param n_lines  receives how many lines the record has. @return its length, with the line end. */
static size_t measure_record(const char *at, size_t len, uint64_t *n_lines) {
    cli_csv_state state = CSV_START;
    *n_lines = 0;
    for (size_t i = 0; i < len; i++) {
        state = cli_csv_next(state, at[i]);
        *n_lines += at[i] == '\n';
        if (at[i] == '\n' && state == CSV_START) return i + 1;
    }
    return len;
}

static char *without_line_end(char *start, char *end) {
    if (end > start && end[-1] == '\n') end--;
    return end > start && end[-1] == '\r' ? end - 1 : end;
}

/* --- Header ---------------------------------------------------------------------------------------------------------- */

void extract_columns_free(extract_columns *columns) {
    sm_buffer_free(&columns->header);
    sm_buffer_free(&columns->decoded);
    free(columns->names);
    free(columns->fields);
    *columns = (extract_columns){0};
}

static uint32_t field_of(const json_field *name, const char *text_column) {
    if (strlen(text_column) == name->len && memcmp(text_column, name->bytes, name->len) == 0) return EXTRACT_TEXT;
    for (uint32_t i = 0; i < EXTRACT_N_FIELDS; i++)
        if (i != EXTRACT_TEXT && strlen(extract_keys[i]) == name->len
            && memcmp(extract_keys[i], name->bytes, name->len) == 0)
            return i;
    return EXTRACT_N_FIELDS;
}

static bool read_header(extract_columns *columns, row *r) {
    char *start = columns->decoded.data, *end = start + columns->decoded.len;
    if (end - start >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0) start += 3;
    if (!read_record(r, start, without_line_end(start, end))) return false;
    columns->n = r->n;
    columns->fields = calloc(r->n, sizeof *columns->fields);
    return columns->fields;
}

/* Into a buffer that reading decodes in place. */
static bool decode_header(const extract_run *run, extract_columns *columns) {
    uint64_t n_invalid;
    sm_error error;
    return extract_to_utf8(columns->header.data, (size_t)columns->header.len, run->values->charset, &columns->decoded,
                           &n_invalid, &error);
}

static void say_no_column(extract_run *run, const char *file) {
    sm_buffer *header = &run->columns.decoded;
    size_t shown = decode_header(run, &run->columns) ? strcspn(header->data, "\r\n") : 0;
    if (shown) cli_tame(header->data, shown, '?');
    cli_say(run->verb->name, "%s:1: the header has no column '%s'; name one of '%.*s'", file, run->values->csv,
            cli_cut(header->data, shown, 200), shown ? header->data : "");
}

size_t extract_csv_header(extract_run *run, const char *file, const char *bytes, size_t len, uint64_t *n_lines) {
    extract_columns *columns = &run->columns;
    size_t capacity = 0, header_len = measure_record(bytes, len, n_lines);
    bool has_text = false;
    extract_columns_free(columns);
    row r = {.cells = &columns->names, .capacity = &capacity, .fault = cli_no_memory};
    bool is_good = cli_buffer_append(&columns->header, bytes, header_len) && decode_header(run, columns)
                   && read_header(columns, &r);
    for (size_t i = 0; is_good && i < columns->n; i++) {
        columns->fields[i] = field_of(&columns->names[i], run->values->csv);
        has_text |= columns->fields[i] == EXTRACT_TEXT;
    }
    if (has_text) return header_len;
    run->counts.n_bad++;
    if (is_good) say_no_column(run, file);
    else cli_say(run->verb->name, "%s:1: %s", file, r.fault);
    return 0;
}

/* --- Records --------------------------------------------------------------------------------------------------------- */

/* Empty cells say nothing. */
static bool sort_cells(extract_worker *worker, const json_field *cells, json_field *fields) {
    const extract_columns *columns = &worker->run->columns;
    sm_buffer *others = &worker->others;
    others->len = 0;
    for (size_t i = 0; i < EXTRACT_N_FIELDS; i++) fields[i] = (json_field){.key = extract_keys[i]};
    for (size_t i = 0; i < columns->n; i++) {
        uint32_t field = columns->fields[i];
        if (field < EXTRACT_N_FIELDS) {
            if (cells[i].len || field == EXTRACT_TEXT) fields[field] = cells[i];
            continue;
        }
        if ((others->len && !cli_buffer_append(others, ", ", 2))
            || !cli_buffer_json(others, columns->names[i].bytes, columns->names[i].len)
            || !cli_buffer_append(others, ": ", 2) || !cli_buffer_json(others, cells[i].bytes, cells[i].len))
            return false;
    }
    return true;
}

static bool parse_row(extract_worker *worker, json_field *fields, extract_record *record) {
    char what[160], *start = worker->utf8.data;
    row r = {.cells = &worker->cells, .capacity = &worker->n_cells};
    bool is_good = read_record(&r, start, without_line_end(start, start + worker->utf8.len));
    if (is_good && r.n != worker->run->columns.n) {
        snprintf(what, sizeof what, "%zu fields; expected %zu, as the header has", r.n, worker->run->columns.n);
        r.fault = what;
    }
    if (r.fault) {
        extract_reject(worker, record, r.fault);
        return false;
    }
    worker->block->is_out_of_memory |= !sort_cells(worker, worker->cells, fields);
    record->others = worker->others.data;
    record->others_len = (size_t)worker->others.len;
    return true;
}

static void extract_row(extract_worker *worker, uint64_t line, uint64_t number, const char *start, const char *end) {
    json_field fields[EXTRACT_N_FIELDS];
    char id[24];
    extract_record kept = {.line = line, .bytes = start, .len = (size_t)(end - start)};
    if (!extract_parse_record(worker, parse_row, fields, &kept)) return;
    if (fields[EXTRACT_ID].type == JSON_ABSENT) {
        int n = snprintf(id, sizeof id, "%llu", (unsigned long long)number);
        fields[EXTRACT_ID] = (json_field){.type = JSON_STRING, .bytes = id, .len = (size_t)n};
    }
    extract_fields(worker, fields, &kept);
}

void extract_csv_block(extract_worker *worker) {
    const extract_block *block = worker->block;
    char *at = block->input.data, *end = at + block->input.len;
    uint64_t line = block->first_line, n_lines;
    for (uint64_t number = block->first_record; at < end && !block->is_out_of_memory; line += n_lines) {
        char *next = at + measure_record(at, (size_t)(end - at), &n_lines);
        if (without_line_end(at, next) > at) extract_row(worker, line, number++, at, next);
        at = next;
    }
}
