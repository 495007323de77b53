/* engine: the public calls. Takes a document through the rooms in order and gathers what they say in a result.
 *
 * In:        the caller's documents and options.
 * Out:       results, lookups, links.
 * May know:  every room's header, to call them in order.
 * Must not:  know how any of them works. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdatomic.h>

#include "link/link.h"
#include "resolve/resolve.h"
#include "scan/scan.h"
#include "text/text.h"

struct sm_engine {
    atomic_uint holds; /* the caller's, and one for each that keeps it: scanners, results, Arrow streams, sm_live */
    const sm_dict *dict;
    const dict_view *view;
    sm_allocator allocator;
    uint32_t kernel; /* SM_KERNEL_…, never AUTO */
    scan_codes *codes;
    link_sites *sites;
    resolve_model models[RESOLVE_N_SCOPES];
};

/* A document on its way through the rooms. */
typedef struct engine_document {
    base_slice fields[2]; /* by SM_FIELD_… */
    /* Of a text in passages, whose field is one of them: the bytes and units of the text before it. */
    uint64_t text_start, text_units;
    uint64_t n_told; /* mentions of it in results before, as a stream gives several */
    size_t n_invalid, first_invalid;
    bool has_invalid_text; /* in passages that were read */
    int32_t as_of;
    uint32_t charset;     /* TEXT_…; AUTO: not known yet */
    uint32_t flags;       /* SM_DOCUMENT_… */
    uint32_t limits;      /* SM_LIMIT_… that were reached when it was read */
    bool is_stopped;      /* steps are used up */
    uint64_t n_steps;     /* of its candidates; of the title's bytes too, when that is done */
    uint64_t n_read;      /* bytes of the text */
    uint64_t weight;      /* of its mentions */
    size_t lead;          /* the first that has any */
    uint32_t lead_weight; /* that it has besides */
} engine_document;

/* Where a run of resolve came from. */
typedef struct engine_run {
    const text_run *run; /* whose byte `skip` is its first; NULL: it stands in its field as it is */
    size_t skip;
    size_t start; /* is added to its places: where the passage begins in the field */
    uint32_t field;
} engine_run;

/* Where bytes of a run of resolve stand in its field. */
static inline void engine_place(const engine_run *from, size_t start, size_t end, size_t *place, size_t *place_end) {
    *place = start;
    *place_end = end;
    if (from->run) text_map(from->run, from->skip + start, from->skip + end, place, place_end);
    *place += from->start;
    *place_end += from->start;
}

/* A page's links on their way into the result. */
typedef struct engine_links {
    const text_link *next, *end;
    const uint32_t *security; /* that `next` names */
    size_t covered;           /* the link before reaches to here … */
    uint32_t covering;        /* … and names this security */
} engine_links;

enum { ENGINE_NEAR_BITS = 8 };

typedef struct engine_passages engine_passages;

struct sm_scanner {
    const sm_engine *engine;
    text_reader *reader, *title_reader; /* the second one is made when a title comes */
    text_page page, title_page;         /* that they read last */
    scan_memory *memory;                /* of the scan */
    scan_list candidates;
    resolve_state *resolver;
    engine_document documents[RESOLVE_MOST_DOCUMENTS]; /* of the wave */
    uint32_t n_documents;
    engine_run *runs; /* numbered as in resolve */
    size_t n_runs, runs_capacity;
    uint32_t near_index[1 << ENGINE_NEAR_BITS]; /* by security, as fill.c tells */
    uint32_t *result_index; /* by security: where it may stand in the result, which is to be looked at there */
    uint32_t *row_of;       /* by security of the wave: its row + 1, or 0 */
    size_t row_of_capacity;
    uint32_t *unlisted; /* by hash of the id: index + 1 of a security of the wave that no table has, or 0 */
    size_t n_unlisted_slots, n_unlisted, unlisted_capacity;
    uint32_t *link_securities; /* by link of the page: what it names, or dict_none */
    size_t link_securities_capacity;
    engine_passages *passages; /* NULL until a document is read in passages */
    /* Of a batch whose documents do not lie one behind the other: those of a stretch that do. */
    char *staged;
    int64_t *staged_offsets;
    size_t staged_capacity, staged_offsets_capacity;
};

/* Mentions, candidates and securities have numbers of 32 bits, of which the last says "none". */
static const size_t ENGINE_MOST_ITEMS = UINT32_MAX - 1;

