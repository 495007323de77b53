/* The way of a wave of documents: places are looked at, paired and scored; what is certain helps to score the rest of its
 * document; then the leftmost longest that hold are taken, and each gets its line. */
#include <stdlib.h>
#include <string.h>

#include "resolve/places.h"

enum { CERTAIN = 300 }; /* hundredths of a nat: twenty to one */

/* --- Memory ----------------------------------------------------------------------------------------------------------- */

enum { LONG_CODE = 5 }; /* digits, the fewest that a notation takes */

static dict_feature evidence_of(const dict_view *view, uint32_t notation) {
    const char *evidence = dict_cell(view, DICT_NOTATIONS, notation, NOTATION_EVIDENCE);
    if (strcmp(evidence, "strong") == 0) return FEATURE_STRONG_CODE;
    if (strcmp(evidence, "bracket") == 0) return FEATURE_BRACKET_CODE;
    bool is_digits = strcmp(dict_cell(view, DICT_NOTATIONS, notation, NOTATION_START), "digit") == 0;
    bool is_long = strtol(dict_cell(view, DICT_NOTATIONS, notation, NOTATION_MIN), NULL, 10) >= LONG_CODE;
    return is_digits && is_long ? FEATURE_WEAK_DIGITS : FEATURE_WEAK_CODE;
}

static size_t seen_size(const resolve_state *resolver) {
    return ((size_t)resolver->view->n_securities + 1) * sizeof *resolver->issuer_seen;
}

resolve_state *resolve_new(const dict_view *view, const resolve_model *models, const sm_allocator *allocator,
                           uint32_t kernel) {
    resolve_state *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return NULL;
    *made = (resolve_state){.view = view, .models = models, .model = models, .allocator = allocator, .kernel = kernel};
    size_t size = seen_size(made);
    made->issuer_seen = allocator->allocate(allocator->context, size);
    made->line_seen = allocator->allocate(allocator->context, size);
    uint32_t n_notations = view->tables[DICT_NOTATIONS].n_rows;
    made->code_features = allocator->allocate(allocator->context, n_notations + 1);
    if (!made->issuer_seen || !made->line_seen || !made->code_features) {
        resolve_free(made);
        return NULL;
    }
    for (uint32_t i = 0; i < n_notations; i++) made->code_features[i] = (uint8_t)evidence_of(view, i);
    memset(made->issuer_seen, 0, size);
    memset(made->line_seen, 0, size);
    return made;
}

void resolve_free(resolve_state *resolver) {
    if (!resolver) return;
    const sm_allocator *allocator = resolver->allocator;
    void *const blocks[] = {
        resolver->runs,     resolver->places,       resolver->some,          resolver->codes,        resolver->mentions,
        resolver->beside,   resolver->lines,        resolver->issuer_seen,   resolver->line_seen,    resolver->unknown,
        resolver->findings, resolver->market_words, resolver->code_features, resolver->explanations, resolver};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
}

void resolve_model_read(const dict_view *view, uint32_t scope, resolve_model *model) {
    *model = (resolve_model){0};
    for (uint32_t i = 0; i < view->tables[DICT_CONTEXT].n_rows; i++) {
        uint32_t feature = dict_feature_find(base_slice_of(dict_cell(view, DICT_CONTEXT, i, 0)));
        const char *broad = dict_cell(view, DICT_CONTEXT, i, CONTEXT_BROAD);
        bool is_other = scope == SM_SCOPE_BROAD && broad[0];
        const char *cell = is_other ? broad : dict_cell(view, DICT_CONTEXT, i, CONTEXT_WEIGHT);
        int32_t weight = (int32_t)strtol(cell, NULL, 10);
        if (feature < DICT_N_FEATURES) model->weights[feature] = weight;
    }
    for (uint32_t feature = 0; feature < DICT_N_FEATURES; feature++)
        for (uint32_t set = 0; set < 256; set++)
            if (set >> feature % 8 & 1) model->sums[feature / 8][set] += model->weights[feature];
}

/* --- Taking documents in ----------------------------------------------------------------------------------------------- */

static const uint64_t first_wave = (uint64_t)1 << RESOLVE_MOST_DOCUMENTS;

