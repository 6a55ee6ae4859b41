// How it works: a template sees what was written (`args`, `inner`), its page
// and site, and three objects that are asked by path: files["anh.jpg"],
// pages["bai.md"], csv["so-lieu.csv"]. These complain at the shortcode's
// place, and then nothing is put in.
#include "render/shortcode.h"

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "parse/csv.h"
#include "render/body.h"
#include "render/card.h"
#include "render/trace.h"

typedef struct {
    Job *job;
    const ShortcodeCtx *ctx;
    const ShortcodeCall *call;
    bool has_failed;
} Run;

// An object's `self` is const; what it notes lies outside.
typedef struct {
    Run *run;
} Asked;

static const Site *site_of(const Run *r) {
    return r->ctx->world->site;
}

// ---- templates

static const Str folders[] = {S_INIT("shortcodes/"), S_INIT("_shortcodes/")};

static const Template *find_template(const TemplateSet *set, Str name) {
    char path[256];
    for (size_t i = 0; set && i < 2; i++) {
        if (folders[i].len + name.len > sizeof path)
            return NULL;
        memcpy(path, folders[i].ptr, folders[i].len);
        memcpy(path + folders[i].len, name.ptr, name.len);
        const Template *t =
            map_get(&set->by_name, (Str){path, folders[i].len + name.len});
        if (t)
            return t;
    }
    return NULL;
}

static bool reads_inner(const Template *t) {
    for (size_t i = 0; i < t->globals.len; i++)
        if (str_eq(t->globals.items[i], S("inner")) ||
            str_eq(t->globals.items[i], S("inner_text")))
            return true;
    return false;
}

static bool find(void *ctx, Str name, ShortcodeInfo *out) {
    const ShortcodeCtx *c = ctx;
    const Template *t = find_template(c->world->layouts, name);
    if (!t)
        return false;
    bool is_markdown =
        str_eq(value_get_str(&t->front, S("inner")), S("markdown"));
    *out = (ShortcodeInfo){reads_inner(t), is_markdown};
    return true;
}

static Str near_name(Job *job, void *ctx, Str name) {
    const ShortcodeCtx *c = ctx;
    const Map *all = &c->world->layouts->by_name;
    Strs names = {ARENA_ARRAY(job->scratch, Str, all->len), 0};
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < 2; k++)
            if (str_starts(all->items[i].key, folders[k]))
                names.items[names.len++] = str_slice(
                    all->items[i].key, folders[k].len, all->items[i].key.len);
    return nearest(name, names);
}

// ---- files

static Value content(Str s) {
    Value v = value_str(s);
    v.flags |= VALUE_CONTENT;
    return v;
}

static bool is_outside(Str path) {
    return str_starts(path, S("https://")) || str_starts(path, S("http://"));
}

// "845 KB", "1,2 MB". The theme's partials/size.html does the same.
static Str size_text(Arena *a, const Run *r, uint64_t size) {
    const World *w = r->ctx->world;
    Str lang = w->site->editions[r->ctx->page->lang].language->key;
    char point = eval_has_point(lang) ? '.' : ',';
    if (size < 1000)
        return str_fmt(a, "%u B", (unsigned)size);
    if (size < 1000 * 1000)
        return str_fmt(a, "%u KB", (unsigned)((size + 500) / 1000));
    uint64_t tenths = (size + 50 * 1000) / (100 * 1000);
    return str_fmt(a, "%llu%c%llu MB", (unsigned long long)(tenths / 10), point,
                   (unsigned long long)(tenths % 10));
}

static const Source *source_of(const Target *t) {
    return t->resource ? t->resource->src : t->file;
}

static LinkResult ask(const Run *r, Str path, bool is_image) {
    return r->ctx->resolve(r->job, r->ctx->resolve_ctx, path, is_image,
                           r->call->pos);
}

static bool is_image(Str ext) {
    static const char *const names[] = {"jpg", "jpeg", "png", "gif",
                                        "svg", "webp", "avif"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_nocase(ext, str_from(names[i])))
            return true;
    return false;
}

