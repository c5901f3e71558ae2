/* Operators: which operation a sign means for which types.
 * Knows: operations.def, the table of operators below. Does not know: names, collections beyond `in`. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

/* ---- bringing two values to one type ---- */

bool unify(struct checker *checker, struct texpr **left, struct texpr **right) {
    struct texpr *converted = convert_to(checker, *right, type_optional((*left)->type, true));
    if (converted && (*left)->type.kind != TYPE_NOTHING) {
        *right = converted;
        return true;
    }
    converted = convert_to(checker, *left, type_optional((*right)->type, true));
    if (converted) {
        *left = converted;
        return true;
    }
    return false;
}

/* ---- arithmetic ---- */

/* What an operator does to two kinds. Kinds match exactly after the numbers were brought together; `result` DECIMAL marks a result worked out now. */
struct arithmetic {
    enum operator operator;
    enum type_kind left, right;
    enum operation operation;
    enum type_kind result;
    bool is_missing_at_zero;
};
static const struct arithmetic arithmetic_table[] = {
    {OPERATOR_ADD, TYPE_INT, TYPE_INT, OPERATION_ADD, TYPE_INT, false},
    {OPERATOR_ADD, TYPE_NUMBER, TYPE_NUMBER, OPERATION_ADD_NUMBER, TYPE_NUMBER, false},
    {OPERATOR_ADD, TYPE_MONEY, TYPE_MONEY, OPERATION_ADD, TYPE_MONEY, false},
    {OPERATOR_ADD, TYPE_DURATION, TYPE_DURATION, OPERATION_ADD, TYPE_DURATION, false},
    {OPERATOR_ADD, TYPE_SPAN, TYPE_SPAN, OPERATION_ADD, TYPE_SPAN, false},
    {OPERATOR_ADD, TYPE_WORKING_DAYS, TYPE_WORKING_DAYS, OPERATION_ADD, TYPE_WORKING_DAYS, false},
    {OPERATOR_ADD, TYPE_DATE, TYPE_DURATION, OPERATION_DATE_ADD_DURATION, TYPE_DATE, false},
    {OPERATOR_ADD, TYPE_DATE, TYPE_SPAN, OPERATION_DATE_ADD_SPAN, TYPE_DATE, false},
    {OPERATOR_ADD, TYPE_DATE, TYPE_WORKING_DAYS, OPERATION_DATE_ADD_WORKING, TYPE_DATE, false},
    {OPERATOR_ADD, TYPE_DATETIME, TYPE_DURATION, OPERATION_DATETIME_ADD_DURATION, TYPE_DATETIME, false},
    {OPERATOR_SUBTRACT, TYPE_INT, TYPE_INT, OPERATION_SUBTRACT, TYPE_INT, false},
    {OPERATOR_SUBTRACT, TYPE_NUMBER, TYPE_NUMBER, OPERATION_SUBTRACT_NUMBER, TYPE_NUMBER, false},
    {OPERATOR_SUBTRACT, TYPE_MONEY, TYPE_MONEY, OPERATION_SUBTRACT, TYPE_MONEY, false},
    {OPERATOR_SUBTRACT, TYPE_DURATION, TYPE_DURATION, OPERATION_SUBTRACT, TYPE_DURATION, false},
    {OPERATOR_SUBTRACT, TYPE_SPAN, TYPE_SPAN, OPERATION_SUBTRACT, TYPE_SPAN, false},
    {OPERATOR_SUBTRACT, TYPE_WORKING_DAYS, TYPE_WORKING_DAYS, OPERATION_SUBTRACT, TYPE_WORKING_DAYS, false},
    {OPERATOR_SUBTRACT, TYPE_DATE, TYPE_DATE, OPERATION_DATE_DIFFERENCE, TYPE_DURATION, false},
    {OPERATOR_SUBTRACT, TYPE_DATETIME, TYPE_DATETIME, OPERATION_DATETIME_DIFFERENCE, TYPE_DURATION, false},
    {OPERATOR_SUBTRACT, TYPE_DATE, TYPE_DURATION, OPERATION_DATE_SUBTRACT_DURATION, TYPE_DATE, false},
    {OPERATOR_SUBTRACT, TYPE_DATE, TYPE_SPAN, OPERATION_DATE_SUBTRACT_SPAN, TYPE_DATE, false},
    {OPERATOR_SUBTRACT, TYPE_DATE, TYPE_WORKING_DAYS, OPERATION_DATE_SUBTRACT_WORKING, TYPE_DATE, false},
    {OPERATOR_SUBTRACT, TYPE_DATETIME, TYPE_DURATION, OPERATION_DATETIME_SUBTRACT_DURATION, TYPE_DATETIME, false},
    {OPERATOR_MULTIPLY, TYPE_INT, TYPE_INT, OPERATION_MULTIPLY, TYPE_INT, false},
    {OPERATOR_MULTIPLY, TYPE_NUMBER, TYPE_NUMBER, OPERATION_MULTIPLY_NUMBER, TYPE_NUMBER, false},
    {OPERATOR_MULTIPLY, TYPE_MONEY, TYPE_INT, OPERATION_MULTIPLY, TYPE_MONEY, false},
    {OPERATOR_MULTIPLY, TYPE_MONEY, TYPE_DECIMAL, OPERATION_MULTIPLY_DECIMAL, TYPE_MONEY, false},
    {OPERATOR_MULTIPLY, TYPE_MONEY, TYPE_NUMBER, OPERATION_MULTIPLY_BY_NUMBER, TYPE_MONEY, false},
    {OPERATOR_MULTIPLY, TYPE_DURATION, TYPE_INT, OPERATION_MULTIPLY, TYPE_DURATION, false},
    {OPERATOR_MULTIPLY, TYPE_DURATION, TYPE_DECIMAL, OPERATION_MULTIPLY_DECIMAL, TYPE_DURATION, false},
    {OPERATOR_MULTIPLY, TYPE_DURATION, TYPE_NUMBER, OPERATION_MULTIPLY_BY_NUMBER, TYPE_DURATION, false},
    {OPERATOR_MULTIPLY, TYPE_SPAN, TYPE_INT, OPERATION_MULTIPLY, TYPE_SPAN, false},
    {OPERATOR_MULTIPLY, TYPE_WORKING_DAYS, TYPE_INT, OPERATION_MULTIPLY, TYPE_WORKING_DAYS, false},
    {OPERATOR_DIVIDE, TYPE_INT, TYPE_INT, OPERATION_RATIO, TYPE_NUMBER, true},
    {OPERATOR_DIVIDE, TYPE_MONEY, TYPE_MONEY, OPERATION_RATIO, TYPE_NUMBER, true},
    {OPERATOR_DIVIDE, TYPE_DURATION, TYPE_DURATION, OPERATION_RATIO, TYPE_NUMBER, true},
    {OPERATOR_DIVIDE, TYPE_NUMBER, TYPE_NUMBER, OPERATION_DIVIDE_NUMBER, TYPE_NUMBER, true},
    {OPERATOR_DIVIDE, TYPE_MONEY, TYPE_INT, OPERATION_DIVIDE_BY_INT, TYPE_MONEY, true},
    {OPERATOR_DIVIDE, TYPE_MONEY, TYPE_NUMBER, OPERATION_DIVIDE_BY_NUMBER, TYPE_MONEY, true},
    {OPERATOR_DIVIDE, TYPE_DURATION, TYPE_INT, OPERATION_DIVIDE_BY_INT, TYPE_DURATION, true},
    {OPERATOR_DIVIDE, TYPE_DURATION, TYPE_NUMBER, OPERATION_DIVIDE_BY_NUMBER, TYPE_DURATION, true},
};

