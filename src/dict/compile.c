#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"

const char dict_file_magic[8] = {'S', 'M', 'D', 'I', 'C', 'T', '\r', '\n'};

/* --- Arrays, strings, hash tables ----------------------------------------------------------------------------------- */

void *dict_append(dict_builder *builder, dict_section_id section, size_t n) {
    dict_array *array = &builder->section[section];
    if (builder->failed
        || !base_grow(&base_default_allocator, &array->items, &array->capacity, array->n + n, array->item_size)) {
        builder->failed = true;
        return NULL;
    }
    if (!n && !array->items) return NULL; /* NULL + 0 is not defined */
    void *first = (char *)array->items + array->n * array->item_size;
    memset(first, 0, n * array->item_size);
    array->n += n;
    return first;
}

static bool grow_string_slots(dict_builder *builder) {
    uint32_t bits = builder->string_bits + 1;
    uint32_t *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (!slots) return false;
    for (uint32_t i = 0; builder->string_slots && i < 1u << builder->string_bits; i++) {
        uint32_t entry = builder->string_slots[i];
        if (!entry) continue;
        const char *text = builder->strings.data + entry - 1;
        uint32_t at = dict_slot(base_hash(text, strlen(text)), bits);
        while (slots[at]) at = (at + 1) & ((1u << bits) - 1);
        slots[at] = entry;
    }
    free(builder->string_slots);
    builder->string_slots = slots;
    builder->string_bits = bits;
    return true;
}

uint32_t dict_intern(dict_builder *builder, base_slice text) {
    if (builder->failed) return 0;
    if (builder->n_strings * 2 >= 1u << builder->string_bits && !grow_string_slots(builder)) goto fail;
    uint32_t mask = (1u << builder->string_bits) - 1;
    uint32_t at = dict_slot(base_hash(text.bytes, text.len), builder->string_bits);
    for (; builder->string_slots[at]; at = (at + 1) & mask) {
        uint32_t offset = builder->string_slots[at] - 1;
        if (base_slice_is(text, builder->strings.data + offset)) return offset;
    }
    uint64_t offset = builder->strings.len;
    if (offset + text.len + 1 > UINT32_MAX - 1) goto fail;
    if (!base_buffer_append(&builder->strings, text.bytes, text.len)) goto fail;
    if (!base_buffer_append(&builder->strings, "", 1)) goto fail;
    builder->string_slots[at] = (uint32_t)offset + 1;
    builder->n_strings++;
    return (uint32_t)offset;
fail:
    builder->failed = true;
    return 0;
}

void *dict_append_slots(dict_builder *builder, dict_section_id section, size_t n, uint32_t *bits) {
    *bits = DICT_MIN_TABLE_BITS;
    while (*bits < DICT_MAX_TABLE_BITS && ((size_t)3 << *bits) / 4 < n) ++*bits; /* three quarters full at most */
    return dict_append(builder, section, (size_t)1 << *bits);
}

void dict_put(dict_builder *builder, dict_section_id section, uint32_t bits, uint64_t hash, uint32_t index) {
    if (builder->failed) return;
    dict_hash_slot *slots = builder->section[section].items;
    uint32_t at = dict_slot(hash, bits);
    while (slots[at].index) at = (at + 1) & ((1u << bits) - 1);
    slots[at] = (dict_hash_slot){dict_tag(hash), index + 1};
}

/* --- Records -------------------------------------------------------------------------------------------------------- */

static int32_t iso_date(base_slice cell) {
    return cell.len ? base_date_parse(cell) : 0;
}

static uint32_t word_index(base_slice cell, const char *const *words, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (base_slice_is(cell, words[i])) return i;
    return 0;
}

static void build_small_tables(dict_builder *builder) {
    for (dict_table_id t = 0; t < DICT_N_TABLES; t++) {
        if (t == DICT_SECURITIES || t == DICT_NAMES) continue;
        const dict_rows *rows = &builder->tables->table[t];
        uint32_t columns = dict_table_columns(t, NULL);
        for (size_t r = 0; r < rows->n; r++) {
            uint32_t *cells = dict_append(builder, (dict_section_id)(SECTION_TABLES + t), columns);
            for (uint32_t c = 0; cells && c < columns; c++) cells[c] = dict_intern(builder, rows->rows[r].cells[c]);
        }
    }
}

