/* Names → surfaces: what each name is matched as, under the fold, with marks and share-class letters left out and the
 * forms without their legal form added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

/* A form of a name on its way to a surface. */
typedef struct form {
    uint32_t text; /* interned folded string: equal forms have equal numbers */
    uint32_t name;
    uint32_t n_chars;
    bool derived, marked;
    bool cut; /* a share-class mark was left out */
} form;

typedef struct form_list {
    dict_builder *builder;
    form *forms;
    size_t n, capacity;
} form_list;

static bool is_han(uint32_t c) {
    return c >= 0x2E80;
}

static uint32_t char_at(base_slice text, size_t at) {
    uint32_t c;
    return at < text.len && base_utf8_decode(text.bytes + at, text.bytes + text.len, &c, NULL) ? c : 0;
}

static uint32_t last_char_start(base_slice text) {
    size_t at = text.len;
    while (at && ((unsigned char)text.bytes[--at] & 0xC0) == 0x80) continue;
    return (uint32_t)at;
}

static uint32_t count_chars(base_slice text) {
    uint32_t n = 0;
    for (size_t i = 0; i < text.len; i++) n += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    return n;
}

/* What is left of 111 Inc. or SH Group is no name. */
static bool is_too_little(base_slice folded) {
    bool has_letter = false;
    for (size_t i = 0; i < folded.len; i++) has_letter |= folded.bytes[i] < '0' || folded.bytes[i] > '9';
    return !has_letter || (!is_han(char_at(folded, 0)) && folded.len < 4);
}

static form *add_form(form_list *list, base_slice folded, uint32_t name, bool derived, bool marked) {
    uint32_t n_chars = count_chars(folded);
    if (n_chars < 2 || n_chars > DICT_MAX_NAME_CHARS || (derived && is_too_little(folded))) return NULL;
    if (is_han(char_at(folded, 0)) && folded.len < 6) return NULL; /* less than what the filter reads */
    if (!base_grow(&base_default_allocator, (void **)&list->forms, &list->capacity, list->n + 1, sizeof(form))) {
        list->builder->failed = true;
        return NULL;
    }
    form *added = &list->forms[list->n++];
    *added = (form){dict_intern(list->builder, folded), name, n_chars, derived, marked, false};
    return added;
}

static base_slice rest(base_slice text, size_t from) {
    return (base_slice){text.bytes + from, text.len - from};
}

static bool strip_suffix(base_slice *text, const char *suffix) {
    size_t len = strlen(suffix);
    if (text->len <= len || memcmp(text->bytes + text->len - len, suffix, len) != 0) return false;
    text->len -= len;
    return true;
}

static bool is_behind_han(base_slice text, uint32_t at) {
    return at >= 6 && is_han(char_at(text, last_char_start((base_slice){text.bytes, at})));
}

/* 万科A, 京东方B, 陆家B股, 谷歌C, 谷歌-C */
static bool has_share_letter(base_slice folded) {
    strip_suffix(&folded, "股");
    uint32_t last = last_char_start(folded);
    if (folded.bytes[last] < 'a' || folded.bytes[last] > 'c') return false;
    return is_behind_han(folded, last && folded.bytes[last - 1] == '-' ? last - 1 : last);
}

static void add_chinese_forms(form_list *list, base_slice folded, uint32_t name, uint8_t kind, bool marked) {
    static const char *const legal_forms[] = {"股份有限公司", "有限责任公司", "有限公司"};
    base_slice stem = folded;
    uint32_t last = last_char_start(folded);
    char letter = folded.bytes[last];
    if (kind != DICT_FULL && (letter == 'a' || letter == 'b') && is_behind_han(folded, last)) {
        stem.len = last;
        add_form(list, stem, name, true, marked);
        return;
    }
    for (size_t i = 0; i < sizeof legal_forms / sizeof legal_forms[0]; i++) {
        if (!strip_suffix(&stem, legal_forms[i])) continue;
        if (stem.len >= 12) add_form(list, stem, name, true, marked);
        return;
    }
}

