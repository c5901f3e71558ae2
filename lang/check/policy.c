/* Rules, reports, definitions and instances: declarations that hold expressions.
 * Knows: clauses. Does not know: commands, storage. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

void say_not_yet(struct checker *checker, const struct node *node, const char *what, bool is_error) {
    diagnostic_add(checker->diagnostics, is_error ? DIAG_NOT_YET : DIAG_NOT_YET_WARNING, node->span, what);
}

/* ---- rules ---- */

static void check_raise(struct context *context, struct trule *rule, struct node *node) {
    struct checker *checker = context->checker;
    struct node_raise *raise = AS(raise, RAISE, node);
    struct type severity = {.kind = TYPE_ENUM, .enumeration = checker->severities};
    struct context bare = {.checker = checker};
    struct texpr *level = check_name(&bare, raise->severity, &severity);
    if (!is_poison(level))
        rule->severity = (int)level->constant.integer;
    if (raise->message) {
        rule->message = check_as(context, raise->message, type_optional(type_of_kind(TYPE_TEXT), true), "the message of `raise`");
        return;
    }
    struct texpr *parts[] = {make_field(context, texpr_variable(checker->arena, rule->element, node->span), rule->record->fields[FIELD_NAME], node->span),
                             texpr_text(checker->arena, ": ", 2, node->span), texpr_text(checker->arena, rule->title, strlen(rule->title), node->span)};
    rule->message = texpr_with(checker->arena, TEXPR_TEXT, type_of_kind(TYPE_TEXT), node->span, 3, parts);
}

static void check_rule_clause(struct context *context, struct trule *rule, struct node *node) {
    struct checker *checker = context->checker;
    switch (node->kind) {
    case NODE_LET: {
        struct node_let *let = AS(let, LET, node);
        struct texpr *value = check_expression(context, let->value, NULL);
        context->scope = scope_push(checker, context->scope, SCOPE_VALUE, name_text(let->name), NULL, value);
        rule->lets[rule->let_count++] = (struct tlet){name_text(let->name), value};
        break;
    }
    case NODE_WHEN: {
        struct texpr *when = check_condition(context, AS(when, WHEN, node)->condition, "`when`");
        rule->when = texpr_and(checker->arena, rule->when, when);
        learn(context, AS(when, WHEN, node)->condition, when, true);
        break;
    }
    case NODE_RAISE:
        check_raise(context, rule, node);
        break;
    case NODE_EXCEPT: {
        struct node_except *except = AS(except, EXCEPT, node);
        struct texpr *condition = check_condition(context, except->condition, "`when`");
        assert(!except->requirement); /* these are for mandates: the parser takes none in a rule */
        struct texception exception = {except->label ? clause_exception(checker, except->label) : "", condition};
        rule->exceptions[rule->exception_count++] = exception;
        break;
    }
    case NODE_REMEDY:
        rule->remedy = clause_words(checker, AS(remedy, REMEDY, node)->text, "remedy");
        break;
    case NODE_BECAUSE:
        rule->because = clause_words(checker, AS(because, BECAUSE, node)->text, "because");
        break;
    case NODE_CITATION:
        rule->citation = clause_words(checker, AS(citation, CITATION, node)->text, "source");
        break;
    case NODE_EFFECTIVE:
        clause_effective(checker, node, &rule->effective_from, &rule->effective_until);
        break;
    case NODE_FOR:
        break;
    default:
        assert(!"the parser takes no other clause in a rule");
        break;
    }
}

