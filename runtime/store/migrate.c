/* Bringing the tables of one record in step with the program: what may change in a store that holds rows, and what is refused.
 * Knows: the catalog, the program's records. Does not know: views, statements.
 *
 * A column is never dropped: a field that is gone is hidden, and comes back with its values. A column that was made NOT NULL and may be missing now is
 * the one case in which the table is copied; one that may never be missing any more is checked once here and then by those who write rows. */
#include "runtime/store/inside.h"

#include <string.h>
#include <strings.h>

const char *migrate_key_text(struct arena *arena, const struct record_type *record) {
    struct buffer text = {0};
    for (int i = 0; i < record->key_count; i++)
        buffer_add_format(&text, "%s%s%s", i ? "," : "", record->key[i]->name, record->key[i]->type.optional ? "?" : "");
    const char *result = arena_copy_string(arena, buffer_string(&text));
    buffer_free(&text);
    return result;
}

const char *migrate_type_name(struct arena *arena, struct type type) {
    type.optional = false;
    return type_text(arena, type);
}

static struct type stored_type(const struct field *field) {
    return field->kind == FIELD_SET ? *field->type.element : field->type;
}

static bool is_kept(const struct field *field) {
    return field->index >= FIELD_FIRST_OWN && (field->kind == FIELD_STORED || field->kind == FIELD_SET);
}

/* The entry of a field as the program has it. */
static struct catalog_field *wanted_field(struct arena *arena, const struct field *field) {
    struct type type = stored_type(field);
    struct catalog_field *wanted = ARENA_NEW(arena, struct catalog_field);
    wanted->name = field->name;
    wanted->is_set = field->kind == FIELD_SET;
    wanted->type = migrate_type_name(arena, type);
    wanted->target = type.kind == TYPE_RECORD ? type.record->name : NULL;
    wanted->never_missing = field->kind == FIELD_STORED && !type.optional;
    if (type.kind == TYPE_ENUM) {
        wanted->value_count = type.enumeration->value_count;
        wanted->values = ARENA_ARRAY(arena, struct catalog_enum, wanted->value_count);
        for (int i = 0; i < wanted->value_count; i++)
            wanted->values[i] = (struct catalog_enum){i, type.enumeration->values[i].name, 0};
    }
    return wanted;
}

static struct catalog_record *wanted_record(struct arena *arena, const struct record_type *record) {
    struct catalog_record *wanted = ARENA_NEW(arena, struct catalog_record);
    wanted->name = record->name;
    wanted->owner = record->owner ? record->owner->name : NULL;
    wanted->key = migrate_key_text(arena, record);
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++)
        if (is_kept(record->fields[i]))
            LIST_ADD(arena, &wanted->fields, wanted_field(arena, record->fields[i]));
    return wanted;
}

bool migrate_add_record(struct store *store, struct arena *arena, struct record_type *record, struct failure *failure) {
    struct catalog_record *wanted = wanted_record(arena, record);
    return table_create(store, arena, wanted, failure) && catalog_save_record(store, wanted, failure);
}

/* ---- enums: rows hold ordinals, so a value that moves takes its rows along ---- */

static const struct catalog_enum *find_value(const struct catalog_field *field, const char *name) {
    for (int i = 0; i < field->value_count; i++)
        if (strcmp(field->values[i].name, name) == 0)
            return &field->values[i];
    return NULL;
}

static bool same_values(const struct catalog_field *known, const struct catalog_field *wanted) {
    int live = 0;
    for (int i = 0; i < known->value_count; i++) {
        if (known->values[i].ordinal < 0)
            continue;
        const struct catalog_enum *same = find_value(wanted, known->values[i].name);
        if (!same || same->ordinal != known->values[i].ordinal)
            return false;
        live++;
    }
    return live == wanted->value_count;
}

