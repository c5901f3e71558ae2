/* All versions of all rows that the store ever held, in the order in which their hashes are made: what is there and what history keeps, in one pass over both.
 * Knows: tables and their history. Does not know: what the hashes should be. */
#include "runtime/store/journal_inside.h"

#include <string.h>

struct pass {
    struct store *store;
    const struct row_visit *visit;
    struct buffer bytes;
};

static bool give(struct pass *pass, bool is_gone, int64_t change, int64_t id, struct failure *failure) {
    bool (*take)(void *context, int64_t change, int64_t id, const char *bytes, size_t length, struct failure *failure) = is_gone ? pass->visit->went : pass->visit->came;
    return take(pass->visit->context, change, id, pass->bytes.bytes, pass->bytes.length, failure);
}

/* owner, _id, _since, _until, columns */
static bool give_row(struct pass *pass, const struct content *content, sqlite3_stmt *row, struct failure *failure) {
    int64_t id = sqlite3_column_int64(row, 1), since = sqlite3_column_int64(row, 2);
    content_add_row(&pass->bytes, content, row, 4, id, false);
    if (!give(pass, false, since, id, failure))
        return false;
    if (sqlite3_column_type(row, 3) == SQLITE_NULL)
        return true;
    content_add_row(&pass->bytes, content, row, 4, id, true);
    content_add_integer(&pass->bytes, since);
    return give(pass, true, sqlite3_column_int64(row, 3), id, failure);
}

bool journal_each_row(struct store *store, const struct catalog_record *record, const struct row_visit *visit, struct failure *failure) {
    struct arena *arena = arena_create();
    const struct content *content = content_of(arena, record);
    /* Each side is in order by itself, the history sorted, so that SQLite merges them. */
    const char *sql = arena_format(arena,
                                   "SELECT %s AS \"remit owner\", \"_id\", \"_since\", NULL AS \"remit until\"%s FROM %s UNION ALL SELECT %s, \"_id\", \"_since\", \"_until\"%s FROM %s"
                                   " ORDER BY %s\"_id\"",
                                   content->owner, content->columns, name_quote(arena, "t_", record->name), content->owner, content->columns, name_quote(arena, "h_", record->name),
                                   record->owner ? "\"remit owner\", " : "");
    struct pass pass = {.store = store, .visit = visit};
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    int result = SQLITE_ERROR;
    bool done = statement != NULL;
    while (done && (result = sqlite3_step(statement)) == SQLITE_ROW)
        done = give_row(&pass, content, statement, failure);
    done = done && (result == SQLITE_DONE || store_fail(store, result, failure));
    sqlite3_finalize(statement);
    buffer_free(&pass.bytes);
    arena_destroy(arena);
    return done;
}

/* The members of one row, in the order of their canonical form. */
static bool give_members(struct pass *pass, struct gathered *gathered, struct failure *failure) {
    bool done = true;
    gather_sort(gathered);
    for (int i = 0; i < gathered->count && done; i++) {
        const struct gathered_row *row = &gathered->rows[i];
        done = (row->is_gone ? pass->visit->went : pass->visit->came)(pass->visit->context, row->change, row->id, gather_bytes(gathered, i), row->length, failure);
    }
    gather_clear(gathered);
    return done;
}

static void gather_member(struct pass *pass, struct gathered *gathered, const struct catalog_field *set, sqlite3_stmt *row) {
    int64_t id = sqlite3_column_int64(row, 0), since = sqlite3_column_int64(row, 1);
    content_add_member(&pass->bytes, set, id, store_column_value(row, 3));
    gather_add(gathered, (struct gathered_row){.id = id, .change = since}, pass->bytes.bytes, pass->bytes.length);
    if (sqlite3_column_type(row, 2) == SQLITE_NULL)
        return;
    content_add_integer(&pass->bytes, since);
    gather_add(gathered, (struct gathered_row){.id = id, .change = sqlite3_column_int64(row, 2), .is_gone = true}, pass->bytes.bytes, pass->bytes.length);
}

bool journal_each_member(struct store *store, const struct catalog_record *record, const struct catalog_field *set, const struct row_visit *visit, struct failure *failure) {
    struct arena *arena = arena_create();
    const char *sql = arena_format(arena, "SELECT \"_id\", \"_since\", NULL AS \"remit until\", \"member\" FROM %s UNION ALL SELECT \"_id\", \"_since\", \"_until\", \"member\" FROM %s ORDER BY \"_id\"",
                                   name_quote_set(arena, "t_", record->name, set->name), name_quote_set(arena, "h_", record->name, set->name));
    struct pass pass = {.store = store, .visit = visit};
    struct gathered gathered = {0};
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    int result = SQLITE_ERROR;
    bool done = statement != NULL;
    while (done && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (gathered.count && gathered.rows[0].id != sqlite3_column_int64(statement, 0))
            done = give_members(&pass, &gathered, failure);
        gather_member(&pass, &gathered, set, statement);
    }
    done = done && (result == SQLITE_DONE || store_fail(store, result, failure)) && give_members(&pass, &gathered, failure);
    sqlite3_finalize(statement);
    gather_free(&gathered);
    buffer_free(&pass.bytes);
    arena_destroy(arena);
    return done;
}
