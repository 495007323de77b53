/* What must hold for any bytes in any charset: they give UTF-8, in parts as at once; each character stands for bytes of the
 * page that lie in order and side by side; these bytes alone give that character; the page's runs and links come from places inside it; and
 * what is written in the charset and read again is written the same. The first byte is the charset, 0 to find it; the
 * second the format and whether text stands before, so that the input lies where one chunk of the converter's ends. */
#include <string.h>

#include "fuzz.h"
#include "text/charset.h"

static bool begins_character(const text_decoded *decoded, size_t at) {
    return at == decoded->len || ((unsigned char)decoded->bytes[at] & 0xC0) != 0x80;
}

/* The same as text_decoded_origin() says, counted from the start; and no character stands for nothing, but those behind
 * the first that one sequence of bytes gives. */
static void check_places(const text_decoded *decoded, size_t start) {
    size_t origin = start;
    must(base_utf8_valid_prefix(decoded->bytes, decoded->len) == decoded->len);
    for (size_t at = 0; at < decoded->len; at++) {
        if (begins_character(decoded, at)) must(text_decoded_origin(decoded, at) == origin);
        else must(decoded->lens[at] == 0);
        origin += decoded->lens[at];
    }
    must(origin == (decoded->len ? decoded->source_len : start));
    must(decoded->n_invalid == 0 || (decoded->first_invalid >= start && decoded->first_invalid < decoded->source_len));
}

/* A stretch between two characters, read by itself. What is at fault may be divided otherwise there. */
static void check_part(const text_decoded *whole, base_slice source, uint32_t charset, size_t from, size_t to) {
    while (!begins_character(whole, from)) from--;
    while (!begins_character(whole, to)) to++;
    if (from >= to) return;
    for (size_t at = from; at + 3 <= to; at++)
        if (memcmp(whole->bytes + at, "\xEF\xBF\xBD", 3) == 0) return;
    text_decoded part = {0};
    size_t start = text_decoded_origin(whole, from), end = text_decoded_origin(whole, to);
    must(text_decode(&part, &base_default_allocator, (base_slice){source.bytes, end}, start, charset) == SM_OK);
    must(part.len == to - from && memcmp(part.bytes, whole->bytes + from, part.len) == 0);
    text_decoded_free(&part, &base_default_allocator);
}

/* In parts the same characters come out. */
static void check_in_parts(const text_decoded *whole, base_slice source, uint32_t charset, size_t start, size_t most) {
    text_decoded parts = {0};
    must(text_decode_by(&parts, &base_default_allocator, source, start, charset, most) == SM_OK);
    must(parts.len == whole->len && (!whole->len || memcmp(parts.bytes, whole->bytes, whole->len) == 0));
    must(parts.n_invalid == whole->n_invalid);
    check_places(&parts, start);
    text_decoded_free(&parts, &base_default_allocator);
}

static void check_written(const text_decoded *decoded, uint32_t charset) {
    sm_buffer first = {0}, second = {0};
    text_decoded again = {0};
    must(text_encode(charset, (base_slice){decoded->bytes, decoded->len}, &first));
    must(text_decode(&again, &base_default_allocator, (base_slice){first.data, (size_t)first.len}, 0, charset)
         == SM_OK);
    must(text_encode(charset, (base_slice){again.bytes, again.len}, &second));
    must(first.len == second.len && memcmp(first.data, second.data, (size_t)first.len) == 0);
    must(first.data[first.len] == '\0');
    text_decoded_free(&again, &base_default_allocator);
    sm_buffer_free(&first);
    sm_buffer_free(&second);
}

static void check_page(base_slice source, uint32_t format, uint32_t charset) {
    text_reader *reader = text_reader_new(&base_default_allocator, base_kernel_best());
    text_page page;
    size_t last = 0;
    must(reader && text_read(reader, source, format, charset, &page) == SM_OK);
    must(page.charset > TEXT_AUTO && page.charset < TEXT_N_CHARSETS && text_charset_word(page.charset));
    for (size_t i = 0; i < page.n_runs; i++)
        for (size_t k = 0; k < page.runs[i].n_pieces; k++) {
            const text_piece *piece = &page.runs[i].pieces[k];
            size_t start = text_origin(&page, piece->source_start), end = text_origin(&page, piece->source_end);
            must(last <= start && start <= end && end <= source.len);
            last = end;
        }
    for (size_t i = 0; i < page.n_links; i++) {
        size_t start = text_origin(&page, page.links[i].source_start);
        must(start < text_origin(&page, page.links[i].source_end));
    }
    text_reader_free(reader);
}

static void check_source(base_slice source, uint32_t charset, uint32_t format, size_t from, size_t to) {
    size_t start, valid = base_utf8_valid_prefix(source.bytes, source.len);
    check_page(source, format, charset);
    uint32_t found = text_charset_of(source, charset, valid, &start);
    must(start <= source.len && found > TEXT_AUTO && found < TEXT_N_CHARSETS);
    text_decoded decoded = {0};
    must(text_decode(&decoded, &base_default_allocator, source, start, found) == SM_OK);
    check_places(&decoded, start);
    if (to <= decoded.len) check_part(&decoded, source, found, from, to);
    check_in_parts(&decoded, source, found, start, 1 + (to - from) % 16);
    check_written(&decoded, found);
    text_decoded_free(&decoded, &base_default_allocator);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    enum { CHUNK = 4096, SHIFTS = 16 };
    fuzz_input input = {bytes, len};
    uint32_t charset = fuzz_byte(&input) % TEXT_N_CHARSETS, choice = fuzz_byte(&input);
    size_t from = fuzz_byte(&input), to = from + fuzz_byte(&input),
           unit = charset == TEXT_UTF16LE || charset == TEXT_UTF16BE ? 2 : 1;
    size_t before = choice / 4 % 2 ? (CHUNK - choice / 8 % SHIFTS) * unit : 0;
    char *text = malloc(before + input.len + 1);
    must(text != NULL);
    for (size_t i = 0; i < before; i++) text[i] = unit == 2 && i % 2 == (charset == TEXT_UTF16LE) ? '\0' : 'x';
    if (input.len) memcpy(text + before, input.bytes, input.len);
    from += before;
    to += before;
    check_source((base_slice){text, before + input.len}, charset, choice % 4, from, to);
    free(text);
    return 0;
}
