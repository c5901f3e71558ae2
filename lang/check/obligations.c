/* The obligations of a mandate as a question, which both engines answer like any other:
 *
 *     from subject in TYPE where WHERE show subject, period, due, outcome, dated sort by subject
 *     from subject in TYPE[WHERE], period in periods(CADENCE, from, until) show subject, period, due, outcome, dated sort by subject
 *
 * Knows: mandates, typed expressions. Does not know: clauses, what becomes of the answers (runtime/engine).
 *
 * Which periods. One is asked for when it has begun and some day of it lies in `from … until …` and in `effective from … until …`. A day of `by` must lie in the latter, too.
 * Which outcome. The exceptions are tried in the order written; the first whose condition holds takes the place of the requirement.
 * Gates. A gate looks at the record as it was before the change, in its gate's field alone: `for initiative where stage = planning before stage becomes delivery` means what it says. So in its
 * conditions the field is replaced by its value before, also where derived fields of the subject read it. Of records that have passed already, that value is not known: the one before the gate's
 * stands for it. An enum is passed by its order, so whoever passes it, from however far below, is taken to come from the value right before the gate's: then the gate and a check say the same. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

/* ---- the gate's field as it was before ---- */

struct rewriting {
    struct checker *checker;
    const struct tvar *element;
    const struct field *field;
    struct texpr *before;
};

struct reading {
    const struct tvar *element;
    const struct field *field;
    bool found;
};

static bool reads_field(const struct texpr *expression, const struct tvar *element, const struct field *field);

static bool note_reading(const struct texpr *part, void *context) {
    struct reading *reading = context;
    bool is_own = part->base && part->base->kind == TEXPR_VARIABLE && part->base->variable == reading->element;
    if (part->kind == TEXPR_FIELD && is_own && part->field == reading->field)
        reading->found = true;
    if (part->kind == TEXPR_DERIVED && is_own && reads_field(part->field->value, part->field->self, reading->field))
        reading->found = true;
    return !reading->found;
}

/* Does it read the field of the element, be it by way of derived fields of the element? */
static bool reads_field(const struct texpr *expression, const struct tvar *element, const struct field *field) {
    struct reading reading = {element, field, false};
    texpr_walk(expression, note_reading, &reading);
    return reading.found;
}

static void rewrite(const struct rewriting *rewriting, struct texpr **slot);

static void rewrite_columns(const struct rewriting *rewriting, struct tcolumn *columns, int count) {
    for (int i = 0; i < count; i++) {
        bool is_one = columns[i].shown == columns[i].value;
        rewrite(rewriting, &columns[i].value);
        if (is_one)
            columns[i].shown = columns[i].value;
        else
            rewrite(rewriting, &columns[i].shown);
    }
}

static void rewrite_query(const struct rewriting *rewriting, struct tquery *query) {
    for (int i = 0; i < query->source_count; i++)
        rewrite(rewriting, &query->sources[i].collection);
    rewrite(rewriting, &query->condition);
    rewrite_columns(rewriting, query->groups, query->group_count);
    rewrite_columns(rewriting, query->columns, query->column_count);
    rewrite(rewriting, &query->keep);
    for (int i = 0; i < query->order_count; i++)
        rewrite(rewriting, &query->order[i].value);
    rewrite(rewriting, &query->take);
}

/* The expression stands in a copy of its own, nested queries too. */
static void rewrite(const struct rewriting *rewriting, struct texpr **slot) {
    struct texpr *expression = *slot;
    if (!expression)
        return;
    bool is_own = expression->base && expression->base->kind == TEXPR_VARIABLE && expression->base->variable == rewriting->element;
    if (expression->kind == TEXPR_FIELD && is_own && expression->field == rewriting->field) {
        *slot = substitute(rewriting->checker, rewriting->before, NULL, NULL, expression->span);
        (*slot)->span = expression->span;
        return;
    }
    if (expression->kind == TEXPR_DERIVED && is_own && reads_field(expression->field->value, expression->field->self, rewriting->field)) {
        *slot = substitute(rewriting->checker, expression->field->value, expression->field->self, expression->base, expression->span);
        rewrite(rewriting, slot);
        return;
    }
    rewrite(rewriting, &expression->base);
    rewrite(rewriting, &expression->source);
    for (int i = 0; i < expression->argument_count; i++)
        rewrite(rewriting, &expression->arguments[i]);
    rewrite(rewriting, &expression->condition);
    rewrite(rewriting, &expression->value);
    rewrite(rewriting, &expression->by);
    if (expression->query) {
        struct tquery *query = ARENA_NEW(rewriting->checker->arena, struct tquery);
        *query = *expression->query;
        rewrite_query(rewriting, query);
        expression->query = query;
    }
    texpr_note_failing(expression);
}