static bool is_plain_number(enum type_kind kind) {
    return kind == TYPE_INT || kind == TYPE_NUMBER || kind == TYPE_DECIMAL;
}

/* Two decimals (or a decimal and a whole constant) are worked out now, exactly. */
static struct texpr *fold_decimals(struct checker *checker, enum operator operator, struct texpr *left, struct texpr *right) {
    struct decimal a, b, result;
    const struct texpr *sides[] = {left, right};
    struct decimal *values[] = {&a, &b};
    if (left->type.kind != TYPE_DECIMAL && right->type.kind != TYPE_DECIMAL)
        return NULL;
    for (int i = 0; i < 2; i++) {
        if (sides[i]->kind != TEXPR_CONSTANT || (sides[i]->type.kind != TYPE_DECIMAL && sides[i]->type.kind != TYPE_INT))
            return NULL;
        *values[i] = sides[i]->type.kind == TYPE_DECIMAL ? sides[i]->constant.decimal : (struct decimal){sides[i]->constant.integer, 0};
    }
    bool good = operator == OPERATOR_MULTIPLY ? decimal_multiply(a, b, &result)
              : operator == OPERATOR_ADD      ? decimal_add(a, b, &result)
              : operator == OPERATOR_SUBTRACT ? b.mantissa != INT64_MIN && decimal_add(a, (struct decimal){-b.mantissa, b.scale}, &result)
                                              : false;
    if (!good)
        return NULL;
    struct texpr *folded = texpr_create(checker->arena, TEXPR_CONSTANT, type_of_kind(TYPE_DECIMAL), span_join(left->span, right->span));
    folded->constant.decimal = result;
    return folded;
}

