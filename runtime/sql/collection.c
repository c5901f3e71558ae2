/* Collections as FROM items, conditions and an order: see writer.h.
 * Knows: kinds of collections. Does not know: aggregates, statements, how FROM and WHERE are put together (from.c). */
#include "runtime/sql/writer.h"

#include <assert.h>

static const char *column_sql(struct writer *writer, int alias, const char *name) {
    struct buffer text = {0};
    write_column(writer, &text, alias, name);
    return writer_take(writer, &text);
}

static void add_item(struct writer *writer, struct collected *collected, const char *item, int alias, const char *witness) {
    struct from_item added = {item, witness, false, false};
    LIST_ADD(writer->arena, &collected->items, added);
    LIST_ADD(writer->arena, &collected->aliases, alias);
}

static void pin_last_item(struct collected *collected, bool may_fail) {
    struct from_item *last = &collected->items.items[collected->items.count - 1];
    last->is_pinned = true;
    last->may_fail = may_fail;
}

static void add_order(struct writer *writer, struct collected *collected, const char *sql) {
    LIST_ADD(writer->arena, &collected->order, sql);
}

/* ---- tables ---- */

static void collect_table(struct writer *writer, struct collected *collected, const struct record_type *record) {
    int alias = writer_alias(writer);
    const char *id = column_sql(writer, alias, "\"_id\"");
    add_item(writer, collected, arena_format(writer->arena, "%s a%d", writer_table(writer, record), alias), alias, id);
    add_order(writer, collected, id);
    collected->element = (struct sql_place){.kind = PLACE_TABLE, .alias = alias, .past = writer->past};
}

/* SQL for the id of the record whose rows are collected. What may fail is asked first, be there rows or not: an item of its own. */
static const char *base_sql(struct writer *writer, struct collected *collected, const struct texpr *base) {
    const char *id = expression_sql(writer, base);
    if (!base->may_fail)
        return id;
    int alias = writer_alias(writer);
    const char *item = write_guarded(writer, collected, arena_format(writer->arena, "json_array(%s)", id));
    add_item(writer, collected, arena_format(writer->arena, "json_each(%s) a%d", item, alias), alias, column_sql(writer, alias, "\"key\""));
    pin_last_item(collected, true);
    return column_sql(writer, alias, "\"value\"");
}

static void collect_link(struct writer *writer, struct collected *collected, int alias, const char *column, const char *base) {
    const char *left = column_sql(writer, alias, column);
    collect_sql_condition(writer, collected, arena_format(writer->arena, "(%s = %s)", left, base), false);
}

/* Rows beside their owner are found in one place each: the owner's item comes first. SQLite, which knows no sizes, might read all rows and look up each one's owner. */
static void collect_inverse(struct writer *writer, struct collected *collected, const struct texpr *collection) {
    const struct field *reference = collection->field->inverse_of;
    int before = collected_uses(writer, collected);
    const char *base = base_sql(writer, collected, collection->base);
    bool uses_items = collected_uses(writer, collected) != before;
    collect_table(writer, collected, reference->record);
    collect_link(writer, collected, collected->element.alias, store_column_name(writer->arena, reference), base);
    if (reference->record->owner == reference && uses_items)
        pin_last_item(collected, false);
}

static void collect_set(struct writer *writer, struct collected *collected, const struct texpr *collection) {
    const char *base = base_sql(writer, collected, collection->base);
    int alias = writer_alias(writer);
    const char *member = column_sql(writer, alias, "\"member\"");
    add_item(writer, collected, arena_format(writer->arena, "%s a%d", writer_members_table(writer, collection->field), alias), alias, member);
    add_order(writer, collected, member);
    collected->element = place_of_text(member, alias);
    collect_link(writer, collected, alias, "\"_id\"", base);
}

/* ---- subqueries ---- */

/* A SELECT that gives `position`, which is never NULL, and the columns named. */
struct subquery {
    const char *sql;
    bool is_packed, may_fail;
    const char *position;
    const char *const *names;
    const struct type *types;
    int column_count;
};

