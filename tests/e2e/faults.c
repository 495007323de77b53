/* Laid over the C library's functions in stockmention_faults, which is else the command (tests/CMakeLists.txt):
 * STOCKMENTION_FAULT="CALL N ERRNO" makes call number N, from 1, fail so. ERRNO 0 is a read or write of one byte; CALL "memory"
 * is any allocation. Then a file is made that STOCKMENTION_FAULT_NOTE names, so that the test knows that it came to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the linker calls these is not ours to choose. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_open(const char *path, int flags, ...);
int __real_close(int file);
int __real_fsync(int file);
int __real_rename(const char *from, const char *to);
ssize_t __real_read(int file, void *to, size_t len);
ssize_t __real_write(int file, const void *from, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int file);
int __wrap_fsync(int file);
int __wrap_rename(const char *from, const char *to);
ssize_t __wrap_read(int file, void *to, size_t len);
ssize_t __wrap_write(int file, const void *from, size_t len);

static struct {
    char call[16];
    unsigned long at, n_calls;
    int with, is_set;
} fault;

static void end_faults(void) {
    fault.call[0] = '\0';
}

/* What comes behind main() is not the command's, such as what counts the lines that were run. */
static void set_fault(void) {
    const char *set = getenv("STOCKMENTION_FAULT");
    fault.is_set = 1;
    if (atexit(end_faults) != 0) abort();
    if (set && sscanf(set, "%15s %lu %d", fault.call, &fault.at, &fault.with) != 3) abort();
}

static int fails(const char *call) {
    if (!fault.is_set) set_fault();
    if (strcmp(call, fault.call) != 0 || ++fault.n_calls != fault.at) return 0;
    const char *note = getenv("STOCKMENTION_FAULT_NOTE");
    int file = note ? __real_open(note, O_WRONLY | O_CREAT, 0666) : -1;
    if (file >= 0) __real_close(file);
    errno = fault.with;
    return 1;
}

void *__wrap_malloc(size_t size) {
    return fails("memory") ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails("memory") ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return fails("memory") ? NULL : __real_realloc(memory, size);
}

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
    va_end(arguments);
    return fails("open") ? -1 : __real_open(path, flags, mode);
}

int __wrap_close(int file) {
    int failed = fails("close"), failure = errno, status = __real_close(file);
    if (failed) errno = failure;
    return failed ? -1 : status;
}

int __wrap_fsync(int file) {
    return fails("fsync") ? -1 : __real_fsync(file);
}

int __wrap_rename(const char *from, const char *to) {
    return fails("rename") ? -1 : __real_rename(from, to);
}

ssize_t __wrap_read(int file, void *to, size_t len) {
    if (!fails("read")) return __real_read(file, to, len);
    return fault.with ? -1 : __real_read(file, to, 1);
}

ssize_t __wrap_write(int file, const void *from, size_t len) {
    if (!fails("write")) return __real_write(file, from, len);
    return fault.with ? -1 : __real_write(file, from, 1);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */
