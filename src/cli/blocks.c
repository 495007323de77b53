#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "cli/blocks.h"

enum {
    BLOCK = 256 * 1024, /* bytes: some hundred news, which keep a thread busy for a millisecond */
    KEPT = 4 * BLOCK    /* what a long line took beyond this is given back */
};

/* --- Interrupts ------------------------------------------------------------------------------------------------------ */

/* A handler can be told nothing but by a variable of the whole process. */
static volatile sig_atomic_t interrupt;

static void note_interrupt(int number) {
    interrupt = number;
}

void cli_interrupt_watch(void) {
    /* The second one ends us the hard way: it may be that we cannot go on. */
    struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cli_is_interrupted(void) {
    return interrupt != 0;
}

void cli_interrupt_block(sigset_t *before) {
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &both, before);
}

typedef enum { READABLE, WOULD_WAIT, INTERRUPTED } readiness;

/* Signals are let in while pselect() sleeps and at no other time, so that none falls between the look at `interrupt` and
 * the sleep. @return what pselect() does, or 0 where it is not called. */
static int sleep_for_input(int file, const struct timespec *longest) {
    sigset_t before;
    fd_set input;
    FD_ZERO(&input);
    FD_SET(file, &input);
    cli_interrupt_block(&before);
    int n = cli_is_interrupted() ? 0 : pselect(file + 1, &input, NULL, NULL, longest, &before);
    int failure = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failure;
    return n;
}

static readiness await_input(int file, bool waits) {
    const struct timespec at_once = {0};
    int n;
    do n = file < FD_SETSIZE ? sleep_for_input(file, waits ? NULL : &at_once) : 1;
    while (n < 0 && errno == EINTR && !cli_is_interrupted());
    if (cli_is_interrupted()) return INTERRUPTED;
    return n == 0 ? WOULD_WAIT : READABLE; /* of what cannot be waited for read() tells */
}

/* --- Blocks ---------------------------------------------------------------------------------------------------------- */

bool cli_blocks_open(cli_blocks *blocks, const char *path, bool is_csv) {
    *blocks = (cli_blocks){.file = cli_open_to_read(path), .is_csv = is_csv};
    return blocks->file >= 0;
}

void cli_blocks_close(cli_blocks *blocks) {
    cli_close_after_reading(blocks->file);
    sm_buffer_free(&blocks->rest);
}

/* @return the end of the last record in bytes[from, len), or `whole`. */
static size_t find_csv_ends(cli_blocks *blocks, const sm_buffer *bytes, size_t from, size_t whole) {
    for (size_t i = from; i < bytes->len; i++) {
        const char byte = bytes->data[i];
        blocks->state = cli_csv_next(blocks->state, byte);
        blocks->n_open_lines += byte == '\n';
        if (byte != '\n' || blocks->state != CSV_START) {
            blocks->is_begun |= byte != '\r' || blocks->has_return;
            blocks->has_return |= byte == '\r';
            continue;
        }
        whole = i + 1;
        blocks->n_lines += blocks->n_open_lines;
        blocks->n_open_lines = 0;
        blocks->n_records += blocks->is_begun;
        blocks->is_begun = blocks->has_return = false;
    }
    return whole;
}

static size_t find_line_ends(cli_blocks *blocks, const sm_buffer *bytes, size_t from, size_t whole) {
    const char *at = bytes->data + from, *end = bytes->data + bytes->len;
    for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); blocks->n_lines++)
        whole = (size_t)(++at - bytes->data);
    return whole;
}

static bool read_more(cli_blocks *blocks, sm_buffer *bytes) {
    if (!cli_buffer_reserve(bytes, BLOCK)) {
        errno = ENOMEM;
        return false;
    }
    ssize_t n = cli_read_piece(blocks->file, bytes->data + bytes->len, BLOCK);
    if (n < 0) return false;
    if (n == 0) blocks->is_at_end = true;
    bytes->len += (uint64_t)n;
    blocks->n_bytes += (uint64_t)n;
    return true;
}

static void swap(sm_buffer *a, sm_buffer *b) {
    sm_buffer kept = *a;
    *a = *b;
    *b = kept;
}

/* What is left was looked through already: no record ends in it. */
static void take_rest(cli_blocks *blocks, sm_buffer *bytes) {
    swap(&blocks->rest, bytes);
    blocks->rest.len = 0;
    if (blocks->rest.capacity > KEPT) sm_buffer_free(&blocks->rest);
}

cli_block_status cli_blocks_next(cli_blocks *blocks, bool waits, sm_buffer *bytes) {
    size_t whole = 0;
    take_rest(blocks, bytes);
    while (!blocks->is_at_end && (!whole || bytes->len < BLOCK)) {
        readiness ready = await_input(blocks->file, waits && !whole);
        if (ready == INTERRUPTED) return CLI_BLOCKS_INTERRUPTED;
        if (ready == WOULD_WAIT && whole) break;
        if (ready == WOULD_WAIT) {
            swap(&blocks->rest, bytes);
            return CLI_BLOCKS_WAIT;
        }
        size_t from = bytes->len;
        if (!read_more(blocks, bytes)) return CLI_BLOCKS_FAILED;
        whole = (blocks->is_csv ? find_csv_ends : find_line_ends)(blocks, bytes, from, whole);
    }
    if (blocks->is_at_end) whole = bytes->len;
    if (!cli_buffer_append(&blocks->rest, bytes->data + whole, bytes->len - whole)) {
        errno = ENOMEM;
        return CLI_BLOCKS_FAILED;
    }
    bytes->len = whole;
    return whole ? CLI_BLOCK : CLI_BLOCKS_END;
}
