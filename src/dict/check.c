#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dict/features.h"
#include "dict/source.h"

enum { LIST_LEN = 480, MAX_LISTED = 12 };

/* --- Single cells ------------------------------------------------------------------------------------------------- */

static bool is_one_of(base_slice cell, const char *words) {
    base_slice list = base_slice_of(words), word;
    while (dict_next_part(&list, ",", &word)) {
        if (word.len && word.bytes[0] == ' ') word = (base_slice){word.bytes + 1, word.len - 1};
        if (base_slice_equal(cell, word)) return true;
    }
    return false;
}

static void check_cell(dict_reader *reader, const dict_source_row *row, const dict_column_spec *column,
                       const char *name, base_slice cell) {
    if (!cell.len) {
        if (column->need == DICT_OPTIONAL || row->has_bad_action)
            return; /* it may have been meant to have the key alone */
        const char *expected = column->words ? column->words : column->expected;
        const char *one_of = column->words ? "one of " : "";
        dict_report_row(reader, row, "%s is empty; expected %s%s", name, one_of, expected);
    } else if (column->words && !is_one_of(cell, column->words)) {
        dict_report_row(reader, row, "%s %s is not known; expected one of %s", name, dict_quoted(cell).text,
                        column->words);
    } else if (column->is_good && !column->is_good(cell)) {
        dict_report_row(reader, row, "%s %s is not well-formed; expected %s", name, dict_quoted(cell).text,
                        column->expected);
    }
}

static void check_row(dict_reader *reader, const dict_source_row *row) {
    const dict_table_spec *spec = dict_get_spec(row->source->table);
    for (uint32_t c = 0; c < spec->n_columns; c++)
        check_cell(reader, row, &spec->columns[c], spec->names[c], row->row.cells[c]);
    if (spec->check) spec->check(reader, row);
}

/* --- Securities --------------------------------------------------------------------------------------------------- */

/* Appends a name to a list for a message, or an ellipsis when there is no room: then it is false. */
static bool list_name(char list[LIST_LEN], base_slice name) {
    size_t len = strlen(list);
    bool fits = len + name.len + 8 < LIST_LEN;
    if (!fits) name = base_slice_of("…");
    snprintf(list + len, LIST_LEN - len, "%s%.*s", len ? ", " : "", (int)name.len, name.bytes);
    return fits;
}

static void list_mics(const dict_reader *reader, char list[LIST_LEN]) {
    const dict_source_rows *mics = &reader->table[DICT_MICS];
    list[0] = '\0';
    for (size_t i = 0, n = 0; i < mics->n && n <= MAX_LISTED; i++) {
        base_slice mic = mics->rows[i].row.cells[MIC_MIC];
        if (mics->rows[i].is_gone || !dict_is_mic(mic)) continue;
        if (!list_name(list, n++ < MAX_LISTED ? mic : base_slice_of("…"))) return;
    }
}

/* @return the row of the MIC, or NULL: then it was reported. */
static const dict_source_row *check_mic(dict_reader *reader, const dict_source_row *row, base_slice mic) {
    const dict_source_row *found = dict_find_row(reader, DICT_MICS, mic);
    if (found || reader->is_partial[DICT_MICS]) return found;
    char known[LIST_LEN];
    list_mics(reader, known);
    dict_report_row(reader, row, "MIC %s is not known; expected %s%s%sa row in mics.tsv", dict_quoted(mic).text,
                    known[0] ? "one of " : "", known, known[0] ? " or " : "");
    return NULL;
}

static void check_id(dict_reader *reader, const dict_source_row *row, base_slice id) {
    const char *colon = id.len ? memchr(id.bytes, ':', id.len) : NULL;
    if (!id.len) return;
    if (!colon) {
        dict_report_row(reader, row, "id %s is not well-formed; expected MIC:CODE, such as XSHG:688111",
                        dict_quoted(id).text);
        return;
    }
    size_t mic_len = (size_t)(colon - id.bytes);
    const dict_source_row *mic = check_mic(reader, row, (base_slice){id.bytes, mic_len});
    if (!mic) return;
    base_slice code = {colon + 1, id.len - mic_len - 1};
    const char *expected;
    if (!dict_code_has_form(code, mic->row.cells[MIC_CODE_FORM], &expected) && expected)
        dict_report_row(reader, row, "code %s of id %s is not well-formed; expected %s", dict_quoted(code).text,
                        dict_quoted(id).text, expected);
}

