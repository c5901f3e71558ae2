/* Expressions: what each node is checked by, and conversions between types.
 * Knows: the dispatch and conversions. Does not know: names, operators, queries (their files do). */
#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

struct texpr *require_known(struct context *context, struct texpr *expression, const struct node *node) {
    struct checker *checker = context->checker;
    if (is_poison(expression) || !expression->type.optional)
        return expression;
    if (context->lost_guard && expression->type.kind != TYPE_NOTHING)
        return texpr_poison(checker->arena, node->span);
    const char *words = source_words(checker, node);
    if (expression->type.kind == TYPE_NOTHING) {
        diagnostic_add(checker->diagnostics, DIAG_ONLY_MISSING, node->span);
        return texpr_poison(checker->arena, node->span);
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_MAY_BE_MISSING, node->span, words);
    static const char *const defaults[TYPE_KIND_COUNT] = {
        [TYPE_BOOL] = "false", [TYPE_INT] = "0", [TYPE_NUMBER] = "0", [TYPE_MONEY] = "0", [TYPE_TEXT] = "\"\"", [TYPE_DATE] = "today",
        [TYPE_DURATION] = "0 days", [TYPE_DATETIME] = "now"};
    const char *instead = defaults[expression->type.kind];
    if (instead)
        diagnostic_hint(checker->diagnostics, said, "Say what holds then: a default, `%s ?? %s`, or a guard before it, `%s is known and …`.", words, instead, words);
    else
        diagnostic_hint(checker->diagnostics, said, "Say what holds then, with a guard before it: `%s is known and …`.", words);
    return texpr_poison(checker->arena, node->span);
}

static struct texpr *constant_number(struct checker *checker, double number, bool optional, struct span span) {
    struct texpr *constant = texpr_create(checker->arena, TEXPR_CONSTANT, type_optional(type_of_kind(TYPE_NUMBER), optional), span);
    constant->constant.number = number;
    return constant;
}

static struct texpr *convert_number(struct checker *checker, struct texpr *expression) {
    if (expression->type.kind == TYPE_DECIMAL)
        return constant_number(checker, decimal_to_double(expression->constant.decimal), false, expression->span);
    if (expression->kind == TEXPR_CONSTANT && expression->type.kind == TYPE_INT)
        return constant_number(checker, (double)expression->constant.integer, false, expression->span);
    if (expression->type.kind == TYPE_INT)
        return texpr_operation(checker->arena, OPERATION_INT_TO_NUMBER, type_optional(type_of_kind(TYPE_NUMBER), expression->type.optional), expression->span, 1, &expression);
    return NULL;
}

struct texpr *convert_to(struct checker *checker, struct texpr *expression, struct type wanted) {
    struct type type = expression->type;
    if (type.kind == TYPE_POISON || wanted.kind == TYPE_POISON)
        return expression;
    if (type.kind == TYPE_NOTHING) {
        if (!wanted.optional)
            return NULL;
        struct texpr *missing = texpr_create(checker->arena, TEXPR_MISSING, wanted, expression->span);
        return missing;
    }
    struct type bare = type_optional(type, false), bare_wanted = type_optional(wanted, false);
    if (type_same(bare, bare_wanted))
        return expression;
    if (wanted.kind == TYPE_NUMBER)
        return convert_number(checker, expression);
    if (wanted.kind == TYPE_DATETIME && type.kind == TYPE_DATE)
        return texpr_operation(checker->arena, OPERATION_DATE_TO_DATETIME, type_optional(wanted, type.optional), expression->span, 1, &expression);
    bool is_zero = expression->kind == TEXPR_CONSTANT && type.kind == TYPE_INT && expression->constant.integer == 0;
    if (is_zero && (wanted.kind == TYPE_MONEY || wanted.kind == TYPE_DURATION)) { /* nothing is nothing in any unit */
        struct texpr *zero = texpr_int(checker->arena, wanted.kind, 0, expression->span);
        zero->type = bare_wanted;
        return zero;
    }
    if (wanted.kind == TYPE_COLLECTION && type.kind == TYPE_COLLECTION && (type.element->kind == TYPE_POISON || type.element->kind == TYPE_NOTHING))
        return expression;
    return NULL;
}

/* How a value of that type is written; NULL where names or brackets say it. */
static const char *written_example(struct checker *checker, struct type type) {
    switch (type.kind) {
    case TYPE_INT: return "as a whole number, `12`";
    case TYPE_NUMBER: return "`1.5` or `110%`";
    case TYPE_MONEY: return arena_format(checker->arena, "`100 %s`", type.currency ? type.currency : checker->program->currency);
    case TYPE_DATE: return "`2026-03-31`";
    case TYPE_DATETIME: return "`2026-03-31T17:00`";
    case TYPE_DURATION: return "`30 days`";
    case TYPE_SPAN: return "`3 months`";
    case TYPE_PERIOD: return "`2026-03`, `2026Q1` or `2026-W12`";
    case TYPE_BOOL: return "`true` or `false`";
    case TYPE_TEXT: return "`\"…\"`";
    default: return NULL;
    }
}

