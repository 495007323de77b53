/* The markup of the styles. */
#include <string.h>

#include "link/link.h"
#include "output/annotate.h"
#include "output/report.h"

/* --- Pieces ----------------------------------------------------------------------------------------------------------- */

static void put(annotate_job *job, const char *text) {
    output_raw(&job->marks, text);
}

static void put_escaped(annotate_job *job, base_slice text) {
    output_html(&job->marks, text);
}

static void put_attribute(annotate_job *job, const char *name, const char *value) {
    if (!value) return;
    put(job, " ");
    put(job, name);
    put(job, "=\"");
    put_escaped(job, base_slice_of(value));
    put(job, "\"");
}

/* --- Addresses -------------------------------------------------------------------------------------------------------- */

static const char *code_of(const sm_security *security) {
    const char *colon = strchr(security->id, ':');
    return colon ? colon + 1 : security->id;
}

static bool append_url(annotate_job *job, const char *bytes, size_t len) {
    if (base_buffer_append(&job->url, bytes, len)) return true;
    job->marks.is_out_of_memory = true;
    return false;
}

enum { PLACE_MIC, PLACE_CODE, PLACE_ID, N_PLACES };
static const char *const places[N_PLACES] = {"{mic}", "{code}", "{id}"};

/* Which of them a text begins with, or N_PLACES. */
static size_t find_place(const char *text) {
    size_t i = 0;
    while (i < N_PLACES && strncmp(text, places[i], strlen(places[i])) != 0) i++;
    return i;
}

/* A browser passes over white space and control characters in a scheme. What has none is of the page's own site. */
static bool is_of_the_web(const char *url) {
    char scheme[8];
    size_t n = 0;
    for (; *url; url++) {
        const char c = base_lower(*url);
        if ((unsigned char)c <= ' ') continue;
        if (c == ':') return (n == 4 && memcmp(scheme, "http", 4) == 0) || (n == 5 && memcmp(scheme, "https", 5) == 0);
        if (!base_is_small(c) && !base_is_digit(c) && !strchr("+-.", c)) return true;
        if (n < sizeof scheme) scheme[n++] = c;
    }
    return true;
}

sm_status annotate_check_url(const char *url, sm_error *error) {
    size_t n = 0;
    for (const char *at = url; (at = strchr(at, '{')); at++, n++) {
        enum { MOST_SHOWN = 24 };
        if (find_place(at) < N_PLACES) continue;
        const base_slice shown = base_slice_cut((base_slice){at, strcspn(at, "}") + 1}, MOST_SHOWN);
        return base_fail(error, SM_ERR_ARG,
                         "how.url has '%.*s', which stands for nothing; expected {mic}, {code} or {id}", (int)shown.len,
                         at);
    }
    if (!n)
        return base_fail(error, SM_ERR_ARG,
                         "how.url '%s' is the same for every security; expected {mic}, {code} or {id} in it", url);
    if (is_of_the_web(url)) return SM_OK;
    return base_fail(error, SM_ERR_ARG,
                     "how.url '%s' is no address of the web; expected one of http or https with {mic}, {code} or {id}",
                     url);
}

/* The caller's address with what it names in braces. */
static bool fill_template(annotate_job *job, const sm_security *security) {
    const char *id = security->id, *code = code_of(security);
    const base_slice values[N_PLACES] = {[PLACE_MIC] = {id, (size_t)(code - id) - (code > id)},
                                         [PLACE_CODE] = base_slice_of(code),
                                         [PLACE_ID] = base_slice_of(id)};
    bool is_good = true;
    for (const char *at = job->how.url; *at && is_good;) {
        size_t i = find_place(at);
        is_good = i < N_PLACES ? append_url(job, values[i].bytes, values[i].len) : append_url(job, at, 1);
        at += i < N_PLACES ? strlen(places[i]) : 1;
    }
    return is_good;
}

bool annotate_make_url(annotate_job *job, const sm_security *security) {
    bool is_out_of_memory = false;
    job->url.len = 0;
    if (job->how.url) return fill_template(job, security);
    if (job->provider == dict_none) return false;
    bool is_made = link_write(job->view, job->provider, security->handle, &job->url, &is_out_of_memory);
    if (is_out_of_memory) job->marks.is_out_of_memory = true;
    return is_made;
}

static base_slice url_of(const annotate_job *job) {
    return (base_slice){job->url.data, (size_t)job->url.len};
}

/* --- Links ------------------------------------------------------------------------------------------------------------ */

static void begin_link(annotate_job *job, const sm_security *security) {
    (void)security;
    put(job, "<a href=\"");
    put_escaped(job, url_of(job));
    put(job, "\"");
    put_attribute(job, "class", job->how.class_name);
    put_attribute(job, "rel", job->how.rel);
    put_attribute(job, "target", job->how.target);
    put(job, ">");
}

static void end_link(annotate_job *job, const sm_security *security) {
    (void)security;
    put(job, "</a>");
}

static void begin_markdown(annotate_job *job, const sm_security *security) {
    (void)security;
    put(job, "[");
}

/* What is not allowed in an address is percent-encoded, and so is what would end it where it stands. */
static void put_encoded(annotate_job *job, base_slice url, const char *ends) {
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.bytes[i];
        if (c > ' ' && c < 0x7F && !strchr(ends, c)) output_bytes(&job->marks, (base_slice){url.bytes + i, 1});
        else output_bytes(&job->marks, (base_slice){(char[]){'%', hex[c >> 4], hex[c & 15]}, 3});
    }
}

