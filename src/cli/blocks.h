/* Whole lines, many at a time, and how reading them is interrupted. */
#ifndef CLI_BLOCKS_H
#define CLI_BLOCKS_H

#include <pthread.h>
#include <signal.h>

#include "cli/cli.h"

/* From now on the first Ctrl-C or SIGTERM is noted, and the second one ends the process. */
void cli_interrupt_watch(void);
bool cli_is_interrupted(void);
/* Keeps both from this thread, and from those that it makes. @param before  receives the mask to set again. */
void cli_interrupt_block(sigset_t *before);

/* Where in CSV one stands. A quote opens only where a field begins, so that a stray one harms its own line alone. */
typedef enum {
    CSV_START,
    CSV_BARE,
    CSV_QUOTED,
    CSV_QUOTE /* it ends the field, or is the first of two */
} cli_csv_state;

static inline cli_csv_state cli_csv_next(cli_csv_state state, char byte) {
    if (state == CSV_QUOTED) return byte == '"' ? CSV_QUOTE : CSV_QUOTED;
    if (byte == ',' || byte == '\n') return CSV_START;
    return byte == '"' && state != CSV_BARE ? CSV_QUOTED : CSV_BARE;
}

/* A stream read in blocks of whole records, in memory that grows with the longest record only. */
typedef struct cli_blocks {
    int file;
    bool is_at_end;
    bool is_csv; /* a line end in quotes ends no record */
    cli_csv_state state;
    bool is_begun, has_return; /* CSV: the record at hand is more than its line end; it has the \r of one */
    sm_buffer rest;            /* the begin of a record whose end was not read yet */
    uint64_t n_open_lines;     /* CSV: of the record at hand */
    uint64_t n_lines, n_bytes; /* that were read; lines of whole records alone */
    uint64_t n_records;        /* the same of CSV, without empty lines */
} cli_blocks;

typedef enum {
    CLI_BLOCK,
    CLI_BLOCKS_WAIT, /* no whole record is at hand, and the next call with `waits` may sleep */
    CLI_BLOCKS_END,
    CLI_BLOCKS_INTERRUPTED,
    CLI_BLOCKS_FAILED /* errno says why */
} cli_block_status;

bool cli_blocks_open(cli_blocks *blocks, const char *path, bool is_csv); /* "-" is standard input; false: errno */
void cli_blocks_close(cli_blocks *blocks);
/* @param bytes  of CLI_BLOCK receives whole records, the last of the stream perhaps without its line end; its memory is
 *               used again, and may change places with that of `blocks`. */
cli_block_status cli_blocks_next(cli_blocks *blocks, bool waits, sm_buffer *bytes);

#endif
