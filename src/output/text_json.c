/* The runs of a document as JSON, one a line. */
#include "output/output.h"

static void write_piece(output_writer *writer, const sm_text_piece *piece) {
    output_raw(writer, "[");
    output_number(writer, piece->start);
    output_raw(writer, ", ");
    output_number(writer, piece->source_start);
    output_raw(writer, ", ");
    output_number(writer, piece->source_end);
    output_raw(writer, "]");
}

static void write_run(output_writer *writer, const sm_text_run *run) {
    output_raw(writer, "{");
    output_key(writer, "text");
    output_string(writer, (base_slice){run->text, (size_t)run->len});
    output_key(writer, "region");
    output_string(writer, base_slice_of(sm_region_word(run->region)));
    output_key(writer, "pieces");
    output_raw(writer, "[");
    for (uint64_t i = 0; i < run->n_pieces; i++) {
        if (i) output_raw(writer, ", ");
        write_piece(writer, &run->pieces[i]);
    }
    output_raw(writer, "]}\n");
}

sm_status sm_text_json(const sm_text *text, sm_buffer *json, sm_error *error) {
    if (!text || !json) return base_fail(error, SM_ERR_ARG, "text and json are needed");
    output_writer writer = {.buffer = json};
    uint64_t len_before = json->len;
    for (uint64_t i = 0; i < sm_text_run_count(text) && !writer.is_out_of_memory; i++)
        write_run(&writer, sm_text_run_at(text, i));
    if (!writer.is_out_of_memory) return SM_OK;
    base_buffer_cut(json, len_before);
    return base_no_memory(error, "to write text as JSON");
}
