#include <string.h>

#include "text/build.h"
#include "text/entities.h"

void text_build_init(text_builder *builder, const sm_allocator *allocator, uint32_t kernel) {
    *builder = (text_builder){.allocator = allocator, .kernel = kernel};
    base_arena_init(&builder->arena, allocator);
}

void text_build_free(text_builder *builder) {
    void *blocks[] = {builder->runs,   builder->pieces, builder->links,    builder->groups,  builder->out,
                      builder->closed, builder->raw,    builder->unclosed, builder->headings};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        builder->allocator->release(builder->allocator->context, blocks[i]);
    base_arena_free(&builder->arena);
}

void text_build_forget(text_builder *builder) {
    const struct {
        void **items;
        size_t *capacity, item_size;
    } arrays[] = {
        {(void **)&builder->runs, &builder->runs_capacity, sizeof *builder->runs},
        {(void **)&builder->pieces, &builder->pieces_capacity, sizeof *builder->pieces},
        {(void **)&builder->links, &builder->links_capacity, sizeof *builder->links},
        {(void **)&builder->out, &builder->out_capacity, 1},
        {(void **)&builder->closed, &builder->closed_capacity, sizeof *builder->closed},
        {(void **)&builder->raw, &builder->raw_capacity, sizeof *builder->raw},
        {(void **)&builder->unclosed, &builder->unclosed_capacity, sizeof *builder->unclosed},
        {(void **)&builder->headings, &builder->headings_capacity, sizeof *builder->headings},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        base_give_back(builder->allocator, arrays[i].items, arrays[i].capacity, 0, arrays[i].item_size);
}

static bool grow(text_builder *builder, void **items, size_t *capacity, size_t need, size_t item_size) {
    if (!builder->has_failed && base_grow(builder->allocator, items, capacity, need, item_size)) return true;
    builder->has_failed = true;
    return false;
}

void text_build_start(text_builder *builder, base_slice source, bool source_is_valid) {
    builder->source = source;
    builder->source_is_valid = source_is_valid;
    builder->has_failed = builder->is_open = builder->is_blank = false;
    base_arena_reset(&builder->arena);
    builder->n_runs = builder->n_pieces = builder->n_links = builder->n_groups = builder->out_len = 0;
    builder->clock = builder->n_anchors = builder->n_begun = builder->counted_link = 0;
    builder->region = builder->block_region = SM_REGION_BODY;
    builder->block_group = 0;
    builder->n_closed = builder->n_raw = builder->n_unclosed = builder->n_headings = builder->n_closing = 0;
    builder->marked_place = builder->paragraph_place = builder->block_place = TEXT_NO_PLACE;
    builder->date = 0;
    builder->date_rank = 0;
    builder->group = 0;
    builder->group = text_build_group(builder, 0, 0);
}

/* --- Runs --------------------------------------------------------------------------------------------------------- */

static uint32_t region_here(const text_builder *builder) {
    return builder->block_region ? builder->block_region : builder->region;
}

static void open_run(text_builder *builder) {
    if (builder->is_open) return;
    builder->is_open = true;
    builder->open_has_text = false;
    builder->open_text_bytes = builder->open_linked_bytes = builder->open_n_links = 0;
    builder->open = (text_run_record){.clock = builder->clock,
                                      .first_piece = builder->n_pieces,
                                      .region = region_here(builder),
                                      .group = builder->block_group ? builder->block_group : builder->group};
}

static void note_text(text_builder *builder, const char *bytes, size_t len) {
    size_t text = base_slice_trim((base_slice){bytes, len}).len;
    if (!text) return;
    builder->open_has_text = true;
    builder->open_text_bytes += text;
    if (!builder->n_anchors) return;
    builder->open_linked_bytes += text;
    builder->open_n_links += builder->counted_link != builder->n_begun;
    builder->counted_link = builder->n_begun;
}

static void append_out(text_builder *builder, const char *bytes, size_t len) {
    void *out = builder->out;
    if (!grow(builder, &out, &builder->out_capacity, builder->out_len + len, 1)) return;
    builder->out = out;
    memcpy(builder->out + builder->out_len, bytes, len);
    builder->out_len += len;
}

/* A run stays where it is in the source until it needs a second piece: most paragraphs never do. */
static void copy_open_run(text_builder *builder) {
    text_run_record *run = &builder->open;
    if (run->is_copied) return;
    const char *bytes = builder->source.bytes + run->start;
    run->start = builder->out_len;
    run->is_copied = true;
    if (run->len) append_out(builder, bytes, run->len);
}

static void add_piece(text_builder *builder, size_t start, size_t end, bool is_exact) {
    void *pieces = builder->pieces;
    if (!grow(builder, &pieces, &builder->pieces_capacity, builder->n_pieces + 1, sizeof(text_piece))) return;
    builder->pieces = pieces;
    builder->pieces[builder->n_pieces++] = (text_piece){builder->open.len, start, end};
    builder->open.n_pieces++;
    builder->last_is_exact = is_exact;
}

static void add_valid(text_builder *builder, size_t start, size_t end) {
    if (start == end) return;
    const char *bytes = builder->source.bytes + start;
    size_t len = end - start;
    open_run(builder);
    note_text(builder, bytes, len);
    text_run_record *run = &builder->open;
    text_piece *last = run->n_pieces ? &builder->pieces[builder->n_pieces - 1] : NULL;
    if (last && builder->last_is_exact && last->source_end == start) {
        last->source_end = end;
    } else {
        if (last) copy_open_run(builder);
        else run->start = start;
        add_piece(builder, start, end, true);
    }
    if (run->is_copied) append_out(builder, bytes, len);
    run->len += len;
    builder->clock += len;
}

void text_build_replaced(text_builder *builder, const char *bytes, size_t len, size_t start, size_t end) {
    if (builder->has_failed) return;
    open_run(builder);
    note_text(builder, bytes, len);
    copy_open_run(builder);
    add_piece(builder, start, end, false);
    append_out(builder, bytes, len);
    builder->open.len += len;
    builder->clock += len;
}

void text_build_source(text_builder *builder, size_t start, size_t end) {
    const char *source = builder->source.bytes;
    while (start < end && !builder->has_failed) {
        size_t good = end - start;
        if (!builder->source_is_valid) good = base_utf8_valid_prefix_with(builder->kernel, source + start, good);
        add_valid(builder, start, start + good);
        start += good;
        if (start == end) break;
        unsigned skip = 1;
        uint32_t code_point;
        base_utf8_decode(source + start, source + end, &code_point, &skip);
        text_build_replaced(builder, "\xEF\xBF\xBD", 3, start, start + skip);
        start += skip;
    }
}

/* White space between blocks is none of the page's text, but where it is all that there is. */
static void drop_open_run(text_builder *builder) {
    builder->n_pieces = builder->open.first_piece;
    if (builder->open.is_copied) builder->out_len = builder->open.start;
}

void text_build_end_run(text_builder *builder) {
    if (!builder->is_open) return;
    builder->is_open = false;
    void *runs = builder->runs;
    if (!builder->open_has_text && builder->n_runs) {
        drop_open_run(builder);
        return;
    }
    if (builder->is_blank) builder->n_runs = 0;
    builder->is_blank = !builder->open_has_text;
    if (!grow(builder, &runs, &builder->runs_capacity, builder->n_runs + 1, sizeof(text_run_record))) return;
    if (builder->block_place == TEXT_NO_PLACE && builder->open.region == SM_REGION_BODY && !builder->is_blank)
        builder->block_place = builder->paragraph_place;
    if (builder->open.group < builder->n_groups)
        text_group_add_run(&builder->groups[builder->open.group], &builder->open,
                           (text_share){.text_bytes = builder->open_text_bytes,
                                        .linked_bytes = builder->open_linked_bytes,
                                        .n_links = builder->open_n_links});
    builder->runs = runs;
    builder->runs[builder->n_runs++] = builder->open;
}

uint32_t text_build_group(text_builder *builder, uint32_t called, uint32_t most) {
    void *groups = builder->groups;
    if (builder->n_groups == UINT32_MAX
        || !grow(builder, &groups, &builder->groups_capacity, builder->n_groups + 1, sizeof(text_group)))
        return 0;
    builder->groups = groups;
    builder->groups[builder->n_groups] = (text_group){.parent = builder->group, .called = called, .most = most};
    return (uint32_t)builder->n_groups++;
}

void text_build_title(text_builder *builder) {
    if (builder->group < builder->n_groups) builder->groups[builder->group].has_title = true;
}

/* --- Where nothing may be inserted -------------------------------------------------------------------------------- */

static void add_range(text_builder *builder, text_range **ranges, size_t *n, size_t *capacity, size_t start,
                      size_t end) {
    void *grown = *ranges;
    if (start == end || !grow(builder, &grown, capacity, *n + 1, sizeof **ranges)) return;
    *ranges = grown;
    (*ranges)[(*n)++] = (text_range){start, end};
}

void text_build_close(text_builder *builder, size_t source) {
    if (builder->n_closing++ == 0) builder->closing_start = source;
}

void text_build_reopen(text_builder *builder, size_t source) {
    if (--builder->n_closing == 0)
        add_range(builder, &builder->closed, &builder->n_closed, &builder->closed_capacity, builder->closing_start,
                  source);
}

void text_build_raw(text_builder *builder, size_t start, size_t end) {
    add_range(builder, &builder->raw, &builder->n_raw, &builder->raw_capacity, start, end);
}

void text_build_unclosed(text_builder *builder, size_t start, size_t end) {
    add_range(builder, &builder->unclosed, &builder->n_unclosed, &builder->unclosed_capacity, start, end);
}

static void finish_closed(text_builder *builder) {
    if (!builder->n_closing) return;
    builder->n_closing = 1;
    text_build_reopen(builder, builder->source.len);
}

/* --- Links -------------------------------------------------------------------------------------------------------- */

static size_t keep_link(text_builder *builder, const text_link *link, bool is_anchor) {
    const text_settings *settings = &builder->settings;
    if (settings->takes_link && !settings->takes_link(settings->context, link))
        return is_anchor ? TEXT_LINK_NOT_TAKEN : TEXT_NO_LINK;
    void *links = builder->links;
    if (!grow(builder, &links, &builder->links_capacity, builder->n_links + 1, sizeof(text_link_record)))
        return TEXT_NO_LINK;
    builder->links = links;
    text_link_record *record = &builder->links[builder->n_links];
    *record = (text_link_record){*link, builder->clock, builder->clock, is_anchor};
    record->link.region = region_here(builder);
    return builder->n_links++;
}

size_t text_build_link(text_builder *builder, const text_link *link, bool is_anchor) {
    size_t number = keep_link(builder, link, is_anchor);
    builder->n_begun++;
    if (is_anchor && number != TEXT_NO_LINK) {
        builder->n_anchors++;
        text_build_close(builder, link->source_start);
    }
    return number;
}

void text_build_end_link(text_builder *builder, size_t number, size_t source_end) {
    bool is_anchor = number == TEXT_LINK_NOT_TAKEN;
    if (number < builder->n_links) {
        text_link_record *record = &builder->links[number];
        record->link.source_end = source_end;
        record->end_clock = builder->clock;
        is_anchor = record->is_anchor;
    }
    if (!is_anchor) return;
    builder->n_anchors--;
    text_build_reopen(builder, source_end);
}

/* A text that was put together from lines is gone when the next one is. */
static base_slice keep_value(text_builder *builder, base_slice raw) {
    uintptr_t source = (uintptr_t)builder->source.bytes, at = (uintptr_t)raw.bytes;
    if (at >= source && at - source < builder->source.len) return raw;
    const char *copy = base_arena_copy(&builder->arena, raw.bytes, raw.len);
    builder->has_failed |= !copy;
    return copy ? (base_slice){copy, raw.len} : (base_slice){"", 0};
}

base_slice text_build_value(text_builder *builder, base_slice raw) {
    if (!raw.len || builder->has_failed) return (base_slice){"", 0};
    bool is_valid = builder->source_is_valid || base_utf8_valid_prefix(raw.bytes, raw.len) == raw.len;
    if (is_valid && !memchr(raw.bytes, '&', raw.len)) return keep_value(builder, raw);
    /* An invalid byte grows to three. */
    char *out = base_arena_alloc(&builder->arena, raw.len * 3);
    builder->has_failed |= !out;
    if (!out) return (base_slice){"", 0};
    const char *p = raw.bytes, *end = raw.bytes + raw.len;
    size_t len = 0;
    while (p < end) {
        char bytes[TEXT_REFERENCE_MAX];
        size_t n;
        p += text_reference_or_char(p, end, TEXT_IN_VALUE, bytes, &n);
        memcpy(out + len, bytes, n);
        len += n;
    }
    return (base_slice){out, len};
}

void text_build_date(text_builder *builder, unsigned rank, base_slice text) {
    if (builder->date_rank && builder->date_rank <= rank) return;
    int32_t date = base_date_parse(base_slice_trim(text));
    if (!date) return;
    builder->date = date;
    builder->date_rank = rank;
}

/* --- Views -------------------------------------------------------------------------------------------------------- */

size_t text_view_segment(const text_view *view, size_t at) {
    size_t low = 0, high = view->n_segments;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (view->segments[middle].start <= at) low = middle;
        else high = middle;
    }
    return low;
}

