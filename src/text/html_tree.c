/* The open elements. Each knows the one of the same tag and of each scope below it, so that finding what an end tag
 * ends takes one step however deep the page is nested. */
#include <string.h>

#include "text/html.h"

enum {
    /* Browsers stop nesting at 512. Elements beyond this depth are read but not remembered. */
    MAX_DEPTH = 1 << 16,
    DEAD_TAG = HTML_FOREIGN_TAGS + HTML_TAG_NUMBERS /* of an element that was ended out of order */
};

/* Those of a tag stand together. */
static const struct {
    const char *tag, *ends;
    html_scope scope;
} sibling_rules[] = {
    {"li", "li", HTML_ITEM_SCOPE},        {"dd", "dd", HTML_ITEM_SCOPE},        {"dd", "dt", HTML_ITEM_SCOPE},
    {"dt", "dd", HTML_ITEM_SCOPE},        {"dt", "dt", HTML_ITEM_SCOPE},        {"tr", "tr", HTML_TABLE_SCOPE},
    {"tbody", "tr", HTML_TABLE_SCOPE},    {"tbody", "tbody", HTML_TABLE_SCOPE}, {"tbody", "thead", HTML_TABLE_SCOPE},
    {"tbody", "tfoot", HTML_TABLE_SCOPE}, {"thead", "tr", HTML_TABLE_SCOPE},    {"thead", "tbody", HTML_TABLE_SCOPE},
    {"thead", "thead", HTML_TABLE_SCOPE}, {"thead", "tfoot", HTML_TABLE_SCOPE}, {"tfoot", "tr", HTML_TABLE_SCOPE},
    {"tfoot", "tbody", HTML_TABLE_SCOPE}, {"tfoot", "thead", HTML_TABLE_SCOPE}, {"tfoot", "tfoot", HTML_TABLE_SCOPE},
    {"button", "button", HTML_SCOPE},     {"input", "select", HTML_SCOPE},      {"keygen", "select", HTML_SCOPE},
    {"textarea", "select", HTML_SCOPE},
};
_Static_assert(sizeof sibling_rules / sizeof sibling_rules[0] <= HTML_N_SIBLING_RULES, "more rules than room");

static uint32_t number_of(const char *name) {
    return html_tag_number(base_slice_of(name));
}

void html_tree_init(html_tree *tree, text_builder *builder) {
    *tree = (html_tree){.builder = builder};
    html_tags_init(&tree->tags);
    html_chrome_init(&tree->chrome);
    tree->p = number_of("p");
    tree->a = number_of("a");
    tree->br = number_of("br");
    tree->h1 = number_of("h1");
    tree->li = number_of("li");
    tree->nobr = number_of("nobr");
    tree->script = number_of("script");
    tree->svg = number_of("svg");
    tree->plaintext = number_of("plaintext");
    tree->table = number_of("table");
    tree->tbody = number_of("tbody");
    tree->td = number_of("td");
    tree->th = number_of("th");
    tree->tr = number_of("tr");
    tree->select = number_of("select");
    tree->n_siblings = sizeof sibling_rules / sizeof sibling_rules[0];
    for (size_t i = tree->n_siblings; i-- > 0;) {
        tree->siblings[i] = (html_sibling_rule){number_of(sibling_rules[i].tag), number_of(sibling_rules[i].ends),
                                                sibling_rules[i].scope};
        tree->first_sibling[tree->siblings[i].tag] = (uint8_t)i;
    }
}

void html_tree_free(html_tree *tree) {
    tree->builder->allocator->release(tree->builder->allocator->context, tree->stack);
}

void html_tree_start(html_tree *tree) {
    tree->depth = tree->n_hiding = 0;
    tree->is_cut_deep = false;
    memset(tree->nearest, 0, sizeof tree->nearest);
    tree->bounds = (html_bounds){{0}};
    memset(tree->is_closed, 0, sizeof tree->is_closed);
    tree->anchor = TEXT_NO_LINK;
}

