#include <string.h>

#include "text/charset.h"
#include "text/front_matter.h"
#include "text/markdown.h"

struct text_reader {
    sm_allocator allocator;
    text_builder builder;
    html_tree tree;
    text_markdown markdown;
    text_run plain; /* the one run of plain text without a fault */
    text_piece plain_piece;
    text_decoded decoded;
    bool holds_page; /* what was built or decoded */
};

text_reader *text_reader_new(const sm_allocator *allocator, uint32_t kernel) {
    text_reader *reader = allocator->allocate(allocator->context, sizeof *reader);
    if (!reader) return NULL;
    reader->allocator = *allocator;
    reader->decoded = (text_decoded){0};
    reader->holds_page = false;
    text_build_init(&reader->builder, &reader->allocator, kernel);
    html_tree_init(&reader->tree, &reader->builder);
    markdown_init(&reader->markdown, &reader->builder, &reader->tree);
    return reader;
}

void text_reader_free(text_reader *reader) {
    if (!reader) return;
    sm_allocator allocator = reader->allocator;
    markdown_free(&reader->markdown);
    html_tree_free(&reader->tree);
    text_build_free(&reader->builder);
    text_decoded_free(&reader->decoded, &allocator);
    allocator.release(allocator.context, reader);
}

void text_reader_set(text_reader *reader, const text_settings *settings) {
    reader->builder.settings = *settings;
}

bool text_is_selector(const char *selector) {
    size_t mark = selector && (*selector == '.' || *selector == '#');
    return selector && selector[mark] && !strpbrk(selector + mark, " \t\r\n\f.#");
}

/* --- Formats ------------------------------------------------------------------------------------------------------ */

