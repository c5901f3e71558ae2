/* Hashes over what keeps no history: the store's own tables, fields that are written over, a version of the policy set.
 * Knows: those tables. Does not know: when they are hashed. */
#include "runtime/store/journal_inside.h"

#include <string.h>

const char *const state_names[STATE_COUNT] = {"catalog", "ids", "settings", "declarations", "schema"};

/* Indexes that only make things faster are made in passing, and so are no part of the schema; nor are tables and views of other programs. */
static const char *const questions[STATE_COUNT][3] = {
    {"SELECT \"name\", \"owner\", \"key\", \"number\" FROM remit_record ORDER BY 1",
     "SELECT \"record\", \"name\", \"position\", \"is_set\", \"type\", \"target\", \"never_missing\", \"hidden\" FROM remit_field ORDER BY 1, 2",
     "SELECT \"record\", \"field\", \"ordinal\", \"name\", \"number\" FROM remit_enum ORDER BY 1, 2, 3"},
    {"SELECT \"name\", \"last_id\" FROM remit_record ORDER BY 1"},
    {"SELECT \"name\", \"value\" FROM remit_meta ORDER BY 1", "PRAGMA application_id", "PRAGMA user_version"},
    {"SELECT \"record\", \"identity\", \"hash\" FROM remit_declaration ORDER BY 1, 2"},
    {"SELECT \"type\", \"name\", \"tbl_name\", \"sql\" FROM sqlite_schema WHERE \"sql\" IS NOT NULL AND CASE \"type\""
     " WHEN 'index' THEN substr(\"name\", -3) <> ' id' AND instr(\"name\", ' path ') = 0 AND (substr(\"tbl_name\", 1, 6) = 'remit_' OR substr(\"tbl_name\", 1, 2) IN ('t_', 'h_'))"
     " WHEN 'trigger' THEN 0"
     " ELSE substr(\"name\", 1, 6) = 'remit_' OR substr(\"name\", 1, 2) IN ('t_', 'h_') OR \"name\" IN ('change', 'policy_version') OR \"name\" IN (SELECT \"name\" FROM remit_record) END"
     " ORDER BY \"type\", \"name\""},
};

static void add_values(struct digest *digest, struct buffer *row, sqlite3_stmt *statement) {
    buffer_clear(row);
    for (int i = 0; i < sqlite3_column_count(statement); i++) /* by its place, so that what is missing shows too */
        content_add(row, i + 1, NULL, store_column_value(statement, i));
    content_end(row);
    digest_add(digest, row->bytes, row->length);
}

/* All rows of a question whose ?1 is the number. */
static bool add_rows(struct store *store, struct digest *digest, const char *sql, int64_t number, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    if (!statement)
        return false;
    if (sqlite3_bind_parameter_count(statement) > 0)
        sqlite3_bind_int64(statement, 1, number);
    struct buffer row = {0};
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        add_values(digest, &row, statement);
    buffer_free(&row);
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool finish(struct digest *digest, bool done, char hex[HASH_HEX]) {
    if (done)
        digest_finish(digest, hex);
    else
        digest_abandon(digest);
    return done;
}

bool state_digest(struct store *store, int state, char hex[HASH_HEX], struct failure *failure) {
    struct digest *digest = digest_create();
    bool done = true;
    for (size_t i = 0; i < sizeof questions[state] / sizeof *questions[state] && questions[state][i] && done; i++)
        done = add_rows(store, digest, questions[state][i], 0, failure);
    return finish(digest, done, hex);
}

bool state_of_field(struct store *store, struct arena *arena, const char *record, const char *field, char hex[HASH_HEX], struct failure *failure) {
    struct digest *digest = digest_create();
    const char *sql = arena_format(arena, "SELECT \"_id\", %s FROM %s ORDER BY \"_id\"", name_quote(arena, "", field), name_quote(arena, "t_", record));
    return finish(digest, add_rows(store, digest, sql, 0, failure), hex);
}

bool state_of_version(struct store *store, int64_t number, char hex[HASH_HEX], struct failure *failure) {
    struct digest *digest = digest_create();
    bool done = add_rows(store, digest,
                         "SELECT \"number\", \"change\", \"at\", \"who\", \"meaning\", \"texts\", \"revision\", \"clean\", \"message\" FROM remit_version WHERE \"number\" = ?1",
                         number, failure) &&
                add_rows(store, digest, "SELECT \"position\", \"path\", \"text\" FROM remit_version_file WHERE \"number\" = ?1 ORDER BY 1", number, failure);
    return finish(digest, done, hex);
}
