/* Columns of h_TYPE as the program of today reads them: rows that are older than a field, values that an enum no longer has.
 * Knows: the catalog, defaults. Does not know: which rows are asked for. */
#include "runtime/store/past.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct enum_type *enum_of(const struct field *field) {
    struct type type = field->kind == FIELD_SET ? *field->type.element : field->type;
    return type.kind == TYPE_ENUM ? type.enumeration : NULL;
}

/* The ordinal of a value that is gone, among those of its enum that are; values of several fields are told apart by their names. */
static int64_t gone_ordinal(const struct program *program, const struct enum_type *enumeration, const char *name) {
    for (int i = 0; i < enumeration->gone_count; i++)
        if (strcmp(enumeration->gone[i], name) == 0)
            return -i - 1;
    struct enum_type *known = (struct enum_type *)(uintptr_t)enumeration;
    const char **gone = ARENA_ARRAY(program->arena, const char *, known->gone_count + 1);
    for (int i = 0; i < known->gone_count; i++)
        gone[i] = known->gone[i];
    gone[known->gone_count] = arena_copy_string(program->arena, name);
    known->gone = gone;
    return -++known->gone_count;
}

/* A value that is gone stands in history by an ordinal of the field's own; it is read by that of its enum. */
static const char *enum_column(struct store *store, struct arena *arena, const struct field *field, const char *name) {
    const char *cases = "";
    for (int i = 0; i < store->moved_count; i++)
        if (store->moved[i].field == field)
            cases = arena_format(arena, "%s WHEN %lld THEN %lld", cases, (long long)store->moved[i].from, (long long)store->moved[i].to);
    return *cases ? arena_format(arena, "CASE %s%s ELSE %s END", name, cases, name) : name;
}

static void note_moved(struct store *store, const struct field *field, int64_t from, int64_t to) {
    if (from == to)
        return;
    store->moved = realloc(store->moved, (size_t)(store->moved_count + 1) * sizeof *store->moved);
    assert(store->moved);
    store->moved[store->moved_count++] = (struct moved_value){field, from, to};
}

/* Before anything is asked that may show them. */
void past_note_gone(struct store *store) {
    store->moved_count = 0;
    for (int r = 0; r < store->catalog->records.count; r++) {
        const struct catalog_record *known = store->catalog->records.items[r];
        for (int f = 0; f < known->fields.count; f++)
            for (int v = 0; v < known->fields.items[f]->value_count; v++) {
                const struct catalog_enum *value = &known->fields.items[f]->values[v];
                const struct record_type *record = value->ordinal < 0 ? program_find_record(store->program, known->name) : NULL;
                const struct field *field = record ? record_find_field(record, known->fields.items[f]->name) : NULL;
                if (field && (field->kind == FIELD_STORED || field->kind == FIELD_SET) && enum_of(field))
                    note_moved(store, field, value->ordinal, gone_ordinal(store->program, enum_of(field), value->name));
            }
    }
}

static bool note_day(const struct texpr *part, void *context) {
    bool *found = context;
    *found = *found || part->kind == TEXPR_TODAY || part->kind == TEXPR_NOW;
    return !*found;
}

static bool is_of_its_day(const struct texpr *standard) {
    bool found = false;
    texpr_walk(standard, note_day, &found);
    return found;
}

const char *past_column(struct store *store, struct arena *arena, const struct field *field) {
    const char *name = enum_column(store, arena, field, field->kind == FIELD_SET ? "\"member\"" : store_column_name(arena, field));
    struct value value;
    struct failure ignored = {0};
    if (field->type.optional || !field->standard || is_of_its_day(field->standard) || !constant_value(store, arena, field->standard, &value, &ignored))
        return name;
    switch (value.kind) {
    case VALUE_INT:
        return arena_format(arena, "ifnull(%s, %lld)", name, (long long)value.integer);
    case VALUE_NUMBER:
        return arena_format(arena, "ifnull(%s, %.17g)", name, value.number);
    case VALUE_TEXT:
        return arena_format(arena, "ifnull(%s, %s)", name, text_quote(arena, arena_copy(arena, value.text, value.length)));
    default:
        return name;
    }
}
