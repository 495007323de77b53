#include "text/charset.h"

#include <string.h>

#include "text/html.h"

/* --- The charsets -------------------------------------------------------------------------------------------------- */

/* By TEXT_…: the word for it, and ICU's converter, which has what browsers read under the name. */
static const struct {
    const char *word, *converter;
} charsets[] = {
    [TEXT_AUTO] = {"", NULL},
    [TEXT_UTF8] = {"utf-8", "UTF-8"},
    [TEXT_UTF16LE] = {"utf-16le", "UTF-16LE"},
    [TEXT_UTF16BE] = {"utf-16be", "UTF-16BE"},
    [TEXT_GB18030] = {"gb18030", "gb18030"},
    [TEXT_BIG5] = {"big5", "ibm-1375_P100-2008"},
    [TEXT_SHIFT_JIS] = {"shift_jis", "ibm-943_P15A-2003"},
    [TEXT_EUC_JP] = {"euc-jp", "euc-jp-2007"},
    [TEXT_EUC_KR] = {"euc-kr", "windows-949-2000"},
    [TEXT_WINDOWS_1250] = {"windows-1250", "ibm-5346_P100-1998"},
    [TEXT_WINDOWS_1251] = {"windows-1251", "ibm-5347_P100-1998"},
    [TEXT_WINDOWS_1252] = {"windows-1252", "ibm-5348_P100-1997"},
    [TEXT_WINDOWS_1253] = {"windows-1253", "ibm-5349_P100-1998"},
    [TEXT_WINDOWS_1254] = {"windows-1254", "ibm-5350_P100-1998"},
};
_Static_assert(sizeof charsets / sizeof charsets[0] == TEXT_N_CHARSETS, "each charset has a row");

/* Names that pages and callers use, beside the words; those of https://encoding.spec.whatwg.org that are met. */
static const struct {
    const char *label;
    uint32_t charset;
} labels[] = {
    {"auto", TEXT_AUTO},
    {"utf8", TEXT_UTF8},
    {"unicode-1-1-utf-8", TEXT_UTF8},
    {"utf-16", TEXT_UTF16LE},
    {"unicode", TEXT_UTF16LE},
    {"ucs-2", TEXT_UTF16LE},
    {"gbk", TEXT_GB18030},
    {"gb2312", TEXT_GB18030},
    {"gb_2312-80", TEXT_GB18030},
    {"gb_2312", TEXT_GB18030},
    {"x-gbk", TEXT_GB18030},
    {"chinese", TEXT_GB18030},
    {"cp936", TEXT_GB18030},
    {"big5-hkscs", TEXT_BIG5},
    {"big5hkscs", TEXT_BIG5},
    {"cn-big5", TEXT_BIG5},
    {"x-x-big5", TEXT_BIG5},
    {"cp950", TEXT_BIG5},
    {"sjis", TEXT_SHIFT_JIS},
    {"shift-jis", TEXT_SHIFT_JIS},
    {"ms_kanji", TEXT_SHIFT_JIS},
    {"x-sjis", TEXT_SHIFT_JIS},
    {"windows-31j", TEXT_SHIFT_JIS},
    {"cp932", TEXT_SHIFT_JIS},
    {"x-euc-jp", TEXT_EUC_JP},
    {"eucjp", TEXT_EUC_JP},
    {"ks_c_5601-1987", TEXT_EUC_KR},
    {"ksc5601", TEXT_EUC_KR},
    {"korean", TEXT_EUC_KR},
    {"windows-949", TEXT_EUC_KR},
    {"cp949", TEXT_EUC_KR},
    {"euckr", TEXT_EUC_KR},
    {"iso-8859-1", TEXT_WINDOWS_1252},
    {"latin1", TEXT_WINDOWS_1252},
    {"l1", TEXT_WINDOWS_1252},
    {"us-ascii", TEXT_WINDOWS_1252},
    {"ascii", TEXT_WINDOWS_1252},
    {"cp1252", TEXT_WINDOWS_1252},
    {"x-cp1252", TEXT_WINDOWS_1252},
    {"cp1250", TEXT_WINDOWS_1250},
    {"cp1251", TEXT_WINDOWS_1251},
    {"cp1253", TEXT_WINDOWS_1253},
    {"cp1254", TEXT_WINDOWS_1254},
    {"iso-8859-9", TEXT_WINDOWS_1254},
    {"latin5", TEXT_WINDOWS_1254},
};

