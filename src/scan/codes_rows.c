/* Reads the other columns of notations.tsv. */
#include <string.h>

#include "scan/codes.h"

typedef struct word_value {
    const char *word;
    int value;
} word_value;

static const word_value starts[] = {
    {"digit", CODES_DIGIT}, {"letter", CODES_LETTER}, {"dollar", CODES_DOLLAR}, {NULL, 0}};
static const word_value forms[] = {{"digits6", CODES_DIGITS6},
                                   {"digits5", CODES_DIGITS5},
                                   {"symbol", CODES_SYMBOL},
                                   {"none", CODES_NO_CODE},
                                   {NULL, 0}};
static const word_value evidences[] = {
    {"strong", CODES_STRONG}, {"bracket", CODES_BRACKET}, {"weak", CODES_WEAK}, {NULL, 0}};

static base_slice cell_of(const dict_view *view, uint32_t notation, uint32_t column) {
    return base_slice_of(dict_cell(view, DICT_NOTATIONS, notation, column));
}

/* Returns -1 for a word that is not in the list. */
static int read_word(const word_value *list, base_slice cell) {
    for (; list->word; list++)
        if (base_slice_is(cell, list->word)) return list->value;
    return -1;
}

uint32_t codes_read_length(base_slice cell) {
    uint32_t value = 0;
    if (cell.len == 0 || cell.len > 3) return 0;
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.bytes[i] < '0' || cell.bytes[i] > '9') return 0;
        value = value * 10 + (uint32_t)(cell.bytes[i] - '0');
    }
    return value;
}

static base_slice take_part(base_slice *list) {
    const char *bar = memchr(list->bytes, '|', list->len);
    base_slice part = {list->bytes, bar ? (size_t)(bar - list->bytes) : list->len};
    size_t taken = part.len + (bar ? 1 : 0);
    *list = (base_slice){list->bytes + taken, list->len - taken};
    return part;
}

enum { MIC_LEN = 4 };

static sm_status read_markets(const dict_view *view, base_arena *arena, base_slice cell, codes_row *row) {
    codes_market *markets = base_arena_alloc(arena, (cell.len / MIC_LEN + 1) * sizeof *markets);
    if (!markets) return SM_ERR_NOMEM;
    row->markets = markets;
    while (cell.len) {
        base_slice mic = take_part(&cell);
        if (mic.len < MIC_LEN) return SM_ERR_PATTERN;
        codes_market *market = &markets[row->n_markets++];
        const char *equals = memchr(mic.bytes, '=', mic.len);
        market->exchange = (base_slice){mic.bytes, equals ? (size_t)(equals - mic.bytes) : 0};
        market->number = dict_code_number(market->exchange);
        if (equals) mic = (base_slice){equals + 1, mic.len - market->exchange.len - 1};
        market->mic = dict_find_mic(view, mic);
        if (market->mic == dict_none) return SM_ERR_PATTERN;
    }
    return SM_OK;
}

sm_status codes_row_read(const dict_view *view, base_arena *arena, uint32_t notation, codes_row *row) {
    memset(row, 0, sizeof *row);
    row->notation = notation;
    int start = read_word(starts, cell_of(view, notation, NOTATION_START));
    int form = read_word(forms, cell_of(view, notation, NOTATION_FORM));
    int evidence = read_word(evidences, cell_of(view, notation, NOTATION_EVIDENCE));
    sm_status status = codes_gate_read(arena, cell_of(view, notation, NOTATION_THEN), &row->gate, &row->proof);
    row->gate.min = codes_read_length(cell_of(view, notation, NOTATION_MIN));
    row->gate.max = codes_read_length(cell_of(view, notation, NOTATION_MAX));
    if (status != SM_ERR_NOMEM) {
        base_slice mics = cell_of(view, notation, NOTATION_MICS);
        row->mics = mics.bytes;
        sm_status markets = read_markets(view, arena, mics, row);
        if (markets != SM_OK) status = markets;
    }
    if (status == SM_ERR_NOMEM) return status;
    const codes_gate *gate = &row->gate;
    row->is_broken = status != SM_OK || start < 0 || form < 0 || evidence < 0 || !gate->min || gate->min > gate->max;
    if (row->is_broken) return SM_OK;
    row->start = (codes_start)start;
    row->form = (codes_form)form;
    row->evidence = (codes_evidence)evidence;
    row->is_run = row->evidence != CODES_STRONG && row->form != CODES_NO_CODE;
    /* A strong code is not the run alone. */
    row->is_broken = row->proof.is_given && row->proof.behind_exchange.is_given != (row->evidence == CODES_STRONG);
    return SM_OK;
}
