/* Aggregates of a plan: the spaces their collections range over, and the terms that reduce them. See plan.c.
 * Knows: kinds of collections and aggregates. Does not know: how rows of spaces are made (pass.c, chunk.c), how they are reduced (reduce.c). */
#include "lang/check/texpr.h"
#include "runtime/eval/plan.h"

#include <string.h>

enum { MERGED_ROWS_MIN = 8000000 /* referring records that are not clustered by their owner are merged in when there are more than this, else kept in a table */ };

/* A collection: the rows of a space for which all conditions hold. */
struct element_source {
    const struct texpr *aggregate; /* over it, */
    const struct scope *scope;     /* in this scope */
    struct space *space;
    struct meaning element;
    LIST_OF(struct term *) conditions; /* truths, in the order asked */
    int safe_count;                    /* so many of them come before the first that may fail, with it */
    bool has_failing;
};

static bool compile_source(const struct compiling *compiling, const struct texpr *collection, struct element_source *source);

/* ---- inverses ---- */

static struct space *find_space(struct plan *plan, const struct space *wanted) {
    for (int i = 0; i < plan->spaces.count; i++) {
        struct space *space = plan->spaces.items[i];
        if (space->kind == wanted->kind && space->outer == wanted->outer && space->reference == wanted->reference && space->base == wanted->base &&
            space->target == wanted->target && space->step == wanted->step && space->record == wanted->record && space->from == wanted->from && space->until == wanted->until &&
            space->cadence.unit == wanted->cadence.unit && space->cadence.count == wanted->cadence.count)
            return space;
    }
    return NULL;
}

static struct space *find_or_add_space(struct plan *plan, const struct space *wanted) {
    struct space *space = find_space(plan, wanted);
    if (space)
        return space;
    space = space_add(plan, wanted->kind, wanted->record, wanted->outer);
    space->reference = wanted->reference;
    space->step = wanted->step;
    space->target = wanted->target;
    space->base = wanted->base;
    space->from = wanted->from;
    space->until = wanted->until;
    space->cadence = wanted->cadence;
    return space;
}

static bool is_merged(struct plan *plan, struct field *reference) {
    return reference->record->owner == reference || plan_count(plan, reference->record) > MERGED_ROWS_MIN;
}

static struct term *index_of(struct plan *plan, struct space *space) {
    return term_leaf(plan, TERM_INDEX, FORM_INT, space, NULL);
}

/* ---- pairs ---- */

struct agreeing {
    const struct scope *a, *b;
};

static bool agree(void *context, const struct tvar *x, const struct tvar *y) {
    const struct agreeing *agreeing = context;
    return scopes_agree(agreeing->a, x, agreeing->b, y);
}

/* Whether the aggregates range over the same elements: they stand below the same rows, and ask the same of them. */
static bool has_same_elements(const struct space *pair, const struct element_source *source) {
    struct agreeing agreeing = {pair->scope, source->scope};
    const struct texpr *a = pair->aggregate, *b = source->aggregate;
    if (a->aggregate == AGGREGATE_STREAK || b->aggregate == AGGREGATE_STREAK)
        return false;
    /* The condition is of the aggregate's own element. */
    struct texpr one = {.kind = TEXPR_FILTER, .source = a->source, .variable = a->variable, .condition = a->condition};
    struct texpr other = {.kind = TEXPR_FILTER, .source = b->source, .variable = b->variable, .condition = b->condition};
    return texpr_equal_under(&one, &other, agree, &agreeing);
}

/* Which children make pairs depends on the conditions, so a space of pairs serves those that ask the same. */
static struct space *pair_space(const struct compiling *compiling, struct space *children, const struct element_source *source) {
    struct plan *plan = compiling->plan;
    struct term *base = term_expand(plan, term_leaf(plan, TERM_ROW, FORM_INT, children->outer, NULL), compiling->space);
    for (int i = 0; i < plan->spaces.count; i++) {
        struct space *space = plan->spaces.items[i];
        if (space->kind == SPACE_PAIR && space->outer == compiling->space && space->target == children && space->base == base && has_same_elements(space, source))
            return space;
    }
    struct space *space = space_add(plan, SPACE_PAIR, children->record, compiling->space);
    space->target = children;
    space->base = base;
    space->aggregate = source->aggregate;
    space->scope = source->scope;
    return space;
}

