/* What stands next to each place, by the few bytes there: tables tell it of nearly all without a question. */
#include <string.h>

#include "resolve/places.h"

/* Eight bytes from `at` on, and those up to it, the last on top; zeros beyond the text, which has eight at least. */
static inline uint64_t bytes_from(base_slice text, size_t at) {
    uint64_t bytes;
    size_t from = at <= text.len - 8 ? at : text.len - 8, beyond = at - from;
    memcpy(&bytes, text.bytes + from, sizeof bytes);
    return bytes >> 4 * beyond >> 4 * beyond;
}

static inline uint64_t bytes_up_to(base_slice text, size_t at) {
    uint64_t bytes;
    size_t from = at >= 8 ? at - 8 : 0, beyond = from + 8 - at;
    memcpy(&bytes, text.bytes + from, sizeof bytes);
    return bytes << 4 * beyond << 4 * beyond;
}

/* Bits of a character that begins with this byte; 1 for one that has no clues, see dict_has_clues(). */
static const uint8_t bits_of[256] = {
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 00 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 10 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 20 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 30 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 40 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 50 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 60 */
    8,  8, 8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  8,  /* 70 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* 80 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* 90 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* A0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* B0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* C0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* D0 */
    24, 1, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, /* E0 */
    1,  1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  /* F0 */
};

/* What one character tells and what two do, which is all that the nearer one does. */
static inline uint32_t clue_of(const dict_view *view, uint64_t one, uint64_t two) {
    uint32_t of_one = dict_clue(view, one), of_two = dict_clue(view, two), has_two = of_two != 0;
    return of_two | (of_one & (has_two - 1));
}

/* What begins with these bytes. Without a branch, since it is otherwise at each place. */
static inline uint32_t clue_behind(const dict_view *view, uint64_t bytes) {
    const uint64_t all = ~(uint64_t)0;
    uint32_t bits = bits_of[bytes & 0xFF], both = bits + bits_of[bytes >> bits & 0xFF];
    return clue_of(view, bytes & ~(all << bits), bytes & ~(all << both)) | ((bits | both) & 1) * RESOLVE_NOT_KNOWN;
}

/* What ends with them. */
static inline uint32_t clue_before(const dict_view *view, uint64_t bytes) {
    const uint64_t tops = 0x8080808080808080;
    uint64_t starts = ~(bytes & ~(bytes << 1)) & tops; /* of characters: no 10…… */
    uint32_t bits = 8 + (uint32_t)__builtin_clzll(starts), both = bits + 8 + (uint32_t)__builtin_clzll(starts << bits);
    uint64_t one = bytes >> (64 - bits), two = bytes >> (64 - both);
    return clue_of(view, one, two) | ((bits_of[one & 0xFF] | bits_of[two & 0xFF]) & 1) * RESOLVE_NOT_KNOWN;
}

bool resolve_may_be_medium(const dict_view *view, base_slice text, size_t at) {
    return text.len < 8 || clue_before(view, bytes_up_to(text, at)) & (RESOLVE_NOT_KNOWN | DICT_CLUE_MEDIUM);
}

uint32_t resolve_clue_behind(const dict_view *view, base_slice text, size_t at) {
    return text.len < 8 ? RESOLVE_NOT_KNOWN : clue_behind(view, bytes_from(text, at));
}

/* The eight bytes before a place, those behind it, and those from its start on; zeros beyond the text. */
typedef struct bytes_beside {
    uint64_t before, behind, own;
} bytes_beside;

/* Do these bytes begin as those of Chinese characters do? */
static inline uint32_t may_be_han(uint64_t bytes) {
    return (bytes & 0xFF) - 0xE3 <= 0xE9 - 0xE3;
}

/* Which edges of a short name an ordinary word may reach over: long names and words do not meet by chance. Asked by the six
 * bytes around each: two Chinese characters, or what is none in a word. */
static inline uint32_t open_edges(const dict_view *view, base_slice text, const resolve_place *place,
                                  const bytes_beside *bytes) {
    const uint64_t six = ~(~(uint64_t)0 << DICT_WRITTEN_BITS), left = bytes->before >> 40, right = bytes->behind;
    uint32_t last, is_short = place->is_short, is_long = place->end - place->start >= sizeof last;
    /* A mask, of which no compiler makes a branch: of what is too short, any bytes. */
    size_t there = 0 - (size_t)is_long;
    memcpy(&last, text.bytes + ((place->end - sizeof last) & there), sizeof last);
    uint32_t at_left = dict_is_in_word(view, (left | bytes->own << 24) & six, is_short & may_be_han(left));
    uint32_t at_right = dict_is_in_word(view, (last >> 8 | right << 24) & six, is_short & may_be_han(right));
    return at_left * RESOLVE_LEFT_EDGE | at_right * RESOLVE_RIGHT_EDGE
           | ((is_long - 1) & (0 - is_short) & (RESOLVE_LEFT_EDGE | RESOLVE_RIGHT_EDGE));
}

