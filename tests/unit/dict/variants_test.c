/* variants.tsv is what ICU says, but for what is listed here with its reason. */
#include <stdint.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "../check.h"

enum { FIRST_HAN = 0x2E80, LAST = 0x10000, LINE_LEN = 256 };

/* Pairs of ICU's that the table leaves out. */
static const struct {
    UChar from;
    const char *why;
} left_out[] = {
    {0x82CE, "苎 and 苧 become each other: there is no end"},
    {0x82E7, "苎 and 苧 become each other: there is no end"},
    {0x4FF1, "俱 is Simplified too (俱乐部) and no form of 具"},
    {0x8457, "著 is Simplified too (著名) and another word than 着"},
};

/* Pairs that ICU does not have: forms that Hong Kong's company names and newspapers use, and the old printing forms. */
static const UChar own_pairs[] =
    u"滙汇衞卫峯峰鑛矿汚污敍叙囯国麪面糉粽栢柏寳宝曁暨姸妍敎教嵗岁鉄铁鐡铁聨联舘馆賛赞逹达閙闹"
    u"鬪斗鈡钟緖绪鑪炉卽即旣既愼慎吿告疎疏厰厂厛厅痺痹靑青淸清鍳鉴葢盖栄荣満满羗羌畧略塲场鶏鸡"
    u"痲麻";

/* Signs that are written for another without being its compatibility form: dots between the parts of a foreign name. */
static const UChar own_signs[] = u"•·‧·∙·⋅·・·･·−-";

/* Letters with a stroke, which Unicode does not take apart. */
static const UChar own_letters[] = u"ßsẞsØoøoĐdđdÐdðdĦhħhıiŁlłlŦtŧt";

static UChar table[LAST];
static char kinds[LAST];

static UChar one_char(const char *text) {
    UChar out[4];
    int32_t len = 0;
    UErrorCode error = U_ZERO_ERROR;
    u_strFromUTF8(out, 4, &len, text, -1, &error);
    return U_SUCCESS(error) && len == 1 ? out[0] : 0;
}

static void read_table(const char *path) {
    char line[LINE_LEN];
    FILE *file = fopen(path, "r");
    if (!CHECK_ROW(file != NULL, path)) return;
    while (fgets(line, sizeof line, file)) {
        char *from = line, *to = strchr(line, '\t'), *kind = to ? strchr(to + 1, '\t') : NULL;
        if (!CHECK_ROW(kind != NULL, line)) continue;
        *to++ = 0;
        *kind++ = 0;
        if (strcmp(from, "from") == 0) continue;
        UChar c = one_char(from);
        CHECK_ROW(c && one_char(to), "a row is of two single characters");
        CHECK_ROW(!table[c], "a character stands in the table once");
        table[c] = one_char(to);
        kinds[c] = kind[0];
    }
    fclose(file);
}

static int has_pair(const UChar *pairs, UChar from, UChar to) {
    for (; pairs[0]; pairs += 2)
        if (pairs[0] == from && pairs[1] == to) return 1;
    return 0;
}

static int is_left_out(UChar c) {
    if (!u_isalpha(c)) return 1; /* quotation marks: they are no part of a name */
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (left_out[i].from == c) return 1;
    return 0;
}

static void check_pair(UChar from, UChar expected, UChar got) {
    char row[64];
    snprintf(row, sizeof row, "U+%04X: expected U+%04X, got U+%04X", from, expected, got);
    CHECK_ROW(expected == got, row);
}

static UChar simplified(UTransliterator *transliterator, UChar c) {
    UChar text[8] = {c};
    int32_t len = 1, limit = 1;
    UErrorCode error = U_ZERO_ERROR;
    utrans_transUChars(transliterator, text, &len, 8, 0, &limit, &error);
    return U_SUCCESS(error) && len == 1 ? text[0] : c;
}

static void han_rows_are_what_icu_says_and_none_is_missing(void) {
    UErrorCode error = U_ZERO_ERROR;
    UTransliterator *transliterator = utrans_openU(u"Traditional-Simplified", -1, UTRANS_FORWARD, NULL, 0, NULL,
                                                   &error);
    if (!CHECK(U_SUCCESS(error))) return;
    for (uint32_t i = FIRST_HAN; i < LAST; i++) {
        UChar c = (UChar)i;
        if (U_IS_SURROGATE(c) || (table[c] && kinds[c] != 'h')) continue;
        UChar expected = simplified(transliterator, c);
        if (expected != c && !is_left_out(c)) check_pair(c, expected, table[c]);
        else if (table[c]) CHECK_ROW(has_pair(own_pairs, c, table[c]), "a pair that ICU does not have is listed");
    }
    utrans_close(transliterator);
}

static void nothing_becomes_what_becomes_something_else(void) {
    for (uint32_t c = 0; c < LAST; c++)
        if (table[c]) check_pair((UChar)c, 0, table[table[c]]);
}

static void width_rows_are_compatibility_forms(const UNormalizer2 *nfkc) {
    for (uint32_t c = 0; c < LAST; c++) {
        UChar out[20], in = (UChar)c;
        UErrorCode error = U_ZERO_ERROR;
        if (kinds[c] != 'w' || has_pair(own_signs, in, table[c])) continue;
        int32_t len = unorm2_normalize(nfkc, &in, 1, out, 20, &error);
        check_pair(in, len == 1 ? out[0] : 0, table[c]);
    }
}

/* The letter that is left when all accents are taken off, one after the other: ế is ê and an accent. */
static UChar base_letter(const UNormalizer2 *nfc, UChar c) {
    UChar out[20];
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = unorm2_getDecomposition(nfc, c, out, 20, &error);
    for (; len > 0 && U_SUCCESS(error); len = unorm2_getDecomposition(nfc, c, out, 20, &error)) c = out[0];
    return c;
}

static void accent_rows_are_the_letter_below(const UNormalizer2 *nfc) {
    for (uint32_t i = 0xC0; i < 0x1F00; i++) {
        UChar c = (UChar)i, letter = base_letter(nfc, c);
        if (i >= 0x250 && i < 0x1E00) continue;
        if (letter < 0x80 && u_isalpha(letter)) check_pair(c, (UChar)u_tolower(letter), table[c]);
        else if (kinds[c] == 'a') CHECK_ROW(has_pair(own_letters, c, table[c]), "a letter with a stroke is listed");
    }
}

int main(void) {
    UErrorCode error = U_ZERO_ERROR;
    read_table("src/dict/tables/variants.tsv");
    han_rows_are_what_icu_says_and_none_is_missing();
    nothing_becomes_what_becomes_something_else();
    width_rows_are_compatibility_forms(unorm2_getNFKCInstance(&error));
    accent_rows_are_the_letter_below(unorm2_getNFCInstance(&error));
    CHECK(U_SUCCESS(error));
    return check_report();
}
