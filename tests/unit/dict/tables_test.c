/* Source tables: every fault is reported with its place; layers do what their actions say; good tables come through. */
#include <stdlib.h>

#include "check.h"
#include "dict/source.h"

static const char folder[] = "tests/unit/dict/";

static char *read_file(const char *name) {
    sm_buffer bytes = {0}, path = {0};
    base_buffer_format(&path, "%s%s", folder, name);
    sm_error error = {0};
    if (base_file_read(path.data, &bytes, &error) != SM_OK) fprintf(stderr, "%s: %s\n", error.file, error.message);
    sm_buffer_free(&path);
    return bytes.data ? bytes.data : calloc(1, 1);
}

static sm_status read_folder(const char *path, dict_tables *tables, sm_buffer *report, sm_error *error) {
    const char *const paths[] = {path};
    sm_build_options options;
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261123;
    options.paths = paths;
    options.n_paths = 1;
    return dict_tables_read(&options, tables, report, error);
}

static const char *text_of(const sm_buffer *report) {
    return report->data ? report->data : "";
}

/* --- Every fault in its line ----------------------------------------------------------------------------------------*/

/* A line that ends in an ellipsis says how the report's line begins: the rest is a list that grows. */
static bool line_is(const char *expected, size_t expected_len, const char *got, size_t got_len) {
    static const char ellipsis[] = " …";
    size_t mark = sizeof ellipsis - 1;
    if (expected_len > mark && memcmp(expected + expected_len - mark, ellipsis, mark) == 0) {
        expected_len -= mark;
        if (got_len > expected_len) got_len = expected_len;
    }
    return expected_len == got_len && memcmp(expected, got, got_len) == 0;
}

static void each_bad_row_is_reported_once_and_no_other(void) {
    dict_tables tables;
    sm_buffer report = {0};
    sm_error error = {0};
    CHECK(read_folder("tests/unit/dict/bad", &tables, &report, &error) == SM_ERR_TABLE);
    char *expected = read_file("bad/report.txt");
    const char *want = expected, *got = text_of(&report);
    unsigned n = 0;
    while (*want && *got) {
        size_t want_len = strcspn(want, "\n"), got_len = strcspn(got, "\n");
        char message[2400];
        snprintf(message, sizeof message, "expected: %.*s\n  got:      %.*s", (int)want_len, want, (int)got_len, got);
        if (!CHECK_ROW(line_is(want, want_len, got, got_len), message)) break; /* the others would differ too */
        want += want_len + (want[want_len] == '\n');
        got += got_len + (got[got_len] == '\n');
        n++;
    }
    CHECK_STR("", want, "lines that the report does not have");
    CHECK_STR("", got, "lines that the report has too many");
    char first[64];
    snprintf(first, sizeof first, "first of %u errors: ", n);
    CHECK_ROW(strncmp(error.message, first, strlen(first)) == 0, error.message);
    CHECK_STR("tests/unit/dict/bad/mics.tsv", error.file, "the file of the first error");
    CHECK(error.line == 8);
    free(expected);
    sm_buffer_free(&report);
    dict_tables_free(&tables);
}

/* --- Bytes, lines and headers ---------------------------------------------------------------------------------------*/

typedef struct file_case {
    const char *bytes; /* of lexicon.tsv */
    const char *report;
    size_t n_rows;
    const char *reason;
} file_case;

