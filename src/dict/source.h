/* Source tables on their way to rows: tables.c drives, spec.c says what the columns are, tsv.c reads a file, layers.c
 * lays its rows over those before, check.c, cells.c and pattern.c check what stands in the end, problems.c collects
 * what is wrong. Private to the room. */
#ifndef DICT_SOURCE_H
#define DICT_SOURCE_H

#include "dict/tables.h"

/* --- What a table looks like -------------------------------------------------------------------------------------- */

typedef enum dict_need {
    DICT_OPTIONAL,
    DICT_REQUIRED, /* not empty. A file with a column `action` may leave the column out: its rows may be removals */
    DICT_NEEDED    /* not empty, and the column is in every file */
} dict_need;

typedef struct dict_column_spec {
    dict_need need;
    bool is_key;                      /* no two rows agree in all key columns */
    const char *words;                /* the words that may stand there: "short, full, english"; NULL: see is_good */
    bool (*is_good)(base_slice cell); /* of a cell that is not empty; NULL: any text */
    const char *expected;             /* what is_good wants, in English; or what a needed cell holds */
    const char *same_as_empty;        /* the word that an empty cell stands for, if there is one */
} dict_column_spec;

typedef struct dict_reader dict_reader;
typedef struct dict_source_row dict_source_row;

typedef struct dict_table_spec {
    const char *name;
    const char *const *names; /* of the columns */
    const dict_column_spec *columns;
    uint32_t n_columns;
    void (*check)(dict_reader *reader, const dict_source_row *row); /* across cells and tables; may be NULL */
} dict_table_spec;

enum { DICT_MAX_COLUMNS = 16, DICT_TABLE_NAMES_LEN = 128 };

const dict_table_spec *dict_get_spec(dict_table_id table);
/* "mics.tsv, securities.tsv, …" for messages. */
void dict_list_tables(char out[DICT_TABLE_NAMES_LEN]);

/* --- Rows while they are layered ---------------------------------------------------------------------------------- */

typedef struct dict_source {
    const char *path;
    uint32_t order; /* files in the order in which they are read */
    uint32_t layer; /* 0: the base; then the paths */
    dict_table_id table;
} dict_source;

struct dict_source_row {
    dict_row row;
    const dict_source *source;
    uint64_t key;        /* hash of the key cells */
    uint32_t removed_in; /* layer, when is_gone */
    bool is_gone;
    bool is_broken;      /* was reported while it was read; it stays, so that what refers to it is not reported too */
    bool has_bad_action; /* … only its action was: its cells are read and checked */
};

/* Rows by some of their cells: open addressing, row + 1, 0 is empty. */
typedef struct dict_index {
    uint32_t *slots;
    uint32_t bits;
    size_t n;
} dict_index;

typedef struct dict_source_rows {
    dict_source_row *rows;
    size_t n, capacity;
    uint32_t key_columns; /* bit set */
    dict_index index;
} dict_source_rows;

typedef enum dict_action { DICT_ADD, DICT_REPLACE, DICT_REMOVE, DICT_BLOCK, DICT_N_ACTIONS } dict_action;

typedef struct dict_problem {
    const dict_source *source;
    const char *text;
    uint64_t byte;
    size_t number; /* in the order of finding */
    uint32_t line;
    sm_status status; /* SM_OK: a warning */
} dict_problem;

struct dict_reader {
    base_arena *arena; /* of the tables: cells, paths, messages */
    dict_source_rows table[DICT_N_TABLES];
    dict_source_rows blocks; /* of the file that is being read */
    dict_problem *problems;
    size_t n_problems, problem_capacity;
    uint32_t n_sources;
    bool is_partial[DICT_N_TABLES]; /* a file of it could not be read: what refers to it is not checked */
    bool failed;                    /* out of memory: sticky, so that only the ends check it */
};

/* tsv.c: the rows of one file go through dict_lay_row. `bytes` must live as long as the arena. */
void dict_read_source(dict_reader *reader, const dict_source *source, base_slice bytes);

