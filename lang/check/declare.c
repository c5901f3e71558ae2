/* Declarations of names and types: records, fields, enums, settings.
 * First every name of every file is known, then every member: so the order of declarations never matters.
 * Knows: records and their fields. Does not know: expressions (they are checked later). */
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"
#include "lang/syntax/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct field *record_find_field(const struct record_type *record, const char *name) {
    int position = name_table_find(&record->field_names, name);
    return position >= 0 ? record->fields[position] : NULL;
}

int enum_find_value(const struct enum_type *enumeration, const char *name) {
    return name_table_find(&enumeration->value_names, name);
}

static void say_twice(struct checker *checker, struct node *name, const char *what, struct span first) {
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, name->span, what, name_text(name));
    if (first.end)
        diagnostic_second(checker->diagnostics, said, first, "it is declared here");
}

/* ---- types ---- */

static const struct {
    const char *name;
    enum type_kind kind;
} type_names[] = {
    {"bool", TYPE_BOOL}, {"int", TYPE_INT}, {"number", TYPE_NUMBER}, {"money", TYPE_MONEY}, {"text", TYPE_TEXT}, {"date", TYPE_DATE},
    {"datetime", TYPE_DATETIME}, {"duration", TYPE_DURATION}, {"span", TYPE_SPAN}, {"working_days", TYPE_WORKING_DAYS}, {"period", TYPE_PERIOD},
};

static struct enum_type *find_enum(struct checker *checker, const char *name) {
    int position = name_table_find(&checker->program->enum_names, name);
    return position >= 0 ? checker->program->enums.items[position] : NULL;
}

static struct enum_type *make_enum(struct checker *checker, const char *name, struct node_list values, struct span span) {
    struct enum_type *enumeration = ARENA_NEW(checker->arena, struct enum_type);
    enumeration->name = name;
    enumeration->span = span;
    enumeration->values = ARENA_ARRAY(checker->arena, struct enum_value, values.count);
    for (int i = 0; i < values.count; i++) {
        struct node_enum_value *value = AS(enum_value, ENUM_VALUE, values.items[i]);
        const char *text = name_text(value->name);
        int same = enum_find_value(enumeration, text);
        if (same >= 0)
            say_twice(checker, value->name, "the value", values.items[same]->span);
        name_table_add(checker->arena, &enumeration->value_names, text);
        enumeration->values[i] = (struct enum_value){text, value->title ? name_text(value->title) : text};
    }
    enumeration->value_count = values.count;
    LIST_ADD(checker->arena, &checker->program->enums, enumeration);
    name_table_add(checker->arena, &checker->program->enum_names, name);
    return enumeration;
}

static struct type unknown_type(struct checker *checker, struct node *node, const char *name) {
    static const struct {
        const char *other, *ours;
    } others[] = {{"string", "text"}, {"str", "text"}, {"varchar", "text"}, {"boolean", "bool"}, {"integer", "int"}, {"float", "number"}, {"double", "number"},
                  {"decimal", "money"}, {"currency", "money"}, {"timestamp", "datetime"}, {"percent", "number"}, {"percentage", "number"}};
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_TYPE, node->span, name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(others[i].other, name) == 0) {
            diagnostic_hint(checker->diagnostics, said, "In Remit it is `%s`.", others[i].ours);
            return type_of_kind(TYPE_POISON);
        }
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        nearest_offer(&nearest, type_names[i].name);
    for (int i = 0; i < checker->program->enums.count; i++)
        nearest_offer(&nearest, checker->program->enums.items[i]->name);
    offer_records(checker, &nearest);
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    return type_of_kind(TYPE_POISON);
}

static bool is_currency(const char *name) {
    for (int i = 0; i < 3; i++)
        if (!isupper((unsigned char)name[i]))
            return false;
    return name[3] == '\0';
}