static const file_case file_cases[] = {
    {"word\tclass\n公告\tgeneral\n", "", 1, "a plain table"},
    {"word\tclass\r\n公告\tgeneral\r\n", "", 1, "Windows' line ends"},
    {"\xEF\xBB\xBFword\tclass\n公告\tgeneral", "", 1, "a byte order mark, and no line end at the end"},
    {"class\tword\ngeneral\t公告\n", "", 1, "columns in another order"},
    {"\n# a comment\nword\tclass\n\n#\n# more\n公告\tgeneral\n\n", "", 1,
     "comments and empty lines, also above the header"},
    {"word\tclass\n# wo\tgeneral\n#\tgeneral\n", "", 2, "a row whose first cell begins with # is no comment"},
    {"", "lexicon.tsv: the table has no header row; expected the columns word, class, action\n", 0, "an empty file"},
    {"# nothing\n", "lexicon.tsv: the table has no header row; expected the columns word, class, action\n", 0,
     "only a comment"},
    {"word\tclass\n", "", 0, "no rows"},
    {"word\n公告\n", "lexicon.tsv:1: the column 'class' is missing; expected it in the header row\n", 0,
     "a column is missing: rows are not read"},
    {"word\tclass\tkind\n", "lexicon.tsv:1: the column 'kind' is not known; expected word, class, action\n", 0,
     "a column of no such table"},
    {"word\tclass\tword\n", "lexicon.tsv:1: the column 'word' stands twice; expected it once\n", 0, "a column twice"},
    {"公告\tgeneral\n",
     "lexicon.tsv:1: the column '公告' is not known; expected word, class, action\n"
     "lexicon.tsv:1: the column 'general' is not known; expected word, class, action\n"
     "lexicon.tsv:1: the column 'word' is missing; expected it in the header row\n"
     "lexicon.tsv:1: the column 'class' is missing; expected it in the header row\n",
     0, "the header was forgotten"},
    {"word\tclass\n公告\n", "lexicon.tsv:2: the row of '公告' has 1 cells; expected 2, as in the header\n", 0,
     "a cell is missing"},
    {"word\tclass\n公告\tgeneral\t\n", "lexicon.tsv:2: the row of '公告' has 3 cells; expected 2, as in the header\n",
     0, "a cell too many, though it is empty"},
    {"word\tclass\n公\xE5\x91\tgeneral\n",
     "lexicon.tsv:2: byte 4 of the line, '\\xE5', is no UTF-8; expected a table in UTF-8\n", 0, "a cut character"},
    {"word\tclass\n\xC0\xAF"
     "a\tgeneral\n\xB9\xAB\xB8\xE6\tgeneral\n",
     "lexicon.tsv:2: byte 1 of the line, '\\xC0', is no UTF-8; expected a table in UTF-8\n"
     "lexicon.tsv:3: byte 1 of the line, '\\xB9', is no UTF-8; expected a table in UTF-8\n",
     0, "an overlong form, and GB 18030: each line is reported"},
    {"word\tclass\n公\x07告\tgeneral\n",
     "lexicon.tsv:2: byte 4 of the line, '\\x07', is a control character; expected text\n", 0, "a control character"},
    {"word\tclass\n公\xC2\x85告\tgeneral\n",
     "lexicon.tsv:2: byte 4 of the line, '\\xC2', is the start of a control character; expected text\n", 0,
     "a control character of two bytes"},
    {"word\tclass\n公告\tgeneral\r\r\n",
     "lexicon.tsv:2: byte 15 of the line, '\\x0D', is a control character; expected text\n", 0,
     "a carriage return too many"},
    {"wo\xFFrd\tclass\n", "lexicon.tsv:1: byte 3 of the line, '\\xFF', is no UTF-8; expected a table in UTF-8\n", 0,
     "bad bytes in the header"},
};

static void files_are_read_as_they_are_written(void) {
    for (size_t i = 0; i < sizeof file_cases / sizeof file_cases[0]; i++) {
        const file_case *c = &file_cases[i];
        dict_memory_file file = {"lexicon.tsv", base_slice_of(c->bytes)};
        dict_tables tables;
        sm_buffer report = {0};
        sm_error error = {0};
        sm_status status = dict_tables_read_memory(&file, 1, 20261123, &tables, &report, &error);
        CHECK_STR(c->report, text_of(&report), c->reason);
        CHECK_ROW(status == (*c->report ? SM_ERR_TABLE : SM_OK), c->reason);
        if (status == SM_OK) CHECK_ROW(tables.table[DICT_LEXICON].n == c->n_rows, c->reason);
        if (status == SM_OK) CHECK_ROW(error.status == SM_OK && !error.message[0], "an error object is left alone");
        sm_buffer_free(&report);
        dict_tables_free(&tables);
    }
}

static void a_nul_is_refused_and_its_byte_is_told(void) {
    static const char bytes[] = "word\tclass\n公\0告\tgeneral\n";
    dict_memory_file file = {"lexicon.tsv", {bytes, sizeof bytes - 1}};
    dict_tables tables;
    sm_error error = {0};
    CHECK(dict_tables_read_memory(&file, 1, 20261123, &tables, NULL, &error) == SM_ERR_TABLE);
    CHECK(error.byte == 14 && error.line == 2);
    CHECK_STR("byte 4 of the line, '\\x00', is a control character; expected text", error.message, "NUL");
    dict_tables_free(&tables);
}

/* What could not be read is reported once, and not again by everything that refers to it. */
static void a_broken_row_is_not_reported_by_those_that_refer_to_it(void) {
    const dict_memory_file files[] = {
        {"mics.tsv", base_slice_of("mic\tcode_form\nTEST\tany\n")},
        {"securities.tsv", base_slice_of("id\ttype\tstatus\nTEST:A\tstock\n")},
        {"names.tsv", base_slice_of("id\tname\tlang\tkind\nTEST:A\t甲股份\tzh\tshort\n")},
    };
    dict_tables tables;
    sm_buffer report = {0};
    CHECK(dict_tables_read_memory(files, 3, 20261123, &tables, &report, NULL) == SM_ERR_TABLE);
    CHECK_STR("securities.tsv:2: the row of 'TEST:A' has 2 cells; expected 3, as in the header\n", text_of(&report),
              "a row");
    sm_buffer_free(&report);
    dict_tables_free(&tables);
}

