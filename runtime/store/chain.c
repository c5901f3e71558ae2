/* The chain: each change's hash is over the one before it and all that it wrote. See journal_inside.h.
 * Knows: the entries of the journal. Does not know: rows (parts.c). */
#include "runtime/store/journal_inside.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void journal_hash_change(const char *before, const struct change_row *change, char hex[HASH_HEX]) {
    struct buffer bytes = {0};
    content_add_text(&bytes, before, strlen(before));
    content_add_integer(&bytes, change->number);
    content_add_integer(&bytes, change->at);
    content_add_text(&bytes, change->who, strlen(change->who));
    content_add_text(&bytes, change->what, strlen(change->what));
    content_add_integer(&bytes, change->policy);
    content_add_text(&bytes, change->parts, strlen(change->parts));
    digest_of(bytes.bytes, bytes.length, hex);
    buffer_free(&bytes);
}

/* A store in memory ends with its program: no one could look at its journal. Before the first change there was nothing. */
bool journal_begin(struct store *store, struct failure *failure) {
    if (store->is_memory)
        return true;
    store->journal.is_on = true;
    store->journal.before = calloc(STATE_COUNT, sizeof *store->journal.before);
    assert(store->journal.before);
    for (int i = 0; i < STATE_COUNT; i++)
        if (store->change == 1 || store->upgraded_here)
            strcpy(store->journal.before[i], "-");
        else if (!state_digest(store, i, store->journal.before[i], failure))
            return false;
    return true;
}

static bool write_states(struct store *store, struct buffer *parts, struct failure *failure) {
    for (int i = 0; i < STATE_COUNT; i++) {
        char after[HASH_HEX];
        if (!state_digest(store, i, after, failure))
            return false;
        if (strcmp(after, store->journal.before[i]) != 0)
            buffer_add_format(parts, "now %s %s %s\n", state_names[i], store->journal.before[i], after);
    }
    return true;
}

static bool write_version(struct store *store, struct buffer *parts, int64_t *policy, struct failure *failure) {
    int64_t change;
    if (!store_ask_int(store, policy, 0, failure, "SELECT max(\"number\") FROM remit_version") ||
        !store_ask_int(store, &change, 0, failure, "SELECT \"change\" FROM remit_version WHERE \"number\" = %lld", (long long)*policy))
        return false;
    if (change != store->change)
        return true;
    char hex[HASH_HEX];
    if (!state_of_version(store, *policy, hex, failure))
        return false;
    buffer_add_format(parts, "version %lld %s\n", (long long)*policy, hex);
    return true;
}

static bool read_head(struct store *store, char hex[HASH_HEX], struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, "SELECT \"hash\" FROM remit_change WHERE \"_id\" = ?1", failure);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, store->change - 1);
    int result = sqlite3_step(statement);
    hex[0] = '\0';
    if (result == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_TEXT)
        snprintf(hex, HASH_HEX, "%s", (const char *)sqlite3_column_text(statement, 0));
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool insert_change(struct store *store, const struct change_row *change, const char *hash, struct failure *failure) {
    sqlite3_stmt *statement =
        store_statement(store, "INSERT INTO remit_change(\"_id\", \"at\", \"who\", \"what\", \"policy\", \"parts\", \"hash\") VALUES(?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7)", failure);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, change->number);
    sqlite3_bind_int64(statement, 2, change->at);
    sqlite3_bind_text(statement, 3, change->who, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, change->what, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, change->policy);
    sqlite3_bind_text(statement, 6, change->parts, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, hash, -1, SQLITE_STATIC);
    bool done = store_finish_statement(store, statement, failure);
    sqlite3_finalize(statement);
    return done;
}

bool journal_write(struct store *store, struct failure *failure) {
    struct change_row change = {.number = store->change, .at = store->at, .who = store->who, .what = store->what, .parts = ""};
    struct buffer parts = {0};
    char before[HASH_HEX], hash[HASH_HEX] = "";
    bool done = true;
    if (store->journal.is_on) {
        done = parts_write(store, &parts, failure) && write_version(store, &parts, &change.policy, failure) && write_states(store, &parts, failure) && read_head(store, before, failure);
        change.parts = buffer_string(&parts);
        if (done)
            journal_hash_change(before, &change, hash);
    }
    done = done && insert_change(store, &change, hash, failure);
    buffer_free(&parts);
    return done;
}
