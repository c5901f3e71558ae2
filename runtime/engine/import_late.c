/* Rows whose key stood in the same file before: they change that row, in the file's order, and the last one counts. See import.h.
 * Of all late rows with one key three matter: the first, the first that differs from it, and the last. What lies between leaves no trace in the store: a row that is changed twice
 * in one transaction has one entry in the history, with what it was before the first change. So only these are kept and put, however many there are; the others are compared and counted.
 * Knows: rows as bytes. Does not know: files. */
#include "runtime/engine/import.h"

#include <string.h>

enum { NONE = 0, LATE_BYTES_RESIDENT = 4 << 20 };

/* Where a row's bytes stand: behind a kept_row; places begin at 1. */
struct late_group {
    size_t first, differing, last;
    int64_t changes; /* from row to row */
};
struct kept_row {
    uint32_t capacity, length;
    int64_t line, element;
};

/* ---- rows as bytes ---- */

static void write_value(struct buffer *out, struct value value) {
    buffer_add_char(out, (char)value.kind);
    if (value.kind == VALUE_TEXT) {
        buffer_add(out, (const char *)&value.length, sizeof value.length);
        buffer_add(out, value.text, value.length);
    } else if (value.kind == VALUE_NUMBER)
        buffer_add(out, (const char *)&value.number, sizeof value.number);
    else if (value.kind == VALUE_INT)
        buffer_add(out, (const char *)&value.integer, sizeof value.integer);
}

static const char *read_value(const char *at, struct value *value) {
    *value = value_missing();
    value->kind = (unsigned char)*at++;
    if (value->kind == VALUE_TEXT) {
        memcpy(&value->length, at, sizeof value->length);
        value->text = at + sizeof value->length;
        return value->text + value->length;
    }
    if (value->kind == VALUE_NUMBER)
        memcpy(&value->number, at, sizeof value->number);
    else if (value->kind == VALUE_INT)
        memcpy(&value->integer, at, sizeof value->integer);
    return at + (value->kind == VALUE_MISSING ? 0 : sizeof(int64_t));
}

/* The row's values; a reference to a row that comes later stands as the text of its key. */
static void write_row(struct importing *importing, struct buffer *out) {
    for (int i = 0; i < importing->row_forwards.count; i++)
        for (int f = 0; f < importing->field_count; f++)
            if (importing->fields[f] == importing->row_forwards.items[i].field)
                importing->values[f] = value_text(importing->row_forwards.items[i].key, importing->row_forwards.items[i].length);
    for (int f = 0; f < importing->field_count; f++)
        write_value(out, importing->values[f]);
}

/* ---- keeping ---- */

static struct late_group *group_at(struct late_rows *late, int64_t number) {
    spill_touch(&late->groups, (size_t)number * sizeof(struct late_group), LATE_BYTES_RESIDENT);
    return (struct late_group *)(void *)late->groups.bytes + number;
}

static struct kept_row read_kept(struct late_rows *late, size_t place) {
    struct kept_row row;
    spill_touch(&late->rows, place, LATE_BYTES_RESIDENT);
    memcpy(&row, late->rows.bytes + place, sizeof row);
    return row;
}

static bool is_same(struct late_rows *late, size_t place, const struct buffer *bytes) {
    struct kept_row row = read_kept(late, place);
    return row.length == bytes->length && memcmp(late->rows.bytes + place + sizeof row, bytes->bytes, bytes->length) == 0;
}

/* Writes the row over the one at the place when it may go and is large enough, else behind all; gives where. */
static size_t keep_row(struct importing *importing, size_t place, const struct buffer *bytes) {
    struct late_rows *late = &importing->late;
    struct kept_row row = {0};
    if (place != NONE)
        row = read_kept(late, place);
    if (place == NONE || row.capacity < bytes->length) {
        place = late->row_bytes ? late->row_bytes : 1;
        row.capacity = (uint32_t)bytes->length;
        late->row_bytes = place + sizeof row + bytes->length;
        spill_reserve(&late->rows, late->row_bytes);
        spill_touch(&late->rows, place, LATE_BYTES_RESIDENT);
    }
    row.length = (uint32_t)bytes->length;
    row.line = importing->reader->line;
    row.element = importing->reader->element;
    memcpy(late->rows.bytes + place, &row, sizeof row);
    memcpy(late->rows.bytes + place + sizeof row, bytes->bytes, bytes->length);
    return place;
}

