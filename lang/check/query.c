/* Queries: sources, conditions, groups, columns, order, totals; and reports used as sources.
 * Knows: the clauses of a query. Does not know: rules, commands. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

/* ---- sources ---- */

static struct texpr *query_as_collection(struct checker *checker, const struct tquery *query, struct span span) {
    struct texpr *expression = texpr_create(checker->arena, TEXPR_QUERY, type_of_collection(checker->arena, (struct type){.kind = TYPE_ROW, .row = query}), span);
    expression->query = query;
    texpr_note_failing(expression);
    return expression;
}

static struct texpr *check_source_collection(struct context *context, struct node *node) {
    struct texpr *report = node->kind == NODE_NAME && !name_is_in_scope(context, name_text(node)) ? check_report_source(context, node) : NULL;
    if (report)
        return report;
    if (node->kind == NODE_QUERY) { /* rows with their columns, be it only one */
        struct tquery *query = check_query(context, node);
        return query ? query_as_collection(context->checker, query, node->span) : poison(context, node);
    }
    struct texpr *collection = check_expression(context, node, NULL);
    if (is_poison(collection) || collection->type.kind == TYPE_COLLECTION)
        return collection;
    struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_NOT_A_COLLECTION, node->span, "what follows `from` or `for`", type_words(context->checker, collection->type));
    diagnostic_hint(context->checker->diagnostics, said, "Name a record type (`from initiative`), one of its collections (`from METERS.costs`) or a report.");
    return poison(context, node);
}

bool check_source(struct context *context, struct node *binder, struct node *source, struct node *condition, struct texpr **collection, struct tvar **variable, struct context *within) {
    *collection = check_source_collection(context, source);
    if (is_poison(*collection))
        return false;
    *within = enter_element(context, *collection, binder ? name_text(binder) : NULL, variable);
    if (!condition)
        return true;
    struct texpr *where = check_condition(within, condition, "`where`");
    if (is_poison(where)) { /* what follows is checked all the same: its mistakes are its own */
        within->lost_guard = within->lost_guard || may_guard(condition);
        return true;
    }
    struct texpr *filter = texpr_create(context->checker->arena, TEXPR_FILTER, (*collection)->type, (*collection)->span);
    filter->source = *collection;
    filter->variable = variable_create(context->checker, "it", (*variable)->type);
    filter->condition = substitute(context->checker, where, *variable, texpr_variable(context->checker->arena, filter->variable, where->span), where->span);
    texpr_note_failing(filter);
    *collection = filter;
    within->facts = facts_when(context->checker, within->facts, where, true);
    return true;
}

/* ---- columns ---- */

static const char *column_label(struct context *context, struct node_column *column) {
    if (column->label)
        return name_text(column->label);
    return column->value->kind == NODE_NAME || (column->value->kind == NODE_TEXT_LITERAL && *name_text(column->value)) ? name_text(column->value) : source_words(context->checker, column->value);
}

static bool check_column(struct context *context, struct node *node, struct tcolumn *column) {
    struct checker *checker = context->checker;
    struct node_column *written = AS(column, COLUMN, node);
    struct texpr *value = check_expression(context, written->value, NULL);
    column->label = column_label(context, written);
    column->value = column->shown = poison(context, node); /* its label is a name all the same, so that using it is no second mistake */
    column->type = column->value->type;
    if (is_poison(value))
        return false;
    if (value->type.kind == TYPE_DECIMAL)
        value = convert_to(checker, value, type_of_kind(TYPE_NUMBER));
    if (value->type.kind == TYPE_NOTHING) {
        diagnostic_add(checker->diagnostics, DIAG_ONLY_MISSING, written->value->span);
        return false;
    }
    if (value->type.kind == TYPE_COLLECTION || value->type.kind == TYPE_ROW) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_COLUMN_OF_MANY, written->value->span, source_words(checker, written->value));
        diagnostic_hint(checker->diagnostics, said, "Show `count(…)`, `sum(…)`, `latest(… by …)` of it, or `join(….name, \", \")`.");
        return false;
    }
    column->value = value;
    column->type = value->type;
    column->shown = shown_value(context, value);
    return true;
}