bool html_is_foreign(const html_tree *tree) {
    uint32_t place = tree->bounds.of[HTML_FOREIGN_SCOPE];
    return place && !tree->stack[place - 1].holds_html;
}

bool html_takes_cdata(const html_tree *tree) {
    return tree->depth && tree->stack[tree->depth - 1].is_foreign;
}

uint32_t html_region(const html_tree *tree, uint32_t own) {
    uint32_t around = tree->builder->region;
    if (own == SM_REGION_BODY || around == SM_REGION_NAVIGATION || around == SM_REGION_FOOTER) return around;
    return own;
}

/* <td>, <th>, <caption> */
static bool is_cell(const html_tree *tree, uint32_t tag, uint32_t flags) {
    return flags & HTML_BARRIER && flags & HTML_IN_TABLE && tag != tree->table;
}

/* --- Opening and closing ------------------------------------------------------------------------------------------ */

static void boundary(html_tree *tree) {
    if (!tree->n_hiding) text_build_end_run(tree->builder);
}

static html_element *push(html_tree *tree, uint32_t tag, uint32_t flags, bool is_foreign, size_t source) {
    static const uint32_t bounded_by[HTML_N_SCOPES] = {
        [HTML_SCOPE] = HTML_BARRIER,
        [HTML_BUTTON_SCOPE] = HTML_BARRIER | HTML_BUTTON_BARRIER,
        [HTML_LIST_SCOPE] = HTML_BARRIER | HTML_LIST_BARRIER,
        [HTML_ITEM_SCOPE] = HTML_ITEM_BARRIER,
        [HTML_TABLE_SCOPE] = HTML_TABLE_BARRIER,
        [HTML_SPECIAL_SCOPE] = HTML_SPECIAL,
        [HTML_TABLE_CONTEXT] = HTML_IN_TABLE | HTML_TABLE_BARRIER,
        [HTML_FOREIGN_SCOPE] = HTML_FOREIGN | HTML_INTEGRATION,
    };
    void *stack = tree->stack;
    if (is_foreign) tag += HTML_FOREIGN_TAGS;
    uint32_t most = tree->builder->settings.max_depth;
    if (tree->depth >= (most && most < MAX_DEPTH ? most : MAX_DEPTH)) {
        tree->is_cut_deep = true;
        return NULL;
    }
    if (!base_grow(tree->builder->allocator, &stack, &tree->capacity, tree->depth + 1, sizeof(html_element))) {
        tree->builder->has_failed = true;
        return NULL;
    }
    tree->stack = stack;
    html_element *element = &tree->stack[tree->depth++];
    *element = (html_element){.tag = tag,
                              .nearest = tree->nearest[tag],
                              .bounds = tree->bounds,
                              .region = tree->builder->region,
                              .group = tree->builder->group,
                              .source = source,
                              .is_foreign = is_foreign,
                              .holds_html = flags & HTML_INTEGRATION,
                              .link = TEXT_NO_LINK};
    tree->nearest[tag] = tree->depth;
    for (unsigned i = 0; i < HTML_N_SCOPES; i++)
        tree->bounds.of[i] = flags & bounded_by[i] ? tree->depth : tree->bounds.of[i];
    if (!is_foreign) tree->bounds.of[HTML_NAMESPACE_SCOPE] = tree->depth;
    return element;
}

static void close_element(html_tree *tree, html_element *element, size_t source_end) {
    text_build_end_link(tree->builder, element->link, source_end);
    element->link = TEXT_NO_LINK;
    tree->n_hiding -= element->hides;
    if (element->inside == HTML_CLOSES) text_build_reopen(tree->builder, source_end);
    if (element->inside == HTML_REOPENS) text_build_close(tree->builder, source_end);
    element->hides = false;
    element->inside = HTML_AS_AROUND;
    tree->nearest[element->tag] = element->nearest;
}

