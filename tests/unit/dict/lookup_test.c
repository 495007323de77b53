/* Looking things up in the default dictionary: all that stands in its tables is found, and what does not is not. */
#include <stdlib.h>

#include "../check.h"
#include "../random.h"
#include "dict/tables.h"

enum { ROOM = 4 * DICT_MAX_NAME_BYTES, MAX_CELLS = 16, MAX_FOUND = 64 };

static base_slice fold(const dict_view *view, base_slice text, char out[ROOM]) {
    return (base_slice){out, dict_fold_text(view, text, out, ROOM)};
}

/* --- Rows of a table, as a dump has them ------------------------------------------------------------------------------ */

typedef struct dump {
    sm_buffer tsv;
    char *next;
    char *cells[MAX_CELLS];
} dump;

static bool dump_open(dump *d, const dict_view *view, dict_table_id table) {
    *d = (dump){0};
    if (!CHECK_ROW(dict_dump_table(view, table, &d->tsv) == SM_OK, dict_table_name(table))) return false;
    d->next = strchr(d->tsv.data, '\n') + 1;
    return true;
}

static bool dump_next(dump *d) {
    if (!*d->next) return false;
    char *end = strchr(d->next, '\n'), *cell = d->next;
    *end = '\0';
    d->next = end + 1;
    for (int i = 0; i < MAX_CELLS; i++) {
        d->cells[i] = cell;
        if (!cell) continue;
        cell = strchr(cell, '\t');
        if (cell) *cell++ = '\0';
    }
    return true;
}

/* --- Surfaces ---------------------------------------------------------------------------------------------------------- */

static void every_surface_is_its_own_fold_and_is_found(const dict_view *view) {
    char folded[ROOM], row[ROOM];
    CHECK(view->n_surfaces > 40000);
    for (uint32_t i = 0; i < view->n_surfaces; i++) {
        base_slice text = {dict_string(view, view->surfaces[i].text), view->surfaces[i].len};
        snprintf(row, sizeof row, "surface '%.*s'", (int)text.len, text.bytes);
        CHECK_ROW(base_slice_equal(text, fold(view, text, folded)), row);
        CHECK_ROW(dict_find_surface(view, text) == i, row);
    }
}