bool hint_calculated_date(struct checker *checker, struct diagnostic *said, const char *words) {
    const char *meant = date_meant(checker->arena, words);
    if (meant)
        diagnostic_hint(checker->diagnostics, said, "Between numbers, `%c` %s. A date is written year, month, day: `%s`.", words[strcspn(words, "/-")], strchr(words, '/') ? "divides" : "subtracts", meant);
    return meant != NULL;
}

/* Why one type is not another, and how to mend it, where more can be said than their names. */
static void hint_mismatch(struct context *context, struct diagnostic *said, struct texpr *expression, struct type wanted) {
    struct checker *checker = context->checker;
    struct type type = expression->type;
    if (type.kind == TYPE_MONEY && wanted.kind == TYPE_MONEY)
        diagnostic_hint(checker->diagnostics, said, "Currencies do not mix: use `convert(…, %s, on today)`.", wanted.currency);
    else if (wanted.kind == TYPE_MONEY && (type.kind == TYPE_INT || type.kind == TYPE_DECIMAL || type.kind == TYPE_NUMBER))
        diagnostic_hint(checker->diagnostics, said, "Money has a currency: `100 %s`.", wanted.currency ? wanted.currency : checker->program->currency);
    else if (wanted.kind == TYPE_DATE && type.kind == TYPE_TEXT)
        diagnostic_hint(checker->diagnostics, said, "Dates are written without quotes: `2026-03-31`.");
    else if (type.kind == TYPE_TEXT && expression->kind == TEXPR_CONSTANT && written_example(checker, wanted))
        diagnostic_hint(checker->diagnostics, said, "What stands in quotes is text. Without them it is written %s.", written_example(checker, wanted));
    else if (wanted.kind == TYPE_INT && type.kind == TYPE_NUMBER)
        diagnostic_hint(checker->diagnostics, said, "`int(…)` cuts a number to a whole one, `round(…, 0)` comes first where it should be the nearest.");
    else if (wanted.kind == TYPE_DURATION && type.kind == TYPE_INT)
        diagnostic_hint(checker->diagnostics, said, "Say of what: `%s days`.", expression->kind == TEXPR_CONSTANT ? "30" : "1");
    else if (wanted.kind == TYPE_DURATION && type.kind == TYPE_SPAN)
        diagnostic_hint(checker->diagnostics, said, "Months and years differ in length, so they do not compare with days: add the months to a date instead.");
    else if (type.kind == TYPE_COLLECTION)
        diagnostic_hint(checker->diagnostics, said, "This is many values: use `count(…)`, `sum(…)`, `exists …` or `latest(… by …)` to make one of them.");
    else if (wanted.kind == TYPE_COLLECTION)
        diagnostic_hint(checker->diagnostics, said, "Its members stand in brackets, separated by commas: `[…, …]`.");
    else if (wanted.kind == TYPE_BOOL)
        diagnostic_hint(checker->diagnostics, said, "Compare it with something: `… = …`, `… > …`, `… is known`.");
    else if (wanted.kind == TYPE_TEXT && expression->kind == TEXPR_REFERENCE)
        diagnostic_hint(checker->diagnostics, said, "A key stands here as text, in quotes: `\"%s\"`.", expression->text);
    else if (wanted.kind == TYPE_TEXT && type.kind != TYPE_RECORD)
        diagnostic_hint(checker->diagnostics, said, "Put it in text: `\"{…}\"`.");
    else if (wanted.kind == TYPE_DATE && type.kind == TYPE_DATETIME)
        diagnostic_hint(checker->diagnostics, said, "Take its day: `….date`.");
    else if (written_example(checker, wanted))
        diagnostic_hint(checker->diagnostics, said, "It is written %s.", written_example(checker, wanted));
}

static struct texpr *refuse_type(struct context *context, struct node *node, struct texpr *expression, struct type wanted, const char *what) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_WRONG_TYPE, node->span, what, wanted.kind == TYPE_BOOL ? "a condition" : type_words(checker, type_optional(wanted, false)),
                                             type_words(checker, type_optional(expression->type, false)));
    bool is_number = expression->type.kind == TYPE_INT || expression->type.kind == TYPE_DECIMAL || expression->type.kind == TYPE_NUMBER;
    if (wanted.kind != TYPE_DATE || !is_number || !hint_calculated_date(checker, said, source_words(checker, node)))
        hint_mismatch(context, said, expression, wanted);
    return poison(context, node);
}

struct texpr *check_as(struct context *context, struct node *node, struct type wanted, const char *what) {
    return accept_as(context, node, check_expression(context, node, &wanted), wanted, what);
}

struct texpr *accept_as(struct context *context, struct node *node, struct texpr *expression, struct type wanted, const char *what) {
    if (is_poison(expression) || wanted.kind == TYPE_POISON)
        return expression;
    struct texpr *converted = convert_to(context->checker, expression, wanted);
    if (!converted && expression->type.kind == TYPE_NOTHING) {
        diagnostic_add(context->checker->diagnostics, DIAG_MUST_BE_GIVEN, node->span, what);
        return poison(context, node);
    }
    if (!converted)
        return refuse_type(context, node, expression, wanted, what);
    return wanted.optional ? converted : require_known(context, converted, node);
}

