/* Ordinary words that reach over the edges of a short name: 通胀 over the end of 高通 in 高通胀. */
#include "resolve/places.h"

/* The words that may reach over the edge between two texts, as 通胀 over the end of 高通 in 高通胀: of one or two characters
 * on either side. @return how many there are. */
enum { MOST_OVER_EDGE = 4 };
static uint32_t words_over_edge(const dict_view *view, base_slice before, base_slice behind,
                                uint64_t hashes[MOST_OVER_EDGE]) {
    size_t at = before.len - 3;
    uint32_t first = resolve_han_at(view, behind, 0), last = resolve_han_at(view, before, at),
             next = resolve_han_at(view, behind, 3), n = 0;
    if (!first || !last) return 0;
    hashes[n++] = resolve_hash_pair(last, first);
    if (next) hashes[n++] = dict_hash_step(hashes[0], next);
    uint32_t earlier = resolve_char_before(view, before, &at);
    if (earlier == resolve_no_char) return n;
    uint64_t longer = dict_hash_step(resolve_hash_pair(earlier, last), first);
    hashes[n++] = longer;
    if (next) hashes[n++] = dict_hash_step(longer, next);
    return n;
}

static bool has_common_word(const dict_view *view, const uint64_t *hashes, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (dict_word_find(view, hashes[i]) & 1u << DICT_CLASS_GENERAL) return true;
    return false;
}

/* The words over one of a place's edges. */
static uint32_t words_over(const dict_view *view, base_slice text, const resolve_place *place, uint32_t edge,
                           uint64_t hashes[MOST_OVER_EDGE]) {
    size_t at = edge == RESOLVE_LEFT_EDGE ? place->start : place->end;
    size_t from = edge == RESOLVE_LEFT_EDGE ? 0 : place->start, to = edge == RESOLVE_LEFT_EDGE ? place->end : text.len;
    return words_over_edge(view, (base_slice){text.bytes + from, at - from}, (base_slice){text.bytes + at, to - at},
                           hashes);
}

/* The words over the open edges of some places, which are asked for together: the table of words is large, and each of them
 * would be waited for. */
typedef struct edge_words {
    uint32_t n;
    struct {
        uint32_t place, n;
        uint64_t feature, hashes[MOST_OVER_EDGE];
    } edges[64];
} edge_words;
enum { MOST_EDGES = sizeof((edge_words *)0)->edges / sizeof((edge_words *)0)->edges[0] };

static void add_edge(const resolve_state *resolver, uint32_t place, uint32_t edge, edge_words *words) {
    const resolve_place *of = &resolver->places[place];
    uint32_t at = words->n;
    words->edges[at].place = place;
    words->edges[at].feature = resolve_bit(edge == RESOLVE_LEFT_EDGE ? FEATURE_WORD_ACROSS_LEFT
                                                                     : FEATURE_WORD_ACROSS_RIGHT);
    words->edges[at].n = words_over(resolver->view, resolve_text(resolver, of), of, edge, words->edges[at].hashes);
    for (uint32_t i = 0; i < words->edges[at].n; i++)
        __builtin_prefetch(dict_word_slot_of(resolver->view, words->edges[at].hashes[i]));
    words->n += words->edges[at].n > 0;
}

static void hear_words(const resolve_state *resolver, edge_words *words) {
    for (uint32_t i = 0; i < words->n; i++)
        if (has_common_word(resolver->view, words->edges[i].hashes, words->edges[i].n))
            resolver->places[words->edges[i].place].features |= words->edges[i].feature;
    words->n = 0;
}

void resolve_look_over_edges(const resolve_state *resolver, const uint32_t *places, size_t n) {
    edge_words words;
    words.n = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t place = places[i], edges = resolver->beside[place].edges;
        if (edges & RESOLVE_LEFT_EDGE) add_edge(resolver, place, RESOLVE_LEFT_EDGE, &words);
        if (edges & RESOLVE_RIGHT_EDGE) add_edge(resolver, place, RESOLVE_RIGHT_EDGE, &words);
        if (words.n + 2 > MOST_EDGES) hear_words(resolver, &words);
    }
    hear_words(resolver, &words);
}