/* Children of the root's row, when that is the innermost row at hand; else those of the root's row that the row at hand belongs to, each with each. */
static void merge_children(const struct compiling *compiling, struct space *root, struct field *reference, struct element_source *source) {
    struct plan *plan = compiling->plan;
    struct space child = {.kind = SPACE_CHILD, .record = reference->record, .outer = root, .reference = reference};
    source->space = find_or_add_space(plan, &child);
    source->element = (struct meaning){.kind = MEANING_ENTITY, .entity = {source->space, NULL}};
    if (compiling->space == root)
        return;
    source->space = pair_space(compiling, source->space, source);
    source->element.entity.index = index_of(plan, source->space);
}

static void reach(const struct compiling *compiling, const struct space *wanted, struct term *position, struct element_source *source) {
    struct plan *plan = compiling->plan;
    struct space space = *wanted;
    space.record = wanted->reference->record;
    space.outer = compiling->space;
    space.target = plan_root(plan, space.record);
    space.base = term_expand(plan, position, compiling->space);
    if (space.step)
        table_keep(plan, space.step);
    else
        table_want_adjacency(plan, space.reference);
    source->space = find_or_add_space(plan, &space);
    source->element = (struct meaning){.kind = MEANING_ENTITY, .entity = {space.target, index_of(plan, source->space)}};
}

/* The record's position in the table of its type. */
static bool compile_position(const struct compiling *compiling, struct entity entity, struct term **position) {
    if (entity.index && entity.target->kind == SPACE_ROOT) {
        *position = entity.index;
        return true;
    }
    if (!entity_of_id(compiling, entity_id(compiling->plan, entity), entity.target->record, &entity))
        return false;
    *position = entity.index;
    return true;
}

static bool compile_inverse(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    struct field *reference = collection->field->inverse_of;
    struct entity base;
    struct term *position;
    if (compiling->space->kind == SPACE_ONCE || !compile_entity(compiling, collection->base, &base))
        return false;
    if (!base.index && base.target->kind == SPACE_ROOT && is_merged(compiling->plan, reference)) {
        merge_children(compiling, base.target, reference, source);
        return true;
    }
    if (plan_count(compiling->plan, reference->record) > MERGED_ROWS_MIN || !compile_position(compiling, base, &position))
        return false;
    struct space wanted = {.kind = SPACE_REACHED, .reference = reference};
    reach(compiling, &wanted, position, source);
    return true;
}

/* ---- transitive ---- */

/* A step along one reference or its inverse, without conditions. */
static bool compile_transitive(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    const struct texpr *step = collection->condition;
    struct space wanted = {.kind = SPACE_TRANSITIVE};
    struct entity base;
    struct term *position;
    bool is_from_variable = step->base && step->base->kind == TEXPR_VARIABLE && step->base->variable == collection->variable;
    if (step->kind == TEXPR_INVERSE)
        wanted.reference = step->field->inverse_of;
    else if (step->kind == TEXPR_FIELD)
        wanted.reference = step->field;
    if (!is_from_variable || !wanted.reference || wanted.reference->type.record != wanted.reference->record || compiling->space->kind == SPACE_ONCE)
        return false;
    if (!compile_entity(compiling, collection->base, &base) || !compile_position(compiling, base, &position))
        return false;
    if (step->kind == TEXPR_FIELD)
        wanted.step = term_leaf(compiling->plan, TERM_COLUMN, FORM_INT, plan_root(compiling->plan, step->field->record), step->field);
    reach(compiling, &wanted, position, source);
    return true;
}

/* ---- periods ---- */

static bool compile_periods(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    struct plan *plan = compiling->plan;
    struct term *days[2];
    if (compiling->space->kind == SPACE_ONCE)
        return false;
    for (int i = 0; i < 2; i++) {
        days[i] = compile(compiling, collection->arguments[i]);
        if (!days[i])
            return false;
        days[i] = term_expand(plan, days[i], compiling->space);
    }
    struct space wanted = {.kind = SPACE_PERIODS, .outer = compiling->space, .from = days[0], .until = days[1], .cadence = collection->cadence};
    source->space = find_or_add_space(plan, &wanted);
    source->element = (struct meaning){.kind = MEANING_VALUE, .value = term_leaf(plan, TERM_PERIOD, FORM_INT, source->space, NULL)};
    return true;
}

