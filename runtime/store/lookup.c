/* Looking up rows: by key, by natural key, by number.
 * Knows: keys as people write them. Does not know: queries. */
#include "runtime/store/inside.h"

#include "lang/base/civil.h"
#include "lang/base/decimal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool take_id(struct store *store, sqlite3_stmt *statement, int64_t *id, struct failure *failure) {
    int result = sqlite3_step(statement);
    *id = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_reset(statement);
    return done;
}

bool row_exists(struct store *store, struct storage *storage, int64_t id, bool *exists, struct failure *failure) {
    int64_t found;
    if (!storage_need_id_index(store, storage, failure) || !store_keep_statement(store, &storage->exists, failure, "SELECT \"_id\" FROM %s WHERE \"_id\" = ?1", storage->table))
        return false;
    sqlite3_bind_int64(storage->exists, 1, id);
    bool done = take_id(store, storage->exists, &found, failure);
    *exists = found == id;
    return done;
}

static bool find_natural(struct store *store, struct record_type *record, bool in_present, const struct value *values, int64_t *id, struct failure *failure) {
    struct storage *storage = storage_of(record);
    assert(record->key_count > 0);
    if (!storage->find_natural[in_present]) {
        struct arena *arena = arena_create();
        struct buffer condition = {0};
        for (int i = 0; i < record->key_count; i++) /* as in the index: table_create_key_index */
            buffer_add_format(&condition, record->key[i]->type.optional ? "%sifnull(%s, x'') = ifnull(?%d, x'')" : "%s%s = ?%d", i ? " AND " : "",
                              store_column_name(arena, record->key[i]), i + 1);
        bool done = store_keep_statement(store, &storage->find_natural[in_present], failure, "SELECT \"_id\" FROM %s%s WHERE %s", in_present ? "main." : "", storage->table, condition.bytes);
        buffer_free(&condition);
        arena_destroy(arena);
        if (!done)
            return false;
    }
    for (int i = 0; i < record->key_count; i++)
        store_bind_value(storage->find_natural[in_present], i + 1, values[i]);
    return take_id(store, storage->find_natural[in_present], id, failure);
}

bool store_find_natural(struct store *store, struct record_type *record, const struct value *values, int64_t *id, struct failure *failure) {
    return find_natural(store, record, false, values, id, failure);
}

/* ---- a key as text ---- */

/* "1,234" and "1234": thousands may be set apart. */
static bool read_whole(const char *text, size_t length, int64_t *number) {
    char digits[64];
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ',')
            continue;
        if (used == sizeof digits)
            return false;
        digits[used++] = text[i];
    }
    struct decimal value;
    return decimal_parse(digits, used, &value, NULL) == DECIMAL_OK && decimal_to_int(value, number);
}

static bool read_money(const char *text, size_t length, int64_t *money) {
    char digits[64];
    size_t used = 0;
    for (size_t i = 0; i < length && text[i] != ' '; i++) { /* the currency follows after a space, and is known */
        if (text[i] == ',')
            continue;
        if (used == sizeof digits)
            return false;
        digits[used++] = text[i];
    }
    struct decimal value;
    return decimal_parse(digits, used, &value, NULL) == DECIMAL_OK && decimal_to_money(value, money, NULL) == DECIMAL_OK;
}

/* "12 days", "1 day 2 hours", "3 months": counts with their units, as value_write writes them. */
static bool read_units(const char *text, size_t length, int64_t *total) {
    static const struct {
        const char *name;
        int64_t size;
    } units[] = {{"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", DAY_SECONDS}, {"week", 7 * DAY_SECONDS}, {"month", 1}, {"quarter", 3}, {"year", 12}, {"working day", 1}};
    *total = 0;
    size_t at = 0;
    while (at < length) {
        size_t digits = at, unit;
        while (digits < length && text[digits] != ' ')
            digits++;
        int64_t count, size = 0;
        if (digits == length || !read_whole(text + at, digits - at, &count))
            return false;
        unit = digits + 1;
        at = unit;
        for (size_t i = sizeof units / sizeof *units; i-- > 0 && !size;) {
            size_t used = strlen(units[i].name);
            if (length - unit < used || memcmp(text + unit, units[i].name, used) != 0)
                continue;
            size = units[i].size;
            at = unit + used + (unit + used < length && text[unit + used] == 's');
            at += at < length && text[at] == ' ';
        }
        if (!size || !int_multiply(count, size, &count) || !int_add(*total, count, total))
            return false;
    }
    return length > 0;
}

