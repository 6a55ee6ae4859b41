// The keys of front matter that somebody reads, each with a number: what a page
// says under them is found once, by number from then on.
#ifndef LOA_MODEL_FRONT_KEYS_H
#define LOA_MODEL_FRONT_KEYS_H

#include "model/config.h"

enum {
    KEY_UNDERSCORE_BUILD, // those up to KEY_NCORE are the core's own
    KEY_ALIASES,
    KEY_BUILD,
    KEY_CASCADE,
    KEY_CATEGORIES,
    KEY_DATE,
    KEY_DESCRIPTION,
    KEY_DRAFT,
    KEY_EXPIRES,
    KEY_EXPIRYDATE,
    KEY_HEADLESS,
    KEY_ID,
    KEY_ISCJKLANGUAGE,
    KEY_KEYWORDS,
    KEY_LASTMOD,
    KEY_LAYOUT,
    KEY_LINKTITLE,
    KEY_MARKUP,
    KEY_MENU,
    KEY_MENUS,
    KEY_MODIFIED,
    KEY_OUTPUTS,
    KEY_PARAMS,
    KEY_PUBDATE,
    KEY_PUBLISH_AT,
    KEY_PUBLISHDATE,
    KEY_PUBLISHED,
    KEY_RESOURCES,
    KEY_SITEMAP,
    KEY_SLUG,
    KEY_SUMMARY,
    KEY_TAGS,
    KEY_TITLE,
    KEY_TRANSLATION_OF,
    KEY_TRANSLATIONKEY,
    KEY_TYPE,
    KEY_UNPUBLISHDATE,
    KEY_UPDATED,
    KEY_URL,
    KEY_WEIGHT,
    KEY_NCORE,
    KEY_SAPO = KEY_NCORE, // fields of types that the core reads, too
    KEY_STATUS,
    KEY_VISIBILITY,
    KEY_NFIXED, // behind them those that the config brings along
    KEY_NONE = UINT16_MAX,
};

// A chain of keys for one date: numbers, and what is no key.
enum { CHAIN_FILENAME = -1, CHAIN_FILEMODTIME = -2 };

typedef struct {
    int *items;
    size_t len;
} DateChain;

typedef struct FrontKeys {
    Map numbers; // of Str *: its place in `names`
    Str *names;  // in lower case
    size_t len;
    bool *is_weight; // by number: tags_weight and the like
    int *taxonomies; // by taxonomy of the config
    Strs known;      // the core's, and what the taxonomies bring along
    DateChain date, lastmod, publish, expiry;
} FrontKeys;

const FrontKeys *front_keys_make(Arena *a, const Config *cfg);

// KEY_NONE: nobody reads it.
uint16_t front_key(const FrontKeys *keys, Str name);

#endif
