/* sm_dict_build: wrong options are told, an error leaves the buffer alone, and a dictionary is rebuilt from itself. */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "compiled.h"
#include "dict/source.h"

static const char *const good[] = {"tests/unit/dict/good"};
static const char *const bad[] = {"tests/unit/dict/bad"};

static sm_build_options options_for(const char *const *paths, uint64_t n_paths) {
    sm_build_options options;
    sm_build_options_init(&options, sizeof options);
    options.as_of = 20261123;
    options.paths = paths;
    options.n_paths = n_paths;
    return options;
}

static void wrong_options_are_told(void) {
    static const char *const missing[] = {"tests/unit/dict/good", NULL};
    sm_build_options none = options_for(NULL, 0), no_day = options_for(good, 1), no_such_day = options_for(good, 1);
    sm_build_options no_paths = options_for(NULL, 1), null_path = options_for(missing, 2),
                     no_size = options_for(good, 1);
    no_day.as_of = 0;
    no_such_day.as_of = 20210229;
    no_size.struct_size = 0;
    const struct {
        const sm_build_options *options;
        const char *message;
    } cases[] = {
        {NULL, "options is NULL; expected what sm_build_options_init() sets"},
        {&none, "options has neither a base nor paths; expected tables to build from"},
        {&no_day, "options.as_of is 0; expected the day of the tables, as there is no base"},
        {&no_such_day, "options.as_of 20210229 is no day; expected yyyymmdd, such as 20211222"},
        {&no_paths, "options.paths is NULL; expected n_paths of them"},
        {&null_path, "options.paths[1] is NULL; expected a folder of tables or a .tsv file"},
        {&no_size, "options.struct_size is 0; call the struct's _init() first"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sm_error error = {0};
        CHECK_ROW(sm_dict_build(cases[i].options, NULL, NULL, &error) == SM_ERR_ARG, cases[i].message);
        CHECK_STR(cases[i].message, error.message, "the message");
    }
}

/* Options of a later version hold more: that is fine as long as nothing is asked for there. */
static void unknown_fields_must_be_zero(void) {
    struct {
        sm_build_options known;
        uint64_t unknown;
    } later;
    sm_build_options_init(&later.known, sizeof later);
    CHECK(later.unknown == 0 && later.known.struct_size == sizeof later);
    later.known.as_of = 20261123;
    later.known.paths = good;
    later.known.n_paths = 1;
    CHECK(sm_dict_build(&later.known, NULL, NULL, NULL) == SM_OK);
    later.unknown = 1;
    CHECK(sm_dict_build(&later.known, NULL, NULL, NULL) == SM_ERR_ARG);
}

static void init_writes_as_much_as_the_caller_has(void) {
    union {
        unsigned char bytes[sizeof(sm_build_options)];
        sm_build_options options;
    } memory;
    memset(memory.bytes, 0xAA, sizeof memory.bytes);
    sm_build_options_init(&memory.options, 8);
    CHECK(memory.options.struct_size == 8 && memory.options.as_of == 0 && memory.bytes[8] == 0xAA);
}

static void an_error_leaves_the_buffer_alone(void) {
    char before[] = "before";
    sm_buffer compiled = {before, 6, sizeof before}, report = {0};
    sm_build_options options = options_for(bad, 1);
    CHECK(sm_dict_build(&options, &compiled, &report, NULL) == SM_ERR_TABLE);
    CHECK(compiled.data == before && compiled.len == 6);
    CHECK(report.len > 0);
    sm_buffer_free(&report);
}

static const sm_dict *open_built(const sm_buffer *compiled) {
    const sm_dict *dict = NULL;
    sm_error error = {0};
    if (!CHECK_ROW(sm_dict_open_memory(compiled->data, compiled->len, &dict, &error) == SM_OK, error.message)) exit(1);
    return dict;
}

static void a_base_alone_builds_itself_again(void) {
    sm_buffer first = {0}, again = {0}, report = {0};
    sm_build_options options = options_for(good, 1);
    CHECK(sm_dict_build(&options, &first, NULL, NULL) == SM_OK);
    const sm_dict *dict = open_built(&first);
    sm_build_options rebuild = options_for(NULL, 0);
    rebuild.as_of = 0; /* the base's */
    rebuild.base = dict;
    CHECK(sm_dict_build(&rebuild, &again, &report, NULL) == SM_OK);
    CHECK_STR("", report.data ? report.data : "", "nothing to report");
    CHECK(first.len == again.len && memcmp(first.data, again.data, (size_t)first.len) == 0);
    sm_dict_free(dict);
    sm_buffer_free(&first);
    sm_buffer_free(&again);
    sm_buffer_free(&report);
}

/* The tables of a base over that base: every row is there already, and none is another. */
static void what_was_built_from_is_known_to_the_base(void) {
    sm_buffer first = {0}, again = {0}, report = {0};
    sm_build_options options = options_for(good, 1);
    CHECK(sm_dict_build(&options, &first, NULL, NULL) == SM_OK);
    const sm_dict *dict = open_built(&first);
    options.base = dict;
    CHECK_ROW(sm_dict_build(&options, &again, &report, NULL) == SM_OK, report.data ? report.data : "no report");
    CHECK(first.len == again.len && memcmp(first.data, again.data, (size_t)first.len) == 0);
    size_t n = 0;
    for (const char *p = report.data; p && (p = strstr(p, ": warning: ")) != NULL; p++) n++;
    CHECK(n == 4 + 10 + 9 + 3 + 2 + 2 + 3 + 2); /* a row each */
    CHECK(report.data
          && strstr(report.data, "names.tsv:3: warning: id 'XSHG:688111', name '金山办公', kind 'short' is in "
                                 "base/names.tsv:2 already, all cells alike; the row is left out\n"));
    sm_dict_free(dict);
    sm_buffer_free(&first);
    sm_buffer_free(&again);
    sm_buffer_free(&report);
}

/* Of seven bytes a code is its own number, beyond that it has a hash. */
static void codes_of_any_length_are_told_apart(void) {
    static const struct {
        const char *id, *others[3];
    } cases[] = {
        {"XTKS:130A", {"XTKS:130", "XTKS:130AA", "XHKG:130A"}},
        {"XTKS:CODE007", {"XTKS:CODE00", "XTKS:CODE0077", "XNAS:CODE007"}},
        {"XTKS:LONGCODE-1", {"XTKS:LONGCODE-", "XTKS:LONGCODE-11", "XNAS:LONGCODE-1"}},
        {"XTKS:LONGCODE-2", {"XTKS:LONGCOD", "XTKS:LONGCODE-3", "XTKS"}},
    };
    sm_buffer built = {0};
    sm_build_options options = options_for(good, 1);
    CHECK(sm_dict_build(&options, &built, NULL, NULL) == SM_OK);
    const sm_dict *dict = open_built(&built);
    const dict_view *view = dict_get_view(dict);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t found = dict_find_id(view, base_slice_of(cases[i].id));
        CHECK_ROW(found != dict_none && strcmp(dict_string(view, view->securities[found].id), cases[i].id) == 0,
                  cases[i].id);
        for (int k = 0; k < 3; k++)
            CHECK_ROW(dict_find_id(view, base_slice_of(cases[i].others[k])) == dict_none, cases[i].others[k]);
    }
    sm_dict_free(dict);
    sm_buffer_free(&built);
}