/* Where the text begins: a byte order mark is no text. */
static size_t text_begin(base_slice source) {
    return source.len >= 3 && memcmp(source.bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static uint32_t find_format(base_slice source, size_t at) {
    if (text_has_front_matter(source, at)) return SM_FORMAT_MARKDOWN;
    while (at < source.len && base_is_space(source.bytes[at])) at++;
    base_slice rest = {source.bytes + at, source.len - at};
    static const char *const starts[] = {"<!--", "<!doctype", "<!DOCTYPE", "<!Doctype", "<?xml"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (base_slice_starts(rest, starts[i])) return SM_FORMAT_HTML;
    if (!base_slice_starts(rest, "<")) return SM_FORMAT_TEXT;
    base_slice name = {rest.bytes + 1, 0};
    while (name.len + 1 < rest.len && name.len < 16 && !strchr(" \t\r\n\f/>", name.bytes[name.len])) name.len++;
    bool name_ends = name.len + 1 < rest.len && name.len > 0;
    return name_ends && html_is_known(html_tag_number(name)) ? SM_FORMAT_HTML : SM_FORMAT_TEXT;
}

static void count_invalid(uint32_t kernel, base_slice source, size_t at, text_page *page) {
    page->first_invalid = at;
    while (at < source.len) {
        uint32_t code_point;
        unsigned skip = 1;
        base_utf8_decode(source.bytes + at, source.bytes + source.len, &code_point, &skip);
        page->n_invalid++;
        at += skip;
        at += base_utf8_valid_prefix_with(kernel, source.bytes + at, source.len - at);
    }
}

static void read_html(text_reader *reader, size_t start) {
    base_slice source = reader->builder.source;
    text_segment whole = {0, 0};
    text_view view = {source.bytes, source.len, &whole, 1};
    html_feed(&reader->tree, &view, start, source.len);
}

static void read_markdown(text_reader *reader, size_t start) {
    text_build_close(&reader->builder, start);
    size_t body = text_read_front_matter(&reader->builder, start);
    text_build_reopen(&reader->builder, body);
    markdown_read(&reader->markdown, body);
}

/* Where the one run of plain text begins, which stays where it is; at the end when all is blank. */
static size_t plain_begin(base_slice source, size_t start) {
    size_t at = start;
    while (at < source.len && base_is_space(source.bytes[at])) at++;
    return at < source.len ? start : at;
}

bool text_is_plain(base_slice source, uint32_t format, size_t *start) {
    size_t begin = text_begin(source);
    if ((format == SM_FORMAT_AUTO ? find_format(source, begin) : format) != SM_FORMAT_TEXT) return false;
    *start = plain_begin(source, begin);
    return true;
}

static void read_plain(text_reader *reader, base_slice source, size_t start, text_page *page) {
    if (start == source.len) return;
    reader->plain_piece = (text_piece){0, start, source.len};
    reader->plain = (text_run){.bytes = source.bytes + start,
                               .len = source.len - start,
                               .region = SM_REGION_BODY,
                               .pieces = &reader->plain_piece,
                               .n_pieces = 1};
    page->runs = &reader->plain;
    page->n_runs = 1;
}

/* Reads what is UTF-8 from the start or was made so. @param valid  how many bytes are valid. */
static sm_status read_source(text_reader *reader, uint32_t format, size_t valid, text_page *page) {
    base_slice source = page->source;
    size_t start = text_begin(source);
    page->format = format == SM_FORMAT_AUTO ? find_format(source, start) : format;
    if (valid == source.len && page->format == SM_FORMAT_TEXT)
        return read_plain(reader, source, plain_begin(source, start), page), SM_OK;
    if (valid < source.len) count_invalid(reader->builder.kernel, source, valid, page);
    reader->holds_page = true;
    text_build_start(&reader->builder, source, valid == source.len);
    if (page->format != SM_FORMAT_TEXT) html_tree_start(&reader->tree);
    if (page->format == SM_FORMAT_HTML) read_html(reader, start);
    else if (page->format == SM_FORMAT_MARKDOWN) read_markdown(reader, start);
    else text_build_source(&reader->builder, start, source.len);
    if (page->format != SM_FORMAT_TEXT) html_tree_finish(&reader->tree, source.len);
    page->is_cut_deep = page->format != SM_FORMAT_TEXT && reader->tree.is_cut_deep;
    return text_build_page(&reader->builder, page);
}

static void forget_page(text_reader *reader) {
    text_build_forget(&reader->builder);
    text_decoded_forget(&reader->decoded, &reader->allocator);
    reader->holds_page = false;
}

/* @return how many bytes are valid UTF-8. */
static size_t begin_page(text_reader *reader, base_slice bytes, text_page *page) {
    if (reader->holds_page) forget_page(reader);
    base_slice source = {bytes.bytes ? bytes.bytes : "", bytes.len};
    *page = (text_page){.bytes = source,
                        .source = source,
                        .charset = TEXT_UTF8,
                        .marked_place = TEXT_NO_PLACE,
                        .block_place = TEXT_NO_PLACE};
    return base_utf8_valid_prefix_with(reader->builder.kernel, source.bytes, source.len);
}

/* @param status  of decoding it. */
static sm_status read_decoded(text_reader *reader, uint32_t format, sm_status status, text_page *page) {
    const text_decoded *decoded = &reader->decoded;
    reader->holds_page = true;
    if (status != SM_OK) return status;
    page->bytes.len = decoded->source_len;
    page->source = (base_slice){decoded->bytes, decoded->len};
    page->decoded = decoded;
    page->n_invalid = decoded->n_invalid;
    page->first_invalid = decoded->first_invalid;
    return read_source(reader, format, decoded->len, page);
}

sm_status text_read(text_reader *reader, base_slice bytes, uint32_t format, uint32_t charset, text_page *page) {
    size_t valid = begin_page(reader, bytes, page), start;
    page->charset = text_charset_of(page->bytes, charset, valid, &start);
    if (page->charset == TEXT_UTF8) return read_source(reader, format, valid, page);
    return read_decoded(reader, format,
                        text_decode(&reader->decoded, &reader->allocator, page->bytes, start, page->charset), page);
}

/* An even number, as a text in UTF-16 has, and enough behind what is read to tell whether a character of UTF-8 is parted. */
static size_t most_of_sight(size_t most) {
    enum { BEHIND = 4 };
    const size_t read = most > TEXT_LOOKED_AT ? most : TEXT_LOOKED_AT;
    return read < SIZE_MAX - 2 * BEHIND ? (read + 1) / 2 * 2 + BEHIND : SIZE_MAX - 1;
}

size_t text_most_seen(size_t most) {
    return most_of_sight(most) + 1;
}

/* What stands behind those that are read has a say in it, so that a limit does not change it. */
static uint32_t charset_of_first(const text_reader *reader, base_slice bytes, size_t most, uint32_t said,
                                 size_t *start) {
    enum { PARTED = 3 };
    const size_t sight = most_of_sight(most);
    const base_slice seen = {bytes.bytes, bytes.len < sight ? bytes.len : sight};
    size_t valid = said == TEXT_AUTO ? base_utf8_valid_prefix_with(reader->builder.kernel, seen.bytes, seen.len) : 0;
    if (seen.len < bytes.len && seen.len - valid <= PARTED) valid = seen.len;
    return text_charset_of(seen, said, valid, start);
}

sm_status text_read_first(text_reader *reader, base_slice bytes, size_t most, uint32_t format, uint32_t charset,
                          text_page *page) {
    if (bytes.len <= most) return text_read(reader, bytes, format, charset, page);
    size_t start;
    charset = charset_of_first(reader, bytes, most, charset, &start);
    if (charset == TEXT_UTF8) return text_read_utf8(reader, base_slice_cut(bytes, most), format, page);
    if (start > most) start = most = 0; /* no half of a mark either */
    begin_page(reader, (base_slice){bytes.bytes, most}, page);
    page->charset = charset;
    return read_decoded(reader, format,
                        text_decode_first(&reader->decoded, &reader->allocator, page->bytes, start, charset), page);
}

sm_status text_read_utf8(text_reader *reader, base_slice bytes, uint32_t format, text_page *page) {
    return read_source(reader, format, begin_page(reader, bytes, page), page);
}

size_t text_origin(const text_page *page, size_t at) {
    return page->decoded ? text_decoded_origin(page->decoded, at) : at;
}

/* --- Places ------------------------------------------------------------------------------------------------------- */

static size_t piece_at(const text_run *run, size_t at) {
    size_t low = 0, high = run->n_pieces;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (run->pieces[middle].start <= at) low = middle;
        else high = middle;
    }
    return low;
}

static bool is_exact(const text_run *run, size_t index) {
    const text_piece *piece = &run->pieces[index];
    size_t end = index + 1 < run->n_pieces ? piece[1].start : run->len;
    return end - piece->start == piece->source_end - piece->source_start;
}

void text_map_pieces(const text_run *run, size_t start, size_t end, size_t *source_start, size_t *source_end) {
    size_t first = piece_at(run, start), last = end > start ? piece_at(run, end - 1) : first;
    const text_piece *a = &run->pieces[first], *b = &run->pieces[last];
    *source_start = is_exact(run, first) ? a->source_start + (start - a->start) : a->source_start;
    *source_end = is_exact(run, last) ? b->source_start + (end - b->start) : b->source_end;
}

size_t text_unmap(const text_run *run, size_t source) {
    size_t low = 0, high = run->n_pieces;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->pieces[middle].source_end <= source) low = middle + 1;
        else high = middle;
    }
    if (low == run->n_pieces) return run->len;
    const text_piece *piece = &run->pieces[low];
    return source > piece->source_start && is_exact(run, low) ? piece->start + (source - piece->source_start)
                                                              : piece->start;
}