void resolve_begin(resolve_state *resolver, const resolve_options *options, uint32_t n_documents) {
    resolver->options = *options;
    resolver->model = &resolver->models[options->scope];
    resolver->n_runs = resolver->n_places = resolver->n_codes = resolver->n_mentions = resolver->n_lines = 0;
    resolver->n_some = resolver->n_unknown = resolver->n_reported = resolver->n_findings = 0;
    resolver->market_run = dict_none;
    resolver->doubted = 0;
    for (uint32_t i = 0; i < n_documents; i++) resolver->n_certain[i] = 0;
    resolver->wave += first_wave;
    if (resolver->wave == 0) { /* after 65,535 waves the numbers begin again */
        memset(resolver->issuer_seen, 0, seen_size(resolver));
        memset(resolver->line_seen, 0, seen_size(resolver));
        resolver->wave = first_wave;
    }
}

/* There is room for all candidates before the first is added. */
static inline resolve_place *add_place(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    resolve_place *place = &resolver->places[resolver->n_places++];
    *place = (resolve_place){.start = candidate->start,
                             .end = candidate->end,
                             .run = run,
                             .document = (uint8_t)resolver->runs[run].document,
                             .code_beside = dict_none};
    return place;
}

/* A share-class mark such as -W or －ＳＷ behind a name, which no word goes on behind, belongs to the name. */
static void take_class_mark(const dict_view *view, base_slice text, resolve_place *place) {
    enum { LONGEST = 3 };
    char folded[LONGEST];
    size_t n = 0, at = place->end;
    while (at < text.len) {
        uint32_t c;
        unsigned len = base_utf8_read(text.bytes + at, &c);
        c = dict_fold_char(view, c);
        if (n ? !dict_is_latin(c) : c != '-') break;
        if (n == LONGEST || c >= 0x80) return;
        folded[n++] = (char)c;
        at += len;
    }
    place->class_markets = dict_class_mark((base_slice){folded, n});
    if (place->class_markets) place->end = at;
}

enum { SHORT_CHARACTERS = 3 };

/* N and C stand before a name in the first days after it was listed: N金山 of 2019 is not 金山股份 of 2001. An unknown day
 * rules nothing out. */
static bool is_mark_in_time(const dict_view *view, int32_t as_of, base_slice mark, const dict_surface *surface) {
    enum { DAYS_AROUND = 30 };
    uint32_t c;
    base_utf8_read(mark.bytes, &c);
    c = dict_fold_char(view, c);
    if (!as_of || base_utf8_len(mark.bytes) != mark.len || (c != 'n' && c != 'c')) return true;
    for (uint32_t i = 0; i < surface->n; i++) {
        int32_t listed = view->securities[view->names[dict_surface_name(view, surface, i)].security].listed;
        int32_t days = listed ? base_date_days(as_of) - base_date_days(listed) : 0;
        if (days <= DAYS_AROUND && days >= -DAYS_AROUND) return true;
    }
    return false;
}

/* Whoever is taken is asked for these later. Where there is no number, any address does. */
static inline void prefetch_meant(const resolve_state *resolver, const dict_surface *surface) {
    const dict_view *view = resolver->view;
    uint32_t issuer = surface->issuer != dict_none ? surface->issuer : 0;
    uint32_t security = surface->line != dict_none ? surface->line : issuer;
    __builtin_prefetch(&view->securities[security]);
    __builtin_prefetch(&view->choices[surface->choices != dict_none ? surface->choices : 0]);
}

static inline void add_name(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[candidate->index];
    resolve_place *place = add_place(resolver, candidate, run);
    const resolve_run *in = &resolver->runs[run];
    prefetch_meant(resolver, surface);
    place->surface = candidate->index;
    place->issuer = surface->issuer;
    place->surface_flags = surface->flags;
    place->is_short = surface->n_chars <= SHORT_CHARACTERS;
    base_slice mark = {in->text.bytes + candidate->start, candidate->mark};
    place->has_mark = mark.len && is_mark_in_time(view, in->as_of, mark, surface);
    if (!place->has_mark) place->start += mark.len;
    if (surface->flags & DICT_SURFACE_CLASSED) take_class_mark(view, in->text, place);
    place->features = surface->features;
}