typedef struct engine_array {
    void *items;
    size_t n, capacity;
} engine_array;

struct sm_result {
    const sm_engine *engine;
    base_arena arena; /* texts of mentions */
    engine_array mentions, candidates, securities, rows[2], documents;
    engine_array explanations, explained_lines; /* none unless they were asked for */
    sm_scanner *scanner; /* what a batch was worked with, kept for the next one; NULL before the first */
    /* Those of a batch's other threads, one behind the other, kept for the next one: the texts of their mentions stand in them,
     * and memory that is made anew for each batch costs a quarter of its time. */
    sm_result *next_part;
    uint32_t offsets, scope;
    bool is_checked;   /* sm_check() filled it */
    bool is_explained; /* sm_engine_explain() did */
    resolve_counts counts;
    engine_array findings;
};

/* What output needs beside the public accessors. */
uint32_t engine_result_offsets(const sm_result *result);             /* SM_OFFSETS_…: the unit that was asked for */
const sm_dict *engine_result_dict(const sm_result *result);          /* valid as long as the result */
bool engine_result_is_checked(const sm_result *result);              /* it has findings, or could have */
bool engine_result_is_explained(const sm_result *result);            /* it is of sm_engine_explain() */
int32_t engine_result_weight(const sm_result *result, uint32_t bit); /* sm_engine_weight() in its scope */

const sm_engine *engine_retain(const sm_engine *engine);
sm_engine *engine_writable(const sm_engine *engine); /* the count of holds is all that may change */

/* The options of one call, checked and turned into the dictionary's indices. */
typedef struct engine_options {
    sm_extract_options given;
    bool ignores_links; /* the page's own links are no evidence */
    bool is_in_source;  /* places are in the page's source, not in the caller's bytes */
    bool is_explaining; /* every candidate */
    uint32_t prefer[32];
    uint32_t *chosen; /* a bit for each security that options.only and options.exclude leave; NULL: all */
    resolve_options resolve;
} engine_options;

static inline bool engine_is_chosen(const engine_options *options, uint32_t security) {
    return !options->chosen || options->chosen[security / 32] >> security % 32 & 1;
}

void engine_result_clear(sm_result *result);
/* A new result for *result where that is NULL, else that one cleared. */
sm_status engine_result_make(const sm_engine *engine, sm_result **result, sm_error *error);

/* After a failure, of whatever the call was given: the result holds nothing, and one that the call has made is freed. Only one of
 * another engine is left as it is: somebody else uses it. @param engine, result  may be NULL. */
void engine_result_drop(const sm_engine *engine, sm_result **result, bool is_new);

void engine_result_count(sm_result *result, const resolve_counts *more);

/* How many items there are. */
typedef struct engine_counts {
    uint64_t mentions, candidates, securities, rows[2], documents;
} engine_counts;

engine_counts engine_counts_of(const sm_result *result);
/* What has come since there were so many. */
engine_counts engine_counts_since(const sm_result *result, const engine_counts *before);

/* What one thread of a batch has found in some documents: from there on so many items, which have their place in the whole
 * (parts.c). */
typedef struct engine_part {
    const sm_result *of;
    engine_counts from, n, at;
} engine_part;

/* Makes room in `result` for the parts, which are laid behind what it has, and tells where each goes. Then each is laid in two
 * steps, which any thread may do. False: out of memory, or of numbers. */
bool engine_parts_begin(sm_result *result, engine_part *parts, uint32_t n);
void engine_part_lay_mentions(const sm_result *result, const engine_part *part);
void engine_part_lay_others(const sm_result *result, const engine_part *part);

/* --- What the caller said (given.c) --- */

/* The options of a call, checked. The caller releases them, if that is SM_OK. */
sm_status engine_take_options(const sm_engine *engine, const sm_extract_options *options, engine_options *out,
                              sm_error *error);
void engine_release_options(const sm_engine *engine, engine_options *options);

/* Those of them that say how a document is read, and checks these. */
sm_status engine_take_reading(const sm_extract_options *options, sm_extract_options *out, sm_error *error);
/* TEXT_…; TEXT_AUTO where the caller does not say; TEXT_NO_CHARSET. */
uint32_t engine_charset(const sm_document *document);
/* SM_ERR_ARG for a name that is not known. @param owner  of the field, as messages call it: "document". */
sm_status engine_check_charset(const char *owner, base_slice charset, sm_error *error);
/* SM_ERR_UNSUPPORTED, for what text_read() says. */
sm_status engine_no_converter(sm_error *error);