static uint32_t find_mic_row(const dict_builder *builder, base_slice id) {
    const dict_rows *mics = &builder->tables->table[DICT_MICS];
    for (uint32_t i = 0; i < mics->n; i++) {
        base_slice mic = mics->rows[i].cells[MIC_MIC];
        if (id.len > mic.len && id.bytes[mic.len] == ':' && memcmp(id.bytes, mic.bytes, mic.len) == 0) return i;
    }
    return 0;
}

static base_slice code_of_id(base_slice id) {
    const char *colon = memchr(id.bytes, ':', id.len);
    return colon ? (base_slice){colon + 1, id.len - (size_t)(colon + 1 - id.bytes)} : id;
}

/* The slot of an id, or the empty one where it belongs. */
static dict_code_slot *find_code_slot(const dict_builder *builder, base_slice id) {
    dict_code_slot *slots = builder->section[SECTION_CODE_SLOTS].items;
    const dict_rows *rows = &builder->tables->table[DICT_SECURITIES];
    uint64_t number = dict_code_number(code_of_id(id));
    uint32_t bits = builder->header.code_bits, at = dict_slot(dict_number_hash(number), bits);
    for (; slots[at].index; at = (at + 1) & ((1u << bits) - 1))
        if (slots[at].number == number && base_slice_equal(rows->rows[slots[at].index - 1].cells[SEC_ID], id)) break;
    return &slots[at];
}

static uint32_t find_security(const dict_builder *builder, base_slice id) {
    uint32_t index = find_code_slot(builder, id)->index;
    return index ? index - 1 : dict_none;
}

/* The words that speak of the markets of a country: A股, 港股, 美股. Of others none does. */
static uint16_t market_of(base_slice country) {
    static const struct {
        const char *country;
        dict_class class_number;
    } rows[] = {{"CN", DICT_CLASS_MARKET_CN}, {"HK", DICT_CLASS_MARKET_HK}, {"US", DICT_CLASS_MARKET_US}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (base_slice_is(country, rows[i].country)) return (uint16_t)(1 << rows[i].class_number);
    return 0;
}

static void build_securities(dict_builder *builder) {
    static const char *const statuses[] = {"active", "delisted", "renamed", "renumbered"};
    const dict_rows *rows = &builder->tables->table[DICT_SECURITIES];
    /* As for twice as many: dict_slots_with_number() sees an empty slot behind nearly every code then. */
    dict_append_slots(builder, SECTION_CODE_SLOTS, 2 * rows->n, &builder->header.code_bits);
    for (uint32_t i = 0; !builder->failed && i < rows->n; i++) {
        base_slice id = rows->rows[i].cells[SEC_ID];
        *find_code_slot(builder, id) = (dict_code_slot){dict_code_number(code_of_id(id)), find_mic_row(builder, id),
                                                        i + 1};
    }
    dict_security *out = dict_append(builder, SECTION_SECURITIES, rows->n);
    for (uint32_t i = 0; !builder->failed && i < rows->n; i++) {
        const base_slice *c = rows->rows[i].cells;
        dict_security *s = &out[i];
        s->id = dict_intern(builder, c[SEC_ID]);
        s->mic = find_mic_row(builder, c[SEC_ID]);
        const base_slice *market = builder->tables->table[DICT_MICS].rows[s->mic].cells;
        s->code = s->id + (uint32_t)market[MIC_MIC].len + 1;
        s->issuer = c[SEC_ISSUER].len ? find_security(builder, c[SEC_ISSUER]) : i;
        s->successor = c[SEC_SUCCESSOR].len ? find_security(builder, c[SEC_SUCCESSOR]) : dict_none;
        s->type = dict_intern(builder, c[SEC_TYPE]);
        s->board = dict_intern(builder, c[SEC_BOARD]);
        s->currency = dict_intern(builder, c[SEC_CURRENCY]);
        s->isin = dict_intern(builder, c[SEC_ISIN]);
        s->listed = iso_date(c[SEC_LISTED]);
        s->delisted = iso_date(c[SEC_DELISTED]);
        s->status = word_index(c[SEC_STATUS], statuses, 4);
        s->name = dict_intern(builder, (base_slice){"", 0});
        s->markets = market_of(market[MIC_COUNTRY]);
        s->is_share = base_slice_is(c[SEC_TYPE], "stock") || base_slice_is(c[SEC_TYPE], "depositary_receipt");
    }
}

/* A word of class symbol is written under the fold, in small letters. One that is no code is passed over: a layer may have
 * removed its security. */
static void mark_symbol(dict_builder *builder, base_slice word) {
    char symbol[DICT_NUMBER_BYTES];
    const dict_code_slot *slots = builder->section[SECTION_CODE_SLOTS].items;
    dict_security *securities = builder->section[SECTION_SECURITIES].items;
    if (word.len > sizeof symbol) return; /* of characters it has no more, but of bytes it may */
    for (size_t i = 0; i < word.len; i++) symbol[i] = base_upper(word.bytes[i]);
    uint64_t number = dict_code_number((base_slice){symbol, word.len});
    uint32_t bits = builder->header.code_bits, at = dict_slot(dict_number_hash(number), bits);
    for (; slots[at].index; at = (at + 1) & ((1u << bits) - 1))
        if (slots[at].number == number) securities[slots[at].index - 1].is_known = 1;
}

/* A flag of the security tells it without a look at words. */
static void mark_known_symbols(dict_builder *builder) {
    const dict_rows *rows = &builder->tables->table[DICT_LEXICON];
    for (size_t i = 0; !builder->failed && i < rows->n; i++)
        if (dict_class_find(rows->rows[i].cells[LEXICON_CLASS]) == DICT_CLASS_SYMBOL)
            mark_symbol(builder, rows->rows[i].cells[LEXICON_WORD]);
}

/* Lines of one issuer stand together, home line first, then in the order of the table. */
static void build_lines(dict_builder *builder) {
    dict_array *securities = &builder->section[SECTION_SECURITIES];
    uint32_t n = (uint32_t)securities->n;
    uint32_t *lines = dict_append(builder, SECTION_LINES, n);
    dict_security *s = securities->items;
    if (builder->failed) return;
    for (uint32_t i = 0; i < n; i++) s[s[i].issuer].n_lines++;
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!s[i].n_lines) continue;
        builder->header.n_issuers++;
        s[i].first_line = at;
        at += s[i].n_lines;
        s[i].n_lines = 0;
    }
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < n; i++)
            if ((s[i].issuer == i) == (pass == 0)) {
                dict_security *home = &s[s[i].issuer];
                lines[home->first_line + home->n_lines++] = i;
            }
    for (uint32_t i = 0; i < n; i++) {
        s[i].first_line = s[s[i].issuer].first_line;
        s[i].n_lines = s[s[i].issuer].n_lines;
    }
}

