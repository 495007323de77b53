/* The names that tables and code share: features of the context model (context.tsv) and classes of words (lexicon.tsv).
 * Resolve works the features out; a row of context.tsv gives each its weight; those that held for a mention are its
 * evidence, under the same name. To add one: a row here and in features.c, a row in the table, and the place in
 * src/resolve/ that sets it. */
#ifndef DICT_FEATURES_H
#define DICT_FEATURES_H

#include <stdint.h>

#include "base/base.h"

/* Numbers are bits of sm_mention.evidence: only ever appended to. */
typedef enum dict_feature {
    /* what the name or code is */
    FEATURE_SHORT_NAME,
    FEATURE_FULL_NAME,
    FEATURE_ENGLISH_NAME,
    FEATURE_ALIAS,
    FEATURE_FORMER_NAME,
    FEATURE_DERIVED_FORM, /* without its legal form or share-class letter */
    FEATURE_AMBIGUOUS,    /* the table says: also a word, a place, somebody else */
    FEATURE_ORDINARY_WORD,
    FEATURE_TWO_CHARACTERS,
    FEATURE_LONG_NAME,    /* four Han characters or more, two Latin words or more */
    FEATURE_MARK,         /* ST, XD, N before it */
    FEATURE_MARK_MISSING, /* the name is known with a mark only */
    FEATURE_ONE_WORD,     /* a single Latin word */
    FEATURE_LOWER_CASE,   /* of a Latin name that the table capitalises */
    FEATURE_OTHER_CASE,   /* all capitals in the table, not so here; or the other way round */
    FEATURE_STRONG_CODE,
    FEATURE_BRACKET_CODE,
    FEATURE_WEAK_CODE,
    /* what stands beside it */
    FEATURE_CODE_BESIDE,
    FEATURE_NAME_BESIDE,
    FEATURE_OTHER_CODE_BESIDE, /* a code that is none of the name's issuers' */
    FEATURE_LIST_NEIGHBOUR,    /* in an enumeration with other mentions */
    FEATURE_COMPANY_RIGHT,     /* words that speak of companies: 公告, 跌停, CEO, shares */
    FEATURE_COMPANY_LEFT,
    FEATURE_ORGANISATION_RIGHT, /* a longer organisation's name goes on: 基金, 大学 */
    FEATURE_ORGANISATION_LEFT,
    FEATURE_PRODUCT_RIGHT,
    FEATURE_PLACE_RIGHT,
    FEATURE_WORD_ACROSS_LEFT, /* an ordinary word reaches over its edge */
    FEATURE_WORD_ACROSS_RIGHT,
    FEATURE_COLON_RIGHT,     /* at the start of a line: 贵州茅台：… */
    FEATURE_HANDLE,          /* @Apple, #AAPL */
    FEATURE_CAPITALS_BESIDE, /* a Latin name goes on with capitalised words */
    /* the document */
    FEATURE_ISSUER_ELSEWHERE, /* the issuer is certain elsewhere in the document */
    FEATURE_OTHER_MENTIONS,   /* other issuers are certain in the document */
    FEATURE_HEADING,
    /* why this line */
    FEATURE_HOME_LINE,
    FEATURE_ONLY_LINE,
    FEATURE_LINE_CODE, /* a code names the line */
    FEATURE_MARKET_WORD,
    FEATURE_AS_OF,
    FEATURE_PREFERRED,
    FEATURE_SUCCESSOR,
    FEATURE_NOT_YET_LISTED,
    /* links */
    FEATURE_LINK,
    FEATURE_LINK_DISAGREES, /* the text it covers names another security */
    /* appended */
    FEATURE_WELL_KNOWN,      /* an English name of an issuer that Chinese media have names for */
    FEATURE_INSIDE_SENTENCE, /* a capitalised Latin name where capitals are not due anyway */
    FEATURE_TRADING_RIGHT,   /* words that are said of traded shares alone: 涨停, 盘前, 市值 */
    FEATURE_WEAK_DIGITS,     /* a weak code of five digits or more: rarer by chance than three capitals */
    FEATURE_FOREIGN_BESIDE, /* a bracketed code behind what is no name of its own and of a company abroad: SK海力士 */
    FEATURE_UNLISTED,       /* a well-formed code that no table has */
    FEATURE_CODE_LIST,      /* a bare code in a list of others that are known too: 600519、000858 */
    FEATURE_CAPITAL_DUE,    /* an ordinary word whose capital may be due: at a sentence's start, in a headline */
    FEATURE_TRADED_SYMBOL,  /* three bare capitals or more that are a symbol, and what is said of traded shares */
    FEATURE_KNOWN_SYMBOL, /* bare capitals that mean nothing but the share, or that the document knows already: AAPL */
    DICT_N_FEATURES
} dict_feature;

