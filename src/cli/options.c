#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

/* --- Values ---------------------------------------------------------------------------------------------------------- */

static bool list_add(cli_list *list, const char *bytes, size_t len) {
    if (list->n == list->capacity) {
        uint64_t capacity = list->capacity ? 2 * list->capacity : 8;
        char **grown = realloc(list->items, (size_t)capacity * sizeof *grown);
        if (!grown) return false;
        list->items = grown;
        list->capacity = capacity;
    }
    char *copy = strndup(bytes, len);
    if (!copy) return false;
    list->items[list->n++] = copy;
    return true;
}

void cli_list_free(cli_list *list) {
    for (uint64_t i = 0; i < list->n; i++) free(list->items[i]);
    free(list->items);
    *list = (cli_list){0};
}

/* How many numbers there are in a text. */
static int count_numbers(const char *text) {
    int n = 0;
    for (bool was_digit = false; *text; text++) {
        bool is_digit = *text >= '0' && *text <= '9';
        n += is_digit && !was_digit;
        was_digit = is_digit;
    }
    return n;
}

/* Of a record a time of day is passed over; whoever writes one here, or two days, would think that it counts. */
static bool read_date(const char *text, int32_t *date) {
    static const char end[] = "日";
    size_t len = strlen(text), end_len = sizeof end - 1;
    int n = count_numbers(text);
    *date = sm_date_parse(text, len);
    if (len > end_len && memcmp(text + len - end_len, end, end_len) == 0) len -= end_len;
    return *date && (n == 1 || n == 3) && len && text[len - 1] >= '0' && text[len - 1] <= '9';
}

/* A decimal from 0 to 1, without the locale. More digits than matter are read and dropped. */
static bool read_fraction(const char *text, uint16_t *of_65535) {
    uint64_t number = 0, scale = 1;
    const char *at = text;
    if (*at != '0' && *at != '1') return false;
    number = (uint64_t)(*at++ - '0');
    if (*at == '.' && at[1])
        for (at++; *at >= '0' && *at <= '9'; at++) {
            if (scale >= UINT64_C(1000000000)) continue;
            number = number * 10 + (uint64_t)(*at - '0');
            scale *= 10;
        }
    if (*at || number > scale) return false;
    uint64_t rounded = (number * 65535 + scale / 2) / scale;
    *of_65535 = (uint16_t)(rounded ? rounded : 1); /* 0 is the library's word for its own threshold */
    return true;
}

static bool read_count(const char *text, uint64_t *count) {
    *count = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9' || *count > UINT64_MAX / 10 - 1) return false;
        *count = *count * 10 + (uint64_t)(*at - '0');
    }
    return *count > 0;
}

/* An empty item is a slip of the keyboard; it would be an unknown id to the library. */
static bool read_ids(const char *text, cli_list *list) {
    while (*text) {
        size_t len = strcspn(text, ",");
        if (len && !list_add(list, text, len)) return false;
        text += len + (text[len] == ',');
    }
    return true;
}

static const char *kind_hint(const cli_option *option) {
    switch (option->kind) {
    case CLI_DATE: return "a day such as 2021-12-22, 2021/1/5 or 20211222";
    case CLI_FRACTION: return "a number from 0 to 1";
    case CLI_COUNT: return "a number from 1 on";
    default: return option->help;
    }
}

static bool read_word(const char *const *words, const char *text, uint32_t *place) {
    for (uint32_t i = 0; words[i]; i++) {
        if (strcmp(words[i], text) != 0) continue;
        *place = i;
        return true;
    }
    return false;
}

/* @return false when the text is no such value. */
static bool read_value(const cli_option *option, const char *text, void *values, bool *is_out_of_memory) {
    void *to = (char *)values + option->offset;
    switch (option->kind) {
    case CLI_FLAG: *(bool *)to = true; return true;
    case CLI_TEXT: *(const char **)to = text; return *text != '\0';
    case CLI_WORD: return read_word(option->words, text, to);
    case CLI_DATE: return read_date(text, to);
    case CLI_FRACTION: return read_fraction(text, to);
    case CLI_COUNT: return read_count(text, to);
    case CLI_IDS: *is_out_of_memory = !read_ids(text, to); return *text != '\0';
    case CLI_PATHS: *is_out_of_memory = !list_add(to, text, strlen(text)); return *text != '\0';
    }
    return false;
}

