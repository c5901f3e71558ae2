/* remit why NAME --for KEY: the account of an answer. */
#include "runtime/cli/suggest.h"

#include <string.h>

/* The command `why NAME for "KEY"` as it would be written in a script, so that it is read and checked as there. */
int cli_why(const struct arguments *arguments) {
    bool says_not = arguments->word_count == 2 && strcmp(arguments->words[0], "not") == 0; /* as the language has it */
    const char *key = arguments->values[OPTION_FOR], *period = arguments->values[OPTION_IN];
    if (!cli_words(arguments, 1, says_not ? 2 : 1))
        return cli_misuse(arguments, "why", "which rule or mandate?");
    if (!key)
        return cli_misuse(arguments, "why", "of which record? `--for KEY` says it");
    struct session *session = cli_session(arguments, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct buffer text = {0};
    buffer_add_format(&text, "why %s%s for ", says_not || arguments->values[OPTION_NOT] ? "not " : "", arguments->words[arguments->word_count - 1]);
    session_quote(&text, key);
    buffer_add_format(&text, "%s%s", period ? " in " : "", period ? period : "");
    bool good = cli_open_for_reading(session, arguments, &failure) && session_add_text(session, "<why>", buffer_string(&text), PARSE_PROGRAM, NULL, &failure) &&
                session_run_commands(session, "why", &failure);
    suggest_saved(session, arguments, &failure);
    buffer_free(&text);
    return cli_end(session, good, &failure);
}
