#include <string.h>

#include "dict/source.h"

static const char *const action_words[DICT_N_ACTIONS] = {"add", "replace", "remove", "block"};

enum { ACTION_COLUMN = DICT_MAX_COLUMNS, NO_COLUMN };

/* One file while it is read. */
typedef struct tsv_file {
    dict_reader *reader;
    const dict_source *source;
    const dict_table_spec *spec;
    const char *start, *at, *end;
    uint32_t line;
    uint32_t n_columns;                   /* of the header; 0 before it was read */
    uint8_t column[DICT_MAX_COLUMNS + 1]; /* what each of them is: a column's number, ACTION_COLUMN */
    bool is_valid;                        /* the whole file is UTF-8 */
} tsv_file;

static bool next_line(tsv_file *file, base_slice *line) {
    if (file->at == file->end) return false;
    const char *feed = memchr(file->at, '\n', (size_t)(file->end - file->at));
    const char *end = feed ? feed : file->end;
    *line = (base_slice){file->at, (size_t)(end - file->at)};
    file->at = feed ? feed + 1 : file->end;
    file->line++;
    if (line->len && line->bytes[line->len - 1] == '\r') line->len--;
    return true;
}

/* A cell may begin with #, so a comment is what has no second cell. */
static bool is_comment(base_slice line) {
    bool begins = base_slice_is(line, "#") || base_slice_starts(line, "# ");
    return begins && !memchr(line.bytes, '\t', line.len);
}

static base_slice next_cell(base_slice *rest) {
    const char *tab = rest->len ? memchr(rest->bytes, '\t', rest->len) : NULL;
    base_slice cell = {rest->bytes, tab ? (size_t)(tab - rest->bytes) : rest->len};
    size_t step = tab ? cell.len + 1 : cell.len;
    *rest = (base_slice){rest->len ? rest->bytes + step : rest->bytes, rest->len - step};
    return cell;
}

static uint32_t count_cells(base_slice line) {
    uint32_t n = 1;
    for (size_t i = 0; i < line.len; i++) n += line.bytes[i] == '\t';
    return n;
}

/* --- Bytes -------------------------------------------------------------------------------------------------------- */

static bool report_byte(tsv_file *file, base_slice line, size_t at, const char *what, const char *expected) {
    base_slice byte = {line.bytes + at, 1};
    uint64_t offset = (uint64_t)(byte.bytes - file->start);
    dict_report_byte(file->reader, file->source, file->line, offset, SM_ERR_TABLE,
                     "byte %zu of the line, %s, is %s; expected %s", at + 1, dict_quoted(byte).text, what, expected);
    return false;
}

/* Control characters are refused everywhere: strings end with NUL in the compiled dictionary, and the others would
 * make names that nobody sees. */
