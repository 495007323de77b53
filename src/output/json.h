/* What the writers of one line of JSON share. Private to the room. */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "dict/dict.h"
#include "engine/engine.h"
#include "output/output.h"

/* What is the same for all parts of one line of JSON. */
typedef struct json_line {
    output_writer writer;
    const sm_result *result;
    const sm_document_info *document;
    const dict_view *view;
    uint32_t offsets;  /* SM_OFFSETS_… */
    uint32_t provider; /* whose URL is "url" */
    bool has_urls;     /* all providers' too, as a map */
    sm_buffer url;     /* reused from URL to URL; what it holds is that of: */
    uint32_t url_provider, url_security;
    base_slice id; /* the last that was written */
    const sm_json_options *options;
    bool is_refused; /* options->pass says to stop */
} json_line;

void json_value(json_line *line, const char *text); /* a string; null for NULL */
/* The same of a security's id: issuer and candidates are mostly the security itself, whose length is known then. */
void json_id_value(json_line *line, const char *id);

static inline void json_text(json_line *line, const char *key, const char *text) {
    output_key(&line->writer, key);
    json_value(line, text);
}

static inline void json_id(json_line *line, const char *key, const char *id) {
    output_key(&line->writer, key);
    json_id_value(line, id);
}

static inline void json_word(json_line *line, const char *key, const char *word) {
    output_key(&line->writer, key);
    output_word(&line->writer, base_slice_of(word));
}

static inline void json_number(json_line *line, const char *key, uint64_t number) {
    output_key(&line->writer, key);
    output_number(&line->writer, number);
}

static inline void json_fraction(json_line *line, const char *key, uint16_t of_65535) {
    output_key(&line->writer, key);
    output_fraction(&line->writer, of_65535);
}

static inline void json_begin_item(json_line *line, bool is_first) {
    if (!is_first) output_raw(&line->writer, ", ");
}

/* Before the items of arrays that may be long: passes on what has gathered. @return whether to go on. */
bool json_goes_on(json_line *line);

/* The member "explanations" (json_explain.c). */
void json_explanations(json_line *line);

#endif
