#include "dict/features.h"

_Static_assert(DICT_N_FEATURES <= 64, "evidence is a set of 64 bits");
_Static_assert(DICT_CLASS_SYMBOL <= 32 && DICT_CLASS_SYMBOL + 1 == DICT_N_CLASSES,
               "classes of a word are a set of 32 bits");

static const base_slice feature_names[DICT_N_FEATURES] = {
    [FEATURE_SHORT_NAME] = BASE_LITERAL("short-name"),
    [FEATURE_FULL_NAME] = BASE_LITERAL("full-name"),
    [FEATURE_ENGLISH_NAME] = BASE_LITERAL("english-name"),
    [FEATURE_ALIAS] = BASE_LITERAL("alias"),
    [FEATURE_FORMER_NAME] = BASE_LITERAL("former-name"),
    [FEATURE_DERIVED_FORM] = BASE_LITERAL("derived-form"),
    [FEATURE_AMBIGUOUS] = BASE_LITERAL("ambiguous"),
    [FEATURE_ORDINARY_WORD] = BASE_LITERAL("ordinary-word"),
    [FEATURE_TWO_CHARACTERS] = BASE_LITERAL("two-characters"),
    [FEATURE_LONG_NAME] = BASE_LITERAL("long-name"),
    [FEATURE_MARK] = BASE_LITERAL("mark"),
    [FEATURE_MARK_MISSING] = BASE_LITERAL("mark-missing"),
    [FEATURE_ONE_WORD] = BASE_LITERAL("one-word"),
    [FEATURE_LOWER_CASE] = BASE_LITERAL("lower-case"),
    [FEATURE_OTHER_CASE] = BASE_LITERAL("other-case"),
    [FEATURE_STRONG_CODE] = BASE_LITERAL("strong-code"),
    [FEATURE_BRACKET_CODE] = BASE_LITERAL("bracket-code"),
    [FEATURE_WEAK_CODE] = BASE_LITERAL("weak-code"),
    [FEATURE_CODE_BESIDE] = BASE_LITERAL("code-beside"),
    [FEATURE_NAME_BESIDE] = BASE_LITERAL("name-beside"),
    [FEATURE_OTHER_CODE_BESIDE] = BASE_LITERAL("other-code-beside"),
    [FEATURE_LIST_NEIGHBOUR] = BASE_LITERAL("list-neighbour"),
    [FEATURE_COMPANY_RIGHT] = BASE_LITERAL("company-right"),
    [FEATURE_COMPANY_LEFT] = BASE_LITERAL("company-left"),
    [FEATURE_ORGANISATION_RIGHT] = BASE_LITERAL("organisation-right"),
    [FEATURE_ORGANISATION_LEFT] = BASE_LITERAL("organisation-left"),
    [FEATURE_PRODUCT_RIGHT] = BASE_LITERAL("product-right"),
    [FEATURE_PLACE_RIGHT] = BASE_LITERAL("place-right"),
    [FEATURE_WORD_ACROSS_LEFT] = BASE_LITERAL("word-across-left"),
    [FEATURE_WORD_ACROSS_RIGHT] = BASE_LITERAL("word-across-right"),
    [FEATURE_COLON_RIGHT] = BASE_LITERAL("colon-right"),
    [FEATURE_HANDLE] = BASE_LITERAL("handle"),
    [FEATURE_CAPITALS_BESIDE] = BASE_LITERAL("capitals-beside"),
    [FEATURE_ISSUER_ELSEWHERE] = BASE_LITERAL("issuer-elsewhere"),
    [FEATURE_OTHER_MENTIONS] = BASE_LITERAL("other-mentions"),
    [FEATURE_HEADING] = BASE_LITERAL("heading"),
    [FEATURE_HOME_LINE] = BASE_LITERAL("home-line"),
    [FEATURE_ONLY_LINE] = BASE_LITERAL("only-line"),
    [FEATURE_LINE_CODE] = BASE_LITERAL("line-code"),
    [FEATURE_MARKET_WORD] = BASE_LITERAL("market-word"),
    [FEATURE_AS_OF] = BASE_LITERAL("as-of"),
    [FEATURE_PREFERRED] = BASE_LITERAL("preferred"),
    [FEATURE_SUCCESSOR] = BASE_LITERAL("successor"),
    [FEATURE_NOT_YET_LISTED] = BASE_LITERAL("not-yet-listed"),
    [FEATURE_LINK] = BASE_LITERAL("link"),
    [FEATURE_LINK_DISAGREES] = BASE_LITERAL("link-disagrees"),
    [FEATURE_WELL_KNOWN] = BASE_LITERAL("well-known"),
    [FEATURE_INSIDE_SENTENCE] = BASE_LITERAL("inside-sentence"),
    [FEATURE_TRADING_RIGHT] = BASE_LITERAL("trading-right"),
    [FEATURE_WEAK_DIGITS] = BASE_LITERAL("weak-digits"),
    [FEATURE_FOREIGN_BESIDE] = BASE_LITERAL("foreign-beside"),
    [FEATURE_UNLISTED] = BASE_LITERAL("unlisted"),
    [FEATURE_CODE_LIST] = BASE_LITERAL("code-list"),
    [FEATURE_CAPITAL_DUE] = BASE_LITERAL("capital-due"),
    [FEATURE_TRADED_SYMBOL] = BASE_LITERAL("traded-symbol"),
    [FEATURE_KNOWN_SYMBOL] = BASE_LITERAL("known-symbol"),
};

