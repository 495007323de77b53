/* The text as a reader of the document sees it, with its mentions. */
#include <string.h>

#include "output/report.h"

/* --- Cards: what is known of a mention, shown while it is pointed at or has the focus ---------------------------------- */

static void put_evidence(report *r, uint64_t evidence) {
    report_put(r, "<span class=\"why\"><b>Why</b> ");
    bool is_first = true;
    for (uint32_t bit = 0; bit < 64; bit++) {
        const char *word = evidence >> bit & 1 ? sm_evidence_word(bit) : NULL;
        if (!word) continue;
        report_put(r, is_first ? "<i>" : " <i>");
        report_put_text(r, word);
        report_put(r, "</i>");
        is_first = false;
    }
    report_put(r, is_first ? "–</span>" : "</span>");
}

static void put_candidates(report *r, const sm_mention *mention) {
    if (mention->n_candidates < 2) return;
    report_put(r, "<span class=\"lines\"><b>Lines that could be meant</b>");
    for (uint32_t i = 0; i < mention->n_candidates; i++) {
        const sm_candidate *candidate = sm_result_candidate_at(r->job->result, (uint64_t)mention->first_candidate + i);
        const sm_security *security = sm_result_security_at(r->job->result, candidate->security);
        report_put(r, " <span><code>");
        report_put_text(r, security->id);
        report_put(r, "</code> <bdi>");
        report_put_text(r, security->name);
        report_put(r, "</bdi> ");
        report_put_percent(r, candidate->confidence);
        report_put(r, i + 1 < mention->n_candidates ? ";</span>" : "</span>");
    }
    report_put(r, "</span>");
}

static void put_place(report *r, const sm_mention *mention) {
    const char *const words[] = {sm_kind_word(mention->kind), sm_role_word(mention->role),
                                 sm_region_word(mention->region)};
    report_put(r, " <span class=\"facts\">");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (i) report_put(r, ", ");
        report_put_text(r, words[i]);
    }
    report_put(r, "</span>");
}

static void put_card(report *r, const sm_mention *mention, uint64_t number) {
    const sm_security *security = sm_result_security_at(r->job->result, mention->security);
    report_put(r, "<span class=\"card\" role=\"tooltip\" lang=\"en\" id=\"c");
    output_number(r->writer, number);
    report_put(r, "\"><span class=\"who\"><b");
    report_put_language(r, security->name);
    report_put(r, "><bdi>");
    report_put_text(r, *security->name ? security->name : mention->name);
    report_put(r, "</bdi></b> <code>");
    report_put_text(r, security->id);
    report_put(r, "</code></span> <span class=\"sure\">");
    report_put_percent(r, mention->confidence);
    report_put(r, "</span>");
    put_place(r, mention);
    if (strcmp(security->then, security->id) != 0) {
        report_put(r, " <span class=\"facts\">then <code>");
        report_put_text(r, security->then);
        report_put(r, "</code></span>");
    }
    report_put(r, " ");
    put_evidence(r, mention->evidence);
    put_candidates(r, mention);
    report_put(r, "</span>");
}

/* --- Mentions --------------------------------------------------------------------------------------------------------- */

static const char *class_of(const sm_mention *mention) {
    static const struct {
        uint16_t least;
        const char *name;
    } classes[] = {{62258, "high"}, {52428, "middle"}, {0, "low"}}; /* 95 in 100, 80 in 100: as the legend says */
    size_t i = 0;
    while (mention->confidence < classes[i].least) i++;
    return classes[i].name;
}

static void put_mention(report *r, const sm_mention *mention, uint64_t number, base_slice text) {
    uint32_t listed = r->number[mention->security];
    bool is_link = mention->kind == SM_KIND_LINK;
    report_put(r, "<span class=\"m ");
    report_put(r, is_link ? "page-link" : class_of(mention));
    report_put(r, "\"");
    report_put_hue(r, listed);
    report_put(r, "><a id=\"m");
    output_number(r->writer, number);
    report_put(r, "\" href=\"#s");
    output_number(r->writer, listed);
    report_put(r, "\" aria-describedby=\"c");
    output_number(r->writer, number);
    report_put(r, "\" data-n=\"");
    output_number(r->writer, listed);
    report_put(r, "\">");
    output_html(r->writer, text);
    if (is_link) report_put(r, "<span class=\"hidden\" lang=\"en\">link</span><span aria-hidden=\"true\">↗</span>");
    report_put(r, "</a>");
    put_card(r, mention, number);
    report_put(r, "</span>");
}

/* --- Runs ------------------------------------------------------------------------------------------------------------- */

/* Where the text of a mention stands in a run. Of a character reference that gives two characters only the first can be
 * found by its place, so the text itself is compared. */
static size_t find_in_run(const text_run *run, const sm_mention *mention, size_t len) {
    enum { LONGEST_REFERENCE = 8 };
    size_t at = text_unmap(run, (size_t)mention->start), last = at + LONGEST_REFERENCE;
    while (at < last && len <= run->len && at <= run->len - len && memcmp(run->bytes + at, mention->text, len) != 0)
        at++;
    return at < last && len <= run->len && at <= run->len - len ? at : run->len;
}