static void hint_arithmetic(struct context *context, struct diagnostic *said, enum operator operator, struct type left, struct type right) {
    struct diagnostics *diagnostics = context->checker->diagnostics;
    if (left.kind == TYPE_MONEY && right.kind == TYPE_MONEY && operator != OPERATOR_MULTIPLY)
        diagnostic_hint(diagnostics, said, "Two currencies never mix: use `convert(…, %s, on today)`.", left.currency ? left.currency : "EUR");
    else if (operator == OPERATOR_ADD && (left.kind == TYPE_TEXT || right.kind == TYPE_TEXT))
        diagnostic_hint(diagnostics, said, "Texts are put together in quotes: `\"{…} {…}\"`.");
    else if (left.kind == TYPE_DATE && operator != OPERATOR_ADD && operator != OPERATOR_SUBTRACT)
        diagnostic_hint(diagnostics, said, "A date compares with a date: `… %s today + 30 days`.", operator_spelling(operator));
    else if (left.kind == TYPE_DURATION && is_plain_number(right.kind))
        diagnostic_hint(diagnostics, said, "Say of what: `… %s 30 days`.", operator_spelling(operator));
    else if (left.kind == TYPE_DATE && is_plain_number(right.kind))
        diagnostic_hint(diagnostics, said, "Say of what: `… %s 30 days`, `… %s 2 months`, `… %s 5 working days`.", operator_spelling(operator), operator_spelling(operator), operator_spelling(operator));
    else if ((left.kind == TYPE_MONEY && is_plain_number(right.kind)) || (right.kind == TYPE_MONEY && is_plain_number(left.kind)))
        diagnostic_hint(diagnostics, said, "Money has a currency: `100 %s`.", left.kind == TYPE_MONEY && left.currency ? left.currency : context->checker->program->currency);
    else if ((left.kind == TYPE_SPAN) != (right.kind == TYPE_SPAN))
        diagnostic_hint(diagnostics, said, "Months and years differ in length, so they add to dates only.");
    else if (left.kind == TYPE_COLLECTION || right.kind == TYPE_COLLECTION)
        diagnostic_hint(diagnostics, said, "This is many values: use `sum(…)`, `count(…)`, `max(…)` to make one of them.");
}

static struct texpr *refuse_operator(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_OPERATOR_TYPES, node->span, operator_spelling(operator),
                                             type_words(checker, type_optional(left->type, false)), type_words(checker, type_optional(right->type, false)));
    hint_arithmetic(context, said, operator, left->type, right->type);
    return poison(context, node);
}

static const struct arithmetic *find_arithmetic(enum operator operator, enum type_kind left, enum type_kind right) {
    for (size_t i = 0; i < sizeof arithmetic_table / sizeof *arithmetic_table; i++) {
        const struct arithmetic *row = &arithmetic_table[i];
        if (row->operator == operator && row->left == left && row->right == right)
            return row;
    }
    return NULL;
}

