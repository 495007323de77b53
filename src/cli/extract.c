#include <string.h>
#include <unistd.h>

#include "cli/extract.h"

static const char *const scopes[] = {"strict", "broad", NULL};
static const char *const kernels[] = {"auto", "c", "avx2", "avx512", "neon", NULL}; /* by SM_KERNEL_… */

#define AT(member) offsetof(extract_values, member)
static const cli_option options[] = {
    {"--format", "FORMAT", "auto, text, html or markdown (default: by the file's name, else auto)", AT(format),
     CLI_WORD, cli_formats},
    {"--charset", "NAME", "such as gbk or utf-16le (default: what the text is, declares or looks like)", AT(charset),
     CLI_TEXT, NULL},
    {"--ndjson", NULL, "read documents, one JSON object a line", AT(is_ndjson), CLI_FLAG, NULL},
    {"--offsets", "UNIT", "byte, codepoint or utf16: the unit of start and end (default: byte)", AT(offsets), CLI_WORD,
     cli_offset_units},
    {"--as-of", "DATE", "the documents' day, such as 2021-12-22 (default: the document's own)", AT(as_of), CLI_DATE,
     NULL},
    {"--provider", "NAME", "whose URLs, or all (default: eastmoney)", AT(provider), CLI_TEXT, NULL},
    {"--prefer", "MIC,...", "which line is meant where nothing else tells, best first (default: the home line)",
     AT(prefer), CLI_IDS, NULL},
    {"--only", "ID,...", "report these securities alone (default: all)", AT(only), CLI_IDS, NULL},
    {"--exclude", "ID,...", "never report these securities (default: none)", AT(exclude), CLI_IDS, NULL},
    {"--min-confidence", "X", "a number from 0 to 1; leave out mentions that are less sure (default and least: 0.5)",
     AT(min_confidence), CLI_FRACTION, NULL},
    {"--scope", "SCOPE", "strict: what surely counts; broad: products and papers of a company too (default: strict)",
     AT(scope), CLI_WORD, scopes},
    {"--unlisted", NULL, "report well-formed codes that the dictionary does not know too", AT(reports_unlisted),
     CLI_FLAG, NULL},
    {"--skip", "WHAT,...", "do not read these elements of HTML: tag, .class or #id (default: all are read)", AT(skip),
     CLI_IDS, NULL},
    {"--max-mentions", "N", "report no more mentions of a document (default: no limit)", AT(max_mentions), CLI_COUNT,
     NULL},
    {"--max-bytes", "N", "read no more of a document (default: no limit)", AT(max_bytes), CLI_COUNT, NULL},
    {"--max-depth", "N", "elements of HTML in elements; deeper ones are as if they were not there (default: 65536)",
     AT(max_depth), CLI_COUNT, NULL},
    {"--json", NULL, "write JSON lines, also on a terminal", AT(is_json), CLI_FLAG, NULL},
    {"--table", NULL, "write a table, also where there is no terminal", AT(is_table), CLI_FLAG, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
    {"--kernel", "KERNEL", "the instructions to use: c, avx2, avx512 or neon; all find the same (default: the fastest)",
     AT(kernel), CLI_WORD, kernels},
};

const cli_usage extract_usage = {
    .verb = "extract",
    .summary = "Finds the stock mentions in files, or in standard input where no file is named ('-' names it too).",
    .operands = "[FILE...]",
    .notes =
        "Writes a table on a terminal, one JSON object a document otherwise.\n"
        "A line of --ndjson is {\"id\", \"text\", \"title\"?, \"url\"?, \"source\"?, \"date\"?, \"format\"?, \"charset\"?};\n"
        "its format is text unless it or --format says another, and its charset counts where the text is no UTF-8.\n"
        "A bad line is reported and passed over.\n"
        "Limits that a document reached stand under \"limits\" of its JSON.\n",
    .example = "  stockmention extract --as-of 2021-12-22 article.md\n"
               "  stockmention extract --ndjson --offsets codepoint news.jsonl > mentions.jsonl\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .max_operands = UINT64_MAX,
    .operands_offset = AT(files),
};

/* --- One document ---------------------------------------------------------------------------------------------------- */

static bool write_json(extract_run *run, const char *id, size_t id_len, sm_error *error) {
    sm_json_options json;
    sm_json_options_init(&json, sizeof json);
    json.id = id;
    json.id_len = id_len;
    json.provider = run->values->provider;
    return sm_result_json(run->result, &json, &run->output.buffer, error) == SM_OK;
}

bool extract_document(extract_run *run, const sm_document *document, const char *place, const char *id, size_t id_len) {
    sm_error error = {0};
    sm_status status = run->verb->read(run->engine, run->scanner, document, &run->options, &run->result, &error);
    if (status != SM_OK) {
        cli_say(run->verb->name, "%s: %s", place, error.message[0] ? error.message : sm_status_text(status));
        run->n_bad++;
        return true;
    }
    run->n_good++;
    run->has_found |= run->verb->count(run->result) > 0;
    bool is_written = run->has_table ? extract_write_table(run, id, id_len) : write_json(run, id, id_len, &error);
    if (!is_written) {
        cli_say(run->verb->name, "%s: %s", place, error.message[0] ? error.message : sm_status_text(SM_ERR_NOMEM));
        run->n_bad++;
        return false;
    }
    return cli_output_pass(&run->output);
}

/* --- Files ----------------------------------------------------------------------------------------------------------- */

static bool extract_file(extract_run *run, const char *path) {
    uint32_t format = run->values->format == EXTRACT_FORMAT_NOT_SAID ? (uint32_t)SM_FORMAT_AUTO : run->values->format;
    const char *id = strcmp(path, "-") == 0 ? NULL : path;
    sm_buffer bytes = {0};
    sm_document document;
    bool goes_on = true;
    if (cli_read_document(run->verb->name, path, format, run->values->charset, &bytes, &document))
        goes_on = extract_document(run, &document, cli_place_of(path), id, id ? strlen(id) : 0);
    else run->n_bad++;
    sm_buffer_free(&bytes);
    return goes_on;
}

static int extract_files(extract_run *run) {
    static char input[] = "-";
    char *no_files[] = {input};
    const cli_list *files = &run->values->files;
    char **paths = files->n ? files->items : no_files;
    uint64_t n_paths = files->n ? files->n : 1;
    run->has_table_heads = n_paths > 1 || run->values->is_ndjson;
    bool goes_on = true;
    for (uint64_t i = 0; i < n_paths && goes_on; i++)
        goes_on = run->values->is_ndjson ? extract_ndjson(run, paths[i]) : extract_file(run, paths[i]);
    if (run->n_bad == 0) return run->has_found ? run->verb->status_when_found : CLI_DONE;
    return run->n_good ? CLI_BAD : CLI_WRONG;
}

/* --- The run --------------------------------------------------------------------------------------------------------- */

static void set_options(extract_run *run) {
    const extract_values *values = run->values;
    sm_extract_options_init(&run->options, sizeof run->options);
    run->options.as_of = values->as_of;
    run->options.scope = values->scope;
    run->options.offsets = values->offsets;
    run->options.min_confidence = values->min_confidence;
    run->options.unlisted = values->reports_unlisted;
    run->options.prefer = (const char *const *)values->prefer.items;
    run->options.n_prefer = values->prefer.n;
    run->options.only = (const char *const *)values->only.items;
    run->options.n_only = values->only.n;
    run->options.exclude = (const char *const *)values->exclude.items;
    run->options.n_exclude = values->exclude.n;
    run->options.skip = (const char *const *)values->skip.items;
    run->options.n_skip = values->skip.n;
    run->options.max_mentions = values->max_mentions;
    run->options.max_bytes = values->max_bytes;
    run->options.max_depth = values->max_depth < UINT32_MAX ? (uint32_t)values->max_depth : UINT32_MAX;
}

/* An empty document is read first, so that a wrong option is told before any input is waited for. */
static bool open_run(extract_run *run) {
    sm_error error = {0};
    sm_engine_options opening;
    sm_document empty;
    sm_engine_options_init(&opening, sizeof opening);
    opening.kernel = run->values->kernel;
    sm_document_init(&empty, sizeof empty);
    empty.text = "";
    empty.charset = run->values->charset;
    empty.charset_len = empty.charset ? strlen(empty.charset) : 0;
    set_options(run);
    if (!cli_open_dict(run->verb->name, run->values->dict, &run->dict)) return false;
    if (!cli_check_provider(run->verb->name, run->dict, run->values->provider)) return false;
    if (sm_engine_open(run->dict, &opening, &run->engine, &error) == SM_OK
        && sm_scanner_new(run->engine, &run->scanner, &error) == SM_OK
        && run->verb->read(run->engine, run->scanner, &empty, &run->options, &run->result, &error) == SM_OK)
        return true;
    cli_say_error(run->verb->name, &error);
    return false;
}

static int close_run(extract_run *run, int status) {
    status = cli_output_close(&run->output, run->verb->name, status);
    cli_table_free(&run->table);
    sm_buffer_free(&run->url);
    sm_result_free(run->result);
    sm_scanner_free(run->scanner);
    sm_engine_free(run->engine);
    sm_dict_free(run->dict);
    return status;
}

static int run_verb(const extract_verb *verb, const extract_values *values) {
    if (values->is_json && values->is_table) {
        cli_say(verb->name, "--json and --table exclude each other; leave one of them out");
        return CLI_WRONG;
    }
    extract_run run = {.verb = verb, .values = values};
    run.has_table = values->is_table || (!values->is_json && isatty(STDOUT_FILENO));
    return close_run(&run, open_run(&run) ? extract_files(&run) : CLI_WRONG);
}

static void free_values(extract_values *values) {
    cli_list_free(&values->prefer);
    cli_list_free(&values->only);
    cli_list_free(&values->exclude);
    cli_list_free(&values->skip);
    cli_list_free(&values->files);
}

int extract_main(const extract_verb *verb, const cli_usage *usage, int argc, char **argv) {
    extract_values values = {.format = EXTRACT_FORMAT_NOT_SAID};
    cli_parse_status parsed = cli_options_parse(usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? run_verb(verb, &values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    free_values(&values);
    return status;
}

int cli_extract(int argc, char **argv) {
    static const extract_verb verb = {.name = "extract",
                                      .read = sm_engine_extract,
                                      .add_table = extract_add_mentions,
                                      .nothing = "no mentions\n",
                                      .count = sm_result_mention_count,
                                      .status_when_found = CLI_DONE};
    return extract_main(&verb, &extract_usage, argc, argv);
}
