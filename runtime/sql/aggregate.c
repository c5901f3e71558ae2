/* Aggregates as scalar subqueries: see writer.h.
 * Knows: aggregates. Does not know: how collections become FROM items, how groups are made. */
#include "runtime/sql/writer.h"

#include <assert.h>

static const char *sum_function(struct type type) {
    if (type_representation(type) == REPRESENTATION_NUMBER)
        return "remit_sum_number";
    return type.kind == TYPE_MONEY ? "remit_sum_money" : type.kind == TYPE_DURATION ? "remit_sum_duration" : "remit_sum_int";
}

static const char *average_function(struct type type) {
    if (type_representation(type) == REPRESENTATION_NUMBER)
        return "remit_average_number";
    return type.kind == TYPE_INT ? "remit_average_int" : "remit_average_money";
}

/* The function up to its value. */
static void write_function(struct writer *writer, struct buffer *out, const struct texpr *aggregate) {
    switch (aggregate->aggregate) {
    case AGGREGATE_COUNT: case AGGREGATE_EXISTS:
        buffer_add_string(out, "count(");
        break;
    case AGGREGATE_SUM:
        buffer_add_format(out, "%s(", sum_function(aggregate->type));
        break;
    case AGGREGATE_AVERAGE:
        buffer_add_format(out, "%s(", average_function(aggregate->value->type));
        break;
    case AGGREGATE_LEAST: /* + : not along an index, which SQLite would leave at the first row, whatever fails later */
        buffer_add_string(out, aggregate->may_fail ? "min(+" : "min(");
        break;
    case AGGREGATE_GREATEST:
        buffer_add_string(out, aggregate->may_fail ? "max(+" : "max(");
        break;
    case AGGREGATE_STREAK:
        buffer_add_string(out, "remit_streak(");
        break;
    case AGGREGATE_LONGEST_GAP:
        buffer_add_format(out, "remit_longest_gap(%d, ", aggregate->by->type.kind == TYPE_DATE ? DAY_SECONDS : 1);
        break;
    case AGGREGATE_JOIN: {
        const char *separator = aggregate->text ? aggregate->text : ", ";
        buffer_add_string(out, "remit_join(");
        write_parameter(writer, out, value_text(separator, strlen(separator)));
        buffer_add_string(out, ", ");
        break;
    }
    case AGGREGATE_LATEST: case AGGREGATE_EARLIEST:
        assert(!"an ordered subquery, not a function");
        break;
    }
}

const char *aggregate_sql(struct writer *writer, const struct texpr *aggregate, const struct collected *collected, const struct texpr *condition) {
    struct buffer out = {0}, value = {0};
    int before = collected_uses(writer, collected);
    const struct texpr *argument = aggregate->aggregate == AGGREGATE_STREAK ? aggregate->condition : aggregate->by ? aggregate->by : aggregate->value;
    write_function(writer, &out, aggregate);
    if (!argument && !condition) {
        buffer_add_string(&out, "*)");
        return writer_take(writer, &out);
    }
    if (condition) {
        buffer_add_string(&value, "CASE WHEN ");
        write_expression(writer, &value, condition);
        buffer_add_string(&value, " THEN ");
    }
    if (argument)
        write_expression(writer, &value, argument);
    else
        buffer_add_char(&value, '1');
    if (condition)
        buffer_add_string(&value, " END");
    buffer_add_string(&out, tie_to(writer, collected, writer_take(writer, &value), before));
    if (aggregate->aggregate == AGGREGATE_STREAK)
        buffer_add_format(&out, ", %s, %s", expression_sql(writer, aggregate->by), element_sql(writer, collected));
    if (aggregate->aggregate == AGGREGATE_JOIN)
        for (int i = 0; i < collected->order.count; i++)
            buffer_add_format(&out, ", %s", collected->order.items[i]);
    buffer_add_char(&out, ')');
    return writer_take(writer, &out);
}

static enum collect_order order_wanted(const struct texpr *aggregate) {
    return aggregate->aggregate == AGGREGATE_STREAK || aggregate->aggregate == AGGREGATE_JOIN ? COLLECT_ORDERED : COLLECT_UNORDERED;
}

