/* `stockmention dict diff`: what a new dictionary finds otherwise in documents, which are read as extract reads them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"

typedef struct diff_values {
    extract_values extract; /* `files` is what --on names, `dict` the new dictionary */
    cli_list dicts;
} diff_values;

_Static_assert(offsetof(diff_values, extract) == 0, "extract's options are read into it");

/* Documents are read as extract reads them, by its options of these names. */
static const char *const shared_options[] = {"--format",  "--charset", "--ndjson", "--csv",  "--files-from",
                                             "--offsets", "--as-of",   "--skip",   "--json", "--table"};
enum { N_SHARED_OPTIONS = sizeof shared_options / sizeof shared_options[0] };

static const cli_option on_option = {
    "--on",
    "FILE",
    "a document, or with --ndjson or --csv many; may be given again ('-' is standard input)",
    offsetof(diff_values, extract.files),
    CLI_PATHS,
    NULL};

static const cli_usage usage_without_options = {
    .verb = "dict diff",
    .summary = "Shows which mentions a new dictionary gains, loses and changes in documents.",
    .operands = "OLD NEW",
    .notes =
        "OLD and NEW are dictionary files, or default: the one in the library. Documents, of which one at least is needed,\n"
        "are read as by 'stockmention extract', which tells of --ndjson and --csv too. A mention has changed when it means\n"
        "another security, or begins or ends elsewhere. Writes a table on a terminal, else one JSON object a change;\n"
        "behind them how many there are.\n",
    .example = "  stockmention dict diff --ndjson --on news.jsonl default my.smd\n",
    .min_operands = 2,
    .max_operands = 2,
    .operands_offset = offsetof(diff_values, dicts),
};

enum { GAINED, LOST, CHANGED, SAME, N_CHANGES };
static const char *const words[N_CHANGES] = {"gained", "lost", "changed", "same"};

/* The old dictionary and what it finds; the new one's are the run's. */
typedef struct diff {
    const sm_dict *dict;
    sm_engine *engine;
    sm_scanner *scanner;
    sm_result *result;
    char *id; /* of the document at hand; NULL: it has none */
    cli_table table;
    uint64_t counts[N_CHANGES];
} diff;

/* --- Mentions side by side -------------------------------------------------------------------------------------------- */

/* The mentions of one result. Links stand over names, so the two are gone through apart. */
typedef struct side {
    const sm_result *result;
    uint64_t at;
    bool has_links;
} side;

static const sm_mention *next_of(side *s) {
    const sm_mention *mention;
    while ((mention = sm_result_mention_at(s->result, s->at)) && (mention->kind == SM_KIND_LINK) != s->has_links)
        s->at++;
    return mention;
}

static const sm_security *security_of(const side *s, const sm_mention *mention) {
    return sm_result_security_at(s->result, mention->security);
}

static bool is_before(const sm_mention *a, const sm_mention *b) {
    if (a->field != b->field) return a->field == SM_FIELD_TITLE;
    return a->start < b->start;
}

static bool overlap(const sm_mention *a, const sm_mention *b) {
    return a->field == b->field && a->start < b->end && b->start < a->end;
}

/* --- Writing ----------------------------------------------------------------------------------------------------------- */

static bool add_cells(const extract_run *run, const side *s, const sm_mention *mention) {
    cli_table *table = &((diff *)run->own)->table;
    char start[64] = "-";
    if (mention) extract_start_text(run, mention->field, mention->start, mention->start_units, start);
    return cli_table_add(table, start) && cli_table_add(table, mention ? mention->text : "-")
           && cli_table_add(table, mention ? security_of(s, mention)->id : "-");
}

static bool write_mention(const extract_worker *worker, const char *key, const side *s, const sm_mention *mention) {
    const extract_run *run = worker->run;
    char numbers[128], confidence[8];
    cli_output *to = &worker->block->out;
    bool is_good = cli_output_text(to, ", \"") && cli_output_text(to, key) && cli_output_text(to, "\": ");
    if (!mention) return is_good && cli_output_text(to, "null");
    bool is_byte = run->options.offsets == SM_OFFSETS_BYTE;
    cli_fraction_text(mention->confidence, confidence);
    snprintf(numbers, sizeof numbers, "{\"start\": %llu, \"end\": %llu, \"text\": ",
             (unsigned long long)(is_byte ? mention->start : mention->start_units),
             (unsigned long long)(is_byte ? mention->end : mention->end_units));
    return is_good && cli_output_text(to, numbers) && cli_output_json(to, mention->text)
           && cli_output_text(to, ", \"kind\": ") && cli_output_json(to, sm_kind_word(mention->kind))
           && cli_output_text(to, ", \"field\": ") && cli_output_json(to, sm_field_word(mention->field))
           && cli_output_text(to, ", \"security\": ") && cli_output_json(to, security_of(s, mention)->id)
           && cli_output_text(to, ", \"confidence\": ") && cli_output_text(to, confidence) && cli_output_text(to, "}");
}