/* A subquery that uses the items before it is packed, and one that may fail where there are items or conditions before it that say whether it is asked at all. */
static bool is_packed(const struct writer *writer, const struct collected *collected, int uses_before, bool may_fail) {
    return collected_uses(writer, collected) != uses_before || (may_fail && collected->items.count > 0);
}

/* The subquery with all its rows in one JSON text, which json_each takes apart: unlike a subquery in FROM it may use the items before it. */
static const char *pack_item(struct writer *writer, const struct collected *collected, const struct subquery *subquery, int alias) {
    struct buffer item = {0};
    buffer_add_format(&item, "(SELECT json_group_array(json_array(%s", subquery->position);
    for (int i = 0; i < subquery->column_count; i++) {
        bool is_number = type_representation(subquery->types[i]) == REPRESENTATION_NUMBER;
        buffer_add_format(&item, is_number ? ", remit_pack(%s)" : ", %s", subquery->names[i]);
    }
    buffer_add_format(&item, ")) FROM (%s))", subquery->sql);
    return arena_format(writer->arena, "json_each(%s) a%d", write_guarded(writer, collected, writer_take(writer, &item)), alias);
}

static const char *packed_sql(struct writer *writer, int alias, int position, struct type type) {
    struct sql_place place = {.kind = PLACE_PACKED, .alias = alias};
    struct buffer text = {0};
    struct want want = {.kind = position ? WANT_COLUMN : WANT_ID, .column = position - 1, .type = type};
    write_wanted_at(writer, &text, &place, (struct type){.kind = TYPE_ROW}, &want);
    return writer_take(writer, &text);
}

/* Adds the subquery as an item. The element is its first column, or a row of all of them. */
static void add_subquery(struct writer *writer, struct collected *collected, const struct subquery *subquery, bool is_row) {
    int alias = writer_alias(writer);
    bool packed = subquery->is_packed;
    const char *position = packed ? packed_sql(writer, alias, 0, (struct type){.kind = TYPE_INT}) : column_sql(writer, alias, subquery->position);
    const char *witness = packed ? column_sql(writer, alias, "\"key\"") : position;
    add_item(writer, collected, packed ? pack_item(writer, collected, subquery, alias) : arena_format(writer->arena, "(%s) a%d", subquery->sql, alias), alias, witness);
    add_order(writer, collected, position);
    if (subquery->may_fail)
        pin_last_item(collected, true);
    if (is_row)
        collected->element = (struct sql_place){.kind = packed ? PLACE_PACKED : PLACE_ROWS, .alias = alias};
    else
        collected->element = place_of_text(packed ? packed_sql(writer, alias, 1, subquery->types[0]) : column_sql(writer, alias, subquery->names[0]), alias);
}

static const char *const value_name[] = {"v"};

static const char *list_select(struct writer *writer, const struct texpr *list) {
    struct buffer sql = {0};
    if (list->argument_count == 0)
        buffer_add_string(&sql, "SELECT 0 AS p, NULL AS v WHERE FALSE");
    else
        buffer_add_string(&sql, "WITH l(p, v) AS (VALUES ");
    for (int i = 0; i < list->argument_count; i++) {
        buffer_add_format(&sql, "%s(%d, ", i ? ", " : "", i + 1);
        write_expression(writer, &sql, list->arguments[i]);
        buffer_add_char(&sql, ')');
    }
    if (list->argument_count)
        buffer_add_string(&sql, ") SELECT p, v FROM l");
    return writer_take(writer, &sql);
}

static void collect_list(struct writer *writer, struct collected *collected, const struct texpr *list) {
    int before = collected_uses(writer, collected);
    const char *sql = list_select(writer, list);
    struct subquery subquery = {sql, is_packed(writer, collected, before, list->may_fail), list->may_fail, "p", value_name, list->type.element, 1};
    add_subquery(writer, collected, &subquery, false);
}

