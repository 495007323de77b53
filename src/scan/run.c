/* A run's way through the scan: the kernel writes down places block by block, and each gets its second look here. */
#include <string.h>

#include "scan/walk.h"

/* --- The second look -------------------------------------------------------------------------------------------------- */

static void enter_run(walker *w, uint32_t run) {
    if (w->list->run == run) return;
    w->list->run = run;
    w->run = w->runs[run];
    w->done = 0;
}

/* Looks at the places that have come together. */
static void flush(walker *w) {
    scan_group *group = &w->group;
    uint32_t run = w->list->run;
    if (!scan_names_of(w->view, w->runs, group, w->list)) no_memory(w);
    w->list->run = run;
    for (uint32_t i = 0; i < group->n && w->status == SM_OK; i++) {
        if (group->kinds[i] == SCAN_HAN) continue;
        enter_run(w, group->runs[i]);
        switch ((scan_what)group->kinds[i]) {
        case SCAN_HAN: break;
        case SCAN_WORD: look_at_word(w, group->starts[i]); break;
        case SCAN_SIGN: look_at_sign(w, group->starts[i]); break;
        case SCAN_WIDE: look_at_wide(w, group->starts[i]); break;
        }
    }
    group->n = 0;
}

/* Puts a place at `start` of a run into the group. `text` is there, in the run's own bytes or in a copy with zeros behind. */
static void collect_one(walker *w, const char *text, scan_what what, uint32_t run, size_t start, bool is_copy) {
    scan_group *group = &w->group;
    if (group->n == SCAN_GROUP) flush(w);
    uint32_t last = group->n++;
    size_t room = w->runs[run].len - start;
    group->texts[last] = text;
    group->starts[last] = start;
    group->runs[last] = run;
    group->kinds[last] = (uint8_t)what;
    group->room[last] = (uint8_t)(is_copy || room > 255 ? 255 : room);
}

/* `block` are the bytes that the kernel read: the run's from `offset` on, or a copy. */
static void collect(walker *w, const unsigned char *block, const scan_place *places, size_t n, uint32_t run,
                    size_t offset, bool is_copy) {
    for (size_t i = 0; i < n; i++) {
        size_t at = scan_place_at(places[i]);
        collect_one(w, (const char *)block + at, scan_place_what(places[i]), run, offset + at, is_copy);
    }
}

static bool comes_before(const scan_candidate *a, const scan_candidate *b) {
    if (a->run != b->run) return a->run < b->run;
    return a->start != b->start ? a->start < b->start : a->end > b->end;
}

/* Candidates come nearly in order: a mark reaches back, and names and codes share places. */
static void sort_candidates(scan_list *list) {
    for (size_t i = 1; i < list->n; i++) {
        scan_candidate moved = list->items[i];
        size_t at = i;
        while (at && comes_before(&moved, &list->items[at - 1])) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = moved;
    }
}

/* --- The walk -------------------------------------------------------------------------------------------------------- */

/* Runs of up to this many bytes, which most are, are walked in one go. */
enum { SHORT_RUN = 1024 };

/* The last bytes of a run that memory ends behind are walked in a copy with room behind them. */
static void walk_tail(walker *w, uint32_t run, size_t from, scan_place *places) {
    unsigned char tail[SHORT_RUN + SCAN_PADDING];
    const unsigned char *bytes = (const unsigned char *)w->runs[run].bytes;
    size_t len = w->runs[run].len - from;
    memcpy(tail, bytes + from, len);
    memset(tail + len, 0, SCAN_PADDING);
    size_t n = w->kernel(w->view, tail, len, from ? bytes[from - 1] : ' ', places);
    collect(w, tail, places, n, run, from, true);
    flush(w); /* while the copy is there */
}

