// What site_build asks of every page, found while the page is at hand and on
// the core that made it.
#include "model/page.h"

static uint32_t *hash_terms(Arena *a, const Page *p, size_t ntaxonomies) {
    size_t n = 0;
    for (size_t i = 0; i < ntaxonomies; i++)
        n += p->term_names[i].len;
    uint32_t *hashes = ARENA_ARRAY(a, uint32_t, n);
    n = 0;
    for (size_t i = 0; i < ntaxonomies; i++)
        for (size_t k = 0; k < p->term_names[i].len; k++)
            hashes[n++] = map_hash(p->term_names[i].items[k]);
    return hashes;
}

void page_note(Arena *a, const Config *cfg, Page *p) {
    if (!p->src)
        return;
    p->has_menu =
        value_get(&p->meta, S("menus")) || value_get(&p->meta, S("menu"));
    p->has_pin = value_get(&p->fields, S("pin")) != NULL;
    p->id_hash = map_hash(p->id);
    p->file_hash = map_hash(p->src->rel);
    p->url_hash = map_hash(p->url);
    if (p->term_names)
        p->term_hashes = hash_terms(a, p, cfg->ntaxonomies);
}