/* A table of its own, whose arguments may use the items before it. What may fail is asked where the program asks it. */
static void collect_periods(struct writer *writer, struct collected *collected, const struct texpr *periods) {
    const char *days[2];
    for (int i = 0; i < 2; i++) {
        days[i] = expression_sql(writer, periods->arguments[i]);
        if (periods->may_fail)
            days[i] = write_guarded(writer, collected, days[i]);
    }
    int alias = writer_alias(writer), month = operator_context_inputs(writer->inputs->operators)->fiscal_month;
    const char *period = column_sql(writer, alias, "period");
    add_item(writer, collected, arena_format(writer->arena, "remit_periods(%d, %d, %d, %s, %s) a%d", periods->cadence.unit, periods->cadence.count, month, days[0], days[1], alias), alias, period);
    add_order(writer, collected, column_sql(writer, alias, "number"));
    if (periods->may_fail)
        pin_last_item(collected, true);
    collected->element = place_of_text(period, alias);
    collected->element.starts = column_sql(writer, alias, "starts");
    collected->element.ends = column_sql(writer, alias, "ends");
}

/* Rows of a table whose arguments may use the items before it. */
static void collect_history(struct writer *writer, struct collected *collected, const struct texpr *history) {
    const char *base = base_sql(writer, collected, history->base), *change = writer_change(writer);
    struct buffer item = {0};
    int alias = writer_alias(writer);
    buffer_add_string(&item, "remit_history(");
    write_parameter(writer, &item, value_text(history->field->record->name, strlen(history->field->record->name)));
    buffer_add_string(&item, ", ");
    write_parameter(writer, &item, value_text(history->field->name, strlen(history->field->name)));
    buffer_add_format(&item, ", %s, %s) a%d", base, change, alias);
    const char *number = column_sql(writer, alias, "\"_id\"");
    add_item(writer, collected, writer_take(writer, &item), alias, number);
    add_order(writer, collected, number);
    collected->element = (struct sql_place){.kind = PLACE_ROWS, .alias = alias};
}

/* ---- the element's own value ---- */

static const char *place_sql(struct writer *writer, const struct sql_place *place, struct type type) {
    struct buffer text = {0};
    if (type.kind == TYPE_RECORD || type.kind == TYPE_ROW)
        write_wanted_at(writer, &text, place, type, &(struct want){.kind = WANT_ID});
    else {
        struct tvar variable = {.type = type};
        struct texpr use = {.kind = TEXPR_VARIABLE, .type = type, .variable = &variable};
        const struct environment *environment = writer->environment;
        writer_bind(writer, &variable, *place);
        write_expression(writer, &text, &use);
        writer->environment = environment;
    }
    return writer_take(writer, &text);
}

const char *element_sql(struct writer *writer, const struct collected *collected) {
    return place_sql(writer, &collected->element, collected->element_type);
}

static void write_order(struct buffer *out, const struct collected *collected) {
    for (int i = 0; i < collected->order.count; i++)
        buffer_add_format(out, "%s%s", i ? ", " : "", collected->order.items[i]);
}

/* ---- distinct ---- */

/* Each value once, where it first came. */
static const char *distinct_select(struct writer *writer, const struct collected *inner, enum collect_order order) {
    struct buffer sql = {0};
    buffer_add_string(&sql, order == COLLECT_ORDERED ? "SELECT v, min(p) AS p FROM (SELECT " : "SELECT v, 1 AS p FROM (SELECT ");
    buffer_add_string(&sql, element_sql(writer, inner));
    buffer_add_string(&sql, " AS v");
    if (order == COLLECT_ORDERED) {
        buffer_add_string(&sql, ", row_number() OVER (ORDER BY ");
        write_order(&sql, inner);
        buffer_add_string(&sql, ") AS p");
    }
    write_from(&sql, inner);
    buffer_add_string(&sql, " LIMIT -1) WHERE v IS NOT NULL GROUP BY v");
    return writer_take(writer, &sql);
}

static void collect_distinct(struct writer *writer, struct collected *collected, const struct texpr *distinct, enum collect_order order) {
    struct collected inner = {0};
    int before = collected_uses(writer, collected);
    collect(writer, &inner, distinct->source, order);
    struct type type = *distinct->source->type.element;
    const char *sql = distinct_select(writer, &inner, order);
    struct subquery subquery = {sql, is_packed(writer, collected, before, distinct->may_fail), distinct->may_fail, "p", value_name, &type, 1};
    add_subquery(writer, collected, &subquery, false);
}

