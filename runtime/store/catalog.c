/* The catalog: what a store holds, as it says itself in remit_record, remit_field and remit_enum. A later program is compared with it.
 * Knows: those tables. Does not know: the program. */
#include "runtime/store/inside.h"

#include <string.h>
#include <strings.h>

struct catalog *catalog_create(void) {
    struct arena *arena = arena_create();
    struct catalog *catalog = ARENA_NEW(arena, struct catalog);
    catalog->arena = arena;
    return catalog;
}

void catalog_destroy(struct catalog *catalog) {
    if (catalog)
        arena_destroy(catalog->arena);
}

struct catalog_record *catalog_find_record(const struct catalog *catalog, const char *name) {
    for (int i = 0; i < catalog->records.count; i++)
        if (strcmp(catalog->records.items[i]->name, name) == 0)
            return catalog->records.items[i];
    return NULL;
}

/* SQLite's columns do not tell capitals apart. */
struct catalog_field *catalog_find_field(const struct catalog_record *record, const char *name) {
    for (int i = 0; i < record->fields.count; i++)
        if (strcasecmp(record->fields.items[i]->name, name) == 0)
            return record->fields.items[i];
    return NULL;
}

static const char *column_text(struct arena *arena, sqlite3_stmt *statement, int column) {
    struct value value = store_column_value(statement, column);
    return value.kind == VALUE_TEXT ? arena_copy(arena, value.text, value.length) : NULL;
}

