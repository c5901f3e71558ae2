/* import: how columns of a file become fields.
 * Knows: column, as, times, cases. Does not know: files, CSV. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

static void check_cases(struct context *context, struct node_column_of *written, struct timport_column *column) {
    struct checker *checker = context->checker;
    struct type type = type_optional(column->type, true);
    column->cases = ARENA_ARRAY(checker->arena, struct timport_case, written->cases.count);
    for (int i = 0; i < written->cases.count; i++) {
        struct node_case_of *row = AS(case_of, CASE_OF, written->cases.items[i]);
        bool is_text = row->from && row->from->kind == NODE_TEXT_LITERAL;
        struct context bare = {.checker = checker};
        struct texpr *to = check_as(&bare, row->to, type, arena_format(checker->arena, "the value for column `%s`", column->column));
        if (is_poison(to))
            continue;
        if (to->kind != TEXPR_CONSTANT && to->kind != TEXPR_REFERENCE && to->kind != TEXPR_MISSING) {
            diagnostic_add(checker->diagnostics, DIAG_CASE_NOT_CONSTANT, row->to->span);
            continue;
        }
        for (int j = 0; j < column->case_count; j++)
            if (is_text && column->cases[j].from && strcmp(column->cases[j].from, name_text(row->from)) == 0)
                diagnostic_add(checker->diagnostics, DIAG_ROW_UNREACHABLE, row->head.span);
        column->cases[column->case_count++] = (struct timport_case){is_text ? name_text(row->from) : NULL, to};
    }
}

static void check_patterns(struct context *context, struct node_column_of *written, struct timport_column *column) {
    struct checker *checker = context->checker;
    if (!written->patterns.count)
        return;
    column->patterns = ARENA_ARRAY(checker->arena, const char *, written->patterns.count + 1);
    for (int i = 0; i < written->patterns.count; i++) {
        column->patterns[i] = name_text(written->patterns.items[i]);
        const char *problem = date_pattern_read_problem(column->patterns[i]);
        if (problem)
            diagnostic_add(checker->diagnostics, DIAG_BAD_DATE_PATTERN, written->patterns.items[i]->span, problem);
    }
    if (column->type.kind != TYPE_DATE && column->type.kind != TYPE_DATETIME)
        diagnostic_add(checker->diagnostics, DIAG_PATTERN_FOR_DATES, written->patterns.items[0]->span, type_words(checker, type_optional(column->type, false)));
}

static void check_times(struct context *context, struct node_column_of *written, struct timport_column *column) {
    struct checker *checker = context->checker;
    column->times = (struct decimal){1, 0};
    if (!written->times)
        return;
    struct context bare = {.checker = checker};
    struct texpr *times = check_expression(&bare, written->times, NULL);
    if (is_poison(times))
        return;
    enum type_kind kind = column->type.kind;
    if (times->kind != TEXPR_CONSTANT || (times->type.kind != TYPE_INT && times->type.kind != TYPE_DECIMAL) || (kind != TYPE_MONEY && kind != TYPE_INT && kind != TYPE_NUMBER && kind != TYPE_DURATION)) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_TIMES_WHAT, written->times->span);
        diagnostic_hint(checker->diagnostics, said, "`times 1M` multiplies a column of numbers or money as it is read.");
        return;
    }
    column->times = times->type.kind == TYPE_INT ? (struct decimal){times->constant.integer, 0} : times->constant.decimal;
    column->has_times = true;
}

static struct timport_column *make_column(struct context *context, struct node *node, struct type type) {
    struct checker *checker = context->checker;
    struct node_column_of *written = AS(column_of, COLUMN_OF, node);
    struct timport_column *column = ARENA_NEW(checker->arena, struct timport_column);
    column->column = name_text(written->name);
    column->span = node->span;
    if (written->patterns.count && type.kind == TYPE_TEXT)
        type = type_of_kind(TYPE_DATE);
    if (written->times && type.kind == TYPE_TEXT)
        type = type_of_kind(TYPE_NUMBER);
    column->type = type_optional(type, true);
    column->variable = variable_create(checker, column->column, column->type);
    check_patterns(context, written, column);
    check_times(context, written, column);
    check_cases(context, written, column);
    LIST_ADD(checker->arena, &context->import->columns, column);
    return column;
}

/* A guard before it says so, `column "Paid" is known and …`: of the same cell, whatever type the two are read as, since what is blank is missing as every type. Cells that
 * are turned one by one may be missing when they are not blank: of them only the same words say the same. */
static bool is_known_cell(struct context *context, struct node *node, const struct timport_column *column) {
    struct checker *checker = context->checker;
    for (const struct fact *fact = context->facts; fact; fact = fact->outer)
        for (int i = 0; fact->known->kind == TEXPR_VARIABLE && i < context->import->columns.count; i++) {
            const struct timport_column *guarded = context->import->columns.items[i];
            if (guarded->variable != fact->known->variable || strcmp(guarded->column, column->column) != 0)
                continue;
            if (!guarded->case_count && !column->case_count)
                return true;
            struct node guard = *node;
            guard.span = guarded->span;
            if (type_same(guarded->type, column->type) && strcmp(source_words(checker, &guard), source_words(checker, node)) == 0)
                return true;
        }
    return false;
}

