/* Records in another charset are made UTF-8 before they are parsed: then all of them is in what is written, and a backslash
 * that is half a character escapes nothing. Commas, quotes and line ends are no halves in any charset that has them as one
 * byte, so that records can be told apart before. */
#include <string.h>

#include "cli/extract.h"

/* E0 80 would be a longer way to write 0, ED A0 half a character of UTF-16, and F4 90 lies behind the last. */
static bool is_second(unsigned char lead, unsigned char second) {
    unsigned char from = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char to = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= from && second <= to;
}

/* The length of the character that begins here; 0: none does. */
static size_t char_len(const unsigned char *at, size_t left) {
    unsigned char lead = *at;
    size_t len = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (len > left || (len > 1 && !is_second(lead, at[1]))) return 0;
    for (size_t i = 2; i < len; i++)
        if ((at[i] & 0xC0) != 0x80) return 0;
    return len;
}

/* Every record is asked, and nearly all of it is ASCII or Chinese: eight bytes of the one and a character of the other
 * are told without a loop. No character from E1 to EC has a second byte of its own. */
static bool is_utf8(const char *bytes, size_t n) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + n;
    for (size_t len; at < end; at += len) {
        uint64_t eight = 0x80;
        if (end - at > 8) memcpy(&eight, at, sizeof eight);
        if (!(eight & 0x8080808080808080u)) {
            len = 8;
        } else if (at[0] >= 0xE1 && at[0] <= 0xEC && end - at > 2) {
            if ((at[1] & 0xC0) != 0x80 || (at[2] & 0xC0) != 0x80) return false;
            len = 3;
        } else if (!(len = char_len(at, (size_t)(end - at)))) {
            return false;
        }
    }
    return true;
}

bool extract_to_utf8(const char *bytes, size_t len, const char *charset, sm_buffer *utf8, uint64_t *n_invalid,
                     sm_error *error) {
    sm_document document;
    *error = (sm_error){.status = SM_ERR_NOMEM};
    *n_invalid = 0;
    cli_buffer_empty(utf8);
    if (is_utf8(bytes, len)) return cli_buffer_append(utf8, bytes, len);
    sm_document_init(&document, sizeof document);
    document.text = bytes;
    document.text_len = len;
    document.charset = charset;
    document.charset_len = charset ? strlen(charset) : 0;
    return sm_text_decode(&document, utf8, n_invalid, error) == SM_OK;
}

static bool parse_as(extract_worker *worker, const char *charset, extract_parse *parse, json_field *fields,
                     extract_record *record) {
    sm_error error;
    if (extract_to_utf8(record->bytes, record->len, charset, &worker->utf8, &record->n_invalid, &error))
        return parse(worker, fields, record);
    extract_fail(worker, record, &error);
    return false;
}

/* JSON is UTF-8, as is what its escapes stand for, whatever the page was in that the text was taken from. */
bool extract_parse_record(extract_worker *worker, extract_parse *parse, json_field *fields, extract_record *record) {
    char charset[64];
    const json_field *named = &fields[EXTRACT_CHARSET];
    if (!parse_as(worker, worker->run->values->charset, parse, fields, record)) return false;
    if (named->type != JSON_STRING || !named->len || is_utf8(record->bytes, record->len)) return true;
    size_t len = named->len < sizeof charset ? named->len : sizeof charset - 1;
    memcpy(charset, named->bytes, len);
    charset[len] = '\0';
    return parse_as(worker, charset, parse, fields, record);
}

bool extract_check_charset(const extract_run *run) {
    static const char parting[] = "\",\r\n"; /* what records are told apart by */
    const char *charset = run->values->charset;
    sm_document document;
    sm_buffer utf8 = {0};
    sm_error error = {0};
    if (!charset || !(run->values->is_ndjson || run->values->csv)) return true;
    sm_document_init(&document, sizeof document);
    document.text = parting;
    document.text_len = sizeof parting - 1;
    document.charset = charset;
    document.charset_len = strlen(charset);
    bool is_known = sm_text_decode(&document, &utf8, NULL, &error) == SM_OK;
    bool is_good = is_known && utf8.len == sizeof parting - 1 && memcmp(utf8.data, parting, sizeof parting - 1) == 0;
    sm_buffer_free(&utf8);
    if (!is_known) cli_say_error(run->verb->name, &error);
    else if (!is_good)
        cli_say(run->verb->name, "--ndjson and --csv are not read in the charset '%s'; make them UTF-8 first", charset);
    return is_good;
}
