#include "model/config_keys.h"

#include <string.h>

#include "base/escape.h"
#include "base/nearest.h"
#include "base/text.h"
#include "model/config_get.h"
#include "model/url.h"
#include "parse/yaml.h"

typedef bool ApplyFn(const Layer *l, Str key, const Value *v);

// --- one function for each key that is more than a plain field

static bool is_http(Str s) {
    return str_starts(s, S("http://")) || str_starts(s, S("https://"));
}

static bool key_base_url(const Layer *l, Str key, const Value *v) {
    Str s, safe;
    if (!config_text(l, key, v, &s))
        return false;
    l->cfg->host = l->cfg->base_path = (Str){0};
    if (!s.len || str_eq(s, S("/")))
        return true;
    if (!is_http(s) || !escape_safe_url(l->job->keep, s, &safe) ||
        str_find(safe, S("?"), 0) != SIZE_MAX ||
        str_find(safe, S("#"), 0) != SIZE_MAX)
        return config_wrong(l, S("baseURL"), v,
                            _("an address such as https://tin.example/"));
    while (str_ends(safe, S("/")))
        safe.len--;
    size_t host = str_find(safe, S("//"), 0) + 2;
    size_t slash = str_find(safe, S("/"), host);
    if (slash == SIZE_MAX)
        slash = safe.len;
    l->cfg->host = str_slice(safe, 0, slash);
    l->cfg->base_path = str_slice(safe, slash, safe.len);
    return true;
}

static bool key_lang(const Layer *l, Str key, const Value *v) {
    Str s;
    if (!config_text(l, key, v, &s) || s.len < 2)
        return config_wrong(l, key, v, _("a language such as vi"));
    l->cfg->locale = s;
    Str lang = s;
    str_cut(&lang, '-', &s);
    str_cut(&s, '_', &lang);
    l->cfg->lang = str_lower(l->job->keep, lang);
    return true;
}

static bool key_zone(const Layer *l, Str key, const Value *v) {
    Str s;
    if (!config_text(l, key, v, &s))
        return false;
    l->cfg->zone_name = s;
    if (!date_zone(s, &l->cfg->zone)) {
        diag_error(l->job->diags, "E-ZONE", config_at(l, v),
                   _("'%.*s' is not a time zone that loa knows"), STR_ARG(s));
        diag_hint(l->job->diags,
                  _("write Asia/Ho_Chi_Minh, or an offset such as +07:00"));
        return false;
    }
    l->cfg->has_zone = true;
    return true;
}

static bool key_taxonomies(const Layer *l, Str key, const Value *v) {
    if (v->kind != VALUE_MAP && v->kind != VALUE_NULL)
        return config_wrong(l, key, v, _("a map such as {tag: tags}"));
    size_t n = v->kind == VALUE_MAP && v->as.map ? v->as.map->len : 0;
    TaxonomyDef *defs = ARENA_ARRAY(l->job->keep, TaxonomyDef, n);
    for (size_t i = 0; i < n; i++) {
        const MapItem *item = &v->as.map->items[i];
        Str plural;
        if (!config_text(l, item->key, item->val, &plural))
            return false;
        plural = str_lower(l->job->keep, plural);
        if (!path_is_safe(plural) || str_find(plural, S("/"), 0) != SIZE_MAX)
            return config_wrong(l, item->key, item->val, _("one word"));
        for (size_t k = 0; k < i; k++)
            if (str_eq(defs[k].plural, plural))
                return config_wrong(
                    l, item->key, item->val,
                    _("another word than the other taxonomies"));
        defs[i] = (TaxonomyDef){item->key, plural};
    }
    l->cfg->taxonomies = defs;
    l->cfg->ntaxonomies = n;
    l->cfg->taxonomies_set = true;
    return true;
}

