#include "dict/features.h"

_Static_assert(DICT_N_FEATURES <= 64, "evidence is a set of 64 bits");
_Static_assert(DICT_N_CLASSES <= 32, "classes of a word are a set of 32 bits");

static const char *const feature_names[DICT_N_FEATURES] = {
    [FEATURE_SHORT_NAME] = "short-name",
    [FEATURE_FULL_NAME] = "full-name",
    [FEATURE_ENGLISH_NAME] = "english-name",
    [FEATURE_ALIAS] = "alias",
    [FEATURE_FORMER_NAME] = "former-name",
    [FEATURE_DERIVED_FORM] = "derived-form",
    [FEATURE_AMBIGUOUS] = "ambiguous",
    [FEATURE_ORDINARY_WORD] = "ordinary-word",
    [FEATURE_TWO_CHARACTERS] = "two-characters",
    [FEATURE_LONG_NAME] = "long-name",
    [FEATURE_MARK] = "mark",
    [FEATURE_MARK_MISSING] = "mark-missing",
    [FEATURE_ONE_WORD] = "one-word",
    [FEATURE_LOWER_CASE] = "lower-case",
    [FEATURE_OTHER_CASE] = "other-case",
    [FEATURE_STRONG_CODE] = "strong-code",
    [FEATURE_BRACKET_CODE] = "bracket-code",
    [FEATURE_WEAK_CODE] = "weak-code",
    [FEATURE_CODE_BESIDE] = "code-beside",
    [FEATURE_NAME_BESIDE] = "name-beside",
    [FEATURE_OTHER_CODE_BESIDE] = "other-code-beside",
    [FEATURE_LIST_NEIGHBOUR] = "list-neighbour",
    [FEATURE_COMPANY_RIGHT] = "company-right",
    [FEATURE_COMPANY_LEFT] = "company-left",
    [FEATURE_ORGANISATION_RIGHT] = "organisation-right",
    [FEATURE_ORGANISATION_LEFT] = "organisation-left",
    [FEATURE_PRODUCT_RIGHT] = "product-right",
    [FEATURE_PLACE_RIGHT] = "place-right",
    [FEATURE_WORD_ACROSS_LEFT] = "word-across-left",
    [FEATURE_WORD_ACROSS_RIGHT] = "word-across-right",
    [FEATURE_COLON_RIGHT] = "colon-right",
    [FEATURE_HANDLE] = "handle",
    [FEATURE_CAPITALS_BESIDE] = "capitals-beside",
    [FEATURE_ISSUER_ELSEWHERE] = "issuer-elsewhere",
    [FEATURE_OTHER_MENTIONS] = "other-mentions",
    [FEATURE_HEADING] = "heading",
    [FEATURE_HOME_LINE] = "home-line",
    [FEATURE_ONLY_LINE] = "only-line",
    [FEATURE_LINE_CODE] = "line-code",
    [FEATURE_MARKET_WORD] = "market-word",
    [FEATURE_AS_OF] = "as-of",
    [FEATURE_PREFERRED] = "preferred",
    [FEATURE_SUCCESSOR] = "successor",
    [FEATURE_NOT_YET_LISTED] = "not-yet-listed",
    [FEATURE_LINK] = "link",
    [FEATURE_LINK_DISAGREES] = "link-disagrees",
    [FEATURE_WELL_KNOWN] = "well-known",
    [FEATURE_INSIDE_SENTENCE] = "inside-sentence",
    [FEATURE_TRADING_RIGHT] = "trading-right",
    [FEATURE_WEAK_DIGITS] = "weak-digits",
    [FEATURE_FOREIGN_BESIDE] = "foreign-beside",
    [FEATURE_UNLISTED] = "unlisted",
    [FEATURE_CODE_LIST] = "code-list",
    [FEATURE_CAPITAL_DUE] = "capital-due",
    [FEATURE_TRADED_SYMBOL] = "traded-symbol",
};

static const char *const class_names[DICT_N_CLASSES] = {
    [DICT_CLASS_ORDINARY] = "ordinary",
    [DICT_CLASS_GENERAL] = "general",
    [DICT_CLASS_COMPANY_RIGHT] = "company-right",
    [DICT_CLASS_COMPANY_LEFT] = "company-left",
    [DICT_CLASS_ORGANISATION_RIGHT] = "organisation-right",
    [DICT_CLASS_ORGANISATION_LEFT] = "organisation-left",
    [DICT_CLASS_PRODUCT_RIGHT] = "product-right",
    [DICT_CLASS_PLACE_RIGHT] = "place-right",
    [DICT_CLASS_DESCRIPTOR] = "descriptor",
    [DICT_CLASS_LABEL] = "label",
    [DICT_CLASS_MARKET_CN] = "market-cn",
    [DICT_CLASS_MARKET_HK] = "market-hk",
    [DICT_CLASS_MARKET_US] = "market-us",
    [DICT_CLASS_TRADING_RIGHT] = "trading-right",
    [DICT_CLASS_FOREIGN_LEFT] = "foreign-left",
    [DICT_CLASS_ABBREVIATION] = "abbreviation",
    [DICT_CLASS_HOUSE] = "house",
    [DICT_CLASS_RESEARCH_RIGHT] = "research-right",
    [DICT_CLASS_RESEARCH_LEFT] = "research-left",
    [DICT_CLASS_RATING_RIGHT] = "rating-right",
    [DICT_CLASS_RATING_LEFT] = "rating-left",
    [DICT_CLASS_EXCHANGE] = "exchange",
    [DICT_CLASS_VENUE_RIGHT] = "venue-right",
    [DICT_CLASS_VENUE_LEFT] = "venue-left",
    [DICT_CLASS_BRANCH_RIGHT] = "branch-right",
    [DICT_CLASS_PAPER_RIGHT] = "paper-right",
    [DICT_CLASS_LATIN_COMPANY] = "latin-company",
    [DICT_CLASS_LATIN_TRADING] = "latin-trading",
    [DICT_CLASS_ORGANISATION_AHEAD] = "organisation-ahead",
    [DICT_CLASS_SOURCE_LEFT] = "source-left",
    [DICT_CLASS_REPORT_LEFT] = "report-left",
    [DICT_CLASS_REPORT_RIGHT] = "report-right",
};

static uint32_t find(base_slice name, const char *const *names, uint32_t n) {
    uint32_t i = 0;
    while (i < n && !base_slice_is(name, names[i])) i++;
    return i;
}

const char *dict_feature_name(uint32_t feature) {
    return feature < DICT_N_FEATURES ? feature_names[feature] : NULL;
}

uint32_t dict_feature_find(base_slice name) {
    return find(name, feature_names, DICT_N_FEATURES);
}

const char *dict_class_name(uint32_t class_number) {
    return class_number < DICT_N_CLASSES ? class_names[class_number] : NULL;
}

uint32_t dict_class_find(base_slice name) {
    return find(name, class_names, DICT_N_CLASSES);
}
