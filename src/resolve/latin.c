/* Names in Latin letters, and digits: how they are written, and the words beside them. */
#include <string.h>

#include "resolve/places.h"

/* Chinese text writes brands as it likes (与paypal合作): a Latin word beside Chinese characters that no dictionary has. */
static bool is_foreign_word(const resolve_state *resolver, const resolve_place *place) {
    enum { LEAST = 4 };
    base_slice text = resolve_text(resolver, place);
    bool is_beside_han = resolve_han_at(resolver->view, text, place->end)
                         || (place->start >= 3 && resolve_han_at(resolver->view, text, place->start - 3));
    return is_beside_han && place->end - place->start >= LEAST
           && !(place->features & resolve_bit(FEATURE_ORDINARY_WORD));
}

/* Only the tables know where an apostrophe belongs (Macy's, but not She'll), and which words begin small: of York Water, New
 * York water is none. */
static bool is_written_strangely(uint64_t here, uint64_t tables) {
    return here & ~tables & (DICT_HAS_APOSTROPHE | DICT_HAS_SMALL_WORD);
}

static bool is_behind_article(base_slice text, size_t start) {
    static const char *const articles[] = {"the ", "an ", "a "};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++) {
        size_t len = strlen(articles[i]);
        if (start < len || memcmp(text.bytes + start - len, articles[i], len) != 0) continue;
        if (start == len || !base_is_small(text.bytes[start - len - 1])) return true;
    }
    return false;
}

static bool begins_capital(base_slice text, size_t at) {
    static const char not_of_text[] = "$@#/"; /* a symbol, somebody, an address */
    if (!base_is_capital(text.bytes[at])) return false;
    char before = at ? text.bytes[at - 1] : ' ';
    return !base_is_letter(before) && !base_is_digit(before) && !memchr(not_of_text, before, sizeof not_of_text - 1);
}

/* At the end of a line, or a space behind a sentence; not behind an initial, as in E. coli. */
static bool ends_sentence(base_slice text, size_t at) {
    static const char signs[] = ".?!;";
    if (text.bytes[at] == '\n') return true;
    if (text.bytes[at] != ' ' || at < 2 || !memchr(signs, text.bytes[at - 1], sizeof signs - 1)) return false;
    return !base_is_capital(text.bytes[at - 2]);
}

/* Some write all in small letters, or in capitals: whether the sentence does, as far as a few words around a place tell. */
static bool is_all_of(base_slice text, const resolve_place *place, bool (*is_other)(base_slice text, size_t at)) {
    enum { AROUND = 128, LEAST_WORDS = 4 };
    size_t from = place->start, n_words = 0;
    while (from && place->start - from < AROUND && !ends_sentence(text, from - 1)) from--;
    for (size_t at = from; at < text.len && at < place->end + AROUND && !ends_sentence(text, at); at++) {
        if (is_other(text, at)) return false;
        n_words += text.bytes[at] == ' ';
    }
    return n_words + 1 >= LEAST_WORDS;
}

static bool is_small_at(base_slice text, size_t at) {
    return base_is_small(text.bytes[at]);
}

/* In small letters; with an article before it what may be words is some: how Apple beat the apple, the first solar panels. */
static uint64_t lower_case_features(base_slice text, const resolve_place *place) {
    const uint64_t are_words = resolve_bit(FEATURE_AMBIGUOUS) | resolve_bit(FEATURE_ORDINARY_WORD);
    const uint64_t is_own = resolve_bit(FEATURE_ONE_WORD), is_known = resolve_bit(FEATURE_WELL_KNOWN);
    bool is_own_word = (place->features & (is_own | are_words)) == is_own;
    bool is_known_word = (place->features & (is_own | are_words | is_known))
                         == (is_own | is_known | resolve_bit(FEATURE_AMBIGUOUS)); /* but not a word of the language */
    bool is_behind = !is_own_word && is_behind_article(text, place->start);
    if ((is_own_word || is_known_word) && !is_behind && is_all_of(text, place, begins_capital)) return 0;
    return resolve_bit(FEATURE_LOWER_CASE) | (uint64_t)is_behind << FEATURE_ORDINARY_WORD;
}

/* How the text writes a Latin name, against how the tables do: beside its own code it may be written as one likes, as in
 * ROKU(ROKU.O). */
static uint64_t case_features(const resolve_state *resolver, const resolve_place *place, uint64_t here) {
    if (place->code_beside != dict_none) return 0;
    const dict_surface *surface = &resolver->view->surfaces[place->surface];
    base_slice text = resolve_text(resolver, place);
    uint64_t tables = surface->features;
    bool has_upper = here & DICT_HAS_UPPER, has_lower = here & DICT_HAS_LOWER;
    if (!base_is_capital(text.bytes[place->start]) && has_lower && !has_upper && tables & DICT_HAS_UPPER)
        return is_foreign_word(resolver, place) ? 0 : lower_case_features(text, place);
    bool is_short = place->end - place->start <= 5;
    bool is_other = (surface->flags & DICT_SURFACE_UPPER && has_lower)
                    || (has_upper && !has_lower && tables & DICT_HAS_LOWER && !is_all_of(text, place, is_small_at));
    bool has_small_word = here & ~tables & DICT_HAS_SMALL_WORD; /* U.S. steel tariffs are no U.S. Steel */
    return ((is_short && is_other) || is_written_strangely(here, tables) ? resolve_bit(FEATURE_OTHER_CASE) : 0)
           | (has_small_word ? resolve_bit(FEATURE_LOWER_CASE) : 0);
}

