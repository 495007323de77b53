#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/options.h"

/* --- build and check ------------------------------------------------------------------------------------------------- */

typedef struct build_values {
    const char *base, *out;
    int32_t as_of;
    cli_list paths; /* --add and operands alike, in the order in which they were given */
} build_values;

#define AT(member) offsetof(build_values, member)
static const cli_option build_options[] = {
    {"--base", "FILE", "a dictionary to lay the tables over: default, none or a file (default: none)", AT(base),
     CLI_TEXT, NULL},
    {"--add", "PATH", "a folder of tables or a .tsv file; may be given again, as PATH may", AT(paths), CLI_PATHS, NULL},
    {"--as-of", "DATE", "the day that the tables are of (default: the base's)", AT(as_of), CLI_DATE, NULL},
    {"--output", "FILE", "where to write the dictionary (needed)", AT(out), CLI_TEXT, NULL},
    {"-o", "FILE", "the same", AT(out), CLI_TEXT, NULL},
};

static const cli_usage build_usage = {
    .verb = "dict build",
    .summary = "Compiles TSV tables into a dictionary file.",
    .operands = "[PATH...]",
    .notes = "Reports every problem with its file and line. The file is replaced at once or not at all.\n",
    .example = "  stockmention dict build --base default --add my-names.tsv -o my.smd\n"
               "  stockmention extract --dict my.smd article.html\n",
    .options = build_options,
    .n_options = sizeof build_options / sizeof build_options[0],
    .max_operands = UINT64_MAX,
    .operands_offset = AT(paths),
};

static const cli_usage check_usage = {
    .verb = "dict check",
    .summary = "Checks TSV tables as 'dict build' does, and writes nothing.",
    .operands = "[PATH...]",
    .notes = "",
    .example = "  stockmention dict check --base default my-names.tsv\n",
    .options = build_options,
    .n_options = sizeof build_options / sizeof build_options[0] - 2, /* all but the output */
    .max_operands = UINT64_MAX,
    .operands_offset = AT(paths),
};

static void print_sizes(const char *name, const sm_dict_info *info) {
    printf("%s: %s, %llu securities of %llu issuers, %llu names, %llu bytes\n", name, info->version,
           (unsigned long long)info->n_securities, (unsigned long long)info->n_issuers,
           (unsigned long long)info->n_names, (unsigned long long)info->size);
}

/* The file is opened again as a user would: what cannot be opened was not built. What went through a pipe is gone. */
static bool print_built(const char *verb, const char *path) {
    const sm_dict *dict;
    sm_dict_info info = {.struct_size = sizeof info};
    if (cli_target_is_stream(path)) return true;
    if (!cli_open_dict(verb, path, &dict)) return false;
    bool is_good = sm_dict_describe(dict, &info) == SM_OK;
    if (is_good) print_sizes(path, &info);
    sm_dict_free(dict);
    return is_good;
}

static int build(const char *verb, const build_values *values, const sm_dict *base) {
    sm_build_options options;
    sm_buffer compiled = {0}, report = {0};
    sm_error error = {0};
    sm_build_options_init(&options, sizeof options);
    options.as_of = values->as_of;
    options.base = base;
    options.paths = (const char *const *)values->paths.items;
    options.n_paths = values->paths.n;
    sm_status built = sm_dict_build(&options, values->out ? &compiled : NULL, &report, &error);
    if (report.len) fwrite(report.data, 1, (size_t)report.len, stderr);
    int status = CLI_DONE;
    if (built == SM_ERR_TABLE) {
        status = CLI_BAD;
    } else if (built != SM_OK) {
        status = CLI_WRONG;
    } else if (values->out) {
        bool is_written = cli_write_file(verb, values->out, &compiled);
        sm_buffer_free(&compiled); /* before it is there once more */
        bool is_good = is_written && print_built(verb, values->out);
        status = is_good ? CLI_DONE : CLI_BAD;
    } else {
        puts(report.len ? "no errors" : "no problems");
    }
    /* The report has every problem of a table or file; of other failures the error alone tells. */
    bool is_told = report.len && (built == SM_ERR_TABLE || built == SM_ERR_IO);
    if (built != SM_OK && !is_told) cli_say_error(verb, &error);
    sm_buffer_free(&compiled);
    sm_buffer_free(&report);
    return status;
}

