/* Opening compiled dictionaries: a good one opens wherever it lies; what is cut, changed, of another version or no
 * dictionary at all is refused with a status and a message that help, and never read past its end. */
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../random.h"
#include "compiled.h"

/* --- Good ones -------------------------------------------------------------------------------------------------------- */

static void the_same_tables_give_the_same_bytes(const sm_buffer *good) {
    for (int i = 0; i < 3; i++) {
        sm_buffer again = build();
        CHECK(again.len == good->len && memcmp(again.data, good->data, (size_t)good->len) == 0);
        sm_buffer_free(&again);
    }
    char *copy = exact_copy(good, (size_t)good->len);
    sign(copy, (size_t)good->len);
    CHECK_ROW(memcmp(copy, good->data, (size_t)good->len) == 0, "this test knows how the hash is taken");
    free(copy);
}

static void a_good_dictionary_is_described(const sm_buffer *good) {
    const sm_dict *dict = NULL;
    sm_error error = {0};
    sm_dict_info info = {.struct_size = sizeof info};
    if (!CHECK_ROW(sm_dict_open_memory(good->data, good->len, &dict, &error) == SM_OK, error.message)) return;
    CHECK(error.status == SM_OK && !error.message[0]);
    CHECK(sm_dict_describe(dict, &info) == SM_OK);
    CHECK(info.n_securities == 10 && info.n_issuers == 8 && info.n_names == 9);
    CHECK(info.as_of == 20261123 && info.size == good->len && info.format_version == DICT_FORMAT_VERSION);
    char version[32];
    snprintf(version, sizeof version, "2026-11-23/%08x", (unsigned)(info.hash >> 32));
    CHECK_STR(version, info.version, "day and hash");
    info.struct_size = 8; /* an older caller's */
    info.as_of = 0;
    CHECK(sm_dict_describe(dict, &info) == SM_OK && info.struct_size == 8 && info.as_of == 0);
    struct {
        sm_dict_info known;
        uint64_t later;
    } newer = {{.struct_size = sizeof newer}, 7}; /* a caller's that knows more */
    CHECK(sm_dict_describe(dict, &newer.known) == SM_OK && newer.known.n_names == 9 && newer.later == 0);
    CHECK(newer.known.struct_size == sizeof newer);
    CHECK(sm_dict_describe(NULL, &info) == SM_ERR_ARG && sm_dict_describe(dict, NULL) == SM_ERR_ARG);
    sm_dict_free(dict);
    sm_dict_free(NULL);
}

/* --- Damaged ones ------------------------------------------------------------------------------------------------------ */

static void every_truncation_is_refused(const sm_buffer *good) {
    const dict_file_header *header = (const dict_file_header *)(const void *)good->data;
    size_t header_size = sizeof *header, len = (size_t)good->len;
    bool all_refused = true;
    for (size_t cut = 0; cut < len; cut += cut < header_size + 64 ? 1 : 4093) {
        char *copy = exact_copy(good, cut);
        all_refused &= open_view(copy, cut, NULL) == SM_ERR_FORMAT;
        free(copy);
    }
    CHECK(all_refused);
    /* At the edges of the sections, with a header that says that this is all. */
    all_refused = true;
    for (uint32_t section = 0; section < SECTION_COUNT; section++)
        for (int side = -1; side <= 1; side++) {
            size_t cut = (size_t)((int64_t)(header->sections[section].offset + header->sections[section].size) + side);
            if (cut >= len - 64 || cut <= header_size) continue; /* the last bytes are padding */
            char *copy = exact_copy(good, cut);
            ((dict_file_header *)(void *)copy)->size = cut;
            sign(copy, cut);
            all_refused &= open_view(copy, cut, NULL) == SM_ERR_FORMAT;
            free(copy);
        }
    CHECK(all_refused);
}

