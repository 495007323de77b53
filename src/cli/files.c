#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { PIECE = 65536 }; /* bytes: a pipe's size on Linux */

/* --- Buffers --------------------------------------------------------------------------------------------------------- */

static bool reserve(sm_buffer *buffer, size_t more) {
    if (buffer->len > SIZE_MAX / 4 || more > SIZE_MAX / 4) return false;
    uint64_t need = buffer->len + more + 1, capacity = buffer->capacity ? buffer->capacity : 4096;
    if (need <= buffer->capacity) return true;
    while (capacity < need) capacity *= 2;
    char *grown = realloc(buffer->data, (size_t)capacity);
    if (!grown) return false;
    buffer->data = grown;
    buffer->capacity = capacity;
    return true;
}

bool cli_buffer_append(sm_buffer *buffer, const char *bytes, size_t len) {
    if (!reserve(buffer, len)) return false;
    if (len) memcpy(buffer->data + buffer->len, bytes, len);
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
    return true;
}

/* --- Reading --------------------------------------------------------------------------------------------------------- */

static int open_to_read(const char *path) {
    return strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
}

static ssize_t read_piece(int file, char *to, size_t len) {
    ssize_t n;
    do n = read(file, to, len);
    while (n < 0 && errno == EINTR);
    return n;
}

static void close_after_reading(int file) {
    int failure = errno; /* what the caller will tell is what reading said */
    if (file != STDIN_FILENO) close(file);
    errno = failure;
}

bool cli_read_file(const char *path, sm_buffer *bytes) {
    int file = open_to_read(path);
    if (file < 0) return false;
    ssize_t n = -1;
    do {
        if (!reserve(bytes, PIECE)) {
            errno = ENOMEM;
            break;
        }
        n = read_piece(file, bytes->data + bytes->len, PIECE);
        if (n > 0) bytes->len += (uint64_t)n;
    } while (n > 0);
    close_after_reading(file);
    return n == 0;
}

bool cli_lines_open(cli_lines *lines, const char *path) {
    *lines = (cli_lines){.file = open_to_read(path)};
    return lines->file >= 0;
}

void cli_lines_close(cli_lines *lines) {
    close_after_reading(lines->file);
    free(lines->bytes);
    lines->bytes = NULL;
}

/* Moves what is not handed out yet to the front and reads more behind it. */
static bool fill(cli_lines *lines) {
    size_t kept = lines->end - lines->start;
    if (lines->start) memmove(lines->bytes, lines->bytes + lines->start, kept);
    lines->scanned -= lines->start;
    lines->start = 0;
    lines->end = kept;
    if (lines->capacity - kept < PIECE) {
        size_t capacity = lines->capacity ? 2 * lines->capacity : (size_t)2 * PIECE;
        char *grown = capacity > lines->capacity ? realloc(lines->bytes, capacity) : NULL;
        if (!grown) {
            errno = ENOMEM;
            return false;
        }
        lines->bytes = grown;
        lines->capacity = capacity;
    }
    ssize_t n = read_piece(lines->file, lines->bytes + kept, lines->capacity - kept);
    if (n < 0) return false;
    if (n == 0) lines->is_at_end = true;
    lines->end += (size_t)n;
    return true;
}

static char *find_end(cli_lines *lines) {
    size_t unseen = lines->end - lines->scanned;
    char *found = unseen ? memchr(lines->bytes + lines->scanned, '\n', unseen) : NULL;
    lines->scanned = found ? (size_t)(found - lines->bytes) : lines->end;
    return found;
}

bool cli_lines_is_ready(cli_lines *lines) {
    return lines->is_at_end || find_end(lines);
}

cli_line_status cli_lines_next(cli_lines *lines, char **line, size_t *len) {
    char *end = find_end(lines);
    while (!end && !lines->is_at_end) {
        if (!fill(lines)) return CLI_LINES_FAILED;
        end = find_end(lines);
    }
    if (!end && lines->start == lines->end) return CLI_LINES_END;
    *line = lines->bytes + lines->start;
    *len = (end ? (size_t)(end - lines->bytes) : lines->end) - lines->start;
    lines->start += *len + (end != NULL);
    lines->scanned = lines->start;
    lines->number++;
    return CLI_LINE;
}

/* --- Writing --------------------------------------------------------------------------------------------------------- */

/* @return 0, or what errno says. */
static int write_all(int file, const char *bytes, uint64_t len) {
    while (len) {
        ssize_t n = write(file, bytes, (size_t)len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes += n;
        len -= (uint64_t)n;
    }
    return 0;
}

bool cli_write_file(const char *verb, const char *path, const sm_buffer *bytes) {
    sm_buffer part = {0};
    if (!cli_buffer_append(&part, path, strlen(path)) || !cli_buffer_append(&part, ".part", 5)) {
        sm_buffer_free(&part);
        cli_say(verb, "out of memory");
        return false;
    }
    int file = open(part.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int failure = file < 0 ? errno : write_all(file, bytes->data, bytes->len);
    if (!failure && fsync(file) != 0 && errno != EINVAL && errno != EROFS) failure = errno;
    if (file >= 0 && close(file) != 0 && !failure) failure = errno;
    if (!failure && rename(part.data, path) != 0) failure = errno;
    if (failure) {
        cli_say(verb, "%s: cannot be written: %s", path, strerror(failure));
        if (file >= 0) unlink(part.data);
    }
    sm_buffer_free(&part);
    return !failure;
}

/* --- Standard output ------------------------------------------------------------------------------------------------- */

bool cli_output_append(cli_output *output, const char *bytes, size_t len) {
    if (cli_buffer_append(&output->buffer, bytes, len)) return true;
    output->failure = ENOMEM;
    return false;
}

bool cli_output_text(cli_output *output, const char *nul_terminated) {
    return cli_output_append(output, nul_terminated, strlen(nul_terminated));
}

bool cli_output_flush(cli_output *output) {
    if (!output->is_broken && !output->failure) {
        int failure = write_all(STDOUT_FILENO, output->buffer.data, output->buffer.len);
        if (failure == EPIPE) output->is_broken = true;
        else output->failure = failure;
    }
    output->buffer.len = 0;
    return !output->is_broken && !output->failure;
}

bool cli_output_pass(cli_output *output) {
    if (output->buffer.len >= PIECE || output->failure) return cli_output_flush(output);
    return !output->is_broken;
}

int cli_output_close(cli_output *output, const char *verb, int status) {
    cli_output_flush(output);
    sm_buffer_free(&output->buffer);
    if (!output->failure) return status;
    cli_say(verb, "standard output cannot be written: %s", strerror(output->failure));
    return status == CLI_WRONG ? CLI_WRONG : CLI_BAD;
}

bool cli_output_json(cli_output *output, const char *nul_terminated) {
    bool is_good = cli_output_append(output, "\"", 1);
    for (const char *at = nul_terminated; *at && is_good; at++) {
        unsigned char byte = (unsigned char)*at;
        char escape[7] = {(char)byte};
        if (byte == '"' || byte == '\\') snprintf(escape, sizeof escape, "\\%c", byte);
        else if (byte < 0x20) snprintf(escape, sizeof escape, "\\u%04x", byte);
        is_good = cli_output_text(output, escape);
    }
    return is_good && cli_output_append(output, "\"", 1);
}
