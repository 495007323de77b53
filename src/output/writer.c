#include <string.h>

#include "output/output.h"

static void append(output_writer *writer, const char *bytes, size_t len) {
    if (writer->is_out_of_memory) return;
    writer->is_out_of_memory = !base_buffer_append(writer->buffer, bytes, len);
}

void output_raw(output_writer *writer, const char *nul_terminated) {
    append(writer, nul_terminated, strlen(nul_terminated));
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

/* Bytes that stand for themselves are copied in runs. */
void output_string(output_writer *writer, base_slice text) {
    const char *at = text.bytes, *end = text.bytes + text.len, *run = at;
    output_raw(writer, "\"");
    while (at < end) {
        unsigned char byte = (unsigned char)*at;
        uint32_t code_point;
        unsigned skip = 0, len = byte < 0x80 ? 1 : base_utf8_decode(at, end, &code_point, &skip);
        if (len && byte >= 0x20 && byte != '"' && byte != '\\') {
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

void output_key(output_writer *writer, const char *key) {
    const sm_buffer *buffer = writer->buffer;
    if (buffer->len && buffer->data[buffer->len - 1] != '{') output_raw(writer, ", ");
    output_raw(writer, "\"");
    output_raw(writer, key);
    output_raw(writer, "\": ");
}
