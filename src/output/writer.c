#include <string.h>

#include "output/output.h"

/* Where up to `most` bytes may be written, told to end_at() afterwards; NULL when memory ran out, now or before. Most
 * pieces of JSON are a few bytes long, and a call for each would take longer than its bytes. */
static inline char *room_for(output_writer *writer, size_t most) {
    sm_buffer *buffer = writer->buffer;
    if (writer->is_out_of_memory) return NULL;
    if (buffer->capacity - buffer->len <= most && !base_buffer_reserve(buffer, most)) {
        writer->is_out_of_memory = true;
        return NULL;
    }
    return buffer->data + buffer->len;
}

static inline void end_at(output_writer *writer, char *end) {
    *end = '\0';
    writer->buffer->len = (uint64_t)(end - writer->buffer->data);
}

static void append(output_writer *writer, const char *bytes, size_t len) {
    char *at = room_for(writer, len);
    if (!at) return;
    if (len) memcpy(at, bytes, len); /* of nothing the bytes may be NULL */
    end_at(writer, at + len);
}

void output_raw(output_writer *writer, const char *nul_terminated) {
    append(writer, nul_terminated, strlen(nul_terminated));
}

void output_bytes(output_writer *writer, base_slice bytes) {
    append(writer, bytes.bytes, bytes.len);
}

/* At least `width` digits. By hand because printf reads the locale. */
static void append_digits(output_writer *writer, uint64_t number, size_t width) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number || sizeof digits - at < width);
    append(writer, digits + at, sizeof digits - at);
}

void output_number(output_writer *writer, uint64_t number) {
    append_digits(writer, number, 1);
}

void output_date(output_writer *writer, int32_t date) {
    if (date <= 0) {
        output_raw(writer, "null");
        return;
    }
    output_raw(writer, "\"");
    append_digits(writer, (uint64_t)date / 10000, 4);
    output_raw(writer, "-");
    append_digits(writer, (uint64_t)date / 100 % 100, 2);
    output_raw(writer, "-");
    append_digits(writer, (uint64_t)date % 100, 2);
    output_raw(writer, "\"");
}

void output_fraction(output_writer *writer, uint16_t of_65535) {
    uint32_t ten_thousandths = (of_65535 * UINT32_C(10000) + 32767) / 65535;
    append_digits(writer, ten_thousandths / 10000, 1);
    output_raw(writer, ".");
    append_digits(writer, ten_thousandths % 10000, 4);
}

static void append_escape(output_writer *writer, unsigned char byte) {
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* the byte, then the letter that stands for it */
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if ((unsigned char)letters[i] != byte) continue;
        append(writer, (const char[]){'\\', letters[i + 1]}, 2);
        return;
    }
    append(writer, (const char[]){'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]}, 6);
}

static inline bool is_plain(unsigned char byte) {
    return (byte >= 0x20) & (byte != '"') & (byte != '\\');
}

/* Nearly all strings: what neither needs an escape nor is broken. */
static bool stands_for_itself(base_slice text) {
    unsigned char all = 0;
    bool is = true;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        is &= is_plain(byte);
        all |= byte;
    }
    return is && (all < 0x80 || base_utf8_valid_prefix(text.bytes, text.len) == text.len);
}

static void append_quoted(output_writer *writer, base_slice text) {
    char *at = room_for(writer, text.len + 2);
    if (!at) return;
    *at++ = '"';
    if (text.len) memcpy(at, text.bytes, text.len);
    at += text.len;
    *at++ = '"';
    end_at(writer, at);
}

/* Bytes that stand for themselves are copied in runs. */
static void append_escaped(output_writer *writer, base_slice text) {
    const char *at = text.bytes, *end = text.bytes + text.len, *run = at;
    output_raw(writer, "\"");
    while (at < end) {
        unsigned char byte = (unsigned char)*at;
        uint32_t code_point;
        unsigned skip = 0, len = byte < 0x80 ? 1 : base_utf8_decode(at, end, &code_point, &skip);
        if (len && is_plain(byte)) {
            at += len;
            continue;
        }
        append(writer, run, (size_t)(at - run));
        if (len) append_escape(writer, byte);
        else output_raw(writer, "\xEF\xBF\xBD");
        at += len ? len : skip;
        run = at;
    }
    append(writer, run, (size_t)(at - run));
    output_raw(writer, "\"");
}

void output_string(output_writer *writer, base_slice text) {
    if (stands_for_itself(text)) append_quoted(writer, text);
    else append_escaped(writer, text);
}

void output_key(output_writer *writer, const char *key) {
    size_t len = strlen(key);
    char *at = room_for(writer, len + sizeof ", \"\": " - 1);
    if (!at) return;
    if (writer->buffer->len && at[-1] != '{') {
        *at++ = ',';
        *at++ = ' ';
    }
    *at++ = '"';
    memcpy(at, key, len);
    at += len;
    memcpy(at, "\": ", 3);
    end_at(writer, at + 3);
}

/* What stands for a byte in HTML; NULL: itself. */
static const char *html_of(unsigned char byte) {
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\t':
    case '\n':
    case '\r': return NULL;
    default: return byte < 0x20 || byte == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

/* Bytes that stand for themselves are copied in runs. */
void output_html(output_writer *writer, base_slice text) {
    size_t run = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = html_of((unsigned char)text.bytes[i]);
        if (!escape) continue;
        append(writer, text.bytes + run, i - run);
        output_raw(writer, escape);
        run = i + 1;
    }
    append(writer, text.bytes + run, text.len - run);
}
