// How it works: guards; the text rewritten by mdscan.c; cmark; its tree copied
// into ours; the passes; HTML.
//
// cmark gets memory from an arena, so nothing of it is ever freed one by one,
// and a render that is given up half way leaves nothing behind. For a text of
// the usual size it is the job's scratch, which is emptied soon; a long one has
// an arena that is dropped when it is done.
#include "render/markdown.h"

#include <cmark.h>
#include <setjmp.h>
#include <string.h>

#include "base/text.h"
#include "render/md.h"

enum {
    MAX_TEXT = 1024 * 1024,
    LARGE_TEXT = 256 * 1024,
    MAX_IMAGES = 2000,
    MAX_RATIO = 32,
    RATIO_BASE = 64 * 1024,
    SEARCH_BUDGET = 16 * 1024 * 1024,
    USUAL_TEXT = 32 * 1024, // up to here the job's scratch is good enough
    SMALL = 512, // bytes; classes of 16 up to here, then powers of two
    SMALL_CLASSES = SMALL / 16,
    CLASSES = SMALL_CLASSES + 48,
};

static const size_t MAX_MEMORY = (size_t)256 * 1024 * 1024;

// ---- cmark's memory

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next; // when free
    size_t class;
};

typedef struct {
    Arena *arena;
    size_t left;
    jmp_buf fail;
    Chunk *free[CLASSES];
} Heap;

// The one mutable static of loa: cmark's allocator has no user pointer. It is
// set only while cmark runs on this thread.
static _Thread_local Heap *heap;

static size_t class_of(size_t size) {
    if (size <= SMALL)
        return size ? (size - 1) / 16 : 0;
    size_t class = SMALL_CLASSES;
    for (size_t room = 2 * SMALL; room < size; room *= 2)
        class ++;
    return class;
}

static size_t class_size(size_t class) {
    return class < SMALL_CLASSES
               ? 16 * (class + 1)
               : (size_t)(2 * SMALL) << (class - SMALL_CLASSES);
}

static void *take(size_t size) {
    size_t class = size <= MAX_MEMORY ? class_of(size) : 0;
    Chunk *c = size <= MAX_MEMORY ? heap->free[class] : NULL;
    if (c) {
        heap->free[class] = c->next;
        return memset(c + 1, 0, class_size(class));
    }
    size_t need = sizeof *c + class_size(class);
    if (size > MAX_MEMORY || need > heap->left)
        longjmp(heap->fail, 1);
    heap->left -= need;
    c = arena_alloc(heap->arena, 1, need, alignof(max_align_t));
    c->class = class;
    return c + 1;
}

static void give_back(void *p) {
    if (!p)
        return;
    Chunk *c = (Chunk *)p - 1;
    c->next = heap->free[c->class];
    heap->free[c->class] = c;
}

static void *take_many(size_t n, size_t size) {
    return take(size && n > SIZE_MAX / size ? SIZE_MAX : n * size);
}

static void *take_again(void *p, size_t size) {
    if (!p)
        return take(size);
    size_t room = class_size(((Chunk *)p - 1)->class);
    if (size <= room)
        return p;
    void *q = take(size);
    memcpy(q, p, room);
    give_back(p);
    return q;
}

// ---- cmark's tree into ours

static MdKind kind_of(cmark_node *n) {
    switch (cmark_node_get_type(n)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return MD_QUOTE;
    case CMARK_NODE_LIST:
        return MD_LIST;
    case CMARK_NODE_ITEM:
        return MD_ITEM;
    case CMARK_NODE_CODE_BLOCK:
        return MD_CODE_BLOCK;
    case CMARK_NODE_HTML_BLOCK:
        return MD_HTML_BLOCK;
    case CMARK_NODE_PARAGRAPH:
        return MD_PARAGRAPH;
    case CMARK_NODE_HEADING:
        return MD_HEADING;
    case CMARK_NODE_THEMATIC_BREAK:
        return MD_RULE;
    case CMARK_NODE_TEXT:
        return MD_TEXT;
    case CMARK_NODE_SOFTBREAK:
        return MD_SOFTBREAK;
    case CMARK_NODE_LINEBREAK:
        return MD_LINEBREAK;
    case CMARK_NODE_CODE:
        return MD_CODE;
    case CMARK_NODE_HTML_INLINE:
        return MD_HTML;
    case CMARK_NODE_EMPH:
        return MD_EMPH;
    case CMARK_NODE_STRONG:
        return MD_STRONG;
    case CMARK_NODE_LINK:
        return MD_LINK;
    case CMARK_NODE_IMAGE:
        return MD_IMAGE;
    default:
        return MD_DOCUMENT;
    }
}

static Str str_of(const char *s) {
    return s ? str_from(s) : (Str){0};
}

static void copy_list(MdNode *to, cmark_node *from) {
    if (cmark_node_get_list_type(from) == CMARK_ORDERED_LIST)
        to->flags |= MD_ORDERED;
    if (cmark_node_get_list_tight(from))
        to->flags |= MD_TIGHT;
    to->number = (uint32_t)cmark_node_get_list_start(from);
}

