#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dict/source.h"

/* --- One reading -------------------------------------------------------------------------------------------------- */

static void reader_init(dict_reader *reader, dict_tables *tables, int32_t as_of) {
    memset(tables, 0, sizeof *tables);
    memset(reader, 0, sizeof *reader);
    base_arena_init(&tables->arena, &base_default_allocator);
    tables->as_of = as_of;
    reader->arena = &tables->arena;
}

static void reader_free(dict_reader *reader) {
    for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
        base_default_allocator.release(NULL, reader->table[table].rows);
        base_default_allocator.release(NULL, reader->table[table].index.slots);
    }
    base_default_allocator.release(NULL, reader->blocks.rows);
    base_default_allocator.release(NULL, reader->blocks.index.slots);
    base_default_allocator.release(NULL, reader->problems);
}

static const dict_source *new_source(dict_reader *reader, const char *path, dict_table_id table, uint32_t layer) {
    dict_source *source = base_arena_alloc(reader->arena, sizeof *source);
    char *copy = base_arena_copy(reader->arena, path, strlen(path));
    if (!source || !copy) {
        reader->failed = true;
        return NULL;
    }
    *source = (dict_source){.path = copy, .order = reader->n_sources++, .layer = layer, .table = table};
    return source;
}

/* Hands what stands after layering over to `tables`. */
static bool keep_rows(const dict_reader *reader, dict_tables *tables) {
    for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
        const dict_source_rows *from = &reader->table[table];
        dict_rows *to = &tables->table[table];
        to->rows = base_arena_alloc(&tables->arena, from->n * sizeof *to->rows);
        if (!to->rows) return false;
        to->capacity = from->n;
        for (size_t i = 0; i < from->n; i++)
            if (!from->rows[i].is_gone) to->rows[to->n++] = from->rows[i].row;
    }
    return true;
}

static sm_status finish(dict_reader *reader, dict_tables *tables, sm_buffer *report, sm_error *error) {
    if (!reader->failed) dict_drop_orphans(reader);
    if (!reader->failed) dict_check_tables(reader);
    if (!reader->failed && !keep_rows(reader, tables)) reader->failed = true;
    sm_status status = dict_write_problems(reader, report, error);
    reader_free(reader);
    return status;
}

/* --- Which table a file holds ------------------------------------------------------------------------------------- */

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The table whose name is a word of the base name: names.tsv, my-names.tsv, names.extra.tsv. */
static const dict_source *source_of_file(dict_reader *reader, const char *path, uint32_t layer) {
    dict_table_id found = DICT_N_TABLES;
    size_t n_found = 0;
    base_slice words = base_slice_of(base_name(path)), word;
    while (dict_next_part(&words, ".-_ ", &word)) {
        for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
            if (!base_slice_is(word, dict_table_name(table))) continue;
            found = table;
            n_found++;
        }
    }
    const dict_source *source = new_source(reader, path, found, layer);
    if (!source || n_found == 1) return source;
    char known[DICT_TABLE_NAMES_LEN];
    dict_list_tables(known);
    dict_report(reader, source, 0, "the file's name says %s table; expected %s, or one of these words in a longer name",
                n_found ? "more than one" : "no", known);
    return NULL;
}

/* --- Files and folders -------------------------------------------------------------------------------------------- */

static void report_io(dict_reader *reader, const dict_source *source, const char *what, const char *expected) {
    if (source->table < DICT_N_TABLES) reader->is_partial[source->table] = true;
    dict_report_byte(reader, source, 0, 0, SM_ERR_IO, "%s; expected %s", what, expected);
}

static void read_file(dict_reader *reader, const dict_source *source) {
    sm_buffer bytes = {0};
    sm_error error = {0};
    sm_status status = base_file_read(source->path, &bytes, &error);
    if (status == SM_ERR_NOMEM) reader->failed = true;
    if (status == SM_ERR_IO) report_io(reader, source, error.message, "a table");
    if (status == SM_OK) {
        char *copy = base_arena_copy(reader->arena, bytes.data, (size_t)bytes.len);
        if (copy) dict_read_source(reader, source, (base_slice){copy, (size_t)bytes.len});
        else reader->failed = true;
    }
    sm_buffer_free(&bytes);
}

static bool ends_in_tsv(const char *name) {
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, ".tsv") == 0;
}

