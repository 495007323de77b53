/* Other charsets → UTF-8 and back, by ICU's converters. */
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "text/charset.h"

enum { STEP = 64, CHUNK = 4096 }; /* bytes of UTF-8 between steps; UTF-16 units that are converted at a time */
enum { MOST_AT_ONCE = 1 << 30 };  /* bytes that a converter is shown: it counts them in 31 bits */

void text_decoded_free(text_decoded *decoded, const sm_allocator *allocator) {
    void *blocks[] = {decoded->bytes, decoded->lens, decoded->steps};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) allocator->release(allocator->context, blocks[i]);
}

void text_decoded_forget(text_decoded *decoded, const sm_allocator *allocator) {
    base_give_back(allocator, (void **)&decoded->bytes, &decoded->capacity, 0, 1);
    base_give_back(allocator, (void **)&decoded->lens, &decoded->lens_capacity, 0, 1);
    base_give_back(allocator, (void **)&decoded->steps, &decoded->steps_capacity, 0, sizeof *decoded->steps);
}

static bool make_room(text_decoded *decoded, const sm_allocator *allocator, size_t more) {
    size_t need = decoded->len + more;
    void *bytes = decoded->bytes, *lens = decoded->lens, *steps = decoded->steps;
    bool has_room = base_grow(allocator, &bytes, &decoded->capacity, need, 1);
    decoded->bytes = bytes;
    has_room = has_room && base_grow(allocator, &lens, &decoded->lens_capacity, need, 1);
    decoded->lens = lens;
    has_room = has_room
               && base_grow(allocator, &steps, &decoded->steps_capacity, need / STEP + 1, sizeof *decoded->steps);
    decoded->steps = steps;
    return has_room;
}

/* A character that was made of the page's bytes from `source` on; how many they are the next one tells. */
static void add_character(text_decoded *decoded, uint32_t code_point, size_t source) {
    unsigned len = base_utf8_encode(code_point, decoded->bytes + decoded->len);
    memset(decoded->lens + decoded->len, 0, len);
    while (decoded->n_steps * STEP < decoded->len + len) decoded->steps[decoded->n_steps++] = source;
    decoded->len += len;
    if (code_point != 0xFFFD) return;
    if (decoded->n_invalid++ == 0) decoded->first_invalid = source;
}

/* Units on their way, each with the page's byte that it comes from. */
typedef struct decoding {
    text_decoded *decoded;
    uint32_t charset;
    UChar units[CHUNK];
    int32_t offsets[CHUNK];   /* from the chunk's first byte; -1: with the unit before, or before the chunk */
    size_t last, last_source; /* the character before, here and in the page */
    uint32_t lead;            /* a surrogate that waits for the other, which may come with the next chunk; or 0 */
} decoding;

/* The page's byte that a unit comes from. Where a converter goes on amid bytes at fault, what it says of places is anything;
 * what it makes of a character that the page cuts off comes from the last byte at least.
 * @param end  of the chunk. */
static size_t unit_source(const decoding *d, size_t i, size_t start, size_t end) {
    size_t source = d->offsets[i] < 0 || !d->decoded->len ? d->last_source : start + (size_t)d->offsets[i];
    size_t most = end < d->decoded->source_len ? end : end - 1;
    if (source > most) source = most;
    return source > d->last_source ? source : d->last_source;
}

static void add_units(decoding *d, size_t n, size_t start, size_t end) {
    text_decoded *decoded = d->decoded;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = d->units[i];
        size_t source = unit_source(d, i, start, end);
        if (d->lead) {
            add_character(decoded, (uint32_t)U16_GET_SUPPLEMENTARY(d->lead, c), d->last_source);
            d->lead = 0;
            continue;
        }
        if (decoded->len) decoded->lens[d->last] = (uint8_t)(source - d->last_source);
        d->last = decoded->len;
        d->last_source = source;
        if (U16_IS_LEAD(c)) d->lead = c;
        else add_character(decoded, c, source);
    }
}

/* What a converter is shown next: `most` bytes, or less up to a space, a line's end or a sign, which are never a part of
 * another character in any charset, so that it does not stop amid one. */
static const char *part_end(const decoding *d, const char *at, const char *end, size_t most) {
    bool is_big_endian = d->charset == TEXT_UTF16BE;
    size_t unit = is_big_endian || d->charset == TEXT_UTF16LE ? 2 : 1;
    if ((size_t)(end - at) <= most) return end;
    const char *limit = at + (most > unit ? most - most % unit : unit);
    for (const char *to = limit; to > at; to -= unit) {
        const unsigned char *last = (const unsigned char *)to - unit;
        if (last[is_big_endian] < '0' && (unit == 1 || last[!is_big_endian] == 0)) return to;
    }
    return limit;
}

/* How a text is converted. */
typedef struct decode_manner {
    size_t most; /* bytes that the converter is shown at once */
    bool is_all; /* the text ends where the bytes end, so that what is parted there is no character */
} decode_manner;

