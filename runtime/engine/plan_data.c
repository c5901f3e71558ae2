/* What becomes of the data when record types change: fields that are new, gone, renamed or of another type, values of enums, whole record types. See plan.h.
 * Knows: the record types of both programs, how many rows and values the store holds. Does not know: how tables are changed. */
#include "runtime/engine/plan.h"
#include "runtime/engine/scratch.h"

#include <string.h>

/* ---- counting, under the old program ---- */

static bool count(struct plan *plan, const char *sql, int64_t *number, struct failure *failure) {
    return scratch_ask(plan->new->store, sql, number, failure);
}

static bool count_rows(struct plan *plan, const struct record_type *record, int64_t *rows, struct failure *failure) {
    return count(plan, arena_format(plan->arena, "SELECT count(*) FROM %s", store_table_name(plan->arena, record)), rows, failure);
}

static bool count_values(struct plan *plan, const struct field *field, int64_t *values, struct failure *failure) {
    const char *sql = field->kind == FIELD_SET
                          ? arena_format(plan->arena, "SELECT count(DISTINCT _id) FROM %s", store_members_table_name(plan->arena, field))
                          : arena_format(plan->arena, "SELECT count(%s) FROM %s", store_column_name(plan->arena, field), store_table_name(plan->arena, field->record));
    return count(plan, sql, values, failure);
}

static bool count_ordinal(struct plan *plan, const struct field *field, int64_t ordinal, int64_t *rows, struct failure *failure) {
    bool is_set = field->kind == FIELD_SET;
    const char *table = is_set ? store_members_table_name(plan->arena, field) : store_table_name(plan->arena, field->record);
    const char *column = is_set ? "\"member\"" : store_column_name(plan->arena, field);
    return count(plan, arena_format(plan->arena, "SELECT count(*) FROM %s WHERE %s = %lld", table, column, (long long)ordinal), rows, failure);
}

/* ---- saying ---- */

static const char *plural(struct plan *plan, int64_t number, const char *word) {
    return arena_format(plan->arena, "%lld %s%s", (long long)number, word, number == 1 ? "" : "s");
}

static bool is_allowed(const struct plan *plan, const char *name) {
    for (int i = 0; i < plan->options->allowed_count; i++)
        if (strcmp(plan->options->allowed[i], name) == 0)
            return true;
    return false;
}

static void add(struct plan *plan, enum data_kind kind, const struct record_type *record, const struct field *field, int64_t rows, const char *words) {
    struct plan_data data = {.kind = kind, .record = record->name, .field = field ? field->name : NULL, .words = words, .rows = rows, .ordinal = -1};
    data.name = field ? arena_format(plan->arena, "%s.%s", record->name, field->name) : record->name;
    data.loses = rows > 0 && (kind == DATA_LOST || kind == DATA_RETYPED || kind == DATA_VALUE_GONE);
    data.is_allowed = data.loses && is_allowed(plan, data.name);
    LIST_ADD(plan->arena, &plan->data, data);
}

static const char *lost_words(struct plan *plan, const char *what, const char *name, int64_t number) {
    if (!number)
        return arena_format(plan->arena, "no %s is lost", what);
    const char *count_of = plural(plan, number, what);
    return is_allowed(plan, name) ? arena_format(plan->arena, "%s will be gone from it; history keeps %s", count_of, number == 1 ? "it" : "them")
                                  : arena_format(plan->arena, "%s would be lost: `--allow-drop %s` lets %s go", count_of, name, number == 1 ? "it" : "them");
}

/* ---- fields ---- */

static bool is_kept(const struct field *field) {
    return field->index >= FIELD_FIRST_OWN && (field->kind == FIELD_STORED || field->kind == FIELD_SET);
}

static struct type type_held(const struct field *field) {
    return field->kind == FIELD_SET ? *field->type.element : field->type;
}

static const struct field *find_kept(const struct record_type *record, const char *name) {
    const struct field *field = record_find_field(record, name);
    return field && is_kept(field) ? field : NULL;
}

/* The field of the new record that goes on from an old one. */
static const struct field *field_after(const struct record_type *after, const struct field *field) {
    const struct field *same = find_kept(after, field->name);
    for (int i = FIELD_FIRST_OWN; !same && i < after->field_count; i++)
        if (is_kept(after->fields[i]) && after->fields[i]->was && strcmp(after->fields[i]->was, field->name) == 0)
            same = after->fields[i];
    return same;
}

