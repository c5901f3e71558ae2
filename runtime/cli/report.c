/* remit report NAME: one report. */
#include "runtime/cli/suggest.h"

#include <string.h>

/* The command `run NAME(a: b, …)` as it would be written in a script, so that values are read and checked as there. */
int cli_report(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, 1))
        return cli_misuse(arguments, "report", "which report?");
    struct session *session = cli_session(arguments, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct buffer text = {0};
    buffer_add_format(&text, "run %s", arguments->words[0]);
    for (int i = 0; i < arguments->with_count; i++) {
        const char *equals = strchr(arguments->with[i], '=');
        size_t length = equals ? (size_t)(equals - arguments->with[i]) : strlen(arguments->with[i]);
        buffer_add_format(&text, "%s%.*s: %s", i ? ", " : "(", (int)length, arguments->with[i], equals ? equals + 1 : "true");
    }
    buffer_add_string(&text, arguments->with_count ? ")" : "");
    bool good = cli_open_for_reading(session, arguments, &failure) && session_add_text(session, "<report>", buffer_string(&text), PARSE_PROGRAM, NULL, &failure) &&
                session_run_commands(session, "report", &failure);
    if (!arguments->with_count)
        source_note_made(session->sources, "<report>");
    suggest_saved(session, arguments, &failure);
    buffer_free(&text);
    return cli_end(session, good, &failure);
}
