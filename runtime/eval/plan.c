/* Plans: expressions over all elements of a type at once.
 *
 * A walk takes one element at a time and looks up what it needs. For a full check that is far too slow, so all rules of a type (and what they need of other types)
 * are first compiled into one plan, and the plan runs over the store in a few passes.
 *
 * Terms and spaces. Each part of an expression becomes a term, which has a value for every row of its space. The space SPACE_ROOT holds 256 elements at a time; a
 * SPACE_CHILD the rows that refer to them, taken from a cursor in the order of owners that runs beside the elements' own. Below these stand spaces whose rows
 * are made as needed: pairs of child rows, records reached through a reference. An aggregate is a term of the outer space that reduces the rows of the inner one. A
 * term is evaluated for all rows of its space in one tight loop, when it is asked for and no more than once: terms that mean the same are the same term
 * (term.c), so that a derived field, or an aggregate that three rules use, is evaluated once.
 *
 * Other elements. What is needed of other records (parent.due, sum(children.budget), transitive(children).spent) comes from tables (table.c): columns of values by
 * position, loaded or computed for all records of a type. A reference becomes a position (TERM_POSITION), and TERM_FROM_TABLE takes the value there. Inverses
 * between tables are kept as lists of positions. latest(…) gives the number of a child's row, and TERM_FROM_ROW takes what is wanted of it.
 *
 * Levels. A value taken from a table must have been computed for all records before. level counts these steps: 0 for what follows from an element, its
 * children, and stored fields of others; and one more than the value taken otherwise. The passes of level 0 run first, and so on. A pass reads the store only if its
 * terms reduce children; aggregates of lower levels are kept in the table instead of being computed again.
 *
 * Failures. A value that cannot be computed (an overflow) is marked so, and so is all that follows from it; what a condition drops is not asked for. Where a rule's
 * own condition is marked, the element is walked, and the walk gives the message, or the truth. So the plan never decides what is an error.
 *
 * Whatever a plan has no term for is walked row by row inside it (TERM_WALK), with the plan's rows at hand.
 *
 * Knows: kinds of scalar expressions. Does not know: collections and aggregates (plan_source.c), how terms are evaluated. */
#include "runtime/eval/plan.h"

#include <stdlib.h>
#include <string.h>

enum {
    COLUMN_BYTES   = 8 << 20, /* of pages of columns in memory */
    LOOK_UP_FACTOR = 16 /* a table may be so many times as large as the type whose elements are evaluated */
};

/* ---- beginning and end ---- */

void plan_start(struct plan *plan, struct walker *walker, struct failure *ignored) {
    *plan = (struct plan){.walker = walker, .failure = walker->failure, .ignored = ignored, .arena = arena_create(), .texts = arena_create(), .pool = column_pool_create(COLUMN_BYTES), .sees_small = true};
    plan->once = space_add(plan, SPACE_ONCE, NULL, NULL);
    plan->once->count = 1;
    plan->counts = ARENA_ARRAY(plan->arena, int64_t, walker->inputs->program->records.count);
    for (int i = 0; i < walker->inputs->program->records.count; i++)
        plan->counts[i] = -1;
}

static void free_vector(struct vector *vector) {
    free(vector->items);
    free(vector->states);
}

static void free_space(struct space *space) {
    cursor_close(space->cursor);
    free(space->offsets);
    free(space->index);
    free(space->reaches);
    free(space->table_ids);
    if (space->kind != SPACE_CHILD)
        return;
    free(space->ids);
    for (int i = 0; space->columns && i < space->fields.count; i++) {
        free(space->columns[i].integers);
        free(space->columns[i].numbers);
        free(space->columns[i].texts);
        free(space->columns[i].lengths);
        free(space->columns[i].missing);
    }
}

void plan_finish(struct plan *plan) {
    for (int i = 0; i < plan->tables.count; i++)
        table_free(plan->tables.items[i]);
    for (int i = 0; i < plan->terms.count; i++) {
        free_vector(&plan->terms.items[i]->owned);
        column_free(&plan->terms.items[i]->column);
        reduce_free(plan->terms.items[i]);
    }
    for (int i = 0; i < plan->spaces.count; i++)
        free_space(plan->spaces.items[i]);
    column_pool_destroy(plan->pool);
    arena_destroy(plan->texts);
    arena_destroy(plan->arena);
}

