// The arguments of one command, read by its table of options.
#ifndef LOA_CMD_ARGS_H
#define LOA_CMD_ARGS_H

#include "build.h"
#include "cmd/cmd.h"

enum { ARGS_MAX = 32 };

typedef struct {
    const Command *command;
    Str values[ARGS_MAX]; // by option; of a switch: "yes"; the last: none
    Str rest[8];          // what is no option
    size_t nrest;
} Args;

// --name VALUE, --name=VALUE, -x VALUE, -xVALUE, switches joined (-DF), "--"
// ends the options. At most `max_rest` other arguments.
bool args_parse(Job *job, int argc, char **argv, size_t max_rest, Args *out);

Str args_get(const Args *args, const char *name); // {0}: not given
// All that were given, when the value in the table ends with "...".
Strs args_all(Job *job, const Args *args, const char *name);
bool args_has(const Args *args, const char *name);
bool args_number(Job *job, const Args *args, const char *name, int64_t from,
                 int64_t to, int64_t *out);

// The options that build, list and serve share.
bool args_build_options(Job *job, const Args *args, BuildOptions *out,
                        unsigned *threads);

#endif
