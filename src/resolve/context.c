/* The features that a place's own text and what stands around it give. */
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

static inline uint64_t hash_pair(uint32_t first, uint32_t second) {
    return dict_hash_step(dict_hash_step(0, first), second);
}

/* --- Words ------------------------------------------------------------------------------------------------------------ */

/* The longest word that begins on the right: 人士 speaks otherwise than 人. *behind becomes what follows the longest that
 * is a descriptor. Where no word that is looked for begins, others are not found. */
static uint32_t words_from(const dict_view *view, stretch right, stretch *behind) {
    const uint32_t descriptor = 1u << DICT_CLASS_DESCRIPTOR;
    uint32_t c = next_char(view, &right), found = 0;
    uint32_t role = c == resolve_no_char ? 0 : dict_char_role(view, c);
    if (!(role & (DICT_IS_RIGHT | DICT_OPENS_RIGHT))) return 0;
    uint64_t hash = dict_hash_step(0, c);
    if (role & DICT_IS_RIGHT) found = dict_cue_find(view, hash);
    if (found & descriptor) *behind = right;
    c = next_char(view, &right);
    if (c == resolve_no_char) return found;
    hash = dict_hash_step(hash, c);
    uint32_t pair_role = dict_pair_role(view, hash);
    if (!(pair_role & DICT_OPENS_RIGHT)) return found;
    for (;; hash = dict_hash_step(hash, c)) {
        uint32_t classes = dict_cue_find(view, hash);
        if (classes & descriptor) *behind = right;
        if (classes) found = classes;
        if (!(pair_role & DICT_OPENS_LONG) || (c = next_char(view, &right)) == resolve_no_char) return found;
    }
}

/* Words right behind a place; one descriptor (集团, 公司) is passed over. */
static uint32_t words_right(const dict_view *view, base_slice text, size_t at) {
    stretch right = {text.bytes + at, text.bytes + text.len, LONGEST_RIGHT}, behind = {0}, ignored;
    uint32_t found = words_from(view, right, &behind);
    return behind.n ? found | words_from(view, behind, &ignored) : found;
}

/* Words right before a place. */
static uint32_t words_left(const dict_view *view, base_slice text, size_t at) {
    uint32_t chars[LONGEST_LEFT], found = 0, n = 0;
    uint32_t last = chars[n++] = resolve_char_before(view, text, &at);
    if (last == resolve_no_char) return 0;
    uint32_t role = dict_char_role(view, last);
    if (role & DICT_IS_LEFT) found = dict_cue_find(view, dict_hash_step(0, last));
    if (!(role & DICT_CLOSES_LEFT)) return found;
    uint32_t before = chars[n++] = resolve_char_before(view, text, &at);
    if (before == resolve_no_char) return found;
    uint64_t hash = hash_pair(before, last);
    uint32_t pair_role = dict_pair_role(view, hash);
    if (!(pair_role & DICT_CLOSES_LEFT)) return found;
    found |= dict_cue_find(view, hash);
    while (pair_role & DICT_CLOSES_LONG && n < LONGEST_LEFT) {
        if ((chars[n++] = resolve_char_before(view, text, &at)) == resolve_no_char) break;
        hash = 0;
        for (uint32_t i = n; i > 0; i--) hash = dict_hash_step(hash, chars[i - 1]);
        found |= dict_cue_find(view, hash);
    }
    return found;
}

