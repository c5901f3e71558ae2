/* The parts of a change: hashes over the rows that it wrote, replaced and removed, from what was noted of them.
 * Knows: what was touched, tables and their history. Does not know: the chain. The lines are drawn in journal_inside.h. */
#include "runtime/store/journal_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One record or set of which the parts are written. */
struct part {
    struct store *store;
    struct arena *arena;
    const struct touched *touched;
    const struct content *content;    /* of a record */
    const struct catalog_field *set;  /* of a set */
    const char *table, *history;
    struct gathered gathered;
    struct row_digest came, went;
    int64_t removed;
};

/* ---- the rows that are there and the rows that are gone, as bytes ---- */

static void take_row(struct part *part, sqlite3_stmt *row, bool is_gone) {
    /* _id, _since, owner, columns */
    struct buffer bytes = {0};
    int64_t id = sqlite3_column_int64(row, 0);
    if (part->set)
        content_add_member(&bytes, part->set, id, store_column_value(row, 3));
    else
        content_add_row(&bytes, part->content, row, 3, id, is_gone);
    if (is_gone)
        content_add_integer(&bytes, sqlite3_column_int64(row, 1));
    gather_add(&part->gathered, (struct gathered_row){.owner = sqlite3_column_int64(row, 2), .id = id}, bytes.bytes, bytes.length);
    buffer_free(&bytes);
}

static void hash_gathered(struct part *part, struct row_digest *digest) {
    gather_sort(&part->gathered);
    for (int i = 0; i < part->gathered.count; i++)
        row_digest_add(digest, part->gathered.rows[i].id, gather_bytes(&part->gathered, i), part->gathered.rows[i].length);
    gather_clear(&part->gathered);
}

/* "SELECT _id, _since, owner, columns FROM table". */
static const char *selecting(struct part *part, const char *table) {
    return part->set ? arena_format(part->arena, "SELECT \"_id\", \"_since\", 0, \"member\" FROM %s", table)
                     : arena_format(part->arena, "SELECT \"_id\", \"_since\", %s%s FROM %s", part->content->owner, part->content->columns, table);
}

/* ---- a few rows, looked up by id ---- */

