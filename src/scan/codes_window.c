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

/* Characters of three bytes that codes_fold() leaves alone: nearly all Han begin so. */
static bool is_plain_three(unsigned char first) {
    return first >= 0xE4 && first < 0xEF;
}

/* Folds what lies between two offsets of the text and adds it to the window. */
static void add_text(codes_window *window, base_slice run, size_t at, size_t end) {
    char *out = window->bytes + window->len;
    while (at < end) {
        const char *from = run.bytes + at;
        window->raw[out - window->bytes] = (uint8_t)(at - window->raw_start);
        if ((unsigned char)*from < 0x80) {
            *out++ = *from;
            at++;
        } else if (is_plain_three((unsigned char)*from)) {
            memcpy(out, from, 3);
            out += 3;
            at += 3;
        } else {
            uint32_t folded = codes_char_at(run, at, &at);
            if (folded < 0x80) *out++ = (char)folded;
            else out += base_utf8_encode(folded, out);
        }
    }
    window->len = (size_t)(out - window->bytes);
}

void codes_window_fill(codes_window *window, const codes_place *place) {
    base_slice run = place->run;
    size_t start = place->at > CODES_WINDOW_BEFORE ? place->at - CODES_WINDOW_BEFORE : 0;
    size_t end = run.len - start > CODES_WINDOW ? start + CODES_WINDOW : run.len;
    while (start < place->at && is_continuation(run.bytes[start])) start++;
    while (end < run.len && end > place->end && is_continuation(run.bytes[end])) end--;
    window->raw_start = start;
    window->len = 0;
    add_text(window, run, start, place->at);
    window->at = window->len;
    add_text(window, run, place->at, end);
    window->raw[window->len] = (uint8_t)(end - start);
}
