/* What compares with what, and what can be in what: a list, a range, a period, a collection.
 * Knows: the two sides, each with the other's type to resolve bare constants by. Does not know: other operators, how values are ordered. */
#include "lang/check/checker.h"

#include <string.h>

/* ---- comparing ---- */

static enum operation comparison_of(enum operator operator) {
    switch (operator) {
    case OPERATOR_EQUAL: return OPERATION_EQUAL;
    case OPERATOR_NOT_EQUAL: return OPERATION_NOT_EQUAL;
    case OPERATOR_LESS: return OPERATION_LESS;
    case OPERATOR_AT_MOST: return OPERATION_AT_MOST;
    case OPERATOR_GREATER: return OPERATION_GREATER;
    default: return OPERATION_AT_LEAST;
    }
}

/* A bare name that only the other side's type can explain. */
static bool wants_other_side(struct context *context, const struct node *node) {
    return (node->kind == NODE_NAME && !name_is_in_scope(context, name_text(node))) || node->kind == NODE_COLUMN_OF;
}

/* Checks two operands, each with the other's type to resolve bare constants by. */
static void check_sides(struct context *context, struct node *left_node, struct node *right_node, struct texpr **left, struct texpr **right) {
    if (wants_other_side(context, left_node) && !wants_other_side(context, right_node)) {
        *right = check_expression(context, right_node, NULL);
        *left = check_expression(context, left_node, is_poison(*right) ? NULL : &(*right)->type);
    } else {
        *left = check_expression(context, left_node, NULL);
        /* After a side that is wrong, a bare name on the other cannot be judged. */
        if (is_poison(*left) && wants_other_side(context, right_node))
            *right = poison(context, right_node);
        else
            *right = check_expression(context, right_node, is_poison(*left) ? NULL : &(*left)->type);
    }
}

/* `today - start > 3 months`: what can be compared instead. */
static bool hint_dates(struct checker *checker, struct diagnostic *said, struct node *node, enum operator operator, struct type left, struct type right) {
    if (node->kind != NODE_BINARY || left.kind != TYPE_DURATION || right.kind != TYPE_SPAN)
        return false;
    const struct node_binary *comparison = AS(binary, BINARY, node);
    if (comparison->left->kind != NODE_BINARY || AS(binary, BINARY, comparison->left)->operator != OPERATOR_SUBTRACT)
        return false;
    const struct node_binary *difference = AS(binary, BINARY, comparison->left);
    diagnostic_hint(checker->diagnostics, said, "Months and years differ in length, so they add to dates: `%s %s %s + %s`.", source_words(checker, difference->left), operator_spelling(operator),
                    source_words(checker, difference->right), source_words(checker, comparison->right));
    return true;
}

/* A date as other countries or programs write it. */
static bool hint_written_date(struct checker *checker, struct diagnostic *said, struct node *node, struct type left, struct type right) {
    if (node->kind != NODE_BINARY || (left.kind == TYPE_DATE) == (right.kind == TYPE_DATE))
        return false;
    const struct node_binary *comparison = AS(binary, BINARY, node);
    const struct node *other = left.kind == TYPE_DATE ? comparison->right : comparison->left;
    if (other->kind != NODE_TEXT_LITERAL)
        return hint_calculated_date(checker, said, source_words(checker, other));
    diagnostic_hint(checker->diagnostics, said, "Dates are written without quotes: `2026-03-31`.");
    return true;
}

static bool hint_enum(struct checker *checker, struct diagnostic *said, struct type left, struct type right) {
    if ((left.kind == TYPE_ENUM) == (right.kind == TYPE_ENUM) || left.kind == TYPE_COLLECTION || right.kind == TYPE_COLLECTION)
        return false;
    const struct enum_type *enumeration = left.kind == TYPE_ENUM ? left.enumeration : right.enumeration;
    diagnostic_hint(checker->diagnostics, said, "The values of `%s` are: %s.", enumeration->name, enum_words(checker, enumeration));
    return true;
}

static struct texpr *refuse_comparison(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CANNOT_COMPARE, node->span, type_words(checker, type_optional(left->type, false)),
                                             type_words(checker, type_optional(right->type, false)));
    if (!hint_dates(checker, said, node, operator, left->type, right->type) && !hint_enum(checker, said, left->type, right->type) &&
        !hint_written_date(checker, said, node, left->type, right->type))
        hint_operands(context, said, operator, left->type, right->type);
    return poison(context, node);
}

