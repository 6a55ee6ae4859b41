// One site block for a Caddyfile. Caddy's maps compare with regard to case;
// otherwise the rules are those of nginx.c. All stands in a `route`, because
// Caddy otherwise puts directives into an order of its own.
#include "cmd/webserver.h"

#define TRACKING "(?:fbclid|gclid|zarsrc|utm_[a-z]+)="

static void put_map(Buf *out, const WebServer *s, bool has_query) {
    const Redirects *m = &s->map;
    buf_fmt(out, "\tmap {loa_%s} {loa_%s_moved} {loa_%s_gone} {\n",
            has_query ? "asked" : "path", has_query ? "query" : "path",
            has_query ? "query" : "path");
    for (size_t i = 0; i < m->len; i++) {
        const Redirect *r = &m->items[i];
        if (r->has_query != has_query)
            continue;
        buf_fmt(out, "\t\t\"%.*s\" \"%.*s\" \"%s\"\n", STR_ARG(r->from),
                STR_ARG(r->to), r->to.len ? "" : "1");
    }
    buf_put(out, S("\t\tdefault \"\" \"\"\n\t}\n"));
}

static void put_move(Buf *out, const char *kind, Str prefix) {
    buf_fmt(out,
            "\t@moved_%s not vars {loa_%s_moved} \"\"\n"
            "\tredir @moved_%s %.*s{loa_%s_moved} 301\n"
            "\t@gone_%s vars {loa_%s_gone} 1\n"
            "\terror @gone_%s 410\n",
            kind, kind, kind, STR_ARG(prefix), kind, kind, kind, kind);
}

static void put_redirects(Buf *out, const WebServer *s, Str prefix) {
    if (!s->map.len)
        return;
    buf_put(out, S("\tmap {uri} {loa_asked} {\n"
                   "\t\t\"~^(.*?)[?&]" TRACKING "\" \"${1}\"\n"
                   "\t\tdefault {uri}\n\t}\n"
                   "\tmap {loa_asked} {loa_path} {\n"
                   "\t\t\"~^([^?]+?)/*(?:\\?|$)\" \"${1}\"\n"
                   "\t\tdefault \"\"\n\t}\n"));
    put_map(out, s, true);
    put_map(out, s, false);
    put_move(out, "query", prefix);
    put_move(out, "path", prefix);
}

static void put_headers(Buf *out, const WebServer *s) {
    buf_put(out, S("\theader {\n"));
    for (const WebHeader *h = web_headers(out->arena, s); h->name.len; h++)
        buf_fmt(out, "\t\t%.*s \"%.*s\"\n", STR_ARG(h->name),
                STR_ARG(h->value));
    buf_put(out, S("\t\tCache-Control no-cache\n\t}\n\theader -Server\n"));
}

static void put_caching(Buf *out, const WebServer *s) {
    buf_fmt(out,
            "\t@day path_regexp \"^%.*s/(?:css|img|js)/|\\.(?:png|jpe?g|webp|"
            "avif|gif|svg|ico|woff2?|mp3|m4a|mp4|webm)$\"\n"
            "\theader @day Cache-Control \"public, max-age=86400\"\n"
            "\t@year path_regexp \"^%.*s/(?:css|img|js)/.*[.-][0-9a-f]{16,64}"
            "\\.[a-z0-9]+$\"\n"
            "\theader @year Cache-Control \"public, max-age=31536000, "
            "immutable\"\n",
            STR_ARG(s->base), STR_ARG(s->base));
}

static bool is_utf8(Str type) {
    for (const Str *t = web_utf8_types; t->len; t++)
        if (str_eq(*t, type))
            return true;
    return str_eq(type, S("text/html"));
}

// Deferred, for the file server has types of its own.
static void put_type(Buf *out, Str type, int number, Str paths) {
    buf_fmt(out,
            "\t@type%d path %.*s\n\theader @type%d {\n"
            "\t\tContent-Type \"%.*s%s\"\n\t\tdefer\n\t}\n",
            number, STR_ARG(paths), number, STR_ARG(type),
            is_utf8(type) ? "; charset=utf-8" : "");
}

