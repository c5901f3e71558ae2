/* The inputs of earlier sessions. See inside.h.
 * Knows: where they are kept, how many. Does not know: what they say.
 * Each input is added to the file when it was entered, so that sessions side by side keep theirs too. The times that are written before inputs say where one of several lines ends. */
#include "runtime/repl/inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/history.h>

enum { HISTORY_INPUTS = 2000 };

static char history_path[1024]; /* empty: there is nowhere to keep it */

/* The folders of a path, private to the user. Where one cannot be made, there is no history; nobody is bothered with that. */
static void make_folders(const char *path) {
    char folder[sizeof history_path];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *at = folder + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            mkdir(folder, 0700);
            *at = '/';
        }
}

void repl_history_open(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (state && *state)
        length = snprintf(history_path, sizeof history_path, "%s/remit/history", state);
    else if (home && *home)
        length = snprintf(history_path, sizeof history_path, "%s/.local/state/remit/history", home);
    if (length < 0 || length >= (int)sizeof history_path) {
        history_path[0] = '\0';
        return;
    }
    make_folders(history_path);
    history_comment_char = '#';
    history_write_timestamps = 1;
    if (read_history(history_path) == 0 && history_length > HISTORY_INPUTS)
        history_truncate_file(history_path, HISTORY_INPUTS);
    stifle_history(HISTORY_INPUTS);
}

void repl_history_add(const char *input) {
    HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
    if (last && strcmp(last->line, input) == 0)
        return;
    add_history(input);
    struct stat status;
    if (!history_path[0])
        return;
    if (stat(history_path, &status) == 0)
        append_history(1, history_path);
    else
        write_history(history_path); /* made so that only the user can read it */
}