/* Securities that share a code come one after the other and become one place. */
static void add_code(resolve_state *resolver, const scan_candidate *candidate, uint32_t run) {
    if (candidate->index == dict_none) return;
    resolve_place *last = resolver->n_places ? &resolver->places[resolver->n_places - 1] : NULL;
    bool is_same = last && last->is_code && last->run == run && last->start == candidate->start
                   && last->end == candidate->end;
    uint32_t issuer = resolve_issuer(resolver, candidate->index);
    __builtin_prefetch(&resolver->line_seen[candidate->index]);
    resolver->codes[resolver->n_codes++] = candidate->index;
    if (is_same) {
        last->n_codes++;
        if (last->issuer != issuer) last->issuer = dict_none;
        return;
    }
    resolve_place *place = add_place(resolver, candidate, run);
    resolver->some[resolver->n_some++] = (uint32_t)resolver->n_places - 1;
    place->is_code = true;
    place->first_code = (uint32_t)resolver->n_codes - 1;
    place->n_codes = 1;
    place->issuer = issuer;
    place->surface = candidate->notation;
    place->features = resolve_bit((dict_feature)resolver->code_features[candidate->notation]);
}

static bool make_room(resolve_state *resolver, size_t n_runs, size_t n_candidates) {
    const sm_allocator *allocator = resolver->allocator;
    return base_grow(allocator, (void **)&resolver->runs, &resolver->runs_capacity, resolver->n_runs + n_runs,
                     sizeof *resolver->runs)
           && base_grow(allocator, (void **)&resolver->beside, &resolver->beside_capacity,
                        resolver->n_places + n_candidates, sizeof *resolver->beside)
           && base_grow(allocator, (void **)&resolver->places, &resolver->places_capacity,
                        resolver->n_places + n_candidates, sizeof *resolver->places)
           && base_grow(allocator, (void **)&resolver->some, &resolver->some_capacity,
                        resolver->n_places + n_candidates + 1, sizeof *resolver->some)
           && base_grow(allocator, (void **)&resolver->codes, &resolver->codes_capacity,
                        resolver->n_codes + n_candidates, sizeof *resolver->codes);
}

/* Nobody asked for a code's security yet, and in long runs the surfaces have left the cache since they were scanned. Which
 * of them it is, is looked up, since a branch would be guessed wrong. */
static inline void prefetch(const dict_view *view, const scan_candidate *candidate) {
    static const size_t sizes[] = {[SCAN_NAME] = sizeof *view->surfaces, [SCAN_CODE] = sizeof *view->securities};
    const char *const tables[] = {
        [SCAN_NAME] = (const char *)view->surfaces, [SCAN_CODE] = (const char *)view->securities};
    size_t index = candidate->index != dict_none ? candidate->index : 0;
    __builtin_prefetch(tables[candidate->kind] + index * sizes[candidate->kind]);
}

bool resolve_add_runs(resolve_state *resolver, const resolve_run *runs, size_t n_runs, const scan_list *candidates) {
    enum { AHEAD = 8 };
    const size_t n = candidates->n;
    const uint32_t first_run = (uint32_t)resolver->n_runs, first_place = (uint32_t)resolver->n_places;
    if (!make_room(resolver, n_runs, n)) return false;
    memcpy(resolver->runs + first_run, runs, n_runs * sizeof *runs);
    resolver->n_runs += n_runs;
    for (size_t i = 0; i < n && i < AHEAD; i++) prefetch(resolver->view, &candidates->items[i]);
    for (size_t i = 0; i < n; i++) {
        const scan_candidate *candidate = &candidates->items[i];
        prefetch(resolver->view, &candidates->items[i + AHEAD < n ? i + AHEAD : i]);
        if (candidate->kind == SCAN_CODE) add_code(resolver, candidate, first_run + candidate->run);
        else add_name(resolver, candidate, first_run + candidate->run);
    }
    const resolve_options *asked = &resolver->options;
    bool are_unknown_asked = asked->reports_unlisted || asked->is_checking || asked->is_counting;
    return !are_unknown_asked || resolve_keep_unknown(resolver, candidates, first_run, first_place);
}

