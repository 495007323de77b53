/* A test program in a few lines: CHECK what must be true, then `return check_report()`. A failing check prints where it
 * stands and what came, and the program goes on, so that one run shows all that is wrong. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdio.h>
#include <string.h>

static int check_count, check_failures;

static inline int check_that(int holds, const char *file, int line, const char *what) {
    check_count++;
    if (!holds) {
        check_failures++;
        fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    }
    return holds;
}

static inline int check_strings(const char *expected, const char *got, const char *file, int line, const char *what) {
    const char *e = expected ? expected : "(null)", *g = got ? got : "(null)";
    check_count++;
    if (strcmp(e, g) == 0) return 1;
    check_failures++;
    fprintf(stderr, "%s:%d: %s\n  expected: %s\n  got:      %s\n", file, line, what, e, g);
    return 0;
}

#define CHECK(condition) check_that(!!(condition), __FILE__, __LINE__, #condition)
/* With a sentence of one's own, such as the row of a table. */
#define CHECK_ROW(condition, row) check_that(!!(condition), __FILE__, __LINE__, row)
#define CHECK_STR(expected, got, row) check_strings(expected, got, __FILE__, __LINE__, row)

static inline int check_report(void) {
    if (check_count == 0) fprintf(stderr, "no check was made\n");
    printf("%d checks, %d failed\n", check_count, check_failures);
    return check_failures || check_count == 0;
}

#endif
