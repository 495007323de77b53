/* The list of securities: how often and how much the text is about each, its pages and its picture. */
#include <string.h>

#include "output/report.h"

/* --- Addresses -------------------------------------------------------------------------------------------------------- */

/* Templates come from a dictionary or a caller: nothing but pages of the web is linked to. */
static bool is_of_web(base_slice url) {
    return base_slice_starts_letters(url, "http://") || base_slice_starts_letters(url, "https://");
}

/* What is no part of an address is percent-encoded. */
static void put_address(report *r, base_slice url) {
    static const char hex[] = "0123456789ABCDEF";
    size_t run = 0;
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.bytes[i];
        if (c > ' ' && c < 0x7F && !strchr("\"<>\\^`{|}", c)) continue;
        output_html(r->writer, (base_slice){url.bytes + run, i - run});
        output_bytes(r->writer, (base_slice){(char[]){'%', hex[c >> 4], hex[c & 15]}, 3});
        run = i + 1;
    }
    output_html(r->writer, (base_slice){url.bytes + run, url.len - run});
}

static base_slice made_url(const report *r) {
    return (base_slice){r->job->url.data, (size_t)r->job->url.len};
}

/* @return false, with nothing in job->url, when the provider has no page of the web for it. */
static bool make_url_of(report *r, uint32_t provider, const sm_security *security) {
    annotate_job *job = r->job;
    bool is_out_of_memory = false;
    job->url.len = 0;
    bool is_made = link_write(job->view, provider, security->handle, &job->url, &is_out_of_memory);
    if (is_out_of_memory) job->writer.is_out_of_memory = true;
    return is_made && is_of_web(made_url(r));
}

static void begin_link(report *r) {
    report_put(r, "<a href=\"");
    put_address(r, made_url(r));
    report_put(r, "\" rel=\"noopener noreferrer\">");
}

/* --- Parts of an entry ------------------------------------------------------------------------------------------------ */

/* A security without a number is none of the dictionary's, and has no pages. */
static bool is_of_dictionary(const sm_security *security) {
    return security->handle != dict_none;
}

static void put_name(report *r, const sm_security *security) {
    bool has_page = is_of_dictionary(security) && annotate_make_url(r->job, security) && is_of_web(made_url(r));
    report_put(r, "<h3");
    report_put_language(r, security->name);
    report_put(r, ">");
    if (has_page) begin_link(r);
    report_put(r, "<bdi>");
    report_put_text(r, *security->name ? security->name : security->id);
    report_put(r, has_page ? "</bdi></a></h3>\n" : "</bdi></h3>\n");
}

static void put_identity(report *r, const sm_security *security) {
    report_put(r, "<p class=\"identity\"><code>");
    report_put_text(r, security->id);
    report_put(r, "</code>");
    if (security->status != SM_SECURITY_ACTIVE) {
        report_put(r, " <span class=\"status\">");
        report_put(r, sm_security_status_word(security->status));
        report_put(r, "</span>");
    }
    if (strcmp(security->issuer, security->id) != 0) {
        report_put(r, " <span>line of <code>");
        report_put_text(r, security->issuer);
        report_put(r, "</code></span>");
    }
    report_put(r, "</p>\n");
}

/* @param row  of the roll-up; NULL: the page only links to it. */
static void put_share(report *r, const sm_rollup *row) {
    if (!row) {
        report_put(r, "<p class=\"share\">linked by the page, not named</p>\n");
        return;
    }
    report_put(r, "<p class=\"share\"><span class=\"bar\" aria-hidden=\"true\" style=\"--share:");
    output_number(r->writer, (row->salience * UINT32_C(100) + 32767) / 65535);
    report_put(r, "%\"></span>");
    report_put_count(r, row->count, "mention", "mentions");
    report_put(r, ", salience ");
    report_put_percent(r, row->salience);
    report_put(r, "</p>\n");
}

static void put_mentions(report *r, uint32_t security) {
    uint64_t n = 0;
    report_put(r, "<details class=\"places\"><summary>Where</summary><p>");
    for (uint32_t at = r->first[security]; at && !r->writer->is_out_of_memory; at = r->next[at - 1]) {
        report_put(r, n ? " <a href=\"#m" : "<a href=\"#m");
        output_number(r->writer, at);
        report_put(r, "\"><span class=\"hidden\">mention </span>");
        output_number(r->writer, ++n);
        report_put(r, "</a>");
    }
    report_put(r, "</p></details>\n");
}

static void put_picture(report *r, const sm_security *security) {
    link_eastmoney codes;
    if (!link_write_eastmoney(r->job->view, security->handle, &codes)) return;
    report_put(r, "<img src=\"");
    annotate_picture(r->writer, &codes);
    report_put(r, "\" alt=\"K-line of ");
    report_put_text(r, *security->name ? security->name : security->id);
    report_put(r, "\" width=\"578\" height=\"276\" loading=\"lazy\" referrerpolicy=\"no-referrer\">\n");
}

static void put_pages(report *r, const sm_security *security, bool is_open) {
    report_put(r, is_open ? "<details open><summary>Pages and K-line</summary>\n"
                          : "<details><summary>Pages and K-line</summary>\n");
    put_picture(r, security);
    report_put(r, "<ul class=\"pages\">");
    for (size_t i = 0; i < r->n_providers; i++) {
        if (!make_url_of(r, r->providers[i], security)) continue;
        report_put(r, "<li>");
        begin_link(r);
        report_put_text(r, dict_cell(r->job->view, DICT_PROVIDERS, r->providers[i], PROVIDER_ID));
        report_put(r, "</a></li>\n");
    }
    report_put(r, "</ul></details>\n");
}

/* --- The list --------------------------------------------------------------------------------------------------------- */

void report_list(report *r) {
    if (r->n_listed == 0) report_put(r, "<p class=\"none\">No stock is mentioned.</p>\n");
    else report_put(r, "<ol>\n");
    for (size_t i = 0; i < r->n_listed && !r->writer->is_out_of_memory; i++) {
        const sm_security *security = sm_result_security_at(r->job->result, r->listed[i]);
        report_put(r, "<li id=\"s");
        output_number(r->writer, i + 1);
        report_put(r, "\"");
        report_put_hue(r, (uint32_t)i + 1);
        report_put(r, ">\n");
        put_name(r, security);
        put_identity(r, security);
        put_share(r,
                  i < r->info->n_rows[SM_BY_SECURITY] ? sm_result_rollup_at(r->job->result, SM_BY_SECURITY, i) : NULL);
        put_mentions(r, r->listed[i]);
        if (is_of_dictionary(security)) put_pages(r, security, i == 0);
        report_put(r, "</li>\n");
    }
    if (r->n_listed) report_put(r, "</ol>\n");
}
