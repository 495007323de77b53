/* Which market the text around a name speaks of: 港股, 美股, 沪市. */
#include <string.h>

#include "resolve/places.h"

static bool add_market_word(resolve_state *resolver, size_t start, uint32_t classes) {
    if (!base_grow(resolver->allocator, (void **)&resolver->market_words, &resolver->market_words_capacity,
                   resolver->n_market_words + 1, sizeof *resolver->market_words))
        return false;
    resolve_market_word *word = &resolver->market_words[resolver->n_market_words];
    uint32_t named = classes ? classes : resolver->n_market_words ? word[-1].named : 0;
    *word = (resolve_market_word){start, classes, named};
    resolver->n_market_words++;
    return true;
}

static bool ends_sentence(uint32_t folded) {
    return folded == 0x3002 || folded == '!' || folded == '?' || folded == ';';
}

/* The classes of the longest market word that begins with two characters, of which `hash` is; `at` is behind them. */
static uint32_t market_word(const dict_view *view, base_slice text, size_t at, uint64_t hash) {
    uint32_t role = dict_pair_role(view, hash), found = 0;
    if (!(role & DICT_OPENS_MARKET)) return 0;
    for (uint32_t len = 2;; len++) {
        uint32_t c, classes = dict_cue_find(view, hash) & DICT_MARKET_CLASSES;
        if (classes) found = classes;
        if (!(role & DICT_OPENS_LONG) || len == DICT_LONGEST_RIGHT || at >= text.len) return found;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
    }
}

/* The role of the character at `at`, as one of two in a row: what 涨 opens matters before 停 only. One test rules nearly
 * all characters out; either one alone passes a third. */
static inline uint64_t market_role(uint64_t last, uint64_t role, uint64_t each) {
    return ((last << 1 & each * DICT_SECOND_MARKET) | each * DICT_ENDS_SENTENCE) & role;
}
_Static_assert(DICT_OPENS_MARKET << 1 == DICT_SECOND_MARKET, "market_role() shifts one over the other");

/* Enters the market word that begins with the character before this one, and the end of a sentence that this one is. */
static bool enter_market(resolve_state *resolver, base_slice text, size_t before, size_t at, bool *is_end) {
    const dict_view *view = resolver->view;
    uint32_t first, second, classes = 0;
    size_t end = at + base_utf8_read(text.bytes + at, &second);
    second = dict_fold_char(view, second);
    if (before < at) {
        base_utf8_read(text.bytes + before, &first);
        uint64_t hash = dict_hash_step(dict_hash_step(0, dict_fold_char(view, first)), second);
        classes = market_word(view, text, end, hash);
    }
    *is_end = ends_sentence(second);
    return (!classes || add_market_word(resolver, before, classes)) && (!*is_end || add_market_word(resolver, at, 0));
}

enum { NOT_ASCII = DICT_ENDS_SENTENCE }; /* is stopped at like the end of a sentence */

void resolve_read_market_roles(const dict_view *view, resolve_market_roles *roles) {
    const uint32_t asked = DICT_OPENS_MARKET | DICT_SECOND_MARKET | DICT_ENDS_SENTENCE;
    for (uint32_t c = 0; c < 4096; c++) roles->of_three[c >> 6 | (c & 63) << 8] = dict_char_role(view, c) & asked;
    for (uint32_t c = 0; c < 256; c++) roles->of_ascii[c] = c < 0x80 ? dict_char_role(view, c) & asked : NOT_ASCII;
}

static inline uint64_t role_of_three(const resolve_market_roles *roles, const unsigned char *p) {
    uint16_t two;
    memcpy(&two, p + 1, sizeof two);
    return roles->of_three[two & 0x3F3F];
}

/* The same four at a time for ASCII. @return how many there are. */
static inline unsigned pass_over_ascii(const resolve_market_roles *roles, const unsigned char *p, uint32_t *last) {
    const uint64_t each = 0x01010101, after = 1ull << 32;
    uint64_t four = (uint64_t)roles->of_ascii[p[0]] | (uint64_t)roles->of_ascii[p[1]] << 8
                    | (uint64_t)roles->of_ascii[p[2]] << 16 | (uint64_t)roles->of_ascii[p[3]] << 24;
    uint64_t before = *last | four << 8;
    unsigned n = (unsigned)__builtin_ctzll(market_role(before, four, each) | after) / 8;
    *last = before >> 8 * n & 0xFF;
    return n;
}

