/* The schema: a program's records as tables of the store.
 * Knows: the program, the catalog; whether they differ. Does not know: how one table is changed (migrate.c, tables.c). */
#include "runtime/store/past.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- storages: one for each record type, found by name, so that a later program of the same session finds its own ---- */

struct storage *storage_of(const struct record_type *record) {
    struct storage *storage = record->storage;
    assert(storage); /* store_apply_schema comes before any use of a record */
    return storage;
}

static void forget_statements(struct storage *storage) {
    sqlite3_stmt **kept[] = {&storage->insert, &storage->select,   &storage->keep,         &storage->update,  &storage->remove,
                             &storage->exists, &storage->key_text, &storage->find_key[0], &storage->find_key[1], &storage->find_natural[0], &storage->find_natural[1]};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        sqlite3_finalize(*kept[i]);
        *kept[i] = NULL;
    }
    free(storage->update_fields);
    storage->update_fields = NULL;
    for (int i = 0; i < storage->set_count; i++) {
        struct set_storage *set = &storage->sets[i];
        sqlite3_stmt **of_set[] = {&set->select, &set->select_past, &set->insert, &set->remove, &set->keep};
        for (size_t s = 0; s < sizeof of_set / sizeof *of_set; s++) {
            sqlite3_finalize(*of_set[s]);
            *of_set[s] = NULL;
        }
    }
}

void storages_forget_statements(struct store *store) {
    for (struct storage *storage = store->storages; storage; storage = storage->next)
        forget_statements(storage);
}

static void forget_fields(struct storage *storage) {
    for (int i = 0; i < storage->set_count; i++) {
        free(storage->sets[i].table);
        free(storage->sets[i].history);
    }
    free(storage->sets);
    free(storage->columns);
    storage->sets = NULL;
    storage->columns = NULL;
    storage->set_count = storage->column_count = 0;
}

void storages_destroy(struct store *store) {
    while (store->storages) {
        struct storage *storage = store->storages;
        store->storages = storage->next;
        forget_statements(storage);
        forget_fields(storage);
        free(storage->name);
        free(storage->table);
        free(storage->history);
        free(storage);
    }
}

static struct storage *find_storage(struct store *store, struct arena *arena, const char *name) {
    for (struct storage *storage = store->storages; storage; storage = storage->next)
        if (strcmp(storage->name, name) == 0)
            return storage;
    struct storage *storage = calloc(1, sizeof *storage);
    assert(storage);
    storage->name = strdup(name);
    storage->table = strdup(name_quote(arena, "t_", name));
    storage->history = strdup(name_quote(arena, "h_", name));
    storage->next = store->storages;
    store->storages = storage;
    return storage;
}

/* Rows of the journal's own tables, seen through a view. */
static bool is_journal(const struct record_type *record) {
    return record->runtime_filled && (strcmp(record->name, "change") == 0 || strcmp(record->name, "policy_version") == 0);
}

static void attach(struct store *store, struct arena *arena, struct record_type *record) {
    struct storage *storage = find_storage(store, arena, record->name);
    forget_statements(storage);
    forget_fields(storage);
    storage->record = record;
    storage->is_view = is_journal(record);
    const struct catalog_record *known = storage->is_view ? NULL : catalog_find_record(store->catalog, record->name);
    storage->owner = known && known->owner ? record_find_field(record, known->owner) : NULL;
    storage->columns = calloc((size_t)record->field_count, sizeof *storage->columns);
    storage->sets = calloc((size_t)record->field_count, sizeof *storage->sets);
    assert(storage->columns && storage->sets);
    for (int i = 0; i < record->field_count; i++) {
        struct field *field = record->fields[i];
        if (field->kind == FIELD_STORED)
            storage->columns[storage->column_count++] = field;
        else if (field->kind == FIELD_SET)
            storage->sets[storage->set_count++] = (struct set_storage){
                .field = field, .table = strdup(store_members_table_name(arena, field)), .history = strdup(name_quote_set(arena, "h_", record->name, field->name))};
    }
    storage->has_id_index = false; /* find_id_indexes */
    record->storage = storage;
}

