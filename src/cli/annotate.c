#include "cli/options.h"

typedef struct annotate_values {
    uint32_t style, format;
    int32_t as_of;
    uint16_t min_confidence;
    bool is_all, is_added, skips_headings;
    uint64_t most;
    const char *charset, *provider, *url, *class_name, *rel, *target, *dict, *output;
    cli_list skip, files;
} annotate_values;

static const char *const styles[] = {"link", "eastmoney", "markdown",
                                     "ansi", "report",    NULL}; /* in the order of SM_STYLE_… */

#define AT(member) offsetof(annotate_values, member)
static const cli_option options[] = {
    {"--style", "STYLE", "link, eastmoney, markdown, ansi or report (default: link)", AT(style), CLI_WORD, styles},
    {"--format", "FORMAT", "auto, text, html or markdown (default: by the file's name, else auto)", AT(format),
     CLI_WORD, cli_formats},
    {"--charset", "NAME", "such as gbk or utf-16le (default: what the text is, declares or looks like)", AT(charset),
     CLI_TEXT, NULL},
    {"--all", NULL, "mark every mention (default: the first of each security)", AT(is_all), CLI_FLAG, NULL},
    {"--most", "N", "no more links than N, with those that the page has (default: no limit)", AT(most), CLI_COUNT,
     NULL},
    {"--min-confidence", "X", "a number from 0 to 1; leave out mentions that are less sure (default and least: 0.5)",
     AT(min_confidence), CLI_FRACTION, NULL},
    {"--no-headings", NULL, "mark nothing in headings", AT(skips_headings), CLI_FLAG, NULL},
    {"--skip", "WHAT,...", "mark nothing in these elements of HTML: tag, .class or #id (default: none)", AT(skip),
     CLI_IDS, NULL},
    {"--add", NULL, "style eastmoney: also to a page that has such markup already", AT(is_added), CLI_FLAG, NULL},
    {"--provider", "NAME", "whose pages (default: eastmoney)", AT(provider), CLI_TEXT, NULL},
    {"--url", "TEMPLATE", "an address (http or https) with {mic}, {code} or {id} instead of a provider's", AT(url),
     CLI_TEXT, NULL},
    {"--class", "WORDS", "style link: the links' class (default: none)", AT(class_name), CLI_TEXT, NULL},
    {"--rel", "WORDS", "style link: the links' rel (default: none)", AT(rel), CLI_TEXT, NULL},
    {"--target", "NAME", "style link: the links' target (default: none)", AT(target), CLI_TEXT, NULL},
    {"--as-of", "DATE", "the document's day, such as 2021-12-22 (default: its own)", AT(as_of), CLI_DATE, NULL},
    {"--output", "FILE", "where to (default: standard output)", AT(output), CLI_TEXT, NULL},
    {"-o", "FILE", "the same", AT(output), CLI_TEXT, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
};

static const cli_usage usage = {
    .verb = "annotate",
    .summary = "Writes a page with its stock mentions marked; bytes are inserted, none is changed.",
    .operands = "[FILE]",
    .notes =
        "Nothing is marked inside links, buttons, code, titles and front matter, nor in navigation and footers. Links\n"
        "to quote pages that the page has already count, so that a second run changes nothing.\n"
        "Style report writes a page of its own: the text, its mentions, and what they are.\n"
        "Reads standard input where no file is named ('-' names it too).\n",
    .example = "  stockmention annotate --style eastmoney article.html > annotated.html\n"
               "  stockmention annotate --style report --output report.html article.html\n"
               "  stockmention annotate --url 'https://example.com/stocks/{mic}/{code}' --rel nofollow article.html\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .max_operands = 1,
    .operands_offset = AT(files),
};

static bool annotate(const annotate_values *values, const sm_dict *dict, const sm_document *document,
                     sm_buffer *annotated, sm_error *error) {
    sm_engine *engine = NULL;
    sm_extract_options which;
    sm_annotate_options how;
    sm_extract_options_init(&which, sizeof which);
    which.as_of = values->as_of;
    which.min_confidence = values->min_confidence;
    which.skip = (const char *const *)values->skip.items;
    which.n_skip = values->skip.n;
    sm_annotate_options_init(&how, sizeof how);
    how.style = values->style;
    how.flags = (values->is_all ? SM_ANNOTATE_ALL : 0u) | (values->is_added ? SM_ANNOTATE_ADD : 0u)
                | (values->skips_headings ? SM_ANNOTATE_SKIP_HEADINGS : 0u);
    how.max_links = values->most;
    how.provider = values->provider;
    how.url = values->url;
    how.class_name = values->class_name;
    how.rel = values->rel;
    how.target = values->target;
    bool is_good = sm_engine_open(dict, NULL, &engine, error) == SM_OK
                   && sm_engine_annotate(engine, NULL, document, &which, &how, annotated, error) == SM_OK;
    sm_engine_free(engine);
    return is_good;
}

/* Takes what was annotated over. */
static int write_annotated(const annotate_values *values, sm_buffer *annotated) {
    if (values->output) return cli_write_file("annotate", values->output, annotated) ? CLI_DONE : CLI_BAD;
    cli_output output = {.buffer = *annotated};
    *annotated = (sm_buffer){0};
    return cli_output_close(&output, "annotate", CLI_DONE);
}

static int run_annotate(const annotate_values *values) {
    const char *path = values->files.n ? values->files.items[0] : "-";
    const sm_dict *dict;
    sm_buffer bytes = {0}, annotated = {0};
    sm_document document;
    sm_error error = {0};
    int status = CLI_WRONG;
    if (!cli_check_target("annotate", values->output) || !cli_open_dict("annotate", values->dict, &dict))
        return CLI_WRONG;
    if (cli_check_provider("annotate", dict, values->provider)
        && cli_read_document("annotate", path, values->format, values->charset, &bytes, &document)) {
        if (annotate(values, dict, &document, &annotated, &error)) status = write_annotated(values, &annotated);
        else cli_say("annotate", "%s: %s", cli_place_of(path), error.message);
    }
    sm_buffer_free(&bytes);
    sm_buffer_free(&annotated);
    sm_dict_free(dict);
    return status;
}

int cli_annotate(int argc, char **argv) {
    annotate_values values = {0};
    cli_parse_status parsed = cli_options_parse(&usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? run_annotate(&values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    cli_list_free(&values.skip);
    cli_list_free(&values.files);
    return status;
}
