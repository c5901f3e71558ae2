/* FROM and WHERE of what was collected, so that conditions that may fail are asked where the program asks them: see writer.h.
 * Knows: items, conditions, in the order in which the program has them. Does not know: where they come from (collection.c). */
#include "runtime/sql/writer.h"

/* ---- conditions ---- */

enum { LIGHT_BYTES = 400 };

void collect_sql_condition(struct writer *writer, struct collected *collected, const char *sql, bool may_fail) {
    struct condition condition = {sql, may_fail, strlen(sql) < LIGHT_BYTES && !strstr(sql, "SELECT"), collected->items.count};
    LIST_ADD(writer->arena, &collected->conditions, condition);
}

/* SQLite asks a condition as soon as it has rows of the items that it names: where an item after those may fail, that is too early. Gives how often the last item that may fail, and those
 * after it, were written so far; -1 when none may. */
static int late_uses(const struct writer *writer, const struct collected *collected) {
    int uses = 0;
    for (int i = collected->items.count - 1; i >= 0; i--) {
        uses += writer->uses.items[collected->aliases.items[i]];
        if (collected->items.items[i].may_fail)
            return uses;
    }
    return -1;
}

static bool is_asked_early(const struct writer *writer, const struct collected *collected, int uses_before) {
    return uses_before >= 0 && late_uses(writer, collected) == uses_before;
}

void collect_condition(struct writer *writer, struct collected *collected, const struct texpr *condition) {
    if (!condition)
        return;
    if (condition->kind == TEXPR_AND && find_group_key(writer, condition) < 0) {
        collect_condition(writer, collected, condition->arguments[0]);
        collect_condition(writer, collected, condition->arguments[1]);
        return;
    }
    int before = late_uses(writer, collected);
    const char *sql = expression_sql(writer, condition);
    collect_sql_condition(writer, collected, sql, condition->may_fail || is_asked_early(writer, collected, before));
}

void collect_known(struct writer *writer, struct collected *collected, const struct texpr *value) {
    if (!value || !value->type.optional)
        return;
    int before = late_uses(writer, collected);
    const char *sql = arena_format(writer->arena, "(%s IS NOT NULL)", expression_sql(writer, value));
    collect_sql_condition(writer, collected, sql, value->may_fail || is_asked_early(writer, collected, before));
}

void collect_asked(struct writer *writer, struct collected *collected) {
    if (collected->element.kind == PLACE_CLOSURE && collected->element.expression->may_fail)
        collect_sql_condition(writer, collected, arena_format(writer->arena, "(coalesce(%s, 0) IS NOT NULL)", element_sql(writer, collected)), true);
}

/* ---- the order in which conditions are asked ---- */

/* What must be known to say where a condition stands. */
struct layout {
    const struct collected *collected;
    int failing;     /* the first condition that may fail; the number of conditions when there is none */
    int joined;      /* items before that condition: the rest are joined by LEFT JOIN */
};

static struct layout layout_of(const struct collected *collected) {
    struct layout layout = {collected, 0, collected->items.count};
    while (layout.failing < collected->conditions.count && !collected->conditions.items[layout.failing].may_fail)
        layout.failing++;
    if (layout.failing < collected->conditions.count)
        layout.joined = collected->conditions.items[layout.failing].item_count;
    if (layout.joined < 1)
        layout.joined = 1;
    return layout;
}

/* A light condition of an item that is joined by LEFT JOIN, before any condition of that item that may fail, stands in ON, for SQLite to use its indexes. */
static bool is_of_join(const struct layout *layout, int number) {
    const struct condition *conditions = layout->collected->conditions.items;
    if (conditions[number].item_count <= layout->joined || !conditions[number].is_light)
        return false;
    for (int i = number; i >= 0 && conditions[i].item_count == conditions[number].item_count; i--)
        if (conditions[i].may_fail)
            return false;
    return true;
}

static void write_presence(const struct layout *layout, struct buffer *out, int *present, int wanted, const char *otherwise) {
    for (; *present < wanted; (*present)++)
        buffer_add_format(out, " WHEN %s IS NULL THEN %s", layout->collected->items.items[*present].witness, otherwise);
}

