/* Surfaces → filters, prefixes and slots: what the name scan reads. The filters are over raw bytes, so all ways to write
 * a name's first characters are entered; the tables behind them hold each surface once, folded. */
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

/* --- Filters --------------------------------------------------------------------------------------------------------- */

/* The first raw bytes of one spelling of a name. Nine decide the filter; more are not kept. */
typedef struct opening {
    unsigned char bytes[16];
    uint32_t len;
    uint32_t n_chars; /* folded characters so far */
} opening;

typedef struct opening_list {
    opening *items;
    size_t n, capacity;
} opening_list;

static bool push_opening(opening_list *list, opening item) {
    if (!base_grow(&base_default_allocator, (void **)&list->items, &list->capacity, list->n + 1, sizeof item))
        return false;
    list->items[list->n++] = item;
    return true;
}

static bool extend(opening_list *list, opening base, uint32_t c) {
    char bytes[4];
    unsigned len = base_utf8_encode(c, bytes);
    memcpy(base.bytes + base.len, bytes, len);
    base.len += len;
    base.n_chars++;
    return push_opening(list, base);
}

/* The filter is asked at characters of three bytes and more; behind the first, others count too, but for accented letters,
 * of which each letter has dozens. */
static bool is_read_by_filter(uint32_t c, bool is_first) {
    return c >= 0x2E80 || (!is_first && !(c >= 0x80 && dict_is_latin(c)));
}

/* As far as the filter reads, as the name goes, or as one can tell: a space may be any stretch of signs. */
static bool is_spelled_out(const opening *o, const uint32_t *chars, uint32_t n_chars) {
    return o->len >= 9 || o->n_chars == n_chars || chars[o->n_chars] == ' ';
}

/* Every spelling of the first characters of a folded name, as far as the filter reads. */
static bool spell(const dict_spellings *spellings, const uint32_t *chars, uint32_t n, opening_list *list) {
    list->n = 0;
    if (!push_opening(list, (opening){.len = 0})) return false;
    for (size_t i = 0; i < list->n; i++) {
        opening base = list->items[i];
        if (is_spelled_out(&base, chars, n)) continue;
        uint32_t c = chars[base.n_chars];
        if (c >= 0x10000) {
            if (!extend(list, base, c)) return false;
            continue;
        }
        for (uint32_t s = spellings->first[c]; s < spellings->first[c + 1]; s++)
            if (is_read_by_filter(spellings->chars[s], base.n_chars == 0) && !extend(list, base, spellings->chars[s]))
                return false;
    }
    return true;
}

static bool has_three_bytes(uint32_t c) {
    return c >= 0x800 && c < 0x10000;
}

/* The same of how it is written. */
static bool begins_three_bytes(unsigned char lead) {
    return (lead & 0xF0) == 0xE0;
}

static void set_bit(uint32_t *bits, uint32_t bit) {
    bits[bit >> 5] |= 1u << (bit & 31);
}

/* @param third  the bytes behind the first six, or 0 where those must do. */
static void enter_opening(dict_builder *builder, const opening *o, uint32_t third) {
    uint32_t *words = builder->section[SECTION_HAN_FILTER].items, bits = builder->header.han_bits;
    uint32_t first, second;
    memcpy(&first, o->bytes, 4);
    memcpy(&second, o->bytes + 2, 4);
    uint32_t hash = dict_han_hash(first, second);
    words[dict_han_word(hash, bits)] |= dict_han_bits(dict_han_which(hash, third & dict_han_third(bits), bits));
    uint32_t name_bits = third ? builder->header.name_bits : builder->header.name_pair_bits;
    set_bit(builder->section[third ? SECTION_NAME_BITS : SECTION_NAME_PAIR_BITS].items,
            dict_name_bit(first, second, third, name_bits));
}

/* A name of five bytes, as a table may fold what has two to a Chinese character, is read with whatever stands behind it. */
static void enter_five_bytes(dict_builder *builder, opening o) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        o.bytes[5] = (unsigned char)byte;
        enter_opening(builder, &o, 0);
    }
}