struct space *plan_root(struct plan *plan, struct record_type *record) {
    for (int i = 0; i < plan->spaces.count; i++)
        if (plan->spaces.items[i]->kind == SPACE_ROOT && plan->spaces.items[i]->record == record)
            return plan->spaces.items[i];
    return space_add(plan, SPACE_ROOT, record, plan->once);
}

int64_t plan_count(struct plan *plan, struct record_type *record) {
    int64_t *count = &plan->counts[record->index];
    if (*count < 0 && !store_count(plan->walker->inputs->store, record, count, plan->failure)) {
        plan->has_failed = true;
        *count = 0;
    }
    return *count;
}

/* ---- what variables stand for ---- */

const struct scope *scope_bind(const struct compiling *compiling, const struct tvar *variable, struct meaning meaning) {
    struct scope *scope = ARENA_NEW(compiling->plan->arena, struct scope);
    *scope = (struct scope){compiling->scope, variable, meaning};
    return scope;
}

static const struct meaning *scope_find(const struct compiling *compiling, const struct tvar *variable) {
    for (const struct scope *scope = compiling->scope; scope; scope = scope->outer)
        if (scope->variable == variable)
            return &scope->meaning;
    return NULL;
}

static const struct slot *bound_slot(const struct compiling *compiling, const struct tvar *variable) {
    const struct walker *walker = compiling->plan->walker;
    return variable->id < walker->slot_count && walker->slots[variable->id].is_bound ? &walker->slots[variable->id] : NULL;
}

/* Does the expression use the variable first of all, so that it fails where the variable's value does? */
static bool is_used_first(const struct texpr *expression, const struct tvar *variable) {
    switch (expression->kind) {
    case TEXPR_VARIABLE:
        return expression->variable == variable;
    case TEXPR_OPERATION:
        return is_used_first(expression->arguments[0], variable) || (expression->argument_count > 1 && is_used_first(expression->arguments[1], variable));
    case TEXPR_AND: case TEXPR_OR: case TEXPR_NOT: case TEXPR_CASE: case TEXPR_DEFAULT: case TEXPR_IS_KNOWN: case TEXPR_IS_MISSING: case TEXPR_IN: case TEXPR_REQUIRE: case TEXPR_LET:
        return is_used_first(expression->arguments[0], variable);
    case TEXPR_FIELD: case TEXPR_DERIVED: case TEXPR_ID:
        return is_used_first(expression->base, variable);
    default:
        return false;
    }
}

/* The value of a let is asked before the body, be it used there or not. */
static bool is_asked_apart(const struct texpr *let) {
    return let->arguments[0]->may_fail && !is_used_first(let->arguments[1], let->variable);
}

/* ---- records ---- */

struct term *entity_get(struct plan *plan, struct entity entity, struct term *value) {
    if (!entity.index)
        return value;
    struct term term = {.form = value->form, .type = value->type, .space = entity.index->space, .inputs = &entity.index, .input_count = 1};
    if (entity.target->kind == SPACE_CHILD)
        term.kind = TERM_FROM_ROW;
    else {
        term.kind = TERM_FROM_TABLE;
        term.table = table_of(plan, entity.target);
    }
    term.target = value;
    if (value->space != plan->once)
        term.target = term_expand(plan, value, entity.target);
    if (term.kind == TERM_FROM_TABLE)
        table_keep(plan, term.target);
    return term_add(plan, &term);
}

/* The reference by which children are merged is their owner's id. */
struct term *entity_field(struct plan *plan, struct entity entity, struct field *field) {
    struct term *term;
    if (entity.target->kind == SPACE_CHILD && field == entity.target->reference)
        term = term_leaf(plan, TERM_ID, FORM_INT, entity.target->outer, NULL);
    else
        term = term_leaf(plan, TERM_COLUMN, form_of(field->type), entity.target, field);
    return entity_get(plan, entity, term);
}

struct term *entity_id(struct plan *plan, struct entity entity) {
    return entity_get(plan, entity, term_leaf(plan, TERM_ID, FORM_INT, entity.target, NULL));
}

/* A table is loaded as a whole: not for a few look-ups in a very large type. */
static bool is_in_proportion(const struct compiling *compiling, struct record_type *record) {
    struct plan *plan = compiling->plan;
    const struct space *root = space_root(compiling->space);
    if (!root)
        return false;
    return !plan->sees_small || plan_count(plan, record) <= LOOK_UP_FACTOR * (plan_count(plan, root->record) + ROOT_ROWS);
}

