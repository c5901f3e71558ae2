/* What is wanted of a record or a row, whatever expression gives it: see writer.h.
 * Knows: tables and columns of records, places. Does not know: scalars' operations, collections. */
#include "runtime/sql/writer.h"

#include <assert.h>

static const struct want want_id = {.kind = WANT_ID};

/* A derived field's value with its element at a place. */
static void write_derived(struct writer *writer, struct buffer *out, const struct sql_place *place, const struct want *want) {
    const struct environment *environment = writer->environment;
    writer_bind(writer, want->field->self, *place);
    if (want->then)
        write_wanted(writer, out, want->field->value, want->then);
    else
        write_expression(writer, out, want->field->value);
    writer->environment = environment;
}

bool record_is_found_by_id(const struct record_type *record) {
    return !record->owner || record->is_referenced;
}

/* (SELECT a4."name" FROM "t_office" a4 WHERE a4."_id" = id) */
static void write_by_id(struct writer *writer, struct buffer *out, const struct record_type *record, const struct sql_place *id, const struct want *want) {
    struct sql_place place = {.kind = PLACE_TABLE, .alias = writer_alias(writer), .past = writer->past};
    buffer_add_string(out, "(SELECT ");
    write_wanted_at(writer, out, &place, (struct type){.kind = TYPE_RECORD}, want);
    buffer_add_format(out, " FROM %s a%d WHERE ", writer_table(writer, record), place.alias);
    if (id->owner && id->past == writer->past) {
        write_column(writer, out, place.alias, store_column_name(writer->arena, record->owner));
        buffer_add_format(out, " = %s AND ", id->owner);
    }
    write_column(writer, out, place.alias, "\"_id\"");
    buffer_add_format(out, " = %s)", id->text);
}

enum { PATH_STEPS_MAX = 12 }; /* references followed in one subquery */

/* A path of references, parent.parent.office, as one subquery that joins the records on the way: they stand side by side, not within one another. */
static void write_by_path(struct writer *writer, struct buffer *out, const struct texpr *base, const struct want *want) {
    struct buffer from = {0}, where = {0};
    struct sql_place place = {.kind = PLACE_TABLE, .alias = writer_alias(writer), .past = writer->past};
    buffer_add_string(out, "(SELECT ");
    write_wanted_at(writer, out, &place, base->type, want);
    for (int step = 0, alias = place.alias;; step++) {
        buffer_add_format(&from, "%s%s a%d", step ? ", " : " FROM ", writer_table(writer, base->type.record), alias);
        buffer_add_string(&where, step ? " AND " : " WHERE ");
        write_column(writer, &where, alias, "\"_id\"");
        buffer_add_string(&where, " = ");
        if (base->kind != TEXPR_FIELD || base->base->kind != TEXPR_FIELD || step == PATH_STEPS_MAX || find_group_key(writer, base->base) >= 0)
            break;
        alias = writer_alias(writer);
        write_column(writer, &where, alias, store_column_name(writer->arena, base->field));
        base = base->base;
    }
    write_expression(writer, &where, base);
    buffer_add_string(out, writer_take(writer, &from));
    buffer_add_format(out, "%s)", writer_take(writer, &where));
}

static void write_at_table(struct writer *writer, struct buffer *out, const struct sql_place *place, const struct want *want) {
    switch (want->kind) {
    case WANT_ID:
        write_column(writer, out, place->alias, "\"_id\"");
        break;
    case WANT_FIELD:
        write_column(writer, out, place->alias, store_column_name(writer->arena, want->field));
        break;
    case WANT_DERIVED:
        write_derived(writer, out, place, want);
        break;
    case WANT_COLUMN:
        assert(!"a record has no columns");
        break;
    }
}

static void write_packed(struct writer *writer, struct buffer *out, int alias, int position, bool is_number) {
    buffer_add_string(out, is_number ? "remit_unpack(json_extract(" : "json_extract(");
    write_alias(writer, out, alias);
    buffer_add_format(out, ".value, '$[%d]')%s", position, is_number ? ")" : "");
}