/* The value that the field has before it becomes the gate's, where no change says it. */
static struct texpr *value_before(struct checker *checker, const struct tmandate *mandate) {
    const struct texpr *value = mandate->gate_value;
    struct type type = type_optional(mandate->gate_field->type, false);
    if (type.kind == TYPE_ENUM && value->constant.integer > 0) {
        struct texpr *before = texpr_create(checker->arena, TEXPR_CONSTANT, mandate->gate_field->type, value->span);
        before->constant.integer = value->constant.integer - 1;
        return before;
    }
    if (mandate->gate_field->type.optional)
        return texpr_create(checker->arena, TEXPR_MISSING, mandate->gate_field->type, value->span);
    if (type.kind == TYPE_BOOL)
        return texpr_int(checker->arena, TYPE_BOOL, !value->constant.integer, value->span);
    struct texpr *now = texpr_create(checker->arena, TEXPR_FIELD, mandate->gate_field->type, value->span);
    now->base = texpr_variable(checker->arena, mandate->element, value->span);
    now->field = mandate->gate_field;
    return now;
}

bool mandate_gate_goes_by_order(const struct tmandate *mandate) {
    const struct texpr *start = mandate->gate_field->standard;
    bool starts_behind = start && start->kind == TEXPR_CONSTANT && start->constant.integer >= mandate->gate_value->constant.integer;
    return mandate->gate_field->type.kind == TYPE_ENUM && !starts_behind;
}

bool mandate_gate_is_passed(const struct tmandate *mandate, bool known, int64_t before, int64_t after, int64_t value) {
    if (after == value)
        return !known || before != value;
    return mandate->gate_field->type.kind == TYPE_ENUM && after > value && (known ? before < value : mandate_gate_goes_by_order(mandate));
}

static struct texpr *has_passed(struct checker *checker, const struct tmandate *mandate) {
    struct span span = mandate->gate_value->span;
    struct texpr *now = texpr_create(checker->arena, TEXPR_FIELD, mandate->gate_field->type, span);
    now->base = texpr_variable(checker->arena, mandate->element, span);
    now->field = mandate->gate_field;
    struct texpr *sides[] = {now, mandate->gate_value};
    struct texpr *is_behind = texpr_operation(checker->arena, mandate_gate_goes_by_order(mandate) ? OPERATION_AT_LEAST : OPERATION_EQUAL, type_of_kind(TYPE_BOOL), span, 2, sides);
    return now->type.optional ? texpr_and(checker->arena, texpr_unary(checker->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), now), is_behind) : is_behind;
}

/* ---- the parts of the question ---- */

static struct texpr *date_of(struct checker *checker, int64_t day, struct span span) {
    return texpr_int(checker->arena, TYPE_DATE, day, span);
}

/* The later, or the earlier, of two days. */
static struct texpr *of_two(struct checker *checker, enum operation operation, struct texpr *a, struct texpr *b) {
    struct texpr *sides[] = {a, b};
    return texpr_operation(checker->arena, operation, type_optional(type_of_kind(TYPE_DATE), a->type.optional || b->type.optional), a->span, 2, sides);
}

/* The first day that the subject always has. */
static const char *first_day_of(const struct record_type *record) {
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++)
        if (record->fields[i]->type.kind == TYPE_DATE && !record->fields[i]->type.optional)
            return record->fields[i]->name;
    return NULL;
}