static bool is_nonzero_constant(const struct texpr *expression) {
    return expression->kind == TEXPR_CONSTANT && (expression->type.kind == TYPE_NUMBER ? expression->constant.number != 0 : expression->constant.integer != 0);
}

/* Currencies must agree; money of no currency (a bare 0 never gets here) takes the other's. */
static bool currencies_agree(const struct texpr *left, const struct texpr *right) {
    return left->type.kind != TYPE_MONEY || right->type.kind != TYPE_MONEY || left->type.currency == right->type.currency;
}

static struct texpr *make_arithmetic(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    struct texpr *folded = fold_decimals(checker, operator, left, right);
    if (folded)
        return folded;
    if (is_plain_number(left->type.kind) && is_plain_number(right->type.kind) && !(left->type.kind == TYPE_INT && right->type.kind == TYPE_INT)) {
        left = convert_to(checker, left, type_of_kind(TYPE_NUMBER));
        right = convert_to(checker, right, type_of_kind(TYPE_NUMBER));
    }
    /* 2 * budget is budget * 2; 30 days + start is start + 30 days. */
    bool swaps = operator == OPERATOR_MULTIPLY || operator == OPERATOR_ADD;
    if (operator == OPERATOR_ADD || operator == OPERATOR_SUBTRACT) { /* budget + 0, due - date and datetime */
        struct texpr *zero = convert_to(checker, right, left->type);
        if (zero && !is_plain_number(left->type.kind))
            right = zero;
    }
    if (operator == OPERATOR_DIVIDE && right->type.kind == TYPE_DECIMAL)
        right = convert_to(checker, right, type_of_kind(TYPE_NUMBER));
    const struct arithmetic *row = find_arithmetic(operator, left->type.kind, right->type.kind);
    if (!row && swaps) {
        row = find_arithmetic(operator, right->type.kind, left->type.kind);
        if (row) {
            struct texpr *swap = left;
            left = right;
            right = swap;
        }
    }
    if (!row || !currencies_agree(left, right))
        return refuse_operator(context, node, operator, left, right);
    struct type type = type_of_kind(row->result);
    if (row->result == TYPE_MONEY)
        type.currency = left->type.currency;
    type.optional = left->type.optional || right->type.optional || (row->is_missing_at_zero && !is_nonzero_constant(right));
    struct texpr *arguments[] = {left, right};
    return texpr_operation(checker->arena, row->operation, type, node->span, 2, arguments);
}

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

static struct texpr *refuse_comparison(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CANNOT_COMPARE, node->span, type_words(checker, type_optional(left->type, false)),
                                             type_words(checker, type_optional(right->type, false)));
    hint_arithmetic(context, said, operator, left->type, right->type);
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

static struct texpr *check_comparison(struct context *context, struct node_binary *binary, enum operator operator) {
    struct texpr *left, *right;
    check_sides(context, binary->left, binary->right, &left, &right);
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
    if (is_poison(left) || is_poison(right))
        return poison(context, &binary->head);
    return compare(context, &binary->head, operator, left, right);
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

static struct texpr *check_in(struct context *context, struct node *node, struct node *item_node, struct node *whole_node) {
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
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NOTHING_TO_BE_IN, whole_node->span, type_words(checker, whole->type));
    diagnostic_hint(checker->diagnostics, said, "Write a list, `in [a, b]`, a range, `in 1..5`, a period or a collection.");
    return poison(context, node);
}