static struct type check_named_type(struct checker *checker, struct node_type_name *node) {
    const char *name = name_text(node->name);
    struct type type = type_of_kind(TYPE_POISON);
    size_t at = 0;
    while (at < sizeof type_names / sizeof *type_names && strcmp(type_names[at].name, name) != 0)
        at++;
    if (at < sizeof type_names / sizeof *type_names) {
        type = type_of_kind(type_names[at].kind);
        if (type.kind == TYPE_MONEY)
            type.currency = node->currency ? intern_string(checker->names, name_text(node->currency)) : checker->program->currency;
        if (node->currency && (type.kind != TYPE_MONEY || !is_currency(name_text(node->currency)))) {
            diagnostic_add(checker->diagnostics, DIAG_NOT_A_CURRENCY, node->currency->span, name_text(node->currency));
            return type_of_kind(TYPE_POISON);
        }
    } else if (program_find_record(checker->program, name))
        type = type_of_record(program_find_record(checker->program, name));
    else if (find_enum(checker, name))
        type = (struct type){.kind = TYPE_ENUM, .enumeration = find_enum(checker, name)};
    else
        return unknown_type(checker, node->name, name);
    type.optional = node->optional != 0;
    return type;
}

struct type check_type(struct checker *checker, struct node *node, const char *enum_name) {
    switch (node->kind) {
    case NODE_TYPE_ONE_OF: {
        struct node_type_one_of *one_of = AS(type_one_of, TYPE_ONE_OF, node);
        struct type type = {.kind = TYPE_ENUM, .enumeration = make_enum(checker, enum_name, one_of->values, node->span)};
        type.optional = one_of->optional != 0;
        return type;
    }
    case NODE_TYPE_SET: {
        struct type element = check_type(checker, AS(type_set, TYPE_SET, node)->element, enum_name);
        if (element.kind == TYPE_POISON)
            return element;
        if (element.optional || (element.kind != TYPE_RECORD && element.kind != TYPE_ENUM && element.kind != TYPE_TEXT)) {
            diagnostic_add(checker->diagnostics, DIAG_SET_OF_WHAT, node->span, type_words(checker, element));
            return type_of_kind(TYPE_POISON);
        }
        return type_of_collection(checker->arena, element);
    }
    default:
        return check_named_type(checker, AS(type_name, TYPE_NAME, node));
    }
}

/* ---- fields ---- */

static struct own_field *add_field(struct checker *checker, struct record_type *record, const char *name, enum field_kind kind, struct type type, struct span span) {
    struct own_field *own = ARENA_NEW(checker->arena, struct own_field);
    own->field = (struct field){.name = name, .kind = kind, .index = record->field_count, .record = record, .type = type, .span = span};
    own->state = PENDING_DONE;
    if (record->field_count == record->field_capacity)
        record->fields = arena_grow_list(checker->arena, record->fields, &record->field_capacity, sizeof *record->fields);
    record->fields[record->field_count++] = &own->field;
    name_table_add(checker->arena, &record->field_names, name);
    return own;
}

/* The two names that no one else may take, and spellings that the store could not tell apart. */
static bool field_name_is_free(struct checker *checker, struct record_type *record, struct node *name) {
    const char *text = name_text(name);
    int position = name_table_find_any_case(&record->field_names, text);
    if (position == FIELD_KEY || position == FIELD_NAME) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_RESERVED_FIELD, name->span, text);
        diagnostic_hint(checker->diagnostics, said, "Every record has `key` and `name` already; call it `label` or `code`, say.");
    } else if (position >= 0)
        say_twice(checker, name, "the field", record->fields[position]->span);
    return position < 0;
}

/* `key` is the own key, or the natural key's parts joined by "/", or the type's name and the row's number; `name` is the title, or the key. */
static void add_standard_fields(struct checker *checker, struct record_type *record) {
    struct type text = type_of_kind(TYPE_TEXT);
    add_field(checker, record, intern_string(checker->names, "_key"), FIELD_STORED, type_optional(text, true), record->span);
    add_field(checker, record, intern_string(checker->names, "_title"), FIELD_STORED, type_optional(text, true), record->span);
    static const char *const names[] = {"key", "name"};
    for (int i = 0; i < 2; i++) {
        struct field *field = &add_field(checker, record, intern_string(checker->names, names[i]), FIELD_DERIVED, text, record->span)->field;
        field->self = variable_create(checker, "it", type_of_record(record));
    }
}

