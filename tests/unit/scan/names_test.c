/* The name scan against a naive one: at every position, every surface of the dictionary, compared as a whole under the
 * fold. Dictionaries and texts are made of random pieces; every text ends where the next page may not be read. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"
#include "../random.h"
#include "scan/scan.h"

enum { MAX_NAMES = 48, MAX_TEXT = 16 * 1024, MAX_CANDIDATES = 4096, MAX_SHOWN = 12 };

/* --- The naive scan -------------------------------------------------------------------------------------------------- */

typedef struct found_name {
    size_t start, end;
    uint32_t surface, mark;
} found_name;

typedef struct found_names {
    found_name items[MAX_CANDIDATES];
    size_t n;
} found_names;

/* The text from a position on under the fold, with the place behind each character; 0 where none may end. */
typedef struct folded_chars {
    uint32_t chars[DICT_MAX_NAME_CHARS + DICT_FOLD_PENDING + 1];
    size_t ends[DICT_MAX_NAME_CHARS + DICT_FOLD_PENDING + 1];
    uint32_t n;
} folded_chars;

static uint32_t folded_at(const dict_view *view, base_slice run, size_t at) {
    uint32_t c;
    if (at >= run.len) return ' ';
    base_utf8_read(run.bytes + at, &c);
    return dict_fold_char(view, c);
}

static bool is_letter_before(const dict_view *view, base_slice run, size_t at) {
    if (at == 0) return false;
    do at--;
    while (((unsigned char)run.bytes[at] & 0xC0) == 0x80);
    return dict_is_latin(folded_at(view, run, at));
}

static void fold_naively(const dict_view *view, base_slice run, size_t at, folded_chars *out) {
    dict_folder folder = {0};
    out->n = 0;
    while (at < run.len && out->n < DICT_MAX_NAME_CHARS) {
        uint32_t c, written[DICT_FOLD_PENDING + 1];
        at += base_utf8_read(run.bytes + at, &c);
        bool is_empty_line = at < run.len && run.bytes[at] == '\n';
        uint32_t folded = dict_fold_char(view, c);
        bool is_list_space = c == ' ' || c == 0x3000;
        if ((folded == DICT_FOLD_DROP || (folded == ' ' && !is_list_space)) && !dict_is_latin(folder.last)) return;
        if (c == '\n' && is_empty_line) return;
        int n = dict_fold_step(&folder, folded, written);
        if (n < 0) return;
        for (int i = 0; i < n; i++, out->n++) {
            out->chars[out->n] = written[i];
            out->ends[out->n] = i == n - 1 ? at : 0;
        }
    }
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The text before a place in ASCII, of full-width signs too, others as "?"; and where each begins. */
static size_t narrow_before(base_slice run, size_t start, char *narrow, size_t *starts) {
    enum { ENOUGH = 24 }; /* bytes */
    size_t n = 0, at = start > ENOUGH ? start - ENOUGH : 0;
    while (at < start && ((unsigned char)run.bytes[at] & 0xC0) == 0x80) at++;
    while (at < start) {
        uint32_t c;
        starts[n] = at;
        at += base_utf8_read(run.bytes + at, &c);
        if (c == 0xFE61) c = '*';
        if (c > 0xFF00 && c < 0xFF5F) c -= 0xFEE0;
        narrow[n++] = (char)(c < 0x80 ? c : '?');
    }
    return n;
}

static size_t naive_mark(base_slice run, size_t start) {
    static const char *const marks[] = {"S*ST", "*ST", "SST", "ST", "XD", "XR", "DR", "N", "C", "S"};
    char narrow[32];
    size_t starts[32], n = narrow_before(run, start, narrow, starts);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t len = strlen(marks[i]);
        if (n < len || memcmp(narrow + n - len, marks[i], len) != 0) continue;
        if (n == len || !is_word(narrow[n - len - 1])) return start - starts[n - len];
    }
    return 0;
}

/* The point of Inc., Corp., Ltd. and Co. behind another word of the name. */
static size_t naive_point(base_slice run, size_t start, size_t end) {
    static const char *const forms[] = {"inc", "corp", "ltd", "co"};
    if (end == run.len || run.bytes[end] != '.') return end;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t len = strlen(forms[i]), same = 0;
        if (end - start <= len || is_word(run.bytes[end - len - 1])) continue;
        while (same < len && (run.bytes[end - len + same] | 32) == forms[i][same]) same++;
        if (same == len) return end + 1;
    }
    return end;
}

