/* The short way to look names up. Nearly all Chinese text is of characters that stand for themselves one behind the other:
 * no letters, signs or spaces that the fold has to weigh. Places are taken in groups, step by step, so that the cache
 * misses of many overlap and no branch asks what only one of them knows; what turns out not to be plain goes the general
 * way. */
#include <string.h>

#include "scan/names.h"

/* What a character does to a name that has been plain so far. */
typedef enum follow {
    FOLLOW_PLAIN, /* goes on */
    FOLLOW_END,   /* ends it */
    FOLLOW_SPACE, /* may be padding */
    FOLLOW_OTHER  /* a letter or a sign */
} follow;

/* A table may fold what is shorter to a plain character. */
static bool has_three_bytes(uint32_t c) {
    return c >= 0x800 && c < 0x10000;
}

static follow read_char(const dict_view *view, const char *p, uint32_t *folded) {
    uint32_t c;
    base_utf8_read(p, &c);
    *folded = dict_fold_char(view, c);
    if (dict_is_plain(*folded)) return has_three_bytes(c) ? FOLLOW_PLAIN : FOLLOW_OTHER;
    if (c == ' ' || c == 0x3000) return FOLLOW_SPACE;
    return *folded == ' ' || *folded == DICT_FOLD_DROP ? FOLLOW_END : FOLLOW_OTHER;
}

static bool begins_three_bytes(const char *p) {
    return ((unsigned char)*p & 0xF0) == 0xE0;
}

static uint16_t fold_three_bytes(const dict_view *view, const char *text) {
    return dict_fold_usual(view, base_utf8_three(text));
}

/* --- How a place begins ------------------------------------------------------------------------------------------------ */

enum { N_LENGTHS = DICT_STEM_WHOLE - DICT_STEM_LEAST + 1 };

/* What is known of a place. */
typedef struct opening {
    uint64_t key;                 /* of its stem so far */
    uint32_t slot;                /* where that is looked for */
    uint32_t surfaces[N_LENGTHS]; /* index+1 of the names of two, three and four; 0: there is none */
    uint16_t n_longer;            /* the last of its longer names, see longer_names */
    bool is_open;                 /* only the general way can tell which names there are */
} opening;

/* Where no name goes on, `is_asked` 0, no line is fetched for nothing. */
static inline void fetch_stem(const dict_view *view, opening *o, uint32_t n, uint32_t is_asked) {
    const dict_stems *stems = &view->stems[dict_stem_table_of(n)];
    o->slot = dict_stem_slot(o->key, stems->bits) & (0 - is_asked);
    __builtin_prefetch(&stems->slots[o->slot]);
}

static inline const dict_stem *fetched_stem(const dict_view *view, const opening *o, uint32_t n) {
    return dict_find_stem(&view->stems[dict_stem_table_of(n)], o->slot, o->key);
}

static uint64_t key_of_two(uint32_t first, uint32_t second) {
    return dict_stem_key(dict_stem_key(0, 1, first), 2, second);
}

/* 1 where the character at `p`, which folds to this, is plain and written in three bytes: without a branch. */
static inline uint32_t is_plain_char(const char *p, uint16_t folded) {
    uint32_t is_three = begins_three_bytes(p), is_plain = dict_is_plain(folded);
    return is_three & is_plain;
}

/* @return false when the first two characters are not plain. */
static bool open_place(const dict_view *view, const char *p, uint32_t room, opening *o) {
    uint16_t first = fold_three_bytes(view, p), second = fold_three_bytes(view, p + 3);
    *o = (opening){.key = key_of_two(first, second)};
    fetch_stem(view, o, 2, 1);
    uint32_t has_room = room >= 6;
    return has_room & is_plain_char(p, first) & is_plain_char(p + 3, second);
}

enum { MOST_PADDED = 32, READ_PADDED = MOST_PADDED + 8 }; /* bytes */

/* Passes over the spaces of exchange lists. */
static uint32_t behind_spaces(const char *p, uint32_t at) {
    for (; at < MOST_PADDED; at += p[at] == ' ' ? 1 : 3)
        if (p[at] != ' ' && memcmp(p + at, "\xE3\x80\x80", 3) != 0) break;
    return at;
}

static bool is_stem(const dict_view *view, uint64_t key) {
    const dict_stems *stems = &view->stems[DICT_STEMS_OF_TWO];
    return dict_find_stem(stems, dict_stem_slot(key, stems->bits), key)->key != 0;
}

/* May a name begin here that does not begin with two plain characters one behind the other? Few are written so: mostly the
 * first two, spaces left out, tell that there is none. */