static struct texpr *compare(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    bool orders = operator != OPERATOR_EQUAL && operator != OPERATOR_NOT_EQUAL;
    bool good = unify(checker, &left, &right) && type_representation(left->type) != REPRESENTATION_NONE;
    if (good && left->type.kind == TYPE_DECIMAL) {
        left = convert_to(checker, left, type_of_kind(TYPE_NUMBER));
        right = convert_to(checker, right, type_of_kind(TYPE_NUMBER));
    }
    if (!good || (orders && (left->type.kind == TYPE_RECORD || left->type.kind == TYPE_BOOL)) || left->type.kind == TYPE_ROW)
        return refuse_comparison(context, node, operator, left, right);
    struct texpr *arguments[] = {left, right};
    return texpr_operation(checker->arena, comparison_of(operator), type_of_kind(TYPE_BOOL), node->span, 2, arguments);
}

/* `sponsor = none`: what other languages call a value that is not there was said to be nothing known. */
static void hint_missing(struct context *context, const struct node_binary *binary, enum operator operator) {
    static const char *const words[] = {"none", "null", "nil", "nothing", "empty", "blank", "undefined", "unknown", "NULL", "Null", "None"};
    struct diagnostics *diagnostics = context->checker->diagnostics;
    struct diagnostic *said = diagnostics->list.count > 0 ? diagnostics->list.items[diagnostics->list.count - 1] : NULL;
    bool is_equality = operator == OPERATOR_EQUAL || operator == OPERATOR_NOT_EQUAL;
    if (!is_equality || binary->right->kind != NODE_NAME || !said || said->span.start != binary->right->span.start || said->span.file != binary->right->span.file)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name_text(binary->right), words[i]) == 0)
            diagnostic_hint(diagnostics, said, "Whether there is a value is asked in words: `%s %s`.", source_words(context->checker, binary->left), operator == OPERATOR_EQUAL ? "is missing" : "is known");
}

/* What stands on both sides is one thing: most often two were meant, and the nearer of that name hides the other. */
static bool compares_with_itself(struct context *context, struct node_binary *binary, const struct texpr *left, const struct texpr *right) {
    if (left->kind == TEXPR_CONSTANT || !texpr_equal(left, right))
        return false;
    struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_COMPARED_WITH_ITSELF, binary->head.span, source_words(context->checker, binary->left));
    diagnostic_hint(context->checker->diagnostics, said, "A name is that of the nearest element. Name the one outside, `for i in initiative`, or make it a parameter: `define before(i: initiative, day: date): int = count(i.costs[date < day])`.");
    return true;
}

struct texpr *check_comparison(struct context *context, struct node_binary *binary, enum operator operator) {
    struct texpr *left, *right;
    check_sides(context, binary->left, binary->right, &left, &right);
    if (!is_poison(left) && is_poison(right))
        hint_missing(context, binary, operator);
    if (is_poison(left) || is_poison(right))
        return poison(context, &binary->head);
    if (left->type.kind == TYPE_NOTHING || right->type.kind == TYPE_NOTHING) {
        struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_COMPARED_WITH_MISSING, binary->head.span);
        diagnostic_hint(context->checker->diagnostics, said, "Write `%s %s`.", source_words(context->checker, left->type.kind == TYPE_NOTHING ? binary->right : binary->left),
                        operator == OPERATOR_NOT_EQUAL ? "is known" : "is missing");
        return poison(context, &binary->head);
    }
    left = require_known(context, left, binary->left);
    right = require_known(context, right, binary->right);
    if (is_poison(left) || is_poison(right) || compares_with_itself(context, binary, left, right))
        return poison(context, &binary->head);
    return compare(context, &binary->head, operator, left, right);
}

/* ---- values that go on with a comparison ---- */

/* As check_expression, but that nothing is said. */
static struct texpr *try_expression(struct context *context, struct node *node, const struct type *expected) {
    struct diagnostics *diagnostics = context->checker->diagnostics;
    int count = diagnostics->list.count, errors = diagnostics->error_count;
    struct texpr *expression = check_expression(context, node, expected);
    diagnostics->list.count = count;
    diagnostics->error_count = errors;
    return expression;
}

/* A value as it stands, no condition. */
static bool is_value_alone(struct context *context, const struct node *node) {
    switch (node->kind) {
    case NODE_NAME:
        return !name_is_in_scope(context, name_text(node));
    case NODE_TEXT_LITERAL: case NODE_INT_LITERAL: case NODE_DECIMAL_LITERAL: case NODE_MONEY_LITERAL: case NODE_DATE_LITERAL: case NODE_PERIOD_LITERAL: case NODE_QUANTITY:
        return true;
    default:
        return false;
    }
}