static bool is_new_field(const struct record_type *before, const struct field *field) {
    return !find_kept(before, field->name) && (!field->was || !find_kept(before, field->was));
}

static const char *standard_words(struct plan *plan, const struct field *field) {
    struct failure ignored = {0};
    struct value value;
    if (!session_evaluate(plan->old, field->standard, &value, &ignored))
        return "its default";
    return arena_format(plan->arena, "its default, %s", plan_value_words(plan, plan->old, value, field->type, &ignored));
}

static bool add_new_field(struct plan *plan, const struct record_type *before, const struct record_type *after, const struct field *field, struct failure *failure) {
    int64_t rows;
    if (!count_rows(plan, before, &rows, failure))
        return false;
    if (!rows)
        return true;
    const char *of = plural(plan, rows, "row");
    if (field->kind == FIELD_SET || type_held(field).optional)
        add(plan, DATA_NEW, after, field, rows, arena_format(plan->arena, "%s %s no value", of, rows == 1 ? "has" : "have"));
    else if (field->standard)
        add(plan, DATA_NEW, after, field, rows, arena_format(plan->arena, "%s %s %s", of, rows == 1 ? "gets" : "get", standard_words(plan, field)));
    else
        add(plan, DATA_WANTED, after, field, rows, arena_format(plan->arena, "%s would have no value for it: give it a default, or let it be missing", of));
    return true;
}

static bool same_type(struct plan *plan, const struct field *old, const struct field *new) {
    struct type before = type_held(old), after = type_held(new);
    if ((old->kind == FIELD_SET) != (new->kind == FIELD_SET) || before.kind != after.kind)
        return false;
    before.optional = after.optional = false;
    bool is_record = before.kind == TYPE_RECORD && after.record->was && strcmp(after.record->was, before.record->name) == 0;
    return before.kind == TYPE_ENUM || is_record || strcmp(type_text(plan->arena, before), type_text(plan->arena, after)) == 0;
}

static bool add_retyped(struct plan *plan, const struct field *old, const struct field *new, struct failure *failure) {
    int64_t values;
    if (!count_values(plan, old, &values, failure))
        return false;
    struct type before = old->type, after = new->type;
    const char *name = arena_format(plan->arena, "%s.%s", old->record->name, old->name);
    add(plan, DATA_RETYPED, old->record, old, values,
        arena_format(plan->arena, "%s becomes %s: %s", type_text(plan->arena, before), type_text(plan->arena, after), lost_words(plan, "value", name, values)));
    return true;
}

static bool compare_values(struct plan *plan, const struct field *old, const struct field *new, struct failure *failure) {
    const struct enum_type *before = type_held(old).enumeration, *after = type_held(new).enumeration;
    bool is_moved = false;
    int last = -1;
    for (int i = 0; i < before->value_count; i++) {
        int now = enum_find_value(after, before->values[i].name);
        int64_t rows = 0;
        is_moved = is_moved || (now >= 0 && now < last);
        last = now >= 0 ? now : last;
        if (now >= 0)
            continue;
        if (!count_ordinal(plan, old, i, &rows, failure))
            return false;
        const char *name = arena_format(plan->arena, "%s.%s", old->record->name, old->name);
        bool has_standard = new->kind != FIELD_SET && !new->type.optional && new->standard;
        const char *instead = has_standard ? arena_format(plan->arena, "will have %s", standard_words(plan, new)) : "will have no value";
        const char *becomes = rows && is_allowed(plan, name) ? arena_format(plan->arena, "%s %s; history keeps what it was", plural(plan, rows, "row"), instead)
                              : rows ? arena_format(plan->arena, "%s %s it: `--allow-drop %s` lets it go", plural(plan, rows, "row"), rows == 1 ? "has" : "have", name)
                                     : "no row has it";
        add(plan, DATA_VALUE_GONE, old->record, old, rows, arena_format(plan->arena, "`%s` is no value of it any more; %s", before->values[i].name, becomes));
        plan->data.items[plan->data.count - 1].ordinal = i;
    }
    for (int i = 0; i < after->value_count; i++)
        if (enum_find_value(before, after->values[i].name) < 0)
            add(plan, DATA_VALUE_NEW, new->record, new, 0, arena_format(plan->arena, "`%s` is a new value of it", after->values[i].name));
    if (is_moved)
        add(plan, DATA_REORDERED, new->record, new, 0, "its values stand in another order: rows keep theirs, and what compares them may come out otherwise");
    return true;
}

