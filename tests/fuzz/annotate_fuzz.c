/* What must hold for any bytes in any format, charset and style: a document is annotated or refused with nothing appended;
 * what was there is still there, byte by byte and in order; a used scanner writes what a new one does; and where the links
 * can be read again, a second run changes nothing: not in plain text, which they make Markdown, of addresses of the
 * caller's, and of ANSI. The first three bytes choose format, style, charset and flags. */
#include <string.h>

#include "fuzz.h"
#include "stockmention.h"

static const char *const charsets[] = {"utf-8",        NULL,           "utf-16le",     "utf-16be",    "gb18030",
                                       "big5",         "shift_jis",    "euc-jp",       "euc-kr",      "windows-1250",
                                       "windows-1251", "windows-1252", "windows-1253", "windows-1254"};

static sm_annotate_options take_how(fuzz_input *input, uint32_t style) {
    sm_annotate_options how;
    sm_annotate_options_init(&how, sizeof how);
    uint8_t choice = fuzz_byte(input);
    how.style = style;
    how.flags = choice % 8;
    how.max_links = choice / 8 % 4;
    if (choice / 32 % 2) how.url = "https://example.org/?a=1&b=\"<{mic}>\"&c='{code}'";
    if (choice / 64 % 2) how.class_name = "\"><b>";
    return how;
}

/* The shortest prefix of the output that holds the input in its order is as long as the output or shorter. */
static void check_is_kept(const sm_buffer *output, const char *text, size_t len) {
    size_t kept = 0;
    for (uint64_t i = 0; i < output->len && kept < len; i++) kept += output->data[i] == text[kept];
    must(kept == len);
}

static int can_be_read_again(const sm_document *document, const sm_annotate_options *how) {
    static sm_text *text;
    must(sm_text_read(document, &text, NULL) == SM_OK);
    return sm_text_format(text) != SM_FORMAT_TEXT && how->style != SM_STYLE_ANSI && !how->url;
}

/* What the first run took the bytes for: markup can change what bytes look like that are not said to be of any charset. */
static const char *charset_of(const sm_engine *engine, sm_scanner *scanner, const sm_document *document) {
    static sm_result *result;
    must(sm_engine_extract(engine, scanner, document, NULL, &result, NULL) == SM_OK);
    return sm_result_documents(result, NULL)->charset;
}

static void check_second_run(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                             const sm_annotate_options *how, const sm_buffer *first) {
    sm_document again = *document;
    sm_buffer second = {0};
    again.charset = charset_of(engine, scanner, document);
    again.charset_len = strlen(again.charset);
    again.text = first->data;
    again.text_len = first->len;
    must(sm_engine_annotate(engine, scanner, &again, NULL, how, &second, NULL) == SM_OK);
    must(second.len == first->len && memcmp(second.data, first->data, first->len) == 0);
    sm_buffer_free(&second);
}

/* A new scanner costs more than a document. */
static void check_fresh(const sm_engine *engine, const sm_document *document, const sm_annotate_options *how,
                        const sm_buffer *used, sm_status status) {
    sm_buffer fresh = {0};
    must(sm_engine_annotate(engine, NULL, document, NULL, how, &fresh, NULL) == status);
    must(used->len == fresh.len && (!used->len || memcmp(used->data, fresh.data, used->len) == 0));
    sm_buffer_free(&fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine;
    static sm_scanner *scanner;
    if (!engine) {
        must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
        must(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    }
    fuzz_input input = {bytes, len};
    sm_document document;
    sm_document_init(&document, sizeof document);
    uint8_t choice = fuzz_byte(&input);
    document.format = choice % 4;
    document.charset = charsets[fuzz_byte(&input) % (sizeof charsets / sizeof charsets[0])];
    document.charset_len = document.charset ? strlen(document.charset) : 0;
    const sm_annotate_options how = take_how(&input, choice / 4 % 4);
    document.text = (const char *)input.bytes;
    document.text_len = input.len;

    sm_buffer first = {0};
    sm_status status = sm_engine_annotate(engine, scanner, &document, NULL, &how, &first, NULL);
    if (fuzz_is_chosen(bytes, len, 8)) check_fresh(engine, &document, &how, &first, status);
    must(status == SM_OK || (status == SM_ERR_ARG && first.len == 0));
    if (status == SM_OK) check_is_kept(&first, document.text, document.text_len);
    if (status == SM_OK && can_be_read_again(&document, &how))
        check_second_run(engine, scanner, &document, &how, &first);
    sm_buffer_free(&first);
    return 0;
}