/* ---- conditions, maps, queries ---- */

static struct compiling within(const struct compiling *compiling, const struct element_source *source) {
    struct compiling inner = *compiling;
    inner.space = source->space;
    inner.wanted = NULL;
    for (int i = 0; i < source->conditions.count; i++)
        inner.wanted = term_and(compiling->plan, inner.wanted, source->conditions.items[i]);
    return inner;
}

static bool add_conditions(const struct compiling *compiling, const struct texpr *condition, struct element_source *source) {
    struct plan *plan = compiling->plan;
    if (condition->kind == TEXPR_AND) {
        for (int i = 0; i < condition->argument_count; i++)
            if (!add_conditions(compiling, condition->arguments[i], source))
                return false;
        return true;
    }
    struct compiling inner = within(compiling, source);
    struct term *truth = compile(&inner, condition);
    truth = truth ? term_as(plan, truth, FORM_TRUTH) : NULL;
    if (!truth)
        return false;
    LIST_ADD(plan->arena, &source->conditions, truth);
    source->safe_count += !source->has_failing;
    source->has_failing = source->has_failing || condition->may_fail;
    return true;
}

/* The walk asks a value that may fail of every element, be it used or not. */
static void add_asked(struct plan *plan, struct term *value, struct element_source *source) {
    LIST_ADD(plan->arena, &source->conditions, term_asked(plan, value));
    source->safe_count += !source->has_failing;
    source->has_failing = true;
}

static bool compile_filter(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    if (!compile_source(compiling, collection->source, source))
        return false;
    struct compiling inner = *compiling;
    inner.scope = scope_bind(compiling, collection->variable, source->element);
    return add_conditions(&inner, collection->condition, source);
}

static bool compile_map(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    if (!compile_source(compiling, collection->source, source))
        return false;
    struct compiling inner = within(compiling, source);
    inner.scope = scope_bind(compiling, collection->variable, source->element);
    struct meaning mapped = {.kind = MEANING_ENTITY};
    if (collection->condition->type.kind == TYPE_ROW)
        return false;
    if (collection->condition->type.kind != TYPE_RECORD) {
        mapped.kind = MEANING_VALUE;
        mapped.value = compile(&inner, collection->condition);
        if (!mapped.value)
            return false;
    } else if (!compile_entity(&inner, collection->condition, &mapped.entity))
        return false;
    source->element = mapped;
    if (collection->condition->may_fail)
        add_asked(compiling->plan, mapped.value ? mapped.value : entity_id(compiling->plan, mapped.entity), source);
    return true;
}

/* All columns, and what the rows are sorted by. */
static bool ask_columns(const struct compiling *compiling, const struct tquery *query, struct element_source *source) {
    for (int i = 0; i < query->column_count + query->order_count; i++) {
        const struct texpr *value = i < query->column_count ? query->columns[i].value : query->order[i - query->column_count].value;
        struct compiling inner = within(compiling, source);
        inner.scope = compiling->scope;
        struct term *term = value->may_fail ? compile(&inner, value) : NULL;
        if (value->may_fail && !term)
            return false;
        if (term)
            add_asked(compiling->plan, term, source);
    }
    return true;
}

/* The rows of a nested query without groups, from one source, all of them. Their order is another matter: see needs_order. */
static bool compile_query(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    const struct tquery *query = collection->query;
    if (query->grouped || query->take || query->as_of || query->source_count != 1 || !compile_source(compiling, query->sources[0].collection, source))
        return false;
    struct compiling inner = *compiling;
    inner.scope = scope_bind(compiling, query->sources[0].variable, source->element);
    if ((query->condition && !add_conditions(&inner, query->condition, source)) || (query->keep && !add_conditions(&inner, query->keep, source)) || !ask_columns(&inner, query, source))
        return false;
    source->element = (struct meaning){.kind = MEANING_QUERY_ROW, .query = query, .scope = inner.scope};
    if (collection->type.element->kind == TYPE_ROW)
        return true;
    inner = within(compiling, source);
    inner.scope = source->element.scope;
    source->element = (struct meaning){.kind = MEANING_VALUE, .value = compile(&inner, query->columns[0].value)};
    return source->element.value != NULL;
}