static bool read_enum(const struct enum_type *enumeration, const char *text, size_t length, int64_t *ordinal) {
    for (int by_title = 0; by_title < 2; by_title++)
        for (int i = 0; i < enumeration->value_count; i++) {
            const char *name = by_title ? enumeration->values[i].title : enumeration->values[i].name;
            if (name && strlen(name) == length && memcmp(name, text, length) == 0) {
                *ordinal = i;
                return true;
            }
        }
    return false;
}

/* One part of a natural key from its text, as reports show it or plainly written. *known false: no such value. */
static bool find_key(struct store *store, struct record_type *record, bool in_present, const char *key, size_t length, int64_t *id, struct failure *failure);

static bool read_part(struct store *store, bool in_present, struct type type, const char *text, size_t length, struct value *value, bool *known, struct failure *failure) {
    static const char dash[] = "—";
    int64_t number = 0;
    *known = true;
    if (type.optional && (length == 0 || (length == sizeof dash - 1 && memcmp(text, dash, length) == 0))) {
        *value = value_missing();
        return true;
    }
    switch (type.kind) {
    case TYPE_TEXT:
        *value = value_text(text, length);
        return true;
    case TYPE_NUMBER: {
        char digits[64] = {0};
        char *end;
        if (length == 0 || length >= sizeof digits) {
            *known = false;
            return true;
        }
        memcpy(digits, text, length);
        *value = value_number(strtod(digits, &end));
        *known = end == digits + length;
        return true;
    }
    case TYPE_RECORD:
        if (!find_key(store, type.record, in_present, text, length, &number, failure))
            return false;
        *known = number != 0;
        break;
    case TYPE_BOOL:
        number = (length == 4 && memcmp(text, "true", 4) == 0) || (length == 3 && memcmp(text, "yes", 3) == 0);
        *known = number || (length == 5 && memcmp(text, "false", 5) == 0) || (length == 2 && memcmp(text, "no", 2) == 0);
        break;
    case TYPE_DATE: *known = date_parse(text, length, &number); break;
    case TYPE_DATETIME: *known = datetime_parse(text, length, &number); break;
    case TYPE_PERIOD: *known = period_parse(text, length, &number); break;
    case TYPE_MONEY: *known = read_money(text, length, &number); break;
    case TYPE_ENUM: *known = read_enum(type.enumeration, text, length, &number); break;
    case TYPE_DURATION: case TYPE_SPAN: case TYPE_WORKING_DAYS: *known = read_units(text, length, &number); break;
    default: *known = read_whole(text, length, &number); break;
    }
    *value = value_int(number);
    return true;
}

/* Parts are joined by "/", and a part may hold one itself: every way to cut the text is tried, shortest first part first. */
static bool find_parts(struct store *store, struct record_type *record, bool in_present, int part, struct value *values, const char *text, size_t length, int64_t *id, struct failure *failure) {
    *id = 0;
    if (part == record->key_count)
        return length == 0 ? find_natural(store, record, in_present, values, id, failure) : true;
    bool is_last = part == record->key_count - 1;
    for (size_t end = is_last ? length : 0; end <= length && *id == 0; end++) {
        if (!is_last && (end == length || text[end] != '/'))
            continue;
        bool known;
        if (!read_part(store, in_present, record->key[part]->type, text, end, &values[part], &known, failure))
            return false;
        size_t next = is_last ? length : end + 1;
        if (known && !find_parts(store, record, in_present, part + 1, values, text + next, length - next, id, failure))
            return false;
    }
    return true;
}

/* "cost-12": what a row without a key is called. */
static bool find_numbered(struct store *store, struct storage *storage, const char *key, size_t length, int64_t *id, struct failure *failure) {
    size_t name = strlen(storage->name);
    int64_t number;
    bool exists = false;
    if (length < name + 2 || memcmp(key, storage->name, name) != 0 || key[name] != '-' || !read_whole(key + name + 1, length - name - 1, &number))
        return true;
    if (!row_exists(store, storage, number, &exists, failure))
        return false;
    *id = exists ? number : 0;
    return true;
}

