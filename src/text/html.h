/* HTML: tokens, and the tree of open elements that says what is shown and in which region. Markdown feeds its raw HTML
 * and its own text through the same tree. */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include <string.h>

#include "text/build.h"
#include "text/entities.h"

/* --- Tags (html_tags.c) ------------------------------------------------------------------------------------------- */

/* What a tag is and does. */
enum {
    HTML_BLOCK = 1 << 0,        /* its start and end end a run */
    HTML_VOID = 1 << 1,         /* has no content and no end tag */
    HTML_CLOSES_P = 1 << 2,     /* its start ends an open paragraph */
    HTML_SPECIAL = 1 << 3,      /* end tags of ordinary elements do not reach past it */
    HTML_BARRIER = 1 << 4,      /* no end tag but its own and its ancestors' reaches past it: a table cell, say */
    HTML_LIST_BARRIER = 1 << 5, /* </li> inside does not end an item outside */
    HTML_FORMATTING = 1 << 6,   /* its end tag ends it alone, even across blocks: <b><p></b></p> */
    HTML_HIDES = 1 << 7,        /* nothing inside is shown */
    HTML_RAW = 1 << 8,          /* inside are no tags and no references */
    HTML_RCDATA = 1 << 9,       /* inside are no tags */
    HTML_FOREIGN = 1 << 10,     /* svg and math: other rules for what is inside */
    HTML_LEAVES_FOREIGN = 1 << 11,
    HTML_MARKDOWN_BLOCK = 1 << 12, /* at a line's start it begins an HTML block of kind 6 in CommonMark */
    HTML_GROUP = 1 << 13,          /* a list, section or box: see text_group */
    HTML_HEADING = 1 << 14,
    HTML_NOT_PUSHED = 1 << 15, /* html, head and body: there is one of each whatever the tags say */
    HTML_TABLE_BARRIER = 1 << 16,
    HTML_IN_TABLE = 1 << 17,       /* its end tag looks no further than its table */
    HTML_BUTTON_BARRIER = 1 << 18, /* a paragraph inside does not end one outside */
    HTML_INTEGRATION = 1 << 19,    /* an element of svg or math in which HTML stands */
    HTML_ENDS_SIBLINGS = 1 << 20,  /* its start ends the one before it: <li>one<li>two */
    HTML_ITEM_BARRIER = 1 << 21,   /* <li>, <dd> and <dt> inside do not end one outside */
    HTML_CLOSED = 1 << 22,         /* no markup may be inserted inside */
    HTML_ONLY_FOREIGN = 1 << 23,   /* an element of svg or math: in HTML as a name that HTML does not know */
    HTML_HIDES_IN_SVG = 1 << 24,
    HTML_BLOCK_IN_SVG = 1 << 25,
    HTML_INTEGRATION_IN_SVG = 1 << 26,
    HTML_INTEGRATION_IN_MATH = 1 << 27,
};

typedef struct html_tag_row {
    char name[16];
    uint32_t flags;
    uint32_t region; /* SM_REGION_…; BODY: none of its own */
} html_tag_row;

enum {
    HTML_MAX_TAGS = 160,
    HTML_UNKNOWN_TAGS = 256, /* names that HTML does not know are told apart by a hash of eight bits */
    HTML_TAG_NUMBERS = HTML_MAX_TAGS + HTML_UNKNOWN_TAGS,
    HTML_FOREIGN_TAGS = HTML_TAG_NUMBERS /* is added to the number of an element of svg or math: it is another one */
};

extern const html_tag_row html_tag_rows[];
extern const uint32_t html_n_tag_rows;

/* The number of a tag: its row, or HTML_MAX_TAGS and above for names without one. Any case. */
uint32_t html_tag_number(base_slice name);

/* The same without a search, for who reads many. */
enum { HTML_TAG_SLOTS = 512 };
typedef struct html_tags {
    uint8_t slots[HTML_TAG_SLOTS]; /* 0: empty; else the row, from 1 */
} html_tags;
void html_tags_init(html_tags *tags);
/* @param room  bytes that may be read from the name's first on. */
uint32_t html_tags_find(const html_tags *tags, base_slice name, size_t room);
/* The length of the tag's name, if it has eight bytes at most and the text begins with it, in any case; 0 also where the
 * text has fewer than eight bytes. */
size_t html_short_name_len(uint32_t number, base_slice text);

/* Names are compared as numbers of eight bytes, in lower case. */
enum { HTML_NAME_PART = sizeof(uint64_t) };

/* Up to eight bytes of a name as a number, zeros behind them. In a loop, whose end no predictor knows, only where memory may
 * end before eight bytes. @param room  bytes that may be read. */