static const dict_source_row *check_reference(dict_reader *reader, const dict_source_row *row, const char *column,
                                              base_slice id) {
    if (!id.len) return NULL;
    const dict_source_row *found = dict_find_row(reader, DICT_SECURITIES, id);
    if (!found && !reader->is_partial[DICT_SECURITIES])
        dict_report_row(reader, row, "%s %s is not known; expected an id of securities.tsv", column,
                        dict_quoted(id).text);
    return found;
}

static void check_issuer(dict_reader *reader, const dict_source_row *row, base_slice issuer) {
    const dict_source_row *home = check_reference(reader, row, "issuer", issuer);
    if (!home || base_slice_equal(home->row.cells[SEC_ISSUER], issuer)) return;
    dict_report_row(reader, row, "issuer %s is itself a line of %s; expected the home line, which is its own issuer",
                    dict_quoted(issuer).text, dict_quoted(home->row.cells[SEC_ISSUER]).text);
}

/* ISO dates are in order when their bytes are. */
static void check_order(dict_reader *reader, const dict_source_row *row, uint32_t first, uint32_t second,
                        bool may_be_equal) {
    base_slice a = row->row.cells[first], b = row->row.cells[second];
    if (!dict_is_date(a) || !dict_is_date(b)) return;
    int order = base_slice_compare(a, b);
    if (order < 0 || (order == 0 && may_be_equal)) return;
    const char *const *names = dict_get_spec(row->source->table)->names;
    dict_report_row(reader, row, "%s %s does not lie %sbehind %s %s; expected the days in order", names[second],
                    dict_quoted(b).text, may_be_equal ? "on or " : "", names[first], dict_quoted(a).text);
}

void dict_check_security(dict_reader *reader, const dict_source_row *row) {
    const base_slice *cells = row->row.cells;
    check_id(reader, row, cells[SEC_ID]);
    if (!base_slice_equal(cells[SEC_ISSUER], cells[SEC_ID])) check_issuer(reader, row, cells[SEC_ISSUER]);
    check_reference(reader, row, "successor", cells[SEC_SUCCESSOR]);
    check_order(reader, row, SEC_LISTED, SEC_DELISTED, true);
    bool has_moved = is_one_of(cells[SEC_STATUS], "renamed, renumbered");
    if (has_moved && !cells[SEC_SUCCESSOR].len)
        dict_report_row(reader, row, "status %s has no successor; expected the id that took its place",
                        dict_quoted(cells[SEC_STATUS]).text);
}

/* Follows every chain once: a chain that comes back to a row of its own is a cycle. */
static void check_successors(dict_reader *reader) {
    const dict_source_rows *rows = &reader->table[DICT_SECURITIES];
    uint32_t *walked = rows->n ? calloc(rows->n, sizeof *walked) : NULL; /* number of the walk + 1 */
    if (!walked) {
        reader->failed |= rows->n != 0;
        return;
    }
    for (size_t i = 0; i < rows->n; i++) {
        const dict_source_row *row = &rows->rows[i];
        if (row->is_gone) continue;
        size_t at = i;
        while (row && !walked[at]) {
            walked[at] = (uint32_t)i + 1;
            base_slice next = row->row.cells[SEC_SUCCESSOR];
            row = next.len ? dict_find_row(reader, DICT_SECURITIES, next) : NULL;
            if (row) at = (size_t)(row - rows->rows);
        }
        if (row && walked[at] == (uint32_t)i + 1)
            dict_report_row(reader, row, "successor %s leads back to %s; expected a chain that ends",
                            dict_quoted(row->row.cells[SEC_SUCCESSOR]).text, dict_quoted(row->row.cells[SEC_ID]).text);
    }
    free(walked);
}

/* --- Names -------------------------------------------------------------------------------------------------------- */

static bool is_space(uint32_t c) {
    return c == ' ' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 || c == 0x2029
           || c == 0xFEFF;
}

static uint32_t first_char(base_slice text) {
    uint32_t c = 0;
    base_utf8_decode(text.bytes, text.bytes + text.len, &c, NULL);
    return c;
}

static uint32_t last_char(base_slice text) {
    size_t at = text.len - 1;
    while (at && ((unsigned char)text.bytes[at] & 0xC0) == 0x80) at--;
    return first_char((base_slice){text.bytes + at, text.len - at});
}