struct texpr *check_condition(struct context *context, struct node *node, const char *what) {
    return check_as(context, node, type_of_kind(TYPE_BOOL), what);
}

struct texpr *to_text(struct context *context, struct texpr *expression, const struct node *node) {
    struct checker *checker = context->checker;
    if (is_poison(expression))
        return expression;
    if (expression->type.kind == TYPE_RECORD && expression->kind == TEXPR_AT)
        return shown_at(context, expression, FIELD_NAME);
    if (expression->type.kind == TYPE_RECORD)
        return make_field(context, expression, expression->type.record->fields[FIELD_NAME], expression->span);
    if (expression->type.kind == TYPE_TEXT)
        return expression;
    if (expression->type.kind == TYPE_NOTHING)
        return texpr_text(checker->arena, "—", strlen("—"), expression->span);
    if (expression->type.kind == TYPE_COLLECTION || expression->type.kind == TYPE_ROW) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NO_TEXT, node->span, type_words(checker, expression->type));
        diagnostic_hint(checker->diagnostics, said, "This is many values: use `count(…)`, or `join(….name, \", \")` for their names.");
        return texpr_poison(checker->arena, node->span);
    }
    if (expression->type.kind == TYPE_DECIMAL)
        expression = convert_to(checker, expression, type_of_kind(TYPE_NUMBER));
    return texpr_operation(checker->arena, OPERATION_TO_TEXT, type_optional(type_of_kind(TYPE_TEXT), expression->type.optional), expression->span, 1, &expression);
}

static struct texpr *check_dispatch(struct context *context, struct node *node, const struct type *expected) {
    switch (node->kind) {
    case NODE_NAME:
        return check_name(context, node, expected);
    case NODE_TEXT_LITERAL:
        return check_text(context, node, expected);
    case NODE_INT_LITERAL: case NODE_DECIMAL_LITERAL: case NODE_MONEY_LITERAL: case NODE_BOOL_LITERAL: case NODE_DATE_LITERAL:
    case NODE_DATETIME_LITERAL: case NODE_PERIOD_LITERAL: case NODE_QUANTITY: case NODE_MISSING:
        return check_literal(context, node, expected);
    case NODE_UNARY:
        return check_unary(context, node, expected);
    case NODE_BINARY:
        return check_binary(context, node, expected);
    case NODE_MEMBER:
        return check_member(context, node);
    case NODE_FILTER:
        return check_filter(context, node);
    case NODE_CALL:
        return check_call(context, node, expected);
    case NODE_QUANTIFIER:
        return check_quantifier(context, node);
    case NODE_LIST:
        return check_list(context, node, expected);
    case NODE_IF:
        return check_if(context, node, expected);
    case NODE_CASE:
        return check_case(context, node, expected);
    case NODE_QUERY:
        return check_query_expression(context, node);
    case NODE_COLUMN_OF:
        return check_column_of(context, node, expected);
    case NODE_AT:
        return check_at(context, node);
    default:
        assert(!"the parser makes expressions of no other kind");
        return poison(context, node);
    }
}

/* Inside a grouped query an expression that is written like a group key is that key. */
static struct texpr *as_group_key(struct context *context, struct node *node) {
    struct group_frame *group = context->group;
    for (int i = 0; i < group->query->group_count; i++) {
        const struct tcolumn *key = &group->query->groups[i];
        bool is_label = (node->kind == NODE_NAME || node->kind == NODE_TEXT_LITERAL) && strcmp(name_text(node), key->label) == 0;
        if (!is_label && !node_equal(node, group->key_nodes[i]))
            continue;
        struct texpr *expression = texpr_create(context->checker->arena, TEXPR_KEY_OF_GROUP, key->type, node->span);
        expression->number = i;
        return apply_facts(context, expression);
    }
    return NULL;
}

struct texpr *check_expression(struct context *context, struct node *node, const struct type *expected) {
    if (!node)
        return texpr_poison(context->checker->arena, (struct span){0, 0, 0});
    struct checker *checker = context->checker;
    if (checker->node_budget-- <= 0) {
        if (checker->node_budget == -1)
            diagnostic_add(checker->diagnostics, DIAG_EXPRESSION_TOO_LARGE, node->span, (int)LIMIT_EXPRESSION_NODES);
        return poison(context, node);
    }
    if (++checker->expansion_depth > LIMIT_EXPRESSION_DEPTH) {
        checker->expansion_depth--;
        if (checker->node_budget > 0) {
            diagnostic_add(checker->diagnostics, DIAG_EXPRESSION_TOO_DEEP, node->span, (int)LIMIT_EXPRESSION_DEPTH);
            checker->node_budget = -1;
        }
        return poison(context, node);
    }
    struct texpr *expression = context->group ? as_group_key(context, node) : NULL;
    if (!expression)
        expression = check_dispatch(context, node, expected);
    checker->expansion_depth--;
    return expression->kind == TEXPR_OPERATION || expression->kind == TEXPR_AGGREGATE || expression->kind == TEXPR_AT ? apply_facts(context, expression) : expression;
}
