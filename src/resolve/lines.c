/* Which line of which issuer: every line that the place could mean gets a score; the highest is meant. */
#include "resolve/places.h"

/* Scores, in hundredths of a nat, that are no features, besides those of the dictionary's names. */
enum {
    ISSUER_SEEN = 300,
    NAMED_BESIDE = 600,
    GONE = -400,
    TRADITIONAL = 250 /* as much as a word of the market */,
    PREFERRED_STEP = 150 /* above what makes a home line */,
    SAID_OUTRIGHT = 3 /* times the weight */
};

enum { MONTHS_AROUND = 120 /* days: names and listings count some months around a change */ };

/* --- Scores ----------------------------------------------------------------------------------------------------------- */

/* Around the days that a name was in use; never when the day of the text is not known. */
static bool is_in_time(const dict_name *name, int32_t as_of) {
    return as_of && (!name->from || !resolve_is_before(as_of, name->from, MONTHS_AROUND))
           && (!name->to || resolve_is_before(as_of, name->to, -MONTHS_AROUND));
}

/* How well one name fits: as itself, with its mark, and on the day of the text. */
static int32_t name_score(const resolve_state *resolver, const resolve_place *place, const dict_name *name) {
    int32_t as_of = resolver->as_of, score = dict_name_score(resolver->view, place->surface, name);
    if ((as_of || name->kind == DICT_FORMER) && !is_in_time(name, as_of)) score += DICT_OUT_OF_TIME;
    if (name->marked && !place->has_mark) score += DICT_UNMARKED;
    if (!name->marked && place->has_mark) score += DICT_UNMARKED / 2;
    return score;
}

typedef struct line_context {
    const resolve_place *place;
    uint32_t markets; /* the class of the market words around; 0 when there are several, or none */
    bool is_said;     /* one stands right beside the name: 比亚迪A股 */
    uint32_t written; /* the class of the market that writes names so; 0: any */
} line_context;

static bool names_line(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    if (place->code_beside == dict_none) return false;
    const resolve_place *code = &resolver->places[place->code_beside];
    for (uint32_t i = 0; i < code->n_codes; i++)
        if (dict_successor(resolver->view, resolver->codes[code->first_code + i]) == security) return true;
    return false;
}

/* What a feature gives, where it holds: without a branch, since no predictor knows. */
static int32_t weigh(const resolve_state *resolver, resolve_line *line, dict_feature feature, bool holds) {
    line->evidence |= (uint64_t)holds << feature;
    return resolver->model->weights[feature] * holds;
}

static void score_line(const resolve_state *resolver, const line_context *context, resolve_line *line) {
    const dict_security *s = &resolver->view->securities[line->security];
    const resolve_options *options = &resolver->options;
    bool is_seen = resolve_seen_has(&resolver->seen_lines, line->security, resolver->document);
    bool is_gone = s->status != SM_SECURITY_ACTIVE
                   && !(resolver->as_of && s->delisted && resolver->as_of < s->delisted);
    int32_t market = weigh(resolver, line, FEATURE_MARKET_WORD, (context->markets & s->markets) != 0);
    line->score += weigh(resolver, line, FEATURE_HOME_LINE, s->issuer == line->security)
                   + weigh(resolver, line, FEATURE_LINE_CODE, names_line(resolver, context->place, line->security))
                   + weigh(resolver, line, FEATURE_LINE_CODE, is_seen) / 4
                   + market * (context->is_said ? SAID_OUTRIGHT : 1) + (is_gone ? GONE : 0)
                   + (context->written & s->markets ? TRADITIONAL : 0);
    for (size_t i = 0; i < options->n_prefer; i++)
        if (options->prefer[i] == s->mic)
            line->score += weigh(resolver, line, FEATURE_PREFERRED, true)
                           + PREFERRED_STEP * (int32_t)(options->n_prefer - i);
}

/* --- Candidates ------------------------------------------------------------------------------------------------------- */

/* Room for `n` more lines, which are theirs who asked; NULL when memory ran out. */
static inline resolve_line *append_lines(resolve_state *resolver, size_t n) {
    if (!base_grow(resolver->allocator, (void **)&resolver->lines, &resolver->lines_capacity, resolver->n_lines + n,
                   sizeof(resolve_line)))
        return NULL;
    resolver->n_lines += n;
    return &resolver->lines[resolver->n_lines - n];
}

