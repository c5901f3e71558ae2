/* The loader: many rows at once, in the order of the table.
 * Knows: tables, which references are to be looked at. Does not know: where the rows come from.
 *
 * Rows go in by one statement, INSERT … SELECT from a virtual table that hands them over: 0.35 microseconds a row, where a bound statement a row takes 0.8. Rows with
 * an owner are sorted by it first, so that each page of the table is written once; what does not fit in memory goes to a temporary file in sorted runs.
 * SQLite's own check of references would add half to that, so it is off while the statement runs, and each row that is referred to is looked up here,
 * once. */
#include "runtime/store/loader.h"
#include "runtime/store/journal_inside.h"
#include "runtime/value/spill.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEEN_BYTES_MAX = 16 << 20 /* of one reference: ids beyond are looked up each time */, ROWS_PER_STOP = 4096, ROWS_WORTH_A_SORT = 20000 };

struct reference_check {
    int value;                     /* which of the values */
    struct field *field;
    uint8_t *seen;                 /* a bit for each id known to exist */
    size_t seen_bytes;
};
/* Which of the values a field of the canonical form is. */
struct hashed_field {
    int value, code;
    const struct catalog_field *field;
};
struct store_loader {
    struct store *store;
    struct hashed_field *hashed;
    int hashed_count;
    struct storage *storage;
    struct field **fields;
    int field_count, owner_value; /* owner_value: which field is the owner, -1 for none */
    struct row_buffer *rows;
    FILE *file;
    LIST_OF(int64_t) runs;
    int64_t spilled;
    struct reference_check **checks;
    int check_count;
    int64_t inserted, updated, added;
    int64_t first_id, last_id;     /* of the new rows */
    bool paths_dropped;
    struct arena *arena;
};

/* What the virtual table reads. */
struct loader_rows {
    struct store_loader *loader;
    struct row_source *source;
    int64_t owner, id;
    struct value *values;
    bool at_end;
    struct failure failure;
    struct row_digest *digest; /* each row goes into it as it is written; NULL: it need not */
    struct buffer bytes;
};

/* ---- references ---- */

/* A row may refer to one of the same load, which may not be written yet. */
static bool is_own_row(const struct store_loader *loader, const struct field *field, int64_t id) {
    return field->type.record == loader->storage->record && id >= loader->first_id && id <= loader->last_id;
}

static bool was_seen(const struct reference_check *check, int64_t id) {
    size_t byte = (size_t)id / 8;
    return id > 0 && byte < check->seen_bytes && check->seen[byte] >> (id % 8) & 1;
}

static void note_seen(struct reference_check *check, int64_t id) {
    size_t byte = (size_t)id / 8, wanted = byte < 4096 ? 8192 : 2 * byte;
    if (byte >= SEEN_BYTES_MAX)
        return;
    if (byte >= check->seen_bytes) {
        check->seen = realloc(check->seen, wanted);
        assert(check->seen);
        memset(check->seen + check->seen_bytes, 0, wanted - check->seen_bytes);
        check->seen_bytes = wanted;
    }
    check->seen[byte] |= (uint8_t)(1 << id % 8);
}

static bool check_references(struct loader_rows *rows) {
    struct store_loader *loader = rows->loader;
    for (int i = 0; i < loader->check_count; i++) {
        struct reference_check *check = loader->checks[i];
        struct value value = rows->values[check->value];
        bool exists;
        if (value.kind == VALUE_MISSING || was_seen(check, value.integer) || is_own_row(loader, check->field, value.integer))
            continue;
        if (!row_exists(loader->store, storage_of(check->field->type.record), value.integer, &exists, &rows->failure))
            return false;
        if (!exists)
            return failure_set(&rows->failure, DIAG_REFERENCE_TO_NOTHING, arena_format(loader->arena, "a row of `%s`", loader->storage->name), check->field->name);
        note_seen(check, value.integer);
    }
    return true;
}

/* ---- the journal ---- */

/* In the order of the canonical form. */
static bool find_hashed(struct store_loader *loader, struct failure *failure) {
    if (!store_need_catalog(loader->store, failure))
        return false;
    const struct content *content = content_of(loader->arena, catalog_find_record(loader->store->catalog, loader->storage->name));
    loader->hashed = ARENA_ARRAY(loader->arena, struct hashed_field, loader->field_count);
    loader->hashed_count = 0;
    for (int i = 0; i < content->count; i++)
        for (int f = 0; f < loader->field_count; f++)
            if (!content->fields[i].is_overwritten && strcmp(store_column_name(loader->arena, loader->fields[f]), content->fields[i].column) == 0)
                loader->hashed[loader->hashed_count++] = (struct hashed_field){f, content->fields[i].code, content->fields[i].field};
    return true;
}

