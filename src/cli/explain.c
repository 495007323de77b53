/* `stockmention explain`: why each name and code in documents, which are read as extract reads them, is a mention or is
 * none. */
#include <stdio.h>
#include <string.h>

#include "cli/extract.h"

static const char *const headers[] = {"start", "text", "decision", "score", "confidence", "row", "lines", "features"};
enum { N_COLUMNS = sizeof headers / sizeof headers[0] };

/* --- The table -------------------------------------------------------------------------------------------------------- */

static bool append(sm_buffer *buffer, const char *text) {
    return cli_buffer_append(buffer, text, strlen(text));
}

/* A cell that is put together of parts uses the buffer of the worker's URLs. */
static bool begin_cell(sm_buffer *cell) {
    cell->len = 0;
    return append(cell, "");
}

/* "650 >= 0" */
static bool add_score(extract_worker *worker, const sm_explanation *one) {
    char score[40];
    snprintf(score, sizeof score, "%d %s %d", one->score, one->score >= one->threshold ? ">=" : "<", one->threshold);
    return cli_table_add(&worker->table, score);
}

/* Of a name "short 金山办公 XSHG:688111", of a code the notation. */
static bool add_row(extract_worker *worker, const sm_explanation *one) {
    sm_buffer *cell = &worker->url;
    bool is_code = one->kind == SM_KIND_CODE;
    bool is_good = begin_cell(cell) && append(cell, is_code ? one->notation : one->name_kind);
    if (!is_code)
        is_good = is_good && append(cell, " ") && append(cell, one->name) && append(cell, " ")
                  && append(cell, one->name_security);
    return is_good && cli_table_add(&worker->table, cell->data);
}

/* "XSHG:601318 160, XHKG:02318 40" */
static bool add_lines(extract_worker *worker, const sm_explanation *one) {
    bool is_good = begin_cell(&worker->url);
    for (uint32_t i = 0; i < one->n_lines && is_good; i++) {
        const uint64_t index = (uint64_t)one->first_line + i;
        const sm_explained_line *line = sm_result_explained_line_at(worker->result, index);
        char score[16];
        snprintf(score, sizeof score, " %d", line->score);
        is_good = append(&worker->url, i ? ", " : "") && append(&worker->url, line->security)
                  && (one->n_lines == 1 || append(&worker->url, score));
    }
    return is_good && cli_table_add(&worker->table, worker->url.data);
}

/* "short-name +350, two-characters -120" */
static bool add_features(extract_worker *worker, const sm_explanation *one) {
    bool is_good = begin_cell(&worker->url);
    for (uint32_t bit = 0; bit < 64 && is_good; bit++) {
        char weight[16];
        if (!(one->features >> bit & 1)) continue;
        snprintf(weight, sizeof weight, " %+d", sm_engine_weight(worker->run->engine, worker->run->options.scope, bit));
        is_good = append(&worker->url, worker->url.len ? ", " : "") && append(&worker->url, sm_evidence_word(bit))
                  && append(&worker->url, weight);
    }
    return is_good && cli_table_add(&worker->table, worker->url.data);
}

static bool add_explanation(extract_worker *worker, const sm_explanation *one) {
    char start[64], confidence[8];
    extract_start_text(worker->run, one->field, one->start, one->start_units, start);
    cli_fraction_text(one->confidence, confidence);
    return cli_table_add(&worker->table, start) && cli_table_add(&worker->table, one->text)
           && cli_table_add(&worker->table, sm_decision_word(one->decision)) && add_score(worker, one)
           && cli_table_add(&worker->table, confidence) && add_row(worker, one) && add_lines(worker, one)
           && add_features(worker, one);
}

static bool add_explanations(extract_worker *worker) {
    if (!cli_table_begin(&worker->table, N_COLUMNS, headers)) return false;
    worker->table.right_aligned = 1 | 1 << 3 | 1 << 4;
    for (uint64_t i = 0; i < sm_result_explanation_count(worker->result); i++)
        if (!add_explanation(worker, sm_result_explanation_at(worker->result, i))) return false;
    return true;
}

/* --- The verb --------------------------------------------------------------------------------------------------------- */

int cli_explain(int argc, char **argv) {
    static const extract_verb verb = {.name = "explain",
                                      .read = sm_engine_explain,
                                      .add_table = add_explanations,
                                      .nothing = "no candidates\n",
                                      .count = sm_result_explanation_count,
                                      .status_when_found = CLI_DONE};
    cli_usage usage = extract_usage; /* its options */
    usage.verb = verb.name;
    usage.summary =
        "Tells of each name and code of the dictionary in files, or in standard input, why it is a mention or is none.";
    usage.notes =
        "Files are read as by 'stockmention extract', which tells of --ndjson and --csv too.\n"
        "Writes a table on a terminal; otherwise what 'extract' writes, with \"explanations\" in each object.\n"
        "A score is the sum of the weights of the features that held, in hundredths of a nat; what reaches the threshold\n"
        "is taken. Decisions: taken; below-threshold; overlapped, by one that was taken and shares text with it;\n"
        "needs-code and never, as names.tsv says; no-line; unsure, unwanted and cut, as the options say.\n";
    usage.example = "  stockmention explain article.html\n"
                    "  echo 发展太阳能 | stockmention explain --table\n";
    return extract_main(&verb, &usage, argc, argv);
}
