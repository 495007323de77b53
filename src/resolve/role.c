/* What a mention does in its text. The words that tell it are in the lexicon. */
#include <string.h>

#include "resolve/places.h"

/* Spaces and opening quotes are passed over, and one colon. */
static size_t before_signs(const dict_view *view, base_slice text, size_t at, bool *has_colon) {
    *has_colon = false;
    for (;;) {
        size_t before = at;
        uint32_t c = resolve_char_before(view, text, &before);
        if (c != ' ' && !dict_is_quote(c) && (c != ':' || *has_colon)) return at;
        *has_colon |= c == ':';
        at = before;
    }
}

/* 文章来源：…, 转自…: a short word is one only where none goes on before it, as in 收入来源, and 来源 wants its colon. */
static bool is_behind_source(const dict_view *view, base_slice text, size_t at) {
    enum { LONG = 4 };
    uint32_t chars[DICT_LONGEST_SOURCE + 1], n = 0;
    bool has_colon;
    at = before_signs(view, text, at, &has_colon);
    while (n <= DICT_LONGEST_SOURCE && (chars[n] = resolve_char_before(view, text, &at)) != resolve_no_char) n++;
    for (uint32_t len = n < DICT_LONGEST_SOURCE ? n : DICT_LONGEST_SOURCE; len >= 2; len--) {
        uint64_t hash = 0;
        for (uint32_t i = len; i > 0; i--) hash = dict_hash_step(hash, chars[i - 1]);
        if (!(dict_cue_find(view, hash) & 1u << DICT_CLASS_SOURCE_LEFT)) continue;
        bool goes_on = len < n && resolve_is_word_char(chars[len]) && (len < LONG || dict_is_latin(chars[0]));
        return !goes_on && (has_colon || chars[0] == 0x81EA /* 自 */);
    }
    return false;
}

/* 据…报道, also with what belongs to the medium between: 据腾讯新闻报道. */
static bool is_reporting(const dict_view *view, base_slice text, size_t start, size_t end) {
    enum { FURTHEST = 6 };
    uint32_t last = 0, c;
    bool has_colon;
    start = before_signs(view, text, start, &has_colon);
    uint32_t first = resolve_char_before(view, text, &start);
    if (first == resolve_no_char || has_colon) return false;
    uint32_t before = resolve_char_before(view, text, &start);
    uint64_t one = dict_hash_step(0, first), two = dict_hash_step(dict_hash_step(0, before), first);
    const uint32_t left = 1u << DICT_CLASS_REPORT_LEFT, right = 1u << DICT_CLASS_REPORT_RIGHT;
    if (!((dict_cue_find(view, one) | (before != resolve_no_char ? dict_cue_find(view, two) : 0)) & left)) return false;
    for (uint32_t n = 0; n < FURTHEST && end < text.len; n++, last = c) {
        end += base_utf8_read(text.bytes + end, &c);
        c = dict_fold_char(view, c);
        if (!resolve_is_word_char(c) && !dict_is_quote(c)) return false;
        if (last && dict_cue_find(view, dict_hash_step(dict_hash_step(0, last), c)) & right) return true;
    }
    return false;
}

static bool is_medium(base_slice medium, base_slice mention) {
    while (medium.len && medium.bytes[0] == ' ') medium.bytes++, medium.len--;
    while (medium.len && medium.bytes[medium.len - 1] == ' ') medium.len--;
    return base_slice_equal(medium, mention);
}

bool resolve_is_medium(const resolve_state *resolver, const resolve_place *place) {
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, place);
    base_slice own = {text.bytes + place->start, place->end - place->start};
    if (place->is_code) return false;
    if (resolver->options.source.len && is_medium(resolver->options.source, own)) return true;
    bool has_colon;
    if (!place->may_be_medium || !resolve_may_be_medium(view, text, before_signs(view, text, place->start, &has_colon)))
        return false;
    return is_behind_source(view, text, place->start) || is_reporting(view, text, place->start, place->end);
}