/* Sources whose elements are different already need nothing done, and then their fields stay at hand. */
static bool is_distinct(const struct texpr *collection) {
    while (collection->kind == TEXPR_FILTER || collection->kind == TEXPR_NEWEST || collection->kind == TEXPR_DISTINCT)
        collection = collection->source;
    return collection->kind == TEXPR_ALL || collection->kind == TEXPR_INVERSE || collection->kind == TEXPR_SET || collection->kind == TEXPR_TRANSITIVE ||
           collection->kind == TEXPR_PERIODS || collection->type.element->kind == TYPE_ROW;
}

/* ---- newest ---- */

/* The owner must be carried beside the id: the record is found by both. */
static bool carries_owner(const struct collected *inner) {
    return inner->element.kind == PLACE_TABLE && !record_is_found_by_id(inner->element_type.record);
}

void write_carried(struct writer *writer, struct buffer *sql, const struct collected *inner, bool as_table) {
    if (as_table) {
        write_column(writer, sql, inner->element.alias, "*");
        return;
    }
    buffer_add_string(sql, element_sql(writer, inner));
    if (inner->element_type.kind != TYPE_ROW) {
        buffer_add_string(sql, " AS v");
        if (carries_owner(inner)) {
            buffer_add_string(sql, ", ");
            write_column(writer, sql, inner->element.alias, store_column_name(writer->arena, inner->element_type.record->owner));
            buffer_add_string(sql, " AS o");
        }
        return;
    }
    buffer_add_string(sql, " AS \"_id\"");
    const struct tquery *row = inner->element_type.row;
    for (int i = 0; i < row->column_count; i++) {
        buffer_add_string(sql, ", ");
        write_wanted_at(writer, sql, &inner->element, inner->element_type, &(struct want){.kind = WANT_COLUMN, .column = i, .type = row->columns[i].type});
        buffer_add_format(sql, " AS c%d", i);
    }
}

static const char *newest_select(struct writer *writer, const struct texpr *newest, const struct collected *inner, const char *position, bool as_table) {
    struct buffer sql = {0};
    const char *direction = newest->oldest ? "" : " DESC";
    buffer_add_string(&sql, "SELECT ");
    write_carried(writer, &sql, inner, as_table);
    buffer_add_string(&sql, ", row_number() OVER (ORDER BY ");
    write_expression(writer, &sql, newest->condition);
    buffer_add_format(&sql, "%s, %s%s) AS %s", direction, element_sql(writer, inner), direction, position);
    write_from(&sql, inner);
    buffer_add_format(&sql, " ORDER BY %s LIMIT %lld", position, (long long)newest->number);
    return writer_take(writer, &sql);
}

struct sql_place place_of_carried(struct writer *writer, const struct collected *inner, int alias) {
    if (inner->element_type.kind == TYPE_ROW)
        return (struct sql_place){.kind = PLACE_ROWS, .alias = alias};
    if (inner->element.kind == PLACE_TABLE)
        return (struct sql_place){.kind = PLACE_TABLE, .alias = alias, .past = writer->past};
    return place_of_text(column_sql(writer, alias, "v"), alias);
}

static void add_newest(struct writer *writer, struct collected *collected, const struct texpr *newest, const char *sql, const char *position, const struct collected *inner, bool packed) {
    static const char *const id_and_owner[] = {"v", "o"};
    const struct tquery *row = inner->element_type.kind == TYPE_ROW ? inner->element_type.row : NULL;
    int count = row ? row->column_count : carries_owner(inner) ? 2 : 1;
    const char **names = ARENA_ARRAY(writer->arena, const char *, count);
    struct type *types = ARENA_ARRAY(writer->arena, struct type, count);
    for (int i = 0; i < count; i++) {
        names[i] = row ? arena_format(writer->arena, "c%d", i) : id_and_owner[i];
        types[i] = row ? row->columns[i].type : inner->element_type;
    }
    struct subquery subquery = {sql, packed, newest->may_fail, position, names, types, count};
    add_subquery(writer, collected, &subquery, row != NULL);
    if (packed && count == 2 && !row) {
        collected->element.owner = packed_sql(writer, collected->element.alias, 2, types[1]);
        collected->element.past = writer->past;
    }
}