static bool strip_last_word(base_slice *text, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(words[i]);
        if (text->len <= len + 1 || text->bytes[text->len - len - 1] != ' ') continue;
        if (memcmp(text->bytes + text->len - len, words[i], len) != 0) continue;
        text->len -= len + 1;
        return true;
    }
    return false;
}

/* Newspapers shorten the legal form or write it out: Celgene Corp of Celgene Corporation. */
static void add_other_legal_form(form_list *list, base_slice folded, uint32_t name) {
    static const char *const pairs[][2] = {
        {"inc", "incorporated"}, {"corp", "corporation"}, {"co", "company"}, {"ltd", "limited"}};
    for (size_t i = 0; i < 2 * sizeof pairs / sizeof pairs[0]; i++) {
        const char *own = pairs[i / 2][i % 2], *other = pairs[i / 2][1 - i % 2];
        char written[DICT_MAX_NAME_BYTES];
        base_slice stem = folded;
        if (!strip_last_word(&stem, &own, 1)) continue;
        int n = snprintf(written, sizeof written, "%.*s %s", (int)stem.len, stem.bytes, other);
        if (n > 0 && (size_t)n < sizeof written) add_form(list, (base_slice){written, (size_t)n}, name, true, false);
    }
}

static void add_english_forms(form_list *list, base_slice folded, uint32_t name) {
    static const char *const legal[] = {"inc", "incorporated", "corp",  "corporation", "co",  "company", "companies",
                                        "ltd", "limited",      "plc",   "llc",         "lp",  "l p",     "sa",
                                        "s a", "nv",           "n v",   "ag",          "a g", "se",      "ab",
                                        "asa", "spa",          "s p a", "&co",         "adr", "ads",     "&"};
    static const char *const group[] = {"holdings", "holding", "hldgs", "hldg", "hold", "group", "grp", "gp", "intl"};
    base_slice stem = folded;
    if (base_slice_starts(stem, "the ")) {
        stem = rest(stem, 4);
        add_form(list, stem, name, true, false);
    }
    add_other_legal_form(list, stem, name);
    while (strip_last_word(&stem, legal, sizeof legal / sizeof legal[0])) add_form(list, stem, name, true, false);
    if (strip_suffix(&stem, "&co")) add_form(list, stem, name, true, false);
    while (strip_last_word(&stem, group, sizeof group / sizeof group[0])) add_form(list, stem, name, true, false);
}

/* The first sign of a kind in a name as others write it: Macy's as some agencies part it, Macy 's; AT&T as it comes out of
 * HTML, AT&amp;T. Also of names that are never matched, as they keep what they contain from being matched. */
static void add_rewritten_forms(form_list *list, uint32_t index, bool has_legal_forms) {
    static const struct {
        const char *sign, *instead;
    } rewritten[] = {{"'s", " 's"}, {"\xE2\x80\x99s", " \xE2\x80\x99s"}, {"&", "&amp;"}};
    const dict_builder *builder = list->builder;
    const dict_name *name = (const dict_name *)builder->section[SECTION_NAMES].items + index;
    char written[DICT_MAX_NAME_BYTES], other[DICT_MAX_NAME_BYTES], folded[DICT_MAX_NAME_BYTES];
    size_t len = strlen(builder->strings.data + name->text);
    if (len >= sizeof written) return;
    memcpy(written, builder->strings.data + name->text, len + 1); /* each form that is added may move the strings */
    for (size_t i = 0; i < sizeof rewritten / sizeof rewritten[0]; i++) {
        const char *found = strstr(written, rewritten[i].sign);
        if (!found) continue;
        const char *behind = found + strlen(rewritten[i].sign);
        int n = snprintf(other, sizeof other, "%.*s%s%s", (int)(found - written), written, rewritten[i].instead,
                         behind);
        if (n < 0 || (size_t)n >= sizeof other) continue;
        base_slice text = {folded, dict_fold_text(&builder->view, base_slice_of(other), folded, sizeof folded)};
        if (text.len == 0) continue;
        add_form(list, text, index, true, false);
        if (has_legal_forms) add_english_forms(list, text, index);
    }
}