/* CASE WHEN a condition does not hold THEN otherwise … ELSE good END, the conditions on the first items in the program's order. It begins with a look at each item that is joined plainly, so
 * that SQLite asks nothing before it has a row of all of them. */
static void write_in_order(const struct layout *layout, struct buffer *out, int item_count, const char *otherwise, const char *good) {
    const struct collected *collected = layout->collected;
    int present = layout->joined;
    buffer_add_string(out, "CASE");
    if (layout->joined > 1 || (collected->items.count > 0 && collected->items.items[0].may_fail)) {
        for (int i = 0; i < layout->joined; i++)
            buffer_add_format(out, "%s%s", i ? ", " : layout->joined > 1 ? " WHEN coalesce(" : " WHEN (", collected->items.items[i].witness);
        buffer_add_format(out, ") IS NULL THEN %s", otherwise);
    }
    for (int i = 0; i < collected->conditions.count && collected->conditions.items[i].item_count <= item_count; i++) {
        write_presence(layout, out, &present, collected->conditions.items[i].item_count, otherwise);
        if (!is_of_join(layout, i))
            buffer_add_format(out, " WHEN %s IS NOT TRUE THEN %s", collected->conditions.items[i].sql, otherwise);
    }
    write_presence(layout, out, &present, item_count, otherwise);
    buffer_add_format(out, " ELSE %s END", good);
}

const char *write_guarded(struct writer *writer, const struct collected *collected, const char *value) {
    struct layout layout = layout_of(collected);
    bool is_asked_late = layout.failing < collected->conditions.count;
    struct buffer out = {0};
    for (int i = 0; i < collected->conditions.count; i++)
        is_asked_late = is_asked_late || !collected->conditions.items[i].is_light;
    if (!is_asked_late)
        return value;
    write_in_order(&layout, &out, collected->items.count, "NULL", value);
    return writer_take(writer, &out);
}

/* Conditions up to the first that may fail stand plainly, for SQLite to use its indexes; from there on all stand in one CASE, which first asks the plain ones again. */
static void write_where(const struct layout *layout, struct buffer *out) {
    const struct collected *collected = layout->collected;
    int count = collected->conditions.count, failing = layout->failing;
    const char *before = " WHERE ";
    for (int i = 0; i < failing; i++)
        if (failing == count || collected->conditions.items[i].is_light) {
            buffer_add_format(out, "%s%s", before, collected->conditions.items[i].sql);
            before = " AND ";
        }
    if (failing == count)
        return;
    buffer_add_string(out, before);
    write_in_order(layout, out, collected->items.count, "0", "1"); /* even of one: what a column is compared with SQLite may work out before it has a row */
}

/* Rows that are excluded already go on with one row of nothing, not with all rows of the item. */
static void write_join(const struct layout *layout, struct buffer *out, int number) {
    buffer_add_format(out, " LEFT JOIN %s", layout->collected->items.items[number].sql);
    const char *before = " ON ";
    for (int i = 0; i < layout->collected->conditions.count; i++)
        if (layout->collected->conditions.items[i].item_count == number + 1 && is_of_join(layout, i)) {
            buffer_add_format(out, "%s%s", before, layout->collected->conditions.items[i].sql);
            before = " AND ";
        }
    if (number > layout->joined) {
        buffer_add_string(out, before);
        write_in_order(layout, out, number, "0", "1");
    }
}

void write_from(struct buffer *out, const struct collected *collected) {
    struct layout layout = layout_of(collected);
    bool has_failing = false; /* then what comes after stays there: it might have no rows, and the item that fails not be asked */
    for (int i = 0; i < collected->items.count; i++) {
        const struct from_item *item = &collected->items.items[i];
        if (i >= layout.joined)
            write_join(&layout, out, i);
        else
            buffer_add_format(out, "%s%s", i == 0 ? " FROM " : item->is_pinned || has_failing ? " CROSS JOIN " : ", ", item->sql);
        has_failing = has_failing || item->may_fail;
    }
    write_where(&layout, out);
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
    const char *witness = collected->items.items[0].witness;
    return arena_format(writer->arena, "CASE WHEN %s = %s THEN %s END", witness, witness, sql);
}
