// Each layer (a file, a folder of files, the environment) becomes a map and is
// applied onto the Config, key by key, through one table. A later layer
// replaces what an earlier one said; only the maps in `params`, `menus`,
// `permalinks` and `checks` are merged.

#include "model/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/config_keys.h"
#include "parse/yaml.h"

typedef struct {
    Job *job;
    const Source *src;
    bool ok;
} Lower;

// Keys in lower case at every depth, so that lookups need not care.
static Value lower_keys(Lower *l, const Value *v) {
    Arena *a = l->job->keep;
    Value out = *v;
    if (v->kind == VALUE_LIST) {
        out.as.list.items = ARENA_ARRAY(a, Value, v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            out.as.list.items[i] = lower_keys(l, &v->as.list.items[i]);
    } else if (v->kind == VALUE_MAP) {
        out = value_map(a);
        out.line = v->line;
        out.col = v->col;
        for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
            const MapItem *item = &v->as.map->items[i];
            Str key = str_lower(a, item->key);
            if (value_get(&out, key)) {
                const Value *twin = item->val;
                l->ok = diag_error(
                    l->job->diags, "E-YAML-DUP",
                    source_pos(l->src, twin->line, twin->col),
                    _("the key '%.*s' is written twice; capitals make no "
                      "difference"),
                    STR_ARG(key));
                diag_hint(l->job->diags, _("keep one of the two"));
            }
            value_set(a, &out, key, lower_keys(l, item->val));
        }
    }
    return out;
}

static bool apply_file(Job *job, const Source *src, Str under, Config *cfg) {
    Value v;
    Lower l = {job, src, true};
    if (!yaml_to_value(job, src, src->text, 1, YAML_DATA, &v))
        return false;
    if (v.kind == VALUE_NULL)
        return true;
    v = lower_keys(&l, &v);
    if (under.len) { // params.yaml holds what stands under `params`
        Value outer = value_map(job->keep);
        value_set(job->keep, &outer, under, v);
        v = outer;
    }
    Hasher h = {cfg->hash};
    hasher_hash(&h, src->hash);
    cfg->hash = h.sum;
    return config_apply(job, src, &v, cfg) && l.ok;
}

// params.en.yaml: for one language. That of the site is as params.yaml.
static bool apply_language_file(Job *job, const Source *src, Str key, Str lang,
                                Config *cfg) {
    Value v, inner = value_map(job->keep), outer = value_map(job->keep);
    Lower l = {job, src, true};
    if (!yaml_to_value(job, src, src->text, 1, YAML_DATA, &v))
        return false;
    if (v.kind == VALUE_NULL)
        return true;
    Hasher h = {cfg->hash};
    hasher_hash(&h, src->hash);
    cfg->hash = h.sum;
    value_set(job->keep, &inner, key, lower_keys(&l, &v));
    value_set(job->keep, &outer, lang, inner);
    return config_apply_language(job, src, &outer, cfg) && l.ok;
}

static bool complain_toml(Job *job, Str path) {
    diag_error(job->diags, "E-CONFIG-TOML", (Pos){.path = path},
               _("settings in TOML are not read"));
    diag_hint(job->diags, _("write it as YAML, 'key: value' in place of 'key = "
                            "value', in a file that ends in .yaml"));
    return false;
}

// config/DIR/: every file's name is the key it holds; loa.yaml holds root keys.
static bool apply_folder(Job *job, const FsRoot *root, Str dir, Config *cfg) {
    FsList list;
    if (!fs_walk(job, root, dir, &list))
        return false;
    bool ok = true;
    for (size_t i = 0; i < list.len; i++) {
        Str path = list.items[i].path, ext = path_ext(path);
        if (str_eq(ext, S("toml")))
            ok = complain_toml(job, path);
        if (!str_eq(ext, S("yaml")) && !str_eq(ext, S("yml")) &&
            !str_eq(ext, S("json"))) // which is YAML, too
            continue;
        Source src;
        bool exists;
        if (!source_open(job, root, path, SOURCE_CONFIG, &exists, &src)) {
            ok = false;
            continue;
        }
        Str key = str_lower(job->keep, path_stem(path_base(path))), rest = key;
        str_cut(&rest, '.', &key);
        if (rest.len && !str_eq(rest, cfg->lang)) { // menus.en.yaml
            ok &= apply_language_file(job, &src, key, rest, cfg);
            continue;
        }
        bool is_root = str_eq(key, S("loa")) || str_eq(key, S("config")) ||
                       str_eq(key, S("hugo"));
        ok &= apply_file(job, &src, is_root ? (Str){0} : key, cfg);
    }
    return ok;
}

// LOA_PARAMS_SITE_NAME=x is params.site.name: x. The character after LOA is
// what parts are split at, so that LOAxPARAMSxAPI_KEY can hold underscores; a
// capital there is another word, such as LOADED.
static bool is_setting(Str name) {
    return name.len >= 5 && str_starts(name, S("LOA")) &&
           !(name.ptr[3] >= 'A' && name.ptr[3] <= 'Z') &&
           !config_is_reserved_variable(name);
}