/* "short-name"; NULL past the end. */
const char *dict_feature_name(uint32_t feature);
base_slice dict_feature_word(uint32_t feature); /* the same with its length */
/* DICT_N_FEATURES when there is no such feature. */
uint32_t dict_feature_find(base_slice name);

/* Classes of words, as they stand in lexicon.tsv. */
typedef enum dict_class {
    DICT_CLASS_ORDINARY,           /* a word of the language that is also somebody's name */
    DICT_CLASS_GENERAL,            /* a common word: tells where words begin and end */
    DICT_CLASS_COMPANY_RIGHT,      /* what is said of companies, right behind them */
    DICT_CLASS_COMPANY_LEFT,       /* … right before them; see dict_is_word_before() */
    DICT_CLASS_ORGANISATION_RIGHT, /* with it a longer organisation's name goes on */
    DICT_CLASS_ORGANISATION_LEFT,  /* … right before them, it is the end of one; see dict_is_word_before() */
    DICT_CLASS_PRODUCT_RIGHT,
    DICT_CLASS_PLACE_RIGHT,
    DICT_CLASS_DESCRIPTOR, /* legal form: 公司, 集团 */
    DICT_CLASS_LABEL,      /* 股票代码 */
    DICT_CLASS_MARKET_CN,  /* tells the mainland line: A股, 沪市 */
    DICT_CLASS_MARKET_HK,
    DICT_CLASS_MARKET_US,
    DICT_CLASS_TRADING_RIGHT, /* what is said of traded shares, right behind their name */
    DICT_CLASS_SOURCE_LEFT,   /* right before who published or made something: 来源, 转自 */
    DICT_CLASS_REPORT_LEFT,   /* right before who reports, with a word of the next class behind: 据, 援引 */
    DICT_CLASS_REPORT_RIGHT,  /* 报道 */
    DICT_CLASS_HOUSE, /* a broker or bank whose research is quoted is called so, or its name ends so: 证券, 高盛 */
    DICT_CLASS_RESEARCH_RIGHT, /* behind a house that is quoted: 认为, 研报, analysts */
    DICT_CLASS_RESEARCH_LEFT,  /* before it: analysts at */
    DICT_CLASS_RATING_RIGHT,   /* behind it and what it rates: 目标价, 评级 */
    DICT_CLASS_RATING_LEFT,    /* before what is rated itself: 下调 */
    DICT_CLASS_EXCHANGE,       /* an exchange is called so: 港交所, Nasdaq */
    DICT_CLASS_VENUE_RIGHT,    /* behind an exchange where something happens: 上市 */
    DICT_CLASS_VENUE_LEFT,     /* before it: 在, listed on */
    DICT_CLASS_BRANCH_RIGHT,   /* behind a house or bank and a place: 分行, 营业部 */
    DICT_CLASS_PAPER_RIGHT,    /* behind a company: what it has issued besides shares: 转债, 优先股 */
    DICT_CLASS_LATIN_COMPANY,  /* said of companies, a word or two behind a Latin name: says */
    DICT_CLASS_LATIN_TRADING,  /* … of traded shares: rises */
    DICT_CLASS_ORGANISATION_AHEAD, /* with it the name of another goes on, a word or some characters behind: University, 协会 */
    DICT_CLASS_ABBREVIATION, /* capitals that say something else than the symbol they are: GDP, LNG */
    DICT_CLASS_FOREIGN_LEFT, /* companies abroad are called so, before a bracketed code: 三星, 斗山 */
    DICT_CLASS_SYMBOL, /* a symbol that means nothing but the share: AAPL; not a bit of words, but of securities */
    DICT_N_CLASSES
} dict_class;

