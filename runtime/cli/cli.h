/* The command line: options, and what every command shares.
 * Knows: arguments, terminals, exit statuses. Does not know: what commands do (their files do). */
#ifndef REMIT_RUNTIME_CLI_CLI_H
#define REMIT_RUNTIME_CLI_CLI_H

#include "lang/base/limits.h"
#include "runtime/engine/session.h"

enum option {
#define OPTION(constant, name, value, help, commands) OPTION_##constant,
#include "runtime/cli/options.def"
#undef OPTION
    OPTION_COUNT
};

/* EXIT: 0 fine; 1 findings, expectations; 2 the policy or the command is wrong; 3 the store or the machine is. */
enum exit_status { STATUS_FINE = 0, STATUS_FOUND = 1, STATUS_WRONG = 2, STATUS_MACHINE = 3 };

struct arguments {
    const char *program;
    const char *values[OPTION_COUNT]; /* as given; "" for a flag that is set; NULL when not */
    const char *with[LIMIT_REPORT_PARAMETERS];
    int with_count;
    const char *words[LIMIT_COMMAND_WORDS + 1]; /* what is no option, the command left out */
    int word_count;
};

int cli_main(int argument_count, char **arguments);
/* A session by the options. Gives NULL after saying what is wrong with an option. */
struct session *cli_session(const struct arguments *arguments, bool writes);
/* Shows what went wrong and gives the exit status: the session's own when nothing did. */
int cli_end(struct session *session, bool good, const struct failure *failure);
/* Says that an option cannot have this value, and what it can; gives false. */
bool cli_bad_value(const char *option, const char *value, const char *wanted);
/* Says that a command was used wrongly; gives STATUS_WRONG. */
int cli_misuse(const struct arguments *arguments, const char *command, const char *problem);
/* Opens the store when its file is there, else one in memory; loads --policy, or what the store has saved; applies it for reading. */
bool cli_open_for_reading(struct session *session, const struct arguments *arguments, struct failure *failure);
/* Checks that words are given: at least `least`, at most `most`. */
bool cli_words(const struct arguments *arguments, int least, int most);

#define COMMAND(name, usage, summary, example) int cli_##name(const struct arguments *arguments);
#include "runtime/cli/commands.def"
#undef COMMAND

/* The REPL, set by main so that this room need not know it. */
extern void (*cli_repl)(struct session **session);

#endif
