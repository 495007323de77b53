/* A naive scan for names, to hold all kernels against: at every position of a text its folded characters are compared with
 * the dictionary's names as a whole. Of what the compiled dictionary has it takes the list of names and the fold alone.
 * Texts lie where the next page may not be read. */
#ifndef TESTS_UNIT_SCAN_NAIVE_H
#define TESTS_UNIT_SCAN_NAIVE_H

#include "../check.h"
#include "../guard.h"
#include "scan/scan.h"
#include "scan/walk.h"

enum { MAX_TEXT = 64 * 1024, MAX_CANDIDATES = 16 * 1024, MAX_SHOWN = 12 };

/* --- The naive scan -------------------------------------------------------------------------------------------------- */

typedef struct found_name {
    uint32_t run;
    size_t start, end;
    uint32_t surface, mark, n_chars;
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

static inline bool is_accent(uint32_t c) {
    return c >= 0x300 && c < 0x370;
}

static inline bool is_letter_before(const dict_view *view, base_slice run, size_t at) {
    if (at == 0) return false;
    do at--;
    while (((unsigned char)run.bytes[at] & 0xC0) == 0x80);
    uint32_t c;
    base_utf8_read(run.bytes + at, &c);
    return dict_is_latin(folded_at(view, run, at)) || is_accent(c); /* which goes on a letter */
}

static inline void fold_naively(const dict_view *view, base_slice run, size_t at, folded_chars *out) {
    dict_folder folder = {0};
    uint32_t n_dropped = 0;
    out->n = 0;
    while (at < run.len && out->n < DICT_MAX_NAME_CHARS) {
        uint32_t c, written[DICT_FOLD_PENDING + 1];
        at += base_utf8_read(run.bytes + at, &c);
        bool is_empty_line = at < run.len && run.bytes[at] == '\n';
        uint32_t folded = dict_fold_char(view, c);
        bool is_list_space = c == ' ' || c == 0x3000;
        if ((folded == DICT_FOLD_DROP || (folded == ' ' && !is_list_space)) && !dict_is_latin(folder.last)) return;
        if (c == '\0' || (c == '\n' && is_empty_line)) return;
        if (folded == DICT_FOLD_DROP && ++n_dropped > SCAN_MOST_DROPPED) return;
        int n = dict_fold_step(&folder, folded, written);
        if (n < 0) return;
        for (int i = 0; i < n; i++, out->n++) {
            out->chars[out->n] = written[i];
            out->ends[out->n] = i == n - 1 ? at : 0;
        }
    }
}

static inline bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The text before a place in ASCII, of full-width signs too, others as "?"; and where each begins. */
static inline size_t narrow_before(base_slice run, size_t start, char *narrow, size_t *starts) {
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

static inline size_t naive_mark(base_slice run, size_t start) {
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
static inline size_t naive_point(base_slice run, size_t start, size_t end) {
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

/* The names of a dictionary in the order of their bytes. */
typedef struct name_list {
    struct listed_name {
        base_slice text;
        uint32_t surface;
    } * items;
    uint32_t n;
} name_list;

static inline int compare_listed(const void *left, const void *right) {
    return base_slice_compare(((const struct listed_name *)left)->text, ((const struct listed_name *)right)->text);
}

static inline name_list list_names(const dict_view *view) {
    name_list list = {malloc((view->n_surfaces + 1) * sizeof *list.items), view->n_surfaces};
    if (!list.items) exit(2);
    for (uint32_t s = 0; s < list.n; s++) {
        base_slice text = {dict_string(view, view->surfaces[s].text), view->surfaces[s].len};
        list.items[s] = (struct listed_name){text, s};
    }
    qsort(list.items, list.n, sizeof *list.items, compare_listed);
    return list;
}

/* The first name of [from, to) that neither comes before `start` nor, with `behind`, begins with it. */
static uint32_t find_name(const name_list *list, uint32_t from, uint32_t to, base_slice start, bool behind) {
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        base_slice text = list->items[middle].text;
        bool begins = text.len >= start.len && memcmp(text.bytes, start.bytes, start.len) == 0;
        if (base_slice_compare(text, start) < 0 || (behind && begins)) from = middle + 1;
        else to = middle;
    }
    return from;
}

static inline void add_found(found_names *out, found_name found) {
    if (out->n == MAX_CANDIDATES) exit(2);
    out->items[out->n++] = found;
}

/* The names that a folded text begins with: its first n characters are compared as a whole, for every n. */
static inline void find_names_at(const dict_view *view, const name_list *list, base_slice run, size_t at,
                                 found_names *out) {
    folded_chars text;
    char start[4 * (DICT_MAX_NAME_CHARS + DICT_FOLD_PENDING + 1)];
    size_t len = 0;
    fold_naively(view, run, at, &text);
    for (uint32_t n = 0, from = 0, to = list->n; n < text.n && from < to; n++) {
        len += base_utf8_encode(text.chars[n], start + len);
        from = find_name(list, from, to, (base_slice){start, len}, false);
        to = find_name(list, from, to, (base_slice){start, len}, true);
        size_t end = text.ends[n];
        if (!end || (dict_is_latin(text.chars[n]) && dict_is_latin(folded_at(view, run, end)))) continue;
        size_t mark = dict_is_latin(text.chars[0]) ? 0 : naive_mark(run, at);
        for (uint32_t i = from; i < to && list->items[i].text.len == len; i++)
            add_found(out, (found_name){0, at - mark, naive_point(run, at, end), list->items[i].surface, (uint32_t)mark,
                                        n + 1});
    }
}

/* Of the long names of one place, which are those from `first` on, only some count. */
static inline void keep_longest(found_names *names, size_t first) {
    static bool counts[MAX_CANDIDATES];
    size_t kept = first;
    for (size_t i = first; i < names->n; i++) {
        size_t n_longer = 0;
        for (size_t k = first; k < names->n; k++) n_longer += names->items[k].n_chars > names->items[i].n_chars;
        counts[i] = names->items[i].n_chars <= DICT_STEM_WHOLE || n_longer < SCAN_MOST_LONG;
    }
    for (size_t i = first; i < names->n; i++)
        if (counts[i]) names->items[kept++] = names->items[i];
    names->n = kept;
}

/* The end of a web address that begins at a place, or 0. What it names is no company. */
static inline size_t naive_address_end(base_slice run, size_t at) {
    static const char *const starts[] = {"http://", "https://", "www."};
    base_slice rest = {run.bytes + at, run.len - at};
    uint32_t before = ' ';
    if (at) base_utf8_read(run.bytes + base_utf8_back(run.bytes, at), &before);
    if (before < 0x80 ? is_word((char)before) : before < 0xFF00 && dict_is_latin(before))
        return 0; /* letters of full width are another word */
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (!base_slice_starts(rest, starts[i])) continue;
        while (at < run.len && run.bytes[at] > ' ' && run.bytes[at] < 0x7F && !strchr("<>\"'`|", run.bytes[at])) at++;
        return at;
    }
    return 0;
}

/* Adds what one run has. */
static inline void scan_naively(const dict_view *view, const name_list *list, base_slice run, found_names *out) {
    for (size_t at = 0; at < run.len; at++) {
        if (((unsigned char)run.bytes[at] & 0xC0) == 0x80) continue;
        if ((unsigned char)run.bytes[at] == 0xC2) continue; /* nor with a sign of two bytes */
        uint32_t first = folded_at(view, run, at);
        if (first == DICT_FOLD_DROP || first == ' ') continue; /* a name begins with a character of its own */
        size_t address_end = naive_address_end(run, at);
        size_t n_before = out->n;
        if (address_end) at = address_end - 1;
        else if (!dict_is_latin(first) || !is_letter_before(view, run, at)) find_names_at(view, list, run, at, out);
        if (out->n - n_before > SCAN_MOST_LONG) keep_longest(out, n_before);
    }
}

/* --- Comparing --------------------------------------------------------------------------------------------------------- */

static inline int compare_found(const void *left, const void *right) {
    const found_name *a = left, *b = right;
    if (a->run != b->run) return a->run < b->run ? -1 : 1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end > b->end ? -1 : 1;
    if (a->surface != b->surface) return a->surface < b->surface ? -1 : 1;
    return (a->mark > b->mark) - (a->mark < b->mark);
}

typedef struct bench {
    const sm_dict *dict;
    const dict_view *view;
    name_list names;
    scan_memory *memories[SM_KERNEL_NEON + 1]; /* by kernel; NULL of those that cannot run here */
    scan_list list;
    found_names got, expected;
    const char *wrong; /* the kernel that found something else */
    char *guarded;     /* a text that ends at MAX_TEXT ends where the next byte may not be read */
    unsigned n_texts, n_candidates, n_shown, n_different;
} bench;

static inline void open_bench(bench *b) {
    b->guarded = guarded_end(MAX_TEXT) - MAX_TEXT;
    b->list.allocator = &base_default_allocator;
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        if (!base_kernel_can_run(kernel)) continue;
        b->memories[kernel] = scan_memory_new(&base_default_allocator, kernel);
        if (!b->memories[kernel]) exit(2);
        printf("%s ", base_kernel_word(kernel));
    }
    printf("are compared with a naive scan\n");
}

static inline void close_bench(bench *b) {
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) scan_memory_free(b->memories[kernel]);
    free(b->list.items);
    free(b->names.items);
}