static void enter_openings(dict_builder *builder, const opening_list *list, const uint32_t *chars, uint32_t n_chars) {
    for (size_t i = 0; i < list->n; i++) {
        const opening *o = &list->items[i];
        if (!is_spelled_out(o, chars, n_chars)) continue;
        uint32_t third = 0;
        memcpy(&third, o->bytes + 6, 3);
        /* Where not all are of three bytes, spaces stand elsewhere than the kernels look: six bytes must do. */
        bool decides = o->len >= 9 && has_three_bytes(chars[0]) && has_three_bytes(chars[1])
                       && has_three_bytes(chars[2]) && begins_three_bytes(o->bytes[3])
                       && begins_three_bytes(o->bytes[6]);
        if (decides) enter_opening(builder, o, third);
        else if (o->len >= 6) enter_opening(builder, o, 0);
        else if (o->len == 5 && !dict_is_latin(chars[0])) enter_five_bytes(builder, *o);
    }
}

static uint64_t leading_word(const char *text, size_t len, uint32_t *n) {
    uint64_t word = 0;
    for (*n = 0; *n < 8 && *n < len && (unsigned char)text[*n] < 0x80 && dict_is_latin((unsigned char)text[*n]); ++*n)
        word |= (uint64_t)(unsigned char)text[*n] << (8 * *n);
    return word;
}

static uint32_t decode_all(base_slice text, uint32_t *chars) {
    uint32_t n = 0;
    for (const char *p = text.bytes, *end = p + text.len; p < end && n < DICT_MAX_NAME_CHARS; n++)
        p += base_utf8_decode(p, end, &chars[n], NULL);
    return n;
}

static void enter_follow(uint32_t *filter, dict_follow_bits bits) {
    set_bit(filter, bits.first);
    set_bit(filter, bits.second);
}

static void enter_latin(dict_builder *builder, base_slice text, const uint32_t *chars, uint32_t n_chars) {
    uint32_t n;
    uint64_t word = leading_word(text.bytes, text.len, &n);
    while (n < n_chars && (chars[n] == ' ' || dict_is_sign(chars[n]))) n++;
    const dict_file_header *header = &builder->header;
    uint32_t *follow = builder->section[SECTION_FOLLOW_FILTER].items;
    enter_follow(follow, dict_follow_bits_of(word, n < n_chars ? chars[n] : 0, header->follow_bits));
    if (dict_is_number(word))
        set_bit(builder->section[SECTION_NUMBER_FILTER].items, dict_word_bit(word, header->number_bits));
    else enter_follow(follow, dict_follow_bits_of(word, DICT_FOLLOWED_BY_ANY, header->follow_bits));
    uint32_t n_second; /* what comes before it is ASCII, a byte a character */
    uint64_t second = leading_word(text.bytes + n, text.len - n, &n_second);
    if (n_second || n == n_chars) enter_follow(follow, dict_two_words_bits_of(word, second, header->follow_bits));
}

static uint32_t bits_for(size_t n, uint32_t least, uint32_t most) {
    uint32_t bits = least;
    while (bits < most && ((size_t)1 << bits) < n) bits++;
    return bits;
}

/* A word a name lets half as many characters again pass as two words do, and yet finds more faster: what else a document
 * needs leaves that much less of the second cache. */
static uint32_t han_bits_for(size_t n_names) {
    enum { MOST_OF_THREE = DICT_MOST_HAN_BITS - 2 };
    return n_names > (size_t)1 << MOST_OF_THREE ? DICT_MOST_HAN_BITS : bits_for(n_names, 10, MOST_OF_THREE);
}

