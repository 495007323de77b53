/* The features that a place's own text and what stands around it give. */
#include <string.h>

#include "resolve/places.h"

/* --- Characters ------------------------------------------------------------------------------------------------------- */

enum { LONGEST_RIGHT = 6, LONGEST_LEFT = 4 }; /* characters of words that are looked for; they end with the line */

static const uint32_t no_char = UINT32_MAX;

/* What follows a place: so many characters at most, of the line. */
typedef struct stretch {
    const char *at, *end;
    uint32_t n;
} stretch;

/* The next character of it, folded; no_char behind the last. */
static inline uint32_t next_char(const dict_view *view, stretch *right) {
    uint32_t c;
    if (right->at == right->end || right->n == 0) return no_char;
    right->at += base_utf8_read(right->at, &c);
    right->n--;
    return c == '\n' ? no_char : dict_fold_char(view, c);
}

/* The folded character before `*at`, which goes back to its start; no_char at the start of the text or of the line. */
static inline uint32_t char_before(const dict_view *view, base_slice text, size_t *at) {
    uint32_t c;
    if (*at == 0) return no_char;
    *at = base_utf8_back(text.bytes, *at);
    base_utf8_read(text.bytes + *at, &c);
    return c == '\n' ? no_char : dict_fold_char(view, c);
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
    uint32_t role = c == no_char ? 0 : dict_char_role(view, c);
    if (!(role & (DICT_IS_RIGHT | DICT_OPENS_RIGHT))) return 0;
    uint64_t hash = dict_hash_step(0, c);
    if (role & DICT_IS_RIGHT) found = dict_cue_find(view, hash);
    if (found & descriptor) *behind = right;
    c = next_char(view, &right);
    if (c == no_char) return found;
    hash = dict_hash_step(hash, c);
    uint32_t pair_role = dict_pair_role(view, hash);
    if (!(pair_role & DICT_OPENS_RIGHT)) return found;
    for (;; hash = dict_hash_step(hash, c)) {
        uint32_t classes = dict_cue_find(view, hash);
        if (classes & descriptor) *behind = right;
        if (classes) found = classes;
        if (!(pair_role & DICT_OPENS_LONG) || (c = next_char(view, &right)) == no_char) return found;
    }
}

/* Words right behind a place; one descriptor (集团, 公司) is passed over. */
static uint32_t words_right(const dict_view *view, base_slice text, size_t at) {
    stretch right = {text.bytes + at, text.bytes + text.len, LONGEST_RIGHT}, behind = {0}, ignored;
    uint32_t found = words_from(view, right, &behind);
    return behind.n ? found | words_from(view, behind, &ignored) : found;
}

