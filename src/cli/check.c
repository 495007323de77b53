/* `stockmention check`: what contradicts in documents, which are read as extract reads them. */
#include <stdio.h>

#include "cli/extract.h"

#define AT(member) offsetof(extract_values, member)
static const cli_option options[] = {
    {"--format", "FORMAT", "auto, text, html or markdown (default: by the file's name, else auto)", AT(format),
     CLI_WORD, cli_formats},
    {"--charset", "NAME", "such as gbk or utf-16le (default: what the text is, declares or looks like)", AT(charset),
     CLI_TEXT, NULL},
    {"--ndjson", NULL, "read documents, one JSON object a line", AT(is_ndjson), CLI_FLAG, NULL},
    {"--offsets", "UNIT", "byte, codepoint or utf16: the unit of places (default: byte)", AT(offsets), CLI_WORD,
     cli_offset_units},
    {"--as-of", "DATE", "the documents' day, such as 2021-12-22 (default: the document's own)", AT(as_of), CLI_DATE,
     NULL},
    {"--skip", "WHAT,...", "do not read these elements of HTML: tag, .class or #id (default: all are read)", AT(skip),
     CLI_IDS, NULL},
    {"--json", NULL, "write JSON lines, also on a terminal", AT(is_json), CLI_FLAG, NULL},
    {"--table", NULL, "write a table, also where there is no terminal", AT(is_table), CLI_FLAG, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
};

static const cli_usage usage = {
    .verb = "check",
    .summary =
        "Finds names beside codes that are not theirs, codes that do not exist, links that go elsewhere than their\n"
        "text says, and names that the document's day rules out.",
    .operands = "[FILE...]",
    .notes =
        "Files are read as by 'stockmention extract', which tells of --ndjson too.\n"
        "Writes a table on a terminal, one JSON object a document otherwise.\n"
        "Exit status: 0 nothing was found; 1 something was, or some input was bad; 2 wrong usage or nothing could be\n"
        "read.\n",
    .example = "  stockmention check article.html\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .max_operands = UINT64_MAX,
    .operands_offset = AT(files),
};

static const char *const headers[] = {"start", "severity", "kind", "finding"};
enum { N_COLUMNS = sizeof headers / sizeof headers[0] };

static bool add_finding(extract_run *run, const sm_finding *finding) {
    char start[64];
    bool is_name_first = finding->name_end && (!finding->code_end || finding->name_start < finding->code_start);
    extract_start_text(run, finding->field, is_name_first ? finding->name_start : finding->code_start,
                       is_name_first ? finding->name_start_units : finding->code_start_units, start);
    return cli_table_add(&run->table, start) && cli_table_add(&run->table, sm_severity_word(finding->severity))
           && cli_table_add(&run->table, sm_finding_word(finding->kind))
           && cli_table_add(&run->table, finding->message);
}

static bool add_findings(extract_run *run) {
    uint32_t stride = 0;
    const char *findings = (const char *)sm_result_findings(run->result, &stride);
    if (!cli_table_begin(&run->table, N_COLUMNS, headers)) return false;
    run->table.right_aligned = 1;
    for (uint64_t i = 0; i < sm_result_finding_count(run->result); i++)
        if (!add_finding(run, (const void *)(findings + (size_t)i * stride))) return false;
    return true;
}

int cli_check(int argc, char **argv) {
    static const extract_verb verb = {.name = "check",
                                      .read = sm_check,
                                      .add_table = add_findings,
                                      .nothing = "no findings\n",
                                      .count = sm_result_finding_count,
                                      .status_when_found = CLI_BAD};
    return extract_main(&verb, &usage, argc, argv);
}