static int compare_touched(const void *a, const void *b) {
    const struct touched_row *x = a, *y = b;
    return x->owner != y->owner ? (x->owner < y->owner ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

static int compare_by_id(const void *a, const void *b) {
    const struct touched_row *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Runs the question for each row noted, with its id as ?1 and its owner as ?2, once each. */
static bool look_up(struct part *part, const char *sql, bool by_owner, bool is_gone, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(part->store, sql, failure);
    int (*compare)(const void *a, const void *b) = by_owner ? compare_touched : compare_by_id;
    struct touched_row *rows = part->touched->rows;
    int count = part->touched->row_count;
    bool done = statement != NULL;
    if (count > 1)
        qsort(rows, (size_t)count, sizeof *rows, compare);
    for (int i = 0; i < count && done; i++) {
        if (i && compare(&rows[i - 1], &rows[i]) == 0)
            continue;
        sqlite3_bind_int64(statement, 1, rows[i].id);
        if (by_owner)
            sqlite3_bind_int64(statement, 2, rows[i].owner);
        int result;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW)
            take_row(part, statement, is_gone);
        done = result == SQLITE_DONE || store_fail(part->store, result, failure);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return done;
}

static bool was_gathered(const struct gathered *came, int64_t id) {
    for (int i = 0; i < came->count; i++)
        if (came->rows[i].id == id)
            return true;
    return false;
}

/* What went and did not come again was removed. */
static void count_removed(struct part *part, const struct gathered *came) {
    for (int i = 0; i < part->gathered.count; i++)
        part->removed += part->set || !was_gathered(came, part->gathered.rows[i].id);
}

static bool hash_few(struct part *part, struct failure *failure) {
    long long change = (long long)part->store->change;
    bool by_owner = !part->set && part->content->record->owner;
    const char *here = arena_format(part->arena, "%s WHERE \"_id\" = ?1 AND \"_since\" = %lld%s", selecting(part, part->table), change,
                                    by_owner ? arena_format(part->arena, " AND %s = ?2", part->content->owner) : "");
    const char *gone = arena_format(part->arena, "%s WHERE \"_id\" = ?1 AND \"_until\" = %lld", selecting(part, part->history), change);
    if (!look_up(part, here, by_owner, false, failure))
        return false;
    struct gathered came = part->gathered;
    part->gathered = (struct gathered){0};
    bool done = look_up(part, gone, false, true, failure);
    if (done)
        count_removed(part, &came);
    hash_gathered(part, &part->went);
    gather_free(&part->gathered);
    part->gathered = came;
    hash_gathered(part, &part->came);
    return done;
}

/* ---- many rows: the table is read through ---- */

/* Rows come in order of the table; the members of one set are put in order here. */
static bool read_through(struct part *part, const char *sql, bool is_gone, struct row_digest *digest, struct failure *failure) {
    sqlite3_stmt *statement = store_statement(part->store, sql, failure);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (part->gathered.count && part->gathered.rows[0].id != sqlite3_column_int64(statement, 0))
            hash_gathered(part, digest);
        take_row(part, statement, is_gone);
    }
    hash_gathered(part, digest);
    bool done = result == SQLITE_DONE || store_fail(part->store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

static bool hash_gone(struct part *part, struct failure *failure) {
    long long change = (long long)part->store->change, mark = (long long)part->touched->history_mark;
    const char *order = part->set ? "\"_id\"" : part->content->order;
    if (!read_through(part, arena_format(part->arena, "%s WHERE \"rowid\" > %lld AND \"_until\" = %lld ORDER BY %s", selecting(part, part->history), mark, change, order), true, &part->went, failure))
        return false;
    part->removed = part->went.count;
    return part->set || !part->went.count ||
           store_ask_int(part->store, &part->removed, 0, failure, "SELECT count(*) FROM %s WHERE \"rowid\" > %lld AND \"_until\" = %lld AND \"_id\" NOT IN (SELECT \"_id\" FROM %s WHERE \"_since\" = %lld)",
                         part->history, mark, change, part->table, change);
}

static bool hash_many(struct part *part, struct failure *failure) {
    const char *order = part->set ? "\"_id\"" : part->content->order;
    return read_through(part, arena_format(part->arena, "%s WHERE \"_since\" = %lld ORDER BY %s", selecting(part, part->table), (long long)part->store->change, order), false, &part->came, failure) &&
           hash_gone(part, failure);
}

/* ---- lines ---- */

static void write_lines(struct part *part, struct buffer *out) {
    const char *name = part->set ? arena_format(part->arena, "%lld.%lld", (long long)part->content->record->number, (long long)part->set->position)
                                 : arena_format(part->arena, "%lld", (long long)part->content->record->number);
    if (part->came.count) {
        buffer_add_format(out, "came %s %lld", name, (long long)part->came.count);
        row_digest_write(&part->came, out);
        buffer_add_char(out, '\n');
    }
    if (part->went.count) {
        buffer_add_format(out, "went %s %lld %lld", name, (long long)part->went.count, (long long)part->removed);
        row_digest_write(&part->went, out);
        buffer_add_char(out, '\n');
    }
}

static bool write_overwritten(struct part *part, struct buffer *out, struct failure *failure) {
    for (int i = 0; i < part->content->count; i++) {
        const struct content_field *field = &part->content->fields[i];
        char after[HASH_HEX];
        if (!field->is_overwritten)
            continue;
        if (!state_of_field(part->store, part->arena, part->content->record->name, field->name, after, failure))
            return false;
        if (strcmp(part->touched->before, after) != 0)
            buffer_add_format(out, "now %lld.%lld %s %s\n", (long long)part->content->record->number, (long long)field->field->position, part->touched->before, after);
    }
    return true;
}

static bool write_touched(struct store *store, struct touched *touched, struct buffer *out, struct failure *failure) {
    struct catalog_record *record = catalog_find_record(store->catalog, touched->record);
    if (!record) /* its tables were made by what was taken back */
        return true;
    struct arena *arena = arena_create();
    struct part part = {.store = store, .arena = arena, .touched = touched, .content = content_of(arena, record)};
    part.set = touched->set ? catalog_find_field(record, touched->set) : NULL;
    part.table = touched->set ? name_quote_set(arena, "t_", record->name, touched->set) : name_quote(arena, "t_", record->name);
    part.history = touched->set ? name_quote_set(arena, "h_", record->name, touched->set) : name_quote(arena, "h_", record->name);
    part.came = touched->loaded;
    touched->loaded = (struct row_digest){0};
    bool done = touched->set && !part.set;
    if (!done)
        done = (touched->how == TOUCHED_FEW ? hash_few(&part, failure) : touched->how == TOUCHED_MANY ? hash_many(&part, failure) : hash_gone(&part, failure)) &&
               (part.set || write_overwritten(&part, out, failure));
    if (done)
        write_lines(&part, out);
    row_digest_abandon(&part.came);
    row_digest_abandon(&part.went);
    gather_free(&part.gathered);
    arena_destroy(arena);
    return done;
}

bool parts_write(struct store *store, struct buffer *out, struct failure *failure) {
    if (!store_need_catalog(store, failure))
        return false;
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (!write_touched(store, touched, out, failure))
            return false;
    return true;
}