static bool add_line(resolve_state *resolver, uint32_t first, uint32_t security, int32_t score) {
    for (size_t i = first; i < resolver->n_lines; i++) {
        resolve_line *line = &resolver->lines[i];
        if (line->security != security) continue;
        if (score > line->score) line->score = score;
        return true;
    }
    if (resolver->n_lines - first == DICT_MOST_LINES) return true;
    resolve_line *added = append_lines(resolver, 1);
    if (added) *added = (resolve_line){.security = security, .score = score};
    return added != NULL;
}

/* An issuer that is certain elsewhere in the document is meant here rather than another one. */
static int32_t issuer_score(const resolve_state *resolver, uint32_t security) {
    return resolve_seen_has(&resolver->issuers, resolve_issuer(resolver, security), resolver->document) ? ISSUER_SEEN
                                                                                                        : 0;
}

static bool add_lines_of_name(resolve_state *resolver, uint32_t first, const resolve_place *place,
                              const dict_name *name) {
    const dict_view *view = resolver->view;
    int32_t score = name_score(resolver, place, name) + issuer_score(resolver, name->security);
    for (uint32_t i = 0, n = dict_n_lines(view, name->security); i < n; i++) {
        uint32_t line = dict_line(view, name->security, i);
        if (dict_name_means(view, name, line)
            && !add_line(resolver, first, line, score + dict_own_name_score(view, place->surface, name, line)))
            return false;
    }
    return true;
}

/* What add_lines_of_name() would give for all names of a surface, as the dictionary has it. */
static bool add_choices(resolve_state *resolver, const dict_surface *surface) {
    const dict_choice *choices = &resolver->view->choices[surface->choices];
    size_t n = choices->n_more + (size_t)1;
    resolve_line *lines = append_lines(resolver, n);
    for (size_t i = 0; lines && i < n; i++) {
        lines[i] = (resolve_line){.security = choices[i].security, .score = choices[i].score};
        if (surface->issuer == dict_none) lines[i].score += issuer_score(resolver, choices[i].security);
    }
    return lines != NULL;
}

static bool is_not_yet_listed(const resolve_state *resolver, uint32_t security) {
    if (!resolver->as_of) return false;
    const dict_security *s = &resolver->view->securities[security];
    return s->listed && resolver->as_of < s->listed;
}

/* A line that began well after the day of the text is out, unless nothing else is left. */
static void drop_lines_to_come(resolve_state *resolver, uint32_t first) {
    if (!resolver->as_of) return;
    size_t kept = first;
    bool was_dropped = false;
    for (size_t i = first; i < resolver->n_lines; i++) {
        const dict_security *s = &resolver->view->securities[resolver->lines[i].security];
        if (is_not_yet_listed(resolver, resolver->lines[i].security)
            && resolve_is_before(resolver->as_of, s->listed, MONTHS_AROUND / 4))
            was_dropped = true;
        else resolver->lines[kept++] = resolver->lines[i];
    }
    if (!was_dropped || kept == first) return; /* when all are to come, the caller marks them */
    resolver->n_lines = kept;
    for (size_t i = first; i < kept; i++) resolver->lines[i].evidence |= resolve_bit(FEATURE_AS_OF);
}

static bool comes_before(const resolve_line *a, const resolve_line *b) {
    return a->score != b->score ? a->score > b->score : a->security < b->security;
}

static void sort_lines(resolve_line *lines, size_t n) {
    for (size_t i = 1; i < n; i++) {
        if (!comes_before(&lines[i], &lines[i - 1])) continue;
        resolve_line moved = lines[i];
        size_t at = i;
        for (; at && comes_before(&moved, &lines[at - 1]); at--) lines[at] = lines[at - 1];
        lines[at] = moved;
    }
}

/* exp(score) by the table of probabilities, as odds against the best line, of 65536. */
static uint64_t odds_of(int32_t score) {
    uint64_t p = resolve_probability(score);
    return p * 65536 / (65536 - p);
}

