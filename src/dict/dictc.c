/* The host tool that compiles the default dictionary while the library is built:
 *     dictc --as-of 2026-11-23 --output FILE TABLES...
 * Problems go to standard error. The output is replaced as a whole or not at all. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

static int usage(void) {
    fputs("usage: dictc --as-of YYYY-MM-DD --output FILE TABLES...\n", stderr);
    return 2;
}

static bool write_atomically(const char *path, const sm_buffer *bytes) {
    sm_buffer part = {0};
    bool ok = base_buffer_format(&part, "%s.part", path);
    FILE *file = ok ? fopen(part.data, "wb") : NULL;
    ok = file && fwrite(bytes->data, 1, (size_t)bytes->len, file) == bytes->len;
    if (file && fclose(file) != 0) ok = false;
    ok = ok && rename(part.data, path) == 0;
    if (!ok) fprintf(stderr, "%s: cannot be written: %s\n", path, strerror(errno));
    if (!ok && file) remove(part.data);
    sm_buffer_free(&part);
    return ok;
}

static int build(const sm_build_options *options, const char *output) {
    sm_buffer compiled = {0}, report = {0};
    sm_error error = {0};
    sm_status status = sm_dict_build(options, &compiled, &report, &error);
    if (report.data) fputs(report.data, stderr);
    if (status != SM_OK && status != SM_ERR_TABLE && status != SM_ERR_IO) /* those two are in the report */
        fprintf(stderr, "dictc: %s: %s\n", sm_status_text(status), error.message);
    bool ok = status == SM_OK && write_atomically(output, &compiled);
    sm_buffer_free(&compiled);
    sm_buffer_free(&report);
    return ok ? 0 : 1;
}

int main(int n_arguments, char **arguments) {
    sm_build_options options;
    sm_build_options_init(&options, sizeof options);
    const char *output = NULL;
    int i = 1;
    for (; i + 1 < n_arguments && arguments[i][0] == '-'; i += 2) {
        if (strcmp(arguments[i], "--as-of") == 0) options.as_of = base_date_parse(base_slice_of(arguments[i + 1]));
        else if (strcmp(arguments[i], "--output") == 0 || strcmp(arguments[i], "-o") == 0) output = arguments[i + 1];
        else return usage();
    }
    if (!output || !options.as_of || i >= n_arguments) return usage();
    options.paths = (const char *const *)&arguments[i];
    options.n_paths = (uint64_t)(n_arguments - i);
    return build(&options, output);
}
