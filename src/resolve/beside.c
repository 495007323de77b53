/* How places relate to each other: a name and the code that belongs to it, members of one enumeration. */
#include <string.h>

#include "resolve/places.h"

static bool is_gap_sign(uint32_t c) {
    static const uint64_t ascii[2] = {1ull << ' ' | 1ull << '(' | 1ull << ')' | 1ull << ':' | 1ull << ',' | 1ull << '.'
                                          | 1ull << '-' | 1ull << '$' | 1ull << '*' | 1ull << '/' | 1ull << '"',
                                      1ull << ('[' - 64) | 1ull << (']' - 64) | 1ull << ('|' - 64)};
    static const uint16_t others[] = {0x3010, 0x3011, 0x3014, 0x3015, 0x3001, 0x201C, 0x201D, 0x300A, 0x300B, 0xB7};
    if (c < 128) return ascii[c / 64] >> c % 64 & 1;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (c == others[i]) return true;
    return false;
}

bool resolve_is_gap(const dict_view *view, base_slice text, size_t from, size_t to, bool is_list) {
    const uint32_t allowed = 1u << DICT_CLASS_DESCRIPTOR | 1u << DICT_CLASS_LABEL;
    uint64_t word = 0;
    uint32_t n_chars = 0;
    if (to < from || to - from > RESOLVE_GAP) return false;
    for (size_t at = from; at <= to;) {
        uint32_t c = ' ';
        unsigned len = 1;
        if (at < to) len = base_utf8_read(text.bytes + at, &c);
        c = dict_fold_char(view, c);
        at += len;
        if (resolve_is_word_char(c)) {
            word = dict_hash_step(word, c);
            if (++n_chars == 2 && !(dict_pair_role(view, word) & DICT_OPENS_GAP)) return false;
            continue;
        }
        if (n_chars && !(dict_cue_find(view, word) & allowed)) return false;
        word = 0;
        n_chars = 0;
        if (!is_gap_sign(c) || (c == 0x3001 && !is_list)) return false;
    }
    return true;
}

/* What stands before a code, looked at once for all names there, and only if there are any near. */
typedef struct gap_before {
    size_t end; /* the code's start */
    bool is_looked_at;
    size_t signs;       /* from here on there are only signs */
    size_t limit;       /* no gap begins before this */
    bool has_list_sign; /* one of the signs is 、, which stands in lists only */
} gap_before;

/* The folded character before `*at`, which goes back to its start; resolve_no_char at the start of the text. Unlike
 * resolve_char_before() it goes over the ends of lines, which are spaces in a gap. */
static uint32_t char_before(const dict_view *view, base_slice text, size_t *at) {
    uint32_t c;
    if (*at == 0) return resolve_no_char;
    *at = base_utf8_back(text.bytes, *at);
    base_utf8_read(text.bytes + *at, &c);
    return dict_fold_char(view, c);
}

/* Where a gap can begin that ends with the character at `at`: if no legal form or label ends with it and the one before,
 * as is so of nearly all names, not before it. A word of one character is left to resolve_is_gap(). */
static size_t gap_limit(const dict_view *view, base_slice text, size_t at, uint32_t last) {
    size_t start = at;
    uint32_t before = char_before(view, text, &start);
    uint64_t pair = dict_hash_step(dict_hash_step(0, before), last);
    bool can_be_word = !resolve_is_word_char(before) || dict_pair_role(view, pair) & DICT_CLOSES_GAP;
    return can_be_word ? 0 : at;
}

static void look_before(const dict_view *view, base_slice text, gap_before *gap) {
    gap->is_looked_at = true;
    gap->signs = gap->end;
    while (gap->end - gap->signs <= RESOLVE_GAP) {
        size_t at = gap->signs;
        uint32_t c = char_before(view, text, &at);
        if (!is_gap_sign(c)) {
            gap->limit = resolve_is_word_char(c) ? gap_limit(view, text, at, c) : gap->signs;
            break;
        }
        gap->has_list_sign |= c == 0x3001;
        gap->signs = at;
    }
}

/* resolve_is_gap() of what stands from `from` on, for which the common cases are known. */
static bool begins_gap(const dict_view *view, base_slice text, gap_before *gap, size_t from, bool is_list) {
    if (from > gap->end || gap->end - from > RESOLVE_GAP) return false;
    if (!gap->is_looked_at) look_before(view, text, gap);
    if (from < gap->limit) return false;
    if (from >= gap->signs && !gap->has_list_sign) return true;
    return resolve_is_gap(view, text, from, gap->end, is_list);
}

