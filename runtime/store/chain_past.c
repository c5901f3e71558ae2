/* The chain of changes that were made before a store had one: made from what the store holds now, so it says nothing of what was done to it before.
 * Knows: changes, rows. Does not know: formats (format.c asks for it). */
#include "runtime/store/journal_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct past_change {
    struct buffer parts;
    struct row_digest came, went; /* of the record under way */
};
struct past {
    struct past_change *changes; /* by number */
    int64_t count;
};

static struct past_change *change_of(struct past *past, int64_t number) {
    return number > 0 && number <= past->count ? &past->changes[number] : NULL;
}

static bool take_came(void *context, int64_t number, int64_t id, const char *bytes, size_t length, struct failure *failure) {
    struct past_change *change = change_of(context, number);
    (void)failure;
    if (change)
        row_digest_add(&change->came, id, bytes, length);
    return true;
}

static bool take_went(void *context, int64_t number, int64_t id, const char *bytes, size_t length, struct failure *failure) {
    struct past_change *change = change_of(context, number);
    (void)failure;
    if (change)
        row_digest_add(&change->went, id, bytes, length);
    return true;
}

/* How many of the rows that went with each change did not come again in it. */
static bool count_removed(struct store *store, struct past *past, int64_t *removed, const struct catalog_record *record, struct failure *failure) {
    struct arena *arena = arena_create();
    const char *table = name_quote(arena, "t_", record->name), *history = name_quote(arena, "h_", record->name);
    sqlite3_stmt *statement = store_statement(store,
                                              arena_format(arena,
                                                           "SELECT \"_until\", count(*) FROM %s WHERE (\"_id\", \"_until\") NOT IN (SELECT \"_id\", \"_since\" FROM %s UNION ALL SELECT \"_id\", \"_since\" FROM %s)"
                                                           " GROUP BY 1",
                                                           history, table, history),
                                              failure);
    arena_destroy(arena);
    if (!statement)
        return false;
    memset(removed, 0, sizeof *removed * (size_t)(past->count + 1));
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(statement, 0);
        if (change_of(past, number))
            removed[number] = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

/* removed NULL: all that went. */
static void end_part(struct past *past, const char *name, const int64_t *removed) {
    for (int64_t number = 1; number <= past->count; number++) {
        struct past_change *change = &past->changes[number];
        if (change->came.count) {
            buffer_add_format(&change->parts, "came %s %lld", name, (long long)change->came.count);
            row_digest_write(&change->came, &change->parts);
            buffer_add_char(&change->parts, '\n');
        }
        if (change->went.count) {
            buffer_add_format(&change->parts, "went %s %lld %lld", name, (long long)change->went.count, (long long)(removed ? removed[number] : change->went.count));
            row_digest_write(&change->went, &change->parts);
            buffer_add_char(&change->parts, '\n');
        }
        change->came = change->went = (struct row_digest){0};
    }
}

static bool read_record(struct store *store, struct past *past, const struct catalog_record *record, int64_t *removed, struct failure *failure) {
    struct row_visit visit = {past, take_came, take_went};
    if (!journal_each_row(store, record, &visit, failure) || !count_removed(store, past, removed, record, failure))
        return false;
    struct arena *arena = arena_create();
    end_part(past, arena_format(arena, "%lld", (long long)record->number), removed);
    bool done = true;
    for (int i = 0; i < record->fields.count && done; i++) {
        const struct catalog_field *set = record->fields.items[i];
        if (!set->is_set)
            continue;
        done = journal_each_member(store, record, set, &visit, failure);
        end_part(past, arena_format(arena, "%lld.%lld", (long long)record->number, (long long)set->position), NULL);
    }
    arena_destroy(arena);
    return done;
}

/* What a field that is written over holds now was brought by a change that cannot be told any more: the one that makes the chain has it. */
static bool note_overwritten(struct store *store, const struct catalog_record *record, struct failure *failure) {
    for (int i = 0; i < record->fields.count; i++)
        if (content_is_overwritten(record->name, record->fields.items[i]->name))
            return journal_touch_first(store, record->name, failure);
    return true;
}

static bool write_changes(struct store *store, struct past *past, struct failure *failure) {
    sqlite3_stmt *read = store_statement(store, "SELECT \"at\", \"who\", \"what\" FROM remit_change WHERE \"_id\" = ?1", failure);
    sqlite3_stmt *write = store_statement(store, "UPDATE remit_change SET \"parts\" = ?2, \"hash\" = ?3 WHERE \"_id\" = ?1", failure);
    char hash[HASH_HEX] = "";
    bool done = read && write;
    for (int64_t number = 1; number <= past->count && done; number++) {
        sqlite3_bind_int64(read, 1, number);
        int result = sqlite3_step(read);
        done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
        if (result == SQLITE_ROW) {
            struct change_row change = {number, sqlite3_column_int64(read, 0), 0, (const char *)sqlite3_column_text(read, 1), (const char *)sqlite3_column_text(read, 2),
                                        buffer_string(&past->changes[number].parts)};
            char before[HASH_HEX];
            strcpy(before, hash);
            journal_hash_change(before, &change, hash);
            sqlite3_bind_int64(write, 1, number);
            sqlite3_bind_text(write, 2, change.parts, -1, SQLITE_STATIC);
            sqlite3_bind_text(write, 3, hash, -1, SQLITE_STATIC);
            done = store_finish_statement(store, write, failure);
        }
        sqlite3_reset(read);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return done;
}

bool journal_chain_past(struct store *store, struct failure *failure) {
    struct past past = {.count = store->change - 1};
    past.changes = calloc((size_t)past.count + 1, sizeof *past.changes);
    int64_t *removed = calloc((size_t)past.count + 1, sizeof *removed);
    assert(past.changes && removed);
    bool done = store_need_catalog(store, failure);
    for (int i = 0; done && i < store->catalog->records.count; i++)
        done = read_record(store, &past, store->catalog->records.items[i], removed, failure) && note_overwritten(store, store->catalog->records.items[i], failure);
    done = done && write_changes(store, &past, failure);
    for (int64_t number = 0; number <= past.count; number++) {
        row_digest_abandon(&past.changes[number].came);
        row_digest_abandon(&past.changes[number].went);
        buffer_free(&past.changes[number].parts);
    }
    free(past.changes);
    free(removed);
    return done;
}
