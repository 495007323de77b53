/* A small dictionary: a few good rows, and a table that an input holds. */
#ifndef TESTS_FUZZ_SMALL_H
#define TESTS_FUZZ_SMALL_H

#include "dict/source.h"
#include "fuzz.h"

static const char small_mics[] = "mic\tcode_form\nXSHG\tdigits6\nXHKG\tdigits5\nXNAS\tsymbol\nXNYS\tsymbol\n";
static const char small_securities[] =
    "id\ttype\tstatus\nXSHG:688111\tstock\tactive\nXHKG:00700\tstock\tactive\nXNAS:META\tstock\tactive\n"
    "XNYS:BRK.B\tstock\tactive\nXNYS:META\tstock\tdelisted\n";
static const char small_names[] =
    "id\tname\tlang\tkind\nXSHG:688111\t金山办公\tzh\tshort\nXNAS:META\tMeta\ten\tshort\n";

static inline base_slice slice_of(const sm_buffer *buffer) {
    return (base_slice){buffer->data, (size_t)buffer->len};
}

/* Reads the rows and lays a table over them. @param path  its base name says which table it is.
 * @return what dict_tables_read() does; the caller frees the tables in any case. */
static inline sm_status small_read(const char *path, base_slice table, dict_tables *tables, sm_buffer *report) {
    const dict_memory_file files[] = {
        {"mics.tsv", {small_mics, sizeof small_mics - 1}},
        {"securities.tsv", {small_securities, sizeof small_securities - 1}},
        {"names.tsv", {small_names, sizeof small_names - 1}},
        {path, table},
    };
    sm_error error = {0};
    sm_status status = dict_tables_read_memory(files, sizeof files / sizeof files[0], 20261123, tables, report, &error);
    must(status == error.status && (status == SM_OK || (status == SM_ERR_TABLE && error.message[0])));
    return status;
}

/* The same, compiled, which what was read can be, and opened. @return false: the table was refused. */
static inline bool small_compile(const char *path, base_slice table, sm_buffer *compiled, dict_view *view) {
    dict_tables tables;
    bool is_read = small_read(path, table, &tables, NULL) == SM_OK;
    if (is_read) {
        must(dict_compile(&tables, compiled, NULL) == SM_OK);
        must(dict_view_open(compiled->data, compiled->len, view, NULL) == SM_OK);
    }
    dict_tables_free(&tables);
    return is_read;
}

#endif
