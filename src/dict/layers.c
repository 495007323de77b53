#include <stdio.h>
#include <string.h>

#include "dict/source.h"

/* --- Finding rows by their key ------------------------------------------------------------------------------------ */

enum { NO_ROW = 0 }; /* slots hold the row's number + 1 */

static uint64_t add_to_hash(uint64_t hash, base_slice cell) {
    return (hash ^ base_hash(cell.bytes, cell.len)) * 0x9E3779B97F4A7C15u;
}

static uint64_t hash_key(const base_slice *cells, uint32_t key_columns) {
    uint64_t hash = 0;
    for (uint32_t c = 0; c < DICT_MAX_COLUMNS; c++)
        if (key_columns & 1u << c) hash = add_to_hash(hash, cells[c]);
    return hash;
}

static bool keys_are_equal(const base_slice *a, const base_slice *b, uint32_t key_columns) {
    for (uint32_t c = 0; c < DICT_MAX_COLUMNS; c++)
        if (key_columns & 1u << c && !base_slice_equal(a[c], b[c])) return false;
    return true;
}

static uint32_t key_columns_of(dict_table_id table) {
    const dict_table_spec *spec = dict_get_spec(table);
    uint32_t columns = 0;
    for (uint32_t c = 0; c < spec->n_columns; c++) columns |= (spec->columns[c].is_key ? 1u : 0u) << c;
    return columns;
}

/* The slot of the row with this key, or the empty one where it would go. The index is not empty. */
static uint32_t *find_slot(const dict_source_rows *rows, const base_slice *cells, uint64_t key) {
    uint32_t mask = (1u << rows->index.bits) - 1, at = (uint32_t)(key >> (64 - rows->index.bits));
    for (;; at = (at + 1) & mask) {
        uint32_t *slot = &rows->index.slots[at];
        if (*slot == NO_ROW) return slot;
        const dict_source_row *row = &rows->rows[*slot - 1];
        if (row->key == key && keys_are_equal(row->row.cells, cells, rows->key_columns)) return slot;
    }
}

static dict_source_row *find_row(const dict_source_rows *rows, const base_slice *cells, uint64_t key) {
    if (!rows->index.n) return NULL;
    uint32_t slot = *find_slot(rows, cells, key);
    return slot == NO_ROW ? NULL : &rows->rows[slot - 1];
}

static bool grow_index(dict_reader *reader, dict_source_rows *rows) {
    dict_index old = rows->index, grown = {.bits = old.bits ? old.bits + 1 : 8, .n = old.n};
    size_t size = sizeof(uint32_t) << grown.bits;
    grown.slots = grown.bits < 32 ? base_default_allocator.allocate(NULL, size) : NULL;
    if (!grown.slots) {
        reader->failed = true;
        return false;
    }
    memset(grown.slots, 0, size);
    rows->index = grown;
    for (size_t i = 0; i < (old.slots ? (size_t)1 << old.bits : 0); i++) {
        if (old.slots[i] == NO_ROW) continue;
        const dict_source_row *row = &rows->rows[old.slots[i] - 1];
        *find_slot(rows, row->row.cells, row->key) = old.slots[i];
    }
    base_default_allocator.release(NULL, old.slots);
    return true;
}

/* Appends a row. A removed one with the same key is not found any more from then on. */
static void append_row(dict_reader *reader, dict_source_rows *rows, const dict_source_row *row) {
    if (!base_grow(&base_default_allocator, (void **)&rows->rows, &rows->capacity, rows->n + 1, sizeof *row)) {
        reader->failed = true;
        return;
    }
    if ((!rows->index.bits || rows->index.n * 2 >= (size_t)1 << rows->index.bits) && !grow_index(reader, rows)) return;
    uint32_t *slot = find_slot(rows, row->row.cells, row->key);
    rows->index.n += *slot == NO_ROW;
    rows->rows[rows->n++] = *row;
    *slot = (uint32_t)rows->n;
}

const dict_source_row *dict_find_row(const dict_reader *reader, dict_table_id table, base_slice key) {
    const dict_source_rows *rows = &reader->table[table];
    base_slice cells[DICT_MAX_COLUMNS] = {{NULL, 0}};
    cells[0] = key; /* tables that are referred to have one key column, the first */
    const dict_source_row *row = find_row(rows, cells, add_to_hash(0, key));
    return row && !row->is_gone ? row : NULL;
}

/* --- Messages ----------------------------------------------------------------------------------------------------- */

enum { KEY_LEN = 400, MAX_SHOWN = 3 };

typedef struct key_text {
    char text[KEY_LEN];
} key_text;

