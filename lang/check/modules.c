/* What modules of the standard library would bring: for messages about names that are not there. The modules are read when the first such message wants them.
 * Knows: declarations by name. Does not know: what they mean. */
#include "lang/check/checker.h"
#include "lang/check/stdlib_text.h"
#include "lang/syntax/parse.h"

#include <string.h>

static struct node_list module_items(struct checker *checker, const struct stdlib_module *module) {
    struct source_set *sources = source_set_create(checker->arena);
    struct diagnostics *unheard = diagnostics_create(checker->arena, sources);
    uint32_t file = source_add(sources, module->name, module->text, module->length);
    return AS(program, PROGRAM, parse_source(checker->arena, checker->names, unheard, file, PARSE_PROGRAM).tree)->items;
}

static bool is_named(const struct node *name, const char *wanted) {
    return name && name->kind == NODE_NAME && strcmp(name_text((struct node *)(uintptr_t)name), wanted) == 0;
}

/* Does one of the members give the field, or being a reference give its inverse to the record? */
static bool members_give(const struct node_list *members, bool is_of_record, const char *record, const char *field) {
    for (int i = 0; i < members->count; i++) {
        struct node *member = members->items[i];
        if (member->kind == NODE_DERIVED && is_of_record && is_named(AS(derived, DERIVED, member)->name, field))
            return true;
        if (member->kind != NODE_FIELD)
            continue;
        struct node_field *declared = AS(field, FIELD, member);
        if (is_of_record && is_named(declared->name, field))
            return true;
        bool refers = declared->type && declared->type->kind == NODE_TYPE_NAME && is_named(AS(type_name, TYPE_NAME, declared->type)->name, record);
        if (refers && is_named(declared->inverse, field))
            return true;
    }
    return false;
}

static bool item_gives(struct node *item, const char *record, const char *name) {
    switch (item->kind) {
    case NODE_RECORD: {
        struct node_record *declared = AS(record, RECORD, item);
        return record ? members_give(&declared->members, is_named(declared->name, record), record, name) : is_named(declared->name, name);
    }
    case NODE_EXTEND: {
        struct node_extend *extended = AS(extend, EXTEND, item);
        return record && members_give(&extended->members, is_named(extended->name, record), record, name);
    }
    case NODE_ENUMERATION:
        return !record && is_named(AS(enumeration, ENUMERATION, item)->name, name);
    case NODE_DEFINE:
        return !record && is_named(AS(define, DEFINE, item)->name, name);
    default:
        return false;
    }
}

/* What each module declares, read once; the prelude is there already. */
static void read_modules(struct checker *checker) {
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++) {
        struct node_list items = {0};
        if (strcmp(module->name, "prelude") != 0)
            items = module_items(checker, module);
        LIST_ADD(checker->arena, &checker->modules, items);
    }
}

static bool is_declared(const struct checker *checker, const char *name) {
    for (int i = 0; i < checker->program->enums.count; i++)
        if (strcmp(checker->program->enums.items[i]->name, name) == 0)
            return true;
    return program_find_record(checker->program, name) != NULL;
}

static const char *module_of(struct checker *checker, const char *record, const char *name, bool (*gives)(struct node *item, const char *record, const char *name)) {
    if (!checker->modules.count)
        read_modules(checker);
    const struct stdlib_module *module = stdlib_modules;
    for (int m = 0; m < checker->modules.count; m++, module++) {
        struct node_list items = checker->modules.items[m];
        for (int i = 0; i < items.count; i++)
            if (gives(items.items[i], record, name))
                return module->name;
    }
    return NULL;
}

/* As item_gives, and what has a name and is no part of expressions: rules, reports, values of enums. */
static bool item_declares(struct node *item, const char *record, const char *name) {
    if (!record && item->kind == NODE_ENUMERATION) {
        struct node_list values = AS(enumeration, ENUMERATION, item)->values;
        for (int i = 0; i < values.count; i++)
            if (values.items[i]->kind == NODE_ENUM_VALUE && is_named(AS(enum_value, ENUM_VALUE, values.items[i])->name, name))
                return true;
    }
    if (!record && item->kind == NODE_RULE)
        return is_named(AS(rule, RULE, item)->name, name);
    if (!record && item->kind == NODE_REPORT)
        return is_named(AS(report, REPORT, item)->name, name);
    return item_gives(item, record, name);
}

const char *checker_module_of(struct checker *checker, const char *record, const char *name) {
    return module_of(checker, record, name, item_declares);
}

bool hint_module(struct checker *checker, struct diagnostic *said, const char *record, const char *name) {
    if (checker->standard_library || (!record && is_declared(checker, name))) /* it is there, but means nothing in that place */
        return false;
    const char *module = module_of(checker, record, name, item_gives);
    if (module)
        diagnostic_hint(checker->diagnostics, said, "The module `%s` brings it: write `use %s` at the top of the policy.", module, module);
    return module != NULL;
}