/* The indexes over the ids of rows that are kept beside their owners are called "RECORD id". One question for all of them. */
static bool find_id_indexes(struct store *store, struct arena *arena, const struct program *program, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "SELECT substr(\"name\", 1, length(\"name\") - 3) FROM sqlite_schema WHERE \"type\" = 'index' AND \"name\" LIKE '% id'", failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct record_type *record = program_find_record(program, arena_copy_string(arena, (const char *)sqlite3_column_text(statement, 0)));
        if (record)
            storage_of(record)->has_id_index = true;
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

static bool attach_all(struct store *store, struct arena *arena, const struct program *program, struct failure *failure) {
    store->program = program;
    versions_forget(store);
    for (int i = 0; i < program->records.count; i++)
        attach(store, arena, program->records.items[i]);
    past_note_gone(store);
    for (int i = 0; i < program->records.count; i++)
        if (!past_define(store, arena, storage_of(program->records.items[i]), failure))
            return false;
    return find_id_indexes(store, arena, program, failure) && as_of_cover(store, arena, failure);
}

bool storage_need_id_index(struct store *store, struct storage *storage, struct failure *failure) {
    if (!storage->owner || storage->has_id_index || store->read_only || !store->in_transaction)
        return true;
    storage->has_id_index = true;
    return table_create_id_index(store, storage->name, failure);
}

/* ---- the description: the program's records as text; the same text, the same schema ---- */

static void describe_field(struct buffer *out, struct arena *arena, const struct field *field) {
    struct type type = field->kind == FIELD_SET ? *field->type.element : field->type;
    buffer_add_format(out, " %s%s %s%s", field->kind == FIELD_SET ? "set " : "", field->name, migrate_type_name(arena, type), type.optional ? "?" : "");
    if (type.kind == TYPE_ENUM)
        for (int i = 0; i < type.enumeration->value_count; i++)
            buffer_add_format(out, "%c%s", i ? '|' : '=', type.enumeration->values[i].name);
    buffer_add_char(out, '\n');
}

static const char *describe_schema(struct arena *arena, const struct program *program) {
    struct buffer out = {0};
    for (int i = 0; i < program->records.count; i++) {
        const struct record_type *record = program->records.items[i];
        buffer_add_format(&out, "%s owner %s key %s%s\n", record->name, record->owner ? record->owner->name : "-", migrate_key_text(arena, record),
                          record->is_referenced ? " referenced" : "");
        for (int f = FIELD_FIRST_OWN; f < record->field_count; f++)
            if (record->fields[f]->kind == FIELD_STORED || record->fields[f]->kind == FIELD_SET)
                describe_field(&out, arena, record->fields[f]);
    }
    const char *result = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

/* ---- names that the store needs itself ---- */

struct taken {
    struct arena *arena;
    LIST_OF(const char *) names;
};

static bool take_name(struct taken *taken, const char *name, const struct record_type *record, struct failure *failure) {
    for (int i = 0; i < taken->names.count; i++)
        if (strcasecmp(taken->names.items[i], name) == 0) {
            failure_set(failure, DIAG_SCHEMA_NAME_TAKEN, record->name);
            failure->span = record->span;
            failure->has_span = true;
            return false;
        }
    LIST_ADD(taken->arena, &taken->names, name);
    return true;
}

static bool check_field_names(const struct record_type *record, struct failure *failure) {
    static const char *const own[] = {"_id", "_since", "_until", "_as_of", "_key", "_title"};
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++)
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            if (strcasecmp(record->fields[f]->name, own[i]) == 0) {
                failure_set(failure, DIAG_SCHEMA_NAME_TAKEN, record->fields[f]->name);
                failure->span = record->fields[f]->span;
                failure->has_span = true;
                return false;
            }
    return true;
}

/* Tables, views and the store's own share one room for names, without regard to capitals. */
static bool check_names(struct arena *arena, const struct program *program, struct failure *failure) {
    struct taken taken = {.arena = arena};
    for (int i = 0; i < program->records.count; i++) {
        const struct record_type *record = program->records.items[i];
        if (strncasecmp(record->name, "remit_", 6) == 0 || strncasecmp(record->name, "sqlite_", 7) == 0) {
            failure_set(failure, DIAG_SCHEMA_NAME_TAKEN, record->name);
            failure->span = record->span;
            failure->has_span = true;
            return false;
        }
        if (!take_name(&taken, record->name, record, failure) || !take_name(&taken, arena_format(arena, "t_%s", record->name), record, failure) ||
            !take_name(&taken, arena_format(arena, "h_%s", record->name), record, failure) || !check_field_names(record, failure))
            return false;
        for (int f = 0; f < record->field_count; f++)
            if (record->fields[f]->kind == FIELD_SET && (!take_name(&taken, arena_format(arena, "t_%s__%s", record->name, record->fields[f]->name), record, failure) ||
                                                         !take_name(&taken, arena_format(arena, "h_%s__%s", record->name, record->fields[f]->name), record, failure)))
                return false;
    }
    return true;
}

/* ---- reading only: the store must have what the program needs ---- */

static bool lacks(struct arena *arena, const char *record, const char *field, struct failure *failure) {
    failure_set(failure, DIAG_SCHEMA_NOT_IN_STORE, field ? arena_format(arena, "`%s.%s` in this form", record, field) : arena_format(arena, "`%s`", record));
    failure_hint(failure, "Bring it in step once, with a command that writes: `remit run FILE`.");
    return false;
}

static bool has_field(const struct catalog_record *known, const struct field *field) {
    const struct catalog_field *column = catalog_find_field(known, field->name);
    struct type type = field->kind == FIELD_SET ? *field->type.element : field->type;
    if (!column || column->is_set != (field->kind == FIELD_SET))
        return false;
    if (type.kind != TYPE_ENUM) {
        struct arena *arena = arena_create();
        bool same = strcmp(column->type, migrate_type_name(arena, type)) == 0;
        arena_destroy(arena);
        return same;
    }
    int live = 0;
    for (int i = 0; i < column->value_count; i++) {
        int64_t ordinal = column->values[i].ordinal;
        if (ordinal < 0)
            continue;
        if (ordinal >= type.enumeration->value_count || strcmp(type.enumeration->values[ordinal].name, column->values[i].name) != 0)
            return false;
        live++;
    }
    return live == type.enumeration->value_count;
}

static bool check_read_only(struct store *store, struct arena *arena, const struct program *program, struct failure *failure) {
    for (int i = 0; i < program->records.count; i++) {
        const struct record_type *record = program->records.items[i];
        const struct catalog_record *known = catalog_find_record(store->catalog, record->name);
        if (is_journal(record))
            continue;
        if (!known)
            return lacks(arena, record->name, NULL, failure);
        for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
            const struct field *field = record->fields[f];
            if ((field->kind == FIELD_STORED || field->kind == FIELD_SET) && !has_field(known, field))
                return lacks(arena, record->name, field->name, failure);
        }
    }
    return true;
}