/* Leaves off what the converter waits with: more of its bytes come behind those that are read. */
static void leave_parted(UConverter *converter, const decoding *d) {
    UErrorCode status = U_ZERO_ERROR;
    const int32_t n = ucnv_toUCountPending(converter, &status);
    const size_t end = d->decoded->source_len - (U_SUCCESS(status) && n > 0 ? (size_t)n : 0);
    d->decoded->source_len = end > d->last_source ? end : d->last_source;
}

static sm_status convert(UConverter *converter, decoding *d, const sm_allocator *allocator, base_slice source,
                         size_t start, const decode_manner *how) {
    const char *at = source.bytes + start, *end = source.bytes + source.len, *shown_end = at;
    UErrorCode status = U_ZERO_ERROR;
    d->last_source = start;
    do {
        UChar *to = d->units;
        size_t from = (size_t)(at - source.bytes);
        if (at == shown_end) shown_end = part_end(d, at, end, how->most);
        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, d->units + CHUNK, &at, shown_end, d->offsets, how->is_all && shown_end == end,
                       &status);
        if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)
            return status == U_MEMORY_ALLOCATION_ERROR ? SM_ERR_NOMEM : SM_ERR_UNSUPPORTED;
        size_t n = (size_t)(to - d->units);
        if (!make_room(d->decoded, allocator, 3 * n + 1)) return SM_ERR_NOMEM;
        add_units(d, n, from, (size_t)(at - source.bytes));
    } while (status == U_BUFFER_OVERFLOW_ERROR || at < end);
    if (!how->is_all) leave_parted(converter, d);
    if (d->decoded->len) d->decoded->lens[d->last] = (uint8_t)(d->decoded->source_len - d->last_source);
    return SM_OK;
}

/* ICU's own way writes U+001A for a single byte in some charsets, which is a character like others. */
static void U_CALLCONV replace_invalid(const void *context, UConverterToUnicodeArgs *to, const char *bytes, int32_t len,
                                       UConverterCallbackReason reason, UErrorCode *status) {
    static const UChar replacement = 0xFFFD;
    (void)context;
    (void)bytes;
    (void)len;
    if (reason > UCNV_IRREGULAR) return; /* the converter is reset, closed or copied */
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(to, &replacement, 1, 0, status);
}

static sm_status decode(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                        uint32_t charset, const decode_manner *how) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(text_charset_converter(charset), &status);
    decoded->len = decoded->n_steps = decoded->n_invalid = decoded->first_invalid = 0;
    decoded->source_len = source.len;
    if (U_FAILURE(status)) return status == U_MEMORY_ALLOCATION_ERROR ? SM_ERR_NOMEM : SM_ERR_UNSUPPORTED;
    ucnv_setToUCallBack(converter, replace_invalid, NULL, NULL, NULL, &status);
    decoding d = {.decoded = decoded, .charset = charset};
    sm_status done = convert(converter, &d, allocator, source, start, how);
    ucnv_close(converter);
    return done;
}

sm_status text_decode(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                      uint32_t charset) {
    return text_decode_by(decoded, allocator, source, start, charset, MOST_AT_ONCE);
}

sm_status text_decode_by(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                         uint32_t charset, size_t most) {
    return decode(decoded, allocator, source, start, charset, &(decode_manner){most, true});
}

sm_status text_decode_first(text_decoded *decoded, const sm_allocator *allocator, base_slice source, size_t start,
                            uint32_t charset) {
    return decode(decoded, allocator, source, start, charset, &(decode_manner){MOST_AT_ONCE, false});
}

size_t text_decoded_origin(const text_decoded *decoded, size_t at) {
    if (at >= decoded->len) return decoded->source_len;
    size_t from = at / STEP * STEP, source = decoded->steps[at / STEP];
    while (from && decoded->lens[from] == 0 && ((unsigned char)decoded->bytes[from] & 0xC0) == 0x80) from--;
    for (; from < at; from++) source += decoded->lens[from];
    return source;
}

/* --- Back ----------------------------------------------------------------------------------------------------------- */

bool text_encode(uint32_t charset, base_slice text, sm_buffer *out) {
    enum { MOST_FOR_A_BYTE = 16 }; /* &#1114111; for two, and room for what ICU adds at the ends */
    UErrorCode status = U_ZERO_ERROR;
    UConverter *to = ucnv_open(text_charset_converter(charset), &status), *from = ucnv_open("UTF-8", &status);
    const char *at = text.len ? text.bytes : "";
    bool is_good = U_SUCCESS(status) && base_buffer_reserve(out, text.len * MOST_FOR_A_BYTE + 64);
    if (is_good) {
        char *end = out->data + out->len;
        ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_ESCAPE, UCNV_ESCAPE_XML_DEC, NULL, NULL, &status);
        ucnv_convertEx(to, from, &end, out->data + out->capacity - 1, &at, at + text.len, NULL, NULL, NULL, NULL, true,
                       true, &status);
        is_good = U_SUCCESS(status);
        out->len = (uint64_t)(end - out->data);
        *end = '\0';
    }
    ucnv_close(to);
    ucnv_close(from);
    return is_good;
}