/* The comparison that the values go on with, and in *list itself and them; NULL when there is none. */
static struct node_binary *find_comparison(struct context *context, struct node_binary *binary, const char **list) {
    struct checker *checker = context->checker;
    if (!is_value_alone(context, binary->right) || binary->left->kind != NODE_BINARY)
        return NULL;
    struct node_binary *left = AS(binary, BINARY, binary->left), *comparison = left;
    if (left->operator == binary->operator)
        comparison = find_comparison(context, left, list);
    else if (left->operator == OPERATOR_NOT_EQUAL || (left->operator == OPERATOR_EQUAL && binary->operator == OPERATOR_OR))
        *list = source_words(checker, left->right);
    else
        return NULL;
    *list = arena_format(checker->arena, "%s, %s", *list, source_words(checker, binary->right));
    return comparison;
}

bool refuse_alternatives(struct context *context, struct node_binary *binary, const char *what) {
    struct checker *checker = context->checker;
    const char *list = "";
    struct node_binary *comparison = find_comparison(context, binary, &list);
    if (!comparison)
        return false;
    struct texpr *compared = try_expression(context, comparison->left, NULL);
    struct texpr *value = is_poison(compared) ? compared : try_expression(context, binary->right, &compared->type);
    if (is_poison(value) || value->type.kind != compared->type.kind)
        return false;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_WRONG_TYPE, binary->right->span, what, "a condition", type_words(checker, type_optional(value->type, false)));
    diagnostic_hint(checker->diagnostics, said, "Several values stand in a list: `%s %s [%s]`.", source_words(checker, comparison->left), comparison->operator == OPERATOR_EQUAL ? "in" : "not in", list);
    return true;
}

/* ---- membership ---- */

static struct texpr *in_range(struct context *context, struct node *node, struct texpr *item, struct node *range_node) {
    struct node_binary *range = AS(binary, BINARY, range_node);
    struct texpr *low = require_known(context, check_expression(context, range->left, &item->type), range->left);
    struct texpr *high = require_known(context, check_expression(context, range->right, &item->type), range->right);
    if (is_poison(low) || is_poison(high))
        return poison(context, node);
    struct texpr *from = compare(context, node, OPERATOR_AT_LEAST, item, low);
    struct texpr *until = is_poison(from) ? from : compare(context, node, OPERATOR_AT_MOST, item, high);
    return is_poison(until) ? until : texpr_and(context->checker->arena, from, until);
}

static struct texpr *in_list(struct context *context, struct node *node, struct texpr *item, struct node *list_node) {
    struct checker *checker = context->checker;
    struct node_list_expression *list = AS(list_expression, LIST, list_node);
    struct texpr **arguments = ARENA_ARRAY(checker->arena, struct texpr *, list->items.count + 1);
    bool good = true;
    for (int i = 0; i < list->items.count; i++) {
        struct node *written = list->items.items[i];
        struct texpr *value = require_known(context, check_expression(context, written, &item->type), written);
        if (!is_poison(value) && !unify(checker, &item, &value))
            value = refuse_comparison(context, written, OPERATOR_EQUAL, item, value);
        arguments[i + 1] = value;
        good = good && !is_poison(value);
    }
    arguments[0] = item;
    if (!good)
        return poison(context, node);
    for (int i = 1; i <= list->items.count; i++) /* the first items, should a later one have made the left side a number */
        arguments[i] = convert_to(checker, arguments[i], item->type);
    return texpr_with(checker->arena, TEXPR_IN, type_of_kind(TYPE_BOOL), node->span, list->items.count + 1, arguments);
}

static struct texpr *in_collection(struct context *context, struct node *node, struct texpr *item, struct texpr *collection) {
    struct checker *checker = context->checker;
    struct type element = *collection->type.element;
    struct tvar *variable = variable_create(checker, "it", element);
    struct texpr *member = texpr_variable(checker->arena, variable, node->span);
    struct texpr *known = element.optional ? texpr_unary(checker->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), member) : NULL;
    struct texpr *left = texpr_variable(checker->arena, variable, node->span);
    left->type.optional = false;
    struct texpr *same = compare(context, node, OPERATOR_EQUAL, left, item);
    if (is_poison(same))
        return same;
    struct texpr *filter = texpr_create(checker->arena, TEXPR_FILTER, collection->type, node->span);
    filter->source = collection;
    filter->variable = variable;
    filter->condition = texpr_and(checker->arena, known, same);
    texpr_note_failing(filter);
    return make_aggregate(context, AGGREGATE_EXISTS, filter, node->span);
}