static bool has_good_bytes(tsv_file *file, base_slice line) {
    if (!file->is_valid) {
        size_t valid = base_utf8_valid_prefix(line.bytes, line.len);
        if (valid < line.len) return report_byte(file, line, valid, "no UTF-8", "a table in UTF-8");
    }
    for (size_t i = 0; i < line.len; i++) {
        unsigned char byte = (unsigned char)line.bytes[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return report_byte(file, line, i, "a control character", "text");
        bool is_c1 = byte == 0xC2 && i + 1 < line.len && (unsigned char)line.bytes[i + 1] < 0xA0;
        if (is_c1) return report_byte(file, line, i, "the start of a control character", "text");
    }
    return true;
}

/* --- Header ------------------------------------------------------------------------------------------------------- */

static uint8_t find_column(const dict_table_spec *spec, base_slice name) {
    for (uint32_t i = 0; i < spec->n_columns; i++)
        if (base_slice_is(name, spec->names[i])) return (uint8_t)i;
    return base_slice_is(name, "action") ? ACTION_COLUMN : NO_COLUMN;
}

/* The columns' names for a message. */
static void list_columns(const dict_table_spec *spec, char *out, size_t capacity) {
    size_t len = 0;
    for (uint32_t i = 0; i <= spec->n_columns; i++) {
        const char *name = i < spec->n_columns ? spec->names[i] : "action";
        size_t name_len = strlen(name);
        if (len + name_len + 3 > capacity) break;
        if (i) memcpy(out + len, ", ", 2);
        len += i ? 2 : 0;
        memcpy(out + len, name, name_len);
        len += name_len;
    }
    out[len] = '\0';
}

static bool report_missing_columns(tsv_file *file, uint32_t seen) {
    bool has_action = seen & 1u << ACTION_COLUMN, is_complete = true;
    for (uint32_t i = 0; i < file->spec->n_columns; i++) {
        dict_need need = file->spec->columns[i].need;
        if (seen & 1u << i || need == DICT_OPTIONAL || (need == DICT_REQUIRED && has_action)) continue;
        dict_report(file->reader, file->source, file->line, "the column '%s' is missing; expected it in the header row",
                    file->spec->names[i]);
        is_complete = false;
    }
    return is_complete;
}

static bool read_header(tsv_file *file, base_slice line) {
    char known[256];
    uint32_t seen = 0;
    bool is_good = true;
    list_columns(file->spec, known, sizeof known);
    for (uint32_t i = 0, n = count_cells(line); i < n; i++) {
        base_slice name = next_cell(&line);
        uint8_t column = find_column(file->spec, name);
        if (column == NO_COLUMN) {
            dict_report(file->reader, file->source, file->line, "the column %s is not known; expected %s",
                        dict_quoted(name).text, known);
            is_good = false;
        } else if (seen & 1u << column) {
            dict_report(file->reader, file->source, file->line, "the column %s stands twice; expected it once",
                        dict_quoted(name).text);
            is_good = false;
        } else {
            seen |= 1u << column;
            file->column[file->n_columns++] = column; /* at most every known column once */
        }
    }
    return report_missing_columns(file, seen) && is_good;
}

/* --- Rows --------------------------------------------------------------------------------------------------------- */

/* DICT_N_ACTIONS: none that there is, which was reported. */
static dict_action read_action(tsv_file *file, base_slice cell) {
    dict_action action = DICT_ADD;
    if (!cell.len) return action;
    while (action < DICT_N_ACTIONS && !base_slice_is(cell, action_words[action])) action++;
    if (action < DICT_BLOCK || (action == DICT_BLOCK && file->source->table == DICT_NAMES)) return action;
    const char *expected = file->source->table == DICT_NAMES ? "add, replace, remove, block" : "add, replace, remove";
    dict_report(file->reader, file->source, file->line, "action %s is not known here; expected one of %s",
                dict_quoted(cell).text, expected);
    return DICT_N_ACTIONS;
}

/* One way to write a thing: rows are compared with those that a dictionary was dumped into. */
static void make_canonical(const tsv_file *file, base_slice *cells) {
    for (uint32_t i = 0; i < file->spec->n_columns; i++) {
        const char *word = file->spec->columns[i].same_as_empty;
        if (word && base_slice_is(cells[i], word)) cells[i].len = 0;
    }
    if (file->source->table == DICT_SECURITIES && !cells[SEC_ISSUER].len) cells[SEC_ISSUER] = cells[SEC_ID];
}

static void read_row(tsv_file *file, base_slice line) {
    bool is_good = has_good_bytes(file, line);
    uint32_t n = count_cells(line);
    base_slice *cells = base_arena_alloc(file->reader->arena, file->spec->n_columns * sizeof *cells);
    if (!cells) {
        file->reader->failed = true;
        return;
    }
    for (uint32_t i = 0; i < file->spec->n_columns; i++) cells[i] = (base_slice){"", 0};
    if (is_good && n != file->n_columns) {
        base_slice rest = line;
        dict_report(file->reader, file->source, file->line, "the row of %s has %u cells; expected %u, as in the header",
                    dict_quoted(next_cell(&rest)).text, n, file->n_columns);
        is_good = false;
    }
    base_slice action_cell = {"", 0};
    const uint8_t *column = file->column;
    for (uint32_t i = 0; i < n && i < file->n_columns; i++, column++) {
        base_slice cell = next_cell(&line);
        if (*column == ACTION_COLUMN) action_cell = cell;
        else cells[*column] = cell;
    }
    dict_action action = is_good ? read_action(file, action_cell) : DICT_ADD;
    make_canonical(file, cells);
    dict_source_row row = {.row = {cells, file->source->path, file->line},
                           .source = file->source,
                           .is_broken = !is_good || action == DICT_N_ACTIONS,
                           .has_bad_action = action == DICT_N_ACTIONS};
    dict_lay_row(file->reader, &row, action);
}

void dict_read_source(dict_reader *reader, const dict_source *source, base_slice bytes) {
    if (!bytes.len) bytes.bytes = "";
    tsv_file file = {.reader = reader, .source = source, .spec = dict_get_spec(source->table)};
    file.start = bytes.bytes;
    file.at = bytes.bytes + (base_slice_starts(bytes, "\xEF\xBB\xBF") ? 3 : 0);
    file.end = bytes.bytes + bytes.len;
    file.is_valid = base_utf8_valid_prefix(bytes.bytes, bytes.len) == bytes.len;
    base_slice line;
    while (!reader->failed && next_line(&file, &line)) {
        if (!line.len || is_comment(line)) continue;
        if (file.n_columns) {
            read_row(&file, line);
        } else if (!has_good_bytes(&file, line) || !read_header(&file, line)) {
            reader->is_partial[source->table] = true; /* without its header no row can be read */
            return;
        }
    }
    if (!file.n_columns) {
        char known[256];
        list_columns(file.spec, known, sizeof known);
        dict_report(reader, source, 0, "the table has no header row; expected the columns %s", known);
    }
    dict_lay_blocks(reader, source);
}
