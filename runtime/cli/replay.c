/* remit replay DATE: the check of a past day once more. Exit status 0: it comes out as it was kept; 1: something differs. */
#include "lang/base/civil.h"
#include "runtime/cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A number that names no file is that of a version. */
static int64_t version_named(const char *policy) {
    struct stat about;
    size_t digits = strspn(policy, "0123456789");
    bool is_number = digits > 0 && digits < 10 && !policy[digits];
    return is_number && stat(policy, &about) != 0 ? strtoll(policy, NULL, 10) : 0;
}

/* The last version that a change of that day or an earlier one brought; 0: none. */
static bool find_version(struct session *session, int64_t *number, struct failure *failure) {
    struct policy_version *versions;
    int count;
    *number = 0;
    if (!store_list_policy_versions(session->store, session->arena, &versions, &count, failure))
        return false;
    for (int i = 0; i < count; i++)
        if (versions[i].change <= store_as_of(session->store))
            *number = versions[i].number;
    return true;
}

static bool load_policy(struct session *session, const struct arguments *arguments, struct failure *failure) {
    const char *policy = arguments->values[OPTION_POLICY];
    int64_t number = policy ? version_named(policy) : 0;
    struct policy_file *files;
    int count;
    if (policy && !number)
        return session_load(session, &policy, 1, false, failure);
    if (!number && !find_version(session, &number, failure))
        return false;
    if (!number)
        return failure_set(failure, DIAG_NO_POLICY_THEN, arguments->words[0]);
    return store_load_policy_version(session->store, session->arena, number, &files, &count, failure) && session_load_texts(session, files, count, failure);
}

static bool replay(struct session *session, const struct arguments *arguments, int *differences, struct failure *failure) {
    bool is_for_people = session->options.render.format == RENDER_TABLE || session->options.render.format == RENDER_MARKDOWN;
    struct check_options options = {.shows_nothing = !is_for_people, .differences = differences};
    return session_open_store(session, failure) && load_policy(session, arguments, failure) && session_apply(session, failure) && session_check(session, &options, failure);
}

int cli_replay(const struct arguments *arguments) {
    int64_t day;
    if (!cli_words(arguments, 1, 1) || !date_parse(arguments->words[0], strlen(arguments->words[0]), &day))
        return cli_misuse(arguments, "replay", "which day? as 2026-03-31");
    struct arguments of_day = *arguments;
    of_day.values[OPTION_AS_OF] = of_day.values[OPTION_ON] = arguments->words[0];
    struct session *session = cli_session(&of_day, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    int differences = 0;
    bool good = replay(session, arguments, &differences, &failure);
    session->failing_check = false; /* what was breached then is no failure of now */
    if (good && differences)
        session->exit_status = STATUS_FOUND;
    return cli_end(session, good, &failure);
}
