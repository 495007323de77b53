/* What the formats' readers write to: runs with their pieces, links, groups and the page's date.
 *
 * A failed allocation is remembered and everything after it does nothing, so that the readers need not ask after each
 * word; text_build_page() says so in the end. */
#ifndef TEXT_BUILD_H
#define TEXT_BUILD_H

#include "text/text.h"

typedef struct text_run_record {
    size_t start; /* in `out` when copied, else in the source */
    size_t len;
    size_t clock; /* bytes of text that were written before it, in runs kept and dropped */
    size_t joined;
    size_t first_piece, n_pieces;
    uint32_t region, group;
    bool is_copied, is_linked, is_short; /* the last two: see regions.c */
} text_run_record;

typedef struct text_link_record {
    text_link link;
    size_t clock, end_clock;
    bool is_anchor;
} text_link_record;

/* How much of some text is links. */
typedef struct text_share {
    size_t text_bytes, linked_bytes, label_bytes; /* the last: of short runs that are no links */
    size_t n_links;
} text_share;

/* A list, a section, a box: whether it is one of links is known when all of it was read. */
typedef struct text_group {
    text_share own, all;   /* of what stands right in it, and with the groups inside */
    uint32_t parent;       /* the group around it, which was made before */
    uint32_t called, most; /* the region that its class names, for as many bytes of text that are no links */
    uint32_t region;       /* of all that is in it; 0: that of each run */
    bool has_title;        /* the page's */
    bool is_in_links;      /* it, or one around it, is a list of links */
    bool takes_labels;     /* what is short and stands in it belongs to its links */
} text_group;

typedef struct text_builder {
    const sm_allocator *allocator;
    text_settings settings;
    uint32_t kernel;
    base_slice source;
    bool source_is_valid; /* all of it is UTF-8: no need to look again */
    bool has_failed;
    base_arena arena; /* attribute values that had to be decoded */

    text_run_record *runs;
    text_piece *pieces;
    text_link_record *links;
    text_group *groups; /* the first stands for "none" */
    char *out;          /* text of runs that could not be left where it was */
    size_t n_runs, n_pieces, n_links, n_groups, out_len;
    size_t runs_capacity, pieces_capacity, links_capacity, groups_capacity, out_capacity;

    text_run_record open; /* the run that is being written */
    bool is_open, open_has_text, last_is_exact;
    bool is_blank; /* the one run that ended so far is white space */
    size_t open_text_bytes, open_linked_bytes, open_n_links;
    size_t clock;
    size_t n_anchors;             /* links around what is being written */
    size_t n_begun, counted_link; /* links, also those that are not taken; the one whose text was counted last */

    uint32_t region, group; /* of runs that are opened from now on */
    /* The same for one block of Markdown, where they are not 0. Elements opened inside do not keep them. */
    uint32_t block_region, block_group;
    text_range *closed, *raw, *unclosed, *headings; /* see text_page */
    size_t n_closed, closed_capacity, n_raw, raw_capacity, n_unclosed, unclosed_capacity, n_headings, headings_capacity;
    size_t n_closing, closing_start;                   /* of what is open: elements in which nothing may be inserted */
    size_t marked_place, paragraph_place, block_place; /* see text_page; the paragraph has no text yet */

    int32_t date;
    unsigned date_rank; /* how good the source of `date` is: less is better, 0 is none */
} text_builder;

void text_build_init(text_builder *builder, const sm_allocator *allocator, uint32_t kernel);
void text_build_free(text_builder *builder);
/* Gives the memory of a huge page back, which is no longer used. */
void text_build_forget(text_builder *builder);
void text_build_start(text_builder *builder, base_slice source, bool source_is_valid);
/* Ends what is open and hands out the page's runs, links and date. @return SM_OK or SM_ERR_NOMEM. */
sm_status text_build_page(text_builder *builder, text_page *page);

/* Text as it stands in the source. Bytes that are no UTF-8 become U+FFFD, each maximal sequence a piece of its own. */
void text_build_source(text_builder *builder, size_t start, size_t end);
/* Text that stands for a stretch of the source: a character reference, an escape. */
void text_build_replaced(text_builder *builder, const char *bytes, size_t len, size_t start, size_t end);
/* Ends the run. A run of nothing but ASCII white space is dropped. */
void text_build_end_run(text_builder *builder);

/* A new group's number for `builder->group`, inside the one that stands there. @param called  SM_REGION_…, or 0. */
uint32_t text_build_group(text_builder *builder, uint32_t called, uint32_t most);
void text_build_title(text_builder *builder); /* here stands the page's title */

/* Of groups (regions.c): takes a run up; works out what each is; the region of a run in it. */
void text_group_add_run(text_group *group, text_run_record *run, text_share share);
void text_finish_groups(text_group *groups, size_t n);
uint32_t text_group_region(const text_group *group, const text_run_record *run);

/* A link begins here. @return its number for text_build_end_link(); TEXT_NO_LINK when out of memory, or where there is nothing
 * to end. */
size_t text_build_link(text_builder *builder, const text_link *link, bool is_anchor);
void text_build_end_link(text_builder *builder, size_t number, size_t source_end);
#define TEXT_NO_LINK SIZE_MAX
#define TEXT_LINK_NOT_TAKEN (SIZE_MAX - 1)

/* Nothing may be inserted from here on, until it was reopened as often as it was closed. */
void text_build_close(text_builder *builder, size_t source);
void text_build_reopen(text_builder *builder, size_t source);
void text_build_raw(text_builder *builder, size_t start, size_t end); /* a block of HTML in Markdown */
void text_build_unclosed(text_builder *builder, size_t start, size_t end);

/* An attribute's value with references decoded, for as long as the page: where nothing changes it is the source's own bytes,
 * or a copy where the text was put together from lines. */
base_slice text_build_value(text_builder *builder, base_slice raw);

void text_build_date(text_builder *builder, unsigned rank, base_slice text);
enum { TEXT_DATE_FRONT_MATTER = 1, TEXT_DATE_META, TEXT_DATE_ITEM, TEXT_DATE_TIME };

/* --- Views: text that was put together from stretches of the source ----------------------------------------------- */

typedef struct text_segment {
    size_t start;  /* in the view */
    size_t source; /* of the same byte */
} text_segment;

/* Bytes of the source with some left out between segments, such as the `> ` of quoted lines. Segments are in order;
 * the first starts at 0. */
typedef struct text_view {
    const char *bytes;
    size_t len;
    const text_segment *segments;
    size_t n_segments;
} text_view;

size_t text_view_segment(const text_view *view, size_t at); /* which one the byte at `at` is in */

/* Where the byte at `at` stands in the source. Most views are one segment: that is told without a call. */
static inline size_t text_view_source(const text_view *view, size_t at) {
    const text_segment *segment = &view->segments[view->n_segments > 1 ? text_view_segment(view, at) : 0];
    return segment->source + (at - segment->start);
}

/* Behind the byte before `at` (at > 0). */
static inline size_t text_view_source_end(const text_view *view, size_t at) {
    return text_view_source(view, at - 1) + 1;
}

void text_build_view(text_builder *builder, const text_view *view, size_t start, size_t end);

#endif
