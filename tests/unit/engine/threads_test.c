/* One engine, many threads: each with a scanner and a result of its own finds the same, from the first document on, when
 * no pattern has been compiled yet, and whoever frees last frees the engine. */
#include <pthread.h>

#include "samples.h"

enum { N_THREADS = 4, N_ROUNDS = 20 };

typedef struct worker {
    const sm_engine *engine;
    char *json[N_SAMPLES];
    int is_constant; /* every round gave the same */
} worker;

static int work_once(worker *w, sm_scanner *scanner, sm_result **result, size_t sample) {
    sm_document document = sample_document(sample);
    sm_buffer json = {0};
    if (sm_engine_extract(w->engine, scanner, &document, NULL, result, NULL) != SM_OK) return 0;
    if (sm_result_json(*result, NULL, &json, NULL) != SM_OK) return 0;
    if (!w->json[sample]) w->json[sample] = json.data;
    else {
        w->is_constant &= strcmp(json.data, w->json[sample]) == 0;
        sm_buffer_free(&json);
    }
    return 1;
}

static void *work(void *argument) {
    worker *w = argument;
    sm_scanner *scanner = NULL;
    sm_result *result = NULL;
    sm_found found[2];
    uint64_t n = 0;
    w->is_constant = sm_scanner_new(w->engine, &scanner, NULL) == SM_OK;
    for (size_t i = 0; w->is_constant && i < N_ROUNDS * N_SAMPLES; i++)
        w->is_constant &= work_once(w, scanner, &result, i % N_SAMPLES);
    w->is_constant &= sm_lookup(w->engine, "688111.SH", 9, 0, found, 2, &n, NULL) == SM_OK && n == 1;
    w->is_constant &= sm_engine_warm(w->engine, NULL) == SM_OK;
    sm_scanner_free(scanner);
    sm_result_free(result);
    return NULL;
}

static void threads_find_the_same(void) {
    sm_engine *engine = NULL;
    pthread_t threads[N_THREADS];
    worker workers[N_THREADS] = {{0}};
    int n = 0;
    if (!CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK)) return;
    for (; n < N_THREADS; n++) {
        workers[n].engine = engine;
        if (!CHECK(pthread_create(&threads[n], NULL, work, &workers[n]) == 0)) break;
    }
    for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < n; i++) {
        CHECK_ROW(workers[i].is_constant, "every round gives the same");
        for (size_t s = 0; s < N_SAMPLES; s++) {
            CHECK_STR(workers[0].json[s], workers[i].json[s], "every thread finds the same");
            if (i) free(workers[i].json[s]);
        }
    }
    for (size_t s = 0; n && s < N_SAMPLES; s++) free(workers[0].json[s]);
    sm_engine_free(engine);
}

/* Each thread holds the engine by its result alone and lets go when it likes. */
static void *let_go(void *result) {
    sm_buffer json = {0};
    void *good = sm_result_json(result, NULL, &json, NULL) == SM_OK && strstr(json.data, "XSHG:688111") ? result : NULL;
    sm_buffer_free(&json);
    sm_result_free(result);
    return good;
}

static void the_last_one_frees_the_engine(void) {
    sm_engine *engine = NULL;
    pthread_t threads[N_THREADS];
    sm_result *results[N_THREADS] = {NULL};
    int n = 0;
    CHECK(sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK);
    for (int i = 0; i < N_THREADS; i++) {
        sm_document document = sample_document(2);
        CHECK(sm_engine_extract(engine, NULL, &document, NULL, &results[i], NULL) == SM_OK);
    }
    for (; n < N_THREADS; n++)
        if (!CHECK(pthread_create(&threads[n], NULL, let_go, results[n]) == 0)) break;
    sm_engine_free(engine);
    for (int i = 0; i < n; i++) {
        void *good = NULL;
        pthread_join(threads[i], &good);
        CHECK(good != NULL);
    }
}

/* Asked for by all threads at once for the first time, as in a program's first request. */
static void *ask_for_default(void *argument) {
    (void)argument;
    return (void *)(uintptr_t)sm_dict_default();
}

static void the_default_dictionary_is_one(void) {
    pthread_t threads[N_THREADS];
    void *dicts[N_THREADS] = {NULL};
    int n = 0;
    for (; n < N_THREADS; n++)
        if (!CHECK(pthread_create(&threads[n], NULL, ask_for_default, NULL) == 0)) break;
    for (int i = 0; i < n; i++) pthread_join(threads[i], &dicts[i]);
    for (int i = 0; i < n; i++) CHECK(dicts[i] && dicts[i] == dicts[0]);
}

int main(void) {
    the_default_dictionary_is_one();
    threads_find_the_same();
    the_last_one_frees_the_engine();
    return check_report();
}