/* layers.c */
void dict_lay_row(dict_reader *reader, const dict_source_row *read, dict_action action);
void dict_lay_blocks(dict_reader *reader, const dict_source *source); /* at the end of a file */
void dict_drop_orphans(dict_reader *reader);                          /* names of securities that were removed */
/* The row with these cells in its key columns, in their order; NULL when there is none or it was removed. */
const dict_source_row *dict_find_row(const dict_reader *reader, dict_table_id table, base_slice key);

/* check.c */
void dict_check_tables(dict_reader *reader);
void dict_check_security(dict_reader *reader, const dict_source_row *row);
void dict_check_name(dict_reader *reader, const dict_source_row *row);
void dict_check_notation(dict_reader *reader, const dict_source_row *row);
void dict_check_provider(dict_reader *reader, const dict_source_row *row);
void dict_check_context(dict_reader *reader, const dict_source_row *row);
void dict_check_variant(dict_reader *reader, const dict_source_row *row);
void dict_check_word(dict_reader *reader, const dict_source_row *row);

/* pattern.c: why a notation's pattern is refused, in `why`; false when it is good.
 * @param has_code  whether it must have a group `code`. */
enum { DICT_WHY_LEN = 320 };
bool dict_refuse_pattern(base_slice pattern, bool has_code, char why[DICT_WHY_LEN]);

/* cells.c: the forms of single cells */
bool dict_is_mic(base_slice cell);
bool dict_is_country(base_slice cell);
bool dict_is_currency(base_slice cell);
bool dict_is_lang(base_slice cell);
bool dict_is_word(base_slice cell); /* lower-case letters and digits in parts joined by - or _ */
bool dict_is_date(base_slice cell);
bool dict_is_isin(base_slice cell);
bool dict_is_length(base_slice cell); /* 1 to 64 */
bool dict_is_ranges(base_slice cell); /* "600-605 900" */
bool dict_is_weight(base_slice cell); /* -32768 to 32767 */
bool dict_is_template(base_slice cell);
bool dict_is_writing(base_slice cell);                      /* how a provider writes codes; src/link reads it */
bool dict_is_gate(base_slice cell);                         /* conditions around a code; src/scan reads them */
bool dict_gate_has(base_slice cell, const char *condition); /* one that begins so */
bool dict_is_one_char(base_slice cell);                     /* of the Basic Multilingual Plane */
bool dict_read_integer(base_slice cell, int32_t *value);
size_t dict_count_chars(base_slice valid_utf8);
/* Does a code have the form of its market? `expected` receives what the form is, NULL for a form that is not known. */
bool dict_code_has_form(base_slice code, base_slice form, const char **expected);
/* Takes the next part of a list whose parts are parted by any of `separators`; false at its end. */
bool dict_next_part(base_slice *list, const char *separators, base_slice *part);

/* problems.c */
void dict_report(dict_reader *reader, const dict_source *source, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void dict_report_row(dict_reader *reader, const dict_source_row *row, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void dict_warn_row(dict_reader *reader, const dict_source_row *row, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void dict_report_byte(dict_reader *reader, const dict_source *source, uint32_t line, uint64_t byte, sm_status status,
                      const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Writes all problems to `report` (or nowhere) in the order of files and lines. @return SM_OK, SM_ERR_NOMEM, or the
 * status of the first error, which goes to `error` with the number of all. */
sm_status dict_write_problems(dict_reader *reader, sm_buffer *report, sm_error *error);

/* A cell in quotation marks for a message: long ones are cut, control characters and bad bytes shown as \xNN. */
typedef struct dict_quote {
    char text[112];
} dict_quote;
dict_quote dict_quoted(base_slice cell);

/* --- From memory -------------------------------------------------------------------------------------------------- */

typedef struct dict_memory_file {
    const char *path; /* its base name tells the table */
    base_slice bytes; /* borrowed as long as the tables */
} dict_memory_file;

/* As dict_tables_read, for files that are in memory, each a layer of its own. */
sm_status dict_tables_read_memory(const dict_memory_file *files, size_t n, int32_t as_of, dict_tables *tables,
                                  sm_buffer *report, sm_error *error);

#endif
