/* Texts whose ends are watched. Whoever includes this defines _DEFAULT_SOURCE first, for MAP_ANONYMOUS. */
#ifndef TESTS_UNIT_GUARD_H
#define TESTS_UNIT_GUARD_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The end of `size` bytes of memory: reading what is behind ends the test. */
static inline char *guarded_end(size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
    char *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + room, page, PROT_NONE) != 0) exit(2);
    return memory + room;
}

/* The first character of a text that begins at `at` or behind. */
static inline size_t next_char(const char *text, size_t len, size_t at) {
    while (at < len && ((unsigned char)text[at] & 0xC0) == 0x80) at++;
    return at;
}

#endif
