/* What of a page is chrome by what elements, roles, classes and ids are called. */
#include <string.h>

#include "text/html.h"

enum { WORD_MAX = 16, LINKS_ALONE = 0 };

/* A class may be of several words: share-box, footerLinks. The row of its first or last word counts, where it has so many
 * bytes of text at most or is half links; a row that is sure counts whatever it holds where it is the whole class. */
static const struct {
    char word[WORD_MAX];
    uint32_t region, most;
    bool is_sure;
} rows[] = {
    {"navigation", SM_REGION_NAVIGATION, 1500, true},
    {"nav", SM_REGION_NAVIGATION, 1500, true},
    {"navbar", SM_REGION_NAVIGATION, 1500, true},
    {"menu", SM_REGION_NAVIGATION, 1500, true},
    {"breadcrumb", SM_REGION_NAVIGATION, 1500, true},
    {"breadcrumbs", SM_REGION_NAVIGATION, 1500, true},
    {"footer", SM_REGION_FOOTER, 3000, true},
    {"contentinfo", SM_REGION_FOOTER, 3000, true},
    {"menubar", SM_REGION_NAVIGATION, 1500, false},
    {"crumb", SM_REGION_NAVIGATION, 600, false},
    {"crumbs", SM_REGION_NAVIGATION, 600, false},
    {"topbar", SM_REGION_NAVIGATION, 1500, false},
    {"toolbar", SM_REGION_NAVIGATION, 600, false},
    {"toolbox", SM_REGION_NAVIGATION, 600, false},
    {"tabs", SM_REGION_NAVIGATION, LINKS_ALONE, false},
    {"pager", SM_REGION_NAVIGATION, 600, false},
    {"pagination", SM_REGION_NAVIGATION, 600, false},
    {"search", SM_REGION_NAVIGATION, 600, false},
    {"login", SM_REGION_NAVIGATION, 600, false},
    {"daohang", SM_REGION_NAVIGATION, 1500, false},
    {"share", SM_REGION_NAVIGATION, 600, false},
    {"sharing", SM_REGION_NAVIGATION, 600, false},
    {"social", SM_REGION_NAVIGATION, 600, false},
    {"fenxiang", SM_REGION_NAVIGATION, 600, false},
    {"bdsharebuttonbox", SM_REGION_NAVIGATION, 600, false},
    {"qrcode", SM_REGION_NAVIGATION, 600, false},
    {"subscribe", SM_REGION_NAVIGATION, 600, false},
    {"newsletter", SM_REGION_NAVIGATION, 600, false},
    {"ad", SM_REGION_NAVIGATION, 600, false},
    {"ads", SM_REGION_NAVIGATION, 600, false},
    {"advert", SM_REGION_NAVIGATION, 600, false},
    {"promo", SM_REGION_NAVIGATION, 600, false},
    {"foot", SM_REGION_FOOTER, 3000, false},
    {"copyright", SM_REGION_FOOTER, 3000, false},
    {"colophon", SM_REGION_FOOTER, 3000, false},
    {"banquan", SM_REGION_FOOTER, 3000, false},
    {"disclaimer", SM_REGION_FOOTER, 3000, false},
    {"ticker", SM_REGION_LINKS, 1500, false},
    {"tickers", SM_REGION_LINKS, 1500, false},
    {"marquee", SM_REGION_LINKS, 1500, false},
    {"quotes", SM_REGION_LINKS, 1500, false},
    {"hq", SM_REGION_LINKS, 1500, false},
    {"hangqing", SM_REGION_LINKS, 1500, false},
    {"related", SM_REGION_LINKS, LINKS_ALONE, false},
    {"relate", SM_REGION_LINKS, LINKS_ALONE, false},
    {"xiangguan", SM_REGION_LINKS, LINKS_ALONE, false},
    {"recommend", SM_REGION_LINKS, LINKS_ALONE, false},
    {"recommended", SM_REGION_LINKS, LINKS_ALONE, false},
    {"tuijian", SM_REGION_LINKS, LINKS_ALONE, false},
    {"hot", SM_REGION_LINKS, LINKS_ALONE, false},
    {"trending", SM_REGION_LINKS, LINKS_ALONE, false},
    {"popular", SM_REGION_LINKS, LINKS_ALONE, false},
    {"latest", SM_REGION_LINKS, LINKS_ALONE, false},
    {"rank", SM_REGION_LINKS, LINKS_ALONE, false},
    {"ranking", SM_REGION_LINKS, LINKS_ALONE, false},
    {"paihang", SM_REGION_LINKS, LINKS_ALONE, false},
    {"more", SM_REGION_LINKS, LINKS_ALONE, false},
    {"sidebar", SM_REGION_LINKS, LINKS_ALONE, false},
    {"side", SM_REGION_LINKS, LINKS_ALONE, false},
    {"aside", SM_REGION_LINKS, LINKS_ALONE, false},
    {"links", SM_REGION_LINKS, LINKS_ALONE, false},
    {"friendlink", SM_REGION_LINKS, LINKS_ALONE, false},
    {"tags", SM_REGION_LINKS, 300, false},
    {"keywords", SM_REGION_LINKS, 300, false},
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };
_Static_assert(N_ROWS * 2 < HTML_CHROME_SLOTS, "most slots are to be empty");

