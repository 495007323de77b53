/* Every kernel's check of UTF-8 goes by blocks and finds what is found character by character, to the byte, wherever the fault
 * is: in random texts of all lengths of characters with a byte changed, a character cut off, or nothing wrong. Nothing is read
 * behind the text. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "base/base.h"
#include "check.h"
#include "guard.h"
#include "random.h"

enum { TEXTS = 200000, MOST = 600 };

static char *end_of_memory; /* what is behind may not be read */

static size_t by_characters(const char *bytes, size_t len) {
    size_t at = 0, step;
    uint32_t c;
    while ((step = base_utf8_decode(bytes + at, bytes + len, &c, NULL)) > 0) at += step;
    return at;
}

static uint32_t any_char(random_source *source) {
    switch (random_below(source, 40)) { /* most of a text is Chinese, so that whole blocks are */
    case 0: return 0x80 + random_below(source, 0x780);
    case 1: return 0x10000 + random_below(source, 0x100000);
    case 2: return 0x800 + random_below(source, 0xD000);
    case 3:
    case 4:
    case 5: return random_below(source, 0x80);
    default: return 0x4E00 + random_below(source, 0x5000);
    }
}

static size_t make_text(random_source *source, char *bytes) {
    size_t len = 0, wanted = random_below(source, MOST);
    while (len < wanted) len += base_utf8_encode(any_char(source), bytes + len);
    switch (len ? random_below(source, 3) : 0) {
    case 1: bytes[random_below(source, (uint32_t)len)] = (char)random_next(source); break;
    case 2: len -= random_below(source, len < 3 ? (uint32_t)len : 3); break;
    default: break;
    }
    return len;
}

static void random_texts_are_valid_as_far_as_their_characters(uint32_t kernel) {
    random_source source = {1};
    char bytes[MOST + 8];
    int n_valid = 0;
    for (int i = 0; i < TEXTS; i++) {
        size_t len = make_text(&source, bytes), expected = by_characters(bytes, len);
        n_valid += expected == len;
        char *text = memcpy(end_of_memory - len, bytes, len);
        if (!CHECK(base_utf8_valid_prefix_with(kernel, text, len) == expected)) return;
    }
    CHECK(n_valid > TEXTS / 4 && n_valid < TEXTS * 3 / 4);
}

/* Every lead with every second byte, and some third and fourth ones, at places around the border of a block. */
static void every_start_of_a_character_is_judged_alike(uint32_t kernel) {
    char bytes[100];
    for (unsigned lead = 0; lead < 256; lead++)
        for (unsigned second = 0; second < 256; second++)
            for (unsigned rest = 0; rest < 9; rest++)
                for (size_t at = 58; at < 66; at++) {
                    memset(bytes, 'x', sizeof bytes);
                    const unsigned char four[4] = {(unsigned char)lead, (unsigned char)second,
                                                   (unsigned char)(0x70 + rest % 3 * 0x28),
                                                   (unsigned char)(0x70 + rest / 3 * 0x28)};
                    memcpy(bytes + at, four, 4);
                    size_t expected = by_characters(bytes, 80);
                    if (!CHECK(base_utf8_valid_prefix_with(kernel, bytes, 80) == expected)) return;
                }
}

/* The first and last bytes of each kind, at every place of some blocks. */
static void every_place_is_judged_alike(uint32_t kernel) {
    static const unsigned char leads[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                                          0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    static const unsigned char others[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xF0};
    enum { N_OTHERS = sizeof others / sizeof others[0], LEN = 300 };
    char bytes[LEN];
    for (size_t at = 110; at + 4 < LEN; at++)
        for (size_t lead = 0; lead < sizeof leads / sizeof leads[0]; lead++)
            for (size_t i = 0; i < N_OTHERS * 9; i++) {
                memset(bytes, 'x', LEN);
                bytes[at] = (char)leads[lead];
                bytes[at + 1] = (char)others[i % N_OTHERS];
                bytes[at + 2] = (char)(0x70 + i / N_OTHERS % 3 * 0x28);
                bytes[at + 3] = (char)(0x70 + i / N_OTHERS / 3 * 0x28);
                if (!CHECK(base_utf8_valid_prefix_with(kernel, bytes, LEN) == by_characters(bytes, LEN))) return;
            }
}

int main(void) {
    end_of_memory = guarded_end(MOST + 8);
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        if (!base_kernel_can_run(kernel)) continue;
        random_texts_are_valid_as_far_as_their_characters(kernel);
        every_start_of_a_character_is_judged_alike(kernel);
        every_place_is_judged_alike(kernel);
    }
    return check_report();
}
