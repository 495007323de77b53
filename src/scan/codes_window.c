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

static bool is_address_char(char c) {
    return c > ' ' && c < 0x7F && !strchr("()<>[]{}\"'`|\\^", c);
}

static bool has_text(base_slice text, const char *what) {
    size_t len = strlen(what);
    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.bytes + i, what, len) == 0) return true;
    return false;
}

/* finance.sina.com.cn/: a dot, two or more small letters and a slash. */
static bool has_host(base_slice text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] != '.') continue;
        size_t end = i + 1;
        while (end < text.len && text.bytes[end] >= 'a' && text.bytes[end] <= 'z') end++;
        if (end - i > 2 && end < text.len && text.bytes[end] == '/') return true;
    }
    return false;
}

bool codes_in_address(base_slice run, size_t start, size_t end) {
    if (end < run.len && run.bytes[end] == '@') return true;
    size_t first = start;
    while (first && start - first < CODES_WINDOW && is_address_char(run.bytes[first - 1])) first--;
    base_slice before = {run.bytes + first, start - first};
    if (before.len == 0) return false;
    return memchr(before.bytes, '@', before.len) || has_text(before, "://") || has_text(before, "www.")
           || has_host(before);
}

/* --- Windows ------------------------------------------------------------------------------------------------------ */

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* A bit for each byte that a character which may fold begins with. Both loops are without a branch: the compiler makes
 * vectors of the first, and eight marks become eight bits in a multiplication. */
static void mark_folding(const char *text, size_t len, uint64_t bits[CODES_WINDOW / 64]) {
    uint8_t marks[CODES_WINDOW];
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        marks[i] = (uint8_t)((c == 0xC2) | ((c & 0xFE) == 0xE2) | (c == 0xEF));
    }
    memset(marks + len, 0, CODES_WINDOW - len);
    for (size_t i = 0; i < CODES_WINDOW / 64; i++) {
        bits[i] = 0;
        for (size_t k = 0; k < 64; k += 8) {
            uint64_t eight;
            memcpy(&eight, marks + 64 * i + k, 8);
            bits[i] |= (eight * 0x0102040810204080u >> 56) << k;
        }
    }
}

/* Copies what stands between two folded characters. */
static void add_text(codes_window *window, const char *from, size_t len) {
    memcpy(window->bytes + window->len, from, len);
    window->len += len;
}

static void add_folded(codes_window *window, uint32_t folded, size_t raw_len) {
    unsigned len = base_utf8_encode(folded, window->bytes + window->len);
    uint32_t before = window->n_shifts ? window->shifts[window->n_shifts - 1].by : 0;
    window->len += len;
    window->shifts[window->n_shifts++] = (codes_shift){(uint8_t)window->len,
                                                       (uint8_t)(before + (uint32_t)(raw_len - len))};
}

/* Folding makes characters shorter or leaves them as they are. */
static void fold_text(codes_window *window, const char *text, size_t len) {
    uint64_t bits[CODES_WINDOW / 64];
    size_t done = 0; /* of the text */
    mark_folding(text, len, bits);
    for (size_t i = 0; i < CODES_WINDOW / 64; i++)
        for (; bits[i]; bits[i] &= bits[i] - 1) {
            size_t at = 64 * i + (size_t)__builtin_ctzll(bits[i]);
            uint32_t c;
            unsigned raw_len = base_utf8_read(text + at, &c);
            uint32_t folded = codes_fold(c);
            if (folded == c) continue;
            add_text(window, text + done, at - done);
            add_folded(window, folded, raw_len);
            done = at + raw_len;
        }
    add_text(window, text + done, len - done);
}

void codes_window_fill(codes_window *window, const codes_place *place) {
    base_slice run = place->run;
    size_t start = place->at > CODES_WINDOW_BEFORE ? place->at - CODES_WINDOW_BEFORE : 0;
    size_t end = run.len - start > CODES_WINDOW ? start + CODES_WINDOW : run.len;
    while (start < place->at && is_continuation(run.bytes[start])) start++;
    while (end < run.len && end > place->end && is_continuation(run.bytes[end])) end--;
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