static inline uint64_t html_name_part(const char *bytes, size_t len, size_t room) {
    uint64_t part = 0;
    if (room >= HTML_NAME_PART) memcpy(&part, bytes, HTML_NAME_PART);
    else
        for (size_t i = 0; i < len; i++) part |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return len < HTML_NAME_PART ? part & (((uint64_t)1 << 8 * len) - 1) : part;
}

/* The top bit of each of eight bytes above `least` (under 0x7F). */
static inline uint64_t html_bytes_above(uint64_t eight, uint64_t least) {
    const uint64_t each = 0x0101010101010101u, top = 0x80 * each;
    return (((eight & ~top) + (0x7F - least) * each) | eight) & top;
}

/* The capitals among eight bytes made small. */
static inline uint64_t html_lower_part(uint64_t part) {
    uint64_t is_capital = html_bytes_above(part, 'A' - 1) & ~html_bytes_above(part, 'Z');
    return part | is_capital >> 2;
}

/* A name of sixteen bytes at most in lower case, zeros behind it. @param room  bytes that may be read from its first on. */
typedef struct html_name {
    uint64_t first, rest;
} html_name;
static inline html_name html_name_of(base_slice name, size_t room) {
    const size_t len = name.len < HTML_NAME_PART ? name.len : HTML_NAME_PART, rest = name.len - len;
    return (html_name){html_lower_part(html_name_part(name.bytes, len, room)),
                       rest ? html_lower_part(html_name_part(name.bytes + len, rest, rest)) : 0};
}
/* @param known  sixteen bytes, in lower case. */
static inline bool html_name_is(html_name name, const char *known) {
    const size_t whole = HTML_NAME_PART;
    return html_name_part(known, whole, whole) == name.first
           && html_name_part(known + whole, whole, whole) == name.rest;
}

uint32_t html_tag_flags(uint32_t number);
uint32_t html_name_hash(base_slice name); /* tells names apart that share a number; any case */
bool html_is_known(uint32_t number);      /* an element of HTML */

/* --- Tokens (html_tokens.c) --------------------------------------------------------------------------------------- */

/* The attributes that matter here; others are read over. */
typedef enum html_attribute {
    HTML_HREF,
    HTML_DATA_CODE,
    HTML_DATA_CODE2,
    HTML_ID,
    HTML_CLASS,
    HTML_HIDDEN,
    HTML_STYLE,
    HTML_ROLE,
    HTML_PROPERTY,
    HTML_NAME,
    HTML_ITEMPROP,
    HTML_CONTENT,
    HTML_DATETIME,
    HTML_N_ATTRIBUTES
} html_attribute;

typedef struct html_token {
    uint32_t tag; /* its number, which who reads it finds */
    base_slice name;
    bool is_end, is_self_closing;
    size_t start, end;                    /* in the view */
    uint32_t attributes;                  /* bit set of those it has */
    base_slice values[HTML_N_ATTRIBUTES]; /* raw; "" for an attribute without a value */
} html_token;

/* Whether a `<` and a letter, or a `</` and a letter stand at `at`, where there is a `<`. */
bool html_begins_tag(base_slice input, size_t at);

/* Reads the tag that starts at `at`, see html_begins_tag(), but for its number. @return false when the
 * input ends inside the tag: then there is no tag, and nothing of it is text. */
bool html_read_tag(base_slice input, size_t at, html_token *token);

/* The place behind the markup that starts with the `<` at `at` and is no tag: a comment, a doctype, a processing
 * instruction; `at` when the `<` is text. */
size_t html_skip_declaration(base_slice input, size_t at);
/* The text that `<![CDATA[` at `at` begins, where that means anything: html_takes_cdata(). @param behind  receives the
 * place behind its end. @return where it ends. */
#define HTML_CDATA "<![CDATA["
size_t html_cdata_end(base_slice input, size_t at, size_t *behind);

/* Where the end tag of a raw element begins, or the end of the input. */
size_t html_raw_end(base_slice input, size_t at, base_slice name);
size_t html_script_end(base_slice input, size_t at);

/* --- The tree (html_tree.c) --------------------------------------------------------------------------------------- */

/* How far an end tag (or a start tag that ends something) looks for the element that it ends. */
typedef enum html_scope {
    HTML_SCOPE,
    HTML_BUTTON_SCOPE,
    HTML_LIST_SCOPE,
    HTML_ITEM_SCOPE,
    HTML_TABLE_SCOPE,
    HTML_SPECIAL_SCOPE,
    HTML_TABLE_CONTEXT, /* to the innermost table, or part of one */
    HTML_FOREIGN_SCOPE,
    HTML_NAMESPACE_SCOPE, /* to the innermost element of HTML, from within svg and math */
    HTML_N_SCOPES
} html_scope;

/* The innermost element that bounds each scope. */
typedef struct html_bounds {
    uint32_t of[HTML_N_SCOPES];
} html_bounds;

