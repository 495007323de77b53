#include <string.h>

#include "text/html.h"

/* The elements of HTML (html.spec.whatwg.org, "parsing" for what ends what, "rendering" for what is shown), sorted. */
const html_tag_row html_tag_rows[] = {
    {"a", HTML_CLOSED | HTML_FORMATTING, SM_REGION_BODY},
    {"abbr", 0, SM_REGION_BODY},
    {"acronym", 0, SM_REGION_BODY},
    {"address", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"annotation-xml", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"applet", HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"area", HTML_VOID | HTML_SPECIAL, SM_REGION_BODY},
    {"article", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"aside", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"audio", HTML_HIDES, SM_REGION_BODY},
    {"b", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"base", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"basefont", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"bdi", 0, SM_REGION_BODY},
    {"bdo", 0, SM_REGION_BODY},
    {"bgsound", HTML_VOID | HTML_SPECIAL, SM_REGION_BODY},
    {"big", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"blockquote",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"body", HTML_BLOCK | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_NOT_PUSHED, SM_REGION_BODY},
    {"br", HTML_BLOCK | HTML_VOID | HTML_SPECIAL | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"button", HTML_CLOSED | HTML_SPECIAL | HTML_BUTTON_BARRIER | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"canvas", HTML_HIDES, SM_REGION_BODY},
    {"caption",
     HTML_CLOSED | HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"center",
     HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"cite", 0, SM_REGION_BODY},
    {"code", HTML_CLOSED | HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"col", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"colgroup", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"data", 0, SM_REGION_BODY},
    {"datalist", HTML_HIDES, SM_REGION_BODY},
    {"dd",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_ENDS_SIBLINGS
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"defs", HTML_ONLY_FOREIGN | HTML_HIDES_IN_SVG, SM_REGION_BODY},
    {"del", 0, SM_REGION_BODY},
    {"desc", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_SVG | HTML_HIDES_IN_SVG, SM_REGION_BODY},
    {"details", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"dfn", 0, SM_REGION_BODY},
    {"dialog", HTML_BLOCK | HTML_CLOSES_P | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"dir", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_GROUP | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"div", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK,
     SM_REGION_BODY},
    {"dl",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_GROUP
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"dt",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_ENDS_SIBLINGS
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"em", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"embed", HTML_VOID | HTML_SPECIAL | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"fieldset", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"figcaption", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"figure", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"font", HTML_FORMATTING, SM_REGION_BODY},
    {"footer", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_FOOTER},
    {"foreignobject", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_SVG, SM_REGION_BODY},
    {"form", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"frame", HTML_BLOCK | HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"frameset", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_NOT_PUSHED | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"h1",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"h2",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"h3",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"h4",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"h5",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"h6",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_HEADING
         | HTML_ITEM_BARRIER,
     SM_REGION_HEADING},
    {"head", HTML_BLOCK | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_NOT_PUSHED, SM_REGION_BODY},
    {"header", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"hgroup", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"hr", HTML_BLOCK | HTML_VOID | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK,
     SM_REGION_BODY},
    {"html", HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_MARKDOWN_BLOCK | HTML_NOT_PUSHED | HTML_TABLE_BARRIER,
     SM_REGION_BODY},
    {"i", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"iframe", HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"img", HTML_VOID | HTML_SPECIAL | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"input", HTML_VOID | HTML_SPECIAL | HTML_ENDS_SIBLINGS, SM_REGION_BODY},
    {"ins", 0, SM_REGION_BODY},
    {"kbd", 0, SM_REGION_BODY},
    {"keygen", HTML_VOID | HTML_SPECIAL | HTML_ENDS_SIBLINGS, SM_REGION_BODY},
    {"label", 0, SM_REGION_BODY},
    {"legend", HTML_BLOCK | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"li",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_ENDS_SIBLINGS
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"link", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"listing", HTML_CLOSED | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"main", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"map", 0, SM_REGION_BODY},
    {"mark", 0, SM_REGION_BODY},
    {"marquee", HTML_GROUP | HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"math", HTML_CLOSED | HTML_FOREIGN, SM_REGION_BODY},
    {"menu",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK | HTML_GROUP
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"menuitem", HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"meta", HTML_VOID | HTML_SPECIAL | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"metadata", HTML_ONLY_FOREIGN | HTML_HIDES_IN_SVG, SM_REGION_BODY},
    {"meter", 0, SM_REGION_BODY},
    {"mi", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"mn", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"mo", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"ms", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"mtext", HTML_ONLY_FOREIGN | HTML_INTEGRATION_IN_MATH, SM_REGION_BODY},
    {"nav", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_NAVIGATION},
    {"nobr", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"noembed", HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"noframes", HTML_BLOCK | HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"noscript", HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"object", HTML_SPECIAL | HTML_BARRIER | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"ol",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LIST_BARRIER | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK
         | HTML_GROUP | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"optgroup", HTML_BLOCK | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"option", HTML_CLOSED | HTML_BLOCK | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"output", 0, SM_REGION_BODY},
    {"p", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"param", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"picture", 0, SM_REGION_BODY},
    {"plaintext", HTML_RAW | HTML_CLOSED | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"pre", HTML_CLOSED | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LEAVES_FOREIGN | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"progress", 0, SM_REGION_BODY},
    {"q", 0, SM_REGION_BODY},
    {"rb", 0, SM_REGION_BODY},
    {"rp", HTML_HIDES, SM_REGION_BODY},
    {"rt", HTML_HIDES, SM_REGION_BODY},
    {"rtc", 0, SM_REGION_BODY},
    {"ruby", HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"s", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"samp", 0, SM_REGION_BODY},
    {"script", HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_HIDES_IN_SVG | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"search", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"section", HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"select", HTML_CLOSED | HTML_BLOCK | HTML_SPECIAL | HTML_ITEM_BARRIER, SM_REGION_NAVIGATION},
    {"slot", 0, SM_REGION_BODY},
    {"small", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"source", HTML_VOID | HTML_SPECIAL, SM_REGION_BODY},
    {"span", HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"strike", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"strong", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"style", HTML_SPECIAL | HTML_HIDES | HTML_RAW | HTML_HIDES_IN_SVG | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"sub", HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"summary", HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"sup", HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"svg", HTML_CLOSED | HTML_FOREIGN, SM_REGION_BODY},
    {"symbol", HTML_ONLY_FOREIGN | HTML_HIDES_IN_SVG, SM_REGION_BODY},
    {"table",
     HTML_CLOSED | HTML_GROUP | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_BARRIER | HTML_LEAVES_FOREIGN
         | HTML_MARKDOWN_BLOCK | HTML_TABLE_BARRIER | HTML_IN_TABLE | HTML_ITEM_BARRIER,
     SM_REGION_TABLE},
    {"tbody", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"td",
     HTML_CLOSED | HTML_GROUP | HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE
         | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"template", HTML_SPECIAL | HTML_BARRIER | HTML_HIDES | HTML_TABLE_BARRIER | HTML_ITEM_BARRIER, SM_REGION_BODY},
    {"text", HTML_ONLY_FOREIGN | HTML_BLOCK_IN_SVG, SM_REGION_BODY},
    {"textarea", HTML_CLOSED | HTML_BLOCK | HTML_SPECIAL | HTML_RCDATA | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"tfoot", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"th",
     HTML_CLOSED | HTML_BLOCK | HTML_SPECIAL | HTML_BARRIER | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"thead", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"time", 0, SM_REGION_BODY},
    {"title",
     HTML_CLOSED | HTML_BLOCK | HTML_SPECIAL | HTML_RCDATA | HTML_MARKDOWN_BLOCK | HTML_ITEM_BARRIER
         | HTML_INTEGRATION_IN_SVG | HTML_HIDES_IN_SVG,
     SM_REGION_TITLE},
    {"tr", HTML_BLOCK | HTML_SPECIAL | HTML_MARKDOWN_BLOCK | HTML_IN_TABLE | HTML_ENDS_SIBLINGS | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"track", HTML_VOID | HTML_SPECIAL | HTML_MARKDOWN_BLOCK, SM_REGION_BODY},
    {"tt", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"u", HTML_FORMATTING | HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"ul",
     HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_LIST_BARRIER | HTML_LEAVES_FOREIGN | HTML_MARKDOWN_BLOCK
         | HTML_GROUP | HTML_ITEM_BARRIER,
     SM_REGION_BODY},
    {"var", HTML_LEAVES_FOREIGN, SM_REGION_BODY},
    {"video", HTML_HIDES, SM_REGION_BODY},
    {"wbr", HTML_VOID | HTML_SPECIAL, SM_REGION_BODY},
    {"xmp", HTML_CLOSED | HTML_BLOCK | HTML_CLOSES_P | HTML_SPECIAL | HTML_RAW | HTML_ITEM_BARRIER, SM_REGION_BODY},
};

