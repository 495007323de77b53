/* cli: the command line.
 *
 * In:        arguments, files, standard input.
 * Out:       tables for a terminal, JSON lines otherwise; messages on standard error; an exit status.
 * May know:  include/stockmention.h and POSIX.
 * Must not:  include any other room: what the command can do, every user of the library can do. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "stockmention.h"

enum {
    CLI_DONE = 0, /* also when nothing was found */
    CLI_BAD = 1,  /* some input was bad, and was reported with its place */
    CLI_WRONG = 2 /* wrong usage, or nothing could be read */
};

/* --- Verbs: one file each. `argv[0]` is the verb itself. ------------------------------------------------------------- */

int cli_extract(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_link(int argc, char **argv);
int cli_lookup(int argc, char **argv);
int cli_text(int argc, char **argv);
int cli_annotate(int argc, char **argv);
int cli_dict(int argc, char **argv);
int cli_dict_diff(int argc, char **argv); /* a verb of dict */

/* --- Messages -------------------------------------------------------------------------------------------------------- */

/* Prints "stockmention VERB: …" and a line end on standard error. */
void cli_say(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for an error of the library, with its file, line and byte where it has them. */
void cli_say_error(const char *verb, const sm_error *error);
/* The error's own message, or what is said of its status. (library.c) */
const char *cli_message_of(const sm_error *error);
/* What a verb says when its own memory is out. */
extern const char cli_no_memory[];
/* Puts `by` in the place of control characters that came with the input: a terminal would obey them. (table.c) */
void cli_tame(char *text, size_t len, char by);
/* How many bytes of a text to show, `most` at most and no half of a character: for "%.*s". */
int cli_cut(const char *text, size_t len, size_t most);

/* --- Files (files.c) --------------------------------------------------------------------------------------------------- */

/* Appends a whole file to a buffer that the caller gives back with sm_buffer_free(). @param path "-" is standard input.
 * @return false, with errno set. */
bool cli_read_file(const char *path, sm_buffer *bytes);

/* Writes a file that nobody ever sees half of, as cli_part has it. Says what failed. */
bool cli_write_file(const char *verb, const char *path, const sm_buffer *bytes);

/* What reading and writing are made of. @param path  "-" is standard input, which stays open. */
int cli_open_to_read(const char *path);
ssize_t cli_read_piece(int file, char *to, size_t len);
void cli_close_after_reading(int file);                       /* keeps errno */
int cli_write_all(int file, const char *bytes, uint64_t len); /* @return 0, or what errno says */

/* --- Where output goes (target.c) ---------------------------------------------------------------------------------------- */

/* "-" is standard output. What is there and no regular file, such as a device or a FIFO, is a stream: nothing can take its
 * place, so that it is written to as it is. */
const char *cli_target_name(const char *path); /* as messages call it */
bool cli_target_is_stream(const char *path);
/* Standard output or error, where the path leads to what they write to: a file of that name would be taken away from under
 * them. -1: neither. */
int cli_target_standard(const char *path);
/* Appends where the last of the links is that a path leads to, whether something is there or not. @return false: errno */
bool cli_target_follow(const char *path, sm_buffer *target);
/* To be asked before there is work to lose. The path may be NULL. @return false after saying why it cannot be written. */
bool cli_check_target(const char *verb, const char *path);

/* A file on its way: TARGET.part until it is whole, and beside what links lead to. A stream has no such name. */
typedef struct cli_part {
    const char *path; /* for messages */
    sm_buffer target, part_path;
    int file;    /* to write to */
    off_t whole; /* bytes of whole lines that it holds, where it goes on */
    int failure; /* errno of the first thing that failed, or 0 */
    /* To be set where what was written is of use without the rest: then it stays when something fails. */
    bool can_be_resumed;
} cli_part;

/* @param goes_on  keep what TARGET.part holds. @return false: `failure` says why; close it all the same. */
bool cli_part_open(cli_part *part, const char *path, bool goes_on);
/* Counts the whole lines of a file that goes on, which stays as it is. @param last  receives the last of them; the first
 * byte where none is whole. */
bool cli_part_find_lines(cli_part *part, uint64_t *n_lines, sm_buffer *last);
bool cli_part_cut(cli_part *part); /* behind its last whole line, to go on there */
/* Frees; a whole file gets its name, another stays TARGET.part or is removed. @return false: something failed, errno says what. */
bool cli_part_close(cli_part *part, bool is_whole);

/* --- Standard output (files.c) ------------------------------------------------------------------------------------------ */

/* Bytes on their way to standard output. Once it is broken (nobody reads any more) or has failed (a full disk), what
 * comes is dropped. */
typedef struct cli_output {
    sm_buffer buffer; /* append here, then call cli_output_pass() */
    int file;         /* 0: standard output */
    const char *path; /* for messages; NULL: standard output */
    bool is_broken;
    int failure; /* errno, or 0 */
} cli_output;

bool cli_output_append(cli_output *output, const char *bytes, size_t len);
bool cli_output_text(cli_output *output, const char *nul_terminated);
bool cli_output_pass(cli_output *output);  /* writes when enough has gathered. @return false: stop, it is no use */
bool cli_output_flush(cli_output *output); /* writes all. @return false: stop */
/* Writes the rest and frees. @return `status`, or CLI_BAD after saying that output could not be written. */
int cli_output_close(cli_output *output, const char *verb, int status);

/* Bytes appended to a buffer of the library's kind, which sm_buffer_free() gives back. */
bool cli_buffer_append(sm_buffer *buffer, const char *bytes, size_t len);
bool cli_buffer_reserve(sm_buffer *buffer, size_t more);                /* room for so many bytes and a NUL */
void cli_buffer_empty(sm_buffer *buffer);                               /* and gives back what a long record took */
bool cli_buffer_json(sm_buffer *buffer, const char *bytes, size_t len); /* as cli_output_json() */
/* A JSON string with its quotes; bytes below 0x20, quotes and backslashes are escaped. */
bool cli_output_json(cli_output *output, const char *nul_terminated);

/* --- Tables for a terminal (table.c) ------------------------------------------------------------------------------------ */

enum { CLI_MAX_COLUMNS = 8 };

typedef struct cli_table {
    size_t n_columns;
    char **cells; /* row by row, the header first */
    size_t n_cells, capacity;
    uint32_t right_aligned; /* bit set of columns */
} cli_table;

/* @param headers  n_columns of them. */
bool cli_table_begin(cli_table *table, size_t n_columns, const char *const *headers);
bool cli_table_add(cli_table *table, const char *cell); /* copied; the next cell of the current row */
bool cli_table_write(const cli_table *table, cli_output *output);
void cli_table_free(cli_table *table);
/* Columns that a terminal uses for a text: 2 for East Asian wide characters, 0 for combining ones. */
size_t cli_text_width(const char *text);
/* "0.98", without the locale. */
void cli_fraction_text(uint16_t of_65535, char out[8]);

/* --- What several verbs ask of the library (library.c) ------------------------------------------------------------------- */

/* The dictionary in a file; the default one for NULL or "default". Says what failed. The caller frees. */
bool cli_open_dict(const char *verb, const char *path, const sm_dict **dict);
bool cli_is_all(const char *provider); /* whether it is "all"; it may be NULL */
/* NULL, "all" and the dictionary's providers are known; of others it says which there are. */
bool cli_check_provider(const char *verb, const sm_dict *dict, const char *provider);
/* What is said where a table is asked for with '--provider all': it has room for one URL. */
extern const char cli_no_table_of_all[];
/* Puts the URL of a security's page in place of what the buffer holds; "" where the provider has none. */
bool cli_make_url(const sm_dict *dict, const char *id, const char *provider, sm_buffer *url);

/* Words in the order of SM_FORMAT_… and SM_OFFSETS_…, then NULL. */
extern const char *const cli_formats[], *const cli_offset_units[];
/* How messages call a file: "-" is standard input. */
const char *cli_place_of(const char *path);
/* A file as a document, in bytes that the caller gives back with sm_buffer_free(). AUTO goes by the file's name, and where
 * that tells nothing by its text; the charset may be NULL. @return false after saying what failed. */
bool cli_read_document(const char *verb, const char *path, uint32_t format, const char *charset, sm_buffer *bytes,
                       sm_document *document);

#endif
