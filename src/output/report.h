/* A page for people: report.c fills the page that report.html is with report_text.c, the text and its mentions, and
 * report_list.c, the list of securities. Private to the room. */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "output/annotate.h"

typedef struct report {
    annotate_job *job;
    output_writer *writer;
    const sm_document_info *info;
    const text_page *title; /* of the document's own, or NULL */
    text_page title_page;
    size_t n_heading_runs; /* of the page that stand in the heading */
    uint64_t at;           /* the next mention of the text */
    uint32_t *listed;      /* securities, as the list has them; n_listed of them */
    uint32_t *number;      /* by security: where in the list it is, from 1; 0: not there */
    uint32_t *first;       /* by security: its first mention + 1, or 0 */
    uint32_t *next;        /* by mention: the next one of the same security + 1, or 0 */
    uint32_t *providers;   /* that write addresses; n_providers of them */
    size_t n_listed, n_providers;
} report;

/* For annotate_style.write. */
void report_write(annotate_job *job);

void report_heading(report *r);       /* the title with its mentions */
void report_heading_plain(report *r); /* without */
void report_text(report *r);
void report_list(report *r);

/* --- Pieces ----------------------------------------------------------------------------------------------------------- */

void report_put(report *r, const char *markup);
void report_put_text(report *r, const char *text); /* escaped; NULL is nothing */
void report_put_percent(report *r, uint16_t of_65535);
void report_put_count(report *r, uint64_t n, const char *one, const char *many); /* "1 mention" */
void report_put_hue(report *r, uint32_t number);       /* the style attribute of what is about a listed security */
void report_put_language(report *r, const char *text); /* the lang attribute, where it is another than the page's */

/* "zh" where more of it is Han than Latin letters, else "en". */
const char *report_language_of(base_slice text);

#endif