void check_rule(struct checker *checker, struct node *node) {
    struct node_rule *written = AS(rule, RULE, node);
    const char *name = intern_string(checker->names, name_text(written->name));
    struct trule *same = program_find_rule(checker->program, name);
    if (same) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, written->name->span, "the rule", name);
        diagnostic_second(checker->diagnostics, said, same->span, "it is declared here");
        return;
    }
    struct trule *rule = ARENA_NEW(checker->arena, struct trule);
    *rule = (struct trule){.name = name, .title = written->title ? name_text(written->title) : name, .doc = written->doc, .was = was_note(checker, RENAMED_RULE, NULL, written->name, written->was), .span = node->span,
                           .effective_from = INT64_MIN, .effective_until = INT64_MAX};
    budget_renew(checker);
    rule->office = clause_key(checker, written->office, "office");
    rule->domain = clause_key(checker, written->domain, "domain");
    struct node *source = clause_find(checker, written->clauses, NODE_FOR, "for");
    struct node *raise = clause_find(checker, written->clauses, NODE_RAISE, "raise");
    clause_find(checker, written->clauses, NODE_REMEDY, "remedy");
    clause_find(checker, written->clauses, NODE_EFFECTIVE, "effective");
    if (!source || !raise) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CLAUSE_WANTED, written->name->span, name, source ? "raise" : "for");
        diagnostic_hint(checker->diagnostics, said, source ? "Say how bad it is: `raise high \"…\"`." : "Say of what: `for initiative where …`.");
        return;
    }
    struct node_for_clause *clause = AS(for_clause, FOR, source);
    struct context context = {.checker = checker}, within;
    struct texpr *collection;
    if (!check_source(&context, clause->binder, clause->source, clause->condition, &collection, &rule->element, &within) ||
        !clause_source(checker, collection, clause->source, rule->element, &rule->record, &rule->where))
        return;
    rule->source = collection;
    rule->exceptions = ARENA_ARRAY(checker->arena, struct texception, written->clauses.count);
    rule->lets = ARENA_ARRAY(checker->arena, struct tlet, written->clauses.count);
    /* `raise` comes last whatever the order, so that its message may use what the conditions have made sure of. */
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < written->clauses.count; i++)
            if ((written->clauses.items[i]->kind == NODE_RAISE) == (pass == 1))
                check_rule_clause(&within, rule, written->clauses.items[i]);
    LIST_ADD(checker->arena, &checker->program->rules, rule);
    name_table_add(checker->arena, &checker->program->rule_names, rule->name);
}

/* ---- reports ---- */

static void check_parameters(struct checker *checker, struct treport *report, struct node_list parameters, struct context *context) {
    report->parameters = ARENA_ARRAY(checker->arena, struct tparameter, parameters.count);
    for (int i = 0; i < parameters.count; i++) {
        struct node_parameter *written = AS(parameter, PARAMETER, parameters.items[i]);
        const char *name = intern_string(checker->names, name_text(written->name));
        struct type type = check_type(checker, written->type, arena_format(checker->arena, "%s.%s", report->name, name));
        struct tparameter *parameter = &report->parameters[report->parameter_count++];
        *parameter = (struct tparameter){name, variable_create(checker, name, type), NULL};
        if (written->standard) {
            struct context bare = {.checker = checker};
            parameter->standard = check_as(&bare, written->standard, type, arena_format(checker->arena, "the default of `%s`", name));
        }
        context->scope = scope_push(checker, context->scope, SCOPE_VARIABLE, name, parameter->variable, NULL);
    }
}

void check_report(struct checker *checker, struct treport *report, struct node *node) {
    int position = name_table_find(&checker->program->report_names, report->name);
    assert(position >= 0); /* every report has its node */
    struct report_node *entry = &checker->report_nodes.items[position];
    if (entry->state != PENDING_WAITING)
        return;
    entry->state = PENDING_CHECKING;
    struct node_report *written = AS(report, REPORT, node);
    budget_renew(checker);
    struct context context = {.checker = checker};
    report->office = clause_key(checker, written->office, "office");
    clause_key(checker, written->domain, "domain");
    check_parameters(checker, report, written->parameters, &context);
    for (int i = 0; i < written->clauses.count; i++) {
        struct node *clause = written->clauses.items[i];
        if (clause->kind == NODE_LET) {
            struct texpr *value = check_expression(&context, AS(let, LET, clause)->value, NULL);
            context.scope = scope_push(checker, context.scope, SCOPE_VALUE, name_text(AS(let, LET, clause)->name), NULL, value);
        }
    }
    report->query = written->query ? check_query(&context, written->query) : NULL;
    checker->report_nodes.items[position].state = PENDING_DONE;
}

/* ---- definitions ---- */

