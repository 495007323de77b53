/* One run of `stockmention extract`, `check` or `explain`, which read documents alike: what its files share. Private to
 * these verbs. */
#ifndef CLI_EXTRACT_H
#define CLI_EXTRACT_H

#include "cli/cli.h"
#include "cli/options.h"

typedef struct extract_values {
    uint32_t format; /* SM_FORMAT_…, or EXTRACT_FORMAT_NOT_SAID */
    uint32_t offsets, scope, kernel;
    int32_t as_of;
    uint16_t min_confidence;
    bool is_ndjson, is_json, is_table, reports_unlisted;
    const char *charset, *provider, *dict;
    uint64_t max_mentions, max_bytes, max_depth;
    cli_list prefer, only, exclude, skip, files;
} extract_values;

enum { EXTRACT_FORMAT_NOT_SAID = 99 };

typedef struct extract_run extract_run;

/* What one of the verbs does with a document. */
typedef struct extract_verb {
    const char *name;
    sm_status (*read)(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                      const sm_extract_options *options, sm_result **result, sm_error *error);
    bool (*add_table)(extract_run *run); /* fills run->table with what the result holds */
    const char *nothing;                 /* stands in the place of an empty table */
    uint64_t (*count)(const sm_result *result);
    int status_when_found;
} extract_verb;

struct extract_run {
    const extract_verb *verb;
    const extract_values *values;
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner; /* one scanner and one result serve all documents */
    sm_result *result;
    sm_extract_options options;
    bool has_table;       /* a table, not JSON lines */
    bool has_table_heads; /* each table says whose it is */
    cli_table table;
    sm_buffer url;
    cli_output output;
    uint64_t n_good, n_bad; /* documents */
    bool has_found;
};

/* Reads the arguments of a verb and runs it. @return the exit status. */
int extract_main(const extract_verb *verb, const cli_usage *usage, int argc, char **argv);
extern const cli_usage extract_usage;

/* Reads one document and writes what was found.
 * @param place  for messages: "FILE" or "FILE:LINE"; @param id  of the JSON line and of the table, NULL for none.
 * @return false: stop, as output or memory is gone. A document that cannot be read is said, counted, and true. */
bool extract_document(extract_run *run, const sm_document *document, const char *place, const char *id, size_t id_len);

/* Appends the result as a table. */
bool extract_write_table(extract_run *run, const char *id, size_t id_len);
bool extract_add_mentions(extract_run *run);
/* "12", in the unit that was asked for, or "title:12". @param start, start_units  of a place in `field`. */
void extract_start_text(const extract_run *run, uint32_t field, uint64_t start, uint64_t start_units, char out[64]);

/* Every line of a file as a document. @return false: stop. */
bool extract_ndjson(extract_run *run, const char *path);

#endif