/* "id 'XSHG:688111', name '金山办公'": the first cells of the key, those that are empty left out. */
static key_text show_key(const dict_source_row *row, uint32_t key_columns) {
    const dict_table_spec *spec = dict_get_spec(row->source->table);
    key_text key = {""};
    size_t len = 0;
    for (uint32_t c = 0, shown = 0; c < spec->n_columns && shown < MAX_SHOWN; c++) {
        if (!(key_columns & 1u << c) || (!row->row.cells[c].len && c)) continue;
        len += (size_t)snprintf(key.text + len, KEY_LEN - len, "%s%s %s", shown++ ? ", " : "", spec->names[c],
                                dict_quoted(row->row.cells[c]).text);
    }
    return key;
}

/* A key lacks a cell as often as it has a wrong one: "id, name, kind, from" tells which there are. */
static void report_no_row(dict_reader *reader, const dict_source_row *row, uint32_t key_columns, const char *to) {
    const dict_table_spec *spec = dict_get_spec(row->source->table);
    char columns[KEY_LEN] = "";
    size_t len = 0;
    for (uint32_t c = 0; c < spec->n_columns; c++) {
        if (!(key_columns & 1u << c)) continue;
        len += (size_t)snprintf(columns + len, KEY_LEN - len, "%s%s", len ? ", " : "", spec->names[c]);
    }
    dict_report_row(reader, row, "there is no row of %s to %s; expected the %s of a row in an earlier layer",
                    show_key(row, key_columns).text, to, columns);
}

static void report_conflict(dict_reader *reader, const dict_source_row *row, const dict_source_row *other,
                            uint32_t key_columns) {
    const dict_table_spec *spec = dict_get_spec(row->source->table);
    char differences[MAX_SHOWN * 250] = "";
    size_t len = 0;
    for (uint32_t c = 0, shown = 0; c < spec->n_columns && shown < MAX_SHOWN; c++) {
        if (base_slice_equal(row->row.cells[c], other->row.cells[c])) continue;
        len += (size_t)snprintf(differences + len, sizeof differences - len, "%s%s %s there and %s here",
                                shown++ ? ", " : "", spec->names[c], dict_quoted(other->row.cells[c]).text,
                                dict_quoted(row->row.cells[c]).text);
    }
    dict_report_row(reader, row, "conflict: %s is in %s:%u with %s; expected the action replace to change it",
                    show_key(row, key_columns).text, other->row.file, other->row.line, differences);
}

static bool rows_are_equal(const dict_source_row *a, const dict_source_row *b) {
    return keys_are_equal(a->row.cells, b->row.cells, (1u << dict_get_spec(a->source->table)->n_columns) - 1);
}

static void report_duplicate(dict_reader *reader, const dict_source_row *row, const dict_source_row *other,
                             uint32_t key_columns) {
    dict_report_row(reader, row, "duplicate row: %s stands in line %u already; expected it once",
                    show_key(row, key_columns).text, other->row.line);
}

/* --- Actions ------------------------------------------------------------------------------------------------------ */

static void lay_add(dict_reader *reader, dict_source_rows *rows, const dict_source_row *row, dict_source_row *found) {
    if (!found || found->is_gone) {
        append_row(reader, rows, row);
    } else if (row->is_broken || found->is_broken) {
        return; /* reported already */
    } else if (found->source == row->source) {
        report_duplicate(reader, row, found, rows->key_columns);
    } else if (rows_are_equal(row, found)) {
        dict_warn_row(reader, row, "%s is in %s:%u already, all cells alike; the row is left out",
                      show_key(row, rows->key_columns).text, found->row.file, found->row.line);
    } else {
        report_conflict(reader, row, found, rows->key_columns);
    }
}

static void lay_replace(dict_reader *reader, dict_source_rows *rows, const dict_source_row *row,
                        dict_source_row *found) {
    if (!found || found->is_gone) report_no_row(reader, row, rows->key_columns, "replace");
    else if (found->source == row->source) report_duplicate(reader, row, found, rows->key_columns);
    else *found = *row;
}

static void lay_remove(dict_reader *reader, dict_source_rows *rows, const dict_source_row *row,
                       dict_source_row *found) {
    if (!found || found->is_gone) {
        report_no_row(reader, row, rows->key_columns, "remove");
        return;
    }
    found->is_gone = true;
    found->removed_in = row->source->layer;
}

enum { BLOCK_KEY = 1 << NAME_ID | 1 << NAME_NAME };

static void lay_block(dict_reader *reader, dict_source_row row) {
    dict_source_rows *blocks = &reader->blocks;
    blocks->key_columns = BLOCK_KEY;
    row.key = hash_key(row.row.cells, BLOCK_KEY);
    const dict_source_row *found = find_row(blocks, row.row.cells, row.key);
    if (found) report_duplicate(reader, &row, found, BLOCK_KEY);
    else append_row(reader, blocks, &row);
}

/* A row whose action nobody knows changes no other; its own cells are checked all the same. */
static void keep_for_checks(dict_reader *reader, dict_source_rows *rows, const dict_source_row *row, bool is_new) {
    if (is_new) append_row(reader, rows, row);
    else if (base_grow(&base_default_allocator, (void **)&rows->rows, &rows->capacity, rows->n + 1, sizeof *row))
        rows->rows[rows->n++] = *row; /* the other stays the one that is found */
    else reader->failed = true;
}