/* Closes what is open down to `place`: the elements above end where the tag that closes them begins. */
static void pop_to(html_tree *tree, uint32_t place, size_t source_start, size_t source_end) {
    while (tree->depth >= place) {
        html_element *element = &tree->stack[tree->depth - 1];
        close_element(tree, element, tree->depth == place ? source_end : source_start);
        if (element->ends_run) boundary(tree);
        tree->builder->region = element->region;
        tree->builder->group = element->group;
        tree->bounds = element->bounds;
        tree->depth--;
    }
}

/* Ends an element that stays on the stack. */
static void end_alone(html_tree *tree, html_element *element, size_t source_end) {
    close_element(tree, element, source_end);
    element->tag = DEAD_TAG;
    element->nearest = 0;
}

/* Ends one element and leaves the blocks and the formatting inside it open; other elements end with it. Of what is inside
 * only so much is looked at, so that pages which are nothing but such tags take no longer. */
static void end_formatting(html_tree *tree, uint32_t place, size_t source_start, size_t source_end) {
    enum { STAYS_OPEN = HTML_SPECIAL | HTML_FORMATTING, MOST_INSIDE = 32 };
    uint32_t block = tree->bounds.of[HTML_SPECIAL_SCOPE];
    if (block < place) {
        pop_to(tree, place, source_start, source_end);
        return;
    }
    end_alone(tree, &tree->stack[place - 1], source_end);
    while (tree->depth > block && !(html_tag_flags(tree->stack[tree->depth - 1].tag) & HTML_FORMATTING))
        pop_to(tree, tree->depth, source_start, source_end);
    for (uint32_t i = place; i < tree->depth && i < place + MOST_INSIDE; i++) {
        html_element *inside = &tree->stack[i];
        bool is_innermost = tree->nearest[inside->tag] == i + 1; /* only such can be taken from its tag's chain */
        if (is_innermost && !inside->is_foreign && !(html_tag_flags(inside->tag) & STAYS_OPEN))
            end_alone(tree, inside, source_end);
    }
}

static uint32_t find_in_scope(const html_tree *tree, uint32_t tag, html_scope scope) {
    uint32_t place = tree->nearest[tag];
    return place >= tree->bounds.of[scope] ? place : 0;
}

static void end_in_scope(html_tree *tree, uint32_t tag, html_scope scope, size_t source) {
    uint32_t place = find_in_scope(tree, tag, scope);
    if (place) pop_to(tree, place, source, source);
}

static void end_anchor(html_tree *tree, size_t source_end) {
    text_build_end_link(tree->builder, tree->anchor, source_end);
    tree->anchor = TEXT_NO_LINK;
}

void html_tree_finish(html_tree *tree, size_t source_end) {
    end_anchor(tree, source_end);
    if (tree->depth) pop_to(tree, 1, source_end, source_end);
}

/* --- Start tags --------------------------------------------------------------------------------------------------- */

/* A part of a table ends the cell before it and what was opened between the parts; another table ends the one between whose
 * parts it stands. */
static void end_in_table(html_tree *tree, uint32_t tag, size_t source) {
    uint32_t context = tree->bounds.of[HTML_TABLE_CONTEXT];
    uint32_t around = context ? tree->stack[context - 1].tag : DEAD_TAG;
    bool is_in_cell = is_cell(tree, around, html_tag_flags(around)), is_table = tag == tree->table;
    if (!context || (is_in_cell && is_table)) return;
    if (is_in_cell) pop_to(tree, context, source, source);
    uint32_t first = is_table ? tree->nearest[tree->table] : tree->bounds.of[HTML_TABLE_CONTEXT] + 1;
    if (first && first <= tree->depth) pop_to(tree, first, source, source);
    context = tree->bounds.of[HTML_TABLE_CONTEXT];
    html_element *table = context && tree->stack[context - 1].tag == tree->table ? &tree->stack[context - 1] : NULL;
    if (table) table->holds_rows = tag == tree->tr || tag == tree->td || tag == tree->th;
}

static void leave_foreign(html_tree *tree, size_t source) {
    while (html_is_foreign(tree)) pop_to(tree, tree->bounds.of[HTML_FOREIGN_SCOPE], source, source);
}