static void add_forms_of_name(form_list *list, uint32_t index) {
    dict_builder *builder = list->builder;
    dict_name *name = (dict_name *)builder->section[SECTION_NAMES].items + index;
    char folded_bytes[DICT_MAX_NAME_BYTES];
    base_slice text = base_slice_of(builder->strings.data + name->text);
    base_slice folded = {folded_bytes, dict_fold_text(&builder->view, text, folded_bytes, sizeof folded_bytes)};
    const char *end = folded.bytes + folded.len;
    bool marked = dict_strip_marks(&folded);
    name->marked = marked;
    form *own = add_form(list, folded, index, false, marked);
    name->classed = folded.bytes + folded.len != end;
    if (own) own->cut = name->classed;
    if (name->policy == DICT_NEVER) {
        add_rewritten_forms(list, index, false);
        return;
    }
    uint32_t first = char_at(folded, 0), last = folded.len ? char_at(folded, last_char_start(folded)) : 0;
    name->names_line = is_han(first) && name->kind != DICT_FULL && has_share_letter(folded);
    if (is_han(first)) add_chinese_forms(list, folded, index, name->kind, marked);
    else if (!is_han(last) && folded.len) {
        add_english_forms(list, folded, index);
        add_rewritten_forms(list, index, true);
    }
}

static int compare_forms(const void *left, const void *right) {
    const form *a = left, *b = right;
    if (a->text != b->text) return a->text < b->text ? -1 : 1;
    if (a->derived != b->derived) return a->derived ? 1 : -1;
    return a->name < b->name ? -1 : a->name > b->name;
}

/* --- What is known of a surface in advance ------------------------------------------------------------------------------ */

static bool is_all_upper(const char *text) {
    bool has_letter = false;
    for (; *text; text++) {
        if (*text >= 'a' && *text <= 'z') return false;
        has_letter |= *text >= 'A' && *text <= 'Z';
    }
    return has_letter;
}

static bool has_han(base_slice text) {
    for (size_t at = 0; at < text.len; at++)
        if (is_han(char_at(text, at))) return true;
    return false;
}

static uint32_t surface_flags(dict_builder *builder, const form *forms, size_t n, base_slice text) {
    enum { SHORT = 6 };
    const dict_name *names = builder->section[SECTION_NAMES].items;
    uint32_t flags = DICT_SURFACE_MARKED | DICT_SURFACE_UPPER | DICT_SURFACE_CODE_ONLY;
    bool has_two_han = is_han(char_at(text, 0)) && count_chars(text) == 2;
    for (size_t i = 0; i < n; i++) {
        if (!forms[i].marked && !(forms[i].derived && has_two_han)) flags &= ~(uint32_t)DICT_SURFACE_MARKED;
        if (forms[i].cut) flags |= DICT_SURFACE_CLASSED;
        if (names[forms[i].name].policy != DICT_CODE_ONLY && !forms[i].marked)
            flags &= ~(uint32_t)DICT_SURFACE_CODE_ONLY;
        if (forms[i].derived || !is_all_upper(builder->strings.data + names[forms[i].name].text))
            flags &= ~(uint32_t)DICT_SURFACE_UPPER;
    }
    if (text.len > SHORT) flags &= ~(uint32_t)DICT_SURFACE_UPPER;
    if (has_han(text)) flags |= DICT_SURFACE_HAN;
    if (!is_han(char_at(text, 0))) flags |= DICT_SURFACE_LATIN;
    if (forms[0].derived) flags |= DICT_SURFACE_DERIVED;
    return flags;
}

