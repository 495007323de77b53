#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

typedef struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} verb;

static int run_version(int argc, char **argv);
static int run_help(int argc, char **argv);

static const verb verbs[] = {
    {"extract", cli_extract, "find the stock mentions in text, HTML or Markdown"},
    {"check", cli_check, "find names and codes that do not belong together, and links that go elsewhere"},
    {"annotate", cli_annotate, "mark the stock mentions in a page with links to quote pages"},
    {"explain", cli_explain, "tell why each name and code in a text is a mention or is none"},
    {"link", cli_link, "print the quote-page URLs of a security"},
    {"lookup", cli_lookup, "look a security up by id, code, name or quote-page URL"},
    {"text", cli_text, "print what of a document is scanned, with its places"},
    {"dict", cli_dict, "build, check, describe, dump and compare dictionaries"},
    {"version", run_version, "print the versions of the library and its dictionary"},
    {"help", run_help, "print this, or the help of a verb"},
};

static const verb *find_verb(const char *name) {
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
    return NULL;
}

static void print_usage(FILE *to) {
    fputs(
        "Usage: stockmention VERB [options] [arguments]\n\n"
        "Finds stock mentions in financial text, says which security each is, and links it to quote pages.\n\nVerbs:\n",
        to);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(to, "  %-9s %s\n", verbs[i].name, verbs[i].summary);
    fputs(
        "\n'stockmention VERB --help' tells a verb's options.\n\n"
        "Exit status: 0 done, also when nothing was found; 1 some input was bad, the run was interrupted, or 'check' found\n"
        "something; 2 wrong usage or nothing could be read.\n\n"
        "Example:\n  stockmention extract article.html\n",
        to);
}

static int run_version(int argc, char **argv) {
    sm_dict_info info = {.struct_size = sizeof info};
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts("Usage: stockmention version\n\nPrints the version of the library and of the dictionary in it.\n\n"
             "Example:\n  stockmention version");
        return CLI_DONE;
    }
    if (argc > 1) {
        cli_say("version", "'%s' is one too many; expected nothing after 'version'", argv[1]);
        return CLI_WRONG;
    }
    if (sm_dict_describe(sm_dict_default(), &info) != SM_OK) return CLI_WRONG;
    printf("stockmention %s\ndictionary %s\n", sm_version(), info.version);
    return CLI_DONE;
}

static int run_help(int argc, char **argv) {
    const verb *asked = argc > 1 ? find_verb(argv[1]) : NULL;
    char help[] = "--help";
    if (argc <= 1 || strcmp(argv[1], help) == 0 || (asked && asked->run == run_help)) {
        print_usage(stdout);
        return CLI_DONE;
    }
    if (!asked) {
        cli_say("help", "unknown verb '%s'; see 'stockmention help'", argv[1]);
        return CLI_WRONG;
    }
    /* "help dict build" asks what "dict build --help" asks. */
    char *arguments[] = {argv[1], argc > 2 ? argv[2] : help, help, NULL};
    return asked->run(argc > 2 ? 3 : 2, arguments);
}

void cli_say(const char *verb_name, const char *format, ...) {
    va_list arguments;
    fprintf(stderr, "stockmention%s%s: ", *verb_name ? " " : "", verb_name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void cli_say_error(const char *verb_name, const sm_error *error) {
    const char *message = cli_message_of(error);
    if (error->file[0] && error->line) cli_say(verb_name, "%s:%u: %s", error->file, error->line, message);
    else if (error->file[0]) cli_say(verb_name, "%s: %s", error->file, message);
    else cli_say(verb_name, "%s", message);
}

/* For help and the like, which go through stdio; results are checked where they are written. */
static int close_stdout(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    if (errno == EPIPE) return status;
    cli_say("", "standard output cannot be written: %s", strerror(errno));
    return status == CLI_DONE ? CLI_BAD : status;
}

/* Where one of the standard files is closed, the next file that is opened would be taken for it. What stands in its place
 * fails as it did: it is open for the other direction only. */
static void hold_standard_files(void) {
    static const int directions[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0) open("/dev/null", directions[file]);
}

int main(int argc, char **argv) {
    hold_standard_files();
    /* A reader that goes away is then told by write(), and ends us in good order. */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_usage(stderr);
        return CLI_WRONG;
    }
    const char *name = strcmp(argv[1], "--version") == 0 ? "version"
                       : strcmp(argv[1], "--help") == 0  ? "help"
                                                         : argv[1];
    const verb *asked = find_verb(name);
    if (!asked) {
        cli_say("", "unknown verb '%s'; see 'stockmention help'", argv[1]);
        return CLI_WRONG;
    }
    return close_stdout(asked->run(argc - 1, argv + 1));
}