static bool compile_bound_source(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    struct compiling inner = *compiling;
    struct meaning meaning = {.kind = MEANING_ENTITY};
    bool is_let = collection->kind == TEXPR_LET;
    const struct texpr *value = is_let ? collection->arguments[0] : collection->base;
    if (value->type.kind == TYPE_RECORD) {
        if (!compile_entity(compiling, value, &meaning.entity))
            return false;
    } else {
        meaning.kind = MEANING_VALUE;
        meaning.value = value->type.kind == TYPE_ROW ? NULL : compile(compiling, value);
        if (!meaning.value)
            return false;
    }
    inner.scope = scope_bind(compiling, is_let ? collection->variable : collection->field->self, meaning);
    return compile_source(&inner, is_let ? collection->arguments[1] : collection->field->value, source);
}

/* Elements that are different already. */
static bool is_distinct(const struct texpr *collection) {
    while (collection->kind == TEXPR_FILTER || collection->kind == TEXPR_DISTINCT)
        collection = collection->source;
    return collection->kind == TEXPR_INVERSE || collection->kind == TEXPR_TRANSITIVE || collection->kind == TEXPR_PERIODS;
}

static bool compile_source(const struct compiling *compiling, const struct texpr *collection, struct element_source *source) {
    switch (collection->kind) {
    case TEXPR_INVERSE:
        return compile_inverse(compiling, collection, source);
    case TEXPR_TRANSITIVE:
        return compile_transitive(compiling, collection, source);
    case TEXPR_PERIODS:
        return compile_periods(compiling, collection, source);
    case TEXPR_FILTER:
        return compile_filter(compiling, collection, source);
    case TEXPR_MAP:
        return compile_map(compiling, collection, source);
    case TEXPR_DISTINCT:
        return is_distinct(collection->source) && compile_source(compiling, collection->source, source);
    case TEXPR_QUERY:
        return compile_query(compiling, collection, source);
    case TEXPR_LET: case TEXPR_DERIVED:
        return compile_bound_source(compiling, collection, source);
    default:
        return false;
    }
}

/* ---- reducing ---- */

/* Only dates in the period outside make pairs: the first condition that says so. */
static void want_dates(struct space *pair, const struct term *condition, const struct term *index) {
    const struct term *date = condition->kind == TERM_OPERATION && condition->operation == OPERATION_DATE_IN_PERIOD && condition->input_count == 3 ? condition->inputs[0] : NULL;
    if (pair->dates || !date || date->kind != TERM_FROM_ROW || date->inputs[0] != index || date->target->space != pair->target || condition->inputs[1]->space != pair)
        return;
    pair->dates = date->target;
    pair->from = condition->inputs[1]->inputs[0]; /* both stand outside, and are expanded */
    pair->until = condition->inputs[2]->inputs[0];
}

/* What a condition says of the row outside or of the child alone decides which pairs are made at all: as long as none before it could have failed for a pair. */
static void want_pairs(struct plan *plan, struct element_source *source) {
    struct space *pair = source->space;
    if (pair->kind != SPACE_PAIR || pair->is_settled)
        return;
    const struct term *index = index_of(plan, pair);
    pair->is_settled = true;
    for (int i = 0; i < source->safe_count; i++) {
        struct term *condition = source->conditions.items[i];
        want_dates(pair, condition, index);
        if (condition->kind == TERM_FROM_ROW && condition->inputs[0] == index)
            pair->target_wanted = term_and(plan, pair->target_wanted, condition->target);
        else if (condition->space != pair)
            pair->outer_wanted = term_and(plan, pair->outer_wanted, term_expand(plan, condition, pair->outer));
    }
}

static struct term *mask_of(struct plan *plan, const struct element_source *source) {
    struct term *mask = NULL;
    for (int i = 0; i < source->conditions.count; i++)
        mask = term_and(plan, mask, source->conditions.items[i]);
    return mask ? term_expand(plan, mask, source->space) : NULL;
}

