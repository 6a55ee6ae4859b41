// Images: the name of a file, or a map that says what it shows. An image
// without a description is an error unless it is decoration.

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "parse/type_kinds.h"
#include "parse/yaml.h"

static const Str keys[] = {
    S_INIT("file"),    S_INIT("alt"),   S_INIT("caption"),    S_INIT("credit"),
    S_INIT("consent"), S_INIT("focal"), S_INIT("decorative"),
};

enum { NKEYS = sizeof keys / sizeof *keys };

static bool unknown_key(const KindCheck *k, Str key, const Value *v) {
    Str names[NKEYS];
    memcpy(names, keys, sizeof names);
    Str near = nearest(key, (Strs){names, NKEYS});
    Str name = kind_name(k);
    diag_error(k->job->diags, "E-KEY", yaml_key_pos(k->src, key, v),
               _("%.*s has no key '%.*s'"), STR_ARG(name), STR_ARG(key));
    if (near.len)
        diag_hint(k->job->diags, _("did you mean '%.*s'?"), STR_ARG(near));
    else
        diag_hint(k->job->diags, _("an image has file, alt, caption, credit, "
                                   "consent, decorative and focal"));
    return false;
}

// "30% 60%" or "0.3, 0.6": two numbers from the left and from the top.
static bool is_focal(Str s) {
    size_t numbers = 0;
    bool in_number = false;
    for (size_t i = 0; i < s.len; i++) {
        bool is_digit = s.ptr[i] >= '0' && s.ptr[i] <= '9';
        if (!is_digit && s.ptr[i] != '.' && s.ptr[i] != '%' &&
            s.ptr[i] != ' ' && s.ptr[i] != ',')
            return false;
        bool part = is_digit || s.ptr[i] == '.';
        numbers += part && !in_number;
        in_number = part;
    }
    return numbers == 2;
}

static bool set_key(const KindCheck *k, Str key, const Value *v, Value *map) {
    Value out = {0};
    bool flag;
    if (v->kind == VALUE_NULL)
        return true;
    if (str_eq(key, S("decorative"))) {
        if (!value_to_bool(v, &flag))
            return kind_wrong(k, v, _("true or false at 'decorative'"));
        out = value_bool(flag);
    } else if (str_eq(key, S("file"))) {
        if (!kind_file(k, v, &out))
            return false;
    } else {
        if (v->kind != VALUE_STR)
            return kind_wrong(k, v, _("an image with text at its keys"));
        Str s = str_trim(v->as.s);
        out = kind_str(v, s);
        if (str_eq(key, S("focal")) && !is_focal(s)) {
            kind_wrong(k, v, _("an image whose 'focal' is two numbers"));
            diag_hint(k->job->diags, _("write focal: 50%% 30%%"));
            return false;
        }
    }
    out.line = v->line;
    out.col = v->col;
    value_set(k->job->keep, map, key, out);
    return true;
}

static bool read_map(const KindCheck *k, const Value *v, Value *map) {
    bool ok = true;
    for (size_t i = 0; v->as.map && i < v->as.map->len; i++) {
        const MapItem *item = &v->as.map->items[i];
        Str key = str_lower(k->job->keep, item->key);
        bool known = false;
        for (size_t j = 0; j < NKEYS; j++)
            known |= str_eq(key, keys[j]);
        ok &= known ? set_key(k, key, item->val, map)
                    : unknown_key(k, item->key, item->val);
    }
    if (ok && !value_get(map, S("file"))) {
        kind_wrong(k, v, _("an image with a 'file'"));
        return false;
    }
    return ok;
}

static bool check_alt(const KindCheck *k, const Value *v, const Value *map) {
    const Value *decorative = value_get(map, S("decorative"));
    const Value *alt = value_get(map, S("alt"));
    Str text = value_get_str(map, S("alt"));
    if (decorative && decorative->as.b)
        return true;
    if (!text.len && k->how->is_complete) {
        Str name = kind_name(k);
        diag_error(k->job->diags, "E-ALT", kind_pos(k, alt ? alt : v),
                   _("%.*s: the image has no description (alt)"),
                   STR_ARG(name));
        diag_hint(k->job->diags,
                  _("say what the picture shows: {file: anh.jpg, alt: "
                    "\"...\"}; for mere decoration write decorative: true"));
        return kind_is_soft(k->job, "E-ALT");
    }
    Str ext = path_ext(text);
    bool is_name =
        str_find(text, S(" "), 0) == SIZE_MAX && ext.len >= 3 && ext.len <= 4;
    if (text.len && (is_name || str_eq(text, value_get_str(map, S("file"))))) {
        Str name = kind_name(k);
        diag_warn(k->job->diags, "W-ALT", kind_pos(k, alt),
                  _("%.*s: the description is the name of a file"),
                  STR_ARG(name));
        diag_hint(k->job->diags, _("say in words what the picture shows"));
    }
    return true;
}

bool kind_image(const KindCheck *k, const Value *v, Value *out) {
    Value map = value_map(k->job->keep);
    bool ok = false;
    if (v->kind == VALUE_MAP)
        ok = read_map(k, v, &map);
    else if (v->kind == VALUE_STR)
        ok = set_key(k, S("file"), v, &map);
    else
        return kind_wrong(k, v, _("an image"));
    *out = map;
    return ok && check_alt(k, v, &map);
}