/* `statuses in period`, `exists statuses in period`: by which of their dates is not said. */
static struct texpr *refuse_in_period(struct context *context, struct node *node, struct node *item_node, struct node *whole_node, struct type type) {
    struct checker *checker = context->checker;
    struct node_quantifier *quantifier = item_node->kind == NODE_QUANTIFIER ? AS(quantifier, QUANTIFIER, item_node) : NULL;
    if (quantifier)
        type = check_expression(context, quantifier->collection, NULL)->type;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NO_DAY_IN_PERIOD, item_node->span, type_words(checker, type_optional(type, false)));
    const struct record_type *record = type.kind == TYPE_COLLECTION && type.element->kind == TYPE_RECORD ? type.element->record : type.kind == TYPE_RECORD ? type.record : NULL;
    const char *item = source_words(checker, item_node), *period = source_words(checker, whole_node);
    for (int f = FIELD_FIRST_OWN; record && f < record->field_count; f++)
        if (record->fields[f]->kind == FIELD_STORED && record->fields[f]->type.kind == TYPE_DATE && !record->fields[f]->type.optional) {
            diagnostic_hint(checker->diagnostics, said, type.kind == TYPE_COLLECTION ? "Ask by a date of each: `%s[%s in %s]`." : "Ask by a date of it: `%s.%s in %s`.", item, record->fields[f]->name, period);
            break;
        }
    return poison(context, node);
}

struct texpr *check_in(struct context *context, struct node *node, struct node *item_node, struct node *whole_node) {
    struct checker *checker = context->checker;
    bool is_range = whole_node->kind == NODE_BINARY && AS(binary, BINARY, whole_node)->operator == OPERATOR_RANGE;
    struct texpr *whole = NULL;
    const struct type *expected = NULL;
    if (!is_range && whole_node->kind != NODE_LIST) {
        struct type period = type_of_kind(TYPE_PERIOD);
        whole = check_expression(context, whole_node, whole_node->kind == NODE_INT_LITERAL ? &period : NULL); /* in 2026 */
        if (is_poison(whole))
            return whole;
        expected = whole->type.kind == TYPE_COLLECTION ? whole->type.element : NULL;
    } else if (wants_other_side(context, item_node)) { /* a constant in a list of fields: its type comes from the first of them */
        struct node *first = is_range ? AS(binary, BINARY, whole_node)->left
                             : AS(list_expression, LIST, whole_node)->items.count ? AS(list_expression, LIST, whole_node)->items.items[0] : NULL;
        struct texpr *sample = first && !wants_other_side(context, first) ? check_expression(context, first, NULL) : NULL;
        expected = sample && !is_poison(sample) ? &sample->type : NULL;
    }
    struct texpr *item = require_known(context, check_expression(context, item_node, expected), item_node);
    if (is_poison(item))
        return item;
    if (is_range)
        return in_range(context, node, item, whole_node);
    if (whole_node->kind == NODE_LIST)
        return in_list(context, node, item, whole_node);
    if (whole->type.kind == TYPE_COLLECTION)
        return in_collection(context, node, item, whole);
    whole = require_known(context, whole, whole_node);
    if (is_poison(whole))
        return whole;
    if (whole->type.kind == TYPE_PERIOD && (item->type.kind == TYPE_DATE || item->type.kind == TYPE_DATETIME)) {
        if (item->type.kind == TYPE_DATETIME)
            item = texpr_operation(checker->arena, OPERATION_DATETIME_TO_DATE, type_of_kind(TYPE_DATE), item->span, 1, &item);
        struct texpr *arguments[] = {item, whole};
        return texpr_operation(checker->arena, OPERATION_DATE_IN_PERIOD, type_of_kind(TYPE_BOOL), node->span, 2, arguments);
    }
    if (whole->type.kind == TYPE_PERIOD)
        return refuse_in_period(context, node, item_node, whole_node, item->type);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NOTHING_TO_BE_IN, whole_node->span, type_words(checker, whole->type));
    diagnostic_hint(checker->diagnostics, said, "Write a list, `in [a, b]`, a range, `in 1..5`, a period or a collection.");
    return poison(context, node);
}