/* --- Dates in URLs ------------------------------------------------------------------------------------------------ */

static base_slice url_path(base_slice url) {
    for (size_t i = 0; i + 2 < url.len; i++) {
        if (url.bytes[i] != '/' || url.bytes[i + 1] != '/') continue;
        url.bytes += i + 2;
        url.len -= i + 2;
        break;
    }
    for (size_t i = 0; i < url.len; i++)
        if (url.bytes[i] == '?' || url.bytes[i] == '#') url.len = i;
    size_t slash = 0;
    while (slash < url.len && url.bytes[slash] != '/') slash++;
    return (base_slice){url.bytes + slash, url.len - slash};
}

/* A date whose year begins at `at`: 20211222, 2021-12-22, 2021/12/22, 2021/1222, 2021-12/22. Of longer runs of digits
 * those count that go on with the time: news pages are numbered 202112222223031889. */
static int32_t date_at(base_slice path, size_t at) {
    int32_t parts[3] = {0};
    static const size_t widths[3] = {4, 2, 2};
    bool is_parted = false;
    for (size_t i = 0; i < 3; i++) {
        if (i && at < path.len && memchr("-/._", path.bytes[at], 4)) {
            at++;
            is_parted = true;
        }
        size_t n = 0;
        while (n < widths[i] && at < path.len && base_is_digit(path.bytes[at])) {
            parts[i] = parts[i] * 10 + (path.bytes[at++] - '0');
            n++;
        }
        if (n < (is_parted ? 1 : widths[i])) return 0;
    }
    size_t more = 0;
    while (at + more < path.len && base_is_digit(path.bytes[at + more])) more++;
    if (more && (is_parted || more < 4 || path.bytes[at] > '2' || path.bytes[at + 2] > '5')) return 0;
    int32_t date = parts[0] * 10000 + parts[1] * 100 + parts[2];
    return parts[0] >= 1990 && parts[0] < 2100 && base_date_is_valid(date) ? date : 0;
}

int32_t text_url_date(base_slice url) {
    base_slice path = url_path(url);
    for (size_t at = 0; at < path.len; at++) {
        if (!base_is_digit(path.bytes[at]) || (at && base_is_digit(path.bytes[at - 1]))) continue;
        int32_t date = date_at(path, at);
        if (date) return date;
    }
    return 0;
}