/* Calls take for each row of the question. */
static bool each_row(struct store *store, struct catalog *catalog, const char *sql, void (*take)(struct catalog *catalog, sqlite3_stmt *row), struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        take(catalog, statement);
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static void take_record(struct catalog *catalog, sqlite3_stmt *row) {
    struct catalog_record *record = ARENA_NEW(catalog->arena, struct catalog_record);
    record->name = column_text(catalog->arena, row, 0);
    record->owner = column_text(catalog->arena, row, 1);
    record->key = column_text(catalog->arena, row, 2);
    record->number = sqlite3_column_int64(row, 3);
    LIST_ADD(catalog->arena, &catalog->records, record);
}

static void take_field(struct catalog *catalog, sqlite3_stmt *row) {
    const char *name = column_text(catalog->arena, row, 0);
    struct catalog_record *record = catalog_find_record(catalog, name);
    if (!record)
        return;
    struct catalog_field *field = ARENA_NEW(catalog->arena, struct catalog_field);
    field->name = column_text(catalog->arena, row, 1);
    field->is_set = sqlite3_column_int(row, 2);
    field->type = column_text(catalog->arena, row, 3);
    field->target = column_text(catalog->arena, row, 4);
    field->never_missing = sqlite3_column_int(row, 5);
    field->hidden = sqlite3_column_int(row, 6);
    field->position = sqlite3_column_int64(row, 7);
    LIST_ADD(catalog->arena, &record->fields, field);
}

static void take_value(struct catalog *catalog, sqlite3_stmt *row) {
    struct catalog_record *record = catalog_find_record(catalog, column_text(catalog->arena, row, 0));
    struct catalog_field *field = record ? catalog_find_field(record, column_text(catalog->arena, row, 1)) : NULL;
    if (!field)
        return;
    struct catalog_enum *grown = ARENA_ARRAY(catalog->arena, struct catalog_enum, field->value_count + 1);
    if (field->value_count)
        memcpy(grown, field->values, sizeof *grown * (size_t)field->value_count);
    grown[field->value_count++] = (struct catalog_enum){sqlite3_column_int64(row, 2), column_text(catalog->arena, row, 3), sqlite3_column_int64(row, 4)};
    field->values = grown;
}

bool catalog_load(struct store *store, struct catalog *catalog, struct failure *failure) {
    return each_row(store, catalog, "SELECT \"name\", \"owner\", \"key\", \"number\" FROM remit_record ORDER BY \"name\"", take_record, failure) &&
           each_row(store, catalog,
                    "SELECT \"record\", \"name\", \"is_set\", \"type\", \"target\", \"never_missing\", \"hidden\", \"position\" FROM remit_field ORDER BY \"record\", \"position\"",
                    take_field, failure) &&
           each_row(store, catalog, "SELECT \"record\", \"field\", \"ordinal\", \"name\", \"number\" FROM remit_enum ORDER BY \"record\", \"field\", \"ordinal\"", take_value,
                    failure);
}

static bool save_values(struct store *store, const struct catalog_record *record, const struct catalog_field *field, sqlite3_stmt *value_row, struct failure *failure) {
    int64_t last = 0;
    for (int v = 0; v < field->value_count; v++)
        last = field->values[v].number > last ? field->values[v].number : last;
    for (int v = 0; v < field->value_count; v++) {
        struct catalog_enum *value = &field->values[v];
        value->number = value->number ? value->number : ++last;
        sqlite3_bind_text(value_row, 1, record->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(value_row, 2, field->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(value_row, 3, value->ordinal);
        sqlite3_bind_text(value_row, 4, value->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(value_row, 5, value->number);
        if (!store_finish_statement(store, value_row, failure))
            return false;
    }
    return true;
}

static bool save_fields(struct store *store, const struct catalog_record *record, sqlite3_stmt *field_row, sqlite3_stmt *value_row, struct failure *failure) {
    int64_t last = 0;
    for (int i = 0; i < record->fields.count; i++)
        last = record->fields.items[i]->position > last ? record->fields.items[i]->position : last;
    for (int i = 0; i < record->fields.count; i++) {
        struct catalog_field *field = record->fields.items[i];
        field->position = field->position ? field->position : ++last;
        sqlite3_bind_text(field_row, 1, record->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(field_row, 2, field->position);
        sqlite3_bind_text(field_row, 3, field->name, -1, SQLITE_STATIC);
        sqlite3_bind_int(field_row, 4, field->is_set);
        sqlite3_bind_text(field_row, 5, field->type, -1, SQLITE_STATIC);
        sqlite3_bind_text(field_row, 6, field->target, -1, SQLITE_STATIC);
        sqlite3_bind_int(field_row, 7, field->never_missing);
        sqlite3_bind_int(field_row, 8, field->hidden);
        if (!store_finish_statement(store, field_row, failure) || !save_values(store, record, field, value_row, failure))
            return false;
    }
    return true;
}

/* last_id and number stay as they are. */
bool catalog_save_record(struct store *store, struct catalog_record *record, struct failure *failure) {
    struct arena *arena = arena_create();
    const char *name = text_quote(arena, record->name);
    if (!store_run(store, failure, "DELETE FROM remit_field WHERE \"record\" = %s; DELETE FROM remit_enum WHERE \"record\" = %s", name, name)) {
        arena_destroy(arena);
        return false;
    }
    sqlite3_stmt *record_row = store_statement(store,
                                               "INSERT INTO remit_record(\"name\", \"owner\", \"key\", \"last_id\", \"number\") SELECT ?1, ?2, ?3, 0, ifnull(max(\"number\"), 0) + 1 FROM remit_record WHERE true"
                                               " ON CONFLICT DO UPDATE SET \"owner\" = ?2, \"key\" = ?3", failure);
    sqlite3_stmt *field_row = store_statement(store,
                                              "INSERT INTO remit_field(\"record\", \"position\", \"name\", \"is_set\", \"type\", \"target\", \"never_missing\", "
                                              "\"hidden\") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                              failure);
    sqlite3_stmt *value_row = store_statement(store, "INSERT INTO remit_enum(\"record\", \"field\", \"ordinal\", \"name\", \"number\") VALUES(?1, ?2, ?3, ?4, ?5)", failure);
    bool done = record_row && field_row && value_row;
    if (done) {
        sqlite3_bind_text(record_row, 1, record->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(record_row, 2, record->owner, -1, SQLITE_STATIC);
        sqlite3_bind_text(record_row, 3, record->key, -1, SQLITE_STATIC);
        done = store_finish_statement(store, record_row, failure) && save_fields(store, record, field_row, value_row, failure);
    }
    sqlite3_finalize(record_row);
    sqlite3_finalize(field_row);
    sqlite3_finalize(value_row);
    done = done && store_ask_int(store, &record->number, 0, failure, "SELECT \"number\" FROM remit_record WHERE \"name\" = %s", name);
    arena_destroy(arena);
    return done;
}
