/* Results as Arrow arrays: arrow_block.c has the memory, arrow_schema.c the types, arrow_array.c the values, arrow_stream.c
 * makes a stream of them. Private to the room. */
#ifndef OUTPUT_ARROW_H
#define OUTPUT_ARROW_H

#include "base/base.h"

/* --- Memory ------------------------------------------------------------------------------------------------------------- */

/* All that one array, or one schema, with its children consists of. Each of them has a hold on it, since a consumer may move
 * a child out and keep it longer than its parent. It is malloc's: whoever releases the last one may have no engine. */
typedef struct arrow_block arrow_block;

arrow_block *arrow_block_new(void); /* NULL: out of memory */
/* Before anything of it was handed out. */
void arrow_block_free(arrow_block *block);
void *arrow_block_take(arrow_block *block, uint64_t size); /* zeroed; NULL: out of memory */

/* A node with room for its buffers and children; the first child is to be set by the caller. Children of a node are released
 * with it unless they were moved. NULL: out of memory. */
struct ArrowArray *arrow_block_array(arrow_block *block, uint64_t length, int64_t n_buffers, int64_t n_children);
struct ArrowSchema *arrow_block_schema(arrow_block *block, const char *format, const char *name, int64_t n_children);

/* --- What there is to see ----------------------------------------------------------------------------------------------- */

/* Words that stand for numbers. */
typedef struct arrow_words {
    const char *(*word)(uint32_t number); /* NULL: none */
    uint32_t n;                           /* numbers are below */
} arrow_words;

/* The columns of a mention, in their order. */
enum {
    ARROW_DOCUMENT,
    ARROW_FIELD,
    ARROW_START,
    ARROW_END,
    ARROW_TEXT,
    ARROW_KIND,
    ARROW_REGION,
    ARROW_ROLE,
    ARROW_SECURITY,
    ARROW_CONFIDENCE,
    ARROW_EVIDENCE,
    ARROW_N_COLUMNS
};

typedef struct arrow_column {
    const char *name, *format; /* of numbers into a dictionary: of the numbers */
    arrow_words words;
    bool has_unit;
} arrow_column;

extern const arrow_column arrow_columns[ARROW_N_COLUMNS];

/* --- Making them -------------------------------------------------------------------------------------------------------- */

/* @param unit  SM_OFFSETS_…; `dictionary` its version. False: out of memory. */
bool arrow_make_schema(uint32_t layout, uint32_t unit, const char *dictionary, struct ArrowSchema *schema);

/* Of layout LISTS or MENTIONS. @param first  the number of the result's first document. @return SM_OK or SM_ERR_NOMEM. */
sm_status arrow_make_array(const sm_result *result, uint32_t layout, uint64_t first, struct ArrowArray *array,
                           sm_error *error);

/* Lays the lists of a result behind the columns of a struct, which are moved: `documents` is released. On an error it is
 * left as it was. */
sm_status arrow_append_lists(const sm_result *result, uint64_t first, struct ArrowArray *documents,
                             struct ArrowArray *array, sm_error *error);
/* The same for schemas. False: out of memory. */
bool arrow_append_schema(uint32_t unit, const char *dictionary, struct ArrowSchema *documents,
                         struct ArrowSchema *schema);

#endif
