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

/* --- Edges ------------------------------------------------------------------------------------------------------------ */

/* The Chinese character at `at`, folded; 0 when there is none. */
static inline uint32_t han_at(const dict_view *view, base_slice text, size_t at) {
    if (text.len < 3 || at > text.len - 3) return 0;
    uint32_t c = dict_fold_usual(view, base_utf8_three(text.bytes + at));
    return ((unsigned char)text.bytes[at] & 0xF0) == 0xE0 && dict_is_han(c) ? c : 0;
}

/* The words that may reach over the edge between two texts, as 通胀 over the end of 高通 in 高通胀: of one or two characters
 * on either side. @return how many there are. */
enum { MOST_OVER_EDGE = 4 };
static uint32_t words_over_edge(const dict_view *view, base_slice before, base_slice behind,
                                uint64_t hashes[MOST_OVER_EDGE]) {
    size_t at = before.len - 3;
    uint32_t first = han_at(view, behind, 0), last = han_at(view, before, at), next = han_at(view, behind, 3), n = 0;
    if (!first || !last) return 0;
    hashes[n++] = hash_pair(last, first);
    if (next) hashes[n++] = dict_hash_step(hashes[0], next);
    uint32_t earlier = resolve_char_before(view, before, &at);
    if (earlier == resolve_no_char) return n;
    uint64_t longer = dict_hash_step(hash_pair(earlier, last), first);
    hashes[n++] = longer;
    if (next) hashes[n++] = dict_hash_step(longer, next);
    return n;
}

static bool has_common_word(const dict_view *view, const uint64_t *hashes, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (dict_word_find(view, hashes[i]) & 1u << DICT_CLASS_GENERAL) return true;
    return false;
}

/* --- Around it -------------------------------------------------------------------------------------------------------- */

static bool is_line_start(base_slice text, size_t at) {
    while (at && (text.bytes[at - 1] == ' ' || text.bytes[at - 1] == '*')) at--;
    if (at == 0 || text.bytes[at - 1] == '\n') return true;
    return at >= 3 && (memcmp(text.bytes + at - 3, "。", 3) == 0 || memcmp(text.bytes + at - 3, "【", 3) == 0);
}

/* Eight bytes from `at` on, and those up to it, the last on top; zeros beyond the text, which has eight at least. */
static inline uint64_t bytes_from(base_slice text, size_t at) {
    uint64_t bytes;
    size_t from = at <= text.len - 8 ? at : text.len - 8, beyond = at - from;
    memcpy(&bytes, text.bytes + from, sizeof bytes);
    return bytes >> 4 * beyond >> 4 * beyond;
}

static inline uint64_t bytes_up_to(base_slice text, size_t at) {
    uint64_t bytes;
    size_t from = at >= 8 ? at - 8 : 0, beyond = from + 8 - at;
    memcpy(&bytes, text.bytes + from, sizeof bytes);
    return bytes << 4 * beyond << 4 * beyond;
}

/* Bits of a character that begins with this byte; 1 for one that has no clues, see dict_has_clues(). */
static const uint8_t bits_of[256] = {
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 00 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 10 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 20 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 30 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 40 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 50 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 60 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 70 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* 80 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* 90 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* A0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* B0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* C0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* D0 */
    24, 1, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, /* E0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* F0 */
};

/* What one character tells and what two do, which is all that the nearer one does. */
static inline uint32_t clue_of(const dict_view *view, uint64_t one, uint64_t two) {
    uint32_t of_one = dict_clue(view, one), of_two = dict_clue(view, two), has_two = of_two != 0;
    return of_two | (of_one & (has_two - 1));
}

/* The words themselves are to be looked for, as the characters are none that have clues. No bit of a clue. */
enum { NOT_KNOWN = 1 << DICT_CLUE_BITS };

/* What stands to the right of `at`. Without a branch, since it is otherwise at each place. */
static inline uint32_t clue_behind(const dict_view *view, base_slice text, size_t at) {
    uint64_t bytes = bytes_from(text, at), all = ~(uint64_t)0;
    uint32_t bits = bits_of[bytes & 0xFF], both = bits + bits_of[bytes >> bits & 0xFF];
    return clue_of(view, bytes & ~(all << bits), bytes & ~(all << both)) | ((bits | both) & 1) * NOT_KNOWN;
}

