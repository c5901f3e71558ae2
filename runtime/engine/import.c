/* Importing a file: every cell converted, every bad row reported, all or nothing unless told otherwise. See session.h and, for the parts, import.h.
 * Knows: mappings, the order of the work. Does not know: CSV (runtime/load), tables (runtime/store). */
#include "runtime/engine/import.h"

#include <string.h>

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

static struct field *direct_field(const struct importing *importing, const struct timport_column *mapping) {
    for (int i = 0; i < importing->import->field_count; i++)
        if (importing->import->fields[i].direct == mapping)
            return importing->import->fields[i].field;
    return NULL;
}

static bool prepare_column(struct importing *importing, struct import_column *column, const struct timport_column *mapping, struct failure *failure) {
    column->mapping = mapping;
    if (!table_reader_find(importing->reader, mapping->column, &column->position, failure))
        return false;
    if (column->position < 0 && !importing->reader->is_empty)
        return no_column(importing, mapping, failure);
    if (table_reader_has_twice(importing->reader, mapping->column)) {
        failure_set(failure, DIAG_COLUMN_TWICE_IN_FILE, importing->path, mapping->column);
        return fail_column(failure, mapping);
    }
    column->conversion = (struct conversion){mapping->type, mapping->patterns, mapping->times, mapping->has_times, &importing->rounded};
    column->field = direct_field(importing, mapping);
    if (mapping->type.kind == TYPE_RECORD) {
        column->conversion.type = (struct type){.kind = TYPE_TEXT};
        column->may_come_later = column->field && mapping->type.record == importing->import->record && column->field->type.optional;
        column->keys = import_keys_of(importing, mapping->type.record, failure);
        if (!column->keys)
            return false;
    }
    column->case_values = ARENA_ARRAY(importing->arena, struct value, mapping->case_count);
    for (int i = 0; i < mapping->case_count; i++) {
        if (!session_evaluate(importing->session, mapping->cases[i].to, &column->case_values[i], failure))
            return false;
        column->case_values[i] = value_keep(importing->arena, column->case_values[i]);
        if (mapping->cases[i].from)
            key_index_put(&column->cases, mapping->cases[i].from, strlen(mapping->cases[i].from), i);
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
    importing->has_expressions = import->condition != NULL;
    for (int i = 0; i < import->field_count; i++)
        importing->has_expressions = importing->has_expressions || import->fields[i].value;
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

/* ---- all rows ---- */

/* A row whose key stood in the file before waits until all others are in. */
static bool put_row(struct importing *importing, struct failure *failure) {
    import_write_key(importing);
    if (importing->key.length && key_filter_add(&importing->seen, importing->key.bytes, importing->key.length) && !import_is_new(importing)) {
        import_keep_late(importing);
        return true;
    }
    int64_t id = 0;
    if (!importing->starts_empty && !import_find_stored(importing, &id, failure))
        return false;
    if (!store_loader_add(importing->loader, id, importing->values, failure))
        return false;
    if (id == 0)
        id = store_loader_last_id(importing->loader);
    import_keep_forwards(importing, id);
    import_note_row(importing, id);
    return true;
}

static bool take_row(struct importing *importing, struct failure *failure) {
    bool is_wanted;
    if (!import_make_row(importing, &is_wanted, failure))
        return false;
    if (!is_wanted) {
        importing->left_out++;
        return true;
    }
    importing->row_count++;
    if (importing->reasons.length)
        return import_reject_row(importing, buffer_string(&importing->reasons), true, failure);
    return importing->bad_count && !importing->session->options.keep_good ? true : put_row(importing, failure);
}

static bool read_rows(struct importing *importing, struct failure *failure) {
    enum reader_step step;
    while ((step = importing->reader->next(importing->reader, failure)) == READER_ROW || step == READER_BAD_ROW) {
        arena_reset(importing->row);
        importing->row_count += step == READER_BAD_ROW;
        bool good = step == READER_BAD_ROW ? import_reject_row(importing, importing->reader->problem, false, failure) : take_row(importing, failure);
        if (!good || !import_may_go_on(importing, importing->row_count + importing->left_out, failure))
            return false;
    }
    return step == READER_END;
}

static bool tell(struct importing *importing, struct failure *failure) {
    struct session *session = importing->session;
    if (importing->bad_count && !session->options.keep_good) {
        failure_set(failure, DIAG_BAD_ROWS, (long long)importing->bad_count, (long long)importing->row_count, importing->path);
        failure_hint(failure, "Mend them, or keep the good rows with --keep-good.");
        return false;
    }
    buffer_add_format(&session->notes, "%s: %lld row%s of %s: %lld new, %lld updated, %lld rejected", importing->path, (long long)importing->row_count, importing->row_count == 1 ? "" : "s",
                      importing->import->record->name, (long long)importing->new_count, (long long)importing->updated_count, (long long)importing->bad_count);
    if (importing->rounded)
        buffer_add_format(&session->notes, "; %lld amount%s rounded to four decimals", (long long)importing->rounded, importing->rounded == 1 ? "" : "s");
    buffer_add_char(&session->notes, '\n');
    return true;
}

static bool run(struct importing *importing, struct failure *failure) {
    const struct timport *import = importing->import;
    struct store *store = importing->session->store;
    importing->reader = table_reader_open(importing->path, failure);
    if (!importing->reader)
        return false;
    int64_t count;
    if (!prepare_fields(importing, failure) || !store_count(store, import->record, &count, failure))
        return false;
    importing->starts_empty = count == 0;
    key_filter_start(&importing->seen, importing->reader->file_bytes);
    importing->loader = store_loader_open(store, import->record, importing->fields, importing->field_count, failure); /* first, for SQLite keeps to little memory from then on */
    importing->columns = ARENA_ARRAY(importing->arena, struct import_column, import->column_count);
    for (int i = 0; importing->loader && i < import->column_count; i++)
        if (!prepare_column(importing, &importing->columns[i], import->columns[i], failure))
            return false;
    if (!importing->loader || !read_rows(importing, failure))
        return false;
    if (importing->bad_count && !importing->session->options.keep_good)
        return tell(importing, failure);
    struct store_loader *loader = importing->loader;
    importing->loader = NULL;
    return store_loader_finish(loader, &importing->new_count, &importing->updated_count, failure) && import_put_late(importing, failure) && import_put_forwards(importing, failure) &&
           tell(importing, failure);
}

static void free_import(struct importing *importing) {
    store_loader_abandon(importing->loader);
    if (importing->reader)
        importing->reader->close(importing->reader);
    for (int i = 0; importing->columns && i < importing->import->column_count; i++)
        key_index_free(&importing->columns[i].cases);
    import_free_keys(importing);
    import_free_late(importing);
    buffer_free(&importing->reasons);
    buffer_free(&importing->key);
    buffer_free(&importing->text_key);
    arena_destroy(importing->row);
    arena_destroy(importing->arena);
}

bool session_import(struct session *session, const struct timport *import, struct failure *failure) {
    struct importing importing = {.session = session, .import = import, .arena = arena_create(), .row = arena_create(), .path = session_find_file(session, import->path, import->span)};
    int kept = session->bindings.count;
    bool good = run(&importing, failure);
    session->bindings.count = kept;
    good = import_close_rejected(&importing, failure) && good;
    free_import(&importing);
    if (good && strcmp(import->record->name, "holiday") == 0)
        good = session_refresh_inputs(session, failure);
    return good;
}
