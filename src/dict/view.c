/* Compiled bytes → a view: sections found, and for bytes that are not our own every reference checked once, so that the
 * other rooms may follow them blindly. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "dict/compile.h"
#include "dict/source.h"

static const uint32_t one = 1;
_Static_assert(sizeof(dict_security) == 64 && sizeof(dict_name) == 28 && sizeof(dict_surface) == 64
                   && sizeof(dict_word_slot) == 8 && sizeof(dict_prefix_slot) == 8 && sizeof(dict_hash_slot) == 8
                   && sizeof(dict_code_slot) == 16 && sizeof(dict_stem) == 16 && sizeof(dict_choice) == 12,
               "records of the file format");

static const void *section_bytes(const dict_view *view, dict_section_id section) {
    const dict_file_header *header = (const dict_file_header *)(const void *)view->file;
    return view->file + header->sections[section].offset;
}

static uint32_t section_count(const dict_view *view, dict_section_id section) {
    return ((const dict_file_header *)(const void *)view->file)->sections[section].count;
}

static void find_filters(dict_view *view, const dict_file_header *header) {
    view->han_filter = section_bytes(view, SECTION_HAN_FILTER);
    view->han_filter_bits = header->han_bits;
    view->han_filter_third = dict_han_third(header->han_bits);
    view->number_filter = section_bytes(view, SECTION_NUMBER_FILTER);
    view->number_filter_bits = header->number_bits;
    view->pairs = section_bytes(view, SECTION_PAIRS);
    view->pair_bits = header->pair_bits;
    view->follow_filter = section_bytes(view, SECTION_FOLLOW_FILTER);
    view->follow_filter_bits = header->follow_bits;
    view->name_filter = section_bytes(view, SECTION_NAME_BITS);
    view->name_filter_bits = header->name_bits;
    view->name_pair_filter = section_bytes(view, SECTION_NAME_PAIR_BITS);
    view->name_pair_filter_bits = header->name_pair_bits;
}

void dict_view_trust(const void *bytes, uint64_t len, dict_view *view) {
    const dict_file_header *header = bytes;
    *view = (dict_view){.file = bytes, .size = len};
    view->strings = section_bytes(view, SECTION_STRINGS);
    view->strings_size = header->sections[SECTION_STRINGS].size;
    view->securities = section_bytes(view, SECTION_SECURITIES);
    view->n_securities = section_count(view, SECTION_SECURITIES);
    view->n_issuers = header->n_issuers;
    view->lines = section_bytes(view, SECTION_LINES);
    view->n_lines = section_count(view, SECTION_LINES);
    view->names = section_bytes(view, SECTION_NAMES);
    view->n_names = section_count(view, SECTION_NAMES);
    view->surfaces = section_bytes(view, SECTION_SURFACES);
    view->n_surfaces = section_count(view, SECTION_SURFACES);
    view->surface_names = section_bytes(view, SECTION_SURFACE_NAMES);
    view->n_surface_names = section_count(view, SECTION_SURFACE_NAMES);
    view->choices = section_bytes(view, SECTION_CHOICES);
    view->n_choices = section_count(view, SECTION_CHOICES);
    view->fold = section_bytes(view, SECTION_FOLD);
    view->fold_same = section_bytes(view, SECTION_FOLD_SAME);
    find_filters(view, header);
    view->index[DICT_HAN_NAMES] = (dict_name_index){section_bytes(view, SECTION_PREFIXES),
                                                    section_bytes(view, SECTION_SURFACE_SLOTS), header->prefix_bits,
                                                    header->surface_bits};
    view->index[DICT_LATIN_NAMES] = (dict_name_index){section_bytes(view, SECTION_LATIN_PREFIXES),
                                                      section_bytes(view, SECTION_LATIN_SLOTS),
                                                      header->latin_prefix_bits, header->latin_slot_bits};
    for (uint32_t t = 0; t < DICT_N_STEMS; t++)
        view->stems[t] = (dict_stems){section_bytes(view, (dict_section_id)(SECTION_STEMS + t)), header->stem_bits[t]};
    view->code_slots = section_bytes(view, SECTION_CODE_SLOTS);
    view->code_bits = header->code_bits;
    view->words = section_bytes(view, SECTION_WORDS);
    view->word_bits = header->word_bits;
    view->cues = section_bytes(view, SECTION_CUES);
    view->cue_bits = header->cue_bits;
    view->word_edges = section_bytes(view, SECTION_WORD_EDGES);
    view->clues = section_bytes(view, SECTION_CLUES);
    view->clue_seeds = section_bytes(view, SECTION_CLUE_SEEDS);
    view->clue_shift = 64 - header->clue_bits;
    view->market_bytes = section_bytes(view, SECTION_MARKET_BYTES);
    view->pair_roles = section_bytes(view, SECTION_PAIR_ROLES);
    for (uint32_t t = 0; t < DICT_N_TABLES; t++) {
        dict_section_id section = (dict_section_id)(SECTION_TABLES + t);
        view->tables[t] = (dict_cells){section_bytes(view, section), section_count(view, section),
                                       header->sections[section].columns};
    }
    view->as_of = header->as_of;
    view->hash = header->hash;
    snprintf(view->version, sizeof view->version, "%04d-%02d-%02d/%08x", view->as_of / 10000, view->as_of / 100 % 100,
             view->as_of % 100, (unsigned)(view->hash >> 32));
}

/* --- Checks ---------------------------------------------------------------------------------------------------------- */

