/* What a transaction has written to, noted row by row until that is too much: for the hashes of its entry in the journal.
 * Knows: which rows. Does not know: what stands in them, which is read when the transaction ends (parts.c). */
#include "runtime/store/journal_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_MOST = 1000 /* rows that are looked up one by one; beyond, the table is read through */ };

static bool is_of(const struct touched *touched, const char *record, const char *set) {
    return strcmp(touched->record, record) == 0 && (touched->set ? set && strcmp(touched->set, set) == 0 : !set);
}

/* What a field that is written over held before this transaction touched its record. */
static bool note_before(struct store *store, struct touched *touched, struct failure *failure) {
    if (touched->set || !store_need_catalog(store, failure))
        return touched->set != NULL;
    const struct catalog_record *record = catalog_find_record(store->catalog, touched->record);
    bool done = true;
    struct arena *arena = arena_create();
    for (int i = 0; record && i < record->fields.count && done; i++)
        if (content_is_overwritten(record->name, record->fields.items[i]->name))
            done = state_of_field(store, arena, record->name, record->fields.items[i]->name, touched->before, failure);
    arena_destroy(arena);
    return done;
}

static struct touched *find(struct store *store, const char *record, const char *set, struct failure *failure) {
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (is_of(touched, record, set))
            return touched;
    struct touched *touched = calloc(1, sizeof *touched);
    assert(touched);
    touched->record = strdup(record);
    touched->set = set ? strdup(set) : NULL;
    touched->next = store->journal.touched;
    store->journal.touched = touched;
    struct arena *arena = arena_create();
    const char *history = set ? name_quote_set(arena, "h_", record, set) : name_quote(arena, "h_", record);
    bool done = store_ask_int(store, &touched->history_mark, 0, failure, "SELECT max(\"rowid\") FROM %s", history) && note_before(store, touched, failure);
    arena_destroy(arena);
    return done ? touched : NULL; /* the transaction is given up */
}

static void forget_rows(struct touched *touched) {
    free(touched->rows);
    touched->rows = NULL;
    touched->row_count = touched->row_capacity = 0;
    row_digest_abandon(&touched->loaded);
    touched->loaded = (struct row_digest){0};
}

static void become_many(struct touched *touched) {
    forget_rows(touched);
    touched->how = TOUCHED_MANY;
}

static void note_row(struct touched *touched, int64_t owner, int64_t id) {
    if (touched->how == TOUCHED_LOADED || touched->row_count == FEW_MOST)
        become_many(touched);
    if (touched->how == TOUCHED_MANY)
        return;
    if (touched->row_count == touched->row_capacity) {
        touched->row_capacity = touched->row_capacity ? 2 * touched->row_capacity : 8;
        touched->rows = realloc(touched->rows, (size_t)touched->row_capacity * sizeof *touched->rows);
        assert(touched->rows);
    }
    touched->rows[touched->row_count++] = (struct touched_row){owner, id};
}

bool journal_touch(struct store *store, const struct storage *storage, int64_t owner, int64_t id, struct failure *failure) {
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, storage->name, NULL, failure);
    if (touched)
        note_row(touched, owner, id);
    return touched != NULL;
}

bool journal_touch_member(struct store *store, const struct storage *storage, const struct set_storage *set, int64_t id, struct failure *failure) {
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, storage->name, set->field->name, failure);
    if (touched)
        note_row(touched, 0, id);
    return touched != NULL;
}

bool journal_touch_many(struct store *store, const char *record, struct failure *failure) {
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, record, NULL, failure);
    if (touched)
        become_many(touched);
    return touched != NULL;
}

bool journal_touch_members(struct store *store, const char *record, const char *set, struct failure *failure) {
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, record, set, failure);
    if (touched)
        become_many(touched);
    return touched != NULL;
}

static void take_name(char **name, const char *to) {
    free(*name);
    *name = strdup(to);
}

void journal_rename_record(struct store *store, const char *was, const char *name) {
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (strcmp(touched->record, was) == 0)
            take_name(&touched->record, name);
}

void journal_rename_set(struct store *store, const char *record, const char *was, const char *name) {
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (is_of(touched, record, was))
            take_name(&touched->set, name);
}

bool journal_touch_first(struct store *store, const char *record, struct failure *failure) {
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, record, NULL, failure);
    if (touched)
        digest_of("", 0, touched->before);
    return touched != NULL;
}

/* Several loads of one record go on in one hash as long as their rows come in order. By id they do, but where rows are kept by their owner they do not. */
bool journal_touch_loaded(struct store *store, const struct storage *storage, struct row_digest **rows, struct failure *failure) {
    *rows = NULL;
    if (!store->journal.is_on)
        return true;
    struct touched *touched = find(store, storage->name, NULL, failure);
    if (!touched)
        return false;
    bool is_first = touched->how == TOUCHED_FEW && touched->row_count == 0;
    bool goes_on = touched->how == TOUCHED_LOADED && !storage->owner;
    if (!is_first && !goes_on) {
        become_many(touched);
        return true;
    }
    touched->how = TOUCHED_LOADED;
    *rows = &touched->loaded;
    return true;
}

void journal_doubt(struct store *store) {
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (touched->how == TOUCHED_LOADED)
            become_many(touched);
}

void journal_doubt_history(struct store *store, const char *record) {
    for (struct touched *touched = store->journal.touched; touched; touched = touched->next)
        if (strcmp(touched->record, record) == 0)
            touched->history_mark = 0;
}

void journal_forget(struct store *store) {
    while (store->journal.touched) {
        struct touched *touched = store->journal.touched;
        store->journal.touched = touched->next;
        forget_rows(touched);
        free(touched->record);
        free(touched->set);
        free(touched);
    }
    free(store->journal.before);
    store->journal.before = NULL;
    store->journal.is_on = false;
    buffer_free(&store->journal.row);
}