/* One pass over each table: a value that is gone is refused while a row has it; in history it gets a negative ordinal of its own. */
static bool move_values(struct store *store, struct arena *arena, const struct catalog_record *record, struct catalog_field *known, const struct catalog_field *wanted,
                        struct failure *failure) {
    const char *name = known->is_set ? "\"member\"" : name_quote(arena, "", known->name);
    const char *table = known->is_set ? name_quote_set(arena, "t_", record->name, known->name) : name_quote(arena, "t_", record->name);
    const char *history = known->is_set ? name_quote_set(arena, "h_", record->name, known->name) : name_quote(arena, "h_", record->name);
    int64_t lowest = 0;
    for (int i = 0; i < known->value_count; i++)
        lowest = known->values[i].ordinal < lowest ? known->values[i].ordinal : lowest;
    struct buffer cases = {0};
    LIST_OF(struct catalog_enum) after = {0};
    for (int i = 0; i < wanted->value_count; i++) {
        const struct catalog_enum *before = find_value(known, wanted->values[i].name);
        struct catalog_enum value = {wanted->values[i].ordinal, wanted->values[i].name, before ? before->number : 0};
        LIST_ADD(arena, &after, value);
    }
    bool done = true;
    for (int i = 0; i < known->value_count && done; i++) {
        const struct catalog_enum *old = &known->values[i], *new = find_value(wanted, old->name);
        int64_t ordinal = new ? new->ordinal : old->ordinal < 0 ? old->ordinal : --lowest;
        if (!new && old->ordinal >= 0) {
            int64_t rows;
            done = store_ask_int(store, &rows, 0, failure, "SELECT count(*) FROM %s WHERE %s = %lld", table, name, (long long)old->ordinal);
            if (done && rows > 0)
                done = failure_set(failure, DIAG_SCHEMA_ENUM_IN_USE, old->name, record->name, known->name, (long long)rows);
        }
        if (!new) {
            struct catalog_enum gone = {ordinal, old->name, old->number};
            LIST_ADD(arena, &after, gone);
        }
        if (ordinal != old->ordinal)
            buffer_add_format(&cases, " WHEN %lld THEN %lld", (long long)old->ordinal, (long long)ordinal);
    }
    if (done && cases.length && known->is_set) /* a member's new ordinal may be another's old one, so they go by way of numbers that none has */
        done = store_run(store, failure, "UPDATE %s SET \"member\" = -1000000 - CASE \"member\"%s ELSE \"member\" END; UPDATE %s SET \"member\" = -1000000 - \"member\"",
                         table, cases.bytes, table) &&
               store_run(store, failure, "UPDATE %s SET \"member\" = CASE \"member\"%s ELSE \"member\" END", history, cases.bytes);
    else if (done && cases.length)
        done = store_run(store, failure, "UPDATE %s SET %s = CASE %s%s ELSE %s END WHERE %s IS NOT NULL", table, name, name, cases.bytes, name, name) &&
               store_run(store, failure, "UPDATE %s SET %s = CASE %s%s ELSE %s END WHERE %s IS NOT NULL", history, name, name, cases.bytes, name, name);
    buffer_free(&cases);
    known->values = after.items;
    known->value_count = after.count;
    return done;
}

/* ---- fields ---- */

static bool is_empty(struct store *store, struct arena *arena, const struct catalog_record *record, bool *empty, struct failure *failure) {
    int64_t rows;
    if (!store_ask_int(store, &rows, 0, failure, "SELECT EXISTS(SELECT 1 FROM %s) OR EXISTS(SELECT 1 FROM %s)", name_quote(arena, "t_", record->name),
                       name_quote(arena, "h_", record->name)))
        return false;
    *empty = rows == 0;
    return true;
}

static bool has_values(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *field, int64_t *some, struct failure *failure) {
    if (field->is_set)
        return store_ask_int(store, some, 0, failure, "SELECT EXISTS(SELECT 1 FROM %s) OR EXISTS(SELECT 1 FROM %s)", name_quote_set(arena, "t_", record->name, field->name),
                             name_quote_set(arena, "h_", record->name, field->name));
    const char *name = name_quote(arena, "", field->name);
    return store_ask_int(store, some, 0, failure, "SELECT EXISTS(SELECT 1 FROM %s WHERE %s IS NOT NULL) OR EXISTS(SELECT 1 FROM %s WHERE %s IS NOT NULL)",
                         name_quote(arena, "t_", record->name), name, name_quote(arena, "h_", record->name), name);
}

