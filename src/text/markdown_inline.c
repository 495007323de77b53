/* CommonMark's second step: a leaf's text → tokens → runs. Brackets and emphasis are known only when they close, so the
 * tokens are listed first, then resolved with the delimiter stack of the specification's appendix, then written. */
#include <stddef.h>
#include <string.h>

#include "text/markdown.h"

typedef enum token_kind {
    TEXT_TOKEN,
    DELIMITER,  /* a run of *, _ or ~~ */
    OPEN,       /* [ */
    OPEN_IMAGE, /* ![ */
    LINK_START, /* what OPEN becomes when it is one */
    LINK_END,
    IMAGE, /* what OPEN_IMAGE becomes: nothing up to `partner` is shown */
    HTML_TOKEN,
    REPLACED, /* a character reference or an escape */
    CODE,
    AUTOLINK,
    HARD_BREAK
} token_kind;

#define NONE UINT32_MAX

struct markdown_token {
    token_kind kind;
    bool can_open, can_close;  /* of a delimiter */
    bool is_active, has_inner; /* of a bracket: may be a link; has brackets inside */
    size_t start, end;         /* in the text */
    uint32_t partner;          /* of a LINK_START and an IMAGE: their end */
    /* A delimiter's neighbours on the stack; a bracket's next outer one in `previous`. */
    uint32_t previous, next;
    uint32_t delimiters; /* of a bracket: the top of the delimiter stack before it */
    uint32_t used_left, used_right;
    base_slice target;
};

_Static_assert(sizeof(markdown_token) <= 64,
               "a text of nothing but brackets is a token a byte: a cache line each at most");

enum { MAX_BACKTICKS = 80, N_KINDS = 3 * 2 * 3 };

typedef struct inline_reader {
    text_markdown *markdown;
    const text_view *view;
    base_slice text;
    size_t at, plain; /* `plain`: where text that is not yet a token begins */
    uint32_t last_delimiter, last_bracket;
    markdown_html_attempts html;
    markdown_opened opened;
    size_t unwritten, unwritten_end; /* text that is shown but not yet written */
    bool has_unclosed, knows_backticks;
    size_t last_backticks[MAX_BACKTICKS + 1]; /* where the last run of each length begins */
} inline_reader;

/* --- Tokens ------------------------------------------------------------------------------------------------------- */

static markdown_token *token_at(const inline_reader *r, uint32_t index) {
    return &r->markdown->tokens[index];
}

static markdown_token *add_token(inline_reader *r, token_kind kind, size_t start, size_t end) {
    text_markdown *markdown = r->markdown;
    void *tokens = markdown->tokens;
    if (markdown->n_tokens >= NONE - 1) return NULL;
    if (!markdown_grow(markdown, &tokens, &markdown->tokens_capacity, markdown->n_tokens + 1, sizeof(markdown_token)))
        return NULL;
    markdown->tokens = tokens;
    markdown_token *token = &markdown->tokens[markdown->n_tokens++];
    *token =
        (markdown_token){.kind = kind, .start = start, .end = end, .partner = NONE, .previous = NONE, .next = NONE};
    return token;
}

/* Lists the text before the token, and the token. */
static markdown_token *list_token(inline_reader *r, token_kind kind, size_t start, size_t end) {
    if (r->plain < start && !add_token(r, TEXT_TOKEN, r->plain, start)) return NULL;
    r->at = r->plain = end;
    return add_token(r, kind, start, end);
}

static uint32_t last_index(const inline_reader *r) {
    return (uint32_t)r->markdown->n_tokens - 1;
}

/* --- Delimiters --------------------------------------------------------------------------------------------------- */

static uint32_t code_point_before(base_slice text, size_t at) {
    size_t start = at;
    uint32_t code_point = '\n';
    while (start > 0 && at - start < 4) {
        start--;
        if (((unsigned char)text.bytes[start] & 0xC0) != 0x80) break;
    }
    if (start < at && !base_utf8_decode(text.bytes + start, text.bytes + at, &code_point, NULL)) return 0xFFFD;
    return code_point;
}

