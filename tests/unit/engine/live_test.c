/* An engine is replaced while threads extract: each document is read by one dictionary, the one that its engine has, results
 * outlive their engine's turn, and an engine goes with the last who has it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "samples.h"

/* --- Engines that are counted, over two dictionaries ------------------------------------------------------------------ */

static atomic_long n_held;
static sm_buffer compiled;
static const sm_dict *dicts[2];

static void *count_allocate(void *context, size_t size) {
    (void)context;
    atomic_fetch_add(&n_held, 1);
    return malloc(size ? size : 1);
}

static void *count_reallocate(void *context, void *memory, size_t size) {
    (void)context;
    if (!memory) atomic_fetch_add(&n_held, 1);
    return realloc(memory, size ? size : 1);
}

static void count_release(void *context, void *memory) {
    (void)context;
    if (memory) atomic_fetch_sub(&n_held, 1);
    free(memory);
}

static sm_engine *open_counted(int dict) {
    sm_allocator allocator = {NULL, count_allocate, count_reallocate, count_release};
    sm_engine_options options;
    sm_engine *engine = NULL;
    sm_engine_options_init(&options, sizeof options);
    options.allocator = &allocator;
    if (!CHECK(sm_engine_open(dicts[dict], &options, &engine, NULL) == SM_OK)) exit(check_report());
    return engine;
}

/* The default dictionary, and the same of another day. */
static void open_dictionaries(void) {
    sm_build_options options;
    sm_build_options_init(&options, sizeof options);
    options.base = dicts[0] = sm_dict_default();
    options.as_of = 20991231;
    if (!CHECK(sm_dict_build(&options, &compiled, NULL, NULL) == SM_OK)
        || !CHECK(sm_dict_open_memory(compiled.data, compiled.len, &dicts[1], NULL) == SM_OK))
        exit(check_report());
}

static const char *dict_version(const sm_dict *dict) {
    sm_dict_info info = {.struct_size = sizeof info};
    return sm_dict_describe(dict, &info) == SM_OK ? info.version : "?";
}

/* --- One after the other ---------------------------------------------------------------------------------------------- */

/* Threads do this too: no CHECK, which is for one. @return NULL on failure. */
static sm_result *read_text(sm_live *live) {
    sm_engine *engine = sm_live_engine(live);
    sm_document document = sample_document(2);
    sm_result *result = NULL;
    sm_engine_extract(engine, NULL, &document, NULL, &result, NULL);
    sm_engine_free(engine); /* the result keeps it */
    return result;
}

static void replace(sm_live *live, int dict) {
    sm_engine *engine = open_counted(dict);
    CHECK(sm_live_replace(live, engine, NULL) == SM_OK);
    sm_engine_free(engine);
}

static void an_engine_goes_with_the_last_who_has_it(void) {
    sm_live *live = NULL;
    sm_engine *engine = open_counted(0);
    CHECK(sm_live_new(engine, &live, NULL) == SM_OK);
    sm_engine_free(engine);
    long n_alone = atomic_load(&n_held);
    replace(live, 1);
    CHECK_ROW(atomic_load(&n_held) == n_alone, "an engine that nobody has goes when it is replaced");
    sm_result *result = read_text(live);
    if (!CHECK(result)) exit(check_report());
    char *before = sample_json(result);
    replace(live, 0);
    replace(live, 0); /* its slot is used again */
    char *after = sample_json(result);
    CHECK_STR(before, after, "a result stays what it is");
    CHECK(strstr(after, dict_version(dicts[1])) != NULL);
    sm_result_free(result);
    CHECK_ROW(atomic_load(&n_held) == n_alone, "the last result takes its engine along");
    free(before);
    free(after);
    sm_live_free(live);
    CHECK(atomic_load(&n_held) == 0);
}

