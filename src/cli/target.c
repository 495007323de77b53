/* Where output goes: what stands there already, and where links lead. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

const char *cli_target_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

int cli_target_standard(const char *path) {
    struct stat there, standard;
    if (strcmp(path, "-") == 0) return STDOUT_FILENO;
    if (stat(path, &there) != 0) return -1;
    for (int file = STDOUT_FILENO; file <= STDERR_FILENO; file++)
        if (fstat(file, &standard) == 0 && standard.st_dev == there.st_dev && standard.st_ino == there.st_ino)
            return file;
    return -1;
}

bool cli_target_is_stream(const char *path) {
    struct stat there;
    if (cli_target_standard(path) >= 0) return true;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

bool cli_target_follow(const char *path, sm_buffer *target) {
    enum { MOST_LINKS = 40, LONGEST = 4096 }; /* as Linux has them */
    char link[LONGEST];
    if (!cli_buffer_append(target, path, strlen(path))) {
        errno = ENOMEM;
        return false;
    }
    for (int n = 0; n < MOST_LINKS; n++) {
        ssize_t len = readlink(target->data, link, sizeof link);
        if (len < 0) return true; /* no link, or what opening it will tell */
        const char *slash = link[0] == '/' ? NULL : strrchr(target->data, '/');
        target->len = slash ? (uint64_t)(slash + 1 - target->data) : 0;
        if (!cli_buffer_append(target, link, (size_t)len)) {
            errno = ENOMEM;
            return false;
        }
    }
    errno = ELOOP;
    return false;
}

bool cli_check_target(const char *verb, const char *path) {
    struct stat there;
    if (!path || strcmp(path, "-") == 0 || stat(path, &there) != 0 || !S_ISDIR(there.st_mode)) return true;
    cli_say(verb, "%s: is a folder and cannot be written; say a file, such as one in it", path);
    return false;
}
