#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum { PIECE = 65536 }; /* bytes: a pipe's size on Linux */

/* --- Buffers --------------------------------------------------------------------------------------------------------- */

bool cli_buffer_reserve(sm_buffer *buffer, size_t more) {
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
    if (!cli_buffer_reserve(buffer, len)) return false;
    if (len) memcpy(buffer->data + buffer->len, bytes, len);
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
    return true;
}

void cli_buffer_empty(sm_buffer *buffer) {
    enum { KEPT = 4 * 1024 * 1024 }; /* bytes: what blocks of usual records come to */
    buffer->len = 0;
    if (buffer->capacity > KEPT) sm_buffer_free(buffer);
}

/* --- Reading --------------------------------------------------------------------------------------------------------- */

int cli_open_to_read(const char *path) {
    return strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
}

ssize_t cli_read_piece(int file, char *to, size_t len) {
    ssize_t n;
    do n = read(file, to, len);
    while (n < 0 && errno == EINTR);
    return n;
}

void cli_close_after_reading(int file) {
    int failure = errno; /* what the caller will tell is what reading said */
    if (file != STDIN_FILENO) close(file);
    errno = failure;
}

bool cli_read_file(const char *path, sm_buffer *bytes) {
    int file = cli_open_to_read(path);
    if (file < 0) return false;
    ssize_t n = -1;
    do {
        if (!cli_buffer_reserve(bytes, PIECE)) {
            errno = ENOMEM;
            break;
        }
        n = cli_read_piece(file, bytes->data + bytes->len, PIECE);
        if (n > 0) bytes->len += (uint64_t)n;
    } while (n > 0);
    cli_close_after_reading(file);
    return n == 0;
}

/* --- Writing --------------------------------------------------------------------------------------------------------- */

int cli_write_all(int file, const char *bytes, uint64_t len) {
    while (len) {
        ssize_t n = write(file, bytes, (size_t)len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes += n;
        len -= (uint64_t)n;
    }
    return 0;
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
        int failure = cli_write_all(output->file ? output->file : STDOUT_FILENO, output->buffer.data,
                                    output->buffer.len);
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
    cli_say(verb, "%s cannot be written: %s", output->path ? output->path : "standard output",
            strerror(output->failure));
    return status == CLI_WRONG ? CLI_WRONG : CLI_BAD;
}

bool cli_buffer_json(sm_buffer *buffer, const char *bytes, size_t len) {
    bool is_good = cli_buffer_append(buffer, "\"", 1);
    for (const char *at = bytes, *end = bytes + len; at < end && is_good; at++) {
        unsigned char byte = (unsigned char)*at;
        char escape[7] = {(char)byte};
        int n = 1;
        if (byte == '"' || byte == '\\') n = snprintf(escape, sizeof escape, "\\%c", byte);
        else if (byte < 0x20) n = snprintf(escape, sizeof escape, "\\u%04x", byte);
        is_good = cli_buffer_append(buffer, escape, (size_t)n);
    }
    return is_good && cli_buffer_append(buffer, "\"", 1);
}

bool cli_output_json(cli_output *output, const char *nul_terminated) {
    if (cli_buffer_json(&output->buffer, nul_terminated, strlen(nul_terminated))) return true;
    output->failure = ENOMEM;
    return false;
}
