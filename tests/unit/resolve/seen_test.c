/* What a wave has seen is what was added in it, however many securities push each other out, and nothing of waves before. */
#include "../check.h"
#include "../random.h"
#include "resolve/seen.h"

enum { N_SECURITIES = 3000, N_WAVES = 600 };

typedef struct model {
    resolve_seen seen;
    uint64_t documents[N_SECURITIES];
    random_source source;
    uint32_t n_wrong;
} model;

static void add(model *m, uint32_t security, uint32_t document, bool is_added) {
    bool had = m->documents[security] >> document & 1;
    bool is_new = resolve_seen_add(&m->seen, security, document, is_added);
    m->n_wrong += is_new != (is_added && !had);
    m->documents[security] |= (uint64_t)is_added << document;
}

static void ask(model *m, uint32_t security, uint32_t document) {
    m->n_wrong += resolve_seen_has(&m->seen, security, document) != (m->documents[security] >> document & 1);
}

/* Of few securities, as in most waves, and of many. */
static void go_through_wave(model *m, uint32_t wave) {
    uint32_t n_ops = wave % 3 ? 100 : 3000, most = wave % 2 ? N_SECURITIES : 40;
    resolve_seen_begin(&m->seen, N_SECURITIES);
    memset(m->documents, 0, sizeof m->documents);
    for (uint32_t i = 0; i < n_ops; i++) {
        uint32_t security = random_below(&m->source, most), document = random_below(&m->source, RESOLVE_MOST_DOCUMENTS);
        if (random_below(&m->source, 2)) add(m, security, document, random_below(&m->source, 4) > 0);
        else ask(m, security, document);
    }
    for (uint32_t i = 0; i < N_SECURITIES; i++) ask(m, i, random_below(&m->source, RESOLVE_MOST_DOCUMENTS));
}

int main(void) {
    static model m = {.source = {7}};
    if (!CHECK(resolve_seen_open(&m.seen, &base_default_allocator, N_SECURITIES))) return check_report();
    for (uint32_t wave = 0; wave < N_WAVES; wave++) go_through_wave(&m, wave);
    CHECK(m.n_wrong == 0);
    base_default_allocator.release(NULL, m.seen.far);
    return check_report();
}