/* What a start tag ends before it begins. */
static void end_before(html_tree *tree, uint32_t tag, uint32_t flags, size_t source) {
    if (flags & HTML_LEAVES_FOREIGN) leave_foreign(tree, source);
    if (html_is_foreign(tree)) return;
    if (flags & HTML_IN_TABLE) end_in_table(tree, tag, source);
    if (flags & HTML_ENDS_SIBLINGS)
        for (size_t i = tree->first_sibling[tag]; i < tree->n_siblings && tree->siblings[i].tag == tag; i++)
            end_in_scope(tree, tree->siblings[i].ends, tree->siblings[i].scope, source);
    if (flags & HTML_CLOSES_P) end_in_scope(tree, tree->p, HTML_BUTTON_SCOPE, source);
    bool is_in_heading = tree->depth && html_tag_flags(tree->stack[tree->depth - 1].tag) & HTML_HEADING;
    if (flags & HTML_HEADING && is_in_heading) pop_to(tree, tree->depth, source, source);
    if (tag != tree->a && tag != tree->nobr) return;
    if (tag == tree->a) end_anchor(tree, source);
    uint32_t place = find_in_scope(tree, tag, HTML_SCOPE);
    if (place) end_formatting(tree, place, source, source);
}

static bool is_link(const html_tree *tree, const html_token *token) {
    return html_names_stock(token) || (token->tag == tree->a && token->attributes & (1u << HTML_HREF));
}

static void begin_anchor(html_tree *tree, const text_view *view, const html_token *token) {
    if (is_link(tree, token)) tree->anchor = html_begin_link(tree->builder, view, token, true);
}

/* Browsers pass over links in a <select>, and in svg and math they are other elements. */
static bool is_passed_over(const html_tree *tree) {
    return tree->nearest[tree->select] || html_is_foreign(tree);
}

static void close_formatting(html_tree *tree, uint32_t tag, size_t source) {
    if (is_passed_over(tree) || tree->is_closed[tag]) return;
    text_build_close(tree->builder, source);
    tree->is_closed[tag] = true;
    tree->closed_at[tag] = source;
}

/* An end tag in a table's cell, say, does not end what was opened before the cell. */
static void reopen_formatting(html_tree *tree, uint32_t tag, size_t source) {
    uint32_t barrier = tree->bounds.of[HTML_SCOPE];
    bool is_beyond = barrier && tree->stack[barrier - 1].source > tree->closed_at[tag];
    if (is_passed_over(tree) || !tree->is_closed[tag] || is_beyond) return;
    text_build_reopen(tree->builder, source);
    tree->is_closed[tag] = false;
}

/* Notes that no markup may be inserted from this tag on, or again some may: text that stands in a table outside of its cells
 * is moved by browsers, and in other pieces when there is markup in it. What is nested too deep to be remembered stays as it
 * is. */
static void close_or_reopen(html_tree *tree, const html_token *token, uint32_t flags, html_element *element,
                            size_t source) {
    if (flags & HTML_FORMATTING) {
        close_formatting(tree, token->tag, source);
        return;
    }
    bool reopens = is_cell(tree, token->tag, flags);
    if (!reopens) text_build_close(tree->builder, source);
    else if (element) text_build_reopen(tree->builder, source);
    if (element) element->inside = reopens ? HTML_REOPENS : HTML_CLOSES;
}

/* A paragraph of the body before which a block may stand: not in a table, where only its parts may. */
static void note_paragraph(html_tree *tree, const html_token *token, size_t source) {
    text_builder *builder = tree->builder;
    if (token->tag != tree->p || builder->block_place != TEXT_NO_PLACE || builder->n_closing) return;
    builder->paragraph_place = tree->nearest[tree->table] ? TEXT_NO_PLACE : source;
}

