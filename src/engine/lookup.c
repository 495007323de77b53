/* Looking securities up, and their URLs. */
#include <string.h>

#include "engine/engine.h"

typedef struct answers {
    const dict_view *view;
    const sm_allocator *allocator;
    uint32_t *securities; /* all of them, so that none is counted twice, whatever room the caller has */
    size_t n, room;
    sm_found *found;
    uint64_t capacity;
    int32_t as_of;
    bool failed; /* out of memory */
} answers;

static bool is_known(const answers *out, uint32_t security) {
    for (size_t i = 0; i < out->n; i++)
        if (out->securities[i] == security) return true;
    return false;
}

static uint32_t status_on(const dict_security *security, int32_t day) {
    if (security->listed && day < security->listed) return SM_SECURITY_NOT_YET;
    if (security->delisted && day < security->delisted) return SM_SECURITY_ACTIVE;
    if (security->status == SM_SECURITY_DELISTED)
        return security->delisted ? SM_SECURITY_DELISTED : SM_SECURITY_UNKNOWN;
    return SM_SECURITY_ACTIVE;
}

static void describe_then(const answers *out, uint32_t security, sm_found *found) {
    found->status_then = found->security.status;
    found->name_then = found->security.name;
    if (!out->as_of) return;
    const dict_security *then = &out->view->securities[dict_line_on(out->view, security, out->as_of)];
    found->security.then = dict_string(out->view, then->id);
    found->status_then = status_on(then, out->as_of);
    found->name_then = dict_name_on(out->view, dict_successor(out->view, security), out->as_of);
}

static void answer(answers *out, uint32_t security, uint32_t match, const dict_name *name) {
    static const char *const kinds[] = {"short", "full", "english", "alias", "former"};
    if (out->failed || is_known(out, security)) return;
    if (!base_grow(out->allocator, (void **)&out->securities, &out->room, out->n + 1, sizeof *out->securities)) {
        out->failed = true;
        return;
    }
    if (out->n < out->capacity) {
        sm_found *found = &out->found[out->n];
        *found = (sm_found){.match = match, .name = "", .kind = ""};
        dict_describe_security(out->view, security, &found->security);
        describe_then(out, security, found);
        if (name) {
            found->name = dict_string(out->view, name->text);
            found->kind = kinds[name->kind];
        }
    }
    out->securities[out->n++] = security;
}

/* What a code or URL that is no longer used leads to, then its old owner. */
static void answer_with_successor(answers *out, uint32_t security, uint32_t match) {
    answer(out, dict_successor(out->view, security), match, NULL);
    answer(out, security, match, NULL);
}

enum { WRITTEN_SO, AT_NAME, OF_ISSUER, N_PASSES };

static void answer_name(answers *out, uint32_t pass, base_slice query, const dict_name *name) {
    const dict_security *security = &out->view->securities[name->security];
    bool is_written_so = base_slice_is(query, dict_string(out->view, name->text));
    if (pass == AT_NAME || (pass == WRITTEN_SO && is_written_so)) answer(out, name->security, SM_MATCH_NAME, name);
    for (uint32_t l = 0; pass == OF_ISSUER && l < security->n_lines; l++)
        answer(out, out->view->lines[security->first_line + l], SM_MATCH_NAME, name);
}

static void look_up_name(answers *out, base_slice query) {
    char folded[DICT_MAX_NAME_BYTES];
    size_t len = dict_fold_text(out->view, query, folded, sizeof folded);
    base_slice bare = {folded, len};
    dict_strip_marks(&bare);
    uint32_t surface = len ? dict_find_surface(out->view, bare) : dict_none;
    if (surface == dict_none) return;
    const dict_surface *s = &out->view->surfaces[surface];
    if (s->flags & DICT_SURFACE_NEVER) return;
    /* Names that are written just so come first, then lines that names stand at, then their issuers' others; before
     * all of these, in that order, names that were in use on the day. */
    for (uint32_t pass = out->as_of ? 0 : N_PASSES; pass < 2 * N_PASSES; pass++)
        for (uint32_t i = 0; i < s->n; i++) {
            const dict_name *name = &out->view->names[dict_surface_name(out->view, s, i)];
            if (pass >= N_PASSES || dict_is_in_use(name, out->as_of)) answer_name(out, pass % N_PASSES, query, name);
        }
}

/* Every code that fills the query from end to end. */
static sm_status look_up_code(const sm_engine *engine, answers *out, base_slice query, sm_error *error) {
    scan_list list = {.allocator = &engine->allocator};
    scan_memory *memory = scan_memory_new(&engine->allocator, engine->kernel);
    sm_status status = memory ? scan_run(engine->view, engine->codes, memory, query, &list, error)
                              : base_no_memory(error, "to look a code up");
    for (size_t i = 0; status == SM_OK && i < list.n; i++) {
        const scan_candidate *c = &list.items[i];
        if (c->kind == SCAN_CODE && c->index != dict_none && c->start == 0 && c->end == query.len)
            answer_with_successor(out, c->index, SM_MATCH_CODE);
    }
    engine->allocator.release(engine->allocator.context, list.items);
    scan_memory_free(memory);
    return status;
}

