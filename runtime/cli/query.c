/* remit query "…": one question or one value. */
#include "runtime/cli/cli.h"

#include <string.h>

int cli_query(const struct arguments *arguments) {
    bool is_blank = arguments->word_count == 1 && !arguments->words[0][strspn(arguments->words[0], " \t\n")];
    if (!cli_words(arguments, 1, 1) || is_blank)
        return cli_misuse(arguments, "query", "one question, in quotes");
    struct session *session = cli_session(arguments, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    bool good = cli_open_for_reading(session, arguments, &failure) && session_add_text(session, "<query>", arguments->words[0], PARSE_EXPRESSION, NULL, &failure) &&
                session_run_commands(session, "query", &failure);
    return cli_end(session, good, &failure);
}