const uint32_t html_n_tag_rows = sizeof html_tag_rows / sizeof html_tag_rows[0];
_Static_assert(sizeof html_tag_rows / sizeof html_tag_rows[0] <= HTML_MAX_TAGS, "tag numbers overlap");

/* A name is compared as two numbers. */
enum { PART = sizeof(uint64_t), LONGEST = sizeof html_tag_rows[0].name - 1 };
_Static_assert(LONGEST < 2 * PART, "a name has two parts");
_Static_assert(sizeof html_tag_rows / sizeof html_tag_rows[0] * 3 < HTML_TAG_SLOTS, "most slots are to be empty");

/* Up to eight bytes of a name as a number, zeros behind them. In a loop, whose end no predictor knows, only where memory may
 * end before eight bytes. */
static uint64_t part_of(const char *bytes, size_t len, size_t room) {
    uint64_t part = 0;
    if (room >= PART) memcpy(&part, bytes, PART);
    else
        for (size_t i = 0; i < len; i++) part |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return len < PART ? part & (((uint64_t)1 << 8 * len) - 1) : part;
}

/* The capitals among eight bytes made small. */
static uint64_t lower_part(uint64_t part) {
    const uint64_t each = 0x0101010101010101u, low = part & 0x7F * each;
    uint64_t is_capital = (low + (0x80 - 'A') * each) & ~(low + (0x7F - 'Z') * each) & ~part & 0x80 * each;
    return part | is_capital >> 2;
}

