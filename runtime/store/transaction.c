/* Transactions, the points to return to inside them, and the numbers that are given out in them.
 * Knows: the journal of changes, the last number of each record. Does not know: rows.
 * Every write is inside a transaction that has the file's write lock from its start (BEGIN IMMEDIATE), so nothing it has read can be changed by another. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void forget_last_ids(struct store *store) {
    for (struct storage *storage = store->storages; storage; storage = storage->next)
        storage->last_id_known = storage->last_id_changed = false;
}

/* After something was taken back, what was read of the schema may no longer be so; store_apply_schema reads it again. */
static void forget_schema(struct store *store) {
    store_forget_catalog(store);
    for (struct storage *storage = store->storages; storage; storage = storage->next)
        storage->has_id_index = false;
}

static void end_transaction(struct store *store) {
    store->in_transaction = store->changed = store->lost = store->made_here = store->upgraded_here = false;
    store->savepoint_count = 0;
    free(store->who);
    free(store->what);
    store->who = store->what = NULL;
    journal_forget(store);
    forget_last_ids(store);
}

bool store_begin_reading(struct store *store, struct failure *failure) {
    store->scan_count++;
    if (store->in_transaction || store->is_reading || store->is_new)
        return true;
    store->is_reading = store_execute(store, "BEGIN", failure);
    if (!store->is_reading)
        store->scan_count--;
    return store->is_reading;
}

static void stop_reading(struct store *store) {
    if (store->is_reading)
        sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL); /* of a transaction that wrote nothing: it cannot fail */
    store->is_reading = false;
}

void store_end_reading(struct store *store) {
    if (--store->scan_count == 0)
        stop_reading(store);
}

bool store_hold(struct store *store, struct failure *failure) {
    return store_begin_reading(store, failure);
}

void store_release(struct store *store) {
    store_end_reading(store);
}

bool store_begin_quietly(struct store *store, struct failure *failure) {
    assert(!store->in_transaction);
    if (store->read_only)
        return failure_set(failure, DIAG_STORE_READ_ONLY, store->path, "it was opened for reading only");
    if (store->is_new && !store_make_file(store, failure))
        return false;
    stop_reading(store);
    int result = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, failure);
    store->in_transaction = true;
    store->changes_at_begin = sqlite3_total_changes64(store->db);
    if (store->is_new) { /* another program may have made it since it was opened */
        store->made_here = true;
        int64_t application;
        bool done = store_ask_int(store, &application, 0, failure, "PRAGMA application_id");
        if (done && application == 0)
            done = store_make_tables(store, failure);
        else if (done && application != STORE_APPLICATION_ID)
            done = failure_set(failure, DIAG_STORE_NOT_A_STORE, store->path, "it is an SQLite file of another program");
        if (!done) {
            store_rollback(store);
            return false;
        }
        store->is_new = false;
    }
    forget_last_ids(store);
    if (!store_ask_int(store, &store->change, 0, failure, "SELECT max(\"_id\") FROM remit_change")) {
        store_rollback(store);
        return false;
    }
    store->change++;
    if (!store_upgrade(store, failure) || (store->who && !store->journal.is_on && !journal_begin(store, failure))) {
        store_rollback(store);
        return false;
    }
    return true;
}

bool store_begin(struct store *store, const char *who, const char *what, int64_t at, struct failure *failure) {
    store->at = at;
    store->who = strdup(who);
    store->what = strdup(what);
    if (store_begin_quietly(store, failure))
        return true;
    free(store->who);
    free(store->what);
    store->who = store->what = NULL;
    return false;
}

/* The last numbers are written before anything can be taken back on its own, so that taking back restores them. */
static bool save_last_ids(struct store *store, struct failure *failure) {
    for (struct storage *storage = store->storages; storage; storage = storage->next) {
        if (!storage->last_id_changed)
            continue;
        sqlite3_stmt *statement = store_statement(store, "UPDATE remit_record SET \"last_id\" = ?2 WHERE \"name\" = ?1", failure);
        if (!statement)
            return false;
        sqlite3_bind_text(statement, 1, storage->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, storage->last_id);
        bool done = store_finish_statement(store, statement, failure);
        sqlite3_finalize(statement);
        if (!done)
            return false;
        storage->last_id_changed = false;
    }
    return true;
}