/* The caller's struct where it is as old as this library, else `copy` with what it has. NULL: *status says why. */
const sm_document *engine_take_document(const sm_document *document, sm_document *copy, sm_status *status,
                                        sm_error *error);

/* --- Limits (limits.c) --- */

/* What is read of a document before any candidate is known. */
typedef struct engine_reading {
    base_slice title;
    uint64_t most;        /* bytes of the text */
    uint32_t limit;       /* SM_LIMIT_…, where there are more */
    uint32_t title_limit; /* that cut the title, or 0 */
} engine_reading;

/* A limit as a size: nothing is longer than that. */
static inline size_t engine_size(uint64_t limit) {
    return limit < SIZE_MAX ? (size_t)limit : SIZE_MAX;
}

/* How many bytes a limit of the caller's allows; 0: there is none. */
size_t engine_limit(uint64_t limit);
engine_reading engine_limit_reading(const sm_document *document, const sm_extract_options *given);
/* Takes a step for a candidate. @param place  byte of its field. @param limit  options.max_steps.
 * @return whether there was one left; if not, the document is read up to this place. */
bool engine_has_step(engine_document *document, uint64_t place, uint64_t limit);

/* --- A page's runs (runs.c) --- */

/* Runs of a page that lie one behind the other: from a byte of the first up to one of the last. */
typedef struct engine_stretch {
    size_t first, end; /* runs */
    size_t from, to;   /* bytes of the first and of the last */
    size_t start;      /* of the field's bytes that the page's source begins at */
    uint32_t field;
} engine_stretch;

/* Runs in which something was found, and all of it, kept for later. */
typedef struct engine_gathered {
    resolve_run *runs;
    engine_run *origins;
    size_t n, runs_capacity, origins_capacity;
    scan_list candidates; /* has its allocator */
} engine_gathered;

engine_stretch engine_all_of(const text_page *page, uint32_t field);
/* Scans a stretch for the wave's one document.
 * @param max_steps  0: no limit; links behind the last step are taken off the page.
 * @param to  where what was found is kept; NULL: it is added to the wave. */
sm_status engine_scan(sm_scanner *scanner, text_page *page, const engine_stretch *stretch, uint64_t max_steps,
                      engine_gathered *to, sm_error *error);

/* --- A document in passages (passages.c) --- */

/* With options.context_bytes a text is read in passages of half as many bytes at most, and what is certain of one is heard in
 * itself and its neighbours alone: mentions come as soon as the passage behind theirs was read, and no text is kept longer.
 * Begin; then the title; then either a page or, in pieces, plain text of UTF-8; then end. Mentions that are known by then are
 * added to the last document of the result, which the caller opened; it may be another one each time.
 * @param resolve  as in engine_begin_wave(); kept to the end.
 * @param is_text  it comes in pieces: then units are counted too. */
sm_status engine_begin_passages(sm_scanner *scanner, const engine_options *options, const resolve_options *resolve,
                                bool is_text);
sm_status engine_pass_page(sm_scanner *scanner, const engine_options *options, text_page *page, uint32_t field,
                           sm_result *result, sm_error *error);
sm_status engine_pass_text(sm_scanner *scanner, const engine_options *options, base_slice text, sm_result *result,
                           sm_error *error);
sm_status engine_end_passages(sm_scanner *scanner, const engine_options *options, sm_result *result, sm_error *error);
void engine_passages_free(sm_scanner *scanner);

/* --- A document (extract.c) --- */

/* sm_engine_extract() with options that were taken. The page stays in the scanner, when the caller brought one. */
sm_status engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                         const engine_options *options, sm_result **result, sm_error *error);

/* Option, else the document's own field, else what the page says, which may be NULL, else a date in its address. */
int32_t engine_find_as_of(const engine_options *options, const sm_document *document, const text_page *page);
/* Reads a title, to be scanned then, and says of the document that it has one. */
sm_status engine_read_title(sm_scanner *scanner, base_slice title);
/* The title that was read is the first passage. */
sm_status engine_pass_title(sm_scanner *scanner, const engine_options *options, base_slice title, sm_result *result,
                            sm_error *error);

