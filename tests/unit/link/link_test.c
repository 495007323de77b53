/* A security's URL at every provider is the provider's own, and that URL names the security and no other. */
#include <stdlib.h>

#include "../check.h"
#include "dict/tables.h"
#include "link/forms.h"
#include "link/link.h"

enum { LINE_LEN = 1024, N_COLUMNS = 5, N_RANDOM = 200 };

static link_sites *sites;

static const char *id_of(const dict_view *view, uint32_t security) {
    return security == dict_none ? "" : dict_string(view, view->securities[security].id);
}

/* Cuts a line at its tabs. @return false when it does not have exactly `n` columns. */
static bool split_line(char *line, char **columns, size_t n) {
    line[strcspn(line, "\n")] = 0;
    for (size_t i = 0; i < n; i++) {
        columns[i] = line;
        if (i + 1 == n) return strchr(line, '\t') == NULL;
        line = strchr(line, '\t');
        if (!line) return false;
        *line++ = 0;
    }
    return false;
}

/* Calls `check` with the columns of each row but the header. */
static void for_each_row(const dict_view *view, const char *path, size_t n,
                         void (*check)(const dict_view *view, char **columns)) {
    char line[LINE_LEN], *columns[N_COLUMNS];
    FILE *file = fopen(path, "r");
    if (!CHECK_ROW(file != NULL, path)) return;
    bool is_header = true;
    while (fgets(line, sizeof line, file)) {
        if (!CHECK_ROW(split_line(line, columns, n), path)) continue;
        if (!is_header) check(view, columns);
        is_header = false;
    }
    fclose(file);
}

static const char *write_url(const dict_view *view, uint32_t provider, uint32_t security, sm_buffer *url) {
    bool is_out_of_memory = false;
    url->len = 0;
    bool has_page = link_write(view, provider, security, url, &is_out_of_memory);
    CHECK(!is_out_of_memory);
    return has_page ? url->data : "";
}

static void check_url_row(const dict_view *view, char **columns) {
    const char *way = columns[0], *id = columns[1], *provider_id = columns[2], *url = columns[3], *reason = columns[4];
    char row[LINE_LEN];
    snprintf(row, sizeof row, "%s %s %s (%s)", provider_id, id, url, reason);
    sm_buffer written = {0};
    uint32_t security = dict_find_id(view, base_slice_of(id)), provider = link_find_provider(view, provider_id);
    CHECK_ROW(strcmp(way, "none") == 0 || (security != dict_none && provider != dict_none), row);
    if (security != dict_none && provider != dict_none && strcmp(way, "read") != 0)
        CHECK_STR(url, write_url(view, provider, security, &written), row);
    if (strcmp(way, "no-page") != 0) CHECK_STR(id, id_of(view, link_read_url(sites, base_slice_of(url))), row);
    sm_buffer_free(&written);
}

static void check_attribute_row(const dict_view *view, char **columns) {
    char row[LINE_LEN];
    snprintf(row, sizeof row, "\"%s\" (%s)", columns[0], columns[2]);
    CHECK_STR(columns[1], id_of(view, link_read_attribute(view, base_slice_of(columns[0]))), row);
}

static bool is_on_row(const dict_view *view, uint32_t row, uint32_t security) {
    const char *mic = dict_cell(view, DICT_MICS, view->securities[security].mic, MIC_MIC);
    return strstr(dict_cell(view, DICT_PROVIDERS, row, PROVIDER_MICS), mic) != NULL;
}

/* Where one symbol was traded on two exchanges and the URL does not say which, no line is named. */
static bool has_namesake(const dict_view *view, uint32_t row, uint32_t security) {
    base_slice code = base_slice_of(dict_string(view, view->securities[security].code));
    uint32_t n = 0;
    for (uint32_t mic = 0; mic < view->tables[DICT_MICS].n_rows; mic++)
        n += strstr(dict_cell(view, DICT_PROVIDERS, row, PROVIDER_MICS), dict_cell(view, DICT_MICS, mic, MIC_MIC))
             && dict_find_code(view, mic, code) != dict_none;
    return n > 1;
}