/* To the left. */
static inline uint32_t clue_before(const dict_view *view, base_slice text, size_t at) {
    uint64_t bytes = bytes_up_to(text, at), tops = 0x8080808080808080;
    uint64_t starts = ~(bytes & ~(bytes << 1)) & tops; /* of characters: no 10…… */
    uint32_t bits = 8 + (uint32_t)__builtin_clzll(starts), both = bits + 8 + (uint32_t)__builtin_clzll(starts << bits);
    uint64_t one = bytes >> (64 - bits), two = bytes >> (64 - both);
    return clue_of(view, one, two) | ((bits_of[one & 0xFF] | bits_of[two & 0xFF]) & 1) * NOT_KNOWN;
}

/* Behind the legal form that a clue tells of. */
static size_t pass_form(base_slice text, size_t at, uint32_t clue) {
    for (uint32_t n = clue & DICT_CLUE_FORM_OF_TWO ? 2 : 1; n > 0 && at < text.len; n--)
        at += base_utf8_len(text.bytes + at);
    return at;
}

bool resolve_may_be_medium(const dict_view *view, base_slice text, size_t at) {
    return text.len < 8 || clue_before(view, text, at) & (NOT_KNOWN | DICT_CLUE_MEDIUM);
}

/* The same where the clue does not tell all. */
static uint32_t ask_right(const dict_view *view, base_slice text, size_t at, uint32_t clue) {
    const uint32_t open = NOT_KNOWN | DICT_CLUE_RIGHT_GOES_ON;
    uint32_t c = 0, next = clue & open ? open : clue_behind(view, text, pass_form(text, at, clue));
    if (!(next & open)) return clue | (next & ~(uint32_t)DICT_CLUE_COLON);
    if (at < text.len) base_utf8_read(text.bytes + at, &c);
    return dict_clue_of_classes(words_right(view, text, at) & DICT_RIGHT_CLASSES)
           | (dict_fold_char(view, c) == ':' ? DICT_CLUE_COLON : 0u);
}

static uint32_t ask_left(const dict_view *view, base_slice text, size_t at, uint32_t clue) {
    uint32_t found = dict_clue_of_classes(words_left(view, text, at) & DICT_LEFT_CLASSES);
    uint32_t c = resolve_char_before(view, text, &at);
    return found | (c == '@' || c == '#' ? DICT_CLUE_HANDLE : 0u)
           | (clue & NOT_KNOWN ? DICT_CLUE_MEDIUM : clue & DICT_CLUE_MEDIUM);
}

/* Do these bytes begin as those of Chinese characters do? */
static inline uint32_t may_be_han(uint64_t bytes) {
    return (bytes & 0xFF) - 0xE3 <= 0xE9 - 0xE3;
}

/* Which edges of a short name an ordinary word may reach over: long names and words do not meet by chance. Asked by the six
 * bytes around each: two Chinese characters, or what is none in a word. */
enum { LEFT_EDGE = 1, RIGHT_EDGE = 2 };
static inline uint32_t open_edges(const dict_view *view, base_slice text, const resolve_place *place) {
    const uint64_t six = ~(~(uint64_t)0 << DICT_WRITTEN_BITS);
    uint32_t first, last, is_short = place->is_short, is_long = place->end - place->start >= sizeof first;
    /* A mask, of which no compiler makes a branch: of what is too short, any bytes. */
    size_t there = 0 - (size_t)is_long;
    memcpy(&first, text.bytes + (place->start & there), sizeof first);
    memcpy(&last, text.bytes + ((place->end - sizeof last) & there), sizeof last);
    uint64_t left = bytes_up_to(text, place->start) >> 40, right = bytes_from(text, place->end);
    uint32_t at_left = dict_is_in_word(view, (left | (uint64_t)first << 24) & six, is_short & may_be_han(left));
    uint32_t at_right = dict_is_in_word(view, (last >> 8 | right << 24) & six, is_short & may_be_han(right));
    return at_left * LEFT_EDGE | at_right * RIGHT_EDGE | ((is_long - 1) & (0 - is_short) & (LEFT_EDGE | RIGHT_EDGE));
}