/* Told of most words without looking at them whole, in any case. */
static uint32_t slot_of(const char *word, size_t len) {
    uint32_t first = (unsigned char)base_lower(word[0]), last = (unsigned char)base_lower(word[len - 1]);
    return (first * 37u + last * 11u + (uint32_t)len) % HTML_CHROME_SLOTS;
}

void html_chrome_init(html_chrome *chrome) {
    memset(chrome->slots, 0, sizeof chrome->slots);
    chrome->aside = html_tag_number(base_slice_of("aside"));
    chrome->marquee = html_tag_number(base_slice_of("marquee"));
    for (size_t i = 0; i < N_ROWS; i++) {
        uint32_t slot = slot_of(rows[i].word, strlen(rows[i].word));
        while (chrome->slots[slot]) slot = (slot + 1) % HTML_CHROME_SLOTS;
        chrome->slots[slot] = (uint8_t)(i + 1);
    }
}

/* @return the row of a word, from 1; 0 when there is none. */
static size_t find_row(const html_chrome *chrome, base_slice word) {
    if (!word.len || word.len > WORD_MAX) return 0;
    uint32_t slot = slot_of(word.bytes, word.len);
    if (!chrome->slots[slot]) return 0;
    char lower[WORD_MAX] = "";
    for (size_t i = 0; i < word.len; i++) lower[i] = base_lower(word.bytes[i]);
    for (; chrome->slots[slot]; slot = (slot + 1) % HTML_CHROME_SLOTS)
        if (memcmp(rows[chrome->slots[slot] - 1].word, lower, WORD_MAX) == 0) return chrome->slots[slot];
    return 0;
}

static bool is_joint(char c) {
    return c == '-' || c == '_';
}

static base_slice first_word(base_slice class_name) {
    size_t len = 1;
    while (len < class_name.len && !is_joint(class_name.bytes[len])
           && (!base_is_capital(class_name.bytes[len]) || base_is_capital(class_name.bytes[len - 1])))
        len++;
    return (base_slice){class_name.bytes, len};
}

static base_slice last_word(base_slice class_name) {
    size_t at = class_name.len - 1;
    while (at && !is_joint(class_name.bytes[at - 1])
           && (!base_is_capital(class_name.bytes[at]) || base_is_capital(class_name.bytes[at - 1])))
        at--;
    return (base_slice){class_name.bytes + at, class_name.len - at};
}

/* with-sidebar, hasNav, no-footer: of what is around the thing, or not there at all. */
static bool is_about_others(base_slice word) {
    static const char *const words[] = {"has", "with", "no", "without", "is", "not", "hide", "show"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (base_slice_is(word, words[i])) return true;
    return false;
}

static void read_class(const html_chrome *chrome, base_slice class_name, html_place *place) {
    base_slice first = first_word(class_name);
    size_t row = find_row(chrome, class_name);
    if (row && rows[row - 1].is_sure && place->region == SM_REGION_BODY) place->region = rows[row - 1].region;
    if (!row && first.len < class_name.len) {
        row = find_row(chrome, first);
        if (!row) row = find_row(chrome, last_word(class_name));
        if (row && is_about_others(first)) row = 0;
    }
    if (!row || place->called) return;
    place->called = rows[row - 1].region;
    place->most = rows[row - 1].most;
}

void html_find_place(const html_chrome *chrome, const html_token *token, uint32_t flags, html_place *place) {
    static const html_attribute places[] = {HTML_ROLE, HTML_CLASS, HTML_ID};
    if (token->tag < html_n_tag_rows && html_tag_rows[token->tag].region != SM_REGION_BODY) {
        place->region = html_tag_rows[token->tag].region;
        if (place->region != SM_REGION_TABLE) return;
    }
    for (size_t i = 0; flags & HTML_BLOCK && i < sizeof places / sizeof places[0]; i++) {
        if (!(token->attributes & 1u << places[i])) continue;
        base_slice words = token->values[places[i]];
        while (words.len) {
            base_slice word = html_cut_word(&words, ' ');
            if (word.len) read_class(chrome, word, place);
        }
    }
    /* Beside a text stands what is about others; or a note, which is no links. */
    bool is_beside = token->tag == chrome->aside || token->tag == chrome->marquee;
    if (is_beside && !place->called && flags & HTML_GROUP)
        read_class(chrome, base_slice_of(html_tag_rows[token->tag].name), place);
}