bool resolve_can_mean(const resolve_state *resolver, const resolve_place *place, uint32_t issuer) {
    const dict_view *view = resolver->view;
    if (place->issuer != dict_none) return place->issuer == issuer;
    if (place->is_code) {
        for (uint32_t i = 0; i < place->n_codes; i++)
            if (resolve_issuer(resolver, resolver->codes[place->first_code + i]) == issuer) return true;
        return false;
    }
    const dict_surface *surface = &view->surfaces[place->surface];
    for (uint32_t i = 0; i < surface->n; i++)
        if (resolve_issuer(resolver, view->names[dict_surface_name(view, surface, i)].security) == issuer) return true;
    return false;
}

bool resolve_share_issuer(const resolve_state *resolver, const resolve_place *name, const resolve_place *code) {
    if (code->issuer != dict_none) return resolve_can_mean(resolver, name, code->issuer);
    for (uint32_t i = 0; i < code->n_codes; i++)
        if (resolve_can_mean(resolver, name, resolve_issuer(resolver, resolver->codes[code->first_code + i])))
            return true;
    return false;
}

static void pair(resolve_state *resolver, uint32_t name, uint32_t code) {
    resolve_place *places = resolver->places;
    if (places[name].code_beside == dict_none) places[name].code_beside = code;
    if (places[code].code_beside == dict_none) places[code].code_beside = name;
    places[name].features |= resolve_bit(FEATURE_CODE_BESIDE);
    places[code].features |= resolve_bit(FEATURE_NAME_BESIDE);
}

/* Bare capitals that the place before holds for a name: ROKU(ROKU.O). */
static bool is_name_too(const resolve_state *resolver, uint32_t index) {
    if (index == 0) return false;
    const resolve_place *place = &resolver->places[index], *before = place - 1;
    return place->features & resolve_bit(FEATURE_WEAK_CODE) && !before->is_code && before->run == place->run
           && before->start == place->start && before->end == place->end;
}

/* Names before a code. When one of them has its issuer, the others there are parts of it or of the gap; when none has,
 * the code speaks against the nearest. */
static void pair_backwards(resolve_state *resolver, uint32_t code) {
    resolve_place *places = resolver->places, *c = &places[code];
    base_slice text = resolve_text(resolver, c);
    gap_before gap = {.end = c->start};
    uint32_t against = dict_none;
    bool has_name = false;
    for (uint32_t back = 1; back <= RESOLVE_LOOK_BACK && back <= code; back++) {
        resolve_place *before = &places[code - back];
        if (before->run != c->run) break;
        if (!begins_gap(resolver->view, text, &gap, before->end, before->is_code)) continue;
        has_name |= !before->is_code;
        if (is_name_too(resolver, code - back)) continue;
        if (before->is_code) {
            if (before->has_no_name_before) break;    /* nor has this one: it would see what that one saw */
            gap = (gap_before){.end = before->start}; /* 腾讯控股(00700.HK,TCEHY.US) */
            continue;
        }
        if (resolve_share_issuer(resolver, before, c)) {
            pair(resolver, code - back, code);
            against = dict_none;
            if (gap.end != c->start) gap = (gap_before){.end = c->start};
            continue;
        }
        if (against == dict_none && c->code_beside == dict_none) against = code - back;
    }
    c->has_no_name_before = !has_name;
    if (against != dict_none && !(c->features & (resolve_bit(FEATURE_WEAK_CODE) | resolve_bit(FEATURE_WEAK_DIGITS))))
        places[against].features |= resolve_bit(FEATURE_OTHER_CODE_BESIDE);
}

/* 600519 贵州茅台: what follows a code behind a bracket or comma is the next in a list. */
static bool is_blank(base_slice text, size_t from, size_t to) {
    while (from < to && text.bytes[from] == ' ') from++;
    return from == to;
}

static void pair_forwards(resolve_state *resolver, uint32_t code) {
    resolve_place *places = resolver->places, *c = &places[code];
    base_slice text = resolve_text(resolver, c);
    for (uint32_t i = code + 1; i < resolver->n_places && i <= code + RESOLVE_LOOK_BACK; i++) {
        if (places[i].run != c->run || places[i].start > c->end + 8) break;
        if (!places[i].is_code && is_blank(text, c->end, places[i].start)
            && resolve_share_issuer(resolver, &places[i], c))
            pair(resolver, i, code);
    }
}

