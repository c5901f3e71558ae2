/* Rows written one by one: adding, changing, removing, and what goes to history.
 * Knows: tables and their history. Does not know: commands, many rows at once (loader.c), sets (members.c).
 *
 * A row's time is [_since, _until) in numbers of changes. A row that is written twice in one change leaves nothing between, so only what stood there
 * before the change goes to history. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int column_of(const struct storage *storage, const struct field *field) {
    for (int i = 0; i < storage->column_count; i++)
        if (storage->columns[i] == field)
            return i;
    assert(!"a field that the store does not keep");
    return -1;
}

/* The row that it is kept beside; 0 when it has none. */
static int64_t owner_of(const struct storage *storage, const struct value *values) {
    return storage->owner ? values[column_of(storage, storage->owner)].integer : 0;
}

static bool check_required(const struct storage *storage, const struct value *values, struct failure *failure) {
    for (int i = 0; i < storage->column_count; i++) {
        const struct field *field = storage->columns[i];
        if (values[i].kind == VALUE_MISSING && !field->type.optional)
            return failure_set(failure, DIAG_VALUE_REQUIRED, storage->name, field->name, field->name);
    }
    return true;
}

/* ", a, b" of the stored columns. */
static void add_columns(struct buffer *sql, struct arena *arena, const struct storage *storage) {
    for (int i = 0; i < storage->column_count; i++)
        buffer_add_format(sql, ", %s", store_column_name(arena, storage->columns[i]));
}

/* ---- what went wrong ---- */

bool row_fail_unique(struct store *store, struct storage *storage, const struct value *values, int result, struct failure *failure) {
    int extended = sqlite3_extended_errcode(store->db);
    if (extended != SQLITE_CONSTRAINT_UNIQUE && extended != SQLITE_CONSTRAINT_PRIMARYKEY)
        return store_fail(store, result, failure);
    struct record_type *record = storage->record;
    struct arena *arena = arena_create();
    const char *key = NULL;
    if (record->key_count > 0) {
        struct value *parts = ARENA_ARRAY(arena, struct value, record->key_count);
        for (int i = 0; i < record->key_count; i++)
            parts[i] = values[column_of(storage, record->key[i])];
        int64_t id = 0;
        struct failure ignored = {0};
        if (store_find_natural(store, record, parts, &id, &ignored) && id)
            key = row_key(store, arena, record, id);
    } else if (values[FIELD_OWN_KEY].kind == VALUE_TEXT)
        key = arena_copy(arena, values[FIELD_OWN_KEY].text, values[FIELD_OWN_KEY].length);
    bool done = key ? failure_set(failure, DIAG_KEY_TAKEN, storage->name, key) : store_fail(store, result, failure);
    arena_destroy(arena);
    return done;
}

/* Names the first reference to nothing that a refused commit has left. */
bool references_fail(struct store *store, struct failure *failure) {
    sqlite3_stmt *check = store_statement(
        store,
        "SELECT c.\"table\", c.\"rowid\", l.\"from\" FROM pragma_foreign_key_check AS c, pragma_foreign_key_list(c.\"table\") AS l WHERE l.\"id\" = c.\"fkid\" LIMIT 1",
        failure);
    struct arena *arena = arena_create();
    if (check && sqlite3_step(check) == SQLITE_ROW) {
        const char *table = arena_format(arena, "%s", (const char *)sqlite3_column_text(check, 0));
        const char *field = arena_format(arena, "%s", (const char *)sqlite3_column_text(check, 2));
        const char *row = arena_format(arena, "a row of `%s`", text_starts(table, "t_") ? table + 2 : table);
        for (struct storage *storage = store->storages; storage; storage = storage->next)
            if (strcmp(storage->name, text_starts(table, "t_") ? table + 2 : table) == 0 && sqlite3_column_type(check, 1) == SQLITE_INTEGER)
                row = row_describe(store, arena, storage->record, sqlite3_column_int64(check, 1));
        failure_set(failure, DIAG_REFERENCE_TO_NOTHING, row, field);
    } else
        failure_set(failure, DIAG_REFERENCE_TO_NOTHING, "a row", "a field");
    sqlite3_finalize(check);
    arena_destroy(arena);
    return false;
}

/* ---- adding ---- */