static uint64_t word_features(uint32_t right, uint32_t left) {
    static const uint8_t features[DICT_N_CLASSES] = {
        [DICT_CLASS_COMPANY_RIGHT] = FEATURE_COMPANY_RIGHT,
        [DICT_CLASS_TRADING_RIGHT] = FEATURE_TRADING_RIGHT,
        [DICT_CLASS_COMPANY_LEFT] = FEATURE_COMPANY_LEFT,
        [DICT_CLASS_ORGANISATION_RIGHT] = FEATURE_ORGANISATION_RIGHT,
        [DICT_CLASS_ORGANISATION_LEFT] = FEATURE_ORGANISATION_LEFT,
        [DICT_CLASS_PRODUCT_RIGHT] = FEATURE_PRODUCT_RIGHT,
        [DICT_CLASS_PLACE_RIGHT] = FEATURE_PLACE_RIGHT,
    };
    uint64_t found = 0;
    for (uint32_t rest = (right & DICT_RIGHT_CLASSES) | (left & DICT_LEFT_CLASSES); rest; rest &= rest - 1)
        found |= resolve_bit((dict_feature)features[__builtin_ctz(rest)]);
    return found;
}

/* --- Edges ------------------------------------------------------------------------------------------------------------ */

static bool is_common_word(const dict_view *view, uint64_t hash) {
    return dict_word_find(view, hash) & 1u << DICT_CLASS_GENERAL;
}

/* The folded character at `at`; 0 when it is none of Chinese text. */
static uint32_t han_at(const dict_view *view, base_slice text, size_t at) {
    uint32_t c;
    if (at >= text.len) return 0;
    base_utf8_read(text.bytes + at, &c);
    c = dict_fold_char(view, c);
    return resolve_is_han(c) ? c : 0;
}

/* Whether what is hashed is a common word, alone or with the character at `at`. */
static bool is_common_here(const dict_view *view, uint64_t hash, base_slice text, size_t at) {
    if (is_common_word(view, hash)) return true;
    uint32_t next = han_at(view, text, at);
    return next && is_common_word(view, dict_hash_step(hash, next));
}

/* 通胀 over the end of 高通 in 高通胀: one or two characters on either side of the edge make the word. */
static bool word_over_edge(const dict_view *view, base_slice before, base_slice behind) {
    size_t at = before.len;
    uint32_t first = han_at(view, behind, 0), last = first ? resolve_char_before(view, before, &at) : resolve_no_char;
    if (!resolve_is_han(last)) return false;
    size_t next = base_utf8_len(behind.bytes);
    if (is_common_here(view, hash_pair(last, first), behind, next)) return true;
    uint32_t earlier = resolve_char_before(view, before, &at);
    return earlier != resolve_no_char
           && is_common_here(view, dict_hash_step(hash_pair(earlier, last), first), behind, next);
}

/* --- Around it -------------------------------------------------------------------------------------------------------- */

static bool is_line_start(base_slice text, size_t at) {
    while (at && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '*')) at--;
    if (at == 0 || text.bytes[at - 1] == '\n') return true;
    return at >= 3 && (memcmp(text.bytes + at - 3, "。", 3) == 0 || memcmp(text.bytes + at - 3, "【", 3) == 0);
}

/* What the signs next to a place tell; 0 where there is none. */
static uint64_t sign_features(const dict_view *view, base_slice text, size_t start, size_t end) {
    uint64_t features = 0;
    size_t at = start;
    uint32_t c, left = resolve_char_before(view, text, &at);
    if (left == '@' || left == '#') features |= resolve_bit(FEATURE_HANDLE);
    if (end == text.len) return features;
    base_utf8_read(text.bytes + end, &c);
    if (dict_fold_char(view, c) == ':' && is_line_start(text, start)) features |= resolve_bit(FEATURE_COLON_RIGHT);
    return features;
}

/* What is worth looking at in full, next to a place. */
enum { ASK_RIGHT = 1, ASK_LEFT = 2, ASK_SIGNS = 4, ASK_LEFT_EDGE = 8, ASK_RIGHT_EDGE = 16 };

/* The character at `at` as it is written, and where the next one begins; 0 where there is none. */
static inline uint32_t char_at(base_slice text, size_t at, size_t *next) {
    uint32_t c = 0;
    *next = at < text.len ? at + base_utf8_read(text.bytes + at, &c) : at;
    return c;
}