/* --- What is certain -------------------------------------------------------------------------------------------------- */

static uint64_t document_bit(const resolve_state *resolver, uint32_t document) {
    return resolver->wave | (uint64_t)1 << document;
}

/* Enters a document where others of the wave may be. */
static uint64_t with_document(uint64_t seen, uint64_t document) {
    return ((seen ^ document) & RESOLVE_WAVE_BITS ? 0 : seen) | document;
}

static void be_certain(resolve_state *resolver, uint32_t issuer, uint32_t document) {
    uint64_t *seen = &resolver->issuer_seen[issuer], bit = document_bit(resolver, document);
    resolver->n_certain[document] += !resolve_is_seen(*seen, bit);
    *seen = with_document(*seen, bit);
}

static void see_line(resolve_state *resolver, uint32_t security, uint32_t document) {
    uint64_t *seen = &resolver->line_seen[security];
    *seen = with_document(*seen, document_bit(resolver, document));
}

void resolve_add_link(resolve_state *resolver, uint32_t document, uint32_t security) {
    be_certain(resolver, resolve_issuer(resolver, security), document);
    see_line(resolver, security, document);
}

/* --- Scoring ---------------------------------------------------------------------------------------------------------- */

/* A name that a table allows beside its code only has that code beside it. */
bool resolve_has_what_it_needs(const resolve_place *place) {
    return place->code_beside != dict_none || place->has_mark || !(place->surface_flags & DICT_SURFACE_CODE_ONLY);
}

static inline bool is_certain(const resolve_place *place) {
    return place->is_taken & (place->score >= CERTAIN);
}

/* What a place that is certain says for others. */
static void note_certain(resolve_state *resolver, const resolve_place *place) {
    uint32_t document = place->document;
    if (place->issuer != dict_none) be_certain(resolver, place->issuer, document);
    for (uint32_t c = 0; c < place->n_codes; c++)
        see_line(resolver, dict_successor(resolver->view, resolver->codes[place->first_code + c]), document);
}

/* Whether a place that begins inside one that was taken, and ends behind it, is meant in its stead: its own code stands
 * behind it, as in 套现3100万华懋科技(603306), or it is sure and the other hardly is. */
static bool outdoes(resolve_state *resolver, const resolve_place *holder, resolve_place *place) {
    enum { HARDLY = 200, MUCH = 250 };
    bool has_code = place->code_beside != dict_none && holder->code_beside == dict_none;
    if (place->is_code || holder->is_code || (!has_code && holder->score >= HARDLY)) return false;
    if (!place->is_looked_at) resolve_look_around(resolver, place);
    return place->score >= RESOLVE_THRESHOLD && (has_code || place->score - holder->score >= MUCH);
}

/* Leftmost first, of one start the longest; what does not hold gives way to the next, and what hardly does to one across
 * its end. A place inside one that is taken is not even looked at: most are parts of longer names. A name that is never to be matched is not matched in part either.
 * `documents` has a bit for each that this is done in; `some` becomes those places that were looked at. */
static void take(resolve_state *resolver, uint64_t documents, bool is_first) {
    size_t end = 0, never_end = 0;
    uint32_t run = dict_none;
    resolve_place *holder = NULL; /* the last that was taken */
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolve_place *place = &resolver->places[i];
        if (!(documents >> place->document & 1)) continue;
        bool is_same_run = place->run == run;
        run = place->run;
        end *= is_same_run; /* without a branch: runs are short */
        never_end *= is_same_run;
        place->is_taken = false;
        if (place->surface_flags & DICT_SURFACE_NEVER && place->end > never_end) never_end = place->end;
        if (place->end <= never_end && !place->is_code) continue;
        if (place->start < end) {
            if (place->end <= end || place->start == holder->start || !outdoes(resolver, holder, place)) continue;
            holder->is_taken = false;
            resolver->doubted |= (uint64_t)is_first << place->document;
        }
        if (!place->is_looked_at) resolve_look_around(resolver, place);
        resolver->some[resolver->n_some++] = i;
        place->is_taken = place->score >= RESOLVE_THRESHOLD && resolve_has_what_it_needs(place);
        end = place->is_taken ? place->end : end;
        holder = place->is_taken ? place : holder;
        if (!place->is_taken && resolve_is_part_of_longer(place) && place->end > never_end) never_end = place->end;
        if (is_first & is_certain(place)) note_certain(resolver, place);
    }
}