/* The walk over all records; the first fault ends it. */
typedef struct checker {
    const dict_view *view;
    const char *fault;
    uint64_t byte;
} checker;

static bool fault(checker *check, const void *at, const char *what) {
    check->fault = what;
    check->byte = (uint64_t)((const uint8_t *)at - check->view->file);
    return false;
}

static bool check_strings(checker *check, const void *at, const uint32_t *offsets, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (offsets[i] >= check->view->strings_size) return fault(check, at, "a string lies outside the strings");
    return true;
}

static bool check_securities(checker *check) {
    const dict_view *view = check->view;
    uint32_t n_mics = view->tables[DICT_MICS].n_rows;
    for (uint32_t i = 0; i < view->n_securities; i++) {
        const dict_security *s = &view->securities[i];
        const uint32_t strings[] = {s->id, s->code, s->type, s->board, s->currency, s->isin, s->name};
        if (!check_strings(check, s, strings, sizeof strings / sizeof strings[0])) return false;
        if (s->code < s->id || s->code > s->id + strlen(dict_string(view, s->id)))
            return fault(check, s, "a security's code is no part of its id");
        if (s->mic >= n_mics || s->issuer >= view->n_securities || s->status > SM_SECURITY_RENUMBERED
            || (s->successor != dict_none && s->successor >= view->n_securities) || s->n_lines == 0
            || s->first_line > view->n_lines || s->n_lines > view->n_lines - s->first_line
            || view->securities[s->issuer].issuer != s->issuer || (s->markets & ~DICT_MARKET_CLASSES) || s->is_share > 1
            || s->is_known > 1)
            return fault(check, s, "a security refers to what is not there");
    }
    for (uint32_t i = 0; i < view->n_lines; i++)
        if (view->lines[i] >= view->n_securities) return fault(check, &view->lines[i], "a line is no security");
    return true;
}

/* And no more of them than each mention may cost. */
static bool names_are_there(const dict_view *view, const dict_surface *surface) {
    if (surface->n == 1) return surface->first < view->n_names;
    return surface->n <= DICT_MOST_ALIKE && surface->first <= view->n_surface_names
           && surface->n <= view->n_surface_names - surface->first;
}

/* What is kept of a surface's text beside it is of that text: it is read instead of it, without a look at its length. */
static bool text_is_itself(const dict_view *view, const dict_surface *surface) {
    const char *text = dict_string(view, surface->text);
    char start[DICT_SURFACE_START] = {0};
    uint32_t n_chars = 0;
    for (uint32_t i = 0; i < surface->len; i++) n_chars += ((unsigned char)text[i] & 0xC0) != 0x80;
    memcpy(start, text, surface->len < DICT_SURFACE_START ? surface->len : DICT_SURFACE_START);
    return n_chars && n_chars == surface->n_chars && memcmp(start, surface->start, sizeof start) == 0
           && base_utf8_valid_prefix(text, surface->len) == surface->len;
}