/* Goes over characters of which none has what market_role() asks for: nearly all. `last` is the role before them and
 * becomes that of the last of them. Those of three bytes go three at a time: one look at their first bytes and one at
 * their roles say how many there are. */
static size_t pass_over(const resolve_market_roles *roles, base_slice text, size_t at, uint32_t *last) {
    const uint64_t each = 1 | 1ull << 24 | 1ull << 48;
    while (text.len - at > 12) {
        const unsigned char *p = (const unsigned char *)text.bytes + at;
        uint64_t bytes;
        memcpy(&bytes, p, sizeof bytes);
        uint64_t first = role_of_three(roles, p), second = role_of_three(roles, p + 3);
        uint64_t third = role_of_three(roles, p + 6);
        uint64_t before = *last | first << 24 | second << 48;
        uint64_t found = market_role(before, first | second << 24 | third << 48, each);
        uint64_t stops = ((bytes & each * 0xF0) ^ each * 0xE0) | found;
        *last = (uint32_t)third;
        at += 9;
        if (!stops) continue;
        unsigned n = (unsigned)__builtin_ctzll(stops) / 24;
        *last = before >> 24 * n & 0xFF;
        at -= 9 - 3 * n;
        n = pass_over_ascii(roles, (const unsigned char *)text.bytes + at, last);
        if (n == 0) break;
        at += n;
    }
    return at;
}

/* Finds the market words of a run up to the end of the sentence that holds `place`, from where the last call ended.
 * Ends of sentences are entries too. */
static bool find_market_words(resolve_state *resolver, uint32_t run, size_t place) {
    const dict_view *view = resolver->view;
    base_slice text = resolver->runs[run].text;
    size_t at = resolver->market_end;
    uint32_t last = 0;
    bool is_past = resolver->n_market_words && resolver->market_words[resolver->n_market_words - 1].start >= place;
    while (at < text.len && !is_past) {
        uint32_t c;
        size_t start = pass_over(&resolver->model->markets, text, at, &last);
        at = start + base_utf8_read(text.bytes + start, &c);
        uint32_t role = dict_char_role(view, c);
        if (market_role(last, role, 1)) {
            bool is_end;
            size_t before = last ? base_utf8_back(text.bytes, start) : start;
            if (!enter_market(resolver, text, before, start, &is_end)) return false;
            is_past = is_end && start >= place;
        }
        last = role;
    }
    resolver->market_end = at;
    return true;
}

/* The markets of the sentence around the word `next` or the end before it. Places come in order, so that each sentence is
 * gone over once. */
static uint32_t sentence_markets(resolve_state *resolver, size_t next) {
    const resolve_market_word *words = resolver->market_words;
    size_t first = next, end = next, n = resolver->n_market_words;
    if (next >= resolver->sentence_first && next <= resolver->sentence_end) return resolver->sentence_markets;
    uint32_t markets = 0;
    for (; end < n && words[end].classes; end++) markets |= words[end].classes;
    for (; first > 0 && words[first - 1].classes; first--) markets |= words[first - 1].classes;
    resolver->sentence_first = first;
    resolver->sentence_end = end;
    return resolver->sentence_markets = markets;
}

bool resolve_find_markets(resolve_state *resolver, const resolve_place *place, uint32_t *markets, bool *is_said) {
    if (resolver->market_run != place->run) {
        resolver->market_run = place->run;
        resolver->n_market_words = resolver->market_end = 0;
        resolver->sentence_first = SIZE_MAX;
    }
    if (!find_market_words(resolver, place->run, place->start)) return false;
    const resolve_market_word *words = resolver->market_words;
    size_t n = resolver->n_market_words, next = 0, last = n;
    *markets = 0;
    *is_said = false;
    if (n == 0 || !words[n - 1].named) return true; /* as in most runs */
    while (n) {                                     /* the first entry behind the place's start */
        size_t half = n / 2;
        if (words[next + half].start < place->start) {
            next += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    *is_said = next < last && words[next].start == place->end && words[next].classes;
    if (*is_said) {
        *markets = words[next].classes;
        return true;
    }
    *markets = sentence_markets(resolver, next);
    if (!*markets && next) *markets = words[next - 1].named;
    return true;
}
