/* Collections as FROM items, conditions and an order: see writer.h.
 * Knows: kinds of collections. Does not know: aggregates, statements. */
#include "runtime/sql/writer.h"

#include <assert.h>

/* ---- conditions ---- */

enum { LIGHT_BYTES = 400 };

void collect_sql_condition(struct writer *writer, struct collected *collected, const char *sql, bool may_fail) {
    struct condition condition = {sql, may_fail, strlen(sql) < LIGHT_BYTES && !strstr(sql, "SELECT")};
    LIST_ADD(writer->arena, &collected->conditions, condition);
}

void collect_condition(struct writer *writer, struct collected *collected, const struct texpr *condition) {
    if (!condition)
        return;
    if (condition->kind == TEXPR_AND && find_group_key(writer, condition) < 0) {
        collect_condition(writer, collected, condition->arguments[0]);
        collect_condition(writer, collected, condition->arguments[1]);
    } else
        collect_sql_condition(writer, collected, expression_sql(writer, condition), condition->may_fail);
}

void collect_known(struct writer *writer, struct collected *collected, const struct texpr *value) {
    if (value && value->type.optional)
        collect_sql_condition(writer, collected, arena_format(writer->arena, "(%s IS NOT NULL)", expression_sql(writer, value)), value->may_fail);
}

/* Conditions up to the first that may fail stand plainly, for SQLite to use its indexes; from there on all stand in one CASE, which first asks the plain ones again. */
static void write_conditions(struct buffer *out, const struct collected *collected) {
    int count = collected->conditions.count, failing = 0;
    const struct condition *conditions = collected->conditions.items;
    while (failing < count && !conditions[failing].may_fail)
        failing++;
    const char *before = " WHERE ";
    for (int i = 0; i < failing; i++)
        if (failing == count || conditions[i].is_light) {
            buffer_add_format(out, "%s%s", before, conditions[i].sql);
            before = " AND ";
        }
    if (failing == count)
        return;
    buffer_add_string(out, before);
    if (count == 1) {
        buffer_add_string(out, conditions[0].sql);
        return;
    }
    buffer_add_string(out, "CASE");
    for (int i = 0; i < count - 1; i++)
        buffer_add_format(out, " WHEN %s IS NOT TRUE THEN 0", conditions[i].sql);
    buffer_add_format(out, " ELSE %s END", conditions[count - 1].sql);
}

void write_from(struct buffer *out, const struct collected *collected) {
    for (int i = 0; i < collected->items.count; i++)
        buffer_add_format(out, "%s%s", i == 0 ? " FROM " : collected->items.items[i].is_pinned ? " CROSS JOIN " : ", ", collected->items.items[i].sql);
    write_conditions(out, collected);
}

/* ---- what a FROM item uses ---- */

int collected_uses(const struct writer *writer, const struct collected *collected) {
    int uses = 0;
    for (int i = 0; i < collected->aliases.count; i++)
        uses += writer->uses.items[collected->aliases.items[i]];
    return uses;
}

const char *tie_to(struct writer *writer, const struct collected *collected, const char *sql, int uses_before) {
    if (collected_uses(writer, collected) != uses_before)
        return sql;
    return arena_format(writer->arena, "CASE WHEN %s = %s THEN %s END", collected->witness, collected->witness, sql);
}

static const char *column_sql(struct writer *writer, int alias, const char *name) {
    struct buffer text = {0};
    write_column(writer, &text, alias, name);
    return writer_take(writer, &text);
}

static void add_item(struct writer *writer, struct collected *collected, const char *item, int alias, const char *witness) {
    struct from_item added = {item, false};
    LIST_ADD(writer->arena, &collected->items, added);
    LIST_ADD(writer->arena, &collected->aliases, alias);
    if (!collected->witness)
        collected->witness = witness;
}

static void add_order(struct writer *writer, struct collected *collected, const char *sql) {
    LIST_ADD(writer->arena, &collected->order, sql);
}

/* ---- tables ---- */