static void hash_row(struct loader_rows *rows) {
    const struct store_loader *loader = rows->loader;
    content_start(&rows->bytes, rows->id);
    for (int i = 0; i < loader->hashed_count; i++)
        content_add(&rows->bytes, loader->hashed[i].code, loader->hashed[i].field, rows->values[loader->hashed[i].value]);
    content_end(&rows->bytes);
    row_digest_add(rows->digest, rows->id, rows->bytes.bytes, rows->bytes.length);
}

/* ---- the virtual table: column 0 is the id, then the values ---- */

struct rows_table {
    sqlite3_vtab base;
    struct store *store;
};
struct rows_cursor {
    sqlite3_vtab_cursor base;
    struct loader_rows *rows;
};

static int connect_rows(sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **table, char **error) {
    (void)count, (void)arguments, (void)error;
    struct rows_table *rows = calloc(1, sizeof *rows);
    assert(rows);
    rows->store = context;
    struct buffer sql = {0};
    buffer_add_string(&sql, "CREATE TABLE x(\"c0\"");
    for (int i = 1; i <= rows->store->loading->loader->field_count; i++)
        buffer_add_format(&sql, ", \"c%d\"", i);
    buffer_add_char(&sql, ')');
    int result = sqlite3_declare_vtab(db, sql.bytes);
    buffer_free(&sql);
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    *table = &rows->base;
    return result;
}

static int disconnect_rows(sqlite3_vtab *table) {
    free(table);
    return SQLITE_OK;
}

static int plan_rows(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table;
    info->estimatedCost = 1;
    return SQLITE_OK;
}

static int open_rows(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor) {
    struct rows_cursor *opened = calloc(1, sizeof *opened);
    assert(opened);
    opened->rows = ((struct rows_table *)table)->store->loading;
    *cursor = &opened->base;
    return SQLITE_OK;
}

static int close_rows(sqlite3_vtab_cursor *cursor) {
    free(cursor);
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *cursor) {
    struct loader_rows *rows = ((struct rows_cursor *)cursor)->rows;
    rows->at_end = !row_source_next(rows->source, &rows->owner, &rows->id, rows->values);
    if (rows->at_end && row_source_failed(rows->source))
        failure_set(&rows->failure, DIAG_STORE_TEMPORARY, spill_folder(), strerror(errno ? errno : EIO));
    else if (!rows->at_end && check_references(rows) && rows->digest)
        hash_row(rows);
    return rows->failure.kind == FAILURE_NONE ? SQLITE_OK : SQLITE_ABORT;
}

static int filter_rows(sqlite3_vtab_cursor *cursor, int number, const char *text, int count, sqlite3_value **arguments) {
    (void)number, (void)text, (void)count, (void)arguments;
    return next_row(cursor);
}

static int rows_end(sqlite3_vtab_cursor *cursor) {
    return ((struct rows_cursor *)cursor)->rows->at_end;
}

static int row_column(sqlite3_vtab_cursor *cursor, sqlite3_context *call, int column) {
    const struct loader_rows *rows = ((struct rows_cursor *)cursor)->rows;
    if (column == 0) {
        sqlite3_result_int64(call, rows->id);
        return SQLITE_OK;
    }
    struct value value = rows->values[column - 1];
    switch ((enum value_kind)value.kind) {
    case VALUE_MISSING: sqlite3_result_null(call); break;
    case VALUE_INT: sqlite3_result_int64(call, value.integer); break;
    case VALUE_NUMBER: sqlite3_result_double(call, value.number); break;
    case VALUE_TEXT: sqlite3_result_text64(call, value.text, value.length, SQLITE_STATIC, SQLITE_UTF8); break; /* the row is written before the next is read */
    }
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *cursor, sqlite3_int64 *number) {
    *number = ((struct rows_cursor *)cursor)->rows->id;
    return SQLITE_OK;
}

static const sqlite3_module rows_module = {
    .xConnect = connect_rows, .xBestIndex = plan_rows, .xDisconnect = disconnect_rows, .xOpen = open_rows, .xClose = close_rows,
    .xFilter = filter_rows, .xNext = next_row, .xEof = rows_end, .xColumn = row_column, .xRowid = row_number,
};

/* ---- writing what was gathered ---- */

static bool fail_write(struct store_loader *loader, struct loader_rows *rows, int result, struct failure *failure) {
    if (rows->failure.kind != FAILURE_NONE) {
        if (failure->kind == FAILURE_NONE)
            *failure = rows->failure;
        return false;
    }
    struct value *values = ARENA_ARRAY(loader->arena, struct value, loader->storage->column_count);
    for (int i = 0; i < loader->storage->column_count; i++)
        for (int f = 0; f < loader->field_count; f++)
            if (loader->fields[f] == loader->storage->columns[i])
                values[i] = rows->values[f];
    return row_fail_unique(loader->store, loader->storage, values, result, failure);
}