static void declare_inverse(struct checker *checker, struct field *field, struct node *name) {
    if (field->type.kind != TYPE_RECORD) {
        if (field->type.kind != TYPE_POISON)
            diagnostic_add(checker->diagnostics, DIAG_INVERSE_OF_VALUE, name->span, field->name);
        return;
    }
    struct record_type *target = field->type.record;
    if (!field_name_is_free(checker, target, name))
        return;
    struct own_field *inverse = add_field(checker, target, intern_string(checker->names, name_text(name)), FIELD_INVERSE, type_of_collection(checker->arena, type_of_record(field->record)), name->span);
    inverse->field.inverse_of = field;
    field->inverse = &inverse->field;
}

static void declare_stored(struct checker *checker, struct record_type *record, struct node *node) {
    struct node_field *written = AS(field, FIELD, node);
    if (!field_name_is_free(checker, record, written->name))
        return;
    if (record->field_count == LIMIT_RECORD_FIELDS + FIELD_FIRST_OWN)
        diagnostic_add(checker->diagnostics, DIAG_TOO_MANY_FIELDS, written->name->span, record->name, (int)LIMIT_RECORD_FIELDS);
    const char *name = intern_string(checker->names, name_text(written->name));
    struct type type = check_type(checker, written->type, arena_format(checker->arena, "%s.%s", record->name, name));
    struct own_field *own = add_field(checker, record, name, type.kind == TYPE_COLLECTION ? FIELD_SET : FIELD_STORED, type, written->name->span);
    own->node = node;
    own->field.doc = written->doc;
    own->field.was = was_note(checker, RENAMED_FIELD, record, written->name, written->was);
    if (written->inverse)
        declare_inverse(checker, &own->field, written->inverse);
    if (written->standard && type.kind == TYPE_COLLECTION)
        diagnostic_add(checker->diagnostics, DIAG_SET_DEFAULT, written->standard->span, name);
}

static void declare_derived(struct checker *checker, struct record_type *record, struct node *node) {
    struct node_derived *written = AS(derived, DERIVED, node);
    if (!field_name_is_free(checker, record, written->name))
        return;
    struct own_field *own = add_field(checker, record, intern_string(checker->names, name_text(written->name)), FIELD_DERIVED, type_of_kind(TYPE_POISON), written->name->span);
    own->node = node;
    own->state = PENDING_WAITING;
    own->field.doc = written->doc;
    own->field.was = was_note(checker, RENAMED_FIELD, record, written->name, written->was);
    own->field.self = variable_create(checker, "it", type_of_record(record));
}

static void declare_record_members(struct checker *checker, struct record_type *record, struct node_list members, bool is_extension) {
    for (int i = 0; i < members.count; i++) {
        struct node *member = members.items[i];
        if (member->kind == NODE_FIELD)
            declare_stored(checker, record, member);
        else if (member->kind == NODE_DERIVED)
            declare_derived(checker, record, member);
    }
    for (int i = 0; i < members.count; i++) {
        if (members.items[i]->kind != NODE_KEY)
            continue;
        if (is_extension)
            diagnostic_add(checker->diagnostics, DIAG_KEY_IN_EXTEND, members.items[i]->span, record->name);
        else
            key_declare_natural(checker, record, members.items[i]);
    }
}

/* ---- phase 1: names ---- */

static bool name_is_free(struct checker *checker, struct node *name, const char *what) {
    const char *text = name_text(name);
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcmp(type_names[i].name, text) == 0) {
            diagnostic_add(checker->diagnostics, DIAG_NAME_OF_TYPE, name->span, text);
            return false;
        }
    int record = name_table_find_any_case(&checker->program->record_names, text);
    if (record >= 0) {
        say_twice(checker, name, what, checker->program->records.items[record]->span);
        return false;
    }
    if (find_enum(checker, text)) {
        say_twice(checker, name, what, find_enum(checker, text)->span);
        return false;
    }
    return true;
}

