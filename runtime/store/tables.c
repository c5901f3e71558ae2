/* Tables and indexes of a record, made from its entry in the catalog.
 * Knows: the shape drawn in store.h. Does not know: the program, why something changes.
 * Indexes are named with a space ("cost key"), which no record can have in its name, so they never meet a table or a view. */
#include "runtime/store/inside.h"

#include <string.h>

const char *column_sql_type(const char *type) {
    return strcmp(type, "text") == 0 ? "TEXT" : strcmp(type, "number") == 0 ? "REAL" : "INTEGER";
}

/* Rows of `change` and `policy_version` stand in views, to which SQLite can hold no reference. */
static const char *references(struct arena *arena, const struct catalog_field *field) {
    if (!field->target || strcmp(field->target, "change") == 0 || strcmp(field->target, "policy_version") == 0)
        return "";
    return arena_format(arena, " REFERENCES %s(\"_id\") DEFERRABLE INITIALLY DEFERRED", name_quote(arena, "t_", field->target));
}

static const char *column_definition(struct arena *arena, const struct catalog_field *field) {
    return arena_format(arena, ", %s %s%s%s", name_quote(arena, "", field->name), column_sql_type(field->type), field->never_missing ? " NOT NULL" : "", references(arena, field));
}

static bool create_rows(struct store *store, struct arena *arena, const struct catalog_record *record, const char *table, struct failure *failure) {
    struct buffer sql = {0};
    buffer_add_format(&sql, "CREATE TABLE %s(\"_id\" INTEGER %s, \"_since\" INTEGER NOT NULL, \"_key\" TEXT, \"_title\" TEXT", table, record->owner ? "NOT NULL" : "PRIMARY KEY");
    for (int i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->is_set)
            buffer_add_string(&sql, column_definition(arena, record->fields.items[i]));
    if (record->owner)
        buffer_add_format(&sql, ", PRIMARY KEY(%s, \"_id\")) STRICT, WITHOUT ROWID", name_quote(arena, "", record->owner));
    else
        buffer_add_string(&sql, ") STRICT");
    bool done = store_execute(store, sql.bytes, failure);
    buffer_free(&sql);
    return done;
}

static bool create_history(struct store *store, struct arena *arena, const struct catalog_record *record, const char *table, struct failure *failure) {
    struct buffer sql = {0};
    buffer_add_format(&sql, "CREATE TABLE %s(\"_id\" INTEGER NOT NULL, \"_since\" INTEGER NOT NULL, \"_until\" INTEGER NOT NULL, \"_key\" TEXT, \"_title\" TEXT", table);
    for (int i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->is_set)
            buffer_add_format(&sql, ", %s %s", name_quote(arena, "", record->fields.items[i]->name), column_sql_type(record->fields.items[i]->type));
    buffer_add_string(&sql, ") STRICT");
    bool done = store_execute(store, sql.bytes, failure);
    buffer_free(&sql);
    return done;
}

bool table_create(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    const char *history = name_quote(arena, "h_", record->name);
    if (!create_rows(store, arena, record, name_quote(arena, "t_", record->name), failure) || !create_history(store, arena, record, history, failure) ||
        !store_run(store, failure, "CREATE INDEX %s ON %s(\"_id\")", name_quote(arena, record->name, " history"), history) ||
        !table_create_key_index(store, arena, record, failure) || !table_create_paths(store, arena, record, failure))
        return false;
    for (int i = 0; i < record->fields.count; i++)
        if (record->fields.items[i]->is_set && !table_create_set(store, arena, record, record->fields.items[i], failure))
            return false;
    return true;
}

bool table_create_set(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *set, struct failure *failure) {
    const char *table = name_quote_set(arena, "t_", record->name, set->name), *history = name_quote_set(arena, "h_", record->name, set->name);
    const char *type = column_sql_type(set->type);
    if (!store_run(store, failure,
                   "CREATE TABLE %s(\"_id\" INTEGER NOT NULL, \"member\" %s NOT NULL%s, \"_since\" INTEGER NOT NULL, PRIMARY KEY(\"_id\", \"member\")) STRICT, WITHOUT ROWID;"
                   "CREATE TABLE %s(\"_id\" INTEGER NOT NULL, \"member\" %s NOT NULL, \"_since\" INTEGER NOT NULL, \"_until\" INTEGER NOT NULL) STRICT;"
                   "CREATE INDEX %s ON %s(\"_id\")",
                   table, type, references(arena, set), history, type, name_quote(arena, arena_format(arena, "%s history ", record->name), set->name), history))
        return false;
    return !set->target ||
           store_run(store, failure, "CREATE INDEX %s ON %s(\"member\", \"_id\")", name_quote(arena, arena_format(arena, "%s path ", record->name), set->name), table);
}

bool table_drop_set(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *set, struct failure *failure) {
    journal_doubt_history(store, record->name);
    return store_run(store, failure, "DROP TABLE IF EXISTS %s; DROP TABLE IF EXISTS %s", name_quote_set(arena, "t_", record->name, set->name),
                     name_quote_set(arena, "h_", record->name, set->name));
}

bool table_drop(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    for (int i = 0; i < record->fields.count; i++)
        if (record->fields.items[i]->is_set && !table_drop_set(store, arena, record, record->fields.items[i], failure))
            return false;
    journal_doubt_history(store, record->name);
    return store_run(store, failure, "DROP TABLE %s; DROP TABLE %s; DELETE FROM remit_path WHERE \"record\" = %s", name_quote(arena, "t_", record->name),
                     name_quote(arena, "h_", record->name), text_quote(arena, record->name));
}

