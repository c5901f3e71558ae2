/* The search for values under which conditions hold together. See reason.h.
 * Claims wait in a stack. A conjunction puts its parts there; a disjunction is tried part by part, each with its own copy of what is known so far; a comparison narrows what is known
 * of its value, until nothing is left. */
#include "lang/lint/reason.h"

#include "lang/check/texpr.h"
#include <math.h>
#include <string.h>

enum { STEPS_MAX = 4000, EXCLUDED_MAX = 24, FINITE_VALUES_MAX = 64 };

/* What is known of a value so far. */
struct known {
    struct range range;
    bool asks_known;               /* of whether it is known, 0 or 1, and not of the value itself */
    const char *text;              /* it is this text; or NULL */
    long double excluded[EXCLUDED_MAX];
    const char *texts[EXCLUDED_MAX]; /* texts that it is not */
    int excluded_count, text_count;
};
struct state {
    LIST_OF(struct known) known;
};
struct search {
    struct arena *arena;
    int *variable_count;
    int steps;
};
struct waiting { /* claims still to be looked at */
    struct claim claim;
    const struct waiting *next;
};

/* ---- values with constants taken off ---- */

struct linear {
    const struct texpr *base; /* NULL: a constant */
    long double offset;
};

static bool is_number_kind(enum type_kind kind) {
    return kind == TYPE_NUMBER || kind == TYPE_DECIMAL;
}

static bool constant_number(const struct texpr *expression, long double *value) {
    if (expression->kind != TEXPR_CONSTANT || expression->type.kind == TYPE_TEXT)
        return false;
    if (expression->type.kind == TYPE_DECIMAL)
        *value = decimal_to_double(expression->constant.decimal);
    else
        *value = expression->type.kind == TYPE_NUMBER ? (long double)expression->constant.number : (long double)expression->constant.integer;
    return true;
}

/* x + 3, x - 30 days, 30 days before x: the value and what is added. */
static struct linear take_apart(const struct texpr *expression) {
    long double value;
    if (constant_number(expression, &value))
        return (struct linear){NULL, value};
    struct linear whole = {expression, 0};
    if (expression->kind != TEXPR_OPERATION || expression->argument_count != 2 || is_number_kind(expression->type.kind))
        return whole;
    enum operation operation = expression->operation;
    long double sign = operation == OPERATION_SUBTRACT || operation == OPERATION_DATE_SUBTRACT_DURATION || operation == OPERATION_DATETIME_SUBTRACT_DURATION ? -1 : 1;
    bool is_plain = operation == OPERATION_ADD || operation == OPERATION_SUBTRACT || operation == OPERATION_DATETIME_ADD_DURATION || operation == OPERATION_DATETIME_SUBTRACT_DURATION;
    bool is_days = operation == OPERATION_DATE_ADD_DURATION || operation == OPERATION_DATE_SUBTRACT_DURATION;
    if ((!is_plain && !is_days) || !constant_number(expression->arguments[1], &value))
        return whole;
    struct linear inner = take_apart(expression->arguments[0]);
    inner.offset += sign * (is_days ? value / DAY_SECONDS : value);
    return inner;
}

/* ---- narrowing ---- */

bool range_is_empty(const struct range *range) {
    return range->low > range->high || (range->low == range->high && (range->low_open || range->high_open));
}

static void settle_whole(struct range *range) {
    if (!range->is_whole)
        return;
    if (range->low_open)
        range->low = floorl(range->low) + 1;
    else if (isfinite(range->low))
        range->low = ceill(range->low);
    if (range->high_open)
        range->high = ceill(range->high) - 1;
    else if (isfinite(range->high))
        range->high = floorl(range->high);
    range->low_open = range->high_open = false;
}

static void narrow(struct range *range, enum operation operation, long double value) {
    bool from_below = operation == OPERATION_GREATER || operation == OPERATION_AT_LEAST || operation == OPERATION_EQUAL;
    bool from_above = operation == OPERATION_LESS || operation == OPERATION_AT_MOST || operation == OPERATION_EQUAL;
    if (from_below && (value > range->low || (value == range->low && operation == OPERATION_GREATER))) {
        range->low = value;
        range->low_open = operation == OPERATION_GREATER;
    }
    if (from_above && (value < range->high || (value == range->high && operation == OPERATION_LESS))) {
        range->high = value;
        range->high_open = operation == OPERATION_LESS;
    }
    settle_whole(range);
}

static bool is_excluded(const struct known *known, long double value) {
    for (int i = 0; i < known->excluded_count; i++)
        if (known->excluded[i] == value)
            return true;
    return false;
}

