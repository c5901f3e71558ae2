/* Collections: filters, paths over them, aggregates.
 * Knows: elements and their scopes. Does not know: queries, arithmetic. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

struct context enter_element(struct context *context, struct texpr *collection, const char *binder, struct tvar **variable) {
    struct checker *checker = context->checker;
    *variable = variable_create(checker, binder ? binder : "it", *collection->type.element);
    struct context inner = *context;
    enum scope_kind kind = (*variable)->type.kind == TYPE_RECORD || (*variable)->type.kind == TYPE_ROW ? SCOPE_ELEMENT : SCOPE_VARIABLE;
    inner.scope = scope_push(checker, context->scope, kind, binder, *variable, NULL);
    inner.facts = facts_of_element(checker, context->facts, collection, *variable);
    return inner;
}

static struct texpr *refuse_collection(struct context *context, struct node *node, struct texpr *expression, const char *what) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NOT_A_COLLECTION, node->span, what, type_words(checker, expression->type));
    if (expression->type.kind == TYPE_RECORD) {
        struct buffer names = {0};
        for (int i = 0, shown = 0; i < expression->type.record->field_count && shown < 4; i++)
            if (expression->type.record->fields[i]->kind == FIELD_INVERSE)
                buffer_add_format(&names, "%s`%s.%s`", shown++ ? ", " : "", source_words(checker, node), expression->type.record->fields[i]->name);
        if (names.length)
            diagnostic_hint(checker->diagnostics, said, "Its collections are %s.", buffer_string(&names));
        buffer_free(&names);
    }
    return poison(context, node);
}

/* ---- filters ---- */

static struct texpr *make_filter(struct context *context, struct texpr *source, struct tvar *variable, struct texpr *condition, struct span span) {
    struct texpr *filter = texpr_create(context->checker->arena, TEXPR_FILTER, source->type, span);
    filter->source = source;
    filter->variable = variable;
    filter->condition = condition;
    texpr_note_failing(filter);
    return filter;
}

/* `waiver[initiative = initiative["METERS"]]`: within, the name is that of a field. */
static bool hides_records(struct context *context, const struct node_filter *filter, const struct texpr *base) {
    return filter->base->kind == NODE_NAME && base->kind == TEXPR_FIELD && base->type.kind == TYPE_RECORD && program_find_record(context->checker->program, name_text(filter->base));
}

static struct texpr *refuse_hidden(struct context *context, const struct node_filter *filter, const struct texpr *base) {
    struct checker *checker = context->checker;
    const char *name = name_text(filter->base);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_FIELD_HIDES_RECORDS, filter->base->span, name, base->field->record->name);
    if (filter->condition->kind == NODE_TEXT_LITERAL)
        diagnostic_hint(checker->diagnostics, said, "The field is compared with a key: `%s = %s`.", name, source_words(checker, filter->condition));
    return poison(context, filter->base);
}

struct texpr *check_filter(struct context *context, struct node *node) {
    struct node_filter *filter = AS(filter, FILTER, node);
    struct texpr *base = check_expression(context, filter->base, NULL);
    if (is_poison(base))
        return base;
    if (base->type.kind != TYPE_COLLECTION && hides_records(context, filter, base))
        return refuse_hidden(context, filter, base);
    if (base->type.kind != TYPE_COLLECTION)
        return refuse_collection(context, filter->base, base, "what stands before `[`");
    if (base->kind == TEXPR_ALL && filter->condition->kind == NODE_TEXT_LITERAL && name_text(filter->condition)[0])
        return key_reference(context, base->type.element->record, name_text(filter->condition), node->span);
    struct tvar *variable;
    struct context inner = enter_element(context, base, filter->binder ? name_text(filter->binder) : NULL, &variable);
    struct texpr *condition = check_condition(&inner, filter->condition, "the condition in `[…]`");
    return is_poison(condition) ? condition : make_filter(context, base, variable, condition, node->span);
}

