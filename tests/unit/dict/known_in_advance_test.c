/* What the compiled dictionary says in advance is what its tables say: clues and the roles of pairs never rule
 * out a word of the lexicon, and a surface's issuer, line, name and lines to choose from are those of its names. Tried on
 * the default dictionary. */
#include "../check.h"
#include "../folded.h"
#include "dict/compile.h"

static uint32_t pair_role(const dict_view *view, const uint32_t *chars) {
    return dict_pair_role(view, dict_hash_step(dict_hash_step(0, chars[0]), chars[1]));
}

static uint64_t hash_word(const uint32_t *chars, uint32_t n) {
    uint64_t hash = 0;
    for (uint32_t i = 0; i < n; i++) hash = dict_hash_step(hash, chars[i]);
    return hash;
}

/* Each of its beginnings says that it goes on. */
static bool tells_its_role(const dict_view *view, const uint32_t *chars, uint32_t n, uint32_t class_bit) {
    uint64_t hash = hash_word(chars, n);
    if (!(dict_role_find(view, hash) & class_bit) || dict_cue_find(view, hash) & class_bit) return false;
    if (n == 1) return true;
    for (uint32_t len = 2; len < n; len++)
        if (!(dict_pair_role(view, hash_word(chars, len)) & DICT_OPENS_LONG_ROLE)) return false;
    return pair_role(view, chars) & DICT_OPENS_ROLE && pair_role(view, chars + n - 2) & DICT_CLOSES_ROLE;
}

static bool opens_long_words(const dict_view *view, const uint32_t *chars, uint32_t n) {
    for (uint32_t len = 2; len < n; len++)
        if (!(dict_pair_role(view, hash_word(chars, len)) & DICT_OPENS_LONG)) return false;
    return true;
}

static bool word_has_its_roles(const dict_view *view, const uint32_t *chars, uint32_t n, uint32_t classes) {
    const uint32_t in_gaps = 1u << DICT_CLASS_DESCRIPTOR | 1u << DICT_CLASS_LABEL;
    if (n == 1) return true;
    uint32_t opening = pair_role(view, chars), closing = pair_role(view, chars + n - 2);
    return (!(classes & in_gaps) || (opening & DICT_OPENS_GAP && closing & DICT_CLOSES_GAP))
           && (!(classes & DICT_MARKET_CLASSES) || opening & DICT_OPENS_MARKET) && opens_long_words(view, chars, n);
}

/* --- Clues ------------------------------------------------------------------------------------------------------------ */

/* Of two characters in a row, as resolve asks: what both tell, else the nearer one; `second` 0: there is one only. */
static uint32_t clue_of(const dict_view *view, uint32_t first, uint32_t second, bool is_left) {
    uint32_t two = dict_clue(view, dict_write(first, second));
    return two ? two : dict_clue(view, dict_write(is_left && second ? second : first, 0));
}

static bool tells_what_words_do(const dict_view *view, const uint32_t *chars, uint32_t n) {
    const uint32_t rights = DICT_RIGHT_FEATURES | DICT_CLUE_TRADING, descriptor = 1u << DICT_CLASS_DESCRIPTOR;
    const uint32_t *last = chars + n - (n > 1 ? 2 : 1);
    uint32_t one = dict_cue_find(view, hash_word(chars, 1)), two = n > 1 ? dict_cue_find(view, hash_word(chars, 2)) : 0;
    uint32_t right = clue_of(view, chars[0], n > 1 ? chars[1] : 0, false);
    uint32_t left = clue_of(view, last[0], n > 1 ? last[1] : 0, true);
    uint32_t both = dict_cue_find(view, hash_word(chars + n - 1, 1))
                    | (n > 1 ? dict_cue_find(view, hash_word(last, 2)) : 0);
    uint32_t form = two & descriptor ? DICT_CLUE_FORM_OF_TWO : one & descriptor ? DICT_CLUE_FORM_OF_ONE : 0;
    return (right & rights) == dict_clue_of_classes((two ? two : one) & DICT_RIGHT_CLASSES)
           && (right & DICT_CLUE_FORMS) == form
           && (left & DICT_LEFT_FEATURES) == dict_clue_of_classes(both & DICT_LEFT_CLASSES);
}

