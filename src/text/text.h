/* text: bytes in a format → runs of clean UTF-8 with a map back to the caller's bytes.
 *
 * In:        the caller's bytes, a format (text, HTML, Markdown with front matter) and a charset.
 * Out:       runs, each with its region and its pieces; the page's links and data-code attributes with their places;
 *            where markup may be inserted; the page's own date; how many invalid byte sequences were passed over.
 * May know:  what a reader of the page sees.
 * Must not:  know stocks: no dictionary, no notation, no provider. */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/base.h"

/* Charsets that pages are read in; see charset.c for what they are called. */
enum {
    TEXT_AUTO,
    TEXT_UTF8,
    TEXT_UTF16LE,
    TEXT_UTF16BE,
    TEXT_GB18030,
    TEXT_BIG5,
    TEXT_SHIFT_JIS,
    TEXT_EUC_JP,
    TEXT_EUC_KR,
    TEXT_WINDOWS_1250,
    TEXT_WINDOWS_1251,
    TEXT_WINDOWS_1252,
    TEXT_WINDOWS_1253,
    TEXT_WINDOWS_1254,
    TEXT_N_CHARSETS,
    TEXT_NO_CHARSET = TEXT_N_CHARSETS
};

uint32_t text_charset_find(base_slice label);         /* in any case, "gbk" and the like too; TEXT_NO_CHARSET */
const char *text_charset_word(uint32_t charset);      /* "gb18030"; "" for AUTO: it is not known yet */
const char *text_charset_converter(uint32_t charset); /* ICU's name for it */

bool text_has_mark_of_utf16(
    base_slice start); /* which counts for more than what is said, where the rest looks like it */

/* Appends UTF-8 in another charset; what the charset lacks as &#…;. False: out of memory, or ICU lacks the charset. */
bool text_encode(uint32_t charset, base_slice text, sm_buffer *out);

/* Where a stretch of a run comes from. A piece reaches to the next piece's start, or to the end of the run. When it is
 * as long in the source as in the run, offsets map one to one; else (a character reference, a replaced byte) the piece
 * maps as a whole. Pieces are in order in both run and source; source ranges do not overlap. */
typedef struct text_piece {
    size_t start;                    /* in the run */
    size_t source_start, source_end; /* in the page's source: see text_page */
} text_piece;

/* Text that a reader sees as one stretch: a paragraph, a heading, a list item, a table cell. A name is never matched
 * across runs. Always valid UTF-8 (what was not stands as U+FFFD). Not of ASCII white space alone, but where HTML or
 * Markdown has no other text. Of HTML, line ends are
 * newlines, however the source writes them. What is shown but not read as text, code and addresses in <> of Markdown,
 * stands as a space. */
typedef struct text_run {
    const char *bytes; /* points into the page's source where nothing had to be changed */
    size_t len;
    uint32_t region; /* SM_REGION_… */
    const text_piece *pieces;
    size_t n_pieces;
} text_run;

/* A link, or any element with a data-code attribute or an id that names a stock (span id="stock_1.688668"). Attribute
 * values have their character references decoded; those that are missing are empty slices. */
typedef struct text_link {
    size_t source_start, source_end; /* from the start tag's `<` to behind the end tag's `>` */
    uint32_t region;
    base_slice href, data_code, data_code2, id, class_name;
    base_slice text; /* what a reader sees inside, "" for an image */
} text_link;

/* A stretch of the source. */
typedef struct text_range {
    size_t start, end;
} text_range;

#define TEXT_NO_PLACE SIZE_MAX

enum { TEXT_BEHIND = 128 };

typedef struct text_page {
    const text_run *runs;
    size_t n_runs;
    /* Where those runs stand for which something had to be changed, one behind the other, and TEXT_BEHIND zeros behind them:
     * what goes over runs may read so far. */
    base_slice changed;
    const text_link *links;
    size_t n_links;
    uint32_t format;                    /* SM_FORMAT_…, never AUTO */
    int32_t date;                       /* from front matter, else from meta tags, else 0 */
    uint32_t charset;                   /* TEXT_…, never AUTO */
    base_slice bytes;                   /* the caller's, as far as they were read */
    base_slice source;                  /* what all places are in: the caller's bytes, or UTF-8 that was made of them */
    const struct text_decoded *decoded; /* how it was made; NULL: it is the caller's */
    size_t n_invalid;                   /* maximal invalid sequences in the whole input */
    size_t first_invalid;               /* of the caller's bytes, that of the first */

    /* For those who insert markup. Where none may stand: in links, buttons, code, titles, front matter; in order. */
    const text_range *closed;
    size_t n_closed;
    bool is_cut_deep;      /* elements were nested deeper than is remembered: see text_settings */
    const text_range *raw; /* of Markdown: HTML in which its own signs mean nothing; in order */
    size_t n_raw;
    const text_range
        *unclosed; /* of Markdown: what is text behind <!a, which a tag that is put there would end; in order */
    size_t n_unclosed;
    const text_range *headings; /* those whose region is another, as they stand among links; in order */
    size_t n_headings;
    /* Where a block may stand: behind a comment EM_StockImg_Start that waits for one, and before the first paragraph of
     * the body in HTML; TEXT_NO_PLACE where there is none. */
    size_t marked_place, block_place;
} text_page;

