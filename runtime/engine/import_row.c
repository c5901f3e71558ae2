/* The values of one row of a file. See import.h.
 * Knows: cells, words with a meaning, expressions over columns, defaults. Does not know: where rows go. */
#include "runtime/engine/import.h"
#include "runtime/eval/eval.h"

#include <string.h>

enum { KEY_COLUMNS_SHOWN = 60 };

void import_add_reason(struct importing *importing, const char *reason) {
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

static void no_such_record(struct importing *importing, const char *where, const struct record_type *record, struct value key) {
    int shown = (int)text_prefix(key.text, key.length, KEY_COLUMNS_SHOWN);
    import_add_reason(importing, arena_format(importing->row, "%s: there is no %s `%.*s`", where, record->name, shown, key.text));
}

/* The record that the column's text names becomes its id. */
static void find_reference(struct importing *importing, struct import_column *column) {
    int64_t id;
    struct value key = column->value;
    column->value = value_missing();
    if (key_index_find(column->keys, key.text, key.length, &id))
        column->value = value_int(id);
    else if (column->may_come_later) {
        struct forward forward = {column->field, key.text, key.length};
        LIST_ADD(importing->row, &importing->row_forwards, forward);
    } else
        no_such_record(importing, column->mapping->column, column->mapping->type.record, key);
}

static void read_column(struct importing *importing, struct import_column *column) {
    struct cell cell = trimmed(importing->reader->cells[column->position]);
    int64_t known;
    if (column->cases.count && key_index_find(&column->cases, cell.text, cell.length, &known)) {
        column->value = column->case_values[known];
        return;
    }
    if (column->otherwise && cell.length) {
        column->value = column->case_values[column->otherwise - column->mapping->cases];
        return;
    }
    const char *problem = NULL;
    column->value = value_missing();
    if (!convert_cell(importing->row, &column->conversion, &cell, &column->value, &problem))
        import_add_reason(importing, arena_format(importing->row, "%s: %s", column->mapping->column, problem));
    else if (column->keys && column->value.kind == VALUE_TEXT)
        find_reference(importing, column);
}

static bool evaluate(struct importing *importing, const struct texpr *expression, struct value *value, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(importing->session);
    return eval_evaluate(importing->row, &inputs, expression, value, failure);
}

/* The record that a text names becomes its id. */
static bool find_by_key(struct importing *importing, const struct field *field, struct value *value, struct failure *failure) {
    struct key_index *keys = import_keys_of(importing, field->type.record, failure);
    if (!keys)
        return false;
    int64_t id;
    bool found = key_index_find(keys, value->text, value->length, &id);
    if (!found && value->length)
        no_such_record(importing, field->name, field->type.record, *value);
    *value = found ? value_int(id) : value_missing();
    return true;
}

static struct value column_value(const struct importing *importing, const struct timport_column *mapping) {
    for (int i = 0; i < importing->import->column_count; i++)
        if (importing->columns[i].mapping == mapping)
            return importing->columns[i].value;
    return value_missing();
}

/* The value of a mapped field. False when something else than the row is wrong. */
static bool make_mapped(struct importing *importing, const struct timport_field *mapped, struct value *value, struct failure *failure) {
    if (mapped->direct) {
        *value = column_value(importing, mapped->direct);
        return true;
    }
    struct failure wrong = {0};
    if (!evaluate(importing, mapped->value, value, &wrong)) {
        if (wrong.kind != FAILURE_PROGRAM) {
            *failure = wrong;
            return false;
        }
        import_add_reason(importing, arena_format(importing->row, "%s: %s", mapped->field->name, wrong.message));
    }
    return !mapped->by_key || value->kind != VALUE_TEXT || find_by_key(importing, mapped->field, value, failure);
}

static bool make_values(struct importing *importing, struct failure *failure) {
    const struct timport *import = importing->import;
    for (int i = 0; i < importing->field_count; i++) {
        struct field *field = importing->fields[i];
        struct value value = value_missing();
        if (i < import->field_count && !make_mapped(importing, &import->fields[i], &value, failure))
            return false;
        if (value.kind == VALUE_MISSING && field->standard)
            value = importing->standards[i];
        if (value.kind == VALUE_MISSING && field->index == FIELD_OWN_KEY && importing->reasons.length == 0) /* else each import would make the row anew */
            import_add_reason(importing, "`key` is blank");
        if (value.kind == VALUE_MISSING && !field->type.optional && importing->reasons.length == 0)
            import_add_reason(importing, arena_format(importing->row, "`%s` is blank, but it must have a value", field->name));
        importing->values[i] = value;
    }
    return true;
}

bool import_make_row(struct importing *importing, bool *is_wanted, struct failure *failure) {
    buffer_clear(&importing->reasons);
    memset(&importing->row_forwards, 0, sizeof importing->row_forwards);
    *is_wanted = true;
    for (int i = 0; i < importing->import->column_count; i++)
        read_column(importing, &importing->columns[i]);
    for (int i = 0; i < importing->import->column_count && importing->has_expressions; i++)
        session_bind(importing->session, importing->columns[i].mapping->variable, importing->columns[i].value);
    if (importing->import->condition && importing->reasons.length == 0) {
        struct value wanted;
        if (!evaluate(importing, importing->import->condition, &wanted, failure))
            return false;
        *is_wanted = wanted.integer != 0;
    }
    return !*is_wanted || make_values(importing, failure);
}
