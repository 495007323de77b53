/* Which line of which issuer: every line that the place could mean gets a score; the highest is meant. */
#include <string.h>

#include "resolve/places.h"

/* Scores of names, in hundredths of a nat, that are no features: they compare the issuers that share a surface. */
enum {
    FORMER_OUT_OF_TIME = -250,
    NOT_ITSELF = -60,
    ITS_OWN_NAME = 40,
    UNMARKED = -120,
    ISSUER_SEEN = 300,
    GONE = -400,
    PREFERRED_STEP = 150 /* above what makes a home line */,
    SAID_OUTRIGHT = 3 /* times the weight */
};

enum { MONTHS_AROUND = 120 /* days: names and listings count some months around a change */ };

static bool is_before(int32_t day, int32_t other, int32_t slack) {
    return base_date_days(day) + slack < base_date_days(other);
}

/* --- The market that the text speaks of ------------------------------------------------------------------------------- */

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

/* The longest market word that begins at `at`. */
static uint32_t market_word(const dict_view *view, base_slice text, size_t at) {
    enum { LONGEST = DICT_LONGEST_RIGHT };
    uint32_t found = 0, role = 0;
    uint64_t hash = 0;
    for (uint32_t len = 1; len <= LONGEST && at < text.len; len++) {
        if (len > 2 && !(role & DICT_OPENS_LONG)) break;
        uint32_t c;
        at += base_utf8_read(text.bytes + at, &c);
        hash = dict_hash_step(hash, dict_fold_char(view, c));
        if (len == 1) continue;
        if (len == 2) role = dict_pair_role(view, hash);
        if (!(role & DICT_OPENS_MARKET)) break;
        uint32_t classes = dict_cue_find(view, hash) & DICT_MARKET_CLASSES;
        if (classes) found = classes;
    }
    return found;
}

/* The role of the character at `at`, as one of two in a row: what 涨 opens matters before 停 only. One test rules nearly
 * all characters out; either one alone passes a third. */
static inline uint32_t market_role(uint32_t last, uint32_t role) {
    return (last << 1 & role & DICT_SECOND_MARKET) | (role & DICT_ENDS_SENTENCE);
}
_Static_assert(DICT_OPENS_MARKET << 1 == DICT_SECOND_MARKET, "market_role() shifts one over the other");

/* Enters the market word that begins with the character before this one, and the end of a sentence that this one is. */
static bool enter_market(resolve_state *resolver, base_slice text, size_t before, size_t at, bool *is_end) {
    const dict_view *view = resolver->view;
    uint32_t c, classes = before < at ? market_word(view, text, before) : 0;
    base_utf8_read(text.bytes + at, &c);
    *is_end = ends_sentence(dict_fold_char(view, c));
    return (!classes || add_market_word(resolver, before, classes)) && (!*is_end || add_market_word(resolver, at, 0));
}

/* Goes over characters of three bytes, three at a time, of which none has what market_role() asks for: nearly all of
 * Chinese text. `last` is the role before them and becomes that of the last of them. One look at their first bytes and one
 * at their roles make a character half as dear as each by itself; the last two bytes tell the role. */
static size_t pass_over(const dict_view *view, base_slice text, size_t at, uint32_t *last) {
    const uint64_t lead_bits = 0xF00000F00000F0, leads = 0xE00000E00000E0;
    while (text.len - at > 9) {
        const unsigned char *p = (const unsigned char *)text.bytes + at;
        uint64_t bytes;
        memcpy(&bytes, p, sizeof bytes);
        if ((bytes & lead_bits) != leads) break;
        uint32_t first = dict_char_role(view, (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F));
        uint32_t second = dict_char_role(view, (bytes >> 26 & 0xFC0) | (bytes >> 40 & 0x3F));
        uint32_t third = dict_char_role(view, (bytes >> 50 & 0xFC0) | (p[8] & 0x3Fu));
        if (market_role(*last, first) | market_role(first, second) | market_role(second, third)) break;
        *last = third;
        at += 9;
    }
    return at;
}

/* Finds the market words of a run up to the end of the sentence that holds `place`, from where the last call ended.
 * Ends of sentences are entries too. */