static Value file_value(Arena *a, const Run *r, Str path,
                        const LinkResult *link) {
    Target t = {0};
    Value map = value_map(a);
    if (!is_outside(path))
        t = site_resolve(a, site_of(r), r->ctx->page, path);
    const Source *src = source_of(&t);
    Str name = path_base(src ? src->rel : path);
    value_set(a, &map, S("url"), content(str_copy(a, link->url)));
    value_set(a, &map, S("name"), content(str_copy(a, name)));
    value_set(a, &map, S("type"), content(text_upper(a, path_ext(name))));
    value_set(a, &map, S("is_external"), value_bool(link->is_external));
    if (link->width && link->height) {
        value_set(a, &map, S("width"), value_int(link->width));
        value_set(a, &map, S("height"), value_int(link->height));
    }
    if (src) {
        value_set(a, &map, S("bytes"), value_int((int64_t)src->entry.size));
        value_set(a, &map, S("size"),
                  value_str(size_text(a, r, src->entry.size)));
    }
    return map;
}

// nil for one that is not published; the resolver has said what is wrong.
static ObjResult files_get(Arena *a, const void *self, Str key, Value *out) {
    Run *r = ((const Asked *)self)->run;
    size_t errors = r->job->diags->errors;
    *out = (Value){0};
    if (!key.len)
        return OBJ_NIL;
    LinkResult link = ask(r, key, is_image(path_ext(key)));
    trace_note(r->job, ASK_FILE, r->ctx->page, key);
    r->has_failed |= r->job->diags->errors > errors;
    if (link.action == LINK_TEXT)
        return OBJ_NIL;
    *out = file_value(a, r, key, &link);
    return OBJ_FOUND;
}

static const ObjClass files_class = {"files", files_get, NULL, false};

// ---- pages

static bool leads(Arena *a, const Run *r, Str path) {
    return site_resolve(a, site_of(r), r->ctx->page, path).page != NULL;
}

static Str by_name(Arena *a, const Run *r, Str path) {
    Str rel = page_names_find(r->ctx->world->names, path_base(path));
    return rel.len ? str_fmt(a, "/%.*s", STR_ARG(rel)) : path;
}

static Str page_path(Arena *a, const Run *r, Str path) {
    if (!path.len || leads(a, r, path))
        return path;
    Str file = str_fmt(a, "%.*s.md", STR_ARG(path));
    if (leads(a, r, file))
        return file;
    Str root = str_fmt(a, "/%.*s", STR_ARG(path));
    if (leads(a, r, root))
        return root;
    root = str_fmt(a, "/%.*s", STR_ARG(file));
    return leads(a, r, root) ? root : by_name(a, r, path);
}

static bool find_page(Arena *a, Run *r, Str key, Value *out) {
    size_t errors = r->job->diags->errors;
    Str fragment = key, path = {0};
    str_cut(&fragment, '#', &path);
    path = page_path(a, r, path);
    Str href = fragment.len
                   ? str_fmt(a, "%.*s#%.*s", STR_ARG(path), STR_ARG(fragment))
                   : path;
    LinkResult link = ask(r, href, false);
    r->has_failed |= r->job->diags->errors > errors;
    Target t = site_resolve(a, site_of(r), r->ctx->page, path);
    const Page *page = path.len ? t.page : r->ctx->page;
    if (link.action == LINK_TEXT || !page)
        return false;
    *out = value_map(a);
    value_set(a, out, S("url"), content(str_copy(a, link.url)));
    value_set(a, out, S("title"), content(page->title));
    value_set(a, out, S("linktitle"),
              content(page->link_title.len ? page->link_title : page->title));
    return true;
}

static ObjResult pages_get(Arena *a, const void *self, Str key, Value *out) {
    Run *r = ((const Asked *)self)->run;
    *out = (Value){0};
    trace_note(r->job, ASK_PAGE, r->ctx->page, key);
    return find_page(a, r, key, out) ? OBJ_FOUND : OBJ_NIL;
}

static const ObjClass pages_class = {"pages", pages_get, NULL, false};

// ---- tables

static Value csv_value(Arena *a, const Csv *csv) {
    Value *rows = ARENA_ARRAY(a, Value, csv->len);
    for (size_t i = 0; i < csv->len; i++) {
        Value *cells = ARENA_ARRAY(a, Value, csv->ncols);
        for (size_t k = 0; k < csv->ncols; k++)
            cells[k] = content(str_copy(a, csv->rows[i].items[k]));
        rows[i] = value_list(cells, csv->ncols);
    }
    return value_list(rows, csv->len);
}