static void end_markdown(annotate_job *job, const sm_security *security) {
    (void)security;
    put(job, "](");
    put_encoded(job, url_of(job), "()<>\\|\"");
    put(job, ")");
}

/* A terminal that does not know links shows the bold text alone. */
static void begin_ansi(annotate_job *job, const sm_security *security) {
    if (annotate_make_url(job, security)) {
        put(job, "\x1b]8;;");
        put_encoded(job, url_of(job), "");
        put(job, "\x1b\\");
    }
    put(job, "\x1b[1m");
}

static void end_ansi(annotate_job *job, const sm_security *security) {
    (void)security;
    put(job, "\x1b[22m");
    if (job->url.len) put(job, "\x1b]8;;\x1b\\");
}

static bool can_always(annotate_job *job, const sm_security *security) {
    (void)job;
    (void)security;
    return true;
}

/* --- Eastmoney -------------------------------------------------------------------------------------------------------- */

static bool can_be_eastmoneys(annotate_job *job, const sm_security *security) {
    return link_write_eastmoney(job->view, security->handle, &job->codes) && annotate_make_url(job, security);
}

static void put_secid(annotate_job *job, const char *sign) {
    put(job, job->codes.market);
    put(job, sign);
    put(job, job->codes.code);
}

static bool is_first_mark(const annotate_job *job, const sm_security *security) {
    return job->n_marks[security - sm_result_securities(job->result, NULL)] == 0;
}

/* An id stands once on a page, so only the first mention of a stock has the spans around it that name it. */
static void begin_eastmoney(annotate_job *job, const sm_security *security) {
    bool is_first = is_first_mark(job, security);
    if (is_first) {
        put(job, "<span id=\"stock_");
        put_secid(job, ".");
        put(job, "\">");
    }
    put(job, "<a href=\"");
    put_escaped(job, url_of(job));
    put(job, is_first ? "\" class=\"keytip\" data-code=\"" : "\" class=\"em_stock_key_common\" data-code=\"");
    put_secid(job, ",");
    put(job, "\" target=\"_blank\">");
}

static void end_eastmoney(annotate_job *job, const sm_security *security) {
    put(job, "</a>");
    if (!is_first_mark(job, security)) return;
    put(job, "</span><span id=\"quote_");
    put_secid(job, ".");
    put(job, "\"></span>");
}

void annotate_picture(output_writer *writer, const link_eastmoney *codes) {
    output_raw(writer, "https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid=");
    output_html(writer, base_slice_of(codes->market));
    output_raw(writer, ".");
    output_html(writer, base_slice_of(codes->code));
    output_raw(writer, "&amp;imageType=k&amp;at=1");
}

bool annotate_can_show(annotate_job *job, const sm_security *security) {
    return can_be_eastmoneys(job, security);
}

/* "688111|1|1", and the same with the type of the security behind it. */
static void put_data_codes(annotate_job *job, const link_eastmoney *codes, const char *before) {
    const struct {
        const char *name, *last, *end;
    } attributes[] = {{" data-code=\"", codes->old_market, ""}, {" data-code2=\"", codes->type, "|"}};
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        if (!*attributes[i].last) continue; /* what the type is outside of the mainland is not known */
        put(job, attributes[i].name);
        put(job, before);
        put(job, codes->code);
        put(job, "|");
        put(job, codes->market);
        put(job, "|");
        put(job, attributes[i].last);
        put(job, attributes[i].end);
        put(job, "\"");
    }
}

void annotate_show(annotate_job *job, bool has_comments) {
    const link_eastmoney *codes = &job->codes;
    if (has_comments) put(job, "<!-- EM_StockImg_Start -->");
    put(job, "<p style=\"text-align:center;\"><a href=\"");
    put_escaped(job, url_of(job));
    put(job, "\"");
    put_data_codes(job, codes, "");
    put(job, " class=\"EmImageRemark\" target=\"_blank\"><img src=\"");
    annotate_picture(&job->marks, codes);
    put(job, "\" border=\"0\" alt=\"K图 ");
    put(job, codes->code);
    put(job, "_0\"");
    put_data_codes(job, codes, "K ");
    put(job, " style=\"border:#d1d1d1 1px solid;\" width=\"578\" height=\"276\" /></a></p>");
    if (has_comments) put(job, "<!-- EM_StockImg_End -->");
}

/* --- All of them ------------------------------------------------------------------------------------------------------ */

enum { TEXT = 1 << SM_FORMAT_TEXT, HTML = 1 << SM_FORMAT_HTML, MARKDOWN = 1 << SM_FORMAT_MARKDOWN };

const annotate_style annotate_styles[] = {
    [SM_STYLE_LINK] = {"link", HTML | MARKDOWN, false, false, annotate_make_url, begin_link, end_link, NULL},
    [SM_STYLE_EASTMONEY] = {"eastmoney", HTML | MARKDOWN, false, false, can_be_eastmoneys, begin_eastmoney,
                            end_eastmoney, NULL},
    [SM_STYLE_MARKDOWN] = {"markdown", MARKDOWN | TEXT, true, false, annotate_make_url, begin_markdown, end_markdown,
                           NULL},
    [SM_STYLE_ANSI] = {"ansi", TEXT | HTML | MARKDOWN, false, true, can_always, begin_ansi, end_ansi, NULL},
    [SM_STYLE_REPORT] = {"report", TEXT | HTML | MARKDOWN, false, true, NULL, NULL, NULL, report_write},
};
const uint32_t annotate_n_styles = sizeof annotate_styles / sizeof annotate_styles[0];