/* --- Layers ---------------------------------------------------------------------------------------------------------*/

static const char base_mics[] = "mic\tcode_form\nTEST\tany\n";
static const char base_securities[] = "id\ttype\tstatus\nTEST:A\tstock\tactive\nTEST:B\tstock\tactive\n";
static const char base_names[] = "id\tname\tlang\tkind\tfrom\n"
                                 "TEST:A\t甲股份\tzh\tshort\t\n"
                                 "TEST:A\t乙证券\tzh\tshort\t2020-01-01\n"
                                 "TEST:B\t甲股份\tzh\talias\t\n";

enum { MAX_FILES = 8 };

/* "names.tsv|id name|A:1 金山//…" in place: paths and bytes, with tabs for spaces and nothing for _. */
static size_t split_files(char *cell, dict_memory_file *files) {
    size_t n = 0;
    while (cell && n < MAX_FILES) {
        char *next = strstr(cell, "//");
        if (next) *next = '\0';
        char *bar = strchr(cell, '|'), *to;
        if (!bar) return 0;
        *bar = '\0';
        to = bar + 1;
        for (char *from = bar + 1; *from; from++)
            if (*from != '_') *to++ = (char)(*from == '|' ? '\n' : *from == ' ' ? '\t' : *from);
        files[n++] = (dict_memory_file){cell, {bar + 1, (size_t)(to - bar - 1)}};
        cell = next ? next + 2 : NULL;
    }
    return n;
}

/* "A:1 金山 zh short; …": cells that are empty read _, those at the end are left out. */
static void show_names(const dict_tables *tables, sm_buffer *out) {
    const dict_rows *rows = &tables->table[DICT_NAMES];
    for (size_t i = 0; i < rows->n; i++) {
        uint32_t n = NAME_N;
        while (n && !rows->rows[i].cells[n - 1].len) n--;
        if (i) base_buffer_text(out, "; ");
        for (uint32_t c = 0; c < n; c++) {
            base_slice cell = rows->rows[i].cells[c];
            if (!cell.len) cell = base_slice_of("_");
            base_buffer_format(out, "%s%.*s", c ? " " : "", (int)cell.len, cell.bytes);
        }
    }
}

static void check_layers(const char *reason, char *cell, const char *expected_report, const char *expected_rows) {
    dict_memory_file files[3 + MAX_FILES] = {
        {"base.mics.tsv", {base_mics, sizeof base_mics - 1}},
        {"base.securities.tsv", {base_securities, sizeof base_securities - 1}},
        {"base.names.tsv", {base_names, sizeof base_names - 1}},
    };
    size_t n = split_files(cell, files + 3);
    CHECK_ROW(n, reason);
    dict_tables tables;
    sm_buffer report = {0}, rows = {0};
    sm_status status = dict_tables_read_memory(files, 3 + n, 20261123, &tables, &report, NULL);
    if (report.len) report.data[report.len - 1] = '\0';
    CHECK_STR(strcmp(expected_report, "-") == 0 ? "" : expected_report, text_of(&report), reason);
    bool fails = strcmp(expected_rows, "-") == 0;
    CHECK_ROW(status == (fails ? SM_ERR_TABLE : SM_OK), reason);
    if (!fails) show_names(&tables, &rows);
    CHECK_STR(fails ? "" : expected_rows, text_of(&rows), reason);
    sm_buffer_free(&report);
    sm_buffer_free(&rows);
    dict_tables_free(&tables);
}

/* \n in a cell is the end of a line. */
static void break_lines(char *cell) {
    while ((cell = strstr(cell, "\\n")) != NULL) {
        *cell++ = '\n';
        memmove(cell, cell + 1, strlen(cell));
    }
}

static void layers_do_what_their_actions_say(void) {
    char *cases = read_file("layers.tsv"), *line = strchr(cases, '\n');
    size_t n = 0;
    while (line && line[1]) {
        char *cells[4] = {++line};
        char *end = strchr(line, '\n');
        if (end) *end = '\0';
        for (int i = 1; i < 4; i++) {
            char *tab = strchr(cells[i - 1], '\t');
            if (!CHECK_ROW(tab != NULL, cells[0])) goto done;
            *tab = '\0';
            cells[i] = tab + 1;
        }
        break_lines(cells[2]);
        check_layers(cells[0], cells[1], cells[2], cells[3]);
        line = end;
        n++;
    }
done:
    CHECK(n > 20);
    free(cases);
}

/* --- Good tables ----------------------------------------------------------------------------------------------------*/