bool resolve_fills_run(const resolve_state *resolver, uint32_t index) {
    const resolve_place *place = &resolver->places[index], *before = index ? place - 1 : NULL;
    const resolve_place *behind = index + 1 < resolver->n_places ? place + 1 : NULL;
    base_slice text = resolve_text(resolver, place);
    size_t end = text.len;
    if (before && before->run == place->run && before->end <= place->start) return false;
    if (behind && behind->run == place->run && behind->start >= place->end) return false;
    while (end > place->end && (text.bytes[end - 1] == ' ' || text.bytes[end - 1] == '\n')) end--;
    return end == place->end && is_blank(text, 0, place->start);
}

/* | 金山办公 | 688111 |: cells of a table are runs, of which one holds the name and the next the code, or the other way
 * round. */
static void pair_cells(resolve_state *resolver, uint32_t code) {
    resolve_place *places = resolver->places, *c = &places[code];
    if (resolver->runs[c->run].region != SM_REGION_TABLE || !resolve_fills_run(resolver, code)) return;
    uint32_t first = code > RESOLVE_LOOK_BACK ? code - RESOLVE_LOOK_BACK : 0;
    for (uint32_t i = first; i < resolver->n_places && i <= code + RESOLVE_LOOK_BACK; i++) {
        if (places[i].run + 1 < c->run || places[i].is_code) continue;
        if (places[i].run > c->run + 1) break;
        const resolve_run *run = &resolver->runs[places[i].run];
        if (places[i].run != c->run && run->region == SM_REGION_TABLE
            && run->document == resolver->runs[c->run].document && resolve_share_issuer(resolver, &places[i], c)
            && resolve_fills_run(resolver, i))
            pair(resolver, i, code);
    }
}

/* Does a word of the class stand anywhere among these? The nearest character is the first. */
static bool has_word(const dict_view *view, const uint32_t *chars, uint32_t n, dict_class class_number) {
    enum { LONGEST = 4 };
    for (uint32_t first = n; first > 1; first--) {
        uint64_t hash = dict_hash_step(0, chars[first - 1]);
        for (uint32_t len = 2; len <= LONGEST && len <= first; len++) {
            hash = dict_hash_step(hash, chars[first - len]);
            if (dict_word_find(view, hash) & 1u << class_number) return true;
        }
    }
    return false;
}

/* SK海力士(000660), 斗山（000150）: capitals that are no mark and a few Han characters, or a word that companies abroad are
 * called by. Chinese companies that are called so (TCL集团) are in the tables and stand beside their codes; Korean ones
 * are not, and their codes look like ours. */
static bool is_behind_foreign_name(const dict_view *view, base_slice text, size_t at) {
    enum { MOST_HAN = 8, MOST_BEHIND_CAPITALS = 4 };
    static const char marks[][3] = {"ST", "XD", "XR", "DR"};
    uint32_t chars[MOST_HAN], n_han = 0, n_capitals = 0, c = 0;
    while (at && (text.bytes[at - 1] == '(' || text.bytes[at - 1] == ' ')) at--;
    if (at >= 3 && memcmp(text.bytes + at - 3, "\xEF\xBC\x88", 3) == 0) at -= 3;
    while (at && n_han < MOST_HAN) {
        size_t start = base_utf8_back(text.bytes, at);
        base_utf8_read(text.bytes + start, &c);
        c = dict_fold_char(view, c);
        if (!resolve_is_word_char(c) || c < 0x80) break;
        chars[n_han++] = c;
        at = start;
    }
    for (size_t i = 0; at >= 2 && i < sizeof marks / sizeof marks[0]; i++)
        if (memcmp(text.bytes + at - 2, marks[i], 2) == 0) return false;
    if (has_word(view, chars, n_han, DICT_CLASS_FOREIGN_LEFT)) return true;
    for (; at && text.bytes[at - 1] >= 'A' && text.bytes[at - 1] <= 'Z'; at--) n_capitals++;
    bool begins_word = !at || !((text.bytes[at - 1] | 32) >= 'a' && (text.bytes[at - 1] | 32) <= 'z');
    return n_han >= 1 && n_han <= MOST_BEHIND_CAPITALS && n_capitals >= 2 && begins_word;
}

/* --- Lists ------------------------------------------------------------------------------------------------------------- */

static bool is_separator(uint32_t c) {
    const uint64_t ascii = 1ull << ',' | 1ull << ' ' | 1ull << '/';
    if (c < 64) return ascii >> c & 1;
    return c == 0x3001 || c == 0x548C || c == 0x4E0E || c == 0x53CA; /* 、 和 与 及 */
}