/* What is shown of a record when nothing is said: its key, its title where rows have one, and its stored fields. */
static void default_columns(struct context *context, struct tquery *query) {
    struct checker *checker = context->checker;
    int capacity = 0;
    for (int i = 0; i < query->source_count; i++) {
        struct type type = query->sources[i].variable->type;
        capacity += type.kind == TYPE_RECORD ? type.record->field_count : type.kind == TYPE_ROW ? type.row->column_count : 1;
    }
    query->columns = ARENA_ARRAY(checker->arena, struct tcolumn, capacity + 1);
    for (int i = 0; i < query->source_count; i++) {
        struct tvar *variable = query->sources[i].variable;
        struct texpr *element = texpr_variable(checker->arena, variable, query->span);
        if (variable->type.kind == TYPE_RECORD) {
            struct record_type *record = variable->type.record;
            for (int f = FIELD_KEY; f < record->field_count; f++) {
                struct field *field = record->fields[f];
                if (f >= FIELD_FIRST_OWN ? field->kind != FIELD_STORED : record->key_count > 0)
                    continue;
                struct texpr *value = make_field(context, element, field, query->span);
                query->columns[query->column_count++] = (struct tcolumn){field->name, value, shown_value(context, value), value->type};
            }
        } else if (variable->type.kind == TYPE_ROW) {
            for (int c = 0; c < variable->type.row->column_count; c++) {
                struct texpr *value = texpr_create(checker->arena, TEXPR_COLUMN, variable->type.row->columns[c].type, query->span);
                value->base = element;
                value->number = c;
                query->columns[query->column_count++] = (struct tcolumn){variable->type.row->columns[c].label, value, shown_value(context, value), value->type};
            }
        } else
            query->columns[query->column_count++] = (struct tcolumn){variable->name && strcmp(variable->name, "it") != 0 ? variable->name : "value", element, shown_value(context, element), element->type};
    }
}

static void group_columns(struct context *context, struct tquery *query) {
    struct checker *checker = context->checker;
    query->columns = ARENA_ARRAY(checker->arena, struct tcolumn, query->group_count + 1);
    for (int i = 0; i < query->group_count; i++) {
        struct texpr *key = texpr_create(checker->arena, TEXPR_KEY_OF_GROUP, query->groups[i].type, query->span);
        key->number = i;
        query->columns[query->column_count++] = (struct tcolumn){query->groups[i].label, key, shown_value(context, key), key->type};
    }
    struct texpr *count = texpr_create(checker->arena, TEXPR_AGGREGATE, type_of_kind(TYPE_INT), query->span);
    count->aggregate = AGGREGATE_COUNT;
    count->source = texpr_create(checker->arena, TEXPR_GROUP, type_of_collection(checker->arena, type_of_kind(TYPE_NOTHING)), query->span);
    query->columns[query->column_count++] = (struct tcolumn){"count", count, count, count->type};
}

static bool check_columns(struct context *context, struct node_query *written, struct tquery *query) {
    query->columns = ARENA_ARRAY(context->checker->arena, struct tcolumn, written->columns.count);
    query->column_count = 0;
    bool good = true;
    for (int i = 0; i < written->columns.count; i++)
        good = check_column(context, written->columns.items[i], &query->columns[i]) && good;
    query->column_count = written->columns.count;
    struct name_table labels = {0};
    for (int i = 0; i < query->column_count; i++) {
        if (name_table_find(&labels, query->columns[i].label) >= 0) {
            struct diagnostic *said = diagnostic_add(context->checker->diagnostics, DIAG_LABEL_TWICE, written->columns.items[i]->span, query->columns[i].label);
            diagnostic_hint(context->checker->diagnostics, said, "Give one of them another name: `… as \"…\"`.");
            return false;
        }
        name_table_add(context->checker->arena, &labels, query->columns[i].label);
    }
    return good;
}

/* Columns of an ungrouped query. A query that shows `count()` or `sum(budget)` without `group by` is one group: it is found out by trying. */
static bool check_ungrouped_columns(struct context *context, struct node_query *written, struct tquery *query, bool *is_one_group) {
    struct checker *checker = context->checker;
    int count = checker->diagnostics->list.count, errors = checker->diagnostics->error_count;
    struct context trial = *context;
    trial.found_group_aggregate = is_one_group;
    bool good = check_columns(&trial, written, query);
    if (*is_one_group) {
        checker->diagnostics->list.count = count;
        checker->diagnostics->error_count = errors;
    }
    return good;
}

/* ---- group by ---- */