static void longer_is_refused_too(const sm_buffer *good) {
    size_t len = (size_t)good->len + 64;
    char *copy = calloc(1, len);
    if (!copy) exit(2);
    memcpy(copy, good->data, (size_t)good->len);
    CHECK(open_view(copy, len, NULL) == SM_ERR_FORMAT);
    free(copy);
}

static void every_changed_byte_of_the_header_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len, n_bytes = 0, first = 0;
    char *copy = exact_copy(good, len), row[128];
    for (size_t at = 0; at < sizeof(dict_file_header); at++) {
        unsigned n_taken = 0;
        for (unsigned i = 0; i < 10; i++) {
            unsigned change = i < 8 ? 1u << i : i == 8 ? 0xFF : 0x55;
            copy[at] = (char)(good->data[at] ^ (char)change);
            n_taken += open_view(copy, len, NULL) != SM_ERR_FORMAT;
        }
        copy[at] = good->data[at];
        if (n_taken && !n_bytes++) first = at;
    }
    snprintf(row, sizeof row, "no change of a byte of the header passes unseen; %zu bytes do, the first at %zu",
             n_bytes, first);
    CHECK_ROW(n_bytes == 0, row);
    free(copy);
}

/* The hash sees every change behind the header. */
static void changed_bytes_behind_the_header_are_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    random_source source = {5};
    bool all_refused = true;
    for (size_t at = sizeof(dict_file_header); at < len; at += 1 + random_below(&source, (uint32_t)(len / 1500 + 1))) {
        copy[at] = (char)(good->data[at] ^ (char)(1 << random_below(&source, 8)));
        all_refused &= open_view(copy, len, NULL) == SM_ERR_FORMAT;
        copy[at] = good->data[at];
    }
    CHECK(all_refused);
    free(copy);
}

/* A header whose tables have sizes that no table can have, also with the sections empty to match. */
static void sizes_that_no_table_has_are_refused(const sm_buffer *good) {
    static const dict_section_id sized[] = {SECTION_HAN_FILTER,
                                            SECTION_NUMBER_FILTER,
                                            SECTION_PREFIXES,
                                            SECTION_SURFACE_SLOTS,
                                            SECTION_CODE_SLOTS,
                                            SECTION_WORDS,
                                            SECTION_NAME_BITS,
                                            SECTION_PAIRS,
                                            SECTION_FOLLOW_FILTER,
                                            SECTION_CUES,
                                            SECTION_LATIN_PREFIXES,
                                            SECTION_LATIN_SLOTS,
                                            SECTION_CLUES,
                                            SECTION_STEMS + DICT_STEMS_OF_TWO,
                                            SECTION_STEMS + DICT_STEMS_OF_FOUR,
                                            SECTION_STEMS + DICT_STEMS_LONGER};
    static const uint32_t sizes[] = {0, 1, 4, 32, 40, 63, 64, UINT32_MAX};
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len), row[64];
    dict_file_header *header = (dict_file_header *)(void *)copy;
    const dict_file_header before = *header;
    for (size_t field = 0; field < sizeof sized / sizeof sized[0]; field++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (int is_empty = 0; is_empty < 2; is_empty++) {
                memcpy((char *)header + offsetof(dict_file_header, han_bits) + field * 4, &sizes[i], 4);
                if (is_empty) header->sections[sized[field]].count = 0, header->sections[sized[field]].size = 0;
                sign(copy, len);
                snprintf(row, sizeof row, "section %d of 2^%u, empty: %d", (int)sized[field], sizes[i], is_empty);
                CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, row);
                *header = before;
            }
    free(copy);
}

