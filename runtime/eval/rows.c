/* Rows of the store for the walker: by id, all of a type, or those that refer to one. See walk.h.
 * Knows: cursors, batches. Does not know: expressions. */
#include "runtime/eval/walk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_KEPT = 512 /* looked-up rows kept for each record type; a power of two */ };

/* A row that was looked up. Its texts are in its own buffer. */
struct kept_row {
    int64_t id, as_of;
    bool is_used, is_there;
    struct value *values; /* in the order of the reader's fields */
    char *texts;
    size_t text_capacity;
};
struct reader {
    struct record_type *record;
    LIST_OF(struct field *) fields; /* read of this record type */
    int *columns;                   /* place in fields by field index, -1 */
    struct cursor *by_id, *by_id_past;
    int by_id_fields;               /* how many fields by_id, by_id_past and the rows kept have */
    struct kept_row *kept;
};

/* A cursor over all rows or over those of an owner, with the fields that were wanted when it was made. */
struct open_scan {
    struct open_scan *next;
    struct cursor *cursor;
    struct record_type *record;
    struct field *reference;
    bool is_past;
    int *columns;
    struct field **fields;
    int field_count;
};

struct reader *walker_reader(struct walker *walker, struct record_type *record) {
    assert(record->index < walker->reader_count);
    struct reader *reader = walker->readers[record->index];
    if (reader)
        return reader;
    reader = walker->readers[record->index] = ARENA_NEW(walker->arena, struct reader);
    reader->record = record;
    reader->columns = ARENA_ARRAY(walker->arena, int, record->field_count);
    for (int i = 0; i < record->field_count; i++)
        reader->columns[i] = -1;
    return reader;
}

void reader_want(struct walker *walker, struct field *field) {
    struct reader *reader = walker_reader(walker, field->record);
    if (reader->columns[field->index] >= 0)
        return;
    reader->columns[field->index] = reader->fields.count;
    LIST_ADD(walker->arena, &reader->fields, field);
}

struct value batch_value(const struct batch_column *column, enum representation representation, int row) {
    if (column->missing[row])
        return value_missing();
    switch (representation) {
    case REPRESENTATION_NUMBER:
        return value_number(column->numbers[row]);
    case REPRESENTATION_TEXT:
        return value_text(column->texts[row], column->lengths[row]);
    default:
        return value_int(column->integers[row]);
    }
}

const struct row_view *row_view_keep(struct arena *arena, const struct row_view *view) {
    if (!view)
        return NULL;
    struct batch *batch = ARENA_NEW(arena, struct batch);
    batch->row_count = 1;
    batch->columns = ARENA_ARRAY(arena, struct batch_column, view->field_count);
    for (int i = 0; i < view->field_count; i++) {
        enum representation representation = type_representation(view->fields[i]->type);
        struct value value = value_keep(arena, batch_value(&view->batch->columns[i], representation, view->row));
        struct batch_column *column = &batch->columns[i];
        column->missing = ARENA_NEW(arena, uint8_t);
        column->missing[0] = value.kind == VALUE_MISSING;
        column->integers = ARENA_NEW(arena, int64_t);
        column->numbers = ARENA_NEW(arena, double);
        column->texts = ARENA_NEW(arena, const char *);
        column->lengths = ARENA_NEW(arena, uint32_t);
        if (value.kind == VALUE_INT)
            column->integers[0] = value.integer;
        else if (value.kind == VALUE_NUMBER)
            column->numbers[0] = value.number;
        else if (value.kind == VALUE_TEXT) {
            column->texts[0] = value.text;
            column->lengths[0] = value.length;
        }
    }
    struct row_view *kept = ARENA_NEW(arena, struct row_view);
    *kept = *view;
    kept->batch = batch;
    kept->row = 0;
    return kept;
}

/* ---- by id ---- */

static void forget_rows(struct reader *reader) {
    for (int i = 0; reader->kept && i < ROWS_KEPT; i++)
        free(reader->kept[i].texts);
    reader->kept = NULL;
    cursor_close(reader->by_id);
    cursor_close(reader->by_id_past);
    reader->by_id = reader->by_id_past = NULL;
}

static bool is_past(const struct walker *walker) {
    return walker->as_of != STORE_PRESENT;
}

static bool restart(struct walker *walker, struct cursor *cursor, int64_t owner_or_id) {
    return is_past(walker) ? cursor_restart_as_of(cursor, owner_or_id, walker->as_of, walker->failure) : cursor_restart(cursor, owner_or_id, walker->failure);
}

static void make_kept(struct walker *walker, struct reader *reader) {
    reader->by_id_fields = reader->fields.count;
    reader->kept = ARENA_ARRAY(walker->arena, struct kept_row, ROWS_KEPT);
    struct value *values = ARENA_ARRAY(walker->arena, struct value, (size_t)ROWS_KEPT * (size_t)reader->fields.count);
    for (int i = 0; i < ROWS_KEPT; i++)
        reader->kept[i].values = values + (size_t)i * (size_t)reader->fields.count;
}

/* The cursor reads all fields wanted; when more are wanted than before it is made anew. */
static bool open_by_id(struct walker *walker, struct reader *reader, int64_t id) {
    if (reader->kept && reader->by_id_fields != reader->fields.count)
        forget_rows(reader);
    struct cursor **cursor = is_past(walker) ? &reader->by_id_past : &reader->by_id;
    if (*cursor)
        return restart(walker, *cursor, id);
    struct scan scan = {.record = reader->record, .order = SCAN_BY_ID, .only_id = true, .id = id, .is_past = is_past(walker), .as_of = walker->as_of, .fields = reader->fields.items,
                        .field_count = reader->fields.count};
    *cursor = store_scan(walker->inputs->store, &scan, walker->failure);
    if (!reader->kept)
        make_kept(walker, reader);
    return *cursor != NULL;
}