static bool check_groups(struct context *context, struct node_query *written, struct tquery *query, struct group_frame *frame) {
    struct checker *checker = context->checker;
    query->groups = ARENA_ARRAY(checker->arena, struct tcolumn, written->groups.count);
    frame->key_nodes = ARENA_ARRAY(checker->arena, struct node *, written->groups.count);
    bool good = true;
    for (int i = 0; i < written->groups.count; i++) {
        good = check_column(context, written->groups.items[i], &query->groups[i]) && good;
        frame->key_nodes[i] = AS(column, COLUMN, written->groups.items[i])->value;
    }
    query->group_count = written->groups.count;
    query->grouped = true;
    return good;
}

/* ---- keep, sort, take ---- */

/* The labels of the columns become names, nearest of all. */
static struct scope *scope_of_labels(struct context *context, const struct tquery *query) {
    struct scope *scope = context->scope;
    for (int i = 0; i < query->column_count; i++)
        if (query->columns[i].value)
            scope = scope_push(context->checker, scope, SCOPE_VALUE, query->columns[i].label, NULL, query->columns[i].value);
    return scope;
}

static bool check_order(struct context *context, struct node_query *written, struct tquery *query) {
    struct checker *checker = context->checker;
    query->order = ARENA_ARRAY(checker->arena, struct tsort, written->order.count);
    bool good = true;
    for (int i = 0; i < written->order.count; i++) {
        struct node_sort *sort = AS(sort, SORT, written->order.items[i]);
        struct texpr *value;
        const char *label = name_text(sort->value);
        int column = query->column_count;
        if (sort->value->kind == NODE_TEXT_LITERAL) /* sort by "Slip" */
            for (column = 0; column < query->column_count && strcmp(query->columns[column].label, label) != 0; column++)
                ;
        if (column < query->column_count)
            value = query->columns[column].value;
        else
            value = check_expression(context, sort->value, NULL);
        if (is_poison(value)) {
            good = false;
            continue;
        }
        if (value->type.kind == TYPE_DECIMAL)
            value = convert_to(checker, value, type_of_kind(TYPE_NUMBER));
        value = shown_value(context, value);
        if (type_representation(value->type) == REPRESENTATION_NONE || value->type.kind == TYPE_ROW) {
            diagnostic_add(checker->diagnostics, DIAG_CANNOT_ORDER, sort->value->span, type_words(checker, value->type));
            good = false;
            continue;
        }
        query->order[query->order_count++] = (struct tsort){value, sort->descending != 0};
    }
    return good;
}

static bool visit_any_variable(const struct texpr *part, void *context) {
    bool *found = context;
    *found = *found || part->kind == TEXPR_FIELD || part->kind == TEXPR_AGGREGATE || part->kind == TEXPR_DERIVED;
    return !*found;
}

static bool check_take(struct context *context, struct node_query *written, struct tquery *query) {
    if (!written->take)
        return true;
    struct texpr *take = check_as(context, written->take, type_of_kind(TYPE_INT), "`take`");
    if (is_poison(take))
        return false;
    bool varies = false;
    texpr_walk(take, visit_any_variable, &varies);
    if (varies || (take->kind == TEXPR_CONSTANT && take->constant.integer < 0)) {
        diagnostic_add(context->checker->diagnostics, DIAG_TAKE_NOT_FIXED, written->take->span);
        return false;
    }
    query->take = take;
    return true;
}

/* ---- totals ---- */

