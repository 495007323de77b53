/* Codes are found as the plain way finds them: asked for their market as markets are asked for the code, runs as their normal
 * forms. */
#include "check.h"
#include "code_texts.h"
#include "dict/source.h"

/* --- Securities --------------------------------------------------------------------------------------------------- */

/* Market by market, and those that are active before the others. */
static uint32_t find_plainly(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                             uint32_t found[CODES_MAX_FOUND]) {
    uint32_t n = 0;
    for (int is_active = 1; is_active >= 0; is_active--)
        for (uint32_t i = 0; i < row->n_markets; i++) {
            uint32_t security = dict_find_code(view, row->markets[i].mic, code);
            if (security == dict_none || !base_slice_equal(row->markets[i].exchange, exchange)) continue;
            if ((view->securities[security].status == SM_SECURITY_ACTIVE) == is_active) found[n++] = security;
        }
    return n || !exchange.len ? n : find_plainly(view, row, base_slice_of(""), code, found);
}

static bool finds_alike(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code) {
    uint32_t found[CODES_MAX_FOUND], plain[CODES_MAX_FOUND];
    uint32_t n = codes_find(view, row, exchange, code, found), n_plain = find_plainly(view, row, exchange, code, plain);
    return n == n_plain && memcmp(found, plain, n * sizeof *found) == 0;
}

static void codes_are_found_market_by_market(const dict_view *view) {
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    for (uint32_t index = 0; index < view->tables[DICT_NOTATIONS].n_rows; index++) {
        codes_row row;
        bool all_alike = true, all_known = true;
        CHECK(codes_row_read(view, &arena, index, &row) == SM_OK);
        for (uint32_t security = 0; security < view->tables[DICT_SECURITIES].n_rows; security += 7) {
            base_slice code = base_slice_of(dict_string(view, view->securities[security].code));
            all_alike &= finds_alike(view, &row, base_slice_of(""), code);
            for (uint32_t i = 0; i < row.n_markets; i++)
                all_alike &= finds_alike(view, &row, row.markets[i].exchange, code);
        }
        for (uint32_t i = 0; i < row.n_markets; i++) all_known &= codes_knows_exchange(&row, row.markets[i].exchange);
        CHECK(all_known && !codes_knows_exchange(&row, base_slice_of("SHS")));
        if (!CHECK(all_alike)) fprintf(stderr, "  with notation %s\n", dict_cell(view, DICT_NOTATIONS, index, 0));
    }
    base_arena_free(&arena);
}

/* --- Runs --------------------------------------------------------------------------------------------------------- */

/* By the normal form, which a word with small letters has only where the last of them is a class. */
static uint32_t find_run_plainly(const dict_view *view, const codes_row *row, const codes_place *place,
                                 uint32_t found[CODES_MAX_FOUND]) {
    char text[CODES_MAX_RUN], code[CODES_MAX_CODE];
    size_t n = 0;
    bool has_small = false;
    for (size_t at = place->at; at < place->end; n++) {
        text[n] = (char)codes_char_at(place->run, at, &at);
        has_small |= text[n] >= 'a';
    }
    size_t len = n <= CODES_MAX_CODE ? codes_normal_form(row->form, (base_slice){text, n}, code) : 0;
    if (len == 0 || (row->form == CODES_SYMBOL && has_small && !memchr(code, '.', len))) return 0;
    return find_plainly(view, row, base_slice_of(""), (base_slice){code, len}, found);
}

static uint32_t check_run(const dict_view *view, const codes_row *row, base_slice run, size_t at) {
    codes_place place;
    uint32_t found[CODES_MAX_FOUND], plain[CODES_MAX_FOUND];
    if (!place_at(run, at, &place) || place.n_chars > CODES_MAX_RUN) return 0;
    uint32_t n = codes_find_run(view, row, &place, base_slice_of(""), found),
             n_plain = find_run_plainly(view, row, &place, plain);
    if (!CHECK(n == n_plain && memcmp(found, plain, n * sizeof *found) == 0))
        fprintf(stderr, "  at byte %zu of %.*s\n", at, (int)run.len, run.bytes);
    return n;
}

/* Codes of all markets, with and without text behind them, and what is no code of the row. */
static void runs_are_found_by_their_normal_form(const dict_view *view) {
    static const char *const others[] = {"000000", "00000", "0",        "700",      "0700",        "Go",
                                         "BRKb",   "BRKB",  "ABCDEFGb", "Ab",       "aB",          "g",
                                         "A",      "IMG",   "REITs",    "ＡＡＰＬ", "６００５１９"};
    base_arena arena;
    base_arena_init(&arena, &base_default_allocator);
    uint32_t n_found = 0;
    for (uint32_t index = 0; index < view->tables[DICT_NOTATIONS].n_rows; index++) {
        codes_row row;
        char text[MAX_TEXT];
        CHECK(codes_row_read(view, &arena, index, &row) == SM_OK);
        for (uint32_t i = 0; i < view->n_securities && row.is_run; i += 7) {
            int len = snprintf(text, sizeof text, "%s 年报", dict_string(view, view->securities[i].code));
            n_found += check_run(view, &row, (base_slice){text, (size_t)len}, 0);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len - 7}, 0);
        }
        for (size_t i = 0; i < sizeof others / sizeof *others && row.is_run; i++) {
            int len = snprintf(text, sizeof text, "%s 年报", others[i]);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len}, 0);
            n_found += check_run(view, &row, (base_slice){text, (size_t)len - 7}, 0);
        }
    }
    CHECK(n_found > 1000);
    base_arena_free(&arena);
}

