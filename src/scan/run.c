/* A run's way through the scan: the kernel writes down places block by block, and each gets its second look here. */
#include <string.h>

#include "scan/walk.h"

/* --- The second look -------------------------------------------------------------------------------------------------- */

/* Looks at the places of SCAN_HAN that have come together. */
static void look_at_names(walker *w, scan_shared *places) {
    scan_group *group = &w->group;
    bool is_copy = w->block.text != w->block.own;
    group->n = places->n;
    for (uint32_t i = 0; i < places->n; i++) {
        size_t at = scan_place_at(places->places[i]);
        const base_slice *run = &w->runs[places->runs[i]];
        size_t start = (size_t)(w->block.own + at - run->bytes), room = is_copy ? 255 : run->len - start;
        group->texts[i] = w->block.text + at;
        group->starts[i] = start;
        group->runs[i] = places->runs[i];
        group->room[i] = (uint8_t)(room > 255 ? 255 : room);
    }
    places->n = 0;
    scan_names_guess(w->view, w->runs, group);
    for (uint32_t i = 0; i < group->n && w->status == SM_OK; i++) {
        w->list->run = group->runs[i];
        if (!scan_names_take(w->view, w->runs[group->runs[i]], i, group, w->list)) no_memory(w);
    }
}

/* --- The order of candidates ------------------------------------------------------------------------------------------ */

/* By the run and the start, the longer first; names before codes, and those without a mark before those with one. */
static bool comes_before(const scan_candidate *a, const scan_candidate *b) {
    bool is_less = (a->kind < b->kind) | ((a->kind == b->kind) & (a->mark < b->mark));
    is_less = (a->end > b->end) | ((a->end == b->end) & is_less);
    is_less = (a->start < b->start) | ((a->start == b->start) & is_less);
    return (a->run < b->run) | ((a->run == b->run) & is_less);
}

/* From `words` on the list has what begins at words, from `names` on what begins elsewhere; each nearly in order. No
 * branch asks which comes next. */
static bool merge(scan_list *list, size_t words, size_t names) {
    size_t n_words = names - words;
    void *items = list->items;
    if (n_words == 0 || names == list->n) return true;
    if (!base_grow(list->allocator, &items, &list->capacity, list->n + n_words, sizeof *list->items)) return false;
    list->items = items;
    scan_candidate *out = &list->items[words];
    const scan_candidate *name = &list->items[names], *name_end = &list->items[list->n], *word = name_end,
                         *word_end = word + n_words;
    memcpy(&list->items[list->n], out, n_words * sizeof *out);
    while (word < word_end) { /* what is left of the names is where it belongs */
        size_t is_name = (name < name_end) & comes_before(name, word);
        *out++ = *(is_name ? name : word);
        name += is_name;
        word += 1 - is_name;
    }
    return true;
}

/* Candidates come nearly in order: a mark reaches back, and so does what is written before a code. */
static void sort_candidates(scan_list *list) {
    for (size_t i = 1; i < list->n; i++) {
        if (!comes_before(&list->items[i], &list->items[i - 1])) continue;
        scan_candidate moved = list->items[i];
        size_t at = i;
        while (at && comes_before(&moved, &list->items[at - 1])) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = moved;
    }
}

/* --- Which run a place lies in ---------------------------------------------------------------------------------------- */

typedef void look_at_places(walker *w, scan_shared *places);

enum { SIXTEEN = 16 };
static const scan_place behind_all = INT16_MAX; /* a block has fewer bytes than it has offsets */

static void end_places(scan_place *places) {
    for (int i = 0; i < SIXTEEN; i++) places[i] = behind_all;
}

/* How many of sixteen places are before `end`: the top bit of a difference says so, and no number is wider than a place.
 * Within another loop it would be unrolled before it became vectors. */
__attribute__((noinline)) static uint16_t count_before(const scan_place *places, scan_place end) {
    uint16_t n = 0;
    for (int i = 0; i < SIXTEEN; i++) n = (uint16_t)(n + ((uint16_t)(places[i] - end) >> 15));
    return n;
}

/* Takes the places before `end` for a run: sixteen at a time, so that no branch has to know how many there are. */
static const scan_place *take_places(walker *w, const scan_place *places, scan_place end, uint32_t run,
                                     scan_shared *taken, look_at_places *look) {
    for (;;) {
        uint32_t n = count_before(places, end), *runs = &taken->runs[taken->n];
        memcpy(&taken->places[taken->n], places, SIXTEEN * sizeof *places);
        for (int i = 0; i < SIXTEEN; i++) runs[i] = run;
        taken->n += n;
        if (taken->n + SIXTEEN > SCAN_GROUP) look(w, taken);
        if (n < SIXTEEN) return places + n;
        places += n;
    }
}

/* A word that begins a run begins there, whatever stands before it in memory. */
static bool begins_with(base_slice run, bool are_words) {
    unsigned char first = (unsigned char)*run.bytes;
    return run.len && (are_words ? scan_is_word(first) : scan_is_letter_lead(first));
}