static bool check_names(checker *check) {
    const dict_view *view = check->view;
    for (uint32_t i = 0; i < view->n_names; i++) {
        const dict_name *name = &view->names[i];
        if (!check_strings(check, name, &name->text, 1)) return false;
        if (name->security >= view->n_securities || name->kind > DICT_FORMER || name->policy > DICT_NEVER
            || (name->surface != dict_none && name->surface >= view->n_surfaces))
            return fault(check, name, "a name refers to what is not there");
    }
    for (uint32_t i = 0; i < view->n_surfaces; i++) {
        const dict_surface *surface = &view->surfaces[i];
        if (!check_strings(check, surface, &surface->text, 1)) return false;
        if (surface->name != dict_none && !check_strings(check, surface, &surface->name, 1)) return false;
        if (surface->name == dict_none && surface->n == 1) return fault(check, surface, "a surface has no name");
        if (surface->len >= view->strings_size - surface->text || surface->len > DICT_MAX_NAME_BYTES
            || surface->n_chars > DICT_MAX_NAME_CHARS || surface->n == 0 || !names_are_there(view, surface)
            || surface->features
                   & ~(DICT_FEATURE_BITS | DICT_IS_HOUSE | DICT_IS_EXCHANGE | DICT_WRITING_BITS | DICT_IS_OWN_WORD)
            || (surface->issuer != dict_none && surface->issuer >= view->n_securities)
            || (surface->line != dict_none && surface->line >= view->n_securities)
            || (surface->choices != dict_none && surface->choices >= view->n_choices) || !text_is_itself(view, surface))
            return fault(check, surface, "a surface refers to what is not there");
    }
    for (uint32_t i = 0; i < view->n_surface_names; i++)
        if (view->surface_names[i] >= view->n_names) return fault(check, &view->surface_names[i], "no such name");
    return true;
}

static bool check_choices(checker *check) {
    const dict_view *view = check->view;
    for (uint32_t i = 0; i < view->n_choices; i++) {
        const dict_choice *choice = &view->choices[i];
        if (!check_strings(check, choice, &choice->name, 1)) return false;
        if (choice->security >= view->n_securities || choice->n_more >= view->n_choices - i)
            return fault(check, choice, "a choice refers to what is not there");
        if (choice->n_more >= DICT_MOST_LINES) return fault(check, choice, "a surface has too many lines");
    }
    return true;
}

/* Every table needs an empty slot, or a search for what is not there would not end. */
static bool check_slots(checker *check, const dict_hash_slot *slots, uint32_t bits, uint32_t n_targets) {
    bool has_empty = false;
    for (size_t i = 0; i < (size_t)1 << bits; i++) {
        has_empty |= slots[i].index == 0;
        if (slots[i].index > n_targets) return fault(check, &slots[i], "a slot refers to what is not there");
    }
    return has_empty || fault(check, slots, "a hash table has no empty slot");
}

static bool check_code_slots(checker *check) {
    const dict_view *view = check->view;
    bool has_empty = false;
    for (size_t i = 0; i < (size_t)1 << view->code_bits; i++) {
        has_empty |= view->code_slots[i].index == 0;
        if (view->code_slots[i].index > view->n_securities)
            return fault(check, &view->code_slots[i], "a code's slot refers to what is not there");
    }
    return has_empty || fault(check, view->code_slots, "the table of codes has no empty slot");
}

static bool check_index(checker *check, const dict_name_index *index) {
    bool has_empty = false;
    for (size_t i = 0; i < (size_t)1 << index->prefix_bits; i++) has_empty |= !index->prefixes[i].bits;
    return (has_empty || fault(check, index->prefixes, "the table of prefixes has no empty slot"))
           && check_slots(check, index->slots, index->slot_bits, check->view->n_surfaces);
}

/* As the key says. */
static uint32_t stem_len(dict_stem_table table, uint64_t key) {
    if (table == DICT_STEMS_LONGER) return key >> 16 & 0xFFFF;
    return table == DICT_STEMS_OF_TWO ? 2 : key >> 48 ? 4 : 3;
}

/* The scan takes a stem for the beginning of its surface's text, or for all of it; then the name has as many characters as
 * were followed. All have three bytes. Of more than four characters the key has the last: that it stands behind a stem of one
 * less must do, since to follow all of them back to the first four costs as many cache misses for each. */
