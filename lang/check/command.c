/* Commands of scripts and of the REPL.
 * Knows: what each command needs. Does not know: how it is carried out. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

static struct tcommand *make_command(struct context *context, enum command_kind kind, struct node *node) {
    struct tcommand *command = ARENA_NEW(context->checker->arena, struct tcommand);
    command->kind = kind;
    command->span = node->span;
    return command;
}

/* A body sees the names around it; what it lets is its own. */
static struct tcommand **check_body(struct context *context, struct node_list body, int *count) {
    struct checker *checker = context->checker;
    struct context inner = *context;
    struct tcommand **commands = ARENA_ARRAY(checker->arena, struct tcommand *, body.count + 1);
    *count = 0;
    for (int i = 0; i < body.count; i++) {
        struct tcommand *command = check_command(&inner, body.items[i]);
        if (command)
            commands[(*count)++] = command;
    }
    return commands;
}

/* What would be refused as the program stands is what is wanted here. */
static struct tcommand **check_refused_body(const struct context *context, struct node_list body, int *count) {
    struct context inner = *context;
    inner.expects_refusal = true;
    return check_body(&inner, body, count);
}

static struct tcommand *check_add(struct context *context, struct node *node) {
    struct node_add *add = AS(add, ADD, node);
    struct checker *checker = context->checker;
    struct tinstance *instance = check_instance(context, node, add->type, add->key, add->title, add->fields, true);
    if (!instance)
        return NULL;
    if (instance->key) {
        const struct declared_key *same = key_find(checker, instance->record, instance->key);
        if (same && same->origin == KEY_OF_DECLARATION && !context->expects_refusal) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, add->key->span, arena_format(checker->arena, "the %s", instance->record->name), instance->key);
            diagnostic_second(checker->diagnostics, said, same->span, "it is declared here");
            return NULL;
        }
        if (!same)
            key_declare(checker, instance->record, instance->key, instance->title, add->key->span, KEY_OF_COMMAND);
    }
    struct tcommand *command = make_command(context, COMMAND_ADD, node);
    command->instance = instance;
    return command;
}

/* The record type in which someone declared that key; a likely one where nobody did. */
static const char *record_of_key(struct checker *checker, const char *key) {
    for (int i = 0; i < checker->program->records.count; i++)
        if (key_find(checker, checker->program->records.items[i], intern_string(checker->names, key)))
            return checker->program->records.items[i]->name;
    return "initiative";
}

/* What `set` and `remove` work on: one record, or a collection of them. */
static struct texpr *check_target(struct context *context, struct node *node, const char *word) {
    struct checker *checker = context->checker;
    struct texpr *target = check_expression(context, node, NULL);
    if (is_poison(target))
        return NULL;
    struct type type = target->type.kind == TYPE_COLLECTION ? *target->type.element : target->type;
    if (type.kind != TYPE_RECORD) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_TARGET_WANTED, node->span, word, type_words(checker, type));
        const char *key = target->kind == TEXPR_CONSTANT && type.kind == TYPE_TEXT ? name_text(node) : "";
        if (key[0])
            diagnostic_hint(checker->diagnostics, said, "A key in quotes stands in brackets after its record type: `%s %s[\"%s\"] …`.", word, record_of_key(checker, key), key);
        else
            diagnostic_hint(checker->diagnostics, said, "Name a record, `%s METERS …`, or some of them, `%s initiative[stage = idea] …`.", word, word);
        return NULL;
    }
    if (target->type.optional) {
        require_known(context, target, node);
        return NULL;
    }
    if (type.record->runtime_filled) {
        diagnostic_add(checker->diagnostics, DIAG_RUNTIME_FILLED, node->span, type.record->name);
        return NULL;
    }
    return target;
}

static struct tcommand *check_set(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_set *set = AS(set, SET, node);
    struct tcommand *command = make_command(context, COMMAND_SET, node);
    command->target = check_target(context, set->target, "set");
    if (!command->target)
        return NULL;
    struct texpr *collection = command->target;
    if (collection->type.kind != TYPE_COLLECTION)
        collection = texpr_with(checker->arena, TEXPR_LIST, type_of_collection(checker->arena, collection->type), node->span, 1, &command->target);
    struct context inner = enter_element(context, collection, NULL, &command->variable);
    struct name_table given = {0};
    command->assignments = check_assignments(&inner, command->variable->type.record, set->fields, &given, &command->assignment_count);
    return command;
}