/* ---- paths over collections ---- */

struct texpr *map_collection(struct context *context, struct texpr *collection, struct field *field, int column, struct span span) {
    struct checker *checker = context->checker;
    struct tvar *variable;
    struct context inner = enter_element(context, collection, NULL, &variable);
    struct texpr *element = texpr_variable(checker->arena, variable, span);
    struct texpr *value;
    if (field)
        value = make_field(&inner, element, field, span);
    else {
        value = texpr_create(checker->arena, TEXPR_COLUMN, variable->type.row->columns[column].type, span);
        value->base = element;
        value->number = column;
        value = apply_facts(&inner, value);
    }
    if (is_poison(value))
        return value;
    bool is_flat = value->type.kind != TYPE_COLLECTION;
    struct texpr *mapped = texpr_create(checker->arena, is_flat ? TEXPR_MAP : TEXPR_FLATTEN,
                                        is_flat ? type_of_collection(checker->arena, value->type) : value->type, span);
    mapped->source = collection;
    mapped->variable = variable;
    mapped->condition = value;
    texpr_note_failing(mapped);
    return mapped;
}

struct texpr *check_list(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_list_expression *list = AS(list_expression, LIST, node);
    const struct type *wish = expected && expected->kind == TYPE_COLLECTION ? expected->element : NULL;
    struct texpr **items = ARENA_ARRAY(checker->arena, struct texpr *, list->items.count);
    struct type element = wish ? *wish : type_of_kind(TYPE_NOTHING);
    for (int i = 0; i < list->items.count; i++) {
        struct node *written = list->items.items[i];
        items[i] = require_known(context, check_expression(context, written, element.kind == TYPE_NOTHING ? NULL : &element), written);
        if (is_poison(items[i]))
            return items[i];
        if (items[i]->type.kind == TYPE_COLLECTION) {
            diagnostic_add(checker->diagnostics, DIAG_LIST_OF_LISTS, written->span);
            return poison(context, node);
        }
        if (items[i]->type.kind == TYPE_DECIMAL)
            items[i] = convert_to(checker, items[i], type_of_kind(TYPE_NUMBER));
        if (element.kind == TYPE_NOTHING)
            element = items[i]->type;
        struct texpr *converted = convert_to(checker, items[i], element);
        if (!converted) {
            diagnostic_add(checker->diagnostics, DIAG_BRANCHES_DIFFER, written->span, type_words(checker, items[i]->type), type_words(checker, element));
            return poison(context, node);
        }
        items[i] = converted;
    }
    return texpr_with(checker->arena, TEXPR_LIST, type_of_collection(checker->arena, element), node->span, list->items.count, items);
}

/* ---- aggregates ---- */

/* A collection of scalars is its source and what is taken of each element. */
static void take_apart(struct context *context, struct texpr *aggregate, struct texpr *collection) {
    struct checker *checker = context->checker;
    if (collection->kind == TEXPR_MAP) {
        aggregate->source = collection->source;
        aggregate->variable = collection->variable;
        aggregate->value = collection->condition;
        return;
    }
    aggregate->source = collection;
    aggregate->variable = variable_create(checker, "it", *collection->type.element);
    struct type element = *collection->type.element;
    if (element.kind != TYPE_RECORD && element.kind != TYPE_ROW)
        aggregate->value = texpr_variable(checker->arena, aggregate->variable, collection->span);
}

static struct type aggregate_type(enum aggregate_kind kind, struct type element) {
    switch (kind) {
    case AGGREGATE_COUNT: case AGGREGATE_STREAK:
        return type_of_kind(TYPE_INT);
    case AGGREGATE_EXISTS:
        return type_of_kind(TYPE_BOOL);
    case AGGREGATE_SUM:
        return type_optional(element, false);
    case AGGREGATE_AVERAGE:
        return type_optional(element.kind == TYPE_INT ? type_of_kind(TYPE_NUMBER) : element, true);
    case AGGREGATE_LONGEST_GAP:
        return type_optional(type_of_kind(TYPE_DURATION), true);
    case AGGREGATE_JOIN:
        return type_of_kind(TYPE_TEXT);
    default:
        return type_optional(element, true);
    }
}