static uint32_t code_point_after(base_slice text, size_t at) {
    uint32_t code_point = '\n';
    if (at < text.len && !base_utf8_decode(text.bytes + at, text.bytes + text.len, &code_point, NULL)) return 0xFFFD;
    return code_point;
}

static bool is_white(uint32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F
           || c == 0x205F || c == 0x3000;
}

static size_t run_length(base_slice text, size_t at) {
    size_t n = 1;
    while (at + n < text.len && text.bytes[at + n] == text.bytes[at]) n++;
    return n;
}

static void read_delimiter(inline_reader *r) {
    char c = r->text.bytes[r->at];
    size_t start = r->at, len = run_length(r->text, start);
    if (c == '~' && len != 2) {
        r->at += len;
        return;
    }
    uint32_t before = code_point_before(r->text, start), after = code_point_after(r->text, start + len);
    bool white_before = is_white(before), white_after = is_white(after);
    bool mark_before = text_is_punctuation(before), mark_after = text_is_punctuation(after);
    bool left = !white_after && (!mark_after || white_before || mark_before);
    bool right = !white_before && (!mark_before || white_after || mark_after);
    markdown_token *token = list_token(r, DELIMITER, start, start + len);
    if (!token) return;
    token->can_open = left && (c != '_' || !right || mark_before);
    token->can_close = right && (c != '_' || !left || mark_after);
    uint32_t index = last_index(r);
    token->previous = r->last_delimiter;
    if (r->last_delimiter != NONE) token_at(r, r->last_delimiter)->next = index;
    r->last_delimiter = index;
}

static void remove_delimiter(inline_reader *r, uint32_t index) {
    markdown_token *token = token_at(r, index);
    if (token->previous != NONE) token_at(r, token->previous)->next = token->next;
    if (token->next != NONE) token_at(r, token->next)->previous = token->previous;
    else r->last_delimiter = token->previous;
}

static size_t delimiter_left(const markdown_token *token) {
    return token->end - token->start - token->used_left - token->used_right;
}

static bool delimiters_match(const inline_reader *r, const markdown_token *opener, const markdown_token *closer) {
    if (!opener->can_open || r->text.bytes[opener->start] != r->text.bytes[closer->start]) return false;
    size_t a = opener->end - opener->start, b = closer->end - closer->start;
    bool is_either = opener->can_close || closer->can_open;
    return r->text.bytes[opener->start] == '~' || !is_either || (a + b) % 3 != 0 || (a % 3 == 0 && b % 3 == 0);
}

static size_t closer_kind(const inline_reader *r, const markdown_token *closer) {
    char c = r->text.bytes[closer->start];
    size_t kind = c == '*' ? 0 : c == '_' ? 1 : 2;
    return (kind * 2 + closer->can_open) * 3 + (closer->end - closer->start) % 3;
}

/* Uses up one pair. @return the next closer. */
static uint32_t use_pair(inline_reader *r, uint32_t opener_index, uint32_t closer_index) {
    markdown_token *opener = token_at(r, opener_index), *closer = token_at(r, closer_index);
    uint32_t n = delimiter_left(opener) >= 2 && delimiter_left(closer) >= 2 ? 2 : 1;
    while (closer->previous != opener_index) remove_delimiter(r, closer->previous);
    opener->used_right += n;
    closer->used_left += n;
    uint32_t next = delimiter_left(closer) ? closer_index : closer->next;
    if (!delimiter_left(opener)) remove_delimiter(r, opener_index);
    if (!delimiter_left(closer)) remove_delimiter(r, closer_index);
    return next;
}

/* Pairs the delimiters above `bottom` and takes them off the stack. `lowest` is where the search for an opener may
 * stop, for each kind of closer: nothing below matched one like it. Without it the search would take quadratic time. */
