#include "link/forms.h"

#include <string.h>

/* The words of a form, joined by "-" in the table: "lower-unclassed". None: the code as the id has it. */
enum {
    FORM_LOWER = 1,       /* aapl */
    FORM_UNPADDED = 2,    /* 700 */
    FORM_FOUR_DIGITS = 4, /* 0700 */
    FORM_UNDERSCORE = 8,  /* BRK_B */
    FORM_HYPHEN = 16,     /* BRK-B */
    FORM_SLASH = 32,      /* BRK/B, the slash percent-encoded */
    FORM_RIC = 64,        /* BRKb */
    FORM_UNCLASSED = 128, /* how share classes are written is not known: they have no page */
    FORM_A_SHARES = 256,  /* the page is the company's, under its A share: B shares have none */
    FORM_UNKNOWN = 1 << 30
};

static const struct {
    const char *word;
    uint32_t bit;
} form_words[] = {
    {"lower", FORM_LOWER},   {"unpadded", FORM_UNPADDED}, {"four", FORM_FOUR_DIGITS}, {"underscore", FORM_UNDERSCORE},
    {"hyphen", FORM_HYPHEN}, {"slash", FORM_SLASH},       {"ric", FORM_RIC},          {"unclassed", FORM_UNCLASSED},
    {"a", FORM_A_SHARES},
};

static uint32_t form_bit(base_slice word) {
    for (size_t i = 0; i < sizeof form_words / sizeof *form_words; i++)
        if (base_slice_is(word, form_words[i].word)) return form_words[i].bit;
    return FORM_UNKNOWN;
}

static uint32_t read_form(const char *form) {
    uint32_t bits = 0;
    while (*form) {
        size_t len = strcspn(form, "-");
        bits |= form_bit((base_slice){form, len});
        form += len + (form[len] == '-');
    }
    return bits;
}

bool link_form_is_known(const char *form) {
    return !(read_form(form) & FORM_UNKNOWN);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static const char *class_sign(uint32_t form) {
    if (form & FORM_UNDERSCORE) return "_";
    if (form & FORM_HYPHEN) return "-";
    if (form & FORM_SLASH) return "%2F";
    return form & FORM_RIC ? "" : ".";
}

/* "00700" has at least `digits` digits left. */
static const char *without_zeros(const char *code, size_t digits) {
    size_t len = strlen(code);
    while (*code == '0' && len > digits) code++, len--;
    return code;
}

bool link_write_code(const dict_view *view, uint32_t security, const char *form_cell, char out[LINK_CODE_LEN]) {
    const dict_security *s = &view->securities[security];
    const char *code = dict_string(view, s->code);
    uint32_t form = read_form(form_cell);
    size_t len = 0;
    bool is_class = false;
    if (form & FORM_UNKNOWN || strlen(code) + 4 > LINK_CODE_LEN) return false;
    if (form & FORM_UNCLASSED && strchr(code, '.')) return false;
    if (form & FORM_A_SHARES && strcmp(dict_string(view, s->board), "b-share") == 0) return false;
    if (form & FORM_UNPADDED) code = without_zeros(code, 1);
    if (form & FORM_FOUR_DIGITS) code = without_zeros(code, 4);
    for (; *code && len + 4 < LINK_CODE_LEN; code++) {
        if (*code == '.') {
            const char *sign = class_sign(form);
            memcpy(out + len, sign, strlen(sign));
            len += strlen(sign);
            is_class = true;
        } else {
            out[len++] = form & FORM_LOWER || (is_class && form & FORM_RIC) ? base_lower(*code) : *code;
        }
    }
    out[len] = 0;
    return *code == 0;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

/* "700", "0700" → "00700". @return length, 0 when it is no number of up to five digits. */
static size_t read_digits5(base_slice text, char out[LINK_CODE_LEN]) {
    if (text.len == 0 || text.len > 5) return 0;
    memset(out, '0', 5);
    for (size_t i = 0; i < text.len; i++) {
        if (!base_is_digit(text.bytes[i])) return 0;
        out[5 - text.len + i] = text.bytes[i];
    }
    return 5;
}

static size_t read_digits6(base_slice text, char out[LINK_CODE_LEN]) {
    if (text.len != 6) return 0;
    for (size_t i = 0; i < 6; i++)
        if (!base_is_digit(text.bytes[i])) return 0;
    memcpy(out, text.bytes, 6);
    return 6;
}

/* "brk_b", "BRK-B", "BRKb" (a RIC) → "BRK.B" */
static size_t read_symbol(base_slice text, bool is_ric, char out[LINK_CODE_LEN]) {
    size_t len = 0;
    for (size_t i = 0; i < text.len && len + 2 < LINK_CODE_LEN; i++) {
        char c = text.bytes[i];
        if (is_ric && i && i + 1 == text.len && base_is_small(c) && !base_is_small(text.bytes[i - 1])) out[len++] = '.';
        out[len++] = strchr("_-/$", c) ? '.' : base_upper(c);
    }
    return text.len < LINK_CODE_LEN - 2 ? len : 0;
}

static uint32_t find_on(const dict_view *view, uint32_t mic, base_slice text, bool is_ric) {
    const char *kind = dict_cell(view, DICT_MICS, mic, MIC_CODE_FORM);
    char code[LINK_CODE_LEN];
    size_t len = 0;
    if (strcmp(kind, "digits5") == 0) {
        len = read_digits5(text, code);
    } else if (strcmp(kind, "digits6") == 0) {
        len = read_digits6(text, code);
    } else if (strcmp(kind, "symbol") == 0) {
        len = read_symbol(text, is_ric, code);
    } else {
        return dict_find_code(view, mic, text);
    }
    return len ? dict_find_code(view, mic, (base_slice){code, len}) : dict_none;
}

uint32_t link_find_code(const dict_view *view, const char *mics, base_slice code, const char *form) {
    bool is_ric = (read_form(form) & FORM_RIC) != 0;
    uint32_t active = dict_none, gone = dict_none, n_active = 0, n_gone = 0;
    while (*mics) {
        size_t len = strcspn(mics, "|");
        uint32_t mic = dict_find_mic(view, (base_slice){mics, len});
        uint32_t security = mic == dict_none ? dict_none : find_on(view, mic, code, is_ric);
        mics += len + (mics[len] == '|');
        if (security == dict_none) continue;
        if (view->securities[security].status == SM_SECURITY_ACTIVE) {
            active = security;
            n_active++;
        } else {
            gone = security;
            n_gone++;
        }
    }
    if (n_active) return n_active == 1 ? active : dict_none;
    return n_gone == 1 ? gone : dict_none;
}
