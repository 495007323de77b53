#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

sm_status base_file_read(const char *path, sm_buffer *buffer, sm_error *error) {
    FILE *file = fopen(path, "rb");
    if (!file) return base_fail_at(error, SM_ERR_IO, path, 0, 0, "cannot be opened: %s", strerror(errno));
    sm_status status = SM_OK;
    for (;;) {
        if (!base_buffer_reserve(buffer, 64 * 1024)) {
            status = base_fail_at(error, SM_ERR_NOMEM, path, 0, buffer->len, "too large for the memory that is left");
            break;
        }
        size_t got = fread(buffer->data + buffer->len, 1, 64 * 1024, file);
        buffer->len += got;
        buffer->data[buffer->len] = '\0';
        if (got == 0) break;
    }
    if (status == SM_OK && ferror(file))
        status = base_fail_at(error, SM_ERR_IO, path, 0, buffer->len, "cannot be read: %s", strerror(errno));
    fclose(file);
    return status;
}