struct texpr *check_column_of(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    if (!context->import) {
        diagnostic_add(checker->diagnostics, DIAG_COLUMN_OUTSIDE_IMPORT, node->span);
        return poison(context, node);
    }
    bool usable = expected && expected->kind != TYPE_POISON && expected->kind != TYPE_NOTHING && expected->kind != TYPE_COLLECTION && expected->kind != TYPE_DECIMAL;
    struct timport_column *column = make_column(context, node, usable ? *expected : type_of_kind(TYPE_TEXT));
    struct texpr *cell = texpr_variable(checker->arena, column->variable, node->span);
    if (is_known_cell(context, node, column))
        cell->type.optional = false;
    return cell;
}

static struct field *mapped_field(struct context *context, struct record_type *record, struct node *name) {
    struct checker *checker = context->checker;
    struct field *field = name_text(name)[0] == '_' ? NULL : record_find_field(record, name_text(name));
    if (field && field->index == FIELD_KEY && !record->key_count)
        return record->fields[FIELD_OWN_KEY];
    if (field && field->index == FIELD_NAME)
        return record->fields[FIELD_OWN_TITLE];
    if (field && field->kind == FIELD_STORED)
        return field;
    const char *near = nearest_field(record, name_text(name), false);
    struct diagnostic *said = field ? diagnostic_add(checker->diagnostics, DIAG_FIELD_NOT_STORED, name->span, name_text(name), "not read from a file")
                                    : diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_FIELD, name->span, name_text(name), record->name);
    if (field && field->kind == FIELD_SET)
        diagnostic_hint(checker->diagnostics, said, "A set is given by the policy or by a command: `set %s[…] { %s: […, …] }`.", record->name, field->name);
    else if (near)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", near);
    return NULL;
}

static void say_unmapped(struct checker *checker, struct timport *import, struct node *node, struct node_list mappings) {
    struct buffer names = {0};
    for (int f = FIELD_FIRST_OWN; f < import->record->field_count; f++) {
        struct field *field = import->record->fields[f];
        if (field->kind != FIELD_STORED || field->type.optional || field->standard || field->type.kind == TYPE_POISON)
            continue;
        bool mapped = false;
        for (int i = 0; i < import->field_count && !mapped; i++)
            mapped = import->fields[i].field == field;
        if (!mapped && !field_is_misspelt(import->record, field, mappings))
            buffer_add_format(&names, "%s`%s`", names.length ? ", " : "", field->name);
    }
    if (names.length) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_FIELDS_WANTED, node->span, import->record->name, buffer_string(&names));
        diagnostic_hint(checker->diagnostics, said, "Say which column each comes from, `field: column \"…\"`, or give one value for all rows, `field: …`.");
    }
    buffer_free(&names);
}

struct timport *check_import(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_import *written = AS(import, IMPORT, node);
    struct record_type *record = record_of_name(checker, written->type);
    if (!record)
        return NULL;
    if (record->runtime_filled) {
        diagnostic_add(checker->diagnostics, DIAG_RUNTIME_FILLED, written->type->span, name_text(written->type));
        return NULL;
    }
    int errors = checker->diagnostics->error_count;
    struct timport *import = ARENA_NEW(checker->arena, struct timport);
    import->record = record;
    import->path = name_text(written->path);
    import->span = node->span;
    struct import_frame frame = {.import = import};
    struct context inner = *context;
    inner.import = &frame;
    import->fields = ARENA_ARRAY(checker->arena, struct timport_field, written->mappings.count);
    for (int i = 0; i < written->mappings.count; i++) {
        struct node_value_of *mapping = AS(value_of, VALUE_OF, written->mappings.items[i]);
        struct field *field = mapped_field(&inner, record, mapping->name);
        if (!field)
            continue;
        for (int j = 0; j < import->field_count; j++)
            if (import->fields[j].field == field)
                diagnostic_add(checker->diagnostics, DIAG_FIELD_TWICE, mapping->head.span, field->name);
        struct timport_field *target = &import->fields[import->field_count++];
        *target = (struct timport_field){.field = field, .span = mapping->head.span};
        if (mapping->value->kind == NODE_COLUMN_OF)
            target->direct = make_column(&inner, mapping->value, field->type);
        else if (field->type.kind == TYPE_RECORD && (mapping->value->kind == NODE_CALL || mapping->value->kind == NODE_TEXT_LITERAL)) {
            /* A reference by its key, worked out from the row: `project: lower(column "Name" ?? "")`. A fixed text is the key itself. */
            target->value = check_expression(&inner, mapping->value, &field->type);
            target->by_key = target->value->type.kind == TYPE_TEXT;
            if (!target->by_key)
                target->value = check_as(&inner, mapping->value, field->type, arena_format(checker->arena, "`%s`", name_text(mapping->name)));
        } else
            target->value = check_as(&inner, mapping->value, field->type, arena_format(checker->arena, "`%s`", name_text(mapping->name)));
    }
    if (written->condition)
        import->condition = check_condition(&inner, written->condition, "`where`");
    say_unmapped(checker, import, written->type, written->mappings);
    import->columns = frame.columns.items;
    import->column_count = frame.columns.count;
    return checker->diagnostics->error_count == errors ? import : NULL;
}
