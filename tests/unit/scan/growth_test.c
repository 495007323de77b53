/* A dictionary of 80,000 names, so large that its filters do not grow with it any more: the scan finds what a naive one
 * does, which asks for every piece of the text in a set of names. Many begin alike, and one in three is unlike the others
 * behind a few characters only. */
#include <stdlib.h>

#include "../check.h"
#include "../random.h"
#include "dict/source.h"
#include "scan/walk.h"

enum { N_NAMES = 80000, N_TEXTS = 400, MOST_CHARS = 400, MOST_SHOWN = 8 };

/* --- Names ------------------------------------------------------------------------------------------------------------ */

/* A character of 500, those before being more common. All but one stand for themselves; 國 reads as 国. */
static uint32_t random_char(random_source *source) {
    uint32_t n = random_below(source, 500);
    return n == 0 ? 0x56FD : 0x5000 + random_below(source, n);
}

static void write_char(char *text, size_t *len, uint32_t c) {
    *len += base_utf8_encode(c, text + *len);
}

static void write_text(char *text, size_t *len, const char *piece) {
    memcpy(text + *len, piece, strlen(piece));
    *len += strlen(piece);
}

/* As a register of companies has them: short ones, and long ones with a place before and a form behind. */
static size_t random_name(random_source *source, char *text) {
    static const char *const places[] = {"深圳市", "北京", "上海", "国", "广东省深圳市"};
    static const char *const forms[] = {"科技", "实业集团", "科技股份有限公司", "国际贸易有限公司"};
    size_t len = 0;
    bool is_long = random_below(source, 3) == 0;
    if (is_long) write_text(text, &len, places[random_below(source, 5)]);
    for (uint32_t n = 2 + random_below(source, is_long ? 2 : 3); n > 0; n--)
        write_char(text, &len, random_char(source));
    if (is_long || random_below(source, 4) == 0) write_text(text, &len, forms[random_below(source, 4)]);
    return len;
}

static const sm_dict *build(random_source *source, sm_buffer *compiled) {
    static const char mics[] = "mic\tcountry\tcurrency\tcode_form\tname\nXREG\tCN\tCNY\tany\tA register\n";
    static const char securities[] = "id\tissuer\ttype\tboard\tcurrency\tisin\tlisted\tdelisted\tstatus\tsuccessor\n"
                                     "XREG:A\tXREG:A\tstock\t\tCNY\t\t\t\tactive\t\n";
    static const char variants[] = "from\tto\tkind\n國\t国\than\n";
    static const char *const kinds[] = {"short", "alias", "former"};
    sm_buffer names = {0}, report = {0};
    dict_tables tables;
    sm_error error = {0};
    const sm_dict *dict = NULL;
    bool is_written = base_buffer_text(&names, "id\tname\tlang\tkind\tfrom\tto\tambiguous\tpolicy\n");
    for (unsigned i = 0; is_written && i < N_NAMES; i++) {
        char name[DICT_MAX_NAME_BYTES];
        int len = (int)random_name(source, name);
        /* A name may come again, but not of the same kind and day. */
        is_written = base_buffer_format(&names, "XREG:A\t%.*s\tzh\t%s\t%u-%02u-%02u\t\t\t\n", len, name,
                                        kinds[i / 33600], 1900 + i % 100, 1 + i / 100 % 12, 1 + i / 1200 % 28);
    }
    const dict_memory_file files[] = {{"mics.tsv", base_slice_of(mics)},
                                      {"securities.tsv", base_slice_of(securities)},
                                      {"variants.tsv", base_slice_of(variants)},
                                      {"names.tsv", {names.data, (size_t)names.len}}};
    if (!CHECK(is_written)) exit(check_report());
    sm_status status = dict_tables_read_memory(files, sizeof files / sizeof files[0], 20261123, &tables, &report,
                                               &error);
    if (status == SM_OK) status = dict_compile(&tables, compiled, &error);
    if (status == SM_OK) status = sm_dict_open_memory(compiled->data, compiled->len, &dict, &error);
    CHECK_ROW(status == SM_OK, error.message);
    dict_tables_free(&tables);
    sm_buffer_free(&names);
    sm_buffer_free(&report);
    return dict;
}

/* --- The naive scan --------------------------------------------------------------------------------------------------- */

/* All surfaces by what they read. */
typedef struct name_set {
    const dict_view *view;
    uint32_t *slots; /* index+1 */
    uint32_t bits;
} name_set;

static base_slice text_of(const dict_view *view, uint32_t surface) {
    return (base_slice){dict_string(view, view->surfaces[surface].text), view->surfaces[surface].len};
}

/* The slot of a text, or the empty one where it belongs. */
static uint32_t *slot_of(const name_set *set, base_slice text) {
    uint32_t at = (uint32_t)base_hash(text.bytes, text.len) >> (32 - set->bits);
    while (set->slots[at] && !base_slice_equal(text_of(set->view, set->slots[at] - 1), text))
        at = (at + 1) & ((1u << set->bits) - 1);
    return &set->slots[at];
}