/* The one before `at`, and where it begins. */
static inline uint32_t char_ahead(base_slice text, size_t at, size_t *start) {
    uint32_t c = 0;
    *start = at ? base_utf8_back(text.bytes, at) : 0;
    if (at) base_utf8_read(text.bytes + *start, &c);
    return c;
}

/* Two characters in a row, as they are written. */
static inline uint64_t hash_written(const dict_view *view, uint32_t first, uint32_t second) {
    return hash_pair(dict_fold_char(view, first), dict_fold_char(view, second));
}

/* An ordinary word over an edge is asked for at short names: long ones do not meet by chance. */
static inline uint32_t ask_edges(const dict_view *view, base_slice text, const resolve_place *place, uint32_t before,
                                 uint32_t behind) {
    size_t ignored;
    uint32_t first = char_at(text, place->start, &ignored), last = char_ahead(text, place->end, &ignored);
    return (dict_is_in_word(view, hash_written(view, before, first)) ? ASK_LEFT_EDGE : 0)
           | (dict_is_in_word(view, hash_written(view, last, behind)) ? ASK_RIGHT_EDGE : 0);
}

/* What stands next to a place tells nothing mostly. All questions are put to the small tables together, since each by itself
 * is answered otherwise from place to place and would be one more wrong guess of the processor. */
static inline uint32_t ask(const dict_view *view, base_slice text, const resolve_place *place) {
    size_t at;
    uint32_t behind = char_at(text, place->end, &at), after = char_at(text, at, &at);
    uint32_t before = char_ahead(text, place->start, &at), earlier = char_ahead(text, at, &at);
    uint32_t right = place->end < text.len ? dict_char_role(view, behind) : 0;
    uint32_t left = place->start ? dict_char_role(view, before) : 0;
    uint32_t opens = dict_pair_role(view, hash_written(view, behind, after)) & DICT_OPENS_RIGHT;
    uint32_t closes = dict_pair_role(view, hash_written(view, earlier, before)) & DICT_CLOSES_LEFT;
    uint32_t asked = (right & (DICT_IS_RIGHT | opens) ? ASK_RIGHT : 0) | (left & (DICT_IS_LEFT | closes) ? ASK_LEFT : 0)
                     | ((right | left) & DICT_IS_SIGN ? ASK_SIGNS : 0);
    return place->is_short ? asked | ask_edges(view, text, place, before, behind) : asked;
}

static uint64_t features_around(const dict_view *view, base_slice text, const resolve_place *place, uint32_t asked) {
    base_slice left = {text.bytes, place->start}, right = {text.bytes + place->end, text.len - place->end};
    base_slice own = {text.bytes + place->start, place->end - place->start};
    uint64_t features = word_features(asked & ASK_RIGHT ? words_right(view, text, place->end) : 0,
                                      asked & ASK_LEFT ? words_left(view, text, place->start) : 0);
    /* 海通证券镇江 is not of a place 海通证券镇: places are called by short names. */
    if (place->features & resolve_bit(FEATURE_LONG_NAME)) features &= ~resolve_bit(FEATURE_PLACE_RIGHT);
    if (asked & ASK_SIGNS) features |= sign_features(view, text, place->start, place->end);
    if (asked & ASK_LEFT_EDGE && word_over_edge(view, left, own)) features |= resolve_bit(FEATURE_WORD_ACROSS_LEFT);
    if (asked & ASK_RIGHT_EDGE && word_over_edge(view, own, right)) features |= resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
    return features;
}

/* --- The name itself -------------------------------------------------------------------------------------------------- */

static bool is_ascii_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_ascii_lower(char c) {
    return c >= 'a' && c <= 'z';
}