static struct texpr *check_text_operator(struct context *context, struct node_binary *binary, enum operator operator) {
    struct checker *checker = context->checker;
    struct texpr *left = require_known(context, check_expression(context, binary->left, NULL), binary->left);
    if (is_poison(left))
        return left;
    if (left->type.kind == TYPE_COLLECTION && operator == OPERATOR_CONTAINS)
        return check_in(context, &binary->head, binary->right, binary->left);
    struct type text = type_of_kind(TYPE_TEXT);
    if (left->type.kind != TYPE_TEXT) {
        diagnostic_add(checker->diagnostics, DIAG_WRONG_TYPE, binary->left->span, operator_spelling(operator), "text", type_words(checker, left->type));
        return poison(context, &binary->head);
    }
    struct texpr *right = check_as(context, binary->right, text, operator_spelling(operator));
    if (is_poison(right))
        return right;
    if (operator == OPERATOR_MATCHES && right->kind != TEXPR_CONSTANT) {
        diagnostic_add(checker->diagnostics, DIAG_PATTERN_NOT_CONSTANT, binary->right->span);
        return poison(context, &binary->head);
    }
    if (operator == OPERATOR_MATCHES) {
        const char *problem = pattern_problem(checker->arena, right->constant.text);
        if (problem) {
            diagnostic_add(checker->diagnostics, DIAG_BAD_PATTERN, binary->right->span, problem);
            return poison(context, &binary->head);
        }
    }
    struct texpr *arguments[] = {left, right};
    return texpr_operation(checker->arena, operator == OPERATOR_MATCHES ? OPERATION_TEXT_MATCHES : OPERATION_TEXT_CONTAINS, type_of_kind(TYPE_BOOL), binary->head.span, 2, arguments);
}

/* ---- logic ---- */

static struct texpr *check_logic(struct context *context, struct node_binary *binary, enum operator operator) {
    struct checker *checker = context->checker;
    bool is_and = operator == OPERATOR_AND;
    const char *what = is_and ? "each side of `and`" : "each side of `or`";
    struct texpr *left = check_condition(context, binary->left, what);
    struct context inner = *context;
    if (!is_poison(left))
        inner.facts = facts_when(checker, context->facts, left, is_and);
    struct texpr *right = check_condition(&inner, binary->right, what);
    if (is_poison(left) || is_poison(right))
        return poison(context, &binary->head);
    return texpr_binary(checker->arena, is_and ? TEXPR_AND : TEXPR_OR, type_of_kind(TYPE_BOOL), left, right);
}

static struct texpr *check_default(struct context *context, struct node_binary *binary, const struct type *expected) {
    struct checker *checker = context->checker;
    struct texpr *left = check_expression(context, binary->left, expected);
    struct texpr *right = check_expression(context, binary->right, is_poison(left) ? expected : &left->type);
    if (is_poison(left) || is_poison(right))
        return poison(context, &binary->head);
    if (!left->type.optional) {
        diagnostic_add(checker->diagnostics, DIAG_NEVER_MISSING, binary->left->span, source_words(checker, binary->left));
        return left;
    }
    if (!unify(checker, &left, &right) || left->type.kind == TYPE_COLLECTION)
        return refuse_operator(context, &binary->head, OPERATOR_DEFAULT, left, right);
    return texpr_binary(checker->arena, TEXPR_DEFAULT, type_optional(left->type, right->type.optional), left, right);
}

struct texpr *check_binary(struct context *context, struct node *node, const struct type *expected) {
    struct node_binary *binary = AS(binary, BINARY, node);
    enum operator operator = (enum operator)binary->operator;
    switch (operator) {
    case OPERATOR_AND: case OPERATOR_OR:
        return check_logic(context, binary, operator);
    case OPERATOR_EQUAL: case OPERATOR_NOT_EQUAL: case OPERATOR_LESS: case OPERATOR_AT_MOST: case OPERATOR_GREATER: case OPERATOR_AT_LEAST:
        return check_comparison(context, binary, operator);
    case OPERATOR_IN:
        return check_in(context, node, binary->left, binary->right);
    case OPERATOR_NOT_IN: {
        struct texpr *in = check_in(context, node, binary->left, binary->right);
        return is_poison(in) ? in : texpr_unary(context->checker->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), in);
    }
    case OPERATOR_CONTAINS: case OPERATOR_MATCHES:
        return check_text_operator(context, binary, operator);
    case OPERATOR_DEFAULT:
        return check_default(context, binary, expected);
    case OPERATOR_RANGE:
        diagnostic_add(context->checker->diagnostics, DIAG_RANGE_ALONE, node->span);
        return poison(context, node);
    default:
        break;
    }
    const struct type *wish = expected && expected->kind != TYPE_POISON && binary->left->kind == NODE_COLUMN_OF ? expected : NULL;
    struct texpr *left = check_expression(context, binary->left, wish);
    wish = expected && binary->right->kind == NODE_COLUMN_OF ? expected : NULL;
    struct texpr *right = check_expression(context, binary->right, wish);
    if (is_poison(left) || is_poison(right))
        return poison(context, node);
    left = require_known(context, left, binary->left);
    right = require_known(context, right, binary->right);
    if (is_poison(left) || is_poison(right))
        return poison(context, node);
    return make_arithmetic(context, node, operator, left, right);
}

