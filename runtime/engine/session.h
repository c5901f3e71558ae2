/* A session: one program under check, one store, the inputs of the run, and what commands print.
 * Knows: policy sets, stores, engines. Does not know: terminals, options.
 * A session belongs to whoever made it; all it gives out lives as long as it. */
#ifndef REMIT_RUNTIME_ENGINE_SESSION_H
#define REMIT_RUNTIME_ENGINE_SESSION_H

#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/syntax/parse.h"
#include "runtime/render/render.h"
#include "runtime/store/engine.h"

enum engine_choice { ENGINE_DEFAULT, ENGINE_SQL, ENGINE_INTERPRETER };

struct session_options {
    const char *store_path;      /* ":memory:" for none */
    bool read_only;
    int64_t today, now;          /* day, seconds */
    const char *who, *what;      /* for the journal: who, and the command */
    enum engine_choice engine;
    struct render_options render;
    bool quiet;
    bool color;                  /* of messages on err */
    bool keep_good;              /* imports */
    const char *rejected_path;   /* NULL: beside the file */
    int fail_on;                 /* severity from which a check fails */
    FILE *out, *err;
    bool (*should_stop)(void *context);
    void *stop_context;
    bool (*may_stop)(void);      /* was Ctrl-C pressed? asking forgets it */
    void (*works_on)(const char *what); /* what begins now, in words, for whoever waits; NULL: no one does */
    void (*has_done)(double share); /* how much of that work is done, 0 to 1, where it is known; may be NULL */
    void (*before_output)(void); /* something is about to be written to out or err; may be NULL */
    void (*starts_work)(void);   /* the time that work may take begins now */
    bool keeps_begun;            /* at a prompt: what `begin` began stays open from one run of commands to the next, and a run that fails takes back only itself */
    bool show_sql;               /* what SQLite is asked is written to err before its answer */
};

struct session {
    struct session_options options;
    struct arena *arena;
    struct intern *names;
    struct source_set *sources;
    struct diagnostics *diagnostics;
    struct checker *checker;
    struct program *program;
    struct world world;
    struct store *store;         /* NULL until session_open_store */
    bool schema_applied;
    struct operator_context *operators;
    LIST_OF(struct binding) bindings; /* of lets and loops, innermost last */
    LIST_OF(const char *) modules;    /* used already */
    LIST_OF(struct policy_file) policy; /* declarations read from files, to be kept in the store */
    bool is_store_policy;        /* what was declared is the policy set that the store keeps */
    int commands_run;            /* how many of program->commands were run */
    int instances_applied;
    int instances_at_begin;      /* how many were there before the transaction under way: so many are, when it is taken back */
    LIST_OF(const char *) included;   /* files that texts included already */
    struct buffer notes;         /* what imports did, to be said on err once it is certain, or before what is asked after them */
    int exit_status;             /* 0, or 1 once an expectation failed or a check found what --fail-on says */
    bool failing_check;
    bool is_begun;               /* `begin` was said, and neither `commit` nor `rollback` since */
};

struct session *session_create(const struct session_options *options);
void session_destroy(struct session *session);