static void copy_fields(MdNode *to, cmark_node *from) {
    switch (to->kind) {
    case MD_LIST:
        copy_list(to, from);
        break;
    case MD_HEADING:
        to->number = (uint32_t)cmark_node_get_heading_level(from);
        break;
    case MD_CODE_BLOCK:
        to->extra = str_of(cmark_node_get_fence_info(from));
        to->text = str_of(cmark_node_get_literal(from));
        break;
    case MD_LINK:
    case MD_IMAGE:
        to->text = str_of(cmark_node_get_url(from));
        to->extra = str_of(cmark_node_get_title(from));
        break;
    case MD_TEXT:
    case MD_CODE:
    case MD_HTML:
    case MD_HTML_BLOCK:
        to->text = str_of(cmark_node_get_literal(from));
        break;
    default:
        break;
    }
}

static MdNode *copy_node(Md *md, cmark_node *from, MdNode *parent) {
    int line = cmark_node_get_start_line(from);
    MdNode *n = md_node(md->tmp, kind_of(from), parent ? parent->line : 1);
    if (line > 0)
        n->line = mdcall_line(md, md_scan_line(&md->scan, (uint32_t)line));
    copy_fields(n, from);
    md->kinds |= (uint32_t)1 << n->kind;
    if (parent)
        md_append(parent, n);
    return n;
}

// No recursion: nesting is the author's.
static MdNode *copy_tree(Md *md, cmark_node *from) {
    MdNode *root = copy_node(md, from, NULL), *to = root;
    for (cmark_node *n = from;;) {
        cmark_node *next = cmark_node_first_child(n);
        if (next) {
            to = copy_node(md, next, to);
        } else {
            for (; n != from && !cmark_node_next(n); to = to->parent)
                n = cmark_node_parent(n);
            if (n == from)
                return root;
            next = cmark_node_next(n);
            to = copy_node(md, next, to->parent);
        }
        n = next;
    }
}

// Between setjmp and longjmp only cmark runs: nothing of ours is lost.
static cmark_node *parse(Heap *h, Str text, cmark_mem *mem) {
    heap = h;
    if (setjmp(h->fail)) {
        heap = NULL;
        return NULL;
    }
    int options = text_invalid_at(text) == SIZE_MAX ? CMARK_OPT_DEFAULT
                                                    : CMARK_OPT_VALIDATE_UTF8;
    cmark_parser *p = cmark_parser_new_with_mem(options, mem);
    cmark_parser_feed(p, text.ptr ? text.ptr : "", text.len);
    cmark_node *root = cmark_parser_finish(p);
    heap = NULL;
    return root;
}

static bool make_tree(Md *md) {
    Heap *h = ARENA_NEW(md->tmp, Heap);
    h->arena = md->tmp;
    h->left = MAX_MEMORY;
    cmark_mem mem = {take_many, take_again, give_back};
    cmark_node *root = parse(h, md->scan.text, &mem);
    if (root) {
        md->root = copy_tree(md, root);
        return true;
    }
    diag_error(md->job->diags, "E-MD-MEMORY", md_line(md, 1),
               _("this text needs more memory than one page may have"));
    diag_hint(md->job->diags,
              _("split it into several pages, or look for a long run of the "
                "same characters such as * _ [ or |"));
    return false;
}

// ---- guards

static bool check_size(Md *md) {
    if (md->text.len > MAX_TEXT) {
        diag_error(md->job->diags, "E-MD-SIZE", md_line(md, 1),
                   _("the text has %zu KiB; a page may have at most 1024 KiB"),
                   md->text.len / 1024);
        diag_hint(md->job->diags, _("split it into several pages"));
        return false;
    }
    if (md->text.len > LARGE_TEXT) {
        diag_warn(md->job->diags, "W-MD-SIZE", md_line(md, 1),
                  _("the text has %zu KiB, which is long for one page"),
                  md->text.len / 1024);
        diag_hint(md->job->diags,
                  _("split it into several pages; 1024 KiB is the limit"));
    }
    return true;
}

static uint32_t line_of(Str text, size_t at) {
    uint32_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += text.ptr[i] == '\n';
    return line;
}

static bool check_images(Md *md) {
    size_t n = 0, at = 0;
    while ((at = md_search(md->text, S("!["), at)) != SIZE_MAX) {
        if (++n > MAX_IMAGES)
            break;
        at += 2;
    }
    if (n <= MAX_IMAGES)
        return true;
    diag_error(
        md->job->diags, "E-MD-IMAGES", md_line(md, line_of(md->text, at)),
        _("the text has more than %d images, written as ![…](…)"), MAX_IMAGES);
    diag_hint(md->job->diags, _("split it into several pages"));
    return false;
}