static bool find_own(struct store *store, struct storage *storage, bool in_present, const char *key, size_t length, int64_t *id, struct failure *failure) {
    sqlite3_stmt **statement = &storage->find_key[in_present];
    if (!store_keep_statement(store, statement, failure, "SELECT \"_id\" FROM %s%s WHERE \"_key\" = ?1", in_present ? "main." : "", storage->table))
        return false;
    sqlite3_bind_text64(*statement, 1, key, length, SQLITE_STATIC, SQLITE_UTF8);
    bool done = take_id(store, *statement, id, failure);
    sqlite3_clear_bindings(*statement);
    return done;
}

static bool find_key(struct store *store, struct record_type *record, bool in_present, const char *key, size_t length, int64_t *id, struct failure *failure) {
    struct storage *storage = storage_of(record);
    *id = 0;
    if (record->key_count > 0) {
        struct value *values = calloc((size_t)record->key_count, sizeof *values);
        assert(values);
        bool done = find_parts(store, record, in_present, 0, values, key, length, id, failure);
        free(values);
        return done;
    }
    return find_own(store, storage, in_present, key, length, id, failure) && (*id != 0 || find_numbered(store, storage, key, length, id, failure));
}

bool store_find_key(struct store *store, struct record_type *record, const char *key, size_t length, int64_t *id, struct failure *failure) {
    return find_key(store, record, false, key, length, id, failure);
}

bool store_find_reference(struct store *store, struct record_type *record, const char *key, size_t length, int64_t *id, struct failure *failure) {
    return find_key(store, record, false, key, length, id, failure) && (*id != 0 || store->as_of == STORE_PRESENT || find_key(store, record, true, key, length, id, failure));
}

bool store_each_key(struct store *store, struct record_type *record, int most, bool (*offer)(void *context, const char *key, int64_t id), void *context, struct failure *failure) {
    struct storage *storage = storage_of(record);
    struct arena *arena = arena_create();
    const char *condition = record->key_count ? "" : " WHERE \"r\".\"_key\" IS NOT NULL";
    sqlite3_stmt *statement = store_statement(
        store, arena_format(arena, "SELECT %s, \"_id\" FROM %s AS \"r\"%s LIMIT %d", view_key_expression(arena, record, "r"), storage->table, condition, most), failure);
    arena_destroy(arena);
    if (!statement)
        return false;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        if (key && !offer(context, key, sqlite3_column_int64(statement, 1)))
            break;
    }
    bool done = result == SQLITE_ROW || result == SQLITE_DONE || store_fail(store, result, failure);
    sqlite3_finalize(statement);
    return done;
}

bool store_count(struct store *store, struct record_type *record, int64_t *count, struct failure *failure) {
    return store_ask_int(store, count, 0, failure, "SELECT count(*) FROM %s", storage_of(record)->table);
}

/* ---- names of rows, for messages ---- */

const char *row_key(struct store *store, struct arena *arena, struct record_type *record, int64_t id) {
    struct storage *storage = storage_of(record);
    struct failure ignored = {0};
    const char *key = arena_format(arena, "%s-%lld", record->name, (long long)id);
    if (!store_keep_statement(store, &storage->key_text, &ignored, "SELECT %s FROM %s AS \"r\" WHERE \"r\".\"_id\" = ?1", view_key_expression(arena, record, "r"), storage->table))
        return key;
    sqlite3_bind_int64(storage->key_text, 1, id);
    if (sqlite3_step(storage->key_text) == SQLITE_ROW) {
        struct value text = store_column_value(storage->key_text, 0);
        if (text.kind == VALUE_TEXT)
            key = arena_copy(arena, text.text, text.length);
    }
    sqlite3_reset(storage->key_text);
    return key;
}

const char *row_describe(struct store *store, struct arena *arena, struct record_type *record, int64_t id) {
    return arena_format(arena, "%s `%s`", record->name, row_key(store, arena, record, id));
}
