// Each check stands for something that Hugo would do and loa does not. What
// changes nothing a reader sees is a note, what loses something a warning, what
// would publish something else than was meant an error.

#include "model/hugo.h"

#include <string.h>

#include "base/nearest.h"
#include "parse/yaml.h"

// --- types

static Str type_names(Arena *a, const TypeSet *types) {
    Buf b = {.arena = a};
    for (size_t i = 0; i < types->len; i++) {
        if (b.len)
            buf_put(&b, S(", "));
        buf_put(&b, types->items[i].name);
    }
    return buf_str(&b);
}

static Str nearest_type(Arena *a, const TypeSet *types, Str name) {
    Strs names = {ARENA_ARRAY(a, Str, types->len), types->len};
    for (size_t i = 0; i < types->len; i++)
        names.items[i] = types->items[i].name;
    return nearest(name, names);
}

bool hugo_unknown_type(const FrontReader *r, const TypeSet *types, Str name) {
    const Value *v = r->at[KEY_TYPE];
    Str near = nearest_type(r->job->scratch, types, name);
    Str all = type_names(r->job->scratch, types);
    diag_error(r->job->diags, "E-TYPE", front_pos(r, v),
               _("there is no content type '%.*s'"), STR_ARG(name));
    if (near.len)
        diag_hint(r->job->diags, _("did you mean '%.*s'? The types are: %.*s"),
                  STR_ARG(near), STR_ARG(all));
    else
        diag_hint(r->job->diags,
                  _("the types are: %.*s. For an ordinary page write type: "
                    "page, or delete the line"),
                  STR_ARG(all));
    return false;
}

// --- keys without a use

// A cascaded value has no place in this file: that would be said for every page
// below.
static void note_key(const FrontReader *r, Str shown, const Value *v) {
    if (!v || !v->line || v->kind == VALUE_NULL)
        return;
    diag_note(r->job->diags, "N-FRONT", front_pos(r, v),
              _("loa has no use for '%.*s' and ignores it"), STR_ARG(shown));
    diag_hint(r->job->diags, _("delete it, or leave it for Hugo"));
}

static void note_keys(const FrontReader *r) {
    static const struct {
        int outer;
        Str inner, shown;
    } keys[] = {
        {KEY_SITEMAP, S_INIT("changefreq"), S_INIT("sitemap.changefreq")},
        {KEY_SITEMAP, S_INIT("changeFreq"), S_INIT("sitemap.changeFreq")},
        {KEY_SITEMAP, S_INIT("priority"), S_INIT("sitemap.priority")},
        {KEY_SITEMAP, S_INIT("filename"), S_INIT("sitemap.filename")},
        {KEY_BUILD, S_INIT("publishResources"),
         S_INIT("build.publishResources")},
        {KEY_UNDERSCORE_BUILD, S_INIT("publishResources"),
         S_INIT("_build.publishResources")},
    };
    note_key(r, S("isCJKLanguage"), r->at[KEY_ISCJKLANGUAGE]);
    note_key(r, S("resources"), r->at[KEY_RESOURCES]);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        note_key(r, keys[i].shown,
                 value_get(r->at[keys[i].outer], keys[i].inner));
    const Map *map = r->meta->kind == VALUE_MAP ? r->meta->as.map : NULL;
    for (size_t i = 0; map && i < map->len; i++)
        if (r->numbers[i] != KEY_NONE && r->keys->is_weight[r->numbers[i]])
            note_key(r, map->items[i].key, map->items[i].val);
}

// --- what would come out otherwise

static void check_markup(FrontReader *r) {
    static const Str markdown[] = {S_INIT("md"), S_INIT("markdown"),
                                   S_INIT("goldmark"), S_INIT("mdown")};
    Str name = {0};
    front_text(r, KEY_MARKUP, &name);
    for (size_t i = 0; i < sizeof markdown / sizeof *markdown; i++)
        if (!name.len || str_eq_nocase(name, markdown[i]))
            return;
    const Value *v = r->at[KEY_MARKUP];
    r->ok = diag_error(r->job->diags, "E-FORMAT", front_pos(r, v),
                       _("content is written in Markdown, not in %.*s"),
                       STR_ARG(name));
    diag_hint(r->job->diags, _("write the text as Markdown and delete the line "
                               "markup:"));
}

// Few texts hold even the first characters of these.
static bool has_markdown(Str s) {
    if (!s.len || (!memchr(s.ptr, '*', s.len) && !memchr(s.ptr, ']', s.len) &&
                   !memchr(s.ptr, '{', s.len)))
        return false;
    return str_find(s, S("**"), 0) != SIZE_MAX ||
           str_find(s, S("]("), 0) != SIZE_MAX ||
           str_find(s, S("{{<"), 0) != SIZE_MAX ||
           str_find(s, S("{{%"), 0) != SIZE_MAX;
}

