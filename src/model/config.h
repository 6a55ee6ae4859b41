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

// One language of the site. The first is the default one: it lives at the root,
// the others below /KEY/.
typedef struct {
    Str key;   // "en": the suffix of files, the folder of addresses
    Str label; // "English"
    Str locale, title, copyright, direction; // "en-US", ..., "ltr" or "rtl"
    int64_t weight;
    bool is_disabled; // its files are left out
    Value params;     // the site's, its own over them
    Value menus;      // its own only; for the default one all
} Language;

// What may be written beside CommonMark; `markup`.
typedef struct {
    bool task_list;   // - [ ]
    bool linkify;     // bare addresses
    bool callouts;    // > [!NOTE]
    bool typographer; // quotes, dashes, ...
    bool no_break;    // blanks at which no line breaks
} MarkupConfig;

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
    const struct FrontKeys *front_keys; // front_keys_make; set by load.c
    bool taxonomies_set;
    Permalink *permalinks;
    size_t npermalinks;
    int64_t pager_size;
    Str pager_path; // "trang"
    bool archives;
    Str archive_path; // "luu-tru"
    int64_t feed_limit;
    bool feed_full;
    Strs feed_by;        // fields of choices: a feed for each value
    Pos feed_by_at;      // for messages
    Str feed_path;       // "nguon-tin": the folder of these
    int64_t sitemap_max; // addresses in one file
    int64_t summary_words;
    int64_t toc_from, toc_to;
    MarkupConfig markup;
    int64_t related_limit;
    Strs related_fields; // most telling first
    Strs disabled_kinds;
    Str section_menu; // sectionPagesMenu
    Value params, menus;
    Language *languages; // at least one
    size_t nlanguages;
    Value languages_said; // `languages`, merged
    Value languages_more; // of files such as params.en.yaml
    Value cascade;        // map or list of maps; null when not set
    Map levels;           // check code -> DiagLevel *
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

// Whether --environment or LOA_ENVIRONMENT can be the name of one.
bool config_check_environment(Job *job, const ConfigFlags *flags,
                              char *const *env);

// Reads every layer. `env` is the environment, NULL-terminated, or NULL.
bool config_load(Job *job, const FsRoot *root, const ConfigFlags *flags,
                 char *const *env, Config *out);

// The last step: the languages from what was said of them.
void config_set_languages(Job *job, Config *cfg);

const Language *config_language(const Config *cfg, size_t at);

// "bai.en" -> "bai" and the language en; a name without the suffix of a
// language is in the default one.
Str config_split_language(const Config *cfg, Str stem, uint8_t *lang);

bool config_is_disabled(const Config *cfg, Str kind);

#endif
