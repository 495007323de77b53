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
    scan_names_guess(w->view, w->runs, group);
    for (uint32_t i = 0; i < group->n && w->status == SM_OK; i++) {
        enter_run(w, group->runs[i]);
        switch ((scan_what)group->kinds[i]) {
        case SCAN_HAN:
            if (!scan_names_take(w->view, w->run, i, group, w->list)) no_memory(w);
            break;
        case SCAN_WORD: look_at_word(w, group->starts[i]); break;
        case SCAN_SIGN: look_at_sign(w, group->starts[i]); break;
        case SCAN_WIDE: look_at_wide(w, group->starts[i]); break;
        }
    }
    group->n = 0;
}

/* `block` are the bytes that the kernel read: the run's from `offset` on, or a copy with zeros behind them. */
static void collect(walker *w, const unsigned char *block, const scan_place *places, size_t n, uint32_t run,
                    size_t offset, bool is_copy) {
    scan_group *group = &w->group;
    for (size_t i = 0; i < n; i++) {
        if (group->n == SCAN_GROUP) flush(w);
        uint32_t last = group->n++;
        group->texts[last] = (const char *)block + scan_place_at(places[i]);
        group->starts[last] = offset + scan_place_at(places[i]);
        group->runs[last] = run;
        group->kinds[last] = (uint8_t)scan_place_what(places[i]);
        size_t room = w->runs[run].len - group->starts[last];
        group->room[last] = (uint8_t)(is_copy || room > 255 ? 255 : room);
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
    if (w->readable && w->readable - (w->runs[run].bytes + len) >= SCAN_PADDING) safe_end = len;
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

sm_status scan_runs(const dict_view *view, const scan_codes *codes, scan_codes_memory *memory, const base_slice *runs,
                    size_t n_runs, const char *readable, scan_list *list, sm_error *error) {
    walker w;
    scan_place places[SCAN_MOST_PLACES];
    w.view = view, w.codes = codes, w.memory = memory, w.runs = runs, w.readable = readable, w.list = list;
    w.error = error, w.kernel = scan_choose_kernel(), w.status = SM_OK, w.group.n = 0;
    list->n = 0;
    list->run = UINT32_MAX; /* none yet */
    for (size_t i = 0; i < n_runs && w.status == SM_OK; i++) walk_run(&w, (uint32_t)i, places);
    if (w.status == SM_OK) flush(&w);
    sort_candidates(list);
    return w.status;
}
