#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"

typedef struct lookup_values {
    bool is_json, is_table;
    const char *provider, *dict;
    int32_t as_of;
    cli_list queries;
} lookup_values;

#define AT(member) offsetof(lookup_values, member)
static const cli_option options[] = {
    {"--as-of", "DATE", "how things were on that day, such as 2021-12-22 (default: as they are)", AT(as_of), CLI_DATE,
     NULL},
    {"--provider", "NAME", "whose URL is shown, or all in JSON (default: eastmoney)", AT(provider), CLI_TEXT, NULL},
    {"--json", NULL, "write JSON lines, also on a terminal", AT(is_json), CLI_FLAG, NULL},
    {"--table", NULL, "write a table, also where there is no terminal", AT(is_table), CLI_FLAG, NULL},
    {"--dict", "FILE", "a compiled dictionary (default: the one in the library)", AT(dict), CLI_TEXT, NULL},
};

static const cli_usage usage = {
    .verb = "lookup",
    .summary = "Looks a security up by id, by code in any notation, by name, or by the URL of a quote page.",
    .operands = "QUERY",
    .notes = "Writes what was found, best first: a table on a terminal, one JSON object a line otherwise.\n",
    .example =
        "  stockmention lookup 金山办公\n  stockmention lookup 00700.HK\n  stockmention lookup 'Berkshire Hathaway'\n"
        "  stockmention lookup --as-of 2019-06-30 XNAS:META\n",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .min_operands = 1,
    .max_operands = 1,
    .operands_offset = AT(queries),
};

static const char *match_word(uint32_t match) {
    static const char *const words[] = {
        [SM_MATCH_ID] = "id", [SM_MATCH_CODE] = "code", [SM_MATCH_NAME] = "name", [SM_MATCH_URL] = "url"};
    return match < sizeof words / sizeof words[0] && words[match] ? words[match] : "";
}

/* As extract writes those of a mention. */
static bool write_urls(const sm_dict *dict, const char *id, cli_output *output) {
    sm_buffer url = {0};
    sm_provider provider;
    bool is_good = cli_output_text(output, ", \"urls\": {"), is_first = true;
    for (uint32_t i = 0; is_good && sm_provider_at(dict, i, &provider) == SM_OK; i++) {
        is_good = cli_make_url(dict, id, provider.id, &url);
        if (!is_good || !url.len) continue;
        is_good = cli_output_text(output, is_first ? "" : ", ") && cli_output_json(output, provider.id)
                  && cli_output_text(output, ": ") && cli_output_json(output, url.data);
        is_first = false;
    }
    sm_buffer_free(&url);
    return is_good && cli_output_text(output, "}");
}

static bool write_json(const sm_found *found, bool has_day, const char *url, cli_output *output) {
    const struct {
        const char *key, *value;
    } members[] = {{"security", found->security.id},
                   {"issuer", found->security.issuer},
                   {"name", found->security.name},
                   {"type", found->security.type},
                   {"status", sm_security_status_word(found->security.status)},
                   {"match", match_word(found->match)},
                   {"matched", found->name},
                   {"matched_kind", found->kind},
                   {"url", url},
                   {"security_then", found->security.then},
                   {"name_then", found->name_then},
                   {"status_then", sm_security_status_word(found->status_then)}};
    enum { N_OF_DAY = 3 };
    for (size_t i = 0; i < sizeof members / sizeof members[0] - (has_day ? 0 : N_OF_DAY); i++) {
        bool is_good = cli_output_text(output, i ? ", \"" : "{\"") && cli_output_text(output, members[i].key)
                       && cli_output_text(output, "\": ");
        bool is_null = members[i].value == url && !*url;
        is_good = is_good && (is_null ? cli_output_text(output, "null") : cli_output_json(output, members[i].value));
        if (!is_good) return false;
    }
    return true;
}

static bool add_row(const sm_found *found, bool has_day, const char *url, cli_table *table) {
    const char *matched = found->match == SM_MATCH_NAME ? found->name : match_word(found->match);
    return cli_table_add(table, found->security.id)
           && (!has_day || (cli_table_add(table, found->security.then) && cli_table_add(table, found->name_then)))
           && (has_day || cli_table_add(table, found->security.name))
           && cli_table_add(table, sm_security_status_word(found->status_then)) && cli_table_add(table, matched)
           && cli_table_add(table, found->kind) && cli_table_add(table, url);
}

