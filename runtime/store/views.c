/* Views for people: a view for each record type with its key, its name and its fields as one would write them.
 * Knows: how values are stored. Does not know: how they came there. Only functions that SQLite itself brings are used, so any program can read the views. */
#include "runtime/store/inside.h"

#include <string.h>

enum { KEY_DEPTH_MAX = 4 /* keys made of references whose keys are made of references … */ };

static const char *key_expression(struct arena *arena, const struct record_type *record, const char *alias, int depth);

/* A week, a month or a day by its ordinal; see period.c. */
static const char *week_expression(struct arena *arena, const char *ordinal) {
    const char *thursday = arena_format(arena, "%s * 604800, 'unixepoch'", ordinal); /* 1970-01-01 was the Thursday of week 0 */
    return arena_format(arena, "strftime('%%Y', %s) || '-W' || printf('%%02d', (strftime('%%j', %s) + 6) / 7)", thursday, thursday);
}

static const char *month_expression(struct arena *arena, const char *ordinal) {
    return arena_format(arena, "printf('%%04d-%%02d', %s / 12, %s %% 12 + 1)", ordinal, ordinal);
}

static const char *day_expression(struct arena *arena, const char *ordinal) {
    return arena_format(arena, "date(%s * 86400, 'unixepoch')", ordinal);
}

static const char *period_expression(struct arena *arena, const char *x) {
    const char *ordinal = arena_format(arena, "(%s %% 4294967296 - 2147483648)", x);
    const char *first = arena_format(arena, "(%s >> 9)", ordinal), *last = arena_format(arena, "((%s >> 9) + (%s & 511) - 1)", ordinal, ordinal); /* of several units */
    return arena_format(arena,
                        "CASE %s / 4294967296 WHEN 1 THEN %s WHEN 2 THEN %s WHEN 3 THEN printf('%%04dQ%%d', %s / 4, %s %% 4 + 1) WHEN 4 THEN printf('%%04d', %s)"
                        " WHEN 5 THEN printf('FY%%04dQ%%d', %s / 4, %s %% 4 + 1) WHEN 6 THEN printf('FY%%04d', %s) WHEN 7 THEN %s"
                        " WHEN 8 THEN %s || '..' || %s WHEN 9 THEN %s || '..' || %s WHEN 10 THEN %s || '..' || %s END",
                        x, week_expression(arena, ordinal), month_expression(arena, ordinal), ordinal, ordinal, ordinal, ordinal, ordinal, ordinal, day_expression(arena, ordinal),
                        week_expression(arena, first), week_expression(arena, last), month_expression(arena, first), month_expression(arena, last),
                        day_expression(arena, first), day_expression(arena, last));
}

static const char *enum_expression(struct arena *arena, const struct enum_type *enumeration, const char *x) {
    struct buffer text = {0};
    buffer_add_format(&text, "CASE %s", x);
    for (int i = 0; i < enumeration->value_count; i++)
        buffer_add_format(&text, " WHEN %d THEN %s", i, text_quote(arena, enumeration->values[i].name));
    buffer_add_string(&text, " END");
    const char *result = enumeration->value_count ? arena_copy_string(arena, text.bytes) : x;
    buffer_free(&text);
    return result;
}

/* A stored value as a person reads it; x is the column. */
static const char *value_expression(struct arena *arena, struct type type, const char *x, int depth) {
    switch (type.kind) {
    case TYPE_BOOL:
        return arena_format(arena, "CASE %s WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", x);
    case TYPE_MONEY:
        return arena_format(arena, "%s / 10000.0", x);
    case TYPE_DATE:
        return arena_format(arena, "date(%s * 86400, 'unixepoch')", x);
    case TYPE_DATETIME:
        return arena_format(arena, "strftime('%%Y-%%m-%%dT%%H:%%M:%%S', %s, 'unixepoch')", x);
    case TYPE_DURATION:
        return arena_format(arena, "%s / 86400.0", x);
    case TYPE_PERIOD:
        return period_expression(arena, x);
    case TYPE_ENUM:
        return enum_expression(arena, type.enumeration, x);
    case TYPE_RECORD: {
        if (depth >= KEY_DEPTH_MAX)
            return arena_format(arena, "%s || %s", text_quote(arena, arena_format(arena, "%s-", type.record->name)), x);
        const char *alias = arena_format(arena, "\"r%d\"", depth + 1);
        return arena_format(arena, "(SELECT %s FROM %s AS %s WHERE %s.\"_id\" = %s)", key_expression(arena, type.record, alias, depth + 1),
                            store_table_name(arena, type.record), alias, alias, x);
    }
    default:
        return x;
    }
}

static const char *key_expression(struct arena *arena, const struct record_type *record, const char *alias, int depth) {
    if (record->key_count == 0)
        return arena_format(arena, "coalesce(%s.\"_key\", %s || %s.\"_id\")", alias, text_quote(arena, arena_format(arena, "%s-", record->name)), alias);
    struct buffer text = {0};
    for (int i = 0; i < record->key_count; i++) {
        struct type type = record->key[i]->type;
        const char *part = value_expression(arena, type, arena_format(arena, "%s.%s", alias, store_column_name(arena, record->key[i])), depth);
        buffer_add_format(&text, type.optional ? "%sifnull(%s, '—')" : "%s(%s)", i ? " || '/' || " : "", part);
    }
    if (record->key_count == 1) /* a key is text, whatever its one part is */
        buffer_add_string(&text, " || ''");
    const char *result = arena_copy_string(arena, text.bytes);
    buffer_free(&text);
    return result;
}

const char *view_key_expression(struct arena *arena, const struct record_type *record, const char *alias) {
    return key_expression(arena, record, name_quote(arena, "", alias), 0);
}

const char *store_key_expression(struct arena *arena, const struct record_type *record, const char *alias) {
    return view_key_expression(arena, record, alias);
}

static const char *field_expression(struct arena *arena, const struct field *field) {
    if (field->kind == FIELD_STORED)
        return value_expression(arena, field->type, arena_format(arena, "\"r\".%s", store_column_name(arena, field)), 0);
    return arena_format(arena, "(SELECT group_concat(\"v\", ', ') FROM (SELECT %s AS \"v\" FROM %s AS \"s\" WHERE \"s\".\"_id\" = \"r\".\"_id\" ORDER BY 1))",
                        value_expression(arena, *field->type.element, "\"s\".\"member\"", 0), store_members_table_name(arena, field));
}

static bool create_view(struct store *store, struct arena *arena, const struct record_type *record, struct failure *failure) {
    const char *view = name_quote(arena, "", record->name), *key = view_key_expression(arena, record, "r");
    struct buffer sql = {0};
    buffer_add_format(&sql, "DROP VIEW IF EXISTS %s; CREATE VIEW %s AS SELECT %s AS \"key\", coalesce(\"r\".\"_title\", %s) AS \"name\"", view, view, key, key);
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++) {
        const struct field *field = record->fields[i];
        if (field->kind == FIELD_STORED || field->kind == FIELD_SET)
            buffer_add_format(&sql, ", %s AS %s", field_expression(arena, field), store_column_name(arena, field));
    }
    buffer_add_format(&sql, " FROM %s AS \"r\"", store_table_name(arena, record));
    bool done = store_execute(store, sql.bytes, failure);
    buffer_free(&sql);
    return done;
}

bool views_create(struct store *store, struct arena *arena, const struct program *program, struct failure *failure) {
    for (int i = 0; i < program->records.count; i++)
        if (!create_view(store, arena, program->records.items[i], failure))
            return false;
    return true;
}
