/* Values and queries as of a change: see writer.h.
 * Knows: which tables are read. Does not know: what is asked of them.
 *
 * While something is written as of a change, writer->past says which one, and every table that is named is that of the past. Where a place is from another time (an element that is bound
 * outside), only its number is of use, and its fields are looked up anew. A change that is not known now is worked out once, before what is read as of it. */
#include "runtime/sql/writer.h"

#include "lang/base/text.h"

/* ---- tables ---- */

static const char *past_table(struct writer *writer, const char *table) {
    if (writer->past->alias)
        writer_use(writer, writer->past->alias);
    return arena_format(writer->arena, "%s(%s)", table, writer->past->sql);
}

const char *writer_table(struct writer *writer, const struct record_type *record) {
    return writer->past ? past_table(writer, store_past_table_name(writer->arena, record)) : store_table_name(writer->arena, record);
}

const char *writer_members_table(struct writer *writer, const struct field *set) {
    return writer->past ? past_table(writer, store_past_members_table_name(writer->arena, set)) : store_members_table_name(writer->arena, set);
}

const char *writer_change(struct writer *writer) {
    if (!writer->past) {
        struct buffer text = {0};
        write_parameter(writer, &text, value_int(STORE_PRESENT));
        return writer_take(writer, &text);
    }
    if (writer->past->alias)
        writer_use(writer, writer->past->alias);
    return writer->past->sql;
}

/* ---- changes ---- */

/* The change that a day known now stands for. */
static bool find_change(struct writer *writer, const struct texpr *change, struct value *value) {
    struct value day;
    if (change->kind != TEXPR_CHANGE_ON || !expression_is_certain(writer, change->arguments[0], &day))
        return false;
    *value = value_missing();
    if (day.kind == VALUE_MISSING)
        return true;
    int64_t number;
    if (!store_change_on(writer->inputs->store, day.integer, &number, writer->failure))
        writer->has_failed = true;
    else
        *value = value_int(number);
    return true;
}

void write_change_on(struct writer *writer, struct buffer *out, const struct texpr *change) {
    struct value value;
    if (find_change(writer, change, &value)) {
        write_parameter(writer, out, value);
        return;
    }
    buffer_add_string(out, "remit_change_on(");
    write_expression(writer, out, change->arguments[0]);
    buffer_add_char(out, ')');
}

/* record, key, choice, label */
void write_baseline(struct writer *writer, struct buffer *out, const struct texpr *baseline) {
    buffer_add_string(out, "remit_baseline(");
    write_expression(writer, out, baseline->arguments[0]);
    buffer_add_string(out, ", ");
    write_expression(writer, out, baseline->arguments[1]);
    buffer_add_format(out, ", %lld, ", (long long)baseline->number);
    write_parameter(writer, out, baseline->text ? value_text(baseline->text, strlen(baseline->text)) : value_missing());
    buffer_add_char(out, ')');
}

/* SQL for the change, within another the earlier of the two. */
static const char *change_sql(struct writer *writer, const struct texpr *change) {
    const char *sql = expression_sql(writer, change);
    return writer->past ? arena_format(writer->arena, "min(%s, %s)", sql, writer_change(writer)) : sql;
}

/* ---- x at … ---- */

/* A path of fields from a record that was not there is missing by itself. */
static bool is_missing_without(const struct texpr *body, const struct texpr *record) {
    if (body->kind != TEXPR_FIELD)
        return false;
    while (body->kind == TEXPR_FIELD)
        body = body->base;
    return texpr_equal(body, record);
}

/* The conditions under which there is a value: the change is known, and each of the records was there. */
static void write_presence(struct writer *writer, struct buffer *out, const struct texpr *at, const char *const *ids) {
    const char *before = "CASE WHEN ";
    bool is_path = at->argument_count > 2 && is_missing_without(at->arguments[0], at->arguments[2]);
    if (at->arguments[1]->type.optional && !is_path) {
        buffer_add_format(out, "%s%s IS NOT NULL", before, writer_change(writer));
        before = " AND ";
    }
    for (int i = 2; i < at->argument_count; i++) {
        if (is_missing_without(at->arguments[0], at->arguments[i]))
            continue;
        int alias = writer_alias(writer);
        buffer_add_format(out, "%sEXISTS (SELECT 1 FROM %s a%d WHERE a%d.\"_id\" = %s)", before, writer_table(writer, at->arguments[i]->type.record), alias, alias, ids[i]);
        before = " AND ";
    }
    bool is_guarded = strcmp(before, " AND ") == 0;
    if (is_guarded)
        buffer_add_string(out, " THEN ");
    write_expression(writer, out, at->arguments[0]);
    if (is_guarded)
        buffer_add_string(out, " END");
}

void write_at(struct writer *writer, struct buffer *out, const struct texpr *at) {
    const char **ids = ARENA_ARRAY(writer->arena, const char *, at->argument_count);
    for (int i = 2; i < at->argument_count; i++)
        ids[i] = expression_sql(writer, at->arguments[i]);
    struct past *past = ARENA_NEW(writer->arena, struct past);
    struct value known;
    bool is_known = !writer->past && find_change(writer, at->arguments[1], &known);
    past->sql = change_sql(writer, at->arguments[1]);
    if (!is_known) {
        past->alias = writer_alias(writer);
        buffer_add_format(out, "(WITH a%d AS MATERIALIZED (SELECT %s AS \"_v%d\") SELECT ", past->alias, past->sql, past->alias);
        past->sql = arena_format(writer->arena, "\"_v%d\"", past->alias);
    }
    const struct past *outer = writer->past;
    struct group_stage *stage = writer->stage;
    writer->past = past;
    writer->stage = NULL;
    write_presence(writer, out, at, ids);
    writer->past = outer;
    writer->stage = stage;
    if (!is_known)
        buffer_add_format(out, " FROM a%d)", past->alias);
}

/* ---- … as of ---- */

const struct past *writer_enter_past(struct writer *writer, const struct texpr *change) {
    const struct past *outer = writer->past;
    if (!change)
        return outer;
    struct past *past = ARENA_NEW(writer->arena, struct past);
    past->sql = change_sql(writer, change);
    past->alias = outer ? outer->alias : 0;
    writer->past = past;
    return outer;
}
