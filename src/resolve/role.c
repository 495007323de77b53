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

/* --- A medium's own line: 东方财富网10月20日讯, 新浪财经讯, and at the end of a title …_东方财富网 ------------------------- */

/* Behind what media are called after the company's name, 财经 or 网, at `at`; `at` itself where nothing of that is. */
static size_t behind_medium_word(const dict_view *view, base_slice text, size_t at) {
    static const uint32_t words[][2] = {
        {0x7F51, 0 /* 网 */},        {0x8D22, 0x7ECF /* 财经 */}, {0x65B0, 0x95FB /* 新闻 */},
        {0x8D44, 0x8BAF /* 资讯 */}, {0x79D1, 0x6280 /* 科技 */}, {0x8BC1, 0x5238 /* 证券 */},
    };
    const uint32_t first = resolve_han_at(view, text, at);
    for (size_t i = 0; first && i < sizeof words / sizeof words[0]; i++) {
        if (words[i][0] != first) continue;
        if (!words[i][1]) return at + 3;
        return resolve_han_at(view, text, at + 3) == words[i][1] ? at + 6 : at;
    }
    return at;
}

/* 讯 behind the medium, mostly with the day between; 讯飞 is a company, and 讯息 a word. */
static bool begins_report(const dict_view *view, base_slice text, size_t at) {
    enum { MOST = 12 }; /* characters of a day */
    static const uint32_t goes_on[] = {0x98DE /* 飞 */, 0x606F /* 息 */, 0x53F7 /* 号 */, 0x95EE /* 问 */,
                                       0x901A /* 通 */};
    for (int n = 0; n < MOST && at < text.len; n++) {
        uint32_t c = resolve_han_at(view, text, at);
        bool is_of_day = c == 0x5E74 || c == 0x6708 || c == 0x65E5; /* 年 月 日 */
        if (!is_of_day && !base_is_digit(text.bytes[at]) && text.bytes[at] != ' ') break;
        at += is_of_day ? 3 : 1;
    }
    if (resolve_han_at(view, text, at) != 0x8BAF) return false;
    const uint32_t next = resolve_han_at(view, text, at + 3);
    for (size_t i = 0; i < sizeof goes_on / sizeof goes_on[0]; i++)
        if (goes_on[i] == next) return false;
    return true;
}

static bool ends_title(base_slice text, size_t start) {
    static const char signs[] = "_-|";
    while (start && text.bytes[start - 1] == ' ') start--;
    return start && memchr(signs, text.bytes[start - 1], sizeof signs - 1);
}

static bool is_signing(const resolve_state *resolver, base_slice text, const resolve_place *place) {
    const dict_view *view = resolver->view;
    size_t at = place->end, behind = behind_medium_word(view, text, at);
    if (behind == at) return false;
    for (; behind != at; behind = behind_medium_word(view, text, at)) at = behind; /* 网财经 */
    bool is_title = resolver->runs[place->run].region == SM_REGION_TITLE;
    return begins_report(view, text, at) || (is_title && at == text.len && ends_title(text, place->start));
}

/* --- A medium ----------------------------------------------------------------------------------------------------------- */

static bool is_medium(base_slice medium, base_slice mention) {
    while (medium.len && medium.bytes[0] == ' ') medium.bytes++, medium.len--;
    while (medium.len && medium.bytes[medium.len - 1] == ' ') medium.len--;
    return base_slice_equal(medium, mention);
}

static bool is_medium_here(const resolve_state *resolver, const resolve_place *place) {
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, place);
    base_slice own = {text.bytes + place->start, place->end - place->start};
    if (place->is_code) return false;
    if (resolver->options.source.len && is_medium(resolver->options.source, own)) return true;
    if (is_signing(resolver, text, place)) return true;
    bool has_colon;
    if (!place->may_be_medium || !resolve_may_be_medium(view, text, before_signs(view, text, place->start, &has_colon)))
        return false;
    return is_behind_source(view, text, place->start) || is_reporting(view, text, place->start, place->end);
}

/* --- Houses, exchanges, parts ------------------------------------------------------------------------------------------ */

/* Words go on over spaces, quotes and colons, and not over other signs. */
static bool goes_on(uint32_t c) {
    return resolve_is_word_char(c) || c == ' ' || c == ':' || c == '\'' || dict_is_quote(c);
}

/* The classes of words that begin with two characters, of which `hash` is; `at` is behind them. */
static uint32_t words_of(const dict_view *view, base_slice text, size_t at, uint64_t hash) {
    uint32_t classes = dict_role_find(view, hash);
    for (uint32_t len = 2; dict_pair_role(view, hash) & DICT_OPENS_LONG_ROLE; len++) {
        uint32_t c;
        if (len == DICT_LONGEST_ROLE || at >= text.len) break;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
        classes |= dict_role_find(view, hash);
    }
    return classes;
}

