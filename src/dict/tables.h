/* The source tables on their way to a compiled dictionary: read, layered, checked. Private to the room. */
#ifndef DICT_TABLES_H
#define DICT_TABLES_H

#include "dict/dict.h"

typedef struct dict_row {
    const base_slice *cells; /* in the order of the table's columns; a missing optional cell is empty */
    const char *file;        /* for messages: the path as it was given, or "base" */
    uint32_t line;
} dict_row;

typedef struct dict_rows {
    dict_row *rows;
    size_t n, capacity;
} dict_rows;

/* All rows of all tables, after layering and in the order of the sources (a replaced row keeps its place). */
typedef struct dict_tables {
    base_arena arena; /* owns cells and paths */
    dict_rows table[DICT_N_TABLES];
    int32_t as_of;
} dict_tables;

/* The name of a table ("securities"), its number of columns and their names. */
const char *dict_table_name(dict_table_id table);
uint32_t dict_table_columns(dict_table_id table, const char *const **names);
dict_table_id dict_table_find(const char *name); /* DICT_N_TABLES when there is no such table */

/* Reads the base's tables and the option's paths over them, applies the actions, and checks every row. All problems go
 * to `report`, a line each. The caller frees with dict_tables_free(), also after a failure.
 * @return SM_OK; SM_ERR_IO; SM_ERR_NOMEM; SM_ERR_TABLE. */
sm_status dict_tables_read(const sm_build_options *options, dict_tables *tables, sm_buffer *report, sm_error *error);
void dict_tables_free(dict_tables *tables);

/* Tables → the bytes of a compiled dictionary. The tables have been checked. */
sm_status dict_compile(const dict_tables *tables, sm_buffer *out, sm_error *error);

/* One table of a compiled dictionary as TSV with its header row. */
sm_status dict_dump_table(const dict_view *view, dict_table_id table, sm_buffer *tsv);

#endif
