// One page: what its front matter says, typed. Its body stays raw text in its
// Source; what it renders to is found by `index` beside the pages, so that a
// Page never changes once the site is built. No back pointers: a Page does not
// know its Site.
#ifndef LOA_MODEL_PAGE_H
#define LOA_MODEL_PAGE_H

#include "model/cascade.h"
#include "model/clock.h"
#include "parse/type.h"

typedef enum {
    PAGE_HOME,
    PAGE_SECTION,
    PAGE_REGULAR,
    PAGE_TAXONOMY,
    PAGE_TERM,
    PAGE_YEAR,
    PAGE_MONTH,
    PAGE_404,
    PAGE_NKINDS,
} PageKind;

typedef enum {
    PHASE_NONE,
    PHASE_UPCOMING,
    PHASE_RUNNING,
    PHASE_PAST,
    PHASE_AWAITING, // past, and the results are not there yet
} Phase;

enum { // why a page is left out
    SKIP_DRAFT = 1,
    SKIP_FUTURE = 2,
    SKIP_EXPIRED = 4,
    SKIP_INTERNAL = 8,
    SKIP_BROKEN = 16, // --keep-going
};

typedef struct {
    const Page **items;
    size_t len;
} Pages;

typedef struct {
    Str field;        // the field of `page` that refers here
    const Page *page; // who refers
} Inverse;

// The first lines of the cache hold what every pass over all pages looks at.
struct Page {
    uint32_t index; // into Site.pages and every array beside it
    PageKind kind;
    Phase phase;
    uint8_t skip; // SKIP_*; 0: it is published
    uint8_t lang; // in the languages of the config; 0: the default one
    bool is_bundle;
    bool is_pinned;      // pin.until is still to come
    bool is_unlisted;    // build: {list: never}: in no list
    bool is_unrendered;  // build: {render: never}: has no url
    bool is_off_sitemap; // sitemap: {disable: true}
    bool has_menu;       // front matter `menus` or `menu`
    bool has_pin;        // likewise `pin`
    uint32_t id_hash;    // map_hash of the id, when it has a file
    const Type *type;
    const Page *section; // set by site_build: nearest section, or home
    Date date;
    const Source *src; // NULL: made by loa
    Str id;            // for refs
    Str path;          // logical: "tin-tuc/a"; a section "tin-tuc", home ""
    Str dir; // folder of the source below content/: what links start from
    Str url; // from the site's root: "/tin-tuc/a/", without baseURL's path
    uint32_t file_hash, url_hash; // of src->rel and url, when it has a file
    Value fields;                 // typed, by the type's fields
    Strs *term_names;             // by taxonomy of the config, as written
    uint32_t *term_hashes; // map_hash of those names, one behind the other
    Pages *terms; // set by site_build, by taxonomy: the terms of this piece
    Str title, link_title, description, sapo, layout, slug;
    Date lastmod, publish, expiry;
    int64_t weight;
    Strs aliases;                        // as written
    Str translation_key, translation_of; // as written
    Str url_wish;                        // front matter `url`
    Strs outputs; // front matter `outputs`: html, rss, atom, jsonfeed,
                  // calendar; none: all
    Value meta;   // effective front matter: own and cascaded
    Value params;
    size_t body_at, body_len; // its body in src->text, which may not be loaded
    uint32_t body_line;
    Hash front_hash; // of the effective front matter
    Hash head_hash;  // of the text above the body
    Hash body_hash;

    // Set by site_build.
    Str group;               // what it shares with its translations
    Pages translations;      // the others, in the order of the languages
    const Page *prev, *next; // older and newer piece of the section
    const Page *parent;      // in the tree of its type
    Pages children;
    Pages members;  // of a list: newest first; a taxonomy: terms by name
    Pages dated;    // those of them that belong in feeds and archives
    Pages archives; // of home and sections: years, newest first; of a year:
                    // its months
    Pages related;
    Inverse *inverse; // newest first
    size_t ninverse;
    const Page *owner;   // a year or month: whose archive; a term: its taxonomy
    const Page *witness; // a term without a file: the oldest piece with it
    int year, month;     // of an archive
    Str plural;          // of a taxonomy or term: "tags"
};

// The body of a page whose source has its text.
Str page_body(const Page *page);

// What is known of a content file before its front matter is.
typedef struct {
    const Source *src;
    Value meta;               // its front matter, keys in lower case
    size_t body_at, body_len; // where its body is in the text of src
    uint32_t body_line;
    Hash meta_hash, head_hash, body_hash;
    bool is_read;     // the front matter is good
    bool is_section;  // _index.md
    bool is_bundle;   // index.md
    bool is_resource; // Markdown inside a bundle: not a page
} Draft;

// Makes the page of one content file; cfg->front_keys are set. `cascade` are
// the maps that apply, the nearest first. Pure; on any thread.
bool page_from_draft(Job *job, const Config *cfg, const TypeSet *types,
                     const Draft *draft, const Cascades *cascade, Page *p);

// A page whose file has errors: known by path and id, so that links to it are
// not taken for mistakes, and left out (SKIP_BROKEN).
void page_broken(Job *job, const Config *cfg, const TypeSet *types,
                 const Draft *draft, Page *p);

// Sets what is only another form of the rest. On any thread.
void page_note(Arena *a, const Config *cfg, Page *page);

// Sets page->skip and page->is_pinned for this instant.
void page_select(const Config *cfg, Clock *clock, Page *page);

// Sets page->phase from the window of its type.
void page_phase(const Config *cfg, Clock *clock, Page *page);

// Gives each item of the list that `window: {each: ...}` names, and each map
// with a `window` of its own, its `phase`.
void page_phase_items(Job *job, const Config *cfg, Clock *clock, Page *page);

const char *page_kind_name(PageKind kind);
Str page_phase_name(const Page *page); // empty: none
bool page_is_list(const Page *page);

// The page above it in its language: in the tree of its type, else its section;
// NULL for home.
const Page *page_above(const Page *page);

// Whether `outputs` of the page's front matter leaves this format on.
bool page_wants(const Page *page, Str format);

// Where a message about this page points: the value of `key` in its front
// matter, or the top of the file.
Pos page_pos(const Page *page, Str key);

// The page itself or its translation in that language; NULL: there is none.
const Page *page_translation(const Page *page, uint8_t lang);
// The page itself when there is none.
const Page *page_in(const Page *page, uint8_t lang);

#endif