void import_keep_late(struct importing *importing) {
    struct late_rows *late = &importing->late;
    int64_t number;
    struct buffer bytes = {0};
    bool is_known = key_index_find(&late->keys, importing->key.bytes, importing->key.length, &number);
    if (!is_known) {
        number = late->count++;
        key_index_put(&late->keys, importing->key.bytes, importing->key.length, number);
        spill_reserve(&late->groups, (size_t)late->count * sizeof(struct late_group));
    }
    write_row(importing, &bytes);
    struct late_group group = *group_at(late, number);
    if (!is_known)
        group.first = group.last = keep_row(importing, NONE, &bytes);
    else if (!is_same(late, group.last, &bytes)) {
        group.changes++;
        bool is_differing = group.differing == NONE;
        group.last = keep_row(importing, is_differing || group.last == group.differing ? NONE : group.last, &bytes);
        if (is_differing)
            group.differing = group.last;
    }
    *group_at(late, number) = group;
    buffer_free(&bytes);
}

/* ---- putting ---- */

/* Its references to rows that came later are found now; one that leads nowhere makes it a bad row. */
static bool find_references(struct importing *importing, const struct kept_row *row, struct failure *failure) {
    for (int f = 0; f < importing->field_count; f++) {
        struct value *value = &importing->values[f];
        int64_t id;
        if (importing->fields[f]->type.kind != TYPE_RECORD || value->kind != VALUE_TEXT)
            continue;
        if (!import_find_own(importing, value->text, value->length, &id, failure))
            return false;
        if (id == 0)
            import_reject_reference(importing, row->line, row->element, importing->fields[f], value->text, value->length);
        *value = id ? value_int(id) : value_missing();
    }
    return true;
}

static bool put_row(struct importing *importing, size_t place, bool *changed, struct failure *failure) {
    struct kept_row row = read_kept(&importing->late, place);
    const char *at = arena_copy(importing->row, importing->late.rows.bytes + place + sizeof row, row.length);
    for (int f = 0; f < importing->field_count; f++)
        at = read_value(at, &importing->values[f]);
    int64_t id;
    struct store_row stored = {importing->import->record, importing->field_count, importing->fields, importing->values};
    *changed = false;
    if (!find_references(importing, &row, failure))
        return false;
    import_write_key(importing);
    if (!import_find_stored(importing, &id, failure))
        return false;
    if (id != 0)
        return store_update(importing->session->store, id, &stored, changed, failure);
    importing->new_count++; /* the filter took its key for another */
    return store_insert(importing->session->store, &stored, &id, failure);
}

static bool put_group(struct importing *importing, const struct late_group *group, struct failure *failure) {
    bool changed, ignored;
    if (!put_row(importing, group->first, &changed, failure))
        return false;
    importing->updated_count += changed + group->changes;
    if (group->differing == NONE)
        return true;
    return put_row(importing, group->differing, &ignored, failure) && (group->last == group->differing || put_row(importing, group->last, &ignored, failure));
}

bool import_put_late(struct importing *importing, struct failure *failure) {
    for (int64_t i = 0; i < importing->late.count; i++) {
        struct late_group group = *group_at(&importing->late, i);
        arena_reset(importing->row);
        if (!import_may_go_on(importing, i + 1, failure) || !put_group(importing, &group, failure))
            return false;
    }
    return true;
}

void import_free_late(struct importing *importing) {
    key_index_free(&importing->late.keys);
    spill_free(&importing->late.groups);
    spill_free(&importing->late.rows);
}
