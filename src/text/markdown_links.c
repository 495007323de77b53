/* Targets of links and reference definitions. */
#include <string.h>

#include "text/markdown.h"

static bool is_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

static size_t skip_space(base_slice text, size_t at) {
    while (at < text.len && markdown_is_space(text.bytes[at])) at++;
    return at;
}

static bool is_escape(base_slice text, size_t at) {
    return text.bytes[at] == '\\' && at + 1 < text.len && is_punctuation(text.bytes[at + 1]);
}

/* <target>. @return the place behind, 0: none. */
static size_t read_in_angles(base_slice text, size_t at, base_slice *target) {
    size_t p = at + 1;
    for (; p < text.len && text.bytes[p] != '>'; p++) {
        if (text.bytes[p] == '\n' || text.bytes[p] == '<') return 0;
        if (is_escape(text, p)) p++;
    }
    if (p >= text.len) return 0;
    *target = (base_slice){text.bytes + at + 1, p - at - 1};
    return p + 1;
}

/* A target that begins in one that was read before goes on where that ended, with as many parentheses fewer as stand before
 * it. */
static void go_on(base_slice text, size_t at, markdown_opened *opened) {
    if (at < opened->from || at >= opened->to) *opened = (markdown_opened){at, at, 0};
    for (; opened->from < at; opened->from++) {
        if (is_escape(text, opened->from)) opened->from++;
        else opened->n -= text.bytes[opened->from] == '(';
    }
}

/* <target> or a target without spaces and with balanced parentheses. @return the place behind, 0: none. */
static size_t read_target(base_slice text, size_t at, base_slice *target, markdown_opened *opened) {
    enum { MAX_PARENTHESES = 32 };
    if (at < text.len && text.bytes[at] == '<') return read_in_angles(text, at, target);
    go_on(text, at, opened);
    uint32_t open = opened->n;
    size_t p = opened->to;
    bool has_closed = false;
    for (; p < text.len && (unsigned char)text.bytes[p] > ' '; p++) {
        char c = text.bytes[p];
        if (is_escape(text, p)) p++;
        else if ((c == '(' && open == MAX_PARENTHESES) || (c == ')' && open == 0)) break;
        else open = open + (c == '(') - (c == ')');
        has_closed |= c == ')';
    }
    *opened = (markdown_opened){at, p, open};
    if (has_closed) opened->to = at; /* nothing can go on there */
    if (p < text.len && text.bytes[p] == '(') return 0;
    *target = (base_slice){text.bytes + at, p - at};
    return p;
}

/* "title", 'title' or (title). @return the place behind, 0: none. */
static size_t read_title(base_slice text, size_t at) {
    if (at >= text.len || !memchr("\"'(", text.bytes[at], 3)) return 0;
    char close = text.bytes[at] == '(' ? ')' : text.bytes[at];
    for (size_t p = at + 1; p < text.len; p++) {
        if (text.bytes[p] == '\\') p++;
        else if (text.bytes[p] == close) return p + 1;
        else if (close == ')' && text.bytes[p] == '(') return 0;
    }
    return 0;
}

size_t markdown_inline_target(base_slice text, size_t at, base_slice *target, markdown_opened *opened) {
    size_t p = skip_space(text, at + 1);
    *target = (base_slice){"", 0};
    if (p < text.len && text.bytes[p] != ')') {
        size_t behind = read_target(text, p, target, opened);
        if (!behind) return 0;
        p = skip_space(text, behind);
        size_t title = p > behind ? read_title(text, p) : 0;
        if (title) p = skip_space(text, title);
    }
    return p < text.len && text.bytes[p] == ')' ? p + 1 : 0;
}

/* --- References --------------------------------------------------------------------------------------------------- */

size_t markdown_label_end(base_slice text, size_t at) {
    enum { MAX_LABEL = 999 };
    bool has_text = false;
    for (size_t p = at + 1; p < text.len && p - at <= MAX_LABEL; p++) {
        char c = text.bytes[p];
        if (c == ']') return has_text ? p + 1 : 0;
        if (c == '[') return 0;
        if (c == '\\' && p + 1 < text.len && is_punctuation(text.bytes[p + 1])) p++;
        has_text |= !markdown_is_space(c);
    }
    return 0;
}

/* Labels are equal without regard to case (of ASCII, here) and to how much white space there is. */
static uint64_t label_hash(base_slice label) {
    char normal[1000];
    size_t len = 0;
    for (size_t i = 0; i < label.len && len + 1 < sizeof normal; i++) {
        char c = label.bytes[i];
        if (markdown_is_space(c)) {
            if (len && normal[len - 1] != ' ') normal[len++] = ' ';
        } else {
            normal[len++] = base_lower(c);
        }
    }
    if (len && normal[len - 1] == ' ') len--;
    uint64_t hash = base_hash(normal, len);
    return hash ? hash : 1;
}

