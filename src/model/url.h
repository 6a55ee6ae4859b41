// Where a page lives. The one place that knows baseURL and its path.
#ifndef LOA_MODEL_URL_H
#define LOA_MODEL_URL_H

#include "model/page.h"

// The URL of a page made from a file: `url`, else a permalink pattern, else
// folders and base name. False with a diagnostic for what cannot be written.
bool url_of_page(Job *job, const Config *cfg, const Page *page, Str *out);

// Below the folder of the language: "/a/" is "/en/a/".
Str url_in_language(Arena *a, const Config *cfg, uint8_t lang, Str url);

// Whether every :word of a permalink is one loa knows; else *unknown is it.
bool url_pattern_is_known(Str pattern, Str *unknown);

// A path below the folder of a page's URL: "/a/" and "x" are "/a/x". Beside a
// page that is a file: "/a.html" and "x" are "/a.html.x".
Str url_below(Arena *a, Str url, Str name);

// "/a/" -> "a/index.html", "/a.html" -> "a.html", "/" -> "index.html"
Str url_to_path(Arena *a, Str url);

// What an author wrote or copied from a browser as the name of a file: %XX
// decoded once (not %00), NFC, no control characters.
Str url_decoded(Arena *a, Str s);

// How a page or file of the site is linked to, by its path: with the path of
// baseURL before it, percent-encoded; # ? and % in it are letters like any
// other.
Str url_href(Arena *a, const Config *cfg, Str path);
// With scheme and host.
Str url_permalink(Arena *a, const Config *cfg, Str path);

// The same for a URL that an author wrote: absolute ones and fragments come
// back as they are.
Str url_relative(Arena *a, const Config *cfg, Str url);
// With scheme and host.
Str url_absolute(Arena *a, const Config *cfg, Str url);

// One segment made of a title or term: the config's way of slugs.
Str url_slug(Arena *a, const Config *cfg, Str text);

#endif
