#include "dict/dict.h"

static bool is_sign(uint32_t c) {
    return c == '.' || c == ',' || c == '-' || c == '/' || c == '(' || c == ')';
}

static void write_one(dict_folder *folder, uint32_t c, uint32_t *out, int *n) {
    folder->last = c;
    out[(*n)++] = c;
}

int dict_fold_step(dict_folder *folder, uint32_t folded, uint32_t out[DICT_FOLD_PENDING + 1]) {
    int n = 0;
    if (folded == DICT_FOLD_DROP) return 0;
    if (folded == ' ') {
        folder->space = folder->last != 0;
        return 0;
    }
    bool after_latin = folder->last && dict_is_latin(folder->last);
    if (is_sign(folded) && after_latin) {
        if (folder->n_pending == DICT_FOLD_PENDING) return DICT_FOLD_STOP;
        folder->pending[folder->n_pending++] = folded;
        return 0;
    }
    if (after_latin && dict_is_latin(folded)) {
        if (folder->space || folder->n_pending) write_one(folder, ' ', out, &n);
    } else {
        for (uint32_t i = 0; i < folder->n_pending; i++) write_one(folder, folder->pending[i], out, &n);
    }
    folder->space = false;
    folder->n_pending = 0;
    write_one(folder, folded, out, &n);
    return n;
}

size_t dict_fold_text(const dict_view *view, base_slice text, char *out, size_t capacity) {
    const char *p = text.bytes, *end = text.bytes + text.len;
    size_t len = 0;
    dict_folder folder = {0};
    while (p < end) {
        uint32_t code_point, written[DICT_FOLD_PENDING + 1];
        unsigned skip = 1, step = base_utf8_decode(p, end, &code_point, &skip);
        if (!step) return 0;
        p += step;
        int n = dict_fold_step(&folder, dict_fold_char(view, code_point), written);
        if (n < 0) return 0;
        for (int i = 0; i < n; i++) {
            if (len + 4 > capacity) return 0;
            len += base_utf8_encode(written[i], out + len);
        }
    }
    return len;
}
