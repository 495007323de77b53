/* How long opening a compiled dictionary takes, which verifies it in full: processor time, of the first time and of the fastest.
 *
 *     bench_open FILE...
 *
 * More than a millisecond a megabyte ends with status 1, by the fastest: the first one also waits for memory to be mapped. */
#define _POSIX_C_SOURCE 200809L
#include "stockmention.h"

#include <stdio.h>
#include <time.h>

enum { ROUNDS = 7 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int open_once(const char *path, double *seconds, double *megabytes) {
    const sm_dict *dict = NULL;
    sm_error error = {0};
    sm_dict_info info = {.struct_size = sizeof info};
    double before = now();
    if (sm_dict_open(path, &dict, &error) != SM_OK) {
        fprintf(stderr, "bench_open: %s: %s\n", path, error.message);
        return 0;
    }
    *seconds = now() - before;
    sm_dict_describe(dict, &info);
    *megabytes = (double)info.size / 1e6;
    sm_dict_free(dict);
    return 1;
}

int main(int argc, char **argv) {
    int is_slow = 0;
    for (int i = 1; i < argc; i++) {
        double first = 0, fastest = 0, seconds, megabytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (!open_once(argv[i], &seconds, &megabytes)) return 2;
            if (round == 0) first = seconds;
            if (round == 0 || seconds < fastest) fastest = seconds;
        }
        printf("%s: %.1f MB, %.2f ms (%.2f ms a MB), the first time %.2f ms\n", argv[i], megabytes, fastest * 1e3,
               fastest * 1e3 / megabytes, first * 1e3);
        is_slow |= fastest * 1e3 > megabytes;
    }
    return is_slow;
}