static bool is_surface(const dict_view *view, uint32_t surface, const folded_chars *text, uint32_t *n_chars) {
    base_slice s = {dict_string(view, view->surfaces[surface].text), view->surfaces[surface].len};
    uint32_t n = 0;
    for (size_t at = 0; at < s.len; n++) {
        uint32_t c;
        at += base_utf8_read(s.bytes + at, &c);
        if (n >= text->n || text->chars[n] != c) return false;
    }
    *n_chars = n;
    return n > 0;
}

static void scan_naively(const dict_view *view, base_slice run, found_names *out) {
    out->n = 0;
    for (size_t at = 0; at < run.len; at++) {
        folded_chars text;
        if (((unsigned char)run.bytes[at] & 0xC0) == 0x80) continue;
        if ((unsigned char)run.bytes[at] == 0xC2) continue; /* nor with a sign of two bytes */
        uint32_t first = folded_at(view, run, at);
        if (first == DICT_FOLD_DROP || first == ' ') continue; /* a name begins with a character of its own */
        if (dict_is_latin(first) && is_letter_before(view, run, at)) continue;
        fold_naively(view, run, at, &text);
        for (uint32_t s = 0; s < view->n_surfaces; s++) {
            uint32_t n;
            if (!is_surface(view, s, &text, &n)) continue;
            size_t end = text.ends[n - 1];
            if (!end || (dict_is_latin(text.chars[n - 1]) && dict_is_latin(folded_at(view, run, end)))) continue;
            size_t mark = dict_is_latin(first) ? 0 : naive_mark(run, at);
            out->items[out->n++] = (found_name){at - mark, naive_point(run, at, end), s, (uint32_t)mark};
        }
    }
}

/* --- Comparing --------------------------------------------------------------------------------------------------------- */

static int compare_found(const void *left, const void *right) {
    const found_name *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end > b->end ? -1 : 1;
    if (a->surface != b->surface) return a->surface < b->surface ? -1 : 1;
    return (a->mark > b->mark) - (a->mark < b->mark);
}

typedef struct bench {
    const sm_dict *dict;
    const dict_view *view;
    scan_memory *memory;
    scan_list list;
    found_names got, expected;
    char *guarded; /* a text that ends at MAX_TEXT ends where the next byte may not be read */
    unsigned n_texts, n_candidates, n_shown, n_different;
} bench;

static bool is_in_order(const scan_list *list) {
    for (size_t i = 1; i < list->n; i++) {
        const scan_candidate *a = &list->items[i - 1], *b = &list->items[i];
        if (a->start > b->start || (a->start == b->start && a->end < b->end)) return false;
    }
    return true;
}

/* Scans a text that lies at `at` of the guarded bytes. */
static bool is_as_naive(bench *b, size_t at, size_t len) {
    base_slice run = {b->guarded + at, len};
    if (scan_run(b->view, NULL, b->memory, run, &b->list, NULL) != SM_OK || !is_in_order(&b->list)) return false;
    b->got.n = 0;
    for (size_t i = 0; i < b->list.n && i < MAX_CANDIDATES; i++) {
        const scan_candidate *c = &b->list.items[i];
        if (c->kind == SCAN_NAME) b->got.items[b->got.n++] = (found_name){c->start, c->end, c->index, c->mark};
    }
    scan_naively(b->view, run, &b->expected);
    qsort(b->got.items, b->got.n, sizeof b->got.items[0], compare_found);
    qsort(b->expected.items, b->expected.n, sizeof b->expected.items[0], compare_found);
    b->n_texts++;
    b->n_candidates += (unsigned)b->expected.n;
    if (b->got.n != b->expected.n) return false;
    for (size_t i = 0; i < b->got.n; i++)
        if (compare_found(&b->got.items[i], &b->expected.items[i]) != 0) return false;
    return true;
}

static bool is_as_naive_at_the_end(bench *b, const char *text, size_t len) {
    memcpy(b->guarded + MAX_TEXT - len, text, len);
    return is_as_naive(b, MAX_TEXT - len, len);
}

/* Leaves characters out as long as the two scans still differ: what is left is the smallest example. */
static size_t shrink(bench *b, char *text, size_t len) {
    for (size_t at = 0; at < len;) {
        char shorter[MAX_TEXT];
        uint32_t c;
        size_t step = base_utf8_read(text + at, &c);
        memcpy(shorter, text, at);
        memcpy(shorter + at, text + at + step, len - at - step);
        if (is_as_naive_at_the_end(b, shorter, len - step)) {
            at += step;
            continue;
        }
        len -= step;
        memcpy(text, shorter, len);
        at = 0;
    }
    return len;
}

