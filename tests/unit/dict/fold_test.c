/* The fold: what counts as the same name. The rows of fold.tsv, and what must hold for every name of the default tables. */
#include "../check.h"
#include "../random.h"
#include "../rows.h"
#include "dict/tables.h"

enum { ROOM = 4 * DICT_MAX_NAME_BYTES };

static base_slice fold(const dict_view *view, base_slice text, char out[ROOM]) {
    return (base_slice){out, dict_fold_text(view, text, out, ROOM)};
}

static void each_row_folds_as_it_says(const dict_view *view) {
    rows r;
    if (!rows_open(&r, "tests/unit/dict/fold.tsv")) return;
    while (rows_next(&r, 3)) {
        char got[ROOM], input[ROWS_LINE];
        snprintf(input, sizeof input, "%s", r.cells[0]);
        base_slice text = {r.cells[0], rows_unescape(r.cells[0])};
        size_t len = fold(view, text, got).len;
        got[len] = '\0';
        if (!CHECK_STR(strcmp(r.cells[1], "-") == 0 ? "" : r.cells[1], got, r.place))
            fprintf(stderr, "  input:    %s\n  reason:   %s\n", input, r.cells[2]);
    }
    CHECK(r.n_rows > 60);
    rows_close(&r);
    char got[ROOM];
    CHECK(fold(view, (base_slice){NULL, 0}, got).len == 0);
}

/* What does not fit is not folded in part. */
static void a_fold_that_does_not_fit_is_none(const dict_view *view) {
    static const char text[] = "北京金山办公软件";
    char out[64];
    size_t whole = dict_fold_text(view, base_slice_of(text), out, sizeof out);
    CHECK(whole == strlen(text));
    for (size_t capacity = 0; capacity < whole; capacity++) {
        memset(out, 'x', sizeof out);
        CHECK(dict_fold_text(view, base_slice_of(text), out, capacity) == 0);
        CHECK(out[capacity] == 'x');
    }
}

/* A fold of a fold is itself, for all code points alone and between letters and Han characters. */
static void every_character_is_folded_once(const dict_view *view) {
    static const char *const frames[][2] = {{"", ""}, {"a", "b"}, {"公", "司"}, {"a", "公"}, {"公", "a"}};
    unsigned n_changed = 0, n_shown = 0;
    for (uint32_t c = 1; c <= 0x10FFFF; c = c == 0x2FFFF ? 0xE0000 : c + 1)
        for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
            char text[16], once[ROOM], twice[ROOM];
            size_t len = strlen(frames[i][0]);
            if (c > 0xFFFF && i > 1) continue;
            memcpy(text, frames[i][0], len);
            len += base_utf8_encode(c, text + len);
            memcpy(text + len, frames[i][1], strlen(frames[i][1]));
            len += strlen(frames[i][1]);
            base_slice first = fold(view, (base_slice){text, len}, once), again = fold(view, first, twice);
            if (base_slice_equal(first, again)) continue;
            n_changed++;
            if (n_shown++ < 10)
                fprintf(stderr, "U+%04X in '%.*s': folds to '%.*s', and that to '%.*s'\n", c, (int)len, text,
                        (int)first.len, once, (int)again.len, twice);
        }
    CHECK(n_changed == 0);
}

/* Calls `each` with every name of the default tables, as a dump has them. */
static size_t for_each_name(const dict_view *view, void (*each)(const dict_view *view, base_slice name)) {
    sm_buffer tsv = {0};
    size_t n = 0;
    if (!CHECK(dict_dump_table(view, DICT_NAMES, &tsv) == SM_OK)) return 0;
    for (const char *line = strchr(tsv.data, '\n') + 1; *line; line = strchr(line, '\n') + 1, n++) {
        const char *name = strchr(line, '\t') + 1;
        each(view, (base_slice){name, (size_t)(strchr(name, '\t') - name)});
    }
    sm_buffer_free(&tsv);
    return n;
}

static void a_name_folds_to_its_own_fold(const dict_view *view, base_slice name) {
    char once[ROOM], twice[ROOM], row[ROOM];
    base_slice first = fold(view, name, once);
    snprintf(row, sizeof row, "the fold of '%.*s', '%.*s', is its own fold", (int)name.len, name.bytes, (int)first.len,
             once);
    CHECK_ROW(first.len && base_slice_equal(first, fold(view, first, twice)), row);
}