static bool stem_is_surface(const dict_view *view, dict_stem_table table, const dict_stem *stem) {
    uint32_t len = stem_len(table, stem->key), index = stem->surface & ~dict_is_alone, last = 0;
    uint64_t key = 0;
    if (index > view->n_surfaces || index == 0) return false;
    const dict_surface *surface = &view->surfaces[index - 1];
    bool is_alone = stem->surface & dict_is_alone, fits = is_alone ? len < surface->n_chars : len == surface->n_chars;
    if (!fits || len < DICT_STEM_LEAST || surface->len != 3 * surface->n_chars) return false;
    const char *text = dict_surface_text(view, surface);
    for (uint32_t n = 1; n <= len; n++) {
        text += base_utf8_read(text, &last);
        if (!dict_is_plain(last)) return false;
        if (n <= DICT_STEM_WHOLE) key = dict_stem_key(key, n, last);
    }
    if (len <= DICT_STEM_WHOLE) return stem->key == key;
    uint32_t before = (uint32_t)(stem->key >> 32);
    const dict_stem_table of_before = dict_stem_table_of(len - 1);
    const dict_stems *shorter = &view->stems[of_before];
    return before >> shorter->bits == 0 && stem->key == dict_stem_key(before, len, last)
           && stem_len(of_before, shorter->slots[before].key) == len - 1;
}

/* What is asked of a stem lies in other cache lines, of millions: they are fetched before it is its turn, whether they are
 * there or not. */
static void fetch_checked(const dict_view *view, dict_stem_table table, const dict_stem *stem) {
    if (!stem->surface) return;
    __builtin_prefetch(&view->surfaces[(stem->surface & ~dict_is_alone) - 1]);
    if (table == DICT_STEMS_LONGER)
        __builtin_prefetch(&view->stems[dict_stem_table_of(stem_len(table, stem->key) - 1)].slots[stem->key >> 32]);
}

static void fetch_text(const dict_view *view, const dict_stem *stem) {
    uint32_t index = stem->surface & ~dict_is_alone;
    if (index > 0 && index <= view->n_surfaces) __builtin_prefetch(dict_surface_text(view, &view->surfaces[index - 1]));
}

static bool check_stems(checker *check, dict_stem_table table) {
    enum { AHEAD = 16 };
    const dict_view *view = check->view;
    const dict_stems *stems = &view->stems[table];
    const size_t n = (size_t)1 << stems->bits;
    bool has_empty = false;
    for (size_t i = 0; i < n; i++) {
        const dict_stem *stem = &stems->slots[i];
        if (n - i > 2 * AHEAD) fetch_checked(view, table, &stem[2 * AHEAD]);
        if (n - i > AHEAD) fetch_text(view, &stem[AHEAD]);
        has_empty |= stem->key == 0;
        if ((stem->surface && !stem_is_surface(view, table, stem)) || (!stem->key && stem->nexts))
            return fault(check, stem, "a stem is not its surface");
    }
    return has_empty || fault(check, stems->slots, "a table of stems has no empty slot");
}

static bool check_lexicon(checker *check) {
    const dict_view *view = check->view;
    bool has_empty_word = false, has_empty_cue = false;
    for (size_t i = 0; i < (size_t)1 << view->word_bits; i++) has_empty_word |= !view->words[i].classes;
    for (size_t i = 0; i < (size_t)1 << view->cue_bits; i++) has_empty_cue |= !view->cues[i].classes;
    return (has_empty_word || fault(check, view->words, "the lexicon has no empty slot"))
           && (has_empty_cue || fault(check, view->cues, "the table of cues has no empty slot"));
}

static bool check_tables(checker *check) {
    const dict_view *view = check->view;
    for (dict_table_id t = 0; t < DICT_N_TABLES; t++) {
        const dict_cells *table = &view->tables[t];
        if (table->n_columns != dict_table_columns(t, NULL))
            return fault(check, table->cells, "a table's columns differ");
        if (!check_strings(check, table->cells, table->cells, (size_t)table->n_rows * table->n_columns)) return false;
    }
    for (uint32_t row = 0; row < view->tables[DICT_CONTEXT].n_rows; row++) {
        base_slice broad = base_slice_of(dict_cell(view, DICT_CONTEXT, row, CONTEXT_BROAD));
        if (!dict_is_weight(base_slice_of(dict_cell(view, DICT_CONTEXT, row, CONTEXT_WEIGHT)))
            || (broad.len && !dict_is_weight(broad)))
            return fault(check, view->tables[DICT_CONTEXT].cells, "a weight is out of range");
    }
    if (view->tables[DICT_MICS].n_rows == 0) return fault(check, view->file, "there are no markets");
    return true;
}