static int total_kind(const char *name) {
    static const struct {
        const char *name;
        enum aggregate_kind kind;
    } kinds[] = {{"sum", AGGREGATE_SUM}, {"avg", AGGREGATE_AVERAGE}, {"min", AGGREGATE_LEAST}, {"max", AGGREGATE_GREATEST}, {"count", AGGREGATE_COUNT}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return (int)kinds[i].kind;
    return -1;
}

static int find_label(const struct tquery *query, const char *label) {
    for (int i = 0; i < query->column_count; i++)
        if (strcmp(query->columns[i].label, label) == 0)
            return i;
    return -1;
}

static bool can_total(enum aggregate_kind kind, struct type type) {
    if (kind == AGGREGATE_COUNT)
        return true;
    if (kind == AGGREGATE_LEAST || kind == AGGREGATE_GREATEST)
        return type_representation(type) != REPRESENTATION_NONE && type.kind != TYPE_RECORD && type.kind != TYPE_BOOL;
    return type.kind == TYPE_INT || type.kind == TYPE_NUMBER || type.kind == TYPE_MONEY || type.kind == TYPE_DURATION;
}

/* total Budget, avg(Slip): a column is summed unless another aggregate is named. */
static bool check_totals(struct context *context, struct node_query *written, struct tquery *query) {
    struct checker *checker = context->checker;
    bool good = true;
    if (!written->totals.count)
        return true;
    query->total_aggregates = ARENA_ARRAY(checker->arena, int, query->column_count);
    for (int i = 0; i < query->column_count; i++)
        query->total_aggregates[i] = -1;
    for (int i = 0; i < written->totals.count; i++) {
        struct node *node = written->totals.items[i];
        if (node->kind == NODE_COLUMN)
            node = AS(column, COLUMN, node)->value;
        int kind = AGGREGATE_SUM;
        struct node *label = node;
        if (node->kind == NODE_CALL) {
            struct node_call *call = AS(call, CALL, node);
            kind = total_kind(name_text(call->callee));
            struct node *argument = call->arguments.count == 1 ? AS(argument, ARGUMENT, call->arguments.items[0])->value : NULL;
            if (argument)
                label = argument;
        }
        const char *text = label->kind == NODE_NAME || label->kind == NODE_TEXT_LITERAL ? name_text(label) : source_words(checker, label);
        int column = find_label(query, text);
        if (column < 0 || kind < 0) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_TOTAL_OF_WHAT, node->span, text);
            struct nearest nearest;
            nearest_start(&nearest, text);
            for (int c = 0; c < query->column_count; c++)
                nearest_offer(&nearest, query->columns[c].label);
            if (nearest.best)
                diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
            else
                diagnostic_hint(checker->diagnostics, said, "Name a column that is shown: `total Budget`, `total avg(Slip)`.");
            good = false;
        } else if (query->columns[column].type.kind == TYPE_POISON)
            good = false;
        else if (!can_total((enum aggregate_kind)kind, query->columns[column].type)) {
            diagnostic_add(checker->diagnostics, DIAG_CANNOT_AGGREGATE, node->span, "total", type_words(checker, query->columns[column].type));
            good = false;
        } else
            query->total_aggregates[column] = kind;
    }
    return good;
}

/* ---- the whole query ---- */

struct tquery *check_query(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_query *written = AS(query, QUERY, node);
    struct tquery *query = ARENA_NEW(checker->arena, struct tquery);
    query->span = node->span;
    if (written->chart)
        say_not_yet(checker, written->chart, "`chart`", false);
    query->as_of = check_as_of(context, written->as_of);
    if (query->as_of && is_poison(query->as_of))
        return NULL;
    struct context inner = *context;
    inner.group = NULL;
    inner.found_group_aggregate = NULL;
    if (query->as_of)
        inner.facts = NULL; /* they are about the present */
    query->sources = ARENA_ARRAY(checker->arena, struct tsource, written->sources.count);
    for (int i = 0; i < written->sources.count; i++) {
        struct node_source_item *item = AS(source_item, SOURCE, written->sources.items[i]);
        struct context within;
        if (!check_source(&inner, item->binder, item->collection, NULL, &query->sources[i].collection, &query->sources[i].variable, &within))
            return NULL;
        query->source_count++;
        inner = within;
    }
    bool good = true;
    if (written->condition) {
        query->condition = check_condition(&inner, written->condition, "`where`");
        good = !is_poison(query->condition);
        learn(&inner, written->condition, query->condition, true);
    }
    struct group_frame frame = {.query = query, .source_scope = inner.scope, .source_facts = inner.facts};
    bool is_one_group = false;
    if (written->groups.count) {
        if (!check_groups(&inner, written, query, &frame))
            return NULL; /* what a column may show cannot be judged without its keys */
    } else if (written->columns.count)
        good = check_ungrouped_columns(&inner, written, query, &is_one_group) && good;
    if (is_one_group) {
        good = !query->condition || !is_poison(query->condition);
        query->grouped = true;
        frame.key_nodes = NULL;
    }
    if (query->grouped) {
        inner.group = &frame;
        if (written->columns.count)
            good = check_columns(&inner, written, query) && good;
        else
            group_columns(&inner, query);
    } else if (!written->columns.count)
        default_columns(&inner, query);
    inner.scope = scope_of_labels(&inner, query);
    if (written->keep) {
        query->keep = check_condition(&inner, written->keep, "`keep where`");
        good = good && !is_poison(query->keep);
    }
    good = check_order(&inner, written, query) && good;
    good = check_take(context, written, query) && good;
    good = check_totals(&inner, written, query) && good;
    return good ? query : NULL;
}

