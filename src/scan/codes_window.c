#include <string.h>

#include "scan/codes.h"

/* --- Characters --------------------------------------------------------------------------------------------------- */

uint32_t codes_fold(uint32_t c) {
    if (c < 0x80) return c;
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
    if (c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A)) return ' ';
    if (c == 0x2236 || c == 0xFE55) return ':'; /* ratio and small colon stand for one in many Chinese pages */
    if (c == 0xFFE5) return 0xA5;               /* ￥ */
    return c;
}

uint32_t codes_char_at(base_slice run, size_t at, size_t *next) {
    uint32_t c = CODES_EDGE;
    *next = at;
    if (at >= run.len) return c;
    unsigned len = base_utf8_decode(run.bytes + at, run.bytes + run.len, &c, NULL);
    *next = at + (len ? len : 1);
    return codes_fold(c);
}

uint32_t codes_char_before(base_slice run, size_t at, size_t *before) {
    *before = at;
    if (at == 0) return CODES_EDGE;
    size_t start = at - 1;
    while (start && at - start < 4 && ((unsigned char)run.bytes[start] & 0xC0) == 0x80) start--;
    uint32_t c = 0;
    base_utf8_decode(run.bytes + start, run.bytes + at, &c, NULL);
    *before = start;
    return codes_fold(c);
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

/* Han stand as they are; only these first bytes begin a character that codes_fold() changes. */
static bool may_fold(unsigned char first) {
    return first == 0xC2 || first == 0xE2 || first == 0xE3 || first == 0xEF;
}

static size_t char_len(unsigned char first) {
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

void codes_window_fill(codes_window *window, const codes_place *place) {
    base_slice run = place->run;
    size_t start = place->at > CODES_WINDOW_BEFORE ? place->at - CODES_WINDOW_BEFORE : 0;
    size_t end = run.len - start > CODES_WINDOW ? start + CODES_WINDOW : run.len;
    while (start < place->at && is_continuation(run.bytes[start])) start++;
    while (end < run.len && end > place->end && is_continuation(run.bytes[end])) end--;
    size_t len = 0;
    window->raw_start = start;
    window->at = 0;
    for (size_t at = start, next; at < end; at = next) {
        unsigned char first = (unsigned char)run.bytes[at];
        size_t n = 1;
        if (at == place->at) window->at = len;
        if (first < 0x80) {
            window->bytes[len] = run.bytes[at];
            next = at + 1;
        } else if (may_fold(first)) {
            n = base_utf8_encode(codes_char_at(run, at, &next), window->bytes + len);
        } else {
            n = char_len(first) < end - at ? char_len(first) : end - at;
            memcpy(window->bytes + len, run.bytes + at, n);
            next = at + n;
        }
        for (size_t i = 0; i < n; i++) window->raw[len + i] = (uint8_t)(at - start);
        len += n;
    }
    window->len = len;
    window->raw[len] = (uint8_t)(end - start);
}
