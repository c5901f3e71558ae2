/* Expressions that could be said more plainly, or that say less than they seem to. They are looked at as they are written.
 * Knows: the AST. Does not know: types. */
#include "lang/lint/linter.h"

#include <ctype.h>
#include <string.h>

enum { NESTING_MAX = 5 };

static bool is_comparison(int operator) {
    return operator >= OPERATOR_EQUAL && operator <= OPERATOR_AT_LEAST;
}

static const struct node_binary *binary_of(const struct node *node) {
    return node && node->kind == NODE_BINARY ? (const struct node_binary *)(const void *)node : NULL;
}

/* What is written there, in brackets where it would not hold together beside something else: brackets about it are no part of its place. */
static const char *operand_text(struct linter *linter, const struct node *node) {
    bool is_loose = node->kind == NODE_BINARY || node->kind == NODE_IF || node->kind == NODE_UNARY || node->kind == NODE_QUERY;
    return arena_format(linter->arena, is_loose ? "(%s)" : "%s", lint_text(linter, node->span));
}

/* ---- comparisons ---- */

static void look_at_true(struct linter *linter, const struct node_binary *binary) {
    bool on_left = binary->left->kind == NODE_BOOL_LITERAL;
    struct node *literal = on_left ? binary->left : binary->right, *other = on_left ? binary->right : binary->left;
    if ((binary->operator != OPERATOR_EQUAL && binary->operator != OPERATOR_NOT_EQUAL) || literal->kind != NODE_BOOL_LITERAL || other->kind == NODE_BOOL_LITERAL)
        return;
    bool value = AS(bool_literal, BOOL_LITERAL, literal)->value != 0, holds = value == (binary->operator == OPERATOR_EQUAL);
    const char *plain = holds ? operand_text(linter, other) : arena_format(linter->arena, "not %s", operand_text(linter, other));
    struct lint_finding *finding = lint_say(linter, LINT_COMPARED_WITH_TRUE, binary->head.span, value ? "true" : "false");
    lint_hint(linter, finding, "Write `%s`.", plain);
    lint_edit(linter, finding, binary->head.span, plain);
}

static int small_number(const struct node *node) {
    return node->kind == NODE_INT_LITERAL && strlen(((const struct node_int_literal *)(const void *)node)->text) == 1 ? ((const struct node_int_literal *)(const void *)node)->text[0] - '0' : -1;
}

/* The collection of `count(C)` or `count(C where cond)`, as it would stand after `exists`; NULL when it is anything else. */
static const char *counted(struct linter *linter, const struct node *node) {
    if (node->kind != NODE_CALL)
        return NULL;
    const struct node_call *call = (const void *)node;
    const char *callee = node_words(call->callee);
    if (!callee || strcmp(callee, "count") != 0 || call->arguments.count != 1 || call->arguments.items[0]->kind != NODE_ARGUMENT)
        return NULL;
    const struct node_argument *argument = AS(argument, ARGUMENT, call->arguments.items[0]);
    if (!argument->value || argument->name || argument->by)
        return NULL;
    bool is_tight = argument->value->kind == NODE_NAME || argument->value->kind == NODE_MEMBER || argument->value->kind == NODE_FILTER;
    if (!is_tight)
        return NULL;
    const char *collection = lint_text(linter, argument->value->span);
    return argument->condition ? arena_format(linter->arena, "%s[%s]", collection, lint_text(linter, argument->condition->span)) : collection;
}

static void look_at_count(struct linter *linter, const struct node_binary *binary) {
    const char *collection = is_comparison(binary->operator) ? counted(linter, binary->left) : NULL;
    int number = collection ? small_number(binary->right) : -1;
    if (number != 0 && number != 1)
        return;
    bool is_some = number == 0 ? binary->operator == OPERATOR_GREATER || binary->operator == OPERATOR_NOT_EQUAL : binary->operator == OPERATOR_AT_LEAST;
    bool is_none = number == 0 ? binary->operator == OPERATOR_EQUAL || binary->operator == OPERATOR_AT_MOST : binary->operator == OPERATOR_LESS;
    if (!is_some && !is_none)
        return;
    const char *plain = arena_format(linter->arena, "%s %s", is_some ? "exists" : "no", collection);
    struct lint_finding *finding = lint_say(linter, LINT_COUNT_FOR_EXISTS, binary->head.span, lint_short(linter, binary->head.span));
    lint_hint(linter, finding, "Write `%s`.", plain);
    lint_edit(linter, finding, binary->head.span, plain);
}

