#include <errno.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

const char cli_no_memory[] = "out of memory; give it more, or smaller files and fewer threads";

const char *cli_message_of(const sm_error *error) {
    if (error->message[0]) return error->message;
    return error->status == SM_ERR_NOMEM ? cli_no_memory : sm_status_text(error->status);
}

bool cli_open_dict(const char *verb, const char *path, const sm_dict **dict) {
    sm_error error = {0};
    if (!path || strcmp(path, "default") == 0) {
        *dict = sm_dict_default();
        return true;
    }
    *dict = NULL;
    error.status = sm_dict_open(path, dict, &error);
    if (error.status == SM_OK) return true;
    if (error.file[0]) cli_say_error(verb, &error);
    else if (error.status == SM_ERR_FORMAT)
        cli_say(verb, "%s: byte %llu: %s", path, (unsigned long long)error.byte, error.message);
    else cli_say(verb, "%s: %s", path, error.message);
    return false;
}

bool cli_is_all(const char *provider) {
    return provider && strcmp(provider, "all") == 0;
}

bool cli_check_provider(const char *verb, const sm_dict *dict, const char *provider) {
    char known[512] = "";
    sm_provider row;
    if (!provider || cli_is_all(provider)) return true;
    for (uint32_t i = 0; sm_provider_at(dict, i, &row) == SM_OK; i++) {
        if (strcmp(row.id, provider) == 0 && row.writes) return true;
        if (row.writes && strlen(known) + strlen(row.id) + 3 < sizeof known) {
            strcat(known, row.id);
            strcat(known, ", ");
        }
    }
    cli_say(verb, "no provider '%s' makes URLs; expected one of %sall", provider, known);
    return false;
}

const char cli_no_table_of_all[] = "a table has room for one provider's URLs; say --json for all, or name a provider";

bool cli_make_url(const sm_dict *dict, const char *id, const char *provider, sm_buffer *url) {
    url->len = 0;
    sm_status status = sm_link(dict, id, provider, url, NULL);
    if (status == SM_OK) return true;
    return status == SM_ERR_UNKNOWN && cli_buffer_append(url, "", 0);
}

/* --- Documents --------------------------------------------------------------------------------------------------------- */

const char *const cli_formats[] = {"auto", "text", "html", "markdown", NULL};
const char *const cli_offset_units[] = {"byte", "codepoint", "utf16", NULL};

static uint32_t format_of_name(const char *path) {
    static const struct {
        const char *ending;
        uint32_t format;
    } endings[] = {{".md", SM_FORMAT_MARKDOWN},
                   {".markdown", SM_FORMAT_MARKDOWN},
                   {".html", SM_FORMAT_HTML},
                   {".htm", SM_FORMAT_HTML}};
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof endings / sizeof endings[0]; i++)
        if (strcasecmp(ending, endings[i].ending) == 0) return endings[i].format;
    return SM_FORMAT_AUTO;
}

const char *cli_place_of(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool cli_read_document(const char *verb, const char *path, uint32_t format, const char *charset, sm_buffer *bytes,
                       sm_document *document) {
    bytes->len = 0;
    if (!cli_read_file(path, bytes)) {
        cli_say(verb, "%s: cannot be read: %s", cli_place_of(path), strerror(errno));
        return false;
    }
    sm_document_init(document, sizeof *document);
    document->text = bytes->data;
    document->text_len = bytes->len;
    document->format = format == SM_FORMAT_AUTO ? format_of_name(path) : format;
    document->charset = charset;
    document->charset_len = charset ? strlen(charset) : 0;
    return true;
}