static void check_name_text(dict_reader *reader, const dict_source_row *row, base_slice name) {
    size_t n = dict_count_chars(name);
    dict_quote quote = dict_quoted(name);
    if (is_space(first_char(name)) || is_space(last_char(name)))
        dict_report_row(reader, row, "name %s begins or ends with a space; expected it without", quote.text);
    else if (n < 2) dict_report_row(reader, row, "name %s is too short; expected at least 2 characters", quote.text);
    else if (first_char(name) >= 0x2E80 && name.len < 6)
        dict_report_row(reader, row, "name %s is too short; expected at least 2 Han characters, as it begins with one",
                        quote.text);
    else if (n > DICT_MAX_NAME_CHARS)
        dict_report_row(reader, row, "name %s is too long with %zu characters; expected at most %d", quote.text, n,
                        DICT_MAX_NAME_CHARS);
}

void dict_check_name(dict_reader *reader, const dict_source_row *row) {
    const base_slice *cells = row->row.cells;
    check_reference(reader, row, "id", cells[NAME_ID]);
    if (cells[NAME_NAME].len) check_name_text(reader, row, cells[NAME_NAME]);
    check_order(reader, row, NAME_FROM, NAME_TO, false);
}

/* --- The small tables --------------------------------------------------------------------------------------------- */

/* "XSHG|XSHE", or for notations "SH=XSHG|SZ=XSHE" too, where what stands in the text chooses among them. */
static void check_mics(dict_reader *reader, const dict_source_row *row, base_slice list, bool may_choose) {
    base_slice part;
    while (list.len && dict_next_part(&list, "|", &part)) {
        const char *equals = may_choose && part.len ? memchr(part.bytes, '=', part.len) : NULL;
        if (equals) part = (base_slice){equals + 1, part.len - (size_t)(equals + 1 - part.bytes)};
        check_mic(reader, row, part);
    }
}

void dict_check_notation(dict_reader *reader, const dict_source_row *row) {
    const base_slice *cells = row->row.cells;
    base_slice then = cells[NOTATION_THEN];
    int32_t min, max;
    bool has_lengths = dict_read_integer(cells[NOTATION_MIN], &min) && dict_read_integer(cells[NOTATION_MAX], &max);
    if (has_lengths && min > max)
        dict_report_row(reader, row, "min %d is more than max %d; expected min <= max", min, max);
    bool is_strong = base_slice_is(cells[NOTATION_EVIDENCE], "strong"), is_sure = dict_gate_has(then, "sure");
    if (is_sure && dict_gate_has(then, "exchange=") != is_strong)
        dict_report_row(reader, row, "then %s; expected exchange= in strong rows and only there",
                        is_strong ? "says what is sure without exchange=" : "has exchange=");
    char why[DICT_WHY_LEN];
    bool has_code = !base_slice_is(cells[NOTATION_FORM], "none"); /* none: what is found is no code */
    if (has_code && !cells[NOTATION_MICS].len)
        dict_report_row(reader, row, "mics is empty; expected MICs of mics.tsv, parted by |, or the form none");
    if (cells[NOTATION_PATTERN].len && dict_refuse_pattern(cells[NOTATION_PATTERN], has_code, why))
        dict_report_row(reader, row,
                        "pattern %s %s; expected a PCRE2 pattern with a group (?<code>…), without recursion, "
                        "backreferences, callouts and verbs",
                        dict_quoted(cells[NOTATION_PATTERN]).text, why);
    check_mics(reader, row, cells[NOTATION_MICS], true);
}

void dict_check_provider(dict_reader *reader, const dict_source_row *row) {
    check_mics(reader, row, row->row.cells[PROVIDER_MICS], false);
}

static bool is_latin(base_slice one_char) {
    uint32_t c = 0;
    base_utf8_decode(one_char.bytes, one_char.bytes + one_char.len, &c, NULL);
    return dict_is_latin(c < 0x80 ? (unsigned char)base_lower((char)c) : c);
}

/* The scan sees where a word begins by the bytes that are written, before anything is folded. */
void dict_check_variant(dict_reader *reader, const dict_source_row *row) {
    const base_slice *cells = row->row.cells;
    if (is_latin(cells[VARIANT_FROM]) && cells[VARIANT_TO].len && !is_latin(cells[VARIANT_TO]))
        dict_report_row(reader, row, "%s stands in words and %s does not; expected a letter or digit for one",
                        dict_quoted(cells[VARIANT_FROM]).text, dict_quoted(cells[VARIANT_TO]).text);
    if (cells[VARIANT_FROM].len && base_slice_equal(cells[VARIANT_FROM], cells[VARIANT_TO]))
        dict_report_row(reader, row, "%s becomes itself; expected another character",
                        dict_quoted(cells[VARIANT_TO]).text);
}