struct tquery *query_of_collection(struct context *context, struct texpr *collection, struct span span) {
    struct checker *checker = context->checker;
    struct tquery *query = ARENA_NEW(checker->arena, struct tquery);
    query->span = span;
    query->sources = ARENA_NEW(checker->arena, struct tsource);
    query->source_count = 1;
    query->sources[0].collection = collection;
    query->sources[0].variable = variable_create(checker, "it", *collection->type.element);
    default_columns(context, query);
    return query;
}

struct texpr *check_query_expression(struct context *context, struct node *node) {
    struct tquery *query = check_query(context, node);
    if (!query)
        return poison(context, node);
    struct texpr *rows = query_as_collection(context->checker, query, node->span);
    /* A query of one column is also a list of its values: sum(from cost show amount). */
    if (query->column_count != 1 || AS(query, QUERY, node)->columns.count != 1)
        return rows;
    return map_collection(context, rows, NULL, 0, node->span);
}

/* ---- reports as sources ---- */

struct texpr **check_report_arguments(struct context *context, struct treport *report, struct node *call, bool *good) {
    struct checker *checker = context->checker;
    struct texpr **values = ARENA_ARRAY(checker->arena, struct texpr *, report->parameter_count + 1);
    *good = true;
    if (call->kind != NODE_CALL)
        call = NULL;
    int position = 0;
    for (int i = 0; call && i < AS(call, CALL, call)->arguments.count; i++) {
        struct node_argument *argument = AS(argument, ARGUMENT, AS(call, CALL, call)->arguments.items[i]);
        int at = argument->name ? 0 : position++;
        if (argument->name)
            while (at < report->parameter_count && strcmp(report->parameters[at].name, name_text(argument->name)) != 0)
                at++;
        if (at >= report->parameter_count || values[at]) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_PARAMETER, argument->head.span, report->name, argument->name ? name_text(argument->name) : source_words(checker, &argument->head));
            struct nearest nearest;
            nearest_start(&nearest, argument->name ? name_text(argument->name) : "");
            for (int p = 0; p < report->parameter_count; p++)
                nearest_offer(&nearest, report->parameters[p].name);
            if (nearest.best)
                diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
            *good = false;
            return values;
        }
        values[at] = check_as(context, argument->value, report->parameters[at].variable->type, arena_format(checker->arena, "`%s` of `%s`", report->parameters[at].name, report->name));
        *good = *good && !is_poison(values[at]);
    }
    for (int p = 0; p < report->parameter_count; p++)
        if (!values[p] && !report->parameters[p].standard) {
            diagnostic_add(checker->diagnostics, DIAG_PARAMETER_WANTED, call ? call->span : report->span, report->name, report->parameters[p].name);
            *good = false;
        }
    return values;
}

/* A report as a source is its query checked anew, with each parameter standing for its argument. */
struct texpr *check_report_source(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    const char *name = name_text(node->kind == NODE_CALL ? AS(call, CALL, node)->callee : node);
    int position = name_table_find(&checker->program->report_names, name);
    if (position < 0)
        return NULL;
    struct treport *report = checker->program->reports.items[position];
    check_report(checker, report, checker->report_nodes.items[position].node);
    struct report_node entry = checker->report_nodes.items[position];
    if (entry.state == PENDING_CHECKING) {
        diagnostic_add(checker->diagnostics, DIAG_REPORT_NEEDS_ITSELF, node->span, name);
        return poison(context, node);
    }
    if (!report->query)
        return poison(context, node);
    bool good;
    struct texpr **values = check_report_arguments(context, report, node, &good);
    if (!good)
        return poison(context, node);
    struct context inner = {.checker = checker};
    for (int p = 0; p < report->parameter_count; p++)
        inner.scope = scope_push(checker, inner.scope, SCOPE_VALUE, report->parameters[p].name, NULL, values[p] ? values[p] : report->parameters[p].standard);
    struct tquery *query = check_query(&inner, AS(report, REPORT, entry.node)->query);
    return query ? query_as_collection(checker, query, node->span) : poison(context, node);
}