/* Only what is short and all in capitals, in every name that reads so, is known to be written in capitals. */
static void names_in_capitals_are_known(void) {
    static const struct {
        const char *folded;
        bool is_upper;
    } cases[] = {
        {"azq", true},  {"a1z", true},  {"mn", false}, /* Mn, and MN of another */
        {"man", false}, {"zzz", false}, {"12", false}, {"ibm", true}, {"ibmibm", true}, {"ibmibmi", false},
    };
    static const char mics[] = "mic\tcode_form\nXNAS\tsymbol\n";
    static const char securities[] = "id\ttype\tstatus\nXNAS:A\tstock\tactive\nXNAS:B\tstock\tactive\n";
    static const char names[] =
        "id\tname\tlang\tkind\nXNAS:A\tAZQ\ten\tshort\nXNAS:A\tA1Z\ten\talias\nXNAS:A\tMn\ten\talias\n"
        "XNAS:B\tMN\ten\tshort\nXNAS:A\tMaN\ten\talias\nXNAS:A\tZzZ\ten\talias\nXNAS:A\t12\ten\talias\n"
        "XNAS:A\tIBM\ten\talias\nXNAS:A\tIBMIBM\ten\talias\nXNAS:A\tIBMIBMI\ten\talias\n";
    const dict_memory_file files[] = {{"mics.tsv", base_slice_of(mics)},
                                      {"securities.tsv", base_slice_of(securities)},
                                      {"names.tsv", base_slice_of(names)}};
    dict_tables tables;
    dict_view view;
    sm_buffer built = {0}, report = {0};
    sm_status status = dict_tables_read_memory(files, 3, 20261123, &tables, &report, NULL);
    CHECK_ROW(status == SM_OK, report.data ? report.data : "no report");
    if (CHECK(status == SM_OK && dict_compile(&tables, &built, NULL) == SM_OK
              && dict_view_open(built.data, built.len, &view, NULL) == SM_OK))
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            uint32_t surface = dict_find_surface(&view, base_slice_of(cases[i].folded));
            bool is_upper = surface != dict_none && view.surfaces[surface].flags & DICT_SURFACE_UPPER;
            CHECK_ROW(surface != dict_none && is_upper == cases[i].is_upper, cases[i].folded);
        }
    dict_tables_free(&tables);
    sm_buffer_free(&built);
    sm_buffer_free(&report);
}

