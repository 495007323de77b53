/* Any bytes as a source table: they are read or refused, never more. What is refused is reported with a place; what is
 * read compiles into a dictionary that passes its own verification.
 *
 * The first byte chooses the table; the rest is laid over a few good rows. */
#include <string.h>

#include "small.h"

/* Every line says where and what: "path:", and something behind it. */
static void check_report(const sm_buffer *report, bool has_failed) {
    size_t n_errors = 0;
    for (const char *line = report->data; line && *line;) {
        const char *end = strchr(line, '\n');
        must(end != NULL);
        const char *colon = memchr(line, ':', (size_t)(end - line));
        must(colon && colon + 1 < end);
        must(base_utf8_valid_prefix(line, (size_t)(end - line)) == (size_t)(end - line));
        const char *text = colon + 1 + strspn(colon + 1, "0123456789:");
        n_errors += strncmp(text, " warning: ", 10) != 0;
        line = end + 1;
    }
    must((n_errors > 0) == has_failed);
}

static void check_tables(const dict_tables *tables) {
    sm_buffer compiled = {0};
    dict_view view;
    must(dict_compile(tables, &compiled, NULL) == SM_OK);
    must(dict_view_open(compiled.data, compiled.len, &view, NULL) == SM_OK);
    for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
        sm_buffer tsv = {0};
        must(dict_dump_table(&view, table, &tsv) == SM_OK);
        sm_buffer_free(&tsv);
    }
    sm_buffer_free(&compiled);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    if (!len) return 0;
    char path[64] = "fuzz.";
    strcat(path, dict_table_name((dict_table_id)(bytes[0] % DICT_N_TABLES)));
    dict_tables tables;
    sm_buffer report = {0};
    sm_status status = small_read(path, (base_slice){(const char *)bytes + 1, len - 1}, &tables, &report);
    check_report(&report, status != SM_OK);
    if (status == SM_OK) check_tables(&tables);
    dict_tables_free(&tables);
    sm_buffer_free(&report);
    return 0;
}
