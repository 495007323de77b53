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

/* A cell that is put together of parts uses the buffer of the run's URLs. */
static bool begin_cell(sm_buffer *cell) {
    cell->len = 0;
    return append(cell, "");
}

/* "650 >= 0" */
static bool add_score(extract_run *run, const sm_explanation *one) {
    char score[40];
    snprintf(score, sizeof score, "%d %s %d", one->score, one->score >= one->threshold ? ">=" : "<", one->threshold);
    return cli_table_add(&run->table, score);
}

/* Of a name "short 金山办公 XSHG:688111", of a code the notation. */
static bool add_row(extract_run *run, const sm_explanation *one) {
    sm_buffer *cell = &run->url;
    bool is_code = one->kind == SM_KIND_CODE;
    bool is_good = begin_cell(cell) && append(cell, is_code ? one->notation : one->name_kind);
    if (!is_code)
        is_good = is_good && append(cell, " ") && append(cell, one->name) && append(cell, " ")
                  && append(cell, one->name_security);
    return is_good && cli_table_add(&run->table, cell->data);
}

/* "XSHG:601318 160, XHKG:02318 40" */
static bool add_lines(extract_run *run, const sm_explanation *one) {
    uint32_t stride = 0;
    const char *lines = (const char *)sm_result_explained_lines(run->result, &stride);
    bool is_good = begin_cell(&run->url);
    for (uint32_t i = 0; i < one->n_lines && is_good; i++) {
        const sm_explained_line *line = (const void *)(lines + (size_t)(one->first_line + i) * stride);
        char score[16];
        snprintf(score, sizeof score, " %d", line->score);
        is_good = append(&run->url, i ? ", " : "") && append(&run->url, line->security)
                  && (one->n_lines == 1 || append(&run->url, score));
    }
    return is_good && cli_table_add(&run->table, run->url.data);
}

/* "short-name +350, two-characters -120" */
static bool add_features(extract_run *run, const sm_explanation *one) {
    bool is_good = begin_cell(&run->url);
    for (uint32_t bit = 0; bit < 64 && is_good; bit++) {
        char weight[16];
        if (!(one->features >> bit & 1)) continue;
        snprintf(weight, sizeof weight, " %+d", sm_engine_weight(run->engine, run->options.scope, bit));
        is_good = append(&run->url, run->url.len ? ", " : "") && append(&run->url, sm_evidence_word(bit))
                  && append(&run->url, weight);
    }
    return is_good && cli_table_add(&run->table, run->url.data);
}

static bool add_explanation(extract_run *run, const sm_explanation *one) {
    char start[64], confidence[8];
    extract_start_text(run, one->field, one->start, one->start_units, start);
    cli_fraction_text(one->confidence, confidence);
    return cli_table_add(&run->table, start) && cli_table_add(&run->table, one->text)
           && cli_table_add(&run->table, sm_decision_word(one->decision)) && add_score(run, one)
           && cli_table_add(&run->table, confidence) && add_row(run, one) && add_lines(run, one)
           && add_features(run, one);
}

static bool add_explanations(extract_run *run) {
    uint32_t stride = 0;
    const char *explanations = (const char *)sm_result_explanations(run->result, &stride);
    if (!cli_table_begin(&run->table, N_COLUMNS, headers)) return false;
    run->table.right_aligned = 1 | 1 << 3 | 1 << 4;
    for (uint64_t i = 0; i < sm_result_explanation_count(run->result); i++)
        if (!add_explanation(run, (const void *)(explanations + (size_t)i * stride))) return false;
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
        "Files are read as by 'stockmention extract', which tells of --ndjson too.\n"
        "Writes a table on a terminal; otherwise what 'extract' writes, with \"explanations\" in each object.\n"
        "A score is the sum of the weights of the features that held, in hundredths of a nat; what reaches the threshold\n"
        "is taken. Decisions: taken; below-threshold; overlapped, by one that was taken and begins before or is longer;\n"
        "needs-code and never, as names.tsv says; no-line; unsure, unwanted and cut, as the options say.\n";
    usage.example = "  stockmention explain article.html\n"
                    "  echo 发展太阳能 | stockmention explain --table\n";
    return extract_main(&verb, &usage, argc, argv);
}
