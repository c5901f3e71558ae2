/* What one change did to rows: each as it was before and as it was after, in the fields that differ.
 * Knows: rows and their history. Does not know: keys, how values are shown. */
#include "runtime/store/journal.h"
#include "runtime/store/journal_inside.h"

#include <stdlib.h>
#include <string.h>

typedef LIST_OF(struct journal_row) row_list;
typedef LIST_OF(struct journal_value) value_list;
struct reading {
    struct store *store;
    struct arena *arena;
    int64_t change;
    int most;
    row_list rows;
    int64_t more;
};

/* Columns: _id, whether it was, whether it is, then before and after of each field. */
static void take_row(struct reading *reading, const struct content *content, sqlite3_stmt *row) {
    struct journal_row taken = {.record = content->record->name, .id = sqlite3_column_int64(row, 0), .was = sqlite3_column_int(row, 1), .is = sqlite3_column_int(row, 2)};
    taken.key = stored_key_of_row(reading->store, reading->arena, content, row, taken.is ? 3 + content->count : 3, taken.id, 0);
    value_list values = {0};
    for (int i = 0; i < content->count; i++) {
        const struct catalog_field *field = content->fields[i].field;
        const char *before = stored_words(reading->store, reading->arena, field, store_column_value(row, 3 + i));
        const char *after = stored_words(reading->store, reading->arena, field, store_column_value(row, 3 + content->count + i));
        if (before == after || (before && after && strcmp(before, after) == 0))
            continue;
        struct journal_value value = {content->fields[i].name, before, after};
        LIST_ADD(reading->arena, &values, value);
    }
    taken.values = values.items;
    taken.value_count = values.count;
    LIST_ADD(reading->arena, &reading->rows, taken);
}

/* Rows as of the change and as of the one before, side by side. */
static const char *question(struct reading *reading, const struct content *content) {
    struct arena *arena = reading->arena;
    const char *table = name_quote(arena, "t_", content->record->name), *history = name_quote(arena, "h_", content->record->name);
    long long change = (long long)reading->change;
    const char *after = arena_format(arena, "SELECT \"_id\"%s FROM %s WHERE \"_since\" = %lld UNION ALL SELECT \"_id\"%s FROM %s WHERE \"_since\" = %lld", content->columns, table, change,
                                     content->columns, history, change);
    const char *before = arena_format(arena, "SELECT \"_id\"%s FROM %s WHERE \"_until\" = %lld", content->columns, history, change);
    struct buffer columns = {0};
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < content->count; i++)
            buffer_add_format(&columns, ", %s.%s", side ? "a" : "b", content->fields[i].column);
    const char *sql = arena_format(arena,
                                   "WITH a AS MATERIALIZED (%s), b AS MATERIALIZED (%s), ids AS (SELECT \"_id\" FROM a UNION SELECT \"_id\" FROM b)"
                                   " SELECT ids.\"_id\", b.\"_id\" IS NOT NULL, a.\"_id\" IS NOT NULL%s FROM ids LEFT JOIN b ON b.\"_id\" = ids.\"_id\" LEFT JOIN a ON a.\"_id\" = ids.\"_id\" ORDER BY 1",
                                   after, before, columns.bytes);
    buffer_free(&columns);
    return sql;
}

static bool read_rows(struct reading *reading, const char *name, struct failure *failure) {
    const struct catalog_record *record = catalog_find_record(reading->store->catalog, name);
    const struct content *content = record ? content_of(reading->arena, record) : NULL;
    sqlite3_stmt *statement = record ? store_statement(reading->store, question(reading, content), failure) : NULL;
    if (!statement)
        return false;
    int result, taken = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (reading->most && taken++ >= reading->most)
            reading->more++;
        else
            take_row(reading, content, statement);
    }
    bool done = result == SQLITE_DONE || store_fail(reading->store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

/* ---- sets: one field of which the members that came and went are the values ---- */

static const char *members(struct reading *reading, const struct catalog_field *set, const char *sql, int64_t id, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(reading->store, sql, failure);
    struct buffer text = {0};
    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, id);
    while (sqlite3_step(statement) == SQLITE_ROW)
        buffer_add_format(&text, "%s%s", text.length ? ", " : "", stored_words(reading->store, reading->arena, set, store_column_value(statement, 0)));
    sqlite3_finalize(statement);
    const char *result = text.length ? arena_copy_string(reading->arena, text.bytes) : NULL;
    buffer_free(&text);
    return result;
}

