// The whole site as data. site_build is the only function that writes to it;
// everyone after it holds a const Site *.
#ifndef LOA_MODEL_SITE_H
#define LOA_MODEL_SITE_H

#include "model/url.h"

typedef struct MenuEntry {
    Str name, url; // url as a site path, or absolute
    Str id, parent;
    int64_t weight;
    const Page *page; // NULL for an outside address
    uint8_t lang;     // of the name
    bool is_foreign;  // it leads to a page in another language
    struct MenuEntry *children;
    size_t nchildren;
} MenuEntry;

typedef struct {
    Str name;
    MenuEntry *items;
    size_t len;
} Menu;

typedef struct Record Record; // model/record.h

// What the site is in one language.
typedef struct {
    const Language *language;
    const Page *home; // NULL: nothing is in that language
    Pages regular;    // pieces, newest first
    Menu *menus;
    size_t nmenus;
    Map i18n; // key -> Value *: text or {one, other}
} Edition;

// A file in content/ that is copied.
typedef struct {
    const Source *src;
    const Page *page; // the bundle or section it belongs to
    Str url;          // empty: its page is left out, and so is the file
} Resource;

// The documents with one number, newest first.
typedef struct Shelf {
    const Page *page;
    int year; // in which it was issued; 0: not known
    struct Shelf *next;
} Shelf;

// A day that years are counted from, by one of its names.
typedef struct {
    Str name, key; // key: text_key
    int year;
} Anniversary;

typedef struct {
    const Config *cfg;
    const TypeSet *types;
    const SourceSet *sources;
    const Record *record; // NULL: the site keeps none
    Date now;
    Clock clock;   // that instant, and what the model asked of it
    Pages pages;   // all that is published, lists and archives too; by index
    Pages regular; // pieces in all languages, newest first
    const Page *home, *not_found; // in the default one
    Map by_url;                   // of Page *
    Map by_file;   // rel of a content file -> Page *, also of skipped ones
    Map *refs;     // [language][type]: id -> Page *, also of skipped ones
    Map statics;   // "/css/site.css" -> Source *
    Map library;   // key of a document number -> Shelf *
    Map resources; // rel -> Resource *
    Resource *resource_items;
    size_t nresources;
    Edition *editions; // by Page.lang
    Value data;
    Anniversary *anniversaries; // of data/anniversaries.yaml
    size_t nanniversaries;
    Pages skipped; // the pages left out, for `loa list` and messages
} Site;

typedef struct {
    const Config *cfg;
    const TypeSet *types;
    const SourceSet *sources;
    const Record *record; // may be NULL
    Page *pages;          // from files; site_build moves them
    size_t npages;
    Date now;
} SiteInput;

// Selects, orders and relates the pages, and adds the ones without files.
bool site_build(Job *job, const SiteInput *in, Site *out);

// What a path written in a piece means: relative to its folder, or from the
// content root (or static/) when it begins with a slash. All NULL: nothing.
typedef struct {
    const Page *page; // a page of the site; page->skip tells one left out
    const Resource *resource;
    const Source *file; // in static/
    Str url;            // site path, empty for a page left out
} Target;

Target site_resolve(Arena *a, const Site *site, const Page *from, Str path);

// The page that a reference means to a piece in that language: the one in the
// same language, else in the default one, else in any. NULL: there is none.
const Page *site_ref(const Site *site, Str type, Str id, uint8_t lang);

// The document a number in running text means, in that language or its own;
// `year` as the text says it, 0 when it does not. NULL: none, or several.
const Page *site_document(const Site *site, Str key, int year, uint8_t lang);
// All that site_document may answer, and what those documents are called.
void site_hash_library(Hasher *h, const Site *site);

// Newest first: by date, then id, then path.
void pages_sort(Pages *pages);

const Page *site_page_by_url(const Site *site, Str url);

#endif
