// loa.yaml and its overlays, checked and typed. Keys are Hugo's, without regard
// to case. Later layers win: loa.yaml, config/_default/, config/<environment>/,
// LOA_* variables, flags.
#ifndef LOA_MODEL_CONFIG_H
#define LOA_MODEL_CONFIG_H

#include "base/value.h"
#include "read/source.h"

typedef struct {
    Str singular, plural; // tag, tags: the key in front matter is the plural
} TaxonomyDef;

typedef struct {
    Str section; // "" for pages at the content root
    Str pattern; // "/:section/:year/:slug/"
} Permalink;

typedef struct {
    Str host;      // "https://tin.example" without slash; "" when not set
    Str base_path; // "" or "/congdoan", without slash at the end
    Str title, lang, locale, copyright;
    Str environment;
    Str zone_name;
    int16_t zone; // minutes east of UTC
    bool has_zone;
    Str publish_dir;
    SourceDirs dirs;
    bool drafts, future, expired;
    bool slug_unicode, no_aliases, robots;
    TaxonomyDef *taxonomies;
    size_t ntaxonomies;
    bool taxonomies_set;
    Permalink *permalinks;
    size_t npermalinks;
    int64_t pager_size;
    Str pager_path; // "trang"
    bool archives;
    Str archive_path; // "luu-tru"
    int64_t feed_limit;
    bool feed_full;
    int64_t summary_words;
    int64_t toc_from, toc_to;
    int64_t related_limit;
    Strs related_fields; // most telling first
    Strs disabled_kinds;
    Str section_menu; // sectionPagesMenu
    Value params, menus;
    Value cascade; // map or list of maps; null when not set
    Map levels;    // check code -> DiagLevel *
    Strs date_chain, lastmod_chain, publish_chain, expiry_chain;
    const Source *src; // loa.yaml, for messages
    Hash hash;         // of every layer
    bool is_good;      // it was read without an error
} Config;

// What the command line says.
typedef struct {
    Str environment;           // "production" unless said
    Str base_url, publish_dir; // empty: not said
    bool drafts, future, expired;
} ConfigFlags;

// Reads every layer. `env` is the environment, NULL-terminated, or NULL.
bool config_load(Job *job, const FsRoot *root, const ConfigFlags *flags,
                 char *const *env, Config *out);

bool config_is_disabled(const Config *cfg, Str kind);

#endif
