/* The short way to look names up. Nearly all Chinese text is of characters that stand for themselves one behind the other:
 * no letters, signs or spaces that the fold has to weigh. Places are taken in groups, step by step, so that the cache
 * misses of many overlap; what turns out not to be plain goes the general way. */
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

/* --- What the first characters say ------------------------------------------------------------------------------------- */

enum { MOST_PADDED = 32, READ_PADDED = MOST_PADDED + 8, READ_PLAIN = 13 }; /* bytes */

/* Passes over the spaces of exchange lists. */
static uint32_t behind_spaces(const char *p, uint32_t at) {
    for (; at < MOST_PADDED; at += p[at] == ' ' ? 1 : 3)
        if (p[at] != ' ' && memcmp(p + at, "\xE3\x80\x80", 3) != 0) break;
    return at;
}

/* For what is not three plain characters one behind the other. Few names are written so: mostly the first two or three
 * characters, spaces left out, tell that there is none. */
static void open_slowly(const dict_view *view, const char *p, scan_opening *o) {
    uint32_t first, second, third;
    *o = (scan_opening){.lengths = SCAN_ANY_LENGTH, .third = FOLLOW_END};
    follow is_first = read_char(view, p, &first);
    if (dict_is_latin(first) || ((unsigned char)*p & 0xF0) != 0xE0) return;
    uint32_t at = behind_spaces(p, 3);
    if (at >= MOST_PADDED) return; /* more padding than is read here */
    follow is_second = read_char(view, p + at, &second);
    o->pair = dict_hash_step(dict_hash_step(0, first), second);
    bool is_pair = is_second != FOLLOW_END && names_is_pair(view, o->pair);
    if (is_first != FOLLOW_PLAIN || is_second != FOLLOW_PLAIN) {
        if (!is_pair && !(dict_is_plain(first) && dict_is_plain(second))) o->lengths = 0;
        return;
    }
    uint32_t end = behind_spaces(p, at + 3);
    if (end >= MOST_PADDED) return;
    o->gap = at > 3 ? 1 : end > 6 ? 2 : 0;
    o->lengths = is_pair ? dict_length_bit(2) : 0;
    o->third = read_char(view, p + end, &third);
    o->hash = dict_hash_step(o->pair, third);
}

static uint32_t fold_three_bytes(const dict_view *view, const unsigned char *p) {
    return view->fold[(p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu)];
}

/* The first three characters, and their entry in the table of prefixes on its way into the cache. */
static bool open_place(const dict_view *view, const char *text, scan_opening *o) {
    const dict_name_index *index = &view->index[DICT_HAN_NAMES];
    const unsigned char *p = (const unsigned char *)text;
    uint64_t eight;
    memcpy(&eight, p, 8);
    if ((eight & 0xF00000F00000F0) == 0xE00000E00000E0) { /* three of three bytes */
        uint32_t first = fold_three_bytes(view, p), second = fold_three_bytes(view, p + 3),
                 third = fold_three_bytes(view, p + 6);
        if (dict_is_plain(first) && dict_is_plain(second) && dict_is_plain(third)) {
            o->pair = dict_hash_step(dict_hash_step(0, first), second);
            o->hash = dict_hash_step(o->pair, third);
            o->third = FOLLOW_PLAIN;
            o->gap = 0;
            o->lengths = names_is_pair(view, o->pair) ? dict_length_bit(2) : 0;
            __builtin_prefetch(&index->prefixes[dict_slot(o->hash, index->prefix_bits)]);
            return true;
        }
    }
    return false;
}

/* Which lengths the first three characters allow, and a fourth. */
static uint32_t measure(const dict_view *view, const char *p, const scan_opening *o) {
    uint32_t folded, found = o->third == FOLLOW_END ? 0 : names_prefix(&view->index[DICT_HAN_NAMES], o->hash);
    uint32_t lengths = found & DICT_SHORT_LENGTHS;
    if (lengths & DICT_LONGER_THAN_THREE && o->third == FOLLOW_PLAIN && !o->gap) {
        follow fourth = read_char(view, p + 9, &folded);
        bool goes_on = fourth == FOLLOW_SPACE || (fourth != FOLLOW_END && found & dict_fourth_bit(folded));
        if (!goes_on) lengths &= ~(uint32_t)DICT_LONGER_THAN_THREE;
    }
    bool is_plain = o->gap == 0 && o->third == FOLLOW_PLAIN;
    if (o->gap == 1) lengths |= o->lengths; /* a pair with a space between */
    return !lengths ? o->lengths : is_plain ? lengths | o->lengths : SCAN_ANY_LENGTH;
}

/* --- Guesses ----------------------------------------------------------------------------------------------------------- */

static bool is_longer(uint32_t lengths, uint32_t n) {
    return n < DICT_MAX_NAME_CHARS && (lengths & DICT_GOES_ON || lengths >= dict_length_bit(n + 1));
}

static void add_guess(const dict_name_index *index, scan_group *group, uint32_t place, uint32_t n, uint64_t hash) {
    if (group->n_guesses == SCAN_GUESSES) {
        group->openings[place].lengths = SCAN_ANY_LENGTH;
        return;
    }
    __builtin_prefetch(&index->slots[dict_slot(hash, index->slot_bits)]);
    group->guesses[group->n_guesses++] = (scan_guess){hash, place, n, dict_none};
}

