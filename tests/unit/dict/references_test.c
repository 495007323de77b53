/* A record of a compiled dictionary that refers to what is not there is refused, by the least that it can be wrong: what is
 * read later is not asked again. */
#include <stddef.h>

#include "compiled.h"

#define FIELD(record, name) offsetof(record, name), sizeof(((record *)0)->name)

typedef struct wrong_reference {
    dict_section_id section;
    size_t field, size;
    int of;       /* section whose number of items is the value, with … */
    int64_t more; /* … this added; NONE: this alone */
    const char *why;
} wrong_reference;

enum { NONE = -1 };

static const wrong_reference records[] = {
    {SECTION_SECURITIES, FIELD(dict_security, id), SECTION_STRINGS, 0, "id"},
    {SECTION_SECURITIES, FIELD(dict_security, code), SECTION_STRINGS, 0, "code"},
    {SECTION_SECURITIES, FIELD(dict_security, code), NONE, 0, "a code before its id"},
    {SECTION_SECURITIES, FIELD(dict_security, type), SECTION_STRINGS, 0, "type"},
    {SECTION_SECURITIES, FIELD(dict_security, board), SECTION_STRINGS, 0, "board"},
    {SECTION_SECURITIES, FIELD(dict_security, currency), SECTION_STRINGS, 0, "currency"},
    {SECTION_SECURITIES, FIELD(dict_security, isin), SECTION_STRINGS, 0, "ISIN"},
    {SECTION_SECURITIES, FIELD(dict_security, name), SECTION_STRINGS, 0, "name"},
    {SECTION_SECURITIES, FIELD(dict_security, issuer), SECTION_SECURITIES, 0, "issuer"},
    {SECTION_SECURITIES, FIELD(dict_security, successor), SECTION_SECURITIES, 0, "successor"},
    {SECTION_SECURITIES, FIELD(dict_security, status), NONE, SM_SECURITY_RENUMBERED + 1, "status"},
    {SECTION_SECURITIES, FIELD(dict_security, n_lines), NONE, 0, "no line"},
    {SECTION_SECURITIES, FIELD(dict_security, n_lines), SECTION_LINES, 1, "more lines"},
    {SECTION_SECURITIES, FIELD(dict_security, first_line), SECTION_LINES, 0, "a line behind the last"},
    {SECTION_SECURITIES, FIELD(dict_security, first_line), SECTION_LINES, 1, "a line further behind"},
    {SECTION_SECURITIES, FIELD(dict_security, is_share), NONE, 2, "neither a share nor none"},
    {SECTION_SECURITIES, FIELD(dict_security, markets), NONE, 1, "a class that is no market"},
    {SECTION_LINES, 0, sizeof(uint32_t), SECTION_SECURITIES, 0, "line"},
    {SECTION_NAMES, FIELD(dict_name, text), SECTION_STRINGS, 0, "text of a name"},
    {SECTION_NAMES, FIELD(dict_name, security), SECTION_SECURITIES, 0, "whose name"},
    {SECTION_NAMES, FIELD(dict_name, surface), SECTION_SURFACES, 0, "what a name is matched as"},
    {SECTION_NAMES, FIELD(dict_name, kind), NONE, DICT_FORMER + 1, "kind of name"},
    {SECTION_NAMES, FIELD(dict_name, policy), NONE, DICT_NEVER + 1, "policy"},
    {SECTION_SURFACES, FIELD(dict_surface, text), SECTION_STRINGS, 0, "text of a surface"},
    {SECTION_SURFACES, FIELD(dict_surface, name), SECTION_STRINGS, 0, "name of a surface"},
    {SECTION_SURFACES, FIELD(dict_surface, name), NONE, -1, "a surface of one name without it"},
    {SECTION_SURFACES, FIELD(dict_surface, first), SECTION_NAMES, 0, "the only name of a surface"},
    {SECTION_SURFACES, FIELD(dict_surface, n), NONE, 0, "no names"},
    {SECTION_SURFACES, FIELD(dict_surface, issuer), SECTION_SECURITIES, 0, "issuer of a surface"},
    {SECTION_SURFACES, FIELD(dict_surface, line), SECTION_SECURITIES, 0, "line of a surface"},
    {SECTION_SURFACES, FIELD(dict_surface, choices), SECTION_CHOICES, 0, "choices"},
    {SECTION_SURFACES, FIELD(dict_surface, features), NONE, (int64_t)1 << 56, "a feature that is none"},
    {SECTION_SURFACE_NAMES, 0, sizeof(uint32_t), SECTION_NAMES, 0, "one of many names"},
    {SECTION_CHOICES, FIELD(dict_choice, security), SECTION_SECURITIES, 0, "choice"},
    {SECTION_CHOICES, FIELD(dict_choice, name), SECTION_STRINGS, 0, "name of a choice"},
    {SECTION_SURFACE_SLOTS, FIELD(dict_hash_slot, index), SECTION_SURFACES, 1, "slot of a Chinese name"},
    {SECTION_LATIN_SLOTS, FIELD(dict_hash_slot, index), SECTION_SURFACES, 1, "slot of a Latin name"},
    {SECTION_CODE_SLOTS, FIELD(dict_code_slot, index), SECTION_SECURITIES, 1, "slot of a code"},
};

/* Of surfaces that have several names. */
static const wrong_reference many[] = {
    {SECTION_SURFACES, FIELD(dict_surface, first), SECTION_SURFACE_NAMES, 0, "names that begin behind the last"},
    {SECTION_SURFACES, FIELD(dict_surface, first), SECTION_SURFACE_NAMES, 1, "names that begin further behind"},
    {SECTION_SURFACES, FIELD(dict_surface, n), SECTION_SURFACE_NAMES, 1, "more names"},
};

static const dict_file_section *section_of(const char *file, int section) {
    return &((const dict_file_header *)(const void *)file)->sections[section];
}

static int64_t items_of(const char *file, int section) {
    return section == SECTION_STRINGS ? (int64_t)section_of(file, section)->size
                                      : (int64_t)section_of(file, section)->count;
}

static void is_refused(const sm_buffer *good, const wrong_reference *row, size_t at) {
    char *copy = exact_copy(good, (size_t)good->len);
    const int64_t value = (row->of == NONE ? 0 : items_of(copy, row->of)) + row->more;
    memcpy(copy + at + row->field, &value, row->size); /* as the file has it, from the lowest byte on */
    sign(copy, (size_t)good->len);
    CHECK_ROW(open_view(copy, (size_t)good->len, NULL) == SM_ERR_FORMAT, row->why);
    free(copy);
}

int main(void) {
    sm_buffer good = build_of(2);
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        const dict_file_section *section = section_of(good.data, (int)records[i].section);
        if (CHECK_ROW(section->count > 0, records[i].why)) is_refused(&good, &records[i], (size_t)section->offset);
    }
    const dict_file_section *surfaces = section_of(good.data, SECTION_SURFACES);
    size_t at = (size_t)surfaces->offset, end = at + (size_t)surfaces->size;
    while (at < end && ((const dict_surface *)(const void *)(good.data + at))->n < 2) at += sizeof(dict_surface);
    if (CHECK_ROW(at < end, "the tables have two names that read alike"))
        for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) is_refused(&good, &many[i], at);
    sm_buffer_free(&good);
    return check_report();
}