static void build_filters(dict_builder *builder) {
    const dict_array *surfaces = &builder->section[SECTION_SURFACES];
    opening_list list = {0};
    dict_spellings spellings = {0};
    size_t n_latin = 0, n_short = 0;
    for (size_t i = 0; i < surfaces->n; i++) {
        const dict_surface *surface = (const dict_surface *)surfaces->items + i;
        n_latin += (surface->flags & DICT_SURFACE_LATIN) != 0;
        n_short += surface->len < 9;
    }
    builder->header.han_bits = han_bits_for(surfaces->n - n_latin);
    builder->header.name_bits = bits_for((surfaces->n - n_latin) * 64, 15, DICT_MOST_NAME_BITS);
    builder->header.name_pair_bits = bits_for(n_short * 64, 15, DICT_MOST_NAME_PAIR_BITS);
    builder->header.number_bits = bits_for(n_latin * 8, 10, DICT_NUMBER_BITS);
    builder->header.follow_bits = bits_for(n_latin * 16, 10, 24);
    dict_append(builder, SECTION_FOLLOW_FILTER, (size_t)1 << (builder->header.follow_bits - 5));
    dict_append(builder, SECTION_HAN_FILTER, (size_t)1 << builder->header.han_bits);
    dict_append(builder, SECTION_NAME_BITS, (size_t)1 << (builder->header.name_bits - 5));
    dict_append(builder, SECTION_NAME_PAIR_BITS, (size_t)1 << (builder->header.name_pair_bits - 5));
    dict_append(builder, SECTION_NUMBER_FILTER, (size_t)1 << (builder->header.number_bits - 5));
    if (!builder->failed) builder->failed = !dict_spellings_build(builder->view.fold, &spellings);
    for (size_t i = 0; i < surfaces->n && !builder->failed; i++) {
        const dict_surface *surface = (const dict_surface *)surfaces->items + i;
        base_slice text = {builder->strings.data + surface->text, surface->len};
        uint32_t chars[DICT_MAX_NAME_CHARS], n = decode_all(text, chars);
        if (surface->flags & DICT_SURFACE_LATIN) {
            enter_latin(builder, text, chars, n);
            /* Full-width letters begin like Chinese text; only names that are written so are worth the entries. */
            if (!(surface->flags & (DICT_SURFACE_HAN | DICT_SURFACE_UPPER))) continue;
        }
        builder->failed = !spell(&spellings, chars, n, &list);
        if (!builder->failed) enter_openings(builder, &list, chars, n);
    }
    free(list.items);
    dict_spellings_free(&spellings);
}

/* --- Prefixes and slots ---------------------------------------------------------------------------------------------- */

/* The hash of the first characters of a name, and how it goes on; see dict_prefix_slot. */
typedef struct prefix {
    uint64_t hash;
    uint32_t bits;
} prefix;

typedef struct prefix_list {
    prefix *items;
    size_t n, capacity;
} prefix_list;