static bool prepare_insert(struct store *store, struct storage *storage, struct failure *failure) {
    if (storage->insert)
        return true;
    struct arena *arena = arena_create();
    struct buffer sql = {0};
    buffer_add_format(&sql, "INSERT INTO %s(\"_id\", \"_since\"", storage->table);
    add_columns(&sql, arena, storage);
    buffer_add_string(&sql, ") VALUES(?1, ?2");
    for (int i = 0; i < storage->column_count; i++)
        buffer_add_format(&sql, ", ?%d", i + 3);
    buffer_add_char(&sql, ')');
    storage->insert = store_statement(store, sql.bytes, failure);
    buffer_free(&sql);
    arena_destroy(arena);
    return storage->insert != NULL;
}

bool store_insert(struct store *store, const struct store_row *row, int64_t *id, struct failure *failure) {
    struct storage *storage = storage_of(row->record);
    assert(!storage->is_view);
    *id = 0;
    if (!store_may_write(store, failure) || !prepare_insert(store, storage, failure))
        return false;
    arena_reset(store->scratch);
    struct value *values = ARENA_ARRAY(store->scratch, struct value, storage->column_count); /* zero is VALUE_MISSING */
    for (int i = 0; i < row->field_count; i++)
        values[column_of(storage, row->fields[i])] = row->values[i];
    if (!check_required(storage, values, failure) || !store_take_id(store, storage, 1, id, failure) || !journal_touch(store, storage, owner_of(storage, values), *id, failure))
        return false;
    sqlite3_bind_int64(storage->insert, 1, *id);
    sqlite3_bind_int64(storage->insert, 2, store->change);
    for (int i = 0; i < storage->column_count; i++)
        store_bind_value(storage->insert, i + 3, values[i]);
    int result = sqlite3_step(storage->insert);
    bool done = result == SQLITE_DONE || row_fail_unique(store, storage, values, result, failure);
    sqlite3_reset(storage->insert);
    store->changed = store->changed || done;
    return done;
}

/* ---- changing ---- */

/* Reads the row's _since and stored columns; text is copied into the scratch memory. */
static bool read_row(struct store *store, struct storage *storage, int64_t id, int64_t *since, struct value *values, struct failure *failure) {
    if (!storage->select) {
        struct arena *arena = arena_create();
        struct buffer columns = {0};
        add_columns(&columns, arena, storage);
        bool done = store_keep_statement(store, &storage->select, failure, "SELECT \"_since\"%s FROM %s WHERE \"_id\" = ?1", columns.bytes, storage->table);
        buffer_free(&columns);
        arena_destroy(arena);
        if (!done)
            return false;
    }
    sqlite3_bind_int64(storage->select, 1, id);
    int result = sqlite3_step(storage->select);
    bool done = result == SQLITE_ROW;
    if (done) {
        *since = sqlite3_column_int64(storage->select, 0);
        for (int i = 0; i < storage->column_count; i++)
            values[i] = value_keep(store->scratch, store_column_value(storage->select, i + 1));
    } else if (result == SQLITE_DONE)
        failure_set(failure, DIAG_ROW_GONE, (long long)id, storage->name);
    else
        store_fail(store, result, failure);
    sqlite3_reset(storage->select);
    return done;
}

static bool same_value(struct value a, struct value b) {
    return a.kind == b.kind && value_compare(a, b) == 0;
}

const char *records_keeping_text(struct store *store, struct arena *arena, const char *record, const char *until, struct failure *failure) {
    if (!store_need_catalog(store, failure))
        return NULL;
    const struct catalog_record *known = catalog_find_record(store->catalog, record);
    struct buffer columns = {0}, values = {0};
    for (int i = 0; i < known->fields.count; i++)
        if (!known->fields.items[i]->is_set) {
            const char *column = name_quote(arena, "", known->fields.items[i]->name);
            buffer_add_format(&columns, ", %s", column);
            buffer_add_format(&values, ", t.%s", column);
        }
    const char *text = arena_format(arena, "INSERT INTO %s(\"_until\", \"_id\", \"_since\", \"_key\", \"_title\"%s) SELECT %s, t.\"_id\", t.\"_since\", t.\"_key\", t.\"_title\"%s FROM %s AS t",
                                    name_quote(arena, "h_", record), buffer_string(&columns), until, buffer_string(&values), name_quote(arena, "t_", record));
    buffer_free(&columns);
    buffer_free(&values);
    return text;
}