void text_build_view(text_builder *builder, const text_view *view, size_t start, size_t end) {
    if (start >= end) return;
    for (size_t i = text_view_segment(view, start); start < end; i++) {
        const text_segment *segment = &view->segments[i];
        size_t stop = i + 1 < view->n_segments && segment[1].start < end ? segment[1].start : end;
        size_t source = segment->source + (start - segment->start);
        text_build_source(builder, source, source + (stop - start));
        start = stop;
    }
}

/* --- The page ----------------------------------------------------------------------------------------------------- */

static void finish_out(text_builder *builder) {
    void *out = builder->out;
    if (!builder->out_len || !grow(builder, &out, &builder->out_capacity, builder->out_len + TEXT_BEHIND, 1)) return;
    builder->out = out;
    memset(builder->out + builder->out_len, 0, TEXT_BEHIND);
}

/* A heading that stands in a list of links or other chrome. */
static void note_heading(text_builder *builder, const text_run_record *record) {
    const text_piece *first = &builder->pieces[record->first_piece], *last = first + record->n_pieces - 1;
    add_range(builder, &builder->headings, &builder->n_headings, &builder->headings_capacity, first->source_start,
              last->source_end);
}

static void finish_runs(text_builder *builder) {
    text_finish_groups(builder->groups, builder->n_groups);
    size_t joined = 0;
    for (size_t i = 0; i < builder->n_runs; i++) {
        text_run_record *record = &builder->runs[i];
        record->joined = joined;
        joined += record->len + 1;
        if (record->group >= builder->n_groups) continue;
        uint32_t own = record->region;
        record->region = text_group_region(&builder->groups[record->group], record);
        if (own == SM_REGION_HEADING && record->region != own && record->n_pieces) note_heading(builder, record);
    }
}

