/* resolve: candidates → mentions: is it one, of which issuer, which line, how sure, and why.
 *
 * In:        the runs of a document with their candidates; the securities that its links name; the as-of day.
 * Out:       mentions that do not overlap, each with its lines, probabilities and evidence.
 * May know:  the dictionary's names, securities, weights and lexicon.
 * Must not:  know formats, source offsets or URLs. */
#ifndef RESOLVE_RESOLVE_H
#define RESOLVE_RESOLVE_H

#include "dict/dict.h"
#include "scan/scan.h"

typedef struct resolve_options {
    uint16_t min_confidence;
    const uint32_t *prefer; /* rows of mics, best first */
    size_t n_prefer;
    base_slice source;     /* the medium, as the text names it; empty: not known */
    bool reports_unlisted; /* codes that no table has, too */
    uint32_t scope;        /* SM_SCOPE_… */
    bool is_checking;      /* contradictions are looked for too */
    bool is_counting;      /* resolve_counted() is asked for */
} resolve_options;

/* Text that is one stretch. It stays where it is until the wave is finished. */
typedef struct resolve_run {
    base_slice text;
    uint32_t region;
    uint32_t document; /* of the wave, from 0 */
    int32_t as_of;     /* the document's day, yyyymmdd or 0 */
} resolve_run;

/* A line that a mention could mean. */
typedef struct resolve_line {
    uint32_t security;
    int32_t score; /* log-odds in hundredths, relative to the other lines */
    uint16_t confidence;
    uint64_t evidence;
} resolve_line;

typedef struct resolve_mention {
    uint32_t run;      /* as it was added, from 0 */
    uint32_t kind;     /* SM_KIND_NAME or SM_KIND_CODE */
    uint32_t role;     /* SM_ROLE_… */
    size_t start, end; /* bytes of the run */
    uint32_t name;     /* string: the dictionary's name, or the code */
    uint32_t security; /* the line that is meant */
    uint32_t then;     /* the line that stood for it at the as-of day */
    /* No lines: no table has the code; then resolve_unlisted() has it, and name, security and then say nothing. */
    uint32_t first_line, n_lines;
    uint16_t confidence;
    uint64_t evidence; /* 1 << FEATURE_… */
} resolve_mention;

/* Text that contradicts itself, the tables or its day: a name, a code, or both. What is not there has start == end. */
typedef struct resolve_finding {
    uint32_t kind;                                     /* SM_FINDING_… */
    uint32_t run, code_run;                            /* of the name; of the code, mostly the same */
    size_t name_start, name_end, code_start, code_end; /* bytes of the run */
    uint32_t first_line, n_lines;                      /* that the name can mean, best first */
    uint32_t right;                                    /* the one that a code beside it would be of; dict_none */
    uint32_t security;                                 /* whose the code is; dict_none: nobody's */
    int32_t from, to;                                  /* days between which the name or the listing is; 0: not known */
} resolve_finding;

/* Why a place is a mention or is none. */
typedef struct resolve_explanation {
    uint32_t run;
    uint32_t kind; /* SM_KIND_NAME or SM_KIND_CODE */
    size_t start, end;
    uint32_t decision; /* SM_DECISION_… */
    uint32_t over;     /* SM_DECISION_OVERLAPPED: the explanation that lies over it; else dict_none */
    int32_t score;
    uint16_t confidence;
    uint64_t features;
    uint32_t name;     /* of a name: the row of names that gives its line */
    uint32_t notation; /* of a code: the row of notations */
    uint32_t surface;  /* of a name */
    uint32_t first_line, n_lines;
} resolve_explanation;

/* How many places of a wave were decided so, and how many codes that no table has nothing overlaps. */
typedef struct resolve_counts {
    uint64_t decisions[SM_DECISION_CUT + 1];
    uint64_t n_unknown;
} resolve_counts;

/* The weights of a dictionary in one scope, read once per engine; and their sums for every eight features that can hold
 * together, so that a set of features is weighed without asking which they are. */
