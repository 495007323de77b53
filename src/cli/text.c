#include "cli/options.h"

typedef struct text_values {
    uint32_t format;
    const char *charset;
    cli_list skip, files;
} text_values;

#define AT(member) offsetof(text_values, member)
static const cli_option options[] = {
    {"--format", "FORMAT", "auto, text, html or markdown (default: by the file's name, else auto)", AT(format),
     CLI_WORD, cli_formats},
    {"--charset", "NAME", "such as gbk or utf-16le (default: what the text is, declares or looks like)", AT(charset),
     CLI_TEXT, NULL},
    {"--skip", "WHAT,...", "do not read these elements of HTML: tag, .class or #id (default: all are read)", AT(skip),
     CLI_IDS, NULL},
};

static const cli_usage usage = {
    .verb = "text",
    .summary = "Prints what of a document is scanned, with its places in the source.",
    .operands = "[FILE]",
    .notes =
        "Writes a JSON object for each run of text that a reader sees as one stretch (a paragraph, a heading, a table "
        "cell):\n"
        "  {\"text\": \"…\", \"region\": \"body\", \"pieces\": [[start in text, source start, source end], …]}, in bytes.\n"
        "Reads standard input where no file is named ('-' names it too).\n",
    .example = "  stockmention text article.html\n  stockmention text --format markdown < article.md\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .max_operands = 1,
    .operands_offset = AT(files),
};

static int write_text(const text_values *values) {
    const char *path = values->files.n ? values->files.items[0] : "-";
    cli_output output = {0};
    sm_buffer bytes = {0};
    sm_document document;
    sm_extract_options how;
    sm_text *text = NULL;
    sm_error error = {0};
    int status = CLI_WRONG;
    sm_extract_options_init(&how, sizeof how);
    how.skip = (const char *const *)values->skip.items;
    how.n_skip = values->skip.n;
    if (cli_read_document("text", path, values->format, values->charset, &bytes, &document)) {
        bool is_good = sm_text_read_with(&document, &how, &text, &error) == SM_OK
                       && sm_text_json(text, &output.buffer, &error) == SM_OK;
        if (is_good) status = CLI_DONE;
        else cli_say("text", "%s: %s", cli_place_of(path), error.message);
    }
    sm_text_free(text);
    sm_buffer_free(&bytes);
    return cli_output_close(&output, "text", status);
}

int cli_text(int argc, char **argv) {
    text_values values = {0};
    cli_parse_status parsed = cli_options_parse(&usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? write_text(&values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    cli_list_free(&values.skip);
    cli_list_free(&values.files);
    return status;
}
