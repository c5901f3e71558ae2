/* Scopes, facts about missing values, and small helpers of the checker.
 * Knows: typed expressions. Does not know: operators, declarations. */
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

struct tvar *variable_create(struct checker *checker, const char *name, struct type type) {
    struct tvar *variable = ARENA_NEW(checker->arena, struct tvar);
    variable->id = checker->program->variable_count++;
    variable->name = name;
    variable->type = type;
    return variable;
}

struct scope *scope_push(struct checker *checker, struct scope *outer, enum scope_kind kind, const char *name, struct tvar *variable, struct texpr *value) {
    struct scope *scope = ARENA_NEW(checker->arena, struct scope);
    *scope = (struct scope){outer, kind, name, variable, value};
    return scope;
}

void budget_renew(struct checker *checker) {
    checker->node_budget = LIMIT_EXPRESSION_NODES;
    checker->copy_budget = LIMIT_EXPRESSION_COPIES;
}

struct texpr *substitute(struct checker *checker, const struct texpr *expression, const struct tvar *from, struct texpr *to, struct span span) {
    bool is_said = checker->copy_budget < 0;
    struct texpr *copy = texpr_substitute(checker->arena, expression, from, to, &checker->program->variable_count, &checker->copy_budget);
    if (checker->copy_budget >= 0)
        return copy;
    if (!is_said)
        diagnostic_add(checker->diagnostics, DIAG_EXPRESSION_TOO_LARGE, span, (int)LIMIT_EXPRESSION_COPIES);
    return texpr_poison(checker->arena, span);
}

struct fact *fact_push(struct checker *checker, const struct fact *outer, const struct texpr *known) {
    struct fact *fact = ARENA_NEW(checker->arena, struct fact);
    *fact = (struct fact){outer, known};
    return fact;
}

/* A field of a record is only known when the record is, so the whole path becomes known at once. */
static const struct fact *know(struct checker *checker, const struct fact *facts, const struct texpr *expression) {
    for (;;) {
        facts = fact_push(checker, facts, expression);
        if (expression->kind != TEXPR_FIELD && expression->kind != TEXPR_DERIVED && expression->kind != TEXPR_COLUMN)
            return facts;
        expression = expression->base;
    }
}

/* The same of condition with element in the place of variable, which may both be NULL. Only what a fact is about is copied, not the whole condition. */
static const struct fact *facts_when_of(struct checker *checker, const struct fact *facts, const struct texpr *condition, bool truth, const struct tvar *variable, struct texpr *element) {
    struct texpr *known;
    switch (condition->kind) {
    case TEXPR_AND:
    case TEXPR_OR:
        if (truth == (condition->kind == TEXPR_AND)) {
            facts = facts_when_of(checker, facts, condition->arguments[0], truth, variable, element);
            facts = facts_when_of(checker, facts, condition->arguments[1], truth, variable, element);
        }
        return facts;
    case TEXPR_NOT:
        return facts_when_of(checker, facts, condition->arguments[0], !truth, variable, element);
    case TEXPR_IS_KNOWN:
    case TEXPR_IS_MISSING:
        if (truth != (condition->kind == TEXPR_IS_KNOWN))
            return facts;
        known = condition->arguments[0];
        return know(checker, facts, variable ? substitute(checker, known, variable, element, known->span) : known);
    default:
        return facts;
    }
}

const struct fact *facts_when(struct checker *checker, const struct fact *facts, const struct texpr *condition, bool truth) {
    return facts_when_of(checker, facts, condition, truth, NULL, NULL);
}

static void visit_guard(struct node *node, void *context) {
    bool *found = context;
    *found = *found || may_guard(node);
}

bool may_guard(const struct node *condition) {
    bool found = false;
    if (condition->kind == NODE_UNARY) {
        int operator = ((const struct node_unary *)(const void *)condition)->operator;
        found = operator == OPERATOR_IS_KNOWN || operator == OPERATOR_IS_MISSING;
    }
    if (!found)
        node_each_child(condition, visit_guard, &found);
    return found;
}

void learn(struct context *context, const struct node *written, const struct texpr *condition, bool truth) {
    if (is_poison(condition))
        context->lost_guard = context->lost_guard || may_guard(written);
    else
        context->facts = facts_when(context->checker, context->facts, condition, truth);
}

const struct fact *facts_of_element(struct checker *checker, const struct fact *facts, const struct texpr *collection, struct tvar *variable) {
    for (; collection->kind == TEXPR_FILTER || collection->kind == TEXPR_NEWEST; collection = collection->source) {
        struct texpr *element = texpr_variable(checker->arena, variable, collection->span);
        if (collection->kind == TEXPR_FILTER) {
            facts = facts_when_of(checker, facts, collection->condition, true, collection->variable, element);
        } else if (collection->condition) {
            facts = know(checker, facts, substitute(checker, collection->condition, collection->variable, element, collection->span));
        }
    }
    return facts;
}

struct texpr *apply_facts(struct context *context, struct texpr *expression) {
    if (!expression->type.optional || expression->type.kind == TYPE_POISON)
        return expression;
    for (const struct fact *fact = context->facts; fact; fact = fact->outer)
        if (fact->known->kind == expression->kind && texpr_equal(fact->known, expression)) {
            struct texpr *known = ARENA_NEW(context->checker->arena, struct texpr);
            *known = *expression;
            known->type.optional = false;
            return known;
        }
    return expression;
}

const char *name_text(const struct node *node) {
    if (!node)
        return "";
    if (node->kind == NODE_NAME)
        return ((const struct node_name *)(const void *)node)->text;
    if (node->kind == NODE_TEXT_LITERAL) {
        const struct node_text_literal *literal = (const void *)node;
        if (literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART)
            return ((const struct node_text_part *)(const void *)literal->parts.items[0])->text;
    }
    return "";
}

struct span node_span(const struct node *node) {
    return node ? node->span : (struct span){0, 0, 0};
}

const char *type_words(struct checker *checker, struct type type) {
    return type_text(checker->arena, type);
}

enum { ENUM_WORDS_MAX = 12 };

const char *enum_words(struct checker *checker, const struct enum_type *enumeration) {
    const char *words = "";
    for (int i = 0; i < enumeration->value_count && i < ENUM_WORDS_MAX; i++)
        words = arena_format(checker->arena, "%s%s%s", words, i ? ", " : "", enumeration->values[i].name);
    int more = enumeration->value_count - ENUM_WORDS_MAX;
    return more > 0 ? arena_format(checker->arena, "%s and %d more", words, more) : words;
}

struct type money_type(struct checker *checker) {
    return (struct type){.kind = TYPE_MONEY, .currency = checker->program->currency};
}

const char *source_words(struct checker *checker, const struct node *node) {
    return source_quote(checker->arena, checker->diagnostics->sources, node->span);
}

bool is_poison(const struct texpr *expression) {
    return expression->type.kind == TYPE_POISON;
}

struct texpr *poison(struct context *context, const struct node *node) {
    return texpr_poison(context->checker->arena, node_span(node));
}
