/* What a page looks like that does not say its charset. */
#include <string.h>
#include <unicode/ucsdet.h>

#include "text/charset.h"

static base_slice looked_at(base_slice source) {
    return (base_slice){source.bytes, source.len < TEXT_LOOKED_AT ? source.len : TEXT_LOOKED_AT};
}

/* --- UTF-8 ----------------------------------------------------------------------------------------------------------- */

typedef struct utf8_counts {
    size_t n_good, n_bad; /* characters of more than one byte, and sequences that are none */
} utf8_counts;

static utf8_counts count_utf8(base_slice source) {
    utf8_counts counts = {0, 0};
    for (size_t at = 0; at < looked_at(source).len;) {
        uint32_t code_point;
        unsigned skip = 1, step = base_utf8_decode(source.bytes + at, source.bytes + source.len, &code_point, &skip);
        counts.n_good += step > 1;
        counts.n_bad += step == 0;
        at += step ? step : skip;
    }
    return counts;
}

/* In other charsets some pairs of bytes are such characters too, but more are not. */
static bool is_mostly_utf8(const utf8_counts *counts) {
    return counts->n_bad * 4 <= counts->n_good;
}

/* No text has these characters, and UTF-16 has these bytes. */
static bool is_control(unsigned char byte) {
    return byte < ' ' && !base_is_space((char)byte);
}

bool text_looks_like_utf16(base_slice rest) {
    enum { A_BAD_ONE_IN = 40 }; /* bytes: in UTF-16 it is one in three */
    const utf8_counts utf8 = count_utf8(rest);
    for (size_t at = 0; at < looked_at(rest).len; at++)
        if (is_control((unsigned char)rest.bytes[at])) return true;
    return !is_mostly_utf8(&utf8) && utf8.n_bad * A_BAD_ONE_IN > looked_at(rest).len;
}

/* --- Charsets of two bytes ------------------------------------------------------------------------------------------- */

/* The standards put the characters that are much used first, in rows of their own: GB 2312 its 3,755 and Big5 its 5,401,
 * EUC-KR the syllables, EUC-JP kana and level 1. Text lies nearly all in those of its own charset, and far less in those of
 * another, so a few characters tell. Where two say the same, the first row is what most texts of our field are in. */
static const struct {
    uint32_t charset;
    struct {
        unsigned first, last; /* both bytes; the second is that of `first` at least */
    } frequent[2];
    unsigned char low_first, low_last, high_first; /* second bytes that there are: some of ASCII, and from here on */
    unsigned char fewest;                          /* characters that no accents look like */
} double_bytes[] = {
    {TEXT_GB18030, {{0xA1A1, 0xA3FE}, {0xB0A1, 0xD7FE}}, 0x30, 0x7E, 0x80, 1},
    {TEXT_BIG5, {{0xA140, 0xA2FE}, {0xA440, 0xC67E}}, 0x40, 0x7E, 0xA1, 2},
    {TEXT_EUC_KR, {{0xA1A1, 0xA3FE}, {0xB0A1, 0xC8FE}}, 0x41, 0x7A, 0x81, 2},
    {TEXT_EUC_JP, {{0xA1A1, 0xA5FE}, {0xB0A1, 0xCFFE}}, 1, 0, 0xA1, 2},
};
enum { N_DOUBLE_BYTES = sizeof double_bytes / sizeof double_bytes[0] };

typedef struct double_counts {
    size_t n, n_frequent, n_impossible;
    size_t n_sure; /* frequent, and of two bytes that are not ASCII or beside another: accents hardly stand so */
} double_counts;

static bool is_possible(size_t row, unsigned lead, unsigned trail) {
    bool is_low = trail >= double_bytes[row].low_first && trail <= double_bytes[row].low_last;
    return lead > 0x80 && lead < 0xFF && (is_low || (trail >= double_bytes[row].high_first && trail < 0xFF));
}

static bool is_frequent(size_t row, unsigned lead, unsigned trail) {
    for (size_t i = 0; i < 2; i++) {
        unsigned first = double_bytes[row].frequent[i].first, last = double_bytes[row].frequent[i].last;
        if (lead >= first >> 8 && (lead << 8 | trail) <= last && trail >= (first & 0xFF)) return true;
    }
    return false;
}

/* What is cut off at the end counts for nothing. */
static double_counts count_double_bytes(size_t row, base_slice source) {
    const unsigned char *bytes = (const unsigned char *)source.bytes;
    const size_t len = looked_at(source).len;
    double_counts counts = {0, 0, 0, 0};
    bool was_frequent = false;
    for (size_t at = 0; at < len; at++) {
        bool is_double = bytes[at] >= 0x80, is_good = false;
        if (is_double && at + 1 == len) break;
        if (is_double && is_possible(row, bytes[at], bytes[at + 1])) {
            is_good = is_frequent(row, bytes[at], bytes[at + 1]);
            counts.n++;
            counts.n_frequent += is_good;
            counts.n_sure += is_good && (was_frequent || bytes[at + 1] >= 0xA1);
            at++;
        } else {
            counts.n_impossible += is_double || is_control(bytes[at]);
        }
        was_frequent = is_good;
    }
    return counts;
}

static bool is_likely(size_t row, const double_counts *counts) {
    return counts->n_sure >= double_bytes[row].fewest && counts->n_frequent * 2 >= counts->n
           && counts->n_impossible * 50 <= counts->n;
}

/* --- What ICU's detector says ---------------------------------------------------------------------------------------- */

/* The first of the detector's guesses that is one of ours. What it says of UTF-16 is not asked for: of anything that is not
 * Latin text it says that it is possible, and of Chinese text in it no more.
 * @param sure  how sure it must be, of a hundred: it says 10 of what is merely possible. */