// The matcher of one type: "*.jpg *.jpeg". The first header that is deferred
// acts last, so the feeds come before the endings.
static void put_types(Buf *out) {
    Arena *a = out->arena;
    int number = 1;
    for (const WebType *t = web_feeds; t->type.len; t++)
        put_type(out, t->type, number++,
                 str_fmt(a, "*/%.*s", STR_ARG(t->endings)));
    for (const WebType *t = web_types; t->type.len; t++) {
        Buf paths = {.arena = a};
        Str rest = t->endings, ending;
        while (str_cut(&rest, ' ', &ending))
            buf_fmt(&paths, "%s*.%.*s", paths.len ? " " : "", STR_ARG(ending));
        put_type(out, t->type, number++, buf_str(&paths));
    }
}

static void put_files(Buf *out, const WebServer *s) {
    buf_put(out, S("\t@hidden {\n\t\tpath */.*\n"
                   "\t\tnot path */.well-known/*\n\t}\n"
                   "\terror @hidden 404\n"));
    if (s->base.len)
        buf_fmt(out,
                "\tredir %.*s %.*s/ 301\n\thandle_path %.*s/* {\n"
                "\t\tfile_server\n\t}\n\thandle {\n\t\terror 404\n\t}\n",
                STR_ARG(s->base), STR_ARG(s->base), STR_ARG(s->base));
    else
        buf_put(out, S("\tfile_server\n"));
}

// Below the folder of a language, the page in that language.
static void put_missing(Buf *out, const WebServer *s) {
    for (size_t i = 0; i < s->langs.len; i++)
        buf_fmt(out, "\t@lang%zu path %.*s/%.*s/*\n", i, STR_ARG(s->base),
                STR_ARG(s->langs.items[i]));
    if (s->langs.len)
        buf_put(out, S("\t@main not path"));
    for (size_t i = 0; i < s->langs.len; i++)
        buf_fmt(out, " %.*s/%.*s/*", STR_ARG(s->base),
                STR_ARG(s->langs.items[i]));
    buf_fmt(out, "%s\troute {\n\trewrite %s /404.html\n",
            s->langs.len ? "\n" : "", s->langs.len ? "@main" : "*");
    for (size_t i = 0; i < s->langs.len; i++)
        buf_fmt(out, "\trewrite @lang%zu /%.*s/404.html\n", i,
                STR_ARG(s->langs.items[i]));
}

static void put_errors(Buf *out, const WebServer *s) {
    buf_put(out, S("\thandle_errors {\n"));
    put_missing(out, s);
    put_headers(out, s);
    buf_put(out, S("\theader Content-Type \"text/html; charset=utf-8\"\n"
                   "\tfile_server\n\t}\n\t}\n"));
}

static void put_address(Buf *out, const WebServer *s) {
    if (s->listen.len)
        buf_fmt(out, "http://%.*s", STR_ARG(s->listen));
    else
        buf_put(out, s->origin.len ? s->origin : S(":80"));
}

static void put_old_hosts(Buf *out, const WebServer *s) {
    const Strs *hosts = &s->map.old_hosts;
    if (!hosts->len || !s->host.len)
        return;
    buf_put(out, S("\n"));
    for (size_t i = 0; i < hosts->len; i++)
        buf_fmt(out, "%s%.*s", i ? ", " : "", STR_ARG(hosts->items[i]));
    buf_put(out, S(" {\n\troute {\n"));
    put_redirects(out, s, s->origin);
    buf_fmt(out, "\tredir %.*s%.*s/ 301\n\t}\n}\n", STR_ARG(s->origin),
            STR_ARG(s->base));
}

void caddy_write(Buf *out, const WebServer *s) {
    buf_put(out, S("# Caddyfile, made by `loa config caddy`. To try it: "
                   "caddy validate --adapter caddyfile --config FILE\n\n"));
    put_address(out, s);
    buf_fmt(out, " {\n\troot * \"%.*s\"\n\tencode gzip\n\troute {\n",
            STR_ARG(s->root));
    put_types(out);
    put_headers(out, s);
    put_caching(out, s);
    put_redirects(out, s, (Str){0});
    put_files(out, s);
    buf_put(out, S("\t}\n"));
    put_errors(out, s);
    buf_put(out, S("}\n"));
    put_old_hosts(out, s);
}
