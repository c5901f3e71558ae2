/* Days and changes, and a store that is seen as it was.
 * Knows: the journal's days; views of a connection's own, which stand before the tables of the same name. Does not know: how rows of the past are found (past.c). */
#include "runtime/store/past.h"

#include "lang/base/civil.h"
#include "lang/syntax/ast.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- which change was the last by a day: the journal by time, each entry with the greatest number so far ---- */

struct change_time {
    int64_t at, change;
};

static bool read_times(struct store *store, int64_t newest, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "SELECT \"at\", \"_id\" FROM main.remit_change ORDER BY \"at\", \"_id\"", failure);
    if (!statement)
        return false;
    int result, count = 0, capacity = store->time_count;
    int64_t greatest = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            store->times = realloc(store->times, (size_t)capacity * sizeof *store->times);
            assert(store->times);
        }
        int64_t change = sqlite3_column_int64(statement, 1);
        greatest = change > greatest ? change : greatest;
        store->times[count++] = (struct change_time){sqlite3_column_int64(statement, 0), greatest};
    }
    sqlite3_finalize(statement);
    store->time_count = count;
    store->times_until = newest;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

/* The journal only grows, so its last number says whether it was read to the end. */
static bool need_times(struct store *store, struct failure *failure) {
    if (!store_keep_statement(store, &store->newest, failure, "SELECT max(\"_id\") FROM main.remit_change"))
        return false;
    int result = sqlite3_step(store->newest);
    int64_t newest = result == SQLITE_ROW ? sqlite3_column_int64(store->newest, 0) : 0;
    sqlite3_reset(store->newest);
    if (result != SQLITE_ROW)
        return store_fail(store, result, failure);
    return store->times_until == newest || read_times(store, newest, failure);
}

bool store_change_on(struct store *store, int64_t day, int64_t *change, struct failure *failure) {
    *change = 0;
    if (store->is_new || store->is_absent)
        return true;
    if (!need_times(store, failure))
        return false;
    int low = 0, high = store->time_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        bool is_by_then = day >= INT64_MAX / DAY_SECONDS - 1 || store->times[middle].at < (day + 1) * DAY_SECONDS;
        low = is_by_then ? middle + 1 : low;
        high = is_by_then ? high : middle;
    }
    *change = low ? store->times[low - 1].change : 0;
    bool counts_this = store->in_transaction && store->who && (day >= INT64_MAX / DAY_SECONDS - 1 || store->at < (day + 1) * DAY_SECONDS);
    if (counts_this && store->change > *change)
        *change = store->change;
    if (*change > store->as_of)
        *change = store->as_of;
    return true;
}

void as_of_forget(struct store *store) {
    baselines_forget(store);
    versions_forget(store);
    sqlite3_finalize(store->newest);
    store->newest = NULL;
    free(store->times);
    free(store->moved);
    store->moved = NULL;
    store->moved_count = 0;
    store->times = NULL;
    store->time_count = 0;
    store->times_until = -1;
}

/* ---- baselines ---- */

bool store_find_baseline(struct store *store, struct value record, struct value key, int choice, struct value label, struct value *change, struct failure *failure) {
    static const char *const questions[] = {
        [BASELINE_LABELLED] = "SELECT \"change\" FROM t_baseline WHERE \"record\" = ?1 AND \"element\" = ?2 AND \"label\" = ?3",
        [BASELINE_ORIGINAL] = "SELECT \"change\" FROM t_baseline WHERE \"record\" = ?1 AND \"element\" = ?2 ORDER BY \"change\", \"_id\" LIMIT 1",
        [BASELINE_CURRENT] = "SELECT \"change\" FROM t_baseline WHERE \"record\" = ?1 AND \"element\" = ?2 ORDER BY \"change\" DESC, \"_id\" DESC LIMIT 1"};
    *change = value_missing();
    if (!store_keep_statement(store, &store->baselines[choice], failure, "%s", questions[choice]))
        return false;
    sqlite3_stmt *statement = store->baselines[choice];
    store_bind_value(statement, 1, record);
    store_bind_value(statement, 2, key);
    if (choice == BASELINE_LABELLED)
        store_bind_value(statement, 3, label);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *change = store_column_value(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
}

void baselines_forget(struct store *store) {
    for (size_t i = 0; i < sizeof store->baselines / sizeof *store->baselines; i++) {
        sqlite3_finalize(store->baselines[i]);
        store->baselines[i] = NULL;
    }
}

/* ---- the whole store as of a change ---- */

static bool cover_table(struct store *store, const char *table, const char *past, struct failure *failure) {
    return store_run(store, failure, "DROP VIEW IF EXISTS temp.%s; CREATE TEMP VIEW %s AS SELECT * FROM main.%s(%lld)", table, table, past, (long long)store->as_of);
}

bool as_of_cover(struct store *store, struct arena *arena, struct failure *failure) {
    if (store->as_of == STORE_PRESENT)
        return true;
    for (struct storage *storage = store->storages; storage; storage = storage->next) {
        if (!storage->record)
            continue;
        if (!cover_table(store, storage->table, name_quote(arena, "remit_past_", storage->name), failure))
            return false;
        for (int i = 0; i < storage->set_count; i++)
            if (!cover_table(store, storage->sets[i].table, name_quote_set(arena, "remit_past_", storage->name, storage->sets[i].field->name), failure))
                return false;
    }
    return true;
}

bool store_set_as_of(struct store *store, int64_t change, struct failure *failure) {
    assert(!store->in_transaction);
    store->as_of = change;
    struct arena *arena = arena_create();
    bool done = as_of_cover(store, arena, failure);
    arena_destroy(arena);
    return done;
}

int64_t store_as_of(const struct store *store) {
    return store->as_of;
}