struct texpr *make_aggregate(struct context *context, enum aggregate_kind kind, struct texpr *collection, struct span span) {
    struct texpr *aggregate = texpr_create(context->checker->arena, TEXPR_AGGREGATE, aggregate_type(kind, *collection->type.element), span);
    aggregate->aggregate = kind;
    take_apart(context, aggregate, collection);
    bool only_counts = kind == AGGREGATE_COUNT || kind == AGGREGATE_EXISTS;
    if (only_counts && aggregate->value && !aggregate->value->type.optional)
        aggregate->value = NULL; /* nothing can be missing, so the rows are enough */
    texpr_note_failing(aggregate);
    return aggregate;
}

struct texpr *check_quantifier(struct context *context, struct node *node) {
    struct node_quantifier *quantifier = AS(quantifier, QUANTIFIER, node);
    struct texpr *collection = check_expression(context, quantifier->collection, NULL);
    if (is_poison(collection))
        return collection;
    if (collection->type.kind != TYPE_COLLECTION) {
        const char *word = quantifier->negated ? "no" : "exists";
        if (collection->type.optional) {
            struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_NOT_A_COLLECTION, node->span, word, type_words(context->checker, collection->type));
            diagnostic_hint(context->checker->diagnostics, said, "Of one value that may be missing, ask `%s %s`.", source_words(context->checker, quantifier->collection),
                            quantifier->negated ? "is missing" : "is known");
            return poison(context, node);
        }
        return refuse_collection(context, quantifier->collection, collection, word);
    }
    struct texpr *exists = make_aggregate(context, AGGREGATE_EXISTS, collection, node->span);
    return quantifier->negated ? texpr_unary(context->checker->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), exists) : exists;
}

/* ---- aggregates and collection functions by name ---- */

static const struct {
    const char *name;
    enum aggregate_kind kind;
    bool wants_by;
} aggregate_names[] = {
    {"count", AGGREGATE_COUNT, false},    {"sum", AGGREGATE_SUM, false},         {"avg", AGGREGATE_AVERAGE, false},
    {"min", AGGREGATE_LEAST, false},      {"max", AGGREGATE_GREATEST, false},    {"latest", AGGREGATE_LATEST, true},
    {"earliest", AGGREGATE_EARLIEST, true}, {"streak", AGGREGATE_STREAK, true},  {"longest_gap", AGGREGATE_LONGEST_GAP, true},
    {"join", AGGREGATE_JOIN, false},
};

static bool can_sum(struct type type) {
    return type.kind == TYPE_INT || type.kind == TYPE_NUMBER || type.kind == TYPE_MONEY || type.kind == TYPE_DURATION;
}

static bool can_order(struct type type) {
    return type_representation(type) != REPRESENTATION_NONE && type.kind != TYPE_RECORD && type.kind != TYPE_ROW && type.kind != TYPE_BOOL;
}