static bool push_prefix(prefix_list *list, uint64_t hash, uint32_t bits) {
    if (!base_grow(&base_default_allocator, (void **)&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return false;
    list->items[list->n++] = (prefix){hash, bits};
    return true;
}

static int compare_prefixes(const void *left, const void *right) {
    const prefix *a = left, *b = right;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* One table of the prefixes of an index. */
static void build_prefixes(dict_builder *builder, dict_section_id section, uint32_t *bits, prefix *prefixes, size_t n) {
    size_t n_distinct = 0;
    if (n) qsort(prefixes, n, sizeof *prefixes, compare_prefixes);
    for (size_t i = 0; i < n; i++) {
        if (n_distinct && prefixes[n_distinct - 1].hash == prefixes[i].hash)
            prefixes[n_distinct - 1].bits |= prefixes[i].bits;
        else prefixes[n_distinct++] = prefixes[i];
    }
    dict_prefix_slot *slots = dict_append_slots(builder, section, n_distinct, bits);
    for (size_t i = 0; slots && i < n_distinct; i++) {
        uint32_t at = dict_slot(prefixes[i].hash, *bits);
        while (slots[at].bits) at = (at + 1) & ((1u << *bits) - 1);
        slots[at] = (dict_prefix_slot){.tag = dict_tag(prefixes[i].hash), .bits = prefixes[i].bits};
    }
}

static bool add_lengths(prefix_list *list, const uint64_t *hashes, uint32_t n) {
    if (n < 3) return true;
    if (!push_prefix(list, hashes[2], n > 6 ? (uint32_t)DICT_GOES_ON : dict_length_bit(n))) return false;
    return n <= 6 || push_prefix(list, hashes[5], dict_length_bit(n));
}

static bool add_words(prefix_list *list, const uint32_t *chars, const uint64_t *hashes, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        if (chars[i] == ' ' || dict_are_one_word(chars[i - 1], chars[i])) continue;
        if (!push_prefix(list, hashes[chars[i - 1] == ' ' ? i - 2 : i - 1], dict_next_bit(chars[i]))) return false;
    }
    return true;
}

static bool is_pair(const uint32_t *chars, uint32_t n) {
    return n == 2 || (n > 2 && !dict_is_latin(chars[0]) && !(dict_is_plain(chars[0]) && dict_is_plain(chars[1])));
}

/* One set of bits, thinly filled: most pairs of characters are asked here only. */
static void append_pairs(dict_builder *builder, const dict_surface *surfaces, size_t n) {
    size_t n_pairs = 0;
    for (size_t i = 0; i < n; i++) n_pairs += surfaces[i].n_chars == 2;
    builder->header.pair_bits = bits_for(n_pairs * 24, 10, 24);
    dict_append(builder, SECTION_PAIRS, (size_t)1 << (builder->header.pair_bits - 5));
}

static void enter_pair(dict_builder *builder, uint64_t hash) {
    set_bit(builder->section[SECTION_PAIRS].items, dict_slot(hash, builder->header.pair_bits));
}

/* What an index of names is made of: see dict_name_index. */
typedef struct index_sections {
    dict_section_id prefixes, slots;
    uint32_t *prefix_bits, *slot_bits;
} index_sections;

static bool is_of_index(const dict_surface *surface, int index) {
    return (surface->flags & DICT_SURFACE_LATIN ? DICT_LATIN_NAMES : DICT_HAN_NAMES) == index;
}

static void build_index(dict_builder *builder, int index, const index_sections *to) {
    const dict_array *surfaces = &builder->section[SECTION_SURFACES];
    prefix_list prefixes = {0};
    size_t n_names = 0;
    for (size_t i = 0; i < surfaces->n; i++) n_names += is_of_index((const dict_surface *)surfaces->items + i, index);
    dict_append_slots(builder, to->slots, n_names, to->slot_bits);
    for (uint32_t i = 0; i < surfaces->n && !builder->failed; i++) {
        const dict_surface *surface = (const dict_surface *)surfaces->items + i;
        uint32_t chars[DICT_MAX_NAME_CHARS];
        uint64_t hashes[DICT_MAX_NAME_CHARS], hash = 0;
        if (!is_of_index(surface, index)) continue;
        uint32_t n = decode_all((base_slice){builder->strings.data + surface->text, surface->len}, chars);
        for (uint32_t c = 0; c < n; c++) hashes[c] = hash = dict_hash_step(hash, chars[c]);
        builder->failed = index == DICT_LATIN_NAMES ? !add_words(&prefixes, chars, hashes, n)
                                                    : !add_lengths(&prefixes, hashes, n);
        if (is_pair(chars, n)) enter_pair(builder, hashes[1]);
        dict_put(builder, to->slots, *to->slot_bits, hash, i);
    }
    if (!builder->failed) build_prefixes(builder, to->prefixes, to->prefix_bits, prefixes.items, prefixes.n);
    free(prefixes.items);
}

static void build_indices(dict_builder *builder) {
    const dict_array *surfaces = &builder->section[SECTION_SURFACES];
    dict_file_header *header = &builder->header;
    const index_sections of_han = {SECTION_PREFIXES, SECTION_SURFACE_SLOTS, &header->prefix_bits,
                                   &header->surface_bits};
    const index_sections of_latin = {SECTION_LATIN_PREFIXES, SECTION_LATIN_SLOTS, &header->latin_prefix_bits,
                                     &header->latin_slot_bits};
    append_pairs(builder, surfaces->items, surfaces->n);
    build_index(builder, DICT_HAN_NAMES, &of_han);
    build_index(builder, DICT_LATIN_NAMES, &of_latin);
}

void dict_build_matcher(dict_builder *builder) {
    if (builder->failed) return;
    build_filters(builder);
    build_indices(builder);
}
