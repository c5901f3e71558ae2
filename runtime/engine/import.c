/* Importing a file: every cell converted, every bad row reported, all or nothing unless told otherwise. See session.h.
 * Knows: mappings, keys, rows of files. Does not know: CSV (runtime/load), tables (runtime/store). */
#include "lang/base/limits.h"
#include "runtime/engine/session.h"
#include "runtime/eval/eval.h"
#include "runtime/load/convert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- a table from bytes to a number ---- */

struct entry {
    const char *bytes;
    uint32_t length, hash;
    int64_t number;
};
struct table {
    struct arena *arena;
    struct entry *entries;
    uint32_t size, count;
};

static uint32_t hash_of(const char *bytes, size_t length) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001B3);
    return (uint32_t)(hash ^ (hash >> 29));
}

/* The entry of these bytes, or the free place for them. */
static struct entry *table_place(struct table *table, const char *bytes, size_t length, uint32_t hash) {
    uint32_t at = hash & (table->size - 1);
    for (; table->entries[at].bytes; at = (at + 1) & (table->size - 1)) {
        struct entry *entry = &table->entries[at];
        if (entry->hash == hash && entry->length == length && memcmp(entry->bytes, bytes, length) == 0)
            return entry;
    }
    return &table->entries[at];
}

static void table_grow(struct table *table) {
    struct entry *old = table->entries;
    uint32_t old_size = table->size;
    table->size = old_size ? old_size * 2 : 1024;
    table->entries = calloc(table->size, sizeof *table->entries);
    if (!table->entries)
        abort();
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i].bytes)
            *table_place(table, old[i].bytes, old[i].length, old[i].hash) = old[i];
    free(old);
}

static void table_put(struct table *table, const char *bytes, size_t length, int64_t number) {
    if ((table->count + 1) * 2 > table->size)
        table_grow(table);
    uint32_t hash = hash_of(bytes, length);
    struct entry *entry = table_place(table, bytes, length, hash);
    if (!entry->bytes) {
        *entry = (struct entry){arena_copy(table->arena, bytes, length), (uint32_t)length, hash, 0};
        table->count++;
    }
    entry->number = number;
}

static const struct entry *table_find(struct table *table, const char *bytes, size_t length) {
    if (!table->size)
        return NULL;
    const struct entry *entry = table_place(table, bytes, length, hash_of(bytes, length));
    return entry->bytes ? entry : NULL;
}

/* ---- the import ---- */

struct column {
    const struct timport_column *mapping;
    int position;               /* in the file */
    struct conversion conversion;
    struct table *keys;         /* of a reference */
    struct value value;         /* of this row */
    struct table cases;         /* text to position + 1 */
    const struct timport_case *otherwise;
    struct value *case_values;
};
struct late_row { /* a row whose key stood in the file before: it updates that one, after all are in */
    struct value *values;
    int64_t line;
};
struct forward { /* a reference to a row of the same file that comes later */
    int64_t id, line;
    struct field *field;
    const char *key;
    size_t length;
};
struct importing {
    struct session *session;
    const struct timport *import;
    struct arena *arena;        /* of the import */
    struct arena *row;          /* of one row */
    struct table_reader *reader;
    struct store_loader *loader;
    struct column *columns;
    struct field **fields;      /* written: mapped ones, then those with defaults */
    struct value *values, *standards;
    int field_count;
    struct table key_tables[LIMIT_IMPORT_REFERENCES];
    struct record_type *key_records[LIMIT_IMPORT_REFERENCES];
    int key_table_count;
    struct table seen;          /* keys of this file's rows */
    bool starts_empty;
    LIST_OF(struct late_row) late;
    LIST_OF(struct forward) forwards; /* of the whole file */
    int row_forwards;                 /* the last so many are of this row */
    struct buffer reasons, key;
    FILE *rejected;
    int64_t row_count, bad_count, new_count, updated_count, left_out;
    const char *path;
};

static bool add_key(void *context, const char *key, int64_t id) {
    table_put(context, key, strlen(key), id);
    return true;
}

