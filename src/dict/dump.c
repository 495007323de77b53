#include <string.h>

#include "dict/tables.h"

static bool append_cell(sm_buffer *out, const char *text, bool is_last) {
    return base_buffer_text(out, text) && base_buffer_append(out, is_last ? "\n" : "\t", 1);
}

static const char *iso(int32_t date, char out[16]) {
    if (!date) return "";
    static const int32_t units[] = {10000000, 1000000, 100000, 10000, 0, 1000, 100, 0, 10, 1};
    for (int i = 0; i < 10; i++) out[i] = (char)(units[i] ? '0' + date / units[i] % 10 : '-');
    out[10] = '\0';
    return out;
}

static bool dump_security(const dict_view *view, uint32_t index, sm_buffer *tsv) {
    static const char *const statuses[] = {"active", "delisted", "renamed", "renumbered"};
    const dict_security *s = &view->securities[index];
    char listed[16], delisted[16];
    const char *const cells[SEC_N] = {
        [SEC_ID] = dict_string(view, s->id),
        [SEC_ISSUER] = dict_string(view, view->securities[s->issuer].id),
        [SEC_TYPE] = dict_string(view, s->type),
        [SEC_BOARD] = dict_string(view, s->board),
        [SEC_CURRENCY] = dict_string(view, s->currency),
        [SEC_ISIN] = dict_string(view, s->isin),
        [SEC_LISTED] = iso(s->listed, listed),
        [SEC_DELISTED] = iso(s->delisted, delisted),
        [SEC_STATUS] = statuses[s->status],
        [SEC_SUCCESSOR] = s->successor == dict_none ? "" : dict_string(view, view->securities[s->successor].id),
    };
    for (int c = 0; c < SEC_N; c++)
        if (!append_cell(tsv, cells[c], c == SEC_N - 1)) return false;
    return true;
}

static bool dump_name(const dict_view *view, uint32_t index, sm_buffer *tsv) {
    static const char *const kinds[] = {"short", "full", "english", "alias", "former"};
    static const char *const policies[] = {"", "context", "code-only", "never"};
    const dict_name *name = &view->names[index];
    char from[16], to[16], lang[3] = {name->lang[0], name->lang[1], '\0'};
    const char *const cells[NAME_N] = {
        [NAME_ID] = dict_string(view, view->securities[name->security].id),
        [NAME_NAME] = dict_string(view, name->text),
        [NAME_LANG] = lang,
        [NAME_KIND] = kinds[name->kind],
        [NAME_FROM] = iso(name->from, from),
        [NAME_TO] = iso(name->to, to),
        [NAME_AMBIGUOUS] = name->ambiguous ? "1" : "",
        [NAME_POLICY] = policies[name->policy],
    };
    for (int c = 0; c < NAME_N; c++)
        if (!append_cell(tsv, cells[c], c == NAME_N - 1)) return false;
    return true;
}

static bool dump_cells(const dict_view *view, dict_table_id table, uint32_t row, sm_buffer *tsv) {
    uint32_t n = view->tables[table].n_columns;
    for (uint32_t c = 0; c < n; c++)
        if (!append_cell(tsv, dict_cell(view, table, row, c), c == n - 1)) return false;
    return true;
}

sm_status dict_dump_table(const dict_view *view, dict_table_id table, sm_buffer *tsv) {
    const char *const *columns;
    uint32_t n = dict_table_columns(table, &columns);
    for (uint32_t c = 0; c < n; c++)
        if (!append_cell(tsv, columns[c], c == n - 1)) return SM_ERR_NOMEM;
    uint32_t n_rows = table == DICT_SECURITIES ? view->n_securities
                      : table == DICT_NAMES    ? view->n_names
                                               : view->tables[table].n_rows;
    for (uint32_t row = 0; row < n_rows; row++) {
        bool ok = table == DICT_SECURITIES ? dump_security(view, row, tsv)
                  : table == DICT_NAMES    ? dump_name(view, row, tsv)
                                           : dump_cells(view, table, row, tsv);
        if (!ok) return SM_ERR_NOMEM;
    }
    return SM_OK;
}

sm_status sm_dict_dump(const sm_dict *dict, const char *table, sm_buffer *tsv, sm_error *error) {
    if (!dict || !table || !tsv) return base_fail(error, SM_ERR_ARG, "dict, table and tsv are needed");
    dict_table_id id = dict_table_find(table);
    if (id == DICT_N_TABLES)
        return base_fail(error, SM_ERR_UNKNOWN,
                         "there is no table '%s'; expected securities, names, mics, notations, providers, context, "
                         "variants or lexicon",
                         table);
    uint64_t len_before = tsv->len;
    sm_status status = dict_dump_table(dict_get_view(dict), id, tsv);
    if (status == SM_OK) return SM_OK;
    base_buffer_cut(tsv, len_before);
    return base_no_memory(error, "for the table");
}