// A type may say that its sapo is Markdown.
static bool is_markdown(const Page *p, Str key) {
    const Field *f = field_find(&p->type->fields, key);
    return f && f->kinds & 1u << FIELD_MARKDOWN;
}

// Hugo reads a summary as Markdown.
static void check_texts(const FrontReader *r, const Page *p) {
    static const int keys[] = {KEY_SUMMARY, KEY_SAPO, KEY_DESCRIPTION,
                               KEY_TITLE};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const Value *v = r->at[keys[i]];
        Str name = r->keys->names[keys[i]];
        if (!v || !v->line || v->kind != VALUE_STR || !has_markdown(v->as.s) ||
            is_markdown(p, name))
            continue;
        diag_warn(r->job->diags, "W-PLAIN", front_pos(r, v),
                  _("%.*s is plain text: marks of Markdown are shown as they "
                    "are"),
                  STR_ARG(name));
        diag_hint(r->job->diags, _("take the marks out"));
    }
}

static void check_cascade(const FrontReader *r, const Draft *draft) {
    const Value *v = r->at[KEY_CASCADE];
    if (draft->is_section || !v || !v->line || v->kind == VALUE_NULL)
        return;
    diag_warn(r->job->diags, "W-CASCADE", front_pos(r, v),
              _("cascade has no effect in a piece"));
    diag_hint(r->job->diags, _("it belongs in the _index.md of a folder, for "
                               "all that is below"));
}

void hugo_check_page(FrontReader *r, const Draft *draft, const Page *p) {
    check_markup(r);
    check_cascade(r, draft);
    check_texts(r, p);
    note_keys(r);
}

// --- bundles

void hugo_warn_in_bundle(Job *job, const Draft *draft, bool is_twin) {
    Pos pos = source_pos(draft->src, 0, 0);
    if (is_twin) {
        diag_error(job->diags, "E-INDEX", pos,
                   _("the folder has an index.md and an _index.md"));
        diag_hint(job->diags,
                  _("index.md makes the folder one piece, _index.md a section "
                    "of pieces: delete one of the two"));
        return;
    }
    diag_warn(job->diags, "W-BUNDLE", pos,
              _("the file lies in the folder of a piece (index.md), so it is "
                "no page and is not shown"));
    diag_hint(job->diags,
              _("move it out of that folder to make it a page, or copy its "
                "text into index.md"));
}

// --- layouts and data

// Behind "{{" and blanks: what Liquid has not.
static bool is_go(Str s) {
    static const Str words[] = {S_INIT("partial \""),  S_INIT("partialCached "),
                                S_INIT("define \""),   S_INIT("block \""),
                                S_INIT("template \""), S_INIT("range "),
                                S_INIT("with "),       S_INIT("if "),
                                S_INIT("end }}"),      S_INIT("end -}}"),
                                S_INIT("else }}"),     S_INIT("/*"),
                                S_INIT("$"),           S_INIT(".")};
    if (str_starts(s, S("-")))
        s = str_slice(s, 1, s.len);
    while (s.len && s.ptr[0] == ' ')
        s = str_slice(s, 1, s.len);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(s, words[i]))
            return true;
    return false;
}

// The place of the first tag of Go's templates; SIZE_MAX if none.
static size_t find_go(Str text) {
    if (str_find(text, S("{% raw"), 0) != SIZE_MAX ||
        str_find(text, S("{%- raw"), 0) != SIZE_MAX)
        return SIZE_MAX;
    size_t at = 0;
    while ((at = str_find(text, S("{{"), at)) != SIZE_MAX) {
        if (is_go(str_slice(text, at + 2, text.len)))
            return at;
        at += 2;
    }
    return SIZE_MAX;
}

bool hugo_is_layout(Job *job, const Source *src) {
    if (!str_eq(path_ext(src->rel), S("html"))) {
        diag_note(job->diags, "N-LAYOUT", source_pos(src, 0, 0),
                  _("layouts are .html files; this one is not read"));
        return false;
    }
    size_t at = find_go(src->text);
    if (at == SIZE_MAX)
        return true;
    diag_error(job->diags, "E-LAYOUT-GO", source_pos_at(src, at),
               _("this is a template of Hugo, and layouts of loa are written "
                 "in Liquid"));
    diag_hint(job->diags,
              _("write {{ page.title }} in place of {{ .Title }}, {%% for %%} "
                "in place of {{ range }}; or use the theme and delete the "
                "file"));
    return false;
}

void hugo_note_data(Job *job, const Source *src) {
    diag_warn(job->diags, "W-DATA", source_pos(src, 0, 0),
              _("the file is in a form that is not read"));
    diag_hint(job->diags, _("write it as YAML or JSON, in a file that ends in "
                            ".yaml or .json"));
}