static struct texpr *check_negation(struct context *context, struct node *node, struct node *operand_node) {
    struct checker *checker = context->checker;
    struct texpr *operand = require_known(context, check_expression(context, operand_node, NULL), operand_node);
    if (is_poison(operand))
        return operand;
    if (operand->kind == TEXPR_CONSTANT && operand->type.kind != TYPE_TEXT) {
        struct texpr *negated = ARENA_NEW(checker->arena, struct texpr);
        *negated = *operand;
        negated->span = node->span;
        negated->constant.decimal.mantissa = -operand->constant.decimal.mantissa;
        negated->constant.number = -operand->constant.number;
        negated->constant.integer = -operand->constant.integer;
        switch (operand->type.kind) {
        case TYPE_INT: case TYPE_DECIMAL: case TYPE_NUMBER: case TYPE_MONEY: case TYPE_DURATION: case TYPE_SPAN: case TYPE_WORKING_DAYS:
            return negated;
        default:
            break;
        }
    }
    switch (operand->type.kind) {
    case TYPE_INT: case TYPE_MONEY: case TYPE_DURATION: case TYPE_SPAN: case TYPE_WORKING_DAYS:
        return texpr_operation(checker->arena, OPERATION_NEGATE, operand->type, node->span, 1, &operand);
    case TYPE_NUMBER:
        return texpr_operation(checker->arena, OPERATION_NEGATE_NUMBER, operand->type, node->span, 1, &operand);
    default:
        diagnostic_add(checker->diagnostics, DIAG_CANNOT_NEGATE, node->span, type_words(checker, operand->type));
        return poison(context, node);
    }
}

struct texpr *check_unary(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_unary *unary = AS(unary, UNARY, node);
    (void)expected;
    switch (unary->operator) {
    case OPERATOR_NOT: {
        struct texpr *operand = check_condition(context, unary->operand, "what follows `not`");
        return is_poison(operand) ? operand : texpr_unary(checker->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), operand);
    }
    case OPERATOR_IS_KNOWN:
    case OPERATOR_IS_MISSING: {
        struct texpr *operand = check_expression(context, unary->operand, NULL);
        if (is_poison(operand))
            return operand;
        if (operand->type.kind == TYPE_COLLECTION) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_COLLECTION_IS_KNOWN, node->span);
            diagnostic_hint(checker->diagnostics, said, "Ask `exists %s` or `no %s`.", source_words(checker, unary->operand), source_words(checker, unary->operand));
            return poison(context, node);
        }
        return texpr_unary(checker->arena, unary->operator == OPERATOR_IS_KNOWN ? TEXPR_IS_KNOWN : TEXPR_IS_MISSING, type_of_kind(TYPE_BOOL), operand);
    }
    default:
        return check_negation(context, node, unary->operand);
    }
}

/* ---- if and case ---- */