static const char *bytes_of(const text_builder *builder, const text_run_record *record) {
    return (record->is_copied ? builder->out : builder->source.bytes) + record->start;
}

/* The first run that ends behind a clock time. */
static size_t run_after(const text_builder *builder, size_t clock) {
    size_t low = 0, high = builder->n_runs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (builder->runs[middle].clock + builder->runs[middle].len > clock) high = middle;
        else low = middle + 1;
    }
    return low;
}

/* All runs with a newline behind each. Links that reach over several runs share it: copies of their own would take
 * quadratic room where such links are nested. */
static const char *join_runs(text_builder *builder) {
    const text_run_record *last = &builder->runs[builder->n_runs - 1];
    char *joined = base_arena_alloc(&builder->arena, last->joined + last->len + 1);
    builder->has_failed |= !joined;
    for (size_t i = 0; joined && i < builder->n_runs; i++) {
        const text_run_record *run = &builder->runs[i];
        memcpy(joined + run->joined, bytes_of(builder, run), run->len);
        joined[run->joined + run->len] = '\n';
    }
    return joined;
}

/* @param region  receives that of its text, if it has any. */
static base_slice link_text(text_builder *builder, const text_link_record *record, uint32_t *region,
                            const char **joined) {
    base_slice nothing = {"", 0};
    size_t first = run_after(builder, record->clock);
    if (first == builder->n_runs || builder->runs[first].clock >= record->end_clock) return nothing;
    *region = builder->runs[first].region;
    size_t last = run_after(builder, record->end_clock - 1);
    if (last == builder->n_runs || builder->runs[last].clock >= record->end_clock) last--;
    const text_run_record *a = &builder->runs[first], *b = &builder->runs[last];
    size_t start = record->clock > a->clock ? record->clock - a->clock : 0;
    size_t end = record->end_clock < b->clock + b->len ? record->end_clock - b->clock : b->len;
    if (first == last) return base_slice_trim((base_slice){bytes_of(builder, a) + start, end - start});
    if (!*joined) *joined = join_runs(builder);
    if (!*joined) return nothing;
    return base_slice_trim((base_slice){*joined + a->joined + start, b->joined + end - (a->joined + start)});
}

