#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

bool base_buffer_reserve(sm_buffer *buffer, uint64_t more) {
    if (more > SIZE_MAX / 4 || buffer->len > SIZE_MAX / 4) return false;
    uint64_t need = buffer->len + more + 1;
    if (need <= buffer->capacity) return true;
    uint64_t wanted = buffer->capacity ? buffer->capacity : 256;
    while (wanted < need) wanted *= 2;
    char *grown = realloc(buffer->data, (size_t)wanted);
    if (!grown) return false;
    buffer->data = grown;
    buffer->capacity = wanted;
    return true;
}

bool base_buffer_append(sm_buffer *buffer, const char *bytes, size_t len) {
    if (!base_buffer_reserve(buffer, len)) return false;
    if (len) memcpy(buffer->data + buffer->len, bytes, len);
    buffer->len += len;
    buffer->data[buffer->len] = '\0';
    return true;
}

void base_buffer_cut(sm_buffer *buffer, uint64_t len) {
    buffer->len = len;
    if (buffer->data) buffer->data[len] = '\0';
}

bool base_buffer_text(sm_buffer *buffer, const char *nul_terminated) {
    return base_buffer_append(buffer, nul_terminated, strlen(nul_terminated));
}

bool base_buffer_format(sm_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0 || !base_buffer_reserve(buffer, (uint64_t)len)) return false;
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, arguments);
    va_end(arguments);
    buffer->len += (uint64_t)len;
    return true;
}

void sm_buffer_free(sm_buffer *buffer) {
    if (!buffer) return;
    free(buffer->data);
    *buffer = (sm_buffer){0};
}