/* Other ways to write a name, which every reader takes for the same. */
static void a_name_in_other_spellings_folds_alike(const dict_view *view, base_slice name) {
    char plain[ROOM], other[ROOM], written[ROOM], row[ROOM];
    size_t upper_len = 0, wide_len = 0;
    char wide[ROOM];
    if (name.len * 3 + 8 > sizeof wide) return;
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        written[upper_len++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
        if (c > ' ' && c < 0x7F) wide_len += base_utf8_encode(c + 0xFEE0u, wide + wide_len);
        else wide[wide_len++] = (char)c;
    }
    base_slice folded = fold(view, name, plain);
    snprintf(row, sizeof row, "'%.*s' in capitals and full width", (int)name.len, name.bytes);
    CHECK_ROW(base_slice_equal(folded, fold(view, (base_slice){written, upper_len}, other)), row);
    CHECK_ROW(base_slice_equal(folded, fold(view, (base_slice){wide, wide_len}, other)), row);
}

/* A step at a time is what the whole is, and what is refused is refused at once. */
static void steps_give_what_the_whole_gives(const dict_view *view) {
    static const char *const parts[] = {"a", "B", "é", "公",           "司", " ", ".", ",",
                                        "-", "(", "'", "\xE3\x80\x80", "1",  "*", "Ａ"};
    random_source source = {7};
    bool all_alike = true;
    for (int i = 0; i < 20000; i++) {
        char text[128], whole[ROOM], steps[ROOM];
        size_t len = 0, n_steps = 0;
        for (uint32_t n = random_below(&source, 16); n; n--) {
            const char *part = parts[random_below(&source, sizeof parts / sizeof parts[0])];
            memcpy(text + len, part, strlen(part));
            len += strlen(part);
        }
        dict_folder folder = {0};
        int n = 0;
        for (size_t at = 0; at < len && n >= 0;) {
            uint32_t c, out[DICT_FOLD_PENDING + 1];
            at += base_utf8_read(text + at, &c);
            n = dict_fold_step(&folder, dict_fold_char(view, c), out);
            for (int k = 0; k < n; k++) n_steps += base_utf8_encode(out[k], steps + n_steps);
        }
        base_slice got = fold(view, (base_slice){text, len}, whole);
        all_alike &= n < 0 ? got.len == 0 : base_slice_equal(got, (base_slice){steps, n_steps});
    }
    CHECK(all_alike);
}

static void writing_is_what_the_fold_forgets(void) {
    static const struct {
        const char *text;
        uint64_t writing;
    } cases[] = {
        {"", 0},
        {"3M", DICT_HAS_UPPER},
        {"Macy's", DICT_HAS_UPPER | DICT_HAS_LOWER | DICT_HAS_APOSTROPHE},
        {"MACY\xE2\x80\x99S", DICT_HAS_UPPER | DICT_HAS_APOSTROPHE},
        {"Macys\xE2\x80", DICT_HAS_UPPER | DICT_HAS_LOWER}, /* cut off: no apostrophe yet */
        {"York Water", DICT_HAS_UPPER | DICT_HAS_LOWER},
        {"York water", DICT_HAS_UPPER | DICT_HAS_LOWER | DICT_HAS_SMALL_WORD},
        {"first American", DICT_HAS_UPPER | DICT_HAS_LOWER | DICT_HAS_SMALL_WORD},
        {"Jack in the Box", DICT_HAS_UPPER | DICT_HAS_LOWER},
        {"eBay", DICT_HAS_UPPER | DICT_HAS_LOWER},
        {"Coca-cola", DICT_HAS_UPPER | DICT_HAS_LOWER}, /* a part of a word, and no word */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_ROW(dict_writing_of(base_slice_of(cases[i].text)) == cases[i].writing, cases[i].text);
}

/* What stands before and behind a folded name. */
static void marks_are_left_out(void) {
    static const struct {
        const char *folded, *bare;
        bool is_treated;
    } marked[] = {{"s*st国华", "国华", true}, {"*st国华", "国华", true},  {"sst国华", "国华", true},
                  {"st国华", "国华", true},   {"s国华", "国华", true},    {"st国", "st国", false},
                  {"stab", "stab", false},    {"国华-w", "国华", false},  {"国华-sw", "国华", false},
                  {"st国华-w", "国华", true}, {"-w", "-w", false},        {"kingsoft-w", "kingsoft-w", false},
                  {"x国华", "x国华", false},  {"国华-x", "国华-x", false}};
    for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++) {
        base_slice text = base_slice_of(marked[i].folded);
        CHECK_ROW(dict_strip_marks(&text) == marked[i].is_treated, marked[i].folded);
        CHECK_ROW(base_slice_is(text, marked[i].bare), marked[i].folded);
    }
}

int main(void) {
    const dict_view *view = dict_get_view(sm_dict_default());
    each_row_folds_as_it_says(view);
    a_fold_that_does_not_fit_is_none(view);
    every_character_is_folded_once(view);
    CHECK(for_each_name(view, a_name_folds_to_its_own_fold) > 40000);
    for_each_name(view, a_name_in_other_spellings_folds_alike);
    steps_give_what_the_whole_gives(view);
    writing_is_what_the_fold_forgets();
    marks_are_left_out();
    return check_report();
}
