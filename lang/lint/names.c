/* Declarations that nothing uses, and names that mislead.
 * A name counts as used wherever it stands in the policy set, whatever it means there: what is called unused is.
 * Knows: declarations, names in use. Does not know: what they mean. */
#include "lang/lint/linter.h"

#include <string.h>

/* ---- unused ---- */

static void look_at_definition(struct linter *linter, struct node_define *define) {
    const char *name = node_words(define->name);
    if (!name_is_used(linter, name, define->head.span, NULL))
        lint_say(linter, LINT_UNUSED_DEFINITION, define->name->span, name);
}

static void look_at_parameters(struct linter *linter, const struct node *declaration, const struct node_list *parameters) {
    for (int i = 0; i < parameters->count; i++) {
        const struct node_parameter *parameter = AS(parameter, PARAMETER, parameters->items[i]);
        if (!name_is_used(linter, node_words(parameter->name), parameter->head.span, &declaration->span))
            lint_say(linter, LINT_UNUSED_PARAMETER, parameter->name->span, node_words(parameter->name));
    }
}

static void look_at_lets(struct linter *linter, const struct node *declaration, const struct node_list *clauses) {
    for (int i = 0; i < clauses->count; i++) {
        if (clauses->items[i]->kind != NODE_LET)
            continue;
        const struct node_let *let = AS(let, LET, clauses->items[i]);
        if (!name_is_used(linter, node_words(let->name), let->head.span, &declaration->span)) {
            struct lint_finding *finding = lint_say(linter, LINT_UNUSED_LET, let->name->span, node_words(let->name));
            lint_edit_remove(linter, finding, let->head.span);
        }
    }
}

static bool plural_is_used(const struct linter *linter, const struct record_type *record, struct span outside) {
    const char *last = NULL;
    for (int i = 0; i < linter->names.count; i++) {
        const struct name_use *use = &linter->names.items[i];
        if (use->text != last && program_find_plural(linter->program, use->text) == record && name_is_used(linter, use->text, outside, NULL))
            return true;
        last = use->text;
    }
    return false;
}

static bool inverse_is_used(const struct linter *linter, const struct record_type *record, struct span outside) {
    for (int i = 0; i < record->field_count; i++)
        if (record->fields[i]->inverse && name_is_used(linter, record->fields[i]->inverse->name, outside, NULL))
            return true;
    return false;
}

static void look_at_record(struct linter *linter, const struct node_record *declared) {
    const char *name = node_words(declared->name);
    const struct record_type *record = program_find_record(linter->program, name);
    bool is_used = !record || name_is_used(linter, name, declared->head.span, NULL) || plural_is_used(linter, record, declared->head.span) || inverse_is_used(linter, record, declared->head.span);
    if (!is_used)
        lint_say(linter, LINT_UNUSED_RECORD, declared->name->span, name);
}

static void look_at_enum(struct linter *linter, const struct node_enumeration *declared) {
    if (!name_is_used(linter, node_words(declared->name), declared->head.span, NULL))
        lint_say(linter, LINT_UNUSED_ENUM, declared->name->span, node_words(declared->name));
}

static void look_at_derived(struct linter *linter, const struct node_list *members) {
    for (int i = 0; i < members->count; i++)
        if (members->items[i]->kind == NODE_DERIVED) {
            const struct node_derived *derived = AS(derived, DERIVED, members->items[i]);
            if (!name_is_used(linter, node_words(derived->name), derived->head.span, NULL))
                lint_say(linter, LINT_UNUSED_FIELD, derived->name->span, node_words(derived->name));
        }
}

/* ---- what is brought along ---- */

struct module_names {
    const struct linter *linter;
    struct span use;
    bool is_used;
};

/* Is anything named there that the module declares? */
static void note_member(struct module_names *names, const struct node *name) {
    names->is_used = names->is_used || (name && name_is_used(names->linter, node_words(name), names->use, NULL));
}

/* The fields of a record are reached by its name, or by an inverse. */
static void note_record(struct module_names *names, const struct node_record *declared) {
    const struct record_type *record = program_find_record(names->linter->program, node_words(declared->name));
    note_member(names, declared->name);
    names->is_used = names->is_used || (record && (plural_is_used(names->linter, record, names->use) || inverse_is_used(names->linter, record, names->use)));
}

