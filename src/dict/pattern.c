/* Which patterns a notation may have. A pattern runs at most 128 bytes around its candidate under a match limit, but
 * what calls itself, looks up what it matched before or steers the matcher has no bound that a reader can see. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "dict/source.h"

enum { MAX_PATTERN_LEN = 2000, MAX_GROUPS = 31 }; /* match data has room for so many groups */

/* What is refused by how it is written. `then`: one of these characters must follow; NULL: any may. */
typedef struct refused_form {
    const char *begin, *then, *what;
} refused_form;

static const refused_form refused_forms[] = {
    {"(*", NULL, "a verb"},
    {"(?C", NULL, "a callout"},
    {"(?R", NULL, "recursion"},
    {"(?&", NULL, "recursion"},
    {"(?P>", NULL, "recursion"},
    {"(?", "0123456789", "recursion"},
    {"(?+", "0123456789", "recursion"},
    {"(?-", "0123456789", "recursion"},
    {"\\g", "<'", "recursion"},
    {"\\g", NULL, "a backreference"},
    {"\\k", NULL, "a backreference"},
    {"(?P=", NULL, "a backreference"},
    {"\\C", NULL, "\\C, a single byte"},
    {"\\K", NULL, "\\K, a start that moves"},
    {"\\Q", NULL, "\\Q, a quotation"},
};

static const refused_form *find_refused(base_slice at) {
    for (size_t i = 0; i < sizeof refused_forms / sizeof refused_forms[0]; i++) {
        const refused_form *form = &refused_forms[i];
        size_t len = strlen(form->begin);
        if (!base_slice_starts(at, form->begin)) continue;
        if (!form->then || (at.len > len && at.bytes[len] && strchr(form->then, at.bytes[len]))) return form;
    }
    return NULL;
}

/* Looks at every place that is not behind a backslash. A class of characters may hold the same bytes harmlessly and is
 * refused all the same: it can be written in another order, and no mistake here can let anything through. */
static bool refuse_text(base_slice pattern, char why[DICT_WHY_LEN]) {
    for (size_t i = 0; i < pattern.len; i++) {
        base_slice at = {pattern.bytes + i, pattern.len - i};
        const refused_form *form = find_refused(at);
        if (form) {
            at.len = at.len < 12 ? at.len : 12;
            snprintf(why, DICT_WHY_LEN, "has %s at byte %zu, %s", form->what, i + 1, dict_quoted(at).text);
            return true;
        }
        if (pattern.bytes[i] == '\\') i++;
    }
    return false;
}

static bool refuse_compiled(const pcre2_code *code, bool has_code, char why[DICT_WHY_LEN]) {
    uint32_t backreference = 0, can_be_empty = 0, n_groups = 0;
    if (pcre2_pattern_info(code, PCRE2_INFO_BACKREFMAX, &backreference) != 0
        || pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &can_be_empty) != 0
        || pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &n_groups) != 0)
        snprintf(why, DICT_WHY_LEN, "cannot be examined by PCRE2");
    else if (backreference) snprintf(why, DICT_WHY_LEN, "refers back to group %u", backreference);
    else if (n_groups > MAX_GROUPS) snprintf(why, DICT_WHY_LEN, "has more than %d groups", MAX_GROUPS);
    else if (has_code && pcre2_substring_number_from_name(code, (PCRE2_SPTR) "code") == PCRE2_ERROR_NOSUBSTRING)
        snprintf(why, DICT_WHY_LEN, "has no group (?<code>…)");
    else if (can_be_empty) snprintf(why, DICT_WHY_LEN, "can match no characters at all");
    else return false;
    return true;
}

bool dict_refuse_pattern(base_slice pattern, bool has_code, char why[DICT_WHY_LEN]) {
    if (pattern.len > MAX_PATTERN_LEN) {
        snprintf(why, DICT_WHY_LEN, "is longer than %d bytes", MAX_PATTERN_LEN);
        return true;
    }
    if (refuse_text(pattern, why)) return true;
    int error_code;
    PCRE2_SIZE error_offset;
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.bytes, pattern.len, options, &error_code, &error_offset, NULL);
    if (!code) {
        PCRE2_UCHAR message[200];
        if (pcre2_get_error_message(error_code, message, sizeof message) < 0) message[0] = '\0';
        snprintf(why, DICT_WHY_LEN, "does not compile at byte %zu: %s", (size_t)error_offset + 1,
                 (const char *)message);
        return true;
    }
    bool is_refused = refuse_compiled(code, has_code, why);
    pcre2_code_free(code);
    return is_refused;
}
