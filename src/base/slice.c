#include <string.h>

#include "base/base.h"

base_slice base_slice_of(const char *nul_terminated) {
    return (base_slice){nul_terminated, nul_terminated ? strlen(nul_terminated) : 0};
}

bool base_slice_equal(base_slice a, base_slice b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

bool base_slice_is(base_slice a, const char *nul_terminated) {
    return base_slice_equal(a, base_slice_of(nul_terminated));
}

bool base_slice_starts(base_slice a, const char *prefix) {
    size_t len = strlen(prefix);
    return a.len >= len && memcmp(a.bytes, prefix, len) == 0;
}

bool base_slice_equal_letters(base_slice a, base_slice b) {
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (base_lower(a.bytes[i]) != base_lower(b.bytes[i])) return false;
    return true;
}

bool base_slice_is_letters(base_slice a, const char *nul_terminated) {
    return base_slice_equal_letters(a, base_slice_of(nul_terminated));
}

bool base_slice_starts_letters(base_slice a, const char *prefix) {
    size_t len = strlen(prefix);
    return a.len >= len && base_slice_is_letters((base_slice){a.bytes, len}, prefix);
}

base_slice base_slice_trim(base_slice text) {
    while (text.len && base_is_space(text.bytes[text.len - 1])) text.len--;
    while (text.len && base_is_space(text.bytes[0])) text.bytes++, text.len--;
    return text;
}

int base_slice_compare(base_slice a, base_slice b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.bytes, b.bytes, shorter) : 0;
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

__extension__ typedef unsigned __int128 wide;

/* Multiply and fold, eight bytes at a time: 128-bit products mix well and cost one instruction. */
uint64_t base_hash(const void *bytes, size_t len) {
    const unsigned char *p = bytes;
    uint64_t hash = 0x9E3779B97F4A7C15u ^ len;
    while (len) {
        uint64_t word = 0;
        size_t step = len < 8 ? len : 8;
        memcpy(&word, p, step);
        wide product = (wide)(hash ^ word) * 0xD6E8FEB86659FD93u;
        hash = (uint64_t)product ^ (uint64_t)(product >> 64);
        p += step;
        len -= step;
    }
    return hash;
}

base_slice base_slice_cut(base_slice text, size_t most) {
    if (text.len <= most) return text;
    text.len = most;
    for (int i = 0; i < 3 && text.len && ((unsigned char)text.bytes[text.len] & 0xC0) == 0x80; i++) text.len--;
    return text;
}
