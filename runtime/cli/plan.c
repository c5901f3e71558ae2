/* remit plan [PATH], remit apply [PATH]: what a policy set would change; and then doing it.
 * Knows: options, terminals, how the two sessions of a plan come by their policies. Does not know: how a plan is made (engine/plan.h), how revisions are read (git.h). */
#include "runtime/cli/planning.h"
#include "runtime/engine/guard.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what plan, apply and diff share ---- */

int cli_split_names(struct arena *arena, const char *list, const char ***names) {
    LIST_OF(const char *) found = {0};
    for (const char *at = list ? list : ""; *at;) {
        size_t length = strcspn(at, ", ");
        if (length)
            LIST_ADD(arena, &found, arena_copy(arena, at, length));
        at += length + (at[length] != '\0');
    }
    *names = found.items;
    return found.count;
}

bool cli_open_for_planning(struct session *session, struct failure *failure) {
    struct stat about;
    if (stat(session->options.store_path, &about) != 0 || about.st_size == 0) /* nothing was kept yet, and a plan makes no file */
        session->options.store_path = ":memory:";
    return session_open_store(session, failure);
}

/* Reading a policy may look up keys, for which the store's tables are brought in step: that is taken back before the plan is made. */
bool cli_load_aside(struct session *session, bool (*load)(struct session *session, const void *from, struct failure *failure), const void *from, struct failure *failure) {
    bool good = session_begin(session, "plan", failure) && store_savepoint(session->store, failure);
    if (!good)
        return false;
    good = load(session, from, failure);
    store_savepoint_rollback(session->store);
    session->schema_applied = false;
    return good;
}

struct session *cli_session_of_old(struct session *session) {
    struct session *old = session_create(&session->options);
    old->store = session->store;
    old->is_guard = true; /* the store is not its own */
    return old;
}

void cli_show_plan(struct session *session, const struct plan *plan, const struct plan_look *look) {
    struct buffer out = {0};
    enum render_format format = session->options.render.format;
    if (format == RENDER_JSON)
        plan_write_json(&out, plan, look);
    else if (format == RENDER_MARKDOWN)
        plan_write_markdown(&out, plan, look);
    else
        plan_write_text(&out, plan, look);
    session_speaks(session);
    fputs(buffer_string(&out), session->options.out);
    buffer_free(&out);
}

bool cli_plan_format(const struct arguments *arguments) {
    const char *format = arguments->values[OPTION_FORMAT];
    return !format || strcmp(format, "table") == 0 || strcmp(format, "json") == 0 || strcmp(format, "markdown") == 0 || cli_bad_value("format", format, "of a plan it is table, json or markdown");
}

/* ---- plan ---- */

static bool load_path(struct session *session, const void *from, struct failure *failure) {
    const char *path = from;
    return session_load(session, &path, 1, false, failure);
}

static const char *path_of(const struct arguments *arguments) {
    return arguments->word_count ? arguments->words[0] : ".";
}

/* Both sessions loaded; NULL: *failure or the diagnostics say why. */
static struct session *load_both(struct session *session, const char *path, struct failure *failure) {
    if (!cli_open_for_planning(session, failure) || !cli_load_aside(session, load_path, path, failure))
        return NULL;
    struct session *old = cli_session_of_old(session);
    struct failure ignored = {0};
    if (!session_load_saved(old, &ignored)) { /* an earlier Remit kept it, and this one cannot read it: then everything is new */
        session_destroy(old);
        old = cli_session_of_old(session);
        struct policy_file nothing = {"", ""};
        session_load_texts(old, &nothing, 0, &ignored);
    }
    return old;
}

static const char *plan_title(struct session *session, const char *path) {
    bool is_memory = strcmp(session->options.store_path, ":memory:") == 0;
    return arena_format(session->arena, is_memory ? "plan of `%s` for a new store" : "plan of `%s` for `%s`", path, session->options.store_path);
}

struct planned {
    struct session *session, *old;
    struct plan_options options;
    struct plan *plan;
};

static bool make_plan(struct planned *planned, const struct arguments *arguments, struct failure *failure) {
    struct session *session = planned->session;
    const char **allowed;
    planned->options.allowed_count = cli_split_names(session->arena, arguments->values[OPTION_ALLOW_DROP], &allowed);
    planned->options.allowed = allowed;
    planned->old = load_both(session, path_of(arguments), failure);
    planned->plan = planned->old ? plan_make(planned->old, session, &planned->options, failure) : NULL;
    if (!planned->plan)
        return false;
    struct plan_look look = {.title = plan_title(session, path_of(arguments)), .is_concise = arguments->values[OPTION_CONCISE] != NULL, .color = session->options.render.color};
    cli_show_plan(session, planned->plan, &look);
    return true;
}