static inline bool is_issuer_certain(const resolve_state *resolver, uint32_t issuer, uint32_t document) {
    return resolve_is_seen(resolver->issuer_seen[issuer], document_bit(resolver, document));
}

/* Is one of the issuers certain that this place can mean? */
static bool is_any_certain(const resolve_state *resolver, const resolve_place *place) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    uint32_t n = place->is_code ? place->n_codes : surface->n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t security = place->is_code ? resolver->codes[place->first_code + i]
                                           : view->names[dict_surface_name(view, surface, i)].security;
        if (is_issuer_certain(resolver, resolve_issuer(resolver, security), place->document)) return true;
    }
    return false;
}

/* What the rest of the document says for a place, without a branch where it can mean one issuer only. */
static inline uint64_t certain_features(const resolve_state *resolver, const resolve_place *place) {
    bool is_itself = is_certain(place), has_others = resolver->n_certain[place->document] > is_itself;
    bool is_elsewhere = place->issuer == dict_none ? has_others && is_any_certain(resolver, place)
                                                   : is_issuer_certain(resolver, place->issuer, place->document);
    return (uint64_t)has_others << FEATURE_OTHER_MENTIONS
           | (uint64_t)(has_others & !is_itself & is_elsewhere) << FEATURE_ISSUER_ELSEWHERE;
}

/* Most places are too far apart for a list, which is told here without a call. */
static inline bool are_neighbours(const resolve_state *resolver, const resolve_place *left,
                                  const resolve_place *right) {
    return left->run == right->run && right->start >= left->end && right->start - left->end <= RESOLVE_LIST_GAP
           && resolve_are_listed(resolver, left, right);
}

_Static_assert(FEATURE_ISSUER_ELSEWHERE / 8 == FEATURE_OTHER_MENTIONS / 8, "the second look weighs them at once");

/* Adds what the second look found: features of one eight. @return whether the place holds now and did not before, or the
 * other way round. */
static inline bool change(const resolve_state *resolver, resolve_place *place, uint64_t features, uint32_t eight) {
    bool did_hold = place->score >= RESOLVE_THRESHOLD;
    place->score += resolver->model->sums[eight][(features & ~place->features) >> 8 * eight & 255];
    place->features |= features;
    return did_hold != (place->score >= RESOLVE_THRESHOLD);
}

static inline bool put_in_list(const resolve_state *resolver, resolve_place *place) {
    return change(resolver, place, resolve_bit(FEATURE_LIST_NEIGHBOUR), FEATURE_LIST_NEIGHBOUR / 8);
}

/* A code that holds by now speaks for the next one of its list, as a name does only once it was taken. */
static inline bool speaks_for_others(const resolve_place *place) {
    return place->is_taken | (place->is_code & place->is_looked_at & (place->score >= 0));
}

/* … and for those before it, one after the other, back to the first that held already. */
static bool spread_back(resolve_state *resolver, size_t i) {
    bool has_changed = false;
    while (i > 0) {
        resolve_place *right = &resolver->places[resolver->some[i]], *left = &resolver->places[resolver->some[--i]];
        if (!left->is_code || !left->is_looked_at || left->score >= 0) break;
        if (!are_neighbours(resolver, left, right)) break;
        has_changed |= put_in_list(resolver, left);
        if (left->score < 0) break;
    }
    return has_changed;
}

/* Of two neighbours in a list each speaks for the other, if it is taken itself. Those of some[i] are the last that was
 * taken before it, `last_taken`, and, where it is taken itself, those behind that one. */
