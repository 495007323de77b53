/* The features that a place's own text and what stands around it give. */
#include <string.h>

#include "resolve/places.h"

/* --- Characters ------------------------------------------------------------------------------------------------------- */

enum {
    AROUND = 6
}; /* characters that are looked at on either side, at most: most questions end at the first or second */

/* Folded characters on one side of a place, the nearest first, read as they are asked for. */
typedef struct side {
    const dict_view *view;
    const char *at, *end; /* where to go on; `end` is the start of the text for the left side */
    uint32_t chars[AROUND];
    uint32_t n;
    bool is_left;
} side;

static side right_of(const dict_view *view, base_slice text, size_t at) {
    return (side){.view = view, .at = text.bytes + at, .end = text.bytes + text.len};
}

static side left_of(const dict_view *view, base_slice text, size_t at) {
    return (side){.view = view, .at = text.bytes + at, .end = text.bytes, .is_left = true};
}

static bool read_on(side *s, uint32_t i) {
    while (s->n <= i) {
        uint32_t c;
        if (s->at == s->end || s->n == AROUND) return false;
        if (s->is_left) {
            do s->at--;
            while (((unsigned char)*s->at & 0xC0) == 0x80);
            base_utf8_read(s->at, &c);
        } else {
            s->at += base_utf8_read(s->at, &c);
        }
        if (c == '\n') return s->end = s->at, false;
        s->chars[s->n++] = dict_fold_char(s->view, c);
    }
    return true;
}

/* Makes the i-th character known. False when the line ends before it. */
static inline bool reach(side *s, uint32_t i) {
    return i < s->n || read_on(s, i);
}

/* --- Words ------------------------------------------------------------------------------------------------------------ */

enum { LONGEST_RIGHT = 6, LONGEST_LEFT = 4 };

/* No word that is looked for on the right begins at the character `from`. What a longer word of another class would hide
 * matters only where there is a shorter one. */
static bool has_no_word(side *right, uint32_t from) {
    if (!reach(right, from)) return true;
    uint32_t role = dict_char_role(right->view, right->chars[from]);
    if (role & DICT_IS_RIGHT) return false;
    if (!(role & DICT_OPENS_RIGHT) || !reach(right, from + 1)) return true;
    uint64_t pair = dict_hash_step(dict_hash_step(0, right->chars[from]), right->chars[from + 1]);
    return !(dict_pair_role(right->view, pair) & DICT_OPENS_RIGHT);
}

/* The longest word that begins at the character `from` on the right: 人士 speaks otherwise than 人. *descriptor is the
 * length of the longest that is a descriptor. */
static uint32_t words_from(side *right, uint32_t from, uint32_t *descriptor) {
    uint32_t found = 0;
    uint64_t hash = 0;
    if (has_no_word(right, from)) return 0;
    for (uint32_t len = 1; len <= LONGEST_RIGHT && reach(right, from + len - 1); len++) {
        hash = dict_hash_step(hash, right->chars[from + len - 1]);
        if (len == 2 && !dict_word_opens(right->view, hash)) break;
        uint32_t classes = dict_word_find(right->view, hash);
        if (classes & 1u << DICT_CLASS_DESCRIPTOR) *descriptor = len;
        if (classes) found = classes;
    }
    return found;
}

/* Words right behind a place; one descriptor (集团, 公司) is passed over. */
static uint32_t words_right(side *right) {
    uint32_t descriptor = 0, ignored = 0, found = words_from(right, 0, &descriptor);
    if (descriptor) found |= words_from(right, descriptor, &ignored);
    return found;
}

static uint32_t words_left(side *left) {
    uint32_t found = 0, role = reach(left, 0) ? dict_char_role(left->view, left->chars[0]) : 0;
    if (role & DICT_IS_LEFT) found = dict_word_find(left->view, dict_hash_step(0, left->chars[0]));
    if (!(role & DICT_CLOSES_LEFT) || !reach(left, 1)) return found;
    uint64_t pair = dict_hash_step(dict_hash_step(0, left->chars[1]), left->chars[0]);
    if (!(dict_pair_role(left->view, pair) & DICT_CLOSES_LEFT)) return found;
    for (uint32_t len = 2; len <= LONGEST_LEFT && reach(left, len - 1); len++) {
        uint64_t hash = 0;
        for (uint32_t i = len; i > 0; i--) hash = dict_hash_step(hash, left->chars[i - 1]);
        found |= dict_word_find(left->view, hash);
    }
    return found;
}

/* --- Edges ------------------------------------------------------------------------------------------------------------ */

static bool is_han(uint32_t c) {
    return c >= 0x3400 && c < 0xA000;
}

static bool is_common_word(const dict_view *view, uint64_t hash) {
    return dict_word_find(view, hash) & 1u << DICT_CLASS_GENERAL;
}

