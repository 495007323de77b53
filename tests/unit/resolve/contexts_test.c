/* What a text mentions, and which line is meant: the rows of contexts.tsv, through the public calls with the default
 * dictionary; those of layer/contexts.tsv with more tables over it.
 *
 * `expected` lists mentions in their order, "text=MIC:CODE" joined by "; ", "-" for none. Behind the id may stand "!": it
 * is the only candidate; "+MIC:CODE": that one is a candidate too; "<MIC:CODE": its id on the day. A row that is known to
 * be wrong must still be wrong: who mends it changes its mark. */
#include <stdlib.h>

#include "../rows.h"
#include "layered.h"

enum { MENTIONS_LEN = 2048 };

static bool has_candidate(const sm_result *result, const sm_mention *mention, const char *id) {
    for (uint32_t i = 0; i < mention->n_candidates; i++) {
        const sm_candidate *c = sm_result_candidate_at(result, mention->first_candidate + i);
        if (strcmp(sm_result_security_at(result, c->security)->id, id) == 0) return true;
    }
    return false;
}

/* Does what was found agree with one mention of a row? */
static bool is_mention(const sm_result *result, const sm_mention *mention, char *expected) {
    char *text_end = strstr(expected, mention->text), id[32];
    size_t text_len = strlen(mention->text);
    const sm_security *security = sm_result_security_at(result, mention->security);
    if (text_end != expected || expected[text_len] != '=') return false;
    const char *p = expected + text_len + 1;
    for (char sign = '='; sign;) {
        size_t len = strcspn(p, "!+<");
        if (len >= sizeof id) return false;
        memcpy(id, p, len);
        id[len] = '\0';
        if (sign == '=' && strcmp(security->id, id) != 0) return false;
        if (sign == '!' && mention->n_candidates != 1) return false;
        if (sign == '+' && !has_candidate(result, mention, id)) return false;
        if (sign == '<' && strcmp(security->then, id) != 0) return false;
        p += len;
        sign = *p;
        p += sign != '\0';
    }
    return true;
}

static bool is_as_expected(const sm_result *result, const char *expected) {
    char list[ROWS_LINE];
    uint64_t n = 0;
    snprintf(list, sizeof list, "%s", strcmp(expected, "-") == 0 ? "" : expected);
    for (char *next, *one = list; one && *one; one = next, n++) {
        next = strstr(one, "; ");
        if (next) {
            *next = '\0';
            next += 2;
        }
        if (n >= sm_result_mention_count(result) || !is_mention(result, sm_result_mention_at(result, n), one))
            return false;
    }
    return n == sm_result_mention_count(result);
}

static void write_mentions(const sm_result *result, char out[MENTIONS_LEN]) {
    size_t len = 0;
    out[0] = '\0';
    for (uint64_t i = 0; i < sm_result_mention_count(result) && len < MENTIONS_LEN - 200; i++) {
        const sm_mention *m = sm_result_mention_at(result, i);
        const sm_security *s = sm_result_security_at(result, m->security);
        len += (size_t)snprintf(out + len, MENTIONS_LEN - len, "%s%.60s=%.20s<%.20s", i ? "; " : "", m->text, s->id,
                                s->then);
        if (m->n_candidates == 1) len += (size_t)snprintf(out + len, MENTIONS_LEN - len, "!");
        for (uint32_t c = 1; c < m->n_candidates && len < MENTIONS_LEN - 200; c++) {
            const sm_candidate *candidate = sm_result_candidate_at(result, m->first_candidate + c);
            len += (size_t)snprintf(out + len, MENTIONS_LEN - len, "+%.20s",
                                    sm_result_security_at(result, candidate->security)->id);
        }
    }
}

static void check_row(const sm_engine *engine, const rows *r) {
    char *text = r->cells[0];
    const char *expected = r->cells[2], *known = r->cells[3];
    sm_document document;
    sm_result *result = NULL;
    sm_error error = {0};
    sm_document_init(&document, sizeof document);
    document.text_len = rows_unescape(text);
    document.text = text;
    document.date = (int32_t)strtol(r->cells[1], NULL, 10);
    document.format = SM_FORMAT_TEXT;
    if (!CHECK_ROW(sm_engine_extract(engine, NULL, &document, NULL, &result, &error) == SM_OK, error.message)) return;
    CHECK_ROW(strcmp(known, "right") == 0 || strcmp(known, "wrong") == 0, r->place);
    bool is_right = is_as_expected(result, expected);
    if (!CHECK_ROW(is_right == (strcmp(known, "right") == 0), r->place)) {
        char got[MENTIONS_LEN];
        write_mentions(result, got);
        fprintf(stderr, "  text:     %s\n  expected: %s\n  got:      %s\n  reason:   %s\n", text, expected, got,
                r->cells[4]);
        if (is_right) fprintf(stderr, "  known to be wrong, but right now: change its mark\n");
    }
    sm_result_free(result);
}

static void check_rows(const sm_dict *dict, const char *path, unsigned least) {
    sm_engine *engine = NULL;
    rows r;
    if (!CHECK(sm_engine_open(dict, NULL, &engine, NULL) == SM_OK) || !rows_open(&r, path)) return;
    while (rows_next(&r, 5)) check_row(engine, &r);
    CHECK_ROW(r.n_rows >= least, path);
    rows_close(&r);
    sm_engine_free(engine);
}

int main(void) {
    sm_buffer compiled = {0};
    const sm_dict *layered = layered_open(&compiled);
    check_rows(NULL, "tests/unit/resolve/contexts.tsv", 60);
    if (layered) check_rows(layered, "tests/unit/resolve/layer/contexts.tsv", 5);
    sm_dict_free(layered);
    sm_buffer_free(&compiled);
    return check_report();
}
