/* The features that what stands around a place gives, where the bytes beside it do not tell all. */
#include <string.h>

#include "resolve/places.h"

/* --- Characters ------------------------------------------------------------------------------------------------------- */

enum { LONGEST_RIGHT = DICT_LONGEST_RIGHT, LONGEST_LEFT = DICT_LONGEST_LEFT }; /* words end with the line */

/* What follows a place: so many characters at most, of the line. */
typedef struct stretch {
    const char *at, *end;
    uint32_t n;
} stretch;

/* The next character of it, folded; resolve_no_char behind the last. */
static inline uint32_t next_char(const dict_view *view, stretch *right) {
    uint32_t c;
    if (right->at == right->end || right->n == 0) return resolve_no_char;
    right->at += base_utf8_read(right->at, &c);
    right->n--;
    return c == '\n' ? resolve_no_char : dict_fold_char(view, c);
}

/* --- Words ------------------------------------------------------------------------------------------------------------ */

/* The longest word that begins on the right: 人士 speaks otherwise than 人. *behind becomes what follows the longest that
 * is a descriptor. */
static uint32_t words_from(const dict_view *view, stretch right, stretch *behind) {
    uint32_t c, found = 0;
    uint64_t hash = 0;
    for (uint32_t n = 1; (c = next_char(view, &right)) != resolve_no_char; n++) {
        hash = dict_hash_step(hash, c);
        uint32_t classes = dict_cue_find(view, hash);
        if (classes & 1u << DICT_CLASS_DESCRIPTOR) *behind = right;
        if (classes) found = classes;
        if (n > 1 && !(dict_pair_role(view, hash) & DICT_OPENS_LONG)) break;
    }
    return found;
}

/* Words right behind a place; one descriptor (集团, 公司) is passed over, unless it begins a longer organisation's word. */
static uint32_t words_right(const dict_view *view, base_slice text, size_t at) {
    stretch right = {text.bytes + at, text.bytes + text.len, LONGEST_RIGHT}, behind = {0}, ignored;
    uint32_t found = words_from(view, right, &behind);
    bool is_passed = behind.n && !(found & 1u << DICT_CLASS_ORGANISATION_RIGHT);
    return is_passed ? found | words_from(view, behind, &ignored) : found;
}

/* Words right before a place. */
static uint32_t words_left(const dict_view *view, base_slice text, size_t at) {
    uint32_t chars[LONGEST_LEFT], found = 0;
    for (uint32_t n = 0; n < LONGEST_LEFT && (chars[n] = resolve_char_before(view, text, &at)) != resolve_no_char;
         n++) {
        uint64_t hash = 0;
        for (uint32_t i = n + 1; i > 0; i--) hash = dict_hash_step(hash, chars[i - 1]);
        found |= dict_cue_find(view, hash);
    }
    return found;
}

/* --- Around it -------------------------------------------------------------------------------------------------------- */

static bool is_line_start(base_slice text, size_t at) {
    while (at && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '*')) at--;
    if (at == 0 || text.bytes[at - 1] == '\n') return true;
    return at >= 3 && (memcmp(text.bytes + at - 3, "。", 3) == 0 || memcmp(text.bytes + at - 3, "【", 3) == 0);
}

/* Behind the legal form that a clue tells of. */
static size_t pass_form(base_slice text, size_t at, uint32_t clue) {
    for (uint32_t n = clue & DICT_CLUE_FORM_OF_TWO ? 2 : 1; n > 0 && at < text.len; n--)
        at += base_utf8_len(text.bytes + at);
    return at;
}

/* The same where the clue does not tell all. */
static uint32_t ask_right(const dict_view *view, base_slice text, size_t at, uint32_t clue) {
    const uint32_t open = RESOLVE_NOT_KNOWN | DICT_CLUE_RIGHT_GOES_ON;
    uint32_t c = 0, next = clue & open ? open : resolve_clue_behind(view, text, pass_form(text, at, clue));
    if (!(next & open)) return clue | (next & ~(uint32_t)DICT_CLUE_COLON);
    if (at < text.len) base_utf8_read(text.bytes + at, &c);
    return dict_clue_of_classes(words_right(view, text, at) & DICT_RIGHT_CLASSES)
           | (dict_fold_char(view, c) == ':' ? DICT_CLUE_COLON : 0u);
}

