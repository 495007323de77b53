#include <string.h>

#include "link/forms.h"

enum { MAX_URL = 1024, MAX_TEMPLATE = 256 };

static const char code_place[] = "{code}";

static const char *cell(const dict_view *view, uint32_t row, uint32_t column) {
    return dict_cell(view, DICT_PROVIDERS, row, column);
}

static uint32_t n_providers(const dict_view *view) {
    return view->tables[DICT_PROVIDERS].n_rows;
}

static bool is_same_provider(const dict_view *view, uint32_t a, uint32_t b) {
    return strcmp(cell(view, a, PROVIDER_ID), cell(view, b, PROVIDER_ID)) == 0;
}

uint32_t link_find_provider(const dict_view *view, const char *id) {
    for (uint32_t row = 0; row < n_providers(view); row++)
        if (strcmp(cell(view, row, PROVIDER_ID), id) == 0) return row;
    return dict_none;
}

sm_status link_choose_provider(const dict_view *view, const char *asked, uint32_t *row, sm_error *error) {
    *row = link_find_provider(view, asked ? asked : "eastmoney");
    if (*row != dict_none || !asked) return SM_OK;
    return base_fail(error, SM_ERR_UNKNOWN,
                     "the dictionary has no provider '%s'; `stockmention dict dump providers` lists them", asked);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static bool has_mic(const char *mics, const char *mic) {
    for (size_t len = strlen(mic); *mics; mics += strcspn(mics, "|"), mics += *mics == '|')
        if (strncmp(mics, mic, len) == 0 && (mics[len] == 0 || mics[len] == '|')) return true;
    return false;
}

bool link_write(const dict_view *view, uint32_t provider, uint32_t security, sm_buffer *url, bool *out_of_memory) {
    const char *mic = dict_cell(view, DICT_MICS, view->securities[security].mic, MIC_MIC);
    for (uint32_t row = 0; row < n_providers(view); row++) {
        char code[LINK_CODE_LEN];
        if (!is_same_provider(view, row, provider) || strcmp(cell(view, row, PROVIDER_USE), "rw") != 0) continue;
        if (!has_mic(cell(view, row, PROVIDER_MICS), mic)) continue;
        const char *template = cell(view, row, PROVIDER_TEMPLATE), *place = strstr(template, code_place);
        if (!place || !link_write_code(view, security, cell(view, row, PROVIDER_FORM), code)) continue;
        uint64_t before = url->len;
        if (base_buffer_append(url, template, (size_t)(place - template)) && base_buffer_text(url, code)
            && base_buffer_text(url, place + sizeof code_place - 1))
            return true;
        url->len = before;
        *out_of_memory = true;
        return false;
    }
    return false;
}

/* --- Reading: a URL in its parts ---------------------------------------------------------------------------------- */

typedef struct url_parts {
    base_slice host, path, query; /* without "www.", slashes at the end, "?" */
} url_parts;

static void skip(base_slice *text, size_t len) {
    text->bytes += len;
    text->len -= len;
}

/* The part before the first of two signs, which may be the same; `text` goes on with that sign. */
static base_slice take_up_to(base_slice *text, char stop, char other) {
    base_slice part = {text->bytes, 0};
    while (part.len < text->len && part.bytes[part.len] != stop && part.bytes[part.len] != other) part.len++;
    skip(text, part.len);
    return part;
}

/* The part before a sign; `text` goes on behind that. */
static base_slice take_until(base_slice *text, char stop) {
    base_slice part = take_up_to(text, stop, stop);
    if (text->len) skip(text, 1);
    return part;
}

static bool split_url(base_slice url, url_parts *out) {
    if (base_slice_starts_letters(url, "http:")) skip(&url, 5);
    else if (base_slice_starts_letters(url, "https:")) skip(&url, 6);
    if (!base_slice_starts(url, "//")) return false;
    skip(&url, 2);
    if (base_slice_starts_letters(url, "www.")) skip(&url, 4);
    url = take_up_to(&url, '#', '#');
    out->host = take_up_to(&url, '/', '?');
    out->path = take_until(&url, '?');
    out->query = url;
    while (out->path.len && out->path.bytes[out->path.len - 1] == '/') out->path.len--;
    return out->host.len > 0;
}

static int hex_value(char c) {
    c = base_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes percent-encoding where that changes nothing in a URL's structure: what codes and market signs are made of. */
static size_t decode(base_slice text, char *out, size_t capacity) {
    size_t len = 0;
    if (text.len > capacity) return 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.bytes[i];
        if (c == '%' && i + 2 < text.len && hex_value(text.bytes[i + 1]) >= 0 && hex_value(text.bytes[i + 2]) >= 0) {
            char plain = (char)(hex_value(text.bytes[i + 1]) * 16 + hex_value(text.bytes[i + 2]));
            if (plain && strchr("/:.-_,$", plain)) {
                c = plain;
                i += 2;
            }
        }
        out[len++] = c;
    }
    return len;
}

/* --- Reading: a URL against a row --------------------------------------------------------------------------------- */

/* Text in which {code} stands for one byte or more. */
typedef struct url_pattern {
    base_slice before, behind; /* without a place for the code: all of it, nothing */
    bool has_code;
} url_pattern;

static url_pattern read_pattern(base_slice text) {
    const size_t len = sizeof code_place - 1;
    for (size_t at = 0; at + len <= text.len; at++)
        if (memcmp(text.bytes + at, code_place, len) == 0)
            return (url_pattern){{text.bytes, at}, {text.bytes + at + len, text.len - at - len}, true};
    return (url_pattern){text, {"", 0}, false};
}

/* Matches text with a pattern. What stands for the code goes to `code`; without a place for it the two must be equal. */
static bool match_part(base_slice text, const url_pattern *pattern, base_slice *code) {
    const size_t n_before = pattern->before.len, n_behind = pattern->behind.len;
    if (!pattern->has_code) return base_slice_equal_letters(text, pattern->before);
    if (text.len <= n_before + n_behind) return false;
    base_slice before = {text.bytes, n_before}, behind = {text.bytes + text.len - n_behind, n_behind};
    if (!base_slice_equal_letters(before, pattern->before) || !base_slice_equal_letters(behind, pattern->behind))
        return false;
    *code = (base_slice){text.bytes + n_before, text.len - n_before - n_behind};
    return true;
}

/* Finds a query's parameter by its name. */
static bool find_parameter(base_slice query, base_slice name, base_slice *value) {
    while (query.len) {
        base_slice parameter = take_until(&query, '&'), key = take_until(&parameter, '=');
        if (!base_slice_equal_letters(key, name)) continue;
        *value = parameter;
        return true;
    }
    return false;
}

static bool match_query(base_slice query, base_slice pattern, base_slice *code) {
    while (pattern.len) {
        base_slice value, wanted = take_until(&pattern, '&'), key = take_until(&wanted, '=');
        const url_pattern wanted_value = read_pattern(wanted);
        if (!find_parameter(query, key, &value) || !match_part(value, &wanted_value, code)) return false;
    }
    return true;
}

/* A row's template, taken apart. */
typedef struct row_template {
    char bytes[MAX_TEMPLATE];
    size_t len; /* 0: it is none, and no URL is like it */
    url_parts parts;
    url_pattern path;
    uint32_t host; /* a hash of it */
    uint32_t next; /* row whose host has the same slot; dict_none */
} row_template;

enum { HOST_SLOTS = 256 };

struct link_sites {
    const dict_view *view;
    sm_allocator allocator;
    uint32_t n;
    uint32_t first[HOST_SLOTS]; /* row by the top of its host's hash, as most rows are of other sites; dict_none */
    row_template rows[];        /* as the table has them */
};

static uint32_t hash_host(base_slice host) {
    uint32_t hash = 0;
    for (size_t i = 0; i < host.len; i++) hash = (hash + (unsigned char)base_lower(host.bytes[i])) * 0x9E3779B1u;
    return hash;
}

static uint32_t slot_of_host(uint32_t host) {
    return host / (UINT32_MAX / HOST_SLOTS + 1);
}

/* Reads a row and puts it before those of its host that are known. */
static void add_row(link_sites *sites, uint32_t number) {
    row_template *row = &sites->rows[number];
    row->len = decode(base_slice_of(cell(sites->view, number, PROVIDER_TEMPLATE)), row->bytes, MAX_TEMPLATE);
    if (!row->len || !split_url((base_slice){row->bytes, row->len}, &row->parts)) {
        row->len = 0;
        return;
    }
    row->path = read_pattern(row->parts.path);
    row->host = hash_host(row->parts.host);
    uint32_t *first = &sites->first[slot_of_host(row->host)];
    row->next = *first;
    *first = number;
}

link_sites *link_sites_new(const dict_view *view, const sm_allocator *allocator) {
    const uint32_t n = n_providers(view);
    link_sites *sites = allocator->allocate(allocator->context, sizeof *sites + n * sizeof sites->rows[0]);
    if (!sites) return NULL;
    sites->view = view;
    sites->allocator = *allocator;
    sites->n = n;
    for (uint32_t i = 0; i < HOST_SLOTS; i++) sites->first[i] = dict_none;
    for (uint32_t i = n; i-- > 0;) add_row(sites, i); /* so that they are asked in the order of the table */
    return sites;
}

void link_sites_free(link_sites *sites) {
    if (sites) sites->allocator.release(sites->allocator.context, sites);
}

/* A parameter that chooses the market in one row of a provider (countrycode=cn) is not passed over by its other rows. */
static bool has_foreign_parameter(const link_sites *sites, uint32_t row, const url_parts *url) {
    const base_slice own = sites->rows[row].parts.query;
    for (uint32_t i = 0; url->query.len && i < sites->n; i++) {
        if (i == row || !sites->rows[i].len || !is_same_provider(sites->view, i, row)) continue;
        for (base_slice rest = sites->rows[i].parts.query; rest.len;) {
            base_slice value, wanted = take_until(&rest, '&'), key = take_until(&wanted, '=');
            if (find_parameter(url->query, key, &value) && !find_parameter(own, key, &value)) return true;
        }
    }
    return false;
}

/* @param weight  receives how much of the URL the row says itself. */
static uint32_t read_row(const link_sites *sites, uint32_t row, const url_parts *url, size_t *weight) {
    const dict_view *view = sites->view;
    const row_template *template = &sites->rows[row];
    base_slice code = {NULL, 0}, no_code = {NULL, 0};
    /* First the path: the host, whose hash is the same, is nearly always that of the row. */
    if (!match_part(url->path, &template->path, &code)) return dict_none;
    if (!base_slice_equal_letters(url->host, template->parts.host)) return dict_none;
    if (!match_query(url->query, template->parts.query, code.len ? &no_code : &code) || !code.len) return dict_none;
    if (has_foreign_parameter(sites, row, url)) return dict_none;
    *weight = template->len;
    return link_find_code(view, cell(view, row, PROVIDER_MICS), code, cell(view, row, PROVIDER_FORM));
}

uint32_t link_read_url(const link_sites *sites, base_slice url) {
    char bytes[MAX_URL];
    url_parts parts;
    uint32_t found = dict_none;
    size_t best = 0;
    size_t len = decode(url, bytes, sizeof bytes);
    if (!len || !split_url((base_slice){bytes, len}, &parts)) return dict_none;
    const uint32_t host = hash_host(parts.host);
    for (uint32_t row = sites->first[slot_of_host(host)]; row != dict_none; row = sites->rows[row].next) {
        size_t weight = 0;
        if (sites->rows[row].host != host) continue;
        uint32_t security = read_row(sites, row, &parts, &weight);
        if (security == dict_none || weight < best || (weight == best && security == found)) continue;
        found = weight == best ? dict_none : security;
        best = weight;
    }
    return found;
}