static void what_is_no_surface_is_not_found(const dict_view *view) {
    static const char *const others[] = {"",       "金",     "金山办", "金山办公a", "Apple",
                                         "ａpple", "apple ", " apple", "\xE9\x87",  "no such name"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK_ROW(dict_find_surface(view, base_slice_of(others[i])) == dict_none, others[i]);
}

/* --- Securities --------------------------------------------------------------------------------------------------------- */

static void every_security_is_found_by_id_and_by_code(const dict_view *view) {
    dump d;
    uint32_t i = 0;
    if (!dump_open(&d, view, DICT_SECURITIES)) return;
    for (; dump_next(&d); i++) {
        const char *id = d.cells[SEC_ID], *colon = strchr(id, ':');
        base_slice mic = {id, (size_t)(colon - id)}, code = base_slice_of(colon + 1);
        char other[64];
        CHECK_ROW(dict_find_id(view, base_slice_of(id)) == i, id);
        CHECK_ROW(dict_find_code(view, dict_find_mic(view, mic), code) == i, id);
        snprintf(other, sizeof other, "%sX", id);
        CHECK_ROW(dict_find_id(view, base_slice_of(other)) != i, other);
        CHECK_ROW(dict_find_id(view, (base_slice){id, strlen(id) - 1}) != i, id);
    }
    CHECK(i > 15000);
    sm_buffer_free(&d.tsv);
}

static void what_is_no_security_is_not_found(const dict_view *view) {
    static const char *const others[] = {"",
                                         ":",
                                         "XSHG",
                                         "XSHG:",
                                         "688111",
                                         "xshg:688111",
                                         "XSHE:688111",
                                         "XSHG:688111 ",
                                         " XSHG:688111",
                                         "XSHG:68811",
                                         "XSHG：688111",
                                         "XHKG:700",
                                         "XNAS:aapl"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK_ROW(dict_find_id(view, base_slice_of(others[i])) == dict_none, others[i]);
    char longest[300];
    memset(longest, '6', sizeof longest);
    CHECK(dict_find_code(view, dict_find_mic(view, base_slice_of("XSHG")), (base_slice){longest, sizeof longest})
          == dict_none);
    CHECK(dict_find_code(view, 0, (base_slice){"", 0}) == dict_none);
    CHECK(dict_find_mic(view, base_slice_of("XXXX")) == dict_none
          && dict_find_mic(view, base_slice_of("")) == dict_none);
    CHECK(dict_find_mic(view, base_slice_of("XSH")) == dict_none
          && dict_find_mic(view, base_slice_of("XSHGX")) == dict_none);
}

static void successors_are_followed_to_the_end(const dict_view *view) {
    dump d;
    unsigned n = 0;
    if (!dump_open(&d, view, DICT_SECURITIES)) return;
    while (dump_next(&d)) {
        uint32_t own = dict_find_id(view, base_slice_of(d.cells[SEC_ID])), last = dict_successor(view, own);
        if (!d.cells[SEC_SUCCESSOR][0]) {
            CHECK_ROW(last == own, d.cells[SEC_ID]);
            continue;
        }
        uint32_t next = dict_find_id(view, base_slice_of(d.cells[SEC_SUCCESSOR]));
        CHECK_ROW(next != own && last == dict_successor(view, next) && dict_successor(view, last) == last,
                  d.cells[SEC_ID]);
        n++;
    }
    CHECK(n > 200);
    uint32_t fb = dict_find_id(view, base_slice_of("XNAS:FB"));
    CHECK(fb != dict_none && dict_successor(view, fb) == dict_find_id(view, base_slice_of("XNAS:META")));
    sm_buffer_free(&d.tsv);
}

/* --- Words -------------------------------------------------------------------------------------------------------------- */

static void every_word_of_the_lexicon_has_its_class(const dict_view *view) {
    dump d;
    unsigned n = 0;
    if (!dump_open(&d, view, DICT_LEXICON)) return;
    for (; dump_next(&d); n++) {
        char folded[ROOM] = "";
        size_t len = 0;
        /* A word is folded a character at a time: it may begin or end with what is nothing in a name. */
        base_slice word = base_slice_of(d.cells[LEXICON_WORD]);
        for (size_t at = 0; at < word.len;) {
            uint32_t c;
            at += base_utf8_read(word.bytes + at, &c);
            len += base_utf8_encode(dict_fold_char(view, c), folded + len);
        }
        uint32_t expected = dict_class_bit(dict_class_find(base_slice_of(d.cells[LEXICON_CLASS])));
        if (!expected) continue; /* a symbol */
        CHECK_ROW(dict_word_classes(view, (base_slice){folded, len}) & expected, d.cells[LEXICON_WORD]);
    }
    CHECK(n > 10000);
    sm_buffer_free(&d.tsv);
}

/* Words are known by a hash: none of these may be taken for another. */
static void what_is_no_word_has_no_class(const dict_view *view) {
    random_source source = {3};
    unsigned n_found = 0;
    for (int i = 0; i < 100000; i++) {
        char word[16];
        size_t len = 0;
        for (int c = 0; c < 4; c++) len += base_utf8_encode(0x20000 + random_below(&source, 40000), word + len);
        n_found += dict_word_classes(view, (base_slice){word, len}) != 0;
    }
    CHECK(n_found == 0);
    CHECK(dict_word_classes(view, (base_slice){NULL, 0}) == 0);
    CHECK(dict_word_classes(view, base_slice_of("\xE5\x85")) == 0);
}

/* --- sm_lookup ----------------------------------------------------------------------------------------------------------- */

static bool finds(const sm_engine *engine, const char *query, const char *id, uint32_t match) {
    sm_found found[MAX_FOUND];
    uint64_t n = 0;
    if (sm_lookup(engine, query, strlen(query), 0, found, MAX_FOUND, &n, NULL) != SM_OK) return false;
    for (uint64_t i = 0; i < n && i < MAX_FOUND; i++)
        if (strcmp(found[i].security.id, id) == 0 && (!match || found[i].match == match)) return true;
    return false;
}

static void every_name_that_is_always_a_name_is_found(const dict_view *view, const sm_engine *engine) {
    dump d;
    unsigned n = 0;
    if (!dump_open(&d, view, DICT_NAMES)) return;
    while (dump_next(&d)) {
        if (d.cells[NAME_POLICY][0]) continue;
        char row[ROOM];
        snprintf(row, sizeof row, "lookup of '%s' finds %s", d.cells[NAME_NAME], d.cells[NAME_ID]);
        CHECK_ROW(finds(engine, d.cells[NAME_NAME], d.cells[NAME_ID], 0), row);
        n++;
    }
    CHECK(n > 40000);
    sm_buffer_free(&d.tsv);
}

static void a_query_of_each_kind_is_answered(const sm_engine *engine) {
    static const struct {
        const char *query, *id;
        uint32_t match;
    } cases[] = {
        {"XSHG:688111", "XSHG:688111", SM_MATCH_ID},
        {"688111", "XSHG:688111", SM_MATCH_CODE},
        {"688111.SH", "XSHG:688111", SM_MATCH_CODE},
        {"00700.HK", "XHKG:00700", SM_MATCH_CODE},
        {"00700", "XHKG:00700", SM_MATCH_CODE},
        {"aapl", "XNAS:AAPL", SM_MATCH_CODE},
        {"$AAPL", "XNAS:AAPL", SM_MATCH_CODE},
        {"金山办公", "XSHG:688111", SM_MATCH_NAME},
        {"金山辦公", "XSHG:688111", SM_MATCH_NAME},
        {"ＡＰＰＬＥ", "XNAS:AAPL", SM_MATCH_NAME},
        {"http://quote.eastmoney.com/unify/r/1.688111", "XSHG:688111", SM_MATCH_URL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_ROW(finds(engine, cases[i].query, cases[i].id, cases[i].match), cases[i].query);
}

/* All lines of an issuer answer to its name, each once; a capacity too small counts on. */
static void answers_are_counted_beyond_the_capacity(const sm_engine *engine) {
    sm_found found[MAX_FOUND], one[1];
    uint64_t n = 0, n_one = 0, n_none = 0;
    CHECK(sm_lookup(engine, "万科A", strlen("万科A"), 0, found, MAX_FOUND, &n, NULL) == SM_OK);
    CHECK(n >= 2 && n <= MAX_FOUND);
    for (uint64_t i = 0; i < n; i++)
        for (uint64_t k = 0; k < i; k++) CHECK(strcmp(found[i].security.id, found[k].security.id) != 0);
    CHECK_STR("XSHE:000002", found[0].security.id, "the line that the name stands at comes first");
    CHECK_STR("short", found[0].kind, "its kind");
    CHECK_STR("万科A", found[0].name, "the name as the tables have it");
    CHECK(sm_lookup(engine, "万科A", strlen("万科A"), 0, one, 1, &n_one, NULL) == SM_OK);
    CHECK_STR("XSHE:000002", one[0].security.id, "the first of many");
    CHECK(sm_lookup(engine, "万科A", strlen("万科A"), 0, NULL, 0, &n_none, NULL) == SM_OK);
    CHECK_ROW(n_one == n, "as many with room for one");
    CHECK_ROW(n_none == n, "as many with room for none");
}

static void what_nothing_is_called_has_no_answer(const sm_engine *engine) {
    static const char *const others[] = {"", " ", "没有这个名字", "XSHG:000000", "999999", "http://example.com/688111",
                                         "?"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        sm_found found[1];
        uint64_t n = 7;
        CHECK_ROW(sm_lookup(engine, others[i], strlen(others[i]), 0, found, 1, &n, NULL) == SM_OK && n == 0, others[i]);
    }
}

int main(void) {
    const dict_view *view = dict_get_view(sm_dict_default());
    sm_engine *engine = NULL;
    every_surface_is_its_own_fold_and_is_found(view);
    what_is_no_surface_is_not_found(view);
    every_security_is_found_by_id_and_by_code(view);
    what_is_no_security_is_not_found(view);
    successors_are_followed_to_the_end(view);
    every_word_of_the_lexicon_has_its_class(view);
    what_is_no_word_has_no_class(view);
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return check_report();
    every_name_that_is_always_a_name_is_found(view, engine);
    a_query_of_each_kind_is_answered(engine);
    answers_are_counted_beyond_the_capacity(engine);
    what_nothing_is_called_has_no_answer(engine);
    sm_engine_free(engine);
    return check_report();
}
