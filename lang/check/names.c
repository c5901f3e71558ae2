/* Names: what a bare name and a path mean.
 * Looked up in the nearest element first, then outwards; then `today` and `now`, record types, constants and keys.
 * Knows: scopes, records, keys. Does not know: operators, queries. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <ctype.h>
#include <string.h>

/* ---- keys of records ---- */

/* In an import, a name that stands for nothing is most often meant as a column of the file. */
static bool hint_column(struct context *context, struct diagnostic *said, const char *name) {
    if (context->import)
        diagnostic_hint(context->checker->diagnostics, said, "A column of the file is written `column \"%s\"`.", name);
    return context->import != NULL;
}

/* The period of a mandate that has none. */
static bool hint_period(struct context *context, struct diagnostic *said, const char *name) {
    bool is_period = strcmp(name, "period") == 0;
    if (is_period)
        diagnostic_hint(context->checker->diagnostics, said, "`period` is known in a mandate that says how often: `every month from start`.");
    return is_period;
}

/* Those of a record type, or of all (NULL). */
static void offer_keys(struct checker *checker, const struct record_type *record, struct nearest *nearest) {
    const struct world *world = checker->world;
    for (int i = 0; i < checker->keys.count; i++)
        if (!record || checker->keys.items[i].record == record)
            nearest_offer(nearest, checker->keys.items[i].key);
    for (int i = 0; world && world->offer_keys && i < checker->program->records.count; i++)
        if (record ? checker->program->records.items[i] == record : !checker->program->records.items[i]->runtime_filled)
            world->offer_keys(world->context, checker->program->records.items[i]->name, nearest);
}

void offer_records(struct checker *checker, struct nearest *nearest) {
    const struct record_type *plural = program_find_plural(checker->program, nearest->wanted);
    for (int i = 0; i < checker->program->records.count; i++)
        nearest_offer(nearest, checker->program->records.items[i]->name);
    if (plural)
        nearest->best = plural->name;
}

struct texpr *key_reference(struct context *context, struct record_type *record, const char *key, struct span span) {
    struct checker *checker = context->checker;
    if (!key_exists(checker, record, key) && !test_makes_key(checker, record)) {
        struct nearest nearest;
        nearest_start(&nearest, key);
        offer_keys(checker, record, &nearest);
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_KEY, span, record->name, key);
        if (hint_column(context, said, key) || hint_test_key(checker, said, record, key))
            return texpr_poison(checker->arena, span);
        if (nearest.best)
            diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
        else
            hint_key(checker, said, record, key);
        return texpr_poison(checker->arena, span);
    }
    struct texpr *reference = texpr_create(checker->arena, TEXPR_REFERENCE, type_of_record(record), span);
    reference->text = intern_string(checker->names, key);
    return reference;
}

/* ---- fields ---- */

void field_settle(struct checker *checker, struct field *field) {
    if (field->kind != FIELD_DERIVED)
        return;
    struct own_field *own = (struct own_field *)field;
    if (own->state == PENDING_DONE)
        return;
    if (own->state == PENDING_CHECKING) {
        diagnostic_add(checker->diagnostics, DIAG_FIELD_NEEDS_ITSELF, field->span, field->record->name, field->name);
        own->state = PENDING_DONE;
        field->type = type_of_kind(TYPE_POISON);
        field->value = texpr_poison(checker->arena, field->span);
        return;
    }
    own->state = PENDING_CHECKING;
    struct node_derived *node = AS(derived, DERIVED, own->node);
    struct scope *scope = scope_push(checker, NULL, SCOPE_ELEMENT, NULL, field->self, NULL);
    struct context context = {.checker = checker, .scope = scope};
    struct texpr *value = check_expression(&context, node->value, NULL);
    if (own->state == PENDING_DONE) /* found to need itself on the way */
        return;
    own->state = PENDING_DONE;
    if (value->type.kind == TYPE_NOTHING) {
        diagnostic_add(checker->diagnostics, DIAG_ONLY_MISSING, node->value->span);
        value = texpr_poison(checker->arena, field->span);
    }
    if (value->type.kind == TYPE_DECIMAL)
        value = convert_to(checker, value, type_of_kind(TYPE_NUMBER));
    field->value = value;
    field->type = value->type;
}