/* What is looked for from here on. */
static inline void take_dictionary(bench *b, const sm_dict *dict) {
    free(b->names.items);
    b->dict = dict;
    b->view = dict_get_view(dict);
    b->names = list_names(b->view);
}

static inline bool is_in_order(const scan_list *list) {
    for (size_t i = 1; i < list->n; i++) {
        const scan_candidate *a = &list->items[i - 1], *b = &list->items[i];
        if (a->run > b->run) return false;
        if (a->run == b->run && (a->start > b->start || (a->start == b->start && a->end < b->end))) return false;
    }
    return true;
}

static inline bool is_as_expected(bench *b) {
    b->got.n = 0;
    for (size_t i = 0; i < b->list.n; i++) {
        const scan_candidate *c = &b->list.items[i];
        if (c->kind == SCAN_NAME) add_found(&b->got, (found_name){c->run, c->start, c->end, c->index, c->mark, 0});
    }
    qsort(b->got.items, b->got.n, sizeof b->got.items[0], compare_found);
    if (b->got.n != b->expected.n) return false;
    for (size_t i = 0; i < b->got.n; i++)
        if (compare_found(&b->got.items[i], &b->expected.items[i]) != 0) return false;
    return true;
}

/* Scans runs together with every kernel: each run must have what the naive scan finds in it alone. */
static inline bool runs_are_as_naive(bench *b, const base_slice *runs, uint32_t n, const char *readable) {
    b->expected.n = 0;
    for (uint32_t i = 0; i < n; i++) {
        size_t first = b->expected.n;
        scan_naively(b->view, &b->names, runs[i], &b->expected);
        while (first < b->expected.n) b->expected.items[first++].run = i;
    }
    qsort(b->expected.items, b->expected.n, sizeof b->expected.items[0], compare_found);
    b->n_texts++;
    b->n_candidates += (unsigned)b->expected.n;
    for (uint32_t kernel = SM_KERNEL_C; base_kernel_word(kernel); kernel++) {
        scan_memory *memory = b->memories[kernel];
        b->wrong = base_kernel_word(kernel);
        if (memory && scan_runs(b->view, NULL, memory, runs, n, readable, &b->list, NULL) != SM_OK) return false;
        if (memory && (!is_in_order(&b->list) || !is_as_expected(b))) return false;
    }
    return true;
}