/* A hostile file has the right hash: it opens or not, but whatever it says, nothing is read past its end. */
static void signed_nonsense_is_opened_or_refused(const sm_buffer *good) {
    static const unsigned char edges[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    random_source source = {11};
    unsigned n_refused = 0;
    for (int i = 0; i < 3000; i++) {
        size_t at[4], n = 1 + random_below(&source, 4);
        /* Half of the changes in the header, half anywhere. */
        for (size_t k = 0; k < n; k++) {
            at[k] = random_below(&source, 2) ? 8 + random_below(&source, sizeof(dict_file_header) - 8)
                                             : random_below(&source, (uint32_t)len);
            copy[at[k]] = (char)edges[random_below(&source, sizeof edges)];
        }
        sign(copy, len);
        sm_error error = {0};
        sm_status status = open_view(copy, len, &error);
        CHECK(status == SM_OK || (status == SM_ERR_FORMAT && error.message[0] && error.byte < len));
        n_refused += status != SM_OK;
        for (size_t k = 0; k < n; k++) copy[at[k]] = good->data[at[k]];
    }
    CHECK(n_refused > 500);
    free(copy);
}

/* The scan compares with the copy, and as many characters as the surface says that it has. */
static void a_surface_that_is_not_its_text_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    const dict_file_header *header = (const dict_file_header *)(const void *)copy;
    dict_surface *surface = (dict_surface *)(void *)(copy + header->sections[SECTION_SURFACES].offset);
    const dict_surface before = *surface;
    for (int i = 0; i < 4; i++) {
        static const char *const rows[] = {"more characters", "none", "another start", "something behind the text"};
        if (i < 2) surface->n_chars = i ? 0 : DICT_MAX_NAME_CHARS;
        else surface->start[i == 2 ? 0 : DICT_SURFACE_START - 1] ^= 1;
        sign(copy, len);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, rows[i]);
        *surface = before;
    }
    sign(copy, len);
    CHECK(open_view(copy, len, NULL) == SM_OK);
    free(copy);
}

static dict_stem *stems_of(char *file, dict_stem_table table) {
    const dict_file_header *header = (const dict_file_header *)(const void *)file;
    return (dict_stem *)(void *)(file + header->sections[SECTION_STEMS + (int)table].offset);
}

static bool is_whole(const dict_stem *stem) {
    return stem->surface && !(stem->surface & dict_is_alone);
}

/* The scan compares no text: a stem is the whole name, or its beginning where it goes on alone. */
static void a_stem_that_is_not_its_surface_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    dict_stem *twos = stems_of(copy, DICT_STEMS_OF_TWO), *fours = stems_of(copy, DICT_STEMS_OF_FOUR);
    dict_stem *two = twos, *four = fours, *longer = stems_of(copy, DICT_STEMS_LONGER), *empty = twos;
    dict_stem *alone = longer;
    while (!is_whole(two)) two++;
    while (!is_whole(four) || !(four->key >> 48)) four++;
    while (!is_whole(longer)) longer++;
    while (!alone->surface || is_whole(alone)) alone++;
    while (empty->key) empty++;
    const dict_stem of_two = *two, of_four = *four, of_many = *longer, of_one = *alone;
    const struct {
        dict_stem *at, stem;
        const char *why;
    } rows[] = {
        {two, {of_two.key ^ 1, of_two.surface, 0}, "another first character"},
        {two, {of_two.key & 0xFFFF, of_two.surface, 0}, "one character"},
        {two, {of_two.key, UINT32_MAX, 0}, "no surface"},
        {two, {of_two.key, of_four.surface, 0}, "a longer surface"},
        {two, of_four, "of four among those of two"},
        {four, of_two, "of two among those of four"},
        {longer, of_four, "of four among longer ones"},
        {four, {of_four.key ^ (uint64_t)1 << 48, of_four.surface, 0}, "another fourth character"},
        {longer, {of_many.key, of_two.surface, 0}, "a shorter surface"},
        {longer, {of_many.key ^ 1, of_many.surface, 0}, "another last character"},
        {longer, {of_many.key ^ 1u << 16, of_many.surface, 0}, "another number of characters"},
        {longer, {of_many.key ^ (uint64_t)1 << 32, of_many.surface, 0}, "behind another stem"},
        {longer, {of_many.key | (uint64_t)1 << 63, of_many.surface, 0}, "behind none"},
        {two, {of_two.key, dict_is_alone, 0}, "no surface that goes on"},
        {two, {of_two.key, of_two.surface | dict_is_alone, 0}, "a surface that ends goes on"},
        {alone, {of_one.key, of_one.surface & ~dict_is_alone, 0}, "a surface that goes on ends"},
        {alone, {of_one.key ^ 1, of_one.surface, 0}, "another last character of one that goes on"},
        {empty, {0, of_two.surface, 0}, "a surface in an empty slot"},
        {empty, {0, 0, 1}, "something that follows on an empty slot"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const dict_stem before = *rows[i].at;
        *rows[i].at = rows[i].stem;
        sign(copy, len);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, rows[i].why);
        *rows[i].at = before;
    }
    free(copy);
}