/* The capitalised word that ends here; empty when there is none. */
static base_slice capitals_up_to(base_slice text, size_t end) {
    size_t at = end;
    while (at && (base_is_small(text.bytes[at - 1]) || base_is_capital(text.bytes[at - 1]))) at--;
    return at < end && base_is_capital(text.bytes[at]) ? (base_slice){text.bytes + at, end - at} : (base_slice){0};
}

static bool has_capitals_before(base_slice text, size_t start) {
    return start >= 2 && text.bytes[start - 1] == ' ' && capitals_up_to(text, start - 1).len;
}

/* The word before a Latin name. Behind a given name or a title, such as Michael or Mr., a name is the end of somebody's; behind
 * drugmaker or to acquire it is a company's. */
static uint64_t word_before_features(const dict_view *view, base_slice text, size_t start) {
    if (start < 2 || text.bytes[start - 1] != ' ') return 0;
    size_t end = start - 1 - (text.bytes[start - 2] == '.'), at = end;
    while (at && end - at <= DICT_LONGEST_LATIN && base_is_letter(text.bytes[at - 1])) at--;
    uint64_t hash = 0;
    if (at == end || end - at > DICT_LONGEST_LATIN) return 0;
    for (size_t i = at; i < end; i++) hash = dict_hash_step(hash, (uint32_t)(unsigned char)base_lower(text.bytes[i]));
    uint32_t classes = dict_word_find(view, hash);
    return (uint64_t)(classes >> DICT_CLASS_ORGANISATION_LEFT & 1) << FEATURE_ORGANISATION_LEFT
           | (uint64_t)(classes >> DICT_CLASS_COMPANY_LEFT & 1) << FEATURE_COMPANY_LEFT;
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
    while (at < text.len && (base_is_digit(text.bytes[at]) || is_number_sign(text.bytes[at]))) at++;
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
    while (*at < text.len && is_of_word(text.bytes[*at])) {
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

/* A number reaches over the edge of a name of digits, as words do over those of others. */
static uint64_t number_features(base_slice text, size_t start, size_t end) {
    if (!base_is_digit(text.bytes[start]) || !base_is_digit(text.bytes[end - 1])) return 0;
    bool has_left = start >= 2 && is_number_sign(text.bytes[start - 1]) && base_is_digit(text.bytes[start - 2]);
    return (uint64_t)has_left << FEATURE_WORD_ACROSS_LEFT
           | (uint64_t)goes_on_as_number(text, end) << FEATURE_WORD_ACROSS_RIGHT;
}

uint64_t resolve_latin_features(const resolve_state *resolver, const resolve_place *place) {
    base_slice text = resolve_text(resolver, place);
    uint64_t here = dict_writing_of((base_slice){text.bytes + place->start, place->end - place->start});
    uint64_t features = case_features(resolver, place, here) | number_features(text, place->start, place->end);
    /* The target rises, and a founder is to sell. */
    bool is_small_word = features & resolve_bit(FEATURE_LOWER_CASE)
                         && (place->features & (resolve_bit(FEATURE_WELL_KNOWN) | resolve_bit(FEATURE_ORDINARY_WORD)))
                                != resolve_bit(FEATURE_WELL_KNOWN);
    if (!is_small_word) features |= resolve_next_word_features(resolver->view, text, place->start, place->end);
    if (place->features & resolve_bit(FEATURE_ONE_WORD))
        features |= word_before_features(resolver->view, text, place->start) | model_features(text, place);
    if (has_capitals_beside(text, place->start, place->end)) features |= resolve_bit(FEATURE_CAPITALS_BESIDE);
    else if (is_among_han(resolver->view, text, place->start, place->end))
        features |= resolve_bit(FEATURE_INSIDE_SENTENCE);
    /* Behind a first name a surname has its capital too (Wilbur Ross), and so has what is another name: Philip's. */
    bool is_word = place->features & resolve_bit(FEATURE_ORDINARY_WORD);
    bool is_due = (is_word && has_capitals_before(text, place->start))
                  || is_written_strangely(here, resolver->view->surfaces[place->surface].features);
    if (is_inside_sentence(text, place->start) && !is_due) features |= resolve_bit(FEATURE_INSIDE_SENTENCE);
    const uint64_t is_told = resolve_bit(FEATURE_INSIDE_SENTENCE) | resolve_bit(FEATURE_COMPANY_RIGHT)
                             | resolve_bit(FEATURE_TRADING_RIGHT);
    if (is_word && !(features & is_told) && is_among_ascii(text, place->start, place->end))
        features |= resolve_bit(FEATURE_CAPITAL_DUE);
    return features;
}
