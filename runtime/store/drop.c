/* Values that a policy lets go: the rows as they were go to history, and have no such value any more.
 * Knows: tables, history. Does not know: who may let values go. */
#include "runtime/store/inside.h"

#include <string.h>

const char *store_name_aside(struct arena *arena, const struct store *store, const char *field) {
    return arena_format(arena, "%s~%lld", field, (long long)store->change);
}

/* Every column, the hidden ones too. */
static const char *column_list(struct arena *arena, const struct catalog_record *record) {
    struct buffer columns = {0};
    buffer_add_string(&columns, "\"_id\", \"_since\", \"_key\", \"_title\"");
    for (int i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->is_set)
            buffer_add_format(&columns, ", %s", name_quote(arena, "", record->fields.items[i]->name));
    const char *list = arena_copy_string(arena, columns.bytes);
    buffer_free(&columns);
    return list;
}

/* A row that this very transaction wrote has no older form to be kept. */
static bool keep_rows(struct store *store, struct arena *arena, const struct catalog_record *record, const char *condition, struct failure *failure) {
    const char *columns = column_list(arena, record);
    return journal_touch_many(store, record->name, failure) && store_run(store, failure, "INSERT INTO %s(\"_until\", %s) SELECT %lld, %s FROM %s WHERE \"_since\" <> %lld AND %s", name_quote(arena, "h_", record->name), columns, (long long)store->change,
                     columns, name_quote(arena, "t_", record->name), (long long)store->change, condition);
}

static bool drop_members(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *set, const char *condition, struct failure *failure) {
    const char *table = name_quote_set(arena, "t_", record->name, set->name);
    return journal_touch_members(store, record->name, set->name, failure) && store_run(store, failure, "INSERT INTO %s(\"_id\", \"member\", \"_since\", \"_until\") SELECT \"_id\", \"member\", \"_since\", %lld FROM %s WHERE \"_since\" <> %lld AND %s; DELETE FROM %s WHERE %s",
                     name_quote_set(arena, "h_", record->name, set->name), (long long)store->change, table, (long long)store->change, condition, table, condition);
}

static bool drop_rows(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    for (int i = 0; i < record->fields.count; i++)
        if (record->fields.items[i]->is_set && !drop_members(store, arena, record, record->fields.items[i], "true", failure))
            return false;
    return keep_rows(store, arena, record, "true", failure) && store_run(store, failure, "DELETE FROM %s", name_quote(arena, "t_", record->name));
}

static bool is_in_key(const struct catalog_record *record, const char *name) {
    size_t length = strlen(name);
    for (const char *part = record->key; *part; part += strcspn(part, ",") + (part[strcspn(part, ",")] == ','))
        if (strncmp(part, name, length) == 0 && (part[length] == ',' || part[length] == '?' || part[length] == '\0'))
            return true;
    return false;
}

/* A column that always had a value, or was part of the key, is made one that need not have one. */
static bool free_column(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *field, struct failure *failure) {
    bool was_key = is_in_key(record, field->name), was_wanted = field->never_missing;
    if (record->owner && strcmp(record->owner, field->name) == 0)
        return failure_set(failure, DIAG_SCHEMA_OWNER_CHANGED, record->name, record->name, record->owner);
    if (was_key)
        record->key = "";
    field->never_missing = false;
    if (!was_key && !was_wanted)
        return true;
    store_set_foreign_keys(store, false);
    bool done = (!was_wanted || table_rebuild(store, arena, record, failure)) && table_create_key_index(store, arena, record, failure) && table_create_paths(store, arena, record, failure) &&
                (!record->owner || table_create_id_index(store, record->name, failure)) && catalog_save_record(store, record, failure);
    store_set_foreign_keys(store, true);
    return done;
}

static bool drop_column(struct store *store, struct arena *arena, struct catalog_record *record, struct catalog_field *field, const struct store_drop *drop, struct failure *failure) {
    const char *column = name_quote(arena, "", field->name);
    const char *condition = drop->ordinal >= 0 ? arena_format(arena, "%s = %lld", column, (long long)drop->ordinal) : arena_format(arena, "%s IS NOT NULL", column);
    if (!free_column(store, arena, record, field, failure) || !keep_rows(store, arena, record, condition, failure) ||
        !store_run(store, failure, "UPDATE %s SET %s = NULL, \"_since\" = %lld WHERE %s", name_quote(arena, "t_", record->name), column, (long long)store->change, condition))
        return false;
    /* History keeps values of the old type: their column steps aside for the one of the new type. */
    return !drop->makes_room || (rename_column(store, arena, record, field, store_name_aside(arena, store, field->name), failure) &&
                                 store_run(store, failure, "UPDATE remit_field SET \"hidden\" = 1 WHERE \"record\" = %s AND \"name\" = %s", text_quote(arena, record->name), text_quote(arena, field->name)));
}

static bool drop_field(struct store *store, struct arena *arena, struct catalog_record *record, const struct store_drop *drop, struct failure *failure) {
    struct catalog_field *field = catalog_find_field(record, drop->field);
    if (!field)
        return true;
    if (!field->is_set)
        return drop_column(store, arena, record, field, drop, failure);
    if (!drop_members(store, arena, record, field, drop->ordinal >= 0 ? arena_format(arena, "\"member\" = %lld", (long long)drop->ordinal) : "true", failure))
        return false;
    return !drop->makes_room || (rename_column(store, arena, record, field, store_name_aside(arena, store, field->name), failure) &&
                                 store_run(store, failure, "UPDATE remit_field SET \"hidden\" = 1 WHERE \"record\" = %s AND \"name\" = %s", text_quote(arena, record->name), text_quote(arena, field->name)));
}

bool store_drop_values(struct store *store, const struct store_drop *drop, struct failure *failure) {
    if (!store_may_write(store, failure) || !store_need_catalog(store, failure))
        return false;
    struct catalog_record *record = catalog_find_record(store->catalog, drop->record);
    if (!record)
        return true;
    struct arena *arena = arena_create();
    storages_forget_statements(store);
    bool done = drop->field ? drop_field(store, arena, record, drop, failure) : drop_rows(store, arena, record, failure);
    done = done && store_set_meta(store, "schema", "", failure); /* it is looked at anew */
    store->changed = store->changed || done;
    store_forget_catalog(store);
    arena_destroy(arena);
    return done;
}