bool entity_of_id(const struct compiling *compiling, struct term *id, struct record_type *record, struct entity *entity) {
    struct plan *plan = compiling->plan;
    if (!is_in_proportion(compiling, record))
        return false;
    struct term term = {.kind = TERM_POSITION, .form = FORM_INT, .type = {.kind = TYPE_INT}, .space = id->space, .inputs = &id, .input_count = 1};
    entity->target = plan_root(plan, record);
    term.table = table_of(plan, entity->target);
    entity->index = term_add(plan, &term);
    return true;
}

/* body, in terms of self alone, with self standing for the record at `entity`. It is compiled for all rows of the entity's space; where the entity is one among them, it
 * is taken from there. */
static struct term *compile_at(const struct compiling *compiling, struct entity entity, const struct tvar *self, const struct texpr *body) {
    struct compiling inner = {.plan = compiling->plan, .space = entity.target};
    struct entity at_hand = {entity.target, NULL};
    inner.scope = scope_bind(&inner, self, (struct meaning){.kind = MEANING_ENTITY, .entity = at_hand});
    struct term *term = compile(&inner, body);
    if (!term || (entity.index && term->kind == TERM_WALK))
        return NULL;
    return entity_get(compiling->plan, entity, term);
}

/* As compile_at for a derived field; its term is remembered, so that derived fields built upon one another are compiled once each. */
static struct term *compile_derived_at(const struct compiling *compiling, struct entity entity, const struct field *field) {
    struct plan *plan = compiling->plan;
    struct term *term = NULL;
    bool is_known = false;
    for (int i = 0; i < plan->derived.count && !is_known; i++) {
        is_known = plan->derived.items[i].field == field && plan->derived.items[i].target == entity.target;
        term = is_known ? plan->derived.items[i].term : NULL;
    }
    if (!is_known) {
        term = compile_at(compiling, (struct entity){entity.target, NULL}, field->self, field->value);
        struct derived_memo memo = {field, entity.target, term};
        LIST_ADD(plan->arena, &plan->derived, memo);
    }
    return term && !(entity.index && term->kind == TERM_WALK) ? entity_get(plan, entity, term) : NULL;
}

/* The record that body gives, in terms of self at `entity`. */
static bool compile_entity_at(const struct compiling *compiling, struct entity entity, const struct tvar *self, const struct texpr *body, struct entity *result) {
    struct plan *plan = compiling->plan;
    struct compiling inner = {.plan = plan, .space = entity.target};
    struct entity at_hand = {entity.target, NULL};
    inner.scope = scope_bind(&inner, self, (struct meaning){.kind = MEANING_ENTITY, .entity = at_hand});
    if (!compile_entity(&inner, body, result))
        return false;
    if (!entity.index)
        return true;
    if (!result->index) { /* self again, or the owner of a child's row */
        if (result->target == entity.target)
            *result = entity;
        return result->target == entity.target || entity.index->kind == TERM_INDEX;
    }
    if (result->target->kind == SPACE_CHILD && entity.target->kind != SPACE_CHILD)
        return false; /* rows of children are there only while their owner's are */
    result->index = entity_get(plan, entity, result->index);
    return true;
}

static bool compile_entity_field(const struct compiling *compiling, const struct texpr *expression, struct entity *entity) {
    struct entity base;
    if (!compile_entity(compiling, expression->base, &base))
        return false;
    bool is_pair = base.index && base.index->kind == TERM_INDEX;
    if (base.target->kind == SPACE_CHILD && expression->field == base.target->reference && (!base.index || is_pair)) {
        *entity = (struct entity){base.target->outer, NULL};
        return true;
    }
    return entity_of_id(compiling, entity_field(compiling->plan, base, expression->field), expression->type.record, entity);
}

