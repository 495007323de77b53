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
    for (uint64_t i = 0; i < sm_result_mention_count(result); i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        const sm_security *s = sm_result_security_at(result, m->security);
        printf("%d-%d %s = %s %s\n", (int)m->start, (int)m->end, m->text, s->id, s->name);
    }
    return sm_result_free(result), sm_engine_free(engine), 0;
}
