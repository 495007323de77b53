/* A run's way through the scan: the kernel writes down places block by block, and each gets its second look here. */
#include <string.h>

#include "scan/walk.h"

/* --- The walk -------------------------------------------------------------------------------------------------------- */

/* What passed the kernel's filter is asked again with all nine bytes; six decide for names of two characters. Accented
 * letters come without a filter, and so does what has a space where exchange lists pad. */
static bool name_filter_passes(const dict_view *view, const unsigned char *p) {
    uint64_t first, next;
    memcpy(&first, p, 8);
    memcpy(&next, p + 3, 8);
    uint32_t two = dict_name_bit(first, 0, view->name_filter_bits);
    uint32_t three = dict_name_bit(first, (uint32_t)(next >> 24), view->name_filter_bits);
    uint32_t is_name = view->name_filter[two >> 5] >> (two & 31) | view->name_filter[three >> 5] >> (three & 31);
    return ((is_name & 1) | (p[0] < 0xE0) | scan_is_rare(p[0]) | scan_is_padded(first, (uint32_t)(next >> 24))) != 0;
}

/* Drops the places that a second question rules out. Without a branch on the answer, which is as good as chance, so that
 * the tables' cache misses overlap. */
static size_t ask_again(const dict_view *view, const unsigned char *block, scan_place *places, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        scan_place place = places[i];
        bool passes = (place.what != SCAN_HAN) | name_filter_passes(view, block + place.at);
        places[kept] = place;
        kept += passes;
    }
    return kept;
}

/* `block` are the bytes that the kernel read: the run's from `offset` on, or a copy with room behind them. */
static void look_again(walker *w, const unsigned char *block, scan_place *places, size_t n, size_t offset) {
    enum { AHEAD = 4 };
    n = ask_again(w->view, block, places, n);
    for (size_t i = 0; i < n && w->status == SM_OK; i++) {
        size_t at = offset + places[i].at;
        if (i + AHEAD < n && places[i + AHEAD].what == SCAN_HAN)
            scan_names_prefetch(w->view, (const char *)block + places[i + AHEAD].at);
        switch ((scan_what)places[i].what) {
        case SCAN_HAN: look_for_names(w, at); break;
        case SCAN_WORD: look_at_word(w, at); break;
        case SCAN_SIGN: look_at_sign(w, at); break;
        case SCAN_WIDE: look_at_wide(w, at); break;
        }
    }
}

/* Candidates come nearly in order: a mark reaches back, and names and codes share places. */
static void sort_candidates(scan_list *list) {
    for (size_t i = 1; i < list->n; i++) {
        scan_candidate moved = list->items[i];
        size_t at = i;
        while (at
               && (list->items[at - 1].start > moved.start
                   || (list->items[at - 1].start == moved.start && list->items[at - 1].end < moved.end))) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = moved;
    }
}

/* Runs of up to this many bytes, which most are, are walked in one go. */
enum { SHORT_RUN = 1024 };

/* The last bytes are walked in a copy with room behind them: the caller's buffer may end at the end of a page. */
static void walk_tail(walker *w, size_t from, scan_place *places) {
    unsigned char tail[SHORT_RUN + SCAN_PADDING];
    const unsigned char *bytes = (const unsigned char *)w->run.bytes;
    size_t len = w->run.len - from;
    memcpy(tail, bytes + from, len);
    memset(tail + len, 0, SCAN_PADDING);
    size_t n = w->kernel(w->view, tail, len, from ? bytes[from - 1] : ' ', places);
    look_again(w, tail, places, n, from);
}

sm_status scan_run(const dict_view *view, const scan_codes *codes, scan_codes_memory *memory, base_slice run,
                   scan_list *list, sm_error *error) {
    walker w = {view, codes, memory, run, list, error, SM_OK, scan_choose_kernel(), 0};
    const unsigned char *bytes = (const unsigned char *)run.bytes;
    scan_place places[SCAN_BLOCK + 8];
    /* A block may go three bytes further to end a character. */
    size_t at = 0, safe_end = run.len > SHORT_RUN ? run.len - SCAN_PADDING - 3 : 0;
    list->n = 0;
    while (at < safe_end && w.status == SM_OK) {
        size_t end = safe_end - at > SCAN_BLOCK ? at + SCAN_BLOCK : safe_end;
        while ((bytes[end] & 0xC0) == 0x80) end++; /* not beyond the run, which ends with a whole character */
        size_t n = w.kernel(view, bytes + at, end - at, at ? bytes[at - 1] : ' ', places);
        look_again(&w, bytes + at, places, n, at);
        at = end;
    }
    if (at < run.len && w.status == SM_OK) walk_tail(&w, at, places);
    sort_candidates(list);
    return w.status;
}
