/* Trying changes. See mutate.h.
 * A change is one to the text: the whole policy set is checked anew with it, and the tests that it can matter to are run, one after another, in processes of their own again. */
#include "lang/base/civil.h"
#include "runtime/engine/mutate.h"
#include "runtime/engine/workers.h"

#include <string.h>

struct mutating {
    struct session *session;
    const struct test_options *options;
    const struct test_suite *suite;
    struct mutation *mutation;
    int ended;
};

/* ---- one change ---- */

/* The files of the policy set, one of them with the change in it. */
static struct policy_file *changed_files(struct session *session, const struct mutant *mutant) {
    const struct source *source = source_get(session->sources, mutant->span.file);
    struct policy_file *files = ARENA_ARRAY(session->arena, struct policy_file, session->policy.count);
    for (int i = 0; i < session->policy.count; i++) {
        files[i] = session->policy.items[i];
        if (strcmp(files[i].path, source->path) == 0)
            files[i].text = arena_format(session->arena, "%.*s%s%s", (int)mutant->span.start, source->text, mutant->replacement, source->text + mutant->span.end);
    }
    return files;
}

static struct session *changed_session(struct session *session, const struct mutant *mutant) {
    struct failure ignored = {0};
    struct session_options options = session->options;
    options.should_stop = NULL;
    struct session *changed = session_create(&options);
    bool good = session_load_texts(changed, changed_files(session, mutant), session->policy.count, &ignored) && changed->program->tests.count == session->program->tests.count;
    if (good)
        changed->store = session->store;
    return good ? changed : NULL;
}

static void write_mandate(struct buffer *out, const struct tmandate *mandate) {
    tquery_dump(out, mandate->one, 0);
    if (mandate->change)
        tquery_dump(out, mandate->change, 0);
    if (mandate->gate_value)
        texpr_dump(out, mandate->gate_value, 0);
    cadence_write(out, mandate->cadence);
    buffer_add_format(out, " waived up to %d %lld, escalated after %d, from %lld until %lld\n", (int)mandate->waived_up_to.kind, (long long)mandate->waived_up_to.amount, mandate->escalated_after,
                      (long long)mandate->effective_from, (long long)mandate->effective_until);
}

/* What decides what a declaration does: its words are no matter. */
static void write_meaning(struct buffer *out, const struct program *program, const char *name) {
    const struct trule *rule = program_find_rule(program, name);
    const struct tmandate *mandate = program_find_mandate(program, name);
    if (mandate)
        write_mandate(out, mandate);
    if (!rule)
        return;
    if (rule->where)
        texpr_dump(out, rule->where, 0);
    buffer_add_string(out, "when\n");
    if (rule->when)
        texpr_dump(out, rule->when, 0);
    for (int i = 0; i < rule->exception_count; i++) {
        buffer_add_string(out, "except\n");
        texpr_dump(out, rule->exceptions[i].condition, 0);
    }
    buffer_add_format(out, "from %lld until %lld\n", (long long)rule->effective_from, (long long)rule->effective_until);
}

static bool means_the_same(const struct program *program, const struct program *changed, const char *name) {
    struct buffer a = {0}, b = {0};
    write_meaning(&a, program, name);
    write_meaning(&b, changed, name);
    bool same = a.length == b.length && memcmp(buffer_string(&a), buffer_string(&b), a.length) == 0;
    buffer_free(&a);
    buffer_free(&b);
    return same;
}

/* ---- the tests that a declaration can matter to: that expect something of it, pass its gate, or look at what checks kept ---- */

struct concern {
    const struct program *program;
    const char *name;
    bool is_gate; /* any change may pass it */
    bool expects; /* something of it */
    bool changes; /* records */
    bool checks;  /* keeps a check of it */
    bool reads;   /* what Remit fills: findings and the like */
};

static bool note_reading(const struct texpr *part, void *context) {
    struct concern *concern = context;
    if (part->kind == TEXPR_ALL || part->kind == TEXPR_INVERSE)
        concern->reads = concern->reads || part->type.element->record->runtime_filled;
    if (part->kind == TEXPR_DERIVED)
        texpr_walk(part->field->value, note_reading, concern);
    return !concern->reads;
}

static void note_assignments(struct concern *concern, const struct tassignment *assignments, int count) {
    for (int i = 0; i < count; i++)
        texpr_walk(assignments[i].value, note_reading, concern);
}

/* A rule or a mandate that is expected may itself be about what checks kept. */
static void note_expected(struct concern *concern, const char *name) {
    const struct trule *rule = program_find_rule(concern->program, name);
    const struct tmandate *mandate = program_find_mandate(concern->program, name);
    concern->expects = concern->expects || strcmp(name, concern->name) == 0;
    if (rule) {
        texpr_walk(rule->source, note_reading, concern);
        texpr_walk(rule->when, note_reading, concern);
        for (int i = 0; i < rule->exception_count; i++)
            texpr_walk(rule->exceptions[i].condition, note_reading, concern);
    } else if (mandate)
        tquery_walk(mandate->all, note_reading, concern);
}

static void note_commands(struct concern *concern, struct tcommand *const *commands, int count);

