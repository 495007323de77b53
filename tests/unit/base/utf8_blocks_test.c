/* The block-wise check of UTF-8 finds what plain C finds, to the byte, wherever the fault is: in random texts of all
 * lengths of characters with a byte changed, a character cut off, or nothing wrong. Nothing is read behind the text. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <sys/mman.h>
#include <unistd.h>

#include "base/base.h"
#include "check.h"
#include "random.h"

enum { TEXTS = 200000, MOST = 200 };

static char *end_of_memory; /* what is behind may not be read */

static uint32_t any_char(random_source *source) {
    switch (random_below(source, 5)) {
    case 0: return random_below(source, 0x80);
    case 1: return 0x80 + random_below(source, 0x780);
    case 2: return 0x10000 + random_below(source, 0x100000);
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

static void random_texts_are_valid_as_far_as_plain_c_says(uint32_t kernel) {
    random_source source = {1};
    char bytes[MOST + 8];
    int n_valid = 0;
    for (int i = 0; i < TEXTS; i++) {
        size_t len = make_text(&source, bytes), expected = base_utf8_valid_prefix(bytes, len);
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
                    size_t expected = base_utf8_valid_prefix(bytes, 80);
                    if (!CHECK(base_utf8_valid_prefix_with(kernel, bytes, 80) == expected)) return;
                }
}

int main(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + page, page, PROT_NONE) != 0) return 2;
    end_of_memory = memory + page;
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        if (!base_kernel_can_run(kernel)) continue;
        random_texts_are_valid_as_far_as_plain_c_says(kernel);
        every_start_of_a_character_is_judged_alike(kernel);
    }
    return check_report();
}