/* One document's whole way into the result. */
sm_status engine_read_document(sm_scanner *scanner, const sm_document *document, const engine_options *options,
                               sm_result *result, sm_error *error);

/* A wave's way: begin, then its documents, which the caller writes into scanner->documents, and their runs, then finish,
 * which lays them behind those of the result. `page` is that of a wave of one document, where it has links; else NULL.
 * Finishing has three steps, of which a document in passages has the second one for each. */
void engine_begin_wave(sm_scanner *scanner, const resolve_options *options, uint32_t n_documents);
bool engine_add_runs(sm_scanner *scanner, const resolve_run *runs, const engine_run *from, size_t n,
                     const scan_list *candidates);
sm_status engine_finish_wave(sm_scanner *scanner, const engine_options *options, const text_page *page,
                             sm_result *result);
sm_status engine_settle_wave(sm_scanner *scanner, const engine_options *options, engine_links *links,
                             sm_result *result);
sm_status engine_finish_documents(sm_scanner *scanner, const engine_options *options, const text_page *page,
                                  sm_result *result);
/* @param page  NULL: none. */
engine_links engine_links_of(const sm_scanner *scanner, const text_page *page);
/* Reads what the page's links name. False: out of memory. */
bool engine_read_links(sm_scanner *scanner, const text_page *page);

/* The wave's documents, which are the last of the result. */
static inline sm_document_info *engine_wave_documents(const sm_scanner *scanner, const sm_result *result) {
    return (sm_document_info *)result->documents.items + (result->documents.n - scanner->n_documents);
}

/* Filling a result (fill.c). First the wave's documents are opened behind those that it has, as far as they are known by then;
 * who learns more of them later tells it anew. Then mentions and links are added to them in the order of the text, as often as
 * there are passages; at the end those links are marked that disagree with what they cover. Rolling up (rollup.c) is of the
 * last documents of the result, which are the wave's. False: out of memory. */
bool engine_open_documents(sm_scanner *scanner, sm_result *result);
void engine_tell_documents(const sm_scanner *scanner, sm_result *result);
bool engine_fill(sm_scanner *scanner, sm_result *result, const engine_options *options, engine_links *links);
void engine_check_links(sm_result *result, size_t first_mention);
bool engine_roll_up(sm_scanner *scanner, sm_result *result);
/* Explains a wave of one document, which has been read: its mentions are those of the result from `first` on (explain.c).
 * False: out of memory. */
bool engine_explain(sm_scanner *scanner, sm_result *result, const engine_options *options, size_t first);

/* Securities that no table has (unlisted.c). Before a wave: room for so many codes beside those that its document has, whose
 * securities begin at `first`. False: out of memory. */
bool engine_unlisted_begin(sm_scanner *scanner, const sm_result *result, size_t first, size_t n);
/* The one with this code among the document's, which begin at `first`, or a new one behind the result's, where there is
 * room. @param run  that it stands in. @return its index; dict_none: out of memory. */
uint32_t engine_unlisted_security(sm_scanner *scanner, sm_result *result, size_t first, const scan_candidate *code,
                                  base_slice run);

/* Places of a page in another charset become those of the caller's bytes (origin.c). */
void engine_map_to_bytes(sm_result *result, const text_page *page, size_t first_mention);

/* What contradicts in a wave of one document (findings.c); then what does in the page's links, and all of it in order. `page`
 * may be NULL. False: out of memory. */
bool engine_add_findings(sm_scanner *scanner, sm_result *result);
bool engine_finish_findings(sm_scanner *scanner, sm_result *result, const text_page *page);

/* What of a result has its places in units too (units.c). */
typedef struct engine_counted {
    size_t mentions, findings, explanations;
} engine_counted;

/* How many there are. */
engine_counted engine_counted_in(const sm_result *result);
/* Counts the units of what has come since, in the fields of its documents, which are the wave's and the last of the result.
 * False: out of memory, which is the result's. */
bool engine_count_units(const sm_scanner *scanner, sm_result *result, const engine_counted *since);
/* The units of a whole text, which may be known to be UTF-8. */
uint64_t engine_units_in(base_slice text, uint32_t unit, bool is_valid);

/* The security that a link of a page names, or dict_none. */
uint32_t engine_link_security(const sm_engine *engine, const text_link *link);

#endif
