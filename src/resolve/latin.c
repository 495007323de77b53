/* Names in Latin letters, and digits: the words beside them. latin_case.c tells how they are written. */
#include <string.h>

#include "resolve/places.h"

/* The capitalised word that ends here; empty when there is none. */
static base_slice capitals_up_to(base_slice text, size_t end) {
    size_t at = end;
    while (at && (base_is_small(text.bytes[at - 1]) || base_is_capital(text.bytes[at - 1]))) at--;
    return at < end && base_is_capital(text.bytes[at]) ? (base_slice){text.bytes + at, end - at} : (base_slice){0};
}

static bool has_capitals_before(base_slice text, size_t start) {
    return start >= 2 && text.bytes[start - 1] == ' ' && capitals_up_to(text, start - 1).len;
}

/* Latin names: does a capitalised word stand directly before or behind? "Apple Hospitality" is not Apple. */
static bool has_capitals_beside(base_slice text, size_t start, size_t end) {
    bool has_behind = end + 1 < text.len && text.bytes[end] == ' ' && base_is_capital(text.bytes[end + 1]);
    return has_behind || has_capitals_before(text, start);
}

/* A capital in the middle of a sentence that has small letters says that this is a name. */
static bool is_inside_sentence(base_slice text, size_t start) {
    if (!base_is_capital(text.bytes[start]) || start < 2 || text.bytes[start - 1] != ' ') return false;
    return base_is_small(text.bytes[start - 2]) || text.bytes[start - 2] == ',';
}

/* A whole word of capital and small letters among Chinese characters is a name too: no sentence begins there. */
static bool is_among_han(const dict_view *view, base_slice text, size_t start, size_t end) {
    if (end - start < 2 || !base_is_capital(text.bytes[start]) || !base_is_small(text.bytes[start + 1])) return false;
    return resolve_han_at(view, text, end) || (start >= 3 && resolve_han_at(view, text, start - 3));
}

static bool is_among_ascii(base_slice text, size_t start, size_t end) {
    return (start == 0 || (unsigned char)text.bytes[start - 1] < 0x80)
           && (end == text.len || (unsigned char)text.bytes[end] < 0x80);
}

static bool is_number_sign(char c) {
    return c == ',' || c == '.';
}

/* The number that begins here, with what parts its digits: 1,200 or 3.5. */
static size_t skip_number(base_slice text, size_t at) {
    enum { LONGEST = 24 };
    size_t end = text.len - at < LONGEST ? text.len : at + LONGEST;
    while (at < end && (base_is_digit(text.bytes[at]) || is_number_sign(text.bytes[at]))) at++;
    return at;
}

/* Also Q4, first-quarter and -3.5%. */
static bool is_of_word(char c) {
    static const char signs[] = "-+%";
    return base_is_letter(c) || base_is_digit(c) || memchr(signs, c, sizeof signs - 1);
}

/* Takes the word at `*at` into the hash of words in small letters; any number is 0 there. @return whether there is one. */
static bool take_word(base_slice text, size_t *at, uint64_t *hash) {
    size_t start = *at;
    for (int n = 0; n <= DICT_LONGEST_LATIN && *at < text.len && is_of_word(text.bytes[*at]); n++) {
        bool is_number = base_is_digit(text.bytes[*at]);
        *hash = dict_hash_step(*hash, is_number ? '0' : (uint32_t)(unsigned char)base_lower(text.bytes[*at]));
        *at = is_number ? skip_number(text, *at) : *at + 1;
    }
    return *at > start;
}

/* What the word at `at` says, or that one and the next: jumps, and up on. */
static uint32_t latin_cues_at(const dict_view *view, base_slice text, size_t at) {
    uint64_t hash = 0;
    if (!take_word(text, &at, &hash)) return 0;
    uint32_t classes = dict_cue_find(view, hash);
    if (at >= text.len || text.bytes[at++] != ' ') return classes;
    hash = dict_hash_step(hash, ' ');
    return take_word(text, &at, &hash) ? classes | dict_cue_find(view, hash) : classes;
}

uint64_t resolve_next_word_features(const dict_view *view, base_slice text, size_t start, size_t end) {
    static const char possessive[] = "\xE2\x80\x99s";
    if (start && (text.bytes[start - 1] == '@' || text.bytes[start - 1] == '#')) return 0; /* somebody of that name */
    if (end + 2 < text.len && text.bytes[end] == '\'' && text.bytes[end + 1] == 's') end += 2;
    else if (text.len - end > 4 && memcmp(text.bytes + end, possessive, 4) == 0) end += 4;
    if (end >= text.len || text.bytes[end] != ' ') return 0;
    uint32_t classes = latin_cues_at(view, text, end + 1);
    return (uint64_t)(classes >> DICT_CLASS_LATIN_COMPANY & 1) << FEATURE_COMPANY_RIGHT
           | (uint64_t)(classes >> DICT_CLASS_LATIN_TRADING & 1) << FEATURE_TRADING_RIGHT
           | (uint64_t)(classes >> DICT_CLASS_ORGANISATION_AHEAD & 1) << FEATURE_ORGANISATION_RIGHT;
}

/* What the word that ends at `end` is. */
static uint32_t word_up_to(const dict_view *view, base_slice text, size_t end, size_t *start) {
    *start = end;
    while (*start && end - *start <= DICT_LONGEST_LATIN && base_is_letter(text.bytes[*start - 1])) --*start;
    uint64_t hash = 0;
    size_t at = *start;
    bool has_word = at < end && end - at <= DICT_LONGEST_LATIN && take_word(text, &at, &hash);
    return has_word ? dict_word_find(view, hash) : 0;
}