/* Longer words are looked for where they begin or end, and media behind all that tells them. */
static bool asks_for_words(const dict_view *view, const uint32_t *chars, uint32_t n, uint32_t classes, bool goes_on) {
    const uint32_t right = DICT_RIGHT_CLASSES | 1u << DICT_CLASS_DESCRIPTOR, reports = 1u << DICT_CLASS_REPORT_LEFT;
    const uint32_t of_media = 1u << DICT_CLASS_SOURCE_LEFT | reports;
    if (n == 1) return !(classes & reports) || clue_of(view, chars[0], 0, true) & DICT_CLUE_MEDIUM;
    uint32_t opening = clue_of(view, chars[0], chars[1], false),
             closing = clue_of(view, chars[n - 2], chars[n - 1], true);
    uint32_t with_quote = clue_of(view, chars[n - 1], 0x201C, true),
             with_colon = clue_of(view, chars[n - 1], 0xFF1A, true);
    return (n == 2 || !(goes_on || classes & right) || opening & DICT_CLUE_RIGHT_GOES_ON)
           && (n == 2 || !(classes & DICT_LEFT_CLASSES) || closing & DICT_CLUE_LEFT_GOES_ON)
           && (!(classes & of_media) || closing & with_quote & with_colon & DICT_CLUE_MEDIUM);
}

