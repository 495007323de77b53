#include <string.h>

#include "link/link.h"
#include "output/json.h"

void sm_json_options_init(sm_json_options *options, uint32_t struct_size) {
    base_init_struct(options, struct_size);
}

/* --- Passing on ------------------------------------------------------------------------------------------------------ */

bool json_goes_on(json_line *line) {
    enum { PIECE = 64 * 1024 };
    const sm_json_options *options = line->options;
    sm_buffer *gathered = line->writer.buffer;
    if (options->pass && gathered->len >= PIECE && !line->writer.is_out_of_memory && !line->is_refused)
        line->is_refused = options->pass(options->pass_context, gathered) != 0;
    return !line->writer.is_out_of_memory && !line->is_refused;
}

/* --- Values ---------------------------------------------------------------------------------------------------------- */

void json_value(json_line *line, const char *text) {
    if (text) output_string(&line->writer, base_slice_of(text));
    else output_raw(&line->writer, "null");
}

void json_id_value(json_line *line, const char *id) {
    if (id != line->id.bytes) line->id = base_slice_of(id);
    output_string(&line->writer, line->id);
}

/* --- URLs ------------------------------------------------------------------------------------------------------------ */

/* The mentions of a document are mostly of few securities: the last URL may be asked for again.
 * @return false, with nothing made, where the provider has no page for the security. */
static bool make_url(json_line *line, uint32_t provider, const sm_security *security) {
    bool is_out_of_memory = false;
    if (provider == dict_none || security->status == SM_SECURITY_UNKNOWN) return false;
    if (provider == line->url_provider && security->handle == line->url_security) return true;
    line->url.len = 0;
    bool is_made = link_write(line->view, provider, security->handle, &line->url, &is_out_of_memory);
    line->url_provider = is_made ? provider : dict_none;
    line->url_security = security->handle;
    if (is_out_of_memory) line->writer.is_out_of_memory = true;
    return is_made;
}

static void write_made_url(json_line *line, const char *key) {
    output_key(&line->writer, key);
    output_string(&line->writer, (base_slice){line->url.data, (size_t)line->url.len});
}

static void write_url(json_line *line, const sm_security *security) {
    if (make_url(line, line->provider, security)) write_made_url(line, "url");
    else json_text(line, "url", NULL);
}

/* A provider has a row for each group of markets; link_write looks through all of them. */
static void write_urls(json_line *line, const sm_security *security) {
    output_key(&line->writer, "urls");
    output_raw(&line->writer, "{");
    for (uint32_t row = 0; row < line->view->tables[DICT_PROVIDERS].n_rows; row++) {
        const char *id = dict_cell(line->view, DICT_PROVIDERS, row, PROVIDER_ID);
        if (link_find_provider(line->view, id) == row && make_url(line, row, security)) write_made_url(line, id);
    }
    output_raw(&line->writer, "}");
}

/* --- Mentions -------------------------------------------------------------------------------------------------------- */

static void write_evidence(json_line *line, uint64_t evidence) {
    bool is_first = true;
    output_key(&line->writer, "evidence");
    output_raw(&line->writer, "[");
    for (; evidence; evidence &= evidence - 1) {
        base_slice word = dict_feature_word((uint32_t)__builtin_ctzll(evidence));
        if (!word.len) continue;
        json_begin_item(line, is_first);
        output_word(&line->writer, word);
        is_first = false;
    }
    output_raw(&line->writer, "]");
}

static void write_candidates(json_line *line, const sm_mention *mention) {
    output_key(&line->writer, "candidates");
    output_raw(&line->writer, "[");
    for (uint32_t i = 0; i < mention->n_candidates; i++) {
        const sm_candidate *candidate = sm_result_candidate_at(line->result, mention->first_candidate + i);
        json_begin_item(line, i == 0);
        output_raw(&line->writer, "{");
        json_id(line, "security", sm_result_security_at(line->result, candidate->security)->id);
        json_fraction(line, "confidence", candidate->confidence);
        output_raw(&line->writer, "}");
    }
    output_raw(&line->writer, "]");
}