static struct texpr *field_of_record(struct context *context, struct texpr *base, struct field *field, struct span span) {
    struct checker *checker = context->checker;
    field_settle(checker, field);
    if (field->type.kind == TYPE_POISON)
        return texpr_poison(checker->arena, span);
    static const enum texpr_kind kinds[] = {
        [FIELD_STORED] = TEXPR_FIELD, [FIELD_SET] = TEXPR_SET, [FIELD_INVERSE] = TEXPR_INVERSE, [FIELD_DERIVED] = TEXPR_DERIVED};
    /* A derived collection is its text with the element put in: the engines know collections by what they are made of. */
    if (field->kind == FIELD_DERIVED && field->type.kind == TYPE_COLLECTION) {
        return substitute(checker, field->value, field->self, base, span);
    }
    struct texpr *expression = texpr_create(checker->arena, kinds[field->kind], type_optional(field->type, field->type.optional || base->type.optional), span);
    expression->base = base;
    expression->field = field;
    texpr_note_failing(expression);
    return expression;
}

struct texpr *make_field(struct context *context, struct texpr *base, struct field *field, struct span span) {
    return apply_facts(context, field_of_record(context, base, field, span));
}

struct texpr *shown_value(struct context *context, struct texpr *value) {
    if (value->type.kind != TYPE_RECORD)
        return value;
    if (value->kind == TEXPR_AT)
        return shown_at(context, value, FIELD_KEY);
    return field_of_record(context, value, value->type.record->fields[FIELD_KEY], value->span);
}

static int row_find_column(const struct tquery *query, const char *name) {
    for (int i = 0; i < query->column_count; i++)
        if (strcmp(query->columns[i].label, name) == 0)
            return i;
    return -1;
}

static struct texpr *make_column(struct context *context, struct texpr *base, int column, struct span span) {
    struct type type = base->type.row->columns[column].type;
    struct texpr *expression = texpr_create(context->checker->arena, TEXPR_COLUMN, type_optional(type, type.optional || base->type.optional), span);
    expression->base = base;
    expression->number = column;
    return apply_facts(context, expression);
}

/* ---- the grouped query's rule: keys and aggregates only ---- */

static bool scope_is_source(struct context *context, const struct scope *scope) {
    if (!context->group)
        return false;
    const struct tquery *query = context->group->query;
    for (int i = 0; i < query->source_count; i++)
        if (scope->variable == query->sources[i].variable)
            return true;
    return false;
}

static struct texpr *refuse_ungrouped(struct context *context, struct node *node, const char *name) {
    struct checker *checker = context->checker;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_NOT_GROUPED, node->span, name);
    diagnostic_hint(checker->diagnostics, said, "Add `%s` to `group by`, or say which one is meant, as in `max(%s)`.", name, name);
    return poison(context, node);
}

/* ---- bare names ---- */

static struct texpr *scope_look_up(struct context *context, struct node *node, const char *name) {
    struct checker *checker = context->checker;
    for (struct scope *scope = context->scope; scope; scope = scope->outer) {
        if (scope->name && strcmp(scope->name, name) == 0) {
            if (scope->kind == SCOPE_VALUE && is_poison(scope->value))
                return poison(context, node);
            if (scope->kind == SCOPE_VALUE) {
                struct texpr *copy = substitute(checker, scope->value, NULL, NULL, node->span);
                copy->span = node->span;
                return apply_facts(context, copy);
            }
            if (scope_is_source(context, scope))
                return refuse_ungrouped(context, node, name);
            return apply_facts(context, texpr_variable(checker->arena, scope->variable, node->span));
        }
        if (scope->kind != SCOPE_ELEMENT)
            continue;
        struct type type = scope->variable->type;
        if (type.kind == TYPE_RECORD) {
            struct field *field = record_find_field(type.record, name);
            if (field && name[0] != '_') {
                if (scope_is_source(context, scope))
                    return refuse_ungrouped(context, node, name);
                return make_field(context, texpr_variable(checker->arena, scope->variable, node->span), field, node->span);
            }
        } else if (type.kind == TYPE_ROW) {
            int column = row_find_column(type.row, name);
            if (column >= 0) {
                if (scope_is_source(context, scope))
                    return refuse_ungrouped(context, node, name);
                return make_column(context, texpr_variable(checker->arena, scope->variable, node->span), column, node->span);
            }
        }
    }
    return NULL;
}

