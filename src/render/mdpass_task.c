// Small marks at the start of a block: a task's box, a callout's sort.
#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "render/md.h"

// ---- tasks: "[ ] " and "[x] " at the start of an item

static void task_item(MdNode *item) {
    MdNode *p = item->first;
    MdNode *text = p && p->kind == MD_PARAGRAPH ? p->first : NULL;
    if (!text || text->kind != MD_TEXT)
        return;
    Str s = text->text;
    if (s.len < 4 || s.ptr[0] != '[' || s.ptr[2] != ']' || s.ptr[3] != ' ' ||
        !strchr(" xX", s.ptr[1]))
        return;
    item->flags |= MD_TASK;
    if (s.ptr[1] != ' ')
        item->flags |= MD_DONE;
    text->text = str_slice(s, 4, s.len);
}

void mdpass_tasks(Md *md) {
    for (size_t i = 0; i < md_ntrees(md); i++) {
        if (!md_tree(md, i))
            continue;
        for (MdWalk w = md_walk(md_tree(md, i)); md_walk_next(&w);)
            if (!w.is_exit && w.node->kind == MD_ITEM)
                task_item(w.node);
    }
}

// ---- callouts: "[!NOTE] title" on a quote's first line

static const struct {
    Str word; // folded
    uint32_t sort;
} sorts[] = {
    {S_INIT("note"), 0},    {S_INIT("tip"), 1},      {S_INIT("important"), 2},
    {S_INIT("warning"), 3}, {S_INIT("caution"), 4},  {S_INIT("luu y"), 0},
    {S_INIT("ghi chu"), 0}, {S_INIT("meo"), 1},      {S_INIT("quan trong"), 2},
    {S_INIT("chu y"), 2},   {S_INIT("canh bao"), 3}, {S_INIT("than trong"), 4},
};

enum { NSORTS = sizeof sorts / sizeof *sorts, MAX_WORD = 40 };

static void unknown_sort(Md *md, const MdNode *n, Str word, Str folded) {
    Str words[NSORTS];
    for (size_t i = 0; i < NSORTS; i++)
        words[i] = sorts[i].word;
    if (!md_may_warn(md))
        return;
    diag_warn(md->job->diags, "W-CALLOUT", md_find(md, n->line, S("[!")),
              _("there is no box [!%.*s]; this is an ordinary quote"),
              STR_ARG(word));
    Str near = nearest(folded, (Strs){words, NSORTS});
    if (near.len)
        near = text_upper(md->tmp, near);
    diag_hint(md->job->diags,
              near.len
                  ? _("did you mean [!%.*s]?")
                  : _("write [!LƯU Ý], [!MẸO], [!QUAN TRỌNG], [!CẢNH BÁO] or "
                      "[!THẬN TRỌNG]%.*s"),
              STR_ARG(near));
}

// "[!WORD]", perhaps with the sign + or - of those that fold, and blanks.
static size_t take_sort(Md *md, const MdNode *text, uint32_t *sort) {
    Str s = text->text;
    size_t end = str_find(str_slice(s, 0, MAX_WORD), S("]"), 2);
    if (!str_starts(s, S("[!")) || end == SIZE_MAX || end == 2)
        return 0;
    Str word = md_unmark(md->tmp, str_slice(s, 2, end));
    Str folded = str_trim(text_fold(md->tmp, word));
    size_t i = 0;
    while (i < NSORTS && !str_eq(sorts[i].word, folded))
        i++;
    if (i == NSORTS) {
        unknown_sort(md, text, word, folded);
        return 0;
    }
    *sort = sorts[i].sort;
    end++;
    end += end < s.len && (s.ptr[end] == '+' || s.ptr[end] == '-');
    while (end < s.len && s.ptr[end] == ' ')
        end++;
    return end;
}

static void callout(Md *md, MdNode *quote) {
    MdNode *p = quote->first;
    MdNode *text = p && p->kind == MD_PARAGRAPH ? p->first : NULL;
    uint32_t sort;
    size_t len = text && text->kind == MD_TEXT ? take_sort(md, text, &sort) : 0;
    if (!len)
        return;
    MdNode *title = md_node(md->tmp, MD_PARAGRAPH, p->line);
    title->flags = MD_TITLE;
    title->parent = quote;
    title->next = p;
    quote->first = title;
    quote->kind = MD_CALLOUT;
    quote->number = sort;
    text->text = str_slice(text->text, len, text->text.len);
    MdNode *n = p->first, *into = title; // up to the first break
    p->first = p->last = NULL;
    for (MdNode *next; n; n = next) {
        next = n->next;
        bool ends = into == title &&
                    (n->kind == MD_SOFTBREAK || n->kind == MD_LINEBREAK);
        if (!ends && !(n == text && !n->text.len))
            md_append(into, n);
        if (ends)
            into = p;
    }
    quote->first->next = p->first ? p : p->next;
    if (!p->first && quote->last == p)
        quote->last = quote->first->next ? p->next : quote->first;
}

void mdpass_callouts(Md *md) {
    for (size_t i = 0; i < md_ntrees(md); i++) {
        if (!md_tree(md, i))
            continue;
        for (MdWalk w = md_walk(md_tree(md, i)); md_walk_next(&w);)
            if (!w.is_exit && w.node->kind == MD_QUOTE)
                callout(md, w.node);
    }
}
