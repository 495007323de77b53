/* Chooses which mentions are marked and where a block may stand, and copies the document around them. */
#include <string.h>

#include "link/link.h"
#include "output/annotate.h"

void sm_annotate_options_init(sm_annotate_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

/* --- What the page has already ---------------------------------------------------------------------------------------- */

static void count_links(annotate_job *job) {
    for (uint64_t i = 0; i < sm_result_mention_count(job->result); i++) {
        const sm_mention *mention = sm_result_mention_at(job->result, i);
        if (mention->kind != SM_KIND_LINK) continue;
        job->n_marks[mention->security]++;
        job->n_links++;
    }
}

static bool has_eastmoneys_markup(const dict_view *view, const text_page *page) {
    for (size_t i = 0; i < page->n_links; i++) {
        const text_link *link = &page->links[i];
        const base_slice attributes[] = {link->data_code, link->data_code2, link->id};
        for (size_t k = 0; k < sizeof attributes / sizeof attributes[0]; k++)
            if (attributes[k].len && link_read_attribute(view, attributes[k]) != dict_none) return true;
    }
    return false;
}

/* --- Which mentions --------------------------------------------------------------------------------------------------- */

/* Among the links that a first run adds a heading becomes one of a list: it stays a heading. */
static bool region_is_marked(const annotate_job *job, const sm_mention *mention) {
    bool skips_headings = job->how.flags & SM_ANNOTATE_SKIP_HEADINGS;
    switch (mention->region) {
    case SM_REGION_TITLE:
    case SM_REGION_NAVIGATION:
    case SM_REGION_FOOTER: return false;
    case SM_REGION_HEADING: return !skips_headings;
    default: return !skips_headings || !text_is_in(job->page->headings, job->page->n_headings, (size_t)mention->start);
    }
}

/* In another charset a byte that begins a character and lacks its end would take a bracket for it. */
static bool is_behind_invalid(const text_page *page, size_t start) {
    static const base_slice replacement = {"\xEF\xBF\xBD", 3};
    return page->decoded && start >= replacement.len
           && base_slice_equal((base_slice){page->source.bytes + start - replacement.len, replacement.len},
                               replacement);
}

/* Of Markdown, text that stands as a reader sees it, beside no sign that would read otherwise beside markup: an emphasis
 * begins and ends by what stands next to it, and brackets make images and references of what follows them. */
static bool stands_free_in_markdown(const annotate_job *job, const sm_mention *mention) {
    base_slice source = job->page->source, text = base_slice_of(mention->text);
    size_t start = (size_t)mention->start, end = (size_t)mention->end;
    if (!base_slice_equal(text, (base_slice){source.bytes + start, end - start})) return false;
    if (text_is_in(job->page->raw, job->page->n_raw, start)) return !job->style->is_markdown;
    if (!job->style->is_markdown && text_is_in(job->page->unclosed, job->page->n_unclosed, start)) return false;
    return !is_behind_invalid(job->page, start) && (start == 0 || !strchr("*_~`\\!]<&", source.bytes[start - 1]))
           && (end == source.len || !strchr("*_~`", source.bytes[end])) && !memchr(text.bytes, '[', text.len)
           && !memchr(text.bytes, ']', text.len) && !memchr(text.bytes, '`', text.len);
}

/* @param place  receives what the marks go around. */
static bool has_place(const annotate_job *job, const sm_mention *mention, text_range *place) {
    *place = (text_range){(size_t)mention->start, (size_t)mention->end};
    if (job->style->marks_everywhere) return true;
    if (!region_is_marked(job, mention) || mention->role == SM_ROLE_SOURCE) return false;
    if (!text_wrap(job->page, place->start, &place->end)) return false;
    bool is_markdown = job->page->format == SM_FORMAT_MARKDOWN || job->style->is_markdown;
    return !is_markdown || stands_free_in_markdown(job, mention);
}

static bool is_marked(const annotate_job *job, const sm_mention *mention, text_range *place) {
    if (mention->kind == SM_KIND_LINK || mention->field != SM_FIELD_TEXT) return false;
    if (job->how.max_links && job->n_links >= job->how.max_links) return false;
    bool is_each = job->style->marks_everywhere || job->how.flags & SM_ANNOTATE_ALL;
    const sm_security *security = sm_result_security_at(job->result, mention->security);
    if (security->status == SM_SECURITY_UNKNOWN || (!is_each && job->n_marks[mention->security])) return false;
    return has_place(job, mention, place);
}

/* --- The block of the main stock -------------------------------------------------------------------------------------- */

static const sm_security *main_security(const annotate_job *job) {
    const sm_rollup *row;
    for (uint64_t i = 0; (row = sm_result_rollup_at(job->result, SM_BY_SECURITY, i)) != NULL; i++) {
        const sm_security *security = sm_result_security_at(job->result, row->security);
        if (security->status != SM_SECURITY_UNKNOWN) return security;
    }
    return NULL;
}

static bool has_picture(const text_page *page) {
    for (size_t i = 0; i < page->n_links; i++)
        if (base_slice_is(page->links[i].class_name, "EmImageRemark")) return true;
    return false;
}

/* Where a block of HTML begins in Markdown, behind the signs of the quotes and lists that it stands in: a comment there is a
 * block of its own, which ends with its line. */
static bool begins_markdown_block(const text_page *page, size_t at) {
    size_t i = 0;
    while (i < page->n_raw && page->raw[i].end <= at) i++;
    if (i == page->n_raw || page->raw[i].start > at) return false;
    while (at > page->raw[i].start && page->source.bytes[at - 1] == ' ') at--;
    return at == page->raw[i].start;
}

/* --- Copying ---------------------------------------------------------------------------------------------------------- */

typedef struct copying {
    annotate_job *job;
    size_t at, bytes_at;      /* what is before it was written: of the source, of the caller's bytes */
    const sm_security *shown; /* in a block that is still to come, or NULL */
    size_t block;
    size_t covered; /* the link before reaches to here, and is … */
    uint32_t covering;
} copying;

/* Inserts what was written, in the charset of the page. */
static void insert_marks(annotate_job *job) {
    base_slice marks = {job->marks_bytes.data, (size_t)job->marks_bytes.len};
    job->marks_bytes.len = 0;
    if (!job->page->decoded) output_bytes(&job->writer, marks);
    else if (!text_encode(job->page->charset, marks, job->writer.buffer)) job->writer.is_out_of_memory = true;
}

static void copy_to(copying *copy, size_t end) {
    annotate_job *job = copy->job;
    base_slice bytes = job->page->bytes;
    size_t to = end == job->page->source.len ? bytes.len : text_origin(job->page, end);
    output_bytes(&job->writer, (base_slice){bytes.bytes + copy->bytes_at, to - copy->bytes_at});
    copy->at = end;
    copy->bytes_at = to;
}

static void place_block(copying *copy) {
    annotate_job *job = copy->job;
    const text_page *page = job->page;
    copy->shown = NULL;
    if (job->how.style != SM_STYLE_EASTMONEY || has_picture(page)) return;
    copy->block = page->marked_place != TEXT_NO_PLACE ? page->marked_place : page->block_place;
    const sm_security *security = main_security(job);
    if (copy->block != TEXT_NO_PLACE && security && annotate_can_show(job, security)) copy->shown = security;
}

static void write_block_before(copying *copy, size_t before) {
    annotate_job *job = copy->job;
    bool is_inside_mark = copy->block < copy->at; /* a code may stand around the comment: 00<!-- … -->519 */
    if (!copy->shown || is_inside_mark || copy->block > before || !annotate_can_show(job, copy->shown)) return;
    bool has_comments = copy->block != job->page->marked_place && !begins_markdown_block(job->page, copy->block);
    copy_to(copy, copy->block);
    annotate_show(job, has_comments);
    insert_marks(job);
    copy->shown = NULL;
}

/* What is inside a link for the same security is none of its own: a second run does not count it. */
static void note_link(copying *copy, size_t end, uint32_t security) {
    bool is_inside = end <= copy->covered && security == copy->covering;
    copy->job->n_links += !is_inside;
    copy->covered = is_inside ? copy->covered : end;
    copy->covering = security;
}

/* What a style writes for a security it makes when it is asked whether it can: nothing else is asked in between. */
static void write_mention(copying *copy, const sm_mention *mention, const text_range *place) {
    annotate_job *job = copy->job;
    const sm_security *security = sm_result_security_at(job->result, mention->security);
    if (!job->style->can_mark(job, security)) return;
    copy_to(copy, place->start);
    job->style->begin(job, security);
    insert_marks(job);
    copy_to(copy, place->end);
    job->style->end(job, security);
    insert_marks(job);
    job->n_marks[mention->security]++;
    note_link(copy, place->end, mention->security);
}

static void write_all(annotate_job *job) {
    copying copy = {.job = job};
    bool is_left = job->how.style == SM_STYLE_EASTMONEY && has_eastmoneys_markup(job->view, job->page)
                   && !(job->how.flags & SM_ANNOTATE_ADD);
    if (!is_left) place_block(&copy);
    for (uint64_t i = 0; i < sm_result_mention_count(job->result) && !is_left; i++) {
        const sm_mention *mention = sm_result_mention_at(job->result, i);
        text_range place;
        if (mention->kind == SM_KIND_LINK) {
            copy.covered = (size_t)mention->end;
            copy.covering = mention->security;
        }
        if (!is_marked(job, mention, &place) || place.start < copy.at) continue;
        write_block_before(&copy, place.start);
        write_mention(&copy, mention, &place);
    }
    if (!is_left) write_block_before(&copy, job->page->source.len);
    copy_to(&copy, job->page->source.len);
}

/* --- The call --------------------------------------------------------------------------------------------------------- */

static sm_status take_how(annotate_job *job, const sm_annotate_options *how, sm_error *error) {
    const uint32_t known = SM_ANNOTATE_ALL | SM_ANNOTATE_ADD | SM_ANNOTATE_SKIP_HEADINGS;
    sm_annotate_options_init(&job->how, sizeof job->how);
    sm_status status = base_take_struct(&job->how, sizeof job->how, how, "how", error);
    if (status != SM_OK) return status;
    if (job->how.style >= annotate_n_styles)
        return base_fail(error, SM_ERR_ARG, "how.style %u is not known; expected SM_STYLE_…", job->how.style);
    if (job->how.flags & ~known)
        return base_fail(error, SM_ERR_ARG, "how.flags has bits that are not known; expected SM_ANNOTATE_…");
    job->style = &annotate_styles[job->how.style];
    bool is_eastmoney = job->how.style == SM_STYLE_EASTMONEY;
    if (is_eastmoney) job->how.url = NULL;
    if (job->how.url && annotate_check_url(job->how.url, error) != SM_OK) return SM_ERR_ARG;
    return link_choose_provider(job->view, is_eastmoney ? NULL : job->how.provider, &job->provider, error);
}

static sm_status check_format(const annotate_job *job, sm_error *error) {
    static const char *const words[] = {
        [SM_FORMAT_TEXT] = "plain text", [SM_FORMAT_HTML] = "HTML", [SM_FORMAT_MARKDOWN] = "Markdown"};
    if (job->style->formats >> job->page->format & 1) return SM_OK;
    return base_fail(error, SM_ERR_ARG, "%s has no place for the style '%s'; expected another style, or another format",
                     words[job->page->format], job->style->word);
}

static sm_status annotate(annotate_job *job, sm_buffer *annotated, sm_error *error) {
    const sm_allocator *allocator = job->allocator;
    uint64_t len_before = annotated->len, n = sm_result_security_count(job->result);
    sm_status status = check_format(job, error);
    if (status != SM_OK) return status;
    job->writer = (output_writer){.buffer = annotated};
    job->marks = (output_writer){.buffer = &job->marks_bytes};
    job->n_marks = allocator->allocate(allocator->context, (size_t)(n + 1) * sizeof *job->n_marks);
    if (job->n_marks) {
        memset(job->n_marks, 0, (size_t)(n + 1) * sizeof *job->n_marks);
        count_links(job);
        if (job->style->write) job->style->write(job);
        else write_all(job);
        allocator->release(allocator->context, job->n_marks);
    }
    if (job->n_marks && !job->writer.is_out_of_memory && !job->marks.is_out_of_memory) return SM_OK;
    base_buffer_cut(annotated, len_before);
    return base_no_memory(error, "to annotate a document");
}

sm_status sm_engine_annotate(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                             const sm_extract_options *options, const sm_annotate_options *how, sm_buffer *annotated,
                             sm_error *error) {
    engine_options call = {0};
    sm_scanner *own = NULL;
    sm_result *result = NULL;
    if (!engine || !document || !annotated)
        return base_fail(error, SM_ERR_ARG, "engine, document and annotated are needed");
    annotate_job job = {.view = engine->view, .allocator = &engine->allocator, .document = document};
    sm_status status = take_how(&job, how, error);
    if (status == SM_OK) status = engine_take_options(engine, options, &call, error);
    if (status == SM_OK && !scanner) status = sm_scanner_new(engine, &own, error);
    if (status != SM_OK) goto cleanup;
    if (!scanner) scanner = own;
    /* A report tells what is found, for which the page's links are evidence as ever. */
    call.ignores_links = job.how.style != SM_STYLE_REPORT;
    call.is_in_source = true;
    call.given.max_bytes = call.given.max_steps = 0; /* all of it is written */
    job.scanner = scanner;
    status = engine_extract(engine, scanner, document, &call, &result, error);
    if (status == SM_OK) {
        job.result = result;
        job.page = &scanner->page;
        status = annotate(&job, annotated, error);
    }
cleanup:
    sm_buffer_free(&job.url);
    sm_buffer_free(&job.marks_bytes);
    engine_release_options(engine, &call);
    sm_result_free(result);
    sm_scanner_free(own);
    return status;
}