/* Brings the branches to one type; the result is optional when one of them is. */
static struct texpr *make_case(struct context *context, struct node *node, struct texpr **parts, struct node **nodes, int count) {
    struct checker *checker = context->checker;
    struct texpr *first = NULL;
    bool optional = false;
    for (int i = 0; i < count; i++) {
        bool is_value = i % 2 == 1 || i == count - 1;
        if (is_poison(parts[i]))
            return poison(context, node);
        /* One number among whole ones makes numbers of all. */
        bool widens = first && first->type.kind == TYPE_INT && (parts[i]->type.kind == TYPE_NUMBER || parts[i]->type.kind == TYPE_DECIMAL);
        if (is_value && (!first || first->type.kind == TYPE_NOTHING || widens))
            first = parts[i];
    }
    assert(first); /* the last part is always a value */
    if (first->type.kind == TYPE_DECIMAL)
        first = convert_to(checker, first, type_of_kind(TYPE_NUMBER));
    if (first->type.kind == TYPE_NOTHING || first->type.kind == TYPE_COLLECTION) {
        diagnostic_add(checker->diagnostics, first->type.kind == TYPE_NOTHING ? DIAG_ONLY_MISSING : DIAG_CASE_OF_COLLECTIONS, node->span);
        return poison(context, node);
    }
    for (int i = 0; i < count; i++) {
        if (i % 2 == 0 && i != count - 1)
            continue;
        struct texpr *converted = convert_to(checker, parts[i], type_optional(first->type, true));
        if (!converted) {
            diagnostic_add(checker->diagnostics, DIAG_BRANCHES_DIFFER, nodes[i]->span, type_words(checker, type_optional(parts[i]->type, false)),
                           type_words(checker, type_optional(first->type, false)));
            return poison(context, node);
        }
        parts[i] = converted;
        optional = optional || converted->type.optional;
    }
    return texpr_with(checker->arena, TEXPR_CASE, type_optional(first->type, optional), node->span, count, parts);
}

struct texpr *check_if(struct context *context, struct node *node, const struct type *expected) {
    struct node_if_expression *branch = AS(if_expression, IF, node);
    struct texpr *condition = check_condition(context, branch->condition, "what follows `if`");
    struct context then = *context, otherwise = *context;
    if (!is_poison(condition)) {
        then.facts = facts_when(context->checker, context->facts, condition, true);
        otherwise.facts = facts_when(context->checker, context->facts, condition, false);
    }
    struct texpr *value = check_expression(&then, branch->then, expected);
    const struct type *wish = expected ? expected : is_poison(value) ? NULL : &value->type;
    struct texpr *parts[] = {condition, value, check_expression(&otherwise, branch->otherwise, wish)};
    struct node *nodes[] = {branch->condition, branch->then, branch->otherwise};
    return make_case(context, node, parts, nodes, 3);
}

/* What rows of a case leave open: the values of one enum-typed expression not named yet. */
struct coverage {
    const struct texpr *subject;
    uint64_t left; /* a bit for each value of an enum of at most 64 */
    bool applies;  /* every condition so far is about the subject alone */
};

static const struct texpr *enum_subject(const struct texpr *condition, uint64_t *values) {
    const struct texpr *subject = condition->argument_count ? condition->arguments[0] : NULL;
    if (!subject || subject->type.kind != TYPE_ENUM || subject->type.enumeration->value_count > 64)
        return NULL;
    uint64_t all = subject->type.enumeration->value_count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << subject->type.enumeration->value_count) - 1;
    *values = 0;
    if (condition->kind == TEXPR_IN) {
        for (int i = 1; i < condition->argument_count; i++) {
            if (condition->arguments[i]->kind != TEXPR_CONSTANT)
                return NULL;
            *values |= (uint64_t)1 << condition->arguments[i]->constant.integer;
        }
        return subject;
    }
    if (condition->kind != TEXPR_OPERATION || condition->argument_count != 2 || condition->arguments[1]->kind != TEXPR_CONSTANT)
        return NULL;
    for (int value = 0; value < subject->type.enumeration->value_count; value++) {
        int64_t constant = condition->arguments[1]->constant.integer;
        bool holds = condition->operation == OPERATION_EQUAL       ? value == constant
                     : condition->operation == OPERATION_NOT_EQUAL ? value != constant
                     : condition->operation == OPERATION_LESS      ? value < constant
                     : condition->operation == OPERATION_AT_MOST   ? value <= constant
                     : condition->operation == OPERATION_GREATER   ? value > constant
                     : condition->operation == OPERATION_AT_LEAST  ? value >= constant
                                                                   : false;
        if (holds)
            *values |= (uint64_t)1 << value;
    }
    *values &= all;
    return condition->operation >= OPERATION_EQUAL && condition->operation <= OPERATION_AT_LEAST ? subject : NULL;
}

