/* Explanations as JSON: scores and weights in hundredths of a nat, as context.tsv has them. */
#include "output/json.h"

static void write_score(json_line *line, const char *key, int32_t score) {
    output_key(&line->writer, key);
    if (score < 0) output_raw(&line->writer, "-");
    output_number(&line->writer, score < 0 ? 0u - (uint32_t)score : (uint32_t)score);
}

/* {"short-name": 350, "two-characters": -120} */
static void write_features(json_line *line, uint64_t features) {
    output_key(&line->writer, "features");
    output_raw(&line->writer, "{");
    for (uint32_t bit = 0; bit < 64; bit++)
        if (features >> bit & 1) write_score(line, sm_evidence_word(bit), engine_result_weight(line->result, bit));
    output_raw(&line->writer, "}");
}

static void write_lines(json_line *line, const sm_explanation *explanation) {
    output_key(&line->writer, "lines");
    output_raw(&line->writer, "[");
    for (uint32_t i = 0; i < explanation->n_lines; i++) {
        const uint64_t index = (uint64_t)explanation->first_line + i;
        const sm_explained_line *one = sm_result_explained_line_at(line->result, index);
        json_begin_item(line, i == 0);
        output_raw(&line->writer, "{");
        json_text(line, "security", one->security);
        write_score(line, "score", one->score);
        json_fraction(line, "confidence", one->confidence);
        write_features(line, one->features);
        output_raw(&line->writer, "}");
    }
    output_raw(&line->writer, "]");
}

static void write_row(json_line *line, const sm_explanation *explanation) {
    json_text(line, "name", explanation->name);
    if (explanation->kind == SM_KIND_CODE) {
        json_text(line, "notation", explanation->notation);
        return;
    }
    json_text(line, "name_kind", explanation->name_kind);
    json_text(line, "name_security", explanation->name_security);
    json_text(line, "surface", explanation->surface);
}

static void write_explanation(json_line *line, const sm_explanation *explanation) {
    bool is_byte = line->offsets == SM_OFFSETS_BYTE;
    output_raw(&line->writer, "{");
    json_number(line, "start", is_byte ? explanation->start : explanation->start_units);
    json_number(line, "end", is_byte ? explanation->end : explanation->end_units);
    json_text(line, "text", explanation->text);
    json_word(line, "kind", sm_kind_word(explanation->kind));
    json_word(line, "region", sm_region_word(explanation->region));
    json_word(line, "decision", sm_decision_word(explanation->decision));
    if (explanation->decision == SM_DECISION_OVERLAPPED) json_number(line, "over", explanation->over);
    write_score(line, "score", explanation->score);
    write_score(line, "threshold", explanation->threshold);
    json_fraction(line, "confidence", explanation->confidence);
    write_features(line, explanation->features);
    write_row(line, explanation);
    write_lines(line, explanation);
    if (line->document->flags & SM_DOCUMENT_TITLE) json_word(line, "field", sm_field_word(explanation->field));
    output_raw(&line->writer, "}");
}

void json_explanations(json_line *line) {
    output_key(&line->writer, "explanations");
    output_raw(&line->writer, "[");
    for (uint64_t i = 0; i < sm_result_explanation_count(line->result) && json_goes_on(line); i++) {
        json_begin_item(line, i == 0);
        write_explanation(line, sm_result_explanation_at(line->result, i));
    }
    output_raw(&line->writer, "]");
}
