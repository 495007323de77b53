/* Options as rows of a table: what --help prints is what is read. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cli.h"

typedef struct cli_list {
    char **items; /* each is NUL-terminated and owned by the list */
    uint64_t n, capacity;
} cli_list;

/* What an option's value is read into, at `offset` of the verb's struct of values. */
typedef enum {
    CLI_FLAG,     /* bool; takes no value */
    CLI_TEXT,     /* const char *: the argument itself */
    CLI_WORD,     /* uint32_t: the place of the value in `words` */
    CLI_DATE,     /* int32_t: yyyymmdd */
    CLI_FRACTION, /* uint16_t: of 65535, never 0 */
    CLI_COUNT,    /* uint64_t, from 1 */
    CLI_IDS,      /* cli_list: parted by commas; may be given again */
    CLI_PATHS     /* cli_list: one value each time it is given */
} cli_kind;

typedef struct cli_option {
    const char *name;  /* "--as-of" or "-o" */
    const char *value; /* as help shows it: "DATE"; NULL for flags */
    const char *help;  /* with the default */
    size_t offset;
    cli_kind kind;
    const char *const *words; /* of CLI_WORD: ends with NULL */
} cli_option;

typedef struct cli_usage {
    const char *verb;     /* "dict build" */
    const char *summary;  /* one sentence */
    const char *operands; /* as help shows them: "[FILE...]" */
    const char *notes;    /* more lines for help, each with its line end; may be "" */
    const char *example;  /* lines, each with its line end */
    const cli_option *options;
    size_t n_options;
    uint64_t min_operands, max_operands;
    size_t operands_offset; /* a cli_list in the verb's struct */
} cli_usage;

typedef enum { CLI_PARSED, CLI_HELPED, CLI_MISUSED } cli_parse_status;

/* Reads argv[1..] into `values`. `--name=value` and `--name value` are the same; "--" ends the options; "-" is an
 * operand. HELPED: help was printed. MISUSED: one line on standard error said what to do. */
cli_parse_status cli_options_parse(const cli_usage *usage, int argc, char **argv, void *values);
/* The option of that name, which `usage` must have. */
const cli_option *cli_option_of(const cli_usage *usage, const char *name);
void cli_list_free(cli_list *list);

#endif