static struct journal_row *row_of(struct reading *reading, const char *record, int64_t id) {
    for (int i = 0; i < reading->rows.count; i++)
        if (reading->rows.items[i].id == id && strcmp(reading->rows.items[i].record, record) == 0)
            return &reading->rows.items[i];
    return NULL;
}

static void add_member_value(struct reading *reading, const struct catalog_record *record, int64_t id, struct journal_value value) {
    struct journal_row *row = row_of(reading, record->name, id);
    if (!row) {
        struct journal_row new = {.record = record->name, .key = stored_key(reading->store, reading->arena, record->name, id, 0), .id = id, .was = true, .is = true};
        LIST_ADD(reading->arena, &reading->rows, new);
        row = &reading->rows.items[reading->rows.count - 1];
    }
    struct journal_value *grown = ARENA_ARRAY(reading->arena, struct journal_value, row->value_count + 1);
    if (row->value_count)
        memcpy(grown, row->values, sizeof *grown * (size_t)row->value_count);
    grown[row->value_count++] = value;
    row->values = grown;
}

static bool read_members(struct reading *reading, const char *name, const char *set_name, struct failure *failure) {
    const struct catalog_record *record = catalog_find_record(reading->store->catalog, name);
    const struct catalog_field *set = record ? catalog_find_field(record, set_name) : NULL;
    if (!set)
        return true;
    struct arena *arena = reading->arena;
    long long change = (long long)reading->change;
    const char *table = name_quote_set(arena, "t_", name, set_name), *history = name_quote_set(arena, "h_", name, set_name);
    const char *as_of = "SELECT \"member\" FROM %s WHERE \"_id\" = ?1 AND \"_since\" <= %lld UNION SELECT \"member\" FROM %s WHERE \"_id\" = ?1 AND \"_since\" <= %lld AND \"_until\" > %lld ORDER BY 1";
    const char *before = arena_format(arena, as_of, table, change - 1, history, change - 1, change - 1), *after = arena_format(arena, as_of, table, change, history, change, change);
    sqlite3_stmt *ids = store_statement(reading->store,
                                        arena_format(arena, "SELECT \"_id\" FROM %s WHERE \"_since\" = %lld UNION SELECT \"_id\" FROM %s WHERE \"_since\" = %lld OR \"_until\" = %lld ORDER BY 1", table,
                                                     change, history, change, change),
                                        failure);
    if (!ids)
        return false;
    int result, taken = 0;
    while ((result = sqlite3_step(ids)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(ids, 0);
        if (reading->most && taken++ >= reading->most && !row_of(reading, name, id)) {
            reading->more++;
            continue;
        }
        struct journal_value value = {set_name, members(reading, set, before, id, failure), members(reading, set, after, id, failure)};
        add_member_value(reading, record, id, value);
    }
    bool done = result == SQLITE_DONE || store_fail(reading->store, result, failure);
    sqlite3_finalize(ids);
    return done && failure->kind == FAILURE_NONE;
}

bool journal_rows(struct store *store, struct arena *arena, const struct journal_entry *entry, const char *record, int most, struct journal_row **rows, int *count, int64_t *more, struct failure *failure) {
    struct reading reading = {.store = store, .arena = arena, .change = entry->number, .most = most};
    bool done = store_need_catalog(store, failure);
    for (int i = 0; i < entry->part_count && done; i++) {
        const struct journal_part *part = &entry->parts[i];
        if (!record || strcmp(record, part->record) == 0)
            done = part->set ? read_members(&reading, part->record, part->set, failure) : read_rows(&reading, part->record, failure);
    }
    *rows = reading.rows.items;
    *count = reading.rows.count;
    *more = reading.more;
    return done;
}
