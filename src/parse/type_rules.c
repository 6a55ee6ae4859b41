#include "parse/type_rules.h"

static Str label_or_name(const Type *type, Str name) {
    const Field *f = field_find(&type->fields, name);
    Str label = f ? field_label(f) : (Str){0};
    return label.len ? label : name;
}

// --- items of a list

static bool check_distinct(Job *job, const Source *src, const Field *f,
                           const Value *list) {
    Map seen = {.arena = job->scratch};
    bool ok = true;
    for (size_t i = 0; i < list->as.list.len; i++) {
        Value *item = &list->as.list.items[i];
        const Value *key = value_get(item, f->distinct);
        if (!key || key->kind != VALUE_STR)
            continue;
        const Value *before = map_add(&seen, key->as.s, item);
        if (!before)
            continue;
        Str title = field_title(job->scratch, S(""), f);
        ok = diag_error(job->diags, "E-TWICE",
                        source_pos(src, key->line, key->col),
                        _("%.*s: '%.*s' is already there in line %u"),
                        STR_ARG(title), STR_ARG(key->as.s), before->line);
        diag_hint(job->diags, _("delete one of the two"));
    }
    return ok;
}

// Of a period `side`: from or to.
static bool date_of(const Value *item, Str key, Str side, Date *out) {
    const Value *v = value_get(item, key);
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, side);
    if (!v || v->kind != VALUE_DATE)
        return false;
    *out = v->as.date;
    return true;
}

// Each begins when the one before has ended, or later.
static bool check_ordered(Job *job, const Source *src, const Field *f,
                          const Value *list) {
    bool ok = true;
    for (size_t i = 1; i < list->as.list.len; i++) {
        const Value *item = &list->as.list.items[i];
        Date from, to;
        if (!date_of(item, f->ordered_from, S("from"), &from) ||
            !date_of(item - 1, f->ordered_to, S("to"), &to) ||
            date_cmp(from, date_end(to)) >= 0)
            continue;
        Str title = field_title(job->scratch, S(""), f);
        ok = diag_error(job->diags, "E-DATE-ORDER",
                        source_pos(src, item->line, item->col),
                        _("%.*s: this one begins before the one above it has "
                          "ended"),
                        STR_ARG(title));
        diag_hint(job->diags, _("put them in the order of time, without "
                                "overlap"));
    }
    return ok;
}

bool type_rules_items(Job *job, const Source *src, const Field *f,
                      const Value *list) {
    if (list->kind != VALUE_LIST)
        return true;
    bool ok = !f->distinct.len || check_distinct(job, src, f, list);
    return (!f->ordered_from.len || check_ordered(job, src, f, list)) && ok;
}

// --- rules

static bool has_any(const Value *typed, const Value *names) {
    for (size_t i = 0; i < names->as.list.len; i++)
        if (value_get(typed, names->as.list.items[i].as.s))
            return true;
    return false;
}

static Str say(const Value *rule) {
    const Value *v = value_get(rule, S("say"));
    if (v && v->kind == VALUE_MAP)
        v = value_get(v, S("vi"));
    return v && v->kind == VALUE_STR ? v->as.s : (Str){0};
}

static Str join_labels(Job *job, const Type *type, const Value *names) {
    Buf b = {.arena = job->scratch};
    for (size_t i = 0; i < names->as.list.len; i++) {
        Str name = names->as.list.items[i].as.s;
        if (i)
            buf_put(&b, S(", "));
        buf_fmt(&b, "%.*s (%.*s)", STR_ARG(name),
                STR_ARG(label_or_name(type, name)));
    }
    return buf_str(&b);
}

static bool complain(Job *job, const Source *src, const Type *type,
                     const Value *rule, const Value *names) {
    Str words = say(rule), list = join_labels(job, type, names);
    diag_error(job->diags, "E-REQUIRED", source_pos(src, 1, 1),
               _("one of these has to be there: %.*s"), STR_ARG(list));
    if (words.len)
        diag_hint(job->diags, "%.*s", STR_ARG(words));
    return false;
}

// {when: {field: value}, ...}: all of them hold.
static bool applies(const Value *rule, const Value *typed) {
    const Value *when = value_get(rule, S("when"));
    for (size_t i = 0; when && when->kind == VALUE_MAP && when->as.map &&
                       i < when->as.map->len;
         i++) {
        const MapItem *item = &when->as.map->items[i];
        const Value *want = item->val, *have = value_get(typed, item->key);
        if (!have || have->kind != VALUE_STR || want->kind != VALUE_STR ||
            !str_eq(have->as.s, want->as.s))
            return false;
    }
    return true;
}

static bool check_required(Job *job, const Source *src, const Type *type,
                           const Value *rule, const Value *typed) {
    const Value *names = value_get(rule, S("require"));
    bool ok = true;
    for (size_t i = 0;
         names && names->kind == VALUE_LIST && i < names->as.list.len; i++) {
        Str name = names->as.list.items[i].as.s;
        if (value_get(typed, name))
            continue;
        ok = diag_error(job->diags, "E-REQUIRED", source_pos(src, 1, 1),
                        _("'%.*s' (%.*s) is missing"), STR_ARG(name),
                        STR_ARG(label_or_name(type, name)));
        Str words = say(rule);
        if (words.len)
            diag_hint(job->diags, "%.*s", STR_ARG(words));
        else
            diag_hint(job->diags, _("add it: %.*s: %.*s"), STR_ARG(name),
                      STR_ARG(S("\"...\"")));
    }
    return ok;
}

bool type_rules_check(Job *job, const Source *src, const Type *type,
                      const Value *typed) {
    bool ok = true;
    if (type->rules.kind != VALUE_LIST)
        return true;
    for (size_t i = 0; i < type->rules.as.list.len; i++) {
        const Value *rule = &type->rules.as.list.items[i];
        const Value *one = value_get(rule, S("require_one"));
        if (!applies(rule, typed))
            continue;
        if (one && one->kind == VALUE_LIST && !has_any(typed, one))
            ok = complain(job, src, type, rule, one);
        ok &= check_required(job, src, type, rule, typed);
    }
    return ok;
}