static void collect_newest(struct writer *writer, struct collected *collected, const struct texpr *newest) {
    struct collected inner = {0};
    int before = collected_uses(writer, collected);
    collect(writer, &inner, newest->source, COLLECT_ORDERED);
    const struct environment *environment = writer->environment;
    writer_bind(writer, newest->variable, inner.element);
    collect_known(writer, &inner, newest->condition);
    bool is_table = inner.element.kind == PLACE_TABLE;
    const char *position = arena_format(writer->arena, "\"_p%d\"", writer_alias(writer)); /* not that of a newest within */
    const char *sql = newest_select(writer, newest, &inner, position, is_table);
    bool packed = is_packed(writer, collected, before, newest->may_fail);
    if (packed && is_table)
        sql = newest_select(writer, newest, &inner, position, false);
    writer->environment = environment;
    add_newest(writer, collected, newest, sql, position, &inner, packed);
    if (is_table && !packed)
        collected->element = (struct sql_place){.kind = PLACE_TABLE, .alias = collected->aliases.items[collected->aliases.count - 1], .past = writer->past};
}

/* ---- transitive ---- */

/* The ids one step from a place. */
static void write_step(struct writer *writer, struct buffer *out, const struct texpr *transitive, struct sql_place from, struct collected *step) {
    const struct texpr *next = transitive->condition;
    const struct environment *environment = writer->environment;
    writer_bind(writer, transitive->variable, from);
    buffer_add_string(out, "SELECT ");
    if (next->type.kind == TYPE_COLLECTION) {
        collect(writer, step, next, COLLECT_UNORDERED);
        buffer_add_string(out, element_sql(writer, step));
    } else {
        const char *id = expression_sql(writer, next);
        buffer_add_string(out, id);
        collect_sql_condition(writer, step, arena_format(writer->arena, "(%s IS NOT NULL)", id), next->may_fail);
    }
    write_from(out, step);
    writer->environment = environment;
}

/* UNION, not UNION ALL: what has been reached is not gone through again, so cycles end. */
static const char *transitive_select(struct writer *writer, const struct texpr *transitive) {
    int alias = writer_alias(writer);
    struct buffer sql = {0};
    struct collected first = {0}, next = {0};
    buffer_add_format(&sql, "WITH RECURSIVE a%d(v) AS (", alias);
    write_step(writer, &sql, transitive, place_of_expression(writer, transitive->base), &first);
    buffer_add_string(&sql, " UNION ");
    const char *id = column_sql(writer, alias, "v");
    add_item(writer, &next, arena_format(writer->arena, "a%d", alias), alias, id);
    write_step(writer, &sql, transitive, place_of_text(id, alias), &next);
    buffer_add_format(&sql, ") SELECT v FROM a%d", alias);
    return writer_take(writer, &sql);
}

static void collect_transitive(struct writer *writer, struct collected *collected, const struct texpr *transitive) {
    int before = collected_uses(writer, collected);
    const char *sql = transitive_select(writer, transitive);
    struct subquery subquery = {sql, is_packed(writer, collected, before, transitive->may_fail), transitive->may_fail, "v", value_name, transitive->type.element, 1};
    add_subquery(writer, collected, &subquery, false);
}

/* ---- nested queries ---- */

/* SQLite takes no columns of outer queries in ORDER BY. Rows that are taken in an order that may use some are numbered: in the order of a number's window it does take them. */
static bool is_ordered_by_others(const struct writer *writer, const struct tquery *query) {
    return query->take && query->order_count && (writer->environment || writer->stage);
}

static bool order_may_fail(const struct tquery *query) {
    for (int i = 0; i < query->order_count; i++)
        if (query->order[i].value->may_fail)
            return true;
    return false;
}