bool store_commit(struct store *store, struct failure *failure) {
    assert(store->in_transaction);
    bool has_entry = store->changed && store->who;
    if (!store_may_write(store, failure) || !save_last_ids(store, failure) || (has_entry && !journal_write(store, failure))) {
        store_rollback(store);
        return false;
    }
    int result = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK) {
        if (sqlite3_extended_errcode(store->db) == SQLITE_CONSTRAINT_FOREIGNKEY)
            references_fail(store, failure);
        else
            store_fail(store, result, failure);
        store_rollback(store);
        return false;
    }
    end_transaction(store);
    return true;
}

void store_rollback(struct store *store) {
    if (!store->in_transaction)
        return;
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->is_new = store->is_new || store->made_here; /* the tables are gone again */
    forget_schema(store);
    end_transaction(store);
}

bool store_in_transaction(const struct store *store) {
    return store->in_transaction;
}

int64_t store_change_number(const struct store *store) {
    return store->change;
}

/* A question that failed may have been the end of it too, and what is written after that would stay. */
bool store_is_whole(struct store *store, struct failure *failure) {
    store->lost = store->lost || (store->in_transaction && sqlite3_get_autocommit(store->db));
    return !store->lost || failure_set(failure, DIAG_STORE_LOST);
}

bool store_may_write(struct store *store, struct failure *failure) {
    assert(store->in_transaction);
    return store_is_whole(store, failure);
}

/* ---- points to return to ---- */

bool store_savepoint(struct store *store, struct failure *failure) {
    if (!store_may_write(store, failure) || !save_last_ids(store, failure))
        return false;
    if (!store_run(store, failure, "SAVEPOINT remit_%d", store->savepoint_count))
        return false;
    if (store->savepoint_count == store->savepoint_capacity) {
        store->savepoint_capacity = store->savepoint_capacity ? 2 * store->savepoint_capacity : 8;
        store->savepoints = realloc(store->savepoints, (size_t)store->savepoint_capacity * sizeof *store->savepoints);
        assert(store->savepoints);
    }
    store->savepoints[store->savepoint_count++] = (struct savepoint){.changed = store->changed};
    return true;
}

void store_savepoint_release(struct store *store) {
    assert(store->savepoint_count > 0);
    store->savepoint_count--;
    struct failure ignored = {0}; /* an inner release writes nothing and cannot fail, unless the transaction is lost already */
    store_run(store, &ignored, "RELEASE remit_%d", store->savepoint_count);
}

void store_savepoint_rollback(struct store *store) {
    assert(store->savepoint_count > 0);
    store->changed = store->savepoints[--store->savepoint_count].changed;
    struct failure ignored = {0};
    store_run(store, &ignored, "ROLLBACK TO remit_%d; RELEASE remit_%d", store->savepoint_count, store->savepoint_count);
    journal_doubt(store);
    forget_schema(store);
    forget_last_ids(store);
}

/* ---- numbers of rows: from 1 for each record, never used twice ---- */

bool store_take_id(struct store *store, struct storage *storage, int64_t count, int64_t *first, struct failure *failure) {
    if (!storage->last_id_known) {
        struct arena *arena = arena_create();
        bool done = store_ask_int(store, &storage->last_id, 0, failure, "SELECT \"last_id\" FROM remit_record WHERE \"name\" = %s", text_quote(arena, storage->name));
        arena_destroy(arena);
        if (!done)
            return false;
        storage->last_id_known = true;
    }
    *first = storage->last_id + 1;
    storage->last_id += count;
    storage->last_id_changed = true;
    return true;
}
