/* The page as a whole. */
#include "output/report.h"

#include <string.h>

static const unsigned char template_bytes[] = {
#include "output_report.inc"
};

/* --- Pieces ----------------------------------------------------------------------------------------------------------- */

void report_put(report *r, const char *markup) {
    output_raw(r->writer, markup);
}

void report_put_text(report *r, const char *text) {
    output_html(r->writer, base_slice_of(text));
}

void report_put_percent(report *r, uint16_t of_65535) {
    output_number(r->writer, (of_65535 * UINT32_C(100) + 32767) / 65535);
    report_put(r, " %");
}

void report_put_count(report *r, uint64_t n, const char *one, const char *many) {
    output_number(r->writer, n);
    report_put(r, " ");
    report_put(r, n == 1 ? one : many);
}

/* Turns by the golden angle are far from each other for any number of them. */
void report_put_hue(report *r, uint32_t number) {
    enum { FIRST = 215, TURN = 137, CIRCLE = 360 };
    report_put(r, " style=\"--hue:");
    output_number(r->writer, (FIRST + (uint64_t)number * TURN) % CIRCLE);
    report_put(r, "\"");
}

const char *report_language_of(base_slice text) {
    size_t n_han = 0, n_latin = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        n_han += byte >= 0xE4 && byte <= 0xE9; /* leads of U+4000 to U+9FFF */
        n_latin += (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    }
    return n_han > n_latin / 4 ? "zh" : "en"; /* a Han character says as much as some four letters */
}

void report_put_language(report *r, const char *text) {
    if (strcmp(report_language_of(base_slice_of(text)), "zh") == 0) report_put(r, " lang=\"zh\"");
}

/* --- What the template names ------------------------------------------------------------------------------------------ */

/* Of the text: what most of it is in, as far as its beginning tells. */
static void put_language(report *r) {
    enum { ENOUGH = 1 << 16 };
    const text_page *page = r->job->page;
    size_t n_chinese = 0, n_looked_at = 0;
    for (size_t i = 0; i < page->n_runs && n_looked_at < ENOUGH; i++) {
        size_t left = ENOUGH - n_looked_at, len = page->runs[i].len < left ? page->runs[i].len : left;
        n_looked_at += len;
        if (strcmp(report_language_of((base_slice){page->runs[i].bytes, len}), "zh") == 0) n_chinese += len;
    }
    report_put(r, n_chinese > n_looked_at / 2 ? "zh" : "en");
}

static void put_layout(report *r) {
    if (r->job->page->format == SM_FORMAT_TEXT) report_put(r, " class=\"plain\"");
}

static void put_day(report *r, int32_t date) {
    char digits[sizeof "0000-00-00"] = "0000-00-00";
    for (size_t i = sizeof digits - 1; i-- > 0;) {
        if (digits[i] == '-') continue;
        digits[i] = (char)('0' + date % 10);
        date /= 10;
    }
    report_put(r, digits);
}

static void put_summary(report *r) {
    const sm_document_info *info = r->info;
    report_put_count(r, info->n_mentions, "mention", "mentions");
    report_put(r, " of ");
    report_put_count(r, r->n_listed, "security", "securities");
    if (info->as_of) {
        report_put(r, ", read as of ");
        put_day(r, info->as_of);
    }
    if (info->limits & SM_LIMIT_MENTIONS) report_put(r, ". There are more: a limit was set");
    if (info->n_invalid) {
        report_put(r, ". ");
        report_put_count(r, info->n_invalid, "sequence of bytes was no character",
                         "sequences of bytes were no characters");
        report_put(r, " (\xEF\xBF\xBD)");
    }
}

static void put_makers(report *r) {
    report_put(r, "stockmention ");
    report_put_text(r, sm_version());
    report_put(r, ", dictionary ");
    report_put_text(r, r->job->view->version);
}