static const char *call_argument(const struct node *node, const char *name) {
    if (node->kind != NODE_CALL)
        return NULL;
    const struct node_call *call = (const void *)node;
    const char *callee = node_words(call->callee);
    return callee && strcmp(callee, name) == 0 ? callee : NULL;
}

static bool has_letter(const char *text, int (*is_such)(int)) {
    for (; *text; text++)
        if (is_such((unsigned char)*text))
            return true;
    return false;
}

static void look_at_letter_case(struct linter *linter, const struct node_binary *binary) {
    bool compares = binary->operator == OPERATOR_EQUAL || binary->operator == OPERATOR_NOT_EQUAL || binary->operator == OPERATOR_CONTAINS;
    for (int side = 0; side < 2 && compares; side++) {
        const struct node *call = side ? binary->right : binary->left, *literal = side ? binary->left : binary->right;
        const char *text = literal->kind == NODE_TEXT_LITERAL ? node_words(literal) : NULL;
        bool never = text && ((call_argument(call, "lower") && has_letter(text, isupper)) || (call_argument(call, "upper") && has_letter(text, islower)));
        if (never)
            lint_say(linter, LINT_LETTER_CASE, binary->head.span, text, lint_short(linter, call->span));
    }
}

/* ---- not, if, lists ---- */

static const char *negated_operator(int operator) {
    switch (operator) {
    case OPERATOR_EQUAL: return "!=";
    case OPERATOR_NOT_EQUAL: return "=";
    case OPERATOR_LESS: return ">=";
    case OPERATOR_AT_MOST: return ">";
    case OPERATOR_GREATER: return "<=";
    case OPERATOR_AT_LEAST: return "<";
    case OPERATOR_IN: return "not in";
    case OPERATOR_NOT_IN: return "in";
    default: return NULL;
    }
}

static void look_at_not(struct linter *linter, struct node_unary *unary) {
    if (unary->operator != OPERATOR_NOT)
        return;
    const struct node_binary *binary = binary_of(unary->operand);
    const char *plain = NULL;
    if (binary && negated_operator(binary->operator))
        plain = arena_format(linter->arena, "%s %s %s", operand_text(linter, binary->left), negated_operator(binary->operator), operand_text(linter, binary->right));
    if (unary->operand->kind == NODE_UNARY) {
        const struct node_unary *inner = AS(unary, UNARY, unary->operand);
        if (inner->operator == OPERATOR_IS_KNOWN || inner->operator == OPERATOR_IS_MISSING)
            plain = arena_format(linter->arena, "%s is %s", operand_text(linter, inner->operand), inner->operator == OPERATOR_IS_KNOWN ? "missing" : "known");
    }
    if (!plain)
        return;
    struct lint_finding *finding = lint_say(linter, LINT_NEGATED_COMPARISON, unary->head.span, lint_short(linter, unary->head.span));
    lint_hint(linter, finding, "Write `%s`.", plain);
    lint_edit(linter, finding, unary->head.span, plain);
}

static void look_at_if(struct linter *linter, struct node_if_expression *given) {
    if (given->then->kind != NODE_BOOL_LITERAL || given->otherwise->kind != NODE_BOOL_LITERAL)
        return;
    bool first = AS(bool_literal, BOOL_LITERAL, given->then)->value != 0, second = AS(bool_literal, BOOL_LITERAL, given->otherwise)->value != 0;
    if (first == second)
        return;
    const char *plain = first ? operand_text(linter, given->condition) : arena_format(linter->arena, "not %s", operand_text(linter, given->condition));
    struct lint_finding *finding = lint_say(linter, LINT_IF_FOR_CONDITION, given->head.span);
    lint_hint(linter, finding, "Write `%s`.", plain);
    lint_edit(linter, finding, given->head.span, plain);
}

