#include <stdio.h>
#include <string.h>
#include <stockmention.h>

int main(void) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    sm_error error;
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = "金山办公（688111.SH）涨3%，腾讯控股微跌。";
    document.text_len = strlen(document.text);
    if (sm_engine_open(NULL, NULL, &engine, &error)
        || sm_engine_extract(engine, NULL, &document, NULL, &result, &error))
        return fprintf(stderr, "%s\n", error.message), 1;
    uint32_t stride, security_stride;
    const char *mentions = (const char *)sm_result_mentions(result, &stride);
    const char *securities = (const char *)sm_result_securities(result, &security_stride);
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = (const void *)(mentions + i * stride);
        const sm_security *s = (const void *)(securities + m->security * (uint64_t)security_stride);
        printf("%d-%d %s = %s %s\n", (int)m->start, (int)m->end, m->text, s->id, s->name);
    }
    return sm_result_free(result), sm_engine_free(engine), 0;
}