/* Rows that are there already get the default of a field that may not be missing; what they were before goes to history, as with any other change. */
static bool fill_missing(struct store *store, struct arena *arena, const struct catalog_record *record, const struct field *field, bool is_new, struct failure *failure) {
    const char *table = name_quote(arena, "t_", record->name), *name = name_quote(arena, "", field->name);
    int64_t missing;
    if (!store_ask_int(store, &missing, 0, failure, "SELECT count(*) FROM %s WHERE %s IS NULL", table, name))
        return false;
    if (missing == 0)
        return true;
    if (!field->standard) {
        if (is_new)
            failure_set(failure, DIAG_SCHEMA_DEFAULT_WANTED, record->name, field->name, record->name, (long long)missing);
        else
            failure_set(failure, DIAG_SCHEMA_VALUES_MISSING, record->name, field->name, (long long)missing);
        failure_hint(failure, "Say `%s: %s default …`, or `%s: %s?`.", field->name, migrate_type_name(arena, field->type), field->name, migrate_type_name(arena, field->type));
        failure->span = field->span;
        failure->has_span = true;
        return false;
    }
    struct value value;
    if (!constant_value(store, arena, field->standard, &value, failure) || value.kind == VALUE_MISSING) {
        failure_set(failure, DIAG_SCHEMA_DEFAULT_UNKNOWN, record->name, field->name);
        failure->span = field->standard->span;
        failure->has_span = true;
        return false;
    }
    const char *change = arena_format(arena, "%lld", (long long)store->change), *keeping = records_keeping_text(store, arena, record->name, change, failure);
    if (!keeping || !journal_touch_many(store, record->name, failure) || !store_run(store, failure, "%s WHERE t.%s IS NULL AND t.\"_since\" <> %s", keeping, name, change))
        return false;
    sqlite3_stmt *statement = store_statement(store, arena_format(arena, "UPDATE %s SET %s = ?1, \"_since\" = %s WHERE %s IS NULL", table, name, change, name), failure);
    if (!statement)
        return false;
    store_bind_value(statement, 1, value);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool add_field(struct store *store, struct arena *arena, struct catalog_record *known, const struct field *field, struct failure *failure) {
    struct catalog_field *wanted = wanted_field(arena, field);
    bool required = wanted->never_missing;
    wanted->never_missing = false;
    LIST_ADD(store->catalog->arena, &known->fields, wanted);
    if (wanted->is_set)
        return table_create_set(store, arena, known, wanted, failure);
    return table_add_column(store, arena, known, wanted, failure) && (!required || fill_missing(store, arena, known, field, true, failure));
}

static bool same_type(const struct catalog_field *known, const struct catalog_field *wanted) {
    if (known->is_set != wanted->is_set)
        return false;
    return (known->value_count > 0 && wanted->value_count > 0) || (strcmp(known->type, wanted->type) == 0 && !known->target == !wanted->target);
}

/* A field of another type: only where no row has a value. The tables are copied at once, so that the column is there for what follows. */
static bool change_type(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *known, const struct catalog_field *wanted,
                        bool *rebuilt, struct failure *failure) {
    int64_t some;
    if (!has_values(store, arena, record, known, &some, failure))
        return false;
    if (some) {
        failure_set(failure, DIAG_SCHEMA_TYPE_CHANGED, record->name, known->name, arena_format(arena, "%s%s", known->is_set ? "set of " : "", known->type),
                    arena_format(arena, "%s%s", wanted->is_set ? "set of " : "", wanted->type));
        failure_hint(failure, "Give the field of the new type another name.");
        return false;
    }
    bool had_column = !known->is_set;
    if (known->is_set && !table_drop_set(store, arena, record, known, failure))
        return false;
    int64_t position = known->position;
    *known = *wanted;
    known->position = position;
    known->never_missing = false;
    if (known->is_set && !table_create_set(store, arena, record, known, failure))
        return false;
    if (!had_column)
        return known->is_set || table_add_column(store, arena, record, known, failure);
    *rebuilt = true;
    return table_rebuild(store, arena, record, failure);
}

static bool change_field(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *known, const struct field *field, bool *rebuild,
                         bool *rebuilt, struct failure *failure) {
    struct catalog_field *wanted = wanted_field(arena, field);
    known->hidden = false;
    if (!same_type(known, wanted)) {
        if (!change_type(store, arena, record, known, wanted, rebuilt, failure))
            return false;
    } else if (known->value_count && !same_values(known, wanted) && !move_values(store, arena, record, known, wanted, failure)) {
        failure->span = field->span;
        failure->has_span = true;
        return false;
    }
    known->type = wanted->type;
    if (known->never_missing && !wanted->never_missing) {
        known->never_missing = false;
        *rebuild = true;
    }
    return known->never_missing || !wanted->never_missing || fill_missing(store, arena, record, field, false, failure);
}

/* Rows are kept beside their owner for as long as there are rows. Without rows the tables are made anew. */
static bool keeps_owner(const struct record_type *record, const struct catalog_record *known) {
    if (!known->owner)
        return true;
    struct field *owner = record_find_field(record, known->owner);
    return owner && owner->kind == FIELD_STORED && owner->type.kind == TYPE_RECORD && !owner->type.optional;
}

bool migrate_change_record(struct store *store, struct arena *arena, struct record_type *record, struct catalog_record *known, struct failure *failure) {
    const char *owner = record->owner ? record->owner->name : NULL;
    bool same_owner = owner && known->owner ? strcmp(owner, known->owner) == 0 : owner == known->owner;
    if (!same_owner) {
        bool empty;
        if (!is_empty(store, arena, known, &empty, failure))
            return false;
        if (empty)
            return table_drop(store, arena, known, failure) && migrate_add_record(store, arena, record, failure);
        if (!keeps_owner(record, known))
            return failure_set(failure, DIAG_SCHEMA_OWNER_CHANGED, known->name, known->name, known->owner);
    }
    bool rebuild = false, rebuilt = false;
    for (int i = 0; i < known->fields.count; i++) {
        struct catalog_field *gone = known->fields.items[i];
        struct field *field = record_find_field(record, gone->name);
        if (field && is_kept(field))
            continue;
        gone->hidden = true;
        rebuild = rebuild || gone->never_missing;
        gone->never_missing = false;
    }
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++) {
        struct field *field = record->fields[i];
        if (!is_kept(field))
            continue;
        struct catalog_field *before = catalog_find_field(known, field->name);
        if (before ? !change_field(store, arena, known, before, field, &rebuild, &rebuilt, failure) : !add_field(store, arena, known, field, failure))
            return false;
    }
    if (rebuild && !table_rebuild(store, arena, known, failure))
        return false;
    const char *key = migrate_key_text(arena, record);
    bool same_key = strcmp(key, known->key) == 0 && !rebuild && !rebuilt;
    known->key = key;
    return (same_key || table_create_key_index(store, arena, known, failure)) && table_create_paths(store, arena, known, failure) && catalog_save_record(store, known, failure);
}
