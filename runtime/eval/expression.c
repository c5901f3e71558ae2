/* Scalar expressions, walked. See walk.h.
 * Knows: kinds of expressions. Does not know: what operations mean (runtime/value), collections (collection.c), aggregates (aggregate.c). */
#include "lang/base/text.h"
#include "runtime/eval/walk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- records and their fields ---- */

static bool field_of(struct walker *walker, const struct element *base, struct field *field, struct value *result) {
    const struct row_view *view = base->view;
    if (view && view->as_of == walker->as_of && field->index < view->column_count && view->columns[field->index] >= 0) {
        *result = batch_value(&view->batch->columns[view->columns[field->index]], type_representation(field->type), view->row);
        return true;
    }
    return reader_field(walker, field, base->value.integer, result);
}

static bool walk_field(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct element base;
    if (!walk_element(walker, expression->base, &base))
        return false;
    *result = value_missing();
    return base.value.kind == VALUE_MISSING || field_of(walker, &base, expression->field, result);
}

/* A record that is known from another time need not be there; then it has no fields, computed ones neither. */
static bool find_base(struct walker *walker, const struct texpr *base, struct element *element) {
    bool is_there;
    if (!walk_element(walker, base, element))
        return false;
    if (!walker->sees_past || element->value.kind == VALUE_MISSING || (element->view && element->view->as_of == walker->as_of))
        return true;
    if (!reader_has(walker, base->type.record, element->value.integer, &is_there))
        return false;
    if (!is_there)
        *element = (struct element){value_missing(), NULL};
    return true;
}

static bool walk_derived(struct walker *walker, const struct texpr *expression, struct element *result) {
    struct element base;
    *result = (struct element){value_missing(), NULL};
    if (!find_base(walker, expression->base, &base))
        return false;
    if (base.value.kind == VALUE_MISSING)
        return true;
    struct slot before = walker_bind(walker, expression->field->self, base);
    bool good = walk_element(walker, expression->field->value, result);
    walker_unbind(walker, expression->field->self, before);
    return good;
}

static bool walk_column(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct value row;
    if (!walk(walker, expression->base, &row))
        return false;
    *result = row.kind == VALUE_MISSING ? row : element_row(row)->values[expression->number];
    return true;
}

static bool walk_variable(struct walker *walker, const struct texpr *expression, struct element *result) {
    int id = expression->variable->id;
    if (id < walker->slot_count && walker->slots[id].is_bound) {
        *result = walker->slots[id].element;
        return true;
    }
    result->view = NULL;
    bool found = group_find_key(walker, expression, &result->value);
    assert(found && "a variable that nothing binds");
    return found;
}

static bool walk_reference(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct memo *memo = walker_memo(walker, expression);
    if (!memo->is_known) {
        struct record_type *record = expression->type.record;
        int64_t id = 0;
        if (!store_find_reference(walker->inputs->store, record, expression->text, strlen(expression->text), &id, walker->failure))
            return false;
        if (id == 0) {
            failure_set(walker->failure, DIAG_UNKNOWN_KEY, record->name, expression->text);
            walker->failure->span = expression->span;
            walker->failure->has_span = true;
            return false;
        }
        memo->element.value = value_int(id);
        memo->is_known = true;
    }
    *result = memo->element.value;
    return true;
}

/* ---- operations ---- */

static bool compare_integers(enum operation operation, int64_t a, int64_t b) {
    switch (operation) {
    case OPERATION_EQUAL: return a == b;
    case OPERATION_NOT_EQUAL: return a != b;
    case OPERATION_LESS: return a < b;
    case OPERATION_AT_MOST: return a <= b;
    case OPERATION_GREATER: return a > b;
    default: return a >= b;
    }
}

static bool walk_operation(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct value arguments[2] = {value_missing(), value_missing()};
    enum operation operation = expression->operation;
    const struct decimal *factor = NULL;
    assert(expression->argument_count <= 2);
    for (int i = 0; i < expression->argument_count; i++) {
        const struct texpr *argument = expression->arguments[i];
        if (operation == OPERATION_MULTIPLY_DECIMAL && i == 1)
            factor = &argument->constant.decimal;
        else if (!walk(walker, argument, &arguments[i]))
            return false;
    }
    if (operation >= OPERATION_EQUAL && operation <= OPERATION_AT_LEAST && arguments[0].kind == VALUE_INT && arguments[1].kind == VALUE_INT) {
        *result = value_int(compare_integers(operation, arguments[0].integer, arguments[1].integer));
        return true;
    }
    return value_operate(walker->inputs->operators, operation, expression->arguments[0]->type, arguments, factor, result, walker->failure);
}