/* OR FAIL: nothing is undone on an error, since the whole transaction is given up then; so SQLite keeps no journal of the statement. */
static sqlite3_stmt *prepare_write(struct store_loader *loader, struct failure *failure) {
    struct store *store = loader->store;
    if (sqlite3_create_module(store->db, "remit_rows", &rows_module, store) != SQLITE_OK) {
        failure_set(failure, DIAG_STORE_MEMORY);
        return NULL;
    }
    struct buffer sql = {0};
    buffer_add_format(&sql, "INSERT OR FAIL INTO %s(\"_id\", \"_since\"", loader->storage->table);
    for (int i = 0; i < loader->field_count; i++)
        buffer_add_format(&sql, ", %s", store_column_name(loader->arena, loader->fields[i]));
    buffer_add_string(&sql, ") SELECT \"c0\", ?1");
    for (int i = 1; i <= loader->field_count; i++)
        buffer_add_format(&sql, ", \"c%d\"", i);
    buffer_add_string(&sql, " FROM remit_rows");
    sqlite3_stmt *statement = store_statement(store, sql.bytes, failure);
    buffer_free(&sql);
    return statement;
}

/* Indexes over references cost more than the table itself when rows come in no order. A load that is large beside what is there drops them and makes them again. */
static bool drop_paths(struct store_loader *loader, struct failure *failure) {
    struct store *store = loader->store;
    int64_t before;
    if (loader->paths_dropped || store->scan_count > 0 || loader->inserted < ROWS_WORTH_A_SORT || loader->check_count == (loader->owner_value >= 0))
        return true;
    if (!store_ask_int(store, &before, 0, failure, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %lld)", loader->storage->table, (long long)(2 * loader->inserted)))
        return false;
    if (before >= 2 * loader->inserted)
        return true;
    loader->paths_dropped = true;
    return store_need_catalog(store, failure) && table_drop_paths(store, loader->arena, catalog_find_record(store->catalog, loader->storage->name), failure);
}

static bool write_rows(struct store_loader *loader, struct failure *failure) {
    struct store *store = loader->store;
    if (!drop_paths(loader, failure))
        return false;
    struct loader_rows rows = {.loader = loader};
    if (!journal_touch_loaded(store, loader->storage, &rows.digest, failure) || (rows.digest && !find_hashed(loader, failure)))
        return false;
    rows.values = ARENA_ARRAY(loader->arena, struct value, loader->field_count + 1);
    if (loader->owner_value >= 0)
        row_buffer_sort(loader->rows);
    rows.source = row_source_open(loader->rows, loader->file, loader->runs.items, loader->runs.count);
    store->loading = &rows;
    sqlite3_stmt *statement = prepare_write(loader, failure);
    bool done = statement != NULL;
    if (done) {
        store_set_foreign_keys(store, false);
        sqlite3_bind_int64(statement, 1, store->change);
        int result = sqlite3_step(statement);
        done = result == SQLITE_DONE || fail_write(loader, &rows, result, failure);
        sqlite3_finalize(statement);
        store_set_foreign_keys(store, true);
    }
    store->loading = NULL;
    buffer_free(&rows.bytes);
    row_source_close(rows.source);
    row_buffer_clear(loader->rows);
    store->changed = true;
    return done;
}

static bool fail_temporary(struct failure *failure) {
    return failure_set(failure, DIAG_STORE_TEMPORARY, spill_folder(), strerror(errno));
}

static bool open_temporary(struct store_loader *loader, struct failure *failure) {
    int descriptor = spill_open_file();
    if (descriptor < 0)
        return fail_temporary(failure);
    loader->file = fdopen(descriptor, "w+b");
    if (loader->file)
        return true;
    close(descriptor);
    return fail_temporary(failure);
}

static bool spill(struct store_loader *loader, struct failure *failure) {
    if (!loader->file && !open_temporary(loader, failure))
        return false;
    row_buffer_sort(loader->rows);
    if (fseeko(loader->file, loader->spilled, SEEK_SET) != 0 || !row_buffer_spill(loader->rows, loader->file))
        return fail_temporary(failure);
    int64_t end = ftello(loader->file);
    LIST_ADD(loader->arena, &loader->runs, end - loader->spilled);
    loader->spilled = end;
    row_buffer_clear(loader->rows);
    return true;
}

/* ---- the loader ---- */

/* Pages are written in order, and of what an index needs SQLite sorts as much at once as the cache may hold: a large cache buys nothing here. */
static void limit_cache(struct store *store, int64_t bytes) {
    struct failure ignored = {0};
    store_run(store, &ignored, "PRAGMA cache_size = -%lld", (long long)((bytes < store->cache_bytes ? bytes : store->cache_bytes) / 1024));
}

static void find_references(struct store_loader *loader) {
    loader->checks = ARENA_ARRAY(loader->arena, struct reference_check *, loader->field_count);
    for (int i = 0; i < loader->field_count; i++) {
        if (loader->fields[i]->type.kind != TYPE_RECORD)
            continue;
        struct reference_check *check = ARENA_NEW(loader->arena, struct reference_check);
        check->value = i;
        check->field = loader->fields[i];
        loader->checks[loader->check_count++] = check;
    }
}

struct store_loader *store_loader_open(struct store *store, struct record_type *record, struct field **fields, int field_count, struct failure *failure) {
    if (!store_may_write(store, failure))
        return NULL;
    struct arena *arena = arena_create();
    struct store_loader *loader = ARENA_NEW(arena, struct store_loader);
    loader->arena = arena;
    loader->store = store;
    loader->storage = storage_of(record);
    assert(!loader->storage->is_view);
    loader->fields = ARENA_ARRAY(arena, struct field *, field_count);
    memcpy(loader->fields, fields, sizeof *fields * (size_t)field_count);
    loader->field_count = field_count;
    loader->owner_value = -1;
    for (int i = 0; i < field_count; i++)
        if (fields[i] == loader->storage->owner)
            loader->owner_value = i;
    find_references(loader);
    loader->rows = row_buffer_create(field_count);
    limit_cache(store, LOADER_CACHE_BYTES);
    return loader;
}

void store_loader_abandon(struct store_loader *loader) {
    if (!loader)
        return;
    limit_cache(loader->store, loader->store->cache_bytes);
    if (loader->file)
        fclose(loader->file);
    row_buffer_destroy(loader->rows);
    for (int i = 0; i < loader->check_count; i++)
        free(loader->checks[i]->seen);
    arena_destroy(loader->arena);
}

static bool has_field(const struct store_loader *loader, const struct field *field) {
    for (int i = 0; i < loader->field_count; i++)
        if (loader->fields[i] == field)
            return true;
    return false;
}

/* Fields that are given are looked at in each row, those that are not once. */
static bool check_required(struct store_loader *loader, const struct value *values, struct failure *failure) {
    for (int i = 0; i < loader->field_count; i++)
        if (values[i].kind == VALUE_MISSING && !loader->fields[i]->type.optional)
            return failure_set(failure, DIAG_VALUE_REQUIRED, loader->storage->name, loader->fields[i]->name, loader->fields[i]->name);
    for (int i = 0; i < loader->storage->column_count && loader->inserted == 0; i++) {
        const struct field *field = loader->storage->columns[i];
        if (!field->type.optional && !has_field(loader, field))
            return failure_set(failure, DIAG_VALUE_REQUIRED, loader->storage->name, field->name, field->name);
    }
    return true;
}

static bool update_row(struct store_loader *loader, int64_t id, const struct value *values, struct failure *failure) {
    struct store_row row = {.record = loader->storage->record, .field_count = loader->field_count, .fields = loader->fields, .values = values};
    bool changed;
    if (!store_update(loader->store, id, &row, &changed, failure))
        return false;
    loader->updated += changed;
    return true;
}

bool store_loader_add(struct store_loader *loader, int64_t id, const struct value *values, struct failure *failure) {
    struct store *store = loader->store;
    if (++loader->added % ROWS_PER_STOP == 0 && store->should_stop && store->should_stop(store->stop_context))
        return store_fail(store, SQLITE_INTERRUPT, failure);
    if (id != 0)
        return update_row(loader, id, values, failure);
    int64_t new_id;
    if (!check_required(loader, values, failure) || !store_take_id(store, loader->storage, 1, &new_id, failure))
        return false;
    int64_t owner = loader->owner_value >= 0 ? values[loader->owner_value].integer : 0;
    row_buffer_add(loader->rows, owner, new_id, values);
    loader->first_id = loader->inserted ? loader->first_id : new_id;
    loader->last_id = new_id;
    loader->inserted++;
    if (loader->owner_value >= 0)
        return row_buffer_bytes(loader->rows) < LOADER_BYTES || spill(loader, failure);
    return row_buffer_bytes(loader->rows) < LOADER_CHUNK_BYTES || write_rows(loader, failure);
}

int64_t store_loader_last_id(const struct store_loader *loader) {
    return loader->last_id;
}

bool store_loader_finish(struct store_loader *loader, int64_t *inserted, int64_t *updated, struct failure *failure) {
    bool done = store_may_write(loader->store, failure);
    if (done && (row_buffer_rows(loader->rows) > 0 || loader->runs.count > 0))
        done = write_rows(loader, failure);
    if (done && loader->paths_dropped)
        done = table_create_paths(loader->store, loader->arena, catalog_find_record(loader->store->catalog, loader->storage->name), failure);
    *inserted = loader->inserted;
    *updated = loader->updated;
    store_loader_abandon(loader);
    return done;
}
