#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

/* A message that does not fit is cut at a character's start, so that it stays UTF-8. */
static void copy_cut(char *out, size_t capacity, const char *text) {
    size_t len = strlen(text);
    if (len >= capacity) {
        len = capacity - 1;
        while (len && ((unsigned char)text[len] & 0xC0) == 0x80) len--;
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

static void fill(sm_error *error, sm_status status, const char *file, uint32_t line, uint64_t byte, const char *format,
                 va_list arguments) {
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    *error = (sm_error){.status = status, .line = line, .byte = byte};
    copy_cut(error->file, sizeof error->file, file);
    copy_cut(error->message, sizeof error->message, message);
}

sm_status base_fail(sm_error *error, sm_status status, const char *format, ...) {
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, "", 0, 0, format, arguments);
    va_end(arguments);
    return status;
}

sm_status base_fail_at(sm_error *error, sm_status status, const char *file, uint32_t line, uint64_t byte,
                       const char *format, ...) {
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, file ? file : "", line, byte, format, arguments);
    va_end(arguments);
    return status;
}

sm_status base_no_memory(sm_error *error, const char *for_what) {
    return base_fail(error, SM_ERR_NOMEM, "no memory %s; give the process more, or less to do at once", for_what);
}

const char *sm_status_text(sm_status status) {
    static const char *const texts[] = {"ok",
                                        "wrong argument",
                                        "out of memory",
                                        "file cannot be read",
                                        "damaged dictionary",
                                        "errors in source tables",
                                        "not known",
                                        "refused pattern",
                                        "not supported here"};
    if (status < 0 || (size_t)status >= sizeof texts / sizeof texts[0]) return "unknown status";
    return texts[status];
}
