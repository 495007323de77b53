/* A document in passages: each goes through the rooms twice, first for what it is certain of, then, when that is known of the
 * one behind it too, for its mentions. Three are kept: the one that is read, the one before it, whose mentions come next, and
 * of the one before that what it was certain of. */
#include <string.h>

#include "engine/engine.h"

typedef struct passage {
    engine_gathered found;
    resolve_facts facts;
    size_t first_link, n_links; /* of the page */
    /* Of plain text: its bytes as they come, what of the text stands before them, and what they were read as. */
    char *bytes;
    size_t len, capacity;
    uint64_t start, units;
    text_reader *reader;
    text_page page;
} passage;

enum { N_PASSAGES = 3 };

struct engine_passages {
    passage ring[N_PASSAGES];
    uint64_t n;    /* that were read; the next one may have bytes by now */
    uint64_t most; /* bytes of one */
    bool is_text;  /* in pieces, not a page */
    resolve_options resolve;
    const text_page *page;
    engine_links links; /* as far as they were laid */
};

static passage *passage_at(engine_passages *all, uint64_t number) {
    return &all->ring[number % N_PASSAGES];
}

void engine_passages_free(sm_scanner *scanner) {
    const sm_allocator *allocator = &scanner->engine->allocator;
    engine_passages *all = scanner->passages;
    if (!all) return;
    for (size_t i = 0; i < N_PASSAGES; i++) {
        passage *p = &all->ring[i];
        text_reader_free(p->reader);
        void *const blocks[] = {p->found.runs, p->found.origins, p->found.candidates.items, p->facts.items, p->bytes};
        for (size_t k = 0; k < sizeof blocks / sizeof blocks[0]; k++) allocator->release(allocator->context, blocks[k]);
    }
    allocator->release(allocator->context, all);
}

static engine_passages *make_passages(const sm_allocator *allocator) {
    engine_passages *made = allocator->allocate(allocator->context, sizeof *made);
    if (!made) return NULL;
    memset(made, 0, sizeof *made);
    for (size_t i = 0; i < N_PASSAGES; i++) made->ring[i].found.candidates.allocator = allocator;
    return made;
}

sm_status engine_begin_passages(sm_scanner *scanner, const engine_options *options, const resolve_options *resolve,
                                bool is_text) {
    if (!scanner->passages) scanner->passages = make_passages(&scanner->engine->allocator);
    engine_passages *all = scanner->passages;
    if (!all) return SM_ERR_NOMEM;
    all->n = 0;
    all->most = options->given.context_bytes / 2;
    all->is_text = is_text;
    all->resolve = *resolve;
    all->page = NULL;
    all->links = engine_links_of(scanner, NULL);
    for (size_t i = 0; i < N_PASSAGES; i++) {
        passage *p = &all->ring[i];
        p->len = p->first_link = p->n_links = 0;
        p->start = p->units = 0;
    }
    scanner->n_documents = 1;
    return SM_OK;
}

/* --- Where passages end ------------------------------------------------------------------------------------------------- */

/* Signs that a passage had better end behind, the best first; many names have a stop, a comma or a blank in them. */
enum { N_RANKS = 4, MOST_SIGNS = 6 };
static const char *const signs[N_RANKS][MOST_SIGNS] = {
    {"\n"}, {"。", "！", "？", ".", "!", "?"}, {"，", "；", "、", ",", ";"}, {" "}};

static bool ends_with(const char *bytes, size_t at, const char *sign) {
    const bool is_latin = sign[1] == '\0' && sign[0] > ' '; /* such are followed by a blank */
    if (is_latin && (at < 2 || bytes[--at] != ' ' || base_ends_short(bytes, at - 1))) return false;
    const size_t len = strlen(sign);
    return at >= len && memcmp(bytes + at - len, sign, len) == 0;
}

static bool ends_rank(const char *bytes, size_t at, size_t rank) {
    for (size_t i = 0; i < MOST_SIGNS && signs[rank][i]; i++)
        if (ends_with(bytes, at, signs[rank][i])) return true;
    return false;
}

/* The end of the last whole character. What is no UTF-8 may be parted behind any byte that does not ask for more. */
static size_t end_of_characters(const char *bytes, size_t len) {
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        const unsigned char byte = (unsigned char)bytes[len - back];
        if ((byte & 0xC0) == 0x80) continue;
        const size_t asks_for = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return asks_for > back ? len - back : len;
    }
    return len;
}

/* Behind the last line of so many bytes, else the last sentence, else the last clause, word or character: what lies behind
 * them has no say in it, so that it is the same wherever a stream was parted. 0 when all of it is part of one character. */
static size_t find_end(const char *bytes, size_t len) {
    for (size_t rank = 0; rank < N_RANKS; rank++)
        for (size_t at = len; at; at--)
            if (ends_rank(bytes, at, rank)) return at;
    return end_of_characters(bytes, len);
}

/* --- Both ways ---------------------------------------------------------------------------------------------------------- */