/* A column that is added may be missing as far as SQLite knows; that a value is there is seen to by records.c and loader.c. */
bool table_add_column(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *field, struct failure *failure) {
    const char *name = name_quote(arena, "", field->name), *type = column_sql_type(field->type);
    return store_run(store, failure, "ALTER TABLE %s ADD COLUMN %s %s%s; ALTER TABLE %s ADD COLUMN %s %s", name_quote(arena, "t_", record->name), name, type,
                     references(arena, field), name_quote(arena, "h_", record->name), name, type);
}

static bool copy_rows(struct store *store, struct arena *arena, const struct catalog_record *record, const char *table, const char *fixed_columns, struct failure *failure) {
    struct buffer columns = {0};
    buffer_add_string(&columns, fixed_columns);
    for (int i = 0; i < record->fields.count; i++)
        if (!record->fields.items[i]->is_set)
            buffer_add_format(&columns, ", %s", name_quote(arena, "", record->fields.items[i]->name));
    bool done = store_run(store, failure, "INSERT INTO remit_rebuilt(%s) SELECT %s FROM %s; DROP TABLE %s; ALTER TABLE remit_rebuilt RENAME TO %s", columns.bytes,
                          columns.bytes, table, table, table);
    buffer_free(&columns);
    return done;
}

bool table_rebuild(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    const char *history = name_quote(arena, "h_", record->name), *index = name_quote(arena, record->name, " history");
    /* The old way of renaming leaves alone the views and references that name the table. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
    bool done = create_rows(store, arena, record, "remit_rebuilt", failure) &&
                copy_rows(store, arena, record, name_quote(arena, "t_", record->name), "\"_id\", \"_since\", \"_key\", \"_title\"", failure) &&
                create_history(store, arena, record, "remit_rebuilt", failure) &&
                copy_rows(store, arena, record, history, "\"_id\", \"_since\", \"_until\", \"_key\", \"_title\"", failure) &&
                store_run(store, failure, "CREATE INDEX %s ON %s(\"_id\")", index, history);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    journal_doubt_history(store, record->name);
    return done;
}

/* ---- indexes ---- */

/* A part of a natural key that may be missing is compared with an empty blob in its place, which equals no value: missing equals missing. */
bool table_create_key_index(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    const char *index = name_quote(arena, record->name, " key"), *table = name_quote(arena, "t_", record->name);
    if (!record->key[0]) /* most rows of large tables have no own key, and cost nothing here */
        return store_run(store, failure, "DROP INDEX IF EXISTS %s; CREATE UNIQUE INDEX %s ON %s(\"_key\") WHERE \"_key\" IS NOT NULL", index, index, table);
    struct buffer parts = {0};
    for (const char *part = record->key; *part;) {
        size_t length = strcspn(part, ",");
        bool optional = part[length - 1] == '?';
        const char *name = name_quote(arena, "", arena_copy(arena, part, length - optional));
        buffer_add_format(&parts, optional ? "%sifnull(%s, x'')" : "%s%s", parts.length ? ", " : "", name);
        part += length + (part[length] == ',');
    }
    struct failure cause = {0};
    bool done = store_run(store, &cause, "DROP INDEX IF EXISTS %s; CREATE UNIQUE INDEX %s ON %s(%s)", index, index, table, parts.bytes);
    buffer_free(&parts);
    if (!done && cause.code == DIAG_ROW_IN_USE)
        return failure_set(failure, DIAG_SCHEMA_KEY_NOT_UNIQUE, record->key, record->name);
    if (!done && failure->kind == FAILURE_NONE)
        *failure = cause;
    return done;
}

bool table_create_id_index(struct store *store, const char *record, struct failure *failure) {
    struct arena *arena = arena_create();
    bool done = store_run(store, failure, "CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s(\"_id\")", name_quote(arena, record, " id"), name_quote(arena, "t_", record));
    arena_destroy(arena);
    return done;
}

static bool create_path(struct store *store, struct arena *arena, const struct catalog_record *record, const struct catalog_field *field, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "SELECT \"covered\" FROM remit_path WHERE \"record\" = ?1 AND \"reference\" = ?2", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, record->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, field->name, -1, SQLITE_STATIC);
    struct buffer covered = {0};
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        struct value text = store_column_value(statement, 0);
        const char *names = arena_copy(arena, text.text, text.length);
        for (const char *name = names; *name;) {
            size_t length = strcspn(name, ",");
            const struct catalog_field *column = catalog_find_field(record, arena_copy(arena, name, length));
            if (column && !column->is_set)
                buffer_add_format(&covered, ", %s", name_quote(arena, "", column->name));
            name += length + (name[length] == ',');
        }
    }
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    const char *index = name_quote(arena, arena_format(arena, "%s path ", record->name), field->name);
    done = done && store_run(store, failure, "CREATE INDEX IF NOT EXISTS %s ON %s(%s, \"_id\"%s)", index, name_quote(arena, "t_", record->name),
                          name_quote(arena, "", field->name), buffer_string(&covered));
    buffer_free(&covered);
    return done;
}

static bool has_path(const struct catalog_record *record, const struct catalog_field *field) {
    return field->target && !field->is_set && !(record->owner && strcmp(record->owner, field->name) == 0);
}

bool table_create_paths(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    for (int i = 0; i < record->fields.count; i++)
        if (has_path(record, record->fields.items[i]) && !create_path(store, arena, record, record->fields.items[i], failure))
            return false;
    return true;
}

bool table_drop_paths(struct store *store, struct arena *arena, const struct catalog_record *record, struct failure *failure) {
    for (int i = 0; i < record->fields.count; i++) {
        const struct catalog_field *field = record->fields.items[i];
        if (has_path(record, field) && !store_run(store, failure, "DROP INDEX IF EXISTS %s", name_quote(arena, arena_format(arena, "%s path ", record->name), field->name)))
            return false;
    }
    return true;
}