static bool add_permalink(const Layer *l, Str section, const Value *v) {
    Str pattern;
    if (!config_text(l, section, v, &pattern))
        return false;
    Config *cfg = l->cfg;
    if (str_find(pattern, S(":title"), 0) != SIZE_MAX) {
        diag_error(l->job->diags, "E-PERMALINK", config_at(l, v),
                   _("a permalink may not hold :title, because changing a "
                     "title would move the page"));
        diag_hint(l->job->diags, _("use :slug or :contentbasename"));
        return false;
    }
    Str unknown;
    if (!url_pattern_is_known(pattern, &unknown)) {
        diag_error(l->job->diags, "E-PERMALINK", config_at(l, v),
                   _("unknown word :%.*s in a permalink"), STR_ARG(unknown));
        diag_hint(l->job->diags,
                  _("the words are :year :month :day :section :sections :slug "
                    "and :contentbasename"));
        return false;
    }
    Permalink *grown =
        ARENA_ARRAY(l->job->keep, Permalink, cfg->npermalinks + 1);
    if (cfg->npermalinks)
        memcpy(grown, cfg->permalinks, cfg->npermalinks * sizeof *grown);
    grown[cfg->npermalinks++] =
        (Permalink){str_eq(section, S("/")) ? (Str){0} : section, pattern};
    cfg->permalinks = grown;
    return true;
}

// Old form {section: pattern}, or by kind {page: {section: pattern}}.
static bool key_permalinks(const Layer *l, Str key, const Value *v) {
    if (v->kind == VALUE_NULL)
        return true;
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map from section to pattern"));
    bool ok = true;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        const Value *val = item->val;
        if (val->kind != VALUE_MAP) {
            ok &= add_permalink(l, item->key, val);
            continue;
        }
        if (!str_eq(item->key, S("page")))
            return config_wrong(l, key, v, _("patterns for pages only"));
        ok &= key_permalinks(l, key, val);
    }
    return ok;
}

static bool key_pager_size(const Layer *l, Str key, const Value *v) {
    return config_count(l, key, v, &l->cfg->pager_size) &&
           (l->cfg->pager_size ||
            config_wrong(l, key, v, _("a number from 1")));
}

// Hugo writes -1 for no limit.
static bool key_rss_limit(const Layer *l, Str key, const Value *v) {
    if (v->kind != VALUE_STR || !str_eq(v->as.s, S("-1")))
        return config_count(l, key, v, &l->cfg->feed_limit);
    l->cfg->feed_limit = CONFIG_MAX;
    return true;
}

static bool key_pagination(const Layer *l, Str key, const Value *v) {
    const Value *size = value_get(v, S("pagersize"));
    const Value *path = value_get(v, S("path"));
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map with pagerSize and path"));
    if (size && !key_pager_size(l, S("pagerSize"), size))
        return false;
    return !path || config_folder(l, S("path"), path, &l->cfg->pager_path);
}

static bool key_archives(const Layer *l, Str key, const Value *v) {
    if (v->kind != VALUE_MAP)
        return config_bool(l, key, v, &l->cfg->archives);
    const Value *path = value_get(v, S("path"));
    l->cfg->archives = true;
    return !path || config_folder(l, S("path"), path, &l->cfg->archive_path);
}

static bool key_services(const Layer *l, Str key, const Value *v) {
    const Value *rss = value_get(v, S("rss"));
    const Value *limit = value_get(rss, S("limit"));
    const Value *full = value_get(rss, S("full"));
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map"));
    return (!limit || key_rss_limit(l, S("limit"), limit)) &&
           (!full || config_bool(l, S("full"), full, &l->cfg->feed_full));
}

// Field names are in lower case in a type, too.
static bool key_feeds(const Layer *l, Str key, const Value *v) {
    const Value *by = value_get(v, S("by")), *path = value_get(v, S("path"));
    Config *c = l->cfg;
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map such as {by: [topics]}"));
    if (by && !config_list(l, S("by"), by, &c->feed_by))
        return false;
    if (by)
        c->feed_by_at = config_at(l, by);
    for (size_t i = 0; by && i < c->feed_by.len; i++)
        c->feed_by.items[i] = str_lower(l->job->keep, c->feed_by.items[i]);
    return !path || config_folder(l, S("path"), path, &c->feed_path);
}

// Of Hugo's keys there is no changefreq, priority or filename here.
static bool key_sitemap(const Layer *l, Str key, const Value *v) {
    const Value *max = value_get(v, S("max"));
    enum { MOST = 50000 }; // sitemaps.org
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map such as {max: 50000}"));
    if (!max)
        return true;
    if (!config_count(l, S("max"), max, &l->cfg->sitemap_max))
        return false;
    return (l->cfg->sitemap_max && l->cfg->sitemap_max <= MOST) ||
           config_wrong(l, S("max"), max, _("a number from 1 to 50000"));
}

