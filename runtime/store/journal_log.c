/* Reading the entries of the journal: what `remit log` shows.
 * Knows: entries, their parts, rows and their history. Does not know: keys, how values are shown. */
#include "runtime/store/journal.h"
#include "runtime/store/journal_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(struct arena *arena, sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return arena_copy_string(arena, text ? text : "");
}

/* ---- parts ---- */

static bool find_named(const struct catalog *catalog, const char *name, struct journal_part *part) {
    char *end;
    int64_t number = strtoll(name, &end, 10), position = *end == '.' ? strtoll(end + 1, NULL, 10) : 0;
    for (int r = 0; r < catalog->records.count; r++) {
        const struct catalog_record *record = catalog->records.items[r];
        if (record->number != number)
            continue;
        part->record = record->name;
        part->set = NULL;
        for (int f = 0; position && f < record->fields.count; f++)
            if (record->fields.items[f]->position == position)
                part->set = record->fields.items[f]->name;
        return true;
    }
    return false;
}

static struct journal_part *part_of(struct arena *arena, struct journal_entry *entry, const struct journal_part *named) {
    for (int i = 0; i < entry->part_count; i++)
        if (strcmp(entry->parts[i].record, named->record) == 0 && (entry->parts[i].set ? named->set && strcmp(entry->parts[i].set, named->set) == 0 : !named->set))
            return &entry->parts[i];
    struct journal_part *grown = ARENA_ARRAY(arena, struct journal_part, entry->part_count + 1);
    if (entry->part_count)
        memcpy(grown, entry->parts, sizeof *grown * (size_t)entry->part_count);
    entry->parts = grown;
    grown[entry->part_count] = *named;
    return &grown[entry->part_count++];
}

/* came N: added and changed; went N, M of them removed. So N - M changed, and the rest of what came was added. */
static void read_part(const struct catalog *catalog, struct arena *arena, struct journal_entry *entry, const char *line) {
    char kind[8], name[32];
    long long count = 0, removed = 0;
    struct journal_part named = {0};
    if (sscanf(line, "%7s %31s %lld %lld", kind, name, &count, &removed) < 2)
        return;
    entry->new_policy = entry->new_policy || strcmp(kind, "version") == 0;
    entry->new_schema = entry->new_schema || (strcmp(kind, "now") == 0 && strcmp(name, "catalog") == 0);
    bool came = strcmp(kind, "came") == 0, went = strcmp(kind, "went") == 0;
    if ((!came && !went) || !find_named(catalog, name, &named))
        return;
    struct journal_part *part = part_of(arena, entry, &named);
    if (came)
        part->added += count;
    else {
        part->changed += count - removed;
        part->added -= count - removed;
        part->removed += removed;
    }
}

static int compare_parts(const void *a, const void *b) {
    const struct journal_part *x = a, *y = b;
    int order = strcmp(x->record, y->record);
    return order ? order : strcmp(x->set ? x->set : "", y->set ? y->set : "");
}

static void read_parts(const struct catalog *catalog, struct arena *arena, struct journal_entry *entry, const char *parts) {
    for (const char *line = parts; *line;) {
        size_t length = strcspn(line, "\n");
        read_part(catalog, arena, entry, arena_copy(arena, line, length < 120 ? length : 120));
        line += length + (line[length] == '\n');
    }
    if (entry->part_count > 1)
        qsort(entry->parts, (size_t)entry->part_count, sizeof *entry->parts, compare_parts);
}

/* ---- entries ---- */