/* A class as a bit of the set that words have. */
static inline uint32_t dict_class_bit(uint32_t class_number) {
    return class_number < DICT_CLASS_SYMBOL ? 1u << class_number : 0;
}

enum {
    DICT_ROLE_CLASSES = 1 << DICT_CLASS_RESEARCH_RIGHT | 1 << DICT_CLASS_RESEARCH_LEFT | 1 << DICT_CLASS_RATING_RIGHT
                        | 1 << DICT_CLASS_RATING_LEFT | 1 << DICT_CLASS_VENUE_RIGHT | 1 << DICT_CLASS_VENUE_LEFT
                        | 1 << DICT_CLASS_BRANCH_RIGHT | 1 << DICT_CLASS_PAPER_RIGHT,
    /* Asked for by themselves alone: no word that stands beside a place ends where one of these does. */
    DICT_APART_CLASSES = DICT_ROLE_CLASSES | 1 << DICT_CLASS_ABBREVIATION | 1 << DICT_CLASS_HOUSE
                         | 1 << DICT_CLASS_EXCHANGE,
    DICT_MARKET_CLASSES = 1 << DICT_CLASS_MARKET_CN | 1 << DICT_CLASS_MARKET_HK | 1 << DICT_CLASS_MARKET_US,
    DICT_SOURCE_CLASSES = 1 << DICT_CLASS_SOURCE_LEFT | 1 << DICT_CLASS_REPORT_LEFT | 1 << DICT_CLASS_REPORT_RIGHT,
    DICT_LEFT_CLASSES = 1 << DICT_CLASS_COMPANY_LEFT | 1 << DICT_CLASS_ORGANISATION_LEFT,
    DICT_RIGHT_CLASSES = 1 << DICT_CLASS_COMPANY_RIGHT | 1 << DICT_CLASS_TRADING_RIGHT
                         | 1 << DICT_CLASS_ORGANISATION_RIGHT | 1 << DICT_CLASS_PRODUCT_RIGHT
                         | 1 << DICT_CLASS_PLACE_RIGHT,
    DICT_LATIN_CLASSES = 1 << DICT_CLASS_LATIN_COMPANY | 1 << DICT_CLASS_LATIN_TRADING
                         | 1 << DICT_CLASS_ORGANISATION_AHEAD
};

/* Characters of the longest words that are looked for: right of a place and of markets; left of it; over its edge; of
 * what tells a medium; of what tells another role; the word or two behind Latin names, and the one before them. */
enum {
    DICT_LONGEST_RIGHT = 6,
    DICT_LONGEST_LEFT = 4,
    DICT_LONGEST_GENERAL = 4,
    DICT_LONGEST_SOURCE = 8,
    DICT_LONGEST_ROLE = 16,
    DICT_LONGEST_LATIN = 16
};

/* Latin words of these classes are given names and titles before a surname (Michael, Mr.), or what companies are called or have
 * done to them (drugmaker, buy): whole words, which are asked for before Latin names alone, and seldom. The cues are in the
 * nearest caches without them. */
static inline bool dict_is_word_before(uint32_t classes, uint32_t first_char) {
    return classes & (1u << DICT_CLASS_ORGANISATION_LEFT | 1u << DICT_CLASS_COMPANY_LEFT) && first_char < 0x80;
}

const char *dict_class_name(uint32_t class_number);
uint32_t dict_class_find(base_slice name); /* DICT_N_CLASSES when there is no such class */

#endif