/* The words over one of a place's edges. */
static uint32_t words_over(const dict_view *view, base_slice text, const resolve_place *place, uint32_t edge,
                           uint64_t hashes[MOST_OVER_EDGE]) {
    size_t at = edge == LEFT_EDGE ? place->start : place->end;
    size_t from = edge == LEFT_EDGE ? 0 : place->start, to = edge == LEFT_EDGE ? place->end : text.len;
    return words_over_edge(view, (base_slice){text.bytes + from, at - from}, (base_slice){text.bytes + at, to - at},
                           hashes);
}

static uint64_t edge_features(const dict_view *view, base_slice text, const resolve_place *place, uint32_t edges) {
    uint64_t hashes[MOST_OVER_EDGE], features = 0;
    if (edges & LEFT_EDGE && has_common_word(view, hashes, words_over(view, text, place, LEFT_EDGE, hashes)))
        features |= resolve_bit(FEATURE_WORD_ACROSS_LEFT);
    if (edges & RIGHT_EDGE && has_common_word(view, hashes, words_over(view, text, place, RIGHT_EDGE, hashes)))
        features |= resolve_bit(FEATURE_WORD_ACROSS_RIGHT);
    return features;
}

static inline resolve_beside look_beside(const dict_view *view, base_slice text, const resolve_place *place) {
    if (text.len < 8)
        return (resolve_beside){NOT_KNOWN, NOT_KNOWN, place->is_short ? (uint32_t)(LEFT_EDGE | RIGHT_EDGE) : 0};
    return (resolve_beside){clue_behind(view, text, place->end), clue_before(view, text, place->start),
                            open_edges(view, text, place)};
}

/* The table of words is large, and each of them would be waited for. */
static void fetch_words_over(const resolve_state *resolver, const resolve_place *place, uint32_t edges) {
    const dict_view *view = resolver->view;
    uint64_t hashes[2 * MOST_OVER_EDGE];
    uint32_t n = 0;
    for (uint32_t edge = LEFT_EDGE; edge <= RIGHT_EDGE; edge <<= 1)
        if (edges & edge) n += words_over(view, resolve_text(resolver, place), place, edge, hashes + n);
    for (uint32_t i = 0; i < n; i++) __builtin_prefetch(dict_word_slot_of(view, hashes[i]));
}

/* Most of it is waiting for tables: in a loop of its own, which nothing interrupts, one place does not wait for another. */
void resolve_look_beside(resolve_state *resolver) {
    for (size_t i = 0; i < resolver->n_places; i++) {
        const resolve_place *place = &resolver->places[i];
        resolver->beside[i] = look_beside(resolver->view, resolve_text(resolver, place), place);
    }
    for (size_t i = 0; i < resolver->n_places; i++)
        if (resolver->beside[i].edges) fetch_words_over(resolver, &resolver->places[i], resolver->beside[i].edges);
}

static bool is_ascii_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Bonds are called by their year, their issuer and a number: 19世茂G2, 11华锐01. */
static bool is_in_bond(base_slice text, size_t start, size_t end) {
    const char *p = text.bytes;
    if (start < 2 || !is_ascii_digit(p[start - 1]) || !is_ascii_digit(p[start - 2])) return false;
    if (start > 2 && is_ascii_digit(p[start - 3])) return false;
    if (end < text.len && p[end] >= 'A' && p[end] <= 'Z') end++;
    return end < text.len && is_ascii_digit(p[end]);
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
    for (int i = 0; i < MOST_BETWEEN + 3 && (c = han_at(view, text, next)) != 0 && c != with; i++, next += 3) {
        uint64_t two = hash_pair(last, c), three = dict_hash_step(hash_pair(before, last), c);
        uint32_t classes = (i > 0 ? dict_cue_find(view, two) : 0) | (i > 1 ? dict_cue_find(view, three) : 0);
        if (classes & 1u << DICT_CLASS_ORGANISATION_AHEAD) return true;
        before = last;
        last = c;
    }
    return false;
}