static void collect_query(struct writer *writer, struct collected *collected, const struct texpr *nested, enum collect_order order) {
    const struct tquery *query = nested->query;
    int before = collected_uses(writer, collected);
    struct buffer sql = {0};
    if (is_ordered_by_others(writer, query) || order_may_fail(query))
        order = COLLECT_ORDERED;
    write_query(writer, &sql, query, order == COLLECT_ORDERED ? QUERY_NUMBERED : QUERY_ROWS);
    const char **names = ARENA_ARRAY(writer->arena, const char *, query->column_count);
    struct type *types = ARENA_ARRAY(writer->arena, struct type, query->column_count);
    for (int i = 0; i < query->column_count; i++) {
        names[i] = arena_format(writer->arena, "c%d", i);
        types[i] = query->columns[i].type;
    }
    const char *text = writer_take(writer, &sql);
    struct subquery subquery = {text, is_packed(writer, collected, before, nested->may_fail), nested->may_fail, "\"_id\"", names, types, query->column_count};
    add_subquery(writer, collected, &subquery, nested->type.element->kind == TYPE_ROW);
}

/* ---- collections over collections ---- */

static void collect_over(struct writer *writer, struct collected *collected, const struct texpr *collection, enum collect_order order) {
    collect(writer, collected, collection->source, order);
    const struct environment *environment = writer->environment;
    writer_bind(writer, collection->variable, collected->element);
    if (collection->kind == TEXPR_FILTER)
        collect_condition(writer, collected, collection->condition);
    else if (collection->kind == TEXPR_MAP)
        collected->element = place_of_expression(writer, collection->condition);
    else
        collect(writer, collected, collection->condition, order);
    writer->environment = environment;
}

/* A let or a derived field that is a collection: its value stands where it is used. */
static void collect_bound(struct writer *writer, struct collected *collected, const struct texpr *collection, enum collect_order order) {
    bool is_let = collection->kind == TEXPR_LET;
    const struct environment *environment = writer->environment;
    struct sql_place place = place_of_expression(writer, is_let ? collection->arguments[0] : collection->base);
    writer_bind(writer, is_let ? collection->variable : collection->field->self, place);
    collect(writer, collected, is_let ? collection->arguments[1] : collection->field->value, order);
    writer->environment = environment;
}

void collect(struct writer *writer, struct collected *collected, const struct texpr *collection, enum collect_order order) {
    if (!writer_count(writer)) {
        add_item(writer, collected, "(SELECT NULL AS v)", 0, "NULL");
        collected->element = place_of_text("NULL", 0);
        collected->element_type = *collection->type.element;
        return;
    }
    switch (collection->kind) {
    case TEXPR_ALL:
        collect_table(writer, collected, collection->type.element->record);
        break;
    case TEXPR_INVERSE:
        collect_inverse(writer, collected, collection);
        break;
    case TEXPR_SET:
        collect_set(writer, collected, collection);
        break;
    case TEXPR_LIST:
        collect_list(writer, collected, collection);
        break;
    case TEXPR_PERIODS:
        collect_periods(writer, collected, collection);
        break;
    case TEXPR_HISTORY:
        collect_history(writer, collected, collection);
        break;
    case TEXPR_FILTER: case TEXPR_MAP: case TEXPR_FLATTEN:
        collect_over(writer, collected, collection, order);
        break;
    case TEXPR_DISTINCT:
        if (is_distinct(collection->source))
            collect(writer, collected, collection->source, order);
        else
            collect_distinct(writer, collected, collection, order);
        break;
    case TEXPR_NEWEST:
        collect_newest(writer, collected, collection);
        break;
    case TEXPR_TRANSITIVE:
        collect_transitive(writer, collected, collection);
        break;
    case TEXPR_QUERY:
        collect_query(writer, collected, collection, order);
        break;
    case TEXPR_LET: case TEXPR_DERIVED:
        collect_bound(writer, collected, collection, order);
        break;
    default:
        assert(!"no collection");
        break;
    }
    collected->element_type = *collection->type.element;
}
