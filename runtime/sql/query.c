/* Queries as SELECT: see writer.h.
 * Knows: the clauses of a query. Does not know: statements, totals (question.c). */
#include "runtime/sql/writer.h"

#include <assert.h>

/* ---- groups ---- */

void write_group_key(struct writer *writer, struct buffer *out, int number) {
    char name[24];
    snprintf(name, sizeof name, "g%d", number);
    write_column(writer, out, writer->stage->alias, name);
}

static int find_group_aggregate(const struct group_stage *stage, const struct texpr *aggregate) {
    for (int i = 0; i < stage->aggregates.count; i++)
        if (texpr_equal(stage->aggregates.items[i], aggregate))
            return i;
    return -1;
}

void write_group_aggregate(struct writer *writer, struct buffer *out, const struct texpr *aggregate) {
    struct group_stage *stage = writer->stage;
    assert(stage && "an aggregate over a group outside a grouped query");
    int number = find_group_aggregate(stage, aggregate);
    if (number < 0) {
        const struct environment *environment = writer->environment;
        writer->environment = stage->environment;
        writer->stage = stage->outer;
        const char *sql = aggregate_sql(writer, aggregate, stage->collected, aggregate->aggregate == AGGREGATE_STREAK ? NULL : aggregate->condition);
        writer->environment = environment;
        writer->stage = stage;
        number = stage->sql.count;
        LIST_ADD(writer->arena, &stage->aggregates, aggregate);
        LIST_ADD(writer->arena, &stage->sql, sql);
    }
    char name[24];
    snprintf(name, sizeof name, "s%d", number);
    bool is_exists = aggregate->aggregate == AGGREGATE_EXISTS;
    buffer_add_string(out, is_exists ? "(" : "");
    write_column(writer, out, stage->alias, name);
    buffer_add_string(out, is_exists ? " > 0)" : "");
}

/* SELECT keys AS g0 …, aggregates AS s0 … FROM … GROUP BY keys; written last, when all aggregates are known. */
static const char *stage_select(struct writer *writer, const struct group_stage *stage) {
    const struct tquery *query = stage->query;
    struct buffer sql = {0};
    const char *before = "SELECT ";
    for (int i = 0; i < query->group_count; i++) {
        buffer_add_format(&sql, "%s%s AS g%d", before, expression_sql(writer, query->groups[i].value), i);
        before = ", ";
    }
    for (int i = 0; i < stage->sql.count; i++) {
        buffer_add_format(&sql, "%s%s AS s%d", before, stage->sql.items[i], i);
        before = ", ";
    }
    if (query->group_count + stage->sql.count == 0)
        buffer_add_string(&sql, "SELECT count(*)");
    write_from(&sql, stage->collected);
    for (int i = 0; i < query->group_count; i++)
        buffer_add_format(&sql, "%s%d", i ? ", " : " GROUP BY ", i + 1);
    if (query->keep && tquery_may_fail(query)) /* every group is worked out, also those not kept: see write_end */
        buffer_add_string(&sql, " LIMIT -1");
    return writer_take(writer, &sql);
}

/* ---- order ---- */

/* What rows are sorted by: what the query says, then the sources' own order or the group keys. */
struct sort_key {
    const char *sql;
    const char *direction;
};
struct sort_keys {
    struct sort_key *items;
    int count, capacity;
};

/* NULL is the least to SQLite, so that it comes last by itself where the order is descending. */
static void add_sort_key(struct writer *writer, struct sort_keys *keys, const char *sql, bool optional, bool descending) {
    struct sort_key key = {sql, descending ? " DESC" : optional ? " NULLS LAST" : ""};
    LIST_ADD(writer->arena, keys, key);
}

/* The column that is written like the sort value: it need not be worked out again. Numbering rows comes before the columns have their names. */
static int find_column(const struct tquery *query, const struct texpr *value, enum query_form form) {
    for (int i = 0; form != QUERY_NUMBERED && i < query->column_count; i++)
        if (texpr_equal(form == QUERY_SHOWN ? query->columns[i].shown : query->columns[i].value, value))
            return i;
    return -1;
}