/* CRWD跌超6.9%, TSLA falls: capitals that are a symbol and of which something is said that is said of traded shares alone. Two
 * may be anything (AI, EV), and so may what is in use as a word (LPG). */
static bool is_traded_symbol(const resolve_state *resolver, base_slice text, const resolve_place *place) {
    enum { LEAST = 3 };
    return place->features & resolve_bit(FEATURE_WEAK_CODE) && place->end - place->start >= LEAST
           && text.bytes[place->start] >= 'A' && !resolve_is_abbreviation(resolver->view, text, place);
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

/* What stands next to a place, and whether a medium's name may stand there. */
static inline uint64_t features_beside(const resolve_state *resolver, resolve_place *place) {
    const uint32_t rights = DICT_RIGHT_FEATURES, lefts = DICT_LEFT_FEATURES | DICT_CLUE_HANDLE;
    const dict_view *view = resolver->view;
    const resolve_beside *beside = &resolver->beside[place - resolver->places];
    base_slice text = resolve_text(resolver, place);
    uint32_t right = beside->right, left = beside->left, edges = beside->edges;
    if (right & (NOT_KNOWN | DICT_CLUE_RIGHT_GOES_ON | DICT_CLUE_FORMS))
        right = ask_right(view, text, place->end, right);
    if (left & (NOT_KNOWN | DICT_CLUE_LEFT_GOES_ON)) left = ask_left(view, text, place->start, left);
    place->may_be_medium = left & DICT_CLUE_MEDIUM;
    const uint32_t organisation = 1u << (FEATURE_ORGANISATION_RIGHT - DICT_CLUE_FEATURE);
    if (right & organisation && is_whole_of_group(resolver, text, place)) right &= ~organisation;
    /* 海通证券镇江 is not of a place 海通证券镇: places are called by short names. */
    uint32_t is_long = place->features >> FEATURE_LONG_NAME & 1;
    right &= ~(is_long << (FEATURE_PLACE_RIGHT - DICT_CLUE_FEATURE));
    uint64_t features = (uint64_t)((right & rights) | (left & lefts)) << DICT_CLUE_FEATURE;
    features |= (uint64_t)((right & DICT_CLUE_TRADING) != 0) << FEATURE_TRADING_RIGHT;
    if (right & DICT_CLUE_COLON && is_line_start(text, place->start)) features |= resolve_bit(FEATURE_COLON_RIGHT);
    if (!place->is_code && (is_in_bond(text, place->start, place->end) || is_in_association(view, text, place)))
        features |= resolve_bit(FEATURE_ORGANISATION_RIGHT);
    if (place->is_code && right & DICT_CLUE_TRADING && is_traded_symbol(resolver, text, place))
        features |= resolve_bit(FEATURE_TRADED_SYMBOL);
    return edges ? features | edge_features(view, text, place, edges) : features;
}

/* --- The name itself -------------------------------------------------------------------------------------------------- */

static bool is_ascii_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_ascii_lower(char c) {
    return c >= 'a' && c <= 'z';
}

/* Chinese text writes brands as it likes (与paypal合作): a Latin word beside Chinese characters that no dictionary has. */
static bool is_foreign_word(const resolve_state *resolver, const resolve_place *place) {
    enum { LEAST = 4 };
    base_slice text = resolve_text(resolver, place);
    bool is_beside_han = han_at(resolver->view, text, place->end)
                         || (place->start >= 3 && han_at(resolver->view, text, place->start - 3));
    return is_beside_han && place->end - place->start >= LEAST
           && !(place->features & resolve_bit(FEATURE_ORDINARY_WORD));
}

/* How the text writes a Latin name, against how the tables do: beside its own code it may be written as one likes, as in
 * ROKU(ROKU.O). */
static uint64_t case_features(const resolve_state *resolver, const resolve_place *place, const dict_surface *surface) {
    if (place->code_beside != dict_none) return 0;
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
        for (uint32_t at = 0; at < surface->len && p[at] && !(table_has_lower && table_has_upper); at++) {
            table_has_lower |= is_ascii_lower(p[at]);
            table_has_upper |= is_ascii_upper(p[at]);
        }
    }
    if (!is_ascii_upper(text.bytes[place->start]) && has_lower && !has_upper && table_has_upper)
        return is_foreign_word(resolver, place) ? 0 : resolve_bit(FEATURE_LOWER_CASE);
    bool is_short = place->end - place->start <= 5;
    if (is_short
        && ((surface->flags & DICT_SURFACE_UPPER && has_lower) || (has_upper && !has_lower && table_has_lower)))
        return resolve_bit(FEATURE_OTHER_CASE);
    return 0;
}

