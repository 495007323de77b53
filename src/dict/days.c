/* How things were on a day. Days of the tables are bounds mostly: the first list that had a name, or had it no more. */
#include <string.h>

#include "dict/dict.h"

/* Of codes that were given up one after the other, the first that was still in use. */
uint32_t dict_line_on(const dict_view *view, uint32_t security, int32_t day) {
    uint32_t found = security;
    for (uint32_t i = 0, n = dict_n_lines(view, security); i < n; i++) {
        uint32_t line = dict_line(view, security, i);
        const dict_security *old = &view->securities[line];
        if (line == security || old->successor == dict_none || dict_successor(view, line) != security) continue;
        if (!old->delisted || day >= old->delisted) continue;
        if (found == security || old->delisted < view->securities[found].delisted) found = line;
    }
    return found;
}

/* Which of two names a security rather had on a day. A former one is known to have been given up after it, the sooner the
 * better; today's name may be a later one, unless the tables say since when it was. */
static bool is_rather(const dict_name *name, const dict_name *than) {
    if (!than) return true;
    if (name->from != 0 && than->from != 0 && name->from != than->from) return name->from > than->from;
    if (name->to != than->to) return name->to && (!than->to || name->to < than->to);
    return name->kind != DICT_FORMER && than->kind == DICT_FORMER;
}

/* 退市新亿, 乐视退: a share is called so in the weeks before it goes, which the tables do not date; where they have no
 * last day it is theirs. */
static bool is_too_early(const dict_view *view, const dict_name *name, int32_t day) {
    enum { WEEKS = 100 /* days */ };
    static const char leaving[] = "退", left[] = "退市";
    base_slice text = base_slice_of(dict_string(view, name->text));
    size_t len = sizeof leaving - 1;
    bool is_leaving = base_slice_starts(text, left)
                      || (text.len > len && memcmp(text.bytes + text.len - len, leaving, len) == 0);
    int32_t delisted = view->securities[name->security].delisted, gone = delisted ? delisted : view->as_of;
    return is_leaving && !name->from && base_date_days(day) + WEEKS < base_date_days(gone);
}

const char *dict_name_on(const dict_view *view, uint32_t security, int32_t day) {
    const char *today = dict_string(view, view->securities[security].name);
    const dict_name *current = NULL, *found = NULL;
    for (uint32_t i = 0; i < view->n_names; i++) {
        const dict_name *name = &view->names[i];
        if (name->security == security && name->kind != DICT_FORMER && name->text == view->securities[security].name)
            current = name;
    }
    for (uint32_t i = 0; current && i < view->n_names; i++) {
        const dict_name *name = &view->names[i];
        bool is_of_kind = name->kind == current->kind
                          || (name->kind == DICT_FORMER && name->lang[0] == current->lang[0]);
        if (name->security != security || !is_of_kind || !dict_is_in_use(name, day)) continue;
        if (is_too_early(view, name, day)) continue;
        if (is_rather(name, found)) found = name;
    }
    if (found) return dict_string(view, found->text);
    /* What is gone keeps its last name; of what was called otherwise then, the tables do not know how. */
    return !current || (current->from && day < current->from) || is_too_early(view, current, day) ? "" : today;
}
