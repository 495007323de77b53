/* A page's runs on their way through the scan: many together, and only those go on in which anything was found. */
#include <string.h>

#include "engine/engine.h"

enum { SCANNED_TOGETHER = 64 }; /* runs */
_Static_assert((int)TEXT_BEHIND >= (int)SCAN_PADDING, "what text leaves behind runs is what scan reads there");

static bool is_in(base_slice memory, const text_run *run) {
    uintptr_t from = (uintptr_t)memory.bytes, bytes = (uintptr_t)run->bytes;
    return bytes >= from && bytes < from + memory.len;
}

/* The end of the memory that a run stands in, where what is around it may be read as well; NULL: it may not. */
static const char *readable_around(const text_page *page, const text_run *run) {
    if (is_in(page->changed, run)) return page->changed.bytes + page->changed.len + TEXT_BEHIND;
    return page->n_invalid == 0 && is_in(page->source, run) ? page->source.bytes + page->source.len : NULL;
}

/* What of a run is in the stretch. */
static base_slice text_in(const text_page *page, const engine_stretch *stretch, size_t i) {
    const text_run *run = &page->runs[i];
    size_t to = i + 1 == stretch->end ? stretch->to : run->len, from = i == stretch->first ? stretch->from : 0;
    return (base_slice){run->bytes + from, to - from};
}

static engine_run origin_of(const text_page *page, const engine_stretch *stretch, size_t i) {
    return (engine_run){.run = &page->runs[i],
                        .skip = i == stretch->first ? stretch->from : 0,
                        .start = stretch->start,
                        .field = stretch->field};
}

/* Keeps runs and candidates for later. */
static bool gather(engine_gathered *to, const resolve_run *runs, const engine_run *origins, size_t n,
                   const scan_list *found) {
    const sm_allocator *allocator = to->candidates.allocator;
    if (!base_grow(allocator, (void **)&to->runs, &to->runs_capacity, to->n + n, sizeof *runs)
        || !base_grow(allocator, (void **)&to->origins, &to->origins_capacity, to->n + n, sizeof *origins)
        || !scan_make_room(&to->candidates, found->n))
        return false;
    memcpy(to->runs + to->n, runs, n * sizeof *runs);
    memcpy(to->origins + to->n, origins, n * sizeof *origins);
    for (size_t i = 0; i < found->n; i++) {
        scan_candidate candidate = found->items[i];
        candidate.run += (uint32_t)to->n;
        to->candidates.items[to->candidates.n++] = candidate;
    }
    to->n += n;
    return true;
}

/* Hands on the runs from `first` on in which anything was found. False: out of memory. */
static bool add_found(sm_scanner *scanner, const text_page *page, const engine_stretch *stretch, size_t first,
                      engine_gathered *to) {
    resolve_run runs[SCANNED_TOGETHER];
    engine_run origins[SCANNED_TOGETHER];
    scan_list *found = &scanner->candidates;
    uint32_t n = 0, last = UINT32_MAX;
    for (size_t i = 0; i < found->n; i++) {
        if (found->items[i].run != last) {
            last = found->items[i].run;
            uint32_t region = page->runs[first + last].region;
            origins[n] = origin_of(page, stretch, first + last);
            runs[n++] = (resolve_run){.text = text_in(page, stretch, first + last),
                                      .region = stretch->field == SM_FIELD_TITLE ? (uint32_t)SM_REGION_TITLE : region,
                                      .as_of = scanner->documents[0].as_of};
        }
        found->items[i].run = n - 1;
    }
    if (n == 0) return true;
    return to ? gather(to, runs, origins, n, found) : engine_add_runs(scanner, runs, origins, n, found);
}

/* Leaves out the candidates that there are no steps for, and the links behind them. */
static void take_steps(sm_scanner *scanner, text_page *page, const engine_stretch *stretch, size_t first,
                       uint64_t max_steps) {
    scan_list *found = &scanner->candidates;
    for (size_t i = 0; i < found->n; i++) {
        const scan_candidate *candidate = &found->items[i];
        const engine_run origin = origin_of(page, stretch, first + candidate->run);
        size_t start, end;
        engine_place(&origin, candidate->start, candidate->end, &start, &end);
        if (engine_has_step(&scanner->documents[0], text_origin(page, start), max_steps)) continue;
        while (page->n_links && page->links[page->n_links - 1].source_start >= start) page->n_links--;
        found->n = i;
    }
}

engine_stretch engine_all_of(const text_page *page, uint32_t field) {
    return (engine_stretch){
        .end = page->n_runs, .to = page->n_runs ? page->runs[page->n_runs - 1].len : 0, .field = field};
}

sm_status engine_scan(sm_scanner *scanner, text_page *page, const engine_stretch *stretch, uint64_t max_steps,
                      engine_gathered *to, sm_error *error) {
    const sm_engine *engine = scanner->engine;
    base_slice texts[SCANNED_TOGETHER];
    for (size_t i = stretch->first, n; i < stretch->end && !scanner->documents[0].is_stopped; i += n) {
        const char *readable = readable_around(page, &page->runs[i]);
        for (n = 0; n < SCANNED_TOGETHER && i + n < stretch->end; n++) {
            if (n && readable_around(page, &page->runs[i + n]) != readable) break;
            texts[n] = text_in(page, stretch, i + n);
        }
        sm_status status = scan_runs(engine->view, engine->codes, scanner->memory, texts, n, readable,
                                     &scanner->candidates, error);
        if (status != SM_OK) return status;
        if (max_steps) take_steps(scanner, page, stretch, i, max_steps);
        if (!add_found(scanner, page, stretch, i, to)) return SM_ERR_NOMEM;
    }
    return SM_OK;
}