static void write_at_rows(struct writer *writer, struct buffer *out, const struct sql_place *place, const struct want *want) {
    assert(want->kind == WANT_ID || want->kind == WANT_COLUMN);
    bool is_id = want->kind == WANT_ID;
    if (place->kind == PLACE_PACKED) {
        write_packed(writer, out, place->alias, is_id ? 0 : want->column + 1, !is_id && type_representation(want->type) == REPRESENTATION_NUMBER);
        return;
    }
    char name[24];
    snprintf(name, sizeof name, "c%d", want->column);
    write_column(writer, out, place->alias, is_id ? "\"_id\"" : name);
}

/* Of a record that is known from another time only the number is of use here. */
static void write_of_other_time(struct writer *writer, struct buffer *out, const struct sql_place *place, struct type type, const struct want *want) {
    struct buffer id = {0};
    write_wanted_at(writer, &id, place, type, &want_id);
    struct sql_place here = place_of_text(writer_take(writer, &id), 0);
    write_by_id(writer, out, type.record, &here, want);
}

void write_wanted_at(struct writer *writer, struct buffer *out, const struct sql_place *place, struct type type, const struct want *want) {
    bool is_of_other_time = place->past != writer->past && want->kind != WANT_ID && type.kind == TYPE_RECORD;
    if (is_of_other_time && (place->kind == PLACE_TABLE || place->kind == PLACE_CLOSURE)) {
        write_of_other_time(writer, out, place, type, want);
        return;
    }
    switch (place->kind) {
    case PLACE_TABLE:
        write_at_table(writer, out, place, want);
        break;
    case PLACE_ROWS: case PLACE_PACKED:
        write_at_rows(writer, out, place, want);
        break;
    case PLACE_TEXT:
        writer_use(writer, place->alias);
        if (want->kind == WANT_ID)
            buffer_add_string(out, place->text);
        else
            write_by_id(writer, out, type.record, place, want);
        break;
    case PLACE_CLOSURE: {
        const struct environment *environment = writer->environment;
        struct group_stage *stage = writer->stage;
        const struct past *past = writer->past;
        writer->environment = place->environment;
        writer->stage = place->stage;
        writer->past = place->past;
        write_wanted(writer, out, place->expression, want);
        writer->environment = environment;
        writer->stage = stage;
        writer->past = past;
        break;
    }
    }
}

/* What is wanted stands in each branch: of rows, which have no value that says which row they are, and of records that are not found by their id alone. */
static void write_in_branches(struct writer *writer, struct buffer *out, const struct texpr *base, const struct want *want) {
    buffer_add_string(out, "CASE");
    int last = base->argument_count - 1;
    if (base->kind == TEXPR_DEFAULT) {
        buffer_add_string(out, " WHEN ");
        write_wanted(writer, out, base->arguments[0], &want_id);
        buffer_add_string(out, " IS NOT NULL THEN ");
        write_wanted(writer, out, base->arguments[0], want);
    } else
        for (int i = 0; i < last; i += 2) {
            buffer_add_string(out, " WHEN ");
            write_expression(writer, out, base->arguments[i]);
            buffer_add_string(out, " THEN ");
            write_wanted(writer, out, base->arguments[i + 1], want);
        }
    buffer_add_string(out, last > 0 ? " ELSE " : " WHEN TRUE THEN ");
    write_wanted(writer, out, base->arguments[last], want);
    buffer_add_string(out, " END");
}

