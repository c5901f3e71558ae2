/* Operators: which operation a sign means for which types.
 * Knows: operations.def, the table of operators below. Does not know: names, what compares (comparison.c), branches (cases.c). */
#include "lang/base/text.h"
#include "lang/check/checker.h"

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

void hint_operands(struct context *context, struct diagnostic *said, enum operator operator, struct type left, struct type right) {
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
    else if (left.kind == TYPE_COLLECTION || right.kind == TYPE_COLLECTION) {
        const struct type *element = left.kind == TYPE_COLLECTION ? left.element : right.element;
        bool adds_up = element->kind == TYPE_RECORD || element->kind == TYPE_MONEY || element->kind == TYPE_DURATION || is_plain_number(element->kind);
        diagnostic_hint(diagnostics, said, adds_up ? "This is many values: use `sum(…)`, `count(…)`, `max(…)` to make one of them."
                                                   : "This is many values: ask whether one is so, `exists statuses[rag = red]`, or of one of them, `latest(statuses by …)`.");
    }
}

/* `budget + 10%`: so much more, or less, is a product. */
static bool hint_share(struct checker *checker, struct diagnostic *said, struct node *node, enum operator operator, const struct texpr *right) {
    if (node->kind != NODE_BINARY || (operator != OPERATOR_ADD && operator != OPERATOR_SUBTRACT) || right->kind != TEXPR_CONSTANT || right->type.kind != TYPE_DECIMAL)
        return false;
    const struct node_binary *sum = AS(binary, BINARY, node);
    struct decimal share = right->constant.decimal;
    if (operator == OPERATOR_SUBTRACT)
        share.mantissa = -share.mantissa;
    if (!text_ends(source_words(checker, sum->right), "%") || !decimal_add((struct decimal){1, 0}, share, &share) || decimal_shift(share, 2, &share) != DECIMAL_OK)
        return false;
    struct buffer percent = {0};
    decimal_write(&percent, share);
    diagnostic_hint(checker->diagnostics, said, "So much %s is a product: `%s * %s%%`.", operator == OPERATOR_ADD ? "more" : "less", source_words(checker, sum->left), buffer_string(&percent));
    buffer_free(&percent);
    return true;
}

static struct texpr *refuse_operator(struct context *context, struct node *node, enum operator operator, struct texpr *left, struct texpr *right) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_OPERATOR_TYPES, node->span, operator_spelling(operator),
                                             type_words(checker, type_optional(left->type, false)), type_words(checker, type_optional(right->type, false)));
    if (!hint_share(checker, said, node, operator, right))
        hint_operands(context, said, operator, left->type, right->type);
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

/* ---- texts ---- */

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

/* Brackets round the operands belong to the whole. */
static struct texpr *spanning(const struct node *node, struct texpr *expression) {
    expression->span = node->span;
    return expression;
}

static struct texpr *check_logic(struct context *context, struct node_binary *binary, enum operator operator) {
    struct checker *checker = context->checker;
    bool is_and = operator == OPERATOR_AND;
    const char *what = is_and ? "each side of `and`" : "each side of `or`";
    if (refuse_alternatives(context, binary, what))
        return poison(context, &binary->head);
    struct texpr *left = check_condition(context, binary->left, what);
    struct context inner = *context;
    learn(&inner, binary->left, left, is_and);
    struct texpr *right = check_condition(&inner, binary->right, what);
    if (is_poison(left) || is_poison(right))
        return poison(context, &binary->head);
    return spanning(&binary->head, texpr_binary(checker->arena, is_and ? TEXPR_AND : TEXPR_OR, type_of_kind(TYPE_BOOL), left, right));
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
    return spanning(&binary->head, texpr_binary(checker->arena, TEXPR_DEFAULT, type_optional(left->type, right->type.optional), left, right));
}

/* `initiative: P-001`: a key that is made of more than letters and digits reads as a difference or a quotient. */
static bool is_bare_key(struct checker *checker, const struct node_binary *binary, const struct type *expected) {
    if (!expected || expected->kind != TYPE_RECORD || (binary->operator != OPERATOR_SUBTRACT && binary->operator != OPERATOR_DIVIDE))
        return false;
    const char *words = source_words(checker, &binary->head);
    return words[strcspn(words, " ()[]\"")] == '\0';
}

static struct texpr *refuse_bare_key(struct context *context, struct node *node, const struct type *expected) {
    const char *words = source_words(context->checker, node);
    struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_KEY_WANTS_QUOTES, node->span, words, expected->record->name);
    diagnostic_hint(context->checker->diagnostics, said, "A key with other signs than letters, digits and `_` stands in quotes: `\"%s\"`.", words);
    return poison(context, node);
}

struct texpr *check_binary(struct context *context, struct node *node, const struct type *expected) {
    struct node_binary *binary = AS(binary, BINARY, node);
    if (is_bare_key(context->checker, binary, expected))
        return refuse_bare_key(context, node, expected);
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
        return is_poison(operand) ? operand : spanning(node, texpr_unary(checker->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), operand));
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
        return spanning(node, texpr_unary(checker->arena, unary->operator == OPERATOR_IS_KNOWN ? TEXPR_IS_KNOWN : TEXPR_IS_MISSING, type_of_kind(TYPE_BOOL), operand));
    }
    default:
        return check_negation(context, node, unary->operand);
    }
}
