/* remit check [PATH]: rules evaluated, findings kept. */
#include "runtime/cli/suggest.h"
#include "runtime/engine/review.h"

#include <string.h>

/* The structures between the rooms as text: --dump ast, --dump program. */
static bool dump(struct session *session, const char *what, struct failure *failure) {
    struct buffer out = {0};
    if (strcmp(what, "program") == 0)
        program_dump(&out, session->program);
    else if (strcmp(what, "ast") == 0) {
        struct parse parse = parse_source(session->arena, session->names, session->diagnostics, (uint32_t)session->sources->count - 1, PARSE_PROGRAM);
        node_dump(&out, parse.tree, false);
    } else
        failure_set(failure, DIAG_NOTHING_TO_DESCRIBE, what);
    fputs(buffer_string(&out), stdout);
    buffer_free(&out);
    return failure->kind == FAILURE_NONE;
}

static bool ranges_over(const struct program *program, const struct record_type *record) {
    for (int i = 0; i < program->rules.count; i++)
        if (program->rules.items[i]->record == record)
            return true;
    for (int i = 0; i < program->mandates.count; i++)
        if (program->mandates.items[i]->record == record)
            return true;
    return false;
}

/* Does the policy itself declare a record that one of its rules or mandates is about? */
static bool brings_records(const struct program *program) {
    for (int i = 0; i < program->instances.count; i++)
        if (ranges_over(program, program->instances.items[i]->record))
            return true;
    return false;
}

/* A store that is not there, most likely misspelt, must not pass for one without findings; but a policy may bring what its rules and mandates are about. */
static bool has_something_to_check(struct session *session, const char *path, bool is_summary, struct failure *failure) {
    if (!store_is_absent(session->store) || (!is_summary && brings_records(session->program)))
        return true;
    failure_set(failure, DIAG_STORE_NOT_FOUND, session->options.store_path);
    const char *store = suggest_store(session);
    if (path)
        failure_hint(failure, "It is not there yet, and the policy declares none of the records that its rules and mandates are about. `remit run %s%s` makes it; to look at the policy alone: `remit check %s --store :memory:`.", path,
                     store, path);
    else
        failure_hint(failure, "It is not there yet: `remit run FILE%s` makes it, from a script or the folder of a policy. To look at a policy alone: `remit check FILE --store :memory:`.", store);
    return false;
}

/* What is wrong with the policy stands in the list too: a build server reads nothing else. */
static void show_wrong_policy(struct session *session) {
    struct review review = review_start(session, "remit check");
    review_add_diagnostics(&review, session);
    review_show(session, &review, session->options.review);
}

/* JSON of a check is rows, as of any question. */
static enum review_format format_of_review(const struct arguments *arguments) {
    const char *format = arguments->values[OPTION_FORMAT];
    enum review_format review = format ? review_format_parse(format) : REVIEW_NONE;
    return review == REVIEW_JSON ? REVIEW_NONE : review;
}

int cli_check(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 1))
        return cli_misuse(arguments, "check", "one path at most: a file or a folder");
    enum review_format review = format_of_review(arguments);
    if (review != REVIEW_NONE && arguments->values[OPTION_SUMMARY])
        return cli_misuse(arguments, "check", "a summary is of counts, which have no place in a file: it is table, csv, json, jsonl or markdown");
    struct arguments others = *arguments;
    if (review != REVIEW_NONE)
        others.values[OPTION_FORMAT] = NULL; /* it is no format of rows */
    struct session *session = cli_session(&others, true);
    if (!session)
        return STATUS_WRONG;
    session->options.review = review;
    struct failure failure = {0};
    const char *path = arguments->word_count ? arguments->words[0] : arguments->values[OPTION_POLICY];
    bool good;
    if (arguments->values[OPTION_DUMP]) {
        session->options.store_path = ":memory:";
        good = path && session_load(session, &path, 1, true, &failure);
        good = good && dump(session, arguments->values[OPTION_DUMP], &failure);
        return cli_end(session, good, &failure);
    }
    good = session_open_store(session, &failure) && (path ? session_load(session, &path, 1, false, &failure) : session_load_saved(session, &failure));
    if (review != REVIEW_NONE && session->diagnostics->error_count)
        show_wrong_policy(session);
    bool is_summary = arguments->values[OPTION_SUMMARY] != NULL, writes = good && !store_is_read_only(session->store);
    struct check_options options = {.summary = is_summary, .persist = writes && !is_summary};
    good = good && has_something_to_check(session, path, is_summary, &failure) && session_begin(session, "check", &failure) && session_apply(session, &failure) && session_check(session, &options, &failure);
    if (good && writes && !is_summary) /* a summary keeps nothing, the policy neither: what is not committed is taken back */
        good = store_commit(session->store, &failure);
    if (good && !is_summary)
        session_tell_notes(session);
    struct buffer note = {0};
    suggest_folder(&note, session, path);
    int status = cli_end(session, good, &failure);
    fputs(buffer_string(&note), stderr);
    buffer_free(&note);
    return status;
}