/* --- The header ------------------------------------------------------------------------------------------------------ */

const dict_section_shape dict_section_shapes[SECTION_TABLES] = {
    [SECTION_STRINGS] = {1, 0, false},
    [SECTION_SECURITIES] = {sizeof(dict_security), 0, false},
    [SECTION_LINES] = {4, 0, false},
    [SECTION_NAMES] = {sizeof(dict_name), 0, false},
    [SECTION_SURFACES] = {sizeof(dict_surface), 0, false},
    [SECTION_SURFACE_NAMES] = {4, 0, false},
    [SECTION_FOLD] = {2, 0, false},
    [SECTION_FOLD_SAME] = {4, 0, false},
    [SECTION_HAN_FILTER] = {4, offsetof(dict_file_header, han_bits), false},
    [SECTION_NUMBER_FILTER] = {4, offsetof(dict_file_header, number_bits), true},
    [SECTION_PREFIXES] = {sizeof(dict_prefix_slot), offsetof(dict_file_header, prefix_bits), false},
    [SECTION_SURFACE_SLOTS] = {sizeof(dict_hash_slot), offsetof(dict_file_header, surface_bits), false},
    [SECTION_CODE_SLOTS] = {sizeof(dict_code_slot), offsetof(dict_file_header, code_bits), false},
    [SECTION_WORDS] = {sizeof(dict_word_slot), offsetof(dict_file_header, word_bits), false},
    [SECTION_CUES] = {sizeof(dict_word_slot), offsetof(dict_file_header, cue_bits), false},
    [SECTION_WORD_EDGES] = {4, 0, false},
    [SECTION_CLUES] = {8, offsetof(dict_file_header, clue_bits), false},
    [SECTION_CLUE_SEEDS] = {2, 0, false},
    [SECTION_MARKET_BYTES] = {sizeof(dict_market_bytes), 0, false},
    [SECTION_PAIR_ROLES] = {1, 0, false},
    [SECTION_NAME_BITS] = {4, offsetof(dict_file_header, name_bits), true},
    [SECTION_NAME_PAIR_BITS] = {4, offsetof(dict_file_header, name_pair_bits), true},
    [SECTION_PAIRS] = {4, offsetof(dict_file_header, pair_bits), true},
    [SECTION_FOLLOW_FILTER] = {4, offsetof(dict_file_header, follow_bits), true},
    [SECTION_LATIN_PREFIXES] = {sizeof(dict_prefix_slot), offsetof(dict_file_header, latin_prefix_bits), false},
    [SECTION_LATIN_SLOTS] = {sizeof(dict_hash_slot), offsetof(dict_file_header, latin_slot_bits), false},
    [SECTION_STEMS + DICT_STEMS_OF_TWO] = {sizeof(dict_stem), offsetof(dict_file_header, stem_bits[0]), false},
    [SECTION_STEMS + DICT_STEMS_OF_FOUR] = {sizeof(dict_stem), offsetof(dict_file_header, stem_bits[1]), false},
    [SECTION_STEMS + DICT_STEMS_LONGER] = {sizeof(dict_stem), offsetof(dict_file_header, stem_bits[2]), false},
    [SECTION_CHOICES] = {sizeof(dict_choice), 0, false},
};

/* True where a section has as many items as the header says that its slots are; a list may have any number. */
static bool count_is_right(const dict_file_header *header, uint32_t section) {
    const dict_section_shape *shape = &dict_section_shapes[section];
    uint32_t bits;
    if (shape->bits_at == 0) return true;
    memcpy(&bits, (const char *)header + shape->bits_at, sizeof bits);
    if (bits < DICT_MIN_TABLE_BITS || bits > DICT_MAX_TABLE_BITS) return false;
    return header->sections[section].count == (uint64_t)1 << (shape->is_bit_set ? bits - 5 : bits);
}

