/* The features that a place's own text and what stands around it give. */
#include <string.h>

#include "resolve/places.h"

/* --- Characters ------------------------------------------------------------------------------------------------------- */

enum { LONGEST_RIGHT = DICT_LONGEST_RIGHT, LONGEST_LEFT = DICT_LONGEST_LEFT }; /* words end with the line */

/* The characters right of a place, folded, as they are asked for: most questions end at the first or second. */
typedef struct reader {
    const dict_view *view;
    const char *at, *end;
    uint32_t n, chars[LONGEST_RIGHT];
} reader;

/* Makes the i-th character known. False when the line ends before it. */
static bool reach(reader *right, uint32_t i) {
    while (right->n <= i) {
        uint32_t c;
        if (right->at == right->end || right->n == LONGEST_RIGHT) return false;
        right->at += base_utf8_read(right->at, &c);
        if (c == '\n') return right->end = right->at, false;
        right->chars[right->n++] = dict_fold_char(right->view, c);
    }
    return true;
}

static const uint32_t no_char = UINT32_MAX;

/* The folded character before `*at`, which goes back to its start; no_char at the start of the text or of the line. */
static uint32_t char_before(const dict_view *view, base_slice text, size_t *at) {
    uint32_t c;
    if (*at == 0) return no_char;
    *at = base_utf8_back(text.bytes, *at);
    base_utf8_read(text.bytes + *at, &c);
    return c == '\n' ? no_char : dict_fold_char(view, c);
}

static uint64_t hash_pair(uint32_t first, uint32_t second) {
    return dict_hash_step(dict_hash_step(0, first), second);
}

/* --- Words ------------------------------------------------------------------------------------------------------------ */

/* The longest word that begins at the character `from` on the right: 人士 speaks otherwise than 人. *descriptor is the
 * length of the longest that is a descriptor. Where no word that is looked for begins, others are not found. */
static uint32_t words_from(reader *right, uint32_t from, uint32_t *descriptor) {
    const dict_view *view = right->view;
    if (!reach(right, from)) return 0;
    uint32_t role = dict_char_role(view, right->chars[from]), found = 0;
    uint64_t hash = dict_hash_step(0, right->chars[from]);
    if (role & DICT_IS_RIGHT) found = dict_word_find(view, hash);
    if (found & 1u << DICT_CLASS_DESCRIPTOR) *descriptor = 1;
    if (!reach(right, from + 1)) return found;
    hash = dict_hash_step(hash, right->chars[from + 1]);
    uint32_t pair_role = dict_pair_role(view, hash);
    if (!(role & DICT_IS_RIGHT) && !(pair_role & DICT_OPENS_RIGHT)) return 0;
    if (!dict_word_opens(view, hash)) return found;
    uint32_t longest = pair_role & DICT_OPENS_LONG ? LONGEST_RIGHT : 2;
    for (uint32_t len = 2;; hash = dict_hash_step(hash, right->chars[from + len++])) {
        uint32_t classes = dict_word_find(view, hash);
        if (classes & 1u << DICT_CLASS_DESCRIPTOR) *descriptor = len;
        if (classes) found = classes;
        if (len == longest || !reach(right, from + len)) return found;
    }
}

/* Words right behind a place; one descriptor (集团, 公司) is passed over. */
static uint32_t words_right(const dict_view *view, base_slice text, size_t at) {
    reader right;
    right.view = view;
    right.at = text.bytes + at;
    right.end = text.bytes + text.len;
    right.n = 0;
    uint32_t descriptor = 0, ignored = 0, found = words_from(&right, 0, &descriptor);
    if (descriptor) found |= words_from(&right, descriptor, &ignored);
    return found;
}

static uint32_t words_left(const dict_view *view, base_slice text, size_t at, uint32_t role) {
    uint32_t chars[LONGEST_LEFT], found = 0, n = 0;
    while (n < LONGEST_LEFT) {
        chars[n] = char_before(view, text, &at);
        if (chars[n] == no_char) break;
        n++;
        if (n == 1 && role & DICT_IS_LEFT) found = dict_word_find(view, dict_hash_step(0, chars[0]));
        if (n == 1 && !(role & DICT_CLOSES_LEFT)) return found;
        if (n == 2 && !(dict_pair_role(view, hash_pair(chars[1], chars[0])) & DICT_CLOSES_LEFT)) return found;
    }
    for (uint32_t len = 2; len <= n; len++) {
        uint64_t hash = 0;
        for (uint32_t i = len; i > 0; i--) hash = dict_hash_step(hash, chars[i - 1]);
        found |= dict_word_find(view, hash);
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
    uint64_t hash = hash_pair(last, first);
    if (dict_word_opens(view, hash) && is_common_here(view, hash, behind, next)) return true;
    uint32_t earlier = char_before(view, before, &at);
    hash = hash_pair(earlier, last);
    return earlier != no_char && dict_pair_role(view, hash) & DICT_OPENS_LONG
           && is_common_here(view, dict_hash_step(hash, first), behind, next);
}

/* Long names do not meet by chance. */
static uint64_t edge_features(const resolve_state *resolver, const resolve_place *place, base_slice text) {
    uint64_t features = 0;
    if (!place->is_short) return 0;
    base_slice left = {text.bytes, place->start}, right = {text.bytes + place->end, text.len - place->end};
    base_slice own = {text.bytes + place->start, place->end - place->start};
    if (word_over_edge(resolver->view, left, own)) features |= resolve_bit(FEATURE_WORD_ACROSS_LEFT);
    if (word_over_edge(resolver->view, own, right)) features |= resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
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
static uint64_t features_around(const dict_view *view, base_slice text, const resolve_place *place) {
    uint32_t c, right_role = 0, left_role = 0, right = 0, left = 0;
    if (place->end < text.len) {
        base_utf8_read(text.bytes + place->end, &c);
        right_role = dict_char_role(view, c);
    }
    if (place->start) {
        base_utf8_read(text.bytes + base_utf8_back(text.bytes, place->start), &c);
        left_role = dict_char_role(view, c);
    }
    if (right_role & (DICT_IS_RIGHT | DICT_OPENS_RIGHT)) right = words_right(view, text, place->end);
    if (left_role & (DICT_IS_LEFT | DICT_CLOSES_LEFT)) left = words_left(view, text, place->start, left_role);
    uint64_t features = word_features(right, left);
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
    uint64_t features = features_around(resolver->view, run->text, place);
    if (!place->is_code) features |= name_features(resolver, place) | edge_features(resolver, place, run->text);
    if (run->region == SM_REGION_TITLE || run->region == SM_REGION_HEADING) features |= resolve_bit(FEATURE_HEADING);
    resolve_add_features(resolver, place, features);
    place->is_looked_at = true;
}