void check_definition(struct checker *checker, struct definition *definition) {
    if (definition->state != PENDING_WAITING)
        return;
    definition->state = PENDING_CHECKING;
    struct node_define *written = AS(define, DEFINE, definition->node);
    int errors = checker->diagnostics->error_count;
    struct context context = {.checker = checker};
    definition->parameter_types = ARENA_ARRAY(checker->arena, struct type, written->parameters.count);
    for (int i = 0; i < written->parameters.count; i++) {
        struct node_parameter *parameter = AS(parameter, PARAMETER, written->parameters.items[i]);
        const char *name = name_text(parameter->name);
        definition->parameter_types[i] = check_type(checker, parameter->type, arena_format(checker->arena, "%s.%s", definition->name, name));
        context.scope = scope_push(checker, context.scope, SCOPE_VARIABLE, name, variable_create(checker, name, definition->parameter_types[i]), NULL);
    }
    definition->result = check_type(checker, written->type, arena_format(checker->arena, "%s.result", definition->name));
    if (definition->result.kind == TYPE_COLLECTION)
        diagnostic_add(checker->diagnostics, DIAG_SET_OF_WHAT, written->type->span, "a result");
    check_as(&context, written->body, definition->result, arena_format(checker->arena, "`%s`", definition->name));
    definition->poisoned = definition->poisoned || checker->diagnostics->error_count > errors;
    definition->state = PENDING_DONE;
}

/* ---- instances ---- */

const char *nearest_field(const struct record_type *record, const char *name, bool with_sets) {
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++)
        if (record->fields[i]->kind == FIELD_STORED || (with_sets && record->fields[i]->kind == FIELD_SET))
            nearest_offer(&nearest, record->fields[i]->name);
    return nearest.best;
}

static struct tassignment check_assignment(struct context *context, struct record_type *record, struct node *node) {
    struct checker *checker = context->checker;
    struct node_value_of *written = AS(value_of, VALUE_OF, node);
    const char *name = name_text(written->name);
    struct tassignment assignment = {.span = node->span};
    struct field *field = name[0] == '_' ? NULL : record_find_field(record, name);
    if (field && field->index == FIELD_NAME)
        field = record->fields[FIELD_OWN_TITLE];
    else if (field && field->index == FIELD_KEY && record->key_count == 0)
        field = record->fields[FIELD_OWN_KEY];
    if (!field) {
        const char *near = nearest_field(record, name, true);
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_FIELD, written->name->span, name, record->name);
        if (near && !hint_module(checker, said, record->name, name))
            diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", near);
        else if (!near && !hint_module(checker, said, record->name, name))
            hint_fields(checker, said, record, name, true);
        return assignment;
    }
    bool is_one = written->value->kind == NODE_TEXT_LITERAL || (written->value->kind == NODE_NAME && !name_is_in_scope(context, name_text(written->value)));
    if (field->kind == FIELD_SET && is_one) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_SET_NOT_LISTED, written->value->span, name);
        diagnostic_hint(checker->diagnostics, said, "Write them so: `%s: [%s]`.", name, source_words(checker, written->value));
        return assignment;
    }
    if (field->kind == FIELD_DERIVED || field->kind == FIELD_INVERSE) {
        diagnostic_add(checker->diagnostics, DIAG_FIELD_NOT_STORED, written->name->span, name, field->kind == FIELD_DERIVED ? "computed" : "made of the records that refer to this one");
        return assignment;
    }
    assignment.value = check_as(context, written->value, field->type, arena_format(checker->arena, "`%s`", name));
    if (field->kind == FIELD_SET && !is_poison(assignment.value) && assignment.value->kind != TEXPR_LIST) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_SET_NOT_LISTED, written->value->span, name);
        diagnostic_hint(checker->diagnostics, said, "Write its members in brackets: `%s: [a, b]`.", name);
        assignment.value = texpr_poison(checker->arena, node->span);
    }
    assignment.field = is_poison(assignment.value) ? NULL : field;
    return assignment;
}

