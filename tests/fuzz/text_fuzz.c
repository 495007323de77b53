/* Any bytes in any format give runs of UTF-8 whose pieces lie in order inside the input. The first byte is the
 * format. */
#include "fuzz.h"
#include "text/text.h"

static void check_run(const text_run *run, size_t len, size_t *source_end) {
    size_t start, end;
    must(run->len && run->n_pieces && run->pieces[0].start == 0);
    must(base_utf8_valid_prefix(run->bytes, run->len) == run->len);
    for (size_t i = 0; i < run->n_pieces; i++) {
        const text_piece *piece = &run->pieces[i];
        must(piece->start < (i + 1 < run->n_pieces ? piece[1].start : run->len));
        must(piece->source_start >= *source_end && piece->source_start < piece->source_end);
        *source_end = piece->source_end;
    }
    must(*source_end <= len);
    text_map(run, 0, run->len, &start, &end);
    must(start < end && end <= len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) return 0;
    const char *source = (const char *)data + 1;
    size_t len = size - 1, source_end = 0;
    text_reader *reader = text_reader_new(&base_default_allocator, base_kernel_best());
    text_page page;
    must(reader && text_read_utf8(reader, (base_slice){source, len}, data[0] % 4, &page) == SM_OK);
    for (size_t i = 0; i < page.n_runs; i++) check_run(&page.runs[i], len, &source_end);
    for (size_t i = 0; i < page.n_links; i++) {
        const text_link *link = &page.links[i];
        must(link->source_start < link->source_end && link->source_end <= len);
        must(base_utf8_valid_prefix(link->text.bytes, link->text.len) == link->text.len);
    }
    text_reader_free(reader);
    return 0;
}