static void clues_are_known_however_they_are_written(const dict_view *view) {
    static const struct {
        uint32_t first, second, clue;
    } rows[] = {
        {'c', 'e', DICT_CLUE_RIGHT_GOES_ON},
        {'C', 0xFF25, DICT_CLUE_RIGHT_GOES_ON},
        {0x96C6, 0x56E2, DICT_CLUE_FORM_OF_TWO},
        {0x96C6, 0x5718, DICT_CLUE_FORM_OF_TWO}, /* 集团, 集團 */
        {':', 0, DICT_CLUE_COLON},
        {0xFF1A, 0, DICT_CLUE_COLON},
        {'@', 0, DICT_CLUE_HANDLE},
        {0xFF20, 0, DICT_CLUE_HANDLE},
        {'#', 0, DICT_CLUE_HANDLE},
        {0xFF03, 0, DICT_CLUE_HANDLE},
        {0xFF1A, 0x201C, DICT_CLUE_MEDIUM},
        {0x3000, 0, DICT_CLUE_MEDIUM}, /* ：“, a wide space */
        {0x4EBA, 0x58EB, DICT_CLUE_KNOWN},
        {0x81EA, 0x300A, DICT_CLUE_MEDIUM}, /* 人士, 自《 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char row[32];
        snprintf(row, sizeof row, "U+%04X U+%04X", rows[i].first, rows[i].second);
        CHECK_ROW(dict_clue(view, dict_write(rows[i].first, rows[i].second)) & rows[i].clue, row);
    }
    CHECK(!dict_clue(view, 0) && !dict_clue(view, '\n') && !dict_clue(view, dict_write(0x3002, 0)));
    CHECK(dict_clue(view, dict_write(0x4EBA, 0x7FA4)) == DICT_CLUE_KNOWN);
}

/* One slot a clue, and no other characters find it. */
static void a_clue_is_found_by_its_own_characters_alone(const dict_view *view) {
    uint32_t n_clues = 0, n_lost = 0, n_others = 0;
    for (size_t i = 0; i < (size_t)1 << (64 - view->clue_shift); i++) {
        uint64_t written = view->clues[i] >> DICT_CLUE_BITS;
        if (!written) continue;
        n_clues++;
        n_lost += dict_clue(view, written) != (view->clues[i] & 0xFFFF);
        for (uint32_t bit = 0; bit < DICT_WRITTEN_BITS; bit++) {
            uint32_t clue = dict_clue(view, written ^ (uint64_t)1 << bit);
            n_others += clue && !(clue & DICT_CLUE_KNOWN);
        }
    }
    CHECK(n_clues > 1000 && n_lost == 0 && n_others == 0);
    CHECK(64 - view->clue_shift <= 12); /* it stays in the near caches */
}

/* 人士 is no clue, but where it stands it speaks for 人. */
static bool is_longer_than_a_right_word(const dict_view *view, const uint32_t *chars, uint32_t n) {
    for (uint32_t len = 1; len < n; len++)
        if (dict_word_find(view, hash_word(chars, len)) & DICT_RIGHT_CLASSES) return true;
    return false;
}

static void every_word_has_its_roles(const dict_view *view) {
    const uint32_t of_the_language = 1u << DICT_CLASS_GENERAL | 1u << DICT_CLASS_ORDINARY;
    for (uint32_t row = 0; row < view->tables[DICT_LEXICON].n_rows; row++) {
        const char *word = dict_cell(view, DICT_LEXICON, row, LEXICON_WORD);
        uint32_t chars[MOST_CHARS], n = fold_word(view, word, chars);
        uint32_t class_bit =
            dict_class_bit(dict_class_find(base_slice_of(dict_cell(view, DICT_LEXICON, row, LEXICON_CLASS))));
        uint64_t hash = hash_word(chars, n);
        if (!class_bit) continue; /* a symbol */
        CHECK_ROW(dict_word_find(view, hash) & class_bit, word);
        if (class_bit & DICT_ROLE_CLASSES) CHECK_ROW(tells_its_role(view, chars, n, class_bit), word);
        /* Words before Latin names are asked for by themselves, and stay out of the table that is near. */
        bool is_word_before = dict_is_word_before(class_bit, chars[0]);
        if (is_word_before) CHECK_ROW(!(dict_cue_find(view, hash) & class_bit), word);
        if (class_bit & DICT_APART_CLASSES || is_word_before) continue;
        bool goes_on = is_longer_than_a_right_word(view, chars, n);
        CHECK_ROW(tells_what_words_do(view, chars, n), word);
        if (!goes_on && class_bit & of_the_language) continue;
        CHECK_ROW(dict_cue_find(view, hash) & class_bit, word);
        CHECK_ROW(word_has_its_roles(view, chars, n, class_bit), word);
        CHECK_ROW(asks_for_words(view, chars, n, class_bit, goes_on), word);
    }
}

/* Every cut of a general word that leaves one or two characters on either side. */
static void every_edge_in_a_general_word_is_known(const dict_view *view) {
    uint32_t n_bits = 0;
    for (uint32_t row = 0; row < view->tables[DICT_LEXICON].n_rows; row++) {
        const char *word = dict_cell(view, DICT_LEXICON, row, LEXICON_WORD);
        if (strcmp(dict_cell(view, DICT_LEXICON, row, LEXICON_CLASS), "general") != 0) continue;
        uint32_t chars[MOST_CHARS], n = fold_word(view, word, chars);
        for (uint32_t left = 1; left <= 2; left++)
            for (uint32_t right = 1; right <= 2; right++)
                if (left + right == n && dict_is_han(chars[left - 1]) && dict_is_han(chars[left]))
                    CHECK_ROW(dict_is_in_word(view, dict_write(chars[left - 1], chars[left]), 1), word);
    }
    CHECK(dict_is_in_word(view, dict_write(0x8CA1, 0x653F), 1)); /* 財政, of 财政 */
    for (size_t i = 0; i < DICT_WORD_EDGES / 32; i++) n_bits += (uint32_t)__builtin_popcount(view->word_edges[i]);
    CHECK(n_bits && n_bits < DICT_WORD_EDGES / 5); /* it is there to say no */
}

/* They are there to say no. */
static void most_pairs_have_no_role(const dict_view *view) {
    uint32_t n_pairs = 0;
    for (uint32_t i = 0; i < 8192; i++) n_pairs += view->pair_roles[i] != 0;
    CHECK(n_pairs && n_pairs < 8192 / 2);
}

static bool has_name(const dict_view *view, const dict_surface *surface, uint32_t text) {
    for (uint32_t i = 0; i < surface->n; i++)
        if (view->names[dict_surface_name(view, surface, i)].text == text) return true;
    return false;
}

static void a_surface_knows_what_its_names_say(const dict_view *view) {
    for (uint32_t s = 0; s < view->n_surfaces; s++) {
        const dict_surface *surface = &view->surfaces[s];
        const dict_security *first = &view->securities[view->names[dict_surface_name(view, surface, 0)].security];
        bool is_one_issuer = true;
        for (uint32_t i = 1; i < surface->n; i++) {
            uint32_t security = view->names[dict_surface_name(view, surface, i)].security;
            is_one_issuer &= view->securities[security].issuer == first->issuer;
        }
        bool has_one_line = is_one_issuer && first->n_lines == 1;
        const char *row = dict_string(view, surface->text);
        CHECK_ROW(surface->issuer == (is_one_issuer ? first->issuer : dict_none), row);
        CHECK_ROW(surface->line == (has_one_line ? view->lines[first->first_line] : dict_none), row);
        CHECK_ROW((surface->name != dict_none) == (has_one_line || surface->n == 1), row);
        CHECK_ROW(surface->name == dict_none || has_name(view, surface, surface->name), row);
    }
}

/* 万科A, 京东方B, 谷歌C, of whatever width, and with 股 behind it. */
static bool ends_with_share_letter(const char *text) {
    static const char *const ends[] = {"A", "B", "C", "A股", "B股", "C股", "Ａ", "Ｂ", "Ｃ", "Ａ股", "Ｂ股"};
    size_t len = strlen(text);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t n = strlen(ends[i]), before = len - n;
        if (len < n + 6 || strcmp(text + before, ends[i]) != 0) continue;
        before -= text[before - 1] == '-';
        return (unsigned char)text[before - 1] >= 0x80;
    }
    return false;
}

/* The best score of those names of a surface that can mean a line, in a text of no known day; SCORE_NONE when none can. */
enum { SCORE_NONE = INT32_MIN };
static int32_t best_score(const dict_view *view, uint32_t index, uint32_t line) {
    const dict_surface *surface = &view->surfaces[index];
    const dict_security *s = &view->securities[line];
    int32_t best = SCORE_NONE;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        if (view->securities[name->security].issuer != s->issuer || s->successor != dict_none) continue;
        if (!s->is_share && name->security != line) continue;
        int32_t score = 0;
        if (name->kind == DICT_FORMER) score += DICT_OUT_OF_TIME;
        if (name->surface != index && strcmp(dict_string(view, name->text), dict_string(view, surface->text)) != 0)
            score += DICT_NOT_ITSELF;
        if (name->marked) score += DICT_UNMARKED;
        if (name->ambiguous) score += DICT_UNMARKED / 2;
        bool is_own = dict_last_successor(view, name->security) == line;
        const char *text = dict_string(view, name->text);
        bool begins_han = name->marked || (unsigned char)text[0] >= 0xE3;
        bool is_said = name->surface == index && begins_han && ends_with_share_letter(text);
        if (is_own) score += is_said && name->kind != DICT_FULL ? DICT_NAMES_LINE : DICT_ITS_OWN_NAME;
        if (score > best) best = score;
    }
    return best;
}