static struct tcommand *check_remove(struct context *context, struct node *node) {
    struct tcommand *command = make_command(context, COMMAND_REMOVE, node);
    command->target = check_target(context, AS(remove_command, REMOVE, node)->target, "remove");
    return command->target ? command : NULL;
}

static struct treport *find_report(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    const struct node *name = node->kind == NODE_CALL ? AS(call, CALL, node)->callee : node;
    int position = name_table_find(&checker->program->report_names, name_text(name));
    if (position >= 0) {
        struct treport *report = checker->program->reports.items[position];
        check_report(checker, report, checker->report_nodes.items[position].node);
        return report->query ? report : NULL;
    }
    struct nearest nearest;
    nearest_start(&nearest, name_text(name));
    for (int i = 0; i < checker->report_nodes.count; i++)
        nearest_offer(&nearest, checker->report_nodes.items[i].report->name);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_REPORT, name->span, name_text(name));
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    return NULL;
}

static struct tcommand *check_run(struct context *context, struct node *node, enum command_kind kind, struct node *report, const char *path) {
    struct tcommand *command = make_command(context, kind, node);
    command->report = find_report(context, report);
    command->path = path;
    bool good = command->report != NULL;
    if (good)
        command->arguments = check_report_arguments(context, command->report, report, &good);
    return good ? command : NULL;
}

static struct tcommand *check_check(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_check_command *check = AS(check_command, CHECK, node);
    struct tcommand *command = make_command(context, COMMAND_CHECK, node);
    command->names = ARENA_ARRAY(checker->arena, const char *, check->names.count + 1);
    for (int i = 0; i < check->names.count; i++) {
        const char *name = name_text(check->names.items[i]);
        if (!program_find_rule(checker->program, name) && !program_find_mandate(checker->program, name)) {
            unknown_rule_or_mandate(checker, check->names.items[i]);
            return NULL;
        }
        command->names[command->name_count++] = name;
    }
    return command;
}

static struct tcommand *check_print(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_print *print = AS(print, PRINT, node);
    struct tcommand *command = make_command(context, COMMAND_PRINT, node);
    command->values = ARENA_ARRAY(checker->arena, struct texpr *, print->values.count + 1);
    bool good = true;
    for (int i = 0; i < print->values.count; i++) {
        struct texpr *text = to_text(context, check_expression(context, print->values.items[i], NULL), print->values.items[i]);
        good = good && !is_poison(text);
        command->values[command->value_count++] = text;
    }
    return good ? command : NULL;
}

static struct tcommand *check_let(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_let *let = AS(let, LET, node);
    struct tcommand *command = make_command(context, COMMAND_LET, node);
    command->value = check_expression(context, let->value, NULL);
    if (command->value->type.kind == TYPE_DECIMAL)
        command->value = convert_to(checker, command->value, type_of_kind(TYPE_NUMBER));
    if (command->value->type.kind == TYPE_COLLECTION || command->value->type.kind == TYPE_ROW || command->value->type.kind == TYPE_NOTHING) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_LET_OF_WHAT, let->value->span, type_words(checker, command->value->type));
        diagnostic_hint(checker->diagnostics, said, "A `let` of a script keeps one value: `count(…)`, `sum(…)`, a date, a record.");
        command->value = texpr_poison(checker->arena, node->span);
    }
    command->variable = variable_create(checker, name_text(let->name), command->value->type);
    context->scope = scope_push(checker, context->scope, SCOPE_VARIABLE, command->variable->name, command->variable, NULL);
    return is_poison(command->value) ? NULL : command;
}