/* Whether more than the clues must be asked for, which is told without a branch: most places end with them. */
static inline uint32_t is_asked(const resolve_place *place, const resolve_beside *beside, const bytes_beside *bytes) {
    const uint64_t country = 0xBD9BE5ADB8E4, country_old = 0x8B9CE5ADB8E4; /* 中国, 中國 */
    const uint32_t organisation = 1u << (FEATURE_ORGANISATION_RIGHT - DICT_CLUE_FEATURE);
    const uint32_t rights = RESOLVE_NOT_KNOWN | DICT_CLUE_RIGHT_GOES_ON | DICT_CLUE_FORMS | DICT_CLUE_COLON
                            | organisation;
    const uint32_t lefts = RESOLVE_NOT_KNOWN | DICT_CLUE_LEFT_GOES_ON;
    const uint32_t both = DICT_SURFACE_LATIN | DICT_SURFACE_HAN;
    const uint64_t behind = bytes->behind, start = bytes->own & ~(~(uint64_t)0 << DICT_WRITTEN_BITS);
    uint32_t is_of_country = (uint32_t)(start == country) | (uint32_t)(start == country_old);
    uint32_t is_latin = (place->surface_flags & both) == DICT_SURFACE_LATIN;
    uint32_t is_of_year = (bytes->before >> 48 & 0xF0F0) == 0x3030; /* digits, or signs that are next to them */
    uint32_t is_spoken_of = (uint8_t)behind == ' ' || (uint8_t)behind == '\''
                            || (uint8_t)behind == 0xE2; /* TSLA’s fall */
    uint32_t is_symbol = (uint32_t)(place->features >> FEATURE_WEAK_CODE) & is_spoken_of;
    uint32_t of_code = ((beside->right & DICT_CLUE_TRADING) != 0) | is_symbol,
             of_name = is_of_year | (is_of_country & may_be_han(behind));
    return (uint32_t)(((beside->right & rights) | (beside->left & lefts)) != 0) | is_latin | (of_code & place->is_code)
           | (of_name & !place->is_code);
}

/* Most of it is waiting for tables: in loops of their own, which nothing interrupts and which are short, one place does not wait
 * for another. */
static void look_at_clues(const resolve_state *resolver, const uint32_t *places, size_t n, bytes_beside *bytes) {
    for (size_t i = 0; i < n; i++) {
        const resolve_place *place = &resolver->places[places[i]];
        base_slice text = resolve_text(resolver, place);
        resolve_beside *beside = &resolver->beside[places[i]];
        *beside =
            (resolve_beside){.right = RESOLVE_NOT_KNOWN, .left = RESOLVE_NOT_KNOWN, .is_asked = true, .is_read = true};
        bytes[i] = (bytes_beside){0};
        if (text.len < 8) continue;
        bytes[i] = (bytes_beside){bytes_up_to(text, place->start), bytes_from(text, place->end),
                                  bytes_from(text, place->start)};
        beside->right = clue_behind(resolver->view, bytes[i].behind);
        beside->left = clue_before(resolver->view, bytes[i].before);
        beside->is_asked = is_asked(place, beside, &bytes[i]);
    }
}

/* Puts those whose edges are open first. @return how many these are. */
static size_t look_at_edges(const resolve_state *resolver, uint32_t *places, size_t n, const bytes_beside *bytes) {
    size_t n_open = 0;
    for (size_t i = 0; i < n; i++) {
        const resolve_place *place = &resolver->places[places[i]];
        base_slice text = resolve_text(resolver, place);
        uint32_t edges = RESOLVE_LEFT_EDGE | RESOLVE_RIGHT_EDGE;
        if (!place->is_short) continue;
        if (text.len >= 8) edges = open_edges(resolver->view, text, place, &bytes[i]);
        resolver->beside[places[i]].edges = (uint8_t)edges;
        places[n_open] = places[i];
        n_open += edges != 0;
    }
    return n_open;
}

enum { TOGETHER = 256 };
static void look_beside(const resolve_state *resolver, uint32_t *places, size_t n) {
    bytes_beside bytes[TOGETHER];
    look_at_clues(resolver, places, n, bytes);
    resolve_look_over_edges(resolver, places, look_at_edges(resolver, places, n, bytes));
}

void resolve_look_beside_one(const resolve_state *resolver, const resolve_place *place) {
    uint32_t index = (uint32_t)(place - resolver->places);
    look_beside(resolver, &index, 1);
}

/* Some at a time: the places of a long document do not stay in the near caches from one step to the next. Left out are those
 * that will hardly be looked at: parts of longer names, and names that cannot be meant. */
void resolve_look_beside(resolve_state *resolver) {
    uint32_t places[TOGETHER], run = dict_none;
    size_t n = 0, reach = 0;
    for (uint32_t i = 0; i < resolver->n_places; i++) {
        const resolve_place *place = &resolver->places[i];
        reach *= place->run == run; /* without a branch: runs are short, and parts are frequent */
        run = place->run;
        bool is_read = (place->end > reach) & !(place->surface_flags & DICT_SURFACE_NEVER)
                       & resolve_has_what_it_needs(place);
        resolver->beside[i].is_read = false;
        places[n] = i;
        n += is_read;
        reach = is_read ? place->end : reach;
        if (n < TOGETHER) continue;
        look_beside(resolver, places, n);
        n = 0;
    }
    look_beside(resolver, places, n);
}
