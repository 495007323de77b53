/* Eastmoney's own markup: the attributes and ids by which its pages name a stock. */
#include <string.h>

#include "link/forms.h"

/* Market numbers before a code ("1.688111"), and the digit that older pages put behind it ("3001042"). */
static const struct {
    const char *number, *mics;
} markets[] =
    {
        {"0", "XSHE|BJSE"}, {"1", "XSHG"}, {"105", "XNAS"}, {"106", "XNYS"}, {"107", "XASE"}, {"116", "XHKG"},
},
  old_digits[] =
      {
          {"1", "XSHG"},
          {"2", "XSHE|BJSE"},
          {"5", "XHKG"},
          {"7", "XNAS|XNYS|XASE"},
},
  old_exchanges[] = {
      {"NASDAQ_", "XNAS"},
      {"NYSE_", "XNYS"},
      {"AMEX_", "XASE"},
};

static base_slice after(base_slice text, size_t len) {
    return (base_slice){text.bytes + len, text.len - len};
}

static size_t find_any(base_slice text, const char *bytes) {
    size_t i = 0;
    while (i < text.len && !memchr(bytes, text.bytes[i], strlen(bytes))) i++;
    return i;
}

static uint32_t find_by_number(const dict_view *view, base_slice number, base_slice code) {
    for (size_t i = 0; i < sizeof markets / sizeof *markets; i++)
        if (base_slice_is(number, markets[i].number)) return link_find_code(view, markets[i].mics, code, "");
    return dict_none;
}

/* "688111|1|23|": code and market; the type behind them tells stock from index, as the code on its market does. */
static uint32_t read_bars(const dict_view *view, base_slice value) {
    if (base_slice_starts(value, "K ")) value = after(value, 2);
    size_t bar = find_any(value, "|");
    base_slice rest = bar < value.len ? after(value, bar + 1) : (base_slice){value.bytes, 0};
    return find_by_number(view, (base_slice){rest.bytes, find_any(rest, "|")}, (base_slice){value.bytes, bar});
}

/* "1.688111", "1,688111" */
static uint32_t read_secid(const dict_view *view, base_slice value) {
    size_t sign = find_any(value, ".,");
    if (sign == value.len) return dict_none;
    return find_by_number(view, (base_slice){value.bytes, sign}, after(value, sign + 1));
}

/* "3001042", "NASDAQ_AAPL7", "AAPL7": code and a digit for the market */
static uint32_t read_old_id(const dict_view *view, base_slice value) {
    if (value.len < 2) return dict_none;
    base_slice digit = after(value, value.len - 1), code = {value.bytes, value.len - 1};
    const char *mics = NULL;
    for (size_t i = 0; i < sizeof old_digits / sizeof *old_digits; i++)
        if (base_slice_is(digit, old_digits[i].number)) mics = old_digits[i].mics;
    for (size_t i = 0; mics && i < sizeof old_exchanges / sizeof *old_exchanges; i++) {
        if (!base_slice_starts(code, old_exchanges[i].number)) continue;
        mics = old_exchanges[i].mics;
        code = after(code, strlen(old_exchanges[i].number));
        break;
    }
    return mics ? link_find_code(view, mics, code, "") : dict_none;
}

uint32_t link_read_attribute(const dict_view *view, base_slice value) {
    static const char *const id_prefixes[] = {"stock_", "quote_"};
    for (size_t i = 0; i < sizeof id_prefixes / sizeof *id_prefixes; i++) {
        if (!base_slice_starts(value, id_prefixes[i])) continue;
        base_slice id = after(value, strlen(id_prefixes[i]));
        uint32_t security = read_secid(view, id);
        return security != dict_none ? security : read_old_id(view, id);
    }
    if (find_any(value, "|") < value.len) return read_bars(view, value);
    return read_secid(view, value);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

/* Types by market and the beginning of the code, the longest first: the third field of data-code2. */
static const struct {
    const char *mic, *code, *type;
} types[] = {
    {"XSHG", "688", "23"}, {"XSHG", "689", "23"}, {"XSHG", "900", "3"}, {"XSHG", "", "2"},
    {"XSHE", "200", "7"},  {"XSHE", "30", "80"},  {"XSHE", "", "6"},    {"BJSE", "", "81"},
};

static bool names_mic(const char *mics, const char *mic) {
    const char *at = strstr(mics, mic);
    return at && (at == mics || at[-1] == '|') && (at[strlen(mic)] == '|' || at[strlen(mic)] == '\0');
}

bool link_write_eastmoney(const dict_view *view, uint32_t security, link_eastmoney *out) {
    const char *mic = dict_cell(view, DICT_MICS, view->securities[security].mic, MIC_MIC);
    *out = (link_eastmoney){.type = ""};
    for (size_t i = 0; i < sizeof markets / sizeof *markets; i++)
        if (names_mic(markets[i].mics, mic)) out->market = markets[i].number;
    for (size_t i = 0; i < sizeof old_digits / sizeof *old_digits; i++)
        if (names_mic(old_digits[i].mics, mic)) out->old_market = old_digits[i].number;
    if (!out->market || !out->old_market || !link_write_code(view, security, "underscore", out->code)) return false;
    for (size_t i = sizeof types / sizeof *types; i-- > 0;)
        if (strcmp(types[i].mic, mic) == 0 && strncmp(out->code, types[i].code, strlen(types[i].code)) == 0)
            out->type = types[i].type;
    return true;
}