bool name_is_in_scope(struct context *context, const char *name) {
    for (struct scope *scope = context->scope; scope; scope = scope->outer) {
        if (scope->name && strcmp(scope->name, name) == 0)
            return true;
        if (scope->kind != SCOPE_ELEMENT)
            continue;
        if (scope->variable->type.kind == TYPE_RECORD ? record_find_field(scope->variable->type.record, name) != NULL
                                                      : scope->variable->type.kind == TYPE_ROW && row_find_column(scope->variable->type.row, name) >= 0)
            return true;
    }
    return strcmp(name, "today") == 0 || strcmp(name, "now") == 0 || program_find_record(context->checker->program, name) != NULL;
}

static struct texpr *enum_constant(struct checker *checker, const struct enum_type *enumeration, int ordinal, struct span span) {
    struct texpr *constant = texpr_create(checker->arena, TEXPR_CONSTANT, (struct type){.kind = TYPE_ENUM, .enumeration = enumeration}, span);
    constant->constant.integer = ordinal;
    return constant;
}

/* The entry of a name, made when there is none. */
static struct lone_name *lone_name_of(struct checker *checker, struct lone_names *names, const char *name) {
    int position = name_table_find(&names->names, name);
    if (position < 0) {
        position = names->items.count;
        struct lone_name fresh = {0};
        LIST_ADD(checker->arena, &names->items, fresh);
        name_table_add(checker->arena, &names->names, name);
    }
    return &names->items.items[position];
}

static struct lone_name lone_value(struct checker *checker, const char *name) {
    struct lone_names *values = &checker->lone_values;
    for (; values->listed < checker->program->enums.count; values->listed++) {
        const struct enum_type *enumeration = checker->program->enums.items[values->listed];
        for (int i = 0; i < enumeration->value_count; i++) {
            struct lone_name *entry = lone_name_of(checker, values, enumeration->values[i].name);
            entry->count += entry->enumeration != enumeration;
            entry->enumeration = enumeration;
        }
    }
    int position = name_table_find(&values->names, name);
    return position >= 0 ? values->items.items[position] : (struct lone_name){0};
}

static struct lone_name lone_key(struct checker *checker, const char *name) {
    struct lone_names *keys = &checker->lone_keys;
    for (; keys->listed < checker->keys.count; keys->listed++) {
        struct lone_name *entry = lone_name_of(checker, keys, checker->keys.items[keys->listed].key);
        entry->count++;
        entry->record = checker->keys.items[keys->listed].record;
    }
    int position = name_table_find(&keys->names, name);
    return position >= 0 ? keys->items.items[position] : (struct lone_name){0};
}

/* A constant that only one enum has, or a key that only one record has. */
static struct texpr *lone_constant(struct context *context, struct node *node, const char *name) {
    struct checker *checker = context->checker;
    struct lone_name value = lone_value(checker, name), key = lone_key(checker, name);
    const struct enum_type *found = value.enumeration;
    int found_count = value.count;
    struct record_type *record = key.record;
    int record_count = key.count;
    if (!record_count && checker->world && checker->world->key_record) {
        const char *type = checker->world->key_record(checker->world->context, name);
        record = type ? program_find_record(checker->program, type) : NULL;
        record_count = record != NULL;
    }
    if (found_count + record_count > 1) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_AMBIGUOUS_NAME, node->span, name);
        if (record_count)
            diagnostic_hint(checker->diagnostics, said, "Say which one: `%s[\"%s\"]`.", record->name, name);
        return poison(context, node);
    }
    if (found_count)
        return enum_constant(checker, found, enum_find_value(found, name), node->span);
    if (record_count)
        return key_reference(context, record, name, node->span);
    return NULL;
}