/* A misspelt name would otherwise go unnoticed. */
static void warn_of_strangers(dict_reader *reader, const char *folder, uint32_t layer) {
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
        char stem[32];
        size_t len = strlen(entry->d_name);
        if (!ends_in_tsv(entry->d_name)) continue;
        snprintf(stem, sizeof stem, "%.*s", (int)(len - 4 < 31 ? len - 4 : 31), entry->d_name);
        if (dict_table_find(stem) != DICT_N_TABLES) continue;
        const dict_source *source = new_source(reader, folder, DICT_N_TABLES, layer);
        char known[DICT_TABLE_NAMES_LEN];
        dict_list_tables(known);
        if (source)
            dict_report_byte(reader, source, 0, 0, SM_OK, "%s is not read; expected %s",
                             dict_quoted(base_slice_of(entry->d_name)).text, known);
    }
    if (directory) closedir(directory);
}

static void read_folder(dict_reader *reader, const char *folder, uint32_t layer) {
    size_t n = 0, len = strlen(folder);
    const char *slash = len && folder[len - 1] == '/' ? "" : "/";
    for (dict_table_id table = 0; table < DICT_N_TABLES && !reader->failed; table++) {
        sm_buffer path = {0};
        struct stat info;
        const dict_source *source = NULL;
        if (!base_buffer_format(&path, "%s%s%s.tsv", folder, slash, dict_table_name(table))) reader->failed = true;
        else if (stat(path.data, &info) == 0 || errno != ENOENT) /* what is there and cannot be read is told */
            source = new_source(reader, path.data, table, layer);
        sm_buffer_free(&path);
        if (!source) continue;
        read_file(reader, source);
        n++;
    }
    if (reader->failed) return;
    warn_of_strangers(reader, folder, layer);
    const dict_source *source = n ? NULL : new_source(reader, folder, DICT_N_TABLES, layer);
    char known[DICT_TABLE_NAMES_LEN];
    dict_list_tables(known);
    if (source) dict_report(reader, source, 0, "the folder has no table; expected %s", known);
}

static void read_path(dict_reader *reader, const char *path, uint32_t layer) {
    struct stat info;
    if (stat(path, &info) != 0) {
        const char *what = errno == ENOENT ? "there is nothing here" : strerror(errno);
        const dict_source *source = new_source(reader, path, DICT_N_TABLES, layer);
        if (source) report_io(reader, source, what, "a folder of tables or a table");
    } else if (S_ISDIR(info.st_mode)) {
        read_folder(reader, path, layer);
    } else {
        const dict_source *source = source_of_file(reader, path, layer);
        if (source) read_file(reader, source);
    }
}

/* The base is read as if it had been dumped into files, so that there is one way to layer. */
static void read_base(dict_reader *reader, const dict_view *view) {
    for (dict_table_id table = 0; table < DICT_N_TABLES && !reader->failed; table++) {
        sm_buffer tsv = {0};
        char path[64];
        snprintf(path, sizeof path, "base/%s.tsv", dict_table_name(table));
        const dict_source *source = new_source(reader, path, table, 0);
        bool is_dumped = source && dict_dump_table(view, table, &tsv) == SM_OK;
        char *bytes = is_dumped ? base_arena_copy(reader->arena, tsv.data, (size_t)tsv.len) : NULL;
        if (bytes) dict_read_source(reader, source, (base_slice){bytes, (size_t)tsv.len});
        else reader->failed = true;
        sm_buffer_free(&tsv);
    }
}

/* --- Calls -------------------------------------------------------------------------------------------------------- */

sm_status dict_tables_read(const sm_build_options *options, dict_tables *tables, sm_buffer *report, sm_error *error) {
    const dict_view *base = options->base ? dict_get_view(options->base) : NULL;
    dict_reader reader;
    reader_init(&reader, tables, options->as_of || !base ? options->as_of : base->as_of);
    if (base) read_base(&reader, base);
    for (uint64_t i = 0; i < options->n_paths && !reader.failed; i++)
        read_path(&reader, options->paths[i], (uint32_t)i + 1);
    return finish(&reader, tables, report, error);
}

sm_status dict_tables_read_memory(const dict_memory_file *files, size_t n, int32_t as_of, dict_tables *tables,
                                  sm_buffer *report, sm_error *error) {
    dict_reader reader;
    reader_init(&reader, tables, as_of);
    for (size_t i = 0; i < n && !reader.failed; i++) {
        const dict_source *source = source_of_file(&reader, files[i].path, (uint32_t)i + 1);
        if (source) dict_read_source(&reader, source, files[i].bytes);
    }
    return finish(&reader, tables, report, error);
}

void dict_tables_free(dict_tables *tables) {
    base_arena_free(&tables->arena);
    memset(tables->table, 0, sizeof tables->table);
}
