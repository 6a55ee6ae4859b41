// The Site under construction. Only site.c and its helpers see it: they add
// pages and set the fields that page.h keeps for site_build.
#ifndef LOA_MODEL_BUILDER_H
#define LOA_MODEL_BUILDER_H

#include "model/site.h"

typedef struct {
    Job *job;
    const SiteInput *in;
    Site *site;
    Page **all; // by index
    size_t len, cap;
    Map sections; // path -> Page *, home is ""
    Map hidden;   // top folders whose _index.md is left out
    Clock *clock; // the site's
    bool ok;
} Builder;

// Adds a page and gives it its index. The pointer stays good.
Page *builder_add(Builder *b, const Page *page);

// The page behind a const one, to set its fields.
Page *builder_page(const Builder *b, const Page *page);

// In the order of the site's time zone.
DateParts builder_parts(const Builder *b, Date d);

Pages pages_new(Arena *a, size_t len);

// The home page in the language of `page`.
const Page *builder_home(const Builder *b, const Page *page);

bool page_is_dated(const Page *page);

// Whether a field may be of one of those kinds (1u << FieldKind), or has such
// a key in its map, at any depth.
bool field_holds(const Field *f, uint32_t kinds);

// Pages in other languages share the id of the one they translate. `files` are
// all, also those left out. Before references are resolved.
void translations_link(Builder *b, Page **files, size_t n);
// Sets Page.translations; a last time when the lists are there, and then says
// what is wrong.
void translations_build(Builder *b, bool is_last);

// Each adds pages or sets fields; in this order.
void sections_build(Builder *b);   // home, sections, members
void relations_build(Builder *b);  // refs, inverses, trees
void taxonomies_build(Builder *b); // taxonomies, terms
void archives_build(Builder *b);   // dated, years and months
void neighbours_build(Builder *b); // prev, next
void related_build(Builder *b);
void menus_build(Builder *b);
void i18n_build(Builder *b); // i18n and data files
void anniversaries_read(Builder *b, const Source *src, const Value *v);

#endif
