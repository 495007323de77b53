#include <stdio.h>
#include <string.h>

#include "dict/source.h"

#define LOWER_CASE_WORD "a word in lower-case letters, digits and -"
#define ISO_DATE "a calendar day as yyyy-mm-dd"

/* In the order of the columns' numbers in tables.h. */
static const char *const mic_names[] = {"mic", "country", "currency", "code_form", "name", "shares"};
static const char *const security_names[] = {"id",   "issuer", "type",     "board",  "currency",
                                             "isin", "listed", "delisted", "status", "successor"};
static const char *const name_names[] = {"id", "name", "lang", "kind", "from", "to", "ambiguous", "policy"};
static const char *const notation_names[] = {"id",      "start", "min",  "max",      "then",
                                             "pattern", "mics",  "form", "evidence", "example"};
static const char *const provider_names[] = {"id", "kind", "mics", "template", "form", "use"};
static const char *const context_names[] = {"feature", "weight", "why", "broad"};
static const char *const variant_names[] = {"from", "to", "kind"};
static const char *const lexicon_names[] = {"word", "class"};

static const dict_column_spec mic_columns[] = {
    [MIC_MIC] = {.need = DICT_NEEDED, .is_key = true, .is_good = dict_is_mic, .expected = "four capitals or digits"},
    [MIC_COUNTRY] = {.is_good = dict_is_country, .expected = "two capitals"},
    [MIC_CURRENCY] = {.is_good = dict_is_currency, .expected = "three capitals"},
    [MIC_CODE_FORM] = {.need = DICT_REQUIRED, .words = "digits6, digits5, symbol, any"},
    [MIC_NAME] = {0},
    [MIC_SHARES] = {.is_good = dict_is_ranges,
                    .expected = "beginnings of codes such as 900 and ranges of them such as 600-605, parted by spaces"},
};

static const dict_column_spec security_columns[] = {
    [SEC_ID] = {.need = DICT_NEEDED, .is_key = true, .expected = "MIC:CODE, such as XSHG:688111"},
    [SEC_ISSUER] = {0},
    [SEC_TYPE] = {.need = DICT_REQUIRED,
                  .is_good = dict_is_word,
                  .expected = "stock, depositary_receipt, etf, reit, bond, rmb_counter, temporary_counter or a "
                              "lower-case word of your own"},
    [SEC_BOARD] = {.is_good = dict_is_word, .expected = LOWER_CASE_WORD},
    [SEC_CURRENCY] = {.is_good = dict_is_currency, .expected = "three capitals"},
    [SEC_ISIN] = {.is_good = dict_is_isin,
                  .expected = "two capitals, nine capitals or digits and the right check digit (ISO 6166)"},
    [SEC_LISTED] = {.is_good = dict_is_date, .expected = ISO_DATE},
    [SEC_DELISTED] = {.is_good = dict_is_date, .expected = ISO_DATE},
    [SEC_STATUS] = {.need = DICT_REQUIRED, .words = "active, delisted, renamed, renumbered"},
    [SEC_SUCCESSOR] = {0},
};

static const dict_column_spec name_columns[] = {
    [NAME_ID] = {.need = DICT_NEEDED, .is_key = true, .expected = "an id of securities.tsv"},
    [NAME_NAME] = {.need = DICT_NEEDED, .is_key = true, .expected = "2 to 64 characters"},
    [NAME_LANG] = {.need = DICT_REQUIRED, .is_good = dict_is_lang, .expected = "zh, en or two lower-case letters"},
    [NAME_KIND] = {.need = DICT_REQUIRED, .is_key = true, .words = "short, full, english, alias, former"},
    [NAME_FROM] = {.is_key = true, .is_good = dict_is_date, .expected = ISO_DATE},
    [NAME_TO] = {.is_good = dict_is_date, .expected = ISO_DATE},
    [NAME_AMBIGUOUS] = {.words = "0, 1", .same_as_empty = "0"},
    [NAME_POLICY] = {.words = "always, context, code-only, never", .same_as_empty = "always"},
};

static const dict_column_spec notation_columns[] = {
    [NOTATION_ID] = {.need = DICT_NEEDED, .is_key = true, .is_good = dict_is_word, .expected = LOWER_CASE_WORD},
    [NOTATION_START] = {.need = DICT_REQUIRED, .words = "digit, letter, dollar"},
    [NOTATION_MIN] = {.need = DICT_REQUIRED, .is_good = dict_is_length, .expected = "a number from 1 to 64"},
    [NOTATION_MAX] = {.need = DICT_REQUIRED, .is_good = dict_is_length, .expected = "a number from 1 to 64"},
    [NOTATION_THEN] =
        {.is_good = dict_is_gate,
         .expected =
             "then=, beyond=, before=, ahead=, label=, first= or run= with a set of characters, parted by "
             "spaces, each once, and once more behind the word sure, where chars=MIN-MAX and exchange= may stand too"},
    [NOTATION_PATTERN] = {.need = DICT_REQUIRED, .expected = "a PCRE2 pattern with a group (?<code>…)"},
    [NOTATION_MICS] = {0}, /* see dict_check_notation */
    [NOTATION_FORM] = {.need = DICT_REQUIRED, .words = "digits6, digits5, symbol, none"},
    [NOTATION_EVIDENCE] = {.need = DICT_REQUIRED, .words = "strong, bracket, weak"},
    [NOTATION_EXAMPLE] = {0},
};