static void build_names(dict_builder *builder) {
    static const char *const kinds[] = {"short", "full", "english", "alias", "former"};
    static const char *const policies[] = {"always", "context", "code-only", "never"};
    const dict_rows *rows = &builder->tables->table[DICT_NAMES];
    dict_name *out = dict_append(builder, SECTION_NAMES, rows->n);
    for (uint32_t i = 0; !builder->failed && i < rows->n; i++) {
        const base_slice *c = rows->rows[i].cells;
        out[i].text = dict_intern(builder, c[NAME_NAME]);
        out[i].security = find_security(builder, c[NAME_ID]);
        out[i].surface = dict_none;
        out[i].from = iso_date(c[NAME_FROM]);
        out[i].to = iso_date(c[NAME_TO]);
        memcpy(out[i].lang, c[NAME_LANG].bytes, 2);
        out[i].kind = (uint8_t)word_index(c[NAME_KIND], kinds, 5);
        out[i].policy = (uint8_t)word_index(c[NAME_POLICY], policies, 4);
        out[i].ambiguous = base_slice_is(c[NAME_AMBIGUOUS], "1");
    }
}

/* What a person would call the security today: the first short name, else an alias in Chinese, else what there is. */
static void choose_security_names(dict_builder *builder) {
    static const uint8_t rank_of_kind[] = {
        [DICT_SHORT] = 5, [DICT_ALIAS] = 3, [DICT_ENGLISH] = 4, [DICT_FULL] = 2, [DICT_FORMER] = 1};
    const dict_array *names = &builder->section[SECTION_NAMES];
    dict_security *securities = builder->section[SECTION_SECURITIES].items;
    uint8_t *best = calloc(builder->section[SECTION_SECURITIES].n + 1, 1);
    if (!best) {
        builder->failed = true;
        return;
    }
    for (uint32_t i = 0; i < names->n; i++) {
        const dict_name *name = (const dict_name *)names->items + i;
        uint8_t rank = (uint8_t)(rank_of_kind[name->kind] * 2 + (name->policy == DICT_ALWAYS));
        if (rank <= best[name->security]) continue;
        best[name->security] = rank;
        securities[name->security].name = name->text;
    }
    free(best);
}