static bool may_begin(const dict_view *view, const char *p, uint32_t room) {
    uint32_t first, second;
    follow is_first = read_char(view, p, &first);
    if (room < READ_PADDED || dict_is_latin(first) || !begins_three_bytes(p)) return true;
    uint32_t at = behind_spaces(p, 3);
    if (at >= MOST_PADDED) return true; /* more padding than is read here */
    follow is_second = read_char(view, p + at, &second);
    if (is_first == FOLLOW_PLAIN && is_second == FOLLOW_PLAIN) return is_stem(view, key_of_two(first, second));
    bool is_pair = names_is_pair(view, dict_hash_step(dict_hash_step(0, first), second));
    return (is_second != FOLLOW_END && is_pair) || (dict_is_plain(first) && dict_is_plain(second));
}

/* --- How it goes on ----------------------------------------------------------------------------------------------------- */

/* Whether names go on with what is not plain. */
static bool goes_on_otherwise(const dict_view *view, const char *p, uint32_t nexts) {
    uint32_t folded;
    follow next = read_char(view, p, &folded);
    if (next == FOLLOW_SPACE) return nexts != 0;
    return next != FOLLOW_END && nexts & dict_next_bit(folded);
}

/* Whether it is the surface of a stem that a name ends with, not of one that goes on. */
static inline bool ends_here(uint32_t surface) {
    return (int32_t)surface > 0; /* dict_is_alone is the sign */
}

/* A name that begins at a place. */
typedef struct found_name {
    uint32_t surface;  /* index+1 */
    uint16_t place, n; /* in the group; characters, 0: scan_names_at() has to tell which names there are */
} found_name;

/* Those of more than four characters. */
typedef struct longer_names {
    found_name items[SCAN_GROUP];
    uint16_t before[SCAN_GROUP]; /* number+1 of the next shorter one of the same place; 0: there is none */
    uint16_t n;
} longer_names;

static void add_longer(longer_names *names, uint32_t surface, uint16_t place, uint32_t n, opening *o) {
    if (names->n == SCAN_GROUP) {
        o->is_open = true;
        return;
    }
    names->items[names->n] = (found_name){surface, place, (uint16_t)n};
    names->before[names->n] = o->n_longer;
    o->n_longer = ++names->n;
}

/* Names that alone go on from the stem of a place: all there is to do is to compare the text. */
typedef struct lone_names {
    found_name items[SCAN_GROUP + 1]; /* n: characters of the stem; the last that is written may be none */
    uint32_t n;
} lone_names;

static void compare_rest(const dict_view *view, const scan_group *group, const found_name *name, opening *o,
                         longer_names *longer) {
    uint32_t index = name->surface & ~dict_is_alone;
    const dict_surface *surface = &view->surfaces[index - 1];
    const char *text = group->texts[name->place];
    const char *own = dict_surface_text(view, surface);
    for (uint32_t at = 3u * name->n; at < surface->len; at += 3) {
        if (group->room[name->place] <= at) return;
        uint32_t wanted = base_utf8_three(own + at);
        uint16_t folded = fold_three_bytes(view, text + at);
        if (is_plain_char(text + at, folded) && folded == wanted) continue;
        o->is_open |= !is_plain_char(text + at, folded) && goes_on_otherwise(view, text + at, dict_next_bit(wanted));
        return;
    }
    if (surface->n_chars <= DICT_STEM_WHOLE) o->surfaces[surface->n_chars - DICT_STEM_LEAST] = index;
    else add_longer(longer, index, name->place, surface->n_chars, o);
}

/* Each lies in a cache line of its own. */
static void compare_lone(const dict_view *view, const scan_group *group, const lone_names *lone, opening *openings,
                         longer_names *longer) {
    for (uint32_t i = 0; i < lone->n; i++)
        __builtin_prefetch(&view->surfaces[(lone->items[i].surface & ~dict_is_alone) - 1]);
    for (uint32_t i = 0; i < lone->n; i++)
        compare_rest(view, group, &lone->items[i], &openings[lone->items[i].place], longer);
}

/* Follows the places of a list whose stems have `len` characters by one more. Keeps those that names go on from.
 * @return how many. */
