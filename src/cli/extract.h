/* One run of `stockmention extract`, `check` or `explain`, which read documents alike: what its files share. Private to
 * these verbs.
 *
 *     extract.c           the options
 *     extract_run.c       a run from begin to end
 *     extract_files.c     that none is read and written at once
 *     extract_resume.c    that what is resumed was written alike
 *     extract_input.c     which files there are, and their blocks, in order
 *     extract_crew.c      blocks to threads and back
 *     extract_ndjson.c    a block of JSON lines, or
 *     extract_csv.c       a block of CSV records, as documents
 *     extract_charset.c   records that are no UTF-8
 *     extract_fields.c    what keys and columns mean
 *     extract_document.c  one document
 *     extract_batch.c     many that are alike at once
 *     extract_table.c     mentions as a table
 *     extract_report.c    counts, progress, statistics */
#ifndef CLI_EXTRACT_H
#define CLI_EXTRACT_H

#include "cli/blocks.h"
#include "cli/cli.h"
#include "cli/json_reader.h"
#include "cli/options.h"

typedef struct extract_values {
    uint32_t format; /* SM_FORMAT_…, or EXTRACT_FORMAT_NOT_SAID */
    uint32_t offsets, scope, kernel;
    int32_t as_of;
    uint16_t min_confidence;
    bool is_ndjson, is_json, is_table, reports_unlisted, resumes;
    uint64_t n_threads; /* 0: one */
    uint64_t max_mentions, max_bytes, max_depth, max_steps, context_bytes;
    const char *charset, *provider, *dict, *csv, *files_from, *output, *rejects, *stats;
    cli_list prefer, only, exclude, skip, files;
} extract_values;

enum { EXTRACT_FORMAT_NOT_SAID = 99, EXTRACT_MOST_THREADS = 1024, EXTRACT_MOST_DEPTH = 65536 };

typedef struct extract_run extract_run;
typedef struct extract_outputs extract_outputs;
typedef struct extract_worker extract_worker;
typedef struct extract_record extract_record;

/* What one of the verbs does with a document. */
typedef struct extract_verb {
    const char *name;
    sm_status (*read)(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                      const sm_extract_options *options, sm_result **result, sm_error *error);
    bool has_batches;                          /* sm_engine_extract_batch() does the same with many */
    bool (*add_table)(extract_worker *worker); /* fills worker->table with what the result holds */
    const char *nothing;                       /* stands in the place of an empty table */
    uint64_t (*count)(const sm_result *result);
    int status_when_found;
    /* NULL: the result is written as a table or as a line of JSON. @return false with an error, or without: no memory */
    bool (*write)(extract_worker *worker, const sm_document *document, const extract_record *record, sm_error *error);
    bool (*finish)(extract_run *run); /* NULL: nothing stands behind the last document */
} extract_verb;

/* Of documents; `n_good` holds those that were passed over as FILE.part had them already. */
typedef struct extract_counts {
    uint64_t n_good, n_bad, n_resumed;
    uint64_t n_bytes; /* of their texts */
    uint64_t n_found, n_with_invalid_bytes, n_with_limits;
    uint64_t n_decided[SM_DECISION_CUT + 1]; /* candidates, where statistics are asked for; likewise */
    uint64_t n_unknown;                      /* codes that nobody knows */
} extract_counts;

/* Records of one file, and what became of them. */
typedef struct extract_block {
    sm_buffer input;
    const char *file;      /* as messages call it */
    uint64_t first_line;   /* of the file, from 1 */
    uint64_t first_record; /* of CSV, from 1 behind the header */
    cli_output out;        /* gathers; the run writes it */
    sm_buffer messages, rejects;
    extract_counts counts;
    bool is_out_of_memory, is_done;
} extract_block;

/* What is known of a document beside its text. */
struct extract_record {
    uint64_t line;  /* of the file; 0: the document is all of it */
    const char *id; /* of the JSON line and of the table; NULL: none */
    size_t id_len;
    const char *bytes; /* as it was in the input */
    size_t len;
    uint64_t n_invalid; /* characters of it that were none, where it was in another charset */
    const char *others; /* its own keys and columns, as members of an object: "a": 1, "b": 2 */
    size_t others_len;
};