static void check_known(dict_reader *reader, const dict_source_row *row, const char *what, base_slice cell, uint32_t n,
                        uint32_t (*find)(base_slice), const char *(*name_of)(uint32_t)) {
    if (!dict_is_word(cell) || find(cell) != n) return;
    char known[LIST_LEN] = "";
    for (uint32_t i = 0; i < n && list_name(known, base_slice_of(name_of(i))); i++) continue;
    dict_report_row(reader, row, "%s %s is not known; expected one of %s", what, dict_quoted(cell).text, known);
}

void dict_check_context(dict_reader *reader, const dict_source_row *row) {
    check_known(reader, row, "feature", row->row.cells[CONTEXT_FEATURE], DICT_N_FEATURES, dict_feature_find,
                dict_feature_name);
}

static bool begins_latin(base_slice text) {
    return text.len && (unsigned char)text.bytes[0] < 0x80;
}

/* The most characters of a word that resolve ever reads in its place. */
static int longest_word(uint32_t class_number, base_slice text) {
    if (class_number >= DICT_N_CLASSES) return 0;
    uint32_t class_bit = dict_class_bit(class_number);
    bool is_latin = begins_latin(text), is_word_before = is_latin && dict_is_word_before(class_bit, 'a');
    if (class_number == DICT_CLASS_SYMBOL) return DICT_NUMBER_BYTES;
    if (class_bit & DICT_LATIN_CLASSES || is_word_before) return DICT_LONGEST_LATIN;
    if (class_bit & (DICT_LEFT_CLASSES | 1u << DICT_CLASS_FOREIGN_LEFT)) return DICT_LONGEST_LEFT;
    if (class_bit & (DICT_RIGHT_CLASSES | DICT_MARKET_CLASSES)) return DICT_LONGEST_RIGHT;
    if (class_bit & DICT_SOURCE_CLASSES) return DICT_LONGEST_SOURCE;
    if (class_bit & DICT_ROLE_CLASSES) return DICT_LONGEST_ROLE;
    if (class_number == DICT_CLASS_GENERAL) return is_latin ? DICT_LONGEST_LATIN : DICT_LONGEST_GENERAL;
    return 0; /* the others have no limit */
}

/* Words beside Latin names are read letter by letter: what else a row holds is never found. */
static bool is_read(uint32_t class_bit, base_slice text) {
    bool is_behind = class_bit & DICT_LATIN_CLASSES;
    const char *others = is_behind ? "-+%0 " : "";
    size_t n_blanks = 0;
    if (!begins_latin(text) || !(is_behind || dict_is_word_before(class_bit, 'a'))) return true;
    for (size_t i = 0; i < text.len; i++) {
        if (!base_is_small(text.bytes[i]) && !strchr(others, text.bytes[i])) return false;
        n_blanks += text.bytes[i] == ' ';
    }
    return n_blanks <= 1;
}

void dict_check_word(dict_reader *reader, const dict_source_row *row) {
    base_slice text = row->row.cells[LEXICON_WORD], class_name = row->row.cells[LEXICON_CLASS];
    uint32_t class_number = dict_class_find(class_name);
    int longest = longest_word(class_number, text);
    size_t n = dict_count_chars(text);
    if (class_number < DICT_N_CLASSES && !is_read(dict_class_bit(class_number), text))
        dict_report_row(
            reader, row,
            "word %s is never found beside a Latin name; expected small letters and, in class latin-... and "
            "organisation-ahead, - + %% too, 0 for any number, and one space between two words",
            dict_quoted(text).text);
    if (longest && n > (size_t)longest)
        dict_report_row(reader, row,
                        "word %s is too long with %zu characters; expected at most %d, as no longer word "
                        "of the class %.*s is looked for",
                        dict_quoted(text).text, n, longest, (int)class_name.len, class_name.bytes);
    check_known(reader, row, "class", row->row.cells[LEXICON_CLASS], DICT_N_CLASSES, dict_class_find, dict_class_name);
}

void dict_check_tables(dict_reader *reader) {
    for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
        const dict_source_rows *rows = &reader->table[table];
        for (size_t i = 0; i < rows->n && !reader->failed; i++)
            if (!rows->rows[i].is_gone && (!rows->rows[i].is_broken || rows->rows[i].has_bad_action))
                check_row(reader, &rows->rows[i]);
    }
    if (!reader->failed) check_successors(reader);
}
