/* A copy of a document with markup around its mentions: annotate.c chooses the places and copies, annotate_styles.c has the
 * markup. A report, which is no copy, is in report.h. Private to the room. */
#ifndef OUTPUT_ANNOTATE_H
#define OUTPUT_ANNOTATE_H

#include "engine/engine.h"
#include "link/link.h"
#include "output/output.h"

typedef struct annotate_job annotate_job;

/* What a style is and writes. What cannot be written for a security (its market has no page) is told before anything is. */
typedef struct annotate_style {
    const char *word;
    uint32_t formats;      /* 1 << SM_FORMAT_… that have a place for it */
    bool is_markdown;      /* made of Markdown's signs, which mean nothing in blocks of HTML */
    bool marks_everywhere; /* it is no markup: every mention, wherever it stands */
    bool (*can_mark)(annotate_job *job, const sm_security *security);
    void (*begin)(annotate_job *job, const sm_security *security); /* the last one that can_mark() was asked about */
    void (*end)(annotate_job *job, const sm_security *security);
    void (*write)(annotate_job *job); /* of a style that is no copy with marks: all of it; NULL */
} annotate_style;

extern const annotate_style annotate_styles[];
extern const uint32_t annotate_n_styles;

struct annotate_job {
    const annotate_style *style;
    sm_annotate_options how;
    const dict_view *view;
    const sm_allocator *allocator;
    sm_scanner *scanner;
    const sm_document *document;
    const sm_result *result;
    const text_page *page;
    uint32_t provider;
    output_writer writer; /* what is copied, in the page's charset */
    output_writer marks;  /* what is to be inserted next, in UTF-8 */
    sm_buffer marks_bytes;
    sm_buffer url;        /* of the security that can_mark() was asked about last */
    link_eastmoney codes; /* the same, of style EASTMONEY */
    uint32_t *n_marks;    /* by security of the result: how often it is linked */
    uint64_t n_links;     /* of all of them */
};

/* Whether an address of the caller's tells securities apart, and is one that a page may link to. */
sm_status annotate_check_url(const char *url, sm_error *error);
/* The security's page, as the caller wants it, into job->url. @return false where there is none. */
bool annotate_make_url(annotate_job *job, const sm_security *security);

/* The address of a stock's K-line picture, for an attribute. */
void annotate_picture(output_writer *writer, const link_eastmoney *codes);

/* The block with a stock's picture. @return false when there is none for it. */
bool annotate_can_show(annotate_job *job, const sm_security *security);
/* Of the one that annotate_can_show() was asked about last. */
void annotate_show(annotate_job *job, bool has_comments);

#endif