/* Words right before a place; `role` is of the character there. */
static uint32_t words_left(const dict_view *view, base_slice text, size_t at, uint32_t role) {
    uint32_t chars[LONGEST_LEFT], found = 0, n = 0;
    uint32_t last = chars[n++] = char_before(view, text, &at);
    if (last == no_char) return 0;
    if (role & DICT_IS_LEFT) found = dict_cue_find(view, dict_hash_step(0, last));
    if (!(role & DICT_CLOSES_LEFT)) return found;
    uint32_t before = chars[n++] = char_before(view, text, &at);
    if (before == no_char) return found;
    uint64_t hash = hash_pair(before, last);
    uint32_t pair_role = dict_pair_role(view, hash);
    if (!(pair_role & DICT_CLOSES_LEFT)) return found;
    found |= dict_cue_find(view, hash);
    while (pair_role & DICT_CLOSES_LONG && n < LONGEST_LEFT) {
        if ((chars[n++] = char_before(view, text, &at)) == no_char) break;
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

static bool is_han(uint32_t c) {
    return c >= 0x3400 && c < 0xA000;
}

static bool is_common_word(const dict_view *view, uint64_t hash) {
    return dict_word_find(view, hash) & 1u << DICT_CLASS_GENERAL;
}

/* The folded character at `at`; 0 when it is none of Chinese text. */
static uint32_t han_at(const dict_view *view, base_slice text, size_t at) {
    uint32_t c;
    if (at >= text.len) return 0;
    base_utf8_read(text.bytes + at, &c);
    c = dict_fold_char(view, c);
    return is_han(c) ? c : 0;
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
    uint32_t first = han_at(view, behind, 0), last = first ? char_before(view, before, &at) : no_char;
    if (!is_han(last)) return false;
    size_t next = base_utf8_len(behind.bytes);
    if (is_common_here(view, hash_pair(last, first), behind, next)) return true;
    uint32_t earlier = char_before(view, before, &at);
    return earlier != no_char
           && is_common_here(view, dict_hash_step(hash_pair(earlier, last), first), behind, next);
}

/* The characters next to a place, as they are written; 0 where the text begins or ends. */
typedef struct edges {
    uint32_t before, behind;
} edges;

static inline bool may_be_in_word(const dict_view *view, uint32_t left, uint32_t right) {
    return dict_is_in_word(view, hash_pair(dict_fold_char(view, left), dict_fold_char(view, right)));
}

/* Long names do not meet by chance. */
static uint64_t edge_features(const dict_view *view, base_slice text, const resolve_place *place, const edges *chars) {
    uint64_t features = 0;
    if (!place->is_short) return 0;
    base_slice own = {text.bytes + place->start, place->end - place->start};
    uint32_t first, last;
    base_utf8_read(own.bytes, &first);
    base_utf8_read(own.bytes + base_utf8_back(own.bytes, own.len), &last);
    if (may_be_in_word(view, chars->before, first)
        && word_over_edge(view, (base_slice){text.bytes, place->start}, own))
        features |= resolve_bit(FEATURE_WORD_ACROSS_LEFT);
    if (may_be_in_word(view, last, chars->behind)
        && word_over_edge(view, own, (base_slice){text.bytes + place->end, text.len - place->end}))
        features |= resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
    return features;
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
    uint32_t c, left = char_before(view, text, &at);
    if (left == '@' || left == '#') features |= resolve_bit(FEATURE_HANDLE);
    if (end == text.len) return features;
    base_utf8_read(text.bytes + end, &c);
    if (dict_fold_char(view, c) == ':' && is_line_start(text, start)) features |= resolve_bit(FEATURE_COLON_RIGHT);
    return features;
}

/* The characters next to a place tell nothing mostly, which is known from what they are before they are folded. */
static uint64_t features_around(const dict_view *view, base_slice text, const resolve_place *place,
                                const edges *chars) {
    uint32_t right_role = place->end < text.len ? dict_char_role(view, chars->behind) : 0, right = 0;
    uint32_t left_role = place->start ? dict_char_role(view, chars->before) : 0, left = 0;
    if (right_role & (DICT_IS_RIGHT | DICT_OPENS_RIGHT)) right = words_right(view, text, place->end);
    if (left_role & (DICT_IS_LEFT | DICT_CLOSES_LEFT)) left = words_left(view, text, place->start, left_role);
    uint64_t features = right | left ? word_features(right, left) : 0;
    /* 海通证券镇江 is not of a place 海通证券镇: places are called by short names. */
    if (place->features & resolve_bit(FEATURE_LONG_NAME)) features &= ~resolve_bit(FEATURE_PLACE_RIGHT);
    if ((right_role | left_role) & DICT_IS_SIGN) features |= sign_features(view, text, place->start, place->end);
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

static uint64_t latin_features(const resolve_state *resolver, const resolve_place *place,
                                           const dict_surface *surface) {
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

static inline edges read_edges(base_slice text, const resolve_place *place) {
    edges chars = {0};
    if (place->start) base_utf8_read(text.bytes + base_utf8_back(text.bytes, place->start), &chars.before);
    if (place->end < text.len) base_utf8_read(text.bytes + place->end, &chars.behind);
    return chars;
}

void resolve_look_around(const resolve_state *resolver, resolve_place *place) {
    const resolve_run *run = &resolver->runs[place->run];
    edges chars = read_edges(run->text, place);
    uint64_t features = features_around(resolver->view, run->text, place, &chars);
    if (!place->is_code)
        features |= name_features(resolver, place) | edge_features(resolver->view, run->text, place, &chars);
    if (run->region == SM_REGION_TITLE || run->region == SM_REGION_HEADING) features |= resolve_bit(FEATURE_HEADING);
    place->features |= features;
    place->score = resolve_weigh(resolver, place->features);
    place->is_looked_at = true;
}