void write_wanted(struct writer *writer, struct buffer *out, const struct texpr *base, const struct want *want) {
    if (!writer_count(writer)) {
        buffer_add_string(out, "NULL");
        return;
    }
    int key = find_group_key(writer, base);
    if (key >= 0) {
        struct buffer text = {0};
        write_group_key(writer, &text, key);
        struct sql_place place = place_of_text(writer_take(writer, &text), writer->stage->alias);
        write_wanted_at(writer, out, &place, base->type, want);
        return;
    }
    bool by_branches = base->type.kind == TYPE_ROW || (want->kind != WANT_ID && !record_is_found_by_id(base->type.record));
    switch (base->kind) {
    case TEXPR_VARIABLE: {
        struct sql_place place = writer_find(writer, base->variable);
        write_wanted_at(writer, out, &place, base->type, want);
        return;
    }
    case TEXPR_DERIVED:
        write_wanted(writer, out, base->base, &(struct want){.kind = WANT_DERIVED, .field = base->field, .then = want});
        return;
    case TEXPR_AGGREGATE:
        if (base->source->kind == TEXPR_GROUP)
            break;
        write_extreme(writer, out, base, want);
        return;
    case TEXPR_LET:
        write_let(writer, out, base, want);
        return;
    case TEXPR_CASE: case TEXPR_DEFAULT:
        if (!by_branches)
            break;
        write_in_branches(writer, out, base, want);
        return;
    case TEXPR_MISSING: case TEXPR_POISON:
        buffer_add_string(out, "NULL");
        return;
    default:
        break;
    }
    if (want->kind == WANT_ID) {
        write_expression(writer, out, base);
        return;
    }
    write_by_path(writer, out, base, want);
}

/* ---- let ---- */

struct use_count {
    const struct tvar *variable;
    int count;
};

static bool count_use(const struct texpr *part, void *context) {
    struct use_count *uses = context;
    uses->count += part->kind == TEXPR_VARIABLE && part->variable == uses->variable;
    return true;
}

/* A value that may fail, or that is used more than once, is worked out once, before the body; any other stands where it is used. So does a record, since more than its id may be
 * wanted of it: it is worked out before only to see it fail. */
static bool is_worked_out_first(const struct writer *writer, const struct texpr *let) {
    const struct texpr *value = let->arguments[0];
    if (value->type.kind == TYPE_RECORD)
        return value->may_fail;
    if (value->type.kind == TYPE_ROW || expression_is_simple(writer, value))
        return false;
    struct use_count uses = {let->variable, 0};
    texpr_walk(let->arguments[1], count_use, &uses);
    return uses.count > 1 || value->may_fail;
}

/* Binds the variables of an expression's lets, those of lets within values first. Each value is worked out in a query that takes over the values of the one before it, side by side and
 * not within one another: SQLite's parser has little room for queries within queries, and writes out a query anew wherever it is named. *last is the last of these queries, 0
 * before the first. Gives what is left when the lets are done. */
static const struct texpr *open_lets(struct writer *writer, struct buffer *out, int *last, const struct texpr *expression) {
    for (; expression->kind == TEXPR_LET && find_group_key(writer, expression) < 0; expression = expression->arguments[1]) {
        if (!is_worked_out_first(writer, expression)) {
            writer_bind(writer, expression->variable, place_of_expression(writer, expression->arguments[0]));
            continue;
        }
        const struct texpr *value = open_lets(writer, out, last, expression->arguments[0]);
        int alias = writer_alias(writer);
        buffer_add_format(out, "%sa%d AS MATERIALIZED (SELECT %s", *last ? ", " : "(WITH ", alias, *last ? "*, " : "");
        write_expression(writer, out, value);
        buffer_add_format(out, " AS \"_v%d\"", alias);
        if (*last)
            buffer_add_format(out, " FROM a%d", *last);
        buffer_add_char(out, ')');
        bool is_record = value->type.kind == TYPE_RECORD;
        writer_bind(writer, expression->variable, is_record ? place_of_expression(writer, value) : place_of_text(arena_format(writer->arena, "\"_v%d\"", alias), alias));
        *last = alias;
    }
    return expression;
}

void write_let(struct writer *writer, struct buffer *out, const struct texpr *let, const struct want *want) {
    const struct environment *environment = writer->environment;
    int last = 0;
    const struct texpr *body = open_lets(writer, out, &last, let);
    if (last)
        buffer_add_string(out, " SELECT ");
    if (want)
        write_wanted(writer, out, body, want);
    else
        write_expression(writer, out, body);
    if (last)
        buffer_add_format(out, " FROM a%d)", last);
    writer->environment = environment;
}