static bool look_at_list(resolve_state *resolver, size_t last_taken, size_t i, bool are_looked_at) {
    resolve_place *right = &resolver->places[resolver->some[i]];
    bool has_changed = false;
    for (size_t k = last_taken, end = right->is_taken ? i : last_taken + 1; k < end; k++) {
        resolve_place *left = &resolver->places[resolver->some[k]];
        bool left_speaks = speaks_for_others(left);
        if (!(left_speaks | right->is_taken) || !are_neighbours(resolver, left, right)) continue;
        if (left_speaks && right->is_looked_at == are_looked_at) has_changed |= put_in_list(resolver, right);
        if (right->is_taken && left->is_looked_at == are_looked_at) has_changed |= put_in_list(resolver, left);
    }
    if (are_looked_at && right->is_code && speaks_for_others(right)) has_changed |= spread_back(resolver, i);
    return has_changed;
}

/* What only the second look can tell of some places: the rest of the document and the neighbours in a list, which are
 * taken. Of those that were looked at, or of the others: these matter only once something has changed.
 * @return a bit for each document where a place holds now and did not before, or the other way round. */
static uint64_t look_again(resolve_state *resolver, bool are_looked_at) {
    uint64_t changed = 0;
    uint32_t run = dict_none;
    size_t last_taken = 0, reach = 0; /* nothing from there on is a neighbour of what came before */
    for (size_t i = 0; i < resolver->n_some; i++) {
        resolve_place *place = &resolver->places[resolver->some[i]];
        bool has_changed = false;
        if (place->is_looked_at == are_looked_at)
            has_changed = change(resolver, place, certain_features(resolver, place), FEATURE_OTHER_MENTIONS / 8);
        reach *= place->run == run;
        run = place->run;
        if (place->start < reach) has_changed |= look_at_list(resolver, last_taken, i, are_looked_at);
        changed |= (uint64_t)has_changed << place->document;
        size_t own_reach = place->end + RESOLVE_LIST_GAP + 1;
        reach = own_reach > reach ? own_reach : reach;
        last_taken = speaks_for_others(place) ? i : last_taken;
    }
    return changed;
}

void resolve_look_at_rest(resolve_state *resolver, uint64_t documents) {
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolver->some[resolver->n_some] = i;
        resolver->n_some += documents >> resolver->places[i].document & 1;
    }
    look_again(resolver, false);
}

/* --- Mentions --------------------------------------------------------------------------------------------------------- */

uint32_t resolve_name_row(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    const dict_view *view = resolver->view;
    const dict_surface *surface = &view->surfaces[place->surface];
    uint32_t fallback = dict_surface_name(view, surface, 0);
    for (uint32_t i = 0; i < surface->n; i++) {
        uint32_t name = dict_surface_name(view, surface, i);
        if (view->names[name].security == security) return name;
        if (resolve_issuer(resolver, view->names[name].security) == resolve_issuer(resolver, security)) fallback = name;
    }
    return fallback;
}

/* The name that the chosen line's issuer goes by here; of a code, the code. */
static uint32_t name_of(const resolve_state *resolver, const resolve_place *place, uint32_t security, uint32_t then) {
    const dict_view *view = resolver->view;
    if (place->is_code) return view->securities[then].code;
    const dict_surface *surface = &view->surfaces[place->surface];
    if (surface->name != dict_none) return surface->name;
    return view->names[resolve_name_row(resolver, place, security)].text;
}

/* The line that had this one's place on the as-of day, such as XNAS:FB before XNAS:META. */
static uint32_t line_then(const resolve_state *resolver, const resolve_place *place, uint32_t security) {
    const dict_view *view = resolver->view;
    for (uint32_t i = 0; i < place->n_codes; i++) {
        uint32_t code = resolver->codes[place->first_code + i];
        if (code != security && dict_successor(view, code) == security) return code;
    }
    return resolver->as_of ? dict_line_on(view, security, resolver->as_of) : security;
}

