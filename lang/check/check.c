/* The checker's order of work: names, members, derived fields, policy, commands; and taking it all back when something was wrong.
 * Knows: the phases. Does not know: what each declaration means. */
#include "lang/check/checker.h"

#include <string.h>

struct checker *checker_create(struct arena *arena, struct intern *names, struct diagnostics *diagnostics, const struct world *world) {
    struct checker *checker = ARENA_NEW(arena, struct checker);
    checker->arena = arena;
    checker->names = names;
    checker->diagnostics = diagnostics;
    checker->world = world;
    checker->program = ARENA_NEW(arena, struct program);
    checker->program->arena = arena;
    checker->program->names = names;
    checker->program->currency = intern_string(names, "USD");
    checker->program->fiscal_month = 1;
    return checker;
}

struct program *checker_program(struct checker *checker) {
    return checker->program;
}

struct record_type *program_find_record(const struct program *program, const char *name) {
    int position = name_table_find(&program->record_names, name);
    return position >= 0 ? program->records.items[position] : NULL;
}

struct record_type *program_find_plural(const struct program *program, const char *word) {
    size_t length = strlen(word);
    for (int i = 0; i < program->records.count; i++) {
        const char *name = program->records.items[i]->name;
        size_t own = strlen(name), stem = name[own - 1] == 'y' ? own - 1 : own;
        const char *ending = name[own - 1] == 'y' ? "ies" : name[own - 1] == 's' ? "es" : "s";
        if (length == stem + strlen(ending) && strncmp(name, word, stem) == 0 && strcmp(word + stem, ending) == 0)
            return program->records.items[i];
    }
    return NULL;
}

struct trule *program_find_rule(const struct program *program, const char *name) {
    int position = name_table_find(&program->rule_names, name);
    return position >= 0 ? program->rules.items[position] : NULL;
}

struct tmandate *program_find_mandate(const struct program *program, const char *name) {
    int position = name_table_find(&program->mandate_names, name);
    return position >= 0 ? program->mandates.items[position] : NULL;
}

struct treport *program_find_report(const struct program *program, const char *name) {
    int position = name_table_find(&program->report_names, name);
    return position >= 0 ? program->reports.items[position] : NULL;
}

/* ---- taking back ---- */

/* How far everything had grown before a call. Fields are only ever added at the end, so counts are enough. */
struct snapshot {
    int records, enums, rules, mandates, reports, instances, commands, tests, definitions, keys, report_nodes;
    int *field_counts;
    bool *referenced;
    const char *currency;
    int fiscal_month;
};

static struct snapshot take_snapshot(struct checker *checker) {
    struct program *program = checker->program;
    struct snapshot snapshot = {program->records.count, program->enums.count, program->rules.count, program->mandates.count, program->reports.count, program->instances.count,
                                program->commands.count, program->tests.count, checker->definitions.count, checker->keys.count, checker->report_nodes.count, NULL, NULL,
                                program->currency, program->fiscal_month};
    snapshot.field_counts = ARENA_ARRAY(checker->arena, int, program->records.count);
    snapshot.referenced = ARENA_ARRAY(checker->arena, bool, program->records.count);
    for (int i = 0; i < program->records.count; i++) {
        snapshot.field_counts[i] = program->records.items[i]->field_count;
        snapshot.referenced[i] = program->records.items[i]->is_referenced;
    }
    return snapshot;
}

static void take_back(struct checker *checker, const struct snapshot *snapshot) {
    struct program *program = checker->program;
    program->records.count = snapshot->records;
    program->enums.count = snapshot->enums;
    program->rules.count = snapshot->rules;
    program->mandates.count = snapshot->mandates;
    program->reports.count = snapshot->reports;
    program->instances.count = snapshot->instances;
    program->commands.count = snapshot->commands;
    program->tests.count = snapshot->tests;
    checker->definitions.count = snapshot->definitions;
    checker->report_nodes.count = snapshot->report_nodes;
    keys_cut(checker, snapshot->keys);
    program->currency = snapshot->currency;
    program->fiscal_month = snapshot->fiscal_month;
    name_table_cut(&program->record_names, snapshot->records);
    name_table_cut(&program->enum_names, snapshot->enums);
    name_table_cut(&program->rule_names, snapshot->rules);
    name_table_cut(&program->mandate_names, snapshot->mandates);
    name_table_cut(&program->report_names, snapshot->reports);
    name_table_cut(&program->test_titles, snapshot->tests);
    name_table_cut(&checker->definition_names, snapshot->definitions);
    for (int i = 0; i < program->records.count; i++) {
        program->records.items[i]->field_count = snapshot->field_counts[i];
        name_table_cut(&program->records.items[i]->field_names, snapshot->field_counts[i]);
        program->records.items[i]->is_referenced = snapshot->referenced[i];
    }
    if (checker->lone_values.listed > snapshot->enums)
        checker->lone_values = (struct lone_names){0};
}