static bool read_csv(Arena *a, Run *r, const Source *file, Value *out) {
    Source src = *file;
    Csv csv;
    src.own = NULL;
    src.text = (Str){0};
    if (!source_load(r->job, &site_of(r)->sources->root, CSV_MAX_BYTES, &src))
        return false;
    bool ok = csv_parse(r->job, &src, &csv);
    if (ok)
        *out = csv_value(a, &csv);
    source_drop_text(&src);
    return ok;
}

// A list of rows, each a list of texts.
static ObjResult csv_get(Arena *a, const void *self, Str key, Value *out) {
    Run *r = ((const Asked *)self)->run;
    *out = (Value){0};
    if (!key.len)
        return OBJ_NIL;
    Target t = site_resolve(a, site_of(r), r->ctx->page, key);
    const Source *src = source_of(&t);
    trace_note(r->job, ASK_TABLE, r->ctx->page, key);
    if (!src) {
        size_t errors = r->job->diags->errors;
        ask(r, key, true); // says what is wrong
        r->has_failed |= r->job->diags->errors > errors;
        return OBJ_NIL;
    }
    if (!read_csv(a, r, src, out)) {
        r->has_failed = true;
        return OBJ_NIL;
    }
    return OBJ_FOUND;
}

static const ObjClass csv_class = {"csv", csv_get, NULL, false};

// ---- the page

// Front matter only: what the body says is not known yet.
static ObjResult page_get(Arena *a, const void *self, Str key, Value *out) {
    const ShortcodeCtx *c = self;
    if (str_eq(key, S("params"))) {
        *out = card_params(a, c->world, c->page, card_has_key);
        return OBJ_FOUND;
    }
    Value card = card_value(c->world, c->page, CARD_PLAIN);
    if (card.as.obj.cls->get(a, card.as.obj.self, key, out) == OBJ_FOUND)
        return OBJ_FOUND;
    const Value *v = value_get(&c->page->fields, key);
    const Field *f = field_find(&c->page->type->fields, key);
    if (f && f->internal)
        return OBJ_INTERNAL;
    if (!v || !f)
        return OBJ_NIL;
    *out = card_field(a, c->world, v, CARD_PLAIN, c->page);
    return OBJ_FOUND;
}

static Str page_text(Arena *a, const void *self) {
    (void)a;
    return ((const ShortcodeCtx *)self)->page->title;
}

static const ObjClass page_class = {"page", page_get, page_text, false};

// ---- what a template says of its values: `takes` and `needs`

static bool is_listed(const Value *list, Str name) {
    for (size_t i = 0; i < list->as.list.len; i++)
        if (str_eq(list->as.list.items[i].as.s, name))
            return true;
    return false;
}

static Strs names_of(Arena *a, const Value *list) {
    Strs out = {ARENA_ARRAY(a, Str, list->as.list.len), list->as.list.len};
    for (size_t i = 0; i < out.len; i++)
        out.items[i] = list->as.list.items[i].as.s;
    return out;
}

