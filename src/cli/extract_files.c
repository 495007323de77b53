/* What a run reads and what it writes must be different files: told before anything of them is lost, and of those that a
 * list names when it is their turn. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/extract.h"

/* A file by what is there, or by the name and the folder of what will be. */
typedef struct place {
    const char *role; /* "-o" */
    sm_buffer path;   /* behind links; for messages alone where it is standard input or output */
    struct stat file, folder;
    bool has_file, has_folder;
} place;

enum { MOST_OUTPUTS = 6 }; /* three, and each until it is whole */

struct extract_outputs {
    place items[MOST_OUTPUTS];
    size_t n;
};

static bool find_folder(place *at) {
    char *slash = strrchr(at->path.data, '/');
    if (!slash) return stat(".", &at->folder) == 0;
    if (slash == at->path.data) return stat("/", &at->folder) == 0;
    *slash = '\0';
    bool is_there = stat(at->path.data, &at->folder) == 0;
    *slash = '/';
    return is_there;
}

/* @param file  standard input or output, or -1. @return false: memory is out */
static bool find_place(place *at, const char *role, int file, const char *path, const char *ending) {
    *at = (place){.role = role};
    bool is_followed = file >= 0 ? cli_buffer_append(&at->path, path, strlen(path))
                                 : cli_target_follow(path, &at->path) || errno == ELOOP;
    if (!is_followed || !cli_buffer_append(&at->path, ending, strlen(ending))) return false;
    at->has_file = (file >= 0 ? fstat(file, &at->file) : stat(at->path.data, &at->file)) == 0;
    at->has_folder = file < 0 && find_folder(at);
    return true;
}

static bool is_one(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static const char *last_name(const place *at) {
    const char *slash = strrchr(at->path.data, '/');
    return slash ? slash + 1 : at->path.data;
}

/* Devices and sockets can be many things at once: /dev/null, a terminal, a connection. */
static bool is_same(const place *a, const place *b) {
    if (a->has_file && b->has_file)
        return is_one(&a->file, &b->file) && (S_ISREG(a->file.st_mode) || S_ISFIFO(a->file.st_mode));
    return a->has_folder && b->has_folder && is_one(&a->folder, &b->folder) && strcmp(last_name(a), last_name(b)) == 0;
}

/* @return false after saying which of the outputs it is too. */
static bool check_place(const extract_verb *verb, const place *at, const extract_outputs *others) {
    for (size_t i = 0; i < others->n; i++) {
        if (!is_same(at, &others->items[i])) continue;
        cli_say(verb->name, "%s: would be %s and %s at once; say different files", at->path.data, others->items[i].role,
                at->role);
        return false;
    }
    return true;
}

/* Adds it to the outputs that are known, if it is none of them. */
static bool add_output(const extract_verb *verb, extract_outputs *known, const char *role, int file, const char *path,
                       const char *ending) {
    place *at = &known->items[known->n];
    bool is_good = find_place(at, role, file, path, ending);
    if (!is_good) cli_say(verb->name, "%s", cli_no_memory);
    is_good = is_good && check_place(verb, at, known);
    if (is_good) known->n++;
    else sm_buffer_free(&at->path);
    return is_good;
}

static bool add_outputs(const extract_verb *verb, const extract_values *values, extract_outputs *known) {
    const struct {
        const char *path, *role, *role_of_part;
    } rows[] = {{values->output ? values->output : "-", values->output ? "-o" : "the output", "-o, until it is whole,"},
                {values->rejects, "--rejects", "--rejects, until it is whole,"},
                {values->stats, "--stats", "--stats, until it is whole,"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = rows[i].path;
        if (!path) continue;
        if (!cli_check_target(verb->name, path)) return false;
        int file = cli_target_standard(path);
        if (!add_output(verb, known, rows[i].role, file, cli_target_name(path), "")) return false;
        if (!cli_target_is_stream(path) && !add_output(verb, known, rows[i].role_of_part, -1, path, ".part"))
            return false;
    }
    return true;
}

static bool check_input(const extract_verb *verb, const extract_outputs *known, const char *role, const char *path) {
    place at;
    int file = strcmp(path, "-") == 0 ? STDIN_FILENO : -1;
    bool is_good = find_place(&at, role, file, cli_place_of(path), "");
    if (!is_good) cli_say(verb->name, "%s", cli_no_memory);
    is_good = is_good && check_place(verb, &at, known);
    sm_buffer_free(&at.path);
    return is_good;
}

static bool check_inputs(const extract_verb *verb, const extract_values *values, const extract_outputs *known) {
    const cli_list *files = &values->files;
    const char *list = files->n || values->files_from ? values->files_from : "-";
    for (uint64_t i = 0; i < files->n; i++)
        if (!check_input(verb, known, "an input", files->items[i])) return false;
    if (list && !check_input(verb, known, values->files_from ? "--files-from" : "an input", list)) return false;
    bool has_dict = values->dict && strcmp(values->dict, "default") != 0;
    return !has_dict || check_input(verb, known, "--dict", values->dict);
}

bool extract_check_listed(const extract_run *run, const char *path) {
    return check_input(run->verb, run->outputs, "an input", path);
}

bool extract_check_files(extract_run *run) {
    const extract_values *values = run->values;
    const char *name = run->verb->name;
    run->outputs = calloc(1, sizeof *run->outputs);
    if (!run->outputs) {
        cli_say(name, "%s", cli_no_memory);
        return false;
    }
    bool is_good = add_outputs(run->verb, values, run->outputs) && check_inputs(run->verb, values, run->outputs);
    if (!is_good || !values->resumes || !cli_target_is_stream(values->output)) return is_good;
    cli_say(name, "%s: is no regular file, so that no part of it is kept; leave --resume out, or say a file with -o",
            cli_target_name(values->output));
    return false;
}

void extract_free_outputs(extract_run *run) {
    for (size_t i = 0; run->outputs && i < run->outputs->n; i++) sm_buffer_free(&run->outputs->items[i].path);
    free(run->outputs);
}