static void what_is_written_is_read_back(const dict_view *view) {
    uint32_t seed = 1;
    sm_buffer url = {0};
    for (uint32_t row = 0; row < view->tables[DICT_PROVIDERS].n_rows; row++) {
        uint32_t n = 0, provider = link_find_provider(view, dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID));
        for (uint32_t tries = 0; tries < 100 * N_RANDOM && n < N_RANDOM; tries++) {
            seed = seed * 1664525 + 1013904223;
            uint32_t security = (seed >> 8) % view->n_securities;
            if (!is_on_row(view, row, security) || has_namesake(view, row, security)) continue;
            const char *text = write_url(view, provider, security, &url);
            if (!*text) continue;
            n++;
            CHECK_STR(id_of(view, security), id_of(view, link_read_url(sites, base_slice_of(text))), text);
        }
        bool is_written = strcmp(dict_cell(view, DICT_PROVIDERS, row, PROVIDER_USE), "rw") == 0;
        CHECK_ROW(!is_written || n > 0, dict_cell(view, DICT_PROVIDERS, row, PROVIDER_TEMPLATE));
    }
    sm_buffer_free(&url);
}

static void every_form_is_known(const dict_view *view) {
    for (uint32_t row = 0; row < view->tables[DICT_PROVIDERS].n_rows; row++) {
        const char *form = dict_cell(view, DICT_PROVIDERS, row, PROVIDER_FORM);
        CHECK_ROW(link_form_is_known(form), form);
    }
    CHECK(!link_form_is_known("lower-purple"));
}

static bool has_row(const dict_view *view, uint32_t row, const char *id, const char *mic) {
    return strcmp(dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID), id) == 0
           && strstr(dict_cell(view, DICT_PROVIDERS, row, PROVIDER_MICS), mic);
}

static void a_market_stands_in_one_row_of_a_provider(const dict_view *view) {
    const uint32_t n = view->tables[DICT_PROVIDERS].n_rows;
    for (uint32_t row = 0; row < n; row++) {
        const char *id = dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID);
        for (uint32_t i = 0; i < view->tables[DICT_MICS].n_rows; i++) {
            const char *mic = dict_cell(view, DICT_MICS, i, MIC_MIC);
            uint32_t n_rows = 0;
            for (uint32_t other = 0; other < n; other++) n_rows += has_row(view, other, id, mic);
            CHECK_ROW(n_rows <= 1, id);
        }
    }
}

static void a_url_of_any_length_is_read_or_refused(const dict_view *view) {
    static const char start[] = "http://quote.eastmoney.com/unify/r/1.688111?";
    enum { LONGEST = 4096 };
    char *url = malloc(LONGEST);
    if (!CHECK(url != NULL)) return;
    memset(url, 'a', LONGEST);
    memcpy(url, start, sizeof start - 1);
    for (size_t len = 0; len <= LONGEST; len++) {
        uint32_t security = link_read_url(sites, (base_slice){url, len});
        if (security != dict_none) CHECK_STR("XSHG:688111", id_of(view, security), "a long URL");
    }
    free(url);
}

int main(void) {
    const dict_view *view = dict_get_view(sm_dict_default());
    sites = link_sites_new(view, &base_default_allocator);
    if (!CHECK(sites != NULL)) return check_report();
    for_each_row(view, "tests/unit/link/providers.tsv", N_COLUMNS, check_url_row);
    for_each_row(view, "tests/unit/link/attributes.tsv", 3, check_attribute_row);
    what_is_written_is_read_back(view);
    every_form_is_known(view);
    a_market_stands_in_one_row_of_a_provider(view);
    a_url_of_any_length_is_read_or_refused(view);
    CHECK(link_find_provider(view, "eastmoney") == 0);
    CHECK(link_find_provider(view, "no-such-provider") == dict_none);
    link_sites_free(sites);
    return check_report();
}