static struct tcommand *check_for_each(struct context *context, struct node *node) {
    struct node_for_each *loop = AS(for_each, FOR_EACH, node);
    struct tcommand *command = make_command(context, COMMAND_FOR_EACH, node);
    struct context within;
    if (!check_source(context, loop->binder, loop->source, loop->condition, &command->target, &command->variable, &within))
        return NULL;
    if (command->variable->type.kind != TYPE_RECORD) {
        diagnostic_add(context->checker->diagnostics, DIAG_TARGET_WANTED, loop->source->span, "for each", type_words(context->checker, command->variable->type));
        return NULL;
    }
    command->body = check_body(&within, loop->body, &command->body_count);
    return command;
}

static struct tcommand *check_if_command(struct context *context, struct node *node) {
    struct node_if_command *branch = AS(if_command, IF_COMMAND, node);
    struct tcommand *command = make_command(context, COMMAND_IF, node);
    command->value = check_condition(context, branch->condition, "what follows `if`");
    struct context then = *context, otherwise = *context;
    learn(&then, branch->condition, command->value, true);
    learn(&otherwise, branch->condition, command->value, false);
    command->body = check_body(&then, branch->then, &command->body_count);
    command->otherwise = check_body(&otherwise, branch->otherwise, &command->otherwise_count);
    return is_poison(command->value) ? NULL : command;
}

/* The period of `expect … in PERIOD`: of what is required every so often there is one obligation for each, so it must be said; of anything else there is none. */
static bool check_outcome_period(struct context *context, struct node *node, const struct tmandate *mandate, struct node *written, struct tcommand *command) {
    struct checker *checker = context->checker;
    if (mandate->timing == TIMING_EVERY && !written) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_PERIOD_WANTED, node->span, mandate->name);
        const char *which = mandate->cadence.unit == PERIOD_DAY ? "in 2026-03-31`, `in today" : "in 2026-W04`, `in 2026-03`, `in week(today)";
        diagnostic_hint(checker->diagnostics, said, "Say which: `… for X %s`.", which);
        return false;
    }
    if (mandate->timing != TIMING_EVERY && written) {
        diagnostic_add(checker->diagnostics, DIAG_NO_PERIODS, written->span, mandate->name);
        return false;
    }
    if (written)
        command->period = check_named_period(context, written);
    return !written || !is_poison(command->period);
}

static struct tcommand *check_outcome(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_expect_outcome *outcome = AS(expect_outcome, EXPECT_OUTCOME, node);
    const char *name = name_text(outcome->name), *state = name_text(outcome->outcome);
    bool is_finding = strcmp(state, "raised") == 0;
    const struct trule *rule = is_finding ? program_find_rule(checker->program, name) : NULL;
    const struct tmandate *mandate = is_finding ? NULL : program_find_mandate(checker->program, name);
    if (!rule && !mandate) {
        if (is_finding)
            unknown_rule(checker, outcome->name);
        else
            unknown_mandate(checker, outcome->name);
        return NULL;
    }
    struct tcommand *command = make_command(context, is_finding ? COMMAND_EXPECT_RAISED : COMMAND_EXPECT_STATE, node);
    command->name = is_finding ? rule->name : mandate->name;
    command->state = intern_string(checker->names, state);
    command->negated = outcome->negated != 0;
    command->value = check_as(context, outcome->key, type_of_record(is_finding ? rule->record : mandate->record), "what `for` names");
    if (is_poison(command->value) || (!is_finding && !check_outcome_period(context, node, mandate, outcome->period, command)))
        return NULL;
    return command;
}

static struct tcommand *check_refused(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_expect_refused *refused = AS(expect_refused, EXPECT_REFUSED, node);
    struct tcommand *command = make_command(context, COMMAND_EXPECT_REFUSED, node);
    const struct tmandate *gate = refused->gate ? program_find_mandate(checker->program, name_text(refused->gate)) : NULL;
    command->negated = refused->negated != 0;
    command->name = gate ? gate->name : NULL;
    command->body = check_refused_body(context, refused->body, &command->body_count);
    if (refused->gate && !gate)
        unknown_mandate(checker, refused->gate);
    else if (gate && gate->timing != TIMING_GATE)
        diagnostic_add(checker->diagnostics, DIAG_NO_GATE, refused->gate->span, gate->name);
    return refused->gate && (!gate || gate->timing != TIMING_GATE) ? NULL : command;
}