/* With the two tables that write_lines() wrote. */
static void remove_folder(const char *folder) {
    char path[64];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s.tsv", folder, i ? "names" : "securities");
        remove(path);
    }
    rmdir(folder);
}

/* A security's row for each line of an issuer, and a name of the issuer. */
static void write_lines(const char *folder, unsigned first_code, unsigned n, const char *name, const char *mode) {
    char path[64];
    snprintf(path, sizeof path, "%s/securities.tsv", folder);
    FILE *securities = fopen(path, mode);
    snprintf(path, sizeof path, "%s/names.tsv", folder);
    FILE *names = fopen(path, mode);
    if (!securities || !names) exit(2);
    if (*mode == 'w') {
        fputs("id\tissuer\ttype\tboard\tcurrency\tisin\tlisted\tdelisted\tstatus\tsuccessor\n", securities);
        fputs("id\tname\tlang\tkind\tfrom\tto\tambiguous\tpolicy\n", names);
    }
    for (unsigned i = 0; i < n; i++)
        fprintf(securities, "XSHG:%06u\tXSHG:%06u\tstock\tmain\tCNY\t\t\t\tactive\t\n", first_code + i, first_code);
    fprintf(names, "XSHG:%06u\t%s\tzh\tshort\t\t\t\t\n", first_code, name);
    if (fclose(securities) != 0 || fclose(names) != 0) exit(2);
}

/* Of many lines so many count as a mention may mean. */
static void an_issuer_has_any_number_of_lines(void) {
    char folder[] = "/tmp/stockmention_build_XXXXXX";
    if (!mkdtemp(folder)) exit(2);
    write_lines(folder, 610000, 2, "两条线", "w");
    write_lines(folder, 620000, DICT_MOST_LINES, "满了线", "a");
    write_lines(folder, 630000, 257, "太多线", "a");
    const char *paths[] = {good[0], folder};
    static const struct {
        const char *name;
        uint32_t n_lines, n_choices;
    } cases[] = {{"两条线", 2, 2},
                 {"满了线", DICT_MOST_LINES, DICT_MOST_LINES},
                 {"太多线", 257, DICT_MOST_LINES - 1 /* the last is the first again */}};
    sm_buffer built = {0}, report = {0};
    sm_build_options options = options_for(paths, 2);
    CHECK_ROW(sm_dict_build(&options, &built, &report, NULL) == SM_OK, report.data ? report.data : "no report");
    const sm_dict *dict = open_built(&built);
    const dict_view *view = dict_get_view(dict);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t found = dict_find_surface(view, base_slice_of(cases[i].name));
        if (!CHECK_ROW(found != dict_none, cases[i].name)) continue;
        const dict_surface *surface = &view->surfaces[found];
        uint32_t n = surface->choices == dict_none ? 0 : view->choices[surface->choices].n_more + 1u;
        CHECK_ROW(n == cases[i].n_choices && surface->line == dict_none, cases[i].name);
        CHECK_ROW(view->securities[surface->issuer].n_lines == cases[i].n_lines, cases[i].name);
    }
    sm_dict_free(dict);
    sm_buffer_free(&built);
    sm_buffer_free(&report);
    remove_folder(folder);
}

