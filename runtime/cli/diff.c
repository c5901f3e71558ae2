/* remit diff A B: what would change between two policy sets, be they folders or revisions of git, on the store's data, which stay as they are.
 * Knows: options, where the two policies come from. Does not know: how they are compared (engine/plan.h). */
#include "runtime/cli/planning.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool load(struct session *session, const void *from, struct failure *failure) {
    const char *name = from;
    struct stat about;
    struct policy_file *files;
    int count;
    if (stat(name, &about) == 0)
        return session_load(session, &name, 1, false, failure);
    return git_read_policy(session->arena, name, &files, &count, failure) && session_load_texts(session, files, count, failure) && session->diagnostics->error_count == 0;
}

/* The old side has the store as its own while it is read, so that keys of the store are known to it. */
static bool load_old(struct session *old, const char *name, struct failure *failure) {
    old->is_guard = false;
    bool good = cli_load_aside(old, load, name, failure);
    old->is_guard = true;
    if (!good)
        session_show_diagnostics(old);
    return good;
}

int cli_diff(const struct arguments *arguments) {
    if (!cli_words(arguments, 2, 2))
        return cli_misuse(arguments, "diff", "which two? each is a file, a folder or a revision of git");
    struct session *session = cli_plan_format(arguments) ? cli_session(arguments, true) : NULL;
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct plan_options options = {.makes_old = true};
    session->options.applies_policy = true;
    bool good = cli_open_for_planning(session, &failure);
    struct session *old = good ? cli_session_of_old(session) : NULL;
    good = good && load_old(old, arguments->words[0], &failure) && cli_load_aside(session, load, arguments->words[1], &failure);
    struct plan *plan = good ? plan_make(old, session, &options, &failure) : NULL;
    if (plan) {
        const char *title = arena_format(session->arena, "from `%s` to `%s`, on the data of `%s`", arguments->words[0], arguments->words[1], arguments->values[OPTION_STORE] ? arguments->values[OPTION_STORE] : session->options.store_path);
        struct plan_look look = {.title = title, .is_concise = arguments->values[OPTION_CONCISE] != NULL, .relates = true, .color = session->options.render.color};
        cli_show_plan(session, plan, &look);
        if (plan->refused)
            session->exit_status = STATUS_WRONG;
        else if (arguments->values[OPTION_EXIT_CODE] && !plan_is_empty(plan))
            session->exit_status = STATUS_FOUND;
    }
    bool made = plan != NULL;
    plan_destroy(plan);
    if (old)
        session_destroy(old);
    return cli_end(session, made, &failure);
}