/* Is any value left? */
static bool has_value(struct known *known) {
    while (known->range.is_whole && known->range.low <= known->range.high && is_excluded(known, known->range.low))
        known->range.low += 1;
    while (known->range.is_whole && known->range.low <= known->range.high && is_excluded(known, known->range.high))
        known->range.high -= 1;
    if (range_is_empty(&known->range))
        return false;
    return known->range.low != known->range.high || !is_excluded(known, known->range.low);
}

/* What can be said of a value before anything is known of it. */
static struct range first_range(const struct texpr *of, const struct texpr *less) {
    struct range range = {.of = of, .less = less, .low = -INFINITY, .high = INFINITY};
    range.is_whole = type_representation(of->type) == REPRESENTATION_INT;
    bool counts = of->kind == TEXPR_AGGREGATE && (of->aggregate == AGGREGATE_COUNT || of->aggregate == AGGREGATE_STREAK);
    if (less)
        return range;
    if (counts || (of->kind == TEXPR_OPERATION && (of->operation == OPERATION_TEXT_LENGTH || of->operation == OPERATION_ABSOLUTE || of->operation == OPERATION_ABSOLUTE_NUMBER)))
        range.low = 0;
    if (of->type.kind == TYPE_BOOL || of->type.kind == TYPE_ENUM) {
        range.low = 0;
        range.high = of->type.kind == TYPE_BOOL ? 1 : of->type.enumeration->value_count - 1;
    }
    if (of->kind == TEXPR_OPERATION && (of->operation == OPERATION_MONTH_NUMBER || of->operation == OPERATION_DAY_NUMBER)) {
        range.low = 1;
        range.high = of->operation == OPERATION_MONTH_NUMBER ? 12 : 31;
    }
    return range;
}

static bool is_same(const struct texpr *a, const struct texpr *b) {
    return a == b || (a && b && texpr_equal(a, b));
}

/* What is known of of - less; *turned: it stands there as less - of. */
static struct known *find_known(struct search *search, struct state *state, const struct texpr *of, const struct texpr *less, bool asks_known, bool *turned) {
    *turned = false;
    for (int i = 0; i < state->known.count; i++) {
        struct known *known = &state->known.items[i];
        if (known->asks_known != asks_known || (less == NULL) != (known->range.less == NULL))
            continue;
        if (is_same(known->range.of, of) && is_same(known->range.less, less))
            return known;
        if (less && is_same(known->range.of, less) && is_same(known->range.less, of)) {
            *turned = true;
            return known;
        }
    }
    struct known fresh = {.range = first_range(of, less), .asks_known = asks_known};
    if (asks_known)
        fresh.range = (struct range){.of = of, .low = 0, .high = 1, .is_whole = true};
    LIST_ADD(search->arena, &state->known, fresh);
    return &state->known.items[state->known.count - 1];
}

static enum operation opposite(enum operation operation) {
    switch (operation) {
    case OPERATION_EQUAL: return OPERATION_NOT_EQUAL;
    case OPERATION_NOT_EQUAL: return OPERATION_EQUAL;
    case OPERATION_LESS: return OPERATION_AT_LEAST;
    case OPERATION_AT_LEAST: return OPERATION_LESS;
    case OPERATION_GREATER: return OPERATION_AT_MOST;
    default: return OPERATION_GREATER;
    }
}

/* The same comparison with its sides changed. */
static enum operation turned_round(enum operation operation) {
    switch (operation) {
    case OPERATION_LESS: return OPERATION_GREATER;
    case OPERATION_GREATER: return OPERATION_LESS;
    case OPERATION_AT_LEAST: return OPERATION_AT_MOST;
    case OPERATION_AT_MOST: return OPERATION_AT_LEAST;
    default: return operation;
    }
}

static bool is_comparison(const struct texpr *expression) {
    return expression->kind == TEXPR_OPERATION && expression->operation >= OPERATION_EQUAL && expression->operation <= OPERATION_AT_LEAST;
}

static bool note_value(struct search *search, struct state *state, const struct texpr *of, const struct texpr *less, bool asks_known, enum operation operation, long double value) {
    bool turned;
    struct known *known = find_known(search, state, of, less, asks_known, &turned);
    if (turned) {
        operation = turned_round(operation);
        value = -value;
    }
    if (operation != OPERATION_NOT_EQUAL)
        narrow(&known->range, operation, value);
    else if (known->excluded_count < EXCLUDED_MAX)
        known->excluded[known->excluded_count++] = value;
    return has_value(known);
}

