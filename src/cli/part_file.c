/* Files that are written as TARGET.part and renamed at the end, so that nobody ever sees half a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static bool fail(cli_part *part, int failure) {
    if (!part->failure) part->failure = failure;
    return false;
}

static bool name_part(cli_part *part, const char *path) {
    sm_buffer *name = &part->part_path;
    if (!cli_target_follow(path, &part->target)) return fail(part, errno);
    return (cli_buffer_append(name, part->target.data, (size_t)part->target.len) && cli_buffer_append(name, ".part", 5))
           || fail(part, ENOMEM);
}

/* Nobody else writes it: of two runs the second is refused, also where the first gave the file its name meanwhile. File
 * systems without locks have none to keep. */
static bool is_ours(const cli_part *part) {
    struct stat own, named;
    bool is_locked = flock(part->file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    return is_locked && fstat(part->file, &own) == 0 && stat(part->part_path.data, &named) == 0
           && own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

/* What takes a file's place may be read by as many as that. */
static bool open_part(cli_part *part, bool goes_on) {
    struct stat old, own;
    bool has_old = stat(part->target.data, &old) == 0 && S_ISREG(old.st_mode);
    part->file = open(part->part_path.data, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                      has_old ? S_IRUSR | S_IWUSR : 0666);
    if (part->file < 0) return fail(part, errno);
    bool is_file = fstat(part->file, &own) == 0 && S_ISREG(own.st_mode);
    int refused = !is_file ? EEXIST : !is_ours(part) ? EBUSY : 0;
    if (!refused && !goes_on && ftruncate(part->file, 0) != 0) refused = errno;
    if (!refused && has_old && fchmod(part->file, old.st_mode & 07777) != 0 && errno != EPERM) refused = errno;
    if (!refused) return true;
    close(part->file);
    part->file = -1; /* what is there stays */
    return fail(part, refused);
}

bool cli_part_open(cli_part *part, const char *path, bool goes_on) {
    *part = (cli_part){.path = cli_target_name(path), .file = cli_target_standard(path)};
    if (part->file >= 0) return true;
    if (!cli_target_is_stream(path)) return name_part(part, path) && open_part(part, goes_on);
    part->file = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return part->file >= 0 || fail(part, errno);
}

static bool read_range(cli_part *part, off_t from, off_t to, sm_buffer *bytes) {
    if (!cli_buffer_reserve(bytes, (size_t)(to - from))) return fail(part, ENOMEM);
    if (lseek(part->file, from, SEEK_SET) < 0) return fail(part, errno);
    while (from < to) {
        ssize_t n = cli_read_piece(part->file, bytes->data + bytes->len, (size_t)(to - from));
        if (n <= 0) return fail(part, n < 0 ? errno : EIO);
        bytes->len += (uint64_t)n;
        from += n;
    }
    return true;
}

bool cli_part_find_lines(cli_part *part, uint64_t *n_lines, sm_buffer *last) {
    char bytes[65536];
    off_t at = 0, whole = 0, before = 0;
    ssize_t n;
    *n_lines = 0;
    for (; (n = cli_read_piece(part->file, bytes, sizeof bytes)) > 0; at += n) {
        const char *from = bytes, *end = bytes + n;
        for (; from < end && (from = memchr(from, '\n', (size_t)(end - from))); ++*n_lines) {
            before = whole;
            whole = at + (++from - bytes);
        }
    }
    if (n < 0) return fail(part, errno);
    part->whole = whole;
    return read_range(part, before, whole ? whole : at > 0, last);
}

bool cli_part_cut(cli_part *part) {
    if (ftruncate(part->file, part->whole) != 0 || lseek(part->file, part->whole, SEEK_SET) < 0) fail(part, errno);
    return !part->failure;
}

/* Gives what was written the name it was written for, or removes it where it is of no use. */
static void settle(cli_part *part, bool is_whole, bool is_empty) {
    if (is_whole && !part->failure && rename(part->part_path.data, part->target.data) != 0) fail(part, errno);
    bool is_left = !is_whole || part->failure;
    if (is_left && (is_empty || !part->can_be_resumed)) unlink(part->part_path.data);
}

bool cli_part_close(cli_part *part, bool is_whole) {
    struct stat status;
    bool is_open = part->file >= 0, is_empty = is_open && fstat(part->file, &status) == 0 && status.st_size == 0;
    if (is_whole && !part->failure && fsync(part->file) != 0 && errno != EINVAL && errno != EROFS) fail(part, errno);
    if (part->file > STDERR_FILENO && close(part->file) != 0) fail(part, errno);
    if (is_open && part->part_path.len) settle(part, is_whole, is_empty);
    sm_buffer_free(&part->target);
    sm_buffer_free(&part->part_path);
    errno = part->failure;
    return !part->failure;
}

bool cli_write_file(const char *verb, const char *path, const sm_buffer *bytes) {
    cli_part part;
    bool is_open = cli_part_open(&part, path, false);
    if (is_open) part.failure = cli_write_all(part.file, bytes->data, bytes->len);
    if (cli_part_close(&part, is_open)) return true;
    cli_say(verb, "%s: cannot be written: %s", part.path, strerror(errno));
    return false;
}