/* Aggregates that need their rows in order: by id, and all at hand. */
static bool needs_all_rows(enum aggregate_kind kind) {
    return kind == AGGREGATE_STREAK || kind == AGGREGATE_LONGEST_GAP;
}

static bool is_picking(enum aggregate_kind kind) {
    return kind == AGGREGATE_LATEST || kind == AGGREGATE_EARLIEST;
}

/* The parts of the aggregate in terms of its element; false when there is one that a plan cannot have. */
static bool compile_parts(const struct compiling *inner, const struct texpr *aggregate, struct term *term) {
    struct plan *plan = inner->plan;
    const struct texpr *value = aggregate->aggregate == AGGREGATE_STREAK ? aggregate->condition : aggregate->value;
    if (value) {
        term->value = compile(inner, value);
        if (term->value && aggregate->aggregate == AGGREGATE_STREAK)
            term->value = term_as(plan, term->value, FORM_TRUTH);
        bool counts = aggregate->aggregate == AGGREGATE_COUNT || aggregate->aggregate == AGGREGATE_EXISTS || aggregate->aggregate == AGGREGATE_STREAK;
        if (!term->value || (!counts && term->value->form != FORM_INT && term->value->form != FORM_NUMBER))
            return false;
        term->value = term_expand(plan, term->value, inner->space);
    }
    if (aggregate->by) {
        term->by = compile(inner, aggregate->by);
        if (!term->by || (term->by->form != FORM_INT && term->by->form != FORM_NUMBER))
            return false;
        term->by = term_expand(plan, term->by, inner->space);
    }
    return true;
}

static struct term *compile_reduction(const struct compiling *compiling, const struct texpr *aggregate, struct element_source *source) {
    struct plan *plan = compiling->plan;
    enum aggregate_kind kind = aggregate->aggregate;
    source->aggregate = aggregate;
    source->scope = compiling->scope;
    if (kind == AGGREGATE_JOIN || aggregate->source->kind == TEXPR_GROUP || !compile_source(compiling, aggregate->source, source))
        return NULL;
    if ((needs_all_rows(kind) && source->space->kind != SPACE_CHILD) || (is_picking(kind) && source->space->kind == SPACE_TRANSITIVE))
        return NULL;
    struct compiling inner = *compiling;
    if (aggregate->variable)
        inner.scope = scope_bind(compiling, aggregate->variable, source->element);
    if (aggregate->condition && kind != AGGREGATE_STREAK && !add_conditions(&inner, aggregate->condition, source))
        return NULL;
    const struct scope *scope = inner.scope;
    inner = within(compiling, source);
    inner.scope = scope;
    struct term term = {.kind = TERM_REDUCE, .form = is_picking(kind) ? FORM_INT : form_of(aggregate->type), .type = aggregate->type, .space = source->space->outer, .over = source->space, .aggregate = kind};
    if (!compile_parts(&inner, aggregate, &term))
        return NULL;
    if (kind == AGGREGATE_LONGEST_GAP)
        term.unit = aggregate->by->type.kind == TYPE_DATE ? DAY_SECONDS : 1;
    want_pairs(plan, source);
    term.mask = mask_of(plan, source);
    bool is_dear = source->space->kind != SPACE_CHILD;
    if (is_dear && compiling->wanted && space_is_within(term.space, compiling->wanted->space))
        term.wanted = term_expand(plan, compiling->wanted, term.space);
    return term_add(plan, &term);
}

bool compile_pick(const struct compiling *compiling, const struct texpr *aggregate, struct entity *entity) {
    struct element_source source = {0};
    if (!is_picking(aggregate->aggregate) || aggregate->type.kind != TYPE_RECORD)
        return false;
    struct term *pick = compile_reduction(compiling, aggregate, &source);
    /* The element must be the very row of the space, not something it was mapped to. */
    if (!pick || source.element.kind != MEANING_ENTITY || source.element.entity.target->record != aggregate->type.record)
        return false;
    bool is_child = source.space->kind == SPACE_CHILD && !source.element.entity.index;
    bool is_other = source.element.entity.index && source.element.entity.index == index_of(compiling->plan, source.space);
    if (!is_child && !is_other)
        return false;
    *entity = (struct entity){source.element.entity.target, pick};
    return true;
}

/* ---- aggregates in terms of others ---- */