static bool prepare_keep(struct store *store, struct storage *storage, struct failure *failure) {
    if (storage->keep)
        return true;
    struct arena *arena = arena_create();
    const char *text = records_keeping_text(store, arena, storage->name, "?2", failure);
    bool done = text && store_keep_statement(store, &storage->keep, failure, "%s WHERE t.\"_id\" = ?1", text);
    arena_destroy(arena);
    return done;
}

static bool keep_row(struct store *store, struct storage *storage, int64_t id, int64_t since, struct failure *failure) {
    if (since == store->change)
        return true;
    if (!prepare_keep(store, storage, failure))
        return false;
    sqlite3_bind_int64(storage->keep, 1, id);
    sqlite3_bind_int64(storage->keep, 2, store->change);
    return store_finish_statement(store, storage->keep, failure);
}

/* The statement is kept for the fields it sets: a command that changes many rows sets the same ones in each. Only those are written, so that indexes over others are left alone. */
static bool prepare_update(struct store *store, struct storage *storage, const struct store_row *row, struct failure *failure) {
    struct buffer sql = {0};
    struct arena *arena = arena_create();
    buffer_add_format(&sql, "UPDATE %s SET \"_since\" = ?2", storage->table);
    for (int i = 0; i < row->field_count; i++)
        buffer_add_format(&sql, ", %s = ?%d", store_column_name(arena, row->fields[i]), i + 3);
    buffer_add_string(&sql, " WHERE \"_id\" = ?1");
    arena_destroy(arena);
    bool done = true;
    if (!storage->update_fields || strcmp(storage->update_fields, sql.bytes) != 0) {
        sqlite3_finalize(storage->update);
        free(storage->update_fields);
        storage->update_fields = strdup(sql.bytes);
        storage->update = store_statement(store, sql.bytes, failure);
        done = storage->update != NULL;
        if (!done) {
            free(storage->update_fields);
            storage->update_fields = NULL;
        }
    }
    buffer_free(&sql);
    return done;
}

bool store_update(struct store *store, int64_t id, const struct store_row *row, bool *changed, struct failure *failure) {
    struct storage *storage = storage_of(row->record);
    assert(!storage->is_view);
    *changed = false;
    if (!store_may_write(store, failure) || !storage_need_id_index(store, storage, failure))
        return false;
    arena_reset(store->scratch);
    struct value *values = ARENA_ARRAY(store->scratch, struct value, storage->column_count);
    int64_t since = 0;
    if (!read_row(store, storage, id, &since, values, failure))
        return false;
    for (int i = 0; i < row->field_count; i++) {
        struct value *value = &values[column_of(storage, row->fields[i])];
        *changed = *changed || !same_value(*value, row->values[i]);
        *value = row->values[i];
    }
    if (!*changed)
        return true;
    if (!check_required(storage, values, failure) || !journal_touch(store, storage, owner_of(storage, values), id, failure) || !keep_row(store, storage, id, since, failure) ||
        !prepare_update(store, storage, row, failure))
        return false;
    sqlite3_bind_int64(storage->update, 1, id);
    sqlite3_bind_int64(storage->update, 2, store->change);
    for (int i = 0; i < row->field_count; i++)
        store_bind_value(storage->update, i + 3, row->values[i]);
    int result = sqlite3_step(storage->update);
    bool done = result == SQLITE_DONE || row_fail_unique(store, storage, values, result, failure);
    sqlite3_reset(storage->update);
    store->changed = store->changed || done;
    return done;
}

static bool run_change(struct store *store, const struct store_change *change, const char *sql, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    if (!statement)
        return false;
    for (int i = 0; i < change->parameter_count && i < sqlite3_bind_parameter_count(statement); i++)
        store_bind_value(statement, i + 1, change->parameters[i]);
    bool done = store_finish_statement(store, statement, failure);
    store->changed = store->changed || (done && sqlite3_changes64(store->db) > 0);
    sqlite3_finalize(statement);
    return done;
}