static void resolve_emphasis(inline_reader *r, uint32_t bottom) {
    uint32_t lowest[N_KINDS], closer = NONE;
    for (size_t i = 0; i < N_KINDS; i++) lowest[i] = bottom == NONE ? 0 : bottom + 1;
    for (uint32_t i = r->last_delimiter; i != NONE && i != bottom; i = token_at(r, i)->previous) closer = i;
    while (closer != NONE) {
        markdown_token *token = token_at(r, closer);
        if (!token->can_close) {
            closer = token->next;
            continue;
        }
        uint32_t *stop = &lowest[closer_kind(r, token)], opener = token->previous;
        while (opener != NONE && opener >= *stop && !delimiters_match(r, token_at(r, opener), token))
            opener = token_at(r, opener)->previous;
        if (opener != NONE && opener >= *stop) {
            closer = use_pair(r, opener, closer);
            continue;
        }
        uint32_t next = token->next;
        *stop = closer;
        if (!token->can_open) remove_delimiter(r, closer);
        closer = next;
    }
    while (r->last_delimiter != bottom && r->last_delimiter != NONE) remove_delimiter(r, r->last_delimiter);
}

/* --- Brackets ----------------------------------------------------------------------------------------------------- */

static void open_bracket(inline_reader *r, token_kind kind, size_t len) {
    markdown_token *token = list_token(r, kind, r->at, r->at + len);
    if (!token) return;
    if (r->last_bracket != NONE) token_at(r, r->last_bracket)->has_inner = true;
    token->previous = r->last_bracket;
    token->delimiters = r->last_delimiter;
    token->is_active = true;
    r->last_bracket = last_index(r);
}

/* Reads what makes `[text]` a link: (target), [label], [] or nothing. @return the place behind, 0: no link. */
static size_t read_link_end(inline_reader *r, const markdown_token *opener, base_slice *target) {
    size_t close = r->at, behind = 0;
    base_slice text = r->text, raw, label = {text.bytes + opener->end, close - opener->end};
    if (close + 1 < text.len && text.bytes[close + 1] == '(')
        behind = markdown_inline_target(text, close + 1, &raw, &r->opened);
    if (behind) {
        *target = markdown_target_value(r->markdown, raw);
        return behind;
    }
    if (!r->markdown->n_references) return 0;
    size_t label_end = 0;
    if (close + 1 < text.len && text.bytes[close + 1] == '[') {
        label_end = markdown_label_end(text, close + 1);
        if (label_end) label = (base_slice){text.bytes + close + 2, label_end - close - 3};
        else if (close + 2 < text.len && text.bytes[close + 2] == ']') label_end = close + 3;
    }
    bool is_own_label = label.bytes == text.bytes + opener->end;
    if (is_own_label && (opener->has_inner || label.len > 999)) return 0;
    const markdown_reference *reference = markdown_find_reference(r->markdown, label);
    if (!reference) return 0;
    *target = reference->target;
    return label_end ? label_end : close + 1;
}

static void close_bracket(inline_reader *r) {
    uint32_t index = r->last_bracket;
    if (index == NONE) {
        r->at++;
        return;
    }
    markdown_token *opener = token_at(r, index);
    base_slice target = {"", 0};
    size_t behind = opener->is_active ? read_link_end(r, opener, &target) : 0;
    r->last_bracket = opener->previous;
    if (!behind) {
        r->at++;
        return;
    }
    bool is_link = opener->kind == OPEN;
    uint32_t bottom = opener->delimiters;
    if (!list_token(r, LINK_END, r->at, behind)) return;
    opener = token_at(r, index);
    opener->kind = is_link ? LINK_START : IMAGE;
    opener->target = target;
    opener->partner = last_index(r);
    resolve_emphasis(r, bottom);
    /* No links in links. Those further out are inactive already when one is. */
    for (uint32_t i = r->last_bracket; is_link && i != NONE; i = token_at(r, i)->previous) {
        if (token_at(r, i)->kind != OPEN) continue;
        if (!token_at(r, i)->is_active) break;
        token_at(r, i)->is_active = false;
    }
}