static bool look_in_module(struct node *node, void *context) {
    struct module_names *names = context;
    switch (node->kind) {
    case NODE_RECORD: note_record(names, AS(record, RECORD, node)); return false;
    case NODE_ENUMERATION: note_member(names, AS(enumeration, ENUMERATION, node)->name); return true;
    case NODE_ENUM_VALUE: note_member(names, AS(enum_value, ENUM_VALUE, node)->name); return false;
    case NODE_FIELD: note_member(names, AS(field, FIELD, node)->name); note_member(names, AS(field, FIELD, node)->inverse); return true;
    case NODE_DERIVED: note_member(names, AS(derived, DERIVED, node)->name); return false;
    case NODE_DEFINE: note_member(names, AS(define, DEFINE, node)->name); return false;
    case NODE_RULE: note_member(names, AS(rule, RULE, node)->name); return false;
    case NODE_MANDATE: note_member(names, AS(mandate, MANDATE, node)->name); return false;
    case NODE_REPORT: note_member(names, AS(report, REPORT, node)->name); return false;
    case NODE_INSTANCE: note_member(names, AS(instance, INSTANCE, node)->key); return false;
    default: return true;
    }
}

static void look_at_use(struct linter *linter, const struct node_use *use) {
    const char *path = arena_format(linter->arena, "<%s>", node_words(use->module));
    for (int f = 0; f < linter->input->file_count; f++) {
        if (!linter->input->files[f].is_library || strcmp(source_get(linter->input->sources, linter->input->files[f].file)->path, path) != 0)
            continue;
        struct module_names names = {linter, use->head.span, false};
        lint_walk(linter->input->files[f].tree, look_in_module, &names);
        if (!names.is_used) {
            struct lint_finding *finding = lint_say(linter, LINT_NEEDLESS_USE, use->head.span, node_words(use->module));
            lint_edit_remove(linter, finding, use->head.span);
        }
    }
}

/* A file that is said twice; or, of a policy that is read as a folder, one that is read anyway. Scripts run alone, so that they need what they include. */
static void look_at_includes(struct linter *linter, const struct node_list *items) {
    for (int i = 0; i < items->count; i++) {
        if (items->items[i]->kind != NODE_INCLUDE)
            continue;
        const char *path = node_words(AS(include, INCLUDE, items->items[i])->path);
        for (int k = 0; k < i; k++)
            if (items->items[k]->kind == NODE_INCLUDE && strcmp(node_words(AS(include, INCLUDE, items->items[k])->path), path) == 0) {
                struct lint_finding *finding = lint_say(linter, LINT_NEEDLESS_INCLUDE, items->items[i]->span, path);
                lint_second(linter, finding, items->items[k]->span, "it is included here already");
                lint_edit_remove(linter, finding, items->items[i]->span);
                break;
            }
    }
}

struct library_use {
    const char *name;
    bool is_used;
};

static bool note_library_name(struct node *node, void *context) {
    struct library_use *use = context;
    use->is_used = use->is_used || (node->kind == NODE_NAME && strcmp(AS(name, NAME, node)->text, use->name) == 0);
    return !use->is_used && node->kind != NODE_FIELD;
}

static void look_at_import(struct linter *linter, struct node_import *import) {
    for (int i = 0; i < import->mappings.count; i++) {
        const struct node_value_of *mapping = AS(value_of, VALUE_OF, import->mappings.items[i]);
        struct library_use use = {node_words(mapping->name), false};
        const struct record_type *record = program_find_record(linter->program, node_words(import->type));
        const struct field *field = record ? record_find_field(record, use.name) : NULL;
        bool is_needed = !field || field->inverse || field == record->owner || strcmp(use.name, "key") == 0 || strcmp(use.name, "name") == 0;
        for (int k = 0; record && k < record->key_count; k++)
            is_needed = is_needed || record->key[k] == field;
        for (int f = 0; f < linter->input->file_count && !is_needed; f++)
            if (linter->input->files[f].is_library)
                lint_walk(linter->input->files[f].tree, note_library_name, &use);
        /* its own declaration, and the field's, do not read it */
        struct span own = field ? field->span : mapping->head.span;
        bool is_read = use.is_used;
        for (int n = 0; n < linter->names.count && !is_read && !is_needed; n++)
            is_read = linter->names.items[n].text == use.name && !span_holds(mapping->head.span, linter->names.items[n].span) && !span_holds(own, linter->names.items[n].span);
        if (!is_needed && !is_read)
            lint_say(linter, LINT_UNREAD_IMPORT, mapping->name->span, use.name);
    }
}

/* ---- names that mislead ---- */

static bool is_snake_case(const char *name) {
    for (const char *at = name; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || *at == '_' || (*at >= '0' && *at <= '9' && at > name)))
            return (unsigned char)*at >= 0x80; /* letters of other languages have no case that could be told here */
    return true;
}