static bool shows_table(const lookup_values *values) {
    return values->is_table || (!values->is_json && isatty(STDOUT_FILENO));
}

static bool write_found(const lookup_values *values, const sm_dict *dict, const sm_found *found, uint64_t n,
                        cli_output *output) {
    static const char *const today[] = {"security", "name", "status", "matched", "as", "url"};
    static const char *const then[] = {"security", "then", "name then", "status then", "matched", "as", "url"};
    const bool has_day = values->as_of != 0;
    const bool has_all = cli_is_all(values->provider), has_table = shows_table(values);
    const char *provider = has_all ? NULL : values->provider;
    bool is_good = true;
    cli_table table = {0};
    sm_buffer url = {0};
    if (has_table) is_good = cli_table_begin(&table, has_day ? 7 : 6, has_day ? then : today);
    for (uint64_t i = 0; i < n && is_good; i++) {
        const char *id = found[i].security.id;
        is_good = cli_make_url(dict, id, provider, &url)
                  && (has_table ? add_row(&found[i], has_day, url.data, &table)
                                : write_json(&found[i], has_day, url.data, output)
                                      && (!has_all || write_urls(dict, id, output)) && cli_output_text(output, "}\n"));
    }
    if (has_table && is_good) is_good = cli_table_write(&table, output);
    cli_table_free(&table);
    sm_buffer_free(&url);
    return is_good;
}

/* Asks how many there are, then for all of them. @param found  the caller frees. */
static sm_status find_all(const sm_engine *engine, const char *query, int32_t as_of, sm_found **found, uint64_t *n,
                          sm_error *error) {
    sm_status status = sm_lookup(engine, query, strlen(query), as_of, NULL, 0, n, error);
    if (status != SM_OK || *n == 0) return status;
    uint64_t capacity = *n;
    *found = calloc((size_t)capacity, sizeof **found);
    if (!*found) return error->status = SM_ERR_NOMEM;
    status = sm_lookup(engine, query, strlen(query), as_of, *found, capacity, n, error);
    if (*n > capacity) *n = capacity;
    return status;
}

static int look_up(const lookup_values *values, const sm_dict *dict, const sm_engine *engine) {
    const char *query = values->queries.items[0];
    cli_output output = {0};
    sm_error error = {0};
    sm_found *found = NULL;
    uint64_t n = 0;
    int status = CLI_DONE;
    if (find_all(engine, query, values->as_of, &found, &n, &error) != SM_OK) {
        cli_say_error("lookup", &error);
        status = CLI_WRONG;
    } else if (n == 0) {
        cli_say("lookup",
                "nothing is known by '%s'; expected a name, a code such as 688111.SH, or a quote page's address",
                query);
    } else if (!write_found(values, dict, found, n, &output)) {
        cli_say("lookup", "%s", cli_no_memory);
        status = CLI_BAD;
    }
    free(found);
    return cli_output_close(&output, "lookup", status);
}

static int run_lookup(const lookup_values *values) {
    const sm_dict *dict;
    sm_engine *engine = NULL;
    sm_error error = {0};
    if (values->is_json && values->is_table) {
        cli_say("lookup", "--json and --table exclude each other; leave one of them out");
        return CLI_WRONG;
    }
    if (cli_is_all(values->provider) && shows_table(values)) {
        cli_say("lookup", "%s", cli_no_table_of_all);
        return CLI_WRONG;
    }
    if (!cli_open_dict("lookup", values->dict, &dict)) return CLI_WRONG;
    int status = CLI_WRONG;
    if (cli_check_provider("lookup", dict, values->provider)) {
        if (sm_engine_open(dict, NULL, &engine, &error) == SM_OK) status = look_up(values, dict, engine);
        else cli_say_error("lookup", &error);
    }
    sm_engine_free(engine);
    sm_dict_free(dict);
    return status;
}

int cli_lookup(int argc, char **argv) {
    lookup_values values = {0};
    cli_parse_status parsed = cli_options_parse(&usage, argc, argv, &values);
    int status = parsed == CLI_PARSED ? run_lookup(&values) : parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    cli_list_free(&values.queries);
    return status;
}