static struct texpr *copy_of(struct plan *plan, const struct texpr *expression) {
    struct texpr *copy = ARENA_NEW(plan->arena, struct texpr);
    *copy = *expression;
    return copy;
}

/* An aggregate over all elements of an aggregate over the elements of each: sum of sums, count as sum of counts. */
static struct texpr *nest(struct plan *plan, const struct texpr *aggregate, struct texpr *source, struct tvar *variable, struct texpr *inner) {
    struct texpr *outer = copy_of(plan, aggregate);
    outer->source = source;
    outer->variable = variable;
    outer->condition = NULL;
    outer->value = inner;
    if (aggregate->aggregate == AGGREGATE_COUNT)
        outer->aggregate = AGGREGATE_SUM;
    if (aggregate->aggregate == AGGREGATE_EXISTS) {
        outer->condition = inner;
        outer->value = NULL;
    }
    return outer;
}

/* Sums of numbers are rounded once, so sums of sums would not do. */
static bool may_nest(const struct texpr *aggregate) {
    switch (aggregate->aggregate) {
    case AGGREGATE_COUNT: case AGGREGATE_EXISTS: case AGGREGATE_LEAST: case AGGREGATE_GREATEST:
        return true;
    case AGGREGATE_SUM:
        return aggregate->type.kind != TYPE_NUMBER;
    default:
        return false;
    }
}

/* Over all elements of a collection of collections. */
static struct term *compile_flattened(const struct compiling *compiling, const struct texpr *aggregate) {
    struct plan *plan = compiling->plan;
    if (!may_nest(aggregate))
        return NULL;
    struct texpr *inner = copy_of(plan, aggregate);
    inner->source = aggregate->source->condition;
    return compile_aggregate(compiling, nest(plan, aggregate, aggregate->source->source, aggregate->source->variable, inner));
}

/* Over the rows of a query from several sources: for each element of the first, those of the query from the others. */
static struct term *compile_several(const struct compiling *compiling, const struct texpr *aggregate) {
    struct plan *plan = compiling->plan;
    const struct tquery *query = aggregate->source->query;
    if (!may_nest(aggregate) || query->grouped || query->take)
        return NULL;
    struct tquery *rest = ARENA_NEW(plan->arena, struct tquery);
    *rest = *query;
    rest->sources++;
    rest->source_count--;
    struct texpr *inner = copy_of(plan, aggregate), *source = copy_of(plan, aggregate->source);
    source->query = rest;
    inner->source = source;
    return compile_aggregate(compiling, nest(plan, aggregate, query->sources[0].collection, query->sources[0].variable, inner));
}

/* ---- aggregates of other records ---- */

/* The expression of a record that the collection starts from: c.costs[…] starts from c. Changed is the collection with it replaced, when wanted. */
static const struct texpr *find_start(const struct texpr *collection) {
    while (collection->kind == TEXPR_FILTER || collection->kind == TEXPR_MAP || collection->kind == TEXPR_FLATTEN || collection->kind == TEXPR_DISTINCT || collection->kind == TEXPR_NEWEST)
        collection = collection->source;
    bool has_base = collection->kind == TEXPR_INVERSE || collection->kind == TEXPR_TRANSITIVE || collection->kind == TEXPR_DERIVED;
    return has_base && collection->base->type.kind == TYPE_RECORD ? collection->base : NULL;
}

static struct texpr *with_start(struct plan *plan, const struct texpr *collection, struct texpr *start) {
    struct texpr *copy = copy_of(plan, collection);
    if (collection->kind == TEXPR_INVERSE || collection->kind == TEXPR_TRANSITIVE || collection->kind == TEXPR_DERIVED)
        copy->base = start;
    else
        copy->source = with_start(plan, collection->source, start);
    return copy;
}

struct only_uses {
    const struct tvar *variable;
    struct arena *arena;
    LIST_OF(const struct tvar *) bound;
    bool others;
};

static bool note_bound(const struct texpr *part, void *context) {
    struct only_uses *uses = context;
    if (part->kind != TEXPR_VARIABLE && part->variable)
        LIST_ADD(uses->arena, &uses->bound, part->variable);
    for (int i = 0; part->query && i < part->query->source_count; i++)
        LIST_ADD(uses->arena, &uses->bound, part->query->sources[i].variable);
    return true;
}