static engine_links links_in(const sm_scanner *scanner, const engine_passages *all, const passage *p) {
    engine_links links = all->links;
    if (!p->n_links) return links;
    links.next = all->page->links + p->first_link;
    links.end = links.next + p->n_links;
    links.security = scanner->link_securities + p->first_link;
    return links;
}

static sm_status begin_wave(sm_scanner *scanner, const passage *p) {
    engine_begin_wave(scanner, &scanner->passages->resolve, 1);
    const engine_gathered *found = &p->found;
    if (!found->n) return SM_OK;
    return engine_add_runs(scanner, found->runs, found->origins, found->n, &found->candidates) ? SM_OK : SM_ERR_NOMEM;
}

/* Adds the mentions of a passage to the result. */
static sm_status settle(sm_scanner *scanner, const engine_options *options, uint64_t number, sm_result *result) {
    engine_passages *all = scanner->passages;
    passage *p = passage_at(all, number);
    engine_document *document = &scanner->documents[0];
    engine_links links = links_in(scanner, all, p);
    const engine_counted before = engine_counted_in(result);
    sm_status status = begin_wave(scanner, p);
    if (status != SM_OK) return status;
    for (uint64_t i = number ? number - 1 : 0; i <= number + 1 && i < all->n; i++)
        resolve_hear(scanner->resolver, 0, &passage_at(all, i)->facts);
    status = engine_settle_wave(scanner, options, &links, result);
    all->links.covered = links.covered;
    all->links.covering = links.covering;
    if (status != SM_OK || !all->is_text) return status;
    document->fields[SM_FIELD_TEXT] = (base_slice){p->bytes, p->len};
    document->text_start = p->start;
    document->text_units = p->units;
    return engine_count_units(scanner, result, &before) ? SM_OK : SM_ERR_NOMEM;
}

static bool tell_links(const sm_scanner *scanner, passage *p) {
    for (size_t i = p->first_link; i < p->first_link + p->n_links; i++) {
        uint32_t security = scanner->link_securities[i];
        if (security != dict_none && !resolve_tell_link(scanner->resolver, security, &p->facts)) return false;
    }
    return true;
}

/* A passage was scanned: what it is certain of is known, and then the mentions of the one before it. */
static sm_status pass(sm_scanner *scanner, const engine_options *options, sm_result *result) {
    engine_passages *all = scanner->passages;
    passage *p = passage_at(all, all->n);
    sm_status status = begin_wave(scanner, p);
    p->facts.n = 0;
    if (status != SM_OK) return status;
    if (!resolve_tell(scanner->resolver, &p->facts)) return SM_ERR_NOMEM;
    if (!options->ignores_links && !tell_links(scanner, p)) return SM_ERR_NOMEM;
    all->n++;
    return all->n > 1 ? settle(scanner, options, all->n - 2, result) : SM_OK;
}

static sm_status scan(sm_scanner *scanner, const engine_options *options, text_page *page,
                      const engine_stretch *stretch, sm_error *error) {
    passage *p = passage_at(scanner->passages, scanner->passages->n);
    p->found.n = p->found.candidates.n = 0;
    return engine_scan(scanner, page, stretch, options->given.max_steps, &p->found, error);
}

/* --- Plain text --------------------------------------------------------------------------------------------------------- */

static void count_invalid(engine_document *document, const passage *p) {
    if (!p->page.n_invalid) return;
    if (!document->has_invalid_text) document->first_invalid = (size_t)p->start + p->page.first_invalid;
    document->has_invalid_text = true;
    document->n_invalid += p->page.n_invalid;
}

static sm_status read_text(sm_scanner *scanner, const engine_options *options, sm_result *result, sm_error *error) {
    const uint32_t unit = options->given.offsets;
    passage *p = passage_at(scanner->passages, scanner->passages->n);
    passage *next = passage_at(scanner->passages, scanner->passages->n + 1);
    if (!p->reader) p->reader = text_reader_new(&scanner->engine->allocator, scanner->engine->kernel);
    if (!p->reader) return SM_ERR_NOMEM;
    const base_slice text = {p->bytes, p->len};
    sm_status status = text_read_utf8(p->reader, text, SM_FORMAT_TEXT, &p->page);
    if (status != SM_OK) return status;
    count_invalid(&scanner->documents[0], p);
    if (unit != SM_OFFSETS_BYTE) next->units = p->units + engine_units_in(text, unit, p->page.n_invalid == 0);
    engine_stretch stretch = engine_all_of(&p->page, SM_FIELD_TEXT);
    stretch.start = (size_t)p->start;
    status = scan(scanner, options, &p->page, &stretch, error);
    return status == SM_OK ? pass(scanner, options, result) : status;
}

static bool append(const sm_scanner *scanner, passage *p, const char *bytes, size_t n) {
    if (!base_grow(&scanner->engine->allocator, (void **)&p->bytes, &p->capacity, p->len + n, 1)) return false;
    if (n) memcpy(p->bytes + p->len, bytes, n);
    p->len += n;
    return true;
}