static const struct {
    const char *name;
    void (*put)(report *r);
} places[] = {
    {"title", report_heading_plain}, {"heading", report_heading}, {"summary", put_summary}, {"language", put_language},
    {"layout", put_layout},          {"text", report_text},       {"list", report_list},    {"makers", put_makers},
};

/* Places in the template are {{name}}. */
static void fill_template(report *r) {
    base_slice rest = {(const char *)template_bytes, sizeof template_bytes};
    for (;;) {
        const char *open = rest.bytes;
        const char *const end = rest.bytes + rest.len;
        while (open < end && (open + 1 == end || open[0] != '{' || open[1] != '{')) open++;
        output_bytes(r->writer, (base_slice){rest.bytes, (size_t)(open - rest.bytes)});
        if (open == end) return;
        rest = (base_slice){open + 2, (size_t)(end - open - 2)};
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            size_t len = strlen(places[i].name);
            if (!base_slice_starts(rest, places[i].name) || rest.bytes[len] != '}') continue;
            places[i].put(r);
            rest = (base_slice){rest.bytes + len + 2, rest.len - len - 2};
            break;
        }
    }
}

/* --- The list's order ------------------------------------------------------------------------------------------------- */

static void list_security(report *r, uint32_t security) {
    if (r->number[security]) return;
    r->listed[r->n_listed++] = security;
    r->number[security] = (uint32_t)r->n_listed;
}

/* As the roll-up has them, then those that the page only links to. */
static void list_securities(report *r) {
    const sm_result *result = r->job->result;
    for (uint64_t i = 0; i < r->info->n_rows[SM_BY_SECURITY]; i++)
        list_security(r, sm_result_rollup_at(result, SM_BY_SECURITY, i)->security);
    for (uint64_t i = r->info->n_mentions; i-- > 0;) {
        uint32_t security = sm_result_mention_at(result, i)->security;
        r->next[i] = r->first[security];
        r->first[security] = (uint32_t)i + 1;
    }
    for (uint64_t i = 0; i < r->info->n_mentions; i++) list_security(r, sm_result_mention_at(result, i)->security);
}

static void list_providers(report *r) {
    const dict_view *view = r->job->view;
    for (uint32_t row = 0; row < view->tables[DICT_PROVIDERS].n_rows; row++)
        if (link_find_provider(view, dict_cell(view, DICT_PROVIDERS, row, PROVIDER_ID)) == row)
            r->providers[r->n_providers++] = row;
}

/* One block for all of the arrays, cleared; NULL when out of memory. */
static uint32_t *make_arrays(report *r) {
    const annotate_job *job = r->job;
    size_t n = (size_t)sm_result_security_count(job->result), n_mentions = (size_t)r->info->n_mentions;
    size_t n_items = 3 * n + n_mentions + job->view->tables[DICT_PROVIDERS].n_rows + 1;
    uint32_t *block = job->allocator->allocate(job->allocator->context, n_items * sizeof *block);
    if (!block) return NULL;
    memset(block, 0, n_items * sizeof *block);
    r->listed = block;
    r->number = block + n;
    r->first = block + 2 * n;
    r->next = block + 3 * n;
    r->providers = r->next + n_mentions;
    return block;
}

/* --- All of it -------------------------------------------------------------------------------------------------------- */

/* The title is read again: its page is not kept. */
static bool read_title(report *r) {
    const sm_document *document = r->job->document;
    if (!document->title) return true;
    const base_slice title = {document->title, (size_t)document->title_len};
    r->title = &r->title_page;
    return text_read_utf8(r->job->scanner->title_reader, title, SM_FORMAT_TEXT, &r->title_page) == SM_OK;
}

void report_write(annotate_job *job) {
    report r = {.job = job, .writer = &job->writer, .info = sm_result_documents(job->result, NULL)};
    uint32_t *block = make_arrays(&r);
    if (block && read_title(&r)) {
        list_securities(&r);
        list_providers(&r);
        fill_template(&r);
    } else {
        job->writer.is_out_of_memory = true;
    }
    job->allocator->release(job->allocator->context, block);
}