static inline uint32_t follow_stems(const dict_view *view, const scan_group *group, opening *openings, uint16_t *list,
                                    uint32_t n, uint32_t len, longer_names *longer, lone_names *lone) {
    uint32_t kept = 0, n_lone = lone->n;
    for (uint32_t k = 0; k < n; k++) {
        uint16_t place = list[k];
        opening *o = &openings[place];
        const dict_stem *stem = fetched_stem(view, o, len);
        const char *next = group->texts[place] + 3 * (size_t)len;
        uint16_t folded = fold_three_bytes(view, next);
        if (len <= DICT_STEM_WHOLE) o->surfaces[len - DICT_STEM_LEAST] = stem->surface;
        else if (ends_here(stem->surface)) add_longer(longer, stem->surface, place, len, o);
        if (group->room[place] <= 3 * len) continue;
        if (!is_plain_char(next, folded)) {
            o->is_open |= goes_on_otherwise(view, next, stem->nexts);
            continue;
        }
        uint64_t before = len < DICT_STEM_WHOLE ? o->key
                                                : (uint64_t)(stem - view->stems[dict_stem_table_of(len)].slots);
        o->key = dict_stem_key(before, len + 1, folded);
        uint32_t goes_on = (stem->nexts & dict_next_bit(folded)) != 0;
        lone->items[n_lone] = (found_name){stem->surface, place, (uint16_t)len};
        n_lone += goes_on & stem->surface >> 31;
        goes_on &= ~stem->surface >> 31 & (o->is_open ^ 1u);
        fetch_stem(view, o, len + 1, goes_on);
        list[kept] = place;
        kept += goes_on;
    }
    lone->n = n_lone;
    return kept;
}

/* --- Names ------------------------------------------------------------------------------------------------------------- */

/* Writes down the names of a place, the longest first, all in the same way: no branch asks which of them there are.
 * @return behind the last. */
static inline found_name *write_names(const opening *o, uint16_t place, found_name *next) {
    for (uint32_t i = N_LENGTHS; i-- > 0;) {
        *next = (found_name){o->surfaces[i], place, (uint16_t)(DICT_STEM_LEAST + i)};
        next += ends_here(o->surfaces[i]);
    }
    return next;
}

/* Says of places which names of two, three and four characters begin there, and which longer ones at all of them. */
static void open_places(const dict_view *view, const scan_group *group, opening *openings, longer_names *longer) {
    uint16_t list[SCAN_GROUP];
    lone_names lone;
    uint32_t n = lone.n = 0;
    for (uint16_t place = 0; place < group->n; place++) {
        if (open_place(view, group->texts[place], group->room[place], &openings[place])) list[n++] = place;
        else openings[place].is_open = may_begin(view, group->texts[place], group->room[place]);
    }
    longer->n = 0;
    n = follow_stems(view, group, openings, list, n, 2, longer, &lone);
    n = follow_stems(view, group, openings, list, n, 3, longer, &lone);
    n = follow_stems(view, group, openings, list, n, 4, longer, &lone);
    for (uint32_t len = DICT_STEM_WHOLE + 1; n; len++)
        n = follow_stems(view, group, openings, list, n, len, longer, &lone);
    compare_lone(view, group, &lone, openings, longer);
}

/* Finds the names of all places, the longest of each first. @return behind the last. */
static found_name *find_names(const dict_view *view, const scan_group *group, found_name *next) {
    opening openings[SCAN_GROUP];
    longer_names longer;
    open_places(view, group, openings, &longer);
    for (uint16_t place = 0; place < group->n; place++) {
        const opening *o = &openings[place];
        if (o->is_open) {
            *next++ = (found_name){0, place, 0};
            continue;
        }
        uint32_t n = 0;
        for (uint16_t i = o->n_longer; i && n < SCAN_MOST_LONG; i = longer.before[i - 1], n++)
            *next++ = longer.items[i - 1];
        next = write_names(o, place, next);
    }
    return next;
}

/* There is room. */
static inline void add_name(const found_name *name, base_slice run, size_t start, scan_list *list) {
    size_t mark = names_mark_before(run, start), end = start + 3 * (size_t)name->n;
    scan_put(list, start - mark, end, SCAN_NAME, name->surface - 1, dict_none, (uint32_t)mark);
}

bool scan_names_of(const dict_view *view, const base_slice *runs, const scan_group *group, scan_list *list) {
    found_name names[(N_LENGTHS + 1) * SCAN_GROUP + 1]; /* the last that is written may be none */
    const found_name *end = find_names(view, group, names);
    for (const found_name *name = names; name < end; name++) {
        size_t start = group->starts[name->place];
        base_slice run = runs[list->run = group->runs[name->place]];
        if (name->n == 0) {
            if (!scan_names_at(view, run, start, list)) return false;
            continue;
        }
        __builtin_prefetch(&view->surfaces[name->surface - 1]); /* resolve asks it next */
        if (!scan_make_room(list, 1)) return false;
        add_name(name, run, start, list);
    }
    return true;
}