static bool note_others(const struct texpr *part, void *context) {
    struct only_uses *uses = context;
    if (part->kind == TEXPR_GROUP || part->kind == TEXPR_KEY_OF_GROUP)
        uses->others = true;
    if (part->kind != TEXPR_VARIABLE || part->variable == uses->variable)
        return !uses->others;
    for (int i = 0; i < uses->bound.count; i++)
        if (uses->bound.items[i] == part->variable)
            return true;
    uses->others = true;
    return false;
}

bool plan_only_uses(struct plan *plan, const struct texpr *expression, const struct tvar *variable) {
    struct only_uses uses = {.variable = variable, .arena = plan->arena};
    texpr_walk(expression, note_bound, &uses);
    texpr_walk(expression, note_others, &uses);
    return !uses.others;
}

/* Where the record is missing the collection is empty, and so has what an empty one has: no elements, a sum of 0. */
static struct term *or_of_nothing(struct plan *plan, const struct texpr *aggregate, struct term *term) {
    switch (aggregate->aggregate) {
    case AGGREGATE_COUNT: case AGGREGATE_EXISTS: case AGGREGATE_SUM: case AGGREGATE_STREAK: {
        struct value nothing = term->form == FORM_NUMBER ? value_number(0) : value_int(0);
        struct term *choices[2] = {term, term_constant(plan, aggregate->type, nothing)};
        return term_with(plan, TERM_DEFAULT, term->form, aggregate->type, 2, choices);
    }
    default:
        return term;
    }
}

/* An aggregate that has to do with one record alone is evaluated where that record is a row: sum(parent.costs.amount) for all parents there are, once. *done says whether
 * that was tried and is the way to go. */
static struct term *compile_elsewhere(const struct compiling *compiling, const struct texpr *aggregate, bool *done) {
    struct plan *plan = compiling->plan;
    const struct texpr *start = find_start(aggregate->source);
    struct entity entity;
    *done = false;
    if (!start || !compile_entity(compiling, start, &entity) || (!entity.index && entity.target == compiling->space))
        return NULL;
    if (entity.target->kind == SPACE_CHILD && (entity.index || !entity_of_id(compiling, entity_id(plan, entity), entity.target->record, &entity)))
        return NULL;
    struct tvar *variable = ARENA_NEW(plan->arena, struct tvar);
    *variable = (struct tvar){.id = plan->walker->inputs->program->variable_count + ++plan->variable_count, .name = "it", .type = start->type};
    variable->type.optional = false;
    struct texpr *use = ARENA_NEW(plan->arena, struct texpr), *moved = copy_of(plan, aggregate);
    *use = (struct texpr){.kind = TEXPR_VARIABLE, .type = variable->type, .variable = variable};
    moved->source = with_start(plan, aggregate->source, use);
    if (!plan_only_uses(plan, moved, variable))
        return NULL;
    struct compiling inner = {.plan = plan, .space = entity.target};
    struct entity at_hand = {entity.target, NULL};
    inner.scope = scope_bind(&inner, variable, (struct meaning){.kind = MEANING_ENTITY, .entity = at_hand});
    struct term *term = compile_aggregate(&inner, moved);
    if (!term)
        return NULL;
    *done = true;
    return or_of_nothing(plan, aggregate, entity_get(plan, entity, term));
}

struct term *compile_aggregate(const struct compiling *compiling, const struct texpr *aggregate) {
    struct element_source source = {0};
    struct entity picked;
    bool done;
    if (compiling->space->kind == SPACE_ONCE)
        return NULL;
    struct term *term = compile_elsewhere(compiling, aggregate, &done);
    if (done)
        return term;
    if (aggregate->source->kind == TEXPR_FLATTEN)
        return compile_flattened(compiling, aggregate);
    if (aggregate->source->kind == TEXPR_QUERY && aggregate->source->query->source_count > 1)
        return compile_several(compiling, aggregate);
    if (is_picking(aggregate->aggregate))
        return compile_pick(compiling, aggregate, &picked) ? entity_id(compiling->plan, picked) : NULL;
    return compile_reduction(compiling, aggregate, &source);
}