static uint32_t detect(base_slice source, int32_t sure) {
    UErrorCode status = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&status);
    uint32_t found = TEXT_UTF8;
    int32_t n = 0;
    if (U_FAILURE(status)) return TEXT_UTF8;  /* no memory: there is no detector to ask */
    ucsdet_enableInputFilter(detector, true); /* tags say nothing */
    ucsdet_setText(detector, source.bytes, (int32_t)looked_at(source).len, &status);
    const UCharsetMatch **matches = ucsdet_detectAll(detector, &n, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < n && found == TEXT_UTF8; i++) {
        uint32_t charset = text_charset_find(base_slice_of(ucsdet_getName(matches[i], &status)));
        bool is_ours = charset != TEXT_NO_CHARSET && charset != TEXT_UTF16LE && charset != TEXT_UTF16BE;
        if (is_ours && ucsdet_getConfidence(matches[i], &status) >= sure) found = charset;
    }
    ucsdet_close(detector);
    return found;
}

/* Where two are as likely, ICU knows which of their characters are more frequent than others, if there are enough.
 * @return TEXT_NO_CHARSET where none is likely. */
static uint32_t detect_double_bytes(base_slice source) {
    enum { SURE = 11 };
    uint32_t found = TEXT_NO_CHARSET, equals[N_DOUBLE_BYTES];
    size_t most = 0, n_equals = 0;
    for (size_t row = 0; row < N_DOUBLE_BYTES; row++) {
        double_counts counts = count_double_bytes(row, source);
        if (!is_likely(row, &counts) || counts.n_frequent < most) continue;
        if (counts.n_frequent > most) {
            found = double_bytes[row].charset;
            n_equals = 0;
        }
        most = counts.n_frequent;
        equals[n_equals++] = double_bytes[row].charset;
    }
    uint32_t detected = n_equals > 1 ? detect(source, SURE) : found;
    for (size_t i = 0; i < n_equals; i++)
        if (equals[i] == detected) return detected;
    return found;
}

/* --- UTF-16 without a mark ------------------------------------------------------------------------------------------- */

/* Letters, digits and signs, of both widths, as two bytes. */
static bool is_sign(unsigned unit) {
    return (unit >= 0x20 && unit < 0x7F) || (unit >= 0x3000 && unit <= 0x3002) || (unit > 0xFF00 && unit < 0xFF5F);
}

static bool is_usual(unsigned unit) {
    return is_sign(unit) || (unit >= 0x4E00 && unit < 0xA000) || (unit >= 0x2010 && unit < 0x2030)
           || (unit > 0x3002 && unit < 0x3100) || unit == '\n' || unit == '\r' || unit == '\t';
}

/* What pairs of bytes are in one order. */
typedef struct pair_counts {
    size_t n_usual, n_signs;
} pair_counts;

static void count_pair(pair_counts *counts, unsigned unit) {
    counts->n_usual += is_usual(unit);
    counts->n_signs += is_sign(unit);
}

/* Nearly all are usual, and hardly so in the other order. */
static bool is_order(const pair_counts *counts, const pair_counts *other, size_t n) {
    return counts->n_usual * 20 >= n * 19 && (other->n_usual * 5 < n * 3 || counts->n_signs > 4 * other->n_signs);
}

/* Of Chinese or Latin text. Pairs of Shift_JIS are usual Chinese characters as well, the first byte first, but no signs, and
 * have no control characters; and what is UTF-8 too is nothing but signs.
 * @param of_signs  how many of a hundred pairs are that at least. */
static uint32_t detect_utf16(base_slice source, size_t of_signs) {
    enum { FEWEST = 4 };
    const size_t n = looked_at(source).len / 2;
    pair_counts little = {0, 0}, big = {0, 0};
    bool has_control = false;
    if (source.len % 2 || n < FEWEST) return TEXT_NO_CHARSET;
    for (size_t i = 0; i < n; i++) {
        unsigned char first = (unsigned char)source.bytes[2 * i], second = (unsigned char)source.bytes[2 * i + 1];
        count_pair(&little, (unsigned)second << 8 | first);
        count_pair(&big, (unsigned)first << 8 | second);
        has_control = has_control || is_control(first) || is_control(second);
    }
    if (is_order(&little, &big, n) && little.n_signs * 100 >= n * of_signs) return TEXT_UTF16LE;
    bool is_big = is_order(&big, &little, n) && big.n_signs * 100 >= n * of_signs && (has_control || big.n_signs);
    return is_big ? TEXT_UTF16BE : TEXT_NO_CHARSET;
}

static bool has_zeros(base_slice source) {
    enum { FIRST = 16 };
    return source.len && memchr(source.bytes, '\0', source.len < FIRST ? source.len : FIRST);
}

/* --- All of them ----------------------------------------------------------------------------------------------------- */

uint32_t text_charset_guess(base_slice source, bool is_utf8) {
    enum { NEARLY_ALL = 90, FEW = 4, POSSIBLE = 10 };
    if (is_utf8) {
        uint32_t utf16 = has_zeros(source) ? detect_utf16(source, NEARLY_ALL) : TEXT_NO_CHARSET;
        return utf16 == TEXT_NO_CHARSET ? TEXT_UTF8 : utf16;
    }
    const utf8_counts utf8 = count_utf8(source);
    uint32_t found = is_mostly_utf8(&utf8) ? TEXT_NO_CHARSET : detect_double_bytes(source);
    if (found == TEXT_NO_CHARSET) found = detect_utf16(source, 0);
    if (found != TEXT_NO_CHARSET) return found;
    return utf8.n_bad < FEW || utf8.n_bad <= utf8.n_good ? TEXT_UTF8 : detect(source, POSSIBLE);
}