/* One thread's memory for reading pages, reused from page to page. */
typedef struct text_reader text_reader;

/* @param kernel  what UTF-8 is checked with. @return NULL when out of memory. */
text_reader *text_reader_new(const sm_allocator *allocator, uint32_t kernel);
void text_reader_free(text_reader *reader);

/* What of the pages of a reader is not read. */
typedef struct text_settings {
    const char *const *skip; /* elements by tag, class or id: "aside", ".share", "#related"; borrowed */
    size_t n_skip;
    uint32_t max_depth; /* elements in elements that are remembered; 0: as many as can be */
    /* Whether a link, whose text is not known yet, is to be one of the page's: most lead nowhere that matters, and a huge page
     * has many. NULL: all are. */
    bool (*takes_link)(const void *context, const text_link *link);
    const void *context; /* borrowed */
} text_settings;

/* From the next page on. */
void text_reader_set(text_reader *reader, const text_settings *settings);
bool text_is_selector(const char *selector); /* whether it is one as in text_settings */

/* Reads a page. `page` and all it points to is valid until the next call on this reader, and as long as `bytes`.
 * @return SM_OK, SM_ERR_NOMEM, or SM_ERR_UNSUPPORTED where ICU lacks the charset; there is no bad input. Linear in `len`;
 *         no recursion. */
sm_status text_read(text_reader *reader, base_slice bytes, uint32_t format, uint32_t charset, text_page *page);
/* The same of the first `most` bytes alone, less what of them is a parted character: page->bytes tells how many were read. The
 * charset is that of the whole text, as far as its first 64 KiB tell, or as many bytes as are read. */
sm_status text_read_first(text_reader *reader, base_slice bytes, size_t most, uint32_t format, uint32_t charset,
                          text_page *page);
/* How many bytes of a text that reads: what lies behind them changes nothing. More than `most`. */
size_t text_most_seen(size_t most);
/* The same of what is UTF-8 whatever it looks like, so that all places are in the caller's bytes. */
sm_status text_read_utf8(text_reader *reader, base_slice bytes, uint32_t format, text_page *page);

/* The caller's byte for a place in the page's source. */
size_t text_origin(const text_page *page, size_t at);

/* Whether a page is plain text. Of one that is valid UTF-8 this says all that text_read() does: it is one run, which stands
 * in the caller's bytes from *start to their end; a blank page has *start at the end. */
bool text_is_plain(base_slice source, uint32_t format, size_t *start);

/* Maps a range of a run to the page's source: from the first byte of its first character's source to behind the last
 * one's. Tags inside the range are covered; tags before and behind are not. */
void text_map_pieces(const text_run *run, size_t start, size_t end, size_t *source_start, size_t *source_end);
static inline void text_map(const text_run *run, size_t start, size_t end, size_t *source_start, size_t *source_end) {
    const text_piece *piece = run->pieces;
    if (run->n_pieces != 1 || piece->source_end - piece->source_start != run->len) {
        text_map_pieces(run, start, end, source_start, source_end);
        return;
    }
    *source_start = piece->source_start + start; /* most runs stand in the source as they are */
    *source_end = piece->source_start + end;
}

/* The other way, for one place: the byte of the run that stands there, or the next one behind it; run->len when there is
 * none. In a piece that maps as a whole it is the first byte. */
size_t text_unmap(const text_run *run, size_t source);

/* Makes a range one that markup may be put around: what it opens and the tags right behind it end, it holds whole. Tags
 * before it are not looked at: they may stand in a comment. @return false when there is none: it is in what is closed, ends
 * what was opened before it, or holds more than plain inline elements. Of Markdown it has to stand as a reader sees it. */
bool text_wrap(const text_page *page, size_t start, size_t *end);
/* Whether a place is in one of some ranges that are in order. */
bool text_is_in(const text_range *ranges, size_t n, size_t at);

/* A date in a URL path, such as /2021/12/22/ or /20211222/ or /2021-12-22/; 0 when there is none. */
int32_t text_url_date(base_slice url);

#endif
