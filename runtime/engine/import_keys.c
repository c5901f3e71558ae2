/* Keys of records, and references by them. See import.h.
 * Knows: keys as bytes and as text. Does not know: files. */
#include "runtime/engine/import.h"

#include <string.h>

static bool add_key(void *context, const char *key, int64_t id) {
    key_index_put(context, key, strlen(key), id);
    return true;
}

struct key_index *import_keys_of(struct importing *importing, struct record_type *record, struct failure *failure) {
    for (int i = 0; i < importing->key_count; i++)
        if (importing->key_records[i] == record)
            return &importing->keys[i];
    if (importing->key_count == LIMIT_IMPORT_REFERENCES) {
        failure_set(failure, DIAG_TOO_MANY_REFERENCES);
        return NULL;
    }
    struct store *store = importing->session->store;
    struct key_index *keys = &importing->keys[importing->key_count];
    importing->key_records[importing->key_count++] = record;
    if (record == importing->import->record)
        importing->own_keys = keys;
    int64_t count;
    if (!store_count(store, record, &count, failure))
        return NULL;
    key_index_reserve(keys, count);
    return store_each_key(store, record, INT32_MAX, add_key, keys, failure) ? keys : NULL;
}

/* ---- the row's own key ---- */

static struct value value_of(const struct importing *importing, const struct field *field) {
    for (int i = 0; i < importing->field_count; i++)
        if (importing->fields[i] == field)
            return importing->values[i];
    return value_missing();
}

void import_write_key(struct importing *importing) {
    const struct record_type *record = importing->import->record;
    buffer_clear(&importing->key);
    int count = record->key_count ? record->key_count : 1;
    for (int i = 0; i < count; i++) {
        struct value value = value_of(importing, record->key_count ? record->key[i] : record->fields[FIELD_OWN_KEY]);
        if (!record->key_count && value.kind == VALUE_MISSING)
            return;
        buffer_add_char(&importing->key, (char)('0' + value.kind));
        if (value.kind == VALUE_TEXT) {
            buffer_add(&importing->key, (const char *)&value.length, sizeof value.length);
            buffer_add(&importing->key, value.text, value.length);
        } else
            buffer_add(&importing->key, (const char *)&value.integer, sizeof value.integer);
    }
}

bool import_find_stored(struct importing *importing, int64_t *id, struct failure *failure) {
    struct record_type *record = importing->import->record;
    *id = 0;
    if (importing->key.length == 0)
        return true;
    if (!record->key_count) {
        struct value key = value_of(importing, record->fields[FIELD_OWN_KEY]);
        return store_find_key(importing->session->store, record, key.text, key.length, id, failure);
    }
    struct value *key = ARENA_ARRAY(importing->row, struct value, record->key_count);
    for (int i = 0; i < record->key_count; i++)
        key[i] = value_of(importing, record->key[i]);
    return store_find_natural(importing->session->store, record, key, id, failure);
}

/* The row's key as people write it, in text_key. False when rows cannot refer to each other by it: there is none, or a part of it is itself a reference, which is looked up once all
 * rows are in. */
static bool write_text_key(struct importing *importing) {
    const struct record_type *record = importing->import->record;
    buffer_clear(&importing->text_key);
    if (!importing->own_keys)
        return false;
    for (int i = 0; i < (record->key_count ? record->key_count : 1); i++) {
        const struct field *field = record->key_count ? record->key[i] : record->fields[FIELD_OWN_KEY];
        if (field->type.kind == TYPE_RECORD)
            return false;
        if (i)
            buffer_add_char(&importing->text_key, '/');
        value_write(&importing->text_key, value_of(importing, field), field->type, VALUE_PLAIN);
    }
    return importing->text_key.length > 0;
}

bool import_is_new(struct importing *importing) {
    int64_t id;
    return write_text_key(importing) && !key_index_find(importing->own_keys, importing->text_key.bytes, importing->text_key.length, &id);
}

void import_note_row(struct importing *importing, int64_t id) {
    if (write_text_key(importing))
        key_index_put(importing->own_keys, importing->text_key.bytes, importing->text_key.length, id);
}

bool import_find_own(struct importing *importing, const char *key, size_t length, int64_t *id, struct failure *failure) {
    return (importing->own_keys && key_index_find(importing->own_keys, key, length, id)) ||
           store_find_key(importing->session->store, importing->import->record, key, length, id, failure);
}

/* ---- references to rows that come later in the file ---- */

struct kept_forward {
    int64_t id, line, element;
    uint32_t field, length; /* of the record's fields; of the key, which follows */
};
enum { FORWARD_BYTES_RESIDENT = 1 << 20 };

void import_keep_forwards(struct importing *importing, int64_t id) {
    for (int i = 0; i < importing->row_forwards.count; i++) {
        const struct forward *forward = &importing->row_forwards.items[i];
        struct kept_forward kept = {id, importing->reader->line, importing->reader->element, (uint32_t)forward->field->index, forward->length};
        spill_reserve(&importing->forwards, importing->forward_bytes + sizeof kept + kept.length);
        spill_touch(&importing->forwards, importing->forward_bytes, FORWARD_BYTES_RESIDENT);
        memcpy(importing->forwards.bytes + importing->forward_bytes, &kept, sizeof kept);
        memcpy(importing->forwards.bytes + importing->forward_bytes + sizeof kept, forward->key, kept.length);
        importing->forward_bytes += sizeof kept + kept.length;
    }
}

static bool put_forward(struct importing *importing, const struct kept_forward *forward, const char *key, struct failure *failure) {
    struct field *field = importing->import->record->fields[forward->field];
    int64_t target;
    if (!import_find_own(importing, key, forward->length, &target, failure))
        return false;
    if (target == 0) {
        import_reject_reference(importing, forward->line, forward->element, field, key, forward->length);
        return true;
    }
    struct value value = value_int(target);
    struct store_row row = {importing->import->record, 1, &field, &value};
    bool changed;
    return store_update(importing->session->store, forward->id, &row, &changed, failure);
}

bool import_put_forwards(struct importing *importing, struct failure *failure) {
    int64_t count = 0;
    for (size_t at = 0; at < importing->forward_bytes;) {
        struct kept_forward forward;
        spill_touch(&importing->forwards, at, FORWARD_BYTES_RESIDENT);
        memcpy(&forward, importing->forwards.bytes + at, sizeof forward);
        arena_reset(importing->row);
        if (!import_may_go_on(importing, ++count, failure) || !put_forward(importing, &forward, importing->forwards.bytes + at + sizeof forward, failure))
            return false;
        at += sizeof forward + forward.length;
    }
    return true;
}

void import_free_keys(struct importing *importing) {
    for (int i = 0; i < importing->key_count; i++)
        key_index_free(&importing->keys[i]);
    key_filter_free(&importing->seen);
    spill_free(&importing->forwards);
}