/* Says why the elements do not do for the aggregate; true when they do. */
static bool elements_do(struct context *context, struct node *node, enum aggregate_kind kind, struct type element, const char *name) {
    struct checker *checker = context->checker;
    bool good = kind == AGGREGATE_SUM || kind == AGGREGATE_AVERAGE ? can_sum(element)
              : kind == AGGREGATE_LEAST || kind == AGGREGATE_GREATEST ? can_order(element)
              : kind == AGGREGATE_JOIN ? element.kind == TYPE_TEXT : true;
    if (good || element.kind == TYPE_POISON)
        return good;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CANNOT_AGGREGATE, node->span, name, type_words(checker, type_optional(element, false)));
    if (kind == AGGREGATE_JOIN && element.kind != TYPE_RECORD)
        diagnostic_hint(checker->diagnostics, said, "Make texts of them first, as a derived field does: `extend initiative { written = \"{budget}\" }`, then `join(initiative.written, \", \")`.");
    if (element.kind != TYPE_RECORD)
        return false;
    struct nearest nearest = {0};
    for (int i = FIELD_KEY; i < element.record->field_count && !nearest.best; i++) {
        struct field *field = element.record->fields[i];
        field_settle(checker, field);
        bool fits = kind == AGGREGATE_JOIN ? i >= FIELD_NAME && field->type.kind == TYPE_TEXT : i >= FIELD_FIRST_OWN && (kind == AGGREGATE_LEAST || kind == AGGREGATE_GREATEST ? can_order(field->type) : can_sum(field->type));
        if (fits)
            nearest.best = field->name;
    }
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "Say which of its fields: `%s(%s.%s)`.", name, source_words(checker, node), nearest.best);
    return false;
}

static struct texpr *aggregate_of_group(struct context *context, struct node *node, enum aggregate_kind kind, const char *name, struct node_argument *argument) {
    struct checker *checker = context->checker;
    struct group_frame *group = context->group;
    struct context inner = *context;
    inner.group = NULL;
    inner.scope = group->source_scope;
    inner.facts = group->source_facts;
    struct texpr *aggregate = texpr_create(checker->arena, TEXPR_AGGREGATE, type_of_kind(TYPE_INT), node->span);
    aggregate->aggregate = kind;
    aggregate->source = texpr_create(checker->arena, TEXPR_GROUP, type_of_collection(checker->arena, type_of_kind(TYPE_NOTHING)), node->span);
    if (argument && argument->condition) {
        aggregate->condition = check_condition(&inner, argument->condition, "`where`");
        if (is_poison(aggregate->condition))
            return aggregate->condition;
        inner.facts = facts_when(checker, inner.facts, aggregate->condition, true);
    }
    struct type element = type_of_kind(TYPE_INT);
    if (argument && argument->value) {
        struct texpr *value = check_expression(&inner, argument->value, NULL);
        if (is_poison(value))
            return value;
        if (value->type.kind == TYPE_COLLECTION) { /* the sum of each row's sum, the greatest of each row's greatest */
            if (kind == AGGREGATE_AVERAGE || kind == AGGREGATE_JOIN) {
                diagnostic_add(checker->diagnostics, DIAG_COLLECTION_IN_GROUP, node->span, name);
                return poison(context, node);
            }
            if (!elements_do(context, argument->value, kind, *value->type.element, name))
                return poison(context, node);
            value = make_aggregate(&inner, kind, value, argument->value->span);
            if (kind == AGGREGATE_COUNT)
                aggregate->aggregate = kind = AGGREGATE_SUM;
        }
        if (value->type.kind == TYPE_DECIMAL)
            value = convert_to(checker, value, type_of_kind(TYPE_NUMBER));
        element = value->type;
        aggregate->value = value;
    }
    if (kind != AGGREGATE_COUNT && !aggregate->value) {
        diagnostic_add(checker->diagnostics, DIAG_AGGREGATE_OF_WHAT, node->span, name);
        return poison(context, node);
    }
    if (!elements_do(context, node, kind, element, name))
        return poison(context, node);
    aggregate->type = aggregate_type(kind, element);
    if (kind == AGGREGATE_COUNT && aggregate->value && !aggregate->value->type.optional)
        aggregate->value = NULL;
    texpr_note_failing(aggregate);
    return aggregate;
}

static bool visit_source_use(const struct texpr *part, void *data) {
    void **state = data;
    const struct tquery *query = state[0];
    for (int i = 0; i < query->source_count; i++)
        if (part->kind == TEXPR_VARIABLE && part->variable == query->sources[i].variable)
            state[1] = state;
    return !state[1];
}