static struct table *keys_of(struct importing *importing, struct record_type *record, struct failure *failure) {
    for (int i = 0; i < importing->key_table_count; i++)
        if (importing->key_records[i] == record)
            return &importing->key_tables[i];
    if (importing->key_table_count == LIMIT_IMPORT_REFERENCES) {
        failure_set(failure, DIAG_TOO_MANY_REFERENCES);
        return NULL;
    }
    struct table *table = &importing->key_tables[importing->key_table_count];
    importing->key_records[importing->key_table_count++] = record;
    table->arena = importing->arena;
    return store_each_key(importing->session->store, record, INT32_MAX, add_key, table, failure) ? table : NULL;
}

/* ---- preparing ---- */

static bool fail_column(struct failure *failure, const struct timport_column *mapping) {
    failure->span = mapping->span;
    failure->has_span = mapping->span.end > 0;
    return false;
}

static bool no_column(struct importing *importing, const struct timport_column *mapping, struct failure *failure) {
    if (importing->reader->problem) /* it may be named where the file cannot be read */
        return failure_set(failure, DIAG_JSON_BROKEN, importing->path, importing->reader->problem);
    failure_set(failure, DIAG_COLUMN_NOT_IN_FILE, importing->path, mapping->column);
    fail_column(failure, mapping);
    struct nearest nearest;
    nearest_start(&nearest, mapping->column);
    for (int i = 0; i < importing->reader->column_count; i++)
        nearest_offer(&nearest, importing->reader->columns[i]);
    if (nearest.best)
        failure_hint(failure, "did you mean `%s`?", nearest.best);
    else if (importing->reader->column_count > 0) {
        struct buffer names = {0};
        for (int i = 0; i < importing->reader->column_count && i < 12; i++)
            buffer_add_format(&names, "%s`%s`", i ? ", " : "", importing->reader->columns[i]);
        failure_hint(failure, "Its columns are %s%s.", buffer_string(&names), importing->reader->column_count > 12 ? ", …" : "");
        buffer_free(&names);
    }
    return false;
}

static bool prepare_column(struct importing *importing, struct column *column, const struct timport_column *mapping, struct failure *failure) {
    column->mapping = mapping;
    if (!table_reader_find(importing->reader, mapping->column, &column->position, failure))
        return false;
    if (column->position < 0 && !importing->reader->is_empty)
        return no_column(importing, mapping, failure);
    if (table_reader_has_twice(importing->reader, mapping->column)) {
        failure_set(failure, DIAG_COLUMN_TWICE_IN_FILE, importing->path, mapping->column);
        return fail_column(failure, mapping);
    }
    column->conversion = (struct conversion){mapping->type, mapping->patterns, mapping->times, mapping->has_times};
    if (mapping->type.kind == TYPE_RECORD) {
        column->conversion.type = (struct type){.kind = TYPE_TEXT};
        column->keys = keys_of(importing, mapping->type.record, failure);
        if (!column->keys)
            return false;
    }
    column->cases.arena = importing->arena;
    column->case_values = ARENA_ARRAY(importing->arena, struct value, mapping->case_count);
    for (int i = 0; i < mapping->case_count; i++) {
        if (!session_evaluate(importing->session, mapping->cases[i].to, &column->case_values[i], failure))
            return false;
        column->case_values[i] = value_keep(importing->arena, column->case_values[i]);
        if (mapping->cases[i].from)
            table_put(&column->cases, mapping->cases[i].from, strlen(mapping->cases[i].from), i);
        else
            column->otherwise = &mapping->cases[i];
    }
    return true;
}

static bool prepare_fields(struct importing *importing, struct failure *failure) {
    const struct timport *import = importing->import;
    struct record_type *record = import->record;
    importing->fields = ARENA_ARRAY(importing->arena, struct field *, record->field_count + 1);
    importing->values = ARENA_ARRAY(importing->arena, struct value, record->field_count + 1);
    importing->standards = ARENA_ARRAY(importing->arena, struct value, record->field_count + 1);
    for (int i = 0; i < import->field_count; i++)
        importing->fields[importing->field_count++] = import->fields[i].field;
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
        struct field *field = record->fields[f];
        bool mapped = false;
        for (int i = 0; i < import->field_count; i++)
            mapped = mapped || import->fields[i].field == field;
        if (field->kind == FIELD_STORED && field->standard && !mapped)
            importing->fields[importing->field_count++] = field;
    }
    for (int i = 0; i < importing->field_count; i++) {
        if (!importing->fields[i]->standard)
            continue;
        if (!session_evaluate(importing->session, importing->fields[i]->standard, &importing->standards[i], failure))
            return false;
        importing->standards[i] = value_keep(importing->arena, importing->standards[i]);
    }
    return true;
}