static void keep_texts(struct kept_row *row, int count) {
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += row->values[i].kind == VALUE_TEXT ? row->values[i].length : 0;
    if (size > row->text_capacity) {
        free(row->texts);
        row->texts = malloc(size * 2);
        row->text_capacity = size * 2;
        if (!row->texts)
            abort();
    }
    char *at = row->texts;
    for (int i = 0; i < count; i++)
        if (row->values[i].kind == VALUE_TEXT && row->values[i].length > 0) {
            memcpy(at, row->values[i].text, row->values[i].length);
            row->values[i].text = at;
            at += row->values[i].length;
        }
}

/* The same row at two times has two places. */
static struct kept_row *kept_place(const struct walker *walker, const struct reader *reader, int64_t id) {
    return &reader->kept[((uint64_t)id ^ (is_past(walker) ? (uint64_t)walker->as_of * 17 + 1 : 0)) & (ROWS_KEPT - 1)];
}

static struct kept_row *find_row(struct walker *walker, struct reader *reader, int64_t id) {
    if (reader->kept && reader->by_id_fields == reader->fields.count) {
        struct kept_row *row = kept_place(walker, reader, id);
        if (row->is_used && row->id == id && row->as_of == walker->as_of)
            return row;
    }
    if (!open_by_id(walker, reader, id))
        return NULL;
    const struct batch *batch = cursor_next(is_past(walker) ? reader->by_id_past : reader->by_id, walker->failure);
    if (!batch)
        return NULL;
    struct kept_row *row = kept_place(walker, reader, id);
    row->id = id;
    row->as_of = walker->as_of;
    row->is_used = true;
    row->is_there = batch->row_count > 0;
    for (int i = 0; i < reader->fields.count; i++)
        row->values[i] = batch->row_count ? batch_value(&batch->columns[i], type_representation(reader->fields.items[i]->type), 0) : value_missing();
    keep_texts(row, reader->fields.count);
    return row;
}

bool reader_field(struct walker *walker, struct field *field, int64_t id, struct value *result) {
    reader_want(walker, field);
    struct reader *reader = walker_reader(walker, field->record);
    const struct kept_row *row = find_row(walker, reader, id);
    if (!row)
        return false;
    *result = value_keep(walker->scratch, row->values[reader->columns[field->index]]);
    return true;
}

bool reader_has(struct walker *walker, struct record_type *record, int64_t id, bool *has) {
    const struct kept_row *row = find_row(walker, walker_reader(walker, record), id);
    *has = row && row->is_there;
    return row != NULL;
}

/* ---- many rows ---- */

static struct open_scan *take_idle(struct walker *walker, const struct record_type *record, const struct field *reference, int field_count) {
    for (struct open_scan **at = &walker->idle; *at; at = &(*at)->next)
        if ((*at)->record == record && (*at)->reference == reference && (*at)->field_count == field_count && (*at)->is_past == is_past(walker)) {
            struct open_scan *found = *at;
            *at = found->next;
            return found;
        }
    return NULL;
}

static struct open_scan *open_scan(struct walker *walker, struct record_type *record, struct field *reference, int64_t owner) {
    struct reader *reader = walker_reader(walker, record);
    struct open_scan *open = take_idle(walker, record, reference, reader->fields.count);
    if (open && !restart(walker, open->cursor, owner)) {
        cursor_close(open->cursor);
        return NULL;
    }
    if (open)
        return open;
    open = ARENA_NEW(walker->arena, struct open_scan);
    *open = (struct open_scan){.record = record, .reference = reference, .is_past = is_past(walker), .field_count = reader->fields.count};
    open->columns = ARENA_ARRAY(walker->arena, int, record->field_count);
    memcpy(open->columns, reader->columns, sizeof *open->columns * (size_t)record->field_count);
    open->fields = ARENA_ARRAY(walker->arena, struct field *, reader->fields.count);
    if (reader->fields.count)
        memcpy(open->fields, reader->fields.items, sizeof *open->fields * (size_t)reader->fields.count);
    struct scan scan = {.record = record, .order = reference ? SCAN_BY_REFERENCE : SCAN_BY_ID, .reference = reference, .only_owner = reference != NULL, .owner = owner,
                        .is_past = is_past(walker), .as_of = walker->as_of, .fields = open->fields, .field_count = reader->fields.count};
    open->cursor = store_scan(walker->inputs->store, &scan, walker->failure);
    return open->cursor ? open : NULL;
}

enum step walk_rows(struct walker *walker, struct record_type *record, struct field *reference, int64_t owner, element_visitor visit, void *context) {
    struct open_scan *open = open_scan(walker, record, reference, owner);
    if (!open)
        return STEP_FAILED;
    enum step step = STEP_ON;
    struct row_view view = {.columns = open->columns, .column_count = record->field_count, .fields = open->fields, .field_count = open->field_count, .as_of = walker->as_of};
    while (step == STEP_ON) {
        view.batch = cursor_next(open->cursor, walker->failure);
        if (!view.batch) {
            step = STEP_FAILED;
            break;
        }
        if (view.batch->row_count == 0)
            break;
        for (view.row = 0; view.row < view.batch->row_count && step == STEP_ON; view.row++)
            step = visit(context, (struct element){value_int(view.batch->ids[view.row]), &view});
    }
    open->next = walker->idle;
    walker->idle = open;
    return step;
}

void readers_close(struct walker *walker) {
    for (int i = 0; i < walker->reader_count; i++)
        if (walker->readers[i])
            forget_rows(walker->readers[i]);
    for (struct open_scan *open = walker->idle; open; open = open->next)
        cursor_close(open->cursor);
    walker->idle = NULL;
}