bool store_change_rows(struct store *store, const struct store_change *change, struct failure *failure) {
    struct storage *storage = storage_of(change->record);
    assert(!storage->is_view);
    if (!store_may_write(store, failure) || !journal_touch_many(store, storage->name, failure))
        return false;
    struct arena *arena = arena_create();
    const char *number = arena_format(arena, "%lld", (long long)store->change), *from = change->from ? change->from : "";
    const char *keeping = change->keeps_old ? records_keeping_text(store, arena, storage->name, number, failure) : NULL;
    bool done = !change->keeps_old || (keeping && run_change(store, change, arena_format(arena, "%s%s%s WHERE t.\"_since\" <> %s AND (%s)", keeping, *from ? ", " : "", from, number, change->condition), failure));
    const char *since = change->keeps_old ? arena_format(arena, "\"_since\" = %s, ", number) : "";
    done = done && run_change(store, change, arena_format(arena, "UPDATE %s AS t SET %s%s%s%s WHERE %s", storage->table, since, change->set, *from ? " FROM " : "", from, change->condition), failure);
    arena_destroy(arena);
    return done;
}

/* ---- removing ---- */

/* The first row that refers to the one that is to go, in a field of the record `from`; *by 0 when there is none. */
static bool find_referrer(struct store *store, struct arena *arena, const struct catalog_record *from, const struct catalog_field *field, const char *target, int64_t id,
                          int64_t *by, struct failure *failure) {
    if (field->is_set)
        return store_ask_int(store, by, 0, failure, "SELECT \"_id\" FROM %s WHERE \"member\" = %lld AND (%d OR \"_id\" <> %lld) LIMIT 1",
                             name_quote_set(arena, "t_", from->name, field->name), (long long)id, strcmp(from->name, target) != 0, (long long)id);
    return store_ask_int(store, by, 0, failure, "SELECT \"_id\" FROM %s WHERE %s = %lld AND (%d OR \"_id\" <> %lld) LIMIT 1", name_quote(arena, "t_", from->name),
                         name_quote(arena, "", field->name), (long long)id, strcmp(from->name, target) != 0, (long long)id);
}

static bool check_unreferenced(struct store *store, struct arena *arena, struct storage *storage, int64_t id, struct failure *failure) {
    if (!store_need_catalog(store, failure))
        return false;
    for (int r = 0; r < store->catalog->records.count; r++) {
        const struct catalog_record *from = store->catalog->records.items[r];
        for (int f = 0; f < from->fields.count; f++) {
            const struct catalog_field *field = from->fields.items[f];
            int64_t by = 0;
            if (!field->target || strcmp(field->target, storage->name) != 0)
                continue;
            if (!find_referrer(store, arena, from, field, storage->name, id, &by, failure))
                return false;
            if (!by)
                continue;
            const char *who = arena_format(arena, "%s `%lld`", from->name, (long long)by);
            for (struct storage *other = store->storages; other; other = other->next)
                if (strcmp(other->name, from->name) == 0)
                    who = row_describe(store, arena, other->record, by);
            return failure_set(failure, DIAG_STILL_REFERRED_TO, row_describe(store, arena, storage->record, id), who, field->name);
        }
    }
    return true;
}

bool store_remove(struct store *store, struct record_type *record, int64_t id, struct failure *failure) {
    struct storage *storage = storage_of(record);
    assert(!storage->is_view);
    if (!store_may_write(store, failure) || !storage_need_id_index(store, storage, failure))
        return false;
    arena_reset(store->scratch);
    struct value *values = ARENA_ARRAY(store->scratch, struct value, storage->column_count);
    int64_t since = 0;
    struct arena *arena = arena_create();
    bool done = read_row(store, storage, id, &since, values, failure) && check_unreferenced(store, arena, storage, id, failure);
    arena_destroy(arena);
    for (int i = 0; i < storage->set_count && done; i++)
        done = store_set_members(store, storage->sets[i].field, id, NULL, 0, failure);
    if (!done || !journal_touch(store, storage, owner_of(storage, values), id, failure) || !keep_row(store, storage, id, since, failure) || !store_keep_statement(store, &storage->remove, failure, "DELETE FROM %s WHERE \"_id\" = ?1", storage->table))
        return false;
    sqlite3_bind_int64(storage->remove, 1, id);
    done = store_finish_statement(store, storage->remove, failure);
    store->changed = store->changed || done;
    return done;
}
