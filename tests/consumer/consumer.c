/* Succeeds when the installed header and library belong together and the default dictionary is inside. */
#include <stdio.h>
#include <string.h>
#include <stockmention.h>

static int finds(const char *text, const char *id) {
    sm_engine *engine = NULL;
    sm_result *result = NULL;
    sm_error error;
    sm_document document;
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = strlen(text);
    if (sm_engine_open(NULL, NULL, &engine, &error) != SM_OK
        || sm_engine_extract(engine, NULL, &document, NULL, &result, &error) != SM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 0;
    }
    int found = sm_result_mention_count(result) == 2 && strcmp(sm_result_security_at(result, 0)->id, id) == 0;
    sm_result_free(result);
    sm_engine_free(engine);
    return found;
}

int main(void) {
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", SM_VERSION_MAJOR, SM_VERSION_MINOR, SM_VERSION_PATCH);
    if (strcmp(version, sm_version()) != 0) {
        fprintf(stderr, "header %s, library %s\n", version, sm_version());
        return 1;
    }
    return finds("金山办公（688111.SH）涨3%", "XSHG:688111") ? 0 : 1;
}