bool compile_entity(const struct compiling *compiling, const struct texpr *expression, struct entity *entity) {
    struct plan *plan = compiling->plan;
    struct compiling inner = *compiling;
    struct entity base;
    switch (expression->kind) {
    case TEXPR_VARIABLE: {
        const struct meaning *meaning = scope_find(compiling, expression->variable);
        if (meaning && meaning->kind == MEANING_ENTITY) {
            *entity = meaning->entity;
            return true;
        }
        break;
    }
    case TEXPR_FIELD:
        return compile_entity_field(compiling, expression, entity);
    case TEXPR_DERIVED:
        return compile_entity(compiling, expression->base, &base) && compile_entity_at(compiling, base, expression->field->self, expression->field->value, entity);
    case TEXPR_AGGREGATE:
        if (compile_pick(compiling, expression, entity))
            return true;
        break;
    case TEXPR_LET: {
        if (is_asked_apart(expression))
            return false;
        struct term *value = expression->arguments[0]->type.kind == TYPE_RECORD ? NULL : compile(compiling, expression->arguments[0]);
        struct meaning meaning = {.kind = value ? MEANING_VALUE : MEANING_ENTITY, .value = value};
        if (!value && !(expression->arguments[0]->type.kind == TYPE_RECORD && compile_entity(compiling, expression->arguments[0], &meaning.entity)))
            return false;
        inner.scope = scope_bind(compiling, expression->variable, meaning);
        return compile_entity(&inner, expression->arguments[1], entity);
    }
    default:
        break;
    }
    struct term *id = compile(compiling, expression);
    id = id ? term_as(plan, id, FORM_INT) : NULL;
    return id && id->kind != TERM_WALK && entity_of_id(compiling, id, expression->type.record, entity);
}

/* ---- fields ---- */

/* x.derived.field, where derived gives a record, is (what derived stands for).field at x. */
static struct term *compile_field_of_derived(const struct compiling *compiling, const struct texpr *expression) {
    const struct texpr *base = expression->base;
    struct entity entity;
    if (!compile_entity(compiling, base->base, &entity))
        return NULL;
    struct texpr *inlined = ARENA_NEW(compiling->plan->arena, struct texpr);
    *inlined = *expression;
    inlined->base = base->field->value;
    return compile_at(compiling, entity, base->field->self, inlined);
}

static struct term *compile_field(const struct compiling *compiling, const struct texpr *expression) {
    struct entity entity;
    if (expression->base->kind == TEXPR_DERIVED)
        return compile_field_of_derived(compiling, expression);
    if (!compile_entity(compiling, expression->base, &entity))
        return NULL;
    if (expression->kind == TEXPR_FIELD)
        return entity_field(compiling->plan, entity, expression->field);
    return compile_derived_at(compiling, entity, expression->field);
}

static struct term *compile_column(const struct compiling *compiling, const struct texpr *expression) {
    const struct meaning *meaning = expression->base->kind == TEXPR_VARIABLE ? scope_find(compiling, expression->base->variable) : NULL;
    if (!meaning || meaning->kind != MEANING_QUERY_ROW)
        return NULL;
    struct compiling inner = *compiling;
    inner.scope = meaning->scope;
    return compile(&inner, meaning->query->columns[expression->number].value);
}

static struct term *compile_variable(const struct compiling *compiling, const struct texpr *expression) {
    const struct meaning *meaning = scope_find(compiling, expression->variable);
    if (meaning && meaning->kind == MEANING_VALUE)
        return meaning->value;
    if (meaning && meaning->kind == MEANING_ENTITY)
        return entity_id(compiling->plan, meaning->entity);
    const struct slot *slot = meaning ? NULL : bound_slot(compiling, expression->variable);
    return slot ? term_constant(compiling->plan, expression->type, slot->element.value) : NULL;
}

/* ---- operations and choices ---- */

static bool compile_all(const struct compiling *compiling, const struct texpr *expression, struct term **terms) {
    for (int i = 0; i < expression->argument_count; i++) {
        terms[i] = compile(compiling, expression->arguments[i]);
        if (!terms[i])
            return false;
    }
    return true;
}

static bool all_as(struct plan *plan, struct term **terms, int first, int step, int count, enum form form) {
    for (int i = first; i < count; i += step)
        if ((terms[i] = term_as(plan, terms[i], form)) == NULL)
            return false;
    return true;
}

static enum operation turned(enum operation operation) {
    switch (operation) {
    case OPERATION_LESS: return OPERATION_GREATER;
    case OPERATION_AT_MOST: return OPERATION_AT_LEAST;
    case OPERATION_GREATER: return OPERATION_LESS;
    case OPERATION_AT_LEAST: return OPERATION_AT_MOST;
    default: return operation;
    }
}