/* Ends a passage that has all the bytes that it may, and begins the next one with those behind its end. */
static bool end_text(const sm_scanner *scanner) {
    passage *p = passage_at(scanner->passages, scanner->passages->n);
    passage *next = passage_at(scanner->passages, scanner->passages->n + 1);
    const size_t end = find_end(p->bytes, p->len);
    next->len = 0;
    next->start = p->start + end;
    if (!append(scanner, next, p->bytes + end, p->len - end)) return false;
    p->len = end;
    return true;
}

sm_status engine_pass_text(sm_scanner *scanner, const engine_options *options, base_slice text, sm_result *result,
                           sm_error *error) {
    engine_passages *all = scanner->passages;
    sm_status status = SM_OK;
    while (text.len && status == SM_OK && !scanner->documents[0].is_stopped) {
        passage *p = passage_at(all, all->n);
        const size_t room = (size_t)all->most - p->len, n = text.len < room ? text.len : room;
        if (!append(scanner, p, text.bytes, n)) return SM_ERR_NOMEM;
        text = (base_slice){text.bytes + n, text.len - n};
        if (p->len < all->most) break;
        if (!end_text(scanner)) return SM_ERR_NOMEM;
        status = read_text(scanner, options, result, error);
    }
    return status;
}

/* --- A page ------------------------------------------------------------------------------------------------------------- */

/* Where a page's runs are by now. */
typedef struct page_place {
    size_t run, from;
} page_place;

static size_t source_end(const text_run *run) {
    return run->pieces[run->n_pieces - 1].source_end;
}

/* Of a run that is longer in the source than a passage. */
static size_t find_end_in(const text_run *run, size_t from, size_t source_limit) {
    const size_t most = text_unmap(run, source_limit);
    const size_t end = most > from ? find_end(run->bytes + from, most - from) : 0;
    return from + (end ? end : base_utf8_len(run->bytes + from));
}

/* The runs of the next passage: as many as the source has in so many bytes, or a part of one. */
static engine_stretch next_stretch(const text_page *page, uint32_t field, uint64_t most, page_place *at) {
    engine_stretch stretch = {.first = at->run, .from = at->from, .end = at->run, .field = field};
    size_t start, end;
    text_map(&page->runs[at->run], at->from, at->from + 1, &start, &end);
    const size_t limit = start + (size_t)most;
    while (stretch.end < page->n_runs && source_end(&page->runs[stretch.end]) <= limit) stretch.end++;
    if (stretch.end > stretch.first) {
        *at = (page_place){stretch.end, 0};
        stretch.to = page->runs[stretch.end - 1].len;
        return stretch;
    }
    const text_run *run = &page->runs[at->run];
    stretch.end++;
    at->from = stretch.to = find_end_in(run, at->from, limit);
    if (at->from >= run->len) *at = (page_place){stretch.end, 0};
    return stretch;
}

/* Takes the links that begin before the next passage. */
static void take_links(const text_page *page, const page_place *at, passage *p, size_t *next) {
    size_t limit = SIZE_MAX, end;
    if (at->run < page->n_runs) text_map(&page->runs[at->run], at->from, at->from + 1, &limit, &end);
    p->first_link = *next;
    while (*next < page->n_links && page->links[*next].source_start < limit) ++*next;
    p->n_links = *next - p->first_link;
}

sm_status engine_pass_page(sm_scanner *scanner, const engine_options *options, text_page *page, uint32_t field,
                           sm_result *result, sm_error *error) {
    engine_passages *all = scanner->passages;
    page_place at = {0, 0};
    size_t next_link = 0;
    if (field == SM_FIELD_TEXT) all->page = page;
    do {
        engine_stretch stretch = {.field = field};
        passage *p = passage_at(all, all->n);
        if (field == SM_FIELD_TITLE) stretch = engine_all_of(page, field), at.run = page->n_runs;
        else if (at.run < page->n_runs) stretch = next_stretch(page, field, all->most, &at);
        sm_status status = scan(scanner, options, page, &stretch, error);
        p->first_link = p->n_links = 0;
        if (field == SM_FIELD_TEXT) take_links(page, &at, p, &next_link);
        if (status == SM_OK) status = pass(scanner, options, result);
        if (status != SM_OK) return status;
    } while (at.run < page->n_runs && !scanner->documents[0].is_stopped);
    return SM_OK;
}

sm_status engine_end_passages(sm_scanner *scanner, const engine_options *options, sm_result *result, sm_error *error) {
    engine_passages *all = scanner->passages;
    sm_status status = SM_OK;
    if (all->is_text && passage_at(all, all->n)->len && !scanner->documents[0].is_stopped)
        status = read_text(scanner, options, result, error);
    return status == SM_OK && all->n ? settle(scanner, options, all->n - 1, result) : status;
}
