/* What the steps share that turn contradictions into the findings of a result: findings.c those of resolve, link_findings.c
 * those of the page's links. Private to the room. */
#ifndef ENGINE_FINDINGS_H
#define ENGINE_FINDINGS_H

#include "engine/engine.h"

enum { FINDINGS_MOST_IDS = 8 };

/* What a finding is about, before it is put in words. */
typedef struct findings_draft {
    sm_finding finding; /* with its places and kind; `name` and `code` as they stand there */
    uint32_t ids[FINDINGS_MOST_IDS];
    uint32_t n_ids;    /* lines that the name can mean, best first; the others of more are left out */
    uint32_t security; /* whose the code or link is; dict_none */
    uint32_t right;    /* dict_none */
    int32_t from, to;  /* days of the tables, that the sentence tells; 0: none */
} findings_draft;

/* Adds it with its words. False: out of memory. */
bool findings_add(sm_scanner *scanner, sm_result *result, findings_draft *draft);
/* Adds those of the page's links. False: out of memory. */
bool findings_add_links(sm_scanner *scanner, sm_result *result, const text_page *page);

#endif