static void warn_unknown(const Run *r, const Value *takes, Str name) {
    diag_warn(r->job->diags, "W-SHORTCODE-VALUE", r->call->pos,
              _("the shortcode '%.*s' does nothing with '%.*s'"),
              STR_ARG(r->call->name), STR_ARG(name));
    Str near = nearest(name, names_of(r->job->scratch, takes));
    if (near.len)
        diag_hint(r->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(r->job->diags, _("take it away"));
}

// Values without names get those of `takes`, in order.
static Value named_args(const Run *r, const Value *takes) {
    Value map = value_map(r->job->scratch);
    const Value *args = r->call->args;
    for (size_t i = 0; args->kind == VALUE_LIST && i < args->as.list.len; i++) {
        if (i >= takes->as.list.len) {
            warn_unknown(r, takes, str_fmt(r->job->scratch, "%zu", i + 1));
            break;
        }
        value_set(r->job->scratch, &map, takes->as.list.items[i].as.s,
                  args->as.list.items[i]);
    }
    for (size_t i = 0; args->kind == VALUE_MAP && i < args->as.map->len; i++) {
        const MapItem *item = &args->as.map->items[i];
        if (!is_listed(takes, item->key))
            warn_unknown(r, takes, item->key);
        value_set(r->job->scratch, &map, item->key, *(Value *)item->val);
    }
    return map;
}

static bool is_given(const Value *args, Str names) {
    Str name;
    while (str_cut(&names, '|', &name)) {
        const Value *v = value_get(args, str_trim(name));
        if (v && !(v->kind == VALUE_STR && !str_trim(v->as.s).len))
            return true;
    }
    return false;
}

static bool check_needs(const Run *r, const Value *needs, const Value *args) {
    bool ok = true;
    for (size_t i = 0; needs && i < needs->as.list.len; i++) {
        Str names = needs->as.list.items[i].as.s, first, rest = names;
        if (is_given(args, names))
            continue;
        str_cut(&rest, '|', &first);
        first = str_trim(first);
        ok = diag_error(r->job->diags, "E-SHORTCODE-VALUE", r->call->pos,
                        _("the shortcode '%.*s' needs '%.*s'"),
                        STR_ARG(r->call->name), STR_ARG(first));
        diag_hint(r->job->diags, _("write %.*s=\"…\" in it"), STR_ARG(first));
    }
    return ok;
}

static bool read_args(const Run *r, const Template *t, Value *out) {
    const Value *takes = value_get(&t->front, S("takes"));
    const Value *args = r->call->args;
    *out = args->kind ? *args : value_map(r->job->scratch);
    if (takes)
        *out = named_args(r, takes);
    return check_needs(r, value_get(&t->front, S("needs")), out);
}

static Value globals(Run *r, const Asked *asked, const Value *args) {
    Arena *a = r->job->scratch;
    const ShortcodeCall *call = r->call;
    const World *w = r->ctx->world;
    uint8_t lang = r->ctx->page->lang;
    Value map = value_map(a), inner = value_html(call->inner);
    inner.flags |= VALUE_CONTENT;
    value_set(a, &map, S("args"), *args);
    value_set(a, &map, S("inner"), inner);
    value_set(a, &map, S("inner_text"), content(call->inner_text));
    value_set(a, &map, S("name"), content(call->name));
    value_set(a, &map, S("ordinal"), value_int(call->ordinal));
    value_set(a, &map, S("page"), value_obj(&page_class, r->ctx));
    value_set(a, &map, S("site"), w->site_values[lang]);
    value_set(a, &map, S("lang"),
              value_str(w->site->editions[lang].language->key));
    value_set(a, &map, S("files"), value_obj(&files_class, asked));
    value_set(a, &map, S("pages"), value_obj(&pages_class, asked));
    value_set(a, &map, S("csv"), value_obj(&csv_class, asked));
    return map;
}

static LinkResult plain_link(Job *job, void *ctx, Str href, bool is_image,
                             Pos pos) {
    const ShortcodeCtx *c = ctx;
    (void)pos;
    return body_link(job, c->world, c->page, href, is_image);
}

Value shortcode_page(Job *job, const World *w, const Page *from, Str key) {
    ShortcodeCtx ctx = {w, from, plain_link, NULL, false};
    ShortcodeCall call = {.name = S("ref")};
    Run run = {.job = job, .ctx = &ctx, .call = &call};
    Value out = {0};
    ctx.resolve_ctx = &ctx;
    find_page(job->scratch, &run, key, &out);
    return out;
}

bool shortcode_render(Job *job, void *ctx, const ShortcodeCall *call,
                      Str *html) {
    ShortcodeCtx *c = ctx;
    const World *w = c->world;
    uint8_t lang = c->page->lang;
    const Template *t = find_template(w->layouts, call->name);
    c->was_called = true;
    if (!t)
        return false;
    Run *run = ARENA_NEW(job->scratch, Run);
    *run = (Run){.job = job, .ctx = c, .call = call};
    Asked *asked = ARENA_NEW(job->scratch, Asked);
    asked->run = run;
    EvalEnv env = {.templates = w->layouts,
                   .host = &w->hosts[lang],
                   .lang = w->site->editions[lang].language->key,
                   .now = w->site->now,
                   .zone = w->site->cfg->zone};
    Value args;
    if (!read_args(run, t, &args))
        return false;
    Value map = globals(run, asked, &args);
    Buf out = {.arena = job->scratch};
    if (!eval_template(job, &env, t, &map, c->page->url, &out) ||
        run->has_failed)
        return false;
    *html = buf_str(&out);
    return true;
}

Shortcodes shortcode_set(ShortcodeCtx *ctx) {
    return (Shortcodes){ctx, shortcode_render, find, near_name};
}