/* By security and by issuer: which surface's policies were noted last. */
static bool make_policy_notes(dict_builder *builder) {
    size_t size = (builder->section[SECTION_SECURITIES].n + 1) * sizeof(uint32_t);
    builder->never_in = base_arena_alloc(&builder->arena, size);
    builder->policy_in = base_arena_alloc(&builder->arena, size);
    if (!builder->never_in || !builder->policy_in) return false;
    memset(builder->never_in, 0, size);
    memset(builder->policy_in, 0, size);
    return true;
}

/* Listed in dollars, and with a name in Chinese. */
static bool find_known_issuers(dict_builder *builder) {
    const dict_array *names = &builder->section[SECTION_NAMES];
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    size_t n = builder->section[SECTION_SECURITIES].n;
    builder->issuer_is_known = base_arena_alloc(&builder->arena, n + 1);
    if (!builder->issuer_is_known) return false;
    memset(builder->issuer_is_known, 0, n + 1);
    for (size_t i = 0; i < names->n; i++) {
        const dict_name *name = (const dict_name *)names->items + i;
        const dict_security *s = &securities[name->security];
        if (memcmp(name->lang, "zh", 2) == 0 && name->policy != DICT_NEVER
            && strcmp(builder->strings.data + s->currency, "USD") == 0)
            builder->issuer_is_known[s->issuer] = true;
    }
    return true;
}

static uint64_t bit(dict_feature feature) {
    return (uint64_t)1 << feature;
}

/* One kind counts: that of the best name. What is left of a registered name without its legal form is a way people say it:
 * 柳州钢铁 also begins the name of its parent. */
static uint64_t kind_feature(const dict_name *names, const form *forms, size_t n) {
    static const uint8_t ranked[] = {DICT_SHORT, DICT_FULL, DICT_ENGLISH, DICT_ALIAS, DICT_FORMER};
    static const dict_feature features[] = {FEATURE_SHORT_NAME, FEATURE_FULL_NAME, FEATURE_ENGLISH_NAME, FEATURE_ALIAS,
                                            FEATURE_FORMER_NAME};
    for (size_t rank = 0; rank < sizeof ranked; rank++)
        for (size_t i = 0; i < n; i++)
            if (names[forms[i].name].kind == ranked[rank] && !(ranked[rank] == DICT_FULL && forms[i].derived))
                return bit(features[rank]);
    return bit(FEATURE_ALIAS);
}

static uint64_t word_features(base_slice text, uint32_t flags) {
    uint32_t n_chars = count_chars(text);
    bool has_space = memchr(text.bytes, ' ', text.len) != NULL;
    if (flags & DICT_SURFACE_LATIN && !(flags & DICT_SURFACE_HAN))
        return bit(has_space ? FEATURE_LONG_NAME : FEATURE_ONE_WORD);
    return n_chars == 2 ? bit(FEATURE_TWO_CHARACTERS) : n_chars >= 4 ? bit(FEATURE_LONG_NAME) : 0;
}

/* A house also by the end of its name: 中信证券. */
static uint64_t what_it_is(const dict_view *view, base_slice text) {
    enum { TWO_HAN = 6 };
    uint32_t classes = dict_word_classes(view, text), end = 0;
    if (text.len >= 2 * TWO_HAN) end = dict_word_classes(view, rest(text, text.len - TWO_HAN));
    return ((classes | end) & 1u << DICT_CLASS_HOUSE ? DICT_IS_HOUSE : 0)
           | (classes & 1u << DICT_CLASS_EXCHANGE ? DICT_IS_EXCHANGE : 0);
}

/* One Latin word that is no other. What is a brand too is still the company's if many speak of it, and the language has no such
 * word; of a symbol nobody knows. */
