// What site_build asks of every page, found while the page is at hand and on
// the core that made it.
#include "model/page.h"

static uint64_t *hash_terms(Arena *a, const Page *p, size_t ntaxonomies) {
    size_t n = 0;
    for (size_t i = 0; i < ntaxonomies; i++)
        n += p->term_names[i].len;
    uint64_t *hashes = ARENA_ARRAY(a, uint64_t, n);
    n = 0;
    for (size_t i = 0; i < ntaxonomies; i++)
        for (size_t k = 0; k < p->term_names[i].len; k++)
            hashes[n++] = str_hash(p->term_names[i].items[k]);
    return hashes;
}

void page_note(Arena *a, const Config *cfg, Page *p) {
    p->has_menu =
        value_get(&p->meta, S("menus")) || value_get(&p->meta, S("menu"));
    if (p->term_names)
        p->term_hashes = hash_terms(a, p, cfg->ntaxonomies);
}