static void good_tables_come_through(void) {
    static const size_t rows[DICT_N_TABLES] = {4, 10, 9, 3, 2, 2, 3, 2};
    dict_tables tables;
    sm_buffer report = {0};
    CHECK(read_folder("tests/unit/dict/good", &tables, &report, NULL) == SM_OK);
    CHECK_STR("", text_of(&report), "nothing to report");
    for (dict_table_id t = 0; t < DICT_N_TABLES; t++) CHECK_ROW(tables.table[t].n == rows[t], dict_table_name(t));
    const dict_row *second = &tables.table[DICT_SECURITIES].rows[0];
    CHECK(second->line == 3 && base_slice_is(second->cells[SEC_ISSUER], "XSHG:688111"));
    CHECK_STR("tests/unit/dict/good/securities.tsv", second->file, "the path of a row");
    CHECK(tables.as_of == 20261123);
    sm_buffer_free(&report);
    dict_tables_free(&tables);
}

static void the_default_tables_have_no_error(void) {
    dict_tables tables;
    sm_buffer report = {0};
    CHECK(read_folder("src/dict/tables", &tables, &report, NULL) == SM_OK);
    CHECK_STR("", text_of(&report), "src/dict/tables");
    CHECK(tables.table[DICT_SECURITIES].n > 10000);
    sm_buffer_free(&report);
    dict_tables_free(&tables);
}

static void paths_that_hold_no_tables_are_errors(void) {
    dict_tables tables;
    sm_buffer report = {0};
    sm_error error = {0};
    CHECK(read_folder("tests/unit/dict/nowhere", &tables, &report, &error) == SM_ERR_IO);
    CHECK_STR("tests/unit/dict/nowhere: there is nothing here; expected a folder of tables or a table\n",
              text_of(&report), "a path that is not there");
    CHECK_STR("tests/unit/dict/nowhere", error.file, "its path is in the error");
    dict_tables_free(&tables);
    sm_buffer_free(&report);
    CHECK(read_folder("src", &tables, &report, &error) == SM_ERR_TABLE);
    CHECK_STR(
        "src: the folder has no table; expected mics.tsv, securities.tsv, names.tsv, notations.tsv, providers.tsv, "
        "context.tsv, variants.tsv or lexicon.tsv\n",
        text_of(&report), "a folder without tables");
    dict_tables_free(&tables);
    sm_buffer_free(&report);
    CHECK(read_folder("tests/unit/dict", &tables, &report, &error) == SM_ERR_TABLE);
    CHECK_ROW(strstr(text_of(&report), "tests/unit/dict: warning: 'layers.tsv' is not read; expected mics.tsv") != NULL,
              text_of(&report));
    dict_tables_free(&tables);
    sm_buffer_free(&report);
}

static void tables_are_found_by_name(void) {
    for (dict_table_id t = 0; t < DICT_N_TABLES; t++) {
        const char *const *names;
        CHECK(dict_table_find(dict_table_name(t)) == t);
        CHECK(dict_table_columns(t, &names) > 1 && names[0] && names[1]);
    }
    CHECK(dict_table_find("name") == DICT_N_TABLES && dict_table_find("") == DICT_N_TABLES);
}

/* Rows whose action nobody knows are kept wherever the array of rows is full: a sanitizer sees what is written behind it. */
static void rows_of_unknown_actions_have_room(void) {
    enum { MOST = 160 };
    char text[MOST * 32];
    size_t len = (size_t)sprintf(text, "word\tclass\taction\n");
    for (int n = 0; n < MOST; n++) {
        sm_buffer report = {0};
        dict_tables tables;
        size_t whole = len + (size_t)sprintf(text + len, "公告\tgeneral\tburn\n");
        dict_memory_file file = {"lexicon.tsv", {text, n ? whole : len}};
        sm_status status = dict_tables_read_memory(&file, 1, 20261123, &tables, &report, NULL);
        CHECK((status == SM_OK) == (n == 0));
        if (n) CHECK(strstr(report.data, "'burn'") != NULL);
        dict_tables_free(&tables);
        sm_buffer_free(&report);
        len += (size_t)sprintf(text + len, n ? "词%d\tgeneral\t\n" : "公告\tgeneral\t\n", n);
    }
}

int main(void) {
    each_bad_row_is_reported_once_and_no_other();
    files_are_read_as_they_are_written();
    a_nul_is_refused_and_its_byte_is_told();
    a_broken_row_is_not_reported_by_those_that_refer_to_it();
    layers_do_what_their_actions_say();
    rows_of_unknown_actions_have_room();
    good_tables_come_through();
    the_default_tables_have_no_error();
    paths_that_hold_no_tables_are_errors();
    tables_are_found_by_name();
    return check_report();
}