/* ---- logic and choice ---- */

bool walk_condition(struct walker *walker, const struct texpr *condition, bool *holds) {
    struct value value;
    *holds = false;
    if (!walk(walker, condition, &value))
        return false;
    *holds = value.kind == VALUE_INT && value.integer != 0;
    return true;
}

static bool walk_logic(struct walker *walker, const struct texpr *expression, struct value *result) {
    bool is_and = expression->kind == TEXPR_AND, holds = is_and;
    for (int i = 0; i < expression->argument_count && holds == is_and; i++)
        if (!walk_condition(walker, expression->arguments[i], &holds))
            return false;
    *result = value_int(holds);
    return true;
}

static bool walk_case(struct walker *walker, const struct texpr *expression, struct element *result) {
    int last = expression->argument_count - 1;
    for (int i = 0; i < last; i += 2) {
        bool holds;
        if (!walk_condition(walker, expression->arguments[i], &holds))
            return false;
        if (holds)
            return walk_element(walker, expression->arguments[i + 1], result);
    }
    return walk_element(walker, expression->arguments[last], result);
}

static bool walk_in(struct walker *walker, const struct texpr *expression, struct value *result) {
    struct value sought;
    if (!walk(walker, expression->arguments[0], &sought))
        return false;
    *result = sought.kind == VALUE_MISSING ? value_missing() : value_int(0);
    for (int i = 1; i < expression->argument_count && sought.kind != VALUE_MISSING; i++) {
        struct value value;
        if (!walk(walker, expression->arguments[i], &value))
            return false;
        if (value.kind != VALUE_MISSING && value_compare(sought, value) == 0) {
            *result = value_int(1);
            break;
        }
    }
    return true;
}

static bool walk_text(struct walker *walker, const struct texpr *expression, struct value *result) {
    static const char missing[] = "—";
    struct buffer text = {0};
    bool good = true;
    for (int i = 0; i < expression->argument_count && good; i++) {
        struct value part;
        good = walk(walker, expression->arguments[i], &part);
        if (good && part.kind == VALUE_TEXT)
            buffer_add(&text, part.text, part.length);
        else if (good)
            buffer_add(&text, missing, sizeof missing - 1);
    }
    *result = value_text(arena_copy(walker->scratch, buffer_string(&text), text.length), text.length);
    buffer_free(&text);
    return good;
}

static bool walk_require(struct walker *walker, const struct texpr *expression, struct element *result) {
    if (!walk_element(walker, expression->arguments[0], result))
        return false;
    if (result->value.kind != VALUE_MISSING)
        return true;
    return failure_set(walker->failure, DIAG_NO_RATE, expression->text);
}

static bool walk_let(struct walker *walker, const struct texpr *expression, struct element *result) {
    struct element value;
    if (!walk_element(walker, expression->arguments[0], &value))
        return false;
    struct slot before = walker_bind(walker, expression->variable, value);
    bool good = walk_element(walker, expression->arguments[1], result);
    walker_unbind(walker, expression->variable, before);
    return good;
}

static bool walk_not(struct walker *walker, const struct texpr *expression, struct value *result) {
    if (!walk(walker, expression->arguments[0], result))
        return false;
    if (result->kind != VALUE_MISSING)
        *result = value_int(!result->integer);
    return true;
}

static bool walk_known(struct walker *walker, const struct texpr *expression, struct value *result) {
    if (!walk(walker, expression->arguments[0], result))
        return false;
    *result = value_int((result->kind == VALUE_MISSING) == (expression->kind == TEXPR_IS_MISSING));
    return true;
}

/* An aggregate that is the same all through the run is walked once. */
static bool walk_any_aggregate(struct walker *walker, const struct texpr *expression, struct element *result) {
    if (expression->source->kind == TEXPR_GROUP) {
        bool found = group_find_aggregate(walker, expression, &result->value);
        assert(found && "an aggregate over a group outside a grouped query");
        return found;
    }
    struct memo *memo = walker_memo(walker, expression);
    if (memo->is_known) {
        *result = memo->element;
        return true;
    }
    bool is_closed = memo->is_closed;
    if (!walk_aggregate(walker, expression, result))
        return false;
    bool is_row = expression->type.kind == TYPE_ROW; /* its row may be gone with the scratch memory */
    if (is_closed && !is_row) {
        memo = walker_memo(walker, expression);
        memo->element = (struct element){value_keep(walker->arena, result->value), row_view_keep(walker->arena, result->view)};
        memo->is_known = true;
    }
    return true;
}