static bool has_capitals_before(base_slice text, size_t start) {
    if (start < 2 || text.bytes[start - 1] != ' ') return false;
    size_t at = start - 1;
    while (at && (is_ascii_lower(text.bytes[at - 1]) || is_ascii_upper(text.bytes[at - 1]))) at--;
    return at < start - 1 && is_ascii_upper(text.bytes[at]);
}

/* Latin names: does a capitalised word stand directly before or behind? "Apple Hospitality" is not Apple. */
static bool has_capitals_beside(base_slice text, size_t start, size_t end) {
    bool has_behind = end + 1 < text.len && text.bytes[end] == ' ' && is_ascii_upper(text.bytes[end + 1]);
    return has_behind || has_capitals_before(text, start);
}

/* A capital in the middle of a sentence that has small letters says that this is a name. */
static bool is_inside_sentence(base_slice text, size_t start) {
    if (!is_ascii_upper(text.bytes[start]) || start < 2 || text.bytes[start - 1] != ' ') return false;
    return is_ascii_lower(text.bytes[start - 2]) || text.bytes[start - 2] == ',';
}

/* A whole word of capital and small letters among Chinese characters is a name too: no sentence begins there. */
static bool is_among_han(const dict_view *view, base_slice text, size_t start, size_t end) {
    if (end - start < 2 || !is_ascii_upper(text.bytes[start]) || !is_ascii_lower(text.bytes[start + 1])) return false;
    return han_at(view, text, end) || (start >= 3 && han_at(view, text, start - 3));
}

/* The word behind the space that follows a Latin name, the 's of a possessive passed over: Ford to cut, Ford's shares.
 * What it says is told by the lexicon. */
static uint64_t features_of_next_word(const dict_view *view, base_slice text, size_t start, size_t end) {
    static const char possessive[] = "\xE2\x80\x99s";
    uint64_t hash = 0;
    if (start && (text.bytes[start - 1] == '@' || text.bytes[start - 1] == '#')) return 0; /* somebody of that name */
    if (end + 2 < text.len && text.bytes[end] == '\'' && text.bytes[end + 1] == 's') end += 2;
    else if (text.len - end > 4 && memcmp(text.bytes + end, possessive, 4) == 0) end += 4;
    if (end >= text.len || text.bytes[end++] != ' ') return 0;
    size_t at = end;
    while (at < text.len && (is_ascii_lower(text.bytes[at]) || is_ascii_upper(text.bytes[at])))
        hash = dict_hash_step(hash, (uint32_t)text.bytes[at++] | 0x20);
    if (at == end) return 0;
    uint32_t classes = dict_cue_find(view, hash);
    return (uint64_t)(classes >> DICT_CLASS_LATIN_COMPANY & 1) << FEATURE_COMPANY_RIGHT
           | (uint64_t)(classes >> DICT_CLASS_LATIN_TRADING & 1) << FEATURE_TRADING_RIGHT
           | (uint64_t)(classes >> DICT_CLASS_ORGANISATION_AHEAD & 1) << FEATURE_ORGANISATION_RIGHT;
}