/* Whether a common word begins at `first` or at `second` and ends behind the edge, with the first one or two of
 * `behind`. `first` is 0 where there is none. */
static bool word_reaches_over(const dict_view *view, uint32_t first, uint32_t second, const uint32_t *behind,
                              uint32_t n) {
    uint64_t hash = dict_hash_step(dict_hash_step(0, second), behind[0]);
    if (dict_word_opens(view, hash)
        && (is_common_word(view, hash) || (n > 1 && is_common_word(view, dict_hash_step(hash, behind[1])))))
        return true;
    if (!first) return false;
    hash = dict_hash_step(dict_hash_step(0, first), second);
    if (!(dict_pair_role(view, hash) & DICT_OPENS_LONG)) return false;
    hash = dict_hash_step(hash, behind[0]);
    return is_common_word(view, hash) || (n > 1 && is_common_word(view, dict_hash_step(hash, behind[1])));
}

/* 通胀 over the end of 高通 in 高通胀: up to two characters on either side of the edge make the word. Characters before
 * the edge come nearest first, those behind it too. */
static bool word_over_edge(const dict_view *view, side *before, side *behind) {
    if (!reach(before, 0) || !is_han(before->chars[0]) || !reach(behind, 0) || !is_han(behind->chars[0])) return false;
    uint32_t first = reach(before, 1) ? before->chars[1] : 0;
    uint32_t n = reach(behind, 1) && is_han(behind->chars[1]) ? 2 : 1;
    return word_reaches_over(view, first, before->chars[0], behind->chars, n);
}

/* Long names do not meet by chance. */
static uint64_t edge_features(const resolve_state *resolver, const resolve_place *place, side *left, side *right) {
    const dict_view *view = resolver->view;
    base_slice own = {resolve_text(resolver, place).bytes + place->start, place->end - place->start};
    uint64_t features = 0;
    if (!place->is_short) return 0;
    side first = right_of(view, own, 0), last = left_of(view, own, own.len);
    if (word_over_edge(view, left, &first)) features |= resolve_bit(FEATURE_WORD_ACROSS_LEFT);
    if (word_over_edge(view, &last, right)) features |= resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
    return features;
}

static uint64_t word_features(uint32_t right, uint32_t left) {
    static const struct {
        dict_class class_number;
        dict_feature feature;
        bool is_right;
    } rows[] = {
        {DICT_CLASS_COMPANY_RIGHT, FEATURE_COMPANY_RIGHT, true},
        {DICT_CLASS_TRADING_RIGHT, FEATURE_TRADING_RIGHT, true},
        {DICT_CLASS_COMPANY_LEFT, FEATURE_COMPANY_LEFT, false},
        {DICT_CLASS_ORGANISATION_RIGHT, FEATURE_ORGANISATION_RIGHT, true},
        {DICT_CLASS_ORGANISATION_LEFT, FEATURE_ORGANISATION_LEFT, false},
        {DICT_CLASS_PRODUCT_RIGHT, FEATURE_PRODUCT_RIGHT, true},
        {DICT_CLASS_PLACE_RIGHT, FEATURE_PLACE_RIGHT, true},
    };
    uint64_t features = 0;
    if (!right && !left) return 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((rows[i].is_right ? right : left) & 1u << rows[i].class_number) features |= resolve_bit(rows[i].feature);
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

static bool is_line_start(base_slice text, size_t at) {
    while (at && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '*')) at--;
    if (at == 0 || text.bytes[at - 1] == '\n') return true;
    return at >= 3 && (memcmp(text.bytes + at - 3, "。", 3) == 0 || memcmp(text.bytes + at - 3, "【", 3) == 0);
}

void resolve_look_around(const resolve_state *resolver, resolve_place *place) {
    base_slice text = resolve_text(resolver, place);
    side left = left_of(resolver->view, text, place->start), right = right_of(resolver->view, text, place->end);
    uint64_t features = place->is_code ? 0 : name_features(resolver, place);
    features |= word_features(words_right(&right), words_left(&left));
    /* 海通证券镇江 is not of a place 海通证券镇: places are called by short names. */
    if (place->features & resolve_bit(FEATURE_LONG_NAME)) features &= ~resolve_bit(FEATURE_PLACE_RIGHT);
    if (!place->is_code) features |= edge_features(resolver, place, &left, &right);
    if (reach(&right, 0) && right.chars[0] == ':' && is_line_start(text, place->start))
        features |= resolve_bit(FEATURE_COLON_RIGHT);
    if (reach(&left, 0) && (left.chars[0] == '@' || left.chars[0] == '#')) features |= resolve_bit(FEATURE_HANDLE);
    uint32_t region = resolver->runs[place->run].region;
    if (region == SM_REGION_TITLE || region == SM_REGION_HEADING) features |= resolve_bit(FEATURE_HEADING);
    resolve_add_features(resolver, place, features);
    place->is_looked_at = true;
}