static bool check_scan(Md *md, ScanResult result) {
    if (result == SCAN_OK)
        return true;
    Pos pos = md_line(md, mdcall_line(md, md->scan.bad_line));
    if (result == SCAN_TOO_DEEP) {
        diag_error(md->job->diags, "E-MD-DEPTH", pos,
                   _("lists and quotes are nested more than %d levels deep"),
                   MD_MAX_DEPTH);
        diag_hint(md->job->diags,
                  _("take away some of the > - * + or 1. at the start of "
                    "the line"));
        return false;
    }
    diag_error(md->job->diags, "E-MD-INDENT", pos,
               _("the line begins with more than %d columns of blanks"),
               MD_MAX_INDENT);
    diag_hint(md->job->diags,
              _("take the blanks away, or put the text between two lines of "
                "``` to show it as it is"));
    return false;
}

static bool check_output(Md *md, bool is_fit) {
    if (is_fit)
        return true;
    diag_error(md->job->diags, "E-MD-OUTPUT", md_line(md, 1),
               _("the page made from this text would be more than %d times as "
                 "long as the text"),
               MAX_RATIO);
    diag_hint(md->job->diags,
              _("look for a footnote or a table that is repeated very often"));
    return false;
}

// ---- the render

// A field is one paragraph: no line of it begins a list, a heading or a table,
// since a mark stands at its start and it has no other line.
static Str one_line(Arena *a, Str text) {
    Buf out = {.arena = a};
    text = str_trim(md_prepare(a, text));
    buf_reserve(&out, text.len + MARK_LEN + 1);
    buf_put(&out, S(MARK_NOTHING " "));
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != '\n' && c != '\t')
            buf_putc(&out, c);
        else if (out.ptr[out.len - 1] != ' ')
            buf_putc(&out, ' ');
    }
    return buf_str(&out);
}

static Str text_for_scan(Md *md) {
    if (md->opt->spec_mode)
        return md->text;
    if (md->opt->is_inline)
        return one_line(md->tmp, md->text);
    return md_prepare(md->tmp, md->text);
}

// The mark at the start of a field has done its work.
static void drop_mark(MdNode *root) {
    MdNode *text = root->first ? root->first->first : NULL;
    if (text && text->kind == MD_TEXT)
        text->text = str_slice(text->text, MARK_LEN + 1, text->text.len);
}

static bool has(const Md *md, MdKind kind) {
    return md->kinds >> kind & 1;
}

static void run_passes(Md *md) {
    if (md->opt->spec_mode)
        return;
    if (md->opt->is_inline)
        drop_mark(md->root);
    const MarkdownMarkup *use = &md->opt->markup;
    mdpass_blocks(md);
    if (md->ntags)
        mdpass_calls(md);
    Str text = md->scan.text;
    if (use->callouts && has(md, MD_QUOTE))
        mdpass_callouts(md);
    if (use->tasks && has(md, MD_ITEM))
        mdpass_tasks(md);
    if (use->bare_links)
        mdpass_links(md);
    if (text.len && memchr(text.ptr, '~', text.len))
        mdpass_strike(md);
    if (!md->opt->is_inline) {
        mdpass_notes(md);
        if (has(md, MD_HEADING))
            mdpass_headings(md);
        if (has(md, MD_IMAGE))
            mdpass_figures(md);
    }
    mdpass_facts(md);
    if (use->smart || use->no_break)
        mdpass_smart(md);
    if (md->opt->find_number)
        mdpass_numbers(md);
}

static bool render_all(Md *md) {
    if (!check_size(md) || !check_images(md))
        return false;
    bool rewrites = !md->opt->spec_mode && !md->opt->is_inline;
    Str text = text_for_scan(md);
    if (rewrites && !mdcall_scan(md, &text))
        return false;
    if (!check_scan(md, md_scan(md->tmp, text, rewrites, &md->scan)) ||
        !make_tree(md))
        return false;
    run_passes(md);
    md->max_html = MAX_RATIO * (md->text.len + md->title_bytes) + RATIO_BASE;
    buf_reserve(&md->html, md->text.len + md->text.len / 4);
    bool is_fit = mdhtml_render(md, md->root) && mdnote_render(md);
    md->out->html = buf_str(&md->html);
    if (is_fit)
        mdcall_check_placed(md);
    return check_output(md, is_fit);
}

Str markdown_version(void) {
    return str_from(cmark_version_string());
}

bool markdown_render(Job *job, const Source *src, Str text, uint32_t first_line,
                     const MarkdownOptions *opt, MarkdownOut *out) {
    *out = (MarkdownOut){0};
    Arena *own = text.len > USUAL_TEXT ? arena_new() : NULL;
    Arena *tmp = own ? own : job->scratch;
    Md *md = ARENA_NEW(tmp, Md);
    *md = (Md){.job = job,
               .src = src,
               .text = text,
               .opt = opt,
               .out = out,
               .first_line = first_line,
               .tmp = tmp,
               .html = {.arena = job->scratch},
               .search_left = SEARCH_BUDGET};
    bool is_made = render_all(md);
    if (own)
        arena_free(own);
    if (!is_made)
        *out = (MarkdownOut){0};
    return is_made;
}
