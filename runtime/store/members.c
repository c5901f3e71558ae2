/* Members of set fields: a table of its own for each, with its history.
 * Knows: those tables. Does not know: the rest of the row. Each member has its own time: _since when it came, _until when it went. */
#include "runtime/store/inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct set_storage *set_of(const struct field *field) {
    struct storage *storage = storage_of(field->record);
    for (int i = 0; i < storage->set_count; i++)
        if (storage->sets[i].field == field)
            return &storage->sets[i];
    assert(!"a set that the store does not keep");
    return NULL;
}

bool store_members(struct store *store, struct field *field, int64_t id, const struct value **members, int *count, struct failure *failure) {
    struct set_storage *set = set_of(field);
    *count = 0;
    if (!store_keep_statement(store, &set->select, failure, "SELECT \"member\" FROM %s WHERE \"_id\" = ?1 ORDER BY \"member\"", set->table))
        return false;
    arena_reset(store->member_texts);
    sqlite3_bind_int64(set->select, 1, id);
    int result;
    while ((result = sqlite3_step(set->select)) == SQLITE_ROW) {
        if (*count == store->member_capacity) {
            store->member_capacity = store->member_capacity ? 2 * store->member_capacity : 16;
            store->members = realloc(store->members, (size_t)store->member_capacity * sizeof *store->members);
            assert(store->members);
        }
        struct value member = store_column_value(set->select, 0);
        store->members[(*count)++] = member.kind == VALUE_TEXT ? value_keep(store->member_texts, member) : member;
    }
    sqlite3_reset(set->select);
    *members = store->members;
    return result == SQLITE_DONE || store_fail(store, result, failure);
}

static int compare_members(const void *a, const void *b) {
    return value_compare(*(const struct value *)a, *(const struct value *)b);
}

/* What was added in this very change leaves no history. */
static bool remove_member(struct store *store, struct set_storage *set, int64_t id, struct value member, struct failure *failure) {
    if (!store_keep_statement(store, &set->keep, failure,
                              "INSERT INTO %s(\"_id\", \"member\", \"_since\", \"_until\") SELECT \"_id\", \"member\", \"_since\", ?3 FROM %s WHERE \"_id\" = ?1 AND "
                              "\"member\" = ?2 AND \"_since\" < ?3",
                              set->history, set->table) ||
        !store_keep_statement(store, &set->remove, failure, "DELETE FROM %s WHERE \"_id\" = ?1 AND \"member\" = ?2", set->table))
        return false;
    sqlite3_bind_int64(set->keep, 1, id);
    store_bind_value(set->keep, 2, member);
    sqlite3_bind_int64(set->keep, 3, store->change);
    sqlite3_bind_int64(set->remove, 1, id);
    store_bind_value(set->remove, 2, member);
    return store_finish_statement(store, set->keep, failure) && store_finish_statement(store, set->remove, failure);
}

static bool add_member(struct store *store, struct set_storage *set, int64_t id, struct value member, struct failure *failure) {
    if (!store_keep_statement(store, &set->insert, failure, "INSERT INTO %s(\"_id\", \"member\", \"_since\") VALUES(?1, ?2, ?3)", set->table))
        return false;
    sqlite3_bind_int64(set->insert, 1, id);
    store_bind_value(set->insert, 2, member);
    sqlite3_bind_int64(set->insert, 3, store->change);
    return store_finish_statement(store, set->insert, failure);
}

/* Both lists in order: one pass finds what goes and what comes. Repeats and missing members count once and not at all. */
bool store_set_members(struct store *store, struct field *field, int64_t id, const struct value *members, int count, struct failure *failure) {
    struct set_storage *set = set_of(field);
    const struct value *now;
    int now_count, wanted_count = 0;
    if (!store_may_write(store, failure) || !store_members(store, field, id, &now, &now_count, failure) ||
        (now_count + count > 0 && !journal_touch_member(store, storage_of(field->record), set, id, failure)))
        return false;
    struct value *wanted = calloc((size_t)count + 1, sizeof *wanted);
    assert(wanted);
    for (int i = 0; i < count; i++)
        if (members[i].kind != VALUE_MISSING)
            wanted[wanted_count++] = members[i];
    qsort(wanted, (size_t)wanted_count, sizeof *wanted, compare_members);
    bool done = true;
    for (int n = 0, w = 0; done && (n < now_count || w < wanted_count);) {
        int order = n == now_count ? 1 : w == wanted_count ? -1 : value_compare(now[n], wanted[w]);
        struct value member = order <= 0 ? now[n] : wanted[w];
        if (order < 0)
            done = remove_member(store, set, id, member, failure);
        else if (order > 0)
            done = add_member(store, set, id, member, failure);
        store->changed = store->changed || order != 0;
        n += order <= 0;
        while (w < wanted_count && value_compare(wanted[w], member) == 0)
            w++;
    }
    free(wanted);
    return done;
}