static void show(const char *what, const bench *b, const found_names *names, const char *text) {
    fprintf(stderr, "  %s", what);
    for (size_t i = 0; i < names->n; i++) {
        const found_name *f = &names->items[i];
        fprintf(stderr, " [%zu,%zu) '%.*s' = '%s' mark %u;", f->start, f->end, (int)(f->end - f->start),
                text + f->start, dict_string(b->view, b->view->surfaces[f->surface].text), f->mark);
    }
    fprintf(stderr, "\n");
}

static void report(bench *b, const char *text, size_t len) {
    char small[MAX_TEXT];
    b->n_different++;
    if (b->n_shown++ >= MAX_SHOWN) return;
    memcpy(small, text, len);
    len = shrink(b, small, len);
    is_as_naive_at_the_end(b, small, len);
    fprintf(stderr, "text '%.*s', bytes", (int)len, small);
    for (size_t i = 0; i < len; i++) fprintf(stderr, " %02X", (unsigned char)small[i]);
    fprintf(stderr, "\n");
    show("expected:", b, &b->expected, small);
    show("got:     ", b, &b->got, small);
}

static void compare(bench *b, const char *text, size_t len) {
    if (!is_as_naive_at_the_end(b, text, len)) report(b, text, len);
}

/* --- Dictionaries and texts of random pieces -------------------------------------------------------------------------- */

typedef struct name_pool {
    char names[MAX_NAMES][64];
    uint32_t n;
    bool is_rare; /* with what real text hardly has: half a word in full width, a letter with an accent beside a name */
} name_pool;

#define PICK(source, list) list[random_below(source, sizeof list / sizeof list[0])]

static const char *const han[] = {"金", "山", "办", "公", "中", "国", "石", "油",
                                  "万", "科", "五", "粮", "液", "腾", "讯", "贵"};
static const char *const latin[] = {"Apple",  "Inc",  "Corp",    "Co",   "Ltd",  "Nestlé", "Estée",
                                    "Kohl's", "BJ's", "L'Oreal", "3M",   "AT&T", "S&P",    "China",
                                    "Group",  "A",    "of",      "Ünal", "IBM",  "7"};

static void add(char *text, const char *piece) {
    strcat(text, piece);
}

static void random_name(random_source *source, bool is_rare, char *out) {
    uint32_t shape = random_below(source, 10), n = 2 + random_below(source, 4);
    out[0] = '\0';
    if (shape < 5) {
        for (uint32_t i = 0; i < n; i++) add(out, PICK(source, han));
        if (shape == 4) add(out, random_below(source, 2) ? "A" : "B");
    } else if (shape < 8) {
        static const char *const joints[] = {" ", " ", " ", ", ", "-", ". ", " & "};
        for (uint32_t i = 0; i < n - 1; i++) {
            if (i) add(out, PICK(source, joints));
            add(out, PICK(source, latin));
        }
    } else {
        static const char *const others[] = {"TCL科技", "三六零A", "C&S纸业", "小米集团-W",
                                             "*ST国华", "520科技", "BOSS直聘"};
        static const char *const rare[] = {"𠮷野家", "中𠮷国", "阿·波罗", "中国7-11", "Ａ股大王", "中国石油-7"};
        add(out, is_rare ? PICK(source, rare) : PICK(source, others));
    }
    if (strlen(out) < 2) add(out, "x");
}