/* True when an earlier row already takes everything this one could. */
static bool note_row(struct coverage *coverage, struct texpr *const *parts, int position) {
    const struct texpr *condition = parts[position];
    if (condition->kind == TEXPR_CONSTANT && condition->constant.integer == 0)
        return true;
    for (int earlier = 0; earlier < position; earlier += 2)
        if (texpr_equal(parts[earlier], condition) || (parts[earlier]->kind == TEXPR_CONSTANT && parts[earlier]->constant.integer == 1))
            return true;
    uint64_t values;
    const struct texpr *subject = enum_subject(condition, &values);
    if (!subject || (coverage->subject && !texpr_equal(subject, coverage->subject))) {
        coverage->applies = false;
        return false;
    }
    if (!coverage->subject) {
        coverage->subject = subject;
        int count = subject->type.enumeration->value_count;
        coverage->left = count == 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
    }
    bool is_unreachable = coverage->applies && (coverage->left & values) == 0;
    coverage->left &= ~values;
    return is_unreachable;
}

static void say_uncovered(struct context *context, struct node *node, const struct coverage *coverage) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CASE_WITHOUT_ROW, node->span);
    if (!coverage->applies || !coverage->subject) {
        diagnostic_hint(checker->diagnostics, said, "Add a last row, `| otherwise -> …`.");
        return;
    }
    struct buffer names = {0};
    const struct enum_type *enumeration = coverage->subject->type.enumeration;
    for (int i = 0; i < enumeration->value_count; i++)
        if (coverage->left >> i & 1)
            buffer_add_format(&names, "%s`%s`", names.length ? ", " : "", enumeration->values[i].name);
    diagnostic_hint(checker->diagnostics, said, "No row takes %s: add rows for them, or `| otherwise -> …`.", buffer_string(&names));
    buffer_free(&names);
}

struct texpr *check_case(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_case_expression *written = AS(case_expression, CASE, node);
    int row_count = written->rows.count;
    struct texpr **parts = ARENA_ARRAY(checker->arena, struct texpr *, row_count * 2 + 1);
    struct node **nodes = ARENA_ARRAY(checker->arena, struct node *, row_count * 2 + 1);
    struct coverage coverage = {.applies = true};
    struct context inner = *context;
    int count = 0;
    bool good = true, has_otherwise = false;
    for (int i = 0; i < row_count; i++) {
        struct node_case_row *row = AS(case_row, CASE_ROW, written->rows.items[i]);
        if (has_otherwise) {
            diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
            continue;
        }
        struct context then = inner;
        if (row->condition) {
            struct texpr *condition = check_condition(&inner, row->condition, "the condition of a row");
            parts[count] = condition;
            nodes[count++] = row->condition;
            good = good && !is_poison(condition);
            if (!is_poison(condition)) {
                then.facts = facts_when(checker, inner.facts, condition, true);
                inner.facts = facts_when(checker, inner.facts, condition, false);
                if (good && note_row(&coverage, parts, count - 1))
                    diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
            }
        } else
            has_otherwise = true;
        parts[count] = check_expression(&then, row->value, expected);
        good = good && !is_poison(parts[count]);
        if (!expected && !is_poison(parts[count]) && parts[count]->type.kind != TYPE_NOTHING)
            expected = &parts[count]->type;
        nodes[count++] = row->value;
    }
    if (!good || row_count == 0)
        return poison(context, node);
    bool is_covered = coverage.applies && coverage.subject && coverage.left == 0;
    if (has_otherwise && is_covered)
        diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, written->rows.items[row_count - 1]->span);
    if (!has_otherwise && !is_covered) {
        say_uncovered(context, node, &coverage);
        return poison(context, node);
    }
    if (!has_otherwise) { /* the last condition must hold when no other did */
        parts[count - 2] = parts[count - 1];
        nodes[count - 2] = nodes[count - 1];
        count--;
    }
    return make_case(context, node, parts, nodes, count);
}