/* Each form takes what it can be written as, and nothing else. "" is no code. */
static void codes_have_the_form_of_the_ids(void) {
    static const struct {
        codes_form form;
        const char *written, *code;
    } cases[] = {
        {CODES_DIGITS6, "688111", "688111"},
        {CODES_DIGITS6, "68811", ""},
        {CODES_DIGITS6, "6881111", ""},
        {CODES_DIGITS6, "000000", ""},
        {CODES_DIGITS6, "68811a", ""},
        {CODES_DIGITS5, "00700", "00700"},
        {CODES_DIGITS5, "700", "00700"},
        {CODES_DIGITS5, "1", "00001"},
        {CODES_DIGITS5, "0", ""},
        {CODES_DIGITS5, "", ""},
        {CODES_DIGITS5, "7/0", ""},
        {CODES_DIGITS5, "7:0", ""},
        {CODES_SYMBOL, "AAPL", "AAPL"},
        {CODES_SYMBOL, "aZ", "AZ"},
        {CODES_SYMBOL, "BRK.B", "BRK.B"},
        {CODES_SYMBOL, "BRK-B", "BRK.B"},
        {CODES_SYMBOL, "BRK/B", "BRK.B"},
        {CODES_SYMBOL, "BRKb", "BRK.B"},
        {CODES_SYMBOL, "BRkb", "BRKB"},
        {CODES_SYMBOL, "Ab", "AB"},
        {CODES_SYMBOL, "A09Z", "A09Z"},
        {CODES_SYMBOL, "A&B", ""},
        {CODES_SYMBOL, "A@", ""},
        {CODES_SYMBOL, "A[", ""},
        {CODES_SYMBOL, "A:", ""},
        {CODES_SYMBOL, "A{", ""},
        {CODES_SYMBOL, "A`", ""},
        {CODES_SYMBOL, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[CODES_MAX_CODE + 1] = "";
        size_t len = codes_normal_form(cases[i].form, base_slice_of(cases[i].written), code);
        if (CHECK_ROW(len <= CODES_MAX_CODE, cases[i].written)) code[len] = '\0';
        CHECK_STR(cases[i].code, code, cases[i].written);
    }
}

/* Rows that begin alike and have as many digits, each with a market of its own. */
static void each_row_asks_its_own_market(void) {
    static const char text[] = "00700) 00700] 00701] 00702)";
    static const char *const expected[] = {"XHKG:00700", "XREG:00700", "XREG:00701", "XHKG:00702"};
    const dict_memory_file files[] = {
        {"mics.tsv", base_slice_of("mic\tcode_form\nXHKG\tdigits5\nXREG\tdigits5\n")},
        {"securities.tsv", base_slice_of("id\ttype\tstatus\nXHKG:00700\tstock\tactive\nXREG:00700\tstock\tactive\n"
                                         "XREG:00701\tstock\tactive\nXHKG:00702\tstock\tactive\n")},
        {"notations.tsv", base_slice_of("id\tstart\tmin\tmax\tthen\tpattern\tmics\tform\tevidence\texample\n"
                                        "a\tdigit\t5\t5\t)\t(?<code>\\d{5})\tXHKG\tdigits5\tweak\t1\n"
                                        "b\tdigit\t5\t5\t]\t(?<code>\\d{5})\tXREG\tdigits5\tweak\t1\n")}};
    dict_tables tables;
    dict_view view;
    sm_buffer built = {0};
    scan_list list = {.allocator = &base_default_allocator};
    sm_status status = dict_tables_read_memory(files, 3, 20261123, &tables, NULL, NULL);
    if (status == SM_OK) status = dict_compile(&tables, &built, NULL);
    if (status == SM_OK) status = dict_view_open(built.data, built.len, &view, NULL);
    if (!CHECK(status == SM_OK)) return;
    scan_codes *codes = scan_codes_new(&view, &base_default_allocator);
    scan_memory *memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    CHECK(scan_run(&view, codes, memory, base_slice_of(text), &list, NULL) == SM_OK && list.n == 4);
    for (size_t i = 0; i < list.n && i < 4; i++)
        CHECK_STR(expected[i], dict_string(&view, view.securities[list.items[i].index].id), text);
    base_default_allocator.release(NULL, list.items);
    scan_memory_free(memory);
    scan_codes_free(codes);
    dict_tables_free(&tables);
    sm_buffer_free(&built);
}

int main(void) {
    each_row_asks_its_own_market();
    codes_have_the_form_of_the_ids();
    codes_are_found_market_by_market(dict_get_view(sm_dict_default()));
    runs_are_found_by_their_normal_form(dict_get_view(sm_dict_default()));
    return check_report();
}