// A list or a map is written as in YAML: LOA_DISABLEKINDS='[rss, sitemap]'.
static bool read_variable(Job *job, const Source *src, Str text, Value *out) {
    *out = value_str(str_copy(job->keep, text));
    out->flags = VALUE_PLAIN;
    if (!str_starts(text, S("[")) && !str_starts(text, S("{")))
        return true;
    Value v;
    Lower l = {job, src, true};
    if (!yaml_to_value(job, src, text, 1, YAML_DATA, &v))
        return false;
    *out = lower_keys(&l, &v);
    return l.ok;
}

static bool apply_variable(Job *job, Str name, Str text, Config *cfg) {
    Str path = str_slice(name, 4, name.len), part, parts[16];
    size_t n = 0;
    while (n < 16 && str_cut(&path, name.ptr[3], &part))
        parts[n++] = str_lower(job->keep, part);
    Source *src = ARENA_NEW(job->keep, Source);
    src->path = str_copy(job->keep, name);
    src->text = str_copy(job->keep, text);
    if (!config_key_is_known(parts[0])) {
        Str near = config_key_nearest(parts[0]);
        if (!near.len) // some other program's
            return true;
        diag_warn(job->diags, "W-ENV", source_pos(src, 0, 0),
                  _("no setting has this name; the variable is ignored"));
        Str upper = text_upper(job->scratch, near);
        diag_hint(job->diags, _("did you mean LOA%c%.*s?"), name.ptr[3],
                  STR_ARG(upper));
        return true;
    }
    Value v;
    if (text_invalid_at(text) != SIZE_MAX)
        return diag_error(job->diags, "E-UTF8", source_pos(src, 0, 0),
                          _("the variable is not UTF-8 text"));
    if (!read_variable(job, src, text, &v))
        return false;
    while (n-- > 0) {
        Value outer = value_map(job->keep);
        value_set(job->keep, &outer, parts[n], v);
        v = outer;
    }
    Hasher h = {cfg->hash};
    hasher_str(&h, name);
    hasher_str(&h, text);
    cfg->hash = h.sum;
    return config_apply(job, src, &v, cfg);
}

static int by_text(const void *a, const void *b) {
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

// In the order of their names, whatever order the shell has them in.
static bool apply_variables(Job *job, char *const *env, Config *cfg) {
    size_t n = 0;
    while (env && env[n])
        n++;
    Str *entries = ARENA_ARRAY(job->scratch, Str, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = str_from(env[i]);
    if (n)
        qsort(entries, n, sizeof *entries, by_text);
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        Str text = entries[i], name;
        if (str_cut(&text, '=', &name) && is_setting(name))
            ok &= apply_variable(job, name, text, cfg);
    }
    return ok;
}

static Strs copy_list(Arena *a, const Str *items, size_t n) {
    Str *copy = ARENA_ARRAY(a, Str, n);
    memcpy(copy, items, n * sizeof *copy);
    return (Strs){copy, n};
}

#define LIST(a, ...)                                                           \
    copy_list(a, (const Str[]){__VA_ARGS__},                                   \
              sizeof((const Str[]){__VA_ARGS__}) / sizeof(Str))

// The lists that have a default.
static void set_lists(Arena *a, Config *cfg) {
    cfg->dirs.statics = LIST(a, S("static"));
    cfg->related_fields = LIST(a, S("campaigns"), S("unit"), S("topics"));
    cfg->date_chain =
        LIST(a, S("date"), S("publishdate"), S("publish_at"), S("pubdate"),
             S("published"), S("lastmod"), S("updated"), S("modified"));
    cfg->lastmod_chain =
        LIST(a, S("lastmod"), S("updated"), S("modified"), S("date"),
             S("publishdate"), S("publish_at"), S("pubdate"), S("published"));
    cfg->publish_chain = LIST(a, S("publishdate"), S("publish_at"),
                              S("pubdate"), S("published"), S("date"));
    cfg->expiry_chain =
        LIST(a, S("expirydate"), S("expires"), S("unpublishdate"));
}

static void set_defaults(Job *job, Config *cfg) {
    static const TaxonomyDef plain[] = {
        {S_INIT("category"), S_INIT("categories")},
        {S_INIT("tag"), S_INIT("tags")}};
    *cfg = (Config){
        .lang = S("vi"),
        .locale = S("vi-VN"),
        .publish_dir = S("public"),
        .dirs = {.content = S("content"),
                 .layouts = S("layouts"),
                 .types = S("types"),
                 .i18n = S("i18n"),
                 .data = S("data"),
                 .themes = S("themes")},
        .robots = true,
        .pager_size = 10,
        .pager_path = S("trang"),
        .archives = true,
        .archive_path = S("luu-tru"),
        .feed_limit = 20,
        .feed_path = S("nguon-tin"),
        .sitemap_max = 50000,
        .summary_words = 70,
        .toc_from = 2,
        .toc_to = 3,
        .markup = {true, true, true, true, true},
        .related_limit = 5,
        .params = value_map(job->keep),
        .menus = value_map(job->keep),
        .languages_said = value_map(job->keep),
        .languages_more = value_map(job->keep),
        .levels = {.arena = job->keep},
    };
    cfg->taxonomies = ARENA_ARRAY(job->keep, TaxonomyDef, 2);
    memcpy(cfg->taxonomies, plain, sizeof plain);
    cfg->ntaxonomies = 2;
    set_lists(job->keep, cfg);
}

static bool apply_flags(Job *job, const ConfigFlags *flags, Config *cfg) {
    cfg->drafts |= flags->drafts;
    cfg->future |= flags->future;
    cfg->expired |= flags->expired;
    if (flags->publish_dir.len)
        cfg->publish_dir = flags->publish_dir;
    if (!flags->base_url.len)
        return true;
    Source *src = ARENA_NEW(job->keep, Source);
    src->path = S("--baseURL");
    Value v = value_str(flags->base_url);
    Value map = value_map(job->keep);
    value_set(job->keep, &map, S("baseurl"), v);
    return config_apply(job, src, &map, cfg);
}

// What is the file called, if it is not loa.yaml?
static bool complain_missing(Job *job, const FsRoot *root) {
    static const char *const other[] = {
        "loa.yml",     "hugo.yaml",      "hugo.toml",   "hugo.yml",
        "hugo.json",   "config.yaml",    "config.toml", "config.yml",
        "config.json", "config/_default"};
    Pos pos = {.path = S("loa.yaml")};
    diag_error(job->diags, "E-NO-CONFIG", pos,
               _("there is no loa.yaml in %.*s"), STR_ARG(root->path));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        bool exists = false;
        FsEntry entry;
        if (fs_stat(job, root, str_from(other[i]), &exists, &entry) && exists) {
            diag_hint(job->diags,
                      entry.kind == FS_DIR
                          ? _("there is %s; make a file loa.yaml beside the "
                              "folder config, it may be short")
                          : _("there is %s; rename it to loa.yaml and write "
                              "it as YAML"),
                      other[i]);
            return false;
        }
    }
    diag_hint(job->diags,
              _("run loa in the folder of the site, or name it with -s"));
    return false;
}