static void a_full_table_of_stems_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    for (int table = 0; table < DICT_N_STEMS; table++) {
        char *copy = exact_copy(good, len), row[32];
        const dict_file_header *header = (const dict_file_header *)(const void *)copy;
        dict_stem *stems = stems_of(copy, (dict_stem_table)table);
        for (size_t i = 0; i < (size_t)1 << header->stem_bits[table]; i++)
            if (!stems[i].key) stems[i].key = 1;
        sign(copy, len);
        snprintf(row, sizeof row, "no empty slot in table %d", table);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, row);
        free(copy);
    }
}

/* The lines of a surface are read up to the last one that it says it has. */
static void a_choice_that_is_not_there_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    const dict_file_header *header = (const dict_file_header *)(const void *)copy;
    const dict_file_section *section = &header->sections[SECTION_CHOICES];
    dict_surface *surface = (dict_surface *)(void *)(copy + header->sections[SECTION_SURFACES].offset);
    dict_choice *last = (dict_choice *)(void *)(copy + section->offset) + section->count - 1;
    if (!CHECK_ROW(section->count >= 2, "the tables have an issuer with two lines")) exit(check_report());
    const dict_surface before = *surface;
    const dict_choice last_before = *last;
    for (int i = 0; i < 4; i++) {
        static const char *const rows[] = {"no security", "more than there are", "no string",
                                           "a surface's first is none"};
        if (i == 0) last->security = header->sections[SECTION_SECURITIES].count;
        else if (i == 1) last->n_more = 1;
        else if (i == 2) last->name = (uint32_t)header->sections[SECTION_STRINGS].size;
        else surface->choices = section->count;
        sign(copy, len);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, rows[i]);
        *surface = before;
        *last = last_before;
    }
    sign(copy, len);
    CHECK(open_view(copy, len, NULL) == SM_OK);
    free(copy);
}

/* Weights are summed up in 32 bits. */
/* The bits of characters that fold to themselves are taken for the fold. */
static void a_fold_that_is_told_wrong_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    const dict_file_header *header = (const dict_file_header *)(const void *)copy;
    uint32_t *same = (uint32_t *)(void *)(copy + header->sections[SECTION_FOLD_SAME].offset);
    for (uint32_t c = 'A'; c < 0x10000; c += 0x4DFF - 'A') {
        same[c >> 5] ^= 1u << (c & 31);
        sign(copy, len);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, "a character and its bit");
        same[c >> 5] ^= 1u << (c & 31);
    }
    sign(copy, len);
    CHECK(open_view(copy, len, NULL) == SM_OK);
    free(copy);
}

static void a_weight_out_of_range_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    const dict_file_header *header = (const dict_file_header *)(const void *)copy;
    uint32_t *cells = (uint32_t *)(void *)(copy + header->sections[SECTION_TABLES + DICT_CONTEXT].offset);
    char *weight = copy + header->sections[SECTION_STRINGS].offset + cells[CONTEXT_WEIGHT];
    *weight = 'x';
    sign(copy, len);
    sm_error error = {0};
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && strstr(error.message, "weight"));
    free(copy);
}