static void forget_plan(struct planned *planned) {
    plan_destroy(planned->plan);
    if (planned->old)
        session_destroy(planned->old);
}

int cli_plan(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 1))
        return cli_misuse(arguments, "plan", "one path at most: a file or a folder");
    struct session *session = cli_plan_format(arguments) ? cli_session(arguments, true) : NULL;
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct planned planned = {.session = session};
    session->options.applies_policy = true;
    bool good = make_plan(&planned, arguments, &failure);
    if (good && planned.plan->refused)
        session->exit_status = STATUS_WRONG;
    else if (good && arguments->values[OPTION_EXIT_CODE] && !plan_is_empty(planned.plan))
        session->exit_status = STATUS_FOUND;
    forget_plan(&planned);
    return cli_end(session, good, &failure);
}

/* ---- apply ---- */

static bool is_agreed(struct session *session, const struct arguments *arguments, struct failure *failure) {
    char answer[16];
    if (arguments->values[OPTION_YES])
        return true;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return failure_set(failure, DIAG_APPLY_WANTS_YES);
    session_speaks(session);
    fflush(session->options.out);
    fprintf(stderr, "\napply this? [y/N] ");
    return fgets(answer, sizeof answer, stdin) && (strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0);
}

/* The command as the journal keeps it. */
static const char *journal_words(struct session *session, const struct arguments *arguments) {
    const char *offices = arguments->values[OPTION_AS], *dropped = arguments->values[OPTION_ALLOW_DROP];
    return arena_format(session->arena, "apply %s%s%s%s%s", path_of(arguments), offices ? " as " : "", offices ? offices : "", dropped ? ", letting go of " : "", dropped ? dropped : "");
}

/* In a transaction of its own, in which nothing may have come between: the plan is what is done. */
static bool apply(struct session *session, const struct arguments *arguments, const struct plan *plan, struct failure *failure) {
    const char *path = path_of(arguments);
    session->options.what = journal_words(session, arguments);
    if (!session_open_store(session, failure) || !cli_load_aside(session, load_path, path, failure))
        return false;
    if (store_change_number(session->store) != plan->change)
        return failure_set(failure, DIAG_PLAN_IS_STALE);
    return guard_raise(session, failure) && plan_drop(plan, session, failure) && session_apply(session, failure) && store_commit(session->store, failure);
}

static int carry_out(const struct arguments *arguments, const struct plan *plan) {
    struct session *session = cli_session(arguments, true);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    fflush(stdout);
    session->options.applies_policy = true;
    session->options.origin = git_origin(session->arena, path_of(arguments));
    session->options.origin.message = arguments->values[OPTION_MESSAGE];
    bool good = apply(session, arguments, plan, &failure);
    if (good) {
        session_tell_notes(session);
        session_speaks(session);
        if (!session->options.quiet)
            fprintf(stderr, "applied\n");
    }
    return cli_end(session, good, &failure);
}

int cli_apply(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 1))
        return cli_misuse(arguments, "apply", "one path at most: a file or a folder");
    struct session *session = cli_plan_format(arguments) ? cli_session(arguments, true) : NULL;
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct planned planned = {.session = session};
    session->options.applies_policy = true;
    const char **offices;
    int office_count = cli_split_names(session->arena, arguments->values[OPTION_AS], &offices);
    bool good = make_plan(&planned, arguments, &failure);
    if (good && planned.plan->refused)
        good = failure_set(&failure, DIAG_CANNOT_BE_APPLIED);
    good = good && plan_may_apply(planned.plan, offices, office_count, &failure);
    bool is_nothing = good && plan_is_empty(planned.plan) && !plan_is_restated(planned.plan);
    bool agreed = good && (is_nothing || is_agreed(session, arguments, &failure));
    int status = STATUS_FINE;
    if (agreed && !is_nothing) {
        store_close(session->store); /* another transaction, on a connection of its own */
        session->store = planned.old->store = NULL;
        status = carry_out(arguments, planned.plan);
    } else if (good && !agreed && failure.kind == FAILURE_NONE)
        session->exit_status = STATUS_FOUND;
    forget_plan(&planned);
    int ended = cli_end(session, good && failure.kind == FAILURE_NONE, &failure);
    return status ? status : ended;
}
