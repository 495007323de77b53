/* What must hold for any address, attribute of a page, and rows of providers: an address names a security or none, the same
 * with another scheme or a fragment; rows are refused with a reason or compile; and what a provider's only row writes is an
 * address that names a security of this code or none.
 *
 * The first line is the address; rows of providers.tsv without their header may follow. */
#include "link/link.h"
#include "small.h"

enum { LONGEST_ADDRESS = 900 }; /* with another scheme and a fragment it is not too long to be read */

static const char header[] = "id\tkind\tmics\ttemplate\tform\tuse\n";

static void check_same(const link_sites *sites, uint32_t security, const char *scheme, base_slice rest,
                       const char *end) {
    sm_buffer url = {0};
    must(base_buffer_text(&url, scheme) && base_buffer_append(&url, rest.bytes, rest.len)
         && base_buffer_text(&url, end));
    must(link_read_url(sites, slice_of(&url)) == security);
    sm_buffer_free(&url);
}

static void check_address(const dict_view *view, const link_sites *sites, fuzz_input line) {
    const base_slice url = {(const char *)line.bytes, line.len < LONGEST_ADDRESS ? line.len : LONGEST_ADDRESS};
    uint32_t security = link_read_url(sites, url), of_attribute = link_read_attribute(view, url);
    must(security == dict_none || security < view->n_securities);
    must(of_attribute == dict_none || of_attribute < view->n_securities);
    if (!url.len || !base_slice_starts(url, "http://")) return;
    const base_slice rest = {url.bytes + 5, url.len - 5};
    check_same(sites, security, "https:", rest, "");
    check_same(sites, security, "", rest, "");
    check_same(sites, security, "HTTP:", rest, "#688111");
}

/* Of two with one code the one that is still listed is named. */
static bool has_same_code(const dict_view *view, uint32_t a, uint32_t b) {
    return strcmp(dict_string(view, view->securities[a].code), dict_string(view, view->securities[b].code)) == 0;
}

static void check_written(const dict_view *view, const link_sites *sites) {
    const uint32_t n_rows = view->tables[DICT_PROVIDERS].n_rows;
    sm_buffer url = {0};
    for (uint32_t row = 0; row < n_rows; row++)
        for (uint32_t security = 0; security < view->n_securities; security++) {
            bool is_out_of_memory = false;
            url.len = 0;
            if (!link_write(view, row, security, &url, &is_out_of_memory)) continue;
            must(base_slice_starts(slice_of(&url), "http") && !memchr(url.data, ' ', url.len));
            must(base_utf8_valid_prefix(url.data, (size_t)url.len) == url.len);
            uint32_t named = link_read_url(sites, slice_of(&url));
            if (n_rows == 1) must(named == dict_none || has_same_code(view, named, security));
        }
    sm_buffer_free(&url);
}

static void check_rows(fuzz_input line, fuzz_input rows) {
    sm_buffer table = {0}, compiled = {0};
    dict_view view;
    must(base_buffer_text(&table, header) && base_buffer_append(&table, (const char *)rows.bytes, rows.len));
    if (small_compile("providers.tsv", slice_of(&table), &compiled, &view)) {
        link_sites *sites = link_sites_new(&view, &base_default_allocator);
        must(sites != NULL);
        check_address(&view, sites, line);
        check_written(&view, sites);
        link_sites_free(sites);
    }
    sm_buffer_free(&table);
    sm_buffer_free(&compiled);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static link_sites *sites;
    const dict_view *view = dict_get_view(sm_dict_default());
    if (!sites) sites = link_sites_new(view, &base_default_allocator);
    must(sites != NULL);
    fuzz_input input = {bytes, len}, line = fuzz_until(&input, '\n');
    check_address(view, sites, line);
    if (input.len) check_rows(line, input);
    return 0;
}
