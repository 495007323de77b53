#include <stdio.h>
#include <stockmention.h>

static void print_mentions(const sm_result *result) {
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        printf("%d-%d %s = %s\n", (int)m->start, (int)m->end, m->text, sm_result_security_at(result, m->security)->id);
    }
    fflush(stdout);
}

int main(void) {
    char bytes[512];
    size_t len;
    sm_engine *engine = NULL;
    sm_stream *stream = NULL;
    sm_result *result = NULL;
    sm_error error;
    sm_document document;
    sm_extract_options options;
    sm_document_init(&document, sizeof document);
    document.format = SM_FORMAT_TEXT;
    document.charset = "utf-8";
    document.charset_len = 5;
    sm_extract_options_init(&options, sizeof options);
    options.context_bytes = 4096;
    if (sm_engine_open(NULL, NULL, &engine, &error) || sm_stream_open(engine, &document, &options, &stream, &error))
        return fprintf(stderr, "%s\n", error.message), 1;
    while ((len = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        if (sm_stream_feed(stream, bytes, len, &result, &error)) return fprintf(stderr, "%s\n", error.message), 1;
        print_mentions(result);
    }
    if (sm_stream_finish(stream, &result, &error)) return fprintf(stderr, "%s\n", error.message), 1;
    print_mentions(result);
    return sm_stream_free(stream), sm_result_free(result), sm_engine_free(engine), 0;
}