uint32_t text_charset_find(base_slice label) {
    label = base_slice_trim(label);
    for (uint32_t i = TEXT_AUTO + 1; i < TEXT_N_CHARSETS; i++)
        if (base_slice_is_letters(label, charsets[i].word)) return i;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (base_slice_is_letters(label, labels[i].label)) return labels[i].charset;
    return TEXT_NO_CHARSET;
}

const char *text_charset_word(uint32_t charset) {
    return charsets[charset].word;
}

const char *text_charset_converter(uint32_t charset) {
    return charsets[charset].converter;
}

/* --- What a page says ---------------------------------------------------------------------------------------------- */

/* "charset=…", as it stands in a tag or in the text of an attribute; also the "encoding=…" of XML. */
static uint32_t read_declared(base_slice text, const char *key) {
    size_t key_len = strlen(key);
    for (size_t at = 0; at + key_len < text.len; at++) {
        if (!base_slice_starts_letters((base_slice){text.bytes + at, text.len - at}, key)) continue;
        size_t from = at + key_len;
        while (from < text.len && base_is_space(text.bytes[from])) from++;
        if (from == text.len || text.bytes[from] != '=') continue;
        from++;
        while (from < text.len
               && (base_is_space(text.bytes[from]) || text.bytes[from] == '"' || text.bytes[from] == '\''))
            from++;
        size_t to = from;
        while (to < text.len && !base_is_space(text.bytes[to]) && !strchr("\"';/>?", text.bytes[to])) to++;
        uint32_t charset = text_charset_find((base_slice){text.bytes + from, to - from});
        /* What could be read as ASCII is not in UTF-16, whatever it says. */
        if (charset == TEXT_UTF16LE || charset == TEXT_UTF16BE || charset == TEXT_AUTO) return TEXT_UTF8;
        if (charset != TEXT_NO_CHARSET) return charset;
    }
    return TEXT_NO_CHARSET;
}

/* In the first bytes, as browsers look for it. */
static uint32_t find_declared(base_slice source) {
    enum { LOOKED_AT = 4096 };
    base_slice input = {source.bytes, source.len < LOOKED_AT ? source.len : LOOKED_AT};
    if (base_slice_starts_letters(input, "<?xml")) {
        const char *end = memchr(input.bytes, '>', input.len);
        if (end) return read_declared((base_slice){input.bytes, (size_t)(end - input.bytes)}, "encoding");
    }
    for (size_t at = 0; at < input.len; at++) {
        if (input.bytes[at] != '<') continue;
        html_token token;
        size_t behind;
        if (!html_begins_tag(input, at)) behind = html_skip_declaration(input, at);
        else if (!html_read_tag(input, at, &token)) break;
        else behind = token.end;
        if (base_slice_starts_letters((base_slice){input.bytes + at, input.len - at}, "<meta")) {
            uint32_t charset = read_declared((base_slice){input.bytes + at, behind - at}, "charset");
            if (charset != TEXT_NO_CHARSET) return charset;
        }
        if (behind > at) at = behind - 1;
    }
    return TEXT_NO_CHARSET;
}

/* --- Which one ------------------------------------------------------------------------------------------------------- */

bool text_has_mark_of_utf16(base_slice start) {
    return start.len >= 2 && (memcmp(start.bytes, "\xFF\xFE", 2) == 0 || memcmp(start.bytes, "\xFE\xFF", 2) == 0);
}

uint32_t text_charset_of(base_slice source, uint32_t said, size_t valid, size_t *start) {
    static const struct {
        const char *mark;
        size_t len;
        uint32_t charset;
    } marks[] = {{"\xEF\xBB\xBF", 3, TEXT_UTF8}, {"\xFF\xFE", 2, TEXT_UTF16LE}, {"\xFE\xFF", 2, TEXT_UTF16BE}};
    *start = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (source.len < marks[i].len || memcmp(source.bytes, marks[i].mark, marks[i].len) != 0) continue;
        base_slice rest = {source.bytes + marks[i].len, source.len - marks[i].len};
        if (marks[i].charset != TEXT_UTF8 && !text_looks_like_utf16(rest)) continue;
        *start = marks[i].len;
        return marks[i].charset;
    }
    if (said != TEXT_AUTO) return said;
    const bool is_utf8 = valid == source.len;
    uint32_t declared = is_utf8 ? TEXT_NO_CHARSET : find_declared(source);
    return declared == TEXT_NO_CHARSET ? text_charset_guess(source, is_utf8) : declared;
}
