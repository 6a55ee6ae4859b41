// The front matter of a new piece. What is required stands there empty, with a
// comment above it that says what it is; a draft may lack it, so the file
// builds (with --buildDrafts) as it is.
#include "cmd/starter.h"
#include "parse/type_kinds.h"

enum { LINE = 100 };

// The Vietnamese text of a label, help or sentence of a type file.
static Str words(const Value *v) {
    if (!v || v->kind == VALUE_STR)
        return v ? v->as.s : (Str){0};
    Str vi = value_get_str(v, S("vi"));
    return vi.len ? vi : value_get_str(v, S("en"));
}

static void put_title(Buf *out, Str name) {
    buf_put(out, S("title: \""));
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!i && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c == '"' || c == '\\')
            buf_putc(out, '\\');
        buf_putc(out, c == '-' || c == '_' ? ' ' : c);
    }
    buf_put(out, S("\"\n"));
}

static void put_choices(Buf *out, const Field *f, const char *indent) {
    for (size_t i = 0; i < f->of.len; i++) {
        Str label = words(value_get(&f->of_labels, f->of.items[i]));
        buf_fmt(out, "%s#   %.*s%s%.*s\n", indent, STR_ARG(f->of.items[i]),
                label.len ? ": " : "", STR_ARG(label));
    }
}

static bool is_kind(const Field *f, FieldKind kind) {
    return (f->kinds & 1u << kind) != 0;
}

// What may be written, after the label.
static void put_form(Buf *out, const TypeSet *types, const Field *f) {
    const Type *to =
        is_kind(f, FIELD_REF) && f->to.len ? type_find(types, f->to) : NULL;
    if (is_kind(f, FIELD_CHOICE))
        buf_put(out,
                str_from(f->many ? _("; one or more of:") : _("; one of:")));
    else if (to && to->section.len)
        buf_fmt(out, _("; the name of a file in %.*s/, without .md"),
                STR_ARG(to->section));
    else if (!is_kind(f, FIELD_MAP) && !is_kind(f, FIELD_TEXT))
        buf_fmt(out, _("; for example: %.*s"), STR_ARG(kind_example(f)));
    if (is_kind(f, FIELD_TEXT) && f->max > 0 && !f->many)
        buf_fmt(out, _("; at most %g characters"), f->max);
    if (f->many && f->max > 0 && f->min > 0)
        buf_fmt(out, _("; from %g to %g items"), f->min, f->max);
}

static void put_comment(Buf *out, const TypeSet *types, const Field *f,
                        const char *indent) {
    Str label = field_label(f), help = words(&f->help);
    buf_fmt(out, "%s# %.*s", indent, STR_ARG(label.len ? label : f->name));
    put_form(out, types, f);
    buf_putc(out, '\n');
    if (help.len)
        buf_fmt(out, "%s# %.*s\n", indent, STR_ARG(help));
    put_choices(out, f, indent);
}

static void put_required(Buf *out, const TypeSet *types, const Field *f) {
    put_comment(out, types, f, "");
    buf_fmt(out, "%.*s:\n", STR_ARG(f->name));
    const char *lead = f->many ? "  # - " : "  # ";
    for (size_t i = 0; i < f->fields.len; i++) {
        const Field *part = &f->fields.items[i];
        if (!part->required)
            continue;
        put_comment(out, types, part, "  ");
        buf_fmt(out, "%s%.*s: %.*s\n", lead, STR_ARG(part->name),
                STR_ARG(kind_example(part)));
        lead = f->many ? "  #   " : "  # ";
    }
}

static void put_rules(Buf *out, const Type *type) {
    const Value *rules = &type->rules;
    for (size_t i = 0; rules->kind == VALUE_LIST && i < rules->as.list.len;
         i++) {
        Str say = words(value_get(&rules->as.list.items[i], S("say")));
        if (say.len)
            buf_fmt(out, "# %.*s\n", STR_ARG(say));
    }
}

static void put_optional(Buf *out, const Type *type) {
    size_t start = out->len;
    buf_fmt(out, "# %s", _("These may be added:"));
    for (size_t i = 0; i < type->fields.len; i++) {
        const Field *f = &type->fields.items[i];
        if (f->required || f->computed)
            continue;
        if (out->len - start + f->name.len > LINE) {
            start = out->len;
            buf_put(out, S("\n#"));
        }
        buf_fmt(out, " %.*s", STR_ARG(f->name));
    }
    buf_putc(out, '\n');
}

Str starter_piece(Arena *a, const TypeSet *types, const Type *type, Str name,
                  Date now) {
    Buf out = {.arena = a};
    buf_put(&out, S("---\n"));
    put_title(&out, name);
    buf_put(&out, S("date: "));
    date_rfc3339(&out, now);
    buf_fmt(&out, "\n# %s\ndraft: true\n",
            _("Take this line out when the piece is ready."));
    for (size_t i = 0; i < type->fields.len; i++)
        if (type->fields.items[i].required && !type->fields.items[i].computed)
            put_required(&out, types, &type->fields.items[i]);
    put_rules(&out, type);
    if (type->fields.len)
        put_optional(&out, type);
    buf_fmt(&out, "---\n\n%s\n", _("Write the text here."));
    return buf_str(&out);
}