static name_set make_set(const dict_view *view) {
    name_set set = {.view = view, .bits = 20};
    set.slots = calloc((size_t)1 << set.bits, sizeof *set.slots);
    if (!set.slots || view->n_surfaces > 1u << (set.bits - 1)) exit(2);
    for (uint32_t i = 0; i < view->n_surfaces; i++) *slot_of(&set, text_of(view, i)) = i + 1;
    return set;
}

/* What the scan has to list: the names at each place, the longest first. `folded` is the text under the fold, in which all
 * characters have three bytes too. */
static void scan_naively(const name_set *set, base_slice folded, scan_list *list) {
    list->n = 0;
    for (size_t start = 0; start < folded.len; start += 3) {
        size_t end = folded.len - start > 3 * DICT_MAX_NAME_CHARS ? start + 3 * DICT_MAX_NAME_CHARS : folded.len;
        for (; end > start; end -= 3) {
            uint32_t surface = *slot_of(set, (base_slice){folded.bytes + start, end - start});
            if (surface && !scan_add(list, (scan_candidate){.start = start, .end = end, .index = surface - 1})) exit(2);
        }
    }
}

/* --- Texts ------------------------------------------------------------------------------------------------------------ */

/* Names, as far as they go or cut off, some with another character at the end, and characters between them. */
static size_t random_text(random_source *source, const dict_view *view, char *text) {
    size_t len = 0;
    while (len < 3 * (MOST_CHARS - DICT_MAX_NAME_CHARS)) {
        base_slice name = text_of(view, random_below(source, view->n_surfaces));
        uint32_t what = random_below(source, 4);
        size_t n_chars = what < 2 ? name.len / 3 : 1 + random_below(source, (uint32_t)name.len / 3);
        memcpy(text + len, name.bytes, 3 * n_chars);
        len += 3 * n_chars;
        for (uint32_t n = random_below(source, 4); what > 0 && n > 0; n--) write_char(text, &len, random_char(source));
    }
    return len;
}

/* Writes every other 国 as 國. */
static void spell_otherwise(char *text, size_t len) {
    unsigned n = 0;
    for (size_t at = 0; at < len; at += 3)
        if (memcmp(text + at, "国", 3) == 0 && n++ % 2) memcpy(text + at, "國", 3);
}

static bool are_same(const scan_list *expected, const scan_list *got) {
    if (expected->n != got->n) return false;
    for (size_t i = 0; i < got->n; i++) {
        const scan_candidate *a = &expected->items[i], *b = &got->items[i];
        if (a->start != b->start || a->end != b->end || a->index != b->index) return false;
    }
    return true;
}

static void texts_have_the_names_that_a_naive_scan_finds(const dict_view *view, random_source *source) {
    static char folded[3 * MOST_CHARS], text[3 * MOST_CHARS];
    scan_list expected = {.allocator = &base_default_allocator}, got = expected;
    scan_memory *memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    name_set set = make_set(view);
    size_t n_found = 0, n_shown = 0;
    for (unsigned i = 0; i < N_TEXTS && n_shown < MOST_SHOWN; i++) {
        size_t len = random_text(source, view, folded);
        memcpy(text, folded, len);
        spell_otherwise(text, len);
        scan_naively(&set, (base_slice){folded, len}, &expected);
        sm_status status = scan_run(view, NULL, memory, (base_slice){text, len}, &got, NULL);
        n_found += expected.n;
        if (CHECK(status == SM_OK && are_same(&expected, &got))) continue;
        fprintf(stderr, "  %zu names, expected %zu, in '%.*s'\n", got.n, expected.n, (int)len, text);
        n_shown++;
    }
    CHECK(n_found > 20 * N_TEXTS);
    scan_memory_free(memory);
    free(expected.items);
    free(got.items);
    free(set.slots);
}

/* --- Kernels ---------------------------------------------------------------------------------------------------------- */

static void kernels_write_the_same_places(const dict_view *view, random_source *source) {
    static char text[3 * MOST_CHARS + SCAN_PADDING];
    static scan_places places, plain;
    for (unsigned i = 0; i < N_TEXTS; i++) {
        size_t len = random_text(source, view, text);
        memset(text + len, 0, SCAN_PADDING);
        scan_kernel_c(view, (const unsigned char *)text, len, ' ', &plain);
        for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
            if (!base_kernel_can_run(kernel)) continue;
            scan_kernel_of(kernel)(view, (const unsigned char *)text, len, ' ', &places);
            CHECK_ROW(places.n_names == plain.n_names
                          && memcmp(places.names, plain.names, plain.n_names * sizeof *plain.names) == 0,
                      base_kernel_word(kernel));
        }
    }
}

int main(void) {
    random_source source = {80000};
    sm_buffer compiled = {0};
    const sm_dict *dict = build(&source, &compiled);
    if (!dict) return check_report();
    const dict_view *view = dict_get_view(dict);
    CHECK_ROW(view->han_filter_bits == DICT_MOST_HAN_BITS, "it is large enough");
    texts_have_the_names_that_a_naive_scan_finds(view, &source);
    kernels_write_the_same_places(view, &source);
    sm_dict_free(dict);
    sm_buffer_free(&compiled);
    return check_report();
}