static void warn_from_when(struct checker *checker, const struct tmandate *mandate) {
    const char *day = first_day_of(mandate->record);
    struct buffer cadence = {0};
    cadence_write(&cadence, mandate->cadence);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_FROM_WHEN, mandate->name_span, mandate->name);
    static const char lost[] = "Periods before the first check that asks for it are not required.";
    if (day)
        diagnostic_hint(checker->diagnostics, said, "%s Write `every %s from %s`.", lost, buffer_string(&cadence), day);
    else
        diagnostic_hint(checker->diagnostics, said, "%s Say it with `from`, or with `effective from 2026-01-01`.", lost);
    buffer_free(&cadence);
}

static struct texpr *first_day(struct checker *checker, struct tmandate *mandate) {
    struct span span = mandate->name_span;
    bool has_start = mandate->effective_from != INT64_MIN;
    if (!mandate->from && has_start)
        return date_of(checker, mandate->effective_from, span);
    struct texpr *from = mandate->from;
    if (!from) {
        warn_from_when(checker, mandate);
        mandate->since = variable_create(checker, "since", type_of_kind(TYPE_DATE));
        from = texpr_variable(checker->arena, mandate->since, span);
    }
    return has_start ? of_two(checker, OPERATION_GREATEST, from, date_of(checker, mandate->effective_from, span)) : from;
}

/* A period must have begun today. Where `until` is missing there is no other end. */
static struct texpr *last_day(struct checker *checker, const struct tmandate *mandate) {
    struct texpr *today = texpr_create(checker->arena, TEXPR_TODAY, type_of_kind(TYPE_DATE), mandate->name_span);
    struct texpr *last = today;
    if (mandate->until && mandate->until->type.optional)
        last = of_two(checker, OPERATION_LEAST, texpr_binary(checker->arena, TEXPR_DEFAULT, type_of_kind(TYPE_DATE), mandate->until, today), today);
    else if (mandate->until)
        last = of_two(checker, OPERATION_LEAST, mandate->until, today);
    return mandate->effective_until == INT64_MAX ? last : of_two(checker, OPERATION_LEAST, last, date_of(checker, mandate->effective_until, mandate->name_span));
}

static struct texpr *compare_days(struct checker *checker, enum operation operation, struct texpr *a, int64_t day) {
    struct texpr *sides[] = {a, date_of(checker, day, a->span)};
    return texpr_operation(checker->arena, operation, type_of_kind(TYPE_BOOL), a->span, 2, sides);
}

/* A day by which something is required must be known, and lie in the time in which the mandate is in force. */
static struct texpr *is_required_by(struct checker *checker, const struct tmandate *mandate) {
    struct texpr *condition = mandate->by->type.optional ? texpr_unary(checker->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), mandate->by) : NULL;
    if (mandate->effective_from != INT64_MIN)
        condition = texpr_and(checker->arena, condition, compare_days(checker, OPERATION_AT_LEAST, mandate->by, mandate->effective_from));
    if (mandate->effective_until != INT64_MAX)
        condition = texpr_and(checker->arena, condition, compare_days(checker, OPERATION_AT_MOST, mandate->by, mandate->effective_until));
    return condition;
}

static struct texpr *periods_of(struct checker *checker, struct tmandate *mandate) {
    struct texpr *ends[] = {first_day(checker, mandate), last_day(checker, mandate)};
    struct texpr *periods = texpr_with(checker->arena, TEXPR_PERIODS, type_of_collection(checker->arena, type_of_kind(TYPE_PERIOD)), mandate->name_span, 2, ends);
    periods->cadence = mandate->cadence;
    return periods;
}

static struct texpr *nothing(struct checker *checker, enum type_kind kind, struct span span) {
    return texpr_create(checker->arena, TEXPR_MISSING, type_optional(type_of_kind(kind), true), span);
}

static struct texpr *later(struct checker *checker, struct texpr *day, struct texpr *length) {
    static const enum operation operations[] = {[TYPE_DURATION] = OPERATION_DATE_ADD_DURATION, [TYPE_SPAN] = OPERATION_DATE_ADD_SPAN, [TYPE_WORKING_DAYS] = OPERATION_DATE_ADD_WORKING};
    struct texpr *sides[] = {day, length};
    return texpr_operation(checker->arena, operations[length->type.kind], day->type, day->span, 2, sides);
}