static int run_build(const char *verb, const build_values *values) {
    const sm_dict *base = NULL;
    bool has_base = values->base && strcmp(values->base, "none") != 0;
    if (!values->paths.n) {
        cli_say(verb, "no tables; expected a folder of tables or a .tsv file; see 'stockmention %s --help'", verb);
        return CLI_WRONG;
    }
    if (!has_base && !values->as_of) {
        cli_say(verb, "no day; say --as-of DATE, the day that the tables are of, or name a --base");
        return CLI_WRONG;
    }
    if (!cli_check_target(verb, values->out)) return CLI_WRONG;
    if (has_base && !cli_open_dict(verb, values->base, &base)) return CLI_WRONG;
    int status = build(verb, values, base);
    sm_dict_free(base);
    return status;
}

static int build_or_check(const cli_usage *usage, int argc, char **argv) {
    build_values values = {0};
    bool is_build = usage == &build_usage;
    cli_parse_status parsed = cli_options_parse(usage, argc, argv, &values);
    int status = parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    if (parsed == CLI_PARSED && is_build && !values.out)
        cli_say(usage->verb, "no output file; say -o FILE; see 'stockmention %s --help'", usage->verb);
    else if (parsed == CLI_PARSED) status = run_build(usage->verb, &values);
    cli_list_free(&values.paths);
    return status;
}

static int run_dict_build(int argc, char **argv) {
    return build_or_check(&build_usage, argc, argv);
}
static int run_dict_check(int argc, char **argv) {
    return build_or_check(&check_usage, argc, argv);
}

/* --- info ------------------------------------------------------------------------------------------------------------ */

typedef struct info_values {
    bool is_json;
    uint64_t max_age; /* days; 0: any */
    cli_list paths;
} info_values;

static const cli_option info_options[] = {
    {"--json", NULL, "write one JSON object instead of text", offsetof(info_values, is_json), CLI_FLAG, NULL},
    {"--max-age", "DAYS", "say so and end with 1 when the tables are older than that (default: any age is good)",
     offsetof(info_values, max_age), CLI_COUNT, NULL},
};

static const cli_usage info_usage = {
    .verb = "dict info",
    .summary = "Describes a dictionary: its version, day, counts and size.",
    .operands = "[FILE]",
    .notes = "Without FILE the dictionary in the library. 'python3 -m stockmention.refresh' makes newer ones.\n",
    .example = "  stockmention dict info\n  stockmention dict info --json --max-age 180 my.smd\n",
    .options = info_options,
    .n_options = sizeof info_options / sizeof info_options[0],
    .max_operands = 1,
    .operands_offset = offsetof(info_values, paths),
};

static void print_info(const sm_dict_info *info, bool is_json) {
    char as_of[24], hash[24];
    snprintf(as_of, sizeof as_of, "%04d-%02d-%02d", info->as_of / 10000, info->as_of / 100 % 100, info->as_of % 100);
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)info->hash);
    const struct {
        const char *key, *text;
        uint64_t number;
    } rows[] = {{"version", info->version, 0},
                {"as_of", as_of, 0},
                {"format", NULL, info->format_version},
                {"hash", hash, 0},
                {"bytes", NULL, info->size},
                {"securities", NULL, info->n_securities},
                {"issuers", NULL, info->n_issuers},
                {"names", NULL, info->n_names},
                {"surfaces", NULL, info->n_surfaces},
                {"notations", NULL, info->n_notations},
                {"providers", NULL, info->n_providers}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *quote = is_json && rows[i].text ? "\"" : "";
        if (is_json) printf("%s\"%s\": ", i ? ", " : "{", rows[i].key);
        else printf("%-12s", rows[i].key);
        if (rows[i].text) printf("%s%s%s", quote, rows[i].text, quote);
        else printf("%llu", (unsigned long long)rows[i].number);
        if (!is_json) putchar('\n');
    }
    if (is_json) puts("}");
}

/* Whole days from a day to today, by the local calendar. */
static int64_t days_since(int32_t day) {
    const time_t now = time(NULL);
    struct tm today = {0}, then = {.tm_year = day / 10000 - 1900, .tm_mon = day / 100 % 100 - 1, .tm_mday = day % 100};
    if (!localtime_r(&now, &today)) return 0;
    today = (struct tm){.tm_year = today.tm_year, .tm_mon = today.tm_mon, .tm_mday = today.tm_mday};
    today.tm_hour = then.tm_hour = 12; /* of noons none lies beyond an hour that a summer adds or takes */
    today.tm_isdst = then.tm_isdst = -1;
    enum { HALF_A_DAY = 12 * 3600 };
    return ((int64_t)mktime(&today) - (int64_t)mktime(&then) + HALF_A_DAY) / (2 * HALF_A_DAY);
}

