// loa config: the configuration of a web server for the site as built.
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "cmd/args.h"
#include "cmd/webserver.h"
#include "load.h"

typedef struct {
    Str name, origin;
} Provider;

static const Provider providers[] = {
    {S_INIT("youtube"), S_INIT("https://www.youtube-nocookie.com")},
    {S_INIT("vimeo"), S_INIT("https://player.vimeo.com")},
    {S_INIT("facebook"), S_INIT("https://www.facebook.com")},
    {S_INIT("dailymotion"), S_INIT("https://geo.dailymotion.com")},
};

enum { NPROVIDERS = sizeof providers / sizeof *providers };

// --- Content-Security-Policy

static bool is_host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '-';
}

static bool is_host(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_host_byte(s.ptr[i]))
            return false;
    return s.len > 0;
}

// A provider by name, or an origin of one's own: https://video.tld.
static bool provider_origin(Str name, Str *out) {
    for (size_t i = 0; i < NPROVIDERS; i++)
        if (str_eq_nocase(providers[i].name, name)) {
            *out = providers[i].origin;
            return true;
        }
    *out = name;
    return str_starts(name, S("https://")) &&
           is_host(str_slice(name, 8, name.len));
}

static bool complain_provider(Job *job, const Config *cfg, const Value *v) {
    Str name = v->kind == VALUE_STR ? v->as.s : (Str){0}, names[NPROVIDERS];
    for (size_t i = 0; i < NPROVIDERS; i++)
        names[i] = providers[i].name;
    Pos pos = cfg->src ? source_pos(cfg->src, v->line, v->col) : (Pos){0};
    diag_error(job->diags, "E-CONFIG", pos,
               _("loa knows no video provider '%.*s'"), STR_ARG(name));
    Str near = nearest(name, (Strs){names, NPROVIDERS});
    if (near.len)
        diag_hint(job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(job->diags,
                  _("write youtube, vimeo, facebook, dailymotion or the "
                    "address of one, such as https://video.example"));
    return false;
}

static bool add_frames(Job *job, const Config *cfg, Buf *csp) {
    const Value *v = value_get(&cfg->params, S("video_providers"));
    if (!v || v->kind == VALUE_NULL)
        return true;
    const Value *items = v->kind == VALUE_LIST ? v->as.list.items : v;
    size_t n = v->kind == VALUE_LIST ? v->as.list.len : 1;
    bool ok = true;
    if (n)
        buf_put(csp, S("; frame-src"));
    for (size_t i = 0; i < n; i++) {
        Str origin = {0};
        if (items[i].kind == VALUE_STR &&
            provider_origin(items[i].as.s, &origin))
            buf_fmt(csp, " %.*s", STR_ARG(origin));
        else
            ok = complain_provider(job, cfg, &items[i]);
    }
    return ok;
}

static bool has_static(const Site *site, Str ext) {
    for (size_t i = 0; i < site->statics.len; i++)
        if (str_eq(path_ext(site->statics.items[i].key), ext))
            return true;
    return false;
}

static bool find_csp(Job *job, const Loaded *l, Str *out) {
    Buf csp = {.arena = job->keep};
    buf_put(&csp, S("default-src 'none'; img-src 'self'; style-src 'self'; "
                    "font-src 'self'; media-src 'self'; connect-src 'self'"));
    if (has_static(&l->site, S("js")) || has_static(&l->site, S("mjs")))
        buf_put(&csp, S("; script-src 'self'"));
    if (has_static(&l->site, S("webmanifest")))
        buf_put(&csp, S("; manifest-src 'self'"));
    bool ok = add_frames(job, &l->cfg, &csp);
    buf_put(&csp, S("; form-action 'self'; base-uri 'none'; "
                    "frame-ancestors 'none'"));
    *out = buf_str(&csp);
    return ok;
}

// --- where it is

// The host without scheme and port; empty when there is no baseURL.
static bool find_host(Job *job, const Config *cfg, Str *out) {
    Str host = cfg->host;
    size_t at = str_find(host, S("//"), 0);
    if (!host.len)
        return true;
    host = str_slice(host, at + 2, host.len);
    size_t colon = str_find(host, S(":"), 0);
    *out = str_slice(host, 0, colon < host.len ? colon : host.len);
    if (is_host(*out))
        return true;
    diag_error(job->diags, "E-CONFIG", (Pos){.path = S("baseURL")},
               _("'%.*s' cannot be the name of a web server"), STR_ARG(*out));
    diag_hint(job->diags, _("write a name with marks in its xn-- form"));
    return false;
}

static bool is_harmless_path(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f ||
            strchr("\"'\\${};#`*?", s.ptr[i]))
            return false;
    return s.len > 1 && s.ptr[0] == '/' && !str_ends(s, S("/"));
}

// --root, else the folder that `loa build` writes, as an absolute path.
static bool find_root(Job *job, const Args *args, const BuildOptions *opt,
                      const Config *cfg, Str *out) {
    Arena *a = job->keep;
    Str root = args_get(args, "--root"), dir = cfg->publish_dir;
    while (root.len > 1 && str_ends(root, S("/")))
        root.len--;
    if (!root.len && !opt->flags.publish_dir.len && !str_starts(dir, S("/")))
        root = path_join(a, fs_true_path(a, opt->source), dir);
    else if (!root.len)
        root = fs_true_path(a, dir).len ? fs_true_path(a, dir) : dir;
    *out = root;
    if (is_harmless_path(root))
        return true;
    diag_error(job->diags, "E-CONFIG", (Pos){0},
               _("'%.*s' cannot be the folder of a web server"), STR_ARG(root));
    diag_hint(job->diags, _("say where it will be with --root "
                            "/var/www/tin.example"));
    return false;
}

