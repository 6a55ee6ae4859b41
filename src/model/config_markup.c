// The settings under `markup`. Those that Hugo has among the extensions of
// Goldmark are called as they are there, and are read at their place there too.

#include <string.h>

#include "base/nearest.h"
#include "model/config_get.h"
#include "parse/yaml.h"

typedef bool ApplyFn(const Layer *l, const MapItem *item);

static const Str ours[] = {
    S_INIT("taskList"),    S_INIT("linkify"),         S_INIT("callouts"),
    S_INIT("typographer"), S_INIT("noBreak"),         S_INIT("goldmark"),
    S_INIT("extensions"),  S_INIT("tableOfContents"),
};

// Hugo knows them at one place or another, loa has no use for them.
static const Str ignored[] = {
    S_INIT("asciidocExt"),
    S_INIT("blackfriday"),
    S_INIT("cjk"),
    S_INIT("defaultMarkdownHandler"),
    S_INIT("definitionList"),
    S_INIT("duplicateResourceFiles"),
    S_INIT("extras"),
    S_INIT("footnote"),
    S_INIT("highlight"),
    S_INIT("linkifyProtocol"),
    S_INIT("ordered"),
    S_INIT("org"),
    S_INIT("pandoc"),
    S_INIT("parser"),
    S_INIT("passthrough"),
    S_INIT("renderHooks"),
    S_INIT("renderer"),
    S_INIT("rst"),
    S_INIT("strikethrough"),
    S_INIT("table"),
};

static bool ignore(const Layer *l, Str name, const Value *v) {
    diag_note(l->job->diags, "N-CONFIG", config_at(l, v),
              _("loa has no use for the setting %.*s and ignores it"),
              STR_ARG(name));
    return true;
}

// None of those that mean something at this place.
static bool other(const Layer *l, const MapItem *item) {
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        if (str_eq_nocase(ignored[i], item->key))
            return ignore(l, ignored[i], item->val);
    diag_error(l->job->diags, "E-CONFIG-KEY",
               yaml_key_pos(l->src, item->key, item->val),
               _("'%.*s' is not a setting of loa"), STR_ARG(item->key));
    Str names[sizeof ours / sizeof *ours];
    memcpy(names, ours, sizeof names);
    Str near = nearest(item->key, (Strs){names, sizeof ours / sizeof *ours});
    if (near.len && !str_eq_nocase(near, item->key))
        diag_hint(l->job->diags, _("did you mean %.*s?"), STR_ARG(near));
    else
        diag_hint(l->job->diags,
                  _("markup has taskList, linkify, callouts, typographer, "
                    "noBreak and tableOfContents"));
    return false;
}

static bool each(const Layer *l, Str key, const Value *v, ApplyFn *apply) {
    bool ok = true;
    if (v->kind == VALUE_NULL)
        return true;
    if (v->kind != VALUE_MAP)
        return config_wrong(l, key, v, _("a map such as {linkify: false}"));
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++)
        ok &= apply(l, &v->as.map->items[i]);
    return ok;
}

// {disable: true} is Hugo's way; the signs beside it are not to be chosen.
static bool typographer(const Layer *l, const MapItem *item) {
    bool is_off;
    if (!str_eq(item->key, S("disable")))
        return ignore(l, item->key, item->val);
    if (!config_bool(l, S("disable"), item->val, &is_off))
        return false;
    l->cfg->markup.typographer = !is_off;
    return true;
}

static bool extension(const Layer *l, const MapItem *item) {
    MarkupConfig *use = &l->cfg->markup;
    const Value *v = item->val;
    if (str_eq(item->key, S("tasklist")))
        return config_bool(l, S("taskList"), v, &use->task_list);
    if (str_eq(item->key, S("linkify")))
        return config_bool(l, S("linkify"), v, &use->linkify);
    if (!str_eq(item->key, S("typographer")))
        return other(l, item);
    if (v->kind == VALUE_MAP)
        return each(l, S("typographer"), v, typographer);
    return config_bool(l, S("typographer"), v, &use->typographer);
}

static bool goldmark(const Layer *l, const MapItem *item) {
    if (str_eq(item->key, S("extensions")))
        return each(l, S("extensions"), item->val, extension);
    return other(l, item);
}

static bool contents(const Layer *l, const MapItem *item) {
    if (str_eq(item->key, S("startlevel")))
        return config_count(l, S("startLevel"), item->val, &l->cfg->toc_from);
    if (str_eq(item->key, S("endlevel")))
        return config_count(l, S("endLevel"), item->val, &l->cfg->toc_to);
    return other(l, item);
}

static bool setting(const Layer *l, const MapItem *item) {
    MarkupConfig *use = &l->cfg->markup;
    const Value *v = item->val;
    if (str_eq(item->key, S("callouts")))
        return config_bool(l, S("callouts"), v, &use->callouts);
    if (str_eq(item->key, S("nobreak")))
        return config_bool(l, S("noBreak"), v, &use->no_break);
    if (str_eq(item->key, S("tableofcontents")))
        return each(l, S("tableOfContents"), v, contents);
    if (str_eq(item->key, S("goldmark")))
        return each(l, S("goldmark"), v, goldmark);
    return extension(l, item);
}

bool config_markup(const Layer *l, Str key, const Value *v) {
    return each(l, key, v, setting);
}
