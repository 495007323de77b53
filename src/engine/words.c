/* The words of the output for the constants of the header. */
#include "engine/engine.h"

static const char *word(const char *const *words, size_t n, uint32_t index) {
    return index < n ? words[index] : NULL;
}

const char *sm_version(void) {
    static const char version[] = {'0' + SM_VERSION_MAJOR, '.', '0' + SM_VERSION_MINOR, '.', '0' + SM_VERSION_PATCH, 0};
    _Static_assert(SM_VERSION_MAJOR < 10 && SM_VERSION_MINOR < 10 && SM_VERSION_PATCH < 10, "each is one digit here");
    return version;
}

const char *sm_kind_word(uint32_t kind) {
    static const char *const words[] = {NULL, "name", "code", "link"};
    return word(words, sizeof words / sizeof words[0], kind);
}

const char *sm_region_word(uint32_t region) {
    static const char *const words[] = {"body", "title", "heading", "table", "links", "navigation", "footer"};
    return word(words, sizeof words / sizeof words[0], region);
}

const char *sm_role_word(uint32_t role) {
    static const char *const words[] = {"subject", "research", "source", "venue", "unit"};
    return word(words, sizeof words / sizeof words[0], role);
}

const char *sm_field_word(uint32_t field) {
    static const char *const words[] = {"text", "title"};
    return word(words, sizeof words / sizeof words[0], field);
}

const char *sm_security_status_word(uint32_t status) {
    static const char *const words[] = {"active", "delisted", "renamed", "renumbered", "unknown", "not-yet-listed"};
    return word(words, sizeof words / sizeof words[0], status);
}

const char *sm_decision_word(uint32_t decision) {
    static const char *const words[] = {"taken",   "below-threshold", "overlapped", "needs-code", "never",
                                        "no-line", "unsure",          "unwanted",   "cut"};
    return word(words, sizeof words / sizeof words[0], decision);
}

const char *sm_evidence_word(uint32_t bit) {
    return dict_feature_name(bit);
}