static uint32_t slot_of(uint64_t first) {
    return (uint32_t)(first * 0x9E3779B97F4A7C15u >> 55) % HTML_TAG_SLOTS;
}

void html_tags_init(html_tags *tags) {
    memset(tags->slots, 0, sizeof tags->slots);
    for (uint32_t row = 0; row < html_n_tag_rows; row++) {
        uint32_t slot = slot_of(part_of(html_tag_rows[row].name, PART, PART));
        while (tags->slots[slot]) slot = (slot + 1) % HTML_TAG_SLOTS;
        tags->slots[slot] = (uint8_t)(row + 1);
    }
}

uint32_t html_name_hash(base_slice name) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++) hash = (hash ^ (unsigned char)base_lower(name.bytes[i])) * 16777619u;
    return hash;
}

static uint32_t number_of_other(base_slice name) {
    return HTML_MAX_TAGS + (html_name_hash(name) >> 24) % HTML_UNKNOWN_TAGS;
}

size_t html_short_name_len(uint32_t number, base_slice text) {
    if (number >= html_n_tag_rows || text.len < PART || html_tag_rows[number].name[PART]) return 0;
    const uint64_t known = part_of(html_tag_rows[number].name, PART, PART);
    size_t len = PART - (size_t)__builtin_clzll(known) / 8;
    return lower_part(part_of(text.bytes, len, PART)) == known ? len : 0;
}

uint32_t html_tags_find(const html_tags *tags, base_slice name, size_t room) {
    if (name.len == 0 || name.len > LONGEST) return number_of_other(name);
    size_t first_len = name.len < PART ? name.len : PART;
    const uint64_t first = lower_part(part_of(name.bytes, first_len, room)),
                   rest = lower_part(part_of(name.bytes + first_len, name.len - first_len, name.len - first_len));
    for (uint32_t slot = slot_of(first); tags->slots[slot]; slot = (slot + 1) % HTML_TAG_SLOTS) {
        uint32_t row = tags->slots[slot] - 1u;
        const char *known = html_tag_rows[row].name;
        if (part_of(known, PART, PART) == first && part_of(known + PART, PART, PART) == rest && known[name.len - 1])
            return row; /* a NUL ends no name */
    }
    return number_of_other(name);
}

uint32_t html_tag_number(base_slice name) {
    uint32_t low = 0, high = html_n_tag_rows;
    char lower[LONGEST + 1];
    if (name.len > LONGEST) return number_of_other(name);
    for (size_t i = 0; i < name.len; i++) lower[i] = base_lower(name.bytes[i]);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = base_slice_compare((base_slice){lower, name.len}, base_slice_of(html_tag_rows[middle].name));
        if (order == 0) return middle;
        if (order > 0) low = middle + 1;
        else high = middle;
    }
    return number_of_other(name);
}

uint32_t html_tag_flags(uint32_t number) {
    return number < html_n_tag_rows ? html_tag_rows[number].flags : 0;
}

bool html_is_known(uint32_t number) {
    return number < html_n_tag_rows && !(html_tag_rows[number].flags & HTML_ONLY_FOREIGN);
}
