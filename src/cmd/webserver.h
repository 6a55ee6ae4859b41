// What a web server has to know of the site as built, gathered once; nginx.c
// and caddy.c only write it down.
#ifndef LOA_CMD_WEBSERVER_H
#define LOA_CMD_WEBSERVER_H

#include "build.h"
#include "plan/redirects.h"

typedef struct {
    Str host;   // "tin.example"; empty: any
    Str origin; // "https://tin.example"
    Str listen; // what --listen says; empty: the usual ports
    Str root;   // the folder with the site, absolute
    Str base;   // path of baseURL: "" or "/congdoan"
    Str csp;    // Content-Security-Policy
    Strs langs; // folders of the other languages, each with a 404.html
    Str maps; // folder with the maps of old addresses; empty: they are printed
    Str tag;  // host and base path as a name: "tin_example_congdoan"
    Redirects map;
} WebServer;

// What goes into the include of headers, the same everywhere.
typedef struct {
    Str name, value;
} WebHeader;

// Types of files by ending; feeds are known by name (web_feeds).
typedef struct {
    Str type, endings; // "image/jpeg", "jpg jpeg"
} WebType;

extern const WebType web_types[]; // ends with an empty one
extern const WebType web_feeds[]; // type, name of the file; likewise

// Text types that are sent as UTF-8.
extern const Str web_utf8_types[]; // likewise

// Security headers, the policy of this site first; ends with an empty one.
const WebHeader *web_headers(Arena *a, const WebServer *s);

// Old addresses. False after an error, also of one no server can be told.
bool webmap_collect(Job *job, const Loaded *l, Redirects *out);

// The lines of one of the four maps of old addresses, and the file that a build
// keeps it in.
void nginx_map(Buf *out, const Redirects *m, bool is_gone, bool has_query);
Str nginx_map_name(bool is_gone, bool has_query);

void nginx_write(Buf *out, const WebServer *s);
void caddy_write(Buf *out, const WebServer *s);

#endif