/* ---- phases ---- */

/* Bodies of derived fields and defaults of stored ones, for fields that are new since the snapshot. */
static void check_fields(struct checker *checker, const struct snapshot *before) {
    for (int r = 0; r < checker->program->records.count; r++) {
        struct record_type *record = checker->program->records.items[r];
        for (int f = r < before->records ? before->field_counts[r] : 0; f < record->field_count; f++) {
            struct field *field = record->fields[f];
            budget_renew(checker);
            field_settle(checker, field);
            struct own_field *own = (struct own_field *)field;
            if (field->kind != FIELD_STORED || !own->node || own->node->kind != NODE_FIELD || !AS(field, FIELD, own->node)->standard)
                continue;
            struct context context = {.checker = checker};
            struct texpr *standard = check_as(&context, AS(field, FIELD, own->node)->standard, field->type, arena_format(checker->arena, "the default of `%s`", field->name));
            field->standard = is_poison(standard) ? NULL : standard;
        }
    }
}

static void check_policy(struct checker *checker, const struct check_input *input) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    struct context context = {.checker = checker};
    checker->standard_library = input->standard_library;
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        budget_renew(checker);
        if (node->kind == NODE_RULE)
            check_rule(checker, node);
        else if (node->kind == NODE_INSTANCE) {
            struct node_instance *written = AS(instance, INSTANCE, node);
            struct tinstance *instance = check_instance(&context, node, written->type, written->key, written->title, written->fields, true);
            if (instance)
                LIST_ADD(checker->arena, &checker->program->instances, instance);
        } else if (node->kind == NODE_MANDATE)
            check_mandate(checker, node);
        else if (node->kind == NODE_SCENARIO)
            say_not_yet(checker, AS(scenario, SCENARIO, node)->name, arena_format(checker->arena, "the scenario `%s`", name_text(AS(scenario, SCENARIO, node)->name)), false);
    }
    checker->standard_library = false;
}

/* Tests come after all that they may be about. */
static void check_tests(struct checker *checker, const struct check_input *input) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    for (int i = 0; i < items.count; i++)
        if (items.items[i]->kind == NODE_TEST)
            check_test(checker, items.items[i]);
}

bool node_is_command(enum node_kind kind) {
    return (kind >= NODE_ADD && kind <= NODE_EVALUATE && kind != NODE_COLUMN_OF && kind != NODE_CASE_OF) || kind == NODE_LET;
}

/* A policy file holds declarations alone. */
static void refuse_command(struct checker *checker, const struct node *node) {
    bool is_question = node->kind == NODE_EVALUATE, expects = node->kind == NODE_EXPECT || node->kind == NODE_EXPECT_OUTCOME || node->kind == NODE_EXPECT_REFUSED;
    const char *what = is_question ? "a question" : arena_format(checker->arena, "the command `%s`", expects ? "expect" : node_label(node->kind));
    struct diagnostic *refused = diagnostic_add(checker->diagnostics, DIAG_COMMAND_IN_POLICY, node->span, what);
    diagnostic_hint(checker->diagnostics, refused,
                    is_question ? "Give it a name as a report, `report NAME \"Title\" { from … }`, ask it with `remit query`, or put it in a script, and run that with `remit run FILE`."
                    : expects   ? "What a policy should find is said in a test: `test \"…\" { on 2026-03-31  given …  expect … }`."
                                : "A policy file holds declarations only. Put commands in a script, and run it with `remit run FILE`.");
}

static void check_commands(struct checker *checker, const struct check_input *input, struct context *context) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    bool said = false;
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        if (!node_is_command(node->kind))
            continue;
        if (!input->allow_commands) {
            if (!said)
                refuse_command(checker, node);
            said = true;
            continue;
        }
        struct tcommand *command = check_command(context, node);
        if (command)
            LIST_ADD(checker->arena, &checker->program->commands, command);
    }
}

