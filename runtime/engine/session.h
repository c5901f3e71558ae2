/* A session: one program under check, one store, the inputs of the run, and what commands print.
 * Knows: policy sets, stores, engines. Does not know: terminals, options.
 * A session belongs to whoever made it; all it gives out lives as long as it. */
#ifndef REMIT_RUNTIME_ENGINE_SESSION_H
#define REMIT_RUNTIME_ENGINE_SESSION_H

#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/syntax/parse.h"
#include "runtime/render/render.h"
#include "runtime/render/review.h"
#include "runtime/store/engine.h"

enum engine_choice { ENGINE_DEFAULT, ENGINE_SQL, ENGINE_INTERPRETER };

struct session_options {
    const char *store_path;      /* ":memory:" for none */
    bool read_only;
    int64_t today, now;          /* day, seconds */
    bool has_as_of;              /* everything is seen as it was at the end of the day `as_of`; then read_only */
    int64_t as_of;
    const char *who, *what;      /* for the journal: who, and the command */
    bool applies_policy;         /* the policy set takes the place of the store's whatever it holds: it was asked for */
    struct policy_origin origin; /* of the policy set, where a version of it is kept */
    enum engine_choice engine;
    struct render_options render;
    enum review_format review;   /* of what a check finds; REVIEW_NONE: as render says */
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

/* What a gate did with a change, as it is written down; the outcomes as the prelude's enum decision.outcome has them. */
enum decision_outcome { DECISION_PASSED, DECISION_ADVISED, DECISION_WAIVED, DECISION_REFUSED, DECISION_UNDONE };
struct decision {
    const struct tmandate *mandate;
    const char *element, *change;
    enum decision_outcome outcome;
    const char *exception, *waiver, *reason; /* or NULL */
};

/* How many records of a type were "added", "changed" or "removed". */
struct changed {
    const struct record_type *record;
    const char *done;
    int64_t count;
};

/* What became of an expectation. */
struct expectation {
    const struct tcommand *command;
    bool is_met;
    const char *problem; /* when it is not: "does not hold", "is not raised" */
    const char *values;  /* that made it so, or "" */
};
struct expectation_taker {
    void *context;
    void (*take)(void *context, const struct expectation *expectation); /* each of them, met or not; the texts live as long as the call */
    void (*passes)(void *context, const struct tmandate *mandate, int64_t subject, struct value before); /* a change passes a gate, which is about to be asked */
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
    struct session *guard;       /* another policy, that the store keeps and whose gates bind this run too: guard.h. Or NULL */
    bool is_guard;               /* this one is it: the store belongs to another session, and is not changed by it */
    bool is_guarded;             /* it was seen to whether one is needed */
    bool schema_applied;
    struct operator_context *operators;
    LIST_OF(struct binding) bindings; /* of lets and loops, innermost last */
    LIST_OF(const char *) modules;    /* used already */
    LIST_OF(struct policy_file) policy; /* declarations read from files, to be kept in the store */
    bool is_store_policy;        /* what was declared is the policy set that the store keeps */
    LIST_OF(struct changed) changed;  /* what the commands of the run did, for whoever waits at a prompt */
    int commands_run;            /* how many of program->commands were run */
    int instances_applied;
    int instances_at_begin;      /* how many were there before the transaction under way: so many are, when it is taken back */
    LIST_OF(const char *) included;   /* files that texts included already */
    LIST_OF(struct decision) refusals; /* of gates, still to be written down: gates.h */
    struct buffer notes;         /* what imports did, to be said on err once it is certain, or before what is asked after them */
    bool has_checked;            /* a check has kept what it found */
    bool has_accounted;          /* an account was shown: the next one begins after an empty line */
    int exit_status;             /* 0, or 1 once an expectation failed or a check found what --fail-on says */
    bool failing_check;
    const struct expectation_taker *taker; /* of the test under way: expectations that fail do not end it, and a check shows nothing; else NULL */
    int64_t baseline_change, baseline_writes; /* the transaction that has fixed baselines before anything else, and what it had written by then: baseline.c */
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
/* Files that were read already, what they include among them. */
bool session_load_texts(struct session *session, const struct policy_file *files, int count, struct failure *failure);
/* The policy set that was saved in the store; nothing when there is none. */
bool session_load_saved(struct session *session, struct failure *failure);
/* A text given on the command line or in the REPL. *incomplete (may be NULL) says that more lines are wanted. */
bool session_add_text(struct session *session, const char *name, const char *text, enum parse_mode mode, bool *incomplete, struct failure *failure);
/* How far a session has come, before an input; and back to there, when the input fails as it runs: what it declared and named is as if it had not been. What it wrote is for
 * the store to take back. */
struct session_mark {
    const struct checker_mark *checker;
    int modules, included, bindings;
};
struct session_mark session_mark(struct session *session);
void session_take_back(struct session *session, const struct session_mark *mark);
/* Does the place stand in a file of the policy set, and not in the standard library? */
bool session_is_own(const struct session *session, struct span span);
/* Where the file is that a command names at that place of a script: in the folder that the run is in, else in the script's own. In the session's arena. */
const char *session_find_file(struct session *session, const char *path, struct span span);
/* The source text at that place on one line, spaces folded. In the session's arena. */
const char *session_source_words(struct session *session, struct span span);
/* Draws the diagnostics on err and forgets them. */
void session_show_diagnostics(struct session *session);
/* Draws a failure on err, with its place when it has one; or into out. */
void session_show_failure(struct session *session, const struct failure *failure);
void session_draw_failure(struct session *session, const struct failure *failure, struct buffer *out);

/* ---- the store ---- */
bool session_open_store(struct session *session, struct failure *failure);
/* Schema and declared records: the store in step with the program. Inside a transaction, or read only. */
bool session_apply(struct session *session, struct failure *failure);
/* The declarations take the place of the policy set that the store keeps, where they should (policy.c). Inside a transaction; or read only, and then it is only found out whether they would. */
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
/* The key of a row as people see it, in the arena. */
bool session_key_of(struct session *session, struct record_type *record, int64_t id, struct arena *arena, const char **key, struct failure *failure);
/* Rows on out, in the format of the options. */
bool session_show_rows(struct session *session, struct rows *rows, const char *title, struct failure *failure);
bool session_run_report(struct session *session, const struct treport *report, struct texpr *const *arguments, FILE *out, const struct render_options *render, struct failure *failure);

/* ---- commands ---- */
/* Runs the program's commands that were not run yet, in one transaction unless one was begun. What fails leaves the store as it was: before the run, or before the
 * `begin` when the run itself ended a transaction or the machine took it back; is_begun says which. */
bool session_run_commands(struct session *session, const char *what, struct failure *failure);
bool session_run_command(struct session *session, const struct tcommand *command, struct failure *failure);
/* The commands of a body, which keep their lets to themselves. */
bool session_run_body(struct session *session, struct tcommand *const *commands, int count, struct failure *failure);
/* `expect` in all its forms: goes to the session's taker, or fails when it is not met and there is none. */
bool session_expect(struct session *session, const struct tcommand *command, struct failure *failure);
/* What `expect RULE raised for X` asks, now. values gets what made it so, where that is not what was expected. */
bool session_expect_outcome(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure);
bool session_baseline(struct session *session, const struct tcommand *command, struct failure *failure);
bool session_import(struct session *session, const struct timport *import, struct failure *failure);
/* SHA-256 of a record's declaration, whatever its spaces, in hex. */
const char *session_instance_fingerprint(struct session *session, const struct tinstance *instance);
/* Adds or updates one declared record, and gives its id. must_be_new: refuse one that is there. Gates are not asked: who changes records does that. */
bool session_put_instance(struct session *session, const struct tinstance *instance, bool must_be_new, int64_t *id, struct failure *failure);
/* What it says of the stored fields, and the id of its row; 0: there is none. */
struct declared_values {
    struct field **fields;
    struct value *values;
    int count;
};
bool session_declared_values(struct session *session, const struct tinstance *instance, struct declared_values *declared, int64_t *id, struct failure *failure);
/* Adds one that is not there yet; holidays are read anew. Gates are not asked. */
bool session_add_instance(struct session *session, const struct tinstance *instance, int64_t *id, struct failure *failure);
/* ---- what was changed, told at a prompt: "2 initiatives changed", "nothing matches" ---- */
void session_note_changed(struct session *session, const struct record_type *record, int64_t count, const char *done);
void session_tell_changed(struct session *session);

/* Is it a word of the language that `describe` knows? */
bool session_has_word(const char *word);
bool session_describe(struct session *session, const char *name, FILE *out, struct failure *failure);

/* A text as the language writes it, in quotes. */
void session_quote(struct buffer *out, const char *text);
/* The account of what a rule finds for a record, or why it does not: COMMAND_WHY. */
bool session_why(struct session *session, const struct tcommand *command, struct failure *failure);

/* What an office requires and advises, of whom, and at what burden. */
bool session_describe_office(struct session *session, const char *office, FILE *out, struct failure *failure);
/* Who holds a domain, and who advises on it, themselves or by one that it lies in. */
bool session_describe_domain(struct session *session, const char *domain, FILE *out, struct failure *failure);
/* Rows that go by the key, of whatever type, with their fields; *count says how many. */
bool session_describe_rows(struct session *session, const char *key, FILE *out, int *count, struct failure *failure);

/* ---- checks ---- */
struct check_options {
    const char *const *names; /* rules and mandates, or none for all */
    int name_count;
    bool summary;             /* counts by rule, no messages */
    bool persist;
    bool shows_nothing;
    int *differences;            /* what differs from what the store keeps is shown, and counted there; or NULL */
    int64_t *mandatory_breached; /* set to how many mandatory obligations are breached; or NULL */
};
bool session_check(struct session *session, const struct check_options *options, struct failure *failure);
static inline bool rule_is_in_force(const struct session *session, const struct trule *rule) {
    return session->options.today >= rule->effective_from && session->options.today <= rule->effective_until;
}
/* Does the rule find this element now? */
bool session_rule_finds(struct session *session, const struct trule *rule, int64_t id, bool *found, struct failure *failure);
/* SHA-256 of the source text, in hex. */
const char *session_rule_fingerprint(struct session *session, struct trule *rule);
const char *session_mandate_fingerprint(struct session *session, struct tmandate *mandate);

/* ---- rows made in memory ---- */
/* A stream over values that stay where they are: row_count rows of column_count values. */
struct rows *list_rows(const struct row_column *columns, int column_count, const struct value *values, int row_count);

#endif