/* ---- one row ---- */

static void add_reason(struct importing *importing, const char *reason) {
    if (importing->reasons.length)
        buffer_add_string(&importing->reasons, "; ");
    buffer_add_string(&importing->reasons, reason);
}

static struct cell trimmed(struct cell cell) {
    while (cell.length && (unsigned char)cell.text[0] <= ' ')
        cell.text++, cell.length--;
    while (cell.length && (unsigned char)cell.text[cell.length - 1] <= ' ')
        cell.length--;
    return cell;
}

static struct field *direct_field(const struct importing *importing, const struct column *column) {
    for (int i = 0; i < importing->import->field_count; i++)
        if (importing->import->fields[i].direct == column->mapping)
            return importing->import->fields[i].field;
    return NULL;
}

/* A row may refer to one of its own kind that stands later in the file, when the field may be missing until then. */
static bool may_come_later(const struct importing *importing, const struct column *column) {
    const struct field *field = direct_field(importing, column);
    return field && column->mapping->type.record == importing->import->record && field->type.optional;
}

static void read_column(struct importing *importing, struct column *column) {
    struct cell cell = trimmed(importing->reader->cells[column->position]);
    const struct entry *named = column->cases.count ? table_find(&column->cases, cell.text, cell.length) : NULL;
    column->value = value_missing();
    if (named) {
        column->value = column->case_values[named->number];
        return;
    }
    if (column->otherwise && cell.length) {
        column->value = column->case_values[column->otherwise - column->mapping->cases];
        return;
    }
    const char *problem = NULL;
    if (!convert_cell(importing->row, &column->conversion, &cell, &column->value, &problem)) {
        add_reason(importing, arena_format(importing->row, "%s: %s", column->mapping->column, problem));
        return;
    }
    if (column->keys && column->value.kind == VALUE_TEXT) {
        const struct entry *found = table_find(column->keys, column->value.text, column->value.length);
        if (found)
            column->value = value_int(found->number);
        else if (may_come_later(importing, column)) {
            struct forward forward = {0, importing->reader->line, direct_field(importing, column), arena_copy(importing->arena, column->value.text, column->value.length), column->value.length};
            LIST_ADD(importing->arena, &importing->forwards, forward);
            importing->row_forwards++;
            column->value = value_missing();
        } else {
            add_reason(importing, arena_format(importing->row, "%s: there is no %s `%.*s`", column->mapping->column, column->mapping->type.record->name, (int)column->value.length, column->value.text));
            column->value = value_missing();
        }
    }
}

static bool bind_columns(struct importing *importing) {
    for (int i = 0; i < importing->import->column_count; i++)
        session_bind(importing->session, importing->columns[i].mapping->variable, importing->columns[i].value);
    return true;
}

static bool evaluate(struct importing *importing, const struct texpr *expression, struct value *value, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(importing->session);
    return eval_evaluate(importing->row, &inputs, expression, value, failure);
}

/* The record that a text names becomes its id. */
static bool find_by_key(struct importing *importing, const struct field *field, struct value *value, struct failure *failure) {
    struct table *keys = keys_of(importing, field->type.record, failure);
    if (!keys)
        return false;
    const struct entry *found = table_find(keys, value->text, value->length);
    if (!found && value->length)
        add_reason(importing, arena_format(importing->row, "%s: there is no %s `%.*s`", field->name, field->type.record->name, (int)value->length, value->text));
    *value = found ? value_int(found->number) : value_missing();
    return true;
}

