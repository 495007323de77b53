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

static inline void append(output_writer *writer, const char *bytes, size_t len) {
    char *at = room_for(writer, len);
    if (!at) return;
    if (len) memcpy(at, bytes, len); /* of nothing the bytes may be NULL */
    end_at(writer, at + len);
}

void output_bytes(output_writer *writer, base_slice bytes) {
    append(writer, bytes.bytes, bytes.len);
}

/* At least `width` digits, 20 at most. By hand because printf reads the locale. @return behind them. */
static char *put_digits(char *at, uint64_t number, size_t width) {
    size_t n = 1;
    for (uint64_t rest = number; rest >= 10 || n < width; rest /= 10) n++;
    for (size_t i = n; i-- > 0; number /= 10) at[i] = (char)('0' + number % 10);
    return at + n;
}

void output_number(output_writer *writer, uint64_t number) {
    char *at = room_for(writer, 20);
    if (at) end_at(writer, put_digits(at, number, 1));
}

void output_date(output_writer *writer, int32_t date) {
    if (date <= 0) {
        output_raw(writer, "null");
        return;
    }
    char *at = room_for(writer, 30);
    if (!at) return;
    *at++ = '"';
    at = put_digits(at, (uint64_t)date / 10000, 4);
    *at++ = '-';
    at = put_digits(at, (uint64_t)date / 100 % 100, 2);
    *at++ = '-';
    at = put_digits(at, (uint64_t)date % 100, 2);
    *at++ = '"';
    end_at(writer, at);
}

void output_fraction(output_writer *writer, uint16_t of_65535) {
    const uint32_t ten_thousandths = (of_65535 * UINT32_C(10000) + 32767) / 65535;
    char *at = room_for(writer, 10);
    if (!at) return;
    *at++ = (char)('0' + ten_thousandths / 10000);
    *at++ = '.';
    end_at(writer, put_digits(at, ten_thousandths % 10000, 4));
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

/* The same of eight bytes at once: 0, or some of the highest bits of what is not plain or stands behind such. */
static inline uint64_t find_escapes(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    return (((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes) | ((word - ones * 0x20) & ~word)) & highs;
}

/* Copies a text. @return whether it stands for itself, as nearly all do: nothing in it needs an escape or is broken. */
static inline bool copy_plain(char *out, base_slice text) {
    const size_t step = sizeof(uint64_t);
    uint64_t all = 0, escapes = 0, word = 0;
    size_t i = 0;
    for (; i + step <= text.len; i += step) {
        memcpy(&word, text.bytes + i, step);
        memcpy(out + i, &word, step);
        all |= word;
        escapes |= find_escapes(word);
    }
    if (i < text.len && i) { /* the last eight, some of which were met already */
        memcpy(&word, text.bytes + text.len - step, step);
        memcpy(out + text.len - step, &word, step);
        all |= word;
        escapes |= find_escapes(word);
    } else {
        for (; i < text.len; i++) {
            const unsigned char byte = (unsigned char)text.bytes[i];
            out[i] = (char)byte;
            all |= byte;
            escapes |= !is_plain(byte);
        }
    }
    bool is_ascii = (all & UINT64_C(0x8080808080808080)) == 0;
    return !escapes && (is_ascii || base_utf8_valid_prefix(text.bytes, text.len) == text.len);
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
    char *at = room_for(writer, text.len + 2);
    if (!at) return;
    if (!copy_plain(at + 1, text)) {
        append_escaped(writer, text);
        return;
    }
    *at = at[text.len + 1] = '"';
    end_at(writer, at + text.len + 2);
}

void output_word(output_writer *writer, base_slice word) {
    char *at = room_for(writer, word.len + 2);
    if (!at) return;
    *at = at[word.len + 1] = '"';
    memcpy(at + 1, word.bytes, word.len);
    end_at(writer, at + word.len + 2);
}

void output_member(output_writer *writer, base_slice key) {
    char *at = room_for(writer, key.len + sizeof ", \"\": " - 1);
    if (!at) return;
    if (writer->buffer->len && at[-1] != '{') {
        *at++ = ',';
        *at++ = ' ';
    }
    *at++ = '"';
    memcpy(at, key.bytes, key.len);
    at += key.len;
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