static bool has_days(const dict_view *view, const dict_surface *surface) {
    bool has = false;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        has |= name->kind == DICT_FORMER || name->from || name->to;
    }
    return has;
}

/* The lines of all issuers of its names that can be meant. */
static uint32_t count_lines(const dict_view *view, uint32_t index) {
    const dict_surface *surface = &view->surfaces[index];
    uint32_t n = 0;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_security *s = &view->securities[view->names[dict_surface_name(view, surface, i)].security];
        bool is_known = false;
        for (uint32_t k = 0; k < i; k++)
            is_known |= view->securities[view->names[dict_surface_name(view, surface, k)].security].issuer == s->issuer;
        for (uint32_t k = 0; k < s->n_lines && !is_known; k++)
            n += best_score(view, index, view->lines[s->first_line + k]) != SCORE_NONE;
    }
    return n;
}

/* The row that gives a line its name is one of the line itself, else one of its issuer, else any. */
static uint32_t kinship(const dict_view *view, uint32_t security, const dict_name *name) {
    if (name->security == security) return 2;
    return view->securities[name->security].issuer == view->securities[security].issuer;
}

static bool is_best_name(const dict_view *view, const dict_surface *surface, const dict_choice *choice) {
    uint32_t best = 0, own = 0;
    for (uint32_t i = 0; i < surface->n; i++) {
        const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
        uint32_t kin = kinship(view, choice->security, name);
        if (kin > best) best = kin;
        if (name->text == choice->name && kin > own) own = kin;
    }
    return best > 0 && own == best;
}

static uint64_t writing_of_text(const char *text, size_t len) {
    uint64_t writing = 0;
    for (size_t i = 0; i < len && text[i]; i++)
        writing |= (text[i] >= 'a' && text[i] <= 'z' ? DICT_HAS_LOWER : 0)
                   | (text[i] >= 'A' && text[i] <= 'Z' ? DICT_HAS_UPPER : 0)
                   | (text[i] == '\'' || (len - i >= 3 && strncmp(text + i, "\xE2\x80\x99", 3) == 0)
                          ? DICT_HAS_APOSTROPHE
                          : 0);
    return writing;
}