static void open_element(html_tree *tree, const text_view *view, const html_token *token, uint32_t flags, bool hides) {
    text_builder *builder = tree->builder;
    bool is_shown = !hides && !tree->n_hiding, is_foreign = html_is_foreign(tree) || flags & HTML_FOREIGN;
    size_t source = text_view_source(view, token->start);
    html_element *element = push(tree, token->tag, flags, is_foreign, source);
    if (element) {
        if (token->tag >= HTML_MAX_TAGS) element->name = html_name_hash(token->name);
        element->hides = hides;
        element->ends_run = !hides && flags & HTML_BLOCK;
        tree->n_hiding += hides;
        html_place place = {0};
        if (is_shown) html_find_place(&tree->chrome, token, flags, &place);
        builder->region = html_region(tree, place.region);
        if (flags & HTML_GROUP || place.called) builder->group = text_build_group(builder, place.called, place.most);
        if (token->tag == tree->h1 && is_shown) text_build_title(builder);
    }
    if (flags & HTML_CLOSED) close_or_reopen(tree, token, flags, element, source);
    if (!is_shown) return;
    if (token->tag == tree->a && !is_foreign) begin_anchor(tree, view, token);
    else if (is_link(tree, token) && element) element->link = html_begin_link(builder, view, token, false);
}

/* What an element of HTML does, or one in svg or math: there others are known, and most of HTML's are not. */
static uint32_t flags_here(const html_tree *tree, uint32_t flags) {
    if (!html_is_foreign(tree)) return flags & HTML_ONLY_FOREIGN ? 0 : flags;
    bool is_svg = tree->stack[tree->bounds.of[HTML_FOREIGN_SCOPE] - 1].tag == tree->svg + HTML_FOREIGN_TAGS;
    uint32_t here = 0;
    if (flags & (is_svg ? HTML_INTEGRATION_IN_SVG : HTML_INTEGRATION_IN_MATH))
        here |= HTML_INTEGRATION | HTML_BARRIER | HTML_SPECIAL | HTML_ITEM_BARRIER;
    if (flags & HTML_HIDES_IN_SVG && is_svg) here |= HTML_HIDES;
    if (flags & HTML_BLOCK_IN_SVG && is_svg) here |= HTML_BLOCK;
    return here;
}

void html_start_tag(html_tree *tree, const text_view *view, const html_token *token) {
    uint32_t flags = html_tag_flags(token->tag);
    end_before(tree, token->tag, flags, text_view_source(view, token->start));
    html_note_date(tree->builder, token);
    bool is_foreign = html_is_foreign(tree);
    flags = flags_here(tree, flags);
    if (token->tag == tree->select && find_in_scope(tree, tree->select, HTML_SCOPE)) {
        end_in_scope(tree, tree->select, HTML_SCOPE, text_view_source(view, token->start)); /* read as an end tag */
        return;
    }
    bool hides = flags & HTML_HIDES || html_is_hidden(token) || html_is_skipped(&tree->builder->settings, token);
    if (flags & HTML_BLOCK && !hides) boundary(tree);
    if (!hides && !tree->n_hiding) note_paragraph(tree, token, text_view_source(view, token->start));
    /* Parts of a table that is not there are no elements. */
    bool is_stray = flags & HTML_IN_TABLE && token->tag != tree->table && !tree->nearest[tree->table];
    if (flags & HTML_NOT_PUSHED || is_stray) return;
    bool is_empty = flags & HTML_VOID || ((is_foreign || flags & HTML_FOREIGN) && token->is_self_closing);
    if (!is_empty) {
        open_element(tree, view, token, flags, hides);
    } else if (html_names_stock(token) && !hides && !tree->n_hiding) {
        size_t link = html_begin_link(tree->builder, view, token, false);
        text_build_end_link(tree->builder, link, text_view_source_end(view, token->end));
    }
}

/* --- Blocks of another format ------------------------------------------------------------------------------------- */

void html_open_block(html_tree *tree, size_t source) {
    uint32_t flags = html_tag_flags(tree->p);
    end_before(tree, tree->p, flags, source);
    boundary(tree);
    html_element *element = push(tree, tree->p, flags, false, source);
    if (element) element->ends_run = true;
}

void html_close_block(html_tree *tree, size_t source) {
    end_in_scope(tree, tree->p, HTML_BUTTON_SCOPE, source);
    boundary(tree);
}