static void write_mention(json_line *line, const sm_mention *mention) {
    const sm_security *security = sm_result_security_at(line->result, mention->security);
    bool is_byte = line->offsets == SM_OFFSETS_BYTE;
    output_raw(&line->writer, "{");
    json_number(line, "start", is_byte ? mention->start : mention->start_units);
    json_number(line, "end", is_byte ? mention->end : mention->end_units);
    json_text(line, "text", mention->text);
    json_word(line, "kind", sm_kind_word(mention->kind));
    json_word(line, "region", sm_region_word(mention->region));
    json_word(line, "role", sm_role_word(mention->role));
    json_id(line, "security", security->id);
    json_id(line, "issuer", security->issuer);
    json_text(line, "name", mention->name);
    json_fraction(line, "confidence", mention->confidence);
    write_evidence(line, mention->evidence);
    write_candidates(line, mention);
    write_url(line, security);
    if (line->has_urls) write_urls(line, security);
    if (security->then != security->id && strcmp(security->then, security->id) != 0)
        json_text(line, "security_then", security->then);
    if (line->document->flags & SM_DOCUMENT_TITLE) json_word(line, "field", sm_field_word(mention->field));
    output_raw(&line->writer, "}");
}

static void write_mentions(json_line *line) {
    output_key(&line->writer, "mentions");
    output_raw(&line->writer, "[");
    for (uint64_t i = 0; i < line->document->n_mentions && json_goes_on(line); i++) {
        json_begin_item(line, i == 0);
        write_mention(line, sm_result_mention_at(line->result, line->document->first_mention + i));
    }
    output_raw(&line->writer, "]");
}

/* --- Securities ------------------------------------------------------------------------------------------------------ */

static void write_rollup(json_line *line, const sm_rollup *row) {
    const sm_security *security = sm_result_security_at(line->result, row->security);
    output_raw(&line->writer, "{");
    json_id(line, "security", security->id);
    json_id(line, "issuer", security->issuer);
    json_text(line, "name", security->name);
    json_word(line, "status", sm_security_status_word(security->status));
    json_number(line, "count", row->count);
    json_fraction(line, "salience", row->salience);
    write_url(line, security);
    output_raw(&line->writer, "}");
}

static void write_securities(json_line *line) {
    const uint64_t first = line->document->first_row[SM_BY_SECURITY];
    output_key(&line->writer, "securities");
    output_raw(&line->writer, "[");
    for (uint64_t i = 0; i < line->document->n_rows[SM_BY_SECURITY] && json_goes_on(line); i++) {
        json_begin_item(line, i == 0);
        write_rollup(line, sm_result_rollup_at(line->result, SM_BY_SECURITY, first + i));
    }
    output_raw(&line->writer, "]");
}

/* --- Findings -------------------------------------------------------------------------------------------------------- */

static void write_place(json_line *line, const char *start_key, uint64_t start, const char *end_key, uint64_t end) {
    json_number(line, start_key, start);
    json_number(line, end_key, end);
}

/* What there is of name and code. */
static void write_places(json_line *line, const sm_finding *finding) {
    bool is_byte = line->offsets == SM_OFFSETS_BYTE;
    if (finding->name_end) {
        write_place(line, "name_start", is_byte ? finding->name_start : finding->name_start_units, "name_end",
                    is_byte ? finding->name_end : finding->name_end_units);
        json_text(line, "name", finding->name);
    }
    if (finding->code_end) {
        write_place(line, "code_start", is_byte ? finding->code_start : finding->code_start_units, "code_end",
                    is_byte ? finding->code_end : finding->code_end_units);
        json_text(line, "code", finding->code);
    }
}

/* Ids parted by spaces, as an array. */
static void write_ids(json_line *line, const char *key, const char *ids) {
    output_key(&line->writer, key);
    output_raw(&line->writer, "[");
    for (const char *at = ids; *at;) {
        size_t len = strcspn(at, " ");
        json_begin_item(line, at == ids);
        output_string(&line->writer, (base_slice){at, len});
        at += len + (at[len] == ' ');
    }
    output_raw(&line->writer, "]");
}

static void write_finding(json_line *line, const sm_finding *finding) {
    output_raw(&line->writer, "{");
    json_word(line, "kind", sm_finding_word(finding->kind));
    json_word(line, "severity", sm_severity_word(finding->severity));
    write_places(line, finding);
    json_word(line, "region", sm_region_word(finding->region));
    write_ids(line, "name_securities", finding->name_ids);
    json_text(line, "code_security", *finding->code_id ? finding->code_id : NULL);
    json_text(line, "code_name", *finding->code_name ? finding->code_name : NULL);
    json_text(line, "right", *finding->right ? finding->right : NULL);
    json_text(line, "message", finding->message);
    if (line->document->flags & SM_DOCUMENT_TITLE) json_word(line, "field", sm_field_word(finding->field));
    output_raw(&line->writer, "}");
}