/* Shares of a whole. Of many lines most have the score of the one before, and so its share: that costs no division. */
static void share_confidence(resolve_line *lines, size_t n) {
    uint64_t odds[DICT_MOST_LINES], sum = odds[0] = 65536;
    for (size_t i = 1; i < n; i++) {
        odds[i] = lines[i].score == lines[i - 1].score ? odds[i - 1] : odds_of(lines[i].score - lines[0].score);
        sum += odds[i];
    }
    lines[0].confidence = (uint16_t)(odds[0] * 65535 / sum);
    for (size_t i = 1; i < n; i++)
        lines[i].confidence = odds[i] == odds[i - 1] ? lines[i - 1].confidence : (uint16_t)(odds[i] * 65535 / sum);
}

/* Most names have one line and nothing to choose. */
static bool add_only_line(resolve_state *resolver, const resolve_place *place, uint32_t security) {
    resolve_line *line = append_lines(resolver, 1);
    if (!line) return false;
    *line = (resolve_line){.security = security, .confidence = 65535, .evidence = resolve_bit(FEATURE_ONLY_LINE)};
    if (names_line(resolver, place, security)) line->evidence |= resolve_bit(FEATURE_LINE_CODE);
    if (is_not_yet_listed(resolver, security)) line->evidence |= resolve_bit(FEATURE_NOT_YET_LISTED);
    return true;
}

/* Of issuers that share a code the one is meant whose name stands beside it, or that the document is about. */
static int32_t shared_code_score(const resolve_state *resolver, const resolve_place *code, uint32_t security) {
    bool is_named = code->code_beside != dict_none
                    && resolve_can_mean(resolver, &resolver->places[code->code_beside],
                                        resolve_issuer(resolver, security));
    return (is_named ? NAMED_BESIDE : 0) + issuer_score(resolver, security);
}

static bool add_lines_of_code(resolve_state *resolver, uint32_t first, const resolve_place *place) {
    for (uint32_t i = 0; i < place->n_codes; i++) {
        uint32_t security = dict_successor(resolver->view, resolver->codes[place->first_code + i]);
        int32_t score = place->n_codes > 1 ? shared_code_score(resolver, place, security) : 0;
        if (!add_line(resolver, first, security, score)) return false;
    }
    return true;
}

static bool add_lines_of_surface(resolve_state *resolver, uint32_t first, const resolve_place *place) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    bool is_known = surface->choices != dict_none && !place->has_mark
                    && (!resolver->as_of || !view->choices[surface->choices].is_dated);
    if (is_known) return add_choices(resolver, surface);
    for (uint32_t i = 0; i < surface->n; i++)
        if (!add_lines_of_name(resolver, first, place, &view->names[dict_surface_name(view, surface, i)])) return false;
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
    context->markets = own ? own : markets;
    context->is_said = true;
}

/* Hong Kong writes 中國移動, and without a word of another market means its own line. */
static uint32_t market_of_script(const resolve_state *resolver, const resolve_place *place) {
    base_slice text = resolve_text(resolver, place);
    uint32_t c;
    for (size_t at = place->start; at < place->end;) {
        at += base_utf8_read(text.bytes + at, &c);
        if (dict_is_han(c) && dict_fold_char(resolver->view, c) != c) return 1u << DICT_CLASS_MARKET_HK;
    }
    return 0;
}

static bool choose_among(resolve_state *resolver, const resolve_place *place, uint32_t first, uint32_t *n) {
    bool is_added = place->is_code ? add_lines_of_code(resolver, first, place)
                                   : add_lines_of_surface(resolver, first, place);
    if (!is_added) return false;
    drop_lines_to_come(resolver, first);
    *n = (uint32_t)(resolver->n_lines - first);
    if (*n == 0) return true;
    resolve_line *lines = resolver->lines + first;
    line_context context = {.place = place};
    if (*n > 1 && !place->is_code && !resolve_find_markets(resolver, place, &context.markets, &context.is_said))
        return false;
    if (place->class_markets) hear_class(resolver, &context);
    if (!context.markets && *n > 1 && !place->is_code) context.written = market_of_script(resolver, place);
    if (context.markets & (context.markets - 1)) context.markets = 0;
    for (uint32_t i = 0; i < *n; i++) {
        score_line(resolver, &context, &lines[i]);
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