static void offer_scope(struct context *context, struct nearest *nearest) {
    for (struct scope *scope = context->scope; scope; scope = scope->outer) {
        if (scope->name)
            nearest_offer(nearest, scope->name);
        if (scope->kind != SCOPE_ELEMENT)
            continue;
        struct type type = scope->variable->type;
        if (type.kind == TYPE_RECORD)
            for (int i = FIELD_KEY; i < type.record->field_count; i++)
                nearest_offer(nearest, type.record->fields[i]->name);
        else if (type.kind == TYPE_ROW)
            for (int i = 0; i < type.row->column_count; i++)
                nearest_offer(nearest, type.row->columns[i].label);
    }
}

static struct texpr *refuse_name(struct context *context, struct node *node, const char *name, const struct type *expected) {
    struct checker *checker = context->checker;
    struct nearest nearest;
    nearest_start(&nearest, name);
    struct diagnostic *said;
    const struct record_type *record = NULL;
    if (expected && expected->kind == TYPE_ENUM) {
        const struct enum_type *enumeration = expected->enumeration;
        for (int i = 0; i < enumeration->value_count; i++)
            nearest_offer(&nearest, enumeration->values[i].name);
        offer_scope(context, &nearest);
        said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_ENUM_VALUE, node->span, name, enumeration->name);
        if (!nearest.best && !hint_column(context, said, name))
            diagnostic_hint(checker->diagnostics, said, "Its values are: %s.", enum_words(checker, enumeration));
    } else {
        offer_scope(context, &nearest);
        nearest_offer(&nearest, "today");
        offer_records(checker, &nearest);
        if (!nearest.best)
            offer_keys(checker, NULL, &nearest);
        for (struct scope *scope = context->scope; scope && !record; scope = scope->outer)
            if (scope->kind == SCOPE_ELEMENT && scope->variable->type.kind == TYPE_RECORD)
                record = scope->variable->type.record;
        said = record ? diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_FIELD, node->span, name, record->name) : diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_NAME, node->span, name);
        if (hint_column(context, said, name) || hint_period(context, said, name))
            return poison(context, node);
        if ((record && hint_module(checker, said, record->name, name)) || hint_module(checker, said, NULL, name))
            return poison(context, node);
    }
    bool is_text_wanted = expected && expected->kind == TYPE_TEXT;
    if (nearest.best && is_text_wanted && !islower((unsigned char)name[0]) && islower((unsigned char)nearest.best[0])) /* Smart, near to start */
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`? A text stands in quotes: `\"%s\"`.", nearest.best, name);
    else if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    else if (is_text_wanted)
        diagnostic_hint(checker->diagnostics, said, "A text stands in quotes: `\"%s\"`.", name);
    else if (record)
        hint_fields(checker, said, record, name, false);
    return poison(context, node);
}

struct texpr *check_name(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    const char *name = name_text(node);
    /* Where an enum is wanted its constant comes first: `category = labour` means the constant, whatever fields the record has, unless a field
     * of that name holds the same enum. */
    if (expected && expected->kind == TYPE_ENUM) {
        int ordinal = enum_find_value(expected->enumeration, name);
        if (ordinal >= 0)
            return enum_constant(checker, expected->enumeration, ordinal, node->span);
    }
    if (expected && expected->kind == TYPE_RECORD && !name_is_in_scope(context, name))
        return key_reference(context, expected->record, name, node->span);
    struct texpr *found = scope_look_up(context, node, name);
    if (found)
        return found;
    if (strcmp(name, "today") == 0)
        return texpr_create(checker->arena, TEXPR_TODAY, type_of_kind(TYPE_DATE), node->span);
    if (strcmp(name, "now") == 0)
        return texpr_create(checker->arena, TEXPR_NOW, type_of_kind(TYPE_DATETIME), node->span);
    struct record_type *record = program_find_record(checker->program, name);
    if (record)
        return texpr_create(checker->arena, TEXPR_ALL, type_of_collection(checker->arena, type_of_record(record)), node->span);
    found = expected && expected->kind == TYPE_ENUM ? NULL : lone_constant(context, node, name);
    return found ? found : refuse_name(context, node, name, expected);
}