static struct term *compile_operation(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    enum operation operation = expression->operation;
    struct term *inputs[2];
    struct term term = {.kind = TERM_OPERATION, .form = form_of(expression->type), .type = expression->type, .operation = operation, .first = expression->arguments[0]->type, .space = plan->once};
    term.inputs = inputs;
    term.input_count = operation == OPERATION_MULTIPLY_DECIMAL ? 1 : expression->argument_count;
    if (operation == OPERATION_MULTIPLY_DECIMAL)
        term.factor = expression->arguments[1]->constant.decimal;
    for (int i = 0; i < term.input_count; i++) {
        inputs[i] = compile(compiling, expression->arguments[i]);
        bool is_missing = expression->arguments[i]->kind == TEXPR_MISSING;
        enum form wanted = is_missing ? form_of(expression->arguments[0]->type) : form_of(expression->arguments[i]->type) == FORM_TRUTH ? FORM_INT : form_of(expression->arguments[i]->type);
        if (!inputs[i] || (inputs[i] = term_as(plan, inputs[i], wanted)) == NULL)
            return NULL;
    }
    bool is_comparison = operation >= OPERATION_EQUAL && operation <= OPERATION_AT_LEAST;
    if (is_comparison && inputs[0]->space == plan->once && inputs[1]->space != plan->once) { /* what is the same for all stands second */
        struct term *first = inputs[0];
        inputs[0] = inputs[1];
        inputs[1] = first;
        term.operation = turned(operation);
        term.first = expression->arguments[1]->type;
    }
    for (int i = 0; i < term.input_count; i++)
        term.space = space_deepest(term.space, inputs[i]->space);
    for (int i = 0; i < term.input_count; i++)
        inputs[i] = term_expand(plan, inputs[i], term.space);
    bool gives_bool = term.form == FORM_TRUTH && !is_comparison; /* other operations give a bool as an int */
    if (gives_bool)
        term.form = FORM_INT;
    struct term *made = term_add(plan, &term);
    return gives_bool ? term_as(plan, made, FORM_TRUTH) : made;
}

/* Where the left side decides, what is dear on the right is not evaluated. */
static struct term *compile_logic(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    struct term *result = NULL;
    for (int i = 0; i < expression->argument_count; i++) {
        struct compiling inner = *compiling;
        if (result)
            inner.wanted = term_and(plan, compiling->wanted, expression->kind == TEXPR_AND ? result : term_not(plan, result));
        struct term *side = compile(&inner, expression->arguments[i]);
        side = side ? term_as(plan, side, FORM_TRUTH) : NULL;
        if (!side)
            return NULL;
        if (!result)
            result = side;
        else if (expression->kind == TEXPR_AND)
            result = term_and(plan, result, side);
        else
            result = term_with(plan, TERM_OR, FORM_TRUTH, expression->type, 2, (struct term *const[]){result, side});
    }
    return result;
}

static struct term *compile_choice(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    int count = expression->argument_count;
    struct term **terms = ARENA_ARRAY(plan->arena, struct term *, count);
    enum form form = form_of(expression->type);
    if (!compile_all(compiling, expression, terms))
        return NULL;
    if (expression->kind == TEXPR_DEFAULT)
        return all_as(plan, terms, 0, 1, count, form) ? term_with(plan, TERM_DEFAULT, form, expression->type, count, terms) : NULL;
    if (count == 1)
        return term_as(plan, terms[0], form);
    terms[count - 1] = term_as(plan, terms[count - 1], form);
    bool good = terms[count - 1] && all_as(plan, terms, 0, 2, count - 1, FORM_TRUTH) && all_as(plan, terms, 1, 2, count - 1, form);
    return good ? term_with(plan, TERM_CASE, form, expression->type, count, terms) : NULL;
}

static struct term *compile_in(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    struct term **terms = ARENA_ARRAY(plan->arena, struct term *, expression->argument_count);
    if (!compile_all(compiling, expression, terms))
        return NULL;
    enum form form = terms[0]->form == FORM_TRUTH ? FORM_INT : terms[0]->form;
    if (!all_as(plan, terms, 0, 1, expression->argument_count, form))
        return NULL;
    return term_with(plan, TERM_IN, FORM_TRUTH, expression->type, expression->argument_count, terms);
}

