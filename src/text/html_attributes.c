#include <string.h>

#include "text/html.h"

static bool has(const html_token *token, html_attribute attribute) {
    return token->attributes & 1u << attribute;
}

base_slice html_cut_word(base_slice *rest, char separator) {
    base_slice word = *rest;
    size_t len = 0;
    while (len < rest->len && (separator == ' ' ? !base_is_space(rest->bytes[len]) : rest->bytes[len] != separator))
        len++;
    word.len = len;
    if (len < rest->len) len++;
    rest->bytes += len;
    rest->len -= len;
    while (word.len && base_is_space(word.bytes[0])) {
        word.bytes++;
        word.len--;
    }
    while (word.len && base_is_space(word.bytes[word.len - 1])) word.len--;
    return word;
}

bool html_is_hidden(const html_token *token) {
    if (has(token, HTML_HIDDEN)) return true;
    if (!has(token, HTML_STYLE)) return false;
    base_slice style = token->values[HTML_STYLE];
    bool is_hidden = false;
    while (style.len) {
        base_slice value = html_cut_word(&style, ';');
        base_slice name = html_cut_word(&value, ':');
        if (!base_slice_is_letters(name, "display")) continue;
        value = html_cut_word(&value, '!'); /* !important */
        is_hidden = base_slice_is_letters(value, "none");
    }
    return is_hidden;
}

static bool has_word(base_slice words, const char *word) {
    while (words.len)
        if (base_slice_is(html_cut_word(&words, ' '), word)) return true;
    return false;
}

bool html_is_skipped(const text_settings *settings, const html_token *token) {
    for (size_t i = 0; i < settings->n_skip; i++) {
        const char *selector = settings->skip[i];
        bool is_it = *selector == '.'   ? has(token, HTML_CLASS) && has_word(token->values[HTML_CLASS], selector + 1)
                     : *selector == '#' ? has(token, HTML_ID) && base_slice_is(token->values[HTML_ID], selector + 1)
                                        : base_slice_is_letters(token->name, selector);
        if (is_it) return true;
    }
    return false;
}

bool html_names_stock(const html_token *token) {
    if (has(token, HTML_DATA_CODE) || has(token, HTML_DATA_CODE2)) return true;
    if (!has(token, HTML_ID)) return false;
    base_slice id = token->values[HTML_ID];
    return base_slice_starts(id, "stock_") || base_slice_starts(id, "quote_");
}

size_t html_begin_link(text_builder *builder, const text_view *view, const html_token *token, bool is_anchor) {
    base_slice values[HTML_CLASS + 1];
    for (unsigned i = 0; i <= HTML_CLASS; i++)
        values[i] = has(token, i) ? text_build_value(builder, token->values[i]) : (base_slice){"", 0};
    text_link link = {.source_start = text_view_source(view, token->start),
                      .source_end = text_view_source_end(view, token->end),
                      .href = values[HTML_HREF],
                      .data_code = values[HTML_DATA_CODE],
                      .data_code2 = values[HTML_DATA_CODE2],
                      .id = values[HTML_ID],
                      .class_name = values[HTML_CLASS]};
    return text_build_link(builder, &link, is_anchor);
}

void html_note_date(text_builder *builder, const html_token *token) {
    static const char *const properties[] = {
        "article:published_time", "og:article:published_time", "pubdate", "publishdate", "date",
        "weibo:article:create_at"};
    base_slice content = has(token, HTML_CONTENT) ? token->values[HTML_CONTENT] : token->values[HTML_DATETIME];
    if (!has(token, HTML_CONTENT) && !has(token, HTML_DATETIME)) return;
    static const html_attribute places[] = {HTML_PROPERTY, HTML_NAME};
    for (size_t i = 0; has(token, HTML_CONTENT) && i < sizeof places / sizeof places[0]; i++) {
        if (!has(token, places[i])) continue;
        for (size_t k = 0; k < sizeof properties / sizeof properties[0]; k++)
            if (base_slice_is_letters(token->values[places[i]], properties[k]))
                text_build_date(builder, TEXT_DATE_META, content);
    }
    if (has(token, HTML_ITEMPROP) && base_slice_is_letters(token->values[HTML_ITEMPROP], "datepublished"))
        text_build_date(builder, TEXT_DATE_ITEM, content);
    if (has(token, HTML_DATETIME) && base_slice_is_letters(token->name, "time"))
        text_build_date(builder, TEXT_DATE_TIME, token->values[HTML_DATETIME]);
}