static void note_command(struct concern *concern, const struct tcommand *command) {
    bool is_named = command->name_count == 0;
    for (int i = 0; i < command->name_count; i++)
        is_named = is_named || strcmp(command->names[i], concern->name) == 0;
    if (command->kind == COMMAND_EXPECT_RAISED || command->kind == COMMAND_EXPECT_STATE)
        note_expected(concern, command->name);
    concern->changes = concern->changes || command->kind == COMMAND_ADD || command->kind == COMMAND_SET;
    concern->checks = concern->checks || (command->kind == COMMAND_CHECK && is_named);
    concern->reads = concern->reads || command->report;
    texpr_walk(command->value, note_reading, concern);
    texpr_walk(command->target, note_reading, concern);
    for (int i = 0; i < command->value_count; i++)
        texpr_walk(command->values[i], note_reading, concern);
    if (command->query)
        tquery_walk(command->query, note_reading, concern);
    note_assignments(concern, command->assignments, command->assignment_count);
    if (command->instance)
        note_assignments(concern, command->instance->assignments, command->instance->assignment_count);
    note_commands(concern, command->body, command->body_count);
    note_commands(concern, command->otherwise, command->otherwise_count);
}

static void note_commands(struct concern *concern, struct tcommand *const *commands, int count) {
    for (int i = 0; i < count; i++)
        note_command(concern, commands[i]);
}

static bool test_concerns(const struct program *program, const struct ttest *test, const char *name) {
    const struct tmandate *mandate = program_find_mandate(program, name);
    struct concern concern = {.program = program, .name = name, .is_gate = mandate && mandate->timing == TIMING_GATE};
    for (int i = 0; i < test->item_count; i++) {
        const struct ttest_item *item = &test->items[i];
        if (item->kind == TEST_ON)
            concern.checks = concern.checks || item->day != test->items[0].day;
        else if (item->kind == TEST_GIVEN)
            note_assignments(&concern, item->given->assignments, item->given->assignment_count);
        else
            note_command(&concern, item->command);
    }
    return concern.expects || (concern.checks && concern.reads) || (concern.is_gate && concern.changes);
}

/* ---- running them ---- */

struct trying {
    struct session *changed;
    LIST_OF(int) tests; /* positions among the program's tests */
    double seconds;
    bool is_noticed;
};

static void run_test(void *context, int job, struct buffer *out) {
    struct trying *trying = context;
    struct test_result result;
    test_run(trying->changed, trying->changed->program->tests.items[trying->tests.items[job]], NULL, &result);
    buffer_add_char(out, result.outcome == TEST_PASSED ? 'p' : 'f');
}

static bool take_outcome(void *context, int job, const struct worker_report *report) {
    struct trying *trying = context;
    (void)job;
    trying->is_noticed = report->end != WORKER_DONE || report->length != 1 || report->bytes[0] != 'p';
    return !trying->is_noticed;
}

/* Those chosen, as they stand in the program: there they have the places that they have in the changed one. */
static void choose_tests(struct trying *trying, const struct mutating *mutating, const char *name) {
    const struct program *program = mutating->session->program;
    int at = 0;
    for (int i = 0; i < program->tests.count && at < mutating->suite->results.count; i++)
        if (mutating->suite->results.items[at].test == program->tests.items[i]) {
            at++;
            if (test_concerns(program, program->tests.items[i], name))
                LIST_ADD(trying->changed->arena, &trying->tests, i);
        }
}

static void try_change(void *context, int job, struct buffer *out) {
    struct mutating *mutating = context;
    const struct mutant *mutant = &mutating->mutation->mutants.items[job];
    struct trying trying = {.changed = changed_session(mutating->session, mutant), .seconds = mutating->options->seconds};
    if (!trying.changed || means_the_same(mutating->session->program, trying.changed->program, mutant->name)) {
        buffer_add_char(out, (char)('0' + MUTANT_NO_CHANGE));
        return;
    }
    choose_tests(&trying, mutating, mutant->name);
    struct failure failure = {0};
    struct workers workers = {.job_count = trying.tests.count, .at_once = 1, .seconds = trying.seconds, .context = &trying, .work = run_test, .done = take_outcome};
    bool good = workers_run(&workers, &failure);
    buffer_add_char(out, (char)('0' + (good && !trying.is_noticed ? MUTANT_UNNOTICED : MUTANT_NOTICED)));
}

/* A change that brings Remit to a bad end is one that the tests would not pass. */
static bool take_fate(void *context, int job, const struct worker_report *report) {
    struct mutating *mutating = context;
    struct mutation *mutation = mutating->mutation;
    bool is_whole = report->end == WORKER_DONE && report->length == 1;
    mutation->fates[job] = is_whole ? (enum mutant_fate)(report->bytes[0] - '0') : MUTANT_NOTICED;
    mutation->noticed += mutation->fates[job] == MUTANT_NOTICED;
    mutation->unnoticed += mutation->fates[job] == MUTANT_UNNOTICED;
    if (mutating->session->options.has_done)
        mutating->session->options.has_done((double)++mutating->ended / mutation->mutants.count);
    return true;
}

bool session_mutate(struct session *session, const struct test_options *options, const struct test_suite *suite, struct mutation *mutation, struct failure *failure) {
    *mutation = (struct mutation){.mutants = mutants_find(session)};
    mutation->fates = ARENA_ARRAY(session->arena, enum mutant_fate, mutation->mutants.count + 1);
    struct mutating mutating = {session, options, suite, mutation, 0};
    struct workers workers = {.job_count = mutation->mutants.count, .at_once = options->at_once, .seconds = options->seconds * (suite->results.count + 1), .context = &mutating,
                              .work = try_change, .done = take_fate, .should_stop = session->options.should_stop, .stop_context = session->options.stop_context};
    session_works_on(session, "trying %d changes", mutation->mutants.count);
    return workers_run(&workers, failure);
}