static void collect_table(struct writer *writer, struct collected *collected, const struct record_type *record) {
    int alias = writer_alias(writer);
    const char *id = column_sql(writer, alias, "\"_id\"");
    add_item(writer, collected, arena_format(writer->arena, "%s a%d", store_table_name(writer->arena, record), alias), alias, id);
    add_order(writer, collected, id);
    collected->element = (struct sql_place){.kind = PLACE_TABLE, .alias = alias};
}

static void collect_link(struct writer *writer, struct collected *collected, int alias, const char *column, const struct texpr *base) {
    const char *left = column_sql(writer, alias, column);
    collect_sql_condition(writer, collected, arena_format(writer->arena, "(%s = %s)", left, expression_sql(writer, base)), base->may_fail);
}

/* Rows beside their owner are found in one place each: the owner's item comes first. SQLite, which knows no sizes, might read all rows and look up each one's owner. */
static void collect_inverse(struct writer *writer, struct collected *collected, const struct texpr *collection) {
    const struct field *reference = collection->field->inverse_of;
    int before = collected_uses(writer, collected);
    collect_table(writer, collected, reference->record);
    collect_link(writer, collected, collected->element.alias, store_column_name(writer->arena, reference), collection->base);
    int own = writer->uses.items[collected->element.alias];
    if (reference->record->owner == reference && collected_uses(writer, collected) - own != before)
        collected->items.items[collected->items.count - 1].is_pinned = true;
}

static void collect_set(struct writer *writer, struct collected *collected, const struct texpr *collection) {
    int alias = writer_alias(writer);
    const char *member = column_sql(writer, alias, "\"member\"");
    add_item(writer, collected, arena_format(writer->arena, "%s a%d", store_members_table_name(writer->arena, collection->field), alias), alias, member);
    add_order(writer, collected, member);
    collected->element = place_of_text(member, alias);
    collect_link(writer, collected, alias, "\"_id\"", collection->base);
}

/* ---- subqueries ---- */

/* A SELECT that gives `position` and the columns named. */
struct subquery {
    const char *sql;
    const char *position;
    const char *const *names;
    const struct type *types;
    int column_count;
};

/* The subquery with all its rows in one JSON text, which json_each takes apart: unlike a subquery in FROM it may use the items before it. */
static const char *pack_item(struct writer *writer, const struct subquery *subquery, int alias) {
    struct buffer item = {0};
    buffer_add_format(&item, "json_each((SELECT json_group_array(json_array(%s", subquery->position);
    for (int i = 0; i < subquery->column_count; i++) {
        bool is_number = type_representation(subquery->types[i]) == REPRESENTATION_NUMBER;
        buffer_add_format(&item, is_number ? ", remit_pack(%s)" : ", %s", subquery->names[i]);
    }
    buffer_add_format(&item, ")) FROM (%s))) a%d", subquery->sql, alias);
    return writer_take(writer, &item);
}

static const char *packed_sql(struct writer *writer, int alias, int position, struct type type) {
    struct sql_place place = {.kind = PLACE_PACKED, .alias = alias};
    struct buffer text = {0};
    struct want want = {.kind = position ? WANT_COLUMN : WANT_ID, .column = position - 1, .type = type};
    write_wanted_at(writer, &text, &place, (struct type){.kind = TYPE_ROW}, &want);
    return writer_take(writer, &text);
}

/* Adds the subquery as an item. The element is its first column, or a row of all of them. */
static void add_subquery(struct writer *writer, struct collected *collected, const struct subquery *subquery, bool is_packed, bool is_row) {
    int alias = writer_alias(writer);
    const char *position = is_packed ? packed_sql(writer, alias, 0, (struct type){.kind = TYPE_INT}) : column_sql(writer, alias, subquery->position);
    add_item(writer, collected, is_packed ? pack_item(writer, subquery, alias) : arena_format(writer->arena, "(%s) a%d", subquery->sql, alias), alias, position);
    add_order(writer, collected, position);
    if (is_row)
        collected->element = (struct sql_place){.kind = is_packed ? PLACE_PACKED : PLACE_ROWS, .alias = alias};
    else
        collected->element = place_of_text(is_packed ? packed_sql(writer, alias, 1, subquery->types[0]) : column_sql(writer, alias, subquery->names[0]), alias);
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
    struct subquery subquery = {list_select(writer, list), "p", value_name, list->type.element, 1};
    add_subquery(writer, collected, &subquery, collected_uses(writer, collected) != before, false);
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
    struct subquery subquery = {distinct_select(writer, &inner, order), "p", value_name, &type, 1};
    add_subquery(writer, collected, &subquery, collected_uses(writer, collected) != before, false);
}

