/* What a page's own links and annotations say. */
#include "engine/engine.h"

uint32_t engine_link_security(const sm_engine *engine, const text_link *link) {
    const base_slice attributes[] = {link->data_code2, link->data_code, link->id};
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        uint32_t security = attributes[i].len ? link_read_attribute(engine->view, attributes[i]) : dict_none;
        if (security != dict_none) return security;
    }
    return link->href.len ? link_read_url(engine->sites, link->href) : dict_none;
}