static bool uses_sources(const struct tquery *query, const struct texpr *expression) {
    void *state[] = {(void *)(uintptr_t)query, NULL};
    texpr_walk(expression, visit_source_use, state);
    return state[1] != NULL;
}

/* Inside a grouped query: an aggregate over the group, unless it is over a collection of its own (`count(cost)`, `count(from …)`). */
static bool is_about_group(struct context *context, struct node_argument *argument) {
    if (!argument || !argument->value)
        return true;
    struct checker *checker = context->checker;
    struct context inner = *context;
    inner.group = NULL;
    inner.scope = context->group->source_scope;
    inner.facts = context->group->source_facts;
    int count = checker->diagnostics->list.count, errors = checker->diagnostics->error_count;
    struct texpr *value = check_expression(&inner, argument->value, NULL);
    checker->diagnostics->list.count = count;
    checker->diagnostics->error_count = errors;
    return is_poison(value) || value->type.kind != TYPE_COLLECTION || uses_sources(context->group->query, value);
}

static struct texpr *check_by(struct context *context, struct node *node, struct node_argument *argument, struct texpr *collection, const char *name, struct texpr *aggregate) {
    struct checker *checker = context->checker;
    if (!argument->by) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_BY_WANTED, node->span, name);
        diagnostic_hint(checker->diagnostics, said, "Say by which field: `%s(%s by …)`.", name, source_words(checker, argument->value));
        return poison(context, node);
    }
    struct tvar *variable;
    struct context inner = enter_element(context, collection, NULL, &variable);
    struct texpr *by = check_expression(&inner, argument->by, NULL);
    if (is_poison(by))
        return by;
    if (!can_order(by->type)) {
        diagnostic_add(checker->diagnostics, DIAG_CANNOT_ORDER, argument->by->span, type_words(checker, by->type));
        return poison(context, node);
    }
    aggregate->source = collection;
    aggregate->variable = variable;
    aggregate->by = by;
    if (argument->condition) {
        aggregate->condition = check_condition(&inner, argument->condition, "`where`");
        if (is_poison(aggregate->condition))
            return aggregate->condition;
    }
    return by;
}

static struct texpr *check_ordered(struct context *context, struct node *node, enum aggregate_kind kind, const char *name, struct node_list arguments) {
    struct checker *checker = context->checker;
    struct node_argument *first = AS(argument, ARGUMENT, arguments.items[0]);
    struct node_argument *argument = first;
    int64_t number = 0;
    if (arguments.count == 2 && (kind == AGGREGATE_LATEST || kind == AGGREGATE_EARLIEST)) {
        struct texpr *count = check_as(context, first->value, type_of_kind(TYPE_INT), "how many");
        if (is_poison(count))
            return count;
        if (count->kind != TEXPR_CONSTANT || count->constant.integer < 1) {
            diagnostic_add(checker->diagnostics, DIAG_COUNT_NOT_CONSTANT, first->value->span);
            return poison(context, node);
        }
        number = count->constant.integer;
        argument = AS(argument, ARGUMENT, arguments.items[1]);
    }
    struct texpr *collection = check_expression(context, argument->value, NULL);
    if (is_poison(collection))
        return collection;
    if (collection->type.kind != TYPE_COLLECTION || (collection->type.element->kind != TYPE_RECORD && collection->type.element->kind != TYPE_ROW))
        return refuse_collection(context, argument->value, collection, name);
    struct texpr *result = texpr_create(checker->arena, number ? TEXPR_NEWEST : TEXPR_AGGREGATE, number ? collection->type : aggregate_type(kind, *collection->type.element), node->span);
    struct texpr *by = check_by(context, node, argument, collection, name, result);
    if (is_poison(by) || (result->condition && is_poison(result->condition)))
        return poison(context, node);
    if (number) {
        result->number = number;
        result->oldest = kind == AGGREGATE_EARLIEST;
        result->condition = by;
        result->by = NULL;
        texpr_note_failing(result);
        return result;
    }
    result->aggregate = kind;
    if (kind == AGGREGATE_STREAK && !result->condition) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_STREAK_WHERE, node->span);
        diagnostic_hint(checker->diagnostics, said, "Write `streak(statuses by reported_on where rag = red)`.");
        return poison(context, node);
    }
    if (kind == AGGREGATE_LONGEST_GAP && by->type.kind != TYPE_DATE && by->type.kind != TYPE_DATETIME) {
        diagnostic_add(checker->diagnostics, DIAG_WRONG_TYPE, argument->by->span, "what `longest_gap` goes by", "date", type_words(checker, by->type));
        return poison(context, node);
    }
    texpr_note_failing(result);
    return result;
}