void dict_lay_row(dict_reader *reader, const dict_source_row *read, dict_action action) {
    dict_source_row row = *read;
    dict_source_rows *rows = &reader->table[row.source->table];
    if (!rows->key_columns) rows->key_columns = key_columns_of(row.source->table);
    row.key = hash_key(row.row.cells, rows->key_columns);
    dict_source_row *found = find_row(rows, row.row.cells, row.key);
    switch (action) {
    case DICT_REPLACE: lay_replace(reader, rows, &row, found); break;
    case DICT_REMOVE: lay_remove(reader, rows, &row, found); break;
    case DICT_BLOCK: lay_block(reader, row); break;
    case DICT_ADD: lay_add(reader, rows, &row, found); break;
    case DICT_N_ACTIONS: keep_for_checks(reader, rows, &row, !found || found->is_gone); break;
    }
}

/* --- Blocks ------------------------------------------------------------------------------------------------------- */

static const base_slice *copy_with(dict_reader *reader, const base_slice *cells, const base_slice *changes) {
    base_slice *copy = base_arena_alloc(reader->arena, NAME_N * sizeof *copy);
    if (!copy) {
        reader->failed = true;
        return NULL;
    }
    for (uint32_t c = 0; c < NAME_N; c++) copy[c] = changes[c].len ? changes[c] : cells[c];
    return copy;
}

static dict_source_row *find_block(dict_reader *reader, base_slice id, base_slice name) {
    base_slice cells[DICT_MAX_COLUMNS] = {[NAME_ID] = id, [NAME_NAME] = name};
    return find_row(&reader->blocks, cells, hash_key(cells, BLOCK_KEY));
}

/* A block that names no row gets a row of its own: the name may be one that is worked out from others. */
static void add_blocked_row(dict_reader *reader, const dict_source_row *block) {
    const base_slice *cells = block->row.cells;
    if (base_slice_is(cells[NAME_ID], "*")) {
        dict_warn_row(reader, block, "no row has the name %s; there is nothing to block for all ids",
                      dict_quoted(cells[NAME_NAME]).text);
        return;
    }
    bool is_ascii = true;
    for (size_t i = 0; i < cells[NAME_NAME].len; i++) is_ascii &= (unsigned char)cells[NAME_NAME].bytes[i] < 0x80;
    base_slice changes[NAME_N] = {{NULL, 0}};
    changes[NAME_POLICY] = base_slice_of("never");
    if (!cells[NAME_LANG].len) changes[NAME_LANG] = base_slice_of(is_ascii ? "en" : "zh");
    if (!cells[NAME_KIND].len) changes[NAME_KIND] = base_slice_of("alias");
    dict_source_row row = *block;
    row.row.cells = copy_with(reader, cells, changes);
    if (row.row.cells) dict_lay_row(reader, &row, DICT_ADD);
}

void dict_lay_blocks(dict_reader *reader, const dict_source *source) {
    dict_source_rows *names = &reader->table[source->table], *blocks = &reader->blocks;
    base_slice changes[NAME_N] = {[NAME_POLICY] = base_slice_of("never")}, all = base_slice_of("*");
    for (size_t i = 0; blocks->n && i < names->n && !reader->failed; i++) {
        dict_source_row *row = &names->rows[i];
        const base_slice *cells = row->row.cells;
        if (row->is_gone) continue;
        dict_source_row *of_id = find_block(reader, cells[NAME_ID], cells[NAME_NAME]);
        dict_source_row *of_all = find_block(reader, all, cells[NAME_NAME]);
        if (!of_id && !of_all) continue;
        if (of_id) of_id->is_gone = true; /* it has done what it was for */
        if (of_all) of_all->is_gone = true;
        row->row.cells = copy_with(reader, cells, changes);
    }
    for (size_t i = 0; i < blocks->n && !reader->failed; i++)
        if (!blocks->rows[i].is_gone) add_blocked_row(reader, &blocks->rows[i]);
    base_default_allocator.release(NULL, blocks->rows);
    base_default_allocator.release(NULL, blocks->index.slots);
    *blocks = (dict_source_rows){0};
}

/* Whoever removes a security means its names too, except those that the same layer or a later one adds. */
void dict_drop_orphans(dict_reader *reader) {
    const dict_source_rows *securities = &reader->table[DICT_SECURITIES];
    dict_source_rows *names = &reader->table[DICT_NAMES];
    for (size_t i = 0; i < names->n; i++) {
        dict_source_row *name = &names->rows[i];
        base_slice cells[DICT_MAX_COLUMNS] = {[SEC_ID] = name->row.cells[NAME_ID]};
        const dict_source_row *row = find_row(securities, cells, add_to_hash(0, cells[SEC_ID]));
        if (row && row->is_gone && name->source->layer < row->removed_in) name->is_gone = true;
    }
}
