// The commands. Each is one file, cmd/<name>.c, and gets its own arguments;
// commands.c is the table that help, usage errors and completion come from.
#ifndef LOA_CMD_CMD_H
#define LOA_CMD_CMD_H

#include "base/job.h"

// argv[0] is the command's name. The result is the exit code.
typedef int CmdFn(Job *job, int argc, char **argv);

enum { EXIT_GOOD = 0, EXIT_CONTENT = 1, EXIT_USAGE = 2, EXIT_SYSTEM = 3 };

typedef struct {
    const char *name;  // "--source"
    char letter;       // 's', or 0
    const char *value; // what follows, such as "DIR"; NULL: a switch
    const char *help;  // msgid
} CmdOption;

typedef struct {
    const char *name, *usage;
    const char *help;         // one line, msgid
    const CmdOption *options; // ends with a NULL name
    CmdFn *run;
    const char *words; // what may follow it, with blanks between; NULL: files
} Command;

CmdFn cmd_build, cmd_list, cmd_serve, cmd_template, cmd_version, cmd_help;
CmdFn cmd_next, cmd_config, cmd_new, cmd_man, cmd_completion;

// Ends with a NULL name.
extern const Command cmd_table[];
const Command *cmd_find(Str name);

#endif