static struct texpr *with_separator(struct context *context, struct node *node, struct texpr *aggregate, struct node_list arguments) {
    struct checker *checker = context->checker;
    struct texpr *separator = arguments.count > 1 ? check_as(context, AS(argument, ARGUMENT, arguments.items[1])->value, type_of_kind(TYPE_TEXT), "what `join` puts between") : texpr_text(checker->arena, ", ", 2, node->span);
    if (is_poison(separator))
        return separator;
    if (separator->kind != TEXPR_CONSTANT) {
        diagnostic_add(checker->diagnostics, DIAG_SEPARATOR_NOT_CONSTANT, node->span);
        return poison(context, node);
    }
    aggregate->text = separator->constant.text;
    return aggregate;
}

static struct texpr *check_plain(struct context *context, struct node *node, enum aggregate_kind kind, const char *name, struct node_list arguments) {
    struct checker *checker = context->checker;
    struct node_argument *argument = arguments.count ? AS(argument, ARGUMENT, arguments.items[0]) : NULL;
    if (context->group && is_about_group(context, argument)) {
        struct texpr *aggregate = aggregate_of_group(context, node, kind, name, argument);
        return kind == AGGREGATE_JOIN && !is_poison(aggregate) ? with_separator(context, node, aggregate, arguments) : aggregate;
    }
    if (!argument || !argument->value) {
        if (context->found_group_aggregate) {
            *context->found_group_aggregate = true;
            return poison(context, node);
        }
        diagnostic_add(checker->diagnostics, DIAG_AGGREGATE_OF_WHAT, node->span, name);
        return poison(context, node);
    }
    struct texpr *collection = check_expression(context, argument->value, NULL);
    if (is_poison(collection))
        return collection;
    if (collection->type.kind != TYPE_COLLECTION) {
        if (context->found_group_aggregate) { /* sum(budget) over all rows of the query */
            *context->found_group_aggregate = true;
            return poison(context, node);
        }
        return refuse_collection(context, argument->value, collection, name);
    }
    if (argument->condition) { /* count(costs where amount > 0 USD) */
        struct tvar *variable;
        struct context inner = enter_element(context, collection, NULL, &variable);
        struct texpr *condition = check_condition(&inner, argument->condition, "`where`");
        if (is_poison(condition))
            return condition;
        collection = make_filter(context, collection, variable, condition, node->span);
    }
    if (!elements_do(context, argument->value, kind, *collection->type.element, name))
        return poison(context, node);
    struct texpr *aggregate = make_aggregate(context, kind, collection, node->span);
    return kind == AGGREGATE_JOIN ? with_separator(context, node, aggregate, arguments) : aggregate;
}

static struct texpr *check_distinct(struct context *context, struct node *node, struct node_list arguments) {
    struct texpr *collection = check_expression(context, AS(argument, ARGUMENT, arguments.items[0])->value, NULL);
    if (is_poison(collection))
        return collection;
    if (collection->type.kind != TYPE_COLLECTION)
        return refuse_collection(context, arguments.items[0], collection, "distinct");
    struct texpr *distinct = texpr_create(context->checker->arena, TEXPR_DISTINCT, type_of_collection(context->checker->arena, type_optional(*collection->type.element, false)), node->span);
    distinct->source = collection;
    texpr_note_failing(distinct);
    return distinct;
}