static bool is_own_word(const dict_view *view, base_slice text, uint64_t features, uint32_t flags) {
    const uint64_t words = bit(FEATURE_ONE_WORD) | bit(FEATURE_ORDINARY_WORD);
    if ((features & words) != bit(FEATURE_ONE_WORD)) return false;
    if (!(features & bit(FEATURE_AMBIGUOUS))) return true;
    return features & bit(FEATURE_WELL_KNOWN) && !(flags & DICT_SURFACE_UPPER)
           && !(dict_word_classes(view, text) & 1u << DICT_CLASS_GENERAL);
}

static uint64_t surface_features(const dict_builder *builder, const form *forms, size_t n, base_slice text,
                                 uint32_t flags) {
    const dict_name *names = builder->section[SECTION_NAMES].items;
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    uint64_t features = kind_feature(names, forms, n) | word_features(text, flags);
    bool is_ambiguous = false, is_full = false, needs_context = true;
    for (size_t i = 0; i < n; i++) {
        const dict_name *name = &names[forms[i].name];
        is_ambiguous |= name->ambiguous;
        is_full |= name->kind == DICT_FULL && !forms[i].derived;
        needs_context &= name->policy != DICT_ALWAYS;
        if (flags & DICT_SURFACE_LATIN && !(flags & DICT_SURFACE_HAN)
            && builder->issuer_is_known[securities[name->security].issuer])
            features |= bit(FEATURE_WELL_KNOWN);
    }
    if ((is_ambiguous && !is_full) || needs_context) features |= bit(FEATURE_AMBIGUOUS);
    if (flags & DICT_SURFACE_DERIVED) features |= bit(FEATURE_DERIVED_FORM);
    /* A phrase that is said anyway, such as 智慧农业, is no surer for being long. */
    if (dict_word_classes(&builder->view, text) & 1u << DICT_CLASS_ORDINARY)
        features = (features & ~bit(FEATURE_LONG_NAME)) | bit(FEATURE_ORDINARY_WORD);
    if (is_own_word(&builder->view, text, features, flags)) features |= DICT_IS_OWN_WORD;
    return features | what_it_is(&builder->view, text);
}

/* The issuer that all names share, its line when it never had another, and how the first of the names is written. */
static void find_only_line(const dict_builder *builder, const form *forms, size_t n, dict_surface *surface) {
    const dict_name *names = builder->section[SECTION_NAMES].items;
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    surface->issuer = surface->line = surface->name = dict_none;
    if (n == 1) surface->name = names[forms[0].name].text;
    uint32_t security = names[forms[0].name].security, issuer = securities[security].issuer;
    for (size_t i = 1; i < n; i++)
        if (securities[names[forms[i].name].security].issuer != issuer) return;
    surface->issuer = issuer;
    if (securities[security].n_lines != 1) return;
    surface->line = security;
    surface->name = names[forms[0].name].text;
}

static bool same_issuer(const dict_builder *builder, uint32_t a, uint32_t b) {
    const dict_name *names = builder->section[SECTION_NAMES].items;
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    return securities[names[a].security].issuer == securities[names[b].security].issuer;
}

/* Notes what the rows that read like a surface say: a policy holds for all of the issuer's forms that read so and were
 * worked out from another row, and `never` for all of the security's, however they came about. */
static void note_policies(dict_builder *builder, const form *forms, size_t n, uint32_t surface) {
    const dict_name *names = builder->section[SECTION_NAMES].items;
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    for (size_t i = 0; i < n; i++) {
        const dict_name *name = &names[forms[i].name];
        bool is_worked_out = forms[i].derived && name->policy != DICT_NEVER; /* of those only signs are rewritten */
        if (is_worked_out || forms[i].cut || name->policy == DICT_ALWAYS) continue;
        builder->policy_in[securities[name->security].issuer] = surface + 1;
        if (name->policy == DICT_NEVER) builder->never_in[name->security] = surface + 1;
    }
}