/* The values of the row's fields; reasons grow where they cannot be had. False when something else than the row is wrong. */
static bool make_values(struct importing *importing, struct failure *failure) {
    const struct timport *import = importing->import;
    for (int i = 0; i < importing->field_count; i++) {
        struct field *field = importing->fields[i];
        struct value value = value_missing();
        if (i < import->field_count && import->fields[i].direct)
            for (int c = 0; c < import->column_count; c++) {
                if (import->columns[c] == import->fields[i].direct)
                    value = importing->columns[c].value;
            }
        else if (i < import->field_count) {
            struct failure wrong = {0};
            if (!evaluate(importing, import->fields[i].value, &value, &wrong)) {
                if (wrong.kind != FAILURE_PROGRAM) {
                    *failure = wrong;
                    return false;
                }
                add_reason(importing, arena_format(importing->row, "%s: %s", field->name, wrong.message));
            }
            if (import->fields[i].by_key && value.kind == VALUE_TEXT && !find_by_key(importing, field, &value, failure))
                return false;
        }
        if (value.kind == VALUE_MISSING && field->standard)
            value = importing->standards[i];
        if (value.kind == VALUE_MISSING && !field->type.optional && importing->reasons.length == 0)
            add_reason(importing, arena_format(importing->row, "`%s` is blank, but it must have a value", field->name));
        importing->values[i] = value;
    }
    return true;
}

static struct value value_of(const struct importing *importing, const struct field *field) {
    for (int i = 0; i < importing->field_count; i++)
        if (importing->fields[i] == field)
            return importing->values[i];
    return value_missing();
}

