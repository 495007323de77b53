/* Documents in columns: those of a caller's sm_batch, or of Arrow arrays. Nothing is copied; what is said of a row is read when
 * its turn comes. Private to the room. */
#ifndef ENGINE_COLUMNS_H
#define ENGINE_COLUMNS_H

#include "engine/engine.h"

/* How the values of a column lie in memory. */
typedef enum column_layout {
    COLUMN_NULLS,     /* none is there */
    COLUMN_OFFSETS32, /* bytes, with int32 offsets */
    COLUMN_OFFSETS64,
    COLUMN_VIEWS, /* bytes, with 16 bytes for each that hold it or tell where it is */
    COLUMN_DAYS,  /* int32, since 1970 */
    COLUMN_TIMES, /* int64, since 1970 */
    COLUMN_DATES  /* int32, yyyymmdd */
} column_layout;

typedef struct engine_column {
    column_layout layout;
    const uint8_t *validity; /* a bit for each row; NULL: none is null */
    int64_t offset;          /* of row 0 in its buffers */
    const void *keys;        /* where it is encoded with a dictionary: which value; NULL: its own */
    uint32_t key_size;
    const uint8_t *value_validity; /* of the dictionary */
    int64_t value_offset;          /* the same; 0 without */
    const void *values;            /* offsets, views or numbers */
    const char *bytes;             /* that offsets are of */
    const void *const *blocks;     /* that views are of */
    int64_t per_day;               /* of times */
    bool is_utf8;                  /* bytes are, as the schema says */
} engine_column;

enum {
    COLUMN_TEXT,
    COLUMN_TITLE,
    COLUMN_URL,
    COLUMN_SOURCE,
    COLUMN_DATE,
    COLUMN_FORMAT,
    COLUMN_CHARSET,
    ENGINE_N_COLUMNS
};

/* Documents whose columns lie together. */
typedef struct engine_columns {
    engine_column of[ENGINE_N_COLUMNS];
    uint32_t has;                   /* 1 << COLUMN_… of those that are there */
    uint32_t format;                /* of rows that do not say */
    const uint8_t *validity;        /* of whole rows; NULL: none is null */
    int64_t offset;                 /* of row 0 there */
    uint64_t first, n;              /* documents of the batch */
    base_slice charset;             /* of rows that do not say; empty: to be found */
    bool is_utf8;                   /* the texts are, whatever rows say */
    bool has_nulls, has_text_alone; /* documents may be null; nothing is said of them (engine_run_batch) */
} engine_columns;

/* False: the document is null. */
bool engine_columns_text(const engine_columns *columns, uint64_t row, base_slice *text);
/* What the columns say of a document beside its text, checked. */
sm_status engine_columns_tell(const engine_columns *columns, uint64_t row, sm_document *document, sm_error *error);

uint64_t engine_columns_bytes(const engine_columns *columns, uint64_t n_columns);
/* Parts the documents, which have `bytes` in all, into `n` pieces of as many bytes each. @param from  receives where each begins,
 * and behind those the end of the last. */
void engine_columns_share(const engine_columns *columns, uint64_t n_columns, uint64_t bytes, uint32_t n,
                          uint64_t *from);

/* The caller's options, checked. */
sm_status engine_take_arrow_options(const sm_arrow_options *given, sm_arrow_options *how, sm_error *error);

/* Reads an array of this schema; NULL: checks the schema alone. What it holds must stay where it is. `how` is checked. */
sm_status engine_columns_of_arrow(const struct ArrowSchema *schema, const struct ArrowArray *array,
                                  const sm_arrow_options *how, engine_columns *columns, sm_error *error);

/* Takes all documents through the rooms. @param columns  `first` and what is told by others is set here. */
sm_status engine_run_batch(const sm_engine *engine, engine_columns *columns, uint64_t n_columns, uint32_t n_threads,
                           const sm_extract_options *options, sm_result **result, sm_error *error);

#endif
