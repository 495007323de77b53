/* Random texts of names, well and badly written, and of what stands between them: what a name scan may trip over. */
#ifndef TESTS_UNIT_SCAN_PIECES_H
#define TESTS_UNIT_SCAN_PIECES_H

#include <string.h>

#include "../random.h"
#include "scan/scan.h"

enum { MAX_NAMES = 48 };

typedef struct name_pool {
    char names[MAX_NAMES][128];
    uint32_t n;
    bool is_rare; /* with what real text hardly has: half a word in full width, a letter with an accent beside a name */
} name_pool;

#define PICK(source, list) list[random_below(source, sizeof list / sizeof list[0])]

static const char *const han[] = {"金", "山", "办", "公", "中", "国", "石", "油",
                                  "万", "科", "五", "粮", "液", "腾", "讯", "贵"};
static const char *const latin[] = {"Apple",  "Inc",  "Corp",    "Co",   "Ltd",  "Nestlé", "Estée",
                                    "Kohl's", "BJ's", "L'Oreal", "3M",   "AT&T", "S&P",    "China",
                                    "Group",  "A",    "of",      "Ünal", "IBM",  "7"};

static inline void add(char *text, const char *piece) {
    strcat(text, piece);
}

/* Another way to write a name that every reader takes for the same. */
static inline void write_differently(random_source *source, const name_pool *pool, const char *name, char *out) {
    static const char *const traditional[][2] = {{"办", "辦"}, {"国", "國"}, {"万", "萬"}, {"粮", "糧"},
                                                 {"腾", "騰"}, {"讯", "訊"}, {"贵", "貴"}, {"公", "§"}};
    uint32_t way = random_below(source, 8), len;
    bool is_apart = way == 2 && !pool->is_rare; /* no word is of both widths */
    size_t n = is_apart ? (size_t)sprintf(out, "，") : 0;
    for (const char *p = name; *p; p += len) {
        uint32_t c;
        const char *replaced = NULL;
        len = base_utf8_read(p, &c);
        for (size_t i = 0; way & 1 && i < sizeof traditional / sizeof traditional[0]; i++)
            if (memcmp(p, traditional[i][0], len) == 0 && (p > name + 3 || *traditional[i][1] != '\xC2'))
                replaced = traditional[i][1];
        if (way == 2 && c > ' ' && c < 0x7F) n += base_utf8_encode(c + 0xFEE0, out + n);
        else if (way == 3 && c >= 'a' && c <= 'z') out[n++] = (char)(c - 32);
        else if (way == 4 && c == ' ') n += (size_t)sprintf(out + n, "%s", random_below(source, 2) ? "\n" : "\xC2\xA0");
        else if (way == 5 && c == 'e') n += (size_t)sprintf(out + n, "%s", "è");
        else if (replaced) n += (size_t)sprintf(out + n, "%s", replaced);
        else memcpy(out + n, p, len), n += len;
        /* Exchange lists pad short names. */
        if (way >= 6 && c >= 0x2E80 && p[len] && random_below(source, 2))
            for (uint32_t k = random_below(source, 8) ? 1 : 1 + random_below(source, 40); k; k--)
                n += (size_t)sprintf(out + n, "%s", way == 6 ? " " : "\xE3\x80\x80");
    }
    strcpy(out + n, is_apart ? "，" : "");
}

static inline void random_piece(random_source *source, const name_pool *pool, char *out) {
    static const char *const between[] = {
        "，",  "。", " ",  " ",  "\n", "\n\n", "(", ")", "、", "·", "\xC2\xA0", "\xE3\x80\x80", "-",       "’s ",
        "'s ", ".",  ". ", "的", "1",  "x",    "😀", "+", "/",  ",", "www.",     "http://a.cn/", "https://"};
    static const char *const rare[] = {"é", "Ｘ", "\xE2\x80\x8B", "ß", "１", "‘", "\t"};
    static const char *const marks[] = {"*ST", "ST",   "S*ST", "SST", "XD",   "N",      "C",  "S",
                                        "DR",  "﹡ST", "XR",   "AN",  "ＳＴ", "＊ＳＴ", "Ｎ", "ＡＮ"};
    const char *name = pool->names[random_below(source, pool->n)];
    uint32_t kind = random_below(source, 12);
    out[0] = '\0';
    if (kind < 3) add(out, name);
    else if (kind < 6) write_differently(source, pool, name, out);
    else if (kind == 6) {
        if (pool->is_rare) write_differently(source, pool, name, out);
        else add(out, name);
        size_t cut = random_below(source, (uint32_t)strlen(out) + 1);
        while (cut && ((unsigned char)out[cut] & 0xC0) == 0x80) cut--;
        out[cut] = '\0';
    } else if (kind == 7) add(out, PICK(source, latin));
    else if (kind == 8) add(out, PICK(source, han));
    else if (kind == 9) add(out, PICK(source, marks));
    else if (kind == 10 && pool->is_rare) add(out, PICK(source, rare));
    else add(out, PICK(source, between));
}

static inline size_t random_text(random_source *source, const name_pool *pool, size_t most, char *out) {
    size_t len = 0;
    for (uint32_t n = random_below(source, 14); n; n--) {
        char piece[2048];
        random_piece(source, pool, piece);
        size_t piece_len = strlen(piece);
        if (len + piece_len > most) break;
        memcpy(out + len, piece, piece_len);
        len += piece_len;
    }
    return len;
}

#endif
