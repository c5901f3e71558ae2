/* What the store holds in words, from the catalog alone: for the journal, whose rows may be of records that no program declares any more.
 * Knows: how values and keys are stored. Does not know: the program. */
#include "runtime/store/journal.h"
#include "runtime/store/journal_inside.h"

#include <stdlib.h>
#include <string.h>

/* The type that the catalog names, as far as it matters to how a value is written; enums are not among them. */
static struct type type_of(struct arena *arena, const char *name) {
    static const struct {
        const char *name;
        enum type_kind kind;
    } kinds[] = {{"bool", TYPE_BOOL}, {"int", TYPE_INT}, {"number", TYPE_NUMBER}, {"text", TYPE_TEXT}, {"date", TYPE_DATE}, {"datetime", TYPE_DATETIME},
                 {"duration", TYPE_DURATION}, {"span", TYPE_SPAN}, {"working days", TYPE_WORKING_DAYS}, {"period", TYPE_PERIOD}, {"money", TYPE_MONEY}};
    if (text_starts(name, "money in "))
        return (struct type){.kind = TYPE_MONEY, .currency = arena_copy_string(arena, name + strlen("money in "))};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return (struct type){.kind = kinds[i].kind};
    return (struct type){.kind = TYPE_INT};
}

static const char *plain_words(struct arena *arena, struct value value, struct type type) {
    struct buffer text = {0};
    value_write(&text, value, type, VALUE_SHOWN);
    const char *result = arena_copy_string(arena, buffer_string(&text));
    buffer_free(&text);
    return result;
}

static const char *words_of(struct store *store, struct arena *arena, const struct catalog_field *field, struct value value, int depth) {
    if (value.kind == VALUE_MISSING)
        return NULL;
    if (!field || value.kind == VALUE_TEXT)
        return value.kind == VALUE_TEXT ? arena_copy(arena, value.text, value.length) : arena_format(arena, "%lld", (long long)value.integer);
    for (int i = 0; i < field->value_count; i++)
        if (field->values[i].ordinal == value.integer)
            return field->values[i].name;
    if (field->target)
        return stored_key(store, arena, field->target, value.integer, depth + 1);
    struct type type = type_of(arena, field->type);
    bool fits = (value.kind == VALUE_NUMBER) == (type.kind == TYPE_NUMBER);
    return fits ? plain_words(arena, value, type) : value.kind == VALUE_NUMBER ? arena_format(arena, "%.15g", value.number) : arena_format(arena, "%lld", (long long)value.integer);
}

const char *stored_words(struct store *store, struct arena *arena, const struct catalog_field *field, struct value value) {
    return words_of(store, arena, field, value, 0);
}

/* ---- keys ---- */

static int find_column(const struct content *content, const char *name, size_t length) {
    for (int i = 0; i < content->count; i++)
        if (content->fields[i].field && strlen(content->fields[i].name) == length && memcmp(content->fields[i].name, name, length) == 0)
            return i;
    return -1;
}

const char *stored_key_of_row(struct store *store, struct arena *arena, const struct content *content, sqlite3_stmt *row, int first, int64_t id, int depth) {
    enum { KEYS_DEEP_MOST = 4 /* keys made of references whose keys are made of references … */ };
    struct value own = store_column_value(row, first);
    struct buffer text = {0};
    if (own.kind == VALUE_TEXT)
        buffer_add(&text, own.text, own.length);
    for (const char *part = content->record->key; *part && own.kind != VALUE_TEXT && depth < KEYS_DEEP_MOST;) {
        size_t length = strcspn(part, ",");
        int column = find_column(content, part, length - (part[length - 1] == '?'));
        const char *words = column < 0 ? NULL : words_of(store, arena, content->fields[column].field, store_column_value(row, first + column), depth);
        buffer_add_format(&text, "%s%s", text.length ? "/" : "", words ? words : "â");
        part += length + (part[length] == ',');
    }
    if (!text.length)
        buffer_add_format(&text, "%s-%lld", content->record->name, (long long)id);
    const char *key = arena_copy_string(arena, text.bytes);
    buffer_free(&text);
    return key;
}