/* ---- applying ---- */

void store_forget_catalog(struct store *store) {
    catalog_destroy(store->catalog);
    store->catalog = NULL;
}

bool store_reload_catalog(struct store *store, struct failure *failure) {
    store_forget_catalog(store);
    store->catalog = catalog_create();
    if (catalog_load(store, store->catalog, failure))
        return true;
    store_forget_catalog(store);
    return false;
}

bool store_need_catalog(struct store *store, struct failure *failure) {
    return store->catalog || store_reload_catalog(store, failure);
}

static bool change_tables(struct store *store, struct arena *arena, const struct program *program, const char *description, struct failure *failure) {
    if (!rename_all(store, arena, program, failure))
        return false;
    for (int i = 0; i < program->records.count; i++) {
        struct record_type *record = program->records.items[i];
        struct catalog_record *known = catalog_find_record(store->catalog, record->name);
        if (is_journal(record))
            continue;
        if (known ? !migrate_change_record(store, arena, record, known, failure) : !migrate_add_record(store, arena, record, failure))
            return false;
    }
    if (!store_reload_catalog(store, failure))
        return false;
    for (int i = 0; i < program->records.count; i++) { /* a reference needs an index over what it refers to */
        const struct record_type *record = program->records.items[i];
        const struct catalog_record *known = catalog_find_record(store->catalog, record->name);
        if (record->is_referenced && known && known->owner && !table_create_id_index(store, record->name, failure))
            return false;
        if (known && !table_index_owners(store, arena, known, failure))
            return false;
    }
    return (store->without_views || views_create(store, arena, program, failure)) && store_set_meta(store, "schema", description, failure);
}

/* An entry of its own in the journal, unless nothing was ever written: then the first change has it. */
static bool begin_own(struct store *store, struct failure *failure) {
    store->at = (int64_t)time(NULL);
    if (!store_begin_quietly(store, failure) || store->change == 1)
        return store->in_transaction;
    store->who = strdup("remit");
    store->what = strdup("schema");
    if (store->journal.is_on || journal_begin(store, failure))
        return true;
    store_rollback(store);
    return false;
}

/* In a transaction of its own when none is under way; all of it or nothing. */
static bool change_schema(struct store *store, struct arena *arena, const struct program *program, const char *description, struct failure *failure) {
    bool own = !store->in_transaction;
    if (own ? !begin_own(store, failure) : !store_savepoint(store, failure))
        return false;
    storages_forget_statements(store);
    baselines_forget(store);
    versions_forget(store);
    store->fiscal_month = program->fiscal_month ? program->fiscal_month : 1;
    store_set_foreign_keys(store, false); /* tables are copied and dropped; no reference changes by that */
    bool done = store_reload_catalog(store, failure) && change_tables(store, arena, program, description, failure);
    store_set_foreign_keys(store, true);
    store->changed = store->changed || done;
    if (!done)
        store_forget_catalog(store); /* it was changed along with the tables */
    if (own && done)
        return store_commit(store, failure);
    if (own)
        store_rollback(store);
    else if (done)
        store_savepoint_release(store);
    else if (!store->lost)
        store_savepoint_rollback(store);
    return done;
}

bool store_apply_schema(struct store *store, const struct program *program, struct failure *failure) {
    struct arena *arena = arena_create();
    const char *description = describe_schema(arena, program), *known = NULL;
    bool done = check_names(arena, program, failure);
    if (done && store->is_new && store->read_only)
        done = lacks(arena, program->records.count ? program->records.items[0]->name : "remit", NULL, failure);
    if (done && !store->is_new)
        done = store_get_meta(store, arena, "schema", &known, failure);
    bool same = known && strcmp(known, description) == 0;
    if (done && !same && !store->read_only)
        done = change_schema(store, arena, program, description, failure);
    if (done)
        done = store_need_catalog(store, failure);
    if (done && !same && store->read_only)
        done = check_read_only(store, arena, program, failure);
    if (done)
        done = attach_all(store, arena, program, failure);
    arena_destroy(arena);
    return done;
}

bool store_attach_program(struct store *store, const struct program *program, struct failure *failure) {
    struct arena *arena = arena_create();
    bool done = store_need_catalog(store, failure) && check_read_only(store, arena, program, failure) && attach_all(store, arena, program, failure);
    arena_destroy(arena);
    return done;
}
