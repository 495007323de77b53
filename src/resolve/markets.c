/* Which market the text around a name speaks of: 港股, 美股, 沪市. */
#include <string.h>

#include "resolve/places.h"

static bool add_market_word(resolve_state *resolver, size_t start, size_t end, uint32_t classes) {
    if (!base_grow(resolver->allocator, (void **)&resolver->market_words, &resolver->market_words_capacity,
                   resolver->n_market_words + 1, sizeof *resolver->market_words))
        return false;
    resolve_market_word *word = &resolver->market_words[resolver->n_market_words];
    uint32_t named = classes ? classes : resolver->n_market_words ? word[-1].named : 0;
    *word = (resolve_market_word){start, end, classes, named};
    resolver->n_market_words++;
    return true;
}

/* The classes of the longest market word that begins with two characters, of which `hash` is; `at` is behind them. *end becomes
 * the place behind the word. */
static uint32_t market_word(const dict_view *view, base_slice text, size_t at, uint64_t hash, size_t *end) {
    uint32_t role = dict_pair_role(view, hash), found = 0;
    if (!(role & DICT_OPENS_MARKET)) return 0;
    for (uint32_t len = 2;; len++) {
        uint32_t c, classes = dict_cue_find(view, hash) & DICT_MARKET_CLASSES;
        if (classes) found = classes, *end = at;
        if (!(role & DICT_OPENS_LONG) || len == DICT_LONGEST_RIGHT || at >= text.len) return found;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
    }
}

/* --- Where one may stand ---------------------------------------------------------------------------------------------- */

static void read_six_bits(const uint8_t (*groups)[128], uint32_t n_bytes, resolve_six_bits *out) {
    for (uint32_t place = 0; place < n_bytes; place++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint8_t has = groups[place][dict_market_byte((unsigned char)byte, place == 0)];
            out->groups[place][byte % 64] |= has;
            if (place == 0) out->of_first[byte / 16] |= has;
        }
}

void resolve_market_bytes_read(const dict_market_bytes *bytes, resolve_market_bytes *out) {
    *out = (resolve_market_bytes){.all = bytes};
    for (uint32_t place = 0; place < DICT_MARKET_BYTES; place++)
        for (uint32_t i = 0; i < 128; i++) {
            uint32_t end = place < DICT_END_BYTES ? bytes->ends[place][i] : UINT8_MAX;
            out->groups[place][i] = bytes->words[place][i] | end << DICT_MARKET_GROUPS;
        }
    read_six_bits(bytes->words, DICT_MARKET_BYTES, &out->words);
    read_six_bits(bytes->ends, DICT_END_BYTES, &out->ends);
}

/* Whether bytes, the first of them lowest, have one of the groups `wanted` in common. All are asked at once: of three alone no
 * predictor knows whether the others will be asked too. */
static inline bool have_group(const resolve_market_bytes *of, uint64_t bytes, uint32_t wanted) {
    uint32_t all = of->groups[0][dict_market_byte((unsigned char)bytes, true)] & wanted;
    for (uint32_t i = 1; i < DICT_MARKET_BYTES; i++) all &= of->groups[i][bytes >> 8 * i & 0x7F];
    return all != 0;
}

static inline uint32_t wanted_groups(bool or_end) {
    return or_end ? UINT16_MAX : UINT8_MAX;
}

bool resolve_begins_market(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end) {
    uint64_t here = 0; /* what is behind the end, too */
    size_t left = text.len - at;
    memcpy(&here, text.bytes + at, left < sizeof here ? left : sizeof here);
    return have_group(bytes, here, wanted_groups(or_end));
}

size_t resolve_next_market_c(const resolve_market_bytes *bytes, base_slice text, size_t at, bool or_end) {
    const uint32_t wanted = wanted_groups(or_end);
    uint64_t here;
    for (; at + sizeof here <= text.len; at += (here & 0xF0) == 0xE0 ? 3 : base_utf8_len(text.bytes + at)) {
        memcpy(&here, text.bytes + at, sizeof here);
        if (have_group(bytes, here, wanted)) return at;
    }
    while (at < text.len && !resolve_begins_market(bytes, text, at, or_end)) at += base_utf8_len(text.bytes + at);
    return at;
}

static size_t next_market(const resolve_state *resolver, base_slice text, size_t at, bool or_end) {
    const resolve_market_bytes *bytes = &resolver->market_bytes;
    if (resolver->kernel == SM_KERNEL_AVX512) return resolve_next_market_avx512(bytes, text, at, or_end);
    if (resolver->kernel == SM_KERNEL_AVX2) return resolve_next_market_avx2(bytes, text, at, or_end);
    return resolve_next_market_c(bytes, text, at, or_end);
}

/* --- The words of a run ------------------------------------------------------------------------------------------------ */

/* Enters the market word that begins with the character at `at`, or the end of a sentence that this is, and goes on to the
 * next character. */
static bool enter_market(resolve_state *resolver, base_slice text, size_t *at, bool *is_end) {
    const dict_view *view = resolver->view;
    uint32_t first, second, classes = 0;
    size_t start = *at;
    *at += base_utf8_read(text.bytes + *at, &first);
    first = dict_fold_char(view, first);
    *is_end = dict_ends_sentence(first);
    if (*is_end) return add_market_word(resolver, start, *at, 0);
    if (*at == text.len) return true;
    size_t end = *at, behind = *at + base_utf8_read(text.bytes + *at, &second);
    const uint64_t hash = dict_hash_step(dict_hash_step(0, first), dict_fold_char(view, second));
    classes = market_word(view, text, behind, hash, &end);
    return !classes || add_market_word(resolver, start, end, classes);
}

/* Finds the market words of a run up to the end of the sentence that holds `place`, from where the last call ended.
 * Ends of sentences are entries too. */
static bool find_market_words(resolve_state *resolver, uint32_t run, size_t place) {
    base_slice text = resolver->runs[run].text;
    size_t at = resolver->market_end;
    bool is_past = resolver->n_market_words && resolver->market_words[resolver->n_market_words - 1].start >= place;
    while (!is_past) {
        bool is_end;
        size_t start = at = next_market(resolver, text, at, true);
        if (at == text.len) break;
        if (!enter_market(resolver, text, &at, &is_end)) return false;
        is_past = is_end && start >= place;
    }
    resolver->market_end = at;
    return true;
}

/* A run is looked at first when the first of its places asks: most have no market word, and their sentences do not matter. */
static void begin_run(resolve_state *resolver, uint32_t run) {
    base_slice text = resolver->runs[run].text;
    bool has_words = next_market(resolver, text, 0, false) < text.len;
    resolver->market_run = run;
    resolver->n_market_words = 0;
    resolver->market_end = has_words ? 0 : text.len;
    resolver->sentence_first = SIZE_MAX;
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
    if (resolver->market_run != place->run) begin_run(resolver, place->run);
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
    /* 比亚迪港股, 港股比亚迪 */
    if (next < last && words[next].start == place->end) *markets = words[next].classes;
    if (!*markets && next && words[next - 1].end == place->start) *markets = words[next - 1].classes;
    *is_said = *markets != 0;
    if (*is_said) return true;
    *markets = sentence_markets(resolver, next);
    if (!*markets && next) *markets = words[next - 1].named;
    return true;
}