enum { RESOLVE_EIGHTS = (DICT_N_FEATURES + 7) / 8 };
typedef struct resolve_model {
    int32_t weights[DICT_N_FEATURES];
    int32_t sums[RESOLVE_EIGHTS][256];
} resolve_model;

enum { RESOLVE_N_SCOPES = SM_SCOPE_BROAD + 1 };
void resolve_model_read(const dict_view *view, uint32_t scope, resolve_model *model);

/* log-odds in hundredths of a nat → probability of 65535; a table, so that it is the same on every machine */
uint16_t resolve_probability(int32_t score);

typedef struct resolve_state resolve_state; /* one thread's memory */

/* @param models  by scope. */
resolve_state *resolve_new(const dict_view *view, const resolve_model *models, const sm_allocator *allocator,
                           uint32_t kernel);
void resolve_free(resolve_state *resolver);

/* A wave of `n_documents`: begin, then their runs and links in the order of documents, then finish. Each step goes over the
 * places of all of them, since a document alone has too few for a loop; what is certain stays within a document. False and
 * SM_ERR_NOMEM mean that memory ran out. */
enum { RESOLVE_MOST_DOCUMENTS = 56 };
void resolve_begin(resolve_state *resolver, const resolve_options *options, uint32_t n_documents);
/* Some runs with all their candidates, which count from the first of them. */
bool resolve_add_runs(resolve_state *resolver, const resolve_run *runs, size_t n, const scan_list *candidates);
void resolve_add_link(resolve_state *resolver, uint32_t document, uint32_t security);
sm_status resolve_finish(resolve_state *resolver);

/* What a document is certain of: an issuer, a line that stands in it as a code or a link; dict_none where it is not told. */
typedef struct resolve_fact {
    uint32_t issuer, line;
} resolve_fact;

typedef struct resolve_facts {
    resolve_fact *items;
    size_t n, capacity;
} resolve_facts;

/* A text that is taken in passages, each a document of its own: what the one document of a wave is certain of, in place of
 * resolve_finish(), is appended, or what one of its links says; and what its neighbours are certain of is heard before
 * resolve_finish(). False: out of memory. */
bool resolve_tell(resolve_state *resolver, resolve_facts *facts);
bool resolve_tell_link(const resolve_state *resolver, uint32_t security, resolve_facts *facts);
void resolve_hear(resolve_state *resolver, uint32_t document, const resolve_facts *facts);

/* The largest of what a huge document took is given back, to make room for what comes of it: of places, which
 * resolve_explain() and resolve_counted() ask for; of mentions and their lines. Neither is had any more. */
void resolve_forget_places(resolve_state *resolver);
void resolve_forget(resolve_state *resolver);

/* What was found, in the order of runs and starts; valid until the next begin. */
const resolve_mention *resolve_mentions(const resolve_state *resolver, size_t *n);
const resolve_line *resolve_lines(const resolve_state *resolver, size_t *n);
/* How many of the mentions are codes that no table has; and the code of one, with the number of its run. */
size_t resolve_unlisted_count(const resolve_state *resolver);
const scan_candidate *resolve_unlisted(const resolve_state *resolver, const resolve_mention *mention);
const resolve_run *resolve_runs(const resolve_state *resolver);
/* What contradicts, in the order of runs and places, where options.is_checking asked for it. */
const resolve_finding *resolve_findings(const resolve_state *resolver, size_t *n);

/* Whether a company is called like this text, so that the tables may just not know that they are one: 东航 and 中国东方航空. */
bool resolve_are_alike(const dict_view *view, base_slice text, uint32_t security);

/* Explains all places of a finished wave, in their order; lines are added to those of the mentions. Valid until the next
 * begin. @return NULL when memory ran out. */
const resolve_explanation *resolve_explain(resolve_state *resolver, size_t *n);
/* Counts what was decided, where options.is_counting asked for it. */
resolve_counts resolve_counted(resolve_state *resolver);
enum { RESOLVE_THRESHOLD = 0 }; /* the least score that is taken */

#endif
