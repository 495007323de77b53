/* Well-formed codes that are in no table: which market they would be of, and whether shares have such codes there. */
#include <string.h>

#include "scan/codes.h"

/* --- Codes ------------------------------------------------------------------------------------------------------------ */

static size_t form_of(codes_form form, base_slice run, size_t from, size_t to, char out[CODES_MAX_CODE]) {
    char text[CODES_MAX_CODE];
    size_t len = 0;
    while (from < to) {
        uint32_t c = codes_char_at(run, from, &from);
        if (c >= 0x80 || len == CODES_MAX_CODE) return 0;
        text[len++] = (char)c;
    }
    return codes_normal_form(form, (base_slice){text, len}, out);
}

/* US: names several markets, and a cashtag none. */
static void find_market(const dict_view *view, const codes_row *row, base_slice exchange, base_slice code,
                        scan_candidate *unknown) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < row->n_markets; i++) {
        const codes_market *market = &row->markets[i];
        if (!base_slice_equal(market->exchange, exchange) || !dict_has_share(view, market->mic, code)) continue;
        n++;
        unknown->market = n == 1 ? market->mic : dict_none;
    }
    unknown->is_share = n > 0;
}

scan_candidate codes_unknown(const dict_view *view, const codes_row *row, base_slice exchange, base_slice run,
                             size_t start, size_t end, size_t from, size_t to) {
    scan_candidate unknown = {.start = start,
                              .end = end,
                              .kind = SCAN_CODE,
                              .index = dict_none,
                              .notation = row->notation,
                              .market = dict_none,
                              .code_at = (uint16_t)(from - start),
                              .code_len = (uint8_t)(to - from)};
    char code[CODES_MAX_CODE];
    size_t len = form_of(row->form, run, from, to, code);
    if (len) find_market(view, row, exchange, (base_slice){code, len}, &unknown);
    return unknown;
}

size_t scan_unknown_code(const scan_codes *codes, const scan_candidate *candidate, base_slice run,
                         char out[SCAN_MAX_CODE]) {
    size_t from = candidate->start + candidate->code_at;
    return form_of(codes->rows[candidate->notation].form, run, from, from + candidate->code_len, out);
}