/* The expression that a step starts from: `children`, `children[…]`, `parent` start at the element before the field. */
static struct texpr **step_base(struct texpr *step) {
    while (step->kind == TEXPR_FILTER)
        step = step->source;
    return step->kind == TEXPR_INVERSE || step->kind == TEXPR_SET || step->kind == TEXPR_FIELD ? &step->base : NULL;
}

static struct texpr *check_transitive(struct context *context, struct node *node, struct node_list arguments) {
    struct checker *checker = context->checker;
    struct node *written = AS(argument, ARGUMENT, arguments.items[0])->value;
    struct texpr *step = check_expression(context, written, NULL);
    if (is_poison(step))
        return step;
    struct type element = step->type.kind == TYPE_COLLECTION ? *step->type.element : step->type;
    step = substitute(checker, step, NULL, NULL, written->span); /* our own, to change */
    if (is_poison(step))
        return step;
    struct texpr **base = step_base(step);
    if (!base || element.kind != TYPE_RECORD || (*base)->type.kind != TYPE_RECORD || (*base)->type.record != element.record) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_TRANSITIVE_STEP, written->span);
        diagnostic_hint(checker->diagnostics, said, "A step leads from a record to others of its own kind: `transitive(children)`, `transitive(parent)`.");
        return poison(context, node);
    }
    struct texpr *start = *base;
    struct tvar *variable = variable_create(checker, "step", type_of_record(element.record));
    *base = texpr_variable(checker->arena, variable, node->span);
    struct texpr *transitive = texpr_create(checker->arena, TEXPR_TRANSITIVE, type_of_collection(checker->arena, type_of_record(element.record)), node->span);
    transitive->base = start;
    transitive->variable = variable;
    transitive->condition = step;
    texpr_note_failing(transitive);
    return transitive;
}

struct texpr *check_collection_call(struct context *context, struct node *node) {
    struct node_call *call = AS(call, CALL, node);
    const char *name = name_text(call->callee);
    struct checker *checker = context->checker;
    bool is_distinct = strcmp(name, "distinct") == 0, is_transitive = strcmp(name, "transitive") == 0;
    if (is_distinct || is_transitive) {
        if (call->arguments.count != 1 || !AS(argument, ARGUMENT, call->arguments.items[0])->value) {
            diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, name, is_distinct ? "one collection" : "one step, as `transitive(children)`");
            return poison(context, node);
        }
        return is_distinct ? check_distinct(context, node, call->arguments) : check_transitive(context, node, call->arguments);
    }
    if (strcmp(name, "periods") == 0)
        return check_periods(context, node);
    if ((strcmp(name, "min") == 0 || strcmp(name, "max") == 0) && call->arguments.count == 2)
        return NULL; /* of two values: an ordinary function */
    for (size_t i = 0; i < sizeof aggregate_names / sizeof *aggregate_names; i++) {
        if (strcmp(aggregate_names[i].name, name) != 0)
            continue;
        int most = aggregate_names[i].kind == AGGREGATE_JOIN || aggregate_names[i].kind == AGGREGATE_LATEST || aggregate_names[i].kind == AGGREGATE_EARLIEST ? 2 : 1;
        bool needs_value = aggregate_names[i].wants_by && (call->arguments.count == 0 || !AS(argument, ARGUMENT, call->arguments.items[0])->value);
        if (call->arguments.count > most || needs_value) {
            diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, name, aggregate_names[i].wants_by ? "a collection and `by`" : "one collection");
            return poison(context, node);
        }
        return aggregate_names[i].wants_by ? check_ordered(context, node, aggregate_names[i].kind, name, call->arguments)
                                           : check_plain(context, node, aggregate_names[i].kind, name, call->arguments);
    }
    return NULL;
}
