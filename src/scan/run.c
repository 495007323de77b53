/* A run's way through the scan: the kernel writes down places block by block, and each gets its second look here. */
#include <string.h>

#include "scan/codes.h"
#include "scan/walk.h"

/* --- The order of candidates ------------------------------------------------------------------------------------------ */

/* By the run and the start, the longer first, and those without a mark before those with one. */
static bool comes_before(const scan_candidate *a, const scan_candidate *b) {
    bool is_less = (a->end > b->end) | ((a->end == b->end) & (a->mark < b->mark));
    is_less = (a->start < b->start) | ((a->start == b->start) & is_less);
    return (a->run < b->run) | ((a->run == b->run) & is_less);
}

/* From `first` on the list has what begins at places of SCAN_HAN, from `second` on what begins elsewhere; each nearly in
 * order. No branch asks which comes next. */
static bool merge(scan_list *list, size_t first, size_t second) {
    size_t n_first = second - first;
    void *items = list->items;
    if (n_first == 0 || second == list->n) return true;
    if (!base_grow(list->allocator, &items, &list->capacity, list->n + n_first, sizeof *list->items)) return false;
    list->items = items;
    scan_candidate *out = &list->items[first];
    const scan_candidate *word = &list->items[second], *word_end = &list->items[list->n], *name = word_end,
                         *name_end = name + n_first;
    memcpy(&list->items[list->n], out, n_first * sizeof *out);
    while (name < name_end) { /* what is left of the words is where it belongs */
        size_t is_word = (word < word_end) & comes_before(word, name);
        *out++ = *(is_word ? word : name);
        word += is_word;
        name += 1 - is_word;
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

/* --- The second look at places of SCAN_HAN ---------------------------------------------------------------------------- */

static void look_at_names(scan_walker *w) {
    scan_group *group = &w->buffers->group;
    if (!scan_names_of(w->view, w->runs, group, w->list)) scan_no_memory(w);
    group->n = 0;
}

static const scan_place *take_names(scan_walker *w, const scan_place *places, scan_stretch of) {
    scan_group *group = &w->buffers->group;
    const char *text = w->block.text;
    size_t len = w->runs[of.run].len + (text != w->block.own ? UINT8_MAX : 0); /* behind a copy are zeros */
    for (; *places < of.end; places++) {
        if (group->n == SCAN_GROUP) look_at_names(w);
        uint32_t last = group->n++;
        size_t at = scan_place_at(*places), start = at + of.before, room = len - start;
        group->texts[last] = text + at;
        group->starts[last] = start;
        group->runs[last] = of.run;
        group->room[last] = (uint8_t)(room > UINT8_MAX ? UINT8_MAX : room);
    }
    return places;
}

/* --- Which run a place lies in ---------------------------------------------------------------------------------------- */

/* Behind all places of a block. */
static const scan_place no_place = UINT16_MAX;

static scan_stretch stretch_of(const scan_walker *w, uint32_t run) {
    base_slice r = w->runs[run];
    ptrdiff_t end = r.bytes + r.len - w->block.own;
    size_t len = w->block.len;
    return (scan_stretch){run, (size_t)(w->block.own - r.bytes),
                          scan_place_of((size_t)end < len ? (size_t)end : len, SCAN_HAN)};
}

/* Whether a run begins with a word where the kernel saw none begin, because of what stands before it in memory. `names` and
 * `words` are the next places. */
static bool begins_unseen(const scan_walker *w, base_slice run, scan_place names, scan_place words) {
    const char *own = w->block.own;
    if (run.bytes < own || !run.len) return false;
    size_t at = (size_t)(run.bytes - own);
    unsigned char first = (unsigned char)*run.bytes;
    uint32_t is_word = scan_is_word(first), is_letter = scan_is_letter_lead(first);
    return (is_word & (scan_place_at(words) != at)) | (is_letter & (scan_place_at(names) != at));
}

static void take_unseen(scan_walker *w, base_slice run, scan_stretch of) {
    bool is_word = scan_is_word((unsigned char)*run.bytes);
    const scan_place place[] = {scan_place_of((size_t)(run.bytes - w->block.own), is_word ? SCAN_WORD : SCAN_HAN),
                                no_place};
    if (is_word) scan_take_words(w, place, of);
    else take_names(w, place, of);
}

/* Gives the places of the block to the runs that they lie in, from `run` on. @return the first that reaches behind it. */
static uint32_t share_out(scan_walker *w, uint32_t run, uint32_t n_runs) {
    const scan_place *names = w->buffers->places.names, *words = w->buffers->places.words;
    const char *own = w->block.own, *end = own + w->block.len;
    for (; run < n_runs && w->runs[run].bytes < end; run++) {
        base_slice r = w->runs[run];
        scan_stretch of = stretch_of(w, run);
        while (own + scan_place_at(*names) < r.bytes) names++; /* between runs */
        while (own + scan_place_at(*words) < r.bytes) words++;
        if (begins_unseen(w, r, *names, *words)) take_unseen(w, r, of);
        words = scan_take_words(w, words, of);
        names = take_names(w, names, of);
        if (r.bytes + r.len > end) break; /* goes on in the next block */
    }
    return run;
}

/* Looks at all places of a block, which begins in or before `run`. */
static uint32_t look_at_block(scan_walker *w, scan_block block, unsigned char before, uint32_t run, uint32_t n_runs) {
    scan_places *places = &w->buffers->places;
    size_t first = w->list->n;
    w->block = block;
    w->kernel(w->view, (const unsigned char *)block.text, block.len, before, places);
    places->names[places->n_names] = places->words[places->n_words] = no_place;
    run = share_out(w, run, n_runs);
    scan_filter_words(w); /* first: lines of the table of codes that it fetches come meanwhile */
    look_at_names(w);
    size_t n_names = w->list->n;
    scan_look_at_words(w);
    if (w->status == SM_OK && !merge(w->list, first, n_names)) scan_no_memory(w);
    return run;
}

/* --- The walk -------------------------------------------------------------------------------------------------------- */

/* Runs of up to this many bytes, which most are, are walked in one go. */
enum { SHORT_RUN = 1024 };

/* The last bytes of a run that memory ends behind are walked in a copy with room behind them, and with what is before. */
static void walk_tail(scan_walker *w, uint32_t run, size_t from) {
    char tail[SCAN_BESIDE + SHORT_RUN + SCAN_PADDING], *text = tail + SCAN_BESIDE;
    const char *bytes = w->runs[run].bytes;
    size_t len = w->runs[run].len - from, n_before = from ? SCAN_BESIDE : 0; /* only what is long has a tail */
    memset(tail, 0, SCAN_BESIDE);
    memcpy(text - n_before, bytes + from - n_before, n_before + len);
    memset(text + len, 0, SCAN_PADDING);
    look_at_block(w, (scan_block){text, bytes + from, len}, from ? (unsigned char)bytes[from - 1] : ' ', run, run + 1);
}

static void walk_run(scan_walker *w, uint32_t run) {
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
static void walk_together(scan_walker *w, uint32_t run, uint32_t end_run) {
    const base_slice *first = &w->runs[run], *last = &w->runs[end_run - 1];
    const char *at = first->bytes, *stop = last->bytes + last->len;
    while (at < stop && w->status == SM_OK) {
        const char *end = stop - at > SCAN_BLOCK ? at + SCAN_BLOCK : stop;
        while (end < stop && ((unsigned char)*end & 0xC0) == 0x80) end++;
        unsigned char before = at > first->bytes ? (unsigned char)at[-1] : ' ';
        run = look_at_block(w, (scan_block){at, at, (size_t)(end - at)}, before, run, end_run);
        at = end;
    }
}

/* Bytes between two runs, at most, which cost no more than a walk of its own for the second. */
enum { MOST_BETWEEN = 128 };

static bool has_room_behind(base_slice run, const char *readable) {
    return readable && readable - (run.bytes + run.len) >= SCAN_PADDING;
}

/* @return the end of the runs from `run` on that lie together: in the order of memory, with little between them, and with
 * enough behind them that may be read. `run` itself: it ends too late for that. */
static uint32_t end_of_together(const base_slice *runs, uint32_t run, uint32_t n_runs, const char *readable) {
    const char *end = runs[run].bytes;
    for (; run < n_runs && has_room_behind(runs[run], readable); run++) {
        if (runs[run].bytes < end || runs[run].bytes - end > MOST_BETWEEN) break;
        end = runs[run].bytes + runs[run].len;
    }
    return run;
}

sm_status scan_runs(const dict_view *view, const scan_codes *codes, scan_memory *memory, const base_slice *runs,
                    size_t n_runs, const char *readable, scan_list *list, sm_error *error) {
    scan_walker w;
    w.view = view, w.codes = codes, w.memory = memory, w.runs = runs, w.list = list, w.error = error;
    w.buffers = &memory->buffers, w.kernel = memory->kernel, w.ask_letters = memory->ask_letters, w.status = SM_OK;
    w.run_index = UINT32_MAX; /* none yet */
    w.buffers->group.n = 0;
    words_clear(&w.buffers->words);
    w.done = 0;
    memory->no_address_in = NULL;
    list->n = 0;
    for (uint32_t run = 0, end; run < n_runs && w.status == SM_OK; run = end) {
        end = end_of_together(runs, run, (uint32_t)n_runs, readable);
        if (end > run) walk_together(&w, run, end);
        else walk_run(&w, end++);
    }
    sort_candidates(list);
    return w.status;
}