/* What was noted of runs and links becomes the page's in the memory where it stands, which is a good part of what a huge
 * page takes: nothing is written before it was read, as a record is longer than what it becomes. */
_Static_assert(sizeof(text_run) <= sizeof(text_run_record) && sizeof(text_link) <= sizeof(text_link_record),
               "runs and links take the place of their records");

static void hand_out_links(text_builder *builder, text_page *page) {
    char *links = (char *)builder->links;
    const char *joined = NULL;
    for (size_t i = 0; i < builder->n_links && !builder->has_failed; i++) {
        const text_link_record record = builder->links[i];
        text_link link = record.link;
        link.text = link_text(builder, &record, &link.region, &joined);
        memcpy(links + i * sizeof link, &link, sizeof link);
    }
    page->links = (const void *)links;
    page->n_links = builder->n_links;
}

static void hand_out_runs(text_builder *builder, text_page *page) {
    char *runs = (char *)builder->runs;
    for (size_t i = 0; i < builder->n_runs; i++) {
        const text_run_record record = builder->runs[i];
        const text_run run = {.bytes = bytes_of(builder, &record),
                              .len = record.len,
                              .region = record.region,
                              .pieces = builder->pieces + record.first_piece,
                              .n_pieces = record.n_pieces};
        memcpy(runs + i * sizeof run, &run, sizeof run);
    }
    size_t n_records = (builder->n_runs * sizeof(text_run) + sizeof(text_run_record) - 1) / sizeof(text_run_record);
    base_give_back(builder->allocator, (void **)&builder->runs, &builder->runs_capacity, n_records,
                   sizeof *builder->runs);
    page->runs = (const void *)builder->runs;
    page->n_runs = builder->n_runs;
}

sm_status text_build_page(text_builder *builder, text_page *page) {
    text_build_end_run(builder);
    finish_out(builder);
    finish_runs(builder);
    finish_closed(builder);
    if (!builder->has_failed) hand_out_links(builder, page);
    if (builder->has_failed) return SM_ERR_NOMEM;
    hand_out_runs(builder, page);
    base_give_back(builder->allocator, (void **)&builder->groups, &builder->groups_capacity, 0,
                   sizeof *builder->groups);
    page->changed = (base_slice){builder->out, builder->out_len};
    page->date = builder->date;
    page->closed = builder->closed;
    page->n_closed = builder->n_closed;
    page->raw = builder->raw;
    page->n_raw = builder->n_raw;
    page->unclosed = builder->unclosed;
    page->n_unclosed = builder->n_unclosed;
    page->headings = builder->headings;
    page->n_headings = builder->n_headings;
    page->marked_place = builder->marked_place;
    page->block_place = builder->block_place;
    return SM_OK;
}