/* A bare expression: rows of a collection, a record as its one row, or a value. */
static struct tcommand *check_evaluate(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node *written = AS(evaluate, EVALUATE, node)->value;
    struct tcommand *command = make_command(context, COMMAND_QUERY, node);
    if (written->kind == NODE_QUERY) {
        command->query = check_query(context, written);
        return command->query ? command : NULL;
    }
    struct texpr *value = check_expression(context, written, NULL);
    if (is_poison(value))
        return NULL;
    if (value->kind == TEXPR_QUERY) {
        command->query = ARENA_NEW(checker->arena, struct tquery);
        *command->query = *value->query;
        return command;
    }
    if (value->type.kind == TYPE_RECORD)
        value = texpr_with(checker->arena, TEXPR_LIST, type_of_collection(checker->arena, type_optional(value->type, false)), node->span, 1, &value);
    if (value->type.kind == TYPE_COLLECTION && (value->type.element->kind == TYPE_NOTHING || value->type.element->kind == TYPE_POISON)) {
        diagnostic_add(checker->diagnostics, DIAG_EMPTY_LIST, node->span);
        return NULL;
    }
    if (value->type.kind == TYPE_COLLECTION) {
        command->query = query_of_collection(context, value, node->span);
        return command;
    }
    if (value->type.kind == TYPE_DECIMAL)
        value = convert_to(checker, value, type_of_kind(TYPE_NUMBER));
    command->kind = COMMAND_EVALUATE;
    command->value = value;
    return command;
}

static struct tcommand *not_yet(struct context *context, struct node *node, const char *what) {
    say_not_yet(context->checker, node, what, true);
    return NULL;
}

struct tcommand *check_command(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct tcommand *command;
    budget_renew(checker);
    if (refuse_in_test(context, node))
        return NULL;
    switch (node->kind) {
    case NODE_ADD:
        return check_add(context, node);
    case NODE_SET:
        return check_set(context, node);
    case NODE_REMOVE:
        return check_remove(context, node);
    case NODE_IMPORT:
        command = make_command(context, COMMAND_IMPORT, node);
        command->import = check_import(context, node);
        return command->import ? command : NULL;
    case NODE_EXPORT:
        return check_run(context, node, COMMAND_EXPORT, AS(export, EXPORT, node)->report, name_text(AS(export, EXPORT, node)->path));
    case NODE_RUN:
        return check_run(context, node, COMMAND_RUN, AS(run, RUN, node)->report, NULL);
    case NODE_CHECK:
        return check_check(context, node);
    case NODE_PRINT:
        return check_print(context, node);
    case NODE_LET:
        return check_let(context, node);
    case NODE_FOR_EACH:
        return check_for_each(context, node);
    case NODE_IF_COMMAND:
        return check_if_command(context, node);
    case NODE_DESCRIBE:
        command = make_command(context, COMMAND_DESCRIBE, node);
        command->name = source_words(checker, AS(describe, DESCRIBE, node)->name);
        return command;
    case NODE_EXPECT:
        command = make_command(context, COMMAND_EXPECT, node);
        command->value = check_condition(context, AS(expect, EXPECT, node)->condition, "what follows `expect`");
        command->negated = AS(expect, EXPECT, node)->negated != 0;
        return is_poison(command->value) ? NULL : command;
    case NODE_EXPECT_OUTCOME:
        return check_outcome(context, node);
    case NODE_EXPECT_REFUSED:
        return check_refused(context, node);
    case NODE_TRANSACTION:
        command = make_command(context, COMMAND_TRANSACTION, node);
        command->step = (enum transaction_step)AS(transaction, TRANSACTION, node)->step;
        return command;
    case NODE_EVALUATE:
        return check_evaluate(context, node);
    case NODE_BASELINE:
        return check_baseline(context, node);
    case NODE_WHY:
        return check_why(context, node);
    case NODE_COMPARE:
        return not_yet(context, node, "`compare`");
    default:
        assert(!"the parser makes commands of no other kind");
        return NULL;
    }
}
