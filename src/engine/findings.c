/* Contradictions → the public structs of a result, each with a sentence that tells a person what stands there and what
 * would be right. */
#include <stdlib.h>
#include <string.h>

#include "engine/findings.h"

/* --- Kinds ---------------------------------------------------------------------------------------------------------------- */

/* In the sentence stand %n for the name and %c for the code, as they are written; %i for the lines that the name can mean;
 * %s for whose the code, link or name is; %d for the day of the text, %v for that of the dictionary, %f for the first that
 * the tables tell, %p for the period from then on. */
static const struct {
    const char *word;
    uint32_t severity, severity_alone;   /* where no name stands beside a code, the dictionary may be what is wrong */
    const char *sentence, *without_name; /* NULL: there always is a name */
} kinds[] = {
    [SM_FINDING_MISMATCH] = {"mismatch", SM_SEVERITY_ERROR, 0, "%n is %i, but %c is %s", NULL},
    [SM_FINDING_UNKNOWN_CODE] = {"unknown-code", SM_SEVERITY_ERROR, SM_SEVERITY_NOTE,
                                 "%n is %i; %c is no code that the dictionary of %v knows",
                                 "%c is no code that the dictionary of %v knows"},
    [SM_FINDING_LINK] = {"link", SM_SEVERITY_ERROR, 0, "the link says %n, which is %i, but goes to %s", NULL},
    [SM_FINDING_NAME_DATE] = {"name-date", SM_SEVERITY_WARNING, 0, "%n was a name of %s %p only; the text is of %d",
                              NULL},
    [SM_FINDING_NOT_LISTED] = {"not-listed", SM_SEVERITY_WARNING, SM_SEVERITY_WARNING,
                               "%n is %s, listed on %f; the text is of %d",
                               "%c is %s, listed on %f; the text is of %d"},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

const char *sm_finding_word(uint32_t kind) {
    return kind < N_KINDS ? kinds[kind].word : NULL;
}

const char *sm_severity_word(uint32_t severity) {
    static const char *const words[] = {NULL, "note", "warning", "error"};
    return severity < sizeof words / sizeof words[0] ? words[severity] : NULL;
}

/* --- Sentences ------------------------------------------------------------------------------------------------------------ */

/* A line of text that is cut, at a character, where it would be longer than anybody reads. */
typedef struct line {
    char bytes[1024];
    size_t len;
} line;

static void put(line *out, const char *bytes, size_t len) {
    base_slice fits = base_slice_cut((base_slice){bytes, len}, sizeof out->bytes - out->len);
    memcpy(out->bytes + out->len, fits.bytes, fits.len);
    out->len += fits.len;
}

static void put_text(line *out, const char *text) {
    put(out, text, strlen(text));
}

/* What stands in the text, in one line and no longer than a name or a code is. */
static void put_quoted(line *out, const char *text) {
    enum { LONGEST = 120 };
    const base_slice whole = base_slice_of(text), shown = base_slice_cut(whole, LONGEST);
    size_t start = out->len;
    put(out, shown.bytes, shown.len);
    if (shown.len < whole.len) put_text(out, "…");
    for (size_t i = start; i < out->len; i++)
        if ((unsigned char)out->bytes[i] < 0x20 || out->bytes[i] == 0x7F) out->bytes[i] = ' ';
}

static void put_day(line *out, int32_t day) {
    char digits[] = "0000-00-00";
    static const uint8_t places[] = {9, 8, 6, 5, 3, 2, 1, 0};
    for (size_t i = 0; i < sizeof places; i++, day /= 10) digits[places[i]] = (char)('0' + day % 10);
    put_text(out, digits);
}

static void put_ids(line *out, const dict_view *view, const findings_draft *draft, const char *between) {
    for (uint32_t i = 0; i < draft->n_ids; i++) {
        if (i) put_text(out, between);
        put_text(out, dict_string(view, view->securities[draft->ids[i]].id));
    }
}

/* Its id, and what it is called now, unless that is what the text says. */
static void put_security(line *out, const dict_view *view, const findings_draft *draft) {
    const dict_security *s = &view->securities[draft->security];
    const char *name = dict_string(view, s->name);
    put_text(out, dict_string(view, s->id));
    if (!*name || strcmp(name, draft->finding.name) == 0) return;
    put_text(out, " ");
    put_text(out, name);
}

static void put_period(line *out, const findings_draft *draft) {
    if (draft->from) put_text(out, "from ");
    if (draft->from) put_day(out, draft->from);
    if (draft->to) put_text(out, draft->from ? " to " : "until ");
    if (draft->to) put_day(out, draft->to);
}

static void put_part(line *out, const dict_view *view, const findings_draft *draft, int32_t as_of, char part) {
    switch (part) {
    case 'n': put_quoted(out, draft->finding.name); break;
    case 'c': put_quoted(out, draft->finding.code); break;
    case 'i': put_ids(out, view, draft, " or "); break;
    case 's': put_security(out, view, draft); break;
    case 'd': put_day(out, as_of); break;
    case 'f': put_day(out, draft->from); break;
    case 'p': put_period(out, draft); break;
    case 'v': put_day(out, view->as_of); break;
    default: break;
    }
}

static void put_sentence(line *out, const dict_view *view, const findings_draft *draft, int32_t as_of) {
    const char *sentence = kinds[draft->finding.kind].sentence;
    if (!*draft->finding.name && kinds[draft->finding.kind].without_name)
        sentence = kinds[draft->finding.kind].without_name;
    for (const char *p = sentence; *p; p++) {
        if (*p == '%') put_part(out, view, draft, as_of, *++p);
        else put(out, p, 1);
    }
}

static const char *keep(sm_result *result, const line *text) {
    return base_arena_copy(&result->arena, text->bytes, text->len);
}

bool findings_add(sm_scanner *scanner, sm_result *result, findings_draft *draft) {
    const dict_view *view = scanner->engine->view;
    sm_finding *finding = &draft->finding;
    line ids = {.len = 0}, message = {.len = 0};
    engine_array *findings = &result->findings;
    finding->severity = draft->n_ids ? kinds[finding->kind].severity : kinds[finding->kind].severity_alone;
    finding->code_id = finding->code_name = finding->right = "";
    if (draft->security != dict_none) {
        finding->code_id = dict_string(view, view->securities[draft->security].id);
        finding->code_name = dict_string(view, view->securities[draft->security].name);
    }
    if (draft->right != dict_none) finding->right = dict_string(view, view->securities[draft->right].id);
    put_ids(&ids, view, draft, " ");
    put_sentence(&message, view, draft, scanner->documents[0].as_of);
    finding->name_ids = keep(result, &ids);
    finding->message = keep(result, &message);
    if (!finding->name_ids || !finding->message || findings->n == ENGINE_MOST_ITEMS
        || !base_grow(&scanner->engine->allocator, &findings->items, &findings->capacity, findings->n + 1,
                      sizeof *finding))
        return false;
    ((sm_finding *)findings->items)[findings->n++] = *finding;
    return true;
}

/* --- Those of resolve ------------------------------------------------------------------------------------------------------ */

/* What stands at a place of a run, and where that is in its field. */
static const char *place_of(sm_scanner *scanner, sm_result *result, uint32_t run, size_t start, size_t end,
                            uint64_t *source_start, uint64_t *source_end) {
    size_t first, last;
    if (start == end) return "";
    engine_place(&scanner->runs[run], start, end, &first, &last);
    *source_start = first;
    *source_end = last;
    return base_arena_copy(&result->arena, resolve_runs(scanner->resolver)[run].text.bytes + start, end - start);
}

static bool add(sm_scanner *scanner, sm_result *result, const resolve_finding *from) {
    size_t n_lines;
    const resolve_line *lines = resolve_lines(scanner->resolver, &n_lines);
    findings_draft draft = {.security = from->security, .right = from->right, .from = from->from, .to = from->to};
    sm_finding *finding = &draft.finding;
    finding->kind = from->kind;
    finding->field = scanner->runs[from->code_run].field;
    finding->region = resolve_runs(scanner->resolver)[from->code_run].region;
    finding->name = place_of(scanner, result, from->run, from->name_start, from->name_end, &finding->name_start,
                             &finding->name_end);
    finding->code = place_of(scanner, result, from->code_run, from->code_start, from->code_end, &finding->code_start,
                             &finding->code_end);
    for (; draft.n_ids < from->n_lines && draft.n_ids < FINDINGS_MOST_IDS; draft.n_ids++)
        draft.ids[draft.n_ids] = lines[from->first_line + draft.n_ids].security;
    return finding->name && finding->code && findings_add(scanner, result, &draft);
}

/* --- All of them ----------------------------------------------------------------------------------------------------------- */

static uint64_t start_of(const sm_finding *finding) {
    bool has_name = finding->name_end > 0, has_code = finding->code_end > 0;
    if (!has_name) return finding->code_start;
    return has_code && finding->code_start < finding->name_start ? finding->code_start : finding->name_start;
}

/* The title's first, then by start; what can be the same beyond that is told apart by kind and end. */
static int compare(const void *left, const void *right) {
    const sm_finding *a = left, *b = right;
    const uint64_t keys[][2] = {{b->field, a->field},
                                {start_of(a), start_of(b)},
                                {a->code_start, b->code_start},
                                {a->code_end, b->code_end},
                                {a->kind, b->kind}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1]) return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

bool engine_add_findings(sm_scanner *scanner, sm_result *result) {
    size_t n;
    const resolve_finding *found = resolve_findings(scanner->resolver, &n);
    for (size_t i = 0; i < n; i++)
        if (!add(scanner, result, &found[i])) return false;
    return true;
}

bool engine_finish_findings(sm_scanner *scanner, sm_result *result, const text_page *page) {
    if (page && !findings_add_links(scanner, result, page)) return false;
    if (result->findings.n > 1) qsort(result->findings.items, result->findings.n, sizeof(sm_finding), compare);
    return true;
}