static bool note_text(struct search *search, struct state *state, const struct texpr *of, enum operation operation, const char *text) {
    bool turned;
    struct known *known = find_known(search, state, of, NULL, false, &turned);
    if (operation == OPERATION_EQUAL) {
        for (int i = 0; i < known->text_count; i++)
            if (strcmp(known->texts[i], text) == 0)
                return false;
        bool is_other = known->text && strcmp(known->text, text) != 0;
        known->text = text;
        return !is_other;
    }
    if (operation == OPERATION_NOT_EQUAL && known->text_count < EXCLUDED_MAX)
        known->texts[known->text_count++] = text;
    return !(operation == OPERATION_NOT_EQUAL && known->text && strcmp(known->text, text) == 0);
}

static bool compare_constants(enum operation operation, long double a, long double b) {
    switch (operation) {
    case OPERATION_EQUAL: return a == b;
    case OPERATION_NOT_EQUAL: return a != b;
    case OPERATION_LESS: return a < b;
    case OPERATION_AT_MOST: return a <= b;
    case OPERATION_GREATER: return a > b;
    default: return a >= b;
    }
}

static bool is_constant_text(const struct texpr *expression) {
    return expression->kind == TEXPR_CONSTANT && expression->type.kind == TYPE_TEXT;
}

/* A reference written by key stands for itself: two keys are two records. */
static const char *fixed_text(const struct texpr *expression) {
    return expression->kind == TEXPR_REFERENCE ? expression->text : is_constant_text(expression) ? expression->constant.text : NULL;
}

static bool note_comparison(struct search *search, struct state *state, enum operation operation, const struct texpr *left, const struct texpr *right) {
    const char *left_text = fixed_text(left), *right_text = fixed_text(right);
    if (left_text && right_text)
        return operation == OPERATION_EQUAL ? strcmp(left_text, right_text) == 0 : operation != OPERATION_NOT_EQUAL || strcmp(left_text, right_text) != 0;
    if (left_text || right_text)
        return note_text(search, state, left_text ? right : left, operation, left_text ? left_text : right_text);
    struct linear a = take_apart(left), b = take_apart(right);
    if (!a.base && !b.base)
        return compare_constants(operation, a.offset, b.offset);
    if (a.base && b.base && texpr_equal(a.base, b.base))
        return compare_constants(operation, a.offset, b.offset);
    if (a.base)
        return note_value(search, state, a.base, b.base, false, operation, b.offset - a.offset);
    return note_value(search, state, b.base, NULL, false, turned_round(operation), a.offset - b.offset);
}

/* ---- the search ---- */

static bool can_hold(struct search *search, struct state *state, const struct waiting *waiting);

static bool try_with(struct search *search, const struct state *state, const struct texpr *condition, bool negated, const struct waiting *rest) {
    struct state copy = {0};
    for (int i = 0; i < state->known.count; i++)
        LIST_ADD(search->arena, &copy.known, state->known.items[i]);
    struct waiting first = {{condition, negated}, rest};
    return can_hold(search, &copy, &first);
}

static const struct waiting *push(struct search *search, const struct texpr *condition, bool negated, const struct waiting *rest) {
    struct waiting *waiting = ARENA_NEW(search->arena, struct waiting);
    *waiting = (struct waiting){{condition, negated}, rest};
    return waiting;
}

/* One of a list, or none of them. */
static bool can_be_in(struct search *search, struct state *state, const struct texpr *in, bool negated, const struct waiting *rest) {
    if (negated) {
        for (int i = 1; i < in->argument_count; i++)
            if (!note_comparison(search, state, OPERATION_NOT_EQUAL, in->arguments[0], in->arguments[i]))
                return false;
        return can_hold(search, state, rest);
    }
    for (int i = 1; i < in->argument_count; i++) {
        struct state copy = {0};
        for (int k = 0; k < state->known.count; k++)
            LIST_ADD(search->arena, &copy.known, state->known.items[k]);
        if (note_comparison(search, &copy, OPERATION_EQUAL, in->arguments[0], in->arguments[i]) && can_hold(search, &copy, rest))
            return true;
    }
    return false;
}

/* A `let`, or a definition's parameter, written out. */
static const struct texpr *written_out(struct search *search, const struct texpr *let) {
    int64_t budget = STEPS_MAX;
    const struct texpr *result = texpr_substitute(search->arena, let->arguments[1], let->variable, let->arguments[0], search->variable_count, &budget);
    return budget >= 0 ? result : NULL;
}

static const struct texpr *derived_value(struct search *search, const struct texpr *derived) {
    int64_t budget = STEPS_MAX;
    if (!derived->field->value || !derived->base || derived->base->kind != TEXPR_VARIABLE || derived->base->type.optional)
        return NULL;
    const struct texpr *result = texpr_substitute(search->arena, derived->field->value, derived->field->self, derived->base, search->variable_count, &budget);
    return budget >= 0 ? result : NULL;
}

