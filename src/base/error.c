#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

void base_copy_cut(char *out, size_t capacity, const char *text) {
    base_slice fits = base_slice_cut(base_slice_of(text), capacity - 1);
    memcpy(out, fits.bytes, fits.len);
    out[fits.len] = '\0';
}

/* Messages quote what callers and strangers wrote: controls of a terminal, and what is no UTF-8, become question marks. */
static void make_legible(char *text) {
    for (size_t at = 0, len = strlen(text); at < len; at++) {
        for (size_t end = at + base_utf8_valid_prefix(text + at, len - at); at < end; at++) {
            unsigned char byte = (unsigned char)text[at];
            if (byte == 0xC2 && (unsigned char)text[at + 1] < 0xA0)
                text[at] = '?', text[++at] = '?'; /* U+0080 to U+009F */
            else if (byte < ' ' || byte == 0x7F) text[at] = '?';
        }
        if (at < len) text[at] = '?';
    }
}

static void fill(sm_error *error, sm_status status, const char *file, uint32_t line, uint64_t byte, const char *format,
                 va_list arguments) {
    char message[1024];
    vsnprintf(message, sizeof message, format, arguments);
    make_legible(message);
    *error = (sm_error){.status = status, .line = line, .byte = byte};
    base_copy_cut(error->file, sizeof error->file, file);
    base_copy_cut(error->message, sizeof error->message, message);
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