/* Gives places of the block to the runs that they lie in, from `run` on. @return the first that reaches behind it. */
static uint32_t share_out(walker *w, const scan_place *places, bool are_words, uint32_t run, uint32_t n_runs) {
    look_at_places *look = are_words ? look_at_words : look_at_names;
    const char *own = w->block.own, *end = own + w->block.len;
    scan_shared taken;
    taken.n = 0;
    for (; run < n_runs && w->runs[run].bytes < end; run++) {
        base_slice r = w->runs[run];
        bool begins = r.bytes >= own, goes_on = r.bytes + r.len > end;
        size_t first = begins ? (size_t)(r.bytes - own) : 0;
        size_t last = goes_on ? w->block.len : (size_t)(r.bytes + r.len - own);
        while (scan_place_at(*places) < first) places++; /* between runs */
        if (begins && scan_place_at(*places) != first && begins_with(r, are_words)) {
            scan_place entered[1 + SIXTEEN] = {scan_place_of(first, are_words ? SCAN_WORD : SCAN_HAN)};
            end_places(entered + 1);
            take_places(w, entered, behind_all, run, &taken, look);
        }
        places = take_places(w, places, scan_place_of(last, SCAN_HAN), run, &taken, look);
        if (goes_on) break;
    }
    look(w, &taken);
    return run;
}

/* Looks at all places of a block, which begins in or before `run`. */
static uint32_t look_at_block(walker *w, scan_block block, unsigned char before, uint32_t run, uint32_t n_runs) {
    scan_places *places = w->places;
    size_t n_before = w->list->n;
    w->block = block;
    w->kernel(w->view, (const unsigned char *)block.text, block.len, before, places);
    end_places(places->names + places->n_names);
    end_places(places->words + places->n_words);
    share_out(w, places->words, true, run, n_runs);
    size_t n_words = w->list->n;
    run = share_out(w, places->names, false, run, n_runs);
    if (w->status == SM_OK && !merge(w->list, n_before, n_words)) no_memory(w);
    return run;
}

/* --- The walk -------------------------------------------------------------------------------------------------------- */

/* Runs of up to this many bytes, which most are, are walked in one go. */
enum { SHORT_RUN = 1024 };

/* The last bytes of a run that memory ends behind are walked in a copy with room behind them, and with what is before. */
static void walk_tail(walker *w, uint32_t run, size_t from) {
    char tail[SCAN_BESIDE + SHORT_RUN + SCAN_PADDING] = "", *text = tail + SCAN_BESIDE;
    const char *bytes = w->runs[run].bytes;
    size_t len = w->runs[run].len - from, n_before = from ? SCAN_BESIDE : 0; /* only what is long has a tail */
    memcpy(text - n_before, bytes + from - n_before, n_before + len);
    memset(text + len, 0, SCAN_PADDING);
    look_at_block(w, (scan_block){text, bytes + from, len}, from ? (unsigned char)bytes[from - 1] : ' ', run, run + 1);
}

static void walk_run(walker *w, uint32_t run) {
    const char *bytes = w->runs[run].bytes;
    size_t len = w->runs[run].len, at = 0, safe_end = len > SHORT_RUN ? len - SCAN_PADDING - 3 : 0;
    while (at < safe_end && w->status == SM_OK) {
        size_t end = safe_end - at > SCAN_BLOCK ? at + SCAN_BLOCK : safe_end;
        /* A block may go three bytes further to end a character. */
        while (end < len && ((unsigned char)bytes[end] & 0xC0) == 0x80) end++;
        look_at_block(w, (scan_block){bytes + at, bytes + at, end - at}, at ? (unsigned char)bytes[at - 1] : ' ', run,
                      run + 1);
        at = end;
    }
    if (at < len && w->status == SM_OK) walk_tail(w, run, at);
}

/* Short runs that lie close together are walked as one text: a kernel costs as much for a tenth of its vectors. What its
 * filters see behind the end of a run lets too much pass at most. */
static void walk_together(walker *w, uint32_t n_runs) {
    const char *at = w->runs[0].bytes, *stop = w->runs[n_runs - 1].bytes + w->runs[n_runs - 1].len;
    uint32_t run = 0;
    while (at < stop && w->status == SM_OK) {
        const char *end = stop - at > SCAN_BLOCK ? at + SCAN_BLOCK : stop;
        while (end < stop && ((unsigned char)*end & 0xC0) == 0x80) end++;
        unsigned char before = at > w->runs[0].bytes ? (unsigned char)at[-1] : ' ';
        run = look_at_block(w, (scan_block){at, at, (size_t)(end - at)}, before, run, n_runs);
        at = end;
    }
}

/* Runs in the order of memory, with little between them, and enough behind them that may be read. */
static bool lie_together(const base_slice *runs, size_t n, const char *readable) {
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && runs[i].bytes < runs[i - 1].bytes + runs[i - 1].len) return false;
        len += runs[i].len;
    }
    const char *end = runs[n - 1].bytes + runs[n - 1].len;
    return (size_t)(end - runs[0].bytes) <= 2 * len && readable - end >= SCAN_PADDING;
}

sm_status scan_runs(const dict_view *view, const scan_codes *codes, scan_codes_memory *memory, const base_slice *runs,
                    size_t n_runs, const char *readable, scan_list *list, sm_error *error) {
    walker w;
    scan_places places;
    w.view = view, w.codes = codes, w.memory = memory, w.runs = runs, w.list = list, w.error = error;
    w.places = &places, w.kernel = scan_choose_kernel(), w.status = SM_OK;
    w.run_index = UINT32_MAX; /* none yet */
    list->n = 0;
    if (readable && n_runs && lie_together(runs, n_runs, readable)) walk_together(&w, (uint32_t)n_runs);
    else
        for (size_t i = 0; i < n_runs && w.status == SM_OK; i++) walk_run(&w, (uint32_t)i);
    sort_candidates(list);
    return w.status;
}
