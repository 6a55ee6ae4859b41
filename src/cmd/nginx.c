// One file for /etc/nginx/conf.d/ or sites-available/.
//
// No location has an add_header of its own, for that would drop those of the
// server: what differs by path comes from a map. Errors are shown by a named
// location, for which nginx does not look at the redirects again.
#include "cmd/webserver.h"

#define TRACKING "(?:fbclid|gclid|zarsrc|utm_[a-z]+)="

enum {
    KEY_FITS = 40, // bytes of a key in a bucket of nginx's own size
    FEW = 200,     // long keys
    MANY = 1000,   // keys
};

static void put_regex(Buf *out, Str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' || s.ptr[i] == '?')
            buf_putc(out, '\\');
        buf_putc(out, s.ptr[i]);
    }
}

static bool is_long(const Redirect *r) {
    return r->from.len > KEY_FITS;
}

// A long key is a regular expression as long as there are only a few.
static void put_entry(Buf *out, const Redirect *r, bool is_long_regex) {
    buf_put(out, S("    \""));
    if (r->is_exact || (is_long(r) && is_long_regex)) {
        buf_put(out, r->is_exact ? S("~^") : S("~*^"));
        put_regex(out, r->from);
        buf_putc(out, '$');
    } else {
        buf_put(out, r->from);
    }
    buf_put(out, r->to.len ? S("\" \"") : S("\" 1"));
    if (r->to.len)
        buf_fmt(out, "%.*s\"", STR_ARG(r->to));
    buf_put(out, S(";\n"));
}

static size_t count_long(const Redirects *m) {
    size_t n = 0;
    for (size_t i = 0; i < m->len; i++)
        n += is_long(&m->items[i]);
    return n;
}

Str nginx_map_name(bool is_gone, bool has_query) {
    if (is_gone)
        return has_query ? S("gone-query.map") : S("gone.map");
    return has_query ? S("moved-query.map") : S("moved.map");
}

void nginx_map(Buf *out, const Redirects *m, bool is_gone, bool has_query) {
    size_t count = count_long(m);
    for (size_t i = 0; i < m->len; i++)
        if (!m->items[i].to.len == is_gone &&
            m->items[i].has_query == has_query)
            put_entry(out, &m->items[i], count <= FEW);
}

static void put_map(Buf *out, const WebServer *s, bool is_gone,
                    bool has_query) {
    const char *name = is_gone ? "gone" : "moved";
    const Redirects *m = &s->map;
    if (has_query) {
        buf_fmt(out, "map $asked_%.*s $%s_query_%.*s {\n    default \"\";\n",
                STR_ARG(s->tag), name, STR_ARG(s->tag));
    } else {
        buf_fmt(out, "map $path_%.*s $%s_%.*s {\n    default $%s_query_%.*s;\n",
                STR_ARG(s->tag), name, STR_ARG(s->tag), name, STR_ARG(s->tag));
    }
    if (s->maps.len)
        buf_fmt(out, "    include \"%.*s/%.*s\";\n", STR_ARG(s->maps),
                STR_ARG(nginx_map_name(is_gone, has_query)));
    else
        nginx_map(out, m, is_gone, has_query);
    buf_put(out, S("}\n"));
}

// nginx wants a key to fit into one bucket, and a bucket for each key. The two
// lines hold for the whole server and have to come before its first map, so
// they are only there for a site with very many old addresses.
static void put_map_sizes(Buf *out, const Redirects *m) {
    size_t longest = 0, bucket = 128, slots = 2048;
    if (count_long(m) <= FEW && m->len <= MANY)
        return;
    for (size_t i = 0; i < m->len; i++)
        if (m->items[i].from.len > longest)
            longest = m->items[i].from.len;
    while (bucket < longest + 32)
        bucket *= 2;
    while (slots < 2 * m->len)
        slots *= 2;
    buf_fmt(out,
            "# Only once in a server, before its first map: where nginx says "
            "\"duplicate\",\n# move the two lines into nginx.conf, after "
            "\"http {\".\n"
            "map_hash_bucket_size %zu;\nmap_hash_max_size %zu;\n\n",
            bucket, slots);
}