/* Another way to write a name that every reader takes for the same. */
static void write_differently(random_source *source, const name_pool *pool, const char *name, char *out) {
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

static void random_piece(random_source *source, const name_pool *pool, char *out) {
    static const char *const between[] = {
        "，", "。",  " ",   " ", "\n", "\n\n", "(", ")", "、", "·", "\xC2\xA0", "\xE3\x80\x80",
        "-",  "’s ", "'s ", ".", ". ", "的",   "1", "x", "😀",  "+", "/",        ","};
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

static size_t random_text(random_source *source, const name_pool *pool, size_t most, char *out) {
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

/* --- A small dictionary, by the public way ------------------------------------------------------------------------------ */

static FILE *open_table(const char *folder, const char *name, const char *header) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) exit(2);
    fprintf(file, "%s\n", header);
    return file;
}

/* Some names go on where the one before ends. */
static void random_names(random_source *source, name_pool *pool) {
    uint32_t n = 4 + random_below(source, MAX_NAMES - 4);
    for (pool->n = 0; pool->n < n; pool->n++) {
        char *name = pool->names[pool->n], longer[128];
        random_name(source, pool->is_rare, name);
        if (!pool->n || random_below(source, 4)) continue;
        snprintf(longer, sizeof longer, "%s%s", name - sizeof pool->names[0], name);
        if (strlen(longer) < sizeof pool->names[0]) strcpy(name, longer);
    }
}

static void write_tables(const char *folder, const name_pool *pool) {
    FILE *mics = open_table(folder, "mics.tsv", "mic\tcode_form\nTEST\tany");
    FILE *securities = open_table(folder, "securities.tsv", "id\ttype\tstatus");
    FILE *names = open_table(folder, "names.tsv", "id\tname\tlang\tkind");
    FILE *variants = open_table(folder, "variants.tsv", "from\tto\tkind\n§\t公\twidth"); /* of two bytes */
    for (uint32_t i = 0; i < pool->n; i++) {
        const char *name = pool->names[i];
        fprintf(securities, "TEST:%u\tstock\tactive\n", i);
        fprintf(names, "TEST:%u\t%s\t%s\t%s\n", i, name, (unsigned char)name[0] >= 0xE0 ? "zh" : "en",
                (unsigned char)name[0] >= 0xE0 ? "short" : "english");
    }
    fclose(mics);
    fclose(securities);
    fclose(names);
    fclose(variants);
}

static void remove_tables(const char *folder) {
    static const char *const files[] = {"/mics.tsv", "/securities.tsv", "/names.tsv", "/variants.tsv", ""};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s%s", folder, files[i]);
        remove(path);
    }
}

static bool build_dictionary(bench *b, const name_pool *pool, sm_buffer *bytes) {
    char folder[] = "/tmp/stockmention_names_XXXXXX";
    if (!mkdtemp(folder)) exit(2);
    write_tables(folder, pool);
    const char *const paths[] = {folder, "src/dict/tables/variants.tsv"};
    sm_build_options options;
    sm_error error = {0};
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261123;
    options.paths = paths;
    options.n_paths = 2;
    bool is_built = CHECK_ROW(sm_dict_build(&options, bytes, NULL, &error) == SM_OK, error.message)
                    && CHECK_ROW(sm_dict_open_memory(bytes->data, bytes->len, &b->dict, &error) == SM_OK,
                                 error.message);
    remove_tables(folder);
    if (is_built) b->view = dict_get_view(b->dict);
    return is_built;
}

/* --- What is tried -------------------------------------------------------------------------------------------------------- */

static void try_random_texts(bench *b, random_source *source, const name_pool *pool) {
    char text[MAX_TEXT];
    for (int i = 0; i < 400; i++) compare(b, text, random_text(source, pool, 400, text));
}

/* The last bytes are read in another way: every cut of a text, and every address that it may begin at. */
static void try_every_length_and_alignment(bench *b, random_source *source, const name_pool *pool) {
    char text[MAX_TEXT];
    size_t len;
    do len = random_text(source, pool, 96, text);
    while (len < 80);
    for (size_t cut = 0; cut <= len; cut++) {
        if (cut < len && ((unsigned char)text[cut] & 0xC0) == 0x80) continue;
        compare(b, text, cut);
        compare(b, text + cut, len - cut);
    }
    for (size_t shift = 0; shift < 16; shift++) {
        memset(b->guarded, 'A', 1024); /* letters behind the text, which must not be taken for its own */
        memcpy(b->guarded + shift, text, len);
        if (!is_as_naive(b, shift, len)) report(b, text, len);
    }
}

/* Texts are walked in blocks: pieces around where one ends and the next begins. */
static void try_borders_of_blocks(bench *b, random_source *source, const name_pool *pool) {
    static const char *const fillings[] = {"的", "x ", "é", "。\n", "Ｘ", "😀"};
    char text[MAX_TEXT], tail[512];
    const char *filling = PICK(source, fillings);
    size_t tail_len = random_text(source, pool, 200, tail), step = strlen(filling);
    size_t border = random_below(source, 4) ? 4096 : 8192;
    for (size_t before = 0; before <= tail_len; before += 1 + random_below(source, 7)) {
        size_t len = 0;
        while (len + step + before <= border) memcpy(text + len, filling, step), len += step;
        while (len + before < border) text[len++] = ' ';
        memcpy(text + len, tail, tail_len);
        compare(b, text, len + tail_len);
    }
}

