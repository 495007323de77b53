/* Whether a run can go on where another one ended: by the last line that it wrote. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/extract.h"

/* The keys of a line that tell how it was written. */
enum { DICTIONARY, OFFSETS, FINDINGS, EXPLANATIONS, MENTIONS, N_KEYS };

/* What a document brought along stands last, and may be nested as deep as a reader of lines goes. No string holds a quote
 * that is not escaped, so that this is found in none. */
static size_t find_others(const char *line, size_t len) {
    static const char others[] = ", \"other\": {";
    const char *at = line, *end = line + len;
    for (; (at = memchr(at, ',', (size_t)(end - at))); at++)
        if ((size_t)(end - at) >= sizeof others && memcmp(at, others, sizeof others - 1) == 0) break;
    return at ? (size_t)(at - line) : len;
}

/* @return NULL, or what is wrong. */
static const char *read_head(sm_buffer *line, json_field *head) {
    static const char *const keys[] = {"dictionary", "offsets", "findings", "explanations", "mentions"};
    json_members members = {0};
    json_fault fault;
    size_t len = (size_t)line->len, own = find_others(line->data, len);
    if (own < len) line->data[own] = '}';
    for (size_t i = 0; i < N_KEYS; i++) head[i].key = keys[i];
    bool is_good = json_read_object(line->data, own < len ? own + 1 : len, head, N_KEYS, &members, &fault);
    free(members.items);
    if (!is_good && fault.message == cli_no_memory) return cli_no_memory;
    is_good = is_good && head[DICTIONARY].type == JSON_STRING && head[OFFSETS].type == JSON_STRING;
    return is_good ? NULL : "does not end with a line that this command writes; remove it, or say another file with -o";
}

static const char *verb_of(const json_field *head) {
    if (head[FINDINGS].type != JSON_ABSENT) return "check";
    return head[EXPLANATIONS].type != JSON_ABSENT ? "explain" : "extract";
}

static bool is_equal(const json_field *a, const json_field *b) {
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* @param is_so  nothing is said where it is false. */
static bool say_other(const extract_run *run, bool is_so, const char *what, const json_field *theirs) {
    if (is_so)
        cli_say(run->verb->name, "%s: was written %s%.*s; resume it so, or remove it and begin anew",
                run->part.part_path.data, what, (int)theirs->len, theirs->bytes);
    return is_so;
}

static bool heads_agree(const extract_run *run, const json_field *ours, const json_field *theirs) {
    char verb[48];
    const json_field nothing = {.bytes = ""};
    snprintf(verb, sizeof verb, "by 'stockmention %s'", verb_of(theirs));
    return !say_other(run, strcmp(verb_of(ours), verb_of(theirs)) != 0, verb, &nothing)
           && !say_other(run, !is_equal(&ours[DICTIONARY], &theirs[DICTIONARY]), "with the dictionary ",
                         &theirs[DICTIONARY])
           && !say_other(run, !is_equal(&ours[OFFSETS], &theirs[OFFSETS]), "with --offsets ", &theirs[OFFSETS]);
}

bool extract_can_resume(const extract_run *run, sm_buffer *last) {
    json_field ours[N_KEYS] = {0}, theirs[N_KEYS] = {0};
    sm_buffer line = {0};
    bool is_torn = last->len == 1 && last->data[0] == '{'; /* none is whole */
    if (!last->len || is_torn) return true;
    bool is_written = sm_result_json(run->workers[0].result, NULL, &line, NULL) == SM_OK;
    const char *fault = is_written ? read_head(&line, ours) : cli_no_memory;
    if (!fault) fault = read_head(last, theirs);
    if (fault) cli_say(run->verb->name, "%s: %s", run->part.part_path.data, fault);
    bool is_good = !fault && heads_agree(run, ours, theirs);
    sm_buffer_free(&line);
    return is_good;
}