static void find_severities(struct checker *checker) {
    int position = checker->severities ? -1 : name_table_find(&checker->program->enum_names, "severity");
    if (position >= 0)
        checker->severities = checker->program->enums.items[position];
}

/* Whether a message may only be there because a part of the file could not be read. A near spelling speaks for a mistake of its own. */
static bool may_be_caused(const struct diagnostic *diagnostic) {
    switch (diagnostic->code) {
    case DIAG_UNKNOWN_NAME: case DIAG_UNKNOWN_FIELD: case DIAG_UNKNOWN_COLUMN: case DIAG_UNKNOWN_KEY: case DIAG_UNKNOWN_FUNCTION: case DIAG_UNKNOWN_TYPE:
    case DIAG_UNKNOWN_RECORD: case DIAG_UNKNOWN_REPORT: case DIAG_UNKNOWN_RULE: case DIAG_UNKNOWN_MANDATE: case DIAG_UNKNOWN_RULE_OR_MANDATE: case DIAG_UNKNOWN_PARAMETER:
    case DIAG_UNKNOWN_ENUM_VALUE:
        return !diagnostic->hint || strncmp(diagnostic->hint, "did you mean", 12) != 0;
    case DIAG_FIELDS_WANTED: case DIAG_CLAUSE_WANTED: case DIAG_CASE_WITHOUT_ROW: case DIAG_TEST_WITHOUT_DAY: case DIAG_TEST_EXPECTS_NOTHING:
        return true;
    default:
        return false;
    }
}

static void drop_caused(struct diagnostics *diagnostics, int from) {
    int kept = from;
    for (int i = from; i < diagnostics->list.count; i++) {
        if (may_be_caused(diagnostics->list.items[i]))
            diagnostics->error_count--;
        else
            diagnostics->list.items[kept++] = diagnostics->list.items[i];
    }
    diagnostics->list.count = kept;
}

int checker_add(struct checker *checker, const struct check_input *inputs, int input_count) {
    struct snapshot snapshot = take_snapshot(checker);
    int errors = checker->diagnostics->error_count, said = checker->diagnostics->list.count;
    struct scope *session = checker->session_scope;
    checker->broken_mandates.count = checker->renames.count = 0;
    for (int i = 0; i < input_count; i++)
        declare_names(checker, &inputs[i]);
    find_severities(checker);
    for (int i = 0; i < input_count; i++)
        declare_record_bodies(checker, &inputs[i]);
    for (int i = 0; i < input_count; i++)
        declare_members(checker, &inputs[i]);
    keys_refuse_circles(checker);
    record_set_storage_facts(checker);
    check_fields(checker, &snapshot);
    for (int i = snapshot.definitions; i < checker->definitions.count; i++) {
        budget_renew(checker);
        check_definition(checker, checker->definitions.items[i]);
    }
    for (int i = snapshot.report_nodes; i < checker->report_nodes.count; i++)
        check_report(checker, checker->report_nodes.items[i].report, checker->report_nodes.items[i].node);
    for (int i = 0; i < input_count; i++)
        check_policy(checker, &inputs[i]);
    check_authority(checker, snapshot.mandates, snapshot.instances);
    check_renames(checker);
    checker->test_keys.count = 0;
    for (int i = 0; i < input_count; i++)
        check_tests(checker, &inputs[i]);
    struct context context = {.checker = checker, .scope = session};
    for (int i = 0; i < input_count; i++)
        check_commands(checker, &inputs[i], &context);
    checker->session_scope = context.scope;
    int added = checker->diagnostics->error_count - errors;
    bool is_whole = true;
    for (int i = 0; i < input_count; i++)
        is_whole = is_whole && !inputs[i].has_syntax_errors;
    if (!is_whole)
        drop_caused(checker->diagnostics, said);
    if (added || !is_whole) {
        take_back(checker, &snapshot);
        checker->session_scope = session;
    }
    return added;
}

bool checker_definition_span(const struct checker *checker, const char *name, struct span *span) {
    for (int i = 0; i < checker->definitions.count; i++)
        if (strcmp(checker->definitions.items[i]->name, name) == 0) {
            *span = checker->definitions.items[i]->node->span;
            return true;
        }
    return false;
}