/* Scans a text that lies at `at` of the guarded bytes. */
static inline bool is_as_naive(bench *b, size_t at, size_t len) {
    base_slice run = {b->guarded + at, len};
    return runs_are_as_naive(b, &run, 1, NULL);
}

static inline bool is_as_naive_at_the_end(bench *b, const char *text, size_t len) {
    memcpy(b->guarded + MAX_TEXT - len, text, len);
    return is_as_naive(b, MAX_TEXT - len, len);
}

/* Leaves out what can be left out such that the two scans still differ, first half of the text and in the end single
 * characters: what is left is the smallest example. */
static inline size_t shrink(bench *b, char *text, size_t len) {
    static char shorter[MAX_TEXT];
    for (size_t step = len / 2 + 1; step > 0; step /= 2)
        for (size_t at = 0; at < len;) {
            size_t behind = at + step < len ? at + step : len;
            while (behind < len && ((unsigned char)text[behind] & 0xC0) == 0x80) behind++;
            memcpy(shorter, text, at);
            memcpy(shorter + at, text + behind, len - behind);
            if (is_as_naive_at_the_end(b, shorter, len - (behind - at))) {
                at = behind;
                continue;
            }
            len -= behind - at;
            memcpy(text, shorter, len);
        }
    return len;
}

static inline void show(const char *what, const bench *b, const found_names *names, const char *text) {
    fprintf(stderr, "  %s", what);
    for (size_t i = 0; i < names->n; i++) {
        const found_name *f = &names->items[i];
        fprintf(stderr, " [%zu,%zu) '%.*s' = '%s' mark %u;", f->start, f->end, (int)(f->end - f->start),
                text + f->start, dict_string(b->view, b->view->surfaces[f->surface].text), f->mark);
    }
    fprintf(stderr, "\n");
}

static inline void report(bench *b, const char *text, size_t len) {
    char small[MAX_TEXT];
    b->n_different++;
    if (b->n_shown++ >= MAX_SHOWN) return;
    memcpy(small, text, len);
    len = shrink(b, small, len);
    is_as_naive_at_the_end(b, small, len);
    fprintf(stderr, "%s in text '%.*s', bytes", b->wrong, (int)len, small);
    for (size_t i = 0; i < len; i++) fprintf(stderr, " %02X", (unsigned char)small[i]);
    fprintf(stderr, "\n");
    show("expected:", b, &b->expected, small);
    show("got:     ", b, &b->got, small);
}

static inline void compare(bench *b, const char *text, size_t len) {
    if (!is_as_naive_at_the_end(b, text, len)) report(b, text, len);
}

#endif