static bool key_related(const Layer *l, Str key, const Value *v) {
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map with fields and limit"));
    const Value *fields = value_get(v, S("fields"));
    const Value *limit = value_get(v, S("limit"));
    return (!fields ||
            config_list(l, S("fields"), fields, &l->cfg->related_fields)) &&
           (!limit ||
            config_count(l, S("limit"), limit, &l->cfg->related_limit)) &&
           (l->cfg->related_limit <= 16 ||
            config_wrong(l, S("limit"), limit, _("a number up to 16")));
}

static bool key_checks(const Layer *l, Str key, const Value *v) {
    static const struct {
        Str name;
        DiagLevel level;
    } names[] = {{S_INIT("off"), DIAG_OFF},
                 {S_INIT("false"), DIAG_OFF},
                 {S_INIT("note"), DIAG_NOTE},
                 {S_INIT("warning"), DIAG_WARNING},
                 {S_INIT("error"), DIAG_ERROR}};
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map such as {E-LINK: off}"));
    Arena *a = l->job->keep;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        Str word;
        if (!config_text(l, item->key, item->val, &word))
            return false;
        size_t k = 0;
        while (k < 5 && !str_eq_nocase(names[k].name, word))
            k++;
        if (k == 5)
            return config_wrong(l, item->key, item->val,
                                _("off, note, warning or error"));
        DiagLevel *level = ARENA_NEW(a, DiagLevel);
        *level = names[k].level;
        map_set(&l->cfg->levels, text_upper(a, item->key), level);
    }
    return true;
}

static bool key_params(const Layer *l, Str key, const Value *v) {
    Value plain = value_resolve_plain(l->job->keep, v);
    return config_merge(l, key, &plain, &l->cfg->params);
}

static bool key_menus(const Layer *l, Str key, const Value *v) {
    return config_merge(l, key, v, &l->cfg->menus);
}

static bool key_languages(const Layer *l, Str key, const Value *v) {
    return config_languages(l, key, v, &l->cfg->languages_said);
}

static bool key_cascade(const Layer *l, Str key, const Value *v) {
    if (v->kind != VALUE_MAP && v->kind != VALUE_LIST && v->kind != VALUE_NULL)
        return config_wrong(l, key, v, _("a map or a list of maps"));
    l->cfg->cascade = *v;
    return true;
}

static bool key_front_matter(const Layer *l, Str key, const Value *v) {
    Config *c = l->cfg;
    const struct {
        Str key;
        Strs *chain;
    } chains[] = {{S("date"), &c->date_chain},
                  {S("lastmod"), &c->lastmod_chain},
                  {S("publishdate"), &c->publish_chain},
                  {S("expirydate"), &c->expiry_chain}};
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map"));
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        const Value *list = value_get(v, chains[i].key);
        Strs out, old = *chains[i].chain;
        if (!list)
            continue;
        if (!config_list(l, chains[i].key, list, &out))
            return false;
        Str *items = ARENA_ARRAY(l->job->keep, Str, out.len + old.len);
        size_t n = 0;
        for (size_t k = 0; k < out.len; k++) {
            if (str_eq_nocase(out.items[k], S(":default"))) {
                memcpy(items + n, old.items, old.len * sizeof *items);
                n += old.len;
            } else {
                items[n++] = str_lower(l->job->keep, out.items[k]);
            }
        }
        *chains[i].chain = (Strs){items, n};
    }
    return true;
}

static bool key_statics(const Layer *l, Str key, const Value *v) {
    Strs dirs;
    if (!config_list(l, key, v, &dirs))
        return false;
    for (size_t i = 0; i < dirs.len; i++)
        if (!path_is_safe(dirs.items[i]))
            return config_wrong(l, key, v, _("a folder below the site's root"));
    l->cfg->dirs.statics = dirs;
    return true;
}

