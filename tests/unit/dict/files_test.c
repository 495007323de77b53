/* Files that fail: whichever call of open(), fstat(), stat(), mmap() or read() does, opening and building say so with the
 * path, leave no file open and no page mapped, and work when it goes well again. Short reads and signals change nothing. The
 * linker lays the functions below over those of the C library (tests/CMakeLists.txt). */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"
#include "stockmention.h"

enum { OPEN, FSTAT, STAT, MMAP, READ, N_CALLS };
enum { IS_SHORT = -1 }; /* in the place of an errno: a read of one byte */

/* Call number `at` of `call` (from 1) fails with `with`, and all after it when `for_good`. */
static struct {
    int call, with, for_good;
    unsigned long at, n_calls, n_failed[N_CALLS];
    long n_open, n_mapped;
} fault;

static int fails(int call) {
    if (call != fault.call) return 0;
    fault.n_calls++;
    if (!fault.at || !(fault.for_good ? fault.n_calls >= fault.at : fault.n_calls == fault.at)) return 0;
    errno = fault.with;
    fault.n_failed[call]++;
    return 1;
}

/* What the linker calls these is not ours to choose. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*) */
int __real_open(const char *path, int flags, ...);
int __real_close(int file);
int __real_fstat(int file, struct stat *info);
int __real_stat(const char *path, struct stat *info);
void *__real_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset);
int __real_munmap(void *at, size_t len);
ssize_t __real_read(int file, void *to, size_t len);
int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int file);
int __wrap_fstat(int file, struct stat *info);
int __wrap_stat(const char *path, struct stat *info);
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void *at, size_t len);
ssize_t __wrap_read(int file, void *to, size_t len);

int __wrap_open(const char *path, int flags, ...) {
    if (fails(OPEN)) return -1;
    int file = __real_open(path, flags);
    fault.n_open += file >= 0;
    return file;
}

int __wrap_close(int file) {
    fault.n_open--;
    return __real_close(file);
}

int __wrap_fstat(int file, struct stat *info) {
    return fails(FSTAT) ? -1 : __real_fstat(file, info);
}

int __wrap_stat(const char *path, struct stat *info) {
    return fails(STAT) ? -1 : __real_stat(path, info);
}

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset) {
    if (fails(MMAP)) return MAP_FAILED;
    void *mapped = __real_mmap(at, len, protection, flags, file, offset);
    fault.n_mapped += mapped != MAP_FAILED;
    return mapped;
}

int __wrap_munmap(void *at, size_t len) {
    fault.n_mapped--;
    return __real_munmap(at, len);
}