static uint32_t ask_left(const dict_view *view, base_slice text, size_t at, uint32_t clue) {
    uint32_t found = dict_clue_of_classes(words_left(view, text, at) & DICT_LEFT_CLASSES);
    uint32_t c = resolve_char_before(view, text, &at);
    return found | (c == '@' || c == '#' ? DICT_CLUE_HANDLE : 0u)
           | (clue & RESOLVE_NOT_KNOWN ? DICT_CLUE_MEDIUM : clue & DICT_CLUE_MEDIUM);
}

/* Bonds are called by their year, their issuer and a number: 19世茂G2, 11华锐01. */
static bool is_in_bond(base_slice text, size_t start, size_t end) {
    const char *p = text.bytes;
    if (start < 2 || !base_is_digit(p[start - 1]) || !base_is_digit(p[start - 2])) return false;
    if (start > 2 && base_is_digit(p[start - 3])) return false;
    if (end < text.len && p[end] >= 'A' && p[end] <= 'Z') end++;
    return end < text.len && base_is_digit(p[end]);
}

/* Associations of the country are called after a trade, and some companies are as well: 中国卫星 in 中国卫星导航定位协会. */
static bool is_in_association(const dict_view *view, base_slice text, const resolve_place *place) {
    enum { MOST_BETWEEN = 6 };
    const uint32_t with = 0x4E0E; /* 与 */
    static const char country[] = "中国", country_old[] = "中國";
    const size_t len = sizeof country - 1, at = place->start;
    if (place->end - at <= 2 * len - 3) return false;
    if (memcmp(text.bytes + at, country, len) != 0 && memcmp(text.bytes + at, country_old, len) != 0) return false;
    uint32_t last = 0, before = 0, c;
    size_t next = place->end;
    for (int i = 0; i < MOST_BETWEEN + 3 && (c = resolve_han_at(view, text, next)) != 0 && c != with; i++, next += 3) {
        uint64_t two = resolve_hash_pair(last, c), three = dict_hash_step(resolve_hash_pair(before, last), c);
        uint32_t classes = (i > 0 ? dict_cue_find(view, two) : 0) | (i > 1 ? dict_cue_find(view, three) : 0);
        if (classes & 1u << DICT_CLASS_ORGANISATION_AHEAD) return true;
        before = last;
        last = c;
    }
    return false;
}

bool resolve_may_be_symbol(const resolve_state *resolver, const resolve_place *place) {
    enum { LEAST = 3 };
    base_slice text = resolve_text(resolver, place);
    return place->features & resolve_bit(FEATURE_WEAK_CODE) && place->end - place->start >= LEAST
           && text.bytes[place->start] >= 'A' && !resolve_is_abbreviation(resolver->view, text, place);
}

/* NET PROFIT UP is a headline, and no symbol. */
static bool is_before_small(base_slice text, size_t end) {
    return end + 1 < text.len && text.bytes[end] == ' ' && base_is_small(text.bytes[end + 1]);
}

/* CRWD跌超6.9%, TSLA falls: something is said that is said of traded shares alone. The same words stand right behind it in
 * Chinese, and behind a space in English. */
static uint64_t symbol_features(const resolve_state *resolver, base_slice text, const resolve_place *place,
                                uint32_t right) {
    if (!resolve_may_be_symbol(resolver, place)) return 0;
    uint64_t trading = 0;
    if (is_before_small(text, place->end))
        trading = resolve_next_word_features(resolver->view, text, place->start, place->end)
                  & resolve_bit(FEATURE_TRADING_RIGHT);
    return trading || right & DICT_CLUE_TRADING ? trading | resolve_bit(FEATURE_TRADED_SYMBOL) : 0;
}

/* Companies whose home is Hong Kong are 集团有限公司 themselves: 中国水务集团有限公司. On the mainland it is the parent. */
static bool is_whole_of_group(const resolve_state *resolver, base_slice text, const resolve_place *place) {
    static const char group[] = "集团有限公司", group_old[] = "集團有限公司";
    const size_t len = sizeof group - 1;
    const dict_view *view = resolver->view;
    if (place->is_code || place->issuer == dict_none || text.len - place->end < len) return false;
    bool is_group = memcmp(text.bytes + place->end, group, len) == 0
                    || memcmp(text.bytes + place->end, group_old, len) == 0;
    return is_group && view->securities[place->issuer].markets & 1u << DICT_CLASS_MARKET_HK;
}