/* An open element. Places on the stack are counted from 1; 0 is none. */
typedef struct html_element {
    uint32_t tag, nearest;  /* `nearest`: of the same tag, below it */
    html_bounds bounds;     /* what they were below it */
    uint32_t region, group; /* the builder's, before it */
    uint32_t name;          /* hash of it, where HTML does not know it */
    size_t source;          /* where it begins */
    bool hides, ends_run;
    bool holds_rows;             /* a table: rows that stand in no part of it */
    bool is_foreign, holds_html; /* of svg or math; an element of these in which HTML stands */
    enum { HTML_AS_AROUND, HTML_CLOSES, HTML_REOPENS } inside; /* may markup be inserted? */
    size_t link;                                               /* TEXT_NO_LINK mostly */
} html_element;

/* Tags whose start ends other elements, and the <p> and <a> of the rules that are about them alone. */
enum { HTML_N_SIBLING_RULES = 32 };
typedef struct html_sibling_rule {
    uint32_t tag, ends;
    html_scope scope;
} html_sibling_rule;

/* Words of classes that name chrome, found by a hash (html_regions.c). */
enum { HTML_CHROME_SLOTS = 256 };
typedef struct html_chrome {
    uint8_t slots[HTML_CHROME_SLOTS]; /* 0: empty; else the row, from 1 */
    uint32_t aside, marquee;          /* elements that are such words themselves */
} html_chrome;

typedef struct html_tree {
    text_builder *builder;
    html_tags tags;
    html_chrome chrome;
    html_element *stack;
    size_t capacity;
    uint32_t depth;
    bool is_cut_deep;                                           /* an element was not remembered */
    uint32_t nearest[HTML_FOREIGN_TAGS + HTML_TAG_NUMBERS + 1]; /* the innermost open element of each tag */
    html_bounds bounds;
    uint32_t n_hiding;
    size_t anchor; /* the open <a> */
    /* Open formatting elements in which nothing may be inserted, by tag. Only their own end tags end them: browsers open
     * them anew in the next block. */
    bool is_closed[HTML_MAX_TAGS];
    size_t closed_at[HTML_MAX_TAGS]; /* source, of those */
    uint32_t p, a, br, h1, li, nobr, script, svg, plaintext, table, tbody, td, th, tr, select;
    html_sibling_rule siblings[HTML_N_SIBLING_RULES];
    size_t n_siblings;
    uint8_t first_sibling[HTML_MAX_TAGS]; /* for tags with HTML_ENDS_SIBLINGS */
} html_tree;

void html_tree_init(html_tree *tree, text_builder *builder);
void html_tree_free(html_tree *tree);
void html_tree_start(html_tree *tree);
void html_tree_finish(html_tree *tree, size_t source_end); /* closes everything */

void html_start_tag(html_tree *tree, const text_view *view, const html_token *token);
void html_end_tag(html_tree *tree, const text_view *view, const html_token *token);
bool html_is_foreign(const html_tree *tree);  /* tags are those of svg or math here */
bool html_takes_cdata(const html_tree *tree); /* also right in what of them holds HTML */
/* A block of another format is a paragraph here: what its raw HTML leaves open ends with it, formatting aside. */
void html_open_block(html_tree *tree, size_t source);
void html_close_block(html_tree *tree, size_t source);
/* The region of a block inside the elements that are open: in navigation and footers everything is theirs. */
uint32_t html_region(const html_tree *tree, uint32_t own);

/* --- All of it (html.c) ------------------------------------------------------------------------------------------- */

/* Reads a stretch of HTML. Elements that it leaves open stay open for what comes after. */
void html_feed(html_tree *tree, const text_view *view, size_t start, size_t end);

/* What an element's attributes say (html_attributes.c). */
/* Cuts the text before the first `separator` (or before white space, where that is asked for) off the front. */
base_slice html_cut_word(base_slice *rest, char separator);
bool html_is_hidden(const html_token *token);
bool html_is_skipped(const text_settings *settings, const html_token *token);
bool html_names_stock(const html_token *token); /* data-code, data-code2, id="stock_…" or "quote_…" */
size_t html_begin_link(text_builder *builder, const text_view *view, const html_token *token, bool is_anchor);
void html_note_date(text_builder *builder, const html_token *token);

/* What an element's name, role, class and id say of its place in the page (html_regions.c). */
typedef struct html_place {
    uint32_t region;       /* SM_REGION_…: of all that is inside; BODY: none of its own */
    uint32_t called, most; /* the same where that is not sure: see text_group */
} html_place;
void html_chrome_init(html_chrome *chrome);
void html_find_place(const html_chrome *chrome, const html_token *token, uint32_t flags, html_place *place);

#endif
