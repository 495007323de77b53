#include <stdio.h>
#include <string.h>

#include "cli/extract.h"

/* "byte 13: expected ',' or '}'; here stands '"b"}'" */
static void describe_fault(const json_fault *fault, const char *line, size_t len, char *what, size_t capacity) {
    enum { SHOWN = 20 };
    int n = cli_cut(line + fault->byte, len - fault->byte, SHOWN);
    if (n)
        snprintf(what, capacity, "byte %zu: %s; here stands '%.*s'", fault->byte, fault->message, n,
                 line + fault->byte);
    else snprintf(what, capacity, "byte %zu: %s; here the line ends", fault->byte, fault->message);
}

static bool is_blank(const char *line, size_t len) {
    size_t n = 0;
    while (n < len && (line[n] == ' ' || line[n] == '\t' || line[n] == '\r')) n++;
    return n == len;
}

static bool keep_others(extract_worker *worker) {
    worker->others.len = 0;
    for (size_t i = 0; i < worker->members.n; i++) {
        const json_member *member = &worker->members.items[i];
        if ((i && !cli_buffer_append(&worker->others, ", ", 2))
            || !cli_buffer_json(&worker->others, member->key, member->key_len)
            || !cli_buffer_append(&worker->others, ": ", 2)
            || !cli_buffer_append(&worker->others, member->value, member->value_len))
            return false;
    }
    return true;
}

static bool parse_line(extract_worker *worker, json_field *fields, extract_record *record) {
    char what[256];
    json_fault fault;
    char *line = worker->utf8.data;
    const size_t len = (size_t)worker->utf8.len;
    for (size_t i = 0; i < EXTRACT_N_FIELDS; i++) fields[i].key = extract_keys[i];
    if (!json_read_object(line, len, fields, EXTRACT_N_FIELDS, &worker->members, &fault)) {
        describe_fault(&fault, line, len, what, sizeof what);
        extract_reject(worker, record, what);
        return false;
    }
    worker->block->is_out_of_memory |= !keep_others(worker);
    record->others = worker->others.data;
    record->others_len = (size_t)worker->others.len;
    return true;
}

static void extract_line(extract_worker *worker, uint64_t number, const char *line, size_t len) {
    json_field fields[EXTRACT_N_FIELDS];
    extract_record record = {.line = number, .bytes = line, .len = len};
    if (extract_parse_record(worker, parse_line, fields, &record)) extract_fields(worker, fields, &record);
}

void extract_ndjson_block(extract_worker *worker) {
    const extract_block *block = worker->block;
    char *at = block->input.data, *end = at + block->input.len;
    for (uint64_t number = block->first_line; at < end && !block->is_out_of_memory; number++) {
        char *line_end = memchr(at, '\n', (size_t)(end - at)), *next = line_end ? line_end + 1 : end;
        if (!line_end) line_end = end;
        /* A mark of byte order, on any line: of the first of files that were joined, or kept among the rejects. */
        while (line_end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
        if (!is_blank(at, (size_t)(line_end - at))) extract_line(worker, number, at, (size_t)(line_end - at));
        at = next;
    }
}