/* What is read of a surface at each mention has room for so many. */
static void more_than_count_is_refused(const sm_buffer *built) {
    size_t len = (size_t)built->len;
    for (int i = 0; i < 2; i++) {
        char *copy = exact_copy(built, len);
        const dict_file_section *sections = ((const dict_file_header *)(const void *)copy)->sections;
        dict_choice *choice = (dict_choice *)(void *)(copy + sections[SECTION_CHOICES].offset);
        dict_surface *surface = (dict_surface *)(void *)(copy + sections[SECTION_SURFACES].offset);
        if (!CHECK(sections[SECTION_CHOICES].count > DICT_MOST_LINES)
            || !CHECK(sections[SECTION_SURFACE_NAMES].count > DICT_MOST_ALIKE))
            exit(check_report());
        if (i == 0) choice->n_more = DICT_MOST_LINES;
        else {
            surface->first = 0;
            surface->n = DICT_MOST_ALIKE + 1;
        }
        sign(copy, len);
        CHECK_ROW(open_view(copy, len, NULL) == SM_ERR_FORMAT, i == 0 ? "lines" : "names");
        free(copy);
    }
}

/* Of names that read alike the first count, so that no mention of them costs more than so many. */
static void of_names_that_read_alike_some_count(void) {
    enum { N = 3 * DICT_MOST_ALIKE };
    char folder[] = "/tmp/stockmention_build_XXXXXX";
    if (!mkdtemp(folder)) exit(2);
    for (unsigned i = 0; i < N; i++) write_lines(folder, 610000 + i, 1, i >= N - 2 ? "另一名" : "同名", i ? "a" : "w");
    const char *paths[] = {good[0], folder};
    sm_buffer built = {0}, report = {0};
    sm_build_options options = options_for(paths, 2);
    CHECK_ROW(sm_dict_build(&options, &built, &report, NULL) == SM_OK, report.data ? report.data : "no report");
    const sm_dict *dict = open_built(&built);
    const dict_view *view = dict_get_view(dict);
    uint32_t found = dict_find_surface(view, base_slice_of("同名"));
    if (CHECK(found != dict_none)) {
        const dict_surface *surface = &view->surfaces[found];
        CHECK(surface->n == DICT_MOST_ALIKE && view->choices[surface->choices].n_more + 1u == DICT_MOST_LINES);
        const dict_name *first = &view->names[dict_surface_name(view, surface, 0)];
        CHECK_STR("XSHG:610000", dict_string(view, view->securities[first->security].id), "the first");
    }
    more_than_count_is_refused(&built);
    sm_dict_free(dict);
    sm_buffer_free(&built);
    sm_buffer_free(&report);
    remove_folder(folder);
}

/* A feature or class that was added has its word too. */
static void whatever_has_a_number_has_a_word(void) {
    for (uint32_t i = 0; i < DICT_N_FEATURES; i++)
        CHECK(dict_feature_name(i) && dict_feature_find(base_slice_of(dict_feature_name(i))) == i);
    for (uint32_t i = 0; i < DICT_N_CLASSES; i++)
        CHECK(dict_class_name(i) && dict_class_find(base_slice_of(dict_class_name(i))) == i);
    CHECK(!dict_feature_name(DICT_N_FEATURES) && !dict_class_name(DICT_N_CLASSES));
}

int main(void) {
    whatever_has_a_number_has_a_word();
    wrong_options_are_told();
    unknown_fields_must_be_zero();
    init_writes_as_much_as_the_caller_has();
    an_error_leaves_the_buffer_alone();
    a_base_alone_builds_itself_again();
    what_was_built_from_is_known_to_the_base();
    codes_of_any_length_are_told_apart();
    names_in_capitals_are_known();
    an_issuer_has_any_number_of_lines();
    of_names_that_read_alike_some_count();
    return check_report();
}
