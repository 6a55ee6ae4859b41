// Each layer (a file, a folder of files, the environment) becomes a map and is
// applied onto the Config, key by key, through one table. A later layer
// replaces what an earlier one said; only the maps in `params`, `menus`,
// `permalinks` and `checks` are merged.

#include "model/config.h"

#include <string.h>

#include "base/text.h"
#include "model/config_keys.h"
#include "parse/yaml.h"

// Keys in lower case at every depth, so that lookups need not care.
static Value lower_keys(Arena *a, const Value *v) {
    Value out = *v;
    if (v->kind == VALUE_LIST) {
        out.as.list.items = ARENA_ARRAY(a, Value, v->as.list.len);
        for (size_t i = 0; i < v->as.list.len; i++)
            out.as.list.items[i] = lower_keys(a, &v->as.list.items[i]);
    } else if (v->kind == VALUE_MAP && v->as.map) {
        out = value_map(a);
        out.line = v->line;
        out.col = v->col;
        for (size_t i = 0; i < v->as.map->len; i++) {
            const MapItem *item = &v->as.map->items[i];
            value_set(a, &out, str_lower(a, item->key),
                      lower_keys(a, item->val));
        }
    }
    return out;
}

static bool apply_file(Job *job, const Source *src, Str under, Config *cfg) {
    Value v;
    if (!yaml_to_value(job, src, src->text, 1, YAML_DATA, &v))
        return false;
    if (v.kind == VALUE_NULL)
        return true;
    v = lower_keys(job->keep, &v);
    if (under.len) { // params.yaml holds what stands under `params`
        Value outer = value_map(job->keep);
        value_set(job->keep, &outer, under, v);
        v = outer;
    }
    Hasher h = {cfg->hash};
    hasher_hash(&h, src->hash);
    cfg->hash = h.sum;
    return config_apply(job, src, &v, cfg);
}

// config/DIR/: every file's name is the key it holds; loa.yaml holds root keys.
static bool apply_folder(Job *job, const FsRoot *root, Str dir, Config *cfg) {
    FsList list;
    if (!fs_walk(job, root, dir, &list))
        return false;
    bool ok = true;
    for (size_t i = 0; i < list.len; i++) {
        Str path = list.items[i].path, ext = path_ext(path);
        if (!str_eq(ext, S("yaml")) && !str_eq(ext, S("yml")))
            continue;
        Source src;
        bool exists;
        if (!source_open(job, root, path, SOURCE_CONFIG, &exists, &src)) {
            ok = false;
            continue;
        }
        Str key = str_lower(job->keep, path_stem(path_base(path)));
        bool is_root = str_eq(key, S("loa")) || str_eq(key, S("config")) ||
                       str_eq(key, S("hugo"));
        ok &= apply_file(job, &src, is_root ? (Str){0} : key, cfg);
    }
    return ok;
}

// LOA_PARAMS_SITE_NAME=x is params.site.name: x. The character after LOA is
// what parts are split at, so that LOAxPARAMSxAPI_KEY can hold underscores.
static bool apply_variable(Job *job, const char *entry, Config *cfg) {
    Str rest = str_from(entry), name;
    if (!str_starts(rest, S("LOA")) || !str_cut(&rest, '=', &name))
        return true;
    if (name.len < 5 || config_is_reserved_variable(name))
        return true;
    char sep = name.ptr[3];
    Str path = str_slice(name, 4, name.len), part;
    Str parts[8];
    size_t n = 0;
    while (n < 8 && str_cut(&path, sep, &part))
        parts[n++] = str_lower(job->keep, part);
    Source *src = ARENA_NEW(job->keep, Source);
    src->path = str_copy(job->keep, name);
    if (!config_key_is_known(parts[0])) {
        diag_note(job->diags, "N-ENV", source_pos(src, 0, 0),
                  _("no setting has this name; the variable is ignored"));
        return true;
    }
    Value v = value_str(str_copy(job->keep, rest));
    v.flags = VALUE_PLAIN;
    while (n-- > 0) {
        Value outer = value_map(job->keep);
        value_set(job->keep, &outer, parts[n], v);
        v = outer;
    }
    Hasher h = {cfg->hash};
    hasher_str(&h, str_from(entry));
    cfg->hash = h.sum;
    return config_apply(job, src, &v, cfg);
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
        .summary_words = 70,
        .toc_from = 2,
        .toc_to = 3,
        .related_limit = 5,
        .params = value_map(job->keep),
        .menus = value_map(job->keep),
        .levels = {.arena = job->keep},
    };
    cfg->taxonomies = ARENA_ARRAY(job->keep, TaxonomyDef, 2);
    memcpy(cfg->taxonomies, plain, sizeof plain);
    cfg->ntaxonomies = 2;
    config_set_lists(job->keep, cfg);
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
    static const char *const other[] = {"loa.yml", "hugo.yaml", "hugo.toml",
                                        "config.yaml", "config.toml"};
    Pos pos = {.path = S("loa.yaml")};
    diag_error(job->diags, "E-NO-CONFIG", pos,
               _("there is no loa.yaml in %.*s"), STR_ARG(root->path));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        bool exists = false;
        FsEntry entry;
        if (fs_stat(job, root, str_from(other[i]), &exists, &entry) && exists) {
            diag_hint(job->diags,
                      _("there is %s; rename it to loa.yaml and write it as "
                        "YAML"),
                      other[i]);
            return false;
        }
    }
    diag_hint(job->diags,
              _("run loa in the folder of the site, or name it with -s"));
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
    Str name = flags->environment.len ? flags->environment : S("production");
    if (!path_is_safe(name))
        return diag_error(job->diags, "E-ENVIRONMENT", (Pos){0},
                          _("'%.*s' cannot be the name of an environment"),
                          STR_ARG(name));
    out->environment = name;
    ok &= apply_folder(job, root, path_join(job->keep, S("config"), name), out);
    for (; env && *env; env++)
        ok &= apply_variable(job, *env, out);
    ok &= apply_flags(job, flags, out);
    if (!out->has_zone)
        out->has_zone = date_zone(S("UTC"), &out->zone);
    if (!out->zone_name.len) {
        diag_warn(job->diags, "W-ZONE", source_pos(src, 0, 0),
                  _("timeZone is not set, so times are taken as UTC"));
        diag_hint(job->diags, _("add the line timeZone: Asia/Ho_Chi_Minh"));
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