// Below the folder of a language, the page in that language.
static void put_missing(Buf *out, const WebServer *s) {
    if (!s->langs.len)
        return;
    buf_fmt(out, "map $request_uri $missing_%.*s {\n    default /404.html;\n",
            STR_ARG(s->tag));
    for (size_t i = 0; i < s->langs.len; i++)
        buf_fmt(out, "    \"~^%.*s/%.*s/\" /%.*s/404.html;\n", STR_ARG(s->base),
                STR_ARG(s->langs.items[i]), STR_ARG(s->langs.items[i]));
    buf_put(out, S("}\n"));
}

static void put_maps(Buf *out, const WebServer *s) {
    Str tag = s->tag, base = s->base;
    buf_fmt(out,
            "map $uri $cache_%.*s {\n"
            "    default \"no-cache\";\n"
            "    \"~^%.*s/(?:css|img|js)/.*[.-][0-9a-f]{16,64}\\.[a-z0-9]+$\" "
            "\"public, max-age=31536000, immutable\";\n"
            "    \"~^%.*s/(?:css|img|js)/\" \"public, max-age=86400\";\n"
            "    \"~*\\.(?:png|jpe?g|webp|avif|gif|svg|ico|woff2?|mp3|m4a|mp4|"
            "webm)$\" \"public, max-age=86400\";\n"
            "}\n",
            STR_ARG(tag), STR_ARG(base), STR_ARG(base));
    put_missing(out, s);
    if (!s->map.len && !s->maps.len)
        return;
    buf_put(out, S("\n# Old addresses, without what other sites hang on "
                   "behind them.\n"));
    buf_fmt(out,
            "map $request_uri $asked_%.*s {\n    default $request_uri;\n"
            "    \"~^(?<head_%.*s>.*?)[?&]" TRACKING "\" $head_%.*s;\n}\n",
            STR_ARG(tag), STR_ARG(tag), STR_ARG(tag));
    buf_fmt(out,
            "map $asked_%.*s $path_%.*s {\n    default \"\";\n"
            "    \"~^(?<stem_%.*s>[^?]+?)/*(?:\\?|$)\" $stem_%.*s;\n}\n",
            STR_ARG(tag), STR_ARG(tag), STR_ARG(tag), STR_ARG(tag));
    for (int i = 0; i < 4; i++)
        put_map(out, s, i < 2, !(i & 1));
}

static void put_types(Buf *out) {
    buf_put(out, S("    types {\n"));
    for (const WebType *t = web_types; t->type.len; t++)
        buf_fmt(out, "        %.*s %.*s;\n", STR_ARG(t->type),
                STR_ARG(t->endings));
    buf_put(out, S("    }\n    default_type application/octet-stream;\n"
                   "    charset utf-8;\n    charset_types"));
    for (const Str *t = web_utf8_types; t->len; t++)
        buf_fmt(out, " %.*s", STR_ARG(*t));
    buf_put(out, S(";\n    gzip on;\n    gzip_vary on;\n    gzip_min_length "
                   "1024;\n    gzip_types"));
    for (const Str *t = web_utf8_types; t->len; t++)
        buf_fmt(out, " %.*s", STR_ARG(*t));
    buf_put(out, S(";\n"));
}

static void put_headers(Buf *out, const WebServer *s) {
    for (const WebHeader *h = web_headers(out->arena, s); h->name.len; h++)
        buf_fmt(out, "    add_header %.*s \"%.*s\" always;\n", STR_ARG(h->name),
                STR_ARG(h->value));
    buf_put(out, S("    # After a month without trouble over https:\n"
                   "    # add_header Strict-Transport-Security "
                   "\"max-age=31536000\" always;\n"));
    buf_fmt(out, "    add_header Cache-Control $cache_%.*s always;\n",
            STR_ARG(s->tag));
}