static bool can_hold_leaf(struct search *search, struct state *state, const struct texpr *condition, bool negated, const struct waiting *rest) {
    if (is_comparison(condition))
        return note_comparison(search, state, negated ? opposite(condition->operation) : condition->operation, condition->arguments[0], condition->arguments[1]) && can_hold(search, state, rest);
    if (condition->kind == TEXPR_IS_KNOWN || condition->kind == TEXPR_IS_MISSING)
        return note_value(search, state, condition->arguments[0], NULL, true, OPERATION_EQUAL, (condition->kind == TEXPR_IS_KNOWN) != negated) && can_hold(search, state, rest);
    if (condition->kind == TEXPR_CONSTANT)
        return (condition->constant.integer != 0) != negated && can_hold(search, state, rest);
    return note_value(search, state, condition, NULL, false, OPERATION_EQUAL, !negated) && can_hold(search, state, rest);
}

static bool can_hold(struct search *search, struct state *state, const struct waiting *waiting) {
    if (!waiting || search->steps++ > STEPS_MAX)
        return true;
    const struct texpr *condition = waiting->claim.condition, *inner = NULL;
    bool negated = waiting->claim.negated;
    const struct waiting *rest = waiting->next;
    switch (condition->kind) {
    case TEXPR_NOT: return can_hold(search, state, push(search, condition->arguments[0], !negated, rest));
    case TEXPR_AND:
    case TEXPR_OR:
        if ((condition->kind == TEXPR_AND) != negated)
            return can_hold(search, state, push(search, condition->arguments[0], negated, push(search, condition->arguments[1], negated, rest)));
        return try_with(search, state, condition->arguments[0], negated, rest) || try_with(search, state, condition->arguments[1], negated, rest);
    case TEXPR_IN: return can_be_in(search, state, condition, negated, rest);
    case TEXPR_LET: inner = written_out(search, condition); break;
    case TEXPR_DERIVED: inner = derived_value(search, condition); break;
    default: break;
    }
    if (inner)
        return can_hold(search, state, push(search, inner, negated, rest));
    return can_hold_leaf(search, state, condition, negated, rest);
}

bool claims_can_hold(const struct claim *claims, int count, int *variable_count) {
    struct search search = {arena_create(), variable_count, 0};
    struct state state = {0};
    const struct waiting *waiting = NULL;
    for (int i = count - 1; i >= 0; i--)
        if (claims[i].condition)
            waiting = push(&search, claims[i].condition, claims[i].negated, waiting);
    bool result = can_hold(&search, &state, waiting);
    arena_destroy(search.arena);
    return result;
}

/* ---- ranges ---- */

/* spent > budget * 110%: the share that is asked for. */
static bool take_share(const struct texpr *expression, const struct texpr **of, long double *share) {
    if (expression->kind != TEXPR_OPERATION || expression->operation != OPERATION_MULTIPLY_DECIMAL || !constant_number(expression->arguments[1], share))
        return false;
    *of = expression->arguments[0];
    return true;
}

static bool join(struct range *range, bool *is_first, struct range fresh, enum operation operation, long double value) {
    if (operation == OPERATION_NOT_EQUAL || type_representation(fresh.of->type) == REPRESENTATION_TEXT)
        return false;
    if (*is_first)
        *range = fresh;
    *is_first = false;
    if (!is_same(range->of, fresh.of) || !is_same(range->less, fresh.less) || range->is_ratio != fresh.is_ratio)
        return false;
    narrow(range, operation, value);
    return true;
}

static bool add_range(const struct texpr *condition, struct range *range, bool *is_first) {
    if (condition->kind == TEXPR_AND)
        return add_range(condition->arguments[0], range, is_first) && add_range(condition->arguments[1], range, is_first);
    if (!is_comparison(condition))
        return false;
    const struct texpr *left = condition->arguments[0], *right = condition->arguments[1], *whole;
    long double share;
    if (take_share(right, &whole, &share))
        return join(range, is_first, (struct range){.of = left, .less = whole, .low = -INFINITY, .high = INFINITY, .is_ratio = true}, condition->operation, share);
    if (take_share(left, &whole, &share))
        return join(range, is_first, (struct range){.of = right, .less = whole, .low = -INFINITY, .high = INFINITY, .is_ratio = true}, turned_round(condition->operation), share);
    struct linear a = take_apart(left), b = take_apart(right);
    if (a.base)
        return join(range, is_first, first_range(a.base, b.base), condition->operation, b.offset - a.offset);
    return b.base && join(range, is_first, first_range(b.base, NULL), turned_round(condition->operation), a.offset - b.offset);
}

bool condition_range(const struct texpr *condition, struct range *range) {
    bool is_first = true;
    return add_range(condition, range, &is_first) && !is_first;
}