static struct sort_keys collect_sort_keys(struct writer *writer, const struct tquery *query, const struct collected *collected, enum query_form form) {
    struct sort_keys keys = {0};
    for (int i = 0; i < query->order_count; i++) {
        const struct texpr *value = query->order[i].value;
        int column = find_column(query, value, form);
        if (value->kind != TEXPR_CONSTANT) /* a number there would be taken for the number of a column */
            add_sort_key(writer, &keys, column >= 0 ? arena_format(writer->arena, "c%d", column) : expression_sql(writer, value), value->type.optional, query->order[i].descending);
    }
    if (query->grouped)
        for (int i = 0; i < query->group_count; i++) {
            struct buffer key = {0};
            write_group_key(writer, &key, i);
            add_sort_key(writer, &keys, writer_take(writer, &key), query->groups[i].type.optional, false);
        }
    else
        for (int i = 0; i < collected->order.count; i++)
            add_sort_key(writer, &keys, collected->order.items[i], false, false);
    if (!keys.count)
        add_sort_key(writer, &keys, "NULL", false, false);
    return keys;
}

static void write_sort_keys(struct buffer *out, const struct sort_keys *keys, bool by_name) {
    for (int i = 0; i < keys->count; i++) {
        buffer_add_string(out, i ? ", " : "");
        if (by_name)
            buffer_add_format(out, "k%d", i);
        else
            buffer_add_string(out, keys->items[i].sql);
        buffer_add_string(out, keys->items[i].direction);
    }
}

static void write_take(struct writer *writer, struct buffer *out, const struct tquery *query, const char *otherwise) {
    if (!query->take) {
        buffer_add_string(out, otherwise);
        return;
    }
    bool is_constant = query->take->kind == TEXPR_CONSTANT;
    buffer_add_string(out, is_constant ? " LIMIT " : " LIMIT max(0, ");
    write_expression(writer, out, query->take);
    buffer_add_string(out, is_constant ? "" : ")");
}

/* ---- the whole query ---- */

/* A query with `take` whose rows may fail: every row is worked out, whether it is among those taken or not, in a query within; else it would hang on SQLite's way of sorting which
 * failures are seen. */
static bool is_layered(const struct tquery *query) {
    return query->take && tquery_may_fail(query);
}

static void write_columns(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form) {
    buffer_add_string(out, "SELECT ");
    for (int i = 0; i < query->column_count; i++) {
        const struct tcolumn *column = &query->columns[i];
        buffer_add_string(out, i ? ", " : "");
        write_expression(writer, out, form == QUERY_SHOWN ? column->shown : column->value);
        buffer_add_format(out, " AS c%d", i);
    }
}

static void write_number(struct buffer *out, const struct sort_keys *keys, enum query_form form, bool by_name) {
    if (form == QUERY_ROWS)
        buffer_add_string(out, ", 1 AS \"_id\"");
    if (form != QUERY_NUMBERED)
        return;
    buffer_add_string(out, ", row_number() OVER (ORDER BY ");
    write_sort_keys(out, keys, by_name);
    buffer_add_string(out, ") AS \"_id\"");
}

/* The order and the limit. The rows are numbered in their order, which then is said once only. A limit, even one of all rows, keeps SQLite from mixing outer conditions in. */
static void write_end(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form, const struct sort_keys *keys, bool by_name) {
    if (form == QUERY_NUMBERED)
        buffer_add_string(out, " ORDER BY \"_id\"");
    else if (form == QUERY_SHOWN || query->take) {
        buffer_add_string(out, " ORDER BY ");
        write_sort_keys(out, keys, by_name);
    }
    write_take(writer, out, query, form == QUERY_SHOWN ? "" : " LIMIT -1");
}