static const dict_column_spec provider_columns[] = {
    [PROVIDER_ID] = {.need = DICT_NEEDED, .is_key = true, .is_good = dict_is_word, .expected = LOWER_CASE_WORD},
    [PROVIDER_KIND] = {.need = DICT_REQUIRED, .is_good = dict_is_word, .expected = LOWER_CASE_WORD},
    [PROVIDER_MICS] = {.need = DICT_NEEDED, .is_key = true, .expected = "MICs of mics.tsv, parted by |"},
    [PROVIDER_TEMPLATE] = {.need = DICT_REQUIRED,
                           .is_good = dict_is_template,
                           .expected = "http:// or https://, {code} once where the code goes, and at most 255 bytes"},
    [PROVIDER_FORM] = {.is_good = dict_is_writing,
                       .expected = "lower, unpadded, four, underscore, hyphen, slash, ric, unclassed or a, or some of "
                                   "them joined by -"},
    [PROVIDER_USE] = {.need = DICT_REQUIRED, .words = "rw, r"},
};

static const dict_column_spec context_columns[] = {
    [CONTEXT_FEATURE] = {.need = DICT_NEEDED, .is_key = true, .is_good = dict_is_word, .expected = LOWER_CASE_WORD},
    [CONTEXT_WEIGHT] = {.need = DICT_REQUIRED,
                        .is_good = dict_is_weight,
                        .expected = "an integer from -32768 to 32767"},
    [CONTEXT_WHY] = {0},
    [CONTEXT_BROAD] = {.is_good = dict_is_weight, .expected = "an integer from -32768 to 32767, or nothing"},
};

static const dict_column_spec variant_columns[] = {
    [VARIANT_FROM] = {.need = DICT_NEEDED,
                      .is_key = true,
                      .is_good = dict_is_one_char,
                      .expected = "one character up to U+FFFF"},
    [VARIANT_TO] = {.need = DICT_REQUIRED, .is_good = dict_is_one_char, .expected = "one character up to U+FFFF"},
    [VARIANT_KIND] = {.need = DICT_REQUIRED, .words = "han, width, accent"},
};

static const dict_column_spec lexicon_columns[] = {
    [LEXICON_WORD] = {.need = DICT_NEEDED, .is_key = true, .expected = "a word"},
    [LEXICON_CLASS] = {.need = DICT_NEEDED, .is_key = true, .is_good = dict_is_word, .expected = LOWER_CASE_WORD},
};

static const dict_table_spec specs[DICT_N_TABLES] = {
    [DICT_MICS] = {"mics", mic_names, mic_columns, MIC_N, NULL},
    [DICT_SECURITIES] = {"securities", security_names, security_columns, SEC_N, dict_check_security},
    [DICT_NAMES] = {"names", name_names, name_columns, NAME_N, dict_check_name},
    [DICT_NOTATIONS] = {"notations", notation_names, notation_columns, NOTATION_N, dict_check_notation},
    [DICT_PROVIDERS] = {"providers", provider_names, provider_columns, PROVIDER_N, dict_check_provider},
    [DICT_CONTEXT] = {"context", context_names, context_columns, CONTEXT_N, dict_check_context},
    [DICT_VARIANTS] = {"variants", variant_names, variant_columns, VARIANT_N, dict_check_variant},
    [DICT_LEXICON] = {"lexicon", lexicon_names, lexicon_columns, LEXICON_N, dict_check_word},
};

const dict_table_spec *dict_get_spec(dict_table_id table) {
    return &specs[table];
}

const char *dict_table_name(dict_table_id table) {
    return specs[table].name;
}

uint32_t dict_table_columns(dict_table_id table, const char *const **names) {
    if (names) *names = specs[table].names;
    return specs[table].n_columns;
}

dict_table_id dict_table_find(const char *name) {
    dict_table_id table = 0;
    while (table < DICT_N_TABLES && strcmp(specs[table].name, name) != 0) table++;
    return table;
}

void dict_list_tables(char out[DICT_TABLE_NAMES_LEN]) {
    size_t len = 0;
    for (dict_table_id table = 0; table < DICT_N_TABLES; table++) {
        const char *before = table == 0 ? "" : table == DICT_N_TABLES - 1 ? " or " : ", ";
        len += (size_t)snprintf(out + len, DICT_TABLE_NAMES_LEN - len, "%s%s.tsv", before, specs[table].name);
    }
}