/* The word before a Latin name. Behind a given name or a title, such as Michael or Mr., a name is the end of somebody's; behind
 * drugmaker, to buy or lightning round : it is a company's. */
static uint64_t word_before_features(const dict_view *view, base_slice text, size_t start) {
    enum { LONGEST_SHORT = 4 }; /* letters that a stop shortens a title to: Prof. */
    size_t end = start - 1, at;
    if (start < 2 || text.bytes[end] != ' ') return 0;
    char sign = text.bytes[end - 1];
    if (sign == '.' || sign == ':') end--;
    if (sign == ':' && end && text.bytes[end - 1] == ' ') end--;
    uint32_t classes = word_up_to(view, text, end, &at);
    bool is_title = classes & 1u << DICT_CLASS_ORGANISATION_LEFT && base_is_capital(text.bytes[at]) && sign != ':'
                    && (sign != '.' || end - at <= LONGEST_SHORT);
    bool is_called = classes & 1u << DICT_CLASS_COMPANY_LEFT && sign != '.';
    return (uint64_t)is_title << FEATURE_ORGANISATION_LEFT | (uint64_t)is_called << FEATURE_COMPANY_LEFT;
}

/* Does a number go on here, as 360 does in 360.47% and 360万? */
static bool goes_on_as_number(base_slice text, size_t at) {
    if (at + 1 < text.len && is_number_sign(text.bytes[at]) && base_is_digit(text.bytes[at + 1])) return true;
    return at + 3 <= text.len && (memcmp(text.bytes + at, "万", 3) == 0 || memcmp(text.bytes + at, "亿", 3) == 0);
}

/* YY-20394: a number behind a stroke is of a product. */
static uint64_t model_features(base_slice text, const resolve_place *place) {
    size_t at = place->end;
    bool has_number = at + 1 < text.len && text.bytes[at] == '-' && base_is_digit(text.bytes[at + 1]);
    return (uint64_t)has_number << FEATURE_PRODUCT_RIGHT;
}

/* A number reaches over the edge of a name that has digits there, as words do over those of others: 1.360, 360.47. Behind
 * another's point it is all number: 1.3M cars. */
static uint64_t number_features(base_slice text, size_t start, size_t end) {
    const uint64_t left = resolve_bit(FEATURE_WORD_ACROSS_LEFT), right = resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
    if (!base_is_digit(text.bytes[start])) return 0;
    if (start >= 2 && is_number_sign(text.bytes[start - 1]) && base_is_digit(text.bytes[start - 2]))
        return left | right;
    return base_is_digit(text.bytes[end - 1]) && goes_on_as_number(text, end) ? right : 0;
}

/* The target rises, and a founder is to sell: of small words that are well known, and no words of the language, alone it counts
 * that what companies do is said. */
static bool is_small_word(const resolve_place *place, uint64_t features) {
    const uint64_t known_or_word = resolve_bit(FEATURE_WELL_KNOWN) | resolve_bit(FEATURE_ORDINARY_WORD);
    return features & resolve_bit(FEATURE_LOWER_CASE)
           && (place->features & known_or_word) != resolve_bit(FEATURE_WELL_KNOWN);
}

/* What its capital tells. Behind a first name a surname has one too (Wilbur Ross), and so has what is another name: Philip's. */
static uint64_t capital_features(const resolve_state *resolver, const resolve_place *place, bool is_strange) {
    base_slice text = resolve_text(resolver, place);
    bool is_word = place->features & resolve_bit(FEATURE_ORDINARY_WORD);
    bool is_due = is_strange || (is_word && has_capitals_before(text, place->start));
    bool is_beside = has_capitals_beside(text, place->start, place->end);
    bool is_inside = (is_inside_sentence(text, place->start) && !is_due)
                     || (!is_beside && is_among_han(resolver->view, text, place->start, place->end));
    return (uint64_t)is_beside << FEATURE_CAPITALS_BESIDE | (uint64_t)is_inside << FEATURE_INSIDE_SENTENCE;
}

uint64_t resolve_latin_features(const resolve_state *resolver, const resolve_place *place) {
    const uint64_t of_companies = resolve_bit(FEATURE_COMPANY_RIGHT) | resolve_bit(FEATURE_TRADING_RIGHT);
    base_slice text = resolve_text(resolver, place);
    uint64_t here = dict_writing_of((base_slice){text.bytes + place->start, place->end - place->start});
    uint64_t strange = here & ~resolver->view->surfaces[place->surface].features
                       & (DICT_HAS_APOSTROPHE | DICT_HAS_SMALL_WORD);
    uint64_t features = resolve_case_features(resolver, place, here) | number_features(text, place->start, place->end)
                        | capital_features(resolver, place, strange != 0);
    uint64_t said = resolve_next_word_features(resolver->view, text, place->start, place->end);
    features |= is_small_word(place, features) ? said & ~of_companies : said;
    /* U.S. steel users are no U.S. Steel, unless something is said of companies. */
    bool has_small_word = strange & DICT_HAS_SMALL_WORD && here & DICT_HAS_UPPER && !(said & of_companies)
                          && place->code_beside == dict_none;
    features |= (uint64_t)has_small_word << FEATURE_LOWER_CASE;
    if (place->features & resolve_bit(FEATURE_ONE_WORD))
        features |= word_before_features(resolver->view, text, place->start) | model_features(text, place);
    bool is_told = features & (of_companies | resolve_bit(FEATURE_INSIDE_SENTENCE));
    if (place->features & resolve_bit(FEATURE_ORDINARY_WORD) && !is_told
        && is_among_ascii(text, place->start, place->end))
        features |= resolve_bit(FEATURE_CAPITAL_DUE);
    return features;
}