static struct term *compile_unary(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    struct term *input = compile(compiling, expression->arguments[0]);
    if (!input)
        return NULL;
    switch (expression->kind) {
    case TEXPR_NOT:
        input = term_as(plan, input, FORM_TRUTH);
        return input ? term_not(plan, input) : NULL;
    case TEXPR_IS_KNOWN:
        return term_with(plan, TERM_IS_KNOWN, FORM_TRUTH, expression->type, 1, &input);
    case TEXPR_IS_MISSING:
        return term_with(plan, TERM_IS_MISSING, FORM_TRUTH, expression->type, 1, &input);
    default:
        return term_with(plan, TERM_REQUIRE, input->form, expression->type, 1, &input);
    }
}

static struct term *compile_let(const struct compiling *compiling, const struct texpr *expression) {
    struct compiling inner = *compiling;
    struct meaning meaning = {.kind = MEANING_VALUE};
    const struct texpr *value = expression->arguments[0];
    if (value->type.kind == TYPE_ROW)
        return NULL;
    if (value->type.kind == TYPE_RECORD) {
        meaning.kind = MEANING_ENTITY;
        if (!compile_entity(compiling, value, &meaning.entity))
            return NULL;
    } else if ((meaning.value = compile(compiling, value)) == NULL)
        return NULL;
    inner.scope = scope_bind(compiling, expression->variable, meaning);
    struct term *body = compile(&inner, expression->arguments[1]);
    if (!body || !is_asked_apart(expression))
        return body;
    struct term *asked = term_asked(compiling->plan, meaning.value ? meaning.value : entity_id(compiling->plan, meaning.entity));
    return term_with(compiling->plan, TERM_CASE, body->form, expression->type, 3, (struct term *const[]){asked, body, body});
}

/* ---- what is walked ---- */

struct using {
    const struct compiling *compiling;
    LIST_OF(const struct tvar *) bound, used;
};

static bool note_use(const struct texpr *part, void *context) {
    struct using *using = context;
    struct arena *arena = using->compiling->plan->arena;
    if (part->kind != TEXPR_VARIABLE) {
        if (part->variable)
            LIST_ADD(arena, &using->bound, part->variable);
        for (int i = 0; part->query && i < part->query->source_count; i++)
            LIST_ADD(arena, &using->bound, part->query->sources[i].variable);
        return true;
    }
    for (int i = 0; i < using->used.count; i++)
        if (using->used.items[i] == part->variable)
            return true;
    LIST_ADD(arena, &using->used, part->variable);
    return true;
}

static bool is_bound_within(const struct using *using, const struct tvar *variable) {
    for (int i = 0; i < using->bound.count; i++)
        if (using->bound.items[i] == variable)
            return true;
    return false;
}

/* Fields that walks read of rows that a space has: so they need not be looked up. */
struct noting_fields {
    struct plan *plan;
    struct space *space;
    LIST_OF(const struct field *) entered;
};

static bool note_fields(const struct texpr *part, void *context) {
    struct noting_fields *noting = context;
    if (part->kind == TEXPR_FIELD && part->field->record == noting->space->record && part->field != noting->space->reference)
        term_leaf(noting->plan, TERM_COLUMN, form_of(part->field->type), noting->space, part->field);
    if (part->kind == TEXPR_DERIVED) {
        for (int i = 0; i < noting->entered.count; i++)
            if (noting->entered.items[i] == part->field)
                return true;
        LIST_ADD(noting->plan->arena, &noting->entered, part->field);
        texpr_walk(part->field->value, note_fields, noting);
    }
    return true;
}

void plan_note_fields(struct plan *plan, struct space *space, const struct texpr *expression) {
    struct noting_fields noting = {.plan = plan, .space = space};
    texpr_walk(expression, note_fields, &noting);
}

/* What the variable is in the walking term's space. Rows of queries cannot be bound. */
static bool bind_for_walk(const struct compiling *compiling, const struct texpr *expression, const struct tvar *variable, struct walk_binding *binding) {
    struct plan *plan = compiling->plan;
    const struct meaning *meaning = scope_find(compiling, variable);
    *binding = (struct walk_binding){.variable = variable};
    if (!meaning || meaning->kind == MEANING_QUERY_ROW)
        return false;
    if (meaning->kind == MEANING_VALUE) {
        binding->value = meaning->value;
        return true;
    }
    binding->value = entity_id(plan, meaning->entity);
    if (meaning->entity.index && meaning->entity.target->kind != SPACE_CHILD)
        return true;
    binding->target = meaning->entity.target;
    binding->row = meaning->entity.index;
    plan_note_fields(plan, binding->target, expression);
    return true;
}