/* How the text writes a Latin name, against how the tables do. */
static uint64_t case_features(const resolve_state *resolver, const resolve_place *place, const dict_surface *surface) {
    base_slice text = resolve_text(resolver, place);
    bool has_upper = false, has_lower = false, table_has_lower = false, table_has_upper = false;
    for (size_t i = place->start; i < place->end; i++) {
        has_upper |= is_ascii_upper(text.bytes[i]);
        has_lower |= is_ascii_lower(text.bytes[i]);
    }
    const dict_view *view = resolver->view;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        /* Of AT&T Inc. only the part that is left counts; where a name reads so itself, longer ones do not. */
        if (!(surface->flags & DICT_SURFACE_DERIVED) && name->surface != place->surface) continue;
        const char *p = dict_string(view, name->text);
        for (uint32_t at = 0; p[at] && at < surface->len; at++) {
            table_has_lower |= is_ascii_lower(p[at]);
            table_has_upper |= is_ascii_upper(p[at]);
        }
    }
    if (!is_ascii_upper(text.bytes[place->start]) && has_lower && !has_upper && table_has_upper)
        return resolve_bit(FEATURE_LOWER_CASE);
    bool is_short = place->end - place->start <= 5;
    if (is_short
        && ((surface->flags & DICT_SURFACE_UPPER && has_lower) || (has_upper && !has_lower && table_has_lower)))
        return resolve_bit(FEATURE_OTHER_CASE);
    return 0;
}

/* Latin names: does a capitalised word stand directly before or behind? "Apple Hospitality" is not Apple. */
static bool has_capitals_beside(base_slice text, size_t start, size_t end) {
    if (end + 1 < text.len && text.bytes[end] == ' ' && is_ascii_upper(text.bytes[end + 1])) return true;
    if (start < 2 || text.bytes[start - 1] != ' ') return false;
    size_t at = start - 1;
    while (at && (is_ascii_lower(text.bytes[at - 1]) || is_ascii_upper(text.bytes[at - 1]))) at--;
    return at < start - 1 && is_ascii_upper(text.bytes[at]);
}

/* A capital in the middle of a sentence that has small letters says that this is a name. */
static bool is_inside_sentence(base_slice text, size_t start) {
    if (!is_ascii_upper(text.bytes[start]) || start < 2 || text.bytes[start - 1] != ' ') return false;
    return is_ascii_lower(text.bytes[start - 2]) || text.bytes[start - 2] == ',';
}

static uint64_t latin_features(const resolve_state *resolver, const resolve_place *place, const dict_surface *surface) {
    base_slice text = resolve_text(resolver, place);
    uint64_t features = case_features(resolver, place, surface);
    if (is_inside_sentence(text, place->start)) features |= resolve_bit(FEATURE_INSIDE_SENTENCE);
    if (has_capitals_beside(text, place->start, place->end)) features |= resolve_bit(FEATURE_CAPITALS_BESIDE);
    return features;
}

static uint64_t name_features(const resolve_state *resolver, const resolve_place *place) {
    uint64_t features = 0;
    if (place->has_mark) features |= resolve_bit(FEATURE_MARK);
    if (!place->has_mark && place->surface_flags & DICT_SURFACE_MARKED) features |= resolve_bit(FEATURE_MARK_MISSING);
    if ((place->surface_flags & (DICT_SURFACE_LATIN | DICT_SURFACE_HAN)) == DICT_SURFACE_LATIN)
        features |= latin_features(resolver, place, &resolver->view->surfaces[place->surface]);
    return features;
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

void resolve_look_around(const resolve_state *resolver, resolve_place *place) {
    const resolve_run *run = &resolver->runs[place->run];
    uint32_t asked = ask(resolver->view, run->text, place);
    uint64_t features = asked ? features_around(resolver->view, run->text, place, asked) : 0;
    if (!place->is_code) features |= name_features(resolver, place);
    if (run->region == SM_REGION_TITLE || run->region == SM_REGION_HEADING) features |= resolve_bit(FEATURE_HEADING);
    place->features |= features;
    place->score = resolve_weigh(resolver, place->features);
    place->is_looked_at = true;
}