/* --- Code, HTML and the rest -------------------------------------------------------------------------------------- */

/* Looks once through the text, so that backticks without a partner do not make every one of them search to the end. */
static void note_backticks(inline_reader *r) {
    r->knows_backticks = true;
    memset(r->last_backticks, 0, sizeof r->last_backticks);
    for (size_t at = r->at; at < r->text.len;) {
        const char *tick = memchr(r->text.bytes + at, '`', r->text.len - at);
        if (!tick) break;
        at = (size_t)(tick - r->text.bytes);
        size_t len = run_length(r->text, at);
        if (len <= MAX_BACKTICKS) r->last_backticks[len] = at;
        at += len;
    }
}

static void read_code(inline_reader *r) {
    size_t start = r->at, len = run_length(r->text, start);
    if (!r->knows_backticks) note_backticks(r);
    r->at += len;
    if (len > MAX_BACKTICKS || r->last_backticks[len] <= start) return;
    for (size_t at = r->at; at < r->text.len;) {
        const char *tick = memchr(r->text.bytes + at, '`', r->text.len - at);
        if (!tick) return;
        at = (size_t)(tick - r->text.bytes);
        size_t closing = run_length(r->text, at);
        at += closing;
        if (closing != len) continue;
        list_token(r, CODE, start, at);
        return;
    }
}

/* A declaration without its end, <!a with no > behind it, is text, but would not be with a tag behind it. */
static void note_unclosed(inline_reader *r, size_t start) {
    base_slice rest = {r->text.bytes + start, r->text.len - start};
    if (r->has_unclosed || rest.len < 3 || rest.bytes[1] != '!' || !base_is_letter(rest.bytes[2])) return;
    r->has_unclosed = true;
    text_build_unclosed(r->markdown->builder, text_view_source(r->view, start),
                        text_view_source_end(r->view, r->text.len));
}

static void read_less_than(inline_reader *r) {
    size_t start = r->at, end = markdown_autolink(r->text, start);
    if (end) {
        list_token(r, AUTOLINK, start, end);
        return;
    }
    end = markdown_raw_html(r->text, start, &r->html);
    if (end) {
        list_token(r, HTML_TOKEN, start, end);
        return;
    }
    note_unclosed(r, start);
    r->at++;
}

static void read_ampersand(inline_reader *r) {
    char out[TEXT_REFERENCE_MAX];
    size_t out_len, start = r->at;
    size_t len = text_reference(r->text.bytes + start, r->text.bytes + r->text.len, TEXT_IN_MARKDOWN, out, &out_len);
    if (len) list_token(r, REPLACED, start, start + len);
    else r->at++;
}

static void read_backslash(inline_reader *r) {
    char next = r->at + 1 < r->text.len ? r->text.bytes[r->at + 1] : 'x';
    bool is_mark = (next >= '!' && next <= '/') || (next >= ':' && next <= '@') || (next >= '[' && next <= '`')
                   || (next >= '{' && next <= '~');
    size_t line = r->at + 1 + (next == '\r');
    if (line < r->text.len && r->text.bytes[line] == '\n') list_token(r, HARD_BREAK, r->at, line + 1);
    else if (is_mark) list_token(r, REPLACED, r->at, r->at + 2);
    else r->at++;
}

/* White space before a line break is not shown; two spaces make the break a hard one. */
static void read_line_end(inline_reader *r) {
    size_t newline = r->at, start = newline, spaces;
    if (start > r->plain && r->text.bytes[start - 1] == '\r') start--;
    spaces = start;
    while (spaces > r->plain && (r->text.bytes[spaces - 1] == ' ' || r->text.bytes[spaces - 1] == '\t')) spaces--;
    r->at++;
    if (start - spaces >= 2 && r->text.bytes[start - 1] == ' ') list_token(r, HARD_BREAK, spaces, newline + 1);
}