static void what_is_wrong_is_told(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    dict_file_header *header = (dict_file_header *)(void *)copy;
    const dict_file_header before = *header;
    sm_error error = {0};

    header->format_version++;
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && error.byte == 8);
    char expected[64];
    snprintf(expected, sizeof expected, "format version %d, this library reads %d", DICT_FORMAT_VERSION + 1,
             DICT_FORMAT_VERSION);
    CHECK_ROW(strstr(error.message, expected) && strstr(error.message, "build it again"), error.message);
    *header = before;

    header->size--;
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && error.byte == 16 && strstr(error.message, "bytes"));
    *header = before;

    header->hash ^= 1;
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && error.byte == 24 && strstr(error.message, "damaged"));
    *header = before;

    header->as_of = 20261131;
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && error.byte == 12 && strstr(error.message, "20261131"));
    *header = before;

    header->magic[0] = 's';
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && strstr(error.message, "dict build"));
    *header = before;

    copy[sizeof before + 100] ^= 1; /* a string's, or the padding's */
    CHECK(open_view(copy, len, &error) == SM_ERR_FORMAT && strstr(error.message, "hash"));
    free(copy);
}

/* A transfer in text mode turns \r\n into \n, which the magic tells at once. */
static void a_transfer_in_text_mode_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len - 1;
    char *copy = malloc(len);
    if (!copy) exit(2);
    memcpy(copy, good->data, 6);
    memcpy(copy + 6, good->data + 7, len - 6);
    CHECK(open_view(copy, len, NULL) == SM_ERR_FORMAT);
    free(copy);
}

/* --- By pointer and by path --------------------------------------------------------------------------------------------- */

static void bytes_must_be_aligned(const sm_buffer *good) {
    char *room = malloc((size_t)good->len + 8);
    if (!room) exit(2);
    for (size_t shift = 1; shift < 8; shift++) {
        const sm_dict *dict = (const sm_dict *)(const void *)room;
        sm_error error = {0};
        memcpy(room + shift, good->data, (size_t)good->len);
        CHECK(sm_dict_open_memory(room + shift, good->len, &dict, &error) == SM_ERR_ARG && dict == NULL);
        CHECK_ROW(strstr(error.message, "aligned to 8") != NULL, error.message);
    }
    const sm_dict *dict = NULL;
    CHECK(sm_dict_open_memory(NULL, good->len, &dict, NULL) == SM_ERR_ARG);
    CHECK(sm_dict_open_memory(good->data, good->len, NULL, NULL) == SM_ERR_ARG);
    CHECK(sm_dict_open_memory(good->data, 0, &dict, NULL) == SM_ERR_FORMAT && dict == NULL);
    free(room);
}

static void write_file(const char *path, const char *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) exit(2);
}

static void check_path(const char *path, sm_status status, const char *says) {
    const sm_dict *dict = (const sm_dict *)(const void *)path;
    sm_error error = {0};
    CHECK_ROW(sm_dict_open(path, &dict, &error) == status, path);
    CHECK_ROW(dict == NULL && error.status == status, path);
    CHECK_STR(path, error.file, "the file in the error");
    if (!CHECK_ROW(strstr(error.message, says) != NULL, path))
        fprintf(stderr, "  expected: …%s…\n  got:      %s\n", says, error.message);
}

