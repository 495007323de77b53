#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dict/source.h"

enum { MESSAGE_LEN = 1000, QUOTED_BYTES = 80 };

static void add_problem(dict_reader *reader, dict_problem problem, const char *format, va_list arguments) {
    char text[MESSAGE_LEN];
    vsnprintf(text, sizeof text, format, arguments);
    size_t len = base_utf8_valid_prefix(text, strlen(text)); /* what did not fit may have been cut in a character */
    problem.text = base_arena_copy(reader->arena, text, len);
    problem.number = reader->n_problems;
    if (!problem.text
        || !base_grow(&base_default_allocator, (void **)&reader->problems, &reader->problem_capacity,
                      reader->n_problems + 1, sizeof problem)) {
        reader->failed = true;
        return;
    }
    reader->problems[reader->n_problems++] = problem;
}

void dict_report(dict_reader *reader, const dict_source *source, uint32_t line, const char *format, ...) {
    dict_problem problem = {.source = source, .line = line, .status = SM_ERR_TABLE};
    va_list arguments;
    va_start(arguments, format);
    add_problem(reader, problem, format, arguments);
    va_end(arguments);
}

void dict_report_byte(dict_reader *reader, const dict_source *source, uint32_t line, uint64_t byte, sm_status status,
                      const char *format, ...) {
    dict_problem problem = {.source = source, .line = line, .byte = byte, .status = status};
    va_list arguments;
    va_start(arguments, format);
    add_problem(reader, problem, format, arguments);
    va_end(arguments);
}

void dict_report_row(dict_reader *reader, const dict_source_row *row, const char *format, ...) {
    dict_problem problem = {.source = row->source, .line = row->row.line, .status = SM_ERR_TABLE};
    va_list arguments;
    va_start(arguments, format);
    add_problem(reader, problem, format, arguments);
    va_end(arguments);
}

void dict_warn_row(dict_reader *reader, const dict_source_row *row, const char *format, ...) {
    dict_problem problem = {.source = row->source, .line = row->row.line, .status = SM_OK};
    va_list arguments;
    va_start(arguments, format);
    add_problem(reader, problem, format, arguments);
    va_end(arguments);
}

static int compare_problems(const void *a, const void *b) {
    const dict_problem *x = a, *y = b;
    if (x->source->order != y->source->order) return x->source->order < y->source->order ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool write_problem(const dict_problem *problem, sm_buffer *report) {
    const char *mark = problem->status == SM_OK ? "warning: " : "";
    const char *path = problem->source->path;
    if (problem->line) return base_buffer_format(report, "%s:%u: %s%s\n", path, problem->line, mark, problem->text);
    return base_buffer_format(report, "%s: %s%s\n", path, mark, problem->text);
}

sm_status dict_write_problems(dict_reader *reader, sm_buffer *report, sm_error *error) {
    const dict_problem *first = NULL;
    size_t n_errors = 0;
    if (reader->n_problems) qsort(reader->problems, reader->n_problems, sizeof *reader->problems, compare_problems);
    for (size_t i = 0; i < reader->n_problems; i++) {
        const dict_problem *problem = &reader->problems[i];
        if (report && !write_problem(problem, report)) reader->failed = true;
        if (problem->status == SM_OK) continue;
        if (n_errors++ == 0) first = problem;
    }
    if (reader->failed) return base_no_memory(error, "for the tables");
    if (!first) return SM_OK;
    const char *path = first->source->path;
    if (n_errors == 1) return base_fail_at(error, first->status, path, first->line, first->byte, "%s", first->text);
    return base_fail_at(error, first->status, path, first->line, first->byte, "first of %zu errors: %s", n_errors,
                        first->text);
}

dict_quote dict_quoted(base_slice cell) {
    dict_quote quote = {"'"};
    const char *p = cell.bytes, *end = cell.bytes + cell.len;
    size_t len = 1;
    while (p < end && len < QUOTED_BYTES) {
        uint32_t code_point;
        unsigned step = base_utf8_decode(p, end, &code_point, NULL);
        bool is_shown = step && code_point >= 0x20 && code_point != 0x7F && !(code_point >= 0x80 && code_point < 0xA0);
        if (!step) step = 1;
        for (unsigned i = 0; i < step; i++) {
            if (is_shown) quote.text[len++] = p[i];
            else len += (size_t)snprintf(quote.text + len, 5, "\\x%02X", (unsigned char)p[i]);
        }
        p += step;
    }
    memcpy(quote.text + len, p < end ? "…'" : "'", p < end ? 5 : 2);
    return quote;
}