static bool write_change(const extract_worker *worker, uint32_t change, const side *olds, const sm_mention *old,
                         const side *news, const sm_mention *new) {
    const extract_run *run = worker->run;
    cli_output *to = &worker->block->out;
    diff *d = run->own;
    d->counts[change]++;
    if (change == SAME) return true;
    if (run->has_table)
        return cli_table_add(&d->table, words[change]) && cli_table_add(&d->table, d->id ? d->id : "-")
               && add_cells(run, olds, old) && add_cells(run, news, new);
    return cli_output_text(to, "{\"id\": ") && (d->id ? cli_output_json(to, d->id) : cli_output_text(to, "null"))
           && cli_output_text(to, ", \"change\": ") && cli_output_json(to, words[change])
           && write_mention(worker, "old", olds, old) && write_mention(worker, "new", news, new)
           && cli_output_text(to, "}\n");
}

static uint32_t compare(const side *olds, const sm_mention *old, const side *news, const sm_mention *new) {
    if (!old || !new) return new ? GAINED : LOST;
    if (!overlap(old, new)) return is_before(old, new) ? LOST : GAINED;
    if (old->start != new->start || old->end != new->end) return CHANGED;
    return strcmp(security_of(olds, old)->id, security_of(news, new)->id) == 0 ? SAME : CHANGED;
}

static bool write_changes(const extract_worker *worker, side olds, side news) {
    const sm_mention *old = next_of(&olds), *new = next_of(&news);
    while (old || new) {
        uint32_t change = compare(&olds, old, &news, new);
        bool has_old = change != GAINED, has_new = change != LOST;
        if (!write_change(worker, change, &olds, has_old ? old : NULL, &news, has_new ? new : NULL)) return false;
        olds.at += has_old;
        news.at += has_new;
        old = next_of(&olds);
        new = next_of(&news);
    }
    return true;
}

static bool write_document(extract_worker *worker, const sm_document *document, const extract_record *record,
                           sm_error *error) {
    const extract_run *run = worker->run;
    diff *d = run->own;
    free(d->id);
    d->id = record->id ? strndup(record->id, record->id_len) : NULL;
    if (record->id && !d->id) return false;
    if (sm_engine_extract(d->engine, d->scanner, document, &run->options, &d->result, error) != SM_OK) return false;
    bool is_good = true;
    for (int has_links = 0; has_links <= 1 && is_good; has_links++)
        is_good = write_changes(worker, (side){d->result, 0, has_links}, (side){worker->result, 0, has_links});
    return is_good;
}

static bool write_summary(extract_run *run) {
    diff *d = run->own;
    char text[256];
    bool has_changes = d->counts[GAINED] + d->counts[LOST] + d->counts[CHANGED] > 0;
    const char *form = run->has_table ? "%llu documents: %llu gained, %llu lost, %llu changed, %llu the same\n"
                                      : "{\"documents\": %llu, \"gained\": %llu, \"lost\": %llu, \"changed\": %llu, "
                                        "\"same\": %llu}\n";
    snprintf(text, sizeof text, form, (unsigned long long)run->counts.n_good, (unsigned long long)d->counts[GAINED],
             (unsigned long long)d->counts[LOST], (unsigned long long)d->counts[CHANGED],
             (unsigned long long)d->counts[SAME]);
    if (run->has_table && has_changes
        && !(cli_table_write(&d->table, &run->output) && cli_output_text(&run->output, "\n")))
        return false;
    return cli_output_text(&run->output, text);
}

/* --- The verb ---------------------------------------------------------------------------------------------------------- */

static int run_diff(diff_values *values) {
    static const extract_verb verb = {.name = "dict diff",
                                      .read = sm_engine_extract,
                                      .count = sm_result_mention_count,
                                      .status_when_found = CLI_DONE,
                                      .write = write_document,
                                      .finish = write_summary};
    static const char *const headers[] = {"change",       "document",  "old start", "old text",
                                          "old security", "new start", "new text",  "new security"};
    diff d = {0};
    sm_error error = {0};
    int status = CLI_WRONG;
    if (!values->extract.files.n && !values->extract.files_from) {
        cli_say(verb.name, "no documents; say --on FILE; see 'stockmention %s --help'", verb.name);
        return CLI_WRONG;
    }
    values->extract.dict = values->dicts.items[1];
    if (cli_open_dict(verb.name, values->dicts.items[0], &d.dict)) {
        if (sm_engine_open(d.dict, NULL, &d.engine, &error) == SM_OK
            && sm_scanner_new(d.engine, &d.scanner, &error) == SM_OK
            && cli_table_begin(&d.table, CLI_MAX_COLUMNS, headers))
            status = extract_with(&verb, &values->extract, &d);
        else cli_say_error(verb.name, &error);
    }
    free(d.id);
    cli_table_free(&d.table);
    sm_result_free(d.result);
    sm_scanner_free(d.scanner);
    sm_engine_free(d.engine);
    sm_dict_free(d.dict);
    return status;
}

int cli_dict_diff(int argc, char **argv) {
    diff_values values = {.extract = {.format = EXTRACT_FORMAT_NOT_SAID}};
    cli_option options[1 + N_SHARED_OPTIONS] = {on_option};
    cli_usage usage = usage_without_options;
    usage.options = options;
    usage.n_options = 1 + N_SHARED_OPTIONS;
    for (size_t i = 0; i < N_SHARED_OPTIONS; i++) options[1 + i] = *cli_option_of(&extract_usage, shared_options[i]);
    cli_parse_status parsed = cli_options_parse(&usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? run_diff(&values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    extract_free_values(&values.extract);
    cli_list_free(&values.dicts);
    return status;
}
