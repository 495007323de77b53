#include <string.h>
#include <unistd.h>

#include "cli/options.h"

typedef struct link_values {
    const char *provider, *dict;
    cli_list ids;
} link_values;

#define AT(member) offsetof(link_values, member)
static const cli_option options[] = {
    {"--provider", "NAME", "whose URL, or all (default: eastmoney)", AT(provider), CLI_TEXT, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
};

static const cli_usage usage = {
    .verb = "link",
    .summary = "Prints the URL of a security's quote page.",
    .operands = "ID",
    .notes = "With '--provider all' a line for each provider that has a page: its name, a tab, the URL.\n",
    .example = "  stockmention link XSHG:688111\n  stockmention link XNAS:AAPL --provider all\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .min_operands = 1,
    .max_operands = 1,
    .operands_offset = AT(ids),
};

/* @param has_any  receives whether any provider has a page. */
static bool write_all_urls(const sm_dict *dict, const char *id, cli_output *output, bool *has_any) {
    static const char *const headers[] = {"provider", "url"};
    bool has_table = isatty(STDOUT_FILENO);
    cli_table table = {0};
    sm_buffer url = {0};
    sm_provider provider;
    bool is_good = cli_table_begin(&table, 2, headers);
    for (uint32_t i = 0; is_good && sm_provider_at(dict, i, &provider) == SM_OK; i++) {
        is_good = cli_make_url(dict, id, provider.id, &url);
        if (!is_good || !url.len) continue;
        *has_any = true;
        is_good = has_table ? cli_table_add(&table, provider.id) && cli_table_add(&table, url.data)
                            : cli_output_text(output, provider.id) && cli_output_text(output, "\t")
                                  && cli_output_text(output, url.data) && cli_output_text(output, "\n");
    }
    if (is_good && has_table && *has_any) is_good = cli_table_write(&table, output);
    cli_table_free(&table);
    sm_buffer_free(&url);
    return is_good;
}

static int write_links(const sm_dict *dict, const link_values *values) {
    const char *id = values->ids.items[0];
    bool is_all = cli_is_all(values->provider), has_any = false;
    cli_output output = {0};
    sm_buffer url = {0};
    sm_error error = {.status = SM_ERR_NOMEM};
    bool is_good = !is_all || write_all_urls(dict, id, &output, &has_any);
    /* Where nobody has a page, the library's message says whether that is for want of a security. */
    if (is_good && !has_any)
        is_good = sm_link(dict, id, is_all ? NULL : values->provider, &url, &error) == SM_OK
                  && cli_output_append(&output, url.data, (size_t)url.len) && cli_output_text(&output, "\n");
    if (!is_good) cli_say_error("link", &error);
    sm_buffer_free(&url);
    return cli_output_close(&output, "link", is_good ? CLI_DONE : CLI_BAD);
}

static int run_link(const link_values *values) {
    const sm_dict *dict;
    if (!cli_open_dict("link", values->dict, &dict)) return CLI_WRONG;
    int status = cli_check_provider("link", dict, values->provider) ? write_links(dict, values) : CLI_WRONG;
    sm_dict_free(dict);
    return status;
}

int cli_link(int argc, char **argv) {
    link_values values = {0};
    cli_parse_status parsed = cli_options_parse(&usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? run_link(&values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    cli_list_free(&values.ids);
    return status;
}