/* Before anything is written to out or err, which whoever shows the work's progress must know. */
static inline void session_speaks(const struct session *session) {
    if (session->options.before_output)
        session->options.before_output();
}
/* "checking 20 rules", "importing costs.csv": work that may take long. */
void session_works_on(struct session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- programs ---- */
/* Reads files, and folders of .remit files, with what they include and use, and checks them together. Diagnostics are kept in the session; false when there are
 * errors, or a failure when a file cannot be read. */
bool session_load(struct session *session, const char *const *paths, int count, bool allow_commands, struct failure *failure);
/* The policy set that was saved in the store; nothing when there is none. */
bool session_load_saved(struct session *session, struct failure *failure);
/* A text given on the command line or in the REPL. *incomplete (may be NULL) says that more lines are wanted. */
bool session_add_text(struct session *session, const char *name, const char *text, enum parse_mode mode, bool *incomplete, struct failure *failure);
/* Where the file is that a command names at that place of a script: in the folder that the run is in, else in the script's own. In the session's arena. */
const char *session_find_file(struct session *session, const char *path, struct span span);
/* Draws the diagnostics on err and forgets them. */
void session_show_diagnostics(struct session *session);
/* Draws a failure on err, with its place when it has one. */
void session_show_failure(struct session *session, const struct failure *failure);

/* ---- the store ---- */
bool session_open_store(struct session *session, struct failure *failure);
/* Schema and declared records: the store in step with the program. Inside a transaction, or read only. */
bool session_apply(struct session *session, struct failure *failure);
/* The declarations take the place of the policy set that the store keeps, where they should (policy.c). Inside a transaction. */
bool session_save_policy(struct session *session, struct failure *failure);
/* What imports and policies did is said on err, now that it is certain. */
void session_tell_notes(struct session *session);
/* A file for results. Never the store, nor any other database, nor `input`, the file that they are made from (NULL: none). NULL with failure set. */
FILE *session_open_result(struct session *session, const char *path, const char *input, struct failure *failure);
bool session_begin(struct session *session, const char *what, struct failure *failure);
/* Do the commands that are still to be run look at records, or at the holidays among them? Those that only work something out need no tables. */
bool session_needs_tables(const struct session *session);

/* ---- answers ---- */
/* The holiday records and the inputs as operations see them: made anew after holidays changed. */
bool session_refresh_inputs(struct session *session, struct failure *failure);
struct engine_inputs session_inputs(struct session *session);
bool session_uses_interpreter(const struct session *session, bool for_check);
/* Is this a question that SQL was not asked for and cannot take? Then the failure is undone, and the interpreter may answer. */
bool session_falls_back(const struct session *session, struct failure *failure);
struct rows *session_run_query(struct session *session, const struct tquery *query, struct failure *failure);
bool session_evaluate(struct session *session, const struct texpr *expression, struct value *result, struct failure *failure);
bool session_collect_ids(struct session *session, const struct texpr *collection, int64_t **ids, int *count, struct failure *failure);
void session_bind(struct session *session, const struct tvar *variable, struct value value);
/* Rows on out, in the format of the options. */
bool session_show_rows(struct session *session, struct rows *rows, const char *title, struct failure *failure);
bool session_run_report(struct session *session, const struct treport *report, struct texpr *const *arguments, FILE *out, const struct render_options *render, struct failure *failure);

/* ---- commands ---- */
/* Runs the program's commands that were not run yet, in one transaction unless one was begun. What fails leaves the store as it was: before the run, or before the
 * `begin` when the run itself ended a transaction or the machine took it back; is_begun says which. */
bool session_run_commands(struct session *session, const char *what, struct failure *failure);
bool session_run_command(struct session *session, const struct tcommand *command, struct failure *failure);
bool session_import(struct session *session, const struct timport *import, struct failure *failure);
/* Adds or updates one declared record. must_be_new: refuse one that is there. */
bool session_put_instance(struct session *session, const struct tinstance *instance, bool must_be_new, struct failure *failure);
bool session_describe(struct session *session, const char *name, FILE *out, struct failure *failure);

/* A text as the language writes it, in quotes. */
void session_quote(struct buffer *out, const char *text);
/* The account of what a rule finds for a record, or why it does not: COMMAND_WHY. */
bool session_why(struct session *session, const struct tcommand *command, struct failure *failure);

/* Rows that go by the key, of whatever type, with their fields; *count says how many. */
bool session_describe_rows(struct session *session, const char *key, FILE *out, int *count, struct failure *failure);

/* ---- checks ---- */
struct check_options {
    const char *const *names; /* rules, or none for all */
    int name_count;
    bool summary;             /* counts by rule, no messages */
    bool persist;
};
bool session_check(struct session *session, const struct check_options *options, struct failure *failure);
/* Does the rule find this element now? */
bool session_rule_finds(struct session *session, const struct trule *rule, int64_t id, bool *found, struct failure *failure);
/* SHA-256 of the rule's source text, in hex. */
const char *session_fingerprint(struct session *session, struct trule *rule);

/* ---- rows made in memory ---- */
/* A stream over values that stay where they are: row_count rows of column_count values. */
struct rows *list_rows(const struct row_column *columns, int column_count, const struct value *values, int row_count);

#endif