/* ---- paths ---- */

static struct texpr *part_of_date(struct context *context, struct texpr *base, const char *name, struct span span) {
    static const struct {
        enum type_kind kind;
        const char *name;
        enum operation operation;
        enum type_kind result;
    } parts[] = {
        {TYPE_PERIOD, "start", OPERATION_PERIOD_START, TYPE_DATE},   {TYPE_PERIOD, "end", OPERATION_PERIOD_END, TYPE_DATE},
        {TYPE_DATE, "year", OPERATION_YEAR_NUMBER, TYPE_INT},        {TYPE_DATE, "month", OPERATION_MONTH_NUMBER, TYPE_INT},
        {TYPE_DATE, "day", OPERATION_DAY_NUMBER, TYPE_INT},          {TYPE_DATETIME, "date", OPERATION_DATETIME_TO_DATE, TYPE_DATE},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].kind == base->type.kind && strcmp(parts[i].name, name) == 0)
            return texpr_operation(context->checker->arena, parts[i].operation, type_optional(type_of_kind(parts[i].result), base->type.optional), span, 1, &base);
    return NULL;
}

static struct texpr *refuse_member(struct context *context, struct node *node, struct texpr *base, const char *name) {
    struct checker *checker = context->checker;
    struct nearest nearest;
    nearest_start(&nearest, name);
    struct type type = base->type.kind == TYPE_COLLECTION ? *base->type.element : base->type;
    struct diagnostic *said;
    if (type.kind == TYPE_RECORD) {
        for (int i = FIELD_KEY; i < type.record->field_count; i++)
            nearest_offer(&nearest, type.record->fields[i]->name);
        said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_FIELD, node->span, name, type.record->name);
    } else if (type.kind == TYPE_ROW) {
        for (int i = 0; i < type.row->column_count; i++)
            nearest_offer(&nearest, type.row->columns[i].label);
        said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_COLUMN, node->span, name);
    } else
        said = diagnostic_add(checker->diagnostics, DIAG_NO_FIELDS, node->span, type_words(checker, type), name);
    if (type.kind == TYPE_RECORD && hint_module(checker, said, type.record->name, name))
        return poison(context, node);
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    else if (type.kind == TYPE_RECORD)
        hint_fields(checker, said, type.record, name, false);
    return poison(context, node);
}

struct texpr *check_member(struct context *context, struct node *node) {
    struct node_member *member = AS(member, MEMBER, node);
    const char *name = name_text(member->name);
    struct texpr *base = check_expression(context, member->base, NULL);
    if (is_poison(base))
        return base;
    if (base->type.kind == TYPE_RECORD) {
        struct field *field = record_find_field(base->type.record, name);
        return field && name[0] != '_' ? make_field(context, base, field, node->span) : refuse_member(context, member->name, base, name);
    }
    if (base->type.kind == TYPE_ROW) {
        int column = row_find_column(base->type.row, name);
        return column >= 0 ? make_column(context, base, column, node->span) : refuse_member(context, member->name, base, name);
    }
    if (base->type.kind == TYPE_COLLECTION) {
        struct type element = *base->type.element;
        struct field *field = element.kind == TYPE_RECORD && name[0] != '_' ? record_find_field(element.record, name) : NULL;
        int column = element.kind == TYPE_ROW ? row_find_column(element.row, name) : -1;
        return field || column >= 0 ? map_collection(context, base, field, column, node->span) : refuse_member(context, member->name, base, name);
    }
    struct texpr *part = part_of_date(context, base, name, node->span);
    return part ? part : refuse_member(context, member->name, base, name);
}