static void look_at_list(struct linter *linter, const struct node_list *items) {
    for (int i = 1; i < items->count; i++)
        for (int k = 0; k < i; k++)
            if (node_equal(items->items[i], items->items[k])) {
                struct lint_finding *finding = lint_say(linter, LINT_REPEATED_IN_LIST, items->items[i]->span, lint_short(linter, items->items[i]->span));
                lint_second(linter, finding, items->items[k]->span, "it stands here already");
                lint_edit(linter, finding, (struct span){items->items[i - 1]->span.end, items->items[i]->span.end, items->items[i]->span.file}, "");
                break;
            }
}

static void look_at_list_of_one(struct linter *linter, const struct node_binary *binary) {
    bool is_in = binary->operator == OPERATOR_IN || binary->operator == OPERATOR_NOT_IN;
    if (!is_in || binary->right->kind != NODE_LIST || AS(list_expression, LIST, binary->right)->items.count != 1)
        return;
    const struct node *only = AS(list_expression, LIST, binary->right)->items.items[0];
    const char *plain = arena_format(linter->arena, "%s %s %s", operand_text(linter, binary->left), binary->operator == OPERATOR_IN ? "=" : "!=", operand_text(linter, only));
    struct lint_finding *finding = lint_say(linter, LINT_LIST_OF_ONE, binary->head.span, lint_short(linter, binary->right->span));
    lint_hint(linter, finding, "Write `%s`.", plain);
    lint_edit(linter, finding, binary->head.span, plain);
}

/* ---- parts that stand twice ---- */

struct operands {
    LIST_OF(struct node *) items;
};

static void take_operands(struct arena *arena, struct node *node, int operator, struct operands *operands) {
    const struct node_binary *binary = binary_of(node);
    if (binary && binary->operator == operator) {
        take_operands(arena, binary->left, operator, operands);
        take_operands(arena, binary->right, operator, operands);
    } else
        LIST_ADD(arena, &operands->items, node);
}

static void look_for_repeated(struct linter *linter, const struct node_binary *binary) {
    struct operands operands = {0};
    if (binary->operator != OPERATOR_AND && binary->operator != OPERATOR_OR)
        return;
    take_operands(linter->arena, (struct node *)(uintptr_t)binary, binary->operator, &operands);
    for (int i = 1; i < operands.items.count; i++)
        for (int k = 0; k < i; k++) {
            struct span span = operands.items.items[i]->span, before = operands.items.items[i - 1]->span;
            if (!node_equal(operands.items.items[i], operands.items.items[k]) || lint_said_within(linter, LINT_REPEATED_PART, span))
                continue;
            struct lint_finding *finding = lint_say(linter, LINT_REPEATED_PART, span, lint_short(linter, span));
            lint_second(linter, finding, operands.items.items[k]->span, "it stands here already");
            bool is_plain = binary_of(operands.items.items[i]) == NULL || is_comparison(binary_of(operands.items.items[i])->operator);
            if (is_plain && !memchr(source_get(linter->input->sources, span.file)->text + before.end, '(', span.start - before.end) &&
                !memchr(source_get(linter->input->sources, span.file)->text + before.end, ')', span.start - before.end))
                lint_edit(linter, finding, (struct span){before.end, span.end, span.file}, "");
            break;
        }
}

/* ---- texts that differ in case alone; money ---- */

struct compared_text {
    const char *of, *text; /* of: the words of what it is compared with */
    struct span span;
};
struct looking {
    struct linter *linter;
    LIST_OF(struct compared_text) texts;
};

static const char *lower_words(struct arena *arena, const char *text) {
    size_t length;
    return text_lower(arena, text, strlen(text), &length);
}

static void note_text(struct looking *looking, const struct node *of, const struct node *literal) {
    const char *text = literal->kind == NODE_TEXT_LITERAL ? node_words(literal) : NULL;
    if (!text || !*text)
        return;
    struct compared_text fresh = {lint_words(looking->linter, of->span), text, literal->span};
    for (int i = 0; i < looking->texts.count; i++) {
        const struct compared_text *known = &looking->texts.items[i];
        if (strcmp(known->of, fresh.of) != 0 || strcmp(known->text, text) == 0)
            continue;
        if (strcmp(lower_words(looking->linter->arena, known->text), lower_words(looking->linter->arena, text)) == 0) {
            struct lint_finding *finding = lint_say(looking->linter, LINT_TEXTS_ALIKE, literal->span, fresh.of, text, known->text);
            lint_second(looking->linter, finding, known->span, "here it is written like this");
            break;
        }
    }
    LIST_ADD(looking->linter->arena, &looking->texts, fresh);
}