/* Of a Latin name that stands for itself, that of the names that read so, and of others as much as is left. */
static void a_surface_knows_how_it_is_written(const dict_view *view) {
    const uint64_t asked = DICT_HAS_UPPER | DICT_HAS_LOWER | DICT_HAS_APOSTROPHE;
    uint32_t n_latin = 0, n_apostrophes = 0;
    for (uint32_t s = 0; s < view->n_surfaces; s++) {
        const dict_surface *surface = &view->surfaces[s];
        bool is_latin = (surface->flags & (DICT_SURFACE_LATIN | DICT_SURFACE_HAN)) == DICT_SURFACE_LATIN;
        uint64_t writing = 0;
        for (uint32_t i = 0; i < surface->n && is_latin; i++) {
            const dict_name *name = &view->names[dict_surface_name(view, surface, i)];
            size_t len = name->surface == s ? SIZE_MAX : surface->len;
            if (surface->flags & DICT_SURFACE_DERIVED || name->surface == s)
                writing |= writing_of_text(dict_string(view, name->text), len);
        }
        CHECK_ROW((surface->features & asked) == writing, dict_string(view, surface->text));
        n_latin += writing != 0;
        n_apostrophes += (writing & DICT_HAS_APOSTROPHE) != 0;
    }
    CHECK(n_latin > 1000 && n_apostrophes > 100);
}

static void a_surface_knows_the_lines_that_it_can_mean(const dict_view *view) {
    uint32_t n_with_choices = 0;
    for (uint32_t s = 0; s < view->n_surfaces; s++) {
        const dict_surface *surface = &view->surfaces[s];
        const char *row = dict_string(view, surface->text);
        uint32_t n = surface->choices == dict_none ? 0 : view->choices[surface->choices].n_more + 1u;
        CHECK_ROW(n == (surface->line == dict_none ? count_lines(view, s) : 0), row);
        for (uint32_t i = 0; i < n; i++) {
            const dict_choice *choice = &view->choices[surface->choices + i];
            CHECK_ROW(choice->n_more == n - 1 - i && choice->is_dated == has_days(view, surface), row);
            CHECK_ROW(choice->score == best_score(view, s, choice->security), row);
            CHECK_ROW(is_best_name(view, surface, choice), row);
            for (uint32_t k = 0; k < i; k++) CHECK_ROW(choice[-1 - (int)k].security != choice->security, row);
        }
        n_with_choices += n > 0;
    }
    CHECK(n_with_choices > 1000);
}

static uint32_t market_of(const char *id) {
    if (memcmp(id, "XHKG", 4) == 0) return 1u << DICT_CLASS_MARKET_HK;
    bool is_us = memcmp(id, "XNAS", 4) == 0 || memcmp(id, "XNYS", 4) == 0 || memcmp(id, "XASE", 4) == 0;
    return 1u << (is_us ? DICT_CLASS_MARKET_US : DICT_CLASS_MARKET_CN);
}

static void a_security_knows_its_market_and_whether_it_is_a_share(const dict_view *view) {
    for (uint32_t i = 0; i < view->n_securities; i++) {
        const dict_security *s = &view->securities[i];
        const char *id = dict_string(view, s->id), *type = dict_string(view, s->type);
        CHECK_ROW(s->markets == market_of(id), id);
        CHECK_ROW(s->is_share == (strcmp(type, "stock") == 0 || strcmp(type, "depositary_receipt") == 0), id);
        CHECK_ROW(view->securities[s->issuer].issuer == s->issuer, id);
    }
}

int main(void) {
    const dict_view *view = dict_get_view(sm_dict_default());
    every_word_has_its_roles(view);
    every_edge_in_a_general_word_is_known(view);
    clues_are_known_however_they_are_written(view);
    a_clue_is_found_by_its_own_characters_alone(view);
    most_pairs_have_no_role(view);
    a_surface_knows_what_its_names_say(view);
    a_surface_knows_how_it_is_written(view);
    a_surface_knows_the_lines_that_it_can_mean(view);
    a_security_knows_its_market_and_whether_it_is_a_share(view);
    return check_report();
}