static bool is_among_ascii(base_slice text, size_t start, size_t end) {
    return (start == 0 || (unsigned char)text.bytes[start - 1] < 0x80)
           && (end == text.len || (unsigned char)text.bytes[end] < 0x80);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_number_sign(char c) {
    return c == ',' || c == '.';
}

/* Does a number go on here, as 360 does in 360.47% and 360万? */
static bool goes_on_as_number(base_slice text, size_t at) {
    if (at + 1 < text.len && is_number_sign(text.bytes[at]) && is_digit(text.bytes[at + 1])) return true;
    return at + 3 <= text.len && (memcmp(text.bytes + at, "万", 3) == 0 || memcmp(text.bytes + at, "亿", 3) == 0);
}

/* A number reaches over the edge of a name of digits, as words do over those of others. */
static uint64_t number_features(base_slice text, size_t start, size_t end) {
    if (!is_digit(text.bytes[start]) || !is_digit(text.bytes[end - 1])) return 0;
    bool has_left = start >= 2 && is_number_sign(text.bytes[start - 1]) && is_digit(text.bytes[start - 2]);
    return (uint64_t)has_left << FEATURE_WORD_ACROSS_LEFT
           | (uint64_t)goes_on_as_number(text, end) << FEATURE_WORD_ACROSS_RIGHT;
}

static uint64_t latin_features(const resolve_state *resolver, const resolve_place *place, const dict_surface *surface) {
    base_slice text = resolve_text(resolver, place);
    uint64_t features = case_features(resolver, place, surface)
                        | features_of_next_word(resolver->view, text, place->start, place->end)
                        | number_features(text, place->start, place->end);
    if (has_capitals_beside(text, place->start, place->end)) features |= resolve_bit(FEATURE_CAPITALS_BESIDE);
    else if (is_among_han(resolver->view, text, place->start, place->end))
        features |= resolve_bit(FEATURE_INSIDE_SENTENCE);
    /* Behind a first name a surname has its capital too: Wilbur Ross. */
    bool is_word = place->features & resolve_bit(FEATURE_ORDINARY_WORD);
    if (is_inside_sentence(text, place->start) && !(is_word && has_capitals_before(text, place->start)))
        features |= resolve_bit(FEATURE_INSIDE_SENTENCE);
    const uint64_t is_told = resolve_bit(FEATURE_INSIDE_SENTENCE) | resolve_bit(FEATURE_COMPANY_RIGHT)
                             | resolve_bit(FEATURE_TRADING_RIGHT);
    if (is_word && !(features & is_told) && is_among_ascii(text, place->start, place->end))
        features |= resolve_bit(FEATURE_CAPITAL_DUE);
    return features;
}

static uint64_t name_features(const resolve_state *resolver, const resolve_place *place) {
    uint32_t has_mark = place->has_mark, is_marked = (place->surface_flags & DICT_SURFACE_MARKED) != 0;
    uint32_t lacks_mark = is_marked & !has_mark;
    uint64_t features = (uint64_t)has_mark << FEATURE_MARK | (uint64_t)lacks_mark << FEATURE_MARK_MISSING;
    if ((place->surface_flags & (DICT_SURFACE_LATIN | DICT_SURFACE_HAN)) == DICT_SURFACE_LATIN)
        features |= latin_features(resolver, place, &resolver->view->surfaces[place->surface]);
    return features;
}

/* TSLA falls: what is said in English. */
static uint64_t code_features(const resolve_state *resolver, const resolve_place *place) {
    base_slice text = resolve_text(resolver, place);
    const uint64_t trading = resolve_bit(FEATURE_TRADING_RIGHT);
    if (!is_traded_symbol(resolver, text, place)) return 0;
    bool is_said = features_of_next_word(resolver->view, text, place->start, place->end) & trading;
    return is_said ? trading | resolve_bit(FEATURE_TRADED_SYMBOL) : 0;
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

void resolve_look_around(const resolve_state *resolver, resolve_place *place) {
    const resolve_run *run = &resolver->runs[place->run];
    uint64_t features = features_beside(resolver, place);
    features |= place->is_code ? code_features(resolver, place) : name_features(resolver, place);
    bool is_heading = run->region == SM_REGION_TITLE || run->region == SM_REGION_HEADING;
    features |= (uint64_t)is_heading << FEATURE_HEADING;
    if (resolver->options.scope == SM_SCOPE_BROAD) features = broad_features(resolver, place, features);
    place->features |= features;
    place->score = resolve_weigh(resolver, place->features);
    place->is_looked_at = true;
}