struct term *compile_walk(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    struct using using = {.compiling = compiling};
    if (expression->type.kind == TYPE_ROW || expression->type.kind == TYPE_COLLECTION)
        return NULL;
    texpr_walk(expression, note_use, &using);
    struct term term = {.kind = TERM_WALK, .form = form_of(expression->type), .type = expression->type, .space = plan->once, .expression = expression};
    term.bindings = ARENA_ARRAY(plan->arena, struct walk_binding, using.used.count);
    for (int i = 0; i < using.used.count; i++) {
        const struct tvar *variable = using.used.items[i];
        if (is_bound_within(&using, variable) || (!scope_find(compiling, variable) && bound_slot(compiling, variable)))
            continue;
        struct walk_binding *binding = &term.bindings[term.binding_count++];
        if (!bind_for_walk(compiling, expression, variable, binding))
            return NULL;
        term.space = space_deepest(term.space, binding->value->space);
        if (binding->target && !binding->row)
            term.space = space_deepest(term.space, binding->target);
    }
    for (int i = 0; i < term.binding_count; i++) {
        struct walk_binding *binding = &term.bindings[i];
        binding->value = term_expand(plan, binding->value, term.space);
        if (binding->row)
            binding->row = term_expand(plan, binding->row, term.space);
        else if (binding->target && binding->target != term.space)
            binding->target = NULL; /* a row outside: its id will do */
    }
    if (compiling->wanted && space_is_within(term.space, compiling->wanted->space))
        term.wanted = term_expand(plan, compiling->wanted, term.space);
    walker_note(plan->walker, expression);
    return term_add(plan, &term);
}

/* ---- all of them ---- */

static struct term *compile_kind(const struct compiling *compiling, const struct texpr *expression) {
    struct plan *plan = compiling->plan;
    const struct run_inputs *run = operator_context_inputs(plan->walker->inputs->operators);
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        return term_constant(plan, expression->type, value_from_constant(expression->type, &expression->constant));
    case TEXPR_MISSING: case TEXPR_POISON:
        return term_constant(plan, expression->type, value_missing());
    case TEXPR_TODAY:
        return term_constant(plan, expression->type, value_int(run->today));
    case TEXPR_NOW:
        return term_constant(plan, expression->type, value_int(run->now));
    case TEXPR_VARIABLE:
        return compile_variable(compiling, expression);
    case TEXPR_ID:
        return compile(compiling, expression->base);
    case TEXPR_FIELD: case TEXPR_DERIVED:
        return compile_field(compiling, expression);
    case TEXPR_COLUMN:
        return compile_column(compiling, expression);
    case TEXPR_OPERATION:
        return compile_operation(compiling, expression);
    case TEXPR_AND: case TEXPR_OR:
        return compile_logic(compiling, expression);
    case TEXPR_CASE: case TEXPR_DEFAULT:
        return compile_choice(compiling, expression);
    case TEXPR_IN:
        return compile_in(compiling, expression);
    case TEXPR_NOT: case TEXPR_IS_KNOWN: case TEXPR_IS_MISSING: case TEXPR_REQUIRE:
        return compile_unary(compiling, expression);
    case TEXPR_LET:
        return compile_let(compiling, expression);
    case TEXPR_AGGREGATE:
        return compile_aggregate(compiling, expression);
    default:
        return NULL;
    }
}

struct term *compile(const struct compiling *compiling, const struct texpr *expression) {
    if (expression->type.kind == TYPE_ROW || expression->type.kind == TYPE_COLLECTION)
        return NULL;
    struct term *term = compile_kind(compiling, expression);
    return term ? term : compile_walk(compiling, expression);
}

struct term *plan_compile(struct plan *plan, struct space *root, const struct tvar *element, const struct texpr *expression, struct term *wanted) {
    struct compiling compiling = {.plan = plan, .space = root, .wanted = wanted};
    struct entity entity = {root, NULL};
    compiling.scope = scope_bind(&compiling, element, (struct meaning){.kind = MEANING_ENTITY, .entity = entity});
    return compile(&compiling, expression);
}
