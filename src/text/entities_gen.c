/* Host tool of the build: entities.tsv → the rows of a sorted C array, {"amp;", "\x26"}.
 *
 *     entities_gen entities.tsv text_entities.inc */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t encode(unsigned long c, unsigned char out[4]) {
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (unsigned char)((0xF00u >> len & 0xFFu) | c);
    return len;
}

/* @return 1 when the row was written, 0 when it is no row of the table. */
static int write_row(char *line, const char *before, FILE *out) {
    char *tab = strchr(line, '\t'), *numbers, *rest;
    if (!tab || tab - line > 32) return 0;
    *tab = '\0';
    if (before[0] && strcmp(before, line) >= 0) return 0; /* the lookup is a binary search */
    fprintf(out, "    {\"%s\", \"", line);
    for (numbers = tab + 1;; numbers = rest) {
        unsigned long c = strtoul(numbers, &rest, 16);
        unsigned char bytes[4];
        if (rest == numbers || c > 0x10FFFF) break;
        for (size_t i = 0, len = encode(c, bytes); i < len; i++) fprintf(out, "\\x%02X", bytes[i]);
    }
    fprintf(out, "\"},\n");
    return 1;
}

static int write_rows(const char *path, FILE *in, FILE *out) {
    char line[128], before[128] = "";
    for (unsigned number = 1; fgets(line, sizeof line, in); number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || strncmp(line, "name\t", 5) == 0) continue;
        if (!write_row(line, before, out)) {
            fprintf(stderr, "%s:%u: '%s' is no row; expected name<TAB>code points in hex, sorted by name\n", path,
                    number, line);
            return 1;
        }
        strcpy(before, line);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: entities_gen entities.tsv text_entities.inc\n");
        return 2;
    }
    FILE *in = fopen(argv[1], "rb"), *out = in ? fopen(argv[2], "wb") : NULL;
    if (!out) {
        perror(in ? argv[2] : argv[1]);
        if (in) fclose(in);
        return 2;
    }
    int failed = write_rows(argv[1], in, out);
    failed |= ferror(in) || ferror(out);
    fclose(in);
    failed |= fclose(out) != 0;
    if (failed) remove(argv[2]);
    return failed;
}
