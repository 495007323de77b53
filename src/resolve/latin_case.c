/* How a Latin name is written, against how the tables write it: small letters, capitals. */
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

/* What stands before a thing: an article, or whose it is. */
static bool is_behind_article(base_slice text, size_t start) {
    static const char *const articles[] = {"the ", "an ",  "a ",   "its ", "their ",
                                           "our ", "his ", "her ", "my ",  "your "};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++) {
        size_t len = strlen(articles[i]);
        if (start < len || memcmp(text.bytes + start - len, articles[i], len) != 0) continue;
        if (start == len || !base_is_small(text.bytes[start - len - 1])) return true;
    }
    return false;
}

/* --- Sentences of one kind -------------------------------------------------------------------------------------------- */

static bool begins_capital(base_slice text, size_t at) {
    static const char not_of_text[] = "$@#/"; /* a symbol, somebody, an address */
    if (!base_is_capital(text.bytes[at])) return false;
    char before = at ? text.bytes[at - 1] : ' ';
    return !base_is_letter(before) && !base_is_digit(before) && !memchr(not_of_text, before, sizeof not_of_text - 1);
}

static bool is_small_at(base_slice text, size_t at) {
    return base_is_small(text.bytes[at]);
}

/* At the end of a line, or a space behind a sentence; but not behind what a stop shortens (Co., Dr., E. coli). */
static bool ends_sentence(base_slice text, size_t at) {
    static const char signs[] = ".?!;";
    if (text.bytes[at] == '\n') return true;
    if (text.bytes[at] != ' ' || at == 0 || !memchr(signs, text.bytes[at - 1], sizeof signs - 1)) return false;
    return !base_ends_short(text.bytes, at - 1);
}

/* Some write all in small letters, or in capitals: whether the sentence does. Of one that is long nobody knows. */
static bool is_all_of(base_slice text, const resolve_place *place, bool (*is_other)(base_slice text, size_t at)) {
    enum { AROUND = 128, LEAST_WORDS = 4 };
    size_t from = place->start, n_words = 0;
    for (; from && !ends_sentence(text, from - 1); from--)
        if (place->start - from == AROUND) return false;
    for (size_t at = from; at < text.len && at < place->end + AROUND && !ends_sentence(text, at); at++) {
        if (is_other(text, at)) return false;
        n_words += text.bytes[at] == ' ';
    }
    return n_words + 1 >= LEAST_WORDS;
}

/* --- Names ------------------------------------------------------------------------------------------------------------ */

/* In small letters; with an article before it what may be words is some: how Apple beat the apple, its first solar panels. Where
 * no name of the sentence has a capital, the lack of one says less of a name that is well known: boeing and apple. */
static uint64_t lower_case_features(base_slice text, const resolve_place *place) {
    const uint64_t are_words = resolve_bit(FEATURE_AMBIGUOUS) | resolve_bit(FEATURE_ORDINARY_WORD);
    bool may_be_words = place->features & are_words || !(place->features & resolve_bit(FEATURE_ONE_WORD));
    bool is_behind = may_be_words && is_behind_article(text, place->start);
    const uint64_t known = resolve_bit(FEATURE_WELL_KNOWN) | resolve_bit(FEATURE_ONE_WORD);
    bool is_own = place->features & DICT_IS_OWN_WORD,
         is_known = (place->features & (known | resolve_bit(FEATURE_ORDINARY_WORD))) == known;
    if ((is_own | is_known) && !is_behind && is_all_of(text, place, begins_capital))
        return is_own ? 0 : resolve_bit(FEATURE_OTHER_CASE);
    return resolve_bit(FEATURE_LOWER_CASE) | (uint64_t)is_behind << FEATURE_ORDINARY_WORD;
}

/* Merck is written MERCK among capitals alone; but elsewhere MERCK is somebody's symbol. */
static bool is_shouted(base_slice text, const resolve_place *place) {
    return place->features & DICT_IS_OWN_WORD && is_all_of(text, place, is_small_at);
}

/* Beside its own code a name may be written as one likes, as in ROKU(ROKU.O). Only the tables know where an apostrophe belongs
 * (Macy's, but not She'll), and which words begin small: of York Water, New York water is none. */
uint64_t resolve_case_features(const resolve_state *resolver, const resolve_place *place, uint64_t here) {
    enum { SHORT = 5 };
    if (place->code_beside != dict_none) return 0;
    const dict_surface *surface = &resolver->view->surfaces[place->surface];
    base_slice text = resolve_text(resolver, place);
    uint64_t tables = surface->features;
    bool has_upper = here & DICT_HAS_UPPER, has_lower = here & DICT_HAS_LOWER;
    if (!base_is_capital(text.bytes[place->start]) && has_lower && !has_upper && tables & DICT_HAS_UPPER)
        return is_foreign_word(resolver, place) ? 0 : lower_case_features(text, place);
    bool is_strange = here & ~tables & (DICT_HAS_APOSTROPHE | DICT_HAS_SMALL_WORD);
    if (!is_strange && place->end - place->start <= SHORT) {
        is_strange = surface->flags & DICT_SURFACE_UPPER && has_lower;
        if (has_upper && !has_lower && tables & DICT_HAS_LOWER) is_strange |= !is_shouted(text, place);
    }
    return (uint64_t)is_strange << FEATURE_OTHER_CASE;
}