const char *stored_key(struct store *store, struct arena *arena, const char *record_name, int64_t id, int depth) {
    const struct catalog_record *record = catalog_find_record(store->catalog, record_name);
    struct failure ignored = {0};
    const char *key = arena_format(arena, "%s-%lld", record_name, (long long)id);
    if (!record)
        return key;
    const struct content *content = content_of(arena, record);
    const char *sql = arena_format(arena, "SELECT 0%s FROM %s WHERE \"_id\" = %lld UNION ALL SELECT \"_until\"%s FROM %s WHERE \"_id\" = %lld ORDER BY 1 LIMIT 1", content->columns,
                                   name_quote(arena, "t_", record->name), (long long)id, content->columns, name_quote(arena, "h_", record->name), (long long)id);
    sqlite3_stmt *statement = store_statement(store, sql, &ignored);
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        key = stored_key_of_row(store, arena, content, statement, 1, id, depth);
    sqlite3_finalize(statement);
    return key;
}

/* A row without a key goes by the name of its record and its number. */
static int64_t numbered(const char *record, const char *key) {
    size_t length = strlen(record);
    char *end;
    if (strncmp(key, record, length) != 0 || key[length] != '-' || !key[length + 1])
        return 0;
    long long id = strtoll(key + length + 1, &end, 10);
    return *end ? 0 : id;
}

bool journal_find_key(struct store *store, struct arena *arena, const char *record_name, const char *key, int64_t *id, struct failure *failure) {
    *id = 0;
    if (!store_need_catalog(store, failure))
        return false;
    const struct catalog_record *record = catalog_find_record(store->catalog, record_name);
    const struct content *content = record ? content_of(arena, record) : NULL;
    if (!record)
        return true;
    const char *sql = arena_format(arena, "SELECT \"_id\"%s FROM %s UNION ALL SELECT \"_id\"%s FROM %s", content->columns, name_quote(arena, "t_", record->name), content->columns,
                                   name_quote(arena, "h_", record->name));
    if (!record->key[0]) /* by its own key, of which there is an index over the rows that are there */
        sql = arena_format(arena, "SELECT \"_id\"%s FROM %s WHERE \"_key\" = ?1 OR \"_id\" = %lld UNION ALL SELECT \"_id\"%s FROM %s WHERE \"_key\" = ?1 OR \"_id\" = %lld", content->columns,
                           name_quote(arena, "t_", record->name), (long long)numbered(record_name, key), content->columns, name_quote(arena, "h_", record->name), (long long)numbered(record_name, key));
    sqlite3_stmt *statement = store_statement(store, sql, failure);
    int result = SQLITE_DONE;
    if (!statement)
        return false;
    if (sqlite3_bind_parameter_count(statement))
        sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    struct arena *scratch = arena_create();
    while (!*id && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t row = sqlite3_column_int64(statement, 0);
        if (strcmp(stored_key_of_row(store, scratch, content, statement, 1, row, 0), key) == 0)
            *id = row;
        arena_reset(scratch);
    }
    arena_destroy(scratch);
    bool done = result == SQLITE_DONE || result == SQLITE_ROW || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

const char *journal_key(struct store *store, struct arena *arena, const char *record, int64_t id) {
    struct failure ignored = {0};
    return store_need_catalog(store, &ignored) ? stored_key(store, arena, record, id, 0) : NULL;
}

bool journal_each_record(struct store *store, void *context, void (*offer)(void *context, const char *record), struct failure *failure) {
    if (store->is_new)
        return true;
    if (!store_need_catalog(store, failure))
        return false;
    for (int i = 0; i < store->catalog->records.count; i++)
        offer(context, store->catalog->records.items[i]->name);
    return true;
}