static Str environment_name(const ConfigFlags *flags, char *const *env) {
    static const char variable[] = "LOA_ENVIRONMENT=";
    if (flags->environment.len)
        return flags->environment;
    for (; env && *env; env++)
        if (!strncmp(*env, variable, sizeof variable - 1) &&
            (*env)[sizeof variable - 1])
            return str_from(*env + sizeof variable - 1);
    return S("production");
}

bool config_check_environment(Job *job, const ConfigFlags *flags,
                              char *const *env) {
    Str name = environment_name(flags, env);
    if (path_is_safe(name) && str_find(name, S("/"), 0) == SIZE_MAX)
        return true;
    diag_error(job->diags, "E-ENVIRONMENT", (Pos){0},
               _("'%.*s' cannot be the name of an environment"), STR_ARG(name));
    diag_hint(job->diags,
              _("it is one word, such as production: the name of a folder in "
                "config/"));
    return false;
}

bool config_load(Job *job, const FsRoot *root, const ConfigFlags *flags,
                 char *const *env, Config *out) {
    set_defaults(job, out);
    Source *src = ARENA_NEW(job->keep, Source);
    bool exists;
    if (!source_open(job, root, S("loa.yaml"), SOURCE_CONFIG, &exists, src))
        return false;
    if (!exists)
        return complain_missing(job, root);
    out->src = src;
    bool ok = apply_file(job, src, (Str){0}, out);
    ok &= apply_folder(job, root, S("config/_default"), out);
    if (!config_check_environment(job, flags, env))
        return false;
    Str name = environment_name(flags, env);
    out->environment = name;
    ok &= apply_folder(job, root, path_join(job->keep, S("config"), name), out);
    ok &= apply_variables(job, env, out);
    ok &= apply_flags(job, flags, out);
    config_set_languages(job, out);
    if (!out->has_zone)
        out->has_zone = date_zone(S("UTC"), &out->zone);
    if (ok && !out->zone_name.len) {
        diag_warn(job->diags, "W-ZONE", source_pos(src, 0, 0),
                  _("timeZone is not set, so times are taken as UTC"));
        diag_hint(job->diags, _("add the line timeZone: Asia/Ho_Chi_Minh"));
    }
    if (ok && !out->host.len) {
        diag_warn(job->diags, "W-BASEURL", source_pos(src, 0, 0),
                  _("baseURL is not set, so feeds and calendars have no whole "
                    "addresses and there is no sitemap"));
        diag_hint(job->diags,
                  _("add the line baseURL: https://... with the site's "
                    "address"));
    }
    out->is_good = ok;
    return ok;
}

bool config_is_disabled(const Config *cfg, Str kind) {
    for (size_t i = 0; i < cfg->disabled_kinds.len; i++)
        if (str_eq_nocase(cfg->disabled_kinds.items[i], kind))
            return true;
    return false;
}