ssize_t __wrap_read(int file, void *to, size_t len) {
    if (!fails(READ)) return __real_read(file, to, len);
    return fault.with == IS_SHORT ? __real_read(file, to, 1) : -1;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

/* --- The calls ---------------------------------------------------------------------------------------------------------- */

static char dictionary[] = "build/files_test_XXXXXX";

typedef sm_status call(sm_buffer *out, sm_error *error);

static sm_status open_file(sm_buffer *out, sm_error *error) {
    const sm_dict *dict = NULL;
    sm_status status = sm_dict_open(dictionary, &dict, error);
    CHECK((status == SM_OK) == (dict != NULL));
    if (status == SM_OK) status = sm_dict_dump(dict, "names", out, NULL);
    sm_dict_free(dict);
    return status;
}

static sm_status build_tables(sm_buffer *out, sm_error *error) {
    static const char *const paths[] = {"tests/unit/dict/good"};
    sm_build_options options;
    sm_buffer report = {0};
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261101;
    options.paths = paths;
    options.n_paths = 1;
    sm_status status = sm_dict_build(&options, out, &report, error);
    CHECK((status == SM_OK) == (report.len == 0));
    sm_buffer_free(&report);
    return status;
}

static void write_dictionary(void) {
    sm_buffer compiled = {0};
    mkdir("build", 0777);
    int file = mkstemp(dictionary);
    if (!CHECK(file >= 0)) exit(2);
    CHECK(build_tables(&compiled, NULL) == SM_OK);
    CHECK(write(file, compiled.data, (size_t)compiled.len) == (ssize_t)compiled.len);
    __real_close(file);
    sm_buffer_free(&compiled);
}

/* --- What fails ----------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    call *made;
    int call, with, for_good;
    sm_status status;
    const char *says;
} faults[] = {
    {"opening: open", open_file, OPEN, EMFILE, 0, SM_ERR_IO, "cannot be opened: Too many open files"},
    {"opening: fstat", open_file, FSTAT, EIO, 0, SM_ERR_IO, "cannot be examined: Input/output error"},
    {"opening: mmap", open_file, MMAP, ENOMEM, 0, SM_ERR_IO, "cannot be mapped: Cannot allocate memory"},
    {"building: stat", build_tables, STAT, EACCES, 0, SM_ERR_IO, "Permission denied"},
    {"building: nothing but stat", build_tables, STAT, ELOOP, 1, SM_ERR_IO, "Too many levels"},
    {"building: open", build_tables, OPEN, EACCES, 0, SM_ERR_IO, "Permission denied"},
    {"building: open", build_tables, OPEN, ENFILE, 1, SM_ERR_IO, "Too many open files in system"},
    {"building: read", build_tables, READ, EIO, 0, SM_ERR_IO, "Input/output error"},
    {"building: read", build_tables, READ, EIO, 1, SM_ERR_IO, "Input/output error"},
    {"building: short reads", build_tables, READ, IS_SHORT, 0, SM_OK, NULL},
    {"building: nothing but short reads", build_tables, READ, IS_SHORT, 1, SM_OK, NULL},
    {"building: a signal", build_tables, READ, EINTR, 0, SM_OK, NULL},
};

static sm_status call_with(size_t i, unsigned long at, sm_buffer *out, sm_error *error) {
    fault.call = faults[i].call;
    fault.with = faults[i].with;
    fault.for_good = faults[i].for_good;
    fault.n_calls = 0;
    fault.at = at;
    sm_status status = faults[i].made(out, error);
    fault.at = 0;
    return status;
}

/* The n-th call fails, for all n. A table that cannot be looked for in its folder is opened all the same. */
static void each_failure_is_told(size_t i) {
    const char *name = faults[i].name;
    sm_buffer expected = {0};
    int is_done = 0;
    unsigned long at = 1;
    CHECK_ROW(call_with(i, 0, &expected, NULL) == SM_OK && expected.len, name);
    for (; at < 10000 && !is_done; at++) {
        sm_buffer out = {0};
        sm_error error = {0};
        sm_status status = call_with(i, at, &out, &error);
        is_done = fault.n_calls < at;
        int is_harmless = is_done || (faults[i].call == STAT && at > 1);
        CHECK_ROW(status == (is_harmless ? SM_OK : faults[i].status), name);
        CHECK_ROW(error.status == status, name);
        if (status == SM_OK) CHECK_ROW(out.len == expected.len && !memcmp(out.data, expected.data, out.len), name);
        else CHECK_ROW(out.len == 0 && error.file[0], name);
        if (status != SM_OK && faults[i].says) CHECK_ROW(strstr(error.message, faults[i].says) != NULL, error.message);
        CHECK_ROW(fault.n_open == 0 && fault.n_mapped == 0, name);
        sm_buffer_free(&out);
    }
    CHECK_ROW(is_done && at > 2, name);
    sm_buffer_free(&expected);
}

/* Cut short at any length: an answer, or a format error, never more than what is there. */
static void what_is_cut_short_is_no_dictionary(void) {
    struct stat info;
    CHECK(__real_stat(dictionary, &info) == 0);
    for (off_t len = info.st_size - 1; len >= 0; len = len > 4096 ? len - 997 : len - 1) {
        const sm_dict *dict = NULL;
        sm_error error = {0};
        CHECK(truncate(dictionary, len) == 0);
        CHECK(sm_dict_open(dictionary, &dict, &error) == SM_ERR_FORMAT && !dict);
        CHECK_STR(dictionary, error.file, "the file is named");
        CHECK(sm_dict_open(dictionary, &dict, NULL) == SM_ERR_FORMAT && !dict);
        CHECK(fault.n_open == 0 && fault.n_mapped == 0);
    }
}

int main(void) {
    write_dictionary();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) each_failure_is_told(i);
    what_is_cut_short_is_no_dictionary();
    unlink(dictionary);
    printf("of open() %lu calls failed, of fstat() %lu, stat() %lu, mmap() %lu, read() %lu\n", fault.n_failed[OPEN],
           fault.n_failed[FSTAT], fault.n_failed[STAT], fault.n_failed[MMAP], fault.n_failed[READ]);
    return check_report();
}