/* Labels can be made so that all want one slot. At half of the slots filled no others come to so many steps; a label that
 * does is not kept. @return NULL for such a one. */
static markdown_reference *find_slot(markdown_reference *slots, size_t capacity, uint64_t label) {
    enum { MOST_STEPS = 256 };
    for (size_t i = 0; i < MOST_STEPS && i < capacity; i++) {
        markdown_reference *slot = &slots[(label + i) & (capacity - 1)];
        if (!slot->label || slot->label == label) return slot;
    }
    return NULL;
}

static bool grow_references(text_markdown *markdown) {
    const sm_allocator *allocator = markdown->allocator;
    size_t capacity = markdown->references_capacity ? markdown->references_capacity * 2 : 64;
    markdown_reference *slots = NULL;
    if (capacity <= SIZE_MAX / sizeof *slots) slots = allocator->allocate(allocator->context, capacity * sizeof *slots);
    if (!slots) {
        markdown->builder->has_failed = true;
        return false;
    }
    memset(slots, 0, capacity * sizeof *slots);
    for (size_t i = 0; i < markdown->references_capacity; i++) {
        if (!markdown->references[i].label) continue;
        markdown_reference *slot = find_slot(slots, capacity, markdown->references[i].label);
        if (slot) *slot = markdown->references[i];
    }
    allocator->release(allocator->context, markdown->references);
    markdown->references = slots;
    markdown->references_capacity = capacity;
    return true;
}

const markdown_reference *markdown_find_reference(const text_markdown *markdown, base_slice label) {
    if (!markdown->n_references) return NULL;
    markdown_reference *slot = find_slot(markdown->references, markdown->references_capacity, label_hash(label));
    return slot && slot->label ? slot : NULL;
}

static void keep_reference(text_markdown *markdown, base_slice label, base_slice target) {
    if (markdown->n_references * 2 >= markdown->references_capacity && !grow_references(markdown)) return;
    uint64_t hash = label_hash(label);
    markdown_reference *slot = find_slot(markdown->references, markdown->references_capacity, hash);
    if (!slot || slot->label) return; /* the first definition counts */
    *slot = (markdown_reference){hash, markdown_target_value(markdown, target)};
    markdown->n_references++;
}

static size_t line_rest(base_slice text, size_t at) {
    while (at < text.len && (text.bytes[at] == ' ' || text.bytes[at] == '\t' || text.bytes[at] == '\r')) at++;
    if (at == text.len) return at;
    return text.bytes[at] == '\n' ? at + 1 : 0;
}

size_t markdown_define(text_markdown *markdown, base_slice text, size_t at) {
    if (at >= text.len || text.bytes[at] != '[') return 0;
    size_t label_end = markdown_label_end(text, at);
    /* [^1]: is a footnote, whose text is shown. */
    if (!label_end || label_end >= text.len || text.bytes[label_end] != ':' || text.bytes[at + 1] == '^') return 0;
    base_slice label = {text.bytes + at + 1, label_end - at - 2}, target;
    markdown_opened opened = {0};
    size_t start = skip_space(text, label_end + 1);
    size_t behind = start < text.len ? read_target(text, start, &target, &opened) : 0;
    if (!behind || behind == start) return 0;
    size_t title = skip_space(text, behind), done = line_rest(text, behind), with_title = 0;
    if (title > behind) title = read_title(text, title);
    else title = 0;
    if (title) with_title = line_rest(text, title);
    if (with_title) done = with_title;
    if (done) keep_reference(markdown, label, target);
    return done;
}

base_slice markdown_target_value(text_markdown *markdown, base_slice raw) {
    text_builder *builder = markdown->builder;
    bool is_valid = base_utf8_valid_prefix(raw.bytes, raw.len) == raw.len;
    if (is_valid && (!raw.len || (!memchr(raw.bytes, '\\', raw.len) && !memchr(raw.bytes, '&', raw.len)))) {
        /* The text may be put together from lines; the target outlives it. A target has no line break. */
        char *copy = base_arena_copy(&builder->arena, raw.bytes, raw.len);
        builder->has_failed |= !copy;
        return copy ? (base_slice){copy, raw.len} : (base_slice){"", 0};
    }
    char *out = base_arena_alloc(&builder->arena, raw.len * 3);
    builder->has_failed |= !out;
    size_t len = 0;
    for (const char *p = raw.bytes, *end = p + raw.len; out && p < end;) {
        char bytes[TEXT_REFERENCE_MAX];
        size_t n;
        if (*p == '\\' && end - p > 1 && is_punctuation(p[1])) *bytes = *++p, n = 1, p++;
        else p += text_reference_or_char(p, end, TEXT_IN_MARKDOWN, bytes, &n);
        memcpy(out + len, bytes, n);
        len += n;
    }
    return (base_slice){out ? out : "", len};
}