static void wrong_use_is_told(void) {
    sm_live *live = NULL;
    sm_error error = {0};
    sm_engine *engine = open_counted(0);
    CHECK(sm_live_new(NULL, &live, &error) == SM_ERR_ARG && !live && strstr(error.message, "engine"));
    CHECK(sm_live_new(engine, NULL, &error) == SM_ERR_ARG);
    CHECK(sm_live_replace(NULL, engine, &error) == SM_ERR_ARG);
    CHECK(sm_live_new(engine, &live, NULL) == SM_OK);
    CHECK(sm_live_replace(live, NULL, &error) == SM_ERR_ARG && error.status == SM_ERR_ARG);
    sm_engine *same = sm_live_engine(live);
    CHECK(same == engine);
    CHECK(sm_live_engine(NULL) == NULL);
    sm_live_free(NULL);
    sm_live_free(live);
    sm_engine_free(same);
    sm_engine_free(engine);
}

/* --- Under load ------------------------------------------------------------------------------------------------------- */

enum { N_THREADS = 4, N_REPLACED = 400, N_READ = 10 };

typedef struct reader {
    sm_live *live;
    atomic_int *is_over;
    atomic_int n_read[2]; /* by dictionary */
    bool is_right;
} reader;

/* The result must be of the dictionary that the engine of this document has, and of that one alone. */
static bool read_once(reader *r) {
    sm_result *result = read_text(r->live);
    sm_buffer json = {0};
    bool is_read = result && sm_result_json(result, NULL, &json, NULL) == SM_OK;
    bool is_first = is_read && strstr(json.data, dict_version(dicts[0])),
         is_second = is_read && strstr(json.data, dict_version(dicts[1]));
    bool is_right = is_first != is_second && strstr(json.data, "XSHG:688111");
    atomic_fetch_add(&r->n_read[is_second], 1);
    sm_buffer_free(&json);
    sm_result_free(result);
    return is_right;
}

static void *read_on(void *argument) {
    reader *r = argument;
    r->is_right = true;
    while (!atomic_load(r->is_over)) r->is_right &= read_once(r);
    return NULL;
}

/* Does nothing but ask, so that it is often between asking and having. */
static void *take_on(void *argument) {
    reader *r = argument;
    r->is_right = true;
    while (!atomic_load(r->is_over)) {
        sm_engine *engine = sm_live_engine(r->live);
        const sm_dict *dict = sm_engine_dict(engine);
        r->is_right &= dict == dicts[0] || dict == dicts[1];
        atomic_fetch_add(&r->n_read[dict == dicts[1]], 1);
        sm_engine_free(engine);
    }
    return NULL;
}

static bool have_read_enough(const reader *readers, int n) {
    for (int i = 0; i < n; i++)
        if (atomic_load(&readers[i].n_read[0]) < N_READ || atomic_load(&readers[i].n_read[1]) < N_READ) return false;
    return true;
}

static void engines_are_replaced_under_load(void) {
    sm_live *live = NULL;
    sm_engine *engine = open_counted(0);
    pthread_t threads[N_THREADS];
    reader readers[N_THREADS] = {{0}};
    atomic_int is_over = 0;
    int n = 0;
    CHECK(sm_live_new(engine, &live, NULL) == SM_OK);
    sm_engine_free(engine);
    for (; n < N_THREADS; n++) {
        readers[n].live = live;
        readers[n].is_over = &is_over;
        if (!CHECK(pthread_create(&threads[n], NULL, n % 2 ? read_on : take_on, &readers[n]) == 0)) break;
    }
    for (int i = 1; i <= N_REPLACED || !have_read_enough(readers, n); i++) replace(live, i & 1);
    atomic_store(&is_over, 1);
    for (int i = 0; i < n; i++) {
        pthread_join(threads[i], NULL);
        CHECK_ROW(readers[i].is_right, "every document is read by one engine's dictionary");
    }
    sm_live_free(live);
    CHECK_ROW(atomic_load(&n_held) == 0, "every engine was freed");
}

int main(void) {
    open_dictionaries();
    wrong_use_is_told();
    an_engine_goes_with_the_last_who_has_it();
    engines_are_replaced_under_load();
    sm_dict_free(dicts[1]);
    sm_buffer_free(&compiled);
    return check_report();
}
