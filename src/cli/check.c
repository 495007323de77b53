/* `stockmention check`: what contradicts in documents, which are read as extract reads them. */
#include <stdio.h>

#include "cli/extract.h"

static const char *const headers[] = {"start", "severity", "kind", "finding"};
enum { N_COLUMNS = sizeof headers / sizeof headers[0] };

static bool add_finding(extract_worker *worker, const sm_finding *finding) {
    char start[64];
    bool is_name_first = finding->name_end && (!finding->code_end || finding->name_start < finding->code_start);
    extract_start_text(worker->run, finding->field, is_name_first ? finding->name_start : finding->code_start,
                       is_name_first ? finding->name_start_units : finding->code_start_units, start);
    return cli_table_add(&worker->table, start) && cli_table_add(&worker->table, sm_severity_word(finding->severity))
           && cli_table_add(&worker->table, sm_finding_word(finding->kind))
           && cli_table_add(&worker->table, finding->message);
}

static bool add_findings(extract_worker *worker) {
    if (!cli_table_begin(&worker->table, N_COLUMNS, headers)) return false;
    worker->table.right_aligned = 1;
    for (uint64_t i = 0; i < sm_result_finding_count(worker->result); i++)
        if (!add_finding(worker, sm_result_finding_at(worker->result, i))) return false;
    return true;
}

int cli_check(int argc, char **argv) {
    static const extract_verb verb = {.name = "check",
                                      .read = sm_check,
                                      .add_table = add_findings,
                                      .nothing = "no findings\n",
                                      .count = sm_result_finding_count,
                                      .status_when_found = CLI_BAD};
    cli_usage usage = extract_usage;
    usage.n_options = EXTRACT_N_COMMON_OPTIONS;
    usage.verb = verb.name;
    usage.summary =
        "Finds names beside codes that are not theirs, codes that do not exist, links that go elsewhere than their\n"
        "text says, and names that the document's day rules out.";
    usage.notes =
        "Files are read as by 'stockmention extract', which tells of --ndjson and --csv too.\n"
        "Writes a table on a terminal, one JSON object a document otherwise.\n"
        "Exit status: 0 nothing was found; 1 something was, or some input was bad; 2 wrong usage or nothing could be\n"
        "read.\n";
    usage.example = "  stockmention check article.html\n";
    return extract_main(&verb, &usage, argc, argv);
}
