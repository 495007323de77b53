/* One run of `stockmention extract`: what its files share. Private to the verb. */
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
    cli_list prefer, only, exclude, files;
} extract_values;

enum { EXTRACT_FORMAT_NOT_SAID = 99 };

typedef struct extract_run {
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
} extract_run;

/* Extracts one document and writes what was found.
 * @param place  for messages: "FILE" or "FILE:LINE"; @param id  of the JSON line and of the table, NULL for none.
 * @return false: stop, as output or memory is gone. A document that cannot be read is said, counted, and true. */
bool extract_document(extract_run *run, const sm_document *document, const char *place, const char *id, size_t id_len);

/* Appends the result as a table. */
bool extract_write_table(extract_run *run, const char *id, size_t id_len);

/* Every line of a file as a document. @return false: stop. */
bool extract_ndjson(extract_run *run, const char *path);

#endif