/* The numbers of changes that wrote a row, or rows of a record, as a question; NULL: of all. */
static const char *condition_of(struct store *store, struct arena *arena, const struct journal_filter *filter) {
    if (filter->only_policy)
        return "\"_id\" IN (SELECT \"change\" FROM remit_version)";
    const struct catalog_record *record = filter->record ? catalog_find_record(store->catalog, filter->record) : NULL;
    if (!record)
        return filter->record ? "0" : "1";
    if (!filter->id)
        return arena_format(arena, "instr(char(10) || \"parts\", char(10) || 'came %lld ') + instr(char(10) || \"parts\", char(10) || 'came %lld.') + instr(char(10) || \"parts\", char(10) || 'went %lld ')"
                                   " + instr(char(10) || \"parts\", char(10) || 'went %lld.')",
                            (long long)record->number, (long long)record->number, (long long)record->number, (long long)record->number);
    struct buffer sql = {0};
    const char *form = "SELECT \"_since\" FROM %s WHERE \"_id\" = %lld UNION SELECT \"_since\" FROM %s WHERE \"_id\" = %lld UNION SELECT \"_until\" FROM %s WHERE \"_id\" = %lld";
    const char *table = name_quote(arena, "t_", record->name), *history = name_quote(arena, "h_", record->name);
    buffer_add_format(&sql, "\"_id\" IN (%s", arena_format(arena, form, table, (long long)filter->id, history, (long long)filter->id, history, (long long)filter->id));
    for (int i = 0; i < record->fields.count; i++)
        if (record->fields.items[i]->is_set) {
            table = name_quote_set(arena, "t_", record->name, record->fields.items[i]->name);
            history = name_quote_set(arena, "h_", record->name, record->fields.items[i]->name);
            buffer_add_format(&sql, " UNION %s", arena_format(arena, form, table, (long long)filter->id, history, (long long)filter->id, history, (long long)filter->id));
        }
    buffer_add_char(&sql, ')');
    const char *result = arena_copy_string(arena, sql.bytes);
    buffer_free(&sql);
    return result;
}

static bool is_chained(struct store *store, bool *is, struct failure *failure) {
    int64_t format;
    if (!store_ask_int(store, &format, 0, failure, "PRAGMA user_version"))
        return false;
    *is = format >= STORE_FORMAT_WITH_JOURNAL;
    return true;
}

bool journal_read(struct store *store, struct arena *arena, const struct journal_filter *filter, struct journal_entry **entries, int *count, struct failure *failure) {
    LIST_OF(struct journal_entry) list = {0};
    bool chained;
    *entries = NULL;
    *count = 0;
    if (store->is_new)
        return true;
    if (!is_chained(store, &chained, failure))
        return false;
    if (!store_need_catalog(store, failure))
        return false;
    const char *sql = arena_format(arena, "SELECT \"_id\", \"at\", \"who\", \"what\", %s FROM remit_change WHERE %s ORDER BY \"_id\" DESC LIMIT %lld",
                                   chained ? "\"policy\", \"hash\", \"parts\"" : "0, '', ''", !chained && (filter->only_policy || (filter->record && !filter->id)) ? "0" : condition_of(store, arena, filter), (long long)(filter->most ? filter->most : -1));
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct journal_entry entry = {.number = sqlite3_column_int64(statement, 0), .at = sqlite3_column_int64(statement, 1), .policy = sqlite3_column_int64(statement, 4),
                                      .who = text_of(arena, statement, 2), .what = text_of(arena, statement, 3), .hash = text_of(arena, statement, 5)};
        read_parts(store->catalog, arena, &entry, text_of(arena, statement, 6));
        LIST_ADD(arena, &list, entry);
    }
    bool done = result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    *entries = list.items;
    *count = list.count;
    return done;
}

bool journal_head(struct store *store, struct arena *arena, const char **hash, int64_t *number, struct failure *failure) {
    struct journal_filter filter = {.most = 1};
    struct journal_entry *entries;
    int count;
    bool chained = true;
    *hash = "";
    *number = 0;
    if (!store->is_new && !is_chained(store, &chained, failure))
        return false;
    if (!chained)
        return failure_set(failure, DIAG_JOURNAL_NOT_YET, store->path);
    if (!journal_read(store, arena, &filter, &entries, &count, failure))
        return false;
    if (count) {
        *hash = entries[0].hash;
        *number = entries[0].number;
    }
    return true;
}