static void note_texts(struct looking *looking, const struct node_binary *binary) {
    if (binary->operator == OPERATOR_EQUAL || binary->operator == OPERATOR_NOT_EQUAL) {
        note_text(looking, binary->left, binary->right);
        note_text(looking, binary->right, binary->left);
    }
    if ((binary->operator == OPERATOR_IN || binary->operator == OPERATOR_NOT_IN) && binary->right->kind == NODE_LIST) {
        const struct node_list *items = &AS(list_expression, LIST, binary->right)->items;
        for (int i = 0; i < items->count; i++)
            note_text(looking, binary->left, items->items[i]);
    }
}

static void look_at_money(struct linter *linter, const struct node_money_literal *money) {
    if (money->currency && strcmp(money->currency, linter->program->currency) != 0)
        lint_say(linter, LINT_FOREIGN_CURRENCY, money->head.span, money->currency, linter->program->currency);
}

/* ---- nesting ---- */

static bool nests(const struct node *node) {
    return node->kind == NODE_IF || node->kind == NODE_CASE || node->kind == NODE_FILTER || node->kind == NODE_QUERY || node->kind == NODE_CALL || node->kind == NODE_QUANTIFIER;
}

struct depth {
    int now, most;
};

static void measure(struct node *node, void *context) {
    struct depth *depth = context;
    depth->now += nests(node);
    if (depth->now > depth->most)
        depth->most = depth->now;
    node_each_child(node, measure, depth);
    depth->now -= nests(node);
}

static void look_at_depth(struct linter *linter, struct node *expression) {
    struct depth depth = {0};
    measure(expression, &depth);
    if (depth.most > NESTING_MAX && !lint_said_within(linter, LINT_DEEP_NESTING, expression->span))
        lint_say(linter, LINT_DEEP_NESTING, expression->span, depth.most);
}

/* ---- the walk ---- */

static void look_at_clause(struct linter *linter, struct node *node) {
    struct node *expression = NULL;
    switch (node->kind) {
    case NODE_WHEN: expression = AS(when, WHEN, node)->condition; break;
    case NODE_LET: expression = AS(let, LET, node)->value; break;
    case NODE_DERIVED: expression = AS(derived, DERIVED, node)->value; break;
    case NODE_DEFINE: expression = AS(define, DEFINE, node)->body; break;
    case NODE_REQUIREMENT: expression = AS(requirement, REQUIREMENT, node)->condition; break;
    case NODE_FOR: expression = AS(for_clause, FOR, node)->condition; break;
    default: break;
    }
    if (expression)
        look_at_depth(linter, expression);
}

static bool look_at_node(struct node *node, void *context) {
    struct looking *looking = context;
    struct linter *linter = looking->linter;
    const struct node_binary *binary = binary_of(node);
    look_at_clause(linter, node);
    if (binary) {
        look_at_true(linter, binary);
        look_at_count(linter, binary);
        look_at_letter_case(linter, binary);
        look_at_list_of_one(linter, binary);
        look_for_repeated(linter, binary);
        note_texts(looking, binary);
    } else if (node->kind == NODE_UNARY)
        look_at_not(linter, AS(unary, UNARY, node));
    else if (node->kind == NODE_IF)
        look_at_if(linter, AS(if_expression, IF, node));
    else if (node->kind == NODE_LIST)
        look_at_list(linter, &AS(list_expression, LIST, node)->items);
    else if (node->kind == NODE_MONEY_LITERAL)
        look_at_money(linter, (const struct node_money_literal *)(const void *)node);
    return true;
}

void lint_expressions(struct linter *linter) {
    struct looking looking = {.linter = linter};
    for (int f = 0; f < linter->input->file_count; f++)
        if (!linter->input->files[f].is_library)
            lint_walk(linter->input->files[f].tree, look_at_node, &looking);
}
