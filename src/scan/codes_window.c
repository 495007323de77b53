/* The folded text around a place, which a pattern sees, and the way back to the run. */
#include <string.h>

#include "scan/codes.h"

/* --- Characters --------------------------------------------------------------------------------------------------- */

uint32_t codes_fold_sign(uint32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
    if (c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A)) return ' ';
    if (c == 0x2236 || c == 0xFE55) return ':'; /* ratio and small colon stand for one in many Chinese pages */
    if (c == 0xFFE5) return 0xA5;               /* ￥ */
    return c;
}

/* --- Addresses ---------------------------------------------------------------------------------------------------- */

/* Printed ASCII but for brackets, quotes and ` | \ ^ */
static inline bool is_address_char(char c) {
    static const uint64_t bits[4] = {0xAFFFFC7A00000000, 0x47FFFFFE87FFFFFF};
    return bits[(unsigned char)c >> 6] >> (c & 63) & 1;
}

static inline bool begins_at(base_slice text, size_t at, const char *what, size_t len) {
    return text.len - at >= len && memcmp(text.bytes + at, what, len) == 0;
}

bool codes_in_address(scan_memory *memory, base_slice run, size_t start, size_t end) {
    enum { LONGEST_MARK = 4 };
    if (end < run.len && run.bytes[end] == '@') return true;
    base_slice before = {run.bytes, start};
    /* A text may be without a space: what was looked through for the code before is not looked through again. */
    bool is_same_run = memory->no_address_in == run.bytes && memory->no_address <= start;
    size_t known = is_same_run && memory->no_address > LONGEST_MARK ? memory->no_address - LONGEST_MARK : 0;
    bool is_host = false; /* finance.sina.com.cn/: small letters follow, two or more, and a slash */
    size_t n_letters = 0;
    for (size_t at = start; at-- && start - at <= CODES_WINDOW && is_address_char(run.bytes[at]);) {
        char c = run.bytes[at];
        if (at < known && !is_host) break;
        bool is_letter = c >= 'a' && c <= 'z';
        if (c == '@' || (c == ':' && begins_at(before, at, "://", 3)) || (c == 'w' && begins_at(before, at, "www.", 4))
            || (c == '.' && is_host && n_letters > 1))
            return true;
        n_letters = is_letter ? n_letters + 1 : 0;
        is_host = c == '/' || (is_host && is_letter);
    }
    memory->no_address_in = run.bytes;
    memory->no_address = start;
    return false;
}

/* --- Windows ------------------------------------------------------------------------------------------------------ */

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Whether a character that begins so may fold; its third byte rules out 、 。 and quotes, of which text is full. No branch,
 * so that the compiler makes vectors of many. */
static inline uint8_t may_fold(unsigned char first, unsigned char third) {
    return (uint8_t)((first == 0xEF) | (first == 0xC2) | ((first == 0xE2) & ((third <= 0x8A) | (third == 0xB6)))
                     | ((first == 0xE3) & (third == 0x80)));
}

enum { MARKED_AT_ONCE = 16, MARKS_END = 8 };

static void mark_many(const unsigned char *text, uint8_t *marks) {
    for (int i = 0; i < MARKED_AT_ONCE; i++) marks[i] = may_fold(text[i], text[i + 2]);
}

/* A byte for each byte of the text, which ends with a whole character: 1 where one begins that may fold. Behind the text
 * they are 0. */
static void mark_folding(const char *text, size_t len, uint8_t marks[CODES_WINDOW + MARKS_END]) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;
    for (; at + MARKED_AT_ONCE + 2 <= len; at += MARKED_AT_ONCE) mark_many(bytes + at, marks + at);
    if (at) { /* some are marked twice */
        at = len - 2;
        mark_many(bytes + at - MARKED_AT_ONCE, marks + at - MARKED_AT_ONCE);
    }
    memset(marks + at, 0, len - at + MARKS_END);
    for (; at + 2 < len; at++) marks[at] = may_fold(bytes[at], bytes[at + 2]);
    if (at + 2 == len) marks[at] = bytes[at] == 0xC2;
}

/* Copies what stands between two folded characters. */
static void add_text(codes_window *window, const char *from, size_t len) {
    memcpy(window->folded + window->len, from, len);
    window->len += len;
}

static void add_folded(codes_window *window, uint32_t folded, size_t raw_len) {
    unsigned len = base_utf8_encode(folded, window->folded + window->len);
    uint32_t before = window->n_shifts ? window->shifts[window->n_shifts - 1].by : 0;
    window->len += len;
    window->shifts[window->n_shifts++] = (codes_shift){(uint8_t)window->len,
                                                       (uint8_t)(before + (uint32_t)(raw_len - len))};
}

/* Folds the marked character at `at` of a text that is copied as far as `done`. @return how far it is then. */
__attribute__((noinline)) static size_t fold_char(codes_window *window, const char *text, size_t at, size_t done) {
    uint32_t c;
    unsigned raw_len = base_utf8_read(text + at, &c);
    uint32_t folded = codes_fold(c);
    if (folded == c) return done;
    add_text(window, text + done, at - done);
    add_folded(window, folded, raw_len);
    return at + raw_len;
}

/* English text has nothing to fold. */
static bool is_ascii(const char *text, size_t len) {
    uint64_t all = 0, eight;
    size_t at = 0;
    for (; at + 8 <= len; at += 8) {
        memcpy(&eight, text + at, 8);
        all |= eight;
    }
    for (; at < len; at++) all |= (unsigned char)text[at];
    return !(all & 0x8080808080808080u);
}

/* Folding makes characters shorter or leaves them as they are. */
static void fold_text(codes_window *window, const char *text, size_t len) {
    if (is_ascii(text, len)) {
        window->text = text;
        window->len = len;
        return;
    }
    uint8_t marks[CODES_WINDOW + MARKS_END];
    size_t done = 0; /* of the text */
    mark_folding(text, len, marks);
    for (size_t i = 0; i < len; i += 8) {
        uint64_t eight;
        memcpy(&eight, marks + i, 8);
        for (; eight; eight &= eight - 1) done = fold_char(window, text, i + (size_t)__builtin_ctzll(eight) / 8, done);
    }
    window->text = window->n_shifts ? window->folded : text;
    if (window->n_shifts) add_text(window, text + done, len - done);
    else window->len = len;
}

void codes_window_fill(codes_window *window, const codes_place *place, size_t before) {
    base_slice run = place->run;
    size_t widest = place->at > CODES_WINDOW_BEFORE ? place->at - CODES_WINDOW_BEFORE : 0;
    size_t start = place->at > before ? place->at - before : 0;
    size_t end = run.len - widest > CODES_WINDOW ? widest + CODES_WINDOW : run.len;
    while (start < place->at && is_continuation(run.bytes[start])) start++;
    while (end < run.len && end > start && is_continuation(run.bytes[end])) end--;
    window->raw_start = start;
    window->len = 0;
    window->n_shifts = 0;
    fold_text(window, run.bytes + start, end - start);
    size_t raw_at = place->at - start;
    window->at = raw_at;
    for (uint32_t i = 0; i < window->n_shifts && window->shifts[i].from + window->shifts[i].by <= raw_at; i++)
        window->at = raw_at - window->shifts[i].by;
}

size_t codes_window_raw(const codes_window *window, size_t offset) {
    uint32_t by = 0;
    for (uint32_t i = 0; i < window->n_shifts && window->shifts[i].from <= offset; i++) by = window->shifts[i].by;
    return window->raw_start + offset + by;
}
