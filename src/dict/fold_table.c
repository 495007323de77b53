/* Characters → what they are matched as: the table that fold.h reads. */
#include "dict/compile.h"

static void fold_range(uint16_t *fold, uint32_t from, uint32_t to, uint32_t target) {
    for (uint32_t c = from; c <= to; c++) fold[c] = (uint16_t)target;
}

static uint32_t cell_char(base_slice cell) {
    uint32_t c;
    return base_utf8_decode(cell.bytes, cell.bytes + cell.len, &c, NULL) ? c : 0;
}

static uint32_t ascii_fold(uint32_t c) {
    if (c >= 'A' && c <= 'Z') return c + 32;
    if (c == '\t' || c == '\n' || c == '\r') return ' ';
    return c == '\'' || c == '`' ? DICT_FOLD_DROP : c;
}

void dict_build_fold(dict_builder *builder) {
    uint16_t *fold = dict_append(builder, SECTION_FOLD, 0x10000);
    if (!fold) return;
    for (uint32_t c = 0; c < 0x10000; c++) fold[c] = (uint16_t)(c < 0x80 ? ascii_fold(c) : c);
    fold_range(fold, 0xFF01, 0xFF5E, 0);
    for (uint32_t c = 0xFF01; c <= 0xFF5E; c++) fold[c] = (uint16_t)ascii_fold(c - 0xFF01 + '!');
    fold[0xA0] = fold[0x3000] = ' ';
    fold_range(fold, 0x2000, 0x200A, ' ');
    fold_range(fold, 0x2010, 0x2013, '-');
    fold_range(fold, 0x200B, 0x200F, DICT_FOLD_DROP);
    fold_range(fold, 0x300, 0x36F, DICT_FOLD_DROP); /* accents that combine */
    fold[0x2018] = fold[0x2019] = fold[0xAD] = fold[0xFEFF] = DICT_FOLD_DROP;
    const dict_rows *variants = &builder->tables->table[DICT_VARIANTS];
    for (size_t i = 0; i < variants->n; i++) {
        const base_slice *cells = variants->rows[i].cells;
        fold[cell_char(cells[VARIANT_FROM])] = (uint16_t)ascii_fold(cell_char(cells[VARIANT_TO]));
    }
    uint32_t *same = dict_append(builder, SECTION_FOLD_SAME, 0x10000 / 32);
    for (uint32_t c = 0; same && c < 0x10000; c++) same[c >> 5] |= (uint32_t)(fold[c] == c) << (c & 31);
    builder->view.fold = fold;
    builder->view.fold_same = same;
}