static const char *in_snake_case(struct arena *arena, const char *name) {
    struct buffer out = {0};
    for (const char *at = name; *at; at++) {
        bool is_capital = *at >= 'A' && *at <= 'Z';
        if (is_capital && at > name && at[-1] >= 'a' && at[-1] <= 'z')
            buffer_add_char(&out, '_');
        buffer_add_char(&out, is_capital ? (char)(*at - 'A' + 'a') : *at);
    }
    const char *result = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

static bool look_at_style(struct node *node, void *context) {
    struct linter *linter = context;
    const struct node *name = NULL;
    switch (node->kind) {
    case NODE_RECORD: name = AS(record, RECORD, node)->name; break;
    case NODE_ENUMERATION: name = AS(enumeration, ENUMERATION, node)->name; break;
    case NODE_ENUM_VALUE: name = AS(enum_value, ENUM_VALUE, node)->name; break;
    case NODE_FIELD: name = AS(field, FIELD, node)->name; break;
    case NODE_DERIVED: name = AS(derived, DERIVED, node)->name; break;
    case NODE_DEFINE: name = AS(define, DEFINE, node)->name; break;
    case NODE_PARAMETER: name = AS(parameter, PARAMETER, node)->name; break;
    case NODE_RULE: name = AS(rule, RULE, node)->name; break;
    case NODE_MANDATE: name = AS(mandate, MANDATE, node)->name; break;
    case NODE_REPORT: name = AS(report, REPORT, node)->name; break;
    case NODE_LET: name = AS(let, LET, node)->name; break;
    default: break;
    }
    if (name && !is_snake_case(node_words(name))) {
        struct lint_finding *finding = lint_say(linter, LINT_NAME_STYLE, name->span, node_words(name));
        lint_hint(linter, finding, "Call it `%s`.", in_snake_case(linter->arena, node_words(name)));
    }
    return true;
}

/* ---- names that hide fields ---- */

static void look_at_hiding(struct linter *linter, const struct node *name, const struct record_type *record) {
    const struct field *field = name && record ? record_find_field(record, node_words(name)) : NULL;
    if (!field)
        return;
    struct lint_finding *finding = lint_say(linter, LINT_HIDDEN_NAME, name->span, node_words(name), record->name);
    if (is_own_file(linter, field->span.file))
        lint_second(linter, finding, field->span, "the field that it hides");
}

static void look_at_hidden(struct linter *linter, const struct node_list *clauses, const struct record_type *record) {
    for (int i = 0; i < clauses->count; i++) {
        if (clauses->items[i]->kind == NODE_LET)
            look_at_hiding(linter, AS(let, LET, clauses->items[i])->name, record);
        if (clauses->items[i]->kind == NODE_FOR)
            look_at_hiding(linter, AS(for_clause, FOR, clauses->items[i])->binder, record);
    }
}

static void look_at_report(struct linter *linter, const struct node_report *declared) {
    const struct treport *report = program_find_report(linter->program, node_words(declared->name));
    look_at_parameters(linter, &declared->head, &declared->parameters);
    look_at_lets(linter, &declared->head, &declared->clauses);
    for (int s = 0; report && s < report->query->source_count; s++) {
        const struct type type = report->query->sources[s].variable->type;
        for (int i = 0; i < declared->parameters.count && type.kind == TYPE_RECORD; i++)
            look_at_hiding(linter, AS(parameter, PARAMETER, declared->parameters.items[i])->name, type.record);
    }
}

static void look_at_item(struct linter *linter, struct node *item) {
    lint_walk(item, look_at_style, linter);
    switch (item->kind) {
    case NODE_DEFINE: look_at_definition(linter, AS(define, DEFINE, item)); look_at_parameters(linter, item, &AS(define, DEFINE, item)->parameters); break;
    case NODE_RECORD: look_at_record(linter, AS(record, RECORD, item)); look_at_derived(linter, &AS(record, RECORD, item)->members); break;
    case NODE_EXTEND: look_at_derived(linter, &AS(extend, EXTEND, item)->members); break;
    case NODE_ENUMERATION: look_at_enum(linter, AS(enumeration, ENUMERATION, item)); break;
    case NODE_USE: look_at_use(linter, AS(use, USE, item)); break;
    case NODE_IMPORT: look_at_import(linter, AS(import, IMPORT, item)); break;
    case NODE_REPORT: look_at_report(linter, AS(report, REPORT, item)); break;
    case NODE_RULE: {
        const struct node_rule *rule = AS(rule, RULE, item);
        const struct trule *typed = program_find_rule(linter->program, node_words(rule->name));
        look_at_lets(linter, item, &rule->clauses);
        look_at_hidden(linter, &rule->clauses, typed ? typed->record : NULL);
        break;
    }
    case NODE_MANDATE: {
        const struct node_mandate *mandate = AS(mandate, MANDATE, item);
        const struct tmandate *typed = program_find_mandate(linter->program, node_words(mandate->name));
        look_at_lets(linter, item, &mandate->clauses);
        look_at_hidden(linter, &mandate->clauses, typed ? typed->record : NULL);
        break;
    }
    default: break;
    }
}

void lint_names(struct linter *linter) {
    lint_each_item(linter, look_at_item);
    for (int f = 0; f < linter->input->file_count; f++)
        if (!linter->input->files[f].is_library)
            look_at_includes(linter, &AS(program, PROGRAM, linter->input->files[f].tree)->items);
}