static void write_findings(json_line *line) {
    output_key(&line->writer, "findings");
    output_raw(&line->writer, "[");
    for (uint64_t i = 0; i < sm_result_finding_count(line->result) && json_goes_on(line); i++) {
        json_begin_item(line, i == 0);
        write_finding(line, sm_result_finding_at(line->result, i));
    }
    output_raw(&line->writer, "]");
}

/* --- The document ---------------------------------------------------------------------------------------------------- */

static void write_limits(json_line *line, uint32_t limits) {
    static const struct {
        uint32_t limit;
        const char *word;
    } words[] = {{SM_LIMIT_MENTIONS, "mentions"},
                 {SM_LIMIT_BYTES, "bytes"},
                 {SM_LIMIT_DEPTH, "depth"},
                 {SM_LIMIT_STEPS, "steps"}};
    bool is_first = true;
    output_key(&line->writer, "limits");
    output_raw(&line->writer, "[");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!(limits & words[i].limit)) continue;
        json_begin_item(line, is_first);
        output_string(&line->writer, base_slice_of(words[i].word));
        is_first = false;
    }
    output_raw(&line->writer, "]");
}

static void write_document(json_line *line, base_slice id) {
    static const char *const units[] = {
        [SM_OFFSETS_BYTE] = "byte", [SM_OFFSETS_CODEPOINT] = "codepoint", [SM_OFFSETS_UTF16] = "utf16"};
    const sm_document_info *document = line->document;
    output_raw(&line->writer, "{");
    if (id.bytes) {
        output_key(&line->writer, "id");
        output_string(&line->writer, id);
    }
    json_word(line, "status", "ok");
    output_key(&line->writer, "as_of");
    output_date(&line->writer, document->as_of);
    json_text(line, "dictionary", line->view->version);
    json_word(line, "offsets", units[line->offsets]);
    if (engine_result_is_checked(line->result)) {
        write_findings(line);
    } else {
        write_mentions(line);
        write_securities(line);
    }
    if (engine_result_is_explained(line->result)) json_explanations(line);
    if (strcmp(document->charset, "utf-8") != 0)
        json_text(line, "charset", document->charset[0] ? document->charset : NULL);
    if (document->n_invalid) json_number(line, "invalid_bytes", document->n_invalid);
    if (document->limits) write_limits(line, document->limits);
    if (document->limits & (SM_LIMIT_BYTES | SM_LIMIT_STEPS)) json_number(line, "read_bytes", document->n_read);
    output_raw(&line->writer, "}\n");
}

sm_status sm_result_json(const sm_result *result, const sm_json_options *from, sm_buffer *json, sm_error *error) {
    sm_json_options options;
    if (!result) return base_fail(error, SM_ERR_ARG, "result is NULL; expected one that sm_engine_extract() filled");
    if (!json) return base_fail(error, SM_ERR_ARG, "json is NULL; expected a buffer");
    sm_json_options_init(&options, sizeof options);
    sm_status status = base_take_struct(&options, sizeof options, from, "options", error);
    if (status != SM_OK) return status;
    const sm_document_info *document = sm_result_document_at(result, options.document);
    if (!document)
        return base_fail(error, SM_ERR_ARG, "options.document %llu is none of the result's %llu",
                         (unsigned long long)options.document, (unsigned long long)sm_result_document_count(result));
    json_line line = {.writer = {.buffer = json},
                      .options = &options,
                      .result = result,
                      .document = document,
                      .view = dict_get_view(engine_result_dict(result)),
                      .offsets = engine_result_offsets(result),
                      .url_provider = dict_none};
    line.has_urls = options.provider && strcmp(options.provider, "all") == 0;
    status = link_choose_provider(line.view, line.has_urls ? NULL : options.provider, &line.provider, error);
    if (status != SM_OK) return status;
    uint64_t len_before = json->len;
    write_document(&line, (base_slice){options.id, (size_t)options.id_len});
    sm_buffer_free(&line.url);
    if (!line.writer.is_out_of_memory && !line.is_refused) return SM_OK;
    base_buffer_cut(json, len_before < json->len ? len_before : json->len);
    if (line.is_refused) return base_fail(error, SM_ERR_IO, "options.pass could not take what was written");
    return base_no_memory(error, "to write a result as JSON");
}