/* --- Help ------------------------------------------------------------------------------------------------------------ */

static void print_help_row(const char *name, const char *value, const char *help) {
    int width = printf("  %s%s%s", name, value ? " " : "", value ? value : "");
    printf("%*s%s\n", width < 26 ? 26 - width : 2, "", help);
}

static void print_help(const cli_usage *usage) {
    printf("Usage: stockmention %s [options] %s\n\n%s\n\nOptions:\n", usage->verb, usage->operands, usage->summary);
    for (size_t i = 0; i < usage->n_options; i++)
        print_help_row(usage->options[i].name, usage->options[i].value, usage->options[i].help);
    print_help_row("--help", NULL, "print this and end");
    printf("\n%s%sExample:\n%s", usage->notes, *usage->notes ? "\n" : "", usage->example);
}

/* --- Arguments ------------------------------------------------------------------------------------------------------- */

static const cli_option *find_option(const cli_usage *usage, const char *argument, size_t len) {
    for (size_t i = 0; i < usage->n_options; i++)
        if (strlen(usage->options[i].name) == len && memcmp(usage->options[i].name, argument, len) == 0)
            return &usage->options[i];
    return NULL;
}

const cli_option *cli_option_of(const cli_usage *usage, const char *name) {
    return find_option(usage, name, strlen(name));
}

static cli_parse_status misused(const cli_usage *usage, const char *format, const char *what, const char *expected) {
    char message[512];
    snprintf(message, sizeof message, format, what, expected);
    cli_say(usage->verb, "%.*s; see 'stockmention %s --help'", cli_cut(message, strlen(message), sizeof message - 4),
            message, usage->verb);
    return CLI_MISUSED;
}

static cli_parse_status out_of_memory(const cli_usage *usage) {
    cli_say(usage->verb, "%s", cli_no_memory);
    return CLI_MISUSED;
}

static cli_parse_status parse_option(const cli_usage *usage, int argc, char **argv, int *at, void *values) {
    const char *argument = argv[*at];
    size_t len = strcspn(argument, "=");
    const cli_option *option = find_option(usage, argument, len);
    bool has_value = argument[len] == '=', is_out_of_memory = false;
    if (!option) return misused(usage, "unknown option '%s'%s", argument, "");
    if (option->kind == CLI_FLAG && has_value) return misused(usage, "option '%s' takes no value%s", option->name, "");
    if (option->kind != CLI_FLAG && !has_value && *at + 1 == argc)
        return misused(usage, "option '%s' needs a value: %s", option->name, option->value);
    const char *value = has_value ? argument + len + 1 : option->kind == CLI_FLAG ? "" : argv[++*at];
    bool is_good = read_value(option, value, values, &is_out_of_memory);
    if (is_out_of_memory) return out_of_memory(usage);
    if (is_good) return CLI_PARSED;
    char what[256];
    snprintf(what, sizeof what, "%s '%.*s'", option->name, cli_cut(value, strlen(value), 200), value);
    return misused(usage, "%s is not right; expected: %s", what, kind_hint(option));
}

static cli_parse_status check_operands(const cli_usage *usage, const cli_list *operands) {
    if (operands->n < usage->min_operands)
        return misused(usage, "something is missing; expected: %s%s", usage->operands, "");
    if (operands->n > usage->max_operands)
        return misused(usage, "'%s' is one too many; expected: %s", operands->items[usage->max_operands],
                       usage->operands);
    return CLI_PARSED;
}

cli_parse_status cli_options_parse(const cli_usage *usage, int argc, char **argv, void *values) {
    cli_list *operands = (void *)((char *)values + usage->operands_offset);
    bool is_past_options = false;
    for (int i = 1; i < argc; i++) {
        if (!is_past_options && strcmp(argv[i], "--help") == 0) {
            print_help(usage);
            return CLI_HELPED;
        }
        if (!is_past_options && strcmp(argv[i], "--") == 0) {
            is_past_options = true;
        } else if (!is_past_options && argv[i][0] == '-' && argv[i][1]) {
            cli_parse_status status = parse_option(usage, argc, argv, &i, values);
            if (status != CLI_PARSED) return status;
        } else if (!list_add(operands, argv[i], strlen(argv[i]))) {
            return out_of_memory(usage);
        }
    }
    return check_operands(usage, operands);
}
