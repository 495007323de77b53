/* Reading rows of columns. */
#include <string.h>

#include "engine/columns.h"

/* --- Values ------------------------------------------------------------------------------------------------------------- */

static inline bool is_null(const uint8_t *validity, int64_t at) {
    return validity && !(validity[at / 8] >> (at % 8) & 1);
}

static int64_t key_at(const engine_column *column, int64_t at) {
    switch (column->key_size) {
    case 1: return ((const uint8_t *)column->keys)[at];
    case 2: return ((const uint16_t *)column->keys)[at];
    case 4: return ((const uint32_t *)column->keys)[at];
    default: return ((const int64_t *)column->keys)[at];
    }
}

/* Where the value of a row is. False: null. */
static inline bool find_value(const engine_column *column, uint64_t row, int64_t *at) {
    *at = column->offset + (int64_t)row;
    if (column->layout == COLUMN_NULLS || is_null(column->validity, *at)) return false;
    if (!column->keys) return true;
    *at = column->value_offset + key_at(column, *at);
    return !is_null(column->value_validity, *at);
}

/* Arrow's view: a length, then up to 12 bytes themselves, or their first four, the block that they are in, and where. */
typedef struct view {
    int32_t len;
    union {
        char own[12];
        struct {
            char prefix[4];
            int32_t block, offset;
        } far;
    } bytes;
} view;
_Static_assert(sizeof(view) == 16, "as Arrow has it");

static base_slice view_at(const engine_column *column, int64_t at) {
    const view *v = (const view *)column->values + at;
    size_t len = (size_t)v->len;
    if (len <= sizeof v->bytes.own) return (base_slice){v->bytes.own, len};
    return (base_slice){(const char *)column->blocks[v->bytes.far.block] + v->bytes.far.offset, len};
}

/* False: null. */
static bool read_bytes(const engine_column *column, uint64_t row, base_slice *bytes) {
    int64_t at;
    if (!find_value(column, row, &at)) return false;
    if (column->layout == COLUMN_VIEWS) {
        *bytes = view_at(column, at);
    } else if (column->layout == COLUMN_OFFSETS32) {
        const int32_t *offsets = (const int32_t *)column->values + at;
        *bytes = (base_slice){column->bytes + offsets[0], (size_t)(offsets[1] - offsets[0])};
    } else {
        const int64_t *offsets = (const int64_t *)column->values + at;
        *bytes = (base_slice){column->bytes + offsets[0], (size_t)(offsets[1] - offsets[0])};
    }
    if (!bytes->len) bytes->bytes = ""; /* there may be no buffer */
    return true;
}

static bool read_day_at(const engine_column *column, uint64_t row, int64_t at, int32_t *day) {
    const int32_t *numbers = column->values;
    if (column->layout == COLUMN_DATES) *day = numbers[at];
    else if (column->layout == COLUMN_DAYS) *day = base_date_of_days(numbers[at]);
    else if (column->layout == COLUMN_TIMES) {
        int64_t time = ((const int64_t *)column->values)[at], days = time / column->per_day;
        *day = base_date_of_days(days - (time % column->per_day < 0));
    } else {
        base_slice text;
        *day = read_bytes(column, row, &text) ? base_date_parse(text) : 0;
    }
    return base_date_is_valid(*day);
}

/* False: what is there is no day. @param day  0: null. */
static bool read_day(const engine_column *column, uint64_t row, int32_t *day) {
    int64_t at;
    *day = 0;
    return !find_value(column, row, &at) || read_day_at(column, row, at, day)
           || (column->layout == COLUMN_DATES && *day == 0);
}

/* --- Documents ---------------------------------------------------------------------------------------------------------- */

bool engine_columns_text(const engine_columns *columns, uint64_t row, base_slice *text) {
    return !is_null(columns->validity, columns->offset + (int64_t)row)
           && read_bytes(&columns->of[COLUMN_TEXT], row, text);
}

static bool tell(const engine_columns *columns, uint32_t column, uint64_t row, base_slice *bytes) {
    return columns->has >> column & 1 && read_bytes(&columns->of[column], row, bytes);
}

/* For messages. */
static unsigned long long number_of(const engine_columns *columns, uint64_t row) {
    return columns->first + row;
}

static sm_status tell_format(const engine_columns *columns, uint64_t row, sm_document *document, sm_error *error) {
    static const char *const words[] = {"auto", "text", "html", "markdown"};
    base_slice format;
    document->format = columns->format;
    if (!tell(columns, COLUMN_FORMAT, row, &format)) return SM_OK;
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (base_slice_is(format, words[i])) return document->format = i, SM_OK;
    return base_fail(error, SM_ERR_ARG,
                     "the format of document %llu is '%.*s'; expected auto, text, html, markdown or null",
                     number_of(columns, row), (int)(format.len < 64 ? format.len : 64), format.bytes);
}

