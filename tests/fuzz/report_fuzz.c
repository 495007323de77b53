/* What must hold for any bytes in any format: a report is a whole page, without scripts, that has every mention. The first byte
 * chooses the format, the second one a title. */
#include <string.h>

#include "fuzz.h"
#include "stockmention.h"

static uint64_t count(const sm_buffer *page, const char *what) {
    uint64_t n = 0;
    const char *at = page->data;
    while ((at = strstr(at, what)) != NULL) {
        at += strlen(what);
        n++;
    }
    return n;
}

static void check_report(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                         const sm_buffer *page) {
    static const char begin[] = "<!DOCTYPE html>", end[] = "</html>\n";
    static sm_result *result;
    must(sm_engine_extract(engine, scanner, document, NULL, &result, NULL) == SM_OK);
    must(strlen(page->data) == page->len && strncmp(page->data, begin, sizeof begin - 1) == 0);
    must(strcmp(page->data + page->len - (sizeof end - 1), end) == 0);
    must(count(page, "<script") == 0 && count(page, "</article>") == 1);
    must(count(page, "><a id=\"m") == sm_result_mention_count(result));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_engine *engine;
    static sm_scanner *scanner;
    if (!engine) {
        must(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
        must(sm_scanner_new(engine, &scanner, NULL) == SM_OK);
    }
    if (len < 2) return 0;

    sm_document document;
    sm_annotate_options how;
    sm_buffer annotated = {0};
    sm_document_init(&document, sizeof document);
    sm_annotate_options_init(&how, sizeof how);
    document.format = bytes[0] % 4;
    how.style = SM_STYLE_REPORT;
    document.text = (const char *)bytes + 2;
    document.text_len = len - 2;
    if (bytes[1] / 8 % 2) {
        document.title = document.text;
        document.title_len = document.text_len;
    }
    must(sm_engine_annotate(engine, scanner, &document, NULL, &how, &annotated, NULL) == SM_OK);
    check_report(engine, scanner, &document, &annotated);
    sm_buffer_free(&annotated);
    return 0;
}