static void declare_record(struct checker *checker, struct node *node, bool standard_library) {
    struct node_record *written = AS(record, RECORD, node);
    if (!name_is_free(checker, written->name, "the record"))
        return;
    struct record_type *record = ARENA_NEW(checker->arena, struct record_type);
    record->name = intern_string(checker->names, name_text(written->name));
    record->title = written->title ? name_text(written->title) : record->name;
    record->doc = written->doc;
    record->was = was_note(checker, RENAMED_RECORD, NULL, written->name, written->was);
    record->index = checker->program->records.count;
    record->span = written->name->span;
    static const char *const filled[] = {"finding", "obligation", "decision", "change", "policy_version", "baseline"};
    for (size_t i = 0; standard_library && i < sizeof filled / sizeof *filled; i++)
        record->runtime_filled = record->runtime_filled || strcmp(filled[i], record->name) == 0;
    LIST_ADD(checker->arena, &checker->program->records, record);
    name_table_add(checker->arena, &checker->program->record_names, record->name);
    add_standard_fields(checker, record);
}

static void declare_definition(struct checker *checker, struct node *node) {
    struct node_define *written = AS(define, DEFINE, node);
    const char *parameters;
    int same = name_table_find(&checker->definition_names, name_text(written->name));
    if (same >= 0) {
        say_twice(checker, written->name, "the function", checker->definitions.items[same]->node->span);
        return;
    }
    if (builtin_help(name_text(written->name), &parameters)) {
        diagnostic_add(checker->diagnostics, DIAG_NAME_OF_BUILTIN, written->name->span, name_text(written->name));
        return;
    }
    struct definition *definition = ARENA_NEW(checker->arena, struct definition);
    definition->name = intern_string(checker->names, name_text(written->name));
    definition->node = node;
    LIST_ADD(checker->arena, &checker->definitions, definition);
    name_table_add(checker->arena, &checker->definition_names, definition->name);
}

static void declare_settings(struct checker *checker, struct node *node) {
    struct node_settings *settings = AS(settings, SETTINGS, node);
    for (int i = 0; i < settings->fields.count; i++) {
        struct node_value_of *field = AS(value_of, VALUE_OF, settings->fields.items[i]);
        const char *name = name_text(field->name);
        if (strcmp(name, "currency") == 0) {
            if (field->value->kind != NODE_NAME || !is_currency(name_text(field->value)))
                diagnostic_add(checker->diagnostics, DIAG_NOT_A_CURRENCY, field->value->span, source_words(checker, field->value));
            else
                checker->program->currency = intern_string(checker->names, name_text(field->value));
        } else if (strcmp(name, "fiscal_year_starts") == 0) {
            struct decimal value;
            int64_t month = 0;
            if (field->value->kind != NODE_INT_LITERAL || !read_number(AS(int_literal, INT_LITERAL, field->value)->text, &value) || !decimal_to_int(value, &month) || month < 1 || month > 12)
                diagnostic_add(checker->diagnostics, DIAG_NOT_A_MONTH, field->value->span);
            else
                checker->program->fiscal_month = (int)month;
        } else {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_SETTING, field->name->span, name);
            diagnostic_hint(checker->diagnostics, said, "The settings are `currency` and `fiscal_year_starts`.");
        }
    }
}

void declare_names(struct checker *checker, const struct check_input *input) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    for (int i = 0; i < items.count; i++)
        if (items.items[i]->kind == NODE_SETTINGS)
            declare_settings(checker, items.items[i]);
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        if (node->kind == NODE_RECORD)
            declare_record(checker, node, input->standard_library);
        else if (node->kind == NODE_DEFINE)
            declare_definition(checker, node);
        else if (node->kind == NODE_ENUMERATION) {
            struct node_enumeration *written = AS(enumeration, ENUMERATION, node);
            if (name_is_free(checker, written->name, "the enum"))
                make_enum(checker, intern_string(checker->names, name_text(written->name)), written->values, written->name->span);
        }
    }
}

/* ---- phase 2: members, keys, reports ---- */