static void put_between(report *r, const text_run *run, size_t from, size_t to) {
    output_html(r->writer, (base_slice){run->bytes + from, to - from});
}

/* A run with its mentions, from r->at on: those of the page's links that stand in it or before it too. */
static void put_run(report *r, const text_run *run, uint32_t field) {
    size_t at = 0, source_end = run->pieces[run->n_pieces - 1].source_end;
    for (; r->at < r->info->n_mentions && !r->writer->is_out_of_memory; r->at++) {
        const sm_mention *mention = sm_result_mention_at(r->job->result, r->at);
        bool is_link = mention->kind == SM_KIND_LINK;
        if (mention->field != field || mention->start >= source_end) break;
        size_t len = is_link ? 0 : strlen(mention->text);
        size_t start = is_link ? text_unmap(run, (size_t)mention->start) : find_in_run(run, mention, len);
        if (start < at) start = at; /* of links alone */
        if (start + len > run->len) continue;
        put_between(r, run, at, start);
        put_mention(r, mention, r->at + 1, (base_slice){run->bytes + start, len});
        at = start + len;
    }
    put_between(r, run, at, run->len);
}

/* --- The heading ------------------------------------------------------------------------------------------------------ */

/* The runs that are the heading: the document's title, else the page's where it stands first. */
static const text_run *heading_runs(const report *r, size_t *n, uint32_t *field) {
    const text_page *page = r->job->page;
    *field = r->title ? SM_FIELD_TITLE : SM_FIELD_TEXT;
    *n = r->title ? r->title->n_runs : page->n_runs && page->runs[0].region == SM_REGION_TITLE;
    return r->title ? r->title->runs : page->runs;
}

void report_heading(report *r) {
    size_t n;
    uint32_t field;
    const text_run *runs = heading_runs(r, &n, &field);
    report_put(r, "<h1 lang=\"");
    report_put(r, n ? report_language_of((base_slice){runs[0].bytes, runs[0].len}) : "en");
    report_put(r, "\">");
    for (size_t i = 0; i < n; i++) put_run(r, &runs[i], field);
    if (!n) report_put(r, "Stock mentions");
    report_put(r, "</h1>");
    r->n_heading_runs = field == SM_FIELD_TEXT ? n : 0;
}

void report_heading_plain(report *r) {
    size_t n;
    uint32_t field;
    const text_run *runs = heading_runs(r, &n, &field);
    for (size_t i = 0; i < n; i++) put_between(r, &runs[i], 0, runs[i].len);
    report_put(r, n ? " – stock mentions" : "Stock mentions");
}

/* --- The text --------------------------------------------------------------------------------------------------------- */

/* What runs of a region are, and what runs of it that follow each other stand in. */
static const struct {
    const char *begin_group, *begin, *end, *end_group;
} regions[] = {
    [SM_REGION_BODY] = {"", "<p>", "</p>\n", ""},
    [SM_REGION_TITLE] = {"", "<p class=\"title\">", "</p>\n", ""},
    [SM_REGION_HEADING] = {"", "<h2>", "</h2>\n", ""},
    [SM_REGION_TABLE] = {"<ul class=\"cells\">\n", "<li>", "</li>\n", "</ul>\n"},
    [SM_REGION_LINKS] = {"<ul class=\"chrome\">\n", "<li>", "</li>\n", "</ul>\n"},
    [SM_REGION_NAVIGATION] = {"<ul class=\"chrome\">\n", "<li>", "</li>\n", "</ul>\n"},
    [SM_REGION_FOOTER] = {"<ul class=\"chrome\">\n", "<li>", "</li>\n", "</ul>\n"},
};

/* Links behind all text, such as that of a picture. */
static void put_last_links(report *r) {
    if (r->at == r->info->n_mentions) return;
    report_put(r, "<p>");
    for (; r->at < r->info->n_mentions && !r->writer->is_out_of_memory; r->at++) {
        const sm_mention *mention = sm_result_mention_at(r->job->result, r->at);
        if (mention->kind == SM_KIND_LINK) put_mention(r, mention, r->at + 1, (base_slice){"", 0});
    }
    report_put(r, "</p>\n");
}

void report_text(report *r) {
    const text_page *page = r->job->page;
    const char *end_group = "";
    for (size_t i = r->n_heading_runs; i < page->n_runs && !r->writer->is_out_of_memory; i++) {
        uint32_t region = page->runs[i].region;
        if (i == r->n_heading_runs || region != page->runs[i - 1].region) {
            report_put(r, end_group);
            report_put(r, regions[region].begin_group);
            end_group = regions[region].end_group;
        }
        report_put(r, regions[region].begin);
        put_run(r, &page->runs[i], SM_FIELD_TEXT);
        report_put(r, regions[region].end);
    }
    report_put(r, end_group);
    put_last_links(r);
    if (page->n_runs <= r->n_heading_runs)
        report_put(r, "<p class=\"none\" lang=\"en\">The document has no text.</p>\n");
}