void write_aggregate(struct writer *writer, struct buffer *out, const struct texpr *aggregate) {
    enum aggregate_kind kind = aggregate->aggregate;
    if (aggregate->source->kind == TEXPR_GROUP) {
        write_group_aggregate(writer, out, aggregate);
        return;
    }
    if (kind == AGGREGATE_LATEST || kind == AGGREGATE_EARLIEST) {
        write_extreme(writer, out, aggregate, &(struct want){.kind = WANT_ID});
        return;
    }
    const struct environment *environment = writer->environment;
    struct collected collected = {0};
    collect(writer, &collected, aggregate->source, order_wanted(aggregate));
    if (!aggregate->value)
        collect_asked(writer, &collected);
    if (aggregate->variable)
        writer_bind(writer, aggregate->variable, collected.element);
    if (kind != AGGREGATE_STREAK)
        collect_condition(writer, &collected, aggregate->condition);
    collect_known(writer, &collected, aggregate->by);
    if (kind == AGGREGATE_EXISTS)
        collect_known(writer, &collected, aggregate->value);
    bool stops_early = kind == AGGREGATE_EXISTS && !aggregate->may_fail;
    if (stops_early)
        buffer_add_string(out, "EXISTS (SELECT 1");
    else if (kind == AGGREGATE_EXISTS)
        buffer_add_string(out, "((SELECT count(*)");
    else
        buffer_add_format(out, "(SELECT %s", aggregate_sql(writer, aggregate, &collected, NULL));
    write_from(out, &collected);
    buffer_add_string(out, kind == AGGREGATE_EXISTS && !stops_early ? ") > 0)" : ")");
    writer->environment = environment;
}

/* Can what is wanted of the element fail? Then it is asked of the one that was found, and of no other. */
static bool want_may_fail(const struct want *want) {
    for (; want && want->kind == WANT_DERIVED; want = want->then)
        if (want->field->value->may_fail)
            return true;
    return false;
}

/* The order is none of an index's where something may fail: reading along one, SQLite would stop at the first row. */
static const char *extreme_order(struct writer *writer, const struct texpr *aggregate, const struct collected *collected) {
    const char *direction = aggregate->aggregate == AGGREGATE_LATEST ? " DESC" : "";
    return arena_format(writer->arena, "%s%s%s, %s%s", aggregate->may_fail ? "+" : "", expression_sql(writer, aggregate->by), direction, element_sql(writer, collected), direction);
}

/* The element is found in a subquery, and what is wanted asked outside it. The limits keep SQLite from making one query of the two. */
static void write_found_first(struct writer *writer, struct buffer *out, const struct collected *collected, const char *order, bool by_number, const struct want *want) {
    struct sql_place place = place_of_carried(writer, collected, writer_alias(writer));
    write_wanted_at(writer, out, &place, collected->element_type, want);
    buffer_add_string(out, " FROM (SELECT ");
    write_carried(writer, out, collected, place.kind == PLACE_TABLE);
    if (by_number)
        buffer_add_format(out, ", row_number() OVER (ORDER BY %s) AS \"_p%d\"", order, place.alias);
    write_from(out, collected);
    if (by_number)
        buffer_add_format(out, " ORDER BY \"_p%d\" LIMIT 1) a%d LIMIT 1)", place.alias, place.alias);
    else
        buffer_add_format(out, " ORDER BY %s LIMIT 1) a%d LIMIT 1)", order, place.alias);
}

void write_extreme(struct writer *writer, struct buffer *out, const struct texpr *aggregate, const struct want *want) {
    const struct environment *environment = writer->environment;
    struct collected collected = {0};
    collect(writer, &collected, aggregate->source, COLLECT_ORDERED);
    writer_bind(writer, aggregate->variable, collected.element);
    collect_condition(writer, &collected, aggregate->condition);
    collect_known(writer, &collected, aggregate->by);
    int own = collected_uses(writer, &collected), all = writer->use_count;
    const char *order = extreme_order(writer, aggregate, &collected);
    bool by_number = writer->use_count - all != collected_uses(writer, &collected) - own; /* SQLite takes no columns of outer queries in ORDER BY, but in a window's it does */
    buffer_add_string(out, "(SELECT ");
    if (by_number || want_may_fail(want))
        write_found_first(writer, out, &collected, order, by_number, want);
    else {
        write_wanted_at(writer, out, &collected.element, collected.element_type, want);
        write_from(out, &collected);
        buffer_add_format(out, " ORDER BY %s LIMIT 1)", order);
    }
    writer->environment = environment;
}