// --maps: where the server has what lies in .loa/server/.
static bool find_maps(Job *job, const Args *args, Str *out) {
    Str maps = args_get(args, "--maps");
    while (maps.len > 1 && str_ends(maps, S("/")))
        maps.len--;
    *out = maps;
    if (!args_has(args, "--maps") || is_harmless_path(maps))
        return true;
    diag_error(job->diags, "E-USAGE", (Pos){0},
               _("'%.*s' cannot be the folder of the maps"), STR_ARG(maps));
    diag_hint(job->diags, _("write it from the root: --maps "
                            "/etc/nginx/tin.example"));
    return false;
}

static bool find_listen(Job *job, const Args *args, Str *out) {
    Str s = *out = args_get(args, "--listen");
    bool ok = !args_has(args, "--listen") || s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        ok &= is_host_byte(s.ptr[i]) || strchr("[]:", s.ptr[i]);
    if (ok)
        return true;
    diag_error(job->diags, "E-USAGE", (Pos){0},
               _("'%.*s' is no address to listen on"), STR_ARG(s));
    diag_hint(job->diags, _("write it as 127.0.0.1:8080"));
    return false;
}

// A name for variables, so that several sites may live in one server.
static Str find_tag(Arena *a, const WebServer *s) {
    Buf b = {.arena = a};
    const Str parts[] = {s->host.len ? s->host : S("loa"), s->base};
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < parts[p].len; i++) {
            char c = parts[p].ptr[i];
            bool is_word = is_host_byte(c) && c != '.' && c != '-';
            buf_putc(&b, is_word ? c : '_');
        }
    return str_lower(a, buf_str(&b));
}

static bool is_harmless_base(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!is_host_byte(s.ptr[i]) && !strchr("/_~", s.ptr[i]))
            return false;
    return true;
}

static bool find_base(Job *job, const Config *cfg, WebServer *s) {
    s->base = cfg->base_path;
    s->origin = cfg->host;
    if (is_harmless_base(s->base))
        return true;
    return diag_error(job->diags, "E-SERVER-URL", (Pos){.path = S("baseURL")},
                      _("'%.*s' cannot stand in the configuration of a web "
                        "server"),
                      STR_ARG(s->base));
}

// The other languages that have pages, and so a 404 page of their own.
static void find_languages(Job *job, const Loaded *l, WebServer *s) {
    const Config *cfg = &l->cfg;
    s->langs.items = ARENA_ARRAY(job->keep, Str, cfg->nlanguages);
    for (size_t i = 1; i < cfg->nlanguages; i++)
        if (l->site.editions[i].home)
            s->langs.items[s->langs.len++] = cfg->languages[i].key;
}

static bool gather(Job *job, const Args *args, const BuildOptions *opt,
                   const Loaded *l, WebServer *s) {
    bool ok = find_base(job, &l->cfg, s);
    ok &= find_host(job, &l->cfg, &s->host);
    ok &= find_root(job, args, opt, &l->cfg, &s->root);
    ok &= find_csp(job, l, &s->csp);
    ok &= webmap_collect(job, l, &s->map);
    find_languages(job, l, s);
    s->tag = find_tag(job->keep, s);
    return ok;
}

// --- the command

typedef void WriteFn(Buf *out, const WebServer *s);

static WriteFn *find_writer(Job *job, const Args *args) {
    Str name = args->nrest ? args->rest[0] : (Str){0};
    if (str_eq(name, S("nginx")))
        return nginx_write;
    if (str_eq(name, S("caddy")))
        return caddy_write;
    if (name.len)
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa config does not know the web server '%.*s'"),
                   STR_ARG(name));
    else
        diag_error(job->diags, "E-USAGE", (Pos){0},
                   _("loa config needs the name of a web server"));
    diag_hint(job->diags, _("write: loa config nginx, or: loa config caddy"));
    return NULL;
}

static int print_config(Job *job, const Args *args, const BuildOptions *opt,
                        unsigned threads, WriteFn *write) {
    Loaded loaded;
    WebServer s = {0};
    if (!find_listen(job, args, &s.listen) || !find_maps(job, args, &s.maps))
        return EXIT_USAGE;
    Pool *pool = pool_new(threads);
    BuildResult result = build_load(job, pool, opt, &loaded);
    size_t errors = job->diags->errors;
    if (result == BUILD_GOOD && gather(job, args, opt, &loaded, &s)) {
        Buf out = {.arena = job->keep};
        write(&out, &s);
        fwrite(out.ptr, 1, out.len, stdout);
    } else if (result == BUILD_GOOD && job->diags->errors > errors) {
        result = BUILD_CONTENT;
    }
    load_free(&loaded);
    pool_free(pool);
    return (int)result;
}

int cmd_config(Job *job, int argc, char **argv) {
    Args args;
    BuildOptions opt;
    unsigned threads;
    if (!args_parse(job, argc, argv, 1, &args) ||
        !args_build_options(job, &args, &opt, &threads))
        return EXIT_USAGE;
    WriteFn *write = find_writer(job, &args);
    if (!write)
        return EXIT_USAGE;
    opt.flags.publish_dir = args_get(&args, "--destination");
    opt.flags.base_url = args_get(&args, "--baseURL");
    return print_config(job, &args, &opt, threads, write);
}