static bool is_stale(const sm_dict_info *info, const info_values *values) {
    int64_t age = days_since(info->as_of);
    if (!values->max_age || age <= 0 || (uint64_t)age <= values->max_age) return false;
    cli_say("dict info",
            "the tables of %s are %lld days old, more than %llu; get a newer dictionary, or make one with "
            "'python3 -m stockmention.refresh'",
            info->version, (long long)age, (unsigned long long)values->max_age);
    return true;
}

static int run_dict_info(int argc, char **argv) {
    info_values values = {0};
    const sm_dict *dict = NULL;
    sm_dict_info info = {.struct_size = sizeof info};
    cli_parse_status parsed = cli_options_parse(&info_usage, argc, argv, &values);
    int status = parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    if (parsed == CLI_PARSED && cli_open_dict("dict info", values.paths.n ? values.paths.items[0] : NULL, &dict)
        && sm_dict_describe(dict, &info) == SM_OK) {
        print_info(&info, values.is_json);
        status = is_stale(&info, &values) ? CLI_BAD : CLI_DONE;
    }
    sm_dict_free(dict);
    cli_list_free(&values.paths);
    return status;
}

/* --- dump ------------------------------------------------------------------------------------------------------------ */

typedef struct dump_values {
    cli_list operands;
} dump_values;

static const cli_usage dump_usage = {
    .verb = "dict dump",
    .summary =
        "Writes one table of a dictionary as TSV, such that building from all of them gives the same dictionary.",
    .operands = "[FILE] TABLE",
    .notes =
        "Without FILE the dictionary in the library. TABLE is one of securities, names, mics, notations, providers,\n"
        "context, variants and lexicon.\n",
    .example = "  stockmention dict dump names > names.tsv\n  stockmention dict dump my.smd securities\n",
    .min_operands = 1,
    .max_operands = 2,
    .operands_offset = offsetof(dump_values, operands),
};

static int dump(const sm_dict *dict, const char *table) {
    cli_output output = {0};
    sm_error error = {0};
    int status = CLI_DONE;
    if (sm_dict_dump(dict, table, &output.buffer, &error) != SM_OK) {
        cli_say_error("dict dump", &error);
        output.buffer.len = 0;
        status = CLI_WRONG;
    }
    return cli_output_close(&output, "dict dump", status);
}

static int run_dict_dump(int argc, char **argv) {
    dump_values values = {0};
    const sm_dict *dict = NULL;
    cli_parse_status parsed = cli_options_parse(&dump_usage, argc, argv, &values);
    int status = parsed == CLI_HELPED ? CLI_DONE : CLI_WRONG;
    bool has_file = values.operands.n == 2;
    if (parsed == CLI_PARSED && cli_open_dict("dict dump", has_file ? values.operands.items[0] : NULL, &dict))
        status = dump(dict, values.operands.items[has_file]);
    sm_dict_free(dict);
    cli_list_free(&values.operands);
    return status;
}

/* --- The verbs of dict ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} verbs[] = {
    {"build", run_dict_build, "compile tables into a dictionary file"},
    {"check", run_dict_check, "report every problem in tables"},
    {"info", run_dict_info, "describe a dictionary"},
    {"dump", run_dict_dump, "write a table of a dictionary as TSV"},
    {"diff", cli_dict_diff, "show which mentions a new dictionary gains, loses and changes in a corpus"},
};

static void print_help(void) {
    puts(
        "Usage: stockmention dict VERB [options] [arguments]\n\nBuilds, checks, describes, dumps and compares dictionaries.\n\nVerbs:");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) printf("  %-9s %s\n", verbs[i].name, verbs[i].summary);
    puts("\n'stockmention dict VERB --help' tells a verb's options.\n\nExample:\n  stockmention dict info");
}

int cli_dict(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        print_help();
        return CLI_DONE;
    }
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, argv[1]) == 0) return verbs[i].run(argc - 1, argv + 1);
    if (argc > 1) cli_say("dict", "unknown verb '%s'; expected build, check, info, dump or diff", argv[1]);
    else cli_say("dict", "a verb is missing; expected build, check, info, dump or diff");
    return CLI_WRONG;
}