/* Documents that wait for each other. */
typedef struct extract_batch {
    sm_buffer texts; /* one behind the other, */
    sm_buffer kept;  /* and likewise what is kept of their records */
    int64_t *offsets;
    int32_t *dates;
    extract_record *records; /* while they wait their bytes are not set, only how many there are; NULL stays NULL */
    size_t n, capacity;
} extract_batch;

/* What a thread works with, from document to document. */
struct extract_worker {
    extract_run *run; /* not changed by workers */
    sm_scanner *scanner;
    sm_result *result;
    cli_table table;
    sm_buffer url;
    bool has_written_table;
    uint64_t n_to_pass; /* documents that FILE.part has */
    json_members members;
    sm_buffer others;
    sm_buffer utf8; /* the record that is parsed, which is decoded in place */
    json_field *cells;
    size_t n_cells;
    extract_batch batch;
    extract_block *block; /* that is worked on */
    bool passes_on;       /* its output may go on to the run's before it is whole */
};

/* The header of a CSV file. */
typedef struct extract_columns {
    sm_buffer header;  /* the whole line, which rejects begin with */
    sm_buffer decoded; /* where `names` lie */
    json_field *names;
    size_t n;
    uint32_t *fields; /* EXTRACT_…, or EXTRACT_N_FIELDS: passes through */
} extract_columns;

typedef struct extract_crew extract_crew;

struct extract_run {
    const extract_verb *verb;
    void *own; /* the verb's */
    const extract_values *values;
    const sm_dict *dict;
    sm_engine *engine;
    extract_worker *workers;
    uint32_t n_workers;
    extract_crew *crew;
    sm_extract_options options;
    extract_columns columns;
    bool has_table;       /* a table, not JSON lines */
    bool has_table_heads; /* each table says whose it is */
    bool keeps_rejects, has_rejects;
    extract_outputs *outputs; /* what inputs are held against */
    cli_part part, rejects;
    cli_output output, rejected;
    extract_counts counts;
    bool has_stopped; /* output or memory is gone, or we were interrupted */
    bool is_out_of_memory;
    bool would_lose_input;            /* what was written must not get its name */
    uint64_t total_bytes, done_bytes; /* of all files; total 0: not known */
    bool has_progress;
    double started, shown; /* seconds */
};

/* Reads the arguments of a verb and runs it. @return the exit status. */
int extract_main(const extract_verb *verb, const cli_usage *usage, int argc, char **argv);
/* The same with values that were read already, on one thread. @param own  the verb's, in run->own. */
int extract_with(const extract_verb *verb, const extract_values *values, void *own);
void extract_free_values(extract_values *values);

/* The first so many options of extract are those that say how documents are read and written. */
enum { EXTRACT_N_COMMON_OPTIONS = 17 };
extern const cli_usage extract_usage;

/* @return false after saying which files are read and written at once, or cannot be written. (extract_files.c) */
bool extract_check_files(extract_run *run);
/* The same of a file that a list names, which is known when it is its turn. */
bool extract_check_listed(const extract_run *run, const char *path);
void extract_free_outputs(extract_run *run);

/* @param last  the last line of the output that is resumed, which is read in place; empty: there is none.
 * @return false after saying how it was written otherwise. */
bool extract_can_resume(const extract_run *run, sm_buffer *last);

/* --- Input and threads ------------------------------------------------------------------------------------------------ */

/* Every document of every file. What cannot be read is said and counted. */
void extract_all(extract_run *run);

/* @return NULL when memory is out. Threads that cannot be made are done without. */
extract_crew *extract_crew_new(extract_run *run);
void extract_crew_free(extract_crew *crew);
/* A block to fill; waits for the oldest when all are in work. */
extract_block *extract_crew_block(extract_crew *crew);
/* Gives the block that was asked for last to a thread; with one thread, works on it at once. */
void extract_crew_submit(extract_crew *crew);
/* Waits for all blocks. */
void extract_crew_drain(extract_crew *crew);
/* Takes what a block gave over to the run, in the order of the input. */
void extract_take(extract_run *run, extract_block *block);
/* Of its output alone, which need not be whole. @return false: stop. */
bool extract_take_output(extract_run *run, extract_block *block);