/* Where the next character stands that may be more than text. */
static size_t find_special(base_slice text, size_t at) {
    static const bool is_special[256] = {
        ['*'] = true, ['_'] = true, ['~'] = true,  ['`'] = true, ['<'] = true, ['&'] = true,
        ['['] = true, [']'] = true, ['\\'] = true, ['!'] = true, ['\n'] = true};
    while (at < text.len && !is_special[(unsigned char)text.bytes[at]]) at++;
    return at;
}

static void read_tokens(inline_reader *r) {
    while (!r->markdown->builder->has_failed) {
        r->at = find_special(r->text, r->at);
        if (r->at == r->text.len) break;
        switch (r->text.bytes[r->at]) {
        case '*':
        case '_':
        case '~': read_delimiter(r); break;
        case '`': read_code(r); break;
        case '<': read_less_than(r); break;
        case '&': read_ampersand(r); break;
        case '\\': read_backslash(r); break;
        case '\n': read_line_end(r); break;
        case '[': open_bracket(r, OPEN, 1); break;
        case ']': close_bracket(r); break;
        case '!':
            if (r->at + 1 < r->text.len && r->text.bytes[r->at + 1] == '[') open_bracket(r, OPEN_IMAGE, 2);
            else r->at++;
            break;
        default: r->at++;
        }
    }
    if (r->plain < r->text.len) add_token(r, TEXT_TOKEN, r->plain, r->text.len);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static void write_view(const text_markdown *markdown, const text_view *view, size_t start, size_t end) {
    if (!markdown->tree->n_hiding) text_build_view(markdown->builder, view, start, end);
}

static void write_out(inline_reader *r) {
    if (r->unwritten < r->unwritten_end) write_view(r->markdown, r->view, r->unwritten, r->unwritten_end);
    r->unwritten = r->unwritten_end;
}

/* What turned out to be text is written in one with the text beside it. White space at an edge is no part of what counts as
 * text, and must not become that. */
static void write_text(inline_reader *r, size_t start, size_t end) {
    if (start == end) return;
    bool goes_on = start == r->unwritten_end && r->unwritten < start && !base_is_space(r->text.bytes[start - 1])
                   && !base_is_space(r->text.bytes[start]);
    if (!goes_on) {
        write_out(r);
        r->unwritten = start;
    }
    r->unwritten_end = end;
}

static void write_replaced(inline_reader *r, const markdown_token *token, const char *bytes, size_t len) {
    write_out(r);
    if (r->markdown->tree->n_hiding) return;
    text_build_replaced(r->markdown->builder, bytes, len, text_view_source(r->view, token->start),
                        text_view_source_end(r->view, token->end));
}

static void write_character(inline_reader *r, const markdown_token *token) {
    char out[TEXT_REFERENCE_MAX];
    size_t len = 1;
    if (r->text.bytes[token->start] == '&')
        text_reference(r->text.bytes + token->start, r->text.bytes + token->end, TEXT_IN_MARKDOWN, out, &len);
    else out[0] = r->text.bytes[token->start + 1];
    write_replaced(r, token, out, len);
}

/* Whether the last asterisk of a run begins a mark of the exchanges: *ST国华, S*ST前锋. */
static bool begins_mark(base_slice text, const markdown_token *token) {
    size_t at = token->end;
    if ((token->end - token->start) % 2 == 0 || text.bytes[token->start] != '*') return false;
    if (text.len - at < 2 || text.bytes[at] != 'S' || text.bytes[at + 1] != 'T') return false;
    char next = text.len - at > 2 ? text.bytes[at + 2] : ' ';
    return !((next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9'));
}

static void write_delimiter(inline_reader *r, const markdown_token *token) {
    size_t start = token->start + token->used_left, end = token->end - token->used_right;
    /* *ST国华和*ST康美 is emphasis to CommonMark. Company marks outrank it: the asterisk is a part of the name. Runs of an
     * even number are left alone, as **ST康美** means ST康美 in bold. */
    if (begins_mark(r->text, token) && (end < token->end || start == end)) {
        write_text(r, start, end);
        start = token->end - 1;
        end = token->end;
    }
    write_text(r, start, end);
}

/* Of a declaration HTML may see the end before Markdown does, and text behind it: <?>text?>. */
static void write_html(inline_reader *r, const markdown_token *token) {
    const char kind = r->text.bytes[token->start + 1];
    write_out(r);
    if (kind == '?' || kind == '!')
        text_build_raw(r->markdown->builder, text_view_source(r->view, token->start),
                       text_view_source_end(r->view, token->end));
    html_feed(r->markdown->tree, r->view, token->start, token->end);
}

static size_t write_link_start(inline_reader *r, const markdown_token *token) {
    const markdown_token *end = token_at(r, token->partner);
    write_out(r);
    if (r->markdown->tree->n_hiding) return TEXT_NO_LINK;
    text_link link = {.source_start = text_view_source(r->view, token->start),
                      .source_end = text_view_source_end(r->view, end->end),
                      .href = token->target,
                      .data_code = {"", 0},
                      .data_code2 = {"", 0},
                      .id = {"", 0},
                      .class_name = {"", 0}};
    return text_build_link(r->markdown->builder, &link, true);
}

static void write_autolink(inline_reader *r, markdown_token *token) {
    base_slice target = {r->text.bytes + token->start + 1, token->end - token->start - 2};
    token->target = markdown_target_value(r->markdown, target);
    token->partner = (uint32_t)(token - r->markdown->tokens);
    size_t link = write_link_start(r, token);
    text_build_end_link(r->markdown->builder, link, text_view_source_end(r->view, token->end));
    write_replaced(r, token, " ", 1);
}

static void write_tokens(inline_reader *r) {
    text_markdown *markdown = r->markdown;
    size_t link = TEXT_NO_LINK;
    for (size_t i = 0; i < markdown->n_tokens && !markdown->builder->has_failed; i++) {
        markdown_token *token = &markdown->tokens[i];
        switch (token->kind) {
        case TEXT_TOKEN:
        case OPEN:
        case OPEN_IMAGE: write_text(r, token->start, token->end); break;
        case DELIMITER: write_delimiter(r, token); break;
        case LINK_START: link = write_link_start(r, token); break;
        case LINK_END:
            write_out(r);
            text_build_end_link(markdown->builder, link, text_view_source_end(r->view, token->end));
            link = TEXT_NO_LINK;
            break;
        case IMAGE: i = token->partner; break;
        case HTML_TOKEN: write_html(r, token); break;
        case REPLACED: write_character(r, token); break;
        /* Code is not scanned. A space stands for it, so that what is before and behind does not become one word. */
        case CODE: write_replaced(r, token, " ", 1); break;
        case AUTOLINK: write_autolink(r, token); break;
        case HARD_BREAK:
            write_out(r);
            text_build_end_run(markdown->builder);
            break;
        }
    }
    write_out(r);
}

void markdown_read_inline(text_markdown *markdown, const text_view *view) {
    base_slice text = {view->bytes, view->len};
    size_t plain = find_special(text, 0);
    if (plain == text.len) { /* as most cells, items and headings are */
        write_view(markdown, view, 0, plain);
        return;
    }
    inline_reader r; /* most leaves are shorter than what is known of backticks */
    memset(&r, 0, offsetof(inline_reader, last_backticks));
    r.markdown = markdown;
    r.view = view;
    r.text = text;
    r.at = plain;
    r.last_delimiter = r.last_bracket = NONE;
    markdown->n_tokens = 0;
    read_tokens(&r);
    resolve_emphasis(&r, NONE);
    write_tokens(&r);
}
