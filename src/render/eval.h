// A template and data to text. Filters live in eval_filter*.c; the list of all
// is parse/liquid_filters.h and docs/filters.md says what ours do.
//
// Escaping (decisions): output is escaped unless the value is HTML; `raw` is
// refused on text that came from content. HTML that was made from content, such
// as a page's body, should carry VALUE_CONTENT beside VALUE_HTML: when a filter
// makes text of it, that text is content's again.
#ifndef LOA_RENDER_EVAL_H
#define LOA_RENDER_EVAL_H

#include "parse/liquid.h"

// What filters ask of the site. All may be NULL (`loa template`).
typedef struct {
    void *ctx;
    // The `t` filter: key and its named arguments to text.
    bool (*translate)(Job *job, void *ctx, Str key, const Value *args,
                      Value *out);
    // relative_url and absolute_url: a site path to what goes into href.
    Str (*url)(Arena *a, void *ctx, Str path, bool absolute);
    // markdownify
    bool (*markdown)(Job *job, void *ctx, Str text, bool is_inline, Str *html);
} EvalHost;

// What partials have written, to be used again (eval_memo.h); from any thread.
// For all templates with the same `site`, `clock`, and one `lang` for a host.
typedef struct EvalMemo EvalMemo;
EvalMemo *eval_memo_new(Arena *a, size_t calls);

// Whether numbers have a decimal point in that language, not a comma: English,
// and the languages of East Asia that readers here know.
bool eval_has_point(Str lang);

typedef struct {
    const TemplateSet *templates; // may be NULL: no include, no render
    const EvalHost *host;         // may be NULL
    const EvalMemo *memo;         // may be NULL
    Str lang;                     // "vi", "en": for number and date words
    Date now;                     // only for LIQUID_PLAIN's 'now'
    int16_t zone;
    bool no_escape;     // the conformance suite's way
    uint64_t max_steps; // of loops; 0: 10 million
    uint64_t max_bytes; // of output and of any text on the way; 0: 64 MiB
} EvalEnv;

// Runs `t`, then the layouts it is put into, with `content` as the result of
// the one before. `globals` is a map or an object; `site`, `clock` and `lang`
// in it are seen inside `render` too. Errors carry file:line:col of the
// template and say which page was being made when `what` is not empty. Works in
// job->scratch; `out` may lie there too.
bool eval_template(Job *job, const EvalEnv *env, const Template *t,
                   const Value *globals, Str what, Buf *out);

#endif
