/* Inside the REPL's room: the session at a terminal as its files share it.
 * Knows: what a session at a prompt keeps between inputs. Does not know: readline. */
#ifndef REMIT_RUNTIME_REPL_INSIDE_H
#define REMIT_RUNTIME_REPL_INSIDE_H

#include "runtime/engine/session.h"

struct repl {
    struct session *session;
    struct buffer input;    /* lines of an input that is not whole yet */
    FILE *terminal_out;     /* where results go unless `.output` says otherwise */
    bool terminal_color;
    bool timing, done;
    struct session_mark begun; /* what stood before the input that began the transaction under way */
};

/* ---- repl.c ---- */
/* Checks and runs one input; shows what it says. name stands in messages, and what it includes is looked for beside it. */
void repl_take_text(struct repl *repl, const char *name, const char *text, enum parse_mode mode);
/* Tables are as wide as the terminal is now; in a file as wide as they need. */
void repl_fit_width(struct repl *repl);

/* ---- dot.c ---- */
/* What a dot command takes, for its help and for completion. */
enum dot_argument { DOT_NOTHING, DOT_NAME, DOT_RULE, DOT_LIST, DOT_FORMAT, DOT_ENGINE, DOT_FILE };
struct dot_command {
    const char *name;     /* with its dot */
    enum dot_argument argument;
    const char *help;     /* NULL: another name of the one before */
    void (*run)(struct repl *repl, const char *argument);
};
/* All of them; the last has no name. */
extern const struct dot_command repl_dot_commands[];
/* What `.list` lists beside the types of records, NULL-terminated. */
extern const char *const repl_lists[];
extern const char *const repl_engines[];
/* Is the line one of these commands, whatever stands after its name? */
bool repl_is_dot(const char *line);
/* Runs a line that begins with a dot. The line is written into. */
void repl_run_dot(struct repl *repl, char *line);
/* Results go to the terminal again. Says so when the file before could not be written. */
void repl_close_output(struct repl *repl);

/* ---- history.c ---- */
/* Reads what earlier sessions kept: $XDG_STATE_HOME/remit/history, or ~/.local/state/remit/history. */
void repl_history_open(void);
/* One input, kept at once: a session that is killed loses none. */
void repl_history_add(const char *input);

#endif