/* A code without any notation: 688111, 00700, AAPL. */
static void look_up_bare_code(answers *out, base_slice query) {
    char code[16];
    if (query.len >= sizeof code) return;
    for (size_t i = 0; i < query.len; i++) code[i] = base_upper(query.bytes[i]);
    for (uint32_t mic = 0; mic < out->view->tables[DICT_MICS].n_rows; mic++) {
        uint32_t security = dict_find_code(out->view, mic, (base_slice){code, query.len});
        if (security != dict_none) answer_with_successor(out, security, SM_MATCH_CODE);
    }
}

/* The page that a URL is of, also where its scheme was left out. */
static uint32_t find_url(const link_sites *sites, base_slice query) {
    char bytes[1024] = "//";
    uint32_t security = link_read_url(sites, query);
    if (security != dict_none || query.len > sizeof bytes - 2 || !memchr(query.bytes, '/', query.len)) return security;
    memcpy(bytes + 2, query.bytes, query.len);
    return link_read_url(sites, (base_slice){bytes, query.len + 2});
}

sm_status sm_lookup(const sm_engine *engine, const char *query, uint64_t query_len, int32_t as_of, sm_found *found,
                    uint64_t capacity, uint64_t *n_found, sm_error *error) {
    if (!engine || (!query && query_len) || (!found && capacity) || !n_found)
        return base_fail(error, SM_ERR_ARG, "engine, query, found and n_found are needed");
    if (as_of && !base_date_is_valid(as_of))
        return base_fail(error, SM_ERR_ARG, "as_of %d is no day; expected yyyymmdd", as_of);
    answers out = {
        .view = engine->view, .allocator = &engine->allocator, .found = found, .capacity = capacity, .as_of = as_of};
    base_slice text = {query ? query : "", (size_t)query_len};
    if (base_utf8_valid_prefix(text.bytes, text.len) != text.len)
        return base_fail(error, SM_ERR_ARG, "the query is no UTF-8; convert it first");
    sm_status status = SM_OK;
    uint32_t security = dict_find_id(engine->view, text);
    if (security != dict_none) {
        answer(&out, security, SM_MATCH_ID, NULL);
        answer(&out, dict_successor(engine->view, security), SM_MATCH_ID, NULL);
    }
    security = find_url(engine->sites, text);
    if (security != dict_none) answer_with_successor(&out, security, SM_MATCH_URL);
    if (out.n == 0) {
        look_up_bare_code(&out, text);
        status = look_up_code(engine, &out, text, error);
        look_up_name(&out, text);
    }
    engine->allocator.release(engine->allocator.context, out.securities);
    *n_found = out.n;
    if (!out.failed && status != SM_ERR_NOMEM) return status;
    return base_no_memory(error, "to look a name or a code up");
}

sm_status sm_link(const sm_dict *dict, const char *id, const char *provider, sm_buffer *url, sm_error *error) {
    if (!dict || !id || !url) return base_fail(error, SM_ERR_ARG, "dict, id and url are needed");
    const dict_view *view = dict_get_view(dict);
    uint32_t security = dict_find_id(view, base_slice_of(id));
    if (security == dict_none)
        return base_fail(error, SM_ERR_UNKNOWN,
                         "the dictionary has no security '%s'; expected MIC:CODE such as XSHG:688111", id);
    security = dict_successor(view, security); /* sites do not keep the page of what was renamed */
    uint32_t row;
    bool out_of_memory = false;
    sm_status status = link_choose_provider(view, provider, &row, error);
    if (status != SM_OK) return status;
    if (row != dict_none && link_write(view, row, security, url, &out_of_memory)) return SM_OK;
    if (out_of_memory) return base_no_memory(error, "for a URL");
    return base_fail(error, SM_ERR_UNKNOWN, "provider '%s' has no page for %s; ask another one",
                     provider ? provider : "eastmoney", id);
}

sm_status sm_provider_at(const sm_dict *dict, uint32_t index, sm_provider *provider) {
    if (!dict || !provider) return SM_ERR_ARG;
    const dict_view *view = dict_get_view(dict);
    uint32_t n_rows = view->tables[DICT_PROVIDERS].n_rows, row = 0;
    /* A provider has a row for each form that its markets need; its first one counts. */
    for (uint32_t seen = 0; row < n_rows; row++) {
        if (link_find_provider(view, dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID)) != row) continue;
        if (seen++ == index) break;
    }
    if (row == n_rows) return SM_ERR_UNKNOWN;
    *provider = (sm_provider){.id = dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID),
                              .kind = dict_cell(view, DICT_PROVIDERS, row, PROVIDER_KIND)};
    for (uint32_t i = row; i < n_rows; i++)
        if (strcmp(dict_cell(view, DICT_PROVIDERS, i, PROVIDER_ID), provider->id) == 0
            && strchr(dict_cell(view, DICT_PROVIDERS, i, PROVIDER_USE), 'w'))
            provider->writes = 1;
    return SM_OK;
}
