// Settings of Hugo that loa does without. Most change nothing and get a note;
// where a site would come out otherwise than with Hugo there is a warning.

#include "model/config_get.h"

// --- whole keys

static bool is_off(const Value *v) {
    bool b = true;
    return v->kind == VALUE_NULL || (value_to_bool(v, &b) && !b);
}

static const char *loss_of(Str key) {
    static const char address[] =
        N_("pages that must keep the address Hugo gave them need a line url: "
           "or aliases:");
    static const struct {
        Str key;
        const char *hint;
    } losses[] = {
        {S_INIT("uglyurls"), address},
        {S_INIT("disablepathtolower"), address},
        {S_INIT("defaultcontentlanguageinsubdir"), address},
        {S_INIT("disablelanguages"),
         N_("write disabled: true in the language itself")},
        {S_INIT("module"),
         N_("put the files into the folders content, layouts and static")},
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (str_eq(losses[i].key, key))
            return losses[i].hint;
    return NULL;
}

void config_say_ignored(const Layer *l, Str key, const Value *v) {
    const char *loss = is_off(v) ? NULL : loss_of(key);
    if (!loss) {
        diag_note(l->job->diags, "N-CONFIG", config_at(l, v),
                  _("loa has no use for the setting %.*s and ignores it"),
                  STR_ARG(key));
        return;
    }
    diag_warn(l->job->diags, "W-CONFIG", config_at(l, v),
              _("loa does not do what the setting %.*s says"), STR_ARG(key));
    diag_hint(l->job->diags, "%s", _(loss));
}

// --- keys within keys

static bool has_word(Str words, Str word) {
    Str one;
    while (words.len && str_cut(&words, ' ', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

// In lower case, as they are when they come here.
static void say_others(const Layer *l, Str key, const Value *v, Str known) {
    if (!v || v->kind != VALUE_MAP)
        return;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        Str full = str_fmt(l->job->scratch, "%.*s.%.*s", STR_ARG(key),
                           STR_ARG(item->key));
        if (!has_word(known, item->key) && !str_eq(item->key, S("_merge")))
            config_say_ignored(l, full, item->val);
    }
}

static void say_kinds(const Layer *l, const Value *v) {
    static const Str known =
        S_INIT("page home section taxonomy term rss sitemap "
               "robotstxt 404 atom jsonfeed ical newssitemap year month");
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->as.list.len; i++) {
        const Value *item = &v->as.list.items[i];
        if (item->kind != VALUE_STR ||
            has_word(known, str_lower(l->job->scratch, item->as.s)))
            continue;
        diag_warn(l->job->diags, "W-CONFIG", config_at(l, item),
                  _("there is no kind of page '%.*s' to switch off"),
                  STR_ARG(item->as.s));
        diag_hint(l->job->diags,
                  _("kinds are home, section, taxonomy, term, page, rss, atom, "
                    "jsonfeed, ical, sitemap, newssitemap, robotstxt and 404"));
    }
}

// :git and what else loa cannot ask.
static void say_tokens(const Layer *l, const Value *list) {
    for (size_t i = 0;
         list && list->kind == VALUE_LIST && i < list->as.list.len; i++) {
        const Value *item = &list->as.list.items[i];
        Str s = item->kind == VALUE_STR ? str_lower(l->job->scratch, item->as.s)
                                        : (Str){0};
        if (!str_starts(s, S(":")) ||
            has_word(S(":default :filename :filemodtime"), s))
            continue;
        diag_warn(l->job->diags, "W-CONFIG", config_at(l, item),
                  _("loa cannot take a date from %.*s"), STR_ARG(item->as.s));
        diag_hint(l->job->diags, _("it can from keys of the front matter, "
                                   ":filename and :fileModTime"));
    }
}

void config_say_rest(const Layer *l, Str key, const Value *v) {
    static const struct {
        Str outer, inner, known; // inner: a map in that map
    } maps[] = {
        {S_INIT("pagination"), S_INIT(""), S_INIT("pagersize path")},
        {S_INIT("services"), S_INIT(""), S_INIT("rss")},
        {S_INIT("services"), S_INIT("rss"), S_INIT("limit full")},
        {S_INIT("feeds"), S_INIT(""), S_INIT("by path")},
        {S_INIT("sitemap"), S_INIT(""), S_INIT("max")},
        {S_INIT("related"), S_INIT(""), S_INIT("fields limit")},
        {S_INIT("archives"), S_INIT(""), S_INIT("path")},
        {S_INIT("frontmatter"), S_INIT(""),
         S_INIT("date lastmod publishdate expirydate")},
    };
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (!str_eq(maps[i].outer, key))
            continue;
        bool is_inner = maps[i].inner.len > 0;
        Str full = is_inner ? str_fmt(l->job->scratch, "%.*s.%.*s",
                                      STR_ARG(key), STR_ARG(maps[i].inner))
                            : key;
        say_others(l, full, is_inner ? value_get(v, maps[i].inner) : v,
                   maps[i].known);
    }
    if (str_eq(key, S("disablekinds")))
        say_kinds(l, v);
    for (size_t i = 0; str_eq(key, S("frontmatter")) && v->kind == VALUE_MAP &&
                       v->as.map && i < v->as.map->len;
         i++)
        say_tokens(l, v->as.map->items[i].val);
}