static bool key_ignore_files(const Layer *l, Str key, const Value *v) {
    Strs patterns;
    if (!config_list(l, key, v, &patterns))
        return false;
    for (size_t i = 0; i < patterns.len; i++)
        if (!source_pattern_is_good(l->job->scratch, patterns.items[i]))
            return config_wrong(l, S("ignoreFiles"), v,
                                _("patterns such as '\\.tmp$' or '^nhap/'"));
    l->cfg->dirs.ignore = patterns;
    return true;
}

static bool key_themes(const Layer *l, Str key, const Value *v) {
    if (!config_list(l, key, v, &l->cfg->dirs.theme))
        return false;
    for (size_t i = 0; i < l->cfg->dirs.theme.len; i++)
        if (!path_is_safe(l->cfg->dirs.theme.items[i]))
            return config_wrong(l, key, v,
                                _("the name of a folder in themes/"));
    return true;
}

static bool key_slugify(const Layer *l, Str key, const Value *v) {
    Str s;
    if (!config_text(l, key, v, &s))
        return false;
    l->cfg->slug_unicode = str_eq(s, S("unicode"));
    return l->cfg->slug_unicode || str_eq(s, S("ascii")) ||
           config_wrong(l, key, v, _("ascii or unicode"));
}

static bool key_disabled(const Layer *l, Str key, const Value *v) {
    return config_list(l, key, v, &l->cfg->disabled_kinds);
}

// --- plain fields

#define TEXT_KEY(fn, field)                                                    \
    static bool fn(const Layer *l, Str key, const Value *v) {                  \
        return config_text(l, key, v, &l->cfg->field);                         \
    }
#define BOOL_KEY(fn, field)                                                    \
    static bool fn(const Layer *l, Str key, const Value *v) {                  \
        return config_bool(l, key, v, &l->cfg->field);                         \
    }
#define FOLDER_KEY(fn, field)                                                  \
    static bool fn(const Layer *l, Str key, const Value *v) {                  \
        return config_folder(l, key, v, &l->cfg->field);                       \
    }

TEXT_KEY(key_title, title)
TEXT_KEY(key_copyright, copyright)
TEXT_KEY(key_section_menu, section_menu)
BOOL_KEY(key_drafts, drafts)
BOOL_KEY(key_future, future)
BOOL_KEY(key_expired, expired)
BOOL_KEY(key_no_aliases, no_aliases)
BOOL_KEY(key_robots, robots)
FOLDER_KEY(key_content_dir, dirs.content)
FOLDER_KEY(key_layout_dir, dirs.layouts)
FOLDER_KEY(key_types_dir, dirs.types)
FOLDER_KEY(key_data_dir, dirs.data)
FOLDER_KEY(key_i18n_dir, dirs.i18n)
FOLDER_KEY(key_themes_dir, dirs.themes)

static bool key_publish_dir(const Layer *l, Str key, const Value *v) {
    return config_text(l, key, v, &l->cfg->publish_dir) &&
           (l->cfg->publish_dir.len || config_wrong(l, key, v, _("a folder")));
}

static bool key_summary(const Layer *l, Str key, const Value *v) {
    return config_count(l, key, v, &l->cfg->summary_words);
}

static bool key_pager_path(const Layer *l, Str key, const Value *v) {
    return config_folder(l, key, v, &l->cfg->pager_path);
}

// Hugo knows it, loa has no use for it.
static bool key_ignored(const Layer *l, Str key, const Value *v) {
    config_say_ignored(l, key, v);
    return true;
}

