/* Which parts of a page are lists of links and other chrome: told by how much of their text is links, when all was read. */
#include "text/build.h"

/* Text of a run that stands beside links without being one, a date, a count, "more", and all such of a group. */
enum { SHORT_TEXT = 48, FEW_LABELS = 64 };

/* Three links or more that are nearly all but for labels. */
static bool is_list_of_links(const text_share *share) {
    return share->n_links >= 3 && share->linked_bytes * 4 >= (share->text_bytes - share->label_bytes) * 3
           && share->linked_bytes * 5 >= share->text_bytes * 2;
}

static bool is_half_links(const text_share *share) {
    return share->linked_bytes && share->linked_bytes * 2 >= share->text_bytes - share->label_bytes
           && share->linked_bytes * 5 >= share->text_bytes;
}

static void add_share(text_share *sum, const text_share *more) {
    sum->text_bytes += more->text_bytes;
    sum->linked_bytes += more->linked_bytes;
    sum->label_bytes += more->label_bytes;
    sum->n_links += more->n_links;
}

void text_group_add_run(text_group *group, text_run_record *run, text_share share) {
    run->is_linked = share.linked_bytes * 2 > share.text_bytes;
    run->is_short = share.text_bytes <= SHORT_TEXT;
    /* What is known to be chrome does not make links of what is around it. */
    if (run->region == SM_REGION_NAVIGATION || run->region == SM_REGION_FOOTER) return;
    if (run->is_short && !run->is_linked) share.label_bytes = share.text_bytes - share.linked_bytes;
    add_share(&group->own, &share);
}

/* What its class says it is, unless it is too large for that or holds the page's title: then the class is of the layout. */
static bool is_as_called(const text_group *group) {
    return group->called && !group->has_title && (is_half_links(&group->all) || group->all.text_bytes <= group->most);
}

void text_finish_groups(text_group *groups, size_t n) {
    for (size_t i = 0; i < n; i++) groups[i].all = groups[i].own;
    for (size_t i = n; i-- > 1;) { /* those inside stand behind those around them */
        text_group *around = &groups[groups[i].parent];
        add_share(&around->all, &groups[i].all);
        around->has_title |= groups[i].has_title;
    }
    for (size_t i = 1; i < n; i++) {
        text_group *group = &groups[i];
        const text_group *around = &groups[group->parent];
        bool is_list = is_list_of_links(&group->all) && !group->has_title;
        bool is_item = group->all.n_links <= 2 && is_half_links(&group->all);
        group->region = is_as_called(group) ? group->called : around->region;
        group->is_in_links = is_list || around->is_in_links;
        if (group->all.linked_bytes)
            group->takes_labels = is_item || (is_list && group->own.text_bytes - group->own.linked_bytes <= FEW_LABELS);
        else group->takes_labels = around->takes_labels && group->all.text_bytes <= FEW_LABELS;
    }
}

uint32_t text_group_region(const text_group *group, const text_run_record *run) {
    uint32_t own = run->region;
    if (own == SM_REGION_TITLE || own == SM_REGION_NAVIGATION || own == SM_REGION_FOOTER || !run->group) return own;
    if (group->region) return group->region;
    bool is_label = own != SM_REGION_TABLE && run->is_short && group->takes_labels;
    if (group->is_in_links && (run->is_linked || is_label)) return SM_REGION_LINKS;
    return own == SM_REGION_BODY && is_list_of_links(&group->own) ? (uint32_t)SM_REGION_LINKS : own;
}
