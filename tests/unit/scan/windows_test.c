/* Windows are folded in stretches as they would be character by character, and lead back to the run. */
#include "check.h"
#include "code_texts.h"

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static void check_window(const codes_place *place, size_t before) {
    codes_window window;
    codes_window_fill(&window, place, before);
    char folded[CODES_WINDOW];
    size_t len = 0, at = window.raw_start, next;
    bool is_way_back = true;
    CHECK(place->at - at <= before && place->at - at + 3 >= least(before, place->at));
    while (len < window.len && at < place->run.len) {
        if (at == place->at) CHECK(window.at == len);
        is_way_back &= codes_window_raw(&window, len) == at;
        len += base_utf8_encode(codes_char_at(place->run, at, &next), folded + len);
        at = next;
    }
    is_way_back &= codes_window_raw(&window, window.len) == at;
    size_t most = place->at - least(place->at, CODES_WINDOW_BEFORE) + CODES_WINDOW;
    bool is_whole = at == place->run.len || (at <= most && at + 3 >= most); /* no character is cut */
    if (!CHECK(is_way_back && is_whole && len == window.len && memcmp(folded, window.text, len) == 0))
        fprintf(stderr, "  at byte %zu of %.*s\n", place->at, (int)place->run.len, place->run.bytes);
}

static void windows_are_folded_and_lead_back(void) {
    random_source source = {9};
    for (int i = 0; i < N_TEXTS; i++) {
        char text[MAX_TEXT];
        base_slice run = random_text(&source, text);
        codes_place place;
        for (size_t at = 0; at < run.len; at = place.end) {
            if (place_at(run, at, &place)) check_window(&place, random_below(&source, CODES_WINDOW_BEFORE + 1));
            else codes_char_at(run, at, &place.end);
        }
    }
}

/* The marks in codes_window.c are made by first bytes: every character that folds must have one of them. */
static void every_character_folds_in_a_window(void) {
    char text[8];
    for (uint32_t c = 0x80; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        size_t len = base_utf8_encode(c, text);
        text[len] = '6';
        check_window(
            &(codes_place){.run = {text, len + 1}, .at = len, .end = len + 1, .n_chars = 1, .start = CODES_DIGIT},
            CODES_WINDOW_BEFORE);
    }
}

/* A place may reach beyond its window, in the middle of a character too. */
static void long_places_are_cut_between_characters(void) {
    char text[MAX_TEXT];
    size_t len = 0;
    while (len < CODES_WINDOW_BEFORE) text[len++] = ' ';
    size_t at = len;
    for (int i = 0; i < CODES_MAX_RUN; i++) add(text, &len, "６");
    for (size_t cut = 0; cut < 3; cut++)
        check_window(&(codes_place){.run = {text + cut, len - cut},
                                    .at = at - cut,
                                    .end = len - cut,
                                    .n_chars = CODES_MAX_RUN,
                                    .start = CODES_DIGIT},
                     CODES_WINDOW_BEFORE);
}

int main(void) {
    windows_are_folded_and_lead_back();
    every_character_folds_in_a_window();
    long_places_are_cut_between_characters();
    return check_report();
}