static bool compare_missing(struct plan *plan, const struct field *old, const struct field *new, struct failure *failure) {
    int64_t rows, values;
    if (old->kind == FIELD_SET || !old->type.optional || new->type.optional)
        return true;
    if (!count_rows(plan, old->record, &rows, failure) || !count_values(plan, old, &values, failure))
        return false;
    if (rows == values)
        return true;
    const char *of = plural(plan, rows - values, "row");
    if (new->standard)
        add(plan, DATA_NEW, new->record, new, rows - values, arena_format(plan->arena, "%s without a value %s %s", of, rows - values == 1 ? "gets" : "get", standard_words(plan, new)));
    else
        add(plan, DATA_WANTED, new->record, new, rows - values, arena_format(plan->arena, "it may no longer be missing, but %s %s no value", of, rows - values == 1 ? "has" : "have"));
    return true;
}

static bool compare_field(struct plan *plan, const struct field *old, const struct field *new, struct failure *failure) {
    int64_t values;
    if (strcmp(old->name, new->name) != 0) {
        if (!count_values(plan, old, &values, failure))
            return false;
        add(plan, DATA_CARRIED, new->record, new, values, arena_format(plan->arena, "%s carried over from `%s`", values == 1 ? "1 value is" : arena_format(plan->arena, "%lld values are", (long long)values), old->name));
    }
    if (!same_type(plan, old, new))
        return add_retyped(plan, old, new, failure);
    if (type_held(old).kind == TYPE_ENUM && !compare_values(plan, old, new, failure))
        return false;
    return compare_missing(plan, old, new, failure);
}

static bool compare_fields(struct plan *plan, const struct record_type *before, const struct record_type *after, struct failure *failure) {
    for (int i = FIELD_FIRST_OWN; i < before->field_count; i++) {
        const struct field *field = before->fields[i], *now = is_kept(field) ? field_after(after, field) : NULL;
        int64_t values;
        if (!is_kept(field))
            continue;
        if (now && !compare_field(plan, field, now, failure))
            return false;
        if (now)
            continue;
        if (!count_values(plan, field, &values, failure))
            return false;
        add(plan, DATA_LOST, before, field, values, lost_words(plan, "value", arena_format(plan->arena, "%s.%s", before->name, field->name), values));
    }
    for (int i = FIELD_FIRST_OWN; i < after->field_count; i++)
        if (is_kept(after->fields[i]) && is_new_field(before, after->fields[i]) && !add_new_field(plan, before, after, after->fields[i], failure))
            return false;
    return true;
}

/* ---- record types ---- */

static const struct record_type *record_after(const struct program *program, const struct record_type *record) {
    const struct record_type *same = program_find_record(program, record->name);
    for (int i = 0; !same && i < program->records.count; i++)
        if (program->records.items[i]->was && strcmp(program->records.items[i]->was, record->name) == 0)
            same = program->records.items[i];
    return same;
}

static bool compare_record(struct plan *plan, const struct record_type *record, struct failure *failure) {
    const struct record_type *after = record_after(plan->new->program, record);
    int64_t rows;
    if (!after) {
        if (!count_rows(plan, record, &rows, failure))
            return false;
        add(plan, DATA_LOST, record, NULL, rows, lost_words(plan, "row", record->name, rows));
        return true;
    }
    if (strcmp(after->name, record->name) != 0) {
        if (!count_rows(plan, record, &rows, failure))
            return false;
        add(plan, DATA_CARRIED, after, NULL, rows, arena_format(plan->arena, "%s carried over from `%s`", rows == 1 ? "1 row is" : arena_format(plan->arena, "%lld rows are", (long long)rows), record->name));
    }
    return compare_fields(plan, record, after, failure);
}

bool plan_find_data(struct plan *plan, struct failure *failure) {
    const struct program *old = plan->old->program;
    for (int i = 0; i < old->records.count; i++)
        if (!old->records.items[i]->runtime_filled && !compare_record(plan, old->records.items[i], failure))
            return false;
    return true;
}