/* --- The file ------------------------------------------------------------------------------------------------------- */

static bool pad(sm_buffer *out, uint64_t start) {
    static const char zeros[64] = {0};
    return base_buffer_append(out, zeros, (size_t)((start - out->len) & 63));
}

uint64_t dict_file_hash(const void *bytes, uint64_t len) {
    dict_file_header header;
    memcpy(&header, bytes, sizeof header);
    header.hash = 0;
    uint64_t hashes[2] = {base_hash(&header, sizeof header),
                          base_hash((const char *)bytes + sizeof header, (size_t)len - sizeof header)};
    return base_hash(hashes, sizeof hashes);
}

static uint64_t size_of_file(const dict_builder *builder) {
    uint64_t size = sizeof builder->header + 64;
    for (uint32_t i = 0; i < SECTION_COUNT; i++) size += builder->section[i].n * builder->section[i].item_size + 64;
    return size;
}

static void free_section(dict_array *array) {
    free(array->items);
    array->items = NULL;
}

/* Sections are let go as they are written: of millions of names they are gigabytes, which need not be there twice. */
static bool write_file(dict_builder *builder, sm_buffer *out) {
    dict_file_header *header = &builder->header;
    uint64_t start = out->len;
    if (!base_buffer_reserve(out, size_of_file(builder))) return false;
    if (!base_buffer_append(out, (const char *)header, sizeof *header) || !pad(out, start)) return false;
    for (uint32_t i = 0; i < SECTION_COUNT; i++) {
        const dict_array *array = &builder->section[i];
        dict_file_section *section = &header->sections[i];
        section->offset = out->len - start;
        section->size = array->n * array->item_size;
        section->count = (uint32_t)array->n;
        if (i >= SECTION_TABLES) {
            section->columns = dict_table_columns((dict_table_id)(i - SECTION_TABLES), NULL);
            section->count /= section->columns;
        }
        if (array->n && !base_buffer_append(out, array->items, (size_t)section->size)) return false;
        free_section(&builder->section[i]);
        if (!pad(out, start)) return false;
    }
    header->size = out->len - start;
    memcpy(out->data + start, header, sizeof *header);
    header->hash = dict_file_hash(out->data + start, header->size);
    memcpy(out->data + start, header, sizeof *header);
    return true;
}

static void builder_init(dict_builder *builder, const dict_tables *tables) {
    memset(builder, 0, sizeof *builder);
    builder->tables = tables;
    builder->string_bits = 12;
    base_arena_init(&builder->arena, &base_default_allocator);
    for (uint32_t i = 0; i < SECTION_COUNT; i++)
        builder->section[i].item_size = i < SECTION_TABLES ? dict_section_shapes[i].item_size : 4;
    memcpy(builder->header.magic, dict_file_magic, sizeof dict_file_magic);
    builder->header.format_version = DICT_FORMAT_VERSION;
    builder->header.as_of = tables->as_of;
    builder->header.n_sections = SECTION_COUNT;
    builder->string_slots = calloc((size_t)1 << builder->string_bits, sizeof *builder->string_slots);
    builder->failed = !builder->string_slots;
}

static void builder_free(dict_builder *builder) {
    for (uint32_t i = 0; i < SECTION_COUNT; i++) free_section(&builder->section[i]);
    free(builder->string_slots);
    sm_buffer_free(&builder->strings);
    base_arena_free(&builder->arena);
}

sm_status dict_compile(const dict_tables *tables, sm_buffer *out, sm_error *error) {
    dict_builder builder;
    builder_init(&builder, tables);
    dict_intern(&builder, (base_slice){"", 0}); /* offset 0 is the empty string */
    build_small_tables(&builder);
    build_securities(&builder);
    mark_known_symbols(&builder);
    build_lines(&builder);
    build_names(&builder);
    if (!builder.failed) choose_security_names(&builder);
    dict_build_fold(&builder);
    if (!builder.failed) dict_build_lexicon(&builder);
    dict_build_surfaces(&builder);
    dict_build_choices(&builder);
    dict_build_matcher(&builder);
    dict_build_stems(&builder);
    char *strings = dict_append(&builder, SECTION_STRINGS, (size_t)builder.strings.len);
    if (strings) memcpy(strings, builder.strings.data, (size_t)builder.strings.len);
    sm_buffer_free(&builder.strings);
    bool ok = !builder.failed && write_file(&builder, out);
    builder_free(&builder);
    return ok ? SM_OK : base_no_memory(error, "for the dictionary");
}