static void random_texts_have_the_names_that_a_naive_scan_finds(bench *b, bool is_rare) {
    random_source source = {20261123};
    name_pool pool = {.is_rare = is_rare};
    b->n_texts = b->n_candidates = b->n_shown = b->n_different = 0;
    for (int i = 0; i < 30; i++) {
        sm_buffer bytes = {0};
        random_names(&source, &pool);
        if (!build_dictionary(b, &pool, &bytes)) return;
        try_random_texts(b, &source, &pool);
        try_every_length_and_alignment(b, &source, &pool);
        if (i % 4 == 0) try_borders_of_blocks(b, &source, &pool);
        sm_dict_free(b->dict);
        sm_buffer_free(&bytes);
    }
    if (b->n_different) fprintf(stderr, "%u of %u texts differ\n", b->n_different, b->n_texts);
    CHECK_ROW(b->n_different == 0, is_rare ? "texts with rare spellings" : "texts with common spellings");
    CHECK_ROW(b->n_texts > 12000 && b->n_candidates > 15000, "enough was tried");
}

/* More of them at the places of one group than the short way has room for, and one that ends with a letter. */
static void names_within_names_are_all_found(bench *b) {
    static name_pool pool;
    char name[64] = "", text[MAX_TEXT] = "";
    sm_buffer bytes = {0};
    for (size_t i = 0; i < 18; i++) {
        add(name, han[i % (sizeof han / sizeof han[0])]);
        if (i) strcpy(pool.names[pool.n++], name);
    }
    strcpy(pool.names[pool.n++], strcat(name, "A"));
    for (int i = 0; i < 12; i++) {
        add(text, name);
        add(text, i % 3 ? "，" : " ");
    }
    if (!build_dictionary(b, &pool, &bytes)) return;
    b->n_texts = b->n_candidates = b->n_shown = b->n_different = 0;
    for (size_t cut = 0; cut < strlen(name); cut += 3) compare(b, text + cut, strlen(text) - cut);
    CHECK(b->n_different == 0 && b->n_candidates > 64 * b->n_texts);
    sm_dict_free(b->dict);
    sm_buffer_free(&bytes);
}

/* --- The default dictionary ------------------------------------------------------------------------------------------------ */

/* Policies that keep a name out of the scan. */
static bool is_matched(const char *policy) {
    return strncmp(policy, "never", 5) != 0;
}

static bool is_found_alone(bench *b, base_slice name) {
    memcpy(b->guarded + MAX_TEXT - name.len, name.bytes, name.len);
    base_slice run = {b->guarded + MAX_TEXT - name.len, name.len};
    if (scan_run(b->view, NULL, b->memory, run, &b->list, NULL) != SM_OK) return false;
    /* A mark, a share-class sign at the end (-W) and a last point may be left out. */
    for (size_t i = 0; i < b->list.n; i++)
        if (b->list.items[i].start == 0 && b->list.items[i].end + 3 >= name.len) return true;
    return false;
}

static void every_name_of_the_default_tables_is_found_in_itself(bench *b) {
    sm_buffer tsv = {0};
    unsigned n = 0, n_missed = 0;
    b->view = dict_get_view(sm_dict_default());
    if (!CHECK(sm_dict_dump(sm_dict_default(), "names", &tsv, NULL) == SM_OK)) return;
    for (const char *line = strchr(tsv.data, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        const char *name = strchr(line, '\t') + 1, *end = strchr(name, '\t'), *policy = strchr(line, '\n');
        while (policy[-1] != '\t') policy--;
        if (!is_matched(policy)) continue;
        n++;
        if (is_found_alone(b, (base_slice){name, (size_t)(end - name)})) continue;
        if (n_missed++ < MAX_SHOWN) fprintf(stderr, "not found in itself: '%.*s'\n", (int)(end - name), name);
    }
    if (n_missed) fprintf(stderr, "%u of %u names are not found in themselves\n", n_missed, n);
    CHECK(n_missed == 0);
    CHECK(n > 40000);
    sm_buffer_free(&tsv);
}

static void map_guarded(bench *b) {
    long page = sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, MAX_TEXT + (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || MAX_TEXT % page != 0 || mprotect(memory + MAX_TEXT, (size_t)page, PROT_NONE) != 0)
        exit(2);
    b->guarded = memory;
}

int main(void) {
    static bench b = {.list = {.allocator = &base_default_allocator}};
    map_guarded(&b);
    b.memory = scan_memory_new(&base_default_allocator, base_kernel_best());
    if (!CHECK(b.memory != NULL)) return check_report();
    random_texts_have_the_names_that_a_naive_scan_finds(&b, false);
    random_texts_have_the_names_that_a_naive_scan_finds(&b, true);
    names_within_names_are_all_found(&b);
    every_name_of_the_default_tables_is_found_in_itself(&b);
    scan_memory_free(b.memory);
    free(b.list.items);
    return check_report();
}