/* Of what is required at all times the grace begins on the day on which it is first found not to hold: that is today, unless the obligation is there already. */
static struct texpr *due_of(struct checker *checker, const struct tmandate *mandate) {
    struct texpr *day;
    if (mandate->timing == TIMING_BY)
        day = mandate->by;
    else if (mandate->timing == TIMING_EVERY) {
        struct texpr *period = texpr_variable(checker->arena, mandate->period, mandate->name_span);
        day = texpr_operation(checker->arena, OPERATION_PERIOD_END, type_of_kind(TYPE_DATE), mandate->name_span, 1, &period);
    } else if (mandate->within)
        day = texpr_create(checker->arena, TEXPR_TODAY, type_of_kind(TYPE_DATE), mandate->name_span);
    else
        return nothing(checker, TYPE_DATE, mandate->name_span);
    return mandate->within ? later(checker, day, mandate->within) : day;
}

/* base where the requirement does not hold, one more where it does. */
static struct texpr *number_of(struct checker *checker, struct texpr *requirement, int64_t base, struct span span) {
    struct texpr *holds = texpr_int(checker->arena, TYPE_INT, base + 1, span);
    if (!requirement)
        return holds;
    struct texpr *parts[] = {requirement, holds, texpr_int(checker->arena, TYPE_INT, base, span)};
    return texpr_with(checker->arena, TEXPR_CASE, type_of_kind(TYPE_INT), span, 3, parts);
}

static struct texpr *outcome_of(struct checker *checker, const struct tmandate *mandate) {
    struct texpr **parts = ARENA_ARRAY(checker->arena, struct texpr *, 2 * mandate->exception_count + 1);
    int count = 0;
    for (int i = 0; i < mandate->exception_count; i++) {
        const struct tmandate_exception *exception = &mandate->exceptions[i];
        parts[count++] = exception->condition;
        parts[count++] = number_of(checker, exception->requirement, 2 * (i + 1), exception->span);
    }
    parts[count++] = number_of(checker, mandate->requirement, 0, mandate->name_span);
    return count == 1 ? parts[0] : texpr_with(checker->arena, TEXPR_CASE, type_of_kind(TYPE_INT), mandate->name_span, count, parts);
}

/* ---- the question ---- */

static struct tquery *make_question(struct checker *checker, const struct tmandate *mandate, struct texpr *subjects, struct texpr *periods, struct texpr *condition) {
    struct tquery *query = ARENA_NEW(checker->arena, struct tquery);
    *query = (struct tquery){.span = mandate->span, .condition = condition};
    query->sources = ARENA_ARRAY(checker->arena, struct tsource, 2);
    query->sources[query->source_count++] = (struct tsource){mandate->element, subjects};
    if (periods)
        query->sources[query->source_count++] = (struct tsource){mandate->period, periods};
    struct texpr *id = texpr_create(checker->arena, TEXPR_ID, type_of_kind(TYPE_INT), mandate->name_span);
    id->base = texpr_variable(checker->arena, mandate->element, mandate->name_span);
    struct texpr *values[MANDATE_COLUMNS] = {
        [MANDATE_ELEMENT] = id,
        [MANDATE_PERIOD] = periods ? texpr_variable(checker->arena, mandate->period, mandate->name_span) : nothing(checker, TYPE_PERIOD, mandate->name_span),
        [MANDATE_DUE] = due_of(checker, mandate),
        [MANDATE_OUTCOME] = outcome_of(checker, mandate),
        [MANDATE_DATED] = mandate->dated ? mandate->dated : nothing(checker, TYPE_DATE, mandate->name_span),
    };
    static const char *const labels[MANDATE_COLUMNS] = {"element", "period", "due", "outcome", "dated"};
    query->columns = ARENA_ARRAY(checker->arena, struct tcolumn, MANDATE_COLUMNS);
    query->column_count = MANDATE_COLUMNS;
    for (int i = 0; i < MANDATE_COLUMNS; i++)
        query->columns[i] = (struct tcolumn){labels[i], values[i], values[i], values[i]->type};
    query->order = ARENA_NEW(checker->arena, struct tsort);
    query->order_count = 1;
    *query->order = (struct tsort){.value = id};
    return query;
}

