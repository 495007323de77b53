#include <string.h>

#include "dict/dict.h"
#include "dict/features.h"

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
    if (dict_is_sign(folded) && after_latin) {
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
    if (!text.len) return 0; /* perhaps without bytes */
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

/* --- Marks --------------------------------------------------------------------------------------------------------------- */

static bool is_han_at(base_slice text, size_t at) {
    uint32_t c = 0;
    return at < text.len && base_utf8_decode(text.bytes + at, text.bytes + text.len, &c, NULL) && c >= 0x2E80;
}

/* Marks of special treatment stand before a name in Han characters; they come and go within days. */
static bool strip_treatment(base_slice *text) {
    static const char *const marks[] = {"s*st", "*st", "sst", "st", "s"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t len = strlen(marks[i]);
        if (!base_slice_starts(*text, marks[i]) || !is_han_at(*text, len) || text->len < len + 6) continue;
        *text = (base_slice){text->bytes + len, text->len - len};
        return true;
    }
    return false;
}

/* -W, -S and their like behind Hong Kong and STAR names say something of the shares, not of the name. */
enum { CN = 1 << DICT_CLASS_MARKET_CN, HK = 1 << DICT_CLASS_MARKET_HK };
static const struct {
    const char *text;
    uint16_t markets; /* that use it */
} class_marks[] = {{"-sw", HK}, {"-wr", HK}, {"-wd", CN}, {"-ss", HK}, {"-w", CN | HK}, {"-s", HK}, {"-b", HK},
                   {"-r", HK},  {"-p", HK},  {"-t", HK},  {"-u", CN},  {"-d", CN},      {"-v", CN}};

enum { N_CLASS_MARKS = sizeof class_marks / sizeof class_marks[0] };

uint16_t dict_class_mark(base_slice folded) {
    for (size_t i = 0; i < N_CLASS_MARKS; i++)
        if (base_slice_is(folded, class_marks[i].text)) return class_marks[i].markets;
    return 0;
}

static void strip_class(base_slice *text) {
    size_t n_ascii = 0;
    while (n_ascii < text->len && (unsigned char)text->bytes[n_ascii] < 0x80) n_ascii++;
    if (n_ascii == text->len) return; /* only names with Han characters have them */
    for (size_t i = 0; i < N_CLASS_MARKS; i++) {
        size_t len = strlen(class_marks[i].text);
        if (text->len <= len || memcmp(text->bytes + text->len - len, class_marks[i].text, len) != 0) continue;
        text->len -= len;
        return;
    }
}

/* Articles and prepositions do so in names: Jack in the Box. They are short. */
static bool begins_small_word(base_slice text, size_t at) {
    enum { LEAST = 4 };
    if ((at > 0 && text.bytes[at - 1] != ' ') || text.len - at < LEAST) return false;
    for (size_t i = at; i < at + LEAST; i++)
        if (!base_is_small(text.bytes[i])) return false;
    return true;
}

uint64_t dict_writing_of(base_slice text) {
    static const char curly[] = "\xE2\x80\x99";
    uint64_t writing = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.bytes[at];
        if (base_is_small(c)) writing |= DICT_HAS_LOWER | (begins_small_word(text, at) ? DICT_HAS_SMALL_WORD : 0);
        if (base_is_capital(c)) writing |= DICT_HAS_UPPER;
        bool is_curly = text.len - at >= sizeof curly - 1 && memcmp(text.bytes + at, curly, sizeof curly - 1) == 0;
        if (c == '\'' || is_curly) writing |= DICT_HAS_APOSTROPHE;
    }
    return writing;
}

bool dict_strip_marks(base_slice *folded) {
    bool is_treated = strip_treatment(folded);
    strip_class(folded);
    return is_treated;
}
