// What a partial has written, kept for the next time that it is rendered with
// the same values. `render` sees only what it is given, `site`, `clock` and
// `lang`, so with fixed values (texts, numbers, cards) the result is
// the same; a menu or a card in many lists is then evaluated once.
//
// Shared by all threads without a lock: a slot is filled once and then stays,
// and what does not find a free one is not kept. So memory has a bound, and who
// came first shows in no output.
#ifndef LOA_RENDER_EVAL_MEMO_H
#define LOA_RENDER_EVAL_MEMO_H

#include "base/hash.h"
#include "render/eval_run.h"

typedef struct {
    Hash key;
    Str out;
    uint64_t steps, bytes;
    bool saw_content;
} Memo;

// The key of a call whose values are all fixed; else false.
bool memo_key(const Eval *e, const Node *node, const Bindings *args, Hash *out);

// Writes what is kept for the key. False when nothing is, or when it would go
// beyond a limit: that has to be told at its place.
bool memo_put(Eval *e, Hash key);

// Keeps what was written since `before`, a copy of *e, from byte `from` of the
// output on.
void memo_keep(const Eval *e, Hash key, const Eval *before, size_t from);

#endif