static void walk_run(walker *w, uint32_t run, scan_place *places) {
    const unsigned char *bytes = (const unsigned char *)w->runs[run].bytes;
    size_t len = w->runs[run].len, at = 0, safe_end = len > SHORT_RUN ? len - SCAN_PADDING - 3 : 0;
    while (at < safe_end && w->status == SM_OK) {
        size_t end = safe_end - at > SCAN_BLOCK ? at + SCAN_BLOCK : safe_end;
        /* A block may go three bytes further to end a character. */
        while (end < len && (bytes[end] & 0xC0) == 0x80) end++;
        size_t n = w->kernel(w->view, bytes + at, end - at, at ? bytes[at - 1] : ' ', places);
        collect(w, bytes + at, places, n, run, at, false);
        at = end;
    }
    if (at < len && w->status == SM_OK) walk_tail(w, run, at, places);
}

/* --- Runs that lie one behind the other --------------------------------------------------------------------------------- */

/* A word that begins a run begins there, whatever stands before it in memory. */
static void enter_text(walker *w, uint32_t run, const char *first_place) {
    const char *start = w->runs[run].bytes;
    if (w->runs[run].len == 0 || first_place == start) return;
    unsigned char first = (unsigned char)*start;
    if (!(scan_is_word(first) || scan_is_letter_lead(first))) return;
    collect_one(w, start, scan_is_word(first) ? SCAN_WORD : SCAN_HAN, run, 0, false);
}

/* Gives the places of a block to the runs that they lie in; *run is the first that reaches to the block or behind. */
static void share_out(walker *w, const char *block, const scan_place *places, size_t n, const char *end,
                      uint32_t n_runs, uint32_t *run) {
    size_t i = 0;
    for (; *run < n_runs && w->runs[*run].bytes < end; ++*run) {
        const base_slice *r = &w->runs[*run];
        while (i < n && block + scan_place_at(places[i]) < r->bytes) i++; /* between runs */
        if (r->bytes >= block) enter_text(w, *run, i < n ? block + scan_place_at(places[i]) : NULL);
        for (; i < n && block + scan_place_at(places[i]) < r->bytes + r->len; i++) {
            const char *text = block + scan_place_at(places[i]);
            collect_one(w, text, scan_place_what(places[i]), *run, (size_t)(text - r->bytes), false);
        }
        if (r->bytes + r->len > end) return; /* goes on in the next block */
    }
}

/* Short runs that lie close together are walked as one text: a kernel costs as much for a tenth of its vectors. What its
 * filters see behind the end of a run lets too much pass at most. */
static void walk_together(walker *w, uint32_t n_runs, scan_place *places) {
    const char *at = w->runs[0].bytes, *stop = w->runs[n_runs - 1].bytes + w->runs[n_runs - 1].len;
    uint32_t run = 0;
    while (at < stop && w->status == SM_OK) {
        const char *end = stop - at > SCAN_BLOCK ? at + SCAN_BLOCK : stop;
        while (end < stop && ((unsigned char)*end & 0xC0) == 0x80) end++;
        unsigned char before = at > w->runs[0].bytes ? (unsigned char)at[-1] : ' ';
        size_t n = w->kernel(w->view, (const unsigned char *)at, (size_t)(end - at), before, places);
        share_out(w, at, places, n, end, n_runs, &run);
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
    scan_place places[SCAN_MOST_PLACES];
    w.view = view, w.codes = codes, w.memory = memory, w.runs = runs, w.list = list, w.error = error;
    w.kernel = scan_choose_kernel(), w.status = SM_OK, w.group.n = 0;
    list->n = 0;
    list->run = UINT32_MAX; /* none yet */
    if (readable && n_runs && lie_together(runs, n_runs, readable)) walk_together(&w, (uint32_t)n_runs, places);
    else
        for (size_t i = 0; i < n_runs && w.status == SM_OK; i++) walk_run(&w, (uint32_t)i, places);
    if (w.status == SM_OK) flush(&w);
    sort_candidates(list);
    return w.status;
}
