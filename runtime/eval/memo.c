/* What is known of an aggregate, a nested query or a reference before it is walked: whether it is the same all through the run, and then its value.
 * Knows: which variables an expression binds and uses. Does not know: values. */
#include "runtime/eval/walk.h"

#include <stdlib.h>
#include <string.h>

/* ---- is it closed? ---- */

struct variables {
    const struct walker *walker;
    struct arena *arena;
    LIST_OF(const struct tvar *) bound;
    bool is_open;
};

static bool note_bound(const struct texpr *part, void *context) {
    struct variables *variables = context;
    if (part->kind != TEXPR_VARIABLE && part->variable)
        LIST_ADD(variables->arena, &variables->bound, part->variable);
    for (int i = 0; part->query && i < part->query->source_count; i++)
        LIST_ADD(variables->arena, &variables->bound, part->query->sources[i].variable);
    return true;
}

static bool is_bound(const struct variables *variables, const struct tvar *variable) {
    for (int i = 0; i < variables->bound.count; i++)
        if (variables->bound.items[i] == variable)
            return true;
    const struct engine_inputs *inputs = variables->walker->inputs;
    for (int i = 0; i < inputs->binding_count; i++)
        if (inputs->bindings[i].variable == variable)
            return true;
    return false;
}

static bool note_used(const struct texpr *part, void *context) {
    struct variables *variables = context;
    if (part->kind == TEXPR_VARIABLE && !is_bound(variables, part->variable))
        variables->is_open = true;
    return !variables->is_open;
}

/* Does the expression use the group of a query outside it? inside: it stands in a place where a query within it has a group. */
static bool uses_group(const struct texpr *expression, bool inside);

static bool any_uses_group(struct texpr *const *expressions, int count, bool inside) {
    for (int i = 0; i < count; i++)
        if (uses_group(expressions[i], inside))
            return true;
    return false;
}

static bool query_uses_group(const struct tquery *query, bool inside) {
    bool within = inside || query->grouped;
    for (int i = 0; i < query->source_count; i++)
        if (uses_group(query->sources[i].collection, inside))
            return true;
    for (int i = 0; i < query->group_count; i++)
        if (uses_group(query->groups[i].value, inside))
            return true;
    for (int i = 0; i < query->column_count; i++)
        if (uses_group(query->columns[i].value, within))
            return true;
    for (int i = 0; i < query->order_count; i++)
        if (uses_group(query->order[i].value, within))
            return true;
    return uses_group(query->condition, inside) || uses_group(query->keep, within) || uses_group(query->take, inside);
}

static bool uses_group(const struct texpr *expression, bool inside) {
    if (!expression)
        return false;
    if (expression->kind == TEXPR_GROUP || expression->kind == TEXPR_KEY_OF_GROUP)
        return !inside;
    if (expression->query && query_uses_group(expression->query, inside))
        return true;
    return uses_group(expression->base, inside) || uses_group(expression->source, inside) || uses_group(expression->condition, inside) ||
           uses_group(expression->value, inside) || uses_group(expression->by, inside) || any_uses_group(expression->arguments, expression->argument_count, inside);
}

static bool is_closed(const struct walker *walker, const struct texpr *expression) {
    if (uses_group(expression, false))
        return false;
    struct variables variables = {.walker = walker, .arena = arena_create()};
    texpr_walk(expression, note_bound, &variables);
    texpr_walk(expression, note_used, &variables);
    arena_destroy(variables.arena);
    return !variables.is_open;
}

/* ---- the table: open addressing by the node's address and the change as of which it is walked ---- */

static size_t place_of(const struct walker *walker, const struct texpr *expression, int64_t as_of) {
    uint64_t hash = ((uint64_t)(uintptr_t)expression ^ (uint64_t)as_of * 31) * UINT64_C(0x9E3779B97F4A7C15);
    size_t mask = (size_t)walker->memo_capacity - 1, at = (size_t)(hash >> 32) & mask;
    while (walker->memos[at].expression && (walker->memos[at].expression != expression || walker->memos[at].as_of != as_of))
        at = (at + 1) & mask;
    return at;
}

static void grow(struct walker *walker) {
    struct memo *before = walker->memos;
    int capacity = walker->memo_capacity;
    walker->memo_capacity = capacity ? capacity * 2 : 64;
    walker->memos = calloc((size_t)walker->memo_capacity, sizeof *walker->memos);
    if (!walker->memos)
        abort();
    for (int i = 0; i < capacity; i++)
        if (before[i].expression)
            walker->memos[place_of(walker, before[i].expression, before[i].as_of)] = before[i];
    free(before);
}

struct memo *walker_memo(struct walker *walker, const struct texpr *expression) {
    if (walker->memo_count * 2 >= walker->memo_capacity)
        grow(walker);
    struct memo *memo = &walker->memos[place_of(walker, expression, walker->as_of)];
    if (memo->expression)
        return memo;
    walker->memo_count++;
    memo->expression = expression;
    memo->as_of = walker->as_of;
    memo->is_closed = expression->kind == TEXPR_REFERENCE || is_closed(walker, expression);
    return memo;
}