/* Guesses the names of a place, the longest first. What is not plain as far as names reach is left to the general way. */
static void guess(const dict_view *view, base_slice run, uint32_t place, scan_group *group) {
    const dict_name_index *index = &view->index[DICT_HAN_NAMES];
    scan_opening *o = &group->openings[place];
    uint32_t n = o->third == FOLLOW_PLAIN && !o->gap ? 3 : 2, lengths = o->lengths;
    uint64_t hashes[DICT_MAX_NAME_CHARS], hash = o->hash;
    hashes[1] = o->pair;
    hashes[2] = o->hash;
    for (size_t at = group->starts[place] + 9; n >= 3 && at < run.len && is_longer(lengths, n); at += 3) {
        uint32_t folded;
        follow next = read_char(view, run.bytes + at, &folded);
        if (next == FOLLOW_END) break;
        if (next != FOLLOW_PLAIN) {
            o->lengths = SCAN_ANY_LENGTH;
            return;
        }
        hashes[n] = hash = dict_hash_step(hash, folded);
        if (++n == 6 && lengths & DICT_GOES_ON) lengths = names_longer(index, lengths, hash);
    }
    for (; n >= 2; n--)
        if (lengths & dict_length_bit(n)) add_guess(index, group, place, n, hashes[n - 1]);
}

/* The surface that a hash says, not compared yet, or dict_none. */
static uint32_t slot_of(const dict_name_index *index, uint64_t hash) {
    uint32_t mask = (1u << index->slot_bits) - 1, at = dict_slot(hash, index->slot_bits);
    for (; index->slots[at].index; at = (at + 1) & mask)
        if (index->slots[at].tag == dict_tag(hash)) return index->slots[at].index - 1;
    return dict_none;
}

/* Keeps the guesses that there is a surface for. */
static void look_up_guesses(const dict_view *view, scan_group *group) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < group->n_guesses; i++) {
        scan_guess guess = group->guesses[i];
        guess.surface = slot_of(&view->index[DICT_HAN_NAMES], guess.hash);
        if (guess.surface == dict_none) continue;
        __builtin_prefetch(&view->surfaces[guess.surface]);
        group->guesses[kept++] = guess;
    }
    group->n_guesses = kept;
}

static void open_any(const dict_view *view, const char *text, uint32_t room, scan_opening *o) {
    if (room >= READ_PLAIN && open_place(view, text, o)) return;
    if (room >= READ_PADDED) open_slowly(view, text, o);
    else o->lengths = SCAN_ANY_LENGTH;
}

void scan_names_guess(const dict_view *view, const base_slice *runs, scan_group *group) {
    scan_opening *openings = group->openings;
    group->n_guesses = group->n_taken = 0;
    for (uint32_t i = 0; i < group->n; i++) open_any(view, group->texts[i], group->room[i], &openings[i]);
    for (uint32_t i = 0; i < group->n; i++) {
        if (openings[i].lengths == SCAN_ANY_LENGTH) continue;
        uint32_t lengths = openings[i].lengths = measure(view, group->texts[i], &openings[i]);
        if (lengths && lengths != SCAN_ANY_LENGTH) guess(view, runs[group->runs[i]], i, group);
    }
    look_up_guesses(view, group);
}

/* --- Names ------------------------------------------------------------------------------------------------------------- */

/* The first bytes of a text as a surface keeps them; whole where the surface is no longer than that. */
static bool starts_like(const char *text, const dict_surface *surface) {
    char start[DICT_SURFACE_START] = {0};
    if (surface->len > DICT_SURFACE_START) return false;
    memcpy(start, text, surface->len);
    return memcmp(start, surface->start, DICT_SURFACE_START) == 0; /* of a known length: no call */
}

static bool reads_like(const dict_view *view, const char *text, const dict_surface *surface, uint32_t n) {
    if (surface->n_chars != n) return false;
    if (surface->len == 3 * n && starts_like(text, surface)) return true;
    const char *p = dict_string(view, surface->text);
    for (uint32_t i = 0; i < n; i++) { /* longer, or written in Traditional characters */
        uint32_t c, folded;
        p += base_utf8_read(p, &c);
        read_char(view, text + 3 * (size_t)i, &folded);
        if (c != folded) return false;
    }
    return true;
}

bool scan_names_take(const dict_view *view, base_slice run, uint32_t place, scan_group *group, scan_list *list) {
    size_t start = group->starts[place];
    if (group->openings[place].lengths == 0) return true;
    uint32_t first = group->n_taken, end = first;
    bool is_right = group->openings[place].lengths != SCAN_ANY_LENGTH;
    for (; end < group->n_guesses && group->guesses[end].place == place; end++) {
        const scan_guess *guess = &group->guesses[end];
        is_right = is_right && reads_like(view, run.bytes + start, &view->surfaces[guess->surface], guess->n);
    }
    group->n_taken = end;
    if (!is_right) return scan_names_at(view, run, start, list);
    if (end == first) return true;
    size_t mark = names_mark_before(run, start);
    for (uint32_t i = first; i < end; i++) {
        const scan_guess *guess = &group->guesses[i];
        scan_candidate found = {
            start - mark, start + 3 * (size_t)guess->n, SCAN_NAME, guess->surface, dict_none, (uint32_t)mark, 0};
        if (!scan_add(list, found)) return false;
    }
    return true;
}