static sm_status tell_charset(const engine_columns *columns, uint64_t row, sm_document *document, sm_error *error) {
    base_slice charset = columns->charset;
    bool is_told = !columns->is_utf8 && tell(columns, COLUMN_CHARSET, row, &charset);
    document->charset = charset.bytes;
    document->charset_len = charset.len;
    if (!is_told || engine_charset(document) != TEXT_NO_CHARSET) return SM_OK;
    return base_fail(error, SM_ERR_ARG,
                     "the charset of document %llu is '%.*s'; expected such as utf-8, gb18030, big5, or null",
                     number_of(columns, row), (int)(charset.len < 64 ? charset.len : 64), charset.bytes);
}

sm_status engine_columns_tell(const engine_columns *columns, uint64_t row, sm_document *document, sm_error *error) {
    base_slice title = {0}, url = {0}, source = {0};
    tell(columns, COLUMN_TITLE, row, &title);
    tell(columns, COLUMN_URL, row, &url);
    tell(columns, COLUMN_SOURCE, row, &source);
    *document = (sm_document){.struct_size = sizeof *document,
                              .title = title.bytes,
                              .title_len = title.len,
                              .url = url.bytes,
                              .url_len = url.len,
                              .source = source.bytes,
                              .source_len = source.len};
    if (columns->has >> COLUMN_DATE & 1 && !read_day(&columns->of[COLUMN_DATE], row, &document->date))
        return base_fail(error, SM_ERR_ARG,
                         "the date of document %llu is no day from 1600 to 9999; expected such as 2021-12-22",
                         number_of(columns, row));
    sm_status status = tell_format(columns, row, document, error);
    return status == SM_OK ? tell_charset(columns, row, document, error) : status;
}

/* --- Shares of the text ------------------------------------------------------------------------------------------------- */

static uint64_t text_len(const engine_columns *of, uint64_t row) {
    base_slice text;
    return engine_columns_text(of, row, &text) ? text.len : 0;
}

/* Where offsets tell how much text comes before a row. */
static bool has_offsets(const engine_columns *of) {
    const engine_column *text = &of->of[COLUMN_TEXT];
    return !text->keys && (text->layout == COLUMN_OFFSETS64 || text->layout == COLUMN_OFFSETS32);
}

static uint64_t bytes_before(const engine_columns *of, uint64_t row) {
    const engine_column *text = &of->of[COLUMN_TEXT];
    const int64_t *wide = (const int64_t *)text->values + text->offset;
    const int32_t *narrow = (const int32_t *)text->values + text->offset;
    return text->layout == COLUMN_OFFSETS64 ? (uint64_t)(wide[row] - wide[0]) : (uint64_t)(narrow[row] - narrow[0]);
}

static uint64_t count_bytes(const engine_columns *of) {
    uint64_t bytes = 0;
    if (of->n && has_offsets(of)) return bytes_before(of, of->n);
    for (uint64_t row = 0; row < of->n; row++) bytes += text_len(of, row);
    return bytes;
}

/* The first row from `row` on with so many bytes before it; `bytes` come before `row`, and then before that. */
static uint64_t find_row(const engine_columns *of, uint64_t row, uint64_t *bytes, uint64_t wanted) {
    if (!has_offsets(of)) {
        for (; row < of->n && *bytes < wanted; row++) *bytes += text_len(of, row);
        return row;
    }
    for (uint64_t end = of->n; row < end;) {
        uint64_t middle = row + (end - row) / 2;
        if (bytes_before(of, middle) < wanted) row = middle + 1;
        else end = middle;
    }
    return row;
}

uint64_t engine_columns_bytes(const engine_columns *columns, uint64_t n_columns) {
    uint64_t all = 0;
    for (uint64_t i = 0; i < n_columns; i++) all += count_bytes(&columns[i]);
    return all;
}

void engine_columns_share(const engine_columns *columns, uint64_t n_columns, uint64_t bytes, uint32_t n,
                          uint64_t *from) {
    uint64_t before = 0;
    uint32_t next = 1;
    from[0] = 0;
    for (uint64_t i = 0; i < n_columns && next < n; i++) {
        const uint64_t here = count_bytes(&columns[i]);
        for (uint64_t row = 0, passed = 0; next < n && bytes / n * next <= before + here; next++) {
            row = find_row(&columns[i], row, &passed, bytes / n * next - before);
            from[next] = columns[i].first + row;
        }
        before += here;
    }
    while (next <= n) from[next++] = columns[n_columns - 1].first + columns[n_columns - 1].n;
}
