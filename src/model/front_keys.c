#include "model/front_keys.h"

#include <string.h>

static const Str fixed[KEY_NFIXED] = {
    [KEY_UNDERSCORE_BUILD] = S_INIT("_build"),
    [KEY_ALIASES] = S_INIT("aliases"),
    [KEY_BUILD] = S_INIT("build"),
    [KEY_CASCADE] = S_INIT("cascade"),
    [KEY_CATEGORIES] = S_INIT("categories"),
    [KEY_DATE] = S_INIT("date"),
    [KEY_DESCRIPTION] = S_INIT("description"),
    [KEY_DRAFT] = S_INIT("draft"),
    [KEY_EXPIRES] = S_INIT("expires"),
    [KEY_EXPIRYDATE] = S_INIT("expirydate"),
    [KEY_HEADLESS] = S_INIT("headless"),
    [KEY_ID] = S_INIT("id"),
    [KEY_ISCJKLANGUAGE] = S_INIT("iscjklanguage"),
    [KEY_KEYWORDS] = S_INIT("keywords"),
    [KEY_LASTMOD] = S_INIT("lastmod"),
    [KEY_LAYOUT] = S_INIT("layout"),
    [KEY_LINKTITLE] = S_INIT("linktitle"),
    [KEY_MARKUP] = S_INIT("markup"),
    [KEY_MENU] = S_INIT("menu"),
    [KEY_MENUS] = S_INIT("menus"),
    [KEY_MODIFIED] = S_INIT("modified"),
    [KEY_OUTPUTS] = S_INIT("outputs"),
    [KEY_PARAMS] = S_INIT("params"),
    [KEY_PUBDATE] = S_INIT("pubdate"),
    [KEY_PUBLISH_AT] = S_INIT("publish_at"),
    [KEY_PUBLISHDATE] = S_INIT("publishdate"),
    [KEY_PUBLISHED] = S_INIT("published"),
    [KEY_RESOURCES] = S_INIT("resources"),
    [KEY_SITEMAP] = S_INIT("sitemap"),
    [KEY_SLUG] = S_INIT("slug"),
    [KEY_SUMMARY] = S_INIT("summary"),
    [KEY_TAGS] = S_INIT("tags"),
    [KEY_TITLE] = S_INIT("title"),
    [KEY_TRANSLATION_OF] = S_INIT("translation_of"),
    [KEY_TRANSLATIONKEY] = S_INIT("translationkey"),
    [KEY_TYPE] = S_INIT("type"),
    [KEY_UNPUBLISHDATE] = S_INIT("unpublishdate"),
    [KEY_UPDATED] = S_INIT("updated"),
    [KEY_URL] = S_INIT("url"),
    [KEY_WEIGHT] = S_INIT("weight"),
    [KEY_SAPO] = S_INIT("sapo"),
    [KEY_STATUS] = S_INIT("status"),
    [KEY_VISIBILITY] = S_INIT("visibility"),
};

uint16_t front_key(const FrontKeys *keys, Str name) {
    const Str *at = map_get(&keys->numbers, name);
    return at ? (uint16_t)(at - keys->names) : KEY_NONE;
}

// The number of a key, a new one if it has none.
static int add(FrontKeys *keys, Str name) {
    Str *own = &keys->names[keys->len];
    Str *known = map_add(&keys->numbers, name, own);
    if (known)
        return (int)(known - keys->names);
    *own = name;
    return (int)keys->len++;
}

static DateChain chain_of(Arena *a, FrontKeys *keys, const Strs *names) {
    DateChain out = {.items = ARENA_ARRAY(a, int, names->len)};
    for (size_t i = 0; i < names->len; i++) {
        Str name = names->items[i];
        if (str_eq(name, S(":filename")))
            out.items[out.len++] = CHAIN_FILENAME;
        else if (str_eq(name, S(":filemodtime")))
            out.items[out.len++] = CHAIN_FILEMODTIME;
        else if (name.len && name.ptr[0] != ':')
            out.items[out.len++] = add(keys, name);
    }
    return out;
}

// `tags_weight` is Hugo's and means nothing here: lists are in the order of
// time.
static void add_taxonomies(Arena *a, const Config *cfg, FrontKeys *keys) {
    keys->taxonomies = ARENA_ARRAY(a, int, cfg->ntaxonomies);
    for (size_t i = 0; i < cfg->ntaxonomies; i++) {
        Str plural = cfg->taxonomies[i].plural;
        Str weight = str_fmt(a, "%.*s_weight", STR_ARG(plural));
        keys->taxonomies[i] = add(keys, plural);
        keys->is_weight[add(keys, weight)] = true;
        keys->known.items[keys->known.len++] = plural;
        keys->known.items[keys->known.len++] = weight;
    }
}

const FrontKeys *front_keys_make(Arena *a, const Config *cfg) {
    size_t most = KEY_NFIXED + 2 * cfg->ntaxonomies + cfg->date_chain.len +
                  cfg->lastmod_chain.len + cfg->publish_chain.len +
                  cfg->expiry_chain.len;
    FrontKeys *keys = ARENA_NEW(a, FrontKeys);
    keys->numbers.arena = a;
    keys->names = ARENA_ARRAY(a, Str, most + 1);
    keys->is_weight = ARENA_ARRAY(a, bool, most + 1);
    keys->known.items = ARENA_ARRAY(a, Str, most);
    keys->known.len = KEY_NCORE;
    memcpy(keys->known.items, fixed, KEY_NCORE * sizeof *fixed);
    for (size_t i = 0; i < KEY_NFIXED; i++)
        add(keys, fixed[i]);
    add_taxonomies(a, cfg, keys);
    keys->date = chain_of(a, keys, &cfg->date_chain);
    keys->lastmod = chain_of(a, keys, &cfg->lastmod_chain);
    keys->publish = chain_of(a, keys, &cfg->publish_chain);
    keys->expiry = chain_of(a, keys, &cfg->expiry_chain);
    return keys;
}