void extract_ndjson_block(extract_worker *worker);
void extract_csv_block(extract_worker *worker);
/* Reads the header that a file begins with. @param n_lines  receives how many lines it has.
 * @return its bytes with the line end; 0 after saying what is wrong. */
size_t extract_csv_header(extract_run *run, const char *file, const char *bytes, size_t len, uint64_t *n_lines);
void extract_columns_free(extract_columns *columns);

/* --- Documents -------------------------------------------------------------------------------------------------------- */

/* The keys of NDJSON and columns of CSV that mean something. */
enum {
    EXTRACT_ID,
    EXTRACT_TEXT,
    EXTRACT_TITLE,
    EXTRACT_URL,
    EXTRACT_SOURCE,
    EXTRACT_DATE,
    EXTRACT_FORMAT,
    EXTRACT_CHARSET,
    EXTRACT_N_FIELDS
};
extern const char *const extract_keys[EXTRACT_N_FIELDS];

/* The format of lines that do not say theirs. */
uint32_t extract_line_format(const extract_values *values);

/* Puts UTF-8 in the place of what the buffer holds. @param charset  of `bytes` where they are none; NULL: as they look. */
bool extract_to_utf8(const char *bytes, size_t len, const char *charset, sm_buffer *utf8, uint64_t *n_invalid,
                     sm_error *error);
/* Sorts what worker->utf8 holds into fields, and the rest into the record's others. @return false after rejecting it. */
typedef bool extract_parse(extract_worker *worker, json_field *fields, extract_record *record);
/* Parses record->bytes as UTF-8 made of the charset that they name themselves, else of --charset, else as they look.
 * @return as `parse` does. */
bool extract_parse_record(extract_worker *worker, extract_parse *parse, json_field *fields, extract_record *record);
/* @return false after saying that records cannot be in the charset that was asked for. */
bool extract_check_charset(const extract_run *run);
/* Reads a document by its fields, or says what is wrong with them. The record's id is found among them. */
void extract_fields(extract_worker *worker, const json_field *fields, extract_record *record);
/* Says that a record is bad where `what` is not NULL, counts it, and keeps it where that was asked for. */
void extract_reject(extract_worker *worker, const extract_record *record, const char *what);

/* The same with the library's reason. */
void extract_fail(extract_worker *worker, const extract_record *record, const sm_error *error);

/* Reads a document, at once or with others that are like it, and writes what was found into the block. One that cannot be
 * read is rejected. */
void extract_document(extract_worker *worker, const sm_document *document, const extract_record *record);
void extract_document_now(extract_worker *worker, const sm_document *document, const extract_record *record);

/* Whether a document may wait for others. */
bool extract_batch_takes(const extract_worker *worker, const sm_document *document, const extract_record *record);
/* Copies it. */
void extract_batch_add(extract_worker *worker, const sm_document *document, const extract_record *record);
/* Reads all that wait. */
void extract_batch_flush(extract_worker *worker);
void extract_batch_free(extract_batch *batch);

/* Appends what the worker's result has of a document, as a table or a line of JSON. */
void extract_write(extract_worker *worker, uint64_t document, const extract_record *record);
/* Appends the result as a table. */
bool extract_write_table(extract_worker *worker, const extract_record *record);
bool extract_add_mentions(extract_worker *worker);
/* "12", in the unit that was asked for, or "title:12". @param start, start_units  of a place in `field`. */
void extract_start_text(const extract_run *run, uint32_t field, uint64_t start, uint64_t start_units, char out[64]);

/* --- Report ------------------------------------------------------------------------------------------------------------ */

/* What the worker's result has, of all its documents. */
void extract_count_result(const extract_worker *worker, extract_counts *counts);
void extract_add_counts(extract_counts *to, const extract_counts *more);
void extract_begin_progress(extract_run *run);
void extract_show_progress(extract_run *run); /* twice a second at most */
void extract_hide_progress(const extract_run *run);
/* Writes --stats. @return false after saying what failed. */
bool extract_write_stats(const extract_run *run);

#endif