/* What the clues do not tell, of a place that is to be asked for more: they become what they would be if they told all.
 * @return features besides theirs. */
static uint64_t ask_more(const resolve_state *resolver, const resolve_place *place, uint32_t *right, uint32_t *left) {
    const uint32_t organisation = 1u << (FEATURE_ORGANISATION_RIGHT - DICT_CLUE_FEATURE);
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, place);
    uint64_t features = 0;
    if (*right & (RESOLVE_NOT_KNOWN | DICT_CLUE_RIGHT_GOES_ON | DICT_CLUE_FORMS))
        *right = ask_right(view, text, place->end, *right);
    if (*left & (RESOLVE_NOT_KNOWN | DICT_CLUE_LEFT_GOES_ON)) *left = ask_left(view, text, place->start, *left);
    if (*right & organisation && is_whole_of_group(resolver, text, place)) *right &= ~organisation;
    if (*right & DICT_CLUE_COLON && is_line_start(text, place->start)) features |= resolve_bit(FEATURE_COLON_RIGHT);
    if (place->is_code) return features | symbol_features(resolver, text, place, *right);
    if (is_in_bond(text, place->start, place->end) || is_in_association(view, text, place))
        features |= resolve_bit(FEATURE_ORGANISATION_RIGHT);
    if ((place->surface_flags & (DICT_SURFACE_LATIN | DICT_SURFACE_HAN)) == DICT_SURFACE_LATIN)
        features |= resolve_latin_features(resolver, place);
    return features;
}

/* 南航转债 is no longer name of an organisation but a paper of the company: the broad scope takes it for a product. */
static uint64_t broad_features(const resolve_state *resolver, const resolve_place *place, uint64_t features) {
    resolve_words words;
    if (!(features & resolve_bit(FEATURE_ORGANISATION_RIGHT))) return features;
    resolve_read_words(resolver->view, resolve_text(resolver, place), place->end, 1, &words);
    if (!words.n || !(words.classes[0] & 1u << DICT_CLASS_PAPER_RIGHT)) return features;
    return (features & ~resolve_bit(FEATURE_ORGANISATION_RIGHT)) | resolve_bit(FEATURE_PRODUCT_RIGHT);
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

/* What clues say of a place. */
static inline uint64_t clue_features(const resolve_place *place, uint32_t right, uint32_t left) {
    const uint32_t rights = DICT_RIGHT_FEATURES, lefts = DICT_LEFT_FEATURES | DICT_CLUE_HANDLE;
    /* 海通证券镇江 is not of a place 海通证券镇: places are called by short names. */
    uint32_t is_long = place->features >> FEATURE_LONG_NAME & 1;
    right &= ~(is_long << (FEATURE_PLACE_RIGHT - DICT_CLUE_FEATURE));
    return (uint64_t)((right & rights) | (left & lefts)) << DICT_CLUE_FEATURE
           | (uint64_t)((right & DICT_CLUE_TRADING) != 0) << FEATURE_TRADING_RIGHT;
}

static inline uint64_t mark_features(const resolve_place *place) {
    uint32_t has_mark = place->has_mark, is_marked = (place->surface_flags & DICT_SURFACE_MARKED) != 0;
    uint32_t lacks_mark = is_marked & !has_mark;
    return (uint64_t)has_mark << FEATURE_MARK | (uint64_t)lacks_mark << FEATURE_MARK_MISSING;
}

void resolve_look_around(const resolve_state *resolver, resolve_place *place) {
    const resolve_beside *beside = &resolver->beside[place - resolver->places];
    if (!beside->is_read) resolve_look_beside_one(resolver, place);
    uint32_t right = beside->right, left = beside->left, region = resolver->runs[place->run].region;
    uint32_t is_heading = (region == SM_REGION_TITLE) | (region == SM_REGION_HEADING);
    uint64_t features = (uint64_t)is_heading << FEATURE_HEADING | mark_features(place);
    if (beside->is_asked) features |= ask_more(resolver, place, &right, &left);
    features |= clue_features(place, right, left);
    if (resolver->options.scope == SM_SCOPE_BROAD) features = broad_features(resolver, place, features);
    place->may_be_medium = left & DICT_CLUE_MEDIUM;
    place->features |= features;
    place->score = resolve_weigh(resolver, place->features);
    place->is_looked_at = true;
}