/* Sources whose elements are different already need nothing done, and then their fields stay at hand. */
static bool is_distinct(const struct texpr *collection) {
    while (collection->kind == TEXPR_FILTER || collection->kind == TEXPR_NEWEST || collection->kind == TEXPR_DISTINCT)
        collection = collection->source;
    return collection->kind == TEXPR_ALL || collection->kind == TEXPR_INVERSE || collection->kind == TEXPR_SET || collection->kind == TEXPR_TRANSITIVE ||
           collection->type.element->kind == TYPE_ROW;
}

/* ---- newest ---- */

/* The owner must be carried beside the id: the record is found by both. */
static bool carries_owner(const struct collected *inner) {
    return inner->element.kind == PLACE_TABLE && !record_is_found_by_id(inner->element_type.record);
}

/* The columns to carry out of the subquery: all of a table, all of a row, or an id. */
static void write_carried(struct writer *writer, struct buffer *sql, const struct collected *inner, bool as_table) {
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

static void add_newest(struct writer *writer, struct collected *collected, const char *sql, const char *position, const struct collected *inner, bool is_packed) {
    static const char *const id_and_owner[] = {"v", "o"};
    const struct tquery *row = inner->element_type.kind == TYPE_ROW ? inner->element_type.row : NULL;
    int count = row ? row->column_count : carries_owner(inner) ? 2 : 1;
    const char **names = ARENA_ARRAY(writer->arena, const char *, count);
    struct type *types = ARENA_ARRAY(writer->arena, struct type, count);
    for (int i = 0; i < count; i++) {
        names[i] = row ? arena_format(writer->arena, "c%d", i) : id_and_owner[i];
        types[i] = row ? row->columns[i].type : inner->element_type;
    }
    struct subquery subquery = {sql, position, names, types, count};
    add_subquery(writer, collected, &subquery, is_packed, row != NULL);
    if (is_packed && count == 2 && !row)
        collected->element.owner = packed_sql(writer, collected->element.alias, 2, types[1]);
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
    bool is_packed = collected_uses(writer, collected) != before;
    if (is_packed && is_table)
        sql = newest_select(writer, newest, &inner, position, false);
    writer->environment = environment;
    add_newest(writer, collected, sql, position, &inner, is_packed);
    if (is_table && !is_packed)
        collected->element = (struct sql_place){.kind = PLACE_TABLE, .alias = collected->aliases.items[collected->aliases.count - 1]};
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
    struct subquery subquery = {transitive_select(writer, transitive), "v", value_name, transitive->type.element, 1};
    add_subquery(writer, collected, &subquery, collected_uses(writer, collected) != before, false);
}

/* ---- nested queries ---- */

static void collect_query(struct writer *writer, struct collected *collected, const struct texpr *nested, enum collect_order order) {
    const struct tquery *query = nested->query;
    int before = collected_uses(writer, collected);
    struct buffer sql = {0};
    write_query(writer, &sql, query, order == COLLECT_ORDERED ? QUERY_NUMBERED : QUERY_ROWS);
    const char **names = ARENA_ARRAY(writer->arena, const char *, query->column_count);
    struct type *types = ARENA_ARRAY(writer->arena, struct type, query->column_count);
    for (int i = 0; i < query->column_count; i++) {
        names[i] = arena_format(writer->arena, "c%d", i);
        types[i] = query->columns[i].type;
    }
    struct subquery subquery = {writer_take(writer, &sql), order == COLLECT_ORDERED ? "\"_id\"" : "c0", names, types, query->column_count};
    add_subquery(writer, collected, &subquery, collected_uses(writer, collected) != before, nested->type.element->kind == TYPE_ROW);
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