static void a_path_is_opened_or_its_trouble_is_told(const sm_buffer *good) {
    char folder[] = "/tmp/stockmention_view_XXXXXX", path[64];
    if (!mkdtemp(folder)) exit(2);
    check_path(folder, SM_ERR_IO, "no regular file");
    snprintf(path, sizeof path, "%s/none.smd", folder);
    check_path(path, SM_ERR_IO, "cannot be opened: No such file");
    snprintf(path, sizeof path, "%s/default.smd", folder);
    write_file(path, "", 0);
    check_path(path, SM_ERR_FORMAT, "is empty; build a dictionary with `stockmention dict build`");
    write_file(path, "id\tname\n", 8);
    check_path(path, SM_ERR_FORMAT, "no compiled dictionary; build one with `stockmention dict build`");
    char noise[5000];
    random_source source = {2};
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)random_next(&source);
    write_file(path, noise, sizeof noise);
    check_path(path, SM_ERR_FORMAT, "no compiled dictionary; build one with `stockmention dict build`");
    write_file(path, good->data, (size_t)good->len / 2);
    check_path(path, SM_ERR_FORMAT, "bytes");

    const sm_dict *dict = NULL;
    sm_error error = {0};
    write_file(path, good->data, (size_t)good->len);
    CHECK_ROW(sm_dict_open(path, &dict, &error) == SM_OK, error.message);
    remove(path); /* a dictionary that is open stays so */
    sm_buffer tsv = {0};
    CHECK(dict && sm_dict_dump(dict, "names", &tsv, NULL) == SM_OK && strstr(tsv.data, "金山办公"));
    CHECK(dict && sm_dict_dump(dict, "name", &tsv, &error) == SM_ERR_UNKNOWN && strstr(error.message, "'name'"));
    sm_buffer_free(&tsv);
    sm_dict_free(dict);
    CHECK(sm_dict_open(NULL, &dict, NULL) == SM_ERR_ARG && sm_dict_open(path, NULL, NULL) == SM_ERR_ARG);
    rmdir(folder);
}

/* The embedded one is trusted when it is used: here it is checked. */
static void the_embedded_dictionary_is_sound(void) {
    const dict_view *view = dict_get_view(sm_dict_default());
    sm_error error = {0};
    CHECK_ROW(open_view(view->file, (size_t)view->size, &error) == SM_OK, error.message);
    CHECK(sm_dict_default() == sm_dict_default());
    sm_dict_free(sm_dict_default());
    CHECK(dict_find_id(view, base_slice_of("XSHG:688111")) != dict_none);
}

/* Bits of a word are looked for in a whole line. */
static void a_filter_of_less_than_a_line_is_refused(const sm_buffer *good) {
    size_t len = (size_t)good->len;
    char *copy = exact_copy(good, len);
    dict_file_header *header = (dict_file_header *)(void *)copy;
    sm_error error = {0};
    for (uint32_t bits = DICT_LINE_BITS - 1; bits <= DICT_LINE_BITS; bits++) {
        dict_file_section *section = &header->sections[SECTION_FOLLOW_FILTER];
        header->follow_bits = bits;
        section->count = 1u << (bits - 5);
        section->size = (uint64_t)section->count * 4;
        sign(copy, len);
        sm_status expected = bits < DICT_LINE_BITS ? SM_ERR_FORMAT : SM_OK;
        CHECK_ROW(open_view(copy, len, &error) == expected, error.message);
    }
    free(copy);
}

int main(void) {
    sm_buffer good = build();
    the_same_tables_give_the_same_bytes(&good);
    a_good_dictionary_is_described(&good);
    every_truncation_is_refused(&good);
    longer_is_refused_too(&good);
    every_changed_byte_of_the_header_is_refused(&good);
    changed_bytes_behind_the_header_are_refused(&good);
    sizes_that_no_table_has_are_refused(&good);
    a_filter_of_less_than_a_line_is_refused(&good);
    signed_nonsense_is_opened_or_refused(&good);
    a_surface_that_is_not_its_text_is_refused(&good);
    a_stem_that_is_not_its_surface_is_refused(&good);
    a_full_table_of_stems_is_refused(&good);
    a_choice_that_is_not_there_is_refused(&good);
    a_fold_that_is_told_wrong_is_refused(&good);
    a_weight_out_of_range_is_refused(&good);
    what_is_wrong_is_told(&good);
    a_transfer_in_text_mode_is_refused(&good);
    bytes_must_be_aligned(&good);
    a_path_is_opened_or_its_trouble_is_told(&good);
    the_embedded_dictionary_is_sound();
    sm_buffer_free(&good);
    return check_report();
}