static const struct {
    Str key; // lower case, sorted
    ApplyFn *apply;
} keys[] = {
    {S_INIT("archetypedir"), key_ignored},
    {S_INIT("archives"), key_archives},
    {S_INIT("assetdir"), key_ignored},
    {S_INIT("author"), key_ignored},
    {S_INIT("authors"), key_ignored},
    {S_INIT("baseurl"), key_base_url},
    {S_INIT("blackfriday"), key_ignored},
    {S_INIT("build"), key_ignored},
    {S_INIT("builddrafts"), key_drafts},
    {S_INIT("buildexpired"), key_expired},
    {S_INIT("buildfuture"), key_future},
    {S_INIT("cachedir"), key_ignored},
    {S_INIT("caches"), key_ignored},
    {S_INIT("canonifyurls"), key_ignored},
    {S_INIT("capitalizelisttitles"), key_ignored},
    {S_INIT("cascade"), key_cascade},
    {S_INIT("checks"), key_checks},
    {S_INIT("cleandestinationdir"), key_ignored},
    {S_INIT("contentdir"), key_content_dir},
    {S_INIT("contenttypes"), key_ignored},
    {S_INIT("copyright"), key_copyright},
    {S_INIT("datadir"), key_data_dir},
    {S_INIT("debug"), key_ignored},
    {S_INIT("defaultcontentlanguage"), key_lang},
    {S_INIT("defaultcontentlanguageinsubdir"), key_ignored},
    {S_INIT("defaultcontentrole"), key_ignored},
    {S_INIT("defaultcontentversion"), key_ignored},
    {S_INIT("defaultoutputformat"), key_ignored},
    {S_INIT("deployment"), key_ignored},
    {S_INIT("disablealiases"), key_no_aliases},
    {S_INIT("disablebrowsererror"), key_ignored},
    {S_INIT("disabledefaultlanguageredirect"), key_ignored},
    {S_INIT("disablefastrender"), key_ignored},
    {S_INIT("disablehugogeneratorinject"), key_ignored},
    {S_INIT("disablekinds"), key_disabled},
    {S_INIT("disablelanguages"), key_ignored},
    {S_INIT("disablelivereload"), key_ignored},
    {S_INIT("disablepathtolower"), key_ignored},
    {S_INIT("disqusshortname"), key_ignored},
    {S_INIT("enableemoji"), key_ignored},
    {S_INIT("enablegitinfo"), key_ignored},
    {S_INIT("enableinlineshortcodes"), key_ignored},
    {S_INIT("enablemissingtranslationplaceholders"), key_ignored},
    {S_INIT("enablerobotstxt"), key_robots},
    {S_INIT("feeds"), key_feeds},
    {S_INIT("footnoteanchorprefix"), key_ignored},
    {S_INIT("footnotereturnlinkcontents"), key_ignored},
    {S_INIT("frontmatter"), key_front_matter},
    {S_INIT("googleanalytics"), key_ignored},
    {S_INIT("hascjklanguage"), key_ignored},
    {S_INIT("httpcache"), key_ignored},
    {S_INIT("i18ndir"), key_i18n_dir},
    {S_INIT("ignoreerrors"), key_ignored},
    {S_INIT("ignorefiles"), key_ignore_files},
    {S_INIT("ignorelogs"), key_ignored},
    {S_INIT("ignorevendorpaths"), key_ignored},
    {S_INIT("imaging"), key_ignored},
    {S_INIT("languagecode"), key_lang},
    {S_INIT("languages"), key_languages},
    {S_INIT("layoutdir"), key_layout_dir},
    {S_INIT("locale"), key_lang},
    {S_INIT("log"), key_ignored},
    {S_INIT("loglevel"), key_ignored},
    {S_INIT("mainsections"), key_ignored},
    {S_INIT("markup"), config_markup},
    {S_INIT("mediatypes"), key_ignored},
    {S_INIT("menu"), key_menus},
    {S_INIT("menus"), key_menus},
    {S_INIT("minify"), key_ignored},
    {S_INIT("module"), key_ignored},
    {S_INIT("newcontenteditor"), key_ignored},
    {S_INIT("nochmod"), key_ignored},
    {S_INIT("notimes"), key_ignored},
    {S_INIT("outputformats"), key_ignored},
    {S_INIT("outputs"), key_ignored},
    {S_INIT("page"), key_ignored},
    {S_INIT("paginate"), key_pager_size},
    {S_INIT("paginatepath"), key_pager_path},
    {S_INIT("pagination"), key_pagination},
    {S_INIT("paniconwarning"), key_ignored},
    {S_INIT("params"), key_params},
    {S_INIT("permalinks"), key_permalinks},
    {S_INIT("pluralizelisttitles"), key_ignored},
    {S_INIT("printi18nwarnings"), key_ignored},
    {S_INIT("printpathwarnings"), key_ignored},
    {S_INIT("printunusedtemplates"), key_ignored},
    {S_INIT("privacy"), key_ignored},
    {S_INIT("publishdir"), key_publish_dir},
    {S_INIT("pygmentscodefences"), key_ignored},
    {S_INIT("pygmentsstyle"), key_ignored},
    {S_INIT("pygmentsusesclasses"), key_ignored},
    {S_INIT("quiet"), key_ignored},
    {S_INIT("reflinkserrorlevel"), key_ignored},
    {S_INIT("reflinksnotfoundurl"), key_ignored},
    {S_INIT("related"), key_related},
    {S_INIT("relativeurls"), key_ignored},
    {S_INIT("removepathaccents"), key_ignored},
    {S_INIT("rendersegments"), key_ignored},
    {S_INIT("resourcedir"), key_ignored},
    {S_INIT("roles"), key_ignored},
    {S_INIT("rsslimit"), key_rss_limit},
    {S_INIT("rssuri"), key_ignored},
    {S_INIT("sectionpagesmenu"), key_section_menu},
    {S_INIT("security"), key_ignored},
    {S_INIT("segments"), key_ignored},
    {S_INIT("server"), key_ignored},
    {S_INIT("services"), key_services},
    {S_INIT("sitemap"), key_sitemap},
    {S_INIT("slugify"), key_slugify},
    {S_INIT("social"), key_ignored},
    {S_INIT("staticdir"), key_statics},
    {S_INIT("summarylength"), key_summary},
    {S_INIT("taxonomies"), key_taxonomies},
    {S_INIT("templatemetrics"), key_ignored},
    {S_INIT("theme"), key_themes},
    {S_INIT("themesdir"), key_themes_dir},
    {S_INIT("timeout"), key_ignored},
    {S_INIT("timezone"), key_zone},
    {S_INIT("title"), key_title},
    {S_INIT("titlecasestyle"), key_ignored},
    {S_INIT("typesdir"), key_types_dir},
    {S_INIT("uglyurls"), key_ignored},
    {S_INIT("versions"), key_ignored},
    {S_INIT("workingdir"), key_ignored},
    {S_INIT("verbose"), key_ignored},
};