static sm_status check_header(const void *bytes, uint64_t len, sm_error *error) {
    const dict_file_header *header = bytes;
    if (len < sizeof *header || memcmp(header->magic, dict_file_magic, sizeof dict_file_magic) != 0)
        return base_fail(error, SM_ERR_FORMAT,
                         "this is no compiled dictionary; build one with `stockmention dict build`");
    if (header->format_version != DICT_FORMAT_VERSION)
        return base_fail_at(
            error, SM_ERR_FORMAT, NULL, 0, 8,
            "the dictionary has format version %u, this library reads %d; build it again from its tables",
            header->format_version, DICT_FORMAT_VERSION);
    if (header->size != len || header->n_sections != SECTION_COUNT)
        return base_fail_at(error, SM_ERR_FORMAT, NULL, 0, 16,
                            "the dictionary should have %llu bytes but has %llu; copy it again, or build it",
                            (unsigned long long)header->size, (unsigned long long)len);
    if (!base_date_is_valid(header->as_of))
        return base_fail_at(error, SM_ERR_FORMAT, NULL, 0, 12,
                            "damaged dictionary: its day %d is no day; copy it again, or build it", header->as_of);
    for (uint32_t i = 0; i < SECTION_COUNT; i++) {
        const dict_file_section *s = &header->sections[i];
        uint64_t at = (uint64_t)((const char *)s - (const char *)bytes);
        uint64_t item = i < SECTION_TABLES ? dict_section_shapes[i].item_size : (uint64_t)s->columns * 4;
        bool fits = s->offset % 64 == 0 && s->offset <= len && s->size <= len - s->offset
                    && s->offset >= sizeof *header;
        if (!fits || s->size != (uint64_t)s->count * item || (i < SECTION_TABLES && !count_is_right(header, i)))
            return base_fail_at(error, SM_ERR_FORMAT, NULL, 0, at,
                                "damaged dictionary: section %u does not fit into the file; copy it again, or build it",
                                i);
    }
    return SM_OK;
}

static bool check_fold(checker *check) {
    const dict_view *view = check->view;
    for (uint32_t c = 0; c < 0x10000; c++)
        if ((view->fold_same[c >> 5] >> (c & 31) & 1) != (view->fold[c] == c))
            return fault(check, &view->fold_same[c >> 5], "a character is said to fold otherwise than it does");
    return true;
}

static bool check_text(checker *check) {
    const dict_view *view = check->view;
    if (view->strings_size == 0 || view->strings[view->strings_size - 1] != '\0')
        return fault(check, view->strings, "the strings do not end");
    size_t valid = base_utf8_valid_prefix_with(base_kernel_best(), view->strings, (size_t)view->strings_size);
    return valid == view->strings_size || fault(check, view->strings + valid, "a string is no UTF-8");
}

sm_status dict_view_open(const void *bytes, uint64_t len, dict_view *view, sm_error *error) {
    if (*(const char *)&one != 1)
        return base_fail(error, SM_ERR_FORMAT,
                         "dictionaries are read on little-endian machines only; this one is none");
    sm_status status = check_header(bytes, len, error);
    if (status != SM_OK) return status;
    const dict_file_header *header = bytes;
    if (dict_file_hash(bytes, len) != header->hash)
        return base_fail_at(error, SM_ERR_FORMAT, NULL, 0, 24,
                            "damaged dictionary: its hash is not that of its bytes; copy it again, or build it");
    dict_view_trust(bytes, len, view);
    checker check = {.view = view};
    bool is_whole =
        section_count(view, SECTION_FOLD) == 0x10000 && section_count(view, SECTION_FOLD_SAME) == 0x10000 / 32
        && section_count(view, SECTION_WORD_EDGES) == DICT_WORD_EDGES / 32
        && section_count(view, SECTION_CLUE_SEEDS) == DICT_CLUE_SEEDS && section_count(view, SECTION_MARKET_BYTES) == 1
        && section_count(view, SECTION_PAIR_ROLES) == DICT_PAIR_ROLES && view->follow_filter_bits >= DICT_LINE_BITS;
    bool good = (is_whole || fault(&check, view->fold, "a table of fixed size has another")) && check_text(&check)
                && check_fold(&check) && check_tables(&check) && check_securities(&check) && check_names(&check)
                && check_choices(&check) && check_index(&check, &view->index[DICT_HAN_NAMES])
                && check_index(&check, &view->index[DICT_LATIN_NAMES]) && check_stems(&check, DICT_STEMS_OF_TWO)
                && check_stems(&check, DICT_STEMS_OF_FOUR) && check_stems(&check, DICT_STEMS_LONGER)
                && check_code_slots(&check) && check_lexicon(&check);
    if (good) return SM_OK;
    return base_fail_at(error, SM_ERR_FORMAT, NULL, 0, check.byte, "damaged dictionary: %s; copy it again, or build it",
                        check.fault);
}
