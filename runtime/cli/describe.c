/* remit describe NAME. */
#include "runtime/cli/suggest.h"

int cli_describe(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, 1))
        return cli_misuse(arguments, "describe", "which name?");
    struct session *session = cli_session(arguments, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    /* A store in memory stands in for one that is not there, and gets its tables in a transaction as any. */
    bool good = cli_open_for_reading(session, arguments, &failure) && session_begin(session, "describe", &failure) && session_describe(session, arguments->words[0], stdout, &failure);
    suggest_saved(session, arguments, &failure);
    return cli_end(session, good, &failure);
}