static const base_slice class_names[DICT_N_CLASSES] = {
    [DICT_CLASS_ORDINARY] = BASE_LITERAL("ordinary"),
    [DICT_CLASS_GENERAL] = BASE_LITERAL("general"),
    [DICT_CLASS_COMPANY_RIGHT] = BASE_LITERAL("company-right"),
    [DICT_CLASS_COMPANY_LEFT] = BASE_LITERAL("company-left"),
    [DICT_CLASS_ORGANISATION_RIGHT] = BASE_LITERAL("organisation-right"),
    [DICT_CLASS_ORGANISATION_LEFT] = BASE_LITERAL("organisation-left"),
    [DICT_CLASS_PRODUCT_RIGHT] = BASE_LITERAL("product-right"),
    [DICT_CLASS_PLACE_RIGHT] = BASE_LITERAL("place-right"),
    [DICT_CLASS_DESCRIPTOR] = BASE_LITERAL("descriptor"),
    [DICT_CLASS_LABEL] = BASE_LITERAL("label"),
    [DICT_CLASS_MARKET_CN] = BASE_LITERAL("market-cn"),
    [DICT_CLASS_MARKET_HK] = BASE_LITERAL("market-hk"),
    [DICT_CLASS_MARKET_US] = BASE_LITERAL("market-us"),
    [DICT_CLASS_TRADING_RIGHT] = BASE_LITERAL("trading-right"),
    [DICT_CLASS_FOREIGN_LEFT] = BASE_LITERAL("foreign-left"),
    [DICT_CLASS_ABBREVIATION] = BASE_LITERAL("abbreviation"),
    [DICT_CLASS_SYMBOL] = BASE_LITERAL("symbol"),
    [DICT_CLASS_HOUSE] = BASE_LITERAL("house"),
    [DICT_CLASS_RESEARCH_RIGHT] = BASE_LITERAL("research-right"),
    [DICT_CLASS_RESEARCH_LEFT] = BASE_LITERAL("research-left"),
    [DICT_CLASS_RATING_RIGHT] = BASE_LITERAL("rating-right"),
    [DICT_CLASS_RATING_LEFT] = BASE_LITERAL("rating-left"),
    [DICT_CLASS_EXCHANGE] = BASE_LITERAL("exchange"),
    [DICT_CLASS_VENUE_RIGHT] = BASE_LITERAL("venue-right"),
    [DICT_CLASS_VENUE_LEFT] = BASE_LITERAL("venue-left"),
    [DICT_CLASS_BRANCH_RIGHT] = BASE_LITERAL("branch-right"),
    [DICT_CLASS_PAPER_RIGHT] = BASE_LITERAL("paper-right"),
    [DICT_CLASS_LATIN_COMPANY] = BASE_LITERAL("latin-company"),
    [DICT_CLASS_LATIN_TRADING] = BASE_LITERAL("latin-trading"),
    [DICT_CLASS_ORGANISATION_AHEAD] = BASE_LITERAL("organisation-ahead"),
    [DICT_CLASS_SOURCE_LEFT] = BASE_LITERAL("source-left"),
    [DICT_CLASS_REPORT_LEFT] = BASE_LITERAL("report-left"),
    [DICT_CLASS_REPORT_RIGHT] = BASE_LITERAL("report-right"),
};

static uint32_t find(base_slice name, const base_slice *names, uint32_t n) {
    uint32_t i = 0;
    while (i < n && !base_slice_equal(name, names[i])) i++;
    return i;
}

base_slice dict_feature_word(uint32_t feature) {
    return feature < DICT_N_FEATURES ? feature_names[feature] : (base_slice){0};
}

const char *dict_feature_name(uint32_t feature) {
    return dict_feature_word(feature).bytes;
}

uint32_t dict_feature_find(base_slice name) {
    return find(name, feature_names, DICT_N_FEATURES);
}

const char *dict_class_name(uint32_t class_number) {
    return class_number < DICT_N_CLASSES ? class_names[class_number].bytes : NULL;
}

uint32_t dict_class_find(base_slice name) {
    return find(name, class_names, DICT_N_CLASSES);
}
