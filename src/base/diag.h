// Diagnostics: everything loa has to say to the person running it.
//
// A function that fails returns false and has already added a Diag; its caller
// adds nothing and passes the false on, or goes on to find more errors. Nothing
// is printed until the command is over, so output is ordered and testable.
//
// Message formats are English msgids inside _(); src/po/vi.po has the
// Vietnamese. The quoted line is copied, so a source may be freed afterwards.
#ifndef LOA_BASE_DIAG_H
#define LOA_BASE_DIAG_H

#include <libintl.h>
#include <stdio.h>

#include "base/map.h"

#define _(msgid)  gettext(msgid)
#define N_(msgid) msgid

typedef enum { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR, DIAG_OFF } DiagLevel;

// Where, in a file the author can open. line and col count from 1 and col
// counts code points; 0 means the whole line or the whole file.
typedef struct {
    Str path;
    Str text; // the file, to quote the line from; may be empty
    uint32_t line, col;
} Pos;

typedef struct {
    DiagLevel level;
    const char *code; // stable and short, such as "E-LINK"
    Str path;
    uint32_t line, col;
    Str message;    // one line, no full stop
    Str quote;      // the source line, or what of a long one is near col
    uint32_t caret; // code point of `quote` that col is, from 1; 0: none
    Str hint;       // what to do about it; may be empty
} Diag;

typedef struct {
    Arena *arena;
    Diag *items;
    size_t len, cap;
    size_t errors;
    const Map *levels; // code -> DiagLevel *, from `checks:`; may be NULL
    bool is_last_off;  // the diagnostic added last was not kept
} Diags;

// Adds a diagnostic and returns false, so that a failing function can end in
// `return diag_error(...)`. `checks:` may lower the level of a code or turn it
// off; what it returns stays false.
bool diag_error(Diags *d, const char *code, Pos pos, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warn(Diags *d, const char *code, Pos pos, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void diag_note(Diags *d, const char *code, Pos pos, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

// Sets the hint of the diagnostic added last (nothing if that one was off).
void diag_hint(Diags *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

// The operating system refused: "path: error: Cannot make a folder: No space
// left on device". `doing` is what was tried, as _("make a folder"). Code
// "E-SYSTEM".
bool diag_system(Diags *d, Str path, const char *doing, int err);

// Errors at this level for this code: what diag_error would add as. For code
// that behaves differently when a check is off.
DiagLevel diag_level(const Diags *d, const char *code, DiagLevel normal);

// Quotes the line of item i, from the text of its file.
void diag_quote(Diags *d, size_t i, Str text);

void diags_append(Diags *to, const Diags *from);

// By path, line and column; what has no path comes last. Otherwise as added.
void diags_sort(Diags *d);

// path:line:col: error: message [code], the line, a caret by display width, the
// hint. Control characters in names and quoted lines are shown escaped. Of what
// the system refuses in the same words the first is shown, and how many follow.
void diags_print(const Diags *d, FILE *to, bool colour);

// Picks the language of messages: LOA_LANG, else the locale variables, else
// Vietnamese (C, POSIX and C.UTF-8 name no language); finds the catalogue
// beside the program. The only locale calls, before any thread is started.
void diag_set_language(const char *exe_dir);

// What tells the catalogue in use from any other; empty for English.
Str diag_catalogue(void);

#endif
