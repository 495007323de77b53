/* The name scan against a naive one in random texts over random dictionaries, with every kernel; and every name of the
 * default dictionary in itself. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "naive.h"
#include "pieces.h"

/* --- A small dictionary, by the public way ------------------------------------------------------------------------------ */

static FILE *open_table(const char *folder, const char *name, const char *header) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file) exit(2);
    fprintf(file, "%s\n", header);
    return file;
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
    const sm_dict *dict = NULL;
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261123;
    options.paths = paths;
    options.n_paths = 2;
    bool is_built = CHECK_ROW(sm_dict_build(&options, bytes, NULL, &error) == SM_OK, error.message)
                    && CHECK_ROW(sm_dict_open_memory(bytes->data, bytes->len, &dict, &error) == SM_OK, error.message);
    remove_tables(folder);
    if (is_built) take_dictionary(b, dict);
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

/* More of them at the places of one group than the short way has room for, at the first ones more than are reported, and one
 * that ends with a letter. */
static void names_within_names_are_found(bench *b) {
    static name_pool pool;
    char name[128] = "", text[MAX_TEXT] = "";
    sm_buffer bytes = {0};
    for (size_t i = 0; i < 34; i++) {
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

/* The point of Inc. and its like belongs to a name, that of other words does not. */
static void points_end_legal_forms_alone(bench *b) {
    static name_pool pool = {.names = {"Apple Inc", "Apple Enc", "Apple Co", "Apple Bo", "Apple Ltd", "Apple Old",
                                       "Apple Corp", "Apple Torp", "Apple Xinc"},
                             .n = 9};
    char text[64];
    sm_buffer bytes = {0};
    if (!build_dictionary(b, &pool, &bytes)) return;
    b->n_texts = b->n_candidates = b->n_shown = b->n_different = 0;
    for (uint32_t i = 0; i < pool.n; i++) compare(b, text, (size_t)sprintf(text, "%s. X", pool.names[i]));
    CHECK(b->n_different == 0 && b->n_candidates >= pool.n);
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
    if (scan_run(b->view, NULL, b->memories[base_kernel_best()], run, &b->list, NULL) != SM_OK) return false;
    /* A mark, a share-class sign at the end (-W) and a last point may be left out. */
    for (size_t i = 0; i < b->list.n; i++)
        if (b->list.items[i].start == 0 && b->list.items[i].end + 3 >= name.len) return true;
    return false;
}

static void every_name_of_the_default_tables_is_found_in_itself(bench *b) {
    sm_buffer tsv = {0};
    unsigned n = 0, n_missed = 0;
    take_dictionary(b, sm_dict_default());
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

/* A reader sees nothing of them: they part no word. NUL parts all. */
static void characters_of_no_width_are_nothing(bench *b) {
    static const struct {
        const char *text;
        size_t len; /* 0: up to NUL */
        bool is_name;
    } rows[] = {
        {"Alphabet", 0, true},
        {"Alpha\xC2\xAD"
         "bet",
         0, true},
        {"A\xE2\x80\x8Blphabet", 0, true},
        {"Alphabe\xEF\xBB\xBFt", 0, true},
        {"Alphabet\xE2\x80\x8D", 0, true},
        {"Alphabet\xC2\xADs", 0, true}, /* as Alphabet's */
        {"Alp\0habet", 9, false},
        {"Alphabet\0s", 10, true},
        {"ＴＣＬ", 0, true},
        {"e\xCC\x81ＴＣＬ", 0, false}, /* the accent is the letter's before */
        {"e\xCC\x81TCL", 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_ROW(is_as_naive_at_the_end(b, rows[i].text, rows[i].len ? rows[i].len : strlen(rows[i].text)),
                  rows[i].text);
        CHECK_ROW((b->expected.n > 0) == rows[i].is_name, rows[i].text);
    }
}

/* A run that begins with a block, where another one has a letter just before it: its first word is one all the same. */
static void a_run_begins_with_a_block(bench *b) {
    static const char *const firsts[] = {"Alphabet", "ＴＣＬ", "Élan", "贵州茅台"};
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++)
        for (size_t before = SCAN_BLOCK - 3; before <= SCAN_BLOCK + 3; before++) {
            memset(b->guarded, 'x', 2 * SCAN_BLOCK);
            memcpy(b->guarded + before, firsts[i], strlen(firsts[i]));
            const base_slice runs[] = {{b->guarded, before}, {b->guarded + before, strlen(firsts[i])}};
            CHECK_ROW(runs_are_as_naive(b, runs, 2, b->guarded + 2 * SCAN_BLOCK), firsts[i]);
            CHECK_ROW(b->expected.n > 0 || i == 2, firsts[i]);
        }
}

int main(void) {
    static bench b;
    open_bench(&b);
    random_texts_have_the_names_that_a_naive_scan_finds(&b, false);
    random_texts_have_the_names_that_a_naive_scan_finds(&b, true);
    names_within_names_are_found(&b);
    points_end_legal_forms_alone(&b);
    every_name_of_the_default_tables_is_found_in_itself(&b);
    characters_of_no_width_are_nothing(&b);
    a_run_begins_with_a_block(&b);
    close_bench(&b);
    return check_report();
}
