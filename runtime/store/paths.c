/* Paths: an index over a reference that covers the fields a scan wants, so that the scan need not visit the table.
 * Knows: indexes. Does not know: which scans there will be; store_ensure_path is told. One path a reference: it grows with what is asked of it. */
#include "runtime/store/inside.h"

#include <string.h>

static bool holds_name(const char *names, const char *name) {
    size_t length = strlen(name);
    for (const char *at = names; *at;) {
        size_t part = strcspn(at, ",");
        if (part == length && memcmp(at, name, length) == 0)
            return true;
        at += part + (at[part] == ',');
    }
    return false;
}

static bool read_covered(struct store *store, const struct field *reference, struct buffer *covered, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "SELECT \"covered\" FROM remit_path WHERE \"record\" = ?1 AND \"reference\" = ?2", failure);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, reference->record->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, reference->name, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        struct value text = store_column_value(statement, 0);
        buffer_add(covered, text.text, text.length);
    }
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool write_path(struct store *store, struct arena *arena, const struct field *reference, const char *covered, struct failure *failure) {
    if (!store_need_catalog(store, failure))
        return false;
    const struct catalog_record *record = catalog_find_record(store->catalog, reference->record->name);
    const char *index = name_quote(arena, arena_format(arena, "%s path ", record->name), reference->name);
    return store_run(store, failure,
                     "INSERT INTO remit_path(\"record\", \"reference\", \"covered\") VALUES(%s, %s, %s) ON CONFLICT DO UPDATE SET \"covered\" = excluded.\"covered\"; "
                     "DROP INDEX IF EXISTS %s",
                     text_quote(arena, record->name), text_quote(arena, reference->name), text_quote(arena, covered), index) &&
           table_create_paths(store, arena, record, failure);
}

/* Without the write lock there is no path now: a scan then sorts, which is slower and no more. */
static bool begin_if_free(struct store *store, bool *begun, struct failure *failure) {
    struct failure busy = {0};
    *begun = store_begin_quietly(store, &busy);
    if (*begun || busy.code == DIAG_STORE_LOCKED)
        return true;
    if (failure->kind == FAILURE_NONE)
        *failure = busy;
    return false;
}

bool store_ensure_path(struct store *store, struct field *reference, struct field **covered, int covered_count, struct failure *failure) {
    struct storage *storage = storage_of(reference->record);
    if (store->read_only || storage->is_view || storage->owner == reference || store->scan_count > 0) /* an index cannot be dropped under an open scan */
        return true;
    struct buffer names = {0};
    bool done = read_covered(store, reference, &names, failure), wanted = false;
    for (int i = 0; i < covered_count && done; i++)
        if (covered[i] != reference && !holds_name(buffer_string(&names), covered[i]->name)) {
            buffer_add_format(&names, "%s%s", names.length ? "," : "", covered[i]->name);
            wanted = true;
        }
    bool own = !store->in_transaction, begun = true;
    if (done && wanted && own)
        done = begin_if_free(store, &begun, failure);
    if (done && wanted && begun) {
        struct arena *arena = arena_create();
        done = write_path(store, arena, reference, buffer_string(&names), failure);
        arena_destroy(arena);
        if (own && done)
            done = store_commit(store, failure);
        else if (own)
            store_rollback(store);
    }
    buffer_free(&names);
    return done;
}