static bool is_overruled(const dict_builder *builder, const form *which, uint32_t surface) {
    const dict_name *name = (const dict_name *)builder->section[SECTION_NAMES].items + which->name;
    const dict_security *securities = builder->section[SECTION_SECURITIES].items;
    if (name->policy == DICT_NEVER || builder->never_in[name->security] == surface + 1) return true;
    bool is_worked_out = which->derived || which->cut;
    return is_worked_out && builder->policy_in[securities[name->security].issuer] == surface + 1;
}

/* Drops what a policy forbids. @return false when that is all of it: the forms stay, for a surface that is no mention. */
static bool drop_overruled_forms(dict_builder *builder, form *forms, size_t *n, uint32_t surface) {
    size_t kept = 0;
    note_policies(builder, forms, *n, surface);
    for (size_t i = 0; i < *n; i++) kept += !is_overruled(builder, &forms[i], surface);
    if (kept == 0) return false;
    kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (!is_overruled(builder, &forms[i], surface)) forms[kept++] = forms[i];
    *n = kept;
    return true;
}

/* A derived form gives way to a name that reads so itself, also to one that is never matched, unless both are one
 * issuer's. */
static size_t drop_shadowed_forms(const dict_builder *builder, form *forms, size_t n) {
    const form first = forms[0];
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (forms[i].derived && !first.derived && !same_issuer(builder, forms[i].name, first.name)) continue;
        forms[kept++] = forms[i];
    }
    return kept;
}

static void add_surface(dict_builder *builder, form *forms, size_t n) {
    uint32_t first = (uint32_t)builder->section[SECTION_SURFACE_NAMES].n;
    uint32_t index = (uint32_t)builder->section[SECTION_SURFACES].n;
    n = drop_shadowed_forms(builder, forms, n);
    bool is_never = !drop_overruled_forms(builder, forms, &n, index);
    if (n > DICT_MOST_ALIKE) n = DICT_MOST_ALIKE;
    uint32_t *links = n > 1 ? dict_append(builder, SECTION_SURFACE_NAMES, n) : NULL;
    dict_surface *surface = dict_append(builder, SECTION_SURFACES, 1);
    if (builder->failed) return;
    dict_name *names = builder->section[SECTION_NAMES].items;
    for (size_t i = 0; i < n; i++) {
        if (links) links[i] = forms[i].name;
        if (!forms[i].derived) names[forms[i].name].surface = index;
    }
    base_slice text = base_slice_of(builder->strings.data + forms[0].text);
    uint32_t flags = surface_flags(builder, forms, n, text) | (is_never ? DICT_SURFACE_NEVER : 0);
    *surface = (dict_surface){.text = forms[0].text,
                              .len = (uint16_t)text.len,
                              .first = n > 1 ? first : forms[0].name,
                              .n = (uint32_t)n,
                              .flags = (uint8_t)flags,
                              .n_chars = (uint8_t)forms[0].n_chars,
                              .features = surface_features(builder, forms, n, text, flags)};
    memcpy(surface->start, text.bytes, text.len < DICT_SURFACE_START ? text.len : DICT_SURFACE_START);
    find_only_line(builder, forms, n, surface);
}

void dict_build_surfaces(dict_builder *builder) {
    form_list list = {.builder = builder};
    size_t n_names = builder->section[SECTION_NAMES].n;
    for (uint32_t i = 0; i < n_names && !builder->failed; i++) add_forms_of_name(&list, i);
    /* dict_intern moves the strings while forms are added; from here on they stay. */
    builder->view.strings = builder->strings.data;
    builder->failed = builder->failed || !find_known_issuers(builder) || !make_policy_notes(builder);
    if (list.n) qsort(list.forms, list.n, sizeof *list.forms, compare_forms);
    for (size_t i = 0, end; i < list.n && !builder->failed; i = end) {
        for (end = i + 1; end < list.n && list.forms[end].text == list.forms[i].text;) end++;
        add_surface(builder, &list.forms[i], end - i);
    }
    free(list.forms);
}