static bool add_mention(resolve_state *resolver, const resolve_place *place, uint16_t confidence) {
    uint32_t first, n;
    if (!resolve_choose_lines(resolver, place, &first, &n)) return false;
    if (n == 0) return true;
    if (!base_grow(resolver->allocator, (void **)&resolver->mentions, &resolver->mentions_capacity,
                   resolver->n_mentions + 1, sizeof *resolver->mentions))
        return false;
    uint32_t security = resolver->lines[first].security, then = line_then(resolver, place, security);
    uint64_t evidence = (place->features & DICT_FEATURE_BITS) | resolver->lines[first].evidence;
    if (then != security) evidence |= resolve_bit(FEATURE_SUCCESSOR);
    resolver->mentions[resolver->n_mentions++] = (resolve_mention){
        .run = place->run,
        .kind = place->is_code ? SM_KIND_CODE : SM_KIND_NAME,
        .role = resolve_role(resolver, place),
        .start = place->start,
        .end = place->end,
        .name = name_of(resolver, place, security, then),
        .security = security,
        .then = then,
        .first_line = first,
        .n_lines = n,
        .confidence = confidence,
        .evidence = evidence,
    };
    return true;
}

void resolve_enter_document(resolve_state *resolver, const resolve_place *place) {
    resolver->document = document_bit(resolver, place->document);
    resolver->as_of = resolver->runs[place->run].as_of;
}

/* Told apart before they are gone over, without a branch. */
static void choose_taken(resolve_state *resolver) {
    resolver->n_some = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        resolver->some[resolver->n_some] = i;
        resolver->n_some += resolver->places[i].is_taken;
    }
}

static bool add_mentions(resolve_state *resolver) {
    for (size_t i = 0; i < resolver->n_some; i++) {
        const resolve_place *place = &resolver->places[resolver->some[i]];
        uint16_t confidence = resolve_probability(place->score);
        resolve_enter_document(resolver, place);
        if (confidence >= resolver->options.min_confidence && !add_mention(resolver, place, confidence)) return false;
    }
    return !resolver->options.reports_unlisted || !resolver->n_unknown || resolve_report_unknown(resolver);
}

sm_status resolve_finish(resolve_state *resolver) {
    if (resolver->n_places + resolver->n_unknown == 0) return SM_OK;
    resolve_pair_codes(resolver);
    resolve_look_beside(resolver);
    take(resolver, UINT64_MAX, true);
    uint64_t changed = look_again(resolver, true) | resolver->doubted;
    if (changed) { /* places in others that were taken are looked at now that some of those may not hold */
        resolve_look_at_rest(resolver, changed);
        take(resolver, changed, false);
    }
    choose_taken(resolver);
    if (!add_mentions(resolver)) return SM_ERR_NOMEM;
    return !resolver->options.is_checking || resolve_check(resolver) ? SM_OK : SM_ERR_NOMEM;
}

static void give_back(resolve_state *resolver, void **items, size_t *capacity, size_t item_size) {
    base_give_back(resolver->allocator, items, capacity, 0, item_size);
}

void resolve_forget_places(resolve_state *resolver) {
    give_back(resolver, (void **)&resolver->places, &resolver->places_capacity, sizeof *resolver->places);
    give_back(resolver, (void **)&resolver->beside, &resolver->beside_capacity, sizeof *resolver->beside);
    give_back(resolver, (void **)&resolver->some, &resolver->some_capacity, sizeof *resolver->some);
    give_back(resolver, (void **)&resolver->codes, &resolver->codes_capacity, sizeof *resolver->codes);
    resolver->n_places = resolver->n_some = resolver->n_codes = 0;
}

void resolve_forget(resolve_state *resolver) {
    resolve_forget_places(resolver);
    give_back(resolver, (void **)&resolver->runs, &resolver->runs_capacity, sizeof *resolver->runs);
    give_back(resolver, (void **)&resolver->mentions, &resolver->mentions_capacity, sizeof *resolver->mentions);
    give_back(resolver, (void **)&resolver->lines, &resolver->lines_capacity, sizeof *resolver->lines);
    resolver->n_runs = resolver->n_mentions = resolver->n_lines = 0;
}

const resolve_mention *resolve_mentions(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_mentions;
    return resolver->mentions;
}

const resolve_line *resolve_lines(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_lines;
    return resolver->lines;
}

const resolve_finding *resolve_findings(const resolve_state *resolver, size_t *n) {
    *n = resolver->n_findings;
    return resolver->findings;
}

const resolve_run *resolve_runs(const resolve_state *resolver) {
    return resolver->runs;
}