/* Latin words begin with their first letter. Nearly always none begins, which two characters tell. */
void resolve_read_words(const dict_view *view, base_slice text, size_t at, uint32_t reach, resolve_words *words) {
    uint32_t before = 0, first = 0, second;
    bool has_first = false;
    words->n = words->all = 0;
    for (;; has_first = true) {
        size_t next = at;
        second = 0;
        if (at < text.len) next += base_utf8_read(text.bytes + at, &second);
        second = dict_fold_char(view, second);
        if (has_first) {
            uint64_t pair = dict_hash_step(dict_hash_step(0, first), second);
            bool may_begin = dict_pair_role(view, pair) & DICT_OPENS_ROLE
                             && !(dict_is_latin(before) && dict_is_latin(first));
            words->classes[words->n] = may_begin ? words_of(view, text, next, pair) : 0;
            words->all |= words->classes[words->n++];
            before = first;
        }
        if (words->n == reach || !goes_on(second)) return;
        first = second;
        at = next;
    }
}

/* Does a word of the class begin at one of the characters from `from` on and before `to`? */
static bool has_word(const resolve_words *words, uint32_t from, uint32_t to, dict_class class_number) {
    if (!(words->all >> class_number & 1)) return false; /* as nearly always */
    for (uint32_t i = from; i < to && i < words->n; i++)
        if (words->classes[i] >> class_number & 1) return true;
    return false;
}

/* Does such a word end before `at`, with spaces between? Its last two characters tell that mostly none of more than one does. */
static bool has_word_before(const dict_view *view, base_slice text, size_t at, uint32_t classes) {
    uint32_t chars[DICT_LONGEST_ROLE + 1], n = 0, longest = DICT_LONGEST_ROLE;
    while (at && text.bytes[at - 1] == ' ') at--;
    while (n < 2 && (chars[n] = resolve_char_before(view, text, &at)) != resolve_no_char) n++;
    if (n == 2) {
        uint64_t pair = dict_hash_step(dict_hash_step(0, chars[1]), chars[0]);
        if (!(dict_pair_role(view, pair) & DICT_CLOSES_ROLE)) longest = 1;
        while (n <= longest && (chars[n] = resolve_char_before(view, text, &at)) != resolve_no_char) n++;
    }
    for (uint32_t len = 1; len <= n && len <= longest; len++) {
        uint64_t hash = 0;
        for (uint32_t i = len; i > 0; i--) hash = dict_hash_step(hash, chars[i - 1]);
        bool is_part = len < n && dict_is_latin(chars[len]) && dict_is_latin(chars[len - 1]);
        if (!is_part && dict_role_find(view, hash) & classes) return true;
    }
    return false;
}

/* 中信证券认为, analysts at Goldman Sachs, 瑞银将腾讯目标价…; not 招商银行获买入评级, which is rated itself. */
static bool is_quoted(const dict_view *view, base_slice text, const resolve_place *place, const resolve_words *words) {
    enum { OF_RESEARCH = 11, OF_ITSELF = 4 };
    if (has_word(words, 0, OF_RESEARCH, DICT_CLASS_RESEARCH_RIGHT)) return true;
    bool has_space = place->start && text.bytes[place->start - 1] == ' ';
    if (has_space && has_word_before(view, text, place->start, 1u << DICT_CLASS_RESEARCH_LEFT)) return true;
    return has_word(words, OF_ITSELF, RESOLVE_WORDS_REACH, DICT_CLASS_RATING_RIGHT)
           && !has_word(words, 0, OF_ITSELF, DICT_CLASS_RATING_RIGHT)
           && !has_word_before(view, text, place->start, 1u << DICT_CLASS_RATING_LEFT);
}

static uint32_t role_of_house(const dict_view *view, base_slice text, const resolve_place *place) {
    resolve_words words;
    resolve_read_words(view, text, place->end, RESOLVE_WORDS_REACH, &words);
    if (has_word(&words, 0, RESOLVE_WORDS_REACH, DICT_CLASS_BRANCH_RIGHT)) return SM_ROLE_UNIT; /* 招商银行北京分行 */
    return is_quoted(view, text, place, &words) ? SM_ROLE_RESEARCH : SM_ROLE_SUBJECT;
}

static bool is_venue(const dict_view *view, base_slice text, const resolve_place *place) {
    enum { NEAR = 3 };
    resolve_words words;
    resolve_read_words(view, text, place->end, NEAR, &words);
    return has_word(&words, 0, NEAR, DICT_CLASS_VENUE_RIGHT)
           || has_word_before(view, text, place->start, 1u << DICT_CLASS_VENUE_LEFT);
}

uint32_t resolve_find_role(const resolve_state *resolver, const resolve_place *place) {
    const dict_view *view = resolver->view;
    base_slice text = resolve_text(resolver, place);
    uint32_t role = SM_ROLE_SUBJECT;
    if (is_medium_here(resolver, place)) return SM_ROLE_SOURCE;
    if (place->features & DICT_IS_EXCHANGE && is_venue(view, text, place)) return SM_ROLE_VENUE;
    if (place->features & DICT_IS_HOUSE) role = role_of_house(view, text, place);
    bool is_part = role == SM_ROLE_SUBJECT && place->features & resolve_bit(FEATURE_PRODUCT_RIGHT);
    return is_part ? (uint32_t)SM_ROLE_UNIT : role;
}