/* --- End tags ----------------------------------------------------------------------------------------------------- */

static html_scope scope_of_end(const html_tree *tree, uint32_t tag, uint32_t flags) {
    if (flags & HTML_IN_TABLE) return HTML_TABLE_SCOPE;
    if (tag == tree->p) return HTML_BUTTON_SCOPE;
    if (tag == tree->li) return HTML_LIST_SCOPE;
    return flags & (HTML_SPECIAL | HTML_FORMATTING) ? HTML_SCOPE : HTML_SPECIAL_SCOPE;
}

/* </h2> ends an open <h3> too. */
static uint32_t innermost_heading(const html_tree *tree) {
    uint32_t place = 0;
    for (uint32_t tag = tree->h1; html_tag_flags(tag) & HTML_HEADING; tag++) /* h1 to h6 stand together */
        if (tree->nearest[tag] > place) place = tree->nearest[tag];
    return place >= tree->bounds.of[HTML_SCOPE] ? place : 0;
}

/* Where browsers put in the row or body that the page leaves out, its end tag ends what is in it. */
static void end_row(html_tree *tree, uint32_t tag, size_t source) {
    uint32_t row = find_in_scope(tree, tree->tr, HTML_TABLE_SCOPE);
    uint32_t cell = find_in_scope(tree, tree->td, HTML_TABLE_SCOPE);
    uint32_t table = tag == tree->tbody ? tree->nearest[tree->table] : 0;
    if (!cell) cell = find_in_scope(tree, tree->th, HTML_TABLE_SCOPE);
    if (table && table == tree->bounds.of[HTML_TABLE_SCOPE] && tree->stack[table - 1].holds_rows) row = table + 1;
    if (row || cell) pop_to(tree, row ? row : cell, source, source);
    if (table) tree->stack[table - 1].holds_rows = false;
}

/* The innermost element that a tag names, in HTML or in svg and math. Of names that HTML does not know some share a number;
 * beyond so many of those the tag is taken for one that ends nothing. */
static uint32_t find_named(const html_tree *tree, const html_token *token, uint32_t number) {
    enum { MOST_OTHERS = 16 };
    uint32_t place = tree->nearest[number], hash = token->tag < HTML_MAX_TAGS ? 0 : html_name_hash(token->name);
    for (unsigned i = 0; place && tree->stack[place - 1].name != hash; i++)
        place = i < MOST_OTHERS ? tree->stack[place - 1].nearest : 0;
    return place;
}

static uint32_t find_ended(const html_tree *tree, const html_token *token, uint32_t flags) {
    if (flags & HTML_HEADING) return innermost_heading(tree);
    uint32_t place = find_named(tree, token, token->tag);
    return place >= tree->bounds.of[scope_of_end(tree, token->tag, flags)] ? place : 0;
}

void html_end_tag(html_tree *tree, const text_view *view, const html_token *token) {
    uint32_t flags = html_tag_flags(token->tag);
    size_t start = text_view_source(view, token->start), end = text_view_source_end(view, token->end);
    if (token->tag == tree->p || token->tag == tree->br) leave_foreign(tree, start);
    uint32_t foreign = find_named(tree, token, token->tag + HTML_FOREIGN_TAGS);
    if (foreign > tree->bounds.of[HTML_NAMESPACE_SCOPE]) {
        pop_to(tree, foreign, start, end);
        return;
    }
    if (token->tag == tree->a) end_anchor(tree, end);
    if (flags & HTML_CLOSED && flags & HTML_FORMATTING) reopen_formatting(tree, token->tag, end);
    uint32_t place = find_ended(tree, token, flags);
    if (!place && (token->tag == tree->tr || token->tag == tree->tbody)) end_row(tree, token->tag, start);
    if (place && flags & HTML_FORMATTING) end_formatting(tree, place, start, end);
    else if (place) pop_to(tree, place, start, end);
    else if (token->tag == tree->p || token->tag == tree->br)
        boundary(tree); /* </p> alone makes an empty paragraph, </br> a line break */
}
