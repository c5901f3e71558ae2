/* The policy set kept with the data: its files as last saved, and which of its records were put.
 * Knows: paths and texts. Does not know: what they mean, how a hash is made. */
#include "runtime/store/inside.h"

static bool save_files(struct store *store, const struct policy_file *files, int count, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "INSERT INTO remit_policy(\"position\", \"path\", \"text\") VALUES(?1, ?2, ?3)", failure);
    bool done = statement != NULL;
    for (int i = 0; i < count && done; i++) {
        sqlite3_bind_int(statement, 1, i + 1);
        sqlite3_bind_text(statement, 2, files[i].path, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, files[i].text, -1, SQLITE_STATIC);
        done = store_finish_statement(store, statement, failure);
    }
    sqlite3_finalize(statement);
    return done;
}

bool store_save_policy(struct store *store, const struct policy_file *files, int count, const char *hash, struct failure *failure) {
    bool done = store_may_write(store, failure) && store_execute(store, "DELETE FROM remit_policy", failure) && save_files(store, files, count, failure) &&
                store_set_meta(store, "policy_hash", hash, failure);
    store->changed = store->changed || done;
    return done;
}

bool store_load_policy(struct store *store, struct arena *arena, struct policy_file **files, int *count, struct failure *failure) {
    LIST_OF(struct policy_file) list = {0};
    *files = NULL;
    *count = 0;
    if (store->is_new) /* nothing was ever written */
        return true;
    sqlite3_stmt *statement = store_statement(store, "SELECT \"path\", \"text\" FROM remit_policy ORDER BY \"position\"", failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct value path = store_column_value(statement, 0), text = store_column_value(statement, 1);
        struct policy_file file = {arena_copy(arena, path.text, path.length), arena_copy(arena, text.text, text.length)};
        LIST_ADD(arena, &list, file);
    }
    sqlite3_finalize(statement);
    *files = list.items;
    *count = list.count;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

/* ---- declared records ---- */

bool store_save_declared(struct store *store, const struct declared_record *declared, struct failure *failure) {
    static const char making[] = "CREATE TABLE IF NOT EXISTS remit_declaration(\"record\" TEXT NOT NULL, \"identity\" TEXT NOT NULL, \"hash\" TEXT NOT NULL, PRIMARY KEY(\"record\", \"identity\"))"
                                 " STRICT, WITHOUT ROWID";
    if (!store_may_write(store, failure) || !store_execute(store, making, failure))
        return false;
    sqlite3_stmt *statement = store_statement(store, "INSERT OR REPLACE INTO remit_declaration VALUES(?1, ?2, ?3)", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, declared->record, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, declared->identity, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, declared->hash, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

bool store_load_declared(struct store *store, struct arena *arena, struct declared_record **declared, int *count, struct failure *failure) {
    LIST_OF(struct declared_record) list = {0};
    int64_t is_there = 0;
    *declared = NULL;
    *count = 0;
    if (store->is_new)
        return true;
    if (!store_ask_int(store, &is_there, 0, failure, "SELECT count(*) FROM sqlite_schema WHERE name = 'remit_declaration'"))
        return false;
    if (!is_there)
        return true;
    sqlite3_stmt *statement = store_statement(store, "SELECT \"record\", \"identity\", \"hash\" FROM remit_declaration ORDER BY 1, 2", failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *parts[3];
        for (int i = 0; i < 3; i++) {
            struct value part = store_column_value(statement, i);
            parts[i] = arena_copy(arena, part.text, part.length);
        }
        struct declared_record one = {parts[0], parts[1], parts[2]};
        LIST_ADD(arena, &list, one);
    }
    sqlite3_finalize(statement);
    *declared = list.items;
    *count = list.count;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}