/* Where there are periods, those of subjects that the mandate is not about are not asked for. */
static struct texpr *only_where(struct checker *checker, const struct tmandate *mandate, struct texpr *subjects) {
    if (!mandate->where || mandate->timing != TIMING_EVERY)
        return subjects;
    struct texpr *filter = texpr_create(checker->arena, TEXPR_FILTER, subjects->type, mandate->name_span);
    filter->source = subjects;
    filter->variable = variable_create(checker, "subject", type_of_record(mandate->record));
    filter->condition = substitute(checker, mandate->where, mandate->element, texpr_variable(checker->arena, filter->variable, mandate->name_span), mandate->where->span);
    texpr_note_failing(filter);
    return filter;
}

/* Variables may stand in one query only, so each question has a copy of its own. */
static struct tquery *own_copy(struct checker *checker, const struct tquery *original) {
    struct tquery *query = ARENA_NEW(checker->arena, struct tquery);
    *query = *original;
    struct texpr *nested = texpr_create(checker->arena, TEXPR_QUERY, type_of_collection(checker->arena, (struct type){.kind = TYPE_ROW, .row = query}), query->span);
    nested->query = query;
    const struct texpr *copy = substitute(checker, nested, NULL, NULL, query->span);
    if (copy->kind == TEXPR_QUERY) /* else the declaration is too large, which has been said */
        *query = *copy->query;
    return query;
}

static struct tquery *at_gate(struct checker *checker, const struct tmandate *mandate, const struct tquery *original, struct texpr *before, struct texpr *also) {
    struct tquery *query = own_copy(checker, original);
    struct texpr *element = texpr_variable(checker->arena, query->sources[0].variable, mandate->name_span);
    struct rewriting rewriting = {checker, element->variable, mandate->gate_field, substitute(checker, before, mandate->element, element, mandate->name_span)};
    rewrite_query(&rewriting, query);
    if (also)
        query->condition = texpr_and(checker->arena, substitute(checker, also, mandate->element, element, also->span), query->condition);
    return query;
}

void mandate_make_questions(struct checker *checker, struct tmandate *mandate) {
    struct type type = type_of_record(mandate->record);
    struct texpr *all = texpr_create(checker->arena, TEXPR_ALL, type_of_collection(checker->arena, type), mandate->name_span);
    mandate->subject = variable_create(checker, "subject", type);
    struct texpr *subject = texpr_variable(checker->arena, mandate->subject, mandate->name_span);
    struct texpr *one = texpr_with(checker->arena, TEXPR_LIST, all->type, mandate->name_span, 1, &subject);
    struct texpr *periods = mandate->timing == TIMING_EVERY ? periods_of(checker, mandate) : NULL;
    struct texpr *condition = mandate->timing == TIMING_BY ? texpr_and(checker->arena, mandate->where, is_required_by(checker, mandate)) : mandate->where;
    mandate->all = make_question(checker, mandate, only_where(checker, mandate, all), periods, mandate->timing == TIMING_EVERY ? NULL : condition);
    mandate->one = make_question(checker, mandate, only_where(checker, mandate, one), periods, condition); /* the condition again, for whoever asks of its parts */
    if (mandate->timing == TIMING_GATE) {
        struct texpr *before = value_before(checker, mandate);
        mandate->passed = has_passed(checker, mandate);
        mandate->before = variable_create(checker, "before", type_optional(mandate->gate_field->type, true));
        mandate->all = at_gate(checker, mandate, mandate->all, before, mandate->passed);
        mandate->change = at_gate(checker, mandate, mandate->one, texpr_variable(checker->arena, mandate->before, mandate->name_span), NULL);
        mandate->one = at_gate(checker, mandate, mandate->one, before, mandate->passed);
    } else
        mandate->one = own_copy(checker, mandate->one);
}