/* ---- all of them ---- */

static bool is_known_elsewhere(struct walker *walker, const struct texpr *expression, struct value *value) {
    bool may_be = expression->kind == TEXPR_AGGREGATE || expression->kind == TEXPR_DERIVED || expression->kind == TEXPR_FIELD;
    return may_be && walker->as_of == STORE_PRESENT && walker->find_known && walker->find_known(walker->known, expression, value);
}

bool walk_element(struct walker *walker, const struct texpr *expression, struct element *element) {
    element->view = NULL;
    if (is_known_elsewhere(walker, expression, &element->value))
        return true;
    switch (expression->kind) {
    case TEXPR_VARIABLE:
        return walk_variable(walker, expression, element);
    case TEXPR_DERIVED:
        return walk_derived(walker, expression, element);
    case TEXPR_CASE:
        return walk_case(walker, expression, element);
    case TEXPR_LET:
        return walk_let(walker, expression, element);
    case TEXPR_REQUIRE:
        return walk_require(walker, expression, element);
    case TEXPR_AGGREGATE:
        return walk_any_aggregate(walker, expression, element);
    case TEXPR_DEFAULT:
        if (!walk_element(walker, expression->arguments[0], element))
            return false;
        return element->value.kind != VALUE_MISSING || walk_element(walker, expression->arguments[1], element);
    default:
        return walk(walker, expression, &element->value);
    }
}

bool walk(struct walker *walker, const struct texpr *expression, struct value *result) {
    const struct run_inputs *run = operator_context_inputs(walker->inputs->operators);
    struct element element;
    *result = value_missing();
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        *result = value_from_constant(expression->type, &expression->constant);
        return true;
    case TEXPR_MISSING: case TEXPR_POISON:
        return true;
    case TEXPR_REFERENCE:
        return walk_reference(walker, expression, result);
    case TEXPR_VARIABLE: case TEXPR_DERIVED: case TEXPR_CASE: case TEXPR_LET: case TEXPR_REQUIRE: case TEXPR_DEFAULT: case TEXPR_AGGREGATE:
        if (!walk_element(walker, expression, &element))
            return false;
        *result = element.value;
        return true;
    case TEXPR_ID:
        return walk(walker, expression->base, result);
    case TEXPR_FIELD:
        return walk_field(walker, expression, result);
    case TEXPR_COLUMN:
        return walk_column(walker, expression, result);
    case TEXPR_OPERATION:
        return walk_operation(walker, expression, result);
    case TEXPR_AND: case TEXPR_OR:
        return walk_logic(walker, expression, result);
    case TEXPR_NOT:
        return walk_not(walker, expression, result);
    case TEXPR_IS_KNOWN: case TEXPR_IS_MISSING:
        return walk_known(walker, expression, result);
    case TEXPR_IN:
        return walk_in(walker, expression, result);
    case TEXPR_TEXT:
        return walk_text(walker, expression, result);
    case TEXPR_AT:
        return walk_at(walker, expression, result);
    case TEXPR_CHANGE_ON:
        return walk_change_on(walker, expression, result);
    case TEXPR_BASELINE:
        return walk_baseline(walker, expression, result);
    case TEXPR_TODAY:
        *result = value_int(run->today);
        return true;
    case TEXPR_NOW:
        *result = value_int(run->now);
        return true;
    case TEXPR_KEY_OF_GROUP:
        *result = group_key(walker, (int)expression->number);
        return true;
    case TEXPR_ALL: case TEXPR_INVERSE: case TEXPR_SET: case TEXPR_LIST: case TEXPR_HISTORY: case TEXPR_PERIODS: case TEXPR_FILTER: case TEXPR_MAP: case TEXPR_FLATTEN: case TEXPR_DISTINCT:
    case TEXPR_NEWEST: case TEXPR_TRANSITIVE: case TEXPR_QUERY: case TEXPR_GROUP:
        break;
    }
    assert(!"a collection is no value");
    return true;
}