/* "and " at `at`: its length. */
static size_t conjunction_at(base_slice text, size_t at) {
    static const char *const words[] = {"and ", "or ", "& "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (base_slice_starts((base_slice){text.bytes + at, text.len - at}, words[i])) return strlen(words[i]);
    return 0;
}

/* Nothing but one sign of a list between two codes, or a word, with spaces. */
static bool are_members(const dict_view *view, base_slice text, size_t from, size_t to) {
    uint32_t n_separators = 0;
    size_t word = 0;
    for (size_t at = from; at < to;) {
        uint32_t c;
        word = conjunction_at(text, at);
        at += word ? word : base_utf8_read(text.bytes + at, &c);
        if (!word) c = dict_fold_char(view, c);
        if (!word && c == ' ') continue;
        if (!word && !is_separator(c) && c != ';') return false;
        n_separators++;
    }
    return n_separators == 1 || (n_separators == 2 && word); /* AAPL, MSFT, and GOOG */
}

bool resolve_is_abbreviation(const dict_view *view, base_slice text, const resolve_place *place) {
    uint64_t hash = 0;
    for (size_t at = place->start; at < place->end;) {
        uint32_t c;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
    }
    return dict_word_find(view, hash) & 1u << DICT_CLASS_ABBREVIATION;
}

static bool is_symbol(base_slice text, const resolve_place *place, size_t least) {
    return place->end - place->start >= least && text.bytes[place->start] >= 'A';
}

/* 600519、000858 or AAPL, MSFT and GOOG: bare codes that are all known do not stand in a list by chance, unless they are
 * short capitals (IT, AI); behind two symbols GE is one as well. Two lines of one issuer speak for each other, GOOG/GOOGL,
 * and so do capitals of four letters, which mean little else, and any three. */
static void pair_list(resolve_state *resolver, uint32_t before, uint32_t code) {
    enum { SHORTEST = 2, SHORT = 3, LONG = 4 };
    const uint64_t in_list = resolve_bit(FEATURE_CODE_LIST) | resolve_bit(FEATURE_TRADED_SYMBOL);
    const uint64_t weak = resolve_bit(FEATURE_WEAK_CODE) | resolve_bit(FEATURE_WEAK_DIGITS);
    resolve_place *left = &resolver->places[before], *right = &resolver->places[code];
    if (left->run != right->run || !(left->features & right->features & weak)) return;
    if (right->start < left->end || right->start - left->end > RESOLVE_LIST_GAP) return;
    bool is_third = left->features & resolve_bit(FEATURE_CODE_LIST);
    size_t least_left = is_third ? SHORTEST : SHORT,
           least_right = (left->features & in_list) == in_list ? SHORTEST : SHORT;
    if (left->end - left->start < least_left || right->end - right->start < least_right) return;
    base_slice text = resolve_text(resolver, left);
    if (!are_members(resolver->view, text, left->end, right->start)) return;
    if (resolve_is_abbreviation(resolver->view, text, left) || resolve_is_abbreviation(resolver->view, text, right))
        return;
    bool is_pair = left->issuer != dict_none && left->issuer == right->issuer
                   && resolver->codes[left->first_code] != resolver->codes[right->first_code];
    size_t least = is_third ? SHORT : LONG;
    bool are_symbols = is_symbol(text, left, least) && is_symbol(text, right, least);
    uint64_t features = resolve_bit(FEATURE_CODE_LIST) | (uint64_t)is_pair << FEATURE_NAME_BESIDE
                        | (uint64_t)are_symbols << FEATURE_TRADED_SYMBOL;
    left->features |= features;
    right->features |= features;
}

void resolve_pair_codes(resolve_state *resolver) {
    for (size_t i = 0; i < resolver->n_some; i++) {
        if (i) pair_list(resolver, resolver->some[i - 1], resolver->some[i]);
        uint32_t code = resolver->some[i];
        resolve_place *place = &resolver->places[code];
        pair_backwards(resolver, code);
        pair_forwards(resolver, code);
        pair_cells(resolver, code);
        if (place->features & resolve_bit(FEATURE_BRACKET_CODE) && place->code_beside == dict_none
            && is_behind_foreign_name(resolver->view, resolve_text(resolver, place), place->start))
            place->features |= resolve_bit(FEATURE_FOREIGN_BESIDE);
    }
}

bool resolve_are_listed(const resolve_state *resolver, const resolve_place *left, const resolve_place *right) {
    base_slice text = resolve_text(resolver, left);
    bool has_separator = false;
    for (size_t at = left->end; at < right->start;) {
        uint32_t c;
        size_t word = conjunction_at(text, at);
        if (word) {
            has_separator = true;
            at += word;
            continue;
        }
        at += base_utf8_read(text.bytes + at, &c);
        c = dict_fold_char(resolver->view, c);
        if (is_separator(c)) has_separator = true;
        else if (dict_is_han(c) || (!is_gap_sign(c) && c != '&')) return false;
    }
    return has_separator;
}
