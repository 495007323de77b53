#include "cli/extract.h"

static const char *const scopes[] = {"strict", "broad", NULL};
static const char *const kernels[] = {"auto", "c", "avx2", "avx512", "neon", NULL}; /* by SM_KERNEL_… */

#define AT(member) offsetof(extract_values, member)
static const cli_option options[] = {
    /* EXTRACT_N_COMMON_OPTIONS */
    {"--format", "FORMAT", "auto, text, html or markdown (default: by the file's name, else auto)", AT(format),
     CLI_WORD, cli_formats},
    {"--charset", "NAME", "such as gbk or utf-16le (default: what the text is, declares or looks like)", AT(charset),
     CLI_TEXT, NULL},
    {"--ndjson", NULL, "read documents, one JSON object a line", AT(is_ndjson), CLI_FLAG, NULL},
    {"--csv", "COLUMN", "read documents from CSV with a header; COLUMN has the text", AT(csv), CLI_TEXT, NULL},
    {"--files-from", "FILE", "read the files that FILE names too, one a line", AT(files_from), CLI_TEXT, NULL},
    {"--threads", "N", "threads for --ndjson and --csv; the output does not depend on them (default: 1)", AT(n_threads),
     CLI_COUNT, NULL},
    {"--output", "FILE", "write JSON lines to FILE.part, renamed when all is done; '-' is standard output", AT(output),
     CLI_TEXT, NULL},
    {"-o", "FILE", "the same", AT(output), CLI_TEXT, NULL},
    {"--resume", NULL, "with --output and the same input and options: go on after the last whole line of FILE.part",
     AT(resumes), CLI_FLAG, NULL},
    {"--rejects", "FILE", "keep bad lines there, as they were", AT(rejects), CLI_TEXT, NULL},
    {"--stats", "FILE", "write counts of documents, rejected candidates and unknown codes there, as JSON", AT(stats),
     CLI_TEXT, NULL},
    {"--offsets", "UNIT", "byte, codepoint or utf16: the unit of places (default: byte)", AT(offsets), CLI_WORD,
     cli_offset_units},
    {"--as-of", "DATE", "the documents' day, such as 2021-12-22 (default: the document's own)", AT(as_of), CLI_DATE,
     NULL},
    {"--skip", "WHAT,...", "do not read these elements of HTML: tag, .class or #id (default: all are read)", AT(skip),
     CLI_IDS, NULL},
    {"--json", NULL, "write JSON lines, also on a terminal", AT(is_json), CLI_FLAG, NULL},
    {"--table", NULL, "write a table, also where there is no terminal", AT(is_table), CLI_FLAG, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
    /* Of mentions */
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
    {"--max-mentions", "N", "report no more mentions of a document (default: no limit)", AT(max_mentions), CLI_COUNT,
     NULL},
    {"--max-bytes", "N", "read no more of a document (default: no limit)", AT(max_bytes), CLI_COUNT, NULL},
    {"--max-depth", "N", "elements of HTML in elements; deeper ones are as if they were not there (default: 65536)",
     AT(max_depth), CLI_COUNT, NULL},
    {"--max-steps", "N", "bytes and candidates of a document; the rest is not looked at (default: no limit)",
     AT(max_steps), CLI_COUNT, NULL},
    {"--context-bytes", "N", "what stands further from a mention says nothing of it (default: nothing is too far)",
     AT(context_bytes), CLI_COUNT, NULL},
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
        "its format is text unless it or --format says another. Where it is no UTF-8 it is made that of its charset, else\n"
        "of --charset, else of what it looks like, before it is read: columns are named, places counted and all of it\n"
        "written in UTF-8.\n"
        "Columns of --csv with these names mean the same; without a column id the row's number is the id. Other keys and\n"
        "columns come out as they are under \"other\". A bad line is reported and passed over.\n"
        "A date is 2021-12-22 with -, /, . or 年 and 月 between, month and day in one digit or two (2021/1/5), or 20211222;\n"
        "in a line or row a time of day may follow.\n"
        "Limits that a document reached stand under \"limits\" of its JSON, and how far it was read under \"read_bytes\".\n"
        "Ctrl-C ends after what was read. Then --resume goes on.\n",
    .example = "  stockmention extract --as-of 2021-12-22 article.md\n"
               "  stockmention extract --ndjson --offsets codepoint news.jsonl > mentions.jsonl\n"
               "  stockmention extract --ndjson --threads 8 -o mentions.jsonl --rejects bad.jsonl news.jsonl\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .max_operands = UINT64_MAX,
    .operands_offset = AT(files),
};

int cli_extract(int argc, char **argv) {
    static const extract_verb verb = {.name = "extract",
                                      .read = sm_engine_extract,
                                      .has_batches = true,
                                      .add_table = extract_add_mentions,
                                      .nothing = "no mentions\n",
                                      .count = sm_result_mention_count,
                                      .status_when_found = CLI_DONE};
    return extract_main(&verb, &extract_usage, argc, argv);
}