/* SELECT columns FROM … ORDER BY … LIMIT …; from is " FROM … WHERE …". */
static void write_select(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form, const char *columns, const struct sort_keys *keys, const char *from) {
    bool layered = is_layered(query);
    if (layered) {
        buffer_add_string(out, "SELECT ");
        for (int i = 0; i < query->column_count; i++)
            buffer_add_format(out, "%sc%d", i ? ", " : "", i);
        write_number(out, keys, form, true);
        buffer_add_format(out, " FROM (%s", columns);
        for (int i = 0; i < keys->count; i++)
            buffer_add_format(out, ", %s AS k%d", keys->items[i].sql, i);
    } else {
        buffer_add_string(out, columns);
        write_number(out, keys, form, false);
    }
    buffer_add_string(out, from);
    if (layered)
        buffer_add_string(out, " LIMIT -1)");
    write_end(writer, out, query, form, keys, layered);
}

static const char *columns_sql(struct writer *writer, const struct tquery *query, enum query_form form) {
    struct buffer columns = {0};
    write_columns(writer, &columns, query, form);
    return writer_take(writer, &columns);
}

static const char *from_sql(struct writer *writer, const struct collected *collected) {
    struct buffer from = {0};
    write_from(&from, collected);
    return writer_take(writer, &from);
}

static void collect_sources(struct writer *writer, const struct tquery *query, struct collected *collected) {
    for (int i = 0; i < query->source_count; i++) {
        collect(writer, collected, query->sources[i].collection, COLLECT_ORDERED);
        collect_asked(writer, collected);
        writer_bind(writer, query->sources[i].variable, collected->element);
    }
    collect_condition(writer, collected, query->condition);
}

static void write_plain(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form, struct collected *collected) {
    collect_condition(writer, collected, query->keep);
    const char *columns = columns_sql(writer, query, form);
    struct sort_keys keys = collect_sort_keys(writer, query, collected, is_layered(query) ? QUERY_NUMBERED : form);
    write_select(writer, out, query, form, columns, &keys, from_sql(writer, collected));
}

static void write_grouped(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form, const struct environment *outside, struct collected *collected) {
    struct group_stage stage = {.query = query, .alias = writer_alias(writer), .collected = collected, .environment = writer->environment, .outer = writer->stage};
    const struct environment *inside = writer->environment;
    struct collected groups = {0};
    writer->environment = outside;
    writer->stage = &stage;
    const char *columns = columns_sql(writer, query, form);
    struct sort_keys keys = collect_sort_keys(writer, query, NULL, is_layered(query) ? QUERY_NUMBERED : form);
    collect_condition(writer, &groups, query->keep);
    writer->stage = stage.outer;
    writer->environment = inside;
    const char *select = stage_select(writer, &stage);
    struct from_item item = {arena_format(writer->arena, "(%s) a%d", select, stage.alias), NULL, false, false};
    LIST_ADD(writer->arena, &groups.items, item);
    writer->environment = outside;
    write_select(writer, out, query, form, columns, &keys, from_sql(writer, &groups));
}

/* No row is wanted: nothing is asked. */
static bool takes_nothing(const struct writer *writer, const struct tquery *query) {
    struct value most;
    return query->take && expression_is_certain(writer, query->take, &most) && (most.kind == VALUE_MISSING || most.integer <= 0);
}

static void write_nothing(struct buffer *out, const struct tquery *query) {
    for (int i = 0; i < query->column_count; i++)
        buffer_add_format(out, "%sNULL AS c%d", i ? ", " : "SELECT ", i);
    buffer_add_string(out, ", 1 AS \"_id\" WHERE FALSE");
}

void write_query(struct writer *writer, struct buffer *out, const struct tquery *query, enum query_form form) {
    if (takes_nothing(writer, query)) {
        write_nothing(out, query);
        return;
    }
    const struct environment *outside = writer->environment;
    const struct past *past = writer_enter_past(writer, query->as_of);
    struct collected collected = {0};
    collect_sources(writer, query, &collected);
    if (query->grouped)
        write_grouped(writer, out, query, form, outside, &collected);
    else
        write_plain(writer, out, query, form, &collected);
    writer->environment = outside;
    writer->past = past;
}
