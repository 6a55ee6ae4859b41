// References to footnotes, [^x]. They are numbered in the order in which a
// reader meets them: first those of the text, then those of the notes, in the
// order of the notes at the end.
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "render/md.h"

typedef struct {
    Md *md;
    Map by_label;
} Notes;

static void add_labels(Notes *s) {
    Md *md = s->md;
    for (size_t i = 0; i < md->scan.nnotes; i++) {
        MdNote *note = &md->notes[i];
        note->label = md_unmark(md->tmp, note->label);
        Str key = text_key(md->tmp, note->label);
        const MdNote *other = map_add(&s->by_label, key, note);
        note->is_double = other != NULL;
        if (!other || !md_may_warn(md))
            continue;
        diag_warn(md->job->diags, "W-FOOTNOTE", md_line(md, note->line),
                  _("the footnote [^%.*s] is written twice, first in line %u"),
                  STR_ARG(note->label), md->first_line + other->line - 1);
        diag_hint(md->job->diags,
                  _("give one of them another name; only the first is shown"));
    }
}

static void warn_undefined(Md *md, const MdNode *n, Str label) {
    if (!md_may_warn(md))
        return;
    Str what = str_fmt(md->tmp, "[^%.*s]", STR_ARG(label));
    diag_warn(md->job->diags, "W-FOOTNOTE", md_find(md, n->line, what),
              _("there is no footnote %.*s in this text"), STR_ARG(what));
    diag_hint(md->job->diags,
              _("write it on a line of its own: %.*s: the text of the note"),
              STR_ARG(what));
}

static void use_note(Md *md, MdNote *note, MdNode *ref) {
    if (!note->number) {
        md->used[md->nused++] = note;
        note->number = (uint32_t)md->nused;
    }
    ref->number = note->number - 1;
    ref->nth = ++note->uses;
}

// The first "[^label]" at or after `from`; false when there is none.
static bool find_ref(Str s, size_t from, size_t *at, Str *label) {
    for (size_t i = from; (i = md_search(s, S("[^"), i)) != SIZE_MAX; i += 2) {
        size_t end = i + 2;
        while (end < s.len && s.ptr[end] != ']' && s.ptr[end] != '[' &&
               s.ptr[end] != ' ')
            end++;
        if (end < s.len && s.ptr[end] == ']' && end > i + 2 &&
            !str_starts(str_slice(s, end + 1, s.len), S(MARK_PROTECT))) {
            *at = i;
            *label = str_slice(s, i + 2, end);
            return true;
        }
        i = end - 2 > i ? end - 2 : i;
    }
    return false;
}

// Splits the text at its first reference; the walk comes to the rest of it.
static void ref_text(Notes *s, MdNode *n) {
    size_t from = 0, at;
    Str label;
    while (find_ref(n->text, from, &at, &label)) {
        from = at + 3 + label.len;
        Str plain = md_unmark(s->md->tmp, label);
        MdNote *note = map_get(&s->by_label, text_key(s->md->tmp, plain));
        if (!note || !note->body) {
            warn_undefined(s->md, n, plain);
            continue;
        }
        Str rest = str_slice(n->text, from, n->text.len);
        n->text.len = at;
        MdNode *ref = md_insert(s->md, n, MD_NOTE_REF, (Str){0});
        use_note(s->md, note, ref);
        md_insert(s->md, ref, MD_TEXT, rest);
        return;
    }
}

static void ref_tree(Notes *s, MdNode *root) {
    for (MdWalk w = md_walk(root); md_walk_next(&w);) {
        if (!w.is_exit && w.node->kind == MD_IMAGE)
            md_walk_skip(&w);
        else if (!w.is_exit && w.node->kind == MD_TEXT &&
                 memchr(w.node->text.ptr, '[', w.node->text.len))
            ref_text(s, w.node);
    }
}

static void warn_unused(Md *md) {
    for (size_t i = 0; i < md->scan.nnotes; i++) {
        const MdNote *note = &md->notes[i];
        if (note->number || note->is_double || !md_may_warn(md))
            continue;
        diag_warn(md->job->diags, "W-FOOTNOTE", md_line(md, note->line),
                  _("nothing in the text refers to the footnote [^%.*s], so it "
                    "is not shown"),
                  STR_ARG(note->label));
        diag_hint(md->job->diags,
                  _("write [^%.*s] where its number shall stand, or delete it"),
                  STR_ARG(note->label));
    }
}

void mdpass_notes(Md *md) {
    if (md_search(md->scan.text, S("[^"), 0) == SIZE_MAX && !md->scan.nnotes)
        return;
    Notes s = {.md = md, .by_label = {.arena = md->tmp}};
    add_labels(&s);
    ref_tree(&s, md->root);
    for (size_t i = 0; i < md->nused; i++)
        ref_tree(&s, md->used[i]->body);
    warn_unused(md);
}
