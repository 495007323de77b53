/* A caller may choose the kernel: each that can run here is used from end to end and finds what plain C finds; what cannot
 * run is refused, and the message says what can. */
#include "base/base.h"
#include "samples.h"

enum { TIMES = 40, LONG_TEXT = TIMES * 2048 };

/* --- What is found ----------------------------------------------------------------------------------------------------- */

/* As much as fills several blocks, with characters at all offsets in them. */
static size_t long_text(const char *piece, char *out) {
    size_t len = 0;
    for (int i = 0; i < TIMES; i++) {
        len += (size_t)sprintf(out + len, "%s%.*s\n", piece, i % 7, "xxxxxxx");
    }
    return len;
}

static char *json_of(const sm_engine *engine, const sm_document *document) {
    sm_result *result = NULL;
    if (!CHECK(sm_engine_extract(engine, NULL, document, NULL, &result, NULL) == SM_OK)) exit(2);
    char *json = sample_json(result);
    sm_result_free(result);
    return json;
}

/* The documents of a batch, one JSON line each. */
static void check_batch(const sm_engine *engine, const sm_engine *plain, const char *text, size_t len) {
    const int64_t offsets[] = {0, (int64_t)len / 3, (int64_t)len / 3, (int64_t)len};
    sm_batch batch;
    sm_batch_init(&batch, sizeof batch);
    batch.text = text;
    batch.offsets = offsets;
    batch.n_documents = 3;
    sm_result *result = NULL, *expected = NULL;
    CHECK(sm_engine_extract_batch(engine, &batch, NULL, &result, NULL) == SM_OK);
    CHECK(sm_engine_extract_batch(plain, &batch, NULL, &expected, NULL) == SM_OK);
    CHECK(sm_result_mention_count(expected) > TIMES);
    for (uint64_t i = 0; i < batch.n_documents; i++) {
        sm_buffer got = {0}, wanted = {0};
        sm_json_options options;
        sm_json_options_init(&options, sizeof options);
        options.document = i;
        CHECK(sm_result_json(result, &options, &got, NULL) == SM_OK);
        CHECK(sm_result_json(expected, &options, &wanted, NULL) == SM_OK);
        CHECK_STR(wanted.data, got.data, sm_engine_kernel(engine));
        sm_buffer_free(&got);
        sm_buffer_free(&wanted);
    }
    sm_result_free(result);
    sm_result_free(expected);
}

static void check_kernel(const sm_engine *engine, const sm_engine *plain) {
    static char text[LONG_TEXT];
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sm_document document = sample_document(i);
        document.text = text;
        document.text_len = long_text(samples[i].text, text);
        char *got = json_of(engine, &document), *expected = json_of(plain, &document);
        CHECK_STR(expected, got, sm_engine_kernel(engine));
        free(got);
        free(expected);
    }
    check_batch(engine, plain, text, long_text(sample_text, text));
}

/* --- Opening ------------------------------------------------------------------------------------------------------------- */

static sm_status open_with(uint32_t kernel, sm_engine **engine, sm_error *error) {
    sm_engine_options options;
    sm_engine_options_init(&options, sizeof options);
    options.kernel = kernel;
    return sm_engine_open(NULL, &options, engine, error);
}

static void check_refusal(uint32_t kernel, sm_status expected, const char *says) {
    sm_engine *engine = NULL;
    sm_error error = {0};
    CHECK_ROW(open_with(kernel, &engine, &error) == expected && !engine && error.status == expected, says);
    CHECK_ROW(strstr(error.message, says) != NULL, error.message);
}

static void each_kernel_runs_or_is_refused(const sm_engine *plain) {
    for (uint32_t kernel = SM_KERNEL_C; kernel <= SM_KERNEL_NEON; kernel++) {
        const char *word = base_kernel_word(kernel);
        sm_engine *engine = NULL;
        if (!base_kernel_can_run(kernel)) {
            check_refusal(kernel, SM_ERR_UNSUPPORTED, word);
            check_refusal(kernel, SM_ERR_UNSUPPORTED, "one of c");
            continue;
        }
        if (!CHECK_ROW(open_with(kernel, &engine, NULL) == SM_OK, word)) continue;
        CHECK_STR(word, sm_engine_kernel(engine), "the kernel that was asked for");
        check_kernel(engine, plain);
        sm_engine_free(engine);
        printf("%s ", word);
    }
    printf("ran\n");
}

static void the_best_is_taken_where_none_is_named(void) {
    sm_engine *engine = NULL;
    CHECK(open_with(SM_KERNEL_AUTO, &engine, NULL) == SM_OK);
    CHECK_STR(base_kernel_word(base_kernel_best()), sm_engine_kernel(engine), "auto");
    sm_engine_free(engine);
    CHECK(!base_kernel_can_run(SM_KERNEL_AUTO) && base_kernel_can_run(SM_KERNEL_C));
    CHECK(!base_kernel_can_run(SM_KERNEL_AVX2) || !base_kernel_can_run(SM_KERNEL_NEON));
}

int main(void) {
    sm_engine *plain = NULL;
    if (!CHECK(open_with(SM_KERNEL_C, &plain, NULL) == SM_OK)) return check_report();
    each_kernel_runs_or_is_refused(plain);
    the_best_is_taken_where_none_is_named();
    check_refusal(SM_KERNEL_NEON + 1, SM_ERR_ARG, "options.kernel 5 is not known");
    check_refusal(UINT32_MAX, SM_ERR_ARG, "options.kernel 4294967295 is not known");
    sm_engine_free(plain);
    return check_report();
}