/* The key as bytes: what tells rows of the file apart. Empty when the record has none. */
static void write_key(struct importing *importing) {
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

static bool find_stored(struct importing *importing, int64_t *id, struct failure *failure) {
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

/* Rows that follow may refer to this one, when the file's records refer to their own kind. */
static void note_own_key(struct importing *importing, int64_t id) {
    const struct record_type *record = importing->import->record;
    struct table *keys = NULL;
    for (int i = 0; i < importing->key_table_count; i++)
        if (importing->key_records[i] == record)
            keys = &importing->key_tables[i];
    if (!keys)
        return;
    buffer_clear(&importing->key);
    for (int i = 0; i < (record->key_count ? record->key_count : 1); i++) {
        const struct field *field = record->key_count ? record->key[i] : record->fields[FIELD_OWN_KEY];
        if (field->type.kind == TYPE_RECORD) /* such keys are looked up once all rows are in */
            return;
        if (i)
            buffer_add_char(&importing->key, '/');
        value_write(&importing->key, value_of(importing, field), field->type, VALUE_PLAIN);
    }
    if (importing->key.length)
        table_put(keys, importing->key.bytes, importing->key.length, id);
}

static bool put_row(struct importing *importing, struct failure *failure) {
    write_key(importing);
    if (importing->key.length) {
        if (table_find(&importing->seen, importing->key.bytes, importing->key.length)) {
            struct late_row late = {ARENA_ARRAY(importing->arena, struct value, importing->field_count), importing->reader->line};
            for (int i = 0; i < importing->field_count; i++)
                late.values[i] = value_keep(importing->arena, importing->values[i]);
            LIST_ADD(importing->arena, &importing->late, late);
            return true;
        }
        table_put(&importing->seen, importing->key.bytes, importing->key.length, 1);
    }
    int64_t id = 0;
    if (!importing->starts_empty && !find_stored(importing, &id, failure))
        return false;
    if (!store_loader_add(importing->loader, id, importing->values, failure))
        return false;
    if (id == 0)
        id = store_loader_last_id(importing->loader);
    for (int i = importing->forwards.count - importing->row_forwards; i < importing->forwards.count; i++)
        importing->forwards.items[i].id = id;
    note_own_key(importing, id);
    return true;
}

/* ---- bad rows ---- */

static void write_csv_cell(FILE *file, const char *text, size_t length) {
    fputc('"', file);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            fputc('"', file);
        fputc(text[i], file);
    }
    fputc('"', file);
}

static bool open_rejected(struct importing *importing, struct failure *failure) {
    const char *path = importing->session->options.rejected_path;
    if (!path)
        path = arena_format(importing->arena, "%s.rejected.csv", importing->path);
    importing->rejected = fopen(path, "w");
    if (!importing->rejected)
        return failure_set(failure, DIAG_FILE_NOT_WRITTEN, path);
    for (int i = 0; i < importing->reader->column_count; i++) {
        write_csv_cell(importing->rejected, importing->reader->columns[i], strlen(importing->reader->columns[i]));
        fputc(',', importing->rejected);
    }
    fputs("\"line\",\"reason\"\n", importing->rejected);
    return true;
}

/* One line, which may quote what stands in the file: a terminal obeys none of it. */
static void write_reason(struct importing *importing, int64_t line, int64_t element, const char *reason) {
    FILE *err = importing->session->options.err;
    fprintf(err, "%s:%lld: ", importing->path, (long long)line);
    if (element)
        fprintf(err, "object %lld: ", (long long)element);
    struct buffer shown = {0};
    diagnostic_draw_text(&shown, reason);
    fprintf(err, "%s\n", buffer_string(&shown));
    buffer_free(&shown);
}

static bool reject_row(struct importing *importing, const char *reason, bool has_cells, struct failure *failure) {
    const struct table_reader *reader = importing->reader;
    importing->bad_count++;
    write_reason(importing, reader->line, reader->element, reason);
    if (!importing->session->options.keep_good)
        return true;
    if (!importing->rejected && !open_rejected(importing, failure))
        return false;
    for (int i = 0; i < reader->column_count; i++) {
        if (has_cells)
            write_csv_cell(importing->rejected, reader->cells[i].text, reader->cells[i].missing ? 0 : reader->cells[i].length);
        else if (i == 0 && reader->raw)
            write_csv_cell(importing->rejected, reader->raw, reader->raw_length);
        fputc(',', importing->rejected);
    }
    fprintf(importing->rejected, "%lld,", (long long)reader->line);
    write_csv_cell(importing->rejected, reason, strlen(reason));
    fputc('\n', importing->rejected);
    return true;
}

/* ---- all rows ---- */

static bool take_row(struct importing *importing, bool has_expressions, struct failure *failure) {
    buffer_clear(&importing->reasons);
    importing->row_forwards = 0;
    for (int i = 0; i < importing->import->column_count; i++)
        read_column(importing, &importing->columns[i]);
    if (has_expressions)
        bind_columns(importing);
    if (importing->import->condition && importing->reasons.length == 0) {
        struct value wanted;
        if (!evaluate(importing, importing->import->condition, &wanted, failure))
            return false;
        if (!wanted.integer) {
            importing->left_out++;
            return true;
        }
    }
    if (!make_values(importing, failure))
        return false;
    importing->row_count++;
    if (importing->reasons.length)
        return reject_row(importing, buffer_string(&importing->reasons), true, failure);
    return importing->bad_count && !importing->session->options.keep_good ? true : put_row(importing, failure);
}

static bool read_rows(struct importing *importing, struct failure *failure) {
    bool has_expressions = importing->import->condition != NULL;
    for (int i = 0; i < importing->import->field_count; i++)
        has_expressions = has_expressions || importing->import->fields[i].value;
    enum reader_step step;
    while ((step = importing->reader->next(importing->reader, failure)) == READER_ROW || step == READER_BAD_ROW) {
        arena_reset(importing->row);
        if (step == READER_BAD_ROW) {
            importing->row_count++;
            if (!reject_row(importing, importing->reader->problem, false, failure))
                return false;
        } else if (!take_row(importing, has_expressions, failure))
            return false;
        const struct session_options *options = &importing->session->options;
        if (importing->row_count % 4096 == 0 && options->should_stop && options->should_stop(options->stop_context))
            return failure_set(failure, DIAG_STORE_STOPPED);
    }
    return step == READER_END;
}

/* References to rows that came later in the file; one that leads nowhere is a bad row. */
static bool put_forwards(struct importing *importing, struct failure *failure) {
    struct store *store = importing->session->store;
    for (int i = 0; i < importing->forwards.count; i++) {
        const struct forward *forward = &importing->forwards.items[i];
        int64_t target;
        if (forward->id == 0) /* its row was not taken */
            continue;
        if (!store_find_key(store, forward->field->type.record, forward->key, forward->length, &target, failure))
            return false;
        if (target == 0) {
            importing->bad_count++;
            fprintf(importing->session->options.err, "%s:%lld: %s: there is no %s `%.*s`\n", importing->path, (long long)forward->line, forward->field->name,
                    forward->field->type.record->name, (int)forward->length, forward->key);
            continue;
        }
        struct field *field = forward->field;
        struct value value = value_int(target);
        struct store_row row = {importing->import->record, 1, &field, &value};
        bool changed;
        if (!store_update(store, forward->id, &row, &changed, failure))
            return false;
    }
    return true;
}

/* Rows whose key stood before in the same file, in the file's order. */
static bool put_late(struct importing *importing, struct failure *failure) {
    for (int i = 0; i < importing->late.count; i++) {
        memcpy(importing->values, importing->late.items[i].values, sizeof *importing->values * (size_t)importing->field_count);
        arena_reset(importing->row);
        write_key(importing);
        int64_t id;
        bool changed;
        struct store_row row = {importing->import->record, importing->field_count, importing->fields, importing->values};
        if (!find_stored(importing, &id, failure) || !store_update(importing->session->store, id, &row, &changed, failure))
            return false;
        importing->updated_count += changed;
    }
    return true;
}

static bool tell(struct importing *importing, struct failure *failure) {
    struct session *session = importing->session;
    if (importing->bad_count && !session->options.keep_good) {
        failure_set(failure, DIAG_BAD_ROWS, (long long)importing->bad_count, (long long)importing->row_count, importing->path);
        failure_hint(failure, "Mend them, or keep the good rows with --keep-good.");
        return false;
    }
    if (!session->options.quiet)
        fprintf(session->options.err, "%s: %lld row%s of %s: %lld new, %lld updated, %lld rejected\n", importing->path, (long long)importing->row_count, importing->row_count == 1 ? "" : "s",
                importing->import->record->name, (long long)importing->new_count, (long long)importing->updated_count, (long long)importing->bad_count);
    return true;
}

static bool run(struct importing *importing, struct failure *failure) {
    const struct timport *import = importing->import;
    struct store *store = importing->session->store;
    importing->reader = table_reader_open(importing->path, failure);
    if (!importing->reader)
        return false;
    importing->columns = ARENA_ARRAY(importing->arena, struct column, import->column_count);
    for (int i = 0; i < import->column_count; i++)
        if (!prepare_column(importing, &importing->columns[i], import->columns[i], failure))
            return false;
    int64_t count;
    if (!prepare_fields(importing, failure) || !store_count(store, import->record, &count, failure))
        return false;
    importing->starts_empty = count == 0;
    importing->loader = store_loader_open(store, import->record, importing->fields, importing->field_count, failure);
    if (!importing->loader || !read_rows(importing, failure))
        return false;
    if (importing->bad_count && !importing->session->options.keep_good)
        return tell(importing, failure);
    struct store_loader *loader = importing->loader;
    importing->loader = NULL;
    return store_loader_finish(loader, &importing->new_count, &importing->updated_count, failure) && put_late(importing, failure) && put_forwards(importing, failure) &&
           tell(importing, failure);
}

bool session_import(struct session *session, const struct timport *import, struct failure *failure) {
    struct importing importing = {.session = session, .import = import, .arena = arena_create(), .row = arena_create(), .path = import->path};
    importing.seen.arena = importing.arena;
    int kept = session->bindings.count;
    bool good = run(&importing, failure);
    session->bindings.count = kept;
    if (importing.loader)
        store_loader_abandon(importing.loader);
    if (importing.reader)
        importing.reader->close(importing.reader);
    if (importing.rejected && fclose(importing.rejected) != 0)
        good = failure_set(failure, DIAG_FILE_NOT_WRITTEN, "the rejected rows");
    for (int i = 0; i < importing.key_table_count; i++)
        free(importing.key_tables[i].entries);
    for (int i = 0; importing.columns && i < import->column_count; i++)
        free(importing.columns[i].cases.entries);
    free(importing.seen.entries);
    buffer_free(&importing.reasons);
    buffer_free(&importing.key);
    arena_destroy(importing.row);
    arena_destroy(importing.arena);
    if (good && strcmp(import->record->name, "holiday") == 0)
        good = session_refresh_inputs(session, failure);
    return good;
}
