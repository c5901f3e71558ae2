/* What can be seen from the text of two conditions: that one holds whenever the other does. It knows `and`, `or`, `not`, lists, and comparisons with numbers, amounts, dates and lengths of time;
 * of everything else only that a thing implies itself. What it cannot see may still be so: the data then show what difference it makes. See diff.h.
 * Knows: conditions. Does not know: types, mandates. */
#include "lang/diff/diff.h"

#include "lang/base/civil.h"
#include "lang/base/decimal.h"
#include <stdlib.h>
#include <string.h>

static const struct node_binary *binary_of(const struct node *node, enum operator operator) {
    const struct node_binary *binary = (const void *)node;
    return node && node->kind == NODE_BINARY && binary->operator == (int)operator ? binary : NULL;
}

static const struct node *negated(const struct node *node) {
    const struct node_unary *unary = (const void *)node;
    return node->kind == NODE_UNARY && unary->operator == OPERATOR_NOT ? unary->operand : NULL;
}

/* ---- sizes ---- */

static double plain_number(const char *text) {
    char digits[64];
    size_t count = 0;
    for (; *text && count + 1 < sizeof digits; text++)
        if (*text != '_')
            digits[count++] = *text;
    digits[count] = '\0';
    char *end;
    double value = strtod(digits, &end);
    return strcmp(end, "%") == 0 ? value / 100 : strcmp(end, "k") == 0 ? value * 1e3 : strcmp(end, "M") == 0 ? value * 1e6 : strcmp(end, "bn") == 0 ? value * 1e9 : value;
}

bool diff_length(const struct node *node, double *least, double *most) {
    static const double shortest[] = {1, 60, 3600, 86400, 604800, 28 * 86400.0, 89 * 86400.0, 365 * 86400.0, 86400};
    static const double longest[] = {1, 60, 3600, 86400, 604800, 31 * 86400.0, 92 * 86400.0, 366 * 86400.0, 0};
    if (!node || node->kind != NODE_QUANTITY)
        return false;
    const struct node_quantity *quantity = (const void *)node;
    double amount = plain_number(quantity->amount);
    *least = amount * shortest[quantity->unit];
    *most = quantity->unit == UNIT_WORKING_DAY ? amount * 86400 * 7 / 5 + 14 * 86400.0 /* holidays and week-ends */ : amount * longest[quantity->unit];
    return true;
}

/* Literals that can be held against one another: of one kind, unit and currency. */
static bool compare_literals(const struct node *a, const struct node *b, double *difference) {
    if (a->kind == NODE_DATE_LITERAL && b->kind == NODE_DATE_LITERAL) {
        const char *x = ((const struct node_date_literal *)(const void *)a)->text, *y = ((const struct node_date_literal *)(const void *)b)->text;
        *difference = strcmp(x, y);
        return true;
    }
    bool are_numbers = (a->kind == NODE_INT_LITERAL || a->kind == NODE_DECIMAL_LITERAL) && (b->kind == NODE_INT_LITERAL || b->kind == NODE_DECIMAL_LITERAL);
    if (are_numbers) {
        *difference = plain_number(((const struct node_int_literal *)(const void *)a)->text) - plain_number(((const struct node_int_literal *)(const void *)b)->text);
        return true;
    }
    if (a->kind != b->kind)
        return false;
    if (a->kind == NODE_MONEY_LITERAL) {
        const struct node_money_literal *x = (const void *)a, *y = (const void *)b;
        *difference = plain_number(x->amount) - plain_number(y->amount);
        return strcmp(x->currency, y->currency) == 0;
    }
    if (a->kind == NODE_QUANTITY) {
        const struct node_quantity *x = (const void *)a, *y = (const void *)b;
        *difference = plain_number(x->amount) - plain_number(y->amount);
        return x->unit == y->unit;
    }
    return false;
}

/* ---- comparisons ---- */

static bool is_upper(int operator) { /* x < limit */
    return operator == OPERATOR_LESS || operator == OPERATOR_AT_MOST;
}

static bool is_lower(int operator) {
    return operator == OPERATOR_GREATER || operator == OPERATOR_AT_LEAST;
}

/* x > 10 implies x > 5; x < 5 implies x < 10; x = 7 implies x > 5. */
static bool comparison_implies(const struct diff *diff, const struct node_binary *a, const struct node_binary *b) {
    double difference;
    if (!diff_means_same(diff, a->left, b->left) || !compare_literals(a->right, b->right, &difference))
        return false;
    bool is_equal = a->operator == OPERATOR_EQUAL;
    if (is_lower(b->operator) && (is_lower(a->operator) || is_equal))
        return difference > 0 || (difference == 0 && (b->operator == OPERATOR_AT_LEAST || a->operator == OPERATOR_GREATER));
    if (is_upper(b->operator) && (is_upper(a->operator) || is_equal))
        return difference < 0 || (difference == 0 && (b->operator == OPERATOR_AT_MOST || a->operator == OPERATOR_LESS));
    return false;
}

static bool holds_member(const struct diff *diff, const struct node *list, const struct node *member) {
    if (list->kind != NODE_LIST)
        return diff_means_same(diff, list, member);
    const struct node_list *items = &((const struct node_list_expression *)(const void *)list)->items;
    for (int i = 0; i < items->count; i++)
        if (diff_means_same(diff, items->items[i], member))
            return true;
    return false;
}

/* x in [a] implies x in [a, b]; x = a too. */
static bool membership_implies(const struct diff *diff, const struct node_binary *a, const struct node_binary *b) {
    if (b->operator != OPERATOR_IN || b->right->kind != NODE_LIST || !diff_means_same(diff, a->left, b->left))
        return false;
    if (a->operator == OPERATOR_EQUAL)
        return holds_member(diff, b->right, a->right);
    if (a->operator != OPERATOR_IN || a->right->kind != NODE_LIST)
        return false;
    const struct node_list *items = &((const struct node_list_expression *)(const void *)a->right)->items;
    for (int i = 0; i < items->count; i++)
        if (!holds_member(diff, b->right, items->items[i]))
            return false;
    return true;
}

bool diff_implies(const struct diff *diff, const struct node *a, const struct node *b) {
    const struct node_binary *either, *both;
    if (!b || (a && diff_means_same(diff, a, b)))
        return true;
    if (!a)
        return false;
    if ((either = binary_of(a, OPERATOR_OR)))
        return diff_implies(diff, either->left, b) && diff_implies(diff, either->right, b);
    if ((both = binary_of(b, OPERATOR_AND)))
        return diff_implies(diff, a, both->left) && diff_implies(diff, a, both->right);
    if ((both = binary_of(a, OPERATOR_AND)) && (diff_implies(diff, both->left, b) || diff_implies(diff, both->right, b)))
        return true;
    if ((either = binary_of(b, OPERATOR_OR)) && (diff_implies(diff, a, either->left) || diff_implies(diff, a, either->right)))
        return true;
    if (negated(a) && negated(b))
        return diff_implies(diff, negated(b), negated(a));
    if (a->kind != NODE_BINARY || b->kind != NODE_BINARY)
        return false;
    return comparison_implies(diff, (const void *)a, (const void *)b) || membership_implies(diff, (const void *)a, (const void *)b);
}