struct record_type *record_of_name(struct checker *checker, struct node *name) {
    struct record_type *record = program_find_record(checker->program, name_text(name));
    if (record)
        return record;
    struct nearest nearest;
    nearest_start(&nearest, name_text(name));
    offer_records(checker, &nearest);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_RECORD, name->span, name_text(name));
    if (hint_module(checker, said, NULL, name_text(name)))
        return NULL;
    if (words_elsewhere(name_text(name)))
        diagnostic_hint(checker->diagnostics, said, "%s", words_elsewhere(name_text(name)));
    else if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    else
        diagnostic_hint(checker->diagnostics, said, "Declare it: `record %s { … }`.", name_text(name));
    return NULL;
}

static void declare_report(struct checker *checker, struct node *node) {
    struct node_report *written = AS(report, REPORT, node);
    const char *name = intern_string(checker->names, name_text(written->name));
    struct treport *same = program_find_report(checker->program, name);
    if (same) {
        say_twice(checker, written->name, "the report", same->span);
        return;
    }
    struct treport *report = ARENA_NEW(checker->arena, struct treport);
    report->name = name;
    report->title = written->title ? name_text(written->title) : name;
    report->doc = written->doc;
    report->office = written->office ? name_text(written->office) : NULL;
    report->span = node->span;
    LIST_ADD(checker->arena, &checker->program->reports, report);
    struct report_node entry = {report, node, PENDING_WAITING};
    LIST_ADD(checker->arena, &checker->report_nodes, entry);
    name_table_add(checker->arena, &checker->program->report_names, name);
}

/* Records' own members come before what other files add to them, so that a record's first field is always its own. */
void declare_record_bodies(struct checker *checker, const struct check_input *input) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        if (node->kind == NODE_RECORD) {
            struct record_type *record = program_find_record(checker->program, name_text(AS(record, RECORD, node)->name));
            if (record && record->span.start == AS(record, RECORD, node)->name->span.start && record->span.file == node->span.file)
                declare_record_members(checker, record, AS(record, RECORD, node)->members, false);
        }
    }
}

void declare_members(struct checker *checker, const struct check_input *input) {
    struct node_list items = AS(program, PROGRAM, input->tree)->items;
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        if (node->kind == NODE_EXTEND) {
            struct record_type *record = record_of_name(checker, AS(extend, EXTEND, node)->name);
            if (record && record->runtime_filled && !input->standard_library)
                diagnostic_add(checker->diagnostics, DIAG_RUNTIME_FILLED, AS(extend, EXTEND, node)->name->span, record->name);
            else if (record)
                declare_record_members(checker, record, AS(extend, EXTEND, node)->members, true);
        } else if (node->kind == NODE_REPORT)
            declare_report(checker, node);
        else if (node->kind == NODE_INSTANCE) {
            struct node_instance *instance = AS(instance, INSTANCE, node);
            struct record_type *record = record_of_name(checker, instance->type);
            if (!record || !instance->key)
                continue;
            const struct declared_key *same = key_find(checker, record, name_text(instance->key));
            if (same && same->origin == KEY_OF_DECLARATION)
                say_twice(checker, instance->key, arena_format(checker->arena, "the %s", record->name), same->span);
            else
                key_declare(checker, record, name_text(instance->key), instance->title ? name_text(instance->title) : NULL, instance->key->span, KEY_OF_DECLARATION);
        }
    }
}

void record_set_storage_facts(struct checker *checker) {
    for (int i = 0; i < checker->program->records.count; i++) {
        struct record_type *record = checker->program->records.items[i];
        for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
            struct field *field = record->fields[f];
            struct type type = field->kind == FIELD_SET ? *field->type.element : field->type;
            if ((field->kind == FIELD_STORED || field->kind == FIELD_SET) && type.kind == TYPE_RECORD)
                type.record->is_referenced = true;
        }
        struct field *first = NULL; /* inverses that other records declare may stand before it */
        for (int f = FIELD_FIRST_OWN; f < record->field_count && !first; f++)
            first = record->fields[f]->kind == FIELD_INVERSE ? NULL : record->fields[f];
        if (first && first->kind == FIELD_STORED && first->type.kind == TYPE_RECORD && !first->type.optional && first->inverse && first->type.record != record)
            record->owner = first;
        if (!record->fields[FIELD_KEY]->value)
            key_and_name_settle(checker, record);
    }
}