struct tassignment *check_assignments(struct context *context, struct record_type *record, struct node_list fields, struct name_table *given, int *count) {
    struct checker *checker = context->checker;
    struct tassignment *assignments = ARENA_ARRAY(checker->arena, struct tassignment, fields.count + 1);
    *count = 0;
    for (int i = 0; i < fields.count; i++) {
        struct tassignment assignment = check_assignment(context, record, fields.items[i]);
        const char *name = name_text(AS(value_of, VALUE_OF, fields.items[i])->name);
        int same = name_table_find(given, name);
        name_table_add(checker->arena, given, name);
        if (assignment.field && same >= 0) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_FIELD_TWICE, fields.items[i]->span, assignment.field->name);
            diagnostic_second(checker->diagnostics, said, fields.items[same]->span, "it is given here");
        } else if (assignment.field)
            assignments[(*count)++] = assignment;
    }
    return assignments;
}

bool field_is_misspelt(const struct record_type *record, const struct field *field, struct node_list fields) {
    for (int i = 0; i < fields.count; i++) {
        const char *name = name_text(AS(value_of, VALUE_OF, fields.items[i])->name);
        if (!record_find_field(record, name) && nearest_field(record, name, true) == field->name)
            return true;
    }
    return false;
}

/* `add cost METERS { … }`: the key of another record, given as if it were the new one's own. */
static bool hint_reference(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *key) {
    for (int f = FIELD_FIRST_OWN; key && f < record->field_count; f++) {
        const struct field *field = record->fields[f];
        if (field->kind != FIELD_STORED || field->type.kind != TYPE_RECORD || field->type.optional || !key_exists(checker, field->type.record, key))
            continue;
        diagnostic_hint(checker->diagnostics, said, "`%s` is the key of another record, and belongs in the braces: `{ %s: %s … }`.", key, field->name, key);
        return true;
    }
    return false;
}

/* The mandatory fields that are not given and have no default. */
static void say_missing_fields(struct checker *checker, struct tinstance *instance, struct node *node, struct node_list fields, const struct name_table *given) {
    struct buffer names = {0};
    int count = 0;
    for (int f = FIELD_FIRST_OWN; f < instance->record->field_count; f++) {
        struct field *field = instance->record->fields[f];
        const struct own_field *own = (const struct own_field *)field;
        bool has_default = field->standard || (own->node && own->node->kind == NODE_FIELD && AS(field, FIELD, own->node)->standard);
        if (field->kind != FIELD_STORED || field->type.optional || has_default || field->type.kind == TYPE_POISON)
            continue;
        if (name_table_find(given, field->name) < 0 && !field_is_misspelt(instance->record, field, fields))
            buffer_add_format(&names, "%s`%s`", count++ ? ", " : "", field->name);
    }
    if (count) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_FIELDS_WANTED, node->span, instance->record->name, buffer_string(&names));
        if (!hint_reference(checker, said, instance->record, instance->key))
            diagnostic_hint(checker->diagnostics, said, "Give %s in the braces: `{ … }`.", count == 1 ? "it" : "them");
    }
    buffer_free(&names);
}

struct tinstance *check_instance(struct context *context, struct node *node, struct node *type, struct node *key, struct node *title, struct node_list fields, bool complete) {
    struct checker *checker = context->checker;
    /* Of a declaration it was said when members were declared that there is no such type. */
    struct record_type *record = node->kind == NODE_INSTANCE ? program_find_record(checker->program, name_text(type)) : record_of_name(checker, type);
    if (!record)
        return NULL;
    if (record->runtime_filled) {
        diagnostic_add(checker->diagnostics, DIAG_RUNTIME_FILLED, type->span, record->name);
        return NULL;
    }
    struct tinstance *instance = ARENA_NEW(checker->arena, struct tinstance);
    instance->record = record;
    instance->span = node->span;
    instance->from_standard_library = checker->standard_library;
    instance->key = key ? intern_string(checker->names, name_text(key)) : NULL;
    instance->title = title ? clause_words(checker, title, record->name) : NULL;
    if (key && record->key_count) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_KEY_IS_NATURAL, key->span, record->name);
        if (!hint_reference(checker, said, record, instance->key))
            diagnostic_hint(checker->diagnostics, said, "Its key is made of its fields: leave `%s` out.", instance->key);
        return NULL;
    }
    int errors = checker->diagnostics->error_count;
    struct name_table given = {0};
    instance->assignments = check_assignments(context, record, fields, &given, &instance->assignment_count);
    if (complete)
        say_missing_fields(checker, instance, key ? key : type, fields, &given);
    return checker->diagnostics->error_count == errors ? instance : NULL;
}
