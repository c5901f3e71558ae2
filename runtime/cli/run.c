/* remit run FILE|FOLDER…: scripts and policies. */
#include "runtime/cli/suggest.h"

#include <sys/stat.h>

static bool has_folder(const struct arguments *arguments) {
    struct stat status;
    bool found = false;
    for (int i = 0; i < arguments->word_count; i++)
        found = found || (stat(arguments->words[i], &status) == 0 && S_ISDIR(status.st_mode));
    return found;
}

int cli_run(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, LIMIT_COMMAND_WORDS))
        return cli_misuse(arguments, "run", "which script?");
    struct session *session = cli_session(arguments, true);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    const char *policy = arguments->values[OPTION_POLICY];
    session->options.what = arena_format(session->arena, "run %s", arguments->words[0]);
    bool good = session_open_store(session, &failure) && (!policy || session_load(session, &policy, 1, false, &failure)) &&
                session_load(session, arguments->words, arguments->word_count, true, &failure);
    good = good && session_run_commands(session, session->options.what, &failure);
    if (good && !session->program->commands.count && !session->options.quiet && has_folder(arguments))
        suggest_contents(session);
    return cli_end(session, good, &failure);
}