enum { NKEYS = sizeof keys / sizeof *keys };

static ApplyFn *find_key(Str key) {
    for (size_t i = 0; i < NKEYS; i++)
        if (str_eq(keys[i].key, key))
            return keys[i].apply;
    return NULL;
}

bool config_key_is_known(Str lower) {
    return find_key(lower) != NULL;
}

bool config_is_reserved_variable(Str name) {
    static const Str reserved[] = {S_INIT("LOA_ENVIRONMENT"),
                                   S_INIT("LOA_LANG"), S_INIT("LOA_CACHEDIR")};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq(reserved[i], name))
            return true;
    return false;
}

Str config_key_nearest(Str lower) {
    Str names[NKEYS];
    for (size_t i = 0; i < NKEYS; i++)
        names[i] = keys[i].key;
    return nearest(lower, (Strs){names, NKEYS});
}

static bool complain_unknown(const Layer *l, const MapItem *item) {
    const Value *v = item->val;
    Str near = config_key_nearest(item->key);
    diag_error(l->job->diags, "E-CONFIG-KEY",
               yaml_key_pos(l->src, item->key, v),
               _("'%.*s' is not a setting of loa"), STR_ARG(item->key));
    if (near.len)
        diag_hint(l->job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(l->job->diags, _("put settings of your own under params:"));
    return false;
}

bool config_apply(Job *job, const Source *src, const Value *map, Config *cfg) {
    Layer l = {job, src, cfg};
    if (map->kind != VALUE_MAP)
        return diag_error(job->diags, "E-CONFIG", source_pos(src, 1, 1),
                          _("the settings must be a map of keys and values"));
    bool ok = true;
    for (size_t i = 0; map->as.map && i < map->as.map->len; i++) {
        const MapItem *item = &map->as.map->items[i];
        ApplyFn *apply = find_key(item->key);
        ok &= apply ? apply(&l, item->key, item->val)
                    : complain_unknown(&l, item);
        if (apply)
            config_say_rest(&l, item->key, item->val);
    }
    return ok;
}

bool config_apply_language(Job *job, const Source *src, const Value *map,
                           Config *cfg) {
    Layer l = {job, src, cfg};
    return config_languages(&l, S("languages"), map, &cfg->languages_more);
}
