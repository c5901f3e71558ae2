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

/* `bodies` is `bod` and "ies". */
static const char *plural_ending(const char *name, size_t *stem) {
    size_t length = strlen(name);
    bool is_y = length > 1 && name[length - 1] == 'y' && !strchr("aeiou", name[length - 2]);
    *stem = is_y ? length - 1 : length;
    return is_y ? "ies" : length > 0 && name[length - 1] == 's' ? "es" : "s";
}

const char *plural_of(struct arena *arena, const char *name) {
    size_t stem;
    const char *ending = plural_ending(name, &stem);
    return arena_format(arena, "%.*s%s", (int)stem, name, ending);
}

struct record_type *program_find_plural(const struct program *program, const char *word) {
    size_t length = strlen(word), stem;
    for (int i = 0; i < program->records.count; i++) {
        const char *name = program->records.items[i]->name, *ending = plural_ending(name, &stem);
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

/* How far everything had grown. Fields are only ever added at the end, so counts are enough. */
struct checker_mark {
    int records, enums, rules, mandates, reports, instances, commands, tests, definitions, keys, report_nodes;
    struct scope *session_scope;
    struct enum_type *severities;
    int *field_counts;
    bool *referenced;
    const char *currency;
    int fiscal_month;
};

struct checker_mark *checker_mark(struct checker *checker) {
    struct program *program = checker->program;
    struct checker_mark *mark = ARENA_NEW(checker->arena, struct checker_mark);
    *mark = (struct checker_mark){.records = program->records.count, .enums = program->enums.count, .rules = program->rules.count, .mandates = program->mandates.count,
                                  .reports = program->reports.count, .instances = program->instances.count, .commands = program->commands.count, .tests = program->tests.count,
                                  .definitions = checker->definitions.count, .keys = checker->keys.count, .report_nodes = checker->report_nodes.count,
                                  .session_scope = checker->session_scope, .severities = checker->severities, .currency = program->currency, .fiscal_month = program->fiscal_month};
    mark->field_counts = ARENA_ARRAY(checker->arena, int, program->records.count);
    mark->referenced = ARENA_ARRAY(checker->arena, bool, program->records.count);
    for (int i = 0; i < program->records.count; i++) {
        mark->field_counts[i] = program->records.items[i]->field_count;
        mark->referenced[i] = program->records.items[i]->is_referenced;
    }
    return mark;
}

void checker_take_back(struct checker *checker, const struct checker_mark *mark) {
    struct program *program = checker->program;
    program->records.count = mark->records;
    program->enums.count = mark->enums;
    program->rules.count = mark->rules;
    program->mandates.count = mark->mandates;
    program->reports.count = mark->reports;
    program->instances.count = mark->instances;
    program->commands.count = mark->commands;
    program->tests.count = mark->tests;
    checker->definitions.count = mark->definitions;
    checker->report_nodes.count = mark->report_nodes;
    checker->session_scope = mark->session_scope;
    checker->severities = mark->severities;
    keys_cut(checker, mark->keys);
    program->currency = mark->currency;
    program->fiscal_month = mark->fiscal_month;
    name_table_cut(&program->record_names, mark->records);
    name_table_cut(&program->enum_names, mark->enums);
    name_table_cut(&program->rule_names, mark->rules);
    name_table_cut(&program->mandate_names, mark->mandates);
    name_table_cut(&program->report_names, mark->reports);
    name_table_cut(&program->test_titles, mark->tests);
    name_table_cut(&checker->definition_names, mark->definitions);
    for (int i = 0; i < program->records.count; i++) {
        program->records.items[i]->field_count = mark->field_counts[i];
        name_table_cut(&program->records.items[i]->field_names, mark->field_counts[i]);
        program->records.items[i]->is_referenced = mark->referenced[i];
    }
    if (checker->lone_values.listed > mark->enums)
        checker->lone_values = (struct lone_names){0};
}

/* ---- phases ---- */

/* Bodies of derived fields and defaults of stored ones, for fields that are new since then. */
static void check_fields(struct checker *checker, const struct checker_mark *before) {
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

/* Is what the message is about declared in a part that could not be read? */
static bool is_unread(const struct checker *checker, const struct check_input *inputs, int input_count, const struct diagnostic *diagnostic) {
    const struct source *source = source_get(checker->diagnostics->sources, diagnostic->span.file);
    const char *name = source->text + diagnostic->span.start;
    size_t length = diagnostic->span.end - diagnostic->span.start;
    if (length > 2 && name[0] == '"' && name[length - 1] == '"')
        name++, length -= 2;
    return length > 0 && unread_declares(checker, inputs, input_count, name, length);
}

/* Whether a message may only be there because a part of the files could not be read. A near spelling speaks for a mistake of its own, unless the name stands in that part. */
static bool may_be_caused(const struct checker *checker, const struct check_input *inputs, int input_count, const struct diagnostic *diagnostic) {
    switch (diagnostic->code) {
    case DIAG_UNKNOWN_NAME: case DIAG_UNKNOWN_FIELD: case DIAG_UNKNOWN_COLUMN: case DIAG_UNKNOWN_KEY: case DIAG_UNKNOWN_FUNCTION: case DIAG_UNKNOWN_TYPE:
    case DIAG_UNKNOWN_RECORD: case DIAG_UNKNOWN_REPORT: case DIAG_UNKNOWN_RULE: case DIAG_UNKNOWN_MANDATE: case DIAG_UNKNOWN_RULE_OR_MANDATE: case DIAG_UNKNOWN_PARAMETER:
    case DIAG_UNKNOWN_ENUM_VALUE: case DIAG_UNKNOWN_ACTOR:
        return !diagnostic->hint || strncmp(diagnostic->hint, "did you mean", 12) != 0 || is_unread(checker, inputs, input_count, diagnostic);
    case DIAG_FIELDS_WANTED: case DIAG_CLAUSE_WANTED: case DIAG_CASE_WITHOUT_ROW: case DIAG_TEST_WITHOUT_DAY: case DIAG_TEST_EXPECTS_NOTHING:
    case DIAG_DOMAIN_CONTESTED: case DIAG_DOMAIN_ORPHANED: case DIAG_OUTSIDE_AUTHORITY: case DIAG_OUTSIDE_ADVICE:
        return true;
    default:
        return false;
    }
}

static void drop_caused(const struct checker *checker, const struct check_input *inputs, int input_count, int from) {
    struct diagnostics *diagnostics = checker->diagnostics;
    int kept = from;
    for (int i = from; i < diagnostics->list.count; i++) {
        struct diagnostic *diagnostic = diagnostics->list.items[i];
        if (may_be_caused(checker, inputs, input_count, diagnostic))
            diagnostics->error_count -= diagnostic->severity == SEVERITY_ERROR;
        else
            diagnostics->list.items[kept++] = diagnostic;
    }
    diagnostics->list.count = kept;
}

int checker_add(struct checker *checker, const struct check_input *inputs, int input_count) {
    const struct checker_mark *before = checker_mark(checker);
    int errors = checker->diagnostics->error_count, said = checker->diagnostics->list.count;
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
    check_fields(checker, before);
    for (int i = before->definitions; i < checker->definitions.count; i++) {
        budget_renew(checker);
        check_definition(checker, checker->definitions.items[i]);
    }
    for (int i = before->report_nodes; i < checker->report_nodes.count; i++)
        check_report(checker, checker->report_nodes.items[i].report, checker->report_nodes.items[i].node);
    for (int i = 0; i < input_count; i++)
        check_policy(checker, &inputs[i]);
    check_authority(checker, before->mandates, before->instances);
    check_renames(checker);
    checker->test_keys.count = 0;
    for (int i = 0; i < input_count; i++)
        check_tests(checker, &inputs[i]);
    struct context context = {.checker = checker, .scope = before->session_scope};
    for (int i = 0; i < input_count; i++)
        check_commands(checker, &inputs[i], &context);
    checker->session_scope = context.scope;
    int added = checker->diagnostics->error_count - errors;
    bool is_whole = true;
    for (int i = 0; i < input_count; i++)
        is_whole = is_whole && !inputs[i].has_syntax_errors;
    if (!is_whole)
        drop_caused(checker, inputs, input_count, said);
    if (added || !is_whole)
        checker_take_back(checker, before);
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