static bool find_market_words(resolve_state *resolver, uint32_t run, size_t place) {
    const dict_view *view = resolver->view;
    base_slice text = resolver->runs[run].text;
    size_t at = resolver->market_end, before = at;
    uint32_t last = 0;
    bool is_past = resolver->n_market_words && resolver->market_words[resolver->n_market_words - 1].start >= place;
    while (at < text.len && !is_past) {
        uint32_t c;
        size_t start = pass_over(view, text, at, &last);
        if (start > at) before = start - 3;
        at = start + base_utf8_read(text.bytes + start, &c);
        uint32_t role = dict_char_role(view, c);
        if (market_role(last, role)) {
            bool is_end;
            if (!enter_market(resolver, text, last ? before : start, start, &is_end)) return false;
            is_past = is_end && start >= place;
        }
        last = role;
        before = start;
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

/* The market that stands right behind a name, else those that its sentence names; where it names none, the last one
 * named before it in the run: a paragraph names its market once, at its beginning mostly. */
static bool find_markets(resolve_state *resolver, const resolve_place *place, uint32_t *markets, bool *is_said) {
    if (resolver->market_run != place->run) {
        resolver->market_run = place->run;
        resolver->n_market_words = resolver->market_end = 0;
        resolver->sentence_first = SIZE_MAX;
    }
    if (!find_market_words(resolver, place->run, place->start)) return false;
    const resolve_market_word *words = resolver->market_words;
    size_t n = resolver->n_market_words, next = 0, last = n;
    while (n) { /* the first entry behind the place's start */
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

/* --- Scores ----------------------------------------------------------------------------------------------------------- */

/* How well one name fits: as itself, and on the day of the text. */
static int32_t name_score(const resolve_state *resolver, const resolve_place *place, const dict_name *name) {
    const dict_view *view = resolver->view;
    int32_t as_of = resolver->options.as_of, score = 0;
    if (name->kind == DICT_FORMER || (as_of && name->to)) {
        bool in_time = as_of && (!name->from || !is_before(as_of, name->from, MONTHS_AROUND))
                       && (!name->to || is_before(as_of, name->to, -MONTHS_AROUND) || as_of < name->to);
        if (!in_time) score += FORMER_OUT_OF_TIME;
    } else if (as_of && name->from && is_before(as_of, name->from, MONTHS_AROUND)) {
        score += FORMER_OUT_OF_TIME; /* a current name before it was given */
    }
    if (view->surfaces[place->surface].text != name->text && name->surface != place->surface) score += NOT_ITSELF;
    if (name->marked && !place->has_mark) score += UNMARKED;
    if (!name->marked && place->has_mark) score += UNMARKED / 2;
    if (name->ambiguous) score += UNMARKED / 2;
    if (resolve_is_seen(resolver->issuer_seen[resolve_issuer(resolver, name->security)], resolver->document))
        score += ISSUER_SEEN;
    return score;
}

typedef struct line_context {
    const resolve_place *place;
    uint32_t markets; /* classes of market words around */
    bool is_said;     /* one stands right behind the name: 比亚迪A股 */
} line_context;

static int32_t weigh(const resolve_state *resolver, resolve_line *line, dict_feature feature) {
    line->evidence |= resolve_bit(feature);
    return resolver->model->weights[feature];
}

static bool names_line(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    if (place->code_beside == dict_none) return false;
    const resolve_place *code = &resolver->places[place->code_beside];
    for (uint32_t i = 0; i < code->n_codes; i++)
        if (resolver->codes[code->first_code + i] == security) return true;
    return false;
}

static int32_t line_score(resolve_state *resolver, line_context *context, resolve_line *line) {
    const dict_view *view = resolver->view;
    const dict_security *s = &view->securities[line->security];
    int32_t as_of = resolver->options.as_of, score = 0;
    if (s->issuer == line->security) score += weigh(resolver, line, FEATURE_HOME_LINE);
    if (names_line(resolver, context->place, line->security)) score += weigh(resolver, line, FEATURE_LINE_CODE);
    if (resolve_is_seen(resolver->line_seen[line->security], resolver->document))
        score += weigh(resolver, line, FEATURE_LINE_CODE) / 4;
    if (context->markets & s->markets && (context->markets & (context->markets - 1)) == 0) /* one market, not several */
        score += weigh(resolver, line, FEATURE_MARKET_WORD) * (context->is_said ? SAID_OUTRIGHT : 1);
    bool is_gone = s->status != SM_SECURITY_ACTIVE;
    if (is_gone && as_of && s->delisted && as_of < s->delisted) is_gone = false;
    if (is_gone) score += GONE;
    for (size_t i = 0; i < resolver->options.n_prefer; i++)
        if (resolver->options.prefer[i] == s->mic)
            score += weigh(resolver, line, FEATURE_PREFERRED)
                     + PREFERRED_STEP * (int32_t)(resolver->options.n_prefer - i);
    return score;
}

/* --- Candidates ------------------------------------------------------------------------------------------------------- */

/* A new line, to be assigned in place; NULL when memory ran out. */
static inline resolve_line *append_line(resolve_state *resolver) {
    if (!base_grow(resolver->allocator, (void **)&resolver->lines, &resolver->lines_capacity, resolver->n_lines + 1,
                   sizeof(resolve_line)))
        return NULL;
    return &resolver->lines[resolver->n_lines++];
}

static bool add_line(resolve_state *resolver, uint32_t first, uint32_t security, int32_t score) {
    for (size_t i = first; i < resolver->n_lines; i++) {
        resolve_line *line = &resolver->lines[i];
        if (line->security != security) continue;
        if (score > line->score) line->score = score;
        return true;
    }
    resolve_line *added = append_line(resolver);
    if (added) *added = (resolve_line){.security = security, .score = score};
    return added != NULL;
}

/* Lines that took another's place stand for it: the old one is no candidate of its own for a name;
 * nor is a counter, a fund or a bond of the issuer, unless the name is its own. */
static bool add_lines_of_name(resolve_state *resolver, uint32_t first, const resolve_place *place,
                              const dict_name *name) {
    const dict_view *view = resolver->view;
    const dict_security *own = &view->securities[name->security];
    int32_t score = name_score(resolver, place, name);
    for (uint32_t i = 0; i < own->n_lines; i++) {
        uint32_t security = view->lines[own->first_line + i];
        const dict_security *line = &view->securities[security];
        if (line->successor != dict_none || (!line->is_share && security != name->security)) continue;
        int32_t bonus = security == dict_successor(view, name->security) ? ITS_OWN_NAME : 0;
        if (!add_line(resolver, first, security, score + bonus)) return false;
    }
    return true;
}

static bool is_not_yet_listed(const resolve_state *resolver, uint32_t security) {
    if (!resolver->options.as_of) return false;
    const dict_security *s = &resolver->view->securities[security];
    return s->listed && is_before(resolver->options.as_of, s->listed, 0);
}

/* A line that began well after the day of the text is out, unless nothing else is left. */
static void drop_lines_to_come(resolve_state *resolver, uint32_t first) {
    if (!resolver->options.as_of) return;
    size_t kept = first;
    bool was_dropped = false;
    for (size_t i = first; i < resolver->n_lines; i++) {
        const dict_security *s = &resolver->view->securities[resolver->lines[i].security];
        if (is_not_yet_listed(resolver, resolver->lines[i].security)
            && is_before(resolver->options.as_of, s->listed, MONTHS_AROUND / 4))
            was_dropped = true;
        else resolver->lines[kept++] = resolver->lines[i];
    }
    if (!was_dropped || kept == first) return; /* when all are to come, the caller marks them */
    resolver->n_lines = kept;
    for (size_t i = first; i < kept; i++) resolver->lines[i].evidence |= resolve_bit(FEATURE_AS_OF);
}

static void sort_lines(resolve_line *lines, size_t n) {
    for (size_t i = 1; i < n; i++) {
        resolve_line moved = lines[i];
        size_t at = i;
        while (at
               && (lines[at - 1].score < moved.score
                   || (lines[at - 1].score == moved.score && lines[at - 1].security > moved.security))) {
            lines[at] = lines[at - 1];
            at--;
        }
        lines[at] = moved;
    }
}

/* exp(score) by the table of probabilities, as odds against the best line, of 65536. */
static uint64_t odds_of(int32_t score) {
    uint64_t p = resolve_probability(score);
    return p * 65536 / (65536 - p);
}

/* Shares of a whole. */
static void share_confidence(resolve_line *lines, size_t n) {
    uint64_t sum = 65536;
    for (size_t i = 1; i < n; i++) sum += odds_of(lines[i].score - lines[0].score);
    lines[0].confidence = (uint16_t)((uint64_t)65536 * 65535 / sum);
    for (size_t i = 1; i < n; i++)
        lines[i].confidence = (uint16_t)(odds_of(lines[i].score - lines[0].score) * 65535 / sum);
}

/* Most names have one line and nothing to choose. */
static bool add_only_line(resolve_state *resolver, const resolve_place *place, uint32_t security) {
    resolve_line *line = append_line(resolver);
    if (!line) return false;
    *line = (resolve_line){.security = security, .confidence = 65535, .evidence = resolve_bit(FEATURE_ONLY_LINE)};
    if (names_line(resolver, place, security)) line->evidence |= resolve_bit(FEATURE_LINE_CODE);
    if (resolver->options.as_of && is_not_yet_listed(resolver, security))
        line->evidence |= resolve_bit(FEATURE_NOT_YET_LISTED);
    return true;
}

static bool add_lines(resolve_state *resolver, uint32_t first, const resolve_place *place) {
    const dict_view *view = resolver->view;
    for (uint32_t i = 0; i < place->n_codes; i++) {
        uint32_t security = dict_successor(view, resolver->codes[place->first_code + i]);
        if (!add_line(resolver, first, security, 0)) return false;
    }
    const dict_surface *surface = &view->surfaces[place->surface];
    for (uint32_t i = 0; !place->is_code && i < surface->n; i++)
        if (!add_lines_of_name(resolver, first, place, &view->names[dict_surface_name(view, surface, i)])) return false;
    drop_lines_to_come(resolver, first);
    return true;
}

/* -W and its like are of the short names of one market, which is said outright by them; where two markets write them
 * so, it is the one where the company's name has it. */
static void hear_class(const resolve_state *resolver, line_context *context) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[context->place->surface];
    uint32_t markets = context->place->class_markets, own = 0;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        if (name->classed) own |= view->securities[name->security].markets & markets;
    }
    context->markets = (markets & (markets - 1)) && own ? own : markets;
    context->is_said = true;
}

static bool choose_among(resolve_state *resolver, const resolve_place *place, uint32_t first, uint32_t *n) {
    if (!add_lines(resolver, first, place)) return false;
    *n = (uint32_t)(resolver->n_lines - first);
    if (*n == 0) return true;
    resolve_line *lines = resolver->lines + first;
    line_context context = {.place = place};
    if (*n > 1 && !place->is_code && !find_markets(resolver, place, &context.markets, &context.is_said)) return false;
    if (place->class_markets) hear_class(resolver, &context);
    for (uint32_t i = 0; i < *n; i++) {
        lines[i].score += line_score(resolver, &context, &lines[i]);
        if (is_not_yet_listed(resolver, lines[i].security)) lines[i].evidence |= resolve_bit(FEATURE_NOT_YET_LISTED);
    }
    if (*n == 1) {
        lines->confidence = 65535;
        lines->evidence |= resolve_bit(FEATURE_ONLY_LINE);
    } else {
        sort_lines(lines, *n);
        share_confidence(lines, *n);
    }
    return true;
}

bool resolve_choose_lines(resolve_state *resolver, const resolve_place *place, uint32_t *first, uint32_t *n) {
    uint32_t only = place->is_code ? dict_none : resolver->view->surfaces[place->surface].line;
    *first = (uint32_t)resolver->n_lines;
    *n = 1;
    return only != dict_none ? add_only_line(resolver, place, only) : choose_among(resolver, place, *first, n);
}