static void put_listen(Buf *out, const WebServer *s) {
    if (s->listen.len)
        buf_fmt(out, "    listen %.*s;\n", STR_ARG(s->listen));
    else
        buf_put(out, S("    listen 80;\n    listen [::]:80;\n"));
}

// The redirects come first of all, also for a path that a file of loa's own
// (a page that leads on) still answers.
static void put_redirects(Buf *out, const WebServer *s, Str prefix) {
    if (!s->map.len && !s->maps.len)
        return;
    buf_fmt(out,
            "    if ($gone_%.*s) {\n        return 410;\n    }\n"
            "    if ($moved_%.*s) {\n        return 301 %.*s$moved_%.*s;\n"
            "    }\n",
            STR_ARG(s->tag), STR_ARG(s->tag), STR_ARG(prefix), STR_ARG(s->tag));
}

static void put_locations(Buf *out, const WebServer *s) {
    if (s->base.len)
        buf_fmt(out,
                "    location = %.*s {\n        return 301 %.*s/;\n    }\n"
                "    location / {\n        return 404;\n    }\n",
                STR_ARG(s->base), STR_ARG(s->base));
    buf_fmt(out, "    location %.*s/ {\n", STR_ARG(s->base));
    if (s->base.len)
        buf_fmt(out, "        alias \"%.*s/\";\n", STR_ARG(s->root));
    buf_put(out, S("        location ~ /\\.(?!well-known/) {\n"
                   "            return 404;\n        }\n"));
    for (const WebType *t = web_feeds; t->type.len; t++) {
        buf_put(out, S("        location ~ /"));
        put_regex(out, t->endings);
        buf_fmt(out,
                "$ {\n            types {}\n            default_type "
                "%.*s;\n        }\n",
                STR_ARG(t->type));
    }
    buf_put(out, S("    }\n    location @missing {\n        rewrite ^ "));
    if (s->langs.len)
        buf_fmt(out, "$missing_%.*s", STR_ARG(s->tag));
    else
        buf_put(out, S("/404.html"));
    buf_put(out, S(" break;\n    }\n"));
}

static void put_server(Buf *out, const WebServer *s) {
    buf_put(out, S("\nserver {\n"));
    put_listen(out, s);
    buf_fmt(out,
            "    server_name %.*s;\n    root \"%.*s\";\n    index index.html;\n"
            "    server_tokens off;\n    absolute_redirect off;\n",
            STR_ARG(s->host.len ? s->host : S("_")), STR_ARG(s->root));
    put_types(out);
    put_headers(out, s);
    buf_put(out, S("    error_page 403 404 =404 @missing;\n"
                   "    error_page 410 @missing;\n"));
    put_redirects(out, s, (Str){0});
    put_locations(out, s);
    buf_put(out, S("}\n"));
}

// The hosts that old addresses name lead to the new one.
static void put_old_hosts(Buf *out, const WebServer *s) {
    if (!s->map.old_hosts.len || !s->host.len)
        return;
    buf_put(out, S("\nserver {\n"));
    put_listen(out, s);
    buf_put(out, S("    server_name"));
    for (size_t i = 0; i < s->map.old_hosts.len; i++)
        buf_fmt(out, " %.*s", STR_ARG(s->map.old_hosts.items[i]));
    buf_put(out, S(";\n    server_tokens off;\n"));
    Str home = str_fmt(out->arena, "%.*s", STR_ARG(s->origin));
    put_redirects(out, s, home);
    buf_fmt(out, "    return 301 %.*s%.*s/;\n}\n", STR_ARG(home),
            STR_ARG(s->base));
}

void nginx_write(Buf *out, const WebServer *s) {
    buf_put(out, S("# nginx, made by `loa config nginx`. Into "
                   "/etc/nginx/conf.d/, then: nginx -t && nginx -s reload\n"
                   "# For https: certbot --nginx\n\n"));
    put_map_sizes(out, &s->map);
    put_maps(out, s);
    put_server(out, s);
    put_old_hosts(out, s);
}
