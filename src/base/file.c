#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { PIECE = 64 * 1024 }; /* bytes that are asked for at once */

/* A signal that the program takes while we wait is no reason to give up. */
static ssize_t read_piece(int file, char *to) {
    ssize_t n;
    do n = read(file, to, PIECE);
    while (n < 0 && errno == EINTR);
    return n;
}

sm_status base_file_read(const char *path, sm_buffer *buffer, sm_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return base_fail_at(error, SM_ERR_IO, path, 0, 0, "cannot be opened: %s", strerror(errno));
    sm_status status = SM_OK;
    for (ssize_t n = 1; n > 0 && status == SM_OK;) {
        if (!base_buffer_reserve(buffer, PIECE)) {
            status = base_fail_at(error, SM_ERR_NOMEM, path, 0, buffer->len,
                                  "too large for the memory that is left; give the process more");
            break;
        }
        n = read_piece(file, buffer->data + buffer->len);
        if (n < 0) status = base_fail_at(error, SM_ERR_IO, path, 0, buffer->len, "cannot be read: %s", strerror(errno));
        else buffer->len += (uint64_t)n;
        buffer->data[buffer->len] = '\0';
    }
    close(file);
    return status;
}
